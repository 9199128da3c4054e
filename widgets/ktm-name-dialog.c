/* widgets: one line of text, asked for. */
#include "ktm-name-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define ACCEPT KTM_NAME_DIALOG_ACCEPT

/* Lives as long as its dialog. */
typedef struct
{
  GtkWidget   *owner;    /* weak */
  GtkWidget   *dialog;   /* borrowed */
  GtkWidget   *entry;    /* borrowed */
  GtkWidget   *sentence; /* borrowed */
  KtmNameCheck check;    /* nullable */
  KtmNameTake  take;
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;

  g_clear_weak_pointer (&ask->owner);
  g_free (ask);
}

static char *
dup_line (Ask *ask)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (ask->entry))));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Ask *ask = data;
  g_autofree char *line = dup_line (ask);

  if (ask->owner != NULL && g_str_equal (response, ACCEPT)
      && adw_message_dialog_get_response_enabled (dialog, ACCEPT))
    ask->take (ask->owner, line);
}

static void
changed_cb (GtkEditable *entry, gpointer data)
{
  Ask *ask = data;
  g_autofree char *line = dup_line (ask), *sentence = NULL;
  gboolean usable = ask->owner != NULL && *line != '\0';

  if (usable && ask->check != NULL)
    sentence = ask->check (ask->owner, line, &usable);
  gtk_label_set_label (GTK_LABEL (ask->sentence), sentence != NULL ? sentence : "");
  gtk_widget_set_visible (ask->sentence, sentence != NULL);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (ask->dialog), ACCEPT, usable);
}

/* The field, and what is said about it below. */
static GtkWidget *
new_field (Ask *ask, const KtmNameQuestion *question)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  ask->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (ask->entry),
                                  question->hint != NULL ? question->hint : _("Name"));
  gtk_entry_set_activates_default (GTK_ENTRY (ask->entry), TRUE);
  ask->sentence = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0., "visible", FALSE, NULL);
  gtk_widget_add_css_class (ask->sentence, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (ask->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  question->label, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (ask->entry), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  ask->sentence, NULL, -1);
  gtk_box_append (GTK_BOX (box), ask->entry);
  gtk_box_append (GTK_BOX (box), ask->sentence);
  return box;
}

void
ktm_name_dialog_present (GtkWidget *owner, const KtmNameQuestion *question)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (owner)), question->title, question->body));
  Ask *ask = g_new0 (Ask, 1);

  g_set_weak_pointer (&ask->owner, owner);
  ask->dialog = GTK_WIDGET (dialog);
  ask->check = question->check;
  ask->take = question->take;
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  adw_message_dialog_set_extra_child (dialog, new_field (ask, question));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), ACCEPT,
                                    question->accept != NULL ? question->accept : _("Save"), NULL);
  adw_message_dialog_set_response_appearance (
      dialog, ACCEPT,
      question->destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, ACCEPT);
  adw_message_dialog_set_response_enabled (dialog, ACCEPT, FALSE);
  g_signal_connect (ask->entry, "changed", G_CALLBACK (changed_cb), ask);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), ask, ask_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
