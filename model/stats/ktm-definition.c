/* model/stats: does a definition of response hold?  Three-valued logic.  libc only. */
#include "ktm-definition-private.h"

#include <stdlib.h>
#include <string.h>

/* --- adverse events --------------------------------------------------------------------------- */

static bool
bad_enough (const KtmCondition *c, const KtmFrameEvent *event)
{
  if (!isnan (c->threshold))
    return event->grade >= c->threshold - 1e-9;
  return event->severity >= c->severity;
}

/* The visit an event belongs to: its own, else the first at or after its time; n_visits: none. */
static size_t
visit_of (const KtmFrame *f, const KtmFrameEvent *event)
{
  size_t v = 0;

  if (event->visit >= 0)
    return (size_t) event->visit;
  while (v < f->n_visits && f->visit_time[v] < event->time - 1e-6)
    v++;
  return v;
}

static bool
anybody_asked (const KtmFrame *f)
{
  for (size_t i = 0; f->safety != NULL && i < f->n_patients * f->n_visits; i++)
    if (!isnan (f->safety[i]))
      return true;
  return false;
}

/* 1 where such an event is reported at the visit, 0 where the patient was asked (or nobody ever
 * is), −1 else; then carried on to later visits where the condition looks back. */
bool
ktm_definition_index_events (KtmDefinition *leaf)
{
  const KtmFrame *f = leaf->frame;
  size_t n = f->n_patients * f->n_visits;
  bool asked = anybody_asked (f);

  leaf->event = malloc (n + 1);
  if (leaf->event == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    leaf->event[i] = asked && isnan (f->safety[i]) ? -1 : 0;
  for (size_t i = 0; i < f->n_events; i++)
    {
      const KtmFrameEvent *event = &f->events[i];
      size_t v = visit_of (f, event);
      signed char *at = leaf->event + event->row * f->n_visits + v;

      if (v < f->n_visits)
        *at = bad_enough (&leaf->condition, event) || *at == 1;
    }
  for (size_t i = 0; leaf->condition.when == KTM_WHEN_EVER && i < n; i++)
    if (i % f->n_visits > 0 && leaf->event[i - 1] > leaf->event[i])
      leaf->event[i] = leaf->event[i - 1];
  return true;
}

/* --- one condition ---------------------------------------------------------------------------- */

static bool
compare (double value, KtmCompare op, double threshold)
{
  const double tolerance = 1e-9;  /* 30 % of 7 points is not exactly 2.1 */

  switch (op)
    {
    case KTM_COMPARE_GE: return value >= threshold - tolerance;
    case KTM_COMPARE_GT: return value > threshold + tolerance;
    case KTM_COMPARE_LE: return value <= threshold + tolerance;
    case KTM_COMPARE_LT:
    default: return value < threshold - tolerance;
    }
}

/* The score under the missing rule, as ktm_frame_table() would fill it in; the baseline is never
 * filled in. */
static double
score_at (const KtmFrame *f, const KtmFrameMeasure *m, KtmMissing missing, size_t patient,
          size_t visit)
{
  double score = m->value[patient * f->n_visits + visit];

  if (!isnan (score) || f->visit_time[visit] <= 0)
    return score;
  switch (missing)
    {
    case KTM_MISSING_LOCF:
      for (size_t v = visit; v-- > 0 && f->visit_time[v] > 0; )
        if (!isnan (m->value[patient * f->n_visits + v]))
          return m->value[patient * f->n_visits + v];
      return m->baseline[patient];
    case KTM_MISSING_BOCF: return m->baseline[patient];
    case KTM_MISSING_WORST: return m->lower_better ? m->max : m->min;
    case KTM_MISSING_AVAILABLE:
    case KTM_MISSING_COMPLETERS:
    default: return NAN;
    }
}

static int
score_holds (const KtmCondition *c, const KtmFrame *f, KtmMissing missing, size_t patient,
             size_t visit)
{
  const KtmFrameMeasure *m = &f->measures[c->measure];
  double score = score_at (f, m, missing, patient, visit), baseline = m->baseline[patient], relief;

  if (isnan (score))
    return -1;
  if (c->kind == KTM_CONDITION_SCORE)
    return compare (score, c->op, c->threshold);
  if (isnan (baseline) || (c->kind == KTM_CONDITION_PERCENT && baseline == 0))
    return -1;
  relief = m->lower_better ? baseline - score : score - baseline;
  if (c->kind == KTM_CONDITION_PERCENT)
    relief = 100 * relief / fabs (baseline);
  return compare (relief, c->op, c->threshold);
}

/* SUSTAINED: at every scored visit from the start to @visit, and at @visit itself; one failure is a
 * no, whatever is missing.  EVER: the same with yes and no exchanged. */
static int
over_visits (const KtmCondition *c, const KtmFrame *f, KtmMissing missing, size_t patient,
             size_t visit)
{
  int last = -1, decides = c->when == KTM_WHEN_EVER;

  for (size_t v = 0; v <= visit; v++)
    {
      int here;

      if (isnan (c->time) ? f->visit_time[v] <= 0 : f->visit_time[v] < c->time - 1e-6)
        continue;
      here = score_holds (c, f, missing, patient, v);
      if (here == decides)
        return here;
      last = here;
    }
  return last;
}

static int
stopped (const KtmCondition *c, const KtmFrame *f, size_t patient, size_t visit)
{
  double time = f->stop_time[patient], reason = f->stop_reason[patient];

  if (isnan (time) && isnan (reason))
    return 0;
  if (!isnan (time) && time > f->visit_time[visit] + 1e-6)
    return 0;
  return c->reason < 0 || reason == (double) c->reason;
}

static int
leaf_holds (const KtmDefinition *leaf, KtmMissing missing, bool harmless, size_t patient,
            size_t visit)
{
  const KtmCondition *c = &leaf->condition;
  const KtmFrame *f = leaf->frame;
  size_t at =
      c->when == KTM_WHEN_AT ? (size_t) ktm_frame_find_visit (f, c->time) : visit;
  int holds;

  if (c->kind == KTM_CONDITION_STOP)
    holds = stopped (c, f, patient, visit);
  else if (c->kind == KTM_CONDITION_EVENT)
    {
      holds = leaf->event[patient * f->n_visits + at];
      if (harmless && holds == 1)
        holds = 0;
    }
  else if (c->when == KTM_WHEN_SUSTAINED || c->when == KTM_WHEN_EVER)
    holds = over_visits (c, f, missing, patient, visit);
  else
    holds = score_holds (c, f, missing, patient, at);
  return holds < 0 || !c->negated ? holds : !holds;
}

/* --- the definition --------------------------------------------------------------------------- */

/* @harmless: as if no adverse event had happened. */
static int
node_holds (const KtmDefinition *d, KtmMissing missing, bool harmless, size_t patient, size_t visit)
{
  int result = d->kind == KTM_NODE_OR ? 0 : 1;

  if (d->kind == KTM_NODE_LEAF)
    return leaf_holds (d, missing, harmless, patient, visit);
  for (size_t i = 0; i < d->n; i++)
    {
      int child = node_holds (d->child[i], missing, harmless, patient, visit);

      if (d->kind == KTM_NODE_NOT)
        return child < 0 ? -1 : !child;
      if (child == (d->kind == KTM_NODE_OR))
        return child;
      if (child < 0)
        result = -1;
    }
  return result;
}

bool
ktm_definition_uses_events (const KtmDefinition *d)
{
  if (d->kind == KTM_NODE_LEAF)
    return d->condition.kind == KTM_CONDITION_EVENT;
  for (size_t i = 0; i < d->n; i++)
    if (ktm_definition_uses_events (d->child[i]))
      return true;
  return false;
}

int
ktm_definition_holds (const KtmDefinition *d, KtmMissing missing, size_t patient, size_t visit)
{
  int holds = node_holds (d, missing, false, patient, visit);

  if (holds < 0 || !ktm_definition_uses_events (d))
    return holds;
  return node_holds (d, missing, true, patient, visit) < 0 ? -1 : holds;
}

KtmUnknown
ktm_definition_unknown (const KtmDefinition *d)
{
  return d->unknown;
}

long
ktm_definition_judged (const KtmDefinition *d, KtmUnknown unknown, KtmMissing missing,
                       size_t patient, size_t visit)
{
  if (ktm_definition_holds (d, missing, patient, visit) >= 0)
    return (long) visit;
  for (size_t v = visit; unknown == KTM_UNKNOWN_LAST && v-- > 0 && d->frame->visit_time[v] > 0;)
    if (ktm_definition_holds (d, missing, patient, v) >= 0)
      return (long) v;
  return -1;
}

int
ktm_definition_state (const KtmDefinition *d, KtmUnknown unknown, KtmMissing missing,
                      size_t patient, size_t visit)
{
  long at = ktm_definition_judged (d, unknown, missing, patient, visit);

  if (at < 0)
    return unknown == KTM_UNKNOWN_OUT ? -1 : 0;
  return ktm_definition_holds (d, missing, patient, (size_t) at);
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool
add_row (KtmDefinition *root, KtmDefinition *leaf, bool or_before)
{
  KtmDefinition **rows = realloc (root->row, (root->n_rows + 1) * sizeof *rows);
  bool *ors = realloc (root->or_before, (root->n_rows + 1) * sizeof *ors);

  root->row = rows != NULL ? rows : root->row;
  root->or_before = ors != NULL ? ors : root->or_before;
  if (rows == NULL || ors == NULL || leaf->kind != KTM_NODE_LEAF)
    return false;
  root->row[root->n_rows] = leaf;
  root->or_before[root->n_rows++] = or_before;
  return true;
}

static bool
add_all (KtmDefinition *root, KtmDefinition *node, bool or_before)
{
  if (node->kind != KTM_NODE_AND)
    return add_row (root, node, or_before);
  for (size_t i = 0; i < node->n; i++)
    if (!add_row (root, node->child[i], i == 0 && or_before))
      return false;
  return true;
}

/* Leaves joined by "and", and those by "or"; none where it is deeper than that. */
void
ktm_definition_find_rows (KtmDefinition *root)
{
  bool flat = true;

  if (root->kind != KTM_NODE_OR)
    flat = add_all (root, root, false);
  else
    for (size_t i = 0; flat && i < root->n; i++)
      flat = add_all (root, root->child[i], i > 0);
  if (!flat)
    root->n_rows = 0;
}

size_t
ktm_definition_n_conditions (const KtmDefinition *d)
{
  return d->n_rows;
}

const KtmCondition *
ktm_definition_condition (const KtmDefinition *d, size_t i)
{
  return &d->row[i]->condition;
}

bool
ktm_definition_or_before (const KtmDefinition *d, size_t i)
{
  return i > 0 && d->or_before[i];
}

int
ktm_definition_condition_holds (const KtmDefinition *d, size_t i, KtmMissing missing,
                                size_t patient, size_t visit)
{
  return leaf_holds (d->row[i], missing, false, patient, visit);
}

int
ktm_definition_first_hold (const KtmDefinition *d, size_t n, KtmMissing missing, size_t patient,
                           size_t visit)
{
  int any = 0, all = 1;

  for (size_t i = 0; i < n; i++)
    {
      int here = ktm_definition_condition_holds (d, i, missing, patient, visit);

      if (i > 0 && d->or_before[i])
        {
          any = any == 1 || all == 1 ? 1 : any < 0 || all < 0 ? -1 : 0;
          all = 1;
        }
      all = all == 0 || here == 0 ? 0 : all < 0 || here < 0 ? -1 : 1;
    }
  return any == 1 || all == 1 ? 1 : any < 0 || all < 0 ? -1 : 0;
}
