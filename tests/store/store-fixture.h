/* A folder of its own for each test, and a small cohort to fill it with. */
#pragma once

#include "ktm-store.h"

typedef struct
{
  char *folder; /* owned; removed at the end */
  char *path;   /* owned; a cohort file in it, not made yet */
} Fixture;

void      fixture_set_up    (Fixture *fixture, gconstpointer data);
void      fixture_tear_down (Fixture *fixture, gconstpointer data);
char     *fixture_file      (Fixture *fixture, const char *name);
char     *fixture_checksum  (const char *path);
/* Two measures, four visits, three attributes, three patients (K1, K2 included, K3 not) with
 * scores. */
KtmStore *fixture_create    (Fixture *fixture);
void      fixture_fill      (KtmStore *store);
void      fixture_exec      (const char *path, const char *sql);
guint     fixture_count_files (Fixture *fixture);
