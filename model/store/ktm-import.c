/* model/store: GIO and sqlite3 only.  The import as a whole: propose, check, say what it found. */
#include "ktm-import-private.h"

static guint
slice_hash (gconstpointer key)
{
  const KtmSlice *slice = key;
  guint hash = 5381;

  for (gsize i = 0; i < slice->len; i++)
    hash = hash * 33 + (guchar) slice->text[i];
  return hash;
}

static gboolean
slice_equal (gconstpointer a, gconstpointer b)
{
  const KtmSlice *x = a, *y = b;

  return x->len == y->len && memcmp (x->text, y->text, x->len) == 0;
}

static void
patient_free (gpointer patient)
{
  g_free (((KtmPlanPatient *) patient)->said);
  g_free (patient);
}

static void
free_plan (KtmImport *import)
{
  g_clear_pointer (&import->by_code, g_hash_table_unref);
  g_clear_pointer (&import->by_normal, g_hash_table_unref);
  g_clear_pointer (&import->strings, g_string_chunk_free);
  g_clear_pointer (&import->measures, g_array_unref);
  g_clear_pointer (&import->visits, g_array_unref);
  g_clear_pointer (&import->attributes, g_array_unref);
  g_clear_pointer (&import->patients, g_ptr_array_unref);
  g_clear_pointer (&import->values, g_array_unref);
  g_clear_pointer (&import->scores, g_array_unref);
  g_clear_pointer (&import->treatments, g_array_unref);
  g_clear_pointer (&import->safety, g_array_unref);
  g_clear_pointer (&import->events, g_array_unref);
  g_clear_pointer (&import->dropped_rows, g_hash_table_unref);
  g_clear_pointer (&import->told, g_hash_table_unref);
  g_clear_pointer (&import->problems, g_ptr_array_unref);
  g_clear_pointer (&import->changes, g_array_unref);
  g_clear_pointer (&import->arms, g_array_unref);
}

static void
begin_plan (KtmImport *import)
{
  free_plan (import);
  import->strings = g_string_chunk_new (64 * 1024);
  import->measures = g_array_copy (import->old_measures);
  import->visits = g_array_copy (import->old_visits);
  import->attributes = g_array_new (FALSE, TRUE, sizeof (KtmPlanAttribute));
  g_array_set_clear_func (import->attributes, ktm_plan_attribute_clear);
  import->patients = g_ptr_array_new_with_free_func (patient_free);
  import->by_code = g_hash_table_new (slice_hash, slice_equal);
  import->by_normal = g_hash_table_new (g_str_hash, g_str_equal);
  import->values = g_array_new (FALSE, TRUE, sizeof (KtmPlanValue));
  import->scores = g_array_new (FALSE, TRUE, sizeof (KtmPlanScore));
  import->treatments = g_array_new (FALSE, TRUE, sizeof (KtmPlanTreatment));
  import->safety = g_array_new (FALSE, TRUE, sizeof (KtmPlanSafety));
  import->events = g_array_new (FALSE, TRUE, sizeof (KtmPlanEvent));
  import->dropped_rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  import->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  import->problems = g_ptr_array_new_with_free_func (ktm_problem_free);
  import->changes = g_array_new (FALSE, TRUE, sizeof (KtmImportChange));
  import->arms = g_array_new (FALSE, TRUE, sizeof (KtmPlanArm));
  memset (&import->counts, 0, sizeof import->counts);
  import->n_blocking = import->n_beyond = 0;
}

/* An import of nothing yet.  Free with ktm_import_free(). */
KtmImport *
ktm_import_new (void)
{
  KtmImport *import = g_new0 (KtmImport, 1);

  import->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_source_free);
  import->choices = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  ktm_import_forget_cohort (import);
  begin_plan (import);
  return import;
}

void
ktm_import_free (KtmImport *import)
{
  free_plan (import);
  g_ptr_array_unref (import->sources);
  g_hash_table_unref (import->choices);
  g_array_unref (import->old_measures);
  g_array_unref (import->old_visits);
  g_array_unref (import->old_attributes);
  g_array_unref (import->old_patients);
  g_array_unref (import->old_scores);
  g_array_unref (import->old_values);
  g_array_unref (import->old_treatments);
  g_array_unref (import->old_safety);
  g_array_unref (import->old_events);
  g_array_unref (import->old_arms);
  g_string_chunk_free (import->old_strings);
  g_free (import->old_unit);
  g_free (import);
}

/* Adds a file; takes it over. */
void
ktm_import_add_source (KtmImport *import, KtmSource *source)
{
  g_ptr_array_add (import->sources, source);
}

guint
ktm_import_n_sources (KtmImport *import)
{
  return import->sources->len;
}

/* Borrowed from the import. */
KtmSource *
ktm_import_get_source (KtmImport *import, guint i)
{
  return import->sources->pdata[i];
}

/* @func is called with a fraction 0…1 from the thread that checks or commits. */
void
ktm_import_set_progress (KtmImport *import, KtmImportProgress func, gpointer data)
{
  import->progress = func;
  import->progress_data = data;
}

static char **
ids_of (GArray *array, gsize size)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (ids, g_strdup (*(const char **) (void *) (array->data + i * size)));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

/* Looks at every file and proposes what its columns are, from its mapping and the names.
 * Errors: INVALID with the file's name (empty, REDCap, wrong encoding), cancelled. */
gboolean
ktm_import_propose (KtmImport *import, GCancellable *cancellable, GError **error)
{
  g_auto (GStrv) measures = ids_of (import->old_measures, sizeof (KtmPlanMeasure));
  g_auto (GStrv) attributes = ids_of (import->old_attributes, sizeof (KtmPlanAttribute));

  for (guint i = 0; i < import->sources->len; i++)
    {
      KtmSource *source = import->sources->pdata[i];
      if (!ktm_source_look (source, cancellable, error)
          || !ktm_source_propose (source, (const char *const *) measures,
                                  (const char *const *) attributes, error))
        return FALSE;
    }
  return TRUE;
}

/* The first thing that must be said before the import can go on: "a.csv: …: give --time"; NULL if
 * nothing.  Free. */
char *
ktm_import_dup_question (KtmImport *import)
{
  for (guint i = 0; i < import->sources->len; i++)
    {
      const KtmSource *source = import->sources->pdata[i];
      if (source->questions->len > 0 && source->hints->pdata[0] != NULL)
        return g_strdup_printf (_("%s: %s: give %s"), source->name,
                                (const char *) source->questions->pdata[0],
                                (const char *) source->hints->pdata[0]);
      if (source->questions->len > 0)
        return g_strdup_printf ("%s: %s", source->name, (const char *) source->questions->pdata[0]);
    }
  return NULL;
}

gboolean
ktm_import_get_scale (KtmImport *import, const char *id, double *min, double *max,
                      gboolean *lower_better)
{
  for (guint i = 0; i < import->old_measures->len; i++)
    {
      const KtmPlanMeasure *measure = &g_array_index (import->old_measures, KtmPlanMeasure, i);
      if (g_ascii_strcasecmp (measure->id, id) != 0)
        continue;
      *min = measure->min;
      *max = measure->max;
      *lower_better = measure->lower_better;
      return TRUE;
    }
  return FALSE;
}

static void
settle_unit (KtmImport *import)
{
  import->unit = KTM_TIME_NONE;
  if (import->old_unit != NULL && ktm_time_unit_from_name (import->old_unit, &import->unit))
    return;
  for (guint i = 0; i < import->sources->len; i++)
    {
      const KtmSource *source = import->sources->pdata[i];
      if (source->kind == KTM_SOURCE_SCORES
          || (source->kind == KTM_SOURCE_WIDE && import->unit == KTM_TIME_NONE))
        import->unit = source->time_unit;
    }
  if (import->unit == KTM_TIME_NONE)
    import->unit = KTM_TIME_MONTH;
}

static void
begin_patients (KtmImport *import)
{
  import->closed = import->old_patients->len > 0;
  for (guint i = 0; i < import->old_attributes->len; i++)
    {
      KtmPlanAttribute attribute = g_array_index (import->old_attributes, KtmPlanAttribute, i);
      attribute.levels = g_ptr_array_copy (attribute.levels, NULL, NULL);
      attribute.index = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint k = 0; k < attribute.levels->len; k++)
        g_hash_table_insert (attribute.index, attribute.levels->pdata[k], GUINT_TO_POINTER (k + 1));
      g_array_append_val (import->attributes, attribute);
    }
  for (guint i = 0; i < import->old_patients->len; i++)
    {
      const KtmPlanPatient *old = &g_array_index (import->old_patients, KtmPlanPatient, i);
      int position = ktm_import_add_patient (import, old->code, old->code_len);
      KtmPlanPatient *patient = import->patients->pdata[position];
      const char *code = patient->code;
      *patient = *old;
      patient->code = code;
    }
  for (guint i = 0; i < import->sources->len; i++)
    {
      KtmSourceKind kind = ktm_import_get_source (import, i)->kind;
      import->closed |= kind == KTM_SOURCE_PATIENTS || kind == KTM_SOURCE_WIDE;
    }
}

static int
by_place (gconstpointer a, gconstpointer b)
{
  const KtmProblem *x = *(const KtmProblem *const *) a, *y = *(const KtmProblem *const *) b;

  if (x->source != y->source)
    return x->source < y->source ? -1 : 1;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  return x->column == y->column ? (int) x->kind - (int) y->kind : x->column < y->column ? -1 : 1;
}

/* The same problem of the same cell, met in two passes, is one problem. */
static void
sort_problems (KtmImport *import)
{
  guint n = 0;

  g_ptr_array_sort (import->problems, by_place);
  for (guint i = 0; i < import->problems->len; i++)
    {
      KtmProblem *problem = import->problems->pdata[i],
                 *last = n > 0 ? import->problems->pdata[n - 1] : NULL;
      if (last != NULL && by_place (&last, &problem) == 0
          && g_strcmp0 (last->value, problem->value) == 0
          && g_strcmp0 (last->expected, problem->expected) == 0)
        {
          import->n_blocking -= problem->blocks;
          import->counts.left_out -= problem->choice == KTM_DO_LEAVE_OUT;
          ktm_problem_free (problem);
        }
      else
        import->problems->pdata[n++] = problem;
    }
  for (guint i = n; i < import->problems->len; i++)
    import->problems->pdata[i] = NULL;
  g_ptr_array_set_free_func (import->problems, NULL);
  g_ptr_array_set_size (import->problems, n);
  g_ptr_array_set_free_func (import->problems, ktm_problem_free);
}

/* Reads all rows into a plan with the choices made so far: problems, counts and changes are those
 * of this plan. Errors: cancelled; INVALID for a question that is still open. */
gboolean
ktm_import_check (KtmImport *import, GCancellable *cancellable, GError **error)
{
  g_autofree char *question = ktm_import_dup_question (import);

  begin_plan (import);
  if (question != NULL)
    {
      g_set_error_literal (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, question);
      return FALSE;
    }
  settle_unit (import);
  begin_patients (import);
  import->done = 0;
  import->share = 0.9 / MAX (1, import->sources->len + 1);
  if (!ktm_import_prepare_columns (import, error)
      || !ktm_import_read_patients (import, cancellable, error)
      || !ktm_import_read_treatments (import, cancellable, error)
      || !ktm_import_read_scores (import, cancellable, error)
      || !ktm_import_read_events (import, cancellable, error)
      || !ktm_import_read_studies (import, cancellable, error))
    return FALSE;
  ktm_import_find_duplicates (import);
  sort_problems (import);
  ktm_import_compare (import);
  if (import->progress != NULL)
    import->progress (1, import->progress_data);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

guint
ktm_import_n_problems (KtmImport *import)
{
  return import->problems->len + import->n_beyond;
}

/* The i-th problem by file, line and column; NULL beyond those that are kept (the first 20 000).
 * Borrowed. */
const KtmProblem *
ktm_import_get_problem (KtmImport *import, guint i)
{
  return i < import->problems->len ? import->problems->pdata[i] : NULL;
}

/* Problems for which a command refuses to import. */
guint
ktm_import_n_blocking (KtmImport *import)
{
  return import->n_blocking;
}

const KtmImportCounts *
ktm_import_get_counts (KtmImport *import)
{
  return &import->counts;
}

/* New and changed values of patients the cohort has already (the first 20 000). */
guint
ktm_import_n_changes (KtmImport *import)
{
  return import->changes->len;
}

const KtmImportChange *
ktm_import_get_change (KtmImport *import, guint i)
{
  return &g_array_index (import->changes, KtmImportChange, i);
}
