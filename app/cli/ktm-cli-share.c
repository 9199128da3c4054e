/* app/cli: ketamine-viewer share COHORT --output COPY: a copy for other people. */
#include "ktm-cli.h"
#include "ktm-cli-json.h"
#include "ktm-report-format.h"
#include "ktm-share.h"

#include <glib/gi18n-lib.h>

typedef struct { char *output, *dates, *seed, *format; } Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->dates);
  g_free (options->seed);
  g_free (options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static GOptionContext *
new_context (Options *options)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, N_("The copy to make"),
      N_("COPY") },
    { "dates", 0, 0, G_OPTION_ARG_STRING, &options->dates,
      N_("shift (each patient’s by up to a year, the default) or drop"), N_("WORD") },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &options->seed,
      N_("The same copy every time; who has the number can undo the codes"), N_("N") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options->format,
      N_("text, json or csv (the small groups)"), N_("FORMAT") },
    G_OPTION_ENTRY_NULL
  };

  return ktm_cli_context (_("COHORT --output COPY"),
                          _("Makes a copy for other people: new codes, moved dates, no free text; "
                            "says who could still be recognised."),
                          entries, NULL);
}

static gboolean
read_words (const Options *options, KtmShareOptions *out, KtmCliFormat *format, GError **error)
{
  int dates = 0;

  *out = (KtmShareOptions) { 0 };
  if (!ktm_cli_take_word ("--dates", options->dates, KTM_CLI_WORDS ("shift", "drop"), &dates,
                          error))
    return FALSE;
  out->drop_dates = dates == 1;
  out->has_seed = options->seed != NULL;
  if (out->has_seed
      && !g_ascii_string_to_unsigned (options->seed, 10, 0, G_MAXUINT64, &out->seed, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("--seed takes a whole number, not “%s”."), options->seed);
      return FALSE;
    }
  return ktm_cli_parse_format (options->format, format, error);
}

static char *
to_json (const KtmShareReport *report)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", "ketamine-viewer/share/1");
  ktm_cli_json_int (b, "patients", report->n_patients);
  json_builder_set_member_name (b, "done");
  json_builder_begin_array (b);
  for (guint i = 0; i < report->done->len; i++)
    json_builder_add_string_value (b, report->done->pdata[i]);
  json_builder_end_array (b);
  json_builder_set_member_name (b, "small_groups");
  json_builder_begin_array (b);
  for (guint i = 0; i < report->cells->len; i++)
    {
      const KtmShareCell *cell = report->cells->pdata[i];

      json_builder_begin_object (b);
      ktm_cli_json_string (b, "who", cell->what);
      ktm_cli_json_int (b, "n", cell->n);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  ktm_cli_json_string (b, "looked_at", report->looked);
  json_builder_end_object (b);
  return ktm_cli_json_finish (b);
}

static char *
to_csv (const KtmShareReport *report)
{
  GString *out = g_string_new ("who,n\n");

  for (guint i = 0; i < report->cells->len; i++)
    {
      const KtmShareCell *cell = report->cells->pdata[i];
      g_autofree char *safe = ktm_report_csv_cell (cell->what);

      g_string_append_printf (out, "%s,%u\n", safe, cell->n);
    }
  return g_string_free (out, FALSE);
}

static char *
to_text (const KtmShareReport *report)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < report->done->len; i++)
    g_string_append_printf (out, "%s\n", (char *) report->done->pdata[i]);
  if (report->cells->len == 0)
    g_string_append_printf (out, _("No group of fewer than %d patients was found.\n"),
                            KTM_SHARE_FEW);
  else
    g_string_append_printf (
        out,
        ngettext ("Fewer than %2$d patients share this, and could be recognised (%1$u group):\n",
                  "Fewer than %2$d patients share each of these, and could be recognised (%1$u "
                  "groups):\n",
                  report->cells->len),
        report->cells->len, KTM_SHARE_FEW);
  for (guint i = 0; i < report->cells->len; i++)
    {
      const KtmShareCell *cell = report->cells->pdata[i];

      g_string_append_printf (out, "%4u  %s\n", cell->n, cell->what);
    }
  g_string_append_printf (out, "%s\n", report->looked);
  return g_string_free (out, FALSE);
}

int
ktm_cli_share (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GOptionContext) context = new_context (&options);
  g_autoptr (GError) error = NULL;
  g_autoptr (KtmStore) store = NULL;
  g_autoptr (KtmShare) share = NULL;
  g_autofree char *text = NULL;
  KtmShareOptions how;
  KtmCliFormat format;
  int status;

  if (!ktm_cli_parse (context, &argc, &argv, NULL, 1, 1, &status))
    return status;
  if (options.output == NULL)
    return ktm_cli_fail (KTM_CLI_USAGE, "%s",
                         _("--output is missing: say which file to make; see --help."));
  if (!read_words (&options, &how, &format, &error))
    return ktm_cli_fail_error (error);
  store = ktm_store_open (argv[1], TRUE, &error);
  if (store != NULL)
    share = ktm_share_new (store, &how, &error);
  if (share == NULL || !ktm_share_write (share, options.output, &error))
    return ktm_cli_fail_error (error);
  text = format == KTM_CLI_JSON  ? to_json (ktm_share_get_report (share))
         : format == KTM_CLI_CSV ? to_csv (ktm_share_get_report (share))
                                 : to_text (ktm_share_get_report (share));
  return ktm_cli_write (text);
}
