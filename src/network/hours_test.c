#include "hours.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct hours_rule
rule_of(const char *byday, const char *opens, const char *closes)
{
    struct hours_fields f = {.freq = STR("WEEKLY"), .byday = str_of(byday),
                             .opens_at = str_of(opens), .closes_at = str_of(closes)};
    struct hours_rule rule;
    assert_true(hours_parse_rule(&f, &rule));
    return rule;
}

/* "2026-11-24 10:00" of the wall clock in Rome. */
static int64_t
at(const char *when)
{
    int64_t day;
    int second;
    assert_true(rg_parse_date(str_n(when, 10), &day));
    assert_true(rg_parse_clock(str_of(when + 11), &second));
    return rg_unix_of_rome(day, second);
}

static int64_t
day_of(const char *date)
{
    int64_t day;
    assert_true(rg_parse_date(str_of(date), &day));
    return day;
}

/* ---- the slow twin: minute after minute, every rule, every day around it ---- */

static bool
twin_day_on(const struct hours_rule *r, int64_t day)
{
    if ((r->valid_from != HOURS_NO_DAY && day < r->valid_from) ||
        (r->valid_to != HOURS_NO_DAY && day > r->valid_to) ||
        (r->start != HOURS_NO_DAY && day < r->start) ||
        (r->until != HOURS_NO_DAY && day > r->until))
        return false;
    struct rg_civil c = rg_civil_of_days(day);
    bool weekdays = false, month_days = r->month_days || r->month_days_back;
    for (int i = 0; i < 7; i++)
        weekdays |= r->nth[i] != 0;
    if (!weekdays && !month_days)
        return false;
    int before = 0, after = 0, left = 0; /* same weekdays earlier and later, days left */
    for (int d = 1; d <= 31; d++) {
        if (!rg_date_ok(c.year, c.month, d))
            continue;
        bool same = rg_weekday_of(rg_days_of(c.year, c.month, d)) == c.weekday;
        before += same && d < c.day;
        after += same && d > c.day;
        left += d > c.day;
    }
    unsigned nth = r->nth[c.weekday];
    if (weekdays && !(nth & 1) && !(nth & 1u << (before + 1)) && !(nth & 1u << (after + 6)))
        return false;
    if (month_days && !(r->month_days & 1u << c.day) &&
        !(r->month_days_back & 1u << (left + 1)))
        return false;
    if (r->interval > 1 && r->start != HOURS_NO_DAY) {
        if (r->freq == HOURS_MONTHLY) {
            int months = 0;
            for (int64_t d = r->start + 1; d <= day; d++)
                months += rg_civil_of_days(d).day == 1;
            return months % r->interval == 0;
        }
        int weeks = 0;
        for (int64_t d = r->start + 1; d <= day; d++)
            weeks += rg_weekday_of(d) == r->week_starts;
        return weeks % r->interval == 0;
    }
    return true;
}

static bool
twin_open(const struct hours_rule *rules, size_t n, int64_t unix_s)
{
    for (size_t i = 0; i < n; i++) {
        const struct hours_rule *r = &rules[i];
        if (r->closed)
            continue;
        int64_t middle = unix_s / 86400;
        for (int64_t day = middle - 3; day <= middle + 2; day++) {
            if (!twin_day_on(r, day) ||
                (rg_italian_holiday(day) && !r->holidays && !r->fixed_offset))
                continue;
            bool closed = false;
            for (size_t k = 0; k < n; k++)
                closed |= rules[k].closed && twin_day_on(&rules[k], day);
            int64_t from, to;
            int opens = r->opens_min, closes = r->closes_min;
            if (r->fixed_offset) {
                from = day * 86400 + opens * 60 - r->offset_s;
                to = day * 86400 + closes * 60 - r->offset_s;
            } else {
                from = rg_unix_of_rome(day, opens * 60);
                to = rg_unix_of_rome(day + closes / 1440, closes % 1440 * 60);
            }
            if (!closed && from <= unix_s && unix_s < to)
                return true;
        }
    }
    return false;
}

static struct hours_rule
random_rule(struct rg_ctx *ctx, int64_t around)
{
    struct hours_rule r = {.valid_from = HOURS_NO_DAY, .valid_to = HOURS_NO_DAY,
                           .start = HOURS_NO_DAY, .until = HOURS_NO_DAY, .has_days = true,
                           .has_times = true};
    for (int d = 0; d < 7; d++)
        if (rg_chance(ctx) % 2)
            r.nth[d] = (uint16_t)(rg_chance(ctx) % 3 ? 1u : 1u << rg_chance(ctx) % 11);
    if (rg_chance(ctx) % 6 == 0)
        r.month_days = (uint32_t)(rg_chance(ctx) & 0xFFFFFFFEu);
    if (rg_chance(ctx) % 8 == 0)
        r.month_days_back = (uint32_t)(rg_chance(ctx) & 0xFEu);
    if (rg_chance(ctx) % 4 == 0)
        r.valid_from = around - (int64_t)(rg_chance(ctx) % 20);
    if (rg_chance(ctx) % 4 == 0)
        r.valid_to = around + (int64_t)(rg_chance(ctx) % 20);
    if (rg_chance(ctx) % 4 == 0) {
        r.start = around - (int64_t)(rg_chance(ctx) % 100);
        r.interval = (uint16_t)(rg_chance(ctx) % 4);
        r.freq = rg_chance(ctx) % 2;
        r.week_starts = (uint8_t)(rg_chance(ctx) % 7);
    }
    r.opens_min = (int16_t)(rg_chance(ctx) % 96 * 15);
    r.closes_min = (int16_t)(r.opens_min + 15 + (int)(rg_chance(ctx) % 40) * 15);
    if (rg_chance(ctx) % 10 == 0)
        r.closes_min = (int16_t)(r.opens_min + 1440);
    r.closed = rg_chance(ctx) % 10 == 0;
    r.holidays = rg_chance(ctx) % 4 == 0;
    if (rg_chance(ctx) % 12 == 0) {
        r.fixed_offset = true;
        r.offset_s = ((int)(rg_chance(ctx) % 26) - 12) * 3600;
    }
    return r;
}

/* Worlds around days that bite: both clock changes, leap day, year's end, Easter. */
static void
open_at_and_next_opening_agree_with_a_minute_by_minute_search(void **state)
{
    struct rg_ctx ctx;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    ctx.chance = 7;
    static const char *const days[] = {"2026-03-29", "2026-10-25", "2028-02-29", "2026-12-31",
                                       "2026-04-05", "2026-08-15", "2026-06-10", "2027-01-01"};
    for (int world = 0; world < 240; world++) {
        int64_t day = day_of(days[world % 8]);
        struct hours_rule rules[4];
        size_t n = 1 + rg_chance(&ctx) % 4;
        for (size_t i = 0; i < n; i++)
            rules[i] = random_rule(&ctx, day);
        struct hours_code code;
        int64_t monday = day - rg_weekday_of(day);
        hours_encode_week(rules, n, monday, &code);
        assert_true(hours_code_valid(&code));
        int64_t from = (day - 1) * 86400 - 3600, to = (day + 2) * 86400;
        bool was = twin_open(rules, n, from - 300);
        for (int64_t t = from; t < to; t += 300) {
            bool open = twin_open(rules, n, t);
            int64_t closes = 0, opens = 0;
            enum hours_state state_then = hours_open_at(rules, n, t, &closes);
            assert_int_equal(state_then, open ? HOURS_OPEN : HOURS_CLOSED);
            enum hours_state coded = hours_code_open_at(&code, t, NULL);
            if (coded != HOURS_UNKNOWN && t >= (monday * 24 + 13) * 3600)
                assert_int_equal(coded, state_then);
            if (open && closes != HOURS_FOREVER) {
                assert_true(closes > t);
                assert_false(twin_open(rules, n, closes));
                assert_true(twin_open(rules, n, closes - 60));
            }
            if (open && !was && t > from) { /* an opening: the search from before finds it */
                assert_true(hours_next_opening(rules, n, t - 300, &opens));
                assert_true(opens > t - 300 && opens <= t);
            }
            was = open;
        }
    }
    rg_ctx_done(&ctx);
}

static void
a_code_that_knows_its_week_gives_the_week_back(void **state)
{
    struct rg_ctx ctx;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    ctx.chance = 11;
    unsigned n_told = 0;
    for (int world = 0; world < 400; world++) {
        int64_t monday = day_of("2026-11-02") + 7 * (int64_t)(rg_chance(&ctx) % 60);
        struct hours_rule rules[3];
        size_t n = 1 + rg_chance(&ctx) % 3;
        for (size_t i = 0; i < n; i++)
            rules[i] = random_rule(&ctx, monday);
        struct hours_code code;
        hours_encode_week(rules, n, monday, &code);
        struct hours_interval a[HOURS_INTERVALS_MAX], b[HOURS_INTERVALS_MAX];
        size_t n_a = hours_week(rules, n, monday, a, HOURS_INTERVALS_MAX);
        size_t n_b = hours_code_week(&code, b, HOURS_INTERVALS_MAX);
        if (!(code.flags & HOURS_WEEK_TELLS) || (code.flags & HOURS_WEEK_REGULAR))
            continue; /* a regular code leaves holidays to the question */
        n_told++;
        assert_int_equal(n_a, n_b);
        for (size_t i = 0; i < n_a; i++) {
            assert_int_equal(a[i].weekday, b[i].weekday);
            assert_int_equal(a[i].opens_min, b[i].opens_min);
            assert_int_equal(a[i].closes_min, b[i].closes_min);
        }
    }
    assert_true(n_told > 50);
    rg_ctx_done(&ctx);
}

/* Rules that end, begin and pause within a season: what the code of one week says of later weeks is
 * so, and it knows how far it may be asked.                                                   */
static void
a_code_is_good_until_its_rules_change(void **state)
{
    struct rg_ctx ctx;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    ctx.chance = 13;
    unsigned n_bounded = 0, n_weeks = 0;
    for (int world = 0; world < 600; world++) {
        int64_t monday = day_of("2026-11-30") + 7 * (int64_t)(rg_chance(&ctx) % 52);
        struct hours_rule rules[3];
        size_t n = 1 + rg_chance(&ctx) % 3;
        for (size_t i = 0; i < n; i++) {
            rules[i] = random_rule(&ctx, monday);
            rules[i].interval = rules[i].interval > 1 && world % 2 ? 1 : rules[i].interval;
            int64_t from = monday - 40 + (int64_t)(rg_chance(&ctx) % 80);
            if (rg_chance(&ctx) % 2)
                rules[i].valid_from = from;
            if (rg_chance(&ctx) % 3 == 0)
                rules[i].valid_to = from + (int64_t)(rg_chance(&ctx) % 60);
        }
        struct hours_code code;
        hours_encode_week(rules, n, monday, &code);
        if (!(code.flags & HOURS_WEEK_TELLS))
            continue;
        assert_true(hours_code_tells_week(&code, monday));
        n_bounded += code.flags & HOURS_WEEK_REGULAR && code.edge < monday + 70;
        for (int64_t week = monday; week < monday + 70; week += 7) {
            bool tells = hours_code_tells_week(&code, week);
            n_weeks += tells && week > monday;
            /* within the week on whatever clock */
            int64_t t = week * 86400 + 13 * 3600, end = (week + 6) * 86400 + 11 * 3600;
            for (; t < end; t += 5 * 3600 + 300) {
                enum hours_state coded = hours_code_open_at(&code, t, NULL);
                assert_false(tells && coded == HOURS_UNKNOWN);
                if (coded != HOURS_UNKNOWN)
                    assert_int_equal(coded, hours_open_at(rules, n, t, NULL));
            }
        }
    }
    assert_true(n_bounded > 20 && n_weeks > 100);
    rg_ctx_done(&ctx);
}

static void
a_weekday_office_is_open_in_its_hours_and_says_until_when(void **state)
{
    struct hours_rule r[2] = {rule_of("MO,TU,WE,TH,FR", "09:00", "12:30"),
                              rule_of("TU", "14:00", "16:00")};
    int64_t t;
    assert_int_equal(hours_open_at(r, 2, at("2026-11-24 09:00"), &t), HOURS_OPEN);
    assert_int_equal(t, at("2026-11-24 12:30"));
    assert_int_equal(hours_open_at(r, 2, at("2026-11-24 12:30"), &t), HOURS_CLOSED);
    assert_true(hours_next_opening(r, 2, at("2026-11-24 12:30"), &t));
    assert_int_equal(t, at("2026-11-24 14:00"));
    assert_true(hours_next_opening(r, 2, at("2026-11-27 18:00"), &t));
    assert_int_equal(t, at("2026-11-30 09:00"));
    assert_int_equal(hours_open_at(NULL, 0, at("2026-11-24 09:00"), &t), HOURS_UNKNOWN);
}

static void
a_night_shelter_stays_open_past_midnight_and_through_the_clock_change(void **state)
{
    struct hours_rule r = rule_of("MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00");
    r.holidays = true;
    int64_t t;
    assert_int_equal(hours_open_at(&r, 1, at("2026-03-29 04:00"), &t), HOURS_OPEN);
    assert_int_equal(t, at("2026-03-29 08:00"));
    assert_int_equal(t - at("2026-03-28 20:00"), 11 * 3600);
    assert_int_equal(hours_open_at(&r, 1, at("2026-10-25 07:59"), &t), HOURS_OPEN);
    assert_int_equal(at("2026-10-25 08:00") - at("2026-10-24 20:00"), 13 * 3600);
    assert_int_equal(hours_open_at(&r, 1, at("2027-01-01 00:30"), &t), HOURS_OPEN);
}

static void
public_holidays_close_unless_the_rule_says_so(void **state)
{
    struct hours_rule r = rule_of("MO,TU,WE,TH,FR", "09:00", "17:00");
    assert_int_equal(hours_open_at(&r, 1, at("2026-12-08 10:00"), NULL), HOURS_CLOSED);
    assert_int_equal(hours_open_at(&r, 1, at("2027-03-29 10:00"), NULL), HOURS_CLOSED);
    struct hours_fields f = {.byday = STR("TU"), .opens_at = STR("09:00"),
                             .closes_at = STR("17:00"), .freq = STR("WEEKLY"),
                             .description = STR("Anche festivi")};
    assert_true(hours_parse_rule(&f, &r));
    assert_int_equal(hours_open_at(&r, 1, at("2026-12-08 10:00"), NULL), HOURS_OPEN);
    struct hours_fields once = {.valid_from = STR("2026-12-25"), .valid_to = STR("2026-12-25"),
                                .opens_at = STR("12:00"), .closes_at = STR("15:00")};
    assert_true(hours_parse_rule(&once, &r));
    assert_int_equal(hours_open_at(&r, 1, at("2026-12-25 13:00"), NULL), HOURS_OPEN);
    assert_int_equal(hours_open_at(&r, 1, at("2026-12-26 13:00"), NULL), HOURS_CLOSED);
}

static void
august_can_be_closed_by_ranges_or_by_a_closing_rule(void **state)
{
    struct hours_rule r[2] = {rule_of("MO,TU,WE,TH,FR", "09:00", "17:00"), {0}};
    struct hours_fields f = {.valid_from = STR("2026-08-01"), .valid_to = STR("2026-08-31"),
                             .byday = STR("MO,TU,WE,TH,FR,SA,SU"),
                             .description = STR("Chiuso per ferie")};
    assert_true(hours_parse_rule(&f, &r[1]));
    assert_true(r[1].closed);
    assert_int_equal(hours_open_at(r, 1, at("2026-08-19 10:00"), NULL), HOURS_OPEN);
    assert_int_equal(hours_open_at(r, 2, at("2026-08-19 10:00"), NULL), HOURS_CLOSED);
    int64_t t;
    assert_true(hours_next_opening(r, 2, at("2026-08-03 10:00"), &t));
    assert_int_equal(t, at("2026-09-01 09:00"));
}

static void
monthly_rules_find_the_first_and_the_last_weekday(void **state)
{
    struct hours_fields f = {.freq = STR("MONTHLY"), .byday = STR("1MO,-1FR"),
                             .opens_at = STR("9:00AM"), .closes_at = STR("12:00PM")};
    struct hours_rule r;
    assert_true(hours_parse_rule(&f, &r));
    assert_true(hours_rule_on(&r, day_of("2026-11-02")));
    assert_false(hours_rule_on(&r, day_of("2026-11-09")));
    assert_true(hours_rule_on(&r, day_of("2026-11-27")));
    assert_false(hours_rule_on(&r, day_of("2026-11-20")));
    f = (struct hours_fields){.freq = STR("MONTHLY"), .bymonthday = STR("-1"),
                              .opens_at = STR("09:00"), .closes_at = STR("12:00")};
    assert_true(hours_parse_rule(&f, &r));
    assert_true(hours_rule_on(&r, day_of("2028-02-29")));
    assert_false(hours_rule_on(&r, day_of("2028-02-28")));
    assert_true(hours_rule_on(&r, day_of("2027-02-28")));
}

static void
interval_and_count_are_followed_from_the_start(void **state)
{
    struct hours_fields f = {.freq = STR("WEEKLY"), .byday = STR("TU"), .interval = STR("2"),
                             .dtstart = STR("2026-11-03"), .count = STR("3"),
                             .opens_at = STR("09:00"), .closes_at = STR("10:00")};
    struct hours_rule r;
    assert_true(hours_parse_rule(&f, &r));
    assert_true(hours_rule_on(&r, day_of("2026-11-03")));
    assert_false(hours_rule_on(&r, day_of("2026-11-10")));
    assert_true(hours_rule_on(&r, day_of("2026-12-01")));
    assert_false(hours_rule_on(&r, day_of("2026-12-15"))); /* the fourth */
}

static void
real_free_text_is_understood(void **state)
{
    static const struct {
        const char *days, *opens, *closes, *byday;
        int opens_min, closes_min;
    } cases[] = {
        {"Monday-Friday", "8:30AM", "5:30PM", "MO,TU,WE,TH,FR", 510, 1050},
        {"Mon - Tue & Thur - Fri", "9:00AM", "5:00PM", "MO,TU,TH,FR", 540, 1020},
        {"Saturday - Sunday", "24 Hours", "", "SA,SU", 0, 1440},
        {"Sunday-Saturday", "24 hours", "", "MO,TU,WE,TH,FR,SA,SU", 0, 1440},
        {"2nd and 4th Saturdays of every month", "10:00AM", "12:00PM", "2SA,4SA", 600, 720},
        {"Second Saturday", "9:15AM", "2:00PM", "2SA", 555, 840},
        {"Mon - Wed, Fri", "8:30AM", "5:00PM", "MO,TU,WE,FR", 510, 1020},
        {"24-7", "", "", "MO,TU,WE,TH,FR,SA,SU", 0, 1440},
        {"luned\xC3\xAC e gioved\xC3\xAC", "9", "12.30", "MO,TH", 540, 750},
        {"dal lun al ven", "9.00", "13.00", "MO,TU,WE,TH,FR", 540, 780},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct hours_rule r;
        assert_true(hours_parse_text(str_of(cases[i].days), str_of(cases[i].opens),
                                     str_of(cases[i].closes), &r));
        struct rg_buf buf RG_CLEANUP(rg_buf_done) = {0};
        rg_buf_init(&buf, 100);
        hours_put_byday(&buf, &r);
        rg_buf_c(&buf, '\0');
        assert_string_equal(buf.p, cases[i].byday);
        assert_int_equal(r.opens_min, cases[i].opens_min);
        assert_int_equal(r.closes_min, cases[i].closes_min);
        assert_true(r.repaired);
    }
    struct hours_rule r;
    assert_false(hours_parse_text(STR("November 1 - March 31"), STR("8"), STR("9"), &r));
    assert_false(hours_parse_text(STR("Monday"), STR("By appointment"), STR(""), &r));
    assert_false(hours_parse_text(STR(""), STR("8"), STR("9"), &r));
}

static void
times_are_read_in_every_form_seen_and_nothing_else(void **state)
{
    static const struct {
        const char *text;
        int minute;
    } good[] = {{"08:30", 510}, {"8:30AM", 510}, {"12:00am", 0}, {"12:00 pm", 720},
                {"08:30:00Z", 510}, {"09:00:00+01:00", 540}, {"24:00", 1440}, {"8", 480},
                {"0830", 510}, {"12.30", 750}, {"2025-08-21T16:30:00", 990}, {"9h30", 570},
                {"noon", 720}};
    static const char *const bad[] = {"", "750", "25:00", "12:60", "13:00PM", "0:30am", "8:3",
                                      "Nights", "8:", "24:01", "-8", "08:30x"};
    int minute;
    for (size_t i = 0; i < RG_COUNT(good); i++) {
        assert_true(hours_parse_time(str_of(good[i].text), &minute));
        assert_int_equal(minute, good[i].minute);
    }
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(hours_parse_time(str_of(bad[i]), &minute));
}

static void
the_week_is_merged_and_sorted(void **state)
{
    struct hours_rule r[3] = {rule_of("TU", "14:00", "16:00"), rule_of("TU", "09:00", "12:00"),
                              rule_of("MO,TU", "11:00", "14:00")};
    struct hours_interval week[HOURS_INTERVALS_MAX];
    assert_int_equal(hours_week(r, 3, day_of("2026-11-23"), week, HOURS_INTERVALS_MAX), 2);
    assert_int_equal(week[0].weekday, 0);
    assert_int_equal(week[1].opens_min, 540);
    assert_int_equal(week[1].closes_min, 960);
    assert_int_equal(hours_week(r, 3, day_of("2026-11-23"), week, 1), 1);
}

static void
a_schedule_that_tells_nothing_is_unknown_not_closed(void **state)
{
    struct hours_fields days_only = {.byday = STR("MO"), .freq = STR("WEEKLY")};
    struct hours_fields times_only = {.opens_at = STR("09:00"), .closes_at = STR("10:00")};
    struct hours_fields nonsense = {.byday = STR("whenever"), .opens_at = STR("09:00"),
                                    .closes_at = STR("10:00")};
    struct hours_rule r[3];
    assert_false(hours_parse_rule(&days_only, &r[0]));
    assert_false(hours_parse_rule(&times_only, &r[1]));
    assert_false(hours_parse_rule(&nonsense, &r[2]));
    assert_int_equal(hours_open_at(r, 3, at("2026-11-23 09:30"), NULL), HOURS_UNKNOWN);
    struct hours_code code;
    hours_encode_week(r, 3, day_of("2026-11-23"), &code);
    assert_int_equal(hours_code_open_at(&code, at("2026-11-23 09:30"), NULL), HOURS_UNKNOWN);
}

static void
a_regular_code_answers_for_every_week_and_knows_the_holidays(void **state)
{
    struct hours_rule r = rule_of("MO,TU,WE,TH,FR", "09:00", "17:00");
    struct hours_code code;
    hours_encode_week(&r, 1, day_of("2026-12-07"), &code);
    int64_t t;
    assert_int_equal(hours_code_open_at(&code, at("2026-12-08 10:00"), &t), HOURS_CLOSED);
    assert_int_equal(hours_code_open_at(&code, at("2030-07-02 10:00"), &t), HOURS_OPEN);
    assert_int_equal(t, at("2030-07-02 17:00"));
}

/* As HSDS has it: a recurrence with the day it began. */
static void
a_week_that_began_long_ago_is_like_those_to_come(void **state)
{
    struct hours_fields f = {.freq = STR("WEEKLY"), .byday = STR("MO,WE"), .wkst = STR("MO"),
                             .dtstart = STR("2026-01-01"), .opens_at = STR("09:30"),
                             .closes_at = STR("12:00")};
    struct hours_rule r;
    struct hours_code code;
    assert_true(hours_parse_rule(&f, &r));
    hours_encode_week(&r, 1, day_of("2026-11-23"), &code);
    assert_int_equal(hours_code_open_at(&code, at("2026-12-02 10:00"), NULL), HOURS_OPEN);
    assert_int_equal(hours_code_open_at(&code, at("2031-01-08 10:00"), NULL), HOURS_OPEN);
    assert_int_equal(hours_code_open_at(&code, at("2031-01-07 10:00"), NULL), HOURS_CLOSED);
    f.until = STR("2026-12-09");
    assert_true(hours_parse_rule(&f, &r));
    hours_encode_week(&r, 1, day_of("2026-11-23"), &code);
    assert_int_equal(hours_code_open_at(&code, at("2026-12-09 10:00"), NULL), HOURS_OPEN);
    assert_int_equal(hours_code_open_at(&code, at("2026-12-14 10:00"), NULL), HOURS_UNKNOWN);
    assert_false(hours_code_tells_week(&code, day_of("2026-12-07")));
    hours_encode_week(&r, 1, day_of("2026-12-14"), &code);
    assert_int_equal(hours_code_open_at(&code, at("2026-12-14 10:00"), NULL), HOURS_CLOSED);
    assert_true(hours_code_tells_week(&code, day_of("2027-12-13")));
}

static void
rules_come_out_of_the_schedules_of_a_record(void **state)
{
    struct rg_arena *arena = rg_arena_new(1 << 16);
    const struct rg_jv *root;
    assert_true(rg_jv_parse(arena, STR("[{\"byday\":\"MO\",\"freq\":\"WEEKLY\",\"opens_at\":"
                                       "\"09:00\",\"closes_at\":\"12:00\"},{\"id\":\"x\"},"
                                       "{\"timezone\":-5,\"byday\":\"TU\",\"opens_at\":"
                                       "\"09:00\",\"closes_at\":\"12:00\"}]"), &root));
    struct hours_rule r[4];
    assert_int_equal(hours_rules_of_schedules(arena, root, r, 4), 2);
    assert_int_equal(r[1].offset_s, -5 * 3600);
    assert_int_equal(hours_open_at(r, 2, at("2026-11-24 15:30"), NULL), HOURS_OPEN);
    assert_int_equal(hours_rules_of_schedules(arena, NULL, r, 4), 0);
    /* a frequency that was not understood is no weekly one; a single date needs none */
    assert_true(rg_jv_parse(arena,
                            STR("[{\"byday\":\"SA\",\"opens_at\":\"12:00\",\"closes_at\":"
                                "\"14:00\",\"freq_as_received\":\"BI_WEEKLY\"},"
                                "{\"valid_from\":\"2026-11-28\",\"valid_to\":\"2026-11-28\","
                                "\"byday\":\"SA\",\"opens_at\":\"16:00\",\"closes_at\":"
                                "\"18:00\",\"freq_as_received\":\"ONCE\"}]"), &root));
    assert_int_equal(hours_rules_of_schedules(arena, root, r, 4), 1);
    assert_int_equal(hours_open_at(r, 1, at("2026-11-28 17:00"), NULL), HOURS_OPEN);
    rg_arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_at_and_next_opening_agree_with_a_minute_by_minute_search),
        cmocka_unit_test(a_code_that_knows_its_week_gives_the_week_back),
        cmocka_unit_test(a_code_is_good_until_its_rules_change),
        cmocka_unit_test(a_weekday_office_is_open_in_its_hours_and_says_until_when),
        cmocka_unit_test(a_night_shelter_stays_open_past_midnight_and_through_the_clock_change),
        cmocka_unit_test(public_holidays_close_unless_the_rule_says_so),
        cmocka_unit_test(august_can_be_closed_by_ranges_or_by_a_closing_rule),
        cmocka_unit_test(monthly_rules_find_the_first_and_the_last_weekday),
        cmocka_unit_test(interval_and_count_are_followed_from_the_start),
        cmocka_unit_test(real_free_text_is_understood),
        cmocka_unit_test(times_are_read_in_every_form_seen_and_nothing_else),
        cmocka_unit_test(the_week_is_merged_and_sorted),
        cmocka_unit_test(a_schedule_that_tells_nothing_is_unknown_not_closed),
        cmocka_unit_test(a_week_that_began_long_ago_is_like_those_to_come),
        cmocka_unit_test(rules_come_out_of_the_schedules_of_a_record),
        cmocka_unit_test(a_regular_code_answers_for_every_week_and_knows_the_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
