/* What a person says about one source: which column is what.  From options, or a section of a mapping file, or both. */
#pragma once

#include "ktm-dialect.h"

typedef enum
{
  KTM_SOURCE_AUTO, KTM_SOURCE_PATIENTS, KTM_SOURCE_SCORES, KTM_SOURCE_WIDE, KTM_SOURCE_TREATMENTS,
  KTM_SOURCE_ADVERSE_EVENTS, KTM_SOURCE_STUDIES
} KtmSourceKind;

typedef enum { KTM_UNIT_NONE, KTM_UNIT_MINUTE, KTM_UNIT_HOUR, KTM_UNIT_DAY, KTM_UNIT_WEEK, KTM_UNIT_MONTH, KTM_UNIT_YEAR } KtmTimeUnit;

/* What a column is.  LEFT_OUT comes first so that a fresh column is that. */
typedef enum
{
  KTM_ROLE_LEFT_OUT,
  KTM_ROLE_PATIENT, KTM_ROLE_VISIT, KTM_ROLE_TIME, KTM_ROLE_DATE, KTM_ROLE_INDEX_DATE,
  KTM_ROLE_MEASURE, KTM_ROLE_WIDE, KTM_ROLE_ATTRIBUTE, KTM_ROLE_HARM_FLAG,
  KTM_ROLE_CENTRE, KTM_ROLE_ARM, KTM_ROLE_INCLUDED, KTM_ROLE_EXCLUSION_REASON, KTM_ROLE_STOP_TIME, KTM_ROLE_STOP_REASON,
  KTM_ROLE_DRUG, KTM_ROLE_DOSE, KTM_ROLE_DURATION, KTM_ROLE_ROUTE, KTM_ROLE_WITH,
  KTM_ROLE_TERM, KTM_ROLE_SEVERITY, KTM_ROLE_GRADE, KTM_ROLE_SERIOUS, KTM_ROLE_RELATED, KTM_ROLE_LED_TO_STOP, KTM_ROLE_RESOLVED,
  KTM_ROLE_STUDY, KTM_ROLE_YEAR, KTM_ROLE_N, KTM_ROLE_MEAN, KTM_ROLE_SD, KTM_ROLE_EVENTS, KTM_ROLE_EFFECT, KTM_ROLE_SE, KTM_ROLE_MODERATOR,
  KTM_N_ROLES
} KtmRole;

typedef struct
{
  KtmSourceKind    as;
  KtmTimeUnit      time_unit;
  KtmDialectWanted dialect;
  char            *columns[KTM_N_ROLES];  /* owned, nullable: the column of a role that has one */
  GPtrArray       *measures;              /* owned strings "COL[:MIN:MAX[:lower|higher]]" */
  GPtrArray       *wide;                  /* owned strings: patterns with one '*' */
  GPtrArray       *attributes;            /* owned strings: columns */
  GPtrArray       *missing_codes;         /* owned strings */
  GPtrArray       *left_out;              /* owned strings: columns left out on purpose */
} KtmMapping;

/* A "COL[:MIN:MAX[:lower|higher]]" taken apart. */
typedef struct { char *column; double min, max; int lower_better; /* −1 not said */ } KtmMeasureSpec;

KtmMapping *ktm_mapping_new    (void);
KtmMapping *ktm_mapping_copy   (const KtmMapping *mapping);
void        ktm_mapping_free   (KtmMapping *mapping);
void        ktm_mapping_merge  (KtmMapping *mapping, const KtmMapping *over);
gboolean    ktm_mapping_set    (KtmMapping *mapping, const char *key, const char *value, GError **error);
gboolean    ktm_mapping_load   (KtmMapping *mapping, GKeyFile *file, const char *section, GError **error);
void        ktm_mapping_save   (const KtmMapping *mapping, GKeyFile *file, const char *section);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmMapping, ktm_mapping_free)

gboolean    ktm_measure_spec_parse (const char *text, KtmMeasureSpec *out, GError **error);
void        ktm_measure_spec_clear (KtmMeasureSpec *spec);
const char *ktm_role_key           (KtmRole role);            /* "exclusion-reason" */
const char *ktm_source_kind_name   (KtmSourceKind kind);      /* "adverse-events" */
gboolean    ktm_source_kind_from_name (const char *name, KtmSourceKind *kind);
const char *ktm_time_unit_name     (KtmTimeUnit unit);        /* "month" */
gboolean    ktm_time_unit_from_name (const char *name, KtmTimeUnit *unit);
double      ktm_time_unit_days     (KtmTimeUnit unit);        /* 30.4375 for a month */
