/* What the files of the proposal share.  Not for other floors. */
#pragma once

#include "ktm-source.h"

/* ktm-propose.c */
void
ktm_propose_ask (KtmSource *source, const char *hint, const char *format, ...) G_GNUC_PRINTF (3, 4);
void         ktm_propose_leave_out (KtmColumn *column, const char *why);
gboolean     ktm_propose_said      (GPtrArray *list, const char *text);

/* ktm-propose-content.c */
void         ktm_propose_look_within_patients (KtmSource *source, int patient);
gboolean ktm_propose_all_levels (const KtmColumn *column, gboolean (*test) (const char *text));
gboolean     ktm_propose_is_free_text     (const KtmColumn *column);
gboolean     ktm_propose_is_yes_no        (const char *text);
const char  *ktm_propose_personal_content (const KtmColumn *column);  /* NULL: of no person */
KtmStoreKind ktm_propose_attribute_kind   (const KtmColumn *column);

/* ktm-propose-measure.c */
void         ktm_propose_make_attribute (KtmColumn *column, const char *const *attributes);
void ktm_propose_make_measure (KtmSource *source, KtmColumn *column, const char *id,
                               const char *const *measures);
gboolean     ktm_propose_measure_said   (const KtmSource *source, const KtmColumn *column);
void ktm_propose_take_wide (KtmSource *source, KtmColumn *column, const char *const *measures);

/* ktm-propose-column.c */
gboolean     ktm_propose_one_only    (KtmColumnRole role);   /* of which a source has one column */
gboolean ktm_propose_take_said (KtmSource *source, KtmColumn *column, const char *const *measures,
                                const char *const *attributes);
void ktm_propose_take_column (KtmSource *source, KtmColumn *column, const char *const *measures,
                              const char *const *attributes);
