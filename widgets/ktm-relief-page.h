/* The page Relief: how long relief lasts once it is gained. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

GtkWidget *ktm_relief_page_new (KtmStudy *study, GSettings *settings); /* a KtmBoardPage */

G_END_DECLS
