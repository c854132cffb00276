/* Answering a query: check it, look its words up, compile filters and boosts to bits and
 * tables, and let match.c walk.                                                              */
#include "search/ask_priv.h"

#include <math.h>
#include <stdlib.h>

enum {
    /* Weight times rarity at most 1,024, so that 32 words still add up in 32 bits. */
    FACTOR_MAX = 1 << 26,
};

/* ---- Collecting ------------------------------------------------------------------------- */

bool
search_before(const struct ask *a, const struct found *x, const struct found *y)
{
    if (a->query->order == SEARCH_BY_DISTANCE && x->distance_m != y->distance_m)
        return x->distance_m < y->distance_m;
    if (x->score != y->score)
        return x->score > y->score;
    return x->key < y->key;
}

static void
sift_down(const struct ask *a, size_t i)
{
    struct found *h = a->heap, moving = h[i];

    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= a->n_heap)
            break;
        if (child + 1 < a->n_heap && search_before(a, &h[child], &h[child + 1]))
            child++; /* the worse of the two */
        if (!search_before(a, &moving, &h[child]))
            break;
        h[i] = h[child];
        i = child;
    }
    h[i] = moving;
}

/* What a document must score to enter. Where they come by ascending key, one which only equals
 * the worst of the heap stands behind it and need not be looked at.                          */
static void
theta_set(struct ask *a)
{
    bool exact = !(a->query->near && a->query->half_m > 0);

    if (a->n_heap == a->heap_max && a->heap_max && a->query->order == SEARCH_BY_SCORE)
        a->theta = (int64_t)floor(a->heap[0].score * SEARCH_SCORE_ONE)
                   + (exact && a->ascending);
    a->fades = !exact && a->n_heap == a->heap_max && a->theta > 0;
    a->reach_m = a->fades ? a->query->half_m / (double)a->theta : 0;
}

static void
heap_offer(struct ask *a, const struct found *f)
{
    if (a->n_heap < a->heap_max) {
        size_t i = a->n_heap++;
        while (i > 0 && search_before(a, &a->heap[(i - 1) / 2], f)) {
            a->heap[i] = a->heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        a->heap[i] = *f;
    } else if (a->heap_max && search_before(a, f, &a->heap[0])) {
        a->heap[0] = *f;
        sift_down(a, 0);
    }
    theta_set(a);
}

/* The ordinals of a document in a dimension. */
static inline const uint32_t *
doc_ordinals(const struct search_index *ix, uint32_t doc, unsigned dim, uint32_t *ret_n)
{
    return search_ordinals(search_index_row(ix, doc) + dim, ix->row_more, ret_n);
}

static int64_t
boosts_of(const struct ask *a, uint32_t doc)
{
    int64_t sum = 0;

    for (unsigned i = 0; i < a->n_boosts; i++) {
        uint32_t n;
        const uint32_t *o = doc_ordinals(a->index, doc, a->boosts[i].dim, &n);
        while (n--)
            sum += a->boosts[i].add[o[n]];
    }
    return sum;
}

void
search_rank(struct ask *a, uint32_t doc, uint32_t text, double distance_m)
{
    const struct search_query *q = a->query;
    struct found f = {.doc = doc, .segment = a->segment};
    int64_t sum = (int64_t)text + (a->n_boosts ? boosts_of(a, doc) : 0), add;

    if (q->order == SEARCH_BY_SCORE && (sum > 0 ? sum : 0) + a->phrase_max < a->theta)
        return;
    if (a->phrase_max && search_phrases_say(a, doc, &add))
        sum += add;
    sum = sum > 0 ? sum : 0; /* a boost may sink a document to the bottom, not below it */
    if (distance_m < 0 && !search_may_be_near(a, doc, (double)sum))
        return;
    f.distance_m = distance_m >= 0 ? distance_m : search_distance(a, doc);
    f.key = a->index->doc_key[doc];
    f.score = (double)sum / SEARCH_SCORE_ONE;
    if (q->near && q->half_m > 0)
        f.score *= isinf(f.distance_m) ? q->without_point
                                       : q->half_m / (q->half_m + f.distance_m);
    heap_offer(a, &f);
}

static void
count_doc(struct ask *a, uint32_t doc, unsigned d)
{
    uint32_t n;
    const uint32_t *o = doc_ordinals(a->index, doc, d, &n);

    while (n--)
        a->counts[a->segment][d][o[n]]++;
}

static bool
filter_holds(const struct ask *a, const struct ask_filter *filter, uint32_t doc)
{
    uint32_t n;
    const uint32_t *o = doc_ordinals(a->index, doc, filter->dim, &n);

    while (n--)
        if (filter->wanted[o[n] / 64] >> (o[n] % 64) & 1)
            return !filter->exclude;
    return filter->exclude;
}

enum { PASSES = -1, FAILS = -2 };

/* PASSES, FAILS, or the one dimension whose own filters the document fails. */
static int
filters_say(const struct ask *a, uint32_t doc)
{
    int verdict = PASSES;

    for (unsigned i = 0; i < a->n_filters; i++) {
        const struct ask_filter *f = &a->filters[i];
        if (filter_holds(a, f, doc) || verdict == (f->exclude ? PASSES - 2 : (int)f->dim))
            continue;
        if (f->exclude || !a->query->facets_sideways || verdict != PASSES)
            return FAILS;
        verdict = (int)f->dim;
    }
    return verdict;
}

void
search_collect_within(struct ask *a, uint32_t doc, uint32_t text)
{
    int verdict = PASSES;
    double distance_m = -1;
    int64_t add;

    if (a->counted) {
        search_rank(a, doc, text, -1);
        return;
    }
    if (!a->plain) {
        verdict = filters_say(a, doc);
        if (verdict == FAILS)
            return;
        if (a->box && !search_place_holds(a, doc, &distance_m))
            return;
        if (a->required && !search_phrases_say(a, doc, &add))
            return;
    }
    if (verdict >= 0) {
        if (a->counts[a->segment][verdict])
            count_doc(a, doc, (unsigned)verdict);
        return;
    }
    a->total++;
    for (uint32_t left = a->query->facet_dims; left; left &= left - 1)
        count_doc(a, doc, (unsigned)__builtin_ctz(left));
    search_rank(a, doc, text, distance_m);
}

/* ---- Preparing -------------------------------------------------------------------------- */

static bool
sane(double v, double min, double max)
{
    return v >= min && v <= max; /* false for what is no number */
}

static bool
query_ok(const struct search_query *q, unsigned n_dims)
{
    size_t n_values = 0;

    if (q->n_terms > SEARCH_QUERY_TERMS_MAX || q->n_match_min > q->n_terms
        || q->n_filters > SEARCH_QUERY_FILTERS_MAX || q->n_boosts > SEARCH_QUERY_BOOSTS_MAX
        || q->n_phrases > SEARCH_QUERY_PHRASES_MAX || q->k > SEARCH_QUERY_DEPTH_MAX
        || q->offset > SEARCH_QUERY_DEPTH_MAX - q->k
        || (n_dims < 32 && q->facet_dims >> n_dims) || (unsigned)q->order > SEARCH_BY_DISTANCE)
        return false;
    for (size_t t = 0; t < q->n_terms; t++) {
        if (q->terms[t].n_alternatives > SEARCH_QUERY_ALTERNATIVES_MAX
            || !sane(q->terms[t].weight, 0, 100))
            return false;
        for (size_t i = 0; i < q->terms[t].n_alternatives; i++)
            if (!sane(q->terms[t].alternatives[i].weight, 0, 100))
                return false;
    }
    for (size_t i = 0; i < q->n_phrases; i++)
        if (q->phrases[i].n == 0 || q->phrases[i].n > q->n_terms
            || q->phrases[i].first > q->n_terms - q->phrases[i].n
            || !sane(q->phrases[i].add, 0, 100))
            return false;
    for (size_t i = 0; i < q->n_filters; i++) {
        n_values += q->filters[i].n_values;
        if (q->filters[i].dim >= n_dims || n_values > SEARCH_QUERY_VALUES_MAX)
            return false;
    }
    for (size_t i = 0; i < q->n_boosts; i++)
        if (q->boosts[i].dim >= n_dims || !sane(q->boosts[i].add, -100, 100))
            return false;
    return !q->near
           || (sane(q->lat_e7, -900000000, 900000000)
               && sane(q->lon_e7, -1800000000, 1800000000)
               && sane(q->radius_m, 0, 1e9) && sane(q->half_m, 0, 1e9)
               && sane(q->without_point, 0, 1));
}

uint32_t
search_term_docs(const struct search_snapshot *s, struct str term)
{
    uint32_t sum = 0, t;

    for (unsigned i = 0; i < s->n_segments; i++)
        if (search_index_find_term(s->segments[i].index, term, &t))
            sum += search_index_df(s->segments[i].index, t);
    return sum;
}

static uint32_t
factor_of(const struct ask *a, double weight, uint32_t df)
{
    double n = 0, f;

    for (unsigned i = 0; i < a->snapshot->n_segments; i++)
        n += a->snapshot->segments[i].index->n_docs;
    f = weight * log(1 + (n - df + 0.5) / (df + 0.5)) * SEARCH_SCORE_ONE;
    return f < FACTOR_MAX ? (uint32_t)lround(f) : FACTOR_MAX;
}

/* The prepared row of a heavy term. */
static void
cursor_heavy(const struct search_index *ix, uint32_t t, struct cursor *c)
{
    uint32_t low = 0, high = ix->n_heavy;

    if (c->n_all < SEARCH_HEAVY_MIN)
        return;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (ix->heavy_term[mid] < t)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == ix->n_heavy || ix->heavy_term[low] != t)
        return;
    c->bits = ix->heavy_bits + low * ((size_t)ix->n_docs / 64 + 1);
    c->counts = ix->heavy_counts + low * (size_t)ix->n_values;
}

static struct cursor
cursor_open(const struct search_index *ix, uint32_t t, uint32_t factor)
{
    struct cursor c = {
        .factor = factor, .max = search_contribution(factor, ix->term_max[t]),
        .n_all = search_index_df(ix, t), .run = ix->term_run[t], .run_end = ix->term_run[t + 1],
    };

    cursor_heavy(ix, t, &c);
    return c;
}

static int
word_order(const void *a, const void *b)
{
    const struct ask_word *x = a, *y = b;

    return x->code < y->code ? -1 : x->code > y->code;
}

/* Sort the words of a segment by code; one entry each. */
static void
order_words(struct ask *a, unsigned s)
{
    struct ask_word *w = a->words[s];
    unsigned n = 0;

    qsort(w, a->n_words[s], sizeof *w, word_order);
    for (unsigned i = 0; i < a->n_words[s]; i++) {
        a->sieve[s] |= UINT64_C(1) << (w[i].code % 64);
        if (n && w[n - 1].code == w[i].code)
            w[n - 1].terms |= w[i].terms;
        else
            w[n++] = w[i];
    }
    a->n_words[s] = n;
}

/* One term of the query: its alternatives looked up in every segment. */
static bool
open_group(struct ask *a, size_t t)
{
    const struct search_term *term = &a->query->terms[t];
    uint32_t found[2][SEARCH_QUERY_ALTERNATIVES_MAX], df = 0;

    for (size_t i = 0; i < term->n_alternatives; i++) {
        uint32_t here = 0;
        for (unsigned s = 0; s < a->snapshot->n_segments; s++) {
            const struct search_index *ix = a->snapshot->segments[s].index;
            if (search_index_find_term(ix, term->alternatives[i].term, &found[s][i]))
                here += search_index_df(ix, found[s][i]);
            else
                found[s][i] = UINT32_MAX;
        }
        df = here > df ? here : df;
    }
    for (unsigned s = 0; df && s < a->snapshot->n_segments; s++) {
        const struct search_index *ix = a->snapshot->segments[s].index;
        struct group g = {.term = (unsigned)t};
        g.alternatives = RG_ARRAY(a->ctx->arena, struct cursor, term->n_alternatives);
        if (!g.alternatives)
            return false;
        for (size_t i = 0; i < term->n_alternatives; i++) {
            double weight = (double)term->weight * term->alternatives[i].weight;
            if (found[s][i] == UINT32_MAX)
                continue;
            g.alternatives[g.n] = cursor_open(ix, found[s][i], factor_of(a, weight, df));
            g.n_postings += g.alternatives[g.n++].n_all;
            a->words[s][a->n_words[s]++] = (struct ask_word){ix->term_rank[found[s][i]] + 1,
                                                             1u << t};
        }
        if (g.n)
            a->groups[s][a->n_groups[s]++] = g;
    }
    return true;
}

static bool
open_groups(struct ask *a)
{
    const struct search_query *q = a->query;
    size_t n_words = 0;

    for (size_t t = 0; t < q->n_terms; t++)
        n_words += q->terms[t].n_alternatives;
    for (unsigned s = 0; s < a->snapshot->n_segments; s++)
        if (!(a->groups[s] = RG_ARRAY(a->ctx->arena, struct group, q->n_terms))
            || !(a->words[s] = RG_ARRAY(a->ctx->arena, struct ask_word, n_words)))
            return false;
    for (size_t t = 0; t < q->n_terms; t++)
        if (!open_group(a, t))
            return false;
    for (unsigned s = 0; s < a->snapshot->n_segments; s++)
        order_words(a, s);
    return true;
}

bool
search_value_find(const struct search_dim *dim, uint32_t value, uint32_t *ret_ordinal)
{
    uint32_t low = 0, high = dim->n_values;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (dim->values[mid] < value)
            low = mid + 1;
        else
            high = mid;
    }
    *ret_ordinal = low;
    return low < dim->n_values && dim->values[low] == value;
}

/* Boosts become tables over this segment's ordinals, and facets get their counts. */
static bool
compile(struct ask *a)
{
    const struct search_query *q = a->query;
    int32_t *tables[SEARCH_DIMS_MAX] = {NULL};
    uint32_t o;

    a->n_boosts = 0;
    for (size_t i = 0; i < q->n_boosts; i++) {
        unsigned d = q->boosts[i].dim;
        const struct search_dim *dim = &a->index->dims[d];
        if (!tables[d]) {
            if (!(tables[d] = RG_ARRAY(a->ctx->arena, int32_t, dim->n_values)))
                return false;
            a->boosts[a->n_boosts++] = (struct ask_boost){d, tables[d]};
        }
        if (search_value_find(dim, q->boosts[i].value, &o))
            tables[d][o] += (int32_t)lroundf(q->boosts[i].add * SEARCH_SCORE_ONE);
    }
    for (uint32_t left = q->facet_dims; left; left &= left - 1) {
        unsigned d = (unsigned)__builtin_ctz(left);
        uint32_t *counts = RG_ARRAY(a->ctx->arena, uint32_t, a->index->dims[d].n_values);
        if (!counts)
            return false;
        a->counts[a->segment][d] = counts;
    }
    return true;
}

/* ---- The question ----------------------------------------------------------------------- */

static bool
answer(struct ask *a, struct search_result *r)
{
    a->heap = RG_ARRAY(a->ctx->arena, struct found, a->heap_max);
    if (!a->heap || !open_groups(a))
        return false;
    for (unsigned s = 0; s < a->snapshot->n_segments; s++) {
        const struct search_segment *segment = &a->snapshot->segments[s];
        a->segment = s;
        a->index = segment->index;
        a->dead = segment->dead;
        a->counted = false;
        a->ascending = false;
        theta_set(a);
        search_phrases_compile(a);
        if (!compile(a) || !search_mask(a) || !search_match_segment(a))
            return false;
    }
    return search_report(a, r);
}

enum rg_err
search_ask(struct rg_ctx *ctx, const struct search_snapshot *snapshot,
           const struct search_query *q, struct search_result *ret_result)
{
    struct search_result result = {0};
    struct ask a = {
        .ctx = ctx, .snapshot = snapshot, .query = q, .total_is_exact = true,
        .n_match_min = q->n_match_min ? (unsigned)q->n_match_min : 1,
        .exhaustive = q->facet_dims || q->total_exact || q->order == SEARCH_BY_DISTANCE,
        .heap_max = q->offset + q->k, .theta = INT64_MIN,
    };

    if (!query_ok(q, snapshot->segments[0].index->header->schema.n_dims))
        return RG_FAIL(ctx, RG_INVALID, "search.query_bounds");
    for (size_t i = 0; i < q->n_boosts; i++)
        if (q->boosts[i].add > 0)
            a.boost_max += lroundf(q->boosts[i].add * SEARCH_SCORE_ONE);
    for (size_t i = 0; i < q->n_phrases; i++) {
        a.phrase_max += lroundf(q->phrases[i].add * SEARCH_SCORE_ONE);
        a.required |= q->phrases[i].required;
    }
    a.boost_max += a.phrase_max;
    if (q->near && q->radius_m > 0)
        search_box_set(&a);
    a.cos_lat = q->near ? cos(q->lat_e7 * 1e-7 * (M_PI / 180)) : 1;
    if (a.heap_max == 0)
        a.theta = INT64_MAX;
    if (!answer(&a, &result))
        return RG_NO_MEMORY(ctx);
    *ret_result = result;
    return RG_OK;
}

uint64_t
search_snapshot_seq(const struct search_snapshot *s)
{
    return s->seq;
}

size_t
search_snapshot_docs(const struct search_snapshot *s)
{
    size_t n = 0;

    for (unsigned i = 0; i < s->n_segments; i++)
        n += s->segments[i].index->n_docs - s->segments[i].n_dead;
    return n;
}

bool
search_find(const struct search_snapshot *s, int64_t key, struct str *ret_payload)
{
    uint32_t doc;

    for (unsigned i = 0; i < s->n_segments; i++) {
        const struct search_segment *seg = &s->segments[i];
        if (!search_index_find_doc(seg->index, key, &doc)
            || (seg->dead && seg->dead[doc / 64] >> (doc % 64) & 1))
            continue;
        *ret_payload = search_index_payload(seg->index, doc);
        return true;
    }
    return false;
}

void
search_each(const struct search_snapshot *s,
            bool (*each)(void *arg, int64_t key, struct str payload), void *arg)
{
    for (unsigned i = 0; i < s->n_segments; i++) {
        const struct search_segment *seg = &s->segments[i];
        for (uint32_t doc = 0; doc < seg->index->n_docs; doc++)
            if (!(seg->dead && seg->dead[doc / 64] >> (doc % 64) & 1) &&
                !each(arg, seg->index->doc_key[doc], search_index_payload(seg->index, doc)))
                return;
    }
}
