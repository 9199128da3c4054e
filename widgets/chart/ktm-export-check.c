/* Floor widgets/chart: what an editor or a reviewer would send back.  No GTK. */
#include "ktm-export.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_TEXT 7.0
#define LEAST_LINE 0.5

static void
check_free (gpointer data)
{
  KtmCheck *check = data;

  g_free (check->title);
  g_free (check->detail);
  g_free (check);
}

static void
add (GPtrArray *out, KtmCheckKind kind, gboolean passed, gboolean fixable, const char *title,
     char *detail)
{
  KtmCheck *check = g_new0 (KtmCheck, 1);

  check->kind = kind;
  check->passed = passed;
  check->fixable = !passed && fixable;
  check->title = g_strdup (title);
  check->detail = detail;
  g_ptr_array_add (out, check);
}

/* At most two decimals, as few as it takes. */
static char *
points (double value)
{
  int decimals = 2;

  while (decimals > 0
         && fabs (value * pow (10, decimals - 1) - round (value * pow (10, decimals - 1))) < 0.01)
    decimals--;
  char *number = ktm_lang_number (NULL, value, decimals, 0);
  char *out = g_strdup (number);

  free (number);
  return out;
}

static void
check_type (GPtrArray *out, const KtmLayout *layout)
{
  gboolean text = layout->smallest_text >= LEAST_TEXT - 0.005,
           lines = layout->thinnest_line >= LEAST_LINE - 0.005;
  g_autofree char *size = points (layout->smallest_text), *width = points (layout->thinnest_line);

  /* Translators: %s is a number of typographic points. */
  add (out, KTM_CHECK_TEXT, text, TRUE, text ? _("All text ≥ 7 pt") : _("Some text is below 7 pt"),
       g_strdup_printf (_("smallest %s pt"), size));
  add (out, KTM_CHECK_LINES, lines, TRUE,
       lines ? _("All lines ≥ 0.5 pt") : _("Some lines are below 0.5 pt"),
       lines ? g_strdup_printf (_("thinnest %s pt"), width)
             : g_strdup_printf (_("thinnest %s pt; many journals ask for 0.5"), width));
}

static gboolean
has_rows (const KtmScene *scene)
{
  for (guint i = 0; i < scene->panels->len; i++)
    if (((const KtmPanel *) scene->panels->pdata[i])->rows->len > 0)
      return TRUE;
  return FALSE;
}

static void
check_words (GPtrArray *out, const KtmLayout *layout)
{
  const KtmScene *scene = layout->scene;
  gboolean counts = has_rows (scene) && !layout->n_thinned && layout->detail < 3;
  gboolean captioned = scene->show_caption && layout->detail < 1;

  if (scene->over_time)
    add (out, KTM_CHECK_COUNTS, counts, FALSE,
         counts ? _("n under every visit") : _("n does not stand under every visit"),
         counts ? NULL : g_strdup (_("make the figure wider")));
  if (scene->band != NULL)
    add (out, KTM_CHECK_BAND, captioned, !scene->show_caption,
         captioned ? _("Band named") : _("The band is not named in the figure"),
         captioned ? g_strdup (scene->band)
                   : g_strdup (scene->show_caption ? _("make the figure higher")
                                                   : _("turn the caption on")));
  add (out, KTM_CHECK_CODES, !scene->has_codes, TRUE,
       scene->has_codes ? _("Patient codes are shown") : _("No patient codes"),
       scene->has_codes ? NULL : g_strdup (_("no dates")));
}

static gboolean
same_dash_and_marker (guint a, guint b)
{
  gboolean hollow_a, hollow_b;
  int n_a, n_b;
  const double *dash_a = ktm_style_dash (KTM_ROLE_SERIES, a, &n_a),
               *dash_b = ktm_style_dash (KTM_ROLE_SERIES, b, &n_b);

  return ktm_style_marker (KTM_ROLE_SERIES, a, &hollow_a)
             == ktm_style_marker (KTM_ROLE_SERIES, b, &hollow_b)
         && hollow_a == hollow_b && n_a == n_b
         && memcmp (dash_a, dash_b, (gsize) n_a * sizeof *dash_a) == 0;
}

/* Lines of two groups in one panel. */
static gboolean
panel_tells_apart (const KtmScene *scene, const KtmPanel *panel)
{
  for (guint i = 0; i < panel->marks->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const KtmMark *a = panel->marks->pdata[i], *b = panel->marks->pdata[j];

        if (a->kind == KTM_MARK_LINE && b->kind == KTM_MARK_LINE && a->role == KTM_ROLE_SERIES
            && b->role == KTM_ROLE_SERIES && a->series != b->series
            && same_dash_and_marker (((const KtmSeries *) scene->series->pdata[a->series])->look,
                                     ((const KtmSeries *) scene->series->pdata[b->series])->look))
          return FALSE;
      }
  return TRUE;
}

static void
check_grey (GPtrArray *out, const KtmLayout *layout)
{
  gboolean apart = TRUE;

  if (layout->scene->series->len < 2)
    return;
  for (guint i = 0; i < layout->scene->panels->len; i++)
    apart &= panel_tells_apart (layout->scene, layout->scene->panels->pdata[i]);
  add (out, KTM_CHECK_GREY, apart, FALSE,
       apart ? _("Readable in grey") : _("Some groups look alike in grey"),
       g_strdup (apart ? _("dash and marker differ")
                       : _("show fewer groups, or small multiples")));
}

static void
check_room (GPtrArray *out, const KtmLayout *layout)
{
  gboolean cut = FALSE;

  for (guint i = 0; i < layout->items->len; i++)
    cut |= g_array_index (layout->items, KtmItem, i).cut;
  if (layout->detail > 0 || cut)
    add (out, KTM_CHECK_ROOM, FALSE, FALSE,
         layout->detail > 0 ? _("Parts were left out for want of room")
                            : _("A name is cut short"),
         g_strdup (_("make the figure larger or the text smaller")));
}

static int
by_result (gconstpointer a, gconstpointer b)
{
  const KtmCheck *x = *(KtmCheck *const *) a, *y = *(KtmCheck *const *) b;

  return x->passed == y->passed ? (int) x->kind - (int) y->kind : y->passed - x->passed;
}

/* All checks of a figure at its final size. */
GPtrArray *
ktm_export_check (const KtmLayout *layout)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (check_free);

  check_type (out, layout);
  check_grey (out, layout);
  check_words (out, layout);
  check_room (out, layout);
  g_ptr_array_sort (out, by_result);
  return out;
}

/* Makes one failed check pass. */
gboolean
ktm_export_fix (KtmCheckKind kind, KtmExportOptions *options, KtmChartOptions *chart)
{
  switch (kind)
    {
    case KTM_CHECK_TEXT:
      /* n rows may shrink to 78 % of the type */
      options->font_pt = MAX (options->font_pt, 9);
      return TRUE;
    case KTM_CHECK_LINES:
      options->line_pt = MAX (options->line_pt, 1.0);
      return TRUE;
    case KTM_CHECK_BAND:
      chart->caption = TRUE;
      return TRUE;
    case KTM_CHECK_CODES:
      chart->codes = FALSE;
      return TRUE;
    case KTM_CHECK_COUNTS:
    case KTM_CHECK_GREY:
    case KTM_CHECK_ROOM:
    default:
      return FALSE;
    }
}
