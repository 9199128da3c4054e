/* Figures as files: PNG with its physical size, SVG, PDF; each carries the recipe that rebuilds it.
 * The same scene, options and recipe give the same bytes.
 */
#pragma once

#include "ktm-chart.h"
#include "ktm-draw.h"

G_BEGIN_DECLS

typedef enum { KTM_EXPORT_PNG, KTM_EXPORT_SVG, KTM_EXPORT_PDF } KtmExportFormat;

typedef struct
{
  double   width_mm, height_mm;
  double   dpi;              /* PNG */
  double   font_pt, line_pt; /* at final size; 0: the theme's */
  KtmTheme theme;
  gboolean transparent;
  char     family[96];       /* "" : the default */
} KtmExportOptions;

/* 174 × 120 mm, 300 dpi, 9 pt, 1 pt, print, white. */
void ktm_export_options_init (KtmExportOptions *options);

/* By the name's ending; FALSE with a sentence that names the three. */
gboolean ktm_export_format_from_path (const char *path, KtmExportFormat *out, GError **error);

/* The layout at final size, points: what the preview shows. */
KtmLayout *ktm_export_layout (const KtmScene *scene, const KtmExportOptions *options);

/* Millimetres a forest needs for all its lines at options->width_mm; options->height_mm for every
 * other figure. */
double     ktm_export_natural_height (const KtmScene *scene, const KtmExportOptions *options);

/* @recipe may be NULL.  Errors: sizes that cannot be drawn, no memory. */
GBytes *ktm_export_bytes (const KtmScene *scene, KtmExportFormat format,
                          const KtmExportOptions *options, const KtmRecipe *recipe, GError **error);
/* Whole or not at all: written beside @path and renamed. */
gboolean ktm_export_file (const KtmScene *scene, const char *path, KtmExportFormat format,
                          const KtmExportOptions *options, const KtmRecipe *recipe, GError **error);

/* Can a file of this name be written?  FALSE with a sentence: a folder, a device, no such folder.
 */
gboolean ktm_export_check_path (const char *path, GError **error);

/* Any bytes, whole or not at all; used by tables too. */
gboolean ktm_export_write (const char *path, GBytes *bytes, GError **error);

/* PNG of an image surface; @text is stored as iTXt "ketamine-viewer-recipe" where it is not NULL.
 */
GBytes *ktm_export_png (cairo_surface_t *surface, double dpi, gboolean transparent,
                        const char *text, GError **error);

/* --- before it goes to a journal -------------------------------------------------------------- */

typedef enum
{
  KTM_CHECK_TEXT,    /* all text ≥ 7 pt */
  KTM_CHECK_LINES,   /* all lines ≥ 0.5 pt */
  KTM_CHECK_COUNTS,  /* n under every visit */
  KTM_CHECK_BAND,    /* the band is named in the figure */
  KTM_CHECK_CODES,   /* no patient code */
  KTM_CHECK_GREY,    /* groups tell apart without colour */
  KTM_CHECK_ROOM     /* nothing had to be left out or cut */
} KtmCheckKind;

typedef struct
{
  KtmCheckKind kind;
  gboolean     passed, fixable;
  char        *title;   /* "All text ≥ 7 pt" */
  char        *detail;  /* "smallest 9 pt" */
} KtmCheck;

/* KtmCheck, failed ones last; free with g_ptr_array_unref(). */
GPtrArray *ktm_export_check (const KtmLayout *layout);
/* Changes the options so that @kind passes; FALSE where it takes a person. */
gboolean   ktm_export_fix   (KtmCheckKind kind, KtmExportOptions *options, KtmChartOptions *chart);

/* --- how others see it ------------------------------------------------------------------------ */

typedef enum { KTM_VISION_GREY, KTM_VISION_DEUTERANOPIA, KTM_VISION_PROTANOPIA } KtmVision;

/* Changes an ARGB32 or RGB24 image surface in place. */
void       ktm_vision_simulate (cairo_surface_t *surface, KtmVision vision);

G_END_DECLS
