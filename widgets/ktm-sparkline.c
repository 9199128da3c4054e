/* widgets: sparkline. */
#include "ktm-sparkline.h"

#include <math.h>

struct _KtmSparkline
{
  GtkWidget parent_instance;
  double   *values; /* owned */
  gsize     n;
  double    lo, hi;
};

G_DEFINE_FINAL_TYPE (KtmSparkline, ktm_sparkline, GTK_TYPE_WIDGET)

static double
y_of (const KtmSparkline *self, double value, double height)
{
  double range = self->hi - self->lo;

  return 3 + (height - 6) * (range > 0 ? 1 - CLAMP ((value - self->lo) / range, 0, 1) : 0.5);
}

/* Joins the scores over missed visits; the dot is the last one. */
static void
draw (KtmSparkline *self, cairo_t *cr, double width, double height)
{
  double step = self->n > 1 ? (width - 6) / (double) (self->n - 1) : 0, x = 0, y = 0;
  gboolean any = FALSE;

  for (gsize i = 0; i < self->n; i++)
    if (isfinite (self->values[i]))
      {
        x = 3 + step * (double) i;
        y = y_of (self, self->values[i], height);
        cairo_line_to (cr, x, y);
        any = TRUE;
      }
  cairo_set_line_width (cr, 1.3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  if (!any)
    return;
  cairo_arc (cr, x, y, 2, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
ktm_sparkline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KtmSparkline *self = KTM_SPARKLINE (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA colour;
  cairo_t *cr;

  if (!self->n)
    return;
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  draw (self, cr, width, height);
  cairo_destroy (cr);
}

static void
ktm_sparkline_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 62 : 22;
}

static void
ktm_sparkline_finalize (GObject *object)
{
  g_free (KTM_SPARKLINE (object)->values);
  G_OBJECT_CLASS (ktm_sparkline_parent_class)->finalize (object);
}

static void
ktm_sparkline_class_init (KtmSparklineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ktm_sparkline_finalize;
  widget_class->snapshot = ktm_sparkline_snapshot;
  widget_class->measure = ktm_sparkline_measure;
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ktm_sparkline_init (KtmSparkline *self)
{
}

GtkWidget *
ktm_sparkline_new (void)
{
  return g_object_new (KTM_TYPE_SPARKLINE, NULL);
}

/* The scale of the scores themselves, for measures that have none. */
static void
fit (KtmSparkline *self)
{
  self->lo = INFINITY;
  self->hi = -INFINITY;
  for (gsize i = 0; i < self->n; i++)
    if (isfinite (self->values[i]))
      {
        self->lo = fmin (self->lo, self->values[i]);
        self->hi = fmax (self->hi, self->values[i]);
      }
}

void
ktm_sparkline_set (KtmSparkline *self, const double *values, gsize n, double lo, double hi)
{
  g_return_if_fail (KTM_IS_SPARKLINE (self));
  g_free (self->values);
  self->values = g_memdup2 (values, n * sizeof *values);
  self->n = n;
  self->lo = lo;
  self->hi = hi;
  if (!isfinite (lo) || !isfinite (hi))
    fit (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
