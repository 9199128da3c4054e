/* Floor widgets/chart: recipes as text.  No GTK. */
#include "ktm-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ktm-json.h"

#define FORMAT "recipe/1"
#define LONGEST 65536
#define MOST_WORDS 500

static const char *const summaries[] = { "mean", "median", "none", "class" };
static const char *const bands[] = { "ci", "sd", "se", "none" };

static void
put_string (JsonBuilder *b, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (b, name);
  json_builder_add_string_value (b, value);
}

static void
put_number (JsonBuilder *b, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* As a word: json-glib writes 0.95 with seventeen digits. */
  if (isfinite (value))
    put_string (b, name, g_ascii_formatd (text, sizeof text, "%.12g", value));
}

static void
put_flag (JsonBuilder *b, const char *name, gboolean value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_boolean_value (b, value);
}

static void
put_list (JsonBuilder *b, const char *name, char **values)
{
  if (values == NULL || values[0] == NULL)
    return;
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (char **value = values; *value != NULL; value++)
    json_builder_add_string_value (b, *value);
  json_builder_end_array (b);
}

/* Only what is not as usual: other charts have no adverse events. */
static void
put_harms (JsonBuilder *b, const KtmHarms *harms)
{
  int grade = ktm_harm_grade_index (harms->least_grade),
      related = ktm_harm_relation_index (harms->least_related);

  if (harms->count != KTM_HARM_PATIENTS)
    put_string (b, "count", ktm_harm_counts[harms->count]);
  if (grade > 0)
    put_string (b, "grade", ktm_harm_grades[grade]);
  if (related > 0)
    put_string (b, "related", ktm_harm_relations[related]);
  if (harms->interval != KTM_HARM_WILSON)
    put_string (b, "interval", ktm_harm_intervals[harms->interval]);
}

static void
put_options (JsonBuilder *b, const KtmChartOptions *o)
{
  char mark[2] = { o->decimal_mark, '\0' };
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, o->seed);

  put_string (b, "measure", o->measure);
  put_string (b, "show", ktm_show_name (o->show));
  put_string (b, "summary", summaries[o->summary]);
  put_string (b, "band", bands[o->band]);
  put_flag (b, "individuals", o->individuals);
  put_string (b, "colour-by", o->colour_by);
  put_list (b, "groups", o->groups);
  put_flag (b, "facets", o->facets);
  put_list (b, "attributes", o->attributes);
  if (o->standardised)
    put_flag (b, "standardised", TRUE);
  if (o->seen_only)
    put_flag (b, "seen_only", TRUE);
  put_string (b, "missing", ktm_missing_name (o->missing));
  put_number (b, "from", o->from);
  put_number (b, "to", o->to);
  put_number (b, "level", o->level);
  put_number (b, "threshold", o->threshold);
  put_string (b, "relief", o->relief);
  if (o->turnbull)
    put_flag (b, "turnbull", TRUE);
  put_string (b, "definition", o->definition);
  put_string (b, "evidence", o->evidence);
  put_harms (b, &o->harms);
  put_flag (b, "caption", o->caption);
  put_string (b, "seed", seed);
  put_string (b, "lang", o->lang);
  if (o->decimal_mark != 0)
    put_string (b, "decimal-mark", mark);
  if (o->classes > 0)
    put_number (b, "classes", o->classes);
  if (o->degree != 3)
    put_number (b, "degree", o->degree);
  if (o->normal)
    put_flag (b, "normal", TRUE);
  put_string (b, "shape", o->shape);
  put_string (b, "knots", o->knots);
  put_string (b, "degrees", o->degrees);
  if (o->sigma_by_class)
    put_flag (b, "sigma-by-class", TRUE);
  if (o->random_intercept)
    put_flag (b, "random-intercept", TRUE);
}

/* ASCII only, so that it survives the strings of a PDF: everything else as \uXXXX. */
static char *
to_ascii (const char *json)
{
  GString *out = g_string_new (NULL);

  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        g_string_append_c (out, (char) c);
      else if (c < 0x10000)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                                0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  return g_string_free (out, FALSE);
}

/* One line of ASCII JSON.  The title, the picked patient and whether codes were shown stay out. */
char *
ktm_recipe_to_text (const KtmRecipe *recipe)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_autofree char *json = NULL;

  json_builder_begin_object (b);
  put_string (b, "ketamine-viewer", FORMAT);
  put_string (b, "cohort", recipe->cohort_id);
  put_string (b, "chart", recipe->chart);
  put_list (b, "where", recipe->where);
  put_options (b, recipe->options);
  json_builder_end_object (b);
  json = ktm_json_write (b, FALSE);
  return to_ascii (json);
}

/* NULL is allowed. */
void
ktm_recipe_free (KtmRecipe *recipe)
{
  if (recipe == NULL)
    return;
  g_free (recipe->cohort_id);
  g_free (recipe->chart);
  g_strfreev (recipe->where);
  ktm_chart_options_free (recipe->options);
  g_free (recipe);
}

static gboolean
refuse (GError **error, const char *member)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("The recipe cannot be read: “%s” is missing or is not what it should be."),
               member);
  return FALSE;
}

static JsonNode *
member_of (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  return json_node_get_value_type (node) == type ? node : NULL;
}

static gboolean
get_string (JsonObject *object, const char *name, gboolean required, char **out, GError **error)
{
  JsonNode *node = member_of (object, name, G_TYPE_STRING);

  if (node == NULL)
    return (!required && !json_object_has_member (object, name)) || refuse (error, name);
  if (strlen (json_node_get_string (node)) > 1000)
    return refuse (error, name);
  g_free (*out);
  *out = json_node_dup_string (node);
  return TRUE;
}

static gboolean
get_flag (JsonObject *object, const char *name, gboolean *out, GError **error)
{
  JsonNode *node = member_of (object, name, G_TYPE_BOOLEAN);

  if (node == NULL)
    return !json_object_has_member (object, name) || refuse (error, name);
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
get_number (JsonObject *object, const char *name, double low, double high, double *out,
            GError **error)
{
  g_autofree char *text = NULL;
  char *end;
  double value;

  if (!get_string (object, name, FALSE, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !(value >= low && value <= high))
    return refuse (error, name);
  *out = value;
  return TRUE;
}

static gboolean
get_word (JsonObject *object, const char *name, const char *const *words, gsize n, int *out,
          GError **error)
{
  g_autofree char *word = NULL;

  if (!get_string (object, name, FALSE, &word, error))
    return FALSE;
  for (gsize i = 0; word != NULL && i < n; i++)
    if (strcmp (word, words[i]) == 0)
      {
        *out = (int) i;
        return TRUE;
      }
  return word == NULL || refuse (error, name);
}

static gboolean
get_list (JsonObject *object, const char *name, char ***out, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node)
      || json_array_get_length (json_node_get_array (node)) > MOST_WORDS)
    return refuse (error, name);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *item = json_array_get_element (json_node_get_array (node), i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        return refuse (error, name);
      g_ptr_array_add (list, json_node_dup_string (item));
    }
  g_ptr_array_add (list, NULL);
  *out = (char **) g_ptr_array_steal (list, NULL);
  return TRUE;
}

static gboolean
get_seed (JsonObject *object, guint64 *seed, GError **error)
{
  g_autofree char *text = NULL;

  if (!get_string (object, "seed", FALSE, &text, error))
    return FALSE;
  return text == NULL || g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, seed, NULL)
         || refuse (error, "seed");
}

static gboolean
get_mark (JsonObject *object, char *mark, GError **error)
{
  g_autofree char *text = NULL;

  if (!get_string (object, "decimal-mark", FALSE, &text, error))
    return FALSE;
  if (text != NULL && strcmp (text, ".") != 0 && strcmp (text, ",") != 0)
    return refuse (error, "decimal-mark");
  *mark = text != NULL ? text[0] : 0;
  return TRUE;
}

static gboolean
get_show_and_missing (JsonObject *object, KtmChartOptions *o, GError **error)
{
  g_autofree char *show = NULL, *missing = NULL;

  if (!get_string (object, "show", FALSE, &show, error)
      || !get_string (object, "missing", FALSE, &missing, error))
    return FALSE;
  if (show != NULL && !ktm_show_parse (show, &o->show))
    return refuse (error, "show");
  return missing == NULL || ktm_missing_parse (missing, &o->missing) || refuse (error, "missing");
}

/* Up to 8 numbers by commas, as "0,1,6,12". */
static gboolean
is_list (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", 9);

  for (char **word = words; *word != NULL; word++)
    {
      char *end;

      g_ascii_strtod (*word, &end);
      if (end == *word || *end != '\0')
        return FALSE;
    }
  return words[0] != NULL && g_strv_length (words) <= 8;
}

static gboolean
get_curves (JsonObject *object, KtmChartOptions *o, GError **error)
{
  static const char *const shapes[] = { "spline", "piecewise" };
  int shape = -1;

  if (!get_word (object, "shape", shapes, G_N_ELEMENTS (shapes), &shape, error)
      || !get_string (object, "knots", FALSE, &o->knots, error)
      || !get_string (object, "degrees", FALSE, &o->degrees, error)
      || !get_flag (object, "sigma-by-class", &o->sigma_by_class, error)
      || !get_flag (object, "random-intercept", &o->random_intercept, error))
    return FALSE;
  o->shape = shape >= 0 ? g_strdup (shapes[shape]) : NULL;
  if (o->knots != NULL && !is_list (o->knots))
    return refuse (error, "knots");
  return o->degrees == NULL || is_list (o->degrees) || refuse (error, "degrees");
}

static gboolean
get_classes (JsonObject *object, KtmChartOptions *o, GError **error)
{
  double classes = o->classes, degree = o->degree;

  if (!get_number (object, "classes", 0, 8, &classes, error)
      || !get_number (object, "degree", 0, 4, &degree, error)
      || !get_flag (object, "normal", &o->normal, error))
    return FALSE;
  o->classes = (int) classes;
  o->degree = (int) degree;
  return get_curves (object, o, error);
}

static gboolean
get_harms (JsonObject *object, KtmHarms *harms, GError **error)
{
  int count = 0, grade = 0, related = 0, interval = 0;

  if (!get_word (object, "count", ktm_harm_counts, 2, &count, error)
      || !get_word (object, "grade", ktm_harm_grades, 3, &grade, error)
      || !get_word (object, "related", ktm_harm_relations, 3, &related, error)
      || !get_word (object, "interval", ktm_harm_intervals, 2, &interval, error))
    return FALSE;
  *harms = (KtmHarms) { (KtmHarmCount) count, ktm_harm_grade (grade), ktm_harm_relation (related),
                        (KtmHarmInterval) interval };
  return TRUE;
}

static gboolean
read_options (JsonObject *object, KtmChartOptions *o, GError **error)
{
  int summary = o->summary, band = o->band;

  if (!get_string (object, "measure", FALSE, &o->measure, error)
      || !get_show_and_missing (object, o, error)
      || !get_word (object, "summary", summaries, G_N_ELEMENTS (summaries), &summary, error)
      || !get_word (object, "band", bands, G_N_ELEMENTS (bands), &band, error)
      || !get_flag (object, "individuals", &o->individuals, error)
      || !get_string (object, "colour-by", FALSE, &o->colour_by, error)
      || !get_list (object, "groups", &o->groups, error)
      || !get_flag (object, "facets", &o->facets, error)
      || !get_list (object, "attributes", &o->attributes, error)
      || !get_flag (object, "standardised", &o->standardised, error)
      || !get_flag (object, "seen_only", &o->seen_only, error)
      || !get_number (object, "from", -1e9, 1e9, &o->from, error)
      || !get_number (object, "to", -1e9, 1e9, &o->to, error)
      || !get_number (object, "level", 0.5, 0.9999, &o->level, error)
      || !get_number (object, "threshold", 0, 100, &o->threshold, error)
      || !get_string (object, "relief", FALSE, &o->relief, error)
      || !get_flag (object, "turnbull", &o->turnbull, error)
      || !get_string (object, "definition", FALSE, &o->definition, error)
      || !get_string (object, "evidence", FALSE, &o->evidence, error)
      || !get_flag (object, "caption", &o->caption, error) || !get_seed (object, &o->seed, error)
      || !get_string (object, "lang", FALSE, &o->lang, error)
      || !get_mark (object, &o->decimal_mark, error) || !get_harms (object, &o->harms, error)
      || !get_classes (object, o, error))
    return FALSE;
  o->summary = (KtmSummary) summary;
  o->band = (KtmBand) band;
  return TRUE;
}

static gboolean
read_recipe (JsonObject *object, KtmRecipe *recipe, GError **error)
{
  g_autofree char *format = NULL;

  if (!get_string (object, "ketamine-viewer", TRUE, &format, error))
    return FALSE;
  if (strcmp (format, FORMAT) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("The recipe was made by another version of the program (“%.20s”)."), format);
      return FALSE;
    }
  if (!get_string (object, "cohort", TRUE, &recipe->cohort_id, error)
      || !get_string (object, "chart", TRUE, &recipe->chart, error)
      || !get_list (object, "where", &recipe->where, error)
      || !read_options (object, recipe->options, error))
    return FALSE;
  if (ktm_chart_type_find (recipe->chart) != NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _("The recipe asks for a chart “%.40s”, which this version cannot draw."),
               recipe->chart);
  return FALSE;
}

/* The recipe in @text; NULL with one sentence for anything that is not one. */
KtmRecipe *
ktm_recipe_from_text (const char *text, GError **error)
{
  g_autoptr (JsonNode) root = ktm_json_read_object (text, LONGEST);
  g_autoptr (KtmRecipe) recipe = g_new0 (KtmRecipe, 1);

  recipe->options = ktm_chart_options_new ();
  if (root == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _("This is not a recipe of a chart."));
      return NULL;
    }
  return read_recipe (json_node_get_object (root), recipe, error) ? g_steal_pointer (&recipe)
                                                                  : NULL;
}
