/* widgets: editor of the rule of relief. */
#include "ktm-relief-editor.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-choice.h"
#include "ktm-patient-card.h"
#include "ktm-relief.h"

#define KIND "relief"

enum { EVENT, GAIN, BY, LOST, VISITS, LAST, CLOCK, REPEAT, GAP, N_FIELDS };

static const struct
{
  const char *key, *name;
  const char *values[8]; /* NULL-ended; of EVENT and BY: of the cohort */
} fields[N_FIELDS] = {
  { "date", N_("Event"), { NULL } },
  { "gain", N_("Relief starts"), { "10", "20", "30", "40", "50", "70", NULL } },
  { "by", N_("at the latest"), { NULL } },
  { "lost", N_("Relief is lost"), { "0", "10", "20", "30", "40", "50", NULL } },
  { "visits", N_("for"), { "1", "2", "3", NULL } },
  { "last", N_("Last visit"), { "once", "full", NULL } },
  { "clock", N_("Clock"), { "relief", "start", NULL } },
  { "repeat", N_("Ketamine again"), { "ignore", "censor", "event", NULL } },
  { "gap", N_("Gaps"), { "none", "1", "2", "3", "6", NULL } },
};

struct _KtmReliefEditor
{
  GtkWidget  parent_instance;
  KtmStudy  *study; /* owned */
  GtkWidget *box;   /* child */
  GtkWidget *choices[N_FIELDS], *count, *problem;
  char      *rule;  /* owned */
  char      *saved; /* owned; the document as last read; NULL none */
  gboolean   filling;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KtmReliefEditor, ktm_relief_editor, GTK_TYPE_WIDGET)

/* --- values in words -------------------------------------------------------------------------- */

static char *
say_gap (KtmCohort *cohort, double gap)
{
  g_autofree char *number = ktm_say_number (gap, gap == floor (gap) ? 0 : 2);
  static const struct { const char *unit, *words;
  } gaps[] = {
    { "minute", N_("of more than %s minutes censor") },
    { "hour", N_("of more than %s hours censor") },
    { "day", N_("of more than %s days censor") },
    { "week", N_("of more than %s weeks censor") },
    { "month", N_("of more than %s months censor") },
    { "year", N_("of more than %s years censor") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (gaps); i++)
    if (!g_strcmp0 (gaps[i].unit, ktm_cohort_get_time_unit (cohort)))
      {
        g_auto (GStrv) parts = g_strsplit (_(gaps[i].words), "%s", 2);

        return g_strconcat (parts[0], number, parts[0] ? parts[1] : NULL, NULL);
      }
  return g_steal_pointer (&number);
}

static char *
say_visits (const char *value)
{
  int n = (int) g_ascii_strtod (value, NULL);

  if (n == 1)
    return g_strdup (_("one visit"));
  return g_strdup_printf (ngettext ("%d visit in a row", "%d visits in a row", (gulong) n), n);
}

static char *
say_word (int field, const char *value)
{
  static const struct { int field; const char *value, *words;
  } all[] = {
    { EVENT, "", N_("Loss of relief") },
    { LAST, "once", N_("one below is enough") },
    { LAST, "full", N_("counts like any other") },
    { CLOCK, "relief", N_("since relief began") },
    { CLOCK, "start", N_("since ketamine") },
    { REPEAT, "ignore", N_("is ignored") },
    { REPEAT, "censor", N_("censors") },
    { REPEAT, "event", N_("counts as loss of relief") },
    { GAP, "none", N_("are passed over") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].field == field && !strcmp (all[i].value, value))
      return g_strdup (_(all[i].words));
  return NULL;
}

static char *
say (KtmReliefEditor *self, int field, const char *value)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  char *words = say_word (field, value);
  double number = g_ascii_strtod (value, NULL);
  g_autofree char *said = ktm_say_number (number, number == floor (number) ? 0 : 1);
  gint at;

  if (words)
    return words;
  switch (field)
    {
    case EVENT:
      at = ktm_cohort_find_attribute (cohort, value);
      return g_strdup (at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at)->label : value);
    /* Translators: relief starts when the score is so much better than at baseline. */
    case GAIN: return g_strdup_printf (_("%s %% better than baseline"), said);
    case BY: return ktm_say_visit (ktm_cohort_get_time_unit (cohort), number);
    /* Translators: relief is lost when it falls below so many percent. */
    case LOST: return g_strdup_printf (_("below %s %%"), said);
    case VISITS: return say_visits (value);
    case GAP: return say_gap (cohort, number);
    default: return g_strdup (value);
    }
}

/* --- from a rule to the choices and back ------------------------------------------------------ */

static char *
print_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%g", value));
}

static void
values_of (const KtmReliefRule *rule, char *values[N_FIELDS])
{
  static const char *const repeats[] = { "ignore", "censor", "event" };

  values[EVENT] = g_strdup (rule->date);
  values[GAIN] = print_number (rule->gain);
  values[BY] = print_number (rule->by);
  values[LOST] = print_number (rule->lost);
  values[VISITS] = print_number (rule->visits);
  values[LAST] = g_strdup (rule->last_once ? "once" : "full");
  values[CLOCK] = g_strdup (rule->since_relief ? "relief" : "start");
  values[REPEAT] = g_strdup (repeats[rule->repeat]);
  values[GAP] = isfinite (rule->gap) ? print_number (rule->gap) : g_strdup ("none");
}

/* Times of something that came later: numbers that are no baseline attributes. */
static void
add_dates (KtmCohort *cohort, GPtrArray *ids)
{
  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    {
      const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);

      if (attribute->kind == KTM_ATTRIBUTE_NUMBER && !ktm_cohort_attribute_is_baseline (cohort, i)
          && !g_str_has_prefix (attribute->id, "trajectory_class"))
        g_ptr_array_add (ids, g_strdup (attribute->id));
    }
}

/* The values offered, the present one among them. */
static GPtrArray *
offered (KtmReliefEditor *self, int field, const char *value)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  gboolean found = FALSE;

  for (int i = 0; fields[field].values[i]; i++)
    g_ptr_array_add (ids, g_strdup (fields[field].values[i]));
  if (field == EVENT)
    {
      g_ptr_array_add (ids, g_strdup (""));
      add_dates (cohort, ids);
    }
  for (guint i = 0; field == BY && i < ktm_cohort_get_n_visits (cohort); i++)
    if (ktm_cohort_get_visit_time (cohort, i) > 0)
      g_ptr_array_add (ids, print_number (ktm_cohort_get_visit_time (cohort, i)));
  for (guint i = 0; i < ids->len; i++)
    found = found || !strcmp (ids->pdata[i], value);
  if (!found)
    g_ptr_array_add (ids, g_strdup (value));
  return ids;
}

static void
fill_choice (KtmReliefEditor *self, int field, const char *value)
{
  g_autoptr (GPtrArray) ids = offered (self, field, value),
                        labels = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (labels, say (self, field, ids->pdata[i]));
  ktm_choice_set_options (KTM_CHOICE (self->choices[field]), (const char *const *) ids->pdata,
                          (const char *const *) labels->pdata, ids->len);
  ktm_choice_set_selected (KTM_CHOICE (self->choices[field]), value);
}

static gboolean
has_dates (KtmReliefEditor *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  add_dates (ktm_study_get_cohort (self->study), ids);
  return ids->len > 0;
}

/* Which choices mean anything under the rule. */
static void
show_fields (KtmReliefEditor *self)
{
  KtmReliefRule rule;
  gboolean dated;

  ktm_relief_rule_parse (self->rule, &rule, NULL);
  dated = rule.date[0] != 0;
  for (int i = 0; i < N_FIELDS; i++)
    gtk_widget_set_visible (self->choices[i], i == EVENT ? dated || has_dates (self) : !dated);
  gtk_widget_set_visible (self->choices[LAST], !dated && rule.visits > 1);
}

static void
show_rule (KtmReliefEditor *self)
{
  KtmReliefRule rule;
  char *values[N_FIELDS] = { NULL };

  ktm_relief_rule_parse (self->rule, &rule, NULL);
  values_of (&rule, values);
  self->filling = TRUE;
  for (int i = 0; i < N_FIELDS; i++)
    {
      fill_choice (self, i, values[i]);
      g_free (values[i]);
    }
  self->filling = FALSE;
  show_fields (self);
}

static char *
chosen_rule (KtmReliefEditor *self)
{
  GString *rule = g_string_new (NULL);

  for (int i = GAIN; i < N_FIELDS; i++)
    g_string_append_printf (rule, "%s%s %s", rule->len ? ", " : "", fields[i].key,
                            ktm_choice_get_selected (KTM_CHOICE (self->choices[i])));
  if (*ktm_choice_get_selected (KTM_CHOICE (self->choices[EVENT])))
    g_string_append_printf (rule, ", date %s",
                            ktm_choice_get_selected (KTM_CHOICE (self->choices[EVENT])));
  return g_string_free (rule, FALSE);
}

/* --- the cohort file -------------------------------------------------------------------------- */

static char *
read_saved (KtmReliefEditor *self)
{
  g_autofree char *json = ktm_study_dup_document (self->study, KIND);
  g_autoptr (GVariant) value =
      json ? g_variant_parse (G_VARIANT_TYPE ("a{ss}"), json, NULL, NULL, NULL) : NULL;
  char *rule = NULL;

  if (value)
    g_variant_lookup (value, "rule", "s", &rule);
  return rule;
}

static void
save (KtmReliefEditor *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = g_strdup_printf ("{\"rule\": \"%s\"}", self->rule);

  if (ktm_study_put_document (self->study, KIND, _("What counts as relief"), json, &error))
    {
      g_free (self->saved);
      self->saved = g_strdup (self->rule);
    }
  else
    gtk_label_set_text (GTK_LABEL (self->problem), error->message);
  gtk_widget_set_visible (self->problem, error != NULL);
}

static void
take_rule (KtmReliefEditor *self, const char *rule)
{
  g_autofree char *own = g_strdup (rule);

  if (!g_strcmp0 (self->rule, own))
    return;
  g_free (self->rule);
  self->rule = g_steal_pointer (&own);
  show_rule (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
chosen_cb (KtmReliefEditor *self)
{
  g_autofree char *rule = NULL;

  if (self->filling)
    return;
  rule = chosen_rule (self);
  if (!g_strcmp0 (rule, self->rule))
    return;
  g_free (self->rule);
  self->rule = g_steal_pointer (&rule);
  save (self);
  show_fields (self); /* not filled anew: the drop-down is in the middle of its own change */
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Undone, imported, or another file's: what is saved counts. */
static void
cohort_changed_cb (KtmReliefEditor *self)
{
  g_autofree char *saved = read_saved (self);

  if (g_strcmp0 (saved, self->saved))
    {
      g_free (self->saved);
      self->saved = g_strdup (saved);
      ktm_relief_editor_set_rule (self, saved ? saved : "");
    }
  else
    show_rule (self);
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_relief_editor_dispose (GObject *object)
{
  KtmReliefEditor *self = KTM_RELIEF_EDITOR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_relief_editor_parent_class)->dispose (object);
}

static void
ktm_relief_editor_finalize (GObject *object)
{
  KtmReliefEditor *self = KTM_RELIEF_EDITOR (object);

  g_free (self->rule);
  g_free (self->saved);
  G_OBJECT_CLASS (ktm_relief_editor_parent_class)->finalize (object);
}

static void
ktm_relief_editor_class_init (KtmReliefEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_relief_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_relief_editor_finalize;
  signals[CHANGED] = g_signal_new ("changed", KTM_TYPE_RELIEF_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_relief_editor_init (KtmReliefEditor *self)
{
  GtkWidget *title = gtk_label_new (_("What counts as relief"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "card-title");
  gtk_box_append (GTK_BOX (self->box), title);
  for (int i = 0; i < N_FIELDS; i++)
    {
      self->choices[i] = ktm_choice_new (_(fields[i].name));
      gtk_widget_set_halign (self->choices[i], GTK_ALIGN_START);
      g_signal_connect_swapped (self->choices[i], "notify::selected", G_CALLBACK (chosen_cb), self);
      gtk_box_append (GTK_BOX (self->box), self->choices[i]);
    }
  self->count = gtk_label_new (NULL);
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->count), TRUE);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->count), 0);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->count);
  gtk_box_append (GTK_BOX (self->box), self->problem);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "result-card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "rule-card");
}

GtkWidget *
ktm_relief_editor_new (KtmStudy *study)
{
  KtmReliefEditor *self = g_object_new (KTM_TYPE_RELIEF_EDITOR, NULL);

  self->study = g_object_ref (study);
  self->saved = read_saved (self);
  if (!self->saved || !ktm_relief_editor_set_rule (self, self->saved))
    ktm_relief_editor_set_rule (self, "");
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

const char *
ktm_relief_editor_get_rule (KtmReliefEditor *self)
{
  g_return_val_if_fail (KTM_IS_RELIEF_EDITOR (self), NULL);
  return self->rule;
}

gboolean
ktm_relief_editor_set_rule (KtmReliefEditor *self, const char *rule)
{
  KtmReliefRule parsed;

  g_return_val_if_fail (KTM_IS_RELIEF_EDITOR (self), FALSE);
  if (!ktm_relief_rule_parse (rule && *rule ? rule : NULL, &parsed, NULL))
    return FALSE;
  take_rule (self, rule ? rule : "");
  return TRUE;
}

void
ktm_relief_editor_count (KtmReliefEditor *self, const KtmFrame *frame, const char *measure)
{
  KtmReliefRule rule;
  KtmRelief relief = { 0 };
  g_autofree char *text = NULL;
  long m;

  g_return_if_fail (KTM_IS_RELIEF_EDITOR (self));
  m = frame && measure ? ktm_frame_find_measure (frame, measure) : -1;
  ktm_relief_rule_parse (self->rule, &rule, NULL);
  if (m >= 0 && ktm_relief (frame, (size_t) m, &rule, NAN, &relief) == KTM_STATS_OK)
    text = g_strdup_printf (_("%zu of %zu patients who could be judged gained relief; %zu lost it, "
                              "%zu are censored (%zu with no later score)."),
                            relief.n, relief.n_seen, relief.n_events, relief.n - relief.n_events,
                            relief.n_no_later);
  gtk_label_set_text (GTK_LABEL (self->count), text ? text : "");
  gtk_widget_set_visible (self->count, text != NULL);
  ktm_relief_clear (&relief);
}
