/* tests: the results pane: cards, words where there is nothing, background work, stopping, copying,
 * methods. */
#include <math.h>
#include <string.h>

#include "frames.h"
#include "ktm-analysis-pane.h"
#include "ktm-interval-cell.h"
#include "ktm-report-view.h"
#include "pump.h"

static gboolean
has_text (GtkWidget *widget, gpointer text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
shows (GtkWidget *root, const char *text)
{
  return pump_find (root, GTK_TYPE_LABEL, has_text, (gpointer) text) != NULL;
}

static gboolean
is_idle (gpointer pane)
{
  return !ktm_analysis_pane_is_busy (pane);
}

static void
test_cards (void)
{
  static const char *const analyses[] = { "change", "subgroups", "responder", NULL };
  g_autoptr (KtmFrame) frame = frame_cohort ();
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  GtkWidget *pane = ktm_analysis_pane_new ();
  GtkWindow *window = pump_show (pane, 360, 800);
  gint64 start;

  options->by = g_strdup ("pain_type");
  start = g_get_monotonic_time ();
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  g_test_message ("shown after %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  /* the simple numbers stand at once, the mixed model follows */
  g_assert_true (shows (pane, "paired, n = 87"));
  g_assert_true (shows (pane, "6.5 ± 2.0 → 5.6 ± 1.8"));
  g_assert_true (shows (pane, "26/87"));
  g_assert_true (shows (pane, "No comparison group"));
  g_assert_nonnull (pump_find (pane, KTM_TYPE_INTERVAL_CELL, NULL, NULL));
  g_assert_true (ktm_analysis_pane_is_busy (KTM_ANALYSIS_PANE (pane)));
  pump_until (is_idle, pane, "the mixed model");
  g_assert_true (shows (pane, "Mixed model, 254 patients"));
  g_assert_cmpuint (ktm_analysis_pane_get_report (KTM_ANALYSIS_PANE (pane), "change")->n_rows, >,
                    100);
  g_assert_null (ktm_analysis_pane_get_report (KTM_ANALYSIS_PANE (pane), "table1"));

  /* a new input while work is under way: nothing of the old one arrives */
  for (int i = 0; i < 5; i++)
    ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), NULL, NULL, NULL);
  g_assert_false (ktm_analysis_pane_is_busy (KTM_ANALYSIS_PANE (pane)));
  g_assert_false (shows (pane, "paired, n = 87"));
  pump_idle ();
  gtk_window_destroy (window);
}

static gboolean
is_figure_button (GtkWidget *widget, gpointer unused G_GNUC_UNUSED)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "Add to figure") == 0;
}

static char *
note_of (GtkWidget *pane)
{
  KtmText *note = ktm_analysis_pane_dup_note (KTM_ANALYSIS_PANE (pane));
  char *said = note != NULL ? ktm_text_render (note, NULL, 0) : NULL;

  ktm_text_free (note);
  return said;
}

static void
count_cb (GtkWidget *pane G_GNUC_UNUSED, guint *n)
{
  (*n)++;
}

/* The headline of a card goes into the figure, follows the input, and comes off again. */
static void
test_figure (void)
{
  static const char *const analyses[] = { "change", "subgroups", "responder", NULL },
                           *const others[] = { "table1", NULL };
  g_autoptr (KtmFrame) frame = frame_cohort (), nobody = frame_small (0);
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  GtkWidget *pane = ktm_analysis_pane_new (), *button;
  GtkWindow *window = pump_show (pane, 360, 800);
  guint told = 0;

  options->by = g_strdup ("pain_type");
  g_signal_connect (pane, "note-changed", G_CALLBACK (count_cb), &told);
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  pump_until (is_idle, pane, "the mixed model");
  g_assert_null (note_of (pane));
  button = pump_find (pane, GTK_TYPE_TOGGLE_BUTTON, is_figure_button, NULL);
  g_assert_nonnull (button);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_autofree char *first = note_of (pane);
  g_test_message ("%s", first);
  g_assert_nonnull (strstr (first, "month 12: −0.9"));
  g_assert_nonnull (strstr (first, "CI −1.3 to −0.5), paired, n = 87"));
  g_assert_cmpuint (told, ==, 1);

  options->to = 6;
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  g_autofree char *second = note_of (pane);
  g_assert_nonnull (strstr (second, "month 6"));
  g_assert_cmpuint (told, >=, 2);
  button = pump_find (pane, GTK_TYPE_TOGGLE_BUTTON, is_figure_button, NULL);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  g_assert_null (note_of (pane));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);

  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), nobody, options, analyses);
  g_assert_null (note_of (pane));
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, others);
  g_assert_false (ktm_analysis_pane_has_note (KTM_ANALYSIS_PANE (pane)));
  gtk_window_destroy (window);
}

static void
test_nothing (void)
{
  static const char *const analyses[] = { "change",      "compare",     "responder",
                                          "mixed-model", "sensitivity", NULL };
  g_autoptr (KtmFrame) nobody = frame_small (0), unseen = frame_small (4);
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  GtkWidget *pane = ktm_analysis_pane_new ();
  GtkWindow *window = pump_show (pane, 360, 800);

  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), nobody, options, analyses);
  pump_until (is_idle, pane, "five analyses of nobody");
  g_assert_true (shows (pane, "A comparison needs the attribute"));
  g_assert_true (shows (pane, "No patient has both scores"));
  g_assert_false (shows (pane, "nan"));
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), unseen, options, analyses);
  pump_until (is_idle, pane, "five analyses of nothing");
  g_assert_true (shows (pane, "Nobody can be judged"));
  gtk_window_destroy (window);
}

/* Closing the window while work is under way. */
static void
test_closed (void)
{
  static const char *const analyses[] = { "mixed-model", "sensitivity", NULL };
  g_autoptr (KtmFrame) frame = frame_cohort ();
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  GtkWidget *pane = ktm_analysis_pane_new ();
  GtkWindow *window = pump_show (pane, 360, 800);

  options->by = g_strdup ("pain_type");
  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  g_assert_true (ktm_analysis_pane_is_busy (KTM_ANALYSIS_PANE (pane)));
  gtk_window_destroy (window);
  for (int i = 0; i < 50; i++)
    {
      pump_idle ();
      g_usleep (10000);
    }
}

static gboolean
is_methods (GtkWidget *widget, gpointer unused)
{
  const char *label = gtk_button_get_label (GTK_BUTTON (widget));

  return label != NULL && strcmp (label, "Methods text") == 0;
}

typedef struct
{
  char    *text;
  gboolean done;
} Pasted;

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Pasted *pasted = data;

  pasted->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  pasted->done = TRUE;
}

static gboolean
is_pasted (gpointer data)
{
  return ((Pasted *) data)->done;
}

static void
test_copy (void)
{
  static const char *const analyses[] = { "responder", NULL };
  g_autoptr (KtmFrame) frame = frame_cohort ();
  g_autoptr (KtmAnalysisOptions) options = ktm_analysis_options_new ();
  GtkWidget *pane = ktm_analysis_pane_new (), *button;
  GtkWindow *window = pump_show (pane, 360, 800);
  g_autoptr (GListModel) windows = NULL;
  Pasted pasted = { 0 };

  ktm_analysis_pane_set_input (KTM_ANALYSIS_PANE (pane), frame, options, analyses);
  gtk_widget_activate_action (pane, "results.copy-latex", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (pane), NULL, pasted_cb, &pasted);
  pump_until (is_pasted, &pasted, "the clipboard");
  g_assert_true (g_str_has_prefix (pasted.text, "\\begin{tabular}"));
  g_assert_nonnull (strstr (pasted.text, "26/87"));
  g_free (pasted.text);

  button = pump_find (pane, GTK_TYPE_BUTTON, is_methods, NULL);
  g_signal_emit_by_name (button, "clicked");
  pump_idle ();
  windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = g_list_model_get_n_items (windows); i-- > 0; )
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (windows, i);

      if (other == window)
        continue;
      g_assert_true (shows (GTK_WIDGET (other), "Response was defined as"));
      gtk_window_destroy (other);
    }
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  pump_init (&argc, &argv);
  ktm_stats_init ();
  g_test_add_func ("/pane/cards", test_cards);
  g_test_add_func ("/pane/nothing", test_nothing);
  g_test_add_func ("/pane/figure", test_figure);
  g_test_add_func ("/pane/closed", test_closed);
  g_test_add_func ("/pane/copy", test_copy);
  return g_test_run ();
}
