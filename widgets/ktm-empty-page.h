/* KtmEmptyPage: what a window shows before a cohort is open.  Speaks to the application by actions
 * only. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KTM_TYPE_EMPTY_PAGE (ktm_empty_page_get_type ())
G_DECLARE_FINAL_TYPE (KtmEmptyPage, ktm_empty_page, KTM, EMPTY_PAGE, GtkWidget)

/* @paths: cohort files, newest first; those that are gone are shown as such and cannot be opened.
 */
void ktm_empty_page_set_recent (KtmEmptyPage *self, const char *const *paths);

G_END_DECLS
