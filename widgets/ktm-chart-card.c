/* widgets: a chart on a card. */
#include "ktm-chart-card.h"

#include <glib/gi18n.h>

#include "ktm-chart-choices.h"

struct _KtmChartCard
{
  GtkWidget  parent_instance;
  KtmStudy  *study;   /* owned */
  GtkWidget *overlay; /* child */
  GtkWidget *title, *hint, *chart, *revealer, *marked_label;
};

enum { CHART_SELECTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KtmChartCard, ktm_chart_card, GTK_TYPE_WIDGET)

static void
picked_cb (KtmChartView *chart, long row, gpointer data)
{
  KtmChartCard *self = data;
  gsize n;
  const guint *shown = ktm_study_get_shown (self->study, &n);

  ktm_study_set_picked (self->study, row >= 0 && (gsize) row < n ? (int) shown[row] : -1);
}

static void
marked_cb (KtmChartView *chart, gpointer data)
{
  KtmChartCard *self = data;
  gsize n;

  ktm_chart_view_get_marked (chart, &n);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), n > 0);
  if (n)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%u patient marked", "%u patients marked", (guint) n), (guint) n);

      gtk_label_set_text (GTK_LABEL (self->marked_label), text);
    }
}

static void
keep_marked_cb (GtkButton *button, gpointer data)
{
  KtmChartCard *self = data;
  gsize n_marked, n;
  const guint32 *rows = ktm_chart_view_get_marked (KTM_CHART_VIEW (self->chart), &n_marked);
  const guint *shown = ktm_study_get_shown (self->study, &n);
  g_autofree guint *indices = g_new (guint, n_marked + 1);

  for (gsize i = 0; i < n_marked; i++)
    indices[i] = shown[rows[i]];
  ktm_study_keep (self->study, indices, n_marked);
}

static void
let_go_cb (GtkButton *button, gpointer data)
{
  ktm_chart_view_clear_marked (KTM_CHART_VIEW (KTM_CHART_CARD (data)->chart));
}

static void
entered_cb (KtmChartCard *self)
{
  g_signal_emit (self, signals[CHART_SELECTED], 0);
}

static GtkWidget *
build_marked_bar (KtmChartCard *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *keep = gtk_button_new_with_label (_("Make subgroup"));
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->marked_label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->marked_label, "heading");
  gtk_widget_add_css_class (keep, "suggested-action");
  gtk_widget_add_css_class (close, "flat");
  ktm_widget_set_name (close, _("Let go of the marked patients (Escape)"));
  g_signal_connect (keep, "clicked", G_CALLBACK (keep_marked_cb), self);
  g_signal_connect (close, "clicked", G_CALLBACK (let_go_cb), self);
  gtk_box_append (GTK_BOX (bar), self->marked_label);
  gtk_box_append (GTK_BOX (bar), keep);
  gtk_box_append (GTK_BOX (bar), close);
  gtk_widget_add_css_class (bar, "marked-bar");
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), bar);
  gtk_widget_set_halign (self->revealer, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->revealer, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->revealer, 8);
  return self->revealer;
}

static void
ktm_chart_card_dispose (GObject *object)
{
  KtmChartCard *self = KTM_CHART_CARD (object);

  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->study);
  G_OBJECT_CLASS (ktm_chart_card_parent_class)->dispose (object);
}

static void
ktm_chart_card_class_init (KtmChartCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_chart_card_dispose;
  signals[CHART_SELECTED] = g_signal_new ("chart-selected", KTM_TYPE_CHART_CARD, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
watch_selection (KtmChartCard *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (entered_cb), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (entered_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static GtkWidget *
new_line (const char *css, const char *css2)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css);
  gtk_widget_add_css_class (label, css2);
  gtk_widget_set_visible (label, FALSE);
  return label;
}

static void
ktm_chart_card_init (KtmChartCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->overlay = gtk_overlay_new ();
  self->title = new_line ("card-title", "chart-title");
  self->hint = new_line ("chart-hint", "dim-label");
  self->chart = ktm_chart_view_new ();
  gtk_widget_set_vexpand (self->chart, TRUE);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->hint);
  gtk_box_append (GTK_BOX (box), self->chart);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "chart-card");
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), box);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), build_marked_bar (self));
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  g_signal_connect (self->chart, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect (self->chart, "marked", G_CALLBACK (marked_cb), self);
  watch_selection (self);
}

GtkWidget *
ktm_chart_card_new (KtmStudy *study)
{
  KtmChartCard *self = g_object_new (KTM_TYPE_CHART_CARD, NULL);

  self->study = g_object_ref (study);
  g_signal_connect_object (study, "notify::picked", G_CALLBACK (ktm_chart_card_show_picked), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

KtmChartView *
ktm_chart_card_get_view (KtmChartCard *self)
{
  g_return_val_if_fail (KTM_IS_CHART_CARD (self), NULL);
  return KTM_CHART_VIEW (self->chart);
}

void
ktm_chart_card_set_title (KtmChartCard *self, const char *title, const char *hint)
{
  g_return_if_fail (KTM_IS_CHART_CARD (self));
  gtk_label_set_text (GTK_LABEL (self->title), title ? title : "");
  gtk_widget_set_visible (self->title, title != NULL);
  gtk_label_set_text (GTK_LABEL (self->hint), hint ? hint : "");
  gtk_widget_set_tooltip_text (self->hint, hint);
  gtk_widget_set_visible (self->hint, hint != NULL);
}

void
ktm_chart_card_show_picked (KtmChartCard *self)
{
  int picked;

  g_return_if_fail (KTM_IS_CHART_CARD (self));
  picked = ktm_study_get_picked (self->study);
  ktm_chart_view_set_picked (KTM_CHART_VIEW (self->chart),
                             picked < 0 ? -1 : ktm_study_find (self->study, (guint) picked));
}
