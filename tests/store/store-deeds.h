/* Everything that writes to a cohort file, one deed each, for the tests that interrupt it. */
#pragma once

#include "ktm-import.h"
#include "store-fixture.h"

typedef struct
{
  Fixture   *fixture;
  KtmImport *import;   /* owned, nullable: read and checked beforehand */
  char      *copy;     /* owned: the second file */
  guint      n_rows;   /* of the table that is imported */
} Run;

typedef struct
{
  const char *name;
  void     (*before)  (Run *run);  /* nullable: makes the file what the deed starts from */
  void     (*prepare) (Run *run);  /* nullable: reads what the deed needs */
  gboolean (*act)     (Run *run, GError **error);
  gboolean makes_file; /* run->copy, there whole or not at all */
} Deed;

#define N_DEEDS 9
extern const Deed deeds[N_DEEDS];

/* A deed, the file it starts from, and what both files hold before and after. */
typedef struct
{
  const Deed *deed;
  char       *bytes;   /* owned */
  gsize       size;
  char       *before, *after;  /* owned */
} Scene;

void run_init    (Run *run, Fixture *fixture, guint n_rows);
void run_clear   (Run *run);
/* Does the deed once as it should be. */
void scene_init  (Scene *scene, const Deed *deed, Run *run);
void scene_clear (Scene *scene);
/* The file as it was before, nothing beside it, and the deed prepared. */
void scene_reset (const Scene *scene, Run *run);
/* Everything a cohort file holds but random ids and times of day, as a checksum, with SQLite's own
 * integrity check; free. */
char *deed_contents (const char *path);
/* Only the cohort, and where @more what the deed may leave beside it. */
void deed_check_files (Run *run, gboolean more);
