/* two_groups: two independent groups. */
#include "check.h"

#include "ktm-two-groups.h"

static void
emit_t (Check *check, KtmEstimate e, KtmTest t, const char *name)
{
  check_number (check, t.statistic, "%s_t", name);
  check_number (check, t.df, "%s_df", name);
  check_number (check, t.p, "%s_p", name);
  check_limits (check, e.low, e.high, "%s_ci", name);
  check_number (check, e.se, "%s_se", name);
}

static void
emit_means (Check *check, const KtmTwoGroups *g)
{
  check_number (check, (double) g->n1, "n1");
  check_number (check, (double) g->n2, "n2");
  check_number (check, g->mean1, "mean1");
  check_number (check, g->mean2, "mean2");
  check_number (check, g->sd1, "sd1");
  check_number (check, g->sd2, "sd2");
  check_number (check, g->mean_diff, "mean_diff");
  emit_t (check, g->student, g->student_test, "student");
  emit_t (check, g->welch, g->welch_test, "welch");
  check_number (check, g->variance_test.statistic, "variance_f");
  check_number (check, g->variance_test.df, "variance_f_df1");
  check_number (check, g->variance_test.df2, "variance_f_df2");
  check_number (check, g->variance_test.p, "variance_f_p");
  check_number (check, g->sd_pooled, "sd_pooled");
  check_number (check, g->cohen_d.value, "cohen_d");
  check_limits (check, g->cohen_d.low, g->cohen_d.high, "cohen_d_nct");
  check_number (check, g->cohen_d.se, "cohen_d_se_hedges_olkin");
  check_limits (check, g->cohen_d_wald_low, g->cohen_d_wald_high, "cohen_d_wald");
  check_number (check, g->hedges_j, "hedges_j");
  check_number (check, g->hedges_j_approx, "hedges_j_approx");
  check_number (check, g->hedges_g.value, "hedges_g");
  check_limits (check, g->hedges_g.low, g->hedges_g.high, "hedges_g_nct");
  check_number (check, g->glass_delta_sd2.value, "glass_delta_sd2");
  check_number (check, g->glass_delta_sd1.value, "glass_delta_sd1");
}

static void
emit_rank_sum (Check *check, const KtmRankSum *w)
{
  check_number (check, w->u1, "mw_u1");
  check_number (check, w->u2, "mw_u2");
  check_bool (check, w->ties, "mw_ties");
  check_number (check, w->mean_u, "mw_mean_u");
  check_number (check, w->sd_u, "mw_sd_u_tie_corrected");
  check_number (check, w->z, "mw_z_nocontinuity");
  check_number (check, w->p_normal, "mw_p_normal_nocontinuity");
  check_number (check, w->p_normal_continuity, "mw_p_normal_continuity");
  check_number (check, w->p_exact, "mw_p_exact");
  check_number (check, w->ties ? NAN : w->p_exact, "mw_p_exact_no_ties");
}

static void
emit_order (Check *check, const KtmTwoGroups *g)
{
  check_number (check, g->hodges_lehmann.value, "hodges_lehmann");
  check_number (check, g->cliff_delta.value, "cliff_delta");
  check_number (check, g->cliff_var_unbiased, "cliff_var_unbiased");
  check_number (check, g->cliff_var_consistent, "cliff_var_consistent");
  check_limits (check, g->cliff_unbiased_low, g->cliff_unbiased_high, "cliff_unbiased_asym");
  check_limits (check, g->cliff_delta.low, g->cliff_delta.high, "cliff_consistent_asym");
  check_limits (check, g->cliff_unbiased_t_low, g->cliff_unbiased_t_high, "cliff_unbiased_asym_t");
  check_number (check, g->rank_biserial.value, "rank_biserial");
  check_limits (check, g->rank_biserial_fisher_low, g->rank_biserial_fisher_high,
                "rank_biserial_fisher");
  check_number (check, g->prob_superiority.value, "prob_superiority");
  check_number (check, g->prob_superiority.se, "prob_superiority_delong_se");
  check_limits (check, g->ps_wald_low, g->ps_wald_high, "ps_wald");
  check_limits (check, g->prob_superiority.low, g->prob_superiority.high, "ps_logit");
  check_number (check, g->brunner_munzel.statistic, "brunner_munzel_t");
  check_number (check, g->brunner_munzel.df, "brunner_munzel_df");
  check_number (check, g->brunner_munzel.p, "brunner_munzel_p");
  check_limits (check, g->ps_bm_low, g->ps_bm_high, "ps_bm");
}

void
check_two_groups (Check *check)
{
  static const char *const directions[] = { "x-y", NULL };
  double level = check_option_number (check, "level");
  size_t n1, n2;
  const double *x = check_array (check, "x", &n1), *y = check_array (check, "y", &n2);
  KtmTwoGroups g;

  check_option_choice (check, "direction", directions);
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_two_groups (x, n1, y, n2, level, KTM_EXACT_IF_SMALL, &g));
  emit_means (check, &g);
  emit_rank_sum (check, &g.mann_whitney);
  emit_order (check, &g);
}
