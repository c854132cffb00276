/* From a path to a handler: languages, endings, routes, rights, inputs, forgery tokens. */
#include "web_priv.h"
#include "web/pdf.h"
#include <stdio.h>

/* ---- paths ---- */

/* Take the next piece of "/a/b" off the front; false at the end. */
static bool
piece_next(struct str *rest, struct str *ret_piece)
{
    if (rest->n == 0 || rest->p[0] != '/')
        return false;
    struct str after = str_n(rest->p + 1, rest->n - 1);
    const char *slash = after.n ? memchr(after.p, '/', after.n) : NULL;
    size_t n = slash ? (size_t)(slash - after.p) : after.n;
    *ret_piece = str_n(after.p, n);
    *rest = str_n(after.p + n, after.n - n);
    return true;
}

static bool
path_matches(const char *pattern, struct str path, struct web_match *match)
{
    struct str rest = str_of(pattern), wanted, piece;
    match->n_pieces = 0;
    while (piece_next(&rest, &wanted)) {
        if (!piece_next(&path, &piece))
            return false;
        if (wanted.n > 0 && wanted.p[0] == '{') {
            if (piece.n == 0 || match->n_pieces == RG_COUNT(match->pieces))
                return false;
            match->pieces[match->n_pieces++] = piece;
        } else if (!str_eq(wanted, piece)) {
            return false;
        }
    }
    return path.n == 0 && rest.n == 0;
}

const struct web_route *
web_route_at(const struct web_server *server, size_t i, const struct web_room **ret_room)
{
    for (size_t r = 0; r <= server->config.n_rooms; r++) {
        const struct web_room *room = r == 0 ? &server->own : &server->config.rooms[r - 1];
        if (i < room->n_routes) {
            *ret_room = room;
            return &room->routes[i];
        }
        i -= room->n_routes;
    }
    return NULL;
}

/* The first letter of most routes differs: hundreds of them are passed over at a glance. */
static bool
begins_otherwise(const char *route_path, struct str path)
{
    return route_path[1] != '{' && route_path[1] != (path.n > 1 ? path.p[1] : '\0');
}

/* A literal path wins over one with pieces: "/servizi/nuovo" before "/servizi/{id}". */
bool
web_route_find(const struct web_server *server, struct str method, struct str path,
               struct web_match *ret_match, bool *ret_other_method)
{
    bool found = false;
    *ret_other_method = false;
    if (str_is(method, "HEAD"))
        method = STR("GET");
    for (size_t r = 0; r <= server->config.n_rooms; r++) {
        const struct web_room *room = r == 0 ? &server->own : &server->config.rooms[r - 1];
        for (size_t i = 0; i < room->n_routes; i++) {
            const struct web_route *route = &room->routes[i];
            struct web_match match;
            if (begins_otherwise(route->path, path))
                continue;
            match = (struct web_match){.route = route, .room = room};
            if (!path_matches(route->path, path, &match))
                continue;
            if (!str_eq(str_of(route->method), method)) {
                *ret_other_method = true;
                continue;
            }
            if (!found || match.n_pieces < ret_match->n_pieces)
                *ret_match = match;
            found = true;
        }
    }
    return found;
}

static const struct {
    const char *ending;
    enum web_form form;
} endings[] = {{".json", WEB_JSON},       {".csv", WEB_CSV},   {".geojson", WEB_GEOJSON},
               {".atom", WEB_ATOM},       {".ndjson", WEB_NDJSON}, {".pdf", WEB_PDF}};

/* The path itself, or the path without an ending that its route offers as a form. */
static bool
find_with_form(const struct web_server *server, struct str method, struct str path,
               struct web_match *ret_match, enum web_form *ret_form, struct str *ret_path,
               bool *ret_other_method)
{
    *ret_form = WEB_HTML;
    *ret_path = path;
    bool other;
    if (web_route_find(server, method, path, ret_match, ret_other_method) &&
        (ret_match->n_pieces == 0 || !memchr(path.p, '.', path.n)))
        return true;
    struct web_match plain = *ret_match;
    bool plain_found = !*ret_other_method && ret_match->route;
    for (size_t i = 0; i < RG_COUNT(endings); i++) {
        struct str ending = str_of(endings[i].ending);
        if (!str_ends(path, ending))
            continue;
        struct str bare = str_n(path.p, path.n - ending.n);
        if (str_is(bare, "/home"))
            bare = STR("/");
        if (web_route_find(server, method, bare, ret_match, &other) &&
            ret_match->route->forms & WEB_BIT(endings[i].form)) {
            *ret_form = endings[i].form;
            *ret_path = bare;
            return true;
        }
    }
    *ret_match = plain;
    return plain_found;
}

static struct str
take_lang(struct str path, enum rg_lang *lang)
{
    if (path.n >= 3 && path.p[0] == '/' && (path.n == 3 || path.p[3] == '/') &&
        rg_lang_of(str_n(path.p + 1, 2), lang) && *lang != RG_IT)
        return path.n == 3 ? STR("/") : str_n(path.p + 3, path.n - 3);
    *lang = RG_IT;
    return path;
}

/* ---- decoding ---- */

static int
hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str
web_percent_decode(struct rg_arena *arena, struct str s, bool plus)
{
    char *out = rg_arena_alloc(arena, s.n + 1);
    if (!out)
        return STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (i + 2 >= s.n || hex_of(s.p[i + 1]) < 0 || hex_of(s.p[i + 2]) < 0)
                return STR_NONE;
            c = (char)(hex_of(s.p[i + 1]) << 4 | hex_of(s.p[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = c;
    }
    struct str decoded = str_n(out, n);
    return str_utf8_ok(decoded) ? decoded : STR_NONE;
}

bool
web_pairs_add(struct rg_ctx *ctx, struct web_wire *wire, struct str name, struct str value)
{
    enum { PAIRS_MAX = 2000 }; /* the longest form, an import's column mapping, has about 600 */
    if (wire->n_pairs == wire->cap_pairs) {
        size_t cap = wire->cap_pairs ? wire->cap_pairs * 2 : 16;
        struct web_pair *more =
            wire->n_pairs < PAIRS_MAX ? RG_ARRAY(ctx->arena, struct web_pair, cap) : NULL;
        if (!more)
            return false;
        if (wire->n_pairs)
            memcpy(more, wire->pairs, wire->n_pairs * sizeof(*more));
        wire->pairs = more;
        wire->cap_pairs = cap;
    }
    wire->pairs[wire->n_pairs++] = (struct web_pair){.name = name, .value = value};
    return true;
}

bool
web_query_parse(struct rg_ctx *ctx, struct web_wire *wire, struct str query)
{
    struct str part;
    if (query.n == 0)
        return true;
    while (str_cut(&query, '&', &part)) {
        struct str value = part, name;
        if (part.n == 0 || !str_cut(&value, '=', &name))
            continue;
        name = web_percent_decode(ctx->arena, name, true);
        value = value.p ? web_percent_decode(ctx->arena, value, true) : STR("");
        if (!name.p)
            continue;
        if (!value.p)
            value = STR("\xEF\xBF\xBD"); /* not text: a replacement sign, which fits no input */
        if (!web_pairs_add(ctx, wire, name, value))
            return false;
    }
    return true;
}

struct str
web_cookie_get(struct str cookies, struct str name)
{
    struct str part, key;
    while (str_cut(&cookies, ';', &part)) {
        struct str value = str_trim(part);
        if (str_cut(&value, '=', &key) && str_eq(key, name) && value.p)
            return value;
    }
    return STR_NONE;
}

/* ---- inputs ---- */

static bool
uuid_ok(struct str s)
{
    if (s.n != 36)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? s.p[i] != '-' : hex_of(s.p[i]) < 0)
            return false;
    return true;
}

static const char *
choice_check(const struct web_input *input, struct web_value *value)
{
    for (size_t i = 0; input->choices[i]; i++)
        if (str_eq(value->text, str_of(input->choices[i]))) {
            value->i = (int64_t)i;
            return NULL;
        }
    return "web.input.choice";
}

/* The validator of one value: sets i, gives the wording of what is wrong or NULL. */
static const char *
value_check(const struct web_input *input, struct web_value *value)
{
    struct str s = value->text;
    switch (input->kind) {
    case WEB_IN_INT:
        return rg_parse_i64(s, input->min, input->max, &value->i) ? NULL : "web.input.number";
    case WEB_IN_FLAG:
        value->i = str_is(s, "1") || str_is(s, "on") || str_is(s, "true") || str_is(s, "si");
        return NULL;
    case WEB_IN_CHOICE: return choice_check(input, value);
    case WEB_IN_DATE: return rg_parse_date(s, &value->i) ? NULL : "web.input.date";
    case WEB_IN_INSTANT: return rg_parse_instant(s, &value->i) ? NULL : "web.input.instant";
    case WEB_IN_UUID: return uuid_ok(s) ? NULL : "web.input.uuid";
    case WEB_IN_TEXT:
    case WEB_IN_SECRET:
    case WEB_IN_LIST:
    case WEB_IN_FILE: break;
    }
    return NULL;
}

/* Room for the values of a repeated input is made when the first comes: in the request itself it
 * was 20 KB to clear for every page.                                                         */
static const char *
list_add(struct rg_ctx *ctx, struct web_value *value, struct str s)
{
    if (!value->list)
        value->list = RG_ARRAY(ctx->arena, struct str, WEB_LIST_MAX);
    if (!value->list || value->n == WEB_LIST_MAX)
        return "web.input.many";
    value->list[value->n++] = s;
    return NULL;
}

static void
value_take(struct rg_ctx *ctx, const struct web_input *input, struct web_value *value,
           const struct web_pair *pair)
{
    struct str s = input->kind == WEB_IN_SECRET ? pair->value : str_trim(pair->value);
    size_t max = input->kind == WEB_IN_INT || input->max == 0 ? WEB_TEXT_MAX : (size_t)input->max;
    if (s.n == 0)
        return;
    if (s.n > max) {
        value->problem_key = "web.input.long";
        s.n = str_utf8_prefix(s, max);
    }
    value->given = true;
    value->file_name = pair->file_name;
    value->text = s; /* of a repeated single input the last counts */
    const char *problem =
        input->kind == WEB_IN_LIST ? list_add(ctx, value, s) : value_check(input, value);
    if (problem)
        value->problem_key = problem;
}

static const struct web_pair *
piece_pair(const struct web_match *match, const char *name, struct web_pair *ret_pair)
{
    struct str rest = str_of(match->route->path), wanted;
    size_t i = 0;
    while (piece_next(&rest, &wanted)) {
        if (wanted.n < 2 || wanted.p[0] != '{')
            continue;
        if (str_eq(str_n(wanted.p + 1, wanted.n - 2), str_of(name))) {
            *ret_pair = (struct web_pair){.value = match->pieces[i]};
            return ret_pair;
        }
        i++;
    }
    return NULL;
}

void
web_inputs_read(struct rg_ctx *ctx, struct web_request *req, const struct web_wire *wire,
                const struct web_match *match)
{
    const struct web_route *route = match->route;
    RG_ASSERT(route->n_inputs <= WEB_INPUTS_MAX);
    for (size_t i = 0; i < route->n_inputs; i++) {
        const struct web_input *input = &route->inputs[i];
        struct web_value *value = &req->values[i];
        struct web_pair piece;
        value->text = STR("");
        if (piece_pair(match, input->name, &piece)) {
            value_take(ctx, input, value, &piece);
        } else {
            for (size_t p = 0; p < wire->n_pairs; p++)
                if (str_eq(wire->pairs[p].name, str_of(input->name)))
                    value_take(ctx, input, value, &wire->pairs[p]);
        }
        if (input->required && !value->given && !value->problem_key)
            value->problem_key = "web.input.missing";
        req->n_problems += value->problem_key != NULL;
    }
}

/* ---- who asks, and from where ---- */

/* The Origin a browser sends with a form must be ours; old clients send none. */
static bool
origin_ok(const struct web_wire *wire, const struct web_config *config)
{
    if (wire->fetch_site.n && !str_is(wire->fetch_site, "same-origin") &&
        !str_is(wire->fetch_site, "none"))
        return false;
    if (wire->origin.n == 0)
        return true;
    if (config->public_url && str_eq(wire->origin, str_of(config->public_url)))
        return true;
    ptrdiff_t at = str_find(wire->origin, STR("://"));
    return at > 0 && str_eq(str_n(wire->origin.p + at + 3, wire->origin.n - (size_t)at - 3),
                            wire->host);
}

/* ---- the way of a request ---- */

/* An asset's address holds the hash of its content: the name is its entity tag. */
static void
answer_asset(struct rg_ctx *ctx, const struct web_config *config, const struct web_wire *wire,
             struct web_answer *ans)
{
    struct str name = str_n(wire->target_path.p + 3, wire->target_path.n - 3);
    const char *type;
    bool gzip = web_takes_gzip(wire->accept_encoding);
    struct str bytes = config->asset_find
                           ? config->asset_find(name, gzip, &type, &ans->fixed_gzip)
                           : STR_NONE;
    const char *tag = rg_arena_printf(ctx->arena, "\"%.*s\"", STR_ARG(name));
    if (!bytes.p || !tag) {
        ans->status = 404;
        ans->type = "text/plain; charset=utf-8";
        rg_buf_lit(&ans->body, "404\n");
        web_header(ans, "Cache-Control", "no-store");
        return;
    }
    ans->type = type;
    web_header(ans, "ETag", tag);
    web_header(ans, "Vary", "Accept-Encoding");
    web_header(ans, "Cache-Control", "public, max-age=31536000, immutable");
    ans->cache_set = true;
    if (str_eq(wire->if_none_match, str_of(tag))) {
        ans->status = 304;
        ans->fixed_gzip = false;
        return;
    }
    ans->fixed = bytes;
}

static enum rg_err
find_actor(struct rg_ctx *ctx, const struct web_server *server, const struct web_wire *wire,
           struct web_request *req)
{
    struct web_who who = {0};
    req->session = web_cookie_get(wire->cookie, STR("regia"));
    if (req->session.n > 0 && server->config.who) {
        enum rg_err err = server->config.who(ctx, req->session, &who);
        if (err != RG_OK)
            return err;
    }
    if (who.found)
        ctx->actor = who.actor;
    else
        req->session = STR_NONE;
    /* What is handed out is what everybody may see, whoever prints it. */
    if (req->printed && req->route->roles & RG_ROLE_PUBLIC) {
        ctx->actor = (struct rg_actor){.name = ctx->actor.name};
        req->session = STR_NONE;
    }
    ctx->actor.roles |= RG_ROLE_PUBLIC;
    req->csrf = req->printed ? "" : web_csrf_make(ctx, server, who.secret);
    bool must_check = req->route && str_is(str_of(req->route->method), "POST") &&
                      !(req->route->flags & WEB_READS);
    if (!must_check)
        return RG_OK;
    struct str token = STR_NONE;
    for (size_t i = 0; i < wire->n_pairs; i++)
        if (str_is(wire->pairs[i].name, "csrf"))
            token = wire->pairs[i].value;
    if (!origin_ok(wire, &server->config) ||
        !web_csrf_ok(server, ctx->now_s, who.secret, token))
        return RG_FAIL(ctx, RG_DENIED, "web.forged");
    return RG_OK;
}

static bool
wants_json(struct str accept)
{
    return str_find(accept, STR("application/json")) >= 0 &&
           str_find(accept, STR("text/html")) < 0;
}

/* Somebody not signed in who asks for a page of the staff is led to the sign-in and back. */
static enum rg_err
refuse(struct rg_ctx *ctx, const struct web_request *req, struct web_answer *ans)
{
    if (ctx->actor.account_id == 0 && req->form == WEB_HTML &&
        !(req->route->flags & WEB_API) && str_is(str_of(req->route->method), "GET")) {
        RG_CLEANUP(rg_buf_done) struct rg_buf to;
        rg_buf_init(&to, 4096);
        rg_buf_lit(&to, "/accedi?verso=");
        html_percent(&to, req->path);
        const char *path = to.failed ? "/accedi" : rg_arena_cstr(ctx->arena, rg_buf_view(&to));
        return web_see_other(ctx, ans, path ? path : "/accedi");
    }
    return RG_FAIL(ctx, RG_DENIED, "web.denied");
}

static enum rg_err
handle(struct rg_ctx *ctx, const struct web_server *server, const struct web_wire *wire,
       const struct web_match *match, struct web_request *req, struct web_answer *ans)
{
    enum rg_err err = store_session_begin(ctx, server->config.store);
    if (err != RG_OK)
        return err;
    store_session_hold(ctx);
    err = find_actor(ctx, server, wire, req);
    if (err == RG_OK && !(ctx->actor.roles & req->route->roles))
        return refuse(ctx, req, ans);
    if (err != RG_OK)
        return err;
    web_inputs_read(ctx, req, wire, match);
    if (req->n_problems > 0 && !(req->route->flags & WEB_SHOWS_PROBLEMS))
        return RG_FAIL(ctx, RG_INVALID, "web.bad_inputs");
    err = req->route->handle(ctx, req, ans);
    if (err == RG_OK && ans->body.failed)
        err = RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    return err;
}

static const char *const cache_words[] = {"no-store", "no-cache", "public, max-age=3600"};

void
web_dispatch(struct web_server *server, struct rg_ctx *ctx, const struct web_wire *wire,
             struct web_answer *ans)
{
    struct web_request req = {.query = wire->raw_query,
                              .host = wire->host,
                              .peer = wire->peer,
                              .if_none_match = wire->if_none_match,
                              .store = server->config.store,
                              .server = server,
                              .over_tls = wire->over_tls,
                              .csrf = ""};
    struct web_match match = {0};
    bool other_method = false;
    enum rg_err err = RG_OK;
    if (str_starts(wire->target_path, STR("/s/"))) {
        answer_asset(ctx, &server->config, wire, ans);
        return;
    }
    req.path = take_lang(wire->target_path, &ctx->lang);
    if (req.path.n > 1 && req.path.p[req.path.n - 1] == '/')
        req.path.n--; /* "/servizi/" is "/servizi" */
    if (!find_with_form(server, str_of(wire->method), req.path, &match, &req.form, &req.path,
                        &other_method)) {
        if (wants_json(wire->accept) || req.form != WEB_HTML)
            req.form = WEB_JSON;
        err = RG_FAIL(ctx, RG_ABSENT, other_method ? "web.method" : "web.not_found");
        if (store_session_begin(ctx, server->config.store) == RG_OK)
            (void)find_actor(ctx, server, wire, &req);
        web_answer_error(ctx, &req, ans, err);
        if (other_method)
            ans->status = 405;
        store_session_end(ctx);
        return;
    }
    req.route = match.route;
    req.data = match.room->data;
    if (req.form == WEB_HTML && req.route->forms & WEB_BIT(WEB_JSON) && wants_json(wire->accept))
        req.form = WEB_JSON;
    if (req.form == WEB_PDF) {
        req.form = WEB_HTML;
        req.printed = true;
    }
    bool cannot_print = req.printed && !server->pdf;
    err = cannot_print ? RG_FAIL(ctx, RG_ABSENT, "web.pdf.absent")
                       : handle(ctx, server, wire, &match, &req, ans);
    if (err != RG_OK)
        web_answer_error(ctx, &req, ans, err);
    if (cannot_print)
        ans->status = 501;
    store_session_end(ctx);
    if (!ans->cache_set) {
        bool private = ctx->actor.account_id != 0 || ans->status >= 400;
        web_header(ans, "Cache-Control",
                   cache_words[private ? WEB_PRIVATE : req.route->cache]);
    }
    if (req.printed && ans->status == 200)
        web_paper_begin(ctx, &req, ans);
}

unsigned
web_forms_of(const struct web_server *server, const struct web_route *route)
{
    return server->pdf ? route->forms : route->forms & ~WEB_BIT(WEB_PDF);
}

const struct web_config *
web_config_of(const struct web_request *req)
{
    return &req->server->config;
}
