/* widgets: the words of the hover card. */
#include "ktm-chart-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-patient-card.h"
#include "ktm-split.h"

/* As it was written: 6, or 6.5. */
static char *
number_of (double value)
{
  return ktm_say_number (value, value == floor (value) ? 0 : 1);
}

/* "baseline 8, −5, −63 %" */
static char *
change_text (double value, double baseline)
{
  g_autofree char *before = number_of (baseline), *change = number_of (value - baseline),
                  *percent = NULL;
  const char *sign = value > baseline ? "+" : "";

  if (baseline == 0)
    return g_strdup_printf (_("baseline %s, %s%s"), before, sign, change);
  percent = number_of (round (100 * (value - baseline) / baseline));
  return g_strdup_printf (_("baseline %s, %s%s, %s%s %%"), before, sign, change, sign, percent);
}

/* The level the patient is grouped by, or the number; NULL: none. */
static char *
dup_group (const KtmFrame *frame, const KtmChartOptions *options, long row)
{
  long a =
      options->colour_by ? ktm_frame_find_grouping (frame, options->colour_by, NULL, NULL) : -1;
  const KtmFrameAttribute *attribute = a >= 0 ? &frame->attributes[a] : NULL;
  double level = attribute ? attribute->value[row] : NAN;

  if (attribute && attribute->kind == KTM_ATTRIBUTE_NUMBER && isfinite (level))
    {
      g_autofree char *number = number_of (level);

      return g_strdup_printf ("%s %s", attribute->label, number);
    }
  return attribute && level >= 0 && level < (double) attribute->n_levels
             ? ktm_say_level (attribute->levels[(size_t) level])
             : NULL;
}

void
ktm_chart_hover_text (const KtmFrame *frame, const KtmChartOptions *options, long row, double time,
                      char **title, char **text)
{
  long m = options->measure ? ktm_frame_find_measure (frame, options->measure) : 0;
  long visit = ktm_frame_find_visit (frame, time);
  const KtmFrameMeasure *measure =
      m >= 0 && (size_t) m < frame->n_measures ? &frame->measures[m] : NULL;
  double value =
      measure && visit >= 0 ? measure->value[(size_t) row * frame->n_visits + (size_t) visit] : NAN;
  g_autofree char *when =
      visit >= 0 ? ktm_say_visit (frame->time_unit, frame->visit_time[visit]) : NULL;
  g_autofree char *group = dup_group (frame, options, row);
  GString *line = g_string_new (NULL);

  *title = !frame->code ? g_strdup (when ? when : _("One patient"))
           : when       ? g_strdup_printf (_("Patient %s · %s"), frame->code[row], when)
                        : g_strdup_printf (_("Patient %s"), frame->code[row]);
  if (measure && isfinite (value))
    {
      g_autofree char *number = number_of (value);

      g_string_append_printf (line, "%s %s", measure->label, number);
      if (isfinite (measure->baseline[row]) && time > 0)
        {
          g_autofree char *change = change_text (value, measure->baseline[row]);

          g_string_append_printf (line, " (%s)", change);
        }
    }
  else if (visit >= 0)
    g_string_append (line, _("No score at this visit"));
  if (group)
    g_string_append_printf (line, "%s%s", line->len ? " · " : "", group);
  *text = g_string_free (line, FALSE);
}
