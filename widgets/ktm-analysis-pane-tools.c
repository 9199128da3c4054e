/* widgets: what can be done with the results: copy, methods, source, more analyses, another test.
 */
#include "ktm-analysis-pane-private.h"

#include "ktm-methods-window.h"
#include "ktm-report-format.h"
#include "ktm-wrap-box.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* --- copying ---------------------------------------------------------------------------------- */

typedef char *(*Writer) (const KtmReport *report, const KtmLang *lang, char mark);

static char *
write_tables (KtmAnalysisPane *self, Writer writer)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = self->slots->pdata[i];
      g_autofree char *text =
          slot->report != NULL ? writer (slot->report, ktm_interface_lang (), 0) : NULL;

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

/* HTML for a word processor, tab-separated for a spreadsheet: the receiver takes what it
 * understands. */
static void
copy_cb (AdwSplitButton *button G_GNUC_UNUSED, KtmAnalysisPane *self)
{
  g_autofree char *html = write_tables (self, ktm_report_to_html),
                  *tsv = write_tables (self, ktm_report_to_tsv);
  g_autoptr (GBytes) html_bytes = g_bytes_new (html, strlen (html)),
                     tsv_bytes = g_bytes_new (tsv, strlen (tsv));
  GdkContentProvider *parts[] = { gdk_content_provider_new_for_bytes ("text/html", html_bytes),
                                  gdk_content_provider_new_for_bytes ("text/tab-separated-values",
                                                                      tsv_bytes),
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

/* --- where the numbers come from -------------------------------------------------------------- */

static void
append_number (GString *out, const char *option, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (value))
    g_string_append_printf (out, " %s %s", option,
                            g_ascii_formatd (text, sizeof text, "%.10g", value));
}

/* The command that gives the same numbers. */
static void
append_command (GString *out, KtmAnalysisPane *self, const Slot *slot)
{
  g_autoptr(KtmAnalysisOptions) o = ktm_analysis_pane_options_for (self, slot->analysis);

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

  g_string_append_printf (out,
                          ngettext ("%lu patient of %lu in the cohort “%s” is selected.",
                                    "%lu patients of %lu in the cohort “%s” are selected.",
                                    (gulong) self->frame->n_patients),
                          (gulong) self->frame->n_patients, (gulong) self->frame->n_in_cohort,
                          self->frame->title != NULL ? self->frame->title : "");
  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      if (slot->report == NULL)
        continue;
      g_string_append_printf (out, "\n\n%s\n", _(slot->analysis->title));
      for (gsize k = 0; k < slot->report->n_excluded; k++)
        {
          g_autofree char *reason = ktm_text_render (slot->report->excluded[k].reason, lang, 0);

          g_string_append_printf (out, _("Left out: %ld, %s\n"), slot->report->excluded[k].n,
                                  reason);
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

  gtk_label_set_text (GTK_LABEL (GTK_IS_VIEWPORT (viewport)
                                     ? gtk_viewport_get_child (GTK_VIEWPORT (viewport))
                                     : viewport),
                      text);
}

static GtkWidget *
new_source_button (KtmAnalysisPane *self)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (),
            *label = gtk_label_new (NULL), *scroller = gtk_scrolled_window_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_set_size_request (scroller, 360, 260);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  g_signal_connect (popover, "show", G_CALLBACK (source_shown_cb), self);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Source"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_tooltip_text (button, _("Where the numbers come from"));
  return button;
}

/* --- more analyses, another test -------------------------------------------------------------- */

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
  ktm_analysis_pane_restart (self);
}

/* The page's own analyses are ticked and fixed; the others can be added. */
static void
also_shown_cb (GtkWidget *popover, KtmAnalysisPane *self)
{
  self->filling = TRUE;
  for (GtkWidget *check =
           gtk_widget_get_first_child (gtk_popover_get_child (GTK_POPOVER (popover)));
       check != NULL; check = gtk_widget_get_next_sibling (check))
    {
      const char *id = g_object_get_data (G_OBJECT (check), "ktm-analysis");
      gboolean own =
          self->analyses != NULL && g_strv_contains ((const char *const *) self->analyses, id);

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                                   ktm_analysis_pane_is_wanted (self, id));
      gtk_widget_set_sensitive (check, !own);
    }
  self->filling = FALSE;
}

static GtkWidget *
new_also_button (KtmAnalysisPane *self)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new (),
            *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
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
    ktm_analysis_pane_restart (self);
}

static GtkWidget *
new_test_row (KtmAnalysisPane *self)
{
  const char *const names[] = { _("Recommended"), _("Paired t test"), _("Wilcoxon signed-rank"),
                                _("Sign test"), NULL };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8),
            *label = gtk_label_new (_("Test of change")),
            *choice = gtk_drop_down_new_from_strings (names);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Test of change"), -1);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (test_chosen_cb), self);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), choice);
  return row;
}

/* --- the card --------------------------------------------------------------------------------- */

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
  gtk_widget_set_tooltip_text (
      button, _("Every number of the cards, to paste into a word processor or a spreadsheet"));
  g_signal_connect (button, "clicked", G_CALLBACK (copy_cb), self);
  return button;
}

void
ktm_analysis_pane_add_tools (KtmAnalysisPane *self, GtkWidget *column)
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

void
ktm_analysis_pane_install_copy (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "results.copy-tsv", NULL, copy_tsv);
  gtk_widget_class_install_action (widget_class, "results.copy-latex", NULL, copy_latex);
  gtk_widget_class_install_action (widget_class, "results.copy-html", NULL, copy_html);
}
