/* widgets: table of visits. */
#include "ktm-visit-table.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-describe.h"
#include "ktm-later.h"
#include "ktm-patient-card.h"
#include "ktm-split.h"

struct _KtmVisitTable
{
  GtkWidget     parent_instance;
  GtkWidget    *box, *title, *about, *scrolled, *grid; /* children */
  GCancellable *working; /* owned */
  int           step, n_visits; /* every step-th visit is shown, and the last */
  double        room;    /* width when the step was last chosen */
  guint         fitting; /* idle */
  KtmLater     *later;   /* owned; fills in the numbers */
  struct Numbers *numbers; /* owned; to be filled in, NULL: none */
  double        level;   /* of their intervals */
};

G_DEFINE_FINAL_TYPE (KtmVisitTable, ktm_visit_table, GTK_TYPE_WIDGET)

/* --- the numbers, in a worker ----------------------------------------------------------------- */

typedef struct
{
  KtmFrame        *frame;
  KtmChartOptions *options;
} Job;

typedef struct Numbers
{
  gsize           n_visits, n_groups; /* groups: 0 when all patients are one */
  double         *time;
  char          **group;      /* n_groups */
  KtmDescription *cells;      /* MAX (1, n_groups) × n_visits; n = 0: nothing */
} Numbers;

static void
job_free (gpointer data)
{
  Job *job = data;

  ktm_frame_unref (job->frame);
  ktm_chart_options_free (job->options);
  g_free (job);
}

static void
numbers_free (gpointer data)
{
  Numbers *numbers = data;

  g_free (numbers->time);
  g_strfreev (numbers->group);
  g_free (numbers->cells);
  g_free (numbers);
}

/* Describes the values of @column among the rows of one level (of all: @attribute NULL). */
static void
describe_cell (const KtmFrameTable *table, gsize column, const KtmFrameAttribute *attribute,
               gsize level, double confidence, double *scratch, KtmDescription *out)
{
  gsize n = 0;

  for (gsize i = 0; i < table->n_rows; i++)
    {
      double value = table->value[i * table->n_visits + column];

      if (isfinite (value) && (!attribute || attribute->value[table->row[i]] == (double) level))
        scratch[n++] = value;
    }
  out->n = 0;
  if (n && ktm_stats_describe (scratch, n, confidence, out) != KTM_STATS_OK)
    out->n = 0;
}

static void
fill_numbers (const Job *job, const KtmFrameTable *table, const KtmFrameAttribute *attribute,
              Numbers *numbers)
{
  g_autofree double *scratch = g_new (double, MAX (1, table->n_rows));
  gsize rows = MAX (1, numbers->n_groups);

  numbers->n_visits = table->n_visits;
  numbers->time = g_new (double, table->n_visits);
  numbers->cells = g_new0 (KtmDescription, rows * table->n_visits);
  for (gsize v = 0; v < table->n_visits; v++)
    {
      numbers->time[v] = job->frame->visit_time[table->visit[v]];
      for (gsize g = 0; g < rows; g++)
        describe_cell (table, v, numbers->n_groups ? attribute : NULL, g, job->options->level,
                       scratch, &numbers->cells[g * table->n_visits + v]);
    }
}

/* The attribute the chart is coloured by, of a number its parts; NULL: none. */
static const KtmFrameAttribute *
levels_of (const KtmFrame *frame, const KtmChartOptions *options, KtmSplit *split)
{
  KtmCuts cuts;
  long a = ktm_frame_find_grouping (frame, options->colour_by, &cuts, NULL);

  if (a < 0 || frame->attributes[a].kind != KTM_ATTRIBUTE_NUMBER)
    return a >= 0 ? &frame->attributes[a] : NULL;
  return ktm_split_init (split, frame, (gsize) a, &cuts, ktm_say_lang (), options->decimal_mark)
                 == KTM_STATS_OK
             ? &split->attribute
             : NULL;
}

static void
worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  long m = job->options->measure ? ktm_frame_find_measure (job->frame, job->options->measure) : 0;
  KtmSplit split = { 0 };
  const KtmFrameAttribute *attribute = levels_of (job->frame, job->options, &split);
  Numbers *numbers = g_new0 (Numbers, 1);
  KtmFrameTable table;

  if (m < 0 || (gsize) m >= job->frame->n_measures
      || ktm_frame_table (job->frame, (gsize) m, job->options->show, job->options->missing,
                          job->options->from, job->options->to, &table)
             != KTM_STATS_OK)
    {
      ktm_split_clear (&split);
      g_task_return_pointer (task, numbers, numbers_free);
      return;
    }
  if (attribute)
    {
      numbers->n_groups = attribute->n_levels;
      numbers->group = g_new0 (char *, attribute->n_levels + 1);
      for (gsize i = 0; i < attribute->n_levels; i++)
        numbers->group[i] = g_strdup (attribute->levels[i]);
    }
  fill_numbers (job, &table, attribute, numbers);
  ktm_frame_table_clear (&table);
  ktm_split_clear (&split);
  g_task_return_pointer (task, numbers, numbers_free);
}

/* --- the table -------------------------------------------------------------------------------- */

static void
put (KtmVisitTable *self, int column, int row, const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column ? 1 : 0);
  gtk_widget_set_hexpand (label, column > 0);
  gtk_widget_add_css_class (label, "number");
  if (css)
    gtk_widget_add_css_class (label, css);
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
}

typedef char *(*CellText) (const KtmDescription *cell);

static char *
text_n (const KtmDescription *c)
{
  return g_strdup_printf ("%" G_GSIZE_FORMAT, c->n);
}

static char *
text_mean (const KtmDescription *c)
{
  return ktm_say_number (c->mean.value, 1);
}

static char *
text_sd (const KtmDescription *c)
{
  return ktm_say_number (c->sd, 1);
}

static char *
text_range (double low, double high)
{
  g_autofree char *a = ktm_say_number (low, 1), *b = ktm_say_number (high, 1);

  return isfinite (low) ? g_strdup_printf (low < 0 || high < 0 ? "%s; %s" : "%s–%s", a, b)
                        : g_strdup ("–");
}

static char *
text_ci (const KtmDescription *c)
{
  return text_range (c->mean.low, c->mean.high);
}

static char *
text_median (const KtmDescription *c)
{
  return ktm_say_number (c->median, 1);
}

static char *
text_quartiles (const KtmDescription *c)
{
  return text_range (c->q1, c->q3);
}

static char *
text_mean_sd (const KtmDescription *c)
{
  g_autofree char *mean = ktm_say_number (c->mean.value, 1), *sd = ktm_say_number (c->sd, 1);

  return c->n > 1 ? g_strdup_printf ("%s ± %s", mean, sd) : g_steal_pointer (&mean);
}

static void
put_row (KtmVisitTable *self, int row, const char *name, const Numbers *numbers, gsize group,
         CellText text, const char *css)
{
  put (self, 0, row, name, "dim-label");
  for (gsize v = 0; v < numbers->n_visits; v++)
    {
      const KtmDescription *cell = &numbers->cells[group * numbers->n_visits + v];
      g_autofree char *value = cell->n ? text (cell) : g_strdup ("–");

      put (self, (int) v + 1, row, value, css);
    }
}

/* Where there is no room for every visit, every second, third … one is shown, and always the last.
 */
static gboolean
fit (gpointer data)
{
  KtmVisitTable *self = data;

  self->fitting = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (self->grid); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int column, row, width, height;

      gtk_grid_query_child (GTK_GRID (self->grid), child, &column, &row, &width, &height);
      gtk_widget_set_visible (child, column == 0 || column == self->n_visits
                                         || (column - 1) % self->step == 0);
    }
  return G_SOURCE_REMOVE;
}

static void
room_cb (GtkAdjustment *room, KtmVisitTable *self)
{
  double page = gtk_adjustment_get_page_size (room);
  gboolean tight = gtk_adjustment_get_upper (room) > page + 1;

  if (fabs (page - self->room) > 1)
    self->step = tight && self->step == 1
                     ? 2
                     : 1; /* with all shown the answer is known, else show all and see */
  else if (tight && self->step < self->n_visits)
    self->step++;
  else
    return;
  self->room = page;
  if (!self->fitting)
    self->fitting = g_idle_add (fit, self);
}

static void
clear (KtmVisitTable *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)))
    gtk_grid_remove (GTK_GRID (self->grid), child);
}

/* As high as the table is going to be: the chart above it is drawn for what is left. */
static void
reserve (KtmVisitTable *self, const KtmFrame *frame, const KtmChartOptions *options)
{
  KtmCuts cuts;
  long a = ktm_frame_find_grouping (frame, options->colour_by, &cuts, NULL);
  int rows = a < 0                                ? 6
             : frame->attributes[a].n_levels > 0 ? (int) frame->attributes[a].n_levels
             : cuts.n > 0                         ? (int) cuts.n + 1
                                                  : 2;

  clear (self);
  for (int row = 0; row <= rows; row++)
    put (self, 0, row, " ", row ? "dim-label" : "heading");
}

static void
show_numbers (KtmVisitTable *self, const Numbers *numbers, double level)
{
  int row = 1;

  clear (self);
  self->n_visits = (int) numbers->n_visits;
  self->room = -1; /* choose the step anew */
  put (self, 0, 0, _("Visit"), "dim-label");
  for (gsize v = 0; v < numbers->n_visits; v++)
    {
      g_autofree char *time = g_strdup_printf ("%g", numbers->time[v]);

      put (self, (int) v + 1, 0, time, "heading");
    }
  for (gsize g = 0; g < numbers->n_groups; g++)
    {
      g_autofree char *name = ktm_say_level (numbers->group[g]);

      put_row (self, row++, name, numbers, g, text_mean_sd, NULL);
    }
  if (numbers->n_groups == 0 && numbers->n_visits)
    {
      g_autofree char *percent =
          ktm_say_number (100 * level, 100 * level == floor (100 * level) ? 0 : 1);
      g_autofree char *ci = g_strdup_printf (_("%s %% CI"), percent);

      put_row (self, row++, _("n"), numbers, 0, text_n, NULL);
      put_row (self, row++, _("Mean"), numbers, 0, text_mean, "heading");
      put_row (self, row++, _("SD"), numbers, 0, text_sd, NULL);
      put_row (self, row++, ci, numbers, 0, text_ci, NULL);
      put_row (self, row++, _("Median"), numbers, 0, text_median, NULL);
      put_row (self, row++, _("Quartiles"), numbers, 0, text_quartiles, NULL);
    }
  gtk_label_set_text (GTK_LABEL (self->title),
                      numbers->n_groups ? _("Mean ± SD by visit") : _("Summary by visit"));
  gtk_widget_set_visible (GTK_WIDGET (self), numbers->n_visits > 0);
  room_cb (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), self);
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KtmVisitTable *self = KTM_VISIT_TABLE (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  Numbers *numbers = g_task_propagate_pointer (G_TASK (result), NULL);

  if (numbers && self->grid && g_task_get_cancellable (G_TASK (result)) == self->working)
    {
      g_clear_pointer (&self->numbers, numbers_free);
      self->numbers = g_steal_pointer (&numbers);
      self->level = job->options->level;
      ktm_later_queue (self->later);
    }
  g_clear_pointer (&numbers, numbers_free);
}

static KtmLaterResult
piece (gpointer data)
{
  KtmVisitTable *self = data;

  if (self->numbers)
    show_numbers (self, self->numbers, self->level);
  g_clear_pointer (&self->numbers, numbers_free);
  return KTM_LATER_DONE;
}

static void
ktm_visit_table_dispose (GObject *object)
{
  KtmVisitTable *self = KTM_VISIT_TABLE (object);

  if (self->working)
    g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_handle_id (&self->fitting, g_source_remove);
  g_clear_pointer (&self->later, ktm_later_free);
  g_clear_pointer (&self->numbers, numbers_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  self->grid = NULL;
  G_OBJECT_CLASS (ktm_visit_table_parent_class)->dispose (object);
}

static void
ktm_visit_table_class_init (KtmVisitTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_visit_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_visit_table_init (KtmVisitTable *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->later = ktm_later_new (GTK_WIDGET (self), piece, self);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->title = gtk_label_new (_("Summary by visit"));
  self->about = gtk_label_new (NULL);
  self->scrolled = gtk_scrolled_window_new ();
  self->grid = gtk_grid_new ();
  gtk_widget_add_css_class (self->title, "card-title");
  gtk_widget_add_css_class (self->about, "dim-label");
  gtk_widget_add_css_class (self->about, "caption");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (self->about), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->grid, "visit-table");
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 3);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->grid);
  self->step = 1;
  g_signal_connect_object (
      gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), "changed",
      G_CALLBACK (room_cb), self, 0);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head), self->about);
  gtk_box_append (GTK_BOX (self->box), head);
  gtk_box_append (GTK_BOX (self->box), self->scrolled);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "strip-card");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
ktm_visit_table_new (void)
{
  return g_object_new (KTM_TYPE_VISIT_TABLE, NULL);
}

/* "Pain NRS · change from baseline" */
static void
say_what (KtmVisitTable *self, KtmFrame *frame, const KtmChartOptions *options)
{
  long m = options->measure ? ktm_frame_find_measure (frame, options->measure) : 0;
  const char *label = m >= 0 && (size_t) m < frame->n_measures ? frame->measures[m].label : "";
  const char *show = options->show == KTM_SHOW_CHANGE ? _("change from baseline")
                     : options->show == KTM_SHOW_PERCENT ? _("change from baseline in %") : NULL;
  g_autofree char *text = show ? g_strdup_printf ("%s · %s", label, show) : g_strdup (label);

  gtk_label_set_text (GTK_LABEL (self->about), text);
}

void
ktm_visit_table_set (KtmVisitTable *self, KtmFrame *frame, const KtmChartOptions *options)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (KTM_IS_VISIT_TABLE (self));
  if (self->working)
    g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_pointer (&self->numbers, numbers_free);
  gtk_widget_set_visible (GTK_WIDGET (self), frame != NULL);
  if (!frame)
    return;
  say_what (self, frame, options);
  if (!self->n_visits)
    reserve (self, frame, options);
  job = g_new0 (Job, 1);
  job->frame = ktm_frame_ref (frame);
  job->options = ktm_chart_options_copy (options);
  self->working = g_cancellable_new ();
  task = g_task_new (self, self->working, worked_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, worker);
}
