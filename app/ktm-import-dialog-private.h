/* What the import dialog and its cards share. */
#pragma once

#include "ktm-import-dialog.h"
#include "ktm-import-job.h"

G_BEGIN_DECLS

#define KTM_TYPE_IMPORT_DIALOG (ktm_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KtmImportDialog, ktm_import_dialog, KTM, IMPORT_DIALOG, AdwWindow)

KtmImportState *ktm_import_dialog_get_state (KtmImportDialog *self);
gboolean        ktm_import_dialog_get_show_all (KtmImportDialog *self);
int             ktm_import_dialog_get_step  (KtmImportDialog *self);
gboolean        ktm_import_dialog_is_busy   (KtmImportDialog *self);   /* a worker has the import */
/* Said by hand: the proposal and the check are made anew. */
void ktm_import_dialog_say      (KtmImportDialog *self, const char *key, const char *value);
void ktm_import_dialog_say_role (KtmImportDialog *self, guint column, KtmColumnRole role);
void ktm_import_dialog_choose   (KtmImportDialog *self, guint problem, KtmDo choice);
void ktm_import_dialog_accept   (KtmImportDialog *self);
void ktm_import_dialog_show_all (KtmImportDialog *self);
void ktm_import_dialog_save_problems (KtmImportDialog *self);

/* Cards, made anew whenever something changed. */
GtkWidget *ktm_import_card        (const char *title, const char *note);
GtkWidget *ktm_import_label       (const char *text, const char *classes);   /* classes by blanks */
GtkWidget *ktm_import_file_card   (KtmImportDialog *self);
GtkWidget *ktm_import_column_card (KtmImportDialog *self);
GtkWidget *ktm_import_problem_card (KtmImportDialog *self);
GtkWidget *ktm_import_change_card (KtmImportDialog *self);
GtkWidget *ktm_import_privacy_card (KtmImportDialog *self);
/* "Pain NRS · month 3", "Patient code" … of a column; free. */
char      *ktm_import_describe_role (const KtmSource *source, const KtmColumn *column, gboolean shortly);

G_END_DECLS
