/* widgets: what the edits of a study share (ktm-study.c, -documents.c, -published.c). */
#pragma once

#include "ktm-study.h"

G_BEGIN_DECLS

/* Changes of the subgroup made in one go become one step.  Before every edit of the file. */
void ktm_study_settle (KtmStudy *self);
/* After an edit of the file: it is a step of its own. */
void ktm_study_add_store_step (KtmStudy *self);
/* Hands @failure (taken) on; where another window wrote to the file, what it wrote is shown first.
 * Always FALSE. */
gboolean ktm_study_fail (KtmStudy *self, GError *failure, GError **error);

G_END_DECLS
