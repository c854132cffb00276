#include "store_priv.h"
#include "store_sql.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

/* ---- connections ---- */

enum rg_err
store_conn_open(struct rg_ctx *ctx, struct store *store, bool writer, struct store_conn **ret_conn)
{
    struct store_conn *conn = calloc(1, sizeof(*conn));
    if (!conn)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    conn->engine = store->engine;
    conn->writer = writer;
    enum rg_err err = store->engine->open(ctx, store->where, writer, conn);
    if (err != RG_OK) {
        store_conn_close(conn);
        return err;
    }
    *ret_conn = conn;
    return RG_OK;
}

void
store_conn_close(struct store_conn *conn)
{
    if (!conn)
        return;
    for (size_t i = 0; i < STORE_STMT_SLOTS; i++)
        if (conn->slots[i].handle)
            conn->engine->finalize(conn, conn->slots[i].handle);
    conn->engine->close(conn);
    free(conn);
}

static struct timespec
deadline_after_s(int seconds)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += seconds;
    return at;
}

/* Take a reading connection from the pool, opening one while there are few. */
static enum rg_err
reader_take(struct rg_ctx *ctx, struct store *store, struct store_conn **ret_conn)
{
    struct timespec at = deadline_after_s(STORE_WAIT_MAX_S);
    pthread_mutex_lock(&store->pool_lock);
    while (store->n_idle == 0 && store->n_readers == STORE_READERS_MAX)
        if (pthread_cond_timedwait(&store->pool_free, &store->pool_lock, &at) == ETIMEDOUT) {
            pthread_mutex_unlock(&store->pool_lock);
            return RG_FAIL(ctx, RG_BUSY, "store.busy");
        }
    if (store->n_idle > 0) {
        *ret_conn = store->idle[--store->n_idle]; /* the last used: its cache is warm */
        pthread_mutex_unlock(&store->pool_lock);
        return RG_OK;
    }
    store->n_readers++;
    pthread_mutex_unlock(&store->pool_lock);
    enum rg_err err = store_conn_open(ctx, store, false, ret_conn);
    if (err != RG_OK) {
        pthread_mutex_lock(&store->pool_lock);
        store->n_readers--;
        pthread_cond_signal(&store->pool_free);
        pthread_mutex_unlock(&store->pool_lock);
    }
    return err;
}

static void
reader_give(struct store *store, struct store_conn *conn)
{
    bool keep = !conn->broken;
    pthread_mutex_lock(&store->pool_lock);
    if (keep)
        store->idle[store->n_idle++] = conn;
    else
        store->n_readers--;
    pthread_cond_signal(&store->pool_free);
    pthread_mutex_unlock(&store->pool_lock);
    if (!keep)
        store_conn_close(conn);
}

/* ---- opening and closing a database ---- */

static bool
is_pgsql_address(const char *where)
{
    return str_starts(str_of(where), STR("postgresql://")) ||
           str_starts(str_of(where), STR("postgres://"));
}

enum rg_err
store_open(struct rg_ctx *ctx, const char *where, const struct store_room *const *rooms,
           size_t n_rooms, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof(*store));
    if (!store)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    store->engine = is_pgsql_address(where) ? &store_pgsql : &store_sqlite;
    store->rooms = rooms;
    store->n_rooms = n_rooms;
    pthread_mutex_init(&store->pool_lock, NULL);
    pthread_mutex_init(&store->write_lock, NULL);
    pthread_cond_init(&store->pool_free, NULL);
    pthread_cond_init(&store->write_turn, NULL);
    pthread_cond_init(&store->write_done, NULL);
    store->where = strdup(where);
    store->texts = rg_arena_new(4 * 1024 * 1024);
    enum rg_err err =
        store->where && store->texts ? RG_OK : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    if (err == RG_OK)
        err = store_feed_prepare(ctx, store);
    if (err == RG_OK)
        err = store_conn_open(ctx, store, true, &store->writer);
    if (err == RG_OK)
        err = store_migrate(ctx, store);
    if (err != RG_OK) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return RG_OK;
}

struct store *
store_close(struct store *store)
{
    if (!store)
        return NULL;
    RG_ASSERT(!store->taken);
    for (size_t i = 0; i < store->n_idle; i++)
        store_conn_close(store->idle[i]);
    store_conn_close(store->writer);
    pthread_cond_destroy(&store->write_done);
    pthread_cond_destroy(&store->write_turn);
    pthread_cond_destroy(&store->pool_free);
    pthread_mutex_destroy(&store->write_lock);
    pthread_mutex_destroy(&store->pool_lock);
    rg_arena_free(store->texts);
    free(store->where);
    free(store);
    return NULL;
}

bool
store_is_pgsql(const struct store *store)
{
    return store->engine == &store_pgsql;
}

/* ---- sessions ---- */

enum rg_err
store_session_begin(struct rg_ctx *ctx, struct store *store)
{
    RG_ASSERT(!ctx->db);
    struct store_session *session = RG_NEW(ctx->arena, struct store_session);
    if (!session)
        return RG_NO_MEMORY(ctx);
    session->store = store;
    ctx->db = session;
    return RG_OK;
}

void
store_session_hold(struct rg_ctx *ctx)
{
    RG_ASSERT(ctx->db);
    ctx->db->hold = !store_is_pgsql(ctx->db->store);
}

static const struct store_stmt hold_begin = {.name = "store.hold_begin", .sqlite = "BEGIN"},
                               hold_end = {.name = "store.hold_end", .sqlite = "COMMIT"};

void
store_session_release(struct rg_ctx *ctx)
{
    struct store_session *session = ctx->db;
    if (!session->held)
        return;
    struct rg_story kept = ctx->story;
    if (store_exec(ctx, &hold_end, NULL, NULL) != RG_OK)
        session->reader->broken = true; /* what state it is in nobody knows: not into the pool */
    ctx->story = kept;
    session->held = false;
}

void
store_session_end(struct rg_ctx *ctx)
{
    if (!ctx->db)
        return;
    store_write_rollback(ctx);
    store_session_release(ctx);
    if (ctx->db->reader)
        reader_give(ctx->db->store, ctx->db->reader);
    ctx->db = NULL;
}

enum rg_err
store_session_conn(struct rg_ctx *ctx, struct store_conn **ret_conn)
{
    RG_ASSERT(ctx->db);
    struct store_session *session = ctx->db;
    if (session->writing) {
        *ret_conn = session->store->writer;
        return RG_OK;
    }
    if (session->reader && session->reader->broken) {
        reader_give(session->store, session->reader);
        session->reader = NULL;
        session->held = false;
    }
    enum rg_err err = RG_OK;
    if (!session->reader)
        err = reader_take(ctx, session->store, &session->reader);
    if (err == RG_OK && session->hold && !session->held) {
        session->held = true; /* before: the statement comes this way too */
        err = store_exec(ctx, &hold_begin, NULL, NULL);
        session->held = err == RG_OK;
    }
    if (err == RG_OK)
        *ret_conn = session->reader;
    return err;
}

/* ---- statements ---- */

static size_t
slot_first(const struct store_stmt *stmt)
{
    return ((uintptr_t)stmt >> 4) * 0x9E3779B1u & (STORE_STMT_SLOTS - 1);
}

/* The slot of a statement on a connection, prepared at first use. */
static enum rg_err
slot_get(struct rg_ctx *ctx, struct store_conn *conn, const struct store_stmt *stmt,
         struct store_slot **ret_slot)
{
    size_t at = slot_first(stmt);
    for (size_t n = 0; n < STORE_STMT_SLOTS; n++, at = (at + 1) & (STORE_STMT_SLOTS - 1)) {
        struct store_slot *slot = &conn->slots[at];
        if (slot->stmt == stmt) {
            *ret_slot = slot;
            return RG_OK;
        }
        if (!slot->stmt) {
            enum rg_err err = conn->engine->prepare(ctx, conn, stmt, &slot->handle);
            if (err != RG_OK)
                return err;
            slot->stmt = stmt;
            *ret_slot = slot;
            return RG_OK;
        }
    }
    rg_assert_failed("statement slots are enough", __FILE__, __LINE__);
}

static enum rg_err
cursor_start(struct rg_ctx *ctx, struct store_cursor *cursor, const struct store_stmt *stmt,
             const struct store_value *values, int64_t *ret_n_changed)
{
    struct store_conn *conn;
    struct store_slot *slot = NULL;
    enum rg_err err = store_session_conn(ctx, &conn);
    if (err == RG_OK && stmt->writes)
        RG_ASSERT(ctx->db->writing); /* writing is asked for, never assumed */
    if (err == RG_OK)
        err = slot_get(ctx, conn, stmt, &slot);
    if (err != RG_OK)
        return err;
    *cursor = (struct store_cursor){.conn = conn, .stmt = stmt};
    if (conn->engine == &store_pgsql) {
        err = conn->engine->start(ctx, conn, cursor, values, ret_n_changed);
    } else if (slot->busy) { /* the same statement is open further up: a copy for this use */
        err = conn->engine->prepare(ctx, conn, stmt, &cursor->handle);
        cursor->transient = err == RG_OK;
        if (err == RG_OK)
            err = conn->engine->start(ctx, conn, cursor, values, ret_n_changed);
    } else {
        cursor->handle = slot->handle;
        slot->busy = true;
        err = conn->engine->start(ctx, conn, cursor, values, ret_n_changed);
    }
    if (err != RG_OK)
        store_cursor_close(cursor);
    return err;
}

enum rg_err
store_cursor_open(struct rg_ctx *ctx, struct store_cursor *cursor, const struct store_stmt *stmt,
                  const struct store_value *values)
{
    return cursor_start(ctx, cursor, stmt, values, NULL);
}

enum rg_err
store_cursor_next(struct rg_ctx *ctx, struct store_cursor *cursor, bool *ret_more)
{
    return cursor->conn->engine->next(ctx, cursor->conn, cursor, ret_more);
}

void
store_cursor_close(struct store_cursor *cursor)
{
    struct store_conn *conn = cursor->conn;
    if (!conn || !cursor->handle)
        return;
    void *handle = cursor->handle;
    conn->engine->finish(conn, cursor);
    if (cursor->transient) {
        conn->engine->finalize(conn, handle);
    } else if (conn->engine != &store_pgsql) {
        size_t at = slot_first(cursor->stmt);
        while (conn->slots[at].stmt != cursor->stmt)
            at = (at + 1) & (STORE_STMT_SLOTS - 1);
        conn->slots[at].busy = false;
    }
    *cursor = (struct store_cursor){0};
}

static const struct store_engine *
engine_of(const struct store_cursor *cursor)
{
    return cursor->conn->engine;
}

int64_t
store_cursor_int(const struct store_cursor *cursor, size_t column)
{
    return engine_of(cursor)->get_int(cursor, column);
}

struct store_int
store_cursor_int_opt(const struct store_cursor *cursor, size_t column)
{
    if (engine_of(cursor)->is_null(cursor, column))
        return (struct store_int){0};
    return (struct store_int){true, engine_of(cursor)->get_int(cursor, column)};
}

double
store_cursor_real(const struct store_cursor *cursor, size_t column)
{
    return engine_of(cursor)->get_real(cursor, column);
}

struct str
store_cursor_text(const struct store_cursor *cursor, size_t column)
{
    return engine_of(cursor)->get_text(cursor, column);
}

bool
store_cursor_keep(struct rg_ctx *ctx, const struct store_cursor *cursor, size_t column,
                  struct str *ret)
{
    struct str s = store_cursor_text(cursor, column);
    *ret = rg_arena_str(ctx->arena, s);
    return !s.p || ret->p;
}

enum rg_err
store_exec(struct rg_ctx *ctx, const struct store_stmt *stmt, const struct store_value *values,
           int64_t *ret_n_changed)
{
    RG_CLEANUP(store_cursor_close) struct store_cursor cursor = {0};
    int64_t n;
    enum rg_err err = cursor_start(ctx, &cursor, stmt, values, &n);
    if (err == RG_OK && ret_n_changed)
        *ret_n_changed = n;
    return err;
}

enum rg_err
store_rows_add(struct rg_ctx *ctx, struct store_rows *rows, const void *row)
{
    if (rows->n == rows->cap) {
        size_t cap = rows->cap ? rows->cap * 2 : 16;
        void *p = rg_arena_array(ctx->arena, cap, rows->size_each);
        if (!p)
            return RG_NO_MEMORY(ctx);
        if (rows->n)
            memcpy(p, rows->p, rows->n * rows->size_each);
        rows->p = p;
        rows->cap = cap;
    }
    memcpy((char *)rows->p + rows->n++ * rows->size_each, row, rows->size_each);
    return RG_OK;
}

const struct store_stmt *
store_stmt_find(const struct store_room *room, const char *name)
{
    for (size_t i = 0; i < room->n_stmts; i++)
        if (strcmp(room->stmts[i]->name, name) == 0)
            return room->stmts[i];
    return NULL;
}

enum rg_err
store_prepare_all(struct rg_ctx *ctx, struct store *store, struct str *ret_failed)
{
    struct store_conn *conn = store->writer;
    for (size_t r = 0; r <= store->n_rooms; r++) {
        const struct store_room *room = r == 0 ? &store_store : store->rooms[r - 1];
        for (size_t i = 0; i < room->n_stmts; i++) {
            const struct store_stmt *stmt = room->stmts[i];
            struct store_slot *slot;
            enum rg_err err = slot_get(ctx, conn, stmt, &slot);
            if (err == RG_OK && !stmt->writes && !conn->engine->reads_only(conn, slot->handle)) {
                rg_detail(ctx, "declared read, but writes");
                err = RG_FAIL(ctx, RG_BROKEN, "store.broken");
            }
            if (err != RG_OK) {
                *ret_failed = str_of(stmt->name);
                return err;
            }
        }
    }
    return RG_OK;
}
