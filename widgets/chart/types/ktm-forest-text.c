/* Floor widgets/chart: rows, numbers and words of the forest of published studies.  No GTK. */
#include "ktm-forest-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- rows of the report ----------------------------------------------------------------------- */

const KtmReportRow *
ktm_forest_find_row (const KtmForest *c, const char *statistic, const char *subject,
                     const char *group)
{
  for (gsize i = 0; i < c->report->n_rows; i++)
    {
      const KtmReportRow *row = &c->report->rows[i];

      if (strcmp (row->statistic, statistic) == 0 && g_strcmp0 (row->subject, subject) == 0
          && g_strcmp0 (row->group, group) == 0)
        return row;
    }
  return NULL;
}

gboolean
ktm_forest_is_study (const KtmForest *c, const KtmReportRow *row, const char *kind)
{
  gboolean change = strcmp (row->statistic, "mean_change") == 0
                    && (c->rule.effect == KTM_EFFECT_MD || c->rule.effect == KTM_EFFECT_CHANGE);

  return (strcmp (row->statistic, c->key) == 0 || change) && g_strcmp0 (row->subject, kind) == 0
         && !isnan (row->estimate)
         && (row->note == NULL
             || strcmp (ktm_text_msgid (row->note), "left out by choice") != 0);
}

gsize
ktm_forest_count (const KtmForest *c, const char *kind)
{
  gsize n = 0;

  for (gsize i = 0; i < c->report->n_rows; i++)
    n += ktm_forest_is_study (c, &c->report->rows[i], kind);
  return n;
}

const KtmEvidenceStudy *
ktm_forest_find_study (const KtmForest *c, const KtmReportRow *row)
{
  for (gsize i = 0; row->group != NULL && i < c->n_studies; i++)
    if (strcmp (c->studies[i].name, row->group) == 0 && c->studies[i].relevant)
      return &c->studies[i];
  return NULL;
}

/* --- numbers ---------------------------------------------------------------------------------- */

char *
ktm_forest_say (const KtmForest *c, KtmText *text)
{
  return ktm_figure_say (&c->f, text);
}

const char *
ktm_forest_word (const KtmForest *c, const char *msgid)
{
  return ktm_lang_text (c->f.lang, msgid);
}

char *
ktm_forest_number (const KtmForest *c, double value)
{
  return ktm_figure_number (&c->f, c->factor * value, c->decimals);
}

char *
ktm_forest_limits (const KtmForest *c, double low, double high)
{
  g_autofree char *a = ktm_forest_number (c, low), *b = ktm_forest_number (c, high);
  g_autofree char *probe = ktm_figure_number (&c->f, 0.5, 1);

  return ktm_forest_say (
      c, ktm_text_new (strchr (probe, ',') != NULL ? N_("[{1}; {2}]") : N_("[{1}, {2}]"), "ss", a,
                       b));
}

char *
ktm_forest_value (const KtmForest *c, const KtmReportRow *row)
{
  g_autofree char *value = ktm_forest_number (c, row->estimate);
  g_autofree char *limits = NULL;

  if (isnan (row->low) || isnan (row->high))
    return g_steal_pointer (&value);
  limits = ktm_forest_limits (c, row->low, row->high);
  return g_strdup_printf ("%s %s", value, limits);
}

/* "4.6 ± 2.1", with the decimals papers print; "12/40" for events. */
static char *
arm_text (const KtmForest *c, double mean, double sd)
{
  int places = fabs (mean * 10 - round (mean * 10)) < 1e-9
                       && fabs (sd * 10 - round (sd * 10)) < 1e-9
                   ? 1
                   : 2;
  g_autofree char *a = NULL, *b = NULL;

  if (isnan (mean) || isnan (sd))
    return NULL;
  a = ktm_figure_number (&c->f, mean, places);
  b = ktm_figure_number (&c->f, sd, places);
  return g_strdup_printf ("%s ± %s", a, b);
}

char *
ktm_forest_count_text (long n, long n2)
{
  if (n < 0)
    return g_strdup ("–");
  return n2 < 0 ? g_strdup_printf ("%ld", n) : g_strdup_printf ("%ld / %ld", n, n2);
}

char *
ktm_forest_cell (const KtmForest *c, const KtmFrameArm *arm)
{
  if (arm == NULL)
    return NULL;
  if (ktm_effect_is_binary (c->rule.effect))
    return isnan (arm->events) || isnan (arm->n)
               ? NULL
               : g_strdup_printf ("%.0f / %.0f", arm->events, arm->n);
  return arm_text (c, arm->mean, arm->sd);
}

char *
ktm_forest_level (const KtmForest *c)
{
  double level = 100 * c->f.options->level;

  return ktm_figure_number (&c->f, level, ktm_time_decimals (level));
}

const char *
ktm_forest_short_name (const KtmForest *c)
{
  static const char *const names[KTM_N_EFFECTS] = {
    [KTM_EFFECT_MD] = N_("MD"), [KTM_EFFECT_SMD] = N_("SMD"),  [KTM_EFFECT_RR] = N_("RR"),
    [KTM_EFFECT_OR] = N_("OR"), [KTM_EFFECT_RD] = N_("RD, %"), [KTM_EFFECT_CHANGE] = N_("Change")
  };

  return ktm_forest_word (c, names[c->rule.effect]);
}
