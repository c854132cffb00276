/* Sortition: a panel drawn by lot that meets quotas; the smallest chance anybody has is as
 * large as the quotas allow, and points that a stranger can add up prove it.
 *
 * The rule "regia-sortition-2". A lottery of 1000 panels is made, each as likely as the
 * others. A person's chance is known before: panels that hold them / 1000 (the uniform lottery
 * of Flanigan, Kehne, Procaccia, "Fair Sortition Made Transparent", NeurIPS 2021). All is
 * whole numbers: every machine makes the same lottery. It is published panel by panel, so that
 * nobody has to make it again to trust it: whether panels keep the quotas, who is in how many,
 * what the points add up to and which number was drawn are checked by counting
 * (sortition_check.c does that and no more).
 *
 * Chance. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): z = (s += 0x9E3779B97F4A7C15); z = (z
 *   ^ z>>30) * 0xBF58476D1CE4E5B9; z = (z ^ z>>27) * 0x94D049BB133111EB; the number is z ^
 *   z>>31. s begins as the 64-bit FNV-1a hash of the bytes of the seed. below(n): numbers are
 *   drawn until one is under n·floor((2^64-1)/n); its remainder by n counts. The panel that
 *   sits is number below(1000): the first that the seed gives. Chance then decides who stands
 *   where in a kind.
 * People stand in the order of the bytes of their ids. Values stand as they are first met when
 *   the people's file is read row by row, and in a row column by column. People equal in all
 *   values are a kind; kinds stand in the order of their first person. The sign of a person
 *   gives no chance that an equal does not have: panels are first compositions, so many seats
 *   of each kind.
 * The goal (sortition_target.c). A linear programme over kinds: the largest t such that seats
 *   can be shared, in parts of a seat, with quotas kept, nobody above one seat and everybody
 *   at t or more. Those who cannot have more stay at t; the others get the largest t of their
 *   own, and so on (the leximin of Flanigan, Gölz, Gupta, Hennig, Procaccia, "Fair algorithms
 *   for selecting citizens' assemblies", Nature 596, 2021). With up to 40 kinds and 1500
 *   compositions all of them are found, and the programme runs over true compositions instead
 *   of parts of a seat.
 * The lottery (sortition_lottery.c). Panel by panel, the composition that brings the sum of
 *   the seats of each kind nearest (least squares) to its goal so far: of all, where all were
 *   found; else the best that filling and exchanging meets (sortition_panel.c, "a panel").
 *   While somebody sits less often than t × 1000 rounded down, a seat goes there from who has
 *   one too many through a chain of exchanges within panels, or a panel is made anew; else one
 *   time less is asked for. Where t stayed out of reach and there are 80 kinds at most, the
 *   goal is set anew from mixtures of the compositions met and of those that the prices of
 *   these mixtures ask for (sortition_mix.c, column generation), and the better lottery stays.
 * Seats. In each kind people are put in order by chance (Fisher and Yates, from the last
 *   place), and seats go round, panel after panel: two equal people differ by one panel in
 *   1000 at most.
 * The proof. Everybody gets points: some for being there (seat), some for each of their
 *   values, also negative. A panel has at most R = size·seat + the sum over values of points ×
 *   maximum (minimum where points are negative). Let P be the sum of those people who have
 *   more than 0 points, N the sum of what the others are below 0. On average a panel has at
 *   least t·P - N points, t being the smallest chance: nobody has less than t, nobody more
 *   than 1. Hence t <= (R + N) / P, whatever the lottery. The points are the prices of the
 *   programme (its dual): with one or two categories no better bound exists; with more, parts
 *   of seats may reach further than whole ones. Then what was reached and what is proved are
 *   both told, and where all compositions were found their own bound too. What was reached is
 *   counted, never promised.
 *
 * Quotas that no panel meets are told with what would help (sortition_feasible.c).
 *
 * Pure: memory comes from the arena, 4 kB per seat and some 100 bytes per person. Cost: panels
 * × size × kinds × categories; 2,000 people of six categories and 100 seats take three
 * seconds.                                                                                   */
#ifndef LISTENING_SORTITION_H
#define LISTENING_SORTITION_H

#include "base/base.h"

#define SORTITION_METHOD "regia-sortition-2"

enum sortition_limits {
    SORTITION_PANELS = 1000,
    SORTITION_ATTEMPTS = 200,
    SORTITION_PEOPLE_MAX = 20000, /* a mailing to a large city brings a few thousand answers */
    SORTITION_CATEGORIES_MAX = 12,
    SORTITION_VALUES_MAX = 120,
    SORTITION_POINTS_MAX = 1000000000, /* of a proof: sums of all people then stay far below 2^63 */
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

struct sortition_proof { /* why the smallest chance cannot be larger: points for sitting       */
    int64_t seat;        /* everybody's                                                        */
    int64_t *points;     /* n_values: of who has that value; may be negative                   */
    int64_t num, den;    /* no lottery gives everybody a chance above num/den; den > 0         */
};

struct sortition_draw {
    uint32_t *panels;   /* SORTITION_PANELS × size people, each ascending  */
    uint32_t *panel;    /* of them, the one that sits                      */
    uint32_t *times;    /* n_people: of SORTITION_PANELS panels            */
    uint32_t number;    /* of the panel that sits                          */
    uint32_t least, most; /* of times                                      */
    struct sortition_proof proof;
    bool searched;      /* all compositions were looked at: then no lottery ... */
    int64_t search_num, search_den; /* ... gives everybody more than this; <= the proof's */
};

struct sortition_progress { /* told now and then; NULL: nobody listens */
    void (*told)(void *arg, int64_t done, int64_t total);
    void *arg;
};

uint64_t sortition_seed(struct str seed);
uint64_t sortition_next(uint64_t *state);
uint64_t sortition_below(uint64_t *state, uint64_t n); /* n > 0 */

RG_MUST_CHECK bool sortition_draw(struct rg_arena *arena, const struct sortition_world *world,
                                  struct str seed, const struct sortition_progress *progress,
                                  enum sortition_result *ret_result,
                                  struct sortition_draw *ret_draw);
/* False without memory. ret_draw is set when the result is DRAWN; arena. progress may be NULL. */

RG_MUST_CHECK bool sortition_proof_bound(const struct sortition_world *world, int64_t seat,
                                         const int64_t *points, int64_t *ret_num, int64_t *ret_den);
/* What points prove, by addition alone: num/den in lowest terms, at most 1. False when a number
 * passes SORTITION_POINTS_MAX or nobody has more than 0 points: then they prove nothing. The
 * only thing one has to trust.                                                               */
RG_MUST_CHECK bool sortition_proof_holds(const struct sortition_world *world,
                                         const struct sortition_proof *proof);
/* Whether the points prove the very bound that the proof claims. */

RG_MUST_CHECK bool sortition_panel_meets(const struct sortition_world *world,
                                         const uint32_t *panel);
/* Whether size people, ascending and each once, meet the quotas. */

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
