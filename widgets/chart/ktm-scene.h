/* KtmScene: a chart in data units and style roles.  No pixel, no colour, no font: layout and style
 * add those.
 *
 * A scene is built by one thread, then never changed: it may cross threads and be laid out at any
 * size, any number of times. Every string is final: already in the figure's language.  NaN in y
 * breaks a line; no other non-finite number is kept.
 */
#pragma once

#include <glib.h>

#include "ktm-text.h"

G_BEGIN_DECLS

typedef enum { KTM_AXIS_LINEAR, KTM_AXIS_LOG, KTM_AXIS_BAND, KTM_AXIS_TIME } KtmAxisKind;

typedef struct
{
  KtmAxisKind kind;
  char       *label;        /* owned, with its unit; NULL: not written */
  double lo, hi; /* what is shown before any zoom; BAND: −0.5 … n − 0.5, one unit a band */
  gsize
      n_ticks; /* TIME, BAND: the visits or levels.  LINEAR, LOG: 0, layout chooses round numbers */
  double     *ticks;
  char      **tick_labels;
  gboolean    integers;     /* ticks at whole numbers only */
  gboolean    signed_ticks; /* "+2", "−2": an axis of change */
  gboolean    from_zero;    /* LINEAR: 0 is a tick, the others lie at even steps from it */
  gboolean    hidden;       /* neither ticks nor labels */
  gboolean    names;        /* BAND, TIME: the labels are words: none is thinned out, they wrap,
                               slant, or leave it to the legend */
  int        *tick_series;  /* n_ticks, with names: series whose colour a label takes; −1 none */
} KtmAxis;

typedef enum
{
  KTM_MARK_LINE,
  KTM_MARK_BAND, /* between low and high */
  KTM_MARK_POINTS,
  KTM_MARK_BARS,     /* from low to high at x */
  KTM_MARK_INTERVAL, /* a whisker from low to high at x */
  KTM_MARK_STEP,
  KTM_MARK_RULE, /* horizontal at y where x is NULL, vertical at x where y is NULL */
  KTM_MARK_TEXT,
  KTM_MARK_TILE, /* n_rows × stride cells of value; band axes */
  KTM_MARK_SPAN  /* across from low to high at y, with a marker at x; an arrow where it leaves the
                    axis */
} KtmMarkKind;

typedef enum
{
  KTM_ROLE_SERIES,    /* colour, dash and marker of series `series` */
  KTM_ROLE_CONTEXT,   /* what stands behind: grey */
  KTM_ROLE_SELECTED,  /* the picked patient: dark, with markers */
  KTM_ROLE_REFERENCE, /* a line to compare with */
  KTM_ROLE_ABSENT,    /* hatched: nothing is known here */
  KTM_ROLE_MILD,      /* severities: shape and colour */
  KTM_ROLE_MODERATE,
  KTM_ROLE_SEVERE
} KtmRole;

typedef enum { KTM_LINE_SUMMARY, KTM_LINE_INDIVIDUAL } KtmLineUse;

/* How an area is filled: areas are told apart without their colour. */
typedef enum
{
  KTM_FILL_USUAL,    /* a BAND translucent, BARS plain */
  KTM_FILL_SOLID,
  KTM_FILL_DIAGONAL, /* the rest: lines or dots of paper on the colour */
  KTM_FILL_DOTS,
  KTM_FILL_BACK,
  KTM_FILL_LEVEL,
  KTM_FILL_CROSS,
  KTM_N_FILLS
} KtmFill;

/* OVER starts at x, above y, and is left out where it ends beyond high.  INSIDE is centred at x, y,
 * and left out where it is wider than low … high. */
typedef enum
{
  KTM_TEXT_ABOVE,
  KTM_TEXT_BELOW,
  KTM_TEXT_RIGHT,
  KTM_TEXT_OVER,
  KTM_TEXT_INSIDE
} KtmTextPlace;

/* Arrays hold n numbers and are owned; NULL where the kind does not need them.
 * Individuals (LINE or TILE with stride > 0) are a matrix: x holds stride positions, y n_rows ×
 * stride values; no rows where nobody is in the group. */
typedef struct
{
  KtmMarkKind  kind;
  KtmRole      role;
  guint        series;
  KtmLineUse   use;
  gsize        n;
  double      *x, *y, *low, *high;
  double      *alpha;       /* n: 0…1, how much of the mark is left (few patients); NULL: 1 */
  gsize        n_rows, stride;
  guint32     *rows;        /* n_rows (or n, for POINTS): row of the frame */
  double      *jitter;      /* n_rows: added to y when drawn, never when read */
  gboolean     bridge;      /* a matrix line joins the scores on both sides of a missing one */
  double       fade;        /* of individuals: opacity beside the usual; 0: as usual */
  gboolean     dashed;      /* individuals, INTERVAL or SPAN in dashes */
  gboolean     markers;     /* a marker at every vertex */
  char       **text;        /* n strings (TEXT), or one at the end of a RULE */
  char       **subtext;     /* n, second line of a lane; nullable */
  KtmTextPlace place;
  double size; /* POINTS, SPAN: radius in the style's markers; 0: 1 */
  double       width;       /* BARS: half width in units of the other axis; 0: 0.38 */
  gboolean     across;      /* BARS, INTERVAL: from low to high along x, at y */
  gboolean     hollow;      /* POINTS, SPAN: paper inside */
  gboolean     plus;        /* POINTS: two thin strokes crossing, whatever the series' marker */
  gboolean     square;      /* SPAN: its marker is a square whatever the series */
  gboolean     stepped;     /* BAND: level until the next x */
  gboolean     flat;        /* INTERVAL: no caps */
  gboolean     diamond;     /* INTERVAL across: a diamond from low to high with its middle at x */
  KtmFill      fill;        /* BAND, BARS; TEXT: of the area it stands in */
  gboolean shaded; /* BARS, TEXT inside them: the colour of level `shade`, 0 best … 1 worst */
  double       shade;
} KtmMark;

/* Words beside a panel whose y axis has bands: cell i stands at band i. */
typedef struct
{
  char   **cells;         /* n, owned; NULL cells are empty */
  gsize    n;
  gboolean right_side;    /* of the plot */
  gboolean align_right;
  int      keep;          /* 0: always; the highest goes first where the figure is narrow */
  gboolean *bold;         /* n; NULL: none */
  KtmRole  role;          /* of its marker and colour, with series; CONTEXT: plain words */
  int     *series;        /* n; −1: plain; NULL: all plain */
} KtmColumn;

/* A line of figures under the time axis: n at each visit. */
typedef struct
{
  char    *label;
  KtmRole  role;
  guint    series;
  gboolean marker;
  gboolean heading;       /* no cells: of the rows below it */
  int      keep;          /* 0: as long as any; 1: left out before them */
  gsize    n;
  double  *x;
  char   **cells;
} KtmRow;

/* A row of a forest: what stands at the left and the right of its interval. */
typedef struct
{
  char    *label;
  char    *count, *value; /* nullable: n, and the numbers drawn */
  char    *more[3];       /* nullable: two more numbers left of the plot, one at the right end */
  gboolean heading;       /* of the rows below it, which are set in */
  gboolean strong;
  gboolean note;          /* words over the whole width, with no interval */
  gboolean lit;           /* on a band of colour */
  gboolean ruled;         /* a thin line above it */
} KtmLine;

/* A step of a flow diagram.  Boxes of one column are joined from top to bottom; one that stands
 * aside leaves the flow and hangs at the line between the boxes around it. */
typedef struct
{
  char    *text;          /* "Included: n = 256" */
  char    *detail;        /* lines below it; nullable */
  int      column;        /* −1: before the flow parts into columns */
  gsize    row;           /* rows of boxes from the top; boxes of one row stand side by side */
  gboolean aside;
  KtmRole  role;          /* of its frame, with series */
  guint    series;
} KtmBox;

typedef struct
{
  char  *text, *subtext;  /* subtext nullable */
  KtmRole role;
  guint   series;
  double  y;              /* where the line ends */
  gboolean shaded;        /* of a legend: a box in the colour of level `shade`, 0…1 */
  double   shade;
  KtmFill fill;           /* of an area: a patch stands before the words */
} KtmLabel;

typedef struct
{
  char      *title;       /* facet: which level; nullable */
  char      *subtitle;    /* "n = 87" */
  char      *side, *side_sub; /* stacked panels: name at the left */
  KtmRole    title_role;
  guint      title_series;
  gboolean   title_marker;
  KtmAxis    x, y;
  double     weight;      /* share of the height of stacked panels */
  gboolean   fit_bands;   /* of a stack: as high as one line of type a band of y */
  gboolean
      lanes; /* TEXT and INTERVAL marks are packed into rows of text (treatments, adverse events) */
  GPtrArray *marks;       /* KtmMark, back to front */
  GPtrArray *rows;        /* KtmRow */
  GPtrArray *labels;      /* KtmLabel: direct labels, or a legend where they do not fit */
  GPtrArray
      *lines; /* KtmLine: a forest, one band of y each, from the top; empty for every other panel */
  char      *line_heads[3]; /* over labels, counts and values; nullable */
  char *more_lines; /* "+ {1} …": said in the place of the last lines where there is no room for all
                     */
  GPtrArray *columns;     /* KtmColumn, from left to right */
  GPtrArray *boxes;       /* KtmBox: a flow diagram, without axes; empty for every other panel */
} KtmPanel;

typedef struct
{
  char *label;
  guint look;             /* position in the palette: colour, dash and marker */
} KtmSeries;

typedef struct
{
  char    *text;
  double   x;
  gboolean wedge;         /* ▼ pointing at x */
} KtmNote;

/* A line of the first panel that the person can move: a chart asked for again with another value of
 * the option it stands for. */
typedef struct
{
  char    *name;          /* owned: what it sets, for people who cannot see it; NULL: no handle */
  gboolean across;        /* a horizontal line at a value of y; else vertical, at one of x */
  double   value, lo, hi, step;
  gsize    n_snaps;
  double   snaps[4];      /* values it is drawn to */
} KtmHandle;

/* COLUMNS: side by side, each with its own axes and `weight` as its width. */
typedef enum { KTM_ARRANGE_GRID, KTM_ARRANGE_STACK, KTM_ARRANGE_COLUMNS } KtmArrange;

/* Colours of TILE marks: sequential, or diverging around middle. */
typedef struct
{
  gboolean used, diverging;
  double   lo, hi;
  char    *label;
  char    *missing;       /* what an empty cell is called */
} KtmRamp;

typedef struct
{
  char       *chart;        /* id of the type */
  char       *title;        /* nullable */
  char       *result;       /* a line of results over the caption; nullable */
  char       *caption;      /* what the band is, which patients, what became of missing visits */
  gboolean    show_caption;
  char *
      description; /* for people who cannot see it: what is drawn and what it shows, in sentences */
  GPtrArray  *notes;        /* KtmNote over the first panel: the index event, a stop */
  char       *band;         /* name of the band ("95% CI"); NULL: none drawn */
  gboolean    over_time;    /* n must stand under every visit */
  gboolean    has_codes;    /* a patient code stands somewhere in the figure */
  KtmArrange  arrange;
  gboolean    own_axes;     /* GRID: each panel has its own y axis */
  double      aspect;       /* GRID: wanted width of a panel's place over its height; 0: 1.25 */
  GPtrArray  *panels;       /* KtmPanel */
  GPtrArray  *series;       /* KtmSeries */
  GPtrArray  *legend;       /* KtmLabel drawn as a legend always; y unused */
  KtmRamp     ramp;
  KtmHandle   handle;       /* drawn by what can move it, never on a figure */
  char **columns; /* the numbers shown, as a table for assistive technology and the clipboard */
  GPtrArray  *table;        /* char **, as many cells as columns */
  const KtmLang *lang;      /* numbers on axes that layout chooses */
  char        decimal_mark;
} KtmScene;

/* An empty scene of chart type @chart; free with ktm_scene_unref(). */
KtmScene *ktm_scene_new   (const char *chart, const KtmLang *lang, char decimal_mark);
KtmScene *ktm_scene_ref   (const KtmScene *scene);
void      ktm_scene_unref (KtmScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmScene, ktm_scene_unref)

/* Builders.  What they return is owned by the scene.  Strings are copied, arrays too (NULL stays
 * NULL, or zeroes). */
KtmPanel *ktm_scene_add_panel (KtmScene *scene);
guint     ktm_scene_add_series (KtmScene *scene, const char *label, guint look);
KtmMark *ktm_panel_add_mark (KtmPanel *panel, KtmMarkKind kind, KtmRole role, guint series, gsize n,
                             const double *x, const double *y);
/* Individuals: @y is n_rows × stride, row-major, and is taken. */
KtmMark *
ktm_panel_add_matrix (KtmPanel *panel, KtmMarkKind kind, KtmRole role, guint series, gsize n_rows,
                      gsize stride, const double *x, double *y, const guint32 *rows);
KtmRow *ktm_panel_add_row (KtmPanel *panel, const char *label, KtmRole role, guint series, gsize n,
                           const double *x);
KtmLabel *ktm_panel_add_label (KtmPanel *panel, const char *text, const char *subtext, KtmRole role,
                               guint series, double y);
/* An empty column of @n cells for the caller to fill with owned strings. */
KtmColumn *ktm_panel_add_column (KtmPanel *panel, gsize n, gboolean right_side,
                                 gboolean align_right, int keep);
KtmMark *ktm_panel_add_text (KtmPanel *panel, KtmRole role, guint series, double x, double y,
                             const char *text, KtmTextPlace place);
/* @detail nullable. */
KtmBox *ktm_panel_add_box (KtmPanel *panel, gsize row, int column, gboolean aside, const char *text,
                           const char *detail);
KtmLine *
ktm_panel_add_line (KtmPanel *panel, const char *label, const char *count, const char *value);
void      ktm_scene_add_legend (KtmScene *scene, const char *text, KtmRole role, guint series);
void ktm_scene_add_shade (KtmScene *scene, const char *text, double shade);
/* The same for an area: a patch filled like it. */
void      ktm_scene_add_area_legend (KtmScene *scene, const char *text, KtmRole role, guint series,
                                     KtmFill fill);
void      ktm_scene_add_note (KtmScene *scene, const char *text, double x, gboolean wedge);
void ktm_axis_set_ticks (KtmAxis *axis, gsize n, const double *ticks, const char *const *labels);
void      ktm_axis_take_label (KtmAxis *axis, char *label);
void      ktm_scene_set_columns (KtmScene *scene, const char *const *columns);
/* @cells: as many as there are columns; taken. */
void      ktm_scene_take_table_row (KtmScene *scene, char **cells);

/* Every number finite or NaN where NaN is allowed, every axis of a positive length?  The build of a
 * type ends with it. */
gboolean  ktm_scene_check (const KtmScene *scene, GError **error);

/* Stable text of a scene for tests: six significant digits, long arrays by their ends and sum. Free
 * with g_free(). */
char     *ktm_scene_dump  (const KtmScene *scene);

G_END_DECLS
