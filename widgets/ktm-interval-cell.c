/* widgets: one line of a forest, drawn in the colours and markers charts use. */
#include "ktm-interval-cell.h"

#include "ktm-style.h"

#include <adwaita.h>
#include <math.h>

struct _KtmIntervalCell
{
  GtkWidget parent_instance;
  double    value, low, high, from, to, reference;
  gboolean  log;
  int       series;
};
G_DEFINE_FINAL_TYPE (KtmIntervalCell, ktm_interval_cell, GTK_TYPE_WIDGET)

enum { PAD = 6, HEIGHT = 20, WIDTH = 70 };

static double
place (const KtmIntervalCell *self, double value, double width)
{
  double v = self->log ? log (value) : value, a = self->log ? log (self->from) : self->from,
         b = self->log ? log (self->to) : self->to;

  return PAD + (width - 2 * PAD) * (v - a) / (b - a);
}

static void
trace_marker (cairo_t *cr, KtmMarker marker, double x, double y, double r)
{
  switch (marker)
    {
    case KTM_MARKER_SQUARE: cairo_rectangle (cr, x - r, y - r, 2 * r, 2 * r); break;
    case KTM_MARKER_TRIANGLE: case KTM_MARKER_INVERTED:
      {
        double s = marker == KTM_MARKER_TRIANGLE ? 1 : -1;

        cairo_move_to (cr, x, y - 1.2 * s * r);
        cairo_line_to (cr, x + 1.15 * r, y + 0.9 * s * r);
        cairo_line_to (cr, x - 1.15 * r, y + 0.9 * s * r);
        cairo_close_path (cr);
        break;
      }
    case KTM_MARKER_DIAMOND: case KTM_MARKER_CROSS:
      cairo_move_to (cr, x, y - 1.35 * r);
      cairo_line_to (cr, x + 1.35 * r, y);
      cairo_line_to (cr, x, y + 1.35 * r);
      cairo_line_to (cr, x - 1.35 * r, y);
      cairo_close_path (cr);
      break;
    default: cairo_arc (cr, x, y, r, 0, 2 * G_PI); break;
    }
}

/* The whisker, with an arrow head where it leaves the scale. */
static void
draw_whisker (const KtmIntervalCell *self, cairo_t *cr, double width, double y)
{
  double left = place (self, MAX (self->low, self->from), width),
         right = place (self, MIN (self->high, self->to), width);

  cairo_move_to (cr, left, y);
  cairo_line_to (cr, right, y);
  cairo_stroke (cr);
  if (self->low < self->from)
    {
      cairo_move_to (cr, left - 4, y);
      cairo_line_to (cr, left + 2, y - 3.5);
      cairo_line_to (cr, left + 2, y + 3.5);
      cairo_fill (cr);
    }
  if (self->high > self->to)
    {
      cairo_move_to (cr, right + 4, y);
      cairo_line_to (cr, right - 2, y - 3.5);
      cairo_line_to (cr, right - 2, y + 3.5);
      cairo_fill (cr);
    }
}

static void
draw (const KtmIntervalCell *self, cairo_t *cr, double width, double height, const GdkRGBA *ink,
      gboolean dark)
{
  const double dash[] = { 3, 3 };
  double y = height / 2;
  gboolean hollow = FALSE;
  KtmMarker marker = KTM_MARKER_DIAMOND;
  KtmStyle style;

  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.35);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dash, 2, 0);
  cairo_move_to (cr, place (self, self->reference, width), 0);
  cairo_line_to (cr, place (self, self->reference, width), height);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  if (isnan (self->value))
    return;
  gdk_cairo_set_source_rgba (cr, ink);
  if (self->series >= 0)
    {
      KtmColour c;

      ktm_style_init (&style, dark ? KTM_THEME_DARK : KTM_THEME_LIGHT, 0, 0, NULL);
      c = ktm_style_colour (&style, KTM_ROLE_SERIES, (guint) self->series);
      marker = ktm_style_marker (KTM_ROLE_SERIES, (guint) self->series, &hollow);
      cairo_set_source_rgb (cr, c.r, c.g, c.b);
    }
  cairo_set_line_width (cr, 2);
  if (!isnan (self->low) && !isnan (self->high))
    draw_whisker (self, cr, width, y);
  if (self->value >= self->from && self->value <= self->to)
    {
      trace_marker (cr, marker, place (self, self->value, width), y, 4);
      cairo_fill (cr);
    }
}

static void
ktm_interval_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KtmIntervalCell *self = KTM_INTERVAL_CELL (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  draw (self, cr, width, height, &ink,
        adw_style_manager_get_dark (adw_style_manager_get_default ()));
  cairo_destroy (cr);
}

static void
ktm_interval_cell_measure (GtkWidget *widget G_GNUC_UNUSED, GtkOrientation orientation,
                           int for_size G_GNUC_UNUSED, int *minimum, int *natural,
                           int *minimum_baseline G_GNUC_UNUSED, int *natural_baseline G_GNUC_UNUSED)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * WIDTH : HEIGHT;
}

static void
ktm_interval_cell_class_init (KtmIntervalCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = ktm_interval_cell_snapshot;
  widget_class->measure = ktm_interval_cell_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ktm_interval_cell_init (KtmIntervalCell *self)
{
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
}

GtkWidget *
ktm_interval_cell_new (double value, double low, double high, double from, double to,
                       double reference, gboolean log, int series)
{
  KtmIntervalCell *self = g_object_new (KTM_TYPE_INTERVAL_CELL, NULL);

  self->value = value;
  self->low = low;
  self->high = high;
  self->from = from;
  self->to = to > from ? to : from + 1;
  self->reference = reference;
  self->log = log && from > 0;
  self->series = series;
  return GTK_WIDGET (self);
}
