/* KtmChart: the registry of chart types, their options, and the recipe that rebuilds a figure.
 *
 * build() turns a frame (and, for charts drawn from results, a report) into a KtmScene in data
 * units; ktm_layout_new() places it in points; ktm_draw() paints it on any cairo_t.  No GTK here.
 */
#pragma once

#include <gio/gio.h>

#include "ktm-frame.h"
#include "ktm-harms.h"
#include "ktm-report.h"
#include "ktm-scene.h"

typedef enum
{
  KTM_SUMMARY_MEAN,
  KTM_SUMMARY_MEDIAN,
  KTM_SUMMARY_NONE,
  KTM_SUMMARY_CLASS
} KtmSummary; /* CLASS: curves of trajectory classes */
typedef enum
{
  KTM_BAND_CI,
  KTM_BAND_SD,
  KTM_BAND_SE,
  KTM_BAND_NONE
} KtmBand; /* with a median: quartiles for SD, median CI for CI */

typedef struct
{
  char      *measure;       /* id; NULL: the frame's first */
  KtmShow    show;
  KtmSummary summary;
  KtmBand    band;
  gboolean   individuals;
  char      *colour_by;     /* attribute id; NULL: one group */
  char     **groups;        /* levels to keep, in this order; NULL: all */
  gboolean   facets;        /* small multiples by colour_by */
  KtmMissing missing;
  double     from, to;      /* nominal times; NaN open */
  double     level;
  long       picked;        /* frame row drawn dark with markers; −1 none */
  gboolean   caption;       /* print the caption inside the figure */
  gboolean   codes;         /* patient codes may appear */
  guint64    seed;          /* jitter */
  char      *lang;          /* "en", "fr"; NULL: English */
  char       decimal_mark;  /* '.' ',' or 0: the language's */
  char      *title;         /* printed above the figure; NULL none */
  char **attributes;        /* of a chart of subgroups: ids, in this order; NULL: colour_by, or the
                               analysis chooses */
  gboolean   standardised;  /* subgroups in standard deviations, not in points */
  KtmText *note; /* a result printed over the caption; owned; NULL none.  Never kept in a recipe:
                    its numbers are of now */
  int        classes;       /* trajectory classes asked for; 0: the recommended number; below 0:
                               those of a saved model, which no recipe says */
  int        degree;        /* of their curves; 3 */
  gboolean   normal;        /* their scores normal, not censored at the ends of the scale */
  char      *shape;         /* of their curves: spline or piecewise; NULL: polynomial */
  char      *knots;         /* "0,1,6,12": times of the knots of such curves; NULL: chosen */
  char      *degrees;       /* "2,3,1": one a class from the lowest up; NULL: all as degree */
  gboolean   sigma_by_class, random_intercept; /* of the models of classes */
  double     threshold;     /* relief in %, of the responder curve and rate; NaN: 30 */
  gboolean   seen_only;     /* of the responder curve: nothing where missing is non-response */
  char      *relief;        /* rule of ktm-relief.h; NULL: its own */
  gboolean turnbull; /* of the relief chart: loss known between two visits, not at the later */
  char      *definition;    /* of response, as ktm-definition.h; NULL: at least `threshold` % */
  char      *evidence;      /* rule of ktm-evidence.h; NULL: its own */
  KtmHarms   harms;         /* what counts as an adverse event, how, and its interval */
} KtmChartOptions;

KtmChartOptions *ktm_chart_options_new  (void);
KtmChartOptions *ktm_chart_options_copy (const KtmChartOptions *options);
void             ktm_chart_options_free (KtmChartOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmChartOptions, ktm_chart_options_free)

typedef struct
{
  const char *id;           /* as on the command line */
  const char *title;        /* N_() */
  const char *analysis;     /* id of the analysis whose report build() needs; NULL none */
  guint       parts;        /* KtmFrameParts the frame must hold */
  /* NULL with an error that says in one sentence what cannot be drawn and why. */
  KtmScene *(*build) (const KtmFrame *frame, const KtmReport *report,
                      const KtmChartOptions *options, GError **error);
} KtmChartType;

const KtmChartType *ktm_chart_types     (gsize *n);
const KtmChartType *ktm_chart_type_find (const char *id);
/* Id of the analysis whose report build() needs for @options: the type's own, or that of class
 * curves; NULL none. */
const char         *ktm_chart_analysis  (const KtmChartType *type, const KtmChartOptions *options);

/* The small text that rebuilds a chart: JSON with cohort id, chart id, measure, where, grouping,
 * options, seed, version. Holds no patient code, path, title or user name. */
typedef struct
{
  char            *cohort_id;
  char            *chart;
  char           **where;      /* as ktm_filter_dup_texts() */
  KtmChartOptions *options;
} KtmRecipe;

char      *ktm_recipe_to_text   (const KtmRecipe *recipe);
KtmRecipe *ktm_recipe_from_text (const char *text, GError **error);
KtmRecipe *
ktm_recipe_from_file (const char *path,
                      GError **error); /* a saved recipe, or an exported PNG, SVG or PDF */
void       ktm_recipe_free      (KtmRecipe *recipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KtmRecipe, ktm_recipe_free)
