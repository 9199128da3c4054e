/* app: what a window can do. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-name-dialog.h"
#include "ktm-report-view.h"
#include "ktm-shot.h"

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (!ktm_study_undo (self->study, &error))
    ktm_window_say_error (self, _("This could not be undone"), error);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (!ktm_study_redo (self->study, &error))
    ktm_window_say_error (self, _("This could not be redone"), error);
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;

  ktm_window_need_sidebar (self);
  adw_flap_set_reveal_flap (self->sidebar_flap, TRUE);
  ktm_window_show_patients (self);
  gtk_widget_grab_focus (self->search);
}

static void
clear_filter_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  KtmFilter *filter = ktm_study_get_filter (self->study);

  if (ktm_filter_is_empty (filter))
    return;
  ktm_filter_clear (filter);
  ktm_window_say_undoable (self, _("All patients are shown again"));
}

static void
sidebar_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;

  adw_flap_set_reveal_flap (self->sidebar_flap, !adw_flap_get_reveal_flap (self->sidebar_flap));
}

static void
pane_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;

  if (gtk_widget_get_visible (self->pane_button))
    adw_flap_set_reveal_flap (self->pane_flap, !adw_flap_get_reveal_flap (self->pane_flap));
}

static void
whole_page_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  KtmWindow *self = data;

  if (self->study)
    ktm_window_set_alone (self, g_variant_get_boolean (state));
}

/* From header to sidebar, page and results, around. */
static void
next_part_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  GtkWidget *parts[4] = { self->sidebar, GTK_WIDGET (self->pages), self->pane_bin,
                          self->title_box ? gtk_widget_get_parent (GTK_WIDGET (self->toasts))
                                          : NULL };
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  int at = -1, step = g_variant_get_boolean (parameter) ? 1 : 2;

  for (int i = 0; i < 3; i++)
    if (focus && (focus == parts[i] || gtk_widget_is_ancestor (focus, parts[i])))
      at = i;
  for (int i = 0; i < 3; i++)
    {
      at = (at + step) % 3;
      if (gtk_widget_get_mapped (parts[at])
          && gtk_widget_child_focus (parts[at], GTK_DIR_TAB_FORWARD))
        return;
    }
}

static void
page_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_window_show_page (data, g_variant_get_string (parameter, NULL));
}

static void
nth_page_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gsize n;
  const KtmPage *pages = ktm_pages (&n);
  int i = g_variant_get_int32 (parameter) - 1;

  if (i >= 0 && (gsize) i < n)
    ktm_window_show_page (data, pages[i].id);
}

static void
next_patient_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_study_step_picked (KTM_WINDOW (data)->study, 1);
}

static void
previous_patient_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_study_step_picked (KTM_WINDOW (data)->study, -1);
}

static void
pick_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;

  ktm_study_set_picked (self->study, ktm_cohort_find_code (ktm_study_get_cohort (self->study),
                                                           g_variant_get_string (parameter, NULL)));
}

/* --- exclusion -------------------------------------------------------------------------------- */

static void
exclude_picked (gpointer owner, const char *reason)
{
  KtmWindow *self = owner;
  int picked = ktm_study_get_picked (self->study);
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  if (picked < 0)
    return;
  said = g_strdup_printf (_("%s is excluded"),
                          ktm_cohort_get_code (ktm_study_get_cohort (self->study), (guint) picked));
  if (ktm_study_set_included (self->study, (guint) picked, FALSE, reason, &error))
    ktm_window_say_undoable (self, said);
  else
    ktm_window_say_error (self, _("The patient could not be excluded"), error);
}

static void
exclude_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  guint picked = (guint) ktm_study_get_picked (self->study);
  g_autofree char *title = g_strdup_printf (
      _("Exclude %s?"), ktm_cohort_get_code (ktm_study_get_cohort (self->study), picked));

  ktm_name_dialog_present (
      GTK_WIDGET (self),
      &(KtmNameQuestion){
          .title = title,
          .body = _("The patient stays in the file and is left out of every chart and result. "
                    "The reason is counted in the flow diagram."),
          .label = _("Reason"),
          .hint = _("Reason, as it will be reported"),
          .accept = _("Exclude"),
          .destructive = TRUE,
          .take = exclude_picked,
      });
}

/* --- saved subgroups -------------------------------------------------------------------------- */

/* The menu tells saved subgroups apart by their names alone. */
static char *
check_group_name (gpointer owner, const char *name, gboolean *usable)
{
  g_autoptr (GPtrArray) groups = ktm_study_list_groups (KTM_WINDOW (owner)->study);

  for (guint i = 0; i < groups->len && *usable; i++)
    *usable = !g_str_equal (((KtmStudyGroup *) groups->pdata[i])->title, name);
  return *usable ? NULL : g_strdup (_("A subgroup is already saved under this name."));
}

static void
save_group (gpointer owner, const char *title)
{
  KtmWindow *self = owner;
  g_autofree char *said = g_strdup_printf (_("Subgroup “%s” is saved in the cohort"), title);
  g_autoptr (GError) error = NULL;

  if (ktm_study_save_group (self->study, title, &error))
    ktm_window_say_undoable (self, said);
  else
    ktm_window_say_error (self, _("The subgroup could not be saved"), error);
}

static void
save_subgroup_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ktm_name_dialog_present (
      data,
      &(KtmNameQuestion){
          .title = _("Save this subgroup"),
          .body = _("It is kept in the cohort file, to be shown again or named in a figure."),
          .label = _("Name of the subgroup"),
          .check = check_group_name,
          .take = save_group,
      });
}

static void
load_subgroup_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (!ktm_study_load_group (self->study, g_variant_get_int64 (parameter), &error))
    ktm_window_say_error (self, _("The subgroup could not be shown"), error);
}

static void
delete_subgroup_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (ktm_study_delete_group (self->study, g_variant_get_int64 (parameter), &error))
    ktm_window_say_undoable (self, _("The subgroup is deleted; its patients are not"));
  else
    ktm_window_say_error (self, _("The subgroup could not be deleted"), error);
}

/* win.report(s): the path of the PDF to write, or "" to ask for it. */
static void
report_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *path = g_variant_get_string (parameter, NULL);

  if (*path)
    ktm_window_write_report (data, path, ktm_lang_code (ktm_interface_lang ()));
  else
    ktm_window_ask_report (data);
}

static void
shot_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!ktm_shot_save (GTK_WIDGET (data), g_variant_get_string (parameter, NULL), &error))
    g_printerr ("ketamine-viewer: %s\n", error->message);
}

/* GTK would build it with every window, were it where GTK looks for it. */
static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplicationWindow *self = data;

  if (!gtk_application_window_get_help_overlay (self))
    {
      g_autoptr (GtkBuilder) builder =
          gtk_builder_new_from_resource ("/org/ketamine/Viewer/ktm-shortcuts.ui");

      gtk_application_window_set_help_overlay (
          self, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (self)));
}

static void
cancel_loading_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (KTM_WINDOW (data)->loading)
    g_cancellable_cancel (KTM_WINDOW (data)->loading);
}

void
ktm_window_add_actions (KtmWindow *self)
{
  static const GActionEntry entries[] = {
    { "undo", undo_cb },
    { "redo", redo_cb },
    { "search", search_cb },
    { "clear-filter", clear_filter_cb },
    { "sidebar", sidebar_cb },
    { "pane", pane_cb },
    { "whole-page", NULL, NULL, "false", whole_page_cb },
    { "next-part", next_part_cb, "b" },
    { "page", page_cb, "s" },
    { "nth-page", nth_page_cb, "i" },
    { "next-patient", next_patient_cb },
    { "previous-patient", previous_patient_cb },
    { "pick", pick_cb, "s" },
    { "exclude", exclude_cb },
    { "save-subgroup", save_subgroup_cb },
    { "load-subgroup", load_subgroup_cb, "x" },
    { "delete-subgroup", delete_subgroup_cb, "x" },
    { "report", report_cb, "s" },
    { "shot", shot_cb, "s" },
    { "show-help-overlay", shortcuts_cb },
    { "cancel-loading", cancel_loading_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
show_alone (KtmWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "whole-page");

  if (action)
    g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (self->alone));
}

static void
enable (KtmWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  if (action)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
ktm_window_update_actions (KtmWindow *self)
{
  static const char *const of_study[] = {
    "search",           "clear-filter", "sidebar",       "pane",
    "next-part",        "page",         "nth-page",      "next-patient",
    "previous-patient", "pick",         "save-copy",     "load-subgroup",
    "delete-subgroup",  "save-classes", "apply-classes", "apply-classes-from",
    "grolts",           "share-copy"
  };
  const KtmPage *page = ktm_window_get_page (self, NULL);
  gboolean study = self->study && !self->loading;

  for (gsize i = 0; i < G_N_ELEMENTS (of_study); i++)
    enable (self, of_study[i], study);
  enable (self, "whole-page", study);
  show_alone (self);
  enable (self, "undo", study && ktm_study_get_undo (self->study));
  enable (self, "redo", study && ktm_study_get_redo (self->study));
  enable (self, "exclude", study && ktm_study_get_picked (self->study) >= 0);
  enable (self, "save-subgroup",
          study && !ktm_filter_is_empty (ktm_study_get_filter (self->study)));
  enable (self, "report", study && !self->reporting && ktm_study_get_n_shown (self->study) > 0);
  enable (self, "export", study && page && page->dup_chart);
  enable (self, "add-to-deck", study && page && page->dup_chart);
  enable (self, "present", study && page && page->dup_chart);
  enable (self, "deck", study);
  enable (self, "print", study && page && page->dup_chart);
}
