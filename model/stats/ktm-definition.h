/* A definition of response, in a small language a clinician can read and write.
 *
 *   nrs >= 50% and not stop "lack of effect"   relief of at least half, and not stopped for that
 *   nrs >= 2 or pgic score <= 2                an improvement of 2 points, or a score at the visit
 *   nrs >= 30% sustained from 3                at every scored visit from month 3 to the visit
 *   nrs >= 30% and no event severe; missing no no severe adverse event up to the visit
 *
 * definition = any [ ";" "missing" ( "out" | "no" | "last" ) ]
 * any        = all { "or" all };  all = one { "and" one }
 * one        = [ "not" | "no" ] ( "(" any ")" | condition )
 * condition  = MEASURE op NUMBER [ "%" | "points" ] [ when ]     improvement from baseline
 *            | MEASURE "score" op NUMBER [ when ]                the score itself
 *            | "stop" [ REASON ]                                 stopped (for that) by the visit
 *            | "event" [ grade ] [ "at" ( "visit" | TIME ) ]     up to the visit, or at one
 * grade      = "mild" | "moderate" | "severe" | "grade" NUMBER   this or worse
 * when       = "at" TIME | "ever" | "sustained" [ "from" TIME ]; nothing: at the visit
 * op         = ">=" | ">" | "<=" | "<";  names with spaces stand in "…".
 *
 * A missing score makes a condition unknown, and unknown spreads as in three-valued logic: unknown
 * and no is no.  An adverse event decides only about patients who can be judged without it, so that
 * the visits of those who left do not count as seen.  libc only.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-text.h"

typedef enum
{
  KTM_CONDITION_PERCENT, /* improvement from baseline in % of it */
  KTM_CONDITION_POINTS,  /* the same in points */
  KTM_CONDITION_SCORE,
  KTM_CONDITION_STOP,
  KTM_CONDITION_EVENT
} KtmConditionKind;
typedef enum { KTM_COMPARE_GE, KTM_COMPARE_GT, KTM_COMPARE_LE, KTM_COMPARE_LT } KtmCompare;
typedef enum
{
  KTM_WHEN_VISIT,     /* at the visit looked at */
  KTM_WHEN_AT,        /* at one visit, by its time */
  KTM_WHEN_SUSTAINED, /* at every scored visit up to it */
  KTM_WHEN_EVER       /* at some visit up to it; the usual one of EVENT */
} KtmWhen;
/* What becomes of a patient who cannot be judged at a visit. */
typedef enum
{
  KTM_UNKNOWN_OUT,  /* left out */
  KTM_UNKNOWN_NO,   /* not a responder */
  KTM_UNKNOWN_LAST  /* as at the last visit judged; not a responder before any */
} KtmUnknown;

typedef struct
{
  KtmConditionKind kind;
  bool        negated;
  size_t      measure;    /* of the frame; PERCENT, POINTS, SCORE */
  KtmCompare  op;
  double      threshold;  /* of EVENT: the grade; NaN: by severity */
  KtmWhen     when;
  double      time;       /* AT; SUSTAINED: from, NaN the first after baseline */
  long        reason;     /* STOP: of the frame's; −1 any */
  KtmSeverity severity;   /* EVENT: this or worse; UNKNOWN: any event */
} KtmCondition;

typedef struct _KtmDefinition KtmDefinition;

/* Why a text is no definition.  sentence: owned by the caller; NULL when memory is out. */
typedef struct
{
  bool     unknown;      /* names something the cohort does not have: the sentence says what is */
  KtmText *sentence;
} KtmDefinitionProblem;

/* Holds for @frame and no other, which must outlive it.  NULL with @problem filled in. */
KtmDefinition *ktm_definition_parse (const KtmFrame *frame, const char *text,
                                     KtmDefinitionProblem *problem);
void           ktm_definition_free  (KtmDefinition *definition);
KtmUnknown     ktm_definition_unknown (const KtmDefinition *definition);
/* Does it look at adverse events?  They must be in the frame then. */
bool           ktm_definition_uses_events (const KtmDefinition *definition);

/* At a visit: 1 yes, 0 no, −1 cannot be judged.  Scores follow @missing. */
int  ktm_definition_holds (const KtmDefinition *definition, KtmMissing missing, size_t patient,
                           size_t visit);
/* The visit whose answer stands for @visit under the rule for missing scores, mostly the
 * definition's own: @visit, an earlier one (LAST), or −1: none.  The answer itself: 1, 0, −1 left
 * out. */
long ktm_definition_judged (const KtmDefinition *definition, KtmUnknown unknown,
                            KtmMissing missing, size_t patient, size_t visit);
int  ktm_definition_state (const KtmDefinition *definition, KtmUnknown unknown, KtmMissing missing,
                           size_t patient, size_t visit);

/* --- as rows -----------------------------------------------------------------------------------
 */

/* Conditions in their order where the definition needs no parentheses ("and" before "or"), else 0.
 */
size_t              ktm_definition_n_conditions (const KtmDefinition *definition);
const KtmCondition *ktm_definition_condition    (const KtmDefinition *definition, size_t i);
bool ktm_definition_or_before (const KtmDefinition *definition, size_t i); /* joined by "or" */
/* One condition alone; the first @n of them. */
int ktm_definition_condition_holds (const KtmDefinition *definition, size_t i, KtmMissing missing,
                                    size_t patient, size_t visit);
int ktm_definition_first_hold (const KtmDefinition *definition, size_t n, KtmMissing missing,
                               size_t patient, size_t visit);

/* The language's text of @n conditions; or_before[0] is not read.  malloc'd; NULL no memory. */
char *ktm_definition_write (const KtmFrame *frame, const KtmCondition *conditions,
                            const bool *or_before, size_t n, KtmUnknown unknown);

/* --- words -------------------------------------------------------------------------------------
 */

/* "≥ 30 % and ≥ 2 points better than baseline, no severe adverse event".  A measure is named where
 * the definition speaks of several.  Owned by the caller. */
KtmText *ktm_definition_text (const KtmDefinition *definition);
/* The same with every measure named, for a list of definitions or rows. */
KtmText *ktm_condition_text  (const KtmFrame *frame, const KtmCondition *condition);
/* "A patient with a missing score is left out of that visit." */
KtmText *ktm_unknown_text    (KtmUnknown unknown);
/* The one measure whose change it speaks of; −1: none or several. */
long     ktm_definition_measure (const KtmDefinition *definition);
