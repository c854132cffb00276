#include "civil.h"
#include "num.h"

int64_t
rg_days_of(int year, int month, int day)
{
    RG_ASSERT(month >= 1 && month <= 12);
    int64_t y = month <= 2 ? year - 1 : year; /* years that begin in March: leap day last */
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

int
rg_weekday_of(int64_t days)
{
    int64_t w = (days + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

struct rg_civil
rg_civil_of_days(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    int month = (int)(m < 10 ? m + 3 : m - 9);
    return (struct rg_civil){
        .year = (int)(year_of_era + era * 400) + (month <= 2),
        .month = month,
        .day = (int)(day_of_year - (153 * m + 2) / 5 + 1),
        .weekday = rg_weekday_of(days),
    };
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool
rg_date_ok(int year, int month, int day)
{
    return year >= -9999 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_in_month(year, month);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct rg_civil
rg_civil_utc(int64_t unix_s)
{
    int64_t days = floor_div(unix_s, 86400);
    int second = (int)(unix_s - days * 86400);
    struct rg_civil c = rg_civil_of_days(days);
    c.hour = second / 3600;
    c.minute = second / 60 % 60;
    c.second = second % 60;
    return c;
}

/* 01:00 UTC of the last Sunday of a month with 31 days. */
static int64_t
switch_instant(int year, int month)
{
    int64_t last = rg_days_of(year, month, 31);
    return (last - (rg_weekday_of(last) + 1) % 7) * 86400 + 3600;
}

/* The year last asked about: a page asks hundreds of times about the same one. */
struct year_of_rome {
    int64_t from_s, to_s; /* the year, UTC */
    int64_t summer_s, winter_s;
};

static struct year_of_rome
year_around(int64_t unix_s)
{
    int year = rg_civil_utc(unix_s).year;
    return (struct year_of_rome){.from_s = rg_days_of(year, 1, 1) * 86400,
                                 .to_s = rg_days_of(year + 1, 1, 1) * 86400,
                                 .summer_s = switch_instant(year, 3),
                                 .winter_s = switch_instant(year, 10)};
}

int
rg_rome_offset_s(int64_t unix_s)
{
    static _Thread_local struct year_of_rome last;
    if (unix_s < last.from_s || unix_s >= last.to_s)
        last = year_around(unix_s);
    return unix_s >= last.summer_s && unix_s < last.winter_s ? 7200 : 3600;
}

struct rg_civil
rg_civil_rome(int64_t unix_s)
{
    return rg_civil_utc(unix_s + rg_rome_offset_s(unix_s));
}

int64_t
rg_unix_of_rome(int64_t days, int second_of_day)
{
    int64_t wall = days * 86400 + second_of_day;
    int64_t as_summer = wall - 7200;
    return rg_rome_offset_s(as_summer) == 7200 ? as_summer : wall - 3600;
}

bool
rg_parse_date(struct str s, int64_t *ret_days)
{
    int64_t year, month, day;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || s.p[0] == '-' || s.p[0] == '+' ||
        !rg_parse_i64(str_n(s.p, 4), 0, 9999, &year) || s.p[5] == '-' || s.p[5] == '+' ||
        !rg_parse_i64(str_n(s.p + 5, 2), 1, 12, &month) || s.p[8] == '-' || s.p[8] == '+' ||
        !rg_parse_i64(str_n(s.p + 8, 2), 1, 31, &day) ||
        !rg_date_ok((int)year, (int)month, (int)day))
        return false;
    *ret_days = rg_days_of((int)year, (int)month, (int)day);
    return true;
}

/* Two digits (or one, where min_digits says so) up to the next ':' or the end, within 0..max; the
 * ':' is taken too. */
static bool
clock_part(struct str *rest, size_t min_digits, int64_t max, int64_t *ret)
{
    struct str piece;
    return str_cut(rest, ':', &piece) && piece.n >= min_digits && piece.n <= 2 &&
           piece.p[0] >= '0' && piece.p[0] <= '9' && rg_parse_i64(piece, 0, max, ret);
}

bool
rg_parse_clock(struct str s, int *ret_second)
{
    int64_t hour, minute, second = 0;
    if (!clock_part(&s, 1, 24, &hour) || !clock_part(&s, 2, 59, &minute) ||
        (s.p && !clock_part(&s, 2, 59, &second)) || s.p)
        return false;
    int64_t total = hour * 3600 + minute * 60 + second;
    if (total > 86400)
        return false;
    *ret_second = (int)total;
    return true;
}

bool
rg_parse_instant(struct str s, int64_t *ret_unix)
{
    int64_t days;
    if (s.n < 10 || !rg_parse_date(str_n(s.p, 10), &days))
        return false;
    s = str_n(s.p + 10, s.n - 10);
    if (s.n == 0) {
        *ret_unix = days * 86400;
        return true;
    }
    if (s.n < 9 || (s.p[0] != 'T' && s.p[0] != 't' && s.p[0] != ' '))
        return false;
    int second;
    if (!rg_parse_clock(str_n(s.p + 1, 8), &second) || second == 86400)
        return false;
    size_t i = 9;
    if (i < s.n && s.p[i] == '.') {
        size_t point = i++;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == point + 1)
            return false;
    }
    int64_t offset = 0;
    struct str zone = str_n(s.p + i, s.n - i);
    if (zone.n == 6 && (zone.p[0] == '+' || zone.p[0] == '-')) {
        int away;
        if (!rg_parse_clock(str_n(zone.p + 1, 5), &away) || away == 86400)
            return false;
        offset = zone.p[0] == '-' ? -away : away;
    } else if (zone.n > 1 || (zone.n == 1 && zone.p[0] != 'Z' && zone.p[0] != 'z')) {
        return false; /* no zone at all is read as UTC: many real feeds leave it out */
    }
    *ret_unix = days * 86400 + second - offset;
    return true;
}

void
rg_put_date(struct rg_buf *buf, int64_t days)
{
    struct rg_civil c = rg_civil_of_days(days);
    if (c.year < 0)
        rg_buf_c(buf, '-');
    rg_buf_digits(buf, (uint64_t)(c.year < 0 ? -c.year : c.year), 4);
    rg_buf_c(buf, '-');
    rg_buf_digits(buf, (uint64_t)c.month, 2);
    rg_buf_c(buf, '-');
    rg_buf_digits(buf, (uint64_t)c.day, 2);
}

void
rg_put_instant(struct rg_buf *buf, int64_t unix_s)
{
    struct rg_civil c = rg_civil_utc(unix_s);
    rg_put_date(buf, floor_div(unix_s, 86400));
    rg_buf_c(buf, 'T');
    rg_buf_digits(buf, (uint64_t)c.hour, 2);
    rg_buf_c(buf, ':');
    rg_buf_digits(buf, (uint64_t)c.minute, 2);
    rg_buf_c(buf, ':');
    rg_buf_digits(buf, (uint64_t)c.second, 2);
    rg_buf_c(buf, 'Z');
}

int64_t
rg_easter_days(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
    int f = (b + 8) / 25, g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return rg_days_of(year, n / 31, n % 31 + 1);
}

bool
rg_italian_holiday(int64_t days)
{
    static const struct {
        int month, day, since;
    } fixed[] = {
        {1, 1, 0},  {1, 6, 0},  {4, 25, 0}, {5, 1, 0},   {6, 2, 0},   {8, 15, 0},
        {10, 4, 2026}, {11, 1, 0}, {12, 8, 0}, {12, 25, 0}, {12, 26, 0},
    };
    struct rg_civil c = rg_civil_of_days(days);
    for (size_t i = 0; i < RG_COUNT(fixed); i++)
        if (c.month == fixed[i].month && c.day == fixed[i].day && c.year >= fixed[i].since)
            return true;
    int64_t easter = rg_easter_days(c.year);
    return days == easter || days == easter + 1;
}
