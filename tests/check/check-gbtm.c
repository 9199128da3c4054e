/* gbtm: trajectory classes. */
#include "check.h"

#include "ktm-gbtm.h"

typedef struct
{
  KtmGbtmData data;
  size_t *subject;
  size_t  k, order;
} Case;

static void
read_case (Check *check, Case *c)
{
  static const char *const models[] = { "normal", "censored_normal", NULL };
  size_t n, n_time, n_y;
  const double *subject = check_array (check, "subject", &n);
  bool normal = check_option_choice (check, "model", models) == 0;

  c->data.time = check_array (check, "time", &n_time);
  c->data.y = check_array (check, "y", &n_y);
  c->k = (size_t) check_option_number (check, "K");
  c->order = (size_t) check_option_number (check, "degree");
  check_option_bool (check, "well_identified");
  c->data.lo = check_option_limit (check, "lo");
  c->data.hi = check_option_limit (check, "hi");
  if (normal)
    {
      c->data.lo = -INFINITY;
      c->data.hi = INFINITY;
    }
  if (n != n_time || n != n_y)
    check_fail (check, "subject, time and y differ in length");
  if (check_failed (check))
    return;
  c->subject = g_new (size_t, n + 1);
  c->data.n_obs = n;
  for (size_t i = 0; i < n; i++)
    {
      c->subject[i] = (size_t) subject[i];
      c->data.n_subjects = MAX (c->data.n_subjects, c->subject[i] + 1);
    }
  c->data.subject = c->subject;
}

/* Our log-likelihood at the parameters of the reference; NaN where it gives none. */
static double
loglik_at_reference (Check *check, const Case *c)
{
  size_t n_coef, n_pi, n_sigma;
  const double *coef = check_expected (check, "coef", &n_coef),
               *pi = check_expected (check, "pi", &n_pi);
  const double *sigma = check_expected (check, "sigma", &n_sigma);
  KtmGbtmModel model = { .n_classes = c->k, .lo = c->data.lo, .hi = c->data.hi };
  double loglik;

  if (coef == NULL || pi == NULL || sigma == NULL || n_coef != c->k * (c->order + 1) || n_pi != c->k
      || n_sigma != 1)
    return NAN;
  for (size_t k = 0; k < c->k; k++)
    {
      model.n_coef[k] = c->order + 1;
      model.sigma[k] = sigma[0];
      model.pi[k] = pi[k];
      model.theta[k][0] = log (pi[k] / pi[0]);
      for (size_t j = 0; j <= c->order; j++)
        model.coef[k][j] = coef[k * (c->order + 1) + j];
    }
  return ktm_gbtm_loglik (&c->data, &model, &loglik) == KTM_STATS_OK ? loglik : NAN;
}

static void
emit_rows (Check *check, const KtmGbtmFit *fit, double rows[][KTM_GBTM_MAX_COEF], const char *key)
{
  size_t k = fit->model.n_classes, p = fit->model.n_coef[0];
  g_autofree double *flat = g_new (double, k * p);

  for (size_t i = 0; i < k * p; i++)
    flat[i] = rows[i / p][i % p];
  check_matrix (check, flat, k, p, "%s", key);
}

static void
emit_classes (Check *check, KtmGbtmFit *fit)
{
  size_t k = fit->model.n_classes;

  check_number (check, fit->model.sigma[0], "sigma");
  check_numbers (check, fit->model.pi, k, "pi");
  emit_rows (check, fit, fit->model.coef, "coef");
  check_numbers (check, fit->time, fit->n_times, "times");
  check_matrix (check, fit->fitted, k, fit->n_times, "fitted");
  check_number (check, fit->sigma_se[0], "sigma_se");
  check_numbers (check, fit->pi_se, k, "pi_se");
  emit_rows (check, fit, fit->coef_se, "coef_se");
}

static void
emit_adequacy (Check *check, const KtmGbtmFit *fit)
{
  size_t k = fit->model.n_classes, n = fit->n_subjects;
  g_autofree double *posterior = g_new (double, k *n), *modal = g_new (double, n),
                    *share = g_new (double, k);

  for (size_t i = 0; i < n; i++)
    {
      modal[i] = fit->modal[i] + 1;
      for (size_t c = 0; c < k; c++)
        posterior[c * n + i] = fit->posterior[i * k + c];
    }
  for (size_t c = 0; c < k; c++)
    share[c] = (double) fit->modal_n[c] / (double) n;
  check_matrix (check, posterior, k, n, "posterior");
  check_numbers (check, modal, n, "modal_class");
  check_sizes (check, fit->modal_n, k, "modal_n");
  check_numbers (check, share, k, "modal_share");
  check_numbers (check, fit->appa, k, "appa");
  check_numbers (check, fit->occ, k, "occ");
  check_numbers (check, fit->mismatch, k, "mismatch");
  check_number (check, fit->entropy, "entropy_relative");
}

static void
emit_fit (Check *check, const Case *c, KtmGbtmFit *fit)
{
  check_number (check, (double) fit->n_subjects, "n_subjects");
  check_number (check, (double) fit->n_obs, "n_obs");
  check_number (check, (double) fit->n_left, "n_left_censored");
  check_number (check, (double) fit->n_right, "n_right_censored");
  check_number (check, (double) fit->n_par, "n_par");
  check_loglik (check, "loglik", fit->loglik, loglik_at_reference (check, c), fit->model.sigma[0],
                fit->pooled_sd);
  check_number (check, fit->aic, "aic");
  check_number (check, fit->bic_subjects, "bic_subjects");
  check_number (check, fit->bic_obs, "bic_obs");
  check_number (check, fit->bic_jones_nagin_subjects, "bic_jones_nagin_subjects");
  check_number (check, fit->bic_jones_nagin_obs, "bic_jones_nagin_obs");
  emit_classes (check, fit);
  emit_adequacy (check, fit);
}

void
check_gbtm (Check *check)
{
  Case c = { .k = 0 };
  KtmGbtmFit *fit = NULL;

  read_case (check, &c);
  if (!check_failed (check))
    {
      KtmGbtmSpec spec = ktm_gbtm_spec (c.k, c.order);
      KtmStatsStatus status = ktm_gbtm_fit (&c.data, &spec, NULL, NULL, &fit);

      check_status (check, status);
      if (status != KTM_STATS_OK)
        check_fail (check, "no fit");
      else
        emit_fit (check, &c, fit);
    }
  ktm_gbtm_fit_free (fit);
  g_free (c.subject);
}
