/* model/stats: trajectory classes, from rows of scores to cells on the inner scale. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

/* --- refusals --------------------------------------------------------------------------------- */

static bool
knots_are_valid (const KtmGbtmSpec *spec)
{
  size_t least = spec->shape == KTM_GBTM_SPLINE ? 3 : 1;
  size_t most = spec->shape == KTM_GBTM_SPLINE ? KTM_GBTM_MAX_COEF : KTM_GBTM_MAX_COEF - 2;

  if (spec->shape == KTM_GBTM_POLYNOMIAL)
    return true;
  if (spec->n_knots < least || spec->n_knots > most)
    return false;
  for (size_t i = 0; i < spec->n_knots; i++)
    if (!isfinite (spec->knots[i]) || (i > 0 && spec->knots[i] <= spec->knots[i - 1]))
      return false;
  return true;
}

static KtmStatsStatus
check_spec (const KtmGbtmSpec *spec)
{
  if (spec->n_classes < 1 || spec->n_classes > KTM_GBTM_MAX_CLASSES
      || spec->shape > KTM_GBTM_PIECEWISE || !knots_are_valid (spec))
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t k = 0; k < spec->n_classes; k++)
    if (spec->order[k] > KTM_GBTM_MAX_ORDER)
      return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

static KtmStatsStatus
check_data (const KtmGbtmData *data)
{
  if (data->n_covariates > KTM_GBTM_MAX_COVARIATES || !(data->lo < data->hi)
      || data->n_obs > UINT32_MAX)
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t i = 0; i < data->n_obs; i++)
    {
      if (data->subject[i] >= data->n_subjects)
        return KTM_STATS_BAD_ARGUMENT;
      if (!isfinite (data->time[i]) || !isfinite (data->y[i]))
        return KTM_STATS_NOT_FINITE;
    }
  if (!ktm_stats_all_finite (data->covariate, data->n_covariates * data->n_subjects))
    return KTM_STATS_NOT_FINITE;
  return data->n_obs == 0 ? KTM_STATS_TOO_FEW : KTM_STATS_OK;
}

/* --- cells ------------------------------------------------------------------------------------ */

static bool
allocate (GbtmProblem *pb, size_t n_obs, size_t n, size_t n_times, size_t n_cells, size_t p,
          size_t nz)
{
  *pb = (GbtmProblem){
    .n = n, .n_obs = n_obs, .n_times = n_times, .n_cells = n_cells, .p = p, .nz = nz
  };
  pb->offset = calloc (n + 1, sizeof *pb->offset);
  pb->cell = calloc (n_obs, sizeof *pb->cell);
  pb->cell_time = calloc (n_cells, sizeof *pb->cell_time);
  pb->cell_y = calloc (n_cells, sizeof *pb->cell_y);
  pb->cell_kind = calloc (n_cells, sizeof *pb->cell_kind);
  pb->x = calloc (n_times * p, sizeof *pb->x);
  pb->time = calloc (n_times, sizeof *pb->time);
  pb->weight = calloc (n, sizeof *pb->weight);
  pb->origin = calloc (n, sizeof *pb->origin);
  pb->z = nz > 1 ? calloc (n * nz, sizeof *pb->z) : NULL;
  return pb->offset != NULL && pb->cell != NULL && pb->cell_time != NULL && pb->cell_y != NULL
         && pb->cell_kind != NULL && pb->x != NULL && pb->time != NULL && pb->weight != NULL
         && pb->origin != NULL && (nz == 1 || pb->z != NULL);
}

void
gbtm_problem_free (GbtmProblem *problem)
{
  if (problem == NULL)
    return;
  free (problem->offset);
  free (problem->cell);
  free (problem->cell_time);
  free (problem->cell_y);
  free (problem->cell_kind);
  free (problem->x);
  free (problem->time);
  free (problem->weight);
  free (problem->origin);
  free (problem->z);
  free (problem);
}

static void
count_distinct (const GbtmRow *rows, size_t n, size_t *n_times, size_t *n_cells)
{
  *n_times = *n_cells = 0;
  for (size_t i = 0; i < n; i++)
    {
      bool new_time = i == 0 || rows[i].time != rows[i - 1].time;

      *n_times += new_time;
      *n_cells += new_time || rows[i].y != rows[i - 1].y;
    }
}

/* Subjects with scores in ascending order; @place: where each subject of the data stands, or
 * GBTM_NONE. */
static void
place_subjects (GbtmProblem *pb, const GbtmRow *rows, size_t n_subjects, size_t *place)
{
  size_t n = 0;

  for (size_t s = 0; s < n_subjects; s++)
    place[s] = 0;
  for (size_t i = 0; i < pb->n_obs; i++)
    place[rows[i].subject]++;
  for (size_t s = 0; s < n_subjects; s++)
    {
      size_t visits = place[s];

      place[s] = GBTM_NONE;
      if (visits == 0)
        continue;
      pb->origin[n] = s;
      pb->weight[n] = 1.0;
      pb->offset[n + 1] = pb->offset[n] + visits;
      if (visits > pb->max_visits)
        pb->max_visits = visits;
      place[s] = n++;
    }
  pb->total = (double) n;
}

static void
set_scales (GbtmProblem *pb, const GbtmRow *rows, double lo, double hi)
{
  double sum = 0.0, squares = 0.0, first = rows[0].time, last = rows[pb->n_obs - 1].time;

  for (size_t i = 0; i < pb->n_obs; i++)
    sum += rows[i].y;
  pb->y_centre = sum / (double) pb->n_obs;
  for (size_t i = 0; i < pb->n_obs; i++)
    squares += (rows[i].y - pb->y_centre) * (rows[i].y - pb->y_centre);
  pb->y_scale = pb->pooled_sd = pb->n_obs > 1 ? sqrt (squares / (double) (pb->n_obs - 1)) : 0.0;
  pb->t_centre = 0.5 * (first + last);
  pb->t_half = last > first ? 0.5 * (last - first) : 1.0;
  pb->lo = (lo - pb->y_centre) / pb->y_scale;
  pb->hi = (hi - pb->y_centre) / pb->y_scale;
}

static void
fill_cells (GbtmProblem *pb, const GbtmRow *rows, double lo, double hi, const size_t *place,
            size_t *filled)
{
  size_t d = 0, c = 0;

  for (size_t i = 0; i < pb->n_obs; i++)
    {
      size_t s = place[rows[i].subject];

      if (i > 0 && rows[i].time != rows[i - 1].time)
        d++;
      if (i > 0 && (rows[i].time != rows[i - 1].time || rows[i].y != rows[i - 1].y))
        c++;
      pb->time[d] = rows[i].time;
      pb->cell_time[c] = (uint32_t) d;
      pb->cell_kind[c] = rows[i].y <= lo ? -1 : rows[i].y >= hi ? 1 : 0;
      pb->cell_y[c] = (rows[i].y - pb->y_centre) / pb->y_scale;
      pb->n_left += pb->cell_kind[c] < 0;
      pb->n_right += pb->cell_kind[c] > 0;
      pb->cell[pb->offset[s] + filled[s]++] = (uint32_t) c;
    }
  pb->n_interior = pb->n_obs - pb->n_left - pb->n_right;
}

static KtmStatsStatus
fill_covariates (GbtmProblem *pb, const KtmGbtmData *data)
{
  size_t q = data->n_covariates;

  pb->z_sd[0] = 1.0;
  for (size_t j = 0; j < q; j++)
    {
      double mean = 0.0, ss = 0.0;

      for (size_t i = 0; i < pb->n; i++)
        mean += data->covariate[pb->origin[i] * q + j] / (double) pb->n;
      for (size_t i = 0; i < pb->n; i++)
        ss += pow (data->covariate[pb->origin[i] * q + j] - mean, 2.0);
      pb->z_mean[1 + j] = mean;
      pb->z_sd[1 + j] = sqrt (ss / (double) pb->n);
      if (!(pb->z_sd[1 + j] > 1e-12 * (1.0 + fabs (mean))))
        return KTM_STATS_SINGULAR;
      for (size_t i = 0; i < pb->n; i++)
        {
          pb->z[i * pb->nz] = 1.0;
          pb->z[i * pb->nz + 1 + j] =
              (data->covariate[pb->origin[i] * q + j] - mean) / pb->z_sd[1 + j];
        }
    }
  return KTM_STATS_OK;
}

/* --- the curve -------------------------------------------------------------------------------- */

static double
cube_above (double u)
{
  return u > 0.0 ? u * u * u : 0.0;
}

void
gbtm_basis (KtmGbtmShape shape, size_t p, const double *knots, size_t n_knots, double u, double *x)
{
  double power = 1.0, last, before;

  for (size_t j = 0; j < p && (shape == KTM_GBTM_POLYNOMIAL || j < 2); j++, power *= u)
    x[j] = power;
  if (shape == KTM_GBTM_PIECEWISE)
    for (size_t j = 0; j < n_knots; j++)
      x[2 + j] = fmax (0.0, u - knots[j]);
  if (shape != KTM_GBTM_SPLINE)
    return;
  last = knots[n_knots - 1];
  before = knots[n_knots - 2];
  for (size_t j = 0; j + 2 < n_knots; j++)
    x[2 + j] = (cube_above (u - knots[j]) - cube_above (u - last)) / (last - knots[j])
               - (cube_above (u - before) - cube_above (u - last)) / (last - before);
}

size_t
ktm_gbtm_n_coef (const KtmGbtmSpec *spec, size_t k)
{
  switch (spec->shape)
    {
    case KTM_GBTM_SPLINE: return spec->n_knots;
    case KTM_GBTM_PIECEWISE: return 2 + spec->n_knots;
    case KTM_GBTM_POLYNOMIAL:
    default: return spec->order[k] + 1;
    }
}

static size_t
most_columns (const KtmGbtmSpec *spec)
{
  size_t p = 0;

  for (size_t k = 0; k < spec->n_classes; k++)
    if (ktm_gbtm_n_coef (spec, k) > p)
      p = ktm_gbtm_n_coef (spec, k);
  return p;
}

/* Are the columns of the curve independent on the observed times?  (Gram-Schmidt.) */
static bool
columns_are_independent (const GbtmProblem *pb)
{
  double q[KTM_GBTM_MAX_COEF][KTM_GBTM_MAX_COEF] = {
    { 0.0 }
  }; /* Gram matrix, then its Cholesky factor */

  if (pb->n_times < pb->p)
    return false;
  for (size_t a = 0; a < pb->p; a++)
    for (size_t b = 0; b <= a; b++)
      {
        double sum = 0.0;

        for (size_t d = 0; d < pb->n_times; d++)
          sum += pb->x[d * pb->p + a] * pb->x[d * pb->p + b];
        for (size_t j = 0; j < b; j++)
          sum -= q[a][j] * q[b][j];
        if (a == b && !(sum > 1e-10 * (double) pb->n_times))
          return false;
        q[a][b] = a == b ? sqrt (sum) : sum / q[b][b];
      }
  return true;
}

/* --- enough patients? ------------------------------------------------------------------------- */

static bool
same_course (const GbtmProblem *pb, size_t i, size_t j)
{
  size_t n = pb->offset[i + 1] - pb->offset[i];

  return n == pb->offset[j + 1] - pb->offset[j]
         && memcmp (pb->cell + pb->offset[i], pb->cell + pb->offset[j], n * sizeof *pb->cell) == 0;
}

static bool
has_distinct_courses (const GbtmProblem *pb, size_t wanted)
{
  size_t found[KTM_GBTM_MAX_CLASSES], n = 0;

  for (size_t i = 0; i < pb->n && n < wanted; i++)
    {
      size_t j = 0;

      while (j < n && !same_course (pb, i, found[j]))
        j++;
      if (j == n)
        found[n++] = i;
    }
  return n == wanted;
}

static size_t
count_parameters (const GbtmProblem *pb, const KtmGbtmSpec *spec)
{
  size_t n = (spec->sigma_by_class ? spec->n_classes : 1) + (spec->random_intercept ? 1 : 0)
             + (spec->n_classes - 1) * pb->nz;

  for (size_t k = 0; k < spec->n_classes; k++)
    n += ktm_gbtm_n_coef (spec, k);
  return n;
}

static KtmStatsStatus
fill (GbtmProblem *pb, const KtmGbtmData *data, const KtmGbtmSpec *spec, const GbtmRow *rows)
{
  size_t *place = calloc (data->n_subjects, 2 * sizeof *place);
  KtmStatsStatus status;

  if (place == NULL)
    return KTM_STATS_NO_MEMORY;
  place_subjects (pb, rows, data->n_subjects, place);
  set_scales (pb, rows, data->lo, data->hi);
  fill_cells (pb, rows, data->lo, data->hi, place, place + data->n_subjects);
  free (place);
  for (size_t j = 0; j < spec->n_knots && spec->shape != KTM_GBTM_POLYNOMIAL; j++)
    pb->knots[j] = (spec->knots[j] - pb->t_centre) / pb->t_half;
  for (size_t d = 0; d < pb->n_times; d++)
    gbtm_basis (spec->shape, pb->p, pb->knots, spec->n_knots,
                (pb->time[d] - pb->t_centre) / pb->t_half, pb->x + d * pb->p);
  if (!(pb->pooled_sd > 1e-12 * (1.0 + fabs (pb->y_centre))))
    return pb->n_obs == 1 ? KTM_STATS_TOO_FEW : KTM_STATS_NO_VARIANCE;
  if (!has_distinct_courses (pb, spec->n_classes) || pb->n_obs <= count_parameters (pb, spec))
    return KTM_STATS_TOO_FEW;
  if (pb->n_interior == 0)
    return KTM_STATS_UNDEFINED;
  status = fill_covariates (pb, data);
  return status == KTM_STATS_OK && !columns_are_independent (pb) ? KTM_STATS_SINGULAR : status;
}

static size_t
count_subjects (const GbtmRow *rows, size_t n_obs, size_t n_subjects)
{
  bool *seen = calloc (n_subjects, sizeof *seen);
  size_t n = 0;

  if (seen == NULL)
    return 0;
  for (size_t i = 0; i < n_obs; i++)
    {
      n += !seen[rows[i].subject];
      seen[rows[i].subject] = true;
    }
  free (seen);
  return n;
}

KtmStatsStatus
gbtm_problem_new (const KtmGbtmData *data, const KtmGbtmSpec *spec, GbtmProblem **out)
{
  KtmStatsStatus status = check_spec (spec);
  size_t n, n_times, n_cells;
  GbtmProblem *pb;
  GbtmRow *rows;

  *out = NULL;
  if (status == KTM_STATS_OK)
    status = check_data (data);
  if (status != KTM_STATS_OK)
    return status;
  rows = gbtm_sorted_rows (data);
  pb = calloc (1, sizeof *pb);
  n = rows != NULL ? count_subjects (rows, data->n_obs, data->n_subjects) : 0;
  if (pb == NULL || n == 0)
    status = KTM_STATS_NO_MEMORY;
  if (status == KTM_STATS_OK)
    {
      count_distinct (rows, data->n_obs, &n_times, &n_cells);
      status = allocate (pb, data->n_obs, n, n_times, n_cells, most_columns (spec),
                         1 + data->n_covariates)
                   ? fill (pb, data, spec, rows)
                   : KTM_STATS_NO_MEMORY;
    }
  free (rows);
  if (status == KTM_STATS_OK)
    *out = pb;
  else
    gbtm_problem_free (pb);
  return status;
}

/* Copies the cells of @problem that a picked subject is in; @number: where each went. */
static void
pick_cells (GbtmProblem *pb, const GbtmProblem *problem, const uint32_t *number)
{
  for (size_t c = 0; c < problem->n_cells; c++)
    if (number[c] != UINT32_MAX)
      {
        pb->cell_time[number[c]] = problem->cell_time[c];
        pb->cell_y[number[c]] = problem->cell_y[c];
        pb->cell_kind[number[c]] = problem->cell_kind[c];
      }
}

/* Numbers the cells of the picked subjects, others UINT32_MAX, and counts the cells and rows. */
static uint32_t *
number_cells (const GbtmProblem *problem, const size_t *pick, size_t n, size_t *n_cells,
              size_t *n_obs)
{
  uint32_t *number = malloc (problem->n_cells * sizeof *number);

  *n_cells = *n_obs = 0;
  if (number == NULL)
    return NULL;
  memset (number, 0xff, problem->n_cells * sizeof *number);
  for (size_t i = 0; i < n; i++)
    for (size_t j = problem->offset[pick[i]]; j < problem->offset[pick[i] + 1]; j++)
      number[problem->cell[j]] = 0;
  for (size_t c = 0; c < problem->n_cells; c++)
    if (number[c] == 0)
      number[c] = (uint32_t) (*n_cells)++;
  for (size_t i = 0; i < n; i++)
    *n_obs += problem->offset[pick[i] + 1] - problem->offset[pick[i]];
  return number;
}

GbtmProblem *
gbtm_problem_subset (const GbtmProblem *problem, const size_t *pick, size_t n)
{
  GbtmProblem *pb = calloc (1, sizeof *pb);
  size_t n_cells, n_obs, nz = problem->nz;
  uint32_t *number = number_cells (problem, pick, n, &n_cells, &n_obs);

  if (pb == NULL || number == NULL
      || !allocate (pb, n_obs, n, problem->n_times, n_cells, problem->p, nz))
    {
      free (number);
      gbtm_problem_free (pb);
      return NULL;
    }
  pick_cells (pb, problem, number);
  memcpy (pb->x, problem->x, problem->n_times * problem->p * sizeof *pb->x);
  memcpy (pb->time, problem->time, problem->n_times * sizeof *pb->time);
  memcpy (pb->knots, problem->knots, sizeof pb->knots);
  memcpy (pb->z_mean, problem->z_mean, sizeof pb->z_mean);
  memcpy (pb->z_sd, problem->z_sd, sizeof pb->z_sd);
  pb->max_visits = problem->max_visits;
  pb->y_centre = problem->y_centre;
  pb->y_scale = problem->y_scale;
  pb->t_centre = problem->t_centre;
  pb->t_half = problem->t_half;
  pb->lo = problem->lo;
  pb->hi = problem->hi;
  pb->pooled_sd = problem->pooled_sd;
  for (size_t i = 0; i < n; i++)
    {
      size_t from = problem->offset[pick[i]], visits = problem->offset[pick[i] + 1] - from;

      for (size_t j = 0; j < visits; j++)
        pb->cell[pb->offset[i] + j] = number[problem->cell[from + j]];
      pb->offset[i + 1] = pb->offset[i] + visits;
      pb->origin[i] = problem->origin[pick[i]];
      pb->weight[i] = problem->weight[pick[i]];
      pb->total += pb->weight[i];
      if (nz > 1)
        memcpy (pb->z + i * nz, problem->z + pick[i] * nz, nz * sizeof *pb->z);
      for (size_t j = 0; j < visits; j++)
        {
          int8_t kind = pb->cell_kind[pb->cell[pb->offset[i] + j]];

          pb->n_left += kind < 0;
          pb->n_right += kind > 0;
          pb->n_interior += kind == 0;
        }
    }
  free (number);
  return pb;
}
