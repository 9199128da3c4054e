/* The rows of a mixed model's case, and the coefficients every such model answers. */
#pragma once

#include "check.h"

#include "ktm-contrast.h"

/* Rows with a missing y or column are left out, as the models do. */
typedef struct
{
  size_t  n, p;
  double *y, *x;         /* n, n x p */
  size_t *subject;       /* n */
  double *extra;         /* n, nullable: the array asked for by name */
} CheckDesign;

bool check_design_read  (Check *check, const char *extra, CheckDesign *out);
void check_design_clear (CheckDesign *design);
void check_design_emit (Check *check, const KtmContrast *coefficient, const double *beta,
                        const double *vcov, size_t p);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CheckDesign, check_design_clear)
