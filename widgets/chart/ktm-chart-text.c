/* Floor widgets/chart: text.  No GTK.
 *
 * Hint metrics off, hint style none, 72 dpi and unrounded glyph positions: otherwise a label is up
 * to 2 % wider on screen than in the PDF, and what fitted in one is cut in the other.
 */
#include "ktm-chart-text.h"

/* See the header: a font map begins with it when it is made. */
void
ktm_chart_text_begin (void)
{
  pango_cairo_font_map_get_default ();
}

/* A context of its own for one thread. */
PangoContext *
ktm_chart_text_context (const char *family)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();
  PangoFontDescription *font = pango_font_description_new ();

  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string ("en"));
  pango_context_set_base_dir (context, PANGO_DIRECTION_LTR);
  pango_font_description_set_family (font, family);
  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  cairo_font_options_destroy (options);
  return context;
}

static PangoLayout *
text_layout (PangoContext *context, const KtmTextSpec *spec)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font =
      pango_font_description_copy (pango_context_get_font_description (context));
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_absolute_size (font, spec->size * PANGO_SCALE);
  pango_font_description_set_weight (font, spec->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_text (layout, spec->text, -1);
  pango_layout_set_alignment (layout, spec->align);
  if (spec->wrap > 0)
    {
      pango_layout_set_width (layout, (int) (spec->wrap * PANGO_SCALE) + 1);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_height (layout, -MAX (spec->lines, 1));
    }
  pango_attr_list_unref (attributes);
  pango_font_description_free (font);
  return layout;
}

/* Size in points of the text as it will be drawn. */
void
ktm_chart_text_measure (PangoContext *context, const KtmTextSpec *spec, double *width,
                        double *height)
{
  PangoLayout *layout = text_layout (context, spec);
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  *width = (double) logical.width / PANGO_SCALE;
  *height = (double) logical.height / PANGO_SCALE;
  g_object_unref (layout);
}

/* TRUE when not all of it can be read. */
gboolean
ktm_chart_text_is_cut (PangoContext *context, const KtmTextSpec *spec)
{
  PangoLayout *layout = text_layout (context, spec);
  gboolean cut = pango_layout_is_ellipsized (layout);

  g_object_unref (layout);
  return cut;
}

/* Draws it with its upper left corner at the origin. */
void
ktm_chart_text_draw (PangoContext *context, cairo_t *cr, const KtmTextSpec *spec)
{
  PangoLayout *layout = text_layout (context, spec);
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  cairo_save (cr);
  cairo_translate (cr, -(double) logical.x / PANGO_SCALE, 0);
  cairo_move_to (cr, 0, 0);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
  g_object_unref (layout);
}
