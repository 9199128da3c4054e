/* The page Change: how each patient's score differs from her own baseline: waterfall, responder
 * curve, before and after, distribution. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

GtkWidget *ktm_change_page_new (KtmStudy *study, GSettings *settings); /* a KtmBoardPage */

G_END_DECLS
