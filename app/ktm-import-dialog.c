/* app: the import dialog: steps, the worker, and the button that writes. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (KtmImportDialog, ktm_import_dialog, ADW_TYPE_WINDOW)

KtmImportState *
ktm_import_dialog_get_state (KtmImportDialog *self)
{
  return self->state;
}

gboolean
ktm_import_dialog_get_show_all (KtmImportDialog *self)
{
  return self->show_all;
}

gboolean
ktm_import_dialog_is_busy (KtmImportDialog *self)
{
  return self->busy;
}

int
ktm_import_dialog_get_step (KtmImportDialog *self)
{
  return self->step;
}

void
ktm_import_dialog_notice (KtmImportDialog *self, const char *text)
{
  gtk_widget_set_visible (self->notice, text != NULL);
  gtk_label_set_text (self->notice_text, text != NULL ? text : "");
}

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

/* --- what is shown ---------------------------------------------------------------------------- */

static gboolean
choices_made (KtmImportDialog *self)
{
  if (self->accepted)
    return TRUE;
  if (ktm_import_n_problems (self->state->import) > 0
      && ktm_import_get_problem (self->state->import,
                                 ktm_import_n_problems (self->state->import) - 1)
             == NULL)
    return FALSE;  /* more than the list holds: only all at once */
  for (guint i = 0; ktm_import_get_problem (self->state->import, i) != NULL; i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (self->state->import, i);
      if (problem->needs_choice && !problem->chosen)
        return FALSE;
    }
  return TRUE;
}

void
ktm_import_dialog_refresh_header (KtmImportDialog *self)
{
  KtmImportState *state = self->state;
  guint n = ktm_import_n_sources (state->import);
  g_autofree char *go = NULL;

  if (state->cohort_path == NULL)
    go = g_strdup (_("_Create cohort…"));
  else
    go = g_strdup_printf (_("_Import into “%s”"),
                          state->cohort_title != NULL ? state->cohort_title : "");
  gtk_button_set_label (self->go, go);
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (self->go)), PANGO_ELLIPSIZE_END);
  gtk_widget_set_sensitive (GTK_WIDGET (self->go), n > 0 && state->checked && choices_made (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->go),
                               n > 0 && state->checked && !choices_made (self)
                                   ? _("Accept the proposals, or choose what to do, first")
                                   : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->file_choice), n > 1);
  gtk_widget_set_visible (self->file_box, n == 1);
  gtk_widget_set_visible (GTK_WIDGET (self->step_file), TRUE);
  if (n == 0)
    return;
  const KtmSource *source = ktm_import_get_source (state->import, state->source);
  g_autofree char *size = g_format_size (g_bytes_get_size (source->bytes));
  g_autofree char *lines = g_strdup_printf (
      ngettext ("%u line", "%u lines", source->dialect.n_rows), source->dialect.n_rows);
  g_autofree char *columns =
      g_strdup_printf (ngettext ("%u column", "%u columns", source->n_columns), source->n_columns);
  g_autofree char *facts = g_strdup_printf ("%s · %s · %s", lines, columns, size);
  gtk_label_set_text (self->file_name, source->name);
  gtk_label_set_text (self->file_facts, facts);
}

/* The first thing to answer, as a sentence; it also leads to the step that answers it. */
static char *
question_of (KtmImportDialog *self)
{
  for (guint i = 0; i < ktm_import_n_sources (self->state->import); i++)
    {
      const KtmSource *source = ktm_import_get_source (self->state->import, i);
      if (source->questions->len > 0)
        return g_strdup_printf (_("%s: %s. Choose it below."), source->name,
                                (const char *)source->questions->pdata[0]);
    }
  return NULL;
}

static void
fill (KtmImportDialog *self)
{
  gboolean check = self->step == 2 && self->state->checked;

  if (self->step != 1)
    gtk_box_append (GTK_BOX (self->left), ktm_import_file_card (self));
  if (self->step != 0)
    gtk_box_append (GTK_BOX (self->left), ktm_import_column_card (self));
  gtk_widget_set_visible (self->right_scroller, check);
  if (!check)
    return;
  gtk_box_append (GTK_BOX (self->right), ktm_import_problem_card (self));
  gtk_box_append (GTK_BOX (self->right), ktm_import_change_card (self));
  gtk_box_append (GTK_BOX (self->right), ktm_import_privacy_card (self));
}

void
ktm_import_dialog_refresh (KtmImportDialog *self)
{
  g_autofree char *question = NULL;

  ktm_import_dialog_refresh_header (self);
  clear_box (self->left);
  clear_box (self->right);
  if (ktm_import_n_sources (self->state->import) == 0)
    {
      GtkWidget *empty = adw_status_page_new ();
      adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("Choose a table"));
      adw_status_page_set_description (
          ADW_STATUS_PAGE (empty),
          _("CSV or tab-separated text, one line per patient or one per visit. Several "
             "files are joined by the patient code."));
      adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "document-open-symbolic");
      gtk_box_append (GTK_BOX (self->left), empty);
      gtk_widget_set_visible (self->right_scroller, FALSE);
      return;
    }
  question = question_of (self);
  if (question != NULL)
    ktm_import_dialog_notice (self, question);
  fill (self);
}

static void
go_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_go (data);
}

static void
cancel_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  gtk_window_close (GTK_WINDOW (data));
}

static void
add_cb (GtkButton *button G_GNUC_UNUSED, gpointer data)
{
  ktm_import_dialog_ask_for_files (data);
}

static void
step_cb (KtmImportDialog *self)
{
  int step = gtk_toggle_button_get_active (self->step_file)      ? 0
             : gtk_toggle_button_get_active (self->step_columns) ? 1
                                                                 : 2;

  if (step == self->step)
    return;
  self->step = step;
  if (!self->busy)
    ktm_import_dialog_refresh (self);
}

static void
file_cb (KtmImportDialog *self)
{
  guint chosen = gtk_drop_down_get_selected (self->file_choice);

  if (self->busy || chosen == GTK_INVALID_LIST_POSITION || chosen == self->state->source ||
      chosen >= ktm_import_n_sources (self->state->import))
    return;
  self->state->source = chosen;
  self->show_all = FALSE;
  ktm_import_dialog_start (self, (KtmImportJob) 0, NULL);  /* the rows of the other file */
}

/* --- the window ------------------------------------------------------------------------------- */

static gboolean
close_request (GtkWindow *window)
{
  KtmImportDialog *self = KTM_IMPORT_DIALOG (window);

  g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (ktm_import_dialog_parent_class)->close_request (window);
}

static void
ktm_import_dialog_dispose (GObject *object)
{
  KtmImportDialog *self = KTM_IMPORT_DIALOG (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  G_OBJECT_CLASS (ktm_import_dialog_parent_class)->dispose (object);
}

static void
ktm_import_dialog_finalize (GObject *object)
{
  KtmImportDialog *self = KTM_IMPORT_DIALOG (object);

  g_clear_pointer (&self->state, ktm_import_state_free);
  g_clear_object (&self->cancellable);
  g_free (self->target);
  G_OBJECT_CLASS (ktm_import_dialog_parent_class)->finalize (object);
}

static void
ktm_import_dialog_class_init (KtmImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_import_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/ketamine/Viewer/ktm-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, file_name);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, file_facts);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, file_box);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, file_choice);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, step_file);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, step_columns);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, step_check);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, go);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, add);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, notice);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, notice_text);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, left);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, right);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, right_scroller);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, KtmImportDialog, progress);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ktm_import_dialog_init (KtmImportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->step = 2;
  gtk_toggle_button_set_active (self->step_check, TRUE);
  gtk_drop_down_set_model (self->file_choice, G_LIST_MODEL (gtk_string_list_new (NULL)));
  g_signal_connect_swapped (self->step_file, "toggled", G_CALLBACK (step_cb), self);
  g_signal_connect_swapped (self->step_columns, "toggled", G_CALLBACK (step_cb), self);
  g_signal_connect_swapped (self->step_check, "toggled", G_CALLBACK (step_cb), self);
  g_signal_connect_swapped (self->file_choice, "notify::selected", G_CALLBACK (file_cb), self);
}

void
ktm_import_dialog_present (GtkWindow *parent, GListModel *files, const char *cohort_path,
                           KtmImportDone done, gpointer data)
{
  KtmImportDialog *self = g_object_new (KTM_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
  gboolean given = files != NULL && g_list_model_get_n_items (files) > 0;
  int width = 0, height = 0;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));
  if (parent != NULL)
    gtk_window_get_default_size (parent, &width, &height);
  if (width > 0 && height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), MAX (width, 900), MAX (height, 600));
  self->state = ktm_import_state_new (cohort_path);
  self->done = done;
  self->done_data = data;
  ktm_import_dialog_refresh (self);
  gtk_window_present (GTK_WINDOW (self));
  ktm_import_dialog_start (self,
                           given ? KTM_JOB_COHORT | KTM_JOB_LOAD | KTM_JOB_PROPOSE | KTM_JOB_CHECK
                                 : KTM_JOB_COHORT,
                           files);
  if (!given)
    ktm_import_dialog_ask_for_files (self);
}
