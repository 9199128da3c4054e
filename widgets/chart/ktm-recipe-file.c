/* Floor widgets/chart: finds the recipe in a saved recipe or an exported PNG, SVG or PDF.  No GTK.
 *
 * The files come from e-mails: every length is checked, nothing is unpacked, nothing larger than
 * LARGEST is read.
 */
#include "ktm-chart.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LARGEST (256 * 1024 * 1024)
#define KEY "ketamine-viewer-recipe"

static const guchar png_magic[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

static guint32
big_endian (const guchar *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

/* iTXt: keyword \0 compressed? method language \0 translated keyword \0 text */
static char *
text_of_itxt (const guchar *p, gsize length)
{
  gsize at = strlen (KEY) + 1;

  if (length < at + 4 || memcmp (p, KEY, at) != 0 || p[at] != 0)
    return NULL;
  at += 2;
  for (int k = 0; k < 2; k++)
    {
      const guchar *end = memchr (p + at, 0, length - at);

      if (end == NULL)
        return NULL;
      at = (gsize) (end - p) + 1;
    }
  return g_strndup ((const char *) p + at, length - at);
}

static char *
find_in_png (const guchar *data, gsize size)
{
  for (gsize at = 8; size - at >= 12;)
    {
      guint32 length = big_endian (data + at);

      if (length > size - at - 12)
        return NULL;
      if (memcmp (data + at + 4, "iTXt", 4) == 0)
        {
          char *text = text_of_itxt (data + at + 8, length);

          if (text != NULL)
            return text;
        }
      at += 12 + (gsize) length;
    }
  return NULL;
}

static const char *
find (const char *data, gsize size, const char *word)
{
  return g_strstr_len (data, (gssize) size, word);
}

static char *
unescape_xml (const char *from, gsize length)
{
  static const struct { const char *name; char c;
  } entities[] = {
    { "&lt;", '<' },    { "&gt;", '>' },   { "&amp;", '&' }, { "&quot;", '"' },
    { "&apos;", '\'' }, { "&#39;", '\'' }, { "&#34;", '"' },
  };
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length;)
    {
      gsize used = 1;
      char c = from[i];

      for (gsize k = 0; c == '&' && used == 1 && k < G_N_ELEMENTS (entities); k++)
        if (length - i >= strlen (entities[k].name)
            && strncmp (from + i, entities[k].name, strlen (entities[k].name)) == 0)
          {
            used = strlen (entities[k].name);
            c = entities[k].c;
            break;
          }
      g_string_append_c (out, c);
      i += used;
    }
  return g_string_free (out, FALSE);
}

static char *
find_in_svg (const char *data, gsize size)
{
  const char *tag = find (data, size, "id=\"" KEY "\""), *start, *end;

  if (tag == NULL || (start = memchr (tag, '>', size - (gsize) (tag - data))) == NULL)
    return NULL;
  start++;
  end = find (start, size - (gsize) (start - data), "</");
  return end == NULL ? NULL : unescape_xml (start, (gsize) (end - start));
}

/* A PDF string: \( \) \\ and octal escapes, brackets may nest. */
static char *
pdf_string (const char *p, const char *end)
{
  GString *out = g_string_new (NULL);
  int depth = 1;

  for (; p < end && out->len < 100000; p++)
    {
      if (*p == '\\' && p + 1 < end)
        {
          p++;
          if (g_ascii_isdigit (*p) && end - p > 2)
            {
              g_string_append_c (out, (char) ((p[0] - '0') * 64 + (p[1] - '0') * 8 + (p[2] - '0')));
              p += 2;
            }
          else
            g_string_append_c (out, *p);
          continue;
        }
      depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
      if (depth == 0)
        return g_string_free (out, FALSE);
      g_string_append_c (out, *p);
    }
  g_string_free (out, TRUE);
  return NULL;
}

/* A PDF string in hexadecimal, UTF-16 with its mark or single bytes. */
static char *
pdf_hex_string (const char *p, const char *end)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int high = -1;

  for (; p < end && *p != '>' && bytes->len < 200000; p++)
    {
      int digit = g_ascii_xdigit_value (*p);
      guint8 byte = (guint8) (high * 16 + digit);

      if (digit < 0 && !g_ascii_isspace (*p))
        return NULL;
      if (digit >= 0 && high >= 0)
        g_byte_array_append (bytes, &byte, 1);
      if (digit >= 0)
        high = high >= 0 ? -1 : digit;
    }
  if (p >= end || *p != '>')
    return NULL;
  if (bytes->len >= 2 && bytes->data[0] == 0xfe && bytes->data[1] == 0xff)
    return g_convert ((const char *) bytes->data + 2, bytes->len - 2, "UTF-8", "UTF-16BE", NULL,
                      NULL, NULL);
  return g_strndup ((const char *) bytes->data, bytes->len);
}

static char *
find_in_pdf (const char *data, gsize size)
{
  const char *p = data, *end = data + size;

  while (p < end && (p = memchr (p, '/', (gsize) (end - p))) != NULL)
    {
      const char *q = p + strlen ("/Keywords");

      if (end - p > 12 && strncmp (p, "/Keywords", strlen ("/Keywords")) == 0)
        {
          while (q < end && (*q == ' ' || *q == '\n' || *q == '\r'))
            q++;
          if (q < end && *q == '(')
            return pdf_string (q + 1, end);
          if (q < end && *q == '<')
            return pdf_hex_string (q + 1, end);
        }
      p++;
    }
  return NULL;
}

static char *
find_recipe (const char *data, gsize size)
{
  if (size >= 8 && memcmp (data, png_magic, 8) == 0)
    return find_in_png ((const guchar *) data, size);
  if (size >= 5 && memcmp (data, "%PDF-", 5) == 0)
    return find_in_pdf (data, size);
  if (find (data, MIN (size, 4096), "<svg") != NULL)
    return find_in_svg (data, size);
  return size < 100000 ? g_strndup (data, size) : NULL;
}

static GMappedFile *
open_file (const char *path, const char *shown, GError **error)
{
  GMappedFile *file;
  GError *local = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no file “%s”."), shown);
      return NULL;
    }
  file = g_mapped_file_new (path, FALSE, &local);
  if (file == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("“%s” cannot be read: %s."), shown,
                   local->message);
      g_clear_error (&local);
      return NULL;
    }
  if (g_mapped_file_get_length (file) <= LARGEST)
    return file;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("“%s” is too large to be a figure of this program."), shown);
  g_mapped_file_unref (file);
  return NULL;
}

/* The recipe a file holds; NULL with one sentence. */
KtmRecipe *
ktm_recipe_from_file (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path), *text = NULL;
  GMappedFile *file = open_file (path, shown, error);
  KtmRecipe *recipe;

  if (file == NULL)
    return NULL;
  if (g_mapped_file_get_length (file) > 0)
    text = find_recipe (g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
  g_mapped_file_unref (file);
  if (text == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("“%s” holds no recipe: it was not exported by this program, or another "
                      "program has removed it."),
                   shown);
      return NULL;
    }
  recipe = ktm_recipe_from_text (text, error);
  if (recipe == NULL)
    g_prefix_error (error, "“%s”: ", shown);
  return recipe;
}
