/* The parts of KtmChartView: the widget and its picture, what hand and keys do, and the words of
 * the hover card. */
#pragma once

#include "ktm-chart-view.h"
#include "ktm-pick.h"

G_BEGIN_DECLS

struct _KtmChartView
{
  GtkWidget           parent_instance;
  /* what to draw */
  const KtmChartType *type;
  KtmFrame           *frame;    /* owned */
  KtmReport         **report;   /* owned atomic box: workers hold it too; NULL none */
  KtmChartOptions    *options;  /* owned */
  KtmView             view;
  /* the settled picture */
  KtmScene           *scene;    /* owned */
  KtmLayout          *layout;   /* owned */
  KtmPick            *pick;     /* owned; of the layout */
  GdkTexture         *texture;  /* owned */
  cairo_surface_t    *pixels;   /* owned; of the texture */
  GskRenderNode      *base;     /* owned; paints them, NULL: not needed yet */
  GCancellable       *working;  /* owned; a worker is on its way */
  guint               render_id, drawn_id;
  gboolean            stale, build; /* the picture is of before; the scene too */
  gboolean            eager;        /* the first picture is drawn with the first layout */
  double              present;      /* type for a room, pixels; 0: for a desk */
  /* what moves above it */
  KtmOverlay          overlay;
  KtmHit              cursor;   /* the hovered point; counts while overlay.hover is a row */
  GArray             *marked;   /* guint32, owned */
  gboolean            marking, by_key;
  double              drag_x, drag_y, pan_view[4], pointer_x, pointer_y, anchor_x, anchor_y;
  enum { DRAG_NONE, DRAG_PAN, DRAG_BRUSH, DRAG_HANDLE } drag;
  double              handle;   /* value it was last moved to; NaN: where the scene has it */
  gboolean            space;
  /* children */
  GtkWidget          *card, *card_title, *card_text, *status;
};

/* picture */
void     ktm_chart_view_queue_render (KtmChartView *self, gboolean build);
void     ktm_chart_view_set_hover    (KtmChartView *self, const KtmHit *hit);   /* NULL: nobody */
void
ktm_chart_view_set_view (KtmChartView *self, double x_lo, double x_hi, double y_lo, double y_hi);
void     ktm_chart_view_get_view     (KtmChartView *self, double whole[4], double shown[4]);
void     ktm_chart_view_emit_picked  (KtmChartView *self, long row);
void     ktm_chart_view_emit_marked  (KtmChartView *self);
void     ktm_chart_view_emit_handle  (KtmChartView *self, double value);
/* the line that can be moved */
gboolean ktm_chart_handle_at   (KtmChartView *self, double x, double y);
void     ktm_chart_handle_drag (KtmChartView *self, double x, double y);
gboolean ktm_chart_handle_step (KtmChartView *self, int dx, int dy);
void     ktm_chart_handle_draw (KtmChartView *self, cairo_t *cr);
/* hand and keys */
void     ktm_chart_view_add_controllers (KtmChartView *self);
/* words: title and text of a patient at a column of the scene; free both */
void ktm_chart_hover_text (const KtmFrame *frame, const KtmChartOptions *options, long row,
                           double time, char **title, char **text);

G_END_DECLS
