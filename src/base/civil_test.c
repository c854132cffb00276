#include "base/base.h"
#include "base/test.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
every_day_of_two_centuries_is_that_of_the_c_library(void **state)
{
    int64_t first = rg_days_of(1900, 1, 1), last = rg_days_of(2100, 12, 31);
    for (int64_t day = first; day <= last; day++) {
        time_t t = (time_t)(day * 86400 + 86399);
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        struct rg_civil c = rg_civil_utc(t);
        assert_true(c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 &&
                    c.day == tm.tm_mday && c.weekday == (tm.tm_wday + 6) % 7);
        assert_true(c.hour == 23 && c.minute == 59 && c.second == 59);
        assert_true(rg_days_of(c.year, c.month, c.day) == day);
        assert_true(rg_date_ok(c.year, c.month, c.day));
        assert_int_equal(timegm(&tm), t);
    }
}

static void
days_follow_each_other_without_gap_from_minus_9999_to_9999(void **state)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = rg_days_of(-9999, 1, 1);
    for (int year = -9999; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            int n = length[month - 1] + (month == 2 && leap);
            assert_true(rg_days_of(year, month, 1) == day);
            struct rg_civil c = rg_civil_of_days(day + n - 1);
            assert_true(c.year == year && c.month == month && c.day == n);
            assert_true(rg_date_ok(year, month, n) && !rg_date_ok(year, month, n + 1));
            day += n;
        }
    assert_true(!rg_date_ok(2026, 0, 1) && !rg_date_ok(2026, 13, 1) &&
                !rg_date_ok(2026, 1, 0) && !rg_date_ok(10000, 1, 1));
}

static void
rome_is_that_of_the_time_zone_database_at_every_hour_to_2037(void **state)
{
    if (access("/usr/share/zoneinfo/Europe/Rome", R_OK) != 0) {
        print_message("skipped: no time zone database on this machine\n");
        skip();
    }
    setenv("TZ", "Europe/Rome", 1);
    tzset();
    int64_t first = rg_days_of(1997, 1, 1) * 86400, last = rg_days_of(2038, 1, 1) * 86400;
    int n_summer = 0;
    for (int64_t at = first; at < last; at += 3600)
        for (int64_t s = at - 1; s <= at; s++) { /* each side of the hour */
            time_t t = (time_t)s;
            struct tm tm;
            assert_non_null(localtime_r(&t, &tm));
            if (s < first)
                continue;
            assert_int_equal(rg_rome_offset_s(s), tm.tm_gmtoff);
            struct rg_civil c = rg_civil_rome(s);
            assert_true(c.hour == tm.tm_hour && c.day == tm.tm_mday && c.minute == tm.tm_min);
            n_summer += tm.tm_isdst;
        }
    assert_true(n_summer > 40 * 200 * 24);
    unsetenv("TZ");
    tzset();
}

static void
a_wall_clock_moment_comes_back_save_in_the_two_odd_hours(void **state)
{
    for (int64_t at = rg_days_of(2020, 1, 1) * 86400; at < rg_days_of(2031, 1, 1) * 86400;
         at += 1800) {
        struct rg_civil c = rg_civil_rome(at);
        int64_t back = rg_unix_of_rome(rg_days_of(c.year, c.month, c.day),
                                       c.hour * 3600 + c.minute * 60 + c.second);
        bool second_reading =
            rg_rome_offset_s(at) == 3600 && rg_rome_offset_s(at - 3600) == 7200;
        assert_int_equal(back, second_reading ? at - 3600 : at);
    }
    /* 29 March 2026, 02:30 does not exist: 03:30 summer time. 25 October, 02:30: the first. */
    assert_int_equal(rg_unix_of_rome(rg_days_of(2026, 3, 29), 9000),
                     rg_days_of(2026, 3, 29) * 86400 + 5400);
    assert_int_equal(rg_unix_of_rome(rg_days_of(2026, 10, 25), 9000),
                     rg_days_of(2026, 10, 25) * 86400 + 1800);
}

static void
easter_falls_where_the_almanacs_have_it(void **state)
{
    static const struct {
        int year, month, day;
    } known[] = {
        {1818, 3, 22}, {1913, 3, 23}, {1943, 4, 25}, {1954, 4, 18}, {1981, 4, 19},
        {2000, 4, 23}, {2008, 3, 23}, {2011, 4, 24}, {2015, 4, 5},  {2016, 3, 27},
        {2017, 4, 16}, {2018, 4, 1},  {2019, 4, 21}, {2020, 4, 12}, {2021, 4, 4},
        {2022, 4, 17}, {2023, 4, 9},  {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},
        {2027, 3, 28}, {2028, 4, 16}, {2029, 4, 1},  {2030, 4, 21}, {2038, 4, 25},
    };
    for (size_t i = 0; i < RG_COUNT(known); i++)
        assert_int_equal(rg_easter_days(known[i].year),
                         rg_days_of(known[i].year, known[i].month, known[i].day));
    for (int year = 1583; year <= 9999; year++) {
        int64_t easter = rg_easter_days(year);
        assert_int_equal(rg_weekday_of(easter), 6);
        assert_true(easter >= rg_days_of(year, 3, 22) && easter <= rg_days_of(year, 4, 25));
    }
}

static void
national_holidays_are_twelve_and_thirteen_from_2026(void **state)
{
    for (int year = 2020; year <= 2030; year++) {
        int n = 0;
        for (int64_t d = rg_days_of(year, 1, 1); d <= rg_days_of(year, 12, 31); d++)
            n += rg_italian_holiday(d);
        assert_int_equal(n,
                         year >= 2026 ? 13 : 12); /* eleven or ten fixed dates, Easter twice */
    }
    assert_true(rg_italian_holiday(rg_days_of(2026, 10, 4)));
    assert_false(rg_italian_holiday(rg_days_of(2025, 10, 4)));
    assert_true(rg_italian_holiday(rg_days_of(2026, 4, 6)));
    assert_false(rg_italian_holiday(rg_days_of(2026, 6, 24))); /* the patron of Torino */
}

static void
dates_and_clocks_are_read_in_their_one_form(void **state)
{
    int64_t days = 1;
    int second = 1;
    assert_true(rg_parse_date(STR("2024-02-29"), &days) && days == rg_days_of(2024, 2, 29));
    assert_true(rg_parse_date(STR("0000-01-01"), &days));
    static const char *const bad_dates[] = {
        "",           "2026-02-29", "2026-13-01",  "2026-00-01", "2026-1-01",
        "2026-11-2",  "26-11-24",   "2026/11/24",  "-026-11-24", "+026-11-24",
        "2026-+1-24", "2026-11--1", "2026-11-24 ", "20261124",   "2026-11-31"};
    days = 77;
    for (size_t i = 0; i < RG_COUNT(bad_dates); i++)
        assert_false(rg_parse_date(str_of(bad_dates[i]), &days));
    assert_int_equal(days, 77);
    assert_true(rg_parse_clock(STR("8:30"), &second) && second == 30600);
    assert_true(rg_parse_clock(STR("08:30:15"), &second) && second == 30615);
    assert_true(rg_parse_clock(STR("24:00"), &second) && second == 86400);
    assert_true(rg_parse_clock(STR("0:00"), &second) && second == 0);
    static const char *const bad_clocks[] = {
        "",      "8",   "8:3",   "8:30:5", "24:01",  "25:00",  "8:60", "8:30:60",
        "8:30:", ":30", "-8:30", "8:+3",   "08:30 ", "008:30", "8.30", "8:30:15:00"};
    for (size_t i = 0; i < RG_COUNT(bad_clocks); i++)
        assert_false(rg_parse_clock(str_of(bad_clocks[i]), &second));
    assert_int_equal(second, 0);
}

static void
instants_are_rfc_3339_with_any_offset(void **state)
{
    int64_t want = rg_days_of(2026, 11, 24) * 86400 + 22 * 3600 + 105, got = 0;
    static const char *const good[] = {
        "2026-11-24T22:01:45Z",      "2026-11-24t22:01:45z",       "2026-11-24 22:01:45",
        "2026-11-24T22:01:45.999Z",  "2026-11-24T23:01:45+01:00",  "2026-11-25T03:31:45+05:30",
        "2026-11-24T22:01:45-00:00", "2026-11-24T14:01:45.5-08:00"};
    for (size_t i = 0; i < RG_COUNT(good); i++) {
        assert_true(rg_parse_instant(str_of(good[i]), &got));
        assert_int_equal(got, want);
    }
    assert_true(rg_parse_instant(STR("2026-11-24"), &got) && got == want - want % 86400);
    static const char *const bad[] = {"",
                                      "2026-11-24T",
                                      "2026-11-24T22:01Z",
                                      "2026-11-24T24:00:00Z",
                                      "2026-11-24T22:01:45X",
                                      "2026-11-24T22:01:45.Z",
                                      "2026-11-24T22:01:45+0100",
                                      "2026-11-24T22:01:45+1:0:0",
                                      "2026-11-24T22:01:45+24:00",
                                      "2026-11-24T22:01:60Z",
                                      "2026-11-24T2:01:045Z",
                                      "2026-11-24x22:01:45Z",
                                      "2026-11-24T22:01:45ZZ",
                                      "2026-02-30T22:01:45Z"};
    got = 77;
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(rg_parse_instant(str_of(bad[i]), &got));
    assert_int_equal(got, 77);
}

static void
what_is_written_is_read_back(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 64);
    int64_t first = rg_days_of(0, 1, 1) * 86400, n = rg_days_of(9999, 12, 31) * 86400 - first;
    for (int i = 0; i < 50000; i++) {
        int64_t want = first + (int64_t)test_chance((uint64_t)n), got, days;
        rg_buf_reset(&buf);
        rg_put_instant(&buf, want);
        assert_true(rg_parse_instant(rg_buf_view(&buf), &got) && got == want);
        rg_buf_reset(&buf);
        rg_put_date(&buf, want / 86400);
        assert_true(rg_parse_date(rg_buf_view(&buf), &days) && days == want / 86400);
    }
    rg_buf_reset(&buf);
    rg_put_instant(&buf, -1);
    assert_true(str_is(rg_buf_view(&buf), "1969-12-31T23:59:59Z"));
    rg_buf_done(&buf);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_two_centuries_is_that_of_the_c_library),
        cmocka_unit_test(days_follow_each_other_without_gap_from_minus_9999_to_9999),
        cmocka_unit_test(rome_is_that_of_the_time_zone_database_at_every_hour_to_2037),
        cmocka_unit_test(a_wall_clock_moment_comes_back_save_in_the_two_odd_hours),
        cmocka_unit_test(easter_falls_where_the_almanacs_have_it),
        cmocka_unit_test(national_holidays_are_twelve_and_thirteen_from_2026),
        cmocka_unit_test(dates_and_clocks_are_read_in_their_one_form),
        cmocka_unit_test(instants_are_rfc_3339_with_any_offset),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests_name("base/civil", tests, NULL, NULL);
}
