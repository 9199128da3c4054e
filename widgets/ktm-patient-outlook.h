/* What the trajectory classes say of one patient: the most likely class, and how it came about
 * visit by visit. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-class-result.h"

G_BEGIN_DECLS

/* A tile for the only patient of @frame in @result; NULL: the patient has no score there. */
GtkWidget *ktm_patient_outlook_new (KtmFrame *frame, KtmClassResult *result);

G_END_DECLS
