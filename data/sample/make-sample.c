/* Build step: the sample cohort's tables through the program's own importer into one cohort file.
 *
 *   make-sample FOLDER OUTPUT
 *
 * The same tables give the same bytes: the id is fixed and nothing depends on the time or the
 * place. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "ktm-import.h"
#include "ktm-store.h"

#define LEVELS(...) ((const char *const[]) { __VA_ARGS__, NULL })

static const char *const FILES[] = { "patients.csv", "assessments.csv", "treatments.csv",
                                     "adverse_events.csv" };

static const KtmStudyRecord STUDY = {
  .id = "sample-2018",
  .title = "Refractory pain cohort",
  .time_unit = "month",
  .index_event = "first ketamine",
  .provenance = "Simulated, calibrated to published summary figures of a 30-centre follow-up of "
                "256 patients. No real patient.",
};

/* NRS: Farrar et al. (2001), Pain 94:149-158: 2 points on 0-10.  NAN: no value that everybody
 * agrees on. */
static const KtmMeasureRecord MEASURES[] = {
  { "nrs", "NRS", "points", 0, 10, TRUE, 2 },
  { "hads_a", "HADS anxiety", NULL, 0, 21, TRUE, NAN },
  { "hads_d", "HADS depression", NULL, 0, 21, TRUE, NAN },
  { "pgic", "PGIC", NULL, 1, 7, TRUE, NAN },
  { "sf12_pcs", "SF-12 physical", NULL, 0, 100, FALSE, NAN },
  { "sf12_mcs", "SF-12 mental", NULL, 0, 100, FALSE, NAN },
  { "npsi", "NPSI", "points", 0, 100, TRUE, NAN },
};

static gboolean
define (KtmStore *store, GError **error)
{
  const KtmAttributeRecord attributes[] = {
    { "pain_type", "Pain type", NULL, KTM_STORE_CATEGORY,
      LEVELS ("neuropathic", "fibromyalgia", "nociceptive", "CRPS") },
    { "sex", "Sex", NULL, KTM_STORE_CATEGORY, LEVELS ("F", "M") },
    { "age", "Age", "years", KTM_STORE_NUMBER, NULL },
    { "height_cm", "Height", "cm", KTM_STORE_NUMBER, NULL },
    { "weight_kg", "Weight", "kg", KTM_STORE_NUMBER, NULL },
    { "pain_duration_months", "Pain duration", "months", KTM_STORE_NUMBER, NULL },
    { "co_opioid", "Opioid", NULL, KTM_STORE_YES_NO, LEVELS ("no", "yes") },
    { "co_gabapentinoid", "Gabapentinoid", NULL, KTM_STORE_YES_NO, LEVELS ("no", "yes") },
    { "co_antidepressant", "Antidepressant", NULL, KTM_STORE_YES_NO, LEVELS ("no", "yes") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (MEASURES); i++)
    if (!ktm_store_put_measure (store, &MEASURES[i], NULL, error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (!ktm_store_put_attribute (store, &attributes[i], NULL, error))
      return FALSE;
  for (int month = -1; month <= 12; month++)
    {
      g_autofree char *label = month < 0 ? g_strdup ("W1") : g_strdup_printf ("M%d", month);
      g_autofree char *id = g_ascii_strdown (label, -1);

      if (!ktm_store_put_visit (store,
                                &(KtmVisitRecord){ id, label, month < 0 ? 0.25 : month, NAN, NAN },
                                NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* Published results beside the cohort, with made-up trials that show a forest. */
static gboolean
add_studies (KtmImport *import, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "..", "evidence", "studies.csv", NULL);
  KtmSource *source = ktm_source_new (path, NULL, error);

  if (source == NULL)
    return FALSE;
  source->mapping->as = KTM_SOURCE_STUDIES;
  ktm_import_add_source (import, source);
  return TRUE;
}

static gboolean
add_sources (KtmImport *import, const char *folder, GError **error)
{
  g_autofree char *mapping = g_build_filename (folder, "mapping.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, mapping, G_KEY_FILE_NONE, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    {
      g_autofree char *path = g_build_filename (folder, FILES[i], NULL);
      KtmSource *source = ktm_source_new (path, NULL, error);

      if (source == NULL || !ktm_mapping_load (source->mapping, file, FILES[i], error))
        return FALSE;
      ktm_import_add_source (import, source);
    }
  return add_studies (import, folder, error);
}

static gboolean
check_sound (KtmImport *import, GError **error)
{
  g_autofree char *sentence = NULL;

  if (ktm_import_n_problems (import) == 0)
    return TRUE;
  sentence = ktm_problem_dup_sentence (import, ktm_import_get_problem (import, 0));
  g_set_error_literal (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, sentence);
  return FALSE;
}

static gboolean
make (const char *folder, const char *output, GError **error)
{
  g_autoptr (KtmImport) import = ktm_import_new ();
  g_autoptr (KtmStore) store = ktm_store_create (output, STUDY.title, error);

  return store != NULL && ktm_store_begin (store, error)
         && ktm_store_put_study (store, &STUDY, error) && define (store, error)
         && ktm_store_commit (store, error) && add_sources (import, folder, error)
         && ktm_import_read_cohort (import, store, error)
         && ktm_import_propose (import, NULL, error) && ktm_import_check (import, NULL, error)
         && check_sound (import, error) && ktm_import_commit (import, store, NULL, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    {
      fprintf (stderr, "Usage: make-sample FOLDER OUTPUT\n");
      return 2;
    }
  g_unlink (argv[2]);
  if (make (argv[1], argv[2], &error))
    return 0;
  fprintf (stderr, "make-sample: %s\n", error != NULL ? error->message : "failed");
  g_unlink (argv[2]);
  return 1;
}
