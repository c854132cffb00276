#include "jobs/jobs_priv.h"
#include "jobs_sql.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WORKER_ARENA = 256 * 1024 * 1024, WORKER_PAUSE_MS = 500, OUTCOME_MAX = 64 * 1024 };

struct jobs {
    struct store *store;
    const struct jobs_kind *kinds;
    size_t n_kinds;
    pthread_t worker;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    _Atomic bool stop;
    bool wake;
};

static _Thread_local struct jobs *stopping; /* the worker's own: jobs_step sees a stop */

enum rg_err
jobs_add(struct rg_ctx *ctx, const char *kind, struct str title, struct str args, int64_t *ret_id)
{
    struct jobs_sql_job_add_row row;
    enum rg_err err = jobs_sql_job_add(
        ctx, str_of(kind), title, args, ctx->actor.account_id,
        ctx->actor.name.p ? ctx->actor.name : STR(""), str_of(rg_lang_tag(ctx->lang)), ctx->now_s,
        &row);
    if (err == RG_OK)
        *ret_id = row.id;
    return err;
}

enum rg_err
jobs_step(struct rg_ctx *ctx, struct jobs_run *run, struct str position, int64_t done,
          int64_t total)
{
    struct jobs_sql_job_cancelled_row row;
    enum rg_err err = jobs_sql_job_position(ctx, run->id, position, done, total, NULL);
    if (err == RG_OK)
        err = jobs_sql_job_cancelled(ctx, run->id, &row);
    if (err != RG_OK)
        return err;
    run->done = done;
    run->total = total;
    run->cancelled = row.cancel || (stopping && stopping->stop);
    if (run->on_progress)
        run->on_progress(run->on_progress_arg, done, total);
    return RG_OK;
}

enum rg_err
jobs_find(struct rg_ctx *ctx, struct jobs_run *run, bool rejected, struct str file, uint64_t line,
          struct str field, const char *message_key, struct str value)
{
    const struct jobs_problem problem = {.severity = rejected ? JOBS_REJECTED : JOBS_REPAIRED,
                                         .file = file,
                                         .field = field,
                                         .value = value,
                                         .line = line,
                                         .message_key = message_key};
    return jobs_tell(ctx, run, &problem);
}

static const char *const severity_names[] = {
    [JOBS_NOTED] = "noted", [JOBS_REPAIRED] = "repaired", [JOBS_REJECTED] = "rejected"};

enum jobs_severity
jobs_severity_of(struct str name)
{
    return str_is(name, "rejected")   ? JOBS_REJECTED
           : str_is(name, "repaired") ? JOBS_REPAIRED
                                      : JOBS_NOTED;
}

enum rg_err
jobs_tell(struct rg_ctx *ctx, struct jobs_run *run, const struct jobs_problem *p)
{
    return jobs_sql_finding_add(
        ctx, run->id, str_of(severity_names[p->severity]), p->file.p ? p->file : STR(""),
        (int64_t)p->line, p->field.p ? p->field : STR(""), str_of(p->message_key),
        p->remedy_key ? str_of(p->remedy_key) : STR(""), p->value.p ? p->value : STR(""),
        p->kind_key ? str_of(p->kind_key) : STR(""), p->count ? (int64_t)p->count : 1, NULL);
}

/* ---- running ---- */

static enum rg_err
job_begin(struct rg_ctx *ctx, int64_t id)
{
    enum rg_err err = store_write_begin(ctx, "job");
    if (err == RG_OK)
        err = jobs_sql_job_begin(ctx, id, stopping ? STR("running") : STR("here"), ctx->now_s,
                                 NULL);
    if (err == RG_OK)
        return store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

static enum rg_err
job_end(struct rg_ctx *ctx, struct jobs_run *run, const char *state, struct str failure)
{
    struct str outcome =
        run->outcome.n && !run->outcome.failed ? rg_buf_view(&run->outcome) : STR_NONE;
    enum rg_err err = store_write_begin(ctx, "job");
    if (err == RG_OK)
        err = jobs_sql_job_end(ctx, run->id, str_of(state), outcome, failure, ctx->now_s, NULL);
    if (err == RG_OK)
        return store_write_commit(ctx);
    store_write_rollback(ctx);
    return err;
}

/* Run one job to its end. A stop of the server leaves it "running", to be taken up again. */
static enum rg_err
job_run(struct rg_ctx *ctx, const struct jobs_kind *kind, struct jobs_run *run, bool server_stop)
{
    enum rg_err err = job_begin(ctx, run->id);
    rg_buf_init(&run->outcome, OUTCOME_MAX);
    if (err == RG_OK)
        err = kind->run(ctx, run, kind->data);
    store_write_rollback(ctx);
    ctx->now_s = (int64_t)time(NULL);
    if (err == RG_OK && run->cancelled && server_stop && stopping && stopping->stop) {
        rg_buf_done(&run->outcome);
        return RG_OK;
    }
    struct str failure = STR_NONE;
    RG_CLEANUP(rg_buf_done) struct rg_buf sentence;
    rg_buf_init(&sentence, 8192);
    if (err != RG_OK) {
        wording_story(&sentence, ctx->lang, &ctx->story);
        failure = rg_buf_view(&sentence);
        if (ctx->story.detail[0])
            fprintf(stderr, "regia: job %lld: %s\n", (long long)run->id, ctx->story.detail);
    }
    struct rg_story kept = ctx->story;
    rg_story_clear(ctx);
    enum rg_err end = job_end(ctx, run, err != RG_OK     ? "failed"
                                        : run->cancelled ? "cancelled"
                                                         : "done", failure);
    rg_buf_done(&run->outcome);
    if (err != RG_OK) {
        ctx->story = kept;
        return err;
    }
    return end;
}

enum rg_err
jobs_run_here(struct rg_ctx *ctx, const struct jobs_kind *kind, struct str title, struct str args,
              void (*on_progress)(void *, int64_t, int64_t), void *arg, int64_t *ret_id)
{
    struct jobs_run run = {
        .args = args, .on_progress = on_progress, .on_progress_arg = arg};
    enum rg_err err = store_write_begin(ctx, "job");
    if (err == RG_OK)
        err = jobs_add(ctx, kind->name, title, args, &run.id);
    if (err == RG_OK) /* begun at once: a server beside us must not take it */
        err = jobs_sql_job_begin(ctx, run.id, STR("here"), ctx->now_s, NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    *ret_id = run.id;
    return job_run(ctx, kind, &run, false);
}

static enum rg_err
next_job(struct rg_ctx *ctx, struct jobs *jobs, bool *ret_ran)
{
    struct jobs_sql_job_next_row next;
    struct jobs_sql_job_get_row job;
    *ret_ran = false;
    bool found;
    enum rg_err err = jobs_sql_job_next(ctx, &found, &next);
    if (err != RG_OK || !found)
        return err;
    err = jobs_sql_job_get(ctx, next.id, &job);
    if (err != RG_OK)
        return err;
    struct jobs_run run = {.id = job.id, .args = job.args, .position = job.position,
                           .done = job.done, .total = job.total};
    (void)rg_lang_of(job.lang, &ctx->lang);
    ctx->actor.account_id = job.actor_id;
    ctx->actor.name = job.actor;
    *ret_ran = true;
    for (size_t i = 0; i < jobs->n_kinds; i++)
        if (str_eq(job.kind, str_of(jobs->kinds[i].name)))
            return job_run(ctx, &jobs->kinds[i], &run, true);
    rg_buf_init(&run.outcome, OUTCOME_MAX);
    return job_end(ctx, &run, "failed", wording_text(ctx->lang, "jobs.unknown_kind"));
}

static void *
work(void *arg)
{
    struct jobs *jobs = arg;
    stopping = jobs;
    while (!jobs->stop) {
        struct rg_ctx ctx;
        bool ran = false;
        if (rg_ctx_init(&ctx, WORKER_ARENA) == RG_OK) {
            if (store_session_begin(&ctx, jobs->store) == RG_OK)
                (void)next_job(&ctx, jobs, &ran);
            store_session_end(&ctx);
        }
        rg_ctx_done(&ctx);
        pthread_mutex_lock(&jobs->lock);
        if (!ran && !jobs->stop && !jobs->wake) {
            struct timespec at;
            clock_gettime(CLOCK_REALTIME, &at);
            at.tv_nsec += WORKER_PAUSE_MS * 1000000L;
            at.tv_sec += at.tv_nsec / 1000000000L;
            at.tv_nsec %= 1000000000L;
            pthread_cond_timedwait(&jobs->woken, &jobs->lock, &at);
        }
        jobs->wake = false;
        pthread_mutex_unlock(&jobs->lock);
    }
    return NULL;
}

enum rg_err
jobs_start(struct rg_ctx *ctx, struct store *store, const struct jobs_kind *kinds, size_t n_kinds,
           struct jobs **ret_jobs)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    if (!jobs)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    jobs->store = store;
    jobs->kinds = kinds;
    jobs->n_kinds = n_kinds;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->woken, NULL);
    if (pthread_create(&jobs->worker, NULL, work, jobs) != 0) {
        free(jobs);
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    }
    *ret_jobs = jobs;
    return RG_OK;
}

void
jobs_wake(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->wake = true;
    pthread_cond_signal(&jobs->woken);
    pthread_mutex_unlock(&jobs->lock);
}

struct jobs *
jobs_stop(struct jobs *jobs)
{
    if (!jobs)
        return NULL;
    jobs->stop = true;
    jobs_wake(jobs);
    pthread_join(jobs->worker, NULL);
    pthread_cond_destroy(&jobs->woken);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
    return NULL;
}

/* ---- looking ---- */

struct str
jobs_sentence(struct rg_ctx *ctx, const struct jobs_problem *p)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out, count;
    rg_buf_init(&out, 64 * 1024);
    rg_buf_init(&count, 64);
    wording_number(&count, ctx->lang, p->count ? (int64_t)p->count : 1);
    const struct wording_arg args[] = {
        {"value", p->value},
        {"field", p->field},
        {"kind", p->kind_key ? wording_text(ctx->lang, p->kind_key) : STR("")},
        {"count", rg_buf_view(&count)}};
    wording_put(&out, ctx->lang, p->message_key, args, RG_COUNT(args), -1);
    if (p->remedy_key) {
        rg_buf_c(&out, ' ');
        wording_put(&out, ctx->lang, p->remedy_key, args, RG_COUNT(args), -1);
    }
    struct str text = out.failed ? STR_NONE : rg_arena_str(ctx->arena, rg_buf_view(&out));
    return text.p ? text : str_of(p->message_key);
}

/* A key from a row, as wording wants it; NULL for none. */
static const char *
key_of(struct rg_ctx *ctx, struct str key)
{
    return key.n ? rg_arena_cstr(ctx->arena, key) : NULL;
}

static struct str
row_sentence(struct rg_ctx *ctx, const struct jobs_sql_finding_list_row *row)
{
    const char *message = key_of(ctx, row->message);
    const struct jobs_problem p = {.field = row->field,
                                   .value = row->detail,
                                   .count = (uint64_t)row->n,
                                   .kind_key = key_of(ctx, row->about),
                                   .message_key = message ? message : "",
                                   .remedy_key = key_of(ctx, row->remedy)};
    return jobs_sentence(ctx, &p);
}

static enum rg_err
findings(struct rg_ctx *ctx, int64_t job_id, int64_t after_id, int64_t skip, size_t n_max,
         struct jobs_finding **ret, size_t *ret_n)
{
    struct jobs_sql_finding_list_row *rows;
    size_t n;
    enum rg_err err = jobs_sql_finding_list(ctx, job_id, after_id, skip, (int64_t)n_max, &rows, &n);
    if (err != RG_OK)
        return err;
    struct jobs_finding *found = RG_ARRAY(ctx->arena, struct jobs_finding, n);
    if (!found)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        found[i] = (struct jobs_finding){
            .severity = jobs_severity_of(rows[i].severity),
            .file = rows[i].file,
            .field = rows[i].field,
            .id = rows[i].id,
            .line = rows[i].line,
            .message = row_sentence(ctx, &rows[i]),
        };
    *ret = found;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
jobs_findings(struct rg_ctx *ctx, int64_t job_id, int64_t after_id, size_t n_max,
              struct jobs_finding **ret, size_t *ret_n)
{
    return findings(ctx, job_id, after_id, 0, n_max, ret, ret_n);
}

enum rg_err
jobs_findings_page(struct rg_ctx *ctx, int64_t job_id, int64_t skip, size_t n_max,
                   struct jobs_finding **ret, size_t *ret_n)
{
    return findings(ctx, job_id, 0, skip, n_max, ret, ret_n);
}

enum rg_err
jobs_finding_kinds(struct rg_ctx *ctx, int64_t job_id, struct jobs_count **ret, size_t *ret_n)
{
    struct jobs_sql_finding_kinds_row *rows;
    size_t n;
    enum rg_err err = jobs_sql_finding_kinds(ctx, job_id, &rows, &n);
    if (err != RG_OK)
        return err;
    struct jobs_count *counts = RG_ARRAY(ctx->arena, struct jobs_count, n);
    if (!counts)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        static const struct wording_arg dots[] = {{"value", {"…", 3}}, {"field", {"…", 3}},
                                                  {"kind", {"…", 3}}, {"count", {"…", 3}}};
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        rg_buf_init(&out, 64 * 1024);
        const char *key = key_of(ctx, rows[i].message);
        wording_put(&out, ctx->lang, key ? key : "", dots, RG_COUNT(dots), -1);
        counts[i] = (struct jobs_count){jobs_severity_of(rows[i].severity),
                                        rg_arena_str(ctx->arena, rg_buf_view(&out)), rows[i].n};
    }
    *ret = counts;
    *ret_n = n;
    return RG_OK;
}

enum rg_err
jobs_get(struct rg_ctx *ctx, int64_t id, struct jobs_view *ret)
{
    struct jobs_sql_job_get_row job;
    enum rg_err err = jobs_sql_job_get(ctx, id, &job);
    if (err != RG_OK)
        return err;
    *ret = (struct jobs_view){.id = job.id,
                              .done = job.done,
                              .total = job.total,
                              .created_s = job.created_s,
                              .n_findings = job.n_findings,
                              .kind = job.kind,
                              .title = job.title,
                              .state = job.state,
                              .outcome = job.outcome,
                              .failure = job.failure,
                              .actor = job.actor,
                              .cancel = job.cancel != 0};
    return RG_OK;
}
