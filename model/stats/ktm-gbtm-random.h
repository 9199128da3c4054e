/* model/stats: one stream of random numbers for each start or resample of ktm-gbtm (xoshiro256**). */
#pragma once

#include "ktm-stats.h"

typedef struct
{
  uint64_t s[4];
} GbtmRandom;

static inline uint64_t
gbtm_random_mix (uint64_t *state)
{
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* Independent of every other (seed, stream). */
static inline GbtmRandom
gbtm_random_stream (uint64_t seed, uint64_t stream)
{
  uint64_t state = seed;
  GbtmRandom random;

  state = gbtm_random_mix (&state) ^ (stream * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du);
  for (int i = 0; i < 4; i++)
    random.s[i] = gbtm_random_mix (&state);
  return random;
}

static inline uint64_t
gbtm_random_next (GbtmRandom *random)
{
  uint64_t *s = random->s, x = s[1] * 5, result = ((x << 7) | (x >> 57)) * 9, t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

/* Uniform in (0, 1). */
static inline double
gbtm_random_uniform (GbtmRandom *random)
{
  return ((double) (gbtm_random_next (random) >> 11) + 0.5) * 0x1p-53;
}

/* Uniform in 0 … n − 1; the bias is below 1e-11 for n < 1e8. */
static inline size_t
gbtm_random_below (GbtmRandom *random, size_t n)
{
  size_t i = (size_t) (gbtm_random_uniform (random) * (double) n);

  return i < n ? i : n - 1;
}

/* Standard normal (Box-Muller, one of the pair). */
static inline double
gbtm_random_normal (GbtmRandom *random)
{
  double u = gbtm_random_uniform (random), v = gbtm_random_uniform (random);

  return sqrt (-2.0 * log (u)) * cos (6.283185307179586476925 * v);
}
