/* KtmStudyTable: what stands in a forest, as a list to tick: the cohort's own rows and its
 * published studies, with what adds to them.
 *
 * Every tick of a study is an edit of the cohort file that can be undone.  Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study-own.h"

G_BEGIN_DECLS

#define KTM_TYPE_STUDY_TABLE (ktm_study_table_get_type ())
G_DECLARE_FINAL_TYPE (KtmStudyTable, ktm_study_table, KTM, STUDY_TABLE, GtkWidget)

GtkWidget *ktm_study_table_new (KtmStudy *study);
/* Follows the cohort after an edit. */
void       ktm_study_table_update (KtmStudyTable *self);
KtmStudyOwn *ktm_study_table_get_own (KtmStudyTable *self);   /* borrowed */

G_END_DECLS
