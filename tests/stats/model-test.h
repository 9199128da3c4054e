/* What the tests of the regression families share: comparisons, a seeded generator, columns of a
 * CSV. */
#pragma once

#include "ktm-contrast.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

#define assert_near(a, b, tolerance) \
  G_STMT_START { \
    double a_ = (a), b_ = (b), t_ = (tolerance); \
    if (!(fabs (a_ - b_) <= t_)) \
      g_error ("%s:%d: %s = %.12g, expected %.12g (+- %g)", __FILE__, __LINE__, #a, a_, b_, t_); \
  } G_STMT_END

#define assert_close(a, b, relative) assert_near (a, b, (relative) * (fabs (b) + 1e-300))

/* A small generator of our own: the same numbers on every machine. */
typedef struct { guint64 state; } Dice;

static inline double
dice_uniform (Dice *dice)
{
  dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
  return ((double) (dice->state >> 11) + 0.5) / 9007199254740992.0;
}

static inline double
dice_normal (Dice *dice)
{
  return gsl_cdf_ugaussian_Pinv (dice_uniform (dice));
}

/* Fields of a plain CSV (no quotes), header left out: rows of *n_columns strings. */
static inline GPtrArray *
read_csv (const char *name, guint n_columns)
{
  g_autofree char *path = g_build_filename (g_getenv ("KTM_TEST_DATA"), name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strstrip (text), "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      char **fields = g_strsplit (g_strstrip (lines[i]), ",", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, n_columns);
      g_ptr_array_add (rows, fields);
    }
  return rows;
}

static inline double
field (GPtrArray *rows, guint row, guint column)
{
  return g_ascii_strtod (((char **) rows->pdata[row])[column], NULL);
}
