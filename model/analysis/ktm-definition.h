/* model/analysis: a definition of response, in a small language a clinician can read and write.
 *
 *   nrs >= 50% and not stop "lack of effect"          relief of at least half, and not stopped for
 * that reason nrs >= 2 or pgic score <= 2                       an improvement of 2 points, or a
 * score at the visit nrs >= 30% sustained from 3 and hads_a >= 1.5     at every scored visit from
 * month 3 on
 *
 * definition = term { "or" term };  term = factor { "and" factor };  factor = [ "not" ] ( "("
 * definition ")" | condition ) condition  = MEASURE op NUMBER [ "%" | "points" ] [ when ]
 * improvement from baseline | MEASURE "score" op NUMBER [ when ]                   the score itself
 *            | "stop" [ REASON ]                                    stopped (for that reason) by
 * the visit when       = "at" TIME | "sustained" [ "from" TIME ];  op = ">=" | ">" | "<=" | "<";
 * spaces and quotes in names by "…". A missing score makes a condition unknown; unknown spreads as
 * in three-valued logic.
 */
#pragma once

#include <gio/gio.h>

#include "ktm-run.h"

G_BEGIN_DECLS

typedef struct _KtmDefinition KtmDefinition;

/* NULL with an error that says what is not understood, or which measures and reasons exist. */
KtmDefinition *ktm_definition_parse (const KtmFrame *frame, const char *text, GError **error);
void           ktm_definition_free  (KtmDefinition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmDefinition, ktm_definition_free)

/* At a visit: 1 yes, 0 no, −1 unknown.  Scores follow @missing. */
int ktm_definition_holds (const KtmDefinition *definition, const KtmFrame *frame,
                          KtmMissing missing, gsize patient, gsize visit);

/* The conditions of a definition that is a plain conjunction (each shown with how many meet it
 * alone); 0 for others. */
gsize      ktm_definition_n_conditions (const KtmDefinition *definition);
const KtmDefinition *ktm_definition_condition (const KtmDefinition *definition, gsize i);

/* In words: "relief of at least 50 % of Pain NRS and not stopped for lack of effect".  Owned by the
 * caller. */
KtmText   *ktm_definition_text   (const KtmDefinition *definition, const KtmFrame *frame);

G_END_DECLS
