/* The parts of the forest of published studies: what it is made from, its lines, its words. */
#pragma once

#include "ktm-type.h"

#include "ktm-evidence.h"
#include "ktm-figure.h"

G_BEGIN_DECLS

typedef struct
{
  KtmFigure         f;          /* frame, options, words; no table; measure nullable */
  const KtmReport  *report;
  KtmEvidenceRule   rule;
  KtmEvidenceStudy *studies;    /* for the numbers of the arms */
  gsize             n_studies;
  KtmScene         *scene;
  KtmPanel         *panel;
  const char       *key;        /* of rows of studies */
  double            factor;     /* 100 for risk differences */
  int               decimals;
  double            null;
  guint             trial, cohort, pooled;   /* series */
  const char       *treated, *control;       /* names of the arms; NULL: they differ */
  const KtmReportRow *total;    /* the pooled result; NULL none */
  gboolean          any_arrow, any_independent, any_made_up;
  gboolean          null_line[512];
} KtmForest;

/* Rows of the report: by statistic, subject and group (NULL: none); those of studies of a kind. */
const KtmReportRow *ktm_forest_find_row (const KtmForest *c, const char *statistic,
                                         const char *subject, const char *group);
gboolean    ktm_forest_is_study (const KtmForest *c, const KtmReportRow *row, const char *kind);
gsize       ktm_forest_count (const KtmForest *c, const char *kind);

/* The study of a row; NULL: it is none. */
const KtmEvidenceStudy *ktm_forest_find_study (const KtmForest *c, const KtmReportRow *row);

/* Numbers and words of the figure; owned by the caller but for the word. */
char       *ktm_forest_say (const KtmForest *c, KtmText *text);
const char *ktm_forest_word (const KtmForest *c, const char *msgid);
char       *ktm_forest_number (const KtmForest *c, double value);
char       *ktm_forest_limits (const KtmForest *c, double low, double high);
/* "20 / 21"; a count below 0 is unknown, of @n2 not there. */
char       *ktm_forest_count_text (long n, long n2);
/* "4.6 ± 2.1", or "12 / 40" for events; NULL where the arm does not say. */
char       *ktm_forest_cell (const KtmForest *c, const KtmFrameArm *arm);
char       *ktm_forest_value (const KtmForest *c, const KtmReportRow *row);
char       *ktm_forest_level (const KtmForest *c);
/* "MD", in the figure's language. */
const char *ktm_forest_short_name (const KtmForest *c);

/* Every line of the forest, from the top, with the line of no effect behind them. */
void        ktm_forest_add_lines (KtmForest *c);

G_END_DECLS
