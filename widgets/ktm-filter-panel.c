/* widgets: filter panel. */
#include "ktm-filter-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-facet.h"
#include "ktm-later.h"
#include "ktm-patient-card.h"
#include "ktm-wrap-box.h"

#define N_OPEN 4    /* facets that are open at first */
#define LAST_RANK 6 /* of a facet */

struct _KtmFilterPanel
{
  GtkWidget  parent_instance;
  KtmStudy  *study; /* owned */
  GtkWidget *box, *count, *clear, *groups, *chips, *facets; /* children */
  KtmLater  *later; /* owned; makes the facets, then brings their counts up to date */
  int        rank;  /* of the facet to be made next */
  guint      next, shown;
  gboolean   head_stale; /* the count and the chips are of before */
  GtkWidget *stale; /* the facet whose counts are next; borrowed, NULL: none */
};

G_DEFINE_FINAL_TYPE (KtmFilterPanel, ktm_filter_panel, GTK_TYPE_WIDGET)

/* --- chips: each condition, and the way out of it --------------------------------------------- */

static void
chip_clicked_cb (GtkButton *button, gpointer data)
{
  KtmFilterPanel *self = data;
  KtmFilter *filter = ktm_study_get_filter (self->study);
  const char *id = g_object_get_data (G_OBJECT (button), "attribute");

  if (id)
    ktm_filter_unset (filter, id);
  else
    ktm_filter_set_group (filter, NULL, 0);
}

static void
add_chip (KtmFilterPanel *self, const char *label, const char *attribute)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4),
            *text = gtk_label_new (label);
  /* Translators: takes a condition out of the subgroup; %s is what it says ("Baseline 4–10"). */
  g_autofree char *name = g_strdup_printf (_("Remove “%s”"), label);

  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 24);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "attribute", g_strdup (attribute), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (chip_clicked_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->chips), button);
}

/* "Baseline NRS 4–10", "Pain type: CRPS", "Pain type: 3 of 4". */
static char *
chip_label (KtmFilter *filter, const KtmFrameAttribute *attribute)
{
  double low, high;
  gboolean missing;
  guint n = 0;
  const char *one = NULL;

  if (ktm_filter_get_range (filter, attribute->id, &low, &high, &missing))
    {
      if (isnan (low) && isnan (high))
        return g_strdup_printf (_("%s: recorded"), attribute->label);
      if (isnan (low))
        return g_strdup_printf ("%s ≤ %g", attribute->label, high);
      if (isnan (high))
        return g_strdup_printf ("%s ≥ %g", attribute->label, low);
      return g_strdup_printf ("%s %g–%g", attribute->label, low, high);
    }
  for (gsize i = 0; i < attribute->n_levels; i++)
    if (ktm_filter_has_level (filter, attribute->id, attribute->levels[i]))
      {
        one = attribute->levels[i];
        n++;
      }
  if (n == 1)
    {
      g_autofree char *level = ktm_say_level (one);

      return g_strdup_printf ("%s: %s", attribute->label, level);
    }
  /* Translators: a subgroup condition: attribute, number of its levels that are in, number of
   * levels. */
  return g_strdup_printf (_("%s: %u of %u"), attribute->label, n, (guint) attribute->n_levels);
}

/* The name of a saved subgroup; patients marked on a chart have none. */
static char *
group_label (KtmFilterPanel *self, gint64 id)
{
  g_autoptr (GPtrArray) groups = ktm_study_list_groups (self->study);

  for (guint i = 0; id && i < groups->len; i++)
    if (((KtmStudyGroup *) groups->pdata[i])->id == id)
      return g_strdup (((KtmStudyGroup *) groups->pdata[i])->title);
  return g_strdup (_("Marked patients"));
}

static void
update_chips (KtmFilterPanel *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  KtmFilter *filter = ktm_study_get_filter (self->study);
  guint n = 0;

  ktm_wrap_box_clear (KTM_WRAP_BOX (self->chips));
  for (guint i = 0; i < ktm_cohort_get_n_attributes (cohort); i++)
    {
      const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);
      g_autofree char *label = NULL;

      if (!ktm_filter_has_attribute (filter, attribute->id))
        continue;
      label = chip_label (filter, attribute);
      add_chip (self, label, attribute->id);
      n++;
    }
  if (ktm_filter_has_group (filter))
    {
      g_autofree char *label = group_label (self, ktm_filter_get_group_document (filter));

      add_chip (self, label, NULL);
      n++;
    }
  gtk_widget_set_visible (self->chips, n > 0);
}

/* --- the facets ------------------------------------------------------------------------------- */

/* What is asked first stands first: how patients differ at baseline, then treatment, then what
 * became of them. */
static int
rank_of (KtmCohort *cohort, guint i)
{
  const KtmFrameAttribute *attribute = ktm_cohort_get_attribute (cohort, i);
  gboolean levels =
      attribute->kind == KTM_ATTRIBUTE_CATEGORY || attribute->kind == KTM_ATTRIBUTE_ORDINAL;

  if (!ktm_cohort_attribute_is_baseline (cohort, i))
    return LAST_RANK;
  if (g_str_has_prefix (attribute->id, "baseline_"))
    return 1;
  if (!strcmp (attribute->id, "route") || !strcmp (attribute->id, "arm"))
    return 2;
  if (levels && attribute->n_levels >= 2 && attribute->n_levels <= 8)
    return strcmp (attribute->id, "with") && strcmp (attribute->id, "drug") ? 0 : 3;
  return attribute->kind == KTM_ATTRIBUTE_NUMBER ? 3 : 4;
}

/* An attribute nobody has, or that is the same for everybody, chooses nobody. */
static gboolean
is_useful (KtmCohort *cohort, const KtmFrameAttribute *attribute)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (cohort));
  double first = n ? attribute->value[0] : NAN;

  for (guint i = 1; i < n; i++)
    if (isnan (attribute->value[i]) != isnan (first)
        || (!isnan (first) && attribute->value[i] != first))
      return TRUE;
  return FALSE;
}

static void
say_nothing (KtmFilterPanel *self)
{
  GtkWidget *label = gtk_label_new (_("Nothing is recorded of these patients besides their "
                                       "scores, so there is nothing to choose them by."));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (self->facets), label);
}

/* The next facet, in the order of their ranks; FALSE: all are there. */
static gboolean
add_facet (KtmFilterPanel *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  guint n = ktm_cohort_get_n_attributes (cohort);

  for (; self->rank <= LAST_RANK; self->rank++, self->next = 0)
    while (self->next < n)
      {
        guint i = self->next++;

        if (rank_of (cohort, i) != self->rank
            || !is_useful (cohort, ktm_cohort_get_attribute (cohort, i)))
          continue;
        gtk_box_append (
            GTK_BOX (self->facets),
            ktm_facet_new (self->study, i, self->shown++ < N_OPEN && self->rank <= 3));
        return TRUE;
      }
  if (!self->shown && !gtk_widget_get_first_child (self->facets))
    say_nothing (self);
  return FALSE;
}

/* Counts of one facet; FALSE: all are up to date. */
static gboolean
count_facet (KtmFilterPanel *self)
{
  GtkWidget *facet = self->stale;

  if (!facet)
    return FALSE;
  self->stale = gtk_widget_get_next_sibling (facet);
  if (KTM_IS_FACET (facet))
    ktm_facet_update (KTM_FACET (facet));
  return TRUE;
}

static void
build_facets (KtmFilterPanel *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->facets)))
    gtk_box_remove (GTK_BOX (self->facets), child);
  self->stale = NULL;
  self->rank = 0;
  self->next = self->shown = 0;
  ktm_later_queue (self->later);
}

static void
add_group_items (GMenu *menu, GPtrArray *groups, const char *action)
{
  for (guint i = 0; i < groups->len; i++)
    {
      const KtmStudyGroup *group = groups->pdata[i];
      g_autoptr (GMenuItem) item = g_menu_item_new (group->title, NULL);

      g_menu_item_set_action_and_target (item, action, "x", group->id);
      g_menu_append_item (menu, item);
    }
}

/* What is saved may have changed since it was opened last. */
static void
groups_cb (GtkMenuButton *button, gpointer data)
{
  KtmFilterPanel *self = data;
  g_autoptr (GPtrArray) groups = ktm_study_list_groups (self->study);
  g_autoptr (GMenu) menu = g_menu_new (), saved = g_menu_new (), forget = g_menu_new (),
                    edit = g_menu_new ();

  add_group_items (saved, groups, "win.load-subgroup");
  add_group_items (forget, groups, "win.delete-subgroup");
  g_menu_append (edit, _("Save this subgroup…"), "win.save-subgroup");
  if (groups->len)
    {
      g_menu_append_section (menu, _("Saved subgroups"), G_MENU_MODEL (saved));
      g_menu_append_submenu (edit, _("Delete"), G_MENU_MODEL (forget));
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
update_head (KtmFilterPanel *self)
{
  g_autofree char *count = ktm_filter_panel_dup_count (self->study);
  gboolean empty = ktm_filter_is_empty (ktm_study_get_filter (self->study));

  self->head_stale = FALSE;
  gtk_label_set_text (GTK_LABEL (self->count), count);
  gtk_widget_set_visible (self->clear, !empty);
  update_chips (self);
}

/* Not at once: the chart is drawn anew first. */
static void
queue_update (KtmFilterPanel *self)
{
  self->head_stale = TRUE;
  self->stale = gtk_widget_get_first_child (self->facets);
  ktm_later_queue (self->later);
}

static KtmLaterResult
piece (gpointer data)
{
  KtmFilterPanel *self = data;

  if (self->head_stale)
    {
      update_head (self);
      return KTM_LATER_MORE;
    }
  return add_facet (self) || count_facet (self) ? KTM_LATER_MORE : KTM_LATER_DONE;
}

static GtkWidget *
new_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static void
build (KtmFilterPanel *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4),
            *scrolled = gtk_scrolled_window_new ();

  self->count = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->count), 0);
  gtk_widget_set_hexpand (self->count, TRUE);
  gtk_widget_add_css_class (self->count, "heading");
  self->groups = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->groups), "user-bookmarks-symbolic");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->groups), groups_cb, self, NULL);
  gtk_widget_add_css_class (self->groups, "flat");
  gtk_widget_set_tooltip_text (self->groups, _("Saved subgroups"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->groups), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Saved subgroups"), -1);
  self->clear = new_button ("edit-clear-all-symbolic", _("All patients again (Ctrl+Shift+A)"),
                            "win.clear-filter");
  gtk_box_append (GTK_BOX (head), self->count);
  gtk_box_append (GTK_BOX (head), self->groups);
  gtk_box_append (GTK_BOX (head), self->clear);
  gtk_widget_add_css_class (head, "filter-head");
  self->chips = ktm_wrap_box_new (4, 4);
  gtk_widget_add_css_class (self->chips, "filter-chips");
  self->facets = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->facets, "filter-facets");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->facets);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self->box), head);
  gtk_box_append (GTK_BOX (self->box), self->chips);
  gtk_box_append (GTK_BOX (self->box), scrolled);
}

static void
ktm_filter_panel_dispose (GObject *object)
{
  KtmFilterPanel *self = KTM_FILTER_PANEL (object);

  g_clear_pointer (&self->later, ktm_later_free);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_filter_panel_parent_class)->dispose (object);
}

static void
ktm_filter_panel_class_init (KtmFilterPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_filter_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_filter_panel_init (KtmFilterPanel *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
ktm_filter_panel_new (KtmStudy *study)
{
  KtmFilterPanel *self = g_object_new (KTM_TYPE_FILTER_PANEL, NULL);

  self->study = g_object_ref (study);
  self->later = ktm_later_new (GTK_WIDGET (self), piece, self);
  build (self);
  build_facets (self);
  update_head (self);
  g_signal_connect_object (study, "changed", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (build_facets), self,
                           G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

char *
ktm_filter_panel_dup_count (KtmStudy *study)
{
  guint all, n;

  g_return_val_if_fail (KTM_IS_STUDY (study), NULL);
  all = g_list_model_get_n_items (G_LIST_MODEL (ktm_study_get_cohort (study)));
  n = (guint) ktm_study_get_n_shown (study);
  /* Translators: patients of the subgroup, and of the whole cohort. */
  return g_strdup_printf (ngettext ("%u of %u patient", "%u of %u patients", all), n, all);
}

gboolean
ktm_filter_panel_is_busy (KtmFilterPanel *self)
{
  g_return_val_if_fail (KTM_IS_FILTER_PANEL (self), FALSE);
  return ktm_later_is_busy (self->later);
}
