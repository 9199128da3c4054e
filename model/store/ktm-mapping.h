/* What a person says about one source: which column is what.  From options, or a section of a
 * mapping file, or both. */
#pragma once

#include "ktm-dialect.h"

typedef enum
{
  KTM_SOURCE_AUTO, KTM_SOURCE_PATIENTS, KTM_SOURCE_SCORES, KTM_SOURCE_WIDE, KTM_SOURCE_TREATMENTS,
  KTM_SOURCE_ADVERSE_EVENTS, KTM_SOURCE_STUDIES
} KtmSourceKind;

typedef enum
{
  KTM_TIME_NONE,
  KTM_TIME_MINUTE,
  KTM_TIME_HOUR,
  KTM_TIME_DAY,
  KTM_TIME_WEEK,
  KTM_TIME_MONTH,
  KTM_TIME_YEAR
} KtmTimeUnit;

/* What a column is.  LEFT_OUT comes first so that a fresh column is that. */
typedef enum
{
  KTM_COLUMN_LEFT_OUT,
  KTM_COLUMN_PATIENT,
  KTM_COLUMN_VISIT,
  KTM_COLUMN_TIME,
  KTM_COLUMN_DATE,
  KTM_COLUMN_INDEX_DATE,
  KTM_COLUMN_MEASURE,
  KTM_COLUMN_WIDE,
  KTM_COLUMN_ATTRIBUTE,
  KTM_COLUMN_HARM_FLAG,
  KTM_COLUMN_CENTRE,
  KTM_COLUMN_ARM,
  KTM_COLUMN_INCLUDED,
  KTM_COLUMN_EXCLUSION_REASON,
  KTM_COLUMN_STOP_TIME,
  KTM_COLUMN_STOP_REASON,
  KTM_COLUMN_DRUG,
  KTM_COLUMN_DOSE,
  KTM_COLUMN_DURATION,
  KTM_COLUMN_ROUTE,
  KTM_COLUMN_WITH,
  KTM_COLUMN_TERM,
  KTM_COLUMN_SEVERITY,
  KTM_COLUMN_GRADE,
  KTM_COLUMN_SERIOUS,
  KTM_COLUMN_RELATED,
  KTM_COLUMN_LED_TO_STOP,
  KTM_COLUMN_RESOLVED,
  KTM_COLUMN_STUDY,
  KTM_COLUMN_YEAR,
  KTM_COLUMN_N,
  KTM_COLUMN_MEAN,
  KTM_COLUMN_SD,
  KTM_COLUMN_EVENTS,
  KTM_COLUMN_EFFECT,
  KTM_COLUMN_SE,
  KTM_COLUMN_STUDY_KIND,
  KTM_COLUMN_EFFECT_MEASURE,
  KTM_COLUMN_LOW,
  KTM_COLUMN_HIGH,
  KTM_COLUMN_N2,        /* of the control group, or after treatment, in a line of both */
  KTM_COLUMN_MEAN2,
  KTM_COLUMN_SD2,
  KTM_COLUMN_EVENTS2,
  KTM_COLUMN_CORRELATION,
  KTM_COLUMN_NOTE,
  KTM_COLUMN_MODERATOR,
  KTM_N_COLUMN_ROLES
} KtmColumnRole;

typedef struct
{
  KtmSourceKind    as;
  KtmTimeUnit      time_unit;
  KtmDialectWanted dialect;
  char *columns[KTM_N_COLUMN_ROLES];      /* owned, nullable: the column of a role that has one */
  GPtrArray       *measures;              /* owned strings "COL[:MIN:MAX[:lower|higher]]" */
  GPtrArray       *wide;                  /* owned strings: patterns with one '*' */
  GPtrArray       *attributes;            /* owned strings: columns */
  GPtrArray       *missing_codes;         /* owned strings */
  GPtrArray       *left_out;              /* owned strings: columns left out on purpose */
} KtmMapping;

/* A "COL[:MIN:MAX[:lower|higher]]" taken apart. */
typedef struct
{
  char *column;
  double min, max;
  int lower_better; /* −1 not said */
} KtmMeasureSpec;

KtmMapping *ktm_mapping_new    (void);
KtmMapping *ktm_mapping_copy   (const KtmMapping *mapping);
void        ktm_mapping_free   (KtmMapping *mapping);
void        ktm_mapping_merge  (KtmMapping *mapping, const KtmMapping *over);
gboolean ktm_mapping_set (KtmMapping *mapping, const char *key, const char *value, GError **error);
gboolean
ktm_mapping_load (KtmMapping *mapping, GKeyFile *file, const char *section, GError **error);
void        ktm_mapping_save   (const KtmMapping *mapping, GKeyFile *file, const char *section);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmMapping, ktm_mapping_free)

gboolean    ktm_measure_spec_parse (const char *text, KtmMeasureSpec *out, GError **error);
void        ktm_measure_spec_clear (KtmMeasureSpec *spec);
const char *ktm_role_key           (KtmColumnRole role);            /* "exclusion-reason" */
const char *ktm_source_kind_name   (KtmSourceKind kind);      /* "adverse-events" */
gboolean    ktm_source_kind_from_name (const char *name, KtmSourceKind *kind);
const char *ktm_time_unit_name     (KtmTimeUnit unit);        /* "month" */
gboolean    ktm_time_unit_from_name (const char *name, KtmTimeUnit *unit);
double      ktm_time_unit_days     (KtmTimeUnit unit);        /* 30.4375 for a month */
