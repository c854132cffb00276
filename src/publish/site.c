/* Pages that the system writes about itself: its pages, its forms for programs, its health and the
 * age of its data. All of them are read from the running server.                              */
#include "publish/publish_priv.h"
#include "publish_tmpl.h"
#include <stdlib.h>

enum { ROUTES_MAX = 1000 }; /* far more than a site that people can find their way in */

static bool
is_public_page(const struct web_route *route)
{
    return str_is(str_of(route->method), "GET") && route->roles & RG_ROLE_PUBLIC &&
           route->title_key && !(route->flags & WEB_NO_SITEMAP);
}

/* A path one can visit: the route's own, or its example; none when it wants to be told more. */
static struct str
visitable(const struct web_route *route)
{
    if (!strchr(route->path, '{'))
        return str_of(route->path);
    return route->example ? str_of(route->example) : STR_NONE;
}

static int
link_cmp(const void *a, const void *b)
{
    const struct publish_link *x = a, *y = b;
    return str_cmp(x->path, y->path);
}

enum rg_err
publish_sitemap(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct publish_link *links = RG_ARRAY(ctx->arena, struct publish_link, ROUTES_MAX);
    const struct web_route *route;
    const struct web_room *room;
    struct publish_links page = {.links = links};
    if (!links)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; (route = web_route_at(req->server, i, &room)) != NULL; i++) {
        struct str path = visitable(route);
        if (!is_public_page(route) || route->flags & WEB_API || !path.n ||
            page.n_links == ROUTES_MAX)
            continue;
        links[page.n_links++] =
            (struct publish_link){path, wording_text(ctx->lang, route->title_key)};
    }
    qsort(links, page.n_links, sizeof(*links), link_cmp);
    struct web_frame frame = {0};
    tmpl_publish_sitemap(publish_open(ctx, req, ans, &frame), &page);
    return web_page_close(ctx, req, ans);
}

/* ---- for programs ---- */

static const struct {
    enum web_form form;
    const char *name, *ending;
} forms[] = {{WEB_JSON, "JSON", ".json"},       {WEB_CSV, "CSV", ".csv"},
             {WEB_GEOJSON, "GeoJSON", ".geojson"}, {WEB_ATOM, "Atom", ".atom"},
             {WEB_NDJSON, "NDJSON", ".ndjson"},    {WEB_PDF, "PDF", ".pdf"}};

static bool
forms_list(struct rg_ctx *ctx, const struct web_route *route, unsigned offered, struct str path,
           struct publish_form *ret)
{
    struct publish_link *links = RG_ARRAY(ctx->arena, struct publish_link, RG_COUNT(forms));
    if (!links)
        return false;
    *ret = (struct publish_form){.label = wording_text(ctx->lang, route->title_key),
                                 .path = path,
                                 .forms = links};
    for (size_t i = 0; i < RG_COUNT(forms); i++) {
        if (!(offered & WEB_BIT(forms[i].form)))
            continue;
        const char *whole = path.n == 1 ? rg_arena_printf(ctx->arena, "/home%s", forms[i].ending)
                                        : rg_arena_printf(ctx->arena, "%.*s%s", STR_ARG(path),
                                                          forms[i].ending);
        links[ret->n_forms++] = (struct publish_link){str_of(whole), str_of(forms[i].name)};
    }
    return true;
}

enum rg_err
publish_api_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct publish_form *lists = RG_ARRAY(ctx->arena, struct publish_form, ROUTES_MAX);
    struct publish_link *endpoints = RG_ARRAY(ctx->arena, struct publish_link, ROUTES_MAX);
    const struct web_route *route;
    const struct web_room *room;
    struct publish_api page = {
        .base = str_of(web_site(ctx, req)),
        .has_services = publish_has_page(req, "/services"),
        .has_comuni = publish_has_page(req, "/territorio"),
        .lists = lists,
        .endpoints = endpoints};
    if (!lists || !endpoints)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; (route = web_route_at(req->server, i, &room)) != NULL; i++) {
        struct str path = visitable(route);
        unsigned offered = web_forms_of(req->server, route);
        if (!is_public_page(route) || i >= ROUTES_MAX)
            continue;
        if (route->flags & WEB_API)
            endpoints[page.n_endpoints++] = (struct publish_link){
                str_of(route->path), wording_text(ctx->lang, route->title_key)};
        else if (offered && path.n &&
                 !forms_list(ctx, route, offered, path, &lists[page.n_lists++]))
            return RG_NO_MEMORY(ctx);
    }
    struct web_frame frame = {0};
    tmpl_publish_api(publish_open(ctx, req, ans, &frame), &page);
    return web_page_close(ctx, req, ans);
}

/* ---- how recent the data are ---- */

static struct str
date_text(struct rg_ctx *ctx, int64_t day)
{
    return day < 0 ? wording_text(ctx->lang, "publish.unknown") : web_date(ctx, day);
}

static struct str
or_unknown(struct rg_ctx *ctx, struct str text)
{
    return text.n ? text : wording_text(ctx->lang, "publish.unknown");
}

/* The sources as people read them; the date wears a badge of how old it is. */
static enum rg_err
sources_table(struct rg_ctx *ctx, const struct publish_source *sources, size_t n,
              struct web_table **ret)
{
    enum { COLUMNS = 5 };
    static const char *const heads[COLUMNS] = {"publish.sources.name", "publish.sources.publisher",
                                               "publish.sources.licence",
                                               "publish.sources.records",
                                               "publish.sources.updated"};
    static const char *const ages[] = {"plain", "ok", "warn", "bad"};
    struct web_table *table = RG_NEW(ctx->arena, struct web_table);
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, COLUMNS);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, n);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, n * COLUMNS);
    if (!table || !columns || !rows || !cells)
        return RG_NO_MEMORY(ctx);
    for (size_t c = 0; c < COLUMNS; c++)
        columns[c].label = wording_text(ctx->lang, heads[c]);
    columns[3].numeric = true;
    for (size_t i = 0; i < n; i++, cells += COLUMNS) {
        const struct publish_source *s = &sources[i];
        rows[i].cells = cells;
        cells[0].text = s->title.n ? s->title : s->name;
        cells[0].path = s->url;
        cells[1].text = or_unknown(ctx, s->publisher);
        cells[2].text = s->synthetic ? wording_text(ctx->lang, "publish.sources.invented")
                                     : or_unknown(ctx, s->licence);
        cells[2].badge = s->synthetic ? "info" : NULL;
        cells[3].text = s->n_records >= 0 ? web_number(ctx, s->n_records) : STR("–");
        cells[3].numeric = true;
        cells[4].text = date_text(ctx, s->updated_day);
        cells[4].badge = ages[web_fresh_level(s->updated_day, ctx->now_s / 86400)];
    }
    *table = (struct web_table){"fonti", wording_text(ctx->lang, "publish.sources.caption"),
                                columns, COLUMNS, rows, n};
    *ret = table;
    return RG_OK;
}

static enum rg_err
sources_get(struct rg_ctx *ctx, const struct web_request *req, const struct publish_source **ret,
            size_t *ret_n)
{
    const struct publish_data *data = req->data;
    *ret = NULL;
    *ret_n = 0;
    return data->sources ? data->sources(data->arg, ctx, ret, ret_n) : RG_OK;
}

/* ---- health ---- */

struct health {
    int64_t head, behind;
    const char *engine;
    bool index_known;
    struct publish_index index;
};

static enum rg_err
health_get(struct rg_ctx *ctx, const struct web_request *req, struct health *ret)
{
    const struct publish_data *data = req->data;
    struct health health = {.engine = store_is_pgsql(req->store) ? "PostgreSQL" : "SQLite",
                            .index_known = data->index != NULL};
    enum rg_err err = store_head(ctx, &health.head);
    if (err == RG_OK && data->index)
        err = data->index(data->arg, ctx, &health.index);
    if (err != RG_OK)
        return err;
    health.behind = health.head > health.index.seq ? health.head - health.index.seq : 0;
    *ret = health;
    return RG_OK;
}

static void
put_number(struct rg_jw *jw, const char *key, int64_t n)
{
    rg_jw_key(jw, key);
    rg_jw_i64(jw, n);
}

static enum rg_err
status_json(const struct publish_data *data, const struct health *health, struct web_answer *ans,
            const struct publish_source *sources, size_t n)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "version");
    rg_jw_str(&jw, str_of(data->version));
    rg_jw_key(&jw, "database");
    rg_jw_str(&jw, str_of(health->engine));
    put_number(&jw, "changes", health->head);
    if (health->index_known) {
        rg_jw_key(&jw, "index");
        rg_jw_object(&jw);
        put_number(&jw, "documents", health->index.n_documents);
        put_number(&jw, "changes", health->index.seq);
        put_number(&jw, "behind", health->behind);
        rg_jw_end_object(&jw);
    }
    rg_jw_key(&jw, "sources");
    rg_jw_array(&jw);
    for (size_t i = 0; i < n; i++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf day;
        rg_buf_init(&day, 32);
        if (sources[i].updated_day >= 0)
            rg_put_date(&day, sources[i].updated_day);
        rg_jw_object(&jw);
        rg_jw_key(&jw, "name");
        rg_jw_str(&jw, sources[i].name);
        rg_jw_key(&jw, "updated");
        rg_jw_str(&jw, day.n ? rg_buf_view(&day) : STR_NONE);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    rg_jw_end_object(&jw);
    return RG_OK;
}

static void
fact_add(struct rg_ctx *ctx, struct publish_status *page, struct publish_link *facts,
         const char *label_key, struct str value)
{
    facts[page->n_facts++] = (struct publish_link){value, wording_text(ctx->lang, label_key)};
}

static enum rg_err
status_facts(struct rg_ctx *ctx, const struct publish_data *data, const struct health *health,
             struct publish_status *page)
{
    struct publish_link *facts = RG_ARRAY(ctx->arena, struct publish_link, 8);
    if (!facts)
        return RG_NO_MEMORY(ctx);
    if (data->version)
        fact_add(ctx, page, facts, "publish.status.version", str_of(data->version));
    fact_add(ctx, page, facts, "publish.status.engine", str_of(health->engine));
    fact_add(ctx, page, facts, "publish.status.changes", web_number(ctx, health->head));
    if (health->index_known) {
        fact_add(ctx, page, facts, "publish.status.documents",
                 web_number(ctx, health->index.n_documents));
        fact_add(ctx, page, facts, "publish.status.index",
                 health->behind ? web_words_n(ctx, "publish.status.behind", health->behind)
                                : wording_text(ctx->lang, "publish.status.up_to_date"));
    }
    if (health->index_known && health->index.built_s > 0)
        fact_add(ctx, page, facts, "publish.status.built",
                 web_moment(ctx, health->index.built_s));
    page->facts = facts;
    return RG_OK;
}

enum rg_err
publish_status_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct publish_source *sources;
    struct publish_status page = {0};
    struct web_table *table = NULL;
    struct health health;
    size_t n;
    enum rg_err err = health_get(ctx, req, &health);
    if (err == RG_OK)
        err = sources_get(ctx, req, &sources, &n);
    if (err == RG_OK && req->form == WEB_JSON)
        return status_json(req->data, &health, ans, sources, n);
    if (err == RG_OK)
        err = status_facts(ctx, req->data, &health, &page);
    if (err == RG_OK && n > 0)
        err = sources_table(ctx, sources, n, &table);
    if (err != RG_OK)
        return err;
    page.sources = table;
    struct web_frame frame = {0};
    tmpl_publish_status(publish_open(ctx, req, ans, &frame), &page);
    return web_page_close(ctx, req, ans);
}
