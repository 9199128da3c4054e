/* app: the deck being put together. */
#include "ktm-deck-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ktm-chart-choices.h"
#include "ktm-present.h"
#include "ktm-print.h"
#include "ktm-slide.h"

typedef struct
{
  AdwWindow    *window;   /* owns this */
  KtmStudy     *study;    /* owned */
  GPtrArray    *decks;    /* owned, of KtmDeck */
  KtmDeck      *deck;     /* the one shown; in decks */
  GtkWidget    *choice, *name, *list, *screens, *present, *pdf, *print, *add, *drop, *toasts;
  GCancellable *building; /* owned; slides are being made for a PDF or the printer */
  char         *path;     /* owned; where the PDF goes; NULL: to the printer */
  gboolean      filling;
} Self;

static void show_deck (Self *self);

static void
say (Self *self, const char *sentence)
{
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), adw_toast_new (sentence));
}

static void
save (Self *self)
{
  g_autoptr (GError) error = NULL;

  if (!ktm_deck_save (self->deck, self->study, &error))
    say (self, error->message);
}

/* --- slides ----------------------------------------------------------------------------------- */

static guint
index_of (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
}

static void
take_message (Self *self, GtkWidget *entry)
{
  guint i = index_of (entry);
  KtmSlide *slide = i < self->deck->slides->len ? self->deck->slides->pdata[i] : NULL;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (slide == NULL || !g_strcmp0 (text, slide->message)) /* NULL: the row is going */
    return;
  g_free (slide->message);
  slide->message = g_steal_pointer (&text);
  save (self);
}

static void
message_left_cb (GtkEventControllerFocus *focus, gpointer data)
{
  GtkWidget *entry = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));

  if (gtk_widget_get_ancestor (entry, GTK_TYPE_LIST_BOX_ROW))
    take_message (data, entry);
}

static void
message_entered_cb (GtkEntry *entry, gpointer data)
{
  take_message (data, GTK_WIDGET (entry));
}

static void
move (Self *self, guint from, int step)
{
  int to = (int) from + step;

  if (to < 0 || to >= (int) self->deck->slides->len)
    return;
  g_ptr_array_insert (self->deck->slides, to,
                      g_ptr_array_steal_index (self->deck->slides, from));
  save (self);
  show_deck (self);
  gtk_widget_child_focus (
      GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), to)),
      GTK_DIR_TAB_FORWARD);
}

static void
up_cb (GtkWidget *button, gpointer data)
{
  move (data, index_of (button), -1);
}

static void
down_cb (GtkWidget *button, gpointer data)
{
  move (data, index_of (button), 1);
}

static void
remove_cb (GtkWidget *button, gpointer data)
{
  Self *self = data;

  g_ptr_array_remove_index (self->deck->slides, index_of (button));
  save (self);
  show_deck (self);
}

static void
add_button (Self *self, GtkWidget *row, const char *icon, const char *name, GCallback callback,
            gboolean sensitive)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  ktm_widget_set_name (button, name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, sensitive);
  g_signal_connect (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (row), button);
}

static GtkWidget *
message_entry (Self *self, const KtmSlide *slide, guint i)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_autofree char *name = g_strdup_printf (_("Message of slide %u"), i + 1);

  gtk_editable_set_text (GTK_EDITABLE (entry), slide->message);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("What should they remember?"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (entry, "activate", G_CALLBACK (message_entered_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (message_left_cb), self);
  gtk_widget_add_controller (entry, focus);
  return entry;
}

static GtkWidget *
slide_row (Self *self, guint i)
{
  const KtmSlide *slide = self->deck->slides->pdata[i];
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6),
            *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *number = g_strdup_printf ("%u", i + 1),
                  *name = ktm_slide_dup_name (self->study, slide);
  GtkWidget *place = gtk_label_new (number), *what = gtk_label_new (name);

  gtk_widget_add_css_class (row, "slide-row");
  gtk_widget_add_css_class (place, "dim-label");
  gtk_widget_add_css_class (what, "dim-label");
  gtk_widget_add_css_class (what, "caption");
  gtk_label_set_width_chars (GTK_LABEL (place), 2);
  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_ellipsize (GTK_LABEL (what), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (what, name);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), message_entry (self, slide, i));
  gtk_box_append (GTK_BOX (words), what);
  gtk_box_append (GTK_BOX (row), place);
  gtk_box_append (GTK_BOX (row), words);
  add_button (self, row, "go-up-symbolic", _("Earlier"), G_CALLBACK (up_cb), i > 0);
  add_button (self, row, "go-down-symbolic", _("Later"), G_CALLBACK (down_cb),
              i + 1 < self->deck->slides->len);
  add_button (self, row, "edit-delete-symbolic", _("Take this slide out"), G_CALLBACK (remove_cb),
              TRUE);
  return row;
}

static void
show_deck (Self *self)
{
  GtkWidget *child;
  gboolean any = self->deck->slides->len > 0;

  while ((child = gtk_widget_get_first_child (self->list)))
    {
      if (!GTK_IS_LIST_BOX_ROW (child))
        break; /* the placeholder */
      gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
    }
  for (guint i = 0; i < self->deck->slides->len; i++)
    {
      GtkWidget *row = gtk_list_box_row_new ();

      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), slide_row (self, i));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
    }
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name), self->deck->title);
  self->filling = FALSE;
  gtk_widget_set_sensitive (self->present, any);
  gtk_widget_set_sensitive (self->pdf, any && !self->building);
  gtk_widget_set_sensitive (self->print, any && !self->building);
  gtk_widget_set_sensitive (self->drop, self->deck->id != 0);
}

/* --- decks ------------------------------------------------------------------------------------ */

static void
show_decks (Self *self)
{
  g_autofree const char **ids = g_new0 (const char *, self->decks->len + 1),
                        **titles = g_new0 (const char *, self->decks->len + 1);
  g_autoptr (GPtrArray) numbers = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->decks->len; i++)
    {
      g_ptr_array_add (numbers, g_strdup_printf ("%u", i));
      ids[i] = numbers->pdata[i];
      titles[i] = ((KtmDeck *) self->decks->pdata[i])->title;
    }
  self->filling = TRUE;
  ktm_choice_set_options (KTM_CHOICE (self->choice), ids, titles, self->decks->len);
  for (guint i = 0; i < self->decks->len; i++)
    if (self->decks->pdata[i] == self->deck)
      ktm_choice_set_selected (KTM_CHOICE (self->choice), ids[i]);
  self->filling = FALSE;
  gtk_widget_set_visible (self->choice, self->decks->len > 1);
  show_deck (self);
}

static void
chosen_cb (Self *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->choice));
  guint64 i = id ? g_ascii_strtoull (id, NULL, 10) : 0;

  if (self->filling || i >= self->decks->len)
    return;
  self->deck = self->decks->pdata[i];
  show_deck (self);
}

/* Also one that is there already is given its name again. */
static void
name_cb (AdwEntryRow *row, gpointer data)
{
  Self *self = data;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  if (self->filling || !*text || !g_strcmp0 (text, self->deck->title))
    return;
  g_free (self->deck->title);
  self->deck->title = g_steal_pointer (&text);
  save (self);
  show_decks (self);
}

static void
add_deck (Self *self)
{
  g_autofree char *title = self->decks->len ? g_strdup_printf (_("Deck %u"), self->decks->len + 1)
                                            : g_strdup (_("Meeting"));

  self->deck = ktm_deck_new (title);
  g_ptr_array_add (self->decks, self->deck);
}

static void
add_cb (Self *self)
{
  add_deck (self);
  save (self);
  show_decks (self);
}

static void
drop_cb (Self *self)
{
  g_autoptr (GError) error = NULL;

  if (!ktm_deck_delete (self->deck, self->study, &error))
    {
      say (self, error->message);
      return;
    }
  g_ptr_array_remove (self->decks, self->deck);
  if (!self->decks->len)
    add_deck (self);
  self->deck = self->decks->pdata[0];
  show_decks (self);
  say (self, _("The deck is deleted; Undo in the window brings it back"));
}

/* --- showing, saving, printing ---------------------------------------------------------------- */

void
ktm_deck_show_slides (GtkWindow *parent, KtmStudy *study, const KtmDeck *deck, guint first,
                      GdkMonitor *monitor)
{
  gtk_window_present (GTK_WINDOW (ktm_present_new (parent, study, deck, first, monitor)));
}

/* The chosen screen; NULL: whichever the window is on. */
static GdkMonitor *
chosen_monitor (Self *self)
{
  const char *id = ktm_choice_get_selected (KTM_CHOICE (self->screens));
  GListModel *monitors =
      gdk_display_get_monitors (gtk_widget_get_display (GTK_WIDGET (self->window)));
  g_autoptr (GdkMonitor) monitor =
      id ? g_list_model_get_item (monitors, (guint) g_ascii_strtoull (id, NULL, 10)) : NULL;

  return monitor; /* the display holds it */
}

static void
present_cb (Self *self)
{
  ktm_deck_show_slides (GTK_WINDOW (self->window), self->study, self->deck, 0,
                        chosen_monitor (self));
}

static void
built_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *pages = ktm_slides_build_finish (result, &error);
  Self *self = data;
  gboolean ok = pages != NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the window is gone */
  g_clear_object (&self->building);
  if (ok && self->path)
    ok = ktm_slides_save_pdf (pages, self->deck->title, self->path, &error);
  else if (ok)
    ok = ktm_print_slides (GTK_WINDOW (self->window), pages, self->deck->title, &error);
  say (self, !ok ? error->message : self->path ? _("The deck is saved as a PDF") : _("Done"));
  g_clear_pointer (&pages, g_ptr_array_unref);
  show_deck (self);
}

/* Takes @path. */
static void
build_slides (Self *self, char *path)
{
  g_free (self->path);
  self->path = path;
  self->building = g_cancellable_new ();
  show_deck (self);
  ktm_slides_build_async (self->study, self->deck, self->building, built_cb, self);
}

static void
path_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  char *path = file ? g_file_get_path (file) : NULL;

  g_object_unref (dialog);
  if (path)
    build_slides (data, path);
}

static void
pdf_cb (Self *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _("Save the deck as a PDF"), GTK_WINDOW (self->window), GTK_FILE_CHOOSER_ACTION_SAVE,
      _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strconcat (self->deck->title, ".pdf", NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog),
                                     g_strdelimit (name, G_DIR_SEPARATOR_S, '-'));
  g_signal_connect (dialog, "response", G_CALLBACK (path_chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
print_cb (Self *self)
{
  build_slides (self, NULL);
}

/* --- the window ------------------------------------------------------------------------------- */

static void
self_free (gpointer data)
{
  Self *self = data;

  if (self->building)
    g_cancellable_cancel (self->building);
  g_clear_object (&self->building);
  g_ptr_array_unref (self->decks);
  g_object_unref (self->study);
  g_free (self->path);
  g_free (self);
}

static GtkWidget *
new_button (Self *self, const char *label, const char *class, void (*callback) (Self *))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  if (class)
    gtk_widget_add_css_class (button, class);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (callback), self);
  return button;
}

/* Only where there is more than one; the first that the window is not on is proposed. */
static void
fill_screens (Self *self, GtkWindow *parent)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  GListModel *monitors = gdk_display_get_monitors (display);
  guint n = g_list_model_get_n_items (monitors);
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (parent));
  GdkMonitor *mine = surface ? gdk_display_get_monitor_at_surface (display, surface) : NULL;
  g_autofree const char **ids = g_new0 (const char *, n + 1),
                        **labels = g_new0 (const char *, n + 1);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint proposed = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      const char *model = gdk_monitor_get_model (monitor);

      g_ptr_array_add (texts, g_strdup_printf ("%u", i));
      ids[i] = texts->pdata[2 * i];
      g_ptr_array_add (texts, model ? g_strdup_printf ("%u · %s", i + 1, model)
                                    : g_strdup_printf ("%u", i + 1));
      labels[i] = texts->pdata[2 * i + 1];
      if (monitor != mine && !proposed)
        proposed = i;
    }
  ktm_choice_set_options (KTM_CHOICE (self->screens), ids, labels, n);
  if (n)
    ktm_choice_set_selected (KTM_CHOICE (self->screens), ids[proposed]);
  gtk_widget_set_visible (self->screens, n > 1);
}

static GtkWidget *
build_actions (Self *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->pdf = new_button (self, _("_Export PDF…"), NULL, pdf_cb);
  self->print = new_button (self, _("P_rint…"), NULL, print_cb);
  self->present = new_button (self, _("Pre_sent"), "suggested-action", present_cb);
  self->screens = ktm_choice_new (_("Screen"));
  gtk_widget_set_hexpand (self->present, TRUE);
  gtk_widget_set_halign (self->present, GTK_ALIGN_END);
  gtk_widget_add_css_class (bar, "deck-actions");
  gtk_box_append (GTK_BOX (bar), self->pdf);
  gtk_box_append (GTK_BOX (bar), self->print);
  gtk_box_append (GTK_BOX (bar), self->screens);
  gtk_box_append (GTK_BOX (bar), self->present);
  return bar;
}

static GtkWidget *
build_list (Self *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *none = gtk_label_new (
      _("Show a chart in the window and choose “Add to deck” (Ctrl+D): it becomes a slide."));

  self->list = gtk_list_box_new ();
  gtk_label_set_wrap (GTK_LABEL (none), TRUE);
  gtk_label_set_justify (GTK_LABEL (none), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (none, "dim-label");
  gtk_widget_add_css_class (none, "deck-empty");
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), none);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_set_valign (self->list, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Slides"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
build_header (Self *self)
{
  GtkWidget *header = adw_header_bar_new ();

  self->choice = ktm_choice_new (_("Deck"));
  self->add = gtk_button_new_from_icon_name ("list-add-symbolic");
  self->drop = gtk_button_new_from_icon_name ("user-trash-symbolic");
  ktm_widget_set_name (self->add, _("New deck"));
  ktm_widget_set_name (self->drop, _("Delete this deck"));
  g_signal_connect_swapped (self->choice, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
  g_signal_connect_swapped (self->drop, "clicked", G_CALLBACK (drop_cb), self);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->choice);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->add);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->drop);
  return header;
}

static gboolean
present_key_cb (GtkWidget *window, GVariant *parameter, gpointer data)
{
  Self *self = data;

  if (gtk_widget_get_sensitive (self->present))
    present_cb (self);
  return TRUE;
}

/* F5 opened this window; F5 again shows the slides. */
static void
add_key (Self *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F5, 0),
                        gtk_callback_action_new (present_key_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->window), keys);
}

static void
build (Self *self)
{
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0),
            *body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *names = gtk_list_box_new ();

  self->toasts = adw_toast_overlay_new ();
  self->name = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), _("Name of the deck"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->name), TRUE);
  g_signal_connect (self->name, "apply", G_CALLBACK (name_cb), self);
  gtk_list_box_append (GTK_LIST_BOX (names), self->name);
  gtk_widget_add_css_class (names, "boxed-list");
  gtk_widget_add_css_class (body, "deck-body");
  gtk_box_append (GTK_BOX (all), build_header (self));
  gtk_box_append (GTK_BOX (body), names);
  gtk_box_append (GTK_BOX (body), build_list (self));
  gtk_box_append (GTK_BOX (body), build_actions (self));
  gtk_widget_set_vexpand (body, TRUE);
  gtk_box_append (GTK_BOX (all), body);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self->toasts), all);
  adw_window_set_content (self->window, self->toasts);
}

void
ktm_deck_window_present (GtkWindow *parent, KtmStudy *study, gint64 id)
{
  Self *self = g_new0 (Self, 1);

  self->study = g_object_ref (study);
  self->window = ADW_WINDOW (adw_window_new ());
  self->decks = ktm_deck_list (study);
  if (!self->decks->len)
    add_deck (self);
  self->deck = self->decks->pdata[0];
  for (guint i = 0; i < self->decks->len; i++)
    if (((KtmDeck *) self->decks->pdata[i])->id == id)
      self->deck = self->decks->pdata[i];
  g_object_set_data_full (G_OBJECT (self->window), "deck", self, self_free);
  gtk_window_set_title (GTK_WINDOW (self->window), _("Deck"));
  gtk_window_set_transient_for (GTK_WINDOW (self->window), parent);
  gtk_window_set_modal (GTK_WINDOW (self->window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 620, 640);
  build (self);
  add_key (self);
  fill_screens (self, parent);
  show_decks (self);
  gtk_window_present (GTK_WINDOW (self->window));
}
