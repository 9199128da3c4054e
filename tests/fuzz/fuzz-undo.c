/* The history of a file that came by e-mail: a recorded change of any bytes is refused, or taken
 * back and done again with the file still true to its rules. */
#include "fuzz.h"

#include "ktm-store-private.h"
#include "store-fixture.h"

static KtmStore *
new_store (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) stmt = NULL;
  KtmStore *store = ktm_store_create_in (":memory:", NULL, "Fuzz", &error);

  g_assert_no_error (error);
  fixture_fill (store);
  stmt = ktm_store_prepare (store,
                            "INSERT INTO history (time, what, subject, change, state)"
                            " VALUES ('2026-01-01T00:00:00Z', 'change', 'x', ?1, 'done')",
                            &error);
  g_assert_no_error (error);
  sqlite3_bind_blob (stmt, 1, data, (int) size, SQLITE_STATIC);
  ktm_store_run (store, stmt, &error);
  g_assert_no_error (error);
  return store;
}

static void
check (KtmStore *store, gboolean done, const GError *error)
{
  g_autoptr (GError) broken = NULL;

  fuzz_check_error (done, error);
  if (!ktm_store_check_contents (store, &broken))
    g_error ("%s: %s", done ? "done" : "refused", broken->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (KtmStore) store = new_store (data, size);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = i == 1 ? ktm_store_redo (store, &error) : ktm_store_undo (store, &error);

      check (store, done, error);
      fuzz_accepted |= done;
    }
  return 0;
}
