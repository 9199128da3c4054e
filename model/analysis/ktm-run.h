/* model/analysis: what every analysis starts from: the request resolved against the frame. */
#pragma once

#include "ktm-analysis.h"
#include "ktm-split.h"

G_BEGIN_DECLS

/* One run.  Everything is borrowed from frame and options but what is marked owned. */
typedef struct
{
  const KtmFrame           *frame;
  const KtmAnalysisOptions *options;
  const KtmProgress        *progress;
  KtmReport                *report;
  gsize                     measure;
  const KtmFrameMeasure    *m;
  double                    level;
  double                    sign;        /* raw change × sign > 0 is an improvement */
  long reference; /* visit of the "before" score; −1: the measure's baseline */
  gsize                     first, last; /* visit indices from … to */
  KtmSplit split; /* owned: the levels of a number; its attribute is @by then */
  const KtmFrameAttribute  *by;          /* nullable; made from a number: its levels */
  gsize                     n_groups;    /* 0 without by */
  gsize                    *levels;      /* owned: level of each group */
  long                     *group_of;    /* owned: group of each patient; −1 none */
  KtmFrameTable table; /* owned: values from first to last under the missing rule */
  long                     *table_row;   /* owned: patient → row of the table; −1 none */
  long *column; /* owned: visit → column of the table; −1: not selected or never scored */
} KtmRun;

/* FALSE with an error that says what exists when the options name what the frame has not. */
gboolean ktm_run_init (KtmRun *run, const KtmFrame *frame, const KtmAnalysisOptions *options,
                       const KtmProgress *progress, KtmReport *report, GError **error);
void        ktm_run_clear (KtmRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmRun, ktm_run_clear)

const char *ktm_run_group_label (const KtmRun *run, long group);   /* NULL: all patients */
gboolean    ktm_run_in_group    (const KtmRun *run, gsize patient, long group);  /* −1: all */
double
ktm_run_before (const KtmRun *run, gsize patient); /* reference score, never filled in; NaN none */
double ktm_run_score (const KtmRun *run, gsize patient,
                      gsize visit); /* under the missing rule; NaN none */
gboolean    ktm_run_filled      (const KtmRun *run, gsize patient, gsize visit);
double      ktm_run_time        (const KtmRun *run, gsize visit);
KtmText    *ktm_run_visit       (const KtmRun *run, gsize visit);                /* "month 12" */
KtmText *ktm_run_before_text (const KtmRun *run); /* "baseline", "month 1" */
/* The measure's unit after @value shown with one decimal, "points" where it has none. */
KtmText    *ktm_run_unit        (const KtmRun *run, double value);
/* "0.25 month", "6 months": @time in the unit of the cohort. */
KtmText    *ktm_run_duration    (const KtmRun *run, double time);
/* The attribute @id with levels, those of a number ("age", "age:40,60") made in @split (cleared by
 * the caller).  NULL with an error that says what is there, or why it makes no groups. */
const KtmFrameAttribute *ktm_run_levels (const KtmFrame *frame, const KtmAnalysisOptions *options,
                                         const char *id, KtmSplit *split, GError **error);

/* Scores before and after of one group.  Owned arrays of @n; the rest counts why patients are not
 * among them. */
typedef struct
{
  gsize    n, n_total;
  gsize   *patient;
  double  *before, *after, *change;
  gsize    n_no_after, n_no_before, n_not_completer, n_filled;
} KtmPairs;

void        ktm_run_pairs   (const KtmRun *run, gsize visit, long group, KtmPairs *out);
void        ktm_pairs_clear (KtmPairs *pairs);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmPairs, ktm_pairs_clear)

/* A row of the report about one visit and group, with its count; never NULL (a report out of memory
 * ends the program, as everywhere above model/stats). */
KtmReportRow *ktm_run_add (const KtmRun *run, const char *statistic, const char *method, long visit,
                           long group, long n);
/* The same with only a value and no interval. */
KtmReportRow *ktm_run_add_value (const KtmRun *run, const char *statistic, const char *method,
                                 long visit, long group, long n, double value);

/* Sentences several analyses say. */
void        ktm_run_exclude_pairs   (const KtmRun *run, const KtmPairs *pairs, gsize visit);
void        ktm_run_note_no_arm     (const KtmRun *run);   /* no comparison group … */
/* Warns where @attribute is the measure's own score before, so that its groups differ by chance. */
void ktm_run_warn_same_start (const KtmRun *run, const KtmFrameAttribute *attribute);
void        ktm_run_method_missing  (const KtmRun *run);   /* how missing visits were handled */
void        ktm_run_warn_filled     (const KtmRun *run, gsize n_filled);
void        ktm_run_warn_few        (const KtmRun *run, const char *group, gsize n);
/* Refuses with a sentence where no selected visit lies after the reference, so that there is no
 * change to look at. */
gboolean    ktm_run_need_follow_up  (const KtmRun *run, GError **error);
gboolean    ktm_run_by_is_arm       (const KtmRun *run);   /* the grouping is the treatment arm */

G_END_DECLS
