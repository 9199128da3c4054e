/* Shared by the files of the export dialog only. */
#pragma once

#include "ktm-export-dialog.h"
#include "ktm-export.h"

struct _KtmExportDialog
{
  AdwWindow           parent_instance;
  const KtmChartType *type;
  KtmFrame           *frame;     /* owned reference */
  KtmReport          *report;    /* owned, nullable */
  KtmChartOptions    *options;   /* owned */
  KtmRecipe          *recipe;    /* owned, nullable */
  KtmExportOptions    figure;
  KtmScene           *scene;     /* owned, nullable */
  guint               idle;
  gboolean            filling;   /* the program sets the controls */
  GtkWidget *toasts, *preview, *note, *zoom;
  GtkWidget *preset, *width, *height, *dpi, *pixels, *font, *line, *theme, *background, *lang,
      *mark, *caption, *codes, *checks;
  GtkWidget *seen[3], *save;
};

/* The controls show self->figure and self->options. */
void ktm_export_dialog_fill         (KtmExportDialog *self);
void ktm_export_dialog_build        (KtmExportDialog *self);
/* Draws anew when the program is next idle. */
void ktm_export_dialog_queue_update (KtmExportDialog *self);
void ktm_export_dialog_save         (KtmExportDialog *self, KtmExportFormat format);
void ktm_export_dialog_copy         (KtmExportDialog *self);
