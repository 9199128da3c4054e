/* widgets: card of the picked patient. */
#include "ktm-patient-card.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

struct _KtmPatientCard
{
  GtkWidget  parent_instance;
  KtmStudy  *study;   /* owned */
  char      *measure; /* owned */
  GtkWidget *box, *code, *about, *grid; /* children */
};

G_DEFINE_FINAL_TYPE (KtmPatientCard, ktm_patient_card, GTK_TYPE_WIDGET)

const KtmLang *
ktm_say_lang (void)
{
  /* LANGUAGE goes before LANG, as it does for gettext. */
  for (const char *const *name = g_get_language_names (); *name; name++)
    {
      const KtmLang *lang = ktm_lang_find (*name);

      if (lang || g_str_has_prefix (*name, "en") || !strcmp (*name, "C"))
        return lang;
    }
  return NULL;
}

char *
ktm_say_number (double value, int decimals)
{
  char *text = ktm_lang_number (ktm_say_lang (), value, decimals, 0);
  char *copy = g_strdup (text);

  free (text);
  return copy;
}

char *
ktm_say_visit (const char *time_unit, double time)
{
  g_autofree char *number = ktm_say_number (time, time == floor (time) ? 0 : 2);

  if (time == 0)
    return g_strdup (_("baseline"));
  if (!g_strcmp0 (time_unit, "minute"))
    return g_strdup_printf (_("minute %s"), number);
  if (!g_strcmp0 (time_unit, "hour"))
    return g_strdup_printf (_("hour %s"), number);
  if (!g_strcmp0 (time_unit, "day"))
    return g_strdup_printf (_("day %s"), number);
  if (!g_strcmp0 (time_unit, "week"))
    return g_strdup_printf (_("week %s"), number);
  if (!g_strcmp0 (time_unit, "year"))
    return g_strdup_printf (_("year %s"), number);
  return g_strdup_printf (_("month %s"), number);
}

char *
ktm_say_level (const char *level)
{
  char first[8] = { 0 };

  if (!g_unichar_islower (g_utf8_get_char (level)))
    return g_strdup (level);
  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (level)), first);
  return g_strconcat (first, g_utf8_next_char (level), NULL);
}

static void
put (KtmPatientCard *self, int row, const char *name, char *value)
{
  GtkWidget *left = gtk_label_new (name), *right = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (left), 0);
  gtk_label_set_xalign (GTK_LABEL (right), 1);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (left, "dim-label");
  gtk_widget_add_css_class (right, "number");
  gtk_widget_add_css_class (right, "heading");
  gtk_grid_attach (GTK_GRID (self->grid), left, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), right, 1, row, 1, 1);
  g_free (value);
}

/* "−2 (−25 %)" */
static char *
change_text (double baseline, double value, int decimals)
{
  g_autofree char *change = ktm_say_number (value - baseline, decimals), *percent = NULL;
  const char *sign = value > baseline ? "+" : "";

  if (!isfinite (value - baseline) || baseline == 0)
    return g_strdup_printf ("%s%s", sign, change);
  percent = ktm_say_number (100 * (value - baseline) / baseline, 0);
  return g_strdup_printf ("%s%s (%s%s %%)", sign, change, sign, percent);
}

static const KtmFrameMeasure *
measure_of (KtmPatientCard *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  for (guint i = 0; i < ktm_cohort_get_n_measures (cohort); i++)
    if (!self->measure || !strcmp (ktm_cohort_get_measure (cohort, i)->id, self->measure))
      return ktm_cohort_get_measure (cohort, i);
  return NULL;
}

/* The rows about one measure.  Best: the lowest score where low is better. */
static void
show_scores (KtmPatientCard *self, const KtmFrameMeasure *measure, guint index)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  guint n_visits = ktm_cohort_get_n_visits (cohort), n = 0;
  const char *unit = ktm_cohort_get_time_unit (cohort);
  const double *scores = measure->value + (gsize) index * n_visits;
  int last = -1, best = -1, decimals = 0;
  double baseline = measure->baseline[index];

  for (guint i = 0; i < n_visits; i++)
    if (isfinite (scores[i]))
      {
        n++;
        last = (int) i;
        decimals = MAX (decimals, scores[i] == floor (scores[i]) ? 0 : 1);
        if (best < 0
            || (measure->lower_better ? scores[i] < scores[best] : scores[i] > scores[best]))
          best = (int) i;
      }
  if (last >= 0)
    {
      g_autofree char *from = ktm_say_number (baseline, decimals),
                      *to = ktm_say_number (scores[last], decimals);
      g_autofree char *when =
          ktm_say_visit (unit, ktm_cohort_get_visit_time (cohort, (guint) last));
      g_autofree char *top = ktm_say_number (scores[best], decimals);
      g_autofree char *top_when =
          ktm_say_visit (unit, ktm_cohort_get_visit_time (cohort, (guint) best));
      /* Translators: %s is a visit ("month 8"). */
      g_autofree char *name = g_strdup_printf (_("Baseline → %s"), when);

      put (self, 0, name, g_strdup_printf ("%s → %s", from, to));
      put (self, 1, _("Change"), change_text (baseline, scores[last], decimals));
      put (self, 2, measure->lower_better ? _("Lowest score") : _("Highest score"),
           g_strdup_printf ("%s · %s", top, top_when));
    }
  put (self, 3, _("Visits with a score"),
       g_strdup_printf (_("%u of %u"), n, MAX (n, ktm_cohort_get_n_score_visits (cohort))));
}

static void
update (KtmPatientCard *self)
{
  int picked = ktm_study_get_picked (self->study);
  g_autoptr (KtmPatient) patient = NULL;
  const char *summary;
  GtkWidget *child;

  if (picked >= 0)
    patient =
        g_list_model_get_item (G_LIST_MODEL (ktm_study_get_cohort (self->study)), (guint) picked);
  gtk_widget_set_visible (GTK_WIDGET (self), patient != NULL);
  if (!patient)
    return;
  while ((child = gtk_widget_get_first_child (self->grid)))
    gtk_grid_remove (GTK_GRID (self->grid), child);
  summary = ktm_patient_get_summary (patient);
  gtk_label_set_text (GTK_LABEL (self->code), ktm_patient_get_code (patient));
  gtk_label_set_text (GTK_LABEL (self->about), ktm_study_find (self->study, (guint) picked) < 0
                                                   ? _("not in this subgroup")
                                                   : summary);
  gtk_widget_set_tooltip_text (self->about, summary);
  if (measure_of (self))
    show_scores (self, measure_of (self), (guint) picked);
}

static GtkWidget *
new_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small");
  return button;
}

static void
ktm_patient_card_dispose (GObject *object)
{
  KtmPatientCard *self = KTM_PATIENT_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  g_clear_pointer (&self->measure, g_free);
  G_OBJECT_CLASS (ktm_patient_card_parent_class)->dispose (object);
}

static void
ktm_patient_card_class_init (KtmPatientCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_patient_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ktm_patient_card_init (KtmPatientCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->code = gtk_label_new (NULL);
  self->about = gtk_label_new (NULL);
  self->grid = gtk_grid_new ();
  gtk_widget_add_css_class (self->code, "card-title");
  gtk_widget_add_css_class (self->about, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (self->about), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->about), 0);
  gtk_widget_set_hexpand (self->about, TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 3);
  gtk_box_append (GTK_BOX (head), self->code);
  gtk_box_append (GTK_BOX (head), self->about);
  gtk_box_append (
      GTK_BOX (head),
      new_button ("go-previous-symbolic", _("Previous patient (Alt+Up)"), "win.previous-patient"));
  gtk_box_append (GTK_BOX (head), new_button ("go-next-symbolic", _("Next patient (Alt+Down)"),
                                              "win.next-patient"));
  gtk_box_append (GTK_BOX (head), new_button ("action-unavailable-symbolic",
                                              _("Exclude this patient…"), "win.exclude"));
  gtk_box_append (GTK_BOX (self->box), head);
  gtk_box_append (GTK_BOX (self->box), self->grid);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "strip-card");
  gtk_widget_set_size_request (self->box, 250, -1);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Picked patient"), -1);
}

GtkWidget *
ktm_patient_card_new (KtmStudy *study)
{
  KtmPatientCard *self = g_object_new (KTM_TYPE_PATIENT_CARD, NULL);

  self->study = g_object_ref (study);
  g_signal_connect_object (study, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (study, "notify::picked", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

void
ktm_patient_card_set_measure (KtmPatientCard *self, const char *id)
{
  g_return_if_fail (KTM_IS_PATIENT_CARD (self));
  g_free (self->measure);
  self->measure = g_strdup (id);
  update (self);
}
