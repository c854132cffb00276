/* The change feed: triggers write each row before and after; undo puts rows back from there.
 *
 * The triggers are made from the table descriptions that tools/sqlc compiled in, so no
 * statement can pass the feed by, and a column added by a migration is in the feed at once. */
#include "store_priv.h"
#include "store_sql.h"

static const struct store_room *
room_at(const struct store *store, size_t r)
{
    return r == 0 ? &store_store : store->rooms[r - 1];
}

/* json_object('id', NEW.id, …) or its PostgreSQL sister; prefix "NEW.", "OLD." or "". */
static void
put_row_json(struct rg_buf *out, const struct store_table *t, const char *prefix, bool pgsql)
{
    rg_buf_printf(out, pgsql ? "json_build_object(" : "json_object(");
    for (size_t i = 0; i < t->n_columns; i++)
        rg_buf_printf(out, "%s'%s',%s%s", i ? "," : "", t->columns[i].name, prefix,
                      t->columns[i].name);
    rg_buf_printf(out, pgsql ? ")::text" : ")");
}

static void
put_column_list(struct rg_buf *out, const struct store_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++)
        rg_buf_printf(out, "%s%s", i ? "," : "", t->columns[i].name);
}

static void
put_insert_change(struct rg_buf *out, const struct store_table *t, const char *row,
                  const char *op, bool pgsql)
{
    rg_buf_printf(
        out,
        "INSERT INTO store_change (seq, entity, entity_id, owner, owner_id, op, before, "
        "after) VALUES ((SELECT seq FROM store_head WHERE id = 1), '%s', %s.id, ",
        t->name, row);
    if (t->owner[0])
        rg_buf_printf(out, "'%s', %s.%s, ", t->owner, row, t->owner_col);
    else
        rg_buf_printf(out, "NULL, NULL, ");
    rg_buf_printf(out, "'%s', ", op);
    if (op[0] == 'i')
        rg_buf_printf(out, "NULL");
    else
        put_row_json(out, t, "OLD.", pgsql);
    rg_buf_printf(out, ", ");
    if (op[0] == 'd')
        rg_buf_printf(out, "NULL");
    else
        put_row_json(out, t, "NEW.", pgsql);
    rg_buf_printf(out, ");");
}

/* True when any column differs: an update that changes nothing leaves no trace. */
static void
put_differs(struct rg_buf *out, const struct store_table *t, bool pgsql)
{
    for (size_t i = 0; i < t->n_columns; i++)
        rg_buf_printf(out, "%sOLD.%s %s NEW.%s", i ? " OR " : "", t->columns[i].name,
                      pgsql ? "IS DISTINCT FROM" : "IS NOT", t->columns[i].name);
}

static void
put_triggers_sqlite(struct rg_buf *out, const struct store_table *t)
{
    static const struct {
        const char *op, *event, *row;
    } kinds[] = {{"i", "INSERT", "NEW"}, {"u", "UPDATE", "NEW"}, {"d", "DELETE", "OLD"}};
    for (size_t k = 0; k < RG_COUNT(kinds); k++) {
        rg_buf_printf(
            out,
            "DROP TRIGGER IF EXISTS %s_feed_%s;\nCREATE TRIGGER %s_feed_%s AFTER %s ON %s ",
            t->name, kinds[k].op, t->name, kinds[k].op, kinds[k].event, t->name);
        if (kinds[k].op[0] == 'u') {
            rg_buf_printf(out, "WHEN ");
            put_differs(out, t, false);
        }
        rg_buf_printf(out, " BEGIN ");
        put_insert_change(out, t, kinds[k].row, kinds[k].op, false);
        rg_buf_printf(out, " END;\n");
    }
}

static void
put_triggers_pgsql(struct rg_buf *out, const struct store_table *t)
{
    rg_buf_printf(
        out,
        "CREATE OR REPLACE FUNCTION %s_feed() RETURNS trigger LANGUAGE plpgsql AS $feed$ "
        "BEGIN IF TG_OP = 'INSERT' THEN ",
        t->name);
    put_insert_change(out, t, "NEW", "i", true);
    rg_buf_printf(out, " ELSIF TG_OP = 'UPDATE' THEN IF ");
    put_differs(out, t, true);
    rg_buf_printf(out, " THEN ");
    put_insert_change(out, t, "NEW", "u", true);
    rg_buf_printf(out, " END IF; ELSE ");
    put_insert_change(out, t, "OLD", "d", true);
    rg_buf_printf(out,
                  " END IF; RETURN NULL; END $feed$;\nDROP TRIGGER IF EXISTS %s_feed ON %s;\n"
                  "CREATE TRIGGER %s_feed AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW "
                  "EXECUTE FUNCTION %s_feed();\n",
                  t->name, t->name, t->name, t->name, t->name);
}

static void
put_all_triggers(struct rg_buf *out, const struct store *store)
{
    for (size_t i = 0; i < store->n_feed_tables; i++)
        (store_is_pgsql(store) ? put_triggers_pgsql
                               : put_triggers_sqlite)(out, store->feed_tables[i]);
}

const char *
store_feed_signature(struct rg_ctx *ctx, struct store *store)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 4 * 1024 * 1024);
    put_all_triggers(&text, store);
    return text.failed ? NULL
                       : rg_arena_printf(ctx->arena, "%016llx",
                                         (unsigned long long)str_hash(rg_buf_view(&text)));
}

enum rg_err
store_feed_install(struct rg_ctx *ctx, struct store *store, struct store_conn *conn)
{
    const char *wanted = store_feed_signature(ctx, store);
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 4 * 1024 * 1024);
    put_all_triggers(&text, store);
    rg_buf_c(&text, '\0');
    if (text.failed || !wanted)
        return RG_NO_MEMORY(ctx);
    enum rg_err err = text.n > 1 ? store->engine->script(ctx, conn, text.p) : RG_OK;
    if (err == RG_OK)
        err = store_sql_meta_set(ctx, STR("feed"), str_of(wanted), NULL);
    return err;
}

/* ---- the statements of undo ---- */

static const uint8_t int_type[] = {STORE_INT}, text_type[] = {STORE_TEXT};

static const char *
keep_text(struct store *store, struct rg_buf *buf)
{
    const char *text = buf->failed ? NULL : rg_arena_cstr(store->texts, rg_buf_view(buf));
    rg_buf_reset(buf);
    return text;
}

static void
put_restore(struct rg_buf *out, const struct store_table *t, bool pgsql)
{
    rg_buf_printf(out, "INSERT INTO %s (", t->name);
    put_column_list(out, t);
    rg_buf_printf(out, ") SELECT ");
    for (size_t i = 0; i < t->n_columns; i++) {
        const char *name = t->columns[i].name;
        if (!pgsql)
            rg_buf_printf(out, "%sjson_extract(?1,'$.%s')", i ? "," : "", name);
        else
            rg_buf_printf(out, "%s($1::json->>'%s')%s", i ? "," : "", name,
                          t->columns[i].type == STORE_INT ? "::bigint" : "");
    }
    rg_buf_printf(out, " WHERE true ON CONFLICT (id) DO UPDATE SET ");
    for (size_t i = 1; i < t->n_columns; i++)
        rg_buf_printf(out, "%s%s=excluded.%s", i > 1 ? "," : "", t->columns[i].name,
                      t->columns[i].name);
}

static bool
table_sql_make(struct store *store, const struct store_table *t, struct store_table_sql *sql)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 1024 * 1024);
    bool pgsql = store_is_pgsql(store);
    rg_buf_printf(&text, "SELECT ");
    put_row_json(&text, t, "", pgsql);
    rg_buf_printf(&text, " FROM %s WHERE id = %s", t->name, pgsql ? "$1::bigint" : "?1");
    const char *current = keep_text(store, &text);
    rg_buf_printf(&text, "DELETE FROM %s WHERE id = %s", t->name, pgsql ? "$1::bigint" : "?1");
    const char *remove = keep_text(store, &text);
    put_restore(&text, t, pgsql);
    const char *restore = keep_text(store, &text);
    if (!current || !remove || !restore)
        return false;
    sql->current =
        (struct store_stmt){t->name, current, current, false, 1, 1, int_type, text_type};
    sql->remove = (struct store_stmt){t->name, remove, remove, true, 1, 0, int_type, NULL};
    sql->restore = (struct store_stmt){t->name, restore, restore, true, 1, 0, text_type, NULL};
    return true;
}

enum rg_err
store_feed_prepare(struct rg_ctx *ctx, struct store *store)
{
    size_t n = 0;
    for (size_t r = 0; r <= store->n_rooms; r++)
        for (size_t i = 0; i < room_at(store, r)->n_tables; i++)
            n += room_at(store, r)->tables[i].feed;
    store->feed_tables = RG_ARRAY(store->texts, const struct store_table *, n);
    store->table_sql = RG_ARRAY(store->texts, struct store_table_sql, n);
    if (!store->feed_tables || !store->table_sql)
        return RG_NO_MEMORY(ctx);
    for (size_t r = 0; r <= store->n_rooms; r++)
        for (size_t i = 0; i < room_at(store, r)->n_tables; i++) {
            const struct store_table *t = &room_at(store, r)->tables[i];
            if (!t->feed)
                continue;
            if (!table_sql_make(store, t, &store->table_sql[store->n_feed_tables]))
                return RG_NO_MEMORY(ctx);
            store->feed_tables[store->n_feed_tables++] = t;
        }
    return RG_OK;
}

/* ---- reading the feed ---- */

enum rg_err
store_head(struct rg_ctx *ctx, int64_t *ret_seq)
{
    struct store_sql_head_row row;
    enum rg_err err = store_sql_head(ctx, &row);
    if (err == RG_OK)
        *ret_seq = row.seq;
    return err;
}

#define CHANGE_OF(row)                                                                         \
    (struct store_change)                                                                      \
    {                                                                                          \
        (row).id, (row).seq, (row).at_s, (row).actor_id, (row).actor, (row).reason,            \
            (row).entity, (row).entity_id, (row).owner, (row).owner_id.v, (row).op,            \
            (row).before, (row).after                                                          \
    }

enum rg_err
store_changes_since(struct rg_ctx *ctx, int64_t seq, int64_t id, size_t n_max,
                    struct store_change **ret, size_t *ret_n)
{
    struct store_sql_changes_since_row *rows;
    size_t n;
    enum rg_err err = store_sql_changes_since(ctx, seq, id, (int64_t)n_max, &rows, &n);
    if (err != RG_OK)
        return err;
    struct store_change *changes = RG_ARRAY(ctx->arena, struct store_change, n);
    if (!changes)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        changes[i] = CHANGE_OF(rows[i]);
    *ret = changes;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
store_history(struct rg_ctx *ctx, struct str entity, int64_t entity_id, int64_t before_seq,
              size_t n_max, struct store_change **ret, size_t *ret_n)
{
    struct store_sql_history_row *rows;
    size_t n;
    enum rg_err err =
        store_sql_history(ctx, entity, entity_id, before_seq > 0 ? before_seq : INT64_MAX,
                          (int64_t)n_max, &rows, &n);
    if (err != RG_OK)
        return err;
    struct store_change *changes = RG_ARRAY(ctx->arena, struct store_change, n);
    if (!changes)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        changes[i] = CHANGE_OF(rows[i]);
    *ret = changes;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
store_sets(struct rg_ctx *ctx, int64_t before_seq, size_t n_max, struct store_set **ret,
           size_t *ret_n)
{
    struct store_sql_sets_before_row *rows;
    size_t n;
    enum rg_err err = store_sql_sets_before(ctx, before_seq > 0 ? before_seq : INT64_MAX,
                                            (int64_t)n_max, &rows, &n);
    if (err != RG_OK)
        return err;
    struct store_set *sets = RG_ARRAY(ctx->arena, struct store_set, n);
    if (!sets)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        sets[i] = (struct store_set){rows[i].seq,   rows[i].at_s,   rows[i].actor_id,
                                     rows[i].actor, rows[i].reason, rows[i].n_changes};
    *ret = sets;
    *ret_n = n;
    return RG_OK;
}

/* ---- undo ---- */

static struct store_table_sql *
sql_of(struct store *store, struct str entity)
{
    for (size_t i = 0; i < store->n_feed_tables; i++)
        if (str_eq(str_of(store->feed_tables[i]->name), entity))
            return &store->table_sql[i];
    return NULL;
}

static enum rg_err
row_now(struct rg_ctx *ctx, const struct store_stmt *stmt, int64_t id, struct str *ret_json)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    const struct store_value values[] = {store_value_int(id)};
    bool more;
    enum rg_err err = store_cursor_open(ctx, &cursor, stmt, values);
    if (err == RG_OK)
        err = store_cursor_next(ctx, &cursor, &more);
    if (err != RG_OK)
        return err;
    *ret_json = STR_NONE;
    if (more && !store_cursor_keep(ctx, &cursor, 0, ret_json))
        return RG_NO_MEMORY(ctx);
    return RG_OK;
}

static enum rg_err
undo_one(struct rg_ctx *ctx, const struct store_sql_changes_of_set_row *change)
{
    struct store_table_sql *sql = sql_of(ctx->db->store, change->entity);
    if (!sql)
        return RG_FAIL(ctx, RG_CONFLICT, "store.undo_changed");
    struct str now;
    enum rg_err err = row_now(ctx, &sql->current, change->entity_id, &now);
    if (err != RG_OK)
        return err;
    if (!str_eq(now, change->after) || !now.p != !change->after.p)
        return RG_FAIL(ctx, RG_CONFLICT, "store.undo_changed");
    if (!change->before.p) {
        const struct store_value id[] = {store_value_int(change->entity_id)};
        return store_exec(ctx, &sql->remove, id, NULL);
    }
    const struct store_value before[] = {store_value_text(change->before)};
    return store_exec(ctx, &sql->restore, before, NULL);
}

enum rg_err
store_undo(struct rg_ctx *ctx, int64_t seq)
{
    RG_ASSERT(store_writing(ctx));
    struct store_sql_changes_of_set_row *changes;
    size_t n;
    enum rg_err err = store_sql_changes_of_set(ctx, seq, &changes, &n);
    if (err == RG_OK && n == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "store.undo_absent");
    for (size_t i = 0; i < n && err == RG_OK; i++)
        err = undo_one(ctx, &changes[i]);
    return err;
}
