/* widgets: wrapping box. */
#include "ktm-wrap-box.h"

struct _KtmWrapBox
{
  GtkWidget parent_instance;
  int       column_spacing, row_spacing;
};

G_DEFINE_FINAL_TYPE (KtmWrapBox, ktm_wrap_box, GTK_TYPE_WIDGET)

static void
size_of (GtkWidget *child, int width, int *w, int *h)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  *w = MAX (minimum, MIN (natural, width));
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, *w, &minimum, &natural, NULL, NULL);
  *h = natural;
}

/* Allocates the children of one line, from @first up to but not @end. */
static void
place_line (KtmWrapBox *self, GtkWidget *first, GtkWidget *end, int y, int line_height, int width)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
    {
      int w, h;

      if (!gtk_widget_should_layout (child))
        continue;
      size_of (child, width, &w, &h);
      gtk_widget_size_allocate (
          child, &(GtkAllocation){ rtl ? width - x - w : x, y + (line_height - h) / 2, w, h }, -1);
      x += w + self->column_spacing;
    }
}

/* The height @width needs; allocates as well if @place. */
static int
flow (KtmWrapBox *self, int width, gboolean place)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self)), *child;
  int x = 0, y = 0, line_height = 0;

  for (child = first; child; child = gtk_widget_get_next_sibling (child))
    {
      int w, h;

      if (!gtk_widget_should_layout (child))
        continue;
      size_of (child, width, &w, &h);
      if (x > 0 && x + w > width)
        {
          if (place)
            place_line (self, first, child, y, line_height, width);
          y += line_height + self->row_spacing;
          first = child;
          x = line_height = 0;
        }
      x += w + self->column_spacing;
      line_height = MAX (line_height, h);
    }
  if (place)
    place_line (self, first, NULL, y, line_height, width);
  return y + line_height;
}

static GtkSizeRequestMode
ktm_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ktm_wrap_box_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  KtmWrapBox *self = KTM_WRAP_BOX (widget);
  int widest = 0, all = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                          NULL, NULL);
      widest = MAX (widest, child_minimum);
      all += child_natural + (all ? self->column_spacing : 0);
    }
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = widest;
      *natural = MAX (all, widest);
    }
  else
    *minimum = *natural = flow (self, for_size < 0 ? all : MAX (for_size, widest), FALSE);
}

static void
ktm_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  flow (KTM_WRAP_BOX (widget), width, TRUE);
}

static void
ktm_wrap_box_dispose (GObject *object)
{
  ktm_wrap_box_clear (KTM_WRAP_BOX (object));
  G_OBJECT_CLASS (ktm_wrap_box_parent_class)->dispose (object);
}

static void
ktm_wrap_box_class_init (KtmWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_wrap_box_dispose;
  widget_class->get_request_mode = ktm_wrap_box_get_request_mode;
  widget_class->measure = ktm_wrap_box_measure;
  widget_class->size_allocate = ktm_wrap_box_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ktm_wrap_box_init (KtmWrapBox *self)
{
}

GtkWidget *
ktm_wrap_box_new (int column_spacing, int row_spacing)
{
  KtmWrapBox *self = g_object_new (KTM_TYPE_WRAP_BOX, NULL);

  self->column_spacing = column_spacing;
  self->row_spacing = row_spacing;
  return GTK_WIDGET (self);
}

void
ktm_wrap_box_append (KtmWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (KTM_IS_WRAP_BOX (self));
  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

void
ktm_wrap_box_clear (KtmWrapBox *self)
{
  GtkWidget *child;

  g_return_if_fail (KTM_IS_WRAP_BOX (self));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
}
