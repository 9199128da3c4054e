/* model/stats: a fitted model of trajectory classes that is kept, and patients it is applied to.
 * libc only. */
#include "ktm-class-model.h"

#include <stdlib.h>
#include <string.h>

#include "ktm-gbtm-patient.h"
#include "ktm-gbtm-private.h"

/* --- the data it was made from ---------------------------------------------------------------- */

static uint64_t
hash_bytes (uint64_t hash, const void *bytes, size_t n)
{
  const unsigned char *b = bytes;

  for (size_t i = 0; i < n; i++)
    hash = (hash ^ b[i]) * UINT64_C (0x100000001b3);
  return hash;
}

/* One (time, score) pair; −0 is 0. */
static uint64_t
hash_score (double time, double y)
{
  double pair[2] = { time + 0.0, y + 0.0 };

  return hash_bytes (UINT64_C (0xcbf29ce484222325), pair, sizeof pair);
}

uint64_t
ktm_class_fingerprint (const KtmGbtmData *data)
{
  uint64_t *patient = calloc (data->n_subjects + 1, sizeof *patient), all = data->n_obs;

  for (size_t r = 0; r < data->n_obs && patient != NULL; r++)
    patient[data->subject[r]] += hash_score (data->time[r], data->y[r]);
  for (size_t i = 0; i < data->n_subjects && patient != NULL; i++)
    if (patient[i] != 0)
      all += hash_bytes (UINT64_C (0xcbf29ce484222325), &patient[i], sizeof patient[i]);
  free (patient);
  return all;
}

/* --- life ------------------------------------------------------------------------------------- */

static char *
copy_text (const char *text, bool *lost)
{
  char *copy = text != NULL ? strdup (text) : NULL;

  *lost = *lost || (text != NULL && copy == NULL);
  return copy;
}

static void
copy_covariance (const KtmGbtmFit *fit, KtmClassModel *model, bool *lost)
{
  size_t n = fit->n_par;

  if (fit->flags & KTM_GBTM_NO_SE || !ktm_stats_all_finite (fit->vcov, n * n))
    return;
  model->vcov = malloc (n * n * sizeof *model->vcov);
  if (model->vcov == NULL)
    *lost = true;
  else
    memcpy (model->vcov, fit->vcov, n * n * sizeof *model->vcov);
}

KtmClassModel *
ktm_class_model_new (const KtmClassResult *result, const char *time_unit, const char *version)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (result);
  KtmClassModel *model = fit != NULL ? calloc (1, sizeof *model) : NULL;
  bool lost = false;

  if (model == NULL)
    return NULL;
  *model = (KtmClassModel) {
    .ref_count = 1, .model = fit->model, .from = result->from, .to = result->to,
    .lower_better = result->lower_better, .sigma_by_class = fit->spec.sigma_by_class,
    .seed = result->spec.seed, .n_starts = fit->n_tried, .loglik = fit->loglik,
    .n_subjects = fit->n_subjects, .n_obs = fit->n_obs, .n_par = fit->n_par,
    .fingerprint = ktm_class_fingerprint (&result->data),
  };
  model->measure = copy_text (result->measure, &lost);
  model->time_unit = copy_text (time_unit, &lost);
  model->version = copy_text (version, &lost);
  for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
    model->name[k] = copy_text (result->name[result->n_classes - 1][k], &lost);
  copy_covariance (fit, model, &lost);
  if (!lost)
    return model;
  ktm_class_model_unref (model);
  return NULL;
}

KtmClassModel *
ktm_class_model_ref (const KtmClassModel *model)
{
  KtmClassModel *m = (KtmClassModel *) model;

  if (m != NULL)
    __atomic_add_fetch (&m->ref_count, 1, __ATOMIC_RELAXED);
  return m;
}

void
ktm_class_model_unref (KtmClassModel *model)
{
  if (model == NULL || __atomic_sub_fetch (&model->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  free (model->measure);
  free (model->time_unit);
  free (model->version);
  free (model->vcov);
  for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
    free (model->name[k]);
  free (model);
}

/* --- can it be a model? ----------------------------------------------------------------------- */

static bool
shape_is_valid (const KtmGbtmModel *m)
{
  size_t least = m->shape == KTM_GBTM_SPLINE ? 3 : 1;

  if (m->shape > KTM_GBTM_PIECEWISE || m->n_knots > KTM_GBTM_MAX_KNOTS)
    return false;
  if (m->shape != KTM_GBTM_POLYNOMIAL && m->n_knots < least)
    return false;
  for (size_t i = 0; i < m->n_knots; i++)
    if (!isfinite (m->knots[i]) || (i > 0 && m->knots[i] <= m->knots[i - 1]))
      return false;
  return true;
}

static bool
class_is_valid (const KtmGbtmModel *m, size_t k)
{
  size_t p = m->shape == KTM_GBTM_SPLINE ? m->n_knots : m->n_knots + 2;

  if (m->n_coef[k] < 1 || m->n_coef[k] > KTM_GBTM_MAX_COEF
      || (m->shape == KTM_GBTM_POLYNOMIAL ? m->n_coef[k] > KTM_GBTM_MAX_ORDER + 1
                                          : m->n_coef[k] != p))
    return false;
  return ktm_stats_all_finite (m->coef[k], m->n_coef[k]) && isfinite (m->sigma[k])
         && m->sigma[k] > 0 && m->pi[k] > 0 && m->pi[k] <= 1;
}

/* Coefficients, sigmas, log odds of the classes after the first, and tau where it was estimated:
 * whoever reads a covariance counts on their places. */
static bool
count_is_right (const KtmClassModel *model)
{
  const KtmGbtmModel *m = &model->model;
  size_t n = (model->sigma_by_class ? m->n_classes : 1) + m->n_classes - 1;

  for (size_t k = 0; k < m->n_classes; k++)
    n += m->n_coef[k];
  return model->n_par == n || model->n_par == n + 1;
}

bool
ktm_class_model_is_valid (const KtmClassModel *model)
{
  const KtmGbtmModel *m = &model->model;
  double share = 0;

  if (model->measure == NULL || m->n_classes < 1 || m->n_classes > KTM_GBTM_MAX_CLASSES
      || m->n_covariates != 0 || !shape_is_valid (m) || !(m->lo < m->hi)
      || !(m->first_time <= m->last_time) || !isfinite (m->first_time) || !isfinite (m->last_time)
      || !(m->tau >= 0) || !isfinite (m->tau) || !isfinite (model->loglik)
      || model->n_par > GBTM_MAX_PAR)
    return false;
  for (size_t k = 0; k < m->n_classes; k++)
    {
      if (!class_is_valid (m, k))
        return false;
      share += m->pi[k];
    }
  return fabs (share - 1) < 1e-6 && count_is_right (model)
         && (model->vcov == NULL
             || ktm_stats_all_finite (model->vcov, model->n_par * model->n_par));
}

/* --- applied ---------------------------------------------------------------------------------- */

static int
compare_numbers (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The distinct times of the scores, ascending, in fit->time. */
static void
list_times (const KtmGbtmData *data, double *scratch, KtmGbtmFit *fit)
{
  memcpy (scratch, data->time, data->n_obs * sizeof *scratch);
  qsort (scratch, data->n_obs, sizeof *scratch, compare_numbers);
  for (size_t r = 0; r < data->n_obs; r++)
    if (r == 0 || scratch[r] != scratch[r - 1])
      fit->time[fit->n_times++] = scratch[r];
}

static void
fill_curves (KtmGbtmFit *fit)
{
  const KtmGbtmModel *model = &fit->model;

  for (size_t k = 0; k < model->n_classes; k++)
    for (size_t d = 0; d < fit->n_times; d++)
      {
        double mu = ktm_gbtm_latent (model, k, fit->time[d]);

        fit->fitted[k * fit->n_times + d] = mu;
        fit->level[k] += mu / (double) fit->n_times;
        if (mu < model->lo || mu > model->hi)
          fit->flags |= KTM_GBTM_OFF_SCALE;
      }
}

/* One patient's rows, gathered by offset: begin[i] … begin[i + 1]. */
typedef struct
{
  size_t *begin;
  double *time, *y;
} Rows;

static void
gather (const KtmGbtmData *data, Rows *rows)
{
  size_t *at = rows->begin + data->n_subjects + 1;

  for (size_t r = 0; r < data->n_obs; r++)
    rows->begin[data->subject[r] + 1]++;
  for (size_t i = 0; i < data->n_subjects; i++)
    rows->begin[i + 1] += rows->begin[i];
  memcpy (at, rows->begin, data->n_subjects * sizeof *at);
  for (size_t r = 0; r < data->n_obs; r++)
    {
      size_t to = at[data->subject[r]]++;

      rows->time[to] = data->time[r];
      rows->y[to] = data->y[r];
    }
}

static KtmStatsStatus
place_patients (const KtmGbtmData *data, const Rows *rows, KtmGbtmFit *fit)
{
  size_t k = fit->model.n_classes;

  for (size_t i = 0; i < data->n_subjects; i++)
    {
      size_t from = rows->begin[i], n = rows->begin[i + 1] - from, modal = 0;
      double *post = fit->posterior + i * k;
      KtmStatsStatus status;

      fit->modal[i] = -1;
      for (size_t c = 0; c < k; c++)
        post[c] = NAN;
      if (n == 0)
        continue;
      status = ktm_gbtm_posterior (&fit->model, NULL, rows->time + from, rows->y + from, n, post);
      if (status != KTM_STATS_OK)
        return status;
      for (size_t c = 1; c < k; c++)
        if (post[c] > post[modal])
          modal = c;
      fit->modal[i] = (int) modal;
      fit->modal_n[modal]++;
      fit->appa[modal] += post[modal];
      fit->n_subjects++;
    }
  fit->n_without_score = data->n_subjects - fit->n_subjects;
  return KTM_STATS_OK;
}

static void
fill_adequacy (const KtmGbtmData *data, KtmGbtmFit *fit)
{
  size_t k = fit->model.n_classes;
  double uncertainty = 0, n = (double) fit->n_subjects;

  for (size_t c = 0; c < k; c++)
    {
      double pi = fit->model.pi[c];

      fit->appa[c] = fit->modal_n[c] > 0 ? fit->appa[c] / (double) fit->modal_n[c] : NAN;
      fit->occ[c] = k > 1 ? fit->appa[c] / (1 - fit->appa[c]) / (pi / (1 - pi)) : NAN;
      fit->mismatch[c] = pi - (double) fit->modal_n[c] / n;
    }
  for (size_t i = 0; i < data->n_subjects * k; i++)
    if (fit->posterior[i] > 0)
      uncertainty -= fit->posterior[i] * log (fit->posterior[i]);
  fit->entropy = k > 1 ? 1 - uncertainty / (n * log ((double) k)) : NAN;
  fit->aic = fit->sabic = fit->icl = fit->bic_subjects = fit->bic_obs = NAN;
  fit->bic_jones_nagin_subjects = fit->bic_jones_nagin_obs = fit->max_gradient = NAN;
  fit->min_eigen = fit->pooled_sd = NAN;
  for (size_t r = 0; r < data->n_obs; r++)
    {
      fit->n_left += data->y[r] <= fit->model.lo;
      fit->n_right += data->y[r] >= fit->model.hi;
    }
}

/* Standard errors of the parameters as they came with the model; of shares none. */
static void
fill_errors (const double *vcov, KtmGbtmFit *fit)
{
  size_t n = fit->n_par, at = 0;

  for (size_t i = 0; i < n * n; i++)
    fit->vcov[i] = vcov != NULL ? vcov[i] : NAN;
  if (vcov == NULL)
    fit->flags |= KTM_GBTM_NO_SE;
  for (size_t k = 0; k < fit->model.n_classes; k++)
    {
      for (size_t j = 0; j < fit->model.n_coef[k]; j++, at++)
        fit->coef_se[k][j] = at < n ? sqrt (fit->vcov[at * (n + 1)]) : NAN;
      fit->sigma_se[k] = fit->pi_se[k] = NAN;
    }
  fit->tau_se = NAN;
}

static KtmGbtmFit *
allocate (const KtmGbtmData *data, const KtmGbtmModel *model, size_t n_par, Rows *rows)
{
  size_t k = model->n_classes, n = data->n_subjects;
  KtmGbtmFit *fit = calloc (1, sizeof *fit);

  *rows = (Rows) { calloc (2 * n + 1, sizeof (size_t)),
                   malloc ((data->n_obs + 1) * sizeof (double)),
                   malloc ((data->n_obs + 1) * sizeof (double)) };
  if (fit == NULL)
    return NULL;
  fit->ref_count = 1;
  fit->model = *model;
  fit->n_obs = data->n_obs;
  fit->n_par = n_par;
  fit->time = calloc (data->n_obs + 1, sizeof *fit->time);
  fit->fitted = calloc (k * data->n_obs + 1, sizeof *fit->fitted);
  fit->posterior = calloc (n * k + 1, sizeof *fit->posterior);
  fit->modal = calloc (n + 1, sizeof *fit->modal);
  fit->vcov = calloc (n_par * n_par + 1, sizeof *fit->vcov);
  fit->scaled = calloc (n_par + 1, sizeof *fit->scaled);
  if (rows->begin != NULL && rows->time != NULL && rows->y != NULL && fit->time != NULL
      && fit->fitted != NULL && fit->posterior != NULL && fit->modal != NULL && fit->vcov != NULL
      && fit->scaled != NULL)
    return fit;
  ktm_gbtm_fit_free (fit);
  return NULL;
}

KtmStatsStatus
ktm_gbtm_apply (const KtmGbtmData *data, const KtmGbtmModel *model, const double *vcov,
                size_t n_par, KtmGbtmFit **out)
{
  KtmStatsStatus status = data->n_obs == 0 ? KTM_STATS_TOO_FEW : KTM_STATS_OK;
  KtmGbtmFit *fit;
  Rows rows;

  *out = NULL;
  if (status != KTM_STATS_OK)
    return status;
  fit = allocate (data, model, n_par, &rows);
  if (fit == NULL)
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    {
      fit->spec = ktm_gbtm_spec (model->n_classes, model->n_coef[0] - 1);
      list_times (data, rows.time, fit);
      gather (data, &rows);
      status = place_patients (data, &rows, fit);
    }
  if (status == KTM_STATS_OK)
    {
      /* NaN where these patients are too few to fit a model to: they can be placed all the same */
      ktm_gbtm_loglik (data, model, &fit->loglik);
      fill_curves (fit);
      fill_adequacy (data, fit);
      fill_errors (vcov, fit);
      *out = fit;
    }
  else
    ktm_gbtm_fit_free (fit);
  free (rows.begin);
  free (rows.time);
  free (rows.y);
  return status;
}

/* What was asked for when the model was fitted, as far as the model shows it. */
static KtmGbtmSpec
spec_of (const KtmClassModel *model)
{
  const KtmGbtmModel *m = &model->model;
  KtmGbtmSpec spec = ktm_gbtm_spec (m->n_classes, 0);

  spec.shape = m->shape;
  spec.n_knots = m->n_knots;
  memcpy (spec.knots, m->knots, sizeof spec.knots);
  for (size_t k = 0; k < m->n_classes && m->shape == KTM_GBTM_POLYNOMIAL; k++)
    spec.order[k] = m->n_coef[k] - 1;
  spec.sigma_by_class = model->sigma_by_class;
  spec.random_intercept = m->tau > 0;
  spec.seed = model->seed;
  return spec;
}

KtmStatsStatus
ktm_class_result_apply (KtmClassResult *result, const KtmClassModel *model)
{
  size_t k = model->model.n_classes;
  KtmGbtmFit *fit;
  KtmStatsStatus status;

  result->data.lo = model->model.lo;
  result->data.hi = model->model.hi;
  status = ktm_gbtm_apply (&result->data, &model->model, model->vcov, model->n_par, &fit);
  ktm_gbtm_search_clear (&result->search);
  result->spec = spec_of (model);
  result->n_classes = 0;
  result->by_person = true;
  result->applied = true;
  if (status != KTM_STATS_OK)
    return status;
  fit->spec = result->spec;
  result->search.n = k;
  result->search.fit[k - 1] = fit;
  result->n_classes = k;
  for (size_t c = 0; c < k; c++)
    {
      free (result->name[k - 1][c]);
      result->name[k - 1][c] = model->name[c] != NULL ? strdup (model->name[c]) : NULL;
    }
  return KTM_STATS_OK;
}
