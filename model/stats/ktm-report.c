/* model/stats: what an analysis found.  libc only. */
#include "ktm-report.h"

#include "ktm-class-result.h"

#include <stdlib.h>
#include <string.h>

/* Grows @array for one more element; false (and nothing changed) when memory is out. */
static bool
grow (void *array, size_t n, size_t size)
{
  void **slot = array, *bigger;

  if ((n & (n - 1)) != 0)  /* capacities are powers of two */
    return true;
  bigger = realloc (*slot, (n == 0 ? 1 : 2 * n) * size);
  if (bigger == NULL)
    return false;
  *slot = bigger;
  return true;
}

static char *
dup_or_null (const char *string)
{
  size_t size = string != NULL ? strlen (string) + 1 : 0;
  char *copy = string != NULL ? malloc (size) : NULL;

  return copy != NULL ? memcpy (copy, string, size) : NULL;
}

KtmReport *
ktm_report_new (const char *analysis)
{
  KtmReport *report = calloc (1, sizeof *report);

  if (report != NULL)
    report->analysis = analysis;
  return report;
}

static void
free_texts (KtmText **texts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    ktm_text_free (texts[i]);
  free (texts);
}

static void
free_card (KtmReportCard *card)
{
  ktm_text_free (card->title);
  ktm_text_free (card->subtitle);
  ktm_text_free (card->sentence);
  ktm_text_free (card->aside);
  free_texts (card->warnings, card->n_warnings);
  free_texts (card->notes, card->n_notes);
}

/* See the header; NULL is allowed and given back. */
KtmReport *
ktm_report_share (const KtmReport *report)
{
  KtmReport *r = (KtmReport *) report; /* the count is the one thing that changes */

  if (r != NULL)
    __atomic_add_fetch (&r->n_shared, 1, __ATOMIC_RELAXED);
  return r;
}

void
ktm_report_free (KtmReport *report)
{
  if (report == NULL || __atomic_fetch_sub (&report->n_shared, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  for (size_t i = 0; i < report->n_rows; i++)
    {
      free (report->rows[i].group);
      free (report->rows[i].versus);
      free (report->rows[i].subject);
      ktm_text_free (report->rows[i].method);
      ktm_text_free (report->rows[i].note);
      ktm_text_free (report->rows[i].label);
      ktm_text_free (report->rows[i].value);
      ktm_text_free (report->rows[i].aside);
    }
  for (size_t i = 0; i < report->n_cards; i++)
    free_card (&report->cards[i]);
  for (size_t i = 0; i < report->n_excluded; i++)
    ktm_text_free (report->excluded[i].reason);
  free_texts (report->warnings, report->n_warnings);
  free_texts (report->methods, report->n_methods);
  free (report->rows);
  free (report->cards);
  free (report->excluded);
  free (report->citations);
  free (report->measure);
  free (report->measure_label);
  free (report->unit);
  ktm_class_result_unref (report->classes);
  free (report);
}

KtmReportCard *
ktm_report_add_card (KtmReport *report, KtmText *title, KtmText *subtitle)
{
  KtmReportCard *card;

  if (!grow (&report->cards, report->n_cards, sizeof *report->cards))
    {
      ktm_text_free (title);
      ktm_text_free (subtitle);
      return NULL;
    }
  card = &report->cards[report->n_cards++];
  *card = (KtmReportCard) { .title = title, .subtitle = subtitle };
  return card;
}

KtmReportRow *
ktm_report_add_row (KtmReport *report, const char *statistic, KtmText *method)
{
  KtmReportRow *row;

  if (!grow (&report->rows, report->n_rows, sizeof *report->rows))
    {
      ktm_text_free (method);
      return NULL;
    }
  row = &report->rows[report->n_rows++];
  *row = (KtmReportRow){ .time = NAN,
                         .statistic = statistic,
                         .n = -1,
                         .n2 = -1,
                         .estimate = NAN,
                         .se = NAN,
                         .low = NAN,
                         .high = NAN,
                         .level = NAN,
                         .statistic_value = NAN,
                         .df = NAN,
                         .df2 = NAN,
                         .p = NAN,
                         .p_adjusted = NAN,
                         .method = method,
                         .rank = KTM_RANK_SHOWN,
                         .palette = -1,
                         .card = report->n_cards > 0 ? report->n_cards - 1 : 0 };
  return row;
}

void
ktm_report_row_set_group (KtmReportRow *row, const char *group, const char *versus)
{
  if (row == NULL)
    return;
  free (row->group);
  free (row->versus);
  row->group = dup_or_null (group);
  row->versus = dup_or_null (versus);
}

void
ktm_report_row_set_subject (KtmReportRow *row, const char *subject)
{
  if (row == NULL)
    return;
  free (row->subject);
  row->subject = dup_or_null (subject);
}

void
ktm_report_row_say (KtmReportRow *row, KtmText *label, KtmText *value)
{
  if (row == NULL)
    {
      ktm_text_free (label);
      ktm_text_free (value);
      return;
    }
  if (label != NULL)
    {
      ktm_text_free (row->label);
      row->label = label;
    }
  if (value != NULL)
    {
      ktm_text_free (row->value);
      row->value = value;
    }
}

void
ktm_report_row_look (KtmReportRow *row, KtmRowLook look, int palette, KtmText *aside)
{
  if (row == NULL)
    {
      ktm_text_free (aside);
      return;
    }
  row->look = look;
  row->palette = palette;
  ktm_text_free (row->aside);
  row->aside = aside;
}

void
ktm_report_card_aside (KtmReport *report, KtmText *head)
{
  if (report->n_cards == 0)
    {
      ktm_text_free (head);
      return;
    }
  ktm_text_free (report->cards[report->n_cards - 1].aside);
  report->cards[report->n_cards - 1].aside = head;
}

static double
finite_or_nan (double value)
{
  return isfinite (value) ? value : NAN;
}

void
ktm_report_row_set_estimate (KtmReportRow *row, KtmEstimate estimate, double level)
{
  if (row == NULL)
    return;
  row->estimate = finite_or_nan (estimate.value);
  row->se = finite_or_nan (estimate.se);
  row->low = finite_or_nan (estimate.low);
  row->high = finite_or_nan (estimate.high);
  row->level = isnan (row->low) && isnan (row->high) ? NAN : level;
}

void
ktm_report_row_set_test (KtmReportRow *row, const char *test, KtmTest result)
{
  if (row == NULL)
    return;
  row->test = test;
  row->statistic_value = finite_or_nan (result.statistic);
  row->df = finite_or_nan (result.df);
  row->df2 = finite_or_nan (result.df2);
  row->p = finite_or_nan (result.p);
  if (isnan (row->estimate))
    row->estimate = row->statistic_value;
}

/* Takes @text over; drops it when memory is out, as a warning must not end the analysis. */
static void
add_text (KtmText ***texts, size_t *n, KtmText *text)
{
  if (text == NULL)
    return;
  if (grow (texts, *n, sizeof **texts))
    (*texts)[(*n)++] = text;
  else
    ktm_text_free (text);
}

void
ktm_report_card_say (KtmReport *report, KtmText *sentence)
{
  KtmReportCard *card = report->n_cards > 0 ? &report->cards[report->n_cards - 1] : NULL;

  if (card == NULL)
    {
      ktm_text_free (sentence);
      return;
    }
  ktm_text_free (card->sentence);
  card->sentence = sentence;
}

void
ktm_report_card_warn (KtmReport *report, KtmText *warning)
{
  if (report->n_cards > 0)
    {
      KtmReportCard *card = &report->cards[report->n_cards - 1];

      add_text (&card->warnings, &card->n_warnings, ktm_text_copy (warning));
    }
  ktm_report_warn (report, warning);
}

void
ktm_report_card_note (KtmReport *report, KtmText *note)
{
  KtmReportCard *card = report->n_cards > 0 ? &report->cards[report->n_cards - 1] : NULL;

  if (card != NULL)
    add_text (&card->notes, &card->n_notes, note);
  else
    ktm_text_free (note);
}

void
ktm_report_warn (KtmReport *report, KtmText *warning)
{
  add_text (&report->warnings, &report->n_warnings, warning);
}

void
ktm_report_exclude (KtmReport *report, KtmText *reason, long n)
{
  if (n == 0 || reason == NULL
      || !grow (&report->excluded, report->n_excluded, sizeof *report->excluded))
    {
      ktm_text_free (reason);
      return;
    }
  report->excluded[report->n_excluded++] = (KtmReportExclusion) { reason, n };
}

void
ktm_report_method (KtmReport *report, KtmText *sentence)
{
  add_text (&report->methods, &report->n_methods, sentence);
}

void
ktm_report_cite (KtmReport *report, const char *citation)
{
  for (size_t i = 0; i < report->n_citations; i++)
    if (strcmp (report->citations[i], citation) == 0)
      return;
  if (grow (&report->citations, report->n_citations, sizeof *report->citations))
    report->citations[report->n_citations++] = citation;
}
