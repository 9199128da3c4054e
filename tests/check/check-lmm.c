/* lmm: the linear mixed model. */
#include "check-design.h"

#include "ktm-lmm.h"

static void
emit_wald (Check *check, const KtmLmm *lmm, double level)
{
  double z = ktm_contrast_t_factor (level, INFINITY);
  size_t p = lmm->n_columns;
  g_autofree double *low = g_new (double, p), *high = g_new (double, p);

  for (size_t j = 0; j < p; j++)
    {
      low[j] = lmm->beta[j] - z * lmm->coefficient[j].estimate.se;
      high[j] = lmm->beta[j] + z * lmm->coefficient[j].estimate.se;
    }
  check_elements (check, low, p, "beta_wald_lo");
  check_elements (check, high, p, "beta_wald_hi");
}

static void
emit_random (Check *check, const KtmLmm *lmm)
{
  check_number (check, lmm->random[0][0], "var_intercept");
  check_number (check, sqrt (lmm->random[0][0]), "sd_intercept");
  check_number (check, lmm->residual_variance, "var_residual");
  check_number (check, sqrt (lmm->residual_variance), "sigma");
  check_bool (check, lmm->singular, "singular");
  if (lmm->n_random == 1)
    check_number (check, lmm->icc, "icc");
  else
    {
      check_number (check, lmm->random[1][1], "var_slope");
      check_number (check, sqrt (lmm->random[1][1]), "sd_slope");
      check_number (check, lmm->random[0][1], "cov_intercept_slope");
      check_number (check, lmm->random[0][1] / sqrt (lmm->random[0][0] * lmm->random[1][1]),
                    "corr_intercept_slope");
    }
}

static void
emit_blups (Check *check, const KtmLmm *lmm)
{
  size_t n, q = lmm->n_random;
  const double *wanted = check_option_numbers (check, "ranef_subjects", &n);
  g_autofree double *rows = g_new0 (double, n * q + 1);

  for (size_t i = 0; i < n; i++)
    for (size_t s = 0; s <= lmm->n_subjects; s++)
      {
        if (s == lmm->n_subjects)
          check_fail (check, "ranef_subjects: no subject %g", wanted[i]);
        else if ((double) lmm->subject[s] == wanted[i])
          {
            for (size_t k = 0; k < q; k++)
              rows[i * q + k] = lmm->blup[s * q + k];
            break;
          }
      }
  check_matrix (check, rows, n, q, "ranef_first3");
}

void
check_lmm (Check *check)
{
  static const char *const methods[] = { "ML", "REML", NULL };
  static const char *const kinds[] = { "intercept", "intercept+slope", NULL };
  int method = check_option_choice (check, "method", methods);
  int kind = check_option_choice (check, "Z", kinds);
  double level = check_option_number (check, "level");
  g_auto (CheckDesign) design = { 0 };
  KtmLmm *lmm = NULL;

  if (check_failed (check) || !check_design_read (check, kind == 1 ? "slope" : NULL, &design))
    return;
  check_status (check, ktm_lmm_fit (design.y, design.subject, design.x, design.extra, design.n,
                                    design.p, method == 0 ? KTM_LIKELIHOOD_ML : KTM_LIKELIHOOD_REML,
                                    level, NULL, &lmm));
  if (lmm == NULL)
    return;
  check_number (check, (double) lmm->n_rows, "n_obs");
  check_number (check, (double) lmm->n_subjects, "n_subjects");
  check_number (check, (double) lmm->n_parameters, "n_par");
  check_number (check, lmm->loglik, "loglik");
  check_number (check, lmm->deviance, "deviance");
  check_number (check, lmm->aic, "aic");
  check_number (check, lmm->bic, "bic_obs");
  check_design_emit (check, lmm->coefficient, lmm->beta, lmm->vcov, lmm->n_columns);
  emit_wald (check, lmm, level);
  emit_random (check, lmm);
  emit_blups (check, lmm);
  ktm_lmm_free (lmm);
}
