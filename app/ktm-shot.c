/* app: screenshots. */
#include "ktm-shot.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define STEP 50  /* milliseconds between two looks at the window */
#define QUIET 6  /* looks without change until it counts as settled */

struct _KtmShot
{
  char      *path, **actions; /* owned */
  int        width, height, wait; /* wait: milliseconds at the end */
  gboolean   dark;
  KtmWindow *window; /* borrowed */
  guint      next, quiet, timeout;
};

KtmShot *
ktm_shot_new (GVariantDict *options, GError **error)
{
  g_autofree char *size = NULL, *theme = NULL;
  KtmShot *shot = g_new0 (KtmShot, 1);

  g_variant_dict_lookup (options, "screenshot", "^ay", &shot->path);
  g_variant_dict_lookup (options, "shot-size", "s", &size);
  g_variant_dict_lookup (options, "shot-theme", "s", &theme);
  g_variant_dict_lookup (options, "shot-wait", "i", &shot->wait);
  g_variant_dict_lookup (options, "shot-do", "^as", &shot->actions);
  shot->width = 1440;
  shot->height = 900;
  shot->dark = !g_strcmp0 (theme, "dark");
  if (size
      && (sscanf (size, "%dx%d", &shot->width, &shot->height) != 2 || shot->width < 300
          || shot->height < 200))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” is not a size; write it as 1440x900."), size);
      g_clear_pointer (&shot, ktm_shot_free);
    }
  return shot;
}

void
ktm_shot_free (KtmShot *shot)
{
  g_clear_handle_id (&shot->timeout, g_source_remove);
  g_free (shot->path);
  g_strfreev (shot->actions);
  g_free (shot);
}

gboolean
ktm_shot_save (GtkWidget *window, const char *path, GError **error)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  int width = gdk_paintable_get_intrinsic_width (paintable),
      height = gdk_paintable_get_intrinsic_height (paintable);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  if (node && renderer)
    texture = gsk_renderer_render_texture (
        renderer, node, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  if (!texture || !gdk_texture_save_to_png (texture, path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The window could not be saved as %s."),
                   path);
      return FALSE;
    }
  return TRUE;
}

static void
do_next_action (KtmShot *shot)
{
  const char *text = shot->actions[shot->next++];
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_action_parse_detailed_name (text, &name, &target, &error)
      || !gtk_widget_activate_action_variant (GTK_WIDGET (shot->window), name, target))
    g_printerr ("ketamine-viewer: %s: %s\n", text, error ? error->message : "no such action");
}

/* Settled: nothing loads and nothing has been drawn anew for a while. */
static gboolean
tick_cb (gpointer data)
{
  KtmShot *shot = data;
  g_autoptr (GError) error = NULL;

  if (ktm_window_is_busy (shot->window))
    shot->quiet = 0;
  if (++shot->quiet < QUIET)
    return G_SOURCE_CONTINUE;
  shot->quiet = 0;
  if (shot->actions && shot->actions[shot->next])
    {
      do_next_action (shot);
      return G_SOURCE_CONTINUE;
    }
  if (shot->wait > 0)
    {
      shot->wait -= STEP;
      shot->quiet = QUIET;
      return G_SOURCE_CONTINUE;
    }
  shot->timeout = 0;
  if (!ktm_shot_save (GTK_WIDGET (shot->window), shot->path, &error))
    g_printerr ("ketamine-viewer: %s\n", error->message);
  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

void
ktm_shot_take (KtmShot *shot, KtmWindow *window)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *font = NULL;

  g_object_get (settings, "gtk-font-name", &font, NULL);
  if (g_str_has_prefix (font, "Sans"))
    g_object_set (settings, "gtk-font-name", "Cantarell 11",
                  NULL); /* as on the desktop it is made for */
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      shot->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                 : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (GTK_WINDOW (window), shot->width, shot->height);
  gtk_window_unmaximize (GTK_WINDOW (window));
  shot->window = window;
  shot->timeout = g_timeout_add (STEP, tick_cb, shot);
}
