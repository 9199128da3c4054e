/* reference-check must fail where it should: every case here is a small tree written to a temporary
 * folder. */
#include <glib.h>
#include <glib/gstdio.h>

static const char *program; /* from the environment */

#define HEAD(analysis)                                                                             \
  "{\"id\": \"c\", \"analysis\": \"" analysis "\", \"rel_tol\": 1e-9, \"abs_tol\": 1e-10, "
#define RATIO HEAD ("published") "\"options\": {\"statistic\": \"ratio\", \"level\": 0.95}, "
#define MEAN                                                                                       \
  HEAD ("summary") "\"options\": {\"level\": 0.95}, \"arrays\": {\"value\": [1, null, 3]}, "

typedef struct
{
  const char *name;
  const char *text;   /* of ROOT/<folder>/c.json; NULL: an empty tree */
  int         status;
  const char *says;   /* part of what is printed */
} Case;

static const Case cases[] = {
  { "passes", MEAN "\"expected\": {\"mean\": 2, \"n\": 2, \"n_missing\": 1}}", 0,
    "1 passed, 0 failed (3 numbers" },
  { "deviation", MEAN "\"expected\": {\"mean\": 2.001, \"n\": 2}}", 1,
    "c: mean is 2, expected 2.001" },
  { "within-tol", MEAN "\"tol\": {\"mean\": {\"abs\": 0.01}}, \"expected\": {\"mean\": 2.001}}", 0,
    "1 passed" },
  { "tol-rel", MEAN "\"tol\": {\"mean\": {\"rel\": 0.01}}, \"expected\": {\"mean\": 2.001}}", 0,
    "1 passed" },
  { "tol-of-another-key", MEAN "\"tol\": {\"sd\": {\"abs\": 1}}, \"expected\": {\"mean\": 2.001}}",
    1, "1 failed" },
  { "tol-unknown", MEAN "\"tol\": {\"mean\": {\"ulp\": 4}}, \"expected\": {\"mean\": 2}}", 1,
    "not implemented" },
  { "unknown-key", MEAN "\"expected\": {\"mean\": 2, \"mode\": 1}}", 1,
    "not implemented: key \"mode\"" },
  { "unknown-analysis",
    HEAD ("astrology") "\"options\": {}, \"arrays\": {}, \"expected\": {\"a\": 1}}", 1,
    "not implemented: analysis \"astrology\"" },
  { "unknown-option",
    HEAD ("summary") "\"options\": {\"level\": 0.95, \"trim\": 0.1}, \"arrays\": {\"value\": [1, "
                     "3]}, "
                     "\"expected\": {\"mean\": 2}}",
    1, "not implemented: option \"trim\"" },
  { "missing-option",
    HEAD (
        "summary") "\"options\": {}, \"arrays\": {\"value\": [1, 3]}, \"expected\": {\"mean\": 2}}",
    1, "option \"level\" is missing" },
  { "option-value",
    HEAD ("published") "\"options\": {\"statistic\": \"guess\", \"level\": 0.95}, "
                       "\"arrays\": {\"x\": [1], \"y\": [2]}, \"expected\": {\"ratio\": 0.5}}",
    1, "not implemented: option \"statistic\"" },
  { "level-is-read",
    HEAD ("summary") "\"options\": {\"level\": 0.5}, \"arrays\": {\"value\": [1, 3]}, "
                     "\"expected\": {\"mean_ci_hi\": 3}}",
    0, "1 passed" },
  { "null", RATIO "\"arrays\": {\"x\": [0], \"y\": [0]}, \"expected\": {\"ratio\": null}}", 0,
    "1 passed" },
  { "null-against-number",
    RATIO "\"arrays\": {\"x\": [1], \"y\": [2]}, \"expected\": {\"ratio\": null}}", 1, "1 failed" },
  { "number-against-nan",
    RATIO "\"arrays\": {\"x\": [0], \"y\": [0]}, \"expected\": {\"ratio\": 0}}", 1, "1 failed" },
  { "inf", RATIO "\"arrays\": {\"x\": [1], \"y\": [0]}, \"expected\": {\"ratio\": \"Inf\"}}", 0,
    "1 passed" },
  { "minus-inf", RATIO "\"arrays\": {\"x\": [-1], \"y\": [0]}, \"expected\": {\"ratio\": \"Inf\"}}",
    1, "1 failed" },
  { "nan", RATIO "\"arrays\": {\"x\": [0], \"y\": [0]}, \"expected\": {\"ratio\": \"NaN\"}}", 0,
    "1 passed" },
  { "word", RATIO "\"arrays\": {\"x\": [0], \"y\": [0]}, \"expected\": {\"ratio\": \"none\"}}", 1,
    "is no number" },
  { "array",
    RATIO "\"arrays\": {\"x\": [1, 2], \"y\": [2, 2]}, \"expected\": {\"ratio\": [0.5, 1]}}", 0,
    "(2 numbers" },
  { "array-length",
    RATIO "\"arrays\": {\"x\": [1, 2], \"y\": [2, 2]}, \"expected\": {\"ratio\": [0.5]}}", 1,
    "length" },
  { "array-shape",
    RATIO "\"arrays\": {\"x\": [1, 2], \"y\": [2, 2]}, \"expected\": {\"ratio\": 0.5}}", 1,
    "1 failed" },
  { "bool-shape", MEAN "\"expected\": {\"mean\": true}}", 1, "1 failed" },
  { "missing-array",
    HEAD ("summary") "\"options\": {\"level\": 0.95}, \"arrays\": {\"x\": [1]}, "
                     "\"expected\": {\"mean\": 1}}",
    1, "array \"value\" is missing" },
  { "missing-expected",
    HEAD ("summary") "\"options\": {\"level\": 0.95}, \"arrays\": {\"value\": [1]}}", 1,
    "\"expected\" is missing" },
  { "empty-expected", MEAN "\"expected\": {}}", 1, "\"expected\" is empty" },
  { "missing-tolerance",
    "{\"id\": \"c\", \"analysis\": \"summary\", \"options\": {\"level\": 0.95}, \"abs_tol\": 0, "
    "\"arrays\": {\"value\": [1, 3]}, \"expected\": {\"mean\": 2}}",
    1, "\"rel_tol\" is missing" },
  { "missing-arrays",
    HEAD ("summary") "\"options\": {\"level\": 0.95}, \"expected\": {\"mean\": 2}}", 1,
    "arrays_file" },
  { "missing-arrays-file",
    HEAD ("summary") "\"options\": {\"level\": 0.95}, \"arrays_file\": \"arrays/no.json\", "
                     "\"expected\": {\"mean\": 2}}",
    1, "is not there" },
  { "unreadable", "{\"id\": ", 1, "cannot be read" },
  { "not-an-object", "[1, 2]", 1, "not a JSON object" },
  { "empty-tree", NULL, 1, "no case in this tree" },
};

typedef struct
{
  char *root;
  char *out;
  int   status;
} Run;

static void
write_file (const char *root, const char *folder, const char *name, const char *text)
{
  g_autofree char *dir = g_build_filename (root, folder, NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
run_program (Run *run, const char *root, const char *analysis)
{
  const char *argv[] = { program, root, analysis, NULL };
  g_autoptr (GError) error = NULL;
  int wait_status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &run->out, NULL,
                &wait_status, &error);
  g_assert_no_error (error);
  run->status = g_spawn_check_wait_status (wait_status, NULL) ? 0 : 1;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  Run run = { .root = g_dir_make_tmp ("ktm-check-XXXXXX", NULL) };

  if (c->text != NULL)
    write_file (run.root, "summary", "c.json", c->text);
  run_program (&run, run.root, NULL);
  if (run.status != c->status || strstr (run.out, c->says) == NULL)
    g_error ("status %d (expected %d), says:\n%s\nexpected part: %s", run.status, c->status,
             run.out, c->says);
  remove_tree (run.root);
  g_free (run.root);
  g_free (run.out);
}

/* Cases in nested folders, their arrays in a shared file; chosen analyses; ROOT above or below the
 * cases. */
static void
test_tree (void)
{
  static const struct { const char *below, *analysis; int status; const char *says; } runs[] = {
    { "", NULL, 0, "2 passed, 0 failed (2 numbers" },
    { "cases", NULL, 0, "2 passed, 0 failed" },
    { "cases/summary", NULL, 0, "1 passed, 0 failed" },
    { "", "summary", 0, "1 passed, 0 failed" },
    { "", "paired", 1, "paired: no case in this tree" },
    { "", "palmistry", 1, "palmistry: unknown analysis" },
    { "nowhere", NULL, 1, "no case in this tree" },
  };
  g_autofree char *root = g_dir_make_tmp ("ktm-check-XXXXXX", NULL);

  write_file (root, "cases/arrays", "shared.json", "{\"value\": [1, 3], \"unused\": [9]}");
  write_file (root, "cases/arrays", "spare.json", "{\"value\": [1]}");
  write_file (root, "cases/summary", "a.json", HEAD ("summary") "\"options\": {\"level\": 0.95}, "
              "\"arrays_file\": \"arrays/shared.json\", \"expected\": {\"mean\": 2}}");
  write_file (root, "cases/published", "b.json",
              RATIO "\"arrays\": {\"x\": [1], \"y\": [2]}, \"expected\": {\"ratio\": 0.5}}");
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *path = g_build_filename (root, runs[i].below, NULL);
      Run run = { 0 };

      run_program (&run, path, runs[i].analysis);
      if (run.status != runs[i].status || strstr (run.out, runs[i].says) == NULL)
        g_error ("run %" G_GSIZE_FORMAT ": status %d, says:\n%s", i, run.status, run.out);
      g_free (run.out);
    }
  remove_tree (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = g_getenv ("KTM_REFERENCE_CHECK");
  g_assert_nonnull (program);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/reference-check/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/reference-check/tree", test_tree);
  return g_test_run ();
}
