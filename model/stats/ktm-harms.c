/* model/stats: what counts as an adverse event, and rates with intervals.  libc and GSL only. */
#include "ktm-harms.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "ktm-dist.h"
#include "ktm-proportion.h"

const char *const ktm_harm_counts[] = { "patients", "events", NULL };
const char *const ktm_harm_grades[] = { "any", "moderate", "severe", NULL };
const char *const ktm_harm_relations[] = { "any", "possible", "yes", NULL };
const char *const ktm_harm_intervals[] = { "wilson", "exact", NULL };

bool
ktm_harms_chooses (const KtmHarms *harms)
{
  return harms != NULL
         && (harms->least_grade != KTM_SEVERITY_UNKNOWN
             || harms->least_related != KTM_RELATED_UNKNOWN);
}

KtmSeverity
ktm_harm_grade (int index)
{
  return index == 1   ? KTM_SEVERITY_MODERATE
         : index == 2 ? KTM_SEVERITY_SEVERE
                      : KTM_SEVERITY_UNKNOWN;
}

KtmRelated
ktm_harm_relation (int index)
{
  return index == 1 ? KTM_RELATED_POSSIBLE : index == 2 ? KTM_RELATED_YES : KTM_RELATED_UNKNOWN;
}

int
ktm_harm_grade_index (KtmSeverity grade)
{
  return grade == KTM_SEVERITY_UNKNOWN    ? 0
         : grade == KTM_SEVERITY_MODERATE ? 1
         : grade == KTM_SEVERITY_SEVERE   ? 2
                                          : -1;
}

int
ktm_harm_relation_index (KtmRelated related)
{
  return related == KTM_RELATED_UNKNOWN    ? 0
         : related == KTM_RELATED_POSSIBLE ? 1
         : related == KTM_RELATED_YES      ? 2
                                           : -1;
}

KtmStatsStatus
ktm_harms_rate (const KtmHarms *harms, double x, double n, double dispersion, double level,
                KtmEstimate *out)
{
  bool events = harms != NULL && harms->count == KTM_HARM_EVENTS;
  double tail = (1 - level) / 2;

  *out = (KtmEstimate) { NAN, NAN, NAN, NAN };
  if (n == 0)
    return KTM_STATS_TOO_FEW;
  if (!(n > 0) || !(x >= 0) || (!events && x > n) || !(dispersion >= 1)
      || !ktm_dist_level_ok (level))
    return KTM_STATS_BAD_ARGUMENT;
  out->value = x / n;
  if (events)
    {
      out->low = x > 0 ? gsl_cdf_gamma_Pinv (tail, x / dispersion, dispersion) / n : 0;
      out->high = gsl_cdf_gamma_Qinv (tail, x / dispersion + 1, dispersion) / n;
    }
  else if (harms != NULL && harms->interval == KTM_HARM_EXACT)
    ktm_stats_clopper_pearson (x, n, level, &out->low, &out->high);
  else
    ktm_stats_wilson (x, n, level, &out->low, &out->high);
  return KTM_STATS_OK;
}

static KtmText *
grade_text (KtmSeverity least)
{
  return ktm_text_new (least >= KTM_SEVERITY_SEVERE ? N_("Only severe events count.")
                       : least == KTM_SEVERITY_MODERATE
                           ? N_("Only moderate and severe events count.")
                           : N_("Only events of known severity count."),
                       "");
}

static KtmText *
relation_text (KtmRelated least)
{
  return ktm_text_new (
      least == KTM_RELATED_YES
          ? N_("Only events judged related to the treatment count.")
      : least == KTM_RELATED_POSSIBLE
          ? N_("Only events judged related or possibly related to the treatment count.")
          : N_("Only events whose relation to the treatment was judged count."),
      "");
}

KtmText *
ktm_harms_text (const KtmHarms *harms)
{
  if (!ktm_harms_chooses (harms))
    return NULL;
  if (harms->least_related == KTM_RELATED_UNKNOWN)
    return grade_text (harms->least_grade);
  if (harms->least_grade == KTM_SEVERITY_UNKNOWN)
    return relation_text (harms->least_related);
  return ktm_text_new ("{1} {2}", "tt", grade_text (harms->least_grade),
                       relation_text (harms->least_related));
}

KtmText *
ktm_harms_interval_text (const KtmHarms *harms, double level)
{
  const char *name = harms != NULL && harms->count == KTM_HARM_EVENTS ? N_("Poisson {1} % CI")
                     : harms != NULL && harms->interval == KTM_HARM_EXACT
                         ? N_("Clopper–Pearson {1} % CI")
                         : N_("Wilson {1} % CI");

  return ktm_text_new (name, "g", 100 * level);
}
