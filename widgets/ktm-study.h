/* KtmStudy: an open cohort and what the person looks at in it: the subgroup, the picked patient,
 * and the way back.
 *
 * Everything in a window binds to one study.  It is a GListModel of the KtmPatient shown (those the
 * filter lets through, by code).  "changed" is emitted once, in an idle, after the subgroup or the
 * data became different, however many edits were made in a row; "notify::picked" at once.  Main
 * thread only.
 */
#pragma once

#include "ktm-filter.h"
#include "ktm-found.h"

G_BEGIN_DECLS

#define KTM_TYPE_STUDY (ktm_study_get_type ())
G_DECLARE_FINAL_TYPE (KtmStudy, ktm_study, KTM, STUDY, GObject)

KtmStudy   *ktm_study_new         (KtmCohort *cohort);
KtmCohort  *ktm_study_get_cohort  (KtmStudy *self);
/* The live filter: edit it and everything follows; each edit can be undone. */
KtmFilter  *ktm_study_get_filter  (KtmStudy *self);
/* Which patients are shown: ascending indices, borrowed until "changed". */
const guint *ktm_study_get_shown  (KtmStudy *self, gsize *n);
gsize       ktm_study_get_n_shown (KtmStudy *self);
/* Where a patient stands among those shown; −1: not shown. */
long        ktm_study_find        (KtmStudy *self, guint index);
/* Those of the shown that the search finds: lists show them; charts and results follow the subgroup
 * alone. */
KtmFound   *ktm_study_get_found   (KtmStudy *self);
void        ktm_study_set_search  (KtmStudy *self, const char *text);
/* The numbers of the shown patients; as ktm_cohort_dup_frame(). */
KtmFrame *ktm_study_dup_frame (KtmStudy *self, const char *const *measures,
                               const char *const *attributes, KtmFrameParts parts);

/* The picked patient: index in the cohort, −1 none. */
int         ktm_study_get_picked  (KtmStudy *self);
void        ktm_study_set_picked  (KtmStudy *self, int index);
/* The next of those shown, in the order of codes; @step may be negative.  Picks the first when none
 * is. */
void        ktm_study_step_picked (KtmStudy *self, int step);

/* The patients of these indices become the subgroup, within the conditions that hold already. */
void        ktm_study_keep        (KtmStudy *self, const guint *indices, gsize n);
/* A patient taken out of the cohort, or back in: recorded in the file's history. */
gboolean ktm_study_set_included (KtmStudy *self, guint index, gboolean included, const char *reason,
                                 GError **error);

/* Published studies of the cohort: left out of every result or taken back in; all of a table added
 * (its lines with a problem are not: then FALSE says what is wrong).  Each can be undone. */
gboolean ktm_study_set_published_left_out (KtmStudy *self, const char *study, gboolean left_out,
                                           GError **error);
/* One study of @n lines (numbers NaN, texts NULL where unknown; same name); refused when the cohort
 * has one of this name. */
gboolean ktm_study_add_published (KtmStudy *self, const KtmStudyArmRecord *rows, gsize n,
                                  GError **error);
gboolean ktm_study_add_published_table (KtmStudy *self, const char *name, GBytes *table,
                                        GError **error);

/* Subgroups kept in the cohort file under a name: saved, shown, forgotten.  Each can be undone. */
typedef struct { gint64 id; char *title; } KtmStudyGroup;
GPtrArray *ktm_study_list_groups (KtmStudy *self); /* of KtmStudyGroup; owned by the caller */
gboolean    ktm_study_save_group   (KtmStudy *self, const char *title, GError **error);
gboolean    ktm_study_load_group   (KtmStudy *self, gint64 id, GError **error);
gboolean    ktm_study_delete_group (KtmStudy *self, gint64 id, GError **error);

/* Names the trajectory classes of @measure; as ktm_cohort_name_classes(), and can be undone.
 * @levels (NULL-ended; NULL: it stays): the classes the subgroup is of, as they are called from now
 * on, in the same step. */
gboolean    ktm_study_name_classes (KtmStudy *self, const char *measure, const char *const *names,
                                    const char *const *levels, GError **error);

/* The definition of response the person looks at (ktm-definition.h); NULL: none chosen yet.
 * Property "definition", to be watched. */
const char *ktm_study_get_definition (KtmStudy *self);
void        ktm_study_set_definition (KtmStudy *self, const char *definition);

/* Documents of a kind, of KtmStudyDocument and in order of title; owned by the caller. */
typedef struct { gint64 id; char *title, *json; } KtmStudyDocument;
GPtrArray *ktm_study_list_documents (KtmStudy *self, const char *kind);

/* Any document of the cohort file: saved anew (@id 0) or again, forgotten.  Each can be undone. The
 * id; 0 on error. */
gint64 ktm_study_save_document (KtmStudy *self, gint64 id, const char *kind, const char *title,
                                const char *json, GError **error);
gboolean    ktm_study_delete_document (KtmStudy *self, gint64 id, GError **error);

/* What the cohort file holds one of a kind of ("relief": the rule of relief): its content, free
 * with g_free(), NULL: none.  Saving it takes the place of the one before and can be undone. */
char       *ktm_study_dup_document (KtmStudy *self, const char *kind);
gboolean    ktm_study_put_document (KtmStudy *self, const char *kind, const char *title,
                                    const char *json, GError **error);

/* Subgroup and file edits in the order they were made.  Properties "undo-label" and "redo-label":
 * what would happen, NULL: nothing. */
const char *ktm_study_get_undo    (KtmStudy *self);
const char *ktm_study_get_redo    (KtmStudy *self);
gboolean    ktm_study_undo        (KtmStudy *self, GError **error);
gboolean    ktm_study_redo        (KtmStudy *self, GError **error);

/* Another window or program may have written to the file: then it is read again.  To be called when
 * the window comes to the front; edits do so themselves. */
gboolean    ktm_study_catch_up    (KtmStudy *self, GError **error);

/* Whether "changed" is still to come. */
gboolean    ktm_study_is_busy     (KtmStudy *self);

G_END_DECLS
