/* The page Safety: how often adverse events were told at each visit, which and how bad, and
 * benefit, harm and stops on one time axis. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

GtkWidget *ktm_safety_page_new (KtmStudy *study, GSettings *settings); /* a KtmBoardPage */

G_END_DECLS
