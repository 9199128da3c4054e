/* model/cohort: store and stats, GObject, GIO. */
#include <math.h>

#include "ktm-cohort-private.h"

struct _KtmPatient
{
  GObject    parent_instance;
  KtmCohort *cohort; /* borrowed; NULL once it is gone: it keeps these objects alive, not the other
                        way round */
  guint      index;    /* G_MAXUINT: not among the included */
  char      *code;     /* owned; a study pseudonym, never a name */
  char      *summary;  /* owned, nullable: not made yet */
};

enum
{
  PROP_0,
  PROP_CODE,
  PROP_INDEX,
  PROP_SUMMARY,
  PROP_N_SCORES,
  PROP_BASELINE,
  PROP_LATEST,
  PROP_LATEST_VISIT,
  PROP_CHANGE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmPatient, ktm_patient, G_TYPE_OBJECT)

/* The cohort's data while this patient is in it, else NULL. */
static const KtmCohortData *
data_of (KtmPatient *self)
{
  if (self->cohort == NULL || self->index == G_MAXUINT)
    return NULL;
  return ktm_cohort_get_data (self->cohort);
}

static void
append_word (GString *text, const char *separator, const char *word)
{
  if (text->len > 0)
    g_string_append (text, separator);
  g_string_append (text, word);
}

static const char *
level_of (const KtmFrame *f, gint attribute, guint index)
{
  const KtmFrameAttribute *a = attribute >= 0 ? &f->attributes[attribute] : NULL;

  if (a == NULL || isnan (a->value[index]) || a->value[index] >= (double) a->n_levels)
    return NULL;
  return a->levels[(gsize) a->value[index]];
}

/* "Fibromyalgia · F 41": the first category of the file, sex and age, as far as they are known;
 * free. */
char *
ktm_patient_make_summary (const KtmCohortData *data, guint index)
{
  const KtmFrame *f = data->frame;
  const char *group = level_of (f, data->group, index);
  const char *sex = level_of (f, data->sex, index);
  GString *text = g_string_new (NULL);

  if (group != NULL)
    {
      g_string_append_unichar (text, g_unichar_totitle (g_utf8_get_char (group)));
      g_string_append (text, g_utf8_next_char (group));
    }
  if (sex != NULL)
    append_word (text, " · ", sex);
  if (data->age >= 0 && !isnan (f->attributes[data->age].value[index]))
    {
      g_autofree char *age =
          g_strdup_printf ("%.0f", floor (f->attributes[data->age].value[index]));

      append_word (text, sex != NULL ? " " : " · ", age);
    }
  return g_string_free (text, FALSE);
}

static void
ktm_patient_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KtmPatient *self = KTM_PATIENT (object);
  const KtmCohortData *data = data_of (self);
  gint latest = ktm_patient_get_latest_visit (self);

  switch (prop_id)
    {
    case PROP_CODE: g_value_set_string (value, self->code); break;
    case PROP_INDEX: g_value_set_uint (value, self->index); break;
    case PROP_SUMMARY: g_value_set_string (value, ktm_patient_get_summary (self)); break;
    case PROP_N_SCORES: g_value_set_uint (value, ktm_patient_get_n_scores (self)); break;
    case PROP_BASELINE: g_value_set_double (value, ktm_patient_get_baseline (self)); break;
    case PROP_LATEST: g_value_set_double (value, ktm_patient_get_latest (self)); break;
    case PROP_CHANGE: g_value_set_double (value, ktm_patient_get_change (self)); break;
    case PROP_LATEST_VISIT:
      g_value_set_string (value, latest >= 0 ? data->frame->visit_label[latest] : "");
      break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ktm_patient_finalize (GObject *object)
{
  KtmPatient *self = KTM_PATIENT (object);

  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->summary, g_free);
  G_OBJECT_CLASS (ktm_patient_parent_class)->finalize (object);
}

static void
ktm_patient_class_init (KtmPatientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = ktm_patient_get_property;
  object_class->finalize = ktm_patient_finalize;
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, NULL, flags);
  props[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, G_MAXUINT, flags);
  props[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);
  props[PROP_N_SCORES] = g_param_spec_uint ("n-scores", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_BASELINE] =
      g_param_spec_double ("baseline", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  props[PROP_LATEST] =
      g_param_spec_double ("latest", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  props[PROP_LATEST_VISIT] = g_param_spec_string ("latest-visit", NULL, NULL, NULL, flags);
  props[PROP_CHANGE] =
      g_param_spec_double ("change", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ktm_patient_init (KtmPatient *self)
{
  self->index = G_MAXUINT;
}

/* The object for row @index of @cohort, which it borrows. */
KtmPatient *
ktm_patient_new (KtmCohort *cohort, guint index)
{
  KtmPatient *self = g_object_new (KTM_TYPE_PATIENT, NULL);

  self->cohort = cohort;
  self->index = index;
  self->code = g_strdup (ktm_cohort_get_code (cohort, index));
  return self;
}

/* After a reload: where the patient stands now, and that everything may have changed. */
void
ktm_patient_set_index (KtmPatient *self, guint index)
{
  self->index = index;
  g_clear_pointer (&self->summary, g_free);
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    if (i != PROP_CODE)
      g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The cohort goes away before the object. */
void
ktm_patient_forget (KtmPatient *self)
{
  self->cohort = NULL;
  self->index = G_MAXUINT;
}

/* Place among the cohort's patients; G_MAXUINT when it is not among them any more. */
guint
ktm_patient_get_index (KtmPatient *self)
{
  g_return_val_if_fail (KTM_IS_PATIENT (self), G_MAXUINT);
  return self->index;
}

/* The pseudonym. */
const char *
ktm_patient_get_code (KtmPatient *self)
{
  g_return_val_if_fail (KTM_IS_PATIENT (self), NULL);
  return self->code;
}

/* "Fibromyalgia · F 41"; never NULL. */
const char *
ktm_patient_get_summary (KtmPatient *self)
{
  g_return_val_if_fail (KTM_IS_PATIENT (self), "");
  if (data_of (self) == NULL)
    return "";
  if (self->summary == NULL)
    self->summary = ktm_patient_make_summary (data_of (self), self->index);
  return self->summary;
}

/* Visits with a score of the main measure. */
guint
ktm_patient_get_n_scores (KtmPatient *self)
{
  g_return_val_if_fail (KTM_IS_PATIENT (self), 0);
  return data_of (self) != NULL ? data_of (self)->n_scores[self->index] : 0;
}

/* The main measure's baseline; NaN none. */
double
ktm_patient_get_baseline (KtmPatient *self)
{
  const KtmCohortData *data = data_of (self);

  if (data == NULL || data->frame->n_measures == 0)
    return NAN;
  return data->frame->measures[0].baseline[self->index];
}

/* Visit index of the main measure's last score after baseline; −1 none. */
gint
ktm_patient_get_latest_visit (KtmPatient *self)
{
  return data_of (self) != NULL ? data_of (self)->latest[self->index] : -1;
}

/* That score; NaN none. */
double
ktm_patient_get_latest (KtmPatient *self)
{
  gint visit = ktm_patient_get_latest_visit (self);

  return visit >= 0 ? ktm_patient_get_course (self, NULL)[visit] : NAN;
}

/* Latest − baseline, in points of the main measure; NaN when either is missing. */
double
ktm_patient_get_change (KtmPatient *self)
{
  return ktm_patient_get_latest (self) - ktm_patient_get_baseline (self);
}

/* The main measure by visit, NaN where missing: what a sparkline draws.  Borrowed until the cohort
 * is reloaded; NULL (and *n_visits 0) without a measure.  @n_visits: nullable */
const double *
ktm_patient_get_course (KtmPatient *self, guint *n_visits)
{
  const KtmCohortData *data = data_of (self);
  gboolean any = data != NULL && data->frame->n_measures > 0;

  if (n_visits != NULL)
    *n_visits = any ? (guint) data->frame->n_visits : 0;
  return any ? data->frame->measures[0].value + self->index * data->frame->n_visits : NULL;
}

/* The cohort it belongs to, borrowed; NULL once that is gone. */
KtmCohort *
ktm_patient_get_cohort (KtmPatient *self)
{
  return self->cohort;
}
