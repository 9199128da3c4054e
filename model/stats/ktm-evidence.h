/* Published studies as effects: which two arms are compared, in which direction, and the effect
 * with its variance, or why there is none.
 *
 * What is asked for is a line of words, for the command line, recipes and saved views:
 *   effect md, method iv, tau2 reml, ci hksj, own yes, moderator route
 * effect: md smd rr or rd (treated against control, of trials), change (before to after, of studies
 * without a control group)   method: iv (inverse variance) mh (Mantel-Haenszel) peto
 * tau2: none (common effect) dl reml pm   ci: wald hksj hksj-adhoc (never narrower than Wald)
 * own: yes no: the cohort as a row   moderator: a column of the table, or year; always the last
 * word.  What is not said keeps the value above.  libc, GSL.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-meta.h"

typedef enum
{
  KTM_EFFECT_MD,
  KTM_EFFECT_SMD,
  KTM_EFFECT_RR,
  KTM_EFFECT_OR,
  KTM_EFFECT_RD,
  KTM_EFFECT_CHANGE
} KtmEvidenceEffect;
#define KTM_N_EFFECTS 6

typedef enum { KTM_POOL_IV, KTM_POOL_MH, KTM_POOL_PETO } KtmPoolMethod;

typedef struct
{
  KtmEvidenceEffect effect;
  KtmPoolMethod     method;
  KtmMetaMethod     tau2;       /* FE: common effect */
  KtmMetaTest       ci;
  bool              own;
  char              moderator[128]; /* "" none */
} KtmEvidenceRule;

void ktm_evidence_rule_init  (KtmEvidenceRule *rule);
/* NULL is the rule above.  False: @where (nullable) points into @text at what is not understood. */
bool ktm_evidence_rule_parse (const char *text, KtmEvidenceRule *rule, const char **where);
/* The whole rule in words; at most 250 bytes with the final NUL. */
void ktm_evidence_rule_print (const KtmEvidenceRule *rule, char text[250]);

const char *ktm_effect_key   (KtmEvidenceEffect effect);   /* "md" */
bool        ktm_effect_parse (const char *key, KtmEvidenceEffect *out);
bool        ktm_effect_is_ratio  (KtmEvidenceEffect effect);   /* on a log axis, null 1 */
bool        ktm_effect_is_binary (KtmEvidenceEffect effect);   /* from events: rr or rd */

/* One study under one effect.  Borrowed from the frame. */
typedef struct
{
  const char        *name;
  KtmFrameStudyKind  kind;
  bool               left_out;      /* by the person */
  const KtmFrameArm *treated;       /* or before, or the one line there is */
  const KtmFrameArm *control;       /* or after; NULL: one line */
  size_t             n_arms;        /* lines of the study */
  bool               relevant;      /* reports this effect or what it is made of */
  const char        *why_not;       /* N_(): why there is no effect; NULL: there is one */
  double             y, v;          /* log scale for ratios; NaN without effect */
  KtmEstimate        estimate;      /* as printed: ratios, shares as 0…1, points; Wald interval */
  bool independent; /* change whose correlation is not published: as if two groups */
  bool               zero_cell, zero_both;   /* 0.5 was added; no events in either arm */
  bool               share;         /* no control group and events: a share, not an effect */
} KtmEvidenceStudy;

/* Studies in the order of the frame, malloc'd; a study of two pooled results is two.
 *
 * @level: of the intervals, which are remade from SE; a printed interval of pooled rows is kept
 * when @level is .95
 *
 * SMD of studies without a control group: (after − before)/pooled SD, Becker's variance with the
 * published correlation, else .5 (independent is set).  A standard error given with rr or or is of
 * the logarithm.  Errors: NO_MEMORY, BAD_ARGUMENT (level). */
KtmStatsStatus ktm_evidence_studies (const KtmFrame *frame, KtmEvidenceEffect effect, double level,
                                     KtmEvidenceStudy **out, size_t *n);

/* The value of moderator @name of a study ("0.5"; year: the year), copied to @value; false: none.
 */
bool ktm_evidence_moderator (const KtmEvidenceStudy *study, const char *name, char *value,
                             size_t size);
/* Name @i of the moderators of @frame in order of first use, copied; false: there are fewer. */
bool ktm_evidence_moderator_name (const KtmFrame *frame, size_t i, char *name, size_t size);

/* The correlation assumed where none is published. */
#define KTM_ASSUMED_CORRELATION 0.5
