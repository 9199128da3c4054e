/* model/stats: trajectory classes, how many. */
#include "ktm-gbtm-search.h"

#include <string.h>

#define LEAST_SHARE 0.05
#define LEAST_APPA  0.7
#define ELBOW       0.1

/* --- the rule --------------------------------------------------------------------------------- */

static unsigned
judge_alone (const KtmGbtmFit *fit)
{
  unsigned why = 0;

  if (fit == NULL)
    return KTM_GBTM_WHY_NOT_FITTED;
  if (fit->flags & KTM_GBTM_NOT_CONVERGED)
    why |= KTM_GBTM_WHY_NOT_CONVERGED;
  if (fit->flags & KTM_GBTM_MET_ONCE)
    why |= KTM_GBTM_WHY_MET_ONCE;
  if (fit->flags & (KTM_GBTM_EMPTY_CLASS | KTM_GBTM_DUPLICATE_CLASS | KTM_GBTM_SIGMA_FLOOR))
    why |= KTM_GBTM_WHY_DEGENERATE;
  for (size_t k = 0; k < fit->model.n_classes; k++)
    {
      if (fit->model.pi[k] < LEAST_SHARE)
        why |= KTM_GBTM_WHY_SMALL_CLASS;
      if (!(fit->appa[k] >= LEAST_APPA))
        why |= KTM_GBTM_WHY_LOW_APPA;
    }
  return why;
}

/* BIC drop of the next class as a share of the drop from one class to k + 1. */
static void
judge_next (const KtmGbtmFit *const *fits, size_t n, size_t k, KtmGbtmAdvice *out)
{
  double drop, next;

  out->gain[k] = NAN;
  if (fits[k] == NULL || fits[0] == NULL)
    return;
  if (k + 1 >= n || fits[k + 1] == NULL)
    {
      out->why[k] |= KTM_GBTM_WHY_NO_NEXT;
      return;
    }
  drop = fits[0]->bic_subjects - fits[k]->bic_subjects;
  next = fits[k]->bic_subjects - fits[k + 1]->bic_subjects;
  if (drop > 0.0)
    out->gain[k] = next / drop;
  if (next > 0.0 && next >= ELBOW * drop)
    out->why[k] |= KTM_GBTM_WHY_NEXT_GAINS;
}

static void
choose (const KtmGbtmFit *const *fits, size_t n, KtmGbtmAdvice *out)
{
  const unsigned unusable = ~(unsigned) (KTM_GBTM_WHY_NEXT_GAINS | KTM_GBTM_WHY_NO_NEXT);
  double lowest = INFINITY;

  for (size_t k = 0; k < n && !out->by_rule; k++)
    if (out->why[k] == 0)
      {
        out->n_classes = k + 1;
        out->by_rule = true;
      }
  for (size_t k = 0; k < n && !out->by_rule; k++)
    if ((out->why[k] & unusable) == 0 && fits[k]->bic_subjects < lowest)
      {
        lowest = fits[k]->bic_subjects;
        out->n_classes = k + 1;
      }
}

KtmStatsStatus
ktm_gbtm_advise (const KtmGbtmFit *const *fits, size_t n, const KtmGbtmFit *const *growth,
                 size_t n_growth, KtmGbtmAdvice *out)
{
  double bic = INFINITY, icl = INFINITY;

  *out = (KtmGbtmAdvice) { .continuum_bic = NAN };
  if (n < 1 || n > KTM_GBTM_MAX_CLASSES)
    return KTM_STATS_BAD_ARGUMENT;
  for (size_t k = 0; k < n; k++)
    if (fits[k] != NULL && fits[k]->model.n_classes != k + 1)
      return KTM_STATS_BAD_ARGUMENT;
  for (size_t k = 0; k < n; k++)
    {
      out->why[k] = judge_alone (fits[k]);
      judge_next (fits, n, k, out);
      if (fits[k] != NULL && fits[k]->bic_subjects < bic)
        {
          bic = fits[k]->bic_subjects;
          out->lowest_bic = k + 1;
        }
      if (fits[k] != NULL && fits[k]->icl < icl)
        {
          icl = fits[k]->icl;
          out->lowest_icl = k + 1;
        }
    }
  choose (fits, n, out);
  for (size_t i = 0; i < n_growth; i++)
    if (growth[i] != NULL && !(growth[i]->bic_subjects >= out->continuum_bic))
      {
        out->continuum_bic = growth[i]->bic_subjects;
        out->continuum_classes = growth[i]->model.n_classes;
      }
  out->continuum = out->continuum_classes > 0 && out->continuum_bic < bic;
  return KTM_STATS_OK;
}

/* --- the search ------------------------------------------------------------------------------- */

/* The part of the whole one fit reports. */
typedef struct
{
  const KtmProgress *whole;
  double from, to;
} Part;

static bool
part_stop (void *data)
{
  return ktm_progress_stopped (((Part *) data)->whole);
}

static void
part_report (void *data, double fraction)
{
  const Part *part = data;

  ktm_progress_report (part->whole, part->from + (part->to - part->from) * fraction);
}

static void
advise (KtmGbtmSearch *search)
{
  ktm_gbtm_advise ((const KtmGbtmFit *const *) search->fit, search->n,
                   (const KtmGbtmFit *const *) search->growth, search->n_growth, &search->advice);
}

/* Fits 1 … @n classes of @spec, into the growth models where @check; @from, @to: the part of the
 * work this is. */
static KtmStatsStatus
fit_row (const KtmGbtmData *data, KtmGbtmSpec spec, size_t n, bool check,
         const KtmProgress *whole, double from, double to, const KtmGbtmWatch *watch,
         KtmGbtmSearch *search)
{
  KtmGbtmFit **fits = check ? search->growth : search->fit;
  KtmStatsStatus *statuses = check ? search->growth_status : search->status;
  Part part = { .whole = whole };
  KtmProgress progress = { part_stop, part_report, &part };
  double total = 0.5 * (double) (n * (n + 1)), done = 0.0;
  KtmStatsStatus status = KTM_STATS_OK;

  for (size_t k = 0; k < n && status == KTM_STATS_OK; k++)
    {
      part.from = from + (to - from) * done / total;
      done += (double) (k + 1);
      part.to = from + (to - from) * done / total;
      spec.n_classes = k + 1;
      status = statuses[k] =
          ktm_gbtm_fit (data, &spec, k > 0 ? fits[k - 1] : NULL, &progress, &fits[k]);
      for (size_t l = k + 1; l < n; l++)
        statuses[l] = status;
      if (watch == NULL || status != KTM_STATS_OK)
        continue;
      advise (search);
      watch->found (watch->data, search);
    }
  return status;
}

KtmStatsStatus
ktm_gbtm_search (const KtmGbtmData *data, const KtmGbtmSpec *spec, size_t max_classes,
                 size_t n_growth, const KtmProgress *progress, KtmGbtmSearch *out)
{
  return ktm_gbtm_search_watched (data, spec, max_classes, n_growth, progress, NULL, out);
}

KtmStatsStatus
ktm_gbtm_search_watched (const KtmGbtmData *data, const KtmGbtmSpec *spec, size_t max_classes,
                         size_t n_growth, const KtmProgress *progress, const KtmGbtmWatch *watch,
                         KtmGbtmSearch *out)
{
  double share = n_growth > 0 ? 0.6 : 1.0;
  KtmGbtmSpec growth = *spec;
  KtmStatsStatus status;

  *out = (KtmGbtmSearch) { .n = max_classes, .n_growth = n_growth };
  if (max_classes < 1 || max_classes > KTM_GBTM_MAX_CLASSES || n_growth > KTM_GBTM_MAX_CLASSES)
    {
      out->n = out->n_growth = 0;
      return KTM_STATS_BAD_ARGUMENT;
    }
  status = fit_row (data, *spec, max_classes, false, progress, 0.0, share, watch, out);
  growth.random_intercept = true;
  growth.n_starts = 10;
  growth.max_starts = 30;
  growth.n_wanted = 3;
  for (size_t k = 0; k < n_growth; k++)
    out->growth_status[k] = status;
  if (n_growth > 0 && out->fit[0] != NULL && status != KTM_STATS_CANCELLED)
    {
      KtmStatsStatus check =
          fit_row (data, growth, n_growth, true, progress, share, 1.0, watch, out);

      if (check == KTM_STATS_CANCELLED)
        status = check;
    }
  advise (out);
  return out->fit[0] != NULL && status != KTM_STATS_CANCELLED && status != KTM_STATS_NO_MEMORY
             ? KTM_STATS_OK
             : status;
}

void
ktm_gbtm_search_share (const KtmGbtmSearch *search, KtmGbtmSearch *out)
{
  *out = *search;
  for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
    {
      out->fit[k] = ktm_gbtm_fit_ref (search->fit[k]);
      out->growth[k] = ktm_gbtm_fit_ref (search->growth[k]);
    }
}

void
ktm_gbtm_search_clear (KtmGbtmSearch *search)
{
  for (size_t k = 0; k < KTM_GBTM_MAX_CLASSES; k++)
    {
      ktm_gbtm_fit_free (search->fit[k]);
      ktm_gbtm_fit_free (search->growth[k]);
    }
  *search = (KtmGbtmSearch) { .n = 0 };
}
