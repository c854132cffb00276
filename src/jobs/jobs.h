/* Jobs: work longer than a page may wait for, with progress, cancel, resume and a report.
 *
 * A kind of job is a function that works in steps: it does some, writes the records and its
 * position in one change set (jobs_step), and looks whether it should stop. So a job that the
 * power cut or a restart interrupted goes on from its last step, and no step is half-written or
 * done twice. One worker thread per server runs jobs one after another; a command line runs the
 * same function in its own thread (jobs_run_here). What a job finds wrong with its input is kept
 * row by row (jobs_find) and shown as a page and as CSV.                                     */
#ifndef JOBS_H
#define JOBS_H

#include "base/base.h"
#include "store/store.h"
#include "web/web.h"

struct jobs_run { /* a job at work */
    int64_t id;
    struct str args;     /* JSON, as given to jobs_add                        */
    struct str position; /* JSON of the last step, none at the beginning      */
    int64_t done, total;
    bool cancelled;      /* set by jobs_step when a person asked to stop      */
    struct rg_buf outcome; /* the kind writes a JSON object of counts here    */
    void (*on_progress)(void *arg, int64_t done, int64_t total); /* or NULL   */
    void *on_progress_arg;
};

struct jobs_kind {
    const char *name;      /* "import-hsds"                                   */
    const char *title_key; /* wording                                         */
    enum rg_err (*run)(struct rg_ctx *ctx, struct jobs_run *run, void *data);
    /* Work to the end or until run->cancelled. ctx has a session and no open write. */
    void *data;
};

RG_MUST_CHECK enum rg_err jobs_step(struct rg_ctx *ctx, struct jobs_run *run, struct str position,
                                    int64_t done, int64_t total);
/* Inside the write of the step's records, before its commit: remember position and progress. */

RG_MUST_CHECK enum rg_err jobs_find(struct rg_ctx *ctx, struct jobs_run *run, bool rejected,
                                    struct str file, uint64_t line, struct str field,
                                    const char *message_key, struct str value);
/* Inside a write: one finding about the input. message_key: wording with {value}. */

enum jobs_severity { JOBS_NOTED, JOBS_REPAIRED, JOBS_REJECTED };

struct jobs_problem {            /* a finding with all that can be said of it   */
    enum jobs_severity severity; /* noted: taken as it is, somebody should look */
    struct str file, field, value;
    uint64_t line, count;        /* count: cases it stands for; 0 is taken as 1 */
    const char *kind_key;        /* wording: what it is about; or NULL          */
    const char *message_key, *remedy_key; /* wording with {value} {field} {kind} {count};
                                             the remedy may be NULL              */
};
RG_MUST_CHECK enum rg_err jobs_tell(struct rg_ctx *ctx, struct jobs_run *run,
                                    const struct jobs_problem *problem);
/* Inside a write. */

struct str jobs_sentence(struct rg_ctx *ctx, const struct jobs_problem *problem);
/* Message and remedy in ctx's language, in the arena. */

RG_MUST_CHECK enum rg_err jobs_add(struct rg_ctx *ctx, const char *kind, struct str title,
                                   struct str args, int64_t *ret_id);
/* Inside a write: queue a job in the name of ctx's actor. */

struct jobs;
RG_MUST_CHECK enum rg_err jobs_start(struct rg_ctx *ctx, struct store *store,
                                     const struct jobs_kind *kinds, size_t n_kinds,
                                     struct jobs **ret_jobs);
/* Start the worker; what an earlier stop interrupted is taken up again. */
struct jobs *jobs_stop(struct jobs *jobs);
/* Let the running job end its step, then stop. Takes NULL. */
void jobs_wake(struct jobs *jobs);
/* A job was added. */

RG_MUST_CHECK enum rg_err jobs_run_here(struct rg_ctx *ctx, const struct jobs_kind *kind,
                                        struct str title, struct str args,
                                        void (*on_progress)(void *, int64_t, int64_t), void *arg,
                                        int64_t *ret_id);
/* Add and run a job in this thread, for the command line. The job's own failure is returned. */

struct jobs_finding {
    enum jobs_severity severity;
    struct str file, field;
    int64_t id, line;
    struct str message; /* the sentence in ctx's language */
};
RG_MUST_CHECK enum rg_err jobs_findings(struct rg_ctx *ctx, int64_t job_id, int64_t after_id,
                                        size_t n_max, struct jobs_finding **ret, size_t *ret_n);

struct jobs_count {
    enum jobs_severity severity;
    struct str message; /* the kind of finding, its arguments shown as "…" */
    int64_t n;
};
RG_MUST_CHECK enum rg_err jobs_finding_kinds(struct rg_ctx *ctx, int64_t job_id,
                                             struct jobs_count **ret, size_t *ret_n);

struct jobs_view {
    int64_t id, done, total, created_s, n_findings;
    struct str kind, title, state, outcome, failure, actor;
    bool cancel;
};
RG_MUST_CHECK enum rg_err jobs_get(struct rg_ctx *ctx, int64_t id, struct jobs_view *ret);

extern const struct store_room jobs_store;
extern const struct web_route jobs_routes[];
extern const size_t jobs_n_routes;

#endif
