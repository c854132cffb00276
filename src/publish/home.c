/* The home page: a question first. */
#include "publish/publish_priv.h"
#include "publish_tmpl.h"

bool
publish_has_page(const struct web_request *req, const char *path)
{
    const struct web_route *route;
    const struct web_room *room;
    for (size_t i = 0; (route = web_route_at(req->server, i, &room)) != NULL; i++)
        if (str_is(str_of(route->method), "GET") && route->roles & RG_ROLE_PUBLIC &&
            str_eq(str_of(route->path), str_of(path)))
            return true;
    return false;
}

/* The six doors of the house. One opens by itself when its page is in the route tables. */
static const struct publish_door doors[] = {
    {.icon = "it-hearing", .title_key = "publish.door.helps", .text_key = "publish.door.helps.text",
     .path = "/cerca"},
    {.icon = "it-pa", .title_key = "publish.door.does", .text_key = "publish.door.does.text",
     .path = "/enti"},
    {.icon = "rg-gap", .title_key = "publish.door.gaps", .text_key = "publish.door.gaps.text",
     .beside = "/territorio", .beside_key = "publish.door.gaps.beside"},
    {.icon = "rg-voices", .title_key = "publish.door.said", .text_key = "publish.door.said.text",
     .path = "/ascolto"},
    {.icon = "rg-ranking", .title_key = "publish.door.first",
     .text_key = "publish.door.first.text"},
    {.icon = "it-chart-line", .title_key = "publish.door.works",
     .text_key = "publish.door.works.text",
     .beside = "/piano", .beside_key = "publish.door.works.beside"},
};

static enum rg_err
doors_fill(struct rg_ctx *ctx, const struct web_request *req, struct publish_home *page)
{
    struct publish_door *made = RG_ARRAY(ctx->arena, struct publish_door, RG_COUNT(doors));
    if (!made)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < RG_COUNT(doors); i++) {
        made[i] = doors[i];
        made[i].open = doors[i].path && publish_has_page(req, doors[i].path);
        if (doors[i].beside && !publish_has_page(req, doors[i].beside))
            made[i].beside = NULL;
    }
    page->doors = made;
    page->n_doors = RG_COUNT(doors);
    return RG_OK;
}

static void
figure_add(struct rg_ctx *ctx, struct publish_home *page, struct publish_figure *figures,
           int64_t n, const char *label_key, const char *source)
{
    if (n >= 0)
        figures[page->n_figures++] = (struct publish_figure){
            web_number(ctx, n), wording_form(ctx->lang, label_key, n), source};
}

static int64_t
population_of(const struct territory_model *model)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < model->n_comuni; i++)
        sum += model->areas[model->first_comune + i].population.v; /* 0 where not known */
    return sum > 0 ? sum : -1;
}

static enum rg_err
figures_fill(struct rg_ctx *ctx, const struct web_request *req, const struct publish_data *data,
             struct publish_home *page)
{
    const char *sources = publish_has_page(req, "/fonti") ? "/fonti" : NULL;
    struct publish_figures known = {-1, -1};
    struct publish_figure *figures = RG_ARRAY(ctx->arena, struct publish_figure, 5);
    enum rg_err err = data->figures ? data->figures(data->arg, ctx, &known) : RG_OK;
    if (err != RG_OK || !figures)
        return err != RG_OK ? err : RG_NO_MEMORY(ctx);
    figure_add(ctx, page, figures, known.n_services, "publish.figure.services", sources);
    figure_add(ctx, page, figures, known.n_organizations, "publish.figure.organizations", sources);
    if (data->territory) {
        const struct territory_model *model = territory_live_get(data->territory);
        static const char source[] = "/territorio#fonti";
        figure_add(ctx, page, figures, model->n_comuni, "publish.figure.comuni", source);
        figure_add(ctx, page, figures, model->n_zones, "publish.figure.zones", source);
        figure_add(ctx, page, figures, population_of(model), "publish.figure.people", source);
    }
    page->figures = figures;
    return RG_OK;
}

static enum rg_err
search_fill(struct rg_ctx *ctx, const struct publish_data *data, struct publish_home *page)
{
    static const char *const keys[] = {"publish.example.1", "publish.example.2",
                                       "publish.example.3"};
    struct publish_example *examples = RG_ARRAY(ctx->arena, struct publish_example, RG_COUNT(keys));
    if (!examples)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        examples[i].text = wording_text(ctx->lang, keys[i]);
    page->examples = examples;
    page->n_examples = RG_COUNT(keys);
    page->search = (struct web_search){.path = "/cerca"};
    page->search_ref = &page->search;
    page->lead = wording_text(ctx->lang, "publish.home.lead");
    if (!data->territory)
        return RG_OK;
    const struct territory_model *model = territory_live_get(data->territory);
    struct web_place *places = RG_ARRAY(ctx->arena, struct web_place, model->n_comuni);
    if (!places)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < model->n_comuni; i++)
        places[i].name = model->areas[model->first_comune + i].name;
    page->search.places = places;
    page->search.n_places = model->n_comuni;
    return RG_OK;
}

enum rg_err
publish_home_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    const struct publish_data *data = req->data;
    struct publish_home page = {0};
    if (req->form == WEB_JSON)
        return data->api_root ? data->api_root(data->arg, ctx, req, ans)
                              : RG_FAIL(ctx, RG_ABSENT, "web.not_found");
    enum rg_err err = search_fill(ctx, data, &page);
    if (err == RG_OK && data->emergency)
        err = data->emergency(data->arg, ctx, &page.lines, &page.n_lines);
    if (err == RG_OK && data->needs)
        err = data->needs(data->arg, ctx, &page.needs, &page.n_needs);
    if (err == RG_OK)
        err = doors_fill(ctx, req, &page);
    if (err == RG_OK)
        err = figures_fill(ctx, req, data, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "publish.home.title"),
                              .description = page.lead};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_publish_home(h, &page);
    return web_page_close(ctx, req, ans);
}
