/* Inside the store: what an engine must be able to do, and the state of a database. */
#ifndef STORE_PRIV_H
#define STORE_PRIV_H

#include "store/store.h"
#include <pthread.h>

enum store_limits {
    STORE_READERS_MAX = 24,      /* connections for reading: one per server thread and some */
    STORE_STMT_SLOTS = 1024,     /* prepared statements per connection, a power of two      */
    STORE_WAIT_MAX_S = 10,       /* a writer's turn or a free connection                    */
    STORE_BATCH_MAX = 64,        /* change sets that share one sync                         */
};

struct store_slot {
    const struct store_stmt *stmt;
    void *handle;
    bool busy;
};

struct store_conn {
    const struct store_engine *engine;
    void *db;    /* sqlite3 * or PGconn * */
    bool writer;
    bool broken; /* the link is lost: close instead of giving back */
    struct store_slot slots[STORE_STMT_SLOTS];
};

struct store_engine {
    const char *name;
    enum rg_err (*open)(struct rg_ctx *ctx, const char *where, bool writer,
                        struct store_conn *conn);
    void (*close)(struct store_conn *conn);
    enum rg_err (*script)(struct rg_ctx *ctx, struct store_conn *conn, const char *sql);
    /* run plain SQL of ours: BEGIN, COMMIT, migrations */
    enum rg_err (*prepare)(struct rg_ctx *ctx, struct store_conn *conn,
                           const struct store_stmt *stmt, void **ret_handle);
    void (*finalize)(struct store_conn *conn, void *handle);
    enum rg_err (*start)(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor,
                         const struct store_value *values, int64_t *ret_n_changed);
    /* bind and, where the engine answers at once, run; ret_n_changed not NULL: run to the end */
    enum rg_err (*next)(struct rg_ctx *ctx, struct store_conn *conn, struct store_cursor *cursor,
                        bool *ret_more);
    void (*finish)(struct store_conn *conn, struct store_cursor *cursor);
    bool (*is_null)(const struct store_cursor *cursor, size_t column);
    int64_t (*get_int)(const struct store_cursor *cursor, size_t column);
    double (*get_real)(const struct store_cursor *cursor, size_t column);
    struct str (*get_text)(const struct store_cursor *cursor, size_t column);
    bool (*reads_only)(struct store_conn *conn, void *handle);
};

extern const struct store_engine store_sqlite, store_pgsql;

struct store_table_sql { /* made at open for each table of the feed */
    struct store_stmt current, restore, remove;
};

struct store {
    const struct store_engine *engine;
    char *where;
    const struct store_room *const *rooms;
    size_t n_rooms;
    struct store_table_sql *table_sql; /* one per feed table, in the order of store_feed_tables */
    const struct store_table **feed_tables;
    size_t n_feed_tables;
    struct rg_arena *texts; /* of the SQL made at open */

    pthread_mutex_t pool_lock;
    pthread_cond_t pool_free;
    struct store_conn *idle[STORE_READERS_MAX];
    size_t n_idle, n_readers;

    /* The writer. `taken` is held by one session between begin and commit; the outer
     * transaction `batch` stays open while others wait for their turn, so that one sync
     * serves them all.                                                                    */
    pthread_mutex_t write_lock;
    pthread_cond_t write_turn, write_done;
    struct store_conn *writer;
    bool taken, in_batch;
    unsigned n_waiting, n_in_batch;
    uint64_t batch, done, failed; /* numbers: open, last durable, last lost */
};

struct store_session {
    struct store *store;
    struct store_conn *reader; /* NULL until needed */
    bool hold;                 /* statements of the reader share a transaction */
    bool held;                 /* it is open                                   */
    bool writing;
    bool nested; /* the open change set joined others in the outer transaction */
    int64_t seq;
};

enum rg_err store_conn_open(struct rg_ctx *ctx, struct store *store, bool writer,
                            struct store_conn **ret_conn);
void store_conn_close(struct store_conn *conn);
enum rg_err store_session_conn(struct rg_ctx *ctx, struct store_conn **ret_conn);
/* The connection this context's statements run on now. */
void store_session_release(struct rg_ctx *ctx);
/* End the transaction that a held session reads in; the next statement begins another. */

enum rg_err store_migrate(struct rg_ctx *ctx, struct store *store);
enum rg_err store_feed_prepare(struct rg_ctx *ctx, struct store *store);
/* Build the statements of undo for every feed table. */
enum rg_err store_feed_install(struct rg_ctx *ctx, struct store *store, struct store_conn *conn);
/* (Re)create the triggers of the feed where they differ from what this program wants. */
const char *store_feed_signature(struct rg_ctx *ctx, struct store *store);

#endif
