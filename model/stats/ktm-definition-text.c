/* model/stats: definitions of response as sentences, and as the language's own text.  libc only. */
#include "ktm-definition-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_relief (const KtmCondition *c)
{
  return c->kind == KTM_CONDITION_PERCENT || c->kind == KTM_CONDITION_POINTS;
}

static const char *
label_of (const KtmFrame *f, const KtmCondition *c)
{
  const KtmFrameMeasure *m = &f->measures[c->measure];

  return m->label != NULL ? m->label : m->id;
}

/* --- sentences -------------------------------------------------------------------------------- */

static KtmText *
amount_text (const KtmCondition *c)
{
  static const char *const percent[] = { N_("≥ {1} %"), N_("> {1} %"), N_("≤ {1} %"),
                                         N_("< {1} %") };
  static const char *const points[] = { N_("≥ {1} points"), N_("> {1} points"), N_("≤ {1} points"),
                                        N_("< {1} points") };

  if (c->kind == KTM_CONDITION_PERCENT)
    return ktm_text_new (percent[c->op], "g", c->threshold);
  if (c->op == KTM_COMPARE_GE && c->threshold == 1)
    return ktm_text_new (N_("≥ 1 point"), "");
  return ktm_text_new (points[c->op], "g", c->threshold);
}

static KtmText *
when_text (const KtmFrame *f, const KtmCondition *c, KtmText *what)
{
  size_t at = isnan (c->time) ? 0 : (size_t) ktm_frame_find_visit (f, c->time);

  if (c->when == KTM_WHEN_AT)
    return ktm_text_new (N_("{1} at {2}"), "tt", what, ktm_frame_visit_text (f, at));
  if (c->when == KTM_WHEN_SUSTAINED && !isnan (c->time))
    return ktm_text_new (N_("{1} at every scored visit from {2} on"), "tt", what,
                         ktm_frame_visit_text (f, at));
  if (c->when == KTM_WHEN_SUSTAINED)
    return ktm_text_new (N_("{1} at every scored visit"), "t", what);
  if (c->when == KTM_WHEN_EVER && c->kind != KTM_CONDITION_EVENT)
    return ktm_text_new (N_("{1} at some visit so far"), "t", what);
  if (c->when == KTM_WHEN_VISIT && c->kind == KTM_CONDITION_EVENT)
    return ktm_text_new (N_("{1} at the visit"), "t", what);
  return what;
}

static KtmText *
score_text (const KtmFrame *f, const KtmCondition *c)
{
  static const char *const words[] = { N_("{1} at least {2}"), N_("{1} above {2}"),
                                       N_("{1} at most {2}"), N_("{1} below {2}") };

  return ktm_text_new (words[c->op], "sg", label_of (f, c), c->threshold);
}

static KtmText *
stop_text (const KtmFrame *f, const KtmCondition *c)
{
  if (c->reason < 0)
    return ktm_text_new (c->negated ? N_("not stopped") : N_("stopped"), "");
  return ktm_text_new (c->negated ? N_("not stopped for “{1}”") : N_("stopped for “{1}”"), "s",
                       f->stop_reasons[c->reason]);
}

static KtmText *
event_text (const KtmFrame *f, const KtmCondition *c)
{
  static const char *const words[][2] = {
    { N_("an adverse event"), N_("no adverse event") },
    { N_("a graded adverse event"), N_("no graded adverse event") },
    { N_("a moderate or severe adverse event"), N_("no moderate or severe adverse event") },
    { N_("a severe adverse event"), N_("no severe adverse event") },
  };
  KtmText *what =
      isnan (c->threshold)
          ? ktm_text_new (words[c->severity][c->negated], "")
          : ktm_text_new (c->negated ? N_("no adverse event of grade {1} or more")
                                     : N_("an adverse event of grade {1} or more"),
                          "g", c->threshold);

  return when_text (f, c, what);
}

/* "{amount} better than baseline", with its measure where @named. */
static KtmText *
relief_text (const KtmFrame *f, const KtmCondition *c, KtmText *amount, bool named)
{
  KtmText *what =
      named ? ktm_text_new (N_("{2} {1} better than baseline"), "ts", amount, label_of (f, c))
            : ktm_text_new (N_("{1} better than baseline"), "t", amount);

  return when_text (f, c, what);
}

static KtmText *
leaf_text (const KtmFrame *f, const KtmCondition *c, bool named)
{
  KtmText *text;

  if (c->kind == KTM_CONDITION_STOP)
    return stop_text (f, c);
  if (c->kind == KTM_CONDITION_EVENT)
    return event_text (f, c);
  text = is_relief (c) ? relief_text (f, c, amount_text (c), named)
                       : when_text (f, c, score_text (f, c));
  return c->negated ? ktm_text_new (N_("not ({1})"), "t", text) : text;
}

KtmText *
ktm_condition_text (const KtmFrame *frame, const KtmCondition *condition)
{
  return leaf_text (frame, condition, true);
}

/* May the amounts of both stand before one "better than baseline"? */
static bool
go_together (const KtmDefinition *a, const KtmDefinition *b)
{
  const KtmCondition *x = &a->condition, *y = &b->condition;

  return a->kind == KTM_NODE_LEAF && b->kind == KTM_NODE_LEAF && is_relief (x) && is_relief (y)
         && !x->negated && !y->negated && x->measure == y->measure && x->when == y->when
         && (x->time == y->time || (isnan (x->time) && isnan (y->time)));
}

static KtmText *node_text (const KtmDefinition *d, bool named, bool inside);

/* The child at @i and those after it that go with it; moves @i behind them. */
static KtmText *
next_part (const KtmDefinition *d, size_t *i, bool named)
{
  const KtmDefinition *first = d->child[*i];
  KtmText *amount;

  if (first->kind != KTM_NODE_LEAF || d->kind != KTM_NODE_AND || *i + 1 >= d->n
      || !go_together (first, d->child[*i + 1]))
    return node_text (d->child[(*i)++], named, true);
  amount = amount_text (&first->condition);
  for ((*i)++; *i < d->n && go_together (first, d->child[*i]); (*i)++)
    amount = ktm_text_new (N_("{1} and {2}"), "tt", amount,
                           amount_text (&d->child[*i]->condition));
  return relief_text (d->frame, &first->condition, amount, named);
}

/* @inside: part of a longer one, so in parentheses. */
static KtmText *
node_text (const KtmDefinition *d, bool named, bool inside)
{
  KtmText *text;
  size_t i = 0;

  if (d->kind == KTM_NODE_LEAF)
    return leaf_text (d->frame, &d->condition, named);
  if (d->kind == KTM_NODE_NOT)
    return ktm_text_new (N_("not ({1})"), "t", node_text (d->child[0], named, false));
  text = next_part (d, &i, named);
  while (i < d->n)
    text = ktm_text_new (d->kind == KTM_NODE_OR ? N_("{1} or {2}")
                         : inside               ? N_("{1} and {2}")
                                                : N_("{1}, {2}"),
                         "tt", text, next_part (d, &i, named));
  return inside ? ktm_text_new (N_("({1})"), "t", text) : text;
}

/* −1 none so far, −2 several. */
static long
find_relief (const KtmDefinition *d, long found)
{
  if (d->kind == KTM_NODE_LEAF)
    {
      if (!is_relief (&d->condition) || found == (long) d->condition.measure)
        return found;
      return found == -1 ? (long) d->condition.measure : -2;
    }
  for (size_t i = 0; i < d->n; i++)
    found = find_relief (d->child[i], found);
  return found;
}

long
ktm_definition_measure (const KtmDefinition *definition)
{
  long found = find_relief (definition, -1);

  return found < 0 ? -1 : found;
}

KtmText *
ktm_definition_text (const KtmDefinition *definition)
{
  return node_text (definition, find_relief (definition, -1) == -2, false);
}

KtmText *
ktm_unknown_text (KtmUnknown unknown)
{
  static const char *const words[] = {
    N_("A patient with a missing score is left out of that visit."),
    N_("A patient with a missing score counts as a non-responder."),
    N_("A patient with a missing score counts as when last judged; before that, as a "
       "non-responder."),
  };

  return ktm_text_new (words[unknown], "");
}

/* --- the language's own text ------------------------------------------------------------------ */

typedef struct
{
  char  *text;   /* NULL: memory is out */
  size_t length;
} Out;

static void
put (Out *out, const char *piece)
{
  size_t n = strlen (piece);
  char *more = out->text != NULL ? realloc (out->text, out->length + n + 1) : NULL;

  if (more == NULL)
    {
      free (out->text);
      out->text = NULL;
      return;
    }
  memcpy (more + out->length, piece, n + 1);
  out->text = more;
  out->length += n;
}

/* With a point, whatever the locale. */
static void
put_number (Out *out, double value)
{
  char digits[40];

  snprintf (digits, sizeof digits, "%.10g", value);
  for (char *c = digits; *c != '\0'; c++)
    *c = *c == ',' ? '.' : *c;
  put (out, digits);
}

static void
put_name (Out *out, const char *name)
{
  put (out, "\"");
  put (out, name);
  put (out, "\"");
}

static bool
is_plain (const char *name)
{
  static const char *const words[] = { "not", "no", "stop", "event", "and", "or", "missing" };

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strcmp (words[i], name) == 0)
      return false;
  return name[0] != '\0' && name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void
put_event (Out *out, const KtmCondition *c)
{
  static const char *const words[] = { "", " mild", " moderate", " severe" };

  put (out, c->negated ? "no event" : "event");
  if (isnan (c->threshold))
    put (out, words[c->severity]);
  else
    {
      put (out, " grade ");
      put_number (out, c->threshold);
    }
}

static void
put_when (Out *out, const KtmCondition *c)
{
  switch (c->when)
    {
    case KTM_WHEN_AT:
      put (out, " at ");
      put_number (out, c->time);
      break;
    case KTM_WHEN_SUSTAINED:
      put (out, " sustained");
      if (isnan (c->time))
        break;
      put (out, " from ");
      put_number (out, c->time);
      break;
    case KTM_WHEN_EVER: put (out, c->kind == KTM_CONDITION_EVENT ? "" : " ever"); break;
    case KTM_WHEN_VISIT:
    default: put (out, c->kind == KTM_CONDITION_EVENT ? " at visit" : ""); break;
    }
}

static void
put_condition (Out *out, const KtmFrame *f, const KtmCondition *c)
{
  static const char *const ops[] = { " >= ", " > ", " <= ", " < " };

  if (c->kind == KTM_CONDITION_EVENT)
    put_event (out, c);
  else
    put (out, c->negated ? "not " : "");
  if (c->kind == KTM_CONDITION_STOP)
    {
      put (out, "stop");
      if (c->reason >= 0)
        {
          put (out, " ");
          put_name (out, f->stop_reasons[c->reason]);
        }
      return;
    }
  if (c->kind != KTM_CONDITION_EVENT)
    {
      if (is_plain (f->measures[c->measure].id))
        put (out, f->measures[c->measure].id);
      else
        put_name (out, f->measures[c->measure].id);
      put (out, c->kind == KTM_CONDITION_SCORE ? " score" : "");
      put (out, ops[c->op]);
      put_number (out, c->threshold);
      put (out, c->kind == KTM_CONDITION_PERCENT ? "%" : "");
    }
  put_when (out, c);
}

char *
ktm_definition_write (const KtmFrame *frame, const KtmCondition *conditions, const bool *or_before,
                      size_t n, KtmUnknown unknown)
{
  static const char *const words[] = { "", "; missing no", "; missing last" };
  Out out = { calloc (1, 1), 0 };

  for (size_t i = 0; i < n; i++)
    {
      if (i > 0)
        put (&out, or_before[i] ? " or " : " and ");
      put_condition (&out, frame, &conditions[i]);
    }
  put (&out, words[unknown]);
  return out.text;
}
