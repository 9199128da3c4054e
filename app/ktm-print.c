/* app: printing a figure. */
#include "ktm-print.h"

#include "ktm-export.h"
#include "ktm-slide.h"

#define MM_PER_POINT (25.4 / 72)
#define SHAPE (120.0 / 174.0) /* height of a figure for its width, as in the export presets */

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  double width = gtk_print_context_get_width (context),
         height = MIN (gtk_print_context_get_height (context), width * SHAPE);
  KtmExportOptions options;
  KtmLayout *layout;

  ktm_export_options_init (&options);
  options.width_mm = width * MM_PER_POINT;
  options.height_mm = height * MM_PER_POINT;
  layout = ktm_export_layout (data, &options);
  ktm_draw (gtk_print_context_get_cairo_context (context), layout, TRUE);
  ktm_layout_free (layout);
}

static void
draw_slide_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  GPtrArray *pages = data;
  const KtmSlidePage *slide = pages->pdata[page];
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double factor = MIN (gtk_print_context_get_width (context) / KTM_SLIDE_WIDTH,
                       gtk_print_context_get_height (context) / KTM_SLIDE_HEIGHT);

  cairo_rectangle (cr, 0, 0, KTM_SLIDE_WIDTH * factor, KTM_SLIDE_HEIGHT * factor);
  cairo_clip (cr);
  cairo_scale (cr, factor, factor);
  ktm_slide_draw (cr, slide->scene, slide->title, slide->footer, (guint) page, pages->len);
}

/* A landscape job of @n pages; @data goes to @draw. */
static GtkPrintOperation *
new_operation (const char *name, guint n, GCallback draw, gpointer data)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();

  gtk_page_setup_set_orientation (setup, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_n_pages (operation, (int) n);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  g_signal_connect (operation, "draw-page", draw, data);
  return operation;
}

gboolean
ktm_print_scene (GtkWindow *parent, KtmScene *scene, const char *name, const char *pdf,
                 GError **error)
{
  g_autoptr (GtkPrintOperation) operation =
      new_operation (name, 1, G_CALLBACK (draw_page_cb), scene);

  if (pdf)
    gtk_print_operation_set_export_filename (operation, pdf);
  return gtk_print_operation_run (operation,
                                  pdf ? GTK_PRINT_OPERATION_ACTION_EXPORT
                                      : GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                                  parent, error)
         != GTK_PRINT_OPERATION_RESULT_ERROR;
}

gboolean
ktm_print_slides (GtkWindow *parent, GPtrArray *pages, const char *name, GError **error)
{
  g_autoptr (GtkPrintOperation) operation =
      new_operation (name, pages->len, G_CALLBACK (draw_slide_cb), pages);

  return gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, error)
         != GTK_PRINT_OPERATION_RESULT_ERROR;
}
