#include "csv.h"
#include "limits.h"
#include "num.h"
#include <stdlib.h>

/* Where a quote opens a field is decided the same way here, in row_length and in read_field: only
 * at the very start of a field. The inch sign of  5" pipe  is a plain character.              */
enum place { FIELD_START, BARE, QUOTED, AFTER_QUOTE };

static enum place
place_after(enum place place, char c, bool is_separator)
{
    if (place == QUOTED)
        return c == '"' ? AFTER_QUOTE : QUOTED;
    if (is_separator)
        return FIELD_START;
    if (c == '"' && place != BARE)
        return QUOTED; /* opens a field, or is the second of a doubled quote */
    return BARE;       /* also stray text after a closing quote: read_field reports it */
}

static const char separators[] = {',', ';', '\t'}; /* among equals the first is taken */

/* Count each separator outside quotes in the first line; false if a quote did not close. */
static bool
count_separators(struct str bytes, bool with_quotes, size_t n_each[RG_COUNT(separators)])
{
    enum place place = FIELD_START;
    memset(n_each, 0, sizeof(separators) * sizeof(n_each[0]));
    for (size_t i = 0; i < bytes.n && (place == QUOTED || bytes.p[i] != '\n'); i++) {
        const char *which = memchr(separators, bytes.p[i], sizeof(separators));
        if (which && place != QUOTED)
            n_each[which - separators]++;
        place = place_after(with_quotes ? place : BARE, bytes.p[i], which != NULL);
    }
    return place != QUOTED;
}

static char
guess_separator(struct str bytes)
{
    while (bytes.n > 0 && (bytes.p[0] == '\n' || bytes.p[0] == '\r'))
        bytes = str_n(bytes.p + 1, bytes.n - 1);
    size_t n_each[RG_COUNT(separators)], best = 0;
    if (!count_separators(bytes, true, n_each))
        count_separators(bytes, false, n_each);
    for (size_t i = 1; i < RG_COUNT(separators); i++)
        if (n_each[i] > n_each[best])
            best = i;
    return separators[best];
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
 * the first line end after that quote, and flagged. This happens once in a file at most, so that
 * reading stays linear: behind a quote that never closes all quotes come in doubled pairs, and a
 * pair that opens a field closes it again.                                                   */
static size_t
row_length(struct str rest, char separator, uint64_t *ret_lines)
{
    enum place place = FIELD_START;
    size_t first_end = rest.n; /* the first line end since the last field began */
    uint64_t n_lines = 1, n_lines_there = 1;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (c == '\n' && place != QUOTED) {
            *ret_lines = n_lines;
            return i;
        }
        if (c == '\n' && first_end == rest.n) {
            first_end = i;
            n_lines_there = n_lines;
        }
        n_lines += c == '\n';
        place = place_after(place, c, c == separator);
        if (place == FIELD_START)
            first_end = rest.n;
    }
    bool unclosed = place == QUOTED && first_end < rest.n;
    *ret_lines = unclosed ? n_lines_there : n_lines;
    return unclosed ? first_end : rest.n;
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
        for (; i < row.n && row.p[i] != csv->separator; i++)
            csv->bad_quote |= row.p[i] == '"';
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
        uint64_t n_lines;
        size_t n = row_length(csv->rest, csv->separator, &n_lines);
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
                field.p[i] == '\r' || memchr(separators, field.p[i], sizeof(separators));
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
    bool formula = field.n > 0 && memchr("=+-@\t\r", field.p[0], 6) != NULL;
    if (formula && rg_parse_decimal(field, &number))
        formula = false; /* -3.5 and +390115551234 are no formulas */
    if (!first)
        rg_buf_c(buf, separator);
    put_quoted(buf, field, separator, formula);
}
