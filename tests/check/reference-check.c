/* reference-check ROOT [ANALYSIS…]: the library against a tree of reference cases. */
#include "check-private.h"

#include <stdio.h>

typedef struct
{
  char      *root;     /* canonical, owned */
  GPtrArray *files;    /* canonical paths of *.json, sorted */
  GHashTable *arrays;  /* canonical paths of arrays files */
  char     **only;     /* borrowed; NULL or empty: all */
  guint      n_passed, n_failed, n_better, n_compared;
} Run;

static void
collect (Run *run, const char *folder, int depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (dir == NULL || depth > 32)
    return;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        collect (run, path, depth + 1);
      else if (g_str_has_suffix (name, ".json"))
        g_ptr_array_add (run->files, g_steal_pointer (&path));
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

/* Which files are arrays of other cases; unreadable files are judged later. */
static void
find_arrays_files (Run *run)
{
  for (guint i = 0; i < run->files->len; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonNode *node = NULL;
      const char *name;
      char *path;

      if (json_parser_load_from_file (parser, run->files->pdata[i], NULL))
        node = json_parser_get_root (parser);
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
          || !json_object_has_member (json_node_get_object (node), "arrays_file"))
        continue;
      name = json_object_get_string_member_with_default (json_node_get_object (node), "arrays_file",
                                                         "");
      if ((path = check_find_arrays_file (run->files->pdata[i], run->root, name)) != NULL)
        g_hash_table_add (run->arrays, path);
    }
}

static bool
is_chosen (Run *run, const char *analysis)
{
  return run->only == NULL || run->only[0] == NULL
         || g_strv_contains ((const char *const *) run->only, analysis);
}

/* The analysis of a case; of a file that does not say, its folder's name. */
static bool
is_of_another_analysis (Run *run, Check *check)
{
  g_autofree char *folder = g_path_get_dirname (check->path);
  g_autofree char *name = g_path_get_basename (folder);

  if (check->analysis != NULL)
    return !is_chosen (run, check->analysis);
  return check_registry_knows (name) && !is_chosen (run, name);
}

static void
run_case (Run *run, Check *check)
{
  const CheckAdapter *adapter;

  if (!check_failed (check))
    {
      adapter = check_registry_find (check->analysis);
      if (adapter != NULL)
        {
          adapter->run (check);
          check_finish (check);
        }
      else
        check_fail (check, "not implemented: analysis \"%s\"", check->analysis);
    }
  g_print ("%s", check->lines->str);
  run->n_compared += check->n_compared;
  if (check_failed (check))
    run->n_failed++;
  else if (check->better)
    run->n_better++;
  else
    run->n_passed++;
}

static void
run_file (Run *run, const char *path)
{
  Check *check = check_load (path, run->root, run->arrays);

  if (check == NULL)
    return;
  if (!is_of_another_analysis (run, check))
    run_case (run, check);
  check_free (check);
}

static guint
count_cases (Run *run)
{
  return run->n_passed + run->n_failed + run->n_better;
}

/* A named analysis must be known and must have a case. */
static void
run_named (Run *run)
{
  char **all = run->only;

  for (guint i = 0; all[i] != NULL; i++)
    {
      char *one[] = { all[i], NULL };
      guint before = count_cases (run);

      run->only = one;
      for (guint f = 0; f < run->files->len; f++)
        run_file (run, run->files->pdata[f]);
      if (count_cases (run) > before)
        continue;
      g_print ("%s: %s\n", all[i],
               check_registry_knows (all[i]) ? "no case in this tree" : "unknown analysis");
      run->n_failed++;
    }
  run->only = all;
}

static void
run_all (Run *run)
{
  for (guint f = 0; f < run->files->len; f++)
    run_file (run, run->files->pdata[f]);
  if (count_cases (run) > 0)
    return;
  g_print ("%s: no case in this tree\n", run->root);
  run->n_failed++;
}

int
main (int argc, char **argv)
{
  Run run = { 0 };
  int status;

  if (argc < 2)
    {
      g_printerr ("usage: reference-check ROOT [ANALYSIS…]\n");
      return 2;
    }
  ktm_stats_init ();
  run.root = g_canonicalize_filename (argv[1], NULL);
  run.files = g_ptr_array_new_with_free_func (g_free);
  run.arrays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run.only = argv + 2;
  collect (&run, run.root, 0);
  g_ptr_array_sort (run.files, compare_paths);
  find_arrays_files (&run);
  if (argc > 2)
    run_named (&run);
  else
    run_all (&run);

  g_print ("%u passed, %u failed (%u numbers compared", run.n_passed, run.n_failed, run.n_compared);
  if (run.n_better > 0)
    g_print ("; %u more at a better optimum than the reference", run.n_better);
  g_print (")\n");
  status = run.n_failed == 0 ? 0 : 1;
  g_free (run.root);
  g_ptr_array_unref (run.files);
  g_hash_table_unref (run.arrays);
  return status;
}
