/* What the files of a shared copy know of each other. */
#pragma once

#include "ktm-share.h"

#define KTM_SHARE_OTHER "other"   /* a word fewer than KTM_SHARE_FEW patients share becomes this */

typedef struct
{
  KtmPatientRecord record;  /* as it was; strings in the chunk */
  char            *code;    /* owned: the new one */
  const char      *centre;  /* borrowed, nullable: the new name */
  int              days;    /* its dates move by */
  gint64           id;      /* in the copy */
  guint            row;     /* in the original */
} KtmSharePatient;

typedef struct
{
  char        *id, *label, *unit;  /* owned */
  KtmStoreKind kind;
  char       **levels;             /* owned */
  double      *value;              /* owned: by row, NaN absent */
  int          position;           /* in the copy; −1 left out */
} KtmShareAttribute;

struct _KtmShare
{
  KtmStore       *store;           /* borrowed */
  gint64          version;         /* of the store when it was read */
  KtmShareOptions options;
  KtmShareReport  report;
  GRand          *rand;            /* owned, nullable: a seed was given */
  GStringChunk   *strings;
  GArray         *patients;        /* of KtmSharePatient, in the order of the copy */
  GHashTable     *row_of;          /* original id → row + 1 */
  guint          *place_of;        /* owned: row → place among the patients */
  GPtrArray      *attributes;      /* of KtmShareAttribute */
  GHashTable     *words;           /* "field\nword" → Word: how many patients have it */
  GHashTable     *centres;         /* name → new name; borrowed from the chunk */
};

/* ktm-share.c */
KtmSharePatient *ktm_share_find     (KtmShare *share, gint64 id);
/* @word, or @instead where fewer than KTM_SHARE_FEW patients have it; NULL stays NULL. */
const char *ktm_share_word (KtmShare *share, const char *field, const char *word,
                            const char *instead);
/* ktm-share-random.c */
guint ktm_share_random  (KtmShare *share, guint below);
char *ktm_share_new_id  (KtmShare *share);
/* ktm-share-cells.c */
void  ktm_share_find_cells (KtmShare *share);
