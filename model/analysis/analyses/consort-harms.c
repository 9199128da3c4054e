/* model/analysis: the table CONSORT Harms asks for: patients and events of each kind, with
 * denominators, per arm where there are arms. */
#include "ktm-analyses.h"
#include "ktm-run-harms.h"

#include "ktm-tables.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_ARMS 6

/* A column of the table: an arm, or everybody. */
typedef struct
{
  const char *label; /* borrowed; NULL: all patients */
  KtmSafety   counts;
} Column;

typedef struct
{
  KtmRun *run;
  gsize   n_columns;
  Column  columns[MOST_ARMS];
  KtmSafety all;
} Table;

static void
name_row (KtmReportRow *row, const Column *column, const char *subject, KtmText *label)
{
  if (column->label != NULL)
    ktm_report_row_set_group (row, column->label, NULL);
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_say (row, label, NULL);
}

static void
add_number (const Table *t, gsize c, const char *subject, KtmText *label, gsize count, gsize n)
{
  KtmReportRow *row = ktm_run_add_number (t->run, subject, NULL, count, n, NULL, KTM_RANK_SHOWN);

  name_row (row, &t->columns[c], subject, label);
}

static void
add_patients (const Table *t, gsize c, const char *statistic, const char *subject, KtmText *label,
              const char *method, gsize x)
{
  gsize n = t->columns[c].counts.n_asked;
  KtmReportRow *row =
      ktm_run_add_share (t->run, statistic, method, -1, -1, x, n, KTM_RANK_SHOWN);

  if (n > 0)
    ktm_report_row_say (row, NULL,
                        ktm_text_new (N_("{1} ({2} %) [{3}, {4}]"), "i000", (long) x,
                                      100 * row->estimate, 100 * row->low, 100 * row->high));
  name_row (row, &t->columns[c], subject, label);
}

/* Where it is written down nowhere, "not recorded" is true and 0 would not be. */
static void
add_unless_unknown (const Table *t, gsize c, gboolean known, const char *subject,
                    const char *label, const char *method, gsize x)
{
  KtmReportRow *row;

  if (known)
    {
      add_patients (t, c, "proportion", subject, ktm_text_new (label, ""), method, x);
      return;
    }
  row = ktm_run_add (t->run, "proportion", method, -1, -1, (long) t->columns[c].counts.n_asked);
  ktm_report_row_say (row, NULL, ktm_text_new (N_("not recorded"), ""));
  name_row (row, &t->columns[c], subject, ktm_text_new (label, ""));
}

static void
add_denominators (const Table *t)
{
  for (gsize c = 0; c < t->n_columns; c++)
    add_number (t, c, "patients", ktm_text_new (N_("Patients"), ""),
                t->columns[c].counts.n_patients, t->columns[c].counts.n_patients);
  for (gsize c = 0; c < t->n_columns; c++)
    add_number (t, c, "asked", ktm_text_new (N_("Asked at least once"), ""),
                t->columns[c].counts.n_asked, t->columns[c].counts.n_patients);
  for (gsize c = 0; c < t->n_columns; c++)
    add_number (t, c, "answers", ktm_text_new (N_("Visits with an answer"), ""),
                t->columns[c].counts.n_answers, t->columns[c].counts.n_asked);
}

static void
add_totals (const Table *t)
{
  gboolean quiet = t->all.knows_events && t->all.n_events == 0;

  for (gsize c = 0; c < t->n_columns; c++)
    add_patients (t, c, "proportion", "any", ktm_text_new (N_("Any adverse event"), ""),
                  N_("patients with at least one event among those ever asked"),
                  t->columns[c].counts.n_with);
  for (gsize c = 0; t->all.knows_events && c < t->n_columns; c++)
    add_number (t, c, "events", ktm_text_new (N_("Events"), ""), t->columns[c].counts.n_events,
                t->columns[c].counts.n_asked);
  for (gsize c = 0; c < t->n_columns; c++)
    add_unless_unknown (t, c, t->all.knows_grade || quiet, "severe", N_("Severe event"),
                        N_("patients with a severe event among those ever asked"),
                        t->columns[c].counts.n_severe);
  for (gsize c = 0; c < t->n_columns; c++)
    add_unless_unknown (t, c, t->all.knows_serious || quiet, "serious", N_("Serious event"),
                        N_("patients with a serious event among those ever asked"),
                        t->columns[c].counts.n_serious);
  for (gsize c = 0; c < t->n_columns; c++)
    add_unless_unknown (t, c, t->all.knows_related || quiet, "related",
                        N_("Related or possibly related event"),
                        N_("patients with an event called related or possibly related to the "
                           "treatment, among those ever asked"),
                        t->columns[c].counts.n_related);
  for (gsize c = 0; c < t->n_columns; c++)
    add_unless_unknown (t, c, t->all.knows_stop || quiet, "stopped",
                        N_("Stopped because of an event"),
                        N_("patients who stopped because of an event among those ever asked"),
                        t->columns[c].counts.stopped);
}

static const KtmSafetyTerm *
term_of (const KtmSafety *counts, gsize term)
{
  for (gsize k = 0; k < counts->n_terms; k++)
    if (counts->terms[k].term == term)
      return &counts->terms[k];
  return NULL;
}

static void
add_term_events (const Table *t, gsize c, const char *name, const KtmSafetyTerm *own)
{
  static const KtmSafetyTerm none = { 0 };
  const KtmSafetyTerm *x = own != NULL ? own : &none;
  g_autofree char *subject = g_strconcat (name, ", events", NULL);
  KtmReportRow *row;

  if (!t->all.knows_grade)
    {
      add_number (t, c, subject, ktm_text_new (N_("{1}: events"), "s", name), x->events,
                  t->columns[c].counts.n_asked);
      return;
    }
  row = ktm_run_add_number (
      t->run, subject, NULL, x->events, t->columns[c].counts.n_asked,
      x->unknown > 0
          ? ktm_text_new (N_("{1} · {2} / {3} / {4}, unknown {5}"), "iiiii", (long) x->events,
                          (long) x->mild, (long) x->moderate, (long) x->severe, (long) x->unknown)
          : ktm_text_new ("{1} · {2} / {3} / {4}", "iiii", (long) x->events, (long) x->mild,
                          (long) x->moderate, (long) x->severe),
      KTM_RANK_SHOWN);
  name_row (row, &t->columns[c], subject,
            ktm_text_new (N_("{1}: events · patients mild / moderate / severe"), "s", name));
}

static void
add_terms (const Table *t)
{
  for (gsize k = 0; k < t->all.n_terms; k++)
    {
      const char *name = t->run->frame->terms[t->all.terms[k].term];

      for (gsize c = 0; c < t->n_columns; c++)
        {
          const KtmSafetyTerm *own = term_of (&t->columns[c].counts, t->all.terms[k].term);

          add_patients (t, c, "event_patients", name, ktm_text_new ("{1}", "s", name),
                        N_("patients with the event at least once among those ever asked"),
                        own != NULL ? own->patients : 0);
        }
      for (gsize c = 0; c < t->n_columns; c++)
        add_term_events (t, c, name, term_of (&t->columns[c].counts, t->all.terms[k].term));
    }
}

/* Two arms: how much more often in the first, with Newcombe's interval. */
static void
add_difference (const Table *t, const char *subject, KtmText *label, gsize a, gsize b)
{
  gsize n_a = t->columns[0].counts.n_asked, n_b = t->columns[1].counts.n_asked;
  const double table[4] = { (double) a, (double) (n_a - a), (double) b, (double) (n_b - b) };
  KtmTwoByTwo x;
  KtmReportRow *row;

  if (n_a == 0 || n_b == 0 || ktm_stats_two_by_two (table, t->run->level, &x) != KTM_STATS_OK)
    {
      ktm_text_free (label);
      return;
    }
  row = ktm_run_add (t->run, "rd", N_("first minus second share; Newcombe interval"), -1, -1,
                     (long) n_a);
  row->n2 = (long) n_b;
  ktm_report_row_set_group (row, t->columns[0].label, t->columns[1].label);
  ktm_report_row_set_subject (row, subject);
  ktm_report_row_set_estimate (row, x.rd, t->run->level);
  ktm_report_row_say (row, label,
                      ktm_text_new (N_("{1} points [{2}, {3}]"), "000", 100 * x.rd.value,
                                    100 * x.rd.low, 100 * x.rd.high));
}

static void
add_differences (const Table *t)
{
  if (t->n_columns != 2)
    return;
  ktm_report_add_card (t->run->report, ktm_text_new (N_("Difference between the arms"), ""),
                       ktm_text_new (N_("{1} minus {2}"), "ss", t->columns[0].label,
                                     t->columns[1].label));
  add_difference (t, "any", ktm_text_new (N_("Any adverse event"), ""),
                  t->columns[0].counts.n_with, t->columns[1].counts.n_with);
  if (t->all.knows_grade)
    add_difference (t, "severe", ktm_text_new (N_("Severe event"), ""),
                    t->columns[0].counts.n_severe, t->columns[1].counts.n_severe);
  for (gsize k = 0; k < t->all.n_terms; k++)
    {
      const char *name = t->run->frame->terms[t->all.terms[k].term];
      const KtmSafetyTerm *a = term_of (&t->columns[0].counts, t->all.terms[k].term),
                          *b = term_of (&t->columns[1].counts, t->all.terms[k].term);

      add_difference (t, name, ktm_text_new ("{1}", "s", name), a != NULL ? a->patients : 0,
                      b != NULL ? b->patients : 0);
    }
}

static gboolean
in_arm (const Table *t, const KtmFrameAttribute *arm, gsize level, bool *in)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < t->run->frame->n_patients; i++)
    {
      in[i] = ktm_run_in_group (t->run, i, -1) && arm->value[i] == (double) level;
      any = any || in[i];
    }
  return any;
}

/* FALSE: the data cannot answer, and the report says why. */
static gboolean
count_columns (Table *t)
{
  const KtmFrameAttribute *arm = ktm_run_arm (t->run);
  g_autofree bool *in = g_new0 (bool, t->run->frame->n_patients + 1);

  if (!ktm_run_safety (t->run, -1, &t->all))
    return FALSE;
  for (gsize l = 0; arm != NULL && l < arm->n_levels; l++)
    if (in_arm (t, arm, l, in))
      {
        t->columns[t->n_columns].label = arm->levels[l];
        if (ktm_safety (t->run->frame, in, &t->run->options->harms,
                        &t->columns[t->n_columns].counts)
            == KTM_STATS_OK)
          t->n_columns++;
      }
  if (t->n_columns == 0)
    t->n_columns = ktm_run_safety (t->run, -1, &t->columns[0].counts);
  return t->n_columns > 0;
}

static void
clear (Table *t)
{
  ktm_safety_clear (&t->all);
  for (gsize c = 0; c < t->n_columns; c++)
    ktm_safety_clear (&t->columns[c].counts);
}

static void
add_notes (const Table *t)
{
  ktm_report_card_note (
      t->run->report,
      ktm_text_new (N_("Patients with an event, over those asked at least once, with {1}; a "
                       "patient counts once a line, in a term at the worst grade."),
                    "t", ktm_harms_interval_text (&t->run->options->harms, t->run->level)));
  ktm_run_note_harms (t->run, &t->all);
  ktm_report_exclude (t->run->report, ktm_text_new (N_("never asked about adverse events"), ""),
                      (long) t->all.n_never);
}

static gboolean
run_consort_harms (const KtmFrame *frame, const KtmAnalysisOptions *options,
                   const KtmProgress *progress, KtmReport *report, GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_autoptr(KtmAnalysisOptions) own = ktm_analysis_options_copy (options);
  Table t = { .run = &run };
  KtmReportCard *card;

  own->harms.count = KTM_HARM_PATIENTS;
  if (!ktm_run_init (&run, frame, own, progress, report, error))
    return FALSE;
  if (!count_columns (&t))
    {
      clear (&t);
      return TRUE;
    }
  card = ktm_report_add_card (report, ktm_text_new (N_("CONSORT Harms"), ""),
                              ktm_text_new (N_("asked at least once, n = {1}"), "i",
                                            (long) t.all.n_asked));
  card->table = t.n_columns > 1;
  card->folded = TRUE;
  add_denominators (&t);
  add_totals (&t);
  add_terms (&t);
  add_notes (&t);
  add_differences (&t);
  ktm_report_method (
      report, ktm_text_new (N_("Harms are reported as CONSORT Harms 2022 asks: patients and events "
                                "of each kind with their denominators, at the worst grade."),
                            ""));
  ktm_report_cite (report, "Junqueira DR, et al. CONSORT Harms 2022 statement, explanation, and "
                           "elaboration. J Clin Epidemiol 2023;158:149-65.");
  clear (&t);
  return TRUE;
}

const KtmAnalysis ktm_analysis_consort_harms = {
  "consort-harms",
  N_("CONSORT Harms table"),
  N_("How many patients had which adverse event, as the guideline asks it?"),
  KTM_USES_EVENTS,
  FALSE,
  run_consort_harms,
};
