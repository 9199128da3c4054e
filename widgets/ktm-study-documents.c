/* widgets: subgroups and other documents kept in the cohort. */
#include "ktm-study-private.h"

static KtmStore *
store_of (KtmStudy *self)
{
  return ktm_cohort_get_store (ktm_study_get_cohort (self));
}

/* --- documents -------------------------------------------------------------------------------- */

static void
document_free (gpointer data)
{
  KtmStudyDocument *document = data;

  g_free (document->title);
  g_free (document->json);
  g_free (document);
}

static gboolean
add_document_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *from = record;
  KtmStudyDocument *document = g_new (KtmStudyDocument, 1);

  document->id = from->id;
  document->title = g_strdup (from->title);
  document->json = g_strdup (from->json);
  g_ptr_array_add (data, document);
  return TRUE;
}

GPtrArray *
ktm_study_list_documents (KtmStudy *self, const char *kind)
{
  GPtrArray *documents;

  g_return_val_if_fail (KTM_IS_STUDY (self) && kind, NULL);
  documents = g_ptr_array_new_with_free_func (document_free);
  ktm_store_read_documents (store_of (self), kind, add_document_cb, documents,
                            NULL);
  return documents;
}

gint64
ktm_study_save_document (KtmStudy *self, gint64 id, const char *kind, const char *title,
                         const char *json, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self) && kind && title && json, 0);
  ktm_study_settle (self);
  id = ktm_store_put_document (store_of (self), id, kind, title, json, &local);
  if (id < 0)
    {
      ktm_study_fail (self, g_steal_pointer (&local), error);
      return 0;
    }
  ktm_study_add_store_step (self);
  return id;
}

gboolean
ktm_study_delete_group (KtmStudy *self, gint64 id, GError **error)
{
  return ktm_study_delete_document (self, id, error);
}

gboolean
ktm_study_delete_document (KtmStudy *self, gint64 id, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  ktm_study_settle (self);
  if (!ktm_store_delete_document (store_of (self), id, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  return TRUE;
}

typedef struct
{
  gint64 id;
  char  *json;
} Found;

static gboolean
find_document_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  Found *found = data;

  found->id = document->id;
  g_free (found->json);
  found->json = g_strdup (document->json);
  return TRUE;
}

static Found
find_document (KtmStudy *self, const char *kind)
{
  Found found = { 0, NULL };

  ktm_store_read_documents (store_of (self), kind, find_document_cb, &found,
                            NULL);
  return found;
}

char *
ktm_study_dup_document (KtmStudy *self, const char *kind)
{
  g_return_val_if_fail (KTM_IS_STUDY (self) && kind, NULL);
  return find_document (self, kind).json;
}

gboolean
ktm_study_put_document (KtmStudy *self, const char *kind, const char *title, const char *json,
                        GError **error)
{
  Found found;

  g_return_val_if_fail (KTM_IS_STUDY (self) && kind && title && json, FALSE);
  found = find_document (self, kind);
  g_free (found.json);
  return ktm_study_save_document (self, found.id, kind, title, json, error) > 0;
}

/* --- saved subgroups -------------------------------------------------------------------------- */

static void
group_free (gpointer data)
{
  KtmStudyGroup *group = data;

  g_free (group->title);
  g_free (group);
}

static gboolean
add_group_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  KtmStudyGroup *group = g_new (KtmStudyGroup, 1);

  group->id = document->id;
  group->title = g_strdup (document->title);
  g_ptr_array_add (data, group);
  return TRUE;
}

GPtrArray *
ktm_study_list_groups (KtmStudy *self)
{
  GPtrArray *groups;

  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  groups = g_ptr_array_new_with_free_func (group_free);
  ktm_store_read_documents (store_of (self), "group", add_group_cb, groups,
                            NULL);
  return groups;
}

gboolean
ktm_study_save_group (KtmStudy *self, const char *title, GError **error)
{
  g_autofree char *json = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self) && title, FALSE);
  ktm_study_settle (self);
  json = ktm_filter_dup_group_json (ktm_study_get_filter (self));
  return ktm_study_save_document (self, 0, "group", title, json, error) != 0;
}

gboolean
ktm_study_load_group (KtmStudy *self, gint64 id, GError **error)
{
  g_autoptr (KtmFilter) filter = NULL;
  g_autofree char *text = g_strdup_printf ("group = %" G_GINT64_FORMAT, id);

  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  filter = ktm_filter_new ();
  if (!ktm_filter_add_text (filter, ktm_study_get_cohort (self), text, error))
    return FALSE;
  ktm_study_settle (self);
  ktm_filter_assign (ktm_study_get_filter (self), filter);
  ktm_study_settle (self);
  return TRUE;
}
