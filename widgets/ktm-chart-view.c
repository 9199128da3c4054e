/* widgets: chart view, the widget and its picture. */
#include "ktm-chart-view-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ktm-chart-picture.h"

#define MANY 1000 /* patients from which on a ktm_chart_picture_worker draws */

enum { PICKED, MARKED, HANDLE_MOVED, DRAWN, N_SIGNALS };
static guint signals[N_SIGNALS];
enum { PROP_0, PROP_ZOOMED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmChartView, ktm_chart_view, GTK_TYPE_WIDGET)

static KtmTheme
theme_of (KtmChartView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (self->present > 0)
    return dark ? KTM_THEME_PRESENT_DARK : KTM_THEME_PRESENT;
  return dark ? KTM_THEME_DARK : KTM_THEME_LIGHT;
}

static KtmChartJob *
new_job (KtmChartView *self)
{
  KtmChartJob *job = g_new0 (KtmChartJob, 1);

  job->type = self->type;
  job->frame = ktm_frame_ref (self->frame);
  job->report = self->report ? g_atomic_rc_box_acquire (self->report) : NULL;
  job->options = ktm_chart_options_copy (self->options);
  job->scene = self->build || !self->scene ? NULL : ktm_scene_ref (self->scene);
  ktm_style_init (&job->style, theme_of (self), self->present, 0, NULL);
  job->view = self->view;
  job->width = gtk_widget_get_width (GTK_WIDGET (self));
  job->height = gtk_widget_get_height (GTK_WIDGET (self));
  job->scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  return job;
}

/* --- showing it ------------------------------------------------------------------------------- */

static void
show_message (KtmChartView *self, const char *sentence)
{
  gtk_widget_set_visible (self->status, sentence != NULL);
  if (sentence)
    {
      adw_status_page_set_description (ADW_STATUS_PAGE (self->status), sentence);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      sentence, -1);
    }
}

static void
describe (KtmChartView *self)
{
  const char *label = self->scene->caption ? self->scene->caption : _("Chart");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->scene->description ? self->scene->description : "", -1);
}

static void
take_parts (KtmChartView *self, KtmChartPicture *picture)
{
  self->stale = FALSE;
  self->build = FALSE;
  g_clear_pointer (&self->pick, ktm_pick_free);
  g_clear_pointer (&self->layout, ktm_layout_free);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->base, gsk_render_node_unref);
  g_clear_pointer (&self->pixels, cairo_surface_destroy);
  g_clear_pointer (&self->scene, ktm_scene_unref);
  if (picture)
    {
      self->scene = g_steal_pointer (&picture->scene);
      self->layout = g_steal_pointer (&picture->layout);
      self->texture = g_steal_pointer (&picture->texture);
      self->pixels = g_steal_pointer (&picture->pixels);
      self->pick = ktm_pick_new (self->layout);
      ktm_chart_picture_free (picture);
      describe (self);
    }
  self->handle = NAN;
}

static void
take_picture (KtmChartView *self, KtmChartPicture *picture, const GError *error)
{
  take_parts (self, picture);
  show_message (self, picture ? NULL : error->message);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[DRAWN], 0);
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KtmChartView *self = KTM_CHART_VIEW (source);
  g_autoptr (GError) error = NULL;
  KtmChartPicture *picture = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->working)
    {
      g_clear_pointer (&picture, ktm_chart_picture_free); /* a newer one is on its way */
      return;
    }
  g_clear_object (&self->working);
  if (!picture && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  take_picture (self, picture, error);
}

static void
stop_working (KtmChartView *self)
{
  if (self->working)
    g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
}

static void
render (KtmChartView *self)
{
  KtmChartJob *job = new_job (self);

  stop_working (self);
  if (job->frame->n_patients > MANY)
    {
      g_autoptr (GTask) task = NULL;

      self->working = g_cancellable_new ();
      task = g_task_new (self, self->working, worked_cb, NULL);
      g_task_set_task_data (task, job, ktm_chart_job_free);
      g_task_run_in_thread (task, ktm_chart_picture_worker);
      return;
    }
  {
    g_autoptr (GError) error = NULL;
    KtmChartPicture *picture = ktm_chart_picture_new (job, &error);

    ktm_chart_job_free (job);
    take_picture (self, picture, error);
  }
}

static gboolean
render_cb (gpointer data)
{
  KtmChartView *self = data;

  self->render_id = 0;
  if (self->type && gtk_widget_get_width (GTK_WIDGET (self)) > 1
      && gtk_widget_get_height (GTK_WIDGET (self)) > 1)
    render (self);
  return G_SOURCE_REMOVE;
}

static gboolean
drawn_cb (gpointer data)
{
  KtmChartView *self = data;

  self->drawn_id = 0;
  g_signal_emit (self, signals[DRAWN], 0);
  return G_SOURCE_REMOVE;
}

/* The very first picture, at once: the frame being laid out shall show it. */
static void
render_first (KtmChartView *self)
{
  KtmChartPicture *picture = NULL;

  if (self->eager && self->frame->n_patients <= MANY && !self->working
      && !gtk_widget_get_visible (self->status) && gtk_widget_get_width (GTK_WIDGET (self)) > 1
      && gtk_widget_get_height (GTK_WIDGET (self)) > 1)
    {
      KtmChartJob *job = new_job (self);

      picture = ktm_chart_picture_new (job, NULL);
      ktm_chart_job_free (job);
    }
  if (!picture)
    {
      ktm_chart_view_queue_render (self, TRUE);
      return;
    }
  g_clear_handle_id (&self->render_id, g_source_remove);
  take_parts (self, picture);
  if (!self->drawn_id)
    self->drawn_id = g_idle_add (drawn_cb, self); /* whoever listens may want another layout */
}

void
ktm_chart_view_queue_render (KtmChartView *self, gboolean build)
{
  self->build = self->build || build;
  self->stale = TRUE;
  if (!self->render_id)
    self->render_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 15, render_cb, self, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static graphene_rect_t
bounds_of (KtmChartView *self)
{
  return GRAPHENE_RECT_INIT (0, 0, (float) self->layout->width, (float) self->layout->height);
}

static void
append_texture (KtmChartView *self, GtkSnapshot *snapshot)
{
  graphene_rect_t bounds = bounds_of (self);

  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

/* The picture as something that is painted where the pointer has been, and nowhere else. */
static GskRenderNode *
new_base (KtmChartView *self)
{
  graphene_rect_t bounds = bounds_of (self);
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  cairo_scale (cr, bounds.size.width / gdk_texture_get_width (self->texture),
               bounds.size.height / gdk_texture_get_height (self->texture));
  cairo_set_source_surface (cr, self->pixels, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  return node;
}

/* The settled picture.  Without a graphics card a texture would be copied whole for each frame. */
static void
append_settled (KtmChartView *self, GtkSnapshot *snapshot)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));

  if (!GSK_IS_CAIRO_RENDERER (renderer))
    {
      append_texture (self, snapshot);
      return;
    }
  if (!self->base)
    self->base = new_base (self);
  gtk_snapshot_append_node (snapshot, self->base);
}

/* One axis of the old picture under the new view: pixel = factor · old pixel + offset. */
static void
stretch (const KtmScale *scale, double lo, double hi, double whole_lo, double whole_hi,
         double *factor, double *offset)
{
  double a = ktm_scale_map (scale, isnan (lo) ? whole_lo : lo),
         b = ktm_scale_map (scale, isnan (hi) ? whole_hi : hi);

  *factor = fabs (b - a) > 1e-6 ? (scale->b - scale->a) / (b - a) : 1;
  *offset = scale->a - *factor * a;
}

/* Until the new picture is there, the old one stretched within its axes. */
static void
append_stretched (KtmChartView *self, GtkSnapshot *snapshot)
{
  append_texture (self, snapshot);
  for (guint i = 0; i < self->layout->places->len; i++)
    {
      const KtmPlace *place = &g_array_index (self->layout->places, KtmPlace, i);
      graphene_rect_t plot = GRAPHENE_RECT_INIT ((float) place->plot.x, (float) place->plot.y,
                                                 (float) place->plot.w, (float) place->plot.h);
      const KtmColour paper = self->layout->style.paper;
      double fx, ox, fy, oy;

      stretch (&place->x, self->view.x_lo, self->view.x_hi, place->panel->x.lo, place->panel->x.hi,
               &fx, &ox);
      stretch (&place->y, self->view.y_lo, self->view.y_hi, place->panel->y.lo, place->panel->y.hi,
               &fy, &oy);
      gtk_snapshot_push_clip (snapshot, &plot);
      gtk_snapshot_append_color (
          snapshot, &(GdkRGBA){ (float) paper.r, (float) paper.g, (float) paper.b, 1 }, &plot);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) ox, (float) oy));
      gtk_snapshot_scale (snapshot, (float) fx, (float) fy);
      append_texture (self, snapshot);
      gtk_snapshot_restore (snapshot);
      gtk_snapshot_pop (snapshot);
    }
}

static void
draw_overlay (KtmChartView *self, cairo_t *cr)
{
  if (!self->stale)
    ktm_draw_overlay (cr, self->layout, &self->overlay);
  ktm_chart_handle_draw (self, cr);
  cairo_destroy (cr);
}

/* Only as much as there is to draw: a line under the pointer, not a sheet over the whole chart.
 * Drawn twice, once to see where: painted from the recording, cairo would make a picture of it. */
static void
append_overlay (KtmChartView *self, GtkSnapshot *snapshot, int width, int height)
{
  const cairo_rectangle_t whole = { 0, 0, width, height };
  cairo_surface_t *ink = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &whole);
  double x, y, w, h;

  self->overlay.marked = (const guint32 *) self->marked->data;
  self->overlay.n_marked = self->marked->len;
  draw_overlay (self, cairo_create (ink));
  cairo_recording_surface_ink_extents (ink, &x, &y, &w, &h);
  cairo_surface_destroy (ink);
  if (w > 0 && h > 0)
    draw_overlay (self, gtk_snapshot_append_cairo (
                            snapshot, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) w,
                                                           (float) h)));
}

static void
ktm_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KtmChartView *self = KTM_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (self->texture && !gtk_widget_get_visible (self->status))
    {
      gboolean fits = (int) self->layout->width == width && (int) self->layout->height == height;

      if (!fits)
        {
          gtk_snapshot_save (snapshot);
          gtk_snapshot_scale (snapshot, (float) (width / self->layout->width),
                              (float) (height / self->layout->height));
          append_texture (self, snapshot);
          gtk_snapshot_restore (snapshot);
        }
      else if (self->stale && !self->build)
        append_stretched (self, snapshot);
      else
        append_settled (self, snapshot);
      if (fits && (!self->stale || self->scene->handle.name))
        append_overlay (self, snapshot, width, height);
    }
  GTK_WIDGET_CLASS (ktm_chart_view_parent_class)->snapshot (widget, snapshot);
}

/* --- the hover card --------------------------------------------------------------------------- */

static void
allocate_card (KtmChartView *self, int width, int height)
{
  GtkRequisition size;
  double x = self->cursor.x + 18, y = self->cursor.y + 18;

  gtk_widget_get_preferred_size (self->card, NULL, &size);
  size.width = MIN (size.width, MAX (1, width - 8));
  if (x + size.width > width - 4)
    x = self->cursor.x - 18 - size.width;
  if (y + size.height > height - 4)
    y = self->cursor.y - 18 - size.height;
  gtk_widget_size_allocate (self->card,
                            &(GtkAllocation){ (int) CLAMP (x, 4, MAX (4, width - size.width - 4)),
                                              (int) MAX (4, y), size.width, size.height },
                            -1);
}

static void
show_card (KtmChartView *self)
{
  g_autofree char *title = NULL, *text = NULL;

  ktm_chart_hover_text (self->frame, self->options, self->cursor.row, self->cursor.time, &title,
                        &text);
  gtk_label_set_text (GTK_LABEL (self->card_title), title);
  gtk_label_set_text (GTK_LABEL (self->card_text), text);
  gtk_widget_set_visible (self->card_text, *text != 0);
  if (self->by_key)
    {
      g_autofree char *said = g_strdup_printf ("%s, %s", title, text);

      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      said, -1);
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
ktm_chart_view_set_hover (KtmChartView *self, const KtmHit *hit)
{
  long row = hit ? hit->row : -1, column = hit ? hit->column : -1;

  if (row == self->overlay.hover && column == self->overlay.column)
    return;
  self->overlay.hover = row;
  self->overlay.column = column;
  if (hit)
    self->cursor = *hit;
  gtk_widget_set_visible (self->card, row >= 0);
  if (row >= 0)
    show_card (self);
  else if (self->scene && self->by_key)
    describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- the view --------------------------------------------------------------------------------- */

void
ktm_chart_view_get_view (KtmChartView *self, double whole[4], double shown[4])
{
  const KtmPanel *panel = g_ptr_array_index (self->scene->panels, 0);
  const double ends[4] = { panel->x.lo, panel->x.hi, panel->y.lo, panel->y.hi };
  const double now[4] = { self->view.x_lo, self->view.x_hi, self->view.y_lo, self->view.y_hi };

  for (int i = 0; i < 4; i++)
    {
      whole[i] = ends[i];
      shown[i] = isnan (now[i]) ? ends[i] : now[i];
    }
}

void
ktm_chart_view_set_view (KtmChartView *self, double x_lo, double x_hi, double y_lo, double y_hi)
{
  KtmView view = { x_lo, x_hi, y_lo, y_hi };

  if (!memcmp (&view, &self->view, sizeof view))
    return;
  self->view = view;
  ktm_chart_view_set_hover (self, NULL);
  ktm_chart_view_queue_render (self, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ZOOMED]);
}

void
ktm_chart_view_emit_picked (KtmChartView *self, long row)
{
  g_signal_emit (self, signals[PICKED], 0, row);
}

void
ktm_chart_view_emit_marked (KtmChartView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[MARKED], 0);
}

void
ktm_chart_view_emit_handle (KtmChartView *self, double value)
{
  self->handle = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[HANDLE_MOVED], 0, value);
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  KtmChartView *self = KTM_CHART_VIEW (widget);
  int child_minimum = 0, child_natural = 0;

  if (gtk_widget_get_visible (self->status))
    gtk_widget_measure (self->status, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
  *minimum = MAX (orientation == GTK_ORIENTATION_HORIZONTAL ? 280 : 200,
                  orientation == GTK_ORIENTATION_HORIZONTAL ? child_minimum : 0);
  *natural = MAX (*minimum, orientation == GTK_ORIENTATION_HORIZONTAL ? 720 : 460);
}

static void
ktm_chart_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmChartView *self = KTM_CHART_VIEW (widget);

  if (self->layout && ((int) self->layout->width != width || (int) self->layout->height != height))
    {
      ktm_chart_view_set_hover (self, NULL);
      ktm_chart_view_queue_render (self, FALSE);
    }
  else if (!self->layout && self->type)
    render_first (self);
  if (gtk_widget_get_visible (self->status))
    gtk_widget_size_allocate (self->status, &(GtkAllocation) { 0, 0, width, height }, -1);
  if (gtk_widget_get_visible (self->card))
    allocate_card (self, width, height);
}

static void
ktm_chart_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  const KtmView *view = &KTM_CHART_VIEW (object)->view;

  g_value_set_boolean (value, !isnan (view->x_lo) || !isnan (view->x_hi) || !isnan (view->y_lo)
                                  || !isnan (view->y_hi));
}

static void
ktm_chart_view_dispose (GObject *object)
{
  KtmChartView *self = KTM_CHART_VIEW (object);

  g_clear_handle_id (&self->render_id, g_source_remove);
  g_clear_handle_id (&self->drawn_id, g_source_remove);
  stop_working (self);
  g_clear_pointer (&self->card, gtk_widget_unparent);
  g_clear_pointer (&self->status, gtk_widget_unparent);
  self->type = NULL;
  G_OBJECT_CLASS (ktm_chart_view_parent_class)->dispose (object);
}

static void
clear_chart (KtmChartView *self)
{
  g_clear_pointer (&self->frame, ktm_frame_unref);
  g_clear_pointer (&self->options, ktm_chart_options_free);
  if (self->report)
    g_atomic_rc_box_release_full (self->report, ktm_chart_report_clear);
  self->report = NULL;
}

static void
ktm_chart_view_finalize (GObject *object)
{
  KtmChartView *self = KTM_CHART_VIEW (object);

  clear_chart (self);
  g_clear_pointer (&self->pick, ktm_pick_free);
  g_clear_pointer (&self->layout, ktm_layout_free);
  g_clear_pointer (&self->scene, ktm_scene_unref);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->base, gsk_render_node_unref);
  g_clear_pointer (&self->pixels, cairo_surface_destroy);
  g_array_unref (self->marked);
  G_OBJECT_CLASS (ktm_chart_view_parent_class)->finalize (object);
}

static void
theme_changed_cb (KtmChartView *self)
{
  ktm_chart_view_queue_render (self, FALSE);
  self->build = self->build || !self->scene;
}

static void
ktm_chart_view_class_init (KtmChartViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ktm_chart_view_get_property;
  object_class->dispose = ktm_chart_view_dispose;
  object_class->finalize = ktm_chart_view_finalize;
  widget_class->snapshot = ktm_chart_view_snapshot;
  widget_class->measure = ktm_chart_view_measure;
  widget_class->size_allocate = ktm_chart_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  props[PROP_ZOOMED] =
      g_param_spec_boolean ("zoomed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[PICKED] = g_signal_new ("picked", KTM_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_LONG);
  signals[HANDLE_MOVED] =
      g_signal_new ("handle-moved", KTM_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[DRAWN] = g_signal_new ("drawn", KTM_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[MARKED] = g_signal_new ("marked", KTM_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
build_card (KtmChartView *self)
{
  self->card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->card_title = gtk_label_new (NULL);
  self->card_text = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->card, "hover-card");
  gtk_widget_add_css_class (self->card_title, "heading");
  gtk_widget_add_css_class (self->card_text, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (self->card_title), 0);
  gtk_label_set_xalign (GTK_LABEL (self->card_text), 0);
  gtk_box_append (GTK_BOX (self->card), self->card_title);
  gtk_box_append (GTK_BOX (self->card), self->card_text);
  gtk_widget_set_can_target (self->card, FALSE);
  gtk_widget_set_visible (self->card, FALSE);
  gtk_widget_set_parent (self->card, GTK_WIDGET (self));
}

static void
ktm_chart_view_init (KtmChartView *self)
{
  self->view = KTM_VIEW_WHOLE;
  self->handle = NAN;
  self->overlay = KTM_OVERLAY_NONE;
  self->marked = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->status = adw_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->status), "action-unavailable-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (self->status), _("This chart cannot be drawn"));
  gtk_widget_add_css_class (self->status, "compact");
  gtk_widget_set_visible (self->status, FALSE);
  gtk_widget_set_parent (self->status, GTK_WIDGET (self));
  build_card (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  ktm_chart_view_add_controllers (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (theme_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (theme_changed_cb), NULL);
}

GtkWidget *
ktm_chart_view_new (void)
{
  return g_object_new (KTM_TYPE_CHART_VIEW, NULL);
}

void
ktm_chart_view_set_chart (KtmChartView *self, const KtmChartType *type, KtmFrame *frame,
                          KtmReport *report, const KtmChartOptions *options)
{
  gboolean same_axes;

  g_return_if_fail (KTM_IS_CHART_VIEW (self) && type && frame && options);
  same_axes = self->type == type && self->options && self->options->show == options->show
              && !g_strcmp0 (self->options->measure, options->measure)
              && self->options->facets == options->facets;
  clear_chart (self);
  self->type = type;
  self->frame = ktm_frame_ref (frame);
  self->options = ktm_chart_options_copy (options);
  if (report)
    {
      self->report = g_atomic_rc_box_new0 (KtmReport *);
      *self->report = report;
    }
  if (!same_axes)
    ktm_chart_view_reset_zoom (self);
  self->overlay = KTM_OVERLAY_NONE;
  gtk_widget_set_visible (self->card, FALSE);
  ktm_chart_view_clear_marked (self);
  ktm_chart_view_queue_render (self, TRUE);
}

void
ktm_chart_view_set_error (KtmChartView *self, const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KTM_IS_CHART_VIEW (self) && sentence);
  stop_working (self);
  g_clear_handle_id (&self->render_id, g_source_remove);
  clear_chart (self);
  self->type = NULL;
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, sentence);
  take_picture (self, NULL, error);
}

void
ktm_chart_view_set_picked (KtmChartView *self, long row)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  if (self->overlay.picked == row)
    return;
  self->overlay.picked = row;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_card_size (GtkWidget *label, double size)
{
  g_autoptr (PangoAttrList) attributes = size > 0 ? pango_attr_list_new () : NULL;

  if (attributes)
    pango_attr_list_insert (attributes,
                            pango_attr_size_new_absolute ((int) (size * PANGO_SCALE)));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
}

void
ktm_chart_view_set_present (KtmChartView *self, double size)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  if (self->present == size)
    return;
  self->present = size;
  set_card_size (self->card_title, size);
  set_card_size (self->card_text, size);
  if (self->type)
    theme_changed_cb (self);
}

void
ktm_chart_view_set_eager (KtmChartView *self, gboolean eager)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  self->eager = eager;
}

const guint32 *
ktm_chart_view_get_marked (KtmChartView *self, gsize *n)
{
  g_return_val_if_fail (KTM_IS_CHART_VIEW (self) && n, NULL);
  *n = self->marked->len;
  return (const guint32 *) self->marked->data;
}

void
ktm_chart_view_clear_marked (KtmChartView *self)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  self->overlay.brush[2] = 0;
  if (!self->marked->len)
    return;
  g_array_set_size (self->marked, 0);
  ktm_chart_view_emit_marked (self);
}

void
ktm_chart_view_set_marking (KtmChartView *self, gboolean marking)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  self->marking = marking;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), marking ? "crosshair" : NULL);
}

KtmScene *
ktm_chart_view_get_scene (KtmChartView *self)
{
  g_return_val_if_fail (KTM_IS_CHART_VIEW (self), NULL);
  return self->scene;
}

gboolean
ktm_chart_view_is_busy (KtmChartView *self)
{
  g_return_val_if_fail (KTM_IS_CHART_VIEW (self), FALSE);
  return self->render_id || self->working
         || (self->stale && self->type && gtk_widget_get_mapped (GTK_WIDGET (self)));
}
