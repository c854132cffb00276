/* The index against its slow twin: random small worlds, every document scored by the formula
 * as the book has it, every filter by looping; the same ranking, totals and facet counts
 * wanted. What a file and a query may hold is tried in file_test.c.                          */
#include "search/index_priv.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* cmocka asks for the headers above */
#include <cmocka.h>

enum { N_FIELDS = 3, N_DIMS = 3, WORDS_MAX = 10, FACETS_MAX = 5,
       VOCABULARY = 60, DOCS_MAX = 70000 /* more than a chunk */ };

struct twin_doc {
    int64_t key;
    unsigned words[N_FIELDS][WORDS_MAX];
    unsigned n_words[N_FIELDS];
    struct search_facet_value facets[FACETS_MAX];
    size_t n_facets;
    bool has_point;
    int32_t lat_e7, lon_e7;
    bool in_delta, dead;
};

static const struct search_schema SCHEMA = {
    .n_fields = N_FIELDS, .n_dims = N_DIMS, .k1 = 1.2f, .listed = 1u << 0 | 1u << 2,
    .fields = {{5, 0.3f}, {2, 0.5f}, {1, 0.75f}},
};

static struct twin_doc world[DOCS_MAX];
static size_t n_world;
static double mean_words[N_FIELDS];
static struct rg_ctx ctx;

static unsigned
below(unsigned n)
{
    return n ? (unsigned)(rg_chance(&ctx) % n) : 0;
}

static void
word_text(unsigned id, char out[8])
{
    snprintf(out, 8, "w%c%c", 'a' + id / 26, 'a' + id % 26);
}

/* Frequent words far more often than rare ones. */
static unsigned
random_word(void)
{
    double u = below(1 << 20) / (double)(1 << 20);

    return (unsigned)(VOCABULARY * u * u * u);
}

/* In a world of two chunks some words stand in one of them only. */
static unsigned
word_for(int64_t key)
{
    unsigned word = random_word();
    bool second = key > 3 * SEARCH_CHUNK - 50;

    if (n_world > SEARCH_CHUNK && word >= VOCABULARY - 10
        && second != (word >= VOCABULARY - 5))
        return 0;
    return word;
}

static struct twin_doc
random_doc(int64_t key)
{
    static const unsigned longest[N_FIELDS] = {2, 4, WORDS_MAX};
    struct twin_doc d = {.key = key};

    for (unsigned f = 0; f < N_FIELDS; f++) {
        d.n_words[f] = below(longest[f] + 1);
        for (unsigned i = 0; i < d.n_words[f]; i++)
            d.words[f][i] = word_for(key);
    }
    d.facets[d.n_facets++] = (struct search_facet_value){0, 10 + below(7)};
    for (unsigned i = below(4); i > 0; i--)
        d.facets[d.n_facets++] = (struct search_facet_value){1, below(5) * 1000};
    if (below(3) == 0)
        d.facets[d.n_facets++] = (struct search_facet_value){2, below(200)};
    d.has_point = below(4) != 0;
    d.lat_e7 = 450000000 + (int32_t)below(4000000);
    d.lon_e7 = 75000000 + (int32_t)below(4000000);
    return d;
}

static struct search_doc
doc_of(struct rg_arena *arena, const struct twin_doc *d)
{
    struct search_doc doc = {.key = d->key, .lang = SEARCH_PLAIN, .facets = d->facets,
                             .n_facets = d->n_facets, .has_point = d->has_point,
                             .lat_e7 = d->lat_e7, .lon_e7 = d->lon_e7};

    for (unsigned f = 0; f < N_FIELDS; f++) {
        char *text = rg_arena_alloc(arena, WORDS_MAX * 8);
        assert_non_null(text);
        for (unsigned i = 0; i < d->n_words[f]; i++) {
            char w[8];
            word_text(d->words[f][i], w);
            memcpy(text + i * 4, w, 3);
            text[i * 4 + 3] = ' ';
        }
        doc.text[f] = str_n(text, d->n_words[f] * 4);
    }
    doc.payload = str_of(rg_arena_printf(arena, "payload of %lld", (long long)d->key));
    return doc;
}

/* ---- The twin --------------------------------------------------------------------------- */

static uint32_t
twin_contribution(const struct twin_doc *d, unsigned word, double weight, double n, double df)
{
    double tf = 0, s, factor;

    for (unsigned f = 0; f < N_FIELDS; f++) {
        unsigned count = 0;
        double b = SCHEMA.fields[f].b;
        for (unsigned i = 0; i < d->n_words[f]; i++)
            count += d->words[f][i] == word;
        if (count)
            tf += (double)SCHEMA.fields[f].weight * count
                  / (1 - b + b * (d->n_words[f] / mean_words[f]));
    }
    if (tf == 0)
        return 0;
    s = round(65535 * (tf / (SCHEMA.k1 + tf)));
    s = s < 1 ? 1 : s;
    factor = weight * log(1 + (n - df + 0.5) / (df + 0.5)) * 65536;
    factor = floor((double)lround(factor) * s / 65536);
    return factor < 1 ? 1 : (uint32_t)factor;
}

static bool
twin_has(const struct twin_doc *d, unsigned word)
{
    for (unsigned f = 0; f < N_FIELDS; f++)
        for (unsigned i = 0; i < d->n_words[f]; i++)
            if (d->words[f][i] == word)
                return true;
    return false;
}

static bool
twin_value(const struct twin_doc *d, unsigned dim, uint32_t value)
{
    for (size_t i = 0; i < d->n_facets; i++)
        if (d->facets[i].dim == dim && d->facets[i].value == value)
            return true;
    return false;
}

static bool
twin_filters(const struct twin_doc *d, const struct search_query *q, int but_dim)
{
    for (size_t i = 0; i < q->n_filters; i++) {
        const struct search_filter *f = &q->filters[i];
        bool any = false;
        if (!f->exclude && (int)f->dim == but_dim)
            continue;
        for (size_t v = 0; v < f->n_values; v++)
            any |= twin_value(d, f->dim, f->values[v]);
        if (any == f->exclude)
            return false;
    }
    return true;
}

static unsigned
word_of_text(struct str t)
{
    return (unsigned)(t.p[1] - 'a') * 26 + (unsigned)(t.p[2] - 'a');
}

static bool
twin_word_is(const struct search_term *term, unsigned word)
{
    for (size_t a = 0; a < term->n_alternatives; a++)
        if (word_of_text(term->alternatives[a].term) == word)
            return true;
    return false;
}

/* Do the words from at on, within of them or to the end of the field, have the phrase? */
static bool
twin_phrase_at(const struct twin_doc *d, const struct search_query *q,
               const struct search_phrase *p, unsigned f, unsigned at)
{
    unsigned n_have = 0;

    for (unsigned i = 0; i < p->n; i++) {
        const struct search_term *term = &q->terms[p->first + i];
        bool have = false;
        if (p->within == 0)
            have = at + i < d->n_words[f] && twin_word_is(term, d->words[f][at + i]);
        for (unsigned w = at; w < d->n_words[f] && w < at + p->within; w++)
            have |= twin_word_is(term, d->words[f][w]);
        n_have += have;
    }
    return n_have == p->n;
}

static bool
twin_phrase(const struct twin_doc *d, const struct search_query *q,
            const struct search_phrase *p)
{
    for (unsigned f = 0; f < N_FIELDS; f++)
        for (unsigned at = 0; at < d->n_words[f]; at++)
            if (twin_phrase_at(d, q, p, f, at))
                return true;
    return false;
}

struct twin_answer {
    struct search_hit hits[DOCS_MAX];
    size_t n;
    uint32_t counts[N_DIMS][8192]; /* by value */
};

static const struct search_query *sort_query;

static int
twin_order(const void *a, const void *b)
{
    const struct search_hit *x = a, *y = b;
    double dx = x->distance_m < 0 ? INFINITY : x->distance_m;
    double dy = y->distance_m < 0 ? INFINITY : y->distance_m;

    if (sort_query->order == SEARCH_BY_DISTANCE && dx != dy)
        return dx < dy ? -1 : 1;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->key < y->key ? -1 : 1;
}

static void
twin_ask(const struct search_query *q, struct twin_answer *r)
{
    double df[SEARCH_QUERY_TERMS_MAX], n = 0;

    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < n_world; i++)
        n += 1;
    for (size_t t = 0; t < q->n_terms; t++) {
        df[t] = 0;
        for (size_t a = 0; a < q->terms[t].n_alternatives; a++) {
            double here = 0;
            for (size_t i = 0; i < n_world; i++)
                here += twin_has(&world[i], word_of_text(q->terms[t].alternatives[a].term));
            df[t] = here > df[t] ? here : df[t];
        }
    }
    for (size_t i = 0; i < n_world; i++) {
        const struct twin_doc *d = &world[i];
        struct search_hit hit = {.key = d->key, .distance_m = -1};
        int64_t sum = 0;
        unsigned n_have = 0;
        if (d->dead)
            continue;
        for (size_t t = 0; t < q->n_terms; t++) {
            uint32_t best = 0;
            for (size_t a = 0; a < q->terms[t].n_alternatives; a++) {
                const struct search_alternative *alt = &q->terms[t].alternatives[a];
                unsigned word = word_of_text(alt->term);
                double weight = (double)q->terms[t].weight * alt->weight;
                uint32_t c = twin_contribution(d, word, weight, n, df[t]);
                best = c > best ? c : best;
                for (unsigned f = 0; f < N_FIELDS; f++)
                    for (unsigned w = 0; w < d->n_words[f]; w++)
                        if (d->words[f][w] == word)
                            hit.fields |= (uint8_t)(1u << f);
            }
            sum += best;
            n_have += best != 0;
            hit.matched |= best ? 1u << t : 0;
        }
        if (q->n_terms && n_have < (q->n_match_min ? q->n_match_min : 1))
            continue;
        if (q->near && d->has_point)
            hit.distance_m = rg_distance_m(q->lat_e7, q->lon_e7, d->lat_e7, d->lon_e7);
        if (q->near && q->radius_m > 0 && (hit.distance_m < 0 || hit.distance_m > q->radius_m))
            continue;
        bool phrases = true;
        for (size_t p = 0; p < q->n_phrases; p++) {
            bool holds = twin_phrase(d, q, &q->phrases[p]);
            sum += holds ? lroundf(q->phrases[p].add * 65536) : 0;
            phrases &= holds || !q->phrases[p].required;
        }
        if (!phrases)
            continue;
        for (size_t j = 0; j < d->n_facets; j++) {
            unsigned dim = d->facets[j].dim;
            bool again = false;
            for (size_t before = 0; before < j; before++)
                again |= d->facets[before].dim == dim
                         && d->facets[before].value == d->facets[j].value;
            if (!again && twin_filters(d, q, q->facets_sideways ? (int)dim : -1))
                r->counts[dim][d->facets[j].value]++;
        }
        if (!twin_filters(d, q, -1))
            continue;
        for (size_t b = 0; b < q->n_boosts; b++)
            if (twin_value(d, q->boosts[b].dim, q->boosts[b].value))
                sum += lroundf(q->boosts[b].add * 65536);
        hit.score = (double)(sum > 0 ? sum : 0) / 65536;
        if (q->near && q->half_m > 0)
            hit.score *= hit.distance_m < 0 ? q->without_point
                                            : q->half_m / (q->half_m + hit.distance_m);
        r->hits[r->n++] = hit;
    }
    sort_query = q;
    qsort(r->hits, r->n, sizeof *r->hits, twin_order);
}

/* ---- Random questions ------------------------------------------------------------------- */

struct question {
    struct search_query q;
    struct search_term terms[8];
    struct search_alternative alternatives[8][3];
    char words[8][3][8];
    struct search_filter filters[3];
    uint32_t values[3][3];
    struct search_boost boosts[3];
    struct search_phrase phrases[3];
};

static void
random_question(struct question *x)
{
    static const float weights[] = {1, 0.5f, 2, 0.1f};
    struct search_query *q = &x->q;

    memset(x, 0, sizeof *x);
    q->terms = x->terms;
    q->n_terms = below(6);
    for (size_t t = 0; t < q->n_terms; t++) {
        x->terms[t] = (struct search_term){x->alternatives[t], below(3) ? 1 : 1 + below(3),
                                           weights[below(4)]};
        for (size_t a = 0; a < x->terms[t].n_alternatives; a++) {
            word_text(below(4) ? random_word() : below(VOCABULARY + 3), x->words[t][a]);
            x->alternatives[t][a] = (struct search_alternative){str_of(x->words[t][a]),
                                                               weights[below(4)]};
        }
    }
    q->n_match_min = below(2) ? q->n_terms : below((unsigned)q->n_terms + 1);
    q->filters = x->filters;
    q->n_filters = below(2) ? 0 : below(4);
    for (size_t i = 0; i < q->n_filters; i++) {
        x->filters[i] = (struct search_filter){below(N_DIMS), x->values[i], below(4),
                                                 below(3) == 0};
        for (size_t v = 0; v < 3; v++)
            x->values[i][v] = x->filters[i].dim == 0 ? 10 + below(8)
                              : x->filters[i].dim == 1 ? below(6) * 1000 : below(200);
    }
    q->boosts = x->boosts;
    q->n_boosts = below(3) ? 0 : below(4);
    for (size_t i = 0; i < q->n_boosts; i++)
        x->boosts[i] = (struct search_boost){below(2),
                                             below(2) ? 10 + below(7) : below(5) * 1000,
                                             (float)below(9) - 3};
    q->phrases = x->phrases;
    q->n_phrases = q->n_terms && below(3) == 0 ? 1 + below(3) : 0;
    for (size_t i = 0; i < q->n_phrases; i++) {
        unsigned n = 1 + below((unsigned)q->n_terms < 3 ? (unsigned)q->n_terms : 3);
        x->phrases[i] = (struct search_phrase){below((unsigned)q->n_terms - n + 1), n,
                                               below(2) ? 0 : below(6), (float)below(4),
                                               below(3) == 0};
    }
    if (below(3) == 0) {
        q->near = true;
        q->lat_e7 = 450000000 + (int32_t)below(4000000);
        q->lon_e7 = 75000000 + (int32_t)below(4000000);
        q->radius_m = below(2) ? 0 : below(30000);
        q->half_m = below(2) ? 0 : 1 + below(20000);
        q->without_point = below(11) / 10.0;
        q->order = below(3) ? SEARCH_BY_SCORE : SEARCH_BY_DISTANCE;
    }
    q->offset = below(3) ? 0 : below(30);
    q->k = below(25);
    q->facet_dims = below(2) ? 0 : below(1 << N_DIMS);
    q->n_facet_values = below(2) ? 0 : below(6);
    q->facets_sideways = below(2);
    q->total_exact = below(4) == 0;
    q->explain = below(2) == 0;
}

static void
assert_facets(const struct search_query *q, const struct search_result *r,
              const struct twin_answer *twin)
{
    assert_int_equal(r->n_facets, __builtin_popcount(q->facet_dims));
    for (size_t f = 0; f < r->n_facets; f++) {
        const struct search_facet *facet = &r->facets[f];
        size_t distinct = 0;
        for (uint32_t v = 0; v < 8192; v++)
            distinct += twin->counts[facet->dim][v] != 0;
        assert_int_equal(facet->n_counts, q->n_facet_values && q->n_facet_values < distinct
                                              ? q->n_facet_values : distinct);
        for (size_t i = 0; i < facet->n_counts; i++) {
            struct search_facet_count c = facet->counts[i];
            assert_int_equal(c.n, twin->counts[facet->dim][c.value]);
            if (i > 0)
                assert_true(facet->counts[i - 1].n > c.n
                            || (facet->counts[i - 1].n == c.n
                                && facet->counts[i - 1].value < c.value));
        }
        for (uint32_t v = 0; facet->n_counts && v < 8192; v++) { /* nothing greater left out */
            bool shown = false;
            for (size_t i = 0; i < facet->n_counts; i++)
                shown |= facet->counts[i].value == v;
            if (!shown)
                assert_true(twin->counts[facet->dim][v]
                            <= facet->counts[facet->n_counts - 1].n);
        }
    }
}

static void
assert_same(const struct search_query *q, const struct search_result *r,
            const struct twin_answer *twin)
{
    size_t want = twin->n > q->offset ? twin->n - q->offset : 0;

    want = want < q->k ? want : q->k;
    assert_int_equal(r->n_hits, want);
    if (r->total_is_exact)
        assert_int_equal(r->total, twin->n);
    else
        assert_true(r->total <= twin->n);
    if (q->total_exact || q->facet_dims)
        assert_true(r->total_is_exact);
    for (size_t i = 0; i < want; i++) {
        const struct search_hit *a = &r->hits[i], *b = &twin->hits[q->offset + i];
        char text[40];
        assert_int_equal(a->key, b->key);
        assert_true(a->score == b->score);
        assert_true(a->distance_m == b->distance_m);
        assert_int_equal(a->matched, q->explain ? b->matched : 0);
        assert_int_equal(a->fields, q->explain ? b->fields : 0);
        snprintf(text, sizeof text, "payload of %lld", (long long)b->key);
        assert_true(str_eq(a->payload, str_of(text)));
    }
    assert_facets(q, r, twin);
}

static void
ask_many(struct search_live *live, unsigned n_questions)
{
    static struct twin_answer twin;
    static struct question x;

    for (unsigned i = 0; i < n_questions; i++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        const struct search_snapshot *s = search_acquire(live);
        struct search_result r;
        random_question(&x);
        twin_ask(&x.q, &twin);
        assert_int_equal(search_ask(&ctx, s, &x.q, &r), RG_OK);
        assert_same(&x.q, &r, &twin);
        search_release(live, s);
        rg_arena_release(ctx.arena, mark);
    }
}

/* ---- Worlds ----------------------------------------------------------------------------- */

static const char *
scratch_path(void)
{
    static char path[64];

    snprintf(path, sizeof path, "/tmp/search_test.%d.idx", (int)getpid());
    return path;
}

static void
mean_of_base(void)
{
    for (unsigned f = 0; f < N_FIELDS; f++) {
        double sum = 0;
        for (size_t i = 0; i < n_world; i++)
            sum += world[i].n_words[f];
        mean_words[f] = n_world ? sum / (double)n_world : 0;
    }
}

/* Write the world through a file, added in a shuffled order with some keys twice. */
static struct search_live *
world_build(size_t n, uint64_t seq)
{
    struct search_builder *b;
    struct search_index *ix;
    struct search_live *live;

    n_world = n;
    for (size_t i = 0; i < n; i++)
        world[i] = random_doc((int64_t)(i * 3) - 50);
    for (size_t i = n; i > 1; i--) {
        size_t j = below((unsigned)i);
        struct twin_doc swap = world[i - 1];
        world[i - 1] = world[j];
        world[j] = swap;
    }
    assert_int_equal(search_builder_new(&ctx, &SCHEMA, 64 << 20, &b), RG_OK);
    for (size_t i = 0; i < n; i++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        struct twin_doc stale = random_doc(world[i].key);
        struct search_doc doc = doc_of(ctx.arena, below(4) ? &world[i] : &stale);
        assert_int_equal(search_builder_add(&ctx, b, 1, &doc), RG_OK);
        doc = doc_of(ctx.arena, &world[i]);
        assert_int_equal(search_builder_add(&ctx, b, 1, &doc), RG_OK);
        rg_arena_release(ctx.arena, mark);
    }
    assert_int_equal(search_builder_write(&ctx, b, seq, scratch_path()), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(&ctx, scratch_path(), &ix), RG_OK);
    unlink(scratch_path());
    assert_int_equal(search_index_docs(ix), n);
    assert_int_equal(search_index_seq(ix), seq);
    assert_memory_equal(&ix->header->schema, &SCHEMA, sizeof SCHEMA); /* once it lost its lists */
    assert_int_equal(search_live_new(&ctx, ix, &live), RG_OK);
    mean_of_base();
    return live;
}

static void
answers_are_those_of_the_slow_twin(void **state)
{
    static const struct { size_t n; unsigned questions; } worlds[] = {
        {0, 50}, {1, 100}, {5, 200}, {60, 1000}, {61, 1000}, {300, 300}, {2500, 60}, {5900, 40},
        {66000, 25},
    };

    for (size_t i = 0; i < RG_COUNT(worlds); i++) {
        struct search_live *live = world_build(worlds[i].n, 7);
        ask_many(live, worlds[i].questions);
        search_live_free(live);
    }
}

/* Change the world and the live index alike: replace, add, remove. */
static void
change_some(struct search_live *live, unsigned n, uint64_t *seq)
{
    for (unsigned i = 0; i < n && n_world < DOCS_MAX; i++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        int64_t key = below(3) ? (int64_t)below(400) * 3 - 50 : (int64_t)below(40) + 100000;
        struct search_change c = {.seq = ++*seq, .removed = below(4) == 0, .doc.key = key};
        for (size_t j = 0; j < n_world; j++)
            if (world[j].key == key && !world[j].dead) {
                world[j].dead = true;
                if (world[j].in_delta) /* the delta keeps no trace of what it replaced */
                    world[j] = world[--n_world];
                break;
            }
        if (!c.removed) {
            struct twin_doc d = random_doc(key);
            d.in_delta = true;
            world[n_world++] = d;
            c.doc = doc_of(ctx.arena, &world[n_world - 1]);
        }
        assert_int_equal(search_live_apply(&ctx, live, &c, 1), RG_OK);
        rg_arena_release(ctx.arena, mark);
    }
    assert_int_equal(search_live_seq(live), *seq);
}

struct walked {
    const struct search_snapshot *snapshot;
    size_t n, stop_at;
};

static bool
walk_one(void *arg, int64_t key, struct str payload)
{
    struct walked *w = arg;
    struct str found;
    assert_true(search_find(w->snapshot, key, &found));
    assert_true(found.p == payload.p && found.n == payload.n);
    return ++w->n != w->stop_at;
}

/* Each document that is there once, none of those that went. */
static void
walk_all(struct search_live *live)
{
    struct walked all = {.snapshot = search_acquire(live)}, some = {all.snapshot, 0, 3};
    size_t n = 0;
    for (size_t i = 0; i < n_world; i++)
        n += !world[i].dead;
    search_each(all.snapshot, walk_one, &all);
    assert_int_equal(all.n, n);
    search_each(some.snapshot, walk_one, &some);
    assert_int_equal(some.n, n < 3 ? n : 3);
    search_release(live, all.snapshot);
}

static void
changes_are_seen_at_once_and_score_alike(void **state)
{
    for (unsigned round = 0; round < 6; round++) {
        uint64_t seq = 7;
        struct search_live *live = world_build(round * 70, seq);
        for (unsigned step = 0; step < 4; step++) {
            change_some(live, 1 + below(20), &seq);
            walk_all(live);
            if (mean_words[0] == 0 || mean_words[1] == 0 || mean_words[2] == 0)
                continue; /* with an empty base the delta has its own means */
            ask_many(live, 100);
        }
        search_live_free(live);
    }
}

static struct str
file_bytes(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *p = rg_arena_alloc(ctx.arena, 8 << 20);
    size_t n;

    assert_non_null(f);
    assert_non_null(p);
    n = fread(p, 1, 8 << 20, f);
    fclose(f);
    return str_n(p, n);
}

/* What building the world of now from its texts gives. */
static struct str
built_anew(uint64_t seq)
{
    struct search_builder *b;
    struct str bytes;

    assert_int_equal(search_builder_new(&ctx, &SCHEMA, 64 << 20, &b), RG_OK);
    for (size_t i = n_world; i-- > 0;) {
        struct search_doc doc = doc_of(ctx.arena, &world[i]);
        if (!world[i].dead)
            assert_int_equal(search_builder_add(&ctx, b, 1, &doc), RG_OK);
    }
    assert_int_equal(search_builder_write(&ctx, b, seq, scratch_path()), RG_OK);
    search_builder_free(b);
    bytes = file_bytes(scratch_path());
    unlink(scratch_path());
    return bytes;
}

static void
a_merge_is_building_anew(void **state)
{
    for (unsigned round = 0; round < 6; round++) {
        uint64_t seq = 7;
        struct search_live *live = world_build(round * 500, seq);
        for (unsigned step = 0; step < 2; step++) {
            struct rg_mark mark = rg_arena_mark(ctx.arena);
            char path[80];
            snprintf(path, sizeof path, "%s.merged", scratch_path());
            change_some(live, round * 10, &seq);
            assert_int_equal(search_live_merge(&ctx, live, 64 << 20, path), RG_OK);
            assert_true(str_eq(file_bytes(path), built_anew(seq)));
            unlink(path);
            rg_arena_release(ctx.arena, mark);
            assert_int_equal(search_live_pending(live), 0);
            for (size_t i = 0; i < n_world;) { /* the base is the world of now */
                world[i].in_delta = false;
                if (world[i].dead)
                    world[i] = world[--n_world];
                else
                    i++;
            }
            mean_of_base();
            ask_many(live, 30);
        }
        search_live_free(live);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_the_slow_twin),
        cmocka_unit_test(changes_are_seen_at_once_and_score_alike),
        cmocka_unit_test(a_merge_is_building_anew),
    };

    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 1;
    ctx.chance = 20261124;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    rg_ctx_done(&ctx);
    return failures;
}
