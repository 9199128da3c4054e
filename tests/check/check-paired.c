/* paired: change within the same patients. */
#include "check.h"

#include "ktm-paired.h"

static void
emit_effects (Check *check, const KtmPaired *p)
{
  check_number (check, p->d_z.value, "d_z");
  check_number (check, p->d_z.value, "srm");
  check_number (check, p->hedges_j, "hedges_j");
  check_number (check, p->g_z.value, "g_z");
  check_limits (check, p->d_z.low, p->d_z.high, "d_z_ci");
  check_number (check, p->d_av_meansd.value, "d_av_meansd");
  check_number (check, p->g_av.value, "g_av");
  check_number (check, p->d_av.value, "d_av_pooledvar");
  check_limits (check, p->d_av.low, p->d_av.high, "d_av_pooledvar_ci");
  check_number (check, p->d_rm.value, "d_rm");
  check_number (check, p->g_rm.value, "g_rm");
  check_limits (check, p->d_rm.low, p->d_rm.high, "d_rm_ci");
  check_number (check, p->glass_delta.value, "glass_delta_baseline_sd");
}

static void
emit_ranks (Check *check, const KtmPaired *p)
{
  const KtmSignedRank *w = &p->wilcoxon;

  check_number (check, (double) w->n_nonzero, "wilcoxon_n_nonzero");
  check_number (check, (double) w->n_zero, "wilcoxon_n_zero");
  check_number (check, w->v, "wilcoxon_v");
  check_number (check, w->w_minus, "wilcoxon_w_minus");
  check_number (check, w->z, "wilcoxon_z_nocontinuity");
  check_number (check, w->p_normal, "wilcoxon_p_normal_nocontinuity");
  check_number (check, w->p_normal_continuity, "wilcoxon_p_normal_continuity");
  check_number (check, w->p_exact, "wilcoxon_p_exact");
  check_number (check, w->ties ? NAN : w->p_exact, "wilcoxon_p_exact_no_ties");
  check_number (check, p->hodges_lehmann_nonzero, "hodges_lehmann_nonzero");
  check_number (check, p->hodges_lehmann.value, "hodges_lehmann_all");
  check_number (check, p->rank_biserial.value, "rank_biserial_matched");
  check_number (check, p->sign_test_p, "sign_test_p");
}

void
check_paired (Check *check)
{
  static const char *const differences[] = { "y-x", NULL };
  double level = check_option_number (check, "level");
  size_t n, n_y;
  const double *x = check_array (check, "x", &n), *y = check_array (check, "y", &n_y);
  KtmPaired p;

  check_option_choice (check, "difference", differences);
  if (!check_failed (check) && n != n_y)
    check_fail (check, "arrays \"x\" and \"y\" differ in length");
  if (check_failed (check))
    return;
  check_status (check, ktm_stats_paired (x, y, n, level, KTM_EXACT_IF_SMALL, &p));
  check_number (check, (double) n, "n");
  check_number (check, p.mean_x, "mean_x");
  check_number (check, p.mean_y, "mean_y");
  check_number (check, p.sd_x, "sd_x");
  check_number (check, p.sd_y, "sd_y");
  check_number (check, p.pearson_r, "pearson_r");
  check_number (check, p.mean_diff.value, "mean_diff");
  check_number (check, p.sd_diff, "sd_diff");
  check_number (check, p.mean_diff.se, "se_diff");
  check_number (check, p.t.statistic, "t");
  check_number (check, p.t.df, "df");
  check_number (check, p.t.p, "p");
  check_number (check, p.p_less, "p_less");
  check_limits (check, p.mean_diff.low, p.mean_diff.high, "mean_diff_ci");
  emit_ranks (check, &p);
  emit_effects (check, &p);
}
