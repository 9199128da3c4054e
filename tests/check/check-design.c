/* The rows of a mixed model's case, and the coefficients every such model answers. */
#include "check-design.h"

#include <string.h>

void
check_design_clear (CheckDesign *design)
{
  g_clear_pointer (&design->y, g_free);
  g_clear_pointer (&design->x, g_free);
  g_clear_pointer (&design->subject, g_free);
  g_clear_pointer (&design->extra, g_free);
}

static bool
is_label (double value)
{
  return value >= 0 && value < 1e9 && value == floor (value);
}

bool
check_design_read (Check *check, const char *extra, CheckDesign *out)
{
  size_t n_y, n_subject, n_x, n_extra = 0;
  const double *y = check_array (check, "y", &n_y),
               *subject = check_array (check, "subject", &n_subject);
  const double *x = check_array (check, "X", &n_x);
  const double *more = extra == NULL ? NULL : check_array (check, extra, &n_extra);
  double p = check_option_number (check, "p");

  check_option_labels (check, "x_columns");
  if (check_failed (check))
    return false;
  if (!is_label (p) || p < 1 || n_subject != n_y || n_x != n_y * (size_t) p
      || (extra != NULL && n_extra != n_y))
    {
      check_fail (check, "the arrays do not have the same number of rows");
      return false;
    }
  out->p = (size_t) p;
  out->y = g_new0 (double, n_y + 1);
  out->x = g_new0 (double, n_x + 1);
  out->subject = g_new0 (size_t, n_y + 1);
  out->extra = extra == NULL ? NULL : g_new0 (double, n_y + 1);
  for (size_t i = 0; i < n_y; i++)
    {
      if (!is_label (subject[i]))
        {
          check_fail (check, "subject %g is no index", subject[i]);
          return false;
        }
      if (isnan (y[i]) || (more != NULL && isnan (more[i]))
          || !ktm_stats_all_finite (x + i * out->p, out->p))
        continue;
      out->y[out->n] = y[i];
      out->subject[out->n] = (size_t) subject[i];
      memcpy (out->x + out->n * out->p, x + i * out->p, out->p * sizeof (double));
      if (more != NULL)
        out->extra[out->n] = more[i];
      out->n++;
    }
  return true;
}

void
check_design_emit (Check *check, const KtmContrast *coefficient, const double *beta,
                   const double *vcov, size_t p)
{
  g_autofree double *se = g_new (double, p), *t = g_new (double, p), *df = g_new (double, p),
                    *pv = g_new (double, p);

  for (size_t j = 0; j < p; j++)
    {
      se[j] = coefficient[j].estimate.se;
      t[j] = coefficient[j].test.statistic;
      df[j] = coefficient[j].test.df;
      pv[j] = coefficient[j].test.p;
    }
  check_elements (check, beta, p, "beta");
  check_elements (check, se, p, "beta_se");
  check_elements (check, t, p, "beta_t");
  check_elements (check, df, p, "beta_df_satterthwaite");
  check_elements (check, pv, p, "beta_p_satterthwaite");
  check_matrix (check, vcov, p, p, "vcov_beta");
}
