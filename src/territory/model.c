/* The read model: everything the pages ask of the territory, built whole and then frozen. */
#include "territory/territory.h"
#include "territory_sql.h"
#include <stdlib.h>

enum {
    MODEL_ARENA_MAX = 1024 * 1024 * 1024,
    MAP_WIDTH = 800,
    MAP_BYTES_MIN = 40 * 1024, /* a page with a map stays under 100 KB transferred */
    MAP_BYTES_EACH = 128,      /* more areas need more: an id and a dozen points    */
};

struct build {
    struct rg_ctx *ctx;
    struct territory_model *model;
    struct rg_arena *arena;
    struct territory_area *areas;
};

/* By kind, then code; shorter codes first, so that zone 2 stands before zone 10. */
static int
area_order(struct str kind_a, struct str code_a, struct str kind_b, struct str code_b)
{
    int order = str_cmp(kind_a, kind_b);
    if (order == 0)
        order = (code_a.n > code_b.n) - (code_a.n < code_b.n);
    return order ? order : str_cmp(code_a, code_b);
}

static int
area_cmp(const void *a, const void *b)
{
    const struct territory_area *x = a, *y = b;
    return area_order(x->kind, x->code, y->kind, y->code);
}

uint32_t
territory_model_by_code(const struct territory_model *model, struct str kind, struct str code)
{
    uint32_t low = 0, high = model->n_areas;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct territory_area *area = &model->areas[middle];
        int order = area_order(kind, code, area->kind, area->code);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return TERRITORY_NOWHERE;
}

uint32_t
territory_model_by_id(const struct territory_model *model, territory_id id)
{
    for (uint32_t i = 0; i < model->n_areas; i++)
        if (model->areas[i].id.v == id.v)
            return i;
    return TERRITORY_NOWHERE;
}

static struct str
keep(struct build *build, struct str s) /* none only when memory is out, or s is none */
{
    return rg_arena_str(build->arena, s);
}

static void
kind_range(const struct territory_model *model, struct str kind, uint32_t *ret_first,
           uint32_t *ret_n)
{
    *ret_first = *ret_n = 0;
    for (uint32_t i = model->n_areas; i-- > 0;)
        if (str_eq(model->areas[i].kind, kind)) {
            *ret_first = i;
            ++*ret_n;
        }
}

static enum rg_err
areas_build(struct build *build)
{
    struct territory_sql_area_all_row *rows;
    size_t n;
    enum rg_err err = territory_sql_area_all(build->ctx, &rows, &n);
    if (err)
        return err;
    build->areas = RG_ARRAY(build->arena, struct territory_area, n);
    if (!build->areas)
        return RG_NO_MEMORY(build->ctx);
    for (size_t i = 0; i < n; i++) {
        const struct territory_sql_area_all_row *row = &rows[i];
        struct territory_area *area = &build->areas[i];
        *area = (struct territory_area){
            .id = {row->id},
            .kind = keep(build, row->kind),
            .code = keep(build, row->code),
            .name = keep(build, row->name),
            .official_name = keep(build, row->official_name),
            .has_seat = row->seat_lat_e7.has && row->seat_lon_e7.has,
            .seat = {(int32_t)row->seat_lon_e7.v, (int32_t)row->seat_lat_e7.v},
            .population = row->population,
            .altitude_m = row->altitude_m,
            .area_m2 = row->area_m2,
            .altitude_class = keep(build, row->altitude_class),
            .zone = TERRITORY_NOWHERE,
            .zone_basis = STR(""),
        };
        if (!area->kind.p || !area->code.p || !area->name.p || !area->official_name.p)
            return RG_NO_MEMORY(build->ctx);
    }
    if (n > 0)
        qsort(build->areas, n, sizeof(*build->areas), area_cmp);
    struct territory_model *model = build->model;
    model->areas = build->areas;
    model->n_areas = (uint32_t)n;
    kind_range(model, STR("comune"), &model->first_comune, &model->n_comuni);
    kind_range(model, STR("zona"), &model->first_zone, &model->n_zones);
    return RG_OK;
}

static enum rg_err
memberships_build(struct build *build)
{
    struct territory_sql_membership_all_row *rows;
    size_t n;
    struct rg_buf day;
    rg_buf_init(&day, 32);
    rg_put_date(&day, build->ctx->now_s / 86400);
    enum rg_err err = territory_sql_membership_all(build->ctx, rg_buf_view(&day), &rows, &n);
    rg_buf_done(&day);
    if (err)
        return err;
    struct territory_membership *list = RG_ARRAY(build->arena, struct territory_membership, n);
    if (!list)
        return RG_NO_MEMORY(build->ctx);
    for (size_t i = 0; i < n; i++) {
        list[i] = (struct territory_membership){
            .area = territory_model_by_id(build->model, (territory_id){rows[i].area_id}),
            .parent = territory_model_by_id(build->model, (territory_id){rows[i].parent_id}),
            .partition = keep(build, rows[i].partition_code),
            .valid_from = keep(build, rows[i].valid_from),
            .basis = keep(build, rows[i].basis),
        };
        RG_ASSERT(list[i].area != TERRITORY_NOWHERE && list[i].parent != TERRITORY_NOWHERE);
        if (!list[i].partition.p || !list[i].valid_from.p || !list[i].basis.p)
            return RG_NO_MEMORY(build->ctx);
        if (str_is(list[i].partition, "zona_omogenea")) { /* the latest of several wins */
            build->areas[list[i].area].zone = list[i].parent;
            build->areas[list[i].area].zone_basis = list[i].basis;
        }
    }
    build->model->memberships = list;
    build->model->n_memberships = (uint32_t)n;
    return RG_OK;
}

/* ---- names ---- */

static enum territory_name_kind
name_kind(struct str kind)
{
    if (str_is(kind, "former"))
        return TERRITORY_NAME_FORMER;
    if (str_is(kind, "hamlet"))
        return TERRITORY_NAME_HAMLET;
    return str_is(kind, "region") ? TERRITORY_NAME_REGION : TERRITORY_NAME_ALIAS;
}

static uint32_t
weight_of(const struct territory_area *area)
{
    return area->population.has ? (uint32_t)area->population.v : 0;
}

/* A zone that is one town, as Torino is, answers by the town's name only. */
static bool
is_town_name(const struct territory_model *model, struct str name)
{
    for (uint32_t i = 0; i < model->n_comuni; i++)
        if (str_eq(model->areas[model->first_comune + i].name, name))
            return true;
    return false;
}

static enum rg_err
places_build(struct build *build)
{
    struct territory_model *model = build->model;
    struct territory_sql_name_all_row *rows;
    struct territory_sql_word_all_row *word_rows;
    size_t n, n_words, n_names = 0;
    enum rg_err err = territory_sql_name_all(build->ctx, &rows, &n);
    if (!err)
        err = territory_sql_word_all(build->ctx, &word_rows, &n_words);
    if (err)
        return err;
    struct territory_name *names =
        RG_ARRAY(build->arena, struct territory_name, model->n_areas + n);
    struct str *words = RG_ARRAY(build->ctx->arena, struct str, n_words);
    if (!names || !words)
        return RG_NO_MEMORY(build->ctx);
    for (uint32_t i = 0; i < model->n_areas; i++) {
        const struct territory_area *area = &model->areas[i];
        bool comune = str_is(area->kind, "comune");
        if (!comune && is_town_name(model, area->name))
            continue;
        names[n_names++] = (struct territory_name){
            .name = area->name,
            .area = i,
            .weight = weight_of(area),
            .kind = comune ? TERRITORY_NAME_OFFICIAL : TERRITORY_NAME_REGION};
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t area = territory_model_by_id(model, (territory_id){rows[i].area_id});
        RG_ASSERT(area != TERRITORY_NOWHERE);
        names[n_names] = (struct territory_name){.name = keep(build, rows[i].name),
                                                 .area = area,
                                                 .weight = weight_of(&model->areas[area]),
                                                 .kind = (uint8_t)name_kind(rows[i].kind),
                                                 .is_word = rows[i].is_word != 0};
        if (!names[n_names++].name.p)
            return RG_NO_MEMORY(build->ctx);
    }
    for (size_t i = 0; i < n_words; i++)
        words[i] = word_rows[i].word;
    return territory_places_build(build->ctx, build->arena, names, n_names, words, n_words,
                                  &model->places);
}

/* ---- geometry ---- */

static enum rg_err
bounds_build(struct build *build, bool *has_bound)
{
    struct territory_model *model = build->model;
    struct territory_sql_boundary_all_row *rows;
    size_t n, n_kept = 0;
    enum rg_err err = territory_sql_boundary_all(build->ctx, &rows, &n);
    if (err)
        return err;
    struct str *codes = RG_ARRAY(build->arena, struct str, n);
    struct str *lines = RG_ARRAY(build->ctx->arena, struct str, n);
    uint32_t *area_of = RG_ARRAY(build->arena, uint32_t, n);
    if (!codes || !lines || !area_of)
        return RG_NO_MEMORY(build->ctx);
    for (size_t i = 0; i < n; i++) {
        uint32_t area = territory_model_by_id(model, (territory_id){rows[i].area_id});
        if (area == TERRITORY_NOWHERE || !str_is(model->areas[area].kind, "comune"))
            continue;
        has_bound[area] = true;
        area_of[n_kept] = area;
        codes[n_kept] = model->areas[area].code;
        lines[n_kept++] = rows[i].line;
    }
    model->bound_area = area_of;
    err = territory_shapes_parse(build->ctx, build->arena, codes, lines, n_kept, &model->bounds);
    if (!err)
        err = territory_grid_build(build->ctx, build->arena, &model->bounds, &model->grid);
    model->real_boundaries = model->n_comuni > 0 && n_kept == model->n_comuni;
    return err;
}

/* The seats of the comuni; all of them for the cells, those without boundary for the model. */
static enum rg_err
seats_list(struct build *build, struct rg_arena *arena, const bool *without,
           struct territory_point **ret_seats, uint32_t **ret_areas, struct str **ret_codes,
           uint32_t *ret_n)
{
    const struct territory_model *model = build->model;
    *ret_seats = RG_ARRAY(arena, struct territory_point, model->n_comuni);
    *ret_areas = RG_ARRAY(arena, uint32_t, model->n_comuni);
    *ret_codes = RG_ARRAY(arena, struct str, model->n_comuni);
    *ret_n = 0;
    if (!*ret_seats || !*ret_areas || !*ret_codes)
        return RG_NO_MEMORY(build->ctx);
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++) {
        if (!model->areas[i].has_seat || (without && without[i]))
            continue;
        (*ret_seats)[*ret_n] = model->areas[i].seat;
        (*ret_codes)[*ret_n] = model->areas[i].code;
        (*ret_areas)[(*ret_n)++] = i;
    }
    return RG_OK;
}

static enum rg_err
map_build(struct build *build)
{
    struct territory_model *model = build->model;
    struct territory_shapes cells = model->bounds;
    struct territory_point *seats;
    uint32_t *areas, n;
    struct str *codes;
    if (!model->real_boundaries) {
        enum rg_err err =
            seats_list(build, build->ctx->arena, NULL, &seats, &areas, &codes, &n);
        if (err || n == 0)
            return err;
        err = territory_map_cells(build->ctx, build->ctx->arena, seats, codes, n, &cells);
        if (err)
            return err;
    }
    size_t max_bytes = (size_t)model->n_comuni * MAP_BYTES_EACH;
    struct territory_map_options options = {
        .width = MAP_WIDTH,
        .max_bytes = max_bytes > MAP_BYTES_MIN ? max_bytes : MAP_BYTES_MIN,
        .prefix = "c"};
    RG_CLEANUP(rg_buf_done) struct rg_buf svg;
    rg_buf_init(&svg, options.max_bytes);
    enum rg_err err = territory_map_draw(build->ctx, &cells, &options, &svg, &model->frame);
    if (err)
        return err;
    model->svg = keep(build, rg_buf_view(&svg));
    return svg.failed || !model->svg.p ? RG_NO_MEMORY(build->ctx) : RG_OK;
}

static enum rg_err
geometry_build(struct build *build)
{
    struct territory_model *model = build->model;
    bool *has_bound = RG_ARRAY(build->ctx->arena, bool, model->n_areas);
    if (!has_bound)
        return RG_NO_MEMORY(build->ctx);
    enum rg_err err = bounds_build(build, has_bound);
    if (err)
        return err;
    struct territory_point *seats;
    uint32_t *areas;
    struct str *codes;
    err = seats_list(build, build->arena, has_bound, &seats, &areas, &codes, &model->n_seats);
    if (err)
        return err;
    model->seats = seats;
    model->seat_area = areas;
    return map_build(build);
}

enum rg_err
territory_model_new(struct rg_ctx *ctx, struct territory_model **ret)
{
    struct rg_arena *arena = rg_arena_new(MODEL_ARENA_MAX);
    struct territory_model *model = arena ? RG_NEW(arena, struct territory_model) : NULL;
    if (!model) {
        rg_arena_free(arena);
        return RG_NO_MEMORY(ctx);
    }
    model->arena = arena;
    struct build build = {.ctx = ctx, .model = model, .arena = arena};
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    /* The number first: what changes while we read is found by the next comparison. */
    enum rg_err err = territory_version(ctx, &model->version);
    if (!err)
        err = areas_build(&build);
    if (!err)
        err = memberships_build(&build);
    if (!err)
        err = places_build(&build);
    if (!err)
        err = geometry_build(&build);
    rg_arena_release(ctx->arena, mark);
    if (err) {
        territory_model_free(model);
        return err;
    }
    *ret = model;
    return RG_OK;
}

struct territory_model *
territory_model_free(struct territory_model *model)
{
    if (model)
        rg_arena_free(model->arena);
    return NULL;
}

uint32_t
territory_model_at(const struct territory_model *model, struct territory_point point,
                   enum territory_at_how *ret_how, double *ret_seat_m)
{
    uint32_t shape = territory_grid_find(model->grid, point);
    if (shape != TERRITORY_NOWHERE) {
        if (ret_how)
            *ret_how = TERRITORY_AT_BOUNDARY;
        return model->bound_area[shape];
    }
    double seat_m = 0;
    uint32_t seat = territory_seat_nearest(model->seats, model->n_seats, point, &seat_m);
    if (seat == TERRITORY_NOWHERE || seat_m > TERRITORY_SEAT_REACH_M)
        return TERRITORY_NOWHERE;
    if (ret_how)
        *ret_how = TERRITORY_AT_NEAREST_SEAT;
    if (ret_seat_m)
        *ret_seat_m = seat_m;
    return model->seat_area[seat];
}
