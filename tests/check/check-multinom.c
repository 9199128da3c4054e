/* multinom: multinomial logistic regression. */
#include "check.h"

#include "ktm-multinom.h"

static void
emit (Check *check, const KtmMultinom *fit)
{
  size_t k = fit->n_classes - 1, p = fit->p;

  check_number (check, (double) fit->n, "n");
  check_numbers (check, fit->class_n, fit->n_classes, "class_n");
  check_matrix (check, fit->beta, k, p, "beta");
  check_matrix (check, fit->se, k, p, "beta_se");
  check_matrix (check, fit->z, k, p, "beta_z");
  check_matrix (check, fit->p_value, k, p, "beta_p");
  check_matrix (check, fit->ratio, k, p, "rrr");
  check_matrix (check, fit->ratio_low, k, p, "rrr_lo");
  check_matrix (check, fit->ratio_high, k, p, "rrr_hi");
  check_number (check, fit->loglik, "loglik");
  check_number (check, fit->loglik_null, "loglik_null");
  check_number (check, fit->lr.statistic, "lr_chi2");
  check_number (check, fit->lr.df, "lr_df");
  check_number (check, fit->lr.p, "lr_p");
  check_number (check, fit->aic, "aic");
  check_number (check, fit->mcfadden_r2, "mcfadden_r2");
}

void
check_multinom (Check *check)
{
  size_t n, n_x;
  const double *y = check_array (check, "y", &n), *x = check_array (check, "X", &n_x);
  size_t p = (size_t) check_option_number (check, "p"),
         k = (size_t) check_option_number (check, "n_classes");
  double level = check_option_number (check, "level");
  g_autofree size_t *classes = g_new (size_t, n + 1);
  KtmMultinom fit = { .n = 0 };

  check_option_labels (check, "x_columns");
  check_option_labels (check, "y_labels");
  if (!check_failed (check) && n_x != n * p)
    check_fail (check, "X has %zu numbers instead of %zu", n_x, n * p);
  if (check_failed (check))
    return;
  for (size_t i = 0; i < n; i++)
    classes[i] = (size_t) y[i];
  check_status (check, ktm_multinom (classes, NULL, x, n, p, k, level, &fit));
  if (fit.beta == NULL)
    check_fail (check, "no fit");
  else
    emit (check, &fit);
  ktm_multinom_clear (&fit);
}
