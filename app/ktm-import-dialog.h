/* KtmImportDialog: files into a cohort in three steps: how the file is read, what its columns mean,
 * what is wrong with it. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* After an import, in the main thread: the cohort at @cohort_path holds it. */
typedef void (*KtmImportDone) (const char *cohort_path, gpointer data);

/* @files: GFile, NULL or empty asks for some; @cohort_path: the cohort to import into, NULL asks
 * for a new one.
 * @done is not called when the person leaves without importing. */
void ktm_import_dialog_present (GtkWindow *parent, GListModel *files, const char *cohort_path,
                                KtmImportDone done, gpointer data);

G_END_DECLS
