/* Who is out of the question, whatever the words: a bit for every document.
 *
 * Documents that a filter by a listed dimension leaves out, or a radius, count as dead: counting
 * and ranking go on as if there were neither. A filter by another dimension, and one that only
 * some facets heed, is asked of the documents one by one (ask.c).                              */
#include "search/ask_priv.h"

enum {
    /* Words whose lists hold this share of the documents make looking at every document's place
     * pay; ...                                                                               */
    PLACE_SHARE = 6,
    LISTED_SHARE = 1024, /* ... and this one, writing a filter out as bits */
};

/* Words of a mask, which is as long as a row of the file: whole handfuls. */
static size_t
n_words(const struct ask *a)
{
    return search_row_units(a->index->n_docs) / 2;
}

static uint64_t *
row_new(const struct ask *a)
{
    return RG_ARRAY(a->ctx->arena, uint64_t, n_words(a));
}

/* Four words at a time, wherever they lie. */
typedef uint64_t handful __attribute__((vector_size(32), aligned(4), may_alias));

static void
row_or(uint64_t *row, const void *other, size_t n)
{
    for (size_t w = 0; w < n; w += 4)
        *(handful *)(row + w) |= *((const handful *)other + w / 4);
}

static void
row_flip(uint64_t *row, size_t n)
{
    for (size_t w = 0; w < n; w += 4)
        *(handful *)(row + w) = ~*(handful *)(row + w);
}

/* Add the documents of one value. */
static void
row_add_value(const struct search_index *ix, uint32_t place, uint64_t *row)
{
    uint32_t n;
    const uint32_t *list = search_list_of(ix, place, &n);

    if (n == search_row_units(ix->n_docs)) {
        row_or(row, list, n / 2);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        row[list[i] / 64] |= UINT64_C(1) << (list[i] % 64);
}

static void
row_add(const struct search_index *ix, const struct search_filter *f, uint64_t *row)
{
    uint32_t o;

    for (size_t v = 0; v < f->n_values; v++)
        if (search_value_find(&ix->dims[f->dim], f->values[v], &o))
            row_add_value(ix, ix->list_first[f->dim] + o, row);
}

/* Where facets are counted sideways, a document that only its own dimension refuses counts. */
static bool
is_listed(const struct ask *a, const struct search_filter *f)
{
    const struct search_query *q = a->query;

    return a->index->header->schema.listed >> f->dim & 1
           && (f->exclude || !q->facets_sideways || !(q->facet_dims >> f->dim & 1));
}

/* The dead and those that the listed filters leave out; NULL when the arena is full. */
static uint64_t *
mask_listed(const struct ask *a)
{
    const struct search_query *q = a->query;
    uint64_t *mask = row_new(a), *kept = mask;

    if (!mask)
        return NULL;
    for (size_t i = 0; i < q->n_filters; i++) {
        const struct search_filter *f = &q->filters[i];
        if (f->exclude || !is_listed(a, f))
            continue;
        if (!kept && !(kept = row_new(a)))
            return NULL;
        row_add(a->index, f, kept);
        row_flip(kept, n_words(a));
        if (kept != mask)
            row_or(mask, kept, n_words(a));
        kept = NULL;
    }
    for (size_t i = 0; i < q->n_filters; i++)
        if (q->filters[i].exclude && is_listed(a, &q->filters[i]))
            row_add(a->index, &q->filters[i], mask);
    for (size_t w = 0; a->dead && w < a->index->n_docs / 64 + 1; w++)
        mask[w] |= a->dead[w];
    return mask;
}

/* Filters that bits do not answer become bits by ordinal, to be asked of a document's row. */
static bool
compile_filters(struct ask *a, bool masked)
{
    const struct search_query *q = a->query;
    uint32_t o;

    a->n_filters = 0;
    for (size_t i = 0; i < q->n_filters; i++) {
        const struct search_filter *f = &q->filters[i];
        const struct search_dim *dim = &a->index->dims[f->dim];
        uint64_t *bits;
        if (masked && is_listed(a, f))
            continue;
        if (!(bits = RG_ARRAY(a->ctx->arena, uint64_t, dim->n_values / 64 + 1)))
            return false;
        for (size_t v = 0; v < f->n_values; v++)
            if (search_value_find(dim, f->values[v], &o))
                bits[o / 64] |= UINT64_C(1) << (o % 64);
        a->filters[a->n_filters++] = (struct ask_filter){f->dim, f->exclude, bits};
    }
    return true;
}

static bool
any_listed(const struct ask *a)
{
    for (size_t i = 0; i < a->query->n_filters; i++)
        if (is_listed(a, &a->query->filters[i]))
            return true;
    return false;
}

bool
search_mask(struct ask *a)
{
    uint64_t n_postings = a->query->n_terms ? 0 : a->index->n_docs, *mask = NULL;
    bool listed, placed;

    for (unsigned g = 0; g < a->n_groups[a->segment]; g++)
        n_postings += a->groups[a->segment][g].n_postings;
    listed = n_postings > a->index->n_docs / LISTED_SHARE && any_listed(a);
    if (listed && !(mask = mask_listed(a)))
        return false;
    if (!compile_filters(a, listed))
        return false;
    placed = a->box && a->n_filters == 0 && !a->required
             && n_postings >= a->index->n_docs / PLACE_SHARE;
    if (placed && !mask && !(mask = row_new(a)))
        return false;
    for (size_t w = 0; placed && w < a->index->n_docs / 64 + 1; w++)
        mask[w] |= search_outside(a, (uint32_t)w * 64) | (a->dead ? a->dead[w] : 0);
    a->masked = mask;
    a->dead = mask ? mask : a->dead;
    a->plain = a->n_filters == 0 && !a->required && (!a->box || placed);
    return true;
}
