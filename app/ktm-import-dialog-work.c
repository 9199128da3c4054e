/* app: the import dialog's worker, and what a person says to it. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
tick_cb (gpointer data)
{
  KtmImportDialog *self = data;

  gtk_progress_bar_set_fraction (self->progress, ktm_import_job_get_fraction (self->state));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  return G_SOURCE_CONTINUE;
}

static void
end_busy (KtmImportDialog *self)
{
  self->busy = FALSE;
  g_clear_handle_id (&self->tick, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_widget_set_sensitive (self->scroller, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add), TRUE);
}

static void
refresh_choice (KtmImportDialog *self)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  guint n = ktm_import_n_sources (self->state->import);

  if (g_list_model_get_n_items (gtk_drop_down_get_model (self->file_choice)) == n)
    {
      g_object_unref (list);
      return;
    }
  for (guint i = 0; i < n; i++)
    gtk_string_list_append (list, ktm_import_get_source (self->state->import, i)->name);
  gtk_drop_down_set_model (self->file_choice, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (self->file_choice, self->state->source);
  g_object_unref (list);
}

static void
finish_commit (KtmImportDialog *self)
{
  const char *path = self->state->cohort_path != NULL ? self->state->cohort_path : self->target;

  if (self->done != NULL)
    self->done (path, self->done_data);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
job_cb (GObject *object G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  g_autoptr (KtmImportDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = ktm_import_job_finish (result, &error);
  KtmImportJob next = self->next;

  end_busy (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || gtk_widget_in_destruction (GTK_WIDGET (self))
      || g_cancellable_is_cancelled (self->cancellable))
    return;
  if (done && self->commit)
    {
      finish_commit (self);
      return;
    }
  self->commit = FALSE;
  self->next = 0;
  if (next != 0)
    {
      ktm_import_dialog_start (self, next, NULL);
      return;
    }
  ktm_import_dialog_notice (self, done ? NULL : error->message);
  refresh_choice (self);
  ktm_import_dialog_refresh (self);
}

void
ktm_import_dialog_start (KtmImportDialog *self, KtmImportJob job, GListModel *files)
{
  const char *path = self->state->cohort_path != NULL ? self->state->cohort_path : self->target;

  if (self->busy)
    {
      self->next |= job;
      return;
    }
  self->busy = TRUE;
  gtk_widget_set_sensitive (self->scroller, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->go), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add), FALSE);
  self->tick = g_timeout_add (200, tick_cb, self);
  ktm_import_job_async (self->state, job, files, path, self->cancellable, job_cb,
                        g_object_ref (self));
}

static void
say_codes (KtmMapping *mapping, const char *text)
{
  g_auto (GStrv) codes = g_strsplit (text, ",", -1);

  g_ptr_array_set_size (mapping->missing_codes, 0);
  for (gsize i = 0; codes[i] != NULL; i++)
    if (*g_strstrip (codes[i]) != '\0')
      g_ptr_array_add (mapping->missing_codes, g_strdup (codes[i]));
}

void
ktm_import_dialog_say (KtmImportDialog *self, const char *key, const char *value)
{
  KtmImportState *state = self->state;

  if (self->busy)
    return;
  self->accepted = FALSE;
  if (strcmp (key, "missing-code") == 0)
    for (guint i = 0; i < ktm_import_n_sources (state->import); i++)
      say_codes (ktm_import_get_source (state->import, i)->mapping, value);
  else
    ktm_mapping_set (ktm_import_get_source (state->import, state->source)->mapping, key, value,
                     NULL);
  ktm_import_dialog_start (self, KTM_JOB_PROPOSE | KTM_JOB_CHECK, NULL);
}

void
ktm_import_dialog_say_role (KtmImportDialog *self, guint column, KtmColumnRole role)
{
  KtmSource *source = ktm_import_get_source (self->state->import, self->state->source);

  if (self->busy || column >= source->n_columns)
    return;
  self->accepted = FALSE;
  g_autofree char *target = g_strdup (source->columns[column].target);
  gboolean wide = source->columns[column].role == KTM_COLUMN_WIDE;
  for (guint i = column; i < source->n_columns; i++)
    if (i == column
        || (wide && source->columns[i].role == KTM_COLUMN_WIDE
            && g_strcmp0 (source->columns[i].target, target) == 0))
      ktm_source_say_role (source, source->columns[i].name, role);
  ktm_import_dialog_start (self, KTM_JOB_PROPOSE | KTM_JOB_CHECK, NULL);
}

void
ktm_import_dialog_say_scale (KtmImportDialog *self, guint column, double min, double max,
                             gboolean lower_better)
{
  KtmSource *source = ktm_import_get_source (self->state->import, self->state->source);

  if (self->busy || column >= source->n_columns)
    return;
  self->accepted = FALSE;
  ktm_source_say_scale (source, source->columns[column].name, min, max, lower_better);
  ktm_import_dialog_start (self, KTM_JOB_PROPOSE | KTM_JOB_CHECK, NULL);
}

void
ktm_import_dialog_show_changes (KtmImportDialog *self)
{
  gtk_window_present (ktm_import_changes_new (GTK_WINDOW (self), self->state->import));
}

void
ktm_import_dialog_choose (KtmImportDialog *self, guint problem, KtmDo choice)
{
  if (self->busy)
    return;
  ktm_import_choose (self->state->import, problem, choice);
  ktm_import_dialog_start (self, KTM_JOB_CHECK, NULL);
}

void
ktm_import_dialog_accept (KtmImportDialog *self)
{
  self->accepted = TRUE;
  ktm_import_dialog_refresh_header (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->go));
}

void
ktm_import_dialog_show_all (KtmImportDialog *self)
{
  self->show_all = TRUE;
  ktm_import_dialog_refresh (self);
}
