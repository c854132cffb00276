/* Rows of the plan changed by hand: the form, saving with the checks of a pack, removing, and
 * the amendment that changes exact words. */
#include "plan/surface.h"
#include "plan_sql.h"
#include "plan_tmpl.h"

/* ---- who may ---- */

enum rg_err
plan_row_may(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row)
{
    struct plan_sql_area_code_row area;
    bool found = false;
    if (plan_may_edit(ctx))
        return RG_OK;
    if (table != PLAN_ADOPTIONS || !(ctx->actor.roles & RG_ROLE_DELEGATE) ||
        !ctx->actor.area_id)
        return RG_FAIL(ctx, RG_DENIED, "plan.edit.not_yours");
    enum rg_err err = plan_sql_area_code(ctx, ctx->actor.area_id, &found, &area);
    if (err != RG_OK)
        return err;
    bool own = found && str_is(area.kind, "comune") && str_eq(area.code, row->v[AD_AREA_CODE]);
    return own ? RG_OK : RG_FAIL(ctx, RG_DENIED, "plan.edit.not_yours");
}

bool
plan_table_of(struct str name, enum plan_table *ret)
{
    for (size_t t = 0; t < PLAN_TABLE__MAX; t++)
        if (str_eq(name, str_of(plan_tables[t].name))) {
            *ret = (enum plan_table)t;
            return true;
        }
    return false;
}

struct str
plan_row_back(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row)
{
    ptrdiff_t element = plan_tables[table].element;
    if (table == PLAN_ELEMENTS)
        return plan_path(ctx, plan_element_ref(ctx, row));
    if (table == PLAN_PLANS)
        return plan_path(ctx, row->v[PL_CODE]);
    if (table == PLAN_LINKS)
        return plan_path(ctx, row->v[LI_FROM]);
    if (element >= 0 && row->v[element].n)
        return plan_path(ctx, row->v[element]);
    return table == PLAN_ACTS ? STR("/piano/atti") : STR("/piano");
}

struct str
plan_row_name(struct rg_ctx *ctx, enum plan_table table, const struct plan_row *row)
{
    struct str what =
        wording_text(ctx->lang, plan_print(ctx, "plan.table.%s", plan_tables[table].name));
    if (table == PLAN_ELEMENTS)
        return plan_element_label(ctx, row);
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 8192);
    rg_buf_str(&out, what);
    for (size_t k = 0; k < plan_tables[table].n_key; k++)
        if (row->v[plan_tables[table].key[k]].n)
            rg_buf_printf(&out, " %.*s", STR_ARG(row->v[plan_tables[table].key[k]]));
    struct str name = rg_arena_str(ctx->arena, rg_buf_view(&out));
    return name.p ? name : what;
}

/* ---- the row a request means ---- */

struct edit {
    struct rg_ctx *ctx;
    struct web_request *req;
    struct web_answer *ans;
    enum plan_table table;
    const struct plan_table_def *def;
    struct plan_world world;
    struct plan_row row;  /* as it is in the records, or as the form begins    */
    struct plan_row sent; /* as the form has it                                */
    bool is_new;
    struct web_field_error *errors;
    const char *error_key[PLAN_COLUMNS_MAX];
    struct str error_text[PLAN_COLUMNS_MAX];
    size_t n_errors;
    bool conflict;
};

static enum rg_err
not_there(struct rg_ctx *ctx)
{
    return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
}

static void
row_begin(struct edit *e)
{
    struct str element = web_text(e->req, IN_ED_ELEMENT);
    for (size_t c = 0; c < e->def->n_columns; c++)
        e->row.v[c] = STR("");
    if (e->def->element >= 0)
        e->row.v[e->def->element] = element;
    else if (e->table == PLAN_ELEMENTS)
        e->row.v[EL_PLAN] = element;
    else if (e->table == PLAN_LINKS)
        e->row.v[LI_FROM] = element;
    struct plan_sql_area_code_row area;
    bool found = false;
    if (e->table == PLAN_ADOPTIONS && !plan_may_edit(e->ctx) &&
        plan_sql_area_code(e->ctx, e->ctx->actor.area_id, &found, &area) == RG_OK && found)
        e->row.v[AD_AREA_CODE] = area.code;
}

static enum rg_err
edit_open(struct edit *e, struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    int64_t id = 0;
    e->ctx = ctx;
    e->req = req;
    e->ans = ans;
    while (plan_edit_inputs[e->table] != req->route->inputs)
        e->table++;
    e->def = &plan_tables[e->table];
    struct str which = web_text(req, IN_ED_ID);
    e->is_new = str_is(which, "nuovo");
    if (!e->is_new && !rg_parse_i64(which, 1, INT64_MAX, &id))
        return not_there(ctx);
    enum rg_err err = plan_world_read(ctx, &e->world);
    if (err != RG_OK)
        return err;
    const struct plan_row *row = e->is_new ? NULL : plan_row_by_id(&e->world, e->table, id);
    if (!e->is_new && !row)
        return not_there(ctx);
    if (row)
        e->row = *row;
    else
        row_begin(e);
    return plan_row_may(ctx, e->table, &e->row);
}

static struct str
row_version(struct rg_ctx *ctx, const struct edit *e)
{
    uint64_t hash = 0;
    for (size_t c = 0; c < e->def->n_columns; c++)
        hash = hash * 1099511628211u + str_hash(e->row.v[c]);
    return e->is_new ? STR("nuovo") : PRINT(ctx, "%016llx", (unsigned long long)hash);
}

/* ---- the form ---- */

/* What makes a row itself cannot be changed once others may point to it. */
static bool
is_fixed(const struct edit *e, size_t column)
{
    bool key = false;
    for (size_t k = 0; k < e->def->n_key; k++)
        key |= e->def->key[k] == column;
    bool delegate =
        !plan_may_edit(e->ctx) && e->table == PLAN_ADOPTIONS && column == AD_AREA_CODE;
    return (key && !e->is_new) || delegate;
}

static const char *
hint_key(const struct plan_column *column)
{
    switch (column->kind) {
    case PLAN_DAY:
        return "plan.edit.hint.day";
    case PLAN_LIST:
        return "plan.edit.hint.list";
    case PLAN_ELEMENT:
    case PLAN_ELEMENTS_OF:
        return "plan.edit.hint.element";
    case PLAN_STEPS_OF:
        return "plan.edit.hint.steps";
    default:
        return strcmp(column->name, "money_cents") == 0 ? "plan.edit.hint.cents" : NULL;
    }
}

static const struct web_option *
choices_options(struct edit *e, const struct plan_column *column, struct str now, size_t *ret_n)
{
    size_t n = 0, max = 2;
    while (column->choices[max - 2])
        max++;
    struct web_option *options = RG_ARRAY(e->ctx->arena, struct web_option, max);
    bool met = now.n == 0;
    if (!options)
        return NULL;
    if (!column->required)
        options[n++] = (struct web_option){STR(""), STR("–"), now.n == 0};
    for (size_t i = 0; column->choices[i]; i++) {
        struct str word = str_of(column->choices[i]);
        met |= str_eq(word, now);
        options[n++] = (struct web_option){word, plan_word(e->ctx, word), str_eq(word, now)};
    }
    if (!met)
        options[n++] = (struct web_option){now, now, true};
    *ret_n = n;
    return options;
}

static bool
field_make(struct edit *e, size_t c, const struct plan_row *values, struct surface_filter *ret)
{
    const struct plan_column *column = &e->def->columns[c];
    struct web_field *field = RG_NEW(e->ctx->arena, struct web_field);
    const char *hint = hint_key(column);
    if (!field)
        return false;
    *field = (struct web_field){
        .name = column->name,
        .label = wording_text(e->ctx->lang, plan_print(e->ctx, "plan.col.%s", column->name)),
        .hint = hint ? wording_text(e->ctx->lang, hint) : STR(""),
        .error = e->error_text[c],
        .value = values->v[c],
        .rows = column->kind == PLAN_LONG ? 4 : 0,
        .required = column->required,
        .optional = !column->required};
    *ret = (struct surface_filter){.field = field};
    if (column->choices)
        ret->options = choices_options(e, column, values->v[c], &ret->n_options);
    return true;
}

static const struct web_table *
clashes_table(struct edit *e)
{
    static const struct grid_column columns[] = {{"field", "plan.edit.field", false},
                                                 {"theirs", "plan.edit.theirs", false},
                                                 {"yours", "plan.edit.yours", false}};
    struct grid grid;
    grid_init(e->ctx, &grid, "clashes", columns, RG_COUNT(columns));
    for (size_t c = 0; c < e->def->n_columns; c++) {
        if (str_eq(e->row.v[c], e->sent.v[c]))
            continue;
        grid_row(&grid);
        grid_text(&grid, 0,
                  wording_text(e->ctx->lang,
                               plan_print(e->ctx, "plan.col.%s", e->def->columns[c].name)));
        grid_text(&grid, 1, e->row.v[c]);
        grid_text(&grid, 2, e->sent.v[c]);
    }
    return grid_table(&grid, "scontri", wording_text(e->ctx->lang, "plan.edit.conflict"));
}

static enum rg_err
conflict_fill(struct edit *e, struct surface_form *form)
{
    struct store_change *last;
    size_t n;
    enum rg_err err = store_history(e->ctx, str_of(e->def->entity), e->row.id, 0, 1, &last, &n);
    form->conflict = true;
    form->clashes = clashes_table(e);
    if (err == RG_OK && n > 0) {
        struct str at = web_moment(e->ctx, last[0].at_s);
        form->conflict_who = web_words(e->ctx, "plan.edit.conflict_who", "name", &last[0].actor,
                                       "when", &at, NULL);
    }
    return err;
}

static enum rg_err
form_answer(struct edit *e, const struct plan_row *values, struct str why)
{
    struct rg_ctx *ctx = e->ctx;
    struct surface_filter *fields =
        RG_ARRAY(ctx->arena, struct surface_filter, e->def->n_columns);
    struct web_field *reason = RG_NEW(ctx->arena, struct web_field);
    struct surface_form form = {.errors = e->errors, .n_errors = e->n_errors, .fields = fields};
    enum rg_err err = RG_OK;
    if (!fields || !reason)
        return RG_NO_MEMORY(ctx);
    for (size_t c = 0; c < e->def->n_columns; c++)
        if (!is_fixed(e, c) && !field_make(e, c, values, &fields[form.n_fields++]))
            return RG_NO_MEMORY(ctx);
    *reason = (struct web_field){.name = "motivo",
                                 .label = wording_text(ctx->lang, "plan.edit.why"),
                                 .hint = wording_text(ctx->lang, "plan.edit.why_hint"),
                                 .value = why,
                                 .n_max = 200,
                                 .optional = true};
    form.why = reason;
    struct str name = plan_row_name(ctx, e->table, &e->row);
    form.title =
        e->is_new ? wording_text(ctx->lang, plan_print(ctx, "plan.edit.add.%s", e->def->name))
                  : web_words(ctx, "plan.edit.title", "name", &name, NULL);
    form.action = PRINT(ctx, "/piano/modifica/%s/%.*s", e->def->name,
                        STR_ARG(web_text(e->req, IN_ED_ID)));
    if (e->is_new && e->def->element >= 0)
        form.lead = e->row.v[e->def->element];
    form.back = plan_row_back(ctx, e->table, &e->row);
    form.version = row_version(ctx, e);
    if (!e->is_new && plan_may_edit(ctx) && e->table != PLAN_ELEMENTS && e->table != PLAN_PLANS)
        form.remove_action =
            PRINT(ctx, "/piano/togli/%s/%lld", e->def->name, (long long)e->row.id);
    if (e->conflict)
        err = conflict_fill(e, &form);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = form.title, .no_index = true};
    const struct web_crumb crumbs[] = {{STR("/piano"), wording_text(ctx->lang, "plan.title")},
                                       {form.back, name},
                                       {STR_NONE, form.title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, e->req, e->ans, &frame);
    tmpl_plan_form(h, &form);
    return web_page_close(ctx, e->req, e->ans);
}

HANDLER(edit_form)
{
    struct edit e = {0};
    enum rg_err err = edit_open(&e, ctx, req, ans);
    return err == RG_OK ? form_answer(&e, &e.row, STR("")) : err;
}

/* ---- saving ---- */

/* Browsers send line ends as CR LF. */
static struct str
without_cr(struct rg_ctx *ctx, struct str text)
{
    if (text.n == 0 || !memchr(text.p, '\r', text.n))
        return text.n ? text : STR("");
    char *out = rg_arena_alloc(ctx->arena, text.n);
    size_t n = 0;
    for (size_t i = 0; out && i < text.n; i++)
        if (text.p[i] != '\r')
            out[n++] = text.p[i];
    return out ? str_n(out, n) : text;
}

static void
sent_read(struct edit *e)
{
    e->sent = e->row;
    for (size_t c = 0; c < e->def->n_columns; c++)
        if (!is_fixed(e, c))
            e->sent.v[c] = without_cr(e->ctx, web_text(e->req, IN_ED_FIRST + c));
    e->sent.line = 1; /* comes from a form: what it points to is looked up */
}

/* The faults the row has in the world as it would be. */
static enum rg_err
sent_check(struct edit *e)
{
    struct plan_faults faults;
    struct plan_rows *rows = &e->world.t[e->table];
    struct plan_row *here = e->is_new ? NULL : plan_row_by_id(&e->world, e->table, e->row.id);
    enum rg_err err = RG_OK;
    if (here)
        *here = e->sent;
    else
        err = plan_rows_add(e->ctx, rows, &e->sent);
    uint32_t ix = (uint32_t)((here ? here : &rows->p[rows->n - 1]) - rows->p);
    if (err == RG_OK)
        err = plan_world_index(e->ctx, &e->world);
    if (err == RG_OK)
        err = plan_validate(e->ctx, &e->world, &faults);
    if (err != RG_OK)
        return err;
    e->errors = RG_ARRAY(e->ctx->arena, struct web_field_error, faults.n);
    if (!e->errors)
        return RG_NO_MEMORY(e->ctx);
    for (size_t i = 0; i < faults.n; i++) {
        const struct plan_fault *f = &faults.p[i];
        if (f->table != e->table || f->row != ix)
            continue;
        const char *name = e->def->columns[f->column].name;
        struct str words = plan_fault_words(e->ctx, f);
        struct str label = wording_text(e->ctx->lang, plan_print(e->ctx, "plan.col.%s", name));
        e->error_text[f->column] = words;
        e->errors[e->n_errors++] = (struct web_field_error){
            name, PRINT(e->ctx, "%.*s: %.*s", STR_ARG(label), STR_ARG(words))};
    }
    return RG_OK;
}

static bool
rows_same(const struct edit *e)
{
    for (size_t c = 0; c < e->def->n_columns; c++)
        if (!str_eq(e->row.v[c], e->sent.v[c]))
            return false;
    return true;
}

static const char *
reason_of(struct rg_ctx *ctx, struct str why, const char *otherwise_key)
{
    const char *reason =
        rg_arena_cstr(ctx->arena, why.n ? why : wording_text(ctx->lang, otherwise_key));
    return reason ? reason : "";
}

/* Under the writer's lock the row is read again: it may have changed since the form was shown.
 */
static enum rg_err
save_locked(struct edit *e)
{
    struct plan_world now;
    enum rg_err err = plan_world_read(e->ctx, &now);
    if (err != RG_OK)
        return err;
    if (e->is_new) {
        size_t n = now.t[e->table].n;
        e->sent.place = n ? now.t[e->table].p[n - 1].place + 1 : 1;
        e->sent.pack_hash = 0;
        return plan_row_add(e->ctx, e->table, &e->sent);
    }
    const struct plan_row *here = plan_row_by_id(&now, e->table, e->row.id);
    if (!here)
        return not_there(e->ctx);
    e->row = *here;
    e->conflict = !str_eq(row_version(e->ctx, e), web_text(e->req, IN_ED_VERSION));
    e->sent.place = here->place;
    e->sent.pack_hash = here->pack_hash;
    return e->conflict ? RG_OK : plan_row_set(e->ctx, e->table, &e->sent);
}

HANDLER(edit_save)
{
    struct edit e = {0};
    enum rg_err err = edit_open(&e, ctx, req, ans);
    if (err != RG_OK)
        return err;
    sent_read(&e);
    err = plan_row_may(ctx, e.table, &e.sent); /* a delegate cannot write for another comune */
    if (err == RG_OK)
        err = sent_check(&e);
    if (err != RG_OK)
        return err;
    struct str why = web_text(req, IN_ED_WHY);
    if (e.n_errors) {
        ans->status = 400;
        return form_answer(&e, &e.sent, why);
    }
    struct str back = plan_row_back(ctx, e.table, &e.sent);
    const char *to = plan_print(ctx, "%.*s", STR_ARG(back));
    if (!e.is_new && rows_same(&e))
        return web_see_other(ctx, ans, to);
    err = store_write_begin(ctx, reason_of(ctx, why, "plan.edit.reason"));
    if (err == RG_OK)
        err = save_locked(&e);
    if (err == RG_OK && !e.conflict)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    if (!e.conflict)
        return web_see_other(ctx, ans, to);
    ans->status = 409;
    return form_answer(&e, &e.sent, why);
}

HANDLER(edit_remove)
{
    struct edit e = {0};
    enum rg_err err = edit_open(&e, ctx, req, ans);
    if (err != RG_OK)
        return err;
    if (e.is_new || !plan_may_edit(ctx) || e.table == PLAN_ELEMENTS || e.table == PLAN_PLANS)
        return RG_FAIL(ctx, RG_CONFLICT, "plan.edit.stays");
    if (!str_eq(row_version(ctx, &e), web_text(req, IN_ED_VERSION)))
        return RG_FAIL(ctx, RG_CONFLICT, "plan.edit.changed");
    err = store_write_begin(ctx, reason_of(ctx, STR(""), "plan.edit.removed"));
    if (err == RG_OK)
        err = plan_row_remove(ctx, e.table, e.row.id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    const char *to = plan_print(ctx, "/piano/storia/%s/%lld", e.def->name, (long long)e.row.id);
    return web_see_other(ctx, ans, to); /* where it can be put back */
}

/* ---- exact words ---- */

static size_t
amend_column(struct str field)
{
    return str_is(field, "title")       ? EL_TITLE
           : str_is(field, "alt_title") ? EL_ALT_TITLE
                                        : EL_TEXT;
}

/* The words do not stand there (once) any more: since when, by whom. */
static enum rg_err
amend_refuse(struct rg_ctx *ctx, const struct plan_row *element,
             const struct plan_row *amendment, size_t n_found)
{
    struct store_change *changes;
    size_t n;
    const char *member = plan_print(ctx, "%.*s", STR_ARG(amendment->v[AM_FIELD]));
    const char *times = plan_print(ctx, "%zu", n_found);
    if (n_found > 1)
        return RG_FAIL(ctx, RG_CONFLICT, "plan.amend.often", "n", times);
    enum rg_err err =
        store_history(ctx, STR("plan_element"), element->id, 0, 200, &changes, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        const struct rg_jv *before;
        if (!changes[i].before.n || !rg_jv_parse(ctx->arena, changes[i].before, &before))
            continue;
        struct str was = rg_jv_get_str(ctx->arena, before, member);
        if (!plan_amend_count(was, amendment->v[AM_OLD], NULL))
            continue;
        return RG_FAIL(ctx, RG_CONFLICT, "plan.amend.changed", "when",
                       rg_arena_cstr(ctx->arena, web_moment(ctx, changes[i].at_s)), "who",
                       plan_print(ctx, "%.*s", STR_ARG(changes[i].actor)), "why",
                       plan_print(ctx, "%.*s", STR_ARG(changes[i].reason)));
    }
    return err != RG_OK ? err : RG_FAIL(ctx, RG_CONFLICT, "plan.amend.never");
}

static enum rg_err
amend_locked(struct rg_ctx *ctx, int64_t id, struct str *ret_path)
{
    struct plan_world world;
    enum rg_err err = plan_world_read(ctx, &world);
    if (err != RG_OK)
        return err;
    struct plan_row *amendment = plan_row_by_id(&world, PLAN_AMENDMENTS, id);
    struct plan_row *element =
        amendment ? plan_world_element(&world, amendment->v[AM_ELEMENT]) : NULL;
    if (!element)
        return not_there(ctx);
    if (str_is(amendment->v[AM_STATE], "applied") || str_is(amendment->v[AM_STATE], "refused"))
        return RG_FAIL(ctx, RG_CONFLICT, "plan.amend.decided");
    size_t column = amend_column(amendment->v[AM_FIELD]), at = 0;
    struct str text = element->v[column], old = amendment->v[AM_OLD],
               neu = amendment->v[AM_PROPOSED];
    size_t n = plan_amend_count(text, old, &at);
    if (n != 1)
        return amend_refuse(ctx, element, amendment, n);
    element->v[column] = PRINT(ctx, "%.*s%.*s%.*s", (int)at, text.p, STR_ARG(neu),
                               (int)(text.n - at - old.n), text.p + at + old.n);
    struct rg_civil day = rg_civil_of_days(plan_today(ctx));
    amendment->v[AM_STATE] = STR("applied");
    amendment->v[AM_DECIDED_DAY] = PRINT(ctx, "%04d-%02d-%02d", day.year, day.month, day.day);
    *ret_path = plan_path(ctx, amendment->v[AM_ELEMENT]);
    err = plan_row_set(ctx, PLAN_ELEMENTS, element);
    return err == RG_OK ? plan_row_set(ctx, PLAN_AMENDMENTS, amendment) : err;
}

HANDLER(amend_apply)
{
    struct str path = STR("/piano");
    enum rg_err err = store_write_begin(ctx, reason_of(ctx, STR(""), "plan.amend.reason"));
    if (err == RG_OK)
        err = amend_locked(ctx, web_int(req, 0), &path);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    return err == RG_OK ? web_see_other(ctx, ans, plan_print(ctx, "%.*s", STR_ARG(path))) : err;
}
