/* model/stats: published studies as effects. */
#include "ktm-evidence.h"

#include "ktm-proportion.h"
#include "ktm-summary-effects.h"

#include <ctype.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which arm is which ----------------------------------------------------------------------- */

static bool
contains (const char *text, const char *word)
{
  size_t n = strlen (word);

  for (; text != NULL && *text != '\0'; text++)
    {
      size_t i = 0;

      while (i < n && text[i] != '\0'
             && (char) tolower ((unsigned char) text[i]) == word[i])
        i++;
      if (i == n)
        return true;
    }
  return false;
}

static bool
contains_any (const char *text, const char *const *words)
{
  for (; *words != NULL; words++)
    if (contains (text, *words))
      return true;
  return false;
}

/* Arms of comparison, in English and French; accented letters are left to their plain ends. */
static bool
is_control (const KtmFrameArm *arm)
{
  static const char *const words[] = { "placebo", "control", "contr\xc3\xb4le", "moin",  "saline",
                                       "serum",   "sham",    "usual",           "usuel", "compar",
                                       "standard", "no treatment", "sans traitement", NULL };

  return contains_any (arm->arm, words);
}

static bool
is_after (const KtmFrameArm *arm)
{
  static const char *const words[] = { "after", "apr", "post", "follow", "suivi", "end", "fin",
                                       NULL };

  return contains_any (arm->arm, words);
}

static void
choose_arms (KtmEvidenceStudy *s, const KtmFrameArm *first, const KtmFrameArm *second)
{
  bool swap = s->kind == KTM_STUDIES_SINGLE_ARM ? is_after (first) && !is_after (second)
                                                : is_control (first) && !is_control (second);

  s->treated = swap ? second : first;
  s->control = swap ? first : second;
}

/* --- effects ---------------------------------------------------------------------------------- */

static double
z_of (double level)
{
  return gsl_cdf_ugaussian_Pinv (0.5 + level / 2);
}

static void
refuse (KtmEvidenceStudy *s, const char *why)
{
  s->why_not = why;
  s->y = s->v = NAN;
  s->estimate = KTM_ESTIMATE_NAN;
}

/* The printed scale from y and v. */
static void
set_estimate (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  double se = sqrt (s->v), half = z_of (level) * se;
  bool ratio = ktm_effect_is_ratio (effect);

  s->estimate = (KtmEstimate){ ratio ? exp (s->y) : s->y, se,
                               ratio ? exp (s->y - half) : s->y - half,
                               ratio ? exp (s->y + half) : s->y + half };
}

static bool
has_means (const KtmFrameArm *arm)
{
  return arm != NULL && !isnan (arm->mean);
}

static bool
has_events (const KtmFrameArm *arm)
{
  return arm != NULL && !isnan (arm->events);
}

static bool
has_n (const KtmFrameArm *arm)
{
  return !isnan (arm->n) && arm->n > 0;
}

/* An effect with its standard error, or the one behind its interval (of 95 %). */
static void
from_effect (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  const KtmFrameArm *a = s->treated;
  bool ratio = ktm_effect_is_ratio (effect);
  double se = a->se, width = ratio ? log (a->high / a->low) : a->high - a->low;

  if (ratio && !(a->effect > 0))
    {
      refuse (s, N_("its ratio is not above 0"));
      return;
    }
  if (isnan (se))
    se = width / (2 * z_of (0.95));
  if (isnan (se) || isinf (se))
    refuse (s, N_("its effect has no standard error and no interval"));
  else if (!(se > 0))
    refuse (s, N_("its standard error is 0"));
  else
    {
      s->y = ratio ? log (a->effect) : a->effect;
      s->v = se * se;
      set_estimate (s, effect, level);
      if (!isnan (a->low) && !isnan (a->high) && fabs (level - 0.95) < 1e-9)
        {
          s->estimate.low = a->low; /* as printed, rounding and all */
          s->estimate.high = a->high;
        }
    }
}

static void
say_status (KtmEvidenceStudy *s, KtmStatsStatus status)
{
  refuse (s, status == KTM_STATS_NO_VARIANCE ? N_("its SD is 0")
             : status == KTM_STATS_TOO_FEW   ? N_("an arm has fewer than two patients")
                                             : N_("its numbers cannot be used"));
}

static void
from_means (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  const KtmFrameArm *a = s->treated, *b = s->control;
  KtmStatsStatus status;

  if (!has_n (a) || !has_n (b))
    refuse (s, N_("a number of patients is missing"));
  else if (isnan (a->sd) || isnan (b->sd))
    refuse (s, N_("an SD is missing"));
  else
    {
      status = ktm_meta_effect_means (effect == KTM_EFFECT_SMD ? KTM_META_SMD : KTM_META_MD,
                                      a->mean, a->sd, a->n, b->mean, b->sd, b->n, &s->y, &s->v);
      if (status != KTM_STATS_OK || !(s->v > 0))
        say_status (s, status == KTM_STATS_OK ? KTM_STATS_NO_VARIANCE : status);
      else
        set_estimate (s, effect, level);
    }
}

static void
from_events (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  static const KtmMetaMeasure measures[] = { [KTM_EFFECT_RR] = KTM_META_RR,
                                             [KTM_EFFECT_OR] = KTM_META_OR,
                                             [KTM_EFFECT_RD] = KTM_META_RD };
  const KtmFrameArm *a = s->treated, *c = s->control;
  KtmStatsStatus status;

  if (!has_n (a) || !has_n (c))
    {
      refuse (s, N_("a number of patients is missing"));
      return;
    }
  if (a->events > a->n || c->events > c->n)
    {
      refuse (s, N_("it has more events than patients"));
      return;
    }
  s->zero_both = a->events == 0 && c->events == 0;
  s->zero_cell = a->events == 0 || c->events == 0 || a->events == a->n || c->events == c->n;
  status = ktm_meta_effect_table (measures[effect], a->events, a->n - a->events, c->events,
                                  c->n - c->events, &s->y, &s->v);
  if (status != KTM_STATS_OK || !(s->v > 0))
    say_status (s, status == KTM_STATS_OK ? KTM_STATS_NO_VARIANCE : status);
  else
    set_estimate (s, effect, level);
}

/* Mean after − mean before; as if they were two groups where the correlation is not published. */
static void
from_before_after (KtmEvidenceStudy *s, double level)
{
  const KtmFrameArm *b = s->treated, *a = s->control;
  double r = isnan (b->correlation) ? a->correlation : b->correlation, pairs = fmin (b->n, a->n);

  if (!has_n (b) || !has_n (a))
    refuse (s, N_("a number of patients is missing"));
  else if (isnan (b->sd) || isnan (a->sd))
    refuse (s, N_("an SD is missing"));
  else
    {
      s->independent = isnan (r);
      s->y = a->mean - b->mean;
      s->v = s->independent
                 ? b->sd * b->sd / b->n + a->sd * a->sd / a->n
                 : (b->sd * b->sd + a->sd * a->sd - 2 * r * b->sd * a->sd) / pairs;
      if (s->v > 0)
        set_estimate (s, KTM_EFFECT_CHANGE, level);
      else
        refuse (s, N_("its SD is 0"));
    }
}

static void
from_before_after_smd (KtmEvidenceStudy *s, double level)
{
  const KtmFrameArm *b = s->treated, *a = s->control;
  double r = isnan (b->correlation) ? a->correlation : b->correlation;
  KtmSummaryD d;
  KtmStatsStatus status;

  s->independent = isnan (r);
  status = ktm_stats_d_from_summary ((KtmSummary){ a->mean, a->sd, a->n },
                                     (KtmSummary){ b->mean, b->sd, b->n },
                                     s->independent ? KTM_ASSUMED_CORRELATION : r, level, &d);
  if (status != KTM_STATS_OK)
    say_status (s, isnan (a->sd) || isnan (b->sd) ? KTM_STATS_NOT_FINITE : status);
  else
    {
      s->y = d.cohen_d;
      s->v = (d.becker_high - d.becker_low) / (2 * z_of (level));
      s->v *= s->v;
      s->estimate = (KtmEstimate){ d.cohen_d, sqrt (s->v), d.becker_low, d.becker_high };
    }
}

static void
from_share (KtmEvidenceStudy *s, double level)
{
  const KtmFrameArm *a = s->treated;
  KtmProportion p;

  s->share = true;
  s->y = s->v = NAN;
  if (!has_n (a) || ktm_stats_proportion (a->events, a->n, level, &p) != KTM_STATS_OK)
    refuse (s, N_("a number of patients is missing"));
  else
    s->estimate = (KtmEstimate){ p.proportion, sqrt (p.proportion * (1 - p.proportion) / a->n),
                                 p.wilson_low, p.wilson_high };
}

static bool
reports (const KtmFrameArm *arm, KtmEvidenceEffect effect)
{
  return !isnan (arm->effect)
         && (arm->measure == NULL || strcmp (arm->measure, ktm_effect_key (effect)) == 0);
}

/* Without a control group: a change in points, standardised, or a share. */
static void
single_arm (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  if (ktm_effect_is_binary (effect))
    {
      s->relevant = has_events (s->treated);
      if (s->relevant)
        from_share (s, level);
    }
  else if (has_means (s->treated) && has_means (s->control))
    {
      s->relevant = true;
      if (effect == KTM_EFFECT_SMD)
        from_before_after_smd (s, level);
      else
        from_before_after (s, level);
    }
  else if (reports (s->treated, effect == KTM_EFFECT_CHANGE ? KTM_EFFECT_MD : effect))
    {
      s->relevant = true;
      from_effect (s, effect, level);
    }
}

static void
trial (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  bool binary = ktm_effect_is_binary (effect);

  if (effect == KTM_EFFECT_CHANGE)
    return;
  if (!binary && has_means (s->treated) && has_means (s->control))
    {
      s->relevant = true;
      from_means (s, effect, level);
    }
  else if (binary && has_events (s->treated) && has_events (s->control))
    {
      s->relevant = true;
      from_events (s, effect, level);
    }
  else if (reports (s->treated, effect))
    {
      s->relevant = true;
      from_effect (s, effect, level);
    }
  else if (s->control == NULL
           && (binary ? has_events (s->treated) : has_means (s->treated)))
    {
      s->relevant = true;
      refuse (s, N_("it has one arm only"));
    }
}

static void
work_out (KtmEvidenceStudy *s, KtmEvidenceEffect effect, double level)
{
  s->y = s->v = NAN;
  s->estimate = KTM_ESTIMATE_NAN;
  if (s->kind == KTM_STUDIES_SINGLE_ARM)
    single_arm (s, effect, level);
  else if (s->kind == KTM_STUDIES_TRIAL)
    trial (s, effect, level);
  else if (effect != KTM_EFFECT_CHANGE && reports (s->treated, effect))
    {
      s->relevant = true;
      from_effect (s, effect, level);
    }
}

/* --- lines into studies ----------------------------------------------------------------------- */

static long
find_study (const KtmEvidenceStudy *studies, size_t n, const KtmFrameArm *arm)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (studies[i].name, arm->study) == 0 && studies[i].kind == arm->kind)
      return (long) i;
  return -1;
}

static void
take_line (KtmEvidenceStudy *studies, size_t *n, const KtmFrameArm *arm)
{
  long at = arm->kind == KTM_STUDIES_POOLED || !isnan (arm->effect) ? -1
                                                                    : find_study (studies, *n, arm);

  if (at < 0)
    studies[(*n)++] = (KtmEvidenceStudy){ .name = arm->study,
                                          .kind = arm->kind,
                                          .left_out = arm->left_out,
                                          .treated = arm,
                                          .n_arms = 1 };
  else if (++studies[at].n_arms == 2)
    choose_arms (&studies[at], studies[at].treated, arm);
}

KtmStatsStatus
ktm_evidence_studies (const KtmFrame *frame, KtmEvidenceEffect effect, double level,
                      KtmEvidenceStudy **out, size_t *n)
{
  *out = NULL;
  *n = 0;
  if (!(level > 0 && level < 1))
    return KTM_STATS_BAD_ARGUMENT;
  *out = calloc (frame->n_arms + 1, sizeof **out);
  if (*out == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < frame->n_arms; i++)
    take_line (*out, n, &frame->arms[i]);
  for (size_t i = 0; i < *n; i++)
    work_out (&(*out)[i], effect, level);
  return KTM_STATS_OK;
}

/* --- moderators ------------------------------------------------------------------------------- */

/* The next "name=value" of @p; NULL: none left.  @end: where it ends. */
static const char *
next_pair (const char *p, const char **equals, const char **end)
{
  while (p != NULL && (*p == ';' || *p == ' '))
    p++;
  if (p == NULL || *p == '\0')
    return NULL;
  *end = strchr (p, ';');
  if (*end == NULL)
    *end = p + strlen (p);
  *equals = memchr (p, '=', (size_t) (*end - p));
  return p;
}

static bool
copy_part (char *to, size_t size, const char *from, const char *end)
{
  size_t n = (size_t) (end - from);

  if (n >= size)
    n = size - 1;
  while (n > 0 && ((unsigned char) from[n] & 0xc0) == 0x80 && from + n < end)
    n--;
  memcpy (to, from, n);
  to[n] = '\0';
  return n > 0;
}

static bool
moderator_of (const KtmFrameArm *arm, const char *name, char *value, size_t size)
{
  const char *equals = NULL, *end = NULL;

  for (const char *p = arm->moderators; (p = next_pair (p, &equals, &end)) != NULL; p = end)
    if (equals != NULL && (size_t) (equals - p) == strlen (name)
        && strncmp (p, name, strlen (name)) == 0)
      return copy_part (value, size, equals + 1, end);
  return false;
}

bool
ktm_evidence_moderator (const KtmEvidenceStudy *study, const char *name, char *value, size_t size)
{
  if (strcmp (name, "year") == 0 && !isnan (study->treated->year))
    {
      snprintf (value, size, "%.0f", study->treated->year);
      return true;
    }
  return moderator_of (study->treated, name, value, size)
         || (study->control != NULL && moderator_of (study->control, name, value, size));
}

static bool
named_before (const KtmFrame *frame, size_t arm, const char *until, const char *name)
{
  char other[128];

  for (size_t i = 0; i <= arm; i++)
    {
      const char *equals = NULL, *end = NULL;

      for (const char *p = frame->arms[i].moderators;
           (p = next_pair (p, &equals, &end)) != NULL && p != until; p = end)
        if (equals != NULL && copy_part (other, sizeof other, p, equals)
            && strcmp (other, name) == 0)
          return true;
    }
  return false;
}

bool
ktm_evidence_moderator_name (const KtmFrame *frame, size_t i, char *name, size_t size)
{
  size_t found = 0;

  for (size_t a = 0; a < frame->n_arms; a++)
    {
      const char *equals = NULL, *end = NULL;

      for (const char *p = frame->arms[a].moderators;
           (p = next_pair (p, &equals, &end)) != NULL; p = end)
        if (equals != NULL && copy_part (name, size, p, equals)
            && !named_before (frame, a, p, name) && found++ == i)
          return true;
    }
  return false;
}
