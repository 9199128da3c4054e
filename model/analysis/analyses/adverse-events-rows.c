/* model/analysis: adverse events: which, how bad, related to what, and when the first one came. */
#include "ktm-harms-private.h"

#include "ktm-survival.h"

#include <glib/gi18n-lib.h>

/* --- which, how bad --------------------------------------------------------------------------- */

void
ktm_adverse_events_add_related (const KtmAdverseEvents *s)
{
  const KtmSafety *a = &s->all;

  if (!a->knows_related || a->n_events == 0)
    return;
  ktm_report_add_card (
      s->run->report, ktm_text_new (N_("Related to the treatment"), ""),
      ktm_text_new_plural ("of {1} event", "of {1} events", "i", (long) a->n_events));
  ktm_run_add_number (
      s->run, "related",
      ktm_text_new (a->related[KTM_RELATED_UNKNOWN] > 0 ? N_("Yes · possible · no · not said")
                                                        : N_("Yes · possible · no"),
                    ""),
      a->related[KTM_RELATED_YES], a->n_asked,
      ktm_text_new (a->related[KTM_RELATED_UNKNOWN] > 0 ? "{1} · {2} · {3} · {4}"
                                                        : "{1} · {2} · {3}",
                    "iiii", (long) a->related[KTM_RELATED_YES],
                    (long) a->related[KTM_RELATED_POSSIBLE], (long) a->related[KTM_RELATED_NO],
                    (long) a->related[KTM_RELATED_UNKNOWN]),
      KTM_RANK_SHOWN);
  static const struct { const char *subject, *label; KtmRelated related;
  } kinds[] = {
    { "related, possible", N_("Possibly related"), KTM_RELATED_POSSIBLE },
    { "related, no", N_("Not related"), KTM_RELATED_NO },
    { "related, not said", N_("Relation not said"), KTM_RELATED_UNKNOWN },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    ktm_run_add_number (s->run, kinds[k].subject, ktm_text_new (kinds[k].label, ""),
                        a->related[kinds[k].related], a->n_asked, NULL, KTM_RANK_DETAIL);
}

static void
add_term_grade (const KtmAdverseEvents *s, const char *name, const char *grade, gsize patients,
                gsize events, const char *method)
{
  g_autofree char *subject = g_strdup_printf ("%s, %s", name, grade);
  KtmReportRow *row = ktm_run_add_share (s->run, "event_patients", method, -1, -1, patients,
                                         s->all.n_asked, KTM_RANK_DETAIL);

  ktm_report_row_set_subject (row, subject);
  ktm_run_add_number (s->run, subject, NULL, events, s->all.n_asked, NULL, KTM_RANK_DETAIL);
}

static KtmText *
term_value (const KtmAdverseEvents *s, const KtmSafetyTerm *t)
{
  double percent =
      s->all.n_asked > 0 ? 100.0 * (double) t->patients / (double) s->all.n_asked : 0.0;

  return ktm_text_new (t->unknown > 0
                           ? N_("{1} ({2} %); mild {3}, moderate {4}, severe {5}, grade unknown "
                                 "{7}; {6} events")
                           : N_("{1} ({2} %); mild {3}, moderate {4}, severe {5}; {6} events"),
                       "i0iiiii", (long) t->patients, percent, (long) t->mild, (long) t->moderate,
                       (long) t->severe, (long) t->events, (long) t->unknown);
}

static void
add_term (const KtmAdverseEvents *s, const KtmSafetyTerm *t)
{
  const char *name = s->run->frame->terms[t->term];
  KtmReportRow *row = ktm_run_add_share (
      s->run, "event_patients",
      N_("patients with the event at least once among those ever asked"), -1, -1, t->patients,
      s->all.n_asked, KTM_RANK_SHOWN);

  ktm_report_row_set_subject (row, name);
  ktm_report_row_say (row, ktm_text_new ("{1}", "s", name), term_value (s, t));
  add_term_grade (s, name, "mild", t->mild, t->graded[KTM_SEVERITY_MILD],
                  N_("patients whose worst grade of this event was mild"));
  add_term_grade (s, name, "moderate", t->moderate, t->graded[KTM_SEVERITY_MODERATE],
                  N_("patients whose worst grade of this event was moderate"));
  add_term_grade (s, name, "severe", t->severe, t->graded[KTM_SEVERITY_SEVERE],
                  N_("patients whose worst grade of this event was severe"));
  if (t->unknown > 0)
    add_term_grade (s, name, "unknown", t->unknown, t->graded[KTM_SEVERITY_UNKNOWN],
                    N_("patients with this event of unknown grade only"));
  row = ktm_run_add_number (s->run, name, NULL, t->events, s->all.n_asked, NULL, KTM_RANK_DETAIL);
  row->note = ktm_text_new (N_("related {1}, serious {2}, led to stopping {3}"), "iii",
                            (long) t->related, (long) t->serious, (long) t->stopped);
}

void
ktm_adverse_events_add_terms (const KtmAdverseEvents *s)
{
  const KtmSafety *a = &s->all;

  if (a->n_terms == 0)
    return;
  KtmReportCard *card =
      ktm_report_add_card (s->run->report, ktm_text_new (N_("Which events, how bad"), ""),
                           ktm_text_new (N_("% of {1} patients"), "i", (long) a->n_asked));

  card->folded = TRUE;
  for (gsize k = 0; k < a->n_terms; k++)
    add_term (s, &a->terms[k]);
  ktm_report_card_note (
      s->run->report,
      ktm_text_new (N_("A patient counts once per term, at the worst grade; events beside."), ""));
}

/* --- when ------------------------------------------------------------------------------------- */

static void
add_first_rows (const KtmAdverseEvents *s, const KtmSurvival *curve, gsize n, const gboolean *shown)
{
  KtmEstimate median = ktm_survival_quantile (curve, 0.5);
  KtmReportRow *row = ktm_run_add (
      s->run, "median_time",
      N_("visit at which half of the patients had had an event; Kaplan–Meier, last answer censors"),
      -1, -1, (long) n);

  ktm_report_row_set_estimate (row, median, s->run->level);
  ktm_report_row_set_subject (row, "first_event");
  ktm_report_row_say (
      row, ktm_text_new (N_("Median time to the first event"), ""),
      isnan (median.value) ? ktm_text_new (N_("not reached"), "")
      : isnan (median.low) || isnan (median.high)
          ? ktm_run_duration (s->run, median.value)
          : ktm_text_new ("{1} [{2}, {3}]", "tgg", ktm_run_duration (s->run, median.value),
                          median.low, median.high));
  for (gsize j = 0; j < s->run->frame->n_visits; j++)
    {
      KtmEstimate e = ktm_survival_at (curve, s->run->frame->visit_time[j]);

      if (s->all.asked[j] == 0 || isnan (e.value))
        continue;
      row = ktm_run_add (s->run, "first_event",
                         N_("1 − Kaplan–Meier, Greenwood log–log interval; last answer censors"),
                         (long) j, -1, (long) n);
      row->rank = shown[j] ? KTM_RANK_SHOWN : KTM_RANK_DETAIL;
      ktm_report_row_set_estimate (
          row, (KtmEstimate) { 1 - e.value, e.se, 1 - e.high, 1 - e.low }, s->run->level);
      ktm_report_row_say (row,
                          ktm_text_new (N_("First event by {1}"), "t", ktm_run_visit (s->run, j)),
                          NULL);
    }
}

void
ktm_adverse_events_add_first (const KtmAdverseEvents *s, const gboolean *shown)
{
  const KtmFrame *f = s->run->frame;
  g_autofree double *time = g_new (double, f->n_patients + 1);
  g_autofree bool *event = g_new (bool, f->n_patients + 1);
  KtmSurvival curve;
  gsize n = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    if (!isnan (s->all.first[i]))
      {
        time[n] = fmax (0, s->all.first[i]);
        event[n++] = s->all.event[i];
      }
  if (n == 0 || ktm_survival (time, event, n, s->run->level, &curve) != KTM_STATS_OK)
    return;
  ktm_report_add_card (s->run->report, ktm_text_new (N_("Time to the first event"), ""),
                       ktm_text_new (N_("Kaplan–Meier, n = {1}"), "i", (long) n));
  add_first_rows (s, &curve, n, shown);
  ktm_report_card_note (
      s->run->report,
      ktm_text_new (
          N_("An event is dated to the visit at which it was told. Who was not asked at a "
              "visit counts as free of events until the next answer, so the shares are "
              "lower bounds."),
          ""));
  ktm_survival_clear (&curve);
}
