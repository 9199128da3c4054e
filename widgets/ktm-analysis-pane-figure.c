/* widgets: a result put into the figure beside it: which card, and its line as long as the numbers
 * are of now. */
#include "ktm-analysis-pane-private.h"

#include "ktm-report-format.h"

static Slot *
noted_slot (KtmAnalysisPane *self)
{
  for (guint i = 0; self->noted != NULL && i < self->slots->len; i++)
    if (((Slot *) self->slots->pdata[i])->analysis->id == self->noted)
      return self->slots->pdata[i];
  return NULL;
}

/* Shows which card it is, and tells whoever draws the figure. */
void
ktm_analysis_pane_say_note (KtmAnalysisPane *self)
{
  const Slot *noted = noted_slot (self);

  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      ktm_report_view_set_in_figure (slot->view, slot == noted ? (int) self->noted_card : -1);
    }
  g_signal_emit_by_name (self, "note-changed");
}

static void
figure_toggled_cb (KtmReportView *view, guint card, gboolean on, KtmAnalysisPane *self)
{
  self->noted = NULL;
  for (guint i = 0; on && i < self->slots->len; i++)
    if (((Slot *) self->slots->pdata[i])->view == view)
      {
        self->noted = ((Slot *) self->slots->pdata[i])->analysis->id;
        self->noted_card = card;
      }
  ktm_analysis_pane_say_note (self);
}

void
ktm_analysis_pane_watch_slot (KtmAnalysisPane *self, Slot *slot)
{
  ktm_report_view_set_figure_buttons (slot->view, TRUE);
  g_signal_connect_object (slot->view, "figure-toggled", G_CALLBACK (figure_toggled_cb), self, 0);
}

KtmText *
ktm_analysis_pane_dup_note (KtmAnalysisPane *self)
{
  const Slot *slot;

  g_return_val_if_fail (KTM_IS_ANALYSIS_PANE (self), NULL);
  slot = noted_slot (self);
  return slot != NULL && slot->report != NULL && !slot->stale
             ? ktm_report_card_line (slot->report, self->noted_card)
             : NULL;
}

gboolean
ktm_analysis_pane_has_note (KtmAnalysisPane *self)
{
  g_return_val_if_fail (KTM_IS_ANALYSIS_PANE (self), FALSE);
  return self->noted != NULL;
}

void
ktm_analysis_pane_drop_note (KtmAnalysisPane *self)
{
  g_return_if_fail (KTM_IS_ANALYSIS_PANE (self));
  if (self->noted == NULL)
    return;
  self->noted = NULL;
  ktm_analysis_pane_say_note (self);
}
