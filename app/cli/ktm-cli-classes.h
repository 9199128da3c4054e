/* app/cli: the options of the analyses of trajectory classes. */
#pragma once

#include "ktm-cli.h"

G_BEGIN_DECLS

/* As typed. */
typedef struct
{
  char    *classes, *degree, *distribution, *shape, *knots, *steps, *patient;
  char    *apply, *saved, *save;
  char    *grolts;
  gboolean random_intercept, sigma_by_class, every_degree;
  int      starts, blrt;
} KtmCliClasses;

void ktm_cli_classes_clear   (KtmCliClasses *typed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmCliClasses, ktm_cli_classes_clear)
/* @typed must outlive @context. */
void ktm_cli_classes_options (GOptionContext *context, KtmCliClasses *typed);
/* Words and numbers, and that @analysis listens to what was given. */
gboolean ktm_cli_classes_check (const KtmCliClasses *typed, const KtmAnalysis *analysis,
                                GError **error);
/* Into @options; opens the model to apply and finds the patient, whose code @frame must hold. */
gboolean ktm_cli_classes_read  (const KtmCliClasses *typed, const KtmFrame *frame,
                                KtmAnalysisOptions *options, GError **error);
/* After the analysis: saves the classes where --save says. */
gboolean ktm_cli_classes_save  (const KtmCliClasses *typed, KtmCohort *cohort,
                                const KtmReport *report, const KtmFrame *frame, GError **error);

/* Writes what --grolts asks for. */
gboolean ktm_cli_classes_grolts (const KtmCliClasses *typed, const KtmReport *report,
                                 const KtmFrame *frame, const KtmAnalysisOptions *options,
                                 char **where, GError **error);

G_END_DECLS
