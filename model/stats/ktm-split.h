/* Groups by a number: where it is cut, and the ordered levels that makes.
 *
 * Charts and analyses both group through this, so that they show the same groups: a number is cut
 * at the median of the frame's patients, or where the person says ("age:40,60").  Who lies exactly
 * on a cut belongs below it.  libc only.
 */
#pragma once

#include "ktm-frame.h"
#include "ktm-text.h"

#define KTM_SPLIT_MOST 7 /* cuts: eight groups */

typedef struct
{
  size_t n;                  /* 0: at the median */
  double at[KTM_SPLIT_MOST]; /* ascending */
} KtmCuts;

/* The id in "age:40,60": its length in bytes; all of @by where nothing is cut. */
size_t ktm_grouping_id_length (const char *by);

/* The attribute named by @by, "age" or "age:40,60"; −1: there is none.  An attribute whose own id
 * is @by comes first.
 *
 * @cuts: where it is cut; nullable
 * @why:  NULL, or the sentence why the cuts do not hold (no ascending numbers, an attribute with
 *        levels); owned by the caller; nullable */
long ktm_frame_find_grouping (const KtmFrame *frame, const char *by, KtmCuts *cuts, KtmText **why);

typedef struct
{
  KtmFrameAttribute attribute; /* owned: id, label and unit of the number; its levels, lowest first,
                                  and the level of each patient, NaN where the number is missing */
  KtmCuts cuts;                /* as used: of the median, too */
  bool    at_median, one_value;
  double  median;              /* of the frame's patients */
} KtmSplit;

/* Parts the patients of @frame by its number @attribute.
 *
 * At the median (mean of the middle two where their count is even): "up to" and "above".  Where
 * nobody lies above it, at the largest number below it; where all have one number, that is one
 * level.  Own cuts make a level between each two, also where nobody is.
 *
 * @lang, @mark: how the levels are written, as ktm_text_render()
 * @out: clear with ktm_split_clear(), whatever is returned
 * Errors: TOO_FEW: nobody has the number; BAD_ARGUMENT: not a number; NO_MEMORY. */
KtmStatsStatus ktm_split_init (KtmSplit *out, const KtmFrame *frame, size_t attribute,
                               const KtmCuts *cuts, const KtmLang *lang, char mark);
void           ktm_split_clear (KtmSplit *split);

/* "Age split at the median, 52."  Owned by the caller. */
KtmText *ktm_split_text (const KtmSplit *split);
/* "Nobody selected has a value of “Age” …"  Owned by the caller. */
KtmText *ktm_split_nobody_text (const KtmFrameAttribute *attribute);
