/* widgets: choices shared by pages with charts. */
#include "ktm-chart-choices.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ktm-patient-card.h"
#include "ktm-split.h"

const KtmOption ktm_options_show[3] = {
  { "value", N_("Value") },
  { "change", N_("Change from baseline") },
  { "percent", N_("Change in %") },
};

const KtmOption ktm_options_missing[5] = {
  { "available", N_("Available") },     { "completers", N_("Completers only") },
  { "locf", N_("Last score forward") }, { "bocf", N_("Baseline forward") },
  { "worst", N_("Worst score") },
};

void
ktm_choice_set_table (KtmChoice *choice, const KtmOption *options, guint n)
{
  g_autofree const char **ids = g_new (const char *, n), **labels = g_new (const char *, n);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = options[i].id;
      labels[i] = g_ascii_isdigit (options[i].label[0]) ? options[i].label : _(options[i].label);
    }
  ktm_choice_set_options (choice, ids, labels, n);
}

void
ktm_choice_set_measures (KtmChoice *choice, KtmCohort *cohort)
{
  guint n = ktm_cohort_get_n_measures (cohort);
  g_autofree const char **ids = g_new (const char *, n + 1), **labels = g_new (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = ktm_cohort_get_measure (cohort, i)->id;
      labels[i] = ktm_cohort_get_measure (cohort, i)->label;
    }
  ktm_choice_set_options (choice, ids, labels, n);
}

static gboolean
can_colour (const KtmFrameAttribute *attribute, guint most)
{
  return attribute->kind != KTM_ATTRIBUTE_NUMBER && attribute->kind != KTM_ATTRIBUTE_DATE
         && attribute->n_levels >= 2 && attribute->n_levels <= most;
}

/* A number at least two patients differ in; not the certainty of a class. */
static gboolean
can_split (KtmCohort *cohort, const KtmFrameAttribute *attribute)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (cohort));
  double first = NAN;

  if (attribute->kind != KTM_ATTRIBUTE_NUMBER || attribute->made_from)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (isnan (first))
      first = attribute->value[i];
    else if (isfinite (attribute->value[i]) && attribute->value[i] != first)
      return TRUE;
  return FALSE;
}

static const KtmFrameAttribute *
attribute_of (KtmCohort *cohort, const char *by)
{
  gint at = by && *by ? ktm_cohort_find_grouping (cohort, by) : -1;

  return at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;
}

/* How a grouping by a number is offered. */
static char *
name_split (const KtmFrameAttribute *attribute, const char *by)
{
  const char *cuts = by + ktm_grouping_id_length (by);
  g_auto (GStrv) numbers = NULL;
  GString *list;

  if (g_str_equal (by, attribute->id) || *cuts != ':')
    /* Translators: %s is a number known of each patient, "Age"; it makes two groups. */
    return g_strdup_printf (_("%s (median split)"), attribute->label);
  numbers = g_strsplit (cuts + 1, ",", -1);
  list = g_string_new (NULL);
  for (char **number = numbers; *number; number++)
    {
      double value = g_ascii_strtod (*number, NULL);
      const char *point = strchr (*number, '.');
      g_autofree char *said = ktm_say_number (value, point ? (int) MIN (strlen (point) - 1, 6) : 0);

      g_string_append_printf (list, "%s%s", list->len ? " | " : "", said);
    }
  g_string_prepend (list, " | ");
  g_string_prepend (list, attribute->label);
  return g_string_free (list, FALSE);
}

static void
add_grouping (GPtrArray *ids, GPtrArray *labels, const char *id, char *label)
{
  g_ptr_array_add (ids, g_strdup (id));
  g_ptr_array_add (labels, label);
}

static gboolean
is_offered (GPtrArray *ids, const char *id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_str_equal (ids->pdata[i], id))
      return TRUE;
  return FALSE;
}

void
ktm_choice_set_groupings (KtmChoice *choice, KtmCohort *cohort, const char *none, guint most,
                          gboolean numbers)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  guint all = ktm_cohort_get_n_attributes (cohort);
  const char *chosen = ktm_choice_get_selected (choice);
  const KtmFrameAttribute *cut = numbers ? attribute_of (cohort, chosen) : NULL;

  add_grouping (ids, labels, "", g_strdup (none));
  for (guint number = 0; number <= (guint) numbers; number++)
    for (guint i = 0; i < all; i++)
      {
        const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);

        if (number ? can_split (cohort, attribute) : can_colour (attribute, most))
          add_grouping (ids, labels, attribute->id,
                        number ? name_split (attribute, attribute->id)
                               : g_strdup (attribute->label));
      }
  if (cut && cut->kind == KTM_ATTRIBUTE_NUMBER && !is_offered (ids, chosen))
    add_grouping (ids, labels, chosen, name_split (cut, chosen));
  ktm_choice_set_options (choice, (const char *const *) ids->pdata,
                          (const char *const *) labels->pdata, ids->len);
}

gboolean
ktm_choice_select_grouping (KtmChoice *choice, KtmCohort *cohort, const char *by)
{
  const KtmFrameAttribute *attribute = attribute_of (cohort, by);
  g_autofree char *label = NULL;

  if (ktm_choice_set_selected (choice, by ? by : ""))
    return TRUE;
  if (!attribute || attribute->kind != KTM_ATTRIBUTE_NUMBER)
    return FALSE;
  label = name_split (attribute, by);
  ktm_choice_add_option (choice, by, label);
  return ktm_choice_set_selected (choice, by);
}

const char *
ktm_first_grouping (KtmCohort *cohort)
{
  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    if (can_colour (ktm_cohort_get_attribute (cohort, i), KTM_MOST_COLOURS))
      return ktm_cohort_get_attribute (cohort, i)->id;
  return NULL;
}

void
ktm_choice_set_visits (KtmChoice *choice, KtmCohort *cohort)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  guint n = ktm_cohort_get_n_visits (cohort);

  g_ptr_array_add (ids, g_strdup (""));
  g_ptr_array_add (labels, g_strdup (_("Last visit")));
  for (guint i = 0; i < n; i++)
    {
      double time = ktm_cohort_get_visit_time (cohort, i);
      char id[G_ASCII_DTOSTR_BUF_SIZE];

      if (time <= 0)
        continue;
      g_ptr_array_add (ids, g_strdup (g_ascii_dtostr (id, sizeof id, time)));
      g_ptr_array_add (labels, ktm_say_visit (ktm_cohort_get_time_unit (cohort), time));
      *(char *) labels->pdata[labels->len - 1] =
          g_ascii_toupper (*(char *) labels->pdata[labels->len - 1]);
    }
  ktm_choice_set_options (choice, (const char *const *) ids->pdata,
                          (const char *const *) labels->pdata, ids->len);
}

const char *
ktm_choice_get_id (GtkWidget *choice)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (choice));

  return id && *id ? id : NULL;
}

double
ktm_choice_get_visit (GtkWidget *choice)
{
  const char *id = ktm_choice_get_id (choice);

  return id ? g_ascii_strtod (id, NULL) : NAN;
}

gboolean
ktm_choice_set_visit (GtkWidget *choice, double time)
{
  char id[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (!isnan (time))
    g_ascii_dtostr (id, sizeof id, time);
  return ktm_choice_set_selected (KTM_CHOICE (choice), id);
}

KtmChartOptions *
ktm_chart_options_new_for_screen (GSettings *settings)
{
  static const char marks[] = { 0, '.', ',' };
  KtmChartOptions *options = ktm_chart_options_new ();

  options->level = g_settings_get_double (settings, "level");
  options->lang = g_strdup (ktm_lang_code (ktm_say_lang ()));
  options->decimal_mark = marks[g_settings_get_enum (settings, "decimal-mark") % 3];
  return options;
}

void
ktm_watch_chart_settings (GSettings *settings, GCallback callback, gpointer self)
{
  static const char *const keys[] = { "level", "decimal-mark", "show-codes" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *signal = g_strconcat ("changed::", keys[i], NULL);

      g_signal_connect_object (settings, signal, callback, self, G_CONNECT_SWAPPED);
    }
}

const char *
ktm_chart_say_empty (KtmStudy *study, const KtmChartOptions *options)
{
  if (!options->measure)
    return _("This cohort has no measure, so there are no scores to draw. "
             "Import a table of scores into it.");
  if (ktm_study_get_n_shown (study) > 0)
    return NULL;
  return g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (study))) > 0
             ? _("No patient is in this subgroup. Take a condition away, "
                 "or show all patients again (Ctrl+Shift+A).")
             : _("This cohort has no patients yet. Import a table of "
                 "patients and scores into it.");
}

void
ktm_widget_set_name (GtkWidget *widget, const char *name)
{
  gboolean hide = gtk_widget_get_visible (widget) && !gtk_widget_get_root (widget);

  /* GTK asks the display where the pointer is, and waits, for each tooltip of what is visible. */
  if (hide)
    gtk_widget_set_visible (widget, FALSE);
  gtk_widget_set_tooltip_text (widget, name);
  if (hide)
    gtk_widget_set_visible (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
