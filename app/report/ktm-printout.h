/* app/report: a document of headings, paragraphs, tables and figures, set on A4 pages of a PDF.
 *
 * What is added is kept as blocks and set when the bytes are asked for, twice: once to count the
 * pages.  Text is set with Pango and figures come through ktm_draw(), so both stay vectors with
 * their fonts inside.  No GTK; one thread.
 */
#pragma once

#include "ktm-report-format.h"
#include "ktm-scene.h"

G_BEGIN_DECLS

typedef struct _KtmPrintout KtmPrintout;

KtmPrintout *ktm_printout_new  (void);
void      ktm_printout_free (KtmPrintout *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmPrintout, ktm_printout_free)

/* A new document in another language begins: on a new page, numbered from 1 again for figures and
 * tables. */
void ktm_printout_start   (KtmPrintout *paper, const KtmLang *lang, const char *title);
void ktm_printout_heading (KtmPrintout *paper, const char *text);
void ktm_printout_text    (KtmPrintout *paper, const char *text);
void ktm_printout_small   (KtmPrintout *paper, const char *text);   /* notes below a table */
void ktm_printout_warning (KtmPrintout *paper, const char *text);
/* In a type of even width, for columns made of blanks and commands. */
void ktm_printout_code    (KtmPrintout *paper, const char *text);
/* "Table 2. @title": taken is what @table holds.  @head: over the first column, nullable. */
void ktm_printout_table   (KtmPrintout *paper, const char *title, const char *head,
                        KtmReportTable *table);
/* Two columns without heads or number: what the document rests on. */
void ktm_printout_facts   (KtmPrintout *paper, KtmReportTable *table);
/* "Figure 3. @title"; @height_mm 0: as high as it needs. */
void ktm_printout_figure (KtmPrintout *paper, const char *title, KtmScene *scene, double height_mm);

/* The PDF; program, version and day (of @date, seconds since 1970) stand at the foot of each page.
 * Errors: what Cairo could not do. */
GBytes *ktm_printout_to_pdf (KtmPrintout *paper, gint64 date, GError **error);
/* Pages of the last PDF made. */
guint   ktm_printout_n_pages (const KtmPrintout *paper);

G_END_DECLS
