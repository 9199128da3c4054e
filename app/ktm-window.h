/* KtmWindow: one cohort, or the first page. */
#pragma once

#include "ktm-application.h"
#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_WINDOW (ktm_window_get_type ())
G_DECLARE_FINAL_TYPE (KtmWindow, ktm_window, KTM, WINDOW, AdwApplicationWindow)

KtmWindow *ktm_window_new      (KtmApplication *app);
gboolean   ktm_window_is_empty (KtmWindow *self);  /* no cohort, and none on its way */
gboolean ktm_window_is_busy (KtmWindow *self); /* something is being opened, computed or drawn */

/* A cohort, a table to import or a figure whose recipe is drawn again; NULL: the sample. */
void       ktm_window_open        (KtmWindow *self, GFile *file);
/* The same for a window that is not shown yet: it appears with the cohort in it, or, where that
 * takes long, before it. */
void       ktm_window_present_with (KtmWindow *self, GFile *file);
void       ktm_window_import      (KtmWindow *self, GListModel *files);  /* of GFile; NULL: asks */
void       ktm_window_choose_file (KtmWindow *self);

KtmStudy  *ktm_window_get_study   (KtmWindow *self);   /* borrowed; NULL: no cohort is open */

/* One sentence for the person. */
void       ktm_window_say         (KtmWindow *self, const char *sentence);

G_END_DECLS
