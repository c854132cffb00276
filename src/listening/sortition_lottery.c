/* 1000 compositions whose sums come near a goal (sortition.h, "The lottery"). */
#include "listening/sortition_lottery.h"

enum {
    NEAR_TRIES = 16,     /* panels begun before a composition is given up                      */
    PASSES = 3,          /* over all panels, to mend what lacks: for one smallest chance ...   */
    MENDS = 4000,        /* ... and panels made anew for all that are tried                    */
    CHAIN_KINDS = 300,   /* kinds that one chain of exchanges is sought through ...            */
    CHAINS_KINDS = 1500, /* ... and all chains together                                        */
};

void
lottery_panel_count(const struct lottery *l, size_t p, uint32_t *seats)
{
    uint32_t size = l->kinds->world->size;
    memset(seats, 0, l->kinds->n * sizeof(*seats));
    for (uint32_t i = 0; i < size; i++)
        seats[l->panels[p * size + i]]++;
}

static void
panel_write(struct lottery *l, size_t p, const uint32_t *seats)
{
    const struct sortition_world *w = l->kinds->world;
    uint32_t *taken = &l->panel_taken[p * w->n_values], n = 0;
    memset(taken, 0, w->n_values * sizeof(*taken));
    for (uint32_t k = 0; k < l->kinds->n; k++)
        for (uint32_t i = 0; i < seats[k]; i++) {
            l->panels[p * w->size + n++] = k;
            for (size_t c = 0; c < w->n_categories; c++)
                taken[l->traits[k * w->n_categories + c]]++;
        }
    RG_ASSERT(n == w->size);
}

static void
totals_move(struct lottery *l, const uint32_t *seats, int by)
{
    for (size_t k = 0; k < l->kinds->n; k++)
        l->total[k] += (uint32_t)(by * (int)seats[k]);
}

/* The best of the panels made before, when no new one was found; any, for the first. */
static void
fall_back(struct lottery *l, size_t n_made, const uint32_t *any)
{
    uint32_t size = l->kinds->world->size;
    int64_t most = lottery_worth(l, any);
    memcpy(l->best, any, l->kinds->n * sizeof(*any));
    for (size_t p = 0; p < n_made; p++) {
        int64_t now = 0;
        const uint32_t *panel = &l->panels[p * size]; /* kinds ascending: equal ones together */
        for (uint32_t i = 0, again = 0; i < size; i++) {
            again = i > 0 && panel[i] == panel[i - 1] ? again + 1 : 0;
            now += lottery_gain(l, panel[i], again);
        }
        if (now > most) {
            most = now;
            lottery_panel_count(l, p, l->best);
        }
    }
}

/* ---- the lottery ---- */

static void
panel_add(struct lottery *l, size_t p, const uint32_t *any)
{
    for (size_t k = 0; k < l->kinds->n; k++)
        l->want[k] = l->target->goal[k] * (int64_t)(p + 1);
    if (!lottery_panel_new(l))
        fall_back(l, p, any);
    panel_write(l, p, l->best);
    totals_move(l, l->best, 1);
}

/* How many seats are missing for everybody to sit floor times. */
static int64_t
lacking(const struct lottery *l)
{
    int64_t sum = 0;
    for (size_t k = 0; k < l->kinds->n; k++) {
        int64_t lack = l->floor * (int64_t)l->kinds->people[k] - l->total[k];
        sum += lack > 0 ? lack : 0;
    }
    return sum;
}

/* One panel is taken out, and another put in when that comes nearer. */
static bool
panel_mend(struct lottery *l, size_t p, uint32_t *old)
{
    l->mended++;
    lottery_panel_count(l, p, old);
    totals_move(l, old, -1);
    int64_t before = lottery_worth(l, old);
    bool better = lottery_panel_better(l, old) && lottery_worth(l, l->best) > before;
    totals_move(l, better ? l->best : old, 1);
    if (better)
        panel_write(l, p, l->best);
    return better;
}

/* ---- chains of exchanges ---- */

/* Whether in a panel one of kind out can give the place to one of kind in: the quotas bear it. */
static bool
bears(const struct lottery *l, size_t p, uint32_t out, uint32_t in)
{
    const struct sortition_world *w = l->kinds->world;
    const uint32_t *taken = &l->panel_taken[p * w->n_values];
    const uint16_t *gone = &l->traits[out * w->n_categories];
    const uint16_t *come = &l->traits[in * w->n_categories];
    for (size_t c = 0; c < w->n_categories; c++)
        if (gone[c] != come[c] &&
            (taken[gone[c]] <= w->min[gone[c]] || taken[come[c]] >= w->max[come[c]]))
            return false;
    return true;
}

static uint32_t
panel_holds(const struct lottery *l, size_t p, uint32_t kind)
{
    uint32_t size = l->kinds->world->size, n = 0;
    for (uint32_t i = 0; i < size; i++)
        n += l->panels[p * size + i] == kind;
    return n;
}

/* In one panel: the kind out gives a place to the kind in, when that can be. */
static bool
swap(struct lottery *l, size_t p, uint32_t out, uint32_t in)
{
    if (panel_holds(l, p, in) == l->kinds->people[in] || !bears(l, p, out, in))
        return false;
    lottery_panel_count(l, p, l->seats);
    if (l->seats[out] == 0)
        return false;
    l->seats[out]--;
    l->seats[in]++;
    panel_write(l, p, l->seats);
    l->total[out]--;
    l->total[in]++;
    return true;
}

/* Who could give a seat to the kind, in any panel: each is met once. Returns one that has a seat
 * too many, or n kinds.                                                                         */
static uint32_t
chain_widen(struct lottery *l, uint32_t kind, size_t *n_queue)
{
    uint32_t size = l->kinds->world->size;
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        if (panel_holds(l, p, kind) == l->kinds->people[kind])
            continue;
        for (uint32_t i = 0; i < size; i++) {
            uint32_t out = l->panels[p * size + i];
            if (l->met[out] || !bears(l, p, out, kind))
                continue;
            l->met[out] = 1;
            l->gives_to[out] = kind;
            l->gives_in[out] = (uint32_t)p;
            l->queue[(*n_queue)++] = out;
            if (l->total[out] > l->floor * (int64_t)l->kinds->people[out])
                return out;
        }
    }
    return (uint32_t)l->kinds->n;
}

/* A seat for a kind that lacks one: from one that can spare it, through others that pass it
 * on, each in some panel (breadth first, so the chain is short).                             */
static bool
chain(struct lottery *l, uint32_t lacks)
{
    size_t n = l->kinds->n, n_queue = 1;
    memset(l->met, 0, n);
    l->met[lacks] = 1;
    l->queue[0] = lacks;
    for (size_t at = 0; at < n_queue && at < CHAIN_KINDS && l->widened < CHAINS_KINDS; at++) {
        l->widened++;
        uint32_t giver = chain_widen(l, l->queue[at], &n_queue);
        if (giver == n)
            continue;
        while (giver != lacks) {
            if (!swap(l, l->gives_in[giver], giver, l->gives_to[giver]))
                return false; /* two links in one panel hindered each other; what is, holds */
            giver = l->gives_to[giver];
        }
        return true;
    }
    return false;
}

static void
floor_reach(struct lottery *l, uint32_t *old)
{
    bool gained = true;
    for (int pass = 0; pass < PASSES && gained && lacking(l) > 0; pass++) {
        gained = false;
        for (uint32_t k = 0; k < l->kinds->n; k++)
            while (l->total[k] < l->floor * (int64_t)l->kinds->people[k] && chain(l, k))
                gained = true;
        for (size_t p = 0; p < SORTITION_PANELS && l->mended < MENDS && lacking(l) > 0; p++)
            gained |= panel_mend(l, p, old);
    }
}

static void
panels_make(struct lottery *l, const uint32_t *any, uint32_t *old,
            const struct sortition_progress *progress)
{
    l->floor = 0;
    memset(l->total, 0, l->kinds->n * sizeof(*l->total));
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        panel_add(l, p, any);
        if (progress && p % 20 == 19)
            progress->told(progress->arg, (int64_t)p + 1, SORTITION_PANELS);
    }
    l->floor = l->target->least * SORTITION_PANELS / SORTITION_UNIT;
    while (lacking(l) > 0) {
        floor_reach(l, old);
        if (lacking(l) > 0)
            l->floor--;
    }
}

/* Where the target was out of reach: a lottery of compositions that do reach what they aim at;
 * it is kept when nobody sits less often than before.                                        */
static bool
lottery_again(struct rg_arena *arena, struct lottery *l, uint32_t *old)
{
    struct sortition_target target;
    struct lottery again = *l;
    size_t n = (size_t)SORTITION_PANELS * l->kinds->world->size;
    if (!sortition_mix_better(arena, l, &target))
        return false;
    if (target.least * SORTITION_PANELS / SORTITION_UNIT <= l->floor)
        return true;
    again.target = &target;
    again.widened = again.mended = 0;
    again.panels = RG_ARRAY(arena, uint32_t, n);
    again.total = RG_ARRAY(arena, uint32_t, l->kinds->n);
    if (!again.panels || !again.total)
        return false;
    panels_make(&again, target.all, old, NULL);
    if (again.floor > l->floor) {
        memcpy(l->panels, again.panels, n * sizeof(*l->panels));
        memcpy(l->total, again.total, l->kinds->n * sizeof(*l->total));
    }
    return true;
}

bool
sortition_lottery_make(struct rg_arena *arena, const struct sortition_kinds *kinds,
                       const struct sortition_target *target, const uint32_t *any,
                       const struct sortition_progress *progress, uint32_t *ret_panels,
                       uint32_t *ret_total)
{
    struct lottery l = {.kinds = kinds, .target = target, .panels = ret_panels, .total = ret_total};
    uint32_t *old = RG_ARRAY(arena, uint32_t, kinds->n);
    l.met = RG_ARRAY(arena, uint8_t, kinds->n);
    l.gives_to = RG_ARRAY(arena, uint32_t, kinds->n);
    l.gives_in = RG_ARRAY(arena, uint32_t, kinds->n);
    l.queue = RG_ARRAY(arena, uint32_t, kinds->n);
    l.panel_taken = RG_ARRAY(arena, uint32_t, SORTITION_PANELS * kinds->world->n_values);
    if (!old || !l.met || !l.gives_to || !l.gives_in || !l.queue || !l.panel_taken ||
        !lottery_panel_start(arena, &l))
        return false;
    panels_make(&l, any, old, progress);
    if (l.floor == target->least * SORTITION_PANELS / SORTITION_UNIT || target->n_all > 0 ||
        kinds->n > SORTITION_MIX_KINDS)
        return true;
    return lottery_again(arena, &l, old);
}

bool
sortition_compose_near(struct rg_arena *arena, const struct sortition_kinds *kinds,
                       const int64_t *goal, uint32_t *ret_count, bool *ret_found)
{
    struct sortition_target target = {0}; /* neither goal nor compositions: want is set here */
    struct lottery l = {.kinds = kinds, .target = &target};
    l.total = RG_ARRAY(arena, uint32_t, kinds->n);
    if (!l.total || !lottery_panel_start(arena, &l))
        return false;
    *ret_found = false;
    for (int64_t i = 1; i <= NEAR_TRIES && !*ret_found; i++) {
        for (size_t k = 0; k < kinds->n; k++)
            l.want[k] = goal[k] * (NEAR_TRIES - i) / NEAR_TRIES; /* quotas weigh more and more */
        *ret_found = lottery_panel_new(&l);
    }
    if (*ret_found)
        memcpy(ret_count, l.best, kinds->n * sizeof(*ret_count));
    return true;
}
