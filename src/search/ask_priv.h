/* One question being answered: prepared and reported by ask.c, walked by match.c. */
#ifndef SEARCH_ASK_PRIV_H
#define SEARCH_ASK_PRIV_H

#include "search/index_priv.h"

enum {
    /* Documents scored together: their accumulators (8 KB) stay in the first cache. */
    SEARCH_WINDOW = 2048,
    SEARCH_SCORE_ONE = 65536, /* scores are summed in units of 1/65536 */
};

/* One alternative's postings in one segment, and how far we are. */
struct cursor {
    const uint32_t *doc;
    const uint16_t *impact, *block_max;
    const uint8_t *fields;
    uint32_t n, at;
    uint32_t factor; /* weights and rarity, in SEARCH_SCORE_ONE */
};

struct group {
    struct cursor *alternatives; /* those with postings */
    unsigned n;
    uint32_t n_postings;
    uint32_t bound; /* the most it can add in the window at hand */
    unsigned term;  /* of the query */
};

struct ask_filter {
    unsigned dim;
    bool exclude;
    const uint64_t *wanted; /* bit per ordinal of this segment */
};

struct ask_boost {
    unsigned dim;
    const int32_t *add; /* per ordinal of this segment */
};

struct found {
    double score, distance_m; /* INFINITY when there is no distance */
    int64_t key;
    uint32_t doc, segment;
};

struct ask {
    struct rg_ctx *ctx;
    const struct search_snapshot *snapshot;
    const struct search_query *query;
    unsigned n_match_min;
    bool exhaustive; /* every match must be met: facets, total or distance order want it */
    bool plain;      /* nothing but the words decides what matches: no filter, no radius */
    int64_t boost_max;
    int32_t lat_band_e7; /* nothing further in latitude is within the radius */

    unsigned segment;
    const struct search_index *index;
    const uint64_t *dead;
    struct group *groups[2]; /* per segment */
    unsigned n_groups[2];
    struct ask_filter filters[SEARCH_QUERY_FILTERS_MAX];
    struct ask_boost boosts[SEARCH_DIMS_MAX];
    unsigned n_boosts;
    uint32_t *counts[2][SEARCH_DIMS_MAX];

    struct found *heap; /* the worst on top */
    size_t n_heap, heap_max;
    int64_t theta; /* a text score below it (boosts allowed for) cannot enter the heap */
    uint64_t total;
    bool total_is_exact;
};

static inline uint32_t
search_contribution(uint32_t factor, uint16_t impact)
{
    uint64_t c = (uint64_t)factor * impact >> 16;

    return c ? (uint32_t)c : 1;
}

bool search_match_segment(struct ask *a) RG_MUST_CHECK;
/* Walk the segment at hand and collect what matches. False when the arena is full. */

void search_collect(struct ask *a, uint32_t doc, uint32_t text);
/* A document that has the words: filters, place, facets, score, heap. */

void search_rank(struct ask *a, uint32_t doc, uint32_t text, double distance_m);
/* The last two steps of it, for a document known to match. distance_m < 0: not yet known. */

#endif
