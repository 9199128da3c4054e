/* widgets: page of published studies. */
#include "ktm-evidence-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-evidence.h"
#include "ktm-study-table.h"

static const KtmOption effect_options[] = {
  { "md", N_("Difference of means") },   { "smd", N_("Standardised difference") },
  { "rr", N_("Risk ratio") },            { "or", N_("Odds ratio") },
  { "rd", N_("Risk difference") },       { "change", N_("Change, no control group") },
};
static const KtmOption tau_options[] = {
  { "reml", N_("REML") },
  { "dl", N_("DerSimonian–Laird") },
  { "pm", N_("Paule–Mandel") },
  { "none", N_("Common effect") },
};
static const KtmOption ci_options[] = {
  { "hksj", N_("HKSJ") },
  { "wald", N_("Wald") },
  { "hksj-adhoc", N_("HKSJ, guarded") },
};
static const KtmOption method_options[] = {
  { "iv", N_("Inverse variance") },
  { "mh", N_("Mantel–Haenszel") },
  { "peto", N_("Peto") },
};
static const KtmOption moderator_options[] = {
  { "", N_("Nothing") },
};
static const KtmBoardChoice choices[] = {
  { "effect", N_("Effect"), effect_options, G_N_ELEMENTS (effect_options), NULL },
  { "method", N_("Pooling"), method_options, G_N_ELEMENTS (method_options), NULL },
  { "tau2", N_("τ²"), tau_options, G_N_ELEMENTS (tau_options), NULL },
  { "ci", N_("Interval"), ci_options, G_N_ELEMENTS (ci_options), NULL },
  { "moderator", N_("Groups of studies"), moderator_options, G_N_ELEMENTS (moderator_options),
    NULL },
};
static const KtmBoardChart charts[] = {
  { "evidence", N_("Forest"), NULL, 0, 1, 560 },
  { "funnel", N_("Funnel"), NULL, -1, 1, 360 },
};
static const char *const analyses[] = { "meta-analysis", "change", "responder", NULL };

static const char *
choice_or (KtmBoardPage *page, const char *id, const char *otherwise)
{
  const char *chosen = ktm_board_page_get_choice (page, id);

  return chosen ? chosen : otherwise;
}

static KtmStudyOwn *
own_of (KtmBoardPage *page)
{
  return ktm_study_table_get_own (KTM_STUDY_TABLE (ktm_board_page_get_sidebar (page)));
}

/* The ways to pool the chosen effect: events by Mantel–Haenszel, odds ratios also by Peto. */
static guint
count_methods (KtmBoardPage *page)
{
  KtmEvidenceEffect effect = KTM_EFFECT_MD;

  ktm_effect_parse (choice_or (page, "effect", "md"), &effect);
  return effect == KTM_EFFECT_OR ? 3 : ktm_effect_is_binary (effect) ? 2 : 1;
}

static void
fill_methods (KtmBoardPage *page)
{
  const char *ids[G_N_ELEMENTS (method_options)], *labels[G_N_ELEMENTS (method_options)];
  guint n = count_methods (page);

  for (guint i = 0; i < n; i++)
    {
      ids[i] = method_options[i].id;
      labels[i] = _(method_options[i].label);
    }
  ktm_board_page_set_options (page, "method", ids, labels, n);
  ktm_board_page_show_choice (page, "method", n > 1);
}

/* The chosen one; while another effect has just been chosen, one that fits it. */
static const char *
method_of (KtmBoardPage *page)
{
  const char *chosen = choice_or (page, "method", "iv");

  for (guint i = 0, n = count_methods (page); i < n; i++)
    if (g_str_equal (method_options[i].id, chosen))
      return chosen;
  return "iv";
}

static void
add_moderator (GPtrArray *ids, GPtrArray *labels, const char *id, const char *label)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_str_equal (ids->pdata[i], id))
      return;
  g_ptr_array_add (ids, g_strdup (id));
  g_ptr_array_add (labels, g_strdup (label));
}

/* What studies can be grouped by: columns of their table, their year, and @also (a recipe's). */
static void
fill_moderators (KtmBoardPage *page, const char *also)
{
  g_autoptr (KtmFrame) frame =
      ktm_study_dup_frame (ktm_board_page_get_study (page), NULL, NULL, KTM_FRAME_STUDIES);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free),
                        labels = g_ptr_array_new_with_free_func (g_free);
  char name[128];

  add_moderator (ids, labels, "", _("Nothing"));
  for (gsize i = 0; frame && ktm_evidence_moderator_name (frame, i, name, sizeof name); i++)
    add_moderator (ids, labels, name, name);
  for (gsize i = 0; frame && i < frame->n_arms; i++)
    if (!isnan (frame->arms[i].year))
      add_moderator (ids, labels, "year", _("Year"));
  if (also && *also)
    add_moderator (ids, labels, also, g_str_equal (also, "year") ? _("Year") : also);
  ktm_board_page_set_options (page, "moderator", (const char *const *) ids->pdata,
                              (const char *const *) labels->pdata, ids->len);
  ktm_board_page_show_choice (page, "moderator", ids->len > 1);
}

static void
adjust (KtmBoardPage *page, const char *type, KtmChartOptions *options)
{
  const char *moderator = ktm_board_page_get_choice (page, "moderator");
  KtmStudyOwn *own = own_of (page);

  g_free (options->evidence);
  options->evidence =
      g_strdup_printf ("effect %s, method %s, tau2 %s, ci %s, own %s%s%s",
                       choice_or (page, "effect", "md"), method_of (page),
                       choice_or (page, "tau2", "reml"), choice_or (page, "ci", "hksj"),
                       ktm_study_own_is_shown (own) ? "yes" : "no", moderator ? ", moderator " : "",
                       moderator ? moderator : "");
  g_free (options->colour_by);
  g_strfreev (options->groups);
  options->colour_by = g_strdup (ktm_study_own_get_attribute (own));
  options->groups = ktm_study_own_dup_levels (own);
}

/* Choices follow one another: the effect says how it can be pooled, the pooling what else there is
 * to say. */
static void
updated (KtmBoardPage *page, const KtmFrame *frame, const KtmChartOptions *options)
{
  gboolean iv;

  fill_methods (page);
  fill_moderators (page, ktm_board_page_get_choice (page, "moderator"));
  iv = g_str_equal (method_of (page), "iv");
  ktm_board_page_show_choice (page, "tau2", iv);
  ktm_board_page_show_choice (page, "ci", iv);
  ktm_study_own_count (own_of (page), frame, options->measure, options->to);
}

static void
restore (KtmBoardPage *page, const char *type, const KtmChartOptions *options)
{
  static const char *const methods[] = { "iv", "mh", "peto" };
  static const char *const taus[] = { "none", "dl", "reml", "pm" };
  static const char *const tests[] = { "wald", "hksj", "hksj-adhoc" };
  KtmEvidenceRule rule;

  if (!ktm_evidence_rule_parse (options->evidence, &rule, NULL))
    return;
  ktm_board_page_set_choice (page, "effect", ktm_effect_key (rule.effect));
  fill_methods (page);
  ktm_board_page_set_choice (page, "method", methods[rule.method]);
  ktm_board_page_set_choice (page, "tau2", taus[rule.tau2]);
  ktm_board_page_set_choice (page, "ci", tests[rule.ci]);
  fill_moderators (page, rule.moderator);
  ktm_board_page_set_choice (page, "moderator", rule.moderator);
  ktm_study_own_set (own_of (page), rule.own, options->colour_by,
                     (const char *const *) options->groups);
}

static GtkWidget *
make_table (KtmBoardPage *page)
{
  GtkWidget *table = ktm_study_table_new (ktm_board_page_get_study (page));

  g_signal_connect_object (ktm_study_table_get_own (KTM_STUDY_TABLE (table)), "changed",
                           G_CALLBACK (ktm_board_page_queue_update), page, G_CONNECT_SWAPPED);
  return table;
}

static const KtmBoard board = {
  .id = "evidence",
  .uses = KTM_BOARD_MEASURE | KTM_BOARD_AT,
  .choices = choices,
  .n_choices = G_N_ELEMENTS (choices),
  .charts = charts,
  .n_charts = G_N_ELEMENTS (charts),
  .analyses = analyses,
  .sidebar = make_table,
  .sidebar_name = N_("Studies"),
  .adjust = adjust,
  .restore = restore,
  .updated = updated,
};

GtkWidget *
ktm_evidence_page_new (KtmStudy *study, GSettings *settings)
{
  return ktm_board_page_new (&board, study, settings);
}
