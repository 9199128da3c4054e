/* model/stats: logistic regression, and Firth's penalised likelihood where ML lies at infinity. */
#include "ktm-logistic.h"

#include "ktm-dense.h"
#include "ktm-logistic-private.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

#define GATHER_FROM 1000 /* patients; the sums of fewer are quick, and keep their last digits */

/* One coefficient's profile: what 2 (best - profile) must not exceed. */
typedef struct
{
  KtmLogit *d;
  double *b, *start; /* p: working and best coordinates, the coefficient's last */
  double scale;      /* coefficient times scale = last coordinate */
  double best, limit;
  const KtmProgress *progress;
  KtmStatsStatus status;
} Profile;

static double
profile_excess (Profile *f, double beta)
{
  size_t p = f->d->p;

  memcpy (f->b, f->start, p * sizeof (double));
  f->b[p - 1] = beta * f->scale;
  f->status = ktm_logit_maximise (f->d, f->b, p - 1, f->progress);
  if (f->status == KTM_STATS_SEPARATED || f->status == KTM_STATS_NO_CONVERGENCE)
    { /* once more from nothing: far from the optimum the others may have to move far */
      memset (f->b, 0, p * sizeof (double));
      f->b[p - 1] = beta * f->scale;
      f->status = ktm_logit_maximise (f->d, f->b, p - 1, f->progress);
    }
  return f->status == KTM_STATS_OK ? 2 * (f->best - f->d->objective) - f->limit : NAN;
}

/* The end of the interval on one side: outwards until the profile has fallen enough, then the root
 * by regula falsi (Illinois).  Infinite where it never falls so far, NaN where the fit fails. */
static double
profile_end (Profile *f, double beta, double step)
{
  double a = beta, fa = -f->limit, b = beta + step, fb = profile_excess (f, b);

  for (int k = 0; k < 40 && !(fb >= 0) && f->status != KTM_STATS_CANCELLED; k++)
    {
      if (fb < 0)
        {
          a = b;
          fa = fb;
        }
      step *= fb < 0 ? 1.6 : 0.4; /* a fit that failed was too far out */
      b = a + step;
      fb = profile_excess (f, b);
    }
  if (isnan (fb))
    return NAN;
  if (fb < 0)
    return step > 0 ? INFINITY : -INFINITY;
  for (int k = 0; k < 100 && fabs (b - a) > 1e-11 * (1 + fabs (b)); k++)
    {
      double c = b - fb * (b - a) / (fb - fa), fc = profile_excess (f, c);

      if (isnan (fc))
        return NAN;
      if (fabs (fc) < 1e-11)
        return c;
      if ((fc > 0) == (fb > 0))
        fa /= 2;
      else
        {
          a = b;
          fa = fb;
        }
      b = c;
      fb = fc;
    }
  return b;
}

static KtmTest
chi_square (double statistic, double df)
{
  statistic = fmax (0, statistic);
  return (KtmTest) { statistic, df, NAN, gsl_cdf_chisq_Q (statistic, df) };
}

static KtmStatsStatus
fill_profile (KtmLogistic *o, KtmLogit *d, const double *x, size_t column, double best,
              const KtmProgress *progress)
{
  size_t p = o->p;
  double z = ktm_contrast_t_factor (o->level, INFINITY), beta = o->beta[column];
  double se = o->wald[column].estimate.se, low, high, none,
         *memory = calloc (2 * p, sizeof (double));
  KtmStatsStatus status;

  if (memory == NULL)
    return KTM_STATS_NO_MEMORY;
  status = ktm_logit_columns (d, x, &column, 1);
  if (status == KTM_STATS_OK)
    status = ktm_logit_maximise (d, memory, p, progress);
  if (status == KTM_STATS_OK)
    {
      Profile f = { .d = d, .b = memory + p, .start = memory, .scale = d->r[p * p - 1],
                    .best = best, .limit = z * z, .progress = progress };

      high = profile_end (&f, beta, z * se);
      low = f.status == KTM_STATS_CANCELLED ? NAN : profile_end (&f, beta, -z * se);
      none = f.status == KTM_STATS_CANCELLED ? NAN : profile_excess (&f, 0) + f.limit;
      status = f.status == KTM_STATS_CANCELLED ? f.status : KTM_STATS_OK;
      o->profile[column].estimate = (KtmEstimate) { beta, se, low, high };
      o->profile[column].test = isnan (none) ? KTM_TEST_NAN : chi_square (none, 1);
    }
  free (memory);
  return status;
}

/* Likelihood of the constant alone (or of nothing, where X cannot make one); with the penalty of
 * the whole model its maximum is still closed: (events + p/2) / (n + p). */
static void
fill_overall (KtmLogistic *o, const KtmLogit *d, double best)
{
  double n = (double) o->n, events = (double) o->n_events, p = (double) o->p, left = n;
  double pi = 0.5, df, null;

  for (size_t j = 0; j < o->p; j++)
    {
      double f = 0;

      for (size_t i = 0; i < d->n; i++)
        f += (d->count != NULL ? d->count[i] : 1) * d->q[i * o->p + j];
      left -= f * f;
    }
  df = left < 1e-10 * n ? p - 1 : p;
  if (df < p)
    pi = events / n;
  o->loglik_null = events * log (pi) + (n - events) * log1p (-pi);
  null = o->loglik_null;
  if (d->firth)
    {
      pi = df < p ? (events + p / 2) / (n + p) : 0.5;
      null = (events + p / 2) * log (pi) + (n - events + p / 2) * log1p (-pi);
    }
  o->overall = df > 0 ? chi_square (2 * (best - null), df) : KTM_TEST_NAN;
  o->aic = -2 * o->loglik + 2 * p;
  o->mcfadden_r2 = 1 - o->loglik / o->loglik_null;
}

static bool
allocate (KtmLogistic *o)
{
  size_t p = o->p;

  o->beta = calloc (p, sizeof (double));
  o->vcov = calloc (p * p, sizeof (double));
  o->wald = calloc (p, sizeof (KtmContrast));
  o->profile = calloc (p, sizeof (KtmContrast));
  o->odds_ratio = calloc (p, sizeof (KtmEstimate));
  o->fitted = calloc (o->n, sizeof (double));
  return o->beta && o->vcov && o->wald && o->profile && o->odds_ratio && o->fitted;
}

static void
fill_wald (KtmLogistic *o, const KtmLogit *d, const size_t *row)
{
  size_t p = o->p;

  ktm_dense_back_beta (d->r, p, o->beta);
  ktm_dense_inverse (d->fisher, p, o->vcov);
  ktm_dense_back_vcov (d->r, p, o->vcov);
  o->loglik = d->loglik;
  o->iterations = d->iterations;
  for (size_t i = 0; i < o->n; i++)
    o->fitted[i] = 1 / (1 + exp (-d->eta[row != NULL ? row[i] : i]));
  for (size_t j = 0; j < p; j++)
    o->wald[j] = ktm_contrast_make (o->beta[j], sqrt (o->vcov[j * p + j]), INFINITY, o->level);
}

static KtmStatsStatus
fit (KtmLogistic *o, KtmLogit *d, const double *x, const size_t *row, KtmLogisticMethod method,
     const KtmProgress *progress)
{
  KtmStatsStatus status = ktm_logit_columns (d, x, NULL, 0);
  double best;

  if (status != KTM_STATS_OK)
    return status;
  d->firth = method == KTM_LOGISTIC_FIRTH;
  o->separation = d->firth ? KTM_SEPARATION_NOT_ASKED : KTM_SEPARATION_NONE;
  status = ktm_logit_maximise (d, o->beta, o->p, progress);
  if (status == KTM_STATS_SEPARATED && method == KTM_LOGISTIC_AUTO)
    {
      o->separation = d->separation;
      d->firth = true;
      memset (o->beta, 0, o->p * sizeof (double));
      status = ktm_logit_maximise (d, o->beta, o->p, progress);
    }
  if (status != KTM_STATS_OK)
    return status;
  o->used = d->firth ? KTM_LOGISTIC_FIRTH : KTM_LOGISTIC_ML;
  best = d->objective;
  fill_wald (o, d, row);
  fill_overall (o, d, best);
  for (size_t j = 0; j < o->p && status == KTM_STATS_OK; j++)
    {
      const KtmEstimate *e;

      status = fill_profile (o, d, x, j, best, progress);
      e = d->firth ? &o->profile[j].estimate : &o->wald[j].estimate;
      o->odds_ratio[j] = (KtmEstimate) { exp (e->value), exp (e->value) * e->se, exp (e->low),
                                         exp (e->high) };
      ktm_progress_report (progress, (double) (j + 1) / (double) o->p);
    }
  return status;
}

/* log odds of y = 1 is X beta.
 *
 * @y:      n values, 0 or 1;  @x: n x p, the intercept a column of the caller's
 * @method: AUTO goes to Firth's penalised likelihood where columns part responders from
 *          non-responders, and `used` and `separation` say so
 * @out:    the caller's: ktm_logistic_free(); NULL on any status but OK
 *
 * NaN: not accepted (NOT_FINITE).  BAD_ARGUMENT: a y other than 0 and 1.  TOO_FEW: n <= p.
 * NO_VARIANCE: all y equal.  SINGULAR: collinear columns.  SEPARATED: method ML only.
 * Source: Firth (1993), Biometrika 80:27-38; Heinze and Schemper (2002), Stat Med 21:2409-2419
 * (separation, profile penalised likelihood: the penalty is that of the whole model throughout).
 * Of 1 000 patients and more those with the same columns are counted together.
 */
KtmStatsStatus
ktm_logistic_fit (const double *y, const double *x, size_t n, size_t p, KtmLogisticMethod method,
                  double level, const KtmProgress *progress, KtmLogistic **out)
{
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  KtmLogistic *o;
  KtmLogitRows rows;
  KtmLogit d;
  size_t events = 0;
  bool gathered;

  *out = NULL;
  if (p == 0 || !ktm_contrast_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  if (n <= p)
    return KTM_STATS_TOO_FEW;
  if (!ktm_stats_all_finite (y, n) || !ktm_stats_all_finite (x, n * p))
    return KTM_STATS_NOT_FINITE;
  for (size_t i = 0; i < n; i++)
    {
      if (y[i] != 0 && y[i] != 1)
        return KTM_STATS_BAD_ARGUMENT;
      events += y[i] == 1;
    }
  if (events == 0 || events == n)
    return KTM_STATS_NO_VARIANCE;
  o = calloc (1, sizeof (KtmLogistic));
  if (o == NULL)
    return status;
  *o = (KtmLogistic) { .n = n, .p = p, .n_events = events, .level = level };
  gathered = n >= GATHER_FROM && ktm_logit_gather (y, x, n, p, &rows);
  if (gathered ? ktm_logit_init (&d, rows.y, rows.count, rows.n, p)
               : ktm_logit_init (&d, y, NULL, n, p))
    status = allocate (o) ? fit (o, &d, gathered ? rows.x : x, gathered ? rows.row : NULL, method,
                                 progress)
                          : KTM_STATS_NO_MEMORY;
  ktm_logit_clear (&d);
  if (gathered)
    ktm_logit_scatter (&rows);
  if (status == KTM_STATS_OK)
    *out = o;
  else
    ktm_logistic_free (o);
  return status;
}

/* Frees a regression; NULL is allowed. */
void
ktm_logistic_free (KtmLogistic *logistic)
{
  if (logistic == NULL)
    return;
  free (logistic->beta);
  free (logistic->vcov);
  free (logistic->wald);
  free (logistic->profile);
  free (logistic->odds_ratio);
  free (logistic->fitted);
  free (logistic);
}

/* (Penalised) likelihood-ratio test that some columns' coefficients are all 0, by the method the
 * regression used; @y and @x are those it was fitted to.  Chi-square on n_columns df.
 * BAD_ARGUMENT: no column, one out of range, or one named twice. */
KtmStatsStatus
ktm_logistic_columns (const KtmLogistic *logistic, const double *y, const double *x,
                      const size_t *column, size_t n_columns, KtmTest *out)
{
  size_t n = logistic->n, p = logistic->p;
  KtmStatsStatus status = KTM_STATS_NO_MEMORY;
  double *b, best;
  KtmLogit d;

  *out = KTM_TEST_NAN;
  if (n_columns == 0 || n_columns > p)
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; i < n_columns; i++)
    for (size_t j = 0; j <= i; j++)
      if (column[i] >= p || (j < i && column[j] == column[i]))
        return KTM_STATS_BAD_ARGUMENT;
  b = calloc (p, sizeof (double));
  if (ktm_logit_init (&d, y, NULL, n, p) && b != NULL)
    {
      d.firth = logistic->used == KTM_LOGISTIC_FIRTH;
      status = ktm_logit_columns (&d, x, column, n_columns);
      if (status == KTM_STATS_OK)
        status = ktm_logit_maximise (&d, b, p, NULL);
      best = d.objective;
      memset (b, 0, p * sizeof (double));
      if (status == KTM_STATS_OK)
        status = ktm_logit_maximise (&d, b, p - n_columns, NULL);
      if (status == KTM_STATS_OK)
        *out = chi_square (2 * (best - d.objective), (double) n_columns);
    }
  ktm_logit_clear (&d);
  free (b);
  return status;
}

static double
infinite_df (const double *l, const void *model)
{
  return INFINITY;
}

/* l'beta on the log odds scale with its Wald interval and z test; @l: p finite weights. */
KtmStatsStatus
ktm_logistic_contrast (const KtmLogistic *logistic, const double *l, double level,
                       KtmContrast *out)
{
  return ktm_contrast_of (l, logistic->p, logistic->beta, logistic->vcov, infinite_df, logistic,
                          level, out);
}

/* Wald test of L beta = 0 (n_rows x p): F with infinite denominator df = chi-square / df. */
KtmStatsStatus
ktm_logistic_joint (const KtmLogistic *logistic, const double *l, size_t n_rows, KtmTest *out)
{
  return ktm_contrast_joint (l, n_rows, logistic->p, logistic->beta, logistic->vcov, infinite_df,
                             logistic, out);
}

/* What was maximised and how the odds ratios' intervals were made. */
const char *
ktm_logistic_method_text (const KtmLogistic *logistic)
{
  if (logistic->used == KTM_LOGISTIC_ML)
    return N_("Maximum likelihood; Wald intervals.");
  if (logistic->separation == KTM_SEPARATION_NOT_ASKED)
    return N_("Firth's penalised likelihood; profile penalised likelihood intervals.");
  return N_("Responders and non-responders are separated, so the ordinary estimate is infinite: "
            "Firth's penalised likelihood, with profile penalised likelihood intervals.");
}
