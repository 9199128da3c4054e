/* Whole imports into a cohort in memory: tables joined by lines of "%%", after lines "%key=value"
 * of a mapping for all of them.  Whatever the tables hold, what is written obeys the rules a file
 * is checked by when it is opened, importing the same again works, and undo takes it back. */
#define _GNU_SOURCE  /* memmem */
#include "fuzz.h"

#include <string.h>

#include "ktm-cohort.h"
#include "ktm-import.h"
#include "ktm-store-private.h"

static void
check_store (KtmStore *store)
{
  g_autoptr (GError) error = NULL;

  if (!ktm_store_check_contents (store, &error))
    g_error ("what was written would not be opened again: %s", error->message);
}

/* The lines "%key=value" at the start; returns what follows. */
static const char *
read_options (const char *at, const char *end, KtmMapping *mapping)
{
  while (at < end && *at == '%' && (end - at < 2 || at[1] != '%'))
    {
      const char *nl = memchr (at, '\n', (gsize) (end - at));
      const char *stop = nl != NULL ? nl : end;
      g_autofree char *line = g_strndup (at + 1, (gsize) (stop - at - 1));
      char *equals = strchr (line, '=');

      if (equals != NULL && g_utf8_validate (line, -1, NULL))
        {
          *equals = '\0';
          ktm_mapping_set (mapping, line, equals + 1, NULL);
        }
      at = nl != NULL ? nl + 1 : end;
    }
  return at;
}

static void
add_source (KtmImport *import, guint i, const char *at, gsize size, const KtmMapping *mapping)
{
  g_autofree char *name = g_strdup_printf ("%c.csv", 'a' + (int) i);
  g_autoptr (GBytes) bytes = g_bytes_new (at, size);
  g_autoptr (GError) error = NULL;
  KtmSource *source = ktm_source_new_bytes (name, bytes, &error);

  fuzz_check_error (source != NULL, error);
  if (source == NULL)
    return;
  ktm_mapping_merge (source->mapping, mapping);
  ktm_import_add_source (import, source);
}

static KtmImport *
import_of (const uint8_t *data, size_t size, KtmStore *store)
{
  g_autoptr (KtmMapping) mapping = ktm_mapping_new ();
  KtmImport *import = ktm_import_new ();
  const char *end = (const char *) data + size;
  const char *at = read_options ((const char *) data, end, mapping);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4 && at < end; i++)
    {
      const char *mark = memmem (at, (gsize) (end - at), "\n%%\n", 4);

      add_source (import, i, at, (gsize) ((mark != NULL ? mark + 1 : end) - at), mapping);
      at = mark != NULL ? mark + 4 : end;
    }
  if (!ktm_import_read_cohort (import, store, &error))
    g_error ("the cohort cannot be read: %s", error->message);
  return import;
}

/* Says every problem in words and chooses something about it. */
static void
choose (KtmImport *import, guint seed)
{
  for (guint i = 0; i < ktm_import_n_problems (import); i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (import, i);
      g_autofree char *sentence = ktm_problem_dup_sentence (import, problem);
      g_autofree char *reason = ktm_problem_dup_reason (problem);
      KtmDo choice = (KtmDo) ((seed + i * 7) % KTM_N_DOS);

      if (!g_utf8_validate (sentence, -1, NULL) || strchr (sentence, '\n') != NULL
          || !g_utf8_validate (reason, -1, NULL))
        g_error ("no sentence: %s", sentence);
      if ((problem->choices & (1u << choice)) != 0)
        ktm_import_choose (import, i, choice);
    }
}

static gboolean
check_choices (KtmImport *import, guint seed)
{
  g_autoptr (GError) error = NULL;
  gboolean done = ktm_import_check (import, NULL, &error);

  fuzz_check_error (done, error);
  if (!done)
    return FALSE;
  if (seed % 4 == 0)
    ktm_import_leave_all_out (import);
  else
    choose (import, seed);
  if (!ktm_import_check (import, NULL, &error))
    g_error ("checked again it fails: %s", error->message);
  return TRUE;
}

static void
check_mapping (KtmImport *import)
{
  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    {
      g_autoptr (KtmMapping) said = ktm_source_dup_mapping (ktm_import_get_source (import, i));
      g_autoptr (GKeyFile) file = g_key_file_new ();

      ktm_mapping_save (said, file, "a.csv");
    }
}

/* TRUE when the tables were imported. */
static gboolean
run (const uint8_t *data, size_t size, KtmStore *store, guint seed)
{
  g_autoptr (KtmImport) import = import_of (data, size, store);
  g_autoptr (GError) error = NULL;
  g_autofree char *question = NULL, *csv = NULL;
  gboolean done = ktm_import_n_sources (import) > 0 && ktm_import_propose (import, NULL, &error);

  if (!done)
    return FALSE;
  check_mapping (import);
  question = ktm_import_dup_question (import);
  if (!check_choices (import, seed))
    return FALSE;
  if (question != NULL)
    g_error ("checked although it asks: %s", question);
  csv = ktm_import_dup_problems_csv (import);
  done = ktm_import_commit (import, store, NULL, &error);
  fuzz_check_error (done, error);
  check_store (store);
  return done;
}

/* Loads what was written, as a window would. */
static void
load (KtmStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_new_from_store (store, &error);

  if (cohort == NULL)
    g_error ("what was written cannot be loaded: %s", error->message);
  KtmFrame *frame = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, KTM_FRAME_TIMES);
  ktm_frame_unref (frame);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create_in (":memory:", NULL, "Fuzz", &error);
  guint seed = size > 0 ? data[size - 1] + (guint) size : 0;

  g_assert_no_error (error);
  fuzz_accepted = run (data, size, store, seed);
  if (fuzz_accepted && run (data, size, store, seed))
    while (ktm_store_undo (store, NULL))
      check_store (store);
  load (store);
  return 0;
}
