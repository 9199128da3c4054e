/* widgets: strata and covariates of the comparison of times in relief. */
#include "ktm-relief-tests.h"

#include <glib/gi18n.h>

#include "ktm-choice.h"

#define KIND "relief-tests"
#define MOST_LEVELS 8
#define SEPARATOR "\n"

struct _KtmReliefTests
{
  GtkWidget  parent_instance;
  KtmStudy  *study;      /* owned */
  GtkWidget *box;        /* child */
  GtkWidget *stratum, *button, *named, *list, *problem;
  char      *group;      /* owned, nullable */
  char      *saved;      /* owned, nullable: the document as it was read or written */
  char     **covariates; /* owned: ids */
  char      *chosen;     /* owned: the stratum, "" none */
  char      *offered;    /* owned: what can be chosen, as text */
  gboolean   filling;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];
G_DEFINE_FINAL_TYPE (KtmReliefTests, ktm_relief_tests, GTK_TYPE_WIDGET)

/* --- what can be chosen ----------------------------------------------------------------------- */

static gboolean
has_few_levels (const KtmFrameAttribute *a)
{
  return a->kind != KTM_ATTRIBUTE_NUMBER && a->kind != KTM_ATTRIBUTE_DATE && a->n_levels >= 2
         && a->n_levels <= MOST_LEVELS;
}

/* Known before treatment, and not what parts the curves. */
static gboolean
is_offered (KtmReliefTests *self, guint i, gboolean numbers)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  const KtmFrameAttribute *a = ktm_cohort_get_attribute (cohort, i);

  return ktm_cohort_attribute_is_baseline (cohort, i) && g_strcmp0 (a->id, self->group)
         && (has_few_levels (a) || (numbers && a->kind == KTM_ATTRIBUTE_NUMBER));
}

static void
fill_strata (KtmReliefTests *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  guint all = ktm_cohort_get_n_attributes (cohort), n = 1;
  g_autofree const char **ids = g_new0 (const char *, all + 1),
                        **labels = g_new0 (const char *, all + 1);

  ids[0] = "";
  labels[0] = _("all patients");
  for (guint i = 0; i < all; i++)
    if (is_offered (self, i, FALSE))
      {
        ids[n] = ktm_cohort_get_attribute (cohort, i)->id;
        labels[n++] = ktm_cohort_get_attribute (cohort, i)->label;
      }
  self->filling = TRUE;
  ktm_choice_set_options (KTM_CHOICE (self->stratum), ids, labels, n);
  if (!ktm_choice_set_selected (KTM_CHOICE (self->stratum), self->chosen))
    ktm_choice_set_selected (KTM_CHOICE (self->stratum), "");
  self->filling = FALSE;
}

/* What the button says: the names of the covariates in use. */
static void
name_covariates (KtmReliefTests *self)
{
  GString *names = g_string_new (NULL);
  g_autofree char *heard = NULL;

  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (row)))
      g_string_append_printf (names, "%s%s", names->len ? ", " : "",
                              gtk_check_button_get_label (GTK_CHECK_BUTTON (row)));
  if (names->len == 0)
    g_string_assign (names, self->group ? _("the groups alone") : _("nothing"));
  heard = g_strdup_printf ("%s: %s", _("Cox model with"), names->str);
  gtk_label_set_text (GTK_LABEL (self->named), names->str);
  gtk_widget_set_tooltip_text (self->button, names->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  heard, -1);
  g_string_free (names, TRUE);
}

static void ticked_cb (KtmReliefTests *self, GParamSpec *pspec, GtkCheckButton *row);

static void
add_covariate (KtmReliefTests *self, const char *id, const char *label)
{
  GtkWidget *row = gtk_check_button_new_with_label (label);

  g_object_set_data_full (G_OBJECT (row), "ktm-id", g_strdup (id), g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (row),
                               g_strv_contains ((const char *const *) self->covariates, id));
  g_signal_connect_swapped (row, "notify::active", G_CALLBACK (ticked_cb), self);
  gtk_box_append (GTK_BOX (self->list), row);
}

static void
fill_covariates (KtmReliefTests *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  GtkWidget *row;

  self->filling = TRUE;
  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), row);
  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    if (is_offered (self, i, TRUE))
      add_covariate (self, ktm_cohort_get_attribute (cohort, i)->id,
                     ktm_cohort_get_attribute (cohort, i)->label);
  for (guint i = 0; i < ktm_cohort_get_n_measures (cohort); i++)
    {
      const KtmFrameMeasure *measure = ktm_cohort_get_measure (cohort, i);
      g_autofree char *attribute = g_strconcat ("baseline_", measure->id, NULL);
      /* Translators: a measure's score at baseline. */
      g_autofree char *label = g_strdup_printf (_("%s at baseline"), measure->label);

      if (ktm_cohort_find_attribute (cohort, attribute) < 0)
        add_covariate (self, measure->id, label);
    }
  self->filling = FALSE;
  name_covariates (self);
}

/* --- the cohort file -------------------------------------------------------------------------- */

/* Takes what the file says; nothing there is nothing chosen. */
static void
read_saved (KtmReliefTests *self)
{
  g_autoptr (GVariant) value = NULL;
  const char *stratum = "", *covariates = "";

  g_free (self->saved);
  self->saved = ktm_study_dup_document (self->study, KIND);
  if (self->saved)
    value = g_variant_parse (G_VARIANT_TYPE ("a{ss}"), self->saved, NULL, NULL, NULL);
  if (value)
    {
      g_variant_lookup (value, "stratum", "&s", &stratum);
      g_variant_lookup (value, "covariates", "&s", &covariates);
    }
  g_free (self->chosen);
  self->chosen = g_strdup (stratum);
  g_strfreev (self->covariates);
  self->covariates = g_strsplit (covariates, SEPARATOR, -1);
}

static void
save (KtmReliefTests *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ids = g_strjoinv (SEPARATOR, self->covariates), *one = g_strescape (ids, NULL),
                  *two = g_strescape (self->chosen, NULL),
                  *json = g_strdup_printf ("{\"stratum\": \"%s\", \"covariates\": \"%s\"}", two,
                                           one);

  g_free (self->saved);
  self->saved = g_strdup (json); /* known before the cohort says that it changed */
  if (!ktm_study_put_document (self->study, KIND, _("How times in relief are compared"), json,
                               &error))
    gtk_label_set_text (GTK_LABEL (self->problem), error->message);
  gtk_widget_set_visible (self->problem, error != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ticked_cb (KtmReliefTests *self, GParamSpec *pspec G_GNUC_UNUSED, GtkCheckButton *row)
{
  g_autoptr (GPtrArray) ids = NULL;
  const char *id = g_object_get_data (G_OBJECT (row), "ktm-id");

  if (self->filling)
    return;
  ids = g_ptr_array_new ();
  for (char **one = self->covariates; *one; one++)
    if (strcmp (*one, id) && **one)
      g_ptr_array_add (ids, g_strdup (*one));
  if (gtk_check_button_get_active (row))
    g_ptr_array_add (ids, g_strdup (id));
  g_ptr_array_add (ids, NULL);
  g_strfreev (self->covariates);
  self->covariates = (char **) g_ptr_array_steal (ids, NULL);
  name_covariates (self);
  save (self);
}

static void
stratum_cb (KtmReliefTests *self)
{
  const char *stratum = ktm_choice_get_selected (KTM_CHOICE (self->stratum));

  if (self->filling || !g_strcmp0 (stratum, self->chosen))
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (stratum ? stratum : "");
  save (self);
}

/* All that is offered, to tell whether it is something else. */
static char *
say_offered (KtmReliefTests *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  GString *all = g_string_new (self->group);

  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    if (is_offered (self, i, TRUE))
      g_string_append_printf (all, "\n%s\t%s", ktm_cohort_get_attribute (cohort, i)->id,
                              ktm_cohort_get_attribute (cohort, i)->label);
  for (guint i = 0; i < ktm_cohort_get_n_measures (cohort); i++)
    g_string_append_printf (all, "\n%s", ktm_cohort_get_measure (cohort, i)->label);
  return g_string_free (all, FALSE);
}

static void
fill (KtmReliefTests *self)
{
  g_free (self->offered);
  self->offered = say_offered (self);
  fill_strata (self);
  fill_covariates (self);
}

/* Undone, imported, or edited elsewhere.  What is offered stays where it is the same: a box may be
 * in the middle of its own change. */
static void
cohort_changed_cb (KtmReliefTests *self)
{
  g_autofree char *now = ktm_study_dup_document (self->study, KIND), *offered = say_offered (self);
  gboolean other = g_strcmp0 (now, self->saved) != 0;

  if (other)
    read_saved (self);
  if (other || g_strcmp0 (offered, self->offered))
    fill (self);
  if (other)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_relief_tests_dispose (GObject *object)
{
  KtmReliefTests *self = KTM_RELIEF_TESTS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_relief_tests_parent_class)->dispose (object);
}

static void
ktm_relief_tests_finalize (GObject *object)
{
  KtmReliefTests *self = KTM_RELIEF_TESTS (object);

  g_free (self->group);
  g_free (self->saved);
  g_free (self->chosen);
  g_free (self->offered);
  g_strfreev (self->covariates);
  G_OBJECT_CLASS (ktm_relief_tests_parent_class)->finalize (object);
}

static void
ktm_relief_tests_class_init (KtmReliefTestsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_relief_tests_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_relief_tests_finalize;
  signals[CHANGED] = g_signal_new ("changed", KTM_TYPE_RELIEF_TESTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

/* "Cox model with  Age, Sex ▾": a list of boxes to tick opens under it. */
static GtkWidget *
make_button (KtmReliefTests *self)
{
  GtkWidget *button = gtk_menu_button_new (), *face = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *name = gtk_label_new (_("Cox model with")), *scroller = gtk_scrolled_window_new (),
            *popover = gtk_popover_new (),
            *arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");

  self->named = gtk_label_new (NULL);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (name, "choice-name");
  gtk_widget_add_css_class (self->named, "choice-value");
  gtk_label_set_ellipsize (GTK_LABEL (self->named), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (self->named), 22);
  gtk_box_append (GTK_BOX (face), name);
  gtk_box_append (GTK_BOX (face), self->named);
  gtk_box_append (GTK_BOX (face), arrow);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), face);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "toolbar-chip");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  return button;
}

static void
ktm_relief_tests_init (KtmReliefTests *self)
{
  GtkWidget *title = gtk_label_new (_("How groups are compared"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "card-title");
  /* Translators: followed by an attribute: the log-rank test compares within each of its levels. */
  self->stratum = ktm_choice_new (_("Log-rank within"));
  gtk_widget_set_halign (self->stratum, GTK_ALIGN_START);
  g_signal_connect_swapped (self->stratum, "notify::selected", G_CALLBACK (stratum_cb), self);
  self->button = make_button (self);
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (self->box), title);
  gtk_box_append (GTK_BOX (self->box), self->stratum);
  gtk_box_append (GTK_BOX (self->box), self->button);
  gtk_box_append (GTK_BOX (self->box), self->problem);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "result-card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "rule-card");
}

GtkWidget *
ktm_relief_tests_new (KtmStudy *study)
{
  KtmReliefTests *self = g_object_new (KTM_TYPE_RELIEF_TESTS, NULL);

  self->study = g_object_ref (study);
  read_saved (self);
  fill (self);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
ktm_relief_tests_set_group (KtmReliefTests *self, const char *attribute)
{
  gint at;

  g_return_if_fail (KTM_IS_RELIEF_TESTS (self));
  at = attribute ? ktm_cohort_find_grouping (ktm_study_get_cohort (self->study), attribute) : -1;
  if (at >= 0) /* the number, wherever it is cut */
    attribute = ktm_cohort_get_attribute (ktm_study_get_cohort (self->study), (guint) at)->id;
  gtk_widget_set_visible (self->stratum, attribute != NULL);
  if (!g_strcmp0 (self->group, attribute))
    return;
  g_free (self->group);
  self->group = g_strdup (attribute);
  fill (self);
}

char *
ktm_relief_tests_dup_stratum (KtmReliefTests *self)
{
  const char *id;

  g_return_val_if_fail (KTM_IS_RELIEF_TESTS (self), NULL);
  id = ktm_choice_get_selected (KTM_CHOICE (self->stratum));
  return self->group && id && *id ? g_strdup (id) : NULL;
}

char **
ktm_relief_tests_dup_covariates (KtmReliefTests *self)
{
  g_autoptr (GPtrArray) ids = NULL;

  g_return_val_if_fail (KTM_IS_RELIEF_TESTS (self), NULL);
  ids = g_ptr_array_new_with_free_func (g_free);
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (row)))
      g_ptr_array_add (ids, g_strdup (g_object_get_data (G_OBJECT (row), "ktm-id")));
  if (ids->len == 0)
    return NULL;
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_steal (ids, NULL);
}
