/* model/analysis: the request resolved against the frame, and what several analyses say. */
#include "ktm-run.h"

#include "ktm-report-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- what the frame has, for errors that help ------------------------------------------------- */

static char *
list_measures (const KtmFrame *frame)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < frame->n_measures; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", frame->measures[i].id);
  return g_string_free (list, FALSE);
}

static char *
list_attributes (const KtmFrame *frame)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < frame->n_attributes; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", frame->attributes[i].id);
  return g_string_free (list, FALSE);
}

static char *
list_levels (const KtmFrameAttribute *attribute)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < attribute->n_levels; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", attribute->levels[i]);
  return g_string_free (list, FALSE);
}

static char *
list_visits (const KtmFrame *frame)
{
  GString *list = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < frame->n_visits; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            g_ascii_formatd (number, sizeof number, "%.10g", frame->visit_time[i]));
  return g_string_free (list, FALSE);
}

static gboolean
resolve_measure (const KtmFrame *frame, KtmAnalysisOptions *options, GError **error)
{
  g_autofree char *known = NULL;

  if (frame->n_measures == 0)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                           _("This cohort has no scores, so there is nothing to analyse."));
      return FALSE;
    }
  if (options->measure == NULL)
    options->measure = g_strdup (frame->measures[0].id);
  if (ktm_frame_find_measure (frame, options->measure) >= 0)
    return TRUE;
  known = list_measures (frame);
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("There is no measure “%s”; this cohort has: %s."), options->measure, known);
  return FALSE;
}

static gboolean
check_visit (const KtmFrame *frame, double time, const char *option, GError **error)
{
  g_autofree char *known = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (ktm_frame_find_visit (frame, time) >= 0)
    return TRUE;
  known = list_visits (frame);
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("There is no visit at time %s (%s); this cohort has visits at: %s."),
               g_ascii_formatd (number, sizeof number, "%.10g", time), option, known);
  return FALSE;
}

/* The last visit at which the measure was scored at all: not every measure is asked at every visit.
 */
static gsize
last_scored_visit (const KtmFrame *frame, const KtmFrameMeasure *m)
{
  for (gsize v = frame->n_visits; v-- > 0; )
    for (gsize i = 0; i < frame->n_patients; i++)
      if (!isnan (m->value[i * frame->n_visits + v]))
        return v;
  return frame->n_visits - 1;
}

/* The visit that is the baseline: the last at or before 0, else the first. */
static gsize
baseline_visit (const KtmFrame *frame)
{
  gsize visit = 0;

  for (gsize v = 0; v < frame->n_visits && frame->visit_time[v] <= 0; v++)
    visit = v;
  return visit;
}

static gboolean
resolve_visits (const KtmFrame *frame, KtmAnalysisOptions *options, GError **error)
{
  const KtmFrameMeasure *m = &frame->measures[ktm_frame_find_measure (frame, options->measure)];

  if (frame->n_visits == 0)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                           _("This cohort has no visits, so there is nothing to analyse."));
      return FALSE;
    }
  if (isnan (options->from))
    options->from = frame->visit_time[baseline_visit (frame)];
  else if (!check_visit (frame, options->from, "--from", error))
    return FALSE;
  if (isnan (options->to))
    options->to = MAX (frame->visit_time[last_scored_visit (frame, m)], options->from);
  else if (!check_visit (frame, options->to, "--to", error))
    return FALSE;
  if (options->from <= options->to)
    return TRUE;
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                       _("The first visit (--from) lies after the last one (--to)."));
  return FALSE;
}

/* TRUE: takes @why; the request cannot be honoured for it. */
static gboolean
refuse_text (KtmText *why, GError **error)
{
  char *said;

  if (why == NULL)
    return FALSE;
  said = ktm_text_render (why, ktm_lang_find (g_get_language_names ()[0]), 0);
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST, said);
  free (said);
  ktm_text_free (why);
  return TRUE;
}

/* The attribute named by @id, with its cuts; NULL with an error. */
static const KtmFrameAttribute *
find_grouping (const KtmFrame *frame, const char *id, KtmCuts *cuts, GError **error)
{
  KtmText *why = NULL;
  long index = ktm_frame_find_grouping (frame, id, cuts, &why);
  g_autofree char *known = NULL;

  if (refuse_text (why, error))
    return NULL;
  if (index >= 0)
    return &frame->attributes[index];
  known = list_attributes (frame);
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
               _("There is no attribute “%s”; this cohort has: %s."), id, known);
  return NULL;
}

const KtmFrameAttribute *
ktm_run_levels (const KtmFrame *frame, const KtmAnalysisOptions *options, const char *id,
                KtmSplit *split, GError **error)
{
  KtmCuts cuts;
  const KtmFrameAttribute *attribute = find_grouping (frame, id, &cuts, error);
  KtmStatsStatus status;

  if (attribute == NULL || attribute->n_levels > 0)
    return attribute;
  if (attribute->kind != KTM_ATTRIBUTE_NUMBER)
    {
      g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                   attribute->kind == KTM_ATTRIBUTE_DATE
                       ? _("“%s” is a date: choose an attribute with levels, or a number.")
                       : _("“%s” has no levels, so it makes no groups."),
                   attribute->id);
      return NULL;
    }
  status = ktm_split_init (split, frame, (gsize) (attribute - frame->attributes), &cuts,
                           ktm_lang_find (options->lang), options->decimal_mark);
  if (status == KTM_STATS_OK)
    return &split->attribute;
  if (status == KTM_STATS_TOO_FEW)
    refuse_text (ktm_split_nobody_text (attribute), error);
  else
    g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_FAILED,
                         _ (ktm_stats_status_text (status)));
  return NULL;
}

static gboolean
resolve_by (const KtmFrame *frame, const KtmAnalysisOptions *options, GError **error)
{
  KtmSplit split = { 0 };
  gboolean ok;

  if (options->by == NULL)
    {
      if (options->groups == NULL)
        return TRUE;
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                           _("Groups need the attribute they are levels of (--by)."));
      return FALSE;
    }
  ok = ktm_run_levels (frame, options, options->by, &split, error) != NULL;
  ktm_split_clear (&split);
  return ok;
}

static long
find_level (const KtmFrameAttribute *attribute, const char *level)
{
  for (gsize i = 0; i < attribute->n_levels; i++)
    if (strcmp (attribute->levels[i], level) == 0)
      return (long) i;
  for (gsize i = 0; i < attribute->n_levels; i++)
    if (g_ascii_strcasecmp (attribute->levels[i], level) == 0)
      return (long) i;
  return -1;
}

static gboolean
resolve_groups (const KtmFrame *frame, const KtmAnalysisOptions *options, GError **error)
{
  const KtmFrameAttribute *attribute;
  g_autofree char *known = NULL;

  if (options->groups == NULL)
    return TRUE;
  attribute = &frame->attributes[ktm_frame_find_grouping (frame, options->by, NULL, NULL)];
  if (attribute->n_levels == 0)
    {
      g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                   _("“%s” is a number without levels: leave out the groups to keep."),
                   attribute->id);
      return FALSE;
    }
  for (char **level = options->groups; *level != NULL; level++)
    if (find_level (attribute, *level) < 0)
      {
        known = list_levels (attribute);
        g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                     _("“%s” has no level “%s”; it has: %s."), options->by, *level, known);
        return FALSE;
      }
  return TRUE;
}

static gboolean
resolve_covariates (const KtmAnalysis *analysis, const KtmFrame *frame,
                    const KtmAnalysisOptions *options, GError **error)
{
  gboolean levels = strcmp (analysis->id, "subgroups") == 0; /* says itself what makes none */

  g_autofree char *attributes = NULL, *measures = NULL;

  for (char **id = options->covariates; id != NULL && *id != NULL; id++)
    if (!levels && ktm_frame_find_attribute (frame, *id) < 0
        && ktm_frame_find_measure (frame, *id) < 0)
      {
        attributes = list_attributes (frame);
        measures = list_measures (frame);
        g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                     _("There is no attribute or measure “%s”; this cohort has: %s, %s."), *id,
                     attributes, measures);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_level (const KtmAnalysisOptions *options, GError **error)
{
  if (options->level > 0.5 && options->level < 1)
    return TRUE;
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                       _("The confidence level must lie between 0.5 and 1, for example 0.95."));
  return FALSE;
}

/* One homogeneous population cut in three gives p < 1e-14 every time. */
static gboolean
check_circular (const KtmAnalysis *analysis, const KtmFrame *frame,
                const KtmAnalysisOptions *options, GError **error)
{
  static const char *const describe[] = { "summary", "missingness", "table1", "flow", NULL };
  const KtmFrameAttribute *by =
      options->by != NULL
          ? &frame->attributes[ktm_frame_find_grouping (frame, options->by, NULL, NULL)]
          : NULL;

  if (by == NULL || g_strcmp0 (by->made_from, options->measure) != 0
      || (analysis->uses & KTM_USES_BY) == 0 || g_strv_contains (describe, analysis->id))
    return TRUE;
  g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
               _("The classes were made from “%s”: comparing it between them would find what was "
                  "put in, so there is no test and no effect size; “summary” describes them."),
               options->measure);
  return FALSE;
}

gboolean
ktm_analysis_resolve (const KtmAnalysis *analysis, const KtmFrame *frame,
                      KtmAnalysisOptions *options, GError **error)
{
  const KtmFrameMeasure *m;

  if ((analysis->uses & KTM_USES_STUDIES) != 0
      && (frame->n_measures == 0 || frame->n_visits == 0) && options->measure == NULL)
    return check_level (options, error);
  if (!check_level (options, error) || !resolve_measure (frame, options, error)
      || !resolve_visits (frame, options, error) || !resolve_by (frame, options, error)
      || !resolve_groups (frame, options, error)
      || !resolve_covariates (analysis, frame, options, error)
      || !check_circular (analysis, frame, options, error))
    return FALSE;
  m = &frame->measures[ktm_frame_find_measure (frame, options->measure)];
  if (options->missing != KTM_MISSING_WORST || !isnan (m->lower_better ? m->max : m->min))
    return TRUE;
  g_set_error (
      error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
      _("“%s” has no known scale ends, so the worst score cannot stand for a missing one."),
      options->measure);
  return FALSE;
}

/* --- the run ---------------------------------------------------------------------------------- */

static void
set_groups (KtmRun *run)
{
  const KtmFrame *frame = run->frame;
  const KtmAnalysis *analysis;
  g_autofree long *group_of_level = NULL;
  gsize n_levels;

  run->group_of = g_new (long, MAX (frame->n_patients, 1));
  for (gsize i = 0; i < frame->n_patients; i++)
    run->group_of[i] = -1;
  if (run->options->by == NULL)
    return;
  run->by = ktm_run_levels (frame, run->options, run->options->by, &run->split, NULL);
  g_assert (run->by != NULL); /* resolved before */
  analysis = ktm_analysis_find (run->report->analysis);
  if (run->split.attribute.id != NULL && analysis != NULL && (analysis->uses & KTM_USES_BY) != 0)
    ktm_report_method (run->report, ktm_split_text (&run->split));
  n_levels = run->by->n_levels;
  run->levels = g_new (gsize, n_levels + 1);
  group_of_level = g_new (long, n_levels + 1);
  for (gsize l = 0; l < n_levels; l++)
    group_of_level[l] = -1;
  if (run->options->groups != NULL)
    for (char **level = run->options->groups; *level != NULL; level++)
      {
        long l = find_level (run->by, *level);

        if (group_of_level[l] < 0)
          {
            group_of_level[l] = (long) run->n_groups;
            run->levels[run->n_groups++] = (gsize) l;
          }
      }
  else
    for (gsize l = 0; l < n_levels; l++)
      {
        group_of_level[l] = (long) run->n_groups;
        run->levels[run->n_groups++] = l;
      }
  for (gsize i = 0; i < frame->n_patients; i++)
    if (!isnan (run->by->value[i]) && run->by->value[i] >= 0 && run->by->value[i] < n_levels)
      run->group_of[i] = group_of_level[(gsize) run->by->value[i]];
}

gboolean
ktm_run_init (KtmRun *run, const KtmFrame *frame, const KtmAnalysisOptions *options,
              const KtmProgress *progress, KtmReport *report, GError **error)
{
  KtmStatsStatus status;
  gsize base;

  *run = (KtmRun){ .frame = frame,
                   .options = options,
                   .progress = progress,
                   .report = report,
                   .level = options->level };
  run->measure = (gsize) ktm_frame_find_measure (frame, options->measure);
  run->m = &frame->measures[run->measure];
  run->sign = run->m->lower_better ? -1 : 1;
  run->first = (gsize) ktm_frame_find_visit (frame, options->from);
  run->last = (gsize) ktm_frame_find_visit (frame, options->to);
  base = baseline_visit (frame);
  run->reference = run->first == base && frame->visit_time[base] <= 0 ? -1 : (long) run->first;
  report->measure = strdup (run->m->id);
  report->measure_label = strdup (run->m->label != NULL ? run->m->label : run->m->id);
  report->unit = run->m->unit != NULL ? strdup (run->m->unit) : NULL;
  report->lower_better = run->m->lower_better;
  set_groups (run);
  run->table_row = g_new (long, MAX (frame->n_patients, 1));
  for (gsize i = 0; i < frame->n_patients; i++)
    run->table_row[i] = -1;
  status = ktm_frame_table_since (frame, run->measure, KTM_SHOW_VALUE, options->missing,
                                  run->reference < 0 ? NAN : options->from, options->from,
                                  options->to, &run->table);
  if (status != KTM_STATS_OK)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_FAILED,
                           _ (ktm_stats_status_text (status)));
      ktm_run_clear (run);
      return FALSE;
    }
  run->column = g_new (long, frame->n_visits);
  for (gsize v = 0; v < frame->n_visits; v++)
    run->column[v] = -1;
  for (gsize c = 0; c < run->table.n_visits; c++)
    run->column[run->table.visit[c]] = (long) c;
  for (gsize r = 0; r < run->table.n_rows; r++)
    run->table_row[run->table.row[r]] = (long) r;
  return TRUE;
}

void
ktm_run_clear (KtmRun *run)
{
  ktm_split_clear (&run->split);
  g_clear_pointer (&run->levels, g_free);
  g_clear_pointer (&run->group_of, g_free);
  g_clear_pointer (&run->table_row, g_free);
  g_clear_pointer (&run->column, g_free);
  ktm_frame_table_clear (&run->table);
}

const char *
ktm_run_group_label (const KtmRun *run, long group)
{
  return group < 0 ? NULL : run->by->levels[run->levels[group]];
}

gboolean
ktm_run_in_group (const KtmRun *run, gsize patient, long group)
{
  /* with chosen groups, "all" is the patients of those groups */
  if (group < 0)
    return run->options->groups == NULL || run->group_of[patient] >= 0;
  return run->group_of[patient] == group;
}

double
ktm_run_before (const KtmRun *run, gsize patient)
{
  return run->reference < 0
             ? run->m->baseline[patient]
             : run->m->value[patient * run->frame->n_visits + (gsize) run->reference];
}

double
ktm_run_score (const KtmRun *run, gsize patient, gsize visit)
{
  long row = run->table_row[patient], column = run->column[visit];

  return row < 0 || column < 0
             ? NAN
             : run->table.value[(gsize) row * run->table.n_visits + (gsize) column];
}

gboolean
ktm_run_filled (const KtmRun *run, gsize patient, gsize visit)
{
  long row = run->table_row[patient], column = run->column[visit];

  return row >= 0 && column >= 0 && run->table.filled != NULL
         && run->table.filled[(gsize) row * run->table.n_visits + (gsize) column];
}

double
ktm_run_time (const KtmRun *run, gsize visit)
{
  return run->frame->visit_time[visit];
}

KtmText *
ktm_run_visit (const KtmRun *run, gsize visit)
{
  return ktm_frame_visit_text (run->frame, visit);
}

KtmText *
ktm_run_before_text (const KtmRun *run)
{
  return run->reference < 0 ? ktm_text_new (N_("baseline"), "")
                            : ktm_run_visit (run, (gsize) run->reference);
}

KtmText *
ktm_run_unit (const KtmRun *run, double value)
{
  return ktm_report_unit_text (run->m->unit, value, 1);
}

void
ktm_run_pairs (const KtmRun *run, gsize visit, long group, KtmPairs *out)
{
  gsize n = run->frame->n_patients;

  *out = (KtmPairs){ .patient = g_new (gsize, n + 1),
                     .before = g_new (double, n + 1),
                     .after = g_new (double, n + 1),
                     .change = g_new (double, n + 1) };
  for (gsize i = 0; i < n; i++)
    {
      double before = ktm_run_before (run, i), after = ktm_run_score (run, i, visit);

      if (!ktm_run_in_group (run, i, group))
        continue;
      out->n_total++;
      if (isnan (after))
        {
          gboolean scored = !isnan (run->m->value[i * run->frame->n_visits + visit]);

          if (scored && isnan (before))
            out->n_no_before++;
          else if (scored)
            out->n_not_completer++;
          else
            out->n_no_after++;
          continue;
        }
      if (isnan (before))
        {
          out->n_no_before++;
          continue;
        }
      out->n_filled += ktm_run_filled (run, i, visit);
      out->patient[out->n] = i;
      out->before[out->n] = before;
      out->after[out->n] = after;
      out->change[out->n++] = after - before;
    }
}

void
ktm_pairs_clear (KtmPairs *pairs)
{
  g_clear_pointer (&pairs->patient, g_free);
  g_clear_pointer (&pairs->before, g_free);
  g_clear_pointer (&pairs->after, g_free);
  g_clear_pointer (&pairs->change, g_free);
}

KtmReportRow *
ktm_run_add (const KtmRun *run, const char *statistic, const char *method, long visit, long group,
             long n)
{
  KtmReportRow *row = ktm_report_add_row (run->report, statistic, ktm_text_new (method, ""));

  if (row == NULL)
    g_error ("out of memory");
  if (group >= 0)
    ktm_report_row_set_group (row, ktm_run_group_label (run, group), NULL);
  row->time = visit >= 0 ? run->frame->visit_time[visit] : NAN;
  row->n = n;
  return row;
}

KtmReportRow *
ktm_run_add_value (const KtmRun *run, const char *statistic, const char *method, long visit,
                   long group, long n, double value)
{
  KtmReportRow *row = ktm_run_add (run, statistic, method, visit, group, n);

  row->estimate = isfinite (value) ? value : NAN;
  row->rank = KTM_RANK_DETAIL;
  return row;
}

/* --- sentences several analyses say ----------------------------------------------------------- */

void
ktm_run_exclude_pairs (const KtmRun *run, const KtmPairs *pairs, gsize visit)
{
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score at {1}"), "t", ktm_run_visit (run, visit)),
                      (long) pairs->n_no_after);
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score at {1}"), "t", ktm_run_before_text (run)),
                      (long) pairs->n_no_before);
  ktm_report_exclude (run->report,
                      ktm_text_new (N_("no score at {1}, the last selected visit"), "t",
                                    ktm_run_visit (run, run->last)),
                      (long) pairs->n_not_completer);
}

void
ktm_run_note_no_arm (const KtmRun *run)
{
  if (ktm_run_by_is_arm (run))
    return;
  ktm_report_card_note (run->report,
                        ktm_text_new (N_("No comparison group: the change includes regression to "
                                          "the mean, placebo and natural course."),
                                      ""));
}

void
ktm_run_warn_same_start (const KtmRun *run, const KtmFrameAttribute *attribute)
{
  const char *id = attribute != NULL && g_str_has_prefix (attribute->id, "baseline_")
                       ? attribute->id + strlen ("baseline_")
                       : "";

  if (strcmp (id, run->m->id) == 0)
    ktm_report_card_warn (
        run->report,
        ktm_text_new (N_("The groups are made of the score the change starts from: patients who "
                         "start high change more by regression to the mean alone."),
                      ""));
}

void
ktm_run_method_missing (const KtmRun *run)
{
  static const char *const sentences[] = {
    N_("Missing scores were left missing (available cases)."),
    N_("Only patients with a baseline and a score at the last selected visit were used "
        "(completers)."),
    N_("A missing follow-up score was replaced by the patient's last score before it, baseline "
        "included (last observation carried forward)."),
    N_("A missing follow-up score was replaced by the patient's baseline (baseline observation "
        "carried forward)."),
    N_("A missing follow-up score was replaced by the worst end of the scale, which gives a bound "
        "and not an estimate."),
  };

  ktm_report_method (run->report, ktm_text_new (sentences[run->options->missing], ""));
}

void
ktm_run_warn_filled (const KtmRun *run, gsize n_filled)
{
  if (n_filled == 0)
    return;
  ktm_report_card_warn (
      run->report,
      ktm_text_new_plural (
          "{1} missing score was filled in. The interval treats it as observed and is too narrow.",
          "{1} missing scores were filled in. The interval treats them as observed and is too "
          "narrow.",
          "i", (long) n_filled));
}

void
ktm_run_warn_few (const KtmRun *run, const char *group, gsize n)
{
  if (n >= 10)
    return;
  if (group == NULL)
    ktm_report_card_warn (
        run->report,
        ktm_text_new_plural ("Only {1} patient: read as a description, not as evidence.",
                             "Only {1} patients: read as a description, not as evidence.", "i",
                             (long) n));
  else
    ktm_report_card_warn (
        run->report, ktm_text_new_plural ("{2} has only {1} patient: read it as a description.",
                                          "{2} has only {1} patients: read it as a description.",
                                          "is", (long) n, group));
}

gboolean
ktm_run_need_follow_up (const KtmRun *run, GError **error)
{
  if (ktm_run_time (run, run->last) > run->options->from)
    return TRUE;
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                       _("There is no visit after the baseline at which this measure was taken, "
                          "so there is no change to analyse."));
  return FALSE;
}

gboolean
ktm_run_by_is_arm (const KtmRun *run)
{
  return run->by != NULL && g_strcmp0 (run->by->id, "arm") == 0;
}

KtmText *
ktm_run_duration (const KtmRun *run, double time)
{
  static const struct { const char *unit, *one, *many;
  } words[] = {
    { "minute", N_("{1} minute"), N_("{1} minutes") }, { "hour", N_("{1} hour"), N_("{1} hours") },
    { "day", N_("{1} day"), N_("{1} days") },          { "week", N_("{1} week"), N_("{1} weeks") },
    { "month", N_("{1} month"), N_("{1} months") },    { "year", N_("{1} year"), N_("{1} years") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i].unit, run->frame->time_unit) == 0)
      return ktm_text_new (time > 0 && time <= 1 ? words[i].one : words[i].many, "g", time);
  return ktm_text_new ("{1}", "g", time);
}
