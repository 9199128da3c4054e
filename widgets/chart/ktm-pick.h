/* KtmPick: which patient is under the pointer.  Points in, frame rows out; for the mouse, the
 * rubber band and the keyboard.
 *
 * The first question to a pick sorts the lines by visit (about 15 ms for 100 000 patients); every
 * further one scans two visits.
 */
#pragma once

#include "ktm-layout.h"

G_BEGIN_DECLS

typedef struct _KtmPick KtmPick;

typedef struct
{
  int    panel;
  guint  mark;      /* index in the panel's marks */
  long   row;       /* of the frame */
  long   column;    /* of the mark's visits: the nearest with a score */
  double time;      /* of that visit, data */
  double value;     /* the score as shown, without jitter; NaN: a missing cell of a heat map */
  double x, y;      /* where that score is drawn, points */
  double distance;  /* from the pointer to the line, points */
} KtmHit;

typedef enum { KTM_STEP_UP, KTM_STEP_DOWN, KTM_STEP_LEFT, KTM_STEP_RIGHT } KtmStep;

/* @layout is borrowed and must outlive the pick. */
KtmPick *ktm_pick_new  (const KtmLayout *layout);
void     ktm_pick_free (KtmPick *pick);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmPick, ktm_pick_free)

/* The nearest patient within @tolerance points of the pointer; FALSE: none. */
gboolean ktm_pick_at    (KtmPick *pick, double x, double y, double tolerance, KtmHit *out);
/* The nearest vertex of a group's line (or of a patient page's) within @tolerance points; row is
 * −1. */
gboolean ktm_pick_summary_at (KtmPick *pick, double x, double y, double tolerance, KtmHit *out);
/* The patients whose line crosses the rectangle, ascending frame rows, *n of them; free with
 * g_free(). */
guint32 *ktm_pick_brush (KtmPick *pick, KtmRect area, gsize *n);
/* From one hit to the next: another visit of the same patient, or the patient above or below at the
 * same visit. FALSE at the end; *out may be @from. */
gboolean ktm_pick_step  (KtmPick *pick, const KtmHit *from, KtmStep step, KtmHit *out);
/* Where a patient stands: at visit @column, or (−1) at the first score.  FALSE: not in the chart.
 */
gboolean ktm_pick_row   (KtmPick *pick, long row, long column, KtmHit *out);

G_END_DECLS
