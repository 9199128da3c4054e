/* app: table of pages. */
#include "ktm-pages.h"

#include <glib/gi18n.h>

#include "ktm-patients-page.h"
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

static const KtmPage the_pages[] = {
  { "patients", N_("Patients"), TRUE, TRUE, ktm_patients_page_new, patients_dup_chart, NULL,
    patients_is_busy },
  { "trajectories", N_("Trajectories"), FALSE, FALSE, ktm_trajectory_page_new,
    trajectories_dup_chart, trajectories_apply, trajectories_is_busy,
    (const char *const[]){ "change", "subgroups", "responder", NULL }, trajectories_dup_report,
    trajectories_set_note },
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
