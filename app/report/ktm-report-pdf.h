/* app/report: the report of a subgroup: one PDF with its tables, figures and methods text.
 *
 * Built from a table of sections: each names charts and analyses by id, and what this program has
 * not is passed over.  Needs no display; may run in a worker, since the frame never changes.
 */
#pragma once

#include <gio/gio.h>

#include "ktm-analysis.h"
#include "ktm-frame.h"

G_BEGIN_DECLS

/* KtmFrameParts of ktm-cohort.h that the frame must hold: adverse events, treatments, safety,
 * studies. */
#define KTM_REPORT_PARTS (4 | 8 | 16 | 64)

typedef struct
{
  KtmFrame           *frame;      /* a reference: the subgroup, with every measure and attribute */
  KtmAnalysisOptions *options;    /* owned: the selection; measure NULL: the first */
  char              **where;      /* owned, nullable: the conditions, as the reader wrote them */
  char              **langs;      /* owned: codes, one document each after the other; "en" … */
  char               *title;      /* owned, nullable: printed as it is; never the cohort's own */
  gboolean            classes;    /* with trajectory classes; also where the cohort names some */
  char                decimal_mark;  /* 0: each language's */
  gint64              date;       /* seconds since 1970: of the analysis */
} KtmReportRequest;

/* Now, or SOURCE_DATE_EPOCH where it is set. */
gint64 ktm_report_date (void);
void   ktm_report_request_clear (KtmReportRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmReportRequest, ktm_report_request_clear)

/* The PDF.  Errors: a selection that cannot be honoured (as of the analyses), G_IO_ERROR_CANCELLED
 * when @progress stopped it.  A section without data says so in a sentence and is no error. */
GBytes *ktm_report_pdf (const KtmReportRequest *request, const KtmProgress *progress,
                        GError **error);

G_END_DECLS
