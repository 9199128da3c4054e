/* The preferences window. */
#pragma once

#include <adwaita.h>

void ktm_preferences_present (GtkWindow *parent);
