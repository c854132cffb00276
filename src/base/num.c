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

/* Mantissa digits into an integer while they fit, the rest into the exponent; one scaling at
 * the end. Exact to the last bit for up to 15 digits and small exponents; within a few units
 * in the last place beyond, which is enough for measures (never used for money).            */
bool
rg_parse_decimal(struct str s, double *ret)
{
    size_t i = 0;
    bool negative = s.n > 0 && s.p[0] == '-';
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
        i++;
    uint64_t mantissa = 0;
    int64_t exponent = 0;
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
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        int64_t written;
        if (!rg_parse_i64(str_n(s.p + i + 1, s.n - i - 1), -400, 400, &written))
            return false;
        exponent += written;
        i = s.n;
    }
    if (i != s.n)
        return false;
    double v = (double)mantissa;
    if (exponent < -300) { /* in two steps: the power alone would underflow */
        v /= 1e300;
        exponent += 300;
    }
    if (exponent < -340)
        v = 0;
    else if (exponent > 0)
        v *= pow(10, (double)exponent);
    else if (exponent < 0)
        v /= pow(10, (double)-exponent);
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

double
rg_distance_m(int32_t lat1_e7, int32_t lon1_e7, int32_t lat2_e7, int32_t lon2_e7)
{
    const double radian = 3.14159265358979323846 / 180 * 1e-7, radius_m = 6371008.8;
    double lat1 = lat1_e7 * radian, lat2 = lat2_e7 * radian;
    double half_lat = sin((lat2 - lat1) / 2);
    double half_lon = sin(((double)lon2_e7 - lon1_e7) * radian / 2);
    double h = half_lat * half_lat + cos(lat1) * cos(lat2) * half_lon * half_lon;
    return 2 * radius_m * asin(sqrt(h < 1 ? h : 1));
}
