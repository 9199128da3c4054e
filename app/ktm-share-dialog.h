/* "Share a copy": says in words what a copy for other people leaves out and who could still be
 * recognised in it, then makes it. */
#pragma once

#include "ktm-cohort.h"
#include "ktm-window.h"

G_BEGIN_DECLS

/* @path: of the open cohort; NULL: @cohort is the sample in memory, read at once. */
void ktm_share_dialog_start (KtmWindow *window, const char *path, KtmCohort *cohort);

G_END_DECLS
