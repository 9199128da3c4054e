/* k_groups: several independent groups. */
#include "check.h"

#include "ktm-k-groups.h"

static void
emit_test (Check *check, KtmTest t, const char *letter, const char *name)
{
  check_number (check, t.statistic, "%s_%s", name, letter);
  check_number (check, t.df, "%s_df1", name);
  check_number (check, t.df2, "%s_df2", name);
  check_number (check, t.p, "%s_p", name);
}

static void
emit_overall (Check *check, const KtmKGroups *k)
{
  emit_test (check, k->anova, "f", "anova");
  check_number (check, k->ss_between, "anova_ss_between");
  check_number (check, k->ss_within, "anova_ss_within");
  check_number (check, k->eta2, "anova_eta2");
  check_number (check, k->omega2, "anova_omega2");
  emit_test (check, k->welch, "f", "welch");
  check_number (check, k->kruskal.statistic, "kruskal_h");
  check_number (check, k->kruskal.df, "kruskal_df");
  check_number (check, k->kruskal.p, "kruskal_p");
  check_number (check, k->kruskal_epsilon2, "kruskal_epsilon2");
  check_number (check, k->brown_forsythe.statistic, "brown_forsythe_f");
  check_number (check, k->brown_forsythe.p, "brown_forsythe_p");
}

/* One number of every pair. */
static void
emit_pairs (Check *check, const KtmGroupPair *pairs, size_t n, size_t offset, const char *key)
{
  g_autofree double *values = g_new (double, n + 1);

  for (size_t i = 0; i < n; i++)
    values[i] = *(const double *) ((const char *) &pairs[i] + offset);
  check_numbers (check, values, n, "%s", key);
}

static void
emit_post_hoc (Check *check, const KtmGroupPair *pairs, size_t n)
{
  static const struct
  {
    size_t      offset;
    const char *key;
  } fields[] = {
    { offsetof (KtmGroupPair, dunn_z), "dunn_z" },
    { offsetof (KtmGroupPair, dunn.raw), "dunn_p_raw" },
    { offsetof (KtmGroupPair, dunn.holm), "dunn_p_holm" },
    { offsetof (KtmGroupPair, dunn.bh), "dunn_p_bh" },
    { offsetof (KtmGroupPair, dunn.bonferroni), "dunn_p_bonferroni" },
    { offsetof (KtmGroupPair, dunn.hochberg), "dunn_p_hochberg" },
    { offsetof (KtmGroupPair, wilcoxon.raw), "pairwise_wilcoxon_p_raw" },
    { offsetof (KtmGroupPair, wilcoxon.holm), "pairwise_wilcoxon_p_holm" },
    { offsetof (KtmGroupPair, wilcoxon.bh), "pairwise_wilcoxon_p_bh" },
    { offsetof (KtmGroupPair, wilcoxon.bonferroni), "pairwise_wilcoxon_p_bonferroni" },
    { offsetof (KtmGroupPair, wilcoxon.hochberg), "pairwise_wilcoxon_p_hochberg" },
    { offsetof (KtmGroupPair, tukey.value), "tukey_diff" },
    { offsetof (KtmGroupPair, tukey.low), "tukey_lo" },
    { offsetof (KtmGroupPair, tukey.high), "tukey_hi" },
    { offsetof (KtmGroupPair, tukey_p), "tukey_p" },
  };

  for (size_t f = 0; f < G_N_ELEMENTS (fields); f++)
    emit_pairs (check, pairs, n, fields[f].offset, fields[f].key);
}

/* The groups as indices; their number is the largest index and one. */
static size_t *
read_groups (Check *check, const double *codes, size_t n, size_t *n_groups)
{
  size_t *group = g_new0 (size_t, n + 1);

  *n_groups = 0;
  for (size_t i = 0; i < n; i++)
    {
      if (!(codes[i] >= 0.0 && codes[i] < 1e6) || codes[i] != floor (codes[i]))
        {
          check_fail (check, "array \"group\" has %g, not an index from 0", codes[i]);
          break;
        }
      group[i] = (size_t) codes[i];
      *n_groups = MAX (*n_groups, group[i] + 1);
    }
  return group;
}

void
check_k_groups (Check *check)
{
  double level = check_option_number (check, "level");
  size_t n, n_codes, n_groups, n_pairs;
  const double *value = check_array (check, "value", &n),
               *codes = check_array (check, "group", &n_codes);
  g_autofree size_t *group = NULL, *sizes = NULL;
  g_autofree KtmGroupPair *pairs = NULL;
  KtmKGroups k;

  check_option_labels (check, "group_labels");
  if (!check_failed (check) && n != n_codes)
    check_fail (check, "arrays \"value\" and \"group\" differ in length");
  if (check_failed (check))
    return;
  group = read_groups (check, codes, n, &n_groups);
  if (check_failed (check))
    return;
  n_pairs = n_groups < 2 ? 0 : n_groups * (n_groups - 1) / 2;
  sizes = g_new0 (size_t, n_groups + 1);
  pairs = g_new0 (KtmGroupPair, n_pairs + 1);
  check_status (check, ktm_stats_k_groups (value, group, n, n_groups, level, &k, sizes, pairs));
  check_sizes (check, sizes, n_groups, "n");
  emit_overall (check, &k);
  emit_post_hoc (check, pairs, n_pairs);
}
