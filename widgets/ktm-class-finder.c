/* widgets: trajectory classes in the background. */
#include "ktm-class-finder.h"

#include <string.h>

#define KEPT 8 /* selections remembered */

/* What was found for one selection. */
typedef struct
{
  char           *key;      /* owned */
  KtmClassResult *result;   /* a reference; NULL: why */
  char           *why;      /* owned */
  gboolean        stopped;  /* by the person, before everything was tried */
} Known;

struct _KtmClassFinder
{
  GObject         parent_instance;
  GPtrArray      *known;    /* Known; the last one asked for comes last */
  GCancellable   *running, *enough; /* owned; NULL: nothing runs */
  char           *key;      /* owned: what runs */
  KtmClassResult *so_far;   /* a reference; of what runs */
  double          fraction;
  char           *wanted;   /* owned: the key wanted last */
  KtmClassResult *view;     /* a reference: what was given out last */
  char           *view_key; /* owned */
  KtmClassResult *applied;  /* a reference: patients placed by a saved model; NULL none */
  KtmClassModel  *model;    /* a reference: that model */
  char           *title;    /* owned: what it is called */
  gboolean        shows_applied;
};

G_DEFINE_FINAL_TYPE (KtmClassFinder, ktm_class_finder, G_TYPE_OBJECT)

enum { CHANGED, PROGRESS, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
known_free (gpointer data)
{
  Known *known = data;

  ktm_class_result_unref (known->result);
  g_free (known->key);
  g_free (known->why);
  g_free (known);
}

static void
stop (KtmClassFinder *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_object (&self->enough);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->so_far, ktm_class_result_unref);
  self->fraction = 0;
}

/* Same patients, same scores, same model: the same text, however many classes are chosen. */
static char *
key_of (const KtmFrame *frame, const KtmAnalysisOptions *o)
{
  long m = o->measure != NULL ? ktm_frame_find_measure (frame, o->measure) : 0;
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (m >= 0 && frame->n_measures > 0)
    g_checksum_update (sum, (const guchar *) frame->measures[m].value,
                       (gssize) (frame->n_patients * frame->n_visits * sizeof (double)));
  g_checksum_update (sum, (const guchar *) frame->subject,
                     (gssize) (frame->n_patients * sizeof *frame->subject));
  for (gsize i = 0; i < o->n_knots; i++)
    g_checksum_update (sum, (const guchar *) &o->knots[i], sizeof o->knots[i]);
  return g_strdup_printf ("%s %s %d %s %d %d %d %g %g %u %d %" G_GUINT64_FORMAT " %s",
                          m >= 0 && frame->n_measures > 0 ? frame->measures[m].id : "",
                          o->shape ? o->shape : "", o->sigma_by_class, o->degrees ? o->degrees : "",
                          o->degree, o->censored, o->random_intercept, o->from, o->to, o->starts,
                          o->has_seed, o->has_seed ? o->seed : 0, g_checksum_get_string (sum));
}

static Known *
find (KtmClassFinder *self, const char *key)
{
  for (guint i = 0; i < self->known->len; i++)
    {
      Known *known = self->known->pdata[i];

      if (g_str_equal (known->key, key))
        {
          g_ptr_array_add (self->known, g_ptr_array_steal_index (self->known, i));
          return known;
        }
    }
  return NULL;
}

/* --- searching -------------------------------------------------------------------------------- */

static void
news_cb (KtmClassResult *so_far, double fraction, gpointer data)
{
  KtmClassFinder *self = data;

  self->fraction = fraction;
  if (so_far == NULL)
    {
      g_signal_emit (self, signals[PROGRESS], 0, fraction);
      return;
    }
  ktm_class_result_unref (self->so_far);
  self->so_far = ktm_class_result_ref (so_far);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
done_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  KtmClassFinder *self = data;
  g_autoptr(GError) error = NULL;
  KtmClassResult *found = ktm_class_search_finish (result, &error);
  Known *known;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* self may be gone */
  known = g_new0 (Known, 1);
  known->key = g_steal_pointer (&self->key);
  known->result = found;
  known->why = found == NULL ? g_strdup (error->message) : NULL;
  known->stopped = g_cancellable_is_cancelled (self->enough);
  g_ptr_array_add (self->known, known);
  if (self->known->len > KEPT)
    g_ptr_array_remove_index (self->known, 0);
  g_clear_object (&self->running);
  g_clear_object (&self->enough);
  g_clear_pointer (&self->so_far, ktm_class_result_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start (KtmClassFinder *self, const char *key, const KtmFrame *frame,
       const KtmAnalysisOptions *options)
{
  g_autoptr(KtmAnalysisOptions) all = ktm_analysis_options_copy (options);

  stop (self);
  self->key = g_strdup (key);
  self->running = g_cancellable_new ();
  self->enough = g_cancellable_new ();
  all->classes = 0;
  g_clear_object (&all->enough);
  all->enough = g_object_ref (self->enough);
  ktm_class_search_async (frame, all, self->running, news_cb, self, done_cb, self);
}

/* --- what there is ---------------------------------------------------------------------------- */

/* One object for one choice, so that what is shown is not drawn anew for nothing. */
static KtmClassResult *
view_of (KtmClassFinder *self, const KtmClassResult *result, const KtmFrame *frame, int classes)
{
  GString *key = g_string_new (NULL);
  guint n_fits = 0;

  for (gsize k = 0; k < result->search.n; k++)
    n_fits += (result->search.fit[k] != NULL) + (result->search.growth[k] != NULL);
  g_string_printf (key, "%p %u %d", (const void *) result, n_fits, classes);
  for (gsize i = 0; i < frame->n_class_names; i++)
    for (gsize k = 0; k < frame->class_names[i].n_classes; k++)
      g_string_append_printf (key, " %s/%s", frame->class_names[i].measure,
                              frame->class_names[i].name[k] ? frame->class_names[i].name[k] : "");
  if (self->view == NULL || g_strcmp0 (key->str, self->view_key) != 0)
    {
      KtmClassResult *view =
          ktm_class_result_choose (result, frame, (gsize) MAX (classes, 0));

      if (view == NULL)
        g_error ("out of memory");
      ktm_class_result_unref (self->view);
      g_free (self->view_key);
      self->view = view;
      self->view_key = g_strdup (key->str);
    }
  g_string_free (key, TRUE);
  return ktm_class_result_ref (self->view);
}

KtmClassResult *
ktm_class_finder_want (KtmClassFinder *self, const KtmFrame *frame,
                       const KtmAnalysisOptions *options, char **why)
{
  g_autofree char *key = NULL;
  const Known *known;

  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self) && frame && options && why, NULL);
  key = key_of (frame, options);
  known = find (self, key);
  *why = NULL;
  g_free (self->wanted);
  self->wanted = g_strdup (key);
  if (known == NULL && g_strcmp0 (key, self->key) != 0)
    start (self, key, frame, options);
  else if (known != NULL && self->running != NULL)
    stop (self);
  if (known != NULL && known->result == NULL)
    *why = g_strdup (known->why);
  if (known != NULL ? known->result == NULL : self->so_far == NULL)
    return NULL;
  return view_of (self, known != NULL ? known->result : self->so_far, frame, options->classes);
}

KtmClassResult *
ktm_class_finder_peek (KtmClassFinder *self, const KtmFrame *frame,
                       const KtmAnalysisOptions *options)
{
  g_autofree char *key = NULL;
  const Known *known;

  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self) && frame && options, NULL);
  key = key_of (frame, options);
  known = find (self, key);
  return known != NULL ? ktm_class_result_ref (known->result) : NULL;
}

KtmClassResult *
ktm_class_finder_last (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), NULL);
  return ktm_class_result_ref (self->view);
}

gboolean
ktm_class_finder_is_busy (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), FALSE);
  return self->running != NULL;
}

double
ktm_class_finder_get_fraction (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), 0);
  return self->fraction;
}

void
ktm_class_finder_stop (KtmClassFinder *self)
{
  g_return_if_fail (KTM_IS_CLASS_FINDER (self));
  if (self->enough != NULL)
    g_cancellable_cancel (self->enough);
}

gboolean
ktm_class_finder_was_stopped (KtmClassFinder *self)
{
  const Known *known;

  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), FALSE);
  known = self->wanted != NULL ? find (self, self->wanted) : NULL;
  return known != NULL && known->stopped;
}

void
ktm_class_finder_again (KtmClassFinder *self)
{
  Known *known;

  g_return_if_fail (KTM_IS_CLASS_FINDER (self));
  known = self->wanted != NULL ? find (self, self->wanted) : NULL;
  if (known == NULL || !known->stopped)
    return;
  g_ptr_array_remove (self->known, known);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- a saved model ---------------------------------------------------------------------------- */

void
ktm_class_finder_set_applied (KtmClassFinder *self, const KtmClassResult *result,
                              const KtmClassModel *model, const char *title)
{
  g_return_if_fail (KTM_IS_CLASS_FINDER (self) && result && model && title);
  ktm_class_result_unref (self->applied);
  self->applied = ktm_class_result_ref (result);
  ktm_class_model_unref (self->model);
  self->model = ktm_class_model_ref (model);
  g_free (self->title);
  self->title = g_strdup (title);
  g_signal_emit (self, signals[CHANGED], 0);
}

const KtmClassResult *
ktm_class_finder_get_applied (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), NULL);
  return self->applied;
}

const KtmClassModel *
ktm_class_finder_get_applied_model (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), NULL);
  return self->model;
}

const char *
ktm_class_finder_get_applied_title (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), NULL);
  return self->title;
}

void
ktm_class_finder_show_applied (KtmClassFinder *self, gboolean shown)
{
  g_return_if_fail (KTM_IS_CLASS_FINDER (self));
  self->shows_applied = shown && self->applied != NULL;
}

gboolean
ktm_class_finder_shows_applied (KtmClassFinder *self)
{
  g_return_val_if_fail (KTM_IS_CLASS_FINDER (self), FALSE);
  return self->shows_applied;
}

gboolean
ktm_class_finder_is_subgroup (KtmStudy *study)
{
  g_return_val_if_fail (KTM_IS_STUDY (study), FALSE);
  return ktm_filter_has_attribute (ktm_study_get_filter (study), "trajectory_class");
}

/* --- life ------------------------------------------------------------------------------------- */

static void
ktm_class_finder_dispose (GObject *object)
{
  stop (KTM_CLASS_FINDER (object));
  G_OBJECT_CLASS (ktm_class_finder_parent_class)->dispose (object);
}

static void
ktm_class_finder_finalize (GObject *object)
{
  KtmClassFinder *self = KTM_CLASS_FINDER (object);

  g_ptr_array_unref (self->known);
  ktm_class_result_unref (self->view);
  g_free (self->view_key);
  g_free (self->wanted);
  ktm_class_result_unref (self->applied);
  ktm_class_model_unref (self->model);
  g_free (self->title);
  G_OBJECT_CLASS (ktm_class_finder_parent_class)->finalize (object);
}

static void
ktm_class_finder_class_init (KtmClassFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_class_finder_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_class_finder_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
ktm_class_finder_init (KtmClassFinder *self)
{
  self->known = g_ptr_array_new_with_free_func (known_free);
}

KtmClassFinder *
ktm_class_finder_of (KtmStudy *study)
{
  KtmClassFinder *finder;

  g_return_val_if_fail (KTM_IS_STUDY (study), NULL);
  finder = g_object_get_data (G_OBJECT (study), "ktm-class-finder");
  if (finder == NULL)
    {
      finder = g_object_new (KTM_TYPE_CLASS_FINDER, NULL);
      g_object_set_data_full (G_OBJECT (study), "ktm-class-finder", finder, g_object_unref);
    }
  return finder;
}
