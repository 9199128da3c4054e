/* app/cli: trajectory classes to JSON and back, in a cohort file or beside it. */
#include "ktm-class-document.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ktm-analysis.h"
#include "ktm-cli-json.h"
#include "ktm-json.h"
#include "ktm-store.h"

#define SCHEMA   "ketamine-viewer/trajectory-classes/1"
#define FAMILY   "ketamine-viewer/trajectory-classes/"
#define MOST_TEXT (4 * 1024 * 1024)

static const char *const shapes[] = { "polynomial", "spline", "piecewise" };

/* --- to text ---------------------------------------------------------------------------------- */

static void
add_number (JsonBuilder *b, double value)
{
  if (isfinite (value))
    json_builder_add_double_value (b, value);
  else
    json_builder_add_null_value (b);
}

static void
put_numbers (JsonBuilder *b, const char *name, const double *values, gsize n)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (gsize i = 0; i < n; i++)
    add_number (b, values[i]);
  json_builder_end_array (b);
}

static void
put_classes (JsonBuilder *b, const KtmClassModel *model)
{
  const KtmGbtmModel *m = &model->model;

  json_builder_set_member_name (b, "classes");
  json_builder_begin_array (b);
  for (gsize k = 0; k < m->n_classes; k++)
    {
      json_builder_begin_object (b);
      ktm_cli_json_string (b, "name", model->name[k]);
      ktm_cli_json_number (b, "share", m->pi[k]);
      put_numbers (b, "coefficients", m->coef[k], m->n_coef[k]);
      ktm_cli_json_number (b, "sigma", m->sigma[k]);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

char *
ktm_class_document_to_text (const KtmClassModel *model)
{
  const KtmGbtmModel *m = &model->model;
  g_autoptr(JsonBuilder) b = json_builder_new ();
  g_autofree char *fingerprint =
      g_strdup_printf ("%016" G_GINT64_MODIFIER "x", (guint64) model->fingerprint);

  json_builder_begin_object (b);
  ktm_cli_json_string (b, "schema", SCHEMA);
  ktm_cli_json_string (b, "version", model->version);
  ktm_cli_json_string (b, "measure", model->measure);
  ktm_cli_json_string (b, "time_unit", model->time_unit);
  put_numbers (b, "visits", (double[]) { model->from, model->to }, 2);
  json_builder_set_member_name (b, "lower_better");
  json_builder_add_boolean_value (b, model->lower_better);
  put_numbers (b, "scale", (double[]) { m->lo, m->hi }, 2);
  put_numbers (b, "times", (double[]) { m->first_time, m->last_time }, 2);
  ktm_cli_json_string (b, "shape", shapes[m->shape]);
  put_numbers (b, "knots", m->knots, m->n_knots);
  json_builder_set_member_name (b, "sigma_by_class");
  json_builder_add_boolean_value (b, model->sigma_by_class);
  ktm_cli_json_number (b, "sd_intercept", m->tau);
  put_classes (b, model);
  ktm_cli_json_int (b, "seed", (gint64) model->seed);
  ktm_cli_json_int (b, "starts", (gint64) model->n_starts);
  ktm_cli_json_number (b, "log_likelihood", model->loglik);
  ktm_cli_json_int (b, "patients", (gint64) model->n_subjects);
  ktm_cli_json_int (b, "scores", (gint64) model->n_obs);
  ktm_cli_json_int (b, "parameters", (gint64) model->n_par);
  ktm_cli_json_string (b, "fingerprint", fingerprint);
  put_numbers (b, "covariance", model->vcov, model->vcov != NULL ? model->n_par * model->n_par : 0);
  json_builder_end_object (b);
  return ktm_json_write (b, TRUE);
}

/* --- from text -------------------------------------------------------------------------------- */

static JsonNode *
member (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) ? json_object_get_member (object, name) : NULL;
}

/* FALSE: not there, or not a number; null is @empty. */
static gboolean
read_double (JsonNode *node, double empty, double *out)
{
  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    {
      *out = empty;
      return !isnan (empty);
    }
  if (!JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_DOUBLE
          && json_node_get_value_type (node) != G_TYPE_INT64))
    return FALSE;
  *out = json_node_get_double (node);
  return TRUE;
}

static gboolean
get_count (JsonObject *object, const char *name, gsize *out)
{
  double value;

  if (!read_double (member (object, name), NAN, &value) || value < 0 || value > 9e15
      || value != floor (value))
    return FALSE;
  *out = (gsize) value;
  return TRUE;
}

static gboolean
get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/* Up to @most numbers; how many, −1 when it is no such list. */
static long
get_numbers (JsonObject *object, const char *name, double *out, gsize most)
{
  JsonNode *node = member (object, name);
  JsonArray *array;
  guint n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n > most)
    return -1;
  for (guint i = 0; i < n; i++)
    if (!read_double (json_array_get_element (array, i), NAN, &out[i]))
      return -1;
  return (long) n;
}

/* A pair whose ends may be open. */
static gboolean
get_ends (JsonObject *object, const char *name, double *low, double *high)
{
  JsonNode *node = member (object, name);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  return json_array_get_length (array) == 2
         && read_double (json_array_get_element (array, 0), -INFINITY, low)
         && read_double (json_array_get_element (array, 1), INFINITY, high);
}

static gboolean
read_class (JsonNode *node, gsize k, KtmClassModel *model)
{
  KtmGbtmModel *m = &model->model;
  JsonObject *object;
  long n;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  n = get_numbers (object, "coefficients", m->coef[k], KTM_GBTM_MAX_COEF);
  if (n < 1 || !read_double (member (object, "share"), NAN, &m->pi[k])
      || !read_double (member (object, "sigma"), NAN, &m->sigma[k]))
    return FALSE;
  m->n_coef[k] = (gsize) n;
  m->theta[k][0] = k > 0 ? log (m->pi[k] / m->pi[0]) : 0;
  if (ktm_json_get_text (object, "name") != NULL)
    model->name[k] = strdup (ktm_json_get_text (object, "name"));
  return TRUE;
}

static gboolean
read_classes (JsonObject *object, KtmClassModel *model)
{
  JsonNode *node = member (object, "classes");
  JsonArray *array;
  guint n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n < 1 || n > KTM_GBTM_MAX_CLASSES)
    return FALSE;
  model->model.n_classes = n;
  for (guint k = 0; k < n; k++)
    if (!read_class (json_array_get_element (array, k), k, model))
      return FALSE;
  return TRUE;
}

static gboolean
read_curve (JsonObject *object, KtmClassModel *model)
{
  const char *shape = ktm_json_get_text (object, "shape");
  KtmGbtmModel *m = &model->model;
  long n = get_numbers (object, "knots", m->knots, KTM_GBTM_MAX_KNOTS);

  if (shape == NULL || n < 0)
    return FALSE;
  m->n_knots = (gsize) n;
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (strcmp (shape, shapes[i]) == 0)
      {
        m->shape = (KtmGbtmShape) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_origin (JsonObject *object, KtmClassModel *model)
{
  const char *fingerprint = ktm_json_get_text (object, "fingerprint");
  double *vcov;
  gsize seed;
  long n;

  if (!get_count (object, "seed", &seed) || !get_count (object, "starts", &model->n_starts)
      || !get_count (object, "patients", &model->n_subjects)
      || !get_count (object, "scores", &model->n_obs)
      || !get_count (object, "parameters", &model->n_par) || model->n_par > 1000
      || !read_double (member (object, "log_likelihood"), NAN, &model->loglik)
      || fingerprint == NULL || ktm_json_get_text (object, "measure") == NULL)
    return FALSE;
  model->seed = seed;
  model->fingerprint = g_ascii_strtoull (fingerprint, NULL, 16);
  model->measure = strdup (ktm_json_get_text (object, "measure"));
  model->version = strdup (
      ktm_json_get_text (object, "version") != NULL ? ktm_json_get_text (object, "version") : "");
  if (ktm_json_get_text (object, "time_unit") != NULL)
    model->time_unit = strdup (ktm_json_get_text (object, "time_unit"));
  vcov = calloc (model->n_par * model->n_par + 1, sizeof *vcov);
  n = get_numbers (object, "covariance", vcov, model->n_par * model->n_par);
  if (n == (long) (model->n_par * model->n_par))
    model->vcov = vcov;
  else
    free (vcov);
  return n == 0 || model->vcov != NULL;
}

static gboolean
read_model (JsonObject *object, KtmClassModel *model)
{
  KtmGbtmModel *m = &model->model;
  double visits[2];

  if (!read_curve (object, model) || !read_classes (object, model) || !read_origin (object, model)
      || !get_ends (object, "scale", &m->lo, &m->hi)
      || !get_ends (object, "times", &m->first_time, &m->last_time)
      || get_numbers (object, "visits", visits, 2) != 2
      || !read_double (member (object, "sd_intercept"), NAN, &m->tau))
    return FALSE;
  model->from = visits[0];
  model->to = visits[1];
  model->lower_better = get_boolean (object, "lower_better");
  model->sigma_by_class = get_boolean (object, "sigma_by_class");
  return ktm_class_model_is_valid (model);
}

static gboolean
refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_REQUEST, text);
  return FALSE;
}

/* The object of the document; json_node_unref(); NULL with the reason. */
static JsonNode *
open_document (const char *text, const char *where, GError **error)
{
  g_autoptr(JsonNode) root = ktm_json_read_object (text, MOST_TEXT);
  const char *schema =
      root != NULL ? ktm_json_get_text (json_node_get_object (root), "schema") : NULL;

  if (schema == NULL || !g_str_has_prefix (schema, FAMILY))
    refuse (error, _("“%s” holds no saved trajectory classes."), where);
  else if (strcmp (schema, SCHEMA) != 0)
    refuse (error,
            _("The trajectory classes in “%s” were saved by a later version of this program: open "
              "them with that version."),
            where);
  else
    return g_steal_pointer (&root);
  return NULL;
}

KtmClassModel *
ktm_class_document_from_text (const char *text, const char *where, GError **error)
{
  g_autoptr(JsonNode) root = open_document (text, where, error);
  KtmClassModel *model;

  if (root == NULL)
    return NULL;
  model = calloc (1, sizeof *model);
  if (model == NULL)
    g_error ("out of memory");
  model->ref_count = 1;
  if (read_model (json_node_get_object (root), model))
    return model;
  ktm_class_model_unref (model);
  refuse (
      error,
      _("The trajectory classes in “%s” are damaged: their numbers cannot be a model. Save them "
         "again from the cohort they were made in."),
      where);
  return NULL;
}

/* --- in a cohort file ------------------------------------------------------------------------- */

typedef struct
{
  const char *title;   /* wanted; NULL: any */
  GPtrArray  *titles;  /* nullable */
  gint64      id;      /* of the last match; 0 none */
  char       *json;    /* owned */
} Look;

static gboolean
look_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  Look *look = data;

  if (look->titles != NULL)
    g_ptr_array_add (look->titles, g_strdup (document->title));
  if (look->title == NULL || strcmp (look->title, document->title) == 0)
    {
      look->id = document->id;
      g_free (look->json);
      look->json = g_strdup (document->json);
    }
  return TRUE;
}

static gboolean
look (KtmCohort *cohort, Look *out, GError **error)
{
  return ktm_store_read_documents (ktm_cohort_get_store (cohort), KTM_CLASS_DOCUMENT_KIND, look_cb,
                                   out, error);
}

gboolean
ktm_class_document_save (KtmCohort *cohort, const char *title, const KtmClassModel *model,
                         GError **error)
{
  Look found = { .title = title };
  g_autofree char *json = ktm_class_document_to_text (model);
  gboolean saved;

  if (!look (cohort, &found, error))
    return FALSE;
  saved = ktm_store_put_document (ktm_cohort_get_store (cohort), found.id, KTM_CLASS_DOCUMENT_KIND,
                                  title, json, error)
          > 0;
  g_free (found.json);
  return saved;
}

char **
ktm_class_document_list (KtmCohort *cohort, GError **error)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  Look found = { .titles = titles };

  if (!look (cohort, &found, error))
    return NULL;
  g_free (found.json);
  g_ptr_array_add (titles, NULL);
  return (char **) g_ptr_array_steal (titles, NULL);
}

char **
ktm_class_document_titles (const char *path)
{
  g_autoptr(KtmCohort) cohort =
      g_str_has_suffix (path, ".json") ? NULL : ktm_cohort_open_sync (path, NULL);

  return cohort != NULL ? ktm_class_document_list (cohort, NULL) : NULL;
}

KtmClassModel *
ktm_class_document_load (KtmCohort *cohort, const char *title, GError **error)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  Look found = { .title = title, .titles = titles };
  KtmClassModel *model = NULL;
  g_autofree char *known = NULL;

  if (!look (cohort, &found, error))
    return NULL;
  g_ptr_array_add (titles, NULL);
  known = g_strjoinv ("”, “", (char **) titles->pdata);
  if (titles->len == 1)
    refuse (error, _("“%s” holds no saved trajectory classes."), ktm_cohort_get_title (cohort));
  else if (found.id == 0)
    g_set_error (error, KTM_ANALYSIS_ERROR, KTM_ANALYSIS_ERROR_UNKNOWN,
                 _("There are no saved classes “%s”; there are: “%s”."), title, known);
  else if (title == NULL && titles->len > 2)
    refuse (error, _("Several trajectory classes are saved here: say which, of “%s”."), known);
  else
    model = ktm_class_document_from_text (found.json, title != NULL ? title : known, error);
  g_free (found.json);
  return model;
}

KtmClassModel *
ktm_class_document_open (const char *path, const char *title, GError **error)
{
  g_autoptr(KtmCohort) cohort = NULL;
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, error);
  g_autofree char *text = NULL, *name = g_path_get_basename (path);

  if (info == NULL)
    return NULL;
  if (!g_str_has_suffix (path, ".json"))
    {
      cohort = ktm_cohort_open_sync (path, error);
      return cohort != NULL ? ktm_class_document_load (cohort, title, error) : NULL;
    }
  if (g_file_info_get_size (info) >= MOST_TEXT)
    {
      refuse (error, _("“%s” holds no saved trajectory classes."), name);
      return NULL;
    }
  if (!g_file_load_contents (file, NULL, &text, NULL, NULL, error))
    return NULL;
  return ktm_class_document_from_text (text, name, error);
}
