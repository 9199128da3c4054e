#include "chart-fixture.h"

#include "ktm-analysis.h"
#include "ktm-class-result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static guint64 state;

static double
next (void)
{
  state =
      state * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
  return (double) (state >> 33) / (double) (G_GUINT64_CONSTANT (1) << 31);
}

static void
measure (KtmFrameMeasure *m, const char *id, const char *label, const char *unit, double max)
{
  m->id = strdup (id);
  m->label = strdup (label);
  m->unit = strdup (unit);
  m->min = 0;
  m->max = max;
  m->lower_better = true;
}

static void
groups (KtmFrame *frame, const ChartFixture *fixture)
{
  KtmFrameAttribute *a = &frame->attributes[0], *age = &frame->attributes[1];

  a->id = strdup ("group");
  a->label = strdup ("Pain type");
  a->kind = KTM_ATTRIBUTE_CATEGORY;
  a->n_levels = fixture->n_groups;
  a->levels = calloc (fixture->n_groups, sizeof *a->levels);
  for (gsize g = 0; g < fixture->n_groups; g++)
    {
      g_autofree char *name = g_strdup_printf ("Group %" G_GSIZE_FORMAT, g + 1);

      a->levels[g] = strdup (g == 0 && fixture->group != NULL ? fixture->group : name);
    }
  age->id = strdup ("age");
  age->label = strdup ("Age");
  age->kind = KTM_ATTRIBUTE_NUMBER;
  for (gsize i = 0; i < frame->n_patients; i++)
    {
      a->value[i] = (double) (i % fixture->n_groups);
      age->value[i] = floor (20 + 60 * next ());
    }
}

static void
scores (KtmFrame *frame, gsize i)
{
  gsize n = frame->n_visits;
  double base = 4 + 6 * next (), stop = next () < 0.4 ? floor (1 + next () * (double) n) : NAN;

  frame->stop_time[i] = stop;
  frame->stop_reason[i] = isnan (stop) ? NAN : 0;
  for (gsize j = 0; j < n; j++)
    {
      double y = base - 2 * (1 - exp (-(double) j)) + 2.5 * (next () - 0.5);
      bool seen = !(j > stop) && next () > 0.08;

      frame->measures[0].value[i * n + j] = seen ? CLAMP (round (y), 0, 10) : NAN;
      frame->measures[1].value[i * n + j] = seen && j % 3 == 0 ? CLAMP (round (y * 2), 0, 21) : NAN;
    }
}

/* 1–7 around "no change", as the pain fell; the first patient never answers. */
static void
impressions (KtmFrame *frame)
{
  gsize n = frame->n_visits;
  KtmFrameMeasure *m = &frame->measures[2];

  m->min = 1;
  for (gsize i = 1; i < frame->n_patients; i++)
    for (gsize j = 1; j < n; j++)
      m->value[i * n + j] = CLAMP (4 + round ((frame->measures[0].value[i * n + j]
                                               - frame->measures[0].value[i * n])
                                              / 1.2),
                                   1, 7);
}

static void
patients (KtmFrame *frame)
{
  frame->code = calloc (frame->n_patients, sizeof *frame->code);
  frame->n_stop_reasons = 1;
  frame->stop_reasons = calloc (1, sizeof *frame->stop_reasons);
  frame->stop_reasons[0] = strdup ("lost to follow-up");
  for (gsize i = 0; i < frame->n_patients; i++)
    {
      g_autofree char *code = g_strdup_printf ("K%03" G_GSIZE_FORMAT, i + 1);

      frame->code[i] = strdup (code);
      frame->subject[i] = (uint32_t) i;
      scores (frame, i);
    }
}

static void
events (KtmFrame *frame)
{
  frame->n_terms = 3;
  frame->terms = calloc (3, sizeof *frame->terms);
  frame->terms[0] = strdup ("dizziness");
  frame->terms[1] = strdup ("visual disturbance");
  frame->terms[2] = strdup ("a rather long name of an adverse event, as coded in a dictionary");
  frame->n_events = 6;
  frame->events = calloc (6 + 2 * frame->n_patients, sizeof *frame->events);
  for (gsize k = 0; k < 6; k++)
    frame->events[k] = (KtmFrameEvent){
      0,   -1, (double) (k / 2) * 1.3, k % 2, (KtmSeverity) (1 + k % 3), KTM_RELATED_YES, 0, -1,
      NAN, NAN
    };
  frame->n_treatments = 1;
  frame->treatments = calloc (1, sizeof *frame->treatments);
  frame->treatments[0] = (KtmFrameTreatment){ 0,
                                              0,
                                              0.5,
                                              4,
                                              strdup ("ketamine"),
                                              strdup ("mg/kg/day"),
                                              strdup ("day"),
                                              strdup ("IV"),
                                              strdup ("magnesium") };
}

static void
arm (KtmFrame *frame, const char *study, const char *name, KtmFrameStudyKind kind, double n,
     double mean, double sd)
{
  frame->arms[frame->n_arms++] = (KtmFrameArm){ .study = strdup (study),
                                                .arm = strdup (name),
                                                .kind = kind,
                                                .year = NAN,
                                                .n = n,
                                                .mean = mean,
                                                .sd = sd,
                                                .events = floor (n / 3),
                                                .effect = NAN,
                                                .se = NAN,
                                                .low = NAN,
                                                .high = NAN,
                                                .correlation = NAN };
}

/* 3, 7 or 40 trials, with long names where there are many; a published pool; studies without a
 * control group. */
static void
studies (KtmFrame *frame, gsize n_groups)
{
  gsize n = n_groups <= 2 ? 3 : n_groups <= 4 ? 7 : 40;

  frame->arms = calloc (2 * n + 5, sizeof *frame->arms);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf (
          n == 3 ? "Trial %" G_GSIZE_FORMAT
                 : "Van der Meer-Oosterhuis & “Colleagues” %" G_GSIZE_FORMAT, i + 1);

      arm (frame, name, "ketamine", KTM_STUDIES_TRIAL, 20 + (double) (7 * i % 23),
           4 + 0.4 * (double) (i * 5 % 7), 2.1);
      arm (frame, name, "placebo", KTM_STUDIES_TRIAL, 21 + (double) (5 * i % 19), 6.2,
           1.5 + 0.3 * (double) (i % 4));
      if (i % 4 != 3) /* every fourth does not say it */
        frame->arms[frame->n_arms - 2].moderators = strdup (i % 2 ? "crps=yes" : "crps=no");
    }
  arm (frame, "Review 2019", "pain", KTM_STUDIES_POOLED, 211, NAN, NAN);
  frame->arms[frame->n_arms - 1].effect = -1.83;
  frame->arms[frame->n_arms - 1].low = -2.35;
  frame->arms[frame->n_arms - 1].high = -1.31;
  arm (frame, "A cohort", "before", KTM_STUDIES_SINGLE_ARM, 240, 6.8, 1.8);
  arm (frame, "A cohort", "after", KTM_STUDIES_SINGLE_ARM, 93, 5.7, 1.8);
  arm (frame, "Left out", "before", KTM_STUDIES_SINGLE_ARM, 40, 6.8, 1.8);
  frame->arms[frame->n_arms - 1].left_out = true;
}

/* Everybody but the fifth is asked where there is a score after baseline; some tell an event. */
static void
answers (KtmFrame *frame)
{
  gsize v = frame->n_visits;

  frame->safety = malloc ((frame->n_patients * v + 1) * sizeof *frame->safety);
  for (gsize i = 0; i < frame->n_patients; i++)
    for (gsize j = 0; j < v; j++)
      {
        gboolean asked =
            i != 4 && j > 0 && !isnan (frame->measures[0].value[i * v + j]), event = FALSE;

        event = asked && i > 0 && (i * 7 + j * 5) % (2 + 2 * j) == 0
                && frame->n_events < 6 + 2 * frame->n_patients;
        frame->safety[i * v + j] = asked ? event : NAN;
        if (event)
          frame->events[frame->n_events++] = (KtmFrameEvent){
            i,   (long) j, (double) j, (i + j) % 3, (KtmSeverity) ((i + 2 * j) % 4),
            KTM_RELATED_POSSIBLE, i % 11 == 0, -1, NAN, NAN
          };
      }
}

KtmFrame *
chart_fixture_frame (const ChartFixture *fixture)
{
  KtmFrame *frame = ktm_frame_new (fixture->n_patients, fixture->n_visits, 3, 2);

  g_assert_nonnull (frame);
  state = 20261122;
  frame->cohort_id = strdup ("c0ffee");
  frame->title = strdup ("Secret title");
  frame->time_unit = strdup ("month");
  frame->index_event = strdup ("ketamine");
  measure (&frame->measures[0], "nrs", "Pain intensity", "NRS", 10);
  measure (&frame->measures[1], "hads_a", "Anxiety", "HADS", 21);
  measure (&frame->measures[2], "pgic", "PGIC", "", 7);
  for (gsize j = 0; j < fixture->n_visits; j++)
    {
      g_autofree char *label = g_strdup_printf ("M%" G_GSIZE_FORMAT, j);

      frame->visit_time[j] = (double) j;
      frame->visit_label[j] = strdup (label);
    }
  patients (frame);
  impressions (frame);
  groups (frame, fixture);
  if (fixture->n_patients > 0)
    {
      events (frame);
      answers (frame);
    }
  if (fixture->n_patients > 5)
    studies (frame, fixture->n_groups);
  ktm_frame_set_baselines (frame);
  frame->n_in_cohort = fixture->n_patients;
  frame->n_screened = fixture->n_patients + 9;
  frame->n_exclusions = 2;
  frame->exclusion_reasons = calloc (2, sizeof *frame->exclusion_reasons);
  frame->exclusion_counts = calloc (2, sizeof *frame->exclusion_counts);
  frame->exclusion_reasons[0] = strdup ("several procedures of ketamine before");
  frame->exclusion_counts[0] = 5;
  frame->exclusion_reasons[1] = strdup ("refused");
  frame->exclusion_counts[1] = 3;
  return frame;
}

static KtmReport *
run (const char *id, const KtmFrame *frame)
{
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  g_autoptr (GError) error = NULL;

  options->measure = g_strdup ("nrs");
  options->by = g_strdup ("group");
  return ktm_analysis_run_sync (ktm_analysis_find (id), frame, options, NULL,
                                &error); /* NULL: the data have no such report */
}

KtmReport *
chart_fixture_report (const KtmChartType *type, const KtmFrame *frame)
{
  KtmGbtmSpec spec = ktm_gbtm_spec (1, frame->n_visits > 2 ? 2 : 1);
  KtmReport *report;

  if (type->analysis == NULL)
    return NULL;
  if (strcmp (type->analysis, "trajectory-classes") != 0)
    return run (type->analysis, frame);
  g_assert_cmpstr (type->analysis, ==, "trajectory-classes");
  report = ktm_report_new (type->analysis);
  ktm_report_add_card (report, ktm_text_new ("Trajectory classes", ""), NULL);
  if (ktm_class_result_new (frame, 0, -INFINITY, INFINITY, NULL, true, &report->classes)
      != KTM_STATS_OK)
    g_error ("out of memory");
  spec.n_starts = spec.max_starts = 4;
  if (ktm_class_result_search (report->classes, &spec, 4, 0, 3, NULL, NULL) != KTM_STATS_OK)
    ktm_report_card_say (report, ktm_text_new ("Too few scores.", ""));
  return report;
}
