/* KtmFrame: the numbers of the chosen patients as flat arrays, the one thing charts and analyses
 * read.
 *
 * Built once by ktm_cohort_dup_frame() (or by a test), then never changed: safe to read from any
 * thread. Missing is NaN, never a code.  Strings are UTF-8 and owned by the frame.  libc only.
 */
#pragma once

#include "ktm-stats.h"

typedef enum
{
  KTM_ATTRIBUTE_NUMBER,
  KTM_ATTRIBUTE_CATEGORY, /* value = index of the level */
  KTM_ATTRIBUTE_ORDINAL,  /* the same, levels in order */
  KTM_ATTRIBUTE_YES_NO,   /* 0 no, 1 yes; two levels */
  KTM_ATTRIBUTE_DATE      /* Julian day number */
} KtmAttributeKind;

typedef struct
{
  char   *id, *label, *unit;
  double  min, max;      /* of the scale; NaN where it has none */
  double  mcid;          /* minimal clinically important difference; NaN unknown */
  bool    lower_better;
  double *value;         /* n_patients × n_visits, row-major */
  double *time;          /* exact times, same shape; NULL unless asked for */
  double *baseline;      /* n_patients: the last score at a visit of time <= 0; NaN none */
} KtmFrameMeasure;

typedef struct
{
  char            *id, *label, *unit;
  KtmAttributeKind kind;
  size_t           n_levels;
  char           **levels;
  double          *value;  /* n_patients */
  char *made_from; /* id of the measure it was computed from (trajectory classes): not to be tested
                      on it; NULL else */
} KtmFrameAttribute;

typedef enum
{
  KTM_SEVERITY_UNKNOWN,
  KTM_SEVERITY_MILD,
  KTM_SEVERITY_MODERATE,
  KTM_SEVERITY_SEVERE
} KtmSeverity;
typedef enum
{
  KTM_RELATED_UNKNOWN,
  KTM_RELATED_NO,
  KTM_RELATED_POSSIBLE,
  KTM_RELATED_YES
} KtmRelated;

typedef struct
{
  size_t      row;        /* patient row in the frame */
  long        visit;      /* index, −1 none */
  double      time;
  size_t      term;       /* index in terms */
  KtmSeverity severity;
  KtmRelated  related;
  int         serious;    /* −1 unknown, 0, 1 */
  int         led_to_stop;
  double      grade, resolved;
} KtmFrameEvent;

typedef struct
{
  size_t row;
  double time, dose, duration;
  char  *drug, *dose_unit, *duration_unit, *route, *with; /* owned, nullable */
} KtmFrameTreatment;

typedef enum { KTM_STUDIES_TRIAL, KTM_STUDIES_SINGLE_ARM, KTM_STUDIES_POOLED } KtmFrameStudyKind;

/* A line of the table of published studies: one arm, or an effect.  Texts owned, nullable but
 * study. */
typedef struct
{
  char  *study, *arm, *measure, *moderators, *note; /* measure: "md" …; moderators: "dose=1; …" */
  KtmFrameStudyKind kind;
  double year, n, mean, sd, events, effect, se, low, high, correlation;
  bool   left_out;
} KtmFrameArm;

/* What people call the trajectory classes of one measure, by ascending level. */
typedef struct
{
  char  *measure;   /* id */
  size_t n_classes; /* of the model they are for */
  char  *name[8];   /* NULL: the usual name */
} KtmFrameClassNames;

typedef struct _KtmFrame
{
  int    ref_count;                      /* atomic; use ktm_frame_ref/unref */
  char  *cohort_id, *title, *time_unit, *index_event;  /* time_unit: "minute" … "year" */
  size_t n_patients, n_visits, n_measures, n_attributes;
  double *visit_time;                    /* nominal, ascending */
  char  **visit_label;
  KtmFrameMeasure   *measures;
  KtmFrameAttribute *attributes;
  uint32_t *subject;                     /* n_patients: index of the patient in its cohort */
  char   **code;                         /* n_patients pseudonyms; NULL unless asked for */
  double  *stop_time;                    /* n_patients; NaN: still followed */
  double  *stop_reason;                  /* index in stop_reasons; NaN none */
  size_t   n_stop_reasons;
  char   **stop_reasons;
  double
      *safety; /* n_patients × n_visits: NaN not asked, 0 no event, 1 any; NULL unless asked for, and
                  where nobody was asked */
  size_t   n_events, n_terms, n_treatments;
  KtmFrameEvent     *events;
  char   **terms;
  KtmFrameTreatment *treatments;
  size_t n_arms;                         /* of published studies, whoever is selected */
  KtmFrameArm *arms;
  size_t   n_in_cohort;                  /* included patients of the cohort before the filter */
  size_t   n_screened;                   /* and with those not included */
  size_t   n_exclusions;                 /* reasons of those not included, with counts */
  char   **exclusion_reasons;
  size_t  *exclusion_counts;
  size_t   n_class_names;
  KtmFrameClassNames *class_names;
  char   **texts;  /* words of the treatments, each once, NULL-ended; NULL: each owns its own */
  const struct _KtmFrame *base;  /* a reference: what is its is borrowed; NULL none */
} KtmFrame;

/* An empty frame with arrays of NaN for n_patients × n_visits; the builder fills it in before
 * sharing it.  NULL when memory is out. */
KtmFrame *ktm_frame_new (size_t n_patients, size_t n_visits, size_t n_measures,
                         size_t n_attributes);
/* A frame of patients of @base without arrays of its own yet: words and all that is not of single
 * patients are @base's; the builder sets the others to arrays of @base (of the same length), which
 * are then borrowed, or to copies, which the frame owns.  Attributes are always copies: a cohort's
 * change.  @base lives as long as the frame.  NULL when memory is out. */
KtmFrame *ktm_frame_new_from (const KtmFrame *base, size_t n_patients, size_t n_measures,
                              size_t n_attributes);
KtmFrame *ktm_frame_ref   (const KtmFrame *frame);
void      ktm_frame_unref (KtmFrame *frame);
/* Frees what an attribute holds, not the attribute. */
void      ktm_frame_attribute_clear (KtmFrameAttribute *attribute);

/* Adds the names of @n (1 … 8) classes of @measure; later ones of the same stand.  For whoever
 * builds a frame.  @names: n, NULL entries: the usual name.  false: out of memory, a bad @n, or a frame that borrows. */
bool ktm_frame_add_class_names (KtmFrame *frame, const char *measure, size_t n,
                                const char *const *names);
/* NULL: they have their usual names. */
const KtmFrameClassNames *ktm_frame_find_class_names (const KtmFrame *frame, const char *measure,
                                                      size_t n);

long ktm_frame_find_measure   (const KtmFrame *frame, const char *id);   /* −1 none */
long ktm_frame_find_attribute (const KtmFrame *frame, const char *id);   /* −1 none */
long ktm_frame_find_visit (const KtmFrame *frame, double time); /* nominal, within 1e-6; −1 none */

/* Fills every measure's baseline from its values: the last score at a visit of time <= 0.  For
 * whoever builds a frame. */
void ktm_frame_set_baselines (KtmFrame *frame);

/* The visit in words for the middle of a sentence: "baseline", "month 12", "week 1" (a visit "W1"
 * between two months), else its label.  Owned by the caller. */
struct _KtmText *ktm_frame_visit_text (const KtmFrame *frame, size_t visit);
/* "month 6", of any time.  Owned by the caller. */
struct _KtmText *ktm_frame_time_text (const KtmFrame *frame, double time);

/* --- one measure as the person asked to see it ------------------------------------------------ */

typedef enum { KTM_SHOW_VALUE, KTM_SHOW_CHANGE, KTM_SHOW_PERCENT } KtmShow;

/* What stands for a missing follow-up score; baseline is never filled in. */
typedef enum
{
  KTM_MISSING_AVAILABLE,  /* nothing: every score that is there */
  KTM_MISSING_COMPLETERS, /* only patients with baseline and the last selected visit */
  KTM_MISSING_LOCF,       /* the last score before it, baseline included */
  KTM_MISSING_BOCF,       /* the baseline */
  KTM_MISSING_WORST       /* the worst end of the scale: a bound, not an estimate */
} KtmMissing;

typedef struct
{
  size_t   n_rows, n_visits;
  size_t  *row;              /* n_rows: patient rows of the frame that take part */
  size_t *visit; /* n_visits: indices of the visits at which anybody has a score, ascending */
  double  *value;            /* n_rows × n_visits as shown (value, raw change, % change) */
  bool    *filled;           /* same shape: stands for a missing score; NULL when nothing can be */
  double  *baseline;         /* n_rows; NaN none */
  size_t   n_no_baseline;    /* left out of change and % for want of a baseline */
  size_t   n_zero_baseline;  /* left out of % because the baseline is 0 */
  size_t   n_no_score;       /* no score at any selected visit */
  size_t   n_not_completer;
  const KtmFrame *lender; /* nullable: owns value, which is the measure's own table */
} KtmFrameTable;

/* @from, @to: nominal times that bound the visits (NaN: open); with change and percent the
 * reference is the baseline, or the score at visit @from where the frame has no visit at or before
 * 0. Percent change is the individual's, 100 (y − b)/b.  Follow-up (visits after the reference) is
 * filled in as @missing says; a patient without any score at the selected visits, or whose score
 * nothing can stand for, is counted in n_no_score. Errors: BAD_ARGUMENT (no such measure, no visit
 * in range, worst without scale ends), NO_MEMORY. */
KtmStatsStatus ktm_frame_table (const KtmFrame *frame, size_t measure, KtmShow show,
                                KtmMissing missing, double from, double to, KtmFrameTable *out);
/* The same with another reference: @reference is the nominal time of the visit that stands for the
 * baseline (NaN: as above).  Only visits after it are filled in. */
KtmStatsStatus
ktm_frame_table_since (const KtmFrame *frame, size_t measure, KtmShow show, KtmMissing missing,
                       double reference, double from, double to, KtmFrameTable *out);
void           ktm_frame_table_clear (KtmFrameTable *table);

/* Parsing and printing the words of the command line and of recipes ("value", "locf" …). */
const char *ktm_show_name    (KtmShow show);
const char *ktm_missing_name (KtmMissing missing);
bool        ktm_show_parse    (const char *name, KtmShow *out);
bool        ktm_missing_parse (const char *name, KtmMissing *out);
