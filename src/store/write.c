/* Writing: one writer per node, taken in turn; a sync shared by those who wait together.
 *
 *   A begin ─ statements ─ commit ┐ B waits already: the outer transaction stays open
 *                     B begin ─ statements ─ commit ┐ nobody waits: COMMIT, one sync
 *                                   A and B both return now, durable
 *
 * A change set that joins others in the outer transaction is a savepoint inside it, so that one
 * that fails takes nothing of the others with it. The first needs none: to undo it is to undo the
 * transaction, and SQLite is spared a second journal (for an import half of its time).       */
#include "store_priv.h"
#include "store_sql.h"
#include <errno.h>
#include <time.h>

/* Wait a little on a condition; the callers loop on what they wait for. */
static void
wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, long ms)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += ms * 1000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    pthread_cond_timedwait(cond, lock, &at);
}

static enum rg_err
turn_take(struct rg_ctx *ctx, struct store *store)
{
    time_t until = time(NULL) + STORE_WAIT_MAX_S;
    pthread_mutex_lock(&store->write_lock);
    store->n_waiting++;
    while (store->taken && time(NULL) < until)
        wait_ms(&store->write_turn, &store->write_lock, 200);
    store->n_waiting--;
    bool mine = !store->taken;
    if (mine)
        store->taken = true;
    pthread_mutex_unlock(&store->write_lock);
    return mine ? RG_OK : RG_FAIL(ctx, RG_BUSY, "store.busy");
}

/* Sync the outer transaction; the caller holds the turn. */
static bool
batch_sync(struct rg_ctx *ctx, struct store *store)
{
    bool ok = !store->writer->broken &&
              store->engine->script(ctx, store->writer, "COMMIT") == RG_OK;
    if (!ok) { /* never retried: what a failed sync left on disk is unknown */
        struct rg_story kept = ctx->story;
        if (!store->writer->broken)
            (void)store->engine->script(ctx, store->writer, "ROLLBACK");
        ctx->story = kept;
    }
    return ok;
}

/* Give the turn back. With a change set in the open batch: leave the sync to the next writer if
 * one is waiting, else do it now; return when its fate is known.                             */
static enum rg_err
turn_end(struct rg_ctx *ctx, struct store *store, bool wrote)
{
    pthread_mutex_lock(&store->write_lock);
    uint64_t mine = store->batch;
    if (wrote)
        store->n_in_batch++;
    bool leave = store->in_batch && store->n_waiting > 0 && store->n_in_batch < STORE_BATCH_MAX &&
                 !store->writer->broken;
    while (leave) {
        store->taken = false;
        pthread_cond_signal(&store->write_turn);
        if (!wrote) {
            pthread_mutex_unlock(&store->write_lock);
            return RG_OK;
        }
        while (store->done < mine && store->failed < mine &&
               (store->taken || store->n_waiting > 0))
            wait_ms(&store->write_done, &store->write_lock, 5);
        if (store->done >= mine || store->failed >= mine)
            break;
        store->taken = true; /* the one who waited gave up: the sync is ours after all */
        leave = false;
    }
    if (!leave && store->in_batch) {
        pthread_mutex_unlock(&store->write_lock);
        bool ok = store->n_in_batch == 0 || batch_sync(ctx, store);
        if (store->n_in_batch == 0)
            (void)store->engine->script(ctx, store->writer, "ROLLBACK");
        pthread_mutex_lock(&store->write_lock);
        *(ok ? &store->done : &store->failed) = mine;
        store->in_batch = false;
        pthread_cond_broadcast(&store->write_done);
    }
    if (!leave) {
        store->taken = false;
        pthread_cond_signal(&store->write_turn);
    }
    bool lost = wrote && store->failed == mine;
    pthread_mutex_unlock(&store->write_lock);
    return lost ? RG_FAIL(ctx, RG_BROKEN, "store.broken") : RG_OK;
}

/* A link to the server that was lost is opened anew, between transactions only. */
static enum rg_err
writer_mend(struct rg_ctx *ctx, struct store *store)
{
    if (!store->writer->broken)
        return RG_OK;
    struct store_conn *fresh;
    enum rg_err err = store_conn_open(ctx, store, true, &fresh);
    if (err == RG_OK) {
        store_conn_close(store->writer);
        store->writer = fresh;
    }
    return err;
}

static enum rg_err
set_open(struct rg_ctx *ctx, const char *reason)
{
    struct store_session *session = ctx->db;
    struct store_sql_head_bump_row head;
    enum rg_err err = store_sql_head_bump(ctx, &head);
    if (err != RG_OK)
        return err;
    session->seq = head.seq;
    return store_sql_set_add(ctx, head.seq, ctx->now_s, ctx->actor.account_id,
                             ctx->actor.name.p ? ctx->actor.name : STR(""), str_of(reason), NULL);
}

enum rg_err
store_write_begin(struct rg_ctx *ctx, const char *reason)
{
    RG_ASSERT(ctx->db && !ctx->db->writing);
    struct store_session *session = ctx->db;
    struct store *store = session->store;
    store_session_release(ctx); /* what is read after the write must see it */
    enum rg_err err = turn_take(ctx, store);
    if (err != RG_OK)
        return err;
    if (!store->in_batch) {
        err = writer_mend(ctx, store);
        if (err == RG_OK)
            err = store->engine->script(ctx, store->writer,
                                        store_is_pgsql(store) ? "BEGIN" : "BEGIN IMMEDIATE");
        if (err == RG_OK) {
            pthread_mutex_lock(&store->write_lock);
            store->in_batch = true;
            store->batch++;
            store->n_in_batch = 0;
            pthread_mutex_unlock(&store->write_lock);
        }
    }
    session->nested = store->in_batch && store->n_in_batch > 0;
    if (err == RG_OK && session->nested)
        err = store->engine->script(ctx, store->writer, "SAVEPOINT change_set");
    if (err != RG_OK) {
        (void)turn_end(ctx, store, false);
        return err;
    }
    session->writing = true;
    err = set_open(ctx, reason);
    if (err != RG_OK)
        store_write_rollback(ctx);
    return err;
}

enum rg_err
store_write_commit(struct rg_ctx *ctx)
{
    RG_ASSERT(ctx->db && ctx->db->writing);
    struct store *store = ctx->db->store;
    enum rg_err err = ctx->db->nested ? store->engine->script(ctx, store->writer,
                                                              "RELEASE SAVEPOINT change_set")
                                      : RG_OK;
    if (err != RG_OK) {
        store_write_rollback(ctx);
        return err;
    }
    ctx->db->writing = false;
    return turn_end(ctx, store, true);
}

/* Undo the open change set, and with it the transaction when it is the only one there. */
static void
set_undo(struct rg_ctx *ctx, struct store *store)
{
    struct store_conn *writer = store->writer;
    if (ctx->db->nested) {
        if (!writer->broken &&
            store->engine->script(ctx, writer, "ROLLBACK TO SAVEPOINT change_set") == RG_OK)
            (void)store->engine->script(ctx, writer, "RELEASE SAVEPOINT change_set");
        return;
    }
    if (!writer->broken)
        (void)store->engine->script(ctx, writer, "ROLLBACK");
    pthread_mutex_lock(&store->write_lock);
    store->in_batch = false;
    pthread_mutex_unlock(&store->write_lock);
}

void
store_write_rollback(struct rg_ctx *ctx)
{
    if (!ctx->db || !ctx->db->writing)
        return;
    struct store *store = ctx->db->store;
    struct rg_story kept = ctx->story; /* the cause matters, not what undoing meets */
    set_undo(ctx, store);
    ctx->db->writing = false;
    (void)turn_end(ctx, store, false);
    ctx->story = kept;
}

bool
store_writing(const struct rg_ctx *ctx)
{
    return ctx->db && ctx->db->writing;
}

int64_t
store_write_seq(const struct rg_ctx *ctx)
{
    RG_ASSERT(ctx->db && ctx->db->writing);
    return ctx->db->seq;
}
