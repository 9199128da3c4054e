/* KtmStore: one cohort in one SQLite file.  Knows SQL and nothing of patients as objects, charts or
 * windows.
 *
 * A connection belongs to the thread that opened it.  Every error is a GError of KTM_STORE_ERROR
 * whose message is one sentence for people.  Readers call back a row at a time in a stated order;
 * strings are borrowed for the call.
 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#define KTM_STORE_ERROR (ktm_store_error_quark ())
GQuark ktm_store_error_quark (void);

typedef enum
{
  KTM_STORE_ERROR_NOT_FOUND,
  KTM_STORE_ERROR_NOT_A_COHORT,  /* garbage, or somebody else's database */
  KTM_STORE_ERROR_DAMAGED,       /* truncated, corrupt, breaks its own rules */
  KTM_STORE_ERROR_NEWER,         /* made by a later version of the program */
  KTM_STORE_ERROR_READ_ONLY,
  KTM_STORE_ERROR_BUSY,          /* another window or program is writing */
  KTM_STORE_ERROR_FULL,
  KTM_STORE_ERROR_EXISTS,
  KTM_STORE_ERROR_INVALID,       /* a value the schema refuses: says which */
  KTM_STORE_ERROR_CHANGED,       /* another window or program wrote since it was read */
  KTM_STORE_ERROR_GONE,          /* the open file was moved, deleted or replaced */
  KTM_STORE_ERROR_FAILED
} KtmStoreError;

typedef struct _KtmStore KtmStore;

/* A connection may be handed to another thread as a whole (opened in a worker, then kept by the
 * main thread), but only one thread uses it at a time. */

/* Months of 30.4375 days. */
#define KTM_DAYS_PER_MONTH 30.4375

KtmStore *ktm_store_create (const char *path, const char *title,
                            GError **error); /* refuses an existing file; 0600 */
KtmStore *ktm_store_create_hidden (const char *path, const char *title,
                                   GError **error); /* there is no file at @path until */
gboolean ktm_store_publish (KtmStore *store, const char *path,
                            GError **error); /* this closes it and names it, */
void ktm_store_discard (KtmStore *store);    /* or this removes it */
KtmStore *ktm_store_open (const char *path, gboolean read_only,
                          GError **error);                      /* checks, backs up and migrates */
KtmStore *ktm_store_open_bytes (GBytes *bytes, GError **error); /* in memory: the built-in sample */
void      ktm_store_close  (KtmStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmStore, ktm_store_close)
const char *ktm_store_get_path      (KtmStore *store);   /* NULL: in memory */
gboolean    ktm_store_get_read_only (KtmStore *store);
gboolean ktm_store_save_copy (KtmStore *store, const char *path,
                              GError **error); /* whole or not at all, 0600 */

/* Transactions nest by counting; a rollback anywhere rolls back the whole. */
gboolean ktm_store_begin    (KtmStore *store, GError **error);
gboolean
ktm_store_commit (KtmStore *store, GError **error); /* fails when an inner one rolled back */
void     ktm_store_rollback (KtmStore *store);

/* Reading the file as it is at one moment; what others write afterwards makes the next transaction
 * fail with CHANGED, until it is read again. */
gboolean ktm_store_read_begin (KtmStore *store, GError **error);
void     ktm_store_read_end   (KtmStore *store);
gboolean ktm_store_is_stale   (KtmStore *store);

/* --- records: the schema of architecture.md, one struct a table.  NaN and NULL mean absent. --- */
typedef struct
{
  const char *id, *title, *time_unit, *index_event, *provenance;
} KtmStudyRecord; /* id: random, made at creation */
typedef struct
{
  const char *id, *label, *unit;
  double min, max;
  gboolean lower_better;
  double mcid;
} KtmMeasureRecord;
typedef struct { const char *id, *label; double time, window_low, window_high; } KtmVisitRecord;
typedef enum
{
  KTM_STORE_NUMBER,
  KTM_STORE_CATEGORY,
  KTM_STORE_ORDINAL,
  KTM_STORE_YES_NO,
  KTM_STORE_DATE
} KtmStoreKind; /* as KtmAttributeKind */
typedef struct
{
  const char *id, *label, *unit;
  KtmStoreKind kind;
  const char *const *levels; /* NULL-ended, in order */
} KtmAttributeRecord;
typedef struct
{
  gint64 id;
  const char *code;
  double index_date /* Julian day */;
  const char *centre, *arm;
  gboolean included;
  const char *exclusion_reason;
  double stop_time;
  const char *stop_reason;
} KtmPatientRecord;
typedef struct
{
  gint64 patient;
  guint attribute;
  double value;
} KtmValueRecord; /* attribute: position */
typedef struct
{
  gint64 patient;
  guint measure, visit;
  double time, value;
} KtmScoreRecord; /* positions */
typedef struct
{
  gint64 patient;
  double time;
  const char *drug;
  double dose;
  const char *dose_unit;
  double duration;
  const char *duration_unit, *route, *with;
} KtmTreatmentRecord;
typedef struct { gint64 patient; guint visit; double time; gboolean any_event; } KtmSafetyRecord;
/* visit −1: none */
typedef struct
{
  gint64 patient;
  gint visit;
  double time;
  const char *term;
  int severity;
  double grade;
  int serious, related, led_to_stop;
  double resolved;
} KtmEventRecord; /* serious, led_to_stop: −1 unknown; severity, related: 0 unknown, enums of
                     ktm-frame.h */
typedef enum
{
  KTM_STUDY_TRIAL,      /* arms to compare, or their difference with its standard error */
  KTM_STUDY_SINGLE_ARM, /* no control group: arms "before" and "after", or one with events */
  KTM_STUDY_POOLED      /* the result of a published meta-analysis */
} KtmStudyKind;
typedef struct
{
  gint64 id;
  const char *study, *arm;
  double year, n, mean, sd, events, effect, se;
  const char *moderators;      /* "dose=0.5; CRPS=yes" */
  KtmStudyKind kind;
  const char *measure;         /* what effect, low and high are: md smd rr or rd; NULL unknown */
  double low, high;            /* the printed interval of effect */
  double correlation;          /* of before and after */
  gboolean left_out;           /* not to be used at the moment */
  const char *note;
} KtmStudyArmRecord;
const char *ktm_study_kind_name       (KtmStudyKind kind);   /* "single-arm" */
gboolean    ktm_study_kind_from_name  (const char *name, KtmStudyKind *kind);
typedef struct { gint64 id; const char *kind, *title, *json; } KtmDocumentRecord;

/* --- writing.  put_* inserts, or replaces the row with the same key: study (one row; a NULL id
 * keeps the id), measure, visit, attribute by id in any case, patient by code, value, score and
 * safety by (patient, what, visit), treatment by (patient, time, drug, route), event by (patient,
 * time, term, severity), study arm by (study, arm).  Two visits never share a nominal time.  All
 * checks (ranges, known ids, finite numbers) happen here and nowhere else.  Not recorded in
 * history: the import is one history entry of its own. -- */
gboolean ktm_store_put_study     (KtmStore *store, const KtmStudyRecord *record, GError **error);
gboolean ktm_store_put_measure (KtmStore *store, const KtmMeasureRecord *record, guint *position,
                                GError **error);
gboolean ktm_store_put_visit (KtmStore *store, const KtmVisitRecord *record, guint *position,
                              GError **error);
gboolean ktm_store_put_attribute (KtmStore *store, const KtmAttributeRecord *record,
                                  guint *position, GError **error);
gboolean
ktm_store_put_patient (KtmStore *store, const KtmPatientRecord *record, gint64 *id, GError **error);
gboolean ktm_store_put_value     (KtmStore *store, const KtmValueRecord *record, GError **error);
gboolean ktm_store_put_score     (KtmStore *store, const KtmScoreRecord *record, GError **error);
gboolean ktm_store_add_scores (KtmStore *store, const KtmScoreRecord *records, gsize n,
                               GError **error); /* none of them there yet */
gboolean
ktm_store_put_treatment (KtmStore *store, const KtmTreatmentRecord *record, GError **error);
gboolean ktm_store_put_safety    (KtmStore *store, const KtmSafetyRecord *record, GError **error);
gboolean ktm_store_put_event     (KtmStore *store, const KtmEventRecord *record, GError **error);
gboolean ktm_store_put_study_arm (KtmStore *store, const KtmStudyArmRecord *record, GError **error);
/* Rows of one published study; each is a part of the caller's edit. */
gboolean ktm_store_delete_study (KtmStore *store, const char *study, GError **error);
gboolean ktm_store_set_study_left_out (KtmStore *store, const char *study, gboolean left_out,
                                       GError **error);

/* --- reading: FALSE from the callback stops.  Orders: patients by code; measures, visits,
 * attributes by position; everything of patients by patient (in that order), then measure, visit,
 * time. ---------------------- */
typedef gboolean (*KtmStoreRowFunc) (const void *record, gpointer data);
gboolean ktm_store_get_study (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_measures (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_visits (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_attributes (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_patients (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_values (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_scores (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_treatments (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_safety (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_events (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
gboolean
ktm_store_read_study_arms (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error);
/* study measure visit attribute patient value score treatment safety_visit adverse_event study_arm
 * document history */
gint64 ktm_store_count (KtmStore *store, const char *table,
                        GError **error); /* a known table's name; −1 error */

/* --- one undoable edit around any number of put_*(): a transaction and a history entry.  @what is
 * one of the words below; @before and @after say in short what changed (nullable).  Edits that
 * change more than about 16 MB are kept in the history but cannot be undone (nor anything before
 * them); then *undoable is FALSE. ----------------------- */
#define KTM_EDIT_IMPORT  "import"    /* @subject: the source's name */
#define KTM_EDIT_EXCLUDE "exclude"   /* @subject: a patient's code */
#define KTM_EDIT_INCLUDE "include"
#define KTM_EDIT_TITLE   "title"     /* @subject: the new title */
#define KTM_EDIT_SAVE    "save"      /* @subject: a document's title */
#define KTM_EDIT_CHANGE  "change"
#define KTM_EDIT_DELETE  "delete"
gboolean ktm_store_edit_begin  (KtmStore *store, GError **error);
gboolean
ktm_store_edit_end (KtmStore *store, const char *what, const char *subject, const char *before,
                    const char *after, gboolean *undoable, GError **error);
void     ktm_store_edit_cancel (KtmStore *store);   /* everything since edit_begin is as it was */

/* --- documents and edits: each is one transaction and one history entry, and can be undone ---- */
gboolean ktm_store_read_documents (KtmStore *store, const char *kind, KtmStoreRowFunc func,
                                   gpointer data, GError **error);
gint64 ktm_store_put_document (KtmStore *store, gint64 id_or_0, const char *kind, const char *title,
                               const char *json, GError **error);
gboolean ktm_store_delete_document (KtmStore *store, gint64 id, GError **error);
gboolean ktm_store_set_included (KtmStore *store, gint64 patient, gboolean included,
                                 const char *reason, GError **error);
gboolean ktm_store_set_title       (KtmStore *store, const char *title, GError **error);

/* What the next undo or redo would do ("Exclude K127"), NULL if nothing; free.  Undo survives
 * closing the file. */
char    *ktm_store_get_undo (KtmStore *store);
char    *ktm_store_get_redo (KtmStore *store);
gboolean ktm_store_undo     (KtmStore *store, GError **error);
gboolean ktm_store_redo     (KtmStore *store, GError **error);
