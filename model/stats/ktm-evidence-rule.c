/* model/stats: what is asked of the published studies, as words.  libc only. */
#include "ktm-evidence.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const effects[] = { "md", "smd", "rr", "or", "rd", "change" };
static const char *const methods[] = { "iv", "mh", "peto" };
static const char *const taus[] = { "none", "dl", "reml", "pm" };
static const char *const tests[] = { "wald", "hksj", "hksj-adhoc" };
static const char *const answers[] = { "no", "yes" };

void
ktm_evidence_rule_init (KtmEvidenceRule *rule)
{
  *rule = (KtmEvidenceRule){ .tau2 = KTM_META_REML, .ci = KTM_META_HKSJ, .own = true };
}

const char *
ktm_effect_key (KtmEvidenceEffect effect)
{
  return effects[effect];
}

bool
ktm_effect_parse (const char *key, KtmEvidenceEffect *out)
{
  for (int i = 0; key != NULL && i < KTM_N_EFFECTS; i++)
    if (strcmp (key, effects[i]) == 0)
      {
        *out = (KtmEvidenceEffect) i;
        return true;
      }
  return false;
}

bool
ktm_effect_is_ratio (KtmEvidenceEffect effect)
{
  return effect == KTM_EFFECT_RR || effect == KTM_EFFECT_OR;
}

bool
ktm_effect_is_binary (KtmEvidenceEffect effect)
{
  return ktm_effect_is_ratio (effect) || effect == KTM_EFFECT_RD;
}

static bool
find (const char *word, const char *const *words, size_t n, int *out)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (word, words[i]) == 0)
      {
        *out = (int) i;
        return true;
      }
  return false;
}

#define FIND(word, words, out) find (word, words, sizeof words / sizeof *words, out)

static bool
set_word (KtmEvidenceRule *rule, const char *key, const char *value)
{
  int at = 0;
  bool ok = false;

  if (strcmp (key, "effect") == 0 && (ok = FIND (value, effects, &at)))
    rule->effect = (KtmEvidenceEffect) at;
  else if (strcmp (key, "method") == 0 && (ok = FIND (value, methods, &at)))
    rule->method = (KtmPoolMethod) at;
  else if (strcmp (key, "tau2") == 0 && (ok = FIND (value, taus, &at)))
    rule->tau2 = (KtmMetaMethod) at;
  else if (strcmp (key, "ci") == 0 && (ok = FIND (value, tests, &at)))
    rule->ci = (KtmMetaTest) at;
  else if (strcmp (key, "own") == 0 && (ok = FIND (value, answers, &at)))
    rule->own = at == 1;
  return ok;
}

static const char *
skip_space (const char *p)
{
  while (isspace ((unsigned char) *p))
    p++;
  return p;
}

/* "key value" up to a comma; NULL: not understood. */
static const char *
parse_one (const char *p, KtmEvidenceRule *rule)
{
  char key[16], value[16];
  int used = 0;

  if (strncmp (p, "moderator ", 10) == 0)
    {
      p = skip_space (p + 10);
      if (strlen (p) >= sizeof rule->moderator || *p == '\0')
        return NULL;
      strcpy (rule->moderator, p);
      return p + strlen (p);
    }
  if (sscanf (p, "%15[a-z0-9] %15[a-z0-9-]%n", key, value, &used) != 2
      || !set_word (rule, key, value))
    return NULL;
  return skip_space (p + used);
}

bool
ktm_evidence_rule_parse (const char *text, KtmEvidenceRule *rule, const char **where)
{
  const char *p = text != NULL ? skip_space (text) : "";

  ktm_evidence_rule_init (rule);
  while (*p != '\0')
    {
      const char *next = parse_one (p, rule);

      if (where != NULL)
        *where = p;
      if (next == NULL || (*next != '\0' && *next != ','))
        return false;
      p = *next == ',' ? skip_space (next + 1) : next;
    }
  return true;
}

void
ktm_evidence_rule_print (const KtmEvidenceRule *rule, char text[250])
{
  snprintf (text, 250, "effect %s, method %s, tau2 %s, ci %s, own %s%s%s", effects[rule->effect],
            methods[rule->method], taus[rule->tau2], tests[rule->ci], answers[rule->own],
            rule->moderator[0] != '\0' ? ", moderator " : "", rule->moderator);
}
