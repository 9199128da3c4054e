/* app/cli: the commands that work without a display.  Nothing here includes GTK. */
#pragma once

#include <gio/gio.h>

#include "ktm-analysis.h"
#include "ktm-cohort.h"
#include "ktm-filter.h"
#include "ktm-frame.h"
#include "ktm-report.h"

G_BEGIN_DECLS

/* Exit status of every command. */
enum
{
  KTM_CLI_DONE = 0,
  KTM_CLI_REFUSED = 1, /* the data or the request cannot be honoured */
  KTM_CLI_USAGE = 2    /* wrong usage */
};

typedef enum { KTM_CLI_TEXT, KTM_CLI_JSON, KTM_CLI_CSV } KtmCliFormat;

/* Runs the command @argv[1] names, before GTK is initialised.  *handled is FALSE, and nothing was
 * done, when it names none: then the window opens. */
int ktm_cli_main (int argc, char **argv, gboolean *handled);

/* The commands in a few lines, for --help. */
const char *ktm_cli_commands_help (void);

/* Commands.  argv[0] is the command's name. */
int ktm_cli_analyze (int argc, char **argv);
int ktm_cli_import  (int argc, char **argv);
int ktm_cli_chart   (int argc, char **argv);
int ktm_cli_info    (int argc, char **argv);
int ktm_cli_list    (int argc, char **argv);
int ktm_cli_document (int argc, char **argv);
int ktm_cli_share   (int argc, char **argv);

/* --- what commands share ---------------------------------------------------------------------- */

/* "ketamine-viewer: MESSAGE" on one line of standard error; returns @status. */
int ktm_cli_fail       (int status, const char *format, ...) G_GNUC_PRINTF (2, 3);
int
ktm_cli_fail_error (const GError *error); /* KTM_CLI_REFUSED, or KTM_CLI_USAGE for a GOptionError */
/* Writes to standard output, whole; REFUSED with a message when it cannot. */
int ktm_cli_write      (const char *text);

/* Options of the selection, shared by analyze, chart and report. */
typedef struct
{
  char        *measure, *by;
  char       **groups, **where;      /* NULL: all; NULL: none */
  double       from, to, level;      /* NaN: not given */
  gboolean     has_level, has_missing;
  KtmMissing   missing;
  gboolean     has_seed;
  guint64      seed;
  KtmCliFormat format;
  char *raw_from, *raw_to, *raw_groups, *raw_missing, *raw_level, *raw_seed,
      *raw_format; /* as typed */
} KtmCliSelection;

void     ktm_cli_selection_init  (KtmCliSelection *selection);
void     ktm_cli_selection_clear (KtmCliSelection *selection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KtmCliSelection, ktm_cli_selection_clear)

/* A parser for "ketamine-viewer COMMAND ARGUMENTS": @entries of the command (NULL-ended, nullable)
 * and, with @selection, the shared options.  @selection must outlive it. */
GOptionContext *ktm_cli_context (const char *arguments, const char *summary,
                                 const GOptionEntry *entries, KtmCliSelection *selection);
/* Parses, checks the selection's words and numbers, and that @n_min … @n_max arguments are left
 * besides argv[0].  TRUE: go on; FALSE: *status says how to leave. */
gboolean ktm_cli_parse (GOptionContext *context, int *argc, char ***argv,
                        KtmCliSelection *selection, int n_min, int n_max, int *status);
/* Only --format, for commands without a selection. */
gboolean ktm_cli_parse_format (const char *word, KtmCliFormat *out, GError **error);
gboolean ktm_cli_parse_number (const char *option, const char *text, double *out, GError **error);

/* Is @word (NULL: not given, which is right) one of @words?  *@index (nullable) becomes its place
 * and stays where nothing was given; the error lists the words. */
gboolean ktm_cli_take_word (const char *option, const char *word, const char *const *words,
                            int *index, GError **error);
#define KTM_CLI_WORDS(...) ((const char *const[]) { __VA_ARGS__, NULL })
/* --decimal-mark: *@mark becomes '.' or ',' where one was given. */
gboolean ktm_cli_take_mark (const char *word, char *mark, GError **error);
gboolean ktm_cli_in_range (const char *option, int value, int low, int high, GError **error);

/* The patients of @cohort that pass every --where, as a frame of all measures and attributes. */
KtmFrame *ktm_cli_frame (KtmCohort *cohort, const KtmCliSelection *selection, KtmFrameParts parts,
                         GError **error);

/* Finds trajectory classes in the patients of @frame and makes them an attribute of @cohort, for
 * the frames made after.
 * @options: measure, visits, number and curves as for the analysis; its groups are not looked at.
 */
gboolean ktm_cli_add_classes (KtmCohort *cohort, const KtmFrame *frame,
                              const KtmAnalysisOptions *options, GError **error);
/* "class" or "trajectory_class", which are found when asked for: *attribute becomes the latter. */
gboolean  ktm_cli_take_class (KtmCohort *cohort, char **attribute);

/* What counts as an adverse event, as typed; shared by analyze and chart. */
typedef struct
{
  char *count, *grade, *related, *interval; /* NULL: not given */
} KtmCliHarms;

void     ktm_cli_harms_add_options (GOptionContext *context, KtmCliHarms *typed);
void     ktm_cli_harms_clear       (KtmCliHarms *typed);
/* What is not given stays as it is in @out.  FALSE with a sentence for a word that is none. */
gboolean ktm_cli_harms_read (const KtmCliHarms *typed, KtmHarms *out, GError **error);

/* Is @lang (nullable) a language of figures and reports?  The error lists them. */
gboolean ktm_cli_check_lang (const char *lang, GError **error);
/* Adds every --where to @filter; an error names the option. */
gboolean ktm_cli_add_where (KtmFilter *filter, KtmCohort *cohort, char **where, GError **error);

/* A language for text output, from the environment. */
const KtmLang *ktm_cli_lang (void);

/* @report in the format asked for; the selection is the one resolved.  Owned by the caller. */
typedef struct
{
  double      from, to;
  const char *by;
  char      **where;
  KtmMissing  missing;
  char      **groups;  /* NULL: all */
} KtmCliResolved;

char *ktm_cli_report_json (const KtmReport *report, const KtmCliResolved *selection);
char *ktm_cli_report_csv  (const KtmReport *report);

/* How published studies are pooled, as typed. */
typedef struct
{
  char    *effect, *method, *tau2, *ci, *moderator;
  gboolean no_own;
} KtmCliEvidence;
void     ktm_cli_evidence_add   (GOptionContext *context, KtmCliEvidence *evidence);
void     ktm_cli_evidence_clear (KtmCliEvidence *evidence);
gboolean ktm_cli_evidence_check (const KtmCliEvidence *evidence, GError **error);
/* The first option given, NULL none; and the rule of ktm-evidence.h they make (free), NULL none. */
const char *ktm_cli_evidence_given    (const KtmCliEvidence *evidence);
char       *ktm_cli_evidence_dup_rule (const KtmCliEvidence *evidence);

G_END_DECLS
