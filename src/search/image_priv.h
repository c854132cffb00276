/* An image being laid out: shared by image.c and heavy.c. */
#ifndef SEARCH_IMAGE_PRIV_H
#define SEARCH_IMAGE_PRIV_H

#include "search/build_priv.h"

struct of_term { /* of the builder */
    uint32_t df, n_runs;
    uint32_t chunk, stamp, slot; /* of the document at hand */
    uint32_t number;             /* in the index */
    uint32_t next_run, next_post;
};

struct layout {
    const struct search_builder *b;
    const struct build_doc *docs; /* the builder's */
    const struct build_term *terms;
    const uint32_t *words;
    uint32_t *order; /* documents kept, by key */
    uint32_t n_docs;
    struct of_term *of_term;
    uint32_t *rank;     /* per builder's term, among the kept ones by frequency */
    uint32_t *by_bytes; /* terms kept, by bytes */
    uint32_t n_terms;
    uint64_t n_word_bytes;
    uint32_t *values[SEARCH_DIMS_MAX];
    uint32_t n_values[SEARCH_DIMS_MAX];
    uint64_t n_more; /* of COL_ROW_MORE */
    uint32_t *list_n[SEARCH_DIMS_MAX]; /* of a listed dimension's values: documents */
    struct search_header header;
    char *image;
};

struct posting_columns {
    uint16_t *run_chunk, *doc, *impact, *block_max, *term_max;
    uint32_t *run_post;
};

static inline void *
layout_column(const struct layout *lay, unsigned col)
{
    return lay->image + lay->header.columns[col].at;
}

static inline bool
search_is_heavy(uint32_t df, uint32_t n_docs, uint64_t n_values)
{
    return df >= SEARCH_HEAVY_MIN && df >= n_docs / SEARCH_HEAVY_SHARE && df >= n_values;
}

/* Numbers that so many documents of a value take: bits are added up so much faster than numbers
 * that they may be twice as long.                                                            */
static inline uint32_t
search_list_length(uint32_t n, uint32_t n_docs)
{
    return n < search_row_units(n_docs) / 2 ? n : search_row_units(n_docs);
}

void search_fill_lists(struct layout *lay);
/* The lists of listed dimensions; all other columns but the heavy ones are full. */
void search_fill_heavy(struct layout *lay);
/* Bits and facet counts of the longest lists; all other columns are full. */

#endif
