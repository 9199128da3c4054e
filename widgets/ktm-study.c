/* widgets: the study every page binds to. */
#include "ktm-study-private.h"

#include "ktm-analysis.h"

#include <glib/gi18n.h>

#define FOUND_MS 50   /* the list beside the chart follows it */
#define SETTLE_MS 500 /* edits closer than this are one step back */

/* One step back: a subgroup before and after, what the file's history says (both NULL), or both. */
typedef struct
{
  KtmFilter *before, *after; /* owned */
  gboolean   file;           /* the file's history, too */
} Step;

struct _KtmStudy
{
  GObject    parent_instance;
  KtmCohort *cohort;   /* owned */
  KtmFilter *filter;   /* owned; live */
  KtmFilter *settled;  /* owned; as it stood after the last step */
  guint     *shown;    /* owned */
  gsize      n_shown;
  KtmFound  *found;    /* owned */
  char      *search;   /* owned */
  int        picked;
  char      *picked_code; /* owned; indices move when a patient leaves the cohort */
  GPtrArray *done, *undone; /* of Step */
  guint      update_id, settle_id;
  guint      found_id; /* the list of the found is of before */
  gboolean   replaying;
  char      *undo_label, *redo_label; /* owned */
  char      *definition;              /* owned; nullable */
};

enum
{
  PROP_0,
  PROP_PICKED,
  PROP_N_SHOWN,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  PROP_DEFINITION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];
static guint changed_signal;

static void list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (KtmStudy, ktm_study, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_object (&step->before);
  g_clear_object (&step->after);
  g_free (step);
}

static Step *
step_new (KtmFilter *before, KtmFilter *after)
{
  Step *step = g_new0 (Step, 1);

  step->before = before ? ktm_filter_copy (before) : NULL;
  step->after = after ? ktm_filter_copy (after) : NULL;
  step->file = !after;
  return step;
}

static Step *
last_step (GPtrArray *steps)
{
  return steps->len ? g_ptr_array_index (steps, steps->len - 1) : NULL;
}

/* What a step is called.  A file edit made in an earlier session can still be taken back. */
static char *
step_label (KtmStudy *self, GPtrArray *steps, char *(*from_store) (KtmStore *))
{
  const Step *step = last_step (steps);

  if (step && !step->file)
    return g_strdup (_("Change of subgroup"));
  return from_store (ktm_cohort_get_store (self->cohort));
}

static void
set_label (KtmStudy *self, char **field, char *label, int prop)
{
  if (g_strcmp0 (*field, label))
    {
      g_free (*field);
      *field = label;
      g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
    }
  else
    g_free (label);
}

static void
update_labels (KtmStudy *self)
{
  set_label (self, &self->undo_label,
             self->settle_id ? g_strdup (_("Change of subgroup"))
                             : step_label (self, self->done, ktm_store_get_undo),
             PROP_UNDO_LABEL);
  set_label (self, &self->redo_label,
             self->settle_id ? NULL : step_label (self, self->undone, ktm_store_get_redo),
             PROP_REDO_LABEL);
}

void
ktm_study_settle (KtmStudy *self)
{
  if (!self->settle_id)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_ptr_array_add (self->done, step_new (self->settled, self->filter));
  g_ptr_array_set_size (self->undone, 0);
  ktm_filter_assign (self->settled, self->filter);
  update_labels (self);
}

static gboolean
settle_cb (gpointer data)
{
  ktm_study_settle (data);
  return G_SOURCE_REMOVE;
}

static void
update_found (KtmStudy *self)
{
  g_clear_handle_id (&self->found_id, g_source_remove);
  ktm_found_update (self->found, self->filter, self->search);
}

static gboolean
found_cb (gpointer data)
{
  KtmStudy *self = data;

  self->found_id = 0;
  update_found (self);
  return G_SOURCE_REMOVE;
}

/* The chart first: a list of all rows anew takes as long as a picture.  @now: what the list holds
 * is no longer valid. */
static void
recompute (KtmStudy *self, gboolean now)
{
  gsize before = self->n_shown;

  g_free (self->shown);
  self->shown = ktm_filter_match (self->filter, self->cohort, &self->n_shown);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, (guint) before, (guint) self->n_shown);
  if (now)
    update_found (self);
  else if (!self->found_id)
    self->found_id = g_timeout_add_full (G_PRIORITY_LOW, FOUND_MS, found_cb, self, NULL);
  if (before != self->n_shown)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_SHOWN]);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
update_cb (gpointer data)
{
  KtmStudy *self = data;

  self->update_id = 0;
  recompute (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
schedule_update (KtmStudy *self)
{
  if (!self->update_id)
    self->update_id =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE + 5, update_cb, self, NULL); /* before drawing */
}

static void
filter_changed_cb (KtmFilter *filter, gpointer data)
{
  KtmStudy *self = data;

  schedule_update (self);
  if (self->replaying)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
  update_labels (self);
}

static void
cohort_changed_cb (KtmCohort *cohort, gpointer data)
{
  KtmStudy *self = data;

  /* At once: indices and columns of before are no longer valid. */
  g_clear_handle_id (&self->update_id, g_source_remove);
  self->picked = self->picked_code ? ktm_cohort_find_code (self->cohort, self->picked_code) : -1;
  if (self->picked < 0)
    g_clear_pointer (&self->picked_code, g_free);
  recompute (self, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PICKED]);
  update_labels (self);
}

static GType
get_item_type (GListModel *model)
{
  return KTM_TYPE_PATIENT;
}

static guint
get_n_items (GListModel *model)
{
  return (guint) KTM_STUDY (model)->n_shown;
}

static gpointer
get_item (GListModel *model, guint position)
{
  KtmStudy *self = KTM_STUDY (model);

  return position < self->n_shown
             ? g_list_model_get_item (G_LIST_MODEL (self->cohort), self->shown[position])
             : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
ktm_study_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KtmStudy *self = KTM_STUDY (object);

  switch (prop_id)
    {
    case PROP_PICKED: g_value_set_int (value, self->picked); break;
    case PROP_N_SHOWN: g_value_set_uint (value, (guint) self->n_shown); break;
    case PROP_UNDO_LABEL: g_value_set_string (value, self->undo_label); break;
    case PROP_REDO_LABEL: g_value_set_string (value, self->redo_label); break;
    case PROP_DEFINITION: g_value_set_string (value, self->definition); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ktm_study_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_PICKED)
    ktm_study_set_picked (KTM_STUDY (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
ktm_study_dispose (GObject *object)
{
  KtmStudy *self = KTM_STUDY (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->found_id, g_source_remove);
  g_clear_object (&self->filter);
  g_clear_object (&self->settled);
  g_clear_object (&self->found);
  g_clear_object (&self->cohort);
  G_OBJECT_CLASS (ktm_study_parent_class)->dispose (object);
}

static void
ktm_study_finalize (GObject *object)
{
  KtmStudy *self = KTM_STUDY (object);

  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->undone);
  g_free (self->shown);
  g_free (self->picked_code);
  g_free (self->search);
  g_free (self->undo_label);
  g_free (self->redo_label);
  g_free (self->definition);
  G_OBJECT_CLASS (ktm_study_parent_class)->finalize (object);
}

static void
ktm_study_class_init (KtmStudyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read_only = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ktm_study_get_property;
  object_class->set_property = ktm_study_set_property;
  object_class->dispose = ktm_study_dispose;
  object_class->finalize = ktm_study_finalize;
  props[PROP_PICKED] =
      g_param_spec_int ("picked", NULL, NULL, -1, G_MAXINT, -1, read_only | G_PARAM_WRITABLE);
  props[PROP_N_SHOWN] = g_param_spec_uint ("n-shown", NULL, NULL, 0, G_MAXUINT, 0, read_only);
  props[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, read_only);
  props[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, read_only);
  props[PROP_DEFINITION] = g_param_spec_string ("definition", NULL, NULL, NULL, read_only);
  g_object_class_install_properties (object_class, N_PROPS, props);
  changed_signal = g_signal_new ("changed", KTM_TYPE_STUDY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
ktm_study_init (KtmStudy *self)
{
  self->picked = -1;
  self->filter = ktm_filter_new ();
  self->settled = ktm_filter_new ();
  self->done = g_ptr_array_new_with_free_func (step_free);
  self->undone = g_ptr_array_new_with_free_func (step_free);
}

KtmStudy *
ktm_study_new (KtmCohort *cohort)
{
  KtmStudy *self;

  g_return_val_if_fail (KTM_IS_COHORT (cohort), NULL);
  self = g_object_new (KTM_TYPE_STUDY, NULL);
  self->cohort = g_object_ref (cohort);
  g_signal_connect_object (self->filter, "changed", G_CALLBACK (filter_changed_cb), self, 0);
  g_signal_connect_object (cohort, "changed", G_CALLBACK (cohort_changed_cb), self, 0);
  self->shown = ktm_filter_match (self->filter, cohort, &self->n_shown);
  self->found = ktm_found_new (cohort);
  ktm_found_update (self->found, self->filter, NULL);
  update_labels (self);
  return self;
}

KtmCohort *
ktm_study_get_cohort (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return self->cohort;
}

KtmFilter *
ktm_study_get_filter (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return self->filter;
}

const guint *
ktm_study_get_shown (KtmStudy *self, gsize *n)
{
  g_return_val_if_fail (KTM_IS_STUDY (self) && n, NULL);
  *n = self->n_shown;
  return self->shown;
}

gsize
ktm_study_get_n_shown (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), 0);
  return self->n_shown;
}

long
ktm_study_find (KtmStudy *self, guint index)
{
  gsize low = 0, high;

  g_return_val_if_fail (KTM_IS_STUDY (self), -1);
  high = self->n_shown;
  while (low < high)
    {
      gsize mid = (low + high) / 2;

      if (self->shown[mid] < index)
        low = mid + 1;
      else
        high = mid;
    }
  return low < self->n_shown && self->shown[low] == index ? (long) low : -1;
}

KtmFound *
ktm_study_get_found (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  if (self->found_id)
    update_found (self);
  return self->found;
}

void
ktm_study_set_search (KtmStudy *self, const char *text)
{
  const char *wanted = text && *text ? text : NULL;

  g_return_if_fail (KTM_IS_STUDY (self));
  if (!g_strcmp0 (self->search, wanted))
    return;
  g_free (self->search);
  self->search = g_strdup (wanted);
  update_found (self);
}

KtmFrame *
ktm_study_dup_frame (KtmStudy *self, const char *const *measures, const char *const *attributes,
                     KtmFrameParts parts)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return ktm_cohort_dup_frame (self->cohort, self->shown, self->n_shown, measures, attributes,
                               parts);
}

int
ktm_study_get_picked (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), -1);
  return self->picked;
}

void
ktm_study_set_picked (KtmStudy *self, int index)
{
  g_return_if_fail (KTM_IS_STUDY (self) && index >= -1
                    && index < (int) g_list_model_get_n_items (G_LIST_MODEL (self->cohort)));
  if (self->picked == index)
    return;
  g_free (self->picked_code);
  self->picked_code =
      index >= 0 ? g_strdup (ktm_cohort_get_code (self->cohort, (guint) index)) : NULL;
  self->picked = index;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PICKED]);
}

void
ktm_study_step_picked (KtmStudy *self, int step)
{
  gsize at = 0;

  g_return_if_fail (KTM_IS_STUDY (self));
  if (!self->n_shown)
    return;
  if (self->picked >= 0)
    {
      /* From where the picked patient stands, or would stand. */
      while (at < self->n_shown && self->shown[at] < (guint) self->picked)
        at++;
      if (step < 0)
        at = at ? at - 1 : 0;
      else if (at < self->n_shown && self->shown[at] == (guint) self->picked)
        at++;
    }
  ktm_study_set_picked (self, (int) self->shown[MIN (at, self->n_shown - 1)]);
}

void
ktm_study_keep (KtmStudy *self, const guint *indices, gsize n)
{
  g_autoptr (GPtrArray) codes = NULL;

  g_return_if_fail (KTM_IS_STUDY (self));
  codes = g_ptr_array_new ();
  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (codes, (gpointer) ktm_cohort_get_code (self->cohort, indices[i]));
  g_ptr_array_add (codes, NULL);
  ktm_study_settle (self);
  ktm_filter_set_group (self->filter, (const char *const *) codes->pdata, 0);
  ktm_study_settle (self);
}

gboolean
ktm_study_fail (KtmStudy *self, GError *failure, GError **error)
{
  if (g_error_matches (failure, KTM_STORE_ERROR, KTM_STORE_ERROR_CHANGED))
    ktm_study_catch_up (self, NULL);
  g_propagate_error (error, failure);
  return FALSE;
}

/* Shows what another window or program wrote to the file, if it did. */
gboolean
ktm_study_catch_up (KtmStudy *self, GError **error)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  return !ktm_store_is_stale (ktm_cohort_get_store (self->cohort))
         || ktm_cohort_reload (self->cohort, error);
}

void
ktm_study_add_store_step (KtmStudy *self)
{
  g_ptr_array_add (self->done, step_new (NULL, NULL));
  g_ptr_array_set_size (self->undone, 0);
  update_labels (self);
}

gboolean
ktm_study_set_included (KtmStudy *self, guint index, gboolean included, const char *reason,
                        GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  ktm_study_settle (self);
  if (!ktm_store_set_included (ktm_cohort_get_store (self->cohort),
                               ktm_cohort_get_patient_id (self->cohort, index), included, reason,
                               &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  return ktm_cohort_reload (self->cohort, error);
}

const char *
ktm_study_get_definition (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return self->definition;
}

void
ktm_study_set_definition (KtmStudy *self, const char *definition)
{
  g_return_if_fail (KTM_IS_STUDY (self));
  if (!g_strcmp0 (definition, self->definition))
    return;
  g_free (self->definition);
  self->definition = g_strdup (definition);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEFINITION]);
}

/* The subgroup becomes @filter without a step of its own. */
static void
assign (KtmStudy *self, KtmFilter *filter)
{
  self->replaying = TRUE;
  ktm_filter_assign (self->filter, filter);
  ktm_filter_assign (self->settled, filter);
  self->replaying = FALSE;
}

/* The last step was one of the file: it is one of the subgroup, too. */
static void
rename_levels (KtmStudy *self, const char *const *levels)
{
  Step *step = last_step (self->done);
  g_autoptr (KtmFilter) after = ktm_filter_copy (self->filter);

  ktm_filter_set_levels (after, "trajectory_class", levels, FALSE);
  step->before = ktm_filter_copy (self->filter);
  step->after = g_object_ref (after);
  assign (self, after);
}

gboolean
ktm_study_name_classes (KtmStudy *self, const char *measure, const char *const *names,
                        const char *const *levels, GError **error)
{
  g_autofree char *title = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (KTM_IS_STUDY (self) && measure && names, FALSE);
  ktm_study_settle (self);
  /* Translators: an entry of the history; %s is a measure. */
  title = g_strdup_printf (_("Names of the classes of %s"), measure);
  if (!ktm_cohort_name_classes (self->cohort, measure, names, title, &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  ktm_study_add_store_step (self);
  if (levels != NULL)
    rename_levels (self, levels);
  return ktm_cohort_reload (self->cohort, error);
}

/* --- back and forth --------------------------------------------------------------------------- */

/* Takes the last step off @from, does it with @store_do or by the filter, and lays it on @to. */
static gboolean
replay (KtmStudy *self, GPtrArray *from, GPtrArray *to, gboolean forward,
        gboolean (*store_do) (KtmStore *, GError **), GError **error)
{
  Step *step = last_step (from);
  g_autoptr (GError) local = NULL;

  if ((!step || step->file) && !store_do (ktm_cohort_get_store (self->cohort), &local))
    return ktm_study_fail (self, g_steal_pointer (&local), error);
  if (step && step->after)
    {
      assign (self, forward ? step->after : step->before);
      schedule_update (self);
    }
  if (step && !step->file)
    {
      g_ptr_array_add (to, g_ptr_array_steal_index (from, from->len - 1));
      update_labels (self);
      return TRUE;
    }
  g_ptr_array_add (to,
                   step ? g_ptr_array_steal_index (from, from->len - 1) : step_new (NULL, NULL));
  return ktm_cohort_reload (self->cohort, error);
}

gboolean
ktm_study_undo (KtmStudy *self, GError **error)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  ktm_study_settle (self);
  if (!self->undo_label)
    return TRUE;
  return replay (self, self->done, self->undone, FALSE, ktm_store_undo, error);
}

gboolean
ktm_study_redo (KtmStudy *self, GError **error)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  ktm_study_settle (self);
  if (!self->redo_label)
    return TRUE;
  return replay (self, self->undone, self->done, TRUE, ktm_store_redo, error);
}

const char *
ktm_study_get_undo (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return self->undo_label;
}

const char *
ktm_study_get_redo (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), NULL);
  return self->redo_label;
}

gboolean
ktm_study_is_busy (KtmStudy *self)
{
  g_return_val_if_fail (KTM_IS_STUDY (self), FALSE);
  return self->update_id || self->found_id;
}
