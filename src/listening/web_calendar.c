/* Calendars (RFC 5545): the programme of an event, the meetings of a series. */
#include "listening/surface.h"
#include "listening_sql.h"

enum { IN_CODE };

struct entry {
    struct str code, title, place, about, url, day;
    int64_t ord; /* 0: the event itself; its slots follow with their own names, which stay */
    int64_t from, to, rev, stamp_s;
    bool whole_day; /* the hours are not known */
};

/* The name of an entry must stay when the address of the site does not. */
static void
entry_put(struct rg_ctx *ctx, struct rg_buf *out, const struct entry *e)
{
    int64_t day;
    const char *uid = rg_arena_printf(ctx->arena, "%.*s-%lld@regia.ascolto", STR_ARG(e->code),
                                      (long long)e->ord);
    /* Some programs show no URL: the address stands in the description too. */
    const char *about = rg_arena_printf(ctx->arena, "%.*s%s%.*s", STR_ARG(e->about),
                                        e->about.n ? "\n" : "", STR_ARG(e->url));
    if (!uid || !about || !rg_parse_date(e->day, &day)) /* a month alone is no date */
        return;
    rg_buf_lit(out, "BEGIN:VEVENT\r\n");
    rg_ics_raw(out, "UID", str_of(uid));
    rg_ics_stamp(out, "DTSTAMP", e->stamp_s);
    rg_buf_printf(out, "SEQUENCE:%lld\r\n", (long long)e->rev - 1);
    if (e->whole_day) {
        rg_ics_day(out, "DTSTART", day);
        rg_ics_day(out, "DTEND", day + 1);
    } else {
        rg_ics_local(out, "DTSTART", day, e->from);
        rg_ics_local(out, "DTEND", day, e->to);
    }
    rg_ics_put(out, "SUMMARY", e->title);
    if (e->place.n)
        rg_ics_put(out, "LOCATION", e->place);
    rg_ics_put(out, "DESCRIPTION", str_of(about));
    rg_ics_raw(out, "URL", e->url);
    rg_buf_lit(out, "END:VEVENT\r\n");
}

static void
file_name(struct rg_ctx *ctx, struct web_answer *ans, struct str code)
{
    const char *as =
        rg_arena_printf(ctx->arena, "inline; filename=\"%.*s.ics\"", STR_ARG(code));
    ans->type = "text/calendar; charset=utf-8";
    if (as)
        web_header(ans, "Content-Disposition", as);
}

static struct str
event_url(struct rg_ctx *ctx, const struct web_request *req, struct str code)
{
    const char *path = rg_arena_printf(ctx->arena, "/ascolto/eventi/%.*s", STR_ARG(code));
    return web_whole(ctx, req, str_of(path ? path : "/ascolto"));
}

enum rg_err
said_event_ics(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_event_get_row event;
    struct listening_sql_event_slots_row *slots = NULL;
    struct store_change *last;
    size_t n_slots = 0, n_last = 0;
    bool found;
    enum rg_err err = listening_sql_event_get(ctx, web_text(req, IN_CODE), &found, &event);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_event");
    if (err == RG_OK)
        err = listening_sql_event_slots(ctx, event.id, &slots, &n_slots);
    if (err == RG_OK)
        err = store_history(ctx, STR("listening_event"), event.id, 0, 1, &last, &n_last);
    if (err != RG_OK)
        return err;
    struct entry e = {.code = event.code, .title = event.title, .place = event.place,
                      .about = event.aim, .url = event_url(ctx, req, event.code),
                      .day = event.day, .from = event.starts_min.v, .to = event.ends_min.v,
                      .rev = event.rev, .stamp_s = n_last ? last[0].at_s : ctx->now_s};
    rg_ics_open(&ans->body, "Ascolto", STR_NONE);
    if (event.starts_min.has && event.ends_min.has)
        entry_put(ctx, &ans->body, &e);
    for (size_t i = 0; i < n_slots; i++) {
        const char *title = rg_arena_printf(ctx->arena, "%.*s – %.*s", STR_ARG(event.title),
                                            STR_ARG(slots[i].title));
        e.ord = slots[i].ord;
        e.title = str_of(title ? title : "");
        e.from = slots[i].starts_min;
        e.to = slots[i].ends_min;
        entry_put(ctx, &ans->body, &e);
    }
    rg_ics_close(&ans->body);
    file_name(ctx, ans, event.code);
    return RG_OK;
}

enum rg_err
said_series_ics(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_series_events_row *rows;
    size_t n;
    enum rg_err err = listening_sql_series_events(ctx, web_text(req, IN_CODE), &rows, &n);
    if (err == RG_OK && n == 0)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_series");
    if (err != RG_OK)
        return err;
    rg_ics_open(&ans->body, "Ascolto", rows[n - 1].title);
    for (size_t i = 0; i < n; i++) {
        const struct entry e = {
            .code = rows[i].code, .title = rows[i].title, .place = rows[i].place,
            .about = rows[i].aim, .url = event_url(ctx, req, rows[i].code), .day = rows[i].day,
            .from = rows[i].starts_min.v, .to = rows[i].ends_min.v,
            .whole_day = !rows[i].starts_min.has || !rows[i].ends_min.has,
            .rev = rows[i].rev, .stamp_s = ctx->now_s};
        entry_put(ctx, &ans->body, &e);
    }
    rg_ics_close(&ans->body);
    file_name(ctx, ans, web_text(req, IN_CODE));
    return RG_OK;
}
