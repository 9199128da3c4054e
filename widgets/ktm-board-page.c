/* widgets: a page described by a table. */
#include "ktm-board-page-private.h"

#include <glib/gi18n.h>

#include "ktm-board-grid.h"
#include "ktm-chart-card.h"
#include "ktm-filter-panel.h"
#include "ktm-segments.h"
#include "ktm-wrap-box.h"

#define ALL "all"

enum { PROP_0, PROP_COUNT_SHOWN, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KtmBoardPage, ktm_board_page, GTK_TYPE_WIDGET)

/* --- which charts ----------------------------------------------------------------------------- */

static KtmBoardCard *
find_card (KtmBoardPage *self, const char *type)
{
  for (guint i = 0; i < self->cards->len; i++)
    if (!g_strcmp0 (((KtmBoardCard *) self->cards->pdata[i])->chart->type, type))
      return self->cards->pdata[i];
  return NULL;
}

KtmBoardCard *
ktm_board_page_alone (KtmBoardPage *self)
{
  const char *id = self->view ? ktm_segments_get_selected (KTM_SEGMENTS (self->view)) : NULL;
  KtmBoardCard *card = id ? find_card (self, id) : NULL;

  return card || (self->board->all && self->cards->len > 1) ? card : self->cards->pdata[0];
}

void
ktm_board_page_select (KtmBoardPage *self, KtmBoardCard *card)
{
  gboolean several = !ktm_board_page_alone (self);

  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *one = self->cards->pdata[i];

      if (one == card && several)
        gtk_widget_add_css_class (one->card, "selected-card");
      else
        gtk_widget_remove_css_class (one->card, "selected-card");
    }
  if (self->selected == card)
    return;
  self->selected = card;
  if (self->note)
    ktm_board_page_queue_update (self);
}

static void
selected_cb (KtmChartCard *widget, KtmBoardCard *card)
{
  ktm_board_page_select (card->page, card);
}

static void
show_cards (KtmBoardPage *self)
{
  KtmBoardCard *alone = ktm_board_page_alone (self);

  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];

      gtk_widget_set_visible (card->card, alone ? card == alone : card->chart->row >= 0);
      if (self->board->height)
        ktm_board_grid_set_height (KTM_BOARD_GRID (gtk_widget_get_parent (card->card)), card->card,
                                   self->board->height (self, card->chart));
      ktm_chart_card_set_title (KTM_CHART_CARD (card->card),
                                card->chart->title ? _(card->chart->title) : _(card->chart->label),
                                !alone && card->chart->hint ? _(card->chart->hint) : NULL);
    }
  ktm_board_page_select (self, alone                             ? alone
                               : self->selected->chart->row >= 0 ? self->selected
                                                                 : self->cards->pdata[0]);
}

/* --- updating --------------------------------------------------------------------------------- */

static void
show_count (KtmBoardPage *self)
{
  g_autofree char *count = ktm_filter_panel_dup_count (self->study);

  gtk_button_set_label (GTK_BUTTON (self->count), count);
}

static gboolean
update_cb (gpointer data)
{
  KtmBoardPage *self = data;

  self->update_id = 0;
  show_cards (self);
  show_count (self);
  /* First, so that a result printed in the figure is already of these patients and options. */
  self->telling = TRUE;
  g_signal_emit_by_name (self, "chart-changed");
  self->telling = FALSE;
  ktm_board_page_draw (self);
  return G_SOURCE_REMOVE;
}

void
ktm_board_page_queue_update (KtmBoardPage *self)
{
  if (!self->update_id && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 10, update_cb, self, NULL);
}

static void
fill_choices (KtmBoardPage *self)
{
  KtmCohort *cohort = ktm_study_get_cohort (self->study);

  if (self->measure)
    ktm_choice_set_measures (KTM_CHOICE (self->measure), cohort);
  if (self->at)
    ktm_choice_set_visits (KTM_CHOICE (self->at), cohort);
  if (self->group)
    ktm_choice_set_groupings (KTM_CHOICE (self->group), cohort, _("Nothing"),
                              KTM_MOST_COLOURS, TRUE);
}

static void
cohort_changed_cb (KtmBoardPage *self)
{
  fill_choices (self);
  ktm_board_page_queue_update (self);
}

static void
whole_cb (KtmBoardPage *self)
{
  for (guint i = 0; i < self->cards->len; i++)
    ktm_chart_view_reset_zoom (
        ktm_chart_card_get_view (KTM_CHART_CARD (((KtmBoardCard *) self->cards->pdata[i])->card)));
}

static void
zoomed_cb (KtmBoardPage *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->cards->len; i++)
    {
      gboolean zoomed;

      g_object_get (
          ktm_chart_card_get_view (KTM_CHART_CARD (((KtmBoardCard *) self->cards->pdata[i])->card)),
          "zoomed", &zoomed, NULL);
      any = any || zoomed;
    }
  gtk_widget_set_visible (self->whole, any);
}

/* --- building --------------------------------------------------------------------------------- */

static GtkWidget *
add_choice (KtmBoardPage *self, const char *name, const KtmOption *options, guint n,
            const char *key)
{
  GtkWidget *choice = ktm_choice_new (name);

  if (options)
    ktm_choice_set_table (KTM_CHOICE (choice), options, n);
  if (key)
    g_settings_bind (self->settings, key, choice, "selected", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (ktm_board_page_queue_update),
                           self, G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), choice);
  return choice;
}

static void
add_choices (KtmBoardPage *self)
{
  const KtmBoard *board = self->board;

  if (board->uses & KTM_BOARD_MEASURE)
    self->measure = add_choice (self, _("Measure"), NULL, 0, NULL);
  if (board->uses & KTM_BOARD_SHOW)
    self->show = add_choice (self, _("Show"), ktm_options_show, G_N_ELEMENTS (ktm_options_show),
                             board->show_key);
  for (guint i = 0; i < board->n_choices; i++)
    g_hash_table_insert (self->choices, (gpointer) board->choices[i].id,
                         add_choice (self, _(board->choices[i].name), board->choices[i].options,
                                     board->choices[i].n_options, board->choices[i].key));
  if (board->uses & KTM_BOARD_AT)
    self->at = add_choice (self, C_("visit", "At"), NULL, 0, NULL);
  if (board->uses & KTM_BOARD_GROUP)
    self->group = add_choice (self, board->group_name ? _(board->group_name) : _("Colour by"), NULL,
                              0, NULL);
  if (board->uses & KTM_BOARD_MISSING)
    self->missing = add_choice (self, _("Missing"), ktm_options_missing,
                                G_N_ELEMENTS (ktm_options_missing), board->missing_key);
}

static void
add_view_switch (KtmBoardPage *self)
{
  self->view = ktm_segments_new (_("View"));
  if (self->board->all)
    ktm_segments_add (KTM_SEGMENTS (self->view), ALL, NULL, _(self->board->all));
  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];

      ktm_segments_add (KTM_SEGMENTS (self->view), card->chart->type, NULL,
                        _(card->chart->label));
    }
  if (self->board->view_key)
    g_settings_bind (self->settings, self->board->view_key, self->view, "selected",
                     G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->view, "notify::selected",
                           G_CALLBACK (ktm_board_page_queue_update), self, G_CONNECT_SWAPPED);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->view);
}

/* It never stands on a line of its own: it has its place at the end of the toolbar. */
static GtkWidget *
new_full_button (void)
{
  GtkWidget *full = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (full), "view-fullscreen-symbolic");
  ktm_widget_set_name (full, _("Page alone on the whole screen (F11)"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (full), "win.whole-page");
  gtk_widget_set_valign (full, GTK_ALIGN_START);
  return full;
}

static void
add_buttons (KtmBoardPage *self)
{
  if (self->board->uses & KTM_BOARD_LINES)
    {
      self->lines = gtk_toggle_button_new ();
      gtk_button_set_icon_name (GTK_BUTTON (self->lines), "ktm-individuals-symbolic");
      ktm_widget_set_name (self->lines, _("Draw each patient’s line"));
      g_settings_bind (self->settings, "chart-individuals", self->lines, "active",
                       G_SETTINGS_BIND_DEFAULT);
      g_signal_connect_object (self->lines, "toggled", G_CALLBACK (ktm_board_page_queue_update),
                               self, G_CONNECT_SWAPPED);
      ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->lines);
    }
  self->whole = gtk_button_new_from_icon_name ("zoom-fit-best-symbolic");
  ktm_widget_set_name (self->whole, _("Whole chart (Ctrl+0)"));
  gtk_widget_set_visible (self->whole, FALSE);
  g_signal_connect_swapped (self->whole, "clicked", G_CALLBACK (whole_cb), self);
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->whole);
}

static GtkWidget *
build_toolbar (KtmBoardPage *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->toolbar = ktm_wrap_box_new (8, 6);
  gtk_widget_set_hexpand (self->toolbar, TRUE);
  gtk_widget_add_css_class (line, "page-toolbar");
  self->count = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->count, "count-chip");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->count), "win.sidebar");
  ktm_wrap_box_append (KTM_WRAP_BOX (self->toolbar), self->count);
  add_choices (self);
  if (self->cards->len > 1)
    add_view_switch (self);
  add_buttons (self);
  gtk_box_append (GTK_BOX (line), self->toolbar);
  gtk_box_append (GTK_BOX (line), new_full_button ());
  return line;
}

/* A card for each chart whose type there is. */
static GtkWidget *
build_grid (KtmBoardPage *self)
{
  GtkWidget *grid = ktm_board_grid_new (12);

  for (guint i = 0; i < self->board->n_charts; i++)
    {
      const KtmBoardChart *chart = &self->board->charts[i];
      KtmBoardCard *card;

      if (!ktm_chart_type_find (chart->type))
        continue;
      card = g_new0 (KtmBoardCard, 1);
      card->page = self;
      card->chart = chart;
      card->type = ktm_chart_type_find (chart->type);
      card->card = ktm_chart_card_new (self->study);
      g_signal_connect (card->card, "chart-selected", G_CALLBACK (selected_cb), card);
      g_signal_connect_object (ktm_chart_card_get_view (KTM_CHART_CARD (card->card)),
                               "notify::zoomed", G_CALLBACK (zoomed_cb), self, G_CONNECT_SWAPPED);
      ktm_board_grid_append (KTM_BOARD_GRID (grid), card->card, chart->row, chart->weight,
                             chart->height);
      g_ptr_array_add (self->cards, card);
    }
  self->selected = self->cards->pdata[0];
  return grid;
}

static void
build (KtmBoardPage *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12),
            *scroller = gtk_scrolled_window_new (), *grid = build_grid (self),
            *toolbar = build_toolbar (self);

  if (self->board->above)
    gtk_box_append (GTK_BOX (content), self->board->above (self));
  gtk_widget_set_vexpand (grid, TRUE);
  gtk_box_append (GTK_BOX (content), grid);
  if (self->board->below)
    gtk_box_append (GTK_BOX (content), self->board->below (self));
  gtk_widget_add_css_class (content, "board-content");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), content);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (self->box), toolbar);
  gtk_box_append (GTK_BOX (self->box), scroller);
  gtk_widget_add_css_class (self->box, "page-body");
  gtk_widget_add_css_class (self->box, "board-page");
  if (self->board->pane)
    self->pane = g_object_ref_sink (self->board->pane (self));
  if (self->board->sidebar)
    self->sidebar = g_object_ref_sink (self->board->sidebar (self));
}

/* --- the widget ------------------------------------------------------------------------------- */

static void
ktm_board_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ktm_board_page_parent_class)->map (widget);
  ktm_board_page_queue_update (KTM_BOARD_PAGE (widget)); /* what changed while it was hidden */
}

static void
ktm_board_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, gtk_widget_get_visible (KTM_BOARD_PAGE (object)->count));
}

static void
ktm_board_page_set_property (GObject *object, guint prop_id, const GValue *value,
                             GParamSpec *pspec)
{
  gtk_widget_set_visible (KTM_BOARD_PAGE (object)->count, g_value_get_boolean (value));
}

static void
ktm_board_page_dispose (GObject *object)
{
  KtmBoardPage *self = KTM_BOARD_PAGE (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->cards, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->pane);
  g_clear_object (&self->sidebar);
  g_clear_pointer (&self->choices, g_hash_table_unref);
  g_clear_object (&self->study);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->note, ktm_text_free);
  G_OBJECT_CLASS (ktm_board_page_parent_class)->dispose (object);
}

static void
ktm_board_page_class_init (KtmBoardPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ktm_board_page_dispose;
  G_OBJECT_CLASS (klass)->get_property = ktm_board_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = ktm_board_page_set_property;
  widget_class->map = ktm_board_page_map;
  props[PROP_COUNT_SHOWN] = g_param_spec_boolean ("count-shown", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  g_signal_new ("chart-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ktm_board_page_init (KtmBoardPage *self)
{
  self->cards = g_ptr_array_new_with_free_func (ktm_board_card_free);
  self->choices = g_hash_table_new (g_str_hash, g_str_equal);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
ktm_board_page_new (const KtmBoard *board, KtmStudy *study, GSettings *settings)
{
  KtmBoardPage *self = g_object_new (KTM_TYPE_BOARD_PAGE, NULL);

  self->board = board;
  self->study = g_object_ref (study);
  self->settings = g_object_ref (settings);
  build (self);
  fill_choices (self);
  show_cards (self);
  g_signal_connect_object (study, "changed", G_CALLBACK (ktm_board_page_queue_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ktm_study_get_cohort (study), "changed", G_CALLBACK (cohort_changed_cb),
                           self, G_CONNECT_SWAPPED);
  ktm_watch_chart_settings (settings, G_CALLBACK (ktm_board_page_queue_update), self);
  if (board->built)
    board->built (self);
  return GTK_WIDGET (self);
}

/* --- for the board's own functions ------------------------------------------------------------ */

KtmStudy *
ktm_board_page_get_study (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->study;
}

GSettings *
ktm_board_page_get_settings (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->settings;
}

const char *
ktm_board_page_get_choice (KtmBoardPage *self, const char *id)
{
  GtkWidget *choice;

  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  choice = g_hash_table_lookup (self->choices, id);
  return choice ? ktm_choice_get_id (choice) : NULL;
}

gboolean
ktm_board_page_set_choice (KtmBoardPage *self, const char *id, const char *option)
{
  GtkWidget *choice;

  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), FALSE);
  choice = g_hash_table_lookup (self->choices, id);
  return choice && ktm_choice_set_selected (KTM_CHOICE (choice), option);
}

void
ktm_board_page_set_options (KtmBoardPage *self, const char *id, const char *const *ids,
                            const char *const *labels, guint n)
{
  GtkWidget *choice;

  g_return_if_fail (KTM_IS_BOARD_PAGE (self));
  choice = g_hash_table_lookup (self->choices, id);
  if (choice)
    ktm_choice_set_options (KTM_CHOICE (choice), ids, labels, n);
}

void
ktm_board_page_show_choice (KtmBoardPage *self, const char *id, gboolean shown)
{
  GtkWidget *choice;

  g_return_if_fail (KTM_IS_BOARD_PAGE (self));
  choice = g_hash_table_lookup (self->choices, id);
  if (choice)
    gtk_widget_set_visible (choice, shown);
}

const char *
ktm_board_page_get_group (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->group ? ktm_choice_get_id (self->group) : NULL;
}

const char *
ktm_board_page_get_selected (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->selected->chart->type;
}

KtmChartView *
ktm_board_page_get_view (KtmBoardPage *self, const char *type)
{
  KtmBoardCard *card;

  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  card = find_card (self, type);
  return card ? ktm_chart_card_get_view (KTM_CHART_CARD (card->card)) : NULL;
}

/* --- as the table of pages wants it ----------------------------------------------------------- */

KtmChartOptions *
ktm_board_page_dup_options (KtmBoardPage *self, const char **type)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  if (type)
    *type = self->selected->chart->type;
  return ktm_board_page_options_of (self, self->selected);
}

static gboolean
apply_choices (KtmBoardPage *self, const KtmChartOptions *options)
{
  if ((self->measure && options->measure
       && !ktm_choice_set_selected (KTM_CHOICE (self->measure), options->measure))
      || (self->group
          && !ktm_choice_select_grouping (KTM_CHOICE (self->group),
                                          ktm_study_get_cohort (self->study), options->colour_by))
      || (self->at && !ktm_choice_set_visit (self->at, options->to)))
    return FALSE;
  if (self->show)
    ktm_choice_set_selected (KTM_CHOICE (self->show), ktm_show_name (options->show));
  if (self->missing)
    ktm_choice_set_selected (KTM_CHOICE (self->missing), ktm_missing_name (options->missing));
  if (self->lines)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->lines), options->individuals);
  return TRUE;
}

gboolean
ktm_board_page_apply (KtmBoardPage *self, const char *type, const KtmChartOptions *options)
{
  KtmBoardCard *card;

  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self) && type && options, FALSE);
  card = find_card (self, type);
  if (!card || !apply_choices (self, options))
    return FALSE;
  if (self->view)
    ktm_segments_set_selected (KTM_SEGMENTS (self->view), type);
  ktm_board_page_select (self, card);
  if (self->board->restore)
    self->board->restore (self, type, options);
  ktm_board_page_queue_update (self);
  return TRUE;
}

void
ktm_board_page_set_note (KtmBoardPage *self, const KtmText *note)
{
  g_autofree char *before = NULL, *after = NULL;

  g_return_if_fail (KTM_IS_BOARD_PAGE (self));
  before = ktm_text_render (self->note, NULL, 0);
  after = ktm_text_render (note, NULL, 0);
  if (!g_strcmp0 (before, after))
    return;
  ktm_text_free (self->note);
  self->note = ktm_text_copy (note);
  if (!self->telling)
    ktm_board_page_queue_update (self);
}

const char *const *
ktm_board_page_get_analyses (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->board->analyses;
}

GtkWidget *
ktm_board_page_get_sidebar (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->sidebar;
}

const char *
ktm_board_page_get_sidebar_name (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->board->sidebar_name ? _(self->board->sidebar_name) : NULL;
}

GtkWidget *
ktm_board_page_get_pane_widget (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return self->pane;
}

void
ktm_board_page_adjust_analysis (KtmBoardPage *self, KtmAnalysisOptions *options)
{
  g_return_if_fail (KTM_IS_BOARD_PAGE (self));
  if (self->board->adjust_analysis)
    self->board->adjust_analysis (self, NULL, options);
}
