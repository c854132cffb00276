/* The answer written down: the best in order, with their reasons, and the facets' counts. */
#include "search/ask_priv.h"

#include <math.h>
#include <stdlib.h>

enum {
    FEW_COUNTS = 128, /* up to so many facet values are kept sorted by insertion */
    FEW_FOUND = 64,   /* and so many hits                                       */
};

static int
hit_order(const void *x, const void *y, void *arg)
{
    return search_before(arg, x, y) ? -1 : search_before(arg, y, x);
}

/* A page is few: those are put in order one by one, with no call for each comparison. */
static void
sort_found(struct ask *a)
{
    if (a->n_heap > FEW_FOUND) {
        qsort_r(a->heap, a->n_heap, sizeof *a->heap, hit_order, a);
        return;
    }
    for (size_t i = 1; i < a->n_heap; i++) {
        struct found moving = a->heap[i];
        size_t j = i;
        for (; j > 0 && search_before(a, &moving, &a->heap[j - 1]); j--)
            a->heap[j] = a->heap[j - 1];
        a->heap[j] = moving;
    }
}

static bool
report_hits(struct ask *a, struct search_result *r)
{
    const struct search_query *q = a->query;
    size_t n = a->n_heap > q->offset ? a->n_heap - q->offset : 0;
    struct search_hit *hits = RG_ARRAY(a->ctx->arena, struct search_hit, n);

    if (!hits)
        return false;
    for (size_t i = 0; i < a->n_heap; i++) /* their places are looked up below, wherever they lie */
        __builtin_prefetch(
            &a->snapshot->segments[a->heap[i].segment].index->payload_at[a->heap[i].doc]);
    sort_found(a);
    for (size_t i = 0; i < n; i++) {
        const struct found *f = &a->heap[q->offset + i];
        hits[i] = (struct search_hit){
            .key = f->key, .score = f->score,
            .distance_m = isinf(f->distance_m) ? -1 : f->distance_m,
            .payload = search_index_payload(a->snapshot->segments[f->segment].index, f->doc),
        };
        if (q->explain)
            search_explain(a, f->segment, f->doc, &hits[i]);
    }
    r->hits = hits;
    r->n_hits = n;
    r->total = a->total;
    r->total_is_exact = a->total_is_exact;
    return true;
}

static int
count_order(const void *a, const void *b)
{
    const struct search_facet_count *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* Keep the best n_max of a stream of counts, sorted. */
static void
keep_count(struct search_facet_count *kept, size_t *n, size_t n_max,
           struct search_facet_count c)
{
    size_t i = *n;

    if (i == n_max && count_order(&c, &kept[i - 1]) > 0)
        return;
    if (i < n_max)
        ++*n;
    else
        i--;
    for (; i > 0 && count_order(&c, &kept[i - 1]) < 0; i--)
        kept[i] = kept[i - 1];
    kept[i] = c;
}

/* The most frequent values of one segment. They ascend, so one that only equals the last kept
 * stands behind it.                                                                          */
static size_t
keep_most(const uint32_t *counts, const struct search_dim *dim, struct search_facet_count *kept,
          size_t limit)
{
    uint32_t least = 0;
    size_t n = 0;

    for (uint32_t v = 0; v < dim->n_values; v++) {
        if (counts[v] <= least)
            continue;
        keep_count(kept, &n, limit, (struct search_facet_count){dim->values[v], counts[v]});
        least = n == limit ? kept[n - 1].n : 0;
    }
    return n;
}

/* Add the segments' counts by value (both ascend) and keep the most frequent. */
static bool
report_dim(struct ask *a, unsigned d, struct search_facet *ret)
{
    const struct search_dim *dim[2] = {NULL, NULL};
    uint32_t at[2] = {0, 0}, n_values[2] = {0, 0};
    size_t limit = a->query->n_facet_values, n = 0;
    struct search_facet_count *kept;
    bool few = limit > 0 && limit <= FEW_COUNTS;

    for (unsigned s = 0; s < a->snapshot->n_segments; s++) {
        dim[s] = &a->snapshot->segments[s].index->dims[d];
        n_values[s] = dim[s]->n_values;
    }
    kept = RG_ARRAY(a->ctx->arena, struct search_facet_count,
                    few ? limit : (size_t)n_values[0] + n_values[1]);
    if (!kept)
        return false;
    if (few && a->snapshot->n_segments == 1) {
        *ret = (struct search_facet){d, kept, keep_most(a->counts[0][d], dim[0], kept, limit)};
        return true;
    }
    while (at[0] < n_values[0] || at[1] < n_values[1]) {
        struct search_facet_count c = {UINT32_MAX, 0};
        for (int s = 0; s < 2; s++)
            if (at[s] < n_values[s] && dim[s]->values[at[s]] < c.value)
                c.value = dim[s]->values[at[s]];
        for (int s = 0; s < 2; s++)
            if (at[s] < n_values[s] && dim[s]->values[at[s]] == c.value)
                c.n += a->counts[s][d][at[s]++];
        if (c.n == 0)
            continue;
        if (few)
            keep_count(kept, &n, limit, c);
        else
            kept[n++] = c;
    }
    if (!few)
        qsort(kept, n, sizeof *kept, count_order);
    *ret = (struct search_facet){d, kept, limit && limit < n ? limit : n};
    return true;
}

static bool
report_facets(struct ask *a, struct search_result *r)
{
    size_t n = (size_t)__builtin_popcount(a->query->facet_dims), i = 0;
    struct search_facet *facets = RG_ARRAY(a->ctx->arena, struct search_facet, n);

    if (!facets)
        return false;
    for (uint32_t left = a->query->facet_dims; left; left &= left - 1)
        if (!report_dim(a, (unsigned)__builtin_ctz(left), &facets[i++]))
            return false;
    r->facets = facets;
    r->n_facets = n;
    return true;
}

bool
search_report(struct ask *a, struct search_result *r)
{
    return report_hits(a, r) && report_facets(a, r);
}
