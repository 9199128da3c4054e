/* model/store: GIO and sqlite3 only. */
#include <math.h>

#include "ktm-store-private.h"

static void
rules_free (KtmStoreRules *rules)
{
  g_strfreev (rules->measure_label);
  g_strfreev (rules->attribute_label);
  g_free (rules->min);
  g_free (rules->max);
  g_free (rules->kind);
  g_free (rules->n_levels);
  g_free (rules);
}

static gboolean
add_measure (const void *record, gpointer data)
{
  const KtmMeasureRecord *measure = record;
  KtmStoreRules *rules = data;
  guint i = rules->n_measures++;

  rules->min = g_renew (double, rules->min, i + 1);
  rules->max = g_renew (double, rules->max, i + 1);
  rules->measure_label = g_renew (char *, rules->measure_label, i + 2);
  rules->min[i] = measure->min;
  rules->max[i] = measure->max;
  rules->measure_label[i] = g_strdup (measure->label);
  rules->measure_label[i + 1] = NULL;
  return TRUE;
}

static gboolean
add_attribute (const void *record, gpointer data)
{
  const KtmAttributeRecord *attribute = record;
  KtmStoreRules *rules = data;
  guint i = rules->n_attributes++;

  rules->kind = g_renew (KtmStoreKind, rules->kind, i + 1);
  rules->n_levels = g_renew (guint, rules->n_levels, i + 1);
  rules->attribute_label = g_renew (char *, rules->attribute_label, i + 2);
  rules->kind[i] = attribute->kind;
  rules->n_levels[i] = attribute->levels != NULL ? g_strv_length ((char **) attribute->levels) : 0;
  rules->attribute_label[i] = g_strdup (attribute->label);
  rules->attribute_label[i + 1] = NULL;
  return TRUE;
}

/* Ranges, levels and positions of the file, read once; borrowed until a definition changes. */
const KtmStoreRules *
ktm_store_get_rules (KtmStore *store, GError **error)
{
  KtmStoreRules *rules;
  gint64 n_visits;

  if (store->rules != NULL)
    return store->rules;
  rules = g_new0 (KtmStoreRules, 1);
  n_visits = ktm_store_get_int (store, "SELECT count(*) FROM visit", error);
  if (n_visits < 0 || !ktm_store_read_measures (store, add_measure, rules, error)
      || !ktm_store_read_attributes (store, add_attribute, rules, error))
    {
      rules_free (rules);
      return NULL;
    }
  rules->n_visits = (guint) n_visits;
  store->rules = rules;
  return rules;
}

/* To be called when a measure, visit or attribute may have changed. */
void
ktm_store_drop_rules (KtmStore *store)
{
  g_clear_pointer (&store->rules, rules_free);
}

/* Refuses an unknown visit. */
gboolean
ktm_store_rules_check_visit (const KtmStoreRules *rules, guint visit, GError **error)
{
  if (visit < rules->n_visits)
    return TRUE;
  g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID, _("There is no visit number %u."),
               visit + 1);
  return FALSE;
}

/* Refuses a score that is no finite number, lies outside its measure's scale, or belongs to nothing
 * known. */
gboolean
ktm_store_rules_check_score (const KtmStoreRules *rules, guint measure, guint visit, double time,
                             double value, GError **error)
{
  if (measure >= rules->n_measures)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("There is no measure number %u."), measure + 1);
      return FALSE;
    }
  if (!ktm_store_rules_check_visit (rules, visit, error))
    return FALSE;
  if (!isfinite (value) || !isfinite (time))
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s: a score and its time must be numbers."), rules->measure_label[measure]);
      return FALSE;
    }
  if (value < rules->min[measure] || value > rules->max[measure])
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("%s: %g lies outside the scale, %g to %g."), rules->measure_label[measure],
                   value, rules->min[measure], rules->max[measure]);
      return FALSE;
    }
  return TRUE;
}

/* Refuses a value that is no finite number or names no level of its attribute. */
gboolean
ktm_store_rules_check_value (const KtmStoreRules *rules, guint attribute, double value,
                             GError **error)
{
  gboolean is_level;

  if (attribute >= rules->n_attributes)
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   _("There is no attribute number %u."), attribute + 1);
      return FALSE;
    }
  is_level = rules->kind[attribute] != KTM_STORE_NUMBER && rules->kind[attribute] != KTM_STORE_DATE;
  if (!isfinite (value)
      || (is_level && (value < 0 || value >= rules->n_levels[attribute] || value != floor (value))))
    {
      g_set_error (error, KTM_STORE_ERROR, KTM_STORE_ERROR_INVALID,
                   is_level ? _("%s: %g is not one of its levels.")
                            : _("%s: %g is not a number that can be kept."),
                   rules->attribute_label[attribute], value);
      return FALSE;
    }
  return TRUE;
}
