/* app/cli: A4 pages of running text, tables and figures as one PDF.  No GTK. */
#pragma once

#include "ktm-export.h"

G_BEGIN_DECLS

typedef struct _KtmPaper KtmPaper;

/* @title is the document's own; @family may be NULL. */
KtmPaper *ktm_paper_new   (const char *title, const char *family);
void
ktm_paper_head (KtmPaper *paper, const char *text, double size); /* bold, kept with what follows */
void      ktm_paper_text  (KtmPaper *paper, const char *text, double size);
/* The same in a type of even width, for columns made of blanks. */
void      ktm_paper_code  (KtmPaper *paper, const char *text, double size);
/* A line of a table in two columns under a rule: @label narrow and bold, @text beside it.  Broken
 * over pages where it must be. */
void      ktm_paper_row   (KtmPaper *paper, const char *label, const char *text);
/* As wide as the page, on the next page where it does not fit. */
void      ktm_paper_scene (KtmPaper *paper, const KtmScene *scene, double height_mm);
/* The PDF; frees @paper. */
GBytes   *ktm_paper_finish (KtmPaper *paper);

G_END_DECLS
