/* The page of a place: where it is, when it is open, what is offered there. A confidential place
 * has no page: it answers as one that does not exist.                                         */
#include "network/surface.h"
#include "network_sql.h"
#include "network_tmpl.h"

static enum rg_err
fill_services(struct rg_ctx *ctx, int64_t id, struct surface_location *page)
{
    struct network_sql_location_services_row *rows;
    size_t n;
    enum rg_err err = network_sql_location_services(ctx, id, &rows, &n);
    if (err != RG_OK)
        return err;
    struct surface_link *links = RG_ARRAY(ctx->arena, struct surface_link, n);
    if (!links)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        links[i].label = rows[i].name.n ? rows[i].name : rows[i].uid;
        links[i].path = surface_path(ctx, "servizi", rows[i].id, rows[i].name);
    }
    page->services = (struct surface_links){links, n};
    return RG_OK;
}

static enum rg_err
answer_data(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct network_location *location, const struct surface_location *page)
{
    static const struct web_listing_column columns[] = {
        {"id", WEB_DATUM_INT, "network.card.org.id"},
        {"uid", WEB_DATUM_TEXT, "network.card.org.uid"},
        {"name", WEB_DATUM_TEXT, "network.card.org.name"},
        {"address", WEB_DATUM_TEXT, "network.card.address"},
        {"area_code", WEB_DATUM_TEXT, "network.card.area_code"},
        {"lat", WEB_DATUM_E7, "network.card.lat"},
        {"lon", WEB_DATUM_E7, "network.card.lon"},
    };
    struct web_datum cells[RG_COUNT(columns)] = {
        web_datum_int(location->id),
        web_datum_text(location->uid),
        web_datum_text(location->name),
        web_datum_text(page->address),
        web_datum_text(location->area_code),
        {.has = location->has_point, .i = location->lat_e7},
        {.has = location->has_point, .i = location->lon_e7},
    };
    const struct web_listing list = {.name = "locations",
                                     .title = page->name,
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = 1,
                                     .total = 1,
                                     .page = 1,
                                     .size = 1,
                                     .id_column = 0,
                                     .title_column = 2,
                                     .text_column = 3,
                                     .updated_column = -1,
                                     .lat_column = 5,
                                     .lon_column = 6,
                                     .entry_path = "/luoghi/",
                                     .synthetic = location->synthetic};
    struct rg_jw jw;
    if (req->form != WEB_JSON)
        return web_listing_answer(ctx, req, ans, &list);
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    if (location->synthetic)
        web_header(ans, "X-Regia-Synthetic", "true");
    return surface_put_doc(ctx, &jw, location->doc, SURFACE_NESTED, location->synthetic);
}

static void
fill_hours(struct rg_ctx *ctx, const struct rg_jv *doc, struct surface_location *page)
{
    struct hours_rule rules[HOURS_RULES_MAX];
    size_t n = network_hours_of(ctx, doc, rules, RG_COUNT(rules));
    struct surface_hours *hours = RG_NEW(ctx->arena, struct surface_hours);
    struct surface_texts notes = surface_hours_notes(ctx, doc);
    if (!hours || (n == 0 && notes.n == 0))
        return;
    surface_hours_fill(ctx, rules, n, "orario", hours);
    hours->notes = notes;
    page->hours = hours;
}

static struct str
degrees(struct rg_ctx *ctx, int32_t e7)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64);
    rg_put_e7(&out, e7);
    struct str text = rg_arena_str(ctx->arena, rg_buf_view(&out));
    return text.p ? text : STR("");
}

static enum rg_err
location_fill(struct rg_ctx *ctx, const struct network_web *web,
              const struct network_location *location, struct surface_location *page)
{
    const struct rg_jv *doc;
    if (!rg_jv_parse(ctx->arena, location->doc, &doc))
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    page->address = surface_address_of(ctx, doc).line;
    surface_area(ctx, web, location->area_code, &page->area, &page->area_path);
    page->name = location->name.n  ? location->name
                 : page->address.n ? page->address
                                   : wording_text(ctx->lang, "network.card.place");
    page->description = surface_paragraphs(ctx, surface_get(ctx, doc, "description"));
    page->transportation = surface_get(ctx, doc, "transportation");
    page->url = surface_get(ctx, doc, "url");
    page->access = surface_access_of(ctx, doc);
    page->phones = surface_phones_of(ctx, doc);
    page->languages = surface_languages_of(ctx, doc);
    page->source = location->source;
    page->synthetic = location->synthetic;
    page->updated_days = location->updated_s / 86400;
    page->has_point = location->has_point;
    if (page->has_point) {
        page->lat = degrees(ctx, location->lat_e7);
        page->lon = degrees(ctx, location->lon_e7);
    }
    fill_hours(ctx, doc, page);
    return RG_OK;
}

enum rg_err
location_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    location_id id = {surface_record_id(web_text(req, IN_ID))};
    struct network_location location;
    struct surface_location page = {0};
    if (!id.v)
        return RG_FAIL(ctx, RG_ABSENT, "network.card.place_absent");
    enum rg_err err = network_location_get(ctx, id, &location);
    if (err == RG_OK && location.confidential)
        err = RG_FAIL(ctx, RG_ABSENT, "network.card.place_absent");
    if (err == RG_OK)
        err = location_fill(ctx, req->data, &location, &page);
    if (err == RG_OK && req->form != WEB_HTML)
        return answer_data(ctx, req, ans, &location, &page);
    if (err == RG_OK)
        err = fill_services(ctx, id.v, &page);
    if (err != RG_OK)
        return err;
    struct str path = surface_path(ctx, "luoghi", location.id, location.name);
    page.downloads = surface_downloads(ctx, path, STR(""),
                                       WEB_BIT(WEB_JSON) | WEB_BIT(WEB_GEOJSON),
                                       &page.n_downloads);
    struct web_frame frame = {.title = page.name,
                              .description = page.address,
                              .canonical = web_whole(ctx, req, path),
                              .search = true,
                              .synthetic = page.synthetic};
    const struct web_crumb crumb = {STR_NONE, page.name};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_location(h, &page);
    return web_page_close(ctx, req, ans);
}
