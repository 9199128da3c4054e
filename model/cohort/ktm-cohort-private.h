/* What the files of model/cohort share.  Not for other floors. */
#pragma once

#include <glib/gi18n-lib.h>

#include "ktm-cohort.h"

/* Everything loaded of a cohort: plain data, made in any thread. */
typedef struct
{
  KtmFrame *frame;         /* owned: all included patients, all parts */
  char     *provenance;    /* owned */
  gint64   *ids;           /* owned, n_patients: keys of the store */
  gboolean *is_baseline;   /* owned, n_attributes */
  guint    *n_scores;      /* owned, n_patients: of the main measure */
  gint *latest; /* owned, n_patients: visit index of the last score after baseline; −1 none */
  guint     n_centres;
  guint     n_score_visits;
  gint      sex, age, group; /* attributes a patient's summary is made of; −1 none */
} KtmCohortData;

/* Called now and then while loading; FALSE stops. */
typedef gboolean (*KtmLoadPoll) (double fraction, gpointer data);

/* ktm-cohort-load.c */
KtmCohortData *
ktm_cohort_data_load (KtmStore *store, KtmLoadPoll poll, gpointer poll_data, GError **error);
void           ktm_cohort_data_free (KtmCohortData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmCohortData, ktm_cohort_data_free)

/* ktm-cohort-derive.c */
typedef struct
{
  char **centre, **arm;    /* borrowed strings, one a patient; nullable */
} KtmPatientTexts;
void ktm_cohort_data_derive (KtmCohortData *data, const KtmPatientTexts *texts);
/* What files and recipes call the level of an attribute: levels made here are said in the language
 * of the window, and written in English, so that a saved group is the same group in every language.
 * Borrowed. */
const char *ktm_cohort_level_key (const char *attribute, const char *level);

/* ktm-filter.c */
void ktm_json_append_list (GString *json, const char *name, const char *const *texts);

/* ktm-cohort-class-names.c */
gboolean ktm_class_names_load (KtmStore *store, KtmFrame *frame, GError **error);

/* ktm-cohort-classes.c */
typedef struct _KtmClassColumns KtmClassColumns;
KtmClassColumns *ktm_class_columns_new   (const KtmCohortData *data, const KtmClassResult *result);
void             ktm_class_columns_apply (const KtmClassColumns *columns, KtmCohortData *data);
void ktm_class_columns_take_names (KtmClassColumns *columns, const KtmCohortData *data);
void             ktm_class_columns_free  (KtmClassColumns *columns);

/* ktm-cohort.c */
const KtmCohortData *ktm_cohort_get_data (KtmCohort *self);

/* ktm-patient.c */
KtmPatient *ktm_patient_new       (KtmCohort *cohort, guint index);
void ktm_patient_set_index (KtmPatient *self, guint index); /* G_MAXUINT: not there any more */
void        ktm_patient_forget    (KtmPatient *self);                /* the cohort goes away */
char       *ktm_patient_make_summary (const KtmCohortData *data, guint index);
