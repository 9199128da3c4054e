/* Runs an import over files of tests/store/import and says in one string what it found. */
#pragma once

#include "ktm-import.h"

/* @files: names by blanks; a leading '/' or "@" names: "@sample/x.csv" in KTM_SAMPLE_DIR,
 * "@data/x.csv" in KTM_DATA_DIR.
 * @options: "key=value|key=value", said of every file; nullable. */
KtmImport *fixture_import   (const char *files, const char *options, KtmStore *into);
void       fixture_check    (KtmImport *import);
/* "line:column:value:kind" by blanks … one a line, in order. */
char      *fixture_problems (KtmImport *import);
char      *fixture_path     (const char *name);
/* All scores as "code measure time value" lines, by code, measure, time. */
char      *fixture_scores   (KtmStore *store);
