/* What the loader, the comparison and the program of reference-check share. */
#pragma once

#include "check.h"

#include <json-glib/json-glib.h>

struct _Check
{
  const char *path;
  char       *id, *analysis; /* owned */
  JsonNode   *root;          /* owned */
  JsonObject *options, *arrays, *expected, *tol; /* borrowed; tol nullable */
  JsonNode   *arrays_root;   /* owned, nullable: the content of arrays_file */
  double      rel_tol, abs_tol;
  GHashTable *read_options;  /* names asked for */
  GHashTable *emitted;       /* expected keys answered */
  GPtrArray  *buffers;       /* of double *, freed with the case */
  GString    *statuses;      /* words of the library, said on failure */
  GString    *lines;         /* one a deviation, printed when the case counts */
  guint       n_failures, n_compared;
  bool        better;        /* a better optimum than the reference */
};

/* NULL and nothing printed when the file is no case but an arrays file; a Check with failures when
 * unreadable. */
Check *check_load (const char *path, const char *root, GHashTable *array_files);
void   check_free (Check *check);

/* Options nobody read, keys nobody answered. */
void   check_finish (Check *check);

/* Canonical path of the case's arrays file, searched beside the case and upwards to one above
 * @root; NULL none. */
char  *check_find_arrays_file (const char *case_path, const char *root, const char *name);

double *check_flatten (Check *check, JsonNode *node, size_t *n);
