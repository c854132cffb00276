/* What a lottery should aim at, and the proof that nothing more can be reached (sortition.h). */
#include "listening/sortition_lp.h"
#include "listening/sortition_priv.h"

enum {
    LEVELS = 60,       /* of chance: after so many the others share what is left as it falls  */
    CAPPED_MAX = 400,  /* rows that say that no more sit than there are: each makes it slower */
    LEVELS_WORK = 300000000, /* numbers turned, after which no further level is begun: 2 s   */
    EASY_MAX = 720,    /* points up to this are looked for, that a person may add them        */
};

/* ---- the proof ---- */

int64_t
sortition_common_divisor(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool
sortition_proof_bound(const struct sortition_world *w, int64_t seat, const int64_t *points,
                      int64_t *ret_num, int64_t *ret_den)
{
    int64_t have = 0, owed = 0, panel = seat * w->size;
    if (seat > SORTITION_POINTS_MAX || seat < -SORTITION_POINTS_MAX)
        return false;
    for (size_t v = 0; v < w->n_values; v++) {
        if (points[v] > SORTITION_POINTS_MAX || points[v] < -SORTITION_POINTS_MAX)
            return false;
        int64_t most = w->max[v] < w->size ? w->max[v] : w->size;
        int64_t least = w->min[v] < w->size ? w->min[v] : w->size;
        panel += points[v] * (points[v] > 0 ? most : least);
    }
    for (size_t i = 0; i < w->n_people; i++) {
        int64_t own = seat;
        for (size_t c = 0; c < w->n_categories; c++)
            own += points[w->traits[i * w->n_categories + c]];
        *(own > 0 ? &have : &owed) += own > 0 ? own : -own;
    }
    int64_t num = panel + owed;
    if (have == 0)
        return false;
    num = num > have ? have : num;
    int64_t by = sortition_common_divisor(num, have);
    *ret_num = num / by;
    *ret_den = have / by;
    return true;
}

bool
sortition_proof_holds(const struct sortition_world *w, const struct sortition_proof *proof)
{
    int64_t num, den;
    return sortition_proof_bound(w, proof->seat, proof->points, &num, &den) &&
           num == proof->num && den == proof->den;
}

/* Keep these points when they prove more than those kept so far. */
static void
proof_try(const struct sortition_world *w, int64_t seat, const int64_t *points,
          struct sortition_proof *best)
{
    int64_t num, den;
    if (!sortition_proof_bound(w, seat, points, &num, &den))
        return;
    if (best->den && (__int128)num * best->den >= (__int128)best->num * den)
        return;
    memcpy(best->points, points, w->n_values * sizeof(*points));
    best->seat = seat;
    best->num = num;
    best->den = den;
}

static int64_t
rounded(__int128 v, int64_t by)
{
    return (int64_t)((v >= 0 ? v + by / 2 : v - by / 2) / by);
}

/* The largest of the points becomes size; a proof need not be exact to be true. */
static void
proof_scale(const struct sortition_world *w, int64_t seat, const int64_t *points, int64_t largest,
            int64_t size, struct sortition_proof *best)
{
    int64_t scaled[SORTITION_VALUES_MAX];
    for (size_t v = 0; v < w->n_values; v++)
        scaled[v] = rounded((__int128)points[v] * size, largest);
    proof_try(w, rounded((__int128)seat * size, largest), scaled, best);
}

/* From the prices of the programme: first as they are, then as the smallest numbers that prove the
 * same, so that they may be added by hand.                                                   */
static void
proof_from(const struct sortition_world *w, int64_t seat, const int64_t *points,
           struct sortition_proof *best)
{
    int64_t largest = seat < 0 ? -seat : seat, easy_points[SORTITION_VALUES_MAX];
    for (size_t v = 0; v < w->n_values; v++) {
        int64_t size = points[v] < 0 ? -points[v] : points[v];
        largest = size > largest ? size : largest;
    }
    if (largest == 0)
        return;
    int64_t most = largest < SORTITION_POINTS_MAX ? largest : SORTITION_POINTS_MAX;
    proof_scale(w, seat, points, largest, most, best);
    struct sortition_proof easy = {.points = easy_points};
    for (int64_t size = 1; size <= EASY_MAX && size < most; size++) {
        proof_scale(w, seat, points, largest, size, &easy);
        if (easy.den && (__int128)easy.num * best->den <= (__int128)best->num * easy.den) {
            memcpy(best->points, easy.points, w->n_values * sizeof(*points));
            best->seat = easy.seat;
            best->num = easy.num;
            best->den = easy.den;
            return;
        }
    }
}

/* ---- the programme over kinds ---- */

struct rows {
    size_t n;
    uint16_t value[2 * SORTITION_VALUES_MAX + 2]; /* n_values: all seats             */
    int8_t sign[2 * SORTITION_VALUES_MAX + 2];    /* 1: at most; -1: at least        */
    int64_t quota[2 * SORTITION_VALUES_MAX + 2];
};

static void
row_add(struct rows *rows, size_t value, int sign, int64_t quota)
{
    rows->value[rows->n] = (uint16_t)value;
    rows->sign[rows->n] = (int8_t)sign;
    rows->quota[rows->n++] = quota;
}

/* Quotas that can bind: a maximum below the people there are, a minimum above 0. */
static void
rows_make(const struct sortition_world *w, struct rows *rows)
{
    uint32_t have[SORTITION_VALUES_MAX] = {0};
    for (size_t i = 0; i < w->n_people * w->n_categories; i++)
        have[w->traits[i]]++;
    rows->n = 0;
    row_add(rows, w->n_values, 1, w->size);
    row_add(rows, w->n_values, -1, w->size);
    for (size_t v = 0; v < w->n_values; v++) {
        uint32_t most = have[v] < w->size ? have[v] : w->size;
        if (w->max[v] < most)
            row_add(rows, v, 1, w->max[v]);
        if (w->min[v] > 0)
            row_add(rows, v, -1, w->min[v]);
    }
}

struct programme {
    const struct sortition_kinds *kinds;
    struct rows rows;
    struct sortition_lp lp;
    uint32_t *start;
    uint16_t *row;
    int32_t *entry;
    int64_t *t_column, *b;
    int64_t *floor;      /* of each kind: chance of a person that is sure, in UNITs          */
    uint8_t *risen;      /* of each kind: its chance cannot rise any more                    */
    uint8_t *capped;     /* of each kind: a row says that no more sit than there are         */
    size_t n_capped;
};

static bool
programme_make(struct rg_arena *arena, const struct sortition_kinds *kinds, struct programme *p)
{
    *p = (struct programme){.kinds = kinds};
    rows_make(kinds->world, &p->rows);
    size_t m = p->rows.n + CAPPED_MAX, each = 2 * kinds->world->n_categories + 3;
    p->start = RG_ARRAY(arena, uint32_t, kinds->n + 1);
    p->row = RG_ARRAY(arena, uint16_t, kinds->n * each);
    p->entry = RG_ARRAY(arena, int32_t, kinds->n * each);
    p->t_column = RG_ARRAY(arena, int64_t, m);
    p->b = RG_ARRAY(arena, int64_t, m);
    p->floor = RG_ARRAY(arena, int64_t, kinds->n);
    p->risen = RG_ARRAY(arena, uint8_t, kinds->n);
    p->capped = RG_ARRAY(arena, uint8_t, kinds->n);
    return p->start && p->row && p->entry && p->t_column && p->b && p->floor && p->risen &&
           p->capped;
}

/* A kind's seats are floor × people + t × people (unless it has risen) + z. */
static void
programme_fill(struct programme *p)
{
    const struct sortition_kinds *kinds = p->kinds;
    const struct sortition_world *w = kinds->world;
    uint16_t of_value[2][SORTITION_VALUES_MAX + 1];
    uint32_t n = 0;
    size_t m = p->rows.n;
    memset(of_value, 0xFF, sizeof(of_value));
    for (size_t r = 0; r < p->rows.n; r++) {
        of_value[p->rows.sign[r] < 0][p->rows.value[r]] = (uint16_t)r;
        p->b[r] = p->rows.sign[r] * p->rows.quota[r] * SORTITION_UNIT;
        p->t_column[r] = 0;
    }
    for (size_t k = 0; k < kinds->n; k++) {
        p->start[k] = n;
        for (size_t c = 0; c <= w->n_categories; c++)
            for (int least = 0; least < 2; least++) {
                size_t v = c < w->n_categories ? sortition_trait(kinds, k, c) : w->n_values;
                if (of_value[least][v] == UINT16_MAX)
                    continue;
                p->row[n] = of_value[least][v];
                p->entry[n++] = least ? -1 : 1;
            }
        if (p->capped[k]) {
            p->b[m] = (int64_t)kinds->people[k] * SORTITION_UNIT;
            p->t_column[m] = 0;
            p->row[n] = (uint16_t)m++;
            p->entry[n++] = 1;
        }
        for (uint32_t e = p->start[k]; e < n; e++) {
            p->b[p->row[e]] -= p->entry[e] * p->floor[k] * (int64_t)kinds->people[k];
            if (!p->risen[k])
                p->t_column[p->row[e]] += p->entry[e] * (int64_t)kinds->people[k];
        }
    }
    p->start[kinds->n] = n;
    p->lp = (struct sortition_lp){m, kinds->n, p->start, p->row, p->entry, p->t_column, p->b,
                                  false};
}

/* Price of a kind: above 0 where its chance cannot rise with t. */
static bool
binds(const struct programme *p, const struct sortition_lp_answer *answer, size_t kind)
{
    __int128 price = 0;
    for (uint32_t e = p->start[kind]; e < p->start[kind + 1]; e++)
        price += (__int128)answer->y[p->row[e]] * p->entry[e];
    return price > 0;
}

static void
prices_prove(const struct programme *p, const struct sortition_lp_answer *answer,
             struct sortition_proof *proof)
{
    const struct sortition_world *w = p->kinds->world;
    int64_t points[SORTITION_VALUES_MAX + 1] = {0}, by = 0;
    for (size_t r = 0; r < p->rows.n; r++)
        points[p->rows.value[r]] += p->rows.sign[r] * answer->y[r];
    for (size_t v = 0; v <= w->n_values; v++)
        by = sortition_common_divisor(by, points[v]);
    for (size_t v = 0; by && v <= w->n_values; v++)
        points[v] /= by;
    proof_from(w, points[w->n_values], points, proof);
}

/* Nobody sits more than once: the rows that say so are many, and added only where they are missed.
 * True when some were.                                                                       */
static bool
caps_add(struct programme *p, const struct sortition_lp_answer *answer)
{
    size_t before = p->n_capped;
    for (size_t k = 0; k < p->kinds->n && p->n_capped < CAPPED_MAX; k++) {
        int64_t people = p->kinds->people[k];
        int64_t each = p->floor[k] + (p->risen[k] ? 0 : answer->t);
        if (!p->capped[k] && each * people + answer->z[k] > people * SORTITION_UNIT)
            p->n_capped += p->capped[k] = 1;
    }
    return p->n_capped > before;
}

/* Goals are those of the newest programme; kinds with a price stay at the chance that they have. */
static size_t
level_keep(struct programme *p, const struct sortition_lp_answer *answer,
           struct sortition_target *target)
{
    size_t n_risen = 0;
    for (size_t k = 0; k < p->kinds->n; k++) {
        p->floor[k] += p->risen[k] ? 0 : answer->t;
        int64_t all = (int64_t)p->kinds->people[k] * SORTITION_UNIT;
        target->goal[k] = p->floor[k] * (int64_t)p->kinds->people[k] + answer->z[k];
        target->goal[k] = target->goal[k] < all ? target->goal[k] : all;
        if (!p->risen[k] && binds(p, answer, k)) {
            p->risen[k] = 1;
            n_risen++;
        }
    }
    return n_risen;
}

/* The largest smallest chance; then, those who cannot have more staying there, the largest that the
 * others can have, and so on.                                                                */
static bool
kinds_aim(struct rg_arena *arena, const struct sortition_kinds *kinds,
          struct sortition_target *target)
{
    struct programme p;
    size_t n_left = kinds->n, work = 0;
    if (!programme_make(arena, kinds, &p))
        return false;
    for (int level = 0; level < LEVELS && n_left > 0;) {
        struct rg_mark mark = rg_arena_mark(arena);
        struct sortition_lp_answer answer;
        size_t n_risen = 0;
        programme_fill(&p);
        if (!sortition_lp_solve(arena, &p.lp, &answer))
            return false;
        work += answer.n_pivots * p.lp.n_rows * p.lp.n_rows;
        bool again = answer.feasible && caps_add(&p, &answer);
        if (!again && level == 0) {
            prices_prove(&p, &answer, &target->proof);
            target->least = answer.t;
        }
        if (!again && answer.feasible)
            n_risen = level_keep(&p, &answer, target);
        rg_arena_release(arena, mark);
        if (again && (level == 0 || work < LEVELS_WORK))
            continue;
        if (again || !answer.optimal || n_risen == 0 || work > LEVELS_WORK)
            break;
        n_left -= n_risen;
        level++;
    }
    return true;
}

bool
sortition_parts_share(struct rg_arena *arena, const struct sortition_kinds *kinds,
                      int64_t *ret_goal, bool *ret_impossible)
{
    struct rg_mark mark = rg_arena_mark(arena);
    struct programme p;
    struct sortition_lp_answer answer;
    if (!programme_make(arena, kinds, &p))
        return false;
    programme_fill(&p);
    p.lp.any = true;
    if (!sortition_lp_solve(arena, &p.lp, &answer))
        return false;
    for (size_t k = 0; k < kinds->n; k++)
        ret_goal[k] = answer.feasible ? answer.z[k] : 0;
    *ret_impossible = answer.impossible;
    rg_arena_release(arena, mark);
    return true;
}

bool
sortition_target_make(struct rg_arena *arena, const struct sortition_kinds *kinds,
                      struct sortition_target *ret)
{
    const struct sortition_world *w = kinds->world;
    int64_t none[SORTITION_VALUES_MAX] = {0};
    *ret = (struct sortition_target){.goal = RG_ARRAY(arena, int64_t, kinds->n)};
    ret->proof.points = RG_ARRAY(arena, int64_t, w->n_values + 1);
    if (!ret->goal || !ret->proof.points)
        return false;
    proof_try(w, 1, none, &ret->proof); /* that seats are shared by all is always true */
    for (size_t k = 0; k < kinds->n; k++)
        ret->goal[k] = (int64_t)kinds->people[k] * w->size * SORTITION_UNIT / (int64_t)w->n_people;
    struct rg_mark mark = rg_arena_mark(arena);
    if (!kinds_aim(arena, kinds, ret))
        return false;
    rg_arena_release(arena, mark);
    if (kinds->n > SORTITION_ALL_KINDS)
        return true;
    bool all;
    if (!sortition_compose_all(arena, kinds, SORTITION_ALL_MAX, &ret->all, &ret->n_all, &all))
        return false;
    if (!all)
        ret->n_all = 0;
    return all ? sortition_mix_aim(arena, kinds, true, ret) : true;
}
