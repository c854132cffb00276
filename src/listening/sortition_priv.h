/* Shared by the files of the draw: people in kinds, compositions, what to aim at, the lottery. */
#ifndef LISTENING_SORTITION_PRIV_H
#define LISTENING_SORTITION_PRIV_H

#include "listening/sortition.h"

enum sortition_inner_limits {
    SORTITION_UNIT = 1000000,  /* of a seat: how finely what is aimed at is told            */
    SORTITION_ALL_KINDS = 40,  /* up to so many kinds ...                                   */
    SORTITION_MIX_KINDS = 80,  /* up to so many, mixtures of compositions are reckoned with   */
    SORTITION_ALL_MAX = 1500,  /* ... and compositions, all of them are looked at           */
};

/* People equal in all values are one kind. Kinds are in the order of their first person. A
 * composition is how many of each kind sit: whoever they are, the quotas are met or not.    */
struct sortition_kinds {
    const struct sortition_world *world;
    size_t n;
    uint32_t *first, *people;  /* n: the first person, how many there are  */
    uint32_t *kind_of;         /* n_people                                 */
};
RG_MUST_CHECK bool sortition_kinds_make(struct rg_arena *arena, const struct sortition_world *world,
                                        struct sortition_kinds *ret);
/* Arena. False without memory. Linear: a table of hashes. */

static inline uint16_t
sortition_trait(const struct sortition_kinds *kinds, size_t kind, size_t category)
{
    const struct sortition_world *w = kinds->world;
    return w->traits[(size_t)kinds->first[kind] * w->n_categories + category];
}

RG_MUST_CHECK bool sortition_compose_any(struct rg_arena *arena,
                                         const struct sortition_kinds *kinds,
                                         enum sortition_result *ret_result, uint32_t *ret_count);
/* One composition (n words of the caller's), when the result is DRAWN. */
RG_MUST_CHECK bool sortition_compose_all(struct rg_arena *arena,
                                         const struct sortition_kinds *kinds, size_t room,
                                         uint32_t **ret, size_t *ret_n, bool *ret_all);
/* All compositions, up to room, one after the other (n words each, arena); ret_all: none lacks. */

RG_MUST_CHECK bool sortition_parts_share(struct rg_arena *arena,
                                         const struct sortition_kinds *kinds, int64_t *ret_goal,
                                         bool *ret_impossible);
/* Seats shared in parts with quotas kept (n of the caller's, in UNITs), or proved impossible: then
 * whole seats are too. The people of a kind may be fewer than its seats here.                */
RG_MUST_CHECK bool sortition_compose_near(struct rg_arena *arena,
                                          const struct sortition_kinds *kinds, const int64_t *goal,
                                          uint32_t *ret_count, bool *ret_found);
/* A composition looked for near seats in parts, by the hand that makes the lottery's panels. */

struct sortition_target {
    int64_t *goal;             /* of each kind: its seats in a panel on average, in UNITs        */
    int64_t least;             /* the smallest chance of a person that it gives, in UNITs        */
    struct sortition_proof proof;
    bool searched;             /* all compositions were looked at:                               */
    uint32_t *all;             /* n_all × kinds                                                  */
    size_t n_all;
    int64_t search_num, search_den; /* then no lottery at all gives everybody more               */
};
RG_MUST_CHECK bool sortition_target_make(struct rg_arena *arena,
                                         const struct sortition_kinds *kinds,
                                         struct sortition_target *ret);
/* What to aim at (the rule in sortition.h) and why it cannot be more. Arena. There must be a
 * composition. False without memory.                                                         */

RG_MUST_CHECK bool sortition_mix_aim(struct rg_arena *arena, const struct sortition_kinds *kinds,
                                     bool complete, struct sortition_target *target);
/* What the compositions in target->all can be mixed to: sets goal and least, and when they are
 * complete the bound of the search. Nothing is set when the programme ends early. False
 * without memory.                                                                            */
int64_t sortition_common_divisor(int64_t a, int64_t b);

RG_MUST_CHECK bool sortition_lottery_make(struct rg_arena *arena,
                                          const struct sortition_kinds *kinds,
                                          const struct sortition_target *target,
                                          const uint32_t *any,
                                          const struct sortition_progress *progress,
                                          uint32_t *ret_panels, uint32_t *ret_total);
/* SORTITION_PANELS compositions whose sums come near the goal: ret_panels has the kind of each
 * seat, panel by panel (size words each), ret_total the seats of each kind in all panels; any
 * is one composition. False without memory.                                                  */

#endif
