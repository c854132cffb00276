/* One panel, as near as can be to what is owed (sortition.h, "The lottery"). Seats are filled
 * one by one, then exchanged; that it finds the best is not promised, that it keeps the quotas
 * is.                                                                                        */
#include "listening/sortition_lottery.h"

enum {
    CANDIDATES = 1500,   /* kinds that a panel is looked for among: those most owed            */
    LARGE = 500,         /* seats that are filled one by one; those above go quickly           */
    PENALTY = 8,         /* seats that one broken quota weighs, at first, at least             */
    FRUITLESS = 24,      /* exchanges without gain, then a panel is let be                     */
    EXCHANGES = 400,     /* at most for one panel                                              */
    LACK = 1000,         /* seats that a person below the smallest chance weighs               */
};

int64_t
lottery_gain(const struct lottery *l, uint32_t kind, uint32_t seats)
{
    int64_t sum = (int64_t)l->total[kind] + seats;
    int64_t g = 2 * l->want[kind] - SORTITION_UNIT * (2 * sum + 1);
    if (sum < l->floor * (int64_t)l->kinds->people[kind])
        g += (int64_t)LACK * SORTITION_UNIT;
    return g;
}

int64_t
lottery_worth(const struct lottery *l, const uint32_t *seats)
{
    int64_t sum = 0;
    for (uint32_t k = 0; k < l->kinds->n; k++)
        for (uint32_t i = 0; i < seats[k]; i++)
            sum += lottery_gain(l, k, i);
    return sum;
}

/* What quotas add for one who comes in (a value that lacks people calls, a full one repels) and for
 * one who goes out.                                                                          */
static void
pulls_make(struct lottery *l, size_t v)
{
    const struct sortition_world *w = l->kinds->world;
    uint32_t taken = l->taken[v];
    l->pull_in[v] = taken < w->min[v] ? l->penalty[v] : taken >= w->max[v] ? -l->penalty[v] : 0;
    l->pull_out[v] = taken > w->max[v] ? l->penalty[v] : taken <= w->min[v] ? -l->penalty[v] : 0;
}

static int64_t
worth_in(const struct lottery *l, uint32_t kind)
{
    size_t n = l->kinds->world->n_categories;
    const uint16_t *traits = &l->traits[kind * n];
    int64_t g = l->next[kind];
    for (size_t c = 0; c < n; c++)
        g += l->pull_in[traits[c]];
    return g;
}

static int64_t
worth_out(const struct lottery *l, uint32_t kind)
{
    size_t n = l->kinds->world->n_categories;
    const uint16_t *traits = &l->traits[kind * n];
    int64_t g = -lottery_gain(l, kind, l->seats[kind] - 1);
    for (size_t c = 0; c < n; c++)
        g += l->pull_out[traits[c]];
    return g;
}

static void
move(struct lottery *l, uint32_t kind, int by)
{
    size_t n = l->kinds->world->n_categories;
    l->seats[kind] += (uint32_t)by;
    l->next[kind] = lottery_gain(l, kind, l->seats[kind]);
    for (size_t c = 0; c < n; c++) {
        uint16_t v = l->traits[kind * n + c];
        l->taken[v] += (uint32_t)by;
        pulls_make(l, v);
    }
}

/* An empty panel. */
static void
clear(struct lottery *l)
{
    memset(l->seats, 0, l->kinds->n * sizeof(*l->seats));
    memset(l->taken, 0, sizeof(l->taken));
    for (uint32_t k = 0; k < l->kinds->n; k++)
        l->next[k] = lottery_gain(l, k, 0);
    for (size_t v = 0; v < l->kinds->world->n_values; v++)
        pulls_make(l, v);
}

/* The candidate that is best to seat (the first of equals); n kinds: none is left. */
static uint32_t
best_in(struct lottery *l, uint32_t but)
{
    uint32_t best = (uint32_t)l->kinds->n;
    int64_t most = 0;
    for (size_t i = 0; i < l->n_candidates; i++) {
        uint32_t k = l->candidates[i];
        if (k == but || l->seats[k] == l->kinds->people[k])
            continue;
        int64_t g = worth_in(l, k);
        if (best == l->kinds->n || g > most) {
            best = k;
            most = g;
        }
    }
    return best;
}

static uint32_t
best_out(struct lottery *l)
{
    uint32_t best = (uint32_t)l->kinds->n;
    int64_t most = 0;
    for (size_t i = 0; i < l->n_candidates; i++) {
        uint32_t k = l->candidates[i];
        if (l->seats[k] == 0 || l->held[k])
            continue;
        int64_t g = worth_out(l, k);
        if (best == l->kinds->n || g > most) {
            best = k;
            most = g;
        }
    }
    return best;
}

static bool
meets(const struct lottery *l)
{
    const struct sortition_world *w = l->kinds->world;
    for (size_t v = 0; v < w->n_values; v++)
        if (l->taken[v] < w->min[v] || l->taken[v] > w->max[v])
            return false;
    return true;
}

/* Quotas that stay broken weigh twice as much. */
static void
penalties_rise(struct lottery *l)
{
    const int64_t most = (int64_t)PENALTY * SORTITION_UNIT << 24;
    const struct sortition_world *w = l->kinds->world;
    for (size_t v = 0; v < w->n_values; v++) {
        if ((l->taken[v] < w->min[v] || l->taken[v] > w->max[v]) && l->penalty[v] < most)
            l->penalty[v] *= 2;
        pulls_make(l, v);
    }
}

static void
keep_best(struct lottery *l, bool *found, int64_t *best)
{
    if (!meets(l))
        return;
    int64_t now = lottery_worth(l, l->seats);
    if (*found && now <= *best)
        return;
    *found = true;
    *best = now;
    memcpy(l->best, l->seats, l->kinds->n * sizeof(*l->seats));
}

/* From a full panel: one rises and the best other sits down, while that gains; who was tried
 * in vain is held. The best panel met that keeps the quotas is in l->best; false: none was.  */
static bool
exchange(struct lottery *l)
{
    size_t n = l->kinds->n, fruitless = 0;
    bool found = false;
    int64_t best = 0;
    memset(l->held, 0, n);
    keep_best(l, &found, &best);
    for (int i = 0; i < EXCHANGES && fruitless < FRUITLESS; i++) {
        uint32_t out = best_out(l);
        int64_t gained = 0;
        if (out < n) {
            gained = worth_out(l, out);
            move(l, out, -1);
            uint32_t in = best_in(l, out);
            gained += in < n ? worth_in(l, in) : 0;
            if (in < n && gained > 0) {
                move(l, in, 1);
                l->held[in] = 0;
                keep_best(l, &found, &best);
                continue;
            }
            move(l, out, 1);
            l->held[out] = 1;
        }
        fruitless++;
        if (out == n || (fruitless % 8 == 0 && !meets(l))) {
            penalties_rise(l);
            memset(l->held, 0, n);
        }
    }
    return found;
}

/* The kinds most owed: those above a measure that halving finds, then of those at it the next in
 * turn, so that all are tried.                                                               */
static void
candidates_choose(struct lottery *l, size_t room)
{
    size_t n = l->kinds->n;
    int64_t low = INT64_MIN / 4, high = INT64_MAX / 4; /* above low: too many; above high: few */
    l->n_candidates = 0;
    while (n > room && high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        size_t above = 0;
        for (uint32_t k = 0; k < n; k++)
            above += lottery_gain(l, k, 0) > middle;
        *(above > room ? &low : &high) = middle;
    }
    for (uint32_t k = 0; k < n; k++)
        if (n <= room || lottery_gain(l, k, 0) > high)
            l->candidates[l->n_candidates++] = k;
    if (n <= room)
        return;
    for (size_t i = 0; i < n && l->n_candidates < room; i++) {
        uint32_t k = (uint32_t)((l->turn + i) % n);
        if (lottery_gain(l, k, 0) == high)
            l->candidates[l->n_candidates++] = k;
    }
    l->turn = (l->turn + room) % n;
}

/* Of all compositions the best, the first of equals. */
static void
look_at_all(struct lottery *l)
{
    size_t n = l->kinds->n, best = 0;
    int64_t most = 0;
    for (size_t j = 0; j < l->target->n_all; j++) {
        int64_t now = lottery_worth(l, &l->target->all[j * n]);
        if (j == 0 || now > most) {
            most = now;
            best = j;
        }
    }
    memcpy(l->best, &l->target->all[best * n], n * sizeof(*l->best));
}

/* In a large panel the first seats go in one round to those most owed whose values are not full;
 * what that spoils the others mend. How many seats were given.                              */
static uint32_t
seats_quickly(struct lottery *l, uint32_t seats)
{
    size_t n = l->kinds->world->n_categories;
    uint32_t given = 0;
    candidates_choose(l, seats);
    for (size_t i = 0; i < l->n_candidates && given < seats; i++) {
        uint32_t k = l->candidates[i];
        bool full = false;
        for (size_t c = 0; c < n; c++) {
            uint16_t v = l->traits[k * n + c];
            full |= l->taken[v] >= l->kinds->world->max[v];
        }
        if (!full) {
            move(l, k, 1);
            given++;
        }
    }
    return given;
}

/* ---- the doors ---- */

bool
lottery_panel_start(struct rg_arena *arena, struct lottery *l)
{
    const struct sortition_world *w = l->kinds->world;
    size_t n = l->kinds->n;
    l->want = RG_ARRAY(arena, int64_t, n);
    l->candidates = RG_ARRAY(arena, uint32_t, n);
    l->seats = RG_ARRAY(arena, uint32_t, n);
    l->best = RG_ARRAY(arena, uint32_t, n);
    l->next = RG_ARRAY(arena, int64_t, n);
    l->traits = RG_ARRAY(arena, uint16_t, n * w->n_categories);
    l->held = RG_ARRAY(arena, uint8_t, n);
    if (!l->want || !l->candidates || !l->seats || !l->best || !l->next || !l->traits || !l->held)
        return false;
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < w->n_categories; c++)
            l->traits[k * w->n_categories + c] = sortition_trait(l->kinds, k, c);
    return true;
}

/* A broken quota weighs more than a quarter of what lies between the least and the most owed: where
 * quotas leave little room, what is owed grows, and must not drown them.                     */
static void
penalties_start(struct lottery *l)
{
    int64_t most = INT64_MIN, least = INT64_MAX;
    for (size_t i = 0; i < l->n_candidates; i++) {
        int64_t g = l->next[l->candidates[i]];
        most = g > most ? g : most;
        least = g < least ? g : least;
    }
    for (size_t v = 0; v < l->kinds->world->n_values; v++) {
        l->penalty[v] = (most - least) / 4 + (int64_t)PENALTY * SORTITION_UNIT;
        pulls_make(l, v);
    }
}

bool
lottery_panel_new(struct lottery *l)
{
    if (l->target->n_all > 0) {
        look_at_all(l);
        return true;
    }
    clear(l);
    uint32_t size = l->kinds->world->size, seat = size > LARGE ? seats_quickly(l, size - LARGE) : 0;
    candidates_choose(l, CANDIDATES);
    penalties_start(l);
    for (; seat < size; seat++) {
        uint32_t in = best_in(l, UINT32_MAX);
        if (in == l->kinds->n)
            return false; /* fewer candidates than seats */
        move(l, in, 1);
    }
    return exchange(l);
}

bool
lottery_panel_better(struct lottery *l, const uint32_t *old)
{
    if (l->target->n_all > 0) {
        look_at_all(l);
        return true;
    }
    clear(l);
    candidates_choose(l, CANDIDATES);
    penalties_start(l);
    for (uint32_t k = 0; k < l->kinds->n; k++)
        for (uint32_t i = 0; i < old[k]; i++)
            move(l, k, 1);
    return exchange(l);
}
