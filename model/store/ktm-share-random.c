/* model/store: GIO and sqlite3 only.  Chance that nobody can compute again, unless a seed was
 * given. */
#include <stdlib.h>
#include <sys/random.h>

#include "ktm-share-private.h"

static guint32
next (KtmShare *share)
{
  guint32 bits;

  if (share->rand != NULL)
    return g_rand_int (share->rand);
  while (getentropy (&bits, sizeof bits) != 0)
    g_usleep (1000);  /* the system gathers chance when it has just started */
  return bits;
}

/* 0 … @below − 1, each equally likely. */
guint
ktm_share_random (KtmShare *share, guint below)
{
  guint32 limit = G_MAXUINT32 - G_MAXUINT32 % below, bits;

  do
    bits = next (share);
  while (bits >= limit);
  return bits % below;
}

/* An id of a study that says nothing of the one it was made from; free. */
char *
ktm_share_new_id (KtmShare *share)
{
  return g_strdup_printf ("%08x-%08x-%08x-%08x", next (share), next (share), next (share),
                          next (share));
}
