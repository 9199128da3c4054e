/* model/analysis: what analyses of adverse events share. */
#include "ktm-run-harms.h"

#include <glib/gi18n-lib.h>

static void
name_interval (const KtmHarms *harms, double level, KtmReportRow *row, const char *method)
{
  ktm_text_free (row->method);
  row->method = ktm_text_new (N_("{1}; {2}"), "wt", method, ktm_harms_interval_text (harms, level));
}

KtmReportRow *
ktm_run_add_share (const KtmRun *run, const char *statistic, const char *method, long visit,
                   long group, gsize x, gsize n, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (run, statistic, method, visit, group, (long) n);
  KtmHarms harms = run->options->harms;
  KtmEstimate e;

  harms.count = KTM_HARM_PATIENTS;
  row->rank = rank;
  name_interval (&harms, run->level, row, method);
  if (ktm_harms_rate (&harms, (double) x, (double) n, 1, run->level, &e) != KTM_STATS_OK)
    {
      ktm_report_row_say (row, NULL, ktm_text_new (N_("nobody asked"), ""));
      return row;
    }
  e.se = sqrt (e.value * (1 - e.value) / (double) n);
  ktm_report_row_set_estimate (row, e, run->level);
  ktm_report_row_say (row, NULL,
                      ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x, (long) n,
                                    100 * e.value, 100 * e.low, 100 * e.high));
  return row;
}

static KtmReportRow *
add_event_rate (const KtmRun *run, const KtmSafety *s, gsize visit, long group, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (run, "events_per_100", N_("counted"), (long) visit, group,
                                   (long) s->asked[visit]);
  KtmEstimate e;

  row->rank = rank;
  name_interval (&run->options->harms, run->level, row,
                 N_("events at this visit for every 100 patients asked then, allowing for several "
                    "events in one patient"));
  if (ktm_safety_rate (s, &run->options->harms, visit, run->level, &e) != KTM_STATS_OK)
    {
      ktm_report_row_say (row, NULL, ktm_text_new (N_("nobody asked"), ""));
      return row;
    }
  ktm_report_row_set_estimate (
      row, (KtmEstimate) { 100 * e.value, NAN, 100 * e.low, 100 * e.high }, run->level);
  ktm_report_row_say (row, NULL,
                      ktm_text_new (N_("{1}/{2} · {3} [{4}, {5}]"), "ii000",
                                    (long) s->events[visit], (long) s->asked[visit], 100 * e.value,
                                    100 * e.low, 100 * e.high));
  return row;
}

KtmReportRow *
ktm_run_add_visit_rate (const KtmRun *run, const KtmSafety *safety, gsize visit, long group,
                        KtmRank rank)
{
  if (run->options->harms.count == KTM_HARM_EVENTS)
    return add_event_rate (run, safety, visit, group, rank);
  return ktm_run_add_share (run, "proportion",
                            N_("patients with an event among those asked at this visit"),
                            (long) visit, group, safety->with[visit], safety->asked[visit], rank);
}

KtmReportRow *
ktm_run_add_number (const KtmRun *run, const char *subject, KtmText *label, gsize count, gsize n,
                    KtmText *value, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (run, "events", N_("counted"), -1, -1, (long) n);

  row->estimate = (double) count;
  row->rank = rank;
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_say (row, label, value != NULL ? value : ktm_text_new ("{1}", "i", (long) count));
  return row;
}

/* Why nothing can be said, as the one card of the report. */
static void
refuse (const KtmRun *run, const char *sentence)
{
  if (run->report->n_cards == 0)
    ktm_report_add_card (run->report, ktm_text_new (N_("Adverse events"), ""), NULL);
  ktm_report_card_say (run->report, ktm_text_new (sentence, ""));
}

static gboolean
can_answer (const KtmRun *run, const KtmSafety *s)
{
  const KtmHarms *harms = &run->options->harms;
  gboolean described = ktm_harms_chooses (harms) || harms->count == KTM_HARM_EVENTS;

  if (!s->knows_events && described)
    refuse (run, N_("These data keep only yes or no about adverse events: events cannot be "
                    "counted or chosen by grade or relation. Ask for patients with any event."));
  else if (harms->least_grade != KTM_SEVERITY_UNKNOWN && !s->knows_grade && s->n_ungraded > 0)
    refuse (run, N_("The severity of no event is recorded, so events cannot be chosen by grade."));
  else if (harms->least_related != KTM_RELATED_UNKNOWN && !s->knows_related
           && s->n_unattributed > 0)
    refuse (run, N_("It is not recorded whether events were related to the treatment, so they "
                    "cannot be chosen by it."));
  else
    return TRUE;
  return FALSE;
}

gboolean
ktm_run_safety_of (const KtmRun *run, const bool *in, KtmSafety *out)
{
  if (ktm_safety (run->frame, in, &run->options->harms, out) != KTM_STATS_OK)
    {
      refuse (run, N_("No answers about adverse events and no events are recorded here: import a "
                      "table of events, or a column that says yes or no at each visit."));
      return FALSE;
    }
  if (can_answer (run, out))
    return TRUE;
  ktm_safety_clear (out);
  return FALSE;
}

gboolean
ktm_run_safety (const KtmRun *run, long group, KtmSafety *out)
{
  g_autofree bool *in = g_new0 (bool, run->frame->n_patients + 1);

  for (gsize i = 0; i < run->frame->n_patients; i++)
    in[i] = ktm_run_in_group (run, i, group);
  return ktm_run_safety_of (run, in, out);
}

void
ktm_run_note_harms (const KtmRun *run, const KtmSafety *s)
{
  const KtmHarms *harms = &run->options->harms;
  KtmText *chosen = ktm_harms_text (harms);

  if (chosen != NULL)
    ktm_report_card_note (run->report, chosen);
  if (s->n_ungraded > 0)
    ktm_report_card_warn (
        run->report,
        ktm_text_new_plural ("{1} event of unknown severity is not counted.",
                             "{1} events of unknown severity are not counted.", "i",
                             (long) s->n_ungraded));
  if (s->n_unattributed > 0)
    ktm_report_card_warn (
        run->report,
        ktm_text_new_plural ("{1} event of unknown relation to the treatment is not counted.",
                             "{1} events of unknown relation to the treatment are not counted.",
                             "i", (long) s->n_unattributed));
  if (!s->knows_events)
    ktm_report_card_note (run->report,
                          ktm_text_new (N_("Only yes or no is kept at each visit: which events, "
                                           "how severe and whether related is not known."),
                                        ""));
  else if (s->n_undescribed > 0)
    ktm_report_card_warn (
        run->report,
        ktm_harms_chooses (harms)
            ? ktm_text_new_plural (
                "At {1} visit the answer was yes but no event is described: it is not counted.",
                "At {1} visits the answer was yes but no event is described: they are not counted.",
                "i", (long) s->n_undescribed)
            : ktm_text_new_plural ("At {1} visit the answer was yes but no event is described.",
                                   "At {1} visits the answer was yes but no event is described.",
                                   "i", (long) s->n_undescribed));
}

const KtmFrameAttribute *
ktm_run_arm (const KtmRun *run)
{
  long index = ktm_frame_find_attribute (run->frame, "arm");
  const KtmFrameAttribute *arm = index >= 0 ? &run->frame->attributes[index] : NULL;
  gsize used = 0;

  if (arm == NULL || arm->n_levels > 6)
    return NULL;
  for (gsize l = 0; l < arm->n_levels; l++)
    for (gsize i = 0; i < run->frame->n_patients; i++)
      if (arm->value[i] == (double) l)
        {
          used++;
          break;
        }
  return used >= 2 ? arm : NULL;
}
