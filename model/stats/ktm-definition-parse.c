/* model/stats: the grammar of definitions of response.  libc only. */
#include "ktm-definition-private.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEEPEST 50   /* parentheses and nots within one another */
#define LONGEST 2000

static KtmDefinition *parse_any (KtmParser *p);

void
ktm_definition_free (KtmDefinition *definition)
{
  if (definition == NULL)
    return;
  for (size_t i = 0; i < definition->n; i++)
    ktm_definition_free (definition->child[i]);
  free (definition->child);
  free (definition->event);
  free (definition->row);
  free (definition->or_before);
  free (definition);
}

static KtmDefinition *
new_node (KtmParser *p, KtmNodeKind kind)
{
  KtmDefinition *node = calloc (1, sizeof *node);

  if (node == NULL)
    return NULL;
  node->kind = kind;
  node->frame = p->frame;
  node->condition.reason = -1;
  node->condition.time = node->condition.threshold = NAN;
  return node;
}

/* Takes both; NULL when memory is out. */
static KtmDefinition *
add_child (KtmDefinition *node, KtmDefinition *child)
{
  KtmDefinition **more =
      node != NULL ? realloc (node->child, (node->n + 1) * sizeof *node->child) : NULL;

  if (more == NULL || child == NULL)
    {
      if (more != NULL)
        node->child = more;
      ktm_definition_free (node);
      ktm_definition_free (child);
      return NULL;
    }
  node->child = more;
  node->child[node->n++] = child;
  return node;
}

/* --- grammar ---------------------------------------------------------------------------------- */

static bool
take_op (KtmParser *p, KtmCompare *op)
{
  static const struct { const char *text; KtmCompare op;
  } ops[] = {
    { ">=", KTM_COMPARE_GE }, { "≥", KTM_COMPARE_GE }, { "<=", KTM_COMPARE_LE },
    { "≤", KTM_COMPARE_LE },  { ">", KTM_COMPARE_GT }, { "<", KTM_COMPARE_LT },
  };

  ktm_parser_skip (p);
  for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
    if (strncmp (p->at, ops[i].text, strlen (ops[i].text)) == 0)
      {
        p->at += strlen (ops[i].text);
        *op = ops[i].op;
        return true;
      }
  ktm_parser_expect (p, N_("≥, >, ≤ or <"));
  return false;
}

static bool
take_time (KtmParser *p, double *time)
{
  if (!ktm_parser_take_number (p, time))
    {
      ktm_parser_expect (p, N_("the time of a visit"));
      return false;
    }
  if (ktm_frame_find_visit (p->frame, *time) >= 0)
    return true;
  ktm_parser_say (p, true,
       ktm_text_new (N_("The definition of response names a visit at time {1}, which this cohort "
                        "does not have."),
                     "g", *time));
  return false;
}

static bool
take_when (KtmParser *p, KtmCondition *c)
{
  if (ktm_parser_take (p, "at"))
    {
      if (ktm_parser_take (p, "visit"))
        {
          c->when = KTM_WHEN_VISIT;
          return true;
        }
      c->when = KTM_WHEN_AT;
      return take_time (p, &c->time);
    }
  if (c->kind == KTM_CONDITION_EVENT)
    return true;
  if (ktm_parser_take (p, "ever"))
    c->when = KTM_WHEN_EVER;
  else if (ktm_parser_take (p, "sustained"))
    {
      c->when = KTM_WHEN_SUSTAINED;
      return !ktm_parser_take (p, "from") || take_time (p, &c->time);
    }
  return true;
}

/* Labels joined by commas, as an argument of a sentence; malloc'd. */
static char *
join (size_t n, const char *(*nth) (const KtmFrame *, size_t), const KtmFrame *frame)
{
  size_t size = 1;
  char *list;

  for (size_t i = 0; i < n; i++)
    size += strlen (nth (frame, i)) + 2;
  list = calloc (1, size);
  for (size_t i = 0; list != NULL && i < n; i++)
    {
      strcat (list, i > 0 ? ", " : "");
      strcat (list, nth (frame, i));
    }
  return list;
}

static const char *
nth_reason (const KtmFrame *frame, size_t i)
{
  return frame->stop_reasons[i];
}

static const char *
nth_measure (const KtmFrame *frame, size_t i)
{
  return frame->measures[i].id;
}

static bool
find_reason (KtmParser *p, const char *reason, KtmCondition *c)
{
  char *known;

  for (size_t i = 0; i < p->frame->n_stop_reasons; i++)
    if (strcasecmp (p->frame->stop_reasons[i], reason) == 0)
      {
        c->reason = (long) i;
        return true;
      }
  known = join (p->frame->n_stop_reasons, nth_reason, p->frame);
  if (p->frame->n_stop_reasons > 0)
    ktm_parser_say (p, true,
         ktm_text_new (N_("Nobody stopped for “{1}”; the reasons are: {2}."), "ss", reason, known));
  else
    ktm_parser_say (p, true,
         ktm_text_new (N_("Nobody stopped for “{1}”: this cohort has no reasons for stops."), "s",
                       reason));
  free (known);
  return false;
}

/* "stop", then the reason in quotes or as words up to "and", "or", ")" or ";". */
static bool
parse_stop (KtmParser *p, KtmCondition *c)
{
  char reason[LONGEST + 1] = "", word[KTM_PARSER_WORD];
  const char *end;
  bool quoted;

  c->kind = KTM_CONDITION_STOP;
  while ((end = ktm_parser_word (p, word, &quoted)) != NULL
         && (quoted || (strcasecmp (word, "and") != 0 && strcasecmp (word, "or") != 0)))
    {
      snprintf (reason + strlen (reason), sizeof reason - strlen (reason), "%s%s",
                reason[0] != '\0' ? " " : "", word);
      p->at = end;
    }
  return reason[0] == '\0' || find_reason (p, reason, c);
}

static bool
parse_event (KtmParser *p, KtmCondition *c)
{
  static const char *const words[] = { "mild", "moderate", "severe" };

  c->kind = KTM_CONDITION_EVENT;
  c->when = KTM_WHEN_EVER;
  if (p->frame->n_events == 0 && p->frame->n_terms == 0 && p->frame->safety == NULL)
    {
      ktm_parser_say (p, true,
           ktm_text_new (N_("The definition of response names adverse events, of which this "
                            "cohort has no record."),
                         ""));
      return false;
    }
  for (int i = 0; i < 3; i++)
    if (ktm_parser_take (p, words[i]))
      {
        c->severity = (KtmSeverity) (KTM_SEVERITY_MILD + i);
        return take_when (p, c);
      }
  if (ktm_parser_take (p, "grade") && !ktm_parser_take_number (p, &c->threshold))
    {
      ktm_parser_expect (p, N_("a grade"));
      return false;
    }
  return take_when (p, c);
}

static bool
find_measure (KtmParser *p, const char *id, KtmCondition *c)
{
  long m = ktm_frame_find_measure (p->frame, id);
  char *known;

  for (size_t i = 0; m < 0 && i < p->frame->n_measures; i++)
    if (strcasecmp (p->frame->measures[i].id, id) == 0)
      m = (long) i;
  if (m >= 0)
    {
      c->measure = (size_t) m;
      return true;
    }
  known = join (p->frame->n_measures, nth_measure, p->frame);
  ktm_parser_say (p, true,
       ktm_text_new (
           N_("The definition of response names “{1}”, which is no measure; there are: {2}."),
           "ss", id, known));
  free (known);
  return false;
}

static bool
parse_measure (KtmParser *p, KtmCondition *c)
{
  char id[KTM_PARSER_WORD];
  bool quoted;
  const char *end = ktm_parser_word (p, id, &quoted);

  if (end == NULL)
    {
      ktm_parser_expect (p, N_("a measure, “stop” or “event”"));
      return false;
    }
  if (!find_measure (p, id, c))
    return false;
  p->at = end;
  c->kind = ktm_parser_take (p, "score") ? KTM_CONDITION_SCORE : KTM_CONDITION_POINTS;
  if (!take_op (p, &c->op))
    return false;
  if (!ktm_parser_take_number (p, &c->threshold))
    {
      ktm_parser_expect (p, N_("a number"));
      return false;
    }
  if (c->kind != KTM_CONDITION_SCORE && ktm_parser_take_char (p, '%'))
    c->kind = KTM_CONDITION_PERCENT;
  else if (!ktm_parser_take (p, "points"))
    ktm_parser_take (p, "point");
  return take_when (p, c);
}

static KtmDefinition *
parse_condition (KtmParser *p)
{
  KtmDefinition *leaf = new_node (p, KTM_NODE_LEAF);
  bool ok = leaf != NULL;

  if (ok && ktm_parser_take (p, "stop"))
    ok = parse_stop (p, &leaf->condition);
  else if (ok && ktm_parser_take (p, "event"))
    ok = parse_event (p, &leaf->condition) && ktm_definition_index_events (leaf);
  else if (ok)
    ok = parse_measure (p, &leaf->condition);
  if (ok)
    return leaf;
  ktm_definition_free (leaf);
  return NULL;
}

static KtmDefinition *
negate (KtmParser *p, KtmDefinition *node)
{
  if (node == NULL)
    return NULL;
  if (node->kind != KTM_NODE_LEAF)
    return add_child (new_node (p, KTM_NODE_NOT), node);
  node->condition.negated = !node->condition.negated;
  return node;
}

static KtmDefinition *
parse_one (KtmParser *p)
{
  KtmDefinition *node;

  if (++p->depth > DEEPEST)
    {
      ktm_parser_say (p, false, ktm_text_new (N_("The definition of response is too long."), ""));
      return NULL;
    }
  if (ktm_parser_take (p, "not") || ktm_parser_take (p, "no"))
    node = negate (p, parse_one (p));
  else if (!ktm_parser_take_char (p, '('))
    node = parse_condition (p);
  else
    {
      node = parse_any (p);
      if (node != NULL && !ktm_parser_take_char (p, ')'))
        {
          ktm_parser_expect (p, N_("“)”"));
          ktm_definition_free (node);
          node = NULL;
        }
    }
  p->depth--;
  return node;
}

/* One level of the grammar: operands joined by @word. */
static KtmDefinition *
parse_chain (KtmParser *p, const char *word, KtmNodeKind kind,
             KtmDefinition *(*operand) (KtmParser *) )
{
  KtmDefinition *node = operand (p);
  bool joined = false;

  while (node != NULL && ktm_parser_take (p, word))
    {
      KtmDefinition *next;

      if (!joined)
        node = add_child (new_node (p, kind), node);
      joined = true;
      next = operand (p);
      if (next == NULL)
        {
          ktm_definition_free (node);
          return NULL;
        }
      node = node != NULL ? add_child (node, next) : NULL;
    }
  return node;
}

static KtmDefinition *
parse_all (KtmParser *p)
{
  return parse_chain (p, "and", KTM_NODE_AND, parse_one);
}

static KtmDefinition *
parse_any (KtmParser *p)
{
  return parse_chain (p, "or", KTM_NODE_OR, parse_all);
}

static bool
parse_unknown (KtmParser *p, KtmUnknown *unknown)
{
  static const char *const words[] = { "out", "no", "last" };

  if (!ktm_parser_take_char (p, ';') && !ktm_parser_take_char (p, ','))
    return true;
  if (ktm_parser_take (p, "missing"))
    for (int i = 0; i < 3; i++)
      if (ktm_parser_take (p, words[i]))
        {
          *unknown = (KtmUnknown) i;
          return true;
        }
  ktm_parser_expect (p, N_("“missing out”, “missing no” or “missing last”"));
  return false;
}

KtmDefinition *
ktm_definition_parse (const KtmFrame *frame, const char *text, KtmDefinitionProblem *problem)
{
  KtmParser p = { frame, text, 0, problem };
  KtmDefinition *node = NULL;
  KtmUnknown unknown = KTM_UNKNOWN_OUT;

  if (problem != NULL)
    *problem = (KtmDefinitionProblem) { 0 };
  if (strlen (text) > LONGEST)
    ktm_parser_say (&p, false, ktm_text_new (N_("The definition of response is too long."), ""));
  else
    node = parse_any (&p);
  if (node != NULL && parse_unknown (&p, &unknown))
    {
      ktm_parser_skip (&p);
      if (*p.at == '\0')
        {
          node->unknown = unknown;
          ktm_definition_find_rows (node);
          return node;
        }
      ktm_parser_expect (&p, N_("“and”, “or” or the end"));
    }
  ktm_definition_free (node);
  return NULL;
}
