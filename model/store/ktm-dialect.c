/* model/store: GLib only.  Decides how a file is written, and says why. */
#include "ktm-dialect.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const struct { char mark; const char *name; } delimiters[] = {
  { ',', "comma" }, { ';', "semicolon" }, { '\t', "tab" }, { '|', "pipe" }
};

/* What the cells of a file show about its decimal mark and its dates. */
typedef struct
{
  guint n_comma, n_point;        /* numbers that can only be read with this mark */
  guint n_either;                /* "1,234", "1.234" */
  guint n_either_comma;
  guint n_day_first, n_month_first, n_any_order, n_year_first;
  char *comma, *point, *either, *day_first, *month_first, *any_order; /* owned: the first of each */
} Evidence;

void
ktm_dialect_clear (KtmDialect *dialect)
{
  g_clear_pointer (&dialect->delimiter_why, g_free);
  g_clear_pointer (&dialect->decimal_why, g_free);
  g_clear_pointer (&dialect->encoding_why, g_free);
  g_clear_pointer (&dialect->dates_why, g_free);
  g_clear_pointer (&dialect->decimal_example, g_free);
  g_clear_pointer (&dialect->dates_example, g_free);
}

/* The English word for a delimiter, as options and mapping files use it. */
const char *
ktm_delimiter_name (char delimiter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    if (delimiters[i].mark == delimiter)
      return delimiters[i].name;
  return "comma";
}

/* Reads ";", "semicolon", "tab", "\t" …; FALSE if it is none. */
gboolean
ktm_delimiter_from_name (const char *name, char *delimiter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    if (g_ascii_strcasecmp (name, delimiters[i].name) == 0
        || (name[0] == delimiters[i].mark && name[1] == '\0'))
      {
        *delimiter = delimiters[i].mark;
        return TRUE;
      }
  if (strcmp (name, "\\t") == 0)
    return *delimiter = '\t', TRUE;
  return FALSE;
}

static guint
n_filled (const KtmCell *cells, guint n)
{
  guint filled = 0;

  for (guint i = 0; i < n; i++)
    filled += cells[i].len > 0;
  return filled;
}

/* How many records have the commonest width when split at @mark; *@width that width, *@n_rows how
 * many in all. */
static guint
count_width (const KtmDecoded *text, char mark, guint *width, guint *n_rows)
{
  g_autoptr (KtmCsv) csv = ktm_csv_new (text->text, text->len, mark, '"');
  g_autofree guint *histogram = g_new0 (guint, 4097);
  const KtmCell *cells;
  guint n;

  *n_rows = 0;
  *width = 1;
  while (ktm_csv_next (csv, &cells, &n))
    {
      if (n == 1 && cells[0].len == 0)
        continue;
      histogram[MIN (n, 4096)]++;
      ++*n_rows;
    }
  for (guint i = 1; i <= 4096; i++)
    if (histogram[i] > histogram[*width])
      *width = i;
  return histogram[*width];
}

/* "sep=;" as the first line, as spreadsheets write it. */
static char
sep_line (const KtmDecoded *text)
{
  if (text->len < 5 || g_ascii_strncasecmp (text->text, "sep=", 4) != 0)
    return 0;
  char mark = text->text[4];
  return text->len == 5 || text->text[5] == '\n' || text->text[5] == '\r' ? mark : 0;
}

static void
decide_delimiter (const KtmDecoded *text, char wanted, KtmDialect *out)
{
  double best = -1;
  guint n_same = 0, n_rows = 0, best_rows = 0;
  char said = sep_line (text);

  out->delimiter = ',';
  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      char mark = delimiters[i].mark;
      guint width;
      if (wanted != 0 ? mark != wanted
          : said != 0 ? mark != said
                      : memchr (text->text, mark, MIN (text->len, 1 << 16)) == NULL && mark != ',')
        continue;
      guint same = count_width (text, mark, &width, &n_rows);
      double score =
          width < 2 || n_rows == 0 ? 0 : (double) same / n_rows * (1 - 1.0 / (width + 1));
      if (score > best)
        {
          best = score;
          out->delimiter = mark;
          out->n_columns = width;
          n_same = same;
          best_rows = n_rows;
        }
    }
  if (wanted != 0)
    out->delimiter = wanted;
  if (said != 0 && wanted == 0)
    out->delimiter_why = g_strdup_printf (_("The first line says “sep=%c”"), said);
  else if (n_same == best_rows)
    out->delimiter_why = g_strdup_printf (
        ngettext ("%u column in every line", "%u columns in every line", out->n_columns),
        out->n_columns);
  else
    out->delimiter_why = g_strdup_printf (
        ngettext ("%u column in %u of %u lines", "%u columns in %u of %u lines", out->n_columns),
        out->n_columns, n_same, best_rows);
}

/* Finds the line of column names: the first that is as wide as the others and mostly filled. */
static void
find_names (const KtmDecoded *text, KtmDialect *out)
{
  g_autoptr (KtmCsv) csv = ktm_csv_new (text->text, text->len, out->delimiter, out->quote);
  const KtmCell *cells;
  guint n, above = 0;

  while (above < 200 && ktm_csv_next (csv, &cells, &n))
    {
      if (n >= out->n_columns && n_filled (cells, n) * 10 >= out->n_columns * 6
          && !(above == 0 && sep_line (text) != 0))
        {
          out->n_above = above;
          out->n_columns = n;
          return;
        }
      above++;
    }
}

static void
note (guint *count, char **first, const KtmCell *cell)
{
  if ((*count)++ == 0)
    *first = g_strndup (cell->text, cell->len);
}

/* Digits and one mark: which mark can it be? */
static void
look_at_number (const KtmCell *cell, char delimiter, Evidence *seen)
{
  const char *text = cell->text;
  gsize len = cell->len;
  double value;
  gboolean comma = FALSE, point = FALSE;

  ktm_cell_trim (&text, &len);
  for (gsize i = 0; i < len; i++)
    {
      comma |= text[i] == ',';
      point |= text[i] == '.';
    }
  if (!comma && !point)
    return;
  gboolean with_point = ktm_cell_number (text, len, '.', &value) == KTM_CELL_OK;
  gboolean with_comma = ktm_cell_number (text, len, ',', &value) == KTM_CELL_OK;
  if (with_point && !with_comma)
    note (comma && !point ? &seen->n_either : &seen->n_point,
          comma && !point ? &seen->either : &seen->point, cell);
  else if (with_comma && !with_point)
    {
      /* "1,234": a decimal unless it is a thousand; "0,435" and "6,5" are decimals. */
      const char *digits = g_ascii_isdigit (*text) ? text : text + 1;
      const char *mark = memchr (text, comma ? ',' : '.', len);
      gboolean three = len - (mark - text) == 4 && mark - digits <= 3 && *digits != '0';
      if (!three)
        note (&seen->n_comma, &seen->comma, cell);
      else
        {
          note (&seen->n_either, &seen->either, cell);
          seen->n_either_comma++;
        }
    }
}

static void
look_at_date (const KtmCell *cell, Evidence *seen)
{
  int part[3], digits[3];

  if (!ktm_cell_date_parts (cell->text, cell->len, part, digits))
    return;
  if (digits[0] == 4)
    seen->n_year_first++;
  else if (part[0] > 12 && part[0] <= 31 && part[1] <= 12)
    note (&seen->n_day_first, &seen->day_first, cell);
  else if (part[1] > 12 && part[1] <= 31 && part[0] <= 12)
    note (&seen->n_month_first, &seen->month_first, cell);
  else if (part[0] <= 12 && part[1] <= 12 && digits[2] == 4)
    note (&seen->n_any_order, &seen->any_order, cell);
}

static void
look_at_cells (const KtmDecoded *text, KtmDialect *out, Evidence *seen)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (out, text);
  const KtmCell *cells;
  guint n;

  ktm_csv_next (csv, &cells, &n);
  while (ktm_csv_next (csv, &cells, &n))
    {
      if (n > 1 || cells[0].len > 0)
        out->n_rows++;
      for (guint i = 0; i < n; i++)
        {
          guint marks = 0, slashes = 0;
          if (cells[i].len < 3 || cells[i].len > 24)
            continue;
          for (gsize k = 0; k < cells[i].len; k++)
            {
              char c = cells[i].text[k];
              marks += c == ',' || c == '.';
              slashes += c == '/' || c == '-' || c == '.';
            }
          if (marks > 0)
            look_at_number (&cells[i], out->delimiter, seen);
          if (slashes >= 2)
            look_at_date (&cells[i], seen);
        }
    }
}

static void
decide_decimal (Evidence *seen, char wanted, KtmDialect *out)
{
  gboolean comma = seen->n_comma > seen->n_point;

  out->decimal = wanted != 0 ? wanted : comma ? ',' : '.';
  if (seen->n_comma == 0 && seen->n_point == 0 && seen->n_either_comma > 0)
    {
      out->decimal_unclear = wanted == 0;
      out->decimal_example = g_strdup (seen->either);
      out->decimal_why = g_strdup_printf (_("“%s” could be a thousand or a decimal"), seen->either);
    }
  else if (seen->n_comma == 0 && seen->n_point == 0)
    out->decimal_why = g_strdup (_("no decimals in the file"));
  else
    {
      const char *shown = out->decimal == ',' ? seen->comma : seen->point;
      double value = NAN;
      if (shown != NULL)
        ktm_cell_number (shown, strlen (shown), out->decimal, &value);
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_ascii_formatd (number, sizeof number, "%.10g", value);
      guint n_other = out->decimal == ',' ? seen->n_point : seen->n_comma;
      if (shown == NULL)
        out->decimal_why = g_strdup (_("said by hand; the file writes the other mark"));
      else if (n_other > 0)
        out->decimal_why =
            g_strdup_printf (ngettext ("%s is read as %s; %u cell has the other mark",
                                       "%s is read as %s; %u cells have the other mark", n_other),
                             shown, number, n_other);
      else
        out->decimal_why = g_strdup_printf (_("%s is read as %s"), shown, number);
    }
}

static char *
spell_date (const char *text, KtmDateOrder order)
{
  double day;

  if (ktm_cell_date (text, strlen (text), order, &day) != KTM_CELL_OK)
    return g_strdup (text);
  g_autofree char *iso = ktm_julian_iso (floor (day));
  return g_strdup (iso);
}

static void
decide_dates (Evidence *seen, KtmDateOrder wanted, KtmDialect *out)
{
  const char *shown = NULL;

  out->date_order = wanted;
  if (wanted == KTM_DATE_AUTO && seen->n_day_first + seen->n_month_first > 0)
    out->date_order = seen->n_month_first > seen->n_day_first ? KTM_DATE_MDY : KTM_DATE_DMY;
  if (out->date_order == KTM_DATE_DMY || out->date_order == KTM_DATE_AUTO)
    shown = seen->day_first;
  else if (out->date_order == KTM_DATE_MDY)
    shown = seen->month_first;
  if (shown == NULL)
    shown = seen->any_order;
  if (wanted == KTM_DATE_AUTO && out->date_order == KTM_DATE_AUTO && seen->n_any_order > 0)
    {
      out->dates_unclear = TRUE;
      out->dates_example = g_strdup (seen->any_order);
      out->dates_why =
          g_strdup_printf (_("“%s” could be either day or month first"), seen->any_order);
    }
  else if (shown != NULL && out->date_order != KTM_DATE_AUTO && out->date_order != KTM_DATE_YMD)
    {
      g_autofree char *spelled = spell_date (shown, out->date_order);
      out->dates_why = g_strdup_printf (_("%s is %s"), shown, spelled);
    }
  else if (seen->n_year_first > 0)
    {
      out->dates_why = g_strdup (_("dates are written year-month-day"));
      if (out->date_order == KTM_DATE_AUTO)
        out->date_order = KTM_DATE_YMD;
    }
  else
    out->dates_why = g_strdup (_("no dates in the file"));
}

/* The first word with a letter beyond ASCII, to show that the encoding reads well. */
static void
explain_encoding (const KtmDecoded *text, KtmDialect *out)
{
  const char *p = text->text, *end = p + text->len;

  while (p < end && (guchar) *p < 0x80)
    p++;
  if (p == end)
    {
      out->encoding_why = g_strdup (text->bom ? _("the byte order mark says so")
                                              : _("only plain letters in the file"));
      return;
    }
  const char *from = p, *to = p;
  while (from > text->text && p - from < 20 && strchr (";,\t\"\r\n", from[-1]) == NULL
         && from[-1] != '\0')
    from--;
  while (to < end && to - p < 20 && *to != '\0' && strchr (";,\t\"\r\n", *to) == NULL)
    to++;
  while (from < p && ((guchar) *from & 0xC0) == 0x80)
    from++;
  while (to < end && ((guchar) *to & 0xC0) == 0x80)
    to++;
  g_autofree char *word = g_utf8_make_valid (from, to - from);
  if (text->n_replaced > 0)
    out->encoding_why = g_strdup_printf (
        ngettext ("%u byte cannot be read", "%u bytes cannot be read", text->n_replaced),
        text->n_replaced);
  else
    out->encoding_why = g_strdup_printf (_("“%s” reads well"), g_strstrip (word));
}

/* Decides how @text is written.  @wanted (nullable) is taken as said.  Fills *@out; clear with
 * ktm_dialect_clear(). */
void
ktm_dialect_decide (const KtmDecoded *text, const KtmDialectWanted *wanted, KtmDialect *out)
{
  static const KtmDialectWanted nothing = { 0 };
  Evidence seen = { 0 };

  if (wanted == NULL)
    wanted = &nothing;
  memset (out, 0, sizeof *out);
  out->quote = '"';
  out->n_columns = 1;
  decide_delimiter (text, wanted->delimiter, out);
  find_names (text, out);
  look_at_cells (text, out, &seen);
  decide_decimal (&seen, wanted->decimal, out);
  decide_dates (&seen, wanted->date_order, out);
  explain_encoding (text, out);
  g_free (seen.comma), g_free (seen.point), g_free (seen.either);
  g_free (seen.day_first), g_free (seen.month_first), g_free (seen.any_order);
}

/* A reader of @text whose next row is the column names. */
KtmCsv *
ktm_dialect_open (const KtmDialect *dialect, const KtmDecoded *text)
{
  KtmCsv *csv = ktm_csv_new (text->text, text->len, dialect->delimiter, dialect->quote);
  const KtmCell *cells;
  guint n;

  for (guint i = 0; i < dialect->n_above && ktm_csv_next (csv, &cells, &n); i++)
    ;
  return csv;
}
