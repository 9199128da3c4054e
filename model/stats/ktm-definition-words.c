/* model/stats: the words definitions of response are made of.  libc only. */
#include "ktm-definition-private.h"

#include <string.h>
#include <strings.h>

/* The first problem is the one told. */
void
ktm_parser_say (KtmParser *p, bool unknown, KtmText *sentence)
{
  if (p->problem == NULL || p->problem->sentence != NULL)
    {
      ktm_text_free (sentence);
      return;
    }
  p->problem->unknown = unknown;
  p->problem->sentence = sentence;
}

void
ktm_parser_skip (KtmParser *p)
{
  p->at += strspn (p->at, " \t\n\r\f\v");
}

void
ktm_parser_expect (KtmParser *p, const char *expected)
{
  ktm_parser_skip (p);
  if (*p->at == '\0')
    ktm_parser_say (p, false,
         ktm_text_new (N_("The definition of response ends where {1} is expected."), "w",
                       expected));
  else
    ktm_parser_say (p, false,
         ktm_text_new (N_("In the definition of response, {1} is expected at “{2}”."), "ws",
                       expected, p->at));
}

static bool
is_word_byte (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-' || c == '.' || (unsigned char) c >= 0x80;
}

/* The next word, or what stands in quotes, into @out; where it ends, or NULL. */
const char *
ktm_parser_word (KtmParser *p, char out[KTM_PARSER_WORD], bool *quoted)
{
  const char *start, *end;

  ktm_parser_skip (p);
  start = p->at;
  *quoted = *start == '"';
  if (*quoted)
    end = strchr (++start, '"');
  else
    for (end = start; is_word_byte (*end); end++)
      ;
  if (end == NULL || (end == start && !*quoted) || (size_t) (end - start) >= KTM_PARSER_WORD)
    return NULL;
  memcpy (out, start, (size_t) (end - start));
  out[end - start] = '\0';
  return *quoted ? end + 1 : end;
}

bool
ktm_parser_take (KtmParser *p, const char *word)
{
  char next[KTM_PARSER_WORD];
  bool quoted;
  const char *end = ktm_parser_word (p, next, &quoted);

  if (end == NULL || quoted || strcasecmp (next, word) != 0)
    return false;
  p->at = end;
  return true;
}

bool
ktm_parser_take_char (KtmParser *p, char c)
{
  ktm_parser_skip (p);
  if (*p->at != c)
    return false;
  p->at++;
  return true;
}

/* Digits with a point, whatever the locale. */
bool
ktm_parser_take_number (KtmParser *p, double *out)
{
  const char *c;
  double value = 0, unit = 1;
  bool minus, any = false;

  ktm_parser_skip (p);
  c = p->at;
  minus = *c == '-';
  c += minus;
  for (; *c >= '0' && *c <= '9'; c++, any = true)
    value = 10 * value + (*c - '0');
  if (*c == '.')
    for (c++; *c >= '0' && *c <= '9'; c++, any = true)
      {
        value = 10 * value + (*c - '0');
        unit *= 10;
      }
  if (!any || !isfinite (value / unit))
    return false;
  *out = minus ? -value / unit : value / unit;
  p->at = c;
  return true;
}
