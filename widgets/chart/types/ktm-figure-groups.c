/* Floor widgets/chart: who belongs to which group of a figure.  No GTK. */
#include "ktm-figure.h"

#include "ktm-class-result.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#define REFUSE(error, ...) g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

static int
compare_double (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median_of (const KtmFigure *f, const KtmFrameAttribute *a)
{
  g_autofree double *sorted = g_new (double, f->table.n_rows + 1);
  gsize n = 0;

  for (gsize i = 0; i < f->table.n_rows; i++)
    if (!isnan (a->value[f->table.row[i]]))
      sorted[n++] = a->value[f->table.row[i]];
  qsort (sorted, n, sizeof *sorted, compare_double);
  return n > 0 ? sorted[(n - 1) / 2] : NAN;
}

/* A number is split at its median among the patients shown. */
static void
split_number (KtmFigure *f, const KtmFrameAttribute *a)
{
  KtmGroups *g = &f->groups;
  double cut = median_of (f, a);

  g->n = 2;
  g->label = g_new0 (char *, 3);
  g->label[0] = ktm_figure_say (f, ktm_text_new (N_("{1} up to {2}"), "sg", a->label, cut));
  g->label[1] = ktm_figure_say (f, ktm_text_new (N_("{1} above {2}"), "sg", a->label, cut));
  g->level = g_new0 (gsize, 2);
  g->level[1] = 1;
  for (gsize p = 0; p < f->frame->n_patients; p++)
    g->of[p] = isnan (a->value[p]) ? -1 : a->value[p] > cut;
}

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
      else if (isnan (f->frame->attributes[g->attribute].value[row]))
        g->n_unknown++;
      else
        g->n_left_out++;
    }
}

/* One group of all, a group a level, or two halves of a number. */
gboolean
ktm_figure_make_groups (KtmFigure *f, GError **error)
{
  KtmGroups *g = &f->groups;
  const char *id = f->options->colour_by;

  g->of = g_new0 (int, f->frame->n_patients + 1);
  g->attribute = id != NULL ? ktm_frame_find_attribute (f->frame, id) : -1;
  if (id == NULL)
    one_group (f);
  else if (g->attribute < 0)
    {
      REFUSE (error, _("The cohort has no attribute “%s”."), id);
      return FALSE;
    }
  else
    {
      const KtmFrameAttribute *a = &f->frame->attributes[g->attribute];

      if (a->kind == KTM_ATTRIBUTE_DATE)
        {
          REFUSE (error, _("“%s” is a date: choose an attribute with levels, or a number."),
                  a->label);
          return FALSE;
        }
      if (a->kind == KTM_ATTRIBUTE_NUMBER)
        split_number (f, a);
      else if (!split_levels (f, a, error))
        return FALSE;
    }
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
