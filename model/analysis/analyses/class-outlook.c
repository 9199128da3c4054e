/* model/analysis: how early can the class be told, and where is one patient heading? */
#include "ktm-analyses.h"
#include "ktm-run-classes.h"

#include "ktm-class-outlook.h"
#include "ktm-gbtm-resample.h"
#include "ktm-proportion.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GOAL 0.8  /* told rightly, of the patients of a class */

typedef struct
{
  const KtmRun         *run;
  const KtmClassResult *result;
  gsize                 k, n_at;
  gsize                *visit;      /* n_at: of the frame */
  double               *at;         /* n_at */
  gsize                *counts;     /* n_at × k × k */
  double               *certainty;  /* n_at × k */
} Early;

static const char *
class_name (const Early *e, gsize k)
{
  return ktm_class_result_name (e->result, e->k, k);
}

/* Patients of class @c at time @j (all classes: c = k), and how many of them were told rightly. */
static gsize
told (const Early *e, gsize j, gsize c, gsize *right)
{
  gsize n = 0;

  *right = 0;
  for (gsize a = 0; a < e->k; a++)
    for (gsize b = 0; b < e->k && (c == e->k || a == c); b++)
      {
        n += e->counts[(j * e->k + a) * e->k + b];
        *right += a == b ? e->counts[(j * e->k + a) * e->k + b] : 0;
      }
  return n;
}

/* NaN of nobody. */
static KtmEstimate
share (const Early *e, gsize right, gsize n)
{
  KtmEstimate p = KTM_ESTIMATE_NAN;

  if (n == 0)
    return p;
  p.value = (double) right / (double) n;
  ktm_stats_wilson ((double) right, (double) n, e->run->level, &p.low, &p.high);
  return p;
}

static void
add_share (const Early *e, gsize j, const char *statistic, const char *method, const char *group,
           gsize right, gsize n)
{
  KtmReportRow *row = ktm_run_add (e->run, statistic, method, (long) e->visit[j], -1, (long) n);

  row->rank = KTM_RANK_DETAIL;
  ktm_report_row_set_group (row, group, NULL);
  ktm_report_row_set_estimate (row, share (e, right, n), e->run->level);
}

/* "64 % [57, 70] right: Mild 34 %, Moderate 50 %, Severe 83 %" */
static void
say_visit (const Early *e, gsize j)
{
  gsize right, n = told (e, j, e->k, &right);
  KtmReportRow *row = ktm_run_add (
      e->run, "class_told",
      N_("patients still followed then, each by a model fitted without the patient; Wilson "
         "interval"),
      (long) e->visit[j], -1, (long) n);
  KtmEstimate p = share (e, right, n);
  KtmText *line = NULL;

  ktm_report_row_set_estimate (row, p, e->run->level);
  row->rank = KTM_RANK_SHOWN;
  for (gsize c = 0; c < e->k; c++)
    {
      gsize ok, m = told (e, j, c, &ok);
      KtmText *one = m > 0 ? ktm_text_new (N_("{1} {2} %"), "w0", class_name (e, c),
                                           100.0 * (double) ok / (double) m)
                           : ktm_text_new ("{1} –", "w", class_name (e, c));

      line = line == NULL ? one : ktm_text_new ("{1} · {2}", "tt", line, one);
    }
  ktm_report_row_say (
      row, ktm_text_new (N_("up to {1}"), "t", ktm_run_visit (e->run, e->visit[j])),
      ktm_text_new (N_("{1} % [{2}, {3}] of {4} · {5}"), "000it", 100 * p.value, 100 * p.low,
                    100 * p.high, (long) n, line));
}

static void
add_visit (const Early *e, gsize j)
{
  say_visit (e, j);
  for (gsize c = 0; c < e->k; c++)
    {
      gsize right, n = told (e, j, c, &right), called = 0;
      KtmReportRow *row;

      add_share (e, j, "class_told",
                 N_("of the patients in the class in the end; Wilson interval"), class_name (e, c),
                 right, n);
      for (gsize a = 0; a < e->k; a++)
        called += e->counts[(j * e->k + a) * e->k + c];
      add_share (e, j, "class_told_ppv",
                 N_("of the patients told to be in the class then; Wilson interval"),
                 class_name (e, c), right, called);
      row = ktm_run_add_value (e->run, "class_certainty",
                               N_("mean over the patients in the class in the end"),
                               (long) e->visit[j], -1, (long) n, e->certainty[j * e->k + c]);
      row->rank = KTM_RANK_DETAIL;
      ktm_report_row_set_group (row, class_name (e, c), NULL);
    }
}

/* The first time from which on at least GOAL of the class are told rightly; n_at: never. */
static gsize
told_from (const Early *e, gsize c)
{
  gsize from = e->n_at;

  for (gsize j = e->n_at; j-- > 0;)
    {
      gsize right, n = told (e, j, c, &right);

      if (n > 0 && (double) right < GOAL * (double) n)
        break;
      if (n > 0)
        from = j;
    }
  return from;
}

static KtmText *
told_text (const Early *e, gsize c)
{
  gsize from = told_from (e, c);

  return from == e->n_at
             ? ktm_text_new (N_("{1} at no visit"), "w", class_name (e, c))
             : ktm_text_new (N_("{1} from {2} on"), "wt", class_name (e, c),
                             ktm_run_visit (e->run, e->visit[from]));
}

static void
report_early (const Early *e)
{
  KtmText *line = NULL;

  ktm_report_add_card (e->run->report, ktm_text_new (N_("How early can the class be told?"), ""),
                       ktm_text_new (N_("told rightly by a model that had not seen the patient"),
                                     ""));
  for (gsize j = 0; j < e->n_at; j++)
    add_visit (e, j);
  for (gsize c = 0; c < e->k; c++)
    {
      KtmText *one = told_text (e, c);

      line = line == NULL ? one : ktm_text_new ("{1} · {2}", "tt", line, one);
    }
  ktm_report_card_say (e->run->report,
                       ktm_text_new (N_("At least {1} % of the patients are told rightly: {2}."),
                                     "it", (long) lround (100 * GOAL), line));
  ktm_report_card_note (
      e->run->report,
      ktm_text_new (N_("“Rightly” means as with all scores of the patient and all patients: the "
                       "class in the end, which is itself uncertain. A patient counts at a visit "
                       "while followed, so later visits hold fewer and other patients."),
                    ""));
  ktm_report_method (
      e->run->report,
      ktm_text_new (
          N_("How early a class can be told was estimated by leaving out each patient in "
              "turn: the model was fitted to the others, and the patient's class told from "
              "the scores up to each visit was compared with the class told from all "
              "scores and patients."),
          ""));
}

/* Visits of the run at which anybody has a score. */
static void
list_visits (Early *e)
{
  const KtmGbtmFit *fit = ktm_class_result_fit (e->result);
  const KtmFrame *frame = e->run->frame;

  e->visit = g_new (gsize, frame->n_visits + 1);
  e->at = g_new (double, frame->n_visits + 1);
  for (gsize v = e->run->first; v <= e->run->last; v++)
    for (gsize d = 0; d < fit->n_times; d++)
      if (fit->time[d] == frame->visit_time[v])
        {
          e->visit[e->n_at] = v;
          e->at[e->n_at++] = fit->time[d];
        }
}

static void
run_early (const KtmRun *run, const KtmClassResult *result)
{
  Early e = { .run = run, .result = result, .k = result->n_classes };
  KtmStatsStatus status;

  list_visits (&e);
  e.counts = g_new0 (gsize, e.n_at * e.k * e.k + 1);
  e.certainty = g_new0 (double, e.n_at *e.k + 1);
  status = ktm_gbtm_early (&result->data, ktm_class_result_fit (result), e.at, e.n_at,
                           g_get_num_processors (), run->progress, e.counts, e.certainty);
  if (status == KTM_STATS_OK)
    report_early (&e);
  else if (status != KTM_STATS_CANCELLED)
    {
      ktm_report_add_card (run->report,
                           ktm_text_new (N_("How early can the class be told?"), ""), NULL);
      ktm_report_card_say (run->report, ktm_text_new (ktm_stats_status_text (status), ""));
    }
  g_free (e.visit);
  g_free (e.at);
  g_free (e.counts);
  g_free (e.certainty);
}

/* --- one patient ------------------------------------------------------------------------------ */

/* The frame's visit at @time; −1 none. */
static long
visit_at (const KtmRun *run, double time)
{
  return ktm_frame_find_visit (run->frame, time);
}

static KtmText *
state_text (const KtmRun *run, const KtmClassOutlook *o, gsize s)
{
  long visit = s > 0 ? visit_at (run, o->time[s - 1]) : -1;

  if (s == 0)
    return ktm_text_new (N_("before any score"), "");
  return visit >= 0 ? ktm_text_new (N_("after {1} (score {2})"), "tg",
                                    ktm_run_visit (run, (gsize) visit), o->y[s - 1])
                    : ktm_text_new (N_("after time {1} (score {2})"), "gg", o->time[s - 1],
                                    o->y[s - 1]);
}

/* Probabilities and course as known after @s scores. */
static void
add_state (const KtmRun *run, const KtmClassResult *result, const KtmClassOutlook *o, gsize s)
{
  g_autofree char *subject = g_strdup_printf ("scores seen: %" G_GSIZE_FORMAT, s);
  KtmText *line = NULL;

  for (gsize k = 0; k < o->n_classes; k++)
    {
      const char *name = ktm_class_result_name (result, o->n_classes, k);
      double p = o->probability[s * o->n_classes + k];
      KtmReportRow *row = ktm_run_add_value (
          run, "class_probability", N_("given the scores so far and the model"), -1, -1, 1, p);
      KtmText *one = ktm_text_new (N_("{1} {2} %"), "w0", name, 100 * p);

      line = line == NULL ? one : ktm_text_new ("{1} · {2}", "tt", line, one);
      ktm_report_row_set_group (row, name, NULL);
      ktm_report_row_set_subject (row, subject);
      row->time = s > 0 ? o->time[s - 1] : NAN;
      if (k + 1 == o->n_classes)
        {
          row->rank = KTM_RANK_SHOWN;
          ktm_report_row_say (row, state_text (run, o, s), line);
        }
    }
  for (gsize j = 0; j < o->n_at; j++)
    if (s == 0 || o->at[j] > o->time[s - 1])
      {
        KtmReportRow *row =
            ktm_run_add (run, "outlook",
                         N_("mixture of the classes; the interval holds a new score, the "
                            "uncertainty of the model is not in it"),
                         -1, -1, 1);

        row->rank = KTM_RANK_DETAIL;
        ktm_report_row_set_subject (row, subject);
        ktm_report_row_set_estimate (row, o->course[s * o->n_at + j], run->level);
        row->time = o->at[j];
      }
}

static void
say_patient (const KtmRun *run, const KtmClassResult *result, const KtmClassOutlook *o)
{
  const double *last = o->probability + o->n_scores * o->n_classes;
  KtmEstimate end = o->course[o->n_scores * o->n_at + o->n_at - 1];
  gsize best = 0;

  for (gsize k = 1; k < o->n_classes; k++)
    if (last[k] > last[best])
      best = k;
  if (o->n_scores > 0 && o->time[o->n_scores - 1] >= o->at[o->n_at - 1])
    ktm_report_card_say (
        run->report,
        ktm_text_new (N_("Most likely {1} ({2} %), from all scores to the last visit."), "w0",
                      ktm_class_result_name (result, o->n_classes, best), 100 * last[best]));
  else
    ktm_report_card_say (
        run->report,
        ktm_text_new (N_("Most likely {1} ({2} %); expected at the last visit: {3}, with {4} % "
                         "probability between {5} and {6}."),
                      "w01011", ktm_class_result_name (result, o->n_classes, best),
                      100 * last[best], end.value, 100 * run->level, end.low, end.high));
}

static void
run_patient (const KtmRun *run, const KtmClassResult *result)
{
  KtmClassOutlook o;
  KtmStatsStatus status =
      ktm_class_outlook (result, (gsize) run->options->patient, NULL, 0, run->level, &o);

  ktm_report_add_card (run->report, ktm_text_new (N_("Where is this patient heading?"), ""), NULL);
  if (status != KTM_STATS_OK)
    ktm_report_card_say (run->report, ktm_text_new (ktm_stats_status_text (status), ""));
  else
    {
      for (gsize s = 0; s <= o.n_scores; s++)
        add_state (run, result, &o, s);
      say_patient (run, result, &o);
      if (o.n_scores < 2)
        ktm_report_card_warn (
            run->report, ktm_text_new (N_("With fewer than two scores the class is little more "
                                           "than a guess."),
                                       ""));
      ktm_report_card_note (
          run->report,
          ktm_text_new (N_("For orientation: the model describes this cohort, is not validated in "
                           "other patients, and its own uncertainty is not in the interval."),
                        ""));
    }
  ktm_class_outlook_clear (&o);
}

static gboolean
tell_outlook (const KtmRun *run, KtmRunClasses *classes, GError **error)
{
  KtmReport *report = run->report;

  if (classes->result->n_classes == 0)
    {
      ktm_report_add_card (report, ktm_text_new (N_("How early can the class be told?"), ""), NULL);
      ktm_report_card_say (report, ktm_run_classes_why_none (classes));
      return TRUE;
    }
  if (run->options->patient >= 0 && (gsize) run->options->patient < run->frame->n_patients)
    run_patient (run, classes->result);
  if (classes->result->n_classes > 1 && !classes->result->applied)
    run_early (run, classes->result);
  else
    {
      ktm_report_add_card (report, ktm_text_new (N_("How early can the class be told?"), ""), NULL);
      ktm_report_card_say (
          report, classes->result->applied
                      ? ktm_text_new (N_("A saved model was applied: leaving a patient out changes "
                                         "nothing, so this cannot be asked of it."),
                                      "")
                      : ktm_text_new (N_("One class holds all patients: there is nothing to tell."),
                                      ""));
    }
  report->classes = g_steal_pointer (&classes->result);
  return TRUE;
}

static gboolean
run_class_outlook (const KtmFrame *frame, const KtmAnalysisOptions *options,
                   const KtmProgress *progress, KtmReport *report, GError **error)
{
  return ktm_run_with_classes (frame, options, progress, report, tell_outlook, error);
}

const KtmAnalysis ktm_analysis_class_outlook = {
  "class-outlook",
  N_("Outlook"),
  N_("How early can a patient's trajectory class be told, and where is one patient heading?"),
  KTM_USES_MEASURE | KTM_USES_VISITS | KTM_USES_SEED | KTM_USES_CLASSES | KTM_USES_PATIENT
      | KTM_USES_MODEL,
  TRUE,
  run_class_outlook,
};
