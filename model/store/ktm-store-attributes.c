/* model/store: GIO and sqlite3 only.  Attributes, their levels and their values. */
#include <math.h>
#include <string.h>

#include "ktm-store-private.h"

static const char *const KINDS[] = { "number", "category", "ordinal", "yes-no", "date" };

static guint
count_levels (const KtmAttributeRecord *record)
{
  return record->levels != NULL ? g_strv_length ((char **) record->levels) : 0;
}

static gboolean
check_levels (const KtmAttributeRecord *record, GError **error)
{
  guint n = count_levels (record);
  gboolean has_levels = record->kind != KTM_STORE_NUMBER && record->kind != KTM_STORE_DATE;

  if (has_levels ? n == 0 || (record->kind == KTM_STORE_YES_NO && n != 2) : n > 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   record->kind == KTM_STORE_YES_NO ? _("%s: a yes-no attribute has two levels.")
                   : has_levels ? _("%s: an attribute of categories needs levels.")
                                : _("%s: a number or date has no levels."), record->label);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      if (!ktm_store_check_text (record->levels[i], FALSE, _("a level's label"), error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (record->levels[i], record->levels[j]))
          {
            g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                         _("%s: the level “%s” is there twice."), record->label,
                         record->levels[i]);
            return FALSE;
          }
    }
  return TRUE;
}

/* A redefinition must leave every value its meaning. */
static gboolean
check_values_fit (KtmStore *store, const KtmAttributeRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  int status;

  stmt = ktm_store_prepare (
      store,
      "SELECT a.kind, max(v.value) FROM value v JOIN attribute a ON a.position = v.attribute"
      " WHERE a.id = ?1 GROUP BY a.position",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "t", record->id);
  status = sqlite3_step (stmt);
  if (status == SQLITE_DONE)
    return TRUE;
  if (status != SQLITE_ROW)
    ktm_store_set_error (error, store->db, store->name);
  else if (!g_str_equal (ktm_stmt_text (stmt, 0), KINDS[record->kind])
           || (count_levels (record) > 0
               && sqlite3_column_double (stmt, 1) >= count_levels (record)))
    g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                 _("%s: patients already have values that would not fit the new definition."),
                 record->label);
  else
    return TRUE;
  return FALSE;
}

static gboolean
put_levels (KtmStore *store, guint attribute, const KtmAttributeRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) delete =
      ktm_store_prepare (store, "DELETE FROM attribute_level WHERE attribute = ?1", error);
  g_autoptr (sqlite3_stmt) insert = NULL;

  if (delete == NULL)
    return FALSE;
  ktm_stmt_bind (delete, "n", (int) attribute);
  if (!ktm_store_run (store, delete, error))
    return FALSE;
  insert = ktm_store_prepare (
      store, "INSERT INTO attribute_level (attribute, position, label) VALUES (?1, ?2, ?3)", error);
  if (insert == NULL)
    return FALSE;
  for (guint i = 0; i < count_levels (record); i++)
    {
      ktm_stmt_bind (insert, "nnt", (int) attribute, (int) i, record->levels[i]);
      if (!ktm_store_run (store, insert, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_definition (KtmStore *store, const KtmAttributeRecord *record, guint *position, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  stmt = ktm_store_prepare (
      store,
      "INSERT INTO attribute (position, id, label, unit, kind)"
      " VALUES ((SELECT count(*) FROM attribute), ?1, ?2, ?3, ?4)"
      " ON CONFLICT (id) DO UPDATE SET label = excluded.label, unit = excluded.unit,"
      " kind = excluded.kind RETURNING position",
      error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "tttt", record->id, record->label, record->unit, KINDS[record->kind]);
  if (sqlite3_step (stmt) != SQLITE_ROW)
    {
      ktm_store_set_error (error, store->db, store->name);
      return FALSE;
    }
  *position = (guint) sqlite3_column_int (stmt, 0);
  return TRUE;
}

/* Adds an attribute known at baseline, or redefines the one with this id (more levels, another
 * label); *position (nullable) is its place, counted from 0.
 *
 * @record: levels in order, NULL for numbers and dates; yes-no: the word for no, then the word for
 * yes
 *
 * Errors: INVALID (no id or label, wrong levels, values that would not fit), READ_ONLY, BUSY, FULL.
 */
gboolean
ktm_store_put_attribute (KtmStore *store, const KtmAttributeRecord *record, guint *position,
                         GError **error)
{
  guint at = 0;

  g_return_val_if_fail ((guint) record->kind < G_N_ELEMENTS (KINDS), FALSE);
  if (!ktm_store_check_text (record->id, FALSE, _("an attribute's id"), error)
      || !ktm_store_check_text (record->label, FALSE, _("an attribute's label"), error)
      || !ktm_store_check_text (record->unit, TRUE, _("a unit"), error)
      || !check_levels (record, error) || !check_values_fit (store, record, error)
      || !ktm_store_begin (store, error))
    return FALSE;
  ktm_store_drop_rules (store);
  if (!put_definition (store, record, &at, error) || !put_levels (store, at, record, error))
    {
      ktm_store_rollback (store);
      return FALSE;
    }
  if (position != NULL)
    *position = at;
  return ktm_store_commit (store, error);
}

static KtmStoreKind
parse_kind (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    if (g_strcmp0 (word, KINDS[i]) == 0)
      return (KtmStoreKind) i;
  return KTM_STORE_CATEGORY;
}

static char **
read_levels (KtmStore *store, int attribute, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;
  g_autoptr (GPtrArray) levels = g_ptr_array_new_with_free_func (g_free);
  int status;

  stmt = ktm_store_prepare (
      store, "SELECT label FROM attribute_level WHERE attribute = ?1 ORDER BY position", error);
  if (stmt == NULL)
    return NULL;
  ktm_stmt_bind (stmt, "n", attribute);
  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    g_ptr_array_add (levels, g_strdup (ktm_stmt_text (stmt, 0)));
  if (status != SQLITE_DONE)
    {
      ktm_store_set_error (error, store->db, store->name);
      return NULL;
    }
  g_ptr_array_add (levels, NULL);
  return (char **) g_ptr_array_steal (levels, NULL);
}

/* Attributes by position: the index values use. */
gboolean
ktm_store_read_attributes (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = ktm_store_prepare (
      store, "SELECT position, id, label, unit, kind FROM attribute ORDER BY position", error);
  int status;

  if (stmt == NULL)
    return FALSE;
  while ((status = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      g_auto (GStrv) levels = read_levels (store, sqlite3_column_int (stmt, 0), error);
      KtmAttributeRecord record = {
        .id = ktm_stmt_text (stmt, 1),
        .label = ktm_stmt_text (stmt, 2),
        .unit = ktm_stmt_text (stmt, 3),
        .kind = parse_kind (ktm_stmt_text (stmt, 4)),
        .levels = (const char *const *) levels,
      };

      if (levels == NULL)
        return FALSE;
      if (!func (&record, data))
        return TRUE;
    }
  if (status != SQLITE_DONE)
    ktm_store_set_error (error, store->db, store->name);
  return status == SQLITE_DONE;
}

/* What is known of a patient: a number, a Julian day, or the index of a level.
 * Errors: INVALID (unknown patient, attribute or level; no finite number), READ_ONLY, BUSY, FULL.
 */
gboolean
ktm_store_put_value (KtmStore *store, const KtmValueRecord *record, GError **error)
{
  const KtmStoreRules *rules = ktm_store_get_rules (store, error);
  sqlite3_stmt *stmt;

  if (rules == NULL
      || !ktm_store_rules_check_value (rules, record->attribute, record->value, error))
    return FALSE;
  stmt = ktm_store_cached (
      store, KTM_SQL_PUT_VALUE,
      "INSERT OR REPLACE INTO value (patient, attribute, value) VALUES (?1, ?2, ?3)", error);
  if (stmt == NULL)
    return FALSE;
  ktm_stmt_bind (stmt, "ind", record->patient, (int) record->attribute, record->value);
  return ktm_store_run (store, stmt, error);
}

static void
fill_value (sqlite3_stmt *stmt, gpointer record)
{
  KtmValueRecord *value = record;

  value->patient = sqlite3_column_int64 (stmt, 0);
  value->attribute = (guint) sqlite3_column_int (stmt, 1);
  value->value = sqlite3_column_double (stmt, 2);
}

/* Values by patient (in the order of codes), then attribute. */
gboolean
ktm_store_read_values (KtmStore *store, KtmStoreRowFunc func, gpointer data, GError **error)
{
  KtmValueRecord record;

  return ktm_store_each_sql (
      store,
      "SELECT v.patient, v.attribute, v.value FROM patient p CROSS JOIN value v ON v.patient = p.id"
      " ORDER BY p.code, v.attribute",
      fill_value, &record, func, data, error);
}
