/* Every missing-visit policy × every way to show, against tables worked out by hand. */
#include "ktm-frame.h"
#include "ktm-text.h"

#include <glib.h>
#include <string.h>

#define N NAN

/* Visits −1, 0, 1, 3, 6 months.  Scale 0–10, lower better. */
static const double times[] = { -1, 0, 1, 3, 6 };
static const double scores[6][5] = {
  { 7, 8, 6, N, 4 },  /* 0: a gap */
  { 6, N, 3, N, N },  /* 1: baseline from the visit before */
  { N, N, 5, 4, 3 },  /* 2: no baseline */
  { N, 5, N, N, N },  /* 3: only a baseline */
  { N, 0, 2, N, 1 },  /* 4: a baseline of 0 */
  { N, N, N, N, N },  /* 5: nothing */
};

static KtmFrame *
new_frame (void)
{
  KtmFrame *frame = ktm_frame_new (6, 5, 1, 1);

  memcpy (frame->visit_time, times, sizeof times);
  frame->measures[0].id = strdup ("nrs");
  frame->measures[0].min = 0;
  frame->measures[0].max = 10;
  frame->measures[0].lower_better = true;
  frame->attributes[0].id = strdup ("sex");
  frame->time_unit = strdup ("month");
  memcpy (frame->measures[0].value, scores, sizeof scores);
  ktm_frame_set_baselines (frame);
  return frame;
}

typedef struct
{
  const char *name;
  KtmMissing  missing;
  KtmShow     show;
  double      from, to;
  gsize       n_rows, n_visits;
  gsize       row[6];
  double      value[30];
  gsize       no_baseline, zero_baseline, no_score, not_completer, n_filled;
} Case;

static const Case cases[] = {
  { "available/value",
    KTM_MISSING_AVAILABLE,
    KTM_SHOW_VALUE,
    0,
    6,
    5,
    4,
    { 0, 1, 2, 3, 4 },
    { 8, 6, N, 4, N, 3, N, N, N, 5, 4, 3, 5, N, N, N, 0, 2, N, 1 },
    0,
    0,
    1,
    0,
    0 },
  { "available/change",
    KTM_MISSING_AVAILABLE,
    KTM_SHOW_CHANGE,
    0,
    6,
    4,
    4,
    { 0, 1, 3, 4 },
    { 0, -2, N, -4, N, -3, N, N, 0, N, N, N, 0, 2, N, 1 },
    2,
    0,
    0,
    0,
    0 },
  { "available/percent",
    KTM_MISSING_AVAILABLE,
    KTM_SHOW_PERCENT,
    0,
    6,
    3,
    4,
    { 0, 1, 3 },
    { 0, -25, N, -50, N, -50, N, N, 0, N, N, N },
    2,
    1,
    0,
    0,
    0 },
  { "completers/value",
    KTM_MISSING_COMPLETERS,
    KTM_SHOW_VALUE,
    0,
    6,
    2,
    4,
    { 0, 4 },
    { 8, 6, N, 4, 0, 2, N, 1 },
    0,
    0,
    0,
    4,
    0 },
  { "completers/change",
    KTM_MISSING_COMPLETERS,
    KTM_SHOW_CHANGE,
    0,
    6,
    2,
    4,
    { 0, 4 },
    { 0, -2, N, -4, 0, 2, N, 1 },
    2,
    0,
    0,
    2,
    0 },
  { "completers/percent",
    KTM_MISSING_COMPLETERS,
    KTM_SHOW_PERCENT,
    0,
    6,
    1,
    4,
    { 0 },
    { 0, -25, N, -50 },
    2,
    1,
    0,
    2,
    0 },
  { "locf/value",
    KTM_MISSING_LOCF,
    KTM_SHOW_VALUE,
    0,
    6,
    5,
    4,
    { 0, 1, 2, 3, 4 },
    { 8, 6, 6, 4, N, 3, 3, 3, N, 5, 4, 3, 5, 5, 5, 5, 0, 2, 2, 1 },
    0,
    0,
    1,
    0,
    7 },
  { "locf/change",
    KTM_MISSING_LOCF,
    KTM_SHOW_CHANGE,
    0,
    6,
    4,
    4,
    { 0, 1, 3, 4 },
    { 0, -2, -2, -4, N, -3, -3, -3, 0, 0, 0, 0, 0, 2, 2, 1 },
    2,
    0,
    0,
    0,
    7 },
  { "locf/percent",
    KTM_MISSING_LOCF,
    KTM_SHOW_PERCENT,
    0,
    6,
    3,
    4,
    { 0, 1, 3 },
    { 0, -25, -25, -50, N, -50, -50, -50, 0, 0, 0, 0 },
    2,
    1,
    0,
    0,
    6 },
  { "locf/one-visit",
    KTM_MISSING_LOCF,
    KTM_SHOW_VALUE,
    6,
    6,
    5,
    1,
    { 0, 1, 2, 3, 4 },
    { 4, 3, 3, 5, 1 },
    0,
    0,
    1,
    0,
    2 },
  { "bocf/value",
    KTM_MISSING_BOCF,
    KTM_SHOW_VALUE,
    0,
    6,
    5,
    4,
    { 0, 1, 2, 3, 4 },
    { 8, 6, 8, 4, N, 3, 6, 6, N, 5, 4, 3, 5, 5, 5, 5, 0, 2, 0, 1 },
    0,
    0,
    1,
    0,
    7 },
  { "bocf/change",
    KTM_MISSING_BOCF,
    KTM_SHOW_CHANGE,
    0,
    6,
    4,
    4,
    { 0, 1, 3, 4 },
    { 0, -2, 0, -4, N, -3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1 },
    2,
    0,
    0,
    0,
    7 },
  { "bocf/percent",
    KTM_MISSING_BOCF,
    KTM_SHOW_PERCENT,
    0,
    6,
    3,
    4,
    { 0, 1, 3 },
    { 0, -25, 0, -50, N, -50, 0, 0, 0, 0, 0, 0 },
    2,
    1,
    0,
    0,
    6 },
  { "worst/value",
    KTM_MISSING_WORST,
    KTM_SHOW_VALUE,
    1,
    6,
    6,
    3,
    { 0, 1, 2, 3, 4, 5 },
    { 6, 10, 4, 3, 10, 10, 5, 4, 3, 10, 10, 10, 2, 10, 1, 10, 10, 10 },
    0,
    0,
    0,
    0,
    10 },
  { "worst/change",
    KTM_MISSING_WORST,
    KTM_SHOW_CHANGE,
    6,
    6,
    4,
    1,
    { 0, 1, 3, 4 },
    { -4, 4, 5, 1 },
    2,
    0,
    0,
    0,
    2 },
  { "worst/percent",
    KTM_MISSING_WORST,
    KTM_SHOW_PERCENT,
    6,
    6,
    3,
    1,
    { 0, 1, 3 },
    { -50, 400.0 / 6, 100 },
    2,
    1,
    0,
    0,
    2 },
};

static void
test_table (gconstpointer data)
{
  const Case *c = data;
  KtmFrame *frame = new_frame ();
  KtmFrameTable table;
  gsize filled = 0;

  g_assert_cmpint (ktm_frame_table (frame, 0, c->show, c->missing, c->from, c->to, &table), ==,
                   KTM_STATS_OK);
  g_assert_cmpuint (table.n_rows, ==, c->n_rows);
  g_assert_cmpuint (table.n_visits, ==, c->n_visits);
  for (gsize i = 0; i < c->n_rows; i++)
    {
      g_assert_cmpuint (table.row[i], ==, c->row[i]);
      g_assert_true (
          table.baseline[i] == frame->measures[0].baseline[c->row[i]]
          || (isnan (table.baseline[i]) && isnan (frame->measures[0].baseline[c->row[i]])));
    }
  for (gsize i = 0; i < c->n_rows * c->n_visits; i++)
    {
      g_assert_true (isnan (c->value[i]) == !!isnan (table.value[i]));
      if (!isnan (c->value[i]))
        g_assert_cmpfloat_with_epsilon (table.value[i], c->value[i], 1e-12);
      filled += table.filled != NULL && table.filled[i];
    }
  g_assert_cmpuint (table.n_no_baseline, ==, c->no_baseline);
  g_assert_cmpuint (table.n_zero_baseline, ==, c->zero_baseline);
  g_assert_cmpuint (table.n_no_score, ==, c->no_score);
  g_assert_cmpuint (table.n_not_completer, ==, c->not_completer);
  g_assert_cmpuint (filled, ==, c->n_filled);
  g_assert_cmpuint (table.n_rows + table.n_no_baseline + table.n_zero_baseline + table.n_no_score
                        + table.n_not_completer,
                    ==, 6);
  ktm_frame_table_clear (&table);
  ktm_frame_unref (frame);
}

static void
test_no_baseline_visit (void)
{
  KtmFrame *frame = new_frame ();
  KtmFrameTable table;

  for (gsize v = 0; v < 5; v++)
    frame->visit_time[v] += 30;  /* 29, 30, 31, 33, 36: nothing at or before 0 */
  g_assert_cmpint (
      ktm_frame_table (frame, 0, KTM_SHOW_CHANGE, KTM_MISSING_AVAILABLE, 31, NAN, &table), ==,
      KTM_STATS_OK);
  g_assert_cmpuint (table.n_rows, ==, 4);
  g_assert_cmpuint (table.row[2], ==, 2);
  g_assert_cmpfloat (table.baseline[2], ==, 5);
  g_assert_cmpfloat (table.value[2 * 3 + 2], ==, -2);
  ktm_frame_table_clear (&table);
  ktm_frame_unref (frame);
}

/* A visit without any score of the measure is no visit of the measure: not drawn, and never filled
 * in. */
static void
test_unscheduled_visit (void)
{
  KtmFrame *frame = new_frame ();
  KtmFrameTable table;

  for (gsize i = 0; i < 6; i++)
    frame->measures[0].value[i * 5 + 3] = NAN;
  g_assert_cmpint (ktm_frame_table (frame, 0, KTM_SHOW_VALUE, KTM_MISSING_LOCF, 0, NAN, &table), ==,
                   KTM_STATS_OK);
  g_assert_cmpuint (table.n_visits, ==, 3);
  g_assert_cmpuint (table.visit[2], ==, 4);
  ktm_frame_table_clear (&table);
  ktm_frame_unref (frame);
}

static void
test_refusals (void)
{
  KtmFrame *frame = new_frame ();
  KtmFrame *empty = ktm_frame_new (0, 0, 0, 0);
  KtmFrame *nobody = ktm_frame_new (0, 2, 1, 0);
  KtmFrameTable table;
  KtmShow show;
  KtmMissing missing;

  g_assert_cmpint (
      ktm_frame_table (frame, 1, KTM_SHOW_VALUE, KTM_MISSING_AVAILABLE, NAN, NAN, &table), ==,
      KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_frame_table (frame, 0, KTM_SHOW_VALUE, KTM_MISSING_AVAILABLE, 7, 9, &table),
                   ==, KTM_STATS_BAD_ARGUMENT);
  frame->measures[0].max = NAN;
  g_assert_cmpint (ktm_frame_table (frame, 0, KTM_SHOW_VALUE, KTM_MISSING_WORST, NAN, NAN, &table),
                   ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_null (table.value);
  g_assert_cmpint (
      ktm_frame_table (empty, 0, KTM_SHOW_VALUE, KTM_MISSING_AVAILABLE, NAN, NAN, &table), ==,
      KTM_STATS_BAD_ARGUMENT);
  nobody->visit_time[0] = 0;
  nobody->visit_time[1] = 1;
  g_assert_cmpint (ktm_frame_table (nobody, 0, KTM_SHOW_VALUE, KTM_MISSING_LOCF, NAN, NAN, &table),
                   ==, KTM_STATS_OK);
  g_assert_cmpuint (table.n_rows, ==, 0);
  ktm_frame_table_clear (&table);

  g_assert_cmpint (ktm_frame_find_measure (frame, "nrs"), ==, 0);
  g_assert_cmpint (ktm_frame_find_measure (frame, "x"), ==, -1);
  g_assert_cmpint (ktm_frame_find_measure (frame, NULL), ==, -1);
  g_assert_cmpint (ktm_frame_find_attribute (frame, "sex"), ==, 0);
  g_assert_cmpint (ktm_frame_find_visit (frame, 3), ==, 3);
  g_assert_cmpint (ktm_frame_find_visit (frame, 2), ==, -1);
  g_assert_true (ktm_show_parse ("percent", &show) && show == KTM_SHOW_PERCENT);
  g_assert_true (ktm_missing_parse ("worst", &missing) && missing == KTM_MISSING_WORST);
  g_assert_false (ktm_missing_parse ("best", &missing));
  g_assert_cmpstr (ktm_show_name (KTM_SHOW_CHANGE), ==, "change");
  g_assert_cmpstr (ktm_missing_name (KTM_MISSING_LOCF), ==, "locf");

  KtmText *visit = ktm_frame_visit_text (frame, 4);
  char *said = ktm_text_render (visit, NULL, 0);
  g_assert_cmpstr (said, ==, "month 6");
  free (said);
  ktm_text_free (visit);
  KtmFrame *again = ktm_frame_ref (frame);
  ktm_frame_unref (frame);
  ktm_frame_unref (again);
  ktm_frame_unref (empty);
  ktm_frame_unref (nobody);
  ktm_frame_unref (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/frame/table/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_table);
    }
  g_test_add_func ("/frame/no-baseline-visit", test_no_baseline_visit);
  g_test_add_func ("/frame/refusals", test_refusals);
  g_test_add_func ("/frame/unscheduled-visit", test_unscheduled_visit);
  return g_test_run ();
}
