/* What counts as an adverse event, how often it occurs, and how that is said. */
#pragma once

#include "ktm-frame.h"
#include "ktm-text.h"

typedef enum
{
  KTM_HARM_PATIENTS, /* patients with at least one event, over those asked */
  KTM_HARM_EVENTS    /* events, over the patients asked */
} KtmHarmCount;

typedef enum { KTM_HARM_WILSON, KTM_HARM_EXACT } KtmHarmInterval;

/* What counts as an event, how it is counted, and the interval of a share. */
typedef struct
{
  KtmHarmCount    count;
  KtmSeverity     least_grade;   /* UNKNOWN: any, also of unknown grade */
  KtmRelated      least_related; /* UNKNOWN: any; POSSIBLE: possible or yes; YES: yes alone */
  KtmHarmInterval interval;      /* of patients: Wilson or Clopper–Pearson */
} KtmHarms;

/* Does @harms ask for more than any event? */
bool ktm_harms_chooses (const KtmHarms *harms);

/* @x of @n patients, or @x events of @n patients asked, with its interval: Wilson or
 * Clopper–Pearson of a share; of events the exact Poisson limits of the effective count x /
 * @dispersion out of n / dispersion, which allows for several events in one patient.  The value is
 * a share (0…1), or events a patient (0…).  se is NaN. Errors: TOO_FEW (n = 0), BAD_ARGUMENT.
 * Source: Wilson (1927), JASA 22:209-212; Clopper & Pearson (1934), Biometrika 26:404-413; Garwood
 * (1936), Biometrika 28:437-442; effective counts as Korn & Graubard (1998), Surv Methodol
 * 24:193-201. */
KtmStatsStatus ktm_harms_rate (const KtmHarms *harms, double x, double n, double dispersion,
                               double level, KtmEstimate *out);

/* Words of the command line and of recipes: patients, events; any, moderate, severe; any, possible,
 * yes; wilson, exact.  NULL-ended, in the order of the values: ktm_harm_grades[1] is moderate. */
extern const char *const ktm_harm_counts[], *const ktm_harm_grades[], *const ktm_harm_relations[],
    *const ktm_harm_intervals[];
/* Positions in those lists; −1 for what they do not hold. */
int  ktm_harm_grade_index (KtmSeverity grade);
int  ktm_harm_relation_index (KtmRelated related);
KtmSeverity ktm_harm_grade (int index);
KtmRelated  ktm_harm_relation (int index);

/* "Only severe events count.": the sentence for people; NULL where every event counts.  Owned by
 * the caller. */
KtmText *ktm_harms_text (const KtmHarms *harms);
/* "Wilson {1} % CI": the name of the interval.  Owned by the caller. */
KtmText *ktm_harms_interval_text (const KtmHarms *harms, double level);
