/* What the files of model/store share about one open cohort.  Not for other floors. */
#pragma once

#include <glib/gi18n-lib.h>

#include "ktm-store.h"
#include "ktm-store-stmt.h"

/* Written once into every cohort file ("KtmV"). */
#define KTM_STORE_APPLICATION_ID 0x4b746d56

/* How long to wait for another program's lock, in milliseconds. */
#define KTM_STORE_BUSY_MS 2000

/* One step from a version of the schema to the next; step i leads from version i to i + 1. */
typedef struct
{
  const char *sql;
} KtmStoreMigration;

/* Statements kept prepared as long as the file is open. */
typedef enum
{
  KTM_SQL_PUT_PATIENT,
  KTM_SQL_PUT_VALUE,
  KTM_SQL_PUT_SCORE,
  KTM_SQL_ADD_SCORES,
  KTM_SQL_IS_PATIENT,
  KTM_SQL_PUT_TREATMENT,
  KTM_SQL_PUT_SAFETY,
  KTM_SQL_PUT_EVENT,
  KTM_N_SQL
} KtmSql;

/* What the one insert function of a table must know to refuse a value: positions are array indices.
 */
typedef struct
{
  guint         n_measures, n_visits, n_attributes;
  char        **measure_label, **attribute_label;  /* owned, NULL-ended */
  double       *min, *max;                         /* n_measures; NaN: open */
  KtmStoreKind *kind;                              /* n_attributes */
  guint        *n_levels;
} KtmStoreRules;

struct _KtmStore
{
  sqlite3         *db;
  char            *path;       /* owned, nullable: in memory */
  char            *name;       /* owned: what messages call the file */
  gboolean         read_only;
  int              lock;       /* of a hidden file in the making; −1 none */
  GBytes          *bytes;      /* owned, nullable: what an in-memory cohort reads */
  guint            depth;      /* of nested transactions */
  guint            reading;    /* of nested ktm_store_read_begin() */
  gint64           version;    /* SQLite's data_version when the file was last read; 0 unknown */
  gboolean         doomed;     /* an inner transaction rolled back */
  gboolean         to_scan;    /* who opened it checks the big tables by ktm_store_scan() */
  sqlite3_stmt    *stmt[KTM_N_SQL];
  KtmStoreRules   *rules;      /* owned, nullable: not read yet */
  sqlite3_session *session;    /* owned, nullable: an edit is being recorded */
};

/* ktm-store.c */
KtmStore *ktm_store_open_with (const char *path, gboolean read_only, const KtmStoreMigration *steps,
                               guint n_steps, GError **error);
KtmStore *
ktm_store_create_in (const char *file, const char *name, const char *title, GError **error);
gboolean  ktm_store_exec      (KtmStore *store, const char *sql, GError **error);
gboolean  ktm_store_check_writable (KtmStore *store, GError **error);
char     *ktm_store_dup_name  (const char *path);

/* ktm-store-error.c */
void ktm_store_set_status (GError **error, int status, const char *detail, const char *name);
void ktm_store_set_error (GError **error, sqlite3 *db, const char *name);
gboolean
ktm_store_check_text (const char *text, gboolean may_be_absent, const char *what, GError **error);

/* ktm-store-schema.c */
const KtmStoreMigration *ktm_store_migrations (guint *n_steps);
gboolean ktm_store_is_table      (const char *table);
gboolean ktm_store_create_schema (KtmStore *store, const KtmStoreMigration *steps, guint n_steps,
                                  GError **error);
gboolean ktm_store_check_schema (KtmStore *store, const KtmStoreMigration *steps, guint version,
                                 GError **error);
gboolean ktm_store_migrate (KtmStore *store, const KtmStoreMigration *steps, guint from, guint to,
                            GError **error);

/* ktm-store-check.c */
gboolean ktm_store_check_contents (KtmStore *store, GError **error);
gboolean ktm_store_check_but_rows (KtmStore *store, GError **error);
gboolean ktm_store_set_broken     (KtmStore *store, const char *detail, GError **error);
gboolean ktm_store_check_touched (KtmStore *store, const GPtrArray *touched, GError **error);

/* ktm-store-scan.c */
typedef enum { KTM_SCAN_VALUE, KTM_SCAN_SCORE, KTM_SCAN_SAFETY, KTM_N_SCANS } KtmStoreScan;
GArray  *ktm_store_read_patient_ids (KtmStore *store, GError **error); /* gint64, ascending */
gboolean ktm_store_scan_table (KtmStore *store, KtmStoreScan scan, const GArray *ids,
                               KtmStoreRowFunc func, gpointer data, GError **error);

/* ktm-store-change.c, ktm-store-history.c */
gboolean ktm_store_change_is_sound (KtmStore *store, const void *change, gsize size);
gboolean ktm_store_is_recorded     (const char *table);

/* ktm-store-view.c */
gboolean ktm_store_check_fresh (KtmStore *store, GError **error);
guint32  ktm_store_get_counter (KtmStore *store);

/* ktm-store-new.c */
void ktm_store_remove_file (const char *path);
void ktm_store_sync_folder (const char *path);

/* ktm-store-copy.c */
gboolean ktm_store_copy_to (KtmStore *store, const char *path, GError **error);

/* ktm-store-rules.c */
const KtmStoreRules *
ktm_store_get_rules (KtmStore *store, GError **error); /* borrowed until dropped */
void                 ktm_store_drop_rules (KtmStore *store);
gboolean ktm_store_rules_check_score (const KtmStoreRules *rules, guint measure, guint visit,
                                      double time, double value, GError **error);
gboolean ktm_store_rules_check_value (const KtmStoreRules *rules, guint attribute, double value,
                                      GError **error);
gboolean ktm_store_rules_check_visit (const KtmStoreRules *rules, guint visit, GError **error);

/* ktm-store-stmt.c, with a store */
sqlite3_stmt *
ktm_store_prepare (KtmStore *store, const char *sql, GError **error); /* finalize it */
sqlite3_stmt *ktm_store_cached (KtmStore *store, KtmSql which, const char *sql,
                                GError **error); /* borrowed, reset */
gboolean
ktm_store_run (KtmStore *store, sqlite3_stmt *stmt, GError **error); /* a write, to its end */
gint64
ktm_store_get_int (KtmStore *store, const char *sql, GError **error); /* first column; −1 error */

/* Calls @func with @record for each row, as @fill read it. */
typedef void (*KtmStoreFill) (sqlite3_stmt *stmt, gpointer record);
gboolean ktm_store_each (KtmStore *store, sqlite3_stmt *stmt, KtmStoreFill fill, gpointer record,
                         KtmStoreRowFunc func, gpointer data, GError **error);
gboolean ktm_store_each_sql (KtmStore *store, const char *sql, KtmStoreFill fill, gpointer record,
                             KtmStoreRowFunc func, gpointer data, GError **error);
