/* A definition of response: parsed, put into words, and asked of every patient. */
#include "fuzz.h"

#include <stdlib.h>

#include "fuzz-cohort-make.h"
#include "ktm-run-response.h"

static void
ask (const KtmDefinition *definition, const KtmFrame *frame)
{
  for (KtmMissing missing = KTM_MISSING_AVAILABLE; missing <= KTM_MISSING_WORST; missing++)
    for (gsize i = 0; i < frame->n_patients; i++)
      for (gsize v = 0; v < frame->n_visits; v++)
        {
          int holds = ktm_definition_holds (definition, missing, i, v);

          if (holds < -1 || holds > 1)
            g_error ("neither yes, no nor unknown");
        }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  const KtmFrame *frame = fuzz_frame ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmDefinition) definition = NULL;

  if (!g_utf8_validate (text, -1, NULL))  /* the command line and the window give UTF-8 only */
    return 0;
  definition = ktm_run_definition (frame, text, &error);
  fuzz_check_error (definition != NULL, error);
  if (definition == NULL)
    return 0;
  fuzz_accepted = TRUE;
  KtmText *words = ktm_definition_text (definition);
  char *rendered = ktm_text_render (words, NULL, '.');
  if (rendered == NULL || !g_utf8_validate (rendered, -1, NULL))
    g_error ("no words");
  free (rendered);
  ktm_text_free (words);
  ask (definition, frame);
  return 0;
}
