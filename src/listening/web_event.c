/* An event: aim, programme, tables, sessions, speeches, who came; one table. */
#include "listening/surface.h"
#include "listening/kernel.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_EVENT, IN_TABLE };

struct event {
    struct listening_sql_event_get_row row;
    struct listening_sql_event_slots_row *slots;
    struct listening_sql_event_tables_row *tables;
    struct listening_sql_event_counts_row *counts;
    size_t n_slots, n_tables, n_counts;
};

static enum rg_err
event_open(struct rg_ctx *ctx, struct str code, struct event *event)
{
    bool found;
    enum rg_err err = listening_sql_event_get(ctx, code, &found, &event->row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_event");
    return err;
}

/* ---- parts ---- */

static enum rg_err
slots_fill(struct rg_ctx *ctx, struct event *event, struct said_event *page)
{
    enum rg_err err =
        listening_sql_event_slots(ctx, event->row.id, &event->slots, &event->n_slots);
    struct said_slot *slots =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_slot, event->n_slots) : NULL;
    if (err == RG_OK && !slots)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < event->n_slots; i++) {
        const struct listening_sql_event_slots_row *row = &event->slots[i];
        const char *hours = rg_arena_printf(ctx->arena, "%.*s – %.*s",
                                            STR_ARG(said_clock(ctx, row->starts_min)),
                                            STR_ARG(said_clock(ctx, row->ends_min)));
        slots[i] = (struct said_slot){str_of(hours), row->title,
                                      said_key(ctx, "listening.slot.", row->kind),
                                      row->ends_min - row->starts_min};
        page->minutes_total += slots[i].minutes;
    }
    page->slots = slots;
    page->n_slots = err == RG_OK ? event->n_slots : 0;
    return err;
}

static struct said_table
table_of(struct rg_ctx *ctx, const struct listening_sql_event_tables_row *row)
{
    return (struct said_table){.code = row->code,
                               .axis = row->axis,
                               .title = row->title,
                               .room = row->room,
                               .merged_with = row->merged_with,
                               .report = row->report,
                               .has_present = row->n_present.has,
                               .has_capacity = row->capacity.has,
                               .n_present = row->n_present.v,
                               .capacity = row->capacity.v,
                               .n = row->n,
                               .sources = said_sources_of(ctx, row->source)};
}

static enum rg_err
tables_fill(struct rg_ctx *ctx, struct event *event, struct said_event *page)
{
    enum rg_err err =
        listening_sql_event_tables(ctx, event->row.id, &event->tables, &event->n_tables);
    struct said_table *tables =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_table, event->n_tables) : NULL;
    if (err == RG_OK && !tables)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < event->n_tables; i++)
        tables[i] = table_of(ctx, &event->tables[i]);
    page->tables = tables;
    page->n_tables = err == RG_OK ? event->n_tables : 0;
    return err;
}

static enum rg_err
sessions_fill(struct rg_ctx *ctx, int64_t event_id, const struct said_session **ret,
              size_t *ret_n)
{
    struct listening_sql_event_sessions_row *rows;
    enum rg_err err = listening_sql_event_sessions(ctx, event_id, &rows, ret_n);
    struct said_session *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_session, *ret_n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < *ret_n; i++)
        list[i] =
            (struct said_session){rows[i].ord, rows[i].n, rows[i].title, rows[i].question};
    *ret = list;
    return err;
}

static enum rg_err
speeches_fill(struct rg_ctx *ctx, int64_t event_id, struct said_event *page)
{
    struct listening_sql_event_speeches_row *rows;
    struct listening_sql_event_acts_row *acts;
    size_t n, n_acts;
    enum rg_err err = listening_sql_event_speeches(ctx, event_id, &rows, &n);
    if (err == RG_OK)
        err = listening_sql_event_acts(ctx, event_id, &acts, &n_acts);
    if (err != RG_OK)
        return err;
    struct said_speech *list = RG_ARRAY(ctx->arena, struct said_speech, n);
    struct said_act *act_list = RG_ARRAY(ctx->arena, struct said_act, n_acts);
    if (!list || !act_list)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct said_speech){rows[i].speaker,
                                       rows[i].aliases,
                                       rows[i].role,
                                       rows[i].body,
                                       rows[i].summary,
                                       rows[i].url,
                                       said_sources_of(ctx, rows[i].source)};
    for (size_t i = 0; i < n_acts; i++)
        act_list[i] = (struct said_act){acts[i].title, acts[i].body, web_day(ctx, acts[i].day),
                                        acts[i].summary, said_sources_of(ctx, acts[i].source)};
    page->speeches = list;
    page->n_speeches = n;
    page->acts = act_list;
    page->n_acts = n_acts;
    return RG_OK;
}

/* ---- figures ---- */

/* Attendance as the source tells it: with a number, or only with its place in the order. */
static const struct web_table *
told_table(struct rg_ctx *ctx, const struct event *event, const char *what, const char *id)
{
    struct web_table *table = RG_NEW(ctx->arena, struct web_table);
    struct web_column *columns = RG_ARRAY(ctx->arena, struct web_column, 2);
    struct web_row *rows = RG_ARRAY(ctx->arena, struct web_row, event->n_counts);
    struct web_cell *cells = RG_ARRAY(ctx->arena, struct web_cell, event->n_counts * 2);
    size_t n = 0;
    if (!table || !columns || !rows || !cells)
        return NULL;
    bool axis = strcmp(what, "axis") == 0;
    for (size_t i = 0; i < event->n_counts; i++) {
        const struct listening_sql_event_counts_row *row = &event->counts[i];
        if (!str_eq(row->what, str_of(what)))
            continue;
        rows[n].cells = &cells[n * 2];
        cells[n * 2].text = axis ? said_axis_title(ctx, row->code)
                                 : web_words(ctx, "listening.zone", "zone", &row->code, NULL);
        struct str rank = web_number(ctx, row->rank.v);
        cells[n * 2 + 1] = (struct web_cell){
            .text = row->n.has ? web_number(ctx, row->n.v)
                    : row->rank.has
                        ? web_words(ctx, "listening.event.rank", "rank", &rank, NULL)
                        : wording_text(ctx->lang, "listening.event.named"),
            .numeric = axis};
        n++;
    }
    columns[0].label =
        wording_text(ctx->lang, axis ? "listening.col.axis" : "listening.col.zone");
    columns[1] = (struct web_column){.label = wording_text(ctx->lang, "listening.col.present"),
                                     .numeric = axis};
    *table =
        (struct web_table){.id = id,
                           .caption = wording_text(ctx->lang, axis ? "listening.event.by_axis"
                                                                   : "listening.event.by_zone"),
                           .columns = columns,
                           .n_columns = 2,
                           .rows = rows,
                           .n_rows = n};
    return n ? table : NULL;
}

static enum rg_err
figures_fill(struct rg_ctx *ctx, struct event *event, struct said_event *page)
{
    enum { PARTS_MAX = 64 };
    int64_t parts[PARTS_MAX];
    bool has[PARTS_MAX];
    size_t n = 0;
    enum rg_err err =
        listening_sql_event_counts(ctx, event->row.id, &event->counts, &event->n_counts);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < event->n_counts && n < PARTS_MAX; i++)
        if (str_is(event->counts[i].what, "axis")) {
            parts[n] = event->counts[i].n.v;
            has[n++] = event->counts[i].n.has;
        }
    for (size_t i = 0; i < event->n_tables && event->n_counts == 0 && n < PARTS_MAX; i++) {
        parts[n] = event->tables[i].n_present.v;
        has[n++] = event->tables[i].n_present.has;
    }
    struct reconcile_sum sum =
        reconcile(parts, has, n, event->row.n_present.has, event->row.n_present.v);
    struct web_kpi *kpis = RG_ARRAY(ctx->arena, struct web_kpi, 4);
    if (!kpis)
        return RG_NO_MEMORY(ctx);
    const struct {
        bool has;
        int64_t n;
        const char *key;
    } all[] = {{event->row.n_present.has, event->row.n_present.v, "listening.event.present"},
               {n > 0, sum.sum, "listening.event.at_tables"},
               {event->row.n_remote.has, event->row.n_remote.v, "listening.event.remote"},
               {event->n_tables > 0, (int64_t)event->n_tables, "listening.event.n_tables"}};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        if (all[i].has)
            kpis[page->n_kpis++] = (struct web_kpi){web_number(ctx, all[i].n),
                                                    wording_text(ctx->lang, all[i].key)};
    page->kpis = kpis;
    page->counted = sum.known;
    page->n_present = event->row.n_present.v;
    page->n_tables_sum = sum.sum;
    page->n_no_table = sum.missing;
    page->counts = told_table(ctx, event, "axis", "presenze-asse");
    page->zones = told_table(ctx, event, "zone", "presenze-zona");
    return RG_OK;
}

static struct str
hours_of(struct rg_ctx *ctx, const struct listening_sql_event_get_row *row)
{
    if (!row->starts_min.has || !row->ends_min.has)
        return STR("");
    const char *text =
        rg_arena_printf(ctx->arena, "%.*s – %.*s", STR_ARG(said_clock(ctx, row->starts_min.v)),
                        STR_ARG(said_clock(ctx, row->ends_min.v)));
    return str_of(text ? text : "");
}

/* The event as an object: facts as told, the programme in minutes from midnight of Rome. */

static void
put_text(struct rg_jw *jw, const char *key, struct str text)
{
    rg_jw_key(jw, key);
    rg_jw_str(jw, text.n ? text : STR_NONE);
}

static void
put_count(struct rg_jw *jw, const char *key, struct store_int n)
{
    rg_jw_key(jw, key);
    if (n.has)
        rg_jw_i64(jw, n.v);
    else
        rg_jw_null(jw);
}

static void
put_programme(struct rg_jw *jw, const struct event *event)
{
    rg_jw_key(jw, "programme");
    rg_jw_array(jw);
    for (size_t i = 0; i < event->n_slots; i++) {
        rg_jw_object(jw);
        rg_jw_key(jw, "starts_min");
        rg_jw_i64(jw, event->slots[i].starts_min);
        rg_jw_key(jw, "ends_min");
        rg_jw_i64(jw, event->slots[i].ends_min);
        put_text(jw, "kind", event->slots[i].kind);
        put_text(jw, "title", event->slots[i].title);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

static void
put_tables(struct rg_jw *jw, const struct event *event)
{
    rg_jw_key(jw, "tables");
    rg_jw_array(jw);
    for (size_t i = 0; i < event->n_tables; i++) {
        rg_jw_object(jw);
        put_text(jw, "code", event->tables[i].code);
        put_text(jw, "axis", event->tables[i].axis);
        put_text(jw, "title", event->tables[i].title);
        put_count(jw, "present", event->tables[i].n_present);
        put_text(jw, "merged_with", event->tables[i].merged_with);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
    rg_jw_key(jw, "counts");
    rg_jw_array(jw);
    for (size_t i = 0; i < event->n_counts; i++) {
        rg_jw_object(jw);
        put_text(jw, "what", event->counts[i].what);
        put_text(jw, "code", event->counts[i].code);
        put_count(jw, "n", event->counts[i].n);
        put_count(jw, "rank", event->counts[i].rank);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
}

static enum rg_err
event_json(struct web_answer *ans, const struct event *event, const struct said_event *page)
{
    struct rg_jw jw;
    rg_jw_init(&jw, &ans->body);
    ans->type = "application/json";
    rg_jw_object(&jw);
    put_text(&jw, "code", event->row.code);
    put_text(&jw, "kind", event->row.kind);
    put_text(&jw, "title", event->row.title);
    put_text(&jw, "aim", event->row.aim);
    put_text(&jw, "place", event->row.place);
    put_text(&jw, "day", event->row.day);
    put_text(&jw, "state", event->row.state);
    put_count(&jw, "present", event->row.n_present);
    put_count(&jw, "remote", event->row.n_remote);
    put_programme(&jw, event);
    put_tables(&jw, event);
    rg_jw_key(&jw, "sessions");
    rg_jw_array(&jw);
    for (size_t i = 0; i < page->n_sessions; i++) {
        rg_jw_object(&jw);
        rg_jw_key(&jw, "ord");
        rg_jw_i64(&jw, page->sessions[i].ord);
        put_text(&jw, "title", page->sessions[i].title);
        put_text(&jw, "question", page->sessions[i].question);
        rg_jw_end_object(&jw);
    }
    rg_jw_end_array(&jw);
    put_text(&jw, "source", event->row.source);
    rg_jw_end_object(&jw);
    return RG_OK;
}

enum rg_err
said_event(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct event event = {0};
    struct said_event page = {0};
    enum rg_err err = event_open(ctx, web_text(req, IN_EVENT), &event);
    if (err == RG_OK)
        err = slots_fill(ctx, &event, &page);
    if (err == RG_OK)
        err = tables_fill(ctx, &event, &page);
    if (err == RG_OK)
        err = sessions_fill(ctx, event.row.id, &page.sessions, &page.n_sessions);
    if (err == RG_OK)
        err = speeches_fill(ctx, event.row.id, &page);
    if (err == RG_OK)
        err = figures_fill(ctx, &event, &page);
    if (err != RG_OK)
        return err;
    if (req->form == WEB_JSON)
        return event_json(ans, &event, &page);
    page.registers = str_is(event.row.state, "open");
    page.assembly = str_is(event.row.kind, "assembly");
    page.code = event.row.code;
    page.title = event.row.title;
    page.aim = event.row.aim;
    page.place = event.row.place;
    page.when = web_day(ctx, event.row.day);
    page.hours = hours_of(ctx, &event.row);
    page.process = event.row.process_title;
    page.stream_url = event.row.stream_url;
    page.recording_url = event.row.recording_url;
    page.materials = event.row.materials;
    page.minutes = event.row.minutes;
    page.kind_key = said_key(ctx, "listening.event.", event.row.kind);
    page.state_key = said_key(ctx, "listening.state.", event.row.state);
    page.sources = said_sources_of(ctx, event.row.source);
    page.series = event.row.series;
    struct web_frame frame = {.title = page.title, .description = page.aim};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_event(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- one table ---- */

enum rg_err
said_table(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct event event = {0};
    struct said_event lists = {0};
    struct said_table_page page = {0};
    struct listening_sql_voice_rows_row *rows;
    bool found = false;
    enum rg_err err = event_open(ctx, web_text(req, IN_EVENT), &event);
    if (err == RG_OK)
        err = tables_fill(ctx, &event, &lists);
    for (size_t i = 0; err == RG_OK && i < lists.n_tables; i++)
        if (str_eq(lists.tables[i].code, web_text(req, IN_TABLE))) {
            page.table = lists.tables[i];
            found = true;
        }
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_table");
    if (err == RG_OK)
        err = sessions_fill(ctx, event.row.id, &page.sessions, &page.n_sessions);
    if (err == RG_OK)
        err = listening_sql_voice_rows(ctx, event.row.code, page.table.code, 0, STR(""),
                                       STR(""), STR(""), STR(""), 0, STR(""), STR(""), STR(""),
                                       STR(""), 0, WEB_PAGE_SIZE_MAX, &rows, &page.n_voices);
    struct said_voice *voices =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_voice, page.n_voices) : NULL;
    if (err == RG_OK && !voices)
        err = RG_NO_MEMORY(ctx);
    for (size_t i = 0; err == RG_OK && i < page.n_voices; i++)
        said_voice_of(ctx, (const struct listening_sql_voice_get_row *)&rows[i], &voices[i]);
    if (err != RG_OK)
        return err;
    page.voices = voices;
    page.event = event.row.code;
    page.event_title = event.row.title;
    page.title = web_words(ctx, "listening.table.title", "table", &page.table.code, "title",
                           &page.table.title, NULL);
    struct web_frame frame = {.title = page.title};
    const char *back = rg_arena_printf(ctx->arena, "/ascolto/eventi/%.*s", STR_ARG(page.event));
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {str_of(back), page.event_title},
        {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_table_page(h, &page);
    return web_page_close(ctx, req, ans);
}
