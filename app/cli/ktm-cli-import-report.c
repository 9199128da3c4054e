/* app/cli: the mapping, the problems and the counts of an import as text, JSON and CSV. */
#include "ktm-cli-json.h"
#include "ktm-cli-import.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_TEXT_PROBLEMS 200

static const char *
order_name (KtmDateOrder order)
{
  static const char *const names[] = { "none", "ymd", "dmy", "mdy" };

  return names[order];
}

/* What a column is, in a word or two and the id it gets. */
static char *
describe_column (const KtmColumn *column)
{
  static const char *const kinds[] = { N_("number"), N_("category"), N_("ordered category"),
                                       N_("yes or no"), N_("date") };
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

  if (column->role == KTM_COLUMN_LEFT_OUT)
    return g_strdup_printf (_("left out: %s"), column->why != NULL ? column->why : _("not mapped"));
  if (column->role == KTM_COLUMN_ATTRIBUTE)
    return g_strdup_printf (_("attribute %s (%s)"), column->target, _(kinds[column->kind]));
  if (column->role != KTM_COLUMN_MEASURE && column->role != KTM_COLUMN_WIDE)
    return g_strdup (ktm_role_key (column->role));
  const char *better = column->lower_better ? _("lower is better") : _("higher is better");
  if (isnan (column->scale_min) || isnan (column->scale_max))
    return g_strdup_printf (_("measure %s (no range given, %s)"), column->target, better);
  return g_strdup_printf (_("measure %s (%s to %s, %s)"), column->target,
                          g_ascii_formatd (low, sizeof low, "%.10g", column->scale_min),
                          g_ascii_formatd (high, sizeof high, "%.10g", column->scale_max), better);
}

static void
text_source (GString *out, const KtmSource *source)
{
  const KtmDialect *d = &source->dialect;

  g_string_append_printf (out, ngettext ("%s: %s, %u row\n", "%s: %s, %u rows\n", d->n_rows),
                          source->name, ktm_source_kind_name (source->kind), d->n_rows);
  if (source->header_line > 1)
    g_string_append_printf (out, _("  column names in line %u; what stands above is not read\n"),
                            source->header_line);
  g_string_append_printf (out, _("  delimiter %s (%s)\n"), ktm_delimiter_name (d->delimiter),
                          d->delimiter_why);
  g_string_append_printf (out, _("  decimal %s (%s)\n"), d->decimal == ',' ? "comma" : "point",
                          d->decimal_why);
  g_string_append_printf (out, _("  encoding %s (%s)\n"),
                          ktm_encoding_name (source->text.encoding), d->encoding_why);
  g_string_append_printf (out, _("  date order %s (%s)\n"), order_name (d->date_order),
                          d->dates_why);
  for (guint i = 0; i < source->n_columns; i++)
    {
      const KtmColumn *column = &source->columns[i];
      guint last = i;
      while (column->role == KTM_COLUMN_WIDE && last + 1 < source->n_columns &&
             source->columns[last + 1].role == KTM_COLUMN_WIDE &&
             strcmp (source->columns[last + 1].target, column->target) == 0)
        last++;
      g_autofree char *what = describe_column (column);
      if (last > i)
        g_string_append_printf (out, "  %s … %s → %s\n", column->name, source->columns[last].name,
                                what);
      else
        g_string_append_printf (out, "  %s → %s\n", column->name, what);
      i = last;
    }
}

static void
text_problems (GString *out, KtmImport *import)
{
  guint n = ktm_import_n_problems (import), shown = MIN (n, MAX_TEXT_PROBLEMS);

  if (n == 0)
    {
      g_string_append (out, _("No problems\n"));
      return;
    }
  g_string_append_printf (out, ngettext ("%u problem\n", "%u problems\n", n), n);
  for (guint i = 0; i < shown && ktm_import_get_problem (import, i) != NULL; i++)
    {
      const KtmProblem *problem = ktm_import_get_problem (import, i);
      g_autofree char *sentence = ktm_problem_dup_sentence (import, problem);
      g_autofree char *choice = ktm_problem_dup_choice (problem, problem->choice);
      g_string_append_printf (out, "  %s%s%s [%s]\n", sentence, problem->blocks ? "" : " ",
                              problem->blocks ? "" : _("(to look at)"), choice);
    }
  if (n > shown)
    g_string_append_printf (out, _("  … and %u more; --format csv lists all\n"), n - shown);
}

static void
text_counts (GString *out, const KtmImportCounts *c)
{
  g_string_append_printf (out, _("Patients: %u new, %u changed, %u untouched\n"), c->new_patients,
                          c->changed_patients, c->untouched_patients);
  g_string_append_printf (out, _("Values: %u new, %u changed, %u the same, %u deleted\n"),
                          c->new_values, c->changed_values, c->same_values, c->deleted_values);
  if (c->changed_fields > 0 || c->changed_times > 0)
    g_string_append_printf (out,
                            _("Among the changed: %u fields of patients, %u times of scores\n"),
                            c->changed_fields, c->changed_times);
  if (c->new_rows > 0 || c->changed_rows > 0 || c->same_rows > 0)
    g_string_append_printf (
        out, _("Treatments, events, answers, study arms: %u new, %u changed, %u the same\n"),
        c->new_rows, c->changed_rows, c->same_rows);
  g_string_append_printf (
      out,
      _("In the files: scores %u, attribute values %u, treatments %u, adverse events %u, "
         "answers about harms %u, study arms %u\n"),
      c->scores, c->values, c->treatments, c->events, c->safety, c->study_arms);
  g_string_append_printf (out, _("Read as missing: %u; left out: %u\n"), c->missing_codes,
                          c->left_out);
}

/* What changes in the cohort, old → new; what is only added is not listed. */
static void
text_changes (GString *out, KtmImport *import)
{
  guint shown = 0;

  for (guint i = 0; i < ktm_import_n_changes (import) && shown < MAX_TEXT_PROBLEMS; i++)
    {
      const KtmImportChange *change = ktm_import_get_change (import, i);
      if (change->from == NULL)
        continue;
      g_string_append_printf (out, "  %s %s: %s → %s\n", change->code, change->what, change->from,
                              change->to);
      shown++;
    }
  if (ktm_import_get_counts (import)->changed_values > shown)
    g_string_append_printf (out, _("  … and %u more; --format json lists all\n"),
                            ktm_import_get_counts (import)->changed_values - shown);
}

static char *
to_text (KtmImport *import, gboolean imported)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    text_source (out, ktm_import_get_source (import, i));
  text_problems (out, import);
  text_counts (out, ktm_import_get_counts (import));
  text_changes (out, import);
  g_string_append (out, imported ? _("Imported\n") : _("Nothing written\n"));
  return g_string_free (out, FALSE);
}

static void
json_column (JsonBuilder *b, const KtmColumn *column)
{
  gboolean scale = column->role == KTM_COLUMN_MEASURE || column->role == KTM_COLUMN_WIDE;

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "name", column->name);
  ktm_cli_json_string (b, "role", ktm_role_key (column->role));
  ktm_cli_json_string (b, "id", column->role == KTM_COLUMN_LEFT_OUT ? NULL : column->target);
  ktm_cli_json_number (b, "time", column->role == KTM_COLUMN_WIDE ? column->time : NAN);
  ktm_cli_json_number (b, "min", scale ? column->scale_min : NAN);
  ktm_cli_json_number (b, "max", scale ? column->scale_max : NAN);
  ktm_cli_json_string (b, "better", !scale ? NULL : column->lower_better ? "lower" : "higher");
  ktm_cli_json_string (b, "why", column->why);
  json_builder_set_member_name (b, "personal");
  json_builder_add_boolean_value (b, column->personal);
  json_builder_end_object (b);
}

static void
json_source (JsonBuilder *b, const KtmSource *source)
{
  json_builder_begin_object (b);
  ktm_cli_json_string (b, "file", source->name);
  ktm_cli_json_string (b, "as", ktm_source_kind_name (source->kind));
  ktm_cli_json_int (b, "rows", source->dialect.n_rows);
  ktm_cli_json_string (b, "time_unit", ktm_time_unit_name (source->time_unit));
  ktm_cli_json_string (b, "delimiter", ktm_delimiter_name (source->dialect.delimiter));
  ktm_cli_json_string (b, "decimal", source->dialect.decimal == ',' ? "comma" : "point");
  ktm_cli_json_string (b, "encoding", ktm_encoding_name (source->text.encoding));
  ktm_cli_json_string (b, "date_order", order_name (source->dialect.date_order));
  json_builder_set_member_name (b, "columns");
  json_builder_begin_array (b);
  for (guint i = 0; i < source->n_columns; i++)
    json_column (b, &source->columns[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
json_problem (JsonBuilder *b, KtmImport *import, const KtmProblem *p)
{
  g_autofree char *reason = ktm_problem_dup_reason (p),
                  *choice = ktm_problem_dup_choice (p, p->choice);

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "file", ktm_import_get_source (import, p->source)->name);
  ktm_cli_json_int (b, "line", p->line);
  ktm_cli_json_string (b, "column", p->column > 0 ? p->column_name : NULL);
  ktm_cli_json_string (b, "value", p->value);
  ktm_cli_json_string (b, "kind", ktm_problem_kind_name (p->kind));
  ktm_cli_json_string (b, "expected", reason);
  ktm_cli_json_string (b, "severity", p->needs_choice ? "needs-choice" : "to-look-at");
  json_builder_set_member_name (b, "blocks");
  json_builder_add_boolean_value (b, p->blocks);
  ktm_cli_json_string (b, "do", choice);
  json_builder_end_object (b);
}

static void
json_counts (JsonBuilder *b, const KtmImportCounts *c)
{
  json_builder_set_member_name (b, "counts");
  json_builder_begin_object (b);
  ktm_cli_json_int (b, "patients_before", c->patients_before);
  ktm_cli_json_int (b, "new_patients", c->new_patients);
  ktm_cli_json_int (b, "changed_patients", c->changed_patients);
  ktm_cli_json_int (b, "untouched_patients", c->untouched_patients);
  ktm_cli_json_int (b, "new_values", c->new_values);
  ktm_cli_json_int (b, "changed_values", c->changed_values);
  ktm_cli_json_int (b, "same_values", c->same_values);
  ktm_cli_json_int (b, "deleted_values", c->deleted_values);
  ktm_cli_json_int (b, "changed_fields", c->changed_fields);
  ktm_cli_json_int (b, "changed_times", c->changed_times);
  ktm_cli_json_int (b, "new_rows", c->new_rows);
  ktm_cli_json_int (b, "changed_rows", c->changed_rows);
  ktm_cli_json_int (b, "same_rows", c->same_rows);
  ktm_cli_json_int (b, "scores", c->scores);
  ktm_cli_json_int (b, "attribute_values", c->values);
  ktm_cli_json_int (b, "treatments", c->treatments);
  ktm_cli_json_int (b, "adverse_events", c->events);
  ktm_cli_json_int (b, "safety_visits", c->safety);
  ktm_cli_json_int (b, "study_arms", c->study_arms);
  ktm_cli_json_int (b, "missing_codes", c->missing_codes);
  ktm_cli_json_int (b, "left_out", c->left_out);
  json_builder_end_object (b);
}

static void
json_changes (JsonBuilder *b, KtmImport *import)
{
  json_builder_set_member_name (b, "changes");
  json_builder_begin_array (b);
  for (guint i = 0; i < ktm_import_n_changes (import); i++)
    {
      const KtmImportChange *change = ktm_import_get_change (import, i);
      json_builder_begin_object (b);
      ktm_cli_json_string (b, "patient", change->code);
      ktm_cli_json_string (b, "what", change->what);
      ktm_cli_json_string (b, "before", change->from);
      ktm_cli_json_string (b, "after", change->to);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static char *
to_json (KtmImport *import, gboolean imported)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", "ketamine-viewer/import/1");
  json_builder_set_member_name (b, "imported");
  json_builder_add_boolean_value (b, imported);
  json_builder_set_member_name (b, "sources");
  json_builder_begin_array (b);
  for (guint i = 0; i < ktm_import_n_sources (import); i++)
    json_source (b, ktm_import_get_source (import, i));
  json_builder_end_array (b);
  ktm_cli_json_int (b, "n_problems", ktm_import_n_problems (import));
  json_builder_set_member_name (b, "problems");
  json_builder_begin_array (b);
  for (guint i = 0; ktm_import_get_problem (import, i) != NULL; i++)
    json_problem (b, import, ktm_import_get_problem (import, i));
  json_builder_end_array (b);
  json_counts (b, ktm_import_get_counts (import));
  json_changes (b, import);
  json_builder_end_object (b);
  return ktm_cli_json_finish (b);
}

char *
ktm_cli_import_report (KtmImport *import, KtmCliFormat format, gboolean imported)
{
  return format == KTM_CLI_JSON  ? to_json (import, imported)
         : format == KTM_CLI_CSV ? ktm_import_dup_problems_csv (import)
                                 : to_text (import, imported);
}
