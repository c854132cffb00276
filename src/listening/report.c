/* A document into numbered lines: what is text, what is page furniture, where paragraphs end.
 */
#include "listening/kernel.h"
#include <stdlib.h>

enum {
    TITLE_MAX = 120,  /* a running title is short                                  */
    TITLE_TIMES = 3,  /* and comes back on at least three pages                    */
    TITLE_APART = 12, /* with at least this many lines between: lists repeat sooner */
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A line that holds nothing but a number of up to four digits, perhaps between dashes. */
static bool
is_page_number(struct str line)
{
    while (line.n && (line.p[0] == '-' || line.p[0] == ' ')) {
        line.p++;
        line.n--;
    }
    while (line.n && (line.p[line.n - 1] == '-' || line.p[line.n - 1] == ' '))
        line.n--;
    if (line.n == 0 || line.n > 4)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if (!is_digit(line.p[i]))
            return false;
    return true;
}

/* "2 http://…": the foot of a page. */
static bool
is_address_note(struct str line)
{
    size_t i = 0;
    while (i < line.n && i < 3 && is_digit(line.p[i]))
        i++;
    struct str rest = str_trim(str_n(line.p + i, line.n - i));
    bool address = str_starts(rest, STR("http://")) || str_starts(rest, STR("https://")) ||
                   str_starts(rest, STR("www."));
    return address && !memchr(rest.p, ' ', rest.n);
}

/* ---- running titles ---- */

struct place {
    struct str text;
    size_t at;
};

static int
place_cmp(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = str_cmp(x->text, y->text);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static void
mark_group(struct report *report, const struct place *places, size_t n)
{
    bool apart = n >= TITLE_TIMES;
    for (size_t i = 1; i < n && apart; i++)
        apart = places[i].at - places[i - 1].at >= TITLE_APART;
    for (size_t i = 0; i < n && apart; i++)
        report->lines[places[i].at].furniture = true;
}

static bool
mark_titles(struct rg_arena *arena, struct report *report)
{
    struct place *places = RG_ARRAY(arena, struct place, report->n);
    size_t n = 0;
    if (!places)
        return false;
    for (size_t i = 0; i < report->n; i++) {
        struct str text = str_trim(report->lines[i].text);
        if (text.n >= 4 && text.n <= TITLE_MAX)
            places[n++] = (struct place){text, i};
    }
    if (n)
        qsort(places, n, sizeof(*places), place_cmp);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && str_eq(places[to].text, places[from].text); to++)
            continue;
        mark_group(report, &places[from], to - from);
    }
    return true;
}

/* ---- reading ---- */

static size_t
count_lines(struct str bytes)
{
    size_t n = 0;
    for (const char *p = bytes.p, *end = bytes.p + bytes.n; p < end; n++) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        p = nl ? nl + 1 : end;
    }
    return n;
}

static struct str
tidy(struct str line)
{
    while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' ' ||
                      line.p[line.n - 1] == '\t' || line.p[line.n - 1] == '\f'))
        line.n--;
    while (line.n && (line.p[0] == '\f' || line.p[0] == '\r')) {
        line.p++;
        line.n--;
    }
    return line;
}

static enum report_fault
line_fault(struct str line)
{
    if (line.n > REPORT_LINE_MAX)
        return REPORT_LINE_LONG;
    if (memchr(line.p, '\0', line.n))
        return REPORT_NUL;
    return str_utf8_ok(line) ? REPORT_FINE : REPORT_NOT_UTF8;
}

/* Letters of any script (all beyond ASCII count) against the signs among them. */
static void
count_letters(struct str line, int64_t *n_letters, int64_t *n_signs)
{
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        *n_letters += letter;
        *n_signs += !letter && c > ' ';
    }
}

enum report_fault
report_read(struct rg_arena *arena, struct str bytes, struct report *ret)
{
    struct report report = {0};
    int64_t n_letters = 0, n_signs = 0;
    *ret = report;
    if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_n(bytes.p + 3, bytes.n - 3);
    size_t n = bytes.n && bytes.n <= REPORT_BYTES_MAX ? count_lines(bytes) : 0;
    if (bytes.n > REPORT_BYTES_MAX || n > REPORT_LINES_MAX)
        return REPORT_TOO_LARGE;
    report.lines = RG_ARRAY(arena, struct report_line, n + 1);
    if (!report.lines)
        return REPORT_TOO_LARGE;
    struct str rest = bytes, line;
    while (report.n < n && str_cut(&rest, '\n', &line)) {
        enum report_fault fault = line_fault(line);
        if (fault != REPORT_FINE) {
            ret->fault_line = report.n + 1;
            return fault;
        }
        count_letters(line, &n_letters, &n_signs);
        line = tidy(line);
        report.lines[report.n++] =
            (struct report_line){line, is_page_number(line) || is_address_note(str_trim(line))};
    }
    if (n_letters + n_signs == 0)
        return REPORT_NO_TEXT;
    if (n_letters < n_signs)
        return REPORT_GARBAGE;
    if (!mark_titles(arena, &report))
        return REPORT_TOO_LARGE;
    for (size_t i = 0; i < report.n; i++)
        report.n_furniture += report.lines[i].furniture;
    *ret = report;
    return REPORT_FINE;
}

/* ---- paragraphs ---- */

static bool
is_heading(struct str line)
{
    size_t n_small = 0, n_large = 0;
    for (size_t i = 0; i < line.n; i++) {
        n_small += line.p[i] >= 'a' && line.p[i] <= 'z';
        n_large += line.p[i] >= 'A' && line.p[i] <= 'Z';
    }
    return n_large >= 4 && n_small * 4 < n_large;
}

static bool
begins_item(struct str line)
{
    static const char *const marks[] = {"●", "•", "▪", "○", "- ", "– "};
    for (size_t i = 0; i < RG_COUNT(marks); i++)
        if (str_starts(line, str_of(marks[i])))
            return true;
    return false;
}

bool
report_ends_paragraph(struct str line, struct str next)
{
    line = str_trim(line);
    next = str_trim(next);
    if (next.n == 0 || is_heading(next) != is_heading(line) || begins_item(next))
        return true;
    while (line.n && is_digit(line.p[line.n - 1])) /* the number of a footnote */
        line.n--;
    if (line.n == 0)
        return true;
    bool large = next.p[0] >= 'A' && next.p[0] <= 'Z';
    if (large && begins_item(line) && line.n < TITLE_MAX && line.p[line.n - 1] != ',')
        return true;
    char last = line.p[line.n - 1];
    bool closed = last == '.' || last == ':' || last == ';' || last == '?' || last == '!';
    return closed && !(next.p[0] >= 'a' && next.p[0] <= 'z');
}

/* ---- words without their blanks ---- */

size_t
words_fold(struct str text, char *out)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyt-"; /* U+00E0 to U+00FF */
    size_t n = 0;
    while (text.n) {
        struct str before = text;
        int c = str_utf8_next(&text);
        if (c >= 'A' && c <= 'Z') {
            out[n++] = (char)(c + 'a' - 'A');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[n++] = (char)c;
        } else if (c >= 0xC0 && c <= 0xFF) {
            char letter = plain[c < 0xE0 ? c - 0xC0 : c - 0xE0];
            if (letter != '-')
                out[n++] = letter;
        } else if (c >= 0x100 && !(c >= 0x2000 && c < 0x3000)) {
            memcpy(out + n, before.p, before.n - text.n);
            n += before.n - text.n;
        }
    }
    return n;
}
