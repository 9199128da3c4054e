/* Floor widgets/chart: who belongs to which group of a figure.  No GTK. */
#include "ktm-figure.h"

#include "ktm-class-result.h"
#include "ktm-split.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

static gboolean
check_levels (const KtmFigure *f, const KtmFrameAttribute *a, GError **error)
{
  for (char **name = f->options->groups; name != NULL && *name != NULL; name++)
    {
      gboolean known = FALSE;

      for (gsize k = 0; k < a->n_levels; k++)
        known |= strcmp (*name, a->levels[k]) == 0;
      if (!known)
        {
          REFUSE (error, _("“%s” has no level “%s”."), a->label, *name);
          return FALSE;
        }
    }
  return TRUE;
}

static void
take_level (KtmGroups *g, const KtmFrameAttribute *a, gsize level, int *group_of)
{
  group_of[level] = (int) g->n;
  g->label[g->n] = g_strdup (a->levels[level]);
  g->level[g->n++] =
      strcmp (a->id, KTM_CLASS_ATTRIBUTE) == 0 ? ktm_class_look (a->n_levels, level) : level;
}

static gsize *
count_levels (const KtmFigure *f, const KtmFrameAttribute *a)
{
  gsize *count = g_new0 (gsize, a->n_levels + 1);

  for (gsize i = 0; i < f->table.n_rows; i++)
    {
      double v = a->value[f->table.row[i]];

      if (!isnan (v) && v >= 0 && v < a->n_levels)
        count[(gsize) v]++;
    }
  return count;
}

/* Levels in the order asked for, else the attribute's own; those nobody has are left out.  The look
 * stays the level's. */
static gboolean
split_levels (KtmFigure *f, const KtmFrameAttribute *a, GError **error)
{
  KtmGroups *g = &f->groups;
  g_autofree int *group_of = g_new (int, a->n_levels + 1);
  g_autofree gsize *count = count_levels (f, a);
  gboolean all = f->options->groups == NULL || f->options->groups[0] == NULL;

  if (!check_levels (f, a, error))
    return FALSE;
  g->label = g_new0 (char *, a->n_levels + 1);
  g->level = g_new0 (gsize, a->n_levels + 1);
  for (gsize k = 0; k < a->n_levels; k++)
    group_of[k] = -1;
  for (char **name = f->options->groups; name != NULL && *name != NULL; name++)
    for (gsize k = 0; k < a->n_levels; k++)
      if (strcmp (*name, a->levels[k]) == 0 && group_of[k] < 0 && count[k] > 0)
        take_level (g, a, k, group_of);
  for (gsize k = 0; all && k < a->n_levels; k++)
    if (count[k] > 0)
      take_level (g, a, k, group_of);
  for (gsize p = 0; p < f->frame->n_patients; p++)
    g->of[p] = isnan (a->value[p]) || !(a->value[p] >= 0 && a->value[p] < a->n_levels)
                   ? -1
                   : group_of[(gsize) a->value[p]];
  return TRUE;
}

static void
one_group (KtmFigure *f)
{
  KtmGroups *g = &f->groups;

  g->n = 1;
  g->label = g_new0 (char *, 2);
  g->label[0] = ktm_figure_say (f, ktm_text_new (N_("All patients"), ""));
  g->level = g_new0 (gsize, 1);
}

static void
count_groups (KtmFigure *f)
{
  KtmGroups *g = &f->groups;

  g->count = g_new0 (gsize, g->n + 1);
  for (gsize i = 0; i < f->table.n_rows; i++)
    {
      gsize row = f->table.row[i];

      if (g->of[row] >= 0)
        g->count[g->of[row]]++;
      else if (!isfinite (f->frame->attributes[g->attribute].value[row]))
        g->n_unknown++;
      else
        g->n_left_out++;
    }
}

/* TRUE: takes @why; the figure cannot be drawn for it. */
static gboolean
refuse_text (const KtmFigure *f, KtmText *why, GError **error)
{
  g_autofree char *said = NULL;

  if (why == NULL)
    return FALSE;
  said = ktm_figure_say (f, why);
  REFUSE (error, "%s", said);
  return TRUE;
}

/* A number is split as analyses split it, which the caption says first. */
static gboolean
split_number (KtmFigure *f, const KtmCuts *cuts, GError **error)
{
  const KtmFrameAttribute *a = &f->frame->attributes[f->groups.attribute];
  KtmSplit split;
  KtmStatsStatus status;
  gboolean ok = FALSE;

  if (f->options->groups != NULL && f->options->groups[0] != NULL)
    {
      REFUSE (error, _("“%s” is a number without levels: leave out the groups to keep."), a->label);
      return FALSE;
    }
  status = ktm_split_init (&split, f->frame, (gsize) f->groups.attribute, cuts, f->lang,
                           f->options->decimal_mark);
  if (status == KTM_STATS_OK)
    {
      ktm_figure_caption (f, ktm_split_text (&split));
      ok = split_levels (f, &split.attribute, error);
    }
  else if (status == KTM_STATS_TOO_FEW)
    refuse_text (f, ktm_split_nobody_text (a), error);
  else
    REFUSE (error, "%s", _(ktm_stats_status_text (status)));
  ktm_split_clear (&split);
  return ok;
}

static gboolean
split_attribute (KtmFigure *f, GError **error)
{
  const char *id = f->options->colour_by;
  const KtmFrameAttribute *a;
  KtmText *why = NULL;
  KtmCuts cuts;

  f->groups.attribute = ktm_frame_find_grouping (f->frame, id, &cuts, &why);
  if (refuse_text (f, why, error))
    return FALSE;
  if (f->groups.attribute < 0)
    {
      REFUSE (error, _("The cohort has no attribute “%s”."), id);
      return FALSE;
    }
  a = &f->frame->attributes[f->groups.attribute];
  if (a->kind == KTM_ATTRIBUTE_NUMBER)
    return split_number (f, &cuts, error);
  if (a->kind != KTM_ATTRIBUTE_DATE)
    return split_levels (f, a, error);
  REFUSE (error, _("“%s” is a date: choose an attribute with levels, or a number."), a->label);
  return FALSE;
}

/* One group of all, a group a level, or the parts of a number. */
gboolean
ktm_figure_make_groups (KtmFigure *f, GError **error)
{
  KtmGroups *g = &f->groups;

  g->of = g_new0 (int, f->frame->n_patients + 1);
  g->attribute = -1;
  if (f->options->colour_by == NULL)
    one_group (f);
  else if (!split_attribute (f, error))
    return FALSE;
  count_groups (f);
  if (g->n > 0 && g->n_unknown + g->n_left_out < f->table.n_rows)
    return TRUE;
  REFUSE (error,
          _("There is nothing to draw: none of the selected patients with a score has one of the "
             "chosen levels of “%s”."),
          f->frame->attributes[g->attribute].label);
  return FALSE;
}

/* At most @most groups. */
gboolean
ktm_figure_check_groups (const KtmFigure *f, gsize most, GError **error)
{
  if (f->groups.n <= most)
    return TRUE;
  REFUSE (error,
          _("“%s” makes %u groups, more than the %u a reader can tell apart here: choose some of "
             "its levels."),
          f->frame->attributes[f->groups.attribute].label, (guint) f->groups.n, (guint) most);
  return FALSE;
}
