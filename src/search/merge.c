/* Base and changes made one file again, without asking anybody for the texts: an index keeps its
 * documents' words in order, and from words a builder makes everything else.
 *
 * The file is, byte for byte, what building all documents anew would give (means of lengths,
 * ranks, impacts, prepared lists), so nothing drifts from merge to merge. Readers and writers go
 * on meanwhile: only the last step, search_live_replace, has the writers wait for as long as the
 * changes that came in between take to apply.                                                */
#include "search/build_priv.h"

#include <stdlib.h>

/* The builder's number of each word of a segment, by rank. UINT32_MAX where a file lies. */
static enum rg_err
terms_by_rank(struct rg_ctx *ctx, struct search_builder *b, const struct search_index *ix,
              uint32_t **ret)
{
    uint32_t *by_rank = rg_alloc_should_fail() ? NULL
                        : calloc(ix->n_terms ? ix->n_terms : 1, sizeof *by_rank);

    if (!by_rank)
        return RG_NO_MEMORY(ctx);
    memset(by_rank, 0xFF, ix->n_terms * sizeof *by_rank);
    for (uint32_t t = 0; t < ix->n_terms; t++) {
        uint32_t rank = ix->term_rank[t], number;
        if (!search_builder_term(b, search_index_term(ix, t), &number)) {
            free(by_rank);
            return RG_NO_MEMORY(ctx);
        }
        if (rank < ix->n_terms)
            by_rank[rank] = number;
    }
    *ret = by_rank;
    return RG_OK;
}

/* Copy a document's words; false if they are not those of this index. */
static bool
pour_words(struct search_builder *b, const struct search_index *ix, const uint32_t *by_rank,
           uint32_t doc, struct build_doc *entry)
{
    struct search_words w = search_index_words(ix, doc);
    uint32_t code;

    while (search_words_next(&w, &code)) {
        if (code == 0)
            continue;
        if (code > ix->n_terms || by_rank[code - 1] == UINT32_MAX
            || w.field >= b->schema.n_fields)
            return false;
        rg_buf_add(&b->words, &by_rank[code - 1], sizeof *by_rank);
        entry->n_words[w.field]++;
    }
    return true;
}

/* Gather a document's facet values; false if it has more than a document may. */
static bool
gather_facets(const struct search_index *ix, uint32_t doc, struct search_facet_value *values,
              size_t *ret_n)
{
    size_t n = 0;

    for (unsigned d = 0; d < ix->header->schema.n_dims; d++) {
        uint32_t n_here;
        const uint32_t *o =
            search_ordinals(search_index_row(ix, doc) + d, ix->row_more, &n_here);
        while (n_here--) {
            if (n == SEARCH_DOC_FACETS_MAX)
                return false;
            values[n++] = (struct search_facet_value){d, ix->dims[d].values[*o++]};
        }
    }
    *ret_n = n;
    return true;
}

static enum rg_err
pour_doc(struct rg_ctx *ctx, struct search_builder *b, const struct search_index *ix,
         const uint32_t *by_rank, uint32_t doc)
{
    struct search_facet_value values[SEARCH_DOC_FACETS_MAX];
    struct build_doc entry = search_builder_entry(b, 0, ix->doc_key[doc]);
    struct search_doc rest = {
        .facets = values, .payload = search_index_payload(ix, doc),
        .has_point = ix->doc_point[2 * (size_t)doc] != SEARCH_NO_POINT,
        .lat_e7 = ix->doc_point[2 * (size_t)doc], .lon_e7 = ix->doc_point[2 * (size_t)doc + 1],
    };

    if (!gather_facets(ix, doc, values, &rest.n_facets)
        || !pour_words(b, ix, by_rank, doc, &entry))
        return RG_FAIL(ctx, RG_INVALID, "search.file_damaged", "path", "(memory)");
    return search_builder_close(ctx, b, &entry, &rest, !b->words.failed);
}

static enum rg_err
pour_segment(struct rg_ctx *ctx, struct search_builder *b, const struct search_segment *segment)
{
    const struct search_index *ix = segment->index;
    uint32_t *by_rank = NULL;
    enum rg_err err = terms_by_rank(ctx, b, ix, &by_rank);

    if (err)
        return err;
    for (uint32_t doc = 0; !err && doc < ix->n_docs; doc++)
        if (!segment->dead || !(segment->dead[doc / 64] >> (doc % 64) & 1))
            err = pour_doc(ctx, b, ix, by_rank, doc);
    free(by_rank);
    return err;
}

enum rg_err
search_builder_pour(struct rg_ctx *ctx, struct search_builder *b,
                    const struct search_snapshot *s)
{
    enum rg_err err = RG_OK;

    for (unsigned i = 0; !err && i < s->n_segments; i++)
        err = pour_segment(ctx, b, &s->segments[i]);
    return err;
}

static enum rg_err
write_merged(struct rg_ctx *ctx, const struct search_snapshot *s, size_t ceiling_bytes,
             const char *path)
{
    struct search_builder *b;
    enum rg_err err = search_builder_new(ctx, &s->base->index->header->schema, ceiling_bytes, &b);

    if (err)
        return err;
    err = search_builder_pour(ctx, b, s);
    if (!err)
        err = search_builder_write(ctx, b, s->seq, path);
    search_builder_free(b);
    return err;
}

enum rg_err
search_live_merge(struct rg_ctx *ctx, struct search_live *live, size_t ceiling_bytes,
                  const char *path)
{
    const struct search_snapshot *s = search_acquire(live);
    struct search_index *merged;
    enum rg_err err = write_merged(ctx, s, ceiling_bytes, path);

    search_release(live, s);
    if (!err)
        err = search_index_open(ctx, path, &merged);
    return err ? err : search_live_replace(ctx, live, merged);
}
