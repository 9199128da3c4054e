/* The text of a recipe: what is understood is written and read again as the same. */
#include "fuzz.h"

#include <string.h>

#include "ktm-chart.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size), *once = NULL, *twice = NULL;
  g_autoptr (GError) error = NULL;
  KtmRecipe *recipe = ktm_recipe_from_text (text, &error), *again;

  fuzz_check_error (recipe != NULL, error);
  if (recipe == NULL)
    return 0;
  fuzz_accepted = TRUE;
  once = ktm_recipe_to_text (recipe);
  again = ktm_recipe_from_text (once, &error);
  if (again == NULL)
    g_error ("what was written is not understood: %s\n%s", error->message, once);
  twice = ktm_recipe_to_text (again);
  if (strcmp (once, twice) != 0)
    g_error ("written again it differs:\n%s\n%s", once, twice);
  ktm_recipe_free (recipe);
  ktm_recipe_free (again);
  return 0;
}
