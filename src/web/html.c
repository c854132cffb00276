#include "html.h"
#include "html_priv.h"
#include "wording.h"

enum {
    /* A formatted date or number in any language; the longest real one has 40 bytes. */
    FORMATTED_MAX = 256,
};

static void
put_text(struct html *h, enum html_place place, struct str s)
{
    switch (place) {
    case HTML_TEXT:
    case HTML_ATTR: html_escape(h->out, s); break;
    case HTML_URL: html_escape(h->out, html_url_ok(s) ? s : STR("#")); break;
    case HTML_QUERY: html_percent(h->out, s); break;
    case HTML_JSON: rg_json_escape(h->out, s); break;
    }
}

static void
format_value(struct html *h, struct html_value value)
{
    switch (value.kind) {
    case HTML_STR: break;
    case HTML_BOOL: rg_buf_str(h->out, value.i ? STR("true") : STR("false")); break;
    case HTML_INT: rg_buf_i64(h->out, value.i); break;
    case HTML_UINT: rg_buf_printf(h->out, "%llu", (unsigned long long)value.i); break;
    case HTML_NUMBER: wording_number(h->out, h->lang, value.i); break;
    case HTML_DATE: wording_date(h->out, h->lang, value.i); break;
    case HTML_DATETIME: wording_datetime(h->out, h->lang, value.i); break;
    case HTML_DISTANCE: wording_distance(h->out, h->lang, value.i); break;
    case HTML_INSTANT: rg_put_instant(h->out, value.i); break;
    }
}

/* Formatted values are written straight to the page and then, because their words come from
 * the wording files, taken back and escaped. */
void
html_put(struct html *h, enum html_place place, struct html_value value)
{
    if (value.kind == HTML_STR) {
        put_text(h, place, value.s);
        return;
    }
    size_t start = h->out->n;
    format_value(h, value);
    if (value.kind <= HTML_UINT || h->out->failed)
        return;
    char formatted[FORMATTED_MAX];
    size_t n = h->out->n - start;
    RG_ASSERT(n <= sizeof(formatted));
    memcpy(formatted, h->out->p + start, n);
    h->out->n = start;
    put_text(h, place, str_n(formatted, n));
}

static const struct html_arg *
find_arg(struct str name, const struct html_arg *args, size_t n_args)
{
    for (size_t i = 0; i < n_args; i++)
        if (str_eq(str_of(args[i].name), name))
            return &args[i];
    return NULL;
}

void
html_t(struct html *h, enum html_place place, struct wording_key key,
       const struct html_arg *args, size_t n_args, int64_t count)
{
    /* Only the beginning of an address can carry a scheme; wording never does. */
    enum html_place inside = place == HTML_URL ? HTML_ATTR : place;
    const struct wording_entry *entry = wording_find_key(key);
    enum wording_form form = entry ? wording_form_of(entry, h->lang, count) : WORDING_ONE;
    struct str rest = entry ? entry->text[h->lang][form] : str_of(key.name), literal, name;
    if (entry && entry->plain[h->lang][form] && inside <= HTML_ATTR) {
        rg_buf_str(h->out, rest);
        return;
    }
    while (wording_next(&rest, &literal, &name)) {
        put_text(h, inside, literal);
        const struct html_arg *arg = name.p ? find_arg(name, args, n_args) : NULL;
        if (arg) {
            html_put(h, inside, arg->value);
        } else if (name.p) {
            rg_buf_c(h->out, '{');
            put_text(h, inside, name);
            rg_buf_c(h->out, '}');
        }
    }
}

void
html_raw(struct html *h, struct html_safe safe)
{
    rg_buf_str(h->out, safe.s);
}

struct html_safe
html_safe_of(struct str markup)
{
    return (struct html_safe){markup};
}

void
html_lang_prefix(struct html *h)
{
    if (h->lang == RG_IT)
        return;
    rg_buf_c(h->out, '/');
    rg_buf_str(h->out, str_of(rg_lang_tag(h->lang)));
}

void
html_url_put(struct html *h, enum html_place place, struct html_value path)
{
    struct str s = path.s;
    if (s.n > 0 && s.p[0] == '/' && !(s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\')))
        html_lang_prefix(h);
    html_put(h, place, path);
}

static html_asset_fn *asset_table;

void
html_asset_table_set(html_asset_fn *table)
{
    asset_table = table;
}

/* Pages name the same few again and again, icons above all: each thread remembers the last one. */
static struct str
asset_url(const char *name)
{
    static _Thread_local struct {
        html_asset_fn *table;
        const char *name;
        struct str url;
    } last;
    if (last.name != name || last.table != asset_table) {
        last.url = asset_table ? asset_table(name) : STR_NONE;
        last.name = name;
        last.table = asset_table;
    }
    return last.url;
}

void
html_asset(struct html *h, enum html_place place, const char *name)
{
    struct str url = asset_url(name);
    if (url.p) {
        rg_buf_str(h->out, url); /* made by tools/embed of letters, digits and "/._-" alone */
        return;
    }
    put_text(h, place, STR("/assets/"));
    put_text(h, place == HTML_URL ? HTML_ATTR : place, str_of(name));
}

void
html_csrf(struct html *h)
{
    rg_buf_lit(h->out, "<input type=\"hidden\" name=\"csrf\" value=\"");
    html_escape(h->out, str_of(h->csrf));
    rg_buf_lit(h->out, "\">");
}
