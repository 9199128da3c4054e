/* model/cohort: store and stats, GObject, GIO.  From the rows of a store to the columns of a frame.
 */
#include <math.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>

#include "ktm-cohort-private.h"
#include "ktm-store-scan.h"

#define POLL_EVERY 16384

/* What loading needs until the frame is complete. */
typedef struct
{
  KtmStore      *store;
  KtmCohortData *data;
  KtmFrame      *frame;        /* owned by data, once made */
  GArray        *measures, *visits, *attributes;   /* Measure, Visit, Attribute */
  guint         *visit_index;  /* position in the store → index in time order */
  GPtrArray     *codes, *centres, *arms, *reasons; /* owned, one a patient; nullable */
  GArray        *ids, *stops;  /* gint64, double */
  GHashTable    *row_of;       /* gint64 * → row + 1 */
  GHashTable    *excluded;     /* reason → count */
  GPtrArray     *excluded_order;
  GHashTable    *strings;      /* interned centres, arms, reasons */
  GHashTable    *texts;        /* interned words of treatments; the frame's in the end */
  double        *times;        /* exact times of the measures that share them */
  guint          n_screened;
  char          *title, *id, *time_unit, *index_event;
  gint64         last_id;      /* rows come patient by patient */
  gssize         last_row;
  KtmLoadPoll    poll;
  gpointer       poll_data;
  double         done, total;  /* rows */
  gboolean       stopped;
} Loader;

typedef struct { char *id, *label, *unit; double min, max, mcid; gboolean lower_better; } Measure;
typedef struct { char *label; double time; guint position; } Visit;
typedef struct { char *id, *label, *unit; KtmStoreKind kind; char **levels; } Attribute;

static void
clear_measure (gpointer data)
{
  Measure *measure = data;

  g_free (measure->id);
  g_free (measure->label);
  g_free (measure->unit);
}

static void
clear_visit (gpointer data)
{
  g_free (((Visit *) data)->label);
}

static void
clear_attribute (gpointer data)
{
  Attribute *attribute = data;

  g_free (attribute->id);
  g_free (attribute->label);
  g_free (attribute->unit);
  g_strfreev (attribute->levels);
}

static const char *
intern (Loader *loader, const char *text)
{
  char *copy;

  if (text == NULL || *text == '\0')
    return NULL;
  copy = g_hash_table_lookup (loader->strings, text);
  if (copy == NULL)
    {
      copy = g_strdup (text);
      g_hash_table_add (loader->strings, copy);
    }
  return copy;
}

/* Counts a row; FALSE when loading was stopped. */
static gboolean
tick (Loader *loader)
{
  loader->done++;
  if (loader->poll != NULL && fmod (loader->done, POLL_EVERY) == 0
      && !loader->poll (MIN (loader->done / MAX (loader->total, 1), 1), loader->poll_data))
    loader->stopped = TRUE;
  return !loader->stopped;
}

static gssize
find_row (Loader *loader, gint64 id)
{
  if (id != loader->last_id)
    {
      loader->last_id = id;
      loader->last_row = GPOINTER_TO_SIZE (g_hash_table_lookup (loader->row_of, &id)) - 1;
    }
  return loader->last_row;
}

static gboolean
study_cb (const void *record, gpointer data)
{
  const KtmStudyRecord *study = record;
  Loader *loader = data;

  loader->id = g_strdup (study->id);
  loader->title = g_strdup (study->title);
  loader->time_unit = g_strdup (study->time_unit);
  loader->index_event = g_strdup (study->index_event);
  loader->data->provenance = g_strdup (study->provenance);
  return TRUE;
}

static gboolean
measure_cb (const void *record, gpointer data)
{
  const KtmMeasureRecord *r = record;
  Loader *loader = data;
  Measure measure = { g_strdup (r->id), g_strdup (r->label), g_strdup (r->unit), r->min, r->max,
                      r->mcid,          r->lower_better };

  g_array_append_val (loader->measures, measure);
  return TRUE;
}

static gboolean
visit_cb (const void *record, gpointer data)
{
  const KtmVisitRecord *r = record;
  Loader *loader = data;
  Visit visit = { g_strdup (r->label), r->time, loader->visits->len };

  g_array_append_val (loader->visits, visit);
  return TRUE;
}

static gboolean
attribute_cb (const void *record, gpointer data)
{
  const KtmAttributeRecord *r = record;
  Loader *loader = data;
  Attribute attribute = { g_strdup (r->id), g_strdup (r->label), g_strdup (r->unit), r->kind,
                          g_strdupv ((char **) r->levels) };

  g_array_append_val (loader->attributes, attribute);
  return TRUE;
}

static void
count_excluded (Loader *loader, const char *reason)
{
  const char *key =
      intern (loader, reason != NULL && *reason != '\0' ? reason : _("No reason given"));
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (loader->excluded, key));

  if (n == 0)
    g_ptr_array_add (loader->excluded_order, (gpointer) key);
  g_hash_table_insert (loader->excluded, (gpointer) key, GUINT_TO_POINTER (n + 1));
}

static gboolean
patient_cb (const void *record, gpointer data)
{
  const KtmPatientRecord *r = record;
  Loader *loader = data;

  loader->n_screened++;
  if (!r->included)
    {
      count_excluded (loader, r->exclusion_reason);
      return tick (loader);
    }
  g_array_append_val (loader->ids, r->id);
  g_array_append_val (loader->stops, r->stop_time);
  g_ptr_array_add (loader->codes, strdup (r->code));
  g_ptr_array_add (loader->centres, (gpointer) intern (loader, r->centre));
  g_ptr_array_add (loader->arms, (gpointer) intern (loader, r->arm));
  g_ptr_array_add (loader->reasons, (gpointer) intern (loader, r->stop_reason));
  return tick (loader);
}

static int
compare_visits (gconstpointer a, gconstpointer b)
{
  const Visit *x = a, *y = b;

  return (x->time > y->time) - (x->time < y->time);
}

static char *
copy (const char *text)
{
  return text != NULL ? strdup (text) : NULL;
}

static char **
copy_levels (char **levels, size_t *n)
{
  char **result;

  *n = levels != NULL ? g_strv_length (levels) : 0;
  result = calloc (*n + 1, sizeof *result);
  for (size_t i = 0; result != NULL && i < *n; i++)
    result[i] = strdup (levels[i]);
  return result;
}

static double *
new_table (const KtmFrame *f)
{
  double *table = malloc ((f->n_patients * f->n_visits + 1) * sizeof *table);

  for (size_t i = 0; i < f->n_patients * f->n_visits; i++)
    table[i] = NAN;
  return table;
}

/* The measures share their times until one was taken at another time than those before it. */
static void
set_time (KtmFrame *f, KtmFrameMeasure *measure, double *shared, gsize at, double time)
{
  if (measure->time == shared && isfinite (shared[at]) && shared[at] != time)
    {
      measure->time = new_table (f);
      for (gsize i = 0; i < f->n_patients * f->n_visits; i++)
        if (isfinite (measure->value[i]))
          measure->time[i] = shared[i];
    }
  measure->time[at] = time;
}

static void
fill_definitions (Loader *loader)
{
  KtmFrame *f = loader->frame;

  loader->visit_index = g_new (guint, loader->visits->len + 1);
  for (guint i = 0; i < loader->visits->len; i++)
    {
      const Visit *visit = &g_array_index (loader->visits, Visit, i);

      f->visit_time[i] = visit->time;
      f->visit_label[i] = copy (visit->label);
      loader->visit_index[visit->position] = i;
    }
  loader->times = new_table (f);
  for (guint i = 0; i < loader->measures->len; i++)
    {
      const Measure *from = &g_array_index (loader->measures, Measure, i);
      KtmFrameMeasure *to = &f->measures[i];

      to->id = copy (from->id);
      to->label = copy (from->label);
      to->unit = copy (from->unit);
      to->min = from->min;
      to->max = from->max;
      to->mcid = from->mcid;
      to->lower_better = from->lower_better;
      to->time = loader->times;
    }
  for (guint i = 0; i < loader->attributes->len; i++)
    {
      const Attribute *from = &g_array_index (loader->attributes, Attribute, i);
      KtmFrameAttribute *to = &f->attributes[i];

      to->id = copy (from->id);
      to->label = copy (from->label);
      to->unit = copy (from->unit);
      to->kind = (KtmAttributeKind) from->kind;
      to->levels = copy_levels (from->levels, &to->n_levels);
    }
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer unused G_GNUC_UNUSED)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The stop reasons in alphabetical order, and each patient's index in them. */
static void
fill_stops (Loader *loader)
{
  KtmFrame *f = loader->frame;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const char **names = NULL;
  guint n;

  for (guint i = 0; i < loader->reasons->len; i++)
    if (g_ptr_array_index (loader->reasons, i) != NULL)
      g_hash_table_add (seen, g_ptr_array_index (loader->reasons, i));
  names = (const char **) g_hash_table_get_keys_as_array (seen, &n);
  g_qsort_with_data (names, (gint) n, sizeof *names, compare_names, NULL);
  f->stop_reasons = calloc (n + 1, sizeof *f->stop_reasons);
  for (guint i = 0; i < n; i++)
    f->stop_reasons[f->n_stop_reasons++] = copy (names[i]);
  for (size_t i = 0; i < f->n_patients; i++)
    {
      const char *reason = g_ptr_array_index (loader->reasons, i);

      f->stop_time[i] = g_array_index (loader->stops, double, i);
      for (size_t j = 0; reason != NULL && j < f->n_stop_reasons; j++)
        if (g_str_equal (f->stop_reasons[j], reason))
          f->stop_reason[i] = (double) j;
    }
}

static void
fill_exclusions (Loader *loader)
{
  KtmFrame *f = loader->frame;

  f->n_in_cohort = f->n_patients;
  f->n_screened = loader->n_screened;
  f->n_exclusions = loader->excluded_order->len;
  f->exclusion_reasons = calloc (f->n_exclusions + 1, sizeof *f->exclusion_reasons);
  f->exclusion_counts = calloc (f->n_exclusions + 1, sizeof *f->exclusion_counts);
  for (guint i = 0; i < f->n_exclusions; i++)
    {
      const char *reason = g_ptr_array_index (loader->excluded_order, i);

      f->exclusion_reasons[i] = copy (reason);
      f->exclusion_counts[i] = GPOINTER_TO_UINT (g_hash_table_lookup (loader->excluded, reason));
    }
}

static gboolean
make_frame (Loader *loader, GError **error)
{
  KtmFrame *f;

  g_array_sort (loader->visits, compare_visits);
  f = ktm_frame_new (loader->ids->len, loader->visits->len, loader->measures->len,
                     loader->attributes->len);
  if (f == NULL)
    {
      g_set_error (
          error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED,
          _("There is not enough memory for this cohort. Close other programs and try again."));
      return FALSE;
    }
  loader->frame = loader->data->frame = f;
  f->cohort_id = copy (loader->id);
  f->title = copy (loader->title);
  f->time_unit = copy (loader->time_unit);
  f->index_event = copy (loader->index_event);
  f->code = calloc (f->n_patients + 1, sizeof *f->code);
  for (gsize i = 0; i < f->n_patients; i++)
    f->code[i] = g_ptr_array_index (loader->codes, i);
  g_ptr_array_set_free_func (loader->codes, NULL); /* the frame owns them now */
  loader->data->ids = g_memdup2 (loader->ids->data, loader->ids->len * sizeof (gint64));
  for (guint i = 0; i < loader->ids->len; i++)
    g_hash_table_insert (loader->row_of, &loader->data->ids[i], GSIZE_TO_POINTER (i + 1));
  fill_definitions (loader);
  fill_stops (loader);
  fill_exclusions (loader);
  return TRUE;
}

/* Times that no measure shares any more, or nobody ever did. */
static void
drop_times (Loader *loader)
{
  const KtmFrame *f = loader->frame;

  for (gsize i = 0; f != NULL && i < f->n_measures; i++)
    if (f->measures[i].time == loader->times)
      return;
  free (loader->times);
}

static gboolean
value_cb (const void *record, gpointer data)
{
  const KtmValueRecord *r = record;
  Loader *loader = data;
  gssize row = find_row (loader, r->patient);

  if (row >= 0 && r->attribute < loader->frame->n_attributes)
    loader->frame->attributes[r->attribute].value[row] = r->value;
  return tick (loader);
}

static gboolean
score_cb (const void *record, gpointer data)
{
  const KtmScoreRecord *r = record;
  Loader *loader = data;
  KtmFrame *f = loader->frame;
  gssize row = find_row (loader, r->patient);

  if (row >= 0 && r->measure < f->n_measures && r->visit < f->n_visits)
    {
      gsize at = (gsize) row * f->n_visits + loader->visit_index[r->visit];

      set_time (f, &f->measures[r->measure], loader->times, at, r->time);
      f->measures[r->measure].value[at] = r->value;
    }
  return tick (loader);
}

static gboolean
safety_cb (const void *record, gpointer data)
{
  const KtmSafetyRecord *r = record;
  Loader *loader = data;
  KtmFrame *f = loader->frame;
  gssize row = find_row (loader, r->patient);

  if (row >= 0 && r->visit < f->n_visits)
    {
      if (f->safety == NULL)
        f->safety = new_table (f);
      f->safety[(gsize) row * f->n_visits + loader->visit_index[r->visit]] = r->any_event;
    }
  return tick (loader);
}

/* Arrays of the frame that grow with the rows read. */
typedef struct
{
  Loader     *loader;
  GArray     *rows;
  GHashTable *terms;       /* term → index + 1 */
  GPtrArray  *term_order;
} Rows;

/* One of the few words that treatments are told in. */
static char *
word_of (Loader *loader, const char *text)
{
  char *own = text != NULL ? g_hash_table_lookup (loader->texts, text) : NULL;

  if (own == NULL && text != NULL)
    {
      own = strdup (text);
      g_hash_table_add (loader->texts, own);
    }
  return own;
}

/* The words become the frame's. */
static void
give_texts (Loader *loader)
{
  KtmFrame *f = loader->frame;
  GHashTableIter iter;
  gpointer text;
  gsize n = 0;

  f->texts = calloc (g_hash_table_size (loader->texts) + 1, sizeof *f->texts);
  g_hash_table_iter_init (&iter, loader->texts);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    f->texts[n++] = text;
}

static gboolean
treatment_cb (const void *record, gpointer data)
{
  const KtmTreatmentRecord *r = record;
  Rows *rows = data;
  gssize row = find_row (rows->loader, r->patient);
  KtmFrameTreatment treatment = { (size_t) row, r->time, r->dose, r->duration, NULL };

  if (row >= 0)
    {
      treatment.drug = word_of (rows->loader, r->drug);
      treatment.dose_unit = word_of (rows->loader, r->dose_unit);
      treatment.duration_unit = word_of (rows->loader, r->duration_unit);
      treatment.route = word_of (rows->loader, r->route);
      treatment.with = word_of (rows->loader, r->with);
      g_array_append_val (rows->rows, treatment);
    }
  return tick (rows->loader);
}

static guint
term_index (Rows *rows, const char *term)
{
  guint at = GPOINTER_TO_UINT (g_hash_table_lookup (rows->terms, term));

  if (at == 0)
    {
      char *own = strdup (term);

      g_ptr_array_add (rows->term_order, own);
      at = rows->term_order->len;
      g_hash_table_insert (rows->terms, own, GUINT_TO_POINTER (at));
    }
  return at - 1;
}

static gboolean
event_cb (const void *record, gpointer data)
{
  const KtmEventRecord *r = record;
  Rows *rows = data;
  Loader *loader = rows->loader;
  gssize row = find_row (loader, r->patient);

  if (row >= 0)
    {
      KtmFrameEvent event = {
        .row = (size_t) row,
        .time = r->time,
        .term = term_index (rows, r->term),
        .severity = (KtmSeverity) r->severity,
        .related = (KtmRelated) r->related,
        .serious = r->serious,
        .led_to_stop = r->led_to_stop,
        .grade = r->grade,
        .resolved = r->resolved,
        .visit = r->visit >= 0 && (guint) r->visit < loader->frame->n_visits
                     ? (long) loader->visit_index[r->visit]
                     : -1,
      };

      g_array_append_val (rows->rows, event);
    }
  return tick (loader);
}

static gpointer
copy_rows (const GArray *rows, gsize size)
{
  gpointer result = malloc (rows->len * size + 1);

  if (rows->len > 0)
    memcpy (result, rows->data, rows->len * size);
  return result;
}

static gboolean
load_treatments (Loader *loader, GError **error)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (KtmFrameTreatment));
  Rows rows = { .loader = loader, .rows = array };
  gboolean ok = ktm_store_read_treatments (loader->store, treatment_cb, &rows, error);

  loader->frame->n_treatments = array->len;
  loader->frame->treatments = copy_rows (array, sizeof (KtmFrameTreatment));
  give_texts (loader);
  return ok;
}

static gboolean
load_events (Loader *loader, GError **error)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (KtmFrameEvent));
  g_autoptr (GHashTable) terms = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  Rows rows = { .loader = loader, .rows = array, .terms = terms, .term_order = order };
  gboolean ok = ktm_store_read_events (loader->store, event_cb, &rows, error);
  KtmFrame *f = loader->frame;

  f->n_events = array->len;
  f->events = copy_rows (array, sizeof (KtmFrameEvent));
  f->n_terms = order->len;
  f->terms = calloc (order->len + 1, sizeof *f->terms);
  for (guint i = 0; i < order->len; i++)
    f->terms[i] = g_ptr_array_index (order, i);
  return ok;
}

static gboolean
arm_cb (const void *record, gpointer data)
{
  const KtmStudyArmRecord *r = record;
  Rows *rows = data;
  KtmFrameArm arm = { .study = copy (r->study),
                      .arm = copy (r->arm),
                      .measure = copy (r->measure),
                      .moderators = copy (r->moderators),
                      .note = copy (r->note),
                      .kind = (KtmFrameStudyKind) r->kind,
                      .year = r->year,
                      .n = r->n,
                      .mean = r->mean,
                      .sd = r->sd,
                      .events = r->events,
                      .effect = r->effect,
                      .se = r->se,
                      .low = r->low,
                      .high = r->high,
                      .correlation = r->correlation,
                      .left_out = r->left_out };

  g_array_append_val (rows->rows, arm);
  return tick (rows->loader);
}

static gboolean
load_arms (Loader *loader, GError **error)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (KtmFrameArm));
  Rows rows = { .loader = loader, .rows = array };
  gboolean ok = ktm_store_read_study_arms (loader->store, arm_cb, &rows, error);

  loader->frame->n_arms = array->len;
  loader->frame->arms = copy_rows (array, sizeof (KtmFrameArm));
  return ok;
}

static gboolean
count_rows (Loader *loader, GError **error)
{
  static const char *const tables[] = { "patient",      "value",     "score",
                                        "safety_visit", "treatment", "adverse_event",
                                        "study_arm" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      gint64 n = ktm_store_count (loader->store, tables[i], error);

      if (n < 0)
        return FALSE;
      loader->total += (double) n;
    }
  return TRUE;
}

static gboolean
read_rows (Loader *loader, GError **error)
{
  if (!count_rows (loader, error) || !ktm_store_get_study (loader->store, study_cb, loader, error)
      || !ktm_store_read_measures (loader->store, measure_cb, loader, error)
      || !ktm_store_read_visits (loader->store, visit_cb, loader, error)
      || !ktm_store_read_attributes (loader->store, attribute_cb, loader, error)
      || !ktm_store_read_patients (loader->store, patient_cb, loader, error) || loader->stopped
      || !make_frame (loader, error)
      || !ktm_store_scan (loader->store, value_cb, score_cb, safety_cb, loader, error)
      || !load_treatments (loader, error) || !load_events (loader, error)
      || !load_arms (loader, error)
      || !ktm_class_names_load (loader->store, loader->frame, error) || loader->stopped)
    return FALSE;
  return TRUE;
}

/* Everything of one moment, although another window may write meanwhile. */
static gboolean
load (Loader *loader, GError **error)
{
  KtmPatientTexts texts;
  gboolean ok;

  if (!ktm_store_read_begin (loader->store, error))
    return FALSE;
  ok = read_rows (loader, error);
  ktm_store_read_end (loader->store);
  if (!ok)
    return FALSE;
  ktm_frame_set_baselines (loader->frame);
  texts = (KtmPatientTexts) { (char **) loader->centres->pdata, (char **) loader->arms->pdata };
  ktm_cohort_data_derive (loader->data, &texts);
  return TRUE;
}

static void
loader_clear (Loader *loader)
{
  g_array_unref (loader->measures);
  g_array_unref (loader->visits);
  g_array_unref (loader->attributes);
  g_free (loader->visit_index);
  g_ptr_array_unref (loader->codes);
  g_ptr_array_unref (loader->centres);
  g_ptr_array_unref (loader->arms);
  g_ptr_array_unref (loader->reasons);
  g_array_unref (loader->ids);
  g_array_unref (loader->stops);
  g_hash_table_unref (loader->row_of);
  g_hash_table_unref (loader->excluded);
  g_ptr_array_unref (loader->excluded_order);
  g_hash_table_unref (loader->strings);
  g_hash_table_unref (loader->texts);
  drop_times (loader);
  g_free (loader->title);
  g_free (loader->id);
  g_free (loader->time_unit);
  g_free (loader->index_event);
}

static void
loader_init (Loader *loader, KtmStore *store)
{
  *loader = (Loader) { .store = store, .last_id = G_MININT64, .last_row = -1 };
  loader->data = g_new0 (KtmCohortData, 1);
  loader->measures = g_array_new (FALSE, FALSE, sizeof (Measure));
  loader->visits = g_array_new (FALSE, FALSE, sizeof (Visit));
  loader->attributes = g_array_new (FALSE, FALSE, sizeof (Attribute));
  g_array_set_clear_func (loader->measures, clear_measure);
  g_array_set_clear_func (loader->visits, clear_visit);
  g_array_set_clear_func (loader->attributes, clear_attribute);
  loader->codes = g_ptr_array_new_with_free_func (free);
  loader->centres = g_ptr_array_new ();
  loader->arms = g_ptr_array_new ();
  loader->reasons = g_ptr_array_new ();
  loader->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  loader->stops = g_array_new (FALSE, FALSE, sizeof (double));
  loader->row_of = g_hash_table_new (g_int64_hash, g_int64_equal);
  loader->excluded = g_hash_table_new (g_str_hash, g_str_equal);
  loader->excluded_order = g_ptr_array_new ();
  loader->strings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  loader->texts = g_hash_table_new (g_str_hash, g_str_equal);
}

/* Tables of a registry are tens of megabytes each and come and go.  Given back at once they leave
 * no gaps; glibc would keep them where one was freed before, in every thread's own heap.  What a
 * window paints a frame in is smaller and stays: new pages cost a fifth of the frame. */
static void
give_tables_back (void)
{
#ifdef __GLIBC__
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  mallopt (M_MMAP_THRESHOLD, 512 * 1024);
  mallopt (M_TRIM_THRESHOLD, 1024 * 1024);
  mallopt (M_ARENA_MAX, 2);
  g_once_init_leave (&done, 1);
#endif
}

/* Reads a whole cohort into columns; to be called in any thread, with a store only that thread
 * uses.
 *
 * @poll: nullable; gets the fraction done now and then, FALSE stops
 *
 * Returns: owned data, or NULL with @error set — without @error when @poll stopped it. */
KtmCohortData *
ktm_cohort_data_load (KtmStore *store, KtmLoadPoll poll, gpointer poll_data, GError **error)
{
  Loader loader;
  gboolean ok;

  give_tables_back ();
  loader_init (&loader, store);
  loader.poll = poll;
  loader.poll_data = poll_data;
  ok = load (&loader, error);
  loader_clear (&loader);
  if (ok)
    return loader.data;
  ktm_cohort_data_free (loader.data);
  return NULL;
}

/* NULL is fine. */
void
ktm_cohort_data_free (KtmCohortData *data)
{
  if (data == NULL)
    return;
  ktm_frame_unref (data->frame);
  g_free (data->provenance);
  g_free (data->ids);
  g_free (data->is_baseline);
  g_free (data->n_scores);
  g_free (data->latest);
  g_free (data);
}
