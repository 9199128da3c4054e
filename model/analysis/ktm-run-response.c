/* model/analysis: definitions of response and shares, as several analyses use them. */
#include "ktm-run-response.h"

#include "ktm-proportion.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

static const KtmLang *
ui_lang (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] != NULL ? ktm_lang_find (names[0]) : NULL;
}

KtmDefinition *
ktm_run_definition (const KtmFrame *frame, const char *text, GError **error)
{
  KtmDefinitionProblem problem;
  KtmDefinition *definition = ktm_definition_parse (frame, text, &problem);
  char *sentence;

  if (definition != NULL)
    return definition;
  sentence = ktm_text_render (problem.sentence, ui_lang (), 0);
  g_set_error_literal (error, KTM_ANALYSIS_ERROR,
                       problem.unknown ? KTM_ANALYSIS_ERROR_UNKNOWN : KTM_ANALYSIS_ERROR_REQUEST,
                       problem.sentence != NULL && sentence != NULL ? sentence
                                                                    : _("Memory is out."));
  free (sentence);
  ktm_text_free (problem.sentence);
  return NULL;
}

KtmText *
ktm_run_definition_text (const KtmFrame *frame, const KtmDefinition *definition)
{
  long m = ktm_definition_measure (definition);
  const KtmFrameMeasure *measure = m >= 0 ? &frame->measures[m] : NULL;
  KtmText *text = ktm_definition_text (definition);

  if (measure == NULL)
    return text;
  return ktm_text_new (N_("{1} ({2})"), "ts", text,
                       measure->label != NULL ? measure->label : measure->id);
}

void
ktm_run_responders (const KtmRun *run, const KtmDefinition *definition, bool *in,
                    KtmResponders *out)
{
  bool *complete = run->options->missing == KTM_MISSING_COMPLETERS
                       ? ktm_frame_completers (run->frame, run->measure, run->last)
                       : NULL;

  for (gsize i = 0; i < run->frame->n_patients; i++)
    in[i] = ktm_run_in_group (run, i, -1) && (complete == NULL || complete[i]);
  free (complete);
  *out = (KtmResponders){ .definition = definition,
                          .frame = run->frame,
                          .unknown = ktm_definition_unknown (definition),
                          .missing = run->options->missing,
                          .group_of = run->group_of,
                          .group = -1,
                          .in = in };
}

KtmText *
ktm_share_text (gsize x, gsize n, double level)
{
  double low, high;

  if (n == 0)
    return ktm_text_new (N_("nobody to ask"), "");
  ktm_stats_wilson ((double) x, (double) n, level, &low, &high);
  return ktm_text_new (N_("{1}/{2} · {3} % [{4}, {5}]"), "ii000", (long) x, (long) n,
                       100.0 * (double) x / (double) n, 100 * low, 100 * high);
}

KtmReportRow *
ktm_run_add_rate (const KtmRun *run, const char *statistic, const char *method, gsize visit,
                   long group, const char *subject, gsize x, gsize n)
{
  KtmReportRow *row = ktm_run_add (run, statistic, method, (long) visit, group, (long) n);
  KtmProportion p;

  if (subject != NULL)
    ktm_report_row_set_subject (row, subject);
  if (ktm_stats_proportion ((double) x, (double) n, run->level, &p) == KTM_STATS_OK)
    ktm_report_row_set_estimate (
        row,
        (KtmEstimate){ p.proportion, sqrt (p.proportion * (1 - p.proportion) / (double) n),
                       p.wilson_low, p.wilson_high },
        run->level);
  ktm_report_row_say (row, NULL, ktm_share_text (x, n, run->level));
  return row;
}

gsize
ktm_run_milestones (const KtmRun *run, gsize *out)
{
  gsize n = 0, last = run->table.n_visits, first = 0, at[4];
  double start, end;

  while (first < last && run->frame->visit_time[run->table.visit[first]] <= 0)
    first++;
  if (first >= last)
    return 0;
  start = MAX (0, run->frame->visit_time[run->table.visit[first]]);
  end = run->frame->visit_time[run->last];
  for (int k = 0; k < 4; k++)
    {
      double wanted = k == 0 ? start : end * (k == 1 ? 0.25 : k == 2 ? 0.5 : 1);
      gsize best = first;

      for (gsize c = first; c < last; c++)
        if (fabs (run->frame->visit_time[run->table.visit[c]] - wanted)
            < fabs (run->frame->visit_time[run->table.visit[best]] - wanted) - 1e-9)
          best = c;
      at[k] = run->table.visit[best];
      if (n == 0 || run->frame->visit_time[at[k]] > run->frame->visit_time[out[n - 1]])
        out[n++] = at[k];
    }
  return n;
}
