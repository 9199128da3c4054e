/* widgets: the cohort's own rows beside published studies. */
#include "ktm-study-own.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ktm-chart-choices.h"
#include "ktm-study-row.h"

struct _KtmStudyOwn
{
  GtkWidget  parent_instance;
  KtmStudy  *study;  /* owned */
  GtkWidget *box, *all, *attribute, *levels; /* children */
  char      *filled; /* owned; the attribute whose levels are listed, NULL none */
  gboolean   setting;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KtmStudyOwn, ktm_study_own, GTK_TYPE_WIDGET)

static const KtmFrameAttribute *
find_attribute (KtmStudyOwn *self, const char *id)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  for (guint i = 0; id && i < ktm_cohort_get_n_attributes (cohort); i++)
    if (g_str_equal (ktm_cohort_get_attribute (cohort, i)->id, id))
      return ktm_cohort_get_attribute (cohort, i);
  return NULL;
}

static void
chosen_cb (KtmStudyOwn *self)
{
  gtk_widget_set_sensitive (self->attribute, ktm_study_own_is_shown (self));
  gtk_widget_set_sensitive (self->levels, ktm_study_own_is_shown (self));
  if (!self->setting)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* --- the levels of the chosen attribute ------------------------------------------------------- */

static void
clear_levels (KtmStudyOwn *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->levels)))
    gtk_box_remove (GTK_BOX (self->levels), child);
  g_clear_pointer (&self->filled, g_free);
}

static void
fill_levels (KtmStudyOwn *self)
{
  const char *id = ktm_choice_get_id (self->attribute);
  const KtmFrameAttribute *attribute = find_attribute (self, id);

  if (g_strcmp0 (id, self->filled))
    {
      clear_levels (self);
      self->filled = g_strdup (id);
      for (gsize i = 0; attribute && i < attribute->n_levels; i++)
        {
          GtkWidget *row = ktm_study_row_new (attribute->levels[i]);

          ktm_study_row_set_active (row, TRUE);
          g_signal_connect_swapped (row, "toggled", G_CALLBACK (chosen_cb), self);
          gtk_box_append (GTK_BOX (self->levels), row);
        }
    }
}

static void
attribute_cb (KtmStudyOwn *self)
{
  fill_levels (self);
  chosen_cb (self);
}

/* Attributes, or the levels of one, are others now: ticks of levels still there stay. */
static void
cohort_changed_cb (KtmStudyOwn *self)
{
  g_auto (GStrv) ticked = ktm_study_own_dup_levels (self);
  g_autofree char *id = g_strdup (ktm_study_own_get_attribute (self));

  self->setting = TRUE;
  ktm_choice_set_groupings (KTM_CHOICE (self->attribute), ktm_study_get_cohort (self->study),
                            _("Nothing"), KTM_MOST_COLOURS, FALSE);
  clear_levels (self);
  fill_levels (self);
  for (GtkWidget *row = gtk_widget_get_first_child (self->levels); row && ticked;
       row = gtk_widget_get_next_sibling (row))
    if (!g_strcmp0 (id, self->filled))
      ktm_study_row_set_active (
          row, g_strv_contains ((const char *const *) ticked, ktm_study_row_get_name (row)));
  self->setting = FALSE;
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_study_own_dispose (GObject *object)
{
  KtmStudyOwn *self = KTM_STUDY_OWN (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->filled, g_free);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_study_own_parent_class)->dispose (object);
}

static void
ktm_study_own_class_init (KtmStudyOwnClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_study_own_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_study_own_init (KtmStudyOwn *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->all = ktm_study_row_new (_("All patients"));
  self->attribute = ktm_choice_new (_("Subgroups as rows"));
  self->levels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_margin_start (self->levels, 20);
  gtk_box_append (GTK_BOX (self->box), self->all);
  gtk_box_append (GTK_BOX (self->box), self->attribute);
  gtk_box_append (GTK_BOX (self->box), self->levels);
  ktm_study_row_set_active (self->all, TRUE);
}

GtkWidget *
ktm_study_own_new (KtmStudy *study)
{
  KtmStudyOwn *self = g_object_new (KTM_TYPE_STUDY_OWN, NULL);

  self->study = g_object_ref (study);
  cohort_changed_cb (self);
  g_signal_connect_swapped (self->all, "toggled", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->attribute, "notify::selected", G_CALLBACK (attribute_cb), self);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/* --- what is chosen --------------------------------------------------------------------------- */

gboolean
ktm_study_own_is_shown (KtmStudyOwn *self)
{
  g_return_val_if_fail (KTM_IS_STUDY_OWN (self), FALSE);
  return ktm_study_row_get_active (self->all);
}

char **
ktm_study_own_dup_levels (KtmStudyOwn *self)
{
  g_autoptr (GPtrArray) levels = g_ptr_array_new ();

  g_return_val_if_fail (KTM_IS_STUDY_OWN (self), NULL);
  for (GtkWidget *row = gtk_widget_get_first_child (self->levels); row;
       row = gtk_widget_get_next_sibling (row))
    if (ktm_study_row_get_active (row))
      g_ptr_array_add (levels, g_strdup (ktm_study_row_get_name (row)));
  if (levels->len == 0)
    return NULL;
  g_ptr_array_add (levels, NULL);
  return (char **) g_ptr_array_steal (levels, NULL);
}

const char *
ktm_study_own_get_attribute (KtmStudyOwn *self)
{
  g_auto (GStrv) levels = ktm_study_own_dup_levels (self);

  return levels ? self->filled : NULL;
}

void
ktm_study_own_set (KtmStudyOwn *self, gboolean shown, const char *attribute,
                   const char *const *levels)
{
  g_return_if_fail (KTM_IS_STUDY_OWN (self));
  self->setting = TRUE;
  ktm_study_row_set_active (self->all, shown);
  ktm_choice_set_selected (KTM_CHOICE (self->attribute), attribute ? attribute : "");
  for (GtkWidget *row = gtk_widget_get_first_child (self->levels); row;
       row = gtk_widget_get_next_sibling (row))
    ktm_study_row_set_active (row, !levels
                                       || g_strv_contains (levels, ktm_study_row_get_name (row)));
  self->setting = FALSE;
}

/* --- counts ----------------------------------------------------------------------------------- */

/* Patients with a score before and one at the visit; −1 where there is no such visit. */
static long
count_pairs (const KtmFrame *frame, const char *measure, double to)
{
  long m = measure ? ktm_frame_find_measure (frame, measure) : frame->n_measures ? 0 : -1,
       visit = isnan (to) ? (long) frame->n_visits - 1 : ktm_frame_find_visit (frame, to), n = 0;

  if (m < 0 || visit < 0 || frame->visit_time[visit] <= 0)
    return -1;
  for (gsize i = 0; i < frame->n_patients; i++)
    n += !isnan (frame->measures[m].baseline[i])
         && !isnan (frame->measures[m].value[i * frame->n_visits + (gsize) visit]);
  return n;
}

static void
count_level (const KtmFrame *frame, const char *id, gsize level, GtkWidget *row)
{
  long a = id ? ktm_frame_find_attribute (frame, id) : -1;
  guint n = 0;
  g_autofree char *text = NULL;

  for (gsize i = 0; a >= 0 && i < frame->n_patients; i++)
    n += frame->attributes[a].value[i] == (double) level;
  text = g_strdup_printf (ngettext ("%u patient", "%u patients", n), n);
  ktm_study_row_set_about (row, text);
}

void
ktm_study_own_count (KtmStudyOwn *self, const KtmFrame *frame, const char *measure, double to)
{
  g_autofree char *patients = NULL, *text = NULL;
  guint n = frame ? (guint) frame->n_patients : 0;
  long pairs = frame ? count_pairs (frame, measure, to) : -1;
  gsize level = 0;

  g_return_if_fail (KTM_IS_STUDY_OWN (self));
  patients = g_strdup_printf (ngettext ("%u patient", "%u patients", n), n);
  if (pairs >= 0)
    {
      /* Translators: patients with a score before and after. */
      g_autofree char *both = g_strdup_printf (ngettext ("%ld pair", "%ld pairs", (gulong) pairs),
                                               pairs);

      text = g_strdup_printf ("%s · %s", patients, both);
    }
  ktm_study_row_set_name (self->all, frame && n < frame->n_in_cohort ? _("The chosen patients")
                                                                    : _("All patients"));
  ktm_study_row_set_about (self->all, text ? text : patients);
  for (GtkWidget *row = gtk_widget_get_first_child (self->levels); row && frame;
       row = gtk_widget_get_next_sibling (row))
    count_level (frame, self->filled, level++, row);
}
