/* KtmPatientView: one patient's page: who, the key figures, and every measure on one time axis. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-chart.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT_VIEW (ktm_patient_view_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientView, ktm_patient_view, KTM, PATIENT_VIEW, GtkWidget)

/* Its buttons use the actions patients.previous, patients.next and win.exclude. */
GtkWidget *ktm_patient_view_new          (KtmStudy *study);
/* "79 of 231": place @position (from 0; −1: none) of @n in the table beside it. */
void       ktm_patient_view_set_position (KtmPatientView *self, long position, guint n);
/* The trajectory classes its chart is drawn from; NULL none. */
KtmReport *ktm_patient_view_dup_report   (KtmPatientView *self);
gboolean   ktm_patient_view_is_busy      (KtmPatientView *self);

G_END_DECLS
