/* widgets: the results of what a page shows, live. */
#include "ktm-analysis-pane-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Up to here a cheap analysis stays far below a frame's worth of waiting; above, everything runs in
 * the background. */
enum { LIVE_PATIENTS = 2000, SPINNER_DELAY_MS = 200 };

G_DEFINE_FINAL_TYPE (KtmAnalysisPane, ktm_analysis_pane, GTK_TYPE_WIDGET)

static void
slot_stop (Slot *slot)
{
  if (slot->cancellable != NULL)
    g_cancellable_cancel (slot->cancellable);
  g_clear_object (&slot->cancellable);
}

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  slot_stop (slot);
  ktm_report_free (slot->report);
  g_free (slot);
}

/* --- status ----------------------------------------------------------------------------------- */

static guint
count_running (KtmAnalysisPane *self, double *fraction)
{
  guint n = 0;

  *fraction = 0;
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      n += slot->cancellable != NULL;
      *fraction += slot->cancellable != NULL ? slot->fraction : 0;
    }
  *fraction = n > 0 ? *fraction / n : 0;
  return n;
}

static gboolean
show_spinner_cb (gpointer data)
{
  KtmAnalysisPane *self = data;
  double fraction;

  self->spinner_id = 0;
  gtk_widget_set_visible (self->status, count_running (self, &fraction) > 0);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), gtk_widget_get_visible (self->status));
  return G_SOURCE_REMOVE;
}

static void
update_status (KtmAnalysisPane *self)
{
  double fraction;
  guint n = count_running (self, &fraction);

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), fraction);
  if (n > 0 && !gtk_widget_get_visible (self->status) && self->spinner_id == 0)
    self->spinner_id = g_timeout_add (SPINNER_DELAY_MS, show_spinner_cb, self);
  if (n > 0)
    return;
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  gtk_widget_set_visible (self->status, FALSE);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
}

static void
update_tools (KtmAnalysisPane *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->slots->len; i++)
    any = any || ((Slot *) self->slots->pdata[i])->report != NULL;
  gtk_widget_set_visible (self->tools, self->frame != NULL);
  gtk_widget_set_sensitive (self->copy, any);
  gtk_widget_set_sensitive (self->more, any);
}

/* --- running ---------------------------------------------------------------------------------- */

static void
show_report (Slot *slot, KtmReport *report)
{
  ktm_report_free (slot->report);
  slot->report = report;
  slot->stale = FALSE;
  ktm_report_view_set_report (slot->view, report);
  gtk_widget_set_opacity (GTK_WIDGET (slot->view), 1);
  update_tools (slot->pane);
}

static void
show_error (Slot *slot, const GError *error)
{
  g_clear_pointer (&slot->report, ktm_report_free);
  ktm_report_view_set_message (slot->view, _(slot->analysis->title), error->message);
  gtk_widget_set_opacity (GTK_WIDGET (slot->view), 1);
  update_tools (slot->pane);
}

static void
progress_cb (double fraction, gpointer data)
{
  Slot *slot = data;

  slot->fraction = fraction;
  update_status (slot->pane);
}

static void
done_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  KtmReport *report = ktm_analysis_run_finish (result, &error);
  Slot *slot = data;

  /* cancelled: the slot may be gone, and whoever cancelled has said so */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&slot->cancellable);
  if (report != NULL)
    show_report (slot, report);
  else
    show_error (slot, error);
  update_status (slot->pane);
  if (slot->pane->noted == slot->analysis->id)
    ktm_analysis_pane_say_note (slot->pane);
}

static void
run_now (Slot *slot, KtmAnalysisOptions *options)
{
  g_autoptr(GError) error = NULL;
  KtmReport *report =
      ktm_analysis_run_sync (slot->analysis, slot->pane->frame, options, NULL, &error);

  if (report != NULL)
    show_report (slot, report);
  else
    show_error (slot, error);
}

static void
run_later (Slot *slot, const KtmAnalysisOptions *options)
{
  slot->cancellable = g_cancellable_new ();
  slot->fraction = 0;
  if (slot->report == NULL)
    ktm_report_view_set_message (slot->view, _(slot->analysis->title), _("Computing…"));
  ktm_analysis_run_async (slot->analysis, slot->pane->frame, options, slot->cancellable,
                          progress_cb, slot, done_cb, slot);
}

KtmAnalysisOptions *
ktm_analysis_pane_options_for (KtmAnalysisPane *self, const KtmAnalysis *analysis)
{
  KtmAnalysisOptions *options = ktm_analysis_options_copy (self->options);

  if (strcmp (analysis->id, "change") == 0 && self->chosen_test != NULL)
    {
      g_free (options->test);
      options->test = g_strdup (self->chosen_test);
    }
  /* cards about all patients: the groups have a card of their own */
  if (options->groups == NULL
      && (strcmp (analysis->id, "change") == 0
          || (strcmp (analysis->id, "responder") == 0 && !self->split && !options->definition)
          || strcmp (analysis->id, "missingness") == 0))
    g_clear_pointer (&options->by, g_free);
  return options;
}

static void
run_slot (Slot *slot)
{
  KtmAnalysisPane *self = slot->pane;
  g_autoptr(KtmAnalysisOptions) options = ktm_analysis_pane_options_for (self, slot->analysis);
  gboolean small = self->frame->n_patients <= LIVE_PATIENTS;

  slot_stop (slot);
  slot->stale = TRUE;
  if (small && !slot->analysis->slow)
    {
      run_now (slot, options);
      return;
    }
  if (small && strcmp (slot->analysis->id, "change") == 0)
    {
      options->model = FALSE;  /* the simple numbers at once, the mixed model when it is ready */
      run_now (slot, options);
      options->model = TRUE;
      if (slot->report == NULL)
        return;
    }
  run_later (slot, options);
}

static void
add_slot (KtmAnalysisPane *self, const char *id)
{
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  Slot *slot;

  if (analysis == NULL)
    return;
  slot = g_new0 (Slot, 1);
  slot->pane = self;
  slot->analysis = analysis;
  slot->view = KTM_REPORT_VIEW (ktm_report_view_new ());
  ktm_analysis_pane_watch_slot (self, slot);
  gtk_box_append (GTK_BOX (self->cards), GTK_WIDGET (slot->view));
  g_ptr_array_add (self->slots, slot);
}

gboolean
ktm_analysis_pane_is_wanted (KtmAnalysisPane *self, const char *id)
{
  return (self->analyses != NULL && g_strv_contains ((const char *const *) self->analyses, id))
         || g_hash_table_contains (self->extra, id);
}

/* Whether the slots already are the analyses wanted, in order: then their old cards stay until the
 * new ones come. */
static gboolean
slots_fit (KtmAnalysisPane *self, GPtrArray *wanted)
{
  if (self->slots->len != wanted->len)
    return FALSE;
  for (guint i = 0; i < wanted->len; i++)
    if (strcmp (((Slot *) self->slots->pdata[i])->analysis->id, wanted->pdata[i]) != 0)
      return FALSE;
  return TRUE;
}

static void
rebuild_slots (KtmAnalysisPane *self, GPtrArray *wanted)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->slots, 0);
  while ((child = gtk_widget_get_first_child (self->cards)) != NULL)
    gtk_box_remove (GTK_BOX (self->cards), child);
  for (guint i = 0; i < wanted->len; i++)
    add_slot (self, wanted->pdata[i]);
}

void
ktm_analysis_pane_restart (KtmAnalysisPane *self)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new ();
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);

  for (char **id = self->analyses; self->frame != NULL && id != NULL && *id != NULL; id++)
    g_ptr_array_add (wanted, *id);
  for (gsize i = 0; self->frame != NULL && i < n; i++)
    if (g_hash_table_contains (self->extra, all[i]->id)
        && !(self->analyses != NULL
             && g_strv_contains ((const char *const *) self->analyses, all[i]->id)))
      g_ptr_array_add (wanted, (gpointer) all[i]->id);
  if (!slots_fit (self, wanted))
    rebuild_slots (self, wanted);
  for (guint i = 0; i < self->slots->len; i++)
    run_slot (self->slots->pdata[i]);
  gtk_widget_set_visible (self->test, ktm_analysis_pane_is_wanted (self, "change"));
  update_tools (self);
  update_status (self);
  if (self->noted != NULL)
    ktm_analysis_pane_say_note (self);
}

static void
stop_cb (GtkButton *button G_GNUC_UNUSED, KtmAnalysisPane *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      if (slot->cancellable == NULL)
        continue;
      slot_stop (slot);
      if (slot->report == NULL)
        ktm_report_view_set_message (
            slot->view, _ (slot->analysis->title),
            _("Stopped. Change anything, or choose the analysis again, to compute it."));
    }
  update_status (self);
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
add_status (KtmAnalysisPane *self, GtkWidget *column)
{
  GtkWidget *stop = gtk_button_new_with_label (_("Stop")), *label = gtk_label_new (_("Computing…"));

  self->status = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->spinner = gtk_spinner_new ();
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->progress, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Computing"), -1);
  g_signal_connect (stop, "clicked", G_CALLBACK (stop_cb), self);
  gtk_box_append (GTK_BOX (self->status), self->spinner);
  gtk_box_append (GTK_BOX (self->status), label);
  gtk_box_append (GTK_BOX (self->status), self->progress);
  gtk_box_append (GTK_BOX (self->status), stop);
  gtk_widget_set_visible (self->status, FALSE);
  gtk_box_append (GTK_BOX (column), self->status);
}

static void
ktm_analysis_pane_dispose (GObject *object)
{
  KtmAnalysisPane *self = KTM_ANALYSIS_PANE (object);

  g_clear_handle_id (&self->spinner_id, g_source_remove);
  g_clear_handle_id (&self->copied_id, g_source_remove);
  if (self->slots != NULL)
    g_ptr_array_set_size (self->slots, 0);
  g_clear_pointer (&self->frame, ktm_frame_unref);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (ktm_analysis_pane_parent_class)->dispose (object);
}

static void
ktm_analysis_pane_finalize (GObject *object)
{
  KtmAnalysisPane *self = KTM_ANALYSIS_PANE (object);

  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_clear_pointer (&self->extra, g_hash_table_unref);
  g_clear_pointer (&self->options, ktm_analysis_options_free);
  g_clear_pointer (&self->analyses, g_strfreev);
  g_clear_pointer (&self->chosen_test, g_free);
  G_OBJECT_CLASS (ktm_analysis_pane_parent_class)->finalize (object);
}

static void
ktm_analysis_pane_class_init (KtmAnalysisPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_analysis_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_analysis_pane_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "analysispane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
  /* What stands in the figure is another line, or none any more. */
  g_signal_new ("note-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  ktm_analysis_pane_install_copy (widget_class);
}

static void
ktm_analysis_pane_init (KtmAnalysisPane *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->slots = g_ptr_array_new_with_free_func (slot_free);
  self->extra = g_hash_table_new (g_str_hash, g_str_equal);
  self->cards = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->scroller = gtk_scrolled_window_new ();
  gtk_widget_add_css_class (column, "results-column");
  self->head = adw_bin_new ();
  gtk_widget_set_visible (self->head, FALSE);
  gtk_box_append (GTK_BOX (column), self->head);
  add_status (self, column);
  gtk_box_append (GTK_BOX (column), self->cards);
  self->extra_bin = adw_bin_new ();
  gtk_box_append (GTK_BOX (column), self->extra_bin);
  ktm_analysis_pane_add_tools (self, column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), column);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Results"), -1);
  update_tools (self);
}

GtkWidget *
ktm_analysis_pane_new (void)
{
  return g_object_new (KTM_TYPE_ANALYSIS_PANE, NULL);
}

void
ktm_analysis_pane_set_input (KtmAnalysisPane *self, const KtmFrame *frame,
                             const KtmAnalysisOptions *options, const char *const *analyses)
{
  KtmFrame *old;

  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  g_return_if_fail (frame == NULL || options != NULL);
  old = self->frame;
  self->frame = frame != NULL ? ktm_frame_ref (frame) : NULL;
  ktm_frame_unref (old);
  ktm_analysis_options_free (self->options);
  self->options = options != NULL ? ktm_analysis_options_copy (options) : NULL;
  if (analyses == NULL || self->analyses == NULL
      || !g_strv_equal (analyses, (const char *const *) self->analyses))
    ktm_analysis_pane_drop_note (self);
  g_strfreev (self->analyses);
  self->analyses = g_strdupv ((char **) analyses);
  ktm_analysis_pane_restart (self);
}

void
ktm_analysis_pane_set_head (KtmAnalysisPane *self, GtkWidget *head)
{
  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  if (adw_bin_get_child (ADW_BIN (self->head)) == head)
    return;
  adw_bin_set_child (ADW_BIN (self->head), head);
  gtk_widget_set_visible (self->head, head != NULL);
}

void
ktm_analysis_pane_hold (KtmAnalysisPane *self, const char *const *analyses, const char *message)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new ();

  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self) && analyses != NULL);
  for (const char *const *id = analyses; *id != NULL; id++)
    g_ptr_array_add (wanted, (gpointer) *id);
  for (guint i = 0; i < self->slots->len; i++)
    slot_stop (self->slots->pdata[i]);
  if (!slots_fit (self, wanted))
    rebuild_slots (self, wanted);
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];

      slot->stale = TRUE;
      if (message != NULL)
        g_clear_pointer (&slot->report, ktm_report_free);
      if (slot->report != NULL)
        gtk_widget_set_opacity (GTK_WIDGET (slot->view), 0.5);
      else if (i == 0 || message == NULL)
        ktm_report_view_set_message (slot->view, _(slot->analysis->title),
                                     message != NULL ? message : _("Computing…"));
      else
        ktm_report_view_clear (slot->view);
    }
  update_tools (self);
  update_status (self);
}

void
ktm_analysis_pane_set_extra (KtmAnalysisPane *self, GtkWidget *extra)
{
  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  adw_bin_set_child (ADW_BIN (self->extra_bin), extra);
}

GtkWidget *
ktm_analysis_pane_get_extra (KtmAnalysisPane *self)
{
  g_return_val_if_fail (KTM_IS_ANALYSIS_PANE (self), NULL);
  return adw_bin_get_child (ADW_BIN (self->extra_bin));
}

void
ktm_analysis_pane_set_split (KtmAnalysisPane *self, gboolean split)
{
  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  self->split = split;
}

gboolean
ktm_analysis_pane_is_busy (KtmAnalysisPane *self)
{
  double fraction;

  g_return_val_if_fail (KTM_IS_ANALYSIS_PANE (self), FALSE);
  return count_running (self, &fraction) > 0;
}

const KtmReport *
ktm_analysis_pane_get_report (KtmAnalysisPane *self, const char *analysis)
{
  g_return_val_if_fail (KTM_IS_ANALYSIS_PANE (self), NULL);
  for (guint i = 0; i < self->slots->len; i++)
    if (g_strcmp0 (((Slot *) self->slots->pdata[i])->analysis->id, analysis) == 0)
      return ((Slot *) self->slots->pdata[i])->report;
  return NULL;
}
