/* app/report: blocks set on pages. */
#include "ktm-printout-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ktm-chart-text.h"
#include "ktm-draw.h"
#include "ktm-export.h"

#define BODY 10.0
#define SMALL 8.5
#define CODE 6.5
#define UNPARTED 4 /* lines of a paragraph that stay together */

static void
block_free (gpointer data)
{
  KtmBlock *block = data;

  g_free (block->text);
  g_free (block->head);
  ktm_report_table_clear (&block->table);
  g_clear_pointer (&block->scene, ktm_scene_unref);
  g_free (block);
}

/* --- adding ----------------------------------------------------------------------------------- */

KtmPrintout *
ktm_printout_new (void)
{
  KtmPrintout *self = g_new0 (KtmPrintout, 1);

  self->blocks = g_ptr_array_new_with_free_func (block_free);
  return self;
}

void
ktm_printout_free (KtmPrintout *paper)
{
  if (paper == NULL)
    return;
  g_ptr_array_unref (paper->blocks);
  g_free (paper);
}

static KtmBlock *
add (KtmPrintout *self, KtmBlockKind kind, char *text)
{
  KtmBlock *block = g_new0 (KtmBlock, 1);

  block->kind = kind;
  block->text = text;
  block->lang = self->lang;
  g_ptr_array_add (self->blocks, block);
  return block;
}

void
ktm_printout_start (KtmPrintout *paper, const KtmLang *lang, const char *title)
{
  paper->lang = lang;
  paper->n_figures = paper->n_tables = 0;
  add (paper, KTM_BLOCK_START, g_strdup (title));
}

void
ktm_printout_heading (KtmPrintout *paper, const char *text)
{
  add (paper, KTM_BLOCK_HEADING, g_strdup (text));
}

void
ktm_printout_text (KtmPrintout *paper, const char *text)
{
  add (paper, KTM_BLOCK_TEXT, g_strdup (text));
}

void
ktm_printout_small (KtmPrintout *paper, const char *text)
{
  add (paper, KTM_BLOCK_SMALL, g_strdup (text));
}

void
ktm_printout_warning (KtmPrintout *paper, const char *text)
{
  add (paper, KTM_BLOCK_WARNING, g_strdup (text));
}

void
ktm_printout_code (KtmPrintout *paper, const char *text)
{
  add (paper, KTM_BLOCK_CODE, g_strdup (text));
}

/* "Figure 2. Title" in the language of the document. */
static char *
numbered (const KtmPrintout *self, const char *message, guint number, const char *title)
{
  KtmText *text = ktm_text_new (message, "is", (long) number, title);
  char *said = ktm_text_render (text, self->lang, 0);
  char *out = g_strdup (said);

  free (said);
  ktm_text_free (text);
  return out;
}

void
ktm_printout_table (KtmPrintout *paper, const char *title, const char *head, KtmReportTable *table)
{
  KtmBlock *block = add (paper, KTM_BLOCK_TABLE,
                         numbered (paper, N_("Table {1}. {2}"), ++paper->n_tables, title));

  block->head = g_strdup (head);
  block->table = *table;
  *table = (KtmReportTable){ 0 };
}

void
ktm_printout_facts (KtmPrintout *paper, KtmReportTable *table)
{
  add (paper, KTM_BLOCK_FACTS, NULL)->table = *table;
  *table = (KtmReportTable){ 0 };
}

void
ktm_printout_figure (KtmPrintout *paper, const char *title, KtmScene *scene, double height_mm)
{
  KtmBlock *block = add (paper, KTM_BLOCK_FIGURE,
                         numbered (paper, N_("Figure {1}. {2}"), ++paper->n_figures, title));
  KtmExportOptions options;

  ktm_export_options_init (&options);
  options.width_mm = TEXT_WIDTH / MM;
  options.height_mm = height_mm > 0 ? height_mm : 105;
  block->scene = ktm_scene_ref (scene);
  block->height = MIN (ktm_export_natural_height (scene, &options) * MM,
                       BOTTOM - MARGIN - 54); /* heading and number stand above it */
}

guint
ktm_printout_n_pages (const KtmPrintout *paper)
{
  return paper->n_pages;
}

/* --- setting ---------------------------------------------------------------------------------- */

PangoLayout *
ktm_setting_layout (const KtmSetting *s, const char *text, double size, gboolean bold,
                    double width)
{
  PangoLayout *layout = pango_layout_new (s->context);
  PangoFontDescription *font =
      pango_font_description_copy (pango_context_get_font_description (s->context));
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_text (layout, text, -1);
  if (width > 0)
    pango_layout_set_width (layout, (int) (width * PANGO_SCALE) + 1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, 1.08f);
  pango_attr_list_unref (attributes);
  pango_font_description_free (font);
  return layout;
}

static void
measure (const KtmSetting *s, const char *text, double size, gboolean bold, double width,
         double *w, double *h)
{
  PangoLayout *layout = ktm_setting_layout (s, text, size, bold, width);
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  *w = (double) logical.width / PANGO_SCALE;
  *h = (double) logical.height / PANGO_SCALE;
  g_object_unref (layout);
}

double
ktm_setting_height (const KtmSetting *s, const char *text, double size, gboolean bold,
                    double width)
{
  double w, h;

  measure (s, text, size, bold, width, &w, &h);
  return h;
}

double
ktm_setting_width (const KtmSetting *s, const char *text, double size, gboolean bold)
{
  double w, h;

  measure (s, text, size, bold, 0, &w, &h);
  return w;
}

static void
set_colour (KtmSetting *s, KtmColour colour)
{
  cairo_set_source_rgb (s->cr, colour.r, colour.g, colour.b);
}

void
ktm_setting_put (KtmSetting *s, PangoLayout *layout, double x, double y, KtmColour colour)
{
  if (s->dry)
    return;
  set_colour (s, colour);
  cairo_move_to (s->cr, x, y);
  pango_cairo_show_layout (s->cr, layout);
}

void
ktm_setting_rule (KtmSetting *s, double y, double width)
{
  if (s->dry)
    return;
  set_colour (s, s->style.ink);
  cairo_set_line_width (s->cr, 0.5);
  cairo_move_to (s->cr, MARGIN, y);
  cairo_line_to (s->cr, MARGIN + width, y);
  cairo_stroke (s->cr);
}

static void
end_page (KtmSetting *s)
{
  g_autofree char *number = g_strdup_printf ("%u / %u", s->page, s->n_pages);
  PangoLayout *left, *right;

  if (s->page == 0 || s->dry)
    return;
  left = ktm_setting_layout (s, s->footer, 8, FALSE, 0);
  right = ktm_setting_layout (s, number, 8, FALSE, 0);
  ktm_setting_put (s, left, MARGIN, PAGE_HEIGHT - 13 * MM, s->style.dim);
  ktm_setting_put (s, right, PAGE_WIDTH - MARGIN - ktm_setting_width (s, number, 8, FALSE),
                   PAGE_HEIGHT - 13 * MM, s->style.dim);
  g_object_unref (left);
  g_object_unref (right);
  cairo_show_page (s->cr);
}

static void
new_page (KtmSetting *s)
{
  end_page (s);
  s->page++;
  s->y = MARGIN;
}

void
ktm_setting_need (KtmSetting *s, double height)
{
  if (s->y + height > BOTTOM && s->y > MARGIN)
    new_page (s);
}

/* Line by line, so that a long paragraph goes on over the page.  Takes @layout. */
static void
flow (KtmSetting *s, PangoLayout *layout, KtmColour colour, double indent)
{
  PangoLayoutIter *lines = pango_layout_get_iter (layout);

  do
    {
      PangoRectangle logical;
      double height, baseline = (double) pango_layout_iter_get_baseline (lines) / PANGO_SCALE, top;

      pango_layout_iter_get_line_extents (lines, NULL, &logical);
      height = (double) logical.height / PANGO_SCALE;
      top = (double) logical.y / PANGO_SCALE;
      ktm_setting_need (s, height);
      if (!s->dry)
        {
          set_colour (s, colour);
          cairo_move_to (s->cr, MARGIN + indent, s->y + baseline - top);
          pango_cairo_show_layout_line (s->cr, pango_layout_iter_get_line_readonly (lines));
        }
      s->y += height;
    }
  while (pango_layout_iter_next_line (lines));
  pango_layout_iter_free (lines);
  g_object_unref (layout);
}

void
ktm_setting_paragraph (KtmSetting *s, const char *text, double size, gboolean bold,
                       KtmColour colour, double indent)
{
  PangoLayout *layout = ktm_setting_layout (s, text, size, bold, TEXT_WIDTH - indent);
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  if (pango_layout_get_line_count (layout) <= UNPARTED)
    ktm_setting_need (s, (double) logical.height / PANGO_SCALE);
  flow (s, layout, colour, indent);
}

static void
set_code (KtmSetting *s, const KtmBlock *block)
{
  PangoLayout *layout = ktm_setting_layout (s, block->text, CODE, FALSE, TEXT_WIDTH);
  PangoFontDescription *font =
      pango_font_description_copy (pango_layout_get_font_description (layout));

  pango_font_description_set_family (font, "monospace");
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  flow (s, layout, s->style.ink, 0);
  s->y += 4;
}

/* --- blocks ----------------------------------------------------------------------------------- */

static double
figure_height (const KtmSetting *s, const KtmBlock *block)
{
  return block->height + ktm_setting_height (s, block->text, 9.5, TRUE, TEXT_WIDTH) + 3;
}

static void
set_figure (KtmSetting *s, const KtmBlock *block)
{
  ktm_setting_need (s, figure_height (s, block));
  ktm_setting_paragraph (s, block->text, 9.5, TRUE, s->style.ink, 0);
  s->y += 3;
  if (!s->dry)
    {
      KtmStyle style;

      ktm_style_init (&style, KTM_THEME_PRINT, 9, 1, NULL);
      style.caption_on_top = FALSE;
      g_autoptr (KtmLayout) layout =
          ktm_layout_new (block->scene, &style, TEXT_WIDTH, block->height, NULL);

      cairo_save (s->cr);
      cairo_translate (s->cr, MARGIN, s->y);
      ktm_draw (s->cr, layout, TRUE);
      cairo_restore (s->cr);
    }
  s->y += block->height + 10;
}

/* What must stand on the page of a heading. */
static double
start_of (KtmSetting *s, const KtmBlock *block)
{
  switch (block->kind)
    {
    case KTM_BLOCK_FIGURE:
      return figure_height (s, block);
    case KTM_BLOCK_TABLE: case KTM_BLOCK_FACTS:
      return ktm_setting_table_start (s, block);
    default:
      return 3 * BODY;
    }
}

static void
add_outline (KtmSetting *s, const KtmBlock *block)
{
  g_autofree char *where = NULL;
  char y[G_ASCII_DTOSTR_BUF_SIZE];

  if (s->dry)
    return;
  where = g_strdup_printf ("page=%u pos=[0 %s]", s->page,
                           g_ascii_formatd (y, sizeof y, "%.1f", MAX (s->y - 6, 0)));
  cairo_pdf_surface_add_outline (s->surface, CAIRO_PDF_OUTLINE_ROOT, block->text, where,
                                 CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void
set_heading (KtmSetting *s, const KtmBlock *block, const KtmBlock *next)
{
  double start = next != NULL ? start_of (s, next) : 0,
         height = ktm_setting_height (s, block->text, 14, TRUE, TEXT_WIDTH);

  if (s->y > MARGIN)
    s->y += 10;
  ktm_setting_need (s, height + 5 + MIN (start, BOTTOM - MARGIN - height - 6));
  add_outline (s, block);
  ktm_setting_paragraph (s, block->text, 14, TRUE, s->style.ink, 0);
  s->y += 5;
}

static void
set_start (KtmSetting *s, const KtmBlock *block)
{
  pango_context_set_language (s->context,
                              pango_language_from_string (ktm_lang_code (block->lang)));
  new_page (s);
  add_outline (s, block);
  ktm_setting_paragraph (s, block->text, 21, TRUE, s->style.ink, 0);
  s->y += 8;
}

static void
set_block (KtmSetting *s, const KtmBlock *block, const KtmBlock *next)
{
  switch (block->kind)
    {
    case KTM_BLOCK_START: set_start (s, block); break;
    case KTM_BLOCK_HEADING: set_heading (s, block, next); break;
    case KTM_BLOCK_TEXT:
      ktm_setting_paragraph (s, block->text, BODY, FALSE, s->style.ink, 0);
      s->y += 6;
      break;
    case KTM_BLOCK_SMALL:
      ktm_setting_paragraph (s, block->text, SMALL, FALSE, s->style.dim, 0);
      s->y += 3;
      break;
    case KTM_BLOCK_WARNING:
      ktm_setting_need (s, 2 * BODY);
      if (!s->dry)
        {
          PangoLayout *mark = ktm_setting_layout (s, "!", BODY, TRUE, 0);

          ktm_setting_put (s, mark, MARGIN + 2, s->y, s->style.ink);
          g_object_unref (mark);
        }
      ktm_setting_paragraph (s, block->text, SMALL + 0.5, FALSE, s->style.ink, 10);
      s->y += 4;
      break;
    case KTM_BLOCK_CODE: set_code (s, block); break;
    case KTM_BLOCK_FIGURE: set_figure (s, block); break;
    case KTM_BLOCK_TABLE: case KTM_BLOCK_FACTS: ktm_setting_table (s, block); break;
    default: break;
    }
}

static void
set_all (KtmPrintout *self, KtmSetting *s)
{
  for (guint i = 0; i < self->blocks->len; i++)
    set_block (s, self->blocks->pdata[i],
               i + 1 < self->blocks->len ? self->blocks->pdata[i + 1] : NULL);
  end_page (s);
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
new_surface (GByteArray *out, const char *title, const char *date)
{
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (write_cb, out, PAGE_WIDTH, PAGE_HEIGHT);

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Ketamine Viewer");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  return surface;
}

GBytes *
ktm_printout_to_pdf (KtmPrintout *paper, gint64 date, GError **error)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (date);
  g_autofree char *moment = g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ"),
                  *day = g_date_time_format (when, "%Y-%m-%d"),
                  *footer = g_strdup_printf ("Ketamine Viewer %s · %s", KTM_VERSION, day);
  GByteArray *out = g_byte_array_new ();
  KtmBlock *first = paper->blocks->len > 0 ? paper->blocks->pdata[0] : NULL;
  KtmSetting s = { .footer = footer, .dry = TRUE };
  cairo_status_t status;

  ktm_style_init (&s.style, KTM_THEME_PRINT, BODY, 1, NULL);
  s.context = ktm_chart_text_context (s.style.family);
  set_all (paper, &s);
  paper->n_pages = s.n_pages = s.page;
  s.page = 0;
  s.dry = FALSE;
  s.surface = new_surface (out, first != NULL ? first->text : "", moment);
  s.cr = cairo_create (s.surface);
  set_all (paper, &s);
  cairo_surface_finish (s.surface);
  status = cairo_status (s.cr) != CAIRO_STATUS_SUCCESS ? cairo_status (s.cr)
                                                       : cairo_surface_status (s.surface);
  cairo_destroy (s.cr);
  cairo_surface_destroy (s.surface);
  g_object_unref (s.context);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The report could not be set: %s."),
               cairo_status_to_string (status));
  return NULL;
}
