/* Answers: headers, redirects, queries with a part changed, pages of errors. */
#include "web_priv.h"
#include "web/pdf.h"
#include "web_tmpl.h"
#include <stdarg.h>
#include <stdio.h>

enum { PAGE_BYTES = 64 * 1024 }; /* most pages fit, and are then not moved while they grow */

void
web_answer_init(struct web_answer *ans)
{
    *ans = (struct web_answer){.status = 200};
    rg_buf_init(&ans->body, RG_ANSWER_MAX);
}

void
web_answer_done(struct web_answer *ans)
{
    rg_buf_done(&ans->body);
    if (ans->paper)
        rg_buf_done(&ans->paper->job.out);
}

void
web_header(struct web_answer *ans, const char *name, const char *value)
{
    RG_ASSERT(!strpbrk(value, "\r\n"));
    if (ans->n_headers < RG_COUNT(ans->headers))
        ans->headers[ans->n_headers++] = (struct web_header){name, value};
}

const char *
web_path(struct rg_ctx *ctx, const char *format, ...)
{
    char path[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(path, sizeof(path), format, args);
    va_end(args);
    RG_ASSERT(n >= 0 && n < (int)sizeof(path));
    const char *made = ctx->lang == RG_IT
                           ? rg_arena_cstr(ctx->arena, str_of(path))
                           : rg_arena_printf(ctx->arena, "/%s%s", rg_lang_tag(ctx->lang), path);
    return made ? made : "/";
}

struct str
web_whole(struct rg_ctx *ctx, const struct web_request *req, struct str path)
{
    const char *way = rg_arena_cstr(ctx->arena, path);
    const char *made = rg_arena_printf(ctx->arena, "%s%s", web_site(ctx, req),
                                       web_path(ctx, "%s", way ? way : "/"));
    return str_of(made ? made : "");
}

enum rg_err
web_see_other(struct rg_ctx *ctx, struct web_answer *ans, const char *path)
{
    ans->status = 303;
    ans->type = "text/plain; charset=utf-8";
    rg_buf_reset(&ans->body);
    web_header(ans, "Location",
               ctx->lang == RG_IT || path[0] != '/' ? path : web_path(ctx, "%s", path));
    return RG_OK;
}

/* The query with the pairs called name left out (all, or the one with that value). */
static void
put_query_but(struct rg_ctx *ctx, struct rg_buf *out, struct str query, struct str name,
              const struct str *only_value)
{
    struct str part;
    if (query.n == 0)
        return;
    while (str_cut(&query, '&', &part)) {
        struct str value = part, key;
        if (part.n == 0 || !str_cut(&value, '=', &key) || str_is(key, "pagina"))
            continue;
        if (str_eq(key, name)) {
            struct str decoded =
                value.p ? web_percent_decode(ctx->arena, value, true) : STR("");
            if (!only_value || str_eq(decoded, *only_value))
                continue;
        }
        if (out->n)
            rg_buf_c(out, '&');
        rg_buf_str(out, part);
    }
}

struct str
web_query_with(struct rg_ctx *ctx, const struct web_request *req, const char *name,
               struct str value)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 16 * 1024);
    put_query_but(ctx, &out, req->query, str_of(name), NULL);
    if (value.p) {
        if (out.n)
            rg_buf_c(&out, '&');
        rg_buf_str(&out, str_of(name));
        rg_buf_c(&out, '=');
        html_percent(&out, value);
    }
    return out.failed ? STR("") : rg_arena_str(ctx->arena, rg_buf_view(&out));
}

struct str
web_query_without(struct rg_ctx *ctx, const struct web_request *req, const char *name,
                  struct str value)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 16 * 1024);
    put_query_but(ctx, &out, req->query, str_of(name), &value);
    return out.failed ? STR("") : rg_arena_str(ctx->arena, rg_buf_view(&out));
}

static struct str
kept(struct rg_ctx *ctx, const struct rg_buf *out)
{
    struct str text = out->failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(out));
    return text.p ? text : STR("");
}

struct str
web_words(struct rg_ctx *ctx, const char *key, ...)
{
    struct wording_arg args[8];
    size_t n = 0;
    va_list list;
    va_start(list, key);
    for (const char *name; (name = va_arg(list, const char *)) != NULL;) {
        const struct str *value = va_arg(list, const struct str *);
        RG_ASSERT(n < RG_COUNT(args));
        args[n++] = (struct wording_arg){name, *value};
    }
    va_end(list);
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    wording_put(&out, ctx->lang, key, args, n, -1);
    return kept(ctx, &out);
}

struct str
web_words_n(struct rg_ctx *ctx, const char *key, int64_t count)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    wording_put(&out, ctx->lang, key, NULL, 0, count);
    return kept(ctx, &out);
}

struct str
web_number(struct rg_ctx *ctx, int64_t n)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64);
    wording_number(&out, ctx->lang, n);
    return kept(ctx, &out);
}

struct str
web_date(struct rg_ctx *ctx, int64_t days)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 128);
    wording_date(&out, ctx->lang, days);
    return kept(ctx, &out);
}

struct str
web_moment(struct rg_ctx *ctx, int64_t unix_s)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 128);
    wording_datetime(&out, ctx->lang, unix_s);
    return kept(ctx, &out);
}

struct str
web_day(struct rg_ctx *ctx, struct str day)
{
    int64_t days;
    return rg_parse_date(day, &days) ? web_date(ctx, days) : day;
}

/* ---- pages ---- */

static bool
path_leads_to(struct str here, const char *entry)
{
    struct str e = str_of(entry);
    return str_eq(here, e) ||
           (e.n > 1 && str_starts(here, e) && here.n > e.n && here.p[e.n] == '/');
}

static void
fill_nav(struct rg_ctx *ctx, struct web_request *req, struct web_frame *frame)
{
    const struct web_config *config = web_config_of(req);
    struct web_page_link *links = RG_ARRAY(ctx->arena, struct web_page_link, config->n_nav);
    for (size_t i = 0; links && i < config->n_nav; i++) {
        const struct web_nav *nav = &config->nav[i];
        if (!(nav->roles & ctx->actor.roles))
            continue;
        links[frame->n_nav++] = (struct web_page_link){
            str_of(nav->path), wording_text(ctx->lang, nav->label_key),
            path_leads_to(req->path, nav->path)};
    }
    frame->nav = links;
}

const char *
web_site(struct rg_ctx *ctx, const struct web_request *req)
{
    const char *public_url = web_config_of(req)->public_url;
    if (public_url) {
        size_t n = strlen(public_url);
        return n > 0 && public_url[n - 1] == '/'
                   ? rg_arena_cstr(ctx->arena, str_n(public_url, n - 1))
                   : public_url;
    }
    const char *made = rg_arena_printf(ctx->arena, "%s://%.*s", req->over_tls ? "https" : "http",
                                       STR_ARG(req->host));
    return made ? made : "";
}

/* "/fr" for French; nothing for the language that needs no prefix. */
static void
put_prefix(struct rg_buf *out, enum rg_lang lang)
{
    if (lang != RG_IT)
        rg_buf_printf(out, "/%s", rg_lang_tag(lang));
}

/* The path of this page without its language, percent-encoded; "/" is written only alone. */
static void
put_path(struct rg_buf *out, struct str path)
{
    struct str piece, rest = path.n ? str_n(path.p + 1, path.n - 1) : STR("");
    while (str_cut(&rest, '/', &piece)) {
        rg_buf_c(out, '/');
        html_percent(out, piece);
    }
}

static void
put_query(struct rg_buf *out, struct str query)
{
    if (query.n == 0)
        return;
    rg_buf_c(out, '?');
    rg_buf_str(out, query);
}

/* This page in each language: the same path and query behind another prefix. */
static void
fill_langs(struct rg_ctx *ctx, struct web_request *req, struct web_frame *frame)
{
    static const char *const labels[] = {"IT", "FR", "EN"};
    static const char *const names[] = {"Italiano", "Français", "English"};
    _Static_assert(RG_COUNT(labels) == RG_LANG__MAX && RG_COUNT(names) == RG_LANG__MAX, "");
    struct web_lang_link *links = RG_ARRAY(ctx->arena, struct web_lang_link, RG_LANG__MAX);
    if (!links)
        return;
    bool get = !req->route || str_is(str_of(req->route->method), "GET");
    for (unsigned i = 0; i < RG_LANG__MAX; i++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf path;
        rg_buf_init(&path, 16 * 1024);
        put_prefix(&path, (enum rg_lang)i);
        if (req->path.n > 1 || i == RG_IT)
            put_path(&path, req->path);
        if (get)
            put_query(&path, req->query);
        struct str made =
            path.failed ? STR("/") : rg_arena_str(ctx->arena, rg_buf_view(&path));
        links[i] = (struct web_lang_link){rg_lang_tag((enum rg_lang)i), labels[i], names[i], made,
                                          i == ctx->lang};
    }
    frame->langs = links;
    frame->n_langs = RG_LANG__MAX;
}

/* A page that has a PDF names it; the PDF names the page. */
static void
fill_paper(struct rg_ctx *ctx, struct web_request *req, const struct web_answer *ans,
           struct web_frame *frame)
{
    enum { PATH_BYTES = 16 * 1024, DAY_S = 86400 };
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, PATH_BYTES);
    bool offered = ans->status == 200 && req->route &&
                   web_forms_of(req->server, req->route) & WEB_BIT(WEB_PDF);
    if (!offered)
        return;
    if (req->printed) {
        frame->site = str_of(web_site(ctx, req));
        frame->today = ctx->now_s / DAY_S;
        frame->today_s = frame->today * DAY_S;
        rg_buf_str(&out, frame->site);
        put_prefix(&out, ctx->lang);
    }
    put_path(&out, req->path);
    if (!req->printed)
        rg_buf_lit(&out, ".pdf");
    put_query(&out, req->query);
    struct str made = out.failed ? STR("") : rg_arena_str(ctx->arena, rg_buf_view(&out));
    *(req->printed ? &frame->address : &frame->pdf) = made.p ? made : STR("");
}

struct html *
web_page_open(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
              struct web_frame *frame)
{
    const struct web_config *config = web_config_of(req);
    frame->lang = rg_lang_tag(ctx->lang);
    frame->dir = "ltr";
    fill_nav(ctx, req, frame);
    fill_langs(ctx, req, frame);
    fill_paper(ctx, req, ans, frame);
    if (config->territory_key)
        frame->territory = wording_text(ctx->lang, config->territory_key);
    if (config->attribution_key && !frame->attribution.n)
        frame->attribution = wording_text(ctx->lang, config->attribution_key);
    if (config->owner_url)
        frame->owner_url = str_of(config->owner_url);
    if (ctx->actor.account_id)
        frame->person = ctx->actor.name;
    frame->login_path = STR("/accedi");
    if (config->synthetic && config->synthetic(config->synthetic_data))
        frame->synthetic = true;
    ans->type = "text/html; charset=utf-8";
    ans->frame = frame;
    (void)rg_buf_room(&ans->body, PAGE_BYTES); /* a failure is remembered and told at the end */
    ans->html = (struct html){&ans->body, ctx->lang, req->csrf, ctx->now_s};
    if (req->printed)
        tmpl_web_paper_begin(&ans->html, frame);
    else
        tmpl_web_frame_begin(&ans->html, frame);
    return &ans->html;
}

enum rg_err
web_page_close(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    if (req->printed)
        tmpl_web_paper_end(&ans->html, ans->frame);
    else
        tmpl_web_frame_end(&ans->html, ans->frame);
    return ans->body.failed ? RG_FAIL(ctx, RG_LIMIT, "base.too_much") : RG_OK;
}

void
web_crumbs(struct rg_ctx *ctx, struct web_frame *frame, size_t n, const struct web_crumb *crumbs)
{
    struct web_crumb *copy = RG_ARRAY(ctx->arena, struct web_crumb, n);
    if (!copy)
        return;
    memcpy(copy, crumbs, n * sizeof(*copy));
    frame->crumbs = copy;
    frame->n_crumbs = n;
}

/* ---- errors ---- */

static const int statuses[] = {200, 400, 403, 404, 409, 413, 503, 500};
_Static_assert(RG_COUNT(statuses) == RG_ERR__MAX, "a status per error class");
static const char *const default_keys[] = {
    "web.error.ok",       "web.error.invalid", "web.error.denied", "web.error.absent",
    "web.error.conflict", "web.error.limit",   "web.error.busy",   "web.error.broken"};
_Static_assert(RG_COUNT(default_keys) == RG_ERR__MAX, "a sentence per error class");

static struct str
story_text(struct rg_ctx *ctx, enum rg_err err)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 16 * 1024);
    if (ctx->story.key)
        wording_story(&out, ctx->lang, &ctx->story);
    if (out.n == 0)
        rg_buf_str(&out, wording_text(ctx->lang, default_keys[err]));
    struct str text = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return text.p ? text : wording_text(ctx->lang, default_keys[err]);
}

static struct str
input_label(struct rg_ctx *ctx, const struct web_input *input)
{
    return input->label_key ? wording_text(ctx->lang, input->label_key) : str_of(input->name);
}

/* problem+json (RFC 9457) with every bad input by name. */
static void
put_problem_json(struct rg_ctx *ctx, const struct web_request *req, struct web_answer *ans,
                 enum rg_err err, struct str text)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/problem+json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "type");
    rg_jw_str(&jw, STR("about:blank"));
    rg_jw_key(&jw, "title");
    rg_jw_str(&jw, str_of(rg_err_name(err)));
    rg_jw_key(&jw, "status");
    rg_jw_i64(&jw, ans->status);
    rg_jw_key(&jw, "detail");
    rg_jw_str(&jw, text);
    if (req->n_problems > 0) {
        rg_jw_key(&jw, "errors");
        rg_jw_array(&jw);
        for (size_t i = 0; i < req->route->n_inputs; i++) {
            if (!req->values[i].problem_key)
                continue;
            rg_jw_object(&jw);
            rg_jw_key(&jw, "field");
            rg_jw_str(&jw, str_of(req->route->inputs[i].name));
            rg_jw_key(&jw, "detail");
            rg_jw_str(&jw, wording_text(ctx->lang, req->values[i].problem_key));
            rg_jw_end_object(&jw);
        }
        rg_jw_end_array(&jw);
    }
    rg_jw_end_object(&jw);
}

static struct str
problems_text(struct rg_ctx *ctx, const struct web_request *req, struct str text)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 16 * 1024);
    rg_buf_str(&out, text);
    for (size_t i = 0; req->route && i < req->route->n_inputs; i++) {
        if (!req->values[i].problem_key)
            continue;
        rg_buf_c(&out, ' ');
        rg_buf_str(&out, input_label(ctx, &req->route->inputs[i]));
        rg_buf_lit(&out, ": ");
        rg_buf_str(&out, wording_text(ctx->lang, req->values[i].problem_key));
    }
    struct str all = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return all.p ? all : text;
}

void
web_answer_error(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
                 enum rg_err err)
{
    RG_ASSERT(err != RG_OK && err < RG_ERR__MAX);
    if (err == RG_BROKEN)
        fprintf(stderr, "regia: %.*s: %s at %s:%d (%s)\n", STR_ARG(req->path),
                ctx->story.key ? ctx->story.key : "?", ctx->story.file ? ctx->story.file : "?",
                ctx->story.line, ctx->story.detail);
    rg_buf_reset(&ans->body);
    ans->fixed = STR_NONE;
    ans->n_headers = 0;
    ans->cache_set = false;
    ans->framed = false;
    ans->status = statuses[err];
    req->printed = false; /* it is read on the screen */
    if (err == RG_BUSY)
        web_header(ans, "Retry-After", "3");
    struct str text = story_text(ctx, err);
    bool api = req->form != WEB_HTML || (req->route && req->route->flags & WEB_API);
    if (api) {
        put_problem_json(ctx, req, ans, err, text);
    } else {
        struct web_frame frame = {.title = wording_text(ctx->lang, default_keys[err]),
                                  .no_index = true};
        struct web_error_page page = {.status = ans->status,
                                      .title = frame.title,
                                      .text = problems_text(ctx, req, text)};
        struct html *h = web_page_open(ctx, req, ans, &frame);
        tmpl_web_error(h, &page);
        (void)web_page_close(ctx, req, ans);
    }
    if (ans->body.failed) { /* out of memory even for the apology */
        rg_buf_done(&ans->body);
        ans->fixed = STR("500\n");
        ans->status = 500;
        ans->type = "text/plain; charset=utf-8";
    }
}
