/* Maps of pages: the one drawing, used again with a class for each comune. A map says nothing that
 * the table beside it does not say in words.                                                  */
#include "territory/territory_page.h"
#include <stdlib.h>

static const char *const tones[TERRITORY_TONES + 1] = {"v0", "v1", "v2", "v3", "v4", "v5"};
static const char *const tones_here[TERRITORY_TONES + 1] = {
    "v0 is-here", "v1 is-here", "v2 is-here", "v3 is-here", "v4 is-here", "v5 is-here"};

/* ---- the drawing ---- */

/* A short name for the content of the drawing: half of it the hash, half the model it was taken
 * of, so that 40 KB are hashed once a model and not once a page.                              */
static uint32_t
drawing_hash(struct territory_web *web, const struct territory_model *model)
{
    uint64_t seen = atomic_load_explicit(&web->stamp, memory_order_relaxed);
    uint32_t version = (uint32_t)model->version + 1;
    if ((uint32_t)seen == version)
        return (uint32_t)(seen >> 32);
    uint32_t hash = (uint32_t)str_hash(model->svg);
    atomic_store_explicit(&web->stamp, (uint64_t)hash << 32 | version, memory_order_relaxed);
    return hash;
}

struct str
territory_drawing_path(struct rg_ctx *ctx, struct territory_web *web)
{
    const struct territory_model *model = territory_live_get(web->live);
    if (!model->svg.n)
        return STR_NONE;
    return str_of(rg_arena_printf(ctx->arena, "/mappa/comuni.svg?v=%08x",
                                  drawing_hash(web, model)));
}

static struct territory_map_view *
map_new(struct rg_ctx *ctx, struct territory_web *web, const struct territory_model *model,
        struct territory_map_use **ret_uses)
{
    struct territory_map_view *map = RG_NEW(ctx->arena, struct territory_map_view);
    struct territory_map_use *uses =
        RG_ARRAY(ctx->arena, struct territory_map_use, model->n_comuni);
    if (!map || !uses)
        return NULL;
    for (uint32_t i = 0; i < model->n_comuni; i++)
        uses[i] = (struct territory_map_use){model->areas[model->first_comune + i].code, tones[0]};
    *map = (struct territory_map_view){
        .drawing = territory_drawing_path(ctx, web),
        .width = model->frame.width,
        .height = model->frame.height,
        .caption = wording_text(ctx->lang, model->real_boundaries
                                               ? "territory.page.map.boundaries"
                                               : "territory.page.map.cells"),
        .uses = uses,
        .n_uses = model->n_comuni};
    *ret_uses = uses;
    return map;
}

/* ---- zones ---- */

/* Square of a distance on the ground, good enough to say who is nearer; 0.7 is the cosine of the
 * middle latitude of the Alps and their plain.                                                */
static int64_t
apart(struct territory_point a, struct territory_point b)
{
    int64_t x = ((int64_t)a.lon_e7 - b.lon_e7) * 7 / 10, y = (int64_t)a.lat_e7 - b.lat_e7;
    return x / 64 * (x / 64) + y / 64 * (y / 64);
}

/* The comuni nearest to one, itself left out: how many, at most NEAREST. */
enum { NEAREST = 8 }; /* about as many as a comune has neighbours, a large town included */

static size_t
nearest_list(const struct territory_model *model, uint32_t from, uint32_t ret_areas[NEAREST])
{
    int64_t away[NEAREST];
    size_t n = 0;
    for (uint32_t k = model->first_comune; k < model->first_comune + model->n_comuni; k++) {
        if (k == from || !model->areas[k].has_seat)
            continue;
        int64_t d = apart(model->areas[from].seat, model->areas[k].seat);
        if (n == NEAREST && d >= away[n - 1])
            continue;
        size_t at = n < NEAREST ? n++ : n - 1;
        for (; at > 0 && away[at - 1] > d; at--) {
            away[at] = away[at - 1];
            ret_areas[at] = ret_areas[at - 1];
        }
        away[at] = d;
        ret_areas[at] = k;
    }
    return n;
}

/* Zones touch where a comune of one is among the nearest of a comune of the other. */
static void
zones_meet(const struct territory_model *model, bool *meet)
{
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++) {
        uint32_t near[NEAREST], zone = model->areas[i].zone;
        if (zone == TERRITORY_NOWHERE || !model->areas[i].has_seat)
            continue;
        size_t n = nearest_list(model, i, near);
        for (size_t k = 0; k < n; k++) {
            uint32_t other = model->areas[near[k]].zone;
            if (other == TERRITORY_NOWHERE || other == zone)
                continue;
            uint32_t p = zone - model->first_zone, q = other - model->first_zone;
            meet[p * model->n_zones + q] = meet[q * model->n_zones + p] = true;
        }
    }
}

/* A tone for each zone, another than its neighbours' as far as five go. */
static void
zones_paint(const struct territory_model *model, const bool *meet, unsigned char *tone)
{
    for (uint32_t z = 0; z < model->n_zones; z++) {
        bool taken[TERRITORY_TONES + 1] = {0};
        for (uint32_t other = 0; other < z; other++)
            if (meet[z * model->n_zones + other])
                taken[tone[other]] = true;
        tone[z] = (unsigned char)(1 + z % TERRITORY_TONES);
        for (unsigned t = 1; t <= TERRITORY_TONES; t++)
            if (!taken[t]) {
                tone[z] = (unsigned char)t;
                break;
            }
    }
}

/* The comune in the middle of a zone: the one whose seat is nearest to the mean of all of them. */
static bool
zone_middle(const struct territory_model *model, uint32_t zone, struct territory_point *ret)
{
    int64_t lon = 0, lat = 0, n = 0, best = INT64_MAX;
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++) {
        const struct territory_area *a = &model->areas[i];
        if (a->zone == zone && a->has_seat) {
            lon += a->seat.lon_e7;
            lat += a->seat.lat_e7;
            n++;
        }
    }
    if (n == 0)
        return false;
    struct territory_point mean = {(int32_t)(lon / n), (int32_t)(lat / n)};
    for (uint32_t i = model->first_comune; i < model->first_comune + model->n_comuni; i++) {
        const struct territory_area *a = &model->areas[i];
        if (a->zone != zone || !a->has_seat || apart(a->seat, mean) >= best)
            continue;
        best = apart(a->seat, mean);
        *ret = a->seat;
    }
    return true;
}

static enum rg_err
marks_set(struct rg_ctx *ctx, const struct territory_model *model, struct territory_map_view *map)
{
    struct territory_map_mark *marks =
        RG_ARRAY(ctx->arena, struct territory_map_mark, model->n_zones);
    if (!marks)
        return RG_NO_MEMORY(ctx);
    for (uint32_t z = 0; z < model->n_zones; z++) {
        struct territory_point at;
        double x, y;
        if (!zone_middle(model, model->first_zone + z, &at))
            continue;
        territory_map_place(&model->frame, at, &x, &y);
        marks[map->n_marks++] = (struct territory_map_mark){
            (int)x, (int)y, model->areas[model->first_zone + z].code};
    }
    map->marks = marks;
    return RG_OK;
}

static enum rg_err
paint_by_zone(struct rg_ctx *ctx, const struct territory_model *model,
              struct territory_map_view *map, struct territory_map_use *uses)
{
    bool *meet = RG_ARRAY(ctx->arena, bool, (size_t)model->n_zones * model->n_zones);
    unsigned char *tone = RG_ARRAY(ctx->arena, unsigned char, model->n_zones);
    struct territory_map_key *key = RG_NEW(ctx->arena, struct territory_map_key);
    if (!meet || !tone || !key)
        return RG_NO_MEMORY(ctx);
    zones_meet(model, meet);
    zones_paint(model, meet, tone);
    for (uint32_t i = 0; i < model->n_comuni; i++) {
        uint32_t zone = model->areas[model->first_comune + i].zone;
        if (zone != TERRITORY_NOWHERE)
            uses[i].tone = tones[tone[zone - model->first_zone]];
    }
    map->title = wording_text(ctx->lang, "territory.page.map.zones");
    map->desc = wording_text(ctx->lang, "territory.page.map.zones_desc");
    return marks_set(ctx, model, map);
}

/* ---- services ---- */

static int
number_cmp(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

size_t
territory_classes(const int64_t *values, size_t n, int64_t ret_tops[TERRITORY_TONES])
{
    size_t first = 0, n_classes = 0;
    while (first < n && values[first] <= 0)
        first++;
    size_t m = n - first;
    for (size_t c = 1; c <= TERRITORY_TONES && m > 0; c++) {
        int64_t top = values[first + (m * c + TERRITORY_TONES - 1) / TERRITORY_TONES - 1];
        if (n_classes == 0 || top > ret_tops[n_classes - 1])
            ret_tops[n_classes++] = top;
    }
    return n_classes;
}

static struct str
range_words(struct rg_ctx *ctx, int64_t low, int64_t high)
{
    struct str from = web_number(ctx, low), to = web_number(ctx, high);
    if (low == high)
        return web_words_n(ctx, "territory.page.n_services", low);
    return web_words(ctx, "territory.page.services_range", "from", &from, "to", &to, NULL);
}

static enum rg_err
paint_by_services(struct rg_ctx *ctx, const struct territory_model *model, const int64_t *counts,
                  struct territory_map_view *map, struct territory_map_use *uses)
{
    int64_t tops[TERRITORY_TONES];
    int64_t *values = RG_ARRAY(ctx->arena, int64_t, model->n_comuni);
    struct territory_map_key *keys =
        RG_ARRAY(ctx->arena, struct territory_map_key, TERRITORY_TONES + 1);
    if (!values || !keys)
        return RG_NO_MEMORY(ctx);
    const int64_t *of_comuni = counts + model->first_comune;
    memcpy(values, of_comuni, model->n_comuni * sizeof(*values));
    qsort(values, model->n_comuni, sizeof(*values), number_cmp);
    size_t n = territory_classes(values, model->n_comuni, tops);
    for (uint32_t i = 0; i < model->n_comuni; i++) {
        size_t c = 0;
        while (of_comuni[i] > 0 && c < n && of_comuni[i] > tops[c])
            c++;
        uses[i].tone = tones[of_comuni[i] > 0 ? c + 1 : 0];
    }
    keys[0] = (struct territory_map_key){tones[0],
                                         wording_text(ctx->lang, "territory.page.no_services")};
    for (size_t c = 0; c < n; c++)
        keys[c + 1] = (struct territory_map_key){
            tones[c + 1], range_words(ctx, c ? tops[c - 1] + 1 : 1, tops[c])};
    map->keys = keys;
    map->n_keys = n + 1;
    map->title = wording_text(ctx->lang, "territory.page.map.services");
    map->desc = wording_text(ctx->lang, "territory.page.map.services_desc");
    return RG_OK;
}

/* Borders of what is pointed out are drawn over those of the neighbours: it comes last. */
static void
point_out(const struct territory_model *model, const bool *here, struct territory_map_use *uses)
{
    uint32_t last = model->n_comuni, i = 0;
    while (i < last) {
        const struct territory_map_use use = uses[i];
        uint32_t area = territory_model_by_code(model, STR("comune"), use.code);
        if (!here[area]) {
            i++;
            continue;
        }
        size_t tone = (size_t)(use.tone[1] - '0');
        last--;
        memmove(&uses[i], &uses[i + 1], (model->n_comuni - i - 1) * sizeof(*uses));
        uses[model->n_comuni - 1] = (struct territory_map_use){use.code, tones_here[tone]};
    }
}

enum rg_err
territory_map_of_all(struct rg_ctx *ctx, struct territory_web *web,
                     const struct territory_model *model, enum territory_view view,
                     const int64_t *counts, const bool *here, struct territory_map_view **ret_map)
{
    struct territory_map_use *uses;
    struct territory_map_view *map = map_new(ctx, web, model, &uses);
    if (!map)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = view == TERRITORY_VIEW_SERVICES && counts
                          ? paint_by_services(ctx, model, counts, map, uses)
                          : paint_by_zone(ctx, model, map, uses);
    if (err == RG_OK && here)
        point_out(model, here, uses);
    if (err == RG_OK)
        *ret_map = map;
    return err;
}

enum rg_err
territory_map_of_zone(struct rg_ctx *ctx, struct territory_web *web,
                      const struct territory_model *model, uint32_t zone,
                      struct territory_map_view **ret_map)
{
    struct territory_map_use *uses;
    struct territory_map_view *map = map_new(ctx, web, model, &uses);
    if (!map)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < model->n_comuni; i++)
        if (model->areas[model->first_comune + i].zone == zone)
            uses[i].tone = tones[3];
    map->title = web_words(ctx, "territory.page.map.zone", "name",
                           &model->areas[zone].official_name, NULL);
    map->desc = wording_text(ctx->lang, "territory.page.map.zone_desc");
    *ret_map = map;
    return RG_OK;
}

enum rg_err
territory_map_of_comune(struct rg_ctx *ctx, struct territory_web *web,
                        const struct territory_model *model, uint32_t comune,
                        struct territory_map_view **ret_map)
{
    const struct territory_area *area = &model->areas[comune];
    struct territory_map_use *uses;
    struct territory_map_view *map = map_new(ctx, web, model, &uses);
    bool *here = RG_ARRAY(ctx->arena, bool, model->n_areas);
    if (!map || !here)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < model->n_comuni; i++)
        if (area->zone != TERRITORY_NOWHERE &&
            model->areas[model->first_comune + i].zone == area->zone)
            uses[i].tone = tones[2];
    uses[comune - model->first_comune].tone = tones[4];
    here[comune] = true;
    point_out(model, here, uses);
    map->title = web_words(ctx, "territory.page.map.comune", "name", &area->name, NULL);
    map->desc = wording_text(ctx->lang, "territory.page.map.comune_desc");
    *ret_map = map;
    return RG_OK;
}
