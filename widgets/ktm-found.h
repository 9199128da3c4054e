/* KtmFound: the patients a search finds within the subgroup: a GListModel of KtmPatient, by code.
 *
 * Belongs to a study (ktm_study_get_found()).  Holds indices, not objects: only the rows on screen
 * are made. */
#pragma once

#include "ktm-filter.h"

G_BEGIN_DECLS

#define KTM_TYPE_FOUND (ktm_found_get_type ())
G_DECLARE_FINAL_TYPE (KtmFound, ktm_found, KTM, FOUND, GObject)

KtmFound *ktm_found_new       (KtmCohort *cohort);
/* Those of @filter whose code or any level holds @text (NULL: all). */
void      ktm_found_update    (KtmFound *self, KtmFilter *filter, const char *text);
guint
ktm_found_get_index (KtmFound *self, guint position); /* in the cohort; G_MAXUINT: none there */
long      ktm_found_find      (KtmFound *self, int index);        /* position; −1 none */

G_END_DECLS
