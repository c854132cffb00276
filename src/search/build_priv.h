/* The builder's memory, shared by build.c (which fills it) and image.c (which lays it out). */
#ifndef SEARCH_BUILD_PRIV_H
#define SEARCH_BUILD_PRIV_H

#include "search/index_priv.h"

struct build_term {
    uint32_t at, n; /* its bytes in term_bytes */
    uint32_t hash;
};

struct build_doc {
    int64_t key;
    uint64_t seq;
    size_t word_at, facet_at, payload_at;
    uint32_t n_all_words, n_facets, n_payload;
    int32_t lat_e7, lon_e7;
    uint32_t n_words[SEARCH_FIELDS_MAX];
    bool removed;
};

struct search_builder {
    uint32_t magic;
    struct search_schema schema;
    size_t ceiling_bytes;
    struct search_analyser *analyser;
    struct rg_buf docs, facets, payload; /* struct build_doc, search_facet_value, bytes      */
    struct rg_buf words;                 /* uint32_t: terms as they stand, field after field */
    struct rg_buf terms, term_bytes;
    uint32_t *table;       /* term number + 1 by hash; open addressing, at most half full */
    size_t n_table;
};

static inline size_t
search_builder_terms(const struct search_builder *b)
{
    return b->terms.n / sizeof(struct build_term);
}

bool search_schema_ok(const struct search_schema *schema);

#endif
