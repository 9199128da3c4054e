/* app: the dialog of a copy for other people. */
#include "ktm-share-dialog.h"

#include <glib/gi18n.h>

#include "ktm-share.h"
#include "ktm-window-private.h"

/* What the steps hand on: read in a worker, shown, written in a worker. */
typedef struct
{
  KtmWindow      *window;     /* owned */
  char           *path;       /* owned, nullable */
  KtmStore       *store;      /* owned: opened for this; NULL: the cohort's own is used */
  KtmCohort      *cohort;     /* owned */
  KtmShare       *share;      /* owned */
  KtmShareOptions options;
  GtkCheckButton *drop_dates; /* borrowed */
  char           *output;     /* owned, nullable */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->share, ktm_share_free);
  ktm_store_close (job->store);
  g_object_unref (job->cohort);
  g_object_unref (job->window);
  g_free (job->path);
  g_free (job->output);
  g_free (job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static gboolean
look (Job *job, GError **error)
{
  if (job->path != NULL && job->store == NULL)
    job->store = ktm_store_open (job->path, TRUE, error);
  if (job->path != NULL && job->store == NULL)
    return FALSE;
  g_clear_pointer (&job->share, ktm_share_free);
  job->share = ktm_share_new (job->store != NULL ? job->store : ktm_cohort_get_store (job->cohort),
                              &job->options, error);
  return job->share != NULL;
}

static void
look_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (look (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
write_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (look (job, &error) && ktm_share_write (job->share, job->output, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The sample in memory belongs to the main thread. */
static void
run (Job *job, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, job);

  g_task_set_task_data (task, job, NULL);
  if (job->path != NULL)
    g_task_run_in_thread (task, func);
  else
    func (task, NULL, job, NULL);
}

/* --- making it -------------------------------------------------------------------------------- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Job) job = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (job->output);
  g_autofree char *said = g_strdup_printf (_("“%s” can be shared"), name);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    ktm_window_say (job->window, said);
  else
    ktm_window_say_error (job->window, _("The copy could not be made"), error);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Job *job = data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  job->output = file != NULL ? g_file_get_path (file) : NULL;
  g_object_unref (dialog);
  if (job->output != NULL)
    run (job, write_worker, written_cb);
  else
    job_free (job);
}

static void
choose_file (Job *job)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_("Share a copy of the cohort"), GTK_WINDOW (job->window),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));

  /* Translators: the name proposed for the file of a copy for other people. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _("Shared cohort.cohort"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), job);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- saying what it is ------------------------------------------------------------------------ */

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Job *job = data;

  g_signal_handlers_disconnect_by_func (dialog, response_cb, job); /* closing it answers again */
  job->options.drop_dates = gtk_check_button_get_active (job->drop_dates);
  if (g_strcmp0 (response, "share") == 0)
    choose_file (job);
  else
    job_free (job);
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign", 0., "wrap", TRUE, NULL));
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkWidget *
new_list (const KtmShareReport *report)
{
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list, *scrolled;

  for (guint i = 0; i < report->cells->len; i++)
    {
      const KtmShareCell *cell = report->cells->pdata[i];

      /* Translators: %1$s is what they share ("Sex: F · Age: 80–89"). */
      gtk_string_list_take (strings, g_strdup_printf (ngettext ("%1$s: %2$u patient",
                                                                "%1$s: %2$u patients", cell->n),
                                                      cell->what, cell->n));
    }
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  list = gtk_list_view_new (
      GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (strings))), factory);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Groups of few patients"), -1);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", list, "min-content-height", 150,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "has-frame", TRUE, NULL);
  return scrolled;
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "xalign", 0., NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* What is renamed, moved and left out. */
static GtkWidget *
new_sentences (const KtmShareReport *report)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; i < report->done->len; i++)
    {
      g_autofree char *line = g_strconcat ("• ", report->done->pdata[i], NULL);

      gtk_box_append (GTK_BOX (box), new_label (line, NULL));
    }
  return g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box, "propagate-natural-height", TRUE,
                       "max-content-height", 240, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
}

static GtkWidget *
new_content (Job *job)
{
  const KtmShareReport *report = ktm_share_get_report (job->share);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *drop = gtk_check_button_new_with_label (_("Leave calendar dates out altogether"));
  g_autofree char *few = NULL;

  gtk_box_append (GTK_BOX (box), new_sentences (report));
  job->drop_dates = GTK_CHECK_BUTTON (drop);
  gtk_box_append (GTK_BOX (box), drop);
  few = report->cells->len == 0
            ? g_strdup_printf (_("No group of fewer than %d patients was found."), KTM_SHARE_FEW)
            : g_strdup_printf (
                  ngettext ("%1$u group of fewer than %2$d patients could be recognised:",
                            "%1$u groups of fewer than %2$d patients could be recognised:",
                            report->cells->len),
                  report->cells->len, KTM_SHARE_FEW);
  gtk_box_append (GTK_BOX (box), new_label (few, "heading"));
  if (report->cells->len > 0)
    gtk_box_append (GTK_BOX (box), new_list (report));
  gtk_box_append (GTK_BOX (box), new_label (report->looked, "dim-label"));
  return box;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;
  AdwMessageDialog *dialog;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      ktm_window_say_error (job->window, _("The copy could not be made"), error);
      job_free (job);
      return;
    }
  dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (job->window), _("Share a copy"), NULL));
  adw_message_dialog_set_body (dialog, _("A new file for other people. The cohort itself stays as "
                                         "it is."));
  adw_message_dialog_set_extra_child (dialog, new_content (job));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "share", _("Choose a file…"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "share", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "share");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), job);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
ktm_share_dialog_start (KtmWindow *window, const char *path, KtmCohort *cohort)
{
  Job *job = g_new0 (Job, 1);

  job->window = g_object_ref (window);
  job->path = g_strdup (path);
  job->cohort = g_object_ref (cohort);
  run (job, look_worker, looked_cb);
}
