/* model/store: GLib only.  What each column is, from what was said and from its name. */
#include "ktm-propose-private.h"

#include "ktm-known.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static gboolean
role_fits (KtmSourceKind kind, KtmColumnRole role)
{
  if (kind == KTM_SOURCE_STUDIES) /* its doses and centres are moderators */
    return role == KTM_COLUMN_ARM || (role >= KTM_COLUMN_STUDY && role < KTM_COLUMN_MODERATOR);
  switch (role)
    {
    case KTM_COLUMN_VISIT: case KTM_COLUMN_TIME: case KTM_COLUMN_HARM_FLAG:
      return kind == KTM_SOURCE_SCORES
             || ((kind == KTM_SOURCE_ADVERSE_EVENTS || kind == KTM_SOURCE_TREATMENTS)
                 && role != KTM_COLUMN_HARM_FLAG);
    case KTM_COLUMN_DATE:
      return kind == KTM_SOURCE_SCORES || kind == KTM_SOURCE_ADVERSE_EVENTS
             || kind == KTM_SOURCE_TREATMENTS;
    case KTM_COLUMN_CENTRE: case KTM_COLUMN_INDEX_DATE:
    case KTM_COLUMN_INCLUDED:
    case KTM_COLUMN_EXCLUSION_REASON:
    case KTM_COLUMN_STOP_TIME:
    case KTM_COLUMN_STOP_REASON:
      return kind == KTM_SOURCE_PATIENTS || kind == KTM_SOURCE_WIDE || kind == KTM_SOURCE_SCORES;
    case KTM_COLUMN_ARM:
      return kind != KTM_SOURCE_TREATMENTS && kind != KTM_SOURCE_ADVERSE_EVENTS;
    default:
      return TRUE;
    }
}

/* Whether only one column of a source can have the role. */
gboolean
ktm_propose_one_only (KtmColumnRole role)
{
  return role != KTM_COLUMN_LEFT_OUT && role != KTM_COLUMN_MEASURE && role != KTM_COLUMN_WIDE &&
         role != KTM_COLUMN_ATTRIBUTE && role != KTM_COLUMN_MODERATOR;
}

static gboolean
may_be_measure (const KtmColumn *column)
{
  if (ktm_known_measure (column->folded) != NULL)
    return column->n_numbers > 0;
  return column->n_filled > 0 && column->n_numbers * 10 >= column->n_filled * 8;
}

static void
take_rest_of_scores (KtmSource *source, KtmColumn *column, const char *const *measures,
                     const char *const *attributes)
{
  gboolean known = ktm_known_measure (column->folded) != NULL;

  if (source->mapping->measures->len > 0 && ktm_propose_measure_said (source, column))
    {
      column->role = KTM_COLUMN_MEASURE;
      ktm_propose_make_measure (source, column, column->name, measures);
    }
  else if (source->mapping->measures->len == 0 && may_be_measure (column) &&
           (known || (column->varies && !ktm_propose_all_levels (column, ktm_propose_is_yes_no))))
    {
      column->role = KTM_COLUMN_MEASURE;
      ktm_propose_make_measure (source, column, column->name, measures);
    }
  else if (source->patients_repeat && !column->varies && source->mapping->attributes->len == 0 &&
           column->n_filled > 0 && !known && !ktm_propose_is_free_text (column))
    ktm_propose_make_attribute (column, attributes);
  else
    ktm_propose_leave_out (column, column->n_filled == 0               ? _("empty")
                                   : ktm_propose_is_free_text (column) ? _("free text")
                                   : source->mapping->measures->len > 0
                                       ? _("not among the measures given")
                                       : _("differs within a patient and is no score"));
}

static void
take_rest (KtmSource *source, KtmColumn *column, const char *const *measures,
           const char *const *attributes)
{
  switch (source->kind)
    {
    case KTM_SOURCE_SCORES:
      take_rest_of_scores (source, column, measures, attributes);
      break;
    case KTM_SOURCE_STUDIES:
      column->role = KTM_COLUMN_MODERATOR;
      break;
    case KTM_SOURCE_TREATMENTS:
      if (source->mapping->attributes->len == 0 && g_str_has_prefix (column->folded, "co_") &&
          !source->patients_repeat && ktm_propose_all_levels (column, ktm_propose_is_yes_no))
        ktm_propose_make_attribute (column, attributes);
      else
        ktm_propose_leave_out (column, _("nothing of a treatment that the cohort keeps"));
      break;
    case KTM_SOURCE_ADVERSE_EVENTS:
      ktm_propose_leave_out (column, _("nothing of an event that the cohort keeps"));
      break;
    default:
      if (column->n_filled == 0)
        ktm_propose_leave_out (column, _("empty"));
      else if (source->mapping->attributes->len > 0)
        ktm_propose_leave_out (column, _("not among the attributes given"));
      else if (ktm_propose_is_free_text (column))
        ktm_propose_leave_out (column, _("free text"));
      else
        ktm_propose_make_attribute (column, attributes);
    }
}

static void
take_known_role (KtmSource *source, KtmColumn *column, KtmColumnRole role)
{
  KtmColumn *other = ktm_source_of_role (source, role);

  if (ktm_propose_one_only (role) && other != NULL)
    {
      if (role == KTM_COLUMN_DOSE && strstr (column->folded, "kg") != NULL
          && strstr (other->folded, "kg") == NULL)
        ktm_propose_leave_out (other, _("another column holds the dose by weight"));
      else if (role == KTM_COLUMN_TIME && source->mapping->columns[KTM_COLUMN_TIME] == NULL &&
               source->kind == KTM_SOURCE_SCORES)
        {
          ktm_propose_ask (source, "--time", _("“%s” and “%s” both look like the time"),
                           other->name, column->name);
          return;
        }
      else
        {
          g_autofree char *why = g_strdup_printf (_("“%s” is taken for it"), other->name);
          ktm_propose_leave_out (column, why);
          return;
        }
    }
  column->role = role;
}

/* Gives the column the role the mapping says.  FALSE: it says none. */
gboolean
ktm_propose_take_said (KtmSource *source, KtmColumn *column, const char *const *measures,
                       const char *const *attributes)
{
  const KtmMapping *mapping = source->mapping;

  if (ktm_propose_said (mapping->left_out, column->name))
    {
      ktm_propose_leave_out (column, _("left out on purpose"));
      return TRUE;
    }
  for (int role = KTM_COLUMN_PATIENT; role < KTM_N_COLUMN_ROLES; role++)
    if (mapping->columns[role] != NULL && strcmp (mapping->columns[role], column->name) == 0)
      {
        column->role = (KtmColumnRole) role;
        if (role == KTM_COLUMN_DATE
            && (source->kind == KTM_SOURCE_PATIENTS || source->kind == KTM_SOURCE_WIDE))
          column->role = KTM_COLUMN_INDEX_DATE;
        return TRUE;
      }
  if (ktm_propose_said (mapping->attributes, column->name))
    {
      ktm_propose_make_attribute (column, attributes);
      return TRUE;
    }
  if (source->kind == KTM_SOURCE_SCORES && ktm_propose_measure_said (source, column))
    {
      column->role = KTM_COLUMN_MEASURE;
      ktm_propose_make_measure (source, column, column->name, measures);
      return TRUE;
    }
  return FALSE;
}

static gboolean
role_is_said (const KtmSource *source, KtmColumnRole role)
{
  const char *name =
      source->mapping
          ->columns[role == KTM_COLUMN_INDEX_DATE && source->mapping->columns[role] == NULL
                        ? KTM_COLUMN_DATE
                        : role];

  return name != NULL && ktm_source_find (source, name) != NULL;
}

/* Proposes the role of a column of which nothing was said. */
void
ktm_propose_take_column (KtmSource *source, KtmColumn *column, const char *const *measures,
                         const char *const *attributes)
{
  const char *personal = ktm_known_personal (column->folded);
  KtmColumnRole role;

  if (column->role != KTM_COLUMN_LEFT_OUT || column->why != NULL)
    return;
  if (column->duplicate)
    {
      ktm_propose_leave_out (column, _("a second column of this name"));
      return;
    }
  if (personal == NULL)
    personal = ktm_propose_personal_content (column);
  if (personal != NULL && source->kind != KTM_SOURCE_STUDIES)
    {
      g_autofree char *why = g_strdup_printf (_("looks like %s"), _(personal));
      column->personal = TRUE;
      ktm_propose_leave_out (column, why);
      return;
    }
  if (source->kind == KTM_SOURCE_WIDE)
    ktm_propose_take_wide (source, column, measures);
  if (column->role == KTM_COLUMN_WIDE)
    return;
  if (ktm_known_row_number (column->folded))
    {
      ktm_propose_leave_out (column, _("a row's number"));
      return;
    }
  role = ktm_known_role (column->folded, source->kind);
  if (role == KTM_COLUMN_PATIENT
      || (role != KTM_COLUMN_LEFT_OUT && !role_fits (source->kind, role)))
    role = KTM_COLUMN_LEFT_OUT;
  if (role != KTM_COLUMN_LEFT_OUT && ktm_propose_one_only (role) && role_is_said (source, role))
    ktm_propose_leave_out (column, _("another column was given for it"));
  else if (role == KTM_COLUMN_ARM && source->kind == KTM_SOURCE_SCORES && column->varies)
    ktm_propose_leave_out (column, _("differs within a patient and is no score"));
  else if (role != KTM_COLUMN_LEFT_OUT)
    take_known_role (source, column, role);
  else if (source->kind != KTM_SOURCE_STUDIES && ktm_known_after_baseline (column->folded))
    ktm_propose_leave_out (column, _("known only after baseline"));
  else
    take_rest (source, column, measures, attributes);
}
