/* app: slides, computed and drawn. */
#include "ktm-slide.h"

#include <cairo-pdf.h>
#include <glib/gi18n.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "ktm-chart-choices.h"
#include "ktm-draw.h"
#include "ktm-export.h"
#include "ktm-patient-card.h"

#define MARGIN 56.0
#define TITLE_SIZE 44.0
#define FOOTER_SIZE 20.0
#define POINTS 0.5 /* of a PDF page for a unit: 254 × 159 mm */

/* --- from a recipe to numbers ----------------------------------------------------------------- */

void
ktm_slide_job_free (KtmSlideJob *job)
{
  if (!job)
    return;
  ktm_frame_unref (job->frame);
  ktm_chart_options_free (job->options);
  ktm_analysis_options_free (job->asked);
  g_free (job->title);
  g_free (job->footer);
  g_free (job);
}

static KtmFilter *
filter_of (KtmCohort *cohort, const KtmRecipe *recipe, GError **error)
{
  g_autoptr (KtmFilter) filter = ktm_filter_new ();

  for (char **where = recipe->where; where && *where; where++)
    if (!ktm_filter_add_text (filter, cohort, *where, error))
      return NULL;
  return g_steal_pointer (&filter);
}

static gboolean
check_known (KtmCohort *cohort, const KtmRecipe *recipe, GError **error)
{
  const KtmChartOptions *options = recipe->options;
  const char *measure = options->measure, *by = options->colour_by;

  if (!ktm_chart_type_find (recipe->chart))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("This program has no chart “%s”; a newer one made this slide."), recipe->chart);
  else if (measure && ktm_cohort_find_measure (cohort, measure) < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("This cohort has no measure “%s” any more."), measure);
  else if (by && ktm_cohort_find_grouping (cohort, by) < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("This cohort has no attribute “%s” any more."), by);
  else
    return TRUE;
  return FALSE;
}

/* What a room may see. */
static KtmChartOptions *
options_for_room (const KtmChartOptions *recipe, gsize n)
{
  KtmChartOptions *options = ktm_chart_options_copy (recipe);

  options->codes = FALSE;
  options->picked = -1;
  options->caption = TRUE;
  if (n < KTM_SLIDE_FEWEST)
    options->individuals = FALSE;
  g_free (options->lang);
  options->lang = g_strdup (ktm_lang_code (ktm_say_lang ()));
  options->decimal_mark = 0;
  g_clear_pointer (&options->title, g_free);
  return options;
}

static gboolean
title_cb (const void *record, gpointer data)
{
  const KtmDocumentRecord *document = record;
  gpointer *wanted = data;

  if (document->id == *(gint64 *) wanted[0])
    wanted[1] = g_strdup (document->title);
  return TRUE;
}

/* A condition as people say it: the attribute's label for its id, a saved group's name for its
 * number. */
static char *
say_condition (KtmCohort *cohort, const char *condition)
{
  g_auto (GStrv) words = g_strsplit (condition, " ", 2);
  int a = words[0] ? ktm_cohort_find_attribute (cohort, words[0]) : -1;
  gint64 id = words[0] && words[1] && g_str_equal (words[0], "group")
                  ? g_ascii_strtoll (words[1] + strspn (words[1], "= "), NULL, 10)
                  : 0;
  gpointer wanted[2] = { &id, NULL };

  if (id)
    ktm_store_read_documents (ktm_cohort_get_store (cohort), "group", title_cb, wanted, NULL);
  if (wanted[1])
    return wanted[1];
  return a >= 0 && words[1] ? g_strdup_printf (
             "%s %s", ktm_cohort_get_attribute (cohort, (guint) a)->label, words[1])
                            : g_strdup (condition);
}

static void
append_conditions (GString *text, KtmCohort *cohort, const KtmRecipe *recipe)
{
  for (char **where = recipe->where; where && *where; where++)
    {
      g_autofree char *said = say_condition (cohort, *where);

      g_string_append_printf (text, " · %s", said);
    }
}

static char *
footer_of (KtmCohort *cohort, const KtmRecipe *recipe, gsize n)
{
  guint all = g_list_model_get_n_items (G_LIST_MODEL (cohort));
  g_autofree char *count = g_strdup_printf (
      ngettext ("%u of %u patient", "%u of %u patients", all), (guint) n, all);
  GString *text = g_string_new (ktm_cohort_get_title (cohort));

  g_string_append_printf (text, " · %s", count);
  append_conditions (text, cohort, recipe);
  return g_string_free (text, FALSE);
}

KtmSlideJob *
ktm_slide_job_new (KtmStudy *study, const KtmSlide *slide, GError **error)
{
  KtmCohort *cohort = ktm_study_get_cohort (study);
  const KtmRecipe *recipe = slide->recipe;
  g_autoptr (KtmFilter) filter = NULL;
  g_autofree guint *patients = NULL;
  KtmSlideJob *job;
  const char *analysis;
  gsize n;

  if (!check_known (cohort, recipe, error) || !(filter = filter_of (cohort, recipe, error)))
    return NULL;
  patients = ktm_filter_match (filter, cohort, &n);
  if (!n)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("No patient is in the subgroup of this slide."));
      return NULL;
    }
  job = g_new0 (KtmSlideJob, 1);
  job->type = ktm_chart_type_find (recipe->chart);
  job->options = options_for_room (recipe->options, n);
  analysis = ktm_chart_analysis (job->type, job->options);
  job->analysis = analysis ? ktm_analysis_find (analysis) : NULL;
  if (job->analysis)
    job->asked = ktm_chart_dup_analysis_options (job->options);
  job->frame = ktm_cohort_dup_frame (
      cohort, patients, n, NULL, NULL,
      job->type->parts | (job->analysis ? ktm_analysis_parts (job->analysis) : 0));
  job->title = *slide->message ? g_strdup (slide->message) : g_strdup (_(job->type->title));
  job->footer = footer_of (cohort, recipe, n);
  return job;
}

char *
ktm_slide_dup_name (KtmStudy *study, const KtmSlide *slide)
{
  KtmCohort *cohort = ktm_study_get_cohort (study);
  const KtmChartType *type = ktm_chart_type_find (slide->recipe->chart);
  const KtmChartOptions *options = slide->recipe->options;
  int m = options->measure ? ktm_cohort_find_measure (cohort, options->measure) : -1,
      a = options->colour_by ? ktm_cohort_find_grouping (cohort, options->colour_by) : -1;
  GString *name = g_string_new (type ? _(type->title) : slide->recipe->chart);

  if (m >= 0)
    g_string_append_printf (name, " · %s", ktm_cohort_get_measure (cohort, (guint) m)->label);
  if (a >= 0)
    g_string_append_printf (name, " · %s", ktm_cohort_get_attribute (cohort, (guint) a)->label);
  append_conditions (name, cohort, slide->recipe);
  return g_string_free (name, FALSE);
}

static bool
stop_cb (void *data)
{
  return data && g_cancellable_is_cancelled (data);
}

KtmScene *
ktm_slide_job_build (const KtmSlideJob *job, GCancellable *cancellable, GError **error)
{
  const KtmProgress progress = { .stop = stop_cb, .data = cancellable };
  g_autoptr (KtmReport) report = NULL;

  if (job->analysis
      && !(report = ktm_analysis_run_sync (job->analysis, job->frame, job->asked, &progress,
                                           error)))
    return NULL;
  return job->type->build (job->frame, report, job->options, error);
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* Draws at (x, y) within @width; the height it took. */
static double
draw_text (cairo_t *cr, const KtmStyle *style, const char *text, double size, gboolean bold,
           double x, double y, double width, int lines, KtmColour colour)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();
  int height;

  pango_font_description_set_family (font, style->family);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_font_description_set_size (font, (int) (size * PANGO_SCALE));
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_height (layout, -lines);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_set_source_rgba (cr, colour.r, colour.g, colour.b, colour.a);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (font);
  g_object_unref (layout);
  return height;
}

static void
draw_place (cairo_t *cr, const KtmStyle *style, guint index, guint n)
{
  double step = MIN (18, 360.0 / MAX (n, 1)), x = KTM_SLIDE_WIDTH - MARGIN - step * n,
         r = step * 0.22, y = KTM_SLIDE_HEIGHT - MARGIN * 0.5;

  for (guint i = 0; n > 1 && i < n; i++)
    {
      const KtmColour *colour = i == index ? &style->ink : &style->grid;

      cairo_set_source_rgb (cr, colour->r, colour->g, colour->b);
      cairo_arc (cr, x + step * (i + 0.5), y, i == index ? r * 1.5 : r, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

void
ktm_slide_draw (cairo_t *cr, const KtmScene *scene, const char *title, const char *footer,
                guint index, guint n)
{
  const KtmView whole = KTM_VIEW_WHOLE;
  const double width = KTM_SLIDE_WIDTH - 2 * MARGIN, bottom = KTM_SLIDE_HEIGHT - MARGIN * 1.1;
  KtmStyle style;
  KtmLayout *layout;
  double y = MARGIN * 0.7;

  ktm_style_init (&style, KTM_THEME_PRESENT, 0, 0, NULL);
  cairo_set_source_rgb (cr, style.paper.r, style.paper.g, style.paper.b);
  cairo_paint (cr);
  y += draw_text (cr, &style, title, TITLE_SIZE, TRUE, MARGIN, y, width, 2, style.ink) + 12;
  draw_text (cr, &style, footer, FOOTER_SIZE, FALSE, MARGIN, KTM_SLIDE_HEIGHT - MARGIN * 0.75,
             width - 380, 1, style.dim);
  draw_place (cr, &style, index, n);
  layout = ktm_layout_new (scene, &style, width, bottom - y, &whole);
  cairo_save (cr);
  cairo_translate (cr, MARGIN, y);
  ktm_draw (cr, layout, TRUE);
  cairo_restore (cr);
  ktm_layout_free (layout);
}

/* --- whole decks ------------------------------------------------------------------------------ */

static void
page_free (gpointer data)
{
  KtmSlidePage *page = data;

  ktm_scene_unref (page->scene);
  g_free (page->title);
  g_free (page->footer);
  g_free (page);
}

/* Ends @task with @error of the slide at @i; takes @error. */
static void
return_slide_error (GTask *task, guint i, GError *error)
{
  g_task_return_new_error (task, error->domain, error->code, _("Slide %u: %s"), i + 1,
                           error->message);
  g_error_free (error);
}

static void
build_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *jobs = data;
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (page_free);
  GError *error = NULL;

  for (guint i = 0; i < jobs->len; i++)
    {
      const KtmSlideJob *job = jobs->pdata[i];
      KtmScene *scene = ktm_slide_job_build (job, cancellable, &error);
      KtmSlidePage *page;

      if (!scene)
        {
          return_slide_error (task, i, error);
          return;
        }
      page = g_new0 (KtmSlidePage, 1);
      *page = (KtmSlidePage) { scene, g_strdup (job->title), g_strdup (job->footer) };
      g_ptr_array_add (pages, page);
    }
  g_task_return_pointer (task, g_steal_pointer (&pages), (GDestroyNotify) g_ptr_array_unref);
}

void
ktm_slides_build_async (KtmStudy *study, const KtmDeck *deck, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (study, cancellable, callback, data);
  GPtrArray *jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) ktm_slide_job_free);
  GError *error = NULL;

  g_task_set_task_data (task, jobs, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < deck->slides->len; i++)
    {
      KtmSlideJob *job = ktm_slide_job_new (study, deck->slides->pdata[i], &error);

      if (!job)
        {
          return_slide_error (task, i, error);
          return;
        }
      g_ptr_array_add (jobs, job);
    }
  g_task_run_in_thread (task, build_worker);
}

GPtrArray *
ktm_slides_build_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
ktm_slides_save_pdf (GPtrArray *pages, const char *title, const char *path, GError **error)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      write_cb, bytes, KTM_SLIDE_WIDTH * POINTS, KTM_SLIDE_HEIGHT * POINTS);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;
  g_autoptr (GBytes) whole = NULL;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_scale (cr, POINTS, POINTS);
  for (guint i = 0; i < pages->len; i++)
    {
      const KtmSlidePage *page = pages->pdata[i];

      ktm_slide_draw (cr, page->scene, page->title, page->footer, i, pages->len);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  whole = g_byte_array_free_to_bytes (bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _("There is not enough memory to draw these slides."));
      return FALSE;
    }
  return ktm_export_write (path, whole, error);
}
