/* widgets: how many trajectory classes? */
#include "ktm-class-table.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "ktm-class-advice.h"
#include "ktm-class-lights.h"
#include "ktm-light.h"
#include "ktm-report-view.h"
#include "ktm-wrap-box.h"

enum { MOST_COLUMNS = 18, SPACING = 6 };

struct _KtmClassTable
{
  GtkWidget       parent_instance;
  KtmClassFinder *finder;  /* owned */
  KtmClassResult *result;  /* a reference; NULL none */
  GtkWidget      *box;     /* child */
  GtkWidget      *about, *status, *progress, *stop, *again, *all, *sentence, *warnings;
  GtkWidget      *head, *rows, *scroller;
  GtkSizeGroup   *widths[MOST_COLUMNS]; /* owned */
  gboolean        filling;
};

G_DEFINE_FINAL_TYPE (KtmClassTable, ktm_class_table, GTK_TYPE_WIDGET)

static guint chosen_signal;

/* --- cells ------------------------------------------------------------------------------------ */

/* A line while it is put together: cells from the left, and what is said of it aloud. */
typedef struct
{
  KtmClassTable *table;
  GtkWidget     *box;
  guint          column;
  GString       *spoken;   /* NULL: a line of heads */
} Line;

static GtkWidget *
new_label (const char *text, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "number");
  return label;
}

static void
put (Line *line, GtkWidget *widget)
{
  g_assert (line->column < MOST_COLUMNS);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_size_group_add_widget (line->table->widths[line->column++], widget);
  gtk_box_append (GTK_BOX (line->box), widget);
}

static void
put_text (Line *line, const char *name, const char *text, const char *css)
{
  GtkWidget *label = new_label (text, line->column > 0 ? 1 : 0);

  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  put (line, label);
  if (line->spoken != NULL && name != NULL && *text != '\0')
    g_string_append_printf (line->spoken, ", %s %s", name, text);
}

/* A number of the table; NaN is a dash. */
static void
put_number (Line *line, const char *name, double value, int decimals, const char *css)
{
  char *text = ktm_lang_number (ktm_interface_lang (), value, decimals, 0);

  put_text (line, name, text, css);
  free (text);
}

/* "−330": how much less than with one class less. */
static void
put_change (Line *line, const char *name, const KtmGbtmSearch *s, gsize i,
            double (*of) (const KtmGbtmFit *))
{
  if (i == 0 || s->fit[i - 1] == NULL)
    put_text (line, name, "", "dim-label");
  else
    put_number (line, name, of (s->fit[i]) - of (s->fit[i - 1]), 0, "dim-label");
}

/* Takes @text. */
static void
put_light (Line *line, const char *name, char *text, KtmLight light)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), *label = new_label (text, 1);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), ktm_light_new (light));
  put (line, box);
  if (line->spoken != NULL && light != KTM_LIGHT_NONE)
    g_string_append_printf (line->spoken, ", %s %s (%s)", name, text, ktm_light_word (light));
  g_free (text);
}

static char *
number (double value, int decimals)
{
  char *text = ktm_lang_number (ktm_interface_lang (), value, decimals, 0), *copy = g_strdup (text);

  free (text);
  return copy;
}

/* --- a number of classes ---------------------------------------------------------------------- */

static double
bic_of (const KtmGbtmFit *fit)
{
  return fit->bic_subjects;
}

static double
icl_of (const KtmGbtmFit *fit)
{
  return fit->icl;
}

static double
worst_mismatch (const KtmGbtmFit *fit)
{
  double worst = NAN;

  for (gsize k = 0; fit->model.n_classes > 1 && k < fit->model.n_classes; k++)
    if (!(fabs (fit->mismatch[k]) <= fabs (worst)))
      worst = fit->mismatch[k];
  return 100 * worst;
}

static void
put_adequacy (Line *line, const KtmGbtmFit *fit)
{
  KtmClassLights l;
  g_autofree char *share = NULL;

  ktm_class_lights (fit, &l);
  share = number (100 * l.smallest, 0);
  put_light (line, _("entropy"), number (l.entropy, 2), l.entropy_light);
  /* Translators: share and number of patients of the smallest class. */
  put_light (line, _("smallest class"),
             g_strdup_printf (_("%s %% · %u"), share, (guint) l.smallest_n),
             l.smallest_light);
  put_light (line, _("least APPA"), number (l.appa, 2), l.appa_light);
  put_light (line, _("least OCC"), number (l.occ, 1), l.occ_light);
  put_light (line, _("starts at best"),
             g_strdup_printf (_("%u of %u"), (guint) l.hits, (guint) l.finished),
             l.starts_light);
}

static void
put_fit (KtmClassTable *self, Line *line, gsize i)
{
  const KtmGbtmSearch *s = &self->result->search;
  const KtmGbtmFit *fit = s->fit[i];

  put_number (line, _("log L"), fit->loglik, 1, NULL);
  put_number (line, _("BIC"), bic_of (fit), 0, NULL);
  put_change (line, _("change"), s, i, bic_of);
  put_number (line, _("ICL"), icl_of (fit), 0, NULL);
  put_change (line, _("change"), s, i, icl_of);
  put_adequacy (line, fit);
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->all)))
    return;
  put_number (line, _("parameters"), (double) fit->n_par, 0, NULL);
  put_number (line, _("AIC"), fit->aic, 0, NULL);
  put_number (line, _("SABIC"), fit->sabic, 0, NULL);
  put_number (line, _("BIC by scores"), fit->bic_obs, 0, NULL);
  put_number (line, _("largest mismatch, %"), worst_mismatch (fit), 1, NULL);
}

static void
put_heads (KtmClassTable *self)
{
  const struct { const char *text, *tip; } heads[] = {
    { _("Classes"), NULL },
    { _("log L"), _("Log-likelihood at the best optimum") },
    { _("BIC"), _("−2 log L + parameters × log(patients); smaller is better") },
    { _("change"), _("Against one class less") },
    { _("ICL"), _("BIC plus twice the entropy of the class probabilities; smaller is better") },
    { _("change"), _("Against one class less") },
    { _("entropy"), _("1: everybody clearly in one class; 0: no better than chance") },
    { _("smallest\nclass"), _("Its share in the model, and the patients assigned to it") },
    { _("least\nAPPA"), _("Mean probability of the class whose patients are placed least surely") },
    { _("least\nOCC"), _("Odds of correct classification of the worst class, against chance") },
    { _("starts\nat best"), _("How many starts of the search ended at the best optimum") },
    { _("para-\nmeters"), NULL },
    { _("AIC"), NULL },
    { _("SABIC"), _("BIC adjusted for the sample size") },
    { _("BIC by\nscores"), _("−2 log L + parameters × log(scores)") },
    { _("largest\nmismatch, %"), _("Share in the model minus share assigned") },
  };
  guint n =
      gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->all)) ? G_N_ELEMENTS (heads) : 11;
  Line line = { self, self->head, 0, NULL };

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *label = new_label (heads[i].text, i > 0 ? 1 : 0);

      gtk_widget_set_tooltip_text (label, heads[i].tip);
      gtk_label_set_justify (GTK_LABEL (label), i > 0 ? GTK_JUSTIFY_RIGHT : GTK_JUSTIFY_LEFT);
      gtk_widget_set_valign (label, GTK_ALIGN_END);
      if (i >= 6 && i <= 10)
        gtk_widget_set_margin_end (label, 18); /* over the numbers, not their lights */
      put (&line, label);
    }
}

static void
add_row (KtmClassTable *self, gsize i)
{
  gboolean chosen = i + 1 == self->result->n_classes;
  GtkWidget *row = gtk_list_box_row_new (),
            *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  Line line = { self, box, 0, g_string_new (NULL) };
  g_autofree char *name = chosen ? g_strdup_printf (_("%u ◂ chosen"), (guint) i + 1)
                                 : g_strdup_printf ("%u", (guint) i + 1);

  g_string_printf (line.spoken, ngettext ("%u class", "%u classes", (guint) i + 1), (guint) i + 1);
  put_text (&line, NULL, name, NULL);
  if (self->result->search.fit[i] != NULL)
    put_fit (self, &line, i);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "ktm-classes", GUINT_TO_POINTER ((guint) i + 1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  line.spoken->str, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->rows), row);
  if (chosen)
    {
      gtk_widget_add_css_class (row, "chosen");
      gtk_list_box_select_row (GTK_LIST_BOX (self->rows), GTK_LIST_BOX_ROW (row));
    }
  g_string_free (line.spoken, TRUE);
}

/* --- the card --------------------------------------------------------------------------------- */

static void
empty (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    {
      if (GTK_IS_LIST_BOX (box))
        gtk_list_box_remove (GTK_LIST_BOX (box), child);
      else
        gtk_box_remove (GTK_BOX (box), child);
    }
}

/* Takes @text. */
static char *
say (KtmText *text)
{
  char *said = ktm_text_render (text, ktm_interface_lang (), 0), *copy = g_strdup (said);

  free (said);
  ktm_text_free (text);
  return copy;
}

static void
show_status (KtmClassTable *self)
{
  gboolean busy = ktm_class_finder_is_busy (self->finder);

  gtk_widget_set_visible (self->status, busy);
  gtk_widget_set_visible (self->again, !busy && ktm_class_finder_was_stopped (self->finder));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 ktm_class_finder_get_fraction (self->finder));
}

static void
show_about (KtmClassTable *self)
{
  const KtmGbtmFit *fit = self->result != NULL ? ktm_class_result_fit (self->result) : NULL;
  g_autofree char *patients = NULL, *scores = NULL, *starts = NULL, *about = NULL;

  gtk_label_set_text (GTK_LABEL (self->about), "");
  if (fit == NULL)
    return;
  patients = g_strdup_printf (ngettext ("%u patient", "%u patients", (guint) fit->n_subjects),
                              (guint) fit->n_subjects);
  scores = g_strdup_printf (ngettext ("%u score", "%u scores", (guint) fit->n_obs),
                            (guint) fit->n_obs);
  starts = g_strdup_printf (ngettext ("%u+ start each", "%u+ starts each",
                                      (guint) self->result->spec.n_starts),
                            (guint) self->result->spec.n_starts);
  about = g_strdup_printf ("%s, %s · %s", patients, scores, starts);
  gtk_label_set_text (GTK_LABEL (self->about), about);
}

static void
add_warning (KtmClassTable *self, KtmText *text)
{
  g_autofree char *said = say (text), *spoken = g_strdup_printf (_("Warning: %s"), said);
  GtkWidget *label = gtk_label_new (said);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "result-warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_box_append (GTK_BOX (self->warnings), label);
}

static void
show_words (KtmClassTable *self)
{
  gboolean busy = ktm_class_finder_is_busy (self->finder);
  g_autofree char *said = NULL;

  empty (self->warnings);
  if (self->result == NULL || self->result->n_classes == 0)
    said = g_strdup (busy ? _("Looking for trajectory classes…") : "");
  else if (busy)
    said = g_strdup (_("More classes are being tried; this is what was found so far."));
  else
    said = say (ktm_class_recommendation (self->result));
  gtk_label_set_text (GTK_LABEL (self->sentence), said);
  gtk_widget_set_visible (self->sentence, *said != '\0');
  if (self->result == NULL || busy)
    return;
  g_autoptr(GPtrArray) warnings = ktm_class_warnings (self->result);
  KtmText *missing = ktm_class_not_fitted (self->result);

  for (guint i = 0; i < warnings->len; i++)
    add_warning (self, ktm_text_copy (warnings->pdata[i]));
  if (missing != NULL)
    add_warning (self, missing);
}

static void
show_rows (KtmClassTable *self)
{
  self->filling = TRUE;
  empty (self->head);
  empty (self->rows);
  put_heads (self);
  for (gsize i = 0; self->result != NULL && i < self->result->search.n; i++)
    if (self->result->search.fit[i] != NULL)
      add_row (self, i);
  gtk_widget_set_visible (self->scroller, self->result != NULL && self->result->n_classes > 0);
  self->filling = FALSE;
}

static void
show (KtmClassTable *self)
{
  show_status (self);
  show_about (self);
  show_words (self);
  show_rows (self);
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void
activated_cb (GtkListBox *rows G_GNUC_UNUSED, GtkListBoxRow *row, KtmClassTable *self)
{
  if (!self->filling && row != NULL)
    g_signal_emit (self, chosen_signal, 0,
                   GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "ktm-classes")));
}

static void
progress_cb (KtmClassTable *self)
{
  show_status (self);
}

static void
stop_cb (KtmClassTable *self)
{
  ktm_class_finder_stop (self->finder);
}

static void
again_cb (KtmClassTable *self)
{
  ktm_class_finder_again (self->finder);
}

/* --- building --------------------------------------------------------------------------------- */

static GtkWidget *
new_legend (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
  g_autofree char *rules = say (ktm_class_lights_rules ());

  for (int light = KTM_LIGHT_GOOD; light <= KTM_LIGHT_POOR; light++)
    {
      GtkWidget *word = gtk_label_new (ktm_light_word ((KtmLight) light));

      gtk_widget_add_css_class (word, "dim-label");
      gtk_widget_set_margin_end (word, 4);
      gtk_box_append (GTK_BOX (box), ktm_light_new ((KtmLight) light));
      gtk_box_append (GTK_BOX (box), word);
    }
  gtk_widget_set_tooltip_text (box, rules);
  return box;
}

static GtkWidget *
new_button (KtmClassTable *self, const char *text, const char *tip, void (*func) (KtmClassTable *))
{
  GtkWidget *button = gtk_button_new_with_label (text);

  gtk_widget_set_tooltip_text (button, tip);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (func), self);
  return button;
}

static void
build_status (KtmClassTable *self)
{
  self->status = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (self->progress, 90, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Looking for trajectory classes"), -1);
  self->stop = new_button (self, _("Stop"), _("End the search with what was found so far"),
                           stop_cb);
  self->again = new_button (self, _("Search on"),
                            _("Try the numbers of classes that were not fitted"), again_cb);
  gtk_box_append (GTK_BOX (self->status), self->progress);
  gtk_box_append (GTK_BOX (self->status), self->stop);
}

static GtkWidget *
new_title (KtmClassTable *self)
{
  GtkWidget *line = ktm_wrap_box_new (10, 2), *title = gtk_label_new (_("How many classes?"));

  gtk_widget_add_css_class (title, "card-title");
  self->about = gtk_label_new ("");
  gtk_widget_add_css_class (self->about, "dim-label");
  self->all = gtk_toggle_button_new_with_label (_("All criteria"));
  gtk_widget_add_css_class (self->all, "flat");
  gtk_widget_set_tooltip_text (self->all,
                               _("Also parameters, AIC, SABIC, BIC by scores and mismatch"));
  g_signal_connect_swapped (self->all, "toggled", G_CALLBACK (show_rows), self);
  build_status (self);
  GtkWidget *parts[] = { title, self->about, new_legend (), self->all, self->status, self->again };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    ktm_wrap_box_append (KTM_WRAP_BOX (line), parts[i]);
  return line;
}

static void
build (KtmClassTable *self)
{
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (self->box), new_title (self));
  self->sentence = gtk_label_new ("");
  gtk_label_set_wrap (GTK_LABEL (self->sentence), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->sentence), 0);
  gtk_box_append (GTK_BOX (self->box), self->sentence);
  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  gtk_widget_add_css_class (self->head, "class-heads");
  self->rows = gtk_list_box_new ();
  gtk_list_box_set_activate_on_single_click (GTK_LIST_BOX (self->rows), TRUE);
  gtk_widget_add_css_class (self->rows, "class-rows");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("How many classes?"), -1);
  g_signal_connect (self->rows, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_box_append (GTK_BOX (lines), self->head);
  gtk_box_append (GTK_BOX (lines), self->rows);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), lines);
  gtk_box_append (GTK_BOX (self->box), self->scroller);
  self->warnings = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_box_append (GTK_BOX (self->box), self->warnings);
}

static void
ktm_class_table_dispose (GObject *object)
{
  KtmClassTable *self = KTM_CLASS_TABLE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->finder);
  g_clear_pointer (&self->result, ktm_class_result_unref);
  for (guint i = 0; i < MOST_COLUMNS; i++)
    g_clear_object (&self->widths[i]);
  G_OBJECT_CLASS (ktm_class_table_parent_class)->dispose (object);
}

static void
ktm_class_table_class_init (KtmClassTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_class_table_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "classtable");
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ktm_class_table_init (KtmClassTable *self)
{
  for (guint i = 0; i < MOST_COLUMNS; i++)
    self->widths[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "strip-card");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  build (self);
}

GtkWidget *
ktm_class_table_new (KtmStudy *study)
{
  KtmClassTable *self;

  g_return_val_if_fail (KTM_IS_STUDY (study), NULL);
  self = g_object_new (KTM_TYPE_CLASS_TABLE, NULL);
  self->finder = g_object_ref (ktm_class_finder_of (study));
  g_signal_connect_object (self->finder, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}

void
ktm_class_table_set (KtmClassTable *self, const KtmClassResult *result)
{
  KtmClassResult *old;

  g_return_if_fail (KTM_IS_CLASS_TABLE (self));
  old = self->result;
  self->result = ktm_class_result_ref (result);
  ktm_class_result_unref (old);
  show (self);
}
