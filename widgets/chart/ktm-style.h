/* KtmStyle: colours, type and line widths for one use of a chart: screen, print, a projector. */
#pragma once

#include <glib.h>

#include "ktm-scene.h"

typedef enum
{
  KTM_THEME_LIGHT,
  KTM_THEME_DARK,
  KTM_THEME_PRINT,
  KTM_THEME_GREY,
  KTM_THEME_PRESENT,
  KTM_THEME_PRESENT_DARK
} KtmTheme;

typedef struct { double r, g, b, a; } KtmColour;

typedef enum
{
  KTM_MARKER_CIRCLE,
  KTM_MARKER_SQUARE,
  KTM_MARKER_TRIANGLE,
  KTM_MARKER_DIAMOND,
  KTM_MARKER_INVERTED, /* triangle on its tip */
  KTM_MARKER_CROSS
} KtmMarker;

typedef struct
{
  KtmTheme  theme;
  gboolean  dark, grey;
  char      family[256];         /* families in order of preference */
  double    size, small;         /* type, points */
  double    line, thin, hair;    /* summaries, individuals, grid and axes; points */
  double    marker;              /* radius, points */
  gboolean  caption_on_top;
  KtmColour paper, ink, dim, grid, selected, reference;
} KtmStyle;

/* @size: type in points (0: the theme's own); @line: width of a summary line in points (0: the
 * theme's own);
 * @family: a font family or NULL.  Arial and Helvetica fall back on metric-compatible families. */
void ktm_style_init (KtmStyle *style, KtmTheme theme, double size, double line, const char *family);

/* Colour of a line, area or marker; @look is the series' place in the palette. */
KtmColour ktm_style_colour      (const KtmStyle *style, KtmRole role, guint look);
/* Of a filled area: severities from light to dark, series apart in grey too. */
KtmColour ktm_style_area_colour (const KtmStyle *style, KtmRole role, guint look);
/* The same, dark or light enough for text: 4.5 : 1 against the paper. */
KtmColour ktm_style_text_colour (const KtmStyle *style, KtmRole role, guint look);
/* Lengths in line widths; *n = 0: solid. */
const double *ktm_style_dash    (KtmRole role, guint look, int *n);
KtmMarker ktm_style_marker      (KtmRole role, guint look, gboolean *hollow);
/* A cell of a heat map: @f 0…1 along the ramp (diverging: 0.5 is the middle). */
KtmColour ktm_style_ramp        (const KtmStyle *style, gboolean diverging, double f);
/* A level of an ordinal answer, from best (0) over "no change" (0.5) to worst (1). */
KtmColour ktm_style_shade       (const KtmStyle *style, double f);
/* Opacity of one of @n individual lines, and of a band. */
double    ktm_style_individual_alpha (const KtmStyle *style, gsize n, double height);
double    ktm_style_band_alpha       (const KtmStyle *style);

/* WCAG contrast of two opaque colours, 1…21. */
double    ktm_colour_contrast (KtmColour a, KtmColour b);

/* "print", "grey", "light", "dark", "present", "present-dark". */
gboolean    ktm_theme_parse (const char *name, KtmTheme *out);
const char *ktm_theme_name  (KtmTheme theme);
