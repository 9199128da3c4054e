/* model/analysis: Cox model of time in relief. */
#include "survival-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char   *id;
  KtmText      *label;   /* owned */
  const double *value;   /* of patients; nullable */
  long          level;   /* indicator of this level; −1: the value itself */
  const char   *group, *versus;
} Term;

static void
term_clear (gpointer data)
{
  ktm_text_free (((Term *) data)->label);
}

static void
add_levels (GArray *terms, const KtmFrameAttribute *a, gboolean skip_first)
{
  for (gsize k = skip_first ? 1 : 0; k < a->n_levels; k++)
    {
      Term term = { a->id,
                    ktm_text_new (N_("{1}: {2} vs {3}"), "sss", ktm_attribute_label (a),
                                  a->levels[k], a->levels[0]),
                    a->value,
                    (long) k,
                    a->levels[k],
                    a->levels[0] };

      g_array_append_val (terms, term);
    }
}

static gboolean
choose_terms (const KtmReliefRun *s, GArray *terms, GError **error)
{
  const KtmRun *run = s->run;
  const KtmFrame *f = run->frame;

  for (gsize g = 1; g < run->n_groups; g++)
    {
      Term term = { run->by->id,
                    ktm_text_new ("{1}", "s", ktm_run_group_label (run, (long) g)),
                    run->by->value,
                    (long) run->levels[g],
                    ktm_run_group_label (run, (long) g),
                    ktm_run_group_label (run, 0) };

      g_array_append_val (terms, term);
    }
  for (char **id = run->options->covariates; id != NULL && *id != NULL; id++)
    {
      long attribute = ktm_frame_find_attribute (f, *id), measure = ktm_frame_find_measure (f, *id);

      if (attribute >= 0 && f->attributes[attribute].n_levels > 0)
        add_levels (terms, &f->attributes[attribute], TRUE);
      else if (attribute >= 0 || measure >= 0)
        {
          Term term = {
            *id,
            ktm_text_new (attribute >= 0 ? N_("{1}, +1") : N_("{1} at baseline, +1"), "s",
                          attribute >= 0 ? ktm_attribute_label (&f->attributes[attribute])
                                         : f->measures[measure].label),
            attribute >= 0 ? f->attributes[attribute].value : f->measures[measure].baseline,
            -1,
            NULL,
            NULL
          };

          g_array_append_val (terms, term);
        }
      else
        {
          g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                       _("--covariate: the cohort has no attribute or measure “%s”."), *id);
          return FALSE;
        }
    }
  return TRUE;
}

static gsize
design (const KtmReliefRun *s, GArray *terms, double *time, bool *event, double *x)
{
  gsize n = 0;

  for (gsize i = 0; i < s->relief.n; i++)
    {
      gboolean known = ktm_run_in_group (s->run, s->relief.row[i], -1);

      for (guint j = 0; known && j < terms->len; j++)
        {
          const Term *term = &g_array_index (terms, Term, j);
          double v = term->value[s->relief.row[i]];

          known = !isnan (v);
          x[n * terms->len + j] = term->level < 0 ? v : v == (double) term->level;
        }
      time[n] = s->relief.time[i];
      event[n] = s->relief.event[i];
      n += known;
    }
  return n;
}

static void
add_hazards (KtmReliefRun *s, GArray *terms, const KtmCox *fit)
{
  double least = 1;

  for (guint j = 0; j < terms->len; j++)
    {
      const Term *term = &g_array_index (terms, Term, j);
      KtmReportRow *row = ktm_relief_add_row (s, "hr", N_("Cox regression; Wald limits"), -1,
                                              fit->n, KTM_RANK_SHOWN);

      if (term->group != NULL)
        ktm_report_row_set_group (row, term->group, term->versus);
      ktm_report_row_set_subject (row, term->id);
      ktm_report_row_set_estimate (
          row, (KtmEstimate){ fit->ratio[j], fit->se[j], fit->ratio_low[j], fit->ratio_high[j] },
          s->run->level);
      row->p = fit->p_value[j];
      ktm_report_row_say (row, ktm_text_copy (term->label),
                          ktm_text_new ("{1} [{2}, {3}], {4}", "222p", fit->ratio[j],
                                        fit->ratio_low[j], fit->ratio_high[j], fit->p_value[j]));
      row = ktm_relief_add_row (s, "zph_chi2", N_("score test of proportional hazards on 1 − KM"),
                                -1, fit->n, KTM_RANK_DETAIL);
      if (term->group != NULL)
        ktm_report_row_set_group (row, term->group, term->versus);
      ktm_report_row_set_subject (row, term->id);
      ktm_report_row_set_test (row, N_("Proportional hazards"),
                               (KtmTest){ fit->zph[j], 1, NAN, fit->zph_p[j] });
      least = fmin (least, fit->zph_p[j]);
    }
  if (least < 0.05)
    ktm_report_card_warn (
        s->run->report,
        ktm_text_new (N_("The hazards are not proportional (smallest {1}): read the curves and "
                          "the restricted means rather than the hazard ratios."),
                      "p", least));
  else
    ktm_report_card_note (s->run->report,
                          ktm_text_new (N_("Proportional hazards: smallest {1}. Concordance {2}."),
                                        "p2", least, fit->concordance));
}

gboolean
ktm_relief_add_cox (KtmReliefRun *s, GError **error)
{
  g_autoptr(GArray) terms = g_array_new (FALSE, FALSE, sizeof (Term));
  gboolean breslow = g_strcmp0 (s->run->options->ties, "breslow") == 0;
  KtmCox fit;
  KtmStatsStatus status;

  g_array_set_clear_func (terms, term_clear);
  if (!choose_terms (s, terms, error))
    return FALSE;
  if (terms->len == 0)
    return TRUE;
  g_autofree double *time = g_new (double, s->relief.n + 1),
                    *x = g_new (double, (s->relief.n + 1) * terms->len);
  g_autofree bool *event = g_new (bool, s->relief.n + 1);
  gsize n = design (s, terms, time, event, x);

  ktm_report_add_card (s->run->report, ktm_text_new (N_("Cox model"), ""),
                       s->run->n_groups > 0 ? ktm_text_new (N_("hazard ratio against {1}"), "s",
                                                            ktm_run_group_label (s->run, 0))
                                            : ktm_text_new (N_("hazard ratio"), ""));
  status = ktm_cox (time, event, x, n, terms->len, breslow ? KTM_COX_BRESLOW : KTM_COX_EFRON,
                    s->run->level, &fit);
  if (status != KTM_STATS_OK)
    {
      ktm_report_card_say (s->run->report, ktm_text_new (N_("The Cox model cannot be fitted: {1}"),
                                                         "w", ktm_stats_status_text (status)));
      return TRUE;
    }
  add_hazards (s, terms, &fit);
  ktm_report_card_note (s->run->report, ktm_text_new (N_("n = {1}, {2} lost relief; {3} ties."),
                                                      "iiw", (long) fit.n, (long) fit.n_events,
                                                      breslow ? N_("Breslow's") : N_("Efron's")));
  if (fit.n_events < 10 * terms->len)
    ktm_report_card_warn (
        s->run->report,
        ktm_text_new (N_("Fewer than 10 losses for each hazard ratio: they are unstable."), ""));
  ktm_cox_clear (&fit);
  return TRUE;
}

