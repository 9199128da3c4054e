/* widgets: picture of a chart, drawn here or in a worker. */
#include "ktm-chart-picture.h"

#include <glib/gi18n.h>

void
ktm_chart_report_clear (gpointer data)
{
  ktm_report_free (*(KtmReport **) data);
}

void
ktm_chart_job_free (gpointer data)
{
  KtmChartJob *job = data;

  ktm_frame_unref (job->frame);
  g_clear_pointer (&job->scene, ktm_scene_unref);
  ktm_chart_options_free (job->options);
  if (job->report)
    g_atomic_rc_box_release_full (job->report, ktm_chart_report_clear);
  g_free (job);
}

void
ktm_chart_picture_free (gpointer data)
{
  KtmChartPicture *picture = data;

  g_clear_pointer (&picture->scene, ktm_scene_unref);
  g_clear_pointer (&picture->layout, ktm_layout_free);
  g_clear_object (&picture->texture);
  g_clear_pointer (&picture->pixels, cairo_surface_destroy);
  g_free (picture);
}

/* Takes the surface's pixels. */
static GdkTexture *
texture_of (cairo_surface_t *surface)
{
  int stride = cairo_image_surface_get_stride (surface),
      height = cairo_image_surface_get_height (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) stride * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), height,
                                 GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
}

KtmChartPicture *
ktm_chart_picture_new (const KtmChartJob *job, GError **error)
{
  KtmChartPicture *picture = g_new0 (KtmChartPicture, 1);
  cairo_surface_t *surface = NULL;

  picture->scene = job->scene ? ktm_scene_ref (job->scene)
                              : job->type->build (job->frame, job->report ? *job->report : NULL,
                                                  job->options, error);
  if (picture->scene)
    {
      picture->layout =
          ktm_layout_new (picture->scene, &job->style, job->width, job->height, &job->view);
      surface = ktm_draw_to_surface (picture->layout, job->scale, TRUE);
      if (!surface)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                     _("There is not enough memory to draw this chart."));
    }
  if (!surface)
    {
      ktm_chart_picture_free (picture);
      return NULL;
    }
  picture->pixels = cairo_surface_reference (surface);
  picture->texture = texture_of (surface);
  return picture;
}

void
ktm_chart_picture_worker (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  KtmChartPicture *picture = ktm_chart_picture_new (data, &error);

  if (picture)
    g_task_return_pointer (task, picture, ktm_chart_picture_free);
  else
    g_task_return_error (task, error);
}
