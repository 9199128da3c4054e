/* app: table of pages. */
#include "ktm-pages.h"

#include <glib/gi18n.h>

#include "ktm-change-page.h"
#include "ktm-evidence-page.h"
#include "ktm-patients-page.h"
#include "ktm-response-page.h"
#include "ktm-relief-page.h"
#include "ktm-safety-page.h"
#include "ktm-trajectory-page.h"

static KtmChartOptions *
trajectories_dup_chart (GtkWidget *page, const char **type)
{
  return ktm_trajectory_page_dup_options (KTM_TRAJECTORY_PAGE (page), type);
}

static gboolean
trajectories_apply (GtkWidget *page, const char *type, const KtmChartOptions *options)
{
  return ktm_trajectory_page_apply (KTM_TRAJECTORY_PAGE (page), type, options);
}

static KtmReport *
trajectories_dup_report (GtkWidget *page)
{
  return ktm_trajectory_page_dup_report (KTM_TRAJECTORY_PAGE (page));
}

static gboolean
trajectories_is_busy (GtkWidget *page)
{
  return ktm_trajectory_page_is_busy (KTM_TRAJECTORY_PAGE (page));
}

static KtmChartOptions *
patients_dup_chart (GtkWidget *page, const char **type)
{
  return ktm_patients_page_dup_options (KTM_PATIENTS_PAGE (page), type);
}

static KtmReport *
patients_dup_report (GtkWidget *page)
{
  return ktm_patients_page_dup_report (KTM_PATIENTS_PAGE (page));
}

static gboolean
patients_apply (GtkWidget *page, const char *type, const KtmChartOptions *options)
{
  return ktm_patients_page_apply (KTM_PATIENTS_PAGE (page), type, options);
}

static gboolean
patients_is_busy (GtkWidget *page)
{
  return ktm_patients_page_is_busy (KTM_PATIENTS_PAGE (page));
}

static void
trajectories_set_note (GtkWidget *page, const KtmText *note)
{
  ktm_trajectory_page_set_note (KTM_TRAJECTORY_PAGE (page), note);
}

/* --- pages that are boards: one row each ------------------------------------------------------ */

static KtmChartOptions *
board_dup_chart (GtkWidget *page, const char **type)
{
  return ktm_board_page_dup_options (KTM_BOARD_PAGE (page), type);
}

static gboolean
board_apply (GtkWidget *page, const char *type, const KtmChartOptions *options)
{
  return ktm_board_page_apply (KTM_BOARD_PAGE (page), type, options);
}

static KtmReport *
board_dup_report (GtkWidget *page)
{
  return ktm_board_page_dup_report (KTM_BOARD_PAGE (page));
}

static gboolean
board_is_busy (GtkWidget *page)
{
  return ktm_board_page_is_busy (KTM_BOARD_PAGE (page));
}

static void
board_set_note (GtkWidget *page, const KtmText *note)
{
  ktm_board_page_set_note (KTM_BOARD_PAGE (page), note);
}

static const char *const *
board_get_analyses (GtkWidget *page)
{
  return ktm_board_page_get_analyses (KTM_BOARD_PAGE (page));
}

static GtkWidget *
board_pane_widget (GtkWidget *page)
{
  return ktm_board_page_get_pane_widget (KTM_BOARD_PAGE (page));
}

static void
board_adjust_analysis (GtkWidget *page, KtmAnalysisOptions *options)
{
  ktm_board_page_adjust_analysis (KTM_BOARD_PAGE (page), options);
}

static GtkWidget *
board_sidebar (GtkWidget *page, const char **name)
{
  *name = ktm_board_page_get_sidebar_name (KTM_BOARD_PAGE (page));
  return ktm_board_page_get_sidebar (KTM_BOARD_PAGE (page));
}

#define BOARD(id, title, create)                                                                  \
  {                                                                                               \
    id, title, FALSE, FALSE, create, board_dup_chart, board_apply, board_is_busy,                 \
        board_get_analyses, board_dup_report, board_set_note, board_pane_widget,                  \
        board_adjust_analysis, board_sidebar                                                      \
  }

static const char *const *
trajectories_get_analyses (GtkWidget *page)
{
  static const char *const analyses[] = { "change", "subgroups", "responder", NULL },
                           *const measures[] = { "measures", NULL };

  return ktm_trajectory_page_shows_measures (KTM_TRAJECTORY_PAGE (page)) ? measures : analyses;
}

static const KtmPage the_pages[] = {
  { "patients", N_("Patients"), TRUE, TRUE, ktm_patients_page_new, patients_dup_chart,
    patients_apply, patients_is_busy, NULL, patients_dup_report },
  { "trajectories", N_("Trajectories"), FALSE, FALSE, ktm_trajectory_page_new,
    trajectories_dup_chart, trajectories_apply, trajectories_is_busy, trajectories_get_analyses,
    trajectories_dup_report, trajectories_set_note },
  BOARD ("change", N_("Change"), ktm_change_page_new),
  BOARD ("response", N_("Response"), ktm_response_page_new),
  BOARD ("relief", N_("Relief"), ktm_relief_page_new),
  BOARD ("safety", N_("Safety"), ktm_safety_page_new),
  BOARD ("evidence", N_("Evidence"), ktm_evidence_page_new),
};

const KtmPage *
ktm_pages (gsize *n)
{
  *n = G_N_ELEMENTS (the_pages);
  return the_pages;
}

const KtmPage *
ktm_page_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (the_pages); i++)
    if (!g_strcmp0 (the_pages[i].id, id))
      return &the_pages[i];
  return NULL;
}
