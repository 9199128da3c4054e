/* model/store: GLib only.  Tables of published studies: one line an arm, or one line with both arms
 * (treated and control, before and after), or an effect with its standard error or interval; and
 * what is wrong with a study as a whole. */
#include "ktm-import-private.h"

/* The position of @text among @words (each a list by spaces), −1 none. */
static int
find_word (const char *text, const char *const *words, guint n)
{
  g_autofree char *folded = ktm_fold (text, -1, TRUE);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) each = g_strsplit (words[i], " ", -1);
      if (g_strv_contains ((const char *const *) each, folded))
        return (int) i;
    }
  return -1;
}

static double
number_in (KtmRow *row, KtmColumnRole role, double min, double max)
{
  double value;

  return row->of_role[role] >= 0 && ktm_row_number (row, row->of_role[role], min, max, &value)
             ? value
             : NAN;
}

/* --- the words of a line ---------------------------------------------------------------------- */

/* FALSE: the line is left out.  @said: whether the file says the kind. */
static gboolean
read_kind (KtmRow *row, KtmStudyKind *kind, gboolean *said)
{
  static const char *const words[] = {
    "trial controlled controlled_trial rct essai essai_controle randomised randomized",
    "single_arm before_after no_control single uncontrolled cohort avant_apres sans_controle "
    "un_bras cohorte",
    "pooled pool meta_analysis metaanalysis review meta_analyse revue"
  };
  const char *text = ktm_row_text (row, KTM_COLUMN_STUDY_KIND);
  int found = text != NULL ? find_word (text, words, G_N_ELEMENTS (words)) : 0;

  *said = text != NULL;
  *kind = (KtmStudyKind) MAX (0, found);
  return found >= 0
         || ktm_row_problem (row, row->of_role[KTM_COLUMN_STUDY_KIND], KTM_PROBLEM_NOT_A_LEVEL,
                             NAN, NULL, 0, "%s", _("trial, single-arm or pooled"))
                != KTM_DO_LEAVE_OUT;
}

static const char *
read_measure (KtmRow *row)
{
  static const char *const words[] = { "md mean_difference wmd difference dm",
                                       "smd hedges_g hedges g cohen_d d dms",
                                       "rr risk_ratio relative_risk risque_relatif",
                                       "or odds_ratio rapport_des_cotes",
                                       "rd risk_difference difference_de_risques dr" };
  static const char *const names[] = { "md", "smd", "rr", "or", "rd" };
  const char *text = ktm_row_text (row, KTM_COLUMN_EFFECT_MEASURE);
  int found = text != NULL ? find_word (text, words, G_N_ELEMENTS (words)) : -1;

  if (text != NULL && found < 0)
    ktm_row_problem (row, row->of_role[KTM_COLUMN_EFFECT_MEASURE], KTM_PROBLEM_NOT_A_LEVEL, NAN,
                     NULL, 0, "%s", _("md, smd, rr, or, rd"));
  return found >= 0 ? names[found] : NULL;
}

/* "dose=0.5; CRPS=yes": a value keeps no ";" and a name no "=", which part them. */
static const char *
read_moderators (KtmRow *row)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < row->source->n_columns; i++)
    {
      const char *text =
          row->source->columns[i].role == KTM_COLUMN_MODERATOR ? ktm_row_cell_text (row, i) : NULL;
      g_autofree char *name = text != NULL ? g_strdup (row->source->columns[i].name) : NULL;
      g_autofree char *value = g_strdup (text);

      if (text != NULL)
        g_string_append_printf (all, "%s%s=%s", all->len > 0 ? "; " : "",
                                g_strdelimit (name, "=;", '_'), g_strdelimit (value, ";", ','));
    }
  return all->len > 0 ? g_string_chunk_insert (row->import->strings, all->str) : NULL;
}

/* "Agarwal" of 2000 and "Agarwal" of 2002 are two studies. */
static const char *
read_name (KtmRow *row, double year)
{
  const char *study = ktm_row_text (row, KTM_COLUMN_STUDY);
  g_autofree char *digits = g_strdup_printf ("%d", isnan (year) ? 0 : (int) year);
  g_autofree char *name = NULL;

  if (study == NULL || isnan (year) || strstr (study, digits) != NULL)
    return study;
  name = g_strdup_printf ("%s %s", study, digits);
  return g_string_chunk_insert_const (row->import->strings, name);
}

/* --- lines into arms -------------------------------------------------------------------------- */

static gboolean
impossible (KtmRow *row, KtmColumnRole role, const char *why)
{
  guint column = row->of_role[role] >= 0 ? (guint) row->of_role[role] : (guint) -1;

  return ktm_row_problem (row, column, KTM_PROBLEM_IMPOSSIBLE_STUDY, NAN, NULL, 0, "%s", why)
         == KTM_DO_LEAVE_OUT;
}

/* FALSE: the line contradicts itself and is left out. */
static gboolean
is_possible (KtmRow *row, const KtmStudyArmRecord *r, gboolean second)
{
  gboolean ratio = g_strcmp0 (r->measure, "rr") == 0 || g_strcmp0 (r->measure, "or") == 0;

  if (r->events > r->n)
    return !impossible (row, second ? KTM_COLUMN_EVENTS2 : KTM_COLUMN_EVENTS,
                        _("more events than patients"));
  if (r->low > r->high)
    return !impossible (row, KTM_COLUMN_LOW, _("the lower limit lies above the upper one"));
  if (r->effect < r->low || r->effect > r->high)
    return !impossible (row, KTM_COLUMN_EFFECT, _("the effect lies outside its own interval"));
  if (ratio && (r->effect <= 0 || r->low <= 0))
    return !impossible (row, KTM_COLUMN_EFFECT,
                        _("a ratio is above 0; give the ratio, not its logarithm"));
  return TRUE;
}

static void
add_arm (KtmRow *row, const KtmStudyArmRecord *record, gboolean kind_said)
{
  KtmPlanArm plan = { .place = { 0, row->line, (guint16) row->index,
                                 (guint16) row->of_role[KTM_COLUMN_STUDY] },
                      .record = *record,
                      .kind_said = kind_said };

  g_array_append_val (row->import->arms, plan);
}

static gboolean
has_number (const KtmStudyArmRecord *r)
{
  return !isnan (r->n) || !isnan (r->mean) || !isnan (r->sd) || !isnan (r->events);
}

/* The second group of a line of both. */
static KtmStudyArmRecord
second_arm (KtmRow *row, const KtmStudyArmRecord *first)
{
  KtmStudyArmRecord second = *first;

  second.arm = first->kind == KTM_STUDY_SINGLE_ARM ? "after" : "control";
  second.n = number_in (row, KTM_COLUMN_N2, 0, 1e9);
  second.mean = number_in (row, KTM_COLUMN_MEAN2, NAN, NAN);
  second.sd = number_in (row, KTM_COLUMN_SD2, 0, 1e12);
  second.events = number_in (row, KTM_COLUMN_EVENTS2, 0, 1e9);
  second.effect = second.se = second.low = second.high = NAN;
  second.measure = NULL;
  return second;
}

static void
read_numbers (KtmRow *row, KtmStudyArmRecord *record)
{
  record->n = number_in (row, KTM_COLUMN_N, 0, 1e9);
  record->mean = number_in (row, KTM_COLUMN_MEAN, NAN, NAN);
  record->sd = number_in (row, KTM_COLUMN_SD, 0, 1e12);
  record->events = number_in (row, KTM_COLUMN_EVENTS, 0, 1e9);
  record->effect = number_in (row, KTM_COLUMN_EFFECT, NAN, NAN);
  record->se = number_in (row, KTM_COLUMN_SE, 0, 1e12);
  record->low = number_in (row, KTM_COLUMN_LOW, NAN, NAN);
  record->high = number_in (row, KTM_COLUMN_HIGH, NAN, NAN);
  record->correlation = number_in (row, KTM_COLUMN_CORRELATION, -1, 1);
  record->measure = read_measure (row);
  record->moderators = read_moderators (row);
  record->note = ktm_row_text (row, KTM_COLUMN_NOTE);
}

static gboolean
study_row (KtmRow *row, gpointer data G_GNUC_UNUSED)
{
  KtmStudyArmRecord record = { .year = number_in (row, KTM_COLUMN_YEAR, 1900, 2199) }, second;
  const char *arm = ktm_row_text (row, KTM_COLUMN_ARM);
  gboolean kind_said;

  record.study = read_name (row, record.year);
  if (record.study == NULL)
    {
      ktm_row_problem (row, (guint) -1, KTM_PROBLEM_NO_CODE, NAN, NULL, 0, "%s", _("no study"));
      return TRUE;
    }
  if (!read_kind (row, &record.kind, &kind_said))
    return TRUE;
  read_numbers (row, &record);
  second = second_arm (row, &record);
  if (!is_possible (row, &record, FALSE) || !is_possible (row, &second, TRUE))
    return TRUE;
  record.arm = arm != NULL             ? arm
               : !has_number (&second) ? "all"
               : record.kind == KTM_STUDY_SINGLE_ARM ? "before"
                                                     : "treatment";
  add_arm (row, &record, kind_said);
  if (has_number (&second))
    add_arm (row, &second, kind_said);
  return TRUE;
}

/* --- studies as a whole ----------------------------------------------------------------------- */

/* The arms of one study. */
typedef struct
{
  KtmImport  *import;
  KtmPlanArm *arm[3];   /* the first ones */
  guint       n;
} Study;

static void
look_at (const Study *s, guint arm, const char *why)
{
  const KtmPlanPlace *place = &s->arm[arm]->place;
  KtmProblem *problem = ktm_import_new_problem (s->import, place->source, place->line,
                                                place->column + 1u, KTM_PROBLEM_INCOMPLETE_STUDY);

  problem->value = g_strdup (s->arm[arm]->record.study);
  problem->expected = g_strdup (why);
  ktm_import_add_problem (s->import, problem);
}

static gboolean
names_a_time (const char *arm)
{
  static const char *const words[] = { "before baseline avant pre month_0 m0",
                                       "after apres post follow_up suivi end fin" };

  return arm != NULL && find_word (arm, words, G_N_ELEMENTS (words)) >= 0;
}

static gboolean
has_effect (const KtmStudyArmRecord *r)
{
  return !isnan (r->effect);
}

/* What a study is where the file does not say. */
static void
guess_kind (const Study *s)
{
  gboolean alone = s->n == 1 && !has_effect (&s->arm[0]->record);
  gboolean times = names_a_time (s->arm[0]->record.arm);

  if (!alone && !times)
    return;
  for (guint i = 0; i < MIN (s->n, 3); i++)
    s->arm[i]->record.kind = KTM_STUDY_SINGLE_ARM;
  if (alone && !times)
    look_at (s, 0, _("one arm only: taken as a study without a control group"));
}

static void
check_effect (const Study *s, guint i)
{
  const KtmStudyArmRecord *r = &s->arm[i]->record;

  if (r->se == 0)
    look_at (s, i, _("a standard error of 0: the study cannot be weighed"));
  else if (isnan (r->se) && (isnan (r->low) || isnan (r->high)))
    look_at (s, i, _("an effect without standard error or interval: it cannot be pooled"));
  else if (r->measure == NULL)
    look_at (s, i, _("it is not said which effect this is (md, smd, rr, or, rd): taken for the "
                      "one shown"));
}

static void
check_arms (const Study *s)
{
  const KtmStudyArmRecord *r = &s->arm[0]->record;
  gboolean before_after = r->kind == KTM_STUDY_SINGLE_ARM && s->n == 2;

  if (r->kind == KTM_STUDY_TRIAL && s->n > 2)
    look_at (s, 2, _("a third arm: only the first two are compared"));
  for (guint i = 0; i < MIN (s->n, 2); i++)
    {
      r = &s->arm[i]->record;
      if (isnan (r->n) || r->n == 0)
        look_at (s, i, _("no number of patients: it cannot be pooled"));
      else if (!isnan (r->mean) && isnan (r->sd))
        look_at (s, i, _("a mean without its SD: it cannot be pooled"));
      else if (r->sd == 0)
        look_at (s, i, _("an SD of 0: means cannot be weighed by it"));
      else if (isnan (r->mean) && isnan (r->events))
        look_at (s, i, before_after ? _("neither mean nor events")
                                    : _("neither mean, events nor effect: nothing to compare"));
    }
}

static void
check_study (gpointer data)
{
  Study *s = data;

  if (s->arm[0]->record.kind == KTM_STUDY_POOLED || has_effect (&s->arm[0]->record))
    {
      for (guint i = 0; i < MIN (s->n, 3); i++)
        if (has_effect (&s->arm[i]->record))
          check_effect (s, i);
        else
          look_at (s, i, _("a line without an effect"));
    }
  else
    check_arms (s);
}

/* Tables of published studies.  Errors: cancelled. */
gboolean
ktm_import_read_studies (KtmImport *import, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < import->sources->len; i++)
    if (ktm_import_get_source (import, i)->kind == KTM_SOURCE_STUDIES
        && !ktm_import_each_row (import, i, study_row, NULL, cancellable, error))
      return FALSE;
  return TRUE;
}

/* Says which studies of the plan cannot be used, or only in part; after lines for one place are
 * settled. */
void
ktm_import_check_studies (KtmImport *import)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) studies = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < import->arms->len; i++)
    {
      KtmPlanArm *plan = &g_array_index (import->arms, KtmPlanArm, i);
      Study *s = g_hash_table_lookup (by_name, plan->record.study);

      if (s == NULL)
        {
          s = g_new0 (Study, 1);
          s->import = import;
          g_ptr_array_add (studies, s);
          g_hash_table_insert (by_name, (gpointer) plan->record.study, s);
        }
      if (s->n < G_N_ELEMENTS (s->arm))
        s->arm[s->n] = plan;
      s->n++;
    }
  for (guint i = 0; i < studies->len; i++)
    {
      Study *s = studies->pdata[i];

      if (!s->arm[0]->kind_said)
        guess_kind (s);
      check_study (s);
    }
}
