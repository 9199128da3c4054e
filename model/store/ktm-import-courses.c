/* model/store: GLib only.  Treatments, adverse events, answers about harms, study arms: two lines
 * for one place of the cohort are settled, never written over each other; then what is new and what
 * changes beside the open cohort. */
#include "ktm-import-private.h"

static KtmPlanTreatment *
treatment_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->treatments, KtmPlanTreatment, i);
}

static KtmPlanEvent *
event_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->events, KtmPlanEvent, i);
}

static KtmPlanArm *
arm_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->arms, KtmPlanArm, i);
}

static KtmPlanPatient *
patient_nth (KtmImport *import, guint i)
{
  return import->patients->pdata[i];
}

/* The key of the cohort's table, with @who a patient's position in the plan or id in the cohort. */
static char *
treatment_key (gint64 who, double time, const char *drug, const char *route)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT "\n%.17g\n%s\n%s", who, time + 0.0, drug,
                          route != NULL ? route : "");
}

static char *
event_key (gint64 who, double time, const char *term, int severity)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT "\n%.17g\n%s\n%d", who, time + 0.0, term, severity);
}

static char *
arm_key (const KtmStudyArmRecord *record)
{
  return g_strdup_printf ("%s\n%s", record->study, record->arm != NULL ? record->arm : "");
}

/* --- two rows that may be one ----------------------------------------------------------------- */

/* How two rows of one key agree, field by field; a field only one of them has goes into the first.
 */
typedef struct { gboolean differ, same; } Agreement;

static void
agree_number (Agreement *all, double *first, double second)
{
  gboolean both = !isnan (*first) && !isnan (second);

  all->differ |= both && *first != second;
  all->same &= both ? *first == second : isnan (*first) && isnan (second);
  if (isnan (*first))
    *first = second;
}

static void
agree_text (Agreement *all, const char **first, const char *second)
{
  gboolean both = *first != NULL && second != NULL;

  all->differ |= both && strcmp (*first, second) != 0;
  all->same &= both ? strcmp (*first, second) == 0 : *first == NULL && second == NULL;
  if (*first == NULL)
    *first = second;
}

/* @unknown: the value of a field that is not known. */
static void
agree_int (Agreement *all, int *first, int second, int unknown)
{
  all->differ |= *first != unknown && second != unknown && *first != second;
  all->same &= *first == second;
  if (*first == unknown)
    *first = second;
}

static Agreement
join_treatments (KtmPlanTreatment *first, const KtmPlanTreatment *second)
{
  Agreement all = { FALSE, TRUE };

  agree_number (&all, &first->dose, second->dose);
  agree_text (&all, &first->dose_unit, second->dose_unit);
  agree_number (&all, &first->duration, second->duration);
  agree_text (&all, &first->duration_unit, second->duration_unit);
  agree_text (&all, &first->with, second->with);
  return all;
}

static Agreement
join_events (KtmPlanEvent *first, const KtmPlanEvent *second)
{
  Agreement all = { FALSE, TRUE };

  agree_int (&all, &first->visit, second->visit, -1);
  agree_number (&all, &first->grade, second->grade);
  agree_int (&all, &first->serious, second->serious, -1);
  agree_int (&all, &first->related, second->related, 0);
  agree_int (&all, &first->led_to_stop, second->led_to_stop, -1);
  agree_number (&all, &first->resolved, second->resolved);
  return all;
}

static Agreement
join_arms (KtmStudyArmRecord *first, const KtmStudyArmRecord *second)
{
  Agreement all = { FALSE, TRUE };

  agree_number (&all, &first->year, second->year);
  agree_number (&all, &first->n, second->n);
  agree_number (&all, &first->mean, second->mean);
  agree_number (&all, &first->sd, second->sd);
  agree_number (&all, &first->events, second->events);
  agree_number (&all, &first->effect, second->effect);
  agree_number (&all, &first->se, second->se);
  agree_text (&all, &first->moderators, second->moderators);
  agree_text (&all, &first->measure, second->measure);
  agree_number (&all, &first->low, second->low);
  agree_number (&all, &first->high, second->high);
  agree_number (&all, &first->correlation, second->correlation);
  agree_text (&all, &first->note, second->note);
  return all;
}

/* "line 3", or "b.csv, line 3" where it is another file. */
static char *
place_text (KtmImport *import, const KtmPlanPlace *place, const KtmPlanPlace *beside)
{
  if (place->source == beside->source)
    return g_strdup_printf (_("line %u"), place->line);
  return g_strdup_printf (_("%s, line %u"), ktm_import_get_source (import, place->source)->name,
                          place->line);
}

/* Tells that @second would stand where @first does.  TRUE: the second is to stay instead.  Takes
 * @expected. */
static gboolean
second_stays (KtmImport *import, const KtmPlanPlace *first, const KtmPlanPlace *second,
              gboolean repeated, const char *value, char *expected)
{
  KtmProblem *problem =
      ktm_import_new_problem (import, second->source, second->line, second->column + 1u,
                              repeated ? KTM_PROBLEM_REPEATED_ROW : KTM_PROBLEM_DUPLICATE_ROW);

  problem->value = g_strdup (value);
  problem->expected = expected;
  problem->other_line = first->source == second->source ? first->line : 0;
  return ktm_import_add_problem (import, problem) == KTM_DO_KEEP_SECOND;
}

/* Two courses of one drug at one time; the one to stay is left in @first. */
static void
settle_treatment (KtmImport *import, KtmPlanTreatment *first, const KtmPlanTreatment *second)
{
  KtmPlanTreatment joined = *first;
  Agreement all = join_treatments (&joined, second);
  gboolean undated = first->undated || second->undated;
  g_autofree char *where = place_text (import, &first->place, &second->place);
  const char *dose = ktm_import_number_text (import, second->dose);
  char time[G_ASCII_DTOSTR_BUF_SIZE], *expected;

  if (first->place.source != second->place.source && !all.differ)
    {
      *first = joined;
      return;
    }
  g_ascii_formatd (time, sizeof time, "%.6g", second->time);
  if (undated)
    expected = g_strdup_printf (_("a second treatment with %s that has no time or date; %s has "
                                   "the first, and both would start "
                                   "at 0: give a column with the time or date"),
                                second->drug, where);
  else if (all.same)
    expected = g_strdup_printf (_("the same treatment as %s"), where);
  else
    expected = g_strdup_printf (_("a second treatment with %s at %s; %s has another"),
                                second->drug, time, where);
  if (second_stays (import, &first->place, &second->place, all.same && !undated,
                    dose != NULL ? dose : second->drug, expected))
    *first = *second;
}

static void
settle_event (KtmImport *import, KtmPlanEvent *first, const KtmPlanEvent *second)
{
  KtmPlanEvent joined = *first;
  Agreement all = join_events (&joined, second);
  g_autofree char *where = place_text (import, &first->place, &second->place);
  char time[G_ASCII_DTOSTR_BUF_SIZE], *expected;

  if (first->place.source != second->place.source && !all.differ)
    {
      *first = joined;
      return;
    }
  g_ascii_formatd (time, sizeof time, "%.6g", second->time);
  if (all.same)
    expected = g_strdup_printf (_("the same adverse event as %s"), where);
  else
    expected = g_strdup_printf (
        _("a second event of this term and severity at %s; %s has another"), time, where);
  if (second_stays (import, &first->place, &second->place, all.same, second->term, expected))
    *first = *second;
}

static void
settle_arm (KtmImport *import, KtmPlanArm *first, const KtmPlanArm *second)
{
  KtmPlanArm joined = *first;
  Agreement all = join_arms (&joined.record, &second->record);
  g_autofree char *where = place_text (import, &first->place, &second->place);
  char *expected;

  if (first->place.source != second->place.source && !all.differ)
    {
      *first = joined;
      return;
    }
  expected = g_strdup_printf (all.same ? _("the same study and arm as %s")
                                       : _("a second line for this study and arm; %s has another"),
                              where);
  if (second_stays (import, &first->place, &second->place, all.same, second->record.study,
                    expected))
    *first = *second;
}

/* The position before of a row with @key (takes it), −1 where it is the first, which from now on
 * stands at @next. */
static int
seen_before (GHashTable *seen, char *key, guint next)
{
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (seen, key));

  if (before == 0)
    g_hash_table_insert (seen, key, GUINT_TO_POINTER (next + 1));
  else
    g_free (key);
  return (int) before - 1;
}

/* Finds treatments, adverse events and study arms of which the cohort can hold only one; reports
 * and settles them. */
void
ktm_import_settle_courses (KtmImport *import)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < import->treatments->len; i++)
    {
      KtmPlanTreatment *plan = treatment_nth (import, i);
      int before = seen_before (
          seen, treatment_key (plan->place.patient, plan->time, plan->drug, plan->route), n);
      if (before >= 0)
        settle_treatment (import, treatment_nth (import, before), plan);
      else
        *treatment_nth (import, n++) = *plan;
    }
  g_array_set_size (import->treatments, n);
  g_hash_table_remove_all (seen);
  n = 0;
  for (guint i = 0; i < import->events->len; i++)
    {
      KtmPlanEvent *plan = event_nth (import, i);
      int before = seen_before (
          seen, event_key (plan->place.patient, plan->time, plan->term, plan->severity), n);
      if (before >= 0)
        settle_event (import, event_nth (import, before), plan);
      else
        *event_nth (import, n++) = *plan;
    }
  g_array_set_size (import->events, n);
  g_hash_table_remove_all (seen);
  n = 0;
  for (guint i = 0; i < import->arms->len; i++)
    {
      KtmPlanArm *plan = arm_nth (import, i);
      int before = seen_before (seen, arm_key (&plan->record), n);
      if (before >= 0)
        settle_arm (import, arm_nth (import, before), plan);
      else
        *arm_nth (import, n++) = *plan;
    }
  g_array_set_size (import->arms, n);
}

/* --- beside the cohort ------------------------------------------------------------------------ */

/* One row beside the cohort's: what is said of it, and whether anything differs. */
typedef struct
{
  KtmImport *import;
  KtmPlanPatient *patient;
  const char *code, *what;
  gboolean differs;
} Beside;

static void
field_differs (Beside *beside, const char *field, double before, double after, const char *from,
               const char *to)
{
  g_autofree char *what = g_strdup_printf ("%s, %s", beside->what, field);

  beside->differs = TRUE;
  ktm_import_change (beside->import, beside->patient, beside->code, what, before, after, from, to);
}

/* What the file leaves out stays as the cohort has it. */
static void
beside_number (Beside *beside, const char *field, double before, double *after)
{
  if (isnan (*after))
    *after = before;
  else if (!(before == *after))
    field_differs (beside, field, before, *after, ktm_import_number_text (beside->import, before),
                   ktm_import_number_text (beside->import, *after));
}

static void
beside_text (Beside *beside, const char *field, const char *before, const char **after)
{
  if (*after == NULL)
    *after = before;
  else if (g_strcmp0 (before, *after) != 0)
    field_differs (beside, field, NAN, NAN, before, *after);
}

/* @words: a text for each value from @unknown + 1 on. */
static void
beside_int (Beside *beside, const char *field, int before, int *after, int unknown,
            const char *const *words)
{
  if (*after == unknown)
    *after = before;
  else if (*after != before)
    field_differs (beside, field, before == unknown ? NAN : before, *after,
                   before == unknown ? NULL : _ (words[before - unknown - 1]),
                   _ (words[*after - unknown - 1]));
}

static const char *
at_text (KtmImport *import, const char *name, double time)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text =
      g_strdup_printf (_("%s at %s"), name, g_ascii_formatd (number, sizeof number, "%.6g", time));

  return g_string_chunk_insert_const (import->strings, text);
}

/* TRUE where the row is to be written: it is new, or changes something. */
static gboolean
count_row (Beside *beside, gboolean is_new)
{
  KtmImportCounts *counts = &beside->import->counts;

  if (is_new)
    counts->new_rows++;
  else if (beside->differs)
    counts->changed_rows++;
  else
    counts->same_rows++;
  return is_new || beside->differs;
}

static void
list_new_row (Beside *beside, const char *to)
{
  guint before = beside->import->counts.new_values;

  ktm_import_change (beside->import, beside->patient, beside->code, beside->what, NAN, NAN, NULL,
                     to);
  beside->import->counts.new_values = before;  /* a row, counted as such */
}

static gboolean
compare_treatment (KtmImport *import, KtmPlanTreatment *plan, const KtmTreatmentRecord *old)
{
  Beside beside = { import, patient_nth (import, plan->place.patient), NULL,
                    at_text (import, plan->drug, plan->time), FALSE };

  if (old == NULL)
    {
      const char *dose = ktm_import_number_text (import, plan->dose);
      g_autofree char *to = dose == NULL ? g_strdup (_("treatment"))
                                         : g_strdup_printf ("%s %s", dose, plan->dose_unit);
      list_new_row (&beside, to);
      return count_row (&beside, TRUE);
    }
  beside_number (&beside, _("dose"), old->dose, &plan->dose);
  beside_text (&beside, _("unit of the dose"), old->dose_unit, &plan->dose_unit);
  beside_number (&beside, _("duration"), old->duration, &plan->duration);
  beside_text (&beside, _("unit of the duration"), old->duration_unit, &plan->duration_unit);
  beside_text (&beside, _("given with"), old->with, &plan->with);
  return count_row (&beside, FALSE);
}

static gboolean
compare_event (KtmImport *import, KtmPlanEvent *plan, const KtmEventRecord *old)
{
  static const char *const yes_no[] = { N_("no"), N_("yes") };
  static const char *const relations[] = { N_("no"), N_("possible"), N_("yes") };
  Beside beside = { import, patient_nth (import, plan->place.patient), NULL,
                    at_text (import, plan->term, plan->time), FALSE };

  if (old == NULL)
    {
      list_new_row (&beside, _("adverse event"));
      return count_row (&beside, TRUE);
    }
  /* A visit is compared by its place in the cohort, which a new visit does not have yet. */
  const KtmPlanVisit *visit =
      plan->visit < 0 ? NULL : &g_array_index (import->visits, KtmPlanVisit, plan->visit);
  if (visit != NULL && (!visit->exists || (int) visit->position != old->visit))
    field_differs (
        &beside, _("visit"), NAN, NAN,
        old->visit < 0 ? NULL : g_array_index (import->old_visits, KtmPlanVisit, old->visit).label,
        visit->label);
  else if (visit == NULL && old->visit >= 0)
    plan->visit = old->visit;  /* the plan's visits begin with the cohort's, in their order */
  beside_number (&beside, _("grade"), old->grade, &plan->grade);
  beside_int (&beside, _("serious"), old->serious, &plan->serious, -1, yes_no);
  beside_int (&beside, _("related"), old->related, &plan->related, 0, relations);
  beside_int (&beside, _("led to stop"), old->led_to_stop, &plan->led_to_stop, -1, yes_no);
  beside_number (&beside, _("resolved"), old->resolved, &plan->resolved);
  return count_row (&beside, FALSE);
}

static gboolean
compare_arm (KtmImport *import, KtmStudyArmRecord *plan, const KtmStudyArmRecord *old)
{
  Beside beside = { import, NULL, plan->study, plan->arm, FALSE };

  if (old == NULL)
    {
      list_new_row (&beside, _("arm of a study"));
      return count_row (&beside, TRUE);
    }
  beside_number (&beside, _("year"), old->year, &plan->year);
  beside_number (&beside, _("patients"), old->n, &plan->n);
  beside_number (&beside, _("mean"), old->mean, &plan->mean);
  beside_number (&beside, _("SD"), old->sd, &plan->sd);
  beside_number (&beside, _("events"), old->events, &plan->events);
  beside_number (&beside, _("effect"), old->effect, &plan->effect);
  beside_number (&beside, _("standard error"), old->se, &plan->se);
  beside_text (&beside, _("moderators"), old->moderators, &plan->moderators);
  beside_text (&beside, _("which effect"), old->measure, &plan->measure);
  beside_number (&beside, _("lower limit"), old->low, &plan->low);
  beside_number (&beside, _("upper limit"), old->high, &plan->high);
  beside_number (&beside, _("correlation"), old->correlation, &plan->correlation);
  beside_text (&beside, _("note"), old->note, &plan->note);
  if (plan->kind != old->kind)
    field_differs (&beside, _("kind of study"), NAN, NAN, ktm_study_kind_name (old->kind),
                   ktm_study_kind_name (plan->kind));
  plan->left_out = old->left_out;
  return count_row (&beside, FALSE);
}

static void
compare_safety (KtmImport *import)
{
  g_autoptr (GHashTable) old = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < import->old_safety->len; i++)
    {
      const KtmSafetyRecord *record = &g_array_index (import->old_safety, KtmSafetyRecord, i);
      g_hash_table_insert (old, event_key (record->patient, 0, "", (int) record->visit),
                           GUINT_TO_POINTER (i + 1));
    }
  for (guint i = 0; i < import->safety->len; i++)
    {
      KtmPlanSafety plan = g_array_index (import->safety, KtmPlanSafety, i);
      const KtmPlanVisit *visit = &g_array_index (import->visits, KtmPlanVisit, plan.visit);
      KtmPlanPatient *patient = patient_nth (import, plan.patient);
      g_autofree char *key = event_key (patient->id, 0, "", (int) visit->position);
      guint found =
          patient->exists && visit->exists ? GPOINTER_TO_UINT (g_hash_table_lookup (old, key)) : 0;
      const KtmSafetyRecord *record =
          found == 0 ? NULL : &g_array_index (import->old_safety, KtmSafetyRecord, found - 1);
      Beside beside = { import, patient, NULL, at_text (import, _("Any adverse event"), plan.time),
                        FALSE };
      if (record == NULL)
        list_new_row (&beside, plan.any ? _("yes") : _("no"));
      else
        {
          if (fabs (plan.time - visit->time) < 1e-9)
            plan.time = record->time;  /* a nominal time never replaces an exact one */
          if (plan.any != record->any_event)
            field_differs (&beside, visit->label, record->any_event, plan.any,
                           record->any_event ? _("yes") : _("no"),
                           plan.any ? _("yes") : _("no"));
          if (fabs (plan.time - record->time) >= 1e-9)
            beside_number (&beside, _("time"), record->time, &plan.time);
        }
      if (count_row (&beside, record == NULL))
        g_array_index (import->safety, KtmPlanSafety, n++) = plan;
    }
  g_array_set_size (import->safety, n);
}

/* The cohort's rows by their keys; a row's position + 1. */
static GHashTable *
old_rows (KtmImport *import)
{
  GHashTable *old = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < import->old_treatments->len; i++)
    {
      const KtmTreatmentRecord *record =
          &g_array_index (import->old_treatments, KtmTreatmentRecord, i);
      g_autofree char *key =
          treatment_key (record->patient, record->time, record->drug, record->route);
      g_hash_table_insert (old, g_strconcat ("t", key, NULL), GUINT_TO_POINTER (i + 1));
    }
  for (guint i = 0; i < import->old_events->len; i++)
    {
      const KtmEventRecord *record = &g_array_index (import->old_events, KtmEventRecord, i);
      g_autofree char *key =
          event_key (record->patient, record->time, record->term, record->severity);
      g_hash_table_insert (old, g_strconcat ("e", key, NULL), GUINT_TO_POINTER (i + 1));
    }
  for (guint i = 0; i < import->old_arms->len; i++)
    {
      g_autofree char *key = arm_key (&g_array_index (import->old_arms, KtmStudyArmRecord, i));
      g_hash_table_insert (old, g_strconcat ("a", key, NULL), GUINT_TO_POINTER (i + 1));
    }
  return old;
}

/* The cohort's row at @key (taken) of one of its arrays, NULL if it has none. */
static gconstpointer
find_old (GHashTable *old, const char *table, char *key, GArray *rows, gsize size)
{
  g_autofree char *whole = g_strconcat (table, key, NULL);
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (old, whole));

  g_free (key);
  return found == 0 ? NULL : rows->data + (found - 1) * size;
}

/* Counts the rows that are new, changed and the same beside the cohort; what is the same leaves the
 * plan. */
void
ktm_import_compare_courses (KtmImport *import)
{
  g_autoptr (GHashTable) old = old_rows (import);
  guint n = 0;

  for (guint i = 0; i < import->treatments->len; i++)
    {
      KtmPlanTreatment *plan = treatment_nth (import, i);
      const KtmPlanPatient *patient = patient_nth (import, plan->place.patient);
      char *key =
          treatment_key (patient->exists ? patient->id : -1, plan->time, plan->drug, plan->route);
      if (compare_treatment (
              import, plan,
              find_old (old, "t", key, import->old_treatments, sizeof (KtmTreatmentRecord))))
        *treatment_nth (import, n++) = *plan;
    }
  g_array_set_size (import->treatments, n);
  n = 0;
  for (guint i = 0; i < import->events->len; i++)
    {
      KtmPlanEvent *plan = event_nth (import, i);
      const KtmPlanPatient *patient = patient_nth (import, plan->place.patient);
      char *key =
          event_key (patient->exists ? patient->id : -1, plan->time, plan->term, plan->severity);
      if (compare_event (import, plan,
                         find_old (old, "e", key, import->old_events, sizeof (KtmEventRecord))))
        *event_nth (import, n++) = *plan;
    }
  g_array_set_size (import->events, n);
  n = 0;
  for (guint i = 0; i < import->arms->len; i++)
    {
      KtmPlanArm *plan = arm_nth (import, i);
      if (compare_arm (import, &plan->record,
                       find_old (old, "a", arm_key (&plan->record), import->old_arms,
                                 sizeof (KtmStudyArmRecord))))
        *arm_nth (import, n++) = *plan;
    }
  g_array_set_size (import->arms, n);
  compare_safety (import);
}
