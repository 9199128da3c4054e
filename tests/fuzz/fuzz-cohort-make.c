#include "fuzz-cohort-make.h"

#include "cohort-fixture.h"
#include "ktm-store-private.h"

KtmCohort *
fuzz_cohort (void)
{
  static KtmCohort *cohort;
  g_autoptr (GError) error = NULL;

  if (cohort == NULL)
    {
      KtmStore *store = ktm_store_create_in (":memory:", NULL, "Fuzz", &error);

      g_assert_no_error (error);
      fixture_fill (store);
      ktm_store_put_document (store, 0, "group", "Some", "{\"codes\": [\"K1\", \"K2\"]}", &error);
      g_assert_no_error (error);
      cohort = ktm_cohort_new_from_store (store, &error);
      g_assert_no_error (error);
    }
  return cohort;
}

KtmFrame *
fuzz_frame (void)
{
  static KtmFrame *frame;

  if (frame == NULL)
    frame = ktm_cohort_dup_frame (fuzz_cohort (), NULL, 0, NULL, NULL,
                                  KTM_FRAME_TIMES | KTM_FRAME_EVENTS | KTM_FRAME_TREATMENTS
                                      | KTM_FRAME_SAFETY);
  return frame;
}
