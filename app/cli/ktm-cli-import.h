/* app/cli: what an import says of itself on standard output. */
#pragma once

#include "ktm-cli.h"
#include "ktm-import.h"

/* Mapping, problems and counts.  Free. */
char *ktm_cli_import_report (KtmImport *import, KtmCliFormat format, gboolean imported);
