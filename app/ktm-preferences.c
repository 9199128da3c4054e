/* app: preferences; every row is bound to a key of the settings and acts at once. */
#include "ktm-preferences.h"

#include <glib/gi18n.h>

#include "ktm-locate.h"

static void
selected_cb (AdwComboRow *row, GParamSpec *pspec, gpointer key)
{
  g_settings_set_enum (ktm_settings (), key, (int) adw_combo_row_get_selected (row));
}

/* @key: an enum whose values are the positions of @labels. */
static GtkWidget *
new_combo (const char *title, const char *subtitle, const char *const *labels, const char *key)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (labels);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row),
                              (guint) g_settings_get_enum (ktm_settings (), key));
  g_signal_connect (row, "notify::selected", G_CALLBACK (selected_cb), (gpointer) key);
  return row;
}

static GtkWidget *
new_row (const char *title, const char *subtitle, GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  return row;
}

static GtkWidget *
new_switch (const char *title, const char *subtitle, const char *key)
{
  GtkWidget *control = gtk_switch_new ();

  g_settings_bind (ktm_settings (), key, control, "active", G_SETTINGS_BIND_DEFAULT);
  return new_row (title, subtitle, control);
}

static gboolean
to_percent (GValue *value, GVariant *variant, gpointer data)
{
  g_value_set_double (value, 100 * g_variant_get_double (variant));
  return TRUE;
}

static GVariant *
from_percent (const GValue *value, const GVariantType *type, gpointer data)
{
  return g_variant_new_double (g_value_get_double (value) / 100);
}

static GtkWidget *
new_level (void)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (50, 99.9, 1);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 1);
  g_settings_bind_with_mapping (ktm_settings (), "level", spin, "value", G_SETTINGS_BIND_DEFAULT,
                                to_percent, from_percent, NULL, NULL);
  return new_row (_("Confidence level, %"), _("Of every interval and band"), spin);
}

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  adw_preferences_page_add (page, group);
  return group;
}

static void
remember_cb (GtkSwitch *control)
{
  if (!gtk_switch_get_active (control))
    g_settings_reset (ktm_settings (), "recent");
}

static void
add_start (AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group = add_group (page, _("Start"));
  GtkWidget *remember =
      new_switch (_("Remember recent cohorts"),
                  _("Their names and folders; switched off, the list is emptied"),
                  "remember-recent");
  GtkWidget *last =
      new_switch (_("Open the last cohort"), _("When the program starts"), "reopen-last");

  g_signal_connect (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (remember)),
                    "notify::active", G_CALLBACK (remember_cb), NULL);
  g_settings_bind (ktm_settings (), "remember-recent", last, "sensitive", G_SETTINGS_BIND_GET);
  adw_preferences_group_add (group, remember);
  adw_preferences_group_add (group, last);
}

void
ktm_preferences_present (GtkWindow *parent)
{
  GtkWidget *window = adw_preferences_window_new ();
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = add_group (page, _("Appearance"));

  adw_preferences_group_add (
      group,
      new_combo (_("Style"), _("By the light of the room"),
                 (const char *[]){ _("As the system"), _("Light"), _("Dark"), NULL }, "theme"));
  adw_preferences_group_add (
      group, new_combo (_("Decimal mark"), _("On screen; figures have their own"),
                        (const char *[]){ _("As the language"), _("Point"), _("Comma"), NULL },
                        "decimal-mark"));
  group = add_group (page, _("Charts and results"));
  adw_preferences_group_add (group, new_level ());
  adw_preferences_group_add (
      group,
      new_switch (_("Patient codes on the chart"),
                  _("On the card under the pointer; switch off before you share the screen"),
                  "show-codes"));
  add_start (page);
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), page);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_present (GTK_WINDOW (window));
}
