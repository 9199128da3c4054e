/* KtmFilter: which patients.  One predicate for facets, the search box, hand-picked groups and
 * text.
 *
 * A filter is a conjunction of conditions on attributes.  Facets edit it, `--where` parses into it,
 * saved groups and recipes store it as text: there is no second implementation.  It is also a
 * GtkFilter-independent GObject: emits "changed".
 */
#pragma once

#include "ktm-cohort.h"

G_BEGIN_DECLS

#define KTM_TYPE_FILTER (ktm_filter_get_type ())
G_DECLARE_FINAL_TYPE (KtmFilter, ktm_filter, KTM, FILTER, GObject)

KtmFilter *ktm_filter_new       (void);
KtmFilter *ktm_filter_copy      (KtmFilter *self);
void       ktm_filter_assign    (KtmFilter *self, KtmFilter *other);
gboolean   ktm_filter_is_empty  (KtmFilter *self);
void       ktm_filter_clear     (KtmFilter *self);

/* Facets.  Levels shown = in the set; @missing: also patients for whom the attribute is not
 * recorded. */
void ktm_filter_set_levels (KtmFilter *self, const char *attribute, const char *const *levels,
                            gboolean missing); /* NULL: any */
void ktm_filter_set_range (KtmFilter *self, const char *attribute, double low, double high,
                           gboolean missing); /* NaN: open */
gboolean ktm_filter_has_level (KtmFilter *self, const char *attribute,
                               const char *level); /* NULL level: not recorded */
gboolean ktm_filter_get_range (KtmFilter *self, const char *attribute, double *low, double *high,
                               gboolean *missing);
gboolean
ktm_filter_has_attribute (KtmFilter *self, const char *attribute); /* any condition on it */
void       ktm_filter_unset      (KtmFilter *self, const char *attribute);
void
ktm_filter_set_search (KtmFilter *self, const char *text); /* part of the code or of any level */
void ktm_filter_set_group (KtmFilter *self, const char *const *codes,
                           gint64 document); /* hand-picked; NULL none */

/* `in` also takes ranges (`age in 40..60`) and the bare word missing (`pain_type in CRPS,
 * missing`); dates are written 2018-03-01; an ordinal attribute can be compared by the order of its
 * levels. */
/* Text: one condition a string, `ATTRIBUTE op VALUE`, op = != < <= > >= in; values with spaces in
 * double quotes, lists after `in` by commas.  The error names the attribute or level and says which
 * exist.  A saved group: `group = ID`. */
gboolean
ktm_filter_add_text (KtmFilter *self, KtmCohort *cohort, const char *condition, GError **error);
char **
ktm_filter_dup_texts (KtmFilter *self); /* round trip; the search and codes are never part of it */

/* What a saved group's document (kind "group") holds: {"codes": […], "where": […]}.  Free.  And a
 * document read back: the filter becomes that group alone; FALSE when the text is none. */
char      *ktm_filter_dup_group_json (KtmFilter *self);
gboolean
ktm_filter_set_group_json (KtmFilter *self, KtmCohort *cohort, const char *json, GError **error);
gint64 ktm_filter_get_group_document (KtmFilter *self); /* 0: none, or hand-picked and not saved */
gboolean   ktm_filter_has_group      (KtmFilter *self);
const char *ktm_filter_get_search    (KtmFilter *self);        /* never NULL */

/* Patients that pass, as ascending indices; *n_out of them.  Unknown attributes match nobody.  Free
 * with g_free. */
guint     *ktm_filter_match     (KtmFilter *self, KtmCohort *cohort, gsize *n_out);
/* The same, leaving out the conditions on @attribute: what a facet counts. */
guint *
ktm_filter_match_without (KtmFilter *self, KtmCohort *cohort, const char *attribute, gsize *n_out);

G_END_DECLS
