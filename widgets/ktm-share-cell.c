/* widgets: shares of a whole as one bar. */
#include "ktm-share-cell.h"

#include <adwaita.h>
#include <math.h>

#include "ktm-style.h"

struct _KtmShareCell
{
  GtkWidget parent_instance;
  gsize     n;
  double   *share;   /* owned, n */
  int      *palette; /* owned, n */
};
G_DEFINE_FINAL_TYPE (KtmShareCell, ktm_share_cell, GTK_TYPE_WIDGET)

enum { WIDTH = 90, HEIGHT = 20, GAP = 2 };

static KtmColour
colour_of (const KtmShareCell *self, gsize i, gboolean dark)
{
  KtmStyle style;

  ktm_style_init (&style, dark ? KTM_THEME_DARK : KTM_THEME_LIGHT, 0, 0, NULL);
  return self->palette[i] >= 0
             ? ktm_style_colour (&style, KTM_ROLE_SERIES, (guint) self->palette[i])
             : ktm_style_colour (&style, KTM_ROLE_CONTEXT, 0);
}

/* The percent in the middle of its part, where there is room for it. */
static void
write_percent (KtmShareCell *self, GtkSnapshot *snapshot, gsize i, double x, double width,
               KtmColour fill)
{
  g_autofree char *text = g_strdup_printf ("%.0f", 100 * self->share[i]);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  KtmColour white = { 1, 1, 1, 1 }, black = { .08, .08, .09, 1 };
  KtmColour ink = ktm_colour_contrast (fill, white) >= ktm_colour_contrast (fill, black) ? white
                                                                                        : black;
  GdkRGBA rgba = { (float) ink.r, (float) ink.g, (float) ink.b, 1 };
  int w, h;

  pango_layout_get_pixel_size (layout, &w, &h);
  if (w + 4 > width)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) floor (x + (width - w) / 2),
                                      (float) floor ((gtk_widget_get_height (GTK_WIDGET (self)) - h)
                                                     / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
  gtk_snapshot_restore (snapshot);
}

static void
ktm_share_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KtmShareCell *self = KTM_SHARE_CELL (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), x = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      double w = isnan (self->share[i]) ? 0 : self->share[i] * width;
      KtmColour c = colour_of (self, i, dark);
      GdkRGBA rgba = { (float) c.r, (float) c.g, (float) c.b, 1 };

      if (w > GAP)
        {
          gtk_snapshot_append_color (snapshot, &rgba,
                                     &GRAPHENE_RECT_INIT ((float) x, 2, (float) (w - GAP),
                                                          (float) (height - 4)));
          write_percent (self, snapshot, i, x, w - GAP, c);
        }
      x += w;
    }
}

static void
ktm_share_cell_measure (GtkWidget *widget G_GNUC_UNUSED, GtkOrientation orientation,
                        int for_size G_GNUC_UNUSED, int *minimum, int *natural,
                        int *minimum_baseline G_GNUC_UNUSED, int *natural_baseline G_GNUC_UNUSED)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * WIDTH : HEIGHT;
}

static void
ktm_share_cell_finalize (GObject *object)
{
  KtmShareCell *self = KTM_SHARE_CELL (object);

  g_free (self->share);
  g_free (self->palette);
  G_OBJECT_CLASS (ktm_share_cell_parent_class)->finalize (object);
}

static void
ktm_share_cell_class_init (KtmShareCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ktm_share_cell_finalize;
  widget_class->snapshot = ktm_share_cell_snapshot;
  widget_class->measure = ktm_share_cell_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
ktm_share_cell_init (KtmShareCell *self)
{
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "share-cell");
}

GtkWidget *
ktm_share_cell_new (gsize n, const double *share, const int *palette)
{
  KtmShareCell *self = g_object_new (KTM_TYPE_SHARE_CELL, NULL);

  self->n = n;
  self->share = g_memdup2 (share, n * sizeof *share);
  self->palette = g_memdup2 (palette, n * sizeof *palette);
  return GTK_WIDGET (self);
}
