/* The search for the site of a municipality: one small page that may stand in a frame, and the page
 * that says how to put it there. The box holds nothing of who is signed in, changes nothing and
 * has no script; words typed in it go to the full site, in a new tab.                          */
#include "finder/page.h"
#include "finder_tmpl.h"
#include "web_tmpl.h"

enum { BOX_COMUNE };

const struct web_input finder_box_inputs[1] = {
    [BOX_COMUNE] = {.name = "comune", .kind = WEB_IN_TEXT, .max = 6,
                    .label_key = "finder.unmet.comune"}};

/* The comune of the address, or none said. */
static enum rg_err
comune_find(struct rg_ctx *ctx, const struct web_request *req,
            const struct territory_area **ret_area)
{
    const struct finder_web *room = req->data;
    const struct territory_model *model = territory_live_get(room->finder->territory);
    *ret_area = NULL;
    if (!web_given(req, BOX_COMUNE))
        return RG_OK;
    uint32_t at = territory_model_by_code(model, STR("comune"), web_text(req, BOX_COMUNE));
    if (at == TERRITORY_NOWHERE)
        return RG_FAIL(ctx, RG_ABSENT, "finder.box.unknown");
    *ret_area = &model->areas[at];
    return RG_OK;
}

/* The areas of need with most services, each searched in the comune. */
static enum rg_err
links_fill(struct rg_ctx *ctx, const struct finder *finder, const struct territory_area *comune,
           struct finder_box_page *page)
{
    struct finder_tile *tiles;
    size_t n;
    enum rg_err err = finder_tiles(ctx, finder, ctx->lang, &tiles, &n);
    if (err != RG_OK)
        return err;
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    rg_buf_init(&scratch, 4096);
    while (page->n_links < FINDER_BOX_LINKS && page->n_links < n) {
        size_t best = page->n_links;
        for (size_t i = best + 1; i < n; i++)
            if (tiles[i].count > tiles[best].count)
                best = i;
        struct finder_tile tile = tiles[best];
        tiles[best] = tiles[page->n_links];
        tiles[page->n_links] = tile;
        struct finder_question q = {.areas = {tile.code}, .n_areas = 1,
                                    .place = comune ? comune->name : STR("")};
        page->links[page->n_links++] =
            (struct finder_go){finder_link(ctx, &scratch, &q), tile.label, -1};
    }
    return RG_OK;
}

enum rg_err
finder_box(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    const struct territory_area *comune;
    struct finder_box_page page = {.lang = rg_lang_tag(ctx->lang)};
    struct web_helpline *lines = NULL;
    enum rg_err err = comune_find(ctx, req, &comune);
    if (err == RG_OK)
        err = links_fill(ctx, room->finder, comune, &page);
    if (err == RG_OK)
        err = finder_band(ctx, room->finder, ctx->lang, &lines, &page.n_lines);
    if (err != RG_OK)
        return err;
    page.lines = lines;
    page.comune = comune ? comune->name : STR("");
    page.title = comune ? web_words(ctx, "finder.box.title", "comune", &page.comune, NULL)
                        : wording_text(ctx->lang, "finder.box.title_all");
    ans->type = "text/html; charset=utf-8";
    ans->framed = true;
    ans->html = (struct html){&ans->body, ctx->lang, "", ctx->now_s};
    tmpl_finder_box(&ans->html, &page);
    return ans->body.failed ? RG_FAIL(ctx, RG_LIMIT, "base.too_much") : RG_OK;
}

/* ---- how to put it there ---- */

static struct str
snippet_make(struct rg_ctx *ctx, const struct web_request *req, const char *box_path,
             struct str title)
{
    const char *base = web_config_of(req)->public_url;
    if (!base)
        base = rg_arena_printf(ctx->arena, "%s://%.*s", req->over_tls ? "https" : "http",
                               STR_ARG(req->host));
    const char *made = base ? rg_arena_printf(
        ctx->arena,
        "<iframe src=\"%s%s\" title=\"%.*s\" width=\"100%%\" height=\"%d\" loading=\"lazy\" "
        "style=\"border:0\"></iframe>", base, web_path(ctx, "%s", box_path), STR_ARG(title),
        FINDER_BOX_HEIGHT) : NULL;
    return str_of(made ? made : "");
}

static enum rg_err
options_fill(struct rg_ctx *ctx, const struct finder *finder, const struct territory_area *comune,
             struct finder_box_how_page *page)
{
    const struct territory_model *model = territory_live_get(finder->territory);
    struct web_option *options = RG_ARRAY(ctx->arena, struct web_option, model->n_comuni + 1);
    if (!options)
        return RG_NO_MEMORY(ctx);
    options[0] = (struct web_option){STR(""), wording_text(ctx->lang, "finder.box.how.all"),
                                     !comune};
    for (uint32_t i = 0; i < model->n_comuni; i++) {
        const struct territory_area *area = &model->areas[model->first_comune + i];
        options[i + 1] = (struct web_option){area->code, area->name, area == comune};
    }
    page->options = options;
    page->n_options = model->n_comuni + 1;
    return RG_OK;
}

enum rg_err
finder_box_how(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct finder_web *room = req->data;
    const struct territory_area *comune;
    const struct web_field field = {.name = "comune",
                                    .label = wording_text(ctx->lang, "finder.unmet.comune")};
    struct finder_box_how_page page = {.field = &field};
    enum rg_err err = comune_find(ctx, req, &comune);
    if (err == RG_OK)
        err = options_fill(ctx, room->finder, comune, &page);
    if (err != RG_OK)
        return err;
    const char *path =
        comune ? rg_arena_printf(ctx->arena, "/box?comune=%.*s", STR_ARG(comune->code)) : "/box";
    if (!path)
        return RG_NO_MEMORY(ctx);
    page.box_path = str_of(path);
    page.snippet = snippet_make(ctx, req, path,
                                comune ? web_words(ctx, "finder.box.title", "comune",
                                                   &comune->name, NULL)
                                       : wording_text(ctx->lang, "finder.box.title_all"));
    struct web_frame frame = {.title = wording_text(ctx->lang, "finder.box.how.title"),
                              .search = true};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_finder_box_how(h, &page);
    return web_page_close(ctx, req, ans);
}
