/* Sentences, numbers for people, and hostile catalogues. */
#include "ktm-report.h"
#include "ktm-stats.h"
#include "ktm-text.h"

#include <glib.h>
#include <string.h>

typedef struct { const char *id; gsize id_size; const char *text; gsize text_size; } Entry;

static const Entry entries[] = {  /* sorted by id, as msgfmt writes them */
  { "", 0, "Plural-Forms: nplurals=2; plural=(n > 1);\n", 0 },
  { "baseline", 0, "inclusion", 0 },
  { "month {1}", 0, "{1}e mois", 0 },
  { "{1} of {2}: {3}", 0, "{3} : {1} sur {2}", 0 },
  { "{1} patient\0{1} patients", 24, "{1} malade\0{1} malades", 22 },
};

static void
put32 (GByteArray *bytes, guint32 value)
{
  g_byte_array_append (bytes, (const guint8 *) &value, 4);
}

static GByteArray *
build_mo (void)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n = G_N_ELEMENTS (entries);
  guint32 at = 28 + 16 * n;

  put32 (bytes, 0x950412de);
  put32 (bytes, 0);
  put32 (bytes, n);
  put32 (bytes, 28);
  put32 (bytes, 28 + 8 * n);
  put32 (bytes, 0);
  put32 (bytes, 0);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n; i++)
      {
        const Entry *e = &entries[i];
        guint32 size = pass == 0 ? (e->id_size ? e->id_size : strlen (e->id))
                                 : (e->text_size ? e->text_size : strlen (e->text));

        put32 (bytes, size);
        put32 (bytes, at);
        at += size + 1;
      }
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n; i++)
      {
        const Entry *e = &entries[i];
        guint32 size = pass == 0 ? (e->id_size ? e->id_size : strlen (e->id))
                                 : (e->text_size ? e->text_size : strlen (e->text));

        g_byte_array_append (bytes, (const guint8 *) (pass == 0 ? e->id : e->text), size);
        g_byte_array_append (bytes, (const guint8 *) "", 1);
      }
  return bytes;
}

static void
check (char *actual, const char *expected)
{
  g_assert_cmpstr (actual, ==, expected);
  free (actual);
}

static void
check_text (KtmText *text, const KtmLang *lang, const char *expected)
{
  check (ktm_text_render (text, lang, 0), expected);
  ktm_text_free (text);
}

static void
test_english (void)
{
  check_text (ktm_text_new ("{1}: {2} of {3}", "sii", "nrs", 3L, 17L), NULL, "nrs: 3 of 17");
  check_text (ktm_text_new ("{1} [{2}, {3}], {4}", "112p", -0.949, -1.3049, -0.0, 0.0123), NULL,
              "\u22120.9 [\u22121.3, 0.00], p = .012");
  check_text (ktm_text_new ("{1} {2} {3}", "gqg", 0.25, 0.00003, 12.0), NULL, "0.25 < .0001 12");
  check_text (ktm_text_new_plural ("{1} patient", "{1} patients", "i", 1L), NULL, "1 patient");
  check_text (ktm_text_new_plural ("{1} patient", "{1} patients", "i", 0L), NULL, "0 patients");
  check_text (ktm_text_new ("{2} {9} {x} { {1", "s", "a"), NULL, "{2} {9} {x} { {1");
  check_text (NULL, NULL, "");
}

static void
test_numbers (void)
{
  check (ktm_lang_number (NULL, 12.345, 2, 0), "12.35");
  check (ktm_lang_number (NULL, -0.04, 1, 0), "0.0");
  check (ktm_lang_number (NULL, -1.25, 1, ','), "\u22121,2");
  check (ktm_lang_number (NULL, NAN, 1, 0), "\u2013");
  check (ktm_lang_number (NULL, INFINITY, 1, 0), "\u221e");
  check (ktm_lang_number (NULL, -INFINITY, 1, 0), "\u2212\u221e");
  check (ktm_lang_p (NULL, 0.00013, 0), ".0001");
  check (ktm_lang_p (NULL, 0.0012, 0), ".0012");
  check (ktm_lang_p (NULL, 0.0958, 0), ".096");
  check (ktm_lang_p (NULL, 0.0997, 0), ".10");
  check (ktm_lang_p (NULL, 0.15, 0), ".15");
  check (ktm_lang_p (NULL, 0.99, 0), ".99");
  check (ktm_lang_p (NULL, 0.997, 0), "> .99");
  check (ktm_lang_p (NULL, 1, 0), "> .99");
  check (ktm_lang_p (NULL, 0, 0), "< .0001");
  check (ktm_lang_p (NULL, 0.0123, ','), "0,012");
}

static void
test_french (void)
{
  static GByteArray *mo;
  const KtmLang *fr;

  mo = build_mo ();
  ktm_lang_register ("fr", mo->data, mo->len);
  ktm_lang_register ("fr", "", 0);
  fr = ktm_lang_find ("fr_BE.UTF-8");
  g_assert_nonnull (fr);
  g_assert_true (fr == ktm_lang_find ("fr"));
  g_assert_null (ktm_lang_find ("en"));
  g_assert_null (ktm_lang_find ("frr"));
  g_assert_null (ktm_lang_find (NULL));
  g_assert_cmpstr (ktm_lang_code (fr), ==, "fr");
  g_assert_cmpstr (ktm_lang_nth (0), ==, "fr");
  g_assert_cmpuint (ktm_lang_count (), ==, 1);
  g_assert_cmpstr (ktm_lang_text (fr, "baseline"), ==, "inclusion");
  g_assert_cmpstr (ktm_lang_text (fr, "unknown"), ==, "unknown");
  g_assert_cmpstr (ktm_lang_text (fr, ""), ==, "");
  /* French says one for 0 and 1 */
  check_text (ktm_text_new_plural ("{1} patient", "{1} patients", "i", 0L), fr, "0 malade");
  check_text (ktm_text_new_plural ("{1} patient", "{1} patients", "i", 1L), fr, "1 malade");
  check_text (ktm_text_new_plural ("{1} patient", "{1} patients", "i", 2L), fr, "2 malades");
  check_text (ktm_text_new ("{1} of {2}: {3}", "1gw", 2.5, 10.0, "baseline"), fr,
              "inclusion : 2,5 sur 10");
  check_text (ktm_text_new ("{1}!", "t", ktm_text_new ("month {1}", "g", 0.25)), fr, "0,25e mois!");
  KtmText *text = ktm_text_new ("{1}!", "t", ktm_text_new ("month {1}", "g", 3.0));
  KtmText *copy = ktm_text_copy (text);
  ktm_text_free (text);
  g_assert_cmpstr (ktm_text_msgid (copy), ==, "{1}!");
  check (ktm_text_render (copy, fr, '.'), "3e mois!");
  ktm_text_free (copy);
}

/* Every truncation and many corruptions of a catalogue are refused or read without leaving its
 * bytes. */
static void
test_hostile (void)
{
  g_autoptr(GByteArray) mo = build_mo ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (guint size = 0; size < mo->len; size++)
    {
      g_autofree guint8 *exact = g_memdup2 (mo->data, size);

      ktm_lang_register ("xx", exact, size);
      g_assert_null (ktm_lang_find ("xx"));
    }
  for (int round = 0; round < 20000 && ktm_lang_count () < 12; round++)
    {
      guint8 *bytes = g_memdup2 (mo->data, mo->len);
      gsize before = ktm_lang_count ();
      g_autofree char *code = g_strdup_printf ("z%d", round);

      for (int i = 0; i < 1 + round % 3; i++)
        bytes[g_rand_int_range (rand, 0, round % 2 ? 108 : (gint32) mo->len)] =
            (guint8) g_rand_int_range (rand, 0, 256);
      ktm_lang_register (code, bytes, mo->len);
      if (ktm_lang_count () > before)
        {
          const KtmLang *lang = ktm_lang_find (code);

          g_assert_nonnull (ktm_lang_text (lang, "baseline"));
          KtmText *text = ktm_text_new_plural ("{1} patient", "{1} patients", "i", 5L);
          char *said = ktm_text_render (text, lang, 0);

          g_assert_nonnull (said);
          free (said);
          ktm_text_free (text);
        }
      else
        g_free (bytes);  /* an accepted catalogue must outlive the program */
    }
}

static void
test_report (void)
{
  KtmReport *report = ktm_report_new ("change");
  KtmReportRow *row;
  size_t n;

  ktm_report_add_card (report, ktm_text_new ("a", ""), NULL);
  for (int i = 0; i < 100; i++)
    {
      row = ktm_report_add_row (report, "mean", ktm_text_new ("m", ""));
      g_assert_true (isnan (row->p) && isnan (row->time) && row->n == -1
                     && row->rank == KTM_RANK_SHOWN);
      ktm_report_row_set_group (row, "a", NULL);
      ktm_report_row_set_group (row, "b", "c");
      ktm_report_row_set_estimate (row, (KtmEstimate) { 1, INFINITY, NAN, NAN }, 0.95);
      g_assert_true (isnan (row->se) && isnan (row->level));
    }
  ktm_report_add_card (report, ktm_text_new ("b", ""), NULL);
  row = ktm_report_add_row (report, "t", ktm_text_new ("m", ""));
  g_assert_cmpuint (row->card, ==, 1);
  ktm_report_row_set_test (row, "paired t", (KtmTest) { 2.5, 10, NAN, 0.03 });
  g_assert_cmpfloat (row->p, ==, 0.03);
  ktm_report_card_warn (report, ktm_text_new ("w", ""));
  ktm_report_card_note (report, ktm_text_new ("n", ""));
  ktm_report_exclude (report, ktm_text_new ("none", ""), 0);
  ktm_report_exclude (report, ktm_text_new ("some", ""), 4);
  ktm_report_method (report, ktm_text_new ("method", ""));
  ktm_report_cite (report, "A");
  ktm_report_cite (report, "A");
  g_assert_cmpuint (report->n_rows, ==, 101);
  g_assert_cmpuint (report->n_excluded, ==, 1);
  g_assert_cmpuint (report->n_citations, ==, 1);
  g_assert_cmpuint (report->n_warnings, ==, 1);
  g_assert_cmpuint (report->cards[1].n_warnings, ==, 1);
  ktm_report_free (report);
  ktm_report_free (NULL);

  const KtmStatistic *all = ktm_statistics (&n);
  for (size_t i = 0; i < n; i++)
    g_assert_true (ktm_statistic_find (all[i].key) == &all[i]);
  g_assert_null (ktm_statistic_find ("no such key"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  g_test_add_func ("/text/english", test_english);
  g_test_add_func ("/text/numbers", test_numbers);
  g_test_add_func ("/text/french", test_french);
  g_test_add_func ("/text/hostile", test_hostile);
  g_test_add_func ("/report/build", test_report);
  return g_test_run ();
}
