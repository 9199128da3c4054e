/* model/store: GLib only.  What the columns of a source are, from what was said and from their names. */
#include "ktm-source.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What must be said before the import can go on, and the option that says it. */
static void G_GNUC_PRINTF (3, 4)
ask (KtmSource *source, const char *hint, const char *format, ...)
{
  va_list args;

  g_ptr_array_add (source->hints, g_strdup (hint));
  va_start (args, format);
  g_ptr_array_add (source->questions, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
leave_out (KtmColumn *column, const char *why)
{
  column->role = KTM_COLUMN_LEFT_OUT;
  g_free (column->why);
  column->why = g_strdup (why);
}

static gboolean
in_list (const char *const *list, const char *text)
{
  return list != NULL && g_strv_contains (list, text);
}

static gboolean
said (GPtrArray *list, const char *text)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (list->pdata[i], text) == 0)
      return TRUE;
  return FALSE;
}

/* "Âge (années)" → "Âge", unit "années"; "height_cm" → "Height", unit "cm". */
static char *
pretty (const char *name, char **unit)
{
  static const char *const endings[] = { "_cm", "_kg", "_mm", "_mg", "_months", "_years", "_days", "_weeks", "_hours", "_mois", "_ans" };
  g_autofree char *label = g_strdup (name);
  char *open = strrchr (label, '('), *close = strrchr (label, ')');

  *unit = NULL;
  if (open != NULL && close != NULL && open > label && close > open && close[1] == '\0')
    {
      *unit = g_strndup (open + 1, close - open - 1);
      *open = '\0';
    }
  for (gsize i = 0; *unit == NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (label, endings[i]) && strlen (label) > strlen (endings[i]))
      {
        *unit = g_strdup (endings[i] + 1);
        label[strlen (label) - strlen (endings[i])] = '\0';
      }
  g_strdelimit (label, "_", ' ');
  g_strstrip (label);
  if (*label == '\0')
    return g_strdup (name);
  char first[8] = { 0 };
  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (label)), first);
  return g_strconcat (first, g_utf8_next_char (label), NULL);
}

/* --- which kind of table ------------------------------------------------------------------------------- */

static guint
n_wide_columns (const KtmSource *source)
{
  guint n = 0;

  for (guint i = 0; i < source->n_columns; i++)
    {
      g_autofree char *stem = NULL, *id = NULL;
      double time;
      KtmTimeUnit unit;
      if (ktm_known_wide (source->columns[i].name, &stem, &id, &time, &unit))
        for (guint k = 0; k < source->n_columns; k++)
          if (k != i && g_str_has_prefix (source->columns[k].name, stem) && g_ascii_isdigit (source->columns[k].name[strlen (stem)]))
            {
              n++;
              break;
            }
    }
  return n;
}

static gboolean
has_role (const KtmSource *source, KtmSourceKind kind, KtmColumnRole role)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (ktm_known_role (source->columns[i].folded, kind) == role)
      return TRUE;
  return FALSE;
}

/* TRUE where the column of codes names some patient twice. */
static gboolean
codes_repeat (const KtmSource *source, guint index)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const KtmCell *cells;
  guint n;

  ktm_csv_next (csv, &cells, &n);
  while (ktm_csv_next (csv, &cells, &n))
    if (n > index && cells[index].len > 0 && !g_hash_table_add (seen, g_strndup (cells[index].text, cells[index].len)))
      return TRUE;
  return FALSE;
}

static int
best_patient_column (const KtmSource *source)
{
  static const char *const strong[] = { "patient_id", "patient", "patient_code", "code_patient", "subject_id", "subjid", "usubjid",
                                        "subject", "identifiant", "id_patient", "record_id", "participant", "participant_id", "pid",
                                        "numero_patient", "no_patient", "num_patient", "n_patient", "patient_no", "identifiant_patient",
                                        "id", "code" };

  if (source->mapping->columns[KTM_COLUMN_PATIENT] != NULL)
    for (guint i = 0; i < source->n_columns; i++)
      if (strcmp (source->columns[i].name, source->mapping->columns[KTM_COLUMN_PATIENT]) == 0)
        return (int) i;
  for (gsize s = 0; s < G_N_ELEMENTS (strong); s++)
    for (guint i = 0; i < source->n_columns; i++)
      if (strcmp (source->columns[i].folded, strong[s]) == 0)
        return (int) i;
  return -1;
}

static KtmSourceKind
propose_kind (const KtmSource *source)
{
  gboolean patient = best_patient_column (source) >= 0;
  const KtmMapping *mapping = source->mapping;

  if (mapping->as != KTM_SOURCE_AUTO)
    return mapping->as;
  if (mapping->wide->len > 0)
    for (guint i = 0; i < source->n_columns; i++)
      for (guint k = 0; k < mapping->wide->len; k++)
        if (g_pattern_match_simple (mapping->wide->pdata[k], source->columns[i].name))
          return KTM_SOURCE_WIDE;
  if (!patient)
    return has_role (source, KTM_SOURCE_STUDIES, KTM_COLUMN_STUDY) ? KTM_SOURCE_STUDIES : KTM_SOURCE_AUTO;
  if (n_wide_columns (source) >= 2)
    return KTM_SOURCE_WIDE;
  if (has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_TERM) &&
      (has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_SEVERITY) || has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_SERIOUS) ||
       has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_RELATED) || has_role (source, KTM_SOURCE_ADVERSE_EVENTS, KTM_COLUMN_GRADE)))
    return KTM_SOURCE_ADVERSE_EVENTS;
  if (has_role (source, KTM_SOURCE_TREATMENTS, KTM_COLUMN_DOSE))
    return KTM_SOURCE_TREATMENTS;
  gboolean when = mapping->columns[KTM_COLUMN_TIME] != NULL || mapping->columns[KTM_COLUMN_VISIT] != NULL ||
                  mapping->columns[KTM_COLUMN_DATE] != NULL || has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_VISIT) ||
                  has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_TIME) || has_role (source, KTM_SOURCE_SCORES, KTM_COLUMN_DATE);
  gboolean measure = mapping->measures->len > 0;
  for (guint i = 0; i < source->n_columns; i++)
    measure |= ktm_known_measure (source->columns[i].folded) != NULL;
  if (when && (source->patients_repeat || measure))
    return KTM_SOURCE_SCORES;
  return source->patients_repeat && measure ? KTM_SOURCE_SCORES : KTM_SOURCE_PATIENTS;
}

/* --- what a column holds ------------------------------------------------------------------------------- */

/* Marks the columns whose value differs between two rows of one patient that follow each other. */
static void
look_within_patients (KtmSource *source, int patient)
{
  g_autoptr (KtmCsv) csv = ktm_dialect_open (&source->dialect, &source->text);
  g_autoptr (GHashTable) first = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  const KtmCell *cells;
  guint n, rows = 0;

  ktm_csv_next (csv, &cells, &n);
  while (rows++ < 20000 && ktm_csv_next (csv, &cells, &n))
    {
      if ((int) n <= patient)
        continue;
      g_autofree char *code = g_strndup (cells[patient].text, cells[patient].len);
      char **values = g_hash_table_lookup (first, code);
      if (values == NULL)
        {
          values = g_new0 (char *, source->n_columns + 1);
          for (guint i = 0; i < source->n_columns; i++)
            values[i] = i < n ? g_strndup (cells[i].text, cells[i].len) : g_strdup ("");
          g_hash_table_insert (first, g_steal_pointer (&code), values);
          continue;
        }
      for (guint i = 0; i < n && i < source->n_columns; i++)
        if (cells[i].len > 0 && *values[i] != '\0' && (strlen (values[i]) != cells[i].len || memcmp (values[i], cells[i].text, cells[i].len) != 0))
          source->columns[i].varies = TRUE;
    }
}

static gboolean
all_levels (const KtmColumn *column, gboolean (*test) (const char *text))
{
  for (guint i = 0; i < column->levels->len; i++)
    if (!test (g_array_index (column->levels, KtmLevelSeen, i).text))
      return FALSE;
  return column->levels->len > 0;
}

/* Remarks: words that nearly never repeat, or whole sentences. */
static gboolean
is_free_text (const KtmColumn *column)
{
  for (guint i = 0; i < column->levels->len; i++)
    if (strlen (g_array_index (column->levels, KtmLevelSeen, i).text) > 120)
      return TRUE;
  return column->many_levels && column->n_words * 2 > column->n_filled;
}

static gboolean
is_yes_no (const char *text)
{
  return ktm_cell_yes_no (text, strlen (text)) >= 0;
}

static gboolean
is_mail (const char *text)
{
  const char *at = strchr (text, '@');
  return at != NULL && at > text && strchr (at, '.') != NULL && strchr (text, ' ') == NULL;
}

static gboolean
is_social_number (const char *text)
{
  guint digits = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      digits++;
    else if (*p != ' ')
      return FALSE;
  return (digits == 13 || digits == 15) && (*text == '1' || *text == '2');
}

static gboolean
is_phone (const char *text)
{
  guint digits = 0, marks = 0;

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      digits++;
    else if (strchr (" .-/()+", *p) != NULL)
      marks++;
    else
      return FALSE;
  return digits >= 9 && digits <= 13 && (text[0] == '+' || (text[0] == '0' && (marks >= 3 || digits == 10)));
}

/* "Marie Dupont", "DUPONT Marie". */
static gboolean
is_full_name (const char *text)
{
  guint words = 0;
  gboolean start = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c == ' ' || c == '-' || c == '\'')
        {
          start = TRUE;
          continue;
        }
      if (!g_unichar_isalpha (c) || (start && !g_unichar_isupper (c)))
        return FALSE;
      words += start;
      start = FALSE;
    }
  return words >= 2 && words <= 4;
}

static const char *
personal_content (const KtmColumn *column)
{
  if (column->n_filled == 0)
    return NULL;
  if (all_levels (column, is_mail))
    return N_("an e-mail address");
  if (all_levels (column, is_social_number))
    return N_("a social-security number");
  if (all_levels (column, is_phone))
    return N_("a phone number");
  if (column->levels->len > 4 && column->n_filled <= column->levels->len + column->levels->len / 4 && all_levels (column, is_full_name))
    return N_("a name");
  return NULL;
}

static KtmStoreKind
attribute_kind (const KtmColumn *column)
{
  const KtmKnownAttribute *known = ktm_known_attribute (column->folded);

  if (column->n_dates * 10 >= column->n_filled * 8)
    return KTM_STORE_DATE;
  if (!column->many_levels && column->levels->len <= 4 && all_levels (column, is_yes_no))
    return KTM_STORE_YES_NO;
  if (known != NULL && !isnan (known->min))
    return KTM_STORE_NUMBER;
  if (column->n_numbers * 10 >= column->n_filled * 8)
    return column->whole && !column->many_levels && column->levels->len <= 6 && column->min >= 0 && column->max <= 9 &&
           column->n_filled >= 5 * column->levels->len ? KTM_STORE_CATEGORY : KTM_STORE_NUMBER;
  return KTM_STORE_CATEGORY;
}

static void
make_attribute (KtmColumn *column, const char *const *attributes)
{
  const KtmKnownAttribute *known = ktm_known_attribute (column->folded);
  g_autofree char *id = ktm_lower (column->name);

  column->role = KTM_COLUMN_ATTRIBUTE;
  column->kind = attribute_kind (column);
  g_free (column->label);
  g_free (column->unit);
  column->label = pretty (column->name, &column->unit);
  if (known != NULL)
    {
      column->scale_min = known->min;
      column->scale_max = known->max;
      if (column->unit == NULL && *known->unit != '\0')
        column->unit = g_strdup (known->unit);
      if (!in_list (attributes, id) && in_list (attributes, known->id) && !isnan (known->min))
        {
          g_free (id);
          id = g_strdup (known->id);
        }
    }
  g_free (column->target);
  column->target = g_steal_pointer (&id);
}

/* Sets id, label and scale of a measure whose part of the column's name is @id. */
static void
make_measure (KtmSource *source, KtmColumn *column, const char *id, const char *const *measures)
{
  g_autofree char *folded = ktm_fold (id, -1, TRUE);
  const KtmKnownMeasure *known = ktm_known_measure (folded);

  g_free (column->target);
  column->target = ktm_lower (id);
  g_free (column->label);
  g_free (column->unit);
  column->label = pretty (id, &column->unit);
  column->lower_better = TRUE;
  if (known != NULL)
    {
      if (!in_list (measures, column->target) && in_list (measures, known->id))
        {
          g_free (column->target);
          column->target = g_strdup (known->id);
        }
      g_free (column->label);
      column->label = g_strdup (known->label);
      g_free (column->unit);
      column->unit = g_strdup (known->unit);
      column->scale_min = known->min;
      column->scale_max = known->max;
      column->mcid = known->mcid;
      column->lower_better = known->lower_better;
      if (strcmp (known->id, "vas") == 0 && column->plain_max <= 10)
        column->scale_max = 10;
    }
  for (guint i = 0; i < source->mapping->measures->len; i++)
    {
      KtmMeasureSpec spec;
      if (!ktm_measure_spec_parse (source->mapping->measures->pdata[i], &spec, NULL))
        continue;
      g_autofree char *spec_id = ktm_lower (spec.column);
      if (strcmp (spec.column, column->name) == 0 || strcmp (spec_id, column->target) == 0 || strcmp (spec.column, id) == 0)
        {
          if (!isnan (spec.min))
            {
              if (spec.min != column->scale_min || spec.max != column->scale_max)
                column->mcid = NAN;
              column->scale_min = spec.min;
              column->scale_max = spec.max;
            }
          if (spec.lower_better >= 0)
            column->lower_better = spec.lower_better;
        }
      ktm_measure_spec_clear (&spec);
    }
}

static gboolean
measure_said (const KtmSource *source, const KtmColumn *column)
{
  for (guint i = 0; i < source->mapping->measures->len; i++)
    {
      KtmMeasureSpec spec;
      gboolean same = FALSE;
      if (ktm_measure_spec_parse (source->mapping->measures->pdata[i], &spec, NULL))
        same = strcmp (spec.column, column->name) == 0;
      ktm_measure_spec_clear (&spec);
      if (same)
        return TRUE;
    }
  return FALSE;
}

/* --- wide columns -------------------------------------------------------------------------------------- */

/* The number where the '*' of @pattern stands in @name. */
static gboolean
match_pattern (const char *pattern, const char *name, double *time)
{
  const char *star = strchr (pattern, '*');

  if (star == NULL || !g_str_has_prefix (name, "") || strncmp (name, pattern, star - pattern) != 0 || !g_str_has_suffix (name, star + 1))
    return FALSE;
  gsize from = star - pattern, to = strlen (name) - strlen (star + 1);
  if (to <= from)
    return FALSE;
  g_autofree char *number = g_strndup (name + from, to - from);
  g_strdelimit (number, ",", '.');
  char *end;
  *time = g_ascii_strtod (number, &end);
  return *end == '\0' && (g_ascii_isdigit (*number) || *number == '.' || *number == '-') && isfinite (*time);
}

static void
take_wide_said (KtmSource *source, KtmColumn *column, const char *const *measures)
{
  for (guint k = 0; k < source->mapping->wide->len; k++)
    {
      const char *pattern = source->mapping->wide->pdata[k];
      g_autofree char *stem = NULL, *id = NULL;
      double time, unused;
      KtmTimeUnit unit = KTM_TIME_NONE;
      if (!match_pattern (pattern, column->name, &time))
        continue;
      if (!ktm_known_wide (column->name, &stem, &id, &unused, &unit))
        {
          const char *star = strchr (pattern, '*');
          g_autofree char *part = g_strndup (pattern, star - pattern);
          gsize len = strlen (part);
          while (len > 0 && strchr ("_ .-", part[len - 1]) != NULL)
            part[--len] = '\0';
          id = ktm_lower (len > 0 ? part : star + 1);
        }
      column->role = KTM_COLUMN_WIDE;
      column->time = time;
      if (source->time_unit == KTM_TIME_NONE)
        source->time_unit = unit;
      make_measure (source, column, id, measures);
      return;
    }
}

static void
take_wide (KtmSource *source, KtmColumn *column, const char *const *measures)
{
  g_autofree char *stem = NULL, *id = NULL;
  double time;
  KtmTimeUnit unit;
  gsize len;

  if (source->mapping->wide->len > 0)
    {
      take_wide_said (source, column, measures);
      return;
    }
  if (!ktm_known_wide (column->name, &stem, &id, &time, &unit) || column->n_numbers * 2 < column->n_filled)
    return;
  len = strlen (stem);
  for (guint k = 0; k < source->n_columns; k++)
    if (&source->columns[k] != column && strncmp (source->columns[k].name, stem, len) == 0 && g_ascii_isdigit (source->columns[k].name[len]))
      {
        column->role = KTM_COLUMN_WIDE;
        column->time = time;
        if (source->time_unit == KTM_TIME_NONE)
          source->time_unit = unit;
        else if (unit != KTM_TIME_NONE && unit != source->time_unit)
          column->time = time * ktm_time_unit_days (unit) / ktm_time_unit_days (source->time_unit);
        make_measure (source, column, id, measures);
        return;
      }
}

/* --- the columns of each kind of table ----------------------------------------------------------------- */

static gboolean
role_fits (KtmSourceKind kind, KtmColumnRole role)
{
  switch (role)
    {
    case KTM_COLUMN_VISIT: case KTM_COLUMN_TIME: case KTM_COLUMN_HARM_FLAG:
      return kind == KTM_SOURCE_SCORES || ((kind == KTM_SOURCE_ADVERSE_EVENTS || kind == KTM_SOURCE_TREATMENTS) && role != KTM_COLUMN_HARM_FLAG);
    case KTM_COLUMN_DATE:
      return kind == KTM_SOURCE_SCORES || kind == KTM_SOURCE_ADVERSE_EVENTS || kind == KTM_SOURCE_TREATMENTS;
    case KTM_COLUMN_CENTRE: case KTM_COLUMN_INDEX_DATE:
    case KTM_COLUMN_INCLUDED: case KTM_COLUMN_EXCLUSION_REASON: case KTM_COLUMN_STOP_TIME: case KTM_COLUMN_STOP_REASON:
      return kind == KTM_SOURCE_PATIENTS || kind == KTM_SOURCE_WIDE || kind == KTM_SOURCE_SCORES;
    case KTM_COLUMN_ARM:
      return kind != KTM_SOURCE_TREATMENTS && kind != KTM_SOURCE_ADVERSE_EVENTS;
    default:
      return TRUE;
    }
}

static gboolean
one_only (KtmColumnRole role)
{
  return role != KTM_COLUMN_LEFT_OUT && role != KTM_COLUMN_MEASURE && role != KTM_COLUMN_WIDE && role != KTM_COLUMN_ATTRIBUTE && role != KTM_COLUMN_MODERATOR;
}

static gboolean
may_be_measure (const KtmColumn *column)
{
  if (ktm_known_measure (column->folded) != NULL)
    return column->n_numbers > 0;
  return column->n_filled > 0 && column->n_numbers * 10 >= column->n_filled * 8;
}

static void
take_rest_of_scores (KtmSource *source, KtmColumn *column, const char *const *measures, const char *const *attributes)
{
  gboolean known = ktm_known_measure (column->folded) != NULL;

  if (source->mapping->measures->len > 0 && measure_said (source, column))
    {
      column->role = KTM_COLUMN_MEASURE;
      make_measure (source, column, column->name, measures);
    }
  else if (source->mapping->measures->len == 0 && may_be_measure (column) &&
           (known || (column->varies && !all_levels (column, is_yes_no))))
    {
      column->role = KTM_COLUMN_MEASURE;
      make_measure (source, column, column->name, measures);
    }
  else if (source->patients_repeat && !column->varies && source->mapping->attributes->len == 0 && column->n_filled > 0 && !known && !is_free_text (column))
    make_attribute (column, attributes);
  else
    leave_out (column, column->n_filled == 0 ? _("empty") : is_free_text (column) ? _("free text") : source->mapping->measures->len > 0 ? _("not among the measures given") :
                       _("differs within a patient and is no score"));
}

static void
take_rest (KtmSource *source, KtmColumn *column, const char *const *measures, const char *const *attributes)
{
  switch (source->kind)
    {
    case KTM_SOURCE_SCORES:
      take_rest_of_scores (source, column, measures, attributes);
      break;
    case KTM_SOURCE_STUDIES:
      column->role = KTM_COLUMN_MODERATOR;
      break;
    case KTM_SOURCE_TREATMENTS:
      if (source->mapping->attributes->len == 0 && g_str_has_prefix (column->folded, "co_") && !source->patients_repeat && all_levels (column, is_yes_no))
        make_attribute (column, attributes);
      else
        leave_out (column, _("nothing of a treatment that the cohort keeps"));
      break;
    case KTM_SOURCE_ADVERSE_EVENTS:
      leave_out (column, _("nothing of an event that the cohort keeps"));
      break;
    default:
      if (column->n_filled == 0)
        leave_out (column, _("empty"));
      else if (source->mapping->attributes->len > 0)
        leave_out (column, _("not among the attributes given"));
      else if (is_free_text (column))
        leave_out (column, _("free text"));
      else
        make_attribute (column, attributes);
    }
}

static void
take_known_role (KtmSource *source, KtmColumn *column, KtmColumnRole role)
{
  KtmColumn *other = ktm_source_of_role (source, role);

  if (one_only (role) && other != NULL)
    {
      if (role == KTM_COLUMN_DOSE && strstr (column->folded, "kg") != NULL && strstr (other->folded, "kg") == NULL)
        leave_out (other, _("another column holds the dose by weight"));
      else if (role == KTM_COLUMN_TIME && source->mapping->columns[KTM_COLUMN_TIME] == NULL && source->kind == KTM_SOURCE_SCORES)
        {
          ask (source, "--time", _("“%s” and “%s” both look like the time"), other->name, column->name);
          return;
        }
      else
        {
          g_autofree char *why = g_strdup_printf (_("“%s” is taken for it"), other->name);
          leave_out (column, why);
          return;
        }
    }
  column->role = role;
}

static gboolean
take_said (KtmSource *source, KtmColumn *column, const char *const *measures, const char *const *attributes)
{
  const KtmMapping *mapping = source->mapping;

  if (said (mapping->left_out, column->name))
    {
      leave_out (column, _("left out on purpose"));
      return TRUE;
    }
  for (int role = KTM_COLUMN_PATIENT; role < KTM_N_COLUMN_ROLES; role++)
    if (mapping->columns[role] != NULL && strcmp (mapping->columns[role], column->name) == 0)
      {
        column->role = (KtmColumnRole) role;
        if (role == KTM_COLUMN_DATE && (source->kind == KTM_SOURCE_PATIENTS || source->kind == KTM_SOURCE_WIDE))
          column->role = KTM_COLUMN_INDEX_DATE;
        return TRUE;
      }
  if (said (mapping->attributes, column->name))
    {
      make_attribute (column, attributes);
      return TRUE;
    }
  if (source->kind == KTM_SOURCE_SCORES && measure_said (source, column))
    {
      column->role = KTM_COLUMN_MEASURE;
      make_measure (source, column, column->name, measures);
      return TRUE;
    }
  return FALSE;
}

static gboolean
role_is_said (const KtmSource *source, KtmColumnRole role)
{
  const char *name = source->mapping->columns[role == KTM_COLUMN_INDEX_DATE && source->mapping->columns[role] == NULL ? KTM_COLUMN_DATE : role];

  return name != NULL && ktm_source_find (source, name) != NULL;
}

static void
take_column (KtmSource *source, KtmColumn *column, const char *const *measures, const char *const *attributes)
{
  const char *personal = ktm_known_personal (column->folded);
  KtmColumnRole role;

  if (column->role != KTM_COLUMN_LEFT_OUT || column->why != NULL)
    return;
  if (column->duplicate)
    {
      leave_out (column, _("a second column of this name"));
      return;
    }
  if (personal == NULL)
    personal = personal_content (column);
  if (personal != NULL && source->kind != KTM_SOURCE_STUDIES)
    {
      g_autofree char *why = g_strdup_printf (_("looks like %s"), _(personal));
      column->personal = TRUE;
      leave_out (column, why);
      return;
    }
  if (source->kind == KTM_SOURCE_WIDE)
    take_wide (source, column, measures);
  if (column->role == KTM_COLUMN_WIDE)
    return;
  if (ktm_known_row_number (column->folded))
    {
      leave_out (column, _("a row's number"));
      return;
    }
  role = ktm_known_role (column->folded, source->kind);
  if (role == KTM_COLUMN_PATIENT || (role != KTM_COLUMN_LEFT_OUT && !role_fits (source->kind, role)))
    role = KTM_COLUMN_LEFT_OUT;
  if (role != KTM_COLUMN_LEFT_OUT && one_only (role) && role_is_said (source, role))
    leave_out (column, _("another column was given for it"));
  else if (role == KTM_COLUMN_ARM && source->kind == KTM_SOURCE_SCORES && column->varies)
    leave_out (column, _("differs within a patient and is no score"));
  else if (role != KTM_COLUMN_LEFT_OUT)
    take_known_role (source, column, role);
  else if (ktm_known_after_baseline (column->folded))
    leave_out (column, _("known only after baseline"));
  else
    take_rest (source, column, measures, attributes);
}

/* --- what is still open -------------------------------------------------------------------------------- */

static gboolean
needs_decimals (const KtmSource *source)
{
  for (guint i = 0; i < source->n_columns; i++)
    {
      const KtmColumn *column = &source->columns[i];
      if (column->role != KTM_COLUMN_LEFT_OUT && column->role != KTM_COLUMN_PATIENT && column->n_numbers > 0)
        return TRUE;
    }
  return FALSE;
}

static void
ask_about_dialect (KtmSource *source)
{
  if (source->dialect.decimal_unclear && needs_decimals (source))
    ask (source, "--decimal point, comma", _("“%s” could be a thousand or a decimal"), source->dialect.decimal_example);
  if (source->dialect.dates_unclear && (ktm_source_of_role (source, KTM_COLUMN_DATE) != NULL || ktm_source_of_role (source, KTM_COLUMN_INDEX_DATE) != NULL))
    ask (source, "--date-order dmy, mdy", _("“%s” could be either day or month first"), source->dialect.dates_example);
}

static void
settle_time_unit (KtmSource *source)
{
  KtmColumn *time = ktm_source_of_role (source, KTM_COLUMN_TIME);
  KtmColumn *stop = ktm_source_of_role (source, KTM_COLUMN_STOP_TIME);

  if (source->mapping->time_unit != KTM_TIME_NONE)
    source->time_unit = source->mapping->time_unit;
  else if (time != NULL)
    {
      source->time_unit = ktm_known_time_unit (time->folded);
      if (source->time_unit == KTM_TIME_NONE)
        ask (source, "--time-unit", _("the unit of “%s” is not known"), time->name);
    }
  else if (source->time_unit == KTM_TIME_NONE && stop != NULL)
    source->time_unit = ktm_known_time_unit (stop->folded);
  if (source->time_unit == KTM_TIME_NONE)
    source->time_unit = KTM_TIME_MONTH;
}

static void
ask_about_columns (KtmSource *source)
{
  guint n_scores = 0;

  for (guint i = 0; i < source->n_columns; i++)
    n_scores += source->columns[i].role == KTM_COLUMN_MEASURE || source->columns[i].role == KTM_COLUMN_WIDE || source->columns[i].role == KTM_COLUMN_HARM_FLAG;
  if (source->kind != KTM_SOURCE_STUDIES && ktm_source_of_role (source, KTM_COLUMN_PATIENT) == NULL)
    ask (source, "--patient", _("no column looks like the patient code"));
  if (source->kind == KTM_SOURCE_STUDIES && ktm_source_of_role (source, KTM_COLUMN_STUDY) == NULL)
    ask (source, NULL, _("no column names the study: call one “study”"));
  if (source->kind == KTM_SOURCE_SCORES && n_scores == 0)
    ask (source, "--measure COL:MIN:MAX", _("no column looks like a score"));
  if (source->kind == KTM_SOURCE_WIDE && n_scores == 0)
    ask (source, "--wide 'STEM*'", _("no columns look like one score at several times"));
  if (source->kind == KTM_SOURCE_SCORES && ktm_source_of_role (source, KTM_COLUMN_VISIT) == NULL && ktm_source_of_role (source, KTM_COLUMN_TIME) == NULL &&
      ktm_source_of_role (source, KTM_COLUMN_DATE) == NULL && source->questions->len == 0)
    ask (source, "--visit, --time, --date", _("nothing says when a score was taken"));
  if (source->kind == KTM_SOURCE_ADVERSE_EVENTS && ktm_source_of_role (source, KTM_COLUMN_TERM) == NULL)
    ask (source, NULL, _("no column names the adverse event: call one “term”"));
  if (source->kind == KTM_SOURCE_AUTO)
    {
      g_autofree char *hint = g_strdup_printf ("--as %s=patients, scores, wide, treatments, adverse-events, studies", source->name);
      ask (source, hint, _("it is not clear what the table holds"));
    }
}

static gboolean
refuse_redcap (const KtmSource *source, GError **error)
{
  for (guint i = 0; i < source->n_columns; i++)
    if (strcmp (source->columns[i].folded, "redcap_event_name") == 0 || strcmp (source->columns[i].folded, "redcap_repeat_instrument") == 0)
      {
        g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                     _("%s is a REDCap export with one line per record and event (column “%s”), which cannot be read yet: "
                       "export one table per instrument, with the event as a column “visit”"), source->name, source->columns[i].name);
        return TRUE;
      }
  return FALSE;
}

gboolean
ktm_source_propose (KtmSource *source, const char *const *measures, const char *const *attributes, GError **error)
{
  if (refuse_redcap (source, error))
    return FALSE;
  g_ptr_array_set_size (source->questions, 0);
  g_ptr_array_set_size (source->hints, 0);
  g_ptr_array_set_size (source->notes, 0);
  for (guint i = 0; i < source->n_columns; i++)
    {
      leave_out (&source->columns[i], NULL);
      g_clear_pointer (&source->columns[i].target, g_free);
      source->columns[i].personal = FALSE;
    }
  int patient = best_patient_column (source);
  source->patients_repeat = patient >= 0 && codes_repeat (source, patient);
  if (patient >= 0)
    look_within_patients (source, patient);
  source->time_unit = source->mapping->time_unit;
  source->kind = propose_kind (source);
  if (source->kind != KTM_SOURCE_AUTO)
    {
      if (patient >= 0 && source->kind != KTM_SOURCE_STUDIES)
        source->columns[patient].role = KTM_COLUMN_PATIENT;
      for (guint i = 0; i < source->n_columns; i++)
        if ((int) i != patient && !source->columns[i].duplicate)
          take_said (source, &source->columns[i], measures, attributes);
      for (guint i = 0; i < source->n_columns; i++)
        take_column (source, &source->columns[i], measures, attributes);
      settle_time_unit (source);
    }
  ask_about_columns (source);
  ask_about_dialect (source);
  return TRUE;
}

static void
unsay (GPtrArray *list, const char *column)
{
  for (guint i = list->len; i-- > 0;)
    if (strcmp (list->pdata[i], column) == 0)
      g_ptr_array_remove_index (list, i);
}

/* Says by hand that the column @name is @role; everything else stays as it is proposed now.  Propose again after it. */
void
ktm_source_say_role (KtmSource *source, const char *name, KtmColumnRole role)
{
  KtmMapping *mapping = ktm_source_dup_mapping (source);

  for (int i = 0; i < KTM_N_COLUMN_ROLES; i++)
    if (g_strcmp0 (mapping->columns[i], name) == 0)
      g_clear_pointer (&mapping->columns[i], g_free);
  unsay (mapping->attributes, name);
  unsay (mapping->left_out, name);
  for (guint i = mapping->measures->len; i-- > 0;)
    {
      KtmMeasureSpec spec;
      if (ktm_measure_spec_parse (mapping->measures->pdata[i], &spec, NULL) && strcmp (spec.column, name) == 0)
        g_ptr_array_remove_index (mapping->measures, i);
      ktm_measure_spec_clear (&spec);
    }
  if (role == KTM_COLUMN_LEFT_OUT)
    g_ptr_array_add (mapping->left_out, g_strdup (name));
  else if (role == KTM_COLUMN_ATTRIBUTE)
    g_ptr_array_add (mapping->attributes, g_strdup (name));
  else if (role == KTM_COLUMN_MEASURE)
    g_ptr_array_add (mapping->measures, g_strdup (name));
  else if (role != KTM_COLUMN_WIDE)
    {
      g_free (mapping->columns[role]);
      mapping->columns[role] = g_strdup (name);
    }
  mapping->dialect = source->mapping->dialect;  /* what was not said stays decided from the file */
  mapping->time_unit = source->mapping->time_unit;
  ktm_mapping_free (source->mapping);
  source->mapping = mapping;
}

static void
save_measure (GPtrArray *list, const KtmColumn *column, const char *name)
{
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  const char *better = column->lower_better ? "lower" : "higher";

  g_ascii_formatd (low, sizeof low, "%.15g", column->scale_min);
  g_ascii_formatd (high, sizeof high, "%.15g", column->scale_max);
  g_autofree char *spec = isnan (column->scale_min) || isnan (column->scale_max) ? g_strdup_printf ("%s:%s", name, better)
                                                                                 : g_strdup_printf ("%s:%s:%s:%s", name, low, high, better);
  if (!said (list, spec))
    g_ptr_array_add (list, g_steal_pointer (&spec));
}

static void
save_wide (GPtrArray *list, const KtmColumn *column)
{
  const char *name = column->name, *end = name + strlen (name), *from;

  while (end > name && !g_ascii_isdigit (end[-1]))
    end--;
  from = end;
  while (from > name && (g_ascii_isdigit (from[-1]) || (from[-1] == '.' && from > name + 1 && g_ascii_isdigit (from[-2]))))
    from--;
  g_autofree char *stem = g_strndup (name, from - name);
  g_autofree char *pattern = g_strconcat (stem, "*", end, NULL);
  if (!said (list, pattern))
    g_ptr_array_add (list, g_steal_pointer (&pattern));
}

KtmMapping *
ktm_source_dup_mapping (const KtmSource *source)
{
  KtmMapping *mapping = ktm_mapping_new ();

  mapping->as = source->kind;
  mapping->time_unit = source->time_unit;
  mapping->dialect = (KtmDialectWanted) { source->dialect.delimiter, source->dialect.decimal, source->text.encoding, source->dialect.date_order };
  for (guint i = 0; i < source->mapping->missing_codes->len; i++)
    g_ptr_array_add (mapping->missing_codes, g_strdup (source->mapping->missing_codes->pdata[i]));
  for (guint i = 0; i < source->n_columns; i++)
    {
      const KtmColumn *column = &source->columns[i];
      if (column->duplicate)
        continue;
      if (column->role == KTM_COLUMN_LEFT_OUT)
        g_ptr_array_add (mapping->left_out, g_strdup (column->name));
      else if (column->role == KTM_COLUMN_ATTRIBUTE)
        g_ptr_array_add (mapping->attributes, g_strdup (column->name));
      else if (column->role == KTM_COLUMN_MEASURE)
        save_measure (mapping->measures, column, column->name);
      else if (column->role == KTM_COLUMN_WIDE)
        {
          save_wide (mapping->wide, column);
          save_measure (mapping->measures, column, column->target);
        }
      else if (one_only (column->role))
        {
          g_free (mapping->columns[column->role]);
          mapping->columns[column->role] = g_strdup (column->name);
        }
    }
  return mapping;
}
