/* A new event by hand: its frame, its tables and sessions, one a line. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <stdio.h>

enum { NEW_CODE, NEW_KIND, NEW_TITLE, NEW_AIM, NEW_PLACE, NEW_DAY, NEW_TABLES, NEW_SESSIONS };
static const char *const kinds[] = {"forum", "meeting", "assembly", "interview_round", NULL};
const struct web_input live_event_inputs[LIVE_EVENT_N] = {
    [NEW_CODE] = {.name = "codice", .max = 60, .required = true,
                  .label_key = "listening.live.event_code"},
    [NEW_KIND] = {.name = "genere", .kind = WEB_IN_CHOICE, .choices = kinds, .required = true,
                  .label_key = "listening.live.event_kind_label"},
    [NEW_TITLE] = {.name = "titolo", .max = 200, .required = true,
                   .label_key = "listening.live.event_title"},
    [NEW_AIM] = {.name = "scopo", .max = 1000, .label_key = "listening.live.event_aim"},
    [NEW_PLACE] = {.name = "luogo", .max = 200, .label_key = "listening.live.place"},
    [NEW_DAY] = {.name = "giorno", .kind = WEB_IN_DATE, .required = true,
                 .label_key = "listening.live.day"},
    [NEW_TABLES] = {.name = "tavoli", .max = 8000, .label_key = "listening.live.event_tables"},
    [NEW_SESSIONS] = {.name = "sessioni", .max = 8000,
                      .label_key = "listening.live.event_sessions"},
};

bool
live_event_code_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!((code.p[i] >= 'a' && code.p[i] <= 'z') || (code.p[i] >= '0' && code.p[i] <= '9') ||
              (code.p[i] == '-' && i > 0)))
            return false;
    return code.n > 0;
}

static void
problem(struct web_request *req, size_t input, const char *key)
{
    if (!req->values[input].problem_key) {
        req->values[input].problem_key = key;
        req->n_problems++;
    }
}

/* The next line that is not blank. */
static bool
line_next(struct str *rest, struct str *ret)
{
    while (str_cut(rest, '\n', ret)) {
        *ret = str_trim(*ret);
        if (ret->n)
            return true;
    }
    return false;
}

static struct str
piece(struct str *rest)
{
    struct str s = STR("");
    return str_cut(rest, ';', &s) ? str_trim(s) : STR("");
}

/* code; axis; title; seats */
static bool
table_read(struct str line, struct str *code, struct str *axis, struct str *title,
           struct store_int *seats)
{
    *code = piece(&line);
    *axis = piece(&line);
    *title = piece(&line);
    struct str n = piece(&line);
    *seats = (struct store_int){.has = n.n > 0};
    return live_event_code_ok(*code) && code->n <= 20 && axis->n <= 20 && title->n > 0 &&
           (n.n == 0 || rg_parse_i64(n, 1, 10000, &seats->v));
}

static void
check(struct web_request *req)
{
    struct str rest = web_text(req, NEW_TABLES), line, code, axis, title;
    struct store_int seats;
    if (web_given(req, NEW_CODE) && !live_event_code_ok(web_text(req, NEW_CODE)))
        problem(req, NEW_CODE, "listening.live.bad_code");
    while (line_next(&rest, &line)) {
        struct str before = web_text(req, NEW_TABLES), other, other_code;
        if (!table_read(line, &code, &axis, &title, &seats)) {
            problem(req, NEW_TABLES, "listening.live.bad_tables");
            return;
        }
        while (line_next(&before, &other) && other.p < line.p) {
            other_code = piece(&other);
            if (str_eq(other_code, code))
                problem(req, NEW_TABLES, "listening.live.table_twice");
        }
    }
}

static enum rg_err
form_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans, bool sent)
{
    static const char *const hints[LIVE_EVENT_N] = {
        [NEW_CODE] = "listening.live.event_code_hint",
        [NEW_TABLES] = "listening.live.event_tables_hint",
        [NEW_SESSIONS] = "listening.live.event_sessions_hint"};
    struct live_form form = {0};
    for (size_t i = 0; i < LIVE_EVENT_N; i++)
        if (!live_field(ctx, &form, i, &live_event_inputs[i], sent ? &req->values[i] : NULL,
                        hints[i]))
            return RG_NO_MEMORY(ctx);
    form.options[NEW_KIND] = live_options(ctx, "event_kind", kinds,
                                          sent ? web_text(req, NEW_KIND) : STR("forum"), false,
                                          &form.n_options[NEW_KIND]);
    if (form.n_errors)
        ans->status = 400;
    struct web_frame frame = {0};
    live_frame(ctx, &frame, NULL, wording_text(ctx->lang, "listening.live.event_new"));
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_event_new(h, &form);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_event_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    return form_show(ctx, req, ans, false);
}

static enum rg_err
event_put(struct rg_ctx *ctx, const struct web_request *req)
{
    struct listening_sql_live_event_add_row added;
    struct str rest, line, code, axis, title;
    struct store_int seats, none = {0};
    int64_t ord = 0;
    enum rg_err err = listening_sql_live_event_add(
        ctx, web_text(req, NEW_CODE), web_text(req, NEW_KIND), web_text(req, NEW_TITLE),
        web_text(req, NEW_AIM), web_text(req, NEW_PLACE), web_text(req, NEW_DAY), none, none,
        &added);
    rest = web_text(req, NEW_TABLES);
    while (err == RG_OK && line_next(&rest, &line)) {
        table_read(line, &code, &axis, &title, &seats);
        err = listening_sql_live_table_add(ctx, added.id, code, axis, title, seats, NULL);
    }
    rest = web_text(req, NEW_SESSIONS);
    while (err == RG_OK && line_next(&rest, &line)) {
        title = piece(&line);
        err = listening_sql_live_session_add(ctx, added.id, ++ord, title,
                                             line.n ? str_trim(line) : STR(""), NULL);
    }
    return err;
}

enum rg_err
live_event_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_event_row other;
    bool taken = false;
    check(req);
    enum rg_err err = store_write_begin(ctx, "event added");
    if (err == RG_OK)
        err = listening_sql_live_event(ctx, web_text(req, NEW_CODE), &taken, &other);
    if (err == RG_OK && taken)
        problem(req, NEW_CODE, "listening.live.event_code_taken");
    if (err == RG_OK && req->n_problems) {
        store_write_rollback(ctx);
        return form_show(ctx, req, ans, true);
    }
    if (err == RG_OK)
        err = event_put(ctx, req);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s",
                                       STR_ARG(web_text(req, NEW_CODE)));
    if (err == RG_OK)
        err = path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
    return err;
}
