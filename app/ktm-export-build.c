/* app: the controls of the export dialog. */
#include "ktm-export-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ktm-export-preview.h"
#include "ktm-export-rows.h"
#include "ktm-locate.h"

static const struct { const char *id; double width, height, font, line; int dpi;
} presets[] = {
  { "single", 85, 70, 8, 1, 600 },
  { "one-and-a-half", 114, 85, 8, 1, 600 },
  { "double", 174, 120, 9, 1, 600 },
  { "slide", 254, 143, 16, 2.5, 300 },
};
static const int resolutions[] = { 300, 600, 1200 };
static const KtmTheme themes[] = { KTM_THEME_LIGHT, KTM_THEME_PRINT, KTM_THEME_GREY };

static int
preset_of (const KtmExportOptions *figure)
{
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    if (presets[i].width == figure->width_mm)
      return (int) i;
  return -1;
}

static gboolean
is_french_mark (const KtmExportDialog *self)
{
  if (self->options->decimal_mark != 0)
    return self->options->decimal_mark == ',';
  char *half = ktm_lang_number (ktm_lang_find (self->options->lang), 0.5, 1, 0);
  gboolean comma = strchr (half, ',') != NULL;

  free (half);
  return comma;
}

static guint
lang_position (const KtmExportDialog *self)
{
  const char *code = ktm_lang_code (ktm_lang_find (self->options->lang));

  for (gsize i = 0; i < ktm_lang_count (); i++)
    if (strcmp (ktm_lang_nth (i), code) == 0)
      return (guint) i + 1;
  return 0;
}

void
ktm_export_dialog_fill (KtmExportDialog *self)
{
  int dpi = -1, theme = -1;

  for (gsize i = 0; i < G_N_ELEMENTS (resolutions); i++)
    dpi = resolutions[i] == (int) self->figure.dpi ? (int) i : dpi;
  for (gsize i = 0; i < G_N_ELEMENTS (themes); i++)
    theme = themes[i] == self->figure.theme ? (int) i : theme;
  self->filling = TRUE;
  ktm_export_segments_set (self->preset, preset_of (&self->figure));
  ktm_export_segments_set (self->dpi, dpi);
  ktm_export_segments_set (self->theme, theme);
  ktm_export_segments_set (self->background, self->figure.transparent);
  ktm_export_segments_set (self->mark, is_french_mark (self));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->width), self->figure.width_mm);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->height), self->figure.height_mm);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->font), self->figure.font_pt);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->line), self->figure.line_pt);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->lang), lang_position (self));
  gtk_switch_set_active (GTK_SWITCH (self->caption), self->options->caption);
  gtk_switch_set_active (GTK_SWITCH (self->codes), self->options->codes);
  gtk_widget_set_sensitive (self->codes, self->frame->code != NULL);
  self->filling = FALSE;
}

static void
preset_cb (guint index, gpointer data)
{
  KtmExportDialog *self = data;

  self->figure.width_mm = presets[index].width;
  self->figure.height_mm = presets[index].height;
  self->figure.font_pt = presets[index].font;
  self->figure.line_pt = presets[index].line;
  self->figure.dpi = presets[index].dpi;
  g_settings_set_string (ktm_settings (), "export-preset", presets[index].id);
  ktm_export_dialog_fill (self);
  ktm_export_dialog_queue_update (self);
}

static void
dpi_cb (guint index, gpointer data)
{
  KTM_EXPORT_DIALOG (data)->figure.dpi = resolutions[index];
  ktm_export_dialog_queue_update (data);
}

static void
theme_cb (guint index, gpointer data)
{
  KTM_EXPORT_DIALOG (data)->figure.theme = themes[index];
  ktm_export_dialog_queue_update (data);
}

static void
background_cb (guint index, gpointer data)
{
  KTM_EXPORT_DIALOG (data)->figure.transparent = index == 1;
  ktm_export_dialog_queue_update (data);
}

static void
mark_cb (guint index, gpointer data)
{
  KTM_EXPORT_DIALOG (data)->options->decimal_mark = index == 1 ? ',' : '.';
  ktm_export_dialog_queue_update (data);
}

static void
zoom_cb (guint index, gpointer data)
{
  KtmExportDialog *self = data;

  ktm_export_preview_set_true (KTM_EXPORT_PREVIEW (self->preview), index == 0);
  gtk_widget_set_visible (self->note, index == 0);
}

static void
number_cb (KtmExportDialog *self)
{
  if (self->filling)
    return;
  self->figure.width_mm = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->width));
  self->figure.height_mm = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->height));
  self->figure.font_pt = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->font));
  self->figure.line_pt = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->line));
  ktm_export_segments_set (self->preset, preset_of (&self->figure));
  ktm_export_dialog_queue_update (self);
}

static void
word_cb (KtmExportDialog *self)
{
  guint lang = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->lang));

  if (self->filling)
    return;
  if (lang != lang_position (self))
    {
      g_free (self->options->lang);
      self->options->lang = g_strdup (lang == 0 ? "en" : ktm_lang_nth (lang - 1));
      self->options->decimal_mark = 0; /* the language's own */
    }
  self->options->caption = gtk_switch_get_active (GTK_SWITCH (self->caption));
  self->options->codes = gtk_switch_get_active (GTK_SWITCH (self->codes));
  self->filling = TRUE;
  ktm_export_segments_set (self->mark, is_french_mark (self));
  self->filling = FALSE;
  ktm_export_dialog_queue_update (self);
}

static void
save_cb (GtkButton *button, KtmExportDialog *self)
{
  ktm_export_dialog_save (
      self, (KtmExportFormat) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "format")));
}

static GtkWidget *
pair (GtkWidget *first, const char *between, GtkWidget *second)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), first);
  if (between != NULL)
    gtk_box_append (GTK_BOX (box), gtk_label_new (between));
  gtk_box_append (GTK_BOX (box), second);
  return box;
}

static void
build_size (KtmExportDialog *self, GtkWidget *panel)
{
  /* The widths alone, as they are the same words everywhere and the panel is narrow. */
  const char *sizes[] = { "85", "114", "174 mm", _("Slide"), NULL },
             *names[] = { _("Single 85"), _("1½ 114"), _("Double 174"), _("Slide") };
  const char *dpis[] = { "300", "600", _("1200 dpi"), NULL };
  GtkWidget *card = ktm_export_card_new (), *row;

  self->preset = ktm_export_segments_new (_("Preset"), sizes, preset_cb, self);
  ktm_export_segments_explain (self->preset, names);
  self->width = ktm_export_spin_new (_("Width"), 20, 1000, 1, 0, "mm");
  self->height = ktm_export_spin_new (_("Height"), 20, 1000, 1, 0, "mm");
  self->dpi = ktm_export_segments_new (_("Resolution"), dpis, dpi_cb, self);
  self->pixels = gtk_label_new (NULL);
  ktm_export_row_add (card, _("Preset"), self->preset);
  ktm_export_row_add (card, _("Width × height"), pair (self->width, "×", self->height));
  ktm_export_row_add (card, _("Resolution"), self->dpi);
  row = ktm_export_row_add (card, "", self->pixels);
  gtk_widget_add_css_class (row, "dim-label");
  gtk_box_append (GTK_BOX (panel), card);
}

static GtkWidget *
new_languages (void)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, "English");
  for (gsize i = 0; i < ktm_lang_count (); i++)
    gtk_string_list_append (names,
                            strcmp (ktm_lang_nth (i), "fr") == 0 ? "Français" : ktm_lang_nth (i));
  return gtk_drop_down_new (G_LIST_MODEL (names), NULL);
}

static GtkWidget *
named (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return widget;
}

static void
build_look (KtmExportDialog *self, GtkWidget *panel)
{
  const char *theme_names[] = { _("Light"), _("Print"), _("Grey"), NULL },
             *grounds[] = { _("White"), _("Transparent"), NULL };
  const char *marks[] = { "1.5", "1,5", NULL };
  GtkWidget *card = ktm_export_card_new ();

  self->font = ktm_export_spin_new (_("Text size"), 4, 36, 0.5, 1, "pt");
  self->line = ktm_export_spin_new (_("Line width"), 0.1, 6, 0.05, 2, "pt");
  self->theme = ktm_export_segments_new (_("Theme"), theme_names, theme_cb, self);
  self->background = ktm_export_segments_new (_("Background"), grounds, background_cb, self);
  self->lang = named (new_languages (), _("Figure language"));
  self->mark = ktm_export_segments_new (_("Decimal mark"), marks, mark_cb, self);
  self->caption = named (gtk_switch_new (), _("Caption in the figure"));
  self->codes = named (gtk_switch_new (), _("Patient codes"));
  ktm_export_row_add (card, _("Text · lines"), pair (self->font, NULL, self->line));
  ktm_export_row_add (card, _("Theme"), self->theme);
  ktm_export_row_add (card, _("Background"), self->background);
  ktm_export_row_add (card, _("Figure language"), self->lang);
  ktm_export_row_add (card, _("Decimal mark"), self->mark);
  ktm_export_row_add (card, _("Caption in the figure"), self->caption);
  ktm_export_row_add (card, _("Patient codes"), self->codes);
  gtk_box_append (GTK_BOX (panel), card);
}

static void
connect_controls (KtmExportDialog *self)
{
  GtkWidget *numbers[] = { self->width, self->height, self->font, self->line };
  GtkWidget *switches[] = { self->caption, self->codes };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_signal_connect_swapped (numbers[i], "value-changed", G_CALLBACK (number_cb), self);
  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    g_signal_connect_swapped (switches[i], "notify::active", G_CALLBACK (word_cb), self);
  g_signal_connect_swapped (self->lang, "notify::selected", G_CALLBACK (word_cb), self);
}

static GtkWidget *
build_buttons (KtmExportDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8),
            *copy = gtk_button_new_with_label (_("Copy"));
  const struct { const char *label; KtmExportFormat format;
  } saves[] = {
    { _("PDF…"), KTM_EXPORT_PDF },
    { _("SVG…"), KTM_EXPORT_SVG },
    { _("Save PNG…"), KTM_EXPORT_PNG },
  };

  g_signal_connect_swapped (copy, "clicked", G_CALLBACK (ktm_export_dialog_copy), self);
  gtk_box_append (GTK_BOX (box), copy);
  for (gsize i = 0; i < G_N_ELEMENTS (saves); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (saves[i].label);

      gtk_widget_set_hexpand (button, TRUE);
      g_object_set_data (G_OBJECT (button), "format", GINT_TO_POINTER (saves[i].format));
      g_signal_connect (button, "clicked", G_CALLBACK (save_cb), self);
      gtk_box_append (GTK_BOX (box), button);
      self->save = button;
    }
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_widget_set_margin_start (box, 14);
  gtk_widget_set_margin_end (box, 14);
  gtk_widget_set_margin_top (box, 10);
  gtk_widget_set_margin_bottom (box, 14);
  return box;
}

static GtkWidget *
build_panel (KtmExportDialog *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *panel = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_widget_set_margin_start (panel, 14);
  gtk_widget_set_margin_end (panel, 14);
  gtk_widget_set_margin_top (panel, 4);
  gtk_widget_set_margin_bottom (panel, 8);
  build_size (self, panel);
  build_look (self, panel);
  self->checks = gtk_box_new (GTK_ORIENTATION_VERTICAL, 7);
  gtk_widget_add_css_class (self->checks, "card");
  gtk_widget_add_css_class (self->checks, "export-checks");
  gtk_box_append (GTK_BOX (panel), self->checks);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), panel);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (outer), scrolled);
  gtk_box_append (GTK_BOX (outer), build_buttons (self));
  gtk_widget_add_css_class (outer, "export-panel");
  gtk_widget_set_hexpand (outer, FALSE);
  connect_controls (self);
  return outer;
}

static GtkWidget *
build_seen (KtmExportDialog *self)
{
  const char *names[] = { _("Grey print"), _("Deuteranopia"), _("Protanopia") };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14),
            *label = gtk_label_new (_("Seen as"));

  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), label);
  for (int i = 0; i < 3; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *name = gtk_label_new (names[i]);

      self->seen[i] = gtk_picture_new ();
      gtk_picture_set_can_shrink (GTK_PICTURE (self->seen[i]), TRUE);
      gtk_widget_set_size_request (self->seen[i], 96, 70);
      gtk_widget_set_hexpand (self->seen[i], TRUE);
      gtk_picture_set_alternative_text (GTK_PICTURE (self->seen[i]), names[i]);
      gtk_widget_add_css_class (name, "caption");
      gtk_box_append (GTK_BOX (box), self->seen[i]);
      gtk_box_append (GTK_BOX (box), name);
      gtk_box_append (GTK_BOX (row), box);
    }
  gtk_widget_set_margin_start (row, 18);
  gtk_widget_set_margin_end (row, 18);
  gtk_widget_set_margin_top (row, 8);
  gtk_widget_set_margin_bottom (row, 12);
  return row;
}

static GtkWidget *
build_left (KtmExportDialog *self)
{
  const char *zooms[] = { _("True size"), _("Fit"), NULL };
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->zoom = ktm_export_segments_new (_("Preview"), zooms, zoom_cb, self);
  ktm_export_segments_set (self->zoom, 0);
  self->note = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->note), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_widget_add_css_class (self->note, "caption");
  gtk_widget_add_css_class (self->note, "dim-label");
  gtk_box_append (GTK_BOX (bar), self->zoom);
  gtk_box_append (GTK_BOX (bar), self->note);
  gtk_widget_set_margin_start (bar, 18);
  gtk_widget_set_margin_end (bar, 12);
  gtk_widget_set_margin_top (bar, 12);
  gtk_widget_set_margin_bottom (bar, 4);
  self->preview = ktm_export_preview_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->preview);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_hexpand (left, TRUE);
  gtk_box_append (GTK_BOX (left), bar);
  gtk_box_append (GTK_BOX (left), scrolled);
  gtk_box_append (GTK_BOX (left), build_seen (self));
  gtk_widget_add_css_class (left, "export-desk");
  return left;
}

void
ktm_export_dialog_build (KtmExportDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *body = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *header = adw_header_bar_new ();

  gtk_window_set_title (GTK_WINDOW (self), _("Export figure"));
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  self->toasts = adw_toast_overlay_new ();
  gtk_box_append (GTK_BOX (body), build_left (self));
  gtk_box_append (GTK_BOX (body), build_panel (self));
  gtk_widget_set_vexpand (body, TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), body);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), box);
  adw_window_set_content (ADW_WINDOW (self), self->toasts);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->save);
}
