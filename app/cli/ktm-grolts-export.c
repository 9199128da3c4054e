/* app/cli: GRoLTS as files. */
#include "ktm-grolts-export.h"

#include "ktm-class-document.h"
#include "ktm-cli.h"
#include "ktm-describe.h"
#include "ktm-export.h"
#include "ktm-grolts.h"
#include "ktm-printout.h"
#include "ktm-report-pdf.h"
#include "ktm-report-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HEIGHT_MM 110.0

typedef struct
{
  const KtmFrame    *frame;
  const KtmReport   *report, *missing;
  const char *const *where;
  const KtmLang     *lang;
  GPtrArray         *items;     /* owned */
  KtmRecipe         *recipe;    /* owned: of the figures */
  GPtrArray         *written;   /* owned: paths */
} Pack;

static const char *const figures[] = { "classes", "class-models" };

/* --- texts ------------------------------------------------------------------------------------ */

static char *
say (KtmText *text, const KtmLang *lang)
{
  char *raw = ktm_text_render (text, lang, 0), *copy = g_strdup (raw);

  free (raw);
  ktm_text_free (text);
  return copy;
}

static char *
answer (const KtmGroltsItem *item, const KtmLang *lang)
{
  return say (ktm_text_copy (item->answer), lang);
}

static char *
title (const Pack *p, const KtmLang *lang)
{
  return say (ktm_text_new (N_("GRoLTS checklist: trajectory classes of {1}"), "s",
                            p->report->measure_label),
              lang);
}

static char *
checklist_html (const Pack *p, const KtmLang *lang)
{
  GString *out = g_string_new ("<!DOCTYPE html>\n");
  g_autofree char *head = title (p, lang), *safe = g_markup_escape_text (head, -1);

  g_string_append_printf (
      out,
      "<html lang=\"%s\">\n<head><meta charset=\"utf-8\"><title>%s</title>\n"
      "<style>body{font-family:sans-serif;max-width:60em;margin:2em auto}table{border-collapse:"
      "collapse}td,th{border-top:1px solid #999;padding:.4em;text-align:left;vertical-align:top}"
      "</style></head>\n<body>\n<h1>%s</h1>\n<table>\n",
      ktm_lang_code (lang), safe, safe);
  for (guint i = 0; i < p->items->len; i++)
    {
      const KtmGroltsItem *item = p->items->pdata[i];
      g_autofree char *text = answer (item, lang), *cell = g_markup_escape_text (text, -1),
                      *asked = g_markup_escape_text (ktm_lang_text (lang, item->item), -1);

      g_string_append_printf (out, "<tr><th>%s</th><th>%s</th><td>%s</td></tr>\n", item->number,
                              asked, cell);
    }
  g_string_append (out, "</table>\n</body>\n</html>\n");
  return g_string_free (out, FALSE);
}

static char *
checklist_csv (const Pack *p, const KtmLang *lang)
{
  GString *out = g_string_new ("item,asked,answer\r\n");

  for (guint i = 0; i < p->items->len; i++)
    {
      const KtmGroltsItem *item = p->items->pdata[i];
      g_autofree char *text = answer (item, lang), *cell = ktm_report_csv_cell (text),
                      *asked = ktm_report_csv_cell (ktm_lang_text (lang, item->item));

      g_string_append_printf (out, "%s,%s,%s\r\n", item->number, asked, cell);
    }
  return g_string_free (out, FALSE);
}

static void
append_number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (out, ',');
  if (isfinite (value))
    g_string_append (out, g_ascii_formatd (text, sizeof text, "%.10g", value));
}

/* Scores, and exact times where there are any, by visit (items 2 and 4). */
static char *
distributions_csv (const Pack *p)
{
  const KtmClassResult *r = p->report->classes;
  const KtmFrame *f = p->frame;
  const KtmFrameMeasure *m = &f->measures[MAX (0, ktm_frame_find_measure (f, r->measure))];
  g_autofree double *y = g_new (double, f->n_patients + 1), *t = g_new (double, f->n_patients + 1);
  GString *out =
      g_string_new ("time,n,mean,sd,q1,median,q3,min,max,mean_time,variance_of_time\r\n");

  for (size_t v = 0; v < f->n_visits; v++)
    {
      gsize n = 0, n_time = 0;
      KtmDescription d, at;

      for (size_t i = 0; i < f->n_patients; i++)
        {
          gsize c = i * f->n_visits + v;

          if (isnan (m->value[c]) || f->visit_time[v] < r->from || f->visit_time[v] > r->to)
            continue;
          y[n++] = m->value[c];
          if (m->time != NULL && !isnan (m->time[c]))
            t[n_time++] = m->time[c];
        }
      if (n == 0 || ktm_stats_describe (y, n, 0.95, &d) != KTM_STATS_OK)
        continue;
      g_string_append_printf (out, "%g,%" G_GSIZE_FORMAT, f->visit_time[v], n);
      append_number (out, d.mean.value);
      append_number (out, d.sd);
      append_number (out, d.q1);
      append_number (out, d.median);
      append_number (out, d.q3);
      append_number (out, d.min);
      append_number (out, d.max);
      if (n_time == 0 || ktm_stats_describe (t, n_time, 0.95, &at) != KTM_STATS_OK)
        at.mean.value = at.sd = NAN;
      append_number (out, at.mean.value);
      append_number (out, at.sd * at.sd);
      g_string_append (out, "\r\n");
    }
  return g_string_free (out, FALSE);
}

/* --- figures ---------------------------------------------------------------------------------- */

static char *
join (const double *values, gsize n)
{
  GString *out = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "",
                            g_ascii_formatd (number, sizeof number, "%.10g", values[i]));
  return g_string_free (out, FALSE);
}

/* What the curves and the spread of the classes are, where they are not the usual ones. */
static void
take_curves (const KtmClassResult *r, KtmChartOptions *options)
{
  static const char *const shapes[] = { NULL, "spline", "piecewise" };
  const KtmGbtmFit *fit = ktm_class_result_fit (r);
  double degrees[KTM_GBTM_MAX_CLASSES];

  options->shape = g_strdup (shapes[r->spec.shape]);
  if (options->shape != NULL && r->spec.n_knots > 0)
    options->knots = join (r->spec.knots, r->spec.n_knots);
  options->sigma_by_class = r->spec.sigma_by_class;
  options->random_intercept = r->spec.random_intercept;
  for (gsize k = 0; r->own_degrees && fit != NULL && k < r->n_classes; k++)
    degrees[k] = (double) fit->spec.order[k];
  if (r->own_degrees && fit != NULL)
    options->degrees = join (degrees, r->n_classes);
}

static KtmRecipe *
new_recipe (const Pack *p)
{
  const KtmClassResult *r = p->report->classes;
  KtmRecipe *recipe = g_new0 (KtmRecipe, 1);

  recipe->cohort_id = g_strdup (p->frame->cohort_id);
  recipe->chart = g_strdup (figures[0]);
  recipe->where = g_strdupv ((char **) p->where);
  recipe->options = ktm_chart_options_new ();
  recipe->options->measure = g_strdup (r->measure);
  recipe->options->from = r->from;
  recipe->options->to = r->to;
  recipe->options->classes = (int) r->n_classes;
  recipe->options->degree = (int) r->spec.order[0];
  recipe->options->normal = isinf (r->data.lo) && isinf (r->data.hi);
  take_curves (r, recipe->options);
  recipe->options->seed = r->spec.seed;
  recipe->options->caption = TRUE;
  recipe->options->lang = g_strdup (ktm_lang_code (p->lang));
  return recipe;
}

static KtmScene *
build (const Pack *p, const char *id, GError **error)
{
  return ktm_chart_type_find (id)->build (p->frame, p->report, p->recipe->options, error);
}

/* --- the folder ------------------------------------------------------------------------------- */

/* Takes @bytes. */
static gboolean
put_bytes (Pack *p, const char *folder, const char *name, GBytes *bytes, GError **error)
{
  char *path = g_build_filename (folder, name, NULL);
  gboolean done = bytes != NULL && ktm_export_write (path, bytes, error);

  g_clear_pointer (&bytes, g_bytes_unref);
  g_ptr_array_add (p->written, path);
  return done;
}

/* Takes @text. */
static gboolean
put (Pack *p, const char *folder, const char *name, char *text, GError **error)
{
  return put_bytes (p, folder, name, g_bytes_new_take (text, strlen (text)), error);
}

static gboolean
put_language (Pack *p, const char *folder, const KtmLang *lang, GError **error)
{
  const char *code = ktm_lang_code (lang);
  g_autofree char *html = g_strdup_printf ("checklist-%s.html", code),
                  *csv = g_strdup_printf ("checklist-%s.csv", code),
                  *methods = g_strdup_printf ("methods-%s.txt", code);

  return put (p, folder, html, checklist_html (p, lang), error)
         && put (p, folder, csv, checklist_csv (p, lang), error)
         && put (p, folder, methods, ktm_report_methods_text (p->report, lang, 0), error);
}

static gboolean
put_figure (Pack *p, const char *folder, const char *id, GError **error)
{
  static const KtmExportFormat formats[] = { KTM_EXPORT_PNG, KTM_EXPORT_SVG };
  static const char *const endings[] = { "png", "svg" };
  g_autoptr(KtmScene) scene = build (p, id, error);
  KtmExportOptions options;

  if (scene == NULL)
    return FALSE;
  g_free (p->recipe->chart);
  p->recipe->chart = g_strdup (id);
  ktm_export_options_init (&options);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%s", id, endings[i]);

      if (!put_bytes (p, folder, name,
                      ktm_export_bytes (scene, formats[i], &options, p->recipe, error), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_model (Pack *p, const char *folder, GError **error)
{
  KtmClassModel *model =
      ktm_class_model_new (p->report->classes, p->frame->time_unit, KTM_VERSION);
  char *text;

  if (model == NULL)
    g_error ("out of memory");
  text = ktm_class_document_to_text (model);
  ktm_class_model_unref (model);
  return put (p, folder, "model.json", text, error);
}

static gboolean
fill_folder (Pack *p, const char *folder, GError **error)
{
  if (!put_language (p, folder, NULL, error))
    return FALSE;
  for (gsize i = 0; i < ktm_lang_count (); i++)
    if (!put_language (p, folder, ktm_lang_find (ktm_lang_nth (i)), error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (!put_figure (p, folder, figures[i], error))
      return FALSE;
  return put (p, folder, "results.csv", ktm_cli_report_csv (p->report), error)
         && put (p, folder, "distributions.csv", distributions_csv (p), error)
         && put (p, folder, "recipe.json", ktm_recipe_to_text (p->recipe), error)
         && put_model (p, folder, error);
}

static gboolean
write_folder (Pack *p, const char *folder, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (folder);

  if (g_file_query_exists (file, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   _("“%s” is there already: name a new folder, so that nothing is overwritten."),
                   folder);
      return FALSE;
    }
  if (!g_file_make_directory (file, NULL, error))
    return FALSE;
  if (fill_folder (p, folder, error))
    return TRUE;
  for (guint i = 0; i < p->written->len; i++)
    {
      g_autoptr(GFile) part = g_file_new_for_path (p->written->pdata[i]);

      g_file_delete (part, NULL, NULL);
    }
  g_file_delete (file, NULL, NULL);
  return FALSE;
}

/* --- the PDF ---------------------------------------------------------------------------------- */

/* Number and item at the left, the answer at the right. */
static void
add_checklist (const Pack *p, KtmPrintout *paper)
{
  guint n = p->items->len;
  KtmReportTable table = { .n_rows = n, .n_columns = 1 };

  table.labels = g_new0 (char *, n + 1);
  table.cells = g_new0 (char *, n + 1);
  table.heads = g_new0 (char *, 2);
  table.heads[0] = g_strdup ("");
  for (guint i = 0; i < n; i++)
    {
      const KtmGroltsItem *item = p->items->pdata[i];

      table.labels[i] =
          g_strdup_printf ("%s  %s", item->number, ktm_lang_text (p->lang, item->item));
      table.cells[i] = answer (item, p->lang);
    }
  ktm_printout_facts (paper, &table);
}

static const char *
figure_title (const Pack *p, const char *id)
{
  return ktm_lang_text (p->lang, ktm_chart_type_find (id)->title);
}

static gboolean
write_pdf (Pack *p, const char *path, GError **error)
{
  g_autoptr(KtmScene) first = build (p, figures[0], error);
  g_autoptr(KtmScene) second = first != NULL ? build (p, figures[1], error) : NULL;
  g_autofree char *head = title (p, p->lang), *command = ktm_grolts_command (p->report, p->where);
  g_autofree char *methods = ktm_report_methods_text (p->report, p->lang, 0);
  g_autofree char *results = ktm_report_plain_text (p->report, p->lang, 0);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(KtmPrintout) paper = ktm_printout_new ();

  if (second == NULL)
    return FALSE;
  ktm_printout_start (paper, p->lang, head);
  add_checklist (p, paper);
  ktm_printout_heading (paper, ktm_lang_text (p->lang, N_("Figures")));
  ktm_printout_figure (paper, figure_title (p, figures[0]), first, HEIGHT_MM);
  ktm_printout_figure (paper, figure_title (p, figures[1]), second, HEIGHT_MM);
  ktm_printout_heading (paper, ktm_lang_text (p->lang, N_("Methods")));
  ktm_printout_text (paper, methods);
  ktm_printout_heading (paper, ktm_lang_text (p->lang, N_("Results")));
  ktm_printout_code (paper, results);
  ktm_printout_heading (paper, ktm_lang_text (p->lang, N_("Command")));
  ktm_printout_code (paper, command);
  bytes = ktm_printout_to_pdf (paper, ktm_report_date (), error);
  if (bytes == NULL)
    return FALSE;
  return ktm_export_write (path, bytes, error);
}

gboolean
ktm_grolts_export (const KtmFrame *frame, const KtmReport *report, const KtmReport *missing,
                   const char *const *where, const char *path, const KtmLang *lang, GError **error)
{
  Pack p = { frame, report, missing, where, lang, NULL, NULL, NULL };
  gboolean done;

  p.items = ktm_grolts_new (frame, report, missing, KTM_VERSION);
  if (p.items->len == 0)
    {
      g_ptr_array_unref (p.items);
      g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST,
                           _("The GRoLTS checklist is about classes fitted here: there are none."));
      return FALSE;
    }
  p.recipe = new_recipe (&p);
  p.written = g_ptr_array_new_with_free_func (g_free);
  done = g_str_has_suffix (path, ".pdf") ? write_pdf (&p, path, error)
                                         : write_folder (&p, path, error);
  g_ptr_array_unref (p.items);
  g_ptr_array_unref (p.written);
  ktm_recipe_free (p.recipe);
  return done;
}
