#include "fuzz-cohort-make.h"

#include <math.h>

#include "cohort-fixture.h"
#include "ktm-stats.h"
#include "ktm-store-private.h"

static void
put_studies (KtmStore *store)
{
  static const char *const studies[] = { "Ang 2017", "Bi 2018", "Cho 2020" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (studies); i++)
    {
      const KtmStudyArmRecord arm = {
        .study = studies[i / 2], .arm = i % 2 ? "placebo" : "ketamine", .year = 2017 + i,
        .n = 20 + i, .mean = i % 2 ? 5 : 3.5 + 0.1 * i, .sd = 2, .events = 4 + i, .effect = NAN,
        .se = NAN, .moderators = "dose=0.5", .low = NAN, .high = NAN, .correlation = NAN,
      };

      ktm_store_put_study_arm (store, &arm, &error);
      g_assert_no_error (error);
    }
}

KtmCohort *
fuzz_cohort (void)
{
  static KtmCohort *cohort;
  g_autoptr (GError) error = NULL;

  if (cohort == NULL)
    {
      KtmStore *store = ktm_store_create_in (":memory:", NULL, "Fuzz", &error);

      ktm_stats_init ();
      g_assert_no_error (error);
      fixture_fill (store);
      put_studies (store);
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
