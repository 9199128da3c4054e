/* model/cohort: store and stats, GObject, GIO. */
#include "ktm-filter.h"

#include <math.h>
#include <string.h>

#include "ktm-cohort-private.h"
#include "ktm-filter-private.h"

struct _KtmFilter
{
  GObject     parent_instance;
  GPtrArray  *conditions;  /* owned KtmCondition */
  char       *search;      /* owned, case-folded form made when matching; never NULL */
  GHashTable *codes;       /* owned, nullable: a hand-picked group */
  KtmFilter  *saved;       /* owned, nullable: what a saved group asks for */
  gint64      document;    /* 0: none, or not saved */
};

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KtmFilter, ktm_filter, G_TYPE_OBJECT)

/* --- conditions ------------------------------------------------------------------------------- */

/* A condition nothing meets yet. */
KtmCondition *
ktm_condition_new (const char *attribute, gboolean is_levels)
{
  KtmCondition *condition = g_new0 (KtmCondition, 1);

  condition->attribute = g_strdup (attribute);
  if (is_levels)
    condition->levels = g_ptr_array_new_with_free_func (g_free);
  else
    condition->intervals = g_array_new (FALSE, FALSE, sizeof (KtmInterval));
  return condition;
}

void
ktm_condition_free (KtmCondition *condition)
{
  if (condition == NULL)
    return;
  g_clear_pointer (&condition->levels, g_ptr_array_unref);
  g_clear_pointer (&condition->intervals, g_array_unref);
  g_free (condition->attribute);
  g_free (condition);
}

KtmCondition *
ktm_condition_copy (const KtmCondition *condition)
{
  KtmCondition *copy = ktm_condition_new (condition->attribute, condition->levels != NULL);

  copy->negate = condition->negate;
  copy->is_date = condition->is_date;
  copy->missing = condition->missing;
  for (guint i = 0; condition->levels != NULL && i < condition->levels->len; i++)
    ktm_condition_add_level (copy, g_ptr_array_index (condition->levels, i));
  if (condition->intervals != NULL && condition->intervals->len > 0)
    g_array_append_vals (copy->intervals, condition->intervals->data, condition->intervals->len);
  return copy;
}

static gboolean
has_level (const KtmCondition *condition, const char *level)
{
  for (guint i = 0; i < condition->levels->len; i++)
    if (g_str_equal (g_ptr_array_index (condition->levels, i), level))
      return TRUE;
  return FALSE;
}

void
ktm_condition_add_level (KtmCondition *condition, const char *level)
{
  if (!has_level (condition, level))
    g_ptr_array_add (condition->levels, g_strdup (level));
}

void
ktm_condition_add_interval (KtmCondition *condition, double low, gboolean above, double high,
                            gboolean below)
{
  KtmInterval interval = { low, high, above, below };

  g_array_append_val (condition->intervals, interval);
}

static gboolean
holds_number (const KtmCondition *condition, double value)
{
  for (guint i = 0; i < condition->intervals->len; i++)
    {
      const KtmInterval *in = &g_array_index (condition->intervals, KtmInterval, i);

      if ((isnan (in->low) || value > in->low || (!in->above && value == in->low))
          && (isnan (in->high) || value < in->high || (!in->below && value == in->high)))
        return !condition->negate;
    }
  return condition->negate;
}

static gboolean
is_range (const KtmCondition *condition)
{
  return condition->intervals != NULL && condition->intervals->len == 1 && !condition->negate;
}

/* The narrower of two lower ends, or, with the signs turned, of two upper ones. */
static void
narrow (double *end, gboolean *open, double other, gboolean other_open, double sign)
{
  if (isnan (other))
    return;
  if (isnan (*end) || sign * other > sign * *end)
    {
      *end = other;
      *open = other_open;
    }
  else if (other == *end)
    *open = *open || other_open;
}

/* @to becomes what meets both; FALSE when that cannot be said in one condition. */
static gboolean
intersect (KtmCondition *to, const KtmCondition *from)
{
  if (to->levels != NULL && from->levels != NULL)
    {
      for (guint i = to->levels->len; i-- > 0;)
        if (!has_level (from, g_ptr_array_index (to->levels, i)))
          g_ptr_array_remove_index (to->levels, i);
    }
  else if (is_range (to) && is_range (from))
    {
      KtmInterval *a = &g_array_index (to->intervals, KtmInterval, 0);
      const KtmInterval *b = &g_array_index (from->intervals, KtmInterval, 0);

      narrow (&a->low, &a->above, b->low, b->above, 1);
      narrow (&a->high, &a->below, b->high, b->below, -1);
    }
  else
    return FALSE;
  to->missing = to->missing && from->missing;
  to->is_date = to->is_date || from->is_date;
  return TRUE;
}

/* --- the object ------------------------------------------------------------------------------- */

static void
changed (KtmFilter *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
ktm_filter_finalize (GObject *object)
{
  KtmFilter *self = KTM_FILTER (object);

  g_clear_pointer (&self->conditions, g_ptr_array_unref);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->codes, g_hash_table_unref);
  g_clear_object (&self->saved);
  G_OBJECT_CLASS (ktm_filter_parent_class)->finalize (object);
}

static void
ktm_filter_class_init (KtmFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ktm_filter_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KTM_TYPE_FILTER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ktm_filter_init (KtmFilter *self)
{
  self->conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_condition_free);
  self->search = g_strdup ("");
}

/* A filter everybody passes. */
KtmFilter *
ktm_filter_new (void)
{
  return g_object_new (KTM_TYPE_FILTER, NULL);
}

static void
copy_into (KtmFilter *self, KtmFilter *other)
{
  g_ptr_array_set_size (self->conditions, 0);
  for (guint i = 0; i < other->conditions->len; i++)
    g_ptr_array_add (self->conditions,
                     ktm_condition_copy (g_ptr_array_index (other->conditions, i)));
  g_free (self->search);
  self->search = g_strdup (other->search);
  g_clear_pointer (&self->codes, g_hash_table_unref);
  self->codes =
      other->codes != NULL ? g_hash_table_ref (other->codes) : NULL; /* never changed once made */
  g_clear_object (&self->saved);
  self->saved = other->saved != NULL ? ktm_filter_copy (other->saved) : NULL;
  self->document = other->document;
}

/* A filter of its own that says the same; new reference. */
KtmFilter *
ktm_filter_copy (KtmFilter *self)
{
  KtmFilter *copy = ktm_filter_new ();

  copy_into (copy, self);
  return copy;
}

/* Makes @self say what @other says; emits "changed" once. */
void
ktm_filter_assign (KtmFilter *self, KtmFilter *other)
{
  if (self == other)
    return;
  copy_into (self, other);
  changed (self);
}

/* Whether it asks for nothing. */
gboolean
ktm_filter_is_empty (KtmFilter *self)
{
  return self->conditions->len == 0 && *self->search == '\0' && self->codes == NULL
         && self->saved == NULL;
}

/* Lets everybody pass. */
void
ktm_filter_clear (KtmFilter *self)
{
  g_autoptr (KtmFilter) empty = NULL;

  if (ktm_filter_is_empty (self))
    return;
  empty = ktm_filter_new ();
  ktm_filter_assign (self, empty);
}

static gboolean
same_attribute (const KtmCondition *condition, const char *attribute)
{
  return g_ascii_strcasecmp (condition->attribute, attribute) == 0;
}

static gboolean
remove_conditions (KtmFilter *self, const char *attribute)
{
  guint n = self->conditions->len;

  for (guint i = n; i-- > 0;)
    if (same_attribute (g_ptr_array_index (self->conditions, i), attribute))
      g_ptr_array_remove_index (self->conditions, i);
  return self->conditions->len != n;
}

/* Takes every condition on @attribute away. */
void
ktm_filter_unset (KtmFilter *self, const char *attribute)
{
  if (remove_conditions (self, attribute))
    changed (self);
}

/* Only patients with one of these levels pass.
 *
 * @levels: labels, NULL-ended (none: nobody but, with @missing, those not recorded); NULL: any
 * level
 * @missing: patients for whom it is not recorded pass, too */
void
ktm_filter_set_levels (KtmFilter *self, const char *attribute, const char *const *levels,
                       gboolean missing)
{
  KtmCondition *condition;

  if (levels == NULL)
    {
      ktm_filter_unset (self, attribute);
      return;
    }
  remove_conditions (self, attribute);
  condition = ktm_condition_new (attribute, TRUE);
  for (gsize i = 0; levels[i] != NULL; i++)
    ktm_condition_add_level (condition, levels[i]);
  condition->missing = missing;
  g_ptr_array_add (self->conditions, condition);
  changed (self);
}

/* Only patients whose number (or Julian day) lies in low … high, ends included, pass.
 *
 * @low, @high: NaN: open; both open and @missing: the condition goes away
 * @missing: patients for whom it is not recorded pass, too */
void
ktm_filter_set_range (KtmFilter *self, const char *attribute, double low, double high,
                      gboolean missing)
{
  KtmCondition *condition;

  if (isnan (low) && isnan (high) && missing)
    {
      ktm_filter_unset (self, attribute);
      return;
    }
  remove_conditions (self, attribute);
  condition = ktm_condition_new (attribute, FALSE);
  ktm_condition_add_interval (condition, low, FALSE, high, FALSE);
  condition->missing = missing;
  g_ptr_array_add (self->conditions, condition);
  changed (self);
}

/* Whether a patient with this level may pass the conditions on @attribute; @level NULL: not
 * recorded. */
gboolean
ktm_filter_has_level (KtmFilter *self, const char *attribute, const char *level)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const KtmCondition *condition = g_ptr_array_index (self->conditions, i);

      if (same_attribute (condition, attribute)
          && (level == NULL ? !condition->missing
                            : condition->levels != NULL && !has_level (condition, level)))
        return FALSE;
    }
  return TRUE;
}

/* The range a facet shows; FALSE (and open ends, missing shown) when there is no condition of that
 * kind.
 * @low, @high, @missing: nullable */
gboolean
ktm_filter_get_range (KtmFilter *self, const char *attribute, double *low, double *high,
                      gboolean *missing)
{
  KtmInterval range = { NAN, NAN, FALSE, FALSE };
  gboolean found = FALSE, with_missing = TRUE;

  for (guint i = 0; i < self->conditions->len; i++)
    {
      const KtmCondition *condition = g_ptr_array_index (self->conditions, i);

      if (!same_attribute (condition, attribute) || !is_range (condition))
        continue;
      narrow (&range.low, &range.above, g_array_index (condition->intervals, KtmInterval, 0).low,
              FALSE, 1);
      narrow (&range.high, &range.below, g_array_index (condition->intervals, KtmInterval, 0).high,
              FALSE, -1);
      with_missing = with_missing && condition->missing;
      found = TRUE;
    }
  if (low != NULL)
    *low = range.low;
  if (high != NULL)
    *high = range.high;
  if (missing != NULL)
    *missing = with_missing;
  return found;
}

/* Whether there is any condition on @attribute. */
gboolean
ktm_filter_has_attribute (KtmFilter *self, const char *attribute)
{
  for (guint i = 0; i < self->conditions->len; i++)
    if (same_attribute (g_ptr_array_index (self->conditions, i), attribute))
      return TRUE;
  return FALSE;
}

/* Only patients whose code or one of whose levels contains @text, in any case, pass; NULL or "": no
 * search. */
void
ktm_filter_set_search (KtmFilter *self, const char *text)
{
  if (g_strcmp0 (self->search, text != NULL ? text : "") == 0)
    return;
  g_free (self->search);
  self->search = g_strstrip (g_strdup (text != NULL ? text : ""));
  changed (self);
}

/* What is searched for; never NULL. */
const char *
ktm_filter_get_search (KtmFilter *self)
{
  return self->search;
}

/* Only these patients pass.
 *
 * @codes: NULL-ended; NULL: no group
 * @document: the saved group they are, 0 when they are not saved */
void
ktm_filter_set_group (KtmFilter *self, const char *const *codes, gint64 document)
{
  g_clear_pointer (&self->codes, g_hash_table_unref);
  g_clear_object (&self->saved);
  self->document = codes != NULL ? document : 0;
  if (codes != NULL)
    {
      self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (gsize i = 0; codes[i] != NULL; i++)
        g_hash_table_add (self->codes, g_strdup (codes[i]));
    }
  changed (self);
}

/* Whether it asks for a group, saved or hand-picked. */
gboolean
ktm_filter_has_group (KtmFilter *self)
{
  return self->codes != NULL || self->saved != NULL;
}

/* The document of the saved group; 0 when there is none or it is not saved. */
gint64
ktm_filter_get_group_document (KtmFilter *self)
{
  return self->document;
}

/* Makes a saved group part of @self; takes the reference to @saved. */
void
ktm_filter_take_saved (KtmFilter *self, KtmFilter *saved, gint64 document)
{
  g_clear_pointer (&self->codes, g_hash_table_unref);
  g_clear_object (&self->saved);
  self->saved = saved;
  self->document = document;
  changed (self);
}

/* The conditions, borrowed; for the text. */
const GPtrArray *
ktm_filter_get_conditions (KtmFilter *self)
{
  return self->conditions;
}

/* See the private header. */
void
ktm_filter_take_condition (KtmFilter *self, KtmCondition *condition)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      KtmCondition *old = g_ptr_array_index (self->conditions, i);

      if (same_attribute (old, condition->attribute) && intersect (old, condition))
        {
          ktm_condition_free (condition);
          changed (self);
          return;
        }
    }
  g_ptr_array_add (self->conditions, condition);
  changed (self);
}

/* --- matching --------------------------------------------------------------------------------- */

static void
match_levels (const KtmCondition *condition, const KtmFrameAttribute *a, gsize n, gboolean *pass)
{
  g_autofree gboolean *ok = g_new0 (gboolean, a->n_levels + 1);

  for (gsize j = 0; j < a->n_levels; j++)
    ok[j] = has_level (condition, a->levels[j]);
  for (gsize i = 0; i < n; i++)
    pass[i] =
        pass[i]
        && (isnan (a->value[i]) ? condition->missing
                                : a->value[i] < (double) a->n_levels && ok[(gsize) a->value[i]]);
}

static void
match_condition (const KtmCondition *condition, KtmCohort *cohort, gsize n, gboolean *pass)
{
  gint at = ktm_cohort_find_attribute (cohort, condition->attribute);
  const KtmFrameAttribute *a = at >= 0 ? ktm_cohort_get_attribute (cohort, (guint) at) : NULL;

  if (a == NULL || (a->n_levels > 0) != (condition->levels != NULL))
    {
      for (gsize i = 0; i < n; i++)
        pass[i] = FALSE;
    }
  else if (condition->levels != NULL)
    match_levels (condition, a, n, pass);
  else
    for (gsize i = 0; i < n; i++)
      pass[i] =
          pass[i]
          && (isnan (a->value[i]) ? condition->missing : holds_number (condition, a->value[i]));
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text, -1);

  return strstr (own, folded) != NULL;
}

static void
match_search (const char *search, KtmCohort *cohort, gsize n, gboolean *pass)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_autofree gboolean *found = g_new0 (gboolean, n + 1);

  for (gsize i = 0; i < n; i++)
    found[i] = contains (ktm_cohort_get_code (cohort, (guint) i), folded);
  for (guint k = 0; k < ktm_cohort_get_n_attributes (cohort); k++)
    {
      const KtmFrameAttribute *a = ktm_cohort_get_attribute (cohort, k);

      for (gsize j = 0; j < a->n_levels; j++)
        if (contains (a->levels[j], folded))
          for (gsize i = 0; i < n; i++)
            found[i] = found[i] || a->value[i] == (double) j;
    }
  for (gsize i = 0; i < n; i++)
    pass[i] = pass[i] && found[i];
}

static void
match_all (KtmFilter *self, KtmCohort *cohort, const char *except, gsize n, gboolean *pass)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const KtmCondition *condition = g_ptr_array_index (self->conditions, i);

      if (except == NULL || !same_attribute (condition, except))
        match_condition (condition, cohort, n, pass);
    }
  if (self->codes != NULL)
    for (gsize i = 0; i < n; i++)
      pass[i] =
          pass[i] && g_hash_table_contains (self->codes, ktm_cohort_get_code (cohort, (guint) i));
  if (self->saved != NULL)
    match_all (self->saved, cohort, NULL, n, pass);
  if (*self->search != '\0')
    match_search (self->search, cohort, n, pass);
}

/* Patients that pass all but the conditions on @attribute (in any case): what its facet counts. */
guint *
ktm_filter_match_without (KtmFilter *self, KtmCohort *cohort, const char *attribute, gsize *n_out)
{
  gsize n = g_list_model_get_n_items (G_LIST_MODEL (cohort));
  g_autofree gboolean *pass = g_new (gboolean, n + 1);
  guint *patients = g_new (guint, n + 1);
  gsize n_pass = 0;

  for (gsize i = 0; i < n; i++)
    pass[i] = TRUE;
  match_all (self, cohort, attribute, n, pass);
  for (gsize i = 0; i < n; i++)
    if (pass[i])
      patients[n_pass++] = (guint) i;
  *n_out = n_pass;
  return patients;
}

/* Patients that pass, as ascending indices; free with g_free(). */
guint *
ktm_filter_match (KtmFilter *self, KtmCohort *cohort, gsize *n_out)
{
  return ktm_filter_match_without (self, cohort, NULL, n_out);
}

static void
append_json (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20)
      g_string_append_printf (json, "\\u%04x", *p);
    else
      {
        if (*p == '"' || *p == '\\')
          g_string_append_c (json, '\\');
        g_string_append_c (json, *p);
      }
  g_string_append_c (json, '"');
}

/* "name": ["a", "b"]; @json starts with "{". */
void
ktm_json_append_list (GString *json, const char *name, const char *const *texts)
{
  g_string_append_printf (json, "%s\"%s\": [", json->len > 1 ? ", " : "", name);
  for (gsize i = 0; texts[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (json, ", ");
      append_json (json, texts[i]);
    }
  g_string_append_c (json, ']');
}

static int
compare_codes (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* What a document of kind "group" holds to ask for the same patients again; free with g_free(). */
char *
ktm_filter_dup_group_json (KtmFilter *self)
{
  GString *json = g_string_new ("{");
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GHashTable *codes = self->codes;

  /* A group within a saved group says both, so that it stands on its own. */
  for (guint i = 0; self->saved != NULL && i < self->saved->conditions->len; i++)
    ktm_condition_print (g_ptr_array_index (self->saved->conditions, i), texts);
  if (self->saved != NULL && self->saved->codes != NULL)
    codes = self->saved->codes;
  for (guint i = 0; i < self->conditions->len; i++)
    ktm_condition_print (g_ptr_array_index (self->conditions, i), texts);
  g_ptr_array_add (texts, NULL);
  ktm_json_append_list (json, "where", (const char *const *) texts->pdata);
  if (codes != NULL)
    {
      guint n;
      g_autofree const char **list = (const char **) g_hash_table_get_keys_as_array (codes, &n);

      qsort (list, n, sizeof *list, compare_codes);
      ktm_json_append_list (json, "codes", list);
    }
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}
