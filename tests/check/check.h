/* reference-check: the library against numbers computed elsewhere.
 *
 * The form of the cases and the rule of comparison are those of tests/reference/cases/README.md.
 *
 * To add an analysis: write check-FOO.c with
 *
 *   void
 *   check_foo (Check *check)
 *   {
 *     double level = check_option_number (check, "level");       // read every option the README
 * lists size_t n; const double *x = check_array (check, "x", &n);             // null in the file
 * is NaN here
 *
 *     if (check_failed (check))
 *       return;
 *     check_status (check, ktm_stats_foo (x, n, level, &out));    // said only when the case fails
 *     check_number (check, out.mean, "mean");                     // every key the README lists, in
 * any order check_limits (check, out.ci.low, out.ci.high, "mean_ci");   // mean_ci_lo and
 * mean_ci_hi
 *   }
 *
 * declare it below, and add one line to check-registry.c, one source and one name to meson.build.
 * Emitted keys that a case does not expect are ignored; expected keys that nobody emits, options
 * that nobody reads and missing fields fail the case.
 */
#pragma once

#include "ktm-stats.h"

#include <glib.h>

typedef struct _Check Check;

typedef struct
{
  const char *analysis;
  void (*run) (Check *check);
} CheckAdapter;

const CheckAdapter *
check_registry_find (const char *analysis); /* NULL: no such analysis, or none yet */
bool                check_registry_knows (const char *analysis); /* named in the README */

/* --- what the case gives ---------------------------------------------------------------------- */

/* Each of these fails the case when the field is not there or has another form. */
const double *check_array         (Check *check, const char *name, size_t *n);
double        check_scalar        (Check *check, const char *name);
double        check_option_number (Check *check, const char *name);
double        check_option_limit  (Check *check, const char *name); /* a number, "Inf" or "-Inf" */
bool          check_option_bool   (Check *check, const char *name);
/* The index in the NULL-ended list of allowed values, or -1. */
int           check_option_choice (Check *check, const char *name, const char *const *values);
void          check_option_labels (Check *check, const char *name); /* for people; may be absent */
/* Owned by the check, as arrays are. */
const double *check_option_numbers (Check *check, const char *name, size_t *n);

bool          check_has_array  (Check *check, const char *name);
bool          check_has_option (Check *check, const char *name);
bool          check_wanted     (Check *check, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The numbers of an expected key, flattened; NULL when absent.  For rules that start from the
 * reference. */
const double *check_expected (Check *check, const char *name, size_t *n);

/* --- what the library says -------------------------------------------------------------------- */

void check_fail   (Check *check, const char *format, ...) G_GNUC_PRINTF (2, 3);
bool check_failed (Check *check);
void check_status (Check *check, KtmStatsStatus status);

/* The key is a printf format.  NaN and infinite values answer an expected null. */
void check_number  (Check *check, double value, const char *format, ...) G_GNUC_PRINTF (3, 4);
void
check_limits (Check *check, double low, double high, const char *format, ...) G_GNUC_PRINTF (4, 5);
void check_bool    (Check *check, bool value, const char *format, ...) G_GNUC_PRINTF (3, 4);
void check_numbers (Check *check, const double *values, size_t n, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void check_sizes (Check *check, const size_t *values, size_t n, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void check_matrix  (Check *check, const double *values, size_t rows, size_t cols, /* row-major */
                    const char *format, ...) G_GNUC_PRINTF (5, 6);
/* A value of each of n rows of input: a plain number is accepted in its place when n is 1. */
void check_elements (Check *check, const double *values, size_t n, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* `higher_ok`: our log-likelihood, the same function evaluated at the case's own parameters, our
 * sigma and the pooled one.  Where ours is a better optimum the case is counted apart and its other
 * keys are not compared. */
void check_loglik (Check *check, const char *key, double ours, double at_reference, double sigma,
                   double pooled_sigma);

/* --- adapters --------------------------------------------------------------------------------- */
void check_summary (Check *check);
void check_proportion (Check *check);
void check_correlation (Check *check);
void check_paired (Check *check);
void check_two_groups (Check *check);
void check_published (Check *check);
void check_bootstrap (Check *check);
void check_cochran_armitage (Check *check);
void check_mcnemar (Check *check);
void check_rxc_table (Check *check);
void check_two_by_two (Check *check);
void check_k_groups (Check *check);

void check_lmm (Check *check);
void check_mmrm (Check *check);

void check_gbtm (Check *check);
void check_multinom (Check *check);
void check_kaplan_meier (Check *check);
void check_cox (Check *check);
void check_meta (Check *check);
void check_meta_mantel_haenszel (Check *check);
