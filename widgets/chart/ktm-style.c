/* Floor widgets/chart: styles.  No GTK.
 *
 * Colours: Okabe & Ito (2008), "Color universal design"; yellow left out because it cannot be seen
 * on paper.
 */
#include "ktm-style.h"

#include <math.h>
#include <string.h>

#define N_COLOURS 6
#define N_MARKERS 6
#define N_DASHES  5

static const guint32 on_paper[N_COLOURS] = { 0x0072b2, 0xd55e00, 0x009e73,
                                             0xcc79a7, 0xe69f00, 0x56b4e9 };
static const guint32 on_dark[N_COLOURS] = { 0x56b4e9, 0xf5813f, 0x2fc294,
                                            0xe29bc4, 0xf0b93a, 0x9ec4ff };
static const guint32 on_grey[N_COLOURS] = { 0x000000, 0x6b6b6b, 0x3d3d3d,
                                            0x8a8a8a, 0x222222, 0x575757 };

static const double dashes[N_DASHES][6] = {
  { 0 }, { 3.4, 1.7 }, { 1.1, 1.3 }, { 4.2, 1.5, 1.1, 1.5 }, { 6.5, 2.0 },
};
static const int dash_lengths[N_DASHES] = { 0, 2, 2, 4, 2 };

static KtmColour
hex (guint32 rgb)
{
  return (KtmColour){ (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, 1 };
}

static void
set_family (KtmStyle *style, const char *family)
{
  const char *rest = "Cantarell, Inter, DejaVu Sans, sans-serif";

  if (family == NULL || family[0] == '\0')
    g_strlcpy (style->family, rest, sizeof style->family);
  else if (g_ascii_strcasecmp (family, "Arial") == 0
           || g_ascii_strcasecmp (family, "Helvetica") == 0)
    g_snprintf (style->family, sizeof style->family,
                "%s, Arial, Helvetica, Liberation Sans, Nimbus Sans, Arimo, %s", family, rest);
  else
    g_snprintf (style->family, sizeof style->family, "%s, %s", family, rest);
}

static void
set_colours (KtmStyle *style)
{
  if (style->dark)
    {
      style->paper = style->theme == KTM_THEME_PRESENT_DARK ? hex (0x1d1d20) : hex (0x343437);
      style->ink = hex (0xffffff);
      style->dim = hex (0xb9b9bf);
      style->grid = hex (0x4a4a4f);
      style->selected = hex (0xffffff);
      style->reference = hex (0x9a9aa2);
      return;
    }
  style->paper = hex (0xffffff);
  style->ink = hex (0x1a1a1e);
  style->dim = style->grey ? hex (0x4d4d4d) : hex (0x5b5b62);
  style->grid = hex (0xe4e4e7);
  style->selected = hex (0x111114);
  style->reference = hex (0x7d7d85);
}

/* Fills @style for @theme; see the header. */
void
ktm_style_init (KtmStyle *style, KtmTheme theme, double size, double line, const char *family)
{
  gboolean present = theme == KTM_THEME_PRESENT || theme == KTM_THEME_PRESENT_DARK;
  gboolean print = theme == KTM_THEME_PRINT || theme == KTM_THEME_GREY;

  memset (style, 0, sizeof *style);
  style->theme = theme;
  style->dark = theme == KTM_THEME_DARK || theme == KTM_THEME_PRESENT_DARK;
  style->grey = theme == KTM_THEME_GREY;
  style->size = size > 0 ? size : present ? 22 : print ? 9 : 12.5;
  style->small = print ? style->size : style->size * (present ? 0.92 : 0.9);
  style->line = line > 0 ? line : present ? 4 : print ? 1.0 : 2.2;
  style->thin = style->line * (print ? 0.5 : 0.42);
  style->hair = print ? MIN (style->line * 0.5, style->size / 14) : MAX (0.8, style->size / 14);
  style->marker = (print ? 0.22 : 0.26) * style->size;
  style->caption_on_top = !print;
  set_family (style, family);
  set_colours (style);
}

static double
linear_light (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
luminance (KtmColour c)
{
  return 0.2126 * linear_light (c.r) + 0.7152 * linear_light (c.g) + 0.0722 * linear_light (c.b);
}

/* (L1 + .05)/(L2 + .05), WCAG 2.1. */
double
ktm_colour_contrast (KtmColour a, KtmColour b)
{
  double la = luminance (a), lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

static KtmColour
mix (KtmColour a, KtmColour b, double f)
{
  return (KtmColour) { a.r + (b.r - a.r) * f, a.g + (b.g - a.g) * f, a.b + (b.b - a.b) * f, 1 };
}

static KtmColour
severity_colour (const KtmStyle *style, KtmRole role)
{
  if (role == KTM_ROLE_MILD || style->grey)
    return style->ink;
  return hex (role == KTM_ROLE_MODERATE ? 0xe69f00 : 0xd55e00);
}

/* Colour of a line, area or marker. */
KtmColour
ktm_style_colour (const KtmStyle *style, KtmRole role, guint look)
{
  switch (role)
    {
    case KTM_ROLE_SERIES:
      return hex ((style->grey ? on_grey : style->dark ? on_dark : on_paper)[look % N_COLOURS]);
    case KTM_ROLE_CONTEXT:
      return style->dark ? hex (0x8b8b93) : hex (0x9a9aa0);
    case KTM_ROLE_SELECTED:
      return style->selected;
    case KTM_ROLE_ABSENT:
      return style->dark ? hex (0x6a6a70) : hex (0xc4c4ca);
    case KTM_ROLE_MILD:
    case KTM_ROLE_MODERATE:
    case KTM_ROLE_SEVERE:
      return severity_colour (style, role);
    case KTM_ROLE_REFERENCE:
    default:
      return style->reference;
    }
}

/* See the header. */
KtmColour
ktm_style_area_colour (const KtmStyle *style, KtmRole role, guint look)
{
  static const guint32 greys[N_COLOURS] = { 0x5a5a5a, 0xc4c4c4, 0x2b2b2b,
                                            0xa0a0a0, 0xdedede, 0x7d7d7d };
  static const guint32 severities[2][3] = { { 0x56b4e9, 0xe69f00, 0xd55e00 },
                                            { 0xcacaca, 0x8a8a8a, 0x2a2a2a } };

  if (role >= KTM_ROLE_MILD)
    return hex (severities[style->grey][role - KTM_ROLE_MILD]);
  if (style->grey && role == KTM_ROLE_SERIES)
    return hex (greys[look % N_COLOURS]);
  return ktm_style_colour (style, role, look);
}

/* The same colour moved towards ink until it can be read. */
KtmColour
ktm_style_text_colour (const KtmStyle *style, KtmRole role, guint look)
{
  KtmColour base = ktm_style_colour (style, role, look);

  if (role == KTM_ROLE_ABSENT || role == KTM_ROLE_CONTEXT || role == KTM_ROLE_REFERENCE)
    return style->dim;
  if (role >= KTM_ROLE_MILD)
    return style->ink;
  for (double f = 0; f < 1; f += 0.04)
    {
      KtmColour tint = mix (base, style->ink, f);

      if (ktm_colour_contrast (tint, style->paper) >= 4.6)
        return tint;
    }
  return style->ink;
}

/* Dash of a series; solid for the first, then dashed, dotted, dash-dot, long dashes. */
const double *
ktm_style_dash (KtmRole role, guint look, int *n)
{
  static const double reference[] = { 2.6, 2.0 };
  guint i = (look + look / N_DASHES) % N_DASHES;

  if (role == KTM_ROLE_REFERENCE)
    {
      *n = 2;
      return reference;
    }
  *n = role == KTM_ROLE_SERIES ? dash_lengths[look < N_DASHES ? look : i] : 0;
  return dashes[look < N_DASHES ? look : i];
}

/* Marker of a series or severity; from the seventh series on they are hollow. */
KtmMarker
ktm_style_marker (KtmRole role, guint look, gboolean *hollow)
{
  static const KtmMarker order[N_MARKERS] = { KTM_MARKER_CIRCLE,   KTM_MARKER_SQUARE,
                                              KTM_MARKER_TRIANGLE, KTM_MARKER_DIAMOND,
                                              KTM_MARKER_INVERTED, KTM_MARKER_CROSS };

  *hollow = FALSE;
  switch (role)
    {
    case KTM_ROLE_SERIES:
      *hollow = look >= N_MARKERS;
      return order[(look + look / N_MARKERS) % N_MARKERS];
    case KTM_ROLE_MODERATE:
      return KTM_MARKER_TRIANGLE;
    case KTM_ROLE_SEVERE:
      return KTM_MARKER_DIAMOND;
    case KTM_ROLE_SELECTED:
    case KTM_ROLE_MILD:
      *hollow = TRUE;
      return KTM_MARKER_CIRCLE;
    default:
      return KTM_MARKER_CIRCLE;
    }
}

/* Light to dark along one hue (on dark paper: dark to light), or blue over pale to vermillion;
 * monotone in grey too where it does not diverge. */
KtmColour
ktm_style_ramp (const KtmStyle *style, gboolean diverging, double f)
{
  KtmColour low = style->grey ? hex (0xf0f0f0) : style->dark ? hex (0x26384a) : hex (0xeaf2f8);
  KtmColour mid = style->grey ? hex (0x8c8c8c) : hex (0x4b93c4);
  KtmColour high = style->grey ? hex (0x101010) : style->dark ? hex (0xdaf0ff) : hex (0x08304f);

  f = isnan (f) ? 0 : CLAMP (f, 0, 1);
  if (diverging)
    {
      low = style->grey ? hex (0x202020) : hex (0x0072b2);
      mid = style->dark ? hex (0x45454a) : hex (0xf2f0ec);
      high = style->grey ? hex (0x9a9a9a) : hex (0xd55e00);
    }
  return f < 0.5 ? mix (low, mid, f * 2) : mix (mid, high, f * 2 - 1);
}

/* Levels of an ordinal answer from best (0) to worst (1) around a middle that stands off the paper:
 * blue, grey, vermillion, the ends strongest; without colours, place and order tell the sides. */
KtmColour
ktm_style_shade (const KtmStyle *style, double f)
{
  static const guint32 light[] = { 0x00497a, 0x3a8fc8, 0xa9d2ef, 0xd8d7d2,
                                   0xf4c592, 0xe08c3c, 0xa84a00 };
  static const guint32 dark[] = { 0x2a78b8, 0x5aa6dc, 0x9ccbee, 0x77777d,
                                  0xf4c592, 0xe39546, 0xc06414 };
  static const guint32 grey[] = { 0x202020, 0x606060, 0xa0a0a0, 0xe2e2e2,
                                  0xbcbcbc, 0x848484, 0x484848 };
  const guint32 *levels = style->grey ? grey : style->dark ? dark : light;
  double at = 6 * (isnan (f) ? 0.5 : CLAMP (f, 0, 1));
  int i = MIN ((int) at, 5);

  return mix (hex (levels[i]), hex (levels[i + 1]), at - i);
}

/* Fewer lines are drawn stronger, and lines pressed into a low plot (@height points) weaker. */
double
ktm_style_individual_alpha (const KtmStyle *style, gsize n, double height)
{
  double alpha = 2.5 / sqrt (MAX (n, 1) + 1.0) * CLAMP (sqrt (height / (style->size * 30)), 0.6, 1);

  /* Black lines weigh more than coloured ones. */
  return CLAMP (alpha, 0.10, 0.55) * (style->dark ? 1.15 : style->grey ? 0.55 : 1);
}

/* Opacity of a band around a summary. */
double
ktm_style_band_alpha (const KtmStyle *style)
{
  return style->dark ? 0.34 : style->grey ? 0.2 : 0.28;
}

static const char *const theme_names[] = { "light", "dark",    "print",
                                           "grey",  "present", "present-dark" };

/* The theme called @name; FALSE: no such theme. */
gboolean
ktm_theme_parse (const char *name, KtmTheme *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (theme_names); i++)
    if (g_ascii_strcasecmp (name, theme_names[i]) == 0)
      {
        *out = (KtmTheme) i;
        return TRUE;
      }
  return FALSE;
}

/* Its name on the command line; static. */
const char *
ktm_theme_name (KtmTheme theme)
{
  return theme_names[theme];
}
