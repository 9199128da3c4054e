/* Sentences that can be said in any language later: a message id with typed arguments.
 *
 * Reports and figures are written once and read on screen, in a French manuscript and in a JSON
 * file.  So the floors below the window never build a finished string: they keep the English
 * message (marked with N_()) and its arguments, and render both when the language is known.  libc
 * only.
 */
#pragma once

#include <stddef.h>

/* One language: its catalogue (a compiled .mo file in memory) and its decimal mark.  NULL means
 * English. */
typedef struct _KtmLang KtmLang;

/* Makes the language @code ("fr") known from the bytes of its .mo file, which must outlive the
 * program; called by main() before any thread starts.  A later call for the same code replaces
 * nothing, and bytes that are not a well-formed catalogue (every offset is checked) are refused:
 * the language stays unknown. */
void           ktm_lang_register (const char *code, const void *mo, size_t size);
const KtmLang *ktm_lang_find     (const char *code);     /* "fr", "fr_BE.UTF-8" …; NULL: English */
const char    *ktm_lang_code     (const KtmLang *lang);  /* "en" for NULL */
size_t         ktm_lang_count    (void);                 /* languages besides English */
const char    *ktm_lang_nth      (size_t i);             /* their codes */

/* The translation of a message, or the message itself.  Borrowed; never NULL for a non-NULL @msgid.
 */
const char *ktm_lang_text   (const KtmLang *lang, const char *msgid);
const char *
ktm_lang_plural (const KtmLang *lang, const char *one, const char *many, unsigned long n);

/* A number for people: @decimals places, U+2212 for minus, the language's decimal mark (@mark
 * overrides it:
 * '.' or ',' or 0), "–" for NaN, "∞" for infinity.  A result that rounds to zero has no sign.
 * malloc'd. */
char *ktm_lang_number (const KtmLang *lang, double value, int decimals, char mark);
/* A p-value: ".012", "< .0001", "> .99"; two significant digits, at most four decimals; with a
 * decimal comma "0,012".  malloc'd, without "p = ". */
char *ktm_lang_p      (const KtmLang *lang, double p, char mark);

/* A message with its arguments.  Owned by whoever made it. */
typedef struct _KtmText KtmText;

/* @signature: one letter an argument, in the order of the placeholders {1} {2} … in @msgid:
 *   s  const char *, as it is (a label from the data)      w  const char *, itself a message to
 * translate i  long                                                 0…6  double with so many
 * decimals g  double, shortest form up to 6 digits                 p  double, "p = .012" / "p <
 * .0001" t  KtmText *, taken over, said in the same language     q  double, as p without "p = " Up
 * to nine arguments; strings are copied.  NULL when memory is out. */
KtmText *ktm_text_new        (const char *msgid, const char *signature, ...);
/* The first 'i' argument chooses between the two forms.  Both are written here as plain strings,
 * without N_(): xgettext knows this function, and keeps them together as one message with a plural.
 */
KtmText *ktm_text_new_plural (const char *one, const char *many, const char *signature, ...);
KtmText *ktm_text_copy       (const KtmText *text);
void     ktm_text_free       (KtmText *text);
const char *ktm_text_msgid   (const KtmText *text);

/* The sentence in @lang with decimal mark @mark (0: the language's).  malloc'd; "" for NULL. */
char *ktm_text_render (const KtmText *text, const KtmLang *lang, char mark);
