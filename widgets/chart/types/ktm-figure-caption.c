/* Floor widgets/chart: the sentences under a figure.  No GTK. */
#include "ktm-figure.h"

/* What became of missing visits. */
void
ktm_figure_caption_missing (KtmFigure *f)
{
  g_autofree char *last = ktm_time_text (f->frame, f->options, f->time[f->table.n_visits - 1]);

  switch (f->options->missing)
    {
    case KTM_MISSING_COMPLETERS:
      ktm_figure_caption (
          f, ktm_text_new (N_("Completers only: patients with a score at baseline and at {1}."),
                           "s", last));
      break;
    case KTM_MISSING_LOCF:
      ktm_figure_caption (f, ktm_text_new (N_("A missing follow-up score is replaced by the "
                                               "patient's last one, and treated as observed."),
                                           ""));
      break;
    case KTM_MISSING_BOCF:
      ktm_figure_caption (f, ktm_text_new (N_("A missing follow-up score is replaced by the "
                                               "patient's baseline, and treated as observed."),
                                           ""));
      break;
    case KTM_MISSING_WORST:
      ktm_figure_caption (f, ktm_text_new (N_("A missing follow-up score is replaced by the worst "
                                               "value of the scale: a bound, not an estimate."),
                                           ""));
      break;
    case KTM_MISSING_AVAILABLE:
    default:
      ktm_figure_caption (
          f, ktm_text_new (N_("Scores available at each visit, none filled in."), ""));
      break;
    }
}

static void
count_shown (const KtmFigure *f, double last, long *n, long *bare, long *stopped)
{
  *n = *bare = *stopped = 0;
  for (gsize i = 0; i < f->table.n_rows; i++)
    {
      gsize row = f->table.row[i];

      if (f->groups.of[row] < 0)
        continue;
      (*n)++;
      *bare += isnan (f->table.baseline[i]);
      *stopped += f->frame->stop_time[row] < last;
    }
}

static void
caption_followed (KtmFigure *f)
{
  double last = f->time[f->table.n_visits - 1];
  g_autofree char *time = ktm_time_text (f->frame, f->options, last);
  long n, bare, stopped;

  count_shown (f, last, &n, &bare, &stopped);
  if (bare > 0 && stopped > 0)
    ktm_figure_caption (
        f,
        ktm_text_new_plural ("{1} patient: {2} without a baseline score, {3} stopped before {4}.",
                             "{1} patients: {2} without a baseline score, {3} stopped before {4}.",
                             "iiis", n, bare, stopped, time));
  else if (bare > 0)
    ktm_figure_caption (f, ktm_text_new_plural ("{1} patient: {2} without a baseline score.",
                                                "{1} patients: {2} without a baseline score.", "ii",
                                                n, bare));
  else if (stopped > 0)
    ktm_figure_caption (f, ktm_text_new_plural ("{1} patient: {2} stopped before {3}.",
                                                "{1} patients: {2} stopped before {3}.", "iis", n,
                                                stopped, time));
  else
    ktm_figure_caption (f, ktm_text_new_plural ("{1} patient.", "{1} patients.", "i", n));
}

static void
caption_count (KtmFigure *f, const char *sentence, gsize n)
{
  if (n > 0)
    ktm_figure_caption (f, ktm_text_new (sentence, "i", (long) n));
}

/* Which patients are shown and who is left out, why. */
void
ktm_figure_caption_patients (KtmFigure *f)
{
  caption_followed (f);
  caption_count (f, N_("Left out, no baseline score: {1}."), f->table.n_no_baseline);
  caption_count (f, N_("Left out, baseline of 0: {1}."), f->table.n_zero_baseline);
  caption_count (f, N_("Left out, no score: {1}."), f->table.n_no_score);
  caption_count (f, N_("Left out, not completers: {1}."), f->table.n_not_completer);
  if (f->groups.n_unknown > 0)
    ktm_figure_caption (f, ktm_text_new (N_("Left out, {2} not recorded: {1}."), "is",
                                         (long) f->groups.n_unknown,
                                         f->frame->attributes[f->groups.attribute].label));
}
