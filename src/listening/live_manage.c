/* Running an event: its state, who facilitates, the totals, follow-ups, the next meeting. */
#include "listening/live.h"
#include "accounts/accounts.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <stdio.h>

static const char *const states[] = {"draft", "open", "running", "closed", NULL};

static enum rg_err
back(struct rg_ctx *ctx, struct web_answer *ans, struct str code)
{
    const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s", STR_ARG(code));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

static enum rg_err
events_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_live_events_mine_row *rows;
    size_t n;
    enum rg_err err = listening_sql_live_events_mine(ctx, ctx->actor.account_id, live_office(ctx),
                                                     &rows, &n);
    if (err != RG_OK)
        return err;
    struct live_event_line *lines = RG_ARRAY(ctx->arena, struct live_event_line, n);
    if (!lines)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s",
                                           STR_ARG(rows[i].code));
        lines[i] = (struct live_event_line){
            str_of(path ? path : "/"), rows[i].title, web_day(ctx, rows[i].day),
            wording_text(ctx->lang, live_word_key(ctx, "state", rows[i].state))};
    }
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.live.events"),
                              .no_index = true};
    const struct web_crumb crumb = {STR_NONE, frame.title};
    web_crumbs(ctx, &frame, 1, &crumb);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_events(h, lines, n, live_office(ctx));
    return web_page_close(ctx, req, ans);
}

static enum rg_err
people_count(struct rg_ctx *ctx, const struct live_place *place, struct live_manage_page *page,
             int64_t *ret_nowhere)
{
    struct listening_sql_live_registrations_row *rows;
    size_t n;
    enum rg_err err = listening_sql_live_registrations(ctx, place->event.id, &rows, &n);
    *ret_nowhere = 0;
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        page->n_confirmed += str_is(rows[i].state, "confirmed");
        page->n_waiting += str_is(rows[i].state, "waiting");
        page->n_here += rows[i].here_s.has;
        *ret_nowhere += rows[i].here_s.has && !rows[i].here_table_id.has;
    }
    return err;
}

static enum rg_err
manage_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct listening_sql_live_facilitators_row *facilitators;
    struct listening_sql_live_followups_row *followups;
    int64_t nowhere;
    enum rg_err err = live_staff_open(ctx, web_text(req, 0), STR(""), &place);
    if (err != RG_OK)
        return err;
    struct live_manage_page page = {.code = place.event.code, .title = place.event.title,
                                    .day = web_day(ctx, place.event.day),
                                    .office = live_office(ctx),
                                    .tables = place.tables, .n_tables = place.n_tables};
    err = people_count(ctx, &place, &page, &nowhere);
    if (err == RG_OK)
        err = listening_sql_live_facilitators(ctx, place.event.id, &facilitators,
                                              &page.n_facilitators);
    if (err == RG_OK)
        err = listening_sql_live_followups(ctx, place.event.id, &followups, &page.n_followups);
    if (err != RG_OK)
        return err;
    page.facilitators = facilitators;
    page.followups = followups;
    live_totals_of(ctx, place.event.n_present, place.event.n_remote, nowhere, place.tables,
                   place.n_tables, &page.totals);
    page.totals_ref = &page.totals;
    page.state = wording_text(ctx->lang, live_word_key(ctx, "state", place.event.state));
    page.states = live_options(ctx, "state", states, place.event.state, false, &page.n_states);
    page.table_options = live_table_options(ctx, &place, STR(""), true, &page.n_table_options);
    struct web_frame frame = {0};
    live_frame(ctx, &frame, NULL, place.event.title);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_manage(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- state and facilitators: the office ---- */

enum { STATE_CODE, STATE_STATE };
static const struct web_input state_inputs[] = {
    [STATE_CODE] = {.name = "codice", .max = 60, .required = true},
    [STATE_STATE] = {.name = "stato", .kind = WEB_IN_CHOICE, .required = true, .choices = states,
                     .label_key = "listening.live.state_label"},
};

static enum rg_err
state_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = store_write_begin(ctx, "event state");
    if (err == RG_OK)
        err = live_staff_open(ctx, web_text(req, STATE_CODE), STR(""), &place);
    bool closes = err == RG_OK && str_is(web_text(req, STATE_STATE), "closed");
    for (size_t i = 0; closes && i < place.n_tables; i++)
        if (!place.tables[i].closed_s.has && place.tables[i].n_cards > 0)
            err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.tables_open", "table",
                          rg_arena_cstr(ctx->arena, place.tables[i].code));
    if (err == RG_OK)
        err = listening_sql_live_event_state_set(ctx, place.event.id, web_text(req, STATE_STATE),
                                                 NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back(ctx, ans, place.event.code) : err;
}

enum { FAC_CODE, FAC_LOGIN, FAC_TABLE, FAC_REMOVE };
static const struct web_input facilitator_inputs[] = {
    [FAC_CODE] = {.name = "codice", .max = 60, .required = true},
    [FAC_LOGIN] = {.name = "login", .max = 64, .label_key = "listening.live.login"},
    [FAC_TABLE] = {.name = "tavolo", .max = 20, .label_key = "listening.live.table"},
    [FAC_REMOVE] = {.name = "togli", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX},
};

/* The account must be a facilitator's: an assignment alone opens no route. */
static enum rg_err
facilitator_find(struct rg_ctx *ctx, struct str login, int64_t *ret_id)
{
    struct accounts_view account;
    bool found;
    enum rg_err err = accounts_find(ctx, login, &found, ret_id);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.live.no_account");
    if (err == RG_OK)
        err = accounts_get(ctx, *ret_id, &account);
    if (err == RG_OK && !(account.roles & RG_ROLE_FACILITATOR))
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.no_facilitator", "login", account.login.p);
    return err;
}

static enum rg_err
facilitators_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    int64_t id = 0;
    bool removes = web_given(req, FAC_REMOVE);
    enum rg_err err = live_staff_open(ctx, web_text(req, FAC_CODE), STR(""), &place);
    if (err == RG_OK && !removes)
        err = facilitator_find(ctx, web_text(req, FAC_LOGIN), &id);
    if (err != RG_OK)
        return err;
    const struct listening_sql_live_tables_row *table =
        live_table_find(&place, web_text(req, FAC_TABLE));
    if (web_text(req, FAC_TABLE).n && !table)
        return RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    err = store_write_begin(ctx, "facilitators of an event");
    if (err == RG_OK && removes)
        err = listening_sql_live_facilitator_remove(ctx, place.event.id, web_int(req, FAC_REMOVE),
                                                    NULL);
    else if (err == RG_OK)
        err = listening_sql_live_facilitator_add(
            ctx, place.event.id, (struct store_int){table != NULL, table ? table->id : 0}, id,
            web_text(req, FAC_LOGIN), NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back(ctx, ans, place.event.code) : err;
}

/* ---- follow-ups and the next meeting ---- */

enum { FOLLOW_CODE, FOLLOW_TEXT, FOLLOW_OWNER, FOLLOW_DUE, FOLLOW_ID, FOLLOW_STATE };
static const char *const follow_states[] = {"open", "done", NULL};
const struct web_input live_followups_inputs[LIVE_FOLLOWUPS_N] = {
    [FOLLOW_CODE] = {.name = "codice", .max = 60, .required = true},
    [FOLLOW_TEXT] = {.name = "impegno", .max = 1000, .label_key = "listening.live.followup"},
    [FOLLOW_OWNER] = {.name = "chi", .max = 200, .label_key = "listening.live.followup_owner"},
    [FOLLOW_DUE] = {.name = "entro", .kind = WEB_IN_DATE, .label_key = "listening.live.due"},
    [FOLLOW_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX},
    [FOLLOW_STATE] = {.name = "stato", .kind = WEB_IN_CHOICE, .choices = follow_states},
};

enum rg_err
live_followups_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, FOLLOW_CODE), STR(""), &place);
    if (err == RG_OK && !web_given(req, FOLLOW_ID) && !web_given(req, FOLLOW_TEXT))
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.followup_empty");
    if (err == RG_OK)
        err = store_write_begin(ctx, "follow-up");
    if (err == RG_OK && web_given(req, FOLLOW_ID))
        err = listening_sql_live_followup_set(ctx, web_int(req, FOLLOW_ID), place.event.id,
                                              web_int(req, FOLLOW_STATE) ? STR("done")
                                                                         : STR("open"), NULL);
    else if (err == RG_OK)
        err = listening_sql_live_followup_add(ctx, place.event.id, web_text(req, FOLLOW_TEXT),
                                              web_text(req, FOLLOW_OWNER),
                                              web_text(req, FOLLOW_DUE), (struct store_int){0},
                                              NULL);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back(ctx, ans, place.event.code) : err;
}

enum { NEXT_CODE, NEXT_DAY, NEXT_NEW };
const struct web_input live_next_inputs[LIVE_NEXT_N] = {
    [NEXT_CODE] = {.name = "codice", .max = 60, .required = true},
    [NEXT_DAY] = {.name = "giorno", .kind = WEB_IN_DATE, .required = true,
                  .label_key = "listening.live.next_day"},
    [NEXT_NEW] = {.name = "nuovo", .max = 60, .required = true,
                  .label_key = "listening.live.next_code"},
};

/* What is open goes along and is marked as carried where it was: it stands open in one place. */
static enum rg_err
carry(struct rg_ctx *ctx, int64_t from, int64_t to)
{
    struct listening_sql_live_followups_row *rows;
    size_t n;
    enum rg_err err = listening_sql_live_followups(ctx, from, &rows, &n);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        if (!str_is(rows[i].state, "open"))
            continue;
        err = listening_sql_live_followup_add(ctx, to, rows[i].text, rows[i].owner,
                                              rows[i].due_day, (struct store_int){true, rows[i].id},
                                              NULL);
        if (err == RG_OK)
            err = listening_sql_live_followup_set(ctx, rows[i].id, from, STR("carried"), NULL);
    }
    return err;
}

enum rg_err
live_next_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    struct listening_sql_live_event_next_row next;
    struct listening_sql_live_event_row other;
    bool taken = false;
    struct str code = web_text(req, NEXT_NEW);
    enum rg_err err = live_staff_open(ctx, web_text(req, NEXT_CODE), STR(""), &place);
    if (err == RG_OK && !live_event_code_ok(code))
        err = RG_FAIL(ctx, RG_INVALID, "listening.live.bad_code");
    if (err == RG_OK)
        err = store_write_begin(ctx, "next meeting of a series");
    if (err == RG_OK)
        err = listening_sql_live_event(ctx, code, &taken, &other);
    if (err == RG_OK && taken)
        err = RG_FAIL(ctx, RG_CONFLICT, "listening.live.code_taken", "code",
                      rg_arena_cstr(ctx->arena, code));
    struct str series = err == RG_OK && place.event.series.n ? place.event.series
                                                             : web_text(req, NEXT_CODE);
    if (err == RG_OK && place.event.series.n == 0)
        err = listening_sql_live_event_series_set(ctx, place.event.id, series, NULL);
    if (err == RG_OK)
        err = listening_sql_live_event_next(ctx, place.event.id, code, series,
                                            web_text(req, NEXT_DAY), &next);
    if (err == RG_OK)
        err = listening_sql_live_tables_copy(ctx, place.event.id, next.id, NULL);
    if (err == RG_OK)
        err = carry(ctx, place.event.id, next.id);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    return err == RG_OK ? back(ctx, ans, code) : err;
}

/* ---- the routes ---- */

#define STAFF (RG_ROLE_FACILITATOR | RG_ROLE_PLANNER | RG_ROLE_ADMIN)
#define OFFICE (RG_ROLE_PLANNER | RG_ROLE_ADMIN)
#define EVENT "/gestione/eventi/{codice}"
#define TABLE EVENT "/tavoli/{tavolo}"

const struct web_route listening_live_routes[] = {
    {.method = "GET", .path = "/ascolto/eventi/{codice}/iscrizione",
     .inputs = live_register_inputs, .n_inputs = 1, .roles = RG_ROLE_PUBLIC,
     .handle = live_register_get, .title_key = "listening.live.register_title",
     .flags = WEB_NO_SITEMAP},
    {.method = "POST", .path = "/ascolto/eventi/{codice}/iscrizione",
     .inputs = live_register_inputs, .n_inputs = LIVE_REGISTER_N, .roles = RG_ROLE_PUBLIC,
     .handle = live_register_post, .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = "/ascolto/iscrizioni/{segno}", .inputs = live_link_inputs,
     .n_inputs = 1, .roles = RG_ROLE_PUBLIC, .handle = live_link_get,
     .title_key = "listening.live.link_title", .flags = WEB_NO_SITEMAP},
    {.method = "POST", .path = "/ascolto/iscrizioni/{segno}", .inputs = live_link_inputs,
     .n_inputs = LIVE_LINK_N, .roles = RG_ROLE_PUBLIC, .handle = live_link_post},
    {.method = "GET", .path = "/ascolto/eventi/{codice}/assemblea",
     .inputs = live_assembly_inputs, .n_inputs = 1, .roles = RG_ROLE_PUBLIC,
     .handle = live_assembly_get, .title_key = "listening.live.assembly_title",
     .cache = WEB_PUBLIC},
    {.method = "GET", .path = "/gestione/eventi", .roles = STAFF, .handle = events_get,
     .title_key = "listening.live.events"},
    {.method = "GET", .path = "/gestione/eventi/nuovo", .roles = OFFICE,
     .handle = live_event_get, .title_key = "listening.live.event_new"},
    {.method = "POST", .path = "/gestione/eventi/nuovo", .inputs = live_event_inputs,
     .n_inputs = LIVE_EVENT_N, .roles = OFFICE, .handle = live_event_post,
     .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = EVENT, .inputs = live_counts_inputs, .n_inputs = 1, .roles = STAFF,
     .handle = manage_get, .title_key = "listening.live.event"},
    {.method = "POST", .path = EVENT "/stato", .inputs = state_inputs,
     .n_inputs = RG_COUNT(state_inputs), .roles = OFFICE, .handle = state_post},
    {.method = "POST", .path = EVENT "/facilitatori", .inputs = facilitator_inputs,
     .n_inputs = RG_COUNT(facilitator_inputs), .roles = OFFICE, .handle = facilitators_post},
    {.method = "POST", .path = EVENT "/conteggi", .inputs = live_counts_inputs,
     .n_inputs = LIVE_COUNTS_N, .roles = STAFF, .handle = live_counts_post},
    {.method = "POST", .path = EVENT "/impegni", .inputs = live_followups_inputs,
     .n_inputs = LIVE_FOLLOWUPS_N, .roles = STAFF, .handle = live_followups_post},
    {.method = "POST", .path = EVENT "/prossimo", .inputs = live_next_inputs,
     .n_inputs = LIVE_NEXT_N, .roles = OFFICE, .handle = live_next_post},
    {.method = "GET", .path = EVENT "/accoglienza", .inputs = live_door_inputs, .n_inputs = 2,
     .roles = STAFF, .handle = live_door_get, .title_key = "listening.live.door_title"},
    {.method = "POST", .path = EVENT "/accoglienza", .inputs = live_door_inputs,
     .n_inputs = LIVE_DOOR_N, .roles = STAFF, .handle = live_door_post},
    {.method = "GET", .path = EVENT "/plenaria", .inputs = live_counts_inputs, .n_inputs = 1,
     .roles = STAFF, .handle = live_plenary_get, .title_key = "listening.live.plenary_title"},
    {.method = "GET", .path = TABLE, .inputs = live_table_inputs, .n_inputs = LIVE_TABLE_N,
     .roles = STAFF, .handle = live_table_get, .title_key = "listening.live.table"},
    {.method = "GET", .path = TABLE "/carte", .inputs = live_cards_inputs, .n_inputs = 2,
     .roles = STAFF, .handle = live_cards_get, .forms = WEB_BIT(WEB_JSON)},
    {.method = "POST", .path = TABLE "/carte", .inputs = live_cards_inputs,
     .n_inputs = LIVE_CARDS_N, .roles = STAFF, .handle = live_cards_post,
     .forms = WEB_BIT(WEB_JSON), .flags = WEB_SHOWS_PROBLEMS},
    {.method = "POST", .path = TABLE "/gruppi", .inputs = live_groups_inputs,
     .n_inputs = LIVE_GROUPS_N, .roles = STAFF, .handle = live_groups_post},
    {.method = "POST", .path = TABLE "/resoconto", .inputs = live_report_inputs,
     .n_inputs = LIVE_REPORT_N, .roles = STAFF, .handle = live_report_post},
    {.method = "GET", .path = "/gestione/interviste", .inputs = live_interviews_inputs,
     .n_inputs = 0, .roles = OFFICE, .handle = live_interviews_get,
     .title_key = "listening.live.interviews"},
    {.method = "POST", .path = "/gestione/interviste", .inputs = live_interviews_inputs,
     .n_inputs = LIVE_INTERVIEWS_N, .roles = OFFICE, .handle = live_interviews_post,
     .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = "/gestione/interviste/{pseudonimo}",
     .inputs = live_interviews_inputs, .n_inputs = 1, .roles = OFFICE,
     .handle = live_interview_get, .title_key = "listening.live.interview"},
    {.method = "POST", .path = "/gestione/interviste/{pseudonimo}/voci",
     .inputs = live_interviews_inputs, .n_inputs = LIVE_INTERVIEWS_N, .roles = OFFICE,
     .handle = live_interview_post, .flags = WEB_SHOWS_PROBLEMS},
    {.method = "GET", .path = EVENT "/assemblea", .inputs = live_assembly_inputs, .n_inputs = 1,
     .roles = OFFICE, .handle = live_assembly_staff_get,
     .title_key = "listening.live.assembly_title"},
    {.method = "POST", .path = EVENT "/sorteggio", .inputs = live_draw_inputs,
     .n_inputs = LIVE_DRAW_N, .roles = OFFICE, .handle = live_draw_post},
    {.method = "POST", .path = EVENT "/raccomandazioni", .inputs = live_recommend_inputs,
     .n_inputs = LIVE_RECOMMEND_N, .roles = OFFICE, .handle = live_recommend_post},
};
const size_t listening_live_n_routes = RG_COUNT(listening_live_routes);
