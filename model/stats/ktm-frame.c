/* model/stats: the numbers of the chosen patients, and one measure as the person asked to see it.
 * libc only. */
#include "ktm-frame.h"
#include "ktm-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *
new_nan (size_t n)
{
  double *values = malloc ((n > 0 ? n : 1) * sizeof *values);

  for (size_t i = 0; values != NULL && i < n; i++)
    values[i] = NAN;
  return values;
}

static void *
new_zero (size_t n, size_t size)
{
  return calloc (n > 0 ? n : 1, size);
}

KtmFrame *
ktm_frame_new (size_t n_patients, size_t n_visits, size_t n_measures, size_t n_attributes)
{
  KtmFrame *f = calloc (1, sizeof *f);
  bool ok = f != NULL && (n_visits == 0 || n_patients <= SIZE_MAX / sizeof (double) / n_visits);

  if (!ok)
    {
      free (f);
      return NULL;
    }
  *f = (KtmFrame){ .ref_count = 1,
                   .n_patients = n_patients,
                   .n_visits = n_visits,
                   .n_in_cohort = n_patients,
                   .n_screened = n_patients };
  f->visit_time = new_nan (n_visits);
  f->visit_label = new_zero (n_visits, sizeof *f->visit_label);
  f->subject = new_zero (n_patients, sizeof *f->subject);
  f->stop_time = new_nan (n_patients);
  f->stop_reason = new_nan (n_patients);
  f->measures = new_zero (n_measures, sizeof *f->measures);
  f->attributes = new_zero (n_attributes, sizeof *f->attributes);
  ok = f->visit_time != NULL && f->visit_label != NULL && f->subject != NULL && f->stop_time != NULL
       && f->stop_reason != NULL && f->measures != NULL && f->attributes != NULL;
  while (ok && f->n_measures < n_measures)
    {
      KtmFrameMeasure *m = &f->measures[f->n_measures++];

      m->min = m->max = m->mcid = NAN;
      m->value = new_nan (n_patients * n_visits);
      m->baseline = new_nan (n_patients);
      ok = m->value != NULL && m->baseline != NULL;
    }
  while (ok && f->n_attributes < n_attributes)
    ok = (f->attributes[f->n_attributes++].value = new_nan (n_patients)) != NULL;
  for (size_t i = 0; ok && i < n_patients; i++)
    f->subject[i] = (uint32_t) i;
  if (ok)
    return f;
  ktm_frame_unref (f);
  return NULL;
}

KtmFrame *
ktm_frame_new_from (const KtmFrame *base, size_t n_patients, size_t n_measures,
                    size_t n_attributes)
{
  KtmFrame *f = malloc (sizeof *f);

  if (f == NULL)
    return NULL;
  *f = *base;
  f->ref_count = 1;
  f->n_patients = n_patients;
  f->n_measures = n_measures;
  f->n_attributes = n_attributes;
  f->n_events = f->n_terms = f->n_treatments = 0;
  f->subject = NULL;
  f->code = NULL;
  f->stop_time = f->stop_reason = f->safety = NULL;
  f->events = NULL;
  f->treatments = NULL;
  f->measures = new_zero (n_measures, sizeof *f->measures);
  f->attributes = new_zero (n_attributes, sizeof *f->attributes);
  f->base = ktm_frame_ref (base);
  if (f->measures != NULL && f->attributes != NULL)
    return f;
  ktm_frame_unref (f);
  return NULL;
}

KtmFrame *
ktm_frame_ref (const KtmFrame *frame)
{
  KtmFrame *f = (KtmFrame *) frame;  /* the count is the one thing that changes */

  if (f != NULL)
    __atomic_add_fetch (&f->ref_count, 1, __ATOMIC_RELAXED);
  return f;
}

static void
free_strings (char **strings, size_t n)
{
  for (size_t i = 0; strings != NULL && i < n; i++)
    free (strings[i]);
  free (strings);
}

void
ktm_frame_attribute_clear (KtmFrameAttribute *attribute)
{
  free (attribute->id);
  free (attribute->label);
  free (attribute->unit);
  free_strings (attribute->levels, attribute->n_levels);
  free (attribute->value);
  free (attribute->made_from);
}

/* Whether a measure's array is also another's: exact times are, where measures are asked together.
 */
static bool
is_shared_before (const KtmFrame *f, size_t n, const double *time)
{
  for (size_t i = 0; i < n; i++)
    if (f->measures[i].time == time)
      return true;
  return false;
}

static bool
is_array_of (const KtmFrame *base, const void *array)
{
  bool is = array == base->subject || array == base->code || array == base->stop_time
            || array == base->stop_reason || array == base->safety || array == base->events
            || array == base->treatments;

  for (size_t i = 0; !is && i < base->n_measures; i++)
    is = array == base->measures[i].value || array == base->measures[i].time
         || array == base->measures[i].baseline;
  return is;
}

/* Frees an array that is not the base's. */
static void
drop (const KtmFrame *f, void *array)
{
  if (f->base == NULL || !is_array_of (f->base, array))
    free (array);
}

static void
free_measures (KtmFrame *f)
{
  for (size_t i = f->measures != NULL ? f->n_measures : 0; i-- > 0;)
    {
      KtmFrameMeasure *m = &f->measures[i];

      if (f->base == NULL)
        {
          free (m->id);
          free (m->label);
          free (m->unit);
        }
      drop (f, m->value);
      drop (f, m->baseline);
      if (!is_shared_before (f, i, m->time))
        drop (f, m->time);
    }
  free (f->measures);
  for (size_t i = 0; f->attributes != NULL && i < f->n_attributes; i++)
    ktm_frame_attribute_clear (&f->attributes[i]);
  free (f->attributes);
}

static void
free_treatment_texts (KtmFrame *f)
{
  for (size_t i = 0; f->treatments != NULL && f->texts == NULL && i < f->n_treatments; i++)
    {
      KtmFrameTreatment *t = &f->treatments[i];

      free (t->drug);
      free (t->dose_unit);
      free (t->duration_unit);
      free (t->route);
      free (t->with);
    }
  for (size_t i = 0; f->texts != NULL && f->texts[i] != NULL; i++)
    free (f->texts[i]);
  free (f->texts);
}

static void
free_arms (KtmFrame *f)
{
  for (size_t i = 0; f->arms != NULL && i < f->n_arms; i++)
    {
      free (f->arms[i].study);
      free (f->arms[i].arm);
      free (f->arms[i].measure);
      free (f->arms[i].moderators);
      free (f->arms[i].note);
    }
  free (f->arms);
}

/* What a frame with a base borrows from it. */
static void
free_own (KtmFrame *f)
{
  free_treatment_texts (f);
  free_arms (f);
  free (f->cohort_id);
  free (f->title);
  free (f->time_unit);
  free (f->index_event);
  free (f->visit_time);
  free_strings (f->visit_label, f->n_visits);
  for (size_t i = 0; f->code != NULL && i < f->n_patients; i++)
    free (f->code[i]);
  free_strings (f->stop_reasons, f->n_stop_reasons);
  free_strings (f->terms, f->n_terms);
  free_strings (f->exclusion_reasons, f->n_exclusions);
  free (f->exclusion_counts);
  for (size_t i = 0; i < f->n_class_names; i++)
    {
      free (f->class_names[i].measure);
      for (size_t k = 0; k < f->class_names[i].n_classes; k++)
        free (f->class_names[i].name[k]);
    }
  free (f->class_names);
}

void
ktm_frame_unref (KtmFrame *frame)
{
  KtmFrame *f = frame;

  if (f == NULL || __atomic_sub_fetch (&f->ref_count, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  free_measures (f);
  if (f->base == NULL)
    free_own (f);
  drop (f, f->subject);
  drop (f, f->code);
  drop (f, f->stop_time);
  drop (f, f->stop_reason);
  drop (f, f->safety);
  drop (f, f->events);
  drop (f, f->treatments);
  ktm_frame_unref ((KtmFrame *) f->base);
  free (f);
}

bool
ktm_frame_add_class_names (KtmFrame *frame, const char *measure, size_t n, const char *const *names)
{
  KtmFrameClassNames *all, *new;

  if (n < 1 || n > sizeof all->name / sizeof *all->name || frame->base != NULL)
    return false;
  all = realloc (frame->class_names, (frame->n_class_names + 1) * sizeof *all);
  if (all == NULL)
    return false;
  frame->class_names = all;
  new = &all[frame->n_class_names++];
  *new = (KtmFrameClassNames){ .measure = strdup (measure), .n_classes = n };
  for (size_t k = 0; k < n; k++)
    new->name[k] = names[k] != NULL ? strdup (names[k]) : NULL;
  return new->measure != NULL;
}

const KtmFrameClassNames *
ktm_frame_find_class_names (const KtmFrame *frame, const char *measure, size_t n)
{
  for (size_t i = frame->n_class_names; i-- > 0;)
    if (frame->class_names[i].n_classes == n
        && strcmp (frame->class_names[i].measure, measure) == 0)
      return &frame->class_names[i];
  return NULL;
}

long
ktm_frame_find_measure (const KtmFrame *frame, const char *id)
{
  for (size_t i = 0; id != NULL && i < frame->n_measures; i++)
    if (frame->measures[i].id != NULL && strcmp (frame->measures[i].id, id) == 0)
      return (long) i;
  return -1;
}

long
ktm_frame_find_attribute (const KtmFrame *frame, const char *id)
{
  for (size_t i = 0; id != NULL && i < frame->n_attributes; i++)
    if (frame->attributes[i].id != NULL && strcmp (frame->attributes[i].id, id) == 0)
      return (long) i;
  return -1;
}

long
ktm_frame_find_visit (const KtmFrame *frame, double time)
{
  for (size_t i = 0; i < frame->n_visits; i++)
    if (fabs (frame->visit_time[i] - time) <= 1e-6)
      return (long) i;
  return -1;
}

void
ktm_frame_set_baselines (KtmFrame *frame)
{
  for (size_t m = 0; m < frame->n_measures; m++)
    for (size_t i = 0; i < frame->n_patients; i++)
      {
        double last = NAN;

        for (size_t v = 0; v < frame->n_visits && frame->visit_time[v] <= 0; v++)
          if (!isnan (frame->measures[m].value[i * frame->n_visits + v]))
            last = frame->measures[m].value[i * frame->n_visits + v];
        frame->measures[m].baseline[i] = last;
      }
}

struct _KtmText *
ktm_frame_time_text (const KtmFrame *frame, double time)
{
  static const struct { const char *unit, *msgid; } units[] = {
    { "minute", N_("minute {1}") }, { "hour", N_("hour {1}") }, { "day", N_("day {1}") },
    { "week", N_("week {1}") }, { "month", N_("month {1}") }, { "year", N_("year {1}") },
  };

  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (frame->time_unit != NULL && strcmp (frame->time_unit, units[i].unit) == 0)
      return ktm_text_new (units[i].msgid, "g", time);
  return ktm_text_new (N_("time {1}"), "g", time);
}

/* The number of a visit "W1" or "D3" between two months; 0: another label. */
static long
labelled (const char *label, char letter)
{
  char *end;
  long number;

  if (label == NULL || (label[0] != letter && label[0] != letter - 'A' + 'a') || label[1] < '1'
      || label[1] > '9')
    return 0;
  number = strtol (label + 1, &end, 10);
  return *end == '\0' && number < 1000 ? number : 0;
}

struct _KtmText *
ktm_frame_visit_text (const KtmFrame *frame, size_t visit)
{
  double time = frame->visit_time[visit];
  const char *label = frame->visit_label[visit];

  if (time == 0)
    return ktm_text_new (N_("baseline"), "");
  if (time != floor (time) && labelled (label, 'W') > 0)
    return ktm_text_new (N_("week {1}"), "i", labelled (label, 'W'));
  if (time != floor (time) && labelled (label, 'D') > 0)
    return ktm_text_new (N_("day {1}"), "i", labelled (label, 'D'));
  if (frame->time_unit == NULL && label != NULL && label[0] != '\0')
    return ktm_text_new ("{1}", "s", label);
  return ktm_frame_time_text (frame, time);
}

/* --- one measure as the person asked to see it ------------------------------------------------ */

typedef struct
{
  const KtmFrame        *frame;
  const KtmFrameMeasure *measure;
  KtmShow                show;
  KtmMissing             missing;
  long reference; /* visit that stands for the baseline; −1: the measure's baseline */
  double                 reference_time;  /* follow-up is what comes after it */
  double                 worst;
} Request;

static bool
measured_at (const KtmFrame *frame, size_t measure, size_t visit)
{
  for (size_t i = 0; i < frame->n_patients; i++)
    if (!isnan (frame->measures[measure].value[i * frame->n_visits + visit]))
      return true;
  return false;
}

/* A visit at which nobody has a score of the measure is not part of its schedule (a safety call in
 * week 1); where nobody has a score at all, every visit in range stays. */
static bool
select_visits (const KtmFrame *frame, size_t measure, double from, double to, KtmFrameTable *out)
{
  out->visit = new_zero (frame->n_visits, sizeof *out->visit);
  if (out->visit == NULL)
    return false;
  for (int pass = 0; pass < 2 && out->n_visits == 0; pass++)
    for (size_t v = 0; v < frame->n_visits; v++)
      if (!(frame->visit_time[v] < from - 1e-6) && !(frame->visit_time[v] > to + 1e-6)
          && (pass == 1 || measured_at (frame, measure, v)))
        out->visit[out->n_visits++] = v;
  return true;
}

static double
score (const Request *q, size_t patient, size_t visit)
{
  return q->measure->value[patient * q->frame->n_visits + visit];
}

static double
baseline_of (const Request *q, size_t patient)
{
  return q->reference >= 0 ? score (q, patient, (size_t) q->reference)
                           : q->measure->baseline[patient];
}

/* What stands for the missing score of @patient at the follow-up @visit; NaN when nothing does. */
static double
fill (const Request *q, size_t patient, size_t visit)
{
  switch (q->missing)
    {
    case KTM_MISSING_LOCF:
      for (size_t v = visit; v-- > 0 && q->frame->visit_time[v] > q->reference_time; )
        if (!isnan (score (q, patient, v)))
          return score (q, patient, v);
      return baseline_of (q, patient);
    case KTM_MISSING_BOCF: return baseline_of (q, patient);
    case KTM_MISSING_WORST: return q->worst;
    default: return NAN;
    }
}

static double
shown (const Request *q, double value, double baseline)
{
  switch (q->show)
    {
    case KTM_SHOW_CHANGE: return value - baseline;
    case KTM_SHOW_PERCENT: return 100 * (value - baseline) / baseline;
    default: return value;
    }
}

/* Counts why @patient is left out; true when it takes part so far. */
static bool
admit (const Request *q, size_t patient, KtmFrameTable *out)
{
  double baseline = baseline_of (q, patient);
  size_t last = out->visit[out->n_visits - 1];

  if (q->show != KTM_SHOW_VALUE && isnan (baseline))
    {
      out->n_no_baseline++;
      return false;
    }
  if (q->show == KTM_SHOW_PERCENT && baseline == 0)
    {
      out->n_zero_baseline++;
      return false;
    }
  if (q->missing == KTM_MISSING_COMPLETERS
      && (isnan (baseline) || isnan (score (q, patient, last))))
    {
      out->n_not_completer++;
      return false;
    }
  return true;
}

/* Writes the row of @patient; false when it holds no score at all. */
static bool
write_row (const Request *q, size_t patient, KtmFrameTable *out)
{
  size_t base = out->n_rows * out->n_visits;
  bool any = false;

  for (size_t j = 0; j < out->n_visits; j++)
    {
      double value = score (q, patient, out->visit[j]);
      bool missing = isnan (value);

      if (missing && q->frame->visit_time[out->visit[j]] > q->reference_time)
        value = fill (q, patient, out->visit[j]);
      if (out->filled != NULL)
        out->filled[base + j] = missing && !isnan (value);
      out->value[base + j] = shown (q, value, baseline_of (q, patient));
      any = any || !isnan (value);
    }
  return any;
}

static bool
prepare (const KtmFrame *frame, size_t measure, double reference, double from, Request *q,
         const KtmFrameTable *out)
{
  q->measure = &frame->measures[measure];
  q->reference = -1;
  q->reference_time = 0;
  if (!isnan (reference))
    q->reference = ktm_frame_find_visit (frame, reference);
  else if (frame->visit_time[0] > 1e-6)
    q->reference = isnan (from) ? 0 : (long) out->visit[0];
  if (q->reference >= 0)
    q->reference_time = frame->visit_time[q->reference];
  else if (!isnan (reference))
    return false;
  q->worst = q->measure->lower_better ? q->measure->max : q->measure->min;
  return q->missing != KTM_MISSING_WORST || !isnan (q->worst);
}

KtmStatsStatus
ktm_frame_table (const KtmFrame *frame, size_t measure, KtmShow show, KtmMissing missing,
                 double from, double to, KtmFrameTable *out)
{
  return ktm_frame_table_since (frame, measure, show, missing, NAN, from, to, out);
}

static bool
has_score (const Request *q, size_t patient)
{
  for (size_t v = 0; v < q->frame->n_visits; v++)
    if (!isnan (score (q, patient, v)))
      return true;
  return false;
}

/* A table that would be the measure's own, number by number, borrows it. */
static bool
is_whole (const Request *q, const KtmFrameTable *out)
{
  bool whole = q->show == KTM_SHOW_VALUE && q->missing == KTM_MISSING_AVAILABLE
               && out->n_visits == q->frame->n_visits;

  for (size_t i = 0; whole && i < q->frame->n_patients; i++)
    whole = has_score (q, i);
  return whole;
}

static void
fill_rows (const Request *q, KtmFrameTable *out)
{
  for (size_t i = 0; i < q->frame->n_patients; i++)
    {
      if (!admit (q, i, out))
        continue;
      if (out->lender == NULL && !write_row (q, i, out))
        {
          out->n_no_score++;
          continue;
        }
      out->row[out->n_rows] = i;
      out->baseline[out->n_rows++] = baseline_of (q, i);
    }
}

KtmStatsStatus
ktm_frame_table_since (const KtmFrame *frame, size_t measure, KtmShow show, KtmMissing missing,
                       double reference, double from, double to, KtmFrameTable *out)
{
  Request q = { .frame = frame, .show = show, .missing = missing };
  size_t cells;

  *out = (KtmFrameTable) { 0 };
  if (measure >= frame->n_measures || frame->n_visits == 0)
    return KTM_STATS_BAD_ARGUMENT;
  if (!select_visits (frame, measure, from, to, out))
    return KTM_STATS_NO_MEMORY;
  if (out->n_visits == 0 || !prepare (frame, measure, reference, from, &q, out))
    {
      ktm_frame_table_clear (out);
      return KTM_STATS_BAD_ARGUMENT;
    }
  cells = frame->n_patients * out->n_visits;
  out->row = new_zero (frame->n_patients, sizeof *out->row);
  if (is_whole (&q, out))
    out->lender = ktm_frame_ref (frame);
  out->value = out->lender != NULL ? q.measure->value : malloc ((cells + 1) * sizeof *out->value);
  out->baseline = new_nan (frame->n_patients);
  if (missing != KTM_MISSING_AVAILABLE && missing != KTM_MISSING_COMPLETERS)
    out->filled = new_zero (cells, sizeof *out->filled);
  if (out->row == NULL || out->value == NULL || out->baseline == NULL
      || (out->filled == NULL && missing != KTM_MISSING_AVAILABLE
          && missing != KTM_MISSING_COMPLETERS))
    {
      ktm_frame_table_clear (out);
      return KTM_STATS_NO_MEMORY;
    }
  fill_rows (&q, out);
  return KTM_STATS_OK;
}

void
ktm_frame_table_clear (KtmFrameTable *table)
{
  free (table->row);
  free (table->visit);
  if (table->lender == NULL)
    free (table->value);
  ktm_frame_unref ((KtmFrame *) table->lender);
  free (table->filled);
  free (table->baseline);
  *table = (KtmFrameTable) { 0 };
}

/* --- words ------------------------------------------------------------------------------------ */

static const char *const show_names[] = { "value", "change", "percent" };
static const char *const missing_names[] = { "available", "completers", "locf", "bocf", "worst" };

static long
find_name (const char *const *names, size_t n, const char *name)
{
  for (size_t i = 0; name != NULL && i < n; i++)
    if (strcmp (names[i], name) == 0)
      return (long) i;
  return -1;
}

const char *
ktm_show_name (KtmShow show)
{
  return show_names[show];
}

const char *
ktm_missing_name (KtmMissing missing)
{
  return missing_names[missing];
}

bool
ktm_show_parse (const char *name, KtmShow *out)
{
  long i = find_name (show_names, sizeof show_names / sizeof *show_names, name);

  if (i >= 0)
    *out = (KtmShow) i;
  return i >= 0;
}

bool
ktm_missing_parse (const char *name, KtmMissing *out)
{
  long i = find_name (missing_names, sizeof missing_names / sizeof *missing_names, name);

  if (i >= 0)
    *out = (KtmMissing) i;
  return i >= 0;
}
