/* Floor widgets/chart: what chart types share: the request, words and numbers.  No GTK. */
#include "ktm-figure.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

/* A sentence in the figure's language and decimal mark. */
char *
ktm_figure_say_options (const KtmChartOptions *options, KtmText *text)
{
  char *rendered = ktm_text_render (text, ktm_lang_find (options->lang), options->decimal_mark);
  char *out = g_strdup (rendered);

  free (rendered);
  ktm_text_free (text);
  return out;
}

/* The same within a figure. */
char *
ktm_figure_say (const KtmFigure *f, KtmText *text)
{
  return ktm_figure_say_options (f->options, text);
}

/* Appends one sentence. */
void
ktm_figure_caption (KtmFigure *f, KtmText *text)
{
  g_autofree char *sentence = ktm_figure_say (f, text);

  if (f->caption->len > 0)
    g_string_append_c (f->caption, ' ');
  g_string_append (f->caption, sentence);
}

/* A number as the figure writes them. */
char *
ktm_options_number (const KtmChartOptions *options, double value, int decimals)
{
  char *number =
      ktm_lang_number (ktm_lang_find (options->lang), value, decimals, options->decimal_mark);
  char *out = g_strdup (number);

  free (number);
  return out;
}

/* The same within a figure. */
char *
ktm_figure_number (const KtmFigure *f, double value, int decimals)
{
  return ktm_options_number (f->options, value, decimals);
}

/* Decimals a time needs: 12 none, 0.25 two. */
int
ktm_time_decimals (double time)
{
  for (int d = 0; d < 2; d++)
    if (fabs (time * pow (10, d) - round (time * pow (10, d))) < 1e-6)
      return d;
  return 2;
}

/* "Months after {1}", to be translated, for a cohort's time unit. */
const char *
ktm_time_unit_after (const char *unit)
{
  static const char *const after[][2] = {
    { "minute", N_("Minutes after {1}") }, { "hour", N_("Hours after {1}") },
    { "day", N_("Days after {1}") },       { "week", N_("Weeks after {1}") },
    { "month", N_("Months after {1}") },   { "year", N_("Years after {1}") },
  };

  for (gsize i = 0; unit != NULL && i < G_N_ELEMENTS (after); i++)
    if (strcmp (after[i][0], unit) == 0)
      return after[i][1];
  return N_("Time after {1}");
}

/* "month 12" */
char *
ktm_time_text (const KtmFrame *frame, const KtmChartOptions *options, double time)
{
  static const char *const at[][2] = {
    { "minute", N_("minute {1}") }, { "hour", N_("hour {1}") },   { "day", N_("day {1}") },
    { "week", N_("week {1}") },     { "month", N_("month {1}") }, { "year", N_("year {1}") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (at); i++)
    if (g_strcmp0 (at[i][0], frame->time_unit) == 0)
      return ktm_figure_say_options (options, ktm_text_new (at[i][1], "g", time));
  return ktm_figure_say_options (options, ktm_text_new (N_("time {1}"), "g", time));
}

/* splitmix64 of seed and subject. */
double
ktm_figure_jitter (guint64 seed, guint32 subject)
{
  guint64 z = seed + ((guint64) subject + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;
  return (double) (z >> 11) * (2.0 / 9007199254740992.0) - 1.0;
}

/* Codes are shown only when asked for and when the frame holds them. */
gboolean
ktm_figure_codes (const KtmFrame *frame, const KtmChartOptions *options)
{
  return options->codes && frame->code != NULL;
}

static gboolean
find_measure (KtmFigure *f, gsize *index, GError **error)
{
  long i = f->options->measure == NULL ? 0 : ktm_frame_find_measure (f->frame, f->options->measure);

  if (f->frame->n_patients == 0)
    REFUSE (error, _("There is nothing to draw: no patient is selected. Clear the filter or "
                      "choose other groups."));
  else if (f->frame->n_measures == 0)
    REFUSE (error, _("There is nothing to draw: the cohort has no measure."));
  else if (i < 0)
    REFUSE (error, _("The cohort has no measure “%s”."), f->options->measure);
  else if (f->options->from > f->options->to)
    REFUSE (error, _("The first time chosen lies after the last one: exchange them."));
  else
    {
      *index = (gsize) i;
      f->measure = &f->frame->measures[i];
      return TRUE;
    }
  return FALSE;
}

static gboolean
refuse_empty (const KtmFigure *f, GError **error)
{
  const KtmFrameTable *t = &f->table;

  if (t->n_rows > 0)
    return TRUE;
  if (t->n_not_completer > 0)
    REFUSE (error,
            _("There is nothing to draw: no selected patient has a score of “%s” at both baseline "
               "and the last visit."),
            f->measure->label);
  else if (t->n_zero_baseline > 0)
    REFUSE (error,
            _("There is no change in percent to draw: no selected patient has a baseline score of "
               "“%s” other than 0."),
            f->measure->label);
  else if (t->n_no_baseline > 0)
    REFUSE (error,
            _("There is no change to draw: no selected patient has a baseline score of “%s”."),
            f->measure->label);
  else
    REFUSE (
        error,
        _("There is nothing to draw: no selected patient has a score of “%s” at these visits."),
        f->measure->label);
  return FALSE;
}

static gboolean
make_table (KtmFigure *f, gsize measure, GError **error)
{
  const KtmChartOptions *o = f->options;
  KtmStatsStatus status =
      ktm_frame_table (f->frame, measure, o->show, o->missing, o->from, o->to, &f->table);

  if (status == KTM_STATS_OK)
    return refuse_empty (f, error);
  if (status == KTM_STATS_BAD_ARGUMENT && o->missing == KTM_MISSING_WORST
      && isnan (f->measure->max))
    REFUSE (error,
            _("“%s” has no stated range, so its worst value is not known: choose another way to "
               "treat missing visits."),
            f->measure->label);
  else if (status == KTM_STATS_BAD_ARGUMENT)
    REFUSE (error, _("No visit lies between the two times chosen: choose others."));
  else
    REFUSE (error, "%s", _(ktm_stats_status_text (status)));
  return FALSE;
}

/* The whole schedule within from…to, also where this measure was not asked. */
static void
time_range (KtmFigure *f)
{
  const KtmFrame *frame = f->frame;

  f->time = g_new (double, f->table.n_visits + 1);
  for (gsize j = 0; j < f->table.n_visits; j++)
    f->time[j] = frame->visit_time[f->table.visit[j]];
  f->lo = f->time[0];
  f->hi = f->time[f->table.n_visits - 1];
  for (gsize v = 0; v < frame->n_visits; v++)
    if (!(frame->visit_time[v] < f->options->from - 1e-6)
        && !(frame->visit_time[v] > f->options->to + 1e-6))
      {
        f->lo = MIN (f->lo, frame->visit_time[v]);
        f->hi = MAX (f->hi, frame->visit_time[v]);
      }
  if (f->hi - f->lo < 1e-9)
    {
      f->lo -= 0.5;
      f->hi += 0.5;
    }
}

/* Checks and prepares; see the header. */
gboolean
ktm_figure_init (KtmFigure *f, const KtmFrame *frame, const KtmChartOptions *options,
                 GError **error)
{
  gsize measure;

  memset (f, 0, sizeof *f);
  f->frame = frame;
  f->options = options;
  f->lang = ktm_lang_find (options->lang);
  f->caption = g_string_new (NULL);
  f->groups.attribute = -1;
  if (!find_measure (f, &measure, error) || !make_table (f, measure, error)
      || !ktm_figure_make_groups (f, error))
    return FALSE;
  time_range (f);
  return TRUE;
}

/* Frees what init made, however far it came. */
void
ktm_figure_clear (KtmFigure *f)
{
  ktm_frame_table_clear (&f->table);
  g_strfreev (f->groups.label);
  g_free (f->groups.level);
  g_free (f->groups.count);
  g_free (f->groups.of);
  g_free (f->time);
  g_string_free (f->caption, TRUE);
}

/* An empty scene in the figure's language. */
KtmScene *
ktm_figure_scene (const KtmFigure *f, const char *chart)
{
  KtmScene *scene = ktm_scene_new (chart, f->lang, f->options->decimal_mark);

  scene->title = g_strdup (f->options->title);
  scene->result =
      f->options->note != NULL ? ktm_figure_say (f, ktm_text_copy (f->options->note)) : NULL;
  scene->show_caption = f->options->caption;
  scene->over_time = TRUE;
  return scene;
}

/* "▼ First ketamine, day 0" where the axis holds day 0. */
void
ktm_add_index_note (const KtmFrame *frame, const KtmChartOptions *options, double lo, double hi,
                    KtmScene *scene)
{
  const char *event = frame->index_event;

  if (lo > 0 || hi < 0 || event == NULL || event[0] == '\0')
    return;
  const char *translated = ktm_lang_text (ktm_lang_find (options->lang), event);
  g_autofree char *first = g_utf8_substring (translated, 0, 1), *upper = g_utf8_strup (first, -1);
  g_autofree char *name = g_strconcat (upper, g_utf8_next_char (translated), NULL);
  g_autofree char *text =
      ktm_figure_say_options (options, ktm_text_new (N_("{1}, day 0"), "s", name));

  ktm_scene_add_note (scene, text, 0, TRUE);
}
