/* KtmReport: what an analysis found, as plain rows that a pane, a table, JSON, CSV and a forest
 * plot all read.
 *
 * A row is the row of the command line's JSON.  Numbers are NaN where they do not apply; counts −1.
 * Every text is a KtmText, so one report speaks every language.  Owned by whoever made it; not
 * thread safe until complete, immutable after.  libc only.
 */
#pragma once

#include "ktm-stats.h"
#include "ktm-text.h"

typedef enum
{
  KTM_RANK_HEADLINE, /* the one number of the card */
  KTM_RANK_SHOWN,    /* a line of the card */
  KTM_RANK_DETAIL    /* in the full table, JSON and CSV only */
} KtmRank;

/* How a card shows a row.  Rows of one look with the same label make one line, a column for each
 * group. */
typedef enum
{
  KTM_LOOK_LINE,  /* a line of its own */
  KTM_LOOK_CELL,  /* a number in a table: line = label, column = group; without a group it stands at
                     the end of the line */
  KTM_LOOK_SHARE, /* part of a bar that holds the whole: estimate 0 … 1, line = label, part = group
                   */
  KTM_LOOK_VISIT  /* a number in a table: line = label, in the colour of its palette; column = time
                   */
} KtmRowLook;

typedef struct
{
  char       *group;      /* level compared, as labelled in the data; NULL: all patients */
  char       *versus;     /* the level it is compared with */
  double      time;       /* nominal time of the visit */
  const char *statistic;  /* key of ktm_statistic_find(); static */
  long        n, n2;
  double      estimate, se, low, high, level;
  const char *test; /* static short name ("Wilcoxon signed-rank"), or NULL; translate to show */
  double      statistic_value;  /* the test statistic (t, W, F, chi2) */
  double      df, df2, p, p_adjusted;
  KtmText    *method;     /* how the number was made; required */
  KtmText    *note;
  KtmRank     rank;
  size_t      card;       /* index of the card it belongs to */
  char *subject; /* what the row is about beyond group and time: an attribute or other measure; NULL
                  */
  KtmText    *label;      /* how the card names the row; NULL: the statistic's label */
  KtmText *value; /* how the card says the numbers; NULL: estimate [low, high], else the p-value */
  KtmText *aside; /* CELL: what stands at the end of the line: "wanted > 5"; NULL */
  KtmRowLook look;
  int        palette; /* position of the group in the charts' palette; −1: none */
} KtmReportRow;

typedef struct
{
  KtmText *title;      /* "Baseline → month 12" */
  KtmText *subtitle;   /* "paired, n = 87" */
  KtmText *sentence;   /* what it means for her patients, in one plain sentence; nullable */
  size_t   n_warnings;
  KtmText **warnings;  /* what would mislead a reader */
  size_t   n_notes;
  KtmText **notes;     /* method remarks under the card */
  bool      folded;    /* a pane shows only its title until it is asked */
  bool      table;     /* rows of one label stand beside each other, a column a group */
  KtmText  *aside;     /* head of what stands at the end of a table's lines: "wanted"; nullable */
  bool      tabular;   /* in a document one line of a table with the tabular cards around it */
} KtmReportCard;

typedef struct
{
  KtmText *reason;
  long     n;
} KtmReportExclusion;

typedef struct
{
  const char *analysis;      /* registry id; static */
  char       *measure;       /* id; NULL none */
  char       *measure_label;
  char       *unit;          /* of the measure; NULL: points */
  const char *time_unit;     /* message id of "months", of KTM_UNIT_TIME; static; NULL: not said */
  bool        lower_better;
  size_t n_rows, n_cards, n_excluded, n_warnings, n_methods, n_citations;
  KtmReportRow       *rows;
  KtmReportCard      *cards;
  KtmReportExclusion *excluded;
  KtmText           **warnings;
  KtmText           **methods;    /* sentences of the methods text, in order */
  const char        **citations;  /* static, one reference each */
  bool     has_seed;
  uint64_t seed;
  struct _KtmClassResult
      *classes; /* of trajectory classes: who is in which and every model; a reference, NULL else */
  int      n_shared; /* atomic: owners beside the first; use ktm_report_share() */
} KtmReport;

KtmReport *ktm_report_new  (const char *analysis);
/* Another owner of a complete report: each frees it once. */
KtmReport *ktm_report_share (const KtmReport *report);
void       ktm_report_free (KtmReport *report);

/* Adders take ownership of the KtmText given.  Each returns the new element, valid until the next
 * add of its kind, or NULL when memory is out.  A new row has every number NaN, counts −1, rank
 * SHOWN and the last card. */
KtmReportCard *ktm_report_add_card     (KtmReport *report, KtmText *title, KtmText *subtitle);
KtmReportRow  *ktm_report_add_row      (KtmReport *report, const char *statistic, KtmText *method);
void ktm_report_row_set_group (KtmReportRow *row, const char *group, const char *versus);
void           ktm_report_row_set_subject (KtmReportRow *row, const char *subject);
void
ktm_report_row_say (KtmReportRow *row, KtmText *label, KtmText *value); /* takes both; NULL keeps */
/* Puts the row into the card's table (or bars); takes @aside, which may be NULL. */
void ktm_report_row_look (KtmReportRow *row, KtmRowLook look, int palette, KtmText *aside);
void           ktm_report_row_set_estimate (KtmReportRow *row, KtmEstimate estimate, double level);
/* The test's statistic is the row's estimate where it has no other, so that JSON and CSV hold it.
 */
void           ktm_report_row_set_test  (KtmReportRow *row, const char *test, KtmTest result);
void ktm_report_card_say (KtmReport *report,
                          KtmText *sentence); /* the plain sentence of the last card */
void ktm_report_card_warn (KtmReport *report,
                           KtmText *warning); /* on the last card, and in the report */
/* The head over the ends of the last card's lines. */
void           ktm_report_card_aside   (KtmReport *report, KtmText *head);
void           ktm_report_card_note    (KtmReport *report, KtmText *note);
void           ktm_report_warn         (KtmReport *report, KtmText *warning);
void ktm_report_exclude (KtmReport *report, KtmText *reason, long n); /* n = 0 is not kept */
void           ktm_report_method       (KtmReport *report, KtmText *sentence);
void ktm_report_cite (KtmReport *report, const char *citation); /* kept once */

/* --- the vocabulary of statistics ------------------------------------------------------------- */

typedef enum
{
  KTM_UNIT_NONE,        /* d, r, a test statistic */
  KTM_UNIT_POINTS,      /* the measure's unit */
  KTM_UNIT_PERCENT,     /* 0…100 */
  KTM_UNIT_PROPORTION,  /* 0…1, shown as % */
  KTM_UNIT_RATIO,       /* HR, OR, RR: log axis */
  KTM_UNIT_COUNT,
  KTM_UNIT_TIME
} KtmUnit;

typedef struct
{
  const char *key;       /* as in JSON */
  const char *label;     /* English, N_() */
  const char *meaning;   /* one plain sentence, N_() */
  KtmUnit     unit;
  int         decimals;
} KtmStatistic;

const KtmStatistic *ktm_statistic_find (const char *key);   /* NULL: unknown */
const KtmStatistic *ktm_statistics     (size_t *n);
