/* A saved group is the same group in every language. */
#include <libintl.h>
#include <locale.h>

#include "cohort-fixture.h"
#include "ktm-filter.h"

/* The window's language from here on; FALSE where its catalogue was not built. */
static gboolean
speak (const char *code, const char *sentence)
{
  g_setenv ("LANGUAGE", code, TRUE);
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("KTM_TEST_PO"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return g_str_equal (dgettext (GETTEXT_PACKAGE, sentence), sentence) == g_str_equal (code, "en");
}

static const KtmFrameAttribute *
attribute_of (KtmCohort *cohort, const char *id)
{
  for (guint a = 0; a < ktm_cohort_get_n_attributes (cohort); a++)
    if (g_str_equal (ktm_cohort_get_attribute (cohort, a)->id, id))
      return ktm_cohort_get_attribute (cohort, a);
  g_assert_not_reached ();
}

/* Level @level of @id as a facet picks it, written and read again in the other language. */
static void
assert_same (KtmCohort *from, KtmCohort *to, const char *id, guint level,
             const char *other_language)
{
  const KtmFrameAttribute *attribute = attribute_of (from, id);
  g_autoptr (KtmFilter) said = ktm_filter_new (), read = ktm_filter_new ();
  g_auto (GStrv) texts = NULL;
  g_autofree guint *want = NULL, *have = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_want, n_have;

  g_assert_cmpuint (attribute->n_levels, >, level);
  ktm_filter_set_levels (said, id, (const char *const[]) { attribute->levels[level], NULL }, FALSE);
  want = ktm_filter_match (said, from, &n_want);
  texts = ktm_filter_dup_texts (said);
  g_assert_true (speak (other_language, "Not asked"));
  ktm_filter_add_text (read, to, texts[0], &error);
  g_assert_no_error (error);
  have = ktm_filter_match (read, to, &n_have);
  g_assert_cmpmem (have, n_have * sizeof *have, want, n_want * sizeof *want);
}

static void
test_made_levels (void)
{
  static const struct
  {
    const char *id;
    guint level;
  } cases[] = { { "follow_up", 1 }, { "adverse_event", 0 }, { "adverse_event", 2 } };
  g_autoptr (KtmCohort) english = NULL, french = NULL;

  if (!speak ("fr", "Not asked"))
    {
      g_test_skip ("the French catalogue is not built");
      return;
    }
  french = fixture_cohort ();
  g_assert_true (speak ("en", "Not asked"));
  english = fixture_cohort ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (speak ("en", "Not asked"));
      assert_same (english, french, cases[i].id, cases[i].level, "fr");
      assert_same (french, english, cases[i].id, cases[i].level, "en");
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/language/made-levels", test_made_levels);
  return g_test_run ();
}
