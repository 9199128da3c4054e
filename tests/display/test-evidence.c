/* tests: the page of published studies, in the window on a copy of the sample. */
#include <string.h>

#include "ktm-evidence.h"
#include "ktm-choice.h"
#include "ktm-locate.h"
#include "ktm-segments.h"
#include "ktm-study-row.h"
#include "ktm-study-table.h"
#include "pump-window.h"

static gboolean
has_label (GtkWidget *button, gpointer label)
{
  return !g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label);
}

static gboolean
is_row (GtkWidget *check, gpointer name)
{
  return gtk_widget_has_css_class (check, "study-row")
         && g_str_equal (ktm_study_row_get_name (check), name);
}

static GtkWidget *
row_of (KtmWindow *window, const char *study)
{
  return pump_find (GTK_WIDGET (window), GTK_TYPE_CHECK_BUTTON, is_row, (gpointer) study);
}

static void
click (GtkWidget *root, const char *label)
{
  GtkWidget *button = pump_find (root, GTK_TYPE_BUTTON, has_label, (gpointer) label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static char *
describe (KtmWindow *window)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, pump_is_mapped, NULL);
  KtmChartView *view = ktm_board_page_get_view (KTM_BOARD_PAGE (page), "evidence");

  pump_settle (window);
  g_assert_nonnull (ktm_chart_view_get_scene (view));
  return g_strdup (ktm_chart_view_get_scene (view)->description);
}

static void
undo (KtmWindow *window)
{
  pump_act (window, "undo", NULL);
}

/* The dialog, once it is there; its entries in the order they were made. */
static GtkWindow *
open_dialog (KtmWindow *window)
{
  GListModel *all = gtk_window_get_toplevels ();

  click (GTK_WIDGET (window), "Add a study…");
  pump_idle ();
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (all, i);

      if (!g_strcmp0 (gtk_window_get_title (one), "Add a published study"))
        return one;
    }
  g_assert_not_reached ();
}

static gboolean
is_nth (GtkWidget *entry, gpointer n)
{
  return gtk_widget_get_child_visible (entry) && gtk_widget_get_visible (entry)
         && (*(int *) n)-- == 0;
}

static void
type (GtkWindow *dialog, int n, const char *text)
{
  GtkWidget *entry = pump_find (GTK_WIDGET (dialog), GTK_TYPE_ENTRY, is_nth, &n);

  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static gboolean
says (GtkWidget *label, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (label)), text) != NULL;
}

static void
assert_says (GtkWindow *dialog, const char *text)
{
  click (GTK_WIDGET (dialog), "Add");
  g_assert_nonnull (pump_find (GTK_WIDGET (dialog), GTK_TYPE_LABEL, says, (gpointer) text));
}

static void
type_study (KtmWindow *window)
{
  static const char *const numbers[] = { "Typed", "2020", "20", "21", "4,1", "6.5", "2.0" };
  GtkWindow *dialog = open_dialog (window);

  assert_says (dialog, "name of the study");
  for (int i = 0; i < (int) G_N_ELEMENTS (numbers); i++)
    type (dialog, i, numbers[i]);
  assert_says (dialog, "SD · Control is missing");
  type (dialog, 7, "many");
  assert_says (dialog, "not a number");
  type (dialog, 7, "-2");
  assert_says (dialog, "must be above 0");
  type (dialog, 7, "2.2");
  g_assert_null (row_of (window, "Typed 2020"));
  click (GTK_WIDGET (dialog), "Add");
  pump_settle (window);
  g_assert_nonnull (row_of (window, "Typed 2020"));
}

static void
restore_rule (KtmWindow *window)
{
  KtmBoardPage *page = KTM_BOARD_PAGE (
      pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, pump_is_mapped, NULL));
  g_autoptr (KtmChartOptions) options = NULL, again = NULL, other = NULL;
  const char *chart;

  options = ktm_board_page_dup_options (page, &chart);
  g_free (options->evidence);
  options->evidence = g_strdup ("effect or, method peto, tau2 dl, ci wald, own no, moderator year");
  g_assert_true (ktm_board_page_apply (page, chart, options));
  pump_settle (window);
  again = ktm_board_page_dup_options (page, &chart);
  g_assert_cmpstr (again->evidence, ==, options->evidence);
  /* means have no Mantel-Haenszel and no Peto */
  g_assert_true (ktm_board_page_set_choice (page, "effect", "md"));
  pump_settle (window);
  other = ktm_board_page_dup_options (page, &chart);
  g_assert_nonnull (strstr (other->evidence, "effect md, method iv"));
}

/* --- every form of the dialog ----------------------------------------------------------------- */

typedef struct
{
  const char *form, *measure;   /* ids; measure NULL: not asked */
  const char *numbers[12];      /* in the order of the entries; NULL ends, "" stays empty */
  const char *says;             /* of what is refused; NULL: it is kept */
  const char *effect;           /* where it then stands */
  double      value, se;        /* by hand, from the numbers */
} Form;

static const Form forms[] = {
  { "means",
    NULL,
    { "M", "", "20", "21", "4.1", "6.5", "2.0", "0" },
    "SD · Control must be above 0" },
  { "means",
    NULL,
    { "M", "", "20", "0", "4.1", "6.5", "2.0", "2.2" },
    "Patients · Control must be above 0" },
  { "means", NULL, { "M", "", "2.5" }, "counted in whole numbers" },
  { "means", NULL, { "M", "20x0" }, "“20x0” is not a number" },
  { "means",
    NULL,
    { "M", "", "20", "21", "4.1", "6.5", "2.0", "2.2" },
    NULL,
    "md",
    -2.4,
    0.656106844 },
  { "events", NULL, { "E", "", "20", "21", "21", "4" }, "events not above n" },
  { "events", NULL, { "E", "", "20", "21", "12", "-4" }, "cannot be below 0" },
  { "events", NULL, { "E", "", "20", "21", "12", "4" }, NULL, "rr", 3.15, 0.485504156 },
  { "effect", "rr", { "R", "", "", "2.43" }, "How precise the effect is" },
  { "effect", "rr", { "R", "", "", "2.43", "", "1.10" }, "How precise the effect is" },
  { "effect", "rr", { "R", "", "", "-2.43", "", "1.10", "5.40" }, "type the ratio, not its log" },
  { "effect", "md", { "R", "", "", "3", "", "1", "2" }, "outside its own interval" },
  { "effect", "md", { "R", "", "", "3", "0" }, "Standard error must be above 0" },
  { "effect",
    "rr",
    { "R", "2019", "", "2.43", "", "1.10", "5.40" },
    NULL,
    "rr",
    2.43,
    0.405897452 },
  { "effect", "md", { "S", "", "60", "−1,2", "0,31" }, NULL, "md", -1.2, 0.31 },
  { "before-after",
    NULL,
    { "B", "", "30", "28", "6.8", "5.7", "1.8", "1.9", "2" },
    "outside −1…1" },
  { "before-after",
    NULL,
    { "B", "", "30", "30", "6.8", "5.7", "1.8", "1.9", "0.5" },
    NULL,
    "change",
    -1.1,
    0.338132124 },
  { "change", NULL, { "C", "", "30", "−1.5" }, "How precise the effect is" },
  { "change",
    NULL,
    { "C", "", "30", "−1.5", "", "−2.1", "−0.9" },
    NULL,
    "change",
    -1.5,
    0.306128074 },
  { "share", NULL, { "D", "", "45", "46" }, "events not above n" },
  { "share", NULL, { "D", "", "45", "23" }, NULL, NULL, 0, 0 },
};

static gboolean
is_visible_choice (GtkWidget *choice, gpointer n)
{
  return gtk_widget_get_visible (choice) && (*(int *) n)-- == 0;
}

static void
choose (GtkWindow *dialog, int n, const char *id)
{
  GtkWidget *choice = pump_find (GTK_WIDGET (dialog), KTM_TYPE_CHOICE, is_visible_choice, &n);

  g_assert_true (choice && ktm_choice_set_selected (KTM_CHOICE (choice), id));
}

static void
fill_form (GtkWindow *dialog, const Form *form)
{
  choose (dialog, 0, form->form);
  if (form->measure)
    choose (dialog, 1, form->measure);
  for (int i = 0; i < (int) G_N_ELEMENTS (form->numbers) && form->numbers[i]; i++)
    type (dialog, i, form->numbers[i]);
}

/* The study stands in the cohort with the effect its numbers make. */
static void
assert_effect (KtmWindow *window, const Form *form)
{
  g_autoptr (KtmFrame) frame =
      ktm_study_dup_frame (ktm_window_get_study (window), NULL, NULL, KTM_FRAME_STUDIES);
  KtmEvidenceEffect effect = KTM_EFFECT_RR;
  KtmEvidenceStudy *studies;
  gsize n, found = 0;

  g_assert_true (!form->effect || ktm_effect_parse (form->effect, &effect));
  g_assert_cmpint (ktm_evidence_studies (frame, effect, 0.95, &studies, &n), ==, KTM_STATS_OK);
  for (gsize i = 0; i < n; i++)
    if (g_str_has_prefix (studies[i].name, form->numbers[0]) && strlen (studies[i].name) <= 6)
      {
        g_assert_true (studies[i].relevant && studies[i].share == !form->effect);
        if (form->effect)
          g_assert_cmpfloat_with_epsilon (studies[i].estimate.value, form->value, 1e-6);
        else
          g_assert_cmpfloat_with_epsilon (studies[i].estimate.value, 23. / 45, 1e-9);
        if (form->effect)
          g_assert_cmpfloat_with_epsilon (studies[i].estimate.se, form->se, 1e-6);
        found++;
      }
  g_assert_cmpuint (found, ==, 1);
  free (studies);
}

static void
run_form (KtmWindow *window, const Form *form)
{
  GtkWindow *dialog = open_dialog (window);
  gsize before = ktm_study_get_n_shown (ktm_window_get_study (window));

  g_test_message ("%s %s: %s", form->form, form->numbers[0], form->says ? form->says : "kept");
  fill_form (dialog, form);
  if (form->says)
    {
      assert_says (dialog, form->says);
      g_assert_null (row_of (window, form->numbers[0]));
      gtk_window_destroy (dialog);
      pump_idle ();
      return;
    }
  click (GTK_WIDGET (dialog), "Add");
  pump_settle (window);
  assert_effect (window, form);
  undo (window);
  g_assert_null (row_of (window, form->numbers[0]));
  g_assert_cmpuint (ktm_study_get_n_shown (ktm_window_get_study (window)), ==, before);
}

/* --- windows ---------------------------------------------------------------------------------- */

static KtmWindow *
open_page (const char *path)
{
  KtmWindow *window = pump_open (path, 1440, 900);

  pump_page (window, "evidence");
  return window;
}

static void
test_page (void)
{
  char *to = pump_copy_sample ();
  g_autofree char *all = NULL, *fewer = NULL, *back = NULL, *more = NULL, *undone = NULL;
  KtmWindow *window = open_page (to);

  all = describe (window);
  g_test_message ("%s", all);
  g_assert_nonnull (row_of (window, "Example trial C"));
  g_assert_nonnull (strstr (all, "1.64")); /* REML, HKSJ of six trials: metafor */

  ktm_study_row_set_active (row_of (window, "Example trial C"), FALSE);
  fewer = describe (window);
  g_assert_cmpstr (fewer, !=, all);
  undo (window);
  back = describe (window);
  g_assert_cmpstr (back, ==, all);
  g_assert_true (ktm_study_row_get_active (row_of (window, "Example trial C")));

  type_study (window);
  more = describe (window);
  g_assert_cmpstr (more, !=, all);
  undo (window);
  undone = describe (window);
  g_assert_cmpstr (undone, ==, all);
  g_assert_null (row_of (window, "Typed 2020"));
  restore_rule (window);
  pump_close (window);
  pump_remove (to);
}

static void
test_forms (void)
{
  char *to = pump_copy_sample ();
  KtmWindow *window = open_page (to);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    run_form (window, &forms[i]);
  pump_close (window);
  pump_remove (to);
}

/* --- the sidebar ------------------------------------------------------------------------------ */

static gboolean
has_line (KtmWindow *window, const char *label)
{
  GtkWidget *page = pump_find (GTK_WIDGET (window), KTM_TYPE_BOARD_PAGE, pump_is_mapped, NULL);
  const KtmScene *scene;

  pump_settle (window);
  scene = ktm_chart_view_get_scene (ktm_board_page_get_view (KTM_BOARD_PAGE (page), "evidence"));
  for (guint i = 0; scene && i < ((KtmPanel *) scene->panels->pdata[0])->lines->len; i++)
    if (g_str_equal (((KtmLine *) ((KtmPanel *) scene->panels->pdata[0])->lines->pdata[i])->label,
                     label))
      return TRUE;
  return FALSE;
}

static void
search (KtmWindow *window, const char *text)
{
  GtkWidget *entry = pump_find (GTK_WIDGET (window), GTK_TYPE_SEARCH_ENTRY, pump_is_mapped, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "search-changed");
}

static gboolean
is_side_switch (GtkWidget *segments, gpointer id)
{
  return gtk_widget_has_css_class (segments, "side-switch")
         && ktm_segments_set_selected (KTM_SEGMENTS (segments), id);
}

static void
turn_sidebar (KtmWindow *window, const char *id)
{
  g_assert_nonnull (
      pump_find (GTK_WIDGET (window), KTM_TYPE_SEGMENTS, is_side_switch, (gpointer) id));
  pump_idle ();
}

static void
test_sidebar (void)
{
  char *to = pump_copy_sample ();
  KtmWindow *window = open_page (to);
  GtkWidget *own = pump_find (GTK_WIDGET (window), KTM_TYPE_STUDY_OWN, pump_is_mapped, NULL);
  static const char *const one[] = { "CRPS", NULL };

  g_assert_true (has_line (window, "This cohort, month 12"));
  ktm_study_own_set (KTM_STUDY_OWN (own), TRUE, "pain_type", one);
  g_signal_emit_by_name (own, "changed");
  g_assert_true (has_line (window, "This cohort, CRPS"));
  g_assert_true (has_line (window, "This cohort, month 12"));
  g_assert_false (has_line (window, "This cohort, neuropathic"));
  ktm_study_row_set_active (row_of (window, "neuropathic"), TRUE);
  g_assert_true (has_line (window, "This cohort, neuropathic"));
  ktm_study_row_set_active (row_of (window, "All patients"), FALSE);
  g_assert_false (has_line (window, "This cohort, CRPS"));
  g_assert_false (has_line (window, "This cohort, month 12"));

  search (window, "okapi");
  g_assert_nonnull (row_of (window, "OKAPI (Corriger 2022)"));
  g_assert_null (row_of (window, "Example trial A"));
  search (window, "");
  g_assert_nonnull (row_of (window, "Example trial A"));

  /* the patients are a click away, and the filter still makes the cohort's row */
  turn_sidebar (window, "patients");
  g_assert_false (gtk_widget_get_mapped (own));
  turn_sidebar (window, "own");
  g_assert_true (gtk_widget_get_mapped (own));
  pump_page (window, "change");
  g_assert_false (gtk_widget_get_mapped (own));
  pump_close (window);
  pump_remove (to);
}

/* Five patients before and after, and nothing else. */
static void
make_bare (const char *path)
{
  g_autoptr (GError) error = NULL;
  KtmStore *store = ktm_store_create (path, "Bare", &error);
  const KtmMeasureRecord nrs = { "nrs", "NRS", "points", 0, 10, TRUE, NAN };
  const KtmVisitRecord visits[] = { { "0", "M0", 0, NAN, NAN }, { "1", "M1", 1, NAN, NAN } };
  guint measure, visit[2];

  g_assert_no_error (error);
  g_assert_true (ktm_store_begin (store, &error));
  g_assert_true (ktm_store_put_measure (store, &nrs, &measure, &error));
  for (guint j = 0; j < 2; j++)
    g_assert_true (ktm_store_put_visit (store, &visits[j], &visit[j], &error));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *code = g_strdup_printf ("B%u", i + 1);
      const KtmPatientRecord patient = {
        .code = code, .index_date = NAN, .included = TRUE, .stop_time = NAN
      };
      gint64 id;

      g_assert_true (ktm_store_put_patient (store, &patient, &id, &error));
      for (guint j = 0; j < 2; j++)
        {
          const KtmScoreRecord score = { id, measure, visit[j], j, 7 - j - i % 3 };

          g_assert_true (ktm_store_put_score (store, &score, &error));
        }
    }
  g_assert_true (ktm_store_commit (store, &error));
  ktm_store_close (store);
}

/* A cohort without studies offers the example ones. */
static void
test_example (void)
{
  char *to = pump_new_path ("bare.cohort");
  g_autofree char *all = NULL;
  KtmWindow *window;

  make_bare (to);
  window = open_page (to);
  g_assert_null (row_of (window, "Example trial C"));
  click (GTK_WIDGET (window), "Show the example studies");
  all = describe (window);
  g_assert_nonnull (strstr (all, "1.64"));
  g_assert_nonnull (row_of (window, "Example trial C"));
  undo (window);
  g_assert_null (row_of (window, "Example trial C"));
  pump_close (window);
  pump_remove (to);
}

int
main (int argc, char **argv)
{
  pump_app_init (&argc, &argv);
  g_settings_set_boolean (ktm_settings (), "pane-shown", FALSE);
  g_test_add_func ("/evidence/page", test_page);
  g_test_add_func ("/evidence/forms", test_forms);
  g_test_add_func ("/evidence/sidebar", test_sidebar);
  g_test_add_func ("/evidence/example", test_example);
  return pump_app_run ();
}
