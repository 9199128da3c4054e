/* model/analysis: traffic lights for one number of trajectory classes, and their rules in words. */
#pragma once

#include <glib.h>

#include "ktm-gbtm.h"
#include "ktm-text.h"

G_BEGIN_DECLS

typedef enum { KTM_LIGHT_NONE, KTM_LIGHT_GOOD, KTM_LIGHT_BORDERLINE, KTM_LIGHT_POOR } KtmLight;

/* What a model with several classes is judged by; NaN and NONE for one class, which cannot be wrong
 * in these ways. */
typedef struct
{
  double entropy, smallest, appa,
      occ; /* smallest: share in the model; occ: INFINITY when every patient is certain */
  gsize    smallest_n;                     /* patients assigned to the smallest class */
  gsize    hits, finished;
  KtmLight entropy_light, smallest_light, appa_light, occ_light, starts_light;
} KtmClassLights;

void        ktm_class_lights       (const KtmGbtmFit *fit, KtmClassLights *out);
/* "✓" "△" "✕", "" for NONE: shapes, so that colour is never alone. */
const char *ktm_light_shape        (KtmLight light);
/* What the lights mean, one sentence. */
KtmText    *ktm_class_lights_rules (void);

G_END_DECLS
