/* Time to loss of relief, derived from scores by a rule that can be printed and changed.
 *
 * A rule is a line of words, for the command line, recipes and saved views:
 *   gain 30, by 3, lost 30, visits 2, last once, clock relief, repeat ignore, gap none
 * gain:   percent better than baseline at which relief starts        by:     the last time at which
 * it can start lost:   relief is lost below so many percent                       visits: in a row,
 * at so many scored visits last:   once: one visit below is enough where it is the last one; full:
 * it never is clock:  relief: since it began; start: since time 0                repeat: ketamine
 * again: ignore, censor or event gap:    censored at the last score before a gap longer than this;
 * none date:   instead of all that: an attribute that holds the time of loss, since time 0 What is
 * not said keeps the value above.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-text.h"

typedef enum { KTM_REPEAT_IGNORE, KTM_REPEAT_CENSOR, KTM_REPEAT_EVENT } KtmReliefRepeat;

typedef struct
{
  double          gain, by, lost, gap;   /* gap: INFINITY: none */
  int             visits;                /* 1 … 6 */
  bool            last_once, since_relief;
  KtmReliefRepeat repeat;
  char            date[64];              /* id of an attribute; "" derived from the scores */
} KtmReliefRule;

void     ktm_relief_rule_init  (KtmReliefRule *rule);
/* NULL is the rule above.  False: @where (nullable) points into @text at what is not understood. */
bool     ktm_relief_rule_parse (const char *text, KtmReliefRule *rule, const char **where);
/* The rule in words for a caption or a methods text.  Owned by the caller. */
KtmText *ktm_relief_rule_text  (const KtmReliefRule *rule, const KtmFrame *frame, size_t measure);

/* Patients who gained relief, in the frame's order.  Arrays of @n; ktm_relief_clear(). */
typedef struct
{
  size_t  n;
  size_t *row;           /* of the frame */
  double *time;          /* in the frame's unit, since the clock started */
  bool   *event;
  double *left, *right; /* relief was last seen at left and gone at right (INFINITY: never): for
                           ktm_turnbull() */
  size_t  n_events;
  size_t n_no_baseline, n_zero_baseline,
      n_not_seen;        /* cannot gain: no baseline, one of 0, no score in time */
  size_t  n_seen;        /* could gain */
  size_t  n_never;       /* seen in time, never relieved */
  size_t  n_no_later;    /* gained and never scored again: censored at once */
  size_t  n_repeat, n_gap; /* ended by ketamine again, by a gap */
} KtmRelief;

/* @last: scores after this nominal time do not count; NaN: all do.
 * A missed visit between two scores is passed over: "in a row" means scored visits.
 * Errors: BAD_ARGUMENT (no such measure or attribute), NO_MEMORY. */
KtmStatsStatus ktm_relief (const KtmFrame *frame, size_t measure, const KtmReliefRule *rule,
                           double last, KtmRelief *out);
void           ktm_relief_clear (KtmRelief *relief);
