/* model/stats: groups by a number. */
#include "ktm-split.h"

#include "ktm-definition-private.h"
#include "ktm-describe.h"
#include "ktm-rank.h"

#include <stdlib.h>
#include <string.h>

#define MOST_DECIMALS 6

static const char *
label_of (const KtmFrameAttribute *attribute)
{
  return attribute->label != NULL && attribute->label[0] != '\0' ? attribute->label : attribute->id;
}

/* --- "age:40,60" ------------------------------------------------------------------------------ */

size_t
ktm_grouping_id_length (const char *by)
{
  const char *colon = strrchr (by, ':');

  return colon != NULL ? (size_t) (colon - by) : strlen (by);
}

/* Ascending numbers by commas; false: something else. */
static bool
read_cuts (const char *text, KtmCuts *cuts)
{
  KtmParser p = { .at = text };
  double x;

  cuts->n = 0;
  do
    {
      if (cuts->n == KTM_SPLIT_MOST || !ktm_parser_take_number (&p, &x) || !isfinite (x)
          || (cuts->n > 0 && x <= cuts->at[cuts->n - 1]))
        return false;
      cuts->at[cuts->n++] = x;
    }
  while (*p.at == ',' && *p.at++ != '\0');
  return *p.at == '\0';
}

static long
find_prefix (const KtmFrame *frame, const char *by)
{
  size_t length = ktm_grouping_id_length (by);

  for (size_t i = 0; by[length] == ':' && i < frame->n_attributes; i++)
    if (frame->attributes[i].id != NULL && strlen (frame->attributes[i].id) == length
        && strncmp (frame->attributes[i].id, by, length) == 0)
      return (long) i;
  return -1;
}

long
ktm_frame_find_grouping (const KtmFrame *frame, const char *by, KtmCuts *cuts, KtmText **why)
{
  KtmCuts unused;
  KtmCuts *found = cuts != NULL ? cuts : &unused;
  KtmText *refusal = NULL;
  long at = by != NULL ? ktm_frame_find_attribute (frame, by) : -1;

  *found = (KtmCuts){ 0 };
  if (why != NULL)
    *why = NULL;
  if (at >= 0 || by == NULL || (at = find_prefix (frame, by)) < 0)
    return at;
  if (frame->attributes[at].kind != KTM_ATTRIBUTE_NUMBER)
    refusal = ktm_text_new (N_("“{1}” is not a number, so it cannot be cut at one: leave out what "
                               "follows the colon."),
                            "s", frame->attributes[at].id);
  else if (!read_cuts (by + ktm_grouping_id_length (by) + 1, found))
    refusal = ktm_text_new (N_("“{1}” does not say where to cut: give one to {3} ascending "
                               "numbers, for example {2}:40 or {2}:40,60."),
                            "ssi", by, frame->attributes[at].id, (long) KTM_SPLIT_MOST);
  if (why != NULL)
    *why = refusal;
  else
    ktm_text_free (refusal);
  return at;
}

/* --- where to cut ----------------------------------------------------------------------------- */

/* The median of @sorted, or below it where nobody lies above; none where all are equal. */
static void
cut_at_median (KtmSplit *split, const double *sorted, size_t n)
{
  size_t below = n;

  split->at_median = true;
  split->one_value = !(sorted[0] < sorted[n - 1]);
  split->cuts = (KtmCuts){ .n = split->one_value ? 0 : 1, .at = { split->median } };
  if (split->one_value || split->median < sorted[n - 1])
    return;
  while (below > 0 && !(sorted[below - 1] < split->median))
    below--;
  split->cuts.at[0] = sorted[below - 1];
}

static KtmStatsStatus
choose_cuts (KtmSplit *split, const double *value, size_t n_patients, const KtmCuts *cuts)
{
  double *sorted = malloc ((n_patients + 1) * sizeof *sorted);
  size_t n = 0;

  if (sorted == NULL)
    return KTM_STATS_NO_MEMORY;
  for (size_t i = 0; i < n_patients; i++)
    if (isfinite (value[i]))
      sorted[n++] = value[i];
  if (n > 0)
    {
      ktm_rank_sort (sorted, n);
      split->median = ktm_rank_quantile (sorted, n, 0.5);
      if (cuts != NULL && cuts->n > 0)
        split->cuts = *cuts;
      else
        cut_at_median (split, sorted, n);
    }
  free (sorted);
  return n > 0 ? KTM_STATS_OK : KTM_STATS_TOO_FEW;
}

/* --- in words --------------------------------------------------------------------------------- */

/* As few decimals as say the number. */
static char
decimals_of (double x)
{
  int d = 0;

  for (double unit = 1; d < MOST_DECIMALS && fabs (rint (x * unit) / unit - x) > 1e-9 * fabs (x);
       unit *= 10)
    d++;
  return (char) ('0' + d);
}

static KtmText *
number_text (double x)
{
  return ktm_text_new ("{1}", (const char[]){ decimals_of (x), '\0' }, x);
}

static KtmText *
level_text (const KtmSplit *split, size_t k)
{
  const char *label = label_of (&split->attribute);
  const KtmCuts *cuts = &split->cuts;

  if (split->one_value)
    return ktm_text_new ("{1} {2}", "st", label, number_text (split->median));
  if (k == 0)
    return ktm_text_new (N_("{1} up to {2}"), "st", label, number_text (cuts->at[0]));
  if (k == cuts->n)
    return ktm_text_new (N_("{1} above {2}"), "st", label, number_text (cuts->at[k - 1]));
  return ktm_text_new (N_("{1} above {2} to {3}"), "stt", label, number_text (cuts->at[k - 1]),
                       number_text (cuts->at[k]));
}

/* "40", "40 and 60", "40; 50 and 60" */
static KtmText *
cuts_text (const KtmCuts *cuts)
{
  KtmText *list = number_text (cuts->at[0]);

  for (size_t k = 1; k + 1 < cuts->n; k++)
    list = ktm_text_new ("{1}; {2}", "tt", list, number_text (cuts->at[k]));
  return cuts->n < 2 ? list
                     : ktm_text_new (N_("{1} and {2}"), "tt", list,
                                     number_text (cuts->at[cuts->n - 1]));
}

KtmText *
ktm_split_text (const KtmSplit *split)
{
  const char *label = label_of (&split->attribute);

  if (split->one_value)
    return ktm_text_new (N_("{1} is {2} in all patients selected: one group."), "st", label,
                         number_text (split->median));
  if (!split->at_median)
    return ktm_text_new (N_("{1} split at {2}."), "st", label, cuts_text (&split->cuts));
  if (split->cuts.at[0] < split->median)
    return ktm_text_new (N_("{1} split at {2}, as nobody lies above the median, {3}."), "stt",
                         label, number_text (split->cuts.at[0]), number_text (split->median));
  return ktm_text_new (N_("{1} split at the median, {2}."), "st", label,
                       number_text (split->median));
}

KtmText *
ktm_split_nobody_text (const KtmFrameAttribute *attribute)
{
  return ktm_text_new (
      N_("{1} is not recorded in any of the selected patients, so it makes no groups."), "s",
      label_of (attribute));
}

/* --- the split -------------------------------------------------------------------------------- */

static char *
copy (const char *text)
{
  return text != NULL ? strdup (text) : NULL;
}

static bool
make_levels (KtmSplit *split, const KtmLang *lang, char mark)
{
  KtmFrameAttribute *a = &split->attribute;

  a->n_levels = split->cuts.n + 1;
  a->levels = calloc (a->n_levels + 1, sizeof *a->levels);
  for (size_t k = 0; a->levels != NULL && k < a->n_levels; k++)
    {
      KtmText *text = level_text (split, k);

      a->levels[k] = ktm_text_render (text, lang, mark);
      ktm_text_free (text);
      if (a->levels[k] == NULL)
        return false;
    }
  return a->levels != NULL;
}

static double
level_at (const KtmCuts *cuts, double x)
{
  size_t k = 0;

  if (!isfinite (x))
    return NAN;
  while (k < cuts->n && x > cuts->at[k])
    k++;
  return (double) k;
}

static bool
copy_number (KtmFrameAttribute *to, const KtmFrameAttribute *from, size_t n_patients)
{
  to->id = copy (from->id);
  to->label = copy (from->label);
  to->unit = copy (from->unit);
  to->made_from = copy (from->made_from);
  to->kind = KTM_ATTRIBUTE_ORDINAL;
  to->value = malloc ((n_patients + 1) * sizeof *to->value);
  return to->value != NULL;
}

KtmStatsStatus
ktm_split_init (KtmSplit *out, const KtmFrame *frame, size_t attribute, const KtmCuts *cuts,
                const KtmLang *lang, char mark)
{
  const KtmFrameAttribute *from;
  KtmStatsStatus status;

  *out = (KtmSplit){ .median = NAN };
  if (attribute >= frame->n_attributes
      || frame->attributes[attribute].kind != KTM_ATTRIBUTE_NUMBER)
    return KTM_STATS_BAD_ARGUMENT;
  from = &frame->attributes[attribute];
  status = choose_cuts (out, from->value, frame->n_patients, cuts);
  if (status != KTM_STATS_OK)
    return status;
  if (!copy_number (&out->attribute, from, frame->n_patients) || !make_levels (out, lang, mark))
    {
      ktm_split_clear (out);
      return KTM_STATS_NO_MEMORY;
    }
  for (size_t i = 0; i < frame->n_patients; i++)
    out->attribute.value[i] = level_at (&out->cuts, from->value[i]);
  return KTM_STATS_OK;
}

void
ktm_split_clear (KtmSplit *split)
{
  ktm_frame_attribute_clear (&split->attribute);
  *split = (KtmSplit){ .median = NAN };
}
