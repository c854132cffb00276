/* The SQLite engine: one file, write-ahead log, a sync at each commit (synchronous=FULL: a commit
 * that was answered survives a power cut; NORMAL would lose it, measured in docs/decisions). */
#include "store_priv.h"
#include <sqlite3.h>
#include <stdio.h>

static enum rg_err
fail(struct rg_ctx *ctx, sqlite3 *db, int code)
{
    rg_detail(ctx, "sqlite %d: %s", sqlite3_extended_errcode(db), sqlite3_errmsg(db));
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return RG_FAIL(ctx, RG_BUSY, "store.busy");
    case SQLITE_CONSTRAINT: return RG_FAIL(ctx, RG_CONFLICT, "store.conflict");
    case SQLITE_FULL: return RG_FAIL(ctx, RG_BROKEN, "store.disk_full");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return RG_FAIL(ctx, RG_BROKEN, "store.corrupt");
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM: return RG_FAIL(ctx, RG_LIMIT, "base.too_much");
    default: return RG_FAIL(ctx, RG_BROKEN, "store.broken");
    }
}

static enum rg_err
script(struct rg_ctx *ctx, struct store_conn *conn, const char *sql)
{
    int code = sqlite3_exec(conn->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? RG_OK : fail(ctx, conn->db, code);
}

/* COLLATE "C" in our SQL means the order of bytes on both engines. */
static int
collate_bytes(void *unused, int n1, const void *p1, int n2, const void *p2)
{
    (void)unused;
    return str_cmp(str_n(p1, (size_t)n1), str_n(p2, (size_t)n2));
}

/* A statement that a trigger makes write twice keeps the pages it touches in a journal of its own,
 * in memory up to this size. SQLite's 64 KiB are soon full, and from then to the end of the
 * transaction every page goes to a temporary file: nine of ten writes of an import did. When it is
 * full the journal is written out as one piece, and SQLite writes no piece of 128 KiB or more (it
 * takes the length modulo that, and then calls the disk full).                               */
enum { STATEMENT_JOURNAL_BYTES = 120 * 1024 };
_Static_assert(STATEMENT_JOURNAL_BYTES < 0x1FFFF, "one piece of writing");

static void
library_configure(void)
{
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, STATEMENT_JOURNAL_BYTES);
    /* Counting its own memory takes one lock for all threads at each malloc: two threads that read
     * waited for each other twice a page. Nobody reads the count.                            */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum rg_err
open_file(struct rg_ctx *ctx, const char *where, bool writer, struct store_conn *conn)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, library_configure);
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(where, &db, flags, NULL);
    conn->db = db;
    if (code != SQLITE_OK) {
        if (db)
            rg_detail(ctx, "sqlite: %s", sqlite3_errmsg(db));
        return RG_FAIL(ctx, RG_BROKEN, "store.cannot_open", "file", where);
    }
    sqlite3_busy_timeout(db, STORE_WAIT_MAX_S * 1000);
    sqlite3_create_collation(db, "C", SQLITE_UTF8, NULL, collate_bytes);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* The feed's triggers call json_object, which SQLite 3.40 lets only a trusted schema do. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, writer, NULL);
    enum rg_err err = script(ctx, conn,
                             "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                             "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0;"
                             "PRAGMA secure_delete=FAST;");
    /* The writer's temporaries go to a file, which is hardly ever made: in memory, the end of each
     * statement inside a savepoint walks the whole journal of that savepoint, so that an import
     * spent half its time there. No file is mapped: each connection's mapping would count again
     * as our memory, and the caches below are a bound one can add up.                        */
    if (err == RG_OK)
        err = script(ctx, conn,
                     writer ? "PRAGMA temp_store=FILE; PRAGMA cache_size=-49152;"
                              "PRAGMA wal_autocheckpoint=4000;"
                            : "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048;"
                              "PRAGMA query_only=ON;");
    return err;
}

static void
close_file(struct store_conn *conn)
{
    sqlite3_close(conn->db);
    conn->db = NULL;
}

static enum rg_err
prepare(struct rg_ctx *ctx, struct store_conn *conn, const struct store_stmt *stmt,
        void **ret_handle)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(conn->db, stmt->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &handle,
                                  NULL);
    if (code != SQLITE_OK) {
        rg_detail(ctx, "statement %s", stmt->name);
        return fail(ctx, conn->db, code);
    }
    *ret_handle = handle;
    return RG_OK;
}

static void
finalize(struct store_conn *conn, void *handle)
{
    (void)conn;
    sqlite3_finalize(handle);
}

static int
bind(sqlite3_stmt *handle, int at, const struct store_value *value)
{
    switch (value->type) {
    case STORE_INT: return sqlite3_bind_int64(handle, at, value->i);
    case STORE_REAL: return sqlite3_bind_double(handle, at, value->r);
    case STORE_TEXT:
        return sqlite3_bind_text64(handle, at, value->s.p ? value->s.p : "", value->s.n,
                                   SQLITE_TRANSIENT, SQLITE_UTF8);
    default: return sqlite3_bind_null(handle, at);
    }
}

static enum rg_err
start(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor,
      const struct store_value *values, int64_t *ret_n_changed)
{
    for (size_t i = 0; i < cursor->stmt->n_params; i++) {
        int code = bind(cursor->handle, (int)i + 1, &values[i]);
        if (code != SQLITE_OK)
            return fail(ctx, conn->db, code);
    }
    if (!ret_n_changed)
        return RG_OK;
    int code = sqlite3_step(cursor->handle);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        rg_detail(ctx, "statement %s", cursor->stmt->name);
        return fail(ctx, conn->db, code);
    }
    *ret_n_changed = sqlite3_changes64(conn->db);
    return RG_OK;
}

static enum rg_err
next(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor, bool *ret_more)
{
    int code = sqlite3_step(cursor->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        rg_detail(ctx, "statement %s", cursor->stmt->name);
        return fail(ctx, conn->db, code);
    }
    *ret_more = code == SQLITE_ROW;
    return RG_OK;
}

static void
finish(struct store_conn *conn, struct store_cursor *cursor)
{
    (void)conn;
    sqlite3_reset(cursor->handle);
    sqlite3_clear_bindings(cursor->handle);
}

static bool
is_null(const struct store_cursor *cursor, size_t column)
{
    return sqlite3_column_type(cursor->handle, (int)column) == SQLITE_NULL;
}

static int64_t
get_int(const struct store_cursor *cursor, size_t column)
{
    return sqlite3_column_int64(cursor->handle, (int)column);
}

static double
get_real(const struct store_cursor *cursor, size_t column)
{
    return sqlite3_column_double(cursor->handle, (int)column);
}

static struct str
get_text(const struct store_cursor *cursor, size_t column)
{
    const char *p = (const char *)sqlite3_column_text(cursor->handle, (int)column);
    return str_n(p, (size_t)sqlite3_column_bytes(cursor->handle, (int)column));
}

static bool
reads_only(struct store_conn *conn, void *handle)
{
    (void)conn;
    return sqlite3_stmt_readonly(handle);
}

const struct store_engine store_sqlite = {
    .name = "sqlite",
    .open = open_file,
    .close = close_file,
    .script = script,
    .prepare = prepare,
    .finalize = finalize,
    .start = start,
    .next = next,
    .finish = finish,
    .is_null = is_null,
    .get_int = get_int,
    .get_real = get_real,
    .get_text = get_text,
    .reads_only = reads_only,
};
