/* A copy of a cohort for other people: new codes, moved dates, no free text.
 *
 * Order of calls: new (reads everything and decides, writes nothing), look at the report, write.
 *
 * What is kept: scores, times since the index event, treatments, adverse events, attributes.  What
 * is not: the patients' codes and their order, the title, where the data come from, saved groups
 * and views, the history, calendar dates as they were, names of centres, and words that fewer than
 * KTM_SHARE_FEW patients share.  Nothing written says which patient was which.
 */
#pragma once

#include "ktm-store.h"

#define KTM_SHARE_FEW 5   /* fewer patients than this could be recognised */

typedef struct
{
  gboolean drop_dates;   /* else every patient's dates move by days of its own, up to a year */
  gboolean has_seed;     /* the same copy every time: whoever has the seed can undo the codes */
  guint64  seed;
} KtmShareOptions;

/* Fewer than KTM_SHARE_FEW included patients look like this. */
typedef struct { char *what; guint n; } KtmShareCell;   /* "Sex: F · Age: 80–89", owned */

typedef struct
{
  guint      n_patients;
  GPtrArray *done;    /* owned sentences: what is renamed, moved, left out */
  GPtrArray *cells;   /* of KtmShareCell, fewest first; three together only where no two are few */
  const char *looked; /* static: which combinations were looked at, one sentence */
} KtmShareReport;

typedef struct _KtmShare KtmShare;

KtmShare *ktm_share_new  (KtmStore *store, const KtmShareOptions *options, GError **error);
void      ktm_share_free (KtmShare *share);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmShare, ktm_share_free)
const KtmShareReport *ktm_share_get_report (KtmShare *share);
gboolean  ktm_share_write (KtmShare *share, const char *path, GError **error);
