/* widgets: one condition of a definition of response. */
#include "ktm-definition-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "ktm-chart-choices.h"

struct _KtmDefinitionRow
{
  GObject      parent_instance;
  KtmCondition condition;
  gboolean     or_before, updating;
  guint        number;
  GPtrArray   *measures, *reasons, *visits; /* ids or labels; owned */
  GArray      *times;                       /* of the visits */
  GtkWidget   *join, *what, *how, *amount, *when, *fixed; /* references */
};

G_DEFINE_FINAL_TYPE (KtmDefinitionRow, ktm_definition_row, G_TYPE_OBJECT)

static guint changed_signal;

/* --- what can be said with drop-downs --------------------------------------------------------- */

/* Other conditions, typed on the command line, are shown as a sentence. */
static gboolean
is_plain (const KtmCondition *c)
{
  switch (c->kind)
    {
    case KTM_CONDITION_PERCENT: case KTM_CONDITION_POINTS:
      return !c->negated && c->op == KTM_COMPARE_GE;
    case KTM_CONDITION_SCORE:
      return !c->negated && (c->op == KTM_COMPARE_GE || c->op == KTM_COMPARE_LE);
    case KTM_CONDITION_STOP: return c->negated;
    case KTM_CONDITION_EVENT:
    default:
      return c->negated && c->when != KTM_WHEN_AT
             && (isnan (c->threshold) ? c->severity != KTM_SEVERITY_MILD : TRUE);
    }
}

static gboolean
is_score (const KtmCondition *c)
{
  return c->kind <= KTM_CONDITION_SCORE;
}

static void
set_options (GtkWidget *choice, GPtrArray *ids, GPtrArray *labels, const char *selected)
{
  ktm_choice_set_options (KTM_CHOICE (choice), (const char *const *) ids->pdata,
                          (const char *const *) labels->pdata, ids->len);
  ktm_choice_set_selected (KTM_CHOICE (choice), selected);
}

static void
add_option (GPtrArray *ids, GPtrArray *labels, char *id, const char *label)
{
  g_ptr_array_add (ids, id);
  g_ptr_array_add (labels, g_strdup (label));
}

static void
fill_what (KtmDefinitionRow *self, const KtmFrame *frame)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  const KtmCondition *c = &self->condition;
  g_autofree char *selected = is_score (c)
                                  ? g_strdup_printf ("m:%s", frame->measures[c->measure].id)
                                  : g_strdup (c->kind == KTM_CONDITION_STOP ? "stop" : "event");

  for (gsize i = 0; i < frame->n_measures; i++)
    add_option (ids, labels, g_strconcat ("m:", frame->measures[i].id, NULL),
                frame->measures[i].label);
  add_option (ids, labels, g_strdup ("stop"), _("Stops"));
  if (frame->n_terms > 0 || frame->safety != NULL)
    add_option (ids, labels, g_strdup ("event"), _("Adverse events"));
  set_options (self->what, ids, labels, selected);
}

static const struct { const char *id, *label;
} score_ways[] = {
  { "percent", N_("% better, ≥") },
  { "points", N_("points better, ≥") },
  { "most", N_("score ≤") },
  { "least", N_("score ≥") },
}, event_ways[] = {
  { "any", N_("none at all") },
  { "moderate", N_("none moderate or severe") },
  { "severe", N_("none severe") },
  { "grade", N_("none of grade ≥") },
};

static const char *
way_of (const KtmCondition *c)
{
  switch (c->kind)
    {
    case KTM_CONDITION_PERCENT: return "percent";
    case KTM_CONDITION_POINTS: return "points";
    case KTM_CONDITION_SCORE: return c->op == KTM_COMPARE_GE ? "least" : "most";
    case KTM_CONDITION_STOP:
    case KTM_CONDITION_EVENT:
    default:
      return !isnan (c->threshold)                  ? "grade"
             : c->severity == KTM_SEVERITY_SEVERE   ? "severe"
             : c->severity == KTM_SEVERITY_MODERATE ? "moderate"
                                                    : "any";
    }
}

static void
fill_how (KtmDefinitionRow *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  const KtmCondition *c = &self->condition;
  g_autofree char *reason = g_strdup_printf ("%ld", c->reason);

  if (is_score (c))
    for (gsize i = 0; i < G_N_ELEMENTS (score_ways); i++)
      add_option (ids, labels, g_strdup (score_ways[i].id), _(score_ways[i].label));
  else if (c->kind == KTM_CONDITION_EVENT)
    for (gsize i = 0; i < G_N_ELEMENTS (event_ways); i++)
      add_option (ids, labels, g_strdup (event_ways[i].id), _(event_ways[i].label));
  else
    {
      add_option (ids, labels, g_strdup ("-1"), _("not for any reason"));
      for (guint i = 0; i < self->reasons->len; i++)
        {
          /* Translators: %s is why patients stopped ("lack of effect"). */
          g_autofree char *label = g_strdup_printf (_("not for %s"),
                                                    (char *) self->reasons->pdata[i]);

          add_option (ids, labels, g_strdup_printf ("%u", i), label);
        }
    }
  set_options (self->how, ids, labels, c->kind == KTM_CONDITION_STOP ? reason : way_of (c));
}

static char *
when_of (const KtmDefinitionRow *self)
{
  const KtmCondition *c = &self->condition;

  for (guint i = 0; i < self->times->len; i++)
    if (fabs (g_array_index (self->times, double, i) - c->time) < 1e-6)
      return g_strdup_printf (c->when == KTM_WHEN_AT ? "at:%u" : "from:%u", i);
  return g_strdup (c->when == KTM_WHEN_SUSTAINED ? "sustained"
                   : c->when == KTM_WHEN_EVER    ? "ever"
                                                 : "visit");
}

static void
fill_when (KtmDefinitionRow *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  const KtmCondition *c = &self->condition;
  g_autofree char *selected = when_of (self);

  if (c->kind == KTM_CONDITION_STOP)
    add_option (ids, labels, g_strdup ("visit"), _("up to the visit"));
  else
    add_option (ids, labels, g_strdup ("visit"), _("at the visit"));
  if (c->kind == KTM_CONDITION_EVENT)
    add_option (ids, labels, g_strdup ("ever"), _("up to the visit"));
  if (is_score (c))
    {
      add_option (ids, labels, g_strdup ("ever"), _("at some visit up to it"));
      add_option (ids, labels, g_strdup ("sustained"), _("at every visit up to it"));
      for (guint i = 0; i < self->visits->len; i++)
        {
          /* Translators: %s is a visit ("M3"). */
          g_autofree char *from = g_strdup_printf (_("at every visit from %s on"),
                                                   (char *) self->visits->pdata[i]);

          add_option (ids, labels, g_strdup_printf ("from:%u", i), from);
        }
      for (guint i = 0; i < self->visits->len; i++)
        {
          g_autofree char *at =
              g_strdup_printf (C_("visit", "at %s"), (char *) self->visits->pdata[i]);

          add_option (ids, labels, g_strdup_printf ("at:%u", i), at);
        }
    }
  set_options (self->when, ids, labels, selected);
}

static void
show_condition (KtmDefinitionRow *self)
{
  const KtmCondition *c = &self->condition;
  gboolean amount = is_score (c) || (c->kind == KTM_CONDITION_EVENT && !isnan (c->threshold));

  self->updating = TRUE;
  fill_how (self);
  fill_when (self);
  gtk_widget_set_visible (self->amount, amount);
  if (amount)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->amount), c->threshold);
  self->updating = FALSE;
}

/* --- what was chosen -------------------------------------------------------------------------- */

static void
tell (KtmDefinitionRow *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
join_cb (KtmDefinitionRow *self)
{
  self->or_before = !g_strcmp0 (ktm_choice_get_selected (KTM_CHOICE (self->join)), "or");
  tell (self);
}

static void
what_cb (KtmDefinitionRow *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->what));
  KtmCondition *c = &self->condition;
  gboolean was_score = is_score (c);

  if (self->updating || !id)
    return;
  if (g_str_has_prefix (id, "m:"))
    {
      for (guint i = 0; i < self->measures->len; i++)
        if (!g_strcmp0 (self->measures->pdata[i], id + 2))
          c->measure = i;
      if (!was_score)
        *c = (KtmCondition){ .kind = KTM_CONDITION_PERCENT, .measure = c->measure,
                             .op = KTM_COMPARE_GE, .threshold = 30, .time = NAN, .reason = -1 };
    }
  else if (!g_strcmp0 (id, "stop"))
    *c = (KtmCondition){ .kind = KTM_CONDITION_STOP, .negated = true, .threshold = NAN,
                         .time = NAN, .reason = -1 };
  else
    *c = (KtmCondition){ .kind = KTM_CONDITION_EVENT, .negated = true, .threshold = NAN,
                         .time = NAN, .reason = -1, .when = KTM_WHEN_EVER,
                         .severity = KTM_SEVERITY_SEVERE };
  show_condition (self);
  tell (self);
}

static void
set_score_way (KtmCondition *c, const char *id)
{
  KtmConditionKind before = c->kind;

  c->op = !g_strcmp0 (id, "most") ? KTM_COMPARE_LE : KTM_COMPARE_GE;
  c->kind = !g_strcmp0 (id, "percent")  ? KTM_CONDITION_PERCENT
            : !g_strcmp0 (id, "points") ? KTM_CONDITION_POINTS
                                        : KTM_CONDITION_SCORE;
  if (c->kind != before)
    c->threshold = c->kind == KTM_CONDITION_PERCENT ? 30 : 2;
}

static void
set_event_way (KtmCondition *c, const char *id)
{
  c->threshold = !g_strcmp0 (id, "grade") ? 3 : NAN;
  c->severity = !g_strcmp0 (id, "severe")     ? KTM_SEVERITY_SEVERE
                : !g_strcmp0 (id, "moderate") ? KTM_SEVERITY_MODERATE
                                              : KTM_SEVERITY_UNKNOWN;
}

static void
how_cb (KtmDefinitionRow *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->how));
  KtmCondition *c = &self->condition;

  if (self->updating || !id)
    return;
  if (is_score (c))
    set_score_way (c, id);
  else if (c->kind == KTM_CONDITION_EVENT)
    set_event_way (c, id);
  else
    c->reason = atol (id);
  show_condition (self);
  tell (self);
}

static void
amount_cb (KtmDefinitionRow *self)
{
  double value = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->amount));

  if (self->updating || value == self->condition.threshold)
    return;
  self->condition.threshold = value;
  tell (self);
}

static void
when_cb (KtmDefinitionRow *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->when));
  KtmCondition *c = &self->condition;
  const char *colon = id ? strchr (id, ':') : NULL;

  if (self->updating || !id)
    return;
  c->time = NAN;
  c->when = !g_strcmp0 (id, "ever")        ? KTM_WHEN_EVER
            : !g_strcmp0 (id, "sustained") ? KTM_WHEN_SUSTAINED
                                           : KTM_WHEN_VISIT;
  if (colon)
    {
      c->when = g_str_has_prefix (id, "at:") ? KTM_WHEN_AT : KTM_WHEN_SUSTAINED;
      c->time = g_array_index (self->times, double, (guint) atoi (colon + 1));
    }
  tell (self);
}

/* --- building --------------------------------------------------------------------------------- */

/* Names for the ear: the row's number and what the part says. */
static GtkWidget *
new_choice (KtmDefinitionRow *self, const char *name, GCallback callback)
{
  /* Translators: of a definition of response: number of the condition, part of it ("measure"). */
  g_autofree char *label = g_strdup_printf (_("Condition %u, %s"), self->number, name);
  GtkWidget *choice = ktm_choice_new_plain (label);

  if (callback)
    g_signal_connect_object (choice, "notify::selected", callback, self, G_CONNECT_SWAPPED);
  return g_object_ref_sink (choice);
}

static void
make_amount (KtmDefinitionRow *self)
{
  g_autofree char *label = g_strdup_printf (_("Condition %u, %s"), self->number, _("how much"));

  self->amount = g_object_ref_sink (gtk_spin_button_new_with_range (0, 10000, 1));
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->amount),
                              self->condition.threshold == floor (self->condition.threshold) ? 0
                                                                                             : 1);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->amount), 3);
  gtk_widget_set_valign (self->amount, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->amount), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (self->amount, "value-changed", G_CALLBACK (amount_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
make_join (KtmDefinitionRow *self)
{
  const char *const ids[] = { "and", "or" };
  const char *const labels[] = { _("and"), _("or") };

  self->join = new_choice (self, _("joined by"), NULL);
  ktm_choice_set_options (KTM_CHOICE (self->join), ids, labels, 2);
  ktm_choice_set_selected (KTM_CHOICE (self->join), self->or_before ? "or" : "and");
  g_signal_connect_object (self->join, "notify::selected", G_CALLBACK (join_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
take_names (KtmDefinitionRow *self, const KtmFrame *frame)
{
  for (gsize i = 0; i < frame->n_measures; i++)
    g_ptr_array_add (self->measures, g_strdup (frame->measures[i].id));
  for (gsize i = 0; i < frame->n_stop_reasons; i++)
    g_ptr_array_add (self->reasons, g_strdup (frame->stop_reasons[i]));
  for (gsize v = 0; v < frame->n_visits; v++)
    if (frame->visit_time[v] > 0)
      {
        g_ptr_array_add (self->visits, g_strdup (frame->visit_label[v]));
        g_array_append_val (self->times, frame->visit_time[v]);
      }
}

static void
make_sentence (KtmDefinitionRow *self, const KtmFrame *frame)
{
  KtmText *text = ktm_condition_text (frame, &self->condition);
  const char *const *names = g_get_language_names ();
  char *words = ktm_text_render (text, names[0] ? ktm_lang_find (names[0]) : NULL, 0);

  self->fixed = g_object_ref_sink (gtk_label_new (words));
  gtk_label_set_xalign (GTK_LABEL (self->fixed), 0);
  gtk_label_set_wrap (GTK_LABEL (self->fixed), TRUE);
  free (words);
  ktm_text_free (text);
}

static void
ktm_definition_row_dispose (GObject *object)
{
  KtmDefinitionRow *self = KTM_DEFINITION_ROW (object);

  g_clear_object (&self->join);
  g_clear_object (&self->what);
  g_clear_object (&self->how);
  g_clear_object (&self->amount);
  g_clear_object (&self->when);
  g_clear_object (&self->fixed);
  G_OBJECT_CLASS (ktm_definition_row_parent_class)->dispose (object);
}

static void
ktm_definition_row_finalize (GObject *object)
{
  KtmDefinitionRow *self = KTM_DEFINITION_ROW (object);

  g_clear_pointer (&self->measures, g_ptr_array_unref);
  g_clear_pointer (&self->reasons, g_ptr_array_unref);
  g_clear_pointer (&self->visits, g_ptr_array_unref);
  g_clear_pointer (&self->times, g_array_unref);
  G_OBJECT_CLASS (ktm_definition_row_parent_class)->finalize (object);
}

static void
ktm_definition_row_class_init (KtmDefinitionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_definition_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_definition_row_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
ktm_definition_row_init (KtmDefinitionRow *self)
{
  self->measures = g_ptr_array_new_with_free_func (g_free);
  self->reasons = g_ptr_array_new_with_free_func (g_free);
  self->visits = g_ptr_array_new_with_free_func (g_free);
  self->times = g_array_new (FALSE, FALSE, sizeof (double));
}

KtmDefinitionRow *
ktm_definition_row_new (const KtmFrame *frame, const KtmCondition *condition, gboolean or_before,
                        guint number)
{
  KtmDefinitionRow *self = g_object_new (KTM_TYPE_DEFINITION_ROW, NULL);

  self->condition = *condition;
  self->or_before = or_before;
  self->number = number;
  take_names (self, frame);
  make_join (self);
  if (!is_plain (condition))
    {
      make_sentence (self, frame);
      return self;
    }
  self->updating = TRUE;
  self->what = new_choice (self, _("measure"), G_CALLBACK (what_cb));
  self->how = new_choice (self, _("how"), G_CALLBACK (how_cb));
  self->when = new_choice (self, _("when"), G_CALLBACK (when_cb));
  make_amount (self);
  fill_what (self, frame);
  show_condition (self);
  return self;
}

void
ktm_definition_row_attach (KtmDefinitionRow *self, GtkGrid *grid, int line)
{
  GtkWidget *const parts[] = { self->what, self->how, self->amount, self->when };

  g_return_if_fail (KTM_IS_DEFINITION_ROW (self));
  if (self->number > 1)
    gtk_grid_attach (grid, self->join, 0, line, 1, 1);
  if (self->fixed)
    {
      gtk_grid_attach (grid, self->fixed, 1, line, 4, 1);
      return;
    }
  for (int i = 0; i < 4; i++)
    gtk_grid_attach (grid, parts[i], i + 1, line, 1, 1);
}

const KtmCondition *
ktm_definition_row_get_condition (KtmDefinitionRow *self)
{
  return &self->condition;
}

gboolean
ktm_definition_row_get_or (KtmDefinitionRow *self)
{
  return self->or_before;
}

void
ktm_definition_row_grab_focus (KtmDefinitionRow *self)
{
  if (self->what)
    gtk_widget_child_focus (self->what, GTK_DIR_TAB_FORWARD);
}
