/* Shared by the files of ktm-layout only. */
#pragma once

#include <math.h>

#include "ktm-layout.h"

typedef struct
{
  KtmLayout    *out;
  const KtmScene *scene;
  const KtmStyle *style;
  PangoContext *text;
  double        line_height;      /* of the body type */
  KtmRect       body;             /* what is left for panels */
  guint         n_columns, n_rows_of_panels;
  double        left, right, gap; /* gutters of a panel row */
  gboolean      direct;
  int           detail;
  int           strip_lines;      /* of the titles of facets */
  gboolean      sub_line;         /* what stands after a title stands below it */
  gboolean      staggered;        /* every other title a line lower, as wide as it is */
  double        plot_width;       /* of the panel being measured; 0: not known */
  gboolean      named;            /* the words under an axis say what the legend would */
  double        across;           /* of all plots with one column of names; 0: each has its own */
  double       *beside;           /* of each of them: left of the plot, right of it; NULL: ask */
  const KtmColumn *measured;      /* the names measured last, in @measured_room: @measured_width */
  double        measured_room, measured_width;
  int           keep;             /* columns of words beside the plots up to this rank */
} KtmPlacing;

/* Words under an axis. */
typedef enum { KTM_NAMES_LINE, KTM_NAMES_WRAPPED, KTM_NAMES_SLANTED, KTM_NAMES_LEGEND } KtmNames;
typedef struct
{
  KtmNames manner;
  double   size, room, height;    /* of type; of each word: wrap width or greatest length; of all */
} KtmNameShape;

/* items */
void     ktm_placing_measure (const KtmPlacing *p, const KtmTextSpec *spec, double *w, double *h);
KtmItem *ktm_placing_text (KtmPlacing *p, KtmItemUse use, const KtmTextSpec *spec, KtmColour colour,
                           double x, double y);
KtmItem *ktm_placing_vertical_text (KtmPlacing *p, KtmItemUse use, const KtmTextSpec *spec,
                                    KtmColour colour, double x, double middle);
void ktm_placing_line (KtmPlacing *p, KtmItemUse use, double x, double y, double x2, double y2,
                       double width, KtmColour colour);
void ktm_placing_arrow (KtmPlacing *p, double x, double y, double x2, double y2, double width,
                        KtmColour colour);
void ktm_placing_box (KtmPlacing *p, KtmRect box, KtmRole role, guint look, gboolean light);
void ktm_placing_marker (KtmPlacing *p, KtmItemUse use, double x, double y, double radius,
                         KtmRole role, guint look);
void     ktm_placing_swatch  (KtmPlacing *p, KtmItemUse use, KtmRect box, KtmRole role, guint look);
void     ktm_placing_shade   (KtmPlacing *p, KtmItemUse use, KtmRect box, double shade);
void ktm_placing_patch (KtmPlacing *p, KtmItemUse use, KtmRect box, KtmRole role, guint look,
                        KtmFill fill);
void     ktm_placing_ramp_box (KtmPlacing *p, KtmRect box);
guint    ktm_placing_look    (const KtmPlacing *p, KtmRole role, guint series);
KtmTextSpec ktm_placing_spec (const KtmPlacing *p, const char *text, gboolean bold);

/* axes */
double   ktm_placing_y_ticks_width (KtmPlacing *p, const KtmPanel *panel, double height);
void     ktm_placing_y_axis  (KtmPlacing *p, KtmPlace *place, gboolean labels);
double   ktm_placing_x_axis  (KtmPlacing *p, KtmPlace *place, gboolean labels, gboolean title);
double   ktm_placing_x_title (KtmPlacing *p, const KtmPanel *panel, double middle, double y);
double   ktm_placing_rows    (KtmPlacing *p, KtmPlace *place, double y, gboolean labels);
double   ktm_placing_row_label_width (KtmPlacing *p, const KtmPanel *panel);
void     ktm_placing_values  (KtmPlacing *p, KtmPlace *place);
gboolean ktm_placing_has_row (const KtmPlacing *p, const KtmRow *row);

/* words under an axis */
KtmNameShape ktm_placing_name_shape (const KtmPlacing *p, const KtmPanel *panel, double width);
double   ktm_placing_names   (KtmPlacing *p, const KtmPlace *place, double top);

/* columns of words beside the plots */
double   ktm_placing_columns_width (KtmPlacing *p, const KtmPanel *panel, gboolean right_side);
void     ktm_placing_columns (KtmPlacing *p, KtmPlace *place, double right_gutter);

/* labels, legend, notes */
double   ktm_placing_direct_width (KtmPlacing *p);          /* 0: they do not fit, use a legend */
gboolean ktm_placing_direct  (KtmPlacing *p, KtmPlace *place);
double   ktm_placing_legend  (KtmPlacing *p, double y);     /* height used */
double   ktm_placing_notes   (KtmPlacing *p, const KtmPlace *place, double bottom, gboolean dry);

double   ktm_placing_ramp_width (KtmPlacing *p);
void     ktm_placing_ramp    (KtmPlacing *p, double x, double top, double bottom);

/* forest */
gboolean ktm_placing_is_forest (const KtmPlacing *p);
gboolean ktm_placing_forest (KtmPlacing *p); /* FALSE: too little room at this detail */

/* flow diagram */
gboolean ktm_placing_is_flow (const KtmPlacing *p);
gboolean ktm_placing_flow (KtmPlacing *p); /* FALSE: too little room at this detail */

/* lanes */
double   ktm_placing_lane_height (const KtmPlacing *p, const KtmPanel *panel);
void     ktm_placing_pack_lanes  (KtmPlacing *p, KtmPlace *place, double right_edge);
void     ktm_placing_lanes       (KtmPlacing *p, KtmPlace *place);
