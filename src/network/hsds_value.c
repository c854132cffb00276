#include "hsds_value.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
one_of(char c, const char *set)
{
    return c && strchr(set, c) != NULL;
}

/* A host name with a dot, perhaps with a port: what people type without "http://". */
static bool
looks_like_host(struct str s)
{
    size_t n = 0, n_dots = 0;
    while (n < s.n && !one_of(s.p[n], "/?#:")) {
        if (!is_letter(s.p[n]) && !is_digit(s.p[n]) && !one_of(s.p[n], ".-_"))
            return false;
        n_dots += s.p[n] == '.';
        n++;
    }
    return n > 3 && n_dots > 0 && s.p[0] != '.' && s.p[n - 1] != '.';
}

static size_t
scheme_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && (is_letter(s.p[n]) || (n > 0 && (is_digit(s.p[n]) ||
                                                       one_of(s.p[n], "+-.")))))
        n++;
    return n > 0 && n < s.n && s.p[n] == ':' ? n : 0;
}

static bool
is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Host and optional numeric port, up to the path: the part that cannot be encoded away. */
static bool
authority_ok(struct str s)
{
    size_t n = 0;
    while (n < s.n && !one_of(s.p[n], "/?#"))
        n++;
    struct str host = str_n(s.p, n);
    ptrdiff_t colon = str_find(host, STR(":"));
    if (colon >= 0) {
        for (size_t i = (size_t)colon + 1; i < host.n; i++)
            if (!is_digit(host.p[i]))
                return false;
        host.n = (size_t)colon;
    }
    for (size_t i = 0; i < host.n; i++)
        if (!is_letter(host.p[i]) && !is_digit(host.p[i]) && !one_of(host.p[i], ".-_~"))
            return false;
    return host.n > 0;
}

static struct str
encode(struct rg_arena *arena, struct str prefix, struct str s, bool *ret_changed)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = rg_arena_alloc(arena, prefix.n + s.n * 3 + 1);
    if (!out)
        return STR_NONE;
    memcpy(out, prefix.p, prefix.n);
    size_t n = prefix.n;
    bool fragment = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = is_letter(c) || is_digit(c) || one_of(c, "-._~:/?@!$&'()*+,;=");
        if (c == '%')
            plain = i + 2 < s.n && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]);
        if (c == '#') {
            plain = !fragment;
            fragment = true;
        }
        if (plain) {
            out[n++] = c;
            continue;
        }
        out[n++] = '%';
        out[n++] = hex[(unsigned char)c >> 4];
        out[n++] = hex[(unsigned char)c & 15];
        *ret_changed = true;
    }
    return str_n(out, n);
}

struct str
hsds_url_parse(struct rg_arena *arena, struct str text, bool *ret_changed)
{
    struct str s = str_trim(text), prefix = STR("");
    *ret_changed = s.n != text.n;
    for (size_t i = 0; i < s.n; i++) /* several: the first */
        if (one_of(s.p[i], " \t\r\n")) {
            s.n = i;
            while (s.n > 0 && one_of(s.p[s.n - 1], ",;"))
                s.n--;
            *ret_changed = true;
            break;
        }
    size_t scheme = scheme_length(s);
    bool web = str_eq_nocase(str_n(s.p, scheme), STR("http")) ||
               str_eq_nocase(str_n(s.p, scheme), STR("https"));
    if (scheme && web) {
        struct str rest = str_n(s.p + scheme + 1, s.n - scheme - 1);
        if (!str_starts(rest, STR("//")) || !authority_ok(str_n(rest.p + 2, rest.n - 2)))
            return STR_NONE;
    } else if (looks_like_host(s) && authority_ok(s)) {
        prefix = STR("http://");
        *ret_changed = true;
    } else if (!scheme || s.n == scheme + 1 || !(is_letter(s.p[scheme + 1]) ||
                                                 one_of(s.p[scheme + 1], "/+"))) {
        return STR_NONE;
    }
    if (scheme && !web && str_starts(str_n(s.p + scheme, s.n - scheme), STR("://")) &&
        !authority_ok(str_n(s.p + scheme + 3, s.n - scheme - 3)))
        return STR_NONE;
    return encode(arena, prefix, s, ret_changed);
}

static bool
email_ok(struct str s)
{
    size_t at = 0, n_dots = 0;
    while (at < s.n && s.p[at] != '@') {
        char c = s.p[at];
        bool dot = c == '.';
        if (!is_letter(c) && !is_digit(c) && !one_of(c, "!#$%&'*+/=?^_`{|}~-."))
            return false;
        if (dot && (at == 0 || s.p[at - 1] == '.' || (at + 1 < s.n && s.p[at + 1] == '@')))
            return false;
        at++;
    }
    if (at == 0 || at + 1 >= s.n)
        return false;
    struct str domain = str_n(s.p + at + 1, s.n - at - 1);
    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.p[i];
        bool edge = i == 0 || i + 1 == domain.n || domain.p[i - 1] == '.' ||
                    domain.p[i + 1] == '.';
        if (!is_letter(c) && !is_digit(c) && !(one_of(c, ".-") && !edge))
            return false;
        n_dots += c == '.';
    }
    return n_dots > 0 && domain.n <= 253;
}

struct str
hsds_email_parse(struct str text, bool *ret_changed)
{
    struct str s = str_trim(text);
    *ret_changed = s.n != text.n;
    if (email_ok(s))
        return s;
    *ret_changed = true;
    if (s.n > 7 && str_eq_nocase(str_n(s.p, 7), STR("mailto:")))
        s = str_n(s.p + 7, s.n - 7);
    while (s.n > 0) {
        size_t n = 0;
        while (n < s.n && !one_of(s.p[n], " ,;\t\r\n<>()"))
            n++;
        if (email_ok(str_n(s.p, n)))
            return str_n(s.p, n);
        s = n < s.n ? str_n(s.p + n + 1, s.n - n - 1) : str_n(s.p + n, 0);
    }
    return STR_NONE;
}

struct str
hsds_instant_parse(struct rg_arena *arena, struct str text, bool *ret_changed)
{
    struct str s = str_trim(text);
    int64_t unix_s;
    if (!rg_parse_instant(s, &unix_s))
        return STR_NONE;
    char last = s.p[s.n - 1];
    bool zone = last == 'Z' || last == 'z' || (s.n >= 25 && one_of(s.p[s.n - 6], "+-"));
    *ret_changed = !zone || s.n != text.n || one_of(s.p[10], " ");
    if (!*ret_changed)
        return s;
    struct rg_buf buf RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&buf, 64);
    rg_put_instant(&buf, unix_s);
    return buf.failed ? STR_NONE : rg_arena_str(arena, rg_buf_view(&buf));
}

struct str
hsds_number_parse(struct rg_arena *arena, struct str text, bool *ret_changed)
{
    struct str s = str_trim(text);
    char *out = rg_arena_alloc(arena, s.n + 2);
    if (!out || s.n == 0 || s.n > 64)
        return STR_NONE;
    size_t i = 0, n = 0, n_digits = 0;
    if (one_of(s.p[i], "+-") && s.p[i++] == '-')
        out[n++] = '-';
    while (i + 1 < s.n && s.p[i] == '0' && is_digit(s.p[i + 1]))
        i++;
    while (i < s.n && is_digit(s.p[i])) {
        out[n++] = s.p[i++];
        n_digits++;
    }
    if (n_digits == 0)
        out[n++] = '0';
    if (i < s.n && one_of(s.p[i], ".,")) {
        size_t n_fraction = 0, point = n;
        out[n++] = '.';
        for (i++; i < s.n && is_digit(s.p[i]); n_fraction++)
            out[n++] = s.p[i++];
        n_digits += n_fraction;
        if (n_fraction == 0)
            n = point;
    }
    if (n_digits > 0 && i < s.n && one_of(s.p[i], "eE")) {
        size_t n_exponent = 0;
        out[n++] = s.p[i++];
        if (i < s.n && one_of(s.p[i], "+-"))
            out[n++] = s.p[i++];
        for (; i < s.n && is_digit(s.p[i]); n_exponent++)
            out[n++] = s.p[i++];
        if (n_exponent == 0)
            return STR_NONE;
    }
    double finite;
    if (n_digits == 0 || i != s.n || !rg_parse_decimal(str_n(out, n), &finite))
        return STR_NONE;
    *ret_changed = !str_eq(str_n(out, n), text);
    return str_n(out, n);
}
