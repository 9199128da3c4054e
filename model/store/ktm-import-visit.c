/* model/store: GLib only.  When a row was recorded: its visit by label, time or date. */
#include "ktm-import-private.h"

static KtmPlanVisit *
visit_nth (KtmImport *import, guint i)
{
  return &g_array_index (import->visits, KtmPlanVisit, i);
}

static int
add_visit (KtmImport *import, const char *label, double time)
{
  KtmPlanVisit visit = { 0 };

  visit.id = visit.label = g_string_chunk_insert_const (import->strings, label);
  visit.time = time;
  visit.low = visit.high = NAN;
  g_array_append_val (import->visits, visit);
  return (int) import->visits->len - 1;
}

/* The visit at exactly this nominal time, added where there is none yet and labelled by @in_unit of
 * @unit ("M3"). */
int
ktm_import_visit_at (KtmImport *import, double time, KtmTimeUnit unit, double in_unit)
{
  static const char *const formats[] = { "%s", "%s min", "%s h", "D%s", "W%s", "M%s", "Y%s" };
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < import->visits->len; i++)
    if (fabs (visit_nth (import, i)->time - time) < 1e-9)
      return (int) i;
  g_ascii_formatd (number, sizeof number, "%.10g", in_unit);
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  g_auto (GStrv) parts = g_strsplit (formats[unit], "%s", 2);
  G_GNUC_END_IGNORE_DEPRECATIONS
  g_autofree char *label = g_strconcat (parts[0], number, parts[1], NULL);
  return add_visit (import, label, time);
}

/* The window of a visit: as set, else half-way to its neighbours, at the ends as wide as on the
 * other side. */
static void
window_of (KtmImport *import, guint i, double *low, double *high)
{
  const KtmPlanVisit *visit = visit_nth (import, i);
  double before = NAN, after = NAN;

  for (guint k = 0; k < import->visits->len; k++)
    {
      double gap = visit_nth (import, k)->time - visit->time;
      if (gap < 0 && !(-gap >= before))
        before = -gap;
      if (gap > 0 && !(gap >= after))
        after = gap;
    }
  if (isnan (before))
    before = isnan (after) ? 1 : after;
  if (isnan (after))
    after = before;
  *low = isnan (visit->low) ? visit->time - before / 2 : visit->low;
  *high = isnan (visit->high) ? visit->time + after / 2 : visit->high;
}

/* The visit whose nominal time is nearest, if @time lies within its window; −1 none. */
int
ktm_import_nearest_visit (KtmImport *import, double time)
{
  int best = -1;
  double low, high;

  for (guint i = 0; i < import->visits->len; i++)
    if (best < 0
        || fabs (visit_nth (import, i)->time - time) < fabs (visit_nth (import, best)->time - time))
      best = (int) i;
  if (best < 0)
    return -1;
  window_of (import, best, &low, &high);
  return time >= low - 1e-9 && time <= high + 1e-9 ? best : -1;
}

/* "M3", "Month 3", "S1", "J7", "3 mois", "Baseline" → time in the study's unit; NaN if it says
 * none. */
static double
time_in_label (KtmImport *import, const char *label, KtmTimeUnit *unit, double *in_unit)
{
  static const char *const starts[] = { "baseline", "inclusion", "bl", "initial", "initiale",
                                        "start",    "debut",     "v0", "t0",      "pre" };
  g_autofree char *folded = ktm_fold (label, -1, TRUE);
  g_autoptr (GString) word = g_string_new (NULL);
  g_autoptr (GString) number = g_string_new (NULL);

  *unit = import->unit;
  *in_unit = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (strcmp (folded, starts[i]) == 0)
      return 0;
  for (const char *p = label; *p != '\0'; p++)
    if (g_ascii_isdigit (*p) || (*p == '.' && number->len > 0 && g_ascii_isdigit (p[1])))
      g_string_append_c (number, *p);
  for (const char *p = folded; *p != '\0'; p++)
    if (g_ascii_isalpha (*p))
      g_string_append_c (word, *p);
  *unit = ktm_time_unit_from_name (word->str, unit) ? *unit : KTM_TIME_NONE;
  if (*unit == KTM_TIME_NONE)
    {
      static const struct { const char *words[5]; KtmTimeUnit unit;
      } table[] = { { { "m", "months", "mois", "mo", "month" }, KTM_TIME_MONTH },
                    { { "w", "weeks", "s", "semaine", "semaines" }, KTM_TIME_WEEK },
                    { { "d", "days", "j", "jour", "jours" }, KTM_TIME_DAY },
                    { { "h", "hours", "heure", "heures", "hr" }, KTM_TIME_HOUR },
                    { { "min", "minutes", "mn", "mins", "minute" }, KTM_TIME_MINUTE },
                    { { "y", "years", "an", "ans", "annee" }, KTM_TIME_YEAR } };
      for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
        for (gsize k = 0; k < 5; k++)
          if (strcmp (word->str, table[i].words[k]) == 0)
            *unit = table[i].unit;
    }
  if (*unit == KTM_TIME_NONE || number->len == 0)
    return NAN;
  *in_unit = g_ascii_strtod (number->str, NULL);
  return *in_unit * ktm_time_unit_days (*unit) / ktm_time_unit_days (import->unit);
}

/* The time of a date since the patient's index event, in the study's unit; NaN where either is
 * unknown. */
double
ktm_import_time_of (KtmImport *import, const KtmPlanPatient *patient, double date)
{
  return (date - patient->index_date) / ktm_time_unit_days (import->unit);
}

/* @text is not NUL-ended and may hold NUL bytes. */
static gboolean
is_called (const char *name, const char *text, gsize len, gboolean any_case)
{
  return strlen (name) == len
         && (any_case ? g_ascii_strncasecmp (name, text, len) == 0 : memcmp (name, text, len) == 0);
}

static int
find_label (KtmImport *import, const char *text, gsize len)
{
  for (guint i = 0; i < import->visits->len; i++)
    {
      const KtmPlanVisit *visit = visit_nth (import, i);
      if (is_called (visit->label, text, len, FALSE))
        return (int) i;
    }
  for (guint i = 0; i < import->visits->len; i++)
    {
      const KtmPlanVisit *visit = visit_nth (import, i);
      if (is_called (visit->label, text, len, TRUE) || is_called (visit->id, text, len, TRUE))
        return (int) i;
    }
  return -1;
}

/* A visit seen for the first time: its nominal time from the time column, else from its label. */
static int
meet_label (KtmRow *row, guint column, const char *label, double time)
{
  KtmImport *import = row->import;
  KtmTimeUnit unit;
  double in_unit;

  if (isnan (time))
    time = time_in_label (import, label, &unit, &in_unit);
  if (isnan (time))
    {
      ktm_row_problem (row, column, KTM_PROBLEM_UNKNOWN_VISIT, NAN, NULL, 0, "%s",
                       _("a visit with a known time: one of the cohort, a label like M3 or W1, or "
                          "a time column"));
      return -1;
    }
  for (guint i = 0; i < import->visits->len; i++)
    if (fabs (visit_nth (import, i)->time - time) < 1e-9)
      return (int) i;
  return add_visit (import, label, time);
}

static void
check_nominal (KtmRow *row, guint column, int visit, double time)
{
  const KtmPlanVisit *known = visit_nth (row->import, visit);
  char nominal[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (time) || fabs (known->time - time) < 1e-6)
    return;
  g_ascii_formatd (nominal, sizeof nominal, "%.6g", known->time);
  ktm_row_problem (row, column, KTM_PROBLEM_VISIT_TIME, NAN, NULL, 0,
                   _("visit %s is at %s elsewhere"), known->label, nominal);
}

static gboolean
visit_by_label (KtmRow *row, const KtmPlanPatient *patient, double time, double dated, int *visit,
                double *exact)
{
  guint column = row->of_role[KTM_COLUMN_VISIT];
  const char *text = row->cells[column].text;
  gsize len = row->cells[column].len;

  ktm_cell_trim (&text, &len);
  *visit = find_label (row->import, text, len);
  if (*visit < 0)
    {
      const char *label = ktm_row_cell_text (row, column);
      *visit = label == NULL ? -1 : meet_label (row, column, label, time);
    }
  else
    check_nominal (
        row, row->of_role[KTM_COLUMN_TIME] < 0 ? column : (guint) row->of_role[KTM_COLUMN_TIME],
        *visit, time);
  if (*visit < 0)
    return FALSE;
  *exact = !isnan (dated) ? dated : !isnan (time) ? time : visit_nth (row->import, *visit)->time;
  return TRUE;
}

static gboolean
has_fixed_schedule (KtmImport *import)
{
  for (guint i = 0; i < import->sources->len; i++)
    {
      const KtmSource *source = import->sources->pdata[i];
      if (source->kind == KTM_SOURCE_WIDE
          || (source->kind == KTM_SOURCE_SCORES
              && ktm_source_index_of (source, KTM_COLUMN_VISIT) >= 0))
        return TRUE;
    }
  return import->visits->len > 0 && visit_nth (import, 0)->exists;
}

/* The visit and exact time of a row.  FALSE: the row says neither, or says what cannot be placed;
 * reported. */
gboolean
ktm_row_visit (KtmRow *row, KtmPlanPatient *patient, int *visit, double *exact)
{
  KtmImport *import = row->import;
  int label = row->of_role[KTM_COLUMN_VISIT], column = row->of_role[KTM_COLUMN_TIME];
  double in_unit = NAN, time = NAN, dated = NAN, date;

  if (column >= 0 && ktm_row_number (row, column, NAN, NAN, &in_unit))
    time = in_unit * row->unit_factor;
  else
    in_unit = NAN;
  gboolean has_date = ktm_row_date (row, KTM_COLUMN_DATE, &date);
  if (has_date)
    dated = ktm_import_time_of (import, patient, date);
  if (label >= 0 && (guint)label < row->n_cells &&
      !ktm_source_is_missing (row->source, row->cells[label].text, row->cells[label].len))
    return visit_by_label (row, patient, time, dated, visit, exact);
  if (isnan (time) && isnan (dated))
    {
      ktm_row_problem (row, has_date ? (guint) row->of_role[KTM_COLUMN_DATE] : (guint) -1,
                       has_date ? KTM_PROBLEM_NO_INDEX_DATE : KTM_PROBLEM_NO_VISIT, NAN, NULL, 0,
                       "%s",
                       has_date ? _("no treatment or inclusion date of this patient to count from")
                                : _("no visit, time or date"));
      return FALSE;
    }
  *exact = !isnan (dated) ? dated : time;
  double nominal = !isnan (time) ? time : dated;
  *visit = -1;
  for (guint i = 0; i < import->visits->len && !isnan (time); i++)
    if (fabs (visit_nth (import, i)->time - time) < 1e-9)
      *visit = (int) i;
  if (*visit < 0 && (isnan (time) || has_fixed_schedule (import)))
    *visit = ktm_import_nearest_visit (import, nominal);
  if (*visit < 0 && isnan (time))
    nominal = in_unit = round (dated);
  if (*visit < 0 && import->visits->len < 2000)
    *visit = ktm_import_visit_at (import, nominal,
                                  isnan (time) ? import->unit : row->source->time_unit, in_unit);
  if (*visit >= 0)
    return TRUE;
  ktm_row_problem (row, column < 0 ? (guint) -1 : (guint) column, KTM_PROBLEM_UNKNOWN_VISIT, NAN,
                   NULL, 0, "%s",
                   _("a nominal visit time: this column has more than 2000 of them"));
  return FALSE;
}
