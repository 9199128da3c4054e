/* Files: bytes, recipes, hostile files, disks that are full or locked; scenes and pictures against
 * stored ones. */
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ktm-json.h"
#include "chart-fixture.h"
#include "ktm-export.h"

static const char *const endings[] = { "png", "svg", "pdf" };

static KtmFrame *
small_frame (void)
{
  static const ChartFixture fixture = { 40, 13, 3, "Neuropathic" };

  return chart_fixture_frame (&fixture);
}

static KtmScene *
small_scene (const char *type, KtmChartOptions *options)
{
  KtmFrame *frame = small_frame ();
  g_autoptr (GError) error = NULL;
  KtmScene *scene;

  g_clear_pointer (&options->colour_by, g_free);
  options->colour_by = g_strdup ("group");
  options->picked = strcmp (type, "patient") == 0 ? 0 : -1;
  g_autoptr (KtmReport) report = chart_fixture_report (ktm_chart_type_find (type), frame);
  scene = ktm_chart_type_find (type)->build (frame, report, options, &error);
  g_assert_no_error (error);
  ktm_frame_unref (frame);
  return scene;
}

static KtmRecipe *
small_recipe (void)
{
  KtmRecipe *recipe = g_new0 (KtmRecipe, 1);

  recipe->cohort_id = g_strdup ("c0ffee");
  recipe->chart = g_strdup ("trajectories");
  recipe->where = g_strsplit ("group = \"Région (1) \\ <é>\"|age >= 18", "|", -1);
  recipe->options = ktm_chart_options_new ();
  recipe->options->measure = g_strdup ("nrs");
  recipe->options->colour_by = g_strdup ("group");
  recipe->options->groups = g_strsplit ("Group 2,Group 3", ",", -1);
  recipe->options->to = 12;
  recipe->options->missing = KTM_MISSING_LOCF;
  recipe->options->show = KTM_SHOW_CHANGE;
  recipe->options->band = KTM_BAND_SE;
  recipe->options->seed = G_MAXUINT64;
  recipe->options->lang = g_strdup ("fr");
  recipe->options->decimal_mark = ',';
  recipe->options->title = g_strdup ("Secret title");
  recipe->options->picked = 3;
  recipe->options->codes = TRUE;
  return recipe;
}

static char *
temp_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("ktm-chart-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static guint
n_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_round_trip (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
  g_autoptr (KtmRecipe) recipe = small_recipe ();
  g_autofree char *folder = temp_folder (), *wanted = ktm_recipe_to_text (recipe);
  KtmExportOptions figure;

  g_assert_null (strstr (wanted, "Secret"));
  g_assert_null (strstr (wanted, "picked"));
  ktm_export_options_init (&figure);
  figure.dpi = 72;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/figure.%s", folder, endings[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (ktm_export_file (scene, path, (KtmExportFormat) i, &figure, recipe, &error));
      g_autoptr (KtmRecipe) back = ktm_recipe_from_file (path, &error);
      g_assert_no_error (error);
      g_autofree char *text = ktm_recipe_to_text (back);
      g_assert_cmpstr (text, ==, wanted);
      g_assert_cmpstr (back->where[0], ==, recipe->where[0]);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
holds (GBytes *bytes, const char *word)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i + strlen (word) <= size; i++)
    if (memcmp (data + i, word, strlen (word)) == 0)
      return TRUE;
  return FALSE;
}

/* Nothing that says who: no code, no title, no path. */
static void
test_same_bytes (void)
{
  gsize n_types;
  const KtmChartType *types = ktm_chart_types (&n_types);

  for (gsize t = 0; t < n_types; t++)
    for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
      {
        g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
        g_autoptr (KtmScene) scene = small_scene (types[t].id, options),
                             again = small_scene (types[t].id, options);
        g_autoptr (KtmRecipe) recipe = small_recipe ();
        KtmExportOptions figure;

        ktm_export_options_init (&figure);
        figure.dpi = 72;
        g_autoptr (GBytes) a = ktm_export_bytes (scene, (KtmExportFormat) i, &figure, recipe, NULL);
        g_autoptr (GBytes) b = ktm_export_bytes (again, (KtmExportFormat) i, &figure, recipe, NULL);
        g_assert_true (g_bytes_equal (a, b));
        g_assert_false (holds (a, "Secret"));
        g_assert_false (holds (a, "K001"));
        g_assert_false (holds (a, g_get_user_name ()) && strlen (g_get_user_name ()) > 6);
      }
}

static void
test_locked_and_full (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
  g_autofree char *folder = temp_folder (), *path = g_build_filename (folder, "figure.png", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "figure.png", NULL);
  KtmExportOptions figure;
  struct rlimit before, small;
  const char *const refused[] = { "/dev/full", nowhere, folder };

  ktm_export_options_init (&figure);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ktm_export_file (scene, refused[i], KTM_EXPORT_PNG, &figure, NULL, &error));
      g_autofree char *name = g_path_get_basename (refused[i]);

      g_assert_nonnull (strstr (error->message, name));
      g_assert_null (strstr (error->message, refused[i]));  /* a path says who and where */
    }
  /* A disk with room for 4 kB. */
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  signal (SIGXFSZ, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      g_assert_false (ktm_export_file (scene, path, (KtmExportFormat) i, &figure, NULL, &error));
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
      g_assert_cmpuint (n_files (folder), ==, 0);
    }
  if (getuid () != 0)
    {
      g_autoptr (GError) error = NULL;

      g_chmod (folder, 0500);
      g_assert_false (ktm_export_file (scene, path, KTM_EXPORT_PDF, &figure, NULL, &error));
      g_chmod (folder, 0700);
      g_assert_cmpuint (n_files (folder), ==, 0);
    }
  g_rmdir (folder);
}

/* A failed export keeps the file that was there. */
static void
test_keeps_old (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("heatmap", options);
  g_autofree char *folder = temp_folder (), *path = g_build_filename (folder, "figure.pdf", NULL),
                  *now = NULL;
  g_autoptr (GError) error = NULL;
  KtmExportOptions figure;

  ktm_export_options_init (&figure);
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  figure.width_mm = 5;
  g_assert_false (ktm_export_file (scene, path, KTM_EXPORT_PDF, &figure, NULL, &error));
  g_assert_true (g_file_get_contents (path, &now, NULL, NULL));
  g_assert_cmpstr (now, ==, "old");
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_refused_sizes (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
  static const double bad[][3] = {
    { 0, 100, 300 },      { 100, NAN, 300 }, { 100, 100, 0 },
    { 2000, 2000, 2400 }, { 100, 100, -3 },  { INFINITY, 100, 300 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      KtmExportOptions figure;

      ktm_export_options_init (&figure);
      figure.width_mm = bad[i][0];
      figure.height_mm = bad[i][1];
      figure.dpi = bad[i][2];
      g_assert_null (ktm_export_bytes (scene, KTM_EXPORT_PNG, &figure, NULL, &error));
      g_assert_nonnull (error);
    }
}

static void
refuse_file (const char *folder, const char *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, "hostile", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  g_assert_null (ktm_recipe_from_file (path, &error));
  g_assert_nonnull (error);
  g_assert_null (strchr (error->message, '\n'));
  g_unlink (path);
}

static void
test_hostile (void)
{
  g_autofree char *folder = temp_folder ();
  GString *deep = g_string_new (NULL);
  static const char *const files[] = {
    "",
    "{",
    "[]",
    "null",
    "\"x\"",
    "{}",
    "\x89PNG\r\n\x1a\n",
    "%PDF-1.4\n/Keywords (",
    "%PDF-1.4 /Keywords (((((",
    "<svg id=\"ketamine-viewer-recipe\"",
    "<svg><metadata id=\"ketamine-viewer-recipe\">{}</metadata>",
    "{\"ketamine-viewer\":\"recipe/2\"}",
    "{\"ketamine-viewer\":1}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"no-such\"}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"level\":\"7\"}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"groups\":[1]}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"where\":{\"a\":1}}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"show\":\"x\"}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"from\":\"1e999\"}",
    "{\"ketamine-viewer\":\"recipe/1\",\"cohort\":\"a\",\"chart\":\"heatmap\",\"seed\":\"-1\"}",
    "\xff\xfe\xfd",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    refuse_file (folder, files[i], strlen (files[i]));
  for (int i = 0; i < 50000; i++)
    g_string_append_c (deep, '[');
  refuse_file (folder, deep->str, deep->len);
  g_string_free (deep, TRUE);
  g_rmdir (folder);
}

/* Every cut and every changed byte of a real file: an answer, never a crash. */
static void
test_damaged (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
  g_autoptr (KtmRecipe) recipe = small_recipe ();
  g_autofree char *folder = temp_folder (), *path = g_build_filename (folder, "damaged", NULL);
  KtmExportOptions figure;

  ktm_export_options_init (&figure);
  figure.dpi = 36;
  figure.width_mm = figure.height_mm = 30;
  for (gsize f = 0; f < G_N_ELEMENTS (endings); f++)
    {
      g_autoptr (GBytes) bytes =
          ktm_export_bytes (scene, (KtmExportFormat) f, &figure, recipe, NULL);
      gsize size;
      const char *data = g_bytes_get_data (bytes, &size);

      for (gsize k = 0; k < 160; k++)
        {
          g_autofree char *copy = g_memdup2 (data, size);
          gsize at = k * 7 % MIN (size, 1200), length = k % 2 == 0 ? size : at;

          copy[at] = (char) (copy[at] ^ (1 << (k % 8)));
          g_assert_true (g_file_set_contents (path, copy, (gssize) length, NULL));
          g_autoptr (GError) error = NULL;
          g_autoptr (KtmRecipe) back = ktm_recipe_from_file (path, &error);
          g_assert_true ((back == NULL) == (error != NULL));
        }
    }
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_checks (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  KtmExportOptions figure;

  ktm_export_options_init (&figure);
  figure.font_pt = 6;
  figure.line_pt = 0.8;
  options->caption = FALSE;
  for (int pass = 0; pass < 2; pass++)
    {
      g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
      g_autoptr (KtmLayout) layout = ktm_export_layout (scene, &figure);
      g_autoptr (GPtrArray) checks = ktm_export_check (layout);
      guint failed = 0;

      for (guint i = 0; i < checks->len; i++)
        {
          const KtmCheck *check = checks->pdata[i];

          failed += !check->passed;
          if (!check->passed)
            g_assert_true (ktm_export_fix (check->kind, &figure, options));
        }
      g_assert_cmpuint (failed, ==, pass == 0 ? 3 : 0);
    }
}

static void
test_png_size (void)
{
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene ("trajectories", options);
  KtmExportOptions figure;
  static const guchar phys[] = { 'p', 'H', 'Y', 's', 0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1 };

  ktm_export_options_init (&figure);
  g_autoptr (GBytes) png = ktm_export_bytes (scene, KTM_EXPORT_PNG, &figure, NULL, NULL);
  const guchar *data = g_bytes_get_data (png, NULL);

  g_assert_cmpuint (data[18] << 8 | data[19], ==, 2055);
  g_assert_cmpuint (data[22] << 8 | data[23], ==, 1417);
  g_assert_nonnull (memmem (data, 400, phys, sizeof phys)); /* 11811 a metre */
}

/* --- against what is stored; KTM_UPDATE_EXPECTED=1 writes it anew ----------------------------- */

static void
compare_text (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (KTM_TEST_EXPECTED, name, NULL), *wanted = NULL;

  if (g_getenv ("KTM_UPDATE_EXPECTED") != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_dump (gconstpointer data)
{
  const KtmChartType *type = data;

  for (int show = KTM_SHOW_VALUE; show <= KTM_SHOW_PERCENT; show++)
    {
      g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
      g_autofree char *name =
          g_strdup_printf ("%s-%s.txt", type->id, ktm_show_name ((KtmShow) show));

      options->show = (KtmShow) show;
      if ((strcmp (type->id, "patient") == 0 || type->analysis != NULL) && show != KTM_SHOW_VALUE)
        continue;
      g_autoptr (KtmScene) scene = small_scene (type->id, options);
      g_autofree char *dump = ktm_scene_dump (scene);
      compare_text (name, dump);
    }
}

/* Mean difference of two pictures of one size, 0…255. */
static double
difference (cairo_surface_t *a, cairo_surface_t *b)
{
  int w = cairo_image_surface_get_width (a), h = cairo_image_surface_get_height (a),
      stride = cairo_image_surface_get_stride (a);
  const guchar *p = cairo_image_surface_get_data (a), *q = cairo_image_surface_get_data (b);
  double sum = 0;

  g_assert_cmpint (w, ==, cairo_image_surface_get_width (b));
  g_assert_cmpint (h, ==, cairo_image_surface_get_height (b));
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      for (int c = 0; c < 3; c++)
        sum +=
            abs (p[y * stride + 4 * x + c] - q[y * cairo_image_surface_get_stride (b) + 4 * x + c]);
  return sum / (3.0 * w * h);
}

static void
test_picture (gconstpointer data)
{
  const KtmChartType *type = data;
  g_autoptr (KtmChartOptions) options = ktm_chart_options_new ();
  g_autoptr (KtmScene) scene = small_scene (type->id, options);
  g_autofree char *name = g_strconcat (type->id, ".png", NULL),
                  *path = g_build_filename (KTM_TEST_EXPECTED, name, NULL);
  KtmExportOptions figure;

  ktm_export_options_init (&figure);
  figure.width_mm = 114;
  figure.height_mm = 80;
  figure.dpi = 96;
  g_strlcpy (figure.family, "DejaVu Sans", sizeof figure.family);
  g_autoptr (KtmLayout) layout = ktm_export_layout (scene, &figure);
  cairo_surface_t *now = ktm_draw_to_surface (layout, 96 / 72.0, FALSE);
  if (g_getenv ("KTM_UPDATE_EXPECTED") != NULL)
    {
      g_autoptr (GBytes) png = ktm_export_png (now, 96, FALSE, NULL, NULL);
      g_assert_true (ktm_export_write (path, png, NULL));
    }
  cairo_surface_t *wanted = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (wanted), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpfloat (difference (now, wanted), <, 1.0);

  /* Cairo's strokes and our own lines look alike. */
  cairo_t *cr = cairo_create (wanted);
  cairo_scale (cr, 96 / 72.0, 96 / 72.0);
  ktm_draw (cr, layout, FALSE);
  cairo_destroy (cr);
  g_assert_cmpfloat (difference (now, wanted), <, 1.0);
  cairo_surface_destroy (now);
  cairo_surface_destroy (wanted);
}

/* Numbers of one digit and an exponent, which json-glib alone writes as "6e-09.0". */
static void
test_json_numbers (void)
{
  static const double numbers[] = { 6e-9, -3e-300, 1e20, 5e-324, 1.5e-7, 0.5, 1234567, 1e15, 0 };
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  JsonArray *array;

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "1e.0");
  json_builder_add_string_value (b, "\\\"6e-09.0\"");
  json_builder_set_member_name (b, "numbers");
  json_builder_begin_array (b);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_builder_add_double_value (b, numbers[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
  text = ktm_json_write (b, TRUE);
  root = ktm_json_read_object (text, 4096);
  g_assert_nonnull (root);
  object = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (object, "1e.0"), ==, "\\\"6e-09.0\"");
  array = json_object_get_array_member (object, "numbers");
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_assert_cmpfloat (json_array_get_double_element (array, (guint) i), ==, numbers[i]);
}

int
main (int argc, char **argv)
{
  gsize n;
  const KtmChartType *types;

  g_test_init (&argc, &argv, NULL);
  ktm_stats_init ();
  types = ktm_chart_types (&n);
  g_test_add_func ("/chart/export/round-trip", test_round_trip);
  g_test_add_func ("/chart/export/same-bytes", test_same_bytes);
  g_test_add_func ("/chart/export/locked-and-full", test_locked_and_full);
  g_test_add_func ("/chart/export/keeps-old", test_keeps_old);
  g_test_add_func ("/chart/export/refused-sizes", test_refused_sizes);
  g_test_add_func ("/chart/export/checks", test_checks);
  g_test_add_func ("/chart/export/png-size", test_png_size);
  g_test_add_func ("/chart/recipe/hostile", test_hostile);
  g_test_add_func ("/chart/recipe/damaged", test_damaged);
  g_test_add_func ("/chart/json/numbers", test_json_numbers);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *dump = g_strconcat ("/chart/scene/", types[i].id, NULL),
                      *picture = g_strconcat ("/chart/picture/", types[i].id, NULL);

      g_test_add_data_func (dump, &types[i], test_dump);
      g_test_add_data_func (picture, &types[i], test_picture);
    }
  return g_test_run ();
}
