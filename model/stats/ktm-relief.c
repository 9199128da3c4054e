/* model/stats: time to loss of relief by a stated rule.  libc only. */
#include "ktm-relief.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktm-definition-private.h"

void
ktm_relief_rule_init (KtmReliefRule *rule)
{
  *rule = (KtmReliefRule){ .gain = 30,
                           .by = 3,
                           .lost = 30,
                           .gap = INFINITY,
                           .visits = 2,
                           .last_once = true,
                           .since_relief = true };
}

/* --- words ------------------------------------------------------------------------------------ */

static bool
number_in (const char *value, double low, double high, double *out)
{
  KtmParser p = { .at = value };
  double x;

  if (!ktm_parser_take_number (&p, &x) || *p.at != '\0' || !(x >= low && x <= high))
    return false;
  *out = x;
  return true;
}

static bool
one_of (const char *value, const char *a, const char *b, bool *out)
{
  *out = strcmp (value, a) == 0;
  return *out || strcmp (value, b) == 0;
}

static bool
set_repeat (KtmReliefRule *rule, const char *value)
{
  static const char *const words[] = { "ignore", "censor", "event" };

  for (int i = 0; i < 3; i++)
    if (strcmp (value, words[i]) == 0)
      {
        rule->repeat = (KtmReliefRepeat) i;
        return true;
      }
  return false;
}

static bool
set_word (KtmReliefRule *rule, const char *key, const char *value)
{
  double visits = 0;

  if (strcmp (key, "gain") == 0)
    return number_in (value, 1, 100, &rule->gain);
  if (strcmp (key, "by") == 0)
    return number_in (value, 0, 1e6, &rule->by);
  if (strcmp (key, "lost") == 0)
    return number_in (value, 0, 100, &rule->lost);
  if (strcmp (key, "visits") == 0)
    {
      bool ok = number_in (value, 1, 6, &visits) && visits == floor (visits);

      rule->visits = ok ? (int) visits : rule->visits;
      return ok;
    }
  if (strcmp (key, "last") == 0)
    return one_of (value, "once", "full", &rule->last_once);
  if (strcmp (key, "clock") == 0)
    return one_of (value, "relief", "start", &rule->since_relief);
  if (strcmp (key, "repeat") == 0)
    return set_repeat (rule, value);
  if (strcmp (key, "gap") == 0 && strcmp (value, "none") == 0)
    {
      rule->gap = INFINITY;
      return true;
    }
  if (strcmp (key, "gap") == 0)
    return number_in (value, 0.001, 1e6, &rule->gap);
  if (strcmp (key, "date") == 0 && strlen (value) < sizeof rule->date)
    {
      snprintf (rule->date, sizeof rule->date, "%s", value);
      return value[0] != '\0';
    }
  return false;
}

bool
ktm_relief_rule_parse (const char *text, KtmReliefRule *rule, const char **where)
{
  const char *p = text;

  ktm_relief_rule_init (rule);
  while (p != NULL && *p != '\0')
    {
      char key[16] = "", value[64] = "";
      size_t length = strcspn (p, ",;");
      char item[128];

      if (where != NULL)
        *where = p;
      if (length >= sizeof item)
        return false;
      memcpy (item, p, length);
      item[length] = '\0';
      if (strspn (item, " ") < length
          && (sscanf (item, " %15[a-z] %*1[=]%63s", key, value) < 2
              && sscanf (item, " %15[a-z] %63s", key, value) < 2))
        return false;
      if (key[0] != '\0' && !set_word (rule, key, value))
        return false;
      p += length;
      p += *p != '\0';
    }
  return true;
}

static KtmText *
time_text (const KtmFrame *frame, double time)
{
  static const struct { const char *unit, *text;
  } words[] = {
    { "minute", N_("minute {1}") }, { "hour", N_("hour {1}") },   { "day", N_("day {1}") },
    { "week", N_("week {1}") },     { "month", N_("month {1}") }, { "year", N_("year {1}") },
  };

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (frame->time_unit != NULL && strcmp (words[i].unit, frame->time_unit) == 0)
      return ktm_text_new (words[i].text, "g", time);
  return ktm_text_new (N_("time {1}"), "g", time);
}

static KtmText *
loss_text (const KtmReliefRule *rule)
{
  if (rule->visits == 1)
    return ktm_text_new (N_("lost at the first scored visit below {1} %"), "g", rule->lost);
  return ktm_text_new (
      rule->last_once ? N_ (
          "lost below {1} % at {2} scored visits in a row (one is enough where it is the last)")
                      : N_("lost below {1} % at {2} scored visits in a row"),
      "gi", rule->lost, (long) rule->visits);
}

KtmText *
ktm_relief_rule_text (const KtmReliefRule *rule, const KtmFrame *frame, size_t measure)
{
  static const char *const repeats[] = { N_("repeat ketamine is ignored"),
                                         N_("a repeat of ketamine censors"),
                                         N_("a repeat of ketamine counts as loss of relief") };
  const char *label = frame->measures[measure].label != NULL ? frame->measures[measure].label
                                                             : frame->measures[measure].id;
  KtmText *gap;

  if (rule->date[0] != '\0')
    return ktm_text_new (N_("Loss of relief at the time recorded in “{1}”; patients without one "
                             "are censored at their last score"),
                         "s", rule->date);
  gap = isfinite (rule->gap) ? ktm_text_new (N_("a gap longer than {1} censors"), "g", rule->gap)
                             : ktm_text_new (N_("gaps are passed over"), "");
  return ktm_text_new (
      N_("Relief: {1} at least {2} % better than baseline by {3}; {4}; time since {5}; {6}; {7}"),
      "sgttwwt", label, rule->gain, time_text (frame, rule->by), loss_text (rule),
      rule->since_relief ? N_("relief began") : N_("ketamine"), repeats[rule->repeat], gap);
}

/* --- one patient ------------------------------------------------------------------------------ */

typedef struct
{
  const KtmFrame        *frame;
  const KtmFrameMeasure *m;
  const KtmReliefRule   *rule;
  const double          *date;    /* nullable */
  double                 last;
  size_t n; /* scores after baseline of the patient, at t with relief r (percent) */
  double                *t, *r;   /* n_visits */
} Course;

static double
relief_of (const Course *c, double before, double after)
{
  double better = c->m->lower_better ? before - after : after - before;

  return 100 * better / fabs (before);
}

static void
read_course (Course *c, size_t i)
{
  size_t v = c->frame->n_visits;
  double before = c->m->baseline[i];

  c->n = 0;
  for (size_t j = 0; j < v; j++)
    {
      double y = c->m->value[i * v + j], t = c->frame->visit_time[j];

      if (isnan (y) || t <= 0 || t > c->last + 1e-6)
        continue;
      c->t[c->n] = t;
      c->r[c->n++] = isnan (before) || before == 0 ? NAN : relief_of (c, before, y);
    }
}

static double
repeat_after (const Course *c, size_t i, double t)
{
  double first = INFINITY;

  for (size_t k = 0; k < c->frame->n_treatments; k++)
    if (c->frame->treatments[k].row == i && c->frame->treatments[k].time > t + 1e-9
        && c->frame->treatments[k].time < first)
      first = c->frame->treatments[k].time;
  return first <= c->last + 1e-6 ? first : INFINITY;
}

/* The first score of the run below that loses relief after position @gain; c->n: none. */
static size_t
find_loss (const Course *c, size_t gain, size_t end)
{
  int run = 0;

  for (size_t j = gain + 1; j < end; j++)
    {
      run = c->r[j] < c->rule->lost - 1e-9 ? run + 1 : 0;
      if (run >= c->rule->visits || (run > 0 && c->rule->last_once && j == end - 1 && end == c->n))
        return j - (size_t) run + 1;
    }
  return c->n;
}

static size_t
find_gap (const Course *c, size_t gain)
{
  for (size_t j = gain + 1; j < c->n; j++)
    if (c->t[j] - c->t[j - 1] > c->rule->gap + 1e-9)
      return j;
  return c->n;
}

static void
add (KtmRelief *out, size_t row, double start, double time, bool event, double left, double right)
{
  size_t k = out->n++;

  out->row[k] = row;
  out->time[k] = fmax (0, time - start);
  out->event[k] = event;
  out->n_events += event;
  out->left[k] = fmax (0, left - start);
  out->right[k] = right - start;
}

static void
end_relief (const Course *c, size_t i, size_t gain, KtmRelief *out)
{
  size_t end = find_gap (c, gain), loss = find_loss (c, gain, end);
  double start = c->rule->since_relief ? c->t[gain] : 0,
         repeat = c->rule->repeat == KTM_REPEAT_IGNORE ? INFINITY : repeat_after (c, i, c->t[gain]);
  double seen = c->t[end - 1];

  out->n_no_later += gain + 1 == c->n;
  if (loss < c->n && c->t[loss] <= repeat)
    {
      add (out, i, start, c->t[loss], true, c->t[loss - 1], c->t[loss]);
      return;
    }
  if (repeat <= seen)
    {
      out->n_repeat++;
      for (size_t j = gain; j < end && c->t[j] <= repeat; j++)
        seen = c->t[j];
      if (c->rule->repeat == KTM_REPEAT_EVENT)
        add (out, i, start, repeat, true, seen, repeat);
      else
        add (out, i, start, repeat, false, repeat, INFINITY);
      return;
    }
  out->n_gap += end < c->n;
  add (out, i, start, seen, false, seen, INFINITY);
}

static void
from_scores (Course *c, size_t i, KtmRelief *out)
{
  double before = c->m->baseline[i];
  bool in_time = false;

  if (isnan (before) || before == 0)
    {
      out->n_no_baseline += isnan (before);
      out->n_zero_baseline += before == 0;
      return;
    }
  for (size_t j = 0; j < c->n && c->t[j] <= c->rule->by + 1e-6; j++)
    {
      in_time = true;
      if (c->r[j] >= c->rule->gain - 1e-9)
        {
          out->n_seen++;
          end_relief (c, i, j, out);
          return;
        }
    }
  out->n_not_seen += !in_time;
  out->n_seen += in_time;
  out->n_never += in_time;
}

static void
from_date (Course *c, size_t i, KtmRelief *out)
{
  double date = c->date[i], seen = c->n > 0 ? c->t[c->n - 1] : 0;

  out->n_not_seen += isnan (date) && c->n == 0;
  if (isnan (date) && c->n == 0)
    return;
  out->n_seen++;
  if (!isnan (date) && date >= 0 && date <= c->last + 1e-6)
    add (out, i, 0, date, true, date, date);
  else
    add (out, i, 0, seen, false, seen, INFINITY);
}

KtmStatsStatus
ktm_relief (const KtmFrame *frame, size_t measure, const KtmReliefRule *rule, double last,
            KtmRelief *out)
{
  size_t n = frame->n_patients + 1;
  long attribute = rule->date[0] != '\0' ? ktm_frame_find_attribute (frame, rule->date) : -1;
  Course c = { .frame = frame, .rule = rule, .last = isnan (last) ? INFINITY : last };

  memset (out, 0, sizeof *out);
  if (measure >= frame->n_measures
      || (rule->date[0] != '\0'
          && (attribute < 0 || frame->attributes[attribute].kind != KTM_ATTRIBUTE_NUMBER)))
    return KTM_STATS_BAD_ARGUMENT;
  c.m = &frame->measures[measure];
  c.date = attribute >= 0 ? frame->attributes[attribute].value : NULL;
  c.t = calloc (frame->n_visits + 1, sizeof *c.t);
  c.r = calloc (frame->n_visits + 1, sizeof *c.r);
  out->row = calloc (n, sizeof *out->row);
  out->time = calloc (n, sizeof *out->time);
  out->event = calloc (n, sizeof *out->event);
  out->left = calloc (n, sizeof *out->left);
  out->right = calloc (n, sizeof *out->right);
  if (c.t != NULL && c.r != NULL && out->row != NULL && out->time != NULL && out->event != NULL
      && out->left != NULL && out->right != NULL)
    {
      for (size_t i = 0; i < frame->n_patients; i++)
        {
          read_course (&c, i);
          (c.date != NULL ? from_date : from_scores) (&c, i, out);
        }
      free (c.t);
      free (c.r);
      return KTM_STATS_OK;
    }
  free (c.t);
  free (c.r);
  ktm_relief_clear (out);
  return KTM_STATS_NO_MEMORY;
}

void
ktm_relief_clear (KtmRelief *relief)
{
  free (relief->row);
  free (relief->time);
  free (relief->event);
  free (relief->left);
  free (relief->right);
  memset (relief, 0, sizeof *relief);
}
