/* What the two files of the filter share: its object, and its text. */
#pragma once

#include <glib/gi18n-lib.h>

#include "ktm-filter.h"

/* One range of numbers; NaN: open. */
typedef struct
{
  double   low, high;
  gboolean above, below;   /* low, high themselves are outside */
} KtmInterval;

/* What one attribute must be.  Levels and intervals are alternatives; all conditions of a filter
 * must hold. */
typedef struct
{
  char      *attribute;    /* owned; as the cohort or the caller writes it */
  GPtrArray *levels;       /* owned strings; NULL: a condition on numbers */
  GArray    *intervals;    /* of KtmInterval; NULL: a condition on levels */
  gboolean   negate;       /* not in the intervals */
  gboolean   is_date;      /* intervals are Julian days */
  gboolean   missing;      /* also patients for whom it is not recorded */
} KtmCondition;

KtmCondition *ktm_condition_new      (const char *attribute, gboolean is_levels);
KtmCondition *ktm_condition_copy     (const KtmCondition *condition);
void          ktm_condition_free     (KtmCondition *condition);
void          ktm_condition_add_level    (KtmCondition *condition, const char *level);
void ktm_condition_add_interval (KtmCondition *condition, double low, gboolean above, double high,
                                 gboolean below);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmCondition, ktm_condition_free)

/* ktm-filter.c: adds @condition (taken), making one of two that say the same kind of thing. */
void ktm_filter_take_condition (KtmFilter *self, KtmCondition *condition);
const GPtrArray *ktm_filter_get_conditions (KtmFilter *self);
void ktm_filter_take_saved (KtmFilter *self, KtmFilter *saved, gint64 document);

/* The bare word for what is not recorded. */
#define KTM_CONDITION_MISSING "missing"

/* ktm-filter-text.c */
KtmCondition *
ktm_condition_parse (KtmCohort *cohort, const char *text, gint64 *group, GError **error);
/* ktm-condition-print.c: appends the texts that say the same. */
void          ktm_condition_print (const KtmCondition *condition, GPtrArray *texts);
