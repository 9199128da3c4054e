/* What a cohort file that came by e-mail holds beside its numbers: the same bytes as a saved group,
 * names of classes and a class model; read as the window reads them. */
#include "fuzz.h"

#include "fuzz-cohort-make.h"
#include "ktm-class-document.h"
#include "ktm-filter.h"
#include "ktm-store-private.h"

static gint64
put (KtmStore *store, const char *kind, const char *json)
{
  g_autoptr (GError) error = NULL;
  gint64 id = ktm_store_put_document (store, 0, kind, "Some", json, &error);

  fuzz_check_error (id > 0, error);
  return id;
}

static void
use_group (KtmCohort *cohort, gint64 id)
{
  g_autofree char *text = g_strdup_printf ("group = %" G_GINT64_FORMAT, id);
  g_autoptr (KtmFilter) filter = ktm_filter_new ();
  g_autoptr (GError) error = NULL;
  gboolean done = ktm_filter_add_text (filter, cohort, text, &error);
  gsize n;

  fuzz_check_error (done, error);
  if (done)
    g_free (ktm_filter_match (filter, cohort, &n));
}

static void
use (KtmCohort *cohort, gint64 group)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) model_error = NULL;
  KtmClassModel *model;
  KtmFrame *frame;

  if (!ktm_cohort_reload (cohort, &error))
    g_error ("a document keeps the cohort from loading: %s", error->message);
  frame = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, KTM_FRAME_TIMES);
  ktm_frame_unref (frame);
  if (group > 0)
    use_group (cohort, group);
  model = ktm_class_document_load (cohort, NULL, &model_error);
  fuzz_check_error (model != NULL, model_error);
  ktm_class_model_unref (model);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const kinds[] = { "class-names", KTM_CLASS_DOCUMENT_KIND };
  g_autofree char *json = g_strndup ((const char *) data, size);
  KtmCohort *cohort = fuzz_cohort ();
  KtmStore *store = ktm_cohort_get_store (cohort);
  gint64 group = put (store, "group", json);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    put (store, kinds[i], json);
  use (cohort, group);
  fuzz_accepted = group > 0;
  ktm_store_exec (store, "DELETE FROM document; DELETE FROM history", NULL);
  return 0;
}
