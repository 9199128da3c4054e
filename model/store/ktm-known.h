/* Names that forms and exports use, in English and French: measures, columns, words that betray a
 * person. */
#pragma once

#include "ktm-mapping.h"

typedef struct
{
  const char *id;            /* the usual id: "nrs" */
  const char *aliases;       /* folded names, blank-separated */
  const char *label;         /* English, translatable */
  const char *unit;
  double      min, max;
  gboolean    lower_better;
  double      mcid;          /* NaN: none agreed */
} KtmKnownMeasure;

typedef struct
{
  const char *id, *aliases;
  const char *unit;
  double      min, max;      /* what a person can be */
} KtmKnownAttribute;

const KtmKnownMeasure   *ktm_known_measure   (const char *folded);
const KtmKnownAttribute *ktm_known_attribute (const char *folded);
KtmColumnRole     ktm_known_role      (const char *folded, KtmSourceKind kind);
KtmTimeUnit ktm_known_time_unit (const char *folded);     /* "time_min" → minute */
gboolean    ktm_known_after_baseline (const char *folded);
gboolean    ktm_known_row_number     (const char *folded);
const char *ktm_known_personal (const char *folded); /* "a name", "a phone number"; NULL none */
char *ktm_known_dose_unit (const char *name);        /* "mg/kg/day" from "Dose (mg/kg/j)"; NULL */
/* A wide column: "nrs_m3" → stem "nrs_m", id part "nrs", 3, month.  FALSE if it is none. */
gboolean ktm_known_wide (const char *name, char **stem, char **id, double *time, KtmTimeUnit *unit);
