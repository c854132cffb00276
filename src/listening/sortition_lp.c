/* The simplex method in whole numbers; the header says what it promises. */
#include "listening/sortition_lp.h"

enum { STALLED = 60 }; /* steps without gain, then Bland's rule (1977): no running in circles */
static const int64_t entry_max = (int64_t)1 << 56;

/* Variables in order: columns of A, then t, then one slack per row. */
struct simplex {
    const struct sortition_lp *lp;
    size_t m, t;
    int64_t *inverse;     /* m × m, over det                                   */
    int64_t det;
    __int128 *value;      /* of the basic variable of each row, over det       */
    uint32_t *basic;      /* which variable it is                              */
    uint8_t *is_basic;    /* of each variable                                  */
    int64_t *y, *turn;    /* of the objective; the entering column in the basis */
    size_t stalled, n_pivots;
    bool broken;          /* a number grew too large                           */
    bool impossible;      /* a row that nothing can mend                       */
};

static bool
simplex_make(struct rg_arena *arena, const struct sortition_lp *lp, struct simplex *s)
{
    *s = (struct simplex){.lp = lp, .m = lp->n_rows, .t = lp->n_columns, .det = 1};
    s->inverse = RG_ARRAY(arena, int64_t, s->m * s->m);
    s->value = RG_ARRAY(arena, __int128, s->m);
    s->basic = RG_ARRAY(arena, uint32_t, s->m);
    s->is_basic = RG_ARRAY(arena, uint8_t, s->t + 1 + s->m);
    s->y = RG_ARRAY(arena, int64_t, s->m);
    s->turn = RG_ARRAY(arena, int64_t, s->m);
    if (!s->inverse || !s->value || !s->basic || !s->is_basic || !s->y || !s->turn)
        return false;
    for (size_t r = 0; r < s->m; r++) {
        s->inverse[r * s->m + r] = 1;
        s->value[r] = lp->b[r];
        s->basic[r] = (uint32_t)(s->t + 1 + r);
        s->is_basic[s->basic[r]] = 1;
    }
    return true;
}

/* A row of whole numbers times the column of a variable. */
static __int128
times_column(const struct simplex *s, const int64_t *row, size_t variable)
{
    __int128 sum = 0;
    if (variable > s->t)
        return row[variable - s->t - 1];
    if (variable == s->t) {
        for (size_t r = 0; r < s->m; r++)
            sum += (__int128)row[r] * s->lp->t_column[r];
        return sum;
    }
    for (uint32_t e = s->lp->start[variable]; e < s->lp->start[variable + 1]; e++)
        sum += (__int128)row[s->lp->row[e]] * s->lp->entry[e];
    return sum;
}

static int64_t
within(struct simplex *s, __int128 v)
{
    s->broken |= v > entry_max || v < -entry_max;
    return s->broken ? 0 : (int64_t)v;
}

static void
objective(struct simplex *s)
{
    memset(s->y, 0, s->m * sizeof(*s->y));
    for (size_t r = 0; r < s->m; r++)
        if (s->basic[r] == s->t)
            memcpy(s->y, &s->inverse[r * s->m], s->m * sizeof(*s->y));
}

/* The variable enters the basis in place of that of the row. Nothing changes when it breaks:
 * the new numbers are tried first.                                                           */
static void
pivot(struct simplex *s, size_t entering, size_t row)
{
    size_t m = s->m;
    int64_t by = s->turn[row], *own = &s->inverse[row * m];
    RG_ASSERT(by != 0);
    for (int write = 0; write < 2 && !s->broken; write++)
        for (size_t r = 0; r < m && !s->broken; r++) {
            int64_t *at = &s->inverse[r * m], factor = s->turn[r];
            if (r == row || (factor == 0 && by == s->det))
                continue;
            for (size_t c = 0; c < m; c++) {
                if (at[c] == 0 && own[c] == 0)
                    continue;
                __int128 v = ((__int128)by * at[c] - (__int128)factor * own[c]) / s->det;
                int64_t kept = within(s, v);
                if (write)
                    at[c] = kept;
            }
        }
    if (s->broken)
        return;
    if (by < 0)
        for (size_t i = 0; i < m * m; i++)
            s->inverse[i] = -s->inverse[i];
    s->det = by < 0 ? -by : by;
    s->is_basic[s->basic[row]] = 0;
    s->is_basic[entering] = 1;
    s->basic[row] = (uint32_t)entering;
    for (size_t r = 0; r < m; r++) {
        s->value[r] = 0;
        for (size_t c = 0; c < m; c++)
            s->value[r] += (__int128)s->inverse[r * m + c] * s->lp->b[c];
    }
    objective(s);
    s->n_pivots++;
}

static void
turn_make(struct simplex *s, size_t variable)
{
    for (size_t r = 0; r < s->m; r++)
        s->turn[r] = within(s, times_column(s, &s->inverse[r * s->m], variable));
}

static bool
spent(const struct simplex *s)
{
    return s->broken || s->n_pivots >= SORTITION_PIVOTS_PER_ROW * (s->m + 1);
}

/* First a point: while a row is negative, it gives its place to a variable that mends it. */
static bool
make_feasible(struct simplex *s)
{
    while (!spent(s)) {
        bool bland = s->n_pivots > 4 * s->m;
        size_t row = s->m, entering = SIZE_MAX;
        for (size_t r = 0; r < s->m; r++)
            if (s->value[r] < 0 &&
                (row == s->m || (bland ? s->basic[r] < s->basic[row]
                                       : s->value[r] < s->value[row])))
                row = r;
        if (row == s->m)
            return true;
        __int128 best = 0;
        for (size_t v = 0; v < s->t + 1 + s->m && !(bland && entering != SIZE_MAX); v++) {
            if (v == s->t || s->is_basic[v])
                continue;
            __int128 at = times_column(s, &s->inverse[row * s->m], v);
            if (at < best) {
                best = at;
                entering = v;
            }
        }
        if (entering == SIZE_MAX) {
            s->impossible = true;
            return false;
        }
        turn_make(s, entering);
        if (!s->broken)
            pivot(s, entering, row);
    }
    return false;
}

/* a/b < c/d for a, c >= 0 and b, d > 0, by their continued fractions: no product is formed. */
static bool
fraction_less(__int128 a, __int128 b, __int128 c, __int128 d)
{
    for (;;) {
        __int128 p = a / b, q = c / d;
        if (p != q)
            return p < q;
        a -= p * b;
        c -= q * d;
        if (a == 0 || c == 0)
            return a == 0 && c != 0;
        __int128 e = a, f = c; /* a/b < c/d exactly when d/c < b/a */
        a = d;
        c = b;
        b = f;
        d = e;
    }
}

static size_t
entering_choose(const struct simplex *s)
{
    size_t entering = SIZE_MAX;
    __int128 best = 0;
    if (!s->is_basic[s->t])
        return s->t;
    for (size_t v = 0; v < s->t + 1 + s->m; v++) {
        if (s->is_basic[v])
            continue;
        __int128 at = times_column(s, s->y, v);
        if (at < best) {
            best = at;
            entering = v;
            if (s->stalled > STALLED)
                break;
        }
    }
    return entering;
}

static bool
make_optimal(struct simplex *s)
{
    while (!spent(s)) {
        size_t row = s->m, entering = entering_choose(s);
        if (entering == SIZE_MAX)
            return true;
        turn_make(s, entering);
        for (size_t r = 0; r < s->m && !s->broken; r++) {
            if (s->turn[r] <= 0)
                continue;
            if (row == s->m || fraction_less(s->value[r], s->turn[r], s->value[row], s->turn[row]))
                row = r;
            else if (s->basic[r] < s->basic[row] &&
                     !fraction_less(s->value[row], s->turn[row], s->value[r], s->turn[r]))
                row = r;
        }
        if (s->broken || row == s->m) /* the latter cannot be: t is bounded */
            return false;
        s->stalled = s->value[row] == 0 ? s->stalled + 1 : 0;
        pivot(s, entering, row);
    }
    return false;
}

bool
sortition_lp_solve(struct rg_arena *arena, const struct sortition_lp *lp,
                   struct sortition_lp_answer *ret)
{
    struct simplex s;
    *ret = (struct sortition_lp_answer){.z = RG_ARRAY(arena, int64_t, lp->n_columns)};
    if (!ret->z || !simplex_make(arena, lp, &s))
        return false;
    ret->feasible = make_feasible(&s);
    ret->impossible = s.impossible;
    ret->optimal = ret->feasible && !lp->any && make_optimal(&s);
    ret->y = s.y;
    ret->det = s.det;
    ret->n_pivots = s.n_pivots;
    if (!ret->feasible)
        return true;
    for (size_t r = 0; r < s.m; r++) {
        RG_ASSERT(s.value[r] >= 0);
        int64_t whole = (int64_t)(s.value[r] / s.det);
        if (s.basic[r] < s.t)
            ret->z[s.basic[r]] = whole;
        else if (s.basic[r] == s.t)
            ret->t = whole;
    }
    return true;
}
