/* The history of a record, what each change did to it, and undoing one.
 *
 * Shown are the record's own changes field by field, and of what is filed under it (places of a
 * service, services of an organization) that it came, changed or went. The text of a place's
 * document is never shown here: a place may be confidential, or have been.                    */
#include "network/edit.h"
#include "network_sql.h"
#include "network_tmpl.h"

enum { ROWS_MAX = 400, LINES_MAX = 60 }; /* of one page; of one value: more is not read */

static struct str
table_of(enum network_kind kind)
{
    return kind == NETWORK_SERVICE ? STR("network_service") : STR("network_organization");
}

/* ---- a value in words ---- */

static bool
tells_nothing(struct str key)
{
    return str_is(key, "id") || str_ends(key, STR("_id")) || str_ends(key, STR("_as_received"));
}

static void
put_value(struct rg_ctx *ctx, struct rg_buf *out, const struct rg_jv *value, unsigned depth)
{
    if (value->kind == RG_JV_STRING || value->kind == RG_JV_NUMBER) {
        struct str text = rg_jv_str(ctx->arena, value);
        if (out->n && text.n)
            rg_buf_lit(out, ", ");
        rg_buf_str(out, text);
        return;
    }
    if (value->kind != RG_JV_OBJECT && value->kind != RG_JV_ARRAY) {
        if (value->kind != RG_JV_NULL)
            rg_buf_printf(out, "%s%.*s", out->n ? ", " : "", STR_ARG(value->text));
        return;
    }
    const struct rg_jv *at = rg_jv_first(value);
    for (uint32_t i = 0; i < value->n && depth < 4; i++) {
        if (value->kind == RG_JV_OBJECT) {
            const struct rg_jv *inner = rg_jv_next(at);
            if (!tells_nothing(at->text))
                put_value(ctx, out, inner, depth + 1);
            at = inner;
        } else {
            put_value(ctx, out, at, depth + 1);
        }
        at = rg_jv_next(at);
    }
}

/* An attribute is known by the name of its term. */
static struct str
term_name(struct rg_ctx *ctx, const struct rg_jv *value)
{
    struct network_sql_taxonomy_term_find_row term;
    const struct rg_jv *doc;
    bool found = false;
    struct str uid = rg_jv_get_str(ctx->arena, value, "taxonomy_term_id");
    if (!uid.n || network_sql_taxonomy_term_find(ctx, uid, &found, &term) != RG_OK || !found ||
        !rg_jv_parse(ctx->arena, term.doc, &doc))
        return STR_NONE;
    return rg_jv_get_str(ctx->arena, doc, "name");
}

static struct str
value_words(struct rg_ctx *ctx, const struct rg_jv *value)
{
    struct str name = term_name(ctx, value);
    if (name.n)
        return name;
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 64 * 1024);
    put_value(ctx, &out, value, 0);
    struct str text = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return text.p ? text : STR("");
}

static bool
stands_in(const struct rg_jv *array, const struct rg_jv *wanted)
{
    const struct rg_jv *item = rg_jv_first(array);
    for (uint32_t i = 0; i < array->n; i++, item = rg_jv_next(item))
        if (str_eq(item->text, wanted->text))
            return true;
    return false;
}

/* The value as lines; of an array only the elements that the other side does not have. */
static struct surface_texts
lines_of(struct rg_ctx *ctx, const struct rg_jv *value, const struct rg_jv *other)
{
    if (!value || value->kind == RG_JV_NULL)
        return (struct surface_texts){0};
    bool list = value->kind == RG_JV_ARRAY;
    size_t max = list ? (value->n < LINES_MAX ? value->n : LINES_MAX) : 1, n = 0;
    struct str *lines = RG_ARRAY(ctx->arena, struct str, max);
    const struct rg_jv *item = list ? rg_jv_first(value) : value;
    for (uint32_t i = 0; lines && i < (list ? value->n : 1) && n < max; i++) {
        if (!(list && other && other->kind == RG_JV_ARRAY && stands_in(other, item))) {
            lines[n] = value_words(ctx, item);
            n += lines[n].n > 0;
        }
        if (list)
            item = rg_jv_next(item);
    }
    return (struct surface_texts){lines, lines ? n : 0};
}

static struct surface_texts
one_line(struct rg_ctx *ctx, struct str text)
{
    struct str *line = RG_NEW(ctx->arena, struct str);
    if (!line || !text.n)
        return (struct surface_texts){0};
    *line = text;
    return (struct surface_texts){line, 1};
}

/* ---- differences ---- */

struct rows {
    struct surface_diff_row *p;
    size_t n;
};

static void
rows_add(struct rows *rows, struct surface_diff_row row)
{
    if (rows->n < ROWS_MAX && (row.before.n > 0 || row.after.n > 0))
        rows->p[rows->n++] = row;
}

static struct str
member_label(struct rg_ctx *ctx, struct str member)
{
    const char *key = rg_arena_printf(ctx->arena, "network.edit.field.%.*s", STR_ARG(member));
    struct str label = key ? wording_text(ctx->lang, key) : member;
    return str_starts(label, STR("network.edit.field.")) ? member : label;
}

static const struct rg_jv *
member_of(struct rg_ctx *ctx, const struct rg_jv *object, struct str name)
{
    const char *key = rg_arena_cstr(ctx->arena, name);
    return object && key ? rg_jv_get(object, key) : NULL;
}

static void
diff_docs(struct rg_ctx *ctx, const struct rg_jv *before, const struct rg_jv *after,
          struct rows *rows)
{
    const struct rg_jv *sides[] = {before, after};
    for (size_t s = 0; s < 2; s++) {
        const struct rg_jv *key = sides[s] ? rg_jv_first(sides[s]) : NULL;
        for (uint32_t i = 0; sides[s] && i < sides[s]->n; i++) {
            const struct rg_jv *value = rg_jv_next(key);
            struct str name = rg_jv_str(ctx->arena, key);
            const struct rg_jv *other = member_of(ctx, sides[1 - s], name);
            bool differs = !other || !str_eq(other->text, value->text);
            if (differs && (s == 0 || !other) && !tells_nothing(name))
                rows_add(rows, (struct surface_diff_row){member_label(ctx, name),
                                                         lines_of(ctx, s ? NULL : value, other),
                                                         lines_of(ctx, s ? value : other, value)});
            key = rg_jv_next(value);
        }
    }
}

/* The document inside a row of the feed; NULL when there is none. */
static const struct rg_jv *
doc_of_row(struct rg_ctx *ctx, const struct rg_jv *row)
{
    const struct rg_jv *doc;
    struct str text = rg_jv_get_str(ctx->arena, row, "doc");
    return text.n && rg_jv_parse(ctx->arena, text, &doc) && doc->kind == RG_JV_OBJECT ? doc
                                                                                     : NULL;
}

static const struct rg_jv *
row_of(struct rg_ctx *ctx, struct str json)
{
    const struct rg_jv *row;
    return json.n && rg_jv_parse(ctx->arena, json, &row) ? row : NULL;
}

static struct surface_texts
verified_line(struct rg_ctx *ctx, const struct rg_jv *row)
{
    int64_t at = rg_jv_i64(rg_jv_get(row, "verified_s"), 0);
    if (!at)
        return (struct surface_texts){0};
    struct str by = rg_jv_get_str(ctx->arena, row, "verified_by");
    struct str day = web_date(ctx, at / 86400);
    const char *text = rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(day), by.n ? ", " : "",
                                       STR_ARG(by));
    return one_line(ctx, str_of(text ? text : ""));
}

static void
diff_own(struct rg_ctx *ctx, const struct store_change *change, struct rows *rows)
{
    const struct rg_jv *before = row_of(ctx, change->before), *after = row_of(ctx, change->after);
    struct surface_texts was = verified_line(ctx, before), is = verified_line(ctx, after);
    if (was.n != is.n || (was.n && !str_eq(was.p[0], is.p[0])))
        rows_add(rows, (struct surface_diff_row){
                           wording_text(ctx->lang, "network.edit.field.verified"), was, is});
    diff_docs(ctx, doc_of_row(ctx, before), doc_of_row(ctx, after), rows);
}

static struct str
place_name(struct rg_ctx *ctx, const struct rg_jv *row)
{
    struct network_location location;
    location_id id = {rg_jv_i64(rg_jv_get(row, "location_id"), 0)};
    if (network_location_get(ctx, id, &location) != RG_OK) {
        rg_story_clear(ctx); /* the place is gone: it is a place all the same */
        return wording_text(ctx->lang, "network.card.place");
    }
    if (location.confidential)
        return wording_text(ctx->lang, "network.card.place_secret");
    return location.name.n ? location.name : wording_text(ctx->lang, "network.card.place");
}

/* What is filed under the record: that it came, changed or went, by its name. */
static void
diff_below(struct rg_ctx *ctx, const struct store_change *change, struct rows *rows)
{
    const struct rg_jv *before = row_of(ctx, change->before), *after = row_of(ctx, change->after);
    const struct rg_jv *some = after ? after : before;
    struct surface_texts name;
    const char *key;
    if (str_is(change->entity, "network_service_at_location")) {
        key = "network.edit.field.place";
        name = one_line(ctx, place_name(ctx, some));
    } else if (str_is(change->entity, "network_service") ||
               str_is(change->entity, "network_program")) {
        key = str_is(change->entity, "network_service") ? "network.edit.field.service"
                                                        : "network.edit.field.program";
        name = one_line(ctx, rg_jv_get_str(ctx->arena, some, "name"));
    } else {
        return; /* terms: seen in the record's own attributes */
    }
    rows_add(rows, (struct surface_diff_row){wording_text(ctx->lang, key),
                                             before ? name : (struct surface_texts){0},
                                             after ? name : (struct surface_texts){0}});
}

/* ---- sets ---- */

struct sets {
    struct surface_set *p;
    size_t n;
    struct rows rows;
};

static enum rg_err
sets_fill(struct rg_ctx *ctx, const struct edit_record *record, const struct store_change *changes,
          size_t n, struct sets *sets)
{
    sets->p = RG_ARRAY(ctx->arena, struct surface_set, n);
    sets->rows.p = RG_ARRAY(ctx->arena, struct surface_diff_row, ROWS_MAX);
    if (!sets->p || !sets->rows.p)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const struct store_change *change = &changes[i];
        if (sets->n == 0 || sets->p[sets->n - 1].seq != change->seq) {
            sets->p[sets->n++] = (struct surface_set){.seq = change->seq,
                                                      .at_s = change->at_s,
                                                      .who = change->actor,
                                                      .why = change->reason,
                                                      .rows = &sets->rows.p[sets->rows.n]};
        }
        struct surface_set *set = &sets->p[sets->n - 1];
        bool own = str_eq(change->entity, table_of(record->kind)) &&
                   change->entity_id == record->id;
        size_t first = sets->rows.n;
        set->n_changes++;
        if (own && str_is(change->op, "i"))
            set->born = true;
        else if (own)
            diff_own(ctx, change, &sets->rows);
        else
            diff_below(ctx, change, &sets->rows);
        set->n_rows += sets->rows.n - first;
    }
    return RG_OK;
}

/* How many rows the whole set changed, here and elsewhere. */
static enum rg_err
set_size(struct rg_ctx *ctx, int64_t seq, int64_t *ret_n)
{
    struct store_set *sets;
    size_t n;
    enum rg_err err = store_sets(ctx, seq + 1, 1, &sets, &n);
    if (err == RG_OK)
        *ret_n = n > 0 && sets[0].seq == seq ? sets[0].n_changes : 0;
    return err;
}

/* A set may be undone from a record's page when the record did not come with it, and, for an
 * editor, when it touched nothing else: an import touches the records of others.              */
static bool
may_undo(const struct rg_actor *actor, const struct surface_set *set, int64_t n_in_all)
{
    bool staff = actor->roles & (RG_ROLE_ADMIN | RG_ROLE_PLANNER);
    return !set->born && (staff || n_in_all == set->n_changes);
}

static struct str
path_below(struct rg_ctx *ctx, const struct edit_record *record, const char *what)
{
    const char *path =
        rg_arena_printf(ctx->arena, "/%s/%lld/%s",
                        record->kind == NETWORK_SERVICE ? "servizi" : "enti",
                        (long long)record->id, what);
    return str_of(path ? path : "/");
}

static struct str
back_path(struct rg_ctx *ctx, const struct edit_record *record)
{
    return surface_path(ctx, record->kind == NETWORK_SERVICE ? "servizi" : "enti", record->id,
                        record->name);
}

static enum rg_err
sets_rights(struct rg_ctx *ctx, const struct edit_record *record, struct sets *sets)
{
    for (size_t i = 0; i < sets->n; i++) {
        int64_t all;
        enum rg_err err = set_size(ctx, sets->p[i].seq, &all);
        if (err != RG_OK)
            return err;
        sets->p[i].may_undo = may_undo(&ctx->actor, &sets->p[i], all);
        const char *path = rg_arena_printf(ctx->arena, "%.*s?seq=%lld",
                                           STR_ARG(path_below(ctx, record, "annulla")),
                                           (long long)sets->p[i].seq);
        sets->p[i].undo_path = str_of(path ? path : "/");
    }
    return RG_OK;
}

static enum rg_err
history_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
             enum network_kind kind)
{
    struct edit_record record;
    struct store_change *changes;
    struct sets sets = {0};
    size_t n;
    enum rg_err err = edit_record_open(ctx, req, kind, &record);
    if (err == RG_OK)
        err = store_history(ctx, table_of(kind), record.id, web_int(req, IN_UNDO_SEQ),
                            SURFACE_HISTORY_MAX, &changes, &n);
    if (err == RG_OK)
        err = sets_fill(ctx, &record, changes, n, &sets);
    if (err == RG_OK)
        err = sets_rights(ctx, &record, &sets);
    if (err != RG_OK)
        return err;
    struct surface_history page = {.name = record.name,
                                   .back = back_path(ctx, &record),
                                   .sets = sets.p,
                                   .n_sets = sets.n};
    if (n == SURFACE_HISTORY_MAX && sets.n > 1) {
        const char *older = rg_arena_printf(ctx->arena, "%.*s?seq=%lld",
                                            STR_ARG(path_below(ctx, &record, "storia")),
                                            (long long)sets.p[sets.n - 1].seq + 1);
        page.older = str_of(older);
        page.n_sets--; /* the last may be cut: it comes whole on the next page */
    }
    struct web_frame frame = {
        .title = web_words(ctx, "network.edit.history_of", "name", &record.name, NULL),
        .no_index = true};
    const struct web_crumb crumbs[] = {{page.back, record.name},
                                       {STR_NONE, wording_text(ctx->lang, "network.edit.history")}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_history(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- undo ---- */

/* The set that is to be undone, as far as it concerns the record, with the right to do so. */
static enum rg_err
undo_find(struct rg_ctx *ctx, struct web_request *req, enum network_kind kind,
          struct edit_record *record, struct sets *sets)
{
    struct store_change *changes;
    int64_t seq = web_int(req, IN_UNDO_SEQ), all = 0;
    size_t n, own = 0;
    enum rg_err err = edit_record_open(ctx, req, kind, record);
    if (err == RG_OK)
        err = store_history(ctx, table_of(kind), record->id, seq + 1, SURFACE_HISTORY_MAX,
                            &changes, &n);
    if (err != RG_OK)
        return err;
    while (own < n && changes[own].seq == seq)
        own++;
    if (own == 0)
        return RG_FAIL(ctx, RG_ABSENT, "network.edit.no_such_change");
    err = sets_fill(ctx, record, changes, own, sets);
    if (err == RG_OK)
        err = set_size(ctx, seq, &all);
    if (err != RG_OK)
        return err;
    if (!may_undo(&ctx->actor, &sets->p[0], all))
        return RG_FAIL(ctx, RG_DENIED,
                       sets->p[0].born ? "network.edit.undo_birth" : "network.edit.undo_others");
    sets->p[0].n_changes = all;
    return RG_OK;
}

static enum rg_err
undo_ask(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
         enum network_kind kind)
{
    struct edit_record record;
    struct sets sets = {0};
    enum rg_err err = undo_find(ctx, req, kind, &record, &sets);
    if (err != RG_OK)
        return err;
    struct surface_history page = {.name = record.name,
                                   .back = path_below(ctx, &record, "storia"),
                                   .undo_path = path_below(ctx, &record, "annulla"),
                                   .sets = sets.p,
                                   .n_sets = 1};
    struct web_frame frame = {.title = wording_text(ctx->lang, "network.edit.undo_title"),
                              .no_index = true};
    const struct web_crumb crumbs[] = {{back_path(ctx, &record), record.name},
                                       {page.back, wording_text(ctx->lang, "network.edit.history")},
                                       {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_network_undo(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
undo_do(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
        enum network_kind kind)
{
    struct edit_record record;
    struct sets sets = {0};
    enum rg_err err = undo_find(ctx, req, kind, &record, &sets);
    if (err != RG_OK)
        return err;
    struct str what = sets.p[0].why;
    struct str why = web_words(ctx, "network.edit.undo_reason", "what", &what, NULL);
    const char *reason = rg_arena_cstr(ctx->arena, why);
    err = store_write_begin(ctx, reason ? reason : "");
    if (err != RG_OK)
        return err;
    err = store_undo(ctx, sets.p[0].seq);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    else
        store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    const char *path = rg_arena_printf(ctx->arena, "%.*s?fatto=annullato",
                                       STR_ARG(back_path(ctx, &record)));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

/* ---- handlers ---- */

enum rg_err
history_service_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return history_page(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
history_organization_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return history_page(ctx, req, ans, NETWORK_ORGANIZATION);
}

enum rg_err
undo_service_ask(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return undo_ask(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
undo_service_do(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return undo_do(ctx, req, ans, NETWORK_SERVICE);
}

enum rg_err
undo_organization_ask(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return undo_ask(ctx, req, ans, NETWORK_ORGANIZATION);
}

enum rg_err
undo_organization_do(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return undo_do(ctx, req, ans, NETWORK_ORGANIZATION);
}
