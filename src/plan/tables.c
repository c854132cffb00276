/* The tables of a plan: what their columns hold, and their rows in memory and in the records.
 */
#include "plan/plan_priv.h"
#include <stdio.h>

/* ---- what columns hold ---- */

static const char *const plan_states[] = {"draft", "in_force", "closed", NULL};
static const char *const levels[] = {"axis", "strategy", "action", NULL};
static const char *const completes[] = {"yes", "partial", "no", NULL};
static const char *const element_states[] = {"not_started", "running",   "done", "late",
                                             "stopped",     "not_known", NULL};
static const char *const link_kinds[] = {"continues", "replaces",   "splits",    "affects",
                                         "needs",     "duplicates", "conflicts", NULL};
static const char *const origin_hows[] = {"answers", "amends", "takes_up", "measures", NULL};
static const char *const fates[] = {"taken_up",     "parked",       "other_body",
                                    "already_done", "not_taken_up", NULL};
static const char *const amend_fields[] = {"title", "alt_title", "text", NULL};
static const char *const amend_states[] = {"proposed", "accepted", "refused", "applied", NULL};
static const char *const relations[] = {"serves", "needs", "conflicts", "neutral", NULL};
static const char *const request_states[] = {"to_send", "sent",    "answered", "accepted",
                                             "refused", "dropped", NULL};
static const char *const adoption_states[] = {"to_adopt", "under_way", "adopted", "refused",
                                              NULL};

#define BOUNDS_NULL NULL, 0, 0
#define BOUNDS_YEARS NULL, 1900, 2999
#define BOUNDS_LEVELS NULL, 1, 3
#define BOUNDS_ORDS NULL, 0, 100000
#define BOUNDS_CENTS NULL, 0, INT64_C(1000000000000000)
#define BOUNDS_DAYS NULL, 0, 36500
#define BOUNDS_COUNTS NULL, 0, 100000
#define BOUNDS_plan_states plan_states, 0, 0
#define BOUNDS_levels levels, 0, 0
#define BOUNDS_completes completes, 0, 0
#define BOUNDS_element_states element_states, 0, 0
#define BOUNDS_link_kinds link_kinds, 0, 0
#define BOUNDS_origin_hows origin_hows, 0, 0
#define BOUNDS_fates fates, 0, 0
#define BOUNDS_amend_fields amend_fields, 0, 0
#define BOUNDS_amend_states amend_states, 0, 0
#define BOUNDS_relations relations, 0, 0
#define BOUNDS_request_states request_states, 0, 0
#define BOUNDS_adoption_states adoption_states, 0, 0

#define COLUMN(id, name, kind, arg, required)                                                  \
    [id] = {name, PLAN_##kind, required, BOUNDS_##arg},
#define COLUMNS(table, all) static const struct plan_column table##_columns[] = {all(COLUMN)}
COLUMNS(plans, PLAN_PLANS_COLUMNS);
COLUMNS(elements, PLAN_ELEMENTS_COLUMNS);
COLUMNS(links, PLAN_LINKS_COLUMNS);
COLUMNS(origins, PLAN_ORIGINS_COLUMNS);
COLUMNS(fates, PLAN_FATES_COLUMNS);
COLUMNS(objectives, PLAN_OBJECTIVES_COLUMNS);
COLUMNS(amendments, PLAN_AMENDMENTS_COLUMNS);
COLUMNS(renames, PLAN_RENAMES_COLUMNS);
COLUMNS(instruments, PLAN_INSTRUMENTS_COLUMNS);
COLUMNS(coherence, PLAN_COHERENCE_COLUMNS);
COLUMNS(steps, PLAN_STEPS_COLUMNS);
COLUMNS(deadlines, PLAN_DEADLINES_COLUMNS);
COLUMNS(requests, PLAN_REQUESTS_COLUMNS);
COLUMNS(acts, PLAN_ACTS_COLUMNS);
COLUMNS(adoptions, PLAN_ADOPTIONS_COLUMNS);

const struct plan_table_def plan_tables[PLAN_TABLE__MAX] = {
    [PLAN_PLANS] = {"plans", "plan_plan", plans_columns, PL__MAX, {PL_CODE}, 1, -1},
    [PLAN_ELEMENTS] =
        {"elements", "plan_element", elements_columns, EL__MAX, {EL_PLAN, EL_CODE}, 2, -1},
    [PLAN_LINKS] =
        {"links", "plan_link", links_columns, LI__MAX, {LI_FROM, LI_TO, LI_KIND}, 3, -1},
    [PLAN_ORIGINS] = {"origins",
                      "plan_origin",
                      origins_columns,
                      OR__MAX,
                      {OR_ELEMENT, OR_THEME, OR_CONTRIBUTION, OR_HOW},
                      4,
                      OR_ELEMENT},
    [PLAN_FATES] =
        {"fates", "plan_fate", fates_columns, FA__MAX, {FA_THEME, FA_CONTRIBUTION}, 2, -1},
    [PLAN_OBJECTIVES] = {"objectives",
                         "plan_objective",
                         objectives_columns,
                         OB__MAX,
                         {OB_ELEMENT, OB_CODE},
                         2,
                         OB_ELEMENT},
    [PLAN_AMENDMENTS] = {"amendments",
                         "plan_amendment",
                         amendments_columns,
                         AM__MAX,
                         {AM_ELEMENT, AM_CODE},
                         2,
                         AM_ELEMENT},
    [PLAN_RENAMES] = {"renames",
                      "plan_rename",
                      renames_columns,
                      RE__MAX,
                      {RE_ELEMENT, RE_OLD, RE_NEW},
                      3,
                      RE_ELEMENT},
    [PLAN_INSTRUMENTS] =
        {"instruments", "plan_instrument", instruments_columns, IN__MAX, {IN_CODE}, 1, -1},
    [PLAN_COHERENCE] = {"coherence",
                        "plan_coherence",
                        coherence_columns,
                        CO__MAX,
                        {CO_ELEMENT, CO_INSTRUMENT, CO_GOAL},
                        3,
                        CO_ELEMENT},
    [PLAN_STEPS] =
        {"steps", "plan_step", steps_columns, ST__MAX, {ST_ELEMENT, ST_CODE}, 2, ST_ELEMENT},
    [PLAN_DEADLINES] =
        {"deadlines", "plan_deadline", deadlines_columns, DE__MAX, {DE_CODE}, 1, DE_ELEMENT},
    [PLAN_REQUESTS] =
        {"requests", "plan_request", requests_columns, RQ__MAX, {RQ_CODE}, 1, RQ_ELEMENT},
    [PLAN_ACTS] = {"acts", "plan_act", acts_columns, AC__MAX, {AC_CODE}, 1, -1},
    [PLAN_ADOPTIONS] = {"adoptions",
                        "plan_adoption",
                        adoptions_columns,
                        AD__MAX,
                        {AD_ELEMENT, AD_AREA_CODE},
                        2,
                        AD_ELEMENT},
};

/* ---- maps ---- */

bool
plan_map_new(struct rg_arena *arena, size_t n_keys, struct plan_map *ret)
{
    size_t cap = 16;
    while (cap < 2 * n_keys)
        cap *= 2;
    *ret = (struct plan_map){RG_ARRAY(arena, struct str, cap), RG_ARRAY(arena, uint32_t, cap),
                             cap};
    return ret->keys && ret->rows;
}

static size_t
map_slot(const struct plan_map *map, struct str key)
{
    size_t at = (size_t)str_hash(key) & (map->cap - 1);
    while (map->keys[at].p && !str_eq(map->keys[at], key))
        at = (at + 1) & (map->cap - 1);
    return at;
}

void
plan_map_put(struct plan_map *map, struct str key, uint32_t row)
{
    size_t at = map_slot(map, key);
    if (!map->keys[at].p) {
        map->keys[at] = key.p ? key : STR("");
        map->rows[at] = row;
    }
}

uint32_t
plan_map_get(const struct plan_map *map, struct str key)
{
    if (!map->cap)
        return PLAN_NONE;
    size_t at = map_slot(map, key);
    return map->keys[at].p ? map->rows[at] : PLAN_NONE;
}

/* ---- rows in memory ---- */

enum rg_err
plan_rows_add(struct rg_ctx *ctx, struct plan_rows *rows, const struct plan_row *row)
{
    if (rows->n == PLAN_ROWS_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    if (rows->n == rows->cap) {
        size_t cap = rows->cap ? 2 * rows->cap : 32;
        struct plan_row *more = RG_ARRAY(ctx->arena, struct plan_row, cap);
        if (!more)
            return RG_NO_MEMORY(ctx);
        if (rows->n)
            memcpy(more, rows->p, rows->n * sizeof(*more));
        rows->p = more;
        rows->cap = cap;
    }
    rows->p[rows->n++] = *row;
    return RG_OK;
}

struct str
plan_row_key(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row)
{
    const struct plan_table_def *def = &plan_tables[table];
    if (def->n_key == 1)
        return row->v[def->key[0]];
    size_t n = def->n_key;
    for (size_t k = 0; k < def->n_key; k++)
        n += row->v[def->key[k]].n;
    char *key = rg_arena_alloc(ctx->arena, n), *at = key;
    for (size_t k = 0; key && k < def->n_key; k++) {
        struct str part = row->v[def->key[k]];
        if (part.n)
            memcpy(at, part.p, part.n);
        at += part.n;
        *at++ = '\t';
    }
    return key ? str_n(key, n) : STR_NONE;
}

struct str
plan_element_ref(struct rg_ctx *ctx, const struct plan_row *element)
{
    const char *ref = rg_arena_printf(ctx->arena, "%.*s/%.*s", STR_ARG(element->v[EL_PLAN]),
                                      STR_ARG(element->v[EL_CODE]));
    return ref ? str_of(ref) : STR("");
}

enum rg_err
plan_world_index(struct rg_ctx *ctx, struct plan_world *world)
{
    for (size_t t = 0; t < PLAN_TABLE__MAX; t++) {
        if (!plan_map_new(ctx->arena, world->t[t].n, &world->by_key[t]))
            return RG_NO_MEMORY(ctx);
        for (uint32_t i = 0; i < world->t[t].n; i++) {
            struct str key = plan_row_key(ctx, (enum plan_table)t, &world->t[t].p[i]);
            if (!key.p)
                return RG_NO_MEMORY(ctx);
            plan_map_put(&world->by_key[t], key, i);
        }
    }
    if (!plan_map_new(ctx->arena, world->t[PLAN_ELEMENTS].n, &world->elements))
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < world->t[PLAN_ELEMENTS].n; i++)
        plan_map_put(&world->elements, plan_element_ref(ctx, &world->t[PLAN_ELEMENTS].p[i]), i);
    return RG_OK;
}

uint32_t
plan_world_element_ix(const struct plan_world *world, struct str ref)
{
    return plan_map_get(&world->elements, ref);
}

struct plan_row *
plan_world_element(const struct plan_world *world, struct str ref)
{
    uint32_t ix = plan_world_element_ix(world, ref);
    return ix == PLAN_NONE ? NULL : &world->t[PLAN_ELEMENTS].p[ix];
}

uint32_t
plan_world_find(const struct plan_world *world, enum plan_table table, struct str key)
{
    return plan_map_get(&world->by_key[table], key);
}

bool
plan_int(const struct plan_row *row, size_t column, int64_t *ret)
{
    return rg_parse_i64(row->v[column], INT64_MIN, INT64_MAX, ret);
}

struct plan_row *
plan_row_by_id(const struct plan_world *world, enum plan_table table, int64_t id)
{
    for (size_t i = 0; i < world->t[table].n; i++)
        if (world->t[table].p[i].id == id)
            return &world->t[table].p[i];
    return NULL;
}

/* The element above, or PLAN_NONE. */
static uint32_t
parent_of(const struct plan_world *world, uint32_t element)
{
    const struct plan_row *row = &world->t[PLAN_ELEMENTS].p[element];
    char key[256];
    size_t np = row->v[EL_PLAN].n, nc = row->v[EL_PARENT].n;
    if (nc == 0 || np + nc + 1 > sizeof(key))
        return PLAN_NONE;
    memcpy(key, row->v[EL_PLAN].p, np);
    key[np] = '/';
    memcpy(key + np + 1, row->v[EL_PARENT].p, nc);
    return plan_world_element_ix(world, str_n(key, np + nc + 1));
}

uint32_t
plan_axis_of(const struct plan_world *world, uint32_t element)
{
    uint32_t up;
    for (size_t i = 0; i < 64 && (up = parent_of(world, element)) != PLAN_NONE; i++)
        element = up; /* 64: deeper than any plan, and no circle holds us */
    return element;
}

/* ---- the records ---- */

static const struct store_stmt *
statement(enum plan_table table, const char *what)
{
    char name[64];
    snprintf(name, sizeof(name), "plan.%s_%s", plan_tables[table].entity + strlen("plan_"), what);
    const struct store_stmt *found = store_stmt_find(&plan_store, name);
    RG_ASSERT(found);
    return found;
}

static bool
cell_read(struct rg_ctx *ctx, const struct store_cursor *cursor,
          const struct plan_column *column, size_t at, struct str *ret)
{
    if (column->kind != PLAN_INT)
        return store_cursor_keep(ctx, cursor, at, ret);
    struct store_int n = store_cursor_int_opt(cursor, at);
    *ret = n.has ? str_of(rg_arena_printf(ctx->arena, "%lld", (long long)n.v)) : STR("");
    return ret->p != NULL;
}

static enum rg_err
table_read(struct rg_ctx *ctx, enum plan_table table, struct plan_rows *rows)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    const struct plan_table_def *def = &plan_tables[table];
    bool more = true;
    enum rg_err err = store_cursor_open(ctx, &cursor, statement(table, "list"), NULL);
    while (err == RG_OK && (err = store_cursor_next(ctx, &cursor, &more)) == RG_OK && more) {
        struct plan_row row = {.id = store_cursor_int(&cursor, 0),
                               .place = store_cursor_int(&cursor, 1),
                               .pack_hash = store_cursor_int(&cursor, 2)};
        for (size_t c = 0; c < def->n_columns; c++)
            if (!cell_read(ctx, &cursor, &def->columns[c], c + 3, &row.v[c]))
                return RG_NO_MEMORY(ctx);
        err = plan_rows_add(ctx, rows, &row);
    }
    return err;
}

enum rg_err
plan_world_read(struct rg_ctx *ctx, struct plan_world *ret)
{
    struct plan_world world = {0};
    enum rg_err err = RG_OK;
    for (size_t t = 0; err == RG_OK && t < PLAN_TABLE__MAX; t++)
        err = table_read(ctx, (enum plan_table)t, &world.t[t]);
    if (err == RG_OK)
        err = plan_world_index(ctx, &world);
    if (err == RG_OK)
        *ret = world;
    return err;
}

static void
values_of(enum plan_table table, const struct plan_row *row, struct store_value *values)
{
    const struct plan_table_def *def = &plan_tables[table];
    values[0] = store_value_int(row->place);
    values[1] = store_value_int(row->pack_hash);
    for (size_t c = 0; c < def->n_columns; c++) {
        struct store_int n = {0};
        if (def->columns[c].kind == PLAN_INT)
            n.has = plan_int(row, c, &n.v);
        values[c + 2] = def->columns[c].kind == PLAN_INT ? store_value_int_opt(n)
                                                         : store_value_text(row->v[c]);
    }
}

enum rg_err
plan_row_add(struct rg_ctx *ctx, enum plan_table table, struct plan_row *row)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    struct store_value values[PLAN_COLUMNS_MAX + 2];
    bool more;
    values_of(table, row, values);
    enum rg_err err = store_cursor_open(ctx, &cursor, statement(table, "add"), values);
    if (err == RG_OK)
        err = store_cursor_next(ctx, &cursor, &more);
    if (err == RG_OK && more)
        row->id = store_cursor_int(&cursor, 0);
    return err;
}

enum rg_err
plan_row_set(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row)
{
    struct store_value values[PLAN_COLUMNS_MAX + 3] = {store_value_int(row->id)};
    values_of(table, row, values + 1);
    return store_exec(ctx, statement(table, "set"), values, NULL);
}

enum rg_err
plan_row_remove(struct rg_ctx *ctx, enum plan_table table, int64_t id)
{
    const struct store_value value = store_value_int(id);
    return store_exec(ctx, statement(table, "remove"), &value, NULL);
}
