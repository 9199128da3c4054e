/* app: the report of the patients shown, as a PDF: where to, in which language, how far. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-class-document.h"
#include "ktm-export.h"
#include "ktm-locate.h"
#include "ktm-report-pdf.h"
#include "ktm-report-view.h"

typedef struct
{
  KtmWindow        *window;      /* owned */
  KtmReportRequest  request;
  char             *path;        /* owned */
  GCancellable     *cancellable; /* owned */
  GtkWindow        *dialog;      /* owned while shown */
  GtkProgressBar   *bar;         /* borrowed of dialog */
  guint             pulse;
  gint              percent;     /* atomic: written by the worker */
} Job;

static void
job_free (Job *job)
{
  g_clear_handle_id (&job->pulse, g_source_remove);
  if (job->dialog)
    gtk_window_destroy (job->dialog);
  g_clear_object (&job->dialog);
  ktm_report_request_clear (&job->request);
  g_free (job->path);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->window);
  g_free (job);
}

/* --- in the worker ---------------------------------------------------------------------------- */

static bool
stop_cb (void *data)
{
  return g_cancellable_is_cancelled (((Job *) data)->cancellable);
}

static void
progress_cb (void *data, double fraction)
{
  g_atomic_int_set (&((Job *) data)->percent, (gint) (100 * fraction));
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  KtmProgress progress = { .stop = stop_cb, .report = progress_cb, .data = job };
  GError *error = NULL;
  g_autoptr (GBytes) bytes = ktm_report_pdf (&job->request, &progress, &error);

  if (bytes && !g_cancellable_is_cancelled (cancellable)
      && ktm_export_write (job->path, bytes, &error))
    g_task_return_boolean (task, TRUE);
  else if (error)
    g_task_return_error (task, error);
  else
    g_task_return_error_if_cancelled (task);
}

/* --- in the window ---------------------------------------------------------------------------- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (job->path), *folder = NULL, *text = NULL;

  job->window->reporting = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      folder = g_path_get_dirname (job->path);
      g_settings_set_string (ktm_settings (), "export-folder", folder);
      text = g_strdup_printf (_("Saved “%s”"), name);
      adw_toast_overlay_add_toast (job->window->toasts, adw_toast_new (text));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ktm_window_say_error (job->window, _("The report was not saved"), error);
  ktm_window_update_actions (job->window);
  job_free (job);
}

static gboolean
show_progress_cb (gpointer data)
{
  Job *job = data;

  gtk_progress_bar_set_fraction (job->bar, g_atomic_int_get (&job->percent) / 100.0);
  return G_SOURCE_CONTINUE;
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Job *job)
{
  g_cancellable_cancel (job->cancellable);
}

static void
show_dialog (Job *job)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (job->window), _("Writing the report"),
      _("Every analysis is computed for the patients shown. Nothing is saved if you stop."));
  GtkWidget *bar = gtk_progress_bar_new ();

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "stop", _("_Stop"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), bar);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("How much of the report is computed"), -1);
  job->dialog = g_object_ref (GTK_WINDOW (dialog));
  job->bar = GTK_PROGRESS_BAR (bar);
  job->pulse = g_timeout_add (150, show_progress_cb, job);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), job);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What the page shows is what the report is about: measure, groups, visits, missing scores. */
static void
take_request (KtmWindow *self, KtmReportRequest *request, const char *langs)
{
  GtkWidget *widget;
  const KtmPage *page = ktm_window_get_page (self, &widget);
  const char *type = NULL;
  g_autoptr (KtmChartOptions) chart =
      page && page->dup_chart ? page->dup_chart (widget, &type) : NULL;
  KtmAnalysisOptions *options = ktm_analysis_options_new ();
  const KtmChartType *found;
  g_auto (GStrv) models = NULL;

  if (chart)
    {
      options->measure = g_strdup (chart->measure);
      options->by = g_strdup (chart->colour_by);
      options->groups = g_strdupv (chart->groups);
      options->from = chart->from;
      options->to = chart->to;
      options->missing = chart->missing;
      options->level = chart->level;
      options->relief = g_strdup (chart->relief);
      options->classes = chart->classes;
      options->degree = chart->degree;
      options->censored = !chart->normal;
      found = ktm_chart_type_find (type);
      request->classes =
          found && !g_strcmp0 (ktm_chart_analysis (found, chart), "trajectory-classes");
    }
  models = ktm_class_document_list (ktm_study_get_cohort (self->study), NULL);
  request->classes = request->classes || (models && models[0]);
  request->options = options;
  request->frame = ktm_study_dup_frame (self->study, NULL, NULL, (KtmFrameParts) KTM_REPORT_PARTS);
  request->where = ktm_filter_dup_texts (ktm_study_get_filter (self->study));
  request->langs = g_strsplit (langs, ",", -1);
  request->date = ktm_report_date ();
}

void
ktm_window_write_report (KtmWindow *self, const char *path, const char *langs)
{
  Job *job;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KTM_IS_WINDOW (self) && self->study);
  if (self->reporting)
    return;
  job = g_new0 (Job, 1);
  job->window = g_object_ref (self);
  job->path = g_strdup (path);
  job->cancellable = g_cancellable_new ();
  take_request (self, &job->request, langs);
  show_dialog (job);
  self->reporting = TRUE;
  ktm_window_update_actions (self);
  task = g_task_new (NULL, job->cancellable, done_cb, job);
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, worker);
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, KtmWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                               : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  const char *langs = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (chooser), "language");
  g_autoptr (GError) error = NULL;

  if (file && !path)
    {
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                   _("Reports can be saved in folders of this computer only: "
                                     "choose one."));
      ktm_window_say_error (self, _("The report was not saved"), error);
    }
  else if (path && self->study)
    ktm_window_write_report (self, path,
                             langs && *langs ? langs : ktm_lang_code (ktm_interface_lang ()));
  g_object_unref (chooser);
}

static void
add_language (GPtrArray *ids, GPtrArray *labels, GString *all, const char *id)
{
  g_ptr_array_add (ids, g_strdup (id));
  g_ptr_array_add (labels, g_strdup (g_str_equal (id, "en")   ? "English"
                                     : g_str_equal (id, "fr") ? "Français"
                                                              : id));
  g_string_append_printf (all, "%s%s", all->len ? "," : "", id);
}

/* The interface's language first, then every other, then all of them in one file. */
static void
add_languages (GtkFileChooser *chooser)
{
  const char *own = ktm_lang_code (ktm_interface_lang ());
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  GString *all = g_string_new (NULL);

  /* GTK's own dialog shows the first whatever is chosen. */
  add_language (ids, labels, all, own);
  if (!g_str_equal (own, "en"))
    add_language (ids, labels, all, "en");
  for (gsize i = 0; i < ktm_lang_count (); i++)
    if (!g_str_equal (own, ktm_lang_nth (i)))
      add_language (ids, labels, all, ktm_lang_nth (i));
  if (ids->len > 1)
    {
      g_ptr_array_add (ids, g_strdup (all->str));
      g_ptr_array_add (labels, g_strdup (_("All of these, one after the other")));
    }
  g_ptr_array_add (ids, NULL);
  g_ptr_array_add (labels, NULL);
  gtk_file_chooser_add_choice (chooser, "language", _("Language of the report"),
                               (const char **) ids->pdata, (const char **) labels->pdata);
  gtk_file_chooser_set_choice (chooser, "language", own);
  g_string_free (all, TRUE);
}

void
ktm_window_ask_report (KtmWindow *self)
{
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (_("Save report"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *folder = g_settings_get_string (ktm_settings (), "export-folder");
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_add_mime_type (filter, "application/pdf");
  gtk_file_filter_set_name (filter, "PDF");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "report.pdf");
  if (*folder && g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GFile) start = g_file_new_for_path (folder);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), start, NULL);
    }
  add_languages (GTK_FILE_CHOOSER (chooser));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
