/* model/analysis: the constrained longitudinal model of a run's scores. */
#include "ktm-run-model.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gsize   n;
  double *y;
  gsize  *subject, *visit, *group;
} Rows;

static double
raw_score (const KtmRun *run, gsize patient, gsize visit)
{
  return run->m->value[patient * run->frame->n_visits + visit];
}

/* The reference and every later visit up to the last at which anybody has a score. */
static void
choose_visits (const KtmRun *run, KtmRunModel *out)
{
  double start = run->reference < 0 ? MAX (0.0, run->options->from) : run->options->from;

  out->visits = g_new0 (gsize, run->frame->n_visits + 1);
  out->n_visits = 1;
  for (gsize c = 0; c < run->table.n_visits; c++)
    if (run->frame->visit_time[run->table.visit[c]] > start + 1e-6)
      out->visits[out->n_visits++] = run->table.visit[c];
}

static gboolean
has_follow_up (const KtmRun *run, const KtmRunModel *model, long group)
{
  for (gsize i = 0; i < run->frame->n_patients; i++)
    if (ktm_run_in_group (run, i, group))
      for (gsize j = 1; j < model->n_visits; j++)
        if (!isnan (raw_score (run, i, model->visits[j])))
          return TRUE;
  return FALSE;
}

static void
choose_groups (const KtmRun *run, gboolean by_group, KtmRunModel *out)
{
  out->group = g_new (long, run->n_groups + 1);
  for (long g = 0; by_group && g < (long) run->n_groups; g++)
    if (has_follow_up (run, out, g))
      out->group[out->n_groups++] = g;
  if (!by_group)
    out->group[out->n_groups++] = -1;
}

static void
add_patient (const KtmRun *run, const KtmRunModel *model, gsize patient, gsize group, Rows *rows)
{
  for (gsize j = 0; j < model->n_visits; j++)
    {
      double y =
          j == 0 ? ktm_run_before (run, patient) : raw_score (run, patient, model->visits[j]);

      if (isnan (y))
        continue;
      rows->y[rows->n] = y;
      rows->subject[rows->n] = patient;
      rows->visit[rows->n] = j;
      rows->group[rows->n++] = group;
    }
}

static void
collect (const KtmRun *run, KtmRunModel *model, Rows *rows)
{
  gsize room = run->frame->n_patients * model->n_visits + 1;

  *rows = (Rows){ 0, g_new (double, room), g_new (gsize, room), g_new (gsize, room),
                  g_new (gsize, room) };
  for (gsize i = 0; i < run->frame->n_patients; i++)
    for (gsize g = 0; g < model->n_groups; g++)
      if (ktm_run_in_group (run, i, model->group[g]))
        {
          gsize before = rows->n;

          add_patient (run, model, i, g, rows);
          if (rows->n > before)
            model->n_subjects++;
          else
            model->n_no_score++;
          break;
        }
}

void
ktm_run_model (const KtmRun *run, gboolean by_group, KtmMmrmStructure structure, KtmRunModel *out)
{
  KtmMmrmOptions options = { .structure = structure,
                             .fall_back = true,
                             .likelihood = KTM_LIKELIHOOD_REML,
                             .level = run->level };
  Rows rows;

  *out = (KtmRunModel) { .status = KTM_STATS_TOO_FEW };
  choose_visits (run, out);
  choose_groups (run, by_group, out);
  if (out->n_visits < 2 || out->n_groups == 0)
    return;
  collect (run, out, &rows);
  if (rows.n > 0)
    out->status = ktm_clda_fit (rows.y, rows.subject, rows.visit, rows.group, rows.n, out->n_visits,
                                out->n_groups,
                                /* only chance makes groups that share their baseline mean */
                                by_group && run->reference < 0 && ktm_run_by_is_arm (run), &options,
                                run->progress, &out->fit);
  g_free (rows.y);
  g_free (rows.subject);
  g_free (rows.visit);
  g_free (rows.group);
}

void
ktm_run_model_clear (KtmRunModel *model)
{
  g_clear_pointer (&model->fit, ktm_clda_free);
  g_clear_pointer (&model->visits, g_free);
  g_clear_pointer (&model->group, g_free);
}

long
ktm_run_model_visit (const KtmRunModel *model, gsize visit)
{
  for (gsize j = 1; j < model->n_visits; j++)
    if (model->visits[j] == visit)
      return (long) j;
  return -1;
}

KtmText *
ktm_run_model_method (const KtmRunModel *model)
{
  const KtmMmrm *fit = model->fit->model;

  return ktm_text_new (
      N_("repeated-measures mixed model (REML), baseline as a response, {1}, Satterthwaite df"),
      "w", ktm_mmrm_structure_text (fit->structure));
}

static gboolean
is_described (const KtmReport *report, const char *msgid)
{
  for (gsize i = 0; i < report->n_methods; i++)
    if (g_strcmp0 (ktm_text_msgid (report->methods[i]), msgid) == 0)
      return TRUE;
  return FALSE;
}

void
ktm_run_model_describe (const KtmRun *run, const KtmRunModel *model)
{
  static const char *const msgid =
      N_("The mixed model for repeated measures used all {1} scores of {2} patients at {3} "
          "visits, with the baseline as "
          "one of the responses ({4}), restricted maximum likelihood and Satterthwaite degrees of "
          "freedom; "
          "it assumes that a missing score depends only on scores that were seen.");
  KtmReport *report = run->report;
  const KtmMmrm *fit;

  if (model->status != KTM_STATS_OK)
    {
      ktm_report_card_note (report, ktm_text_new (N_("No mixed model: {1}"), "w",
                                                  ktm_stats_status_text (model->status)));
      return;
    }
  fit = model->fit->model;
  if (!is_described (report, msgid))
    ktm_report_method (report, ktm_text_new (msgid, "iiiw", (long) fit->n_rows,
                                             (long) fit->n_subjects, (long) model->n_visits,
                                             ktm_mmrm_structure_text (fit->structure)));
  if (fit->structure != fit->asked)
    ktm_report_card_warn (
        report,
        ktm_text_new (N_("Mixed model: {1} could not be fitted, so {3} was used. {2}"), "www",
                      ktm_mmrm_structure_text (fit->asked), ktm_mmrm_reason_text (fit->reason),
                      ktm_mmrm_structure_text (fit->structure)));
  else if (fit->structure == KTM_MMRM_UNSTRUCTURED && fit->n_complete < fit->n_covariance)
    ktm_report_card_note (report,
                          ktm_text_new (N_("The mixed model estimates {1} covariances from {2} "
                                            "patients seen at every visit: robust for the mean, "
                                            "optimistic about its precision."),
                                        "ii", (long) fit->n_covariance, (long) fit->n_complete));
  ktm_report_cite (report, "Liang KY, Zeger SL. Longitudinal data analysis of continuous and "
                           "discrete responses for pre-post designs. Sankhya B 2000;62:134-48.");
}

gboolean
ktm_run_structure (const KtmRun *run, KtmMmrmStructure *out)
{
  static const struct { const char *word; KtmMmrmStructure structure; } words[] = {
    { "unstructured", KTM_MMRM_UNSTRUCTURED }, { "toeplitz", KTM_MMRM_TOEPLITZ_HETEROGENEOUS },
    { "ar1", KTM_MMRM_AR1_HETEROGENEOUS }, { "cs", KTM_MMRM_CS },
  };

  *out = KTM_MMRM_UNSTRUCTURED;
  if (run->options->structure == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (run->options->structure, words[i].word) == 0)
      {
        *out = words[i].structure;
        return TRUE;
      }
  return FALSE;
}
