/* model/stats: seeded random numbers, the same on every machine.
 *
 * xoshiro256++ (Blackman & Vigna 2021, ACM TOMS 47:36), seeded through splitmix64.  One generator
 * belongs to one thread; every result that used it prints its seed.
 */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  uint64_t s[4];
} KtmRandom;

/* 64 bits; here so that loops over millions of draws can have it inline. */
static inline uint64_t
ktm_random_next (KtmRandom *random)
{
  uint64_t *s = random->s;
  uint64_t sum = s[0] + s[3], result = ((sum << 23) | (sum >> 41)) + s[0], t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

void     ktm_random_seed    (KtmRandom *random, uint64_t seed);
double   ktm_random_uniform (KtmRandom *random);               /* in [0, 1), 53 bits */
double   ktm_random_normal  (KtmRandom *random);               /* standard normal */
uint32_t ktm_random_below   (KtmRandom *random, uint32_t n);   /* 0 … n − 1, unbiased; n > 0 */
