/* widgets: the methods paragraph, in each language, ready to copy. */
#include "ktm-methods-window.h"

#include "ktm-report-format.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  GPtrArray *texts;   /* char *, one a language */
  GtkWidget *label, *copy;
  guint      shown;
} Methods;

static void
methods_free (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  Methods *methods = data;

  g_ptr_array_unref (methods->texts);
  g_free (methods);
}

static char *
write_all (GPtrArray *reports, const KtmLang *lang)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < reports->len; i++)
    {
      g_autofree char *text = ktm_report_methods_text (reports->pdata[i], lang, 0);

      if (strstr (out->str, text) == NULL)
        g_string_append_printf (out, "%s%s", out->len > 0 ? "\n\n" : "", text);
    }
  g_string_append_printf (out, "\n\n%s",
                          ktm_lang_text (lang, N_("Analysed with Ketamine Viewer.")));
  return g_string_free (out, FALSE);
}

static void
show_cb (GtkToggleButton *button, Methods *methods)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  methods->shown = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "ktm-lang"));
  gtk_label_set_text (GTK_LABEL (methods->label), methods->texts->pdata[methods->shown]);
  gtk_button_set_label (GTK_BUTTON (methods->copy), _("Copy"));
}

static void
copy_cb (GtkButton *button, Methods *methods)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)),
                          methods->texts->pdata[methods->shown]);
  gtk_button_set_label (button, _("Copied ✓"));
}

/* A button a language, linked; hidden where English is the only one. */
static GtkWidget *
new_languages (Methods *methods, guint n_langs)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *first = NULL;

  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_visible (box, n_langs > 1);
  for (guint i = 0; i < n_langs; i++)
    {
      const char *code = i == 0 ? "en" : ktm_lang_nth (i - 1);
      g_autofree char *upper = g_ascii_strup (code, -1);
      GtkWidget *button = gtk_toggle_button_new_with_label (upper);

      g_object_set_data (G_OBJECT (button), "ktm-lang", GUINT_TO_POINTER (i));
      if (first != NULL)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      else
        first = button;
      if (i == methods->shown)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      g_signal_connect (button, "toggled", G_CALLBACK (show_cb), methods);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static GtkWidget *
new_body (Methods *methods)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  methods->label = gtk_label_new (methods->texts->pdata[methods->shown]);
  gtk_label_set_wrap (GTK_LABEL (methods->label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (methods->label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (methods->label), 0);
  gtk_widget_set_valign (methods->label, GTK_ALIGN_START);
  gtk_widget_set_margin_start (methods->label, 18);
  gtk_widget_set_margin_end (methods->label, 18);
  gtk_widget_set_margin_top (methods->label, 12);
  gtk_widget_set_margin_bottom (methods->label, 18);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), methods->label);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static void
close_on_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

void
ktm_methods_window_present (GtkWidget *parent, GPtrArray *reports)
{
  GtkWidget *window = adw_window_new (), *header = adw_header_bar_new (),
            *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkRoot *root = gtk_widget_get_root (parent);
  Methods *methods = g_new0 (Methods, 1);
  guint n_langs = (guint) ktm_lang_count () + 1;

  methods->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_langs; i++)
    {
      const KtmLang *lang = i == 0 ? NULL : ktm_lang_find (ktm_lang_nth (i - 1));

      g_ptr_array_add (methods->texts, write_all (reports, lang));
      if (lang != NULL && g_str_has_prefix (g_get_language_names ()[0], ktm_lang_code (lang)))
        methods->shown = i;
    }
  methods->copy = gtk_button_new_with_label (_("Copy"));
  gtk_widget_add_css_class (methods->copy, "suggested-action");
  g_signal_connect_data (methods->copy, "clicked", G_CALLBACK (copy_cb), methods, methods_free, 0);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), methods->copy);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), new_body (methods));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), new_languages (methods, n_langs));
  gtk_window_set_title (GTK_WINDOW (window), _("Methods text"));
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 460);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  adw_window_set_content (ADW_WINDOW (window), box);
  close_on_escape (window);
  gtk_window_present (GTK_WINDOW (window));
}
