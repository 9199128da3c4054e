/* model/analysis: traffic lights of trajectory classes.  Cut-offs: Nagin (2005) for APPA, OCC and
 * size; the others are conventions of this program and said as such. */
#include "ktm-class-lights.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static KtmLight
at_least (double value, double good, double borderline)
{
  if (!(value >= borderline))
    return KTM_LIGHT_POOR;
  return value >= good ? KTM_LIGHT_GOOD : KTM_LIGHT_BORDERLINE;
}

void
ktm_class_lights (const KtmGbtmFit *fit, KtmClassLights *out)
{
  *out = (KtmClassLights) { NAN, 1, NAN, NAN, fit->modal_n[0], fit->n_hits, fit->n_finished };
  if (fit->model.n_classes < 2)
    return;
  out->entropy = fit->entropy;
  out->appa = out->occ = INFINITY;
  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      if (fit->model.pi[k] < out->smallest)
        {
          out->smallest = fit->model.pi[k];
          out->smallest_n = fit->modal_n[k];
        }
      if (!(fit->appa[k] >= out->appa))
        out->appa = fit->appa[k];
      if (!(fit->occ[k] >= out->occ))
        out->occ = fit->occ[k];
    }
  out->entropy_light = at_least (out->entropy, 0.75, 0.6);
  out->smallest_light = out->smallest_n < 10 && out->smallest >= 0.05
                            ? KTM_LIGHT_BORDERLINE
                            : at_least (out->smallest, 0.05, 0.05);
  out->appa_light = at_least (out->appa, 0.8, 0.7);
  out->occ_light = at_least (out->occ, 5, 2);
  out->starts_light = at_least ((double) out->hits, 5, 2);
}

const char *
ktm_light_shape (KtmLight light)
{
  static const char *const shapes[] = { "", "✓", "△", "✕" };

  return shapes[light];
}

KtmText *
ktm_class_lights_rules (void)
{
  return ktm_text_new (N_("✓ good, △ borderline, ✕ poor. Entropy is good from 0.75 and borderline "
                           "from 0.6; the smallest class is good from 5 % and "
                           "10 patients, borderline with fewer than 10; the least APPA from 0.8, "
                           "and 0.7; the least OCC from 5, and 2; starts at the best "
                           "optimum from 5, and 2."),
                       "");
}
