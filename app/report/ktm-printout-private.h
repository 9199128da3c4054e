/* Shared by the files of ktm-printout only. */
#pragma once

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>

#include "ktm-printout.h"
#include "ktm-style.h"

#define MM (72 / 25.4)
#define PAGE_WIDTH (210 * MM)
#define PAGE_HEIGHT (297 * MM)
#define MARGIN (20 * MM)
#define TEXT_WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define BOTTOM (PAGE_HEIGHT - MARGIN)

typedef enum
{
  KTM_BLOCK_START,
  KTM_BLOCK_HEADING,
  KTM_BLOCK_TEXT,
  KTM_BLOCK_SMALL,
  KTM_BLOCK_WARNING,
  KTM_BLOCK_CODE,
  KTM_BLOCK_TABLE,
  KTM_BLOCK_FACTS,
  KTM_BLOCK_FIGURE
} KtmBlockKind;

typedef struct
{
  KtmBlockKind   kind;
  char          *text, *head;   /* owned, nullable */
  KtmReportTable table;
  KtmScene      *scene;         /* a reference */
  double         height;        /* of a figure, points */
  const KtmLang *lang;
} KtmBlock;

struct _KtmPrintout
{
  GPtrArray    *blocks;         /* KtmBlock */
  const KtmLang *lang;
  guint         n_figures, n_tables, n_pages;
};

/* One setting of all blocks. */
typedef struct
{
  cairo_surface_t *surface;
  cairo_t         *cr;
  PangoContext    *context;
  KtmStyle         style;
  gboolean         dry;         /* counts pages, draws nothing */
  double           y;           /* of the next block */
  guint            page, n_pages;
  const char      *footer;
} KtmSetting;

/* A paragraph at the body's width less @indent; draws its lines, over pages where needed. */
void   ktm_setting_paragraph (KtmSetting *s, const char *text, double size, gboolean bold,
                              KtmColour colour, double indent);
double ktm_setting_height    (const KtmSetting *s, const char *text, double size, gboolean bold,
                              double width);
double ktm_setting_width     (const KtmSetting *s, const char *text, double size, gboolean bold);
PangoLayout *
ktm_setting_layout (const KtmSetting *s, const char *text, double size, gboolean bold,
                    double width);
void   ktm_setting_put       (KtmSetting *s, PangoLayout *layout, double x, double y,
                              KtmColour colour);
void   ktm_setting_rule      (KtmSetting *s, double y, double width);
/* A new page unless @height is left on this one. */
void   ktm_setting_need      (KtmSetting *s, double height);

/* The least that must stand together at the table's beginning, and the table. */
double ktm_setting_table_start (KtmSetting *s, const KtmBlock *block);
void   ktm_setting_table       (KtmSetting *s, const KtmBlock *block);
