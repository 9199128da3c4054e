/* KtmPatientList: the patients of the subgroup, each with a line about them and their course; find by typing. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT_LIST (ktm_patient_list_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientList, ktm_patient_list, KTM, PATIENT_LIST, GtkWidget)

GtkWidget *ktm_patient_list_new        (KtmStudy *study);
/* Only those whose code or any level holds @text; the subgroup itself stays as it is. */
void       ktm_patient_list_set_search (KtmPatientList *self, const char *text);
/* Picks the first found: what Return in the search does. */
void       ktm_patient_list_pick_first (KtmPatientList *self);

G_END_DECLS
