/* Routes of the finder, and the page of results. */
#include "finder/page.h"
#include "finder_tmpl.h"
#include "web_tmpl.h"

enum { SCRATCH_MAX = 256 * 1024 }; /* the longest address: all choices and 4 KB of words, encoded */

/* After POST the links carry what was understood instead of the words: the words stay out of every
 * address. */
static void
base_make(struct finder_view *v, bool posted)
{
    v->base = *v->q;
    v->base.page = 1;
    if (!posted)
        return;
    const struct territory_area *place = finder_place_area(v->finder, v->a->place);
    v->base.text = STR("");
    v->base.place = place ? place->name : STR("");
    v->base.anywhere = false;
    v->base.no_needs = false;
    v->base.n_needs = 0;
    for (size_t i = 0; i < v->a->n_needs; i++)
        v->base.needs[v->base.n_needs++] = v->a->needs[i].code;
}

/* Said of what was understood, never in the person's words: titles stay in the history of
 * browsers. */
static struct str
title_of(struct finder_view *v, bool sensitive)
{
    struct str what = wording_text(v->ctx->lang, "finder.page.title"), place = v->page->place_name;
    if (sensitive || v->a->n_needs == 0)
        return what;
    what = finder_need_label(v->finder->model, v->a->needs[0].need_ix, v->ctx->lang);
    return place.n ? finder_text(v->ctx, &v->scratch, "finder.page.title_place", "need", &what,
                                 "place", &place, NULL)
                   : what;
}

static enum rg_err
answer_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct finder_question *q, const struct finder_answer *answer)
{
    const struct finder_web *room = req->data;
    bool posted = str_is(str_of(req->route->method), "POST");
    struct finder_search_page *page = RG_NEW(ctx->arena, struct finder_search_page);
    struct finder_view *v = RG_NEW(ctx->arena, struct finder_view);
    if (!page || !v)
        return RG_NO_MEMORY(ctx);
    *v = (struct finder_view){
        .ctx = ctx, .room = room, .finder = room->finder, .q = q, .a = answer, .page = page};
    rg_buf_init(&v->scratch, SCRATCH_MAX);
    page->posted = posted;
    page->open_only = q->open_only;
    page->search_ref = &page->search;
    page->map_ref = &page->map;
    base_make(v, posted);
    bool sensitive = finder_sensitive(room->finder, answer);
    enum rg_err err = finder_view_fill(v);
    if (err == RG_OK) {
        struct web_frame frame = {.title = title_of(v, sensitive),
                                  .no_index = answer->asked,
                                  .quick_exit = sensitive ? "https://www.wikipedia.org/" : NULL};
        struct web_crumb crumb = {STR_NONE, wording_text(ctx->lang, "finder.page.crumb")};
        web_crumbs(ctx, &frame, 1, &crumb);
        for (size_t i = 0; i < answer->n_hits; i++)
            frame.synthetic |= answer->hits[i].entry.synthetic;
        if (page->n_downloads == RG_COUNT(page->downloads) && !posted)
            frame.feed = page->downloads[3].path;
        if (sensitive || posted) { /* leaves no copy behind */
            web_header(ans, "Cache-Control", "no-store");
            ans->cache_set = true;
        }
        struct html *h = web_page_open(ctx, req, ans, &frame);
        tmpl_finder_search(h, page);
        err = web_page_close(ctx, req, ans);
        finder_unmet_count(ctx, room->finder, q, answer);
    }
    rg_buf_done(&v->scratch);
    return err;
}

static enum rg_err
answer_json(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct finder_question *q, const struct finder_answer *answer)
{
    const struct finder_web *room = req->data;
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    finder_answer_members(ctx, room->finder, q, answer, &jw);
    rg_jw_key(&jw, "total");
    rg_jw_i64(&jw, answer->total);
    rg_jw_key(&jw, "page");
    rg_jw_i64(&jw, answer->page);
    rg_jw_key(&jw, "size");
    rg_jw_i64(&jw, answer->size);
    rg_jw_end_object(&jw);
    for (size_t i = 0; i < answer->n_hits; i++)
        if (answer->hits[i].entry.synthetic) {
            web_header(ans, "X-Regia-Synthetic", "true");
            break;
        }
    return RG_OK;
}

static enum rg_err
search(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    struct finder_question *q = RG_NEW(ctx->arena, struct finder_question);
    struct finder_answer *answer = RG_NEW(ctx->arena, struct finder_answer);
    if (!q || !answer)
        return RG_NO_MEMORY(ctx);
    finder_question_read(req, q);
    enum rg_err err = finder_ask(ctx, room->finder, q, answer);
    if (err != RG_OK)
        return err;
    switch (req->form) {
    case WEB_HTML: return answer_page(ctx, req, ans, q, answer);
    case WEB_JSON: return answer_json(ctx, req, ans, q, answer);
    case WEB_CSV:
    case WEB_GEOJSON:
    case WEB_ATOM:
    case WEB_NDJSON:
    case WEB_PDF:
    case WEB_FORM__MAX: break;
    }
    return finder_listing(ctx, req, ans, room->finder, answer);
}

const struct web_route finder_routes[] = {
    {.method = "GET", .path = "/cerca", .inputs = finder_inputs, .n_inputs = IN__MAX,
     .roles = RG_ROLE_PUBLIC, .handle = search, .title_key = "finder.page.title",
     .forms = WEB_TABLE_FORMS | WEB_BIT(WEB_GEOJSON) | WEB_BIT(WEB_ATOM), .cache = WEB_PUBLIC,
     .example = "/cerca?q=non+riesco+a+pagare+l%27affitto%2C+abito+a+Ivrea"},
    {.method = "POST", .path = "/cerca", .inputs = finder_inputs, .n_inputs = IN__MAX,
     .roles = RG_ROLE_PUBLIC, .handle = search, .title_key = "finder.page.title",
     .flags = WEB_READS | WEB_NO_SITEMAP},
    {.method = "GET", .path = "/cerca/suggerimenti", .inputs = finder_suggest_inputs,
     .n_inputs = RG_COUNT(finder_suggest_inputs), .roles = RG_ROLE_PUBLIC,
     .handle = finder_suggest_page, .title_key = "finder.suggest.label",
     .forms = WEB_BIT(WEB_JSON), .flags = WEB_NO_SITEMAP | WEB_PIECE,
     .example = "/cerca/suggerimenti?q=affit"},
    {.method = "GET", .path = "/cerca/foglio", .inputs = finder_inputs, .n_inputs = IN__MAX,
     .roles = RG_ROLE_PUBLIC, .handle = finder_sheet, .title_key = "finder.sheet.title",
     .forms = WEB_BIT(WEB_PDF), .cache = WEB_PUBLIC, .flags = WEB_NO_SITEMAP,
     .example = "/cerca/foglio?bisogno=casa.affitto&luogo=Ivrea"},
    {.method = "GET", .path = "/cartella", .inputs = finder_folder_inputs,
     .n_inputs = RG_COUNT(finder_folder_inputs), .roles = RG_ROLE_PUBLIC,
     .handle = finder_folder, .title_key = "finder.folder.title", .forms = WEB_BIT(WEB_PDF),
     .cache = WEB_PUBLIC,
     .example = "/cartella?s=1&s=2"},
    {.method = "GET", .path = "/bisogni", .roles = RG_ROLE_PUBLIC, .handle = finder_needs_all,
     .title_key = "finder.page.needs.title", .forms = WEB_TABLE_FORMS, .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/bisogni/{area}", .inputs = finder_needs_inputs,
     .n_inputs = RG_COUNT(finder_needs_inputs), .roles = RG_ROLE_PUBLIC,
     .handle = finder_needs_of_area, .title_key = "finder.page.needs.title",
     .forms = WEB_TABLE_FORMS, .cache = WEB_PUBLIC, .example = "/bisogni/casa"},
    {.method = "GET", .path = "/gestione/bisogni-scoperti", .inputs = finder_unmet_inputs,
     .n_inputs = RG_COUNT(finder_unmet_inputs), .roles = RG_ROLE_PLANNER | RG_ROLE_ADMIN,
     .handle = finder_unmet_page, .title_key = "finder.unmet.title", .forms = WEB_TABLE_FORMS},
    {.method = "GET", .path = "/box", .inputs = finder_box_inputs,
     .n_inputs = RG_COUNT(finder_box_inputs), .roles = RG_ROLE_PUBLIC, .handle = finder_box,
     .title_key = "finder.box.title_all", .cache = WEB_PUBLIC, .flags = WEB_NO_SITEMAP,
     .example = "/box?comune=001125"},
    {.method = "GET", .path = "/box/istruzioni", .inputs = finder_box_inputs,
     .n_inputs = RG_COUNT(finder_box_inputs), .roles = RG_ROLE_PUBLIC, .handle = finder_box_how,
     .title_key = "finder.box.how.title", .cache = WEB_PUBLIC},
};
const size_t finder_n_routes = RG_COUNT(finder_routes);
