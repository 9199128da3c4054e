/* app/cli: trajectory classes kept as a document of a cohort file, or as a JSON file of their own.
 * No GTK. */
#pragma once

#include <gio/gio.h>

#include "ktm-class-model.h"
#include "ktm-cohort.h"

G_BEGIN_DECLS

#define KTM_CLASS_DOCUMENT_KIND "model"

/* @model as JSON: parameters, basis, measure, scale, names, seed, version, likelihood, fingerprint
 * of the scores.  No patient is in it.  Owned by the caller. */
char *ktm_class_document_to_text (const KtmClassModel *model);
/* Reads it back; @where names the file or document in the sentence of the error.  Errors: not such
 * a document, a later version, numbers that cannot be a model.  ktm_class_model_unref(). */
KtmClassModel *ktm_class_document_from_text (const char *text, const char *where, GError **error);

/* Saves @model in the cohort's file under @title; a model of this title is replaced.  One edit that
 * can be undone. */
gboolean ktm_class_document_save (KtmCohort *cohort, const char *title, const KtmClassModel *model,
                                  GError **error);
/* Titles of the models kept in @cohort, in the order they were made; NULL-ended; owned. */
char **ktm_class_document_list (KtmCohort *cohort, GError **error);
/* The same of the cohort file at @path; NULL: it is none, or cannot be read. */
char **ktm_class_document_titles (const char *path);
/* The model of @title; NULL title: the only one.  Errors: none, or several, with their titles. */
KtmClassModel *ktm_class_document_load (KtmCohort *cohort, const char *title, GError **error);
/* From a cohort file, or a JSON file. */
KtmClassModel *ktm_class_document_open (const char *path, const char *title, GError **error);

G_END_DECLS
