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

void
ktm_random_seed (KtmRandom *random, uint64_t seed)
{
  for (int i = 0; i < 4; i++)
    random->s[i] = splitmix (&seed);
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
