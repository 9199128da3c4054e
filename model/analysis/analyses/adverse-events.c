/* model/analysis: adverse events: at each visit, by term and grade, and when the first one came. */
#include "ktm-analyses.h"
#include "ktm-run-groups.h"

#include "ktm-proportion.h"
#include "ktm-safety.h"
#include "ktm-survival.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WILSON N_("patients with an event among those asked at this visit; Wilson interval")

typedef struct
{
  KtmRun   *run;
  KtmSafety all;
} Safety;

static KtmReportRow *
add_share (const Safety *s, const char *statistic, const char *method, long visit, long group,
           gsize x, gsize n, KtmRank rank)
{
  const KtmRun *run = s->run;
  KtmReportRow *row = ktm_run_add (run, statistic, method, visit, group, (long) n);
  KtmProportion p;

  row->rank = rank;
  if (ktm_stats_proportion ((double) x, (double) n, run->level, &p) != KTM_STATS_OK)
    {
      ktm_report_row_say (row, NULL, ktm_text_new (N_("nobody asked"), ""));
      return row;
    }
  ktm_report_row_set_estimate (row,
                               (KtmEstimate){ p.proportion,
                                              sqrt (p.proportion * (1 - p.proportion) / (double) n),
                                              p.wilson_low, p.wilson_high },
                               run->level);
  ktm_report_row_say (row, NULL,
                      ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x, (long) n,
                                    100 * p.proportion, 100 * p.wilson_low, 100 * p.wilson_high));
  return row;
}

static void
add_count (const Safety *s, const char *subject, KtmText *label, gsize n, KtmText *value,
           KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (s->run, "events", N_("counted"), -1, -1, (long) s->all.n_asked);

  row->estimate = (double) n;
  row->rank = rank;
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_say (row, label, value != NULL ? value : ktm_text_new ("{1}", "i", (long) n));
}

static void
add_overall (const Safety *s)
{
  const KtmSafety *a = &s->all;
  KtmReport *report = s->run->report;
  KtmReportRow *row;

  ktm_report_add_card (report, ktm_text_new (N_("Adverse events, any visit"), ""),
                       ktm_text_new (N_("asked at least once, n = {1}"), "i", (long) a->n_asked));
  row = add_share (s, "proportion",
                   N_("patients with at least one event among those ever asked; Wilson interval"),
                   -1, -1, a->n_with, a->n_asked, KTM_RANK_HEADLINE);
  ktm_report_row_set_subject (row, "any");
  ktm_report_row_say (row, ktm_text_new (N_("Patients with an event"), ""), NULL);
  add_count (s, "events", ktm_text_new (N_("Events"), ""), a->n_events, NULL, KTM_RANK_SHOWN);
  if (a->n_answers > 0)
    {
      row = ktm_run_add (s->run, "event_rate",
                         N_("events per 100 visits at which the patient was asked"), -1, -1,
                         (long) a->n_answers);
      row->estimate = 100.0 * (double) a->n_events / (double) a->n_answers;
      ktm_report_row_say (row, ktm_text_new (N_("Events per 100 visits with an answer"), ""),
                          ktm_text_new ("{1} ({2}/{3})", "0ii", row->estimate, (long) a->n_events,
                                        (long) a->n_answers));
    }
  row = add_share (s, "proportion",
                   N_("patients with a severe event among those ever asked; Wilson interval"), -1,
                   -1, a->n_severe, a->n_asked, KTM_RANK_SHOWN);
  ktm_report_row_set_subject (row, "severe");
  ktm_report_row_say (row, ktm_text_new (N_("Severe, patients"), ""), NULL);
  add_count (s, "serious", ktm_text_new (N_("Serious"), ""), a->n_serious_events,
             ktm_text_new (N_("{1} events, {2} patients"), "ii", (long) a->n_serious_events,
                           (long) a->n_serious),
             KTM_RANK_SHOWN);
  add_count (s, "related", ktm_text_new (N_("Related: yes · possible · no · not said"), ""),
             a->related[KTM_RELATED_YES],
             ktm_text_new ("{1} · {2} · {3} · {4}", "iiii", (long) a->related[KTM_RELATED_YES],
                           (long) a->related[KTM_RELATED_POSSIBLE],
                           (long) a->related[KTM_RELATED_NO],
                           (long) a->related[KTM_RELATED_UNKNOWN]),
             KTM_RANK_SHOWN);
  ktm_report_card_say (
      report, ktm_text_new (N_("Of {1} patients asked at least once, {2} had at least one event."),
                            "ii", (long) a->n_asked, (long) a->n_with));
  if (a->n_never > 0)
    ktm_report_card_warn (
        report,
        ktm_text_new_plural ("{1} of {2} patients never answered the question about adverse events "
                             "and is left out here, not counted as free of events.",
                             "{1} of {2} patients never answered the question about adverse events "
                             "and are left out here, not counted as free of events.",
                             "ii", (long) a->n_never, (long) a->n_patients));
  ktm_report_exclude (report, ktm_text_new (N_("never asked about adverse events"), ""),
                      (long) a->n_never);
}

static void
add_visits (const Safety *s)
{
  const KtmSafety *a = &s->all;
  const KtmFrame *f = s->run->frame;
  gsize shown = 0;

  ktm_report_add_card (s->run->report, ktm_text_new (N_("Rate at each visit"), ""),
                       ktm_text_new (N_("k/n, Wilson {1} % CI"), "g", 100 * s->run->level));
  for (gsize j = 0; j < f->n_visits; j++)
    {
      KtmReportRow *row;

      if (a->asked[j] == 0)
        continue;
      row = add_share (s, "proportion", WILSON, (long) j, -1, a->with[j], a->asked[j],
                       KTM_RANK_SHOWN);
      ktm_report_row_say (row, ktm_run_visit (s->run, j), NULL);
      row = add_share (
          s, "proportion",
          N_("patients with a severe event among those asked at this visit; Wilson interval"),
          (long) j, -1, a->severe[j], a->asked[j], KTM_RANK_DETAIL);
      ktm_report_row_set_subject (row, "severe");
      shown++;
    }
  ktm_report_card_note (
      s->run->report,
      shown > 0 ? ktm_text_new (N_("Each visit has its own denominator: the patients asked then. "
                                    "Later rates describe the patients still in the study."),
                                "")
                : ktm_text_new (N_("Nobody was asked at any visit."), ""));
}

static void
add_groups (const Safety *s)
{
  KtmRun *run = s->run;

  if (run->n_groups == 0)
    return;
  ktm_report_add_card (
      run->report, ktm_text_new (N_("Adverse events by {1}"), "s", ktm_attribute_label (run->by)),
      ktm_text_new (N_("at any visit"), ""));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      g_autofree bool *in = g_new0 (bool, run->frame->n_patients + 1);
      KtmSafety own;
      KtmReportRow *row;

      for (gsize i = 0; i < run->frame->n_patients; i++)
        in[i] = ktm_run_in_group (run, i, (long) g);
      if (ktm_safety (run->frame, in, &own) != KTM_STATS_OK)
        continue;
      row = add_share (
          s, "proportion",
          N_("patients with at least one event among those ever asked; Wilson interval"), -1,
          (long) g, own.n_with, own.n_asked, KTM_RANK_SHOWN);
      ktm_report_row_set_subject (row, "any");
      ktm_report_row_say (row, ktm_text_new ("{1}", "s", ktm_run_group_label (run, (long) g)),
                          NULL);
      for (gsize j = 0; j < run->frame->n_visits; j++)
        if (own.asked[j] > 0)
          add_share (s, "proportion", WILSON, (long) j, (long) g, own.with[j], own.asked[j],
                     KTM_RANK_DETAIL);
      ktm_safety_clear (&own);
    }
}

/* --- which, how bad: the table CONSORT Harms asks for ----------------------------------------- */

static void
add_term_row (const Safety *s, const char *name, const char *grade, gsize n, const char *method)
{
  g_autofree char *subject =
      grade != NULL ? g_strdup_printf ("%s, %s", name, grade) : g_strdup (name);
  KtmReportRow *row =
      add_share (s, "event_patients", method, -1, -1, n, s->all.n_asked, KTM_RANK_DETAIL);

  ktm_report_row_set_subject (row, subject);
}

static void
add_terms (const Safety *s)
{
  const KtmSafety *a = &s->all;

  if (a->n_terms == 0)
    return;
  ktm_report_add_card (s->run->report, ktm_text_new (N_("Which events, how bad"), ""),
                       ktm_text_new (N_("% of {1} patients"), "i", (long) a->n_asked));
  for (gsize k = 0; k < a->n_terms; k++)
    {
      const KtmSafetyTerm *t = &a->terms[k];
      const char *name = s->run->frame->terms[t->term];
      KtmReportRow *row = add_share (
          s, "event_patients",
          N_("patients with the event at least once among those ever asked; Wilson interval"), -1,
          -1, t->patients, a->n_asked, KTM_RANK_SHOWN);

      ktm_report_row_set_subject (row, name);
      ktm_report_row_say (
          row, ktm_text_new ("{1}", "s", name),
          ktm_text_new (N_("{1} ({2} %); mild {3}, moderate {4}, severe {5}; {6} events"),
                        "i0iiii", (long) t->patients,
                        a->n_asked > 0 ? 100.0 * (double) t->patients / (double) a->n_asked : 0.0,
                        (long) t->mild, (long) t->moderate, (long) t->severe, (long) t->events));
      add_term_row (s, name, "mild", t->mild,
                    N_("patients whose worst grade of this event was mild"));
      add_term_row (s, name, "moderate", t->moderate,
                    N_("patients whose worst grade of this event was moderate"));
      add_term_row (s, name, "severe", t->severe,
                    N_("patients whose worst grade of this event was severe"));
      row = ktm_run_add (s->run, "events", N_("events of this term, each counted"), -1, -1,
                         (long) a->n_asked);
      row->rank = KTM_RANK_DETAIL;
      row->estimate = (double) t->events;
      ktm_report_row_set_subject (row, name);
      row->note = ktm_text_new (N_("related {1}, serious {2}, led to stopping {3}"), "iii",
                                (long) t->related, (long) t->serious, (long) t->stopped);
    }
  ktm_report_card_note (
      s->run->report,
      ktm_text_new (N_("A patient counts once per term, at the worst grade; events beside."), ""));
}

/* --- when ------------------------------------------------------------------------------------- */

static void
add_first (const Safety *s)
{
  const KtmFrame *f = s->run->frame;
  g_autofree double *time = g_new (double, f->n_patients + 1);
  g_autofree bool *event = g_new (bool, f->n_patients + 1);
  KtmSurvival curve;
  KtmEstimate median;
  KtmReportRow *row;
  gsize n = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    if (!isnan (s->all.first[i]))
      {
        time[n] = fmax (0, s->all.first[i]);
        event[n++] = s->all.event[i];
      }
  if (n == 0 || ktm_survival (time, event, n, s->run->level, &curve) != KTM_STATS_OK)
    return;
  median = ktm_survival_quantile (&curve, 0.5);
  ktm_report_add_card (s->run->report, ktm_text_new (N_("Time to the first event"), ""),
                       ktm_text_new (N_("Kaplan–Meier, n = {1}"), "i", (long) n));
  row = ktm_run_add (s->run, "median_time",
                     N_("visit at which half of the patients had had an event; Kaplan–Meier, last "
                         "answer censors"),
                     -1, -1, (long) n);
  ktm_report_row_set_estimate (row, median, s->run->level);
  ktm_report_row_set_subject (row, "first_event");
  ktm_report_row_say (
      row, ktm_text_new (N_("Median time to the first event"), ""),
      isnan (median.value) ? ktm_text_new (N_("not reached"), "")
      : isnan (median.low) || isnan (median.high)
          ? ktm_text_new ("{1}", "g", median.value)
          : ktm_text_new ("{1} [{2}, {3}]", "ggg", median.value, median.low, median.high));
  ktm_survival_clear (&curve);
}

/* Did an event at the first visit asked go with leaving in the first half? */
static void
add_leaving (const Safety *s)
{
  const KtmFrame *f = s->run->frame;
  gsize first = 0, x[2] = { 0 }, n[2] = { 0 };
  double half;
  KtmTwoByTwo t;
  KtmReportRow *row;

  while (first < f->n_visits && s->all.asked[first] == 0)
    first++;
  if (first >= f->n_visits || f->visit_time[f->n_visits - 1] <= 0)
    return;
  half = f->visit_time[f->n_visits - 1] / 2;
  for (gsize i = 0; i < f->n_patients; i++)
    {
      double flag = s->all.flag[i * f->n_visits + first];

      if (isnan (flag))
        continue;
      n[flag > 0 ? 0 : 1]++;
      x[flag > 0 ? 0 : 1] += f->stop_time[i] < half;
    }
  const double table[4] = { (double) x[0], (double) (n[0] - x[0]), (double) x[1],
                            (double) (n[1] - x[1]) };

  if (n[0] == 0 || n[1] == 0 || ktm_stats_two_by_two (table, s->run->level, &t) != KTM_STATS_OK)
    return;
  ktm_report_add_card (s->run->report, ktm_text_new (N_("Early events and leaving"), ""),
                       ktm_text_new (N_("left before {1}"), "g", half));
  row = add_share (
      s, "proportion_stopped",
      N_("stopped early among patients with an event at the first visit asked; Wilson interval"),
      (long) first, -1, x[0], n[0], KTM_RANK_SHOWN);
  ktm_report_row_set_subject (row, "event");
  ktm_report_row_say (row, ktm_text_new (N_("Event at {1}"), "t", ktm_run_visit (s->run, first)),
                      NULL);
  row = add_share (s, "proportion_stopped",
                   N_("stopped early among patients without an event at the first visit asked; "
                       "Wilson interval"),
                   (long) first, -1, x[1], n[1], KTM_RANK_SHOWN);
  ktm_report_row_set_subject (row, "no event");
  ktm_report_row_say (
      row, ktm_text_new (N_("No event at {1}"), "t", ktm_run_visit (s->run, first)), NULL);
  row = ktm_run_add (s->run, "rd", N_("first minus second share; Newcombe interval"), (long) first,
                     -1, (long) n[0]);
  row->n2 = (long) n[1];
  ktm_report_row_set_estimate (row, t.rd, s->run->level);
  ktm_report_row_say (row, ktm_text_new (N_("Risk difference, Newcombe"), ""),
                      ktm_text_new (N_("{1} points [{2}, {3}]"), "000", 100 * t.rd.value,
                                    100 * t.rd.low, 100 * t.rd.high));
  if (t.rd.low <= 0 && t.rd.high >= 0)
    ktm_report_card_note (s->run->report,
                          ktm_text_new (N_("The interval includes 0: this cohort cannot tell "
                                            "whether early events made patients leave."),
                                        ""));
}

static gboolean
run_adverse_events (const KtmFrame *frame, const KtmAnalysisOptions *options,
                    const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autofree bool *in = g_new0 (bool, frame->n_patients + 1);
  Safety s = { .run = &run };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  for (gsize i = 0; i < frame->n_patients; i++)
    in[i] = ktm_run_in_group (&run, i, -1);
  if (ktm_safety (frame, in, &s.all) != KTM_STATS_OK)
    {
      ktm_report_add_card (report, ktm_text_new (N_("Adverse events"), ""), NULL);
      ktm_report_card_say (
          report,
          ktm_text_new (
              N_("This cohort holds neither answers about adverse events nor events: import a "
                  "table of events, or a column that says yes or no at each visit."),
              ""));
      return TRUE;
    }
  add_overall (&s);
  add_visits (&s);
  add_groups (&s);
  add_terms (&s);
  add_first (&s);
  add_leaving (&s);
  ktm_report_method (
      report,
      ktm_text_new (
          N_("Adverse events are given as patients with at least one event over the patients "
              "asked at that visit (Wilson interval), and by term with each patient counted once "
              "at the worst grade; patients never asked are left out."),
          ""));
  ktm_report_cite (report, "Wilson EB. Probable inference, the law of succession, and statistical "
                           "inference. JASA 1927;22:209-12.");
  ktm_report_cite (report, "Junqueira DR, et al. CONSORT Harms 2022 statement, explanation, and "
                           "elaboration. J Clin Epidemiol 2023;158:149-65.");
  ktm_safety_clear (&s.all);
  return TRUE;
}

const KtmAnalysis ktm_analysis_adverse_events = {
  "adverse-events",
  N_("Adverse events"),
  N_("How often did adverse events occur, which, how bad and when?"),
  KTM_USES_BY | KTM_USES_EVENTS,
  FALSE,
  run_adverse_events,
};
