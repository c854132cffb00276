#include "num.h"
#include <math.h>

bool
rg_parse_i64(struct str s, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative || (s.n > 0 && s.p[0] == '+');
    if (i == s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) ||
            __builtin_sub_overflow(v, digit, &v)) /* built negative: holds INT64_MIN */
            return false;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, v, &v))
        return false;
    if (v < min || v > max)
        return false;
    *ret = v;
    return true;
}

bool
rg_parse_e7(struct str s, int32_t *ret_e7)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative || (s.n > 0 && s.p[0] == '+');
    int64_t v = 0;
    size_t n_digits = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, n_digits++) {
        v = v * 10 + (s.p[i] - '0');
        if (v > 180)
            return false;
    }
    if (n_digits == 0)
        return false;
    int decimals = 0;
    bool round_up = false;
    if (i < s.n && s.p[i] == '.') {
        size_t first = ++i;
        for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
            if (decimals < 7) {
                v = v * 10 + (s.p[i] - '0');
                decimals++;
            } else if (i - first == 7) {
                round_up = s.p[i] >= '5';
            }
        }
        if (i - first > 20)
            return false;
    }
    if (i != s.n)
        return false;
    for (; decimals < 7; decimals++)
        v *= 10;
    v += round_up;
    if (v > 1800000000)
        return false;
    *ret_e7 = (int32_t)(negative ? -v : v);
    return true;
}

/* mantissa × 10^exponent. Where both are exact in a double, one division or product is the nearest
 * number there is (Clinger 1990, the fast path); else the same in long double, whose 64 bits of
 * mantissa hold every uint64_t, which leaves at most one unit in the last place.             */
static double
scaled(uint64_t mantissa, int64_t exponent)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa == 0 || exponent < -345) /* 345: below half the least double for any mantissa */
        return 0;
    if (exponent > 308)
        return HUGE_VAL;
    uint64_t away = (uint64_t)(exponent < 0 ? -exponent : exponent);
    if (mantissa < UINT64_C(1) << 53 && away < RG_COUNT(powers))
        return exponent < 0 ? (double)mantissa / powers[away] : (double)mantissa * powers[away];
    long double power = powl(10.0L, (long double)away);
    return (double)(exponent < 0 ? (long double)mantissa / power : (long double)mantissa * power);
}

/* Digits go into an integer while they fit; those beyond the nineteenth only move the point. */
bool
rg_parse_decimal(struct str s, double *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative || (s.n > 0 && s.p[0] == '+');
    uint64_t mantissa = 0;
    int64_t exponent = 0, written = 0;
    size_t n_digits = 0;
    bool after_point = false;
    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9')
            break;
        n_digits++;
        if (mantissa < UINT64_MAX / 10 - 1) {
            mantissa = mantissa * 10 + (uint64_t)(s.p[i] - '0');
            exponent -= after_point;
        } else {
            exponent += !after_point;
        }
    }
    if (n_digits == 0)
        return false;
    if (i < s.n) {
        if (s.p[i] != 'e' && s.p[i] != 'E')
            return false;
        if (!rg_parse_i64(str_n(s.p + i + 1, s.n - i - 1), -1000000, 1000000, &written))
            return false;
    }
    double v = scaled(mantissa, exponent + written);
    if (!isfinite(v))
        return false;
    *ret = negative ? -v : v;
    return true;
}

void
rg_put_e7(struct rg_buf *buf, int32_t e7)
{
    uint32_t u = e7 < 0 ? 0 - (uint32_t)e7 : (uint32_t)e7;
    if (e7 < 0)
        rg_buf_c(buf, '-');
    rg_buf_i64(buf, u / 10000000);
    uint32_t fraction = u % 10000000;
    if (fraction == 0)
        return;
    char digits[8] = ".0000000";
    for (int i = 7; i > 0; i--, fraction /= 10)
        digits[i] = (char)('0' + fraction % 10);
    size_t n = sizeof(digits);
    while (digits[n - 1] == '0')
        n--;
    rg_buf_add(buf, digits, n);
}

/* Between places of one region angles are small, and the first terms of their series exact to
 * 1e-13 of the value: a third of the time of the general functions.                           */
enum { SMALL_ANGLE_PER_RADIAN = 40 };

static double
sin_of(double x)
{
    double q = x * x;
    if (q >= 1.0 / (SMALL_ANGLE_PER_RADIAN * SMALL_ANGLE_PER_RADIAN))
        return sin(x);
    return x * (1 - q / 6 * (1 - q / 20 * (1 - q / 42)));
}

static double
asin_of(double x)
{
    double q = x * x;
    if (q >= 1.0 / (SMALL_ANGLE_PER_RADIAN * SMALL_ANGLE_PER_RADIAN))
        return asin(x);
    return x * (1 + q * (1.0 / 6 + q * (3.0 / 40 + q * (15.0 / 336 + q * (105.0 / 3456)))));
}

double
rg_distance_m(int32_t lat1_e7, int32_t lon1_e7, int32_t lat2_e7, int32_t lon2_e7)
{
    const double radian = 3.14159265358979323846 / 180 * 1e-7, radius_m = 6371008.8;
    double lat1 = lat1_e7 * radian, lat2 = lat2_e7 * radian;
    double half_lat = sin_of((lat2 - lat1) / 2);
    double half_lon = sin_of(((double)lon2_e7 - lon1_e7) * radian / 2);
    double h = half_lat * half_lat + cos(lat1) * cos(lat2) * half_lon * half_lon;
    return 2 * radius_m * asin_of(sqrt(h < 1 ? h : 1));
}
