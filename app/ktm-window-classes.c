/* app: trajectory classes kept in the cohort, taken from elsewhere, and their GRoLTS checklist. */
#include "ktm-window-private.h"

#include <glib/gi18n.h>

#include "ktm-analysis.h"
#include "ktm-class-document.h"
#include "ktm-class-finder.h"
#include "ktm-grolts-export.h"
#include "ktm-name-dialog.h"

/* One request on its way: what was asked of the analyses, and where the result goes. */
typedef struct
{
  KtmWindow          *window;   /* a reference */
  KtmStudy           *study;    /* a reference: the window may show another by then */
  KtmFrame           *frame;    /* a reference */
  KtmAnalysisOptions *options;  /* owned */
  KtmReport          *report;   /* owned; NULL until it is there */
  char              **where;    /* owned */
  char               *path;     /* owned; NULL: classes are applied, nothing is written */
  char               *title;    /* owned: of the classes applied */
} Task;

static void
task_free (Task *task)
{
  g_object_unref (task->window);
  g_object_unref (task->study);
  ktm_frame_unref (task->frame);
  ktm_analysis_options_free (task->options);
  if (task->report != NULL)
    ktm_report_free (task->report);
  g_strfreev (task->where);
  g_free (task->path);
  g_free (task->title);
  g_free (task);
}

static Task *
task_new (KtmWindow *window, char *path)
{
  Task *task = g_new0 (Task, 1);

  task->window = g_object_ref (window);
  task->study = g_object_ref (window->study);
  task->frame = ktm_study_dup_frame (window->study, NULL, NULL, KTM_FRAME_TIMES);
  task->options = ktm_analysis_options_new ();
  task->where = ktm_filter_dup_texts (ktm_study_get_filter (window->study));
  task->path = path;
  return task;
}

/* The classes shown; says so and gives NULL where there are none. */
static KtmClassResult *
classes_of (KtmWindow *self)
{
  KtmClassResult *result;

  if (ktm_class_finder_shows_applied (ktm_class_finder_of (self->study)))
    {
      ktm_window_say (self, _("These classes were applied, not fitted here: choose another under "
                              "“Classes” first."));
      return NULL;
    }
  result = ktm_class_finder_last (ktm_class_finder_of (self->study));
  if (result != NULL && result->n_classes > 0 && !ktm_class_finder_is_busy (
                                                     ktm_class_finder_of (self->study)))
    return result;
  ktm_class_result_unref (result);
  ktm_window_say (
      self, _("There are no trajectory classes yet: show them on the page Trajectories first."));
  return NULL;
}

/* --- kept in the cohort ----------------------------------------------------------------------- */

static void
save_classes (gpointer owner, const char *title)
{
  KtmWindow *self = owner;
  KtmCohort *cohort = ktm_study_get_cohort (self->study);
  KtmClassResult *result = classes_of (self);
  g_autoptr (GError) error = NULL;
  KtmClassModel *model;

  if (result == NULL)
    return;
  model = ktm_class_model_new (result, ktm_cohort_get_time_unit (cohort), KTM_VERSION);
  ktm_class_result_unref (result);
  if (model != NULL && ktm_class_document_save (cohort, title, model, &error))
    {
      g_autofree char *said =
          g_strdup_printf (_("The classes “%s” are saved in the cohort"), title);

      ktm_window_say (self, said);
    }
  else
    ktm_window_say_error (self, _("The classes could not be saved"), error);
  ktm_class_model_unref (model);
}

static char *
check_classes_name (gpointer owner, const char *name, gboolean *usable)
{
  g_auto (GStrv) saved =
      ktm_class_document_list (ktm_study_get_cohort (KTM_WINDOW (owner)->study), NULL);

  return saved != NULL && g_strv_contains ((const char *const *) saved, name)
             ? g_strdup (_("The classes saved under this name are replaced."))
             : NULL;
}

static void
save_classes_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmClassResult *result = classes_of (data);

  if (result == NULL)
    return;
  ktm_class_result_unref (result);
  ktm_name_dialog_present (
      data,
      &(KtmNameQuestion){
          .title = _("Save these classes"),
          .body = _("Their model is kept in the cohort file, to be applied to other patients as "
                    "it is. No patient is in it."),
          .label = _("Name of the classes"),
          .check = check_classes_name,
          .take = save_classes,
      });
}

/* --- taken from elsewhere --------------------------------------------------------------------- */

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Task *task = data;
  g_autoptr (GError) error = NULL;

  task->report = ktm_analysis_run_finish (result, &error);
  if (task->report == NULL || task->report->classes == NULL)
    ktm_window_say_error (task->window, _("The classes could not be applied"), error);
  else
    {
      ktm_cohort_set_classes (ktm_study_get_cohort (task->study), task->report->classes);
      ktm_class_finder_set_applied (ktm_class_finder_of (task->study), task->report->classes,
                                    task->options->apply, task->title);
      ktm_window_say (task->window,
                      _("The patients are placed in the saved classes, which the page Trajectories "
                        "shows: colour or filter by “Trajectory class”. Nothing was fitted to "
                        "them."));
    }
  task_free (task);
}

/* @title: NULL: the only ones of the file. */
static void
apply_saved (KtmWindow *self, const char *path, const char *title)
{
  g_autoptr (GError) error = NULL;
  KtmClassModel *model = ktm_class_document_open (path, title, &error);
  Task *task;

  if (model == NULL)
    {
      ktm_window_say_error (self, _("The classes could not be applied"), error);
      return;
    }
  task = task_new (self, NULL);
  task->title = title ? g_strdup (title) : g_path_get_basename (path);
  task->options->apply = model;
  task->options->measure = g_strdup (model->measure);
  ktm_analysis_run_async (ktm_analysis_find ("trajectory-classes"), task->frame, task->options,
                          NULL, NULL, NULL, applied_cb, task);
}

typedef struct
{
  KtmWindow *window; /* a reference */
  char      *path;
  char     **titles;
} Choice;

static void
choice_free (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  Choice *choice = data;

  g_object_unref (choice->window);
  g_free (choice->path);
  g_strfreev (choice->titles);
  g_free (choice);
}

static void
chosen_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Choice *choice = data;
  guint at = gtk_drop_down_get_selected (
      GTK_DROP_DOWN (adw_message_dialog_get_extra_child (dialog)));

  if (!strcmp (response, "apply") && at < g_strv_length (choice->titles) && choice->window->study)
    apply_saved (choice->window, choice->path, choice->titles[at]);
}

/* Takes @titles: the file holds several, and only the person knows which. */
static void
ask_which (KtmWindow *self, const char *path, char **titles)
{
  GtkWidget *drop = gtk_drop_down_new_from_strings ((const char *const *) titles);
  g_autofree char *name = g_path_get_basename (path),
                  *body = g_strdup_printf (_("“%s” holds several saved classes."), name);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_WINDOW (self), _("Which classes are to be applied?"), NULL));
  Choice *choice = g_new0 (Choice, 1);

  choice->window = g_object_ref (self);
  choice->path = g_strdup (path);
  choice->titles = titles;
  adw_message_dialog_set_body (dialog, body);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Saved classes"), -1);
  adw_message_dialog_set_extra_child (dialog, drop);
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "apply", _("Apply"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "apply", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "apply");
  g_signal_connect_data (dialog, "response", G_CALLBACK (chosen_cb), choice, choice_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
apply_path (KtmWindow *self, const char *path)
{
  char **titles = ktm_class_document_titles (path);
  g_autofree char *only = NULL;

  if (titles && g_strv_length (titles) > 1)
    {
      ask_which (self, path, titles);
      return;
    }
  only = titles && titles[0] ? g_strdup (titles[0]) : NULL;
  g_strfreev (titles);
  apply_saved (self, path, only); /* which says what is wrong with the file */
}

static void
open_response_cb (GtkNativeDialog *chooser, int response, KtmWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                               : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL && self->study != NULL)
    apply_path (self, path);
  g_object_unref (chooser);
}

/* Of the file at a path, at once. */
static void
apply_from_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  apply_path (data, g_variant_get_string (parameter, NULL));
}

static void
apply_classes_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (_("Apply classes from"), GTK_WINDOW (data),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _("_Apply"), _("_Cancel"));
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Cohorts and saved classes"));
  gtk_file_filter_add_pattern (filter, "*.cohort");
  gtk_file_filter_add_pattern (filter, "*.json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_object_unref (filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (open_response_cb), data, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- GRoLTS ----------------------------------------------------------------------------------- */

static void
missing_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Task *task = data;
  KtmReport *missing = ktm_analysis_run_finish (result, NULL); /* NULL: the item says so */
  g_autoptr (GError) error = NULL;

  if (ktm_grolts_export (task->frame, task->report, missing, (const char *const *) task->where,
                         task->path, ktm_lang_find (g_get_language_names ()[0]), &error))
    ktm_window_say (task->window, _("The GRoLTS checklist is written"));
  else
    ktm_window_say_error (task->window, _("The GRoLTS checklist could not be written"), error);
  if (missing != NULL)
    ktm_report_free (missing);
  task_free (task);
}

static void
classes_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Task *task = data;
  g_autoptr (GError) error = NULL;

  task->report = ktm_analysis_run_finish (result, &error);
  if (task->report != NULL)
    {
      ktm_analysis_run_async (ktm_analysis_find ("missingness"), task->frame, task->options, NULL,
                              NULL, NULL, missing_cb, task);
      return;
    }
  ktm_window_say_error (task->window, _("The GRoLTS checklist could not be written"), error);
  task_free (task);
}

/* Takes @path. */
static void
write_grolts (KtmWindow *self, char *path)
{
  KtmClassResult *result = classes_of (self);
  Task *task;

  if (result == NULL)
    {
      g_free (path);
      return;
    }
  task = task_new (self, path);
  task->options->measure = g_strdup (result->measure);
  task->options->from = result->from;
  task->options->to = result->to;
  task->options->classes = (int) result->n_classes;
  task->options->degree = (int) result->spec.order[0];
  task->options->censored = isfinite (result->data.lo) || isfinite (result->data.hi);
  task->options->has_seed = TRUE;
  task->options->seed = result->spec.seed;
  task->options->found = result;
  ktm_analysis_run_async (ktm_analysis_find ("trajectory-classes"), task->frame, task->options,
                          NULL, NULL, NULL, classes_cb, task);
}

static void
grolts_response_cb (GtkNativeDialog *chooser, int response, KtmWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                               : NULL;
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL && self->study != NULL)
    write_grolts (self, path);
  else
    g_free (path);
  g_object_unref (chooser);
}

/* A path is written to at once; "" asks for one. */
static void
grolts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  KtmWindow *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  KtmClassResult *result = classes_of (self);
  GtkFileChooserNative *chooser;

  if (result == NULL)
    return;
  ktm_class_result_unref (result);
  if (path[0] != '\0')
    {
      write_grolts (self, g_strdup (path));
      return;
    }
  chooser = gtk_file_chooser_native_new (_("Save the GRoLTS checklist"), GTK_WINDOW (self),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "grolts.pdf");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (grolts_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
ktm_window_add_class_actions (KtmWindow *self)
{
  static const GActionEntry entries[] = {
    { "save-classes", save_classes_cb },
    { "apply-classes", apply_classes_cb },
    { "apply-classes-from", apply_from_cb, "s" },
    { "grolts", grolts_cb, "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
