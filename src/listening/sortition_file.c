/* Files of people and quotas for a draw, and what is told of it. */
#include "listening/sortition_file.h"
#include <sodium.h>
#include <stdlib.h>

struct reader {
    struct rg_ctx *ctx;
    const char *name;
    struct rg_csv csv;
};

static enum rg_err
bad(struct reader *r, const char *key, struct str what)
{
    const char *line = rg_arena_printf(r->ctx->arena, "%llu", (unsigned long long)r->csv.line);
    return RG_FAIL(r->ctx, RG_INVALID, key, "file", r->name, "line", line ? line : "?", "what",
                   what.n ? rg_arena_cstr(r->ctx->arena, what) : "");
}

static void
reader_done(struct reader *r)
{
    rg_csv_done(&r->csv);
}

struct row {
    struct str id;
    uint16_t traits[SORTITION_CATEGORIES_MAX];
};

static int
by_id(const void *a, const void *b)
{
    return str_cmp(((const struct row *)a)->id, ((const struct row *)b)->id);
}

/* Index of a value of a category, added when it is new. */
static enum rg_err
value_of(struct reader *r, struct sortition_pool *pool, uint16_t *category, size_t c,
         struct str text, uint16_t *ret)
{
    struct sortition_world *w = &pool->world;
    for (size_t v = 0; v < w->n_values; v++)
        if (category[v] == c && str_eq(pool->values[v], text)) {
            *ret = (uint16_t)v;
            return RG_OK;
        }
    if (w->n_values == SORTITION_VALUES_MAX)
        return bad(r, "listening.live.draw.many_values", text);
    struct str kept = rg_arena_str(r->ctx->arena, text);
    if (!kept.p)
        return RG_NO_MEMORY(r->ctx);
    category[w->n_values] = (uint16_t)c;
    pool->values[w->n_values] = kept;
    *ret = (uint16_t)w->n_values++;
    return RG_OK;
}

static enum rg_err
header_read(struct reader *r, struct sortition_pool *pool, size_t *ret_id,
            size_t columns[SORTITION_CATEGORIES_MAX])
{
    if (!rg_csv_next(&r->csv))
        return bad(r, "listening.live.draw.empty", STR(""));
    ptrdiff_t id = rg_csv_column(&r->csv, STR("id"));
    if (id < 0)
        return bad(r, "listening.live.draw.no_id", STR(""));
    *ret_id = (size_t)id;
    for (size_t i = 0; i < r->csv.n_fields; i++) {
        if (i == (size_t)id)
            continue;
        if (pool->world.n_categories == SORTITION_CATEGORIES_MAX)
            return bad(r, "listening.live.draw.many_columns", r->csv.fields[i]);
        struct str name = rg_arena_str(r->ctx->arena, str_trim(r->csv.fields[i]));
        if (!name.p)
            return RG_NO_MEMORY(r->ctx);
        columns[pool->world.n_categories] = i;
        pool->categories[pool->world.n_categories++] = name;
    }
    return RG_OK;
}

static enum rg_err
person_read(struct reader *r, struct sortition_pool *pool, uint16_t *category, size_t id,
            const size_t *columns, struct row *row)
{
    enum rg_err err = RG_OK;
    if (id >= r->csv.n_fields || str_trim(r->csv.fields[id]).n == 0)
        return bad(r, "listening.live.draw.no_person_id", STR(""));
    row->id = rg_arena_str(r->ctx->arena, str_trim(r->csv.fields[id]));
    if (!row->id.p)
        return RG_NO_MEMORY(r->ctx);
    for (size_t c = 0; err == RG_OK && c < pool->world.n_categories; c++) {
        struct str text = columns[c] < r->csv.n_fields ? str_trim(r->csv.fields[columns[c]])
                                                       : STR("");
        err = text.n == 0 ? bad(r, "listening.live.draw.untold", pool->categories[c])
                          : value_of(r, pool, category, c, text, &row->traits[c]);
    }
    return err;
}

static enum rg_err
people_keep(struct reader *r, struct sortition_pool *pool, struct row *rows, size_t n)
{
    struct sortition_world *w = &pool->world;
    uint16_t *traits = RG_ARRAY(r->ctx->arena, uint16_t, n * w->n_categories);
    pool->ids = RG_ARRAY(r->ctx->arena, struct str, n);
    if (!traits || !pool->ids)
        return RG_NO_MEMORY(r->ctx);
    qsort(rows, n, sizeof(*rows), by_id);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && str_eq(rows[i].id, rows[i - 1].id))
            return RG_FAIL(r->ctx, RG_INVALID, "listening.live.draw.twice", "file", r->name, "what",
                           rg_arena_cstr(r->ctx->arena, rows[i].id));
        pool->ids[i] = rows[i].id;
        memcpy(&traits[i * w->n_categories], rows[i].traits, w->n_categories * sizeof(uint16_t));
    }
    w->traits = traits;
    w->n_people = n;
    return RG_OK;
}

static enum rg_err
people_read(struct reader *r, struct sortition_pool *pool, uint16_t *category)
{
    size_t id = 0, n = 0, columns[SORTITION_CATEGORIES_MAX];
    struct row *rows = RG_ARRAY(r->ctx->arena, struct row, SORTITION_PEOPLE_MAX);
    if (!rows)
        return RG_NO_MEMORY(r->ctx);
    enum rg_err err = header_read(r, pool, &id, columns);
    while (err == RG_OK && rg_csv_next(&r->csv)) {
        if (n == SORTITION_PEOPLE_MAX)
            return bad(r, "listening.live.draw.many_people", STR(""));
        err = person_read(r, pool, category, id, columns, &rows[n++]);
    }
    if (err == RG_OK && n == 0)
        err = bad(r, "listening.live.draw.empty", STR(""));
    return err == RG_OK ? people_keep(r, pool, rows, n) : err;
}

/* ---- quotas ---- */

static void
quotas_by_share(struct sortition_world *w)
{
    uint64_t have[SORTITION_VALUES_MAX] = {0};
    for (size_t i = 0; i < w->n_people * w->n_categories; i++)
        have[w->traits[i]]++;
    for (size_t v = 0; v < w->n_values; v++) {
        uint64_t share = have[v] * w->size;
        w->min[v] = (uint32_t)(share / w->n_people);
        w->max[v] = (uint32_t)((share + w->n_people - 1) / w->n_people);
    }
}

static enum rg_err
quota_read(struct reader *r, struct sortition_pool *pool, const size_t *at, bool *seen)
{
    struct sortition_world *w = &pool->world;
    struct str f[4];
    int64_t min, max;
    for (size_t i = 0; i < 4; i++)
        f[i] = at[i] < r->csv.n_fields ? str_trim(r->csv.fields[at[i]]) : STR("");
    size_t v = 0;
    while (v < w->n_values && !(str_eq(pool->categories[w->category[v]], f[0]) &&
                                str_eq(pool->values[v], f[1])))
        v++;
    if (v == w->n_values)
        return bad(r, "listening.live.draw.no_value", f[1]);
    if (seen[v])
        return bad(r, "listening.live.draw.quota_twice", f[1]);
    if (!rg_parse_i64(f[2], 0, INT32_MAX, &min) || !rg_parse_i64(f[3], 0, INT32_MAX, &max))
        return bad(r, "listening.live.draw.bad_number", f[1]);
    if (min > max)
        return bad(r, "listening.live.draw.min_max", f[1]);
    seen[v] = true;
    w->min[v] = (uint32_t)min;
    w->max[v] = (uint32_t)max;
    return RG_OK;
}

static enum rg_err
quotas_read(struct reader *r, struct sortition_pool *pool)
{
    static const char *const names[] = {"category", "value", "min", "max"};
    bool seen[SORTITION_VALUES_MAX] = {false};
    size_t at[4];
    if (!rg_csv_next(&r->csv))
        return bad(r, "listening.live.draw.empty", STR(""));
    for (size_t i = 0; i < 4; i++) {
        ptrdiff_t column = rg_csv_column(&r->csv, str_of(names[i]));
        if (column < 0)
            return bad(r, "listening.live.draw.no_column", str_of(names[i]));
        at[i] = (size_t)column;
    }
    for (size_t v = 0; v < pool->world.n_values; v++)
        pool->world.max[v] = pool->world.size; /* a value without a quota is free */
    enum rg_err err = RG_OK;
    while (err == RG_OK && rg_csv_next(&r->csv))
        err = quota_read(r, pool, at, seen);
    return err;
}

enum rg_err
sortition_pool_read(struct rg_ctx *ctx, const char *people_name, struct str people,
                    const char *quotas_name, struct str quotas, int64_t size,
                    struct sortition_pool *ret)
{
    unsigned char hash[32];
    *ret = (struct sortition_pool){0};
    struct sortition_world *w = &ret->world;
    uint16_t *category = RG_ARRAY(ctx->arena, uint16_t, SORTITION_VALUES_MAX);
    w->min = RG_ARRAY(ctx->arena, uint32_t, SORTITION_VALUES_MAX);
    w->max = RG_ARRAY(ctx->arena, uint32_t, SORTITION_VALUES_MAX);
    if (!category || !w->min || !w->max)
        return RG_NO_MEMORY(ctx);
    w->category = category;
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)(people.n ? people.p : ""),
                       people.n, NULL, 0);
    sodium_bin2hex(ret->digest, sizeof(ret->digest), hash, sizeof(hash));
    if (!str_utf8_ok(people) || (quotas.p && !str_utf8_ok(quotas)))
        return RG_FAIL(ctx, RG_INVALID, "listening.live.draw.not_text", "file", people_name);
    RG_CLEANUP(reader_done) struct reader r = {.ctx = ctx, .name = people_name};
    rg_csv_init(&r.csv, people);
    enum rg_err err = people_read(&r, ret, category);
    if (err == RG_OK && (size < 1 || (uint64_t)size > w->n_people)) {
        const char *n = rg_arena_printf(ctx->arena, "%zu", w->n_people);
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.draw.bad_size", "n", n);
    }
    if (err != RG_OK)
        return err;
    w->size = (uint32_t)size;
    if (!quotas.p) {
        quotas_by_share(w);
        return RG_OK;
    }
    RG_CLEANUP(reader_done) struct reader q = {.ctx = ctx, .name = quotas_name};
    rg_csv_init(&q.csv, quotas);
    return quotas_read(&q, ret);
}

enum rg_err
sortition_run(struct rg_ctx *ctx, const struct sortition_pool *pool, struct str seed,
              const struct sortition_progress *progress, struct sortition_outcome *ret)
{
    *ret = (struct sortition_outcome){0};
    if (!sortition_draw(ctx->arena, &pool->world, seed, progress, &ret->result, &ret->draw))
        return RG_NO_MEMORY(ctx);
    if (ret->result != SORTITION_DRAWN &&
        !sortition_relax(ctx->arena, &pool->world, ret->relax, RG_COUNT(ret->relax), &ret->n_relax))
        return RG_NO_MEMORY(ctx);
    return RG_OK;
}
