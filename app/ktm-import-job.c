/* app: the import's worker. */
#include "ktm-import-job.h"

#include <glib/gi18n.h>

typedef struct
{
  KtmImportState *state;  /* borrowed; nobody else touches it while the job runs */
  KtmImportJob    job;
  GPtrArray      *files;  /* GFile, owned */
  char           *path;   /* owned, nullable */
} Job;

#define N_SHOWN 9

static int
    fraction; /* of the running job, in thousandths; one import at a time is checked or written */

static void
job_free (gpointer data)
{
  Job *job = data;

  g_ptr_array_unref (job->files);
  g_free (job->path);
  g_free (job);
}

static void
progress_cb (double done, gpointer data G_GNUC_UNUSED)
{
  g_atomic_int_set (&fraction, (int) (done * 1000));
}

KtmImportState *
ktm_import_state_new (const char *cohort_path)
{
  KtmImportState *state = g_new0 (KtmImportState, 1);

  state->import = ktm_import_new ();
  state->cohort_path = g_strdup (cohort_path);
  state->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  ktm_import_set_progress (state->import, progress_cb, NULL);
  return state;
}

void
ktm_import_state_free (KtmImportState *state)
{
  ktm_import_free (state->import);
  g_free (state->cohort_path);
  g_free (state->cohort_title);
  g_array_unref (state->lines);
  g_clear_pointer (&state->rows, g_ptr_array_unref);
  g_free (state);
}

double
ktm_import_job_get_fraction (KtmImportState *state G_GNUC_UNUSED)
{
  return g_atomic_int_get (&fraction) / 1000.0;
}

static gboolean
title_cb (const void *record, gpointer data)
{
  *(char **) data = g_strdup (((const KtmStudyRecord *) record)->title);
  return TRUE;
}

static gboolean
read_cohort (KtmImportState *state, GError **error)
{
  if (state->cohort_path == NULL)
    return TRUE;
  g_autoptr (KtmStore) store = ktm_store_open (state->cohort_path, TRUE, error);
  if (store == NULL)
    return FALSE;
  g_clear_pointer (&state->cohort_title, g_free);
  return ktm_store_get_study (store, title_cb, &state->cohort_title, error) &&
         ktm_import_read_cohort (state->import, store, error);
}

static gboolean
load_file (KtmImportState *state, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *base = g_file_get_basename (file), *name = g_utf8_make_valid (base, -1);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, cancellable, NULL, &local);
  KtmSource *source;

  if (bytes == NULL)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_FAILED, _("%s cannot be read: %s"),
                   name, local->message);
      return FALSE;
    }
  source = ktm_source_new_bytes (name, bytes, error);
  if (source == NULL)
    return FALSE;
  ktm_import_add_source (state->import, source);
  if (!ktm_source_look (source, cancellable, error))
    return FALSE;
  ktm_import_memory_recall (source);
  return TRUE;
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  return (int) *(const guint *) a - (int) *(const guint *) b;
}

static void
show_line (GArray *lines, guint line)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_array_index (lines, guint, i) == line)
      return;
  g_array_append_val (lines, line);
}

/* The first rows and those with a problem, each with the one before. */
static void
choose_rows (KtmImportState *state)
{
  KtmSource *source = ktm_import_get_source (state->import, state->source);

  g_array_set_size (state->lines, 0);
  for (guint i = 0; i < 3; i++)
    show_line (state->lines, source->first_line + i);
  for (guint i = 0;
       state->checked && state->lines->len < N_SHOWN && i < ktm_import_n_problems (state->import);
       i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (state->import, i);
      if (problem == NULL)
        break;
      if (problem->source != state->source || problem->line <= source->header_line)
        continue;
      show_line (state->lines, problem->line);
      if (problem->line > source->first_line && state->lines->len < N_SHOWN)
        show_line (state->lines, problem->line - 1);
    }
  for (guint line = source->first_line + 3;
       state->lines->len < 6 && line < source->first_line + source->dialect.n_rows; line++)
    show_line (state->lines, line);
  g_array_sort (state->lines, by_number);
  g_clear_pointer (&state->rows, g_ptr_array_unref);
  state->rows =
      ktm_source_dup_rows (source, (const guint *) (void *) state->lines->data, state->lines->len);
}

static gboolean
run (Job *job, GCancellable *cancellable, GError **error)
{
  KtmImportState *state = job->state;
  g_autofree char *question = NULL;
  g_autoptr (GError) local = NULL;

  if ((job->job & KTM_JOB_COHORT) && !read_cohort (state, error))
    return FALSE;
  for (guint i = 0; (job->job & KTM_JOB_LOAD) && i < job->files->len; i++)
    if (!load_file (state, job->files->pdata[i], cancellable, error))
      return FALSE;
  if (job->job & KTM_JOB_PROPOSE)
    {
      state->checked = FALSE;
      if (!ktm_import_propose (state->import, cancellable, error))
        return FALSE;
    }
  question = ktm_import_dup_question (state->import);
  if ((job->job & KTM_JOB_CHECK) && question == NULL)
    {
      state->checked = FALSE;
      if (!ktm_import_check (state->import, cancellable, error))
        return FALSE;
      state->checked = TRUE;
    }
  if (ktm_import_n_sources (state->import) > state->source)
    choose_rows (state);
  if (!(job->job & KTM_JOB_COMMIT))
    return TRUE;
  if (!ktm_import_commit_path (state->import, job->path, cancellable, &local))
    {
      /* Somebody else wrote to the cohort: what would change now is shown before the next try. */
      if (g_error_matches (local, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED))
        state->checked = read_cohort (state, NULL)
                         && ktm_import_propose (state->import, cancellable, NULL)
                         && ktm_import_check (state->import, cancellable, NULL);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < ktm_import_n_sources (state->import); i++)
    ktm_import_memory_remember (ktm_import_get_source (state->import, i));
  return TRUE;
}

static void
worker (GTask *task, gpointer object G_GNUC_UNUSED, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (run (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
ktm_import_job_async (KtmImportState *state, KtmImportJob what, GListModel *files, const char *path,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  job->state = state;
  job->job = what;
  job->path = g_strdup (path);
  job->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    g_ptr_array_add (job->files, g_list_model_get_item (files, i));
  g_atomic_int_set (&fraction, 0);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
}

gboolean
ktm_import_job_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- what was said is kept -------------------------------------------------------------------- */

static char *
memory_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "ketamine-viewer", "mappings.ini", NULL);
}

/* The names of the columns, as one short word: a mapping file may be shown, names of columns need
 * not be in its headings. */
static char *
section_of (const KtmSource *source)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < source->n_columns; i++)
    {
      g_checksum_update (sum, (const guchar *) source->columns[i].name, -1);
      g_checksum_update (sum, (const guchar *) "\n", 1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

void
ktm_import_memory_recall (KtmSource *source)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = memory_path (), *section = section_of (source);
  KtmMapping *mapping = ktm_mapping_new ();

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL)
      && ktm_mapping_load (mapping, file, section, NULL))
    ktm_mapping_merge (source->mapping, mapping);
  ktm_mapping_free (mapping);
}

void
ktm_import_memory_remember (KtmSource *source)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = memory_path (), *folder = g_path_get_dirname (path),
                  *section = section_of (source), *text = NULL;
  g_autoptr (KtmMapping) mapping = ktm_source_dup_mapping (source);
  gsize len;

  memset (&mapping->dialect, 0, sizeof mapping->dialect);  /* decided anew for every file */
  mapping->dialect = source->mapping->dialect;
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  g_key_file_remove_group (file, section, NULL);
  ktm_mapping_save (mapping, file, section);
  text = g_key_file_to_data (file, &len, NULL);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, text, (gssize) len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}
