/* model/store: GIO and sqlite3 only.  Who could be recognised: combinations of what is known at
 * baseline that fewer than KTM_SHARE_FEW included patients share. */
#include <math.h>
#include <string.h>

#include "ktm-share-private.h"
#include "ktm-store-private.h"

#define MOST_LEVELS 64

/* An attribute as a handful of classes: its levels, or an age in decades. */
typedef struct
{
  const char *label;
  guint       n;
  char      **names;   /* owned */
  gint       *class;   /* owned: by row; −1 not known */
} Axis;

static void
axis_free (gpointer data)
{
  Axis *axis = data;

  g_strfreev (axis->names);
  g_free (axis->class);
  g_free (axis);
}

static gboolean
is_age (const KtmShareAttribute *attribute)
{
  g_autofree char *id = g_ascii_strdown (attribute->id, -1);

  return attribute->kind == KTM_STORE_NUMBER
         && (strcmp (id, "age") == 0 || g_str_has_prefix (id, "age_"));
}

static Axis *
axis_new (const KtmShare *share, const KtmShareAttribute *attribute)
{
  gboolean age = is_age (attribute);
  guint n = age ? 13 : attribute->levels != NULL ? g_strv_length (attribute->levels) : 0;
  Axis *axis;

  if (n == 0 || n > MOST_LEVELS || attribute->position < 0)
    return NULL;
  axis = g_new0 (Axis, 1);
  axis->label = attribute->label;
  axis->n = n;
  axis->names = g_new0 (char *, n + 1);
  for (guint k = 0; k < n; k++)
    axis->names[k] =
        age ? g_strdup_printf ("%u–%u", 10 * k, 10 * k + 9) : g_strdup (attribute->levels[k]);
  axis->class = g_new (gint, share->patients->len);
  for (guint i = 0; i < share->patients->len; i++)
    {
      double value = age ? floor (attribute->value[i] / 10) : attribute->value[i];

      axis->class[i] = value >= 0 && value < n ? (gint) value : -1;
    }
  return axis;
}

static void
add_cell (KtmShare *share, guint n, char *what)
{
  KtmShareCell *cell = g_new (KtmShareCell, 1);

  *cell = (KtmShareCell) { what, n };
  g_ptr_array_add (share->report.cells, cell);
}

/* One axis alone: @second NULL. */
static void
count_cells (KtmShare *share, const Axis *first, const Axis *second)
{
  guint m = second != NULL ? second->n : 1;
  g_autofree guint *count = g_new0 (guint, first->n * m);

  for (guint i = 0; i < share->patients->len; i++)
    {
      const KtmSharePatient *patient = &g_array_index (share->patients, KtmSharePatient, i);
      gint a = first->class[patient->row], b = second != NULL ? second->class[patient->row] : 0;

      if (patient->record.included && a >= 0 && b >= 0)
        count[(guint) a * m + (guint) b]++;
    }
  for (guint a = 0; a < first->n; a++)
    for (guint b = 0; b < m; b++)
      {
        guint n = count[a * m + b];

        if (n == 0 || n >= KTM_SHARE_FEW)
          continue;
        add_cell (share, n,
                  second == NULL
                      ? g_strdup_printf ("%s: %s", first->label, first->names[a])
                      : g_strdup_printf ("%s: %s · %s: %s", first->label, first->names[a],
                                         second->label, second->names[b]));
      }
}

static int
by_count (gconstpointer a, gconstpointer b)
{
  const KtmShareCell *x = *(KtmShareCell *const *) a, *y = *(KtmShareCell *const *) b;

  return x->n != y->n ? (x->n > y->n) - (x->n < y->n) : strcmp (x->what, y->what);
}

/* Every attribute with levels, and age in decades, alone and in pairs. */
void
ktm_share_find_cells (KtmShare *share)
{
  g_autoptr (GPtrArray) axes = g_ptr_array_new_with_free_func (axis_free);

  for (guint a = 0; a < share->attributes->len; a++)
    {
      Axis *axis = axis_new (share, share->attributes->pdata[a]);

      if (axis != NULL)
        g_ptr_array_add (axes, axis);
    }
  for (guint a = 0; a < axes->len; a++)
    {
      count_cells (share, axes->pdata[a], NULL);
      for (guint b = a + 1; b < axes->len; b++)
        count_cells (share, axes->pdata[a], axes->pdata[b]);
    }
  g_ptr_array_sort (share->report.cells, by_count);
}
