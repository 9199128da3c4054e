/* model/analysis: GRoLTS, item by item. */
#include "ktm-grolts.h"

#include "ktm-run-classes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const KtmFrame       *frame;
  const KtmReport      *report, *missing;
  const KtmClassResult *result;
  const KtmGbtmFit     *fit;
  const char           *version;
  long                  measure;
  GPtrArray            *items;
} Sheet;

static void
item_free (gpointer data)
{
  KtmGroltsItem *item = data;

  ktm_text_free (item->answer);
  g_free (item);
}

static void
add (Sheet *s, const char *number, const char *item, KtmText *answer)
{
  KtmGroltsItem *line = g_new (KtmGroltsItem, 1);

  *line = (KtmGroltsItem) { number, item, answer };
  g_ptr_array_add (s->items, line);
}

static KtmText *
join (KtmText *before, const char *between, KtmText *next)
{
  if (before == NULL)
    return next;
  return ktm_text_new (between[0] == ';' ? "{1}; {2}" : between[0] == ',' ? "{1}, {2}" : "{1} {2}",
                       "tt", before, next);
}

/* --- time, missing scores, distributions ------------------------------------------------------ */

static void
add_time (Sheet *s)
{
  const KtmFrame *f = s->frame;
  const KtmFrameMeasure *m = &f->measures[s->measure];
  double sum = 0, squares = 0, n = 0;

  add (s, "1", N_("Metric of time"),
       ktm_text_new (N_("Time is counted in {1} from {2} and enters as the nominal time of the "
                        "visits: {3} visits from {4} to {5}."),
                     "wsigg", ktm_class_unit_name (f->time_unit),
                     f->index_event != NULL ? f->index_event : "0", (long) s->fit->n_times,
                     s->fit->time[0], s->fit->time[s->fit->n_times - 1]));
  for (size_t c = 0; m->time != NULL && c < f->n_patients * f->n_visits; c++)
    if (!isnan (m->value[c]) && !isnan (m->time[c]))
      {
        double d = m->time[c] - f->visit_time[c % f->n_visits];

        sum += d;
        squares += d * d;
        n += 1;
      }
  if (n < 2)
    add (s, "2", N_("Mean and variance of time within a wave"),
         ktm_text_new (N_("Exact times were not recorded: within a visit all patients have its "
                          "nominal time."),
                       ""));
  else
    add (s, "2", N_("Mean and variance of time within a wave"),
         ktm_text_new (N_("Scores lie {1} {2} from the nominal time of their visit on average "
                          "(variance {3}, {4} scores); by visit in the table of distributions."),
                       "3w3i", sum / n, ktm_class_unit_name (f->time_unit),
                       (squares - sum * sum / n) / (n - 1), (long) n));
}

/* What went with being lost, from the analysis of missing scores. */
static KtmText *
attrition (const Sheet *s)
{
  KtmText *text = NULL;
  gsize n = 0;

  for (gsize i = 0; s->missing != NULL && i < s->missing->n_rows; i++)
    {
      const KtmReportRow *row = &s->missing->rows[i];

      if (strcmp (row->statistic, "or") != 0 || isnan (row->estimate) || row->subject == NULL)
        continue;
      n++;
      if (row->p < 0.05)
        text = join (text, ";",
                     ktm_text_new (N_("{1}: odds ratio {2} [{3}, {4}], {5}"), "t222p",
                                   row->label != NULL ? ktm_text_copy (row->label)
                                                      : ktm_text_new ("{1}", "s", row->subject),
                                   row->estimate, row->low, row->high, row->p));
    }
  if (n == 0)
    return ktm_text_new (N_("Not examined: the analysis “missingness” answers it where there are "
                            "patients seen and lost."),
                         "");
  if (text == NULL)
    return ktm_text_new (N_("Of {1} predictors of being lost at the last visit (logistic "
                            "regression), none was related to it at the 5 % level."),
                         "i", (long) n);
  return ktm_text_new (N_("Of {1} predictors of being lost at the last visit (logistic "
                          "regression), related at the 5 % level: {2}."),
                       "it", (long) n, text);
}

static void
add_missing (Sheet *s)
{
  const KtmGbtmFit *fit = s->fit;
  long possible = (long) (fit->n_subjects * fit->n_times), seen = (long) fit->n_obs;

  add (s, "3a", N_("Missing data: mechanism"),
       ktm_text_new (N_("{1} of {2} possible scores are missing ({3} %). They are taken to be "
                        "missing at random given the observed scores, which cannot be tested."),
                     "ii1", possible - seen, possible,
                     100 * (double) (possible - seen) / (double) possible));
  add (s, "3b", N_("Missing data: what is related to attrition"), attrition (s));
  add (s, "3c", N_("Missing data: handling"),
       ktm_text_new (
           N_("Every patient with at least one score took part ({1}; {2} without any were "
               "left out); the likelihood uses the scores that are there, none is filled "
               "in."),
           "ii", (long) fit->n_subjects, (long) fit->n_without_score));
}

static void
add_distribution (Sheet *s)
{
  const KtmGbtmFit *fit = s->fit;
  gboolean censored = isfinite (fit->model.lo) || isfinite (fit->model.hi);

  add (s, "4", N_("Distribution of the observed variables"),
       censored
           ? ktm_text_new (N_("{1} scores of {2}, {3} % at the lower end of the scale and {4} % at "
                              "the upper: a censored normal distribution within classes. Number, "
                              "mean, SD, median and quartiles by visit are in the table of "
                              "distributions."),
                           "is11", (long) fit->n_obs, s->report->measure_label,
                           100 * (double) fit->n_left / (double) fit->n_obs,
                           100 * (double) fit->n_right / (double) fit->n_obs)
           : ktm_text_new (N_("{1} scores of {2}: a normal distribution within classes. Number, "
                              "mean, SD, median and quartiles by visit are in the table of "
                              "distributions."),
                           "is", (long) fit->n_obs, s->report->measure_label));
}

/* --- models ----------------------------------------------------------------------------------- */

static KtmText *
growth_text (const Sheet *s)
{
  const KtmGbtmSearch *search = &s->result->search;
  KtmText *list = NULL;

  for (gsize i = 0; i < search->n_growth; i++)
    if (search->growth[i] != NULL)
      list = join (list, ",",
                   ktm_text_new (N_("K = {1}: BIC {2}, SD of levels {3}"), "i02", (long) i + 1,
                                 search->growth[i]->bic_subjects, search->growth[i]->model.tau));
  if (s->fit->model.tau > 0)
    return ktm_text_new (N_("Patients of a class differ in level by a normal random intercept (SD "
                            "{1}): a growth mixture model."),
                         "2", s->fit->model.tau);
  if (list == NULL)
    return ktm_text_new (N_("No variation of level within a class was allowed (latent class growth "
                            "analysis); models with it could not be fitted."),
                         "");
  return ktm_text_new (
      search->advice.continuum
          ? N_("The models used allow no variation of level within a class (latent class growth "
                "analysis). As a check, random intercepts were added ({1}): they fit better than "
                "every model without, so the classes are slices of a continuum.")
          : N_ (
              "The models used allow no variation of level within a class (latent class growth "
              "analysis). As a check, random intercepts were added ({1}): they do not fit better."),
      "t", list);
}

/* Rows of other curves: BIC with the same number of classes. */
static KtmText *
shapes_text (const Sheet *s)
{
  KtmText *list = NULL;

  for (gsize i = 0; i < s->report->n_rows; i++)
    {
      const KtmReportRow *row = &s->report->rows[i];

      if (strcmp (row->statistic, "bic_subjects") == 0 && row->subject != NULL
          && !g_str_has_prefix (row->subject, "K = ")
          && strcmp (row->subject, ktm_class_curve_name (&s->fit->spec)) != 0)
        list = join (list, ";", ktm_text_new (N_("{1}: BIC {2}"), "w0", row->subject,
                                              row->estimate));
    }
  if (list == NULL)
    return ktm_text_new (N_("The class curves are {1} (BIC {2}); too few visits for other shapes."),
                         "w0", ktm_class_curve_name (&s->fit->spec), s->fit->bic_subjects);
  return ktm_text_new (N_("The class curves are {1} (BIC {2}). With as many classes: {3}."), "w0t",
                       ktm_class_curve_name (&s->fit->spec), s->fit->bic_subjects, list);
}

static void
add_models (Sheet *s)
{
  gboolean each = s->fit->spec.sigma_by_class;

  add (s, "5", N_("Software"),
       ktm_text_new (N_("Ketamine Viewer {1}, with the GNU Scientific Library."), "s", s->version));
  add (s, "6a", N_("Alternatives of variation within classes"), growth_text (s));
  add (
      s, "6b", N_("Variance structure between classes"),
      each
          ? ktm_text_new (N_("Each class has its own residual SD, with a floor of a tenth of the "
                              "pooled SD, as the likelihood has no bound without one."),
                          "")
          : ktm_text_new (N_("One residual SD for all classes ({1}); visits are independent given "
                              "the class."),
                          "2", s->fit->model.sigma[0]));
  add (s, "7", N_("Alternative shapes of the trajectories"), shapes_text (s));
  add (s, "8", N_("Covariates"),
       ktm_text_new (N_("None in the trajectory model. Predictors of the class are a separate "
                        "analysis (“class-predictors”), replicable with its command."),
                     ""));
}

/* --- search and choice ------------------------------------------------------------------------ */

/* One phrase for each number of classes. */
static KtmText *
for_each (const Sheet *s, KtmText *(*say) (const KtmGbtmFit *fit), gsize from)
{
  const KtmGbtmSearch *search = &s->result->search;
  KtmText *list = NULL;

  for (gsize i = from - 1; i < search->n; i++)
    if (search->fit[i] != NULL)
      list = join (list, ";", ktm_text_new ("K = {1}: {2}", "it", (long) i + 1,
                                            say (search->fit[i])));
  return list != NULL ? list : ktm_text_new ("–", "");
}

static KtmText *
say_starts (const KtmGbtmFit *fit)
{
  return ktm_text_new (N_("{1} tried, {2} carried to the end, {3} of them at the best likelihood"),
                       "iii", (long) fit->n_tried, (long) fit->n_finished, (long) fit->n_hits);
}

static KtmText *
say_sizes (const KtmGbtmFit *fit)
{
  KtmText *list = NULL;

  for (gsize k = 0; k < fit->model.n_classes; k++)
    list = join (list, ",", ktm_text_new ("{1} ({2} %)", "i0", (long) fit->modal_n[k],
                                          100 * (double) fit->modal_n[k]
                                              / (double) fit->n_subjects));
  return list;
}

static KtmText *
say_entropy (const KtmGbtmFit *fit)
{
  return ktm_text_new ("{1}", "2", fit->entropy);
}

static void
add_search (Sheet *s)
{
  const KtmGbtmSearch *search = &s->result->search;
  const KtmGbtmSpec *spec = &s->result->spec;
  long n = 0, growth = 0, other = 0;

  for (gsize i = 0; i < search->n; i++)
    n += search->fit[i] != NULL;
  for (gsize i = 0; i < search->n_growth; i++)
    growth += search->growth[i] != NULL;
  for (gsize i = 0; i < s->report->n_rows; i++)
    other += strcmp (s->report->rows[i].statistic, "bic_subjects") == 0
             && s->report->rows[i].subject != NULL
             && !g_str_has_prefix (s->report->rows[i].subject, "K = ")
             && strcmp (s->report->rows[i].subject, ktm_class_curve_name (&s->fit->spec)) != 0;
  if (s->fit->n_sample == 0)
    add (s, "9", N_("Random starts and final iterations"),
         ktm_text_new (
             N_("{1}. From each start 25 EM steps, the best eight on with EM and BFGS, the "
                 "best of these with Newton steps until the gradient vanished; seed {2}."),
             "ti", for_each (s, say_starts, 1), (long) spec->seed));
  else
    add (s, "9", N_("Random starts and final iterations"),
         ktm_text_new (
             N_("{1}. On {3} patients drawn at random: from each start 25 EM steps, the best eight "
                 "on with EM and BFGS. The best {4} of their optima, where they differ, on all "
                 "patients with BFGS, the best of these with Newton steps until the gradient "
                 "vanished; seed {2}."),
             "tiii", for_each (s, say_starts, 1), (long) spec->seed, (long) s->fit->n_sample,
             (long) KTM_GBTM_CARRIED));
  add (s, "10", N_("Tools of model selection"),
       ktm_text_new (
           s->result->by_person
               ? N_("BIC (patients and scores), AIC, sample-size adjusted BIC, ICL, entropy, "
                     "smallest class, mean posterior probability, odds of correct classification. "
                     "{1} classes were chosen by a person; the elbow rule recommends {2}.")
               : N_ (
                   "BIC (patients and scores), AIC, sample-size adjusted BIC, ICL, entropy, "
                   "smallest class, mean posterior probability, odds of correct classification. "
                   "{1} classes were taken by the elbow rule (a heuristic), which recommends {2}."),
           "ii", (long) s->result->n_classes, (long) search->advice.n_classes));
  add (s, "11", N_("Number of models fitted, with one class"),
       ktm_text_new (N_("{1} with 1 to {2} classes, {3} with random intercepts, {4} of other "
                        "shapes."),
                     "iiii", n, (long) search->n, growth, other));
  add (s, "12", N_("Cases per class in each model"), for_each (s, say_sizes, 1));
  add (s, "13", N_("Entropy"), for_each (s, say_entropy, 2));
}

/* --- results ---------------------------------------------------------------------------------- */

static KtmText *
final_text (const Sheet *s)
{
  const KtmGbtmFit *fit = s->fit;
  KtmText *list = NULL;

  for (gsize k = 0; k < fit->model.n_classes; k++)
    {
      double t[2] = { fit->time[0], ktm_class_result_last (s->result, fit, k) };
      KtmEstimate e[2];

      ktm_gbtm_curve (fit, k, t, 2, 0.95, e);
      list = join (list, ";",
                   isnan (e[0].low)
                       ? ktm_text_new (N_("{1}: {2} patients, {3} % in the model, {4} → {5}"),
                                       "wi011",
                                       ktm_class_result_name (s->result, fit->model.n_classes, k),
                                       (long) fit->modal_n[k], 100 * fit->model.pi[k], e[0].value,
                                       e[1].value)
                       : ktm_text_new (
                           N_("{1}: {2} patients, {3} % in the model, {4} [{5}, {6}] → {7} [{8}, "
                              "{9}]"),
                           "wi0111111", ktm_class_result_name (s->result, fit->model.n_classes, k),
                           (long) fit->modal_n[k], 100 * fit->model.pi[k], e[0].value, e[0].low,
                           e[0].high, e[1].value, e[1].low, e[1].high));
    }
  return ktm_text_new (N_("Expected score at the first and the last visit with 95 % interval: {1}. "
                          "Coefficients with SE, means by visit and shares are in the table of "
                          "results."),
                       "t", list);
}

static void
add_results (Sheet *s)
{
  g_autofree char *command = ktm_grolts_command (s->report, NULL);

  add (s, "14a", N_("Plot of the final trajectories"),
       ktm_text_new (N_("Figure “classes”: the curve of each class with its interval and the "
                        "observed means."),
                     ""));
  add (s, "14b", N_("Plot for each model"),
       ktm_text_new (N_("Figure “class-models”: the curves for each number of classes."), ""));
  add (s, "14c", N_("Plot of means with the observed individuals by class"),
       ktm_text_new (N_("Figure “classes”: a panel a class, with every patient's course."), ""));
  add (s, "15", N_("Final classes in numbers"), final_text (s));
  add (s, "16", N_("Syntax"),
       ktm_text_new (N_("{1} repeats the analysis; the program is free software, and its source is "
                        "open."),
                     "s", command));
}

GPtrArray *
ktm_grolts_new (const KtmFrame *frame, const KtmReport *report, const KtmReport *missing,
                const char *version)
{
  Sheet s = { frame, report, missing, report->classes, NULL, version, 0, NULL };

  s.items = g_ptr_array_new_with_free_func (item_free);
  s.fit = s.result != NULL ? ktm_class_result_fit (s.result) : NULL;
  if (s.fit == NULL || s.result->applied)
    return s.items;
  s.measure = MAX (0, ktm_frame_find_measure (frame, s.result->measure));
  add_time (&s);
  add_missing (&s);
  add_distribution (&s);
  add_models (&s);
  add_search (&s);
  add_results (&s);
  return s.items;
}

char *
ktm_grolts_command (const KtmReport *report, const char *const *where)
{
  static const char *const shapes[] = { "polynomial", "spline", "piecewise" };
  const KtmClassResult *r = report->classes;
  const KtmGbtmFit *fit = ktm_class_result_fit (r);
  GString *out = g_string_new ("ketamine-viewer analyze trajectory-classes COHORT");
  char from[G_ASCII_DTOSTR_BUF_SIZE], to[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (from, sizeof from, r->from);
  g_ascii_dtostr (to, sizeof to, r->to);
  g_string_append_printf (out, " --measure %s --from %s --to %s --classes %" G_GSIZE_FORMAT,
                          r->measure, from, to, r->n_classes);
  if (fit->spec.shape == KTM_GBTM_POLYNOMIAL)
    {
      gboolean alike = TRUE;

      for (gsize k = 1; k < r->n_classes; k++)
        alike = alike && fit->spec.order[k] == fit->spec.order[0];
      g_string_append_printf (out, " --degree %" G_GSIZE_FORMAT, fit->spec.order[0]);
      for (gsize k = 1; !alike && k < r->n_classes; k++)
        g_string_append_printf (out, ",%" G_GSIZE_FORMAT, fit->spec.order[k]);
    }
  else
    {
      g_string_append_printf (out, " --shape %s --knots ", shapes[fit->spec.shape]);
      for (gsize q = 0; q < fit->spec.n_knots; q++)
        g_string_append_printf (out, "%s%s", q > 0 ? "," : "",
                                g_ascii_dtostr (from, sizeof from, fit->spec.knots[q]));
    }
  if (isinf (r->data.lo) && isinf (r->data.hi))
    g_string_append (out, " --distribution normal");
  if (fit->spec.sigma_by_class)
    g_string_append (out, " --sigma-by-class");
  if (fit->spec.random_intercept)
    g_string_append (out, " --random-intercept");
  g_string_append_printf (out, " --starts %" G_GSIZE_FORMAT " --seed %" G_GUINT64_FORMAT,
                          r->spec.n_starts, (guint64) r->spec.seed);
  for (; where != NULL && *where != NULL; where++)
    g_string_append_printf (out, " --where '%s'", *where);
  return g_string_free (out, FALSE);
}
