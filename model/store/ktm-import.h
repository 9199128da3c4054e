/* An import: files in, problems and counts out, then all of it into a cohort or nothing.
 *
 * Order of calls: add files, say what is known of them, propose, check, (choose, check again),
 * commit.  Between calls everything is plain memory: an import may move to another thread as a
 * whole, only one thread uses it at a time. Nothing of a patient goes into a log or a temporary
 * file.
 */
#pragma once

#include "ktm-source.h"

typedef enum
{
  KTM_PROBLEM_NOT_A_NUMBER,
  KTM_PROBLEM_SPREADSHEET_ERROR,
  KTM_PROBLEM_OTHER_MARK,
  KTM_PROBLEM_THOUSAND,
  KTM_PROBLEM_LIMIT,
  KTM_PROBLEM_OUT_OF_RANGE,
  KTM_PROBLEM_MISSING_CODE,
  KTM_PROBLEM_NOT_A_DATE,
  KTM_PROBLEM_NO_SUCH_DAY,
  KTM_PROBLEM_AMBIGUOUS_DATE,
  KTM_PROBLEM_SERIAL_DATE,
  KTM_PROBLEM_NOT_YES_NO,
  KTM_PROBLEM_NOT_A_LEVEL,
  KTM_PROBLEM_NO_CODE,
  KTM_PROBLEM_CODE_VARIANT,
  KTM_PROBLEM_UNKNOWN_PATIENT,
  KTM_PROBLEM_DUPLICATE_PATIENT,
  KTM_PROBLEM_DUPLICATE_VISIT,
  KTM_PROBLEM_REPEATED_VISIT,
  KTM_PROBLEM_DIFFERS,
  KTM_PROBLEM_NO_VISIT,
  KTM_PROBLEM_UNKNOWN_VISIT,
  KTM_PROBLEM_NO_INDEX_DATE,
  KTM_PROBLEM_VISIT_TIME,
  KTM_PROBLEM_NEAR_LEVEL,
  KTM_PROBLEM_AFTER_STOP,
  KTM_PROBLEM_ROW_WIDTH,
  KTM_PROBLEM_UNREADABLE,
  KTM_PROBLEM_OPEN_QUOTE,
  KTM_PROBLEM_DUPLICATE_COLUMN,
  KTM_PROBLEM_DUPLICATE_ROW,
  KTM_PROBLEM_REPEATED_ROW,
  KTM_PROBLEM_IMPOSSIBLE_STUDY,
  KTM_PROBLEM_INCOMPLETE_STUDY,
  KTM_N_PROBLEMS
} KtmProblemKind;

/* What is done about a problem. */
typedef enum
{
  KTM_DO_LEAVE_OUT,   /* the cell, or the row where the problem is one of the row */
  KTM_DO_READ_AS,     /* the number or date @read_as, or the code or level @instead */
  KTM_DO_KEEP,        /* as it stands */
  KTM_DO_KEEP_FIRST, KTM_DO_KEEP_SECOND,  /* of two lines */
  KTM_DO_ADD,         /* the patient */
  KTM_N_DOS
} KtmDo;

typedef struct
{
  guint          source;       /* position of the file */
  guint          line;         /* physical line, from 1 */
  guint          column;       /* from 1; 0: the whole row */
  const char    *column_name;  /* borrowed from the import */
  char          *value;        /* as the file has it, shortened */
  char          *expected;     /* a sentence's part: "a number from 0 to 10" */
  KtmProblemKind kind;
  gboolean       needs_choice; /* else: to look at */
  gboolean       blocks;       /* a command refuses to import while there is one */
  guint          choices;      /* bits 1 << KtmDo that can be chosen */
  KtmDo          proposed, choice;
  gboolean       chosen;       /* by a person */
  double         read_as;      /* NaN: none */
  gboolean       read_as_date;
  const char    *instead;      /* borrowed, nullable: the code or level it would be read as */
  guint          other_line;   /* the line it clashes with; 0 none */
} KtmProblem;

/* One thing of the cohort that the import adds to or changes.  Borrowed from the import. */
typedef struct
{
  const char *code;         /* the patient's, or the name of a study */
  const char *what;         /* "Pain NRS M3", "Centre", "ketamine at 0, dose" */
  double      before, after;/* NaN: none, or no number */
  const char *from, *to;    /* as people read them; @from NULL: new */
} KtmImportChange;

typedef struct
{
  guint patients_before, new_patients, changed_patients, untouched_patients;
  /* New and the same: scores, attribute values and fields of patients; changed: those and all
   * below. */
  guint new_values, changed_values, same_values, deleted_values;
  guint changed_fields;   /* centre, arm, inclusion, stop, index date of patients the cohort has */
  guint changed_times;    /* exact times of scores */
  guint new_rows, changed_rows,
      same_rows; /* treatments, adverse events, answers about harms, study arms */
  guint scores, values, treatments, events, safety,
      study_arms;         /* in the files, after all choices */
  guint missing_codes;    /* cells read as missing because of a declared code */
  guint left_out;         /* cells with a problem that are left out */
} KtmImportCounts;

typedef struct _KtmImport KtmImport;
typedef void (*KtmImportProgress) (double fraction, gpointer data);

KtmImport  *ktm_import_new          (void);
void        ktm_import_free         (KtmImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmImport, ktm_import_free)
void        ktm_import_add_source   (KtmImport *import, KtmSource *source);   /* takes it */
guint       ktm_import_n_sources    (KtmImport *import);
KtmSource  *ktm_import_get_source   (KtmImport *import, guint i);
void        ktm_import_set_progress (KtmImport *import, KtmImportProgress func, gpointer data);

gboolean    ktm_import_read_cohort  (KtmImport *import, KtmStore *store, GError **error);
gboolean    ktm_import_propose      (KtmImport *import, GCancellable *cancellable, GError **error);
char       *ktm_import_dup_question (KtmImport *import);
/* The range and direction of a measure the cohort has: they hold for the import.  FALSE: it has
 * none of this id. */
gboolean ktm_import_get_scale (KtmImport *import, const char *id, double *min, double *max,
                               gboolean *lower_better);

gboolean    ktm_import_check        (KtmImport *import, GCancellable *cancellable, GError **error);
guint       ktm_import_n_problems   (KtmImport *import);
const KtmProblem *ktm_import_get_problem (KtmImport *import, guint i); /* by file, line, column */
guint       ktm_import_n_blocking   (KtmImport *import);
void ktm_import_choose (KtmImport *import, guint problem, KtmDo choice); /* then check again */
void ktm_import_leave_all_out (KtmImport *import);                       /* then check again */
const KtmImportCounts *ktm_import_get_counts (KtmImport *import);
guint       ktm_import_n_changes    (KtmImport *import);
const KtmImportChange *ktm_import_get_change (KtmImport *import, guint i);

gboolean
ktm_import_commit (KtmImport *import, KtmStore *store, GCancellable *cancellable, GError **error);
gboolean ktm_import_commit_path (KtmImport *import, const char *path, GCancellable *cancellable,
                                 GError **error);

char       *ktm_problem_dup_sentence (const KtmImport *import, const KtmProblem *problem);
char       *ktm_problem_dup_reason   (const KtmProblem *problem);
char       *ktm_problem_dup_choice   (const KtmProblem *problem, KtmDo choice);
/* The list as CSV, for people's own files: cells a spreadsheet would run are made harmless.  Free.
 */
char       *ktm_import_dup_problems_csv (KtmImport *import);
const char *ktm_problem_kind_name    (KtmProblemKind kind);                   /* "out-of-range" */
