/* model/store: GLib only.  What appears twice, what comes after a stop, and what the import would
 * change. */
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
  KtmProblem *problem =
      ktm_import_new_problem (import, score->source, score->line, score->column + 1u, kind);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  problem->value = g_strdup (g_ascii_formatd (number, sizeof number, "%.10g", score->value));
  return problem;
}

/* Two scores for one visit.  @second comes later in the files; the one nearer to the nominal time
 * stands first. */
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
  KtmProblem *problem = score_problem (import, other,
                                       first->value == second->value ? KTM_PROBLEM_REPEATED_VISIT
                                                                     : KTM_PROBLEM_DUPLICATE_VISIT);
  problem->other_line = kept->line;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%.10g", kept->value);
  const KtmSource *file = ktm_import_get_source (import, kept->source);
  if (same_file)
    problem->expected =
        g_strdup_printf (nearer ? _("a second score for %s; line %u, nearer to it, has %s")
                                : _("a second score for %s; line %u has %s"),
                         label, kept->line, number);
  else
    problem->expected = g_strdup_printf (_("a second score for %s; %s, line %u, has %s"), label,
                                         file->name, kept->line, number);
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

/* A number as people read it; NULL for NaN. */
const char *
ktm_import_number_text (KtmImport *import, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return isnan (value) ? NULL
                       : g_string_chunk_insert_const (
                           import->strings, g_ascii_formatd (number, sizeof number, "%.6g", value));
}

/* A value of an attribute: its level, its date or its number. */
static const char *
value_text (KtmImport *import, const KtmPlanAttribute *attribute, double value)
{
  if (isnan (value))
    return NULL;
  if (attribute->kind == KTM_STORE_DATE)
    {
      g_autofree char *iso = ktm_julian_iso (value);
      return g_string_chunk_insert_const (import->strings, iso);
    }
  if (attribute->kind != KTM_STORE_NUMBER && value >= 0 && value < attribute->levels->len)
    return attribute->levels->pdata[(guint) value];
  return ktm_import_number_text (import, value);
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

static void
sort_values (KtmImport *import)
{
  for (guint i = 1; i < import->values->len; i++)
    if (by_value_key (&g_array_index (import->values, KtmPlanValue, i - 1),
                      &g_array_index (import->values, KtmPlanValue, i))
        > 0)
      {
        g_array_sort (import->values, by_value_key);
        return;
      }
}

/* One value a patient and attribute stays; others that differ are reported. */
static void
settle_values (KtmImport *import)
{
  guint n = 0;

  sort_values (import);
  for (guint i = 0; i < import->values->len; i++)
    {
      const KtmPlanValue *value = &g_array_index (import->values, KtmPlanValue, i);
      KtmPlanValue *last = n == 0 ? NULL : &g_array_index (import->values, KtmPlanValue, n - 1);
      if (last == NULL || last->patient != value->patient || last->attribute != value->attribute)
        {
          g_array_index (import->values, KtmPlanValue, n++) = *value;
          continue;
        }
      if (last->value == value->value)
        continue;
      KtmProblem *problem = ktm_import_new_problem (import, value->source, value->line,
                                                    value->column + 1u, KTM_PROBLEM_DIFFERS);
      const KtmPlanAttribute *attribute =
          &g_array_index (import->attributes, KtmPlanAttribute, value->attribute);
      const char *before = value_text (import, attribute, last->value);
      problem->value = g_strdup (value_text (import, attribute, value->value));
      problem->other_line = last->source == value->source ? last->line : 0;
      if (last->source == value->source)
        problem->expected =
            g_strdup_printf (_("“%s” in line %u of this patient"), before, last->line);
      else
        problem->expected =
            g_strdup_printf (_("“%s” for this patient in %s, line %u"), before,
                             ktm_import_get_source (import, last->source)->name, last->line);
      if (ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND)
        *last = *value;
    }
  g_array_set_size (import->values, n);
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
          KtmProblem *problem =
              ktm_import_new_problem (import, safety->source, safety->line, safety->column + 1u,
                                      KTM_PROBLEM_DUPLICATE_VISIT);
          problem->value = g_strdup (safety->any ? "1" : "0");
          problem->other_line = first->line;
          problem->expected = g_strdup_printf (
              _("a second answer for %s; line %u has the other"),
              g_array_index (import->visits, KtmPlanVisit, safety->visit).label, first->line);
          if (ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND)
            first->any = safety->any;
        }
      g_array_remove_index (import->safety, i--);
    }
  g_hash_table_unref (seen);
}

/* Finds two scores, values or answers for one place, and scores after the stop; reports and settles
 * them. */
void
ktm_import_find_duplicates (KtmImport *import)
{
  guint n = 0;

  sort_scores (import);
  KtmPlanScore *last = NULL;
  for (guint i = 0; i < import->scores->len; i++)
    {
      KtmPlanScore *score = score_nth (import, i);
      last = last != NULL && compare_keys (last, score) == 0 ? settle_pair (import, last, score)
                                                             : score;
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
  ktm_import_settle_courses (import);
  ktm_import_check_studies (import);
}

/* --- what will change ------------------------------------------------------------------------- */

/* Adds one change to the list (the first 20 000 of patients the cohort has) and counts it: new
 * where @from is NULL. */
void
ktm_import_change (KtmImport *import, KtmPlanPatient *patient, const char *code, const char *what,
                   double before, double after, const char *from, const char *to)
{
  if (from == NULL)
    import->counts.new_values++;
  else
    import->counts.changed_values++;
  if (patient != NULL)
    patient->touched = TRUE;
  if (import->changes->len >= KTM_IMPORT_MAX_CHANGES
      || (patient != NULL ? !patient->exists : !import->has_cohort))
    return;
  KtmImportChange change = { patient != NULL ? patient->code : code,
                             g_string_chunk_insert_const (import->strings, what),
                             before,
                             after,
                             from == NULL ? NULL
                                          : g_string_chunk_insert_const (import->strings, from),
                             g_string_chunk_insert_const (import->strings, to) };
  g_array_append_val (import->changes, change);
}

/* --- what the cohort holds already ------------------------------------------------------------ */

int
ktm_old_score_order (gconstpointer a, gconstpointer b)
{
  const KtmOldScore *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  if (x->measure != y->measure)
    return x->measure < y->measure ? -1 : 1;
  return x->visit == y->visit ? 0 : x->visit < y->visit ? -1 : 1;
}

int
ktm_old_value_order (gconstpointer a, gconstpointer b)
{
  const KtmOldValue *x = a, *y = b;

  if (x->patient != y->patient)
    return x->patient < y->patient ? -1 : 1;
  return x->attribute == y->attribute ? 0 : x->attribute < y->attribute ? -1 : 1;
}

static const KtmOldScore *
find_old_score (KtmImport *import, const KtmPlanScore *score)
{
  const KtmPlanPatient *patient = import->patients->pdata[score->patient];
  const KtmPlanMeasure *measure = &g_array_index (import->measures, KtmPlanMeasure, score->measure);
  const KtmPlanVisit *visit = &g_array_index (import->visits, KtmPlanVisit, score->visit);
  KtmOldScore key = { patient->id, measure->position, visit->position, 0, 0 };

  if (!patient->exists || !measure->exists || !visit->exists || import->old_scores->len == 0)
    return NULL;
  return bsearch (&key, import->old_scores->data, import->old_scores->len, sizeof key,
                  ktm_old_score_order);
}

static void
compare_score (KtmImport *import, KtmPlanScore *score, const KtmOldScore *old)
{
  KtmPlanPatient *patient = import->patients->pdata[score->patient];
  const KtmPlanVisit *visit = &g_array_index (import->visits, KtmPlanVisit, score->visit);
  g_autofree char *what = g_strdup_printf (
      "%s %s", g_array_index (import->measures, KtmPlanMeasure, score->measure).label,
      visit->label);

  /* A nominal time never replaces an exact one. */
  if (old != NULL && fabs (score->time - visit->time) < 1e-9)
    score->time = old->time;
  if (old == NULL || old->value != score->value)
    ktm_import_change (import, patient, NULL, what, old == NULL ? NAN : old->value, score->value,
                       old == NULL ? NULL : ktm_import_number_text (import, old->value),
                       ktm_import_number_text (import, score->value));
  else
    import->counts.same_values++;
  if (old == NULL || fabs (score->time - old->time) < 1e-9)
    {
      score->dropped = old != NULL && old->value == score->value;
      return;
    }
  g_autofree char *time = g_strdup_printf (_("%s, time"), what);
  import->counts.changed_times++;
  ktm_import_change (import, patient, NULL, time, old->time, score->time,
                     ktm_import_number_text (import, old->time),
                     ktm_import_number_text (import, score->time));
}

static void
compare_scores (KtmImport *import)
{
  for (guint i = 0; i < import->scores->len; i++)
    {
      KtmPlanScore *score = score_nth (import, i);
      const KtmPlanPatient *patient = import->patients->pdata[score->patient];
      if (patient->exists)
        compare_score (import, score, find_old_score (import, score));
      else
        import->counts.new_values++;
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
      const KtmPlanAttribute *attribute =
          &g_array_index (import->attributes, KtmPlanAttribute, value.attribute);
      KtmOldValue *old = NULL;
      if (patient->exists && attribute->exists && import->old_values->len > 0)
        {
          KtmOldValue key = { patient->id, attribute->position, 0 };
          old = bsearch (&key, import->old_values->data, import->old_values->len, sizeof key,
                         ktm_old_value_order);
        }
      if (old != NULL && old->value == value.value)
        {
          import->counts.same_values++;
          continue;
        }
      if (patient->exists)
        ktm_import_change (import, patient, NULL, attribute->label, old == NULL ? NAN : old->value,
                           value.value,
                           old == NULL ? NULL : value_text (import, attribute, old->value),
                           value_text (import, attribute, value.value));
      else
        import->counts.new_values++;
      g_array_index (import->values, KtmPlanValue, n++) = value;
    }
  g_array_set_size (import->values, n);
}

/* Counts what is new, changed and the same beside the open cohort; what is the same leaves the
 * plan. */
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
  counts->study_arms = import->arms->len;
  counts->patients_before = import->old_patients->len;
  for (guint i = 0; i < import->patients->len; i++)
    ((KtmPlanPatient *) import->patients->pdata[i])->touched = FALSE;
  compare_scores (import);
  compare_values (import);
  ktm_import_compare_fields (import);
  ktm_import_compare_courses (import);
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
