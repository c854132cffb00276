/* Days of plans, which are often only months, and what is at risk. */
#include "plan/kernel.h"

bool
plan_day_parse(struct str s, int64_t *ret_first, int64_t *ret_last)
{
    int64_t year, month = 1;
    if (s.n == 10) {
        bool ok = rg_parse_date(s, ret_first);
        *ret_last = ok ? *ret_first : 0;
        return ok;
    }
    bool whole_year = s.n == 4;
    if ((!whole_year && (s.n != 7 || s.p[4] != '-')) || s.p[0] == '+' || s.p[0] == '-' ||
        (s.n == 7 && (s.p[5] < '0' || s.p[5] > '1')) ||
        !rg_parse_i64(str_n(s.p, 4), 1900, 2999, &year) ||
        (!whole_year && !rg_parse_i64(str_n(s.p + 5, 2), 1, 12, &month)))
        return false;
    int64_t end = whole_year ? 12 : month;
    *ret_first = rg_days_of((int)year, (int)month, 1);
    *ret_last =
        rg_days_of((int)(end == 12 ? year + 1 : year), end == 12 ? 1 : (int)end + 1, 1) - 1;
    return true;
}

enum plan_risk
plan_deadline_risk(int64_t today, int64_t day, int64_t lead_days, bool done, int64_t *ret_left)
{
    int64_t left = day - today;
    *ret_left = left;
    if (done)
        return PLAN_RISK_DONE;
    if (left < 0)
        return PLAN_RISK_PAST;
    if (left < lead_days)
        return PLAN_RISK_LATE;
    return left - lead_days <= PLAN_NEAR_DAYS ? PLAN_RISK_NEAR : PLAN_RISK_FAR;
}
