/* app: the export dialog: what it knows, draws and remembers. */
#include "ktm-export-dialog-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ktm-export-preview.h"
#include "ktm-locate.h"

G_DEFINE_FINAL_TYPE (KtmExportDialog, ktm_export_dialog, ADW_TYPE_WINDOW)

/* --- settings --------------------------------------------------------------------------------- */

static void
load_settings (KtmExportDialog *self)
{
  GSettings *s = ktm_settings ();
  g_autofree char *theme = g_settings_get_string (s, "export-theme"),
                  *family = g_settings_get_string (s, "export-font");
  g_autofree char *lang = g_settings_get_string (s, "export-lang");
  int mark = g_settings_get_enum (s, "export-decimal-mark");

  ktm_export_options_init (&self->figure);
  self->figure.width_mm = g_settings_get_double (s, "export-width-mm");
  self->figure.height_mm = g_settings_get_double (s, "export-height-mm");
  self->figure.dpi = g_settings_get_int (s, "export-dpi");
  self->figure.font_pt = g_settings_get_double (s, "export-font-pt");
  self->figure.line_pt = g_settings_get_double (s, "export-line-pt");
  self->figure.transparent = g_settings_get_boolean (s, "export-transparent");
  g_strlcpy (self->figure.family, family, sizeof self->figure.family);
  if (!ktm_theme_parse (theme, &self->figure.theme))
    self->figure.theme = KTM_THEME_PRINT;
  self->options->caption = g_settings_get_boolean (s, "export-caption");
  self->options->codes = FALSE; /* never remembered: asked for each time */
  if (lang[0] != '\0')
    {
      g_free (self->options->lang);
      self->options->lang = g_strdup (lang);
    }
  if (mark != 0)
    self->options->decimal_mark = mark == 1 ? '.' : ',';
}

static void
save_settings (KtmExportDialog *self)
{
  GSettings *s = ktm_settings ();

  g_settings_set_double (s, "export-width-mm", self->figure.width_mm);
  g_settings_set_double (s, "export-height-mm", self->figure.height_mm);
  g_settings_set_int (s, "export-dpi", (int) self->figure.dpi);
  g_settings_set_double (s, "export-font-pt", self->figure.font_pt);
  g_settings_set_double (s, "export-line-pt", self->figure.line_pt);
  g_settings_set_boolean (s, "export-transparent", self->figure.transparent);
  g_settings_set_string (s, "export-theme", ktm_theme_name (self->figure.theme));
  g_settings_set_boolean (s, "export-caption", self->options->caption);
  g_settings_set_string (s, "export-lang", self->options->lang != NULL ? self->options->lang : "");
  g_settings_set_enum (s, "export-decimal-mark",
                       self->options->decimal_mark == 0     ? 0
                       : self->options->decimal_mark == '.' ? 1
                                                            : 2);
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void
fix_cb (GtkButton *button, KtmExportDialog *self)
{
  KtmCheckKind kind =
      (KtmCheckKind) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "check"));

  ktm_export_fix (kind, &self->figure, self->options);
  ktm_export_dialog_fill (self);
  ktm_export_dialog_queue_update (self);
}

static GtkWidget *
check_row (KtmExportDialog *self, const KtmCheck *check)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *label = gtk_label_new (NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (check->passed ? "object-select-symbolic"
                                                                : "dialog-warning-symbolic");
  g_autofree char *markup =
      check->detail != NULL && check->detail[0] != '\0'
          ? g_markup_printf_escaped ("<b>%s</b> · %s", check->title, check->detail)
          : g_markup_printf_escaped ("<b>%s</b>", check->title);

  gtk_widget_add_css_class (icon, check->passed ? "success" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  check->passed ? _("Passed") : _("Not passed"), -1);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  if (check->fixable)
    {
      GtkWidget *fix = gtk_button_new_with_label (_("Fix"));
      g_autofree char *name = g_strdup_printf (_("Fix: %s"), check->title);

      g_object_set_data (G_OBJECT (fix), "check", GINT_TO_POINTER (check->kind));
      gtk_accessible_update_property (GTK_ACCESSIBLE (fix), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      gtk_widget_set_valign (fix, GTK_ALIGN_CENTER);
      g_signal_connect (fix, "clicked", G_CALLBACK (fix_cb), self);
      gtk_box_append (GTK_BOX (box), fix);
    }
  return box;
}

static void
show_checks (KtmExportDialog *self, const KtmLayout *layout)
{
  g_autoptr (GPtrArray) checks = layout != NULL ? ktm_export_check (layout) : g_ptr_array_new ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->checks)) != NULL)
    gtk_box_remove (GTK_BOX (self->checks), child);
  for (guint i = 0; i < checks->len; i++)
    gtk_box_append (GTK_BOX (self->checks), check_row (self, checks->pdata[i]));
}

static GdkTexture *
texture_of (cairo_surface_t *surface)
{
  int stride = cairo_image_surface_get_stride (surface),
      height = cairo_image_surface_get_height (surface);
  g_autoptr (GBytes) bytes =
      g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) height);

  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), height,
                                 GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
}

static void
show_seen (KtmExportDialog *self, const KtmLayout *layout)
{
  for (int i = 0; i < 3; i++)
    {
      double scale = 340 / layout->width;
      cairo_surface_t *surface = ktm_draw_to_surface (layout, scale, FALSE);

      if (surface == NULL)
        continue;
      ktm_vision_simulate (surface, (KtmVision) i);
      g_autoptr (GdkTexture) texture = texture_of (surface);
      gtk_picture_set_paintable (GTK_PICTURE (self->seen[i]), GDK_PAINTABLE (texture));
      cairo_surface_destroy (surface);
    }
}

static void
show_size (KtmExportDialog *self)
{
  g_autofree char *text =
      g_strdup_printf (_("%.0f × %.0f pixels, resolution written into the file"),
                       round (self->figure.width_mm / 25.4 * self->figure.dpi),
                       round (self->figure.height_mm / 25.4 * self->figure.dpi));
  g_autofree char *note =
      g_strdup_printf (_("1 mm on paper = 1 mm here · screen measured as %.0f dpi"),
                       ktm_export_preview_get_dpi (KTM_EXPORT_PREVIEW (self->preview)));

  gtk_label_set_text (GTK_LABEL (self->pixels), text);
  gtk_label_set_text (GTK_LABEL (self->note), note);
}

static gboolean
update_cb (gpointer data)
{
  KtmExportDialog *self = data;
  g_autoptr (GError) error = NULL;
  KtmLayout *layout = NULL;

  self->idle = 0;
  g_clear_pointer (&self->scene, ktm_scene_unref);
  self->scene = self->type->build (self->frame, self->report, self->options, &error);
  if (self->scene != NULL)
    {
      layout = ktm_export_layout (self->scene, &self->figure);
      show_seen (self, layout);
    }
  else
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), adw_toast_new (error->message));
  show_checks (self, layout);
  ktm_export_preview_take_layout (KTM_EXPORT_PREVIEW (self->preview), layout,
                                  self->figure.transparent);
  show_size (self);
  save_settings (self);
  return G_SOURCE_REMOVE;
}

/* A field that loses the focus because the dialog closes changes once more: nothing is left to
 * update then. */
void
ktm_export_dialog_queue_update (KtmExportDialog *self)
{
  if (self->idle == 0 && self->frame != NULL)
    self->idle = g_idle_add (update_cb, self);
}

static void
ktm_export_dialog_dispose (GObject *object)
{
  KtmExportDialog *self = KTM_EXPORT_DIALOG (object);

  self->filling = TRUE; /* what the fields say while they go is nobody's choice */
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->scene, ktm_scene_unref);
  g_clear_pointer (&self->frame, ktm_frame_unref);
  g_clear_pointer (&self->options, ktm_chart_options_free);
  g_clear_pointer (&self->recipe, ktm_recipe_free);
  g_clear_pointer (&self->report, ktm_report_free);
  G_OBJECT_CLASS (ktm_export_dialog_parent_class)->dispose (object);
}

static void
ktm_export_dialog_class_init (KtmExportDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ktm_export_dialog_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
ktm_export_dialog_init (KtmExportDialog *self)
{
  ktm_export_dialog_build (self);
}

void
ktm_export_dialog_present (GtkWindow *parent, const KtmChartType *type, KtmFrame *frame,
                           KtmReport *report, const KtmChartOptions *options,
                           const KtmRecipe *recipe)
{
  KtmExportDialog *self = g_object_new (KTM_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);
  int width = 1300, height = 800;

  self->type = type;
  self->frame = ktm_frame_ref (frame);
  self->report = report;
  self->options = ktm_chart_options_copy (options);
  if (recipe != NULL)
    {
      self->recipe = g_new0 (KtmRecipe, 1);
      self->recipe->cohort_id = g_strdup (recipe->cohort_id);
      self->recipe->chart = g_strdup (recipe->chart);
      self->recipe->where = g_strdupv (recipe->where);
    }
  if (parent != NULL)
    {
      width = MIN (width, MAX (gtk_widget_get_width (GTK_WIDGET (parent)) - 40, 900));
      height = MIN (height, MAX (gtk_widget_get_height (GTK_WIDGET (parent)) - 40, 560));
    }
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  load_settings (self);
  ktm_export_dialog_fill (self);
  update_cb (self);
  gtk_window_present (GTK_WINDOW (self));
}
