/* Every missing-visit policy × every way to show, against tables worked out by hand. */
#include "ktm-frame.h"
#include "ktm-split.h"
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

/* --- groups by a number, by hand -------------------------------------------------------------- */

typedef struct
{
  const char *by;
  double      age[7];
  gsize       n_levels;
  double      level[7];
  const char *first, *last, *says;
} SplitCase;

static const SplitCase splits[] = {
  { "age", { 30, 52, 41, N, 66, 70, 52 }, 2, { 0, 0, 0, N, 1, 1, 0 },
    "Age up to 52", "Age above 52", "Age split at the median, 52." },
  { "age", { 30, 40, 51, 66, 70, 52, N }, 2, { 0, 0, 0, 1, 1, 1, N },
    "Age up to 51.5", "Age above 51.5", "Age split at the median, 51.5." },
  { "age", { 9, 9, 3, 9, 7, 9, INFINITY }, 2, { 1, 1, 0, 1, 0, 1, N },
    "Age up to 7", "Age above 7", "Age split at 7, as nobody lies above the median, 9." },
  { "age", { 50, 50, N, 50, 50, 50, 50 }, 1, { 0, 0, N, 0, 0, 0, 0 },
    "Age 50", "Age 50", "Age is 50 in all patients selected: one group." },
  { "age", { N, N, N, 61.25, N, N, N }, 1, { N, N, N, 0, N, N, N },
    "Age 61.25", "Age 61.25", "Age is 61.25 in all patients selected: one group." },
  { "age:40,60.5", { 30, 40, 41, 60.5, 61, N, 99 }, 3, { 0, 0, 1, 1, 2, N, 2 },
    "Age up to 40", "Age above 60.5", "Age split at 40 and 60.5." },
  { "age:-5", { -7, -5, 0, N, N, N, N }, 2, { 0, 0, 1, N, N, N, N },
    "Age up to −5", "Age above −5", "Age split at −5." },
  { "age:20,40,200", { 30, 40, 41, 60, 61, 70, 99 }, 4, { 1, 1, 2, 2, 2, 2, 2 },
    "Age up to 20", "Age above 200", "Age split at 20; 40 and 200." },
};

static KtmFrame *
frame_of_ages (const double *age)
{
  KtmFrame *frame = ktm_frame_new (7, 1, 1, 2);

  frame->attributes[0].id = strdup ("sex");
  frame->attributes[0].kind = KTM_ATTRIBUTE_CATEGORY;
  frame->attributes[1].id = strdup ("age");
  frame->attributes[1].label = strdup ("Age");
  frame->attributes[1].kind = KTM_ATTRIBUTE_NUMBER;
  memcpy (frame->attributes[1].value, age, 7 * sizeof *age);
  return frame;
}

static void
test_split (gconstpointer data)
{
  const SplitCase *c = data;
  KtmFrame *frame = frame_of_ages (c->age);
  KtmCuts cuts;
  KtmSplit split;
  KtmText *text;
  char *said;

  g_assert_cmpint (ktm_frame_find_grouping (frame, c->by, &cuts, NULL), ==, 1);
  g_assert_cmpint (ktm_split_init (&split, frame, 1, &cuts, NULL, 0), ==, KTM_STATS_OK);
  g_assert_cmpuint (split.attribute.n_levels, ==, c->n_levels);
  for (gsize i = 0; i < 7; i++)
    if (isnan (c->level[i]))
      g_assert_true (isnan (split.attribute.value[i]));
    else
      g_assert_cmpfloat (split.attribute.value[i], ==, c->level[i]);
  g_assert_cmpstr (split.attribute.levels[0], ==, c->first);
  g_assert_cmpstr (split.attribute.levels[c->n_levels - 1], ==, c->last);
  text = ktm_split_text (&split);
  said = ktm_text_render (text, NULL, 0);
  g_assert_cmpstr (said, ==, c->says);
  free (said);
  ktm_text_free (text);
  ktm_split_clear (&split);
  ktm_frame_unref (frame);
}

static void
test_no_split (void)
{
  static const char *const bad[] = { "age:",    "age:x",   "age:60,40", "age:40,40", "age:40,",
                                     "age:40 60", "age:1,2,3,4,5,6,7,8", "sex:1" };
  const double nobody[7] = { N, N, N, N, INFINITY, N, N };
  KtmFrame *frame = frame_of_ages (nobody);
  KtmSplit split;
  KtmText *why;
  KtmCuts cuts;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpint (ktm_frame_find_grouping (frame, bad[i], &cuts, &why), >=, 0);
      g_assert_nonnull (why);
      ktm_text_free (why);
    }
  g_assert_cmpint (ktm_frame_find_grouping (frame, "age:50", &cuts, &why), ==, 1);
  g_assert_null (why);
  g_assert_cmpuint (cuts.n, ==, 1);
  g_assert_cmpint (ktm_frame_find_grouping (frame, "weight:50", &cuts, &why), ==, -1);
  g_assert_cmpint (ktm_frame_find_grouping (frame, ":50", &cuts, NULL), ==, -1);
  g_assert_cmpint (ktm_frame_find_grouping (frame, NULL, NULL, NULL), ==, -1);
  g_assert_cmpint (ktm_split_init (&split, frame, 1, NULL, NULL, 0), ==, KTM_STATS_TOO_FEW);
  ktm_split_clear (&split);
  g_assert_cmpint (ktm_split_init (&split, frame, 0, NULL, NULL, 0), ==, KTM_STATS_BAD_ARGUMENT);
  free (frame->attributes[0].id);
  frame->attributes[0].id = strdup ("age:50"); /* a column may be called so */
  g_assert_cmpint (ktm_frame_find_grouping (frame, "age:50", &cuts, &why), ==, 0);
  ktm_frame_unref (frame);
}

/* A decimal comma, in the numbers and nowhere else. */
static void
test_split_mark (void)
{
  const double age[7] = { 1, 2, 3, 4, 5, 6, 7 };
  KtmFrame *frame = frame_of_ages (age);
  const KtmCuts cuts = { 2, { 2.5, 4.125 } };
  KtmSplit split;

  g_assert_cmpint (ktm_split_init (&split, frame, 1, &cuts, NULL, ','), ==, KTM_STATS_OK);
  g_assert_cmpstr (split.attribute.levels[1], ==, "Age above 2,5 to 4,125");
  ktm_split_clear (&split);
  ktm_frame_unref (frame);
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
  for (gsize i = 0; i < G_N_ELEMENTS (splits); i++)
    {
      g_autofree char *path = g_strdup_printf ("/frame/split/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &splits[i], test_split);
    }
  g_test_add_func ("/frame/split/refusals", test_no_split);
  g_test_add_func ("/frame/split/mark", test_split_mark);
  g_test_add_func ("/frame/unscheduled-visit", test_unscheduled_visit);
  return g_test_run ();
}
