/* model/analysis: responders between groups: rates, tests, risk differences of each pair. */
#include "ktm-responder-private.h"
#include "ktm-run-classes.h"

#include "ktm-tables.h"

#include <glib/gi18n-lib.h>

#define OPEN_PAIRS 1   /* cards of pairs that stand open; the others are folded */
#define MOST_PAIRS 10

typedef struct
{
  long             i, j;
  KtmResponseCount x, y;
  KtmTwoByTwo      t;
  double           p;       /* Fisher */
} Pair;

static KtmText *
ratio_text (KtmEstimate e)
{
  return ktm_text_new ("{1} [{2}, {3}]", "222", e.value, e.low, e.high);
}

static KtmReportRow *
add_pair_row (const Responder *r, const Pair *pair, const char *statistic, const char *method,
              KtmEstimate e)
{
  KtmReportRow *row = ktm_run_add (r->run, statistic, method, (long) r->run->last, -1,
                                   (long) pair->x.judged);

  ktm_report_row_set_group (row, ktm_run_group_label (r->run, pair->i),
                            ktm_run_group_label (r->run, pair->j));
  row->n2 = (long) pair->y.judged;
  ktm_report_row_set_estimate (row, e, r->run->level);
  return row;
}

static void
add_nnt (const Responder *r, const Pair *pair)
{
  const KtmNnt *nnt = &pair->t.nnt;
  KtmReportRow *row =
      add_pair_row (r, pair, "nnt", N_("1 / risk difference; reciprocals of the Newcombe limits"),
                    (KtmEstimate){ nnt->value, NAN, nnt->crosses_infinity ? NAN : nnt->low,
                                   nnt->crosses_infinity ? NAN : nnt->high });

  if (!nnt->crosses_infinity)
    return;
  ktm_report_row_say (row, NULL,
                      ktm_text_new (N_("{1} [NNTB {2} to ∞ to NNTH {3}]"), "111", nnt->value,
                                    nnt->benefit, nnt->harm));
  row->note = ktm_text_new (N_("NNTB {1} to ∞ to NNTH {2}"), "11", nnt->benefit, nnt->harm);
  ktm_report_card_note (
      r->run->report,
      ktm_text_new (N_("Newcombe interval of the difference; that of the NNT passes through ∞ "
                       "because the difference may be 0."),
                    ""));
}

static void
add_fisher (const Responder *r, const Pair *pair, double adjusted, gsize n_pairs)
{
  const KtmFisher *f = &pair->t.fisher;
  KtmReportRow *row =
      add_pair_row (r, pair, "fisher",
                    N_("Fisher's exact test; conditional odds ratio with exact limits"),
                    (KtmEstimate){ f->odds_ratio, NAN, f->low, f->high });

  ktm_report_row_set_test (row, N_("Fisher's exact test"), (KtmTest) { NAN, NAN, NAN, f->p });
  if (isnan (f->p))
    ktm_report_row_say (row, NULL,
                        ktm_text_new (N_("no test: all answers are the same"), ""));
  else if (n_pairs > 1)
    {
      row->p_adjusted = adjusted;
      ktm_report_row_say (
          row, NULL,
          ktm_text_new (N_("{1}; {2} for {3} pairs {4}"), "pwiq", f->p,
                        ktm_run_adjust_text (r->run), (long) n_pairs, adjusted));
    }
  else
    ktm_report_row_say (row, NULL, ktm_text_new ("{1}", "p", f->p));
  row->note = ktm_text_new (
      N_("R's fisher.test finds the odds ratio and its limits to about four digits only."), "");
}

static void
add_pair (const Responder *r, const Pair *pair, double adjusted, gsize n_pairs, gboolean folded)
{
  KtmRun *run = r->run;
  const char *a = ktm_run_group_label (run, pair->i), *b = ktm_run_group_label (run, pair->j);
  KtmReportCard *card;
  KtmReportRow *row;

  card = ktm_report_add_card (run->report, ktm_text_new (N_("{1} vs {2}"), "ss", a, b),
                              ktm_run_visit (run, run->last));
  card->folded = folded;
  row = add_pair_row (r, pair, "rd", N_("first minus second share; Newcombe interval"),
                      pair->t.rd);
  ktm_report_row_say (
      row,
      ktm_text_new (N_("Rates {1}/{2} vs {3}/{4}: difference"), "iiii", (long) pair->x.yes,
                    (long) pair->x.judged, (long) pair->y.yes, (long) pair->y.judged),
      ratio_text (pair->t.rd));
  add_pair_row (r, pair, "rr", N_("ratio of the shares; Katz interval"), pair->t.rr);
  add_pair_row (r, pair, "or", N_("odds ratio; Woolf interval"), pair->t.odds_ratio);
  add_fisher (r, pair, adjusted, n_pairs);
  if (ktm_run_by_is_arm (run))
    add_nnt (r, pair);
}

static gsize
make_pairs (const Responder *r, Pair *pairs)
{
  KtmRun *run = r->run;
  gsize n = 0;

  for (long i = 0; i < (long) run->n_groups; i++)
    for (long j = i + 1; j < (long) run->n_groups && n < MOST_PAIRS; j++)
      {
        Pair *p = &pairs[n];
        double table[4];

        p->i = i;
        p->j = j;
        p->x = responder_count (r, r->who.unknown, run->last, i);
        p->y = responder_count (r, r->who.unknown, run->last, j);
        table[0] = (double) p->x.yes;
        table[1] = (double) (p->x.judged - p->x.yes);
        table[2] = (double) p->y.yes;
        table[3] = (double) (p->y.judged - p->y.yes);
        if (ktm_stats_two_by_two (table, run->level, &p->t) != KTM_STATS_OK)
          continue;
        p->p = p->t.fisher.p;
        n++;
      }
  return n;
}

static void
add_pairs (const Responder *r)
{
  KtmRun *run = r->run;
  Pair pairs[MOST_PAIRS];
  double p[MOST_PAIRS];
  gsize n = make_pairs (r, pairs);

  for (gsize k = 0; k < n; k++)
    p[k] = pairs[k].p;
  if (n > 0)
    ktm_stats_adjust (ktm_run_adjust (run), p, n, p);
  for (gsize k = 0; k < n; k++)
    add_pair (r, &pairs[k], p[k], n, k >= OPEN_PAIRS);
  if (run->n_groups * (run->n_groups - 1) / 2 > MOST_PAIRS)
    ktm_report_warn (run->report,
                     ktm_text_new (N_("Only the first {1} pairs of groups are compared: choose "
                                      "the groups that matter."),
                                   "i", (long) MOST_PAIRS));
}

/* --- all groups together ---------------------------------------------------------------------- */

/* Responders and others of each group anybody of which is judged; their number. */
static gsize
fill_table (const Responder *r, gsize visit, double *table)
{
  gsize n = 0;

  for (gsize g = 0; g < r->run->n_groups; g++)
    {
      KtmResponseCount c = responder_count (r, r->who.unknown, visit, (long) g);

      if (c.judged == 0)
        continue;
      table[2 * n] = (double) c.yes;
      table[2 * n++ + 1] = (double) (c.judged - c.yes);
    }
  return n;
}

static void
add_chi2 (const Responder *r, const double *table, gsize n)
{
  KtmRun *run = r->run;
  KtmTable t;
  KtmReportRow *row;

  row =
      ktm_run_add (run, "chi2", N_("Pearson, no continuity correction"), (long) run->last, -1, -1);
  row->rank = KTM_RANK_DETAIL;
  if (ktm_stats_table (table, n, 2, &t, NULL, NULL) != KTM_STATS_OK)
    return;
  ktm_report_row_set_test (row, N_("chi-squared"), t.chi2);
  ktm_run_add_value (run, "cramers_v", N_("√(χ² / (n (min(rows, columns) − 1)))"),
                     (long) run->last, -1, (long) t.n, t.cramers_v);
}

/* Fisher's test of all groups at one visit; NaN none. */
static double
add_fisher_all (const Responder *r, gsize visit)
{
  KtmRun *run = r->run;
  g_autofree double *table = g_new0 (double, 2 * run->n_groups + 1);
  gsize n = fill_table (r, visit, table);
  KtmFisherTable f;
  KtmReportRow *row;

  if (n < 2)
    return NAN;
  if (visit == run->last)
    add_chi2 (r, table, n);
  if (ktm_stats_fisher_table (table, n, 2, 100000, run->options->has_seed ? run->options->seed : 1,
                              run->progress, &f)
      != KTM_STATS_OK)
    return NAN;
  row = ktm_run_add (run, "fisher",
                     f.exact ? N_("exact, all tables with these margins")
                             : N_("Monte Carlo, random tables with these margins"),
                     (long) visit, -1, -1);
  ktm_report_row_set_test (row, N_("Fisher's exact test"), (KtmTest) { NAN, NAN, NAN, f.p });
  row->rank = KTM_RANK_DETAIL;
  if (!f.exact)
    {
      run->report->has_seed = true;
      run->report->seed = f.seed;
    }
  return f.p;
}

static void
add_tests (const Responder *r)
{
  KtmRun *run = r->run;
  gsize at[4], n = ktm_run_milestones (run, at), n_after = 0;
  KtmText *tests = NULL;

  for (gsize k = n > 2 ? n - 2 : 0; k < n; k++)
    {
      double p = add_fisher_all (r, at[k]);
      KtmText *one = isnan (p) ? NULL
                               : ktm_text_new (N_("{1} {2}"), "tp", ktm_run_visit (run, at[k]), p);

      if (one != NULL)
        tests = tests == NULL ? one : ktm_text_new (N_("{1}, {2}"), "tt", tests, one);
    }
  if (tests != NULL)
    ktm_report_card_note (
        run->report,
        ktm_text_new (run->n_groups == 2
                          ? N_("Do the groups differ? Fisher's exact test, {1}.")
                          : N_("Do the groups differ? Fisher–Freeman–Halton test, {1}."),
                      "t", tests));
  for (gsize c = 0; c < run->table.n_visits; c++)
    n_after += run->frame->visit_time[run->table.visit[c]] > 0;
  if (tests != NULL && n_after > 1)
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("{1} visits are on screen: name one visit before "
                                           "looking."),
                                        "i", (long) n_after));
}

/* "25/73 · 34 % [24, 46]" of one group at each milestone: a line of the table. */
static void
add_group_rates (const Responder *r, const gsize *at, gsize n, long group)
{
  KtmRun *run = r->run;

  for (gsize k = 0; k < n; k++)
    {
      KtmResponseCount c = responder_count (r, r->who.unknown, at[k], group);
      KtmReportRow *row = ktm_run_add_rate (run, r->statistic, r->method, at[k], group, r->text,
                                             c.yes, c.judged);

      ktm_report_row_say (row, ktm_text_new ("{1}", "s", ktm_run_group_label (run, group)), NULL);
      ktm_report_row_look (row, KTM_LOOK_VISIT, (int) run->levels[group], NULL);
    }
}

void
responder_add_groups (Responder *r)
{
  KtmRun *run = r->run;
  gsize at[4], n = ktm_run_milestones (run, at);
  const char *unit = ktm_class_unit_name (run->frame->time_unit);

  if (run->n_groups == 0 || n == 0)
    return;
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("Responders by {1}"), "s", ktm_attribute_label (run->by)),
                       ktm_text_new (N_("responders / n, Wilson {1} % CI"), "g",
                                     100 * run->level));
  if (unit != run->frame->time_unit)
    run->report->time_unit = unit;
  for (gsize g = 0; g < run->n_groups; g++)
    {
      KtmResponseCount c;

      add_group_rates (r, at, n, (long) g);
      c = responder_count (r, KTM_UNKNOWN_NO, run->last, (long) g);
      if (r->who.unknown != KTM_UNKNOWN_NO)
        ktm_run_add_rate (run, "proportion_missing_no",
                           N_("responders among all patients, the others counted as "
                              "non-responders; Wilson interval"),
                           run->last, (long) g, r->text, c.yes, c.judged)
            ->rank = KTM_RANK_DETAIL;
      c = responder_count (r, r->who.unknown, run->last, (long) g);
      if (c.judged > 0)
        ktm_run_warn_few (run, ktm_run_group_label (run, (long) g), c.judged);
    }
  add_tests (r);
  ktm_run_warn_same_start (run, run->by);
  if (!ktm_run_by_is_arm (run))
    ktm_report_card_note (
        run->report,
        ktm_text_new (
            N_("The groups were not made by chance, so no number needed to treat is given."), ""));
  add_pairs (r);
}
