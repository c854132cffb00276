/* Hours as people write them in one cell of a list. */
#include "hours.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct str
skip(struct str s, size_t n)
{
    return str_n(s.p + n, s.n - n);
}

/* Take words that only join, such as "dalle ore", off the front. */
static struct str
skip_words(struct str s, const char *const *words, size_t n_words)
{
    for (bool again = true; again;) {
        again = false;
        s = str_trim(s);
        for (size_t i = 0; i < n_words; i++) {
            struct str w = str_of(words[i]);
            if (s.n >= w.n && str_eq_nocase(str_n(s.p, w.n), w) &&
                (s.n == w.n || s.p[w.n] == ' ' || is_digit(s.p[w.n]))) {
                s = skip(s, w.n);
                again = true;
                break;
            }
        }
    }
    return s;
}

/* One time at the front: digits with ':' '.' 'h', perhaps "am" or "pm" behind. */
static bool
take_time(struct str *rest, int *ret_min)
{
    static const char *const before[] = {"dalle", "alle", "ore", "h.", "from", "de", ":"};
    struct str s = skip_words(*rest, before, RG_COUNT(before));
    size_t n = 0;
    while (n < s.n && (is_digit(s.p[n]) || (n > 0 && strchr(":.hH", s.p[n]) && s.p[n])))
        n++;
    size_t end = n;
    while (end < s.n && s.p[end] == ' ')
        end++;
    if (end + 2 <= s.n && (s.p[end + 1] | 0x20) == 'm' &&
        ((s.p[end] | 0x20) == 'a' || (s.p[end] | 0x20) == 'p'))
        n = end + 2;
    if (n == 0 || !hours_parse_time(str_n(s.p, n), ret_min))
        return false;
    *rest = skip(s, n);
    return true;
}

/* "9-12:30 e 14-16": every span, nothing left over. */
static size_t
take_spans(struct str s, int16_t spans[][2], size_t max)
{
    static const char *const to[] = {"-", "\xE2\x80\x93", "alle", "a", "to", "till",
                                     "\xC3\xA0", "fino", "/"};
    static const char *const and[] = {",", "e", "and", "et", "&", "/", "ed"};
    size_t n = 0;
    while (n < max) {
        int opens, closes;
        if (!take_time(&s, &opens))
            return 0;
        struct str after = skip_words(s, to, RG_COUNT(to));
        if (after.n == str_trim(s).n || !take_time(&after, &closes))
            return 0;
        if (opens == 1440)
            opens = 0;
        spans[n][0] = (int16_t)opens;
        spans[n++][1] = (int16_t)(closes <= opens ? closes + 1440 : closes);
        s = skip_words(after, and, RG_COUNT(and));
        if (s.n == 0)
            return n;
    }
    return 0;
}

/* Days, then spans: the first digit at which both halves can be read. */
static size_t
read_part(struct str part, struct hours_rule *out, size_t max)
{
    enum { SPANS_MAX = 6 };
    int16_t spans[SPANS_MAX][2];
    for (size_t i = 1; i < part.n; i++) {
        if (!is_digit(part.p[i]) || is_digit(part.p[i - 1]))
            continue;
        struct str days = str_trim(str_n(part.p, i));
        static const char *const ends[] = {"dalle ore", "dalle", "ore", "from", ":", ",", "h"};
        for (size_t k = 0; k < RG_COUNT(ends); k++)
            if (str_ends(days, str_of(ends[k])))
                days = str_trim(str_n(days.p, days.n - strlen(ends[k])));
        struct hours_rule rule = {.valid_from = HOURS_NO_DAY, .valid_to = HOURS_NO_DAY,
                                  .start = HOURS_NO_DAY, .until = HOURS_NO_DAY,
                                  .repaired = true};
        if (!hours_parse_days(days, &rule))
            continue;
        size_t n = take_spans(skip(part, i), spans, SPANS_MAX);
        if (n == 0 || n > max)
            continue;
        for (size_t k = 0; k < n; k++) {
            out[k] = rule;
            out[k].has_times = true;
            out[k].opens_min = spans[k][0];
            out[k].closes_min = spans[k][1];
        }
        return n;
    }
    if (max > 0 && hours_parse_text(part, STR(""), STR(""), out))
        return 1; /* "24/7" */
    return 0;
}

size_t
hours_parse_lines(struct str text, struct hours_rule *out, size_t max)
{
    size_t n = 0;
    if (text.n > (size_t)HOURS_TEXT_MAX * 2)
        return 0;
    while (text.n > 0) {
        size_t end = 0;
        while (end < text.n && !strchr(";|\n\r", text.p[end]))
            end++;
        struct str part = str_trim(str_n(text.p, end));
        text = skip(text, end < text.n ? end + 1 : end);
        if (part.n == 0)
            continue;
        size_t taken = read_part(part, out + n, max - n);
        if (taken == 0)
            return 0;
        n += taken;
    }
    return n;
}
