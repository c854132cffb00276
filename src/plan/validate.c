/* What is wrong with rows of a plan: each fault with its cell and the remedy. */
#include "plan/plan_priv.h"
#include "plan_sql.h"

struct check {
    struct rg_ctx *ctx;
    const struct plan_world *world;
    struct plan_faults *faults;
    enum plan_table table;
    uint32_t row_ix;
    const struct plan_row *row;
    enum rg_err err;
};

static void
fault(struct check *c, size_t column, const char *key, struct str value, struct str other)
{
    struct plan_faults *faults = c->faults;
    if (c->err != RG_OK)
        return;
    if (faults->n == faults->cap) {
        size_t cap = faults->cap ? 2 * faults->cap : 32;
        struct plan_fault *more = RG_ARRAY(c->ctx->arena, struct plan_fault, cap);
        if (!more) {
            c->err = RG_NO_MEMORY(c->ctx);
            return;
        }
        if (faults->n)
            memcpy(more, faults->p, faults->n * sizeof(*more));
        faults->p = more;
        faults->cap = cap;
    }
    faults->p[faults->n++] =
        (struct plan_fault){c->table, c->row_ix, column, key, value, other};
}

/* ---- one cell ---- */

static bool
code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        bool fine = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') ||
                    (b >= 'A' && b <= 'Z') || b == '.' || b == '-' || b == '_' || b >= 0x80;
        if (!fine)
            return false;
    }
    return s.n <= 100;
}

static bool
is_choice(const char *const *choices, struct str value)
{
    for (; *choices; choices++)
        if (str_eq(str_of(*choices), value))
            return true;
    return false;
}

static struct str
choices_words(struct rg_ctx *ctx, const char *const *choices)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 1024);
    for (size_t i = 0; choices[i]; i++)
        rg_buf_printf(&out, "%s%s", i ? ", " : "", choices[i]);
    struct str words = rg_arena_str(ctx->arena, rg_buf_view(&out));
    return words.p ? words : STR("");
}

/* Another row of this key came first? Says where. */
static void
check_key(struct check *c)
{
    const struct plan_table_def *def = &plan_tables[c->table];
    struct str key = plan_row_key(c->ctx, c->table, c->row);
    uint32_t first = plan_world_find(c->world, c->table, key);
    if (first == c->row_ix || first == PLAN_NONE)
        return;
    size_t column = def->key[def->n_key - 1];
    uint32_t line = c->world->t[c->table].p[first].line;
    const char *where = rg_arena_printf(c->ctx->arena, "%u", line);
    fault(c, column, "plan.fault.twice", c->row->v[column], str_of(where ? where : ""));
}

static void
check_voice(struct check *c, size_t column, struct str value, bool theme)
{
    bool found = true;
    if (!c->row->line)
        return; /* was looked up when it came */
    if (theme) {
        struct plan_sql_theme_find_row row;
        c->err = plan_sql_theme_find(c->ctx, value, &found, &row);
    } else {
        struct plan_sql_voice_find_row row;
        c->err = plan_sql_voice_find(c->ctx, value, &found, &row);
    }
    if (c->err == RG_OK && !found)
        fault(c, column, theme ? "plan.fault.theme" : "plan.fault.voice", value, STR(""));
}

static void
check_area(struct check *c, size_t column, struct str value)
{
    struct plan_sql_comune_find_row row;
    bool found = true;
    if (c->row->line)
        c->err = plan_sql_comune_find(c->ctx, value, &found, &row);
    if (c->err == RG_OK && !found)
        fault(c, column, "plan.fault.area", value, STR(""));
}

uint32_t
plan_step_of(const struct plan_world *world, struct rg_ctx *ctx, const struct plan_row *step,
             struct str need)
{
    ptrdiff_t hash = str_find(need, STR("#"));
    struct str element = hash < 0 ? step->v[ST_ELEMENT] : str_n(need.p, (size_t)hash);
    struct str code = hash < 0 ? need : str_n(need.p + hash + 1, need.n - (size_t)hash - 1);
    const char *key =
        rg_arena_printf(ctx->arena, "%.*s\t%.*s\t", STR_ARG(element), STR_ARG(code));
    return key ? plan_world_find(world, PLAN_STEPS, str_of(key)) : PLAN_NONE;
}

static void
check_list(struct check *c, size_t column, enum plan_kind kind)
{
    struct str rest = c->row->v[column], item;
    while (plan_item_next(&rest, &item)) {
        if (kind == PLAN_ELEMENTS_OF && !plan_world_element(c->world, item))
            fault(c, column, "plan.fault.element", item, STR(""));
        if (kind == PLAN_STEPS_OF && plan_step_of(c->world, c->ctx, c->row, item) == PLAN_NONE)
            fault(c, column, "plan.fault.step", item, STR(""));
    }
}

static void
check_number(struct check *c, size_t column, struct str value)
{
    const struct plan_column *col = &plan_tables[c->table].columns[column];
    int64_t n;
    if (rg_parse_i64(value, col->min, col->max, &n))
        return;
    const char *bounds =
        rg_arena_printf(c->ctx->arena, "%lld–%lld", (long long)col->min, (long long)col->max);
    fault(c, column, "plan.fault.number", value, str_of(bounds ? bounds : ""));
}

static void
check_cell(struct check *c, size_t column)
{
    const struct plan_column *col = &plan_tables[c->table].columns[column];
    struct str value = c->row->v[column];
    int64_t first, last;
    if (!str_utf8_ok(value)) {
        fault(c, column, "plan.fault.utf8", STR(""), STR(""));
        return;
    }
    if (value.n == 0) {
        if (col->required)
            fault(c, column, "plan.fault.empty", STR(""), STR(""));
        return;
    }
    switch (col->kind) {
    case PLAN_CODE:
    case PLAN_WORD:
        if (!code_ok(value))
            fault(c, column, "plan.fault.code", value, STR(""));
        break;
    case PLAN_CHOICE:
        if (!is_choice(col->choices, value))
            fault(c, column, "plan.fault.choice", value, choices_words(c->ctx, col->choices));
        break;
    case PLAN_INT:
        check_number(c, column, value);
        break;
    case PLAN_DECIMAL:
        if (!plan_decimal_ok(value))
            fault(c, column, "plan.fault.decimal", value, STR(""));
        break;
    case PLAN_DAY:
        if (!plan_day_parse(value, &first, &last))
            fault(c, column, "plan.fault.day", value, STR(""));
        break;
    case PLAN_PLAN:
        if (plan_world_find(c->world, PLAN_PLANS, value) == PLAN_NONE)
            fault(c, column, "plan.fault.plan", value, STR(""));
        break;
    case PLAN_ELEMENT:
        if (!plan_world_element(c->world, value))
            fault(c, column, "plan.fault.element", value, STR(""));
        break;
    case PLAN_INSTRUMENT:
        if (plan_world_find(c->world, PLAN_INSTRUMENTS, value) == PLAN_NONE)
            fault(c, column, "plan.fault.instrument", value, STR(""));
        break;
    case PLAN_URL:
        if (!str_starts(value, STR("https://")) && !str_starts(value, STR("http://")))
            fault(c, column, "plan.fault.url", value, STR(""));
        break;
    case PLAN_THEME:
    case PLAN_VOICE:
        check_voice(c, column, value, col->kind == PLAN_THEME);
        break;
    case PLAN_AREA:
        check_area(c, column, value);
        break;
    case PLAN_ELEMENTS_OF:
    case PLAN_STEPS_OF:
        check_list(c, column, col->kind);
        break;
    case PLAN_TEXT:
    case PLAN_LONG:
    case PLAN_LIST:
        break;
    }
}

/* ---- one row ---- */

static void
check_parent(struct check *c)
{
    const struct plan_row *row = c->row;
    const char *ref = rg_arena_printf(c->ctx->arena, "%.*s/%.*s", STR_ARG(row->v[EL_PLAN]),
                                      STR_ARG(row->v[EL_PARENT]));
    if (row->v[EL_PARENT].n && ref && !plan_world_element(c->world, str_of(ref)))
        fault(c, EL_PARENT, "plan.fault.parent", row->v[EL_PARENT], row->v[EL_PLAN]);
    if (!row->v[EL_PARENT].n && row->v[EL_LEVEL].n && !str_is(row->v[EL_LEVEL], "axis"))
        fault(c, EL_PARENT, "plan.fault.no_parent", row->v[EL_LEVEL], STR(""));
}

static void
check_order(struct check *c, size_t from, size_t to)
{
    int64_t a1, a2, b1, b2;
    if (plan_day_parse(c->row->v[from], &a1, &a2) && plan_day_parse(c->row->v[to], &b1, &b2) &&
        a1 > b2)
        fault(c, to, "plan.fault.order", c->row->v[to], c->row->v[from]);
}

static void
check_act(struct check *c)
{
    int64_t present, pro = 0, con = 0, abstained = 0;
    if (!plan_int(c->row, AC_N_PRESENT, &present))
        return;
    bool said = plan_int(c->row, AC_N_FOR, &pro);
    said |= plan_int(c->row, AC_N_AGAINST, &con);
    said |= plan_int(c->row, AC_N_ABSTAINED, &abstained);
    const char *sum =
        rg_arena_printf(c->ctx->arena, "%lld", (long long)(pro + con + abstained));
    if (said && pro + con + abstained > present)
        fault(c, AC_N_PRESENT, "plan.fault.votes", c->row->v[AC_N_PRESENT],
              str_of(sum ? sum : ""));
}

static void
check_row(struct check *c)
{
    const struct plan_row *row = c->row;
    for (size_t i = 0; i < plan_tables[c->table].n_columns && c->err == RG_OK; i++)
        check_cell(c, i);
    check_key(c);
    switch (c->table) {
    case PLAN_PLANS:
        check_order(c, PL_FROM_YEAR, PL_TO_YEAR);
        break;
    case PLAN_ELEMENTS:
        check_parent(c);
        if (!row->v[EL_TITLE].n && !str_is(row->v[EL_COMPLETE], "no"))
            fault(c, EL_TITLE, "plan.fault.no_title", STR(""), STR(""));
        break;
    case PLAN_LINKS:
        if (row->v[LI_FROM].n && str_eq(row->v[LI_FROM], row->v[LI_TO]))
            fault(c, LI_TO, "plan.fault.itself", row->v[LI_TO], STR(""));
        break;
    case PLAN_ORIGINS:
        if (!row->v[OR_THEME].n && !row->v[OR_CONTRIBUTION].n)
            fault(c, OR_THEME, "plan.fault.whose", STR(""), STR(""));
        break;
    case PLAN_FATES:
        if (!row->v[FA_THEME].n == !row->v[FA_CONTRIBUTION].n)
            fault(c, FA_THEME, "plan.fault.one_of", STR(""), STR(""));
        break;
    case PLAN_AMENDMENTS:
        if (str_eq(row->v[AM_OLD], row->v[AM_PROPOSED]))
            fault(c, AM_PROPOSED, "plan.fault.same_words", STR(""), STR(""));
        break;
    case PLAN_STEPS:
        check_order(c, ST_FROM_DAY, ST_TO_DAY);
        break;
    case PLAN_REQUESTS:
        check_order(c, RQ_DAY, RQ_ANSWER_DAY);
        break;
    case PLAN_ACTS:
        check_act(c);
        break;
    default:
        break;
    }
}

/* ---- circles ---- */

struct arcs {
    struct plan_pair *p;
    size_t n;
};

static size_t
items_count(struct str list)
{
    struct str item;
    size_t n = 0;
    while (plan_item_next(&list, &item))
        n++;
    return n;
}

static void
arcs_make(struct check *c, enum plan_table table, struct arcs *arcs)
{
    const struct plan_rows *rows = &c->world->t[table];
    size_t max = 0;
    for (size_t i = 0; i < rows->n; i++)
        max += table == PLAN_ELEMENTS ? 1 : items_count(rows->p[i].v[ST_NEEDS]);
    arcs->p = RG_ARRAY(c->ctx->arena, struct plan_pair, max);
    for (uint32_t i = 0; arcs->p && i < rows->n; i++) {
        const struct plan_row *row = &rows->p[i];
        struct str rest = table == PLAN_ELEMENTS ? row->v[EL_PARENT] : row->v[ST_NEEDS], item;
        while (plan_item_next(&rest, &item)) {
            uint32_t to;
            if (table == PLAN_ELEMENTS) {
                const char *ref = rg_arena_printf(c->ctx->arena, "%.*s/%.*s",
                                                  STR_ARG(row->v[EL_PLAN]), STR_ARG(item));
                to = plan_world_element_ix(c->world, str_of(ref ? ref : ""));
            } else {
                to = plan_step_of(c->world, c->ctx, row, item);
            }
            if (to != PLAN_NONE && arcs->n < max)
                arcs->p[arcs->n++] = (struct plan_pair){i, to};
            if (table == PLAN_ELEMENTS)
                break;
        }
    }
}

/* The cycle in words: "a → b → a". */
static struct str
circle_words(struct check *c, size_t column, const uint32_t *nodes, size_t n)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i <= n; i++)
        rg_buf_printf(&out, "%s%.*s", i ? " → " : "",
                      STR_ARG(c->world->t[c->table].p[nodes[i % n]].v[column]));
    struct str words = rg_arena_str(c->ctx->arena, rg_buf_view(&out));
    return words.p ? words : STR("…");
}

static void
check_circle(struct check *c, enum plan_table table)
{
    size_t n = c->world->t[table].n;
    struct arcs arcs = {0};
    if (c->err == RG_OK)
        arcs_make(c, table, &arcs);
    uint32_t *scratch = RG_ARRAY(c->ctx->arena, uint32_t, plan_cycle_scratch(n, arcs.n));
    uint32_t *nodes = RG_ARRAY(c->ctx->arena, uint32_t, n);
    if (c->err == RG_OK && (!arcs.p || !scratch || !nodes))
        c->err = RG_NO_MEMORY(c->ctx);
    if (c->err != RG_OK)
        return;
    size_t n_circle = plan_cycle_find(n, arcs.p, arcs.n, scratch, nodes);
    if (n_circle == 0)
        return;
    c->table = table;
    c->row_ix = nodes[0];
    for (size_t i = 0; i < n_circle;
         i++) /* told at a row that is being read, where there is one */
        if (c->world->t[table].p[nodes[i]].line)
            c->row_ix = nodes[i];
    size_t code = table == PLAN_ELEMENTS ? EL_CODE : ST_CODE;
    fault(c, table == PLAN_ELEMENTS ? EL_PARENT : ST_NEEDS, "plan.fault.circle",
          circle_words(c, code, nodes, n_circle), STR(""));
}

enum rg_err
plan_validate(struct rg_ctx *ctx, const struct plan_world *world, struct plan_faults *ret)
{
    struct plan_faults faults = {0};
    struct check c = {.ctx = ctx, .world = world, .faults = &faults};
    for (size_t t = 0; t < PLAN_TABLE__MAX; t++) {
        c.table = (enum plan_table)t;
        for (c.row_ix = 0; c.row_ix < world->t[t].n && c.err == RG_OK; c.row_ix++) {
            c.row = &world->t[t].p[c.row_ix];
            check_row(&c);
        }
    }
    check_circle(&c, PLAN_ELEMENTS);
    check_circle(&c, PLAN_STEPS);
    if (c.err == RG_OK)
        *ret = faults;
    return c.err;
}

struct str
plan_fault_words(struct rg_ctx *ctx, const struct plan_fault *fault)
{
    struct str value = fault->value, other = fault->other;
    if (value.n > 120)
        value.n = str_utf8_prefix(value, 120);
    return web_words(ctx, fault->key, "value", &value, "other", &other, NULL);
}
