/* widgets: the numbers of a chart as a table. */
#include "ktm-scene-table.h"

#define MOST_ROWS 40

struct _KtmSceneTable
{
  GtkWidget  parent_instance;
  GtkWidget *grid; /* child */
};

G_DEFINE_FINAL_TYPE (KtmSceneTable, ktm_scene_table, GTK_TYPE_WIDGET)

static void
add_cell (KtmSceneTable *self, const char *text, guint column, guint row)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, row == 0      ? "dim-label"
                                   : column == 0 ? "heading"
                                                 : "number");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_grid_attach (GTK_GRID (self->grid), label, (int) column, (int) row, 1, 1);
}

static void
show_scene (KtmSceneTable *self, const KtmScene *scene)
{
  GtkWidget *child;
  guint n = scene && scene->columns ? g_strv_length (scene->columns) : 0;

  while ((child = gtk_widget_get_first_child (self->grid)))
    gtk_grid_remove (GTK_GRID (self->grid), child);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0 && scene->table->len > 0);
  if (n == 0)
    return;
  for (guint j = 0; j < n; j++)
    add_cell (self, scene->columns[j], j, 0);
  for (guint i = 0; i < MIN (scene->table->len, MOST_ROWS); i++)
    for (guint j = 0; j < n; j++)
      add_cell (self, ((char **) scene->table->pdata[i])[j], j, i + 1);
}

static void
drawn_cb (KtmChartView *view, KtmSceneTable *self)
{
  show_scene (self, ktm_chart_view_get_scene (view));
}

static void
ktm_scene_table_dispose (GObject *object)
{
  g_clear_pointer (&KTM_SCENE_TABLE (object)->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (ktm_scene_table_parent_class)->dispose (object);
}

static void
ktm_scene_table_class_init (KtmSceneTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_scene_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_scene_table_init (KtmSceneTable *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "strip-card");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
ktm_scene_table_new (void)
{
  return g_object_new (KTM_TYPE_SCENE_TABLE, NULL);
}

void
ktm_scene_table_watch (KtmSceneTable *self, KtmChartView *view)
{
  g_return_if_fail (KTM_IS_SCENE_TABLE (self) && KTM_IS_CHART_VIEW (view));
  g_signal_connect_object (view, "drawn", G_CALLBACK (drawn_cb), self, 0);
  show_scene (self, ktm_chart_view_get_scene (view));
}
