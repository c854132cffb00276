/* A linear programme in whole numbers: the largest t with A z + a t <= b, z >= 0, t >= 0.
 *
 * The simplex method of Dantzig with the inverse of the basis kept as whole numbers over one
 * determinant (Edmonds 1967; Azulay and Pique, "A revised simplex method with integer Q-matrices",
 * ACM TOMS 27, 2001): each division comes out even, so nothing is rounded and every machine takes
 * the same steps. A numerator past 2^56 ends the search early and says so; what is told then is
 * true, only perhaps not the best.
 *
 * Pure. Memory: rows² + rows + columns words from the arena. Cost: pivots × (rows² + entries);
 * pivots are usually two or three times the rows, and at most SORTITION_PIVOTS_PER_ROW times.  */
#ifndef LISTENING_SORTITION_LP_H
#define LISTENING_SORTITION_LP_H

#include "base/base.h"

enum sortition_lp_limits { SORTITION_PIVOTS_PER_ROW = 40 };

struct sortition_lp {
    size_t n_rows, n_columns;
    const uint32_t *start;      /* n_columns + 1: where the entries of each column of A begin */
    const uint16_t *row;        /* of each entry                                              */
    const int32_t *entry;       /* its value                                                  */
    const int64_t *t_column;    /* n_rows: a                                                  */
    const int64_t *b;           /* n_rows, each within ±2^40                                  */
    bool any;                   /* whether there is a z at all is enough: t is left alone     */
};

struct sortition_lp_answer {
    bool feasible, optimal;
    bool impossible;            /* proved: no z at all                                          */
    int64_t *y;                 /* n_rows, over det: what one unit more of each row adds to t;
                                 * when optimal all >= 0, y·A >= 0, y·a = det, t = y·b / det   */
    int64_t det;                /* > 0                                                        */
    int64_t t;                  /* rounded down                                               */
    int64_t *z;                 /* n_columns, rounded down; a point of the programme but for that */
    size_t n_pivots;
};

RG_MUST_CHECK bool sortition_lp_solve(struct rg_arena *arena, const struct sortition_lp *lp,
                                      struct sortition_lp_answer *ret);
/* False without memory. Not feasible: no such z, or the search ended before one was found;
 * then y tells nothing. Arrays of the answer: arena. The programme must be bounded in t.     */

#endif
