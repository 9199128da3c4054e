/* model/store: GIO and sqlite3 only.  What of a cohort goes into a copy for other people. */
#include <math.h>
#include <string.h>

#include "ktm-share-private.h"
#include "ktm-store-private.h"

typedef struct { gint64 last; guint n; } Word;

static void
attribute_free (gpointer data)
{
  KtmShareAttribute *attribute = data;

  g_free (attribute->id);
  g_free (attribute->label);
  g_free (attribute->unit);
  g_strfreev (attribute->levels);
  g_free (attribute->value);
  g_free (attribute);
}

static void
cell_free (gpointer data)
{
  g_free (((KtmShareCell *) data)->what);
  g_free (data);
}

static void
patient_clear (gpointer data)
{
  g_free (((KtmSharePatient *) data)->code);
}

void
ktm_share_free (KtmShare *share)
{
  if (share == NULL)
    return;
  g_clear_pointer (&share->rand, g_rand_free);
  g_array_unref (share->patients);
  g_hash_table_unref (share->row_of);
  g_hash_table_unref (share->words);
  g_hash_table_unref (share->centres);
  g_ptr_array_unref (share->attributes);
  g_ptr_array_unref (share->report.done);
  g_ptr_array_unref (share->report.cells);
  g_string_chunk_free (share->strings);
  g_free (share->place_of);
  g_free (share);
}

KtmSharePatient *
ktm_share_find (KtmShare *share, gint64 id)
{
  guint row = GPOINTER_TO_UINT (g_hash_table_lookup (share->row_of, &id));

  g_assert (row > 0);
  return &g_array_index (share->patients, KtmSharePatient, share->place_of[row - 1]);
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *
keep (KtmShare *share, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (share->strings, text) : NULL;
}

/* Rows come patient by patient: each counts once. */
static void
count_word (KtmShare *share, const char *field, const char *text, gint64 patient)
{
  g_autofree char *key = text != NULL ? g_strconcat (field, "\n", text, NULL) : NULL;
  Word *word = key != NULL ? g_hash_table_lookup (share->words, key) : NULL;

  if (key == NULL)
    return;
  if (word == NULL)
    {
      word = g_new0 (Word, 1);
      g_hash_table_insert (share->words, g_steal_pointer (&key), word);
    }
  word->n += word->n == 0 || word->last != patient;
  word->last = patient;
}

const char *
ktm_share_word (KtmShare *share, const char *field, const char *word, const char *instead)
{
  g_autofree char *key = word != NULL ? g_strconcat (field, "\n", word, NULL) : NULL;
  const Word *seen = key != NULL ? g_hash_table_lookup (share->words, key) : NULL;

  return word == NULL || *word == '\0' || (seen != NULL && seen->n >= KTM_SHARE_FEW) ? word
                                                                                     : instead;
}

static gboolean
patient_cb (const void *record, gpointer data)
{
  KtmShare *share = data;
  KtmSharePatient patient = { .record = *(const KtmPatientRecord *) record,
                              .row = share->patients->len };
  KtmPatientRecord *r = &patient.record;
  gint64 *id = g_new (gint64, 1);

  r->code = NULL;
  r->centre = keep (share, r->centre);
  r->arm = keep (share, r->arm);
  r->exclusion_reason = keep (share, r->exclusion_reason);
  r->stop_reason = keep (share, r->stop_reason);
  count_word (share, "centre", r->centre, r->id);
  count_word (share, "arm", r->arm, r->id);
  count_word (share, "exclusion", r->exclusion_reason, r->id);
  count_word (share, "stop", r->stop_reason, r->id);
  *id = r->id;
  g_array_append_val (share->patients, patient);
  g_hash_table_insert (share->row_of, id, GUINT_TO_POINTER (share->patients->len));
  return TRUE;
}

static gboolean
attribute_cb (const void *record, gpointer data)
{
  const KtmAttributeRecord *r = record;
  KtmShare *share = data;
  KtmShareAttribute *attribute = g_new0 (KtmShareAttribute, 1);

  attribute->id = g_strdup (r->id);
  attribute->label = g_strdup (r->label);
  attribute->unit = g_strdup (r->unit);
  attribute->kind = r->kind;
  attribute->levels = g_strdupv ((char **) r->levels);
  attribute->value = g_new (double, share->patients->len + 1);
  for (guint i = 0; i < share->patients->len; i++)
    attribute->value[i] = NAN;
  g_ptr_array_add (share->attributes, attribute);
  return TRUE;
}

static gboolean
value_cb (const void *record, gpointer data)
{
  const KtmValueRecord *r = record;
  KtmShare *share = data;
  guint row = GPOINTER_TO_UINT (g_hash_table_lookup (share->row_of, &r->patient));

  if (row > 0 && r->attribute < share->attributes->len)
    ((KtmShareAttribute *) share->attributes->pdata[r->attribute])->value[row - 1] = r->value;
  return TRUE;
}

static gboolean
treatment_cb (const void *record, gpointer data)
{
  const KtmTreatmentRecord *r = record;

  count_word (data, "drug", r->drug, r->patient);
  count_word (data, "route", r->route, r->patient);
  count_word (data, "with", r->with, r->patient);
  count_word (data, "dose-unit", r->dose_unit, r->patient);
  count_word (data, "duration-unit", r->duration_unit, r->patient);
  return TRUE;
}

static gboolean
event_cb (const void *record, gpointer data)
{
  const KtmEventRecord *r = record;

  count_word (data, "term", r->term, r->patient);
  return TRUE;
}

static gboolean
read_all (KtmShare *share, GError **error)
{
  KtmStore *store = share->store;

  return ktm_store_read_patients (store, patient_cb, share, error)
         && ktm_store_read_attributes (store, attribute_cb, share, error)
         && ktm_store_read_values (store, value_cb, share, error)
         && ktm_store_read_treatments (store, treatment_cb, share, error)
         && ktm_store_read_events (store, event_cb, share, error);
}

/* --- deciding --------------------------------------------------------------------------------- */

/* The copy's order is a new one, so that neither codes nor positions say who was who. */
static void
give_codes (KtmShare *share)
{
  guint n = share->patients->len;
  int width = MAX (3, (int) ceil (log10 (n + 1.0)));

  for (guint i = n; i > 1; i--)
    {
      KtmSharePatient *a = &g_array_index (share->patients, KtmSharePatient, i - 1);
      KtmSharePatient *b =
          &g_array_index (share->patients, KtmSharePatient, ktm_share_random (share, i));
      KtmSharePatient swap = *a;

      *a = *b;
      *b = swap;
    }
  share->place_of = g_new (guint, n + 1);
  for (guint i = 0; i < n; i++)
    {
      KtmSharePatient *patient = &g_array_index (share->patients, KtmSharePatient, i);
      int days = 1 + (int) ktm_share_random (share, 365);

      share->place_of[patient->row] = i;
      patient->code = g_strdup_printf ("S%0*u", width, i + 1);
      patient->days = ktm_share_random (share, 2) == 0 ? days : -days;
    }
}

/* In the order of the copy, which is by chance: the numbers say nothing of the names. */
static void
name_centres (KtmShare *share)
{
  for (guint i = 0; i < share->patients->len; i++)
    {
      KtmSharePatient *patient = &g_array_index (share->patients, KtmSharePatient, i);
      const char *centre = ktm_share_word (share, "centre", patient->record.centre, NULL);

      if (centre == NULL || *centre == '\0')
        continue;
      patient->centre = g_hash_table_lookup (share->centres, centre);
      if (patient->centre != NULL)
        continue;
      g_autofree char *name =
          g_strdup_printf ("C%02u", g_hash_table_size (share->centres) + 1);
      patient->centre = keep (share, name);
      g_hash_table_insert (share->centres, (gpointer) centre, (gpointer) patient->centre);
    }
}

/* A category is free text where most of its words belong to one patient alone, or it has more words
 * than anybody would offer for choice. */
static gboolean
is_free_text (KtmShare *share, const KtmShareAttribute *attribute)
{
  guint n_levels = attribute->levels != NULL ? g_strv_length (attribute->levels) : 0;
  guint n_used = 0, n_single = 0;
  g_autofree guint *n = g_new0 (guint, n_levels + 1);

  if (attribute->kind != KTM_STORE_CATEGORY)
    return FALSE;
  for (guint i = 0; i < share->patients->len; i++)
    if (attribute->value[i] >= 0 && attribute->value[i] < n_levels)
      n[(guint) attribute->value[i]]++;
  for (guint k = 0; k < n_levels; k++)
    {
      n_used += n[k] > 0;
      n_single += n[k] == 1;
    }
  return n_used > 30 || (n_used > 4 && 2 * n_single > n_used);
}

static void
place_attributes (KtmShare *share)
{
  int position = 0;

  for (guint a = 0; a < share->attributes->len; a++)
    {
      KtmShareAttribute *attribute = share->attributes->pdata[a];
      gboolean out = is_free_text (share, attribute)
                     || (attribute->kind == KTM_STORE_DATE && share->options.drop_dates);

      attribute->position = out ? -1 : position++;
      if (out)
        g_ptr_array_add (share->report.done,
                         g_strdup_printf (attribute->kind == KTM_STORE_DATE
                                              ? _("“%s” is left out: it holds dates.")
                                              : _("“%s” is left out: it holds free text."),
                                          attribute->label));
    }
}

static guint
count_rare (KtmShare *share, const char *field)
{
  g_autofree char *start = g_strconcat (field, "\n", NULL);
  GHashTableIter iter;
  gpointer key, value;
  guint n = 0;

  g_hash_table_iter_init (&iter, share->words);
  while (g_hash_table_iter_next (&iter, &key, &value))
    n += g_str_has_prefix (key, start) && ((Word *) value)->n < KTM_SHARE_FEW
         && ((char *) key)[strlen (start)] != '\0';
  return n;
}

static void
say_words (KtmShare *share)
{
  static const struct { const char *field, *title;
  } fields[] = { { "stop", N_("Reasons for stopping") },
                 { "exclusion", N_("Reasons for exclusion") },
                 { "arm", N_("Arms") },
                 { "drug", N_("Drugs") },
                 { "route", N_("Routes") },
                 { "with", N_("Drugs given with it") },
                 { "term", N_("Adverse events") } };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      guint n = count_rare (share, fields[i].field);

      if (n > 0)
        g_ptr_array_add (
            share->report.done,
            /* Translators: %1$s is what the words are about ("Reasons for stopping"). */
            g_strdup_printf (ngettext ("%1$s: %2$u word that fewer than %3$d patients share is not "
                                       "repeated.",
                                       "%1$s: %2$u words that fewer than %3$d patients share are "
                                       "not repeated.",
                                       n),
                             _(fields[i].title), n, KTM_SHARE_FEW));
    }
}

static void
say_centres (KtmShare *share)
{
  guint n = g_hash_table_size (share->centres), rare = count_rare (share, "centre");

  if (n > 0)
    g_ptr_array_add (share->report.done,
                     g_strdup_printf (ngettext ("%u centre has a number instead of its name.",
                                                "%u centres have numbers instead of their names.",
                                                n),
                                      n));
  if (rare > 0)
    g_ptr_array_add (
        share->report.done,
        g_strdup_printf (ngettext ("%u centre with fewer than %d patients is not named at all.",
                                   "%u centres with fewer than %d patients are not named at all.",
                                   rare),
                         rare, KTM_SHARE_FEW));
}

static void
say (KtmShare *share)
{
  GPtrArray *done = share->report.done;

  g_ptr_array_add (done,
                   g_strdup (_("Every patient has a new code, in a new order; which was which "
                                "is kept nowhere.")));
  g_ptr_array_add (
      done, g_strdup (share->options.drop_dates
                          ? _("Calendar dates are left out; times since the start of treatment "
                              "are kept.")
                          : _("Each patient’s dates are moved together, by up to a year; the time "
                              "between them is kept.")));
  g_ptr_array_add (done, g_strdup (_("The title, the names of the imported files, saved groups and "
                                     "views and the history are left out.")));
}

static KtmShare *
share_alloc (KtmStore *store, const KtmShareOptions *options)
{
  KtmShare *share = g_new0 (KtmShare, 1);

  share->store = store;
  share->options = *options;
  share->strings = g_string_chunk_new (4096);
  share->patients = g_array_new (FALSE, TRUE, sizeof (KtmSharePatient));
  g_array_set_clear_func (share->patients, patient_clear);
  share->row_of = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  share->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  share->centres = g_hash_table_new (g_str_hash, g_str_equal);
  share->attributes = g_ptr_array_new_with_free_func (attribute_free);
  share->report.done = g_ptr_array_new_with_free_func (g_free);
  share->report.cells = g_ptr_array_new_with_free_func (cell_free);
  if (options->has_seed)
    share->rand = g_rand_new_with_seed_array (
        (const guint32[]) { (guint32) options->seed, (guint32) (options->seed >> 32) }, 2);
  return share;
}

/* Reads the cohort of @store, which must stay open, and decides what a copy for others holds.
 * Nothing is written.  Errors: INVALID (no patient in it), those of reading. */
KtmShare *
ktm_share_new (KtmStore *store, const KtmShareOptions *options, GError **error)
{
  g_autoptr (KtmShare) share = NULL;
  gboolean ok;

  g_return_val_if_fail (store != NULL && options != NULL, NULL);
  share = share_alloc (store, options);
  if (!ktm_store_read_begin (store, error))
    return NULL;
  share->version = store->version;
  ok = read_all (share, error);
  ktm_store_read_end (store);
  if (!ok)
    return NULL;
  if (share->patients->len == 0)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("“%s” holds no patient: there is nothing to share."), store->name);
      return NULL;
    }
  share->report.n_patients = share->patients->len;
  give_codes (share);
  name_centres (share);
  say (share);
  say_centres (share);
  say_words (share);
  place_attributes (share);
  ktm_share_find_cells (share);
  return g_steal_pointer (&share);
}

/* What the copy leaves out, and who could still be recognised in it; borrowed. */
const KtmShareReport *
ktm_share_get_report (KtmShare *share)
{
  return &share->report;
}
