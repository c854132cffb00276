/* CSV of strangers (RFC 4180, and what people really send): a pull reader over bytes in memory.
 * Takes commas or semicolons, CR LF, LF, a byte order mark, quotes doubled inside quotes, line
 * ends inside quotes. Never fails on content: what is odd is flagged per row, so that an import
 * can report every bad row and keep the rest.                                                */
#ifndef RG_CSV_H
#define RG_CSV_H

#include "arena.h"
#include "buf.h"

struct rg_csv {
    struct str rest;     /* not yet read                                            */
    char separator;      /* ',' ';' or tab: chosen from the first line              */
    uint64_t line;       /* 1-based line where the current row starts               */
    uint64_t next_line;
    size_t n_fields;
    struct str *fields;  /* borrowed until the next row; unquoted                   */
    bool bad_quote;      /* a quote was not closed, or stood in an unquoted field's middle */
    bool too_wide;       /* more than RG_CSV_COLUMNS_MAX columns: the rest is dropped      */
    bool too_long;       /* a field over RG_CSV_FIELD_MAX: cut                             */
    char *scratch;       /* unquoted text of the row                                       */
    size_t scratch_cap;
    bool no_memory;
};

void rg_csv_init(struct rg_csv *csv, struct str bytes);
/* Skips a byte order mark; guesses the separator from the first line outside quotes: the most
 * frequent of comma, semicolon, tab.                                                         */
bool rg_csv_next(struct rg_csv *csv);
/* Read one row (blank lines are skipped); false at the end or without memory. A quote opens a field
 * only as its first character. One that never closes ends with its line. Linear: no byte is
 * looked at more than five times, whatever the quotes do.                                    */
void rg_csv_done(struct rg_csv *csv);

ptrdiff_t rg_csv_column(const struct rg_csv *csv, struct str name);
/* Index of a name in the current row (call it on the header row), or -1; case ignored. */

void rg_csv_put(struct rg_buf *buf, struct str field, char separator, bool first);
/* Append one field, quoted when it holds a quote, a line end or anything a reader might take
 * for the separator: so rg_csv_init guesses right. A row of one empty field is a blank line.
 * A field that a spreadsheet would take for a formula (= + - @, tab) is NOT changed here:
 * rg_csv_put_safe does, for files people will open. */
void rg_csv_put_safe(struct rg_buf *buf, struct str field, char separator, bool first);
/* As rg_csv_put; a field beginning with = + - @ tab or CR is given a leading apostrophe (OWASP "CSV
 * injection") unless it is a plain number with its sign.                                     */

#endif
