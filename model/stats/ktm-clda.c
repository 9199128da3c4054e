/* model/stats: constrained longitudinal analysis: change from baseline at every visit. */
#include "ktm-clda.h"

#include <stdlib.h>
#include <string.h>

#define NO_COLUMN SIZE_MAX

typedef struct
{
  size_t subject, group;
} Member;

/* The design: one mean per group and visit seen, the baseline's shared where asked. */
typedef struct
{
  KtmClda *o;
  size_t *column;  /* n_groups x n_visits, or NO_COLUMN where the group was never seen */
  size_t p;
  double *x;       /* p x p: a score is the mean of its column */
  size_t *row;     /* n: the column of each score */
  double *l;       /* weights of the contrasts being asked: n_groups n_visits rows of p */
} Design;

static int
compare_members (const void *pa, const void *pb)
{
  const Member *a = pa, *b = pb;

  if (a->subject != b->subject)
    return a->subject < b->subject ? -1 : 1;
  return a->group < b->group ? -1 : a->group > b->group;
}

/* Counts a row after one of the same or a smaller subject. */
static KtmStatsStatus
count_row (KtmClda *o, const Member *before, const Member *now)
{
  if (before == NULL || before->subject != now->subject)
    o->n_subjects[now->group]++;
  else if (before->group != now->group)
    return KTM_STATS_BAD_ARGUMENT;
  return KTM_STATS_OK;
}

/* count_subjects() for rows that come subject by subject, without a copy of them; false where they
 * do not, with nothing counted. */
static bool
count_in_order (KtmClda *o, const size_t *subject, const size_t *group, size_t n,
                KtmStatsStatus *status)
{
  Member before = { 0, 0 };

  for (size_t i = 1; i < n; i++)
    if (subject[i] < subject[i - 1])
      return false;
  *status = KTM_STATS_OK;
  for (size_t i = 0; i < n && *status == KTM_STATS_OK; i++)
    {
      Member now = { subject[i], group == NULL ? 0 : group[i] };

      *status = count_row (o, i == 0 ? NULL : &before, &now);
      before = now;
    }
  return true;
}

/* Subjects of each group; BAD_ARGUMENT: one subject in two groups. */
static KtmStatsStatus
count_subjects (KtmClda *o, const size_t *subject, const size_t *group, size_t n)
{
  KtmStatsStatus status = KTM_STATS_OK;
  Member *member;

  if (count_in_order (o, subject, group, n, &status))
    return status;
  member = malloc (n * sizeof (Member));
  if (member == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    member[i] = (Member) { subject[i], group == NULL ? 0 : group[i] };
  qsort (member, n, sizeof (Member), compare_members);
  for (size_t i = 0; i < n && status == KTM_STATS_OK; i++)
    status = count_row (o, i == 0 ? NULL : &member[i - 1], &member[i]);
  free (member);
  return status;
}

static bool
allocate (KtmClda *o)
{
  size_t cells = o->n_groups * o->n_visits;

  o->n_subjects = calloc (o->n_groups, sizeof (size_t));
  o->n_seen = calloc (cells, sizeof (size_t));
  o->mean = calloc (cells, sizeof (KtmContrast));
  o->change = calloc (cells, sizeof (KtmContrast));
  o->overall = calloc (o->n_visits, sizeof (KtmContrast));
  o->difference = calloc (o->n_pairs * o->n_visits + 1, sizeof (KtmContrast));
  o->between = calloc (o->n_visits, sizeof (KtmTest));
  return o->n_subjects && o->n_seen && o->mean && o->change && o->overall && o->difference
         && o->between;
}

/* Numbers the columns; @d->column is allocated. */
static void
number_columns (Design *d)
{
  const KtmClda *o = d->o;
  size_t shared = NO_COLUMN;

  d->p = 0;
  for (size_t t = 0; t < o->n_visits; t++)
    for (size_t g = 0; g < o->n_groups; g++)
      {
        size_t at = g * o->n_visits + t;

        d->column[at] = NO_COLUMN;
        if (t == 0 && o->common_baseline)
          {
            if (shared == NO_COLUMN && o->n_seen[at] > 0)
              shared = d->p++;
            continue;
          }
        if (o->n_seen[at] > 0)
          d->column[at] = d->p++;
      }
  for (size_t g = 0; g < o->n_groups && o->common_baseline; g++)
    d->column[g * o->n_visits] = shared;
}

static KtmStatsStatus
make_design (Design *d, const size_t *visit, const size_t *group, size_t n)
{
  KtmClda *o = d->o;
  size_t cells = o->n_groups * o->n_visits;

  for (size_t i = 0; i < n; i++)
    o->n_seen[(group == NULL ? 0 : group[i]) * o->n_visits + visit[i]]++;
  d->column = malloc (cells * sizeof (size_t));
  if (d->column == NULL)
    return KTM_STATS_NO_MEMORY;
  number_columns (d);
  d->x = calloc (d->p * d->p, sizeof (double));
  d->row = malloc (n * sizeof (size_t));
  d->l = malloc (cells * d->p * sizeof (double));
  if (d->x == NULL || d->row == NULL || d->l == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t j = 0; j < d->p; j++)
    d->x[j * d->p + j] = 1;
  for (size_t i = 0; i < n; i++)
    d->row[i] = d->column[(group == NULL ? 0 : group[i]) * o->n_visits + visit[i]];
  return KTM_STATS_OK;
}

/* Adds weight times a group's mean, false where the group was never seen at the visit. */
static bool
add_mean (const Design *d, double *l, size_t group, size_t visit, double weight)
{
  size_t column = d->column[group * d->o->n_visits + visit];

  if (column == NO_COLUMN)
    return false;
  l[column] += weight;
  return true;
}

/* Adds weight times a group's change. */
static bool
add_change (const Design *d, double *l, size_t group, size_t visit, double weight)
{
  return visit > 0 && add_mean (d, l, group, visit, weight) && add_mean (d, l, group, 0, -weight);
}

static double *
clear_row (const Design *d, size_t row)
{
  return memset (d->l + row * d->p, 0, d->p * sizeof (double));
}

/* The contrast of the weights in row 0, NaN where it is not estimable. */
static KtmContrast
ask (const Design *d, bool estimable)
{
  KtmContrast out = KTM_CONTRAST_NAN;

  if (estimable)
    ktm_mmrm_contrast (d->o->model, d->l, d->o->model->level, &out);
  return out;
}

static KtmTest
ask_joint (const Design *d, size_t n_rows)
{
  KtmTest out = KTM_TEST_NAN;

  if (n_rows > 0)
    ktm_mmrm_joint (d->o->model, d->l, n_rows, &out);
  return out;
}

static bool
overall_row (const Design *d, double *l, size_t visit)
{
  const KtmClda *o = d->o;
  bool estimable = true;

  for (size_t g = 0; g < o->n_groups; g++)
    if (o->n_subjects[g] > 0)
      estimable = add_change (d, l, g, visit,
                              (double) o->n_subjects[g] / (double) o->model->n_subjects)
                  && estimable;
  return estimable;
}

static void
fill_visits (const Design *d)
{
  KtmClda *o = d->o;

  for (size_t t = 0; t < o->n_visits; t++)
    {
      size_t pair = 0;

      for (size_t g = 0; g < o->n_groups; g++)
        {
          size_t at = g * o->n_visits + t;

          o->mean[at] = ask (d, add_mean (d, clear_row (d, 0), g, t, 1));
          o->change[at] = ask (d, add_change (d, clear_row (d, 0), g, t, 1));
        }
      for (size_t i = 0; i < o->n_groups; i++)
        for (size_t j = i + 1; j < o->n_groups; j++, pair++)
          {
            double *l = clear_row (d, 0);
            bool second = add_change (d, l, j, t, 1), first = add_change (d, l, i, t, -1);

            o->difference[pair * o->n_visits + t] = ask (d, first && second);
          }
      o->overall[t] = ask (d, overall_row (d, clear_row (d, 0), t));
    }
}

/* Rows saying that every group seen changes as the first one seen; returns how many. */
static size_t
equal_rows (const Design *d, size_t visit, size_t row)
{
  const KtmClda *o = d->o;
  size_t first = NO_COLUMN;

  for (size_t g = 0; g < o->n_groups; g++)
    {
      double *l = clear_row (d, row);

      if (!add_change (d, l, g, visit, 1))
        continue;
      if (first == NO_COLUMN)
        first = g;
      else
        {
          add_change (d, l, first, visit, -1);
          row++;
        }
    }
  return row;
}

static void
fill_tests (const Design *d)
{
  KtmClda *o = d->o;
  size_t rows = 0;

  for (size_t t = 0; t < o->n_visits; t++)
    o->between[t] = ask_joint (d, t == 0 ? 0 : equal_rows (d, t, 0));
  for (size_t t = 1; t < o->n_visits; t++)
    rows = equal_rows (d, t, rows);
  o->interaction = ask_joint (d, rows);
  rows = 0;
  for (size_t t = 1; t < o->n_visits; t++)
    rows += overall_row (d, clear_row (d, rows), t);
  o->time = ask_joint (d, rows);
}

static KtmStatsStatus
fit (Design *d, const double *y, const size_t *subject, const size_t *visit, const size_t *group,
     size_t n, const KtmMmrmOptions *options, const KtmProgress *progress)
{
  KtmClda *o = d->o;
  KtmStatsStatus status;

  if (!allocate (o))
    return KTM_STATS_NO_MEMORY;
  status = count_subjects (o, subject, group, n);
  if (status == KTM_STATS_OK)
    status = make_design (d, visit, group, n);
  if (status == KTM_STATS_OK)
    status = ktm_mmrm_fit_rows (y, subject, visit, d->x, d->p, d->row, n, d->p, o->n_visits,
                                options, progress, &o->model);
  if (status != KTM_STATS_OK)
    return status;
  fill_visits (d);
  fill_tests (d);
  return KTM_STATS_OK;
}

/* Change from baseline at every visit by MMRM with a free mean for each group and visit.
 *
 * @y:        n values, one row per observed visit, in any order; any unit
 * @subject:  n labels;  @visit: n numbers 0..n_visits-1, 0 = baseline
 * @group:    n numbers 0..n_groups-1, the same in all rows of a subject, or NULL for one group
 * @common_baseline: groups made by randomisation share their baseline mean (constrained model);
 *            false for groups that may differ before treatment
 * @options:  covariance, likelihood (REML as a rule) and level
 * @out:      the caller's: ktm_clda_free(); NULL on any status but OK
 *
 * A contrast whose group was never seen at a visit is NaN.  Otherwise as ktm_mmrm_fit(), and
 * BAD_ARGUMENT for a visit or group out of range or a subject in two groups.
 * Source: Liang and Zeger (2000), Sankhya B 62:134-148; Liu et al. (2009), Stat Med 28:2509-2530.
 */
KtmStatsStatus
ktm_clda_fit (const double *y, const size_t *subject, const size_t *visit, const size_t *group,
              size_t n, size_t n_visits, size_t n_groups, bool common_baseline,
              const KtmMmrmOptions *options, const KtmProgress *progress, KtmClda **out)
{
  Design d = { 0 };
  KtmStatsStatus status;

  *out = NULL;
  n_groups = group == NULL ? 1 : n_groups;
  if (n_groups == 0 || n_visits == 0)
    return KTM_STATS_BAD_ARGUMENT;
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (n_visits > KTM_MMRM_MAX_VISITS || n_groups > KTM_CLDA_MAX_GROUPS)
    return KTM_STATS_TOO_LARGE;
  for (size_t i = 0; i < n; i++)
    if (visit[i] >= n_visits || (group != NULL && group[i] >= n_groups))
      return KTM_STATS_BAD_ARGUMENT;
  d.o = calloc (1, sizeof (KtmClda));
  if (d.o == NULL)
    return KTM_STATS_NO_MEMORY;
  *d.o = (KtmClda) {
    .n_groups = n_groups, .n_visits = n_visits, .n_pairs = n_groups * (n_groups - 1) / 2,
    .common_baseline = common_baseline,
  };
  status = fit (&d, y, subject, visit, group, n, options, progress);
  free (d.column);
  free (d.x);
  free (d.row);
  free (d.l);
  if (status == KTM_STATS_OK)
    *out = d.o;
  else
    ktm_clda_free (d.o);
  return status;
}

/* Frees an analysis; NULL is allowed. */
void
ktm_clda_free (KtmClda *clda)
{
  if (clda == NULL)
    return;
  ktm_mmrm_free (clda->model);
  free (clda->n_subjects);
  free (clda->n_seen);
  free (clda->mean);
  free (clda->change);
  free (clda->overall);
  free (clda->difference);
  free (clda->between);
  free (clda);
}
