/* What the import dialog and its cards share. */
#pragma once

#include "ktm-import-dialog.h"
#include "ktm-import-job.h"

G_BEGIN_DECLS

#define KTM_TYPE_IMPORT_DIALOG (ktm_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KtmImportDialog, ktm_import_dialog, KTM, IMPORT_DIALOG, AdwWindow)

struct _KtmImportDialog
{
  AdwWindow       parent_instance;
  KtmImportState *state;        /* owned; the worker's while @busy */
  GCancellable   *cancellable;  /* owned */
  KtmImportDone   done;
  gpointer        done_data;
  char           *target;       /* owned, nullable: where a new cohort goes */
  gboolean        busy, show_all, accepted, commit;
  KtmImportJob    next;         /* to do after the job that runs */
  int             step;         /* 0 file, 1 columns, 2 check */
  guint           tick;
  GtkLabel       *file_name, *file_facts, *notice_text;
  GtkDropDown    *file_choice;
  GtkToggleButton *step_file, *step_columns, *step_check;
  GtkButton      *go, *cancel, *add;
  GtkWidget      *file_box, *notice, *left, *right, *right_scroller, *scroller;
  GtkProgressBar *progress;
};

/* ktm-import-dialog.c */
void ktm_import_dialog_refresh        (KtmImportDialog *self);
void ktm_import_dialog_refresh_header (KtmImportDialog *self);
void ktm_import_dialog_notice         (KtmImportDialog *self, const char *text);   /* NULL: none */

/* ktm-import-dialog-work.c */
void ktm_import_dialog_start          (KtmImportDialog *self, KtmImportJob job, GListModel *files);

/* ktm-import-dialog-files.c */
void ktm_import_dialog_ask_for_files  (KtmImportDialog *self);
void ktm_import_dialog_go             (KtmImportDialog *self);

KtmImportState *ktm_import_dialog_get_state (KtmImportDialog *self);
gboolean        ktm_import_dialog_get_show_all (KtmImportDialog *self);
int             ktm_import_dialog_get_step  (KtmImportDialog *self);
gboolean        ktm_import_dialog_is_busy   (KtmImportDialog *self);   /* a worker has the import */
/* Said by hand: the proposal and the check are made anew. */
void ktm_import_dialog_say      (KtmImportDialog *self, const char *key, const char *value);
void ktm_import_dialog_say_role (KtmImportDialog *self, guint column, KtmColumnRole role);
void ktm_import_dialog_say_scale (KtmImportDialog *self, guint column, double min, double max,
                                  gboolean lower_better);
void ktm_import_dialog_choose   (KtmImportDialog *self, guint problem, KtmDo choice);
void ktm_import_dialog_accept   (KtmImportDialog *self);
void ktm_import_dialog_show_all (KtmImportDialog *self);
void ktm_import_dialog_save_problems (KtmImportDialog *self);
gboolean
ktm_import_dialog_save_problems_to (KtmImportDialog *self, GFile *file); /* FALSE: says why */
void ktm_import_dialog_show_changes (KtmImportDialog *self);

/* Cards, made anew whenever something changed. */
GtkWidget *ktm_import_card        (const char *title, const char *note);
GtkWidget *ktm_import_label       (const char *text, const char *classes);   /* classes by blanks */
GtkWidget *ktm_import_file_card   (KtmImportDialog *self);
GtkWidget *ktm_import_column_card (KtmImportDialog *self);
GtkWidget *ktm_import_problem_card (KtmImportDialog *self);
GtkWidget *ktm_import_change_card (KtmImportDialog *self);
GtkWidget *ktm_import_privacy_card (KtmImportDialog *self);
/* The range and direction of the measure of a column: a button that opens its entries. */
GtkWidget *ktm_import_scale_button  (KtmImportDialog *self, const KtmSource *source, guint column);
/* "1 = very much improved … 7 = very much worse?", where it is to be asked; NULL where not. */
GtkWidget *ktm_import_direction_row (KtmImportDialog *self, const KtmSource *source, guint column);
/* A window with everything of the cohort that would be new or changed. */
GtkWindow *ktm_import_changes_new   (GtkWindow *parent, KtmImport *import);
/* "Pain NRS · month 3", "Patient code" … of a column; free. */
char *ktm_import_describe_role (const KtmSource *source, const KtmColumn *column, gboolean shortly);

G_END_DECLS
