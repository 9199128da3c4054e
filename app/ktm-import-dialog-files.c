/* app: the files of the import dialog: those it reads, the new cohort, the list of problems. */
#include "ktm-import-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
ktm_import_dialog_save_problems_to (KtmImportDialog *self, GFile *file)
{
  g_autofree char *text = ktm_import_dup_problems_csv (self->state->import),
                  *path = g_file_get_path (file);
  g_autoptr (GError) error = NULL;

  if (path != NULL
      && g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    return TRUE;
  ktm_import_dialog_notice (
      self, error != NULL ? error->message
                          : _("The list can only be saved in a folder of this computer."));
  return FALSE;
}

static void
saved_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      ktm_import_dialog_save_problems_to (data, file);
    }
  g_object_unref (chooser);
}

void
ktm_import_dialog_save_problems (KtmImportDialog *self)
{
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (_("Save the list of problems"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _("problems.csv"));
  g_signal_connect (chooser, "response", G_CALLBACK (saved_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  KtmImportDialog *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
      self->accepted = FALSE;
      ktm_import_dialog_start (self, KTM_JOB_LOAD | KTM_JOB_PROPOSE | KTM_JOB_CHECK, files);
    }
  else if (ktm_import_n_sources (self->state->import) == 0)
    gtk_window_close (GTK_WINDOW (self));
  g_object_unref (chooser);
}

void
ktm_import_dialog_ask_for_files (KtmImportDialog *self)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      _("Import tables"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  g_autoptr (GtkFileFilter) tables = gtk_file_filter_new (), all = gtk_file_filter_new ();

  gtk_file_filter_set_name (tables, _("Tables"));
  for (gsize i = 0; i < 3; i++)
    gtk_file_filter_add_suffix (tables, ((const char *const[]) { "csv", "tsv", "txt" })[i]);
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), tables);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
target_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  KtmImportDialog *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = g_file_get_path (file);
      if (path == NULL)
        ktm_import_dialog_notice (
            self, _("A cohort can only be kept in a folder of this computer or a mounted share."));
      else if (g_file_test (path, G_FILE_TEST_EXISTS))
        ktm_import_dialog_notice (
            self, _("That file is there already: give the new cohort another name."));
      else
        {
          g_free (self->target);
          self->target = g_steal_pointer (&path);
          self->commit = TRUE;
          ktm_import_dialog_start (self, KTM_JOB_COMMIT, NULL);
        }
    }
  g_object_unref (chooser);
}

/* Writes: into the open cohort, or asks where the new one goes. */
void
ktm_import_dialog_go (KtmImportDialog *self)
{
  if (self->busy)
    return;
  if (self->state->cohort_path != NULL)
    {
      self->commit = TRUE;
      ktm_import_dialog_start (self, KTM_JOB_COMMIT, NULL);
      return;
    }
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (_("Where to keep the new cohort"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _("_Create"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _("New cohort.cohort"));
  g_signal_connect (chooser, "response", G_CALLBACK (target_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
