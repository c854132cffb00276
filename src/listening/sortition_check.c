/* A published draw checked by counting: nothing here knows how a lottery is made, but for the last
 * of the checks, which makes it again.                                                       */
#include "listening/sortition_file.h"

enum rg_err
sortition_published_read(struct rg_ctx *ctx, const char *name, struct str json,
                         struct sortition_published *ret)
{
    *ret = (struct sortition_published){0};
    if (!str_utf8_ok(json) || !rg_jv_parse(ctx->arena, json, &ret->root))
        return rg_arena_overflowed(ctx->arena)
                   ? RG_NO_MEMORY(ctx)
                   : RG_FAIL(ctx, RG_INVALID, "listening.live.draw.check.unread", "file", name);
    ret->seed = rg_jv_get_str(ctx->arena, ret->root, "seed");
    ret->size = rg_jv_i64(rg_jv_get(ret->root, "size"), 0);
    if (!ret->seed.p || ret->size < 1)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.draw.check.unread", "file", name);
    return RG_OK;
}

struct checker {
    struct rg_ctx *ctx;
    const struct sortition_pool *pool;
    const struct rg_jv *root;
    uint32_t *panels, *times; /* read from the file */
    int64_t number;
};

static bool
told(struct checker *k, const struct rg_jv *object, const char *key, struct str text)
{
    struct str s = rg_jv_get_str(k->ctx->arena, object, key);
    return s.p && str_eq(s, text);
}

static bool
counts(const struct rg_jv *object, const char *key, int64_t n)
{
    return rg_jv_i64(rg_jv_get(object, key), INT64_MIN) == n;
}

static bool
is_array(const struct rg_jv *v, size_t n)
{
    return v && v->kind == RG_JV_ARRAY && v->n == n;
}

static bool
pool_is_told(struct checker *k)
{
    return told(k, k->root, "pool_blake2b", str_of(k->pool->digest)) &&
           counts(k->root, "people", (int64_t)k->pool->world.n_people);
}

/* Quotas in the order of the values; points are taken along. */
static bool
quotas_are_told(struct checker *k, int64_t *points)
{
    const struct sortition_world *w = &k->pool->world;
    const struct rg_jv *quotas = rg_jv_get(k->root, "quotas"), *q;
    if (!counts(k->root, "size", w->size) || !is_array(quotas, w->n_values))
        return false;
    q = rg_jv_first(quotas);
    for (size_t v = 0; v < w->n_values; v++, q = rg_jv_next(q)) {
        if (!told(k, q, "category", k->pool->categories[w->category[v]]) ||
            !told(k, q, "value", k->pool->values[v]) || !counts(q, "min", w->min[v]) ||
            !counts(q, "max", w->max[v]))
            return false;
        points[v] = rg_jv_i64(rg_jv_get(q, "points"), INT64_MAX);
    }
    return true;
}

static bool
panels_keep_quotas(struct checker *k)
{
    const struct sortition_world *w = &k->pool->world;
    const struct rg_jv *lottery = rg_jv_get(k->root, "lottery"), *panel;
    if (!is_array(lottery, SORTITION_PANELS))
        return false;
    panel = rg_jv_first(lottery);
    for (size_t p = 0; p < SORTITION_PANELS; p++, panel = rg_jv_next(panel)) {
        uint32_t *at = &k->panels[p * w->size];
        if (!is_array(panel, w->size))
            return false;
        const struct rg_jv *seat = rg_jv_first(panel);
        for (size_t i = 0; i < w->size; i++, seat = rg_jv_next(seat)) {
            int64_t person = rg_jv_i64(seat, -1);
            if (person < 0 || (uint64_t)person >= w->n_people)
                return false;
            at[i] = (uint32_t)person;
            k->times[person]++;
        }
        if (!sortition_panel_meets(w, at))
            return false;
    }
    return true;
}

/* "0.109" as 109. */
static bool
thousandths(struct rg_ctx *ctx, const struct rg_jv *v, int64_t *ret)
{
    double d;
    struct str text = rg_jv_str(ctx->arena, v);
    if (!text.p || !rg_parse_decimal(text, &d) || d < 0 || d > 1)
        return false;
    *ret = (int64_t)(d * SORTITION_PANELS + 0.5);
    return true;
}

static bool
chances_are_counted(struct checker *k)
{
    const struct sortition_world *w = &k->pool->world;
    const struct rg_jv *chances = rg_jv_get(k->root, "chances"), *v;
    int64_t least = SORTITION_PANELS, most = 0, n;
    if (!chances || chances->kind != RG_JV_OBJECT || chances->n != w->n_people)
        return false;
    v = rg_jv_first(chances);
    for (size_t i = 0; i < w->n_people; i++, v = rg_jv_next(v)) {
        struct str id = rg_jv_str(k->ctx->arena, v);
        v = rg_jv_next(v);
        if (!id.p || !str_eq(id, k->pool->ids[i]) || !thousandths(k->ctx, v, &n) ||
            n != k->times[i])
            return false;
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    return thousandths(k->ctx, rg_jv_get(k->root, "chance_min"), &n) && n == least &&
           thousandths(k->ctx, rg_jv_get(k->root, "chance_max"), &n) && n == most;
}

static bool
number_is_drawn(struct checker *k, struct str seed)
{
    const struct sortition_world *w = &k->pool->world;
    const struct rg_jv *panel = rg_jv_get(k->root, "panel"), *v;
    uint64_t chance = sortition_seed(seed);
    uint64_t number = sortition_below(&chance, SORTITION_PANELS);
    if (!counts(k->root, "number", (int64_t)number) || !is_array(panel, w->size))
        return false;
    v = rg_jv_first(panel);
    for (size_t i = 0; i < w->size; i++, v = rg_jv_next(v)) {
        struct str id = rg_jv_str(k->ctx->arena, v);
        if (!id.p || !str_eq(id, k->pool->ids[k->panels[number * w->size + i]]))
            return false;
    }
    return true;
}

static bool
proof_holds(struct checker *k, int64_t *points)
{
    const struct rg_jv *bound = rg_jv_get(k->root, "bound");
    struct sortition_proof proof = {
        .points = points,
        .seat = rg_jv_i64(rg_jv_get(k->root, "seat_points"), INT64_MAX),
        .num = rg_jv_i64(rg_jv_get(bound, "num"), -1),
        .den = rg_jv_i64(rg_jv_get(bound, "den"), -1)};
    return sortition_proof_holds(&k->pool->world, &proof);
}

/* The same panels, and the same word about all compositions. */
static bool
is_made_again(const struct checker *k, const struct sortition_outcome *o)
{
    const struct rg_jv *all = rg_jv_get(k->root, "bound_all");
    size_t n = (size_t)SORTITION_PANELS * k->pool->world.size;
    if (o->result != SORTITION_DRAWN ||
        memcmp(o->draw.panels, k->panels, n * sizeof(*k->panels)) != 0)
        return false;
    return o->draw.searched ? counts(all, "num", o->draw.search_num) &&
                                  counts(all, "den", o->draw.search_den)
                            : !all;
}

enum rg_err
sortition_published_check(struct rg_ctx *ctx, const struct sortition_pool *pool,
                          const struct sortition_published *published,
                          const struct sortition_progress *progress,
                          bool ret[SORTITION_CHECK__MAX])
{
    struct checker k = {.ctx = ctx, .pool = pool, .root = published->root};
    struct sortition_outcome again;
    int64_t points[SORTITION_VALUES_MAX];
    memset(ret, 0, SORTITION_CHECK__MAX * sizeof(*ret));
    k.panels = RG_ARRAY(ctx->arena, uint32_t, (size_t)SORTITION_PANELS * pool->world.size);
    k.times = RG_ARRAY(ctx->arena, uint32_t, pool->world.n_people);
    if (!k.panels || !k.times)
        return RG_NO_MEMORY(ctx);
    ret[SORTITION_CHECK_POOL] = pool_is_told(&k);
    ret[SORTITION_CHECK_QUOTAS] = quotas_are_told(&k, points);
    ret[SORTITION_CHECK_PANELS] = panels_keep_quotas(&k);
    ret[SORTITION_CHECK_CHANCES] = ret[SORTITION_CHECK_PANELS] && chances_are_counted(&k);
    ret[SORTITION_CHECK_NUMBER] = ret[SORTITION_CHECK_PANELS] &&
                                  number_is_drawn(&k, published->seed);
    ret[SORTITION_CHECK_PROOF] = ret[SORTITION_CHECK_QUOTAS] && proof_holds(&k, points);
    if (!ret[SORTITION_CHECK_PANELS] || !told(&k, k.root, "method", STR(SORTITION_METHOD)))
        return RG_OK;
    enum rg_err err = sortition_run(ctx, pool, published->seed, progress, &again);
    if (err == RG_OK)
        ret[SORTITION_CHECK_AGAIN] = is_made_again(&k, &again);
    return err;
}
