/* model/analysis: rows about a curve of time in relief. */
#include "survival-private.h"

#include <glib/gi18n-lib.h>

/* Times of one group (−1: all), in arrays with room for everybody. */
gsize
ktm_relief_take (const KtmReliefRun *s, long group, double *time, bool *event, double *left,
                 double *right)
{
  gsize n = 0;

  for (gsize i = 0; i < s->relief.n; i++)
    if (ktm_run_in_group (s->run, s->relief.row[i], group))
      {
        time[n] = s->relief.time[i];
        event[n] = s->relief.event[i];
        if (left != NULL)
          {
            left[n] = s->relief.left[i];
            right[n] = s->relief.right[i];
          }
        n++;
      }
  return n;
}

/* "months": of a number that stands before it. */
const char *
ktm_relief_unit (const KtmReliefRun *s)
{
  static const char *const units[][2] = { { "minute", N_("minutes") }, { "hour", N_("hours") },
                                          { "day", N_("days") },       { "week", N_("weeks") },
                                          { "month", N_("months") },   { "year", N_("years") } };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (units[i][0], s->run->frame->time_unit) == 0)
      return units[i][1];
  return "";
}

KtmReportRow *
ktm_relief_add_row (const KtmReliefRun *s, const char *statistic, const char *method, long group,
                    gsize n, KtmRank rank)
{
  KtmReportRow *row = ktm_run_add (s->run, statistic, method, -1, group, (long) n);

  row->rank = rank;
  return row;
}

static KtmText *
limits_text (double value, double low, double high)
{
  if (isnan (value))
    return ktm_text_new (N_("not reached"), "");
  if (isnan (low) && isnan (high))
    return ktm_text_new ("{1}", "g", value);
  if (isnan (high))
    return ktm_text_new (N_("{1} [{2}, not reached]"), "gg", value, low);
  return ktm_text_new ("{1} [{2}, {3}]", "ggg", value, low, high);
}

void
ktm_relief_add_median (const KtmReliefRun *s, const KtmSurvival *curve, long group, KtmRank rank)
{
  KtmEstimate median = ktm_survival_quantile (curve, 0.5);
  KtmReportRow *row = ktm_relief_add_row (s, "median_time",
                               N_("time at which the Kaplan–Meier curve falls to one half; "
                                   "interval where its log–log limits do"),
                               group, curve->n, rank);

  ktm_report_row_set_estimate (row, median, s->run->level);
  ktm_report_row_say (row,
                      group < 0 ? ktm_text_new (N_("Median time in relief"), "")
                                : ktm_text_new ("{1}", "s", ktm_run_group_label (s->run, group)),
                      limits_text (median.value, median.low, median.high));
}

void
ktm_relief_add_milestones (const KtmReliefRun *s, const KtmSurvival *curve, long group)
{
  static const double at[] = { 3, 6, 9, 12 };

  for (gsize i = 0; i < G_N_ELEMENTS (at); i++)
    {
      KtmEstimate e = ktm_survival_at (curve, at[i]);
      KtmReportRow *row;

      if (isnan (e.value))
        continue;
      row = ktm_relief_add_row (
          s, "survival", N_("Kaplan–Meier; Greenwood's variance on the log–log scale"), group,
          curve->n, group < 0 && at[i] == 6 ? KTM_RANK_SHOWN : KTM_RANK_DETAIL);
      row->time = at[i];
      ktm_report_row_set_estimate (row, e, s->run->level);
      if (!isnan (e.low) && !isnan (e.high))
        ktm_report_row_say (
            row, ktm_text_new (N_("Still in relief after {1}"), "t",
                              ktm_run_duration (s->run, at[i])),
            ktm_text_new ("{1} % [{2}, {3}]", "000", 100 * e.value, 100 * e.low, 100 * e.high));
      else
        ktm_report_row_say (row, ktm_text_new (N_("Still in relief after {1}"), "t",
                              ktm_run_duration (s->run, at[i])),
                            ktm_text_new ("{1} %", "0", 100 * e.value));
    }
}

void
ktm_relief_add_rmst (const KtmReliefRun *s, const KtmSurvival *curve, long group, KtmRank rank)
{
  KtmEstimate e;
  KtmReportRow *row;

  if (!(s->tau > 0) || ktm_survival_rmst (curve, s->tau, &e) != KTM_STATS_OK)
    return;
  row = ktm_relief_add_row (s, "rmst", N_("area under the Kaplan–Meier curve"), group, curve->n,
                            rank);
  row->time = s->tau;
  ktm_report_row_set_estimate (row, e, s->run->level);
  ktm_report_row_say (row,
                      group < 0 ? ktm_text_new (N_("Mean time in relief within {1}"), "t",
                                              ktm_run_duration (s->run, s->tau))
                                : ktm_text_new ("{1}", "s", ktm_run_group_label (s->run, group)),
                      NULL);
}

