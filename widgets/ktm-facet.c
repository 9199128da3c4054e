/* widgets: facet. */
#include "ktm-facet.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-histogram.h"
#include "ktm-patient-card.h"

#define FEW_LEVELS 8

struct _KtmFacet
{
  GtkWidget  parent_instance;
  KtmStudy  *study;     /* owned */
  guint      attribute;
  char      *id;        /* owned */
  GtkWidget *box, *arrow, *note, *body; /* children */
  GtkWidget *histogram; /* NULL: levels */
  GPtrArray *checks;    /* GtkCheckButton a level, by level; borrowed */
  GtkWidget *missing;   /* check of those not recorded; NULL: there is none */
  GtkWidget *more;      /* box of the rarer levels; NULL */
  gboolean   updating, built;
};

G_DEFINE_FINAL_TYPE (KtmFacet, ktm_facet, GTK_TYPE_WIDGET)

static const KtmFrameAttribute *
attribute_of (KtmFacet *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  return self->attribute < ktm_cohort_get_n_attributes (cohort)
             ? ktm_cohort_get_attribute (cohort, self->attribute)
             : NULL;
}

static guint
n_patients (KtmFacet *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (self->study)));
}

/* --- a line: check, name, bar, count ---------------------------------------------------------- */

static GtkWidget *
new_line (KtmFacet *self, const char *label)
{
  GtkWidget *check = gtk_check_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = gtk_label_new (label), *bar = gtk_level_bar_new (),
            *count = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_set_tooltip_text (name, label);
  gtk_level_bar_remove_offset_value (
      GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW); /* no colours of warning: it is a share */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_size_request (bar, 78, -1);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (count), 4);
  gtk_label_set_xalign (GTK_LABEL (count), 1);
  gtk_widget_add_css_class (count, "number");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), count);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), box);
  g_object_set_data (G_OBJECT (check), "bar", bar);
  g_object_set_data (G_OBJECT (check), "count", count);
  g_object_set_data_full (G_OBJECT (check), "label", g_strdup (label), g_free);
  return check;
}

static void
set_count (GtkWidget *check, guint n, guint total)
{
  g_autofree char *text = g_strdup_printf ("%u", n);
  /* Translators: a level of an attribute and how many patients have it: "Neuropathic, 87 patients".
   */
  g_autofree char *name =
      g_strdup_printf (ngettext ("%s, %u patient", "%s, %u patients", n),
                       (const char *) g_object_get_data (G_OBJECT (check), "label"), n);

  gtk_label_set_text (g_object_get_data (G_OBJECT (check), "count"), text);
  gtk_level_bar_set_value (g_object_get_data (G_OBJECT (check), "bar"),
                           total ? (double) n / total : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* --- from the widgets to the filter ----------------------------------------------------------- */

static gboolean
is_checked (GtkWidget *check)
{
  return !check || gtk_check_button_get_active (GTK_CHECK_BUTTON (check));
}

static void
apply_levels (KtmFacet *self)
{
  KtmFilter *filter = ktm_study_get_filter (self->study);
  const KtmFrameAttribute *attribute = attribute_of (self);
  g_autoptr (GPtrArray) levels = g_ptr_array_new ();

  for (guint i = 0; i < self->checks->len; i++)
    if (is_checked (g_ptr_array_index (self->checks, i)))
      g_ptr_array_add (levels, attribute->levels[i]);
  if (levels->len == self->checks->len && is_checked (self->missing))
    {
      ktm_filter_unset (filter, self->id);
      return;
    }
  g_ptr_array_add (levels, NULL);
  ktm_filter_set_levels (filter, self->id, (const char *const *) levels->pdata,
                         is_checked (self->missing));
}

static void
toggled_cb (GtkCheckButton *check, gpointer data)
{
  KtmFacet *self = data;

  if (!self->updating)
    apply_levels (self);
}

/* "Only this": the other levels off; again: all of them back. */
static void
only (KtmFacet *self, GtkWidget *check)
{
  gboolean alone = is_checked (check)
                   && (!self->missing || check == self->missing || !is_checked (self->missing));

  for (guint i = 0; i < self->checks->len && alone; i++)
    alone = g_ptr_array_index (self->checks, i) == check
            || !is_checked (g_ptr_array_index (self->checks, i));
  self->updating = TRUE;
  for (guint i = 0; i < self->checks->len; i++)
    gtk_check_button_set_active (g_ptr_array_index (self->checks, i),
                                 alone || g_ptr_array_index (self->checks, i) == check);
  if (self->missing)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->missing), alone || self->missing == check);
  self->updating = FALSE;
  apply_levels (self);
}

static void
only_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer data)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (button == GDK_BUTTON_SECONDARY
      || (button == GDK_BUTTON_PRIMARY && (state & GDK_CONTROL_MASK)))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      only (data, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)));
    }
}

static gboolean
only_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
             gpointer data)
{
  if ((keyval != GDK_KEY_space && keyval != GDK_KEY_Return) || !(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  only (data, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
  return GDK_EVENT_STOP;
}

static void
apply_range (KtmFacet *self, double low, double high)
{
  KtmFilter *filter = ktm_study_get_filter (self->study);

  if (isnan (low) && isnan (high) && is_checked (self->missing))
    ktm_filter_unset (filter, self->id);
  else
    ktm_filter_set_range (filter, self->id, low, high, self->missing && is_checked (self->missing));
}

static void
range_changed_cb (KtmHistogram *histogram, double low, double high, gpointer data)
{
  KtmFacet *self = data;
  gboolean whole = isnan (low) && isnan (high);

  /* Whoever asks for a range does not ask for patients without a number; the box brings them back.
   */
  if (self->missing && !ktm_filter_has_attribute (ktm_study_get_filter (self->study), self->id)
      && !whole)
    {
      self->updating = TRUE;
      gtk_check_button_set_active (GTK_CHECK_BUTTON (self->missing), FALSE);
      self->updating = FALSE;
    }
  apply_range (self, low, high);
}

static void
missing_range_cb (GtkCheckButton *check, gpointer data)
{
  KtmFacet *self = data;
  double low = NAN, high = NAN;
  gboolean missing;

  if (self->updating)
    return;
  ktm_filter_get_range (ktm_study_get_filter (self->study), self->id, &low, &high, &missing);
  apply_range (self, low, high);
}

/* --- from the filter to the widgets ----------------------------------------------------------- */

static void
update_levels (KtmFacet *self, const KtmFrameAttribute *attribute, const guint *who, gsize n)
{
  KtmFilter *filter = ktm_study_get_filter (self->study);
  g_autofree guint *counts = g_new0 (guint, attribute->n_levels + 1);

  for (gsize i = 0; i < n; i++)
    {
      double value = attribute->value[who[i]];

      counts[isfinite (value) && value >= 0 && value < (double) attribute->n_levels
                 ? (gsize) value
                 : attribute->n_levels]++;
    }
  for (guint i = 0; i < self->checks->len; i++)
    {
      set_count (g_ptr_array_index (self->checks, i), counts[i], n_patients (self));
      gtk_check_button_set_active (g_ptr_array_index (self->checks, i),
                                   ktm_filter_has_level (filter, self->id, attribute->levels[i]));
    }
  if (self->missing)
    {
      set_count (self->missing, counts[attribute->n_levels], n_patients (self));
      gtk_check_button_set_active (GTK_CHECK_BUTTON (self->missing),
                                   ktm_filter_has_level (filter, self->id, NULL));
    }
}

static void
update_histogram (KtmFacet *self, const KtmFrameAttribute *attribute, const guint *who, gsize n)
{
  double low = NAN, high = NAN;
  gboolean missing = TRUE;
  guint absent = 0;

  for (gsize i = 0; i < n; i++)
    absent += !isfinite (attribute->value[who[i]]);
  if (!ktm_filter_get_range (ktm_study_get_filter (self->study), self->id, &low, &high, &missing))
    missing = TRUE;
  ktm_histogram_set_counts (KTM_HISTOGRAM (self->histogram), attribute->value, who, n);
  ktm_histogram_set_range (KTM_HISTOGRAM (self->histogram), low, high);
  if (!self->missing)
    return;
  set_count (self->missing, absent, n_patients (self));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->missing), missing);
}

void
ktm_facet_update (KtmFacet *self)
{
  const KtmFrameAttribute *attribute;
  g_autofree guint *who = NULL;
  gsize n = 0;

  g_return_if_fail (KTM_IS_FACET (self));
  attribute = attribute_of (self);
  gtk_widget_set_visible (
      self->note,
      attribute && ktm_filter_has_attribute (ktm_study_get_filter (self->study), self->id));
  if (!attribute || !self->built || strcmp (attribute->id, self->id)
      || (!self->histogram && attribute->n_levels != self->checks->len))
    return; /* the cohort was loaded again: the panel is about to make its facets anew */
  who = ktm_filter_match_without (ktm_study_get_filter (self->study),
                                  ktm_study_get_cohort (self->study), self->id, &n);
  self->updating = TRUE;
  if (self->histogram)
    update_histogram (self, attribute, who, n);
  else
    update_levels (self, attribute, who, n);
  self->updating = FALSE;
}

/* --- building --------------------------------------------------------------------------------- */

typedef struct { guint level, n; } Rank;

static int
by_count (gconstpointer a, gconstpointer b)
{
  const Rank *x = a, *y = b;

  return x->n != y->n ? (x->n < y->n ? 1 : -1) : (int) x->level - (int) y->level;
}

/* The order of the lines: categories by size, what has an order of its own in it. */
static Rank *
rank_levels (KtmFacet *self, const KtmFrameAttribute *attribute, guint *n_missing)
{
  Rank *ranks = g_new0 (Rank, attribute->n_levels + 1);

  *n_missing = 0;
  for (guint i = 0; i < attribute->n_levels; i++)
    ranks[i].level = i;
  for (guint i = 0; i < n_patients (self); i++)
    if (isfinite (attribute->value[i]) && attribute->value[i] >= 0
        && attribute->value[i] < (double) attribute->n_levels)
      ranks[(gsize) attribute->value[i]].n++;
    else
      (*n_missing)++;
  if (attribute->kind == KTM_ATTRIBUTE_CATEGORY)
    qsort (ranks, attribute->n_levels, sizeof *ranks, by_count);
  return ranks;
}

static void
add_check (KtmFacet *self, GtkWidget *check, GtkWidget *into)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (only_pressed_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (only_key_cb), self);
  gtk_widget_add_controller (check, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (check, keys);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (into), check);
}

static void
more_cb (GtkButton *button, gpointer data)
{
  KtmFacet *self = data;

  gtk_widget_set_visible (self->more, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (button), FALSE);
  gtk_widget_child_focus (self->more, GTK_DIR_TAB_FORWARD);
}

static void
build_levels (KtmFacet *self, const KtmFrameAttribute *attribute)
{
  guint n_missing;
  g_autofree Rank *ranks = rank_levels (self, attribute, &n_missing);
  guint n = (guint) attribute->n_levels, few = n > FEW_LEVELS ? FEW_LEVELS - 2 : n;

  g_ptr_array_set_size (self->checks, (int) n);
  if (few < n)
    self->more = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *level = ktm_say_level (attribute->levels[ranks[i].level]);
      GtkWidget *check = new_line (self, level);

      g_ptr_array_index (self->checks, ranks[i].level) = check;
      add_check (self, check, i < few ? self->body : self->more);
    }
  if (self->more)
    {
      /* Translators: shows the levels that are not shown yet: "24 more…". */
      g_autofree char *label = g_strdup_printf (_("%u more…"), n - few);
      GtkWidget *button = gtk_button_new_with_label (label);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      g_signal_connect (button, "clicked", G_CALLBACK (more_cb), self);
      gtk_widget_set_visible (self->more, FALSE);
      gtk_box_append (GTK_BOX (self->body), self->more);
      gtk_box_append (GTK_BOX (self->body), button);
    }
  if (n_missing)
    {
      self->missing = new_line (self, _("Not recorded"));
      add_check (self, self->missing, self->body);
    }
}

static void
build_histogram (KtmFacet *self, const KtmFrameAttribute *attribute)
{
  gboolean any_missing = FALSE;

  self->histogram = ktm_histogram_new (attribute->label, attribute->value, n_patients (self));
  g_signal_connect (self->histogram, "range-changed", G_CALLBACK (range_changed_cb), self);
  gtk_box_append (GTK_BOX (self->body), self->histogram);
  for (guint i = 0; i < n_patients (self) && !any_missing; i++)
    any_missing = !isfinite (attribute->value[i]);
  if (!any_missing)
    return;
  self->missing = new_line (self, _("Not recorded"));
  g_signal_connect (self->missing, "toggled", G_CALLBACK (missing_range_cb), self);
  gtk_box_append (GTK_BOX (self->body), self->missing);
}

/* Only when it is first opened: a registry has many attributes, and few are ever looked at. */
static void
build (KtmFacet *self)
{
  const KtmFrameAttribute *attribute = attribute_of (self);

  if (self->built || !attribute)
    return;
  self->built = TRUE;
  if (attribute->kind == KTM_ATTRIBUTE_NUMBER || attribute->kind == KTM_ATTRIBUTE_DATE)
    build_histogram (self, attribute);
  else
    build_levels (self, attribute);
}

static void
set_open (KtmFacet *self, gboolean open)
{
  if (open)
    build (self);
  gtk_widget_set_visible (self->body, open);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow),
                                open ? "pan-down-symbolic" : "pan-end-symbolic");
  ktm_facet_update (self);
}

static void
title_clicked_cb (GtkButton *button, gpointer data)
{
  KtmFacet *self = data;
  gboolean open = !gtk_widget_get_visible (self->body);

  set_open (self, open);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
}

static void
build_title (KtmFacet *self, const KtmFrameAttribute *attribute, gboolean open)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *name = gtk_label_new (attribute->label);

  self->arrow = gtk_image_new ();
  self->note = gtk_image_new_from_icon_name ("emblem-ok-symbolic");
  gtk_widget_set_tooltip_text (self->note, _("Part of the subgroup"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->note), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Part of the subgroup"), -1);
  gtk_widget_add_css_class (self->note, "accent");
  gtk_widget_add_css_class (self->arrow, "dim-label");
  gtk_widget_add_css_class (name, "facet-title");
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), self->note);
  if (attribute->unit && *attribute->unit)
    {
      GtkWidget *unit = gtk_label_new (attribute->unit);

      gtk_widget_add_css_class (unit, "dim-label");
      gtk_widget_add_css_class (unit, "caption");
      gtk_box_append (GTK_BOX (box), unit);
    }
  gtk_widget_set_hexpand (self->arrow, TRUE);
  gtk_widget_set_halign (self->arrow, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), self->arrow);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "title");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  attribute->label, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
  g_signal_connect (button, "clicked", G_CALLBACK (title_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
ktm_facet_dispose (GObject *object)
{
  KtmFacet *self = KTM_FACET (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_facet_parent_class)->dispose (object);
}

static void
ktm_facet_finalize (GObject *object)
{
  KtmFacet *self = KTM_FACET (object);

  g_ptr_array_unref (self->checks);
  g_free (self->id);
  G_OBJECT_CLASS (ktm_facet_parent_class)->finalize (object);
}

static void
ktm_facet_class_init (KtmFacetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_facet_dispose;
  G_OBJECT_CLASS (klass)->finalize = ktm_facet_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ktm_facet_init (KtmFacet *self)
{
  self->checks = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "facet");
}

GtkWidget *
ktm_facet_new (KtmStudy *study, guint attribute, gboolean open)
{
  KtmFacet *self = g_object_new (KTM_TYPE_FACET, NULL);
  const KtmFrameAttribute *what;

  self->study = g_object_ref (study);
  self->attribute = attribute;
  what = attribute_of (self);
  self->id = g_strdup (what->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, what->label,
                                  -1);
  build_title (self, what, open);
  self->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_box_append (GTK_BOX (self->box), self->body);
  set_open (self, open);
  return GTK_WIDGET (self);
}
