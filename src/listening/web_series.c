/* Meetings that come again: what was decided at each, what of it is done, when the next one is. */
#include "listening/surface.h"
#include "listening_sql.h"
#include "listening_tmpl.h"
#include <stdio.h>

enum { IN_SERIES };

typedef struct listening_sql_series_events_row event_row;
typedef struct listening_sql_series_followups_row followup_row;

struct series {
    event_row *events;
    followup_row *followups;
    size_t n_events, n_followups;
    char today[16];
};

static void
today_of(const struct rg_ctx *ctx, char ret[16])
{
    struct rg_civil now = rg_civil_rome(ctx->now_s);
    snprintf(ret, 16, "%04d-%02d-%02d", now.year, now.month, now.day);
}

static enum rg_err
series_open(struct rg_ctx *ctx, struct str code, struct series *series)
{
    today_of(ctx, series->today);
    enum rg_err err =
        listening_sql_series_events(ctx, code, &series->events, &series->n_events);
    if (err == RG_OK && series->n_events == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_series");
    if (err == RG_OK)
        err = listening_sql_series_followups(ctx, code, &series->followups,
                                             &series->n_followups);
    return err;
}

/* ---- commitments: one from the meeting where it was taken to where it stands ---- */

/* By id, which is their order. */
static const followup_row *
followup_find(const struct series *series, int64_t id)
{
    size_t low = 0, high = series->n_followups;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (series->followups[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < series->n_followups && series->followups[low].id == id ? &series->followups[low]
                                                                        : NULL;
}

static const followup_row *
first_of(const struct series *series, const followup_row *row, int64_t *ret_n_carried)
{
    *ret_n_carried = 0;
    while (row->from_id.has && row->from_id.v < row->id) { /* ids fall: it ends */
        const followup_row *before = followup_find(series, row->from_id.v);
        if (!before)
            break;
        row = before;
        ++*ret_n_carried;
    }
    return row;
}

static bool
is_late(const struct series *series, const followup_row *row)
{
    return str_is(row->state, "open") && row->due_day.n &&
           str_cmp(row->due_day, str_of(series->today)) < 0;
}

/* Those that stand somewhere: what was carried on stands where it was carried to. */
static enum rg_err
commitments_fill(struct rg_ctx *ctx, const struct series *series, struct said_series_page *page)
{
    struct said_commitment *open = RG_ARRAY(ctx->arena, struct said_commitment,
                                            series->n_followups);
    struct said_commitment *done = RG_ARRAY(ctx->arena, struct said_commitment,
                                            series->n_followups);
    if (!open || !done)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < series->n_followups; i++) {
        const followup_row *row = &series->followups[i];
        if (str_is(row->state, "carried"))
            continue;
        struct said_commitment c = {.id = row->id, .text = row->text, .owner = row->owner,
                                    .due = web_day(ctx, row->due_day),
                                    .day = web_day(ctx, row->day),
                                    .event = row->shown ? row->code : STR(""),
                                    .done = str_is(row->state, "done"),
                                    .late = is_late(series, row)};
        c.since = web_day(ctx, first_of(series, row, &c.n_carried)->day);
        if (c.done)
            done[page->n_done++] = c;
        else
            open[page->n_open++] = c;
    }
    page->open = open;
    page->done = done;
    return RG_OK;
}

static void
meeting_count(const struct series *series, int64_t event_id, struct said_meeting *meeting)
{
    for (size_t i = 0; i < series->n_followups; i++) {
        const followup_row *row = &series->followups[i];
        int64_t n_carried;
        meeting->n_taken += row->event_id == event_id && !row->from_id.has;
        meeting->n_done += str_is(row->state, "done") &&
                           first_of(series, row, &n_carried)->event_id == event_id;
    }
}

/* ---- the page ---- */

static enum rg_err
meetings_fill(struct rg_ctx *ctx, const struct series *series, struct said_series_page *page)
{
    size_t n = series->n_events;
    struct said_meeting *list = RG_ARRAY(ctx->arena, struct said_meeting, n);
    if (!list)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) { /* the latest first */
        const event_row *row = &series->events[n - 1 - i];
        list[i] = (struct said_meeting){
            .code = row->code, .title = row->title, .when = web_day(ctx, row->day),
            .place = row->place, .minutes = row->minutes,
            .state_key = said_key(ctx, "listening.state.", row->state),
            .registers = str_is(row->state, "open"),
            .past = str_is(row->state, "closed") ||
                    str_cmp(row->day, str_of(series->today)) < 0,
            .n_present = row->n_present.has ? web_number(ctx, row->n_present.v) : STR("")};
        meeting_count(series, row->id, &list[i]);
        if (!list[i].past)
            page->next = &list[i]; /* the last that is found is the nearest */
    }
    page->meetings = list;
    page->n_meetings = n;
    return RG_OK;
}

static enum rg_err
figures_fill(struct rg_ctx *ctx, const struct series *series, struct said_series_page *page)
{
    int64_t n_past = 0, n_late = 0;
    for (size_t i = 0; i < page->n_meetings; i++)
        n_past += page->meetings[i].past;
    for (size_t i = 0; i < page->n_open; i++)
        n_late += page->open[i].late;
    struct web_kpi *kpis = RG_ARRAY(ctx->arena, struct web_kpi, 5);
    if (!kpis)
        return RG_NO_MEMORY(ctx);
    const struct {
        int64_t n;
        const char *key;
    } all[] = {{n_past, "listening.series.n_past"},
               {(int64_t)page->n_open, "listening.series.n_open"},
               {n_late, "listening.series.n_late"},
               {(int64_t)page->n_done, "listening.series.n_done"}};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        kpis[page->n_kpis++] = (struct web_kpi){web_number(ctx, all[i].n),
                                                wording_text(ctx->lang, all[i].key)};
    page->kpis = kpis;
    return RG_OK;
}

static enum rg_err
series_listing(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
               const struct series *series)
{
    enum { ID, TEXT, OWNER, TAKEN, DUE, STATE, CARRIED, EVENT, N };
    static const struct web_listing_column columns[N] = {
        [ID] = {"id", WEB_DATUM_INT, "listening.col.code"},
        [TEXT] = {"commitment", WEB_DATUM_TEXT, "listening.series.col.what"},
        [OWNER] = {"owner", WEB_DATUM_TEXT, "listening.series.col.who"},
        [TAKEN] = {"taken", WEB_DATUM_TEXT, "listening.series.col.since"},
        [DUE] = {"due", WEB_DATUM_TEXT, "listening.series.col.due"},
        [STATE] = {"state", WEB_DATUM_TEXT, "listening.col.state"},
        [CARRIED] = {"times_carried", WEB_DATUM_INT, "listening.series.col.carried"},
        [EVENT] = {"meeting", WEB_DATUM_TEXT, "listening.series.col.at"}};
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, series->n_followups * N);
    size_t n = 0;
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < series->n_followups; i++) {
        const followup_row *row = &series->followups[i];
        int64_t n_carried;
        if (str_is(row->state, "carried"))
            continue;
        struct web_datum *cell = &cells[n++ * N];
        cell[ID] = web_datum_int(row->id);
        cell[TEXT] = web_datum_text(row->text);
        cell[OWNER] = web_datum_text(row->owner);
        cell[TAKEN] = web_datum_text(first_of(series, row, &n_carried)->day);
        cell[DUE] = web_datum_text(row->due_day);
        cell[STATE] = web_datum_text(is_late(series, row) ? STR("late") : row->state);
        cell[CARRIED] = web_datum_int(n_carried);
        cell[EVENT] = web_datum_text(row->shown ? row->code : STR(""));
    }
    const char *entry = rg_arena_printf(ctx->arena, "/ascolto/incontri/%.*s#impegno-",
                                        STR_ARG(web_text(req, IN_SERIES)));
    const struct web_listing list = {.name = "impegni",
                                     .title = series->events[series->n_events - 1].title,
                                     .columns = columns, .n_columns = N, .cells = cells,
                                     .n_rows = n, .total = (int64_t)n, .page = 1,
                                     .size = (int64_t)n, .id_column = ID, .title_column = TEXT,
                                     .text_column = OWNER, .updated_column = -1,
                                     .lat_column = -1, .lon_column = -1,
                                     .entry_path = entry ? entry : "/ascolto/incontri",
                                     .source_key = "listening.source"};
    return web_listing_answer(ctx, req, ans, &list);
}

enum rg_err
said_series(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct series series = {0};
    enum rg_err err = series_open(ctx, web_text(req, IN_SERIES), &series);
    if (err == RG_OK && req->form != WEB_HTML)
        return series_listing(ctx, req, ans, &series);
    struct said_series_page page = {.code = web_text(req, IN_SERIES)};
    if (err == RG_OK)
        err = meetings_fill(ctx, &series, &page);
    if (err == RG_OK)
        err = commitments_fill(ctx, &series, &page);
    if (err == RG_OK)
        err = figures_fill(ctx, &series, &page);
    if (err != RG_OK)
        return err;
    const event_row *latest = &series.events[series.n_events - 1];
    page.title = latest->title;
    page.aim = latest->aim;
    page.downloads = said_downloads(ctx, req, WEB_TABLE_FORMS | WEB_BIT(WEB_ATOM),
                                    &page.n_downloads);
    struct web_frame frame = {.title = page.title, .description = page.aim};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {STR("/ascolto/incontri"), wording_text(ctx->lang, "listening.series.title")},
        {STR_NONE, page.title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_series(h, &page);
    return web_page_close(ctx, req, ans);
}

/* ---- all series ---- */

static enum rg_err
all_listing(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans,
            const struct listening_sql_series_list_row *rows, size_t n)
{
    enum { CODE, TITLE, MEETINGS, FIRST, LAST, NEXT, OPEN, N };
    static const struct web_listing_column columns[N] = {
        [CODE] = {"code", WEB_DATUM_TEXT, "listening.col.code"},
        [TITLE] = {"title", WEB_DATUM_TEXT, "listening.col.title"},
        [MEETINGS] = {"meetings", WEB_DATUM_INT, "listening.series.col.meetings"},
        [FIRST] = {"first", WEB_DATUM_TEXT, "listening.series.col.first"},
        [LAST] = {"last", WEB_DATUM_TEXT, "listening.series.col.last"},
        [NEXT] = {"next", WEB_DATUM_TEXT, "listening.series.col.next"},
        [OPEN] = {"open_commitments", WEB_DATUM_INT, "listening.series.n_open"}};
    struct web_datum *cells = RG_ARRAY(ctx->arena, struct web_datum, n * N);
    if (!cells)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        struct web_datum *cell = &cells[i * N];
        cell[CODE] = web_datum_text(rows[i].code);
        cell[TITLE] = web_datum_text(rows[i].title);
        cell[MEETINGS] = web_datum_int(rows[i].n);
        cell[FIRST] = web_datum_text(rows[i].first_day);
        cell[LAST] = web_datum_text(rows[i].last_day);
        cell[NEXT] = web_datum_text(rows[i].next_day);
        cell[OPEN] = web_datum_int(rows[i].n_open);
    }
    const struct web_listing list = {.name = "incontri",
                                     .title = wording_text(ctx->lang, "listening.series.title"),
                                     .columns = columns, .n_columns = N, .cells = cells,
                                     .n_rows = n, .total = (int64_t)n, .page = 1,
                                     .size = (int64_t)n, .id_column = CODE,
                                     .title_column = TITLE, .text_column = -1,
                                     .updated_column = -1, .lat_column = -1, .lon_column = -1,
                                     .entry_path = "/ascolto/incontri/",
                                     .source_key = "listening.source"};
    return web_listing_answer(ctx, req, ans, &list);
}

enum rg_err
said_series_all(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_series_list_row *rows;
    char today[16];
    size_t n, n_files;
    today_of(ctx, today);
    enum rg_err err = listening_sql_series_list(ctx, str_of(today), &rows, &n);
    if (err == RG_OK && req->form != WEB_HTML)
        return all_listing(ctx, req, ans, rows, n);
    struct said_series_line *lines =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_series_line, n) : NULL;
    if (err == RG_OK && !lines)
        err = RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct said_series_line){
            .code = rows[i].code, .title = rows[i].title, .n = rows[i].n,
            .n_open = rows[i].n_open, .last = web_day(ctx, rows[i].last_day),
            .next = rows[i].next_day.n ? web_day(ctx, rows[i].next_day) : STR("")};
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.series.title"),
                              .description = wording_text(ctx->lang, "listening.series.lead")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct web_download *files = said_downloads(ctx, req, WEB_TABLE_FORMS, &n_files);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_series_all(h, lines, n, files, n_files);
    return web_page_close(ctx, req, ans);
}
