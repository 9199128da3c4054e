/* One column of the patients' table: what a cell says, how it sorts, what it says when copied.
 * Private to the table. */
#pragma once

#include <gtk/gtk.h>

#include "ktm-study.h"

typedef enum
{
  KTM_PATIENT_CODE,
  KTM_PATIENT_ATTRIBUTE,
  KTM_PATIENT_BASELINE,
  KTM_PATIENT_LATEST,
  KTM_PATIENT_CHANGE,
  KTM_PATIENT_SCORES,
  KTM_PATIENT_COURSE
} KtmPatientColumnKind;

typedef struct
{
  KtmPatientColumnKind kind;
  KtmStudy   *study;      /* owned */
  char *id, *title; /* owned; id: "code", "baseline" … or the attribute's, after "attribute:" */
  char       *attribute;  /* owned, nullable: id */
  gboolean    number;     /* numbers stand at the right */
  gboolean    wide;       /* takes the room that is left */
  gboolean    usual;      /* shown until somebody chooses */
} KtmPatientColumn;

/* Every column the cohort has; owned, free with g_ptr_array_unref(). */
GPtrArray *ktm_patient_columns_new (KtmStudy *study);
/* Of the trajectory class, which its probability stands beside. */
gboolean   ktm_patient_column_is_class (const KtmPatientColumn *column);
KtmPatientColumn *ktm_patient_column_copy (const KtmPatientColumn *column);
void       ktm_patient_column_free (gpointer column);

/* A number that sorts and is copied; NaN: absent, or the column holds text. */
double     ktm_patient_column_value (const KtmPatientColumn *column, KtmPatient *patient);
/* What the cell shows; @markup: with the visit of the latest score beside it.  Free. */
char *
ktm_patient_column_text (const KtmPatientColumn *column, KtmPatient *patient, gboolean markup);
char *ktm_patient_column_plain (const KtmPatientColumn *column,
                                KtmPatient *patient); /* for a spreadsheet */
/* @column holds what the cells of @other show in small: copied with it. */
gboolean
ktm_patient_column_goes_with (const KtmPatientColumn *column, const KtmPatientColumn *other);
int ktm_patient_column_compare (const KtmPatientColumn *column, KtmPatient *a, KtmPatient *b);
