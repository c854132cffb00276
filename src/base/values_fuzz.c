/* Any bytes as a number, a coordinate, a date, a clock or an instant: what is accepted is in bounds
 * and comes back the same after writing. */
#include "base/base.h"
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_n((const char *)data, size);
    struct rg_buf buf;
    rg_buf_init(&buf, 256);
    int64_t v, back;
    if (rg_parse_i64(s, -1000, INT64_MAX, &v)) {
        RG_ASSERT(v >= -1000);
        rg_buf_i64(&buf, v);
        RG_ASSERT(rg_parse_i64(rg_buf_view(&buf), v, v, &back) && back == v);
    }
    rg_buf_reset(&buf);
    int32_t e7, e7_back;
    double d;
    if (rg_parse_e7(s, &e7)) {
        RG_ASSERT(e7 >= -1800000000 && e7 <= 1800000000);
        rg_put_e7(&buf, e7);
        RG_ASSERT(rg_parse_e7(rg_buf_view(&buf), &e7_back) && e7_back == e7);
        RG_ASSERT(rg_parse_decimal(s, &d) && fabs(d * 1e7 - e7) < 0.501);
    }
    RG_ASSERT(!rg_parse_decimal(s, &d) || isfinite(d));
    rg_buf_reset(&buf);
    int64_t instant;
    if (rg_parse_date(s, &v)) {
        rg_put_date(&buf, v);
        RG_ASSERT(str_eq(rg_buf_view(&buf), s));
        RG_ASSERT(rg_parse_instant(s, &instant) && instant == v * 86400);
        (void)rg_italian_holiday(v);
    }
    rg_buf_reset(&buf);
    if (rg_parse_instant(s, &instant) && instant >= rg_days_of(0, 1, 1) * 86400 &&
        instant < rg_days_of(10000, 1, 1) * 86400) {
        rg_put_instant(&buf, instant);
        RG_ASSERT(rg_parse_instant(rg_buf_view(&buf), &back) && back == instant);
    }
    int second;
    RG_ASSERT(!rg_parse_clock(s, &second) || (second >= 0 && second <= 86400));
    rg_buf_done(&buf);
    return 0;
}
