/* Store: the records of Regia on SQLite or PostgreSQL, behind one interface.
 *
 * A room writes its SQL in .sql files; tools/sqlc turns each statement into a typed function
 * that calls what stands here. Nothing else in the program speaks SQL, values are always bound,
 * and a closed list of all statements exists that a test prepares on both engines.
 *
 * Reading happens through a session: one per request, in ctx->db. Writing must be asked for:
 *
 *     store_write_begin(ctx, "reason")  …statements…  store_write_commit(ctx)
 *
 * Who, why, when and each row before and after land in the change feed in the same transaction,
 * numbered in commit order without gaps. store_write_commit returns when the change is safe on
 * disk: SQLite runs with synchronous=FULL, and writers who wait together share one sync (group
 * commit), on both engines. Refuses: writing outside begin and commit; ad hoc SQL.
 *
 * Errors: RG_CONFLICT when a key exists already, RG_BUSY when the writer's turn did not come,
 * RG_BROKEN for disk and network. Statements, cursors and sessions close themselves when they
 * leave scope through RG_CLEANUP; a transaction not committed is rolled back.                */
#ifndef STORE_H
#define STORE_H

#include "base/base.h"

/* ---- what tools/sqlc makes ---- */

enum store_type { STORE_INT = 1, STORE_TEXT = 2, STORE_REAL = 3, STORE_NULL = 16 };

struct store_int { /* an integer that may be NULL */
    bool has;
    int64_t v;
};

struct store_value {
    uint8_t type; /* STORE_INT, STORE_TEXT, STORE_REAL, or STORE_NULL */
    int64_t i;
    double r;
    struct str s;
};

static inline struct store_value
store_value_int(int64_t v)
{
    return (struct store_value){.type = STORE_INT, .i = v};
}

static inline struct store_value
store_value_int_opt(struct store_int v)
{
    return (struct store_value){.type = v.has ? STORE_INT : STORE_NULL, .i = v.v};
}

static inline struct store_value
store_value_text(struct str s) /* none becomes NULL */
{
    return (struct store_value){.type = s.p ? STORE_TEXT : STORE_NULL, .s = s};
}

static inline struct store_value
store_value_real(double r)
{
    return (struct store_value){.type = STORE_REAL, .r = r};
}

struct store_stmt {
    const char *name; /* "network.org_get" */
    const char *sqlite, *pgsql;
    bool writes;
    size_t n_params, n_cols;
    const uint8_t *params, *cols; /* store_type, with STORE_NULL where NULL is let through */
};

struct store_column {
    const char *name;
    enum store_type type;
};

struct store_table {
    const char *name;
    bool feed;             /* its rows travel in the change feed                */
    bool secret;           /* its rows stay out of backups                      */
    const char *owner;     /* "" or the entity whose history also shows them; of a secret table
                              the one whose row each of its rows is about       */
    const char *owner_col; /* the column that holds that entity's id            */
    const struct store_column *columns;
    size_t n_columns;
};

struct store_migration {
    const char *name; /* "001_start" */
    const char *sqlite, *pgsql;
};

struct store_room {
    const char *name;
    const struct store_migration *migrations;
    size_t n_migrations;
    const struct store_table *tables;
    size_t n_tables;
    const struct store_stmt *const *stmts;
    size_t n_stmts;
};

const struct store_stmt *store_stmt_find(const struct store_room *room, const char *name);
/* The statement of that whole name ("plan.element_list"), for rooms that choose one by data; NULL
 * when the room has none. Linear in its statements.                                           */

/* ---- the database ---- */

struct store;

RG_MUST_CHECK enum rg_err store_open(struct rg_ctx *ctx, const char *where,
                                     const struct store_room *const *rooms, size_t n_rooms,
                                     struct store **ret_store);
/* Open "regia.db" or "postgresql://…", creating the file and bringing the schema up to date
 * (rooms in the order of the floors; this room's own tables come first by themselves). Owned:
 * close with store_close. RG_CONFLICT when the database is newer than this program.          */

struct store *store_close(struct store *store); /* takes NULL, returns NULL */
bool store_is_pgsql(const struct store *store);

RG_MUST_CHECK enum rg_err store_backup(struct rg_ctx *ctx, struct store *store, const char *path,
                                       bool with_secrets);
/* A consistent copy while others write (SQLite; for PostgreSQL RG_INVALID names pg_dump). The
 * file appears whole under its name or not at all. Secret tables are empty in it, and no page of
 * the file holds what they held, unless asked for.                                           */
RG_MUST_CHECK enum rg_err store_secrets_carry(struct rg_ctx *ctx, const char *from, const char *to,
                                              const struct store_room *const *rooms,
                                              size_t n_rooms);
/* For a restored copy: fill the secret tables of the file `to` (nobody else has it open) from those
 * of `from`, rows whose owner `to` has; all or none. RG_BROKEN when `from` cannot be read.   */
RG_MUST_CHECK enum rg_err store_verify(struct rg_ctx *ctx, struct store *store);
/* Integrity of the file and of the feed's numbering. RG_BROKEN with the story. */

enum rg_err store_prepare_all(struct rg_ctx *ctx, struct store *store, struct str *ret_failed);
/* Prepare every statement of every room; on failure ret_failed names the first and the detail of
 * the story has the engine's words. Also checks that "read" statements do not write.          */

/* ---- sessions and cursors ---- */

RG_MUST_CHECK enum rg_err store_session_begin(struct rg_ctx *ctx, struct store *store);
/* Give ctx a session. A connection is taken from the pool at the first statement. */
void store_session_hold(struct rg_ctx *ctx);
/* For a request: from its first statement to its end or its first write the session reads one
 * state of the records. On SQLite that is one transaction, which spares each statement its locks;
 * on PostgreSQL it would cost a round trip and nothing is held. Not for long work: what a held
 * reader may still see stays in the log.                                                     */
void store_session_end(struct rg_ctx *ctx);
/* Give everything back; an open transaction is rolled back. Safe without a session. */

struct store_conn;

struct store_cursor {
    struct store_conn *conn; /* where it was opened; it stays there to its end */
    const struct store_stmt *stmt;
    void *handle;   /* the engine's */
    int64_t row;    /* PostgreSQL: current row of the result */
    bool transient; /* prepared for this use only (the cached one was busy) */
};

RG_MUST_CHECK enum rg_err store_cursor_open(struct rg_ctx *ctx, struct store_cursor *cursor,
                                            const struct store_stmt *stmt,
                                            const struct store_value *values);
RG_MUST_CHECK enum rg_err store_cursor_next(struct rg_ctx *ctx, struct store_cursor *cursor,
                                            bool *ret_more);
void store_cursor_close(struct store_cursor *cursor); /* safe on a zeroed or closed one */

int64_t store_cursor_int(const struct store_cursor *cursor, size_t column);
struct store_int store_cursor_int_opt(const struct store_cursor *cursor, size_t column);
double store_cursor_real(const struct store_cursor *cursor, size_t column);
struct str store_cursor_text(const struct store_cursor *cursor, size_t column);
/* Borrowed until the next row; none for NULL. */
bool store_cursor_keep(struct rg_ctx *ctx, const struct store_cursor *cursor, size_t column,
                       struct str *ret);
/* A copy in the request's arena; false past its ceiling. */

RG_MUST_CHECK enum rg_err store_exec(struct rg_ctx *ctx, const struct store_stmt *stmt,
                                     const struct store_value *values, int64_t *ret_n_changed);
/* Run a statement without rows; ret_n_changed may be NULL. */

struct store_rows { /* grows in the arena: what the …_list functions fill */
    void *p;
    size_t n, cap, size_each;
};
RG_MUST_CHECK enum rg_err store_rows_add(struct rg_ctx *ctx, struct store_rows *rows,
                                         const void *row);

/* ---- writing ---- */

RG_MUST_CHECK enum rg_err store_write_begin(struct rg_ctx *ctx, const char *reason);
/* Wait for the writer's turn (at most 10 s, then RG_BUSY) and open a change set with the actor
 * and clock of ctx. Statements of this context now read and write inside it.                 */
RG_MUST_CHECK enum rg_err store_write_commit(struct rg_ctx *ctx);
/* Durable when it returns RG_OK; on any error nothing of the set remains. */
void store_write_rollback(struct rg_ctx *ctx);
/* Nothing of the set remains. Safe when no write is open. */
bool store_writing(const struct rg_ctx *ctx);
int64_t store_write_seq(const struct rg_ctx *ctx);
/* The number of the open change set. */

/* ---- the change feed ---- */

struct store_change {
    int64_t id;        /* grows in the order of writing */
    int64_t seq;       /* the change set                */
    int64_t at_s;
    int64_t actor_id;  /* 0: nobody signed in           */
    struct str actor, reason;
    struct str entity; /* the table's name              */
    int64_t entity_id;
    struct str owner;  /* or none                       */
    int64_t owner_id;
    struct str op;     /* "i" added, "u" changed, "d" removed */
    struct str before, after; /* JSON objects of the row, or none */
};

RG_MUST_CHECK enum rg_err store_head(struct rg_ctx *ctx, int64_t *ret_seq);
/* Number of the newest change set; 0 when there is none. */

RG_MUST_CHECK enum rg_err store_changes_since(struct rg_ctx *ctx, int64_t seq, int64_t id,
                                              size_t n_max, struct store_change **ret,
                                              size_t *ret_n);
/* Changes after (seq, id) in order, at most n_max: call again with the last one's. Arena. */

RG_MUST_CHECK enum rg_err store_history(struct rg_ctx *ctx, struct str entity, int64_t entity_id,
                                        int64_t before_seq, size_t n_max,
                                        struct store_change **ret, size_t *ret_n);
/* Newest first: changes of the entity and of rows filed under it, with seq < before_seq (0: from
 * the newest). Arena.                                                                        */

struct store_set { /* one line of the audit */
    int64_t seq, at_s, actor_id;
    struct str actor, reason;
    int64_t n_changes;
};
RG_MUST_CHECK enum rg_err store_sets(struct rg_ctx *ctx, int64_t before_seq, size_t n_max,
                                     struct store_set **ret, size_t *ret_n);
/* The newest change sets first. Arena. */

RG_MUST_CHECK enum rg_err store_undo(struct rg_ctx *ctx, int64_t seq);
/* Inside a write: put every row of that set back exactly as it was. RG_CONFLICT when a row has
 * changed since (nothing is undone then: roll back), RG_ABSENT when there is no such set.    */

#endif
