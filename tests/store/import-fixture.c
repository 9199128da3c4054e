#include "import-fixture.h"

#include <math.h>
#include <string.h>

char *
fixture_path (const char *name)
{
  const char *folder = g_getenv ("G_TEST_SRCDIR");

  if (g_str_has_prefix (name, "@sample/"))
    return g_build_filename (g_getenv ("KTM_SAMPLE_DIR"), name + 8, NULL);
  if (g_str_has_prefix (name, "@data/"))
    return g_build_filename (g_getenv ("KTM_DATA_DIR"), name + 6, NULL);
  return g_build_filename (folder, "import", name, NULL);
}

static void
say (KtmSource *source, const char *options)
{
  g_auto (GStrv) each = g_strsplit (options != NULL ? options : "", "|", -1);

  for (gsize i = 0; each[i] != NULL; i++)
    if (strchr (each[i], '=') != NULL)
      {
        g_auto (GStrv) pair = g_strsplit (each[i], "=", 2);
        g_autoptr (GError) error = NULL;
        ktm_mapping_set (source->mapping, pair[0], pair[1], &error);
        g_assert_no_error (error);
      }
}

KtmImport *
fixture_import (const char *files, const char *options, KtmStore *into)
{
  KtmImport *import = ktm_import_new ();
  g_auto (GStrv) names = g_strsplit (files, " ", -1);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = fixture_path (names[i]);
      KtmSource *source = ktm_source_new (path, NULL, &error);
      g_assert_no_error (error);
      say (source, options);
      ktm_import_add_source (import, source);
    }
  if (into != NULL)
    {
      g_assert_true (ktm_import_read_cohort (import, into, &error));
      g_assert_no_error (error);
    }
  ktm_import_propose (import, NULL, &error);
  g_assert_no_error (error);
  return import;
}

void
fixture_check (KtmImport *import)
{
  g_autoptr (GError) error = NULL;

  ktm_import_check (import, NULL, &error);
  g_assert_no_error (error);
}

char *
fixture_problems (KtmImport *import)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < ktm_import_n_problems (import); i++)
    {
      const KtmProblem *p = ktm_import_get_problem (import, i);
      g_string_append_printf (out, "%s%u:%u:%s:%s", i > 0 ? "\n" : "", p->line, p->column, p->value,
                              ktm_problem_kind_name (p->kind));
    }
  return g_string_free (out, FALSE);
}

typedef struct
{
  GHashTable *codes;
  GPtrArray  *measures;
  GArray     *times;
  GPtrArray  *lines;
} Scores;

static gboolean
patient_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *patient = record;
  gint64 *id = g_new (gint64, 1);

  *id = patient->id;
  g_hash_table_insert (((Scores *) data)->codes, id, g_strdup (patient->code));
  return TRUE;
}

static gboolean
measure_cb (const void *record, gpointer data)
{
  g_ptr_array_add (((Scores *) data)->measures, g_strdup (((const KtmMeasureRecord *) record)->id));
  return TRUE;
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  g_array_append_val (((Scores *) data)->times, ((const KtmVisitRecord *) record)->time);
  return TRUE;
}

static gboolean
score_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *score = record;
  Scores *s = data;

  g_ptr_array_add (s->lines,
                   g_strdup_printf ("%s %s %g %g",
                                    (char *) g_hash_table_lookup (s->codes, &score->patient),
                                    (char *) s->measures->pdata[score->measure],
                                    g_array_index (s->times, double, score->visit), score->value));
  return TRUE;
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char *
fixture_scores (KtmStore *store)
{
  Scores s = { g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free),
               g_ptr_array_new_with_free_func (g_free), g_array_new (FALSE, FALSE, sizeof (double)),
               g_ptr_array_new_with_free_func (g_free) };
  GError *error = NULL;

  ktm_store_read_patients (store, patient_cb, &s, &error);
  ktm_store_read_measures (store, measure_cb, &s, &error);
  ktm_store_read_visits (store, visit_cb, &s, &error);
  ktm_store_read_scores (store, score_cb, &s, &error);
  g_assert_no_error (error);
  g_ptr_array_sort (s.lines, by_text);
  g_ptr_array_add (s.lines, NULL);
  char *text = g_strjoinv ("\n", (char **) s.lines->pdata);
  g_hash_table_unref (s.codes);
  g_ptr_array_unref (s.measures);
  g_array_unref (s.times);
  g_ptr_array_unref (s.lines);
  return text;
}
