/* One question being answered: prepared by ask.c, walked by match.c and all.c, counted by
 * count.c, read word by word by words.c, reported by report.c.                               */
#ifndef SEARCH_ASK_PRIV_H
#define SEARCH_ASK_PRIV_H

#include "search/index_priv.h"

enum {
    /* Documents scored together: their accumulators (8 KB) stay in the first cache. */
    SEARCH_WINDOW = 2048,
    SEARCH_SCORE_ONE = 65536, /* scores are summed in units of 1/65536 */
};

/* One alternative's postings in one segment: all of them, and those of the chunk at hand. */
struct cursor {
    const uint16_t *doc, *impact, *block_max; /* of the chunk */
    uint32_t n, at;
    uint32_t factor;      /* weights and rarity, in SEARCH_SCORE_ONE */
    uint32_t max;         /* the most it adds to a document          */
    uint32_t n_all;       /* postings in all chunks                  */
    uint32_t run, run_end;
    const uint64_t *bits;   /* of a heavy list; else NULL */
    const uint32_t *counts; /* likewise: facets, dimension after dimension */
};

struct group {
    struct cursor *alternatives; /* those with postings */
    unsigned n;
    uint32_t n_postings;
    uint32_t bound; /* the most it can add in the window at hand */
    unsigned term;  /* of the query */
};

/* Which terms of the query a word of a document stands for. */
struct ask_word {
    uint32_t code;  /* rank + 1 in the segment */
    uint32_t terms; /* bit per query term */
};

/* A phrase whose terms have one word each in the segment at hand is looked for as it is written
 * in the documents' words.                                                                   */
struct ask_phrase {
    bool never;      /* some term has no word here         */
    uint8_t n_bytes; /* 0: to be read word by word instead */
    uint8_t bytes[48];
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
    bool counted;    /* total and facets are known: only the top is still wanted */
    bool required;   /* some phrase must hold */
    bool ascending;  /* documents are ranked by ascending key, as no other that came before */
    int64_t boost_max;
    int64_t phrase_max; /* the part of boost_max that phrases add */
    bool box;            /* only documents within the radius, so at least within its box: */
    int32_t lat_min_e7, lat_max_e7, lon_min_e7, lon_max_e7;
    double cos_lat;  /* of the point asked from */
    bool masked;     /* dead are also those that listed filters or the radius leave out */
    const uint64_t *seen; /* by search_count_any: the dead, and all that have any word */
    bool fades;      /* scores fade with distance, and the heap is full: then a document enters */
    double reach_m;  /* only within its score times this, less half_m */

    unsigned segment;
    const struct search_index *index;
    const uint64_t *dead;
    uint32_t base; /* of the chunk at hand: its first document */
    struct ask_word *words[2]; /* per segment, ascending */
    unsigned n_words[2];
    uint64_t sieve[2]; /* bit code % 64 */
    struct group *groups[2]; /* per segment */
    unsigned n_groups[2];
    struct ask_filter filters[SEARCH_QUERY_FILTERS_MAX]; /* those that are not in the mask */
    unsigned n_filters;
    struct ask_boost boosts[SEARCH_DIMS_MAX];
    unsigned n_boosts;
    struct ask_phrase phrases[SEARCH_QUERY_PHRASES_MAX];
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

static inline bool
search_may_enter(const struct ask *a, uint64_t text)
{
    return (int64_t)text + a->boost_max >= a->theta;
}

#define SEARCH_CHORD_DEGREES 4.0
#define SEARCH_CHORD_METRES (0.999 * 111194.0) /* a little less than a degree of the sphere has */

/* The square of a distance that no document at the point is nearer than: a chord of the sphere on
 * which rg_distance_m measures, with the sines of up to two degrees taken for their arcs (a
 * ten-thousandth less, a thousandth is given) and the other latitude's cosine as small as it
 * can be. 0 without a point.                                                                 */
static inline double
search_nearness(const struct ask *a, const int32_t *point)
{
    double lat = (double)point[0] - a->query->lat_e7, lon = (double)point[1] - a->query->lon_e7;
    double other;

    if (point[0] == SEARCH_NO_POINT)
        return 0;
    lat = (lat < 0 ? -lat : lat) * 1e-7;
    lon = (lon < 0 ? -lon : lon) * 1e-7;
    lon = lon > 180 ? 360 - lon : lon;
    lon = lon < SEARCH_CHORD_DEGREES ? lon : SEARCH_CHORD_DEGREES;
    other = a->cos_lat - lat * (3.14159265358979 / 180);
    other = lat < SEARCH_CHORD_DEGREES && other > 0 ? other : 0;
    return SEARCH_CHORD_METRES * SEARCH_CHORD_METRES * (lat * lat + a->cos_lat * other * lon * lon);
}

/* Can a document of this score, before distance, still enter, however near it may be? */
static inline bool
search_may_be_near(const struct ask *a, uint32_t doc, double score)
{
    const int32_t *point = a->index->doc_point + 2 * (size_t)doc;
    double reach;

    if (!a->fades)
        return true;
    if (point[0] == SEARCH_NO_POINT)
        return score * a->query->without_point >= (double)a->theta;
    reach = score * a->reach_m - a->query->half_m * (1 - 1e-9); /* rounding loses no tie */
    return reach >= 0 && search_nearness(a, point) <= reach * reach;
}

static inline bool
search_is_dead(const struct ask *a, uint32_t doc)
{
    return a->dead && a->dead[doc / 64] >> (doc % 64) & 1;
}

/* Stand at the beginning of a list's part in the chunk; chunks are entered in order. */
static inline void
search_cursor_enter(const struct ask *a, struct cursor *c)
{
    const struct search_index *ix = a->index;
    uint32_t post;

    c->n = c->at = 0;
    if (c->run == c->run_end || ix->run_chunk[c->run] != a->base / SEARCH_CHUNK)
        return;
    post = ix->run_post[c->run];
    c->n = ix->run_post[c->run + 1] - post;
    c->doc = ix->post_doc + post;
    c->impact = ix->post_impact + post;
    c->block_max = ix->block_max + search_run_block(c->run++, post);
}

/* The first position from at on whose document is not before doc. */
static inline uint32_t
search_gallop(const uint16_t *docs, uint32_t at, uint32_t n, uint32_t doc)
{
    uint32_t step = 1, low = at, high;

    if (at >= n || docs[at] >= doc)
        return at;
    while (n - low > step && docs[low + step] < doc) {
        low += step;
        step *= 2;
    }
    high = n - low > step ? low + step : n; /* docs[low] < doc <= docs[high] */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (docs[mid] < doc)
            low = mid;
        else
            high = mid;
    }
    return high;
}

bool search_match_segment(struct ask *a) RG_MUST_CHECK;
/* Walk the segment at hand and collect what matches. False when the arena is full. */

void search_walk_all(struct ask *a, struct group *groups, unsigned n);
/* Documents that have every word; one list each, the shortest first. */

void search_collect_within(struct ask *a, uint32_t doc, uint32_t text);

/* A document that has the words: filters, place, facets, score, heap. The box of a radius rules
 * most out before so much as a call.                                                         */
static inline void
search_collect(struct ask *a, uint32_t doc, uint32_t text)
{
    const int32_t *point = a->index->doc_point + 2 * (size_t)doc;

    if (search_is_dead(a, doc))
        return;
    if (a->counted && !search_may_be_near(a, doc, (double)text + (double)a->boost_max))
        return;
    if (!a->box || (point[0] >= a->lat_min_e7 && point[0] <= a->lat_max_e7
                    && point[1] >= a->lon_min_e7 && point[1] <= a->lon_max_e7))
        search_collect_within(a, doc, text);
}

void search_rank(struct ask *a, uint32_t doc, uint32_t text, double distance_m);
/* The last two steps of it, for a document known to match. distance_m < 0: not yet known. */

double search_distance(const struct ask *a, uint32_t doc);
/* Metres; INFINITY without near or point. */
void search_box_set(struct ask *a);
/* What of the sphere can be within the radius. */
bool search_place_holds(const struct ask *a, uint32_t doc, double *ret_distance_m);
/* Is it within the radius? */
bool search_mask(struct ask *a) RG_MUST_CHECK;
/* What filters and radius leave out of the segment at hand, as far as bits can say it: then those
 * are dead; which filters are left to be asked, and whether any. False when the arena is full. */
bool search_value_find(const struct search_dim *dim, uint32_t value, uint32_t *ret_ordinal);
uint64_t search_outside(const struct ask *a, uint32_t first);
/* Of 64 documents from first on, those outside the radius; bits without a document are set.   */

void search_count_docs(struct ask *a, const uint16_t *docs, uint32_t n, uint32_t one);
/* Count matches of the chunk at hand, which must be alive. one: 1, or UINT32_MAX to take them
 * out again.                                                                                 */
void search_count_alive(struct ask *a, const uint16_t *docs, uint32_t n);
/* The same for those of them that are alive; at most SEARCH_WINDOW. */
void search_count_one(struct ask *a, const struct cursor *c);
bool search_count_any(struct ask *a, const struct group *groups, unsigned n) RG_MUST_CHECK;
/* Documents that have any of the words. False when the arena is full. */
void search_count_all(struct ask *a, const struct group *groups, unsigned n);
/* Documents that have every word, whose lists are all heavy. */

void search_phrases_compile(struct ask *a);
/* For the segment at hand. */
bool search_phrases_say(const struct ask *a, uint32_t doc, int64_t *ret_add);
/* Do the required phrases hold, and what do those that hold add? */
void search_explain(const struct ask *a, unsigned segment, uint32_t doc,
                    struct search_hit *hit);
/* Which terms a hit has, and in which fields. */

bool search_before(const struct ask *a, const struct found *x, const struct found *y);
/* Does x stand before y in the answer? Total order: keys are unique. */
bool search_report(struct ask *a, struct search_result *r) RG_MUST_CHECK;

#endif
