/* Sortition: a panel drawn by lot that meets quotas, and that anybody can draw again.
 *
 * The rule "regia-sortition-1", complete enough to be written again by a stranger:
 *
 * Chance. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): z = (s += 0x9E3779B97F4A7C15); z = (z ^
 *   z>>30) * 0xBF58476D1CE4E5B9; z = (z ^ z>>27) * 0x94D049BB133111EB; the number is z ^ z>>31. s
 *   begins as the 64-bit FNV-1a hash of the bytes of the seed. below(n): numbers are drawn until
 *   one is under n·floor((2^64-1)/n); its remainder by n counts.
 * People stand in the order of the bytes of their ids. Values stand as they are first met when the
 *   people's file is read row by row, and in a row column by column.
 * One panel. Seats are filled one by one. Among values that still lack people for their minimum,
 *   take the one with the largest lacking/available (the first of equals); without any, everybody
 *   available. Of those available people with that value who were chosen for the fewest panels so
 *   far, one is drawn: the below(k)-th of k, counted from 0. When a value reaches its maximum (a
 *   maximum of 0 at once), its people are no longer available. It fails when a value lacks more
 *   than are available, when a category lacks more than there are seats left, or when nobody is
 *   available; then it begins anew (chance goes on), at most 200 times.
 * 1000 panels are made so. Each is equally likely: the panel that sits is number below(1000).
 *   A person's chance is therefore known before: panels that hold them / 1000 (the uniform lottery
 *   over panels of Flanigan, Kehne, Procaccia, "Fair Sortition Made Transparent", NeurIPS 2021).
 *   Choosing whom the fewest panels hold pushes the smallest chance up, as the maximin of
 *   Flanigan et al., Nature 596 (2021) asks, without its linear programme; it promises no optimum.
 * Should a panel fail 200 times, a search over kinds of people (equal in all values) looks for one
 *   composition; if there is one, panels of that composition are made, in each kind those whom
 *   the fewest panels hold, ties by below. Kinds are in the order of their first person, and the
 *   search takes as many of each as it can, in that order.
 *
 * Pure: memory comes from the arena. Cost: panels × size × (people + values).               */
#ifndef LISTENING_SORTITION_H
#define LISTENING_SORTITION_H

#include "base/base.h"

#define SORTITION_METHOD "regia-sortition-1"

enum sortition_limits {
    SORTITION_PANELS = 1000,
    SORTITION_ATTEMPTS = 200,
    SORTITION_PEOPLE_MAX = 20000, /* a mailing to a large city brings a few thousand answers */
    SORTITION_CATEGORIES_MAX = 12,
    SORTITION_VALUES_MAX = 120,
    SORTITION_SEARCH_MAX = 300000, /* steps of the search: some tens of milliseconds */
};

struct sortition_world {
    size_t n_people, n_categories, n_values;
    const uint16_t *traits;      /* n_people × n_categories: which value            */
    const uint16_t *category;    /* of each value                                   */
    uint32_t *min, *max;         /* quota of each value                             */
    uint32_t size;               /* seats                                           */
};

enum sortition_result { SORTITION_DRAWN, SORTITION_IMPOSSIBLE, SORTITION_UNKNOWN };
/* IMPOSSIBLE is proved; UNKNOWN: none found, and the search ended before it had seen all. */

struct sortition_draw {
    uint32_t *panel;    /* size people, ascending                          */
    uint32_t *times;    /* n_people: of SORTITION_PANELS panels            */
    uint32_t number;    /* of the panel that sits                          */
    uint32_t least, most; /* of times                                      */
    bool by_composition;
};

uint64_t sortition_seed(struct str seed);
uint64_t sortition_next(uint64_t *state);
uint64_t sortition_below(uint64_t *state, uint64_t n); /* n > 0 */

RG_MUST_CHECK bool sortition_draw(struct rg_arena *arena, const struct sortition_world *world,
                                  struct str seed, enum sortition_result *ret_result,
                                  struct sortition_draw *ret_draw);
/* False without memory. ret_draw is set when the result is DRAWN; arena. */

RG_MUST_CHECK bool sortition_feasible(struct rg_arena *arena, const struct sortition_world *world,
                                      enum sortition_result *ret_result);
/* Whether any panel meets the quotas. */

struct sortition_relax { /* one change that would make a panel possible */
    size_t value;        /* index; n_values: all quotas at once          */
    bool raise_max;      /* else lower the minimum                       */
    uint32_t by;
};
RG_MUST_CHECK bool sortition_relax(struct rg_arena *arena, const struct sortition_world *world,
                                   struct sortition_relax *ret, size_t n_max, size_t *ret_n);
/* The smallest change of each single quota that makes a panel possible, each tried and true; where
 * none alone does, the smallest widening of all. Empty: only more people help.              */

#endif
