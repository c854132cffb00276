#include "base/base.h"
#include "base/test.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void
integers_keep_their_bounds(void **state)
{
    int64_t v = 42;
    assert_true(rg_parse_i64(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MAX);
    assert_true(rg_parse_i64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MIN);
    assert_true(rg_parse_i64(STR("+007"), 0, 7, &v) && v == 7);
    static const char *const bad[] = {"9223372036854775808", "-9223372036854775809",
                                      "99999999999999999999", "", "-", "+", "+-1", "1 ", " 1",
                                      "1.0", "0x1", "1e3", "٣"};
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(rg_parse_i64(str_of(bad[i]), INT64_MIN, INT64_MAX, &v));
    assert_false(rg_parse_i64(STR("8"), 0, 7, &v) || rg_parse_i64(STR("-1"), 0, 7, &v) ||
                 rg_parse_i64(STR_NONE, 0, 7, &v));
    assert_int_equal(v, 7); /* untouched by failures */
}

static void
integers_written_are_read_back(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 64);
    for (int i = 0; i < 50000; i++) {
        int64_t want = (int64_t)(test_chance(UINT64_MAX) >> test_chance(64)), got;
        want = i % 2 ? want : -want;
        rg_buf_reset(&buf);
        rg_buf_i64(&buf, want);
        assert_true(rg_parse_i64(rg_buf_view(&buf), INT64_MIN, INT64_MAX, &got) && got == want);
    }
    rg_buf_done(&buf);
}

static void
coordinates_agree_with_long_double(void **state)
{
    for (int i = 0; i < 100000; i++) {
        char text[48];
        int n = snprintf(text, sizeof(text), "%s%d", i % 3 == 0 ? "-" : "",
                         (int)test_chance(i % 50 ? 180 : 183));
        int n_decimals = (int)test_chance(13);
        if (n_decimals > 0)
            text[n++] = '.';
        for (int k = 0; k < n_decimals; k++)
            text[n++] = (char)('0' + (test_chance(4) ? test_chance(10) : 9 * test_chance(2)));
        text[n] = '\0';
        long double exact = strtold(text, NULL) * 1e7L;
        /* Half away from zero: the nudge undoes what a tie lost in binary; 12 decimals are 1e-5. */
        long double scaled = copysignl(roundl(fabsl(exact) + 1e-7L), exact);
        int32_t got = 0;
        bool ok = rg_parse_e7(str_of(text), &got);
        assert_int_equal(ok, fabsl(scaled) <= 1.8e9L);
        if (ok)
            assert_int_equal(got, (int32_t)scaled);
    }
}

static void
coordinates_of_odd_form_are_refused(void **state)
{
    static const char *const bad[] = {"", "-", ".5", "1e1", "181", "180.0000001", "-180.00000005",
                                      "7,5", "7.5 ", "7.5.1", "1.123456789012345678901", "N7"};
    int32_t v = 5;
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(rg_parse_e7(str_of(bad[i]), &v));
    assert_int_equal(v, 5);
    assert_true(rg_parse_e7(STR("45.4625"), &v) && v == 454625000);
    assert_true(rg_parse_e7(STR("-0.00000005"), &v) && v == -1);
    assert_true(rg_parse_e7(STR("+180.00000004"), &v) && v == 1800000000);
    assert_true(rg_parse_e7(STR("7.00000004999999999999"), &v) && v == 70000000);
}

static void
coordinates_written_are_read_back_and_are_shortest(void **state)
{
    struct rg_buf buf;
    rg_buf_init(&buf, 64);
    for (int i = 0; i < 100000; i++) {
        int32_t want = (int32_t)((int64_t)test_chance(3600000001u) - 1800000000), got = 0;
        if (i % 4 == 0) /* many trailing zeros */
            want = want / 100000 * 100000;
        rg_buf_reset(&buf);
        rg_put_e7(&buf, want);
        struct str s = rg_buf_view(&buf);
        assert_true(rg_parse_e7(s, &got) && got == want);
        assert_true(str_find(s, STR(".")) < 0 || s.p[s.n - 1] != '0');
    }
    rg_buf_reset(&buf);
    rg_put_e7(&buf, INT32_MIN);
    assert_true(str_is(rg_buf_view(&buf), "-214.7483648"));
    rg_buf_done(&buf);
}

/* Distance in representable doubles between two finite numbers of one sign. */
static uint64_t
ulps(double a, double b)
{
    int64_t x, y;
    memcpy(&x, &a, 8);
    memcpy(&y, &b, 8);
    return (uint64_t)(x > y ? x - y : y - x);
}

static void
decimals_are_within_one_ulp_of_strtod(void **state)
{
    for (int i = 0; i < 200000; i++) {
        char text[80];
        int n = 0;
        bool simple = i % 2; /* up to 15 digits and small powers: must be exact */
        if (test_chance(2))
            text[n++] = '-';
        int n_digits = 1 + (int)test_chance(simple ? 15 : 40);
        int point = (int)test_chance((uint64_t)n_digits + 3);
        for (int k = 0; k < n_digits; k++) {
            if (k == point)
                text[n++] = '.';
            text[n++] = (char)('0' + test_chance(10));
        }
        text[n] = '\0';
        if (!simple && test_chance(3))
            snprintf(text + n, sizeof(text) - (size_t)n, "e%d", (int)test_chance(700) - 350);
        double want = strtod(text, NULL), got = 0;
        bool ok = rg_parse_decimal(str_of(text), &got);
        if (!isfinite(want) || fabs(want) > 1.7976931348623155e308) {
            assert_true(ok == false || ulps(want, got) <= 1);
            continue;
        }
        assert_true(ok);
        assert_true(ulps(want, got) <= (simple ? 0 : 1));
    }
}

static void
decimals_at_the_edges(void **state)
{
    static const struct {
        const char *text;
        double want;
    } good[] = {
        {"0e400", 0}, {"-0.0e-999", 0}, {"1e-400", 0}, {"5e-324", 5e-324}, {".5", .5}, {"5.", 5},
        {"1.7976931348623157e308", 1.7976931348623157e308}, {"+3", 3}, {"1E+2", 100},
        {"0.00000000000000000001e20", 1}, {"100000000000000000000000e-23", 1},
        {"2.2250738585072014e-308", 2.2250738585072014e-308},
    };
    double v;
    for (size_t i = 0; i < RG_COUNT(good); i++) {
        assert_true(rg_parse_decimal(str_of(good[i].text), &v));
        assert_true(ulps(fabs(v), good[i].want) <= 1);
    }
    static const char *const bad[] = {"", ".", "-", "e5", "1e", "1e+", "1.2.3", "1,5", "nan", "inf",
                                      "0x10", " 1", "1 ", "1e309", "-1e999", "1e5.0", "1e9999999"};
    v = 77;
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(rg_parse_decimal(str_of(bad[i]), &v));
    assert_true(v == 77);
}

static void
distances_are_those_of_the_sphere(void **state)
{
    const double quarter_m = 6371008.8 * 1.5707963267948966;
    assert_true(fabs(rg_distance_m(0, 0, 900000000, 0) - quarter_m) < 0.01);
    assert_true(fabs(rg_distance_m(0, -1800000000, 0, 1800000000)) < 0.01);
    assert_true(fabs(rg_distance_m(0, 0, 0, 1800000000) - 2 * quarter_m) < 0.01);
    /* Torino, Porta Nuova to Ivrea, station: about 46.9 km by a map. */
    double km = rg_distance_m(450622000, 76785000, 454630000, 78760000) / 1000;
    assert_true(km > 46.4 && km < 47.5);
    for (int i = 0; i < 20000; i++) { /* the cosine law is the slow twin, far from 0 and 180° */
        int32_t lat1 = (int32_t)((int64_t)test_chance(1800000001u) - 900000000);
        int32_t lat2 = (int32_t)((int64_t)test_chance(1800000001u) - 900000000);
        int32_t lon1 = (int32_t)((int64_t)test_chance(3600000001u) - 1800000000);
        int32_t lon2 = (int32_t)((int64_t)test_chance(3600000001u) - 1800000000);
        long double r = acosl(-1) / 180 * 1e-7L;
        long double c = sinl(lat1 * r) * sinl(lat2 * r) +
                        cosl(lat1 * r) * cosl(lat2 * r) * cosl((lon2 - (long double)lon1) * r);
        double twin_m = (double)(6371008.8L * acosl(c > 1 ? 1 : c < -1 ? -1 : c));
        assert_true(fabs(rg_distance_m(lat1, lon1, lat2, lon2) - twin_m) < 0.1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_keep_their_bounds),
        cmocka_unit_test(integers_written_are_read_back),
        cmocka_unit_test(coordinates_agree_with_long_double),
        cmocka_unit_test(coordinates_of_odd_form_are_refused),
        cmocka_unit_test(coordinates_written_are_read_back_and_are_shortest),
        cmocka_unit_test(decimals_are_within_one_ulp_of_strtod),
        cmocka_unit_test(decimals_at_the_edges),
        cmocka_unit_test(distances_are_those_of_the_sphere),
    };
    return cmocka_run_group_tests_name("base/num", tests, NULL, NULL);
}
