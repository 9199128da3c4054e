/* widgets: the published studies of a cohort, left out, typed in or read from a table. */
#include "ktm-study-private.h"

#include "ktm-analysis.h"
#include "ktm-import.h"

#include <glib/gi18n.h>

static KtmStore *
store_of (KtmStudy *self)
{
  return ktm_cohort_get_store (ktm_study_get_cohort (self));
}

gboolean
ktm_study_set_published_left_out (KtmStudy *self, const char *study, gboolean left_out,
                                  GError **error)
{
  KtmStore *store;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  store = store_of (self);
  ktm_study_settle (self);
  if (!ktm_store_edit_begin (store, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  if (!ktm_store_set_study_left_out (store, study, left_out, &local))
    {
      ktm_store_edit_cancel (store);
      return ktm_study_fail (self, g_steal_pointer (&local), error);
    }
  if (!ktm_store_edit_end (store, left_out ? KTM_EDIT_EXCLUDE : KTM_EDIT_INCLUDE, study, NULL,
                           NULL, NULL, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  return ktm_cohort_reload (ktm_study_get_cohort (self), error);
}

static gboolean
is_published (KtmStudy *self, const char *name, GError **error)
{
  g_autoptr (KtmFrame) frame = ktm_study_dup_frame (self, NULL, NULL, KTM_FRAME_STUDIES);

  for (gsize i = 0; frame && i < frame->n_arms; i++)
    if (g_str_equal (frame->arms[i].study, name))
      {
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                     _("A study named “%s” is in the cohort already: type another name."), name);
        return TRUE;
      }
  return FALSE;
}

gboolean
ktm_study_add_published (KtmStudy *self, const KtmStudyArmRecord *rows, gsize n, GError **error)
{
  KtmStore *store;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self) && n > 0, FALSE);
  store = store_of (self);
  ktm_study_settle (self);
  if (is_published (self, rows[0].study, error))
    return FALSE;
  if (!ktm_store_edit_begin (store, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  for (gsize i = 0; i < n; i++)
    if (!ktm_store_put_study_arm (store, &rows[i], &local))
      {
        ktm_store_edit_cancel (store);
        return ktm_study_fail (self, g_steal_pointer (&local), error);
      }
  if (!ktm_store_edit_end (store, KTM_EDIT_SAVE, rows[0].study, NULL, NULL, NULL, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  return ktm_cohort_reload (ktm_study_get_cohort (self), error);
}

static KtmImport *
read_table (KtmStore *store, const char *name, GBytes *table, GError **error)
{
  g_autoptr (KtmImport) import = ktm_import_new ();
  KtmSource *source = ktm_source_new_bytes (name, table, error);

  if (!source)
    return NULL;
  source->mapping->as = KTM_SOURCE_STUDIES;
  ktm_import_add_source (import, source);
  if (!ktm_import_read_cohort (import, store, error) || !ktm_import_propose (import, NULL, error)
      || !ktm_import_check (import, NULL, error))
    return NULL;
  if (ktm_import_n_blocking (import) == 0)
    return g_steal_pointer (&import);
  g_autofree char *problem =
      ktm_problem_dup_sentence (import, ktm_import_get_problem (import, 0));
  g_set_error_literal (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, problem);
  return NULL;
}

gboolean
ktm_study_add_published_table (KtmStudy *self, const char *name, GBytes *table, GError **error)
{
  KtmStore *store;
  g_autoptr (KtmImport) import = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  store = store_of (self);
  ktm_study_settle (self);
  import = read_table (store, name, table, &local);
  if (!import || !ktm_import_commit (import, store, NULL, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  return ktm_cohort_reload (ktm_study_get_cohort (self), error);
}
