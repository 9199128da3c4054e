/* model/cohort: store and stats, GObject, GIO.  The one bridge from objects to flat arrays:
 * what is of all patients is borrowed from the cohort's own frame, what is of some is copied once.
 */
#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"

/* Which rows and columns of the whole cohort a frame takes. */
typedef struct
{
  const KtmFrame *all;
  const guint    *patients;   /* nullable: all */
  gsize           n_patients;
  GArray         *measures, *attributes;   /* gsize: columns of all */
} Choice;

static gsize
row_of (const Choice *choice, gsize i)
{
  return choice->patients != NULL ? choice->patients[i] : i;
}

static char *
copy (const char *text)
{
  return text != NULL ? strdup (text) : NULL;
}

static char **
copy_strings (char **strings, gsize n)
{
  char **result = calloc (n + 1, sizeof *result);

  for (gsize i = 0; i < n; i++)
    result[i] = copy (strings[i]);
  return result;
}

/* Rows of a table with @width columns: the table itself where all patients are taken. */
static double *
take_rows (const Choice *choice, double *from, gsize width)
{
  double *to;

  if (choice->patients == NULL || from == NULL)
    return from;
  to = malloc ((choice->n_patients * width + 1) * sizeof *to);
  for (gsize i = 0; i < choice->n_patients; i++)
    memcpy (to + i * width, from + choice->patients[i] * width, width * sizeof *to);
  return to;
}

static void
take_measure (const Choice *choice, const KtmFrameMeasure *from, KtmFrameMeasure *to,
              KtmFrameParts parts)
{
  *to = *from;
  to->value = take_rows (choice, from->value, choice->all->n_visits);
  to->baseline = take_rows (choice, from->baseline, 1);
  to->time = NULL;
  if ((parts & KTM_FRAME_TIMES) != 0)
    to->time = take_rows (choice, from->time, choice->all->n_visits);
}

static void
copy_attribute (const Choice *choice, const KtmFrameAttribute *from, KtmFrameAttribute *to)
{
  to->id = copy (from->id);
  to->label = copy (from->label);
  to->unit = copy (from->unit);
  to->made_from = copy (from->made_from);
  to->kind = from->kind;
  to->n_levels = from->n_levels;
  to->levels = copy_strings (from->levels, from->n_levels);
  to->value = malloc ((choice->n_patients + 1) * sizeof *to->value);
  for (gsize i = 0; i < choice->n_patients; i++)
    to->value[i] = from->value[row_of (choice, i)];
}

/* New row + 1 of each patient of the cohort; 0: not taken. */
static gsize *
new_rows (const Choice *choice)
{
  gsize *rows = g_new0 (gsize, choice->all->n_patients + 1);

  for (gsize i = 0; i < choice->n_patients; i++)
    rows[row_of (choice, i)] = i + 1;
  return rows;
}

static void
take_events (const Choice *choice, KtmFrame *f)
{
  const KtmFrame *all = choice->all;
  g_autofree gsize *rows = NULL;

  f->n_terms = all->n_terms;
  f->n_events = all->n_events;
  f->events = all->events;
  if (choice->patients == NULL)
    return;
  rows = new_rows (choice);
  f->n_events = 0;
  f->events = malloc ((all->n_events + 1) * sizeof *f->events);
  for (gsize i = 0; i < all->n_events; i++)
    if (rows[all->events[i].row] > 0)
      {
        f->events[f->n_events] = all->events[i];
        f->events[f->n_events++].row = rows[all->events[i].row] - 1;
      }
}

static void
take_treatments (const Choice *choice, KtmFrame *f)
{
  const KtmFrame *all = choice->all;
  g_autofree gsize *rows = NULL;

  f->n_treatments = all->n_treatments;
  f->treatments = all->treatments;
  if (choice->patients == NULL)
    return;
  rows = new_rows (choice);
  f->n_treatments = 0;
  f->treatments = malloc ((all->n_treatments + 1) * sizeof *f->treatments);
  for (gsize i = 0; i < all->n_treatments; i++)
    if (rows[all->treatments[i].row] > 0)
      {
        f->treatments[f->n_treatments] = all->treatments[i];
        f->treatments[f->n_treatments++].row = rows[all->treatments[i].row] - 1;
      }
}

static void
take_codes (const Choice *choice, KtmFrame *f)
{
  f->code = choice->all->code;
  if (choice->patients == NULL)
    return;
  f->code = calloc (choice->n_patients + 1, sizeof *f->code);
  for (gsize i = 0; i < choice->n_patients; i++)
    f->code[i] = choice->all->code[choice->patients[i]];
}

static void
take_patients (const Choice *choice, KtmFrame *f, KtmFrameParts parts)
{
  const KtmFrame *all = choice->all;

  f->subject = all->subject;
  if (choice->patients != NULL)
    {
      f->subject = malloc ((choice->n_patients + 1) * sizeof *f->subject);
      for (gsize i = 0; i < choice->n_patients; i++)
        f->subject[i] = (uint32_t) choice->patients[i];
    }
  f->stop_time = take_rows (choice, all->stop_time, 1);
  f->stop_reason = take_rows (choice, all->stop_reason, 1);
  if ((parts & KTM_FRAME_CODES) != 0)
    take_codes (choice, f);
  if ((parts & KTM_FRAME_SAFETY) != 0)
    f->safety = take_rows (choice, all->safety, all->n_visits);
  if ((parts & KTM_FRAME_EVENTS) != 0)
    take_events (choice, f);
  if ((parts & KTM_FRAME_TREATMENTS) != 0)
    take_treatments (choice, f);
  if ((parts & KTM_FRAME_STUDIES) != 0)
    {
      f->n_arms = all->n_arms;
      f->arms = all->arms;
    }
}

/* The columns named by @ids in their order, or all; unknown names are left out. */
static GArray *
choose (KtmCohort *cohort, const char *const *ids, gint (*find) (KtmCohort *, const char *),
        gsize n)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; ids == NULL ? i < n : ids[i] != NULL; i++)
    {
      gint at = ids == NULL ? (gint) i : find (cohort, ids[i]);
      gsize column = (gsize) at;

      if (at >= 0)
        g_array_append_val (columns, column);
    }
  return columns;
}

/* The numbers of some patients as flat arrays, in the order given.
 *
 * @patients: ascending indices below the cohort's number of items, or NULL for all (@n_patients is
 * then not read)
 * @measures, @attributes: ids in any case (an attribute as a grouping names it, too), NULL-ended,
 * or NULL for all; unknown ones are left out
 * @parts: what else to copy: exact times, codes, events, treatments, safety
 *
 * Missing is NaN.  Nothing of all patients is copied, so that it costs next to nothing.
 * Returns a new reference (ktm_frame_unref()); NULL only when memory is out. */
KtmFrame *
ktm_cohort_dup_frame (KtmCohort *self, const guint *patients, gsize n_patients,
                      const char *const *measures, const char *const *attributes,
                      KtmFrameParts parts)
{
  const KtmFrame *all = ktm_cohort_get_data (self)->frame;
  g_autoptr (GArray) m = choose (self, measures, ktm_cohort_find_measure, all->n_measures);
  g_autoptr (GArray) a = choose (self, attributes, ktm_cohort_find_grouping, all->n_attributes);
  gboolean whole = patients == NULL || n_patients == all->n_patients;
  Choice choice = { all, whole ? NULL : patients, whole ? all->n_patients : n_patients, m, a };
  KtmFrame *f = ktm_frame_new_from (all, choice.n_patients, m->len, a->len);

  if (f == NULL)
    return NULL;
  take_patients (&choice, f, parts);
  for (gsize i = 0; i < m->len; i++)
    take_measure (&choice, &all->measures[g_array_index (m, gsize, i)], &f->measures[i], parts);
  for (gsize i = 0; i < a->len; i++)
    copy_attribute (&choice, &all->attributes[g_array_index (a, gsize, i)], &f->attributes[i]);
  return f;
}
