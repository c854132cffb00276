/* The draw: people in kinds, the lottery, who sits in each panel; the rule stands in the header. */
#include "listening/sortition.h"
#include "listening/sortition_priv.h"
#include <stdlib.h>

uint64_t
sortition_seed(struct str seed)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < seed.n; i++)
        h = (h ^ (unsigned char)seed.p[i]) * 0x100000001B3u;
    return h;
}

uint64_t
sortition_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint64_t
sortition_below(uint64_t *state, uint64_t n)
{
    uint64_t limit = UINT64_MAX / n * n, r;
    do
        r = sortition_next(state);
    while (r >= limit);
    return r % n;
}

/* ---- kinds ---- */

static const uint16_t *
traits_of(const struct sortition_world *w, size_t person)
{
    return &w->traits[person * w->n_categories];
}

bool
sortition_kinds_make(struct rg_arena *arena, const struct sortition_world *w,
                     struct sortition_kinds *ret)
{
    size_t n_slots = 16, bytes = w->n_categories * sizeof(uint16_t);
    while (n_slots < 2 * w->n_people)
        n_slots *= 2;
    *ret = (struct sortition_kinds){.world = w};
    ret->first = RG_ARRAY(arena, uint32_t, w->n_people);
    ret->people = RG_ARRAY(arena, uint32_t, w->n_people);
    ret->kind_of = RG_ARRAY(arena, uint32_t, w->n_people);
    uint32_t *slots = RG_ARRAY(arena, uint32_t, n_slots); /* a kind + 1 */
    if (!ret->first || !ret->people || !ret->kind_of || !slots)
        return false;
    for (size_t i = 0; i < w->n_people; i++) {
        uint64_t hash = sortition_seed(str_n((const char *)traits_of(w, i), bytes));
        size_t at = (size_t)(sortition_next(&hash) & (n_slots - 1));
        while (slots[at] &&
               memcmp(traits_of(w, i), traits_of(w, ret->first[slots[at] - 1]), bytes) != 0)
            at = (at + 1) & (n_slots - 1);
        if (slots[at] == 0) {
            ret->first[ret->n++] = (uint32_t)i;
            slots[at] = (uint32_t)ret->n;
        }
        ret->kind_of[i] = slots[at] - 1;
        ret->people[slots[at] - 1]++;
    }
    return true;
}

/* ---- who sits ---- */

static int
by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* In each kind people are put in an order by lot, and seats go round in it, panel after panel: the
 * times of two of a kind differ by one at most.                                              */
static bool
deal(struct rg_arena *arena, const struct sortition_kinds *kinds, uint64_t *chance,
     struct sortition_draw *d)
{
    const struct sortition_world *w = kinds->world;
    uint32_t *order = RG_ARRAY(arena, uint32_t, w->n_people);
    uint32_t *start = RG_ARRAY(arena, uint32_t, kinds->n + 1);
    uint32_t *next = RG_ARRAY(arena, uint32_t, kinds->n);
    if (!order || !start || !next)
        return false;
    for (size_t k = 0; k < kinds->n; k++)
        start[k + 1] = start[k] + kinds->people[k];
    for (size_t i = 0; i < w->n_people; i++)
        order[start[kinds->kind_of[i]] + next[kinds->kind_of[i]]++] = (uint32_t)i;
    for (size_t k = 0; k < kinds->n; k++) {
        next[k] = 0;
        for (uint32_t left = kinds->people[k]; left > 1; left--) {
            uint32_t *at = &order[start[k] + sortition_below(chance, left)];
            uint32_t *last = &order[start[k] + left - 1], person = *at;
            *at = *last;
            *last = person;
        }
    }
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        uint32_t *panel = &d->panels[p * w->size];
        for (uint32_t i = 0; i < w->size; i++) {
            uint32_t k = panel[i];
            panel[i] = order[start[k] + next[k]];
            next[k] = (next[k] + 1) % kinds->people[k];
            d->times[panel[i]]++;
        }
        qsort(panel, w->size, sizeof(*panel), by_number);
        RG_ASSERT(sortition_panel_meets(w, panel));
    }
    return true;
}

bool
sortition_panel_meets(const struct sortition_world *w, const uint32_t *panel)
{
    uint32_t taken[SORTITION_VALUES_MAX] = {0};
    for (uint32_t i = 0; i < w->size; i++) {
        if (panel[i] >= w->n_people || (i > 0 && panel[i] <= panel[i - 1]))
            return false;
        for (size_t c = 0; c < w->n_categories; c++)
            taken[traits_of(w, panel[i])[c]]++;
    }
    for (size_t v = 0; v < w->n_values; v++)
        if (taken[v] < w->min[v] || taken[v] > w->max[v])
            return false;
    return true;
}

static void
sum_up(const struct sortition_world *w, const struct sortition_target *target,
       struct sortition_draw *d)
{
    d->least = UINT32_MAX;
    for (size_t i = 0; i < w->n_people; i++) {
        d->least = d->times[i] < d->least ? d->times[i] : d->least;
        d->most = d->times[i] > d->most ? d->times[i] : d->most;
    }
    d->proof = target->proof;
    d->searched = target->searched;
    d->search_num = target->search_num;
    d->search_den = target->search_den;
    d->panel = d->panels + (size_t)d->number * w->size;
    RG_ASSERT(sortition_proof_holds(w, &d->proof));
    RG_ASSERT((int64_t)d->least * d->proof.den <= d->proof.num * SORTITION_PANELS);
}

bool
sortition_draw(struct rg_arena *arena, const struct sortition_world *world, struct str seed,
               const struct sortition_progress *progress, enum sortition_result *ret_result,
               struct sortition_draw *ret_draw)
{
    struct sortition_kinds kinds;
    struct sortition_target target;
    struct sortition_draw d = {0};
    uint64_t chance = sortition_seed(seed);
    if (!sortition_kinds_make(arena, world, &kinds))
        return false;
    uint32_t *any = RG_ARRAY(arena, uint32_t, kinds.n), *total = RG_ARRAY(arena, uint32_t, kinds.n);
    d.panels = RG_ARRAY(arena, uint32_t, (size_t)SORTITION_PANELS * world->size);
    d.times = RG_ARRAY(arena, uint32_t, world->n_people);
    if (!any || !total || !d.panels || !d.times ||
        !sortition_compose_any(arena, &kinds, ret_result, any))
        return false;
    if (*ret_result != SORTITION_DRAWN)
        return true;
    if (!sortition_target_make(arena, &kinds, &target) ||
        !sortition_lottery_make(arena, &kinds, &target, any, progress, d.panels, total))
        return false;
    d.number = (uint32_t)sortition_below(&chance, SORTITION_PANELS);
    if (!deal(arena, &kinds, &chance, &d))
        return false;
    sum_up(world, &target, &d);
    *ret_draw = d;
    return true;
}
