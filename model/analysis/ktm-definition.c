/* model/analysis: a definition of response: parsing, evaluation in three-valued logic, words. */
#include "ktm-definition.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum
{
  NODE_AND,
  NODE_OR,
  NODE_NOT,
  NODE_RELIEF_PERCENT,
  NODE_RELIEF_POINTS,
  NODE_SCORE,
  NODE_STOP
} NodeKind;
typedef enum { OP_GE, OP_GT, OP_LE, OP_LT } Op;
typedef enum { WHEN_VISIT, WHEN_AT, WHEN_SUSTAINED } When;

struct _KtmDefinition
{
  NodeKind   kind;
  GPtrArray *children;     /* AND, OR, NOT; owned */
  gsize      measure;
  Op         op;
  double     threshold;
  When       when;
  double     time;         /* AT; SUSTAINED: from, NaN the first after baseline */
  long       reason;       /* STOP; −1 any */
};

typedef struct
{
  const KtmFrame *frame;
  const char     *at;
  GError        **error;
} Parser;



static KtmDefinition *parse_or (Parser *p);

void
ktm_definition_free (KtmDefinition *definition)
{
  if (definition == NULL)
    return;
  g_clear_pointer (&definition->children, g_ptr_array_unref);
  g_free (definition);
}

static KtmDefinition *
new_node (NodeKind kind, KtmDefinition *first)
{
  KtmDefinition *node = g_new0 (KtmDefinition, 1);

  node->kind = kind;
  node->reason = -1;
  node->time = NAN;
  if (kind <= NODE_NOT)
    {
      node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_definition_free);
      g_ptr_array_add (node->children, first);
    }
  return node;
}

/* --- words ------------------------------------------------------------------------------------ */

static void
skip (Parser *p)
{
  while (g_ascii_isspace (*p->at))
    p->at++;
}

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.' || (unsigned char) c >= 0x80;
}

/* The next word or quoted string, or NULL; the parser stays before it when @peek. */
static char *
next_word (Parser *p, gboolean peek)
{
  const char *start, *end;

  skip (p);
  if (*p->at == '"')
    {
      start = p->at + 1;
      end = strchr (start, '"');
      if (end == NULL)
        return NULL;
      char *word = g_strndup (start, (gsize) (end - start));
      if (!peek)
        p->at = end + 1;
      return word;
    }
  for (start = end = p->at; is_word_byte (*end); end++)
    ;
  if (end == start)
    return NULL;
  if (!peek)
    p->at = end;
  return g_strndup (start, (gsize) (end - start));
}

static gboolean
take_word (Parser *p, const char *word)
{
  g_autofree char *next = NULL;

  skip (p);
  if (*p->at == '"')
    return FALSE;
  next = next_word (p, TRUE);
  if (next == NULL || g_ascii_strcasecmp (next, word) != 0)
    return FALSE;
  p->at += strlen (next);
  return TRUE;
}

static gboolean
take_number (Parser *p, double *out)
{
  char *end;

  skip (p);
  *out = g_ascii_strtod (p->at, &end);
  if (end == p->at || !isfinite (*out))
    return FALSE;
  p->at = end;
  return TRUE;
}

static void
not_understood (Parser *p, const char *expected)
{
  skip (p);
  if (p->error == NULL || *p->error != NULL)
    return;
  if (*p->at == '\0')
    g_set_error (p->error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                 _("The definition of response ends where %s is expected."), expected);
  else
    g_set_error (p->error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                 _("In the definition of response, %s is expected at “%s”."), expected, p->at);
}

/* --- grammar ---------------------------------------------------------------------------------- */

static gboolean
take_op (Parser *p, Op *op)
{
  static const struct { const char *text; Op op;
  } ops[] = {
    { ">=", OP_GE }, { "≥", OP_GE }, { "<=", OP_LE },
    { "≤", OP_LE },  { ">", OP_GT }, { "<", OP_LT },
  };

  skip (p);
  for (gsize i = 0; i < G_N_ELEMENTS (ops); i++)
    if (g_str_has_prefix (p->at, ops[i].text))
      {
        p->at += strlen (ops[i].text);
        *op = ops[i].op;
        return TRUE;
      }
  not_understood (p, _("≥, >, ≤ or <"));
  return FALSE;
}

static gboolean
take_when (Parser *p, KtmDefinition *node)
{
  gboolean timed = FALSE;

  if (take_word (p, "at"))
    {
      node->when = WHEN_AT;
      timed = TRUE;
    }
  else if (take_word (p, "sustained"))
    {
      node->when = WHEN_SUSTAINED;
      timed = take_word (p, "from");
    }
  if (!timed)
    return TRUE;
  if (!take_number (p, &node->time))
    {
      not_understood (p, _("the time of a visit"));
      return FALSE;
    }
  if (ktm_frame_find_visit (p->frame, node->time) >= 0)
    return TRUE;
  if (p->error != NULL && *p->error == NULL)
    g_set_error (
        p->error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
        _("The definition of response names a visit at time %g, which this cohort does not have."),
        node->time);
  return FALSE;
}

static gboolean
is_keyword (const char *word)
{
  return g_ascii_strcasecmp (word, "and") == 0 || g_ascii_strcasecmp (word, "or") == 0;
}

/* "stop", then the reason in quotes or as words up to "and", "or" or ")". */
static KtmDefinition *
parse_stop (Parser *p)
{
  g_autoptr(KtmDefinition) node = new_node (NODE_STOP, NULL);
  g_autoptr(GString) reason = g_string_new (NULL);
  g_autofree char *known = NULL;

  for (;;)
    {
      g_autofree char *word = next_word (p, TRUE);

      skip (p);
      if (word == NULL || (*p->at != '"' && is_keyword (word)))
        break;
      g_free (next_word (p, FALSE));
      g_string_append_printf (reason, "%s%s", reason->len > 0 ? " " : "", word);
    }
  if (reason->len == 0)
    return g_steal_pointer (&node);
  for (gsize i = 0; i < p->frame->n_stop_reasons; i++)
    if (g_ascii_strcasecmp (p->frame->stop_reasons[i], reason->str) == 0)
      {
        node->reason = (long) i;
        return g_steal_pointer (&node);
      }
  known =
      p->frame->n_stop_reasons > 0 ? g_strdup (p->frame->stop_reasons[0]) : g_strdup (_("none"));
  for (gsize i = 1; i < p->frame->n_stop_reasons; i++)
    {
      char *more = g_strconcat (known, ", ", p->frame->stop_reasons[i], NULL);

      g_free (known);
      known = more;
    }
  if (p->error != NULL && *p->error == NULL)
    g_set_error (p->error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                 _("Nobody stopped for “%s”; the reasons are: %s."), reason->str, known);
  return NULL;
}

static gboolean
find_measure (Parser *p, const char *id, KtmDefinition *node)
{
  long m = ktm_frame_find_measure (p->frame, id);
  g_autoptr(GString) known = g_string_new (NULL);

  if (m >= 0)
    {
      node->measure = (gsize) m;
      return TRUE;
    }
  for (gsize i = 0; i < p->frame->n_measures; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", p->frame->measures[i].id);
  if (p->error != NULL && *p->error == NULL)
    g_set_error (p->error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                 _("The definition of response names “%s”, which is no measure; there are: %s."),
                 id, known->str);
  return FALSE;
}

static KtmDefinition *
parse_condition (Parser *p)
{
  g_autoptr(KtmDefinition) node = new_node (NODE_RELIEF_POINTS, NULL);
  g_autofree char *id = NULL;

  if (take_word (p, "stop"))
    return parse_stop (p);
  id = next_word (p, FALSE);
  if (id == NULL)
    {
      not_understood (p, _("a measure or “stop”"));
      return NULL;
    }
  if (!find_measure (p, id, node))
    return NULL;
  if (take_word (p, "score"))
    node->kind = NODE_SCORE;
  if (!take_op (p, &node->op))
    return NULL;
  if (!take_number (p, &node->threshold))
    {
      not_understood (p, _("a number"));
      return NULL;
    }
  skip (p);
  if (node->kind != NODE_SCORE && *p->at == '%')
    {
      p->at++;
      node->kind = NODE_RELIEF_PERCENT;
    }
  else
    take_word (p, "points");
  return take_when (p, node) ? g_steal_pointer (&node) : NULL;
}

static KtmDefinition *
parse_factor (Parser *p)
{
  KtmDefinition *node;

  if (take_word (p, "not"))
    {
      node = parse_factor (p);
      return node != NULL ? new_node (NODE_NOT, node) : NULL;
    }
  skip (p);
  if (*p->at != '(')
    return parse_condition (p);
  p->at++;
  node = parse_or (p);
  if (node == NULL)
    return NULL;
  skip (p);
  if (*p->at == ')')
    {
      p->at++;
      return node;
    }
  not_understood (p, "“)”");
  ktm_definition_free (node);
  return NULL;
}

/* One level of the grammar: operands joined by @word. */
static KtmDefinition *
parse_chain (Parser *p, const char *word, NodeKind kind, KtmDefinition *(*operand) (Parser *))
{
  KtmDefinition *node = operand (p);
  gboolean joined = FALSE;

  while (node != NULL && take_word (p, word))
    {
      KtmDefinition *next = operand (p);

      if (!joined)
        node = new_node (kind, node);
      joined = TRUE;
      if (next == NULL)
        {
          ktm_definition_free (node);
          return NULL;
        }
      g_ptr_array_add (node->children, next);
    }
  return node;
}

static KtmDefinition *
parse_and (Parser *p)
{
  return parse_chain (p, "and", NODE_AND, parse_factor);
}

static KtmDefinition *
parse_or (Parser *p)
{
  return parse_chain (p, "or", NODE_OR, parse_and);
}

KtmDefinition *
ktm_definition_parse (const KtmFrame *frame, const char *text, GError **error)
{
  g_autoptr(GError) local = NULL;
  Parser p = { frame, text, &local };
  KtmDefinition *node;
  gsize depth = 0;

  for (const char *c = text; *c != '\0'; c++) /* recursion is bounded by the parentheses and nots */
    depth += *c == '(' || ((*c == 'n' || *c == 'N') && g_ascii_strncasecmp (c, "not", 3) == 0);
  if (depth > 100)
    {
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                           _("The definition of response is too long."));
      return NULL;
    }
  node = parse_or (&p);
  skip (&p);
  if (node != NULL && *p.at != '\0')
    {
      not_understood (&p, _("“and”, “or” or the end"));
      g_clear_pointer (&node, ktm_definition_free);
    }
  if (node == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return node;
}

/* --- does it hold? ---------------------------------------------------------------------------- */

static gboolean
compare (double value, Op op, double threshold)
{
  const double tolerance = 1e-9;  /* 30 % of 7 points is not exactly 2.1 */

  switch (op)
    {
    case OP_GE: return value >= threshold - tolerance;
    case OP_GT: return value > threshold + tolerance;
    case OP_LE: return value <= threshold + tolerance;
    default: return value < threshold - tolerance;
    }
}

/* The score under the missing rule, as ktm_frame_table() would fill it in; the baseline is never
 * filled in. */
static double
score_at (const KtmFrame *f, const KtmFrameMeasure *m, KtmMissing missing, gsize patient,
          gsize visit)
{
  double score = m->value[patient * f->n_visits + visit];

  if (!isnan (score) || f->visit_time[visit] <= 0)
    return score;
  switch (missing)
    {
    case KTM_MISSING_LOCF:
      for (gsize v = visit; v-- > 0 && f->visit_time[v] > 0; )
        if (!isnan (m->value[patient * f->n_visits + v]))
          return m->value[patient * f->n_visits + v];
      return m->baseline[patient];
    case KTM_MISSING_BOCF: return m->baseline[patient];
    case KTM_MISSING_WORST: return m->lower_better ? m->max : m->min;
    default: return NAN;
    }
}

static int
condition_at (const KtmDefinition *d, const KtmFrame *f, KtmMissing missing, gsize patient,
              gsize visit)
{
  const KtmFrameMeasure *m = &f->measures[d->measure];
  double score = score_at (f, m, missing, patient, visit), baseline = m->baseline[patient], relief;

  if (isnan (score))
    return -1;
  if (d->kind == NODE_SCORE)
    return compare (score, d->op, d->threshold);
  if (isnan (baseline) || (d->kind == NODE_RELIEF_PERCENT && baseline == 0))
    return -1;
  relief = m->lower_better ? baseline - score : score - baseline;
  if (d->kind == NODE_RELIEF_PERCENT)
    relief = 100 * relief / fabs (baseline);
  return compare (relief, d->op, d->threshold);
}

/* At every scored visit from the start to @visit, and at @visit itself; one failure is a no,
 * whatever is missing. */
static int
sustained (const KtmDefinition *d, const KtmFrame *f, KtmMissing missing, gsize patient,
           gsize visit)
{
  int last = -1;

  for (gsize v = 0; v <= visit; v++)
    {
      int here;

      if (isnan (d->time) ? f->visit_time[v] <= 0 : f->visit_time[v] < d->time - 1e-6)
        continue;
      here = condition_at (d, f, missing, patient, v);
      if (here == 0)
        return 0;
      last = here;
    }
  return last;
}

static int
stopped (const KtmDefinition *d, const KtmFrame *f, gsize patient, gsize visit)
{
  double time = f->stop_time[patient], reason = f->stop_reason[patient];

  if (isnan (time) && isnan (reason))
    return 0;
  if (!isnan (time) && time > f->visit_time[visit] + 1e-6)
    return 0;
  return d->reason < 0 || reason == (double) d->reason;
}

int
ktm_definition_holds (const KtmDefinition *d, const KtmFrame *f, KtmMissing missing, gsize patient,
                      gsize visit)
{
  int result = d->kind == NODE_OR ? 0 : 1;

  if (d->kind == NODE_STOP)
    return stopped (d, f, patient, visit);
  if (d->kind > NODE_NOT)
    return d->when == WHEN_SUSTAINED
               ? sustained (d, f, missing, patient, visit)
               : condition_at (d, f, missing, patient,
                               d->when == WHEN_AT ? (gsize) ktm_frame_find_visit (f, d->time)
                                                  : visit);
  for (gsize i = 0; i < d->children->len; i++)
    {
      int child = ktm_definition_holds (d->children->pdata[i], f, missing, patient, visit);

      if (d->kind == NODE_NOT)
        return child < 0 ? -1 : !child;
      if (child == (d->kind == NODE_OR))
        return child;
      if (child < 0)
        result = -1;
    }
  return result;
}

gsize
ktm_definition_n_conditions (const KtmDefinition *definition)
{
  return definition->kind == NODE_AND ? definition->children->len : 0;
}

const KtmDefinition *
ktm_definition_condition (const KtmDefinition *definition, gsize i)
{
  return definition->children->pdata[i];
}

/* --- words ------------------------------------------------------------------------------------ */

static KtmText *
when_text (const KtmDefinition *d, const KtmFrame *f, KtmText *what)
{
  if (d->when == WHEN_AT)
    return ktm_text_new (N_("{1} at {2}"), "tt", what,
                         ktm_frame_visit_text (f, (gsize) ktm_frame_find_visit (f, d->time)));
  if (d->when == WHEN_SUSTAINED && !isnan (d->time))
    return ktm_text_new (N_("{1} at every scored visit from {2} on"), "tt", what,
                         ktm_frame_visit_text (f, (gsize) ktm_frame_find_visit (f, d->time)));
  if (d->when == WHEN_SUSTAINED)
    return ktm_text_new (N_("{1} at every scored visit"), "t", what);
  return what;
}

static KtmText *
condition_text (const KtmDefinition *d, const KtmFrame *f)
{
  static const char *const words[] = { N_("at least {1}"), N_("more than {1}"),
                                       N_("at most {1}"), N_("less than {1}") };
  const KtmFrameMeasure *m = &f->measures[d->measure];
  const char *label = m->label != NULL ? m->label : m->id;
  KtmText *amount = ktm_text_new (words[d->op], "g", d->threshold);
  KtmText *what = d->kind == NODE_RELIEF_PERCENT
                      ? ktm_text_new (N_("{2} improved by {1} %"), "ts", amount, label)
                  : d->kind == NODE_RELIEF_POINTS
                      ? ktm_text_new (N_("{2} improved by {1} points"), "ts", amount, label)
                      : ktm_text_new (N_("{2} {1}"), "ts", amount, label);

  return when_text (d, f, what);
}

KtmText *
ktm_definition_text (const KtmDefinition *d, const KtmFrame *f)
{
  KtmText *text;

  if (d->kind == NODE_STOP)
    return d->reason < 0 ? ktm_text_new (N_("stopped"), "")
                         : ktm_text_new (N_("stopped for “{1}”"), "s", f->stop_reasons[d->reason]);
  if (d->kind > NODE_NOT)
    return condition_text (d, f);
  text = ktm_definition_text (d->children->pdata[0], f);
  if (d->kind == NODE_NOT)
    return ktm_text_new (N_("not ({1})"), "t", text);
  for (gsize i = 1; i < d->children->len; i++)
    text = ktm_text_new (d->kind == NODE_AND ? N_("{1} and {2}") : N_("{1} or {2}"), "tt", text,
                         ktm_definition_text (d->children->pdata[i], f));
  return text;
}
