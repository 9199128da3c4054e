/* model/store: GLib only.  Numbers and dates as files write them. */
#include "ktm-cell.h"

#include <math.h>
#include <string.h>

static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* Bytes of a space at @p: plain, no-break, thin, narrow no-break; 0 if there is none. */
static inline gsize
space_at (const char *p, const char *end)
{
  const guchar *u = (const guchar *) p;

  if (*p == ' ' || *p == '\t')
    return 1;
  if (end - p >= 2 && u[0] == 0xC2 && u[1] == 0xA0)
    return 2;
  if (end - p >= 3 && u[0] == 0xE2 && u[1] == 0x80
      && (u[2] == 0xAF || (u[2] >= 0x80 && u[2] <= 0x8A)))
    return 3;
  return 0;
}

static gsize
space_before (const char *p, const char *start)
{
  for (gsize n = 1; n <= 3 && (gsize) (p - start) >= n; n++)
    if (space_at (p - n, p) == n)
      return n;
  return 0;
}

/* Takes spaces (also no-break ones) and line ends off both ends. */
void
ktm_cell_trim (const char **text, gsize *len)
{
  const char *p = *text, *end = p + *len;
  gsize n;

  while (p < end && ((n = space_at (p, end)) > 0 || ((*p == '\n' || *p == '\r') && (n = 1) > 0)))
    p += n;
  while (
      end > p
      && ((n = space_before (end, p)) > 0 || ((end[-1] == '\n' || end[-1] == '\r') && (n = 1) > 0)))
    end -= n;
  *text = p;
  *len = end - p;
}

/* A sign at *p: 1, −1 (also U+2212 and the dashes people type for it). */
static int
read_sign (const char **p, const char *end)
{
  const guchar *u = (const guchar *) *p;

  if (*p < end && (**p == '-' || **p == '+'))
    return *(*p)++ == '-' ? -1 : 1;
  if (end - *p >= 3 && u[0] == 0xE2
      && ((u[1] == 0x88 && u[2] == 0x92) || (u[1] == 0x80 && (u[2] == 0x92 || u[2] == 0x93))))
    {
      *p += 3;
      return -1;
    }
  return 1;
}

/* Digits with groups of three apart: "1 234", "1.234" where @group is '.'.  FALSE when the grouping
 * is wrong. */
static gboolean
read_digits (const char **p, const char *end, char group, double *mantissa, int *n_digits,
             gboolean *grouped)
{
  int run = 0, n_groups = 0;

  *mantissa = 0;
  *n_digits = 0;
  while (*p < end)
    {
      gsize n = 0;
      if (g_ascii_isdigit (**p))
        {
          *mantissa = *mantissa * 10 + (**p - '0');
          ++*n_digits;
          run++;
          ++*p;
          continue;
        }
      n = space_at (*p, end);
      if (n == 0 && (**p == group || **p == '\''))
        n = 1;
      if (n == 0 || run == 0 || *p + n >= end || !g_ascii_isdigit ((*p)[n]))
        break;
      if (n_groups > 0 ? run != 3 : run > 3)
        return FALSE;
      n_groups++;
      run = 0;
      *p += n;
    }
  *grouped = n_groups > 0;
  return n_groups == 0 || run == 3;
}

/* A whole number with the decimal mark @decimal; groups only of the other mark or spaces. */
static gboolean
parse (const char *text, gsize len, char decimal, double *value, gboolean *grouped_by_mark)
{
  const char *p = text, *end = text + len;
  int sign = read_sign (&p, end), n_digits, n_fraction = 0;
  double mantissa;
  gboolean grouped;
  char other = decimal == ',' ? '.' : ',';

  if (!read_digits (&p, end, other, &mantissa, &n_digits, &grouped))
    return FALSE;
  *grouped_by_mark = grouped && memchr (text, other, len) != NULL;
  if (p < end && *p == decimal)
    {
      p++;
      while (p < end && g_ascii_isdigit (*p))
        {
          mantissa = mantissa * 10 + (*p++ - '0');
          n_fraction++;
        }
    }
  if (n_digits + n_fraction == 0)
    return FALSE;
  int exponent = 0;
  if (p < end && (*p == 'e' || *p == 'E') && p + 1 < end)
    {
      p++;
      int exponent_sign = read_sign (&p, end);
      if (p >= end || !g_ascii_isdigit (*p))
        return FALSE;
      while (p < end && g_ascii_isdigit (*p) && exponent < 1000)
        exponent = exponent * 10 + (*p++ - '0');
      exponent *= exponent_sign;
    }
  if (p != end)
    return FALSE;
  exponent -= n_fraction;
  if (n_digits + n_fraction <= 15 && exponent >= -22 && exponent <= 22)
    *value = sign * (exponent < 0 ? mantissa / powers[-exponent] : mantissa * powers[exponent]);
  else
    {
      g_autoptr (GString) plain = g_string_new (sign < 0 ? "-" : "");
      const char *q = text;
      read_sign (&q, end);
      for (; q < end; q++)
        if (*q == decimal)
          g_string_append_c (plain, '.');
        else if (g_ascii_isdigit (*q) || *q == 'e' || *q == 'E' || *q == '-')
          g_string_append_c (plain, *q);
      *value = g_ascii_strtod (plain->str, NULL);
    }
  return isfinite (*value);
}

/* Reads a cell as a number.
 *
 * @decimal: '.' or ',', the file's decimal mark; groups of three may stand apart by spaces,
 * apostrophes or the other mark
 * @value:   set for OK, OTHER_MARK (read with the other mark) and LIMIT (the limit); NaN otherwise
 */
KtmCellStatus
ktm_cell_number (const char *text, gsize len, char decimal, double *value)
{
  gboolean grouped;

  if (len > 0 && len <= 15)  /* most cells are digits and nothing else */
    {
      guint64 plain = 0;
      gsize i = 0;
      for (; i < len && g_ascii_isdigit (text[i]); i++)
        plain = plain * 10 + (text[i] - '0');
      if (i == len)
        {
          *value = (double) plain;
          return KTM_CELL_OK;
        }
    }
  *value = NAN;
  ktm_cell_trim (&text, &len);
  if (len == 0)
    return KTM_CELL_EMPTY;
  if (parse (text, len, decimal, value, &grouped))
    {
      double again;
      gboolean unused;
      char other = decimal == ',' ? '.' : ',';
      /* "6,5" never gets here for a point; "1,234" does: it is 1234 unless it also reads with the
       * other mark. */
      if (grouped && memchr (text, decimal, len) == NULL
          && parse (text, len, other, &again, &unused))
        {
          *value = again;
          return KTM_CELL_OTHER_MARK;
        }
      return KTM_CELL_OK;
    }
  if (parse (text, len, decimal == ',' ? '.' : ',', value, &grouped))
    return KTM_CELL_OTHER_MARK;
  *value = NAN;
  if (*text == '#')
    return KTM_CELL_SPREADSHEET;
  gsize skip = *text == '<' || *text == '>' ? 1
               : g_str_has_prefix (text, "\xE2\x89\xA4") || g_str_has_prefix (text, "\xE2\x89\xA5")
                   ? 3
                   : 0;
  if (skip > 0 && len > skip)
    {
      const char *rest = text + skip;
      gsize rest_len = len - skip;
      if (skip == 1 && *rest == '=' && rest_len > 1)
        rest++, rest_len--;
      ktm_cell_trim (&rest, &rest_len);
      if (parse (rest, rest_len, decimal, value, &grouped))
        return KTM_CELL_LIMIT;
    }
  *value = NAN;
  return KTM_CELL_NOT_A_NUMBER;
}

/* The Julian day number of a day of the Gregorian calendar, NaN if there is no such day (1800 to
 * 2199 only). */
double
ktm_julian_day (int year, int month, int day)
{
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1 ||
      day > g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year))
    return NAN;
  int a = (14 - month) / 12, y = year + 4800 - a, m = month + 12 * a - 3;
  return day + (153 * m + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32045;
}

/* "2018-02-26" of a Julian day number; free. */
char *
ktm_julian_iso (double julian_day)
{
  long j = lround (julian_day), f = j + 1401 + (((4 * j + 274277) / 146097) * 3) / 4 - 38;
  long e = 4 * f + 3, g = (e % 1461) / 4, h = 5 * g + 2;
  long day = (h % 153) / 5 + 1, month = (h / 153 + 2) % 12 + 1,
       year = e / 1461 - 4716 + (14 - month) / 12;
  return g_strdup_printf ("%04ld-%02ld-%02ld", year, month, day);
}

static const char *const month_names[12] = { "jan janv january janvier",
                                             "feb fev fevr february fevrier",
                                             "mar mars march",
                                             "apr avr avril april",
                                             "may mai",
                                             "jun juin june",
                                             "jul juil july juillet",
                                             "aug aou aout august",
                                             "sep sept september septembre",
                                             "oct october octobre",
                                             "nov november novembre",
                                             "dec december decembre" };

static int
month_named (const char *name)
{
  for (int m = 0; m < 12; m++)
    {
      g_auto (GStrv) words = g_strsplit (month_names[m], " ", -1);
      if (g_strv_contains ((const char *const *) words, name))
        return m + 1;
    }
  return 0;
}

/* "26 Feb 2018", "26-févr.-2018". */
static double
named_date (const char *text, gsize len)
{
  if (len > 40 || !g_ascii_isdigit (*text) || !g_ascii_isdigit (text[len - 1])
      || !g_utf8_validate (text, len, NULL))
    return NAN;
  g_autofree char *folded = ktm_fold (text, len, TRUE);
  g_auto (GStrv) words = g_strsplit (folded, "_", 4);
  if (g_strv_length (words) != 3 || strlen (words[2]) != 4 || !g_ascii_isdigit (words[0][0]))
    return NAN;
  int month = month_named (words[1]);
  return month == 0 ? NAN : ktm_julian_day (atoi (words[2]), month, atoi (words[0]));
}

/* "2018-02-26", "26/2/2018", "26.02.18" and the like, with or without a time of day behind. */
gboolean
ktm_cell_date_parts (const char *text, gsize len, int parts[3], int digits[3])
{
  const char *p, *end;
  char separator = 0;

  ktm_cell_trim (&text, &len);
  p = text;
  end = text + len;
  for (int i = 0; i < 3; i++)
    {
      parts[i] = digits[i] = 0;
      while (p < end && g_ascii_isdigit (*p) && digits[i] < 5)
        {
          parts[i] = parts[i] * 10 + (*p++ - '0');
          digits[i]++;
        }
      if (digits[i] == 0 || digits[i] == 3 || digits[i] > 4)
        return FALSE;
      if (i == 2)
        break;
      if (p >= end || (*p != '-' && *p != '/' && *p != '.') || (separator != 0 && *p != separator))
        return FALSE;
      separator = *p++;
    }
  if (p < end && *p != ' ' && *p != 'T')
    return FALSE;
  for (; p < end; p++)  /* a time of day */
    if (!g_ascii_isdigit (*p) && strchr (" T:.Z+", *p) == NULL)
      return FALSE;
  return (digits[0] == 4) + (digits[1] == 4) + (digits[2] == 4) <= 1 && digits[1] <= 2;
}

static double
time_of_day (const char *text, gsize len)
{
  const char *colon = memchr (text, ':', len);

  if (colon == NULL || colon - text < 2 || colon + 2 >= text + len)
    return 0;
  int hour = colon[-1] - '0' + (g_ascii_isdigit (colon[-2]) ? 10 * (colon[-2] - '0') : 0);
  int minute = g_ascii_isdigit (colon[1]) && g_ascii_isdigit (colon[2])
                   ? 10 * (colon[1] - '0') + colon[2] - '0'
                   : 0;
  return hour < 24 && minute < 60 ? (hour * 60 + minute) / 1440.0 : 0;
}

/* Reads a cell as a date.
 *
 * @order:      of day, month and year where the year does not stand first
 * @julian_day: Julian day number, with a fraction where a time of day is given; set for OK and
 * SERIAL, NaN otherwise
 */
KtmCellStatus
ktm_cell_date (const char *text, gsize len, KtmDateOrder order, double *julian_day)
{
  int part[3], digits[3];

  ktm_cell_trim (&text, &len);
  *julian_day = NAN;
  if (len == 0)
    return KTM_CELL_EMPTY;
  if (!ktm_cell_date_parts (text, len, part, digits))
    {
      double serial;
      *julian_day = named_date (text, len);
      if (!isnan (*julian_day))
        return KTM_CELL_OK;
      if (len == 5 && ktm_cell_number (text, len, '.', &serial) == KTM_CELL_OK && serial >= 20000
          && serial < 80000)
        {
          *julian_day = serial + 2415018.5
                        + 0.5; /* day 1 is 1900-01-01, with the 29 February 1900 that never was */
          return KTM_CELL_SERIAL;
        }
      return *text == '#' ? KTM_CELL_SPREADSHEET : KTM_CELL_NOT_A_DATE;
    }
  if (digits[0] == 4)
    *julian_day = ktm_julian_day (part[0], part[1], part[2]);
  else if (digits[2] != 4)
    return KTM_CELL_AMBIGUOUS;
  else if (order == KTM_DATE_MDY)
    *julian_day = ktm_julian_day (part[2], part[0], part[1]);
  else
    *julian_day = ktm_julian_day (part[2], part[1], part[0]);
  if (isnan (*julian_day))
    return KTM_CELL_NO_SUCH_DAY;
  *julian_day += time_of_day (text, len);
  return KTM_CELL_OK;
}

/* 1 yes, 0 no, −1 neither: the words of English and French forms. */
int
ktm_cell_yes_no (const char *text, gsize len)
{
  static const char *const yes[] = { "1", "yes", "y", "oui", "o", "true", "vrai", "x" };
  static const char *const no[] = { "0", "no", "n", "non", "false", "faux" };

  ktm_cell_trim (&text, &len);
  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
    if (strlen (yes[i]) == len && g_ascii_strncasecmp (text, yes[i], len) == 0)
      return 1;
  for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
    if (strlen (no[i]) == len && g_ascii_strncasecmp (text, no[i], len) == 0)
      return 0;
  return -1;
}

char *
ktm_fold (const char *text, gssize len, gboolean words)
{
  g_autofree char *valid = g_utf8_make_valid (text, len);
  g_autofree char *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  GString *folded = g_string_new (NULL);

  for (const char *p = apart; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (g_unichar_ismark (c))
        continue;
      if (!words || g_unichar_isalnum (c))
        g_string_append_unichar (folded, g_unichar_tolower (c));
      else if (folded->len > 0 && folded->str[folded->len - 1] != '_')
        g_string_append_c (folded, '_');
    }
  while (words && folded->len > 0 && folded->str[folded->len - 1] == '_')
    g_string_truncate (folded, folded->len - 1);
  return g_string_free (folded, FALSE);
}

char *
ktm_lower (const char *text)
{
  GString *lower = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (lower, g_unichar_tolower (g_utf8_get_char (p)));
  return g_string_free (lower, FALSE);
}
