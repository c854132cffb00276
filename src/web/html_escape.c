/* The escapers alone: they need no wording, so tools/tmplc is linked with them too. */
#include "html.h"

/* The reference that stands for a byte; a byte without one stands for itself. */
static const struct str references[256] = {
    ['&'] = {"&amp;", 5},  ['<'] = {"&lt;", 4},   ['>'] = {"&gt;", 4},
    ['"'] = {"&quot;", 6}, ['\''] = {"&#39;", 5}, ['\0'] = {"\xEF\xBF\xBD", 3},
};

typedef unsigned char lanes __attribute__((vector_size(16)));

/* Whether one of sixteen bytes has a reference. Most text has none for long stretches. */
static bool
lanes_special(const char *p)
{
    lanes v;
    memcpy(&v, p, sizeof(v));
    lanes hit = (lanes)((v == '&') | (v == '<') | (v == '>') | (v == '"') | (v == '\'') | (v == 0));
    uint64_t halves[2];
    memcpy(halves, &hit, sizeof(hit));
    return halves[0] | halves[1];
}

void
html_escape(struct rg_buf *out, struct str s)
{
    if (s.n == 0)
        return;
    size_t done = 0;
    for (size_t i = 0; i < s.n; i++) {
        while (s.n - i >= sizeof(lanes) && !lanes_special(s.p + i))
            i += sizeof(lanes);
        if (i == s.n)
            break;
        struct str reference = references[(unsigned char)s.p[i]];
        if (!reference.p)
            continue;
        rg_buf_add(out, s.p + done, i - done);
        rg_buf_str(out, reference);
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
