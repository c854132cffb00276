/* Bringing a database up to date: numbered steps, forward only, each in a transaction. */
#include "store_priv.h"
#include "store_sql.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sqlite3.h>
#include <unistd.h>

static const char *
step_text(const struct store *store, const struct store_migration *step)
{
    return store_is_pgsql(store) ? step->pgsql : step->sqlite;
}

/* Whether the ledger of steps exists: asked of the engine's own catalogue. */
static bool
has_ledger(struct rg_ctx *ctx, struct store *store)
{
    bool there =
        store->engine->script(ctx, store->writer, "SELECT 1 FROM store_step LIMIT 1") == RG_OK;
    if (!there)
        rg_story_clear(ctx);
    return there;
}

/* The steps of one room that the ledger does not hold. Runs inside the transaction. */
static enum rg_err
room_migrate(struct rg_ctx *ctx, struct store *store, const struct store_room *room, size_t from)
{
    enum rg_err err = RG_OK;
    for (size_t i = from; i < room->n_migrations && err == RG_OK; i++) {
        struct store_sql_step_find_row row;
        bool found;
        err = store_sql_step_find(ctx, str_of(room->name), str_of(room->migrations[i].name), &found,
                                  &row);
        if (err != RG_OK || found)
            continue;
        err = store->engine->script(ctx, store->writer, step_text(store, &room->migrations[i]));
        if (err == RG_OK)
            err = store_sql_step_add(ctx, str_of(room->name), str_of(room->migrations[i].name),
                                     ctx->now_s, NULL);
        if (err != RG_OK)
            rg_detail(ctx, "migration %s/%s", room->name, room->migrations[i].name);
    }
    if (err != RG_OK)
        return err;
    struct store_sql_step_count_row known;
    err = store_sql_step_count(ctx, str_of(room->name), &known);
    if (err == RG_OK && known.n > (int64_t)room->n_migrations)
        return RG_FAIL(ctx, RG_CONFLICT, "store.newer");
    return err;
}

static enum rg_err
migrate_inside(struct rg_ctx *ctx, struct store *store)
{
    enum rg_err err = RG_OK;
    if (store_is_pgsql(store)) /* one node at a time; other engines lock by BEGIN IMMEDIATE */
        err = store->engine->script(ctx, store->writer, "SELECT pg_advisory_xact_lock(7238)");
    for (size_t r = 0; r <= store->n_rooms && err == RG_OK; r++)
        err = room_migrate(ctx, store, r == 0 ? &store_store : store->rooms[r - 1], 0);
    if (err == RG_OK)
        err = store_feed_install(ctx, store, store->writer);
    return err;
}

/* The very first step creates the ledger itself. */
static enum rg_err
ledger_create(struct rg_ctx *ctx, struct store *store)
{
    const struct store_migration *first = &store_store.migrations[0];
    enum rg_err err = store->engine->script(ctx, store->writer,
                                            store_is_pgsql(store) ? "BEGIN" : "BEGIN IMMEDIATE");
    if (err != RG_OK)
        return err;
    if (store_is_pgsql(store))
        err = store->engine->script(ctx, store->writer, "SELECT pg_advisory_xact_lock(7238)");
    if (err == RG_OK && store_is_pgsql(store)) { /* another node may have been first */
        err = store->engine->script(ctx, store->writer, "SAVEPOINT look");
        bool there = err == RG_OK && has_ledger(ctx, store);
        if (err == RG_OK)
            err = store->engine->script(ctx, store->writer, "ROLLBACK TO SAVEPOINT look");
        if (there && err == RG_OK)
            return store->engine->script(ctx, store->writer, "COMMIT");
    } else if (err == RG_OK && has_ledger(ctx, store)) {
        return store->engine->script(ctx, store->writer, "COMMIT");
    }
    if (err == RG_OK)
        err = store->engine->script(ctx, store->writer, step_text(store, first));
    if (err == RG_OK) {
        ctx->db->writing = true;
        err = store_sql_step_add(ctx, STR("store"), str_of(first->name), ctx->now_s, NULL);
        ctx->db->writing = false;
    }
    if (err == RG_OK)
        err = store->engine->script(ctx, store->writer, "COMMIT");
    if (err != RG_OK) {
        struct rg_story kept = ctx->story;
        (void)store->engine->script(ctx, store->writer, "ROLLBACK");
        ctx->story = kept;
    }
    return err;
}

/* True when every step is in the ledger and the feed's triggers are as we want them: then start
 * writes nothing.                                                                            */
static bool
up_to_date(struct rg_ctx *ctx, struct store *store)
{
    for (size_t r = 0; r <= store->n_rooms; r++) {
        const struct store_room *room = r == 0 ? &store_store : store->rooms[r - 1];
        struct store_sql_step_count_row known;
        if (store_sql_step_count(ctx, str_of(room->name), &known) != RG_OK ||
            known.n != (int64_t)room->n_migrations)
            return false;
    }
    const char *wanted = store_feed_signature(ctx, store);
    struct store_sql_meta_find_row row;
    bool found;
    return wanted && store_sql_meta_find(ctx, STR("feed"), &found, &row) == RG_OK && found &&
           str_eq(row.value, str_of(wanted));
}

enum rg_err
store_migrate(struct rg_ctx *ctx, struct store *store)
{
    RG_ASSERT(!ctx->db);
    enum rg_err err = store_session_begin(ctx, store);
    if (err != RG_OK)
        return err;
    if (!has_ledger(ctx, store))
        err = ledger_create(ctx, store);
    if (err == RG_OK) {
        ctx->db->writing = true; /* the statements below run on the writer */
        bool ready = up_to_date(ctx, store);
        if (!ready) {
            rg_story_clear(ctx);
            err = store->engine->script(ctx, store->writer,
                                        store_is_pgsql(store) ? "BEGIN" : "BEGIN IMMEDIATE");
            if (err == RG_OK)
                err = migrate_inside(ctx, store);
            struct rg_story kept = ctx->story;
            enum rg_err end = store->engine->script(ctx, store->writer,
                                                    err == RG_OK ? "COMMIT" : "ROLLBACK");
            if (err != RG_OK)
                ctx->story = kept;
            else
                err = end;
        }
        ctx->db->writing = false;
    }
    store_session_end(ctx);
    return err;
}

/* ---- copies ---- */

/* Statements of the form given, one for each secret table, run on a file of its own. */
static bool
each_secret(sqlite3 *db, const struct store_room *const *rooms, size_t n_rooms,
            char *(*statement)(const struct store_table *table))
{
    bool ok = true;
    for (size_t r = 0; r < n_rooms; r++)
        for (size_t t = 0; ok && t < rooms[r]->n_tables; t++)
            if (rooms[r]->tables[t].secret) {
                char *sql = statement(&rooms[r]->tables[t]);
                ok = sql && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
                sqlite3_free(sql);
            }
    return ok;
}

static char *
emptied(const struct store_table *table)
{
    return sqlite3_mprintf("DELETE FROM \"%w\"", table->name);
}

static char *
carried(const struct store_table *table)
{
    return sqlite3_mprintf("DELETE FROM main.\"%w\"; INSERT INTO main.\"%w\" SELECT * FROM "
                           "kept.\"%w\" WHERE \"%w\" IN (SELECT id FROM main.\"%w\")",
                           table->name, table->name, table->name, table->owner_col, table->owner);
}

enum rg_err
store_secrets_carry(struct rg_ctx *ctx, const char *from, const char *to,
                    const struct store_room *const *rooms, size_t n_rooms)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *attach = NULL;
    bool ok = sqlite3_open_v2(to, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "ATTACH ?1 AS kept", -1, &attach, NULL) == SQLITE_OK &&
              sqlite3_bind_text(attach, 1, from, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(attach) == SQLITE_DONE &&
              sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
              each_secret(db, rooms, n_rooms, carried) &&
              sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!ok)
        rg_detail(ctx, "%s", db ? sqlite3_errmsg(db) : "no memory");
    sqlite3_finalize(attach);
    sqlite3_close(db); /* what was not committed is rolled back */
    return ok ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "store.secrets_lost", "file", from);
}

enum rg_err
store_backup(struct rg_ctx *ctx, struct store *store, const char *path, bool with_secrets)
{
    if (store_is_pgsql(store))
        return RG_FAIL(ctx, RG_INVALID, "store.use_pg_dump");
    const char *partial = rg_arena_printf(ctx->arena, "%s.partial", path);
    if (!partial)
        return RG_NO_MEMORY(ctx);
    struct store_conn *conn;
    enum rg_err err = store_conn_open(ctx, store, false, &conn);
    if (err != RG_OK)
        return err;
    sqlite3 *to = NULL;
    unlink(partial);
    bool ok = sqlite3_open(partial, &to) == SQLITE_OK &&
              sqlite3_exec(to, "PRAGMA synchronous=FULL", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_backup *backup = ok ? sqlite3_backup_init(to, "main", conn->db, "main") : NULL;
    ok = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    ok = (backup ? sqlite3_backup_finish(backup) == SQLITE_OK : false) && ok;
    /* Where secrets were, the file is written anew: in its free pages nothing must linger. */
    ok = ok && (with_secrets || (each_secret(to, store->rooms, store->n_rooms, emptied) &&
                                 (sqlite3_total_changes(to) == 0 ||
                                  sqlite3_exec(to, "VACUUM", NULL, NULL, NULL) == SQLITE_OK)));
    if (!ok && to)
        rg_detail(ctx, "%s", sqlite3_errmsg(to));
    sqlite3_close(to);
    store_conn_close(conn);
    if (ok && rename(partial, path) == 0)
        return RG_OK;
    unlink(partial);
    return RG_FAIL(ctx, RG_BROKEN, "store.cannot_write", "file", path);
}

enum rg_err
store_verify(struct rg_ctx *ctx, struct store *store)
{
    if (!store_is_pgsql(store)) {
        sqlite3_stmt *check = NULL;
        sqlite3 *db = store->writer->db;
        bool ok = sqlite3_prepare_v2(db, "PRAGMA integrity_check(20)", -1, &check, NULL) ==
                      SQLITE_OK &&
                  sqlite3_step(check) == SQLITE_ROW;
        const char *words = ok ? (const char *)sqlite3_column_text(check, 0) : sqlite3_errmsg(db);
        ok = ok && words && strcmp(words, "ok") == 0;
        if (!ok)
            rg_detail(ctx, "%s", words ? words : "no answer");
        sqlite3_finalize(check);
        if (!ok)
            return RG_FAIL(ctx, RG_BROKEN, "store.corrupt");
    }
    struct store_sql_head_row head;
    struct store_sql_set_count_row sets;
    enum rg_err err = store_sql_head(ctx, &head);
    if (err == RG_OK)
        err = store_sql_set_count(ctx, &sets);
    if (err == RG_OK && (sets.n != head.seq || sets.highest != head.seq)) {
        rg_detail(ctx, "head %lld, sets %lld, highest %lld", (long long)head.seq,
                  (long long)sets.n, (long long)sets.highest);
        err = RG_FAIL(ctx, RG_BROKEN, "store.feed_gap");
    }
    return err;
}
