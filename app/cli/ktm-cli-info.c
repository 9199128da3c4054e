/* app/cli: ketamine-viewer info COHORT: what a cohort file holds. */
#include "ktm-analysis.h"
#include "ktm-cli.h"
#include "ktm-cli-json.h"
#include "ktm-report-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static long
count_scores (const KtmFrame *f, gsize measure, gsize visit)
{
  long n = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    n += !isnan (f->measures[measure].value[i * f->n_visits + visit]);
  return n;
}

static long
count_all_scores (const KtmFrame *f, gsize measure)
{
  long n = 0;

  for (gsize v = 0; v < f->n_visits; v++)
    n += count_scores (f, measure, v);
  return n;
}

/* Patients with @level of the attribute; with @level −1, those for whom anything is recorded. */
static long
count_level (const KtmFrame *f, gsize attribute, long level)
{
  long n = 0;

  for (gsize i = 0; i < f->n_patients; i++)
    {
      double value = f->attributes[attribute].value[i];

      n += !isnan (value) && (level < 0 || (long) value == level);
    }
  return n;
}

static const char *
kind_name (KtmAttributeKind kind)
{
  static const char *const names[] = { "number", "category", "ordinal", "yes-no", "date" };

  return names[kind];
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void
add_measures (JsonBuilder *b, const KtmFrame *f)
{
  json_builder_set_member_name (b, "measures");
  json_builder_begin_array (b);
  for (gsize m = 0; m < f->n_measures; m++)
    {
      const KtmFrameMeasure *measure = &f->measures[m];

      json_builder_begin_object (b);
      ktm_cli_json_string (b, "id", measure->id);
      ktm_cli_json_string (b, "label", measure->label);
      ktm_cli_json_string (b, "unit", measure->unit);
      ktm_cli_json_number (b, "min", measure->min);
      ktm_cli_json_number (b, "max", measure->max);
      ktm_cli_json_string (b, "better", measure->lower_better ? "lower" : "higher");
      ktm_cli_json_number (b, "mcid", measure->mcid);
      ktm_cli_json_int (b, "scores", count_all_scores (f, m));
      json_builder_set_member_name (b, "n");
      json_builder_begin_array (b);
      for (gsize v = 0; v < f->n_visits; v++)
        json_builder_add_int_value (b, count_scores (f, m, v));
      json_builder_end_array (b);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_visits (JsonBuilder *b, const KtmFrame *f)
{
  json_builder_set_member_name (b, "visits");
  json_builder_begin_array (b);
  for (gsize v = 0; v < f->n_visits; v++)
    {
      json_builder_begin_object (b);
      ktm_cli_json_string (b, "label", f->visit_label[v]);
      ktm_cli_json_number (b, "time", f->visit_time[v]);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_attributes (JsonBuilder *b, const KtmFrame *f)
{
  json_builder_set_member_name (b, "attributes");
  json_builder_begin_array (b);
  for (gsize a = 0; a < f->n_attributes; a++)
    {
      const KtmFrameAttribute *attribute = &f->attributes[a];

      json_builder_begin_object (b);
      ktm_cli_json_string (b, "id", attribute->id);
      ktm_cli_json_string (b, "label", attribute->label);
      ktm_cli_json_string (b, "kind", kind_name (attribute->kind));
      ktm_cli_json_int (b, "n", count_level (f, a, -1));
      json_builder_set_member_name (b, "levels");
      json_builder_begin_object (b);
      for (gsize l = 0; l < attribute->n_levels; l++)
        ktm_cli_json_int (b, attribute->levels[l], count_level (f, a, (long) l));
      json_builder_end_object (b);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static char *
to_json (KtmCohort *cohort, const KtmFrame *f)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", "ketamine-viewer/info/1");
  ktm_cli_json_string (b, "id", ktm_cohort_get_id (cohort));
  ktm_cli_json_string (b, "title", ktm_cohort_get_title (cohort));
  ktm_cli_json_string (b, "time_unit", ktm_cohort_get_time_unit (cohort));
  ktm_cli_json_int (b, "patients", (gint64) f->n_patients);
  ktm_cli_json_int (b, "screened", ktm_cohort_get_n_screened (cohort));
  ktm_cli_json_int (b, "centres", ktm_cohort_get_n_centres (cohort));
  json_builder_set_member_name (b, "not_included");
  json_builder_begin_object (b);
  for (gsize i = 0; i < f->n_exclusions; i++)
    ktm_cli_json_int (b, f->exclusion_reasons[i], (gint64) f->exclusion_counts[i]);
  json_builder_end_object (b);
  add_visits (b, f);
  add_measures (b, f);
  add_attributes (b, f);
  json_builder_end_object (b);
  return ktm_cli_json_finish (b);
}

/* --- text and CSV: the same lines ------------------------------------------------------------- */

typedef void (*Line) (GString *out, const char *what, const char *id, const char *label,
                      const char *detail, long n);

static void
text_line (GString *out, const char *what, const char *id, const char *label, const char *detail,
           long n)
{
  g_string_append_printf (out, "%-10s %-22s %6ld  %s%s%s\n", what, id, n,
                          label != NULL ? label : "", detail[0] != '\0' ? " · " : "", detail);
}

static void
csv_line (GString *out, const char *what, const char *id, const char *label, const char *detail,
          long n)
{
  g_autofree char *a = ktm_report_csv_cell (id), *b = ktm_report_csv_cell (label),
                  *c = ktm_report_csv_cell (detail);

  g_string_append_printf (out, "%s,%s,%s,%s,%ld\r\n", what, a, b, c, n);
}

static char *
level_counts (const KtmFrame *f, gsize attribute)
{
  const KtmFrameAttribute *a = &f->attributes[attribute];
  GString *out = g_string_new (NULL);

  for (gsize l = 0; l < a->n_levels && l < 12; l++)
    g_string_append_printf (out, "%s%s %ld", l > 0 ? ", " : "", a->levels[l],
                            count_level (f, attribute, (long) l));
  if (a->n_levels > 12)
    g_string_append (out, ", …");
  return g_string_free (out, FALSE);
}

static void
append_lines (GString *out, const KtmFrame *f, Line line)
{
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < f->n_exclusions; i++)
    line (out, "excluded", "", f->exclusion_reasons[i], "", (long) f->exclusion_counts[i]);
  for (gsize v = 0; v < f->n_visits; v++)
    line (out, "visit", f->visit_label[v],
          g_ascii_formatd (low, sizeof low, "%.10g", f->visit_time[v]), "",
          f->n_measures > 0 ? count_scores (f, 0, v) : 0);
  for (gsize m = 0; m < f->n_measures; m++)
    {
      const KtmFrameMeasure *measure = &f->measures[m];
      g_autofree char *range =
          isnan (measure->min) || isnan (measure->max)
              ? g_strdup ("")
              : g_strdup_printf ("%s–%s", g_ascii_formatd (low, sizeof low, "%.10g", measure->min),
                                 g_ascii_formatd (high, sizeof high, "%.10g", measure->max));

      line (out, "measure", measure->id, measure->label, range, count_all_scores (f, m));
    }
  for (gsize a = 0; a < f->n_attributes; a++)
    {
      g_autofree char *levels = level_counts (f, a);

      line (out, "attribute", f->attributes[a].id, f->attributes[a].label, levels,
            count_level (f, a, -1));
    }
}

static char *
to_text (KtmCohort *cohort, const KtmFrame *f)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s\n", ktm_cohort_get_title (cohort));
  g_string_append_printf (out, _("Patients included: %lu, screened: %u; centres: %u\n"),
                          (gulong) f->n_patients, ktm_cohort_get_n_screened (cohort),
                          ktm_cohort_get_n_centres (cohort));
  append_lines (out, f, text_line);
  return g_string_free (out, FALSE);
}

static char *
to_csv (const KtmFrame *f)
{
  GString *out = g_string_new ("what,id,label,detail,n\r\n");

  g_string_append_printf (out, "patients,,,,%" G_GSIZE_FORMAT "\r\n", f->n_patients);
  append_lines (out, f, csv_line);
  return g_string_free (out, FALSE);
}

int
ktm_cli_info (int argc, char **argv)
{
  g_autofree char *format_word = NULL, *out = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format_word, N_("text, json or csv"), N_("FORMAT") },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context =
      ktm_cli_context (_("COHORT"), _("Says what a cohort file holds."), entries, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KtmCohort) cohort = NULL;
  g_autoptr(KtmFrame) frame = NULL;
  KtmCliFormat format;
  int status;

  if (!ktm_cli_parse (context, &argc, &argv, NULL, 1, 1, &status))
    return status;
  if (!ktm_cli_parse_format (format_word, &format, &error))
    return ktm_cli_fail_error (error);
  cohort = ktm_cohort_open_sync (argv[1], &error);
  if (cohort == NULL)
    return ktm_cli_fail_error (error);
  frame = ktm_cohort_dup_frame (cohort, NULL, 0, NULL, NULL, 0);
  out = format == KTM_CLI_JSON  ? to_json (cohort, frame)
        : format == KTM_CLI_CSV ? to_csv (frame)
                                : to_text (cohort, frame);
  return ktm_cli_write (out);
}
