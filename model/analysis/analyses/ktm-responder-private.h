/* model/analysis: the parts of the analysis of responders. */
#pragma once

#include "ktm-run-groups.h"
#include "ktm-run-response.h"

typedef struct
{
  KtmRun        *run;
  KtmDefinition *definition;
  KtmResponders  who;        /* everybody of the run, by the definition's own rule */
  bool          *in;         /* owned */
  char          *text;       /* as typed, or the default's */
  KtmText       *words;
  const char    *statistic;  /* of the definition's rule: proportion, proportion_missing_no … */
  const char    *method;
} Responder;

KtmResponseCount responder_count (const Responder *r, KtmUnknown unknown, gsize visit, long group);
/* Between groups: rates by visit, tests, each pair. */
void responder_add_groups (Responder *r);
