/* model/store: GLib only.  A patient's own fields: centre, arm, inclusion, stop; said twice, and
 * beside the cohort. */
#include "ktm-import-private.h"

#include "ktm-known.h"

/* TRUE where this row may say the field: nobody did, or a person chose this line of two that
 * differ. */
static gboolean
may_say (KtmRow *row, KtmPlanPatient *patient, KtmPlanField field, guint column, gboolean same,
         const char *before)
{
  KtmImport *import = row->import;
  guint line = patient->said != NULL ? patient->said[field].line : 0;
  guint source = line > 0 ? patient->said[field].source : 0;

  if (line > 0 && same)
    return FALSE;
  if (line > 0)
    {
      KtmDo choice;
      if (source == row->index)
        choice = ktm_row_problem (row, column, KTM_PROBLEM_DIFFERS, NAN, NULL, line,
                                  _("“%s” in line %u of this patient"), before, line);
      else
        choice = ktm_row_problem (row, column, KTM_PROBLEM_DIFFERS, NAN, NULL, 0,
                                  _("“%s” for this patient in %s, line %u"), before,
                                  ktm_import_get_source (import, source)->name, line);
      if (choice != KTM_DO_KEEP_SECOND)
        return FALSE;
    }
  if (patient->said == NULL)
    patient->said = g_new0 (KtmPlanSaid, KTM_N_FIELDS);
  patient->said[field] = (KtmPlanSaid) { (guint16) row->index, row->line };
  return TRUE;
}

static void
say_text (KtmRow *row, KtmPlanPatient *patient, KtmColumnRole role, KtmPlanField field,
          const char **place)
{
  const char *text = ktm_row_text (row, role);

  if (text != NULL
      && may_say (row, patient, field, row->of_role[role], g_strcmp0 (*place, text) == 0, *place))
    *place = text;
}

static void
say_number (KtmRow *row, KtmPlanPatient *patient, KtmColumnRole role, KtmPlanField field,
            double value, double *place)
{
  g_autofree char *iso =
      field == KTM_FIELD_INDEX_DATE && !isnan (*place) ? ktm_julian_iso (*place) : NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.6g", *place);
  if (may_say (row, patient, field, row->of_role[role], fabs (*place - value) < 1e-9,
               iso != NULL ? iso : number))
    *place = value;
}

static double
stop_factor (const KtmRow *row)
{
  KtmTimeUnit own =
      ktm_known_time_unit (row->source->columns[row->of_role[KTM_COLUMN_STOP_TIME]].folded);

  return own == KTM_TIME_NONE ? row->unit_factor
                              : ktm_time_unit_days (own) / ktm_time_unit_days (row->import->unit);
}

/* Takes centre, arm, inclusion and stop of a row for @patient.  Two rows that differ are a problem.
 */
void
ktm_row_patient_fields (KtmRow *row, KtmPlanPatient *patient)
{
  double number;
  int included, stop = row->of_role[KTM_COLUMN_STOP_TIME];

  say_text (row, patient, KTM_COLUMN_CENTRE, KTM_FIELD_CENTRE, &patient->centre);
  say_text (row, patient, KTM_COLUMN_ARM, KTM_FIELD_ARM, &patient->arm);
  say_text (row, patient, KTM_COLUMN_EXCLUSION_REASON, KTM_FIELD_EXCLUSION_REASON,
            &patient->exclusion_reason);
  say_text (row, patient, KTM_COLUMN_STOP_REASON, KTM_FIELD_STOP_REASON, &patient->stop_reason);
  if (stop >= 0 && ktm_row_number (row, stop, NAN, NAN, &number))
    say_number (row, patient, KTM_COLUMN_STOP_TIME, KTM_FIELD_STOP_TIME, number * stop_factor (row),
                &patient->stop_time);
  included = ktm_row_yes_no (row, KTM_COLUMN_INCLUDED);
  if (included >= 0
      && may_say (row, patient, KTM_FIELD_INCLUDED, row->of_role[KTM_COLUMN_INCLUDED],
                  patient->included == included, patient->included > 0 ? _("yes") : _("no")))
    patient->included = (gint8) included;
}

/* Takes the index date of a row for @patient: before the others, because times are counted from it.
 */
void
ktm_row_index_date (KtmRow *row, KtmPlanPatient *patient)
{
  double date;

  if (ktm_row_date (row, KTM_COLUMN_INDEX_DATE, &date))
    say_number (row, patient, KTM_COLUMN_INDEX_DATE, KTM_FIELD_INDEX_DATE, date,
                &patient->index_column);
}

static const KtmPlanPatient *
old_patient (KtmImport *import, guint i)
{
  return i < import->old_patients->len ? &g_array_index (import->old_patients, KtmPlanPatient, i)
                                       : NULL;
}

/* What the rows of @source said of a patient is as if never said: another line of it counts
 * instead. */
void
ktm_import_forget_fields (KtmImport *import, guint position, guint source)
{
  static const KtmPlanPatient nothing = { .included = -1, .stop_time = NAN, .index_column = NAN };
  KtmPlanPatient *patient = import->patients->pdata[position];
  const KtmPlanPatient *old = old_patient (import, position);
  gboolean forget[KTM_N_FIELDS];

  if (old == NULL)
    old = &nothing;
  for (int i = 0; i < KTM_N_FIELDS; i++)
    {
      forget[i] = patient->said != NULL && patient->said[i].line > 0
                  && patient->said[i].source == source;
      if (forget[i])
        patient->said[i].line = 0;
    }
  if (forget[KTM_FIELD_CENTRE])
    patient->centre = old->centre;
  if (forget[KTM_FIELD_ARM])
    patient->arm = old->arm;
  if (forget[KTM_FIELD_EXCLUSION_REASON])
    patient->exclusion_reason = old->exclusion_reason;
  if (forget[KTM_FIELD_STOP_REASON])
    patient->stop_reason = old->stop_reason;
  if (forget[KTM_FIELD_STOP_TIME])
    patient->stop_time = old->stop_time;
  if (forget[KTM_FIELD_INCLUDED])
    patient->included = old->included;
  if (forget[KTM_FIELD_INDEX_DATE])
    patient->index_column = old->index_column;
}

/* --- beside the cohort ------------------------------------------------------------------------ */

static void
field_change (KtmImport *import, KtmPlanPatient *patient, const char *what, double before,
              double after, const char *from, const char *to)
{
  import->counts.changed_fields += from != NULL;
  ktm_import_change (import, patient, NULL, what, before, after, from, to);
}

static void
compare_text (KtmImport *import, KtmPlanPatient *patient, const char *what, const char *before,
              const char *after)
{
  if (after != NULL && g_strcmp0 (before, after) != 0)
    field_change (import, patient, what, NAN, NAN, before, after);
}

static const char *
date_text (KtmImport *import, double date)
{
  g_autofree char *iso = isnan (date) ? NULL : ktm_julian_iso (date);

  return iso == NULL ? NULL : g_string_chunk_insert_const (import->strings, iso);
}

/* Counts the fields of patients the cohort has that are new to it or change. */
void
ktm_import_compare_fields (KtmImport *import)
{
  for (guint i = 0; i < import->old_patients->len; i++)
    {
      const KtmPlanPatient *old = old_patient (import, i);
      KtmPlanPatient *patient = import->patients->pdata[i];
      compare_text (import, patient, _("Centre"), old->centre, patient->centre);
      compare_text (import, patient, _("Arm"), old->arm, patient->arm);
      if (patient->included != old->included)
        field_change (import, patient, _("Included"), old->included, patient->included,
                      old->included ? _("yes") : _("no"), patient->included ? _("yes") : _("no"));
      compare_text (import, patient, _("Reason not included"), old->exclusion_reason,
                    patient->exclusion_reason);
      if (!isnan (patient->stop_time) && !(fabs (patient->stop_time - old->stop_time) < 1e-9))
        field_change (import, patient, _("Time of the stop"), old->stop_time, patient->stop_time,
                      ktm_import_number_text (import, old->stop_time),
                      ktm_import_number_text (import, patient->stop_time));
      compare_text (import, patient, _("Reason for the stop"), old->stop_reason,
                    patient->stop_reason);
      if (!isnan (patient->index_date) && !(fabs (patient->index_date - old->index_date) < 1e-9))
        field_change (import, patient, _("Date of the index event"), old->index_date,
                      patient->index_date, date_text (import, old->index_date),
                      date_text (import, patient->index_date));
    }
}
