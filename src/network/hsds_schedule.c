/* Schedules of strangers: free text, lists of times and dates, RRULE strings. */
#include "hours.h"
#include "hsds_priv.h"

static void
set_text(struct intake *in, struct hsds_node *object, const char *name, struct str text)
{
    hsds_take(object, name);
    hsds_put_text(in->work, object, name, text);
}

static void
tell(struct intake *in, const char *field, struct str value)
{
    intake_tell(in, INTAKE_SCHEDULE_TEXT, HSDS_SCHEDULE, str_of(field), value);
}

/* Empty, and nothing was kept aside from it when the document was made: so reading it again does
 * not guess anew.                                                                             */
static bool
unsaid(struct intake *in, const struct hsds_node *schedule, const char *name)
{
    return hsds_is_empty(hsds_get(schedule, name)) &&
           !hsds_get(schedule, rg_arena_printf(in->work, "%s_as_received", name));
}

static void
rename_all(struct hsds_node *schedule)
{
    for (struct hsds_node *v = schedule->first; v; v = v->next) {
        if (hsds_property_find(HSDS_SCHEDULE, v->key))
            continue;
        const char *name = hsds_alias(HSDS_SCHEDULE, v->key);
        if (!name || !hsds_is_empty(hsds_get(schedule, name)))
            continue;
        hsds_take(schedule, name);
        v->key = str_of(name);
    }
}

/* "FREQ=MONTHLY;BYDAY=4FR" into the fields that are empty. */
static void
spread_rrule(struct intake *in, struct hsds_node *schedule, const char *name)
{
    static const char *const parts[][2] = {{"FREQ", "freq"}, {"BYDAY", "byday"},
                                           {"INTERVAL", "interval"}, {"COUNT", "count"},
                                           {"UNTIL", "until"}, {"BYMONTHDAY", "bymonthday"},
                                           {"WKST", "wkst"}};
    struct str rest = hsds_get_text(schedule, name), part;
    while (rest.n && str_cut(&rest, ';', &part))
        for (size_t i = 0; i < RG_COUNT(parts); i++) {
            size_t n = strlen(parts[i][0]);
            if (part.n > n + 1 && part.p[n] == '=' &&
                str_eq_nocase(str_n(part.p, n), str_of(parts[i][0])) &&
                unsaid(in, schedule, parts[i][1]))
                set_text(in, schedule, parts[i][1], str_n(part.p + n + 1, part.n - n - 1));
        }
}

static bool
is_date(struct str s)
{
    int64_t day;
    return s.n >= 10 && rg_parse_date(str_n(s.p, 10), &day);
}

/* "8:30AM" where a date belongs (dtstart, until): it is a time. Also the time within a date. */
static void
time_out_of_date(struct intake *in, struct hsds_node *schedule, const char *date,
                 const char *time)
{
    struct str text = str_trim(hsds_get_text(schedule, date));
    int minute;
    if (text.n == 0 || !hsds_is_empty(hsds_get(schedule, time)))
        return;
    if (is_date(text)) {
        if (text.n > 11 && hours_parse_time(text, &minute))
            set_text(in, schedule, time, str_n(text.p + 11, text.n - 11));
        return;
    }
    if (str_eq_nocase(text, STR("24 hours"))) {
        set_text(in, schedule, "opens_at", STR("00:00"));
        set_text(in, schedule, "closes_at", STR("24:00"));
    } else if (hours_parse_time(text, &minute)) {
        set_text(in, schedule, time, text);
    } else {
        return;
    }
    hsds_take(schedule, date);
    tell(in, date, text);
}

static void
settle_time(struct intake *in, struct hsds_node *schedule, const char *name)
{
    struct str text = hsds_get_text(schedule, name);
    int minute;
    bool plain = text.n >= 5 && text.p[2] == ':' && text.p[0] >= '0' && text.p[0] <= '2' &&
                 text.p[text.n - 1] != 'm' && text.p[text.n - 1] != 'M';
    if (text.n == 0 || plain || !hours_parse_time(text, &minute))
        return;
    const char *clock = rg_arena_printf(in->work, "%02d:%02d", minute / 60, minute % 60);
    set_text(in, schedule, name, str_of(clock));
    tell(in, name, text);
}

/* "MO,TU", "-1FR": capitals, numbers and commas; a dash only as a sign. */
static bool
is_rrule(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool sign = (c == '-' || c == '+') && (i == 0 || s.p[i - 1] == ',');
        if (!sign && c != ',' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

/* Days as words, lists or RRULE become "MO,TU" or "2SA"; what is not understood stays. */
static void
settle_days(struct intake *in, struct hsds_node *schedule)
{
    struct hsds_node *node = hsds_get(schedule, "byday");
    struct hours_rule rule = {0};
    struct rg_buf text RG_CLEANUP(rg_buf_done) = {0}, days RG_CLEANUP(rg_buf_done) = {0};
    rg_buf_init(&text, HOURS_TEXT_MAX * 4);
    rg_buf_init(&days, HOURS_TEXT_MAX * 4);
    if (hsds_is_empty(node)) {
        if (!str_eq_nocase(hsds_get_text(schedule, "freq"), STR("DAILY")))
            return;
        rg_buf_lit(&text, "daily");
    } else if (node->kind == RG_JV_ARRAY) {
        for (struct hsds_node *v = node->first; v; v = v->next) {
            rg_buf_str(&text, hsds_text(v));
            rg_buf_c(&text, ',');
        }
    } else {
        rg_buf_str(&text, hsds_text(node));
    }
    struct str given = rg_buf_view(&text);
    if (text.failed || !hours_parse_days(given, &rule))
        return;
    hours_put_byday(&days, &rule);
    if (days.failed)
        return;
    struct str canonical = rg_arena_str(in->work, rg_buf_view(&days));
    struct str freq = str_trim(hsds_get_text(schedule, "freq"));
    bool daily = str_eq_nocase(freq, STR("DAILY"));
    bool monthly = rule.freq == HOURS_MONTHLY;
    if (unsaid(in, schedule, "freq") || daily || (monthly && !str_is(freq, "MONTHLY")))
        set_text(in, schedule, "freq", monthly ? STR("MONTHLY") : STR("WEEKLY"));
    if (rule.has_times && hsds_is_empty(hsds_get(schedule, "opens_at"))) {
        set_text(in, schedule, "opens_at", STR("00:00"));
        set_text(in, schedule, "closes_at", STR("24:00"));
    }
    if (hsds_text(node).p && is_rrule(hsds_text(node)))
        return;
    tell(in, "byday", rg_arena_str(in->work, given));
    set_text(in, schedule, "byday", canonical);
}

void
hsds_reshape_schedule(struct intake *in, struct hsds_node *schedule)
{
    spread_rrule(in, schedule, "rrule");
    spread_rrule(in, schedule, "recurrence_rule");
    spread_rrule(in, schedule, "recurring_rule");
    rename_all(schedule);
    time_out_of_date(in, schedule, "dtstart", "opens_at");
    time_out_of_date(in, schedule, "until", "closes_at");
    struct str end = hsds_get_text(schedule, "dtend");
    int minute;
    if (is_date(end) && end.n > 11 && hsds_is_empty(hsds_get(schedule, "closes_at")) &&
        hours_parse_time(end, &minute))
        set_text(in, schedule, "closes_at", str_n(end.p + 11, end.n - 11));
    struct str date = hsds_get_text(schedule, "date");
    if (is_date(date) && hsds_is_empty(hsds_get(schedule, "valid_from"))) {
        set_text(in, schedule, "valid_from", date);
        set_text(in, schedule, "valid_to", date);
        hsds_take(schedule, "date");
        tell(in, "date", date);
    }
    struct hsds_node *closed = hsds_get(schedule, "closed");
    if (closed && (closed->kind == RG_JV_TRUE || str_eq_nocase(hsds_text(closed), STR("true"))) &&
        hsds_is_empty(hsds_get(schedule, "notes")))
        set_text(in, schedule, "notes", STR("Closed"));
    settle_time(in, schedule, "opens_at");
    settle_time(in, schedule, "closes_at");
    settle_days(in, schedule);
}

/* ---- one schedule that holds several ---- */

static const char *const lists[] = {"times", "time_slots", "hours", "operating_hours",
                                    "open_intervals", "daily_schedules", "weekday_schedule",
                                    "service_days", "time_periods", "intervals", "dates",
                                    "event_dates", "schedule_dates", "activity_dates", "days",
                                    "details"};

/* A list whose members say more than a weekday: objects, or dates as text. */
static const char *
list_to_split(const struct hsds_node *schedule)
{
    for (size_t i = 0; i < RG_COUNT(lists); i++) {
        const struct hsds_node *list = hsds_get(schedule, lists[i]);
        if (list && list->kind == RG_JV_ARRAY && list->first &&
            (list->first->kind == RG_JV_OBJECT || is_date(hsds_text(list->first))))
            return lists[i];
    }
    return NULL;
}

static struct hsds_node *
merged(struct intake *in, const struct hsds_node *schedule, const char *list,
       struct hsds_node *member, size_t number)
{
    struct hsds_node *one = hsds_node_new(in->work, RG_JV_OBJECT);
    for (const struct hsds_node *v = schedule->first; v; v = v->next)
        if (!str_eq(v->key, str_of(list)))
            hsds_put(one, v->key, hsds_copy(in->work, v));
    if (member->kind == RG_JV_OBJECT) {
        for (struct hsds_node *next, *v = member->first; v; v = next) {
            next = v->next;
            if (str_is(v->key, "id"))
                continue;
            hsds_take(one, rg_arena_cstr(in->work, v->key));
            hsds_put(one, v->key, v);
        }
    } else {
        set_text(in, one, "date", hsds_text(member));
    }
    struct str id = hsds_get_text(one, "id");
    if (id.n && number > 0) {
        const char *own = rg_arena_printf(in->work, "%.*s#%zu", STR_ARG(id), number + 1);
        set_text(in, one, "id", str_of(own));
    }
    return one;
}

static void
split_into(struct intake *in, struct hsds_node *out, struct hsds_node *schedule, int depth,
           size_t *n_out)
{
    const char *list = schedule->kind == RG_JV_OBJECT && depth < 3 ? list_to_split(schedule)
                                                                   : NULL;
    if (!list) {
        (*n_out)++;
        hsds_put(out, STR_NONE, schedule);
        return;
    }
    size_t number = 0;
    struct hsds_node *array = hsds_get(schedule, list);
    for (struct hsds_node *next, *v = array->first; v && *n_out < INTAKE_SPLIT_MAX; v = next) {
        next = v->next;
        struct hsds_node *one = merged(in, schedule, list, v, number++);
        if (one)
            split_into(in, out, one, depth + 1, n_out);
    }
    intake_tell(in, INTAKE_SCHEDULE_TEXT, HSDS_SCHEDULE, str_of(list), STR(""));
}

void
hsds_reshape_schedules(struct intake *in, struct hsds_node *owner)
{
    struct hsds_node *given = hsds_get(owner, "schedules");
    if (!given || (given->kind != RG_JV_ARRAY && given->kind != RG_JV_OBJECT))
        return;
    bool any = given->kind == RG_JV_OBJECT && list_to_split(given);
    for (struct hsds_node *v = given->kind == RG_JV_ARRAY ? given->first : NULL; v; v = v->next)
        any |= list_to_split(v) != NULL;
    if (!any)
        return;
    given = hsds_take(owner, "schedules");
    struct hsds_node *all = hsds_node_new(in->work, RG_JV_ARRAY);
    size_t n = 0;
    struct hsds_node *next, *v = given->kind == RG_JV_ARRAY ? given->first : given;
    for (; all && v; v = next) {
        next = given->kind == RG_JV_ARRAY ? v->next : NULL;
        split_into(in, all, v, 0, &n);
    }
    hsds_put(owner, STR("schedules"), all);
}
