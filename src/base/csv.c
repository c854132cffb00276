#include "csv.h"
#include "limits.h"
#include "num.h"
#include <stdlib.h>

static char
guess_separator(struct str bytes)
{
    size_t n_comma = 0, n_semicolon = 0, n_tab = 0;
    bool quoted = false;
    for (size_t i = 0; i < bytes.n; i++) {
        char c = bytes.p[i];
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '\n' || c == '\r'))
            break;
        else if (!quoted) {
            n_comma += c == ',';
            n_semicolon += c == ';';
            n_tab += c == '\t';
        }
    }
    if (n_semicolon > n_comma && n_semicolon >= n_tab)
        return ';';
    return n_tab > n_comma ? '\t' : ',';
}

void
rg_csv_init(struct rg_csv *csv, struct str bytes)
{
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_n(bytes.p + 3, bytes.n - 3);
    *csv = (struct rg_csv){
        .rest = bytes, .separator = guess_separator(bytes), .line = 1, .next_line = 1};
    csv->fields = calloc(RG_CSV_COLUMNS_MAX, sizeof(*csv->fields));
    csv->no_memory = !csv->fields;
}

void
rg_csv_done(struct rg_csv *csv)
{
    free(csv->fields);
    free(csv->scratch);
    *csv = (struct rg_csv){0};
}

/* Bytes of the row at the front of rest, its line end left out. A line end inside quotes belongs
 * to the row. A quote that never closes would swallow the file: the row is then taken to end at
 * its first line end, and flagged.                                                           */
static size_t
row_length(struct str rest, char separator, size_t *ret_lines, bool *ret_unclosed)
{
    enum { FIELD_START, BARE, QUOTED, AFTER_QUOTE } state = FIELD_START;
    size_t first_end = rest.n, n_lines = 1;
    bool seen_end = false;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (c == '\n' && !seen_end) {
            seen_end = true;
            first_end = i;
        }
        if (state == QUOTED) {
            n_lines += c == '\n';
            if (c == '"')
                state = AFTER_QUOTE;
        } else if (c == '\n') {
            *ret_lines = n_lines;
            return i;
        } else if (c == separator) {
            state = FIELD_START;
        } else if (c == '"' && (state == FIELD_START || state == AFTER_QUOTE)) {
            state = QUOTED; /* opens a field, or the second of a doubled quote */
        } else {
            state = BARE; /* also stray text after a closing quote: read_field reports it */
        }
    }
    *ret_unclosed = state == QUOTED;
    *ret_lines = *ret_unclosed ? 1 : n_lines;
    return *ret_unclosed ? first_end : rest.n;
}

/* Read one field at row[*at]; its text goes to the scratch when quoted, else stays in place. */
static struct str
read_field(struct rg_csv *csv, struct str row, size_t *at, size_t *n_scratch)
{
    size_t i = *at;
    struct str field;
    if (i < row.n && row.p[i] == '"') {
        size_t start = *n_scratch;
        bool closed = false;
        for (i++; i < row.n; i++) {
            if (row.p[i] != '"') {
                csv->scratch[(*n_scratch)++] = row.p[i];
            } else if (i + 1 < row.n && row.p[i + 1] == '"') {
                csv->scratch[(*n_scratch)++] = row.p[++i];
            } else {
                closed = true;
                i++;
                break;
            }
        }
        for (; i < row.n && row.p[i] != csv->separator; i++) { /* text after the quote */
            csv->bad_quote |= row.p[i] != ' ';
            csv->scratch[(*n_scratch)++] = row.p[i];
        }
        csv->bad_quote |= !closed;
        field = str_n(csv->scratch + start, *n_scratch - start);
    } else {
        size_t start = i;
        while (i < row.n && row.p[i] != csv->separator)
            i++;
        field = str_n(row.p + start, i - start);
    }
    *at = i;
    if (field.n > RG_CSV_FIELD_MAX) {
        csv->too_long = true;
        field.n = str_utf8_prefix(field, RG_CSV_FIELD_MAX);
    }
    return field;
}

static bool
scratch_for(struct rg_csv *csv, size_t n)
{
    if (csv->scratch_cap >= n && csv->scratch)
        return true;
    size_t cap = n * 2 + 256;
    char *p = rg_alloc_should_fail() ? NULL : realloc(csv->scratch, cap);
    if (!p) {
        csv->no_memory = true;
        return false;
    }
    csv->scratch = p;
    csv->scratch_cap = cap;
    return true;
}

bool
rg_csv_next(struct rg_csv *csv)
{
    while (!csv->no_memory && csv->rest.n > 0) {
        csv->bad_quote = csv->too_wide = csv->too_long = false;
        csv->n_fields = 0;
        csv->line = csv->next_line;
        size_t n_lines;
        bool unclosed = false;
        size_t n = row_length(csv->rest, csv->separator, &n_lines, &unclosed);
        struct str row = str_n(csv->rest.p, n);
        size_t taken = n < csv->rest.n ? n + 1 : n;
        csv->rest = str_n(csv->rest.p + taken, csv->rest.n - taken);
        csv->next_line += n_lines;
        if (row.n > 0 && row.p[row.n - 1] == '\r')
            row.n--;
        if (row.n == 0)
            continue;
        if (!scratch_for(csv, row.n))
            return false;
        size_t at = 0, n_scratch = 0;
        for (;;) {
            struct str field = read_field(csv, row, &at, &n_scratch);
            if (csv->n_fields < RG_CSV_COLUMNS_MAX)
                csv->fields[csv->n_fields++] = field;
            else
                csv->too_wide = true;
            if (at >= row.n)
                break;
            at++; /* the separator; one at the very end opens a last empty field */
        }
        csv->bad_quote |= unclosed;
        return true;
    }
    return false;
}

ptrdiff_t
rg_csv_column(const struct rg_csv *csv, struct str name)
{
    for (size_t i = 0; i < csv->n_fields; i++)
        if (str_eq_nocase(str_trim(csv->fields[i]), name))
            return (ptrdiff_t)i;
    return -1;
}

static void
put_quoted(struct rg_buf *buf, struct str field, char separator, bool apostrophe)
{
    bool quote = apostrophe;
    for (size_t i = 0; i < field.n && !quote; i++)
        quote = field.p[i] == separator || field.p[i] == '"' || field.p[i] == '\n' ||
                field.p[i] == '\r';
    if (!quote) {
        rg_buf_str(buf, field);
        return;
    }
    rg_buf_c(buf, '"');
    if (apostrophe)
        rg_buf_c(buf, '\'');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"')
            rg_buf_c(buf, '"');
        rg_buf_c(buf, field.p[i]);
    }
    rg_buf_c(buf, '"');
}

void
rg_csv_put(struct rg_buf *buf, struct str field, char separator, bool first)
{
    if (!first)
        rg_buf_c(buf, separator);
    put_quoted(buf, field, separator, false);
}

void
rg_csv_put_safe(struct rg_buf *buf, struct str field, char separator, bool first)
{
    double number;
    bool formula = field.n > 0 && (strchr("=+@\t\r", field.p[0]) != NULL ||
                                   (field.p[0] == '-' && !rg_parse_decimal(field, &number)));
    if (field.n > 0 && field.p[0] == '+' && rg_parse_decimal(field, &number))
        formula = false;
    if (!first)
        rg_buf_c(buf, separator);
    put_quoted(buf, field, separator, formula);
}
