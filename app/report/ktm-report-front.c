/* app/report: the first page's facts and the last pages' methods. */
#include "ktm-report-private.h"
#include "ktm-split.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  KtmReportWriter *w;
  GPtrArray *labels, *cells;
} Facts;

/* Takes both. */
static void
add_fact (Facts *f, KtmText *label, KtmText *value)
{
  g_ptr_array_add (f->labels, ktm_report_writer_say (f->w, label));
  g_ptr_array_add (f->cells, ktm_report_writer_say (f->w, value));
}

static void
add_patients (Facts *f)
{
  const KtmFrame *frame = f->w->request->frame;
  gboolean all = frame->n_patients >= frame->n_in_cohort;

  add_fact (f, ktm_text_new (N_("Patients"), ""),
            all ? ktm_text_new (N_("{1}: all who were included"), "i", (long) frame->n_patients)
                : ktm_text_new (N_("{1} of {2} included"), "ii", (long) frame->n_patients,
                                (long) frame->n_in_cohort));
  if (f->w->request->where != NULL && f->w->request->where[0] != NULL)
    {
      g_autofree char *joined = NULL;

      for (char **where = f->w->request->where; *where != NULL; where++)
        joined = ktm_report_writer_list (f->w, joined, *where);
      add_fact (f, ktm_text_new (N_("Conditions"), ""), ktm_text_new ("{1}", "s", joined));
    }
}

static void
add_selection (Facts *f)
{
  static const char *const rules[] = {
    N_("available scores"), N_("completers: baseline and the last visit"),
    N_("last score carried forward"), N_("baseline carried forward"),
    N_("worst end of the scale (a bound)"),
  };
  const KtmAnalysisOptions *o = f->w->options;
  const KtmFrame *frame = f->w->request->frame;
  const KtmFrameMeasure *m = &frame->measures[ktm_frame_find_measure (frame, o->measure)];
  long first = ktm_frame_find_visit (frame, o->from), last = ktm_frame_find_visit (frame, o->to);

  add_fact (f, ktm_text_new (N_("Measure"), ""),
            isnan (m->min) || isnan (m->max)
                ? ktm_text_new ("{1}", "s", m->label != NULL ? m->label : m->id)
                : ktm_text_new (m->lower_better ? N_("{1} ({2}–{3}, lower is better)")
                                                : N_("{1} ({2}–{3}, higher is better)"),
                                "sgg", m->label != NULL ? m->label : m->id, m->min, m->max));
  if (first >= 0 && last >= 0)
    add_fact (f, ktm_text_new (N_("Visits"), ""),
              ktm_text_new (N_("{1} to {2}"), "tt", ktm_frame_visit_text (frame, (size_t) first),
                            ktm_frame_visit_text (frame, (size_t) last)));
  if (o->by != NULL)
    {
      const KtmFrameAttribute *by =
          &frame->attributes[ktm_frame_find_grouping (frame, o->by, NULL, NULL)];

      add_fact (f, ktm_text_new (N_("Groups"), ""),
                ktm_text_new (N_("by {1}"), "s", by->label != NULL ? by->label : by->id));
    }
  add_fact (f, ktm_text_new (N_("Missing visits"), ""),
            ktm_text_new ("{1}", "w", rules[o->missing]));
  add_fact (f, ktm_text_new (N_("Confidence level"), ""),
            ktm_text_new (N_("{1} %"), "g", 100 * o->level));
}

void
ktm_report_writer_front (KtmReportWriter *w)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (w->request->date);
  g_autofree char *day = g_date_time_format (when, "%Y-%m-%d");
  Facts f = { w, g_ptr_array_new (), g_ptr_array_new () };
  GPtrArray *heads = g_ptr_array_new ();
  KtmReportTable table = { 0 };

  ktm_printout_start (w->paper, w->lang,
                   w->request->title != NULL ? w->request->title
                                             : ktm_lang_text (w->lang, N_("Cohort report")));
  add_fact (&f, ktm_text_new (N_("Date of analysis"), ""), ktm_text_new ("{1}", "s", day));
  add_patients (&f);
  add_selection (&f);
  add_fact (&f, ktm_text_new (N_("Software"), ""),
            ktm_text_new ("{1} {2}", "ss", "Ketamine Viewer", KTM_VERSION));
  g_ptr_array_add (heads, g_strdup (""));
  table.n_rows = f.labels->len;
  table.n_columns = 1;
  g_ptr_array_add (f.labels, NULL);
  g_ptr_array_add (f.cells, NULL);
  g_ptr_array_add (heads, NULL);
  table.labels = (char **) g_ptr_array_free (f.labels, FALSE);
  table.cells = (char **) g_ptr_array_free (f.cells, FALSE);
  table.heads = (char **) g_ptr_array_free (heads, FALSE);
  ktm_printout_facts (w->paper, &table);
  if (w->request->frame->n_patients == 0)
    {
      g_autofree char *nobody = ktm_report_writer_say (
          w, ktm_text_new (N_("No patient is selected: the sections below are empty."), ""));

      ktm_printout_warning (w->paper, nobody);
    }
}

/* --- methods ---------------------------------------------------------------------------------- */

static void
add_methods_of (KtmReportWriter *w, const KtmReport *report, GHashTable *seen, GPtrArray *citations)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < report->n_methods; i++)
    {
      g_autofree char *said =
          ktm_report_writer_say (w, ktm_text_copy (report->methods[i]));

      if (g_hash_table_add (seen, g_strdup (said)))
        g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", said);
    }
  for (gsize i = 0; i < report->n_citations; i++)
    if (!g_ptr_array_find_with_equal_func (citations, report->citations[i], g_str_equal, NULL))
      g_ptr_array_add (citations, (gpointer) report->citations[i]);
  if (out->len > 0)
    ktm_printout_text (w->paper, out->str);
  g_string_free (out, TRUE);
}

static void
add_references (KtmReportWriter *w, const GPtrArray *citations)
{
  if (citations->len == 0)
    return;
  ktm_printout_heading (w->paper, ktm_lang_text (w->lang, N_("References")));
  for (guint i = 0; i < citations->len; i++)
    {
      g_autofree char *line =
          g_strdup_printf ("%u. %s", i + 1, (const char *) citations->pdata[i]);

      ktm_printout_small (w->paper, line);
    }
}

void
ktm_report_writer_methods (KtmReportWriter *w)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) citations = g_ptr_array_new ();
  g_autofree char *version = NULL;
  gsize n;
  const KtmReportSection *sections = ktm_report_sections (&n);

  ktm_printout_heading (w->paper, ktm_lang_text (w->lang, N_("Methods")));
  for (gsize s = 0; s < n; s++)
    for (const char *const *id = sections[s].analyses; *id != NULL; id++)
      {
        const KtmReportResult *result = g_hash_table_lookup (w->results, *id);

        if (result != NULL && result->report != NULL)
          add_methods_of (w, result->report, seen, citations);
      }
  version = ktm_report_writer_say (
      w, ktm_text_new (N_("All numbers and figures were made with Ketamine Viewer {1}."), "s",
                       KTM_VERSION));
  ktm_printout_text (w->paper, version);
  add_references (w, citations);
}
