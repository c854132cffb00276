/* Pages of accounts: the audit. Who changed what, when and why, from the change feed. */
#include "accounts/accounts_priv.h"
#include "accounts_sql.h"
#include "accounts_tmpl.h"
#include <stdio.h>

enum {
    SETS_FETCH = 200,   /* sets looked through at a time: most are shown */
    SETS_ROUNDS = 10,   /* so one page costs at most 2000 of them        */
    CHANGES_SHOWN = 50, /* rows of one set on a page                     */
    MEMBERS_MAX = 64,   /* columns of a table; sqlc lets 48 through      */
    TEXT_SHOWN = 400,   /* of a value on the page; whole in JSON and CSV */
};

/* ---- the list of change sets ---- */

/* Reasons are wording keys where the program gives them, and plain words elsewhere. */
static struct str
reason_text(struct rg_ctx *ctx, struct str reason)
{
    const char *key = rg_arena_cstr(ctx->arena, reason);
    return key && wording_find(key) ? wording_text(ctx->lang, key) : reason;
}

/* The site's own housekeeping is no deed of anybody's: numbered, but not listed. Every room calls
 * the reason of its own ROOM.why.sweep. */
static bool
housekeeping(const struct store_set *set)
{
    return set->n_changes == 0 && (str_is(set->reason, "accounts.why.seen") ||
                                   str_ends(set->reason, STR(".why.sweep")));
}

/* One page of sets older than before; ret_more: where the next page begins, 0 at the end. */
static enum rg_err
sets_read(struct rg_ctx *ctx, int64_t before, struct store_set shown[ACCOUNTS_PAGE],
          size_t *ret_n, int64_t *ret_more)
{
    struct store_set *sets;
    size_t n = 0, n_read = SETS_FETCH;
    bool full = false;
    for (int round = 0; round < SETS_ROUNDS && n_read == SETS_FETCH && !full; round++) {
        enum rg_err err = store_sets(ctx, before, SETS_FETCH, &sets, &n_read);
        if (err != RG_OK)
            return err;
        for (size_t i = 0; i < n_read && !full; i++) {
            full = n == ACCOUNTS_PAGE;
            if (full)
                break;
            before = sets[i].seq;
            if (!housekeeping(&sets[i]))
                shown[n++] = sets[i];
        }
    }
    *ret_n = n;
    *ret_more = full || n_read == SETS_FETCH ? before : 0;
    return RG_OK;
}

static enum rg_err
log_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           const struct store_set *sets, size_t n)
{
    static const struct web_listing_column columns[] = {
        {"seq", WEB_DATUM_INT, "accounts.log.seq"},
        {"at", WEB_DATUM_INSTANT, "accounts.log.when"},
        {"actor_id", WEB_DATUM_INT, "accounts.field.number"},
        {"actor", WEB_DATUM_TEXT, "accounts.log.who"},
        {"reason", WEB_DATUM_TEXT, "accounts.log.why"},
        {"n_changes", WEB_DATUM_INT, "accounts.log.n"}};
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * RG_COUNT(columns));
    int64_t head;
    enum rg_err err = store_head(ctx, &head);
    if (err != RG_OK || !cells)
        return err != RG_OK ? err : RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *c = &cells[i * RG_COUNT(columns)];
        c[0] = web_datum_int(sets[i].seq);
        c[1] = web_datum_int(sets[i].at_s);
        c[2] = (struct web_datum){.has = sets[i].actor_id != 0, .i = sets[i].actor_id};
        c[3] = web_datum_text(sets[i].actor);
        c[4] = web_datum_text(reason_text(ctx, sets[i].reason));
        c[5] = web_datum_int(sets[i].n_changes);
    }
    const struct web_listing list = {.name = "change_sets",
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = head,
                                     .page = 1,
                                     .size = ACCOUNTS_PAGE};
    return web_listing_answer(ctx, req, ans, &list);
}

static enum rg_err
log_table(struct rg_ctx *ctx, const struct store_set *sets, size_t n, struct web_table *ret_table)
{
    static const char *const headings[] = {"accounts.log.seq", "accounts.log.when",
                                           "accounts.log.who", "accounts.log.why",
                                           "accounts.log.n"};
    struct web_cell *cells;
    if (!accounts_table_make(ctx, ret_table, "registro",
                             wording_text(ctx->lang, "accounts.log.caption"), headings, 5, n,
                             &cells))
        return RG_NO_MEMORY(ctx);
    ret_table->n_rows = n;
    for (size_t i = 0; i < n; i++, cells += 5) {
        const char *number = rg_arena_printf(ctx->arena, "%lld", (long long)sets[i].seq);
        const char *changes = rg_arena_printf(ctx->arena, "%lld", (long long)sets[i].n_changes);
        cells[0].text = str_of(number);
        cells[0].path = str_of(rg_arena_printf(ctx->arena, "/gestione/registro/%s",
                                               number ? number : ""));
        cells[1].text = web_moment(ctx, sets[i].at_s);
        cells[2].text = sets[i].actor.n ? sets[i].actor
                                        : wording_text(ctx->lang, "accounts.log.nobody");
        cells[3].text = reason_text(ctx, sets[i].reason);
        cells[4].text = str_of(changes);
        cells[4].numeric = true;
    }
    return RG_OK;
}

enum rg_err
accounts_web_log(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct store_set sets[ACCOUNTS_PAGE];
    struct web_table table;
    int64_t more, before = web_given(req, LOG_BEFORE) ? web_int(req, LOG_BEFORE) : 0;
    size_t n;
    enum rg_err err = sets_read(ctx, before, sets, &n, &more);
    if (err != RG_OK)
        return err;
    if (req->form != WEB_HTML)
        return log_answer(ctx, req, ans, sets, n);
    err = log_table(ctx, sets, n, &table);
    if (err != RG_OK)
        return err;
    const char *query =
        before ? rg_arena_printf(ctx->arena, "?prima=%lld", (long long)before) : "";
    const struct web_download files[] = {
        {"CSV", str_of(rg_arena_printf(ctx->arena, "/gestione/registro.csv%s", query))},
        {"JSON", str_of(rg_arena_printf(ctx->arena, "/gestione/registro.json%s", query))}};
    struct accounts_log_page page = {.table = &table, .downloads = files,
                                     .n_downloads = RG_COUNT(files)};
    if (before)
        page.newest = STR("/gestione/registro");
    if (more)
        page.older = str_of(
            rg_arena_printf(ctx->arena, "/gestione/registro?prima=%lld", (long long)more));
    struct web_frame frame = {.title = wording_text(ctx->lang, "accounts.log.title"),
                              .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "accounts.desk.title")},
        {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_log(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- one change set ---- */

struct difference { /* one column of one row */
    const struct store_change *change;
    struct str field, before, after; /* none: there was no row, or NULL */
};

/* Columns in which the row before and after differ; of an added or removed row, all. */
static enum rg_err
differences(struct rg_ctx *ctx, const struct store_change *change,
            struct difference ret[MEMBERS_MAX], size_t *ret_n)
{
    const struct rg_jv *before = NULL, *after = NULL, *v;
    bool ok = (!change->before.p || rg_jv_parse(ctx->arena, change->before, &before)) &&
              (!change->after.p || rg_jv_parse(ctx->arena, change->after, &after));
    const struct rg_jv *all = after ? after : before;
    if (!ok || !all || all->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "store.corrupt");
    size_t n = 0;
    uint32_t i = 0;
    for (v = rg_jv_first(all); i < all->n && n < MEMBERS_MAX; i++, v = rg_jv_next(rg_jv_next(v))) {
        struct str field = rg_jv_str(ctx->arena, v);
        const char *name = rg_arena_cstr(ctx->arena, field);
        if (!name)
            return RG_NO_MEMORY(ctx);
        struct difference d = {.change = change, .field = field,
                               .before = rg_jv_get_str(ctx->arena, before, name),
                               .after = rg_jv_get_str(ctx->arena, after, name)};
        bool same = d.before.p && d.after.p ? str_eq(d.before, d.after)
                                            : !d.before.p && !d.after.p;
        if (!same)
            ret[n++] = d;
    }
    *ret_n = n;
    return RG_OK;
}

static struct str
value_text(struct rg_ctx *ctx, struct str value)
{
    if (!value.p || value.n <= TEXT_SHOWN)
        return value.n ? value : STR("–");
    const char *cut = rg_arena_printf(ctx->arena, "%.*s…",
                                      (int)str_utf8_prefix(value, TEXT_SHOWN), value.p);
    return str_of(cut ? cut : "");
}

static const char *
op_key(struct str op)
{
    return str_is(op, "i") ? "accounts.set.added" : str_is(op, "d") ? "accounts.set.removed"
                                                                    : "accounts.set.changed";
}

static enum rg_err
diff_fill(struct rg_ctx *ctx, const struct store_change *change, struct accounts_diff *ret)
{
    static const char *const headings[] = {"accounts.set.field", "accounts.set.before",
                                           "accounts.set.after"};
    struct difference list[MEMBERS_MAX];
    struct web_cell *cells;
    size_t n;
    enum rg_err err = differences(ctx, change, list, &n);
    if (err != RG_OK)
        return err;
    struct str what = wording_text(ctx->lang, op_key(change->op));
    const char *title =
        rg_arena_printf(ctx->arena, "%.*s %lld: %.*s", STR_ARG(change->entity),
                        (long long)change->entity_id, STR_ARG(what));
    ret->title = str_of(title);
    if (!title ||
        !accounts_table_make(ctx, &ret->table,
                             rg_arena_printf(ctx->arena, "riga-%lld", (long long)change->id),
                             ret->title, headings, 3, n, &cells))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++, cells += 3) {
        cells[0].text = list[i].field;
        cells[1].text = value_text(ctx, list[i].before);
        cells[2].text = value_text(ctx, list[i].after);
    }
    ret->table_ref = &ret->table;
    return RG_OK;
}

static enum rg_err
set_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
           const struct store_change *changes, size_t n)
{
    static const struct web_listing_column columns[] = {
        {"change_id", WEB_DATUM_INT, "accounts.field.number"},
        {"entity", WEB_DATUM_TEXT, "accounts.set.entity"},
        {"entity_id", WEB_DATUM_INT, "accounts.field.number"},
        {"op", WEB_DATUM_TEXT, "accounts.set.op"},
        {"field", WEB_DATUM_TEXT, "accounts.set.field"},
        {"before", WEB_DATUM_TEXT, "accounts.set.before"},
        {"after", WEB_DATUM_TEXT, "accounts.set.after"}};
    struct store_rows cells = {.size_each = RG_COUNT(columns) * sizeof(struct web_datum)};
    for (size_t i = 0; i < n; i++) {
        struct difference list[MEMBERS_MAX];
        size_t n_list;
        enum rg_err err = differences(ctx, &changes[i], list, &n_list);
        for (size_t k = 0; k < n_list && err == RG_OK; k++) {
            const struct web_datum row[] = {
                web_datum_int(changes[i].id),         web_datum_text(changes[i].entity),
                web_datum_int(changes[i].entity_id),  web_datum_text(changes[i].op),
                web_datum_text(list[k].field),        web_datum_text(list[k].before),
                web_datum_text(list[k].after)};
            _Static_assert(RG_COUNT(row) == RG_COUNT(columns), "a cell per column");
            err = store_rows_add(ctx, &cells, row);
        }
        if (err != RG_OK)
            return err;
    }
    const struct web_listing list = {.name = "changes",
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells.p,
                                     .n_rows = cells.n,
                                     .total = (int64_t)cells.n,
                                     .page = 1,
                                     .size = CHANGES_SHOWN};
    return web_listing_answer(ctx, req, ans, &list);
}

/* The traces of people coming and going that belong to the set. */
static enum rg_err
events_table(struct rg_ctx *ctx, int64_t seq, struct web_table *ret_table)
{
    static const char *const headings[] = {"accounts.set.event", "accounts.field.login",
                                           "accounts.set.network"};
    static const char *const kinds[][2] = {{"sign_in", "accounts.why.sign_in"},
                                           {"failed", "accounts.why.failed"},
                                           {"sign_out", "accounts.why.sign_out"},
                                           {"password", "accounts.why.password"},
                                           {"reset", "accounts.why.reset"}};
    struct accounts_sql_event_of_set_row *events;
    struct web_cell *cells;
    size_t n;
    enum rg_err err = accounts_sql_event_of_set(ctx, seq, &events, &n);
    if (err != RG_OK)
        return err;
    if (!accounts_table_make(ctx, ret_table, "accessi",
                             wording_text(ctx->lang, "accounts.set.events"), headings, 3, n,
                             &cells))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++, cells += 3) {
        cells[0].text = events[i].kind;
        for (size_t k = 0; k < RG_COUNT(kinds); k++)
            if (str_eq(events[i].kind, str_of(kinds[k][0])))
                cells[0].text = wording_text(ctx->lang, kinds[k][1]);
        cells[1].text = value_text(ctx, events[i].login);
        cells[2].text = value_text(ctx, events[i].network);
    }
    return RG_OK;
}

static enum rg_err
set_find(struct rg_ctx *ctx, int64_t seq, struct store_set *ret_set)
{
    struct store_set *sets;
    size_t n;
    enum rg_err err = store_sets(ctx, seq + 1, 1, &sets, &n);
    if (err == RG_OK && (n == 0 || sets[0].seq != seq))
        err = RG_FAIL(ctx, RG_ABSENT, "store.absent");
    if (err == RG_OK)
        *ret_set = sets[0];
    return err;
}

/* The changes of one set after a given one: the feed goes on with the next set, so it is cut. */
static enum rg_err
set_changes(struct rg_ctx *ctx, int64_t seq, int64_t after_id, size_t n_max,
            struct store_change **ret, size_t *ret_n, bool *ret_more)
{
    struct store_change *changes;
    size_t n, own = 0;
    enum rg_err err = store_changes_since(ctx, seq, after_id, n_max + 1, &changes, &n);
    if (err != RG_OK)
        return err;
    while (own < n && changes[own].seq == seq)
        own++;
    *ret_more = own > n_max;
    *ret_n = own > n_max ? n_max : own;
    *ret = changes;
    return RG_OK;
}

static enum rg_err
set_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
         const struct store_set *set, const struct store_change *changes, size_t n, bool more)
{
    struct web_table events;
    struct accounts_diff *diffs = RG_ARRAY(ctx->arena, struct accounts_diff, n);
    enum rg_err err = diffs ? events_table(ctx, set->seq, &events) : RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n && err == RG_OK; i++)
        err = diff_fill(ctx, &changes[i], &diffs[i]);
    if (err != RG_OK)
        return err;
    const char *path =
        rg_arena_printf(ctx->arena, "/gestione/registro/%lld", (long long)set->seq);
    struct str number = path ? str_of(path + strlen("/gestione/registro/")) : STR("");
    const char *query = "";
    if (web_given(req, SET_AFTER))
        query = rg_arena_printf(ctx->arena, "?dopo=%lld", (long long)web_int(req, SET_AFTER));
    const struct web_download files[] = {
        {"CSV", str_of(rg_arena_printf(ctx->arena, "%s.csv%s", path ? path : "", query))},
        {"JSON", str_of(rg_arena_printf(ctx->arena, "%s.json%s", path ? path : "", query))}};
    struct accounts_set_page page = {
        .title = web_words(ctx, "accounts.set.title", "number", &number, NULL),
        .reason = reason_text(ctx, set->reason),
        .actor = set->actor.n ? set->actor : wording_text(ctx->lang, "accounts.log.nobody"),
        .at_s = set->at_s,
        .events = events.n_rows ? &events : NULL,
        .diffs = diffs,
        .n_diffs = n,
        .downloads = files,
        .n_downloads = RG_COUNT(files)};
    if (more)
        page.more = str_of(rg_arena_printf(ctx->arena, "%s?dopo=%lld", path ? path : "",
                                           (long long)changes[n - 1].id));
    struct web_frame frame = {.title = page.title, .no_index = true};
    const struct web_crumb crumbs[] = {
        {STR("/gestione"), wording_text(ctx->lang, "accounts.desk.title")},
        {STR("/gestione/registro"), wording_text(ctx->lang, "accounts.log.title")},
        {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, RG_COUNT(crumbs), crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_accounts_set(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
accounts_web_set(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct store_set set;
    struct store_change *changes;
    size_t n;
    bool more;
    enum rg_err err = set_find(ctx, web_int(req, SET_SEQ), &set);
    if (err == RG_OK)
        err = set_changes(ctx, set.seq, web_int(req, SET_AFTER), CHANGES_SHOWN, &changes, &n,
                          &more);
    if (err != RG_OK)
        return err;
    return req->form == WEB_HTML ? set_show(ctx, req, ans, &set, changes, n, more)
                                 : set_answer(ctx, req, ans, changes, n);
}
