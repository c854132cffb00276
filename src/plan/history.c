/* What happened to a row of the plan: change by change, with the difference, and undoing one.
 */
#include "plan/surface.h"
#include "plan_tmpl.h"

enum { CHANGES_MAX = 200 };

struct past {
    struct rg_ctx *ctx;
    enum plan_table table;
    int64_t id;
    struct plan_row row;
    struct store_change *changes;
    size_t n_changes;
    struct surface_set *sets;
    size_t n_sets;
};

/* The member of a row in the feed: records name three columns otherwise than the pack. */
static struct str
member(struct past *p, const struct rg_jv *row, size_t column)
{
    const char *name = plan_tables[p->table].columns[column].name;
    if (p->table == PLAN_LINKS && column <= LI_TO)
        name = column == LI_FROM ? "from_element" : "to_element";
    if (p->table == PLAN_AMENDMENTS && (column == AM_OLD || column == AM_PROPOSED))
        name = column == AM_OLD ? "old_words" : "proposed_words";
    if (p->table == PLAN_RENAMES && (column == RE_OLD || column == RE_NEW))
        name = column == RE_OLD ? "old_name" : "new_name";
    struct str value = row ? rg_jv_get_str(p->ctx->arena, row, name) : STR("");
    return value.p ? value : STR("");
}

/* A row that was removed is shown as it last was: what was removed can be put back too. */
static enum rg_err
row_from_feed(struct past *p)
{
    const struct rg_jv *before;
    if (p->n_changes == 0 || !p->changes[0].before.n ||
        !rg_jv_parse(p->ctx->arena, p->changes[0].before, &before))
        return RG_FAIL(p->ctx, RG_ABSENT, "plan.absent");
    p->row.id = p->id;
    for (size_t c = 0; c < plan_tables[p->table].n_columns; c++)
        p->row.v[c] = member(p, before, c);
    return RG_OK;
}

static enum rg_err
past_open(struct past *p, struct rg_ctx *ctx, const struct web_request *req)
{
    struct plan_world world;
    p->ctx = ctx;
    p->id = web_int(req, IN_ROW_ID);
    if (!plan_table_of(web_text(req, IN_ROW_TABLE), &p->table))
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    enum rg_err err = plan_world_read(ctx, &world);
    if (err == RG_OK)
        err = store_history(ctx, str_of(plan_tables[p->table].entity), p->id, 0, CHANGES_MAX,
                            &p->changes, &p->n_changes);
    if (err != RG_OK)
        return err;
    const struct plan_row *row = plan_row_by_id(&world, p->table, p->id);
    if (row)
        p->row = *row;
    else
        err = row_from_feed(p);
    return err == RG_OK ? plan_row_may(ctx, p->table, &p->row) : err;
}

static enum rg_err
set_fill(struct past *p, const struct store_change *change, struct surface_set *set)
{
    const struct plan_table_def *def = &plan_tables[p->table];
    const struct rg_jv *before = NULL, *after = NULL;
    struct surface_change *rows =
        RG_ARRAY(p->ctx->arena, struct surface_change, def->n_columns);
    if (!rows || (change->before.n && !rg_jv_parse(p->ctx->arena, change->before, &before)) ||
        (change->after.n && !rg_jv_parse(p->ctx->arena, change->after, &after)))
        return RG_NO_MEMORY(p->ctx);
    *set = (struct surface_set){.seq = change->seq,
                                .at_s = change->at_s,
                                .who = change->actor,
                                .why = change->reason,
                                .born = str_is(change->op, "i"),
                                .rows = rows};
    for (size_t c = 0; c < def->n_columns && !set->born; c++) {
        struct str was = member(p, before, c), is = member(p, after, c);
        if (str_eq(was, is))
            continue;
        struct surface_change *row = &rows[set->n_rows++];
        row->field =
            wording_text(p->ctx->lang, plan_print(p->ctx, "plan.col.%s", def->columns[c].name));
        row->pieces = surface_diff(p->ctx, was, is, &row->n_pieces);
    }
    return RG_OK;
}

/* A set may be undone when the row did not come with it; a delegate's, when it touched nothing
 * else. */
static enum rg_err
set_rights(struct past *p, struct surface_set *set)
{
    struct store_set *sets;
    size_t n;
    enum rg_err err = store_sets(p->ctx, set->seq + 1, 1, &sets, &n);
    if (err != RG_OK)
        return err;
    set->n_changes = n && sets[0].seq == set->seq ? sets[0].n_changes : 0;
    set->may_undo = !set->born && (plan_may_edit(p->ctx) || set->n_changes == 1);
    set->undo_path = PRINT(p->ctx, "/piano/annulla/%s/%lld?seq=%lld",
                           plan_tables[p->table].name, (long long)p->id, (long long)set->seq);
    return RG_OK;
}

static enum rg_err
sets_fill(struct past *p, int64_t only)
{
    enum rg_err err = RG_OK;
    p->sets = RG_ARRAY(p->ctx->arena, struct surface_set, p->n_changes);
    if (!p->sets)
        return RG_NO_MEMORY(p->ctx);
    for (size_t i = 0; err == RG_OK && i < p->n_changes; i++) {
        if (only && p->changes[i].seq != only)
            continue;
        err = set_fill(p, &p->changes[i], &p->sets[p->n_sets]);
        if (err == RG_OK)
            err = set_rights(p, &p->sets[p->n_sets++]);
    }
    return err;
}

static void
crumbs(struct past *p, struct web_frame *frame, struct str back, struct str name)
{
    const struct web_crumb trail[] = {{STR("/piano"), wording_text(p->ctx->lang, "plan.title")},
                                      {back, name},
                                      {STR_NONE, frame->title}};
    web_crumbs(p->ctx, frame, 3, trail);
}

HANDLER(history_page)
{
    struct past p = {0};
    enum rg_err err = past_open(&p, ctx, req);
    if (err == RG_OK)
        err = sets_fill(&p, 0);
    if (err != RG_OK)
        return err;
    struct surface_history page = {.name = plan_row_name(ctx, p.table, &p.row),
                                   .back = plan_row_back(ctx, p.table, &p.row),
                                   .sets = p.sets,
                                   .n_sets = p.n_sets};
    struct web_frame frame = {
        .title = web_words(ctx, "plan.edit.history_of", "name", &page.name, NULL),
        .no_index = true};
    crumbs(&p, &frame, page.back, page.name);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_plan_history(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
undo_find(struct past *p, struct rg_ctx *ctx, const struct web_request *req)
{
    enum rg_err err = past_open(p, ctx, req);
    if (err == RG_OK)
        err = sets_fill(p, web_int(req, IN_ROW_SEQ));
    if (err != RG_OK)
        return err;
    if (p->n_sets == 0 || !web_int(req, IN_ROW_SEQ))
        return RG_FAIL(ctx, RG_ABSENT, "plan.absent");
    return p->sets[0].may_undo ? RG_OK : RG_FAIL(ctx, RG_DENIED, "plan.edit.undo_not");
}

HANDLER(undo_ask)
{
    struct past p = {0};
    enum rg_err err = undo_find(&p, ctx, req);
    if (err != RG_OK)
        return err;
    struct surface_history page = {
        .name = plan_row_name(ctx, p.table, &p.row),
        .back = PRINT(ctx, "/piano/storia/%s/%lld", plan_tables[p.table].name, (long long)p.id),
        .undo_path =
            PRINT(ctx, "/piano/annulla/%s/%lld", plan_tables[p.table].name, (long long)p.id),
        .sets = p.sets,
        .n_sets = 1};
    struct web_frame frame = {.title = wording_text(ctx->lang, "plan.edit.undo_title"),
                              .no_index = true};
    crumbs(&p, &frame, page.back, page.name);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_plan_undo(h, &page);
    return web_page_close(ctx, req, ans);
}

HANDLER(undo_do)
{
    struct past p = {0};
    enum rg_err err = undo_find(&p, ctx, req);
    if (err != RG_OK)
        return err;
    struct str what = p.sets[0].why, back = plan_row_back(ctx, p.table, &p.row);
    struct str why = web_words(ctx, "plan.edit.undo_reason", "what", &what, NULL);
    err = store_write_begin(ctx, plan_print(ctx, "%.*s", STR_ARG(why)));
    if (err == RG_OK)
        err = store_undo(ctx, p.sets[0].seq);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    return err == RG_OK ? web_see_other(ctx, ans, plan_print(ctx, "%.*s", STR_ARG(back))) : err;
}
