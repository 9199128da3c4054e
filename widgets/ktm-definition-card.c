/* widgets: who counts as a responder. */
#include "ktm-definition-card-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "ktm-analysis.h"
#include "ktm-chart-choices.h"
#include "ktm-definition-row.h"
#include "ktm-proportion.h"
#include "ktm-wrap-box.h"

#define ALONE 5 /* columns of the grid */
#define LEFT 7
#define BUTTONS 9
#define MOST_ROWS 12

enum { PROP_0, PROP_DEFINITION, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmDefinitionCard, ktm_definition_card, GTK_TYPE_WIDGET)

static void rebuild (KtmDefinitionCard *self, const KtmDefinition *definition);

static char *
say (KtmText *text)
{
  const char *const *names = g_get_language_names ();
  char *rendered = ktm_text_render (text, names[0] ? ktm_lang_find (names[0]) : NULL, 0),
       *out = g_strdup (rendered);

  free (rendered);
  ktm_text_free (text);
  return out;
}

KtmDefinition *
ktm_definition_card_parse (KtmDefinitionCard *self, const char *text, GError **error)
{
  KtmDefinitionProblem problem;
  KtmDefinition *definition = ktm_definition_parse (self->frame, text, &problem);
  g_autofree char *sentence = NULL;

  if (definition)
    return definition;
  sentence = problem.sentence ? say (problem.sentence) : g_strdup (_("Memory is out."));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, sentence);
  return NULL;
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* The visit chosen, else the last at which anybody can be judged. */
static gsize
visit_of (KtmDefinitionCard *self, const KtmResponders *who)
{
  const KtmFrame *f = self->frame;
  KtmResponders judged = *who;
  long at = isnan (self->to) ? -1 : ktm_frame_find_visit (f, self->to);

  if (at >= 0)
    return (gsize) at;
  judged.unknown = KTM_UNKNOWN_OUT;
  for (gsize v = f->n_visits; v-- > 0; )
    {
      KtmResponseCount count;

      ktm_responders_count (&judged, v, &count);
      if (count.judged > 0)
        return v;
    }
  return f->n_visits - 1;
}

static void
show_share (GtkWidget *label, GtkWidget *bar, gsize x, gsize n)
{
  g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT, x, n);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar),
                                 n > 0 ? (double) x / (double) n : 0);
}

static void
show_total (KtmDefinitionCard *self, const KtmResponseCount *c, gsize visit)
{
  double low, high;
  g_autofree char *text = NULL;

  if (c->judged == 0)
    text = say (ktm_text_new (N_("{1}: nobody can be judged"), "t",
                              ktm_frame_visit_text (self->frame, visit)));
  else
    {
      ktm_stats_wilson ((double) c->yes, (double) c->judged, self->level, &low, &high);
      text = say (ktm_text_new (N_("{1}: {2} of {3} = {4} % [{5}, {6}]"), "tii000",
                                ktm_frame_visit_text (self->frame, visit), (long) c->yes,
                                (long) c->judged, 100.0 * (double) c->yes / (double) c->judged,
                                100 * low, 100 * high));
    }
  gtk_label_set_text (GTK_LABEL (self->total), text);
}

static void
show_words (KtmDefinitionCard *self, const KtmDefinition *definition)
{
  g_autofree char *words = say (ktm_text_new (N_("Printed: “{1}”"), "t",
                                              ktm_definition_text (definition)));

  gtk_label_set_text (GTK_LABEL (self->printed), words);
}

void
ktm_definition_card_count (KtmDefinitionCard *self)
{
  KtmDefinition *definition = ktm_definition_card_parse (self, self->text, NULL);
  KtmResponders who = { .definition = definition, .frame = self->frame,
                        .missing = self->missing_rule, .group = -1 };
  g_autofree gsize *alone = NULL, *left = NULL;
  KtmResponseCount count;
  gsize n, visit;

  if (!definition || self->frame->n_visits == 0)
    {
      ktm_definition_free (definition);
      return;
    }
  n = ktm_definition_n_conditions (definition);
  alone = g_new0 (gsize, n + 1);
  left = g_new0 (gsize, n + 1);
  who.unknown = ktm_definition_unknown (definition);
  visit = visit_of (self, &who);
  ktm_responders_conditions (&who, visit, alone, left, &count);
  for (gsize i = 0; i < n && i < self->alone->len; i++)
    {
      show_share (self->alone->pdata[i], self->alone_bar->pdata[i], alone[i], count.judged);
      show_share (self->left->pdata[i], self->left_bar->pdata[i], left[i], count.judged);
    }
  show_total (self, &count, visit);
  show_words (self, definition);
  ktm_definition_free (definition);
}

/* --- editing ---------------------------------------------------------------------------------- */

static void
take_text (KtmDefinitionCard *self, const char *text)
{
  if (!g_strcmp0 (text, self->text))
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  gtk_widget_set_visible (self->problem, FALSE);
  ktm_definition_card_count (self);
  ktm_definition_card_update_saved (self);
  ktm_study_set_definition (self->study, self->text);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEFINITION]);
}

static KtmUnknown
chosen_unknown (KtmDefinitionCard *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->missing));

  return !g_strcmp0 (id, "no") ? KTM_UNKNOWN_NO
         : !g_strcmp0 (id, "last") ? KTM_UNKNOWN_LAST
                                   : KTM_UNKNOWN_OUT;
}

/* The text of the rows in @order (NULL: as they stand), @extra more at the end. */
static char *
write_rows (KtmDefinitionCard *self, const guint *order, guint n, const KtmCondition *extra)
{
  g_autofree KtmCondition *conditions = g_new0 (KtmCondition, n + 2);
  g_autofree bool *ors = g_new0 (bool, n + 2);
  char *written, *text;

  for (guint i = 0; i < n; i++)
    {
      KtmDefinitionRow *row = self->rows->pdata[order ? order[i] : i];

      conditions[i] = *ktm_definition_row_get_condition (row);
      ors[i] = i > 0 && ktm_definition_row_get_or (row);
    }
  if (extra)
    conditions[n++] = *extra;
  written = ktm_definition_write (self->frame, conditions, ors, n, chosen_unknown (self));
  text = g_strdup (written);
  free (written);
  return text;
}

static void
row_changed_cb (KtmDefinitionCard *self)
{
  g_autofree char *text = write_rows (self, NULL, self->rows->len, NULL);

  take_text (self, text);
}

static void
missing_cb (KtmDefinitionCard *self)
{
  if (self->updating)
    return;
  if (self->rows->len > 0)
    row_changed_cb (self);
  else
    {
      static const char *const ends[] = { "", "; missing no", "; missing last" };
      const char *end = strpbrk (self->text, ";,");
      g_autofree char *bare = end ? g_strndup (self->text, (gsize) (end - self->text))
                                  : g_strdup (self->text),
                      *text = g_strconcat (g_strstrip (bare), ends[chosen_unknown (self)], NULL);

      ktm_definition_card_set_definition (self, text, NULL);
    }
}

/* Rows anew, and the focus where the eye is. */
static void
apply_text (KtmDefinitionCard *self, const char *text, guint focus)
{
  ktm_definition_card_set_definition (self, text, NULL);
  if (focus < self->rows->len)
    ktm_definition_row_grab_focus (self->rows->pdata[focus]);
}

static guint
row_of (GtkWidget *button)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "row"));
}

void
ktm_definition_card_move (KtmDefinitionCard *self, guint from, guint to)
{
  g_autofree guint *order = NULL;
  g_autofree char *text = NULL;
  guint n = self->rows->len;

  if (from >= n || to >= n)
    return;
  order = g_new (guint, n);
  for (guint i = 0, next = 0; i < n; i++)
    {
      next += next == from;
      order[i] = i == to ? from : next++;
    }
  text = write_rows (self, order, n, NULL);
  apply_text (self, text, to);
}

char *
ktm_definition_card_say_row (KtmDefinitionCard *self, guint row)
{
  return say (ktm_condition_text (self->frame,
                                  ktm_definition_row_get_condition (self->rows->pdata[row])));
}

static void
up_cb (GtkWidget *button, KtmDefinitionCard *self)
{
  ktm_definition_card_move (self, row_of (button), row_of (button) - 1);
}

static void
down_cb (GtkWidget *button, KtmDefinitionCard *self)
{
  ktm_definition_card_move (self, row_of (button), row_of (button) + 1);
}

static void
remove_cb (GtkWidget *button, KtmDefinitionCard *self)
{
  g_autofree guint *order = g_new (guint, self->rows->len);
  g_autofree char *text = NULL;
  guint n = 0, gone = row_of (button);

  for (guint i = 0; i < self->rows->len; i++)
    if (i != gone)
      order[n++] = i;
  text = write_rows (self, order, n, NULL);
  apply_text (self, text, MIN (gone, n - 1));
}

static void
add_cb (KtmDefinitionCard *self)
{
  KtmCondition more = { .kind = KTM_CONDITION_POINTS, .op = KTM_COMPARE_GE, .threshold = 2,
                        .time = NAN, .reason = -1 };
  g_autofree char *text = NULL;

  if (self->rows->len > 0)
    {
      const KtmCondition *last =
          ktm_definition_row_get_condition (self->rows->pdata[self->rows->len - 1]);

      more.measure = last->kind <= KTM_CONDITION_SCORE ? last->measure : 0;
    }
  text = write_rows (self, NULL, self->rows->len, &more);
  apply_text (self, text, self->rows->len);
}

static void
typed_cb (KtmDefinitionCard *self)
{
  g_autoptr (GError) error = NULL;

  ktm_definition_card_set_definition (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                                      &error);
  gtk_label_set_text (GTK_LABEL (self->problem), error ? error->message : "");
  gtk_widget_set_visible (self->problem, error != NULL);
}

/* --- rows ------------------------------------------------------------------------------------- */

static GtkWidget *
add_bar (KtmDefinitionCard *self, int column, int line, GPtrArray *bars, GPtrArray *labels,
         gboolean strong)
{
  GtkWidget *bar = gtk_progress_bar_new (), *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (bar, strong ? "left-bar" : "alone-bar");
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_size_request (bar, 40, -1);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (strong)
    gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "numeric");
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
      strong ? _("Left after this condition") : _("Meet this condition alone"), -1);
  gtk_grid_attach (GTK_GRID (self->grid), bar, column, line, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), label, column + 1, line, 1, 1);
  g_ptr_array_add (bars, bar);
  g_ptr_array_add (labels, label);
  return label;
}

static void
add_button (GtkWidget *box, const char *icon, const char *format, guint row, gboolean sensitive,
            GCallback callback, gpointer data)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *number = g_strdup_printf ("%u", row + 1), *name = NULL;
  g_auto (GStrv) parts = g_strsplit (format, "%u", 2);

  name = g_strjoin (number, parts[0], parts[1], NULL);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_sensitive (button, sensitive);
  ktm_widget_set_name (button, name);
  g_object_set_data (G_OBJECT (button), "row", GUINT_TO_POINTER (row));
  g_signal_connect (button, "clicked", callback, data);
  gtk_box_append (GTK_BOX (box), button);
}

static void
add_row (KtmDefinitionCard *self, const KtmDefinition *definition, gsize i, gsize n)
{
  KtmDefinitionRow *row =
      ktm_definition_row_new (self->frame, ktm_definition_condition (definition, i),
                              ktm_definition_or_before (definition, i), (guint) i + 1);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  int line = (int) i + 1;

  g_ptr_array_add (self->rows, row);
  if (n > 1)
    ktm_definition_card_add_handle (self, (guint) i);
  ktm_definition_row_attach (row, GTK_GRID (self->grid), line);
  g_signal_connect_object (row, "changed", G_CALLBACK (row_changed_cb), self, G_CONNECT_SWAPPED);
  add_bar (self, ALONE, line, self->alone_bar, self->alone, FALSE);
  add_bar (self, LEFT, line, self->left_bar, self->left, TRUE);
  /* Translators: %u is the number of a condition of the definition of response. */
  add_button (buttons, "go-up-symbolic", _("Move condition %u up"), (guint) i, i > 0,
              G_CALLBACK (up_cb), self);
  add_button (buttons, "go-down-symbolic", _("Move condition %u down"), (guint) i, i + 1 < n,
              G_CALLBACK (down_cb), self);
  add_button (buttons, "window-close-symbolic", _("Take condition %u away"), (guint) i, n > 1,
              G_CALLBACK (remove_cb), self);
  gtk_grid_attach (GTK_GRID (self->grid), buttons, BUTTONS, line, 1, 1);
}

static void
add_head (KtmDefinitionCard *self, int column, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  gtk_grid_attach (GTK_GRID (self->grid), label, column, 0, 2, 1);
}

static void
clear_rows (KtmDefinitionCard *self)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->alone, 0);
  g_ptr_array_set_size (self->left, 0);
  g_ptr_array_set_size (self->alone_bar, 0);
  g_ptr_array_set_size (self->left_bar, 0);
  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
}

static void
rebuild (KtmDefinitionCard *self, const KtmDefinition *definition)
{
  static const char *const missing[] = { "out", "no", "last" };
  gsize n = ktm_definition_n_conditions (definition);

  self->updating = TRUE;
  clear_rows (self);
  if (n > 0)
    {
      add_head (self, ALONE, _("meet this alone"));
      add_head (self, LEFT, _("left after this row"));
    }
  for (gsize i = 0; i < n; i++)
    add_row (self, definition, i, n);
  gtk_widget_set_visible (self->grid, n > 0);
  gtk_widget_set_visible (self->entry, n == 0);
  gtk_widget_set_visible (self->add, n > 0);
  gtk_widget_set_sensitive (self->add, n < MOST_ROWS);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), self->text ? self->text : "");
  ktm_choice_set_selected (KTM_CHOICE (self->missing),
                           missing[ktm_definition_unknown (definition)]);
  self->updating = FALSE;
}

gboolean
ktm_definition_card_set_definition (KtmDefinitionCard *self, const char *text, GError **error)
{
  KtmDefinition *definition;
  g_autofree char *written = NULL;

  g_return_val_if_fail (KTM_IS_DEFINITION_CARD (self) && text, FALSE);
  definition = ktm_definition_card_parse (self, text, error);
  if (!definition)
    return FALSE;
  rebuild (self, definition);
  ktm_definition_free (definition);
  if (self->rows->len > 0)
    written = write_rows (self, NULL, self->rows->len, NULL); /* one text for one meaning */
  take_text (self, written ? written : text);
  ktm_definition_card_count (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), self->text);
  return TRUE;
}

const char *
ktm_definition_card_get_definition (KtmDefinitionCard *self)
{
  g_return_val_if_fail (KTM_IS_DEFINITION_CARD (self), NULL);
  return self->text;
}

void
ktm_definition_card_update (KtmDefinitionCard *self, const KtmFrame *frame,
                            const KtmChartOptions *options)
{
  g_return_if_fail (KTM_IS_DEFINITION_CARD (self));
  self->to = options->to;
  self->level = options->level;
  self->missing_rule = options->missing;
  if (frame && frame != self->frame)
    {
      ktm_frame_unref (self->frame);
      self->frame = ktm_frame_ref (frame);
    }
  if (frame)
    ktm_definition_card_count (self);
  else
    gtk_label_set_text (GTK_LABEL (self->total), _("No patient is shown"));
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_definition_card_get_property (GObject *object, guint prop_id, GValue *value,
                                  GParamSpec *pspec)
{
  g_value_set_string (value, KTM_DEFINITION_CARD (object)->text);
}

static void
ktm_definition_card_dispose (GObject *object)
{
  KtmDefinitionCard *self = KTM_DEFINITION_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->alone, g_ptr_array_unref);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_pointer (&self->alone_bar, g_ptr_array_unref);
  g_clear_pointer (&self->left_bar, g_ptr_array_unref);
  g_clear_pointer (&self->frame, ktm_frame_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_definition_card_parent_class)->dispose (object);
}

static void
ktm_definition_card_class_init (KtmDefinitionCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_definition_card_dispose;
  G_OBJECT_CLASS (klass)->get_property = ktm_definition_card_get_property;
  props[PROP_DEFINITION] =
      g_param_spec_string ("definition", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_definition_card_init (KtmDefinitionCard *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->alone = g_ptr_array_new ();
  self->left = g_ptr_array_new ();
  self->alone_bar = g_ptr_array_new ();
  self->left_bar = g_ptr_array_new ();
  self->to = NAN;
  self->level = 0.95;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class (self->box, "card");
  gtk_widget_add_css_class (self->box, "strip-card");
  gtk_widget_add_css_class (self->box, "definition-card");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

static GtkWidget *
new_label (const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, css);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

static void
build_head (KtmDefinitionCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *title = new_label ("card-title");

  gtk_label_set_text (GTK_LABEL (title), _("Who counts as a responder"));
  gtk_widget_set_hexpand (title, TRUE);
  self->total = new_label ("numeric");
  gtk_label_set_xalign (GTK_LABEL (self->total), 1);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->total);
  gtk_box_append (GTK_BOX (self->box), head);
}

static void
build_foot (KtmDefinitionCard *self)
{
  static const KtmOption unknown[] = {
    { "out", N_("is left out") },
    { "no", N_("is a non-response") },
    { "last", N_("keeps the last state") },
  };
  GtkWidget *foot = ktm_wrap_box_new (8, 6);

  self->add = gtk_button_new_with_label (_("+ Add condition"));
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  self->missing = ktm_choice_new (_("A missing score"));
  ktm_choice_set_table (KTM_CHOICE (self->missing), unknown, G_N_ELEMENTS (unknown));
  g_signal_connect_object (self->missing, "notify::selected", G_CALLBACK (missing_cb), self,
                           G_CONNECT_SWAPPED);
  ktm_definition_card_add_saved (self);
  ktm_wrap_box_append (KTM_WRAP_BOX (foot), self->add);
  ktm_wrap_box_append (KTM_WRAP_BOX (foot), self->missing);
  ktm_wrap_box_append (KTM_WRAP_BOX (foot), self->saved);
  gtk_box_append (GTK_BOX (self->box), foot);
  self->printed = new_label ("dim-label");
  gtk_label_set_selectable (GTK_LABEL (self->printed), TRUE);
  gtk_box_append (GTK_BOX (self->box), self->printed);
  self->problem = new_label ("error");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->problem);
}

static void
build (KtmDefinitionCard *self)
{
  build_head (self);
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 4);
  ktm_definition_card_take_drops (self);
  ktm_definition_card_take_keys (self);
  gtk_box_append (GTK_BOX (self->box), self->grid);
  self->entry = gtk_entry_new ();
  gtk_widget_set_visible (self->entry, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Definition of response"), -1);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (typed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), self->entry);
  build_foot (self);
}

/* Follows what was chosen elsewhere. */
static void
study_cb (KtmDefinitionCard *self)
{
  const char *text = ktm_study_get_definition (self->study);

  if (text && g_strcmp0 (text, self->text))
    ktm_definition_card_set_definition (self, text, NULL);
}

GtkWidget *
ktm_definition_card_new (KtmStudy *study, const char *text)
{
  KtmDefinitionCard *self = g_object_new (KTM_TYPE_DEFINITION_CARD, NULL);
  g_autofree char *usual = NULL;

  self->study = g_object_ref (study);
  self->frame = ktm_study_dup_frame (study, NULL, NULL, KTM_FRAME_EVENTS | KTM_FRAME_SAFETY);
  build (self);
  if (self->frame->n_measures > 0)
    {
      usual = g_strdup_printf ("\"%s\" >= 30%%", self->frame->measures[0].id);
      if (!text || text[0] == '\0' || !ktm_definition_card_set_definition (self, text, NULL))
        ktm_definition_card_set_definition (self, usual, NULL);
    }
  else
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (study, "notify::definition", G_CALLBACK (study_cb), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
