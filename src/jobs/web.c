/* Pages of jobs: the list, one job with its progress, its findings as page, JSON and CSV. */
#include "jobs/jobs_priv.h"
#include "jobs_sql.h"
#include "jobs_tmpl.h"
#include "web_tmpl.h"

enum { LIST_MAX = 100, FINDINGS_PAGE = 50 };

static const char *
state_key(struct str state)
{
    static const char *const keys[][2] = {
        {"queued", "jobs.state.queued"}, {"running", "jobs.state.running"},
        {"here", "jobs.state.here"},     {"done", "jobs.state.done"},
        {"failed", "jobs.state.failed"}, {"cancelled", "jobs.state.cancelled"},
    };
    for (size_t i = 0; i < RG_COUNT(keys); i++)
        if (str_eq(state, str_of(keys[i][0])))
            return keys[i][1];
    return "jobs.state.failed";
}

static bool
at_work(struct str state)
{
    return str_is(state, "queued") || str_is(state, "running") || str_is(state, "here");
}

static struct str
progress_text(struct rg_ctx *ctx, int64_t done, int64_t total)
{
    struct str d = web_number(ctx, done), t = web_number(ctx, total);
    return total > 0 ? web_words(ctx, "jobs.progress", "done", &d, "total", &t, NULL)
                     : web_words(ctx, "jobs.progress_open", "done", &d, NULL);
}

/* A plain table of texts: headings by their wording keys. */
static bool
table_make(struct rg_ctx *ctx, struct web_table *table, const char *id, const char *caption_key,
           const char *const *heading_keys, size_t n_columns, size_t n_rows,
           struct web_cell **ret_cells)
{
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, n_columns);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, n_rows);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, n_rows * n_columns);
    if (!columns || !rows || !cells)
        return false;
    for (size_t c = 0; c < n_columns; c++)
        columns[c].label = wording_text(ctx->lang, heading_keys[c]);
    for (size_t r = 0; r < n_rows; r++)
        rows[r].cells = &cells[r * n_columns];
    *table = (struct web_table){.id = id,
                                .caption = wording_text(ctx->lang, caption_key),
                                .columns = columns,
                                .n_columns = n_columns,
                                .rows = rows,
                                .n_rows = n_rows};
    *ret_cells = cells;
    return true;
}

static enum rg_err
list_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    static const char *const headings[] = {"jobs.col.job", "jobs.col.state", "jobs.col.progress",
                                           "jobs.col.who", "jobs.col.when"};
    struct jobs_sql_job_list_row *jobs;
    size_t n;
    enum rg_err err = jobs_sql_job_list(ctx, INT64_MAX, LIST_MAX, &jobs, &n);
    if (err != RG_OK)
        return err;
    struct jobs_list_page page = {0};
    struct web_cell *cells;
    if (!table_make(ctx, &page.table, "lavori", "jobs.list.caption", headings, 5, n, &cells))
        return RG_NO_MEMORY(ctx);
    page.table_ref = &page.table;
    for (size_t i = 0; i < n; i++, cells += 5) {
        const char *path = rg_arena_printf(ctx->arena, "/lavori/%lld", (long long)jobs[i].id);
        cells[0].text = jobs[i].title;
        cells[0].path = str_of(path);
        cells[1].text = wording_text(ctx->lang, state_key(jobs[i].state));
        cells[1].badge = str_is(jobs[i].state, "failed") ? "bad"
                         : str_is(jobs[i].state, "done") ? "ok"
                                                         : "info";
        cells[2].text = progress_text(ctx, jobs[i].done, jobs[i].total);
        cells[3].text = jobs[i].actor;
        cells[4].text = web_moment(ctx, jobs[i].created_s);
    }
    struct web_frame frame = {.title = wording_text(ctx->lang, "jobs.title"), .no_index = true};
    struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_jobs_list(h, &page);
    return web_page_close(ctx, req, ans);
}

enum { IN_ID, IN_PAGE };
static const struct web_input job_inputs[] = {
    [IN_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX, .required = true},
    [IN_PAGE] = {.name = "pagina", .kind = WEB_IN_INT, .min = 1, .max = 1000000},
};

static void
put_severity(struct rg_ctx *ctx, struct web_cell *cell, enum jobs_severity severity)
{
    static const struct {
        const char *key, *badge;
    } shown[] = {[JOBS_NOTED] = {"jobs.finding.noted", "info"},
                 [JOBS_REPAIRED] = {"jobs.finding.repaired", "warn"},
                 [JOBS_REJECTED] = {"jobs.finding.rejected", "bad"}};
    cell->text = wording_text(ctx->lang, shown[severity].key);
    cell->badge = shown[severity].badge;
}

/* The outcome is a JSON object of counts, named by wording keys. */
static enum rg_err
outcome_table(struct rg_ctx *ctx, struct str outcome, struct jobs_job_page *page)
{
    static const char *const headings[] = {"jobs.outcome.what", "jobs.outcome.n"};
    const struct rg_jv *counts;
    if (!outcome.n || !rg_jv_parse(ctx->arena, outcome, &counts) || counts->kind != RG_JV_OBJECT)
        return RG_OK;
    struct web_cell *cells;
    if (!table_make(ctx, &page->outcome, "risultato", "jobs.outcome.caption", headings, 2,
                    counts->n, &cells))
        return RG_NO_MEMORY(ctx);
    const struct rg_jv *key = rg_jv_first(counts);
    for (uint32_t i = 0; i < counts->n; i++, cells += 2) {
        const struct rg_jv *value = rg_jv_next(key);
        const char *name = rg_arena_cstr(ctx->arena, rg_jv_str(ctx->arena, key));
        cells[0].text = name ? wording_text(ctx->lang, name) : STR("");
        cells[1].text = web_number(ctx, rg_jv_i64(value, 0));
        cells[1].numeric = true;
        key = rg_jv_next(value);
    }
    return RG_OK;
}

static enum rg_err
kinds_table(struct rg_ctx *ctx, int64_t id, struct jobs_job_page *page)
{
    static const char *const headings[] = {"jobs.finding.message", "jobs.finding.severity",
                                           "jobs.outcome.n"};
    struct jobs_count *kinds;
    struct web_cell *cells;
    size_t n;
    enum rg_err err = jobs_finding_kinds(ctx, id, &kinds, &n);
    if (err != RG_OK)
        return err;
    if (!table_make(ctx, &page->kinds, "tipi", "jobs.findings.kinds", headings, 3, n, &cells))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++, cells += 3) {
        cells[0].text = kinds[i].message;
        put_severity(ctx, &cells[1], kinds[i].severity);
        cells[2].text = web_number(ctx, kinds[i].n);
        cells[2].numeric = true;
    }
    return RG_OK;
}

static enum rg_err
findings_table(struct rg_ctx *ctx, int64_t id, int64_t number, struct jobs_job_page *page)
{
    static const char *const headings[] = {"jobs.finding.message", "jobs.finding.severity",
                                           "jobs.finding.file", "jobs.finding.line",
                                           "jobs.finding.field"};
    struct jobs_finding *rows;
    struct web_cell *cells;
    size_t n;
    enum rg_err err = jobs_findings_page(ctx, id, (number - 1) * FINDINGS_PAGE, FINDINGS_PAGE,
                                         &rows, &n);
    if (err != RG_OK)
        return err;
    if (!table_make(ctx, &page->findings, "righe", "jobs.findings.rows", headings, 5, n, &cells))
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++, cells += 5) {
        cells[0].text = rows[i].message;
        put_severity(ctx, &cells[1], rows[i].severity);
        cells[2].text = rows[i].file;
        cells[3].text = rows[i].line > 0 ? web_number(ctx, rows[i].line) : STR("");
        cells[3].numeric = true;
        cells[4].text = rows[i].field;
    }
    return RG_OK;
}

/* All findings as a listing, for CSV and JSON. */
static enum rg_err
findings_answer(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, int64_t id,
                int64_t n_findings)
{
    enum { ALL_MAX = 200000 }; /* more findings than rows of any list we know */
    static const struct web_listing_column columns[] = {
        {"result", WEB_DATUM_TEXT, "jobs.finding.severity"},
        {"file", WEB_DATUM_TEXT, "jobs.finding.file"},
        {"line", WEB_DATUM_INT, "jobs.finding.line"},
        {"field", WEB_DATUM_TEXT, "jobs.finding.field"},
        {"message", WEB_DATUM_TEXT, "jobs.finding.message"},
    };
    struct jobs_finding *found;
    size_t n;
    enum rg_err err = jobs_findings(ctx, id, 0, ALL_MAX, &found, &n);
    if (err != RG_OK)
        return err;
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * RG_COUNT(columns));
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *row = &cells[i * RG_COUNT(columns)];
        static const char *const names[] = {[JOBS_NOTED] = "noted", [JOBS_REPAIRED] = "repaired",
                                            [JOBS_REJECTED] = "rejected"};
        row[0] = web_datum_text(str_of(names[found[i].severity]));
        row[1] = web_datum_text(found[i].file);
        row[2] = web_datum_int(found[i].line);
        row[3] = web_datum_text(found[i].field);
        row[4] = web_datum_text(found[i].message);
    }
    const struct web_listing list = {.name = "findings",
                                     .columns = columns,
                                     .n_columns = RG_COUNT(columns),
                                     .cells = cells,
                                     .n_rows = n,
                                     .total = n_findings,
                                     .page = 1,
                                     .size = ALL_MAX};
    return web_listing_answer(ctx, req, ans, &list);
}

static void
put_state_json(struct web_answer *ans, const struct jobs_view *job, struct str done_text,
               struct str step)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    rg_jw_key(&jw, "id");
    rg_jw_i64(&jw, job->id);
    rg_jw_key(&jw, "state");
    rg_jw_str(&jw, job->state);
    rg_jw_key(&jw, "done");
    rg_jw_i64(&jw, job->done);
    rg_jw_key(&jw, "total");
    rg_jw_i64(&jw, job->total);
    rg_jw_key(&jw, "done_text");
    rg_jw_str(&jw, done_text);
    rg_jw_key(&jw, "step");
    rg_jw_str(&jw, step);
    rg_jw_key(&jw, "finished");
    rg_jw_bool(&jw, !at_work(job->state));
    rg_jw_key(&jw, "findings");
    rg_jw_i64(&jw, job->n_findings);
    rg_jw_key(&jw, "outcome");
    if (job->outcome.n)
        rg_jw_raw(&jw, job->outcome);
    else
        rg_jw_null(&jw);
    rg_jw_key(&jw, "failure");
    rg_jw_str(&jw, job->failure);
    rg_jw_end_object(&jw);
}

static enum rg_err
job_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct jobs_view job;
    enum rg_err err = jobs_get(ctx, web_int(req, IN_ID), &job);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_CSV)
        return findings_answer(ctx, req, ans, job.id, job.n_findings);
    bool working = at_work(job.state);
    struct str done_text = progress_text(ctx, job.done, job.total);
    struct str step = wording_text(ctx->lang, job.cancel                    ? "jobs.cancelling"
                                              : str_is(job.state, "queued") ? "jobs.starting"
                                                                            : "jobs.working");
    if (req->form == WEB_JSON) {
        put_state_json(ans, &job, done_text, step);
        return RG_OK;
    }
    struct jobs_job_page page = {.title = job.title,
                                 .kind = job.kind,
                                 .actor = job.actor,
                                 .failure = job.failure,
                                 .failed_title = wording_text(ctx->lang, "jobs.failed"),
                                 .created_s = job.created_s,
                                 .state_key = state_key(job.state),
                                 .finished = !working};
    struct web_progress progress;
    struct web_paging paging;
    struct web_download csv;
    const char *path = rg_arena_printf(ctx->arena, "/lavori/%lld", (long long)job.id);
    if (!path)
        return RG_NO_MEMORY(ctx);
    if (working) {
        progress = (struct web_progress){
            .json_path = str_of(web_path(ctx, "%s.json", path)),
            .title = wording_text(ctx->lang, "jobs.col.progress"),
            .step = step,
            .done_text = done_text,
            .done = job.done,
            .total = job.total,
            .cancel_path = job.cancel ? STR_NONE : str_of(web_path(ctx, "%s/annulla", path)),
            .reload_path = str_of(path)};
        if (!job.cancel)
            progress.cancel_path = str_of(rg_arena_printf(ctx->arena, "%s/annulla", path));
        page.progress = &progress;
        web_header(ans, "Refresh", "3"); /* so that it moves without script too */
    } else {
        int64_t number = web_given(req, IN_PAGE) ? web_int(req, IN_PAGE) : 1;
        err = outcome_table(ctx, job.outcome, &page);
        if (err == RG_OK)
            err = kinds_table(ctx, job.id, &page);
        if (err == RG_OK)
            err = findings_table(ctx, job.id, number, &page);
        if (err == RG_OK)
            err = web_paging_fill(ctx, str_of(path), STR(""), number, FINDINGS_PAGE,
                                  job.n_findings, &paging);
        if (err != RG_OK)
            return err;
        page.outcome_ref = &page.outcome;
        page.kinds_ref = &page.kinds;
        page.findings_ref = &page.findings;
        page.paging = &paging;
        csv = (struct web_download){"CSV",
                                    str_of(rg_arena_printf(ctx->arena, "%s.csv", path))};
        page.downloads = &csv;
        page.n_downloads = 1;
    }
    struct web_frame frame = {.title = job.title, .no_index = true};
    const struct web_crumb crumbs[] = {{STR("/lavori"), wording_text(ctx->lang, "jobs.title")},
                                       {STR_NONE, job.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_jobs_job(h, &page);
    return web_page_close(ctx, req, ans);
}

static enum rg_err
cancel(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    enum rg_err err = store_write_begin(ctx, "job cancel");
    if (err == RG_OK)
        err = jobs_sql_job_cancel(ctx, web_int(req, IN_ID), NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    if (err != RG_OK)
        return err;
    const char *path =
        rg_arena_printf(ctx->arena, "/lavori/%lld", (long long)web_int(req, IN_ID));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

#define STAFF (RG_ROLE_ADMIN | RG_ROLE_PLANNER)

const struct web_route jobs_routes[] = {
    {.method = "GET", .path = "/lavori", .roles = STAFF, .handle = list_page,
     .title_key = "jobs.title"},
    {.method = "GET", .path = "/lavori/{id}", .inputs = job_inputs,
     .n_inputs = RG_COUNT(job_inputs), .roles = STAFF, .handle = job_page,
     .title_key = "jobs.title", .forms = WEB_BIT(WEB_JSON) | WEB_BIT(WEB_CSV),
     .example = "/lavori/1"},
    {.method = "POST", .path = "/lavori/{id}/annulla", .inputs = job_inputs,
     .n_inputs = RG_COUNT(job_inputs), .roles = STAFF, .handle = cancel},
};
const size_t jobs_n_routes = RG_COUNT(jobs_routes);
