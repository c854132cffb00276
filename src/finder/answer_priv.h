/* One question on its way: read by answer.c, asked of the index by retrieve.c; what is found is
 * gathered by pool.c, ranked and read by hits.c.                                             */
#ifndef FINDER_ANSWER_PRIV_H
#define FINDER_ANSWER_PRIV_H

#include "finder/answer.h"

struct wanted { /* a need that services may answer */
    size_t need_ix;
    uint32_t hash;
    double score;
    bool nearby; /* stands in for another: worth it only where the person is */
};

struct asking { /* one question on its way */
    struct rg_ctx *ctx;
    const struct finder *finder;
    const struct finder_question *q;
    struct finder_answer *a;
    const struct territory_model *territory;
    const struct search_snapshot *snapshot;
    struct search_analyser *analyser;
    size_t place_from, place_n; /* bytes of the text that named the place */
    bool has_point;
    struct territory_point point;
    uint32_t comune, zone;      /* numbers; 0 unknown */
    int weekday, minute;        /* of now, in Rome  */
    bool ordinary_day;          /* see pool.c  */
    uint64_t day;               /* of now, in Rome: days since 1970 */
    bool when;                  /* days or hours were told:         */
    unsigned when_days;         /* a bit each, 0 Monday             */
    int when_from, when_to;     /* minutes of the day               */
    struct wanted wanted[FINDER_CHOICES_MAX]; /* what services are looked for by */
    size_t n_wanted;
    double wanted_scale; /* their scores times this stand in a candidate */
};

void asking_want(struct asking *k, size_t need_ix, double score, bool nearby);
void fits_read(struct asking *k);
/* What the question tells of time and language, once understood. */
double fits_age_of_need(const struct asking *k, size_t need_ix);
/* By how much to want a need, by the age told: 1 unless it is meant for other ages. */
void fits_tell(const struct asking *k, const struct finder_entry *entry,
               struct finder_candidate *candidate);
/* Whether the service suits what was told: ages, audience, time, cost, language. */
bool asking_has_need(const struct finder_answer *answer, size_t need_ix);

RG_MUST_CHECK enum rg_err retrieve_by_needs(struct asking *k, bool widen,
                                            struct search_result *ret);
/* widen: where these are few, also what answers other needs of the area. */
RG_MUST_CHECK enum rg_err retrieve_others(struct asking *k); /* fills answer->others */
RG_MUST_CHECK enum rg_err retrieve_by_words(struct asking *k, struct search_result *ret);
RG_MUST_CHECK enum rg_err retrieve_all(struct asking *k, struct search_result *ret);
/* Results are in the arena, their payloads borrowed from the snapshot. */

/* Candidates in the order of the index, each service once: first those found by words, then those
 * found by needs. They are ranked in blocks, so that what a further page adds never moves what an
 * earlier page showed.                                                                       */
struct pool {
    struct finder_candidate *candidates;
    struct str *payloads;
    uint32_t *blocks; /* of each candidate, ascending */
    size_t n, cap;
};

void pool_moment_read(struct asking *k); /* weekday and minute of now */
void pool_add(struct asking *k, struct pool *pool, const struct search_result *result, bool words);
/* Add what the index found, by words or by needs; the pool has room for all of it. */
double pool_distance(const struct asking *k, const struct finder_entry *entry, size_t *ret_spot_ix);
/* Metres to its nearest spot, which is told; below 0 where either place is not known. */

RG_MUST_CHECK enum rg_err hits_make(struct asking *k, struct pool *pool, uint64_t n_found,
                                    bool all_fetched);
/* Rank the pool and read the page asked for into the answer. n_found: by the index, of which the
 * pool holds all or not.                                                                     */

#endif
