/* app: the figure at true size. */
#include "ktm-export-preview.h"

#include <glib/gi18n.h>
#include <math.h>

#define RULER 24
#define MARGIN 14
#define POINTS_PER_MM (72 / 25.4)

struct _KtmExportPreview
{
  GtkDrawingArea   parent_instance;
  KtmLayout       *layout;       /* owned, nullable */
  cairo_surface_t *picture;      /* owned; of layout at picture_scale */
  double           picture_scale;
  gboolean         transparent, true_size;
};

G_DEFINE_FINAL_TYPE (KtmExportPreview, ktm_export_preview, GTK_TYPE_DRAWING_AREA)

double
ktm_export_preview_get_dpi (KtmExportPreview *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  GdkMonitor *monitor =
      surface != NULL
          ? gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface)
          : NULL;
  GdkRectangle area;
  double dpi;

  if (monitor == NULL || gdk_monitor_get_width_mm (monitor) <= 0)
    return 96;
  gdk_monitor_get_geometry (monitor, &area);
  dpi = area.width / (gdk_monitor_get_width_mm (monitor) / 25.4);
  return dpi >= 60 && dpi <= 400 ? dpi : 96;
}

static double
width_mm (KtmExportPreview *self)
{
  return self->layout->width / POINTS_PER_MM;
}

static double
height_mm (KtmExportPreview *self)
{
  return self->layout->height / POINTS_PER_MM;
}

/* Pixels a millimetre. */
static double
scale_for (KtmExportPreview *self, double width, double height)
{
  if (self->true_size)
    return ktm_export_preview_get_dpi (self) / 25.4;
  return MAX (MIN ((width - RULER - 2 * MARGIN) / width_mm (self),
                   (height - RULER - 2 * MARGIN) / height_mm (self)),
              0.05);
}

static void
queue_size (KtmExportPreview *self)
{
  double scale = ktm_export_preview_get_dpi (self) / 25.4;
  gboolean fixed = self->layout != NULL && self->true_size;

  gtk_drawing_area_set_content_width (
      GTK_DRAWING_AREA (self),
      fixed ? (int) ceil (width_mm (self) * scale) + RULER + 2 * MARGIN : 0);
  gtk_drawing_area_set_content_height (
      GTK_DRAWING_AREA (self),
      fixed ? (int) ceil (height_mm (self) * scale) + RULER + 2 * MARGIN : 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
ruler_number (KtmExportPreview *self, cairo_t *cr, const char *text, double x, double y,
              gboolean vertical)
{
  g_autoptr (PangoLayout) label = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *small = pango_attr_list_new ();
  int w, h;

  pango_attr_list_insert (small, pango_attr_scale_new (0.8));
  pango_layout_set_attributes (label, small);
  pango_attr_list_unref (small);
  pango_layout_get_pixel_size (label, &w, &h);
  cairo_save (cr);
  if (vertical)
    {
      cairo_translate (cr, x - h - 8, y + w / 2.0);
      cairo_rotate (cr, -G_PI / 2);
    }
  else
    cairo_translate (cr, x + 3, y - h - 6);
  cairo_move_to (cr, 0, 0);
  pango_cairo_show_layout (cr, label);
  cairo_restore (cr);
}

static void
draw_ruler (KtmExportPreview *self, cairo_t *cr, double x, double y, double length, double scale,
            gboolean vertical)
{
  int step = scale < 1.2 ? 20 : 10;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  colour.alpha *= 0.65f;
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 1);
  for (int mm = 0; mm <= length + 0.01; mm += step / 2)
    {
      double at = floor (mm * scale) + 0.5, tall = mm % 50 == 0 ? 7 : mm % step == 0 ? 5 : 3;

      cairo_move_to (cr, vertical ? x : x + at, vertical ? y + at : y);
      cairo_line_to (cr, vertical ? x - tall : x + at, vertical ? y + at : y - tall);
      cairo_stroke (cr);
      if (mm % 50 == 0 && (mm > 0 || !vertical))
        {
          g_autofree char *text = mm == 0 ? g_strdup (_("0 mm")) : g_strdup_printf ("%d", mm);

          ruler_number (self, cr, text, vertical ? x : x + at, vertical ? y + at : y, vertical);
        }
    }
}

static void
draw_chequers (cairo_t *cr, double w, double h)
{
  cairo_set_source_rgb (cr, 0.97, 0.97, 0.97);
  cairo_rectangle (cr, 0, 0, w, h);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.88, 0.88, 0.88);
  for (int y = 0; y * 8 < h; y++)
    for (int x = y % 2; x * 8 < w; x += 2)
      cairo_rectangle (cr, x * 8, y * 8, MIN (8, w - x * 8), MIN (8, h - y * 8));
  cairo_fill (cr);
}

static void
draw_paper (KtmExportPreview *self, cairo_t *cr, double w, double h)
{
  for (int i = 3; i > 0; i--)
    {
      cairo_set_source_rgba (cr, 0, 0, 0, 0.06);
      cairo_rectangle (cr, -i, 1 - i, w + 2 * i, h + 2 * i);
      cairo_fill (cr);
    }
  if (self->transparent)
    draw_chequers (cr, w, h);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  KtmExportPreview *self = KTM_EXPORT_PREVIEW (area);
  double scale, pixels;

  if (self->layout == NULL)
    return;
  scale = scale_for (self, width, height);
  pixels = scale / POINTS_PER_MM * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  if (self->picture == NULL || fabs (self->picture_scale - pixels) > 1e-9)
    {
      g_clear_pointer (&self->picture, cairo_surface_destroy);
      self->picture = ktm_draw_to_surface (self->layout, pixels, self->transparent);
      self->picture_scale = pixels;
    }
  double w = width_mm (self) * scale, h = height_mm (self) * scale;
  double x = RULER + MAX (MARGIN / 2.0, floor ((width - RULER - w) / 2)), y = RULER + MARGIN / 2.0;

  draw_ruler (self, cr, x, y - 4, width_mm (self), scale, FALSE);
  draw_ruler (self, cr, x - 4, y, height_mm (self), scale, TRUE);
  cairo_translate (cr, x, y);
  draw_paper (self, cr, w, h);
  if (self->picture == NULL)
    return;
  cairo_scale (cr, w / cairo_image_surface_get_width (self->picture),
               h / cairo_image_surface_get_height (self->picture));
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_paint (cr);
}

static void
ktm_export_preview_finalize (GObject *object)
{
  KtmExportPreview *self = KTM_EXPORT_PREVIEW (object);

  g_clear_pointer (&self->layout, ktm_layout_free);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  G_OBJECT_CLASS (ktm_export_preview_parent_class)->finalize (object);
}

static void
ktm_export_preview_class_init (KtmExportPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ktm_export_preview_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
ktm_export_preview_init (KtmExportPreview *self)
{
  self->true_size = TRUE;
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self), draw_cb, NULL, NULL);
  g_signal_connect (self, "realize", G_CALLBACK (queue_size), NULL);
}

GtkWidget *
ktm_export_preview_new (void)
{
  return g_object_new (KTM_TYPE_EXPORT_PREVIEW, NULL);
}

void
ktm_export_preview_take_layout (KtmExportPreview *self, KtmLayout *layout, gboolean transparent)
{
  g_clear_pointer (&self->layout, ktm_layout_free);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  self->layout = layout;
  self->transparent = transparent;
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Preview of the figure"),
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      layout != NULL && layout->scene->description != NULL ? layout->scene->description : "", -1);
  queue_size (self);
}

void
ktm_export_preview_set_true (KtmExportPreview *self, gboolean true_size)
{
  self->true_size = true_size;
  queue_size (self);
}
