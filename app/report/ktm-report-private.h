/* Shared by the files of ktm-report-pdf only. */
#pragma once

#include "ktm-chart.h"
#include "ktm-printout.h"
#include "ktm-report-pdf.h"

typedef enum
{
  KTM_REPORT_ALWAYS,
  KTM_REPORT_PER_GROUP,          /* only where the report compares groups */
  KTM_REPORT_OF_CLASSES,         /* only where trajectory classes are asked for */
  KTM_REPORT_OF_STUDIES          /* only where the cohort holds published studies */
} KtmReportWhen;

/* What stands under one heading. */
typedef struct
{
  const char *heading;           /* N_() */
  const char *const *analyses;   /* NULL-ended ids: cards become tables */
  const char *const *charts;     /* NULL-ended ids */
  KtmReportWhen when;
} KtmReportSection;

const KtmReportSection *ktm_report_sections (gsize *n);

/* One analysis of the report, run once for every language. */
typedef struct
{
  const KtmAnalysis *analysis;
  KtmReport         *report;     /* NULL: see error */
  GError            *error;
} KtmReportResult;

/* One report being written. */
typedef struct
{
  const KtmReportRequest *request;
  KtmAnalysisOptions     *options;   /* owned: resolved */
  KtmPrintout               *paper;
  GHashTable             *results;   /* id → KtmReportResult */
  const KtmProgress      *progress;
  const char             *code;      /* of the language being written */
  const KtmLang          *lang;
  GHashTable             *said;      /* sentences printed in this language already */
} KtmReportWriter;

const KtmReportResult *ktm_report_writer_result (KtmReportWriter *w, const char *id);
/* A sentence in the language being written; takes @text. */
char *ktm_report_writer_say     (const KtmReportWriter *w, KtmText *text);
/* @list (taken; NULL: nothing yet) and @more, as a list in one line. */
char *ktm_report_writer_list (KtmReportWriter *w, char *list, const char *more);
/* What an error says, where it can be said in this language; else that there are no data. */
char *ktm_report_writer_why_not (const KtmReportWriter *w, const GError *error);
/* The cards of a report as tables, with their sentences, warnings and notes. */
void  ktm_report_writer_cards   (KtmReportWriter *w, const KtmReport *report);
/* Figures of a section; TRUE: at least one stands. */
gboolean ktm_report_writer_chart (KtmReportWriter *w, const char *id, char **why_not);
/* What the report rests on, on its first page. */
void  ktm_report_writer_front   (KtmReportWriter *w);
/* Methods, references, version: the last section. */
void  ktm_report_writer_methods (KtmReportWriter *w);
