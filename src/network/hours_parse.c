/* Schedules in words and in RRULE parts, read with tolerance. */
#include "hours.h"

/* ---- times ---- */

static bool
digits(struct str s, size_t at, size_t n_max, int *ret_value, size_t *ret_n)
{
    int v = 0;
    size_t n = 0;
    while (n < n_max && at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        v = v * 10 + (s.p[at + n++] - '0');
    *ret_value = v;
    *ret_n = n;
    return n > 0;
}

/* What may follow the minutes: seconds, a fraction, a zone. Only its form is looked at. */
static bool
is_time_tail(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789:.+-Zz ", s.p[i]) || !s.p[i])
            return false;
    return s.n == 0 || (s.n <= 20 && strchr(":+-Zz", s.p[0]) != NULL);
}

/* "am", "p.m.", …: 1 for morning, 2 for afternoon, 0 for neither. */
static int
half_of_day(struct str s)
{
    static const char *const forms[] = {"am", "a.m.", "a.m", "pm", "p.m.", "p.m"};
    for (int i = 0; i < 6; i++)
        if (str_eq_nocase(s, str_of(forms[i])))
            return 1 + i / 3;
    return 0;
}

bool
hours_parse_time(struct str text, int *ret_min)
{
    struct str s = str_trim(text);
    if (str_eq_nocase(s, STR("noon")) || str_eq_nocase(s, STR("mezzogiorno"))) {
        *ret_min = 720;
        return true;
    }
    if (str_eq_nocase(s, STR("midnight")) || str_eq_nocase(s, STR("mezzanotte"))) {
        *ret_min = 0;
        return true;
    }
    if (s.n > 11 && (s.p[10] == 'T' || s.p[10] == ' ') && s.p[4] == '-')
        s = str_n(s.p + 11, s.n - 11);
    else if (s.n > 1 && (s.p[0] == 'T' || s.p[0] == 't'))
        s = str_n(s.p + 1, s.n - 1);
    int hour, minute = 0;
    size_t n, n_minute = 0, at;
    if (!digits(s, 0, 4, &hour, &n) || n == 3)
        return false;
    if (n == 4) {
        minute = hour % 100;
        hour /= 100;
    }
    at = n;
    if (n <= 2 && at < s.n && strchr(":.hH", s.p[at]) && s.p[at]) {
        at++;
        if (digits(s, at, 2, &minute, &n_minute) && n_minute != 2)
            return false;
        if (n_minute == 0 && s.p[at - 1] != 'h' && s.p[at - 1] != 'H')
            return false;
        at += n_minute;
    }
    struct str tail = str_n(s.p + at, s.n - at);
    int half = half_of_day(str_trim(tail));
    if (!half && !is_time_tail(tail))
        return false;
    if (half && (hour < 1 || hour > 12))
        return false;
    if (half)
        hour = hour % 12 + (half == 2 ? 12 : 0);
    if (minute > 59 || hour * 60 + minute > 1440)
        return false;
    *ret_min = hour * 60 + minute;
    return true;
}

/* ---- days ---- */

struct word {
    const char *text;
    int8_t value;
};

/* Weekday words match when the word starts with the stem and is no longer than the longest
 * form; the stems are distinct among the three languages.                                    */
static const struct word weekday_words[] = {
    {"mo", 0}, {"mon", 0}, {"mons", 0}, {"monday", 0}, {"mondays", 0}, {"lun", 0},
    {"luned\xC3\xAC", 0}, {"lunedi", 0}, {"lundi", 0}, {"lundis", 0},
    {"tu", 1}, {"tue", 1}, {"tues", 1}, {"tuesday", 1}, {"tuesdays", 1}, {"mar", 1},
    {"marted\xC3\xAC", 1}, {"martedi", 1}, {"mardi", 1}, {"mardis", 1},
    {"we", 2}, {"wed", 2}, {"weds", 2}, {"wednesday", 2}, {"wednesdays", 2}, {"mer", 2},
    {"mercoled\xC3\xAC", 2}, {"mercoledi", 2}, {"mercredi", 2}, {"mercredis", 2},
    {"th", 3}, {"thu", 3}, {"thur", 3}, {"thurs", 3}, {"thursday", 3}, {"thursdays", 3},
    {"gio", 3}, {"gioved\xC3\xAC", 3}, {"giovedi", 3}, {"jeu", 3}, {"jeudi", 3}, {"jeudis", 3},
    {"fr", 4}, {"fri", 4}, {"friday", 4}, {"fridays", 4}, {"ven", 4}, {"venerd\xC3\xAC", 4},
    {"venerdi", 4}, {"vendredi", 4}, {"vendredis", 4},
    {"sa", 5}, {"sat", 5}, {"saturday", 5}, {"saturdays", 5}, {"sab", 5}, {"sabato", 5},
    {"sam", 5}, {"samedi", 5}, {"samedis", 5},
    {"su", 6}, {"sun", 6}, {"sunday", 6}, {"sundays", 6}, {"dom", 6}, {"domenica", 6},
    {"dim", 6}, {"dimanche", 6}, {"dimanches", 6},
};
static const struct word ordinal_words[] = {
    {"first", 1}, {"second", 2}, {"third", 3}, {"fourth", 4}, {"fifth", 5}, {"last", -1},
    {"primo", 1}, {"prima", 1}, {"secondo", 2}, {"seconda", 2}, {"terzo", 3}, {"terza", 3},
    {"quarto", 4}, {"quarta", 4}, {"quinto", 5}, {"ultimo", -1}, {"ultima", -1},
    {"premier", 1}, {"deuxi\xC3\xA8me", 2}, {"troisi\xC3\xA8me", 3}, {"dernier", -1},
};
static const struct word span_words[] = {
    {"-", 1}, {"\xE2\x80\x93", 1}, {"to", 1}, {"thru", 1}, {"through", 1}, {"a", 1}, {"al", 1},
    {"alla", 1}, {"au", 1}, {"until", 1},
};
static const struct word empty_words[] = {
    {"of", 1}, {"the", 1}, {"every", 1}, {"each", 1}, {"month", 1}, {"and", 1}, {"&", 1},
    {"e", 1}, {"et", 1}, {"ed", 1}, {"del", 1}, {"mese", 1}, {"ogni", 1}, {"il", 1}, {"la", 1},
    {"le", 1}, {"i", 1}, {"dal", 1}, {"dalla", 1}, {"da", 1}, {"du", 1}, {"de", 1}, {"mois", 1},
    {"from", 1}, {"on", 1}, {"di", 1}, {"+", 1},
};
static const struct word group_words[] = { /* bit set of weekdays */
    {"daily", 127}, {"everyday", 127}, {"24/7", 127}, {"24-7", 127}, {"h24", 127},
    {"weekdays", 31}, {"weekday", 31}, {"feriali", 31}, {"weekend", 96}, {"weekends", 96},
    {"tutti", 127},
};

static bool
lookup(const struct word *words, size_t n, struct str s, int *ret)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(s, str_of(words[i].text))) {
            *ret = words[i].value;
            return true;
        }
    return false;
}
#define LOOKUP(words, s, ret) lookup(words, RG_COUNT(words), s, ret)

/* "1", "-1", "2nd", "4th" and the words: an ordinal of the month. */
static bool
ordinal(struct str s, int *ret)
{
    static const char *const ends[] = {"st", "nd", "rd", "th", "\xC2\xB0", "o", "a"};
    int64_t v;
    if (LOOKUP(ordinal_words, s, ret))
        return true;
    for (size_t i = 0; i < RG_COUNT(ends); i++)
        if (s.n > strlen(ends[i]) && str_ends(s, str_of(ends[i]))) {
            s.n -= strlen(ends[i]);
            break;
        }
    if (!rg_parse_i64(s, -5, 5, &v) || v == 0)
        return false;
    *ret = (int)v;
    return true;
}

struct day_reader {
    struct hours_rule *rule;
    unsigned pending;   /* ordinals seen that wait for a weekday: the bits of nth[]        */
    bool pending_used;
    int last;           /* the weekday before, for a span                                  */
    bool spanning;
    bool any, all_day;
};

static unsigned
nth_bit(int ordinal_of_month)
{
    return ordinal_of_month > 0 ? 1u << ordinal_of_month : 1u << (5 - ordinal_of_month);
}

static void
add_weekday(struct day_reader *r, int weekday)
{
    unsigned bits = r->pending ? r->pending : 1u;
    int from = r->spanning && r->last >= 0 ? r->last : weekday;
    for (int d = from;; d = (d + 1) % 7) {
        r->rule->nth[d] = (uint16_t)(r->rule->nth[d] | bits);
        if (d == weekday)
            break;
    }
    if (r->pending)
        r->rule->freq = HOURS_MONTHLY;
    r->pending_used = r->pending != 0;
    r->last = weekday;
    r->spanning = false;
    r->any = true;
}

/* "1MO", "-1FR": RRULE puts number and day together. */
static bool
add_rrule_day(struct day_reader *r, struct str s)
{
    int weekday, nth;
    if (s.n < 3 || s.n > 5 || !LOOKUP(weekday_words, str_n(s.p + s.n - 2, 2), &weekday))
        return false;
    struct str number = str_n(s.p, s.n - 2);
    if (number.p[0] == '+')
        number = str_n(number.p + 1, number.n - 1);
    int64_t v;
    if (!rg_parse_i64(number, -5, 5, &v) || v == 0)
        return false;
    nth = (int)v;
    r->pending = nth_bit(nth);
    add_weekday(r, weekday);
    r->pending = 0;
    return true;
}

static bool
take_word(struct day_reader *r, struct str s)
{
    int v;
    if (LOOKUP(weekday_words, s, &v)) {
        add_weekday(r, v);
    } else if (LOOKUP(span_words, s, &v)) {
        r->spanning = r->last >= 0;
    } else if (LOOKUP(group_words, s, &v)) {
        for (int d = 0; d < 7; d++)
            if (v >> d & 1)
                r->rule->nth[d] |= 1u;
        r->all_day |= str_is(s, "24/7") || str_is(s, "24-7") || str_eq_nocase(s, STR("h24"));
        r->any = true;
    } else if (str_eq_nocase(s, STR("giorni")) || str_eq_nocase(s, STR("jours")) ||
               str_eq_nocase(s, STR("day")) || str_eq_nocase(s, STR("tous"))) {
        for (int d = 0; d < 7; d++)
            r->rule->nth[d] |= 1u;
        r->any = true;
    } else if (ordinal(s, &v)) {
        if (r->pending_used)
            r->pending = 0;
        r->pending_used = false;
        r->pending |= nth_bit(v);
    } else if (!add_rrule_day(r, s)) {
        return LOOKUP(empty_words, s, &v);
    }
    return true;
}

/* Length of the word at the front: a run without blanks, commas and (between letters) dashes. */
static size_t
word_length(struct str s)
{
    if (str_starts(s, STR("24/7")) || str_starts(s, STR("24-7")))
        return 4;
    if (str_starts(s, STR("\xE2\x80\x93")))
        return 3;
    if (s.p[0] == '&' || s.p[0] == '+')
        return 1;
    if (s.p[0] == '-' && (s.n < 2 || s.p[1] < '0' || s.p[1] > '9'))
        return 1;
    size_t n = 1;
    while (n < s.n && !strchr(" \t\r\n,;/&.-()\"", s.p[n]) &&
           !str_starts(str_n(s.p + n, s.n - n), STR("\xE2\x80\x93")))
        n++;
    return n;
}

bool
hours_parse_days(struct str text, struct hours_rule *rule)
{
    struct hours_rule copy = *rule;
    struct day_reader r = {.rule = &copy, .last = -1};
    struct str s = str_trim(text);
    if (s.n == 0 || s.n > HOURS_TEXT_MAX)
        return false;
    while (s.n > 0) {
        if (strchr(" \t\r\n,;/.()\"", s.p[0])) {
            s = str_n(s.p + 1, s.n - 1);
            continue;
        }
        size_t n = word_length(s);
        if (!take_word(&r, str_n(s.p, n)))
            return false;
        s = str_n(s.p + n, s.n - n);
    }
    if (!r.any || (r.pending && !r.pending_used))
        return false;
    copy.has_days = true;
    if (r.all_day) {
        copy.has_times = copy.holidays = true;
        copy.opens_min = 0;
        copy.closes_min = 1440;
    }
    *rule = copy;
    return true;
}

void
hours_put_byday(struct rg_buf *buf, const struct hours_rule *rule)
{
    static const char names[7][3] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    bool first = true;
    for (int bit = 0; bit <= 10; bit++)
        for (int d = 0; d < 7; d++) {
            if (!(rule->nth[d] >> bit & 1u))
                continue;
            if (!first)
                rg_buf_c(buf, ',');
            if (bit > 0)
                rg_buf_i64(buf, bit <= 5 ? bit : 5 - bit);
            rg_buf_str(buf, str_of(names[d]));
            first = false;
        }
}

/* ---- whole rules ---- */

static const struct hours_rule no_rule = {
    .valid_from = HOURS_NO_DAY, .valid_to = HOURS_NO_DAY, .start = HOURS_NO_DAY,
    .until = HOURS_NO_DAY,
};

static bool
contains_nocase(struct str s, const char *needle)
{
    size_t n = strlen(needle);
    for (size_t i = 0; i + n <= s.n; i++)
        if (str_eq_nocase(str_n(s.p + i, n), str_n(needle, n)))
            return true;
    return false;
}

static bool
names_holidays(struct str s)
{
    return contains_nocase(s, "festivi compresi") || contains_nocase(s, "anche festivi") ||
           contains_nocase(s, "festivi inclusi") || contains_nocase(s, "including holidays") ||
           contains_nocase(s, "jours f\xC3\xA9ri\xC3\xA9s compris");
}

static bool
says_closed(struct str s)
{
    s = str_trim(s);
    static const char *const words[] = {"chiuso", "chiusa", "chiusura", "closed", "ferm\xC3\xA9"};
    for (size_t i = 0; i < RG_COUNT(words); i++)
        if (s.n >= strlen(words[i]) &&
            str_eq_nocase(str_n(s.p, strlen(words[i])), str_of(words[i])))
            return true;
    return false;
}

static void
set_times(struct hours_rule *rule, int opens, int closes)
{
    if (opens == 1440)
        opens = 0;
    if (closes <= opens)
        closes += 1440;
    rule->opens_min = (int16_t)opens;
    rule->closes_min = (int16_t)closes;
    rule->has_times = true;
}

/* A date at the front of "2025-08-21", "2025-08-21T09:00:00"; HOURS_NO_DAY otherwise. */
static int64_t
date_of(struct str s)
{
    int64_t day;
    s = str_trim(s);
    return s.n >= 10 && rg_parse_date(str_n(s.p, 10), &day) ? day : HOURS_NO_DAY;
}

static void
read_month_days(struct hours_rule *rule, struct str list)
{
    struct str piece;
    while (list.p && str_cut(&list, ',', &piece)) {
        int64_t d;
        if (!rg_parse_i64(str_trim(piece), -31, 31, &d) || d == 0)
            continue;
        if (d > 0)
            rule->month_days |= 1u << d;
        else
            rule->month_days_back |= 1u << -d;
        rule->has_days = true;
    }
}

/* Days when byday and bymonthday are silent: the date itself of a one-off, the days of a short
 * dated range, the weekday or month day of dtstart.                                          */
static void
imply_days(struct hours_rule *rule, bool has_freq)
{
    if (rule->has_days)
        return;
    bool ranged = rule->valid_from != HOURS_NO_DAY && rule->valid_to != HOURS_NO_DAY &&
                  rule->valid_to - rule->valid_from <= 31;
    if (ranged || (rule->start != HOURS_NO_DAY && rule->start == rule->until)) {
        for (int d = 0; d < 7; d++)
            rule->nth[d] = 1;
    } else if (rule->start != HOURS_NO_DAY && rule->freq == HOURS_MONTHLY) {
        rule->month_days = 1u << rg_civil_of_days(rule->start).day;
    } else if (rule->start != HOURS_NO_DAY && has_freq) {
        rule->nth[rg_weekday_of(rule->start)] = 1;
    } else {
        return;
    }
    rule->has_days = true;
}

/* RRULE count: the day of the last occurrence becomes until, once, when the rule is read. */
static void
settle_count(struct hours_rule *rule, int64_t count)
{
    if (count <= 0 || rule->start == HOURS_NO_DAY || !rule->has_days)
        return;
    for (int64_t day = rule->start; day < rule->start + HOURS_COUNT_DAYS; day++) {
        struct hours_rule open_ended = *rule;
        open_ended.valid_from = open_ended.valid_to = open_ended.until = HOURS_NO_DAY;
        if (hours_rule_on(&open_ended, day) && --count == 0) {
            if (rule->until == HOURS_NO_DAY || day < rule->until)
                rule->until = day;
            return;
        }
    }
}

static void
read_dates(const struct hours_fields *f, struct hours_rule *rule)
{
    rule->valid_from = date_of(f->valid_from);
    rule->valid_to = date_of(f->valid_to);
    rule->start = date_of(f->dtstart);
    rule->until = date_of(f->until);
    rule->freq = str_eq_nocase(str_trim(f->freq), STR("MONTHLY")) ? HOURS_MONTHLY : HOURS_WEEKLY;
    int weekday;
    if (LOOKUP(weekday_words, str_trim(f->wkst), &weekday))
        rule->week_starts = (uint8_t)weekday;
    int64_t v;
    if (rg_parse_i64(str_trim(f->interval), 1, 1000, &v))
        rule->interval = (uint16_t)v;
    double zone;
    if (rg_parse_decimal(str_trim(f->timezone), &zone) && zone >= -14 && zone <= 14 &&
        zone != 1.0 && zone != 2.0) {
        rule->fixed_offset = true;
        rule->offset_s = (int32_t)(zone * 3600);
    }
}

static bool
always_open(const struct hours_rule *rule)
{
    for (int d = 0; d < 7; d++)
        if (!(rule->nth[d] & 1u))
            return false;
    return rule->has_times && rule->closes_min - rule->opens_min == 1440;
}

bool
hours_parse_rule(const struct hours_fields *f, struct hours_rule *ret_rule)
{
    struct hours_rule rule = no_rule;
    read_dates(f, &rule);
    if (f->byday.n > 0 && !hours_parse_days(f->byday, &rule)) {
        *ret_rule = no_rule; /* days that cannot be read must not open every day */
        return false;
    }
    read_month_days(&rule, f->bymonthday);
    imply_days(&rule, f->freq.n > 0);
    int64_t count;
    if (rg_parse_i64(str_trim(f->count), 1, HOURS_COUNT_MAX, &count))
        settle_count(&rule, count);
    int opens, closes;
    if (hours_parse_time(f->opens_at, &opens) && hours_parse_time(f->closes_at, &closes))
        set_times(&rule, opens, closes);
    rule.closed = !rule.has_times && (says_closed(f->description) || says_closed(f->notes));
    rule.holidays |= names_holidays(f->description) || names_holidays(f->notes) ||
                     always_open(&rule) ||
                     (rule.valid_from != HOURS_NO_DAY && rule.valid_from == rule.valid_to) ||
                     (rule.start != HOURS_NO_DAY && rule.start == rule.until);
    *ret_rule = rule;
    return hours_rule_tells(&rule);
}

bool
hours_parse_text(struct str weekdays, struct str opens, struct str closes,
                 struct hours_rule *ret_rule)
{
    struct hours_rule rule = no_rule;
    int from, to;
    if (!hours_parse_days(weekdays, &rule))
        return false;
    struct str o = str_trim(opens);
    if (str_eq_nocase(o, STR("24 hours")) || str_eq_nocase(o, STR("24 ore")) ||
        str_eq_nocase(o, STR("24h")) || str_eq_nocase(o, STR("h24")))
        set_times(&rule, 0, 1440);
    else if (hours_parse_time(opens, &from) && hours_parse_time(closes, &to))
        set_times(&rule, from, to);
    else if (!rule.has_times || o.n > 0)
        return false;
    rule.holidays |= always_open(&rule);
    rule.repaired = true;
    *ret_rule = rule;
    return true;
}
