/* model/stats: seeded random numbers, the same on every machine.
 *
 * xoshiro256++ (Blackman & Vigna 2021, ACM TOMS 47:36), seeded through splitmix64.  One generator belongs to one
 * thread; every result that used it prints its seed.
 */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  uint64_t s[4];
} KtmRandom;

void     ktm_random_seed    (KtmRandom *random, uint64_t seed);
uint64_t ktm_random_next    (KtmRandom *random);               /* 64 bits */
double   ktm_random_uniform (KtmRandom *random);               /* in [0, 1), 53 bits */
double   ktm_random_normal  (KtmRandom *random);               /* standard normal */
uint32_t ktm_random_below   (KtmRandom *random, uint32_t n);   /* 0 … n − 1, unbiased; n > 0 */
