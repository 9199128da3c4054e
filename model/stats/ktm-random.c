/* model/stats: seeded random numbers. */
#include "ktm-random.h"

#include <gsl/gsl_cdf.h>

static uint64_t
splitmix (uint64_t *state)
{
  uint64_t z = (*state += UINT64_C (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline uint64_t
rotate (uint64_t x, int k)
{
  return (x << k) | (x >> (64 - k));
}

void
ktm_random_seed (KtmRandom *random, uint64_t seed)
{
  for (int i = 0; i < 4; i++)
    random->s[i] = splitmix (&seed);
}

uint64_t
ktm_random_next (KtmRandom *random)
{
  uint64_t *s = random->s;
  uint64_t result = rotate (s[0] + s[3], 23) + s[0], t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

double
ktm_random_uniform (KtmRandom *random)
{
  return (double) (ktm_random_next (random) >> 11) * 0x1p-53;
}

double
ktm_random_normal (KtmRandom *random)
{
  return gsl_cdf_ugaussian_Pinv (((double) (ktm_random_next (random) >> 12) + 0.5) * 0x1p-52);
}

/* Lemire (2019): the high word of a product, redrawn in the rare biased zone. */
uint32_t
ktm_random_below (KtmRandom *random, uint32_t n)
{
  uint64_t product = (ktm_random_next (random) >> 32) * n;

  if ((uint32_t) product < n)
    {
      uint32_t biased = -n % n;

      while ((uint32_t) product < biased)
        product = (ktm_random_next (random) >> 32) * n;
    }
  return (uint32_t) (product >> 32);
}
