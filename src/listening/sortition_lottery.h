/* The work of the lottery, shared by sortition_lottery.c and sortition_panel.c. */
#ifndef LISTENING_SORTITION_LOTTERY_H
#define LISTENING_SORTITION_LOTTERY_H

#include "listening/sortition_priv.h"

struct lottery {
    const struct sortition_kinds *kinds;
    const struct sortition_target *target;
    uint32_t *panels, *total;
    uint32_t *panel_taken; /* panels × values: how many of each sit                            */
    int64_t *want;         /* of each kind: seats in the panels so far, in UNITs               */
    int64_t floor;         /* times that everybody is to sit in all panels                     */
    uint32_t *candidates;
    size_t n_candidates, turn;
    uint32_t *seats, *best;     /* of each kind, in the panel under work and the best so far   */
    uint32_t taken[SORTITION_VALUES_MAX];
    int64_t penalty[SORTITION_VALUES_MAX];
    int64_t pull_in[SORTITION_VALUES_MAX], pull_out[SORTITION_VALUES_MAX];
    int64_t *next;         /* of each kind: gain of its next seat                              */
    uint16_t *traits;      /* kinds × categories                                               */
    uint8_t *met;          /* of each kind, for chains; from whom to whom, in which panel      */
    size_t widened, mended;     /* work done so far                                            */
    uint32_t *gives_to, *gives_in, *queue;
    uint8_t *held;          /* of each kind: the exchange before which it does not move again   */
};

RG_MUST_CHECK bool lottery_panel_start(struct rg_arena *arena, struct lottery *l);
/* Memory for the fields from want to held but those of chains; kinds and target stand. */

int64_t lottery_gain(const struct lottery *l, uint32_t kind, uint32_t seats);
/* What the kind's next seat, after so many in this panel, brings nearer to what is wanted: the fall
 * of the square of what it lacks, in UNITs.                                                  */
int64_t lottery_worth(const struct lottery *l, const uint32_t *seats);
/* The sum for a composition. */

void lottery_panel_count(const struct lottery *l, size_t p, uint32_t *seats);
/* The composition of a panel. */
RG_MUST_CHECK bool sortition_mix_better(struct rg_arena *arena, struct lottery *l,
                                        struct sortition_target *ret);
/* What a lottery that fell short of its target can aim at instead: mixtures of its own compositions
 * and of those that their prices ask for. ret->least 0: nothing. False without memory.       */

bool lottery_panel_new(struct lottery *l);
/* l->best becomes a composition of much worth; false: none that keeps the quotas was found. Cost:
 * size × candidates × categories.                                                            */
bool lottery_panel_better(struct lottery *l, const uint32_t *old);
/* The same, beginning from a composition. */

#endif
