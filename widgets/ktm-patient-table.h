/* KtmPatientTable: the patients of the subgroup as a table: sortable by any column, columns to
 * choose, copied as text.
 *
 * Follows the study's picked patient and picks.  Signals: "order-changed": rows, their order
 * or the picked one are different; "row-activated": Return or a double click. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT_TABLE (ktm_patient_table_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatientTable, ktm_patient_table, KTM, PATIENT_TABLE, GtkWidget)

/* @settings: the chosen columns are kept in the key patient-columns. */
GtkWidget *ktm_patient_table_new          (KtmStudy *study, GSettings *settings);
/* Where the picked patient stands in the table's order, from 0, of how many; −1: not in it. */
long       ktm_patient_table_get_position (KtmPatientTable *self, guint *n);
/* Picks the row above (−1) or below (1) in the table's order; the first when none is picked. */
void       ktm_patient_table_step         (KtmPatientTable *self, int step);
/* The shown columns as tab-separated text, in the table's order; codes only if asked for.  Free
 * with g_free(). */
char      *ktm_patient_table_dup_text     (KtmPatientTable *self, gboolean codes);

G_END_DECLS
