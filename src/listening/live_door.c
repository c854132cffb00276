/* The door: check-in by name, people who come without registering, head counts, erasing. */
#include "listening/live.h"
#include "listening/live_pages.h"
#include "listening_tmpl.h"
#include <stdio.h>

enum { LINES_MAX = 25 }; /* a longer list is no help at a door: type more of the name */
enum { IN_CODE, IN_Q, IN_ACTION, IN_ID, IN_TABLE, IN_NAME, IN_CATEGORY, IN_ZONE };
static const char *const actions[] = {"entra", "esce", "senza", "cancella", NULL};
const struct web_input live_door_inputs[LIVE_DOOR_N] = {
    [IN_CODE] = {.name = "codice", .max = 60, .required = true},
    [IN_Q] = {.name = "q", .max = LIVE_NAME_MAX, .label_key = "listening.live.search_name"},
    [IN_ACTION] = {.name = "azione", .kind = WEB_IN_CHOICE, .choices = actions},
    [IN_ID] = {.name = "id", .kind = WEB_IN_INT, .min = 1, .max = INT64_MAX},
    [IN_TABLE] = {.name = "tavolo", .max = 20, .label_key = "listening.live.table"},
    [IN_NAME] = {.name = "nome", .max = LIVE_NAME_MAX, .label_key = "listening.live.name"},
    [IN_CATEGORY] = {.name = "categoria", .max = 40, .label_key = "listening.live.category"},
    [IN_ZONE] = {.name = "zona", .max = 2, .label_key = "listening.live.zone_label"},
};

static enum rg_err
lines_fill(struct rg_ctx *ctx, const struct live_place *place, struct live_door_page *page)
{
    struct listening_sql_live_registrations_row *rows;
    size_t n;
    enum rg_err err = listening_sql_live_registrations(ctx, place->event.id, &rows, &n);
    struct live_door_line *lines = RG_ARRAY(ctx->arena, struct live_door_line, LINES_MAX);
    if (err == RG_OK && !lines)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < n; i++) {
        bool active = str_is(rows[i].state, "confirmed") || str_is(rows[i].state, "waiting");
        page->n_here += rows[i].here_s.has;
        page->n_nowhere += rows[i].here_s.has && !rows[i].here_table_id.has;
        page->n_registered += active;
        page->n_unreadable += active && !rows[i].secret.n;
        if (page->n_lines == LINES_MAX || !page->searched || !active)
            continue;
        struct str name = live_open(ctx, rows[i].name_box, rows[i].secret);
        if (name.n == 0 || !live_name_matches(name, page->q))
            continue;
        lines[page->n_lines++] = (struct live_door_line){
            .id = rows[i].id, .name = name,
            .contact = live_open(ctx, rows[i].contact_box, rows[i].secret),
            .table = rows[i].table_code.p ? rows[i].table_code : STR(""),
            .here_table = rows[i].here_code.p ? rows[i].here_code : STR(""),
            .here = rows[i].here_s.has, .waiting = str_is(rows[i].state, "waiting")};
    }
    page->lines = lines;
    return err;
}

static enum rg_err
door_show(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
          const struct live_place *place, const char *walk_problem)
{
    struct live_door_page page = {.code = place->event.code,
                                  .title = place->event.title,
                                  .q = web_text(req, IN_Q),
                                  .searched = web_given(req, IN_Q),
                                  .office = live_office(ctx)};
    if (walk_problem) {
        page.walk_problem = wording_text(ctx->lang, walk_problem);
        ans->status = 400;
    }
    page.tables = live_table_options(ctx, place, STR(""), true, &page.n_tables);
    enum rg_err err = lines_fill(ctx, place, &page);
    if (err != RG_OK)
        return err;
    struct web_frame frame = {0};
    live_frame(ctx, &frame, place, wording_text(ctx->lang, "listening.live.door_title"));
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_live_door(h, &page);
    return web_page_close(ctx, req, ans);
}

enum rg_err
live_door_get(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, IN_CODE), STR(""), &place);
    return err == RG_OK ? door_show(ctx, req, ans, &place, NULL) : err;
}

/* Somebody who did not register: present, at a table, and no more is kept than what they say. */
static enum rg_err
walk_in(struct rg_ctx *ctx, struct web_request *req, const struct live_place *place,
        struct store_int table_id)
{
    struct live_registered done;
    const struct live_person person = {.name = web_text(req, IN_NAME), .contact = STR(""),
                                       .category = web_text(req, IN_CATEGORY),
                                       .zone = web_text(req, IN_ZONE),
                                       .table_id = table_id, .walk_in = true};
    enum rg_err err = live_register(ctx, place->event.id, &person, &done);
    if (err == RG_OK)
        err = live_check_in(ctx, place->event.id, done.id, true, table_id);
    return err;
}

static enum rg_err
act(struct rg_ctx *ctx, struct web_request *req, const struct live_place *place,
    struct store_int table_id)
{
    switch (web_given(req, IN_ACTION) ? web_int(req, IN_ACTION) : 0) {
    case 0: return live_check_in(ctx, place->event.id, web_int(req, IN_ID), true, table_id);
    case 1:
        return live_check_in(ctx, place->event.id, web_int(req, IN_ID), false,
                             (struct store_int){0});
    case 2: return walk_in(ctx, req, place, table_id);
    default:
        return live_office(ctx) ? live_erase(ctx, place->event.id, web_int(req, IN_ID))
                                : RG_FAIL(ctx, RG_DENIED, "listening.live.office_only");
    }
}

enum rg_err
live_door_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, IN_CODE), STR(""), &place);
    if (err != RG_OK)
        return err;
    const struct listening_sql_live_tables_row *table =
        live_table_find(&place, web_text(req, IN_TABLE));
    if (web_text(req, IN_TABLE).n && !table)
        return RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
    bool erase = web_given(req, IN_ACTION) && web_int(req, IN_ACTION) == 3;
    if (!erase && !str_is(place.event.state, "open") && !str_is(place.event.state, "running"))
        return RG_FAIL(ctx, RG_CONFLICT, "listening.live.door_shut");
    if (!live_code_ok(live_categories, web_text(req, IN_CATEGORY)) ||
        !live_zone_ok(web_text(req, IN_ZONE)))
        return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_walk_in");
    if (web_given(req, IN_ACTION) && web_int(req, IN_ACTION) == 2 && !web_given(req, IN_NAME))
        return door_show(ctx, req, ans, &place, "listening.live.walk_name");
    err = act(ctx, req, &place, (struct store_int){table != NULL, table ? table->id : 0});
    if (err != RG_OK)
        return err;
    const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s/accoglienza",
                                       STR_ARG(place.event.code));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}

/* ---- head counts ---- */

enum { COUNT_CODE, COUNT_PRESENT, COUNT_REMOTE, COUNT_TABLE, COUNT_N };
const struct web_input live_counts_inputs[LIVE_COUNTS_N] = {
    [COUNT_CODE] = {.name = "codice", .max = 60, .required = true},
    [COUNT_PRESENT] = {.name = "presenti", .kind = WEB_IN_INT, .min = 0, .max = 100000,
                       .label_key = "listening.live.present"},
    [COUNT_REMOTE] = {.name = "collegati", .kind = WEB_IN_INT, .min = 0, .max = 1000000,
                      .label_key = "listening.live.remote"},
    [COUNT_TABLE] = {.name = "tavolo", .kind = WEB_IN_LIST, .max = 20,
                     .label_key = "listening.live.table"},
    [COUNT_N] = {.name = "contati", .kind = WEB_IN_LIST, .max = 20,
                 .label_key = "listening.live.counted"},
};

static enum rg_err
table_counts(struct rg_ctx *ctx, const struct web_request *req, const struct live_place *place)
{
    const struct web_value *codes = &req->values[COUNT_TABLE], *counts = &req->values[COUNT_N];
    enum rg_err err = RG_OK;
    /* An empty box is not sent with the list's values, so "-" stands for "not counted". */
    if (codes->n != counts->n)
        return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_counts");
    for (size_t i = 0; err == RG_OK && i < codes->n; i++) {
        const struct listening_sql_live_tables_row *table = live_table_find(place, codes->list[i]);
        int64_t n = 0;
        bool told = !str_is(counts->list[i], "-");
        if (!table)
            return RG_FAIL(ctx, RG_ABSENT, "listening.live.no_table");
        if (told && !rg_parse_i64(counts->list[i], 0, 10000, &n))
            return RG_FAIL(ctx, RG_INVALID, "listening.live.bad_count", "table",
                           rg_arena_cstr(ctx->arena, codes->list[i]));
        err = listening_sql_live_table_counts_set(ctx, table->id, (struct store_int){told, n},
                                                  NULL);
    }
    return err;
}

enum rg_err
live_counts_post(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct live_place place;
    enum rg_err err = live_staff_open(ctx, web_text(req, COUNT_CODE), STR(""), &place);
    if (err == RG_OK)
        err = store_write_begin(ctx, "heads counted");
    if (err == RG_OK)
        err = listening_sql_live_event_counts_set(
            ctx, place.event.id,
            (struct store_int){web_given(req, COUNT_PRESENT), web_int(req, COUNT_PRESENT)},
            (struct store_int){web_given(req, COUNT_REMOTE), web_int(req, COUNT_REMOTE)}, NULL);
    if (err == RG_OK)
        err = table_counts(ctx, req, &place);
    if (err == RG_OK)
        err = store_write_commit(ctx);
    store_write_rollback(ctx);
    if (err != RG_OK)
        return err;
    const char *path = rg_arena_printf(ctx->arena, "/gestione/eventi/%.*s",
                                       STR_ARG(place.event.code));
    return path ? web_see_other(ctx, ans, path) : RG_NO_MEMORY(ctx);
}
