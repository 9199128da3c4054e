/* widgets: traffic lights. */
#include "ktm-light.h"

#include <adwaita.h>
#include <glib/gi18n.h>

enum { SIZE = 14 };

static void
set_colour (cairo_t *cr, KtmLight light)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (light == KTM_LIGHT_GOOD)
    cairo_set_source_rgb (cr, dark ? .18 : 0, dark ? .70 : .52, dark ? .53 : .38);
  else if (light == KTM_LIGHT_BORDERLINE)
    cairo_set_source_rgb (cr, .90, .62, 0);
  else
    cairo_set_source_rgb (cr, dark ? .88 : .75, dark ? .28 : .13, dark ? .24 : .13);
}

static void
trace_shape (cairo_t *cr, KtmLight light)
{
  if (light == KTM_LIGHT_GOOD)
    cairo_arc (cr, 7, 7, 6, 0, 2 * G_PI);
  else if (light == KTM_LIGHT_BORDERLINE)
    {
      cairo_move_to (cr, 7, 1);
      cairo_line_to (cr, 13.4, 12.5);
      cairo_line_to (cr, .6, 12.5);
      cairo_close_path (cr);
    }
  else
    cairo_rectangle (cr, 1, 1, 12, 12);
}

static void
trace_sign (cairo_t *cr, KtmLight light)
{
  if (light == KTM_LIGHT_GOOD)
    {
      cairo_move_to (cr, 4.2, 7.2);
      cairo_line_to (cr, 6.2, 9.2);
      cairo_line_to (cr, 9.9, 5.1);
    }
  else if (light == KTM_LIGHT_BORDERLINE)
    {
      cairo_move_to (cr, 7, 5);
      cairo_line_to (cr, 7, 8.6);
      cairo_move_to (cr, 7, 10.3);
      cairo_line_to (cr, 7, 11);
    }
  else
    {
      cairo_move_to (cr, 4.5, 4.5);
      cairo_line_to (cr, 9.5, 9.5);
      cairo_move_to (cr, 9.5, 4.5);
      cairo_line_to (cr, 4.5, 9.5);
    }
}

static void
draw_cb (GtkDrawingArea *area G_GNUC_UNUSED, cairo_t *cr, int width, int height, gpointer data)
{
  KtmLight light = GPOINTER_TO_INT (data);

  if (light == KTM_LIGHT_NONE)
    return;
  cairo_translate (cr, (width - SIZE) / 2.0, (height - SIZE) / 2.0);
  set_colour (cr, light);
  trace_shape (cr, light);
  cairo_fill (cr);
  if (light == KTM_LIGHT_BORDERLINE)
    cairo_set_source_rgb (cr, .15, .1, 0);
  else
    cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1.6);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  trace_sign (cr, light);
  cairo_stroke (cr);
}

const char *
ktm_light_word (KtmLight light)
{
  switch (light)
    {
    case KTM_LIGHT_GOOD: return _("good");
    case KTM_LIGHT_BORDERLINE: return _("borderline");
    case KTM_LIGHT_POOR: return _("poor");
    default: return "";
    }
}

GtkWidget *
ktm_light_new (KtmLight light)
{
  GtkWidget *area = gtk_drawing_area_new ();

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, GINT_TO_POINTER (light), NULL);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  if (light != KTM_LIGHT_NONE)
    gtk_widget_set_tooltip_text (area, ktm_light_word (light));
  return area;
}
