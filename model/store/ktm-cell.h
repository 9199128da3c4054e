/* What one cell of a file says: a number, a date, yes or no.  No locale anywhere. */
#pragma once

#include <glib.h>

typedef enum
{
  KTM_CELL_OK,
  KTM_CELL_EMPTY,
  KTM_CELL_NOT_A_NUMBER,
  KTM_CELL_OTHER_MARK,  /* a number, with the decimal mark the file does not use */
  KTM_CELL_LIMIT,       /* "<1", "> 10": the number is the limit */
  KTM_CELL_SPREADSHEET, /* "#N/A", "#DIV/0!" */
  KTM_CELL_NOT_A_DATE,
  KTM_CELL_NO_SUCH_DAY,
  KTM_CELL_AMBIGUOUS, /* a date whose year has two digits, or "1,234" where the mark is unknown */
  KTM_CELL_SERIAL     /* a spreadsheet's day number where a date belongs */
} KtmCellStatus;

typedef enum { KTM_DATE_AUTO, KTM_DATE_YMD, KTM_DATE_DMY, KTM_DATE_MDY } KtmDateOrder;

KtmCellStatus ktm_cell_number (const char *text, gsize len, char decimal, double *value);
KtmCellStatus ktm_cell_date   (const char *text, gsize len, KtmDateOrder order, double *julian_day);
int           ktm_cell_yes_no (const char *text, gsize len);
void          ktm_cell_trim   (const char **text, gsize *len);
/* The three numbers of a date written in digits, in the order written; FALSE if it is none. */
gboolean      ktm_cell_date_parts (const char *text, gsize len, int parts[3], int digits[3]);
double        ktm_julian_day  (int year, int month, int day);   /* NaN: no such day */
char         *ktm_julian_iso  (double julian_day);
/* Text as people compare it: lower case, without accents; @words: all but letters and digits become
 * one '_'. */
char         *ktm_fold        (const char *text, gssize len, gboolean words);
char         *ktm_lower       (const char *text);                /* no locale */
