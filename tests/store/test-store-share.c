/* A copy for other people: the same numbers, and nothing in its bytes that says who was who. */
#define _GNU_SOURCE  /* memmem */
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "ktm-share.h"
#include "store-fixture.h"

#define N 40

static const char *const secrets[] = {
  "SECRET-",           "Clinic of Dr Hidden", "hidden_export.csv", "Hospital Alpha", "Tiny Clinic",
  "remark of",         "moved to Lyon",       "fell off a horse",  "my group",       "unicorn",
  "by carrier pigeon", "herbal tea",
};

static void
define (KtmStore *store, GError **error)
{
  static const char *const sexes[] = { "F", "M", NULL };
  static const char *const types[] = { "neuropathic", "fibromyalgia", "CRPS", NULL };
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N; i++)
    g_ptr_array_add (remarks, g_strdup_printf ("remark of patient %u", i));
  g_ptr_array_add (remarks, NULL);
  ktm_store_put_study (store,
                       &(KtmStudyRecord){ NULL, "Clinic of Dr Hidden", "month", "first ketamine",
                                          "Imported from hidden_export.csv" },
                       error);
  ktm_store_put_measure (store, &(KtmMeasureRecord){ "nrs", "NRS", "points", 0, 10, TRUE, 2 }, NULL,
                         error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m0", "M0", 0, NAN, NAN }, NULL, error);
  ktm_store_put_visit (store, &(KtmVisitRecord) { "m3", "M3", 3, NAN, NAN }, NULL, error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "sex", "Sex", NULL, KTM_STORE_CATEGORY, sexes }, NULL, error);
  ktm_store_put_attribute (
      store,
      &(KtmAttributeRecord){ "remark", "Remark", NULL, KTM_STORE_CATEGORY,
                             (const char *const *) remarks->pdata },
      NULL, error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "age", "Age", "years", KTM_STORE_NUMBER, NULL }, NULL, error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "pain_type", "Pain type", NULL, KTM_STORE_CATEGORY, types },
      NULL, error);
  ktm_store_put_attribute (
      store, &(KtmAttributeRecord){ "consent", "Consent", NULL, KTM_STORE_DATE, NULL }, NULL,
      error);
}

static void
put_patient (KtmStore *store, guint i, GError **error)
{
  g_autofree char *code = g_strdup_printf ("SECRET-%03u", i * 7 % N);
  KtmPatientRecord r = { .code = code,
                         .index_date = 2458179 + i,
                         .centre = i < 37 ? "Hospital Alpha" : "Tiny Clinic",
                         .included = i != 5,
                         .exclusion_reason = i == 5 ? "moved to Lyon" : NULL,
                         .stop_time = i % 4 == 0 ? 2.5 : NAN,
                         .stop_reason = i % 4 != 0 ? NULL : i == 0 ? "fell off a horse"
                                                                   : "lack of effect" };
  gint64 id;

  ktm_store_put_patient (store, &r, &id, error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 0, i % 2 }, error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 1, i }, error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 2, i == 39 ? 91 : 30 + i % 30 }, error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 3, i < 3 ? 2 : i % 2 }, error);
  ktm_store_put_value (store, &(KtmValueRecord) { id, 4, 2458179 + i - 14 }, error);
  ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 0, 0, 5 + i % 6 }, error);
  ktm_store_put_score (store, &(KtmScoreRecord) { id, 0, 1, 3.1, i % 7 }, error);
  ktm_store_put_treatment (store,
                           &(KtmTreatmentRecord){ id, 0, "ketamine", 25 + i, "mg", 1, "day",
                                                  i == 9 ? "by carrier pigeon" : "IV",
                                                  i == 3 ? "herbal tea" : NULL },
                           error);
  ktm_store_put_event (
      store,
      &(KtmEventRecord){ id, 0, 1, i == 8 ? "saw a unicorn" : "nausea", 1, NAN, 0, 0, -1, NAN },
      error);
  if (i == 8)
    ktm_store_put_event (
        store, &(KtmEventRecord){ id, 0, 1, "was a unicorn", 1, NAN, 0, 0, -1, NAN }, error);
}

static KtmStore *
original (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create (fixture->path, "Clinic of Dr Hidden", &error);

  g_assert_no_error (error);
  ktm_store_begin (store, &error);
  define (store, &error);
  for (guint i = 0; i < N; i++)
    put_patient (store, i, &error);
  ktm_store_commit (store, &error);
  ktm_store_put_document (store, 0, "group", "my group", "{\"codes\": [\"SECRET-001\"]}", &error);
  ktm_store_set_included (store, 3, FALSE, "moved to Lyon", &error);
  g_assert_no_error (error);
  return store;
}

typedef struct { GArray *numbers; GPtrArray *words; } Seen;

static gboolean
patient_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *r = record;
  Seen *seen = data;

  g_array_append_val (seen->numbers, r->index_date);
  g_ptr_array_add (seen->words, g_strdup (r->code));
  g_assert_cmpstr (r->centre != NULL ? r->centre : "C01", ==, "C01");
  if (r->stop_reason != NULL)
    g_assert_true (g_str_equal (r->stop_reason, "lack of effect")
                   || g_str_equal (r->stop_reason, "other"));
  return TRUE;
}

static gboolean
value_cb (const void *record, gpointer data)
{
  const KtmValueRecord *r = record;

  if (r->attribute == 3)  /* the consent, after the remark went */
    g_array_append_val (((Seen *) data)->numbers, r->value);
  return TRUE;
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static gboolean
score_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *r = record;
  double both = r->time * 100 + r->value;

  g_array_append_val (data, both);
  return TRUE;
}

static GArray *
scores (KtmStore *store)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (double));

  g_assert_true (ktm_store_read_scores (store, score_cb, all, NULL));
  g_array_sort (all, by_number);
  return all;
}

static void
assert_no_secrets (const char *path)
{
  g_autofree char *bytes = NULL;
  GStatBuf info;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (memmem (bytes, size, secrets[i], strlen (secrets[i])) != NULL)
      g_error ("the copy holds “%s”", secrets[i]);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
assert_same_numbers (KtmStore *store, KtmStore *copy)
{
  static const char *const tables[] = { "patient", "score", "treatment", "adverse_event", "visit" };
  g_autoptr (GArray) before = scores (store), after = scores (copy);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    g_assert_cmpint (ktm_store_count (copy, tables[i], NULL), ==,
                     ktm_store_count (store, tables[i], NULL));
  g_assert_cmpmem (before->data, before->len * sizeof (double), after->data,
                   after->len * sizeof (double));
  g_assert_cmpint (ktm_store_count (copy, "history", NULL), ==, 0);
  g_assert_cmpint (ktm_store_count (copy, "document", NULL), ==, 0);
}

/* The first included patients came on 2458179 + i: shifted, each by days of its own, and the
 * consent stays 14 days before. */
static void
assert_dates (KtmStore *copy)
{
  g_autoptr (GArray) dates = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) consents = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  guint n_same = 0;

  ktm_store_read_patients (copy, patient_cb, &(Seen) { dates, codes }, NULL);
  ktm_store_read_values (copy, value_cb, &(Seen) { consents, NULL }, NULL);
  g_assert_cmpuint (dates->len, ==, N);
  g_assert_cmpuint (consents->len, ==, N);
  for (guint i = 0; i < N; i++)
    {
      double date = g_array_index (dates, double, i);

      g_assert_cmpfloat (g_array_index (consents, double, i), ==, date - 14);
      g_assert_cmpfloat (fabs (date - 2458199), <=, 365 + 20);
      n_same += i > 0 && date - g_array_index (dates, double, i - 1) == 1;
    }
  g_assert_cmpuint (n_same, <, 5);
}

static const KtmShareCell *
find_cell (const KtmShareReport *report, const char *what)
{
  for (guint i = 0; i < report->cells->len; i++)
    if (g_str_equal (((KtmShareCell *) report->cells->pdata[i])->what, what))
      return report->cells->pdata[i];
  return NULL;
}

static void
test_share (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_file (fixture, "shared.cohort");
  g_autoptr (GError) error = NULL, exists = NULL;
  g_autoptr (KtmStore) store = original (fixture), copy = NULL;
  g_autoptr (KtmShare) share = ktm_share_new (store, &(KtmShareOptions) { 0 }, &error);
  const KtmShareReport *report;

  g_assert_no_error (error);
  g_assert_true (ktm_share_write (share, path, &error));
  g_assert_no_error (error);
  assert_no_secrets (path);
  copy = ktm_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  assert_same_numbers (store, copy);
  assert_dates (copy);
  report = ktm_share_get_report (share);
  g_assert_cmpuint (report->n_patients, ==, N);
  for (guint i = 0; i < report->done->len; i++)
    g_test_message ("%s", (char *) report->done->pdata[i]);
  g_assert_cmpint (find_cell (report, "Age: 90–99")->n, ==, 1);
  /* Patients 0, 1 and 2 have CRPS; the third was excluded later. */
  g_assert_cmpint (find_cell (report, "Pain type: CRPS")->n, ==, 2);
  g_assert_cmpint (find_cell (report, "Sex: F · Pain type: CRPS")->n, ==, 1);
  g_assert_null (find_cell (report, "Sex: F"));
  g_assert_cmpint (((KtmShareCell *) report->cells->pdata[0])->n, ==, 1);
  g_assert_false (ktm_share_write (share, path, &exists));
  g_assert_error (exists, KTM_STORE_ERROR, KTM_STORE_ERROR_EXISTS);
}

/* Z follows from X and Y, but for one patient: each two of them are shared by nine patients and
 * more. */
static void
test_triples (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "X", "Y", "Z" }, *const levels[] = { "A", "B", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = ktm_store_create (fixture->path, "Odd one out", &error);
  g_autoptr (KtmShare) share = NULL;
  const KtmShareReport *report;

  ktm_store_begin (store, &error);
  for (guint a = 0; a < 3; a++)
    ktm_store_put_attribute (
        store, &(KtmAttributeRecord){ names[a], names[a], NULL, KTM_STORE_CATEGORY, levels }, NULL,
        &error);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *code = g_strdup_printf ("P%u", i);
      guint x = i % 2, y = i / 2 % 2, z = i == 0 ? 1 : x ^ y;
      gint64 id;

      ktm_store_put_patient (
          store,
          &(KtmPatientRecord){
              .code = code, .index_date = NAN, .included = TRUE, .stop_time = NAN },
          &id, &error);
      ktm_store_put_value (store, &(KtmValueRecord) { id, 0, x }, &error);
      ktm_store_put_value (store, &(KtmValueRecord) { id, 1, y }, &error);
      ktm_store_put_value (store, &(KtmValueRecord) { id, 2, z }, &error);
    }
  ktm_store_commit (store, &error);
  share = ktm_share_new (store, &(KtmShareOptions) { 0 }, &error);
  g_assert_no_error (error);
  report = ktm_share_get_report (share);
  g_assert_cmpuint (report->cells->len, ==, 1);
  g_assert_cmpint (find_cell (report, "X: A · Y: A · Z: B")->n, ==, 1);
  g_assert_nonnull (strstr (report->looked, "threes"));
}

static gboolean
first_code_cb (const void *record, gpointer data)
{
  g_string_append_printf (data, "%s ", ((const KtmPatientRecord *) record)->code);
  return TRUE;
}

/* The order of the copy, seen in the ages. */
static gboolean
age_cb (const void *record, gpointer data)
{
  const KtmValueRecord *r = record;

  if (r->attribute == 1)
    g_string_append_printf (data, "%g ", r->value);
  return TRUE;
}

static char *
order (KtmStore *store, const KtmShareOptions *options, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmShare) share = ktm_share_new (store, options, &error);
  g_autoptr (KtmStore) copy = NULL;
  GString *text = g_string_new (NULL);

  g_unlink (path);
  g_assert_true (ktm_share_write (share, path, &error));
  copy = ktm_store_open (path, TRUE, &error);
  ktm_store_read_patients (copy, first_code_cb, text, &error);
  ktm_store_read_values (copy, age_cb, text, &error);
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
test_chance (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_file (fixture, "shared.cohort");
  g_autoptr (KtmStore) store = original (fixture);
  const KtmShareOptions seed = { .has_seed = TRUE, .seed = 42 }, none = { 0 };
  g_autofree char *a = order (store, &seed, path), *b = order (store, &seed, path),
                  *c = order (store, &none, path), *d = order (store, &none, path);

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpstr (c, !=, d);
  g_assert_cmpstr (a, !=, c);
}

static gboolean
no_date_cb (const void *record, gpointer data)
{
  g_assert_true (isnan (((const KtmPatientRecord *) record)->index_date));
  return TRUE;
}

static void
test_drop_dates (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_file (fixture, "shared.cohort");
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = original (fixture), copy = NULL;
  g_autoptr (KtmShare) share =
      ktm_share_new (store, &(KtmShareOptions) { .drop_dates = TRUE }, &error);

  g_assert_true (ktm_share_write (share, path, &error));
  copy = ktm_store_open (path, TRUE, &error);
  g_assert_no_error (error);
  ktm_store_read_patients (copy, no_date_cb, NULL, NULL);
  g_assert_cmpint (ktm_store_count (copy, "attribute", NULL), ==, 3);
  assert_no_secrets (path);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_file (fixture, "shared.cohort");
  g_autoptr (GError) error = NULL, empty = NULL, changed = NULL;
  g_autoptr (KtmStore) none = ktm_store_create (fixture->path, "Nobody", &error);
  g_autoptr (KtmStore) store = NULL, other = NULL;
  g_autoptr (KtmShare) share = NULL;

  g_assert_null (ktm_share_new (none, &(KtmShareOptions) { 0 }, &empty));
  g_assert_error (empty, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID);
  g_unlink (fixture->path);
  store = original (fixture);
  share = ktm_share_new (store, &(KtmShareOptions) { 0 }, &error);
  other = ktm_store_open (fixture->path, FALSE, &error);
  g_assert_true (ktm_store_set_title (other, "Other", &error));
  g_assert_false (ktm_share_write (share, path, &changed));
  g_assert_error (changed, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_count_files (fixture), ==, 1);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/store/share/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("share", test_share);
  ADD ("chance", test_chance);
  ADD ("drop-dates", test_drop_dates);
  ADD ("refused", test_refused);
  ADD ("triples", test_triples);
  return g_test_run ();
}
