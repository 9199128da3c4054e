/* widgets: chart view, what hand and keys do.
 *
 * Pointer: hover names the nearest patient; a click picks; the wheel and two fingers zoom; dragging
 * marks patients, and moves the chart once it is zoomed (Shift marks, the middle button or the
 * space bar moves, always); two clicks: whole chart. Keys: arrows, Return, Escape, Ctrl with + − 0
 * and arrows, Shift with arrows.
 */
#include "ktm-chart-view-private.h"

#include <math.h>

#define REACH 60     /* pixels: hovering needs no precise aim */
#define CLICK_REACH 24
#define ZOOM_STEP 1.25
#define MOST_ZOOM 200.0

/* --- zoom and pan ----------------------------------------------------------------------------- */

static gboolean
is_zoomed (KtmChartView *self)
{
  gboolean zoomed;

  g_object_get (self, "zoomed", &zoomed, NULL);
  return zoomed;
}

/* Ends of an axis within the whole; NaN, NaN where that is the whole. */
static void
fit_axis (double whole_lo, double whole_hi, double *lo, double *hi)
{
  double range = *hi - *lo, whole = whole_hi - whole_lo;

  if (fabs (range) >= fabs (whole) * 0.999)
    {
      *lo = *hi = NAN;
      return;
    }
  if ((*lo - whole_lo) * whole < 0)
    *lo = whole_lo;
  if ((whole_hi - (*lo + range)) * whole < 0)
    *lo = whole_hi - range;
  *hi = *lo + range;
}

static void
set_fitted (KtmChartView *self, const double whole[4], double view[4])
{
  fit_axis (whole[0], whole[1], &view[0], &view[1]);
  fit_axis (whole[2], whole[3], &view[2], &view[3]);
  ktm_chart_view_set_view (self, view[0], view[1], view[2], view[3]);
}

/* The plot under a pixel; the first where there is none. */
static const KtmPlace *
place_at (KtmChartView *self, double x, double y)
{
  int i = ktm_layout_panel_at (self->layout, x, y);

  return self->layout->places->len ? &g_array_index (self->layout->places, KtmPlace, MAX (0, i))
                                   : NULL;
}

static void
zoom_at (KtmChartView *self, double factor, double x, double y)
{
  double whole[4], view[4], fx, fy;
  const KtmPlace *place = self->layout ? place_at (self, x, y) : NULL;

  if (!place)
    return;
  ktm_chart_view_get_view (self, whole, view);
  if (fabs ((view[1] - view[0]) / (whole[1] - whole[0])) * MOST_ZOOM < factor)
    return;
  fx = CLAMP ((x - place->plot.x) / place->plot.w, 0, 1);
  fy = CLAMP (1 - (y - place->plot.y) / place->plot.h, 0, 1);
  for (int i = 0; i < 4; i += 2)
    {
      double f = i ? fy : fx, range = view[i + 1] - view[i], at = view[i] + f * range;

      view[i] = at - f * range / factor;
      view[i + 1] = view[i] + range / factor;
    }
  set_fitted (self, whole, view);
}

/* By fractions of what is shown. */
static void
pan_from (KtmChartView *self, const double start[4], double dx, double dy)
{
  double whole[4], view[4];

  ktm_chart_view_get_view (self, whole, view);
  for (int i = 0; i < 4; i += 2)
    {
      double shift = (i ? dy : dx) * (start[i + 1] - start[i]);

      view[i] = start[i] + shift;
      view[i + 1] = start[i + 1] + shift;
    }
  set_fitted (self, whole, view);
}

void
ktm_chart_view_zoom (KtmChartView *self, double factor)
{
  const KtmPlace *place;

  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  if (!self->layout)
    return;
  place = place_at (self, -1, -1);
  if (place)
    zoom_at (self, factor, place->plot.x + place->plot.w / 2, place->plot.y + place->plot.h / 2);
}

void
ktm_chart_view_reset_zoom (KtmChartView *self)
{
  g_return_if_fail (KTM_IS_CHART_VIEW (self));
  ktm_chart_view_set_view (self, NAN, NAN, NAN, NAN);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, gpointer data)
{
  KtmChartView *self = data;

  if (!self->layout || dy == 0)
    return GDK_EVENT_PROPAGATE;
  zoom_at (self, pow (ZOOM_STEP, -dy), self->pointer_x, self->pointer_y);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, gpointer data)
{
  KtmChartView *self = data;

  self->anchor_x = 1;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, gpointer data)
{
  KtmChartView *self = data;
  double x, y;

  if (!gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y) || self->anchor_x <= 0)
    return;
  zoom_at (self, scale / self->anchor_x, x, y);
  self->anchor_x = scale;
}

/* --- hover and pick --------------------------------------------------------------------------- */

static void
hover_at (KtmChartView *self, double x, double y, double reach)
{
  KtmHit hit;

  if (!self->marking)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                     ktm_chart_handle_at (self, x, y) ? "ew-resize" : NULL);
  ktm_chart_view_set_hover (
      self,
      self->pick && !self->stale && ktm_pick_at (self->pick, x, y, reach, &hit) ? &hit : NULL);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, gpointer data)
{
  KtmChartView *self = data;

  if (fabs (x - self->pointer_x) + fabs (y - self->pointer_y) < 0.5)
    return; /* the window moved, not the hand */
  self->pointer_x = x;
  self->pointer_y = y;
  self->by_key = FALSE;
  if (self->drag == DRAG_NONE)
    hover_at (self, x, y, REACH);
}

static void
leave_cb (GtkEventControllerMotion *controller, gpointer data)
{
  KtmChartView *self = data;

  if (!self->by_key)
    ktm_chart_view_set_hover (self, NULL);
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  KtmChartView *self = data;
  KtmHit hit;

  if (!self->layout || self->drag != DRAG_NONE)
    return;
  if (n_press == 2)
    {
      ktm_chart_view_reset_zoom (self);
      return;
    }
  if (self->marked->len)
    ktm_chart_view_clear_marked (self);
  if (self->overlay.hover >= 0 && !self->by_key)
    ktm_chart_view_emit_picked (self, self->overlay.hover);
  else
    ktm_chart_view_emit_picked (self,
                                ktm_pick_at (self->pick, x, y, CLICK_REACH, &hit) ? hit.row : -1);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  gtk_widget_grab_focus (GTK_WIDGET (data));
}

/* --- dragging --------------------------------------------------------------------------------- */

static void
set_brush (KtmChartView *self, double x0, double y0, double x1, double y1)
{
  g_autofree guint32 *rows = NULL;
  gsize n;
  double *brush = self->overlay.brush;

  brush[0] = MIN (x0, x1);
  brush[1] = MIN (y0, y1);
  brush[2] = MAX (1, fabs (x1 - x0));
  brush[3] = MAX (1, fabs (y1 - y0));
  rows = ktm_pick_brush (self->pick, (KtmRect) { brush[0], brush[1], brush[2], brush[3] }, &n);
  g_array_set_size (self->marked, 0);
  g_array_append_vals (self->marked, rows, (guint) n);
  ktm_chart_view_emit_marked (self);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, gpointer data)
{
  KtmChartView *self = data;

  self->drag = DRAG_NONE;
  self->drag_x = x;
  self->drag_y = y;
}

static void
start_drag (KtmChartView *self, GtkGestureDrag *gesture)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  double whole[4];

  if (button == GDK_BUTTON_PRIMARY && ktm_chart_handle_at (self, self->drag_x, self->drag_y))
    self->drag = DRAG_HANDLE;
  else if (button == GDK_BUTTON_MIDDLE || self->space
      || (is_zoomed (self) && !self->marking && !(state & GDK_SHIFT_MASK)))
    {
      self->drag = DRAG_PAN;
      ktm_chart_view_get_view (self, whole, self->pan_view);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
    }
  else
    self->drag = DRAG_BRUSH;
  ktm_chart_view_set_hover (self, NULL);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  KtmChartView *self = data;
  const KtmPlace *place;

  if (!self->layout || (self->drag == DRAG_NONE && hypot (dx, dy) < 6))
    return;
  if (self->drag == DRAG_NONE)
    start_drag (self, gesture);
  place = place_at (self, self->drag_x, self->drag_y);
  if (self->drag == DRAG_HANDLE)
    ktm_chart_handle_drag (self, self->drag_x + dx, self->drag_y + dy);
  else if (self->drag == DRAG_PAN && place)
    pan_from (self, self->pan_view, -dx / place->plot.w, dy / place->plot.h);
  else if (!self->stale)
    set_brush (self, self->drag_x, self->drag_y, self->drag_x + dx, self->drag_y + dy);
}

static gboolean
end_drag_cb (gpointer data)
{
  KTM_CHART_VIEW (data)->drag = DRAG_NONE;
  return G_SOURCE_REMOVE;
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, gpointer data)
{
  KtmChartView *self = data;

  if (self->drag == DRAG_NONE)
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), self->marking ? "crosshair" : NULL);
  if (self->drag == DRAG_BRUSH && !self->marked->len)
    ktm_chart_view_clear_marked (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  /* After the click gesture, which would take the release for a pick. */
  g_idle_add_full (G_PRIORITY_DEFAULT, end_drag_cb, g_object_ref (self), g_object_unref);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* Keys stay in what a zoomed chart shows. */
static gboolean
in_plot (KtmChartView *self, const KtmHit *hit)
{
  const KtmRect *plot = &g_array_index (self->layout->places, KtmPlace, (guint) hit->panel).plot;

  return hit->x >= plot->x - 1 && hit->x <= plot->x + plot->w + 1 && hit->y >= plot->y - 1
         && hit->y <= plot->y + plot->h + 1;
}

/* Where the keys stand: the hovered point, else the picked patient's first, else anybody's: the one
 * nearest to the middle. */
static gboolean
cursor (KtmChartView *self, KtmHit *hit)
{
  const KtmPlace *place = place_at (self, -1, -1);

  if (self->overlay.hover >= 0)
    {
      *hit = self->cursor;
      return TRUE;
    }
  if (self->overlay.picked >= 0 && ktm_pick_row (self->pick, self->overlay.picked, -1, hit)
      && in_plot (self, hit))
    return TRUE;
  return place
         && ktm_pick_at (self->pick, place->plot.x + place->plot.w / 2,
                         place->plot.y + place->plot.h / 2, G_MAXDOUBLE, hit);
}

static gboolean
step (KtmChartView *self, KtmStep direction)
{
  gboolean fresh = self->overlay.hover < 0;
  KtmHit hit, next;

  if (!cursor (self, &hit))
    return GDK_EVENT_PROPAGATE;
  if (!fresh && ktm_pick_step (self->pick, &hit, direction, &next) && in_plot (self, &next))
    hit = next;
  self->by_key = TRUE;
  ktm_chart_view_set_hover (self, &hit);
  return GDK_EVENT_STOP;
}

/* Shift and an arrow: one side of the rubber band, from the cursor on. */
static gboolean
stretch_brush (KtmChartView *self, int columns, int values)
{
  double *brush = self->overlay.brush;
  const KtmPlace *place;
  KtmHit hit;

  if (!cursor (self, &hit))
    return GDK_EVENT_PROPAGATE;
  place = place_at (self, hit.x, hit.y);
  if (brush[2] <= 0)
    {
      self->anchor_x = hit.x;
      self->anchor_y = hit.y;
      self->drag_x = hit.x + 4;
      self->drag_y = hit.y + 4;
      self->anchor_x -= 4;
      self->anchor_y -= 4;
    }
  self->drag_x = CLAMP (self->drag_x + columns * place->plot.w / 24, place->plot.x,
                        place->plot.x + place->plot.w + 4);
  self->drag_y = CLAMP (self->drag_y - values * place->plot.h / 20, place->plot.y - 4,
                        place->plot.y + place->plot.h + 4);
  set_brush (self, self->anchor_x, self->anchor_y, self->drag_x, self->drag_y);
  return GDK_EVENT_STOP;
}

static gboolean
pan_by (KtmChartView *self, double dx, double dy)
{
  double whole[4], view[4];

  ktm_chart_view_get_view (self, whole, view);
  pan_from (self, view, dx, dy);
  return GDK_EVENT_STOP;
}

static gboolean
arrow (KtmChartView *self, int dx, int dy, GdkModifierType state)
{
  if (state & GDK_CONTROL_MASK)
    return pan_by (self, dx * 0.2, dy * 0.2);
  if (state & GDK_SHIFT_MASK)
    return stretch_brush (self, dx, dy);
  if (ktm_chart_handle_step (self, dx, dy))
    return GDK_EVENT_STOP;
  return step (self, dx < 0   ? KTM_STEP_LEFT
                     : dx > 0 ? KTM_STEP_RIGHT
                     : dy > 0 ? KTM_STEP_UP
                              : KTM_STEP_DOWN);
}

static gboolean
escape (KtmChartView *self)
{
  if (self->marked->len || self->overlay.brush[2] > 0)
    ktm_chart_view_clear_marked (self);
  else if (self->overlay.hover >= 0)
    ktm_chart_view_set_hover (self, NULL);
  else if (self->overlay.picked >= 0)
    ktm_chart_view_emit_picked (self, -1);
  else
    return GDK_EVENT_PROPAGATE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
        gpointer data)
{
  KtmChartView *self = data;
  gboolean control = (state & GDK_CONTROL_MASK) != 0;

  if (!self->layout || (self->stale && !self->scene->handle.name))
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    /* a line that can be moved takes the arrows along its axis */
    case GDK_KEY_Left: case GDK_KEY_KP_Left: return arrow (self, -1, 0, state);
    case GDK_KEY_Right: case GDK_KEY_KP_Right: return arrow (self, 1, 0, state);
    case GDK_KEY_Up: case GDK_KEY_KP_Up: return arrow (self, 0, 1, state);
    case GDK_KEY_Down: case GDK_KEY_KP_Down: return arrow (self, 0, -1, state);
    case GDK_KEY_Return: case GDK_KEY_KP_Enter:
      if (self->overlay.hover < 0)
        return GDK_EVENT_PROPAGATE;
      ktm_chart_view_emit_picked (self, self->overlay.hover);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape: return escape (self);
    case GDK_KEY_Home: ktm_chart_view_reset_zoom (self); return GDK_EVENT_STOP;
    case GDK_KEY_space: self->space = TRUE; return GDK_EVENT_STOP;
    default: break;
    }
  if (!control)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_plus || keyval == GDK_KEY_equal || keyval == GDK_KEY_KP_Add)
    ktm_chart_view_zoom (self, ZOOM_STEP);
  else if (keyval == GDK_KEY_minus || keyval == GDK_KEY_KP_Subtract)
    ktm_chart_view_zoom (self, 1 / ZOOM_STEP);
  else if (keyval == GDK_KEY_0 || keyval == GDK_KEY_KP_0)
    ktm_chart_view_reset_zoom (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                 GdkModifierType state, gpointer data)
{
  if (keyval == GDK_KEY_space)
    KTM_CHART_VIEW (data)->space = FALSE;
}

static void
focus_left_cb (GtkEventControllerFocus *controller, gpointer data)
{
  KtmChartView *self = data;

  self->space = FALSE;
  if (self->by_key)
    ktm_chart_view_set_hover (self, NULL);
}

/* --- all together ----------------------------------------------------------------------------- */

static void
add_click (KtmChartView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
add_drag (KtmChartView *self, guint button)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), button);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

void
ktm_chart_view_add_controllers (KtmChartView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *keys = gtk_event_controller_key_new (),
                     *focus = gtk_event_controller_focus_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  add_drag (self, GDK_BUTTON_PRIMARY);
  add_drag (self, GDK_BUTTON_MIDDLE);
  add_click (self);
}
