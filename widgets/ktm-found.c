/* widgets: patients found. */
#include "ktm-found.h"

struct _KtmFound
{
  GObject    parent_instance;
  KtmCohort *cohort;  /* owned */
  guint     *indices; /* owned, ascending */
  gsize      n;
};

static GType
found_item_type (GListModel *model)
{
  return KTM_TYPE_PATIENT;
}

static guint
found_n_items (GListModel *model)
{
  return (guint) KTM_FOUND (model)->n;
}

static gpointer
found_item (GListModel *model, guint position)
{
  KtmFound *self = KTM_FOUND (model);

  return position < self->n
             ? g_list_model_get_item (G_LIST_MODEL (self->cohort), self->indices[position])
             : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = found_item_type;
  iface->get_n_items = found_n_items;
  iface->get_item = found_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (KtmFound, ktm_found, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
ktm_found_finalize (GObject *object)
{
  g_clear_object (&KTM_FOUND (object)->cohort);
  g_free (KTM_FOUND (object)->indices);
  G_OBJECT_CLASS (ktm_found_parent_class)->finalize (object);
}

static void
ktm_found_class_init (KtmFoundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ktm_found_finalize;
}

static void
ktm_found_init (KtmFound *self)
{
}

KtmFound *
ktm_found_new (KtmCohort *cohort)
{
  KtmFound *self = g_object_new (KTM_TYPE_FOUND, NULL);

  self->cohort = g_object_ref (cohort);
  return self;
}

void
ktm_found_update (KtmFound *self, KtmFilter *filter, const char *text)
{
  g_autoptr (KtmFilter) narrowed = NULL;
  gsize before;

  g_return_if_fail (KTM_IS_FOUND (self));
  narrowed = ktm_filter_copy (filter);
  ktm_filter_set_search (narrowed, text);
  before = self->n;
  g_free (self->indices);
  self->indices = ktm_filter_match (narrowed, self->cohort, &self->n);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, (guint) before, (guint) self->n);
}

guint
ktm_found_get_index (KtmFound *self, guint position)
{
  g_return_val_if_fail (KTM_IS_FOUND (self), G_MAXUINT);
  return position < self->n ? self->indices[position] : G_MAXUINT;
}

long
ktm_found_find (KtmFound *self, int index)
{
  gsize low = 0, high;

  g_return_val_if_fail (KTM_IS_FOUND (self), -1);
  high = self->n;
  while (index >= 0 && low < high)
    {
      gsize mid = (low + high) / 2;

      if (self->indices[mid] < (guint) index)
        low = mid + 1;
      else
        high = mid;
    }
  return index >= 0 && low < self->n && self->indices[low] == (guint) index ? (long) low : -1;
}
