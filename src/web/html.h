/* Run-time of the templates: writes values where tools/tmplc found they stand, escaped for that
 * place.
 *
 * Pages do not call this by hand: they are .tmpl files, and the calls here are what the template
 * compiler emits. A value is a struct str, a terminated string or an integer; anything else
 * (a double above all: nobody has said with how many decimals) does not compile. Nothing here
 * fails: the buffer remembers if it ran full. No memory is kept; strings are borrowed for the
 * length of the call.                                                                        */
#ifndef RG_HTML_H
#define RG_HTML_H

#include "base/base.h"
#include "web/wording.h"

struct html {
    struct rg_buf *out;
    enum rg_lang lang;
    const char *csrf; /* token of this session, for {% csrf %}; NULL gives an empty field */
    int64_t now_s;
};

/* Where a hole stands. */
enum html_place {
    HTML_TEXT,  /* between tags                                                             */
    HTML_ATTR,  /* in a quoted attribute, or past the beginning of an address               */
    HTML_URL,   /* where an address begins: its scheme is checked                           */
    HTML_QUERY, /* in an address after '?': percent-encoded                                 */
    HTML_JSON,  /* inside a JSON string of an application/ld+json island                    */
};

enum html_kind {
    HTML_STR,
    HTML_BOOL,     /* "true", "false": as aria- attributes want it */
    HTML_INT,      /* plain digits                                 */
    HTML_UINT,     /* the same, above INT64_MAX too                */
    HTML_NUMBER,   /* 1.234                                        */
    HTML_DATE,     /* 12 gennaio 2026                              */
    HTML_DATETIME, /* 12 gennaio 2026, ore 14:05                   */
    HTML_DISTANCE, /* 3,2 km                                       */
    HTML_INSTANT,  /* 2026-01-12T13:05:00Z                         */
};

struct html_value {
    enum html_kind kind;
    struct str s;
    int64_t i;
};

struct html_arg {
    const char *name;
    struct html_value value;
};

/* Text that is markup already. Only src/web makes one (html_safe_of, html_priv.h). */
struct html_safe {
    struct str s;
};

void html_escape(struct rg_buf *out, struct str s);
/* & < > " ' become character references; NUL, which HTML cannot hold, becomes U+FFFD. The same
 * for text and for quoted attributes: one rule is easier to trust than two. One pass.        */

void html_percent(struct rg_buf *out, struct str s);
/* Everything but the unreserved characters of RFC 3986 (letters, digits, - . _ ~) as %XX. */

bool html_url_ok(struct str url);
/* True if the address is relative or its scheme is http, https, mailto or tel. What a browser
 * would read differently (blanks or control characters before or inside the scheme) is false. */

void html_put(struct html *h, enum html_place place, struct html_value value);
/* Write a value for its place. An address whose scheme is refused is written as "#". */

void html_t(struct html *h, enum html_place place, struct wording_key key,
            const struct html_arg *args, size_t n_args, int64_t count);
/* Write a message of the wording files; message and arguments are escaped. count < 0: no
 * plural. An unknown key is shown itself. Most messages are plain: one look-up, one copy.    */

static inline struct wording_key
html_key(const char *name) /* of a key that is known only when the page is written; NULL is "" */
{
    return (struct wording_key){name ? name : "", wording_hash(str_of(name ? name : ""))};
}

void html_raw(struct html *h, struct html_safe safe);

void html_lang_prefix(struct html *h);
/* "" for Italian, "/fr", "/en". */

void html_url_put(struct html *h, enum html_place place, struct html_value path);
/* An address held in a value: with the language's prefix when it is a path of this site. */

void html_asset(struct html *h, enum html_place place, const char *name);
/* The address of an embedded asset, as the asset table says (html_asset_table_set). name is kept:
 * a literal.                                                                                 */

typedef struct str html_asset_fn(const char *name);
void html_asset_table_set(html_asset_fn *table);
/* Called once at start, before any thread: who knows the address, content hash included, of each
 * embedded asset (none for an unknown one). Until then "/assets/NAME".                       */

void html_csrf(struct html *h);
/* The hidden field "csrf" with this session's token. */

static inline struct html_value html_value_str(struct str s)
{
    return (struct html_value){HTML_STR, s, 0};
}
static inline struct html_value html_value_c(const char *s)
{
    return (struct html_value){HTML_STR, str_of(s), 0};
}
static inline struct html_value html_value_element(const struct str *s) /* of an array of texts */
{
    return html_value_str(*s);
}
static inline struct html_value html_value_bool(bool b)
{
    return (struct html_value){HTML_BOOL, STR_NONE, b};
}
static inline struct html_value html_value_int(int64_t i)
{
    return (struct html_value){HTML_INT, STR_NONE, i};
}
static inline struct html_value html_value_uint(uint64_t u)
{
    return (struct html_value){HTML_UINT, STR_NONE, (int64_t)u};
}
static inline struct html_value html_value_kind(enum html_kind kind, int64_t i)
{
    return (struct html_value){kind, STR_NONE, i};
}
static inline int64_t html_metres_d(double dist_m)
{
    return dist_m >= 0 && dist_m < 1e15 ? (int64_t)(dist_m + 0.5) : 0;
}
static inline int64_t html_metres_i(int64_t dist_m)
{
    return dist_m;
}

#define html_value(x)                                                                         \
    _Generic((x), struct str: html_value_str, const char *: html_value_c,                     \
        const struct str *: html_value_element, struct str *: html_value_element,             \
        char *: html_value_c, bool: html_value_bool, char: html_value_int,                    \
        signed char: html_value_int, short: html_value_int, int: html_value_int,              \
        long: html_value_int, long long: html_value_int, unsigned char: html_value_uint,      \
        unsigned short: html_value_uint, unsigned int: html_value_uint,                       \
        unsigned long: html_value_uint, unsigned long long: html_value_uint)(x)

#define html_metres(x)                                                                        \
    _Generic((x), double: html_metres_d, float: html_metres_d, default: html_metres_i)(x)

/* Truth of a condition: a text that is there, a pointer or number that is not zero. */
static inline bool html_true_str(struct str s) { return s.n > 0; }
static inline bool html_true_int(int64_t i) { return i != 0; }
static inline bool html_true_uint(uint64_t u) { return u != 0; }
static inline bool html_true_double(double d) { return d < 0 || d > 0; }
static inline bool html_true_pointer(const void *p) { return p != NULL; }

#define html_true(x)                                                                          \
    _Generic((x), struct str: html_true_str, bool: html_true_int, char: html_true_int,        \
        signed char: html_true_int, short: html_true_int, int: html_true_int,                 \
        long: html_true_int, long long: html_true_int, unsigned char: html_true_uint,         \
        unsigned short: html_true_uint, unsigned int: html_true_uint,                         \
        unsigned long: html_true_uint, unsigned long long: html_true_uint,                    \
        float: html_true_double, double: html_true_double, default: html_true_pointer)(x)

/* A text against a literal. NULL and none differ from every literal but "". */
static inline bool html_same_str(struct str a, const char *b) { return str_eq(a, str_of(b)); }
static inline bool html_same_c(const char *a, const char *b)
{
    return str_eq(str_of(a), str_of(b));
}

#define html_same(x, literal)                                                                 \
    _Generic((x), struct str: html_same_str, const char *: html_same_c, char *: html_same_c)  \
        (x, literal)

#define html_text(h, x) html_put((h), HTML_TEXT, html_value(x))
#define html_attr(h, x) html_put((h), HTML_ATTR, html_value(x))
#define html_url_attr(h, x) html_put((h), HTML_URL, html_value(x))
#define html_json(h, x) html_put((h), HTML_JSON, html_value(x))

#endif
