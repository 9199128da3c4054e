/* model/cohort: what people call the trajectory classes of a measure, kept as documents of the
 * cohort: {"measure": ["nrs"], "names": ["Slow", "", "Steady"]}, from the lowest class up; an empty
 * text is the usual name. */
#include <string.h>

#include "ktm-cohort-private.h"

#define KIND "class-names"

enum { MOST = G_N_ELEMENTS (((KtmFrameClassNames *) NULL)->name) };

/* What a document says; FALSE: it is not one of ours. */
static gboolean
parse (const char *json, char **measure, char ***names)
{
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE ("a{sas}"), json, NULL, NULL, NULL);
  g_autofree const char **of = NULL;
  gsize n;

  *measure = NULL;
  *names = NULL;
  if (value == NULL || !g_variant_lookup (value, "measure", "^a&s", &of) || of[0] == NULL
      || !g_variant_lookup (value, "names", "^as", names))
    return FALSE;
  n = g_strv_length (*names);
  *measure = g_strdup (of[0]);
  return n >= 1 && n <= MOST;
}

static gboolean
load_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  g_autofree char *measure = NULL;
  g_auto (GStrv) names = NULL;
  const char *given[MOST] = { NULL };

  if (!parse (document->json, &measure, &names))
    return TRUE;
  for (guint k = 0; names[k] != NULL; k++)
    given[k] = names[k][0] != '\0' ? names[k] : NULL;
  ktm_frame_add_class_names (data, measure, g_strv_length (names), given);
  return TRUE;
}

/* Puts the names kept in @store into @frame; a document that cannot be read is passed over. */
gboolean
ktm_class_names_load (KtmStore *store, KtmFrame *frame, GError **error)
{
  return ktm_store_read_documents (store, KIND, load_cb, frame, error);
}

/* --- changing them ---------------------------------------------------------------------------- */

typedef struct
{
  const char *measure;
  guint       n;
  gint64      id;   /* of the document found; 0 none */
} Wanted;

static gboolean
find_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  Wanted *wanted = data;
  g_autofree char *measure = NULL;
  g_auto (GStrv) names = NULL;

  if (parse (document->json, &measure, &names) && g_str_equal (measure, wanted->measure)
      && g_strv_length (names) == wanted->n)
    wanted->id = document->id;
  return TRUE;
}

static gboolean
has_any (const char *const *names)
{
  for (; *names != NULL; names++)
    if ((*names)[0] != '\0')
      return TRUE;
  return FALSE;
}

/* Names the classes of @measure in this cohort's file: one undoable edit.  To be seen after
 * ktm_cohort_reload().
 *
 * @names: as many as there are classes (1 … 8), NULL-ended; an empty one is the usual name
 * @title: what the history calls it
 *
 * Errors: those of the store (read-only, full …). */
gboolean
ktm_cohort_name_classes (KtmCohort *self, const char *measure, const char *const *names,
                         const char *title, GError **error)
{
  KtmStore *store = ktm_cohort_get_store (self);
  Wanted wanted = { measure, g_strv_length ((char **) names), 0 };
  GString *json = g_string_new ("{");
  gboolean done = FALSE;

  ktm_json_append_list (json, "measure", (const char *const[]){ measure, NULL });
  ktm_json_append_list (json, "names", names);
  g_string_append_c (json, '}');
  if (!ktm_store_read_documents (store, KIND, find_cb, &wanted, error))
    done = FALSE;
  else if (has_any (names))
    done = ktm_store_put_document (store, wanted.id, KIND, title, json->str, error) > 0;
  else
    done = wanted.id == 0 || ktm_store_delete_document (store, wanted.id, error);
  g_string_free (json, TRUE);
  return done;
}
