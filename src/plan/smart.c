/* Is an objective specific, measurable, attainable, relevant, time-bound: what is missing. */
#include "plan/kernel.h"

bool
plan_decimal_ok(struct str s)
{
    size_t n_digits = 0, n_points = 0;
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_n(s.p + 1, s.n - 1);
    for (size_t i = 0; i < s.n; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        bool point = s.p[i] == '.' || s.p[i] == ',';
        if (!digit && !point)
            return false;
        n_digits += digit;
        n_points += point;
    }
    return n_digits > 0 && n_points <= 1 && s.p[0] != '.' && s.p[0] != ',' &&
           s.p[s.n - 1] != '.' && s.p[s.n - 1] != ',';
}

struct decimal {
    bool negative;
    struct str whole, fraction; /* without needless zeros */
};

static struct decimal
decimal_of(struct str s)
{
    struct decimal d = {0};
    if (s.n && (s.p[0] == '-' || s.p[0] == '+')) {
        d.negative = s.p[0] == '-';
        s = str_n(s.p + 1, s.n - 1);
    }
    size_t at = 0;
    while (at < s.n && s.p[at] != '.' && s.p[at] != ',')
        at++;
    d.whole = str_n(s.p, at);
    d.fraction = at < s.n ? str_n(s.p + at + 1, s.n - at - 1) : STR("");
    while (d.whole.n && d.whole.p[0] == '0')
        d.whole = str_n(d.whole.p + 1, d.whole.n - 1);
    while (d.fraction.n && d.fraction.p[d.fraction.n - 1] == '0')
        d.fraction.n--;
    if (d.whole.n == 0 && d.fraction.n == 0)
        d.negative = false;
    return d;
}

int
plan_decimal_cmp(struct str a, struct str b)
{
    struct decimal x = decimal_of(a), y = decimal_of(b);
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    int order =
        x.whole.n != y.whole.n ? (x.whole.n < y.whole.n ? -1 : 1) : str_cmp(x.whole, y.whole);
    if (order == 0)
        order = str_cmp(x.fraction, y.fraction);
    return x.negative ? -order : order;
}

unsigned
plan_smart_check(const struct plan_smart *o)
{
    unsigned missing = 0;
    int64_t first, last;
    missing |= o->measure.n ? 0 : PLAN_NO_MEASURE;
    missing |= o->unit.n ? 0 : PLAN_NO_UNIT;
    missing |= plan_decimal_ok(o->baseline) ? 0 : PLAN_NO_BASELINE;
    missing |= plan_decimal_ok(o->target) ? 0 : PLAN_NO_TARGET;
    missing |= o->has_owner || o->has_money ? 0 : PLAN_NO_MEANS;
    missing |= o->has_origin || o->relevance.n ? 0 : PLAN_NO_RELEVANCE;
    missing |= plan_day_parse(o->target_day, &first, &last) ? 0 : PLAN_NO_DAY;
    if (!(missing & (PLAN_NO_BASELINE | PLAN_NO_TARGET)) &&
        plan_decimal_cmp(o->baseline, o->target) == 0)
        missing |= PLAN_NO_MOVE;
    return missing;
}
