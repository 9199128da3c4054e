/* Every analysis of tests/reference/cases/README.md, and who answers for it. */
#include "check.h"

static const CheckAdapter adapters[] = {
  { "summary", check_summary },
  { "paired", check_paired },
  { "two_groups", check_two_groups },
  { "k_groups", check_k_groups },
  { "two_by_two", check_two_by_two },
  { "rxc_table", check_rxc_table },
  { "mcnemar", check_mcnemar },
  { "cochran_armitage", check_cochran_armitage },
  { "proportion", check_proportion },
  { "correlation", check_correlation },
  { "kaplan_meier", check_kaplan_meier },
  { "cox", check_cox },
  { "bootstrap", check_bootstrap },
  { "lmm", check_lmm },
  { "mmrm", check_mmrm },
  { "gbtm", check_gbtm },
  { "multinom", check_multinom },
  { "meta", check_meta },
  { "meta_mantel_haenszel", check_meta_mantel_haenszel },
  { "published", check_published },
};

static const CheckAdapter *
find (const char *analysis)
{
  for (size_t i = 0; i < G_N_ELEMENTS (adapters); i++)
    if (g_str_equal (adapters[i].analysis, analysis))
      return &adapters[i];
  return NULL;
}

const CheckAdapter *
check_registry_find (const char *analysis)
{
  const CheckAdapter *adapter = find (analysis);

  return adapter != NULL && adapter->run != NULL ? adapter : NULL;
}

bool
check_registry_knows (const char *analysis)
{
  return find (analysis) != NULL;
}
