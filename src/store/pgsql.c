/* The PostgreSQL engine, by libpq. Values travel as text and are cast in the statement; results
 * come whole (our statements are bounded by LIMIT or walked by key).                          */
#include "store_priv.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

enum { PARAMS_MAX = 48, NUMBER_BYTES = 32 };

static enum rg_err
fail(struct rg_ctx *ctx, struct store_conn *conn, const PGresult *result, const char *what)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    rg_detail(ctx, "%s: %s %s", what, state ? state : "",
              result ? PQresultErrorMessage(result) : PQerrorMessage(conn->db));
    if (PQstatus(conn->db) != CONNECTION_OK) {
        conn->broken = true;
        return RG_FAIL(ctx, RG_BROKEN, "store.lost");
    }
    if (!state)
        return RG_FAIL(ctx, RG_BROKEN, "store.broken");
    if (strncmp(state, "23", 2) == 0) /* integrity constraint violation */
        return RG_FAIL(ctx, RG_CONFLICT, "store.conflict");
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "55P03") == 0)
        return RG_FAIL(ctx, RG_BUSY, "store.busy");
    if (strncmp(state, "53", 2) == 0) /* insufficient resources */
        return RG_FAIL(ctx, RG_BROKEN, "store.disk_full");
    return RG_FAIL(ctx, RG_BROKEN, "store.broken");
}

static bool
fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static enum rg_err
script(struct rg_ctx *ctx, struct store_conn *conn, const char *sql)
{
    PGresult *result = PQexec(conn->db, sql);
    enum rg_err err = fine(result) ? RG_OK : fail(ctx, conn, result, sql);
    PQclear(result);
    return err;
}

static void
silent(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

static enum rg_err
open_link(struct rg_ctx *ctx, const char *where, bool writer, struct store_conn *conn)
{
    PGconn *db = PQconnectdb(where);
    conn->db = db;
    if (PQstatus(db) != CONNECTION_OK) {
        rg_detail(ctx, "%s", PQerrorMessage(db));
        return RG_FAIL(ctx, RG_BROKEN, "store.cannot_connect");
    }
    PQsetNoticeProcessor(db, silent, NULL);
    return script(ctx, conn,
                  writer ? "SET client_encoding='UTF8'; SET lock_timeout='10s';"
                           "SET synchronous_commit=on; SET standard_conforming_strings=on"
                         : "SET client_encoding='UTF8'; SET default_transaction_read_only=on;"
                           "SET standard_conforming_strings=on");
}

static void
close_link(struct store_conn *conn)
{
    PQfinish(conn->db);
    conn->db = NULL;
}

/* The handle is the statement's name on the server: its address here. */
static enum rg_err
prepare(struct rg_ctx *ctx, struct store_conn *conn, const struct store_stmt *stmt,
        void **ret_handle)
{
    char name[NUMBER_BYTES];
    snprintf(name, sizeof(name), "s%p", (const void *)stmt);
    PGresult *result = PQprepare(conn->db, name, stmt->pgsql, 0, NULL);
    enum rg_err err = fine(result) ? RG_OK : fail(ctx, conn, result, stmt->name);
    PQclear(result);
    if (err == RG_OK)
        *ret_handle = (void *)(uintptr_t)stmt;
    return err;
}

static void
finalize(struct store_conn *conn, void *handle)
{
    (void)conn; /* prepared statements go with the link */
    (void)handle;
}

static enum rg_err
start(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor,
      const struct store_value *values, int64_t *ret_n_changed)
{
    const struct store_stmt *stmt = cursor->stmt;
    const char *texts[PARAMS_MAX];
    char numbers[PARAMS_MAX][NUMBER_BYTES];
    RG_ASSERT(stmt->n_params <= PARAMS_MAX);
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    for (size_t i = 0; i < stmt->n_params; i++) {
        texts[i] = NULL;
        if (values[i].type == STORE_INT) {
            snprintf(numbers[i], NUMBER_BYTES, "%lld", (long long)values[i].i);
            texts[i] = numbers[i];
        } else if (values[i].type == STORE_REAL) {
            snprintf(numbers[i], NUMBER_BYTES, "%.17g", values[i].r);
            texts[i] = numbers[i];
        } else if (values[i].type == STORE_TEXT) {
            texts[i] = rg_arena_cstr(ctx->arena, values[i].s);
            if (!texts[i])
                return RG_NO_MEMORY(ctx);
        }
    }
    char name[NUMBER_BYTES];
    snprintf(name, sizeof(name), "s%p", (const void *)stmt);
    PGresult *result =
        PQexecPrepared(conn->db, name, (int)stmt->n_params, texts, NULL, NULL, 0);
    rg_arena_release(ctx->arena, mark);
    if (!fine(result)) {
        enum rg_err err = fail(ctx, conn, result, stmt->name);
        PQclear(result);
        cursor->handle = NULL;
        return err;
    }
    cursor->handle = result;
    cursor->row = -1;
    int64_t n;
    if (ret_n_changed)
        *ret_n_changed =
            rg_parse_i64(str_of(PQcmdTuples(result)), 0, INT64_MAX, &n) ? n : 0;
    return RG_OK;
}

static enum rg_err
next(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor, bool *ret_more)
{
    (void)ctx;
    (void)conn;
    *ret_more = ++cursor->row < PQntuples(cursor->handle);
    return RG_OK;
}

static void
finish(struct store_conn *conn, struct store_cursor *cursor)
{
    (void)conn;
    PQclear(cursor->handle);
    cursor->handle = NULL;
}

static bool
is_null(const struct store_cursor *cursor, size_t column)
{
    return PQgetisnull(cursor->handle, (int)cursor->row, (int)column);
}

static struct str
get_text(const struct store_cursor *cursor, size_t column)
{
    if (is_null(cursor, column))
        return STR_NONE;
    return str_n(PQgetvalue(cursor->handle, (int)cursor->row, (int)column),
                 (size_t)PQgetlength(cursor->handle, (int)cursor->row, (int)column));
}

static int64_t
get_int(const struct store_cursor *cursor, size_t column)
{
    int64_t v = 0;
    if (!is_null(cursor, column))
        RG_ASSERT(rg_parse_i64(get_text(cursor, column), INT64_MIN, INT64_MAX, &v));
    return v;
}

static double
get_real(const struct store_cursor *cursor, size_t column)
{
    double v = 0;
    if (!is_null(cursor, column))
        RG_ASSERT(rg_parse_decimal(get_text(cursor, column), &v));
    return v;
}

static bool
reads_only(struct store_conn *conn, void *handle)
{
    (void)conn;
    (void)handle;
    return true; /* judged on SQLite; here read connections refuse to write by themselves */
}

const struct store_engine store_pgsql = {
    .name = "pgsql",
    .open = open_link,
    .close = close_link,
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
