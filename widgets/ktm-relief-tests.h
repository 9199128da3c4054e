/* KtmReliefTests: how groups are compared: strata of the log-rank test, covariates of the Cox
 * model.
 *
 * What was chosen last is kept in the cohort file.  Signal "changed". */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

G_BEGIN_DECLS

#define KTM_TYPE_RELIEF_TESTS (ktm_relief_tests_get_type ())
G_DECLARE_FINAL_TYPE (KtmReliefTests, ktm_relief_tests, KTM, RELIEF_TESTS, GtkWidget)

GtkWidget *ktm_relief_tests_new (KtmStudy *study);
/* The attribute that parts the curves (NULL: none): it is neither a stratum nor a covariate. */
void ktm_relief_tests_set_group (KtmReliefTests *self, const char *attribute);
/* Id of an attribute, NULL: not stratified; ids of attributes and measures, NULL: none.  Both are
 * owned by the caller. */
char  *ktm_relief_tests_dup_stratum    (KtmReliefTests *self);
char **ktm_relief_tests_dup_covariates (KtmReliefTests *self);

G_END_DECLS
