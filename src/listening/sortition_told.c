/* A draw told: as JSON that a stranger can check, as sentences, as tables. */
#include "listening/sortition_file.h"
#include <stdio.h>

struct str
sortition_traits(struct rg_ctx *ctx, const struct sortition_pool *pool, size_t person)
{
    const struct sortition_world *w = &pool->world;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    for (size_t c = 0; c < w->n_categories; c++) {
        rg_buf_str(&out, c ? STR("; ") : STR(""));
        rg_buf_str(&out, pool->categories[c]);
        rg_buf_lit(&out, ": ");
        rg_buf_str(&out, pool->values[w->traits[person * w->n_categories + c]]);
    }
    return rg_arena_str(ctx->arena, rg_buf_view(&out));
}

struct str
sortition_quotas_text(struct rg_ctx *ctx, const struct sortition_pool *pool)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 256 * 1024);
    rg_buf_lit(&out, "category,value,min,max\n");
    for (size_t v = 0; v < pool->world.n_values; v++) {
        rg_csv_put(&out, pool->categories[pool->world.category[v]], ',', true);
        rg_csv_put(&out, pool->values[v], ',', false);
        rg_buf_printf(&out, ",%u,%u\n", pool->world.min[v], pool->world.max[v]);
    }
    return rg_arena_str(ctx->arena, rg_buf_view(&out));
}

/* How many people have each value. */
static void
people_count(const struct sortition_world *w, int64_t have[SORTITION_VALUES_MAX])
{
    memset(have, 0, SORTITION_VALUES_MAX * sizeof(*have));
    for (size_t i = 0; i < w->n_people * w->n_categories; i++)
        have[w->traits[i]]++;
}

struct str
sortition_points_text(struct rg_ctx *ctx, const struct sortition_pool *pool,
                      const struct sortition_proof *proof)
{
    const struct sortition_world *w = &pool->world;
    int64_t have[SORTITION_VALUES_MAX];
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 256 * 1024);
    people_count(w, have);
    rg_buf_printf(&out, "category,value,min,max,people,points\n,,%u,%u,%zu,%lld\n", w->size,
                  w->size, w->n_people, (long long)proof->seat);
    for (size_t v = 0; v < w->n_values; v++) {
        rg_csv_put(&out, pool->categories[w->category[v]], ',', true);
        rg_csv_put(&out, pool->values[v], ',', false);
        rg_buf_printf(&out, ",%u,%u,%lld,%lld\n", w->min[v], w->max[v], (long long)have[v],
                      (long long)proof->points[v]);
    }
    return rg_arena_str(ctx->arena, rg_buf_view(&out));
}

static void
fraction_put(struct rg_ctx *ctx, struct rg_buf *out, const char *key, int64_t num, int64_t den)
{
    char digits[3][24];
    int64_t most = (int64_t)((__int128)num * SORTITION_PANELS / den);
    const struct wording_arg args[] = {
        {"bound", str_n(digits[0], (size_t)snprintf(digits[0], 24, "%lld", (long long)most))},
        {"num", str_n(digits[1], (size_t)snprintf(digits[1], 24, "%lld", (long long)num))},
        {"den", str_n(digits[2], (size_t)snprintf(digits[2], 24, "%lld", (long long)den))}};
    wording_put(out, ctx->lang, key, args, RG_COUNT(args), -1);
}

struct str
sortition_bound_text(struct rg_ctx *ctx, int64_t least, const struct sortition_bounds *b)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    bool best = (__int128)(least + 1) * b->den > (__int128)b->num * SORTITION_PANELS;
    bool all = !best && b->all_den > 0;
    fraction_put(ctx, &out, best ? "listening.live.draw.best" : "listening.live.draw.bound", b->num,
                 b->den);
    if (all) {
        rg_buf_c(&out, ' ');
        best = (__int128)(least + 1) * b->all_den > (__int128)b->all_num * SORTITION_PANELS;
        fraction_put(ctx, &out, best ? "listening.live.draw.best_all"
                                     : "listening.live.draw.bound_all", b->all_num, b->all_den);
    }
    return rg_arena_str(ctx->arena, rg_buf_view(&out));
}

struct sortition_bounds
sortition_bounds(const struct sortition_draw *d)
{
    return (struct sortition_bounds){d->proof.num, d->proof.den, d->searched ? d->search_num : 0,
                                     d->searched ? d->search_den : 0};
}

struct str
sortition_relax_text(struct rg_ctx *ctx, const struct sortition_pool *pool,
                     const struct sortition_relax *relax)
{
    const struct sortition_world *w = &pool->world;
    char digits[2][16];
    bool all = relax->value == w->n_values;
    uint32_t from = all ? 0 : relax->raise_max ? w->max[relax->value] : w->min[relax->value];
    uint32_t to = all ? relax->by : relax->raise_max ? from + relax->by : from - relax->by;
    struct str a = str_n(digits[0], (size_t)snprintf(digits[0], 16, "%u", from));
    struct str b = str_n(digits[1], (size_t)snprintf(digits[1], 16, "%u", to));
    if (all)
        return web_words(ctx, "listening.live.draw.relax_all", "by", &b, NULL);
    return web_words(ctx, relax->raise_max ? "listening.live.draw.relax_max"
                                           : "listening.live.draw.relax_min",
                     "category", &pool->categories[w->category[relax->value]], "value",
                     &pool->values[relax->value], "from", &a, "to", &b, NULL);
}

static void
fraction_json(struct rg_jw *jw, const char *key, int64_t num, int64_t den)
{
    rg_jw_key(jw, key);
    rg_jw_object(jw);
    rg_jw_key(jw, "num");
    rg_jw_i64(jw, num);
    rg_jw_key(jw, "den");
    rg_jw_i64(jw, den);
    rg_jw_end_object(jw);
}

/* Quotas with the points that prove the bound: all that a stranger has to add up. */
static void
proof_json(struct rg_jw *jw, const struct sortition_pool *pool, const struct sortition_draw *d)
{
    const struct sortition_world *w = &pool->world;
    int64_t have[SORTITION_VALUES_MAX];
    people_count(w, have);
    fraction_json(jw, "bound", d->proof.num, d->proof.den);
    if (d->searched)
        fraction_json(jw, "bound_all", d->search_num, d->search_den);
    rg_jw_key(jw, "seat_points");
    rg_jw_i64(jw, d->proof.seat);
    rg_jw_key(jw, "quotas");
    rg_jw_array(jw);
    for (size_t v = 0; v < w->n_values; v++) {
        const struct {
            const char *key;
            int64_t n;
        } numbers[] = {{"min", w->min[v]}, {"max", w->max[v]}, {"people", have[v]},
                       {"points", d->proof.points[v]}};
        rg_jw_object(jw);
        rg_jw_key(jw, "category");
        rg_jw_str(jw, pool->categories[w->category[v]]);
        rg_jw_key(jw, "value");
        rg_jw_str(jw, pool->values[v]);
        for (size_t i = 0; i < RG_COUNT(numbers); i++) {
            rg_jw_key(jw, numbers[i].key);
            rg_jw_i64(jw, numbers[i].n);
        }
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

/* The panels, each a list of places (from 0) in "chances", whose order is that of the ids. */
static void
lottery_json(struct rg_jw *jw, const struct sortition_pool *pool, const struct sortition_draw *d)
{
    rg_jw_key(jw, "lottery");
    rg_jw_array(jw);
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        rg_jw_array(jw);
        for (size_t i = 0; i < pool->world.size; i++)
            rg_jw_i64(jw, d->panels[p * pool->world.size + i]);
        rg_jw_end_array(jw);
    }
    rg_jw_end_array(jw);
}

void
sortition_json(struct rg_buf *out, const struct sortition_pool *pool, struct str seed,
               const struct sortition_outcome *outcome)
{
    const struct sortition_world *w = &pool->world;
    const struct sortition_draw *d = &outcome->draw;
    struct rg_jw jw;
    rg_jw_init(&jw, out);
    rg_jw_object(&jw);
    rg_jw_key(&jw, "method");
    rg_jw_str(&jw, STR(SORTITION_METHOD));
    rg_jw_key(&jw, "seed");
    rg_jw_str(&jw, seed);
    rg_jw_key(&jw, "pool_blake2b");
    rg_jw_str(&jw, str_of(pool->digest));
    rg_jw_key(&jw, "people");
    rg_jw_i64(&jw, (int64_t)w->n_people);
    rg_jw_key(&jw, "size");
    rg_jw_i64(&jw, w->size);
    rg_jw_key(&jw, "possible");
    rg_jw_bool(&jw, outcome->result == SORTITION_DRAWN);
    if (outcome->result == SORTITION_DRAWN) {
        rg_jw_key(&jw, "panels");
        rg_jw_i64(&jw, SORTITION_PANELS);
        rg_jw_key(&jw, "number");
        rg_jw_i64(&jw, d->number);
        rg_jw_key(&jw, "chance_min");
        rg_jw_fixed(&jw, (double)d->least / SORTITION_PANELS, 3);
        rg_jw_key(&jw, "chance_max");
        rg_jw_fixed(&jw, (double)d->most / SORTITION_PANELS, 3);
        rg_jw_key(&jw, "panel");
        rg_jw_array(&jw);
        for (size_t i = 0; i < w->size; i++)
            rg_jw_str(&jw, pool->ids[d->panel[i]]);
        rg_jw_end_array(&jw);
        rg_jw_key(&jw, "chances");
        rg_jw_object(&jw);
        for (size_t i = 0; i < w->n_people; i++) {
            rg_jw_key_str(&jw, pool->ids[i]);
            rg_jw_fixed(&jw, (double)d->times[i] / SORTITION_PANELS, 3);
        }
        rg_jw_end_object(&jw);
        proof_json(&jw, pool, d);
        lottery_json(&jw, pool, d);
    } else {
        rg_jw_key(&jw, "proved");
        rg_jw_bool(&jw, outcome->result == SORTITION_IMPOSSIBLE);
        rg_jw_key(&jw, "relax");
        rg_jw_array(&jw);
        for (size_t i = 0; i < outcome->n_relax; i++) {
            const struct sortition_relax *r = &outcome->relax[i];
            rg_jw_object(&jw);
            if (r->value < w->n_values) {
                rg_jw_key(&jw, "category");
                rg_jw_str(&jw, pool->categories[w->category[r->value]]);
                rg_jw_key(&jw, "value");
                rg_jw_str(&jw, pool->values[r->value]);
            }
            rg_jw_key(&jw, "change");
            rg_jw_str(&jw, r->value == w->n_values ? STR("all")
                                                   : r->raise_max ? STR("max") : STR("min"));
            rg_jw_key(&jw, "by");
            rg_jw_i64(&jw, r->by);
            rg_jw_end_object(&jw);
        }
        rg_jw_end_array(&jw);
    }
    rg_jw_end_object(&jw);
    rg_buf_c(out, '\n');
}

void
sortition_sentences(struct rg_ctx *ctx, struct rg_buf *out, const struct sortition_pool *pool,
                    const struct sortition_outcome *outcome)
{
    const struct sortition_draw *d = &outcome->draw;
    char digits[3][16];
    if (outcome->result != SORTITION_DRAWN) {
        rg_buf_str(out, wording_text(ctx->lang, outcome->result == SORTITION_IMPOSSIBLE
                                                    ? "listening.live.draw.impossible"
                                                    : "listening.live.draw.unknown"));
        rg_buf_c(out, '\n');
        for (size_t i = 0; i < outcome->n_relax; i++) {
            rg_buf_lit(out, "- ");
            rg_buf_str(out, sortition_relax_text(ctx, pool, &outcome->relax[i]));
            rg_buf_c(out, '\n');
        }
        return;
    }
    const struct wording_arg args[] = {
        {"number", str_n(digits[0], (size_t)snprintf(digits[0], 16, "%u", d->number))},
        {"least", str_n(digits[1], (size_t)snprintf(digits[1], 16, "%u", d->least))},
        {"most", str_n(digits[2], (size_t)snprintf(digits[2], 16, "%u", d->most))}};
    struct sortition_bounds bounds = sortition_bounds(d);
    wording_put(out, ctx->lang, "listening.live.draw.told", args, RG_COUNT(args), -1);
    rg_buf_c(out, '\n');
    rg_buf_str(out, sortition_bound_text(ctx, d->least, &bounds));
    rg_buf_c(out, '\n');
    for (size_t i = 0; i < pool->world.size; i++) {
        rg_buf_str(out, pool->ids[d->panel[i]]);
        rg_buf_c(out, '\n');
    }
}
