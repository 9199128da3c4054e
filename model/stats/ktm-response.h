/* Responders counted, by a definition of ktm-definition.h; and an ordinal impression of change. */
#pragma once

#include "ktm-definition.h"

/* Who is counted: patients of the frame whose group (group_of, NULL: everybody in one) is @group;
 * −1: everybody whose group is known or not. */
typedef struct
{
  const KtmDefinition *definition;
  const KtmFrame      *frame;
  KtmUnknown           unknown;   /* mostly the definition's own */
  KtmMissing           missing;
  const long          *group_of;  /* n_patients; NULL none */
  long                 group;
  const bool          *in;        /* n_patients: may take part (completers); NULL: all */
} KtmResponders;

typedef struct
{
  size_t yes, judged;   /* responders; those with an answer under the rule */
  size_t total;         /* patients of the group */
} KtmResponseCount;

void ktm_responders_count (const KtmResponders *who, size_t visit, KtmResponseCount *out);

/* Conditions of a definition in rows, among the patients judged at @visit: how many meet each
 * alone, and how many meet the definition that ends with it.  @alone, @left: n_conditions. */
void ktm_responders_conditions (const KtmResponders *who, size_t visit, size_t *alone, size_t *left,
                                KtmResponseCount *out);

/* Mask of the patients with a baseline and a score of @measure at @last.  malloc'd, n_patients. */
bool *ktm_frame_completers (const KtmFrame *frame, size_t measure, size_t last);

/* --- agreement -------------------------------------------------------------------------------- */

typedef struct
{
  double      n;
  KtmEstimate kappa;       /* large-sample interval */
  double      agreement;   /* share of equal answers */
} KtmKappa;

/* Cohen's kappa of two yes/no answers.
 *
 * @table: both yes, first only, second only, neither; whole numbers
 * Errors: TOO_FEW (nobody), UNDEFINED (both always give the same one answer), BAD_ARGUMENT.
 * Source: Cohen (1960), Educ Psychol Meas 20:37-46; Fleiss, Cohen & Everitt (1969), Psychol Bull
 * 72:323-327 (standard error).
 */
KtmStatsStatus ktm_stats_kappa (const double table[4], double level, KtmKappa *out);

/* Response against an impression of at most (at least) @cut at the same visit; table as above. */
void ktm_responders_agree (const KtmResponders *who, size_t visit, size_t impression, double cut,
                           double table[4]);

/* --- impressions of change -------------------------------------------------------------------- */

#define KTM_IMPRESSION_MOST 9

/* An ordinal measure with whole steps around a middle "no change": PGIC 1–7. */
typedef struct
{
  size_t measure;
  size_t n_levels;     /* 3 … 9, odd */
  double first;        /* value of the best level */
  double step;         /* +1 where low is better, else −1 */
} KtmImpression;

/* Is @measure such a one: 3 to 9 whole steps, an odd number of them, all scores whole? */
bool ktm_impression_init (const KtmFrame *frame, size_t measure, KtmImpression *out);
/* The measure called "pgic", else the first whose id or label speaks of an impression; −1: none. */
long ktm_impression_find (const KtmFrame *frame);

typedef struct
{
  size_t count[KTM_IMPRESSION_MOST];  /* from the best level */
  size_t n, seen;                     /* answered; with any score at the visit */
  size_t improved, much;              /* better than the middle; at least two steps */
} KtmImpressionCount;

/* As observed: an impression is never filled in. */
void ktm_impression_count (const KtmFrame *frame, const KtmImpression *impression,
                           const long *group_of, long group, size_t visit,
                           KtmImpressionCount *out);
/* "very much improved" … of 7 levels, else "better by 2" …; N_(), with {1} for the step. */
KtmText *ktm_impression_level_text (const KtmImpression *impression, size_t level);
