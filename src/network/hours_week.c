/* The week of a service: for the card, and packed for the search index. */
#include "hours.h"

static int
interval_cmp(const struct hours_interval *a, const struct hours_interval *b)
{
    if (a->weekday != b->weekday)
        return a->weekday - b->weekday;
    if (a->opens_min != b->opens_min)
        return a->opens_min - b->opens_min;
    return b->closes_min - a->closes_min;
}

/* Sorted insertion with merging of what touches on the same day; keeps the first max. */
static size_t
interval_add(struct hours_interval *out, size_t n, size_t max, struct hours_interval v)
{
    for (size_t i = 0; i < n;) {
        if (out[i].weekday == v.weekday && out[i].opens_min <= v.closes_min &&
            v.opens_min <= out[i].closes_min) {
            v.opens_min = out[i].opens_min < v.opens_min ? out[i].opens_min : v.opens_min;
            v.closes_min = out[i].closes_min > v.closes_min ? out[i].closes_min : v.closes_min;
            memmove(out + i, out + i + 1, (n - i - 1) * sizeof(*out));
            n--;
        } else {
            i++;
        }
    }
    size_t at = 0;
    while (at < n && interval_cmp(&out[at], &v) < 0)
        at++;
    if (at >= max)
        return n;
    if (n == max)
        n--;
    memmove(out + at + 1, out + at, (n - at) * sizeof(*out));
    out[at] = v;
    return n + 1;
}

static bool
closed_on(const struct hours_rule *rules, size_t n, int64_t day)
{
    for (size_t i = 0; i < n; i++)
        if (rules[i].closed && hours_rule_tells(&rules[i]) && hours_rule_on(&rules[i], day))
            return true;
    return false;
}

/* Openings of one date; pattern: holidays are left in, for a code that checks them itself. */
static size_t
day_openings(const struct hours_rule *rules, size_t n, int64_t day, uint8_t label, bool pattern,
             struct hours_interval *out, size_t n_out, size_t max)
{
    if (closed_on(rules, n, day))
        return n_out;
    bool holiday = !pattern && rg_italian_holiday(day);
    for (size_t i = 0; i < n; i++) {
        const struct hours_rule *r = &rules[i];
        if (r->closed || !hours_rule_tells(r) || !hours_rule_on(r, day) ||
            (holiday && !r->holidays && !r->fixed_offset))
            continue;
        struct hours_interval v = {label, r->opens_min, r->closes_min};
        n_out = interval_add(out, n_out, max, v);
    }
    return n_out;
}

size_t
hours_week(const struct hours_rule *rules, size_t n, int64_t monday_days,
           struct hours_interval *out, size_t max)
{
    size_t n_out = 0;
    for (uint8_t d = 0; d < 7; d++)
        n_out = day_openings(rules, n, monday_days + d, d, false, out, n_out, max);
    return n_out;
}

/* From when to when a rule is in force. */
static void
rule_span(const struct hours_rule *r, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = r->start > r->valid_from ? r->start : r->valid_from; /* none is the least */
    int64_t to = r->valid_to == HOURS_NO_DAY ? HOURS_NO_EDGE : r->valid_to;
    *ret_to = r->until != HOURS_NO_DAY && r->until < to ? r->until : to;
}

/* Plain weekdays, each week. */
static bool
is_weekly(const struct hours_rule *r)
{
    bool plain = !r->closed && !r->month_days && !r->month_days_back && r->interval <= 1;
    for (int d = 0; d < 7; d++)
        plain &= r->nth[d] <= 1;
    return plain;
}

/* The weeks from this one on are alike, up to *ret_edge: the rules in force are plain weekdays with
 * one view of holidays, and none begins or ends within the week or on the Sunday before.      */
static bool
is_regular(const struct hours_rule *rules, size_t n, int64_t monday, bool *ret_holidays,
           int64_t *ret_edge)
{
    bool any = false;
    *ret_holidays = false;
    *ret_edge = HOURS_NO_EDGE;
    for (size_t i = 0; i < n; i++) {
        const struct hours_rule *r = &rules[i];
        int64_t from, to;
        rule_span(r, &from, &to);
        if (!hours_rule_tells(r) || to < monday - 1)
            continue;
        int64_t edge = from > monday + 6 ? from - 1 : to;
        *ret_edge = edge < *ret_edge ? edge : *ret_edge;
        if (from > monday + 6)
            continue;
        bool applies = r->holidays || r->fixed_offset;
        if (from > monday - 1 || to < monday + 6 || !is_weekly(r) ||
            (any && applies != *ret_holidays))
            return false;
        any = true;
        *ret_holidays = applies;
    }
    return true;
}

static bool
code_add(struct hours_code *code, const struct hours_interval *v)
{
    unsigned s = 0;
    while (s < code->n_spans && (code->spans[s].opens_min != v->opens_min ||
                                 code->spans[s].closes_min != v->closes_min))
        s++;
    if (s == RG_COUNT(code->spans))
        return false;
    if (s == code->n_spans) {
        code->spans[s].opens_min = v->opens_min;
        code->spans[s].closes_min = v->closes_min;
        code->n_spans++;
    }
    code->days[v->weekday] = (uint8_t)(code->days[v->weekday] | 1u << s);
    return true;
}

void
hours_encode_week(const struct hours_rule *rules, size_t n, int64_t monday_days,
                  struct hours_code *ret_code)
{
    struct hours_code code = {.edge = (int32_t)monday_days}, empty = code;
    *ret_code = empty;
    const struct hours_rule *clock = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!hours_rule_tells(&rules[i]))
            continue;
        if (clock && (clock->fixed_offset != rules[i].fixed_offset ||
                      clock->offset_s != rules[i].offset_s))
            return;
        clock = &rules[i];
    }
    if (!clock)
        return;
    int64_t edge;
    bool holidays, regular = is_regular(rules, n, monday_days, &holidays, &edge);
    code.edge = regular ? (int32_t)edge : code.edge;
    code.flags = (uint8_t)(HOURS_WEEK_TELLS | (regular ? HOURS_WEEK_REGULAR : 0) |
                           (regular && holidays ? HOURS_WEEK_HOLIDAYS : 0) |
                           (clock->fixed_offset ? HOURS_WEEK_FIXED : 0));
    code.offset_min = (int16_t)(clock->offset_s / 60);
    struct hours_interval all[HOURS_INTERVALS_MAX + 8];
    size_t n_all = 0;
    for (uint8_t d = 0; d < 8; d++)
        n_all = day_openings(rules, n, monday_days + d - 1, d, regular, all, n_all,
                             RG_COUNT(all));
    if (n_all == RG_COUNT(all))
        return;
    for (size_t i = 0; i < n_all; i++)
        if (!code_add(&code, &all[i]))
            return;
    *ret_code = code;
}

bool
hours_code_valid(const struct hours_code *code)
{
    if (code->n_spans > RG_COUNT(code->spans) || code->flags > 15 ||
        code->offset_min < -1440 || code->offset_min > 1440)
        return false;
    for (unsigned s = 0; s < code->n_spans; s++)
        if (code->spans[s].opens_min < 0 || code->spans[s].opens_min >= 1440 ||
            code->spans[s].closes_min <= code->spans[s].opens_min ||
            code->spans[s].closes_min > 2880)
            return false;
    for (unsigned d = 0; d < 8; d++)
        if (code->days[d] >> code->n_spans)
            return false;
    return true;
}

static int64_t
code_instant(const struct hours_code *code, int64_t day, int minute)
{
    day += minute / 1440;
    int second = minute % 1440 * 60;
    return code->flags & HOURS_WEEK_FIXED ? day * 86400 + second - code->offset_min * 60
                                          : rg_unix_of_rome(day, second);
}

/* Spans opening on a date: 0 outside the week of an irregular code, and past the edge. */
static unsigned
code_day(const struct hours_code *code, int64_t day)
{
    if (!(code->flags & HOURS_WEEK_REGULAR)) {
        int64_t at = day - (code->edge - 1);
        return at >= 0 && at < 8 ? code->days[at] : 0;
    }
    if (day > code->edge)
        return 0;
    bool holiday = !(code->flags & HOURS_WEEK_HOLIDAYS) && rg_italian_holiday(day);
    return holiday ? 0 : code->days[1 + rg_weekday_of(day)];
}

static int64_t
code_end(const struct hours_code *code, int64_t today, int64_t unix_s, bool may_touch)
{
    int64_t best = unix_s;
    for (int64_t day = today - 2; day <= today; day++) {
        unsigned spans = code_day(code, day);
        for (unsigned s = 0; spans >> s; s++) {
            if (!(spans >> s & 1u))
                continue;
            int64_t from = code_instant(code, day, code->spans[s].opens_min);
            int64_t to = code_instant(code, day, code->spans[s].closes_min);
            if (from <= unix_s && (unix_s < to || (may_touch && unix_s == to)) && to > best)
                best = to;
        }
    }
    return best;
}

static int64_t
code_local_day(const struct hours_code *code, int64_t unix_s)
{
    int64_t wall = unix_s + (code->flags & HOURS_WEEK_FIXED ? code->offset_min * 60
                                                            : rg_rome_offset_s(unix_s));
    return wall / 86400 - (wall % 86400 < 0);
}

static bool
code_knows(const struct hours_code *code, int64_t day)
{
    return code->flags & HOURS_WEEK_REGULAR ? day <= code->edge
                                            : day >= code->edge && day < (int64_t)code->edge + 7;
}

bool
hours_code_tells_week(const struct hours_code *code, int64_t monday_days)
{
    return !(code->flags & HOURS_WEEK_TELLS) ||
           (code_knows(code, monday_days) && code_knows(code, monday_days + 6));
}

enum hours_state
hours_code_open_at(const struct hours_code *code, int64_t unix_s, int64_t *ret_closes_s)
{
    RG_DEBUG_ASSERT(hours_code_valid(code));
    if (!(code->flags & HOURS_WEEK_TELLS))
        return HOURS_UNKNOWN;
    int64_t today = code_local_day(code, unix_s);
    if (!code_knows(code, today))
        return HOURS_UNKNOWN;
    int64_t end = code_end(code, today, unix_s, false);
    if (end == unix_s)
        return HOURS_CLOSED;
    int64_t far = unix_s + 3 * 86400;
    for (int64_t next = end; ret_closes_s && end < far; end = next) {
        next = code_end(code, code_local_day(code, end), end, true);
        if (next == end)
            break;
    }
    if (ret_closes_s)
        *ret_closes_s = end < far ? end : HOURS_FOREVER;
    return HOURS_OPEN;
}

size_t
hours_code_week(const struct hours_code *code, struct hours_interval *out, size_t max)
{
    RG_DEBUG_ASSERT(hours_code_valid(code));
    size_t n = 0;
    for (uint8_t d = 0; d < 7; d++)
        for (unsigned s = 0; s < code->n_spans; s++)
            if (code->days[d + 1] >> s & 1u) {
                struct hours_interval v = {d, code->spans[s].opens_min,
                                           code->spans[s].closes_min};
                n = interval_add(out, n, max, v);
            }
    return n;
}
