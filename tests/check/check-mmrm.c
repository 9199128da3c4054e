/* mmrm: the mixed model for repeated measures. */
#include "check-design.h"

#include "ktm-mmrm.h"

/* Visit numbers, all below @n_visits. */
static size_t *
read_visits (Check *check, const CheckDesign *design, double n_visits)
{
  g_autofree size_t *visit = g_new0 (size_t, design->n + 1);

  if (!(n_visits >= 1 && n_visits <= 1000 && n_visits == floor (n_visits)))
    {
      check_fail (check, "option \"n_visits\" is no count");
      return NULL;
    }
  for (size_t i = 0; i < design->n; i++)
    {
      if (!(design->extra[i] >= 0 && design->extra[i] < n_visits
            && design->extra[i] == floor (design->extra[i])))
        {
          check_fail (check, "visit %g is no index below n_visits", design->extra[i]);
          return NULL;
        }
      visit[i] = (size_t) design->extra[i];
    }
  return g_steal_pointer (&visit);
}

static void
emit (Check *check, const KtmMmrm *mmrm)
{
  size_t t = mmrm->n_visits;

  check_number (check, (double) mmrm->n_rows, "n_obs");
  check_number (check, (double) mmrm->n_subjects, "n_subjects");
  check_number (check, (double) mmrm->n_covariance, "n_cov_par");
  check_number (check, mmrm->loglik, "loglik");
  check_number (check, mmrm->aic, "aic_cov_only");
  check_design_emit (check, mmrm->coefficient, mmrm->beta, mmrm->vcov, mmrm->n_columns);
  check_matrix (check, mmrm->sigma, t, t, "sigma_matrix");
  check_matrix (check, mmrm->correlation, t, t, "corr_matrix");
}

void
check_mmrm (Check *check)
{
  static const char *const methods[] = { "ML", "REML", NULL };
  static const char *const structures[] = { "unstructured", NULL };
  int method = check_option_choice (check, "method", methods);
  int structure = check_option_choice (check, "structure", structures);
  double n_visits = check_option_number (check, "n_visits");
  KtmMmrmOptions options = { .structure = (KtmMmrmStructure) structure, .level = 0.95 };
  g_auto (CheckDesign) design = { 0 };
  g_autofree size_t *visit = NULL;
  KtmMmrm *mmrm = NULL;

  check_option_labels (check, "visit_labels");
  if (check_has_option (check, "level"))
    options.level = check_option_number (check, "level");
  if (check_failed (check) || !check_design_read (check, "visit", &design)
      || (visit = read_visits (check, &design, n_visits)) == NULL)
    return;
  options.likelihood = method == 0 ? KTM_LIKELIHOOD_ML : KTM_LIKELIHOOD_REML;
  check_status (check, ktm_mmrm_fit (design.y, design.subject, visit, design.x, design.n, design.p,
                                     (size_t) n_visits, &options, NULL, &mmrm));
  if (mmrm != NULL)
    emit (check, mmrm);
  ktm_mmrm_free (mmrm);
}
