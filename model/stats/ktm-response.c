/* model/stats: responders counted, agreement of two answers, impressions of change.  libc only. */
#include "ktm-response.h"

#include "ktm-dist.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
counts (const KtmResponders *who, size_t patient)
{
  return (who->in == NULL || who->in[patient])
         && (who->group < 0 || (who->group_of != NULL && who->group_of[patient] == who->group));
}

void
ktm_responders_count (const KtmResponders *who, size_t visit, KtmResponseCount *out)
{
  *out = (KtmResponseCount) { 0 };
  for (size_t i = 0; i < who->frame->n_patients; i++)
    if (counts (who, i))
      {
        int state = ktm_definition_state (who->definition, who->unknown, who->missing, i, visit);

        out->total++;
        out->judged += state >= 0;
        out->yes += state == 1;
      }
}

void
ktm_responders_conditions (const KtmResponders *who, size_t visit, size_t *alone, size_t *left,
                           KtmResponseCount *out)
{
  const KtmDefinition *d = who->definition;
  size_t n = ktm_definition_n_conditions (d);

  memset (alone, 0, n * sizeof *alone);
  memset (left, 0, n * sizeof *left);
  ktm_responders_count (who, visit, out);
  for (size_t i = 0; i < who->frame->n_patients; i++)
    {
      long at =
          counts (who, i) ? ktm_definition_judged (d, who->unknown, who->missing, i, visit) : -1;

      for (size_t k = 0; at >= 0 && k < n; k++)
        {
          alone[k] +=
              ktm_definition_condition_holds (d, k, who->missing, i, (size_t) at) == 1;
          left[k] += ktm_definition_first_hold (d, k + 1, who->missing, i, (size_t) at) == 1;
        }
    }
}

bool *
ktm_frame_completers (const KtmFrame *frame, size_t measure, size_t last)
{
  const KtmFrameMeasure *m = &frame->measures[measure];
  bool *in = calloc (frame->n_patients + 1, sizeof *in);

  for (size_t i = 0; in != NULL && i < frame->n_patients; i++)
    in[i] = !isnan (m->baseline[i]) && !isnan (m->value[i * frame->n_visits + last]);
  return in;
}

/* --- agreement -------------------------------------------------------------------------------- */

KtmStatsStatus
ktm_stats_kappa (const double table[4], double level, KtmKappa *out)
{
  double n = 0, p[4], row[2], col[2], expected, k, a = 0, b, c, z;

  *out = (KtmKappa){ NAN, { NAN, NAN, NAN, NAN }, NAN };
  for (int i = 0; i < 4; i++)
    {
      if (!(table[i] >= 0) || !isfinite (table[i]))
        return KTM_STATS_BAD_ARGUMENT;
      n += table[i];
    }
  if (!(level > 0 && level < 1))
    return KTM_STATS_BAD_ARGUMENT;
  if (n < 1)
    return KTM_STATS_TOO_FEW;
  for (int i = 0; i < 4; i++)
    p[i] = table[i] / n;
  row[0] = p[0] + p[1];
  row[1] = p[2] + p[3];
  col[0] = p[0] + p[2];
  col[1] = p[1] + p[3];
  expected = row[0] * col[0] + row[1] * col[1];
  if (1 - expected < 1e-12)
    return KTM_STATS_UNDEFINED;
  out->n = n;
  out->agreement = p[0] + p[3];
  k = (out->agreement - expected) / (1 - expected);
  for (int i = 0; i < 2; i++)
    a += p[3 * i] * pow (1 - (row[i] + col[i]) * (1 - k), 2);
  b = p[1] * pow (col[0] + row[1], 2) + p[2] * pow (col[1] + row[0], 2);
  c = pow (k - expected * (1 - k), 2);
  out->kappa.value = k;
  out->kappa.se = sqrt (fmax (0, a + pow (1 - k, 2) * b - c) / n) / (1 - expected);
  z = ktm_dist_normal_z (level);
  out->kappa.low = fmax (-1, k - z * out->kappa.se);
  out->kappa.high = fmin (1, k + z * out->kappa.se);
  return KTM_STATS_OK;
}

void
ktm_responders_agree (const KtmResponders *who, size_t visit, size_t impression, double cut,
                      double table[4])
{
  const KtmFrame *f = who->frame;
  const KtmFrameMeasure *m = &f->measures[impression];

  memset (table, 0, 4 * sizeof *table);
  for (size_t i = 0; i < f->n_patients; i++)
    {
      double said = m->value[i * f->n_visits + visit];
      int state = counts (who, i) && !isnan (said)
                      ? ktm_definition_state (who->definition, who->unknown, who->missing, i, visit)
                      : -1;
      bool well = m->lower_better ? said <= cut + 1e-9 : said >= cut - 1e-9;

      if (state >= 0)
        table[(state == 1 ? 0 : 2) + (well ? 0 : 1)]++;
    }
}

/* --- impressions of change -------------------------------------------------------------------- */

bool
ktm_impression_init (const KtmFrame *frame, size_t measure, KtmImpression *out)
{
  const KtmFrameMeasure *m = &frame->measures[measure];
  double levels = m->max - m->min + 1;

  if (!(levels >= 3 && levels <= KTM_IMPRESSION_MOST) || levels != floor (levels)
      || ((int) levels & 1) == 0)
    return false;
  for (size_t i = 0; i < frame->n_patients * frame->n_visits; i++)
    if (!isnan (m->value[i]) && fabs (m->value[i] - m->min - floor (m->value[i] - m->min)) > 1e-9)
      return false;
  *out = (KtmImpression){ measure, (size_t) levels, m->lower_better ? m->min : m->max,
                          m->lower_better ? 1 : -1 };
  return true;
}

static bool
has_word (const char *text, const char *word)
{
  size_t n = strlen (word);

  for (const char *c = text; c != NULL && *c != '\0'; c++)
    if (strncasecmp (c, word, n) == 0)
      return true;
  return false;
}

long
ktm_impression_find (const KtmFrame *frame)
{
  static const char *const words[] = { "pgic", "impression", "cgi" };
  KtmImpression unused;

  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
    for (size_t i = 0; i < frame->n_measures; i++)
      if ((has_word (frame->measures[i].id, words[w])
           || has_word (frame->measures[i].label, words[w]))
          && ktm_impression_init (frame, i, &unused))
        return (long) i;
  return -1;
}

static bool
any_score (const KtmFrame *f, size_t patient, size_t visit)
{
  for (size_t m = 0; m < f->n_measures; m++)
    if (!isnan (f->measures[m].value[patient * f->n_visits + visit]))
      return true;
  return false;
}

void
ktm_impression_count (const KtmFrame *frame, const KtmImpression *impression, const long *group_of,
                      long group, size_t visit, KtmImpressionCount *out)
{
  const KtmFrameMeasure *m = &frame->measures[impression->measure];
  size_t middle = impression->n_levels / 2;

  *out = (KtmImpressionCount) { 0 };
  for (size_t i = 0; i < frame->n_patients; i++)
    {
      double said = m->value[i * frame->n_visits + visit];
      double level = (said - impression->first) * impression->step;

      if (group >= 0 && (group_of == NULL || group_of[i] != group))
        continue;
      out->seen += any_score (frame, i, visit);
      if (isnan (said) || level < -0.5 || level > (double) impression->n_levels - 0.5)
        continue;
      out->n++;
      out->count[(size_t) (level + 0.5)]++;
      out->improved += (size_t) (level + 0.5) < middle;
      out->much += (size_t) (level + 0.5) + 1 < middle;
    }
}

KtmText *
ktm_impression_level_text (const KtmImpression *impression, size_t level)
{
  static const char *const seven[] = {
    N_("very much improved"), N_("much improved"), N_("minimally improved"), N_("no change"),
    N_("minimally worse"),    N_("much worse"),    N_("very much worse"),
  };
  long middle = (long) impression->n_levels / 2, step = middle - (long) level;

  if (impression->n_levels == 7)
    return ktm_text_new (seven[level], "");
  if (step == 0)
    return ktm_text_new (N_("no change"), "");
  return ktm_text_new (step > 0 ? N_("better by {1}") : N_("worse by {1}"), "i", labs (step));
}
