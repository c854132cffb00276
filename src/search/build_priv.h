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

bool search_builder_term(struct search_builder *b, struct str text, uint32_t *ret_term);
/* The number of a term in the vocabulary, added if new; false without memory. */
struct build_doc search_builder_entry(const struct search_builder *b, uint64_t seq, int64_t key);
enum rg_err search_builder_close(struct rg_ctx *ctx, struct search_builder *b,
                                 struct build_doc *entry, const struct search_doc *doc, bool ok);
/* Begin an entry; add its words to b->words, field after field; close it with the facets, the
 * point and the payload of doc, or forget it when not ok (then RG_LIMIT).                    */

enum rg_err search_builder_pour(struct rg_ctx *ctx, struct search_builder *b,
                                const struct search_snapshot *s);
/* Add every document of a snapshot, from its words. RG_INVALID when a file lies about them. */

bool search_schema_ok(const struct search_schema *schema);

#endif
