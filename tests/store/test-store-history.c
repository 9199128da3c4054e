/* Edits, undo and redo, also across closing the file. */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "store-fixture.h"

#define ADD(name, func)                                                                            \
  g_test_add ("/store/history/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

static gboolean
document_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *d = record;

  g_string_append_printf (data, "%d %s %s %s;", (int) d->id, d->kind, d->title, d->json);
  return TRUE;
}

static gboolean
included_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *p = record;

  g_string_append_printf (data, "%s%s%s ", p->code, p->included ? "+" : "-",
                          p->exclusion_reason != NULL ? p->exclusion_reason : "");
  return TRUE;
}

/* Documents and inclusion in one string. */
static char *
state (KtmStore *store)
{
  GString *text = g_string_new (NULL);

  ktm_store_read_documents (store, NULL, document_cb, text, NULL);
  ktm_store_read_patients (store, included_cb, text, NULL);
  return g_string_free (text, FALSE);
}

static void
assert_state (KtmStore *store, const char *want)
{
  g_autofree char *have = state (store);

  g_assert_cmpstr (have, ==, want);
}

static void
assert_next (KtmStore *store, const char *undo, const char *redo)
{
  g_autofree char *have_undo = ktm_store_get_undo (store);
  g_autofree char *have_redo = ktm_store_get_redo (store);

  g_assert_cmpstr (have_undo, ==, undo);
  g_assert_cmpstr (have_redo, ==, redo);
}

static KtmStore *
reopen (Fixture *fixture, KtmStore *store)
{
  g_autoptr (GError) error = NULL;

  ktm_store_close (store);
  store = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  return store;
}

#define PLAIN "K1+ K2+ K3-consent withdrawn "
#define WITHOUT_K2 "K1+ K2-moved away K3-consent withdrawn "
#define GROUP "1 group Neuropathic, women [\"sex = F\"];"
#define RENAMED "1 group Women [\"sex = F\"];"

static void
test_undo (Fixture *fixture, gconstpointer data)
{
  KtmStore *store = fixture_create (fixture);
  g_autoptr (GError) error = NULL, none = NULL;

  assert_next (store, NULL, NULL);
  g_assert_false (ktm_store_undo (store, &none));
  g_assert_error (none, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_assert_cmpint (
      ktm_store_put_document (store, 0, "group", "Neuropathic, women", "[\"sex = F\"]", &error), ==,
      1);
  ktm_store_set_included (store, 1, FALSE, "moved away", &error);
  g_assert_cmpint (ktm_store_put_document (store, 1, "group", "Women", "[\"sex = F\"]", &error), ==,
                   1);
  ktm_store_set_included (store, 3, TRUE, NULL, &error);
  ktm_store_delete_document (store, 1, &error);
  g_assert_no_error (error);
  assert_state (store, "K1+ K2-moved away K3+ ");
  store = reopen (fixture, store);
  assert_next (store, "Delete “Women”", NULL);
  ktm_store_undo (store, &error);
  assert_state (store, RENAMED "K1+ K2-moved away K3+ ");
  ktm_store_undo (store, &error);
  assert_state (store, RENAMED WITHOUT_K2);
  store = reopen (fixture, store);
  assert_next (store, "Change “Women”", "Include K3");
  ktm_store_undo (store, &error);
  assert_state (store, GROUP WITHOUT_K2);
  ktm_store_undo (store, &error);
  assert_state (store, GROUP PLAIN);
  ktm_store_undo (store, &error);
  assert_state (store, PLAIN);
  g_assert_no_error (error);
  assert_next (store, NULL, "Save “Neuropathic, women”");
  store = reopen (fixture, store);
  for (guint i = 0; i < 5; i++)
    ktm_store_redo (store, &error);
  g_assert_no_error (error);
  assert_state (store, "K1+ K2-moved away K3+ ");
  g_clear_error (&none);
  g_assert_false (ktm_store_redo (store, &none));
  g_assert_error (none, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  ktm_store_close (store);
}

static void
test_redo_dropped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GError) error = NULL;

  ktm_store_set_included (store, 1, FALSE, "moved away", &error);
  ktm_store_undo (store, &error);
  ktm_store_set_title (store, "Another title", &error);
  g_assert_no_error (error);
  assert_next (store, "Rename the cohort to “Another title”", NULL);
  ktm_store_undo (store, &error);
  assert_next (store, NULL, "Rename the cohort to “Another title”");
  /* The history keeps what was dropped. */
  g_assert_cmpint (ktm_store_count (store, "history", &error), ==, 2);
}

/* A document's id is never used again: a saved group is referred to by it. */
static void
test_ids (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GError) error = NULL, gone = NULL;

  g_assert_cmpint (ktm_store_put_document (store, 0, "group", "A", "[]", &error), ==, 1);
  ktm_store_delete_document (store, 1, &error);
  g_assert_cmpint (ktm_store_put_document (store, 0, "group", "B", "[]", &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_put_document (store, 1, "group", "C", "[]", &gone), ==, -1);
  g_assert_error (gone, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_clear_error (&gone);
  g_assert_false (ktm_store_delete_document (store, 1, &gone));
  g_clear_error (&gone);
  g_assert_false (ktm_store_set_included (store, 77, FALSE, NULL, &gone));
  g_clear_error (&gone);
  g_assert_cmpint (ktm_store_put_document (store, 0, "group", "", "[]", &gone), ==, -1);
  g_clear_error (&gone);
  g_assert_false (ktm_store_set_title (store, "", &gone));
  g_assert_cmpint (ktm_store_count (store, "history", &error), ==, 3);
}

static void
put_many (KtmStore *store, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *code = g_strdup_printf ("N%05u", i);

      if (!ktm_store_put_patient (
              store,
              &(KtmPatientRecord){
                  .code = code, .included = TRUE, .index_date = NAN, .stop_time = NAN },
              NULL, error))
        return;
    }
}

/* An import is one edit around any number of put_*(). */
static void
test_import (Fixture *fixture, gconstpointer data)
{
  KtmStore *store = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  gboolean undoable = FALSE;

  ktm_store_edit_begin (store, &error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m6", "M6", 6, NAN, NAN }, NULL, &error);
  put_many (store, 100, &error);
  ktm_store_put_score (store, &(KtmScoreRecord) { 50, 0, 4, 6.2, 3 }, &error);
  ktm_store_put_score (store, &(KtmScoreRecord) { 1, 0, 0, 0, 3 }, &error);
  ktm_store_edit_end (store, KTM_EDIT_IMPORT, "scores.csv", NULL, "101 rows", &undoable, &error);
  g_assert_no_error (error);
  g_assert_true (undoable);
  g_assert_cmpint (ktm_store_count (store, "patient", &error), ==, 103);
  store = reopen (fixture, store);
  assert_next (store, "Import scores.csv", NULL);
  ktm_store_undo (store, &error);
  g_assert_no_error (error);
  assert_state (store, PLAIN);
  g_assert_cmpint (ktm_store_count (store, "visit", &error), ==, 4);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 9);
  ktm_store_redo (store, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ktm_store_count (store, "score", &error), ==, 10);
  store = reopen (fixture, store);
  ktm_store_close (store);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GError) error = NULL;
  gboolean undoable = TRUE;

  ktm_store_edit_begin (store, &error);
  put_many (store, 5, &error);
  ktm_store_edit_cancel (store);
  g_assert_no_error (error);
  assert_state (store, PLAIN);
  ktm_store_edit_begin (store, &error);
  ktm_store_edit_end (store, KTM_EDIT_IMPORT, "nothing.csv", NULL, NULL, &undoable, &error);
  g_assert_no_error (error);
  g_assert_false (undoable);
  g_assert_cmpint (ktm_store_count (store, "history", &error), ==, 0);
}

/* What changed without history cannot be overrun by an undo. */
static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autoptr (GError) error = NULL, conflict = NULL;

  ktm_store_set_included (store, 1, FALSE, "moved away", &error);
  ktm_store_put_patient (store,
                         &(KtmPatientRecord){ .code = "K2",
                                              .included = FALSE,
                                              .exclusion_reason = "other",
                                              .index_date = NAN,
                                              .stop_time = NAN },
                         NULL, &error);
  g_assert_no_error (error);
  g_assert_false (ktm_store_undo (store, &conflict));
  g_assert_error (conflict, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  assert_state (store, "K1+ K2-other K3-consent withdrawn ");
  assert_next (store, "Exclude K2", NULL);
}

/* A history a hand tampered with does no harm, whatever it says. */
static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  static const char *const changes[] = {
    "x'5403010000ff17'",                                            /* no end */
    "substr(change, 1, length(change) - 1)",
    "substr(change, 1, 20)",
    "x'ff' || change",
    "replace(change, CAST('patient' AS BLOB), CAST('history' AS BLOB))",
    "x'5402010068697374'",
    "x'54ffffffff'",
    "x'09'",
  };
  KtmStore *store = fixture_create (fixture);
  g_autoptr (GError) error = NULL;

  ktm_store_set_included (store, 1, FALSE, "moved away", &error);
  ktm_store_close (store);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *sql =
          g_strdup_printf ("UPDATE history SET change = CAST(%s AS BLOB)", changes[i]);
      g_autoptr (GError) refused = NULL;

      fixture_exec (fixture->path, sql);
      store = ktm_store_open (fixture->path, FALSE, &error);
      g_assert_no_error (error);
      g_assert_false (ktm_store_undo (store, &refused));
      g_assert_nonnull (refused);
      assert_state (store, WITHOUT_K2);
      ktm_store_close (store);
    }
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KtmStore) store = fixture_create (fixture);
  g_autofree char *text = g_strnfill (17 * 1024 * 1024, 'x');
  g_autoptr (GError) error = NULL;

  ktm_store_set_included (store, 1, FALSE, "moved away", &error);
  ktm_store_put_document (store, 0, "view", "Large", text, &error);
  g_assert_no_error (error);
  assert_next (store, NULL, NULL);
  ktm_store_set_title (store, "After", &error);
  assert_next (store, "Rename the cohort to “After”", NULL);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("undo", test_undo);
  ADD ("redo-dropped", test_redo_dropped);
  ADD ("ids", test_ids);
  ADD ("import", test_import);
  ADD ("cancel", test_cancel);
  ADD ("conflict", test_conflict);
  ADD ("tampered", test_tampered);
  ADD ("too-large", test_too_large);
  return g_test_run ();
}
