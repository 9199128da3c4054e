/* model/stats: sentences that can be said in any language later.  libc only. */
#include "ktm-text.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LANGS 16
#define MAX_ARGS 9

typedef enum { PLURAL_NOT_ONE, PLURAL_MORE_THAN_ONE, PLURAL_NONE } PluralRule;

struct _KtmLang
{
  char                 code[16];
  const unsigned char *mo;       /* borrowed for ever */
  size_t               size;
  bool                 swapped;  /* the file's byte order is not ours */
  uint32_t             n, originals, translations;
  PluralRule           plural;
  char                 mark;
};

typedef struct
{
  char     type;   /* a letter of the signature */
  char    *string; /* s, w: owned */
  long     integer;
  double   number;
  KtmText *text;   /* t: owned */
} Arg;

struct _KtmText
{
  char  *one, *many; /* owned; many nullable */
  size_t n_args;
  Arg    args[MAX_ARGS];
};

static KtmLang langs[MAX_LANGS];
static size_t  n_langs;

/* --- the catalogue ---------------------------------------------------------------------------- */

static uint32_t
read_u32 (const KtmLang *lang, size_t offset)
{
  const unsigned char *b = lang->mo + offset;
  uint32_t v;

  memcpy (&v, b, sizeof v);
  if (lang->swapped)
    v = (v >> 24) | ((v >> 8) & 0xff00u) | ((v << 8) & 0xff0000u) | (v << 24);
  return v;
}

/* String @i of the table at @table, with its length; every byte was checked by check_table(). */
static const char *
read_string (const KtmLang *lang, uint32_t table, uint32_t i, size_t *length)
{
  size_t entry = (size_t) table + (size_t) i * 8;

  *length = read_u32 (lang, entry);
  return (const char *) lang->mo + read_u32 (lang, entry + 4);
}

static bool
check_table (const KtmLang *lang, uint32_t table)
{
  if (table > lang->size || (lang->size - table) / 8 < lang->n)
    return false;
  for (uint32_t i = 0; i < lang->n; i++)
    {
      size_t entry = (size_t) table + (size_t) i * 8;
      size_t length = read_u32 (lang, entry), start = read_u32 (lang, entry + 4);

      if (start >= lang->size || length >= lang->size - start || lang->mo[start + length] != 0)
        return false;
    }
  return true;
}

static bool
open_catalogue (KtmLang *lang)
{
  if (lang->mo == NULL || lang->size < 28)
    return false;
  uint32_t magic = read_u32 (lang, 0);
  if (magic == 0xde120495u)
    lang->swapped = true;
  else if (magic != 0x950412deu)
    return false;
  if (read_u32 (lang, 4) >> 16 > 1)
    return false;
  lang->n = read_u32 (lang, 8);
  lang->originals = read_u32 (lang, 12);
  lang->translations = read_u32 (lang, 16);
  return check_table (lang, lang->originals) && check_table (lang, lang->translations);
}

/* The translation of @msgid (of its singular, when it has a plural), or NULL. */
static const char *
look_up (const KtmLang *lang, const char *msgid, size_t *length)
{
  uint32_t lo = 0, hi = lang->n;

  while (lo < hi)
    {
      uint32_t mid = lo + (hi - lo) / 2;
      size_t key_length;
      int order = strcmp (msgid, read_string (lang, lang->originals, mid, &key_length));

      if (order == 0)
        return read_string (lang, lang->translations, mid, length);
      if (order < 0)
        hi = mid;
      else
        lo = mid + 1;
    }
  return NULL;
}

/* The few rules languages of Western Europe have, read from the Plural-Forms header. */
static PluralRule
read_plural_rule (const KtmLang *lang)
{
  size_t length;
  const char *header = look_up (lang, "", &length);
  const char *line = header != NULL ? strstr (header, "plural=") : NULL;
  char squeezed[32];
  size_t n = 0;

  while (line != NULL && strncmp (line, "plural=", 7) == 0 && line > header && line[-1] == 'n')
    line = strstr (line + 7, "plural=");
  if (line == NULL)
    return PLURAL_NOT_ONE;
  for (line += 7; *line != '\0' && *line != ';' && n < sizeof squeezed - 1; line++)
    if (*line != ' ' && *line != '(' && *line != ')')
      squeezed[n++] = *line;
  squeezed[n] = '\0';
  if (strcmp (squeezed, "n>1") == 0)
    return PLURAL_MORE_THAN_ONE;
  return strcmp (squeezed, "0") == 0 ? PLURAL_NONE : PLURAL_NOT_ONE;
}

static char
decimal_mark_of (const char *code)
{
  static const char *const comma[] = { "bg", "ca", "cs", "da", "de", "el", "es", "et", "fi",
                                       "fr", "hr", "hu", "it", "lt", "lv", "nb", "nl", "nn",
                                       "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk" };

  for (size_t i = 0; i < sizeof comma / sizeof *comma; i++)
    if (strncmp (code, comma[i], 2) == 0 && (code[2] == '\0' || code[2] == '_'))
      return ',';
  return '.';
}

void
ktm_lang_register (const char *code, const void *mo, size_t size)
{
  KtmLang lang = { .mo = mo, .size = size };

  if (code == NULL || *code == '\0' || strlen (code) >= sizeof lang.code || n_langs == MAX_LANGS)
    return;
  for (size_t i = 0; i < n_langs; i++)
    if (strcmp (langs[i].code, code) == 0)
      return;
  if (!open_catalogue (&lang))
    return;
  memcpy (lang.code, code, strlen (code) + 1);
  lang.plural = read_plural_rule (&lang);
  lang.mark = decimal_mark_of (code);
  langs[n_langs++] = lang;
}

const KtmLang *
ktm_lang_find (const char *code)
{
  if (code == NULL)
    return NULL;
  for (int pass = 0; pass < 2; pass++)  /* "pt_BR" before "pt" */
    {
      size_t length = strcspn (code, pass == 0 ? ".@" : "._@-");

      for (size_t i = 0; i < n_langs; i++)
        if (strlen (langs[i].code) == length && strncmp (langs[i].code, code, length) == 0)
          return &langs[i];
    }
  return NULL;
}

const char *
ktm_lang_code (const KtmLang *lang)
{
  return lang != NULL ? lang->code : "en";
}

size_t
ktm_lang_count (void)
{
  return n_langs;
}

const char *
ktm_lang_nth (size_t i)
{
  return i < n_langs ? langs[i].code : NULL;
}

const char *
ktm_lang_text (const KtmLang *lang, const char *msgid)
{
  size_t length;
  const char *found;

  if (lang == NULL || msgid == NULL || *msgid == '\0')
    return msgid;
  found = look_up (lang, msgid, &length);
  return found != NULL && length > 0 ? found : msgid;
}

const char *
ktm_lang_plural (const KtmLang *lang, const char *one, const char *many, unsigned long n)
{
  const char *plain = n == 1 ? one : many;
  size_t length, form, start = 0;
  const char *found;

  if (lang == NULL || one == NULL || *one == '\0')
    return plain;
  found = look_up (lang, one, &length);
  if (found == NULL || length == 0)
    return plain;
  form = lang->plural == PLURAL_NONE ? 0 : lang->plural == PLURAL_MORE_THAN_ONE ? n > 1 : n != 1;
  for (; form > 0; form--)
    {
      start += strlen (found + start) + 1;
      if (start > length)
        return plain;
    }
  return found[start] != '\0' ? found + start : plain;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static char
mark_for (const KtmLang *lang, char mark)
{
  return mark != 0 ? mark : lang != NULL ? lang->mark : '.';
}

/* What snprintf wrote in whatever locale → U+2212 for minus, @mark for the decimal point. malloc'd.
 */
static char *
dress (const char *digits, char mark)
{
  char *out = malloc (3 * strlen (digits) + 1);
  size_t n = 0;

  if (out == NULL)
    return NULL;
  for (const char *c = digits; *c != '\0'; c++)
    {
      if (*c == '-')
        {
          memcpy (out + n, "\xe2\x88\x92", 3);
          n += 3;
        }
      else if ((*c >= '0' && *c <= '9') || *c == 'e' || *c == '+')
        out[n++] = *c;
      else if (n == 0 || out[n - 1] != mark)  /* a locale's mark may have several bytes */
        out[n++] = mark;
    }
  out[n] = '\0';
  return out;
}

static bool
all_zero (const char *digits)
{
  for (const char *c = digits; *c != '\0'; c++)
    if (*c >= '1' && *c <= '9')
      return false;
  return true;
}

static char *
copy_string (const char *string)
{
  size_t size = strlen (string) + 1;
  char *copy = malloc (size);

  return copy != NULL ? memcpy (copy, string, size) : NULL;
}

static char *
special_number (double value)
{
  if (isnan (value))
    return copy_string ("\xe2\x80\x93");
  return copy_string (value > 0 ? "\xe2\x88\x9e" : "\xe2\x88\x92\xe2\x88\x9e");
}

char *
ktm_lang_number (const KtmLang *lang, double value, int decimals, char mark)
{
  char digits[400];

  if (!isfinite (value))
    return special_number (value);
  if (decimals < 0)
    decimals = 0;
  if (decimals > 15)
    decimals = 15;
  snprintf (digits, sizeof digits, "%.*f", decimals, value);
  return dress (digits[0] == '-' && all_zero (digits) ? digits + 1 : digits, mark_for (lang, mark));
}

static char *
shortest_number (const KtmLang *lang, double value, char mark)
{
  char digits[64];

  if (!isfinite (value))
    return special_number (value);
  snprintf (digits, sizeof digits, "%.6g", value == 0 ? 0.0 : value);
  return dress (digits, mark_for (lang, mark));
}

/* @sign: "", "< " or "> ".  Comma languages keep the zero before the mark, as their typography
 * asks. */
static char *
write_p (const char *sign, double p, int decimals, char mark)
{
  char digits[32], out[48];
  const char *from;

  snprintf (digits, sizeof digits, "%.*f", decimals, p);
  from = strpbrk (digits + 1, "0123456789");
  snprintf (out, sizeof out, "%s%s%c%s", sign,
            digits[0] != '0' ? "1"
            : mark == ','    ? "0"
                             : "",
            mark, from);
  return copy_string (out);
}

char *
ktm_lang_p (const KtmLang *lang, double p, char mark)
{
  char m = mark_for (lang, mark);

  if (isnan (p))
    return special_number (p);
  if (p < 0.0001)
    return write_p ("< ", 0.0001, 4, m);
  if (p > 0.99)
    return write_p ("> ", 0.99, 2, m);
  return write_p ("", p, p >= 0.0995 ? 2 : p >= 0.00995 ? 3 : 4, m);
}

/* --- messages --------------------------------------------------------------------------------- */

static bool
read_arg (Arg *arg, char type, va_list *list)
{
  const char *string;

  arg->type = type;
  switch (type)
    {
    case 's': case 'w':
      string = va_arg (*list, const char *);
      arg->string = copy_string (string != NULL ? string : "");
      return arg->string != NULL;
    case 'i':
      arg->integer = va_arg (*list, long);
      return true;
    case 't':
      arg->text = va_arg (*list, KtmText *);
      return true;
    default:
      arg->number = va_arg (*list, double);
      return true;
    }
}

static KtmText *
new_text (const char *one, const char *many, const char *signature, va_list *list)
{
  KtmText *text = calloc (1, sizeof *text);
  bool ok = text != NULL;

  if (ok)
    {
      text->one = copy_string (one);
      text->many = many != NULL ? copy_string (many) : NULL;
      ok = text->one != NULL && (many == NULL || text->many != NULL);
    }
  for (const char *c = signature; ok && c != NULL && *c != '\0' && text->n_args < MAX_ARGS; c++)
    ok = read_arg (&text->args[text->n_args++], *c, list);
  if (ok)
    return text;
  ktm_text_free (text);
  return NULL;
}

KtmText *
ktm_text_new (const char *msgid, const char *signature, ...)
{
  va_list list;
  KtmText *text;

  va_start (list, signature);
  text = new_text (msgid, NULL, signature, &list);
  va_end (list);
  return text;
}

KtmText *
ktm_text_new_plural (const char *one, const char *many, const char *signature, ...)
{
  va_list list;
  KtmText *text;

  va_start (list, signature);
  text = new_text (one, many, signature, &list);
  va_end (list);
  return text;
}

KtmText *
ktm_text_copy (const KtmText *text)
{
  KtmText *copy = text != NULL ? calloc (1, sizeof *copy) : NULL;

  if (copy == NULL)
    return NULL;
  copy->one = copy_string (text->one);
  copy->many = text->many != NULL ? copy_string (text->many) : NULL;
  copy->n_args = text->n_args;
  bool ok = copy->one != NULL && (text->many == NULL || copy->many != NULL);
  for (size_t i = 0; i < text->n_args; i++)
    {
      copy->args[i] = text->args[i];
      copy->args[i].string =
          text->args[i].string != NULL ? copy_string (text->args[i].string) : NULL;
      copy->args[i].text = ktm_text_copy (text->args[i].text);
      ok = ok && (text->args[i].string == NULL || copy->args[i].string != NULL);
    }
  if (ok)
    return copy;
  ktm_text_free (copy);
  return NULL;
}

void
ktm_text_free (KtmText *text)
{
  if (text == NULL)
    return;
  for (size_t i = 0; i < text->n_args; i++)
    {
      free (text->args[i].string);
      ktm_text_free (text->args[i].text);
    }
  free (text->one);
  free (text->many);
  free (text);
}

const char *
ktm_text_msgid (const KtmText *text)
{
  return text != NULL ? text->one : NULL;
}

static char *
render_p (const KtmLang *lang, double p, char mark)
{
  char *number = ktm_lang_p (lang, p, mark), *out;
  size_t size;

  if (number == NULL)
    return NULL;
  size = strlen (number) + 8;
  out = malloc (size);
  if (out != NULL)
    snprintf (out, size, number[0] == '<' || number[0] == '>' ? "p %s" : "p = %s", number);
  free (number);
  return out;
}

static char *
render_arg (const Arg *arg, const KtmLang *lang, char mark)
{
  char digits[32];

  switch (arg->type)
    {
    case 's': return copy_string (arg->string);
    case 'w': return copy_string (ktm_lang_text (lang, arg->string));
    case 't': return ktm_text_render (arg->text, lang, mark);
    case 'i':
      snprintf (digits, sizeof digits, "%ld", arg->integer);
      return dress (digits, '.');
    case 'g': return shortest_number (lang, arg->number, mark);
    case 'p': return render_p (lang, arg->number, mark);
    case 'q': return ktm_lang_p (lang, arg->number, mark);
    default:
      return ktm_lang_number (lang, arg->number,
                              arg->type >= '0' && arg->type <= '6' ? arg->type - '0' : 2, mark);
    }
}

static const char *
choose_form (const KtmText *text, const KtmLang *lang)
{
  if (text->many == NULL)
    return ktm_lang_text (lang, text->one);
  for (size_t i = 0; i < text->n_args; i++)
    if (text->args[i].type == 'i')
      {
        long n = text->args[i].integer;

        return ktm_lang_plural (lang, text->one, text->many,
                                n < 0 ? (unsigned long) -n : (unsigned long) n);
      }
  return ktm_lang_text (lang, text->one);
}

typedef struct
{
  char  *data;
  size_t length, size;
  bool   failed;
} Buffer;

static void
append (Buffer *buffer, const char *bytes, size_t n)
{
  if (buffer->failed)
    return;
  if (buffer->length + n + 1 > buffer->size)
    {
      size_t size = 2 * (buffer->length + n + 1);
      char *data = realloc (buffer->data, size);

      if (data == NULL)
        {
          buffer->failed = true;
          return;
        }
      buffer->data = data;
      buffer->size = size;
    }
  memcpy (buffer->data + buffer->length, bytes, n);
  buffer->length += n;
  buffer->data[buffer->length] = '\0';
}

char *
ktm_text_render (const KtmText *text, const KtmLang *lang, char mark)
{
  Buffer buffer = { 0 };

  if (text == NULL)
    return copy_string ("");
  append (&buffer, "", 0);
  for (const char *c = choose_form (text, lang); *c != '\0'; )
    {
      if (c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}'
          && (size_t) (c[1] - '1') < text->n_args)
        {
          char *arg = render_arg (&text->args[c[1] - '1'], lang, mark);

          append (&buffer, arg != NULL ? arg : "", arg != NULL ? strlen (arg) : 0);
          free (arg);
          c += 3;
          continue;
        }
      size_t n = 1 + strcspn (c + 1, "{");
      append (&buffer, c, n);
      c += n;
    }
  if (!buffer.failed)
    return buffer.data;
  free (buffer.data);
  return NULL;
}
