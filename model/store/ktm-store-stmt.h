/* Small helpers around sqlite3_stmt: bound parameters only, NaN and NULL for what is absent. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

void        ktm_stmt_bind   (sqlite3_stmt *stmt, const char *types, ...);
double      ktm_stmt_double (sqlite3_stmt *stmt, int column);
const char *ktm_stmt_text   (sqlite3_stmt *stmt, int column);
