/* widgets: the class of one patient, visit by visit. */
#include "ktm-patient-outlook.h"

#include <glib/gi18n.h>

#include "ktm-class-outlook.h"
#include "ktm-patient-card.h"

#define LEVEL 0.95

typedef struct
{
  char           *time_unit; /* owned */
  KtmClassResult *result;    /* a reference */
  KtmClassOutlook outlook;   /* cleared with it */
} Tile;

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  ktm_class_outlook_clear (&tile->outlook);
  ktm_class_result_unref (tile->result);
  g_free (tile->time_unit);
  g_free (tile);
}

static char *
percent_of (double p)
{
  g_autofree char *number = ktm_say_number (100 * p, 0);

  return g_strconcat (number, " %", NULL);
}

static void
put (GtkWidget *grid, int column, int row, const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column > 0 ? 1 : 0);
  gtk_widget_add_css_class (label, css);
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
}

/* What was known after @s scores. */
static void
put_state (const Tile *tile, GtkWidget *grid, gsize s)
{
  const KtmClassOutlook *o = &tile->outlook;
  const double *p = o->probability + s * o->n_classes;
  g_autofree char *name = NULL;

  if (s == 0)
    name = g_strdup (_("before any score"));
  else
    {
      double y = o->y[s - 1];
      g_autofree char *visit = ktm_say_visit (tile->time_unit, o->time[s - 1]),
                      *score = ktm_say_number (y, y == (double) (long) y ? 0 : 1);

      /* Translators: a visit and its score: "after month 3 (score 5)". */
      name = g_strdup_printf (_("after %s (score %s)"), visit, score);
    }
  put (grid, 0, (int) s + 1, name, "text");
  for (gsize k = 0; k < o->n_classes; k++)
    {
      g_autofree char *percent = percent_of (p[k]);
      gboolean most = TRUE;

      for (gsize l = 0; l < o->n_classes; l++)
        most = most && p[k] >= p[l];
      put (grid, (int) k + 1, (int) s + 1, percent, most ? "heading" : "dim-label");
    }
}

static GtkWidget *
new_note (void)
{
  GtkWidget *note = gtk_label_new (
      _("For orientation: the model describes this cohort, is not validated in other patients, and "
        "is no individual prognosis proven outside it."));

  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 44);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  return note;
}

static void
popup_cb (GtkMenuButton *button, gpointer data)
{
  const Tile *tile = data;
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8),
            *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 14);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  for (gsize k = 0; k < tile->outlook.n_classes; k++)
    put (grid, (int) k + 1, 0, _(ktm_class_result_name (tile->result, tile->outlook.n_classes, k)),
         "heading");
  for (gsize s = 0; s <= tile->outlook.n_scores; s++)
    put_state (tile, grid, s);
  gtk_box_append (GTK_BOX (box), grid);
  gtk_box_append (GTK_BOX (box), new_note ());
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (button, popover);
}

static GtkWidget *
new_tile (const char *name, double p)
{
  GtkWidget *tile = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *top = gtk_label_new (NULL),
            *bottom = gtk_label_new (_("trajectory class"));
  g_autofree char *percent = percent_of (p);
  g_autofree char *markup = g_markup_printf_escaped (
      "<b><span size='x-large'>%s</span></b> <span alpha='70%%'>%s</span>", name, percent);

  gtk_label_set_markup (GTK_LABEL (top), markup);
  gtk_label_set_xalign (GTK_LABEL (top), 0);
  gtk_label_set_xalign (GTK_LABEL (bottom), 0);
  gtk_widget_add_css_class (top, "number");
  gtk_widget_add_css_class (bottom, "caption");
  gtk_widget_add_css_class (bottom, "dim-label");
  gtk_box_append (GTK_BOX (tile), top);
  gtk_box_append (GTK_BOX (tile), bottom);
  return tile;
}

GtkWidget *
ktm_patient_outlook_new (KtmFrame *frame, KtmClassResult *result)
{
  long row = result->n_classes > 1 ? ktm_class_result_find (result, frame, 0) : -1;
  GtkWidget *box = NULL, *button;
  Tile *tile;
  double p;
  int k;

  if (row < 0 || (k = ktm_class_result_class (result, (gsize) row, &p)) < 0)
    return NULL;
  tile = g_new0 (Tile, 1);
  tile->time_unit = g_strdup (frame->time_unit);
  tile->result = ktm_class_result_ref (result);
  if (ktm_class_outlook (result, (gsize) row, NULL, 0, LEVEL, &tile->outlook) != KTM_STATS_OK)
    {
      tile_free (tile);
      return NULL;
    }
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  button = gtk_menu_button_new ();
  gtk_box_append (GTK_BOX (box),
                  new_tile (_(ktm_class_result_name (result, result->n_classes, (gsize) k)), p));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Visit by visit"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button,
                               _("How probable each class was after each of the patient’s scores"));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), popup_cb, tile, tile_free);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}
