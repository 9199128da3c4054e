/* model/stats: the words every method shares. */
#include "ktm-stats.h"

#include <gsl/gsl_errno.h>

bool
ktm_progress_stopped (const KtmProgress *progress)
{
  return progress != NULL && progress->stop != NULL && progress->stop (progress->data);
}

void
ktm_progress_report (const KtmProgress *progress, double fraction)
{
  if (progress != NULL && progress->report != NULL)
    progress->report (progress->data, fraction);
}

const char *
ktm_stats_status_text (KtmStatsStatus status)
{
  switch (status)
    {
    case KTM_STATS_OK: return N_("Computed.");
    case KTM_STATS_TOO_FEW: return N_("Too few patients for this method.");
    case KTM_STATS_NO_VARIANCE: return N_("All values are equal, so there is nothing to compare.");
    case KTM_STATS_BAD_ARGUMENT: return N_("This method cannot be asked in this way.");
    case KTM_STATS_NOT_FINITE: return N_("A value is not a number.");
    case KTM_STATS_UNDEFINED: return N_("This quantity does not exist for these data.");
    case KTM_STATS_NO_CONVERGENCE: return N_("The model did not converge.");
    case KTM_STATS_SINGULAR: return N_("The data do not tell the effects of the model apart.");
    case KTM_STATS_SEPARATED:
      return N_("One group has only responders or only non-responders: the estimate is infinite.");
    case KTM_STATS_TOO_LARGE: return N_("Too many patients for the exact method.");
    case KTM_STATS_NO_MEMORY: return N_("Not enough memory.");
    case KTM_STATS_CANCELLED: return N_("Stopped.");
    default: return N_("Unknown status.");
    }
}

void
ktm_stats_init (void)
{
  gsl_set_error_handler_off ();
}

bool
ktm_stats_all_finite (const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite (x[i]))
      return false;
  return true;
}
