/* model/store: GIO only.  Which encoding a file is in, and its text in UTF-8. */
#include "ktm-decode.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct { KtmEncoding encoding; const char *name, *charset; } encodings[] = {
  { KTM_ENCODING_AUTO,         "auto",         NULL },
  { KTM_ENCODING_UTF8,         "UTF-8",        "UTF-8" },
  { KTM_ENCODING_UTF16LE,      "UTF-16LE",     "UTF-16LE" },
  { KTM_ENCODING_UTF16BE,      "UTF-16BE",     "UTF-16BE" },
  { KTM_ENCODING_WINDOWS_1252, "Windows-1252", "WINDOWS-1252" },
  { KTM_ENCODING_LATIN1,       "ISO-8859-1",   "ISO-8859-1" },
  { KTM_ENCODING_UTF8,         "utf8",         "UTF-8" },
  { KTM_ENCODING_UTF16LE,      "utf-16",       "UTF-16LE" },
  { KTM_ENCODING_UTF16LE,      "utf16",        "UTF-16LE" },
  { KTM_ENCODING_WINDOWS_1252, "cp1252",       "WINDOWS-1252" },
  { KTM_ENCODING_LATIN1,       "latin1",       "ISO-8859-1" },
  { KTM_ENCODING_LATIN1,       "latin-1",      "ISO-8859-1" },
};

/* The name of an encoding as people and options write it. */
const char *
ktm_encoding_name (KtmEncoding encoding)
{
  return encodings[encoding].name;
}

/* Reads "utf-8", "latin1", "windows-1252" … (any case) into *@out; FALSE if it is none we read. */
gboolean
ktm_encoding_from_name (const char *name, KtmEncoding *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_ascii_strcasecmp (name, encodings[i].name) == 0)
      {
        *out = encodings[i].encoding;
        return TRUE;
      }
  return FALSE;
}

/* Frees the text of @decoded, unless it is borrowed. */
void
ktm_decoded_clear (KtmDecoded *decoded)
{
  if (!decoded->borrowed)
    g_free (decoded->text);
  decoded->text = NULL;
  decoded->borrowed = FALSE;
  decoded->len = 0;
}

/* Counts sequences of several bytes that are UTF-8, and bytes that are not. */
static void
count_utf8 (const char *text, gsize len, guint *n_good, guint *n_bad)
{
  const char *p = text, *end = text + len;

  while (p < end)
    {
      if ((guchar) *p < 0x80)
        {
          p++;
          continue;
        }
      gunichar c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          ++*n_bad;
          p++;
        }
      else
        {
          ++*n_good;
          p = g_utf8_next_char (p);
        }
    }
}

/* A copy whose bytes that are not UTF-8 became U+FFFD. */
static void
copy_replacing (const char *text, gsize len, KtmDecoded *out)
{
  GString *copy = g_string_sized_new (len + 64);
  const char *p = text, *end = text + len;

  while (p < end)
    {
      gunichar c = (guchar) *p < 0x80 ? (gunichar) *p : g_utf8_get_char_validated (p, end - p);
      gboolean bad = c == (gunichar) -1 || c == (gunichar) -2;
      gsize step = bad ? 1 : (gsize) (g_utf8_next_char (p) - p);
      if (bad)
        g_string_append (copy, "\xEF\xBF\xBD");
      else
        g_string_append_len (copy, p, step);
      p += step;
    }
  out->len = copy->len;
  out->text = g_string_free (copy, FALSE);
}

static gboolean
convert (const guint8 *bytes, gsize len, const char *charset, KtmDecoded *out, GError **error)
{
  g_autoptr (GCharsetConverter) charsets = g_charset_converter_new ("UTF-8", charset, error);
  if (charsets == NULL)
    return FALSE;
  gsize room = len + len / 2 + 64, done = 0, filled = 0;
  char *text = g_malloc (room + 1);

  while (done < len)
    {
      gsize n_read = 0, n_written = 0;
      g_autoptr (GError) local = NULL;
      GConverterResult result = g_converter_convert (
          G_CONVERTER (charsets), bytes + done, len - done, text + filled, room - filled,
          G_CONVERTER_INPUT_AT_END, &n_read, &n_written, &local);
      done += n_read;
      filled += n_written;
      if (result == G_CONVERTER_FINISHED)
        break;
      if (result == G_CONVERTER_ERROR && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
        {
          g_free (text);
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("Byte %lu cannot be read as %s: choose another encoding"),
                       (gulong) done + 1, charset);
          return FALSE;
        }
      if (room - filled < 64)
        text = g_realloc (text, (room *= 2) + 1);
    }
  text[filled] = '\0';
  out->text = text;
  out->len = filled;
  return TRUE;
}

/* Without a byte order mark: UTF-16 has a NUL in every other byte where a file of CSV has none. */
static KtmEncoding
guess_utf16 (const guint8 *bytes, gsize len)
{
  gsize n = MIN (len & ~(gsize) 1, 4096), odd = 0, even = 0;

  if (n < 8)
    return KTM_ENCODING_AUTO;
  for (gsize i = 0; i < n; i += 2)
    {
      even += bytes[i] == 0;
      odd += bytes[i + 1] == 0;
    }
  if (odd > n / 2 * 7 / 10 && even < n / 20)
    return KTM_ENCODING_UTF16LE;
  if (even > n / 2 * 7 / 10 && odd < n / 20)
    return KTM_ENCODING_UTF16BE;
  return KTM_ENCODING_AUTO;
}

static KtmEncoding
find_bom (const guint8 *bytes, gsize len, gsize *skip)
{
  *skip = 0;
  if (len >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    return *skip = 3, KTM_ENCODING_UTF8;
  if (len >= 2 && memcmp (bytes, "\xFF\xFE", 2) == 0)
    return *skip = 2, KTM_ENCODING_UTF16LE;
  if (len >= 2 && memcmp (bytes, "\xFE\xFF", 2) == 0)
    return *skip = 2, KTM_ENCODING_UTF16BE;
  return KTM_ENCODING_AUTO;
}

static KtmEncoding
guess (const guint8 *bytes, gsize len, guint *n_bad)
{
  KtmEncoding wide = guess_utf16 (bytes, len);
  guint n_good = 0;

  if (wide != KTM_ENCODING_AUTO)
    return wide;
  count_utf8 ((const char *) bytes, len, &n_good, n_bad);
  if (*n_bad == 0 || n_good > 4 * *n_bad)
    return KTM_ENCODING_UTF8;
  *n_bad = 0;
  return KTM_ENCODING_WINDOWS_1252;
}

static gboolean
take_utf8 (const guint8 *bytes, gsize len, KtmDecoded *out)
{
  guint n_good = 0, n_bad = 0;

  count_utf8 ((const char *) bytes, len, &n_good, &n_bad);
  out->n_replaced = n_bad;
  if (n_bad > 0)
    {
      copy_replacing ((const char *) bytes, len, out);
      return TRUE;
    }
  out->text = (char *) bytes;
  out->borrowed = TRUE;
  out->len = len;
  return TRUE;
}

/* The text of @bytes in UTF-8, without its byte order mark.
 *
 * @wanted: AUTO decides: byte order mark, else the pattern of UTF-16, else UTF-8 where the bytes
 * are, else Windows-1252
 * @bytes:  with a NUL behind the end; where they are good UTF-8 the text is borrowed from them
 * @out:    filled; clear with ktm_decoded_clear()
 * Errors:  G_IO_ERROR_INVALID_DATA with the byte that cannot be read
 */
gboolean
ktm_decode (const guint8 *bytes, gsize len, KtmEncoding wanted, KtmDecoded *out, GError **error)
{
  gsize skip;
  KtmEncoding marked = find_bom (bytes, len, &skip);
  guint n_bad = 0;

  memset (out, 0, sizeof *out);
  out->bom = marked != KTM_ENCODING_AUTO && (wanted == KTM_ENCODING_AUTO || wanted == marked);
  if (marked != KTM_ENCODING_AUTO && wanted == KTM_ENCODING_UTF16LE)
    out->bom = TRUE, wanted = marked;  /* "UTF-16" said by hand: the mark knows the order */
  if (out->bom)
    bytes += skip, len -= skip;
  out->encoding = wanted != KTM_ENCODING_AUTO ? wanted
                  : out->bom                  ? marked
                                              : guess (bytes, len, &n_bad);
  if (out->encoding == KTM_ENCODING_UTF8)
    return take_utf8 (bytes, len, out);
  if (out->encoding == KTM_ENCODING_WINDOWS_1252 && convert (bytes, len, "WINDOWS-1252", out, NULL))
    return TRUE;
  if (out->encoding == KTM_ENCODING_WINDOWS_1252)
    out->encoding = KTM_ENCODING_LATIN1;  /* holds one of the five bytes Windows-1252 leaves free */
  return convert (bytes, len, encodings[out->encoding].charset, out, error);
}
