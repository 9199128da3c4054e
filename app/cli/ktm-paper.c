/* app/cli: pages of text and figures. */
#include "ktm-paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "ktm-chart-text.h"
#include "ktm-draw.h"

#define POINTS_PER_MM (72 / 25.4)
#define WIDTH   (210 * POINTS_PER_MM)
#define HEIGHT  (297 * POINTS_PER_MM)
#define MARGIN  (18 * POINTS_PER_MM)
#define INNER   (WIDTH - 2 * MARGIN)
#define LABEL   (46 * POINTS_PER_MM)
#define BODY    9.0

struct _KtmPaper
{
  GByteArray      *bytes;
  cairo_surface_t *surface;
  cairo_t         *cr;
  PangoContext    *context;
  double           y;
  guint            page;
};

static cairo_status_t
write_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static PangoLayout *
new_layout (KtmPaper *p, const char *text, double size, gboolean bold, double width)
{
  PangoLayout *layout = pango_layout_new (p->context);
  PangoFontDescription *font =
      pango_font_description_copy (pango_context_get_font_description (p->context));

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, 1.25f);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static void
number_page (KtmPaper *p)
{
  g_autofree char *text = g_strdup_printf ("%u", p->page);
  PangoLayout *layout = new_layout (p, text, 8, FALSE, INNER);

  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  cairo_move_to (p->cr, MARGIN, HEIGHT - MARGIN * 0.7);
  pango_cairo_show_layout (p->cr, layout);
  g_object_unref (layout);
}

static void
turn_page (KtmPaper *p)
{
  number_page (p);
  cairo_show_page (p->cr);
  p->page++;
  p->y = MARGIN;
}

static void
need (KtmPaper *p, double height)
{
  if (p->y > MARGIN && p->y + height > HEIGHT - MARGIN)
    turn_page (p);
}

KtmPaper *
ktm_paper_new (const char *title, const char *family)
{
  KtmPaper *p = g_new0 (KtmPaper, 1);

  p->bytes = g_byte_array_new ();
  p->surface = cairo_pdf_surface_create_for_stream (write_cb, p->bytes, WIDTH, HEIGHT);
  cairo_pdf_surface_restrict_to_version (p->surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (p->surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (p->surface, CAIRO_PDF_METADATA_CREATOR, "Ketamine Viewer");
  cairo_pdf_surface_set_metadata (p->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                  "2000-01-01T00:00:00Z");
  p->cr = cairo_create (p->surface);
  p->context = ktm_chart_text_context (family);
  p->y = MARGIN;
  p->page = 1;
  return p;
}

/* Line by line, so that a long paragraph goes on over the page. */
static void
flow (KtmPaper *p, PangoLayout *layout, double x)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    {
      PangoRectangle logical;
      double height, baseline;

      pango_layout_iter_get_line_extents (iter, NULL, &logical);
      height = (double) logical.height / PANGO_SCALE;
      baseline = (double) (pango_layout_iter_get_baseline (iter) - logical.y) / PANGO_SCALE;
      need (p, height);
      cairo_move_to (p->cr, x + (double) logical.x / PANGO_SCALE, p->y + baseline);
      pango_cairo_show_layout_line (p->cr, pango_layout_iter_get_line_readonly (iter));
      p->y += height;
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  g_object_unref (layout);
}

void
ktm_paper_head (KtmPaper *paper, const char *text, double size)
{
  paper->y += paper->y > MARGIN ? size * 0.8 : 0;
  need (paper, size * 4);
  flow (paper, new_layout (paper, text, size, TRUE, INNER), MARGIN);
  paper->y += size * 0.4;
}

void
ktm_paper_text (KtmPaper *paper, const char *text, double size)
{
  flow (paper, new_layout (paper, text, size, FALSE, INNER), MARGIN);
  paper->y += size * 0.5;
}

void
ktm_paper_code (KtmPaper *paper, const char *text, double size)
{
  PangoLayout *layout = new_layout (paper, text, size, FALSE, INNER);
  PangoFontDescription *font =
      pango_font_description_copy (pango_layout_get_font_description (layout));

  pango_font_description_set_family (font, "monospace");
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  flow (paper, layout, MARGIN);
  paper->y += size * 0.5;
}

static double
height_of (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

void
ktm_paper_row (KtmPaper *paper, const char *label, const char *text)
{
  PangoLayout *left = new_layout (paper, label, BODY, TRUE, LABEL - 8);
  PangoLayout *right = new_layout (paper, text, BODY, FALSE, INNER - LABEL);
  double a = height_of (left), top;
  guint page;

  need (paper, MAX (a, MIN (height_of (right), HEIGHT / 3)) + 8);
  cairo_set_line_width (paper->cr, 0.5);
  cairo_move_to (paper->cr, MARGIN, paper->y);
  cairo_rel_line_to (paper->cr, INNER, 0);
  cairo_stroke (paper->cr);
  paper->y += 4;
  top = paper->y;
  page = paper->page;
  cairo_move_to (paper->cr, MARGIN, top);
  pango_cairo_show_layout (paper->cr, left);
  g_object_unref (left);
  flow (paper, right, MARGIN + LABEL);
  if (paper->page == page)
    paper->y = MAX (paper->y, top + a);
  paper->y += 4;
}

void
ktm_paper_scene (KtmPaper *paper, const KtmScene *scene, double height_mm)
{
  KtmExportOptions options;
  KtmLayout *layout;

  ktm_export_options_init (&options);
  options.width_mm = INNER / POINTS_PER_MM;
  options.height_mm = height_mm;
  layout = ktm_export_layout (scene, &options);
  need (paper, height_mm * POINTS_PER_MM + 8);
  cairo_save (paper->cr);
  cairo_translate (paper->cr, MARGIN, paper->y);
  ktm_draw (paper->cr, layout, TRUE);
  cairo_restore (paper->cr);
  paper->y += height_mm * POINTS_PER_MM + 8;
  ktm_layout_free (layout);
}

GBytes *
ktm_paper_finish (KtmPaper *paper)
{
  GByteArray *bytes = paper->bytes;

  number_page (paper);
  cairo_show_page (paper->cr);
  cairo_destroy (paper->cr);
  cairo_surface_finish (paper->surface);
  cairo_surface_destroy (paper->surface);
  g_object_unref (paper->context);
  g_free (paper);
  return g_byte_array_free_to_bytes (bytes);
}
