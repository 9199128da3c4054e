/* model/store: GLib only.  The tables of an import, row by row into the plan. */
#include "ktm-import-private.h"

#include "ktm-known.h"

static KtmPlanPatient *
patient_nth (KtmImport *import, guint i)
{
  return import->patients->pdata[i];
}

static gboolean
each_source (KtmImport *import, guint kinds, KtmRowFunc func, GCancellable *cancellable,
             GError **error)
{
  for (guint i = 0; i < import->sources->len; i++)
    if ((kinds & (1u << ktm_import_get_source (import, i)->kind)) != 0 &&
        !ktm_import_each_row (import, i, func, NULL, cancellable, error))
      return FALSE;
  return TRUE;
}

/* --- patients --------------------------------------------------------------------------------- */

/* The first column in which two rows of one patient differ, −1 none. */
static int
differing_column (KtmRow *row, gsize other_offset)
{
  const KtmSource *source = row->source;
  const KtmCell *cells;
  guint n;
  g_autoptr (KtmCsv) csv =
      ktm_csv_new (source->text.text + other_offset, source->text.len - other_offset,
                   source->dialect.delimiter, source->dialect.quote);

  if (!ktm_csv_next (csv, &cells, &n))
    return -1;
  for (guint i = 0; i < n && i < row->n_cells && i < source->n_columns; i++)
    if ((int) i != row->of_role[KTM_COLUMN_PATIENT]
        && (cells[i].len != row->cells[i].len
            || memcmp (cells[i].text, row->cells[i].text, cells[i].len) != 0))
      return (int) i;
  return -1;
}

static void
drop_row (KtmImport *import, guint source, guint line)
{
  guint64 *key = g_new (guint64, 1);

  *key = ((guint64) source << 40) | line;
  g_hash_table_add (import->dropped_rows, key);
}

/* A second row of a patient in a table with one row a patient.  TRUE: this row counts. */
static gboolean
second_row (KtmRow *row, guint index)
{
  KtmPlanPatient *patient = patient_nth (row->import, index);
  int differs = differing_column (row, patient->offset);
  KtmDo choice;

  if (differs >= 0)
    choice = ktm_row_problem (row, row->of_role[KTM_COLUMN_PATIENT], KTM_PROBLEM_DUPLICATE_PATIENT,
                              NAN, NULL, patient->line, _("same patient as line %u; “%s” differs"),
                              patient->line, row->source->columns[differs].name);
  else
    choice = ktm_row_problem (row, row->of_role[KTM_COLUMN_PATIENT], KTM_PROBLEM_REPEATED_VISIT,
                              NAN, NULL, patient->line,
                              _("same patient as line %u, the same values"), patient->line);
  if (choice != KTM_DO_KEEP_SECOND)
    {
      drop_row (row->import, row->index, row->line);
      return FALSE;
    }
  drop_row (row->import, row->index, patient->line);
  ktm_import_forget_fields (row->import, index, row->index);
  patient->line = row->line;
  patient->offset = row->offset;
  return TRUE;
}

static const char *
duration_unit (const KtmRow *row)
{
  const KtmColumn *column = &row->source->columns[row->of_role[KTM_COLUMN_DURATION]];
  KtmTimeUnit unit = ktm_known_time_unit (column->folded);

  return ktm_time_unit_name (unit == KTM_TIME_NONE ? KTM_TIME_DAY : unit);
}

/* "1" in a column "magnesium" is magnesium; a word is itself. */
static const char *
given_with (KtmRow *row)
{
  const char *text = ktm_row_text (row, KTM_COLUMN_WITH);
  const KtmColumn *column;
  int answer;

  if (text == NULL)
    return NULL;
  answer = ktm_cell_yes_no (text, strlen (text));
  if (answer == 0)
    return NULL;
  if (answer < 0)
    return text;
  column = &row->source->columns[row->of_role[KTM_COLUMN_WITH]];
  return strcmp (column->folded, "mg_cotreat") == 0 || strcmp (column->folded, "magnesium") == 0
             ? "magnesium"
             : g_string_chunk_insert_const (row->import->strings, column->folded);
}

static gboolean
treatment_of_row (KtmRow *row, guint patient, KtmPlanTreatment *out)
{
  int column = row->of_role[KTM_COLUMN_DOSE] >= 0 ? row->of_role[KTM_COLUMN_DOSE]
                                                  : row->of_role[KTM_COLUMN_PATIENT];
  gboolean filled = FALSE;

  *out = (KtmPlanTreatment){ .place = { patient, row->line, (guint16) row->index,
                                        (guint16) MAX (0, column) },
                             .date = NAN,
                             .time = NAN,
                             .dose = NAN,
                             .duration = NAN };

  if (row->of_role[KTM_COLUMN_DOSE] >= 0
      && ktm_row_number (row, row->of_role[KTM_COLUMN_DOSE], NAN, NAN, &out->dose))
    {
      g_autofree char *unit =
          ktm_known_dose_unit (row->source->columns[row->of_role[KTM_COLUMN_DOSE]].name);
      out->dose_unit =
          g_string_chunk_insert_const (row->import->strings, unit != NULL ? unit : "mg");
      filled = TRUE;
    }
  if (row->of_role[KTM_COLUMN_DURATION] >= 0 &&
      ktm_row_number (row, row->of_role[KTM_COLUMN_DURATION], NAN, NAN, &out->duration))
    {
      out->duration_unit = duration_unit (row);
      filled = TRUE;
    }
  out->route = ktm_row_text (row, KTM_COLUMN_ROUTE);
  out->with = given_with (row);
  out->drug = ktm_row_text (row, KTM_COLUMN_DRUG);
  filled |= out->route != NULL || out->drug != NULL;
  if (out->drug == NULL)
    out->drug = "ketamine";
  return filled;
}

static gboolean
patient_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  int i = ktm_row_patient (row);

  if (i < 0)
    return TRUE;
  KtmPlanPatient *patient = patient_nth (row->import, i);
  if (patient->line > 0 && patient->source == row->index)
    {
      if (!second_row (row, i))
        return TRUE;
    }
  else
    {
      patient->source = row->index;
      patient->line = row->line;
      patient->offset = row->offset;
    }
  ktm_row_index_date (row, patient);
  ktm_row_patient_fields (row, patient);
  return TRUE;
}

/* Attributes and the wide table's treatment: a second pass, because a later row may have replaced
 * an earlier one. */
static gboolean
patient_values_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  KtmPlanTreatment treatment;
  int i = ktm_row_patient (row);

  if (i < 0)
    return TRUE;
  ktm_row_attributes (row, i);
  if (row->source->kind == KTM_SOURCE_WIDE && treatment_of_row (row, i, &treatment))
    {
      treatment.time = 0;
      g_array_append_val (row->import->treatments, treatment);
    }
  return TRUE;
}

/* Tables of patients and wide tables: patients, their fields and attributes.
 * Errors: cancelled. */
gboolean
ktm_import_read_patients (KtmImport *import, GCancellable *cancellable, GError **error)
{
  guint kinds = (1u << KTM_SOURCE_PATIENTS) | (1u << KTM_SOURCE_WIDE);

  return each_source (import, kinds, patient_row, cancellable, error) &&
         each_source (import, kinds, patient_values_row, cancellable, error);
}

/* --- treatments ------------------------------------------------------------------------------- */

static gboolean
treatment_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  KtmPlanTreatment treatment;
  double number;
  int i = ktm_row_patient (row);

  if (i < 0)
    return TRUE;
  KtmPlanPatient *patient = patient_nth (row->import, i);
  treatment_of_row (row, i, &treatment);
  if (row->of_role[KTM_COLUMN_TIME] >= 0
      && ktm_row_number (row, row->of_role[KTM_COLUMN_TIME], NAN, NAN, &number))
    treatment.time = number * row->unit_factor;
  if (ktm_row_date (row, KTM_COLUMN_DATE, &treatment.date)
      && !(treatment.date >= patient->first_treatment))
    patient->first_treatment = treatment.date;
  g_array_append_val (row->import->treatments, treatment);
  ktm_row_attributes (row, i);
  return TRUE;
}

/* A table of scores may say the index date in every row. */
static gboolean
index_date_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  int i = row->of_role[KTM_COLUMN_INDEX_DATE] < 0 ? -1 : ktm_row_patient (row);

  if (i >= 0)
    ktm_row_index_date (row, patient_nth (row->import, i));
  return row->of_role[KTM_COLUMN_INDEX_DATE] >= 0;
}

/* Tables of treatments; then the index date of every patient: as the cohort has it, else the first
 * treatment's date, else the index date column; then the time of every treatment. Errors:
 * cancelled. */
gboolean
ktm_import_read_treatments (KtmImport *import, GCancellable *cancellable, GError **error)
{
  if (!each_source (import, 1u << KTM_SOURCE_TREATMENTS, treatment_row, cancellable, error) ||
      !each_source (import, 1u << KTM_SOURCE_SCORES, index_date_row, cancellable, error))
    return FALSE;
  for (guint i = 0; i < import->patients->len; i++)
    {
      KtmPlanPatient *patient = patient_nth (import, i);
      if (isnan (patient->index_date))
        patient->index_date =
            isnan (patient->first_treatment) ? patient->index_column : patient->first_treatment;
    }
  for (guint i = 0; i < import->treatments->len; i++)
    {
      KtmPlanTreatment *treatment = &g_array_index (import->treatments, KtmPlanTreatment, i);
      double dated = ktm_import_time_of (import, patient_nth (import, treatment->place.patient),
                                         treatment->date);
      if (!isnan (dated))
        treatment->time = dated;
      treatment->undated = isnan (treatment->time);
      if (treatment->undated)
        treatment->time = 0;
    }
  return TRUE;
}

/* --- scores ----------------------------------------------------------------------------------- */

static void
add_score (KtmRow *row, guint column, guint patient, int visit, double time)
{
  const KtmColumn *file = &row->source->columns[column];
  const KtmPlanMeasure *measure =
      &g_array_index (row->import->measures, KtmPlanMeasure, file->plan);
  KtmPlanScore score = { .patient = patient,
                         .line = row->cells[column].line,
                         .measure = (guint16) file->plan,
                         .visit = (guint16) visit,
                         .source = (guint16) row->index,
                         .column = (guint16) column,
                         .time = time,
                         .value = NAN };

  if (ktm_row_number (row, column, measure->min, measure->max, &score.value))
    g_array_append_val (row->import->scores, score);
}

static gboolean
wide_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  int i = ktm_row_patient (row);

  for (guint c = 0; i >= 0 && c < row->source->n_columns && c < row->n_cells; c++)
    {
      const KtmColumn *column = &row->source->columns[c];
      if (column->role != KTM_COLUMN_WIDE || row->cells[c].len == 0)
        continue;
      double time = column->time * row->unit_factor;
      int visit = ktm_import_visit_at (row->import, time, row->source->time_unit, column->time);
      add_score (row, c, i, visit, time);
    }
  return TRUE;
}

static gboolean
score_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  const KtmSource *source = row->source;
  double time;
  int visit, i = ktm_row_patient (row);

  if (i < 0)
    return TRUE;
  KtmPlanPatient *patient = patient_nth (row->import, i);
  ktm_row_patient_fields (row, patient);
  ktm_row_attributes (row, i);
  if (!ktm_row_visit (row, patient, &visit, &time))
    return TRUE;
  for (guint c = 0; c < source->n_columns && c < row->n_cells; c++)
    if (source->columns[c].role == KTM_COLUMN_MEASURE)
      add_score (row, c, i, visit, time);
  int any = ktm_row_yes_no (row, KTM_COLUMN_HARM_FLAG);
  if (any >= 0)
    {
      KtmPlanSafety safety = { i,
                               row->line,
                               (guint16) visit,
                               (guint16) row->index,
                               (guint16) row->of_role[KTM_COLUMN_HARM_FLAG],
                               time,
                               any };
      g_array_append_val (row->import->safety, safety);
    }
  return TRUE;
}

/* 0: says its visits by label; 1: by time; 2: by date alone.  The surer ones make the schedule of
 * the others. */
static int
schedule_rank (const KtmSource *source)
{
  if (source->kind == KTM_SOURCE_WIDE || ktm_source_index_of (source, KTM_COLUMN_VISIT) >= 0)
    return 0;
  return ktm_source_index_of (source, KTM_COLUMN_TIME) >= 0 ? 1 : 2;
}

/* Wide columns have their visits whatever their cells say. */
static void
plan_wide_visits (KtmImport *import)
{
  for (guint s = 0; s < import->sources->len; s++)
    {
      const KtmSource *source = ktm_import_get_source (import, s);
      double factor = ktm_time_unit_days (source->time_unit) / ktm_time_unit_days (import->unit);
      for (guint c = 0; c < source->n_columns; c++)
        if (source->columns[c].role == KTM_COLUMN_WIDE)
          ktm_import_visit_at (import, source->columns[c].time * factor, source->time_unit,
                               source->columns[c].time);
    }
}

/* All scores and answers about harms.
 * Errors: cancelled. */
gboolean
ktm_import_read_scores (KtmImport *import, GCancellable *cancellable, GError **error)
{
  for (int rank = 0; rank < 3; rank++)
    {
      if (rank == 1)
        plan_wide_visits (import);
      for (guint i = 0; i < import->sources->len; i++)
        {
          const KtmSource *source = ktm_import_get_source (import, i);
          if ((source->kind != KTM_SOURCE_SCORES && source->kind != KTM_SOURCE_WIDE)
              || schedule_rank (source) != rank)
            continue;
          import->done += import->share;
          if (!ktm_import_each_row (import, i,
                                    source->kind == KTM_SOURCE_WIDE ? wide_row : score_row, NULL,
                                    cancellable, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* --- adverse events --------------------------------------------------------------------------- */

/* The position of a word among @words ("mild léger faible|moderate modéré|severe sévère grave"), −1
 * none. */
static int
word_position (const char *text, const char *const *words, guint n)
{
  g_autofree char *folded = ktm_fold (text, -1, TRUE);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) each = g_strsplit (words[i], " ", -1);
      if (g_strv_contains ((const char *const *) each, folded))
        return (int) i;
    }
  return -1;
}

static int
coded (KtmRow *row, KtmColumnRole role, const char *const *words, guint n, const char *expected)
{
  const char *text = ktm_row_text (row, role);

  if (text == NULL)
    return 0;
  int position = word_position (text, words, n);
  if (position < 0)
    ktm_row_problem (row, row->of_role[role], KTM_PROBLEM_NOT_A_LEVEL, NAN, NULL, 0, "%s",
                     expected);
  return position + 1;
}

static gboolean
event_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  static const char *const severities[] = { "mild leger legere faible 1",
                                            "moderate modere moderee moyen moyenne 2",
                                            "severe grave forte 3 life_threatening 4 5" };
  static const char *const relations[] = {
    "no non none unrelated not_related exclue 0 unlikely improbable",
    "possible possibly peut_etre maybe 1 plausible",
    "yes oui related probable certain definite certaine 2 3"
  };
  KtmPlanEvent event = { .visit = -1, .time = NAN, .grade = NAN, .resolved = NAN };
  int i = ktm_row_patient (row);

  if (i < 0)
    return TRUE;
  event.place = (KtmPlanPlace){ i, row->line, (guint16) row->index,
                                (guint16) MAX (0, row->of_role[KTM_COLUMN_TERM]) };
  event.term = ktm_row_text (row, KTM_COLUMN_TERM);
  if (event.term == NULL
      || !ktm_row_visit (row, patient_nth (row->import, i), &event.visit, &event.time))
    return TRUE;
  event.severity = coded (row, KTM_COLUMN_SEVERITY, severities, 3, _("mild, moderate or severe"));
  event.related = coded (row, KTM_COLUMN_RELATED, relations, 3, _("yes, possible or no"));
  event.serious = ktm_row_yes_no (row, KTM_COLUMN_SERIOUS);
  event.led_to_stop = ktm_row_yes_no (row, KTM_COLUMN_LED_TO_STOP);
  if (row->of_role[KTM_COLUMN_GRADE] >= 0
      && !ktm_row_number (row, row->of_role[KTM_COLUMN_GRADE], 1, 5, &event.grade))
    event.grade = NAN;
  if (row->of_role[KTM_COLUMN_RESOLVED] >= 0 &&
      ktm_row_number (row, row->of_role[KTM_COLUMN_RESOLVED], NAN, NAN, &event.resolved))
    event.resolved *= row->unit_factor;
  else
    event.resolved = NAN;
  g_array_append_val (row->import->events, event);
  return TRUE;
}

/* Tables of adverse events.  Errors: cancelled. */
gboolean
ktm_import_read_events (KtmImport *import, GCancellable *cancellable, GError **error)
{
  return each_source (import, 1u << KTM_SOURCE_ADVERSE_EVENTS, event_row, cancellable, error);
}
