/* The longest lists, prepared: which documents they hold as bits, and their facets counted.
 *
 * A question for every match of a frequent word would visit a third of all documents; with
 * these it adds two rows of numbers. match.c uses them.                                      */
#include "search/image_priv.h"

/* Count one document's values of every dimension. */
static void
count_doc(const struct layout *lay, uint32_t doc, uint32_t *counts)
{
    unsigned n_dims = lay->header.schema.n_dims;
    const uint32_t *rows = layout_column(lay, COL_DOC_ROW);
    const uint32_t *more = layout_column(lay, COL_ROW_MORE);

    for (unsigned d = 0; d < n_dims; d++) {
        uint32_t n;
        const uint32_t *o = search_ordinals(rows + (size_t)doc * n_dims + d, more, &n);
        while (n--)
            counts[*o++]++;
        counts += lay->n_values[d];
    }
}

static void
prepare(const struct layout *lay, uint32_t t, uint64_t *bits, uint32_t *counts)
{
    const uint32_t *runs = layout_column(lay, COL_TERM_RUN);
    const uint32_t *run_post = layout_column(lay, COL_RUN_POST);
    const uint16_t *chunk = layout_column(lay, COL_RUN_CHUNK);
    const uint16_t *low = layout_column(lay, COL_POST_DOC);

    for (uint32_t r = runs[t]; r < runs[t + 1]; r++)
        for (uint32_t p = run_post[r]; p < run_post[r + 1]; p++) {
            uint32_t doc = (uint32_t)chunk[r] * SEARCH_CHUNK + low[p];
            bits[doc / 64] |= UINT64_C(1) << (doc % 64);
            count_doc(lay, doc, counts);
        }
}

void
search_fill_heavy(struct layout *lay)
{
    uint32_t *heavy = layout_column(lay, COL_HEAVY_TERM), n = 0;
    uint64_t *bits = layout_column(lay, COL_HEAVY_BITS), n_values = 0;
    uint32_t *counts = layout_column(lay, COL_HEAVY_COUNTS);

    for (unsigned d = 0; d < lay->header.schema.n_dims; d++)
        n_values += lay->n_values[d];
    for (uint32_t i = 0; i < lay->n_terms; i++) {
        if (!search_is_heavy(lay->of_term[lay->by_bytes[i]].df, lay->n_docs, n_values))
            continue;
        heavy[n] = i;
        prepare(lay, i, bits + n * ((size_t)lay->n_docs / 64 + 1), counts + n * n_values);
        n++;
    }
}
