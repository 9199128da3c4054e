/* Nothing clipped, nothing overlapping: every type, five sizes, one and twelve groups, a 40-letter
 * name. */
#include <math.h>
#include <string.h>

#include "chart-fixture.h"
#include "ktm-draw.h"

static const double sizes[][2] = {
  { 60, 40 }, { 241, 170 }, { 493, 340 }, { 735, 600 }, { 3840, 2160 }
};
#define LONG_NAME "Chronisches regionales Schmerzsyndrom 40"

/* Light, print, present: three sizes of type.  The sanitizers see the same code in each. */
#ifdef __SANITIZE_ADDRESS__
#define LAST_THEME KTM_THEME_LIGHT
#else
#define LAST_THEME KTM_THEME_PRESENT
#endif

static gboolean
inside (const KtmLayout *l, const KtmRect *b)
{
  return b->x >= -0.6 && b->y >= -0.6 && b->x + b->w <= l->width + 0.6
         && b->y + b->h <= l->height + 0.6;
}

static gboolean
overlap (const KtmRect *a, const KtmRect *b)
{
  double slack = 0.6;

  return a->x + slack < b->x + b->w && b->x + slack < a->x + a->w && a->y + slack * 2 < b->y + b->h
         && b->y + slack * 2 < a->y + a->h;
}

/* Corners of a text, turned as it is drawn. */
static void
corners (const KtmItem *item, double x[4], double y[4])
{
  const double s = item->slanted ? sqrt (0.5) : 0, c = item->slanted ? s : 1;

  for (int k = 0; k < 4; k++)
    {
      double u = k == 0 || k == 3 ? 0 : 1, v = k < 2 ? 0 : 1;

      if (item->slanted)
        {
          u = (u - 1) * item->x2;
          v = (v - 0.5) * item->y2;
        }
      x[k] = item->slanted ? item->x + u * c + v * s : item->box.x + u * item->box.w;
      y[k] = item->slanted ? item->y - u * s + v * c : item->box.y + v * item->box.h;
    }
}

/* Of two texts of which one is slanted: no line at 0, 45, 90 or 135 degrees parts them. */
static gboolean
overlap_turned (const KtmItem *a, const KtmItem *b)
{
  double ax[4], ay[4], bx[4], by[4];

  corners (a, ax, ay);
  corners (b, bx, by);
  for (int k = 0; k < 4; k++)
    {
      double dx = cos (k * G_PI / 4), dy = sin (k * G_PI / 4), lo[2] = { INFINITY, INFINITY },
             hi[2] = { -INFINITY, -INFINITY };

      for (int i = 0; i < 4; i++)
        {
          lo[0] = MIN (lo[0], ax[i] * dx + ay[i] * dy);
          hi[0] = MAX (hi[0], ax[i] * dx + ay[i] * dy);
          lo[1] = MIN (lo[1], bx[i] * dx + by[i] * dy);
          hi[1] = MAX (hi[1], bx[i] * dx + by[i] * dy);
        }
      if (hi[0] <= lo[1] + 1.2 || hi[1] <= lo[0] + 1.2)
        return FALSE;
    }
  return TRUE;
}

static void
check_items (const KtmLayout *l)
{
  for (guint i = 0; i < l->items->len; i++)
    {
      const KtmItem *a = &g_array_index (l->items, KtmItem, i);

      if (!inside (l, &a->box))
        g_error ("%s %gx%g: “%s” is clipped: %g %g %g %g", l->scene->chart, l->width, l->height,
                 a->text ? a->text : "marker", a->box.x, a->box.y, a->box.w, a->box.h);
      for (guint j = 0; a->kind == KTM_ITEM_TEXT && j < i; j++)
        {
          const KtmItem *b = &g_array_index (l->items, KtmItem, j);

          if (b->kind == KTM_ITEM_TEXT
              && (a->slanted || b->slanted ? overlap_turned (a, b) : overlap (&a->box, &b->box)))
            g_error ("%s %gx%g: “%s” covers “%s”", l->scene->chart, l->width, l->height, a->text,
                     b->text);
        }
    }
}

static void
check_scene (const KtmScene *scene)
{
  for (guint theme = KTM_THEME_LIGHT; theme <= LAST_THEME; theme += 2)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        KtmStyle style;

        ktm_style_init (&style, (KtmTheme) theme, 0, 0, NULL);
        g_autoptr (KtmLayout) l = ktm_layout_new (scene, &style, sizes[s][0], sizes[s][1], NULL);
        check_items (l);
      }
}

static void
check_type (const char *id, const char *lang, gsize n_groups, const char *name, gsize n_patients,
            gsize n_visits)
{
  ChartFixture fixture = { n_patients, n_visits, n_groups, name };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (GError) error = NULL;

  options->lang = g_strdup (lang);
  options->colour_by = g_strdup ("group");
  options->picked = 0;
  options->title = g_strdup ("A title of some length over the figure");
  g_autoptr (KtmReport) report = chart_fixture_report (ktm_chart_type_find (id), frame);
  g_autoptr (KtmScene) scene = ktm_chart_type_find (id)->build (frame, report, options, &error);
  if ((n_patients <= 2 || n_groups > 4)
      && scene == NULL) /* two patients may have nothing a chart needs, twelve groups too many
                           panels: it says so */
    {
      g_assert_nonnull (error);
      ktm_frame_unref (frame);
      return;
    }
  g_assert_no_error (error);
  g_assert_false (scene->has_codes);
  check_scene (scene);
  options->codes = TRUE;
  g_clear_pointer (&options->title, g_free);
  g_autoptr (KtmScene) coded = ktm_chart_type_find (id)->build (frame, report, options, &error);
  check_scene (coded);
  ktm_frame_unref (frame);
}

static void
test_type (gconstpointer data)
{
  const KtmChartType *type = data;

  for (int lang = 0; lang < 2; lang++)
    {
      check_type (type->id, lang ? "fr" : "en", 1, NULL, 60, 13);
      check_type (type->id, lang ? "fr" : "en", 4, LONG_NAME, 80, 13);
      if (strcmp (type->id, "flow") != 0) /* four columns of boxes at most */
        check_type (type->id, lang ? "fr" : "en", 12, LONG_NAME, 150, 13);
      if (type->analysis == NULL) /* two patients make no classes */
        check_type (type->id, lang ? "fr" : "en", 2, NULL, 2, 2);
    }
}

static void
test_degenerate (gconstpointer data)
{
  const KtmChartType *type = data;
  static const ChartFixture cases[] = {
    { 0, 3, 1, NULL }, { 1, 13, 1, NULL }, { 5, 1, 2, NULL }, { 3, 2, 3, NULL }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int show = KTM_SHOW_VALUE; show <= KTM_SHOW_PERCENT; show++)
      for (int missing = 0; missing < 2 * 5; missing++)
        {
          KtmFrame *frame = chart_fixture_frame (&cases[i]);
          g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
          g_autoptr (GError) error = NULL;

          for (gsize k = 0; missing >= 5 && k < frame->n_patients * frame->n_visits; k++)
            frame->measures[0].value[k] = NAN;
          ktm_frame_set_baselines (frame);
          options->show = (KtmShow) show;
          options->missing = (KtmMissing) (missing % 5);
          options->colour_by = g_strdup ("group");
          options->picked = 0;
          g_autoptr (KtmReport) report = missing < 6 ? chart_fixture_report (type, frame) : NULL;
          g_autoptr (KtmScene) scene = type->build (frame, report, options, &error);
          g_assert_true ((scene == NULL) == (error != NULL));
          if (scene != NULL)
            check_scene (scene);
          ktm_frame_unref (frame);
        }
}

static void
test_too_many_groups (void)
{
  ChartFixture fixture = { 60, 4, 13, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (GError) error = NULL;

  options->colour_by = g_strdup ("group");
  g_assert_null (ktm_chart_type_find ("trajectories")->build (frame, NULL, options, &error));
  g_assert_nonnull (strstr (error->message, "13"));
  ktm_frame_unref (frame);
}

/* Class curves in the place of means, and patients who came after the classes were made. */
static void
test_class_curves (void)
{
  ChartFixture fixture = { 60, 9, 2, NULL }, larger = { 70, 9, 2, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture), *more = chart_fixture_frame (&larger);
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmReport) report = chart_fixture_report (ktm_chart_type_find ("classes"), frame);
  g_autoptr (GError) error = NULL;

  options->summary = KTM_SUMMARY_CLASS;
  g_assert_cmpstr (ktm_chart_analysis (ktm_chart_type_find ("trajectories"), options), ==,
                   "trajectory-classes");
  g_autoptr (KtmScene) scene =
      ktm_chart_type_find ("trajectories")->build (frame, report, options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scene->panels->len, ==, 1);
  check_scene (scene);
  g_autoptr (KtmScene) panels =
      ktm_chart_type_find ("small-multiples")->build (more, report, options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (panels->panels->len, ==, 3);
  g_assert_nonnull (strstr (panels->caption, "not among those"));
  check_scene (panels);
  g_assert_null (ktm_chart_type_find ("trajectories")->build (frame, NULL, options, &error));
  g_assert_nonnull (strstr (error->message, "no trajectory classes"));
  ktm_frame_unref (frame);
  ktm_frame_unref (more);
}

/* One patient's page says the class and, past the last score, the expected course in dashes. */
static void
test_outlook (void)
{
  ChartFixture fixture = { 60, 9, 2, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  const KtmChartType *type = ktm_chart_type_find ("patient");
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmReport) report = chart_fixture_report (ktm_chart_type_find ("classes"), frame);
  gsize n_drawn = 0;

  options->summary = KTM_SUMMARY_CLASS;
  g_assert_cmpstr (ktm_chart_analysis (type, options), ==, "trajectory-classes");
  for (options->picked = 0; options->picked < (long) frame->n_patients; options->picked += 7)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KtmScene) scene = type->build (frame, report, options, &error);
      gboolean drawn = FALSE;

      g_assert_no_error (error);
      check_scene (scene);
      for (guint i = 0; i < ((KtmPanel *) scene->panels->pdata[0])->marks->len; i++)
        {
          const KtmMark *mark = ((KtmPanel *) scene->panels->pdata[0])->marks->pdata[i];

          drawn = drawn || (mark->kind == KTM_MARK_LINE && mark->dashed);
        }
      g_assert_true (drawn == (strstr (scene->caption, "no individual prognosis") != NULL));
      n_drawn += drawn;
      if (drawn)
        g_assert_nonnull (strstr (scene->description, "Most likely trajectory class"));
    }
  g_assert_cmpuint (n_drawn, >, 0);
  ktm_frame_unref (frame);
}

/* A result stands over the caption, in the figure's language, on screen and in print; no recipe
 * keeps it. */
/* The line of a forest that begins with these words; fails where there is none. */
static const KtmLine *
find_line (const KtmScene *scene, const char *label)
{
  const KtmPanel *panel = scene->panels->pdata[0];

  for (guint i = 0; i < panel->lines->len; i++)
    if (g_str_has_prefix (((const KtmLine *) panel->lines->pdata[i])->label, label))
      return panel->lines->pdata[i];
  g_error ("no line “%s”", label);
}

static gboolean
is_written (const KtmLayout *l, const char *text)
{
  for (guint i = 0; i < l->items->len; i++)
    if (!g_strcmp0 (g_array_index (l->items, KtmItem, i).text, text))
      return TRUE;
  return FALSE;
}

/* Published studies by a column of their table: seven with long names, and forty. */
static void
check_study_groups (gsize n_groups, const char *lang)
{
  ChartFixture fixture = { 40, 13, n_groups, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  const KtmChartType *type = ktm_chart_type_find ("evidence");
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmAnalysisOptions) asked = ktm_analysis_options_new ();
  g_autoptr (GError) error = NULL;
  KtmStyle style;

  options->lang = g_strdup (lang);
  options->measure = g_strdup ("nrs");
  options->evidence = g_strdup ("effect md, moderator crps");
  asked->measure = g_strdup ("nrs");
  asked->evidence = g_strdup (options->evidence);
  g_autoptr (KtmReport) report = ktm_analysis_run_sync (ktm_analysis_find ("meta-analysis"), frame,
                                                        asked, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (KtmScene) scene = type->build (frame, report, options, &error);
  g_assert_no_error (error);
  check_scene (scene);
  if (lang == NULL)
    {
      find_line (scene, "crps: no");
      find_line (scene, "crps: not said");
      find_line (scene, "By crps, do they differ? Q = ");
    }
  if (n_groups == 3 && lang == NULL)
    {
      /* REML by R: optimize() of the restricted likelihood, two trials and four */
      g_assert_cmpstr (find_line (scene, "Pooled, 2 studies")->value, ==, "−0.41 [−1.13, 0.31]");
      find_line (scene, "By crps, do they differ? Q = 1.21, df 1, p = .27");
      g_assert_cmpstr (find_line (scene, "Pooled, 4 studies")->value, ==, "−1.09 [−2.05, −0.12]");
    }
  /* long names are cut before the groups' numbers go */
  ktm_style_init (&style, KTM_THEME_PRINT, 0, 0, NULL);
  g_autoptr (KtmLayout) l = ktm_layout_new (scene, &style, 493, 1200, NULL);
  g_assert_true (is_written (l, "Ketamine") && is_written (l, "Placebo"));
  ktm_frame_unref (frame);
}

static void
test_study_groups (void)
{
  check_study_groups (3, NULL);
  check_study_groups (12, NULL);
  check_study_groups (12, "fr");
}

static void
test_note (void)
{
  ChartFixture fixture = { 60, 9, 2, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (GError) error = NULL;
  static const char *const ids[] = { "trajectories", "small-multiples", "heatmap" };
  KtmRecipe recipe = { (char *) "c0ffee", (char *) "trajectories", NULL, options };
  g_autofree char *text = NULL;

  options->colour_by = g_strdup ("group");
  options->decimal_mark = ',';
  options->note = ktm_text_new ("Baseline → month 12: {1} points", "1", -0.9);
  text = ktm_recipe_to_text (&recipe);
  g_assert_null (strstr (text, "points"));
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (KtmScene) scene =
          ktm_chart_type_find (ids[i])->build (frame, NULL, options, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (scene->result, ==, "Baseline → month 12: −0,9 points");
      check_scene (scene);
      for (guint theme = KTM_THEME_LIGHT; theme <= KTM_THEME_PRINT; theme += 2)
        {
          KtmStyle style;
          double result = 0, caption = 0;

          ktm_style_init (&style, (KtmTheme) theme, 0, 0, NULL);
          g_autoptr (KtmLayout) l = ktm_layout_new (scene, &style, 493, 400, NULL);
          for (guint k = 0; k < l->items->len; k++)
            {
              const KtmItem *item = &g_array_index (l->items, KtmItem, k);

              result = item->use == KTM_USE_RESULT ? item->box.y : result;
              caption = item->use == KTM_USE_CAPTION ? item->box.y : caption;
            }
          g_assert_cmpfloat (result, >, 0);
          g_assert_cmpfloat (result, <, caption);
        }
    }
  ktm_frame_unref (frame);
}

/* The counts of each group of a report stand under the figure, too; how many groups there are. */
static guint
assert_counted (const KtmReport *report, const char *dump)
{
  const char *group = NULL;
  g_autoptr (GString) counts = g_string_new (NULL);
  guint n = 0;

  for (gsize i = 0; i <= report->n_rows; i++)
    {
      const KtmReportRow *row = i < report->n_rows ? &report->rows[i] : NULL;

      if (row && (!row->group || strcmp (row->statistic, "mean") != 0))
        continue;
      if (counts->len > 0 && (!row || g_strcmp0 (row->group, group) != 0))
        {
          g_autofree char *label = g_strdup_printf ("\"%s\"", group);

          if (!strstr (dump, label) || !strstr (dump, counts->str))
            g_error ("no %s with%s in %s", label, counts->str, dump);
          g_string_truncate (counts, 0);
          n++;
        }
      if (row)
        g_string_append_printf (counts, " %g=%ld", row->time, row->n);
      group = row ? row->group : NULL;
    }
  return n;
}

/* A number makes the same groups in a figure as in the analysis beside it. */
static void
test_by_number (void)
{
  static const char *const by[] = { "age", "age:33,47.5" };
  ChartFixture fixture = { 60, 5, 2, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);

  frame->attributes[1].value[0] = NAN;
  for (gsize k = 0; k < G_N_ELEMENTS (by); k++)
    {
      g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
      g_autoptr (KtmAnalysisOptions) asked = NULL;
      g_autoptr (KtmReport) report = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *dump = NULL;

      options->colour_by = g_strdup (by[k]);
      g_autoptr (KtmScene) scene =
          ktm_chart_type_find ("trajectories")->build (frame, NULL, options, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (scene->caption, k == 0 ? "Age split at the median, "
                                                       : "Age split at 33 and 47.5."));
      g_assert_nonnull (strstr (scene->caption, "Left out, Age not recorded: 1."));
      dump = ktm_scene_dump (scene);
      asked = ktm_analysis_options_new ();
      asked->by = g_strdup (by[k]);
      report = ktm_analysis_run_sync (ktm_analysis_find ("summary"), frame, asked, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (assert_counted (report, dump), ==, k == 0 ? 2 : 3);
    }
  ktm_frame_unref (frame);
}

/* Patients never seen after baseline are named where there is room, and only there. */
static void
test_never_seen (void)
{
  ChartFixture fixture = { 60, 5, 2, NULL };
  KtmFrame *frame = chart_fixture_frame (&fixture);
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < 7; i++)
    for (gsize v = 1; v < frame->n_visits; v++)
      frame->measures[0].value[i * frame->n_visits + v] = NAN;
  g_autoptr (KtmScene) scene =
      ktm_chart_type_find ("waterfall")->build (frame, NULL, options, &error);
  g_assert_no_error (error);
  g_autofree char *dump = ktm_scene_dump (scene);
  g_assert_nonnull (strstr (dump, "no score after baseline, n = "));
  check_scene (scene);
  for (int narrow = 0; narrow < 2; narrow++)
    {
      KtmStyle style;
      gboolean said = FALSE;

      ktm_style_init (&style, KTM_THEME_PRINT, 0, 0, NULL);
      g_autoptr (KtmLayout) l = ktm_layout_new (scene, &style, narrow ? 200 : 900, 300, NULL);
      for (guint k = 0; k < l->items->len; k++)
        {
          const KtmItem *item = &g_array_index (l->items, KtmItem, k);

          said = said || (item->text && g_str_has_prefix (item->text, "no score after baseline"));
        }
      g_assert_cmpint (said, ==, !narrow);
    }
  ktm_frame_unref (frame);
}

static void
test_ticks (void)
{
  static const struct { double lo, hi; guint most; double first, last; gsize n;
  } cases[] = {
    { 0, 10, 6, 0, 10, 6 },   { 0, 21, 4, 0, 21, 4 }, { 10, 70, 4, 10, 70, 4 },
    { 0, 100, 6, 0, 100, 6 }, { 1, 7, 7, 1, 7, 7 },   { -4, 4, 5, -4, 4, 5 },
    { 0, 0.3, 4, 0, 0.3, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize n;
      int decimals;
      g_autofree double *ticks =
          ktm_ticks_linear (cases[i].lo, cases[i].hi, cases[i].most, FALSE, &n, &decimals);

      g_assert_cmpuint (n, ==, cases[i].n);
      g_assert_cmpfloat_with_epsilon (ticks[0], cases[i].first, 1e-9);
      g_assert_cmpfloat_with_epsilon (ticks[n - 1], cases[i].last, 1e-9);
    }
}

static void
test_contrast (void)
{
  for (guint theme = KTM_THEME_LIGHT; theme <= KTM_THEME_PRESENT_DARK; theme++)
    for (guint look = 0; look < 12; look++)
      {
        KtmStyle style;

        ktm_style_init (&style, (KtmTheme) theme, 0, 0, NULL);
        g_assert_cmpfloat (ktm_colour_contrast (
                               ktm_style_text_colour (&style, KTM_ROLE_SERIES, look), style.paper),
                           >=, 4.5);
        g_assert_cmpfloat (ktm_colour_contrast (style.dim, style.paper), >=, 4.5);
      }
}

/* The French catalogue as built: longer words are what breaks a layout. */
static void
register_french (void)
{
  GMappedFile *catalogue =
      g_mapped_file_new (KTM_TEST_FRENCH, FALSE, NULL); /* kept as long as the language */

  g_assert_nonnull (catalogue);
  ktm_lang_register ("fr", g_mapped_file_get_contents (catalogue),
                     g_mapped_file_get_length (catalogue));
  g_assert_cmpstr (ktm_lang_text (ktm_lang_find ("fr"), "baseline"), !=, "baseline");
}

int
main (int argc, char **argv)
{
  gsize n;
  const KtmChartType *types;

  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  register_french ();
  types = ktm_chart_types (&n);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat ("/chart/layout/", types[i].id, NULL);
      g_autofree char *small = g_strconcat ("/chart/degenerate/", types[i].id, NULL);

      g_test_add_data_func (path, &types[i], test_type);
      g_test_add_data_func (small, &types[i], test_degenerate);
    }
  g_test_add_func ("/chart/class-curves", test_class_curves);
  g_test_add_func ("/chart/outlook", test_outlook);
  g_test_add_func ("/chart/note", test_note);
  g_test_add_func ("/chart/study-groups", test_study_groups);
  g_test_add_func ("/chart/never-seen", test_never_seen);
  g_test_add_func ("/chart/by-number", test_by_number);
  g_test_add_func ("/chart/ticks", test_ticks);
  g_test_add_func ("/chart/too-many-groups", test_too_many_groups);
  g_test_add_func ("/chart/contrast", test_contrast);
  return g_test_run ();
}
