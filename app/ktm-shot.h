/* --screenshot: the window as a PNG, for the documentation and for looking at it without a
 * display's help. */
#pragma once

#include "ktm-window.h"

typedef struct _KtmShot KtmShot;

#define KTM_SHOT_OPTIONS                                                                   \
  { "screenshot", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL,                    \
    "Save the window as FILE and leave", "FILE" },                                         \
  { "shot-size", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL,                       \
    "Size of the window", "WxH" },                                                         \
  { "shot-theme", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL,                      \
    "light or dark", "THEME" },                                                            \
  { "shot-do", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING_ARRAY, NULL,                   \
    "Window action first, as in win.page('patients')", "ACTION" },                         \
  { "shot-wait", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, NULL,                          \
    "Milliseconds to wait at the end, until messages are gone", "MS" }

KtmShot *ktm_shot_new  (GVariantDict *options, GError **error);
void     ktm_shot_free (KtmShot *shot);
/* Waits until the window has settled, does what was asked, saves and closes it. */
void     ktm_shot_take (KtmShot *shot, KtmWindow *window);

/* What the window shows now, as a PNG. */
gboolean ktm_shot_save (GtkWidget *window, const char *path, GError **error);
