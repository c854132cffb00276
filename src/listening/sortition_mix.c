/* The programme over compositions as they are, not over parts of seats: all of them, or those that
 * were met and what the prices ask for besides (column generation, as Flanigan et al. 2021 do).  */
#include "listening/sortition_lottery.h"
#include "listening/sortition_lp.h"

enum {
    LEVELS = 60,
    MIX_ROUNDS = 150,     /* compositions asked for besides those met                          */
    MIX_PIVOTS = 40000,   /* steps of all programmes, after which no more are asked for        */
    MIX_WEIGHT = 1000000, /* seats that the dearest kind is owed when one is asked for         */
};

struct mix {
    struct sortition_lp lp;
    uint32_t *start;
    uint16_t *row;
    int32_t *entry;
    int64_t *t_column, *b;
};

/* Columns: a composition each. Rows: a kind each, then all parts together: at most 1, at least
 * 1.                                                                                         */
static bool
mix_make(struct rg_arena *arena, const struct sortition_kinds *kinds, const uint32_t *all,
         size_t n_all, struct mix *m)
{
    size_t n_rows = kinds->n + 2;
    uint32_t n = 0;
    m->start = RG_ARRAY(arena, uint32_t, n_all + 1);
    m->row = RG_ARRAY(arena, uint16_t, n_all * n_rows);
    m->entry = RG_ARRAY(arena, int32_t, n_all * n_rows);
    m->t_column = RG_ARRAY(arena, int64_t, n_rows);
    m->b = RG_ARRAY(arena, int64_t, n_rows);
    if (!m->start || !m->row || !m->entry || !m->t_column || !m->b)
        return false;
    for (size_t j = 0; j < n_all; j++) {
        m->start[j] = n;
        for (size_t r = 0; r < n_rows; r++) {
            int32_t entry = r < kinds->n ? -(int32_t)all[j * kinds->n + r] : r == kinds->n ? 1 : -1;
            if (entry == 0)
                continue;
            m->row[n] = (uint16_t)r;
            m->entry[n++] = entry;
        }
    }
    m->start[n_all] = n;
    m->lp = (struct sortition_lp){n_rows, n_all, m->start, m->row, m->entry, m->t_column, m->b,
                                  false};
    return true;
}

bool
sortition_mix_aim(struct rg_arena *arena, const struct sortition_kinds *kinds, bool complete,
                  struct sortition_target *target)
{
    struct mix m;
    int64_t *floor = RG_ARRAY(arena, int64_t, kinds->n);
    uint8_t *risen = RG_ARRAY(arena, uint8_t, kinds->n);
    if (!floor || !risen || !mix_make(arena, kinds, target->all, target->n_all, &m))
        return false;
    m.b[kinds->n] = SORTITION_UNIT;
    m.b[kinds->n + 1] = -SORTITION_UNIT;
    for (int level = 0; level < LEVELS; level++) {
        struct rg_mark mark = rg_arena_mark(arena);
        struct sortition_lp_answer answer;
        size_t n_bound = 0;
        for (size_t k = 0; k < kinds->n; k++) {
            m.t_column[k] = risen[k] ? 0 : kinds->people[k];
            m.b[k] = -floor[k] * (int64_t)kinds->people[k];
        }
        if (!sortition_lp_solve(arena, &m.lp, &answer))
            return false;
        if (!answer.feasible || (level == 0 && !answer.optimal))
            return true;
        if (level == 0) {
            int64_t num = answer.y[kinds->n] - answer.y[kinds->n + 1];
            int64_t by = sortition_common_divisor(num, answer.det);
            target->searched = complete;
            target->search_num = num / by;
            target->search_den = answer.det / by;
            target->least = answer.t;
        }
        memset(target->goal, 0, kinds->n * sizeof(*target->goal));
        for (size_t j = 0; j < target->n_all; j++)
            for (size_t k = 0; k < kinds->n; k++)
                target->goal[k] += answer.z[j] * target->all[j * kinds->n + k];
        for (size_t k = 0; k < kinds->n; k++) {
            bool rises = !risen[k];
            floor[k] += rises ? answer.t : 0;
            risen[k] |= rises && answer.y[k] > 0;
            n_bound += rises && risen[k];
        }
        rg_arena_release(arena, mark);
        if (!answer.optimal || n_bound == 0)
            break;
    }
    return true;
}

/* ---- when not all are known ---- */

/* The different compositions of the lottery, in the order of their first panel. */
static void
met_list(struct lottery *l, uint32_t *ret, size_t *ret_n)
{
    size_t n = l->kinds->n;
    *ret_n = 0;
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        bool met = false;
        uint32_t *at = &ret[*ret_n * n];
        lottery_panel_count(l, p, at);
        for (size_t j = 0; j < *ret_n && !met; j++)
            met = memcmp(&ret[j * n], at, n * sizeof(*at)) == 0;
        *ret_n += !met;
    }
}

/* One composition that the prices of the mixture ask for: worth more than every one that is
 * known.                                                                                     */
static bool
asked_for(struct lottery *l, const struct sortition_lp_answer *answer, uint32_t *ret)
{
    size_t n = l->kinds->n;
    int64_t most = 1;
    __int128 worth = 0, known = (__int128)answer->y[n] - answer->y[n + 1];
    for (size_t k = 0; k < n; k++)
        most = answer->y[k] > most ? answer->y[k] : most;
    for (size_t k = 0; k < n; k++)
        l->want[k] = (int64_t)((__int128)answer->y[k] * MIX_WEIGHT * SORTITION_UNIT / most);
    if (!lottery_panel_new(l))
        return false;
    for (size_t k = 0; k < n; k++)
        worth += (__int128)answer->y[k] * l->best[k];
    memcpy(ret, l->best, n * sizeof(*ret));
    return worth > known;
}

bool
sortition_mix_better(struct rg_arena *arena, struct lottery *l, struct sortition_target *ret)
{
    const struct sortition_kinds *kinds = l->kinds;
    struct lottery asked = {.kinds = kinds, .target = l->target};
    size_t n_pivots = 0, room = SORTITION_PANELS + MIX_ROUNDS;
    *ret = *l->target;
    ret->goal = RG_ARRAY(arena, int64_t, kinds->n);
    ret->all = RG_ARRAY(arena, uint32_t, (room + 1) * kinds->n);
    asked.total = RG_ARRAY(arena, uint32_t, kinds->n); /* nobody has sat yet */
    if (!ret->goal || !ret->all || !asked.total || !lottery_panel_start(arena, &asked))
        return false;
    met_list(l, ret->all, &ret->n_all);
    while (ret->n_all < room && n_pivots < MIX_PIVOTS) {
        struct rg_mark mark = rg_arena_mark(arena);
        struct mix m;
        struct sortition_lp_answer answer;
        if (!mix_make(arena, kinds, ret->all, ret->n_all, &m))
            return false;
        m.b[kinds->n] = SORTITION_UNIT;
        m.b[kinds->n + 1] = -SORTITION_UNIT;
        for (size_t k = 0; k < kinds->n; k++)
            m.t_column[k] = kinds->people[k];
        if (!sortition_lp_solve(arena, &m.lp, &answer))
            return false;
        n_pivots += answer.n_pivots;
        bool more = answer.optimal && asked_for(&asked, &answer, &ret->all[ret->n_all * kinds->n]);
        rg_arena_release(arena, mark);
        if (!more)
            break;
        ret->n_all++;
    }
    ret->least = 0;
    return sortition_mix_aim(arena, kinds, false, ret);
}
