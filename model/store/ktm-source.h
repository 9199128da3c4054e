/* One file of an import: read, looked at column by column, and what each column is taken for. */
#pragma once

#include "ktm-mapping.h"
#include "ktm-store.h"

#define KTM_SOURCE_MAX_LEVELS 60

typedef struct { char *text; guint count, line; } KtmLevelSeen;   /* line: of its first cell */

typedef struct
{
  /* what the file shows */
  char    *name, *folded;           /* owned; as written, and as compared */
  guint    n_filled, n_empty;
  guint n_numbers, n_dates,
      n_words; /* of the filled; words: neither.  Declared missing codes count as empty */
  gboolean whole;                   /* all numbers are whole */
  double   min, max;                /* of the numbers, NaN if none */
  double   plain_min, plain_max;    /* of the numbers that are no −99, 999 …, NaN if none */
  GArray  *levels;                  /* KtmLevelSeen, owned; at most KTM_SOURCE_MAX_LEVELS */
  gboolean many_levels;
  gboolean varies;                  /* within a patient */
  /* what it is taken for */
  KtmColumnRole  role;
  char    *target;                  /* owned, nullable: id of the measure or attribute */
  char    *label, *unit;            /* owned, nullable */
  double   time;                    /* wide: the number after the stem */
  double   scale_min, scale_max, mcid;  /* measures and known attributes; NaN open */
  gboolean lower_better;
  KtmStoreKind kind;                /* attributes */
  gboolean personal;                /* looks like a name, a number of a person … */
  gboolean duplicate;               /* second column of this name */
  guint plan; /* position of its measure or attribute in the plan of an import */
  char    *why;                     /* owned, nullable: a sentence */
} KtmColumn;

typedef struct
{
  char        *name;                /* owned: the file's name without folders */
  char        *path;                /* owned, nullable */
  GBytes      *bytes;               /* owned: the file */
  KtmDecoded   text;
  KtmEncoding  asked;               /* what @text was decoded as */
  KtmDialect   dialect;
  KtmMapping  *mapping;             /* owned: what was said */
  KtmSourceKind kind;
  KtmTimeUnit  time_unit;           /* of its time column or stems */
  KtmColumn   *columns;             /* owned */
  guint        n_columns;
  guint        header_line, first_line;
  guint        unclosed_line;       /* a quotation mark that is never closed; 0 none */
  gboolean     patients_repeat;     /* some patient has two rows */
  GPtrArray *questions; /* owned strings: what must be said before the import; empty: nothing */
  GPtrArray *hints;     /* owned strings, nullable: the option of the command line that says it */
  GPtrArray   *notes;               /* owned strings: what was decided, for people */
} KtmSource;

KtmSource *ktm_source_new        (const char *path, GCancellable *cancellable, GError **error);
KtmSource *ktm_source_new_bytes  (const char *name, GBytes *bytes, GError **error);
void       ktm_source_free       (KtmSource *source);
gboolean   ktm_source_look       (KtmSource *source, GCancellable *cancellable, GError **error);
gboolean   ktm_source_is_missing (const KtmSource *source, const char *text, gsize len);
gboolean   ktm_number_is_code_like (double value);
KtmColumn *ktm_source_find (const KtmSource *source, const char *name);      /* by its name; NULL */
KtmColumn *ktm_source_of_role (const KtmSource *source, KtmColumnRole role); /* the first; NULL */
int        ktm_source_index_of   (const KtmSource *source, KtmColumnRole role);        /* −1 */

/* Proposes what every column is, from the mapping said and the names.  @measures and @attributes:
 * ids the open cohort has (NULL-ended, nullable): known names then mean those. */
gboolean ktm_source_propose (KtmSource *source, const char *const *measures,
                             const char *const *attributes, GError **error);
void       ktm_source_say_role   (KtmSource *source, const char *name, KtmColumnRole role);
void ktm_source_say_scale (KtmSource *source, const char *name, double min, double max,
                           gboolean lower_better);
/* TRUE for a measure whose direction differs from clinic to clinic (PGIC): it is to be asked. */
gboolean   ktm_source_asks_direction (const KtmColumn *column);
/* The rows at @lines (ascending), as NULL-ended arrays of cells made fit for people; NULL where
 * there is none. Owned.
 */
GPtrArray *ktm_source_dup_rows   (const KtmSource *source, const guint *lines, guint n_lines);
/* The mapping that says all of it, so that the next file of these columns needs no proposal. */
KtmMapping *ktm_source_dup_mapping (const KtmSource *source);
