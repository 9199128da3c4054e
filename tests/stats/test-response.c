/* Definitions of response and the counts made by them; impressions of change; Cohen's kappa. */
#include "ktm-relief.h"
#include "ktm-response.h"

#include <glib.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* Baseline and months 1, 2, 3; nrs 0–10, pgic 1–7; stops, adverse events. */
static KtmFrame *
new_frame (void)
{
  static const double nrs[6][4] = {
    { 7, 4.9, 3.5, 3 },      /* 30, 50, 57 % */
    { 6, NAN, 4, NAN },      /* gaps */
    { 5, 2, NAN, NAN },      /* stopped after month 1 */
    { NAN, 3, 3, 3 },        /* no baseline */
    { 8, 8, 8, 2 },          /* severe event at month 2 */
    { 0, 1, 1, 1 },          /* baseline 0 */
  };
  static const double pgic[6][4] = {
    { NAN, 3, 2, 1 },     { NAN, NAN, 3, NAN }, { NAN, 1, NAN, NAN },
    { NAN, 4, 4, 4 },     { NAN, 4, 5, 2 },     { NAN, 6, 6, 7 },
  };
  KtmFrame *f = ktm_frame_new (6, 4, 2, 1);

  f->time_unit = strdup ("month");
  for (size_t v = 0; v < 4; v++)
    {
      f->visit_time[v] = (double) v;
      f->visit_label[v] = g_strdup_printf ("M%d", (int) v);
    }
  for (size_t m = 0; m < 2; m++)
    {
      f->measures[m].id = strdup (m == 0 ? "nrs" : "pgic");
      f->measures[m].label = strdup (m == 0 ? "Pain NRS" : "PGIC");
      f->measures[m].min = m;
      f->measures[m].max = m == 0 ? 10 : 7;
      f->measures[m].lower_better = true;
      memcpy (f->measures[m].value, m == 0 ? nrs : pgic, sizeof nrs);
    }
  f->attributes[0].id = strdup ("sex");
  f->n_stop_reasons = 1;
  f->stop_reasons = calloc (1, sizeof (char *));
  f->stop_reasons[0] = strdup ("lack of effect");
  f->stop_time[2] = 1.5;
  f->stop_reason[2] = 0;
  f->n_terms = 1;
  f->terms = calloc (1, sizeof (char *));
  f->terms[0] = strdup ("nausea");
  f->n_events = 3;
  f->events = calloc (3, sizeof *f->events);
  f->events[0] = (KtmFrameEvent) { .row = 4, .visit = 2, .time = 2, .severity = KTM_SEVERITY_SEVERE,
                                   .grade = NAN, .resolved = NAN };
  f->events[1] = (KtmFrameEvent) { .row = 0, .visit = -1, .time = 0.4,
                                   .severity = KTM_SEVERITY_MILD, .grade = 1, .resolved = NAN };
  f->events[2] = (KtmFrameEvent) { .row = 1, .visit = 1, .time = 1, .severity = KTM_SEVERITY_SEVERE,
                                   .grade = 3, .resolved = NAN };
  ktm_frame_set_baselines (f);
  return f;
}

static KtmDefinition *
parse (const KtmFrame *f, const char *text)
{
  KtmDefinitionProblem problem;
  KtmDefinition *d = ktm_definition_parse (f, text, &problem);

  if (d == NULL)
    g_error ("%s: %s", text, ktm_text_render (problem.sentence, NULL, 0));
  return d;
}

/* --- does it hold? ---------------------------------------------------------------------------- */

static void
test_holds (void)
{
  static const struct
  {
    const char *text;
    size_t patient, visit;
    int holds;
  } cases[] = {
    { "nrs >= 30%", 0, 1, 1 },             /* 2.1 of 7 exactly */
    { "nrs > 30%", 0, 1, 0 },
    { "nrs >= 30% ever", 0, 3, 1 },
    { "nrs >= 60% ever", 0, 3, 0 },
    { "nrs >= 2 ever", 1, 3, 1 },          /* at month 2, though month 3 is missing */
    { "nrs >= 3 ever", 1, 3, -1 },
    { "nrs >= 50% sustained", 0, 3, 0 },
    { "nrs >= 50% sustained from 2", 0, 3, 1 },
    { "nrs >= 30%", 3, 1, -1 },            /* no baseline */
    { "nrs score <= 3", 3, 1, 1 },
    { "nrs >= 30%", 5, 1, -1 },            /* no percentage of 0 */
    { "nrs >= 1", 5, 1, 0 },
    { "NRS >= 30% AND pgic score <= 2", 0, 2, 1 },
    { "nrs >= 50% and not stop \"lack of effect\"", 2, 3, 0 },
    { "nrs >= 50% and not stop lack of effect", 2, 1, 1 },
    { "not (nrs >= 30% or pgic score < 2)", 4, 1, 1 },
    { "no event severe", 4, 1, 1 },
    { "no event severe", 4, 3, 0 },
    { "no event severe at visit", 4, 3, 1 },
    { "event severe at 2", 4, 3, 1 },
    { "no event", 0, 1, 0 },               /* between two visits: of the later one */
    { "no event moderate", 0, 1, 1 },
    { "no event grade 3", 0, 3, 1 },
    { "no event grade 3", 1, 3, 0 },
    { "nrs >= 30% and no event severe", 4, 3, 0 },
    { "nrs >= 30% and no event severe", 1, 3, -1 }, /* the event does not judge a missing score */
    { "nrs >= 30% and not stop", 2, 3, 0 },         /* but the stop does */
  };
  KtmFrame *f = new_frame ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KtmDefinition *d = parse (f, cases[i].text);
      int holds =
          ktm_definition_holds (d, KTM_MISSING_AVAILABLE, cases[i].patient, cases[i].visit);

      if (holds != cases[i].holds)
        g_error ("“%s” of patient %d at %d: %d", cases[i].text, (int) cases[i].patient,
                 (int) cases[i].visit, holds);
      ktm_definition_free (d);
    }
  ktm_frame_unref (f);
}

/* Asked about harms at month 1 only: before, nothing is known; after, what was heard then stands.
 */
static void
test_asked (void)
{
  KtmFrame *f = new_frame ();
  KtmDefinition *d;

  f->safety = malloc (24 * sizeof *f->safety);
  for (size_t i = 0; i < 24; i++)
    f->safety[i] = i % 4 == 1 ? 0 : NAN;
  f->safety[5 * 4 + 1] = NAN;
  d = parse (f, "no event severe");
  g_assert_cmpint (ktm_definition_holds (d, KTM_MISSING_AVAILABLE, 0, 0), ==, -1);
  g_assert_cmpint (ktm_definition_holds (d, KTM_MISSING_AVAILABLE, 0, 1), ==, 1);
  g_assert_cmpint (ktm_definition_holds (d, KTM_MISSING_AVAILABLE, 0, 3), ==, 1);
  g_assert_cmpint (ktm_definition_holds (d, KTM_MISSING_AVAILABLE, 5, 3), ==, -1);
  g_assert_cmpint (ktm_definition_holds (d, KTM_MISSING_AVAILABLE, 4, 3), ==, 0);
  ktm_definition_free (d);
  ktm_frame_unref (f);
}

static void
test_missing (void)
{
  KtmFrame *f = new_frame ();
  KtmDefinition *last = parse (f, "nrs >= 30%; missing last"),
                *no = parse (f, "nrs >= 30% , missing no");

  g_assert_cmpint (ktm_definition_unknown (last), ==, KTM_UNKNOWN_LAST);
  g_assert_cmpint (ktm_definition_judged (last, KTM_UNKNOWN_LAST, KTM_MISSING_AVAILABLE, 1, 3), ==,
                   2);
  g_assert_cmpint (ktm_definition_state (last, KTM_UNKNOWN_LAST, KTM_MISSING_AVAILABLE, 1, 3), ==,
                   1);
  g_assert_cmpint (ktm_definition_state (last, KTM_UNKNOWN_LAST, KTM_MISSING_AVAILABLE, 3, 3), ==,
                   0);
  g_assert_cmpint (ktm_definition_state (no, KTM_UNKNOWN_NO, KTM_MISSING_AVAILABLE, 1, 3), ==, 0);
  g_assert_cmpint (ktm_definition_state (no, KTM_UNKNOWN_OUT, KTM_MISSING_AVAILABLE, 1, 3), ==, -1);
  g_assert_cmpint (ktm_definition_holds (no, KTM_MISSING_LOCF, 1, 3), ==, 1);
  g_assert_cmpint (ktm_definition_holds (no, KTM_MISSING_BOCF, 1, 3), ==, 0);
  g_assert_cmpint (ktm_definition_holds (no, KTM_MISSING_WORST, 1, 3), ==, 0);
  ktm_definition_free (last);
  ktm_definition_free (no);
  ktm_frame_unref (f);
}

/* --- words ------------------------------------------------------------------------------------ */

static void
test_words (void)
{
  static const char *const cases[][2] = {
    { "nrs >= 30% and nrs >= 2 and no event severe",
      "≥ 30 % and ≥ 2 points better than baseline, no severe adverse event" },
    { "nrs >= 50% and not stop \"lack of effect\"",
      "≥ 50 % better than baseline, not stopped for “lack of effect”" },
    { "nrs >= 1 or pgic score <= 2", "≥ 1 point better than baseline or PGIC at most 2" },
    { "nrs >= 30% and nrs >= 2 at 3",
      "≥ 30 % better than baseline, ≥ 2 points better than baseline at month 3" },
    { "nrs >= 30% sustained from 2",
      "≥ 30 % better than baseline at every scored visit from month 2 on" },
    { "nrs >= 30% and pgic >= 1",
      "Pain NRS ≥ 30 % better than baseline, PGIC ≥ 1 point better than baseline" },
    { "(nrs >= 30% or pgic score <= 2) and no event",
      "(≥ 30 % better than baseline or PGIC at most 2), no adverse event" },
    { "nrs >= 30% and not stop or pgic score <= 2",
      "(≥ 30 % better than baseline and not stopped) or PGIC at most 2" },
    { "no event grade 3 at visit", "no adverse event of grade 3 or more at the visit" },
    { "not nrs >= 30% ever", "not (≥ 30 % better than baseline at some visit so far)" },
  };
  KtmFrame *f = new_frame ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KtmDefinition *d = parse (f, cases[i][0]);
      KtmText *text = ktm_definition_text (d);
      char *words = ktm_text_render (text, NULL, 0);

      g_assert_cmpstr (words, ==, cases[i][1]);
      free (words);
      ktm_text_free (text);
      ktm_definition_free (d);
    }
  ktm_frame_unref (f);
}

/* What is written reads back as the same rows. */
static void
test_write (void)
{
  static const char *const cases[] = {
    "nrs >= 30% and nrs >= 2.5 and no event severe; missing no",
    "nrs >= 50% and not stop \"lack of effect\"; missing last",
    "nrs > 1 at 2 or pgic score < 3 sustained from 1 and stop",
    "no event grade 2 at visit or event mild at 3",
    "not nrs <= 10% ever and nrs >= 20% sustained",
  };
  KtmFrame *f = new_frame ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KtmDefinition *d = parse (f, cases[i]);
      size_t n = ktm_definition_n_conditions (d);
      KtmCondition rows[8];
      bool ors[8];
      char *text;

      g_assert_cmpuint (n, >, 1);
      for (size_t k = 0; k < n; k++)
        {
          rows[k] = *ktm_definition_condition (d, k);
          ors[k] = ktm_definition_or_before (d, k);
        }
      text = ktm_definition_write (f, rows, ors, n, ktm_definition_unknown (d));
      g_assert_cmpstr (text, ==, cases[i]);
      free (text);
      ktm_definition_free (d);
    }
  KtmDefinition *deep = parse (f, "nrs >= 2 and (nrs >= 30% or stop)");
  g_assert_cmpuint (ktm_definition_n_conditions (deep), ==, 0);
  ktm_definition_free (deep);
  ktm_frame_unref (f);
}

static void
test_refused (void)
{
  static const struct { const char *text, *says; bool unknown;
  } cases[] = {
    { "vas >= 30%", "nrs, pgic", true },
    { "nrs >= ", "ends where a number", false },
    { "nrs 30%", "≥", false },
    { "nrs >= 30% xor stop", "at “xor stop”", false },
    { "not stop boredom", "lack of effect", true },
    { "(nrs >= 2", "“)”", false },
    { "nrs >= 2 at 99", "99", true },
    { "event grade", "a grade", false },
    { "nrs >= 2; missing maybe", "missing out", false },
    { "\"nrs", "a measure", false },
    { "", "a measure", false },
    { "nrs >= 1,5", "missing out", false },
  };
  KtmFrame *f = new_frame ();
  g_autoptr (GString) deep = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KtmDefinitionProblem problem;
      char *words;

      g_assert_null (ktm_definition_parse (f, cases[i].text, &problem));
      words = ktm_text_render (problem.sentence, NULL, 0);
      if (strstr (words, cases[i].says) == NULL || problem.unknown != cases[i].unknown)
        g_error ("“%s”: %s", cases[i].text, words);
      free (words);
      ktm_text_free (problem.sentence);
    }
  for (int i = 0; i < 1500; i++)
    g_string_append (deep, i % 2 ? "(" : "not ");
  g_assert_null (ktm_definition_parse (f, deep->str, NULL));
  f->n_events = f->n_terms = 0;
  g_assert_null (ktm_definition_parse (f, "no event", NULL));
  f->n_events = 3;
  f->n_terms = 1;
  ktm_frame_unref (f);
}

/* --- counts ----------------------------------------------------------------------------------- */

static void
test_counts (void)
{
  KtmFrame *f = new_frame ();
  KtmDefinition *d = parse (f, "nrs >= 30% and no event severe or pgic score <= 1");
  KtmResponders who = { .definition = d, .frame = f, .group = -1 };
  KtmResponseCount c;
  size_t alone[3], left[3];

  /* Judged at month 3: 0 yes; 4 has 75 % but the event, and PGIC 2: no; 3 and 5 have no percentage
   * and PGIC 4 and 7: unknown; 1 and 2 are missing. */
  ktm_responders_conditions (&who, 3, alone, left, &c);
  g_assert_cmpuint (c.total, ==, 6);
  g_assert_cmpuint (c.judged, ==, 2);
  g_assert_cmpuint (c.yes, ==, 1);
  g_assert_cmpuint (alone[0], ==, 2);
  g_assert_cmpuint (alone[1], ==, 1);
  g_assert_cmpuint (alone[2], ==, 1);
  g_assert_cmpuint (left[0], ==, 2);
  g_assert_cmpuint (left[1], ==, 1);
  g_assert_cmpuint (left[2], ==, 1);
  who.unknown = KTM_UNKNOWN_NO;
  ktm_responders_count (&who, 3, &c);
  g_assert_cmpuint (c.judged, ==, 6);
  g_assert_cmpuint (c.yes, ==, 1);
  who.unknown = KTM_UNKNOWN_LAST;  /* 2: 60 % and PGIC 1 at month 1; 1: a severe event */
  ktm_responders_count (&who, 3, &c);
  g_assert_cmpuint (c.judged, ==, 6);
  g_assert_cmpuint (c.yes, ==, 2);
  ktm_definition_free (d);
  ktm_frame_unref (f);
}

/* 8, 12, 5, 55 are responders against PGIC 1–2 of the sample cohort at month 12; both worked in R
 * from the formulas of Fleiss, Cohen & Everitt (1969). */
static void
test_kappa (void)
{
  static const double sample[4] = { 8, 12, 5, 55 }, other[4] = { 20, 5, 10, 15 },
                      same[4] = { 9, 0, 0, 0 }, none[4] = { 0, 0, 0, 0 }, bad[4] = { 1, -1, 0, 0 };
  KtmKappa k;

  g_assert_cmpint (ktm_stats_kappa (sample, 0.95, &k), ==, KTM_STATS_OK);
  g_assert_cmpfloat_with_epsilon (k.kappa.value, 0.3584905660, 1e-9);
  g_assert_cmpfloat_with_epsilon (k.kappa.se, 0.1222346656, 1e-9);
  g_assert_cmpfloat_with_epsilon (k.kappa.low, 0.1189150239, 1e-8);
  g_assert_cmpfloat_with_epsilon (k.kappa.high, 0.5980661082, 1e-8);
  g_assert_cmpint (ktm_stats_kappa (other, 0.95, &k), ==, KTM_STATS_OK);
  g_assert_cmpfloat_with_epsilon (k.kappa.value, 0.4, 1e-12);
  g_assert_cmpfloat_with_epsilon (k.kappa.se, 0.1269960629, 1e-9);
  g_assert_cmpfloat_with_epsilon (k.agreement, 0.7, 1e-12);
  g_assert_cmpint (ktm_stats_kappa (same, 0.95, &k), ==, KTM_STATS_UNDEFINED);
  g_assert_true (isnan (k.kappa.value) && isnan (k.agreement));
  g_assert_cmpint (ktm_stats_kappa (none, 0.95, &k), ==, KTM_STATS_TOO_FEW);
  g_assert_cmpint (ktm_stats_kappa (bad, 0.95, &k), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stats_kappa (sample, 1, &k), ==, KTM_STATS_BAD_ARGUMENT);
}

static void
test_impression (void)
{
  KtmFrame *f = new_frame ();
  KtmDefinition *d = parse (f, "nrs >= 30%");
  KtmResponders who = { .definition = d, .frame = f, .group = -1 };
  KtmImpression impression;
  KtmImpressionCount c;
  double table[4];

  g_assert_cmpint (ktm_impression_find (f), ==, 1);
  g_assert_false (ktm_impression_init (f, 0, &impression));  /* 0–10 has no middle to speak of */
  g_assert_true (ktm_impression_init (f, 1, &impression));
  ktm_impression_count (f, &impression, NULL, -1, 1, &c);
  g_assert_cmpuint (c.n, ==, 5);
  g_assert_cmpuint (c.seen, ==, 5);
  g_assert_cmpuint (c.improved, ==, 2);
  g_assert_cmpuint (c.much, ==, 1);
  g_assert_cmpuint (c.count[3], ==, 2);
  g_assert_cmpuint (c.count[5], ==, 1);
  ktm_responders_agree (&who, 3, 1, 2, table);  /* 0: yes and 1; 4: yes and 2 */
  g_assert_cmpfloat (table[0], ==, 2);
  g_assert_cmpfloat (table[1] + table[2] + table[3], ==, 0);
  f->measures[1].lower_better = false;
  g_assert_true (ktm_impression_init (f, 1, &impression));
  ktm_impression_count (f, &impression, NULL, -1, 1, &c);
  g_assert_cmpuint (c.improved, ==, 1);
  f->measures[1].value[1] = 2.5;
  g_assert_false (ktm_impression_init (f, 1, &impression));
  g_assert_cmpint (ktm_impression_find (f), ==, -1);
  ktm_definition_free (d);
  ktm_frame_unref (f);
}

/* Rules are text of recipes and commands: a point is a point where numbers have commas. */
static void
test_point (void)
{
  static const char *const locales[] = { "C", "fr_FR.UTF-8", "de_DE.UTF-8" };
  KtmReliefRule rule;
  const char *where;

  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      if (!setlocale (LC_NUMERIC, locales[i]))
        continue;  /* not on this machine */
      g_assert_true (ktm_relief_rule_parse ("by 0.25, gain 33.5", &rule, &where));
      g_assert_cmpfloat (rule.by, ==, 0.25);
      g_assert_cmpfloat (rule.gain, ==, 33.5);
      g_assert_false (ktm_relief_rule_parse ("by 0x", &rule, &where));
      g_assert_false (ktm_relief_rule_parse ("by nan", &rule, &where));
    }
  setlocale (LC_NUMERIC, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/stats/response/holds", test_holds);
  g_test_add_func ("/stats/response/asked", test_asked);
  g_test_add_func ("/stats/response/missing", test_missing);
  g_test_add_func ("/stats/response/words", test_words);
  g_test_add_func ("/stats/response/write", test_write);
  g_test_add_func ("/stats/response/refused", test_refused);
  g_test_add_func ("/stats/response/counts", test_counts);
  g_test_add_func ("/stats/response/kappa", test_kappa);
  g_test_add_func ("/stats/response/impression", test_impression);
  g_test_add_func ("/stats/response/point", test_point);
  return g_test_run ();
}
