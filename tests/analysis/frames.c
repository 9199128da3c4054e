#include "frames.h"

#include "ktm-random.h"

#include "ktm-report-format.h"

#include <string.h>

void
begin_tests (int *argc, char ***argv)
{
  static char *mo; /* ktm_lang_register() borrows it */
  gsize size;

  g_test_init (argc, argv, NULL);
  ktm_stats_init ();
  if (g_getenv ("KTM_TEST_MO") != NULL
      && g_file_get_contents (g_getenv ("KTM_TEST_MO"), &mo, &size, NULL))
    ktm_lang_register ("fr", mo, size);
}

/* A CSV without quotes, which is all these files are. */
typedef struct
{
  char     **header;
  GPtrArray *rows; /* char ** */
} Csv;

static Csv
read_csv (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("KTM_TEST_DATA"), name, NULL), *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  Csv csv = { NULL, g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev) };

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_strdelimit (text, "\r", '\n');
  lines = g_strsplit (text, "\n", -1);
  csv.header = g_strsplit (lines[0], ",", -1);
  for (char **line = lines + 1; *line != NULL; line++)
    if (**line != '\0')
      g_ptr_array_add (csv.rows, g_strsplit (*line, ",", -1));
  return csv;
}

static void
csv_clear (Csv *csv)
{
  g_strfreev (csv->header);
  g_ptr_array_unref (csv->rows);
}

static const char *
cell (const Csv *csv, gsize row, const char *column)
{
  for (gsize c = 0; csv->header[c] != NULL; c++)
    if (strcmp (csv->header[c], column) == 0)
      return ((char **) csv->rows->pdata[row])[c];
  g_assert_not_reached ();
}

static double
number (const char *text)
{
  return *text == '\0' || strcmp (text, "NA") == 0 ? NAN : g_ascii_strtod (text, NULL);
}

static void
set_measure (KtmFrame *frame, gsize m, const char *id, const char *label, double min, double max,
             gboolean lower)
{
  frame->measures[m].id = strdup (id);
  frame->measures[m].label = strdup (label);
  frame->measures[m].min = min;
  frame->measures[m].max = max;
  frame->measures[m].lower_better = lower;
}

static void
set_visits (KtmFrame *frame, const double *times)
{
  for (gsize v = 0; v < frame->n_visits; v++)
    {
      frame->visit_time[v] = times[v];
      frame->visit_label[v] = strdup (times[v] == 0 ? "Baseline" : "Visit");
    }
}

/* A category from a column, levels in order of first appearance, or as given. */
static void
set_category (KtmFrame *frame, gsize a, const char *id, const Csv *csv, const char *column,
              const char *const *levels)
{
  KtmFrameAttribute *attribute = &frame->attributes[a];

  attribute->id = strdup (id);
  attribute->label = strdup (id);
  attribute->kind = KTM_ATTRIBUTE_CATEGORY;
  attribute->levels = calloc (frame->n_patients + 8, sizeof (char *));
  for (; levels != NULL && levels[attribute->n_levels] != NULL; attribute->n_levels++)
    attribute->levels[attribute->n_levels] = strdup (levels[attribute->n_levels]);
  for (gsize i = 0; i < frame->n_patients; i++)
    {
      const char *text = cell (csv, i, column);
      gsize l = 0;

      if (*text == '\0')
        continue;
      while (l < attribute->n_levels && strcmp (attribute->levels[l], text) != 0)
        l++;
      if (l == attribute->n_levels)
        attribute->levels[attribute->n_levels++] = strdup (text);
      attribute->value[i] = (double) l;
    }
}

static void
set_number (KtmFrame *frame, gsize a, const char *id, const Csv *csv, const char *column)
{
  frame->attributes[a].id = strdup (id);
  frame->attributes[a].label = strdup (id);
  frame->attributes[a].kind = KTM_ATTRIBUTE_NUMBER;
  for (gsize i = 0; i < frame->n_patients; i++)
    frame->attributes[a].value[i] = number (cell (csv, i, column));
}

static void
set_stops (KtmFrame *frame, const Csv *patients)
{
  frame->stop_reasons = calloc (1, sizeof (char *));
  frame->stop_reasons[frame->n_stop_reasons++] = strdup ("withdrawn");
  for (gsize i = 0; i < frame->n_patients; i++)
    if (strcmp (cell (patients, i, "withdrawal"), "1") == 0)
      {
        frame->stop_time[i] = number (cell (patients, i, "last_month"));
        frame->stop_reason[i] = 0;
      }
}

KtmFrame *
frame_cohort (void)
{
  static const double times[] = { 0, 0.25, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  static const char *const measures[] = { "nrs", "hads_a", "hads_d", "npsi" };
  static const double max[] = { 10, 21, 21, 100 };
  static const char *const pain[] = { "neuropathic", "fibromyalgia", "nociceptive", "CRPS", NULL };
  Csv patients = read_csv ("cohort_a_patients.csv"), scores = read_csv ("cohort_a_assessments.csv");
  KtmFrame *frame = ktm_frame_new (patients.rows->len, G_N_ELEMENTS (times), 4, 4);
  g_autoptr(GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);

  frame->time_unit = strdup ("month");
  set_visits (frame, times);
  for (gsize m = 0; m < 4; m++)
    set_measure (frame, m, measures[m], m == 0 ? "Pain NRS" : measures[m], 0, max[m], TRUE);
  set_category (frame, 0, "sex", &patients, "sex", NULL);
  set_category (frame, 1, "pain_type", &patients, "pain_type", pain);
  set_number (frame, 2, "age", &patients, "age");
  set_category (frame, 3, "centre", &patients, "centre", NULL);
  set_stops (frame, &patients);
  for (gsize i = 0; i < patients.rows->len; i++)
    g_hash_table_insert (rows, (gpointer) cell (&patients, i, "patient_id"),
                         GSIZE_TO_POINTER (i + 1));
  for (gsize i = 0; i < scores.rows->len; i++)
    {
      gsize row = GPOINTER_TO_SIZE (g_hash_table_lookup (rows, cell (&scores, i, "patient_id")));
      long visit = ktm_frame_find_visit (frame, number (cell (&scores, i, "month")));

      g_assert_true (row > 0 && visit >= 0);
      for (gsize m = 0; m < 4; m++)
        frame->measures[m].value[(row - 1) * frame->n_visits + (gsize) visit] =
            number (cell (&scores, i, measures[m]));
    }
  ktm_frame_set_baselines (frame);
  csv_clear (&patients);
  csv_clear (&scores);
  return frame;
}

KtmFrame *
frame_btheb (void)
{
  static const double times[] = { 0, 2, 3, 5, 8 };
  static const char *const columns[] = { "bdi_pre", "bdi_2m", "bdi_3m", "bdi_5m", "bdi_8m" };
  Csv csv = read_csv ("btheb_wide.csv");
  KtmFrame *frame = ktm_frame_new (csv.rows->len, 5, 1, 3);

  frame->time_unit = strdup ("month");
  set_visits (frame, times);
  set_measure (frame, 0, "bdi", "BDI", 0, 63, TRUE);
  set_category (frame, 0, "arm", &csv, "treatment", NULL);
  set_category (frame, 1, "drug", &csv, "drug", NULL);
  set_category (frame, 2, "length", &csv, "length", NULL);
  for (gsize i = 0; i < csv.rows->len; i++)
    for (gsize v = 0; v < 5; v++)
      frame->measures[0].value[i * 5 + v] = number (cell (&csv, i, columns[v]));
  ktm_frame_set_baselines (frame);
  csv_clear (&csv);
  return frame;
}

KtmFrame *
frame_anorexia (void)
{
  static const double times[] = { 0, 1 };
  Csv csv = read_csv ("anorexia.csv");
  KtmFrame *frame = ktm_frame_new (csv.rows->len, 2, 1, 1);

  set_visits (frame, times);
  set_measure (frame, 0, "weight", "Weight", NAN, NAN, FALSE);
  set_category (frame, 0, "arm", &csv, "treatment", NULL);
  for (gsize i = 0; i < csv.rows->len; i++)
    {
      frame->measures[0].value[2 * i] = number (cell (&csv, i, "prewt"));
      frame->measures[0].value[2 * i + 1] = number (cell (&csv, i, "postwt"));
    }
  ktm_frame_set_baselines (frame);
  csv_clear (&csv);
  return frame;
}

KtmFrame *
frame_labor (void)
{
  static const double times[] = { 30, 60, 90, 120, 150, 180 };
  Csv csv = read_csv ("labor_pain.csv");
  gsize n = 0;
  KtmFrame *frame;

  for (gsize i = 0; i < csv.rows->len; i++)
    n = MAX (n, (gsize) number (cell (&csv, i, "id")));
  frame = ktm_frame_new (n, 6, 1, 1);
  frame->time_unit = strdup ("minute");
  set_visits (frame, times);
  set_measure (frame, 0, "pain_mm", "Pain", 0, 100, TRUE);
  frame->attributes[0].id = strdup ("arm");
  frame->attributes[0].label = strdup ("arm");
  frame->attributes[0].kind = KTM_ATTRIBUTE_CATEGORY;
  frame->attributes[0].levels = calloc (2, sizeof (char *));
  frame->attributes[0].levels[0] = strdup ("0");
  frame->attributes[0].levels[1] = strdup ("1");
  frame->attributes[0].n_levels = 2;
  for (gsize i = 0; i < csv.rows->len; i++)
    {
      gsize row = (gsize) number (cell (&csv, i, "id")) - 1;
      long visit = ktm_frame_find_visit (frame, number (cell (&csv, i, "time_min")));

      frame->measures[0].value[row * 6 + (gsize) visit] = number (cell (&csv, i, "pain_mm"));
      frame->attributes[0].value[row] = number (cell (&csv, i, "treatment"));
    }
  ktm_frame_set_baselines (frame);
  csv_clear (&csv);
  return frame;
}

KtmFrame *
frame_small (gsize n)
{
  static const double times[] = { 0, 1, 2 };
  KtmFrame *frame = ktm_frame_new (n, 3, 1, 1);

  frame->time_unit = strdup ("month");
  set_visits (frame, times);
  set_measure (frame, 0, "nrs", "Pain NRS", 0, 10, TRUE);
  frame->attributes[0].id = strdup ("sex");
  frame->attributes[0].label = strdup ("Sex");
  frame->attributes[0].kind = KTM_ATTRIBUTE_CATEGORY;
  frame->attributes[0].levels = calloc (2, sizeof (char *));
  frame->attributes[0].levels[0] = strdup ("female");
  frame->attributes[0].levels[1] = strdup ("male");
  frame->attributes[0].n_levels = 2;
  for (gsize i = 0; i < n; i++)
    frame->attributes[0].value[i] = (double) (i % 2);
  return frame;
}

const KtmReportRow *
find_row (const KtmReport *report, const char *statistic, const char *group, double time)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (strcmp (report->rows[i].statistic, statistic) == 0
        && g_strcmp0 (report->rows[i].group, group) == 0
        && (isnan (time) || report->rows[i].time == time))
      return &report->rows[i];
  g_error ("no row %s of %s at %g", statistic, group != NULL ? group : "all", time);
}

const KtmReportRow *
find_subject_row (const KtmReport *report, const char *statistic, const char *subject,
                  const char *group)
{
  for (gsize i = 0; i < report->n_rows; i++)
    if (strcmp (report->rows[i].statistic, statistic) == 0
        && g_strcmp0 (report->rows[i].subject, subject) == 0
        && g_strcmp0 (report->rows[i].group, group) == 0)
      return &report->rows[i];
  g_error ("no row %s of %s, %s", statistic, subject, group != NULL ? group : "all");
}

static void
check_said (char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (int digit = 1; digit <= 9; digit++)
    {
      char placeholder[] = { '{', (char) ('0' + digit), '}', 0 };

      if (strstr (text, placeholder) != NULL)
        g_error ("placeholder left: %s", text);
    }
  if (g_regex_match_simple ("\\b-?(nan|inf)\\b", text, G_REGEX_CASELESS, 0)
      || strstr (text, "–]") != NULL || strstr (text, "[–") != NULL)
    g_error ("not a number shown: %s", text);
  g_free (text);
}

void
check_report (const KtmReport *report)
{
  const KtmLang *langs[] = { NULL, ktm_lang_find ("fr") };

  for (gsize i = 0; i < report->n_rows; i++)
    {
      const KtmReportRow *row = &report->rows[i];

      if (ktm_statistic_find (row->statistic) == NULL)
        g_error ("statistic %s is not in the vocabulary", row->statistic);
      g_assert_nonnull (row->method);
      g_assert_false (isinf (row->estimate) || isinf (row->low) || isinf (row->high)
                      || isinf (row->p) || isinf (row->se));
      g_assert_true (isnan (row->p) || (row->p >= 0 && row->p <= 1));
      g_assert_true (isnan (row->low) || isnan (row->high) || row->low <= row->high);
      g_assert_cmpuint (row->card, <, report->n_cards);
    }
  g_assert_cmpuint (report->n_cards, >, 0);
  for (gsize l = 0; l < G_N_ELEMENTS (langs); l++)
    {
      check_said (ktm_report_plain_text (report, langs[l], 0));
      check_said (ktm_report_methods_text (report, langs[l], 0));
      check_said (ktm_report_to_html (report, langs[l], 0));
      check_said (ktm_report_to_tsv (report, langs[l], 0));
      check_said (ktm_report_to_latex (report, langs[l], 0));
      for (gsize i = 0; i < report->n_rows; i++)
        {
          check_said (ktm_report_row_big (&report->rows[i], langs[l], 0));
          check_said (ktm_report_row_interval (&report->rows[i], langs[l], 0));
          check_said (ktm_text_render (report->rows[i].method, langs[l], 0));
        }
    }
}

KtmReport *
run_analysis (const char *id, const KtmFrame *frame, const KtmAnalysisOptions *options)
{
  g_autoptr(GError) error = NULL;
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  KtmReport *report;

  g_assert_nonnull (analysis);
  report = ktm_analysis_run_sync (analysis, frame, options, NULL, &error);
  g_assert_no_error (error);
  check_report (report);
  return report;
}

KtmFrame *
frame_courses (gsize n, guint64 seed, int *truth)
{
  static const double start[] = { 6, 7, 8 }, end[] = { 1, 4, 8 };
  KtmFrame *frame = ktm_frame_new (n, 6, 1, 0);
  KtmRandom random;

  ktm_random_seed (&random, seed);
  frame->time_unit = strdup ("month");
  frame->measures[0].id = strdup ("nrs");
  frame->measures[0].label = strdup ("NRS");
  frame->measures[0].min = 0;
  frame->measures[0].max = 10;
  frame->measures[0].lower_better = true;
  for (gsize v = 0; v < 6; v++)
    {
      frame->visit_time[v] = (double) v;
      frame->visit_label[v] = g_strdup_printf ("M%" G_GSIZE_FORMAT, v);
    }
  for (gsize i = 0; i < n; i++)
    {
      double u = ktm_random_uniform (&random);
      int k = truth[i] = u < 0.25 ? 0 : u < 0.6 ? 1 : 2;

      for (gsize v = 0; v < 6; v++)
        {
          double noise = ktm_random_normal (&random);

          if (ktm_random_uniform (&random) > 0.2)
            frame->measures[0].value[6 * i + v] =
                CLAMP (start[k] + (end[k] - start[k]) * (double) v / 5 + noise, 0, 10);
        }
    }
  ktm_frame_set_baselines (frame);
  return frame;
}

KtmAnalysisOptions *
options_to (double to)
{
  KtmAnalysisOptions *options = ktm_analysis_options_new ();

  options->to = to;
  return options;
}

void
check_shown (double value, double expected, double step)
{
  g_assert_cmpfloat_with_epsilon (value, expected, step / 2 + 1e-9);
}

void
check_row (const KtmReportRow *row, long n, double estimate, double low, double high, double step)
{
  g_assert_cmpint (row->n, ==, n);
  check_shown (row->estimate, estimate, step);
  check_shown (row->low, low, step);
  check_shown (row->high, high, step);
}
