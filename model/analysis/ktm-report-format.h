/* model/analysis: a report said for people and for other programs.  Everything returned is owned by
 * the caller. */
#pragma once

#include <glib.h>

#include "ktm-report.h"

G_BEGIN_DECLS

/* One row as a card shows it: "Cohen's d_av" and "0.46 [0.24, 0.69]".  @lang NULL: English; @mark
 * 0: the language's. */
char *ktm_report_row_label (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang,
                            char mark);
char *ktm_report_row_value (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang,
                            char mark);
/* The big number of a card, what follows it ("points"), and its interval ("[95 % CI −1.3, −0.5]");
 * "" where there is none. */
char *ktm_report_row_big      (const KtmReportRow *row, const KtmLang *lang, char mark);
/* @unit (NULL: points) as it follows @value shown with @decimals: "1.0 point", "0.9 points"; in
 * French "0,9 point". */
KtmText *ktm_report_unit_text (const char *unit, double value, int decimals);
char *ktm_report_row_unit (const KtmReport *report, const KtmReportRow *row, const KtmLang *lang);
char *ktm_report_row_interval (const KtmReportRow *row, const KtmLang *lang, char mark);

/* A card in one line for a figure: "Baseline → month 12: −0.9 points (95 % CI −1.3 to −0.5),
 * paired, n = 87", in any language: its headline, else its sentence, else its first line shown.
 * NULL: the card has no number yet.  Free with ktm_text_free(). */
KtmText *ktm_report_card_line (const KtmReport *report, gsize card);

/* One number in the unit's customary form: proportions as percent, without sign of their own. */
char *ktm_report_number (const KtmReportRow *row, double value, const KtmLang *lang, char mark);

/* The methods paragraph with its references, and the whole report as plain text, one card after
 * another. */
char *ktm_report_methods_text (const KtmReport *report, const KtmLang *lang, char mark);
char *ktm_report_plain_text   (const KtmReport *report, const KtmLang *lang, char mark);

/* All rows as a table to paste. */
char *ktm_report_to_tsv   (const KtmReport *report, const KtmLang *lang, char mark);
char *ktm_report_to_html  (const KtmReport *report, const KtmLang *lang, char mark);
char *ktm_report_to_latex (const KtmReport *report, const KtmLang *lang, char mark);

/* A card of which each group is a column, as words: cells n_rows × n_columns, heads n_columns (the
 * groups; "" for all patients), labels n_rows.  FALSE: the card is no such table. */
typedef struct
{
  gsize  n_rows, n_columns;
  char **heads, **labels, **cells; /* owned, NULL-ended; no cell is NULL */
} KtmReportTable;
gboolean ktm_report_card_table (const KtmReport *report, gsize card, const KtmLang *lang, char mark,
                                KtmReportTable *out);
void     ktm_report_table_clear (KtmReportTable *table);

/* A cell of RFC 4180: quoted where needed; text that a spreadsheet would run as a formula gets an
 * apostrophe in front. */
char *ktm_report_csv_cell (const char *text);
/* What a spreadsheet would run if it stood in a cell: it is led by an apostrophe there.  Numbers are none. */
gboolean ktm_report_is_formula (const char *text);

G_END_DECLS
