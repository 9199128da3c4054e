/* model/store: GIO and sqlite3 only.  Who could be recognised: combinations of what is known at
 * baseline that fewer than KTM_SHARE_FEW included patients share. */
#include <math.h>
#include <string.h>

#include "ktm-share-private.h"
#include "ktm-store-private.h"

#define MOST_LEVELS 64
#define MOST_STEPS  5e8

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

/* "Sex: F · Age: 80–89"; @at: the class on each axis. */
static void
add_cell (KtmShare *share, guint n, Axis *const *axes, const guint *at, guint n_axes)
{
  KtmShareCell *cell = g_new (KtmShareCell, 1);
  GString *what = g_string_new (NULL);

  for (guint k = 0; k < n_axes; k++)
    {
      if (k > 0)
        g_string_append (what, " · ");
      /* Translators: an attribute and a level of it: "Sex: F". */
      g_string_append_printf (what, _("%s: %s"), axes[k]->label, axes[k]->names[at[k]]);
    }
  *cell = (KtmShareCell) { g_string_free (what, FALSE), n };
  g_ptr_array_add (share->report.cells, cell);
}

/* How many included patients are in each class of one, two or three axes: the first varies slowest.
 */
static guint *
count (const KtmShare *share, Axis *const *axes, guint n_axes)
{
  gsize size = 1;
  guint *counts;

  for (guint k = 0; k < n_axes; k++)
    size *= axes[k]->n;
  counts = g_new0 (guint, size);
  for (guint i = 0; i < share->patients->len; i++)
    {
      const KtmSharePatient *patient = &g_array_index (share->patients, KtmSharePatient, i);
      gsize at = 0;
      gboolean known = patient->record.included;

      for (guint k = 0; known && k < n_axes; k++)
        {
          gint class = axes[k]->class[patient->row];

          known = class >= 0;
          at = at * axes[k]->n + (gsize) MAX (class, 0);
        }
      if (known)
        counts[at]++;
    }
  return counts;
}

static gboolean
is_few (guint n)
{
  return n > 0 && n < KTM_SHARE_FEW;
}

/* One axis alone (@second NULL), or two. */
static void
find_pairs (KtmShare *share, Axis *first, Axis *second)
{
  Axis *axes[] = { first, second };
  guint n_axes = second != NULL ? 2 : 1, m = second != NULL ? second->n : 1;
  g_autofree guint *counts = count (share, axes, n_axes);

  for (guint a = 0; a < first->n; a++)
    for (guint b = 0; b < m; b++)
      if (is_few (counts[a * m + b]))
        add_cell (share, counts[a * m + b], axes, (guint[]) { a, b }, n_axes);
}

/* Three that are few although no two of them are: what the pairs said is not said again. */
static void
find_triples (KtmShare *share, Axis *x, Axis *y, Axis *z)
{
  Axis *axes[] = { x, y, z };
  g_autofree guint *xyz = count (share, axes, 3), *xy = count (share, axes, 2),
                   *xz = count (share, (Axis *[]) { x, z }, 2), *yz = count (share, axes + 1, 2);

  for (guint a = 0; a < x->n; a++)
    for (guint b = 0; b < y->n; b++)
      for (guint c = 0; c < z->n; c++)
        {
          guint n = xyz[((gsize) a * y->n + b) * z->n + c];

          if (is_few (n) && !is_few (xy[a * y->n + b]) && !is_few (xz[a * z->n + c])
              && !is_few (yz[b * z->n + c]))
            add_cell (share, n, axes, (guint[]) { a, b, c }, 3);
        }
}

/* Whether looking at all triples takes no more than about a second. */
static gboolean
triples_are_cheap (const KtmShare *share, const GPtrArray *axes)
{
  gdouble steps = 0;

  for (guint a = 0; a < axes->len; a++)
    for (guint b = a + 1; b < axes->len; b++)
      for (guint c = b + 1; c < axes->len; c++)
        {
          const Axis *x = axes->pdata[a], *y = axes->pdata[b], *z = axes->pdata[c];

          steps += 4.0 * share->patients->len + (gdouble) x->n * y->n * z->n;
        }
  return steps <= MOST_STEPS;
}

static int
by_count (gconstpointer a, gconstpointer b)
{
  const KtmShareCell *x = *(KtmShareCell *const *) a, *y = *(KtmShareCell *const *) b;

  return x->n != y->n ? (x->n > y->n) - (x->n < y->n) : strcmp (x->what, y->what);
}

static void
look (KtmShare *share, const GPtrArray *axes)
{
  guint depth = axes->len > 2 && triples_are_cheap (share, axes) ? 3 : 2;

  for (guint a = 0; a < axes->len; a++)
    {
      find_pairs (share, axes->pdata[a], NULL);
      for (guint b = a + 1; b < axes->len; b++)
        {
          find_pairs (share, axes->pdata[a], axes->pdata[b]);
          for (guint c = b + 1; depth == 3 && c < axes->len; c++)
            find_triples (share, axes->pdata[a], axes->pdata[b], axes->pdata[c]);
        }
    }
  share->report.looked = depth == 3 || axes->len < 3
      ? _("Looked at: every attribute with levels, and age in decades, alone, in twos and in "
          "threes.")
      : _("Looked at: every attribute with levels, and age in decades, alone and in twos; there "
          "are too many to look at threes.");
}

/* Every attribute with levels, and age in decades, alone, in pairs and in triples. */
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
  look (share, axes);
  g_ptr_array_sort (share->report.cells, by_count);
}
