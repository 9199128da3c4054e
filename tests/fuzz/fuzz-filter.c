/* Conditions of --where, one a line, and the document of a saved group. */
#include "fuzz.h"

#include <string.h>

#include "fuzz-cohort-make.h"
#include "ktm-filter.h"

static guint
n_matches (KtmFilter *filter)
{
  gsize n;
  g_autofree guint *matches = ktm_filter_match (filter, fuzz_cohort (), &n);

  for (gsize i = 1; i < n; i++)
    if (matches[i] <= matches[i - 1])
      g_error ("patients out of order");
  return (guint) n;
}

/* Printed and read again it lets the same patients through. */
static void
check_round (KtmFilter *filter)
{
  g_auto (GStrv) once = ktm_filter_dup_texts (filter), twice = NULL;
  g_autoptr (KtmFilter) again = ktm_filter_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; once[i] != NULL; i++)
    if (!ktm_filter_add_text (again, fuzz_cohort (), once[i], &error))
      g_error ("what was printed is not understood: %s: %s", once[i], error->message);
  twice = ktm_filter_dup_texts (again);
  if (!g_strv_equal ((const char *const *) once, (const char *const *) twice))
    g_error ("printed again it differs: %s", once[0]);
  if (n_matches (filter) != n_matches (again))
    g_error ("printed and read it lets others through: %s", once[0]);
}

static void
read_group (const char *text)
{
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = ktm_filter_set_group_json (filter, fuzz_cohort (), text, &error);

  fuzz_check_error (done, error);
  if (!done)
    return;
  json = ktm_filter_dup_group_json (filter);
  if (!ktm_filter_set_group_json (filter, fuzz_cohort (), json, &error))
    g_error ("the saved group is not understood: %s: %s", json, error->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 20);
  g_autoptr (KtmFilter) filter = ktm_filter_new ();

  if (!g_utf8_validate (text, -1, NULL))  /* options, recipes and files give UTF-8 only */
    return 0;
  if (text[0] == '{')
    read_group (text);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done = ktm_filter_add_text (filter, fuzz_cohort (), lines[i], &error);

      fuzz_check_error (done, error);
    }
  check_round (filter);
  return 0;
}
