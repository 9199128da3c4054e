/* app: where an exported figure goes. */
#include "ktm-export-dialog-private.h"

#include <glib/gi18n.h>

#include "ktm-locate.h"

/* The recipe of what is drawn now. */
static KtmRecipe *
dup_recipe (KtmExportDialog *self)
{
  KtmRecipe *copy;

  if (self->recipe == NULL)
    return NULL;
  copy = g_new0 (KtmRecipe, 1);
  copy->cohort_id = g_strdup (self->recipe->cohort_id);
  copy->chart = g_strdup (self->recipe->chart);
  copy->where = g_strdupv (self->recipe->where);
  copy->options = ktm_chart_options_copy (self->options);
  return copy;
}

static void
say (KtmExportDialog *self, const char *heading, const char *sentence)
{
  GtkWidget *message = adw_message_dialog_new (GTK_WINDOW (self), heading, sentence);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (message), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (message));
}

static void
save_to (KtmExportDialog *self, GFile *file, KtmExportFormat format)
{
  g_autoptr (KtmRecipe) recipe = dup_recipe (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_file_get_path (file), *name = g_file_get_basename (file),
                  *folder = NULL, *text = NULL;

  if (path == NULL)
    {
      say (self, _("The figure was not saved"),
           _("Figures can be saved in folders of this computer only: choose one."));
      return;
    }
  if (!ktm_export_file (self->scene, path, format, &self->figure, recipe, &error))
    {
      say (self, _("The figure was not saved"), error->message);
      return;
    }
  folder = g_path_get_dirname (path);
  g_settings_set_string (ktm_settings (), "export-folder", folder);
  text = g_strdup_printf (_("Saved “%s”"), name);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), adw_toast_new (text));
}

static const char *const endings[] = { "png", "svg", "pdf" };

static void
response_cb (GtkNativeDialog *chooser, int response, KtmExportDialog *self)
{
  KtmExportFormat format =
      (KtmExportFormat) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chooser), "format"));
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                               : NULL;

  if (file != NULL && self->scene != NULL)
    save_to (self, file, format);
  g_object_unref (chooser);
}

void
ktm_export_dialog_save (KtmExportDialog *self, KtmExportFormat format)
{
  GtkFileChooserNative *chooser;
  g_autofree char *folder = g_settings_get_string (ktm_settings (), "export-folder"), *name = NULL;

  if (self->scene == NULL)
    return;
  chooser = gtk_file_chooser_native_new (_("Save figure"), GTK_WINDOW (self),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  name = g_strdup_printf ("%s%s%s.%s", self->type->id, self->options->measure != NULL ? "-" : "",
                          self->options->measure != NULL ? self->options->measure : "",
                          endings[format]);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  if (folder[0] != '\0' && g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GFile) start = g_file_new_for_path (folder);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), start, NULL);
    }
  g_settings_set_string (ktm_settings (), "export-format", endings[format]);
  g_object_set_data (G_OBJECT (chooser), "format", GINT_TO_POINTER (format));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GdkContentProvider *
content_of (KtmExportDialog *self, KtmExportFormat format, const char *type,
            const KtmRecipe *recipe)
{
  g_autoptr (GBytes) bytes = ktm_export_bytes (self->scene, format, &self->figure, recipe, NULL);

  return bytes != NULL ? gdk_content_provider_new_for_bytes (type, bytes) : NULL;
}

void
ktm_export_dialog_copy (KtmExportDialog *self)
{
  g_autoptr (KtmRecipe) recipe = dup_recipe (self);
  GdkContentProvider *all[3];
  gsize n = 0;

  if (self->scene == NULL)
    return;
  if ((all[n] = content_of (self, KTM_EXPORT_PNG, "image/png", recipe)) != NULL)
    n++;
  if ((all[n] = content_of (self, KTM_EXPORT_SVG, "image/svg+xml", recipe)) != NULL)
    n++;
  if (n == 0)
    return;
  g_autoptr (GdkContentProvider) content = gdk_content_provider_new_union (all, n);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), content);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts),
                               adw_toast_new (_("Figure copied")));
}
