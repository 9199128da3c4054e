/* A saved deck: what is understood is written and read again as the same. */
#include "fuzz.h"

#include <string.h>

#include "ktm-deck.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size), *once = NULL, *twice = NULL;
  g_autoptr (GError) error = NULL;
  KtmDeck *deck = ktm_deck_from_json ("Meeting", text, &error), *again;

  fuzz_check_error (deck != NULL, error);
  if (deck == NULL)
    return 0;
  fuzz_accepted = TRUE;
  once = ktm_deck_to_json (deck);
  again = ktm_deck_from_json ("Meeting", once, &error);
  if (again == NULL)
    g_error ("what was written is not understood: %s\n%s", error->message, once);
  twice = ktm_deck_to_json (again);
  if (strcmp (once, twice) != 0)
    g_error ("written again it differs:\n%s\n%s", once, twice);
  ktm_deck_free (deck);
  ktm_deck_free (again);
  return 0;
}
