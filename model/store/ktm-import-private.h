/* What the files of the import share.  Not for other floors. */
#pragma once

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ktm-import.h"

#define KTM_IMPORT_MAX_PROBLEMS 20000
#define KTM_IMPORT_MAX_CHANGES 20000

G_STATIC_ASSERT (KTM_N_PROBLEMS <= 64);  /* the kind has six bits of a choice's key */

/* What a patient has besides values and scores. */
typedef enum
{
  KTM_FIELD_CENTRE,
  KTM_FIELD_ARM,
  KTM_FIELD_EXCLUSION_REASON,
  KTM_FIELD_STOP_REASON,
  KTM_FIELD_STOP_TIME,
  KTM_FIELD_INCLUDED,
  KTM_FIELD_INDEX_DATE,
  KTM_N_FIELDS
} KtmPlanField;

/* Strings are borrowed from the import's chunk. */
typedef struct
{
  const char *id, *label, *unit;
  double min, max, mcid;
  gboolean lower_better, exists;
  guint position;
} KtmPlanMeasure;
typedef struct
{
  const char *id, *label;
  double time, low, high;
  gboolean exists;
  guint position;
} KtmPlanVisit;
typedef struct
{
  const char *id, *label, *unit;
  KtmStoreKind kind;
  GPtrArray *levels; /* borrowed strings */
  GHashTable *index; /* level as written → position + 1 */
  guint n_old_levels;
  gboolean exists;
  guint position;
} KtmPlanAttribute;

typedef struct { const char *text; gsize len; } KtmSlice;

/* Where an import says a field; line 0: nowhere. */
typedef struct
{
  guint16 source;
  guint   line;
} KtmPlanSaid;

/* There are as many as a registry has patients: small. */
typedef struct
{
  union
  {
    KtmSlice slice;               /* key of by_code */
    struct
    {
      const char *code;
      gsize       code_len;
    };
  };
  gint64      id;                 /* in the cohort; 0 new */
  double      index_date;         /* Julian day; NaN unknown */
  double      first_treatment, index_column;
  const char *centre, *arm, *exclusion_reason, *stop_reason;
  double      stop_time;
  gsize       offset;             /* in the text, of its row in a table of patients */
  KtmPlanSaid *said;              /* owned, KTM_N_FIELDS of them; NULL: nothing said */
  guint       line;               /* of that row; 0: none yet */
  guint16     source;
  gint8       included;           /* −1 not said */
  guint8      spaced : 1;         /* its code had spaces around it where first seen */
  guint8      exists : 1, touched : 1;
} KtmPlanPatient;

typedef struct
{
  guint patient;
  guint16 attribute, source, column;
  guint line;
  double value;
} KtmPlanValue;
typedef struct
{
  guint patient, line;
  guint16 measure : 15, dropped : 1;
  guint16 visit, source, column;
  double time, value;
} KtmPlanScore;
/* patient, line, source and column say where a row of each of these stands. */
typedef struct { guint patient, line; guint16 source, column; } KtmPlanPlace;

typedef struct
{
  KtmPlanPlace place;
  double       date, time;
  gboolean     undated;           /* the file says no time: it stands at 0 */
  const char  *drug;
  double       dose;
  const char  *dose_unit;
  double       duration;
  const char  *duration_unit, *route, *with;
} KtmPlanTreatment;

typedef struct
{
  guint patient, line;
  guint16 visit, source, column;
  double time;
  gboolean any;
} KtmPlanSafety;

typedef struct
{
  KtmPlanPlace place;
  int          visit;
  double       time;
  const char  *term;
  int          severity, serious, related, led_to_stop;
  double       grade, resolved;
} KtmPlanEvent;

typedef struct
{
  KtmPlanPlace place;
  KtmStudyArmRecord record;
  gboolean kind_said;     /* by the file */
} KtmPlanArm;

/* The scores and values of the open cohort, by patient id. */
typedef struct { gint64 patient; guint measure, visit; double time, value; } KtmOldScore;
typedef struct { gint64 patient; guint attribute; double value; } KtmOldValue;
/* By patient, then measure and visit, or attribute: for sorting and bsearch(). */
int ktm_old_score_order (gconstpointer a, gconstpointer b);
int ktm_old_value_order (gconstpointer a, gconstpointer b);

struct _KtmImport
{
  GPtrArray      *sources;          /* KtmSource, owned */
  KtmImportProgress progress;
  gpointer        progress_data;
  double done, share; /* progress: how much is done, and the part the present step is */

  /* the cohort as it is */
  gboolean        has_cohort;
  guint32         counter;          /* writes to its file when it was read; 0 not read, or no file */
  GStringChunk   *old_strings;
  char           *old_unit;         /* owned, nullable */
  GArray         *old_measures, *old_visits, *old_attributes;  /* of KtmPlan… */
  GArray         *old_patients;     /* KtmPlanPatient */
  GArray         *old_scores, *old_values;
  GArray         *old_treatments, *old_safety, *old_events, *old_arms;  /* of Ktm…Record */

  /* what a person chose: key → KtmDo + 1 */
  GHashTable     *choices;
  gboolean        leave_all_out;

  /* the plan, made anew by every check */
  GStringChunk   *strings;
  KtmTimeUnit     unit;
  GArray         *measures, *visits, *attributes;
  GPtrArray      *patients;         /* KtmPlanPatient, owned */
  GHashTable     *by_code;          /* slice of the patient → position + 1 */
  GHashTable     *by_normal;        /* folded code in the chunk → position + 1 */
  GArray         *values, *scores, *treatments, *safety, *events;
  GHashTable     *dropped_rows;     /* source << 40 | line */
  GHashTable     *told;             /* what was reported once already */
  gboolean        closed;           /* patients come from a table of them, or from the cohort */
  GPtrArray      *problems;         /* KtmProblem, owned */
  guint           n_beyond;         /* problems that are not kept */
  guint           n_blocking;
  KtmImportCounts counts;
  GArray         *changes;
  GArray         *arms;             /* KtmPlanArm */
};

/* One row being read. */
typedef struct
{
  KtmImport     *import;
  KtmSource     *source;
  guint          index;             /* of the source */
  const KtmCell *cells;
  guint          n_cells;
  guint          line;
  gsize          offset;            /* of the row */
  int            of_role[KTM_N_COLUMN_ROLES];
  double         unit_factor;       /* the source's time unit in the study's */
  KtmSlice       last_code;         /* of the row before: most rows repeat it */
  int            last_patient;
} KtmRow;

typedef gboolean (*KtmRowFunc) (KtmRow *row, gpointer data);

/* ktm-import-problem.c */
KtmDo       ktm_import_add_problem (KtmImport *import, KtmProblem *problem);
KtmDo ktm_row_problem (KtmRow *row, guint column, KtmProblemKind kind, double read_as,
                       const char *instead, guint other_line, const char *format, ...)
    G_GNUC_PRINTF (7, 8);
KtmProblem *ktm_import_new_problem (KtmImport *import, guint source, guint line, guint column,
                                    KtmProblemKind kind);

/* ktm-import-row.c */
gboolean ktm_import_each_row (KtmImport *import, guint source, KtmRowFunc func, gpointer data,
                              GCancellable *cancellable, GError **error);
const char *ktm_row_text (KtmRow *row, KtmColumnRole role); /* in the chunk; NULL where missing */
const char *ktm_row_cell_text      (KtmRow *row, guint column);
gboolean ktm_row_number (KtmRow *row, guint column, double min, double max, double *value);
gboolean    ktm_row_date           (KtmRow *row, KtmColumnRole role, double *julian_day);
int ktm_row_yes_no (KtmRow *row, KtmColumnRole role); /* −1 missing */
int ktm_row_patient (KtmRow *row);                    /* −1: leave the row out */
int         ktm_import_add_patient (KtmImport *import, const char *code, gsize len);

/* ktm-import-visit.c */
gboolean    ktm_row_visit          (KtmRow *row, KtmPlanPatient *patient, int *visit, double *time);
int ktm_import_visit_at (KtmImport *import, double time, KtmTimeUnit unit, double in_unit);
int         ktm_import_nearest_visit (KtmImport *import, double time);
double      ktm_import_time_of     (KtmImport *import, const KtmPlanPatient *patient, double date);

/* ktm-import-tables.c, ktm-import-values.c, ktm-import-compare.c, ktm-import-cohort.c */
gboolean ktm_import_read_patients (KtmImport *import, GCancellable *cancellable, GError **error);
gboolean ktm_import_read_treatments (KtmImport *import, GCancellable *cancellable, GError **error);
gboolean ktm_import_read_scores (KtmImport *import, GCancellable *cancellable, GError **error);
gboolean ktm_import_read_events (KtmImport *import, GCancellable *cancellable, GError **error);
gboolean ktm_import_read_studies (KtmImport *import, GCancellable *cancellable, GError **error);
void        ktm_import_check_studies   (KtmImport *import);
gboolean    ktm_import_prepare_columns (KtmImport *import, GError **error);
void        ktm_plan_attribute_clear   (gpointer attribute);
void        ktm_problem_free           (gpointer problem);
void        ktm_row_attributes         (KtmRow *row, guint patient);
void        ktm_import_find_duplicates (KtmImport *import);
void        ktm_import_compare         (KtmImport *import);

/* ktm-import-fields.c */
void        ktm_row_patient_fields     (KtmRow *row, KtmPlanPatient *patient);
void        ktm_row_index_date         (KtmRow *row, KtmPlanPatient *patient);
void        ktm_import_forget_fields   (KtmImport *import, guint patient, guint source);
void        ktm_import_compare_fields  (KtmImport *import);

/* ktm-import-courses.c */
void        ktm_import_settle_courses  (KtmImport *import);
void        ktm_import_compare_courses (KtmImport *import);

/* ktm-import-compare.c.  A change of @patient (NULL: of a study named @code), written for people.
 */
void
ktm_import_change (KtmImport *import, KtmPlanPatient *patient, const char *code, const char *what,
                   double before, double after, const char *from, const char *to);
const char *ktm_import_number_text     (KtmImport *import, double value);   /* NULL for NaN */
void        ktm_import_forget_cohort   (KtmImport *import);
