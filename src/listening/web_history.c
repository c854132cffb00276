/* The history of a voice or a theme, what each change did to it, and undoing one exactly. */
#include "listening/edit.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_CODE, IN_SEQ };
enum { CHANGES_MAX = 300, ROWS_MAX = 600 };

struct thing {
    struct str table, code, name, path;
    int64_t id;
    bool theme;
};

static enum rg_err
thing_open(struct rg_ctx *ctx, struct web_request *req, struct thing *thing)
{
    *thing =
        (struct thing){.theme = str_starts(str_of(req->route->path), STR("/ascolto/temi"))};
    if (thing->theme) {
        struct listening_sql_theme_get_row row;
        bool found;
        enum rg_err err = listening_sql_theme_get(ctx, web_text(req, IN_CODE), &found, &row);
        if (err == RG_OK && !found)
            err = RG_FAIL(ctx, RG_ABSENT, "listening.no_theme");
        if (err != RG_OK)
            return err;
        thing->table = STR("listening_theme");
        thing->id = row.id;
        thing->code = row.code;
        thing->name = row.title;
        thing->path =
            str_of(rg_arena_printf(ctx->arena, "/ascolto/temi/%.*s", STR_ARG(row.code)));
        return thing->path.p ? RG_OK : RG_NO_MEMORY(ctx);
    }
    struct said_voice v;
    enum rg_err err = said_voice_open(ctx, web_text(req, IN_CODE), &v);
    if (err != RG_OK)
        return err;
    thing->table = STR("listening_contribution");
    thing->id = v.id;
    thing->code = v.slug;
    thing->name = v.code;
    thing->path = str_of(listening_voice_path(ctx, v.code));
    return RG_OK;
}

/* ---- what a change did ---- */

struct rows {
    struct edit_diff *p;
    size_t n;
};

static bool
tells_nothing(struct str key)
{
    return str_is(key, "id") || str_is(key, "rev") || str_is(key, "uid") ||
           str_is(key, "ord") || (str_ends(key, STR("_id")) && !str_is(key, "position_id"));
}

/* The title of a theme, or what a position is called, for a number in a row. */
static struct str
name_of(struct rg_ctx *ctx, struct str key, const struct rg_jv *value)
{
    struct listening_sql_name_of_row row;
    bool found = false;
    int64_t id = rg_jv_i64(value, 0);
    if (id && listening_sql_name_of(ctx, key, id, &found, &row) == RG_OK && found)
        return row.name;
    return STR("");
}

static struct str
value_of(struct rg_ctx *ctx, struct str key, const struct rg_jv *value)
{
    if (!value || value->kind == RG_JV_NULL)
        return STR("");
    if (str_ends(key, STR("_id")))
        return name_of(ctx, key, value);
    return rg_jv_str(ctx->arena, value);
}

static void
row_add(struct rg_ctx *ctx, struct rows *rows, struct str key, struct str before,
        struct str after)
{
    if (rows->n < ROWS_MAX && !str_eq(before, after))
        rows->p[rows->n++] =
            (struct edit_diff){said_label(ctx, "listening.field.", key), before, after};
}

static const struct rg_jv *
row_of(struct rg_ctx *ctx, struct str json)
{
    const struct rg_jv *row;
    return json.n && rg_jv_parse(ctx->arena, json, &row) ? row : NULL;
}

static void
diff_own(struct rg_ctx *ctx, const struct rg_jv *before, const struct rg_jv *after,
         struct rows *rows)
{
    const struct rg_jv *key = after ? rg_jv_first(after) : NULL;
    for (uint32_t i = 0; after && before && i < after->n; i++) {
        const struct rg_jv *value = rg_jv_next(key);
        struct str name = rg_jv_str(ctx->arena, key);
        const char *c = rg_arena_cstr(ctx->arena, name);
        if (c && (str_is(name, "merged_into") || !tells_nothing(name)))
            row_add(ctx, rows, name,
                    value_of(ctx, str_is(name, "merged_into") ? STR("theme_id") : name,
                             rg_jv_get(before, c)),
                    value_of(ctx, str_is(name, "merged_into") ? STR("theme_id") : name, value));
        key = rg_jv_next(value);
    }
}

/* What is filed under it: codings, tags, positions, traces come, change and go by their name.
 */
static void
diff_below(struct rg_ctx *ctx, const struct store_change *change, const struct rg_jv *before,
           const struct rg_jv *after, struct rows *rows)
{
    const char *what = "contribution_id";
    if (str_is(change->entity, "listening_tag"))
        what = "code";
    else if (str_is(change->entity, "listening_position"))
        what = "title";
    else if (!str_is(change->entity, "listening_coding"))
        return;
    struct str key = str_of(what);
    row_add(ctx, rows, change->entity,
            before ? value_of(ctx, key, rg_jv_get(before, what)) : STR(""),
            after ? value_of(ctx, key, rg_jv_get(after, what)) : STR(""));
}

static enum rg_err
sets_fill(struct rg_ctx *ctx, const struct thing *thing, const struct store_change *changes,
          size_t n, struct edit_history *page)
{
    struct edit_set *sets = RG_ARRAY(ctx->arena, struct edit_set, n);
    struct rows rows = {.p = RG_ARRAY(ctx->arena, struct edit_diff, ROWS_MAX)};
    size_t n_sets = 0;
    if (!sets || !rows.p)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const struct store_change *change = &changes[i];
        if (n_sets == 0 || sets[n_sets - 1].seq != change->seq)
            sets[n_sets++] =
                (struct edit_set){.seq = change->seq,
                                  .at_s = change->at_s,
                                  .who = change->actor,
                                  .why = said_label(ctx, "listening.reason.", change->reason),
                                  .rows = &rows.p[rows.n]};
        struct edit_set *set = &sets[n_sets - 1];
        const struct rg_jv *before = row_of(ctx, change->before),
                           *after = row_of(ctx, change->after);
        bool own = str_eq(change->entity, thing->table) && change->entity_id == thing->id;
        size_t first = rows.n;
        set->n_changes++;
        set->born |= own && str_is(change->op, "i");
        if (own)
            diff_own(ctx, before, after, &rows);
        else
            diff_below(ctx, change, before, after, &rows);
        set->n_rows += rows.n - first;
    }
    page->sets = sets;
    page->n_sets = n_sets;
    return RG_OK;
}

static enum rg_err
history_fill(struct rg_ctx *ctx, struct web_request *req, int64_t before_seq, size_t n_max,
             struct thing *thing, struct edit_history *page)
{
    struct store_change *changes;
    size_t n;
    enum rg_err err = thing_open(ctx, req, thing);
    if (err == RG_OK)
        err = store_history(ctx, thing->table, thing->id, before_seq, n_max, &changes, &n);
    if (err == RG_OK)
        err = sets_fill(ctx, thing, changes, n, page);
    page->name = thing->name;
    page->code = thing->code;
    page->back = thing->path;
    page->theme = thing->theme;
    return err;
}

static enum rg_err
history(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct thing thing;
    struct edit_history page = {0};
    enum rg_err err = history_fill(ctx, req, 0, CHANGES_MAX, &thing, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {
        .title = web_words(ctx, "listening.history_of", "name", &page.name, NULL),
        .no_index = true};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_history(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_voice_history(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return history(ctx, req, ans);
}

enum rg_err
said_theme_history(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return history(ctx, req, ans);
}

/* ---- undoing ---- */

static enum rg_err
set_find(struct rg_ctx *ctx, struct web_request *req, struct thing *thing,
         struct edit_history *page)
{
    int64_t seq = web_int(req, IN_SEQ);
    enum rg_err err = history_fill(ctx, req, seq + 1, CHANGES_MAX, thing, page);
    if (err == RG_OK && (page->n_sets == 0 || page->sets[0].seq != seq || page->sets[0].born))
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_change");
    page->n_sets = page->n_sets > 0;
    return err;
}

enum rg_err
said_undo_ask(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct thing thing;
    struct edit_history page = {0};
    enum rg_err err = set_find(ctx, req, &thing, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.undo.title"),
                              .no_index = true};
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_undo(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
said_undo_do(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct thing thing;
    struct edit_history page = {0};
    enum rg_err err = set_find(ctx, req, &thing, &page);
    if (err == RG_OK)
        err = store_write_begin(ctx, "undo");
    if (err == RG_OK)
        err = store_undo(ctx, web_int(req, IN_SEQ));
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    const char *path = rg_arena_printf(ctx->arena, "%.*s/storia", STR_ARG(thing.path));
    return err == RG_OK ? web_see_other(ctx, ans, path ? path : "/ascolto") : err;
}
