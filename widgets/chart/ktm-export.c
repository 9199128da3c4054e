/* Floor widgets/chart: figures as files.  No GTK. */
#include "ktm-export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define POINTS_PER_MM (72 / 25.4)
#define MOST_PIXELS 400e6

/* The double-column figure of most journals. */
void
ktm_export_options_init (KtmExportOptions *options)
{
  *options = (KtmExportOptions) { 174, 120, 300, 9, 1, KTM_THEME_PRINT, FALSE, "" };
}

/* By the name's ending. */
gboolean
ktm_export_format_from_path (const char *path, KtmExportFormat *out, GError **error)
{
  static const char *const endings[] = { ".png", ".svg", ".pdf" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        *out = (KtmExportFormat) i;
        return TRUE;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
               _("“%s” must end in .png, .svg or .pdf."), path);
  return FALSE;
}

/* The layout at final size in points; free with ktm_layout_free(). */
KtmLayout *
ktm_export_layout (const KtmScene *scene, const KtmExportOptions *options)
{
  KtmStyle style;

  ktm_style_init (&style, options->theme, options->font_pt, options->line_pt, options->family);
  style.caption_on_top = FALSE;
  return ktm_layout_new (scene, &style, options->width_mm * POINTS_PER_MM,
                         options->height_mm * POINTS_PER_MM, NULL);
}

/* See the header: laid out with far too much height, then without what was to spare. */
double
ktm_export_natural_height (const KtmScene *scene, const KtmExportOptions *options)
{
  KtmExportOptions tall = *options;

  tall.height_mm = 1500;
  g_autoptr (KtmLayout) layout = ktm_export_layout (scene, &tall);
  return layout->spare > 0 ? ceil (tall.height_mm - layout->spare / POINTS_PER_MM)
                           : options->height_mm;
}

static gboolean
check_size (const KtmExportOptions *o, KtmExportFormat format, GError **error)
{
  double px = o->width_mm / 25.4 * o->dpi, py = o->height_mm / 25.4 * o->dpi;

  if (!(o->width_mm >= 10 && o->width_mm <= 2000 && o->height_mm >= 10 && o->height_mm <= 2000))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("A figure must be between 10 and 2000 mm wide and high."));
  else if (format == KTM_EXPORT_PNG && !(o->dpi >= 36 && o->dpi <= 2400))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("The resolution must be between 36 and 2400 dpi."));
  else if (format == KTM_EXPORT_PNG && (px > 32000 || py > 32000 || px * py > MOST_PIXELS))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("%.0f × %.0f pixels are too many for one picture: choose a smaller size or "
                    "resolution, or PDF."),
                 px, py);
  else if (!(o->font_pt >= 0 && o->font_pt <= 72 && o->line_pt >= 0 && o->line_pt <= 20))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _("Text may be at most 72 pt and lines at most 20 pt."));
  else
    return TRUE;
  return FALSE;
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
finish_stream (cairo_surface_t *surface, cairo_t *cr, GByteArray *out, GError **error)
{
  cairo_status_t status;

  cairo_surface_finish (surface);
  status = cairo_status (cr) != CAIRO_STATUS_SUCCESS ? cairo_status (cr)
                                                     : cairo_surface_status (surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (out);
  g_byte_array_unref (out);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The figure could not be drawn: %s."),
               cairo_status_to_string (status));
  return NULL;
}

/* The date is fixed, so that the same figure is the same file; version 1.4 keeps the keywords
 * readable without unpacking. */
static GBytes *
pdf_bytes (const KtmLayout *layout, const KtmExportOptions *options, const char *recipe,
           GError **error)
{
  GByteArray *out = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (write_cb, out, layout->width, layout->height);
  cairo_t *cr;

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Ketamine Viewer");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  if (recipe != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_KEYWORDS, recipe);
  cr = cairo_create (surface);
  ktm_draw (cr, layout, options->transparent);
  cairo_show_page (cr);
  return finish_stream (surface, cr, out, error);
}

static gboolean
renumber_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  GHashTable *seen = data;
  g_autofree char *lead = g_match_info_fetch (match, 1), *name = g_match_info_fetch (match, 2);
  gpointer number;

  if (!g_hash_table_lookup_extended (seen, name, NULL, &number))
    {
      number = GUINT_TO_POINTER (g_hash_table_size (seen) + 1);
      g_hash_table_insert (seen, g_strdup (name), number);
    }
  g_string_append_printf (out, "%sp%u", lead, GPOINTER_TO_UINT (number));
  return FALSE;
}

/* Cairo numbers surfaces through the life of the process: give them numbers of their own, so that
 * the same figure is the same file. */
static char *
renumber (const char *svg, gssize length)
{
  g_autoptr (GRegex) regex = g_regex_new ("((?:id=\"|\"#|url\\(#))((?:surface|image|source|mask|"
                                          "clip|pattern|linear|radial|filter)[-0-9]+)",
                                          G_REGEX_OPTIMIZE | G_REGEX_RAW, 0, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return g_regex_replace_eval (regex, svg, length, 0, 0, renumber_cb, seen, NULL);
}

static GBytes *
with_metadata (GBytes *svg, const char *recipe)
{
  gsize size;
  const char *data = g_bytes_get_data (svg, &size);
  g_autofree char *text = renumber (data, (gssize) size);
  const char *root = strstr (text, "<svg"), *end = root != NULL ? strchr (root, '>') : NULL;
  GString *out = g_string_sized_new (strlen (text) + 1024);

  if (end == NULL || recipe == NULL)
    g_string_append (out, text);
  else
    {
      g_autofree char *escaped = g_markup_escape_text (recipe, -1);

      g_string_append_len (out, text, end + 1 - text);
      g_string_append_printf (out, "\n<metadata id=\"ketamine-viewer-recipe\">%s</metadata>",
                              escaped);
      g_string_append (out, end + 1);
    }
  return g_string_free_to_bytes (out);
}

static GBytes *
svg_bytes (const KtmLayout *layout, const KtmExportOptions *options, const char *recipe,
           GError **error)
{
  GByteArray *out = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_svg_surface_create_for_stream (write_cb, out, layout->width, layout->height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) plain = NULL;

  ktm_draw (cr, layout, options->transparent);
  plain = finish_stream (surface, cr, out, error);
  return plain == NULL ? NULL : with_metadata (plain, recipe);
}

static GBytes *
png_bytes (const KtmLayout *layout, const KtmExportOptions *options, const char *recipe,
           GError **error)
{
  cairo_surface_t *surface = ktm_draw_to_surface (layout, options->dpi / 72, options->transparent);
  GBytes *out;

  if (surface == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                           _("There is not enough memory for a picture of this size."));
      return NULL;
    }
  out = ktm_export_png (surface, options->dpi, options->transparent, recipe, error);
  cairo_surface_destroy (surface);
  return out;
}

/* The file's bytes. */
GBytes *
ktm_export_bytes (const KtmScene *scene, KtmExportFormat format, const KtmExportOptions *options,
                  const KtmRecipe *recipe, GError **error)
{
  g_autofree char *text = recipe != NULL ? ktm_recipe_to_text (recipe) : NULL;
  g_autoptr (KtmLayout) layout = NULL;

  if (!check_size (options, format, error))
    return NULL;
  layout = ktm_export_layout (scene, options);
  switch (format)
    {
    case KTM_EXPORT_SVG:
      return svg_bytes (layout, options, text, error);
    case KTM_EXPORT_PDF:
      return pdf_bytes (layout, options, text, error);
    case KTM_EXPORT_PNG:
    default:
      return png_bytes (layout, options, text, error);
    }
}

static gboolean
refuse_path (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 _("“%s” is a folder: give a file name."), shown);
  else if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _("“%s” is not an ordinary file: choose another name."), shown);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("“%s” cannot be written: its folder does not exist."), shown);
  else
    return FALSE;
  return TRUE;
}

static gboolean
write_beside (const char *part, GBytes *bytes, int *problem)
{
  gsize size, done = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd = g_open (part, O_WRONLY | O_CREAT | O_EXCL, 0666);
  GError *close_error = NULL;

  *problem = errno;
  if (fd < 0)
    return FALSE;
  while (done < size)
    {
      gssize n = write (fd, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (gsize) n;
    }
  /* A full or vanished disk may only show when the bytes must really be there. */
  if (done == size && g_fsync (fd) != 0 && (errno == ENOSPC || errno == EIO || errno == EDQUOT))
    done = 0;
  *problem = errno;
  if (!g_close (fd, &close_error))
    {
      *problem = EIO;
      done = 0;
      g_clear_error (&close_error);
    }
  return done == size;
}

/* See the header. */
gboolean
ktm_export_check_path (const char *path, GError **error)
{
  return !refuse_path (path, error);
}

/* Writes beside the file and renames; whatever goes wrong leaves what was there. */
gboolean
ktm_export_write (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *part = g_strdup_printf ("%s.%08x.part", path, g_random_int ());
  g_autofree char *shown = g_filename_display_basename (path);
  int problem = 0;
  gboolean written;

  if (refuse_path (path, error))
    return FALSE;
  written = write_beside (part, bytes, &problem);
  if (written && g_rename (part, path) == 0)
    return TRUE;
  problem = written ? errno : problem;
  g_unlink (part);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (problem),
               _("“%s” could not be written: %s."), shown, g_strerror (problem));
  return FALSE;
}

/* The figure in a file. */
gboolean
ktm_export_file (const KtmScene *scene, const char *path, KtmExportFormat format,
                 const KtmExportOptions *options, const KtmRecipe *recipe, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (refuse_path (path, error))
    return FALSE;
  bytes = ktm_export_bytes (scene, format, options, recipe, error);
  return bytes != NULL && ktm_export_write (path, bytes, error);
}
