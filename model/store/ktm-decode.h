/* Bytes of a text file to UTF-8.  The encoding is found from the whole file, or given; never from a
 * locale. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  KTM_ENCODING_AUTO,
  KTM_ENCODING_UTF8,
  KTM_ENCODING_UTF16LE,
  KTM_ENCODING_UTF16BE,
  KTM_ENCODING_WINDOWS_1252,
  KTM_ENCODING_LATIN1
} KtmEncoding;

typedef struct
{
  char        *text;       /* UTF-8, may hold NUL bytes; one NUL after the end */
  gboolean     borrowed;   /* it is what was decoded: nothing had to change */
  gsize        len;        /* bytes */
  KtmEncoding  encoding;   /* what was used: never AUTO */
  gboolean     bom;        /* a byte order mark said so */
  guint        n_replaced; /* bytes that are no UTF-8 and became U+FFFD */
} KtmDecoded;

void        ktm_decoded_clear      (KtmDecoded *decoded);
gboolean
ktm_decode (const guint8 *bytes, gsize len, KtmEncoding wanted, KtmDecoded *out, GError **error);
const char *ktm_encoding_name      (KtmEncoding encoding);
gboolean    ktm_encoding_from_name (const char *name, KtmEncoding *out);
