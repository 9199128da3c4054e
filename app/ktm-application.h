/* KtmApplication: the program as GTK sees it: one process, its windows, and the actions that belong
 * to no window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KTM_TYPE_APPLICATION (ktm_application_get_type ())
G_DECLARE_FINAL_TYPE (KtmApplication, ktm_application, KTM, APPLICATION, AdwApplication)

/* Before it is registered: @argument is going to be opened, if it is a cohort. */
void ktm_application_expect (KtmApplication *self, const char *argument);
KtmApplication *ktm_application_new (void);

/* A cohort that was opened: first in the list of recent files. */
void ktm_application_remember (KtmApplication *self, const char *path);

G_END_DECLS
