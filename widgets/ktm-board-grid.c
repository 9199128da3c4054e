/* widgets: cards in rows. */
#include "ktm-board-grid.h"

#define NARROWEST 330 /* of a card that has a neighbour */

typedef struct
{
  int    row, height;
  double weight;
} Cell;

/* Children of one line, from first up to but not end. */
typedef struct
{
  GtkWidget *first, *end;
  int        n, height;
  double     weight;
} Line;

struct _KtmBoardGrid
{
  GtkWidget parent_instance;
  int       spacing;
};

G_DEFINE_FINAL_TYPE (KtmBoardGrid, ktm_board_grid, GTK_TYPE_WIDGET)

static const Cell *
cell_of (GtkWidget *child)
{
  return g_object_get_data (G_OBJECT (child), "ktm-cell");
}

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static gboolean
fits (KtmBoardGrid *self, int width, int n, double weight, double smallest)
{
  return (width - (n - 1) * self->spacing) * smallest / weight >= NARROWEST;
}

/* The line that starts with @first; FALSE: there is none. */
static gboolean
next_line (KtmBoardGrid *self, GtkWidget *first, int width, Line *line)
{
  double smallest = G_MAXDOUBLE;

  *line = (Line) { .first = first };
  for (GtkWidget *child = first; child; child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      const Cell *cell = cell_of (child);

      smallest = MIN (smallest, cell->weight);
      if (line->n > 0
          && (cell->row != cell_of (first)->row
              || !fits (self, width, line->n + 1, line->weight + cell->weight, smallest)))
        break;
      line->n++;
      line->weight += cell->weight;
      line->height = MAX (line->height, cell->height);
      line->end = next_shown (gtk_widget_get_next_sibling (child));
    }
  return line->n > 0;
}

static GtkWidget *
first_shown (KtmBoardGrid *self)
{
  return next_shown (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static int
height_for (KtmBoardGrid *self, int width, int *n_lines)
{
  int height = 0;
  Line line;

  *n_lines = 0;
  for (GtkWidget *first = first_shown (self); next_line (self, first, width, &line);
       first = line.end)
    {
      height += line.height + (*n_lines > 0 ? self->spacing : 0);
      (*n_lines)++;
    }
  return height;
}

static void
place_line (KtmBoardGrid *self, const Line *line, int y, int width, int height)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double room = width - (line->n - 1) * self->spacing, at = 0;

  for (GtkWidget *child = line->first; child != line->end;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      double share = room * cell_of (child)->weight / line->weight;
      int left = (int) at, w = (int) (at + share) - left, minimum;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      gtk_widget_size_allocate (
          child, &(GtkAllocation){ rtl ? width - left - w : left, y, MAX (w, minimum), height },
          -1);
      at += share + self->spacing;
    }
}

static void
ktm_board_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KtmBoardGrid *self = KTM_BOARD_GRID (widget);
  int n, least = height_for (self, width, &n), spaces = MAX (0, n - 1) * self->spacing;
  double more = least > spaces ? (double) (MAX (height, least) - spaces) / (least - spaces) : 1,
         y = 0;
  Line line;

  for (GtkWidget *first = first_shown (self); next_line (self, first, width, &line);
       first = line.end)
    {
      place_line (self, &line, (int) y, width, (int) (y + line.height * more) - (int) y);
      y += line.height * more + self->spacing;
    }
}

static GtkSizeRequestMode
ktm_board_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ktm_board_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  KtmBoardGrid *self = KTM_BOARD_GRID (widget);
  int widest = 0, n;

  for (GtkWidget *child = first_shown (self); child;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int one;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &one, NULL, NULL, NULL);
      widest = MAX (widest, one);
    }
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = widest;
  else
    *minimum = *natural = height_for (self, for_size > 0 ? for_size : widest, &n);
}

static void
ktm_board_grid_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (ktm_board_grid_parent_class)->dispose (object);
}

static void
ktm_board_grid_class_init (KtmBoardGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_board_grid_dispose;
  widget_class->measure = ktm_board_grid_measure;
  widget_class->size_allocate = ktm_board_grid_size_allocate;
  widget_class->get_request_mode = ktm_board_grid_get_request_mode;
}

static void
ktm_board_grid_init (KtmBoardGrid *self)
{
}

GtkWidget *
ktm_board_grid_new (int spacing)
{
  KtmBoardGrid *self = g_object_new (KTM_TYPE_BOARD_GRID, NULL);

  self->spacing = spacing;
  return GTK_WIDGET (self);
}

void
ktm_board_grid_append (KtmBoardGrid *self, GtkWidget *child, int row, double weight, int height)
{
  Cell cell = { .row = row, .height = height, .weight = weight };

  g_return_if_fail (KTM_IS_BOARD_GRID (self) && GTK_IS_WIDGET (child) && weight > 0);
  g_object_set_data_full (G_OBJECT (child), "ktm-cell", g_memdup2 (&cell, sizeof cell), g_free);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

void
ktm_board_grid_set_height (KtmBoardGrid *self, GtkWidget *child, int height)
{
  Cell *cell;

  g_return_if_fail (KTM_IS_BOARD_GRID (self) && gtk_widget_get_parent (child) == GTK_WIDGET (self));
  cell = g_object_get_data (G_OBJECT (child), "ktm-cell");
  if (cell->height == height)
    return;
  cell->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
