/* A line of a list of studies: a check box with a name and, smaller, what it is about. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkCheckButton, with its signals. */
GtkWidget  *ktm_study_row_new        (const char *name);
const char *ktm_study_row_get_name   (GtkWidget *row);
void        ktm_study_row_set_name   (GtkWidget *row, const char *name);
void        ktm_study_row_set_about  (GtkWidget *row, const char *about); /* "" or NULL: nothing */
gboolean    ktm_study_row_get_active (GtkWidget *row);
void        ktm_study_row_set_active (GtkWidget *row, gboolean active);

G_END_DECLS
