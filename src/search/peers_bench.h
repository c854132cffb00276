/* What the parts of the comparing bench share: the questions, and how sums are made. Read
 * peers_bench.c first.                                                                       */
#ifndef SEARCH_PEERS_BENCH_H
#define SEARCH_PEERS_BENCH_H

#include "search/search.h"

#include <stdio.h>

enum {
    PEER_VOCABULARY = 11000,
    PEER_NAME_WORDS = 3,
    PEER_BODY_WORDS = 34,
    PEER_WORDS = PEER_NAME_WORDS + PEER_BODY_WORDS,
    PEER_CATEGORIES = 40,
    PEER_PLACES = 312,
    PEER_ROUNDS_MAX = 15,
    PEER_BEST = 20,
};

enum peer_kind {
    PEER_ONE, PEER_ALL2, PEER_ALL3, PEER_ANY2, PEER_ANY3, PEER_PHRASE, PEER_KIND__MAX
};

struct peer_question {
    unsigned kind, number, n_words;
    unsigned words[3];
    char texts[3][12];
};

struct peer_doc {
    int64_t id;
    struct str name, body; /* borrowed until the next one */
    uint32_t category, place;
};

extern struct rg_ctx ctx;
extern struct peer_question *questions;
extern size_t n_questions;

double peer_now_us(void);
void peer_must(enum rg_err err);
int peer_number_order(const void *a, const void *b);
bool peer_next_doc(FILE *f, struct peer_doc *doc);
void peer_report(size_t q, double *us, size_t rounds, uint64_t total, uint64_t facets,
                 uint64_t best);
/* Sorts us. */

/* Every peer adds the same: what a count of a value of a dimension is worth in the sum. */
static inline uint64_t
peer_facet_sum(unsigned dim, uint32_t value, uint32_t n)
{
    return (uint64_t)n * ((uint64_t)(value + 1) * (value + 1) * (dim ? 7919 : 104729) + value);
}

/* The i-th best, in a sum that notices an exchange. */
static inline uint64_t
peer_best_sum(size_t i, int64_t key)
{
    return (uint64_t)key * (i * 1000003 + 17);
}

void peer_own(FILE *corpus, const char *folder, size_t rounds);
void peer_twin(FILE *corpus);

#endif
