/* widgets: a board's charts: their options, what they are drawn from, and the drawing. */
#include <glib/gi18n.h>

#include "ktm-board-page-private.h"
#include "ktm-chart-card.h"

static KtmChartView *
view_of (const KtmBoardCard *card)
{
  return ktm_chart_card_get_view (KTM_CHART_CARD (card->card));
}

KtmChartOptions *
ktm_board_page_options_of (KtmBoardPage *self, const KtmBoardCard *card)
{
  KtmChartOptions *options = ktm_chart_options_new_for_screen (self->settings);

  if (self->measure)
    options->measure = g_strdup (ktm_choice_get_id (self->measure));
  if (self->show && ktm_choice_get_id (self->show))
    ktm_show_parse (ktm_choice_get_id (self->show), &options->show);
  if (self->missing && ktm_choice_get_id (self->missing))
    ktm_missing_parse (ktm_choice_get_id (self->missing), &options->missing);
  if (self->at)
    options->to = ktm_choice_get_visit (self->at);
  if (self->group)
    options->colour_by = g_strdup (ktm_choice_get_id (self->group));
  if (self->lines)
    options->individuals = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->lines));
  if (card == self->selected)
    options->note = ktm_text_copy (self->note);
  if (self->board->adjust)
    self->board->adjust (self, card->chart->type, options);
  return options;
}

void
ktm_board_card_stop (KtmBoardCard *card)
{
  if (card->running)
    g_cancellable_cancel (card->running);
  g_clear_object (&card->running);
  g_clear_pointer (&card->frame, ktm_frame_unref);
  g_clear_pointer (&card->options, ktm_chart_options_free);
}

void
ktm_board_card_free (gpointer data)
{
  KtmBoardCard *card = data;

  ktm_board_card_stop (card);
  ktm_report_free (card->report);
  g_free (card);
}

static void
analysed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  KtmReport *report = ktm_analysis_run_finish (result, &error);
  KtmBoardCard *card = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the card may be gone */
  g_clear_object (&card->running);
  ktm_report_free (card->report);
  card->report = report;
  if (report)
    ktm_chart_view_set_chart (view_of (card), card->type, card->frame, ktm_report_share (report),
                              card->options);
  else
    ktm_chart_view_set_error (view_of (card), error->message);
  ktm_chart_card_show_picked (KTM_CHART_CARD (card->card));
  ktm_board_card_stop (card);
}

static void
analyse (KtmBoardPage *self, KtmBoardCard *card, const KtmAnalysis *analysis, KtmFrame *frame,
         const KtmChartOptions *options)
{
  g_autoptr (KtmAnalysisOptions) asked = ktm_chart_dup_analysis_options (options);

  if (self->board->adjust_analysis)
    self->board->adjust_analysis (self, card->chart->type, asked);
  card->running = g_cancellable_new ();
  card->frame = ktm_frame_ref (frame);
  card->options = ktm_chart_options_copy (options);
  ktm_analysis_run_async (analysis, frame, asked, card->running, NULL, NULL, analysed_cb, card);
}

static void
draw_card (KtmBoardPage *self, KtmBoardCard *card, KtmFrame *frame)
{
  gboolean short_words = card->chart->hint && !ktm_board_page_alone (self);
  g_autoptr (KtmChartOptions) options = ktm_board_page_options_of (self, card);
  const char *id = ktm_chart_analysis (card->type, options);
  const KtmAnalysis *analysis = id ? ktm_analysis_find (id) : NULL;
  const char *empty = ktm_chart_say_empty (self->study, options);

  ktm_board_card_stop (card);
  options->caption = options->caption && !short_words;
  if (empty)
    ktm_chart_view_set_error (view_of (card), empty);
  else if (analysis)
    analyse (self, card, analysis, frame, options);
  else
    {
      g_clear_pointer (&card->report, ktm_report_free);
      ktm_chart_view_set_chart (view_of (card), card->type, frame, NULL, options);
    }
  ktm_chart_card_show_picked (KTM_CHART_CARD (card->card));
}

/* The numbers for all cards shown; NULL where there is nobody or nothing. */
static KtmFrame *
dup_frame (KtmBoardPage *self, const KtmChartOptions *options)
{
  guint parts = g_settings_get_boolean (self->settings, "show-codes") ? KTM_FRAME_CODES : 0;
  gboolean whole = self->board->updated != NULL;

  if (ktm_chart_say_empty (self->study, options))
    return NULL;
  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];
      const char *id = ktm_chart_analysis (card->type, options);

      if (!gtk_widget_get_visible (card->card))
        continue;
      parts |= card->type->parts | (id ? ktm_analysis_parts (ktm_analysis_find (id)) : 0);
      whole = whole || id;
    }
  if (whole)
    return ktm_study_dup_frame (self->study, NULL, NULL, parts);
  return ktm_study_dup_frame (self->study, (const char *[]) { options->measure, NULL },
                              (const char *[]) { options->colour_by, NULL }, parts);
}

void
ktm_board_page_draw (KtmBoardPage *self)
{
  g_autoptr (KtmChartOptions) options = ktm_board_page_options_of (self, self->selected);
  g_autoptr (KtmFrame) frame = dup_frame (self, options);

  if (self->board->updated)
    self->board->updated (self, frame, options);
  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];

      if (gtk_widget_get_visible (card->card))
        draw_card (self, card, frame);
      else
        ktm_board_card_stop (card);
    }
}

void
ktm_board_page_redraw (KtmBoardPage *self, const char *type)
{
  g_return_if_fail (KTM_IS_BOARD_PAGE (self));
  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];
      g_autoptr (KtmChartOptions) options = NULL;
      g_autoptr (KtmFrame) frame = NULL;

      if (g_strcmp0 (card->chart->type, type) || self->update_id)
        continue; /* it is drawn in a moment anyway */
      options = ktm_board_page_options_of (self, card);
      frame = dup_frame (self, options);
      draw_card (self, card, frame);
    }
}

KtmReport *
ktm_board_page_dup_report (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), NULL);
  return ktm_report_share (self->selected->report);
}

gboolean
ktm_board_page_is_busy (KtmBoardPage *self)
{
  g_return_val_if_fail (KTM_IS_BOARD_PAGE (self), FALSE);
  for (guint i = 0; i < self->cards->len; i++)
    {
      KtmBoardCard *card = self->cards->pdata[i];

      if (card->running || ktm_chart_view_is_busy (view_of (card)))
        return TRUE;
    }
  return self->update_id != 0;
}
