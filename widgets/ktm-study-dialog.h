/* A window to type in one published study; it closes once the study is kept in the cohort. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

void ktm_study_dialog_present (GtkWidget *over, KtmStudy *study);

G_END_DECLS
