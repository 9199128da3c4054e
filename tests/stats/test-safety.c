/* Adverse events and stops counted, on frames made by hand; intervals against R 4.2. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-safety.h"
#include "ktm-stops.h"
#include "ktm-test.h"

static const KtmHarms patients = { KTM_HARM_PATIENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_UNKNOWN,
                                   KTM_HARM_WILSON };
static const KtmHarms exact = { KTM_HARM_PATIENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_UNKNOWN,
                                KTM_HARM_EXACT };
static const KtmHarms events = { KTM_HARM_EVENTS, KTM_SEVERITY_UNKNOWN, KTM_RELATED_UNKNOWN,
                                 KTM_HARM_WILSON };

/* @n patients at months 0, 1 and 2; @answers n × 3 or NULL; the events are copied. */
static KtmFrame *
new_frame (size_t n, const double *answers, size_t n_terms, const KtmFrameEvent *list,
           size_t n_events)
{
  KtmFrame *frame = ktm_frame_new (n, 3, 1, 0);

  for (size_t j = 0; j < 3; j++)
    frame->visit_time[j] = (double) j;
  if (answers != NULL)
    {
      frame->safety = malloc (n * 3 * sizeof *answers);
      memcpy (frame->safety, answers, n * 3 * sizeof *answers);
    }
  frame->n_terms = n_terms;
  frame->terms = calloc (n_terms + 1, sizeof *frame->terms);
  for (size_t t = 0; t < n_terms; t++)
    {
      char name[24];

      g_snprintf (name, sizeof name, "term %u", (unsigned) t);
      frame->terms[t] = strdup (name);
    }
  frame->n_events = n_events;
  frame->events = calloc (n_events + 1, sizeof *list);
  if (n_events > 0)
    memcpy (frame->events, list, n_events * sizeof *list);
  return frame;
}

#define EVENT(row, visit, term, severity, related)                                                \
  { row, visit, visit < 0 ? 1.5 : (double) (visit), term, severity, related, -1, -1, NAN, NAN }

/* binom.test(3, 17); qgamma(.025, 5) / 40, qgamma(.975, 6) / 40; the same of half the count; Wilson
 * 108 of 218 as in Corriger 2022. */
static void
test_intervals (void)
{
  KtmEstimate e;

  g_assert_cmpint (ktm_harms_rate (&exact, 3, 17, 1, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 3.0 / 17, 0.03798506807, 0.43431787284, 1e-9);
  g_assert_cmpint (ktm_harms_rate (&events, 5, 40, 1, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 0.125, 0.04058716, 0.2917083, 1e-7);
  g_assert_cmpint (ktm_harms_rate (&events, 5, 40, 2, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 0.125, 0.02078029, 0.4003191, 1e-7);
  g_assert_cmpint (ktm_harms_rate (&events, 0, 12, 1, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 0, 0, 0.3074066, 1e-7);
  g_assert_cmpint (ktm_harms_rate (&patients, 108, 218, 1, 0.95, &e), ==, KTM_STATS_OK);
  assert_estimate (e, 0.4954, 0.4297, 0.5613, 5e-5);
  g_assert_cmpint (ktm_harms_rate (&patients, 0, 0, 1, 0.95, &e), ==, KTM_STATS_TOO_FEW);
  assert_nan (e.value);
  g_assert_cmpint (ktm_harms_rate (&patients, 5, 4, 1, 0.95, &e), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_harms_rate (&events, 5, 4, 1, 0.95, &e), ==, KTM_STATS_OK);
  g_assert_cmpint (ktm_harms_rate (&events, 5, 4, 0.5, 0.95, &e), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_harms_rate (&patients, 2, 4, 1, 1, &e), ==, KTM_STATS_BAD_ARGUMENT);
}

/* Only yes or no: rates, no terms, and nothing known of grades. */
static void
test_flag_only (void)
{
  static const double answers[12] = { NAN, 1, 0, NAN, 0, 0, NAN, NAN, 1, NAN, NAN, NAN };
  KtmFrame *frame = new_frame (4, answers, 0, NULL, 0);
  KtmHarms severe = patients;
  KtmSafety s;

  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_OK);
  g_assert_false (s.knows_events);
  g_assert_cmpuint (s.n_asked, ==, 3);
  g_assert_cmpuint (s.n_never, ==, 1);
  g_assert_cmpuint (s.n_with, ==, 2);
  g_assert_cmpuint (s.asked[0], ==, 0);
  g_assert_cmpuint (s.asked[1], ==, 2);
  g_assert_cmpuint (s.with[2], ==, 1);
  g_assert_cmpuint (s.n_undescribed, ==, 2);
  g_assert_cmpuint (s.n_terms, ==, 0);
  assert_near (s.first[0], 1, 0);
  assert_near (s.first[1], 2, 0);
  assert_nan (s.first[3]);
  ktm_safety_clear (&s);
  severe.least_grade = KTM_SEVERITY_SEVERE;
  g_assert_cmpint (ktm_safety (frame, NULL, &severe, &s), ==, KTM_STATS_OK);
  g_assert_cmpuint (s.n_with, ==, 0);
  g_assert_cmpuint (s.n_undescribed, ==, 2);
  g_assert_cmpuint (s.n_asked, ==, 3);
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

static void
test_nothing (void)
{
  KtmFrame *frame = new_frame (2, NULL, 0, NULL, 0);
  static const double quiet[3] = { NAN, 0, 0 };
  KtmSafety s;

  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_null (s.asked);
  ktm_frame_unref (frame);
  frame = new_frame (1, quiet, 0, NULL, 0); /* one patient, asked, without an event */
  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_OK);
  g_assert_true (s.knows_events);
  g_assert_cmpuint (s.n_asked, ==, 1);
  g_assert_cmpuint (s.n_with, ==, 0);
  assert_near (s.first[0], 2, 0);
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

/* Grades and relations unknown, an event between two visits, a yes without an event. */
static void
test_unknown (void)
{
  static const double answers[12] = { NAN, 0, 1, NAN, 1, NAN, NAN, NAN, NAN, NAN, 0, 0 };
  static const KtmFrameEvent list[] = {
    EVENT (0, 1, 0, KTM_SEVERITY_UNKNOWN, KTM_RELATED_YES),
    EVENT (1, 1, 1, KTM_SEVERITY_SEVERE, KTM_RELATED_UNKNOWN),
    EVENT (1, 1, 1, KTM_SEVERITY_MILD, KTM_RELATED_NO),
    EVENT (2, -1, 0, KTM_SEVERITY_MODERATE, KTM_RELATED_POSSIBLE),
  };
  KtmFrame *frame = new_frame (4, answers, 2, list, G_N_ELEMENTS (list));
  KtmHarms chosen = { KTM_HARM_PATIENTS, KTM_SEVERITY_MODERATE, KTM_RELATED_POSSIBLE,
                      KTM_HARM_WILSON };
  KtmSafety s;

  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_OK);
  g_assert_cmpuint (s.n_asked, ==, 4); /* also who only told an event between two visits */
  g_assert_cmpuint (s.n_with, ==, 3);
  g_assert_cmpuint (s.with[1], ==, 2); /* answered no, but told one */
  g_assert_cmpuint (s.n_undescribed, ==, 1);
  g_assert_cmpuint (s.n_answers, ==, 5);
  g_assert_cmpuint (s.n_events, ==, 4);
  g_assert_cmpuint (s.n_events_asked, ==, 3);
  g_assert_cmpuint (s.events[1], ==, 3);
  g_assert_cmpuint (s.severe[1], ==, 1);
  g_assert_cmpuint (s.n_related, ==, 2);
  assert_near (s.first[2], 1.5, 0);
  g_assert_cmpuint (s.n_terms, ==, 2);
  g_assert_cmpuint (s.terms[0].term, ==, 0); /* two patients before one with two events */
  g_assert_cmpuint (s.terms[0].unknown, ==, 1);
  g_assert_cmpuint (s.terms[1].severe, ==, 1);
  g_assert_cmpuint (s.terms[1].mild, ==, 0);
  g_assert_cmpuint (s.terms[1].events, ==, 2);
  ktm_safety_clear (&s);
  g_assert_cmpint (ktm_safety (frame, NULL, &chosen, &s), ==, KTM_STATS_OK);
  g_assert_cmpuint (s.n_with, ==, 1);
  g_assert_cmpuint (s.n_asked, ==, 4);
  g_assert_cmpuint (s.n_ungraded, ==, 1);
  g_assert_cmpuint (s.n_unattributed, ==, 1);
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

/* Variance over mean of the events of those asked: 3, 1, 0 → mean 4/3, variance 7/3. */
static void
test_dispersion (void)
{
  static const double answers[9] = { NAN, 1, NAN, NAN, 1, NAN, NAN, 0, NAN };
  static const KtmFrameEvent list[] = {
    EVENT (0, 1, 0, KTM_SEVERITY_MILD, KTM_RELATED_YES),
    EVENT (0, 1, 1, KTM_SEVERITY_MILD, KTM_RELATED_YES),
    EVENT (0, 1, 2, KTM_SEVERITY_MILD, KTM_RELATED_YES),
    EVENT (1, 1, 0, KTM_SEVERITY_MILD, KTM_RELATED_YES),
  };
  KtmFrame *frame = new_frame (3, answers, 3, list, G_N_ELEMENTS (list));
  KtmSafety s;
  KtmEstimate e;

  g_assert_cmpint (ktm_safety (frame, NULL, &events, &s), ==, KTM_STATS_OK);
  assert_near (s.dispersion[1], 1.75, 1e-12);
  g_assert_cmpint (ktm_safety_rate (&s, &events, 1, 0.95, &e), ==, KTM_STATS_OK);
  assert_near (e.value, 4.0 / 3, 1e-12);
  g_assert_cmpint (ktm_safety_rate (&s, &events, 2, 0.95, &e), ==, KTM_STATS_TOO_FEW);
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

/* Sixty terms, one event a patient: the counts do not run over each other. */
static void
test_many_terms (void)
{
  KtmFrameEvent list[120];
  KtmFrame *frame;
  KtmSafety s;

  for (size_t k = 0; k < G_N_ELEMENTS (list); k++)
    list[k] = (KtmFrameEvent) EVENT (k % 7, 1, k % 60, KTM_SEVERITY_MILD, KTM_RELATED_NO);
  frame = new_frame (7, NULL, 60, list, G_N_ELEMENTS (list));
  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_OK);
  g_assert_cmpuint (s.n_terms, ==, 60);
  g_assert_cmpuint (s.n_events, ==, 120);
  for (size_t k = 0; k < 60; k++)
    {
      g_assert_cmpuint (s.terms[k].events, ==, 2);
      g_assert_cmpuint (s.terms[k].patients, ==, 2);
    }
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

static void
test_leaving (void)
{
  static const double answers[15] = { 1, NAN, NAN, 1, NAN, NAN, 0, NAN, NAN, 0, 1, NAN, NAN, 1, 1 };
  KtmFrame *frame = new_frame (5, answers, 0, NULL, 0);
  KtmSafetyLeaving x;
  KtmSafety s;

  frame->stop_time[0] = 0.5; /* the middle of the schedule is month 1 */
  frame->stop_time[1] = 1;
  frame->stop_time[3] = 0;
  g_assert_cmpint (ktm_safety (frame, NULL, NULL, &s), ==, KTM_STATS_OK);
  g_assert_true (ktm_safety_leaving (frame, &s, &x));
  g_assert_cmpuint (x.visit, ==, 0);
  assert_near (x.until, 1, 0);
  g_assert_cmpuint (x.left[0], ==, 1);
  g_assert_cmpuint (x.n[0], ==, 2);
  g_assert_cmpuint (x.left[1], ==, 1);
  g_assert_cmpuint (x.n[1], ==, 2);
  ktm_safety_clear (&s);
  ktm_frame_unref (frame);
}

static void
test_stops (void)
{
  static const double times[] = { 0, 1, 2 }, wrong[] = { 0, 2, 2 };
  static const bool in[] = { true, true, true, true, false, true };
  KtmFrame *frame = new_frame (6, NULL, 0, NULL, 0);
  KtmStops s;

  frame->n_stop_reasons = 3;
  frame->stop_reasons = calloc (3, sizeof *frame->stop_reasons);
  for (size_t r = 0; r < 3; r++)
    frame->stop_reasons[r] = strdup ("reason");
  const double stop[] = { 0, 1, 1.5, 2, 0, NAN }, reason[] = { 2, 2, NAN, 0, 0, NAN };

  memcpy (frame->stop_time, stop, sizeof stop);
  memcpy (frame->stop_reason, reason, sizeof reason);
  g_assert_cmpint (ktm_stops (frame, in, times, 3, &s), ==, KTM_STATS_OK);
  g_assert_cmpuint (s.n, ==, 5);
  g_assert_cmpuint (s.n_stopped, ==, 3); /* who stops at month 2 was still there */
  g_assert_cmpuint (s.n_reasons, ==, 2);
  g_assert_cmpint (s.reason[0], ==, 2);
  g_assert_cmpint (s.reason[1], ==, -1);
  g_assert_cmpuint (s.total[0], ==, 2);
  g_assert_cmpuint (ktm_stops_sum (&s, 0), ==, 0);
  g_assert_cmpuint (ktm_stops_sum (&s, 1), ==, 1);
  g_assert_cmpuint (ktm_stops_sum (&s, 2), ==, 3);
  ktm_stops_clear (&s);
  g_assert_cmpint (ktm_stops (frame, NULL, wrong, 3, &s), ==, KTM_STATS_BAD_ARGUMENT);
  g_assert_cmpint (ktm_stops (frame, NULL, times, 0, &s), ==, KTM_STATS_BAD_ARGUMENT);
  ktm_frame_unref (frame);
}

static void
test_words (void)
{
  KtmHarms both = { KTM_HARM_PATIENTS, KTM_SEVERITY_SEVERE, KTM_RELATED_YES, KTM_HARM_EXACT };
  KtmText *text = ktm_harms_text (&both);
  char *said = ktm_text_render (text, NULL, 0);

  g_assert_cmpstr (said, ==,
                   "Only severe events count. Only events judged related to the treatment count.");
  free (said);
  ktm_text_free (text);
  g_assert_null (ktm_harms_text (&patients));
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (ktm_harm_grade_index (ktm_harm_grade (i)), ==, i);
      g_assert_cmpint (ktm_harm_relation_index (ktm_harm_relation (i)), ==, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/safety/intervals", test_intervals);
  g_test_add_func ("/safety/flag-only", test_flag_only);
  g_test_add_func ("/safety/nothing", test_nothing);
  g_test_add_func ("/safety/unknown", test_unknown);
  g_test_add_func ("/safety/dispersion", test_dispersion);
  g_test_add_func ("/safety/many-terms", test_many_terms);
  g_test_add_func ("/safety/leaving", test_leaving);
  g_test_add_func ("/safety/stops", test_stops);
  g_test_add_func ("/safety/words", test_words);
  return g_test_run ();
}
