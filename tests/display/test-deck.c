/* tests: from the charts of a window to a deck, the room and a PDF. */
#include <glib/gstdio.h>
#include <string.h>

#include "ktm-deck.h"
#include "ktm-present.h"
#include "ktm-slide.h"
#include "pump-window.h"

static KtmStudy *
sample_study (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (NULL, &error);

  g_assert_no_error (error);
  return ktm_study_new (cohort);
}

static KtmRecipe *
new_recipe (KtmStudy *study, const char *chart, const char *where)
{
  KtmRecipe *recipe = g_new0 (KtmRecipe, 1);

  recipe->cohort_id = g_strdup (ktm_cohort_get_id (ktm_study_get_cohort (study)));
  recipe->chart = g_strdup (chart);
  recipe->where = g_strdupv ((char **) (const char *const[]) { where, NULL });
  recipe->options = ktm_chart_options_new ();
  recipe->options->measure = g_strdup ("nrs");
  return recipe;
}

static void
test_json (void)
{
  g_autoptr (KtmStudy) study = sample_study ();
  g_autoptr (KtmDeck) deck = ktm_deck_new ("Thursday");
  g_autoptr (KtmDeck) again = NULL;
  g_autofree char *json = NULL;
  static const char *const broken[] = { "", "{}", "[]", "{\"slides\": 1}", "{\"slides\": [1]}",
                                        "{\"slides\": [{\"recipe\": \"{\"}]}" };

  ktm_deck_add (deck, "Pain falls", new_recipe (study, "trajectories", "pain_type = CRPS"));
  ktm_deck_add (deck, NULL, new_recipe (study, "waterfall", NULL));
  json = ktm_deck_to_json (deck);
  again = ktm_deck_from_json ("Thursday", json, NULL);
  g_assert_cmpuint (again->slides->len, ==, 2);
  g_assert_cmpstr (((KtmSlide *) again->slides->pdata[0])->message, ==, "Pain falls");
  g_assert_cmpstr (((KtmSlide *) again->slides->pdata[0])->recipe->where[0], ==,
                   "pain_type = CRPS");
  g_assert_cmpstr (((KtmSlide *) again->slides->pdata[1])->message, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ktm_deck_from_json ("Bad", broken[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

/* Added from the page, kept, undone; the sample itself is not written to. */
static void
test_add (void)
{
  char *path = pump_copy_sample ();
  KtmWindow *window = pump_open (path, 1440, 900);

  pump_act (window, "add-to-deck", NULL);
  pump_page (window, "change");
  pump_act (window, "add-to-deck", NULL);
  pump_act (window, "undo", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (window), "present", NULL);
  pump_idle ();
  g_assert_nonnull (pump_find_top (ADW_TYPE_WINDOW)); /* the deck, with its one slide */
  gtk_window_destroy (pump_find_top (ADW_TYPE_WINDOW));
  pump_close (window);
  {
    g_autoptr (KtmCohort) cohort = ktm_cohort_open_sync (path, NULL);
    g_autoptr (KtmStudy) study = ktm_study_new (cohort);
    g_autoptr (GPtrArray) decks = ktm_deck_list (study);

    g_assert_cmpuint (decks->len, ==, 1);
    g_assert_cmpuint (((KtmDeck *) decks->pdata[0])->slides->len, ==, 1);
  }
  pump_remove (path);
}

static gboolean
is_drawn (gpointer present)
{
  return !ktm_present_is_busy (present) && gtk_widget_get_mapped (present);
}

static void
test_present (void)
{
  g_autoptr (KtmStudy) study = sample_study ();
  g_autoptr (KtmDeck) deck = ktm_deck_new ("Thursday");
  KtmPresent *present;

  ktm_deck_add (deck, "Pain falls", new_recipe (study, "trajectories", NULL));
  ktm_deck_add (deck, NULL, new_recipe (study, "subgroups", NULL)); /* needs an analysis */
  ktm_deck_add (deck, NULL,
                new_recipe (study, "waterfall", "pain_type = nowhere")); /* says why not */
  present = ktm_present_new (NULL, study, deck, 0, NULL);
  gtk_window_present (GTK_WINDOW (present));
  pump_until (is_drawn, present, "the first slide");
  pump_key (GTK_WIDGET (present), GDK_KEY_Right, 0);
  g_assert_cmpuint (ktm_present_get_slide (present), ==, 1);
  pump_until (is_drawn, present, "the second slide");
  pump_key (GTK_WIDGET (present), GDK_KEY_End, 0);
  pump_key (GTK_WIDGET (present), GDK_KEY_Page_Down, 0);
  g_assert_cmpuint (ktm_present_get_slide (present), ==, 2);
  pump_key (GTK_WIDGET (present), GDK_KEY_b, 0);
  g_assert_true (ktm_present_is_blank (present));
  pump_key (GTK_WIDGET (present), GDK_KEY_Home, 0);
  g_assert_false (ktm_present_is_blank (present));
  g_assert_cmpuint (ktm_present_get_slide (present), ==, 0);
  pump_until (is_drawn, present, "the first slide again");
  gtk_window_destroy (GTK_WINDOW (present));
  pump_idle ();
}

static void
built_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GPtrArray **) data = ktm_slides_build_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_built (gpointer pages)
{
  return *(GPtrArray **) pages != NULL;
}

/* What goes into a room and is handed round names nobody. */
static void
assert_no_codes (KtmStudy *study, const char *pdf)
{
  KtmCohort *cohort = ktm_study_get_cohort (study);
  const char *const argv[] = { "pdftotext", pdf, "-", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "Pain falls"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (cohort)); i++)
    g_assert_null (strstr (text, ktm_cohort_get_code (cohort, i)));
}

static void
test_pdf (void)
{
  g_autoptr (KtmStudy) study = sample_study ();
  g_autoptr (KtmDeck) deck = ktm_deck_new ("Thursday");
  char *path = pump_new_path ("deck.pdf");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *pages = NULL;
  gsize n;

  ktm_deck_add (deck, "Pain falls", new_recipe (study, "trajectories", "pain_type = CRPS"));
  ktm_deck_add (deck, NULL, new_recipe (study, "subgroups", NULL));
  ktm_slides_build_async (study, deck, NULL, built_cb, &pages);
  pump_until (is_built, &pages, "the slides");
  g_assert_cmpuint (pages->len, ==, 2);
  g_assert_nonnull (strstr (((KtmSlidePage *) pages->pdata[0])->footer, "30 of 256"));
  g_assert_true (ktm_slides_save_pdf (pages, "Thursday", path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  assert_no_codes (study, path);
  g_assert_false (ktm_slides_save_pdf (pages, "Thursday", "/no/such/folder/deck.pdf", &error));
  g_assert_nonnull (error);
  g_ptr_array_unref (pages);
  pump_remove (path);
}

/* Few patients: no single lines. */
static void
test_few (void)
{
  g_autoptr (KtmStudy) study = sample_study ();
  g_autoptr (KtmDeck) deck = ktm_deck_new ("Few");
  g_autoptr (KtmSlideJob) few = NULL;
  g_autoptr (KtmSlideJob) many = NULL;

  ktm_deck_add (deck, NULL, new_recipe (study, "trajectories", "height_cm > 188"));
  ktm_deck_add (deck, NULL, new_recipe (study, "trajectories", NULL));
  few = ktm_slide_job_new (study, deck->slides->pdata[0], NULL);
  many = ktm_slide_job_new (study, deck->slides->pdata[1], NULL);
  g_assert_cmpuint (few->frame->n_patients, <, KTM_SLIDE_FEWEST);
  g_assert_false (few->options->individuals);
  g_assert_null (few->frame->code);
  g_assert_true (many->options->individuals);
  g_assert_null (many->frame->code);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_test_add_func ("/deck/json", test_json);
  g_test_add_func ("/deck/few", test_few);
  g_test_add_func ("/deck/add", test_add);
  g_test_add_func ("/deck/present", test_present);
  g_test_add_func ("/deck/pdf", test_pdf);
  return pump_app_run ();
}
