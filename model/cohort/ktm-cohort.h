/* KtmCohort: an open cohort in memory.  A GListModel of KtmPatient (the included ones, by code),
 * with its numbers in columns; loaded in a worker thread, then changed only from the main thread.
 */
#pragma once

#include <gio/gio.h>

#include "ktm-class-result.h"
#include "ktm-frame.h"
#include "ktm-store.h"

G_BEGIN_DECLS

#define KTM_TYPE_PATIENT (ktm_patient_get_type ())
G_DECLARE_FINAL_TYPE (KtmPatient, ktm_patient, KTM, PATIENT, GObject)
#define KTM_TYPE_COHORT (ktm_cohort_get_type ())
G_DECLARE_FINAL_TYPE (KtmCohort, ktm_cohort, KTM, COHORT, GObject)

/* Opening: a path, or NULL for the sample built into the program (read-only in memory, can be saved
 * as). */
typedef void (*KtmCohortProgress) (double fraction, gpointer data); /* called in the main context */
void ktm_cohort_open_async (const char *path, GCancellable *cancellable, KtmCohortProgress progress,
                            gpointer progress_data, GAsyncReadyCallback callback, gpointer data);
KtmCohort *ktm_cohort_open_finish (GAsyncResult *result, GError **error);
KtmCohort *ktm_cohort_open_sync (const char *path, GError **error);     /* the command line */
KtmCohort *ktm_cohort_new_from_store (KtmStore *store, GError **error); /* takes the store */
KtmStore  *ktm_cohort_get_store   (KtmCohort *self);   /* borrowed; main thread */
gboolean ktm_cohort_reload (KtmCohort *self, GError **error); /* after an edit, undo or import */
/* "changed" signal: patients or attributes differ; "title" etc. are properties. */

const char *ktm_cohort_get_id        (KtmCohort *self);
const char *ktm_cohort_get_title     (KtmCohort *self);
const char *ktm_cohort_get_time_unit (KtmCohort *self);
guint       ktm_cohort_get_n_centres (KtmCohort *self);
guint       ktm_cohort_get_n_screened (KtmCohort *self);
const char *ktm_cohort_get_index_event (KtmCohort *self);   /* "first ketamine" */
const char *ktm_cohort_get_provenance  (KtmCohort *self);

/* Columns.  Indices run over all loaded patients (0…n−1, by code). */
guint       ktm_cohort_get_n_measures   (KtmCohort *self);
const KtmFrameMeasure *
ktm_cohort_get_measure (KtmCohort *self,
                        guint i); /* value/baseline filled; borrowed until reload */
guint       ktm_cohort_get_n_attributes (KtmCohort *self);
const KtmFrameAttribute *
ktm_cohort_get_attribute (KtmCohort *self, guint i); /* includes derived ones, below */
guint       ktm_cohort_get_n_visits     (KtmCohort *self);
double      ktm_cohort_get_visit_time   (KtmCohort *self, guint i);
const char *ktm_cohort_get_visit_label  (KtmCohort *self, guint i);
guint ktm_cohort_get_n_score_visits (
    KtmCohort *self); /* at which anybody has a score of the main measure: "9 of 13" */
gint ktm_cohort_find_attribute (KtmCohort *self, const char *id); /* in any case; −1 none */
/* Of a grouping, "age" or "age:40,60" (ktm-split.h; the cuts are not read); −1 none. */
gint ktm_cohort_find_grouping  (KtmCohort *self, const char *by);
gint ktm_cohort_find_measure (KtmCohort *self, const char *id);   /* in any case; −1 none */
gint ktm_cohort_find_code (KtmCohort *self, const char *code); /* the patient's index; −1 none */
const char *ktm_cohort_get_code        (KtmCohort *self, guint patient);
gint64 ktm_cohort_get_patient_id (KtmCohort *self, guint patient); /* its key in the store */
/* Derived attributes, always there where the data allow: "centre", "arm", "baseline_<measure>" for
 * the main measure (number), "follow_up" (To the last visit / Stopped before), "stop_reason" (never
 * offered as a predictor: ktm_cohort_attribute_is_baseline()), "adverse_event" (At least one / None
 * reported / Not asked), first treatment's "route", "drug", "dose", "with". */
gboolean    ktm_cohort_attribute_is_baseline (KtmCohort *self, guint i);
/* Trajectory classes found in this cohort become the attributes "trajectory_class" (levels from the
 * lowest up) and "trajectory_class_p" until others come or NULL takes them away; never baseline.
 * Emits "changed" where they differ. */
void        ktm_cohort_set_classes (KtmCohort *self, const KtmClassResult *result);
/* Those set last; a reference.  NULL: none, or patients came or went since. */
KtmClassResult *ktm_cohort_get_classes (KtmCohort *self);
gboolean    ktm_cohort_has_classes (KtmCohort *self);

/* What people call the trajectory classes of @measure, from the lowest up (NULL-ended, as many as
 * there are; an empty text is the usual name), kept in the file: one undoable edit that the history
 * calls @title, seen after ktm_cohort_reload().  Frames carry the names to charts and analyses. */
gboolean    ktm_cohort_name_classes (KtmCohort *self, const char *measure,
                                     const char *const *names, const char *title, GError **error);

/* The frame of @patients (indices, ascending; NULL: all).  Measures and attributes by id,
 * NULL-ended; NULL: all of them. The one bridge from objects to flat arrays. */
typedef enum
{
  KTM_FRAME_TIMES = 1,
  KTM_FRAME_CODES = 2,
  KTM_FRAME_EVENTS = 4,
  KTM_FRAME_TREATMENTS = 8,
  KTM_FRAME_SAFETY = 16,
  KTM_FRAME_STUDIES = 64
} KtmFrameParts;
KtmFrame *ktm_cohort_dup_frame (KtmCohort *self, const guint *patients, gsize n_patients,
                                const char *const *measures, const char *const *attributes,
                                KtmFrameParts parts);

/* KtmPatient: what a row of a list shows.  Properties (all read-only, notified after a reload):
 * "code", "index", "summary"
 * ("Fibromyalgia · F 41"), "n-scores", "baseline", "latest", "change" (NaN: none), "latest-visit"
 * ("M8", "").  All of the main measure, the cohort's first.  The same object stands for the same
 * code across reloads; "index" is G_MAXUINT and everything else empty once the patient is no longer
 * among the included. */
guint         ktm_patient_get_index   (KtmPatient *self);
const char   *ktm_patient_get_code    (KtmPatient *self);
const char   *ktm_patient_get_summary (KtmPatient *self);
guint         ktm_patient_get_n_scores (KtmPatient *self);
double        ktm_patient_get_baseline (KtmPatient *self);
double        ktm_patient_get_latest   (KtmPatient *self);   /* the last score after baseline */
double        ktm_patient_get_change   (KtmPatient *self);   /* latest − baseline */
gint          ktm_patient_get_latest_visit (KtmPatient *self);          /* index; −1 none */
const double *ktm_patient_get_course (
    KtmPatient *self,
    guint *n_visits); /* main measure by visit, NaN missing; NULL none; borrowed */
KtmCohort *ktm_patient_get_cohort (KtmPatient *self); /* borrowed; NULL once the cohort is gone */

G_END_DECLS
