/* meta, meta_mantel_haenszel. */
#include "check.h"

#include "ktm-meta.h"

typedef struct
{
  size_t k, n_groups;
  const double *y, *v;
  size_t *group;
  double  level;
} Studies;

/* The cases hold what metafor prints, and its search for the upper Q-profile limit ends at max(100,
 * 10 tau²): where DL finds a small tau² the same interval is cut there (the normand MD case:
 * 2054.09 = 10 × 205.409 for DL, 2889.45 for every other method).  The library gives the limit
 * itself; only here it is cut as the reference cuts it. */
static void
emit_upper_limits (Check *check, const KtmMeta *meta, const char *prefix)
{
  double end = fmax (100.0, 10.0 * meta->tau2),
         typical = meta->tau2_high * (100.0 / meta->i2_high - 1.0);
  bool cut = meta->tau2_high > end;

  check_number (check, cut ? end : meta->tau2_high, "%s_tau2_qprofile_hi", prefix);
  check_number (check, cut ? 100.0 * end / (end + typical) : meta->i2_high, "%s_i2_qprofile_hi",
                prefix);
}

static void
emit_pooled (Check *check, const KtmMeta *meta, const char *prefix)
{
  check_number (check, (double) meta->k, "%s_k", prefix);
  check_number (check, meta->estimate.value, "%s_estimate", prefix);
  check_number (check, meta->estimate.se, "%s_se", prefix);
  check_number (check, meta->test.statistic, meta->kind == KTM_META_WALD ? "%s_z" : "%s_t", prefix);
  check_number (check, meta->test.df, "%s_df", prefix);
  check_number (check, meta->test.p, "%s_p", prefix);
  check_limits (check, meta->estimate.low, meta->estimate.high, "%s_ci", prefix);
  check_number (check, meta->tau2, "%s_tau2", prefix);
  check_number (check, meta->se_tau2, "%s_se_tau2", prefix);
  check_number (check, meta->q.statistic, "%s_q", prefix);
  check_number (check, meta->q.p, "%s_q_p", prefix);
  check_number (check, meta->i2, "%s_i2", prefix);
  check_number (check, meta->h2, "%s_h2", prefix);
  check_limits (check, meta->pi_low, meta->pi_high, "%s_pi", prefix);
  check_limits (check, meta->pi_hts_low, meta->pi_hts_high, "%s_pi_hts_tkm2", prefix);
  check_number (check, meta->tau2_low, "%s_tau2_qprofile_lo", prefix);
  check_number (check, meta->i2_low, "%s_i2_qprofile_lo", prefix);
  emit_upper_limits (check, meta, prefix);
}

static void
emit_method (Check *check, const Studies *s, KtmMetaMethod method, const char *name)
{
  g_autofree double *weight = g_new (double, s->k);
  KtmMeta meta;

  check_status (check, ktm_meta (s->y, s->v, s->k, method, KTM_META_WALD, s->level, weight, &meta));
  emit_pooled (check, &meta, name);
  if (method == KTM_META_REML)
    {
      check_number (check, meta.loglik, "reml_loglik");
      check_numbers (check, weight, s->k, "reml_weights_percent");
    }
  else if (method == KTM_META_ML)
    check_number (check, meta.loglik, "ml_loglik");
  else if (method == KTM_META_FE)
    {
      check_number (check, meta.i2_from_q, "i2_from_q");
      check_limits (check, meta.i2_ht_low, meta.i2_ht_high, "i2_higgins_thompson");
    }
}

static void
emit_hksj (Check *check, const Studies *s, KtmMetaMethod method, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, "_hksj", NULL);
  KtmMeta meta;

  check_status (check, ktm_meta (s->y, s->v, s->k, method, KTM_META_HKSJ, s->level, NULL, &meta));
  emit_pooled (check, &meta, prefix);
  check_status (check,
                ktm_meta (s->y, s->v, s->k, method, KTM_META_HKSJ_ADHOC, s->level, NULL, &meta));
  check_number (check, meta.hksj_q, "%s_adhoc_q", prefix);
  check_number (check, meta.estimate.se, "%s_adhoc_se", prefix);
  check_limits (check, meta.estimate.low, meta.estimate.high, "%s_adhoc_ci", prefix);
}

static void
emit_egger (Check *check, const Studies *s)
{
  KtmMetaEgger egger;

  check_status (check, ktm_meta_egger (s->y, s->v, s->k, &egger));
  check_number (check, egger.intercept, "egger_lm_intercept");
  check_number (check, egger.intercept_se, "egger_lm_intercept_se");
  check_number (check, egger.slope, "egger_lm_slope");
  check_number (check, egger.test.statistic, "egger_lm_t");
  check_number (check, egger.test.df, "egger_lm_df");
  check_number (check, egger.test.p, "egger_lm_p");
  check_number (check, egger.reml.statistic, "egger_rma_reml_z");
  check_number (check, egger.reml.p, "egger_rma_reml_p");
}

static void
emit_leave_one_out (Check *check, const Studies *s)
{
  g_autofree KtmMeta *meta = g_new0 (KtmMeta, s->k);
  g_autofree double *flat = g_new (double, 4 * s->k);

  check_status (
      check, ktm_meta_leave_one_out (s->y, s->v, s->k, KTM_META_DL, KTM_META_WALD, s->level, meta));
  for (size_t i = 0; i < s->k; i++)
    {
      flat[i] = meta[i].estimate.value;
      flat[s->k + i] = meta[i].estimate.low;
      flat[2 * s->k + i] = meta[i].estimate.high;
      flat[3 * s->k + i] = meta[i].tau2;
    }
  check_numbers (check, flat, s->k, "leave1out_dl_estimate");
  check_numbers (check, flat + s->k, s->k, "leave1out_dl_ci_lo");
  check_numbers (check, flat + 2 * s->k, s->k, "leave1out_dl_ci_hi");
  check_numbers (check, flat + 3 * s->k, s->k, "leave1out_dl_tau2");
}

static void
emit_subgroups (Check *check, const Studies *s, KtmMetaMethod method, const char *name)
{
  g_autofree KtmMeta *meta = g_new0 (KtmMeta, s->n_groups);
  KtmTest between;

  check_status (check, ktm_meta_subgroups (s->y, s->v, s->group, s->k, s->n_groups, method,
                                           KTM_META_WALD, s->level, meta, &between));
  for (size_t g = 0; g < s->n_groups; g++)
    {
      g_autofree char *prefix = g_strdup_printf ("subgroup_%zu_%s", g, name);

      emit_pooled (check, &meta[g], prefix);
    }
  check_number (check, between.statistic, "subgroup_between_%s_q", name);
  check_number (check, between.df, "subgroup_between_%s_df", name);
  check_number (check, between.p, "subgroup_between_%s_p", name);
}

static void
emit_regression (Check *check, const Studies *s)
{
  g_autofree double *x = g_new0 (double, s->k * s->n_groups);
  KtmMetaRegression out;

  for (size_t i = 0; i < s->k; i++)
    {
      x[i * s->n_groups] = 1.0;
      if (s->group[i] > 0)
        x[i * s->n_groups + s->group[i]] = 1.0;
    }
  check_status (check, ktm_meta_regression (s->y, s->v, x, s->k, s->n_groups, KTM_META_REML,
                                            KTM_META_WALD, s->level, &out));
  check_numbers (check, out.beta, s->n_groups, "metareg_reml_b");
  check_numbers (check, out.se, s->n_groups, "metareg_reml_se");
  check_number (check, out.tau2, "metareg_reml_tau2");
  check_number (check, out.qm.statistic, "metareg_reml_qm");
  check_number (check, out.qm.p, "metareg_reml_qm_p");
  check_number (check, out.qe.statistic, "metareg_reml_qe");
}

/* yi and vi once more, from the raw numbers of the studies. */
static void
emit_effects (Check *check, size_t k, int measure)
{
  static const char *const tables[] = { "ai", "bi", "ci", "di" };
  static const char *const means[] = { "m1", "sd1", "n1", "m2", "sd2", "n2" };
  g_autofree double *y = g_new (double, k), *v = g_new (double, k);
  const double *raw[6] = { NULL };
  size_t n = 0;

  for (size_t j = 0; j < (measure < 3 ? 4 : 6); j++)
    {
      raw[j] = check_array (check, measure < 3 ? tables[j] : means[j], &n);
      if (n != k)
        check_fail (check, "the raw arrays differ in length from yi");
    }
  if (check_failed (check))
    return;
  for (size_t i = 0; i < k; i++)
    check_status (check, measure < 3
                             ? ktm_meta_effect_table ((KtmMetaMeasure) measure, raw[0][i],
                                                      raw[1][i], raw[2][i], raw[3][i], &y[i], &v[i])
                             : ktm_meta_effect_means ((KtmMetaMeasure) measure, raw[0][i],
                                                      raw[1][i], raw[2][i], raw[3][i], raw[4][i],
                                                      raw[5][i], &y[i], &v[i]));
  check_numbers (check, y, k, "yi");
  check_numbers (check, v, k, "vi");
}

static void
read_groups (Check *check, Studies *s)
{
  size_t n;
  const double *group = check_array (check, "subgroup", &n);

  check_option_labels (check, "subgroup_labels");
  s->group = g_new0 (size_t, s->k + 1);
  for (size_t i = 0; i < s->k && n == s->k; i++)
    {
      s->group[i] = (size_t) group[i];
      s->n_groups = MAX (s->n_groups, s->group[i] + 1);
    }
}

void
check_meta (Check *check)
{
  static const char *const measures[] = { "RR", "OR", "RD", "MD", "SMD", NULL };
  static const char *const names[] = { "fe", "dl", "reml", "pm", "ml" };
  int measure = check_option_choice (check, "measure", measures);
  size_t n_v;
  Studies s = { .level = check_option_number (check, "level") };

  s.y = check_array (check, "yi", &s.k);
  s.v = check_array (check, "vi", &n_v);
  if (check_failed (check) || n_v != s.k)
    {
      check_fail (check, "yi and vi differ in length");
      return;
    }
  emit_effects (check, s.k, measure);
  for (int m = KTM_META_FE; m <= KTM_META_ML; m++)
    emit_method (check, &s, (KtmMetaMethod) m, names[m]);
  for (int m = KTM_META_DL; m <= KTM_META_PM; m++)
    emit_hksj (check, &s, (KtmMetaMethod) m, names[m]);
  emit_egger (check, &s);
  emit_leave_one_out (check, &s);
  if (check_has_array (check, "subgroup"))
    {
      read_groups (check, &s);
      emit_subgroups (check, &s, KTM_META_FE, "fe");
      emit_subgroups (check, &s, KTM_META_DL, "dl");
      emit_regression (check, &s);
    }
  g_free (s.group);
}

void
check_meta_mantel_haenszel (Check *check)
{
  static const char *const measures[] = { "RR", "OR", "RD", "PETO", NULL };
  static const char *const names[] = { "ai", "n1i", "ci", "n2i" };
  int measure = check_option_choice (check, "measure", measures);
  double level = check_option_number (check, "level");
  const double *raw[4];
  size_t n[4];
  KtmMetaMh mh;

  for (size_t j = 0; j < 4; j++)
    {
      raw[j] = check_array (check, names[j], &n[j]);
      if (n[j] != n[0])
        check_fail (check, "ai, n1i, ci and n2i differ in length");
    }
  if (check_failed (check))
    return;
  check_status (check, ktm_meta_mh (raw[0], raw[1], raw[2], raw[3], n[0], (KtmMetaTable) measure,
                                    level, &mh));
  check_number (check, mh.estimate.value, "estimate");
  check_number (check, mh.estimate.se, "se");
  check_number (check, mh.test.statistic, "z");
  check_number (check, mh.test.p, "p");
  check_limits (check, mh.estimate.low, mh.estimate.high, "ci");
  check_number (check, mh.ratio, "exp_estimate");
  check_limits (check, mh.ratio_low, mh.ratio_high, "exp");
  check_number (check, mh.cmh.statistic, "cmh");
  check_number (check, mh.cmh.p, "cmh_p");
  check_number (check, mh.q.statistic, "q");
  check_number (check, mh.q.p, "q_p");
  check_number (check, mh.i2, "i2");
}
