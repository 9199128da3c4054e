/* A rule of relief: parsed, put into words, and followed. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz-cohort-make.h"
#include "ktm-relief.h"

static void
follow (const KtmReliefRule *rule, const KtmFrame *frame)
{
  for (gsize m = 0; m < frame->n_measures; m++)
    {
      KtmRelief relief;

      if (ktm_relief (frame, m, rule, NAN, &relief) != KTM_STATS_OK)
        continue;
      for (gsize i = 0; i < relief.n; i++)
        if (relief.row[i] >= frame->n_patients || isnan (relief.time[i]) || relief.time[i] < 0)
          g_error ("patient %zu at time %g", relief.row[i], relief.time[i]);
      ktm_relief_clear (&relief);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  const KtmFrame *frame = fuzz_frame ();
  const char *where = NULL;
  KtmReliefRule rule;

  if (!ktm_relief_rule_parse (text, &rule, &where))
    {
      if (where < text || where > text + strlen (text))
        g_error ("it points outside the text");
      return 0;
    }
  fuzz_accepted = TRUE;
  KtmText *words = ktm_relief_rule_text (&rule, frame, 0);
  char *rendered = ktm_text_render (words, NULL, '.');
  if (rendered == NULL)
    g_error ("no words");
  free (rendered);
  ktm_text_free (words);
  follow (&rule, frame);
  return 0;
}
