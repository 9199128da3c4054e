/* Floor widgets/chart: what the charts of adverse events share.  No GTK. */
#include "ktm-harm-figure.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "ktm-scale.h"

#define REFUSE(error, text)                                                                        \
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, text)

/* Every patient, also those without any score. */
static gboolean
take_everybody (KtmFigure *f, GError **error)
{
  gsize n = f->frame->n_patients;

  if (n == 0)
    {
      REFUSE (error, _("There is nothing to draw: no patient is selected. Clear the filter or "
                       "choose other groups."));
      return FALSE;
    }
  if (f->options->from > f->options->to)
    {
      REFUSE (error, _("The first time chosen lies after the last one: exchange them."));
      return FALSE;
    }
  f->table.row = malloc (n * sizeof *f->table.row);
  if (f->table.row == NULL)
    {
      REFUSE (error, _(ktm_stats_status_text (KTM_STATS_NO_MEMORY)));
      return FALSE;
    }
  f->table.n_rows = n;
  for (gsize i = 0; i < n; i++)
    f->table.row[i] = i;
  return TRUE;
}

/* See the header. */
gboolean
ktm_harm_figure_init_groups (KtmHarmFigure *h, const KtmFrame *frame,
                             const KtmChartOptions *options, GError **error)
{
  KtmFigure *f = &h->f;

  *h = (KtmHarmFigure) { 0 };
  f->frame = frame;
  f->options = options;
  f->lang = ktm_lang_find (options->lang);
  f->caption = g_string_new (NULL);
  f->groups.attribute = -1;
  return take_everybody (f, error) && ktm_figure_make_groups (f, error);
}

static gboolean
can_answer (const KtmHarmFigure *h, GError **error)
{
  const KtmHarms *harms = &h->f.options->harms;
  gboolean described = ktm_harms_chooses (harms) || harms->count == KTM_HARM_EVENTS;

  if (!h->all.knows_events && described)
    REFUSE (error, _("These data keep only yes or no about adverse events: events cannot be "
                     "counted or chosen by grade or relation. Ask for patients with any event."));
  else if (harms->least_grade != KTM_SEVERITY_UNKNOWN && !h->all.knows_grade
           && h->all.n_ungraded > 0)
    REFUSE (error,
            _("The severity of no event is recorded, so events cannot be chosen by grade."));
  else if (harms->least_related != KTM_RELATED_UNKNOWN && !h->all.knows_related
           && h->all.n_unattributed > 0)
    REFUSE (error, _("It is not recorded whether events were related to the treatment, so they "
                     "cannot be chosen by it."));
  else
    return TRUE;
  return FALSE;
}

static KtmStatsStatus
count_group (KtmHarmFigure *h, int group, KtmSafety *out)
{
  const KtmFigure *f = &h->f;
  g_autofree bool *in = g_new0 (bool, f->frame->n_patients + 1);

  for (gsize i = 0; i < f->frame->n_patients; i++)
    in[i] = group < 0 ? f->groups.of[i] >= 0 : f->groups.of[i] == group;
  return ktm_safety (f->frame, in, &f->options->harms, out);
}

/* See the header. */
gboolean
ktm_harm_figure_init (KtmHarmFigure *h, const KtmFrame *frame, const KtmChartOptions *options,
                      GError **error)
{
  if (!ktm_harm_figure_init_groups (h, frame, options, error))
    return FALSE;
  if (count_group (h, -1, &h->all) != KTM_STATS_OK)
    {
      REFUSE (error, _("There is nothing to draw: no answers about adverse events and no events "
                       "are recorded here. Import a table of events, or a column that says yes or "
                       "no at each visit."));
      return FALSE;
    }
  if (!can_answer (h, error))
    return FALSE;
  if (h->f.groups.attribute < 0)
    return TRUE;
  h->groups = g_new0 (KtmSafety, h->f.groups.n);
  for (gsize g = 0; g < h->f.groups.n; g++)
    if (count_group (h, (int) g, &h->groups[g]) != KTM_STATS_OK)
      {
        REFUSE (error, _(ktm_stats_status_text (KTM_STATS_NO_MEMORY)));
        return FALSE;
      }
  return TRUE;
}

/* Frees what init made, however far it came. */
void
ktm_harm_figure_clear (KtmHarmFigure *h)
{
  ktm_safety_clear (&h->all);
  for (gsize g = 0; h->groups != NULL && g < h->f.groups.n; g++)
    ktm_safety_clear (&h->groups[g]);
  g_free (h->groups);
  ktm_figure_clear (&h->f);
}

/* See the header. */
const KtmSafety *
ktm_harm_figure_counts (const KtmHarmFigure *h, int group)
{
  return group < 0 || h->groups == NULL ? &h->all : &h->groups[group];
}

/* See the header. */
gboolean
ktm_harm_figure_shows_severe (const KtmHarmFigure *h)
{
  const KtmHarms *harms = &h->f.options->harms;

  return h->all.knows_events && (h->all.knows_grade || h->all.n_events == 0)
         && harms->count == KTM_HARM_PATIENTS && harms->least_grade != KTM_SEVERITY_SEVERE;
}

/* See the header. */
gsize *
ktm_harm_figure_visits (const KtmHarmFigure *h, gsize *n)
{
  const KtmFrame *frame = h->f.frame;
  gsize *visits = g_new (gsize, frame->n_visits + 1);

  *n = 0;
  for (gsize j = 0; j < frame->n_visits; j++)
    if (h->all.asked[j] > 0 && !(frame->visit_time[j] < h->f.options->from - 1e-6)
        && !(frame->visit_time[j] > h->f.options->to + 1e-6))
      visits[(*n)++] = j;
  return visits;
}

/* A visit between two whole times: "W1", "D3" in the figure's language, else its label. */
static char *
tick_label (const KtmFigure *f, gsize visit)
{
  const char *label = f->frame->visit_label[visit];
  char *end = NULL;
  long number = g_ascii_isalpha (label[0]) && g_ascii_isdigit (label[1])
                    ? strtol (label + 1, &end, 10)
                    : 0;

  if (end != NULL && *end == '\0' && number > 0 && g_ascii_toupper (label[0]) == 'W')
    /* Translators: week 1, as short as can be: a tick of a time axis. */
    return ktm_figure_say (f, ktm_text_new (N_("W{1}"), "i", number));
  if (end != NULL && *end == '\0' && number > 0 && g_ascii_toupper (label[0]) == 'D')
    /* Translators: day 1, as short as can be: a tick of a time axis. */
    return ktm_figure_say (f, ktm_text_new (N_("D{1}"), "i", number));
  return g_strdup (label);
}

/* See the header. */
void
ktm_harm_figure_time_axis (const KtmFigure *f, double lo, double hi, const gsize *visits, gsize n,
                           KtmAxis *axis)
{
  g_autofree double *times = g_new (double, n + 1);

  for (gsize i = 0; i < n; i++)
    times[i] = f->frame->visit_time[visits[i]];
  ktm_time_axis_init (f->frame, f->options, lo, hi, n, times, axis);
  for (gsize i = 0; i < n; i++)
    {
      const char *label = f->frame->visit_label[visits[i]];

      if (times[i] == floor (times[i]) || label == NULL || label[0] == '\0')
        continue;
      g_free (axis->tick_labels[i]);
      axis->tick_labels[i] = tick_label (f, visits[i]);
    }
}

/* See the header. */
void
ktm_harm_figure_caption (KtmHarmFigure *h)
{
  KtmText *chosen = ktm_harms_text (&h->f.options->harms);

  if (chosen != NULL)
    ktm_figure_caption (&h->f, chosen);
  if (h->all.n_ungraded + h->all.n_unattributed > 0)
    ktm_figure_caption (&h->f, ktm_text_new_plural (
                                   "{1} event whose grade or relation is unknown is not counted.",
                                   "{1} events whose grade or relation is unknown are not counted.",
                                   "i", (long) (h->all.n_ungraded + h->all.n_unattributed)));
  if (h->all.n_never > 0)
    ktm_figure_caption (
        &h->f,
        ktm_text_new_plural ("{1} of {2} patients was never asked and is left out.",
                             "{1} of {2} patients were never asked and are left out.", "ii",
                             (long) h->all.n_never, (long) h->all.n_patients));
  if (h->f.groups.n_unknown > 0)
    ktm_figure_caption (&h->f,
                        ktm_text_new (N_("Left out, {2} not recorded: {1}."), "is",
                                      (long) h->f.groups.n_unknown,
                                      h->f.frame->attributes[h->f.groups.attribute].label));
}

/* See the header. */
KtmEstimate
ktm_harm_figure_rate (const KtmHarmFigure *h, const KtmSafety *s, gsize visit)
{
  KtmEstimate e;

  if (ktm_safety_rate (s, &h->f.options->harms, visit, h->f.options->level, &e) != KTM_STATS_OK)
    return (KtmEstimate) { NAN, NAN, NAN, NAN };
  return (KtmEstimate) { 100 * e.value, NAN, 100 * e.low, 100 * e.high };
}

/* See the header. */
void
ktm_harm_figure_rate_axis (double most, gboolean share, KtmAxis *axis)
{
  double step = most > 50 ? 20 : most > 20 ? 10 : 5;

  *axis = (KtmAxis) { .kind = KTM_AXIS_LINEAR, .lo = 0 };
  axis->hi = fmax (ceil (most / step - 1e-9) * step, 10);
  axis->from_zero = TRUE;
  if (share)
    axis->hi = fmin (axis->hi, 100);
}

/* See the header. */
char *
ktm_harm_figure_band_name (const KtmHarmFigure *h)
{
  return ktm_figure_say (
      &h->f, ktm_harms_interval_text (&h->f.options->harms, h->f.options->level));
}
