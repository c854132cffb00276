/* The escapers alone: they need no wording, so tools/tmplc is linked with them too. */
#include "html.h"

/* The reference that stands for a byte; a byte without one stands for itself. */
static const struct str references[256] = {
    ['&'] = {"&amp;", 5},  ['<'] = {"&lt;", 4},   ['>'] = {"&gt;", 4},
    ['"'] = {"&quot;", 6}, ['\''] = {"&#39;", 5}, ['\0'] = {"\xEF\xBF\xBD", 3},
};

/* Which of sixteen bytes is the first with a reference; 16: none, as for long stretches of text. */
static inline __attribute__((always_inline)) size_t
lanes_special(str_lanes v)
{
    return str_lanes_first((str_lanes)((v == '&') | (v == '<') | (v == '>') | (v == '"') |
                                       (v == '\'') | (v == 0)));
}

static size_t
lanes_special_at(const char *p)
{
    str_lanes v;
    memcpy(&v, p, sizeof(v));
    return lanes_special(v);
}

/* Where the next byte with a reference stands, from a place on; n when there is none. */
static size_t
next_special(const char *p, size_t i, size_t n)
{
    enum { LANES = sizeof(str_lanes) };
    while (n - i >= LANES) {
        size_t plain = lanes_special_at(p + i);
        i += plain;
        if (plain < LANES)
            return i;
    }
    if (n >= LANES && lanes_special_at(p + n - LANES) == LANES)
        return n; /* the last sixteen, some of them looked at twice */
    while (i < n && !references[(unsigned char)p[i]].p)
        i++;
    return i;
}

/* The same for fewer than sixteen, in two loads that may overlap: most of what a page says is
 * this short. What fills the lanes stands for itself.                                        */
static bool
short_plain(const char *p, size_t n)
{
    uint64_t halves[2] = {0x2020202020202020, 0x2020202020202020};
    str_lanes v;
    if (n >= 8) {
        memcpy(&halves[0], p, 8);
        memcpy(&halves[1], p + n - 8, 8);
    } else if (n >= 4) {
        uint32_t first, last;
        memcpy(&first, p, 4);
        memcpy(&last, p + n - 4, 4);
        halves[0] = first | (uint64_t)last << 32;
    } else {
        for (size_t i = 0; i < n; i++)
            halves[0] = halves[0] << 8 | (unsigned char)p[i];
    }
    memcpy(&v, halves, sizeof(v));
    return lanes_special(v) == sizeof(v);
}

void
html_escape(struct rg_buf *out, struct str s)
{
    size_t done = 0, i;
    if (s.n < sizeof(str_lanes) && short_plain(s.p, s.n)) {
        rg_buf_str(out, s);
        return;
    }
    while (done < s.n && (i = next_special(s.p, done, s.n)) < s.n) {
        rg_buf_add(out, s.p + done, i - done);
        rg_buf_str(out, references[(unsigned char)s.p[i]]);
        done = i + 1;
    }
    rg_buf_add(out, s.p + done, s.n - done);
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

void
html_percent(struct rg_buf *out, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(s.p[i])) {
            rg_buf_c(out, s.p[i]);
        } else {
            char triple[3] = {'%', hex[c >> 4], hex[c & 15]};
            rg_buf_add(out, triple, sizeof(triple));
        }
    }
}

bool
html_url_ok(struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        char c = url.p[i];
        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c != ':')
            continue;
        struct str scheme = str_n(url.p, i);
        return str_eq_nocase(scheme, STR("https")) || str_eq_nocase(scheme, STR("http")) ||
               str_eq_nocase(scheme, STR("mailto")) || str_eq_nocase(scheme, STR("tel"));
    }
    return true;
}
