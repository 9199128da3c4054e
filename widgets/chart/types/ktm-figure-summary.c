/* Floor widgets/chart: one group at each visit.  No GTK. */
#include "ktm-figure.h"

#include "ktm-describe.h"

#define FAINT_ALPHA 0.38

/* Frees the arrays. */
void
ktm_group_summary_clear (KtmGroupSummary *summary)
{
  g_free (summary->n);
  g_free (summary->centre);
  g_free (summary->low);
  g_free (summary->high);
  g_free (summary->alpha);
}

static void
limits (const KtmChartOptions *o, const KtmDescription *d, double *low, double *high)
{
  gboolean median = o->summary == KTM_SUMMARY_MEDIAN;

  if (o->band == KTM_BAND_NONE)
    return;
  if (o->band == KTM_BAND_SD)
    {
      *low = median ? d->q1 : d->mean.value - d->sd;
      *high = median ? d->q3 : d->mean.value + d->sd;
    }
  else if (median)
    {
      *low = d->median_ci.low;
      *high = d->median_ci.high;
    }
  else
    {
      *low = o->band == KTM_BAND_SE ? d->mean.value - d->mean.se : d->mean.low;
      *high = o->band == KTM_BAND_SE ? d->mean.value + d->mean.se : d->mean.high;
    }
}

static void
summarise_visit (const KtmFigure *f, const double *values, gsize n, gsize j, KtmGroupSummary *out)
{
  KtmDescription d;

  out->n[j] = n;
  out->centre[j] = out->low[j] = out->high[j] = NAN;
  out->alpha[j] = n < KTM_FAINT_BELOW ? FAINT_ALPHA : 1;
  if (ktm_stats_describe (values, n, f->options->level, &d) != KTM_STATS_OK)
    return;
  out->centre[j] = f->options->summary == KTM_SUMMARY_MEDIAN ? d.median : d.mean.value;
  limits (f->options, &d, &out->low[j], &out->high[j]);
}

/* Mean or median with limits at each visit of the table; NaN where they do not exist. */
KtmGroupSummary
ktm_figure_summarise (const KtmFigure *f, int group)
{
  gsize m = f->table.n_visits;
  KtmGroupSummary out = {
    m, g_new0 (gsize, m), g_new (double, m), g_new (double, m), g_new (double, m), g_new (double, m)
  };
  g_autofree double *values = g_new (double, f->table.n_rows + 1);

  for (gsize j = 0; j < m; j++)
    {
      gsize n = 0;

      for (gsize i = 0; i < f->table.n_rows; i++)
        {
          int of = f->groups.of[f->table.row[i]];
          double v = f->table.value[i * m + j];

          if (!isnan (v) && (group < 0 ? of >= 0 : of == group))
            values[n++] = v;
        }
      summarise_visit (f, values, n, j, &out);
    }
  return out;
}

/* "95% CI", "±1 SD" … */
char *
ktm_figure_band_name (const KtmFigure *f)
{
  const KtmChartOptions *o = f->options;
  gboolean median = o->summary == KTM_SUMMARY_MEDIAN;

  if (o->summary == KTM_SUMMARY_NONE || o->band == KTM_BAND_NONE)
    return NULL;
  if (o->band == KTM_BAND_SD)
    return ktm_figure_say (f, ktm_text_new (median ? N_("quartiles") : N_("±1 SD"), ""));
  if (o->band == KTM_BAND_SE && !median)
    return ktm_figure_say (f, ktm_text_new (N_("±1 SE"), ""));
  return ktm_figure_say (f, ktm_text_new (N_("{1}% CI"), "g", o->level * 100));
}

/* The row "n" of a group under a time axis. */
void
ktm_figure_add_counts (const KtmFigure *f, KtmPanel *panel, const gsize *n, guint series,
                       gboolean marker)
{
  /* Translators: the number of patients, at the head of a line of counts under a time axis. */
  KtmRow *row = ktm_panel_add_row (panel, ktm_lang_text (f->lang, N_("n")), KTM_ROLE_SERIES,
                                   series, f->table.n_visits, f->time);

  row->marker = marker;
  for (gsize j = 0; j < f->table.n_visits; j++)
    row->cells[j] = g_strdup_printf ("%" G_GSIZE_FORMAT, n[j]);
}
