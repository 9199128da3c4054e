/* widgets: the results of what a page shows, live. */
#include "ktm-analysis-pane.h"

#include "ktm-methods-window.h"
#include "ktm-report-format.h"
#include "ktm-report-view.h"
#include "ktm-wrap-box.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Up to here a cheap analysis stays far below a frame's worth of waiting; above, everything runs in the background. */
enum { LIVE_PATIENTS = 2000, SPINNER_DELAY_MS = 200 };

/* One analysis shown. */
typedef struct
{
  KtmAnalysisPane   *pane;         /* borrowed */
  const KtmAnalysis *analysis;
  KtmReport         *report;       /* owned; the last one finished */
  KtmReportView     *view;         /* owned by the box */
  GCancellable      *cancellable;  /* owned while it runs */
  double             fraction;
} Slot;

struct _KtmAnalysisPane
{
  GtkWidget           parent_instance;
  GtkWidget          *scroller;      /* child */
  GtkWidget          *cards;         /* box of the slots' views */
  GtkWidget          *status, *spinner, *progress;
  GtkWidget          *tools, *copy, *more, *also, *test;
  KtmFrame           *frame;         /* a reference; nullable */
  KtmAnalysisOptions *options;       /* owned; nullable */
  char              **analyses;      /* owned; the page's */
  GHashTable         *extra;         /* ids the reader added */
  GPtrArray          *slots;         /* Slot */
  guint               spinner_id, copied_id;
  char               *chosen_test;   /* owned; NULL: recommended */
  gboolean            filling;       /* the test list is being rewritten */
};
G_DEFINE_FINAL_TYPE (KtmAnalysisPane, ktm_analysis_pane, GTK_TYPE_WIDGET)

static void restart (KtmAnalysisPane *self);

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

/* --- status ------------------------------------------------------------------------------------------------ */

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

/* --- running ----------------------------------------------------------------------------------------------- */

static void
show_report (Slot *slot, KtmReport *report)
{
  ktm_report_free (slot->report);
  slot->report = report;
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
}

static void
run_now (Slot *slot, KtmAnalysisOptions *options)
{
  g_autoptr(GError) error = NULL;
  KtmReport *report = ktm_analysis_run_sync (slot->analysis, slot->pane->frame, options, NULL, &error);

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
  ktm_analysis_run_async (slot->analysis, slot->pane->frame, options, slot->cancellable, progress_cb, slot, done_cb, slot);
}

/* The page's options, but for those the analysis does not take and the reader's test. */
static KtmAnalysisOptions *
options_for (KtmAnalysisPane *self, const KtmAnalysis *analysis)
{
  KtmAnalysisOptions *options = ktm_analysis_options_copy (self->options);

  if (strcmp (analysis->id, "change") == 0 && self->chosen_test != NULL)
    {
      g_free (options->test);
      options->test = g_strdup (self->chosen_test);
    }
  /* cards about all patients: the groups have a card of their own */
  if (options->groups == NULL && (strcmp (analysis->id, "change") == 0 || strcmp (analysis->id, "responder") == 0 || strcmp (analysis->id, "missingness") == 0))
    g_clear_pointer (&options->by, g_free);
  return options;
}

static void
run_slot (Slot *slot)
{
  KtmAnalysisPane *self = slot->pane;
  g_autoptr(KtmAnalysisOptions) options = options_for (self, slot->analysis);
  gboolean small = self->frame->n_patients <= LIVE_PATIENTS;

  slot_stop (slot);
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
  gtk_box_append (GTK_BOX (self->cards), GTK_WIDGET (slot->view));
  g_ptr_array_add (self->slots, slot);
}

static gboolean
is_wanted (KtmAnalysisPane *self, const char *id)
{
  return (self->analyses != NULL && g_strv_contains ((const char *const *) self->analyses, id)) || g_hash_table_contains (self->extra, id);
}

/* Whether the slots already are the analyses wanted, in order: then their old cards stay until the new ones come. */
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

static void
restart (KtmAnalysisPane *self)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new ();
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);

  for (char **id = self->analyses; self->frame != NULL && id != NULL && *id != NULL; id++)
    g_ptr_array_add (wanted, *id);
  for (gsize i = 0; self->frame != NULL && i < n; i++)
    if (g_hash_table_contains (self->extra, all[i]->id) && !(self->analyses != NULL && g_strv_contains ((const char *const *) self->analyses, all[i]->id)))
      g_ptr_array_add (wanted, (gpointer) all[i]->id);
  if (!slots_fit (self, wanted))
    rebuild_slots (self, wanted);
  for (guint i = 0; i < self->slots->len; i++)
    run_slot (self->slots->pdata[i]);
  gtk_widget_set_visible (self->test, is_wanted (self, "change"));
  update_tools (self);
  update_status (self);
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
        ktm_report_view_set_message (slot->view, _(slot->analysis->title), _("Stopped. Change anything, or choose the analysis again, to compute it."));
    }
  update_status (self);
}

/* --- copying ------------------------------------------------------------------------------------------------- */

typedef char *(*Writer) (const KtmReport *report, const KtmLang *lang, char mark);

static char *
write_tables (KtmAnalysisPane *self, Writer writer)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];
      g_autofree char *text = slot->report != NULL ? writer (slot->report, ktm_interface_lang (), 0) : NULL;

      if (text != NULL)
        g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", text);
    }
  return g_string_free (out, FALSE);
}

static gboolean
forget_copied_cb (gpointer data)
{
  KtmAnalysisPane *self = data;

  self->copied_id = 0;
  adw_split_button_set_label (ADW_SPLIT_BUTTON (self->copy), _("Copy table"));
  return G_SOURCE_REMOVE;
}

static void
say_copied (KtmAnalysisPane *self)
{
  adw_split_button_set_label (ADW_SPLIT_BUTTON (self->copy), _("Copied ✓"));
  g_clear_handle_id (&self->copied_id, g_source_remove);
  self->copied_id = g_timeout_add_seconds (2, forget_copied_cb, self);
}

/* HTML for a word processor, tab-separated for a spreadsheet: the receiver takes what it understands. */
static void
copy_cb (AdwSplitButton *button G_GNUC_UNUSED, KtmAnalysisPane *self)
{
  g_autofree char *html = write_tables (self, ktm_report_to_html), *tsv = write_tables (self, ktm_report_to_tsv);
  g_autoptr(GBytes) html_bytes = g_bytes_new (html, strlen (html)), tsv_bytes = g_bytes_new (tsv, strlen (tsv));
  GdkContentProvider *parts[] = { gdk_content_provider_new_for_bytes ("text/html", html_bytes),
                                  gdk_content_provider_new_for_bytes ("text/tab-separated-values", tsv_bytes),
                                  gdk_content_provider_new_typed (G_TYPE_STRING, tsv) };
  g_autoptr(GdkContentProvider) all = gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));

  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), all);
  say_copied (self);
}

static void
copy_tsv (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  g_autofree char *text = write_tables (KTM_ANALYSIS_PANE (widget), ktm_report_to_tsv);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  say_copied (KTM_ANALYSIS_PANE (widget));
}

static void
copy_latex (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  g_autofree char *text = write_tables (KTM_ANALYSIS_PANE (widget), ktm_report_to_latex);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  say_copied (KTM_ANALYSIS_PANE (widget));
}

static void
copy_html (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  g_autofree char *text = write_tables (KTM_ANALYSIS_PANE (widget), ktm_report_to_html);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  say_copied (KTM_ANALYSIS_PANE (widget));
}

static void
methods_cb (GtkButton *button G_GNUC_UNUSED, KtmAnalysisPane *self)
{
  g_autoptr(GPtrArray) reports = g_ptr_array_new ();

  for (guint i = 0; i < self->slots->len; i++)
    if (((Slot *) self->slots->pdata[i])->report != NULL)
      g_ptr_array_add (reports, ((Slot *) self->slots->pdata[i])->report);
  ktm_methods_window_present (GTK_WIDGET (self), reports);
}

/* --- where the numbers come from ----------------------------------------------------------------------------- */

static void
append_number (GString *out, const char *option, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (value))
    g_string_append_printf (out, " %s %s", option, g_ascii_formatd (text, sizeof text, "%.10g", value));
}

/* The command that gives the same numbers. */
static void
append_command (GString *out, KtmAnalysisPane *self, const Slot *slot)
{
  g_autoptr(KtmAnalysisOptions) o = options_for (self, slot->analysis);

  g_string_append_printf (out, "ketamine-viewer analyze %s COHORT", slot->analysis->id);
  if (slot->report->measure != NULL)
    g_string_append_printf (out, " --measure %s", slot->report->measure);
  append_number (out, "--from", o->from);
  append_number (out, "--to", o->to);
  if (o->by != NULL)
    g_string_append_printf (out, " --by %s", o->by);
  if (o->missing != KTM_MISSING_AVAILABLE)
    g_string_append_printf (out, " --missing %s", ktm_missing_name (o->missing));
  if (o->test != NULL)
    g_string_append_printf (out, " --test %s", o->test);
}

static char *
source_text (KtmAnalysisPane *self)
{
  const KtmLang *lang = ktm_interface_lang ();
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, ngettext ("%lu patient of %lu in the cohort “%s” is selected.", "%lu patients of %lu in the cohort “%s” are selected.",
                                         (gulong) self->frame->n_patients),
                          (gulong) self->frame->n_patients, (gulong) self->frame->n_in_cohort, self->frame->title != NULL ? self->frame->title : "");
  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      if (slot->report == NULL)
        continue;
      g_string_append_printf (out, "\n\n%s\n", _(slot->analysis->title));
      for (gsize k = 0; k < slot->report->n_excluded; k++)
        {
          g_autofree char *reason = ktm_text_render (slot->report->excluded[k].reason, lang, 0);

          g_string_append_printf (out, _("Left out: %ld, %s\n"), slot->report->excluded[k].n, reason);
        }
      append_command (out, self, slot);
    }
  return g_string_free (out, FALSE);
}

static void
source_shown_cb (GtkWidget *popover, KtmAnalysisPane *self)
{
  g_autofree char *text = self->frame != NULL ? source_text (self) : g_strdup ("");
  GtkWidget *scroller = gtk_popover_get_child (GTK_POPOVER (popover));
  GtkWidget *viewport = gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scroller));

  gtk_label_set_text (GTK_LABEL (GTK_IS_VIEWPORT (viewport) ? gtk_viewport_get_child (GTK_VIEWPORT (viewport)) : viewport), text);
}

static GtkWidget *
new_source_button (KtmAnalysisPane *self)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (), *label = gtk_label_new (NULL), *scroller = gtk_scrolled_window_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_set_size_request (scroller, 360, 260);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  g_signal_connect (popover, "show", G_CALLBACK (source_shown_cb), self);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Source"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _("Where the numbers come from"));
  return button;
}

/* --- more analyses, another test ------------------------------------------------------------------------------ */

static void
extra_toggled_cb (GtkCheckButton *check, KtmAnalysisPane *self)
{
  const char *id = g_object_get_data (G_OBJECT (check), "ktm-analysis");

  if (self->filling)
    return;
  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->extra, (gpointer) id);
  else
    g_hash_table_remove (self->extra, id);
  restart (self);
}

/* The page's own analyses are ticked and fixed; the others can be added. */
static void
also_shown_cb (GtkWidget *popover, KtmAnalysisPane *self)
{
  self->filling = TRUE;
  for (GtkWidget *check = gtk_widget_get_first_child (gtk_popover_get_child (GTK_POPOVER (popover))); check != NULL; check = gtk_widget_get_next_sibling (check))
    {
      const char *id = g_object_get_data (G_OBJECT (check), "ktm-analysis");
      gboolean own = self->analyses != NULL && g_strv_contains ((const char *const *) self->analyses, id);

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_wanted (self, id));
      gtk_widget_set_sensitive (check, !own);
    }
  self->filling = FALSE;
}

static GtkWidget *
new_also_button (KtmAnalysisPane *self)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gsize n;
  const KtmAnalysis *const *all = ktm_analyses (&n);

  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (_(all[i]->title));

      g_object_set_data (G_OBJECT (check), "ktm-analysis", (gpointer) all[i]->id);
      gtk_widget_set_tooltip_text (check, _(all[i]->question));
      g_signal_connect (check, "toggled", G_CALLBACK (extra_toggled_cb), self);
      gtk_box_append (GTK_BOX (box), check);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect (popover, "show", G_CALLBACK (also_shown_cb), self);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Analyses"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _("Choose what else to compute"));
  return button;
}

static void
test_chosen_cb (GtkDropDown *drop_down, GParamSpec *pspec G_GNUC_UNUSED, KtmAnalysisPane *self)
{
  static const char *const words[] = { NULL, "t", "wilcoxon", "sign" };
  guint selected = gtk_drop_down_get_selected (drop_down);
  const char *word = selected < G_N_ELEMENTS (words) ? words[selected] : NULL;

  if (g_strcmp0 (word, self->chosen_test) == 0)
    return;
  g_free (self->chosen_test);
  self->chosen_test = g_strdup (word);
  if (self->frame != NULL)
    restart (self);
}

static GtkWidget *
new_test_row (KtmAnalysisPane *self)
{
  const char *const names[] = { _("Recommended"), _("Paired t test"), _("Wilcoxon signed-rank"), _("Sign test"), NULL };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = gtk_label_new (_("Test of change")), *choice = gtk_drop_down_new_from_strings (names);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Test of change"), -1);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (test_chosen_cb), self);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), choice);
  return row;
}

/* --- the widget ------------------------------------------------------------------------------------------------- */

static GtkWidget *
new_copy_button (KtmAnalysisPane *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  GtkWidget *button = adw_split_button_new ();

  g_menu_append (menu, _("For a spreadsheet (tabs)"), "results.copy-tsv");
  g_menu_append (menu, _("LaTeX"), "results.copy-latex");
  g_menu_append (menu, _("HTML source"), "results.copy-html");
  adw_split_button_set_label (ADW_SPLIT_BUTTON (button), _("Copy table"));
  adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Every number of the cards, to paste into a word processor or a spreadsheet"));
  g_signal_connect (button, "clicked", G_CALLBACK (copy_cb), self);
  return button;
}

static void
add_tools (KtmAnalysisPane *self, GtkWidget *column)
{
  GtkWidget *buttons = ktm_wrap_box_new (8, 8);

  self->tools = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class (self->tools, "card");
  gtk_widget_add_css_class (self->tools, "result-card");
  self->copy = new_copy_button (self);
  self->more = gtk_button_new_with_label (_("Methods text"));
  g_signal_connect (self->more, "clicked", G_CALLBACK (methods_cb), self);
  self->also = new_also_button (self);
  self->test = new_test_row (self);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), self->copy);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), self->more);
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), new_source_button (self));
  ktm_wrap_box_append (KTM_WRAP_BOX (buttons), self->also);
  gtk_box_append (GTK_BOX (self->tools), self->test);
  gtk_box_append (GTK_BOX (self->tools), buttons);
  gtk_box_append (GTK_BOX (column), self->tools);
}

static void
add_status (KtmAnalysisPane *self, GtkWidget *column)
{
  GtkWidget *stop = gtk_button_new_with_label (_("Stop")), *label = gtk_label_new (_("Computing…"));

  self->status = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->spinner = gtk_spinner_new ();
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->progress, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Computing"), -1);
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
  gtk_widget_class_install_action (widget_class, "results.copy-tsv", NULL, copy_tsv);
  gtk_widget_class_install_action (widget_class, "results.copy-latex", NULL, copy_latex);
  gtk_widget_class_install_action (widget_class, "results.copy-html", NULL, copy_html);
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
  add_status (self, column);
  gtk_box_append (GTK_BOX (column), self->cards);
  add_tools (self, column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), column);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Results"), -1);
  update_tools (self);
}

GtkWidget *
ktm_analysis_pane_new (void)
{
  return g_object_new (KTM_TYPE_ANALYSIS_PANE, NULL);
}

void
ktm_analysis_pane_set_input (KtmAnalysisPane *self, const KtmFrame *frame, const KtmAnalysisOptions *options, const char *const *analyses)
{
  KtmFrame *old;

  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  g_return_if_fail (frame == NULL || options != NULL);
  old = self->frame;
  self->frame = frame != NULL ? ktm_frame_ref (frame) : NULL;
  ktm_frame_unref (old);
  ktm_analysis_options_free (self->options);
  self->options = options != NULL ? ktm_analysis_options_copy (options) : NULL;
  g_strfreev (self->analyses);
  self->analyses = g_strdupv ((char **) analyses);
  restart (self);
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
