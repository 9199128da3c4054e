/* kaplan_meier, cox: time to an event. */
#include "check.h"

#include "ktm-cox.h"
#include "ktm-survival.h"

static bool *
read_events (Check *check, const char *name, size_t *n)
{
  const double *event = check_array (check, name, n);
  bool *out = g_new0 (bool, *n + 1);

  for (size_t i = 0; i < *n; i++)
    out[i] = event[i] != 0.0;
  return out;
}

static void
emit_curve (Check *check, const KtmSurvival *curve, const char *prefix)
{
  KtmEstimate q25 = ktm_survival_quantile (curve, 0.75),
              median = ktm_survival_quantile (curve, 0.5);
  KtmEstimate q75 = ktm_survival_quantile (curve, 0.25), rmst;
  size_t n = curve->n_times;

  check_number (check, (double) curve->n, "%sn", prefix);
  check_number (check, (double) curve->n_events, "%sevents", prefix);
  check_numbers (check, curve->time, n, "%stime", prefix);
  check_numbers (check, curve->n_risk, n, "%sn_risk", prefix);
  check_numbers (check, curve->n_event, n, "%sn_event", prefix);
  check_numbers (check, curve->survival, n, "%ssurv", prefix);
  check_numbers (check, curve->se, n, "%sgreenwood_se", prefix);
  check_numbers (check, curve->low, n, "%sloglog_lo", prefix);
  check_numbers (check, curve->high, n, "%sloglog_hi", prefix);
  check_numbers (check, curve->log_low, n, "%slog_lo", prefix);
  check_numbers (check, curve->log_high, n, "%slog_hi", prefix);
  check_number (check, q25.value, "%sq25", prefix);
  check_number (check, median.value, "%smedian", prefix);
  check_number (check, q75.value, "%sq75", prefix);
  check_limits (check, median.low, median.high, "%smedian_loglog", prefix);
  check_status (check, ktm_survival_rmst (curve, curve->last, &rmst));
  check_number (check, curve->last, "%srmst_tau", prefix);
  check_number (check, rmst.value, "%srmst", prefix);
  check_number (check, rmst.se, "%srmst_se", prefix);
}

/* The curve of one group; of everybody when @group is NULL. */
static void
emit_part (Check *check, const double *time, const bool *event, const size_t *group, size_t n,
           size_t wanted, double level, const char *prefix)
{
  g_autofree double *part = g_new (double, n + 1);
  g_autofree bool *part_event = g_new (bool, n + 1);
  KtmSurvival curve = { .n = 0 };
  size_t m = 0;

  for (size_t i = 0; i < n; i++)
    if (group == NULL || group[i] == wanted)
      {
        part[m] = time[i];
        part_event[m++] = event[i];
      }
  check_status (check, ktm_survival (part, part_event, m, level, &curve));
  emit_curve (check, &curve, prefix);
  ktm_survival_clear (&curve);
}

static void
emit_tests (Check *check, const double *time, const bool *event, const size_t *group, size_t n,
            size_t g)
{
  g_autofree double *observed = g_new (double, g), *expected = g_new (double, g);
  KtmTest test;

  check_status (
      check, ktm_logrank (time, event, group, NULL, n, g, KTM_LOGRANK, observed, expected, &test));
  check_number (check, test.statistic, "logrank_chi2");
  check_number (check, test.df, "logrank_df");
  check_number (check, test.p, "logrank_p");
  check_numbers (check, observed, g, "logrank_observed");
  check_numbers (check, expected, g, "logrank_expected");
  check_status (check,
                ktm_logrank (time, event, group, NULL, n, g, KTM_LOGRANK_PETO, NULL, NULL, &test));
  check_number (check, test.statistic, "peto_chi2");
  check_number (check, test.p, "peto_p");
}

void
check_kaplan_meier (Check *check)
{
  size_t n, n_event, n_group, g = 0;
  double level = check_option_number (check, "level");
  const double *time = check_array (check, "time", &n),
               *labels = check_array (check, "group", &n_group);
  g_autofree bool *event = read_events (check, "event", &n_event);
  g_autofree size_t *group = g_new0 (size_t, n + 1);

  check_option_labels (check, "group_labels");
  if (!check_failed (check) && (n_event != n || n_group != n))
    check_fail (check, "time, event and group differ in length");
  if (check_failed (check))
    return;
  for (size_t i = 0; i < n; i++)
    {
      group[i] = (size_t) labels[i];
      g = MAX (g, group[i] + 1);
    }
  emit_part (check, time, event, NULL, n, 0, level, "overall_");
  for (size_t k = 0; k < g; k++)
    {
      g_autofree char *prefix = g_strdup_printf ("group_%zu_", k);

      emit_part (check, time, event, group, n, k, level, prefix);
    }
  emit_tests (check, time, event, group, n, g);
}

static void
emit_cox (Check *check, const KtmCox *cox)
{
  size_t p = cox->p;

  check_number (check, (double) cox->n, "n");
  check_number (check, (double) cox->n_events, "events");
  check_numbers (check, cox->beta, p, "beta");
  check_numbers (check, cox->se, p, "beta_se");
  check_numbers (check, cox->z, p, "beta_z");
  check_numbers (check, cox->p_value, p, "beta_p");
  check_numbers (check, cox->ratio, p, "hr");
  check_numbers (check, cox->ratio_low, p, "hr_lo");
  check_numbers (check, cox->ratio_high, p, "hr_hi");
  check_numbers (check, cox->zph, p, "zph_km_chi2");
  check_numbers (check, cox->zph_p, p, "zph_km_p");
  check_number (check, cox->loglik0, "loglik0");
  check_number (check, cox->loglik, "loglik");
  check_number (check, cox->lrt.statistic, "lrt");
  check_number (check, cox->lrt.p, "lrt_p");
  check_number (check, cox->wald.statistic, "wald");
  check_number (check, cox->score.statistic, "score");
  check_number (check, cox->score.p, "score_p");
  check_number (check, cox->concordance, "concordance");
}

void
check_cox (Check *check)
{
  static const char *const ties[] = { "efron", "breslow", NULL };
  size_t n, n_event, n_x, p = (size_t) check_option_number (check, "p");
  double level = check_option_number (check, "level");
  int rule = check_option_choice (check, "ties", ties);
  const double *time = check_array (check, "time", &n), *x = check_array (check, "X", &n_x);
  g_autofree bool *event = read_events (check, "event", &n_event);
  KtmCox cox = { .beta = NULL };

  check_option_labels (check, "x_columns");
  if (!check_failed (check) && (n_event != n || n_x != n * p))
    check_fail (check, "time, event and X differ in length");
  if (check_failed (check))
    return;
  check_status (check, ktm_cox (time, event, x, n, p, rule == 0 ? KTM_COX_EFRON : KTM_COX_BRESLOW,
                                level, &cox));
  if (cox.beta == NULL)
    check_fail (check, "no fit");
  else
    emit_cox (check, &cox);
  ktm_cox_clear (&cox);
}
