/* KtmScale: data units to points and back, and the round numbers an axis shows. */
#pragma once

#include <glib.h>

#include "ktm-scene.h"

typedef struct
{
  gboolean log;
  double   lo, hi;  /* data; hi ≠ lo */
  double   a, b;    /* points at lo and at hi */
} KtmScale;

KtmScale ktm_scale_new    (KtmAxisKind kind, double lo, double hi, double a, double b);
double   ktm_scale_map    (const KtmScale *scale, double value);   /* NaN stays NaN */
double   ktm_scale_invert (const KtmScale *scale, double point);

/* At most @most round numbers within lo…hi, ascending.  When a round step divides the range both
 * ends are among them (0, 7, 14, 21). *decimals: how many places tell them apart.  Free with
 * g_free(); never NULL, *n may be 0 where lo or hi is not finite. */
double *
ktm_ticks_linear (double lo, double hi, guint most, gboolean integers, gsize *n, int *decimals);
double  *ktm_ticks_log    (double lo, double hi, guint most, gsize *n);

/* Round ends around the data: for axes whose measure has no stated range. */
void     ktm_nice_range   (double *lo, double *hi);
