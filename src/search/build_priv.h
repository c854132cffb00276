/* The builder's memory, shared by build.c (which fills it) and image.c (which lays it out). */
#ifndef SEARCH_BUILD_PRIV_H
#define SEARCH_BUILD_PRIV_H

#include "search/index_priv.h"

struct build_term {
    uint32_t at, n; /* its bytes in term_bytes */
    uint32_t hash;
    uint32_t doc_stamp, doc_slot; /* where the document being added tallies it */
};

/* How often a term stands in a field of a document. A document's counts stand together, those
 * of one term side by side.                                                                  */
struct build_count {
    uint32_t term;
    uint16_t tf;
    uint8_t field, unused;
};

struct build_doc {
    int64_t key;
    uint64_t seq;
    size_t count_at, facet_at, payload_at;
    uint32_t n_counts, n_facets, n_payload;
    int32_t lat_e7, lon_e7;
    uint32_t n_words[SEARCH_FIELDS_MAX];
    bool removed;
};

struct search_builder {
    uint32_t magic;
    struct search_schema schema;
    size_t ceiling_bytes;
    struct search_analyser *analyser;
    struct rg_buf docs, counts, facets, payload; /* struct build_doc, build_count, … */
    struct rg_buf terms, term_bytes;
    struct rg_buf tallies; /* of the document being added */
    uint32_t *table;       /* term number + 1 by hash; open addressing, at most half full */
    size_t n_table;
    uint32_t stamp;
};

static inline size_t
search_builder_terms(const struct search_builder *b)
{
    return b->terms.n / sizeof(struct build_term);
}

bool search_schema_ok(const struct search_schema *schema);

#endif
