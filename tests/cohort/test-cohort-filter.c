/* One predicate, whether a facet, a text, a search or a saved group sets it. */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "cohort-fixture.h"
#include "ktm-filter.h"

/* The codes that pass, "K1 K3". */
static char *
passing (KtmFilter *filter, KtmCohort *cohort)
{
  gsize n;
  g_autofree guint *patients = ktm_filter_match (filter, cohort, &n);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            ktm_cohort_get_code (cohort, patients[i]));
  return g_string_free (text, FALSE);
}

static void
assert_passing (KtmFilter *filter, KtmCohort *cohort, const char *want)
{
  g_autofree char *have = passing (filter, cohort);

  g_assert_cmpstr (have, ==, want);
}

static void
add (KtmFilter *filter, KtmCohort *cohort, const char *text)
{
  g_autoptr (GError) error = NULL;

  ktm_filter_add_text (filter, cohort, text, &error);
  g_assert_no_error (error);
}

#define ALL "K1 K2 K3 K4 K5 K6"

static const struct { const char *text, *passes; } TEXTS[] = {
  { "sex = F", "K1 K3 K6" },
  { "SEX=f", "K1 K3 K6" },
  { "sex != F", "K2 K5" },
  { "sex = missing", "K4" },
  { "sex != missing", "K1 K2 K3 K5 K6" },
  { "sex in F, missing", "K1 K3 K4 K6" },
  { "pain_type in neuropathic, \"CRPS, type I\"", "K2 K3 K5" },
  { "\"pain_type\" = fibromyalgia", "K1 K6" },
  { "age >= 41.6", "K1 K2 K5" },
  { "age > 41.6", "K2 K5" },
  { "age < 33", "K6" },
  { "age<=33", "K3 K6" },
  { "age = 58", "K2" },
  { "age != 58", "K1 K3 K5 K6" },
  { "age in 30..60", "K1 K2 K3" },
  { "age in ..20, 72, missing", "K4 K5 K6" },
  { "age != missing", "K1 K2 K3 K5 K6" },
  { "age = missing", "K4" },
  { "grade >= moderate", "K2 K3 K5" },
  { "grade < moderate", "K1 K6" },
  { "inclusion >= 2018-03-02", "K2 K3 K5 K6" },
  { "inclusion = 2018-03-01", "K1" },
  { "inclusion in 2018-03-02..2018-03-03", "K2 K3" },
  { "baseline_nrs > 5", "K1 K2" },
  { "follow_up = \"Stopped before\"", "K2 K3" },
  { "centre in C01, C03", "K2 K5 K6" },
};

static void
test_texts (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();

  for (gsize i = 0; i < G_N_ELEMENTS (TEXTS); i++)
    {
      g_autoptr (KtmFilter) filter = ktm_filter_new (), second = ktm_filter_new ();
      g_auto (GStrv) texts = NULL, again = NULL;
      g_autofree char *all = NULL, *all_again = NULL;

      g_test_message ("%s", TEXTS[i].text);
      add (filter, cohort, TEXTS[i].text);
      assert_passing (filter, cohort, TEXTS[i].passes);
      texts = ktm_filter_dup_texts (filter);
      for (gsize j = 0; texts[j] != NULL; j++)
        add (second, cohort, texts[j]);
      assert_passing (second, cohort, TEXTS[i].passes);
      again = ktm_filter_dup_texts (second);
      all = g_strjoinv ("; ", texts);
      all_again = g_strjoinv ("; ", again);
      g_assert_cmpstr (all, ==, all_again);
    }
}

/* Facets and text say the same, and read each other. */
static void
test_facets (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFilter) facet = ktm_filter_new (), text = ktm_filter_new ();
  g_auto (GStrv) facet_texts = NULL, text_texts = NULL;
  g_autofree char *a = NULL, *b = NULL;
  double low, high;
  gboolean missing;

  ktm_filter_set_levels (facet, "pain_type",
                         (const char *const[]){ "neuropathic", "fibromyalgia", NULL }, TRUE);
  ktm_filter_set_range (facet, "age", 19, 58, FALSE);
  ktm_filter_set_levels (facet, "sex", (const char *const[]) { "F", NULL }, FALSE);
  add (text, cohort, "pain_type in neuropathic, fibromyalgia, missing");
  add (text, cohort, "age >= 19");
  add (text, cohort, "age <= 58");
  add (text, cohort, "sex = F");
  assert_passing (facet, cohort, "K1 K6");
  assert_passing (text, cohort, "K1 K6");
  facet_texts = ktm_filter_dup_texts (facet);
  text_texts = ktm_filter_dup_texts (text);
  a = g_strjoinv ("; ", facet_texts);
  b = g_strjoinv ("; ", text_texts);
  g_assert_cmpstr (a, ==, b);
  g_assert_true (ktm_filter_get_range (text, "AGE", &low, &high, &missing));
  g_assert_cmpfloat (low, ==, 19);
  g_assert_cmpfloat (high, ==, 58);
  g_assert_false (missing);
  g_assert_true (ktm_filter_has_level (text, "pain_type", "neuropathic"));
  g_assert_false (ktm_filter_has_level (text, "pain_type", "CRPS, type I"));
  g_assert_true (ktm_filter_has_level (text, "pain_type", NULL));
  g_assert_false (ktm_filter_has_level (text, "sex", NULL));
  g_assert_true (ktm_filter_has_level (text, "centre", "C01"));
  /* Two conditions on one attribute narrow each other. */
  add (text, cohort, "age < 40");
  add (text, cohort, "pain_type != neuropathic");
  assert_passing (text, cohort, "K6");
  g_assert_false (ktm_filter_has_level (text, "pain_type", "neuropathic"));
  /* A facet set anew forgets what was said of its attribute. */
  ktm_filter_set_range (text, "age", NAN, NAN, TRUE);
  g_assert_false (ktm_filter_has_attribute (text, "age"));
  assert_passing (text, cohort, "K1 K6");
  ktm_filter_set_levels (text, "sex", NULL, FALSE);
  ktm_filter_unset (text, "pain_type");
  g_assert_true (ktm_filter_is_empty (text));
  assert_passing (text, cohort, ALL);
  ktm_filter_set_levels (text, "sex", (const char *const[]) { NULL }, FALSE);
  assert_passing (text, cohort, "");
}

static void
test_without (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autofree guint *patients = NULL;
  gsize n;

  add (filter, cohort, "sex = F");
  add (filter, cohort, "age > 30");
  assert_passing (filter, cohort, "K1 K3");
  patients = ktm_filter_match_without (filter, cohort, "sex", &n);
  g_assert_cmpuint (n, ==, 4);
}

static void
count_cb (gpointer object, gpointer data)
{
  ++*(guint *) data;
}

static void
test_object (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFilter) filter = ktm_filter_new (), copy = NULL;
  guint n = 0;

  g_signal_connect (filter, "changed", G_CALLBACK (count_cb), &n);
  ktm_filter_set_search (filter, "fibro");
  g_assert_cmpuint (n, ==, 1);
  ktm_filter_set_search (filter, "fibro");
  g_assert_cmpuint (n, ==, 1);
  assert_passing (filter, cohort, "K1 K6");
  ktm_filter_set_search (filter, "k3");
  assert_passing (filter, cohort, "K3");
  ktm_filter_set_search (filter, "nobody");
  assert_passing (filter, cohort, "");
  copy = ktm_filter_copy (filter);
  ktm_filter_clear (filter);
  g_assert_cmpuint (n, ==, 4);
  ktm_filter_clear (filter);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpstr (ktm_filter_get_search (copy), ==, "nobody");
  ktm_filter_assign (filter, copy);
  assert_passing (filter, cohort, "");
}

static void
test_groups (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFilter) filter = ktm_filter_new (), saved = ktm_filter_new (), both = NULL;
  g_autoptr (GError) error = NULL, gone = NULL;
  g_autofree char *json = NULL, *wider = NULL, *text = NULL;
  g_auto (GStrv) texts = NULL, none = NULL;
  gint64 id;

  ktm_filter_set_group (filter, (const char *const[]) { "K3", "K1", "K5", NULL }, 0);
  assert_passing (filter, cohort, "K1 K3 K5");
  none = ktm_filter_dup_texts (filter);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  add (filter, cohort, "pain_type in fibromyalgia, \"CRPS, type I\"");
  json = ktm_filter_dup_group_json (filter);
  g_assert_cmpstr (json, ==,
                   "{\"where\": [\"pain_type in fibromyalgia, \\\"CRPS, type I\\\"\"], \"codes\": "
                   "[\"K1\", \"K3\", \"K5\"]}");
  id = ktm_store_put_document (ktm_cohort_get_store (cohort), 0, "group", "Mine", json, &error);
  g_assert_no_error (error);
  text = g_strdup_printf ("group = %d", (int) id);
  add (saved, cohort, text);
  g_assert_cmpint (ktm_filter_get_group_document (saved), ==, id);
  assert_passing (saved, cohort, "K1 K3");
  add (saved, cohort, "age > 40");
  assert_passing (saved, cohort, "K1");
  texts = ktm_filter_dup_texts (saved);
  g_assert_cmpstr (texts[0], ==, text);
  g_assert_cmpstr (texts[1], ==, "age > 40");
  /* A group made within a saved one stands on its own. */
  wider = ktm_filter_dup_group_json (saved);
  both = ktm_filter_new ();
  ktm_filter_set_group_json (both, cohort, wider, &error);
  g_assert_no_error (error);
  assert_passing (both, cohort, "K1");
  g_assert_false (ktm_filter_add_text (saved, cohort, "group = 99", &gone));
  g_assert_error (gone, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_clear_error (&gone);
  g_assert_false (ktm_filter_set_group_json (both, cohort, "[1, 2", &gone));
  g_clear_error (&gone);
  g_assert_false (ktm_filter_set_group_json (both, cohort, "{\"where\": [\"group = 1\"]}", &gone));
  g_assert_error (gone, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  assert_passing (both, cohort, "K1");
}

static const struct { const char *text, *says;
} BAD[] = {
  { "paintype = CRPS", "There is no attribute “paintype”. This cohort has: sex, age, pain_type, "
                       "grade, inclusion, baseline_nrs, centre," },
  { "pain_type = CRPS",
    "“pain_type” has no level “CRPS”. It has: neuropathic, fibromyalgia, CRPS, type I." },
  { "pain_type", "is not a condition" },
  { "", "is not a condition" },
  { "= 5", "is not a condition" },
  { "age =", "is not a condition" },
  { "age = \"5", "is not a condition" },
  { "age in 5,,6", "is not a condition" },
  { "age > old", "“age” is compared with old, which is not a number" },
  { "age > 6,5", "several values" },
  { "age > nan", "not a number" },
  { "age in 5..x", "not a number" },
  { "sex > F", "without an order" },
  { "inclusion > 01/03/2018", "not a date" },
  { "inclusion > 2018-13-01", "not a date" },
  { "group = mine", "by its number" },
  { "group in 1, 2", "by its number" },
};

static void
test_bad (void)
{
  g_autoptr (KtmCohort) cohort = fixture_cohort ();
  g_autoptr (KtmFilter) filter = ktm_filter_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ktm_filter_add_text (filter, cohort, BAD[i].text, &error));
      g_assert_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, BAD[i].says));
    }
  g_assert_true (ktm_filter_is_empty (filter));
  ktm_filter_set_levels (filter, "nothing", (const char *const[]) { "x", NULL }, TRUE);
  assert_passing (filter, cohort, "");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/texts", test_texts);
  g_test_add_func ("/filter/facets", test_facets);
  g_test_add_func ("/filter/without", test_without);
  g_test_add_func ("/filter/object", test_object);
  g_test_add_func ("/filter/groups", test_groups);
  g_test_add_func ("/filter/bad", test_bad);
  return g_test_run ();
}
