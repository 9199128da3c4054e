/* Shared by the files of adverse-events only. */
#pragma once

#include "ktm-run-harms.h"

G_BEGIN_DECLS

typedef struct
{
  KtmRun   *run;
  KtmSafety all;
} KtmAdverseEvents;

/* The cards "Related to the treatment", "Which events, how bad" and "Time to the first event";
 * @shown: a visit of the frame is a milestone, whose row stands on the card. */
void ktm_adverse_events_add_related (const KtmAdverseEvents *s);
void ktm_adverse_events_add_terms   (const KtmAdverseEvents *s);
void ktm_adverse_events_add_first   (const KtmAdverseEvents *s, const gboolean *shown);

G_END_DECLS
