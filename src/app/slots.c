/* The slots: what a lower room shows from above, filled in one place. */
#include "app/world.h"

/* ---- names of scopes, for accounts ---- */

enum rg_err
app_scope_name(struct rg_ctx *ctx, enum accounts_scope scope, int64_t id, struct str *ret_name)
{
    if (scope == ACCOUNTS_ORG) {
        struct network_organization org;
        enum rg_err err = network_organization_get(ctx, (org_id){id}, &org);
        if (err == RG_OK)
            *ret_name = org.name;
        return err;
    }
    return territory_area_name(ctx, (territory_id){id}, ret_name);
}

/* ---- services by place, for the territory's pages ---- */

static enum rg_err
area_counts(void *arg, struct rg_ctx *ctx, const struct territory_model *model,
            const int64_t **ret_n_by_area)
{
    (void)arg;
    struct network_area_count *counts;
    size_t n;
    enum rg_err err = network_area_counts(ctx, &counts, &n);
    int64_t *by_area = RG_ARRAY(ctx->arena, int64_t, model->n_areas);
    if (err == RG_OK && !by_area)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        uint32_t at = territory_model_by_code(model, STR("comune"), counts[i].area_code);
        if (at != TERRITORY_NOWHERE)
            by_area[at] = counts[i].n_services;
    }
    if (err == RG_OK)
        *ret_n_by_area = by_area;
    return err;
}

static enum rg_err
services_in(void *arg, struct rg_ctx *ctx, struct str istat_code, size_t n_max,
            struct territory_service **ret_services, size_t *ret_n, int64_t *ret_total)
{
    (void)arg;
    struct network_area_service *rows;
    size_t n;
    enum rg_err err = network_area_services(ctx, istat_code, n_max, &rows, &n, ret_total);
    struct territory_service *services =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct territory_service, n) : NULL;
    if (err == RG_OK && !services)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        const char *path =
            rg_arena_printf(ctx->arena, "/servizi/%lld", (long long)rows[i].id);
        services[i] = (struct territory_service){rows[i].name, rows[i].organization,
                                                 str_of(path ? path : "/"), rows[i].synthetic};
    }
    if (err == RG_OK) {
        *ret_services = services;
        *ret_n = n;
    }
    return err;
}

/* ---- the home page ---- */

static enum rg_err
home_needs(void *arg, struct rg_ctx *ctx, const struct publish_need **ret, size_t *ret_n)
{
    struct app_world *world = arg;
    struct finder_tile *tiles;
    size_t n;
    enum rg_err err = finder_tiles(ctx, &world->finder, ctx->lang, &tiles, &n);
    struct publish_need *needs = err == RG_OK ? RG_ARRAY(ctx->arena, struct publish_need, n) : NULL;
    if (err == RG_OK && !needs)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        needs[i] = (struct publish_need){.label = tiles[i].label,
                                         .path = tiles[i].path,
                                         .icon = tiles[i].icon,
                                         .counted = true,
                                         .n_services = tiles[i].count};
    if (err == RG_OK) {
        *ret = needs;
        *ret_n = n;
    }
    return err;
}

static enum rg_err
home_emergency(void *arg, struct rg_ctx *ctx, const struct web_helpline **ret, size_t *ret_n)
{
    struct app_world *world = arg;
    struct web_helpline *lines;
    enum rg_err err = finder_band(ctx, &world->finder, ctx->lang, &lines, ret_n);
    if (err == RG_OK)
        *ret = lines;
    return err;
}

static enum rg_err
home_figures(void *arg, struct rg_ctx *ctx, struct publish_figures *ret)
{
    (void)arg;
    struct network_counts counts;
    enum rg_err err = network_counts(ctx, &counts);
    if (err == RG_OK)
        *ret = (struct publish_figures){counts.n_services, counts.n_organizations};
    return err;
}

static enum rg_err
index_state(void *arg, struct rg_ctx *ctx, struct publish_index *ret)
{
    (void)ctx;
    struct app_world *world = arg;
    struct search_live *live = finder_catalogue_live(world->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    *ret = (struct publish_index){.n_documents = (int64_t)search_snapshot_docs(snapshot),
                                  .seq = (int64_t)search_snapshot_seq(snapshot)};
    search_release(live, snapshot);
    return RG_OK;
}

static enum rg_err
synthetic_count(void *arg, struct rg_ctx *ctx, int64_t *ret_n)
{
    (void)arg;
    return network_count_synthetic(ctx, ret_n);
}

static enum rg_err
synthetic_remove(void *arg, struct rg_ctx *ctx, int64_t *ret_n_removed)
{
    struct app_world *world = arg;
    enum rg_err err = network_drop_synthetic(ctx, ret_n_removed);
    if (err == RG_OK)
        world->synthetic = false;
    return err;
}

static enum rg_err
api_root(void *arg, struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    (void)arg;
    return network_api_root(ctx, req, ans);
}

/* ---- what a need is called, for the cards ---- */

static enum rg_err
need_label(void *arg, struct rg_ctx *ctx, struct str term_code, struct str *ret_label)
{
    struct app_world *world = arg;
    size_t need_ix;
    *ret_label = finder_need_find(world->model, term_code, &need_ix)
                     ? finder_need_label(world->model, need_ix, ctx->lang)
                     : STR_NONE;
    return RG_OK;
}

/* ---- what became of a voice, for the pages of listening ---- */

static enum rg_err
fates_hand(struct rg_ctx *ctx, const struct plan_fate *fates, size_t n,
           struct listening_fate **ret, size_t *ret_n)
{
    struct listening_fate *made = RG_ARRAY(ctx->arena, struct listening_fate, n);
    if (!made)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const char *label =
            rg_arena_printf(ctx->arena, "%.*s%s%.*s%s%.*s", STR_ARG(fates[i].label),
                            fates[i].title.n ? ": " : "", STR_ARG(fates[i].title),
                            fates[i].element_state.n ? ", " : "",
                            STR_ARG(fates[i].element_state));
        made[i] = (struct listening_fate){str_of(fates[i].state), str_of(label ? label : ""),
                                          fates[i].path, fates[i].day};
    }
    *ret = made;
    *ret_n = n;
    return RG_OK;
}

static enum rg_err
voice_fates(void *arg, struct rg_ctx *ctx, int64_t contribution_id, struct listening_fate **ret,
            size_t *ret_n)
{
    (void)arg;
    struct plan_fate *fates;
    size_t n;
    enum rg_err err = plan_fates_of_contribution(ctx, contribution_id, &fates, &n);
    return err == RG_OK ? fates_hand(ctx, fates, n, ret, ret_n) : err;
}

static enum rg_err
theme_fates(void *arg, struct rg_ctx *ctx, int64_t theme_id, struct listening_fate **ret,
            size_t *ret_n)
{
    (void)arg;
    struct plan_fate *fates;
    size_t n;
    enum rg_err err = plan_fates_of_theme(ctx, theme_id, &fates, &n);
    return err == RG_OK ? fates_hand(ctx, fates, n, ret, ret_n) : err;
}

static struct str
drawing(void *arg, struct rg_ctx *ctx)
{
    struct app_world *world = arg;
    return territory_drawing_path(ctx, &world->territory_web);
}

/* What a voice speaks of, by the room that knows it. */
static enum rg_err
tag_named(void *arg, struct rg_ctx *ctx, struct str kind, struct str code, struct str *ret_label,
          struct str *ret_path)
{
    org_id id;
    bool found = false;
    if (str_is(kind, "need"))
        return need_label(arg, ctx, code, ret_label);
    if (!str_is(kind, "body"))
        return RG_OK;
    enum rg_err err = network_body_find(ctx, code, &found, &id, ret_label);
    if (err == RG_OK && found) {
        const char *path = rg_arena_printf(ctx->arena, "/enti/%lld", (long long)id.v);
        *ret_path = str_of(path ? path : "/enti");
    }
    return err;
}

void
app_slots_fill(struct app_world *world)
{
    world->listening = (struct listening_web){voice_fates, theme_fates, tag_named, world};
    world->network.needs = need_label;
    world->network.needs_arg = world;
    world->territory_web.live = world->territory;
    world->territory_web.arg = world;
    world->territory_web.counts = area_counts;
    world->territory_web.services_in = services_in;
    world->finder_web = (struct finder_web){&world->finder, drawing, world};
    world->publish = (struct publish_data){.version = "0.1.0",
                                           .territory = world->territory,
                                           .arg = world,
                                           .needs = home_needs,
                                           .emergency = home_emergency,
                                           .figures = home_figures,
                                           .index = index_state,
                                           .synthetic_count = synthetic_count,
                                           .synthetic_remove = synthetic_remove,
                                           .api_root = api_root};
}
