/* app/cli: ketamine-viewer chart CHART COHORT --output FILE. */
#include "ktm-chart-analysis.h"
#include "ktm-chart-text.h"
#include "ktm-cli.h"
#include "ktm-export.h"
#include "ktm-filter.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Options of the chart, as typed. */
typedef struct
{
  char *output, *recipe, *show, *summary, *band, *individuals, *colour_by, *patient;
  char *threshold, *relief, *definition;
  char *width, *height, *dpi, *font, *theme, *lang, *mark;
  char *classes, *degree, *distribution;
  gboolean standardised, seen_only, turnbull;
  KtmCliEvidence evidence;
  KtmCliHarms harms;
} Typed;

static void
typed_clear (Typed *typed)
{
  char **strings[] = { &typed->output, &typed->recipe,       &typed->show,      &typed->summary,
                       &typed->band,   &typed->individuals,  &typed->colour_by, &typed->patient,
                       &typed->width,  &typed->height,       &typed->dpi,       &typed->font,
                       &typed->theme,  &typed->lang,         &typed->mark,      &typed->classes,
                       &typed->degree, &typed->distribution, &typed->threshold, &typed->relief,
                       &typed->definition };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (*strings[i]);
  ktm_cli_evidence_clear (&typed->evidence);
  ktm_cli_harms_clear (&typed->harms);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static GOptionContext *
new_context (Typed *typed, KtmCliSelection *selection)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &typed->output,
      N_("The figure to write; the ending says PNG, SVG or PDF"), N_("FILE") },
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &typed->recipe,
      N_("Draw what a saved recipe or an exported figure says, instead of CHART"), N_("FILE") },
    { "show", 0, 0, G_OPTION_ARG_STRING, &typed->show, N_("value, change or percent"),
      N_("WORD") },
    { "summary", 0, 0, G_OPTION_ARG_STRING, &typed->summary,
      N_("mean, median, class (curves of trajectory classes) or none"), N_("WORD") },
    { "band", 0, 0, G_OPTION_ARG_STRING, &typed->band, N_("sd, se, ci or none"), N_("WORD") },
    { "individuals", 0, 0, G_OPTION_ARG_STRING, &typed->individuals, N_("all or none"),
      N_("WORD") },
    { "colour-by", 0, 0, G_OPTION_ARG_STRING, &typed->colour_by,
      N_("Attribute that colours the lines; as --by"), N_("ATTRIBUTE") },
    { "classes", 0, 0, G_OPTION_ARG_STRING, &typed->classes,
      N_("Number of trajectory classes, or auto"), N_("K") },
    { "degree", 0, 0, G_OPTION_ARG_STRING, &typed->degree,
      N_("Degree of the class curves, 0 to 3"), N_("D") },
    { "distribution", 0, 0, G_OPTION_ARG_STRING, &typed->distribution,
      N_("Of the scores in a class: censored or normal"), N_("WORD") },
    { "seen-only", 0, 0, G_OPTION_ARG_NONE, &typed->seen_only,
      N_("Responder curve of patients seen, without the line that counts missing as non-response"),
      NULL },
    { "standardised", 0, 0, G_OPTION_ARG_NONE, &typed->standardised,
      N_("Changes of subgroups in SD units"), NULL },
    { "patient", 0, 0, G_OPTION_ARG_STRING, &typed->patient,
      N_("The patient of the chart “patient”; the code is not printed"), N_("CODE") },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &typed->threshold,
      N_("Relief in percent that counts as response, 30 if not given"), N_("PERCENT") },
    { "turnbull", 0, 0, G_OPTION_ARG_NONE, &typed->turnbull,
      N_("Chart “relief” as an interval-censored curve: relief is lost between two visits"),
      NULL },
    { "relief", 0, 0, G_OPTION_ARG_STRING, &typed->relief,
      N_("Rule of relief of the chart “relief”; see analyze --help"), N_("RULE") },
    { "definition", 0, 0, G_OPTION_ARG_STRING, &typed->definition,
      N_("Who counts as a responder, of the chart “responder-rate”; see analyze --help"),
      N_("TEXT") },
    { "width-mm", 0, 0, G_OPTION_ARG_STRING, &typed->width, N_("Width, 174 mm if not given"),
      N_("MM") },
    { "height-mm", 0, 0, G_OPTION_ARG_STRING, &typed->height,
      N_("Height, 120 mm if not given; a forest is as high as its lines"), N_("MM") },
    { "dpi", 0, 0, G_OPTION_ARG_STRING, &typed->dpi, N_("Resolution of a PNG, 300 if not given"),
      N_("DPI") },
    { "font-pt", 0, 0, G_OPTION_ARG_STRING, &typed->font,
      N_("Type size at final size, 9 points if not given"), N_("PT") },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &typed->theme, N_("print, grey, light or dark"),
      N_("WORD") },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &typed->lang,
      N_("Language of the figure, for example fr"), N_("CODE") },
    { "decimal-mark", 0, 0, G_OPTION_ARG_STRING, &typed->mark, N_("point or comma"), N_("WORD") },
    G_OPTION_ENTRY_NULL
  };

  GOptionContext *context =
      ktm_cli_context (_("CHART COHORT --output FILE"),
                       _("Draws a figure; “ketamine-viewer list charts” names the charts."),
                       entries, selection);

  ktm_cli_evidence_add (context, &typed->evidence);
  ktm_cli_harms_add_options (context, &typed->harms);
  return context;
}

/* What a recipe holds cannot be given beside it. */
static gboolean
check_recipe_alone (const Typed *typed, const KtmCliSelection *selection, GError **error)
{
  const struct { const char *option; gboolean given;
  } options[] = {
    { "--measure", selection->measure != NULL },
    { "--by", selection->by != NULL },
    { "--groups", selection->groups != NULL },
    { "--where", selection->where != NULL },
    { "--from", selection->raw_from != NULL },
    { "--to", selection->raw_to != NULL },
    { "--missing", selection->has_missing },
    { "--level", selection->has_level },
    { "--seed", selection->has_seed },
    { "--show", typed->show != NULL },
    { "--summary", typed->summary != NULL },
    { "--band", typed->band != NULL },
    { "--individuals", typed->individuals != NULL },
    { "--colour-by", typed->colour_by != NULL },
    { "--classes", typed->classes != NULL },
    { "--degree", typed->degree != NULL },
    { "--distribution", typed->distribution != NULL },
    { "--standardised", typed->standardised },
    { "--seen-only", typed->seen_only },
    { "--turnbull", typed->turnbull },
    { "--threshold", typed->threshold != NULL },
    { "--relief", typed->relief != NULL },
    { "--definition", typed->definition != NULL },
    { ktm_cli_evidence_given (&typed->evidence),
      ktm_cli_evidence_given (&typed->evidence) != NULL },
    { "--count", typed->harms.count != NULL },
    { "--grade", typed->harms.grade != NULL },
    { "--related", typed->harms.related != NULL },
    { "--interval", typed->harms.interval != NULL },
  };

  for (gsize i = 0; typed->recipe != NULL && i < G_N_ELEMENTS (options); i++)
    if (options[i].given)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("%s cannot be given beside --recipe, which holds it."), options[i].option);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_usage (const Typed *typed, const KtmCliSelection *selection, GError **error)
{
  if (typed->output == NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("--output is missing: name the file to write."));
  else if (selection->raw_format != NULL)
    g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _("--format is not for charts: the ending of --output says PNG, SVG or PDF."));
  else if (typed->colour_by != NULL && selection->by != NULL
           && strcmp (typed->colour_by, selection->by) != 0)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("--by and --colour-by name different attributes: give one."));
  else
    return check_recipe_alone (typed, selection, error);
  return FALSE;
}

/* Language and mark: also beside a recipe. */
static gboolean
read_words (const Typed *typed, KtmChartOptions *options, GError **error)
{
  if (!ktm_cli_check_lang (typed->lang, error)
      || !ktm_cli_take_mark (typed->mark, &options->decimal_mark, error))
    return FALSE;
  if (typed->lang != NULL)
    {
      g_free (options->lang);
      options->lang = g_strdup (typed->lang);
    }
  return TRUE;
}

static gboolean
read_figure (const Typed *typed, KtmExportOptions *figure, GError **error)
{
  static const char *const themes[] = { "light",   "dark",         "print", "grey",
                                        "present", "present-dark", NULL };
  int theme = KTM_THEME_PRINT;

  if (!ktm_cli_parse_number ("--width-mm", typed->width, &figure->width_mm, error)
      || !ktm_cli_parse_number ("--height-mm", typed->height, &figure->height_mm, error)
      || !ktm_cli_parse_number ("--dpi", typed->dpi, &figure->dpi, error)
      || !ktm_cli_parse_number ("--font-pt", typed->font, &figure->font_pt, error)
      || !ktm_cli_take_word ("--theme", typed->theme, themes, &theme, error))
    return FALSE;
  figure->theme = (KtmTheme) theme;
  return TRUE;
}

static gboolean
read_classes (const Typed *typed, KtmChartOptions *o, GError **error)
{
  static const char *const classes[] = { "auto", "1", "2", "3", "4", "5", "6", "7", "8", NULL };
  static const char *const degrees[] = { "0", "1", "2", "3", NULL };
  static const char *const distributions[] = { "censored", "normal", NULL };
  int normal = 0;

  if (!ktm_cli_take_word ("--classes", typed->classes, classes, &o->classes, error)
      || !ktm_cli_take_word ("--degree", typed->degree, degrees, &o->degree, error)
      || !ktm_cli_take_word ("--distribution", typed->distribution, distributions, &normal, error))
    return FALSE;
  o->normal = normal == 1;
  return TRUE;
}

static gboolean
read_options (const Typed *typed, const KtmCliSelection *selection, KtmChartOptions *o,
              GError **error)
{
  static const char *const shows[] = { "value", "change", "percent", NULL };
  static const char *const summaries[] = { "mean", "median", "none", "class", NULL };
  static const char *const bands[] = { "ci", "sd", "se", "none", NULL };
  static const char *const individuals[] = { "none", "all", NULL };
  int show = KTM_SHOW_VALUE, summary = KTM_SUMMARY_MEAN, band = KTM_BAND_CI, lines = 1;

  if (!ktm_cli_evidence_check (&typed->evidence, error)
      || !ktm_cli_take_word ("--show", typed->show, shows, &show, error)
      || !ktm_cli_take_word ("--summary", typed->summary, summaries, &summary, error)
      || !ktm_cli_take_word ("--band", typed->band, bands, &band, error)
      || !ktm_cli_take_word ("--individuals", typed->individuals, individuals, &lines, error)
      || !ktm_cli_parse_number ("--threshold", typed->threshold, &o->threshold, error)
      || !read_classes (typed, o, error) || !ktm_cli_harms_read (&typed->harms, &o->harms, error))
    return FALSE;
  o->relief = g_strdup (typed->relief);
  o->definition = g_strdup (typed->definition);
  o->evidence = ktm_cli_evidence_dup_rule (&typed->evidence);
  o->measure = g_strdup (selection->measure);
  o->show = (KtmShow) show;
  o->summary = (KtmSummary) summary;
  o->band = (KtmBand) band;
  o->individuals = lines == 1;
  o->colour_by = g_strdup (typed->colour_by != NULL ? typed->colour_by : selection->by);
  o->groups = g_strdupv (selection->groups);
  o->missing = selection->missing;
  o->from = selection->from;
  o->to = selection->to;
  o->level = selection->level;
  if (selection->has_seed)
    o->seed = selection->seed;
  return TRUE;
}

/* A number after a comma is another cut of the attribute before it. */
static gboolean
is_cut (const char *word)
{
  word += strspn (word, " ");
  return *word == '-' || *word == '.' || g_ascii_isdigit (*word);
}

/* Subgroups take several attributes: --by pain_type,sex or --by sex,age:40,60. */
static void
split_attributes (KtmChartOptions *o)
{
  g_auto (GStrv) words = o->colour_by != NULL ? g_strsplit (o->colour_by, ",", -1) : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (char **word = words; word != NULL && *word != NULL; word++)
    {
      char **last = ids->len > 0 ? (char **) &ids->pdata[ids->len - 1] : NULL, *before;

      if (last == NULL || strchr (*last, ':') == NULL || !is_cut (*word))
        {
          g_ptr_array_add (ids, g_strdup (g_strstrip (*word)));
          continue;
        }
      before = *last;
      *last = g_strconcat (before, ",", g_strstrip (*word), NULL);
      g_free (before);
    }
  g_ptr_array_add (ids, NULL);
  if (ids->len > 2)
    {
      o->attributes = (char **) g_ptr_array_steal (ids, NULL);
      g_clear_pointer (&o->colour_by, g_free);
    }
  else if (ids->len == 2)
    g_free (ids->pdata[0]);
}

static KtmRecipe *
make_recipe (const char *chart, const Typed *typed, const KtmCliSelection *selection,
             GError **error)
{
  g_autoptr(KtmRecipe) recipe = NULL;

  if (typed->recipe != NULL)
    recipe = ktm_recipe_from_file (typed->recipe, error);
  else
    {
      recipe = g_new0 (KtmRecipe, 1);
      recipe->chart = g_strdup (chart);
      recipe->where = g_strdupv (selection->where);
      recipe->options = ktm_chart_options_new ();
      if (!read_options (typed, selection, recipe->options, error))
        return NULL;
      recipe->options->standardised = typed->standardised;
      recipe->options->seen_only = typed->seen_only;
      recipe->options->turnbull = typed->turnbull;
      if (g_strcmp0 (chart, "subgroups") == 0)
        split_attributes (recipe->options);
    }
  if (recipe == NULL || !read_words (typed, recipe->options, error))
    return NULL;
  return g_steal_pointer (&recipe);
}

static const KtmChartType *
find_type (const char *id, GError **error)
{
  const KtmChartType *type = ktm_chart_type_find (id), *types;
  GString *known;
  gsize n;

  if (type != NULL)
    return type;
  types = ktm_chart_types (&n);
  known = g_string_new (NULL);
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", types[i].id);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("There is no chart “%s”; there are: %s."), id, known->str);
  g_string_free (known, TRUE);
  return NULL;
}

static KtmFrame *
make_frame (KtmCohort *cohort, const KtmRecipe *recipe, guint parts, gboolean codes, GError **error)
{
  g_autoptr(KtmFilter) filter = ktm_filter_new ();
  g_autofree guint *patients = NULL;
  gsize n;

  if (!ktm_cli_add_where (filter, cohort, recipe->where, error))
    return NULL;
  patients = ktm_filter_match (filter, cohort, &n);
  return ktm_cohort_dup_frame (cohort, patients, n, NULL, NULL,
                               (KtmFrameParts) (parts | (codes ? KTM_FRAME_CODES : 0)));
}

static gboolean
find_patient (const KtmFrame *frame, const char *code, KtmChartOptions *options, GError **error)
{
  for (size_t i = 0; code != NULL && frame->code != NULL && i < frame->n_patients; i++)
    if (strcmp (frame->code[i], code) == 0)
      {
        options->picked = (long) i;
        return TRUE;
      }
  if (code == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _("--patient: no selected patient has the code “%s”."), code);
  return FALSE;
}

/* A chart drawn from results: the analysis is run first, with the same selection. */
static KtmReport *
run_analysis (const char *id, KtmFrame *frame, const KtmChartOptions *chart, GError **error)
{
  const KtmAnalysis *analysis = ktm_analysis_find (id);
  g_autoptr(KtmAnalysisOptions) options = ktm_chart_dup_analysis_options (chart);

  g_return_val_if_fail (analysis != NULL, NULL);
  if (!ktm_analysis_resolve (analysis, frame, options, error))
    return NULL;
  return ktm_analysis_run_sync (analysis, frame, options, NULL, error);
}

static KtmScene *
build_scene (const KtmChartType *type, KtmFrame *frame, const KtmChartOptions *options,
             GError **error)
{
  const char *analysis = ktm_chart_analysis (type, options);
  g_autoptr(KtmReport) report = NULL;

  if (analysis != NULL && (report = run_analysis (analysis, frame, options, error)) == NULL)
    return NULL;
  return type->build (frame, report, options, error);
}

static gboolean
check_cohort (KtmCohort *cohort, KtmRecipe *recipe, GError **error)
{
  if (recipe->cohort_id == NULL)
    recipe->cohort_id = g_strdup (ktm_cohort_get_id (cohort));
  if (g_strcmp0 (recipe->cohort_id, ktm_cohort_get_id (cohort)) == 0)
    return TRUE;
  g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      _("--recipe: it was made from another cohort. Open that one, or draw the chart anew."));
  return FALSE;
}

static gboolean
draw (const char *path, const KtmChartType *type, KtmRecipe *recipe, const Typed *typed,
      const KtmExportOptions *figure, KtmExportFormat format, GError **error)
{
  g_autoptr(KtmCohort) cohort = ktm_cohort_open_sync (path, error);
  g_autoptr(KtmFrame) frame = NULL;
  g_autoptr(KtmScene) scene = NULL;
  KtmExportOptions sized;

  if (cohort == NULL || !check_cohort (cohort, recipe, error))
    return FALSE;
  frame = make_frame (cohort, recipe, type->parts, typed->patient != NULL, error);
  if (frame != NULL && ktm_cli_take_class (cohort, &recipe->options->colour_by))
    {
      g_autoptr(KtmAnalysisOptions) options = ktm_chart_dup_analysis_options (recipe->options);

      if (!ktm_cli_add_classes (cohort, frame, options, error))
        return FALSE;
      ktm_frame_unref (frame);
      frame = make_frame (cohort, recipe, type->parts, typed->patient != NULL, error);
    }
  if (frame == NULL || !find_patient (frame, typed->patient, recipe->options, error))
    return FALSE;
  scene = build_scene (type, frame, recipe->options, error);
  if (scene == NULL)
    return FALSE;
  sized = *figure;
  if (typed->height == NULL) /* as high as the lines of a forest are */
    sized.height_mm = ktm_export_natural_height (scene, figure);
  return ktm_export_file (scene, typed->output, format, &sized, recipe, error);
}

int
ktm_cli_chart (int argc, char **argv)
{
  g_auto(Typed) typed = { 0 };
  g_auto(KtmCliSelection) selection;
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KtmRecipe) recipe = NULL;
  KtmExportOptions figure;
  KtmExportFormat format;
  const KtmChartType *type = NULL;
  int status, n;

  ktm_cli_selection_init (&selection);
  context = new_context (&typed, &selection);
  if (!ktm_cli_parse (context, &argc, &argv, &selection, 1, 2, &status))
    return status;
  n = typed.recipe != NULL ? 1 : 2;
  if (argc - 1 != n)
    return ktm_cli_fail (KTM_CLI_USAGE, "%s",
                         argc - 1 < n
                             ? _("An argument is missing; see --help.")
                             : _("The chart cannot be given beside --recipe, which holds it."));
  ktm_export_options_init (&figure);
  ktm_chart_text_begin ();
  if (!check_usage (&typed, &selection, &error) || !read_figure (&typed, &figure, &error)
      || !ktm_export_format_from_path (typed.output, &format, &error)
      || (recipe = make_recipe (argv[1], &typed, &selection, &error)) == NULL
      || (type = find_type (recipe->chart, &error)) == NULL
      || !draw (argv[n], type, recipe, &typed, &figure, format, &error))
    return ktm_cli_fail_error (error);
  return KTM_CLI_DONE;
}
