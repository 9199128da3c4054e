/* The program's window in tests: opened on the sample or a copy of it, settled, closed. */
#pragma once

#include "ktm-board-page.h"
#include "ktm-window.h"
#include "pump.h"

/* Instead of pump_init() and g_test_run(): with the application that windows belong to. */
void pump_app_init (int *argc, char ***argv);
int  pump_app_run  (void);

/* A window on its first page. */
KtmWindow *pump_new_window (int width, int height);
/* A new window that shows @path (NULL: the sample itself, which cannot be written to). */
KtmWindow *pump_open   (const char *path, int width, int height);
void       pump_page   (KtmWindow *window, const char *page);
/* Until nothing is computed or drawn any more. */
void       pump_settle (KtmWindow *window);
/* The window's action, and settled. */
void       pump_act    (KtmWindow *window, const char *action, GVariant *parameter);
void       pump_close  (KtmWindow *window);

/* For pump_find(). */
gboolean      pump_is_mapped (GtkWidget *widget, gpointer unused);
/* The page of cards that is shown. */
KtmBoardPage *pump_board     (KtmWindow *window);
/* The first window of @type that is shown; NULL: none. */
GtkWindow    *pump_find_top  (GType type);
/* Waits for it. */
GtkWindow    *pump_wait_top  (GType type);

/* The path of a file to be, alone in a new folder; goes with pump_remove(). */
char *pump_new_path    (const char *name);
/* A copy of the sample that can be written to; likewise. */
char *pump_copy_sample (void);
/* Removes the file and its folder, which must be empty then; frees @path. */
void  pump_remove      (char *path);
