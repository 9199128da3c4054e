/* Published studies: a rule of pooling in the first line, a table after it; imported, pooled, and
 * drawn. */
#include "fuzz-studies.h"

#include "fuzz.h"

#include <string.h>

#include "ktm-cohort.h"
#include "ktm-import.h"
#include "ktm-store-private.h"

static gboolean
import (KtmStore *store, const char *table, gsize size)
{
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (table, size);
  g_autoptr (GError) error = NULL;
  KtmSource *source = ktm_source_new_bytes ("studies.csv", bytes, &error);
  gboolean done;

  fuzz_check_error (source != NULL, error);
  if (source == NULL)
    return FALSE;
  ktm_mapping_set (source->mapping, "as", "studies", NULL);
  ktm_import_add_source (import, source);
  if (!ktm_import_read_cohort (import, store, NULL) || !ktm_import_propose (import, NULL, NULL)
      || !ktm_import_check (import, NULL, NULL))
    return FALSE;
  ktm_import_leave_all_out (import);
  if (!ktm_import_check (import, NULL, &error))
    g_error ("checked again it fails: %s", error->message);
  done = ktm_import_commit (import, store, NULL, &error);
  fuzz_check_error (done, error);
  if (!ktm_store_check_contents (store, &error))
    g_error ("what was written would not be opened again: %s", error->message);
  return done;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *nl = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *rule = NULL;
  g_autoptr (GError) error = NULL;
  KtmStore *store;

  if (nl == NULL)
    return 0;
  rule = g_strndup ((const char *) data, (gsize) (nl - data));
  store = ktm_store_create_in (":memory:", NULL, "Fuzz", &error);
  g_assert_no_error (error);
  if (g_utf8_validate (rule, -1, NULL)
      && import (store, (const char *) nl + 1, size - (gsize) (nl + 1 - data)))
    {
      g_autoptr (KtmCohort) cohort = ktm_cohort_new_from_store (store, &error);

      if (cohort == NULL)
        g_error ("what was written cannot be loaded: %s", error->message);
      fuzz_accepted = fuzz_pool (cohort, rule);
    }
  else
    ktm_store_close (store);
  return 0;
}
