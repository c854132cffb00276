#include "str.h"

int
str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order != 0)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

static char
ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_n(s.p, prefix.n), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
    return suffix.n == 0 ||
           (s.n >= suffix.n && str_eq(str_n(s.p + (s.n - suffix.n), suffix.n), suffix));
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    const void *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? (const char *)at - s.p : -1;
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool
str_cut(struct str *rest, char separator, struct str *ret_piece)
{
    if (!rest->p)
        return false;
    const char *at = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
    if (!at) {
        *ret_piece = *rest;
        *rest = STR_NONE;
        return true;
    }
    size_t n = (size_t)(at - rest->p);
    *ret_piece = str_n(rest->p, n);
    *rest = str_n(at + 1, rest->n - n - 1);
    return true;
}

/* Length of the well-formed character at p, or 0 (table 3-7 of the Unicode standard). */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
    if (n == 0 || p[0] == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2)
        return 0;
    if (p[0] < 0xE0)
        return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (p[0] < 0xF0) {
        unsigned char low = p[0] == 0xE0 ? 0xA0 : 0x80, high = p[0] == 0xED ? 0x9F : 0xBF;
        return n >= 3 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 ? 3 : 0;
    }
    if (p[0] < 0xF5) {
        unsigned char low = p[0] == 0xF0 ? 0x90 : 0x80, high = p[0] == 0xF4 ? 0x8F : 0xBF;
        return n >= 4 && p[1] >= low && p[1] <= high && (p[2] & 0xC0) == 0x80 &&
                       (p[3] & 0xC0) == 0x80
                   ? 4
                   : 0;
    }
    return 0;
}

bool
str_utf8_ok(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_length(p + i, s.n - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t
str_utf8_prefix(struct str s, size_t n_max)
{
    if (s.n <= n_max)
        return s.n;
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = n_max;
    while (n > 0 && n_max - n < 3 && (p[n] & 0xC0) == 0x80)
        n--;
    bool whole = utf8_length(p + n, s.n - n) > n_max - n; /* a character straddles the cut */
    return whole ? n : n_max;
}

int
str_utf8_next(struct str *s)
{
    if (s->n == 0)
        return -1;
    const unsigned char *p = (const unsigned char *)s->p;
    size_t n = utf8_length(p, s->n);
    int code;
    switch (n) {
    case 2: code = (p[0] & 0x1F) << 6 | (p[1] & 0x3F); break;
    case 3: code = (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F); break;
    case 4:
        code = (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
        break;
    default: /* ASCII; or, in text nobody checked, a byte taken as itself */
        n = 1;
        code = p[0];
    }
    s->p += n;
    s->n -= n;
    return code;
}

size_t
str_utf8_put(char out[4], uint32_t c)
{
    RG_ASSERT(c < 0x110000 && (c < 0xD800 || c > 0xDFFF));
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

uint64_t
str_hash(struct str s)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3u;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    return h ^ h >> 32;
}
