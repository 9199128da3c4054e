/* widgets: histogram with a range. */
#include "ktm-histogram.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_BINS 13
#define BARS 36   /* pixels: height of the bars, */
#define TRACK 12  /* of the handles, */
#define LABELS 16 /* and of the numbers below */
#define PAD 7     /* half a handle on either side */

struct _KtmHistogram
{
  GtkWidget    parent_instance;
  double       lo, hi, step; /* of the scale; step: what a key press moves */
  double       low, high;    /* the range; equal to lo and hi when open */
  guint        n_bins, counts[MAX_BINS];
  GtkWidget   *handles[2];   /* children */
  int          dragged;      /* handle under the pointer, −1 none */
  PangoLayout *layout;       /* owned */
};

static guint range_changed_signal;

G_DEFINE_FINAL_TYPE (KtmHistogram, ktm_histogram, GTK_TYPE_WIDGET)

/* --- a handle: a focusable child that a screen reader calls a slider -------------------------- */

#define KTM_TYPE_RANGE_HANDLE (ktm_range_handle_get_type ())
G_DECLARE_FINAL_TYPE (KtmRangeHandle, ktm_range_handle, KTM, RANGE_HANDLE, GtkWidget)

struct _KtmRangeHandle
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (KtmRangeHandle, ktm_range_handle, GTK_TYPE_WIDGET)

static void
ktm_range_handle_class_init (KtmRangeHandleClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "rangehandle");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
ktm_range_handle_init (KtmRangeHandle *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/* --- values and pixels ------------------------------------------------------------------------ */

static double
x_of (KtmHistogram *self, double value)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PAD;

  return PAD
         + (self->hi > self->lo ? width * (value - self->lo) / (self->hi - self->lo) : width / 2);
}

static double
value_at (KtmHistogram *self, double x)
{
  double width = MAX (1, gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PAD);
  double value = self->lo + (x - PAD) / width * (self->hi - self->lo);

  return CLAMP (self->lo + round ((value - self->lo) / self->step) * self->step, self->lo,
                self->hi);
}

/* A step of 1, 2 or 5 times a power of ten that cuts the range into at most MAX_BINS bins. */
static double
nice_width (double range)
{
  double width = pow (10, floor (log10 (range / MAX_BINS)));
  static const double factors[] = { 1, 2, 5, 10, 20 };

  for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
    if (range / (width * factors[i]) <= MAX_BINS)
      return width * factors[i];
  return width * 50;
}

static void
set_limits (KtmHistogram *self, const double *all, gsize n)
{
  double lo = INFINITY, hi = -INFINITY, width;
  gboolean whole = TRUE;

  for (gsize i = 0; i < n; i++)
    if (isfinite (all[i]))
      {
        lo = fmin (lo, all[i]);
        hi = fmax (hi, all[i]);
        whole = whole && all[i] == floor (all[i]);
      }
  if (!(hi > lo))
    {
      lo = isfinite (lo) ? lo : 0;
      hi = lo + 1;
    }
  width = nice_width (hi - lo);
  if (whole)
    width = fmax (1, width);
  self->step = whole ? 1 : width / 10;
  self->lo = floor (lo / width) * width;
  self->hi = whole && width == 1 ? hi + 1 : ceil (hi / width) * width;
  if (self->hi <= hi && !(whole && width == 1))
    self->hi += whole ? width : 0;
  self->n_bins = CLAMP ((guint) lround ((self->hi - self->lo) / width), 1, MAX_BINS);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void
lookup (GtkWidget *widget, const char *name, GdkRGBA *out)
{
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, out))
    gdk_rgba_parse (out, "#3584e4");
}

static void
draw_bars (KtmHistogram *self, GtkSnapshot *snapshot, const GdkRGBA *on, const GdkRGBA *off)
{
  double bin = (self->hi - self->lo) / self->n_bins;
  guint most = 1;

  for (guint i = 0; i < self->n_bins; i++)
    most = MAX (most, self->counts[i]);
  for (guint i = 0; i < self->n_bins; i++)
    {
      double left = self->lo + bin * i, x = x_of (self, left) + 1,
             w = x_of (self, left + bin) - x - 1;
      double h = self->counts[i] ? fmax (1.5, (double) BARS * self->counts[i] / most) : 0;
      gboolean inside = left + bin * 0.5 >= self->low && left + bin * 0.5 <= self->high;
      GskRoundedRect shape;

      if (h <= 0)
        continue;
      gsk_rounded_rect_init_from_rect (
          &shape,
          &GRAPHENE_RECT_INIT ((float) x, (float) (BARS - h), (float) MAX (1, w), (float) h),
          (float) MIN (2, h / 2));
      gtk_snapshot_push_rounded_clip (snapshot, &shape);
      gtk_snapshot_append_color (snapshot, inside ? on : off, &shape.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

static void
draw_track (KtmHistogram *self, GtkSnapshot *snapshot, const GdkRGBA *on, const GdkRGBA *off)
{
  float y = BARS + TRACK / 2.f - 1, a = (float) x_of (self, self->low),
        b = (float) x_of (self, self->high);

  gtk_snapshot_append_color (
      snapshot, off,
      &GRAPHENE_RECT_INIT (PAD, y, (float) gtk_widget_get_width (GTK_WIDGET (self)) - 2 * PAD, 2));
  gtk_snapshot_append_color (snapshot, on, &GRAPHENE_RECT_INIT (a, y - .5f, MAX (0, b - a), 3));
}

static void
draw_number (KtmHistogram *self, GtkSnapshot *snapshot, double value, double shown,
             const GdkRGBA *ink)
{
  g_autofree char *text =
      self->step < 1 ? g_strdup_printf ("%.1f", shown) : g_strdup_printf ("%.0f", shown);
  int width;
  double x;

  pango_layout_set_text (self->layout, text, -1);
  pango_layout_get_pixel_size (self->layout, &width, NULL);
  x = CLAMP (x_of (self, value) - width / 2., 0, gtk_widget_get_width (GTK_WIDGET (self)) - width);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, BARS + TRACK + 1));
  gtk_snapshot_append_layout (snapshot, self->layout, ink);
  gtk_snapshot_restore (snapshot);
}

/* Whole numbers stand under the middle of their bar: the upper limit is then one beyond the last of
 * them. */
static gboolean
one_bin_each (KtmHistogram *self)
{
  return self->step >= 1 && fabs ((self->hi - self->lo) / self->n_bins - 1) < 1e-9;
}

static void
ktm_histogram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KtmHistogram *self = KTM_HISTOGRAM (widget);
  GdkRGBA on, off, ink;
  double bin = (self->hi - self->lo) / self->n_bins;
  guint every = self->n_bins > 7 ? (self->n_bins + 4) / 5 : 1;

  lookup (widget, "accent_bg_color", &on);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  off = ink;
  off.alpha *= 0.18f;
  ink.alpha *= 0.65f;
  draw_bars (self, snapshot, &on, &off);
  draw_track (self, snapshot, &on, &off);
  for (guint i = 0; i <= self->n_bins - (one_bin_each (self) ? 1 : 0); i += every)
    draw_number (self, snapshot, self->lo + bin * (i + (one_bin_each (self) ? .5 : 0)),
                 self->lo + bin * i, &ink);
  GTK_WIDGET_CLASS (ktm_histogram_parent_class)->snapshot (widget, snapshot);
}

static void
ktm_histogram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : BARS + TRACK + LABELS;
}

static void
ktm_histogram_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmHistogram *self = KTM_HISTOGRAM (widget);
  double at[2] = { x_of (self, self->low), x_of (self, self->high) };

  for (int i = 0; i < 2; i++)
    gtk_widget_size_allocate (
        self->handles[i], &(GtkAllocation){ (int) lround (at[i]) - TRACK / 2, BARS, TRACK, TRACK },
        -1);
}

/* --- moving the handles ----------------------------------------------------------------------- */

/* What the ends mean: with one bar a whole number, the range counts whole bars. */
static double
bound (KtmHistogram *self, int which)
{
  if (which == 0)
    return self->low <= self->lo ? NAN : self->low;
  if (self->high >= self->hi)
    return NAN;
  return one_bin_each (self) ? self->high - 1 : self->high;
}

static void
describe (KtmHistogram *self)
{
  const double value[2] = { self->low, one_bin_each (self) ? self->high - 1 : self->high };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *text = g_strdup_printf ("%g", value[i]);

      gtk_accessible_update_property (
          GTK_ACCESSIBLE (self->handles[i]), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, value[i],
          GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, self->lo, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, self->hi,
          GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
      gtk_widget_set_tooltip_text (self->handles[i], text);
    }
}

static void
moved (KtmHistogram *self)
{
  describe (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_handle (KtmHistogram *self, int which, double value)
{
  double *end = which ? &self->high : &self->low;

  value = which ? CLAMP (value, self->low + self->step, self->hi)
                : CLAMP (value, self->lo, self->high - self->step);
  if (*end == value)
    return;
  *end = value;
  moved (self);
  g_signal_emit (self, range_changed_signal, 0, bound (self, 0), bound (self, 1));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
        gpointer data)
{
  KtmHistogram *self = data;
  GtkWidget *handle = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  int which = handle == self->handles[1];
  double value = which ? self->high : self->low,
         step = self->step * (state & GDK_SHIFT_MASK ? 5 : 1);

  switch (keyval)
    {
    case GDK_KEY_Left: case GDK_KEY_Down: case GDK_KEY_minus: value -= step; break;
    case GDK_KEY_Right: case GDK_KEY_Up: case GDK_KEY_plus: value += step; break;
    case GDK_KEY_Home: value = self->lo; break;
    case GDK_KEY_End: value = self->hi; break;
    default: return GDK_EVENT_PROPAGATE;
    }
  move_handle (self, which, value);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  KtmHistogram *self = data;

  self->dragged = fabs (x - x_of (self, self->low)) > fabs (x - x_of (self, self->high));
  gtk_widget_grab_focus (self->handles[self->dragged]);
  if (y >= BARS - 4)
    move_handle (self, self->dragged, value_at (self, x));
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  KtmHistogram *self = data;
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y) && (fabs (dx) > 2 || y >= BARS - 4))
    move_handle (self, self->dragged, value_at (self, x + dx));
}

static void
ktm_histogram_dispose (GObject *object)
{
  KtmHistogram *self = KTM_HISTOGRAM (object);

  for (int i = 0; i < 2; i++)
    g_clear_pointer (&self->handles[i], gtk_widget_unparent);
  g_clear_object (&self->layout);
  G_OBJECT_CLASS (ktm_histogram_parent_class)->dispose (object);
}

static void
ktm_histogram_class_init (KtmHistogramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_histogram_dispose;
  widget_class->snapshot = ktm_histogram_snapshot;
  widget_class->measure = ktm_histogram_measure;
  widget_class->size_allocate = ktm_histogram_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "histogram");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  range_changed_signal =
      g_signal_new ("range-changed", KTM_TYPE_HISTOGRAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
ktm_histogram_init (KtmHistogram *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_autoptr (PangoAttrList) small = pango_attr_list_new ();

  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  pango_attr_list_insert (small, pango_attr_scale_new (0.82));
  pango_layout_set_attributes (self->layout, small);
  for (int i = 0; i < 2; i++)
    {
      GtkEventController *keys = gtk_event_controller_key_new ();

      self->handles[i] = g_object_new (KTM_TYPE_RANGE_HANDLE, NULL);
      gtk_widget_set_parent (self->handles[i], GTK_WIDGET (self));
      g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
      gtk_widget_add_controller (self->handles[i], keys);
    }
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
ktm_histogram_new (const char *name, const double *all, gsize n)
{
  KtmHistogram *self = g_object_new (KTM_TYPE_HISTOGRAM, NULL);
  /* Translators: the lower handle of a range; %s is what is chosen by it ("Age"). */
  g_autofree char *from = g_strdup_printf (_("%s from"), name),
                  *to = g_strdup_printf (_("%s to"), name);

  set_limits (self, all, n);
  self->low = self->lo;
  self->high = self->hi;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->handles[0]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  from, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->handles[1]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  to, -1);
  describe (self);
  return GTK_WIDGET (self);
}

void
ktm_histogram_set_counts (KtmHistogram *self, const double *all, const guint *indices, gsize n)
{
  double bin;

  g_return_if_fail (KTM_IS_HISTOGRAM (self));
  bin = (self->hi - self->lo) / self->n_bins;
  memset (self->counts, 0, sizeof self->counts);
  for (gsize i = 0; i < n; i++)
    if (isfinite (all[indices[i]]))
      self->counts[CLAMP ((int) ((all[indices[i]] - self->lo) / bin), 0, (int) self->n_bins - 1)]++;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ktm_histogram_set_range (KtmHistogram *self, double low, double high)
{
  double l, h;

  g_return_if_fail (KTM_IS_HISTOGRAM (self));
  l = isfinite (low) ? CLAMP (low, self->lo, self->hi) : self->lo;
  h = isfinite (high) ? CLAMP (high + (one_bin_each (self) ? 1 : 0), self->lo, self->hi) : self->hi;
  if (l == self->low && h == self->high)
    return;
  self->low = l;
  self->high = h;
  moved (self);
}

void
ktm_histogram_get_limits (KtmHistogram *self, double *lo, double *hi, double *step)
{
  g_return_if_fail (KTM_IS_HISTOGRAM (self));
  *lo = self->lo;
  *hi = self->hi;
  *step = self->step;
}
