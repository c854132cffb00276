/* Pages of organizations: the list in all its forms, one organization, and where data come from. */
#include "network/surface.h"
#include "network_sql.h"
#include "network_tmpl.h"
#include "web_tmpl.h"

struct surface_heading {
    const char *key;
    bool numeric;
};

/* A plain table; NULL past the arena's ceiling. */
static struct web_cell *
table_make(struct rg_ctx *ctx, struct web_table *table, const char *id, const char *caption_key,
           const struct surface_heading *headings, size_t n_columns, size_t n_rows)
{
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, n_columns);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, n_rows);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, n_rows * n_columns);
    if (!columns || !rows || !cells)
        return NULL;
    for (size_t c = 0; c < n_columns; c++) {
        columns[c].label = wording_text(ctx->lang, headings[c].key);
        columns[c].numeric = headings[c].numeric;
    }
    for (size_t r = 0; r < n_rows; r++) {
        rows[r].cells = &cells[r * n_columns];
        for (size_t c = 0; c < n_columns; c++)
            cells[r * n_columns + c].numeric = headings[c].numeric;
    }
    *table = (struct web_table){.id = id,
                                .caption = wording_text(ctx->lang, caption_key),
                                .columns = columns,
                                .n_columns = n_columns,
                                .rows = rows,
                                .n_rows = n_rows};
    return cells;
}

/* ---- the list ---- */

static struct str
lower_ascii(struct rg_ctx *ctx, struct str text)
{
    char *out = rg_arena_alloc(ctx->arena, text.n + 1);
    for (size_t i = 0; out && i < text.n; i++)
        out[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] | 0x20) : text.p[i];
    return out ? str_n(out, text.n) : STR("");
}

static enum rg_err
list_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct network_sql_organization_rows_row *rows, size_t n, int64_t page,
            int64_t size, int64_t total)
{
    static const struct web_listing_column columns[] = {
        {"id", WEB_DATUM_INT, "network.card.org.id"},
        {"uid", WEB_DATUM_TEXT, "network.card.org.uid"},
        {"name", WEB_DATUM_TEXT, "network.card.org.name"},
        {"services", WEB_DATUM_INT, "network.card.org.n_services"},
        {"source", WEB_DATUM_TEXT, "network.card.org.source"},
        {"updated", WEB_DATUM_INSTANT, "network.card.org.updated"},
        {"verified", WEB_DATUM_INSTANT, "network.card.org.verified"},
        {"synthetic", WEB_DATUM_FLAG, "network.card.org.synthetic"},
    };
    enum { N = RG_COUNT(columns) };
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * N);
    bool synthetic = false;
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *row = &cells[i * N];
        row[0] = web_datum_int(rows[i].id);
        row[1] = web_datum_text(rows[i].uid);
        row[2] = web_datum_text(rows[i].name);
        row[3] = web_datum_int(rows[i].n_services);
        row[4] = web_datum_text(rows[i].source);
        row[5] = web_datum_int(rows[i].updated_s);
        row[6] = (struct web_datum){.has = rows[i].verified_s.has, .i = rows[i].verified_s.v};
        row[7] = web_datum_int(rows[i].synthetic);
        synthetic |= rows[i].synthetic != 0;
    }
    const struct web_listing list = {.name = "organizations",
                                     .title = wording_text(ctx->lang, "network.card.orgs"),
                                     .columns = columns,
                                     .n_columns = N,
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = total,
                                     .page = page,
                                     .size = size,
                                     .id_column = 0,
                                     .title_column = 2,
                                     .text_column = 4,
                                     .updated_column = 5,
                                     .lat_column = -1,
                                     .lon_column = -1,
                                     .entry_path = "/enti/",
                                     .synthetic = synthetic};
    return web_listing_answer(ctx, req, ans, &list);
}

static enum rg_err
list_fill(struct rg_ctx *ctx, const struct network_sql_organization_rows_row *rows, size_t n,
          struct surface_list *page)
{
    static const struct surface_heading headings[] = {{"network.card.org.name", false},
                                                      {"network.card.org.n_services", true},
                                                      {"network.card.org.updated", false},
                                                      {"network.card.org.source", false}};
    struct web_cell *cells = table_make(ctx, &page->table, "enti", "network.card.orgs_caption",
                                        headings, RG_COUNT(headings), n);
    if (!cells)
        return RG_NO_MEMORY(ctx);
    page->table_ref = &page->table;
    for (size_t i = 0; i < n; i++, cells += RG_COUNT(headings)) {
        cells[0].text = rows[i].name.n ? rows[i].name : rows[i].uid;
        cells[0].path = surface_path(ctx, "enti", rows[i].id, rows[i].name);
        cells[1].text = web_number(ctx, rows[i].n_services);
        cells[2].text = web_date(ctx, rows[i].updated_s / 86400);
        cells[3].text = rows[i].source;
    }
    return RG_OK;
}

enum rg_err
organization_list_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    int64_t number = web_given(req, IN_LIST_PAGE) ? web_int(req, IN_LIST_PAGE) : 1;
    /* What is downloaded is longer than what is read: a whole page of the listing's size. */
    int64_t size = req->form == WEB_HTML ? SURFACE_LIST_SIZE : WEB_PAGE_SIZE_MAX;
    struct surface_list page = {.query = web_text(req, IN_LIST_QUERY)};
    struct str search = lower_ascii(ctx, page.query);
    struct network_sql_organization_rows_row *rows;
    struct network_sql_organization_rows_count_row count;
    size_t n;
    enum rg_err err = network_sql_organization_rows_count(ctx, search, &count);
    if (err == RG_OK)
        err = network_sql_organization_rows(ctx, search, (number - 1) * size, size, &rows, &n);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return list_answer(ctx, req, ans, rows, n, number, size, count.n);
    struct str rest = web_query_with(ctx, req, "pagina", STR_NONE);
    err = list_fill(ctx, rows, n, &page);
    if (err == RG_OK)
        err = web_paging_fill(ctx, STR("/enti"), rest, number, size, count.n, &page.paging);
    if (err != RG_OK)
        return err;
    page.paging_ref = &page.paging;
    page.downloads = surface_downloads(
        ctx, STR("/enti"), rest, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM), &page.n_downloads);
    struct web_frame frame = {.title = wording_text(ctx->lang, "network.card.orgs"),
                              .feed = STR("/enti.atom"),
                              .search = true};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_organizations(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- one organization ---- */

static void
fill_identifiers(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_organization *page)
{
    const struct rg_jv *list = rg_jv_get(doc, "organization_identifiers");
    bool some = list && list->kind == RG_JV_ARRAY && list->n > 0;
    struct surface_link *made =
        some ? RG_ARRAY(ctx->arena, struct surface_link, list->n) : NULL;
    const struct rg_jv *item = some ? rg_jv_first(list) : NULL;
    size_t n = 0;
    for (uint32_t i = 0; made && i < list->n; i++, item = rg_jv_next(item)) {
        made[n].label = surface_get(ctx, item, "identifier");
        made[n].note = surface_get(ctx, item, "identifier_type");
        n += made[n].label.n > 0;
    }
    page->identifiers = (struct surface_links){made, n};
}

static const char *
inactive_note(struct str status)
{
    if (str_is(status, "active"))
        return NULL;
    return str_is(status, "temporarily closed") ? "network.card.status.closed"
           : str_is(status, "defunct")          ? "network.card.status.defunct"
                                                : "network.card.status.inactive";
}

static enum rg_err
fill_services(struct rg_ctx *ctx, int64_t id, struct surface_organization *page)
{
    struct network_sql_organization_services_row *rows;
    size_t n;
    enum rg_err err = network_sql_organization_services(ctx, id, &rows, &n);
    if (err != RG_OK)
        return err;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    if (!links)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const char *note = inactive_note(rows[i].status);
        links[i].label = rows[i].name.n ? rows[i].name : rows[i].uid;
        links[i].path = surface_path(ctx, "servizi", rows[i].id, rows[i].name);
        if (note)
            links[i].note = wording_text(ctx->lang, note);
    }
    page->services = (struct surface_links){links, n};
    return RG_OK;
}

static enum rg_err
fill_places(struct rg_ctx *ctx, const struct network_web *web, int64_t id,
            struct surface_organization *page)
{
    struct network_sql_organization_places_row *rows;
    size_t n;
    enum rg_err err = network_sql_organization_places(ctx, id, &rows, &n);
    if (err != RG_OK)
        return err;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    if (!links)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct str path = STR("");
        surface_area(ctx, web, rows[i].area_code, &links[i].note, &path);
        links[i].label = rows[i].name.n   ? rows[i].name
                         : links[i].note.n ? links[i].note
                                           : wording_text(ctx->lang, "network.card.place");
        links[i].path = surface_path(ctx, "luoghi", rows[i].id, rows[i].name);
    }
    page->places = (struct surface_links){links, n};
    return RG_OK;
}

static struct str
path_below(struct rg_ctx *ctx, int64_t id, const char *what)
{
    const char *path = rg_arena_printf(ctx->arena, "/enti/%lld/%s", (long long)id, what);
    return str_of(path ? path : "/");
}

static enum rg_err
organization_fill(struct rg_ctx *ctx, struct web_request *req,
                  const struct network_organization *org, struct surface_organization *page)
{
    const struct rg_jv *doc;
    if (!rg_jv_parse(ctx->arena, org->doc, &doc))
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    struct surface_people people = surface_people_of(ctx, doc);
    page->id = org->id;
    page->name = org->name;
    page->alternate_name = surface_get(ctx, doc, "alternate_name");
    page->path = surface_path(ctx, "enti", org->id, org->name);
    page->whole = web_whole(ctx, req, page->path);
    page->description = surface_paragraphs(ctx, surface_get(ctx, doc, "description"));
    if (page->description.n) {
        struct str first = page->description.p[0];
        page->summary = str_n(first.p, str_utf8_prefix(first, SURFACE_LEAD_MAX));
    }
    page->url = surface_get(ctx, doc, "website");
    page->email = surface_get(ctx, doc, "email");
    page->legal_status = surface_get(ctx, doc, "legal_status");
    page->phones = surface_phones_of(ctx, doc);
    page->people = people.p;
    page->n_people = people.n;
    page->source = org->source;
    page->synthetic = org->synthetic;
    page->updated_days = org->updated_s / 86400;
    page->fresh = (struct web_freshness){
        .level = WEB_FRESH_NEVER, .day = org->verified_s / 86400, .by = org->verified_by};
    if (org->verified_s)
        page->fresh.level = web_fresh_level(page->fresh.day, ctx->now_s / 86400);
    page->fresh_ref = &page->fresh;
    page->may_edit = network_may_edit(&ctx->actor, org->id);
    page->edit_path = path_below(ctx, org->id, "modifica");
    page->history_path = path_below(ctx, org->id, "storia");
    page->verify_path = path_below(ctx, org->id, "verifica");
    page->downloads =
        surface_downloads(ctx, page->path, STR(""), WEB_BIT(WEB_JSON), &page->n_downloads);
    fill_identifiers(ctx, doc, page);
    page->has_contacts = page->phones.n > 0 || page->n_people > 0 || page->email.n > 0 ||
                         page->url.n > 0 || page->legal_status.n > 0 || page->identifiers.n > 0;
    enum rg_err err = fill_services(ctx, org->id, page);
    return err == RG_OK ? fill_places(ctx, req->data, org->id, page) : err;
}

static const char *const done_keys[] = {"network.edit.done.saved", "network.edit.done.verified",
                                        "network.edit.done.undone"};

enum rg_err
organization_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    org_id id = {surface_record_id(web_text(req, IN_ID))};
    struct network_organization org;
    if (!id.v)
        return RG_FAIL(ctx, RG_ABSENT, "network.card.org_absent");
    enum rg_err err = network_organization_get(ctx, id, &org);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_JSON) {
        struct rg_jw jw;
        rg_jw_init(&jw, &ans->body);
        ans->type = "application/json";
        if (org.synthetic)
            web_header(ans, "X-Regia-Synthetic", "true");
        return surface_put_doc(ctx, &jw, org.doc, SURFACE_NESTED, org.synthetic);
    }
    struct surface_organization page = {0};
    err = organization_fill(ctx, req, &org, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = page.name.n ? page.name : org.uid,
                              .description = page.summary,
                              .canonical = page.whole,
                              .search = true,
                              .synthetic = page.synthetic};
    if (web_given(req, IN_DONE) && ctx->actor.account_id)
        frame.flash = wording_text(ctx->lang, done_keys[web_int(req, IN_DONE)]);
    const struct web_crumb crumbs[] = {
        {STR("/enti"), wording_text(ctx->lang, "network.card.orgs")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_organization(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- sources ---- */

static enum rg_err
sources_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
               const struct network_sql_source_list_row *rows, size_t n)
{
    static const struct web_listing_column columns[] = {
        {"name", WEB_DATUM_TEXT, "network.card.src.name"},
        {"title", WEB_DATUM_TEXT, "network.card.src.title"},
        {"licence", WEB_DATUM_TEXT, "network.card.src.licence"},
        {"url", WEB_DATUM_LINK, "network.card.src.url"},
        {"services", WEB_DATUM_INT, "network.card.org.n_services"},
        {"organizations", WEB_DATUM_INT, "network.card.src.n_orgs"},
        {"imported", WEB_DATUM_INSTANT, "network.card.src.imported"},
        {"demonstration", WEB_DATUM_FLAG, "network.card.org.synthetic"},
    };
    enum { N = RG_COUNT(columns) };
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * N);
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *row = &cells[i * N];
        row[0] = web_datum_text(rows[i].name);
        row[1] = web_datum_text(rows[i].title);
        row[2] = web_datum_text(rows[i].licence);
        row[3] = web_datum_text(rows[i].url);
        row[4] = web_datum_int(rows[i].n_services);
        row[5] = web_datum_int(rows[i].n_organizations);
        row[6] = (struct web_datum){.has = rows[i].imported_s.has, .i = rows[i].imported_s.v};
        row[7] = web_datum_int(rows[i].synthetic);
    }
    const struct web_listing list = {.name = "sources",
                                     .columns = columns,
                                     .n_columns = N,
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = (int64_t)n,
                                     .page = 1,
                                     .size = (int64_t)n,
                                     .id_column = -1,
                                     .title_column = -1,
                                     .text_column = -1,
                                     .updated_column = -1,
                                     .lat_column = -1,
                                     .lon_column = -1};
    return web_listing_answer(ctx, req, ans, &list);
}

enum rg_err
source_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const struct surface_heading headings[] = {{"network.card.src.title", false},
                                                      {"network.card.src.licence", false},
                                                      {"network.card.org.n_services", true},
                                                      {"network.card.src.n_orgs", true},
                                                      {"network.card.src.imported", false},
                                                      {"network.card.src.kind", false}};
    struct network_sql_source_list_row *rows;
    size_t n;
    enum rg_err err = network_sql_source_list(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return sources_answer(ctx, req, ans, rows, n);
    struct surface_list page = {0};
    struct web_cell *cells = table_make(ctx, &page.table, "fonti", "network.card.src.caption",
                                        headings, RG_COUNT(headings), n);
    if (!cells)
        return RG_NO_MEMORY(ctx);
    page.table_ref = &page.table;
    for (size_t i = 0; i < n; i++, cells += RG_COUNT(headings)) {
        cells[0].text = rows[i].title;
        cells[0].path = rows[i].url;
        cells[1].text = rows[i].licence.n ? rows[i].licence
                                          : wording_text(ctx->lang, "network.card.src.no_licence");
        cells[2].text = web_number(ctx, rows[i].n_services);
        cells[3].text = web_number(ctx, rows[i].n_organizations);
        if (rows[i].imported_s.has)
            cells[4].text = web_moment(ctx, rows[i].imported_s.v);
        cells[5].text = wording_text(ctx->lang, rows[i].synthetic ? "network.card.src.demo"
                                                                  : "network.card.src.real");
        cells[5].badge = rows[i].synthetic ? "info" : "ok";
    }
    page.downloads =
        surface_downloads(ctx, STR("/fonti"), STR(""), WEB_TABLE_FORMS, &page.n_downloads);
    struct web_frame frame = {.title = wording_text(ctx->lang, "network.card.src.page")};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_sources(h, &page);
    return web_page_close(ctx, req, ans);
}
