/* model/analysis: how many patients feel improved, by their own impression of change. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"
#include "ktm-run-response.h"

#include "ktm-k-groups.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

typedef struct
{
  KtmRun       *run;
  KtmImpression impression;
  const char   *label, *id;
  long         *group_of;   /* owned; 0: in the run where it has no groups */
} Pgic;

static KtmImpressionCount
count (const Pgic *p, gsize visit, long group)
{
  KtmImpressionCount out;

  ktm_impression_count (p->run->frame, &p->impression, p->group_of, group, visit, &out);
  return out;
}

/* Patients outside the run are in no group: "everybody" is then one group. */
static void
set_groups (Pgic *p)
{
  const KtmRun *run = p->run;

  p->group_of = g_new (long, run->frame->n_patients + 1);
  for (gsize i = 0; i < run->frame->n_patients; i++)
    p->group_of[i] = run->n_groups > 0 ? run->group_of[i] : ktm_run_in_group (run, i, -1) ? 0 : -1;
}

/* Of everybody: patients of any group, or (no groups chosen) also those of none. */
static KtmImpressionCount
count_all (const Pgic *p, gsize visit)
{
  const KtmRun *run = p->run;
  g_autofree long *all = g_new (long, run->frame->n_patients + 1);
  KtmImpressionCount out;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    all[i] = ktm_run_in_group (run, i, -1) ? 0 : -1;
  ktm_impression_count (run->frame, &p->impression, all, 0, visit, &out);
  return out;
}

static KtmText *
span_text (const Pgic *p, const char *what, gsize last)
{
  double a = p->impression.first, b = a + p->impression.step * (double) last;

  return ktm_text_new (N_("{1} ({2}–{3})"), "wgg", what, fmin (a, b), fmax (a, b));
}

static void
add_shares (const Pgic *p, gsize visit, long group, const KtmImpressionCount *c, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add_rate (p->run, "improved",
                                         N_("better than “no change”, of those who answered; "
                                            "Wilson interval"),
                                         visit, group, p->id, c->improved, c->n);
  gsize middle = p->impression.n_levels / 2;

  row->rank = rank;
  ktm_report_row_say (row, span_text (p, N_("Improved"), middle - 1), NULL);
  if (middle < 2)
    return;
  row = ktm_run_add_rate (p->run, "much_improved",
                           N_("at least two steps better than “no change”, of those who answered; "
                              "Wilson interval"),
                           visit, group, p->id, c->much, c->n);
  row->rank = rank;
  ktm_report_row_say (row, span_text (p, N_("Much improved"), middle - 2), NULL);
}

static void
add_levels (const Pgic *p, gsize visit, long group, const KtmImpressionCount *c)
{
  for (gsize l = 0; l < p->impression.n_levels; l++)
    {
      g_autofree char *subject = g_strdup_printf (
          "%s = %g", p->id, p->impression.first + p->impression.step * (double) l);
      KtmReportRow *row =
          ktm_run_add_rate (p->run, "impression",
                             N_("those who gave this answer, of those who answered; Wilson "
                                "interval"),
                             visit, group, subject, c->count[l], c->n);

      row->rank = KTM_RANK_DETAIL;
      ktm_report_row_say (row, ktm_impression_level_text (&p->impression, l), NULL);
    }
}

static void
add_all (const Pgic *p)
{
  KtmRun *run = p->run;
  KtmImpressionCount c = count_all (p, run->last);

  ktm_report_add_card (run->report,
                       ktm_text_new (N_("{1} at {2}"), "st", p->label,
                                     ktm_run_visit (run, run->last)),
                       ktm_text_new (N_("{1} answered of {2} seen"), "ii", (long) c.n,
                                     (long) c.seen));
  add_shares (p, run->last, -1, &c, KTM_RANK_SHOWN);
  add_levels (p, run->last, -1, &c);
  if (c.n == 0)
    ktm_report_card_say (run->report,
                         ktm_text_new (N_("Nobody answered {1} at {2}, so there is no share."),
                                       "st", p->label, ktm_run_visit (run, run->last)));
  else
    ktm_report_card_say (
        run->report,
        ktm_text_new (N_("At {1}, {2} of the {3} who answered say they are improved."), "tii",
                      ktm_run_visit (run, run->last), (long) c.improved, (long) c.n));
  if (c.n > 0 && c.n < 20)
    ktm_run_warn_few (run, NULL, c.n);
  if (c.seen > c.n)
    ktm_report_exclude (run->report,
                        ktm_text_new (N_("seen at {1} without an answer"), "t",
                                      ktm_run_visit (run, run->last)),
                        (long) (c.seen - c.n));
  ktm_run_note_no_arm (run);
}

/* --- between groups --------------------------------------------------------------------------- */

static void
add_ranks (const Pgic *p)
{
  const KtmRun *run = p->run;
  const KtmFrameMeasure *m = &run->frame->measures[p->impression.measure];
  g_autofree double *value = g_new (double, run->frame->n_patients + 1);
  g_autofree gsize *group = g_new (gsize, run->frame->n_patients + 1),
                   *renamed = g_new (gsize, run->n_groups + 1);
  gsize n = 0, k = 0;
  KtmKGroups out;
  KtmReportRow *row;

  for (gsize g = 0; g < run->n_groups; g++)
    renamed[g] = count (p, run->last, (long) g).n > 0 ? k++ : 0;
  for (gsize i = 0; i < run->frame->n_patients; i++)
    {
      double said = m->value[i * run->frame->n_visits + run->last];

      if (p->group_of[i] < 0 || isnan (said))
        continue;
      value[n] = said;
      group[n++] = renamed[p->group_of[i]];
    }
  if (k < 2
      || ktm_stats_k_groups (value, group, n, k, run->level, &out, NULL, NULL) != KTM_STATS_OK
      || out.ranks_status != KTM_STATS_OK)
    return;
  row = ktm_run_add (run, "kruskal_h", N_("Kruskal–Wallis, ties corrected"), (long) run->last, -1,
                     (long) n);
  ktm_report_row_set_test (row, N_("Kruskal–Wallis"), out.kruskal);
  ktm_report_row_say (row, ktm_text_new (N_("All answers, in their order: Kruskal–Wallis"), ""),
                      ktm_text_new ("{1}", "p", out.kruskal.p));
}

static void
add_fisher (const Pgic *p)
{
  const KtmRun *run = p->run;
  g_autofree double *table = g_new0 (double, 2 * run->n_groups + 1);
  gsize n = 0;
  KtmFisherTable f;
  KtmReportRow *row;

  for (gsize g = 0; g < run->n_groups; g++)
    {
      KtmImpressionCount c = count (p, run->last, (long) g);

      if (c.n == 0)
        continue;
      table[2 * n] = (double) c.improved;
      table[2 * n++ + 1] = (double) (c.n - c.improved);
    }
  if (n < 2
      || ktm_stats_fisher_table (table, n, 2, 100000,
                                 run->options->has_seed ? run->options->seed : 1, run->progress, &f)
             != KTM_STATS_OK)
    return;
  row = ktm_run_add (run, "fisher",
                     f.exact ? N_("exact, all tables with these margins")
                             : N_("Monte Carlo, random tables with these margins"),
                     (long) run->last, -1, -1);
  ktm_report_row_set_subject (row, p->id);
  ktm_report_row_set_test (row, N_("Fisher's exact test"), (KtmTest) { NAN, NAN, NAN, f.p });
  ktm_report_row_say (row, ktm_text_new (N_("Improved or not: Fisher's exact test"), ""),
                      ktm_text_new ("{1}", "p", f.p));
  if (f.exact)
    return;
  run->report->has_seed = true;
  run->report->seed = f.seed;
}

static void
add_groups (const Pgic *p)
{
  KtmRun *run = p->run;

  if (run->n_groups == 0)
    return;
  ktm_report_add_card (run->report,
                       ktm_text_new (N_("{1} by {2}"), "ss", p->label,
                                     ktm_attribute_label (run->by)),
                       ktm_text_new (N_("improved, at {1}"), "t", ktm_run_visit (run, run->last)));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      const char *name = ktm_run_group_label (run, (long) g);
      KtmImpressionCount c = count (p, run->last, (long) g);
      gsize at = run->report->n_rows;

      add_shares (p, run->last, (long) g, &c, KTM_RANK_SHOWN);
      if (run->report->n_rows > at + 1)
        run->report->rows[at + 1].rank = KTM_RANK_DETAIL;
      ktm_report_row_say (&run->report->rows[at], ktm_text_new ("{1}", "s", name), NULL);
      add_levels (p, run->last, (long) g, &c);
      if (c.n > 0)
        ktm_run_warn_few (run, name, c.n);
    }
  add_fisher (p);
  add_ranks (p);
}

static void
add_visits (const Pgic *p)
{
  const KtmRun *run = p->run;

  for (gsize v = run->first; v <= run->last; v++)
    for (long g = -1; g < (long) run->n_groups; g++)
      {
        KtmImpressionCount c;

        if (v == run->last || run->frame->visit_time[v] <= 0)
          continue;
        c = g < 0 ? count_all (p, v) : count (p, v, g);
        if (c.n == 0)
          continue;
        add_shares (p, v, g, &c, KTM_RANK_DETAIL);
        add_levels (p, v, g, &c);
      }
}

static gboolean
find_measure (Pgic *p, GError **error)
{
  const KtmRun *run = p->run;
  long m = (long) run->measure;

  if (!ktm_impression_init (run->frame, run->measure, &p->impression))
    {
      m = ktm_impression_find (run->frame);
      if (m < 0 || !ktm_impression_init (run->frame, (gsize) m, &p->impression))
        {
          g_set_error_literal (
              error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
              _("This cohort has no impression of change: a measure such as PGIC with 3, 5, 7 or "
                "9 whole steps around “no change”."));
          return FALSE;
        }
    }
  p->id = run->frame->measures[m].id;
  p->label = run->frame->measures[m].label != NULL ? run->frame->measures[m].label : p->id;
  return TRUE;
}

static gboolean
run_pgic (const KtmFrame *frame, const KtmAnalysisOptions *options, const KtmProgress *progress,
          KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  Pgic p = { .run = &run };

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_need_follow_up (&run, error) || !find_measure (&p, error))
    return FALSE;
  set_groups (&p);
  add_all (&p);
  add_groups (&p);
  add_visits (&p);
  ktm_report_method (report,
                     ktm_text_new (N_("Shares of {1} are of the patients who answered it at the "
                                      "visit, with Wilson intervals; no answer was filled in."),
                                   "s", p.label));
  ktm_report_cite (report, "Wilson EB. Probable inference, the law of succession, and statistical "
                           "inference. JASA 1927;22:209-12.");
  g_free (p.group_of);
  return TRUE;
}

const KtmAnalysis ktm_analysis_pgic = {
  "pgic",
  N_("Impression of change"),
  N_("How many patients feel improved, by their own impression?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_BY | KTM_USES_SEED,
  FALSE,
  run_pgic,
};
