#include "json.h"
#include "limits.h"
#include "num.h"
#include <math.h>

void
rg_jw_init(struct rg_jw *jw, struct rg_buf *out)
{
    *jw = (struct rg_jw){.out = out};
}

static bool
in_object(const struct rg_jw *jw)
{
    return jw->is_object >> jw->depth & 1;
}

static void
comma_if_due(struct rg_jw *jw)
{
    uint64_t bit = UINT64_C(1) << jw->depth;
    if (jw->has_items & bit)
        rg_buf_c(jw->out, ',');
    jw->has_items |= bit;
}

static void
before_value(struct rg_jw *jw)
{
    if (jw->after_key) {
        jw->after_key = false;
        return;
    }
    RG_ASSERT(!in_object(jw)); /* a member of an object has its key first */
    comma_if_due(jw);
}

static void
open_with(struct rg_jw *jw, char c)
{
    before_value(jw);
    rg_buf_c(jw->out, c);
    RG_ASSERT(jw->depth + 1 < 64);
    jw->depth++;
    uint64_t bit = UINT64_C(1) << jw->depth;
    jw->has_items &= ~bit;
    jw->is_object = c == '{' ? jw->is_object | bit : jw->is_object & ~bit;
}

static void
close_with(struct rg_jw *jw, char c)
{
    RG_ASSERT(jw->depth > 0 && !jw->after_key && in_object(jw) == (c == '}'));
    jw->depth--;
    rg_buf_c(jw->out, c);
}

void
rg_jw_object(struct rg_jw *jw)
{
    open_with(jw, '{');
}

void
rg_jw_array(struct rg_jw *jw)
{
    open_with(jw, '[');
}

void
rg_jw_end_object(struct rg_jw *jw)
{
    close_with(jw, '}');
}

void
rg_jw_end_array(struct rg_jw *jw)
{
    close_with(jw, ']');
}

void
rg_json_escape(struct rg_buf *buf, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&')
            continue;
        rg_buf_add(buf, s.p + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') {
            char pair[2] = {'\\', (char)c};
            rg_buf_add(buf, pair, 2);
        } else if (c == '\n') {
            rg_buf_lit(buf, "\\n");
        } else {
            char code[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            rg_buf_add(buf, code, 6);
        }
    }
    if (s.n > from)
        rg_buf_add(buf, s.p + from, s.n - from);
}

void
rg_jw_key_str(struct rg_jw *jw, struct str key)
{
    RG_ASSERT(!jw->after_key && in_object(jw));
    comma_if_due(jw);
    rg_buf_c(jw->out, '"');
    rg_json_escape(jw->out, key);
    rg_buf_lit(jw->out, "\":");
    jw->after_key = true;
}

void
rg_jw_key(struct rg_jw *jw, const char *key)
{
    rg_jw_key_str(jw, str_of(key));
}

void
rg_jw_str(struct rg_jw *jw, struct str value)
{
    if (!value.p) {
        rg_jw_null(jw);
        return;
    }
    before_value(jw);
    rg_buf_c(jw->out, '"');
    rg_json_escape(jw->out, value);
    rg_buf_c(jw->out, '"');
}

void
rg_jw_i64(struct rg_jw *jw, int64_t value)
{
    before_value(jw);
    rg_buf_i64(jw->out, value);
}

void
rg_jw_e7(struct rg_jw *jw, int32_t e7)
{
    before_value(jw);
    rg_put_e7(jw->out, e7);
}

void
rg_jw_fixed(struct rg_jw *jw, double value, int decimals)
{
    before_value(jw);
    RG_ASSERT(isfinite(value));
    rg_buf_printf(jw->out, "%.*f", decimals, value);
}

void
rg_jw_bool(struct rg_jw *jw, bool value)
{
    rg_jw_raw(jw, value ? STR("true") : STR("false"));
}

void
rg_jw_null(struct rg_jw *jw)
{
    rg_jw_raw(jw, STR("null"));
}

void
rg_jw_raw(struct rg_jw *jw, struct str json)
{
    before_value(jw);
    rg_buf_str(jw->out, json);
}

/* ---- reading back: recursive descent, one function per rule of RFC 8259 ---- */

struct reader {
    const char *p, *end;
    struct rg_jv *nodes;
    size_t n_nodes, max_nodes;
};

static bool read_value(struct reader *r, unsigned depth);

static void
skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        r->p++;
}

static struct rg_jv *
node_new(struct reader *r, enum rg_jv_kind kind)
{
    if (r->n_nodes == r->max_nodes)
        return NULL;
    struct rg_jv *node = &r->nodes[r->n_nodes++];
    *node = (struct rg_jv){.kind = (uint8_t)kind, .span = 1, .text = {r->p, 0}};
    return node;
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* How many of sixteen bytes are a string's plain text, before a control character, a quote or a
 * backslash.                                                                                 */
static size_t
lanes_plain(const char *p)
{
    str_lanes v;
    memcpy(&v, p, sizeof(v));
    return str_lanes_first((str_lanes)((v < 0x20) | (v == '"') | (v == '\\')));
}

/* Over the bytes of a string that mean themselves. */
static void
skip_plain(struct reader *r)
{
    while (r->end - r->p >= (ptrdiff_t)sizeof(str_lanes)) {
        size_t n = lanes_plain(r->p);
        r->p += n;
        if (n < sizeof(str_lanes))
            return;
    }
    while (r->p < r->end && (unsigned char)*r->p >= 0x20 && *r->p != '"' && *r->p != '\\')
        r->p++;
}

static bool
read_string(struct reader *r)
{
    struct rg_jv *node = node_new(r, RG_JV_STRING);
    if (!node || r->p == r->end || *r->p != '"')
        return false;
    node->text.p = ++r->p;
    for (skip_plain(r); r->p < r->end && *r->p != '"'; r->p++, skip_plain(r)) {
        if (*r->p != '\\')
            return false;
        node->escaped = true;
        if (++r->p == r->end || !strchr("\"\\/bfnrtu", *r->p) || *r->p == '\0')
            return false;
        if (*r->p == 'u') {
            for (int i = 1; i <= 4; i++)
                if (r->end - r->p <= i || !is_hex(r->p[i]))
                    return false;
            r->p += 4;
        }
    }
    if (r->p == r->end)
        return false;
    node->text.n = (size_t)(r->p++ - node->text.p);
    return true;
}

static size_t
skip_digits(struct reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return (size_t)(r->p - from);
}

/* number = [ '-' ] ( '0' | digit-but-0 *digit ) [ '.' 1*digit ] [ ( 'e' | 'E' ) [ '+' | '-' ]
 * 1*digit ] */
static bool
read_number(struct reader *r)
{
    struct rg_jv *node = node_new(r, RG_JV_NUMBER);
    if (!node)
        return false;
    if (r->p < r->end && *r->p == '-')
        r->p++;
    bool zero = r->p < r->end && *r->p == '0';
    size_t n_whole = skip_digits(r);
    if (n_whole == 0 || (zero && n_whole > 1))
        return false;
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (skip_digits(r) == 0)
            return false;
    }
    if (r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (skip_digits(r) == 0)
            return false;
    }
    node->text.n = (size_t)(r->p - node->text.p);
    return true;
}

static bool
read_word(struct reader *r, struct str word, enum rg_jv_kind kind)
{
    struct rg_jv *node = node_new(r, kind);
    if (!node || !str_starts(str_n(r->p, (size_t)(r->end - r->p)), word))
        return false;
    r->p += word.n;
    node->text.n = word.n;
    return true;
}

/* array = '[' [ value *( ',' value ) ] ']';  object the same with members string ':' value */
static bool
read_container(struct reader *r, unsigned depth, enum rg_jv_kind kind, char close)
{
    size_t at = r->n_nodes;
    const char *start = r->p;
    if (depth == RG_JSON_DEPTH_MAX || !node_new(r, kind))
        return false;
    uint32_t n = 0;
    r->p++;
    skip_space(r);
    if (r->p < r->end && *r->p == close) {
        r->p++;
    } else {
        for (;;) {
            skip_space(r);
            if (kind == RG_JV_OBJECT) {
                if (!read_string(r))
                    return false;
                skip_space(r);
                if (r->p == r->end || *r->p++ != ':')
                    return false;
            }
            if (!read_value(r, depth + 1))
                return false;
            n++;
            skip_space(r);
            if (r->p == r->end)
                return false;
            char c = *r->p++;
            if (c == close)
                break;
            if (c != ',')
                return false;
        }
    }
    struct rg_jv *node = &r->nodes[at];
    node->n = n;
    node->span = (uint32_t)(r->n_nodes - at);
    node->text = str_n(start, (size_t)(r->p - start));
    return true;
}

static bool
read_value(struct reader *r, unsigned depth)
{
    skip_space(r);
    if (r->p == r->end)
        return false;
    switch (*r->p) {
    case '{':
        return read_container(r, depth, RG_JV_OBJECT, '}');
    case '[':
        return read_container(r, depth, RG_JV_ARRAY, ']');
    case '"':
        return read_string(r);
    case 't':
        return read_word(r, STR("true"), RG_JV_TRUE);
    case 'f':
        return read_word(r, STR("false"), RG_JV_FALSE);
    case 'n':
        return read_word(r, STR("null"), RG_JV_NULL);
    default:
        return read_number(r);
    }
}

/* An upper bound on the nodes: each value but the first follows one of , : [ {. Quoted ones
 * count too: the bound is then larger than needed, never smaller.                            */
static size_t
nodes_at_most(struct str json)
{
    size_t n = 1, i = 0;
    while (json.n - i >= sizeof(str_lanes)) {
        str_lanes counts = {0};
        for (int k = 0; k < 255 && json.n - i >= sizeof(str_lanes); k++, i += sizeof(str_lanes)) {
            str_lanes v;
            memcpy(&v, json.p + i, sizeof(v));
            counts -=
                (str_lanes)((v == ',') | (v == ':') | (v == '[') | (v == '{')); /* true is -1 */
        }
        for (size_t k = 0; k < sizeof(str_lanes); k++)
            n += counts[k];
    }
    for (; i < json.n; i++) {
        char c = json.p[i];
        n += c == ',' || c == ':' || c == '[' || c == '{';
    }
    return n;
}

bool
rg_jv_parse(struct rg_arena *arena, struct str json, const struct rg_jv **ret_root)
{
    size_t max = nodes_at_most(json);
    if (max > RG_JSON_NODES_MAX)
        return false;
    if (json.n == 0)
        return false;
    struct reader r = {.p = json.p, .end = json.p + json.n, .max_nodes = max};
    r.nodes = RG_ARRAY(arena, struct rg_jv, max);
    if (!r.nodes || !read_value(&r, 0))
        return false;
    skip_space(&r);
    if (r.p != r.end)
        return false;
    *ret_root = r.nodes;
    return true;
}

const struct rg_jv *
rg_jv_first(const struct rg_jv *container)
{
    return container && container->n ? container + 1 : NULL;
}

const struct rg_jv *
rg_jv_next(const struct rg_jv *node)
{
    return node + node->span;
}

static uint32_t
hex4(const char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        uint32_t digit = (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        v = v << 4 | digit;
    }
    return v;
}

/* Decode one escape at p (after the backslash); returns bytes taken, adds to out. A lone half
 * of a surrogate pair becomes U+FFFD. */
static size_t
decode_escape(const char *p, const char *end, char *out, size_t *n_out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (*p != 'u') {
        out[(*n_out)++] = to[strchr(from, *p) - from];
        return 1;
    }
    uint32_t c = hex4(p + 1);
    size_t taken = 5;
    if (c >= 0xD800 && c < 0xDC00 && end - p >= 11 && p[5] == '\\' && p[6] == 'u') {
        uint32_t low = hex4(p + 7);
        if (low >= 0xDC00 && low < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            taken = 11;
        }
    }
    if (c == 0 || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    *n_out += str_utf8_put(out + *n_out, c);
    return taken;
}

/* Compare a key as decoded: the writer escapes '<', '>', '&' in keys too. */
static bool
key_is(const struct rg_jv *key, struct str wanted)
{
    if (!key->escaped)
        return str_eq(key->text, wanted);
    const char *p = key->text.p, *end = p + key->text.n;
    while (p < end) {
        char piece[4] = {*p};
        size_t n = 0;
        if (*p == '\\')
            p += 1 + decode_escape(p + 1, end, piece, &n);
        else
            p += n = 1;
        if (!str_starts(wanted, str_n(piece, n)))
            return false;
        wanted = str_n(wanted.p + n, wanted.n - n);
    }
    return wanted.n == 0;
}

const struct rg_jv *
rg_jv_get(const struct rg_jv *object, const char *key)
{
    if (!object || object->kind != RG_JV_OBJECT)
        return NULL;
    struct str wanted = str_of(key);
    const struct rg_jv *k = object + 1;
    for (uint32_t i = 0; i < object->n; i++) {
        const struct rg_jv *value = k + 1;
        if (key_is(k, wanted))
            return value;
        k = rg_jv_next(value);
    }
    return NULL;
}

struct str
rg_jv_str(struct rg_arena *arena, const struct rg_jv *node)
{
    if (!node || (node->kind != RG_JV_STRING && node->kind != RG_JV_NUMBER))
        return STR_NONE;
    if (!node->escaped)
        return node->text;
    char *out = rg_arena_alloc(arena, node->text.n + 1);
    if (!out)
        return STR_NONE;
    size_t n = 0;
    const char *end = node->text.p + node->text.n;
    for (const char *p = node->text.p; p < end;) {
        if (*p == '\\')
            p += 1 + decode_escape(p + 1, end, out, &n);
        else
            out[n++] = *p++;
    }
    return str_n(out, n);
}

struct str
rg_jv_get_str(struct rg_arena *arena, const struct rg_jv *object, const char *key)
{
    return rg_jv_str(arena, rg_jv_get(object, key));
}

int64_t
rg_jv_i64(const struct rg_jv *node, int64_t otherwise)
{
    int64_t v;
    if (!node || !rg_parse_i64(node->text, INT64_MIN, INT64_MAX, &v))
        return otherwise;
    return v;
}
