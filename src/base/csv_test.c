#include "base/base.h"
#include "base/test.h"
#include <stdlib.h>

static void
expect_row(struct rg_csv *csv, uint64_t line, bool odd, size_t n, const char *const *want)
{
    assert_true(rg_csv_next(csv));
    assert_int_equal(csv->line, line);
    assert_int_equal(csv->bad_quote, odd);
    assert_int_equal(csv->n_fields, n);
    for (size_t i = 0; i < n; i++)
        assert_true(str_eq(csv->fields[i], str_of(want[i])));
}

#define EXPECT_ROW(csv, line, odd, ...)                                                        \
    expect_row(csv, line, odd, RG_COUNT(((const char *const[]){__VA_ARGS__})),                 \
               (const char *const[]){__VA_ARGS__})

static void
expect_end(struct rg_csv *csv)
{
    assert_false(rg_csv_next(csv));
    assert_false(csv->no_memory);
    rg_csv_done(csv);
}

static void
the_examples_of_rfc_4180_are_read(void **state)
{
    struct rg_csv csv;
    rg_csv_init(&csv, STR("field_name,b,c\r\naaa,\"bbb\",ccc\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\n"
                          "zzz,\"b\"\"bb\",\r\n"));
    EXPECT_ROW(&csv, 1, false, "field_name", "b", "c");
    assert_int_equal(rg_csv_column(&csv, STR("FIELD_NAME")), 0);
    assert_int_equal(rg_csv_column(&csv, STR("c")), 2);
    assert_int_equal(rg_csv_column(&csv, STR("d")), -1);
    EXPECT_ROW(&csv, 2, false, "aaa", "bbb", "ccc");
    EXPECT_ROW(&csv, 3, false, "aaa", "b\r\nbb", "ccc");
    EXPECT_ROW(&csv, 5, false, "zzz", "b\"bb", "");
    expect_end(&csv);
}

static void
what_municipalities_really_send_is_read(void **state)
{
    struct rg_csv csv;
    rg_csv_init(&csv,
                STR("\xEF\xBB\xBF\r\n\"Comune, Zona\";Nota\r\n\r\nIvrea;a, b, c\nRivoli;"));
    EXPECT_ROW(&csv, 2, false, "Comune, Zona", "Nota");
    EXPECT_ROW(&csv, 4, false, "Ivrea", "a, b, c");
    EXPECT_ROW(&csv, 5, false, "Rivoli", "");
    expect_end(&csv);
    rg_csv_init(&csv, STR("a\tb\n1\t2"));
    EXPECT_ROW(&csv, 1, false, "a", "b");
    EXPECT_ROW(&csv, 2, false, "1", "2");
    expect_end(&csv);
    rg_csv_init(&csv,
                STR("altezza 5\";larghezza;nota\n1,2;3;4,5,6\n")); /* an inch is no quote */
    EXPECT_ROW(&csv, 1, true, "altezza 5\"", "larghezza", "nota");
    EXPECT_ROW(&csv, 2, false, "1,2", "3", "4,5,6");
    expect_end(&csv);
    rg_csv_init(&csv,
                STR("\"a;b;c\n1,2\n")); /* the first quote never closes: count without it */
    assert_int_equal(csv.separator, ';');
    rg_csv_done(&csv);
    rg_csv_init(&csv, STR("\xEF\xBB\xBF"));
    expect_end(&csv);
    rg_csv_init(&csv, STR_NONE);
    expect_end(&csv);
}

static void
odd_quotes_are_flagged_and_cost_only_their_row(void **state)
{
    struct rg_csv csv;
    rg_csv_init(
        &csv, STR("n,v\n1,tubo 5\" pollici,\"x\"\n2,\"ok\"no,y\n3,\"b\" ,z\n4,\"mai chiuso,q\n"
                  "5,sano\n"));
    EXPECT_ROW(&csv, 1, false, "n", "v");
    EXPECT_ROW(&csv, 2, true, "1", "tubo 5\" pollici", "x");
    EXPECT_ROW(&csv, 3, true, "2", "okno", "y");
    EXPECT_ROW(&csv, 4, false, "3", "b ", "z");
    EXPECT_ROW(&csv, 5, true, "4", "mai chiuso,q");
    EXPECT_ROW(&csv, 6, false, "5", "sano");
    expect_end(&csv);
    /* A line end inside a good quoted field does not end a row whose later quote is lost. */
    rg_csv_init(&csv, STR("\"a\nb\",\"c\nd,e\n"));
    EXPECT_ROW(&csv, 1, true, "a\nb", "c");
    EXPECT_ROW(&csv, 3, false, "d", "e");
    expect_end(&csv);
}

static void
too_wide_and_too_long_are_cut_and_flagged(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 8 << 20);
    for (int i = 0; i < RG_CSV_COLUMNS_MAX; i++)
        rg_buf_lit(&buf, "x,");
    rg_buf_lit(&buf, "y\n");
    for (int i = 0; i < RG_CSV_FIELD_MAX; i += 2)
        rg_buf_lit(&buf, "è");
    rg_buf_lit(&buf, "\na");
    for (int i = 0; i < RG_CSV_FIELD_MAX; i += 2)
        rg_buf_lit(&buf, "è");
    rg_buf_lit(&buf, ",b\nlast\n");
    struct rg_csv csv;
    rg_csv_init(&csv, rg_buf_view(&buf));
    assert_true(rg_csv_next(&csv) && csv.too_wide && !csv.too_long);
    assert_int_equal(csv.n_fields, RG_CSV_COLUMNS_MAX);
    assert_true(rg_csv_next(&csv) && !csv.too_wide && !csv.too_long);
    assert_int_equal(csv.fields[0].n, RG_CSV_FIELD_MAX);
    assert_true(rg_csv_next(&csv) && csv.too_long && csv.n_fields == 2);
    assert_int_equal(csv.fields[0].n, RG_CSV_FIELD_MAX - 1); /* not through the middle of è */
    assert_true(rg_csv_next(&csv) && !csv.too_long && str_is(csv.fields[0], "last"));
    expect_end(&csv);
    rg_buf_done(&buf);
}

/* Each of these patterns made an earlier rule ("the row ends at its own first line end") look
 * through the whole file once per line: 4e10 steps and more. */
static void
files_of_quotes_that_never_close_are_read_in_linear_time(void **state)
{
    static const char *const patterns[] = {"a\",\"\n", "\"\n", "\"\"\"\n", "a\"\"\n",
                                           "x,\"y\n"};
    enum { N_LINES = 200001 };
    for (size_t k = 0; k < RG_COUNT(patterns); k++) {
        struct rg_buf buf;
        rg_buf_init(&buf, 8 << 20);
        rg_buf_lit(&buf, "\"");
        for (int i = 0; i < N_LINES; i++)
            rg_buf_str(&buf, str_of(patterns[k]));
        struct rg_csv csv;
        rg_csv_init(&csv, rg_buf_view(&buf));
        uint64_t n_rows = 0, line = 0;
        for (; rg_csv_next(&csv); n_rows++) {
            assert_true(csv.line > line);
            line = csv.line;
        }
        assert_true(n_rows >= 1 && line <= N_LINES);
        expect_end(&csv);
        rg_buf_done(&buf);
    }
}

/* ---- the slow twin: one character at a time, fields into one flat text ---- */

struct twin {
    char *out; /* rows as  field US field US … RS, with '!' after an odd row */
    size_t n;
};

/* One row from text; false if its last quote did not close before the end of text. Appends the
 * row's fields and returns the position after it. */
static size_t
twin_row(const char *t, size_t n, size_t i, char sep, struct twin *twin, bool *ret_odd,
         bool *ret_closed, size_t *ret_open)
{
    bool more = true;
    *ret_odd = false;
    *ret_closed = true;
    while (more) {
        if (i < n && t[i] == '"') {
            *ret_open = i++;
            bool closed = false;
            while (i < n) {
                if (t[i] == '"' && i + 1 < n && t[i + 1] == '"') {
                    twin->out[twin->n++] = '"';
                    i += 2;
                } else if (t[i] == '"') {
                    closed = true;
                    i++;
                    break;
                } else {
                    twin->out[twin->n++] = t[i++];
                }
            }
            if (!closed) {
                *ret_closed = false;
                *ret_odd = true;
            }
            while (i < n && t[i] != sep && t[i] != '\n') {
                bool line_end = t[i] == '\r' && (i + 1 == n || t[i + 1] == '\n');
                *ret_odd |= t[i] != ' ' && !line_end;
                twin->out[twin->n++] = t[i++];
            }
        } else {
            while (i < n && t[i] != sep && t[i] != '\n') {
                *ret_odd |= t[i] == '"';
                twin->out[twin->n++] = t[i++];
            }
        }
        more = i < n && t[i] == sep;
        i += more;
        if (!more && twin->n > 0 && i > 0 && t[i - 1] == '\r')
            twin->n--; /* CR LF */
        twin->out[twin->n++] = '\x1F';
    }
    return i < n ? i + 1 : i;
}

static void
twin_read(const char *t, size_t n, char sep, struct twin *twin)
{
    int n_unclosed = 0;
    for (size_t i = 0; i < n;) {
        if (t[i] == '\n' || (t[i] == '\r' && (i + 1 == n || t[i + 1] == '\n'))) {
            i++;
            continue;
        }
        size_t before = twin->n, open = 0;
        bool odd, closed;
        size_t next = twin_row(t, n, i, sep, twin, &odd, &closed, &open);
        if (!closed) { /* again, as if the text ended with the line of that quote */
            assert_int_equal(n_unclosed++, 0); /* what makes the reader linear */
            size_t end = open;
            while (end < n && t[end] != '\n')
                end++;
            twin->n = before;
            twin_row(t, end, i, sep, twin, &odd, &closed, &open);
            next = end < n ? end + 1 : end;
        }
        if (odd)
            twin->out[twin->n++] = '!';
        twin->out[twin->n++] = '\x1E';
        i = next;
    }
}

static void
a_hundred_thousand_random_texts_agree_with_the_twin(void **state)
{
    static const char alphabet[] = {'"',  '"',  '"',  ',', ',', ';',
                                    '\n', '\n', '\r', ' ', 'a', 'b'};
    char out[1024];
    struct rg_buf buf;
    rg_buf_init(&buf, sizeof(out));
    for (int round = 0; round < 100000; round++) {
        size_t n = test_chance(round % 100 ? 24 : 200);
        char *text = malloc(n + 1); /* exact, so that the sanitizer sees a step beyond */
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[test_chance(RG_COUNT(alphabet))];
        char *exact = malloc(n ? n : 1);
        memcpy(exact, text, n);
        struct rg_csv csv;
        rg_csv_init(&csv, str_n(exact, n));
        struct twin twin = {out, 0};
        twin_read(text, n, csv.separator, &twin);
        rg_buf_reset(&buf);
        uint64_t line = 0;
        while (rg_csv_next(&csv)) {
            assert_true(csv.line > line);
            line = csv.line;
            for (size_t i = 0; i < csv.n_fields; i++) {
                rg_buf_str(&buf, csv.fields[i]);
                rg_buf_c(&buf, '\x1F');
            }
            if (csv.bad_quote)
                rg_buf_c(&buf, '!');
            rg_buf_c(&buf, '\x1E');
        }
        if (buf.n != twin.n || memcmp(buf.p ? buf.p : "", out, twin.n) != 0) {
            print_error("sep %c text <%.*s>\nours <%.*s>\ntwin <%.*s>\n", csv.separator, (int)n,
                        text, (int)buf.n, buf.p, (int)twin.n, out);
            fail();
        }
        rg_csv_done(&csv);
        free(exact);
        free(text);
    }
    rg_buf_done(&buf);
}

static void
rows_written_are_read_back_with_any_separator(void **state)
{
    static const char alphabet[] = {'"', ',', ';', '\t', '\n', '\r', ' ', 'a', '=', '-'};
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 16);
    for (int round = 0; round < 20000; round++) {
        char field[6][5][8];
        size_t n_field[6][5], n_rows = 1 + test_chance(5), n_columns = 2 + test_chance(4);
        char sep = ",;\t"[round % 3];
        rg_buf_reset(&buf);
        for (size_t r = 0; r < n_rows; r++) {
            for (size_t c = 0; c < n_columns; c++) {
                n_field[r][c] = test_chance(8);
                for (size_t i = 0; i < n_field[r][c]; i++)
                    field[r][c][i] = alphabet[test_chance(RG_COUNT(alphabet))];
                rg_csv_put(&buf, str_n(field[r][c], n_field[r][c]), sep, c == 0);
            }
            rg_buf_str(&buf, round % 2 ? STR("\r\n") : STR("\n"));
        }
        struct rg_csv csv;
        rg_csv_init(&csv, rg_buf_view(&buf));
        assert_int_equal(csv.separator, sep);
        for (size_t r = 0; r < n_rows; r++) {
            assert_true(rg_csv_next(&csv) && !csv.bad_quote);
            assert_int_equal(csv.n_fields, n_columns);
            for (size_t c = 0; c < n_columns; c++)
                assert_true(str_eq(csv.fields[c], str_n(field[r][c], n_field[r][c])));
        }
        expect_end(&csv);
    }
    rg_buf_done(&buf);
}

static void
a_formula_is_disarmed_and_a_number_is_left_alone(void **state)
{
    static const char *const rows[][2] = {
        {"=1+1", "\"'=1+1\""},
        {"+39 011 5551234", "\"'+39 011 5551234\""},
        {"-3.5", "-3.5"},
        {"+390115551234", "+390115551234"},
        {"-a", "\"'-a\""},
        {"@x", "\"'@x\""},
        {"", ""},
        {"\tx", "\"'\tx\""},
        {"a=b", "a=b"},
        {"=\"x\"", "\"'=\"\"x\"\"\""},
    };
    struct rg_buf buf;
    rg_buf_init(&buf, 1000);
    for (size_t i = 0; i < RG_COUNT(rows); i++) {
        rg_buf_reset(&buf);
        rg_csv_put_safe(&buf, str_of(rows[i][0]), ';', true);
        assert_true(str_eq(rg_buf_view(&buf), str_of(rows[i][1])));
    }
    rg_buf_reset(&buf);
    rg_csv_put_safe(&buf, str_n("\0x", 2), ';', false); /* NUL is none of the signs */
    assert_true(str_eq(rg_buf_view(&buf), str_n(";\0x", 3)));
    rg_buf_done(&buf);
}

static void
without_memory_it_stops_and_says_so(void **state)
{
    struct rg_csv csv;
    rg_csv_init(&csv, STR("a,b\nc,d\n"));
    rg_alloc_fail_after(1);
    assert_false(rg_csv_next(&csv));
    assert_true(csv.no_memory);
    rg_alloc_fail_after(0);
    assert_false(rg_csv_next(&csv));
    rg_csv_done(&csv);
    rg_csv_done(&csv);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_rfc_4180_are_read),
        cmocka_unit_test(what_municipalities_really_send_is_read),
        cmocka_unit_test(odd_quotes_are_flagged_and_cost_only_their_row),
        cmocka_unit_test(too_wide_and_too_long_are_cut_and_flagged),
        cmocka_unit_test(files_of_quotes_that_never_close_are_read_in_linear_time),
        cmocka_unit_test(a_hundred_thousand_random_texts_agree_with_the_twin),
        cmocka_unit_test(rows_written_are_read_back_with_any_separator),
        cmocka_unit_test(a_formula_is_disarmed_and_a_number_is_left_alone),
        cmocka_unit_test(without_memory_it_stops_and_says_so),
    };
    return cmocka_run_group_tests_name("base/csv", tests, NULL, NULL);
}
