/* KtmLayout: a scene placed in points, at one size, in one style.  Nothing overlaps and nothing is
 * clipped, whatever the size: what finds no room is left out in a fixed order and `detail` says how
 * far that went.
 */
#pragma once

#include "ktm-chart-text.h"
#include "ktm-scale.h"
#include "ktm-scene.h"
#include "ktm-style.h"

G_BEGIN_DECLS

typedef struct { double x, y, w, h; } KtmRect;

typedef enum
{
  KTM_ITEM_TEXT,
  KTM_ITEM_LINE,
  KTM_ITEM_MARKER,
  KTM_ITEM_SWATCH,
  KTM_ITEM_RAMP,
  KTM_ITEM_FRAME  /* of a step of a flow diagram */
} KtmItemKind;

typedef enum
{
  KTM_USE_TITLE,
  KTM_USE_CAPTION,
  KTM_USE_NOTE,
  KTM_USE_STRIP,
  KTM_USE_TICK,
  KTM_USE_AXIS,
  KTM_USE_ROW,
  KTM_USE_DIRECT,
  KTM_USE_LEGEND,
  KTM_USE_SIDE,
  KTM_USE_VALUE,
  KTM_USE_LANE,
  KTM_USE_RESULT
} KtmItemUse;

typedef struct
{
  KtmItemKind kind;
  KtmItemUse  use;
  KtmRect     box;        /* what it covers, points; text: after turning */
  char       *text;       /* owned */
  double      size, wrap; /* type size; wrap width, 0 one line */
  int         lines;
  gboolean    bold, vertical, cut; /* cut: an ellipsis hides a part */
  gboolean    slanted;             /* text rises at 45°, its end at (x, y) */
  gboolean    arrow;               /* LINE: a head at its end.  FRAME: a light one */
  PangoAlignment align;
  KtmColour   colour;
  double      x, y, x2, y2, width; /* LINE; MARKER: centre and radius in width */
  KtmRole     role;
  guint       look;
  gboolean    filled;     /* SWATCH: a box of its colour */
  KtmFill     fill;        /* SWATCH of an area */
} KtmItem;

typedef struct
{
  const KtmPanel *panel;
  KtmRect   plot;          /* inside the axes */
  KtmScale  x, y;
  gsize     n_grid;        /* y of the light lines */
  double   *grid;
  int      *lane;          /* lanes panels: lane of each (mark, text); −1 no room */
  gsize     n_lanes;
} KtmPlace;

/* The part of the axes shown: NaN for the scene's own end. */
typedef struct { double x_lo, x_hi, y_lo, y_hi; } KtmView;
#define KTM_VIEW_WHOLE ((KtmView) { NAN, NAN, NAN, NAN })

typedef struct
{
  KtmScene *scene;         /* owned reference */
  KtmStyle  style;
  double    width, height;
  KtmView   view;
  gboolean  zoomed;
  GArray   *items;         /* KtmItem */
  GArray   *places;        /* KtmPlace, one a panel */
  gboolean  direct;        /* labels stand at the line ends */
  int detail; /* 0: everything; 1 caption left out, 2 title, notes and rows of second rank, 3 n rows,
                 4 legend, 5 axis titles, 6 ticks and names of panels */
  double    spare;         /* of a forest or a flow diagram: height it could do without */
  gboolean  n_thinned;     /* n does not stand under every visit */
  double    smallest_text, thinnest_line; /* points */
} KtmLayout;

/* Between stacked panels, in type sizes; vertical rules run through it. */
#define KTM_STACK_GAP 1.1

/* Places @scene on @width × @height points.  @view may be NULL.  Free with ktm_layout_free(). */
KtmLayout *ktm_layout_new (const KtmScene *scene, const KtmStyle *style, double width,
                           double height, const KtmView *view);
void       ktm_layout_free (KtmLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmLayout, ktm_layout_free)

/* The panel whose plot holds the point (with a margin), −1 none. */
int        ktm_layout_panel_at (const KtmLayout *layout, double x, double y);

G_END_DECLS
