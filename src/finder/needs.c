/* Areas of need and needs, to be looked through: with how many services each has. */
#include "finder/page.h"
#include "finder_tmpl.h"
#include "web_tmpl.h"

static int64_t
count_of(const struct search_facet_count *counts, size_t n, struct str code)
{
    uint32_t hash = finder_code_hash(code);
    for (size_t i = 0; i < n; i++)
        if (counts[i].value == hash)
            return counts[i].n;
    return 0;
}

static struct str
arena_path(struct rg_ctx *ctx, const char *folder, struct str code)
{
    const char *path = rg_arena_printf(ctx->arena, "%s%.*s", folder, STR_ARG(code));
    return str_of(path ? path : "");
}

enum rg_err
finder_tiles(struct rg_ctx *ctx, const struct finder *finder, enum rg_lang lang,
             struct finder_tile **ret_tiles, size_t *ret_n)
{
    size_t n, n_counts = 0;
    const struct finder_area *areas = finder_model_areas(finder->model, &n);
    const struct search_facet_count *counts = NULL;
    struct finder_tile *tiles = RG_ARRAY(ctx->arena, struct finder_tile, n);
    if (!tiles)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = finder_count(ctx, finder, FINDER_DIM_AREA, &counts, &n_counts);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < n; i++)
        tiles[i] = (struct finder_tile){.code = areas[i].code,
                                        .label = areas[i].label[lang],
                                        .icon = arena_path(ctx, "need-", areas[i].code).p,
                                        .path = arena_path(ctx, "/bisogni/", areas[i].code),
                                        .count = count_of(counts, n_counts, areas[i].code)};
    if (rg_arena_overflowed(ctx->arena))
        return RG_NO_MEMORY(ctx);
    *ret_tiles = tiles;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
finder_band(struct rg_ctx *ctx, const struct finder *finder, enum rg_lang lang,
            struct web_helpline **ret_lines, size_t *ret_n)
{
    static const char *const numbers[] = {"112", "1522"};
    size_t n_all, n = 0;
    const struct finder_line *all = finder_model_lines(finder->model, &n_all);
    struct web_helpline *lines = RG_ARRAY(ctx->arena, struct web_helpline, RG_COUNT(numbers));
    if (!lines)
        return RG_NO_MEMORY(ctx);
    for (size_t w = 0; w < RG_COUNT(numbers); w++)
        for (size_t i = 0; i < n_all; i++)
            if (str_eq(all[i].number, str_of(numbers[w])))
                lines[n++] = (struct web_helpline){
                    all[i].number, all[i].name[lang].n ? all[i].name[lang] : all[i].name[RG_IT]};
    *ret_lines = lines;
    *ret_n = n;
    return RG_OK;
}

/* ---- the pages ---- */

struct counted { /* what the pages are made from */
    const struct search_facet_count *needs, *areas;
    size_t n_needs, n_areas;
};

static enum rg_err
count_all(struct rg_ctx *ctx, const struct finder *finder, struct counted *ret)
{
    *ret = (struct counted){0};
    enum rg_err err = finder_count(ctx, finder, FINDER_DIM_NEED, &ret->needs, &ret->n_needs);
    return err == RG_OK ? finder_count(ctx, finder, FINDER_DIM_AREA, &ret->areas, &ret->n_areas)
                        : err;
}

static bool
area_fill(struct rg_ctx *ctx, const struct finder *finder, const struct counted *counted,
          const struct finder_area *area, struct finder_area_view *ret)
{
    size_t n_all = finder_model_needs(finder->model), n = 0;
    struct finder_need_line *lines = RG_ARRAY(ctx->arena, struct finder_need_line, n_all);
    for (size_t i = 0; lines && i < n_all; i++) {
        const struct finder_need *need = finder_model_need(finder->model, i);
        if (!str_eq(need->parent, area->code))
            continue;
        lines[n++] = (struct finder_need_line){
            arena_path(ctx, "/cerca?bisogno=", need->code), need->label[ctx->lang],
            ctx->lang == RG_IT ? need->description : STR(""),
            count_of(counted->needs, counted->n_needs, need->code)};
    }
    *ret = (struct finder_area_view){
        .code = area->code,
        .icon = arena_path(ctx, "need-", area->code).p,
        .label = area->label[ctx->lang],
        .description = ctx->lang == RG_IT ? area->description : STR(""),
        .path = arena_path(ctx, "/bisogni/", area->code),
        .n = count_of(counted->areas, counted->n_areas, area->code),
        .needs = lines,
        .n_needs = n};
    return lines && !rg_arena_overflowed(ctx->arena);
}

static const struct web_listing_column columns[] = {
    {"code", WEB_DATUM_TEXT, "finder.page.col.code"},
    {"area", WEB_DATUM_TEXT, "finder.page.facet.area"},
    {"label", WEB_DATUM_TEXT, "finder.page.facet.need"},
    {"services", WEB_DATUM_INT, "finder.page.col.services"},
};

/* The needs of one area, or of all when code is none, as rows. */
static enum rg_err
needs_listing(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
              const struct finder *finder, const struct counted *counted, struct str code)
{
    size_t n_all = finder_model_needs(finder->model), n = 0;
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n_all * RG_COUNT(columns));
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n_all; i++) {
        const struct finder_need *need = finder_model_need(finder->model, i);
        if (code.p && !str_eq(need->parent, code))
            continue;
        struct web_datum *row = &cells[n++ * RG_COUNT(columns)];
        row[0] = web_datum_text(need->code);
        row[1] = web_datum_text(need->parent);
        row[2] = web_datum_text(need->label[ctx->lang]);
        row[3] = web_datum_int(count_of(counted->needs, counted->n_needs, need->code));
    }
    const struct web_listing list = {.name = "bisogni",
                                     .title = wording_text(ctx->lang, "finder.page.needs.title"),
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = (int64_t)n,
                                     .page = 1,
                                     .size = (int64_t)n_all,
                                     .id_column = 0,
                                     .title_column = 2,
                                     .text_column = -1,
                                     .updated_column = -1,
                                     .lat_column = -1,
                                     .lon_column = -1};
    return web_listing_answer(ctx, req, ans, &list);
}

static enum rg_err
needs_write(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            struct finder_needs_page *page, const struct web_crumb *crumbs, size_t n_crumbs)
{
    struct web_frame frame = {.title = page->title, .description = page->lead, .search = true};
    static const char *const endings[] = {"json", "csv"};
    static const char *const names[] = {"JSON", "CSV"};
    for (size_t i = 0; i < RG_COUNT(endings); i++) {
        const char *path = rg_arena_printf(ctx->arena, "%.*s.%s", STR_ARG(req->path), endings[i]);
        page->downloads[i] = (struct web_download){names[i], str_of(path ? path : "")};
    }
    web_crumbs(ctx, &frame, n_crumbs, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_finder_needs(h, page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
finder_needs_all(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    struct counted counted;
    size_t n;
    const struct finder_area *areas = finder_model_areas(room->finder->model, &n);
    enum rg_err err = count_all(ctx, room->finder, &counted);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return needs_listing(ctx, req, ans, room->finder, &counted, STR_NONE);
    struct finder_area_view *views = RG_ARRAY(ctx->arena, struct finder_area_view, n);
    for (size_t i = 0; views && i < n; i++)
        if (!area_fill(ctx, room->finder, &counted, &areas[i], &views[i]))
            views = NULL;
    if (!views)
        return RG_NO_MEMORY(ctx);
    struct finder_needs_page page = {.title = wording_text(ctx->lang, "finder.page.needs.title"),
                                     .lead = wording_text(ctx->lang, "finder.page.needs.lead"),
                                     .areas = views,
                                     .n_areas = n};
    const struct web_crumb crumb = {STR_NONE, page.title};
    return needs_write(ctx, req, ans, &page, &crumb, 1);
}

const struct web_input finder_needs_inputs[1] = {
    {.name = "area", .kind = WEB_IN_TEXT, .max = 64, .required = true,
     .label_key = "finder.page.facet.area"}};

enum rg_err
finder_needs_of_area(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    struct counted counted;
    struct finder_area_view view;
    size_t n, at = 0;
    const struct finder_area *areas = finder_model_areas(room->finder->model, &n);
    while (at < n && !str_eq(areas[at].code, web_text(req, 0)))
        at++;
    if (at == n)
        return RG_FAIL(ctx, RG_ABSENT, "web.not_found");
    enum rg_err err = count_all(ctx, room->finder, &counted);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return needs_listing(ctx, req, ans, room->finder, &counted, areas[at].code);
    if (!area_fill(ctx, room->finder, &counted, &areas[at], &view))
        return RG_NO_MEMORY(ctx);
    struct finder_needs_page page = {.title = view.label,
                                     .lead = view.description,
                                     .areas = &view,
                                     .n_areas = 1,
                                     .one = true,
                                     .back_path = STR("/bisogni")};
    const struct web_crumb crumbs[] = {
        {STR("/bisogni"), wording_text(ctx->lang, "finder.page.needs.title")},
        {STR_NONE, view.label}};
    return needs_write(ctx, req, ans, &page, crumbs, 2);
}
