/* model/analysis: adverse events: at each visit, by term and grade, when the first one came, who
 * left. */
#include "ktm-analyses.h"
#include "ktm-harms-private.h"
#include "ktm-run-groups.h"

#include "ktm-stops.h"
#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- any visit -------------------------------------------------------------------------------- */

/* What is known only where events are described. */
static void
add_events (const KtmAdverseEvents *s)
{
  const KtmRun *run = s->run;
  const KtmSafety *a = &s->all;
  KtmReportRow *row;

  ktm_run_add_number (run, "events", ktm_text_new (N_("Events"), ""), a->n_events, a->n_asked, NULL,
                      KTM_RANK_SHOWN);
  if (a->n_answers > 0)
    {
      row = ktm_run_add (run, "event_rate",
                         N_("events per 100 visits at which the patient was asked"), -1, -1,
                         (long) a->n_answers);
      row->estimate = 100.0 * (double) a->n_events_asked / (double) a->n_answers;
      ktm_report_row_say (row, ktm_text_new (N_("Events per 100 visits with an answer"), ""),
                          ktm_text_new ("{1} ({2}/{3})", "0ii", row->estimate,
                                        (long) a->n_events_asked, (long) a->n_answers));
    }
  if (a->knows_grade || a->n_events == 0)
    {
      row = ktm_run_add_share (run, "proportion",
                               N_("patients with a severe event among those ever asked"), -1, -1,
                               a->n_severe, a->n_asked, KTM_RANK_SHOWN);
      ktm_report_row_set_subject (row, "severe");
      ktm_report_row_say (row, ktm_text_new (N_("Severe, patients"), ""), NULL);
    }
  if (a->knows_serious || a->n_events == 0)
    ktm_run_add_number (run, "serious", ktm_text_new (N_("Serious"), ""), a->n_serious_events,
                        a->n_asked,
                        ktm_text_new (N_("{1} events, {2} patients"), "ii",
                                      (long) a->n_serious_events, (long) a->n_serious),
                        KTM_RANK_SHOWN);
  if (a->knows_stop)
    ktm_run_add_number (run, "stopped", ktm_text_new (N_("Stopped because of an event"), ""),
                        a->stopped, a->n_asked, NULL, KTM_RANK_SHOWN);
}

static void
add_overall (const KtmAdverseEvents *s)
{
  const KtmSafety *a = &s->all;
  KtmReport *report = s->run->report;
  KtmReportRow *row;

  ktm_report_add_card (report, ktm_text_new (N_("Adverse events, any visit"), ""),
                       ktm_text_new (N_("asked at least once, n = {1}"), "i", (long) a->n_asked));
  row = ktm_run_add_share (s->run, "proportion",
                           N_("patients with at least one event among those ever asked"), -1, -1,
                           a->n_with, a->n_asked, KTM_RANK_HEADLINE);
  ktm_report_row_set_subject (row, "any");
  ktm_report_row_say (row, ktm_text_new (N_("Patients with an event"), ""), NULL);
  ktm_run_add_number (
      s->run, "patients", ktm_text_new (N_("Patients with an event"), ""), a->n_with, a->n_asked,
      ktm_text_new ("{1}/{2}", "ii", (long) a->n_with, (long) a->n_asked), KTM_RANK_SHOWN);
  if (a->knows_events)
    add_events (s);
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
  ktm_run_note_harms (s->run, a);
  ktm_report_exclude (report, ktm_text_new (N_("never asked about adverse events"), ""),
                      (long) a->n_never);
}

/* --- at each visit ---------------------------------------------------------------------------- */

/* The first visit asked, and those nearest to a twelfth, a quarter, half and the whole of the
 * schedule: week 1, months 1, 3, 6 and 12. */
static gboolean *
milestones (const KtmAdverseEvents *s)
{
  static const double parts[] = { 1.0 / 12, 0.25, 0.5, 1 };
  const KtmFrame *f = s->run->frame;
  gboolean *is = g_new0 (gboolean, f->n_visits + 1);
  long first = -1, last = -1;

  for (gsize j = 0; j < f->n_visits; j++)
    if (s->all.asked[j] > 0)
      {
        first = first < 0 ? (long) j : first;
        last = (long) j;
      }
  if (first < 0)
    return is;
  is[first] = TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      double wanted = parts[k] * f->visit_time[last];
      long best = first;

      for (long j = first; j <= last; j++)
        if (s->all.asked[j] > 0
            && fabs (f->visit_time[j] - wanted) < fabs (f->visit_time[best] - wanted))
          best = j;
      is[best] = TRUE;
    }
  return is;
}

static void
add_visits (const KtmAdverseEvents *s, const gboolean *shown)
{
  const KtmSafety *a = &s->all;
  const KtmFrame *f = s->run->frame;
  gsize n = 0;

  ktm_report_add_card (
      s->run->report, ktm_text_new (N_("Rate at single visits"), ""),
      ktm_text_new (s->run->options->harms.count == KTM_HARM_EVENTS
                        ? N_("events/n, per 100 patients, {1}")
                        : N_("k/n, {1}"),
                    "t", ktm_harms_interval_text (&s->run->options->harms, s->run->level)));
  for (gsize j = 0; j < f->n_visits; j++)
    {
      KtmReportRow *row;

      if (a->asked[j] == 0)
        continue;
      row = ktm_run_add_visit_rate (s->run, a, j, -1, shown[j] ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);
      ktm_report_row_say (row, ktm_run_visit (s->run, j), NULL);
      n++;
      if (!a->knows_events || (!a->knows_grade && a->n_events > 0))
        continue;
      row = ktm_run_add_share (s->run, "proportion",
                               N_("patients with a severe event among those asked at this visit"),
                               (long) j, -1, a->severe[j], a->asked[j], KTM_RANK_DETAIL);
      ktm_report_row_set_subject (row, "severe");
    }
  ktm_report_card_note (
      s->run->report,
      n > 0 ? ktm_text_new (N_("Each visit has its own denominator: the patients asked then. "
                                "Later rates describe the patients still in the study."),
                            "")
            : ktm_text_new (N_("Nobody was asked at any visit."), ""));
}

static void
add_groups (const KtmAdverseEvents *s)
{
  KtmRun *run = s->run;

  if (run->n_groups == 0)
    return;
  ktm_report_add_card (
      run->report, ktm_text_new (N_("Adverse events by {1}"), "s", ktm_attribute_label (run->by)),
      ktm_text_new (N_("at any visit"), ""));
  for (gsize g = 0; g < run->n_groups; g++)
    {
      KtmSafety own;
      KtmReportRow *row;

      if (!ktm_run_safety (run, (long) g, &own))
        continue;
      row = ktm_run_add_share (run, "proportion",
                               N_("patients with at least one event among those ever asked"), -1,
                               (long) g, own.n_with, own.n_asked, KTM_RANK_SHOWN);
      ktm_report_row_set_subject (row, "any");
      ktm_report_row_say (row, ktm_text_new ("{1}", "s", ktm_run_group_label (run, (long) g)),
                          NULL);
      for (gsize j = 0; j < run->frame->n_visits; j++)
        if (own.asked[j] > 0)
          ktm_run_add_visit_rate (run, &own, j, (long) g, KTM_RANK_DETAIL);
      ktm_safety_clear (&own);
    }
}

/* --- who left --------------------------------------------------------------------------------- */

static void
add_left (const KtmAdverseEvents *s, const KtmSafetyLeaving *x, int k, const char *subject,
          const char *method, KtmText *label)
{
  KtmReportRow *row = ktm_run_add_share (s->run, "proportion_stopped", method, (long) x->visit, -1,
                                         x->left[k], x->n[k], KTM_RANK_SHOWN);

  ktm_report_row_set_subject (row, subject);
  ktm_report_row_say (row, label, NULL);
}

/* Did an event at the first visit asked go with leaving in the first half? */
static void
add_leaving (const KtmAdverseEvents *s)
{
  KtmSafetyLeaving x;
  KtmTwoByTwo t;
  KtmReportRow *row;

  if (!ktm_safety_leaving (s->run->frame, &s->all, &x))
    return;
  const double table[4] = { (double) x.left[0], (double) (x.n[0] - x.left[0]), (double) x.left[1],
                            (double) (x.n[1] - x.left[1]) };

  if (ktm_stats_two_by_two (table, s->run->level, &t) != KTM_STATS_OK)
    return;
  ktm_report_add_card (s->run->report, ktm_text_new (N_("Early events and leaving"), ""),
                       ktm_text_new (N_("left before {1}"), "t",
                                     ktm_frame_time_text (s->run->frame, x.until)));
  add_left (s, &x, 0, "event",
            N_("stopped early among patients with an event at the first visit asked"),
            ktm_text_new (N_("Event at {1}"), "t", ktm_run_visit (s->run, x.visit)));
  add_left (s, &x, 1, "no event",
            N_("stopped early among patients without an event at the first visit asked"),
            ktm_text_new (N_("No event at {1}"), "t", ktm_run_visit (s->run, x.visit)));
  row = ktm_run_add (s->run, "rd", N_("first minus second share; Newcombe interval"),
                     (long) x.visit, -1, (long) x.n[0]);
  row->n2 = (long) x.n[1];
  ktm_report_row_set_estimate (row, t.rd, s->run->level);
  ktm_report_row_say (row, ktm_text_new (N_("Risk difference, Newcombe"), ""),
                      ktm_text_new (N_("{1} points [{2}, {3}]"), "000", 100 * t.rd.value,
                                    100 * t.rd.low, 100 * t.rd.high));
  ktm_report_card_note (
      s->run->report,
      t.rd.low <= 0 && t.rd.high >= 0
          ? ktm_text_new (N_("The interval includes 0: this cohort cannot tell "
                              "whether early events made patients leave."),
                          "")
          : ktm_text_new (N_("An association: patients with early events may differ from the "
                              "others in other ways."),
                          ""));
}

static void
add_stop_rows (const KtmAdverseEvents *s, const KtmStops *stops, const double *time, gsize n_times)
{
  const KtmFrame *f = s->run->frame;

  for (gsize r = 0; r < stops->n_reasons; r++)
    {
      const char *reason = stops->reason[r] >= 0 ? f->stop_reasons[stops->reason[r]] : NULL;
      KtmReportRow *row =
          ktm_run_add_share (s->run, "proportion_stopped",
                             N_("stopped for this reason among all patients of the selection"), -1,
                             -1, stops->total[r], stops->n, KTM_RANK_SHOWN);

      ktm_report_row_set_subject (row, reason != NULL ? reason : "no reason");
      ktm_report_row_say (row,
                          reason != NULL ? ktm_text_new ("{1}", "s", reason)
                                         : ktm_text_new (N_("No reason given"), ""),
                          NULL);
      for (gsize t = 0; t < n_times; t++)
        {
          row = ktm_run_add_share (s->run, "proportion_stopped",
                                   N_("stopped for this reason before this visit"), -1, -1,
                                   stops->stopped[r * n_times + t], stops->n, KTM_RANK_DETAIL);
          row->time = time[t];
          ktm_report_row_set_subject (row, reason != NULL ? reason : "no reason");
        }
    }
}

static void
add_stops (const KtmAdverseEvents *s)
{
  const KtmRun *run = s->run;
  const KtmFrame *f = run->frame;
  g_autofree bool *in = g_new0 (bool, f->n_patients + 1);
  gsize first = 0;
  KtmStops stops;

  for (gsize i = 0; i < f->n_patients; i++)
    in[i] = ktm_run_in_group (run, i, -1);
  while (first < f->n_visits && f->visit_time[first] <= 0)
    first++;
  if (ktm_stops (f, in, f->visit_time + first, f->n_visits - first, &stops) != KTM_STATS_OK)
    return;
  if (stops.n_stopped > 0)
    {
      ktm_report_add_card (
          run->report, ktm_text_new (N_("Stopped, by reason"), ""),
          ktm_text_new (N_("{1} of {2} before {3}"), "iit", (long) stops.n_stopped, (long) stops.n,
                        ktm_run_visit (run, f->n_visits - 1)));
      add_stop_rows (s, &stops, f->visit_time + first, stops.n_times);
    }
  ktm_stops_clear (&stops);
}

static void
add_methods (const KtmAdverseEvents *s)
{
  KtmReport *report = s->run->report;

  ktm_report_method (
      report,
      ktm_text_new (
          s->run->options->harms.count == KTM_HARM_EVENTS
              ? N_("Adverse events are given as events per 100 patients asked at that visit ({1}, "
                    "of effective counts), and by term with each patient counted once at the worst "
                    "grade; patients never asked are left out.")
              : N_("Adverse events are given as patients with at least one event over the patients "
                    "asked at that visit ({1}), and by term with each patient counted once at the "
                    "worst grade; patients never asked are left out."),
          "t", ktm_harms_interval_text (&s->run->options->harms, s->run->level)));
  if (ktm_harms_chooses (&s->run->options->harms))
    ktm_report_method (report, ktm_harms_text (&s->run->options->harms));
  if (s->run->options->harms.count == KTM_HARM_EVENTS)
    ktm_report_cite (report, "Garwood F. Fiducial limits for the Poisson distribution. Biometrika "
                             "1936;28:437-42.");
  else if (s->run->options->harms.interval == KTM_HARM_EXACT)
    ktm_report_cite (report, "Clopper CJ, Pearson ES. The use of confidence or fiducial limits "
                             "illustrated in the case of the binomial. Biometrika 1934;26:404-13.");
  else
    ktm_report_cite (report, "Wilson EB. Probable inference, the law of succession, and "
                             "statistical inference. JASA 1927;22:209-12.");
  ktm_report_cite (report,
                   "Newcombe RG. Interval estimation for the difference between independent "
                   "proportions. Stat Med 1998;17:873-90.");
  ktm_report_cite (report, "Junqueira DR, et al. CONSORT Harms 2022 statement, explanation, and "
                           "elaboration. J Clin Epidemiol 2023;158:149-65.");
}

static gboolean
run_adverse_events (const KtmFrame *frame, const KtmAnalysisOptions *options,
                    const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autofree gboolean *shown = NULL;
  KtmAdverseEvents s = { .run = &run };

  if (!ktm_run_init (&run, frame, options, progress, report, error))
    return FALSE;
  if (!ktm_run_safety (&run, -1, &s.all))
    return TRUE;
  shown = milestones (&s);
  add_overall (&s);
  add_visits (&s, shown);
  add_leaving (&s);
  ktm_adverse_events_add_related (&s);
  ktm_adverse_events_add_first (&s, shown);
  add_stops (&s);
  add_groups (&s);
  ktm_adverse_events_add_terms (&s);
  add_methods (&s);
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
