/* KtmStudyOwn: the cohort's own rows beside published studies: whether it stands there, and which
 * of its subgroups do, by one attribute.
 *
 * Signal "changed": the person chose otherwise (not when it is set).  Main thread only.
 */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_STUDY_OWN (ktm_study_own_get_type ())
G_DECLARE_FINAL_TYPE (KtmStudyOwn, ktm_study_own, KTM, STUDY_OWN, GtkWidget)

GtkWidget  *ktm_study_own_new       (KtmStudy *study);
gboolean    ktm_study_own_is_shown  (KtmStudyOwn *self);
/* The attribute whose levels are rows, and those ticked; NULL: no subgroup is a row. */
const char *ktm_study_own_get_attribute (KtmStudyOwn *self);
char      **ktm_study_own_dup_levels (KtmStudyOwn *self);
/* @attribute NULL: no subgroups; @levels NULL: every level of it. */
void        ktm_study_own_set       (KtmStudyOwn *self, gboolean shown, const char *attribute,
                                     const char *const *levels);
/* Counts patients and levels of @frame (NULL: nobody is shown), and pairs of a score of @measure
 * before and at the visit @to (NaN: the last). */
void        ktm_study_own_count     (KtmStudyOwn *self, const KtmFrame *frame, const char *measure,
                                     double to);

G_END_DECLS
