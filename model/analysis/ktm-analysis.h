/* model/analysis: the registry of analyses and their runner.
 *
 * An analysis reads an immutable KtmFrame and fills a KtmReport; it opens nothing and draws
 * nothing.  A frame without the data it needs gives a report that says so in words; only a request
 * that cannot be honoured is an error.
 */
#pragma once

#include <gio/gio.h>

#include "ktm-class-model.h"
#include "ktm-frame.h"
#include "ktm-harms.h"
#include "ktm-report.h"

G_BEGIN_DECLS

#define KTM_ANALYSIS_ERROR (ktm_analysis_error_quark ())
GQuark ktm_analysis_error_quark (void);

typedef enum
{
  KTM_ANALYSIS_ERROR_UNKNOWN, /* no such measure, visit, attribute, level or word: the message says
                                 what exists */
  KTM_ANALYSIS_ERROR_REQUEST, /* the options do not go together */
  KTM_ANALYSIS_ERROR_FAILED
} KtmAnalysisError;

/* Which options an analysis listens to, for the command line's check and the pane's controls. */
typedef enum
{
  KTM_USES_MEASURE    = 1 << 0,
  KTM_USES_VISITS     = 1 << 1,   /* from, to */
  KTM_USES_BY         = 1 << 2,   /* by, groups */
  KTM_USES_MISSING    = 1 << 3,
  KTM_USES_SEED       = 1 << 4,
  KTM_USES_RESAMPLES  = 1 << 5,
  KTM_USES_DEFINITION = 1 << 6,
  KTM_USES_COVARIATES = 1 << 7,
  KTM_USES_STRUCTURE  = 1 << 8,
  KTM_USES_OUTCOME    = 1 << 9,
  KTM_USES_TEST       = 1 << 10,
  KTM_USES_ADJUST     = 1 << 11,
  KTM_USES_STANDARD   = 1 << 12,
  KTM_USES_CLASSES    = 1 << 13,
  KTM_USES_BLRT       = 1 << 14,  /* blrt, every_degree */
  KTM_USES_STEPS      = 1 << 15,
  KTM_USES_PATIENT    = 1 << 16,
  KTM_USES_MODEL      = 1 << 17,  /* apply */
  KTM_USES_RELIEF     = 1 << 20,  /* relief, stratum, ties; treatments in the frame */
  KTM_USES_EVENTS     = 1 << 21,  /* harms; adverse events and answers in the frame */
  KTM_USES_STUDIES    = 1 << 22,  /* evidence; published studies in the frame, which is enough */
} KtmAnalysisUses;

typedef struct
{
  char       *measure;       /* id; NULL: the frame's first */
  double      from, to;      /* nominal times; NaN: baseline (or the first visit), the last visit */
  char       *by;            /* attribute id, of a number also "age:40,60"; NULL: one group */
  char      **groups;        /* levels to keep, in this order; NULL: all */
  KtmMissing  missing;
  double      level;         /* 0.95 */
  gboolean    has_seed;
  guint64     seed;
  guint       resamples;     /* bootstrap; 0: none */
  char       *definition;    /* of response, as ktm-definition.h; NULL: at least 30 % */
  char      **covariates;    /* attribute or measure ids; NULL: the analysis chooses */
  char *structure; /* unstructured | toeplitz | ar1 | cs | slope | intercept; NULL: recommended */
  char       *outcome;       /* compare: change | followup | ancova | percent; NULL: change */
  char       *test;          /* id of the test to put first; NULL: recommended */
  char       *adjust;        /* holm | hochberg | bh | none; NULL: holm */
  gboolean    standardised;  /* subgroups in SD units */
  gboolean model; /* also fit the mixed model beside simple results (slow); TRUE by default */
  char       *relief;        /* rule of ktm-relief.h; NULL: its own */
  char       *stratum;       /* attribute of a stratified log-rank test; NULL: none */
  char       *ties;          /* Cox: efron | breslow; NULL: efron */
  KtmHarms    harms;         /* what counts as an adverse event, how, and its interval */
  char       *evidence;      /* rule of ktm-evidence.h; NULL: its own */
  int         classes;       /* trajectory classes; 0: choose */
  int         degree;
  gboolean    censored, random_intercept;
  gboolean    sigma_by_class; /* of the class models; FALSE: one for all classes */
  guint       starts;
  struct _KtmClassResult *found; /* a reference, nullable: trajectory classes found before, taken
                                    where they are of the same scores instead of searching again */
  char  *shape;  /* of the class curves: polynomial | spline | piecewise; NULL: polynomial */
  gsize  n_knots;   /* of a spline or of straight lines; 0: chosen from the visits */
  double knots[KTM_GBTM_MAX_KNOTS]; /* nominal times, ascending */
  char  *degrees;   /* one a class from the lowest up, "2,3,1"; NULL: all as degree */
  gboolean    every_degree;   /* also search 1 … 6 classes with every other degree */
  guint       blrt;           /* simulated cohorts of the bootstrap test of K; 0: none */
  char       *steps;          /* class-predictors: three | one; NULL: three */
  long        patient;        /* row of the frame whose outlook is wanted; −1: nobody */
  KtmClassModel *apply;       /* a saved model to use as it is; a reference, nullable */
  char *lang; /* in which the groups of a number are named; NULL: English */
  char  decimal_mark;        /* in them; 0: the language's */
  GCancellable *enough; /* a reference, nullable: once cancelled, a search ends with what it has
                           found so far */
} KtmAnalysisOptions;

KtmAnalysisOptions *ktm_analysis_options_new  (void);
KtmAnalysisOptions *ktm_analysis_options_copy (const KtmAnalysisOptions *options);
void                ktm_analysis_options_free (KtmAnalysisOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmAnalysisOptions, ktm_analysis_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmReport, ktm_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmFrame, ktm_frame_unref)

typedef struct _KtmAnalysis
{
  const char *id;        /* as on the command line */
  const char *title;     /* N_() */
  const char *question;  /* N_(): what it answers, one sentence */
  guint       uses;      /* KtmAnalysisUses */
  gboolean    slow;      /* run it in the background even for 256 patients */
  gboolean (*run) (const KtmFrame *frame, const KtmAnalysisOptions *options,
                   const KtmProgress *progress, KtmReport *report, GError **error);
} KtmAnalysis;

const KtmAnalysis *const *ktm_analyses (gsize *n);
const KtmAnalysis *ktm_analysis_find   (const char *id);   /* NULL: unknown */
/* KtmFrameParts the frame must hold for it. */
guint              ktm_analysis_parts  (const KtmAnalysis *analysis);

/* The selection an analysis will use: measure, from and to filled in.  FALSE with the error run()
 * would give. */
gboolean ktm_analysis_resolve (const KtmAnalysis *analysis, const KtmFrame *frame,
                               KtmAnalysisOptions *options, GError **error);

/* Runs here and now.  NULL with G_IO_ERROR_CANCELLED when @progress stopped it.  Free with
 * ktm_report_free. */
KtmReport *ktm_analysis_run_sync (const KtmAnalysis *analysis, const KtmFrame *frame,
                                  const KtmAnalysisOptions *options, const KtmProgress *progress,
                                  GError **error);

/* Runs in a worker thread; @progress is called in the main context while it works. */
typedef void (*KtmAnalysisProgress) (double fraction, gpointer data);
void ktm_analysis_run_async (const KtmAnalysis *analysis, const KtmFrame *frame,
                             const KtmAnalysisOptions *options, GCancellable *cancellable,
                             KtmAnalysisProgress progress, gpointer progress_data,
                             GAsyncReadyCallback callback, gpointer data);
KtmReport *ktm_analysis_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
