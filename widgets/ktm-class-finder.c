/* widgets: trajectory classes in the background. */
#include "ktm-class-finder.h"

#include <math.h>
#include <string.h>

#include "ktm-report-view.h"

struct _KtmClassFinder
{
  GSourceOnceFunc changed;
  gpointer        data;
  GCancellable   *running;   /* owned; NULL: nothing runs */
  char           *key;       /* owned: what runs or was found */
  KtmClassResult *result;    /* a reference; NULL: none found for the key */
  char           *why;       /* owned: why not */
};

KtmClassFinder *
ktm_class_finder_new (GSourceOnceFunc changed, gpointer data)
{
  KtmClassFinder *self = g_new0 (KtmClassFinder, 1);

  self->changed = changed;
  self->data = data;
  return self;
}

static void
stop (KtmClassFinder *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
}

void
ktm_class_finder_free (KtmClassFinder *self)
{
  stop (self);
  ktm_class_result_unref (self->result);
  g_free (self->key);
  g_free (self->why);
  g_free (self);
}

/* Same patients, same scores, same wish: the same text. */
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
  return g_strdup_printf ("%s %d %d %d %g %g %g %s", o->measure, o->classes, o->degree, o->censored,
                          o->from, o->to, o->level, g_checksum_get_string (sum));
}

static char *
why_none (const KtmReport *report)
{
  char *said = report->n_cards > 0
                   ? ktm_text_render (report->cards[0].sentence, ktm_interface_lang (), 0)
                   : NULL;
  char *why = g_strdup (said != NULL ? said : "");

  free (said);
  return why;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KtmClassFinder *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KtmReport) report = ktm_analysis_run_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* self may be gone */
  g_clear_object (&self->running);
  if (report != NULL && report->classes != NULL)
    self->result = ktm_class_result_ref (report->classes);
  else
    self->why = report != NULL ? why_none (report) : g_strdup (error->message);
  self->changed (self->data);
}

static KtmReport *
report_of (const KtmClassResult *result)
{
  KtmReport *report = ktm_report_new ("trajectory-classes");

  report->classes = ktm_class_result_ref (result);
  return report;
}

KtmReport *
ktm_class_finder_want (KtmClassFinder *self, const KtmFrame *frame,
                       const KtmAnalysisOptions *options, char **why)
{
  char *key = key_of (frame, options);

  *why = NULL;
  if (g_strcmp0 (key, self->key) != 0)
    {
      stop (self);
      g_clear_pointer (&self->result, ktm_class_result_unref);
      g_clear_pointer (&self->why, g_free);
      g_free (self->key);
      self->key = key;
      self->running = g_cancellable_new ();
      ktm_analysis_run_async (ktm_analysis_find ("trajectory-classes"), frame, options,
                              self->running, NULL, NULL, done_cb, self);
      return NULL;
    }
  g_free (key);
  *why = g_strdup (self->why);
  return self->result != NULL ? report_of (self->result) : NULL;
}

KtmReport *
ktm_class_finder_last (KtmClassFinder *self)
{
  return self->result != NULL ? report_of (self->result) : NULL;
}

gboolean
ktm_class_finder_is_busy (KtmClassFinder *self)
{
  return self->running != NULL;
}
