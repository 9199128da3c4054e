/* model/analysis: the search for trajectory classes and how a paper describes it. */
#include "ktm-run-classes.h"

#include <glib/gi18n-lib.h>

#define MOST_CLASSES   6
#define GROWTH_CLASSES 3

/* Stops for the caller's reasons, or because the person has seen enough. */
typedef struct
{
  const KtmProgress *outer;
  GCancellable      *enough;
} Watch;

static bool
watch_stop (void *data)
{
  const Watch *watch = data;

  return ktm_progress_stopped (watch->outer) || g_cancellable_is_cancelled (watch->enough);
}

/* Who hears of what was found on the way. */
typedef struct
{
  KtmClassResult *result;
  gsize           wanted;
  KtmClassesFound found;
  gpointer        data;
} Listener;

static void
tell_found (void *data, const KtmGbtmSearch *search)
{
  const Listener *listener = data;
  KtmClassResult *so_far = ktm_class_result_so_far (listener->result, search, listener->wanted);

  if (so_far == NULL)
    g_error ("out of memory");
  listener->found (so_far, listener->data);
}

static void
watch_report (void *data, double fraction)
{
  ktm_progress_report (((const Watch *) data)->outer, fraction);
}

static KtmGbtmSpec
make_spec (const KtmRun *run, KtmRunClasses *out)
{
  const KtmAnalysisOptions *o = run->options;
  double times[64];
  gsize n_times = ktm_class_result_times (out->result, times, G_N_ELEMENTS (times));
  KtmGbtmShape shape;
  KtmGbtmSpec spec;

  out->asked = (gsize) CLAMP (o->degree, 0, KTM_GBTM_MAX_ORDER);
  out->degree = MIN (out->asked, n_times > 0 ? n_times - 1 : 0);
  spec = ktm_gbtm_spec (1, out->degree);
  ktm_class_shape_parse (o->shape, &shape);
  out->straightened = !ktm_class_set_shape (&spec, shape, o->knots, o->n_knots, times, n_times);
  if (out->straightened)
    out->degree = out->asked = spec.order[0];
  spec.sigma_by_class = o->sigma_by_class;
  spec.random_intercept = o->random_intercept;
  spec.n_threads = g_get_num_processors ();
  if (o->has_seed)
    spec.seed = o->seed;
  if (o->starts > 0)
    {
      spec.n_starts = o->starts;
      spec.max_starts = MAX (spec.max_starts, o->starts);
    }
  return spec;
}

/* What was found before, where it is of these scores and reaches as far as is asked for. */
static gboolean
take_found (const KtmRun *run, const KtmGbtmSpec *spec, gsize wanted, KtmRunClasses *out)
{
  const KtmClassResult *found = run->options->found;
  KtmClassResult *chosen;

  out->result->spec = *spec;
  if (found == NULL || wanted > found->search.n || !ktm_class_result_same (found, out->result))
    return FALSE;
  chosen = ktm_class_result_choose (found, run->frame, wanted);
  if (chosen == NULL)
    g_error ("out of memory");
  ktm_class_result_unref (out->result);
  out->result = chosen;
  out->status = chosen->search.status[chosen->search.n - 1] == KTM_STATS_CANCELLED
                    ? KTM_STATS_CANCELLED
                    : KTM_STATS_OK;
  return TRUE;
}

/* The model with a degree for each class takes the place of the one with all alike. */
static void
fit_own_degrees (const KtmRun *run, KtmRunClasses *out, const KtmProgress *progress)
{
  KtmClassResult *result = out->result;
  gsize k = result->n_classes, most = ktm_class_result_n_times (result) - 1;
  KtmGbtmSpec spec = result->spec;
  KtmGbtmFit *fit;

  out->n_degrees = ktm_class_parse_degrees (run->options->degrees, out->degrees);
  if (out->n_degrees != k || k == 0)
    {
      out->n_degrees = 0;
      return;
    }
  spec.n_classes = k;
  for (gsize c = 0; c < k; c++)
    spec.order[c] = out->degrees[c] = MIN (out->degrees[c], most);
  out->own_status = ktm_gbtm_fit (&result->data, &spec, NULL, progress, &fit);
  if (out->own_status != KTM_STATS_OK)
    return;
  ktm_gbtm_fit_free (result->search.fit[k - 1]);
  result->search.fit[k - 1] = fit;
  result->own_degrees = true;
  ktm_gbtm_advise ((const KtmGbtmFit *const *) result->search.fit, result->search.n,
                   (const KtmGbtmFit *const *) result->search.growth, result->search.n_growth,
                   &result->search.advice);
}

static void
search (const KtmRun *run, KtmRunClasses *out, const KtmProgress *progress, KtmClassesFound found,
        gpointer data)
{
  const KtmAnalysisOptions *o = run->options;
  gsize wanted = (gsize) MAX (o->classes, 0);
  KtmGbtmSpec spec = make_spec (run, out);
  Listener listener = { out->result, wanted, found, data };
  KtmGbtmWatch tell = { tell_found, &listener };

  if (!take_found (run, &spec, wanted, out))
    out->status = ktm_class_result_search (
        out->result, &spec, MIN (MAX (wanted + 1, MOST_CLASSES), KTM_GBTM_MAX_CLASSES),
        o->random_intercept ? 0 : GROWTH_CLASSES, wanted, progress, found != NULL ? &tell : NULL);
  if (o->degrees != NULL)
    fit_own_degrees (run, out, progress);
}

/* The scores of the run; with a model to apply only those at times it knows. */
static void
take_scores (const KtmRun *run, KtmRunClasses *out)
{
  const KtmClassModel *model = run->options->apply;
  gsize n = run->frame->n_patients;
  g_autofree bool *in = g_new (bool, n + 1);
  double from = run->frame->visit_time[run->first], to = run->frame->visit_time[run->last];

  for (gsize i = 0; i < n; i++)
    in[i] = ktm_run_in_group (run, i, -1);
  if (model != NULL)
    {
      for (gsize i = 0; i < n; i++)
        for (gsize v = run->first; in[i] && v <= run->last; v++)
          out->n_outside += !isnan (run->m->value[i * run->frame->n_visits + v])
                            && (run->frame->visit_time[v] < model->model.first_time - 1e-6
                                || run->frame->visit_time[v] > model->model.last_time + 1e-6);
      from = MAX (from, model->model.first_time);
      to = MIN (to, model->model.last_time);
    }
  if (ktm_class_result_new (run->frame, run->measure, from, to, in, run->options->censored,
                            &out->result)
      != KTM_STATS_OK)
    g_error ("out of memory");
  for (gsize i = 0; i < n; i++)
    out->n_without += in[i] && out->result->n_scores[i] == 0;
}

gboolean
ktm_run_classes (const KtmRun *run, KtmRunClasses *out)
{
  return ktm_run_classes_watched (run, NULL, NULL, out);
}

gboolean
ktm_run_classes_watched (const KtmRun *run, KtmClassesFound found, gpointer data,
                         KtmRunClasses *out)
{
  Watch watch = { run->progress, run->options->enough };
  KtmProgress progress = { watch_stop, watch_report, &watch };

  *out = (KtmRunClasses) { 0 };
  take_scores (run, out);
  if (out->result->data.n_obs == 0)
    out->status = KTM_STATS_TOO_FEW;
  else if (run->options->apply != NULL)
    out->status = ktm_class_result_apply (out->result, run->options->apply);
  else
    search (run, out, &progress, found, data);
  return !ktm_progress_stopped (run->progress);
}

gboolean
ktm_run_with_classes (const KtmFrame *frame, const KtmAnalysisOptions *options,
                      const KtmProgress *progress, KtmReport *report, KtmClassesTell tell,
                      GError **error)
{
  g_auto(KtmRun) run = { 0 };
  g_auto(KtmRunClasses) classes = { 0 };

  if (!ktm_run_init (&run, frame, options, progress, report, error)
      || !ktm_run_classes_check (&run, error))
    return FALSE;
  if (!ktm_run_classes (&run, &classes))
    return TRUE;
  ktm_run_classes_describe (&run, &classes);
  return tell (&run, &classes, error);
}

void
ktm_run_classes_clear (KtmRunClasses *classes)
{
  g_clear_pointer (&classes->result, ktm_class_result_unref);
}

gboolean
ktm_run_classes_censored (const KtmRunClasses *classes)
{
  return isfinite (classes->result->data.lo) || isfinite (classes->result->data.hi);
}

KtmText *
ktm_run_classes_why_none (const KtmRunClasses *classes)
{
  long n = 0, scores = (long) classes->result->data.n_obs;

  for (gsize i = 0; i < classes->result->n_patients; i++)
    n += classes->result->n_scores[i] > 0;
  switch (classes->status)
    {
    case KTM_STATS_TOO_FEW:
      return n == 0 ? ktm_text_new (N_("No selected patient has a score at these visits, so there "
                                        "are no courses to part into classes."),
                                    "")
                    : ktm_text_new (
                          N_("Too few scores for trajectory classes: {1} of {2}."), "tt",
                          ktm_text_new_plural ("{1} score", "{1} scores", "i", scores),
                          ktm_text_new_plural ("{1} patient", "{1} patients", "i", n));
    case KTM_STATS_NO_VARIANCE:
      return ktm_text_new (
          N_("All scores are equal, so there are no different courses to part into classes."), "");
    case KTM_STATS_UNDEFINED:
      return ktm_text_new (N_("All scores lie at an end of the scale, where the censored model "
                               "sees nothing; the normal model may be tried instead."),
                           "");
    case KTM_STATS_CANCELLED:
      return ktm_text_new (N_("The search was ended before one class was fitted."), "");
    default:
      return ktm_text_new (ktm_stats_status_text (classes->status), "");
    }
}
