/* The patients of a figure at its last visit: seen, lost on the way, never seen after baseline.
 * Private to types/. */
#pragma once

#include "ktm-figure.h"

typedef struct
{
  guint32 row;     /* of the frame */
  int     group;
  double  value;   /* as shown; of a lost patient: at the last visit with a score */
  double  before, after; /* scores; after NaN where lost */
} KtmFinal;

typedef struct
{
  gsize     n_seen, n_lost, n_none; /* none: no score after baseline */
  KtmFinal *seen, *lost, *none;
  double    time;                   /* of the last visit */
  char     *when;                   /* "month 12" */
} KtmFinals;

/* @f's table at its last visit, for groups shown.  FALSE with one sentence where nobody can be
 * shown. */
gboolean ktm_figure_finals (const KtmFigure *f, KtmFinals *out, GError **error);
void     ktm_finals_clear  (KtmFinals *finals);
/* 1 where a fall of the score is an improvement, −1 else: from most worsened to most improved is
 * falling sign × value. */
double   ktm_figure_sign   (const KtmFigure *f);
/* Sorted from most worsened to most improved, then by group. */
void     ktm_finals_sort   (const KtmFigure *f, KtmFinal *finals, gsize n);
/* "Month 12"; free with g_free(). */
char    *ktm_capital       (const char *text);
/* Number of finals of a group (−1: all). */
gsize    ktm_finals_count  (const KtmFinal *finals, gsize n, int group);
/* A row of the scene's table from printf-like cells that are taken. */
void     ktm_scene_table   (KtmScene *scene, gsize n, ...);
/* "26/87 = 30% [21, 40]"; free with g_free(). */
char    *ktm_figure_share  (const KtmFigure *f, gsize x, gsize n, double *low, double *high);
