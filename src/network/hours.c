#include "hours.h"

struct span {
    int64_t from, to; /* instants */
};

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool
hours_rule_tells(const struct hours_rule *rule)
{
    return rule->has_days && (rule->has_times || rule->closed);
}

static int
days_of_month(struct rg_civil c)
{
    int year = c.month == 12 ? c.year + 1 : c.year, month = c.month == 12 ? 1 : c.month + 1;
    return (int)(rg_days_of(year, month, 1) - rg_days_of(c.year, c.month, 1));
}

/* The recurrence proper: does the pattern of days meet this day, interval included? */
static bool
pattern_on(const struct hours_rule *rule, int64_t day)
{
    struct rg_civil c = rg_civil_of_days(day);
    int n_days = days_of_month(c);
    unsigned nth = rule->nth[c.weekday];
    bool any_weekday = false;
    for (int i = 0; i < 7; i++)
        any_weekday |= rule->nth[i] != 0;
    bool weekday_ok = (nth & 1u) || (nth >> (1 + (c.day - 1) / 7) & 1u) ||
                      (nth >> (6 + (n_days - c.day) / 7) & 1u);
    bool month_days = rule->month_days || rule->month_days_back;
    bool month_day_ok = (rule->month_days >> c.day & 1u) ||
                        (rule->month_days_back >> (n_days - c.day + 1) & 1u);
    if ((any_weekday && !weekday_ok) || (month_days && !month_day_ok) ||
        (!any_weekday && !month_days))
        return false;
    if (rule->interval <= 1 || rule->start == HOURS_NO_DAY)
        return true;
    struct rg_civil s = rg_civil_of_days(rule->start);
    int64_t steps = rule->freq == HOURS_MONTHLY
                        ? (int64_t)(c.year - s.year) * 12 + c.month - s.month
                        : floor_div(day + 3 - rule->week_starts, 7) -
                              floor_div(rule->start + 3 - rule->week_starts, 7);
    return steps % rule->interval == 0;
}

bool
hours_rule_on(const struct hours_rule *rule, int64_t day)
{
    return (rule->valid_from == HOURS_NO_DAY || day >= rule->valid_from) &&
           (rule->valid_to == HOURS_NO_DAY || day <= rule->valid_to) &&
           (rule->start == HOURS_NO_DAY || day >= rule->start) &&
           (rule->until == HOURS_NO_DAY || day <= rule->until) && pattern_on(rule, day);
}

static bool
closed_on(const struct hours_rule *rules, size_t n, int64_t day)
{
    for (size_t i = 0; i < n; i++)
        if (rules[i].closed && hours_rule_tells(&rules[i]) && hours_rule_on(&rules[i], day))
            return true;
    return false;
}

/* An opening rule in force on that day of its own calendar. Cheap tests first. */
static bool
opens_on(const struct hours_rule *rules, size_t n, const struct hours_rule *rule, int64_t day)
{
    return !rule->closed && hours_rule_tells(rule) && hours_rule_on(rule, day) &&
           (rule->holidays || rule->fixed_offset || !rg_italian_holiday(day)) &&
           !closed_on(rules, n, day);
}

static int64_t
instant(bool fixed_offset, int64_t offset_s, int64_t day, int minute)
{
    day += minute / 1440;
    int second = minute % 1440 * 60;
    return fixed_offset ? day * 86400 + second - offset_s : rg_unix_of_rome(day, second);
}

static struct span
span_of(const struct hours_rule *rule, int64_t day)
{
    return (struct span){instant(rule->fixed_offset, rule->offset_s, day, rule->opens_min),
                         instant(rule->fixed_offset, rule->offset_s, day, rule->closes_min)};
}

static int64_t
local_day(bool fixed_offset, int64_t offset_s, int64_t unix_s)
{
    return floor_div(unix_s + (fixed_offset ? offset_s : rg_rome_offset_s(unix_s)), 86400);
}

/* The latest end of an opening that holds at, or touches, the instant; else the instant. */
static int64_t
furthest_end(const struct hours_rule *rules, size_t n, int64_t unix_s, bool may_touch)
{
    int64_t best = unix_s;
    for (size_t i = 0; i < n; i++) {
        const struct hours_rule *rule = &rules[i];
        int64_t today = local_day(rule->fixed_offset, rule->offset_s, unix_s);
        for (int64_t day = today - 2; day <= today; day++) {
            if (!opens_on(rules, n, rule, day))
                continue;
            struct span s = span_of(rule, day);
            if (s.from <= unix_s && (unix_s < s.to || (may_touch && unix_s == s.to)) &&
                s.to > best)
                best = s.to;
        }
    }
    return best;
}

enum hours_state
hours_open_at(const struct hours_rule *rules, size_t n, int64_t unix_s, int64_t *ret_closes_s)
{
    bool tells = false;
    for (size_t i = 0; i < n; i++)
        tells |= hours_rule_tells(&rules[i]);
    if (!tells)
        return HOURS_UNKNOWN;
    int64_t end = furthest_end(rules, n, unix_s, false);
    if (end == unix_s)
        return HOURS_CLOSED;
    int64_t far = unix_s + (int64_t)HOURS_UNTIL_DAYS * 86400;
    for (int64_t next = end; ret_closes_s && end < far; end = next) {
        next = furthest_end(rules, n, end, true);
        if (next == end)
            break;
    }
    if (ret_closes_s)
        *ret_closes_s = end < far ? end : HOURS_FOREVER;
    return HOURS_OPEN;
}

bool
hours_next_opening(const struct hours_rule *rules, size_t n, int64_t unix_s,
                   int64_t *ret_opens_s)
{
    int64_t after = unix_s, closes = 0;
    if (hours_open_at(rules, n, unix_s, &closes) == HOURS_OPEN) {
        if (closes == HOURS_FOREVER)
            return false;
        after = closes;
    }
    int64_t best = INT64_MAX, last = unix_s + (int64_t)HOURS_NEXT_DAYS * 86400;
    for (size_t i = 0; i < n; i++) {
        const struct hours_rule *rule = &rules[i];
        int64_t today = local_day(rule->fixed_offset, rule->offset_s, after);
        for (int64_t day = today - 1; day <= today + HOURS_NEXT_DAYS; day++) {
            if (!opens_on(rules, n, rule, day))
                continue;
            struct span s = span_of(rule, day);
            if (s.from > after && s.to > s.from) {
                best = s.from < best ? s.from : best;
                break; /* later days of this rule open later */
            }
        }
    }
    if (best > last)
        return false;
    *ret_opens_s = best;
    return true;
}
