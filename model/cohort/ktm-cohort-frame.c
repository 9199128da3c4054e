/* model/cohort: store and stats, GObject, GIO.  The one bridge from objects to flat arrays. */
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

/* Rows of a table with @width columns. */
static double *
copy_rows (const Choice *choice, const double *from, gsize width, double *to)
{
  if (to == NULL)
    to = malloc ((choice->n_patients * width + 1) * sizeof *to);
  for (gsize i = 0; i < choice->n_patients; i++)
    memcpy (to + i * width, from + row_of (choice, i) * width, width * sizeof *to);
  return to;
}

static void
copy_measure (const Choice *choice, const KtmFrameMeasure *from, KtmFrameMeasure *to,
              KtmFrameParts parts)
{
  to->id = copy (from->id);
  to->label = copy (from->label);
  to->unit = copy (from->unit);
  to->min = from->min;
  to->max = from->max;
  to->mcid = from->mcid;
  to->lower_better = from->lower_better;
  copy_rows (choice, from->value, choice->all->n_visits, to->value);
  copy_rows (choice, from->baseline, 1, to->baseline);
  if ((parts & KTM_FRAME_TIMES) != 0)
    to->time = copy_rows (choice, from->time, choice->all->n_visits, NULL);
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
  copy_rows (choice, from->value, 1, to->value);
}

static void
copy_study (const Choice *choice, KtmFrame *f)
{
  const KtmFrame *all = choice->all;

  f->cohort_id = copy (all->cohort_id);
  f->title = copy (all->title);
  f->time_unit = copy (all->time_unit);
  f->index_event = copy (all->index_event);
  memcpy (f->visit_time, all->visit_time, all->n_visits * sizeof *f->visit_time);
  for (gsize i = 0; i < all->n_visits; i++)
    f->visit_label[i] = copy (all->visit_label[i]);
  f->n_stop_reasons = all->n_stop_reasons;
  f->stop_reasons = copy_strings (all->stop_reasons, all->n_stop_reasons);
  f->n_in_cohort = all->n_in_cohort;
  f->n_screened = all->n_screened;
  f->n_exclusions = all->n_exclusions;
  f->exclusion_reasons = copy_strings (all->exclusion_reasons, all->n_exclusions);
  f->exclusion_counts = calloc (all->n_exclusions + 1, sizeof *f->exclusion_counts);
  memcpy (f->exclusion_counts, all->exclusion_counts,
          all->n_exclusions * sizeof *f->exclusion_counts);
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
copy_events (const Choice *choice, KtmFrame *f)
{
  const KtmFrame *all = choice->all;
  g_autofree gsize *rows = new_rows (choice);

  f->events = malloc ((all->n_events + 1) * sizeof *f->events);
  for (gsize i = 0; i < all->n_events; i++)
    if (rows[all->events[i].row] > 0)
      {
        f->events[f->n_events] = all->events[i];
        f->events[f->n_events++].row = rows[all->events[i].row] - 1;
      }
  f->n_terms = all->n_terms;
  f->terms = copy_strings (all->terms, all->n_terms);
}

static void
copy_treatments (const Choice *choice, KtmFrame *f)
{
  const KtmFrame *all = choice->all;
  g_autofree gsize *rows = new_rows (choice);

  f->treatments = malloc ((all->n_treatments + 1) * sizeof *f->treatments);
  for (gsize i = 0; i < all->n_treatments; i++)
    {
      const KtmFrameTreatment *from = &all->treatments[i];

      if (rows[from->row] > 0)
        f->treatments[f->n_treatments++] = (KtmFrameTreatment){
          .row = rows[from->row] - 1,
          .time = from->time,
          .dose = from->dose,
          .duration = from->duration,
          .drug = copy (from->drug),
          .dose_unit = copy (from->dose_unit),
          .duration_unit = copy (from->duration_unit),
          .route = copy (from->route),
          .with = copy (from->with),
        };
    }
}

static void
copy_patients (const Choice *choice, KtmFrame *f, KtmFrameParts parts)
{
  const KtmFrame *all = choice->all;

  for (gsize i = 0; i < choice->n_patients; i++)
    f->subject[i] = (uint32_t) row_of (choice, i);
  copy_rows (choice, all->stop_time, 1, f->stop_time);
  copy_rows (choice, all->stop_reason, 1, f->stop_reason);
  if ((parts & KTM_FRAME_CODES) != 0)
    {
      f->code = calloc (choice->n_patients + 1, sizeof *f->code);
      for (gsize i = 0; i < choice->n_patients; i++)
        f->code[i] = copy (all->code[row_of (choice, i)]);
    }
  if ((parts & KTM_FRAME_SAFETY) != 0)
    f->safety = copy_rows (choice, all->safety, all->n_visits, NULL);
  if ((parts & KTM_FRAME_EVENTS) != 0)
    copy_events (choice, f);
  if ((parts & KTM_FRAME_TREATMENTS) != 0)
    copy_treatments (choice, f);
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
 * @measures, @attributes: ids in any case, NULL-ended, or NULL for all; unknown ones are left out
 * @parts: what else to copy: exact times, codes, events, treatments, safety
 *
 * Missing is NaN.  Returns a new reference (ktm_frame_unref()); NULL only when memory is out. */
KtmFrame *
ktm_cohort_dup_frame (KtmCohort *self, const guint *patients, gsize n_patients,
                      const char *const *measures, const char *const *attributes,
                      KtmFrameParts parts)
{
  const KtmFrame *all = ktm_cohort_get_data (self)->frame;
  g_autoptr (GArray) m = choose (self, measures, ktm_cohort_find_measure, all->n_measures);
  g_autoptr (GArray) a = choose (self, attributes, ktm_cohort_find_attribute, all->n_attributes);
  Choice choice = { all, patients, patients != NULL ? n_patients : all->n_patients, m, a };
  KtmFrame *f = ktm_frame_new (choice.n_patients, all->n_visits, m->len, a->len);

  if (f == NULL)
    return NULL;
  copy_study (&choice, f);
  copy_patients (&choice, f, parts);
  for (gsize i = 0; i < m->len; i++)
    copy_measure (&choice, &all->measures[g_array_index (m, gsize, i)], &f->measures[i], parts);
  for (gsize i = 0; i < a->len; i++)
    copy_attribute (&choice, &all->attributes[g_array_index (a, gsize, i)], &f->attributes[i]);
  return f;
}
