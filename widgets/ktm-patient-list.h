/* KtmPatientList: the patients of the subgroup, each with a line about them and their course.
 *
 * Follows the search of the study. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT_LIST (ktm_patient_list_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientList, ktm_patient_list, KTM, PATIENT_LIST, GtkWidget)

GtkWidget *ktm_patient_list_new (KtmStudy *study);

G_END_DECLS
