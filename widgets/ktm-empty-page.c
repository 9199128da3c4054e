/* widgets: the first page. */
#include "ktm-empty-page.h"

#include <glib/gi18n.h>

struct _KtmEmptyPage
{
  GtkWidget   parent_instance;
  GtkFlowBox *cards;
  GtkWidget  *recent_hint, *recent_title;
  GtkListBox *recent_list;
};

typedef struct
{
  const char *title, *text, *button, *action;
  gboolean    suggested;
  void (*draw) (cairo_t *cr, const GdkRGBA *ink);
} Card;

G_DEFINE_FINAL_TYPE (KtmEmptyPage, ktm_empty_page, GTK_TYPE_WIDGET)

/* The three pictures are drawn on an 80 × 68 field. */
static void
stroke (cairo_t *cr, double r, double g, double b)
{
  cairo_set_source_rgb (cr, r, g, b);
  cairo_set_line_width (cr, 3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
}

static void
path (cairo_t *cr, const double *xy, gsize n)
{
  for (gsize i = 0; i < n; i++)
    cairo_line_to (cr, xy[2 * i], xy[2 * i + 1]);
}

static void
draw_folder (cairo_t *cr, const GdkRGBA *ink G_GNUC_UNUSED)
{
  static const double outline[] = { 5, 8, 28, 8, 36, 17, 75, 17, 75, 62, 5, 62, 5, 8 };

  path (cr, outline, G_N_ELEMENTS (outline) / 2);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, 0, 0.447, 0.698, 0.13);
  cairo_fill_preserve (cr);
  stroke (cr, 0, 0.447, 0.698);
  cairo_move_to (cr, 19, 38);
  cairo_curve_to (cr, 26, 31, 32, 50, 41, 43);
  cairo_curve_to (cr, 46, 39, 52, 47, 62, 41);
  stroke (cr, 0, 0.447, 0.698);
}

static void
draw_table (cairo_t *cr, const GdkRGBA *ink G_GNUC_UNUSED)
{
  cairo_rectangle (cr, 6, 6, 44, 56);
  cairo_set_source_rgba (cr, 0, 0.62, 0.451, 0.1);
  cairo_fill_preserve (cr);
  for (int i = 1; i < 4; i++)
    {
      cairo_move_to (cr, 6, 6 + 14 * i);
      cairo_line_to (cr, 50, 6 + 14 * i);
    }
  for (int i = 1; i < 3; i++)
    {
      cairo_move_to (cr, 6 + 44. / 3 * i, 6);
      cairo_line_to (cr, 6 + 44. / 3 * i, 62);
    }
  cairo_move_to (cr, 56, 34);
  cairo_line_to (cr, 76, 34);
  cairo_move_to (cr, 68, 26);
  cairo_line_to (cr, 76, 34);
  cairo_line_to (cr, 68, 42);
  stroke (cr, 0, 0.62, 0.451);
}

static void
draw_chart (cairo_t *cr, const GdkRGBA *ink)
{
  static const double low[] = { 3,  26, 9,  36, 16, 42, 22, 41, 27, 44, 33, 43, 38, 46,
                                43, 44, 49, 38, 55, 42, 60, 40, 66, 44, 72, 42, 77, 39 };
  static const double high[] = { 3,  16, 8,  24, 14, 28, 26, 28, 36,
                                 25, 50, 25, 58, 20, 66, 20, 72, 22 };
  static const double dash[] = { 6, 5 };

  cairo_move_to (cr, 3, 4);
  cairo_line_to (cr, 3, 63);
  cairo_line_to (cr, 78, 63);
  cairo_set_line_width (cr, 2);
  gdk_cairo_set_source_rgba (cr, ink);
  cairo_stroke (cr);
  path (cr, low, G_N_ELEMENTS (low) / 2);
  stroke (cr, 0, 0.447, 0.698);
  cairo_set_dash (cr, dash, 2, 0);
  path (cr, high, G_N_ELEMENTS (high) / 2);
  stroke (cr, 0.835, 0.369, 0);
}

static const Card the_cards[] = {
  { N_("Open a cohort"),
    N_("A file saved by this program. Your subgroups, views and notes come with it."),
    N_("Open…"), "app.open", FALSE, draw_folder },
  { N_("Import data"),
    N_("CSV or spreadsheet text. You see every column, missing code and problem before anything "
        "is saved."),
    N_("Import…"), "app.import", FALSE, draw_table },
  { N_("Explore the sample"),
    N_("256 simulated patients, 12 months, 163 stopped early. Nothing real, everything works."),
    N_("Explore the sample cohort"), "app.sample", TRUE, draw_chart },
};

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Card *card = data;
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  cairo_translate (cr, (width - 80) / 2., (height - 68) / 2.);
  card->draw (cr, &ink);
}

static GtkWidget *
new_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, css);
  return label;
}

static GtkWidget *
new_card (const Card *card)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *area = gtk_drawing_area_new ();
  GtkWidget *button = gtk_button_new_with_label (_(card->button));
  GtkWidget *text = new_label (_(card->text), "body");

  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 84);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 160);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, (gpointer) card, NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 26);
  gtk_widget_set_vexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_START);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 24);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), card->action);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "welcome-card");
  if (card->suggested)
    {
      gtk_widget_add_css_class (box, "suggested");
      gtk_widget_add_css_class (button, "suggested-action");
    }
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), new_label (_(card->title), "title-3"));
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static GtkWidget *
new_recent_row (const char *file)
{
  g_autofree char *name = g_path_get_basename (file);
  g_autofree char *dir = g_path_get_dirname (file);
  GtkWidget *row = adw_action_row_new ();

  if (g_str_has_suffix (name, ".cohort"))
    name[strlen (name) - strlen (".cohort")] = 0;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), dir);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "app.open-path");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", file);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                                 gtk_image_new_from_icon_name ("go-next-symbolic"));
    }
  else
    {
      /* Translators: %s is the folder where a recent file used to be. */
      g_autofree char *gone = g_strdup_printf (_("No longer in %s"), dir);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), gone);
      gtk_widget_set_sensitive (row, FALSE);
    }
  return row;
}

static void
ktm_empty_page_dispose (GObject *object)
{
  GtkWidget *child;

  gtk_widget_dispose_template (GTK_WIDGET (object), KTM_TYPE_EMPTY_PAGE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (ktm_empty_page_parent_class)->dispose (object);
}

static void
ktm_empty_page_class_init (KtmEmptyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_empty_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/ketamine/Viewer/ktm-empty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KtmEmptyPage, cards);
  gtk_widget_class_bind_template_child (widget_class, KtmEmptyPage, recent_hint);
  gtk_widget_class_bind_template_child (widget_class, KtmEmptyPage, recent_title);
  gtk_widget_class_bind_template_child (widget_class, KtmEmptyPage, recent_list);
}

static void
ktm_empty_page_init (KtmEmptyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (the_cards); i++)
    {
      gtk_flow_box_append (self->cards, new_card (&the_cards[i]));
      gtk_widget_set_focusable (GTK_WIDGET (gtk_flow_box_get_child_at_index (self->cards, (int) i)),
                                FALSE);
    }
}

void
ktm_empty_page_set_recent (KtmEmptyPage *self, const char *const *paths)
{
  GtkWidget *row;
  gboolean any = paths && *paths;

  g_return_if_fail (KTM_IS_EMPTY_PAGE (self));
  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->recent_list, 0))))
    gtk_list_box_remove (self->recent_list, row);
  for (; paths && *paths; paths++)
    gtk_list_box_append (self->recent_list, new_recent_row (*paths));
  gtk_widget_set_visible (self->recent_hint, !any);
  gtk_widget_set_visible (self->recent_title, any);
  gtk_widget_set_visible (GTK_WIDGET (self->recent_list), any);
}
