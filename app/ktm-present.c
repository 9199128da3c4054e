/* app: a deck on the whole of a screen. */
#include "ktm-present.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ktm-chart-choices.h"
#include "ktm-chart-view.h"
#include "ktm-slide.h"

#define DESIGN_HEIGHT 900.0 /* the sizes below are for a screen as high as this */
#define TITLE_SIZE 44.0
#define FOOTER_SIZE 20.0
#define CHART_SIZE 22.0
#define CONTROLS_SECONDS 3

struct _KtmPresent
{
  GtkWindow     parent_instance;
  KtmStudy     *study;      /* owned */
  KtmDeck      *deck;       /* owned */
  guint         at;
  double        scale;      /* of the sizes now */
  KtmSlideJob  *job;        /* owned; what is shown or being computed */
  GCancellable *running;    /* owned; an analysis is on its way */
  guint         scale_id, hide_id;
  gboolean      filling;    /* the choice of groups is being set by us */
  GtkWidget    *title, *chart, *footer, *place, *blank, *controls, *groups; /* children */
};

G_DEFINE_FINAL_TYPE (KtmPresent, ktm_present, GTK_TYPE_WINDOW)

/* --- showing a slide -------------------------------------------------------------------------- */

static void
stop_running (KtmPresent *self)
{
  if (self->running)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
}

static void
analysed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KtmPresent) self = data; /* the reference of the call */
  g_autoptr (GError) error = NULL;
  KtmReport *report = ktm_analysis_run_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->job)
    {
      ktm_report_free (report);
      return;
    }
  g_clear_object (&self->running);
  if (report)
    ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), self->job->type, self->job->frame,
                              report, self->job->options);
  else
    ktm_chart_view_set_error (KTM_CHART_VIEW (self->chart), error->message);
}

static void
draw_slide (KtmPresent *self)
{
  KtmSlideJob *job = self->job;

  stop_running (self);
  if (!job->analysis)
    {
      ktm_chart_view_set_chart (KTM_CHART_VIEW (self->chart), job->type, job->frame, NULL,
                                job->options);
      return;
    }
  self->running = g_cancellable_new ();
  ktm_analysis_run_async (job->analysis, job->frame, job->asked, self->running, NULL, NULL,
                          analysed_cb, g_object_ref (self));
}

static void
show_place (KtmPresent *self)
{
  guint n = self->deck->slides->len;
  GString *dots = g_string_new (NULL);
  g_autofree char *said = g_strdup_printf (_("Slide %u of %u"), self->at + 1, n);

  for (guint i = 0; n > 1 && n <= 24 && i < n; i++)
    g_string_append (dots, i == self->at ? " ━ " : " • ");
  if (n > 24)
    g_string_printf (dots, "%u / %u", self->at + 1, n);
  gtk_label_set_text (GTK_LABEL (self->place), dots->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->place), GTK_ACCESSIBLE_PROPERTY_LABEL, said,
                                  -1);
  g_string_free (dots, TRUE);
}

static void
show_groups (KtmPresent *self)
{
  const KtmChartOptions *options = self->job->options;

  self->filling = TRUE;
  ktm_choice_select_grouping (KTM_CHOICE (self->groups), ktm_study_get_cohort (self->study),
                              options->colour_by);
  self->filling = FALSE;
}

static void
show_slide (KtmPresent *self)
{
  const KtmSlide *slide = self->deck->slides->pdata[self->at];
  g_autoptr (GError) error = NULL;

  stop_running (self);
  ktm_slide_job_free (self->job);
  self->job = ktm_slide_job_new (self->study, slide, &error);
  show_place (self);
  if (!self->job)
    {
      gtk_label_set_text (GTK_LABEL (self->title), slide->message);
      gtk_label_set_text (GTK_LABEL (self->footer), "");
      ktm_chart_view_set_error (KTM_CHART_VIEW (self->chart), error->message);
      return;
    }
  gtk_label_set_text (GTK_LABEL (self->title), self->job->title);
  gtk_label_set_text (GTK_LABEL (self->footer), self->job->footer);
  show_groups (self);
  draw_slide (self);
}

static void
go (KtmPresent *self, int step)
{
  int last = (int) self->deck->slides->len - 1, to = CLAMP ((int) self->at + step, 0, last);

  gtk_widget_set_visible (self->blank, FALSE);
  if (to == (int) self->at)
    return;
  self->at = (guint) to;
  show_slide (self);
}

static void
group_chosen_cb (KtmPresent *self)
{
  if (self->filling || !self->job)
    return;
  g_free (self->job->options->colour_by);
  self->job->options->colour_by = g_strdup (ktm_choice_get_id (self->groups));
  g_clear_pointer (&self->job->options->groups, g_strfreev);
  if (self->job->analysis)
    {
      ktm_analysis_options_free (self->job->asked);
      self->job->asked = ktm_chart_dup_analysis_options (self->job->options);
    }
  draw_slide (self);
}

/* --- size ------------------------------------------------------------------------------------- */

static void
set_size (GtkWidget *label, double size, gboolean bold)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  KtmStyle style;

  ktm_style_init (&style, KTM_THEME_PRESENT, 0, 0, NULL); /* the chart's own type */
  pango_attr_list_insert (attributes, pango_attr_family_new (style.family));
  pango_attr_list_insert (attributes, pango_attr_size_new_absolute ((int) (size * PANGO_SCALE)));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
}

static gboolean
scale_cb (gpointer data)
{
  KtmPresent *self = data;

  self->scale_id = 0;
  set_size (self->title, TITLE_SIZE * self->scale, TRUE);
  set_size (self->footer, FOOTER_SIZE * self->scale, FALSE);
  set_size (self->place, FOOTER_SIZE * self->scale, FALSE);
  ktm_chart_view_set_present (KTM_CHART_VIEW (self->chart), CHART_SIZE * self->scale);
  return G_SOURCE_REMOVE;
}

static void
ktm_present_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmPresent *self = KTM_PRESENT (widget);
  double scale = CLAMP (MIN (height / DESIGN_HEIGHT, width / 1440.0), 0.4, 4);

  GTK_WIDGET_CLASS (ktm_present_parent_class)->size_allocate (widget, width, height, baseline);
  if (scale == self->scale)
    return;
  self->scale = scale;
  if (!self->scale_id)
    self->scale_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, scale_cb, self, NULL);
}

/* --- keys and pointer ------------------------------------------------------------------------- */

static gboolean
key_cb (GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
  KtmPresent *self = data;

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Right: case GDK_KEY_Down: case GDK_KEY_Page_Down: case GDK_KEY_space:
    case GDK_KEY_Return: case GDK_KEY_KP_Page_Down: case GDK_KEY_KP_Right: case GDK_KEY_n:
      go (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Left: case GDK_KEY_Up: case GDK_KEY_Page_Up: case GDK_KEY_BackSpace:
    case GDK_KEY_KP_Page_Up: case GDK_KEY_KP_Left: case GDK_KEY_p:
      go (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      go (self, -G_MAXUINT16);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      go (self, G_MAXUINT16);
      return GDK_EVENT_STOP;
    case GDK_KEY_b: case GDK_KEY_B: case GDK_KEY_period:
      gtk_widget_set_visible (self->blank, !gtk_widget_get_visible (self->blank));
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      gtk_window_close (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
hide_cb (gpointer data)
{
  KtmPresent *self = data;

  self->hide_id = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->controls), FALSE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "none");
  return G_SOURCE_REMOVE;
}

/* The controls are there while the pointer moves. */
static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, gpointer data)
{
  KtmPresent *self = data;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->controls), TRUE);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  g_clear_handle_id (&self->hide_id, g_source_remove);
  self->hide_id = g_timeout_add_seconds (CONTROLS_SECONDS, hide_cb, self);
}

static void
previous_cb (KtmPresent *self)
{
  go (self, -1);
}

static void
next_cb (KtmPresent *self)
{
  go (self, 1);
}

/* --- the window ------------------------------------------------------------------------------- */

static GtkWidget *
add_button (KtmPresent *self, GtkWidget *box, const char *icon, const char *name,
            GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  ktm_widget_set_name (button, name);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_widget_set_focusable (button, FALSE); /* space goes on, it does not press */
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
build_controls (KtmPresent *self, GtkOverlay *overlay)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->controls = gtk_revealer_new ();
  self->groups = ktm_choice_new (_("Colour by"));
  gtk_widget_add_css_class (box, "marked-bar");
  add_button (self, box, "go-previous-symbolic", _("Previous slide"), G_CALLBACK (previous_cb));
  add_button (self, box, "go-next-symbolic", _("Next slide"), G_CALLBACK (next_cb));
  ktm_choice_set_groupings (KTM_CHOICE (self->groups), ktm_study_get_cohort (self->study),
                            _("Nothing"), KTM_MOST_COLOURS, TRUE);
  g_signal_connect_object (self->groups, "notify::selected", G_CALLBACK (group_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->groups);
  add_button (self, box, "window-close-symbolic", _("End (Escape)"), G_CALLBACK (gtk_window_close));
  gtk_revealer_set_transition_type (GTK_REVEALER (self->controls),
                                    GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (GTK_REVEALER (self->controls), box);
  gtk_widget_set_halign (self->controls, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->controls, GTK_ALIGN_END);
  gtk_widget_set_margin_bottom (self->controls, 12);
  gtk_overlay_add_overlay (overlay, self->controls);
}

static GtkWidget *
new_label (double xalign)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_xalign (GTK_LABEL (label), (float) xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

static void
build (KtmPresent *self)
{
  GtkWidget *overlay = gtk_overlay_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12),
            *bottom = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);

  self->title = new_label (0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_label_set_lines (GTK_LABEL (self->title), 2);
  self->footer = new_label (0);
  gtk_widget_add_css_class (self->footer, "dim-label");
  gtk_widget_set_hexpand (self->footer, TRUE);
  self->place = new_label (1);
  self->chart = ktm_chart_view_new ();
  gtk_widget_set_vexpand (self->chart, TRUE);
  gtk_widget_set_focusable (self->chart, FALSE);
  gtk_box_append (GTK_BOX (bottom), self->footer);
  gtk_box_append (GTK_BOX (bottom), self->place);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->chart);
  gtk_box_append (GTK_BOX (box), bottom);
  gtk_widget_add_css_class (box, "slide");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), box);
  build_controls (self, GTK_OVERLAY (overlay));
  self->blank = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->blank, "blank-slide");
  gtk_widget_set_visible (self->blank, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->blank);
  gtk_window_set_child (GTK_WINDOW (self), overlay);
}

static void
add_controllers (KtmPresent *self)
{
  GtkEventController *keys = gtk_event_controller_key_new (),
                     *motion = gtk_event_controller_motion_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

static void
ktm_present_dispose (GObject *object)
{
  KtmPresent *self = KTM_PRESENT (object);

  stop_running (self);
  g_clear_handle_id (&self->scale_id, g_source_remove);
  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_clear_pointer (&self->job, ktm_slide_job_free);
  g_clear_pointer (&self->deck, ktm_deck_free);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_present_parent_class)->dispose (object);
}

static void
ktm_present_class_init (KtmPresentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_present_dispose;
  GTK_WIDGET_CLASS (klass)->size_allocate = ktm_present_size_allocate;
}

static void
ktm_present_init (KtmPresent *self)
{
}

static KtmDeck *
copy_deck (const KtmDeck *deck)
{
  g_autofree char *json = ktm_deck_to_json (deck);

  return ktm_deck_from_json (deck->title, json, NULL);
}

KtmPresent *
ktm_present_new (GtkWindow *parent, KtmStudy *study, const KtmDeck *deck, guint first,
                 GdkMonitor *monitor)
{
  KtmPresent *self;

  g_return_val_if_fail (deck->slides->len > 0, NULL);
  self = g_object_new (KTM_TYPE_PRESENT, "title", deck->title, "transient-for", parent, NULL);
  self->study = g_object_ref (study);
  self->deck = copy_deck (deck);
  self->at = MIN (first, deck->slides->len - 1);
  build (self);
  add_controllers (self);
  gtk_window_set_default_size (GTK_WINDOW (self), 1440, 900);
  if (monitor)
    gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), monitor);
  else
    gtk_window_fullscreen (GTK_WINDOW (self));
  show_slide (self);
  return self;
}

guint
ktm_present_get_slide (KtmPresent *self)
{
  g_return_val_if_fail (KTM_IS_PRESENT (self), 0);
  return self->at;
}

gboolean
ktm_present_is_blank (KtmPresent *self)
{
  g_return_val_if_fail (KTM_IS_PRESENT (self), FALSE);
  return gtk_widget_get_visible (self->blank);
}

gboolean
ktm_present_is_busy (KtmPresent *self)
{
  g_return_val_if_fail (KTM_IS_PRESENT (self), FALSE);
  return self->scale_id || self->running || ktm_chart_view_is_busy (KTM_CHART_VIEW (self->chart));
}
