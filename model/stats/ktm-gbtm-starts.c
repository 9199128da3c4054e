/* model/stats: trajectory classes, where the search starts. */
#include "ktm-gbtm-private.h"

#include <stdlib.h>
#include <string.h>

#define CERTAIN 0.95

KtmRandom
gbtm_stream (uint64_t seed, uint64_t stream)
{
  KtmRandom random;

  ktm_random_seed (&random, seed ^ ((stream + 1) * UINT64_C (0xd1342543de82ef95)));
  return random;
}

/* Mean and shrunken slope of each subject, standardised. */
static void
describe_subjects (const GbtmProblem *pb, double *feature)
{
  double squares[2] = { 0.0, 0.0 };

  for (size_t i = 0; i < pb->n; i++)
    {
      double n = (double) (pb->offset[i + 1] - pb->offset[i]), sy = 0.0, su = 0.0, suu = 0.0,
             suy = 0.0;

      for (size_t j = pb->offset[i]; j < pb->offset[i + 1]; j++)
        {
          double u = (pb->time[pb->cell_time[pb->cell[j]]] - pb->t_centre) / pb->t_half;
          double y = pb->cell_y[pb->cell[j]];

          sy += y;
          su += u;
          suu += u * u;
          suy += u * y;
        }
      feature[2 * i] = sy / n;
      feature[2 * i + 1] = (suy - su * sy / n) / (suu - su * su / n + 1.0);
      squares[0] += feature[2 * i] * feature[2 * i] / (double) pb->n;
      squares[1] += feature[2 * i + 1] * feature[2 * i + 1] / (double) pb->n;
    }
  for (size_t i = 0; i < 2 * pb->n; i++)
    feature[i] /= sqrt (squares[i % 2] + 1e-12);
}

static void
harden (double *label, size_t k, size_t i, size_t chosen)
{
  for (size_t c = 0; c < k; c++)
    label[i * k + c] = (1.0 - CERTAIN) / (double) k + (c == chosen ? CERTAIN : 0.0);
}

typedef struct
{
  double value;
  size_t i;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  const Ranked *r = a, *s = b;

  if (r->value != s->value)
    return r->value < s->value ? -1 : 1;
  return (r->i > s->i) - (r->i < s->i);
}

/* K slices of equal size by the value of each subject. */
static void
slice (const GbtmProblem *pb, size_t k, const double *value, size_t stride, double *label)
{
  Ranked *ranked = malloc (pb->n * sizeof *ranked);

  for (size_t i = 0; i < pb->n && ranked != NULL; i++)
    ranked[i] = (Ranked) { value[stride * i], i };
  if (ranked != NULL)
    qsort (ranked, pb->n, sizeof *ranked, compare_ranked);
  for (size_t r = 0; r < pb->n; r++)
    harden (label, k, ranked != NULL ? ranked[r].i : r, r * k / pb->n);
  free (ranked);
}

static void
pick_subjects (KtmRandom *random, size_t n, size_t k, size_t *pick)
{
  for (size_t c = 0; c < k; c++)
    {
      bool taken = true;

      while (taken)
        {
          pick[c] = ktm_random_below (random, (uint32_t) n);
          taken = false;
          for (size_t d = 0; d < c; d++)
            taken = taken || pick[d] == pick[c];
        }
    }
}

static size_t
nearest (const double *feature, const double *centre, size_t k)
{
  double best = INFINITY;
  size_t chosen = 0;

  for (size_t c = 0; c < k; c++)
    {
      double a = feature[0] - centre[2 * c], b = feature[1] - centre[2 * c + 1], d = a * a + b * b;

      if (d < best)
        {
          best = d;
          chosen = c;
        }
    }
  return chosen;
}

/* k-means on jittered mean and slope. */
static void
cluster (const GbtmProblem *pb, size_t k, KtmRandom *random, double *feature, double *label)
{
  double centre[2 * KTM_GBTM_MAX_CLASSES];
  size_t pick[KTM_GBTM_MAX_CLASSES];

  for (size_t i = 0; i < 2 * pb->n; i++)
    feature[i] += 0.3 * ktm_random_normal (random);
  pick_subjects (random, pb->n, k, pick);
  for (size_t c = 0; c < k; c++)
    memcpy (centre + 2 * c, feature + 2 * pick[c], 2 * sizeof *centre);
  for (int turn = 0; turn < 8; turn++)
    {
      double sum[3 * KTM_GBTM_MAX_CLASSES] = { 0.0 };

      for (size_t i = 0; i < pb->n; i++)
        {
          size_t c = nearest (feature + 2 * i, centre, k);

          sum[3 * c] += 1.0;
          sum[3 * c + 1] += feature[2 * i];
          sum[3 * c + 2] += feature[2 * i + 1];
        }
      for (size_t c = 0; c < k; c++)
        if (sum[3 * c] > 0.0)
          {
            centre[2 * c] = sum[3 * c + 1] / sum[3 * c];
            centre[2 * c + 1] = sum[3 * c + 2] / sum[3 * c];
          }
    }
  for (size_t i = 0; i < pb->n; i++)
    harden (label, k, i, nearest (feature + 2 * i, centre, k));
}

/* Mean squared distance over shared times; of the means where no time is shared. */
static double
course_distance (const GbtmProblem *pb, size_t i, const double *course, double mean)
{
  double sum = 0.0, shared = 0.0, own = 0.0;
  size_t n = pb->offset[i + 1] - pb->offset[i];

  for (size_t j = pb->offset[i]; j < pb->offset[i + 1]; j++)
    {
      double y = pb->cell_y[pb->cell[j]], other = course[pb->cell_time[pb->cell[j]]];

      own += y / (double) n;
      if (isnan (other))
        continue;
      sum += (y - other) * (y - other);
      shared += 1.0;
    }
  return shared > 0.0 ? sum / shared : (own - mean) * (own - mean);
}

/* K random subjects, everybody with the one whose course is nearest. */
static bool
gather (const GbtmProblem *pb, size_t k, KtmRandom *random, double *label)
{
  double *course = malloc (k * pb->n_times * sizeof *course), mean[KTM_GBTM_MAX_CLASSES] = { 0.0 };
  size_t pick[KTM_GBTM_MAX_CLASSES];

  if (course == NULL)
    return false;
  pick_subjects (random, pb->n, k, pick);
  for (size_t c = 0; c < k; c++)
    {
      size_t from = pb->offset[pick[c]], to = pb->offset[pick[c] + 1];

      for (size_t d = 0; d < pb->n_times; d++)
        course[c * pb->n_times + d] = NAN;
      for (size_t j = from; j < to; j++)
        {
          course[c * pb->n_times + pb->cell_time[pb->cell[j]]] = pb->cell_y[pb->cell[j]];
          mean[c] += pb->cell_y[pb->cell[j]] / (double) (to - from);
        }
    }
  for (size_t i = 0; i < pb->n; i++)
    {
      double best = INFINITY;
      size_t chosen = 0;

      for (size_t c = 0; c < k; c++)
        {
          double d = course_distance (pb, i, course + c * pb->n_times, mean[c]);

          if (d < best)
            {
              best = d;
              chosen = c;
            }
        }
      harden (label, k, i, chosen);
    }
  free (course);
  return true;
}

static void
scatter (const GbtmProblem *pb, size_t k, KtmRandom *random, double *label)
{
  for (size_t i = 0; i < pb->n; i++)
    harden (label, k, i, ktm_random_below (random, (uint32_t) k));
}

void
gbtm_sort_labels (const GbtmProblem *problem, size_t k, double *label)
{
  double sum[KTM_GBTM_MAX_CLASSES] = { 0.0 }, weight[KTM_GBTM_MAX_CLASSES] = { 0.0 };
  double row[KTM_GBTM_MAX_CLASSES];
  size_t order[KTM_GBTM_MAX_CLASSES];

  for (size_t i = 0; i < problem->n; i++)
    for (size_t j = problem->offset[i]; j < problem->offset[i + 1]; j++)
      for (size_t c = 0; c < k; c++)
        {
          sum[c] += label[i * k + c] * problem->cell_y[problem->cell[j]];
          weight[c] += label[i * k + c];
        }
  for (size_t c = 0; c < k; c++)
    {
      size_t at = c;

      sum[c] /= fmax (weight[c], 1e-12);
      for (; at > 0 && sum[order[at - 1]] > sum[c]; at--)
        order[at] = order[at - 1];
      order[at] = c;
    }
  for (size_t i = 0; i < problem->n; i++)
    {
      memcpy (row, label + i * k, k * sizeof *row);
      for (size_t c = 0; c < k; c++)
        label[i * k + c] = row[order[c]];
    }
}

void
gbtm_start_labels (const GbtmProblem *problem, size_t k, uint64_t seed, size_t index, double *label)
{
  double *feature = malloc (2 * problem->n * sizeof *feature);
  KtmRandom random = gbtm_stream (seed, 1000003 * k + index);

  if (feature != NULL)
    describe_subjects (problem, feature);
  if (feature != NULL && index == 0)
    slice (problem, k, feature, 2, label);
  else if (feature != NULL && index % 5 != 0 && index % 2 == 1)
    cluster (problem, k, &random, feature, label);
  else if (index % 5 == 0 || !gather (problem, k, &random, label))
    scatter (problem, k, &random, label);
  free (feature);
}

/* Class @split of the fit with one class less, cut in two by how its patients lie against its
 * curve. */
bool
gbtm_split_labels (const GbtmProblem *problem, size_t k, const KtmGbtmFit *previous, size_t split,
                   double *label)
{
  double *lie = calloc (problem->n, sizeof *lie);
  double top = 0.0, total = 0.0;

  if (lie == NULL)
    return false;
  for (size_t i = 0; i < problem->n; i++)
    {
      const double *post = previous->posterior + problem->origin[i] * (k - 1);

      for (size_t j = problem->offset[i]; j < problem->offset[i + 1]; j++)
        {
          size_t c = problem->cell[j];
          double mu =
              ktm_gbtm_latent (&previous->model, split, problem->time[problem->cell_time[c]]);

          lie[i] += problem->cell_y[c] - (mu - problem->y_centre) / problem->y_scale;
        }
      lie[i] /= (double) (problem->offset[i + 1] - problem->offset[i]);
      top += post[split] * lie[i];
      total += post[split];
    }
  for (size_t i = 0; i < problem->n; i++)
    {
      const double *post = previous->posterior + problem->origin[i] * (k - 1);
      double upper = lie[i] > top / total ? CERTAIN : 1.0 - CERTAIN;

      for (size_t c = 0; c + 1 < k; c++)
        label[i * k + c + (c > split ? 1 : 0)] = post[c] * (c == split ? 1.0 - upper : 1.0);
      label[i * k + split + 1] = post[split] * upper;
    }
  free (lie);
  return true;
}
