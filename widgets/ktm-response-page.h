/* The page of responders: who counts as one, their rate by visit, and what patients say. */
#pragma once

#include "ktm-board-page.h"

G_BEGIN_DECLS

GtkWidget *ktm_response_page_new (KtmStudy *study, GSettings *settings);

G_END_DECLS
