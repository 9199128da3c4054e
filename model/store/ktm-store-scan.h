/* The three big tables of a cohort file, read once in the order they lie in the file and checked on
 * the way: what reads a whole cohort opens it with ktm_store_open_to_scan() and calls
 * ktm_store_scan() before it believes a row. */
#pragma once

#include "ktm-store.h"

/* As ktm_store_open(), but the rows of the big tables have not been checked; ktm_store_scan() does.
 * A file that must be brought up to date is checked as a whole before. */
KtmStore *ktm_store_open_to_scan (const char *path, gboolean read_only, GError **error);

/* Every value, score and visit asked about harms, by the patient's key, then as the readers of
 * ktm-store.h; each function may be NULL, and FALSE from one stops.  Errors: DAMAGED with what is
 * wrong, after the rows before it were given; BUSY, FAILED. */
gboolean ktm_store_scan (KtmStore *store, KtmStoreRowFunc value, KtmStoreRowFunc score,
                         KtmStoreRowFunc safety, gpointer data, GError **error);
