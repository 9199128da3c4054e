/* model/store: GLib only.  What appears twice, what comes after a stop, and what the import would change. */
#include "ktm-import-private.h"

static KtmPlanScore *
score_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->scores, KtmPlanScore, i);
}

static inline int
compare_keys (const KtmPlanScore *x, const KtmPlanScore *y)
{
  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  if (x->measure != y->measure)
    return x->measure < y->measure ? -1 : 1;
  return x->visit == y->visit ? 0 : x->visit < y->visit ? -1 : 1;
}

static int
by_key (gconstpointer a, gconstpointer b)
{
  const KtmPlanScore *x = a, *y = b;
  int order = compare_keys (x, y);

  if (order != 0)
    return order;
  if (x->source != y->source)
    return x->source < y->source ? -1 : 1;
  return x->line == y->line ? 0 : x->line < y->line ? -1 : 1;
}

/* Scores mostly come in order; sort only where they do not. */
static void
sort_scores (KtmImport *import)
{
  for (guint i = 1; i < import->scores->len; i++)
    if (by_key (score_nth (import, i - 1), score_nth (import, i)) > 0)
      {
        g_array_sort (import->scores, by_key);
        return;
      }
}

static KtmProblem *
score_problem (KtmImport *import, const KtmPlanScore *score, KtmProblemKind kind)
{
  KtmProblem *problem = ktm_import_new_problem (import, score->source, score->line, score->column + 1u, kind);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  problem->value = g_strdup (g_ascii_formatd (number, sizeof number, "%.10g", score->value));
  return problem;
}

/* Two scores for one visit.  @second comes later in the files; the one nearer to the nominal time stands first. */
static KtmPlanScore *
settle_pair (KtmImport *import, KtmPlanScore *first, KtmPlanScore *second)
{
  double nominal = g_array_index (import->visits, KtmPlanVisit, second->visit).time;
  const char *label = g_array_index (import->visits, KtmPlanVisit, second->visit).label;
  gboolean same_file = first->source == second->source;
  gboolean nearer = fabs (second->time - nominal) < fabs (first->time - nominal) - 1e-9;

  if (first->value == second->value && !same_file)
    {
      second->dropped = TRUE;
      return first;
    }
  KtmPlanScore *kept = nearer ? second : first, *other = nearer ? first : second;
  KtmProblem *problem = score_problem (import, other, first->value == second->value ? KTM_PROBLEM_REPEATED_VISIT : KTM_PROBLEM_DUPLICATE_VISIT);
  problem->other_line = kept->line;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%.10g", kept->value);
  const KtmSource *file = ktm_import_get_source (import, kept->source);
  if (same_file)
    problem->expected = g_strdup_printf (nearer ? _("a second score for %s; line %u, nearer to it, has %s") : _("a second score for %s; line %u has %s"),
                                         label, kept->line, number);
  else
    problem->expected = g_strdup_printf (_("a second score for %s; %s, line %u, has %s"), label, file->name, kept->line, number);
  if (ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND)
    {
      kept->dropped = TRUE;
      return other;
    }
  other->dropped = TRUE;
  return kept;
}

static void
tell_after_stop (KtmImport *import, const KtmPlanScore *score)
{
  const KtmPlanPatient *patient = import->patients->pdata[score->patient];
  const KtmPlanVisit *visit = &g_array_index (import->visits, KtmPlanVisit, score->visit);

  if (!(visit->time > patient->stop_time + 1e-9) || !(score->time > patient->stop_time))
    return;
  KtmProblem *problem = score_problem (import, score, KTM_PROBLEM_AFTER_STOP);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%.6g", patient->stop_time);
  problem->expected = g_strdup_printf (_("a score after the stop at %s"), number);
  if (ktm_import_add_problem (import, problem) == KTM_DO_LEAVE_OUT)
    ((KtmPlanScore *) score)->dropped = TRUE;
}

static int
by_value_key (gconstpointer a, gconstpointer b)
{
  const KtmPlanValue *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  if (x->attribute != y->attribute)
    return x->attribute < y->attribute ? -1 : 1;
  if (x->source != y->source)
    return x->source < y->source ? -1 : 1;
  return x->line == y->line ? 0 : x->line < y->line ? -1 : 1;
}

/* One value a patient and attribute stays; others that differ are reported. */
static void
settle_values (KtmImport *import)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (KtmPlanValue));

  g_array_sort (import->values, by_value_key);
  for (guint i = 0; i < import->values->len; i++)
    {
      const KtmPlanValue *value = &g_array_index (import->values, KtmPlanValue, i);
      KtmPlanValue *last = kept->len == 0 ? NULL : &g_array_index (kept, KtmPlanValue, kept->len - 1);
      if (last == NULL || last->patient != value->patient || last->attribute != value->attribute)
        {
          g_array_append_val (kept, *value);
          continue;
        }
      if (last->value == value->value)
        continue;
      KtmProblem *problem = ktm_import_new_problem (import, value->source, value->line, value->column + 1u, KTM_PROBLEM_DIFFERS);
      problem->value = g_strdup ("");
      problem->other_line = last->line;
      problem->expected = g_strdup_printf (_("another value for this patient than in line %u"), last->line);
      if (ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND)
        *last = *value;
    }
  g_array_set_size (import->values, 0);
  g_array_append_vals (import->values, kept->data, kept->len);
}

static void
settle_safety (KtmImport *import)
{
  GHashTable *seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < import->safety->len; i++)
    {
      KtmPlanSafety *safety = &g_array_index (import->safety, KtmPlanSafety, i);
      gint64 *key = g_new (gint64, 1);
      *key = ((gint64) safety->patient << 16) | safety->visit;
      guint before = GPOINTER_TO_UINT (g_hash_table_lookup (seen, key));
      if (before == 0)
        {
          g_hash_table_insert (seen, key, GUINT_TO_POINTER (i + 1));
          continue;
        }
      g_free (key);
      KtmPlanSafety *first = &g_array_index (import->safety, KtmPlanSafety, before - 1);
      if (first->any != safety->any)
        {
          KtmProblem *problem = ktm_import_new_problem (import, safety->source, safety->line, safety->column + 1u, KTM_PROBLEM_DUPLICATE_VISIT);
          problem->value = g_strdup (safety->any ? "1" : "0");
          problem->other_line = first->line;
          problem->expected = g_strdup_printf (_("a second answer for %s; line %u has the other"),
                                               g_array_index (import->visits, KtmPlanVisit, safety->visit).label, first->line);
          if (ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND)
            first->any = safety->any;
        }
      g_array_remove_index (import->safety, i--);
    }
  g_hash_table_unref (seen);
}

/* Finds two scores, values or answers for one place, and scores after the stop; reports and settles them. */
void
ktm_import_find_duplicates (KtmImport *import)
{
  guint n = 0;

  sort_scores (import);
  KtmPlanScore *last = NULL;
  for (guint i = 0; i < import->scores->len; i++)
    {
      KtmPlanScore *score = score_nth (import, i);
      last = last != NULL && compare_keys (last, score) == 0 ? settle_pair (import, last, score) : score;
    }
  for (guint i = 0; i < import->scores->len; i++)
    {
      KtmPlanScore *score = score_nth (import, i);
      if (score->dropped)
        continue;
      if (!isnan (((KtmPlanPatient *) import->patients->pdata[score->patient])->stop_time))
        tell_after_stop (import, score);
      if (!score->dropped)
        g_array_index (import->scores, KtmPlanScore, n++) = *score;
    }
  g_array_set_size (import->scores, n);
  settle_values (import);
  settle_safety (import);
}

/* --- what will change ---------------------------------------------------------------------------------- */

static void
add_change (KtmImport *import, KtmPlanPatient *patient, const char *what, double before, double after)
{
  KtmImportChange change = { patient->code, what, before, after };

  patient->touched = TRUE;
  if (isnan (before))
    import->counts.new_values++;
  else
    import->counts.changed_values++;
  if (import->changes->len < KTM_IMPORT_MAX_CHANGES && patient->exists)
    g_array_append_val (import->changes, change);
}

static int
old_score_order (gconstpointer a, gconstpointer b)
{
  const KtmOldScore *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  if (x->measure != y->measure)
    return x->measure < y->measure ? -1 : 1;
  return x->visit == y->visit ? 0 : x->visit < y->visit ? -1 : 1;
}

static int
old_value_order (gconstpointer a, gconstpointer b)
{
  const KtmOldValue *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  return x->attribute == y->attribute ? 0 : x->attribute < y->attribute ? -1 : 1;
}

static void
compare_scores (KtmImport *import)
{
  for (guint i = 0; i < import->scores->len; i++)
    {
      KtmPlanScore *score = score_nth (import, i);
      KtmPlanPatient *patient = import->patients->pdata[score->patient];
      const KtmPlanMeasure *measure = &g_array_index (import->measures, KtmPlanMeasure, score->measure);
      const KtmPlanVisit *visit = &g_array_index (import->visits, KtmPlanVisit, score->visit);
      const char *what = NULL;
      KtmOldScore *old = NULL;
      if (patient->exists && measure->exists && visit->exists)
        {
          KtmOldScore key = { patient->id, measure->position, visit->position, 0, 0 };
          old = bsearch (&key, import->old_scores->data, import->old_scores->len, sizeof key, old_score_order);
        }
      if (old != NULL && old->value == score->value)
        {
          import->counts.same_values++;
          /* A nominal time never replaces an exact one. */
          if (fabs (score->time - visit->time) < 1e-9 || fabs (score->time - old->time) < 1e-9)
            score->dropped = TRUE;
          continue;
        }
      if (patient->exists && import->changes->len < KTM_IMPORT_MAX_CHANGES)
        {
          g_autofree char *text = g_strdup_printf ("%s %s", measure->label, visit->label);
          what = g_string_chunk_insert_const (import->strings, text);
        }
      add_change (import, patient, what, old == NULL ? NAN : old->value, score->value);
    }
}

static void
compare_values (KtmImport *import)
{
  guint n = 0;

  for (guint i = 0; i < import->values->len; i++)
    {
      KtmPlanValue value = g_array_index (import->values, KtmPlanValue, i);
      KtmPlanPatient *patient = import->patients->pdata[value.patient];
      const KtmPlanAttribute *attribute = &g_array_index (import->attributes, KtmPlanAttribute, value.attribute);
      KtmOldValue *old = NULL;
      if (patient->exists && attribute->exists)
        {
          KtmOldValue key = { patient->id, attribute->position, 0 };
          old = bsearch (&key, import->old_values->data, import->old_values->len, sizeof key, old_value_order);
        }
      if (old != NULL && old->value == value.value)
        {
          import->counts.same_values++;
          continue;
        }
      add_change (import, patient, attribute->label, old == NULL ? NAN : old->value, value.value);
      g_array_index (import->values, KtmPlanValue, n++) = value;
    }
  g_array_set_size (import->values, n);
}

/* Counts what is new, changed and the same beside the open cohort; what is the same leaves the plan. */
void
ktm_import_compare (KtmImport *import)
{
  KtmImportCounts *counts = &import->counts;
  guint n = 0;

  counts->scores = import->scores->len;
  counts->values = import->values->len;
  counts->treatments = import->treatments->len;
  counts->events = import->events->len;
  counts->safety = import->safety->len;
  counts->study_arms = import->study_rows->len;
  counts->patients_before = import->old_patients->len;
  for (guint i = 0; i < import->patients->len; i++)
    ((KtmPlanPatient *) import->patients->pdata[i])->touched = FALSE;
  compare_scores (import);
  compare_values (import);
  for (guint i = 0; i < import->scores->len; i++)
    if (!score_nth (import, i)->dropped)
      g_array_index (import->scores, KtmPlanScore, n++) = *score_nth (import, i);
  g_array_set_size (import->scores, n);
  for (guint i = 0; i < import->patients->len; i++)
    {
      const KtmPlanPatient *patient = import->patients->pdata[i];
      if (!patient->exists)
        counts->new_patients++;
      else if (patient->touched)
        counts->changed_patients++;
      else
        counts->untouched_patients++;
    }
}
