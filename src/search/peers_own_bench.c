/* The index of this room, and its brute-force twin, for bench/search. */
#include "search/peers_bench.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct search_schema schema = {
    .n_fields = 2, .n_dims = 2, .k1 = 1.2f, .fields = {{5, 0.3f}, {1, 0.75f}},
};

static struct search_doc
doc_of(const struct peer_doc *d, struct search_facet_value facets[2])
{
    facets[0] = (struct search_facet_value){0, d->category};
    facets[1] = (struct search_facet_value){1, d->place};
    return (struct search_doc){
        .key = d->id, .lang = SEARCH_IT, .text = {d->name, d->body}, .facets = facets,
        .n_facets = 2, .has_point = true,
        .lat_e7 = 446000000 + (int32_t)(d->place % 18) * 500000,
        .lon_e7 = 70000000 + (int32_t)(d->place / 18) * 600000,
    };
}

static struct search_live *
own_build(FILE *corpus, const char *path)
{
    struct search_builder *b;
    struct search_index *ix;
    struct search_live *live;
    struct peer_doc doc;
    struct stat st;
    double us = 0, from;

    peer_must(search_builder_new(&ctx, &schema, (size_t)8 << 30, &b));
    while (peer_next_doc(corpus, &doc)) {
        struct search_facet_value facets[2];
        struct search_doc d = doc_of(&doc, facets);
        from = peer_now_us();
        peer_must(search_builder_add(&ctx, b, 1, &d));
        us += peer_now_us() - from;
    }
    from = peer_now_us();
    peer_must(search_builder_write(&ctx, b, 1, path));
    printf("#build_s\t%.3f\n", (us + peer_now_us() - from) / 1e6);
    search_builder_free(b);
    from = peer_now_us();
    peer_must(search_index_open(&ctx, path, &ix));
    printf("#map_ms\t%.2f\n", (peer_now_us() - from) / 1e3);
    if (stat(path, &st) == 0)
        printf("#bytes\t%lld\n", (long long)st.st_size);
    peer_must(search_live_new(&ctx, ix, &live));
    return live;
}

struct own_query {
    struct search_alternative alternatives[3];
    struct search_term terms[3];
    struct search_phrase phrase;
    struct search_query q;
};

static void
own_query_make(struct own_query *x, const struct peer_question *q, size_t n_facet_values)
{
    for (unsigned t = 0; t < q->n_words; t++) {
        x->alternatives[t] = (struct search_alternative){str_of(q->texts[t]), 1};
        x->terms[t] = (struct search_term){&x->alternatives[t], 1, 1};
    }
    x->q = (struct search_query){
        .terms = x->terms, .n_terms = q->n_words, .k = PEER_BEST, .facet_dims = 3,
        .n_facet_values = n_facet_values,
        .n_match_min = q->kind >= PEER_ANY2 && q->kind <= PEER_ANY3 ? 1 : q->n_words,
        .phrases = &x->phrase, .n_phrases = q->kind == PEER_PHRASE,
    };
    x->phrase = (struct search_phrase){.first = 0, .n = 2, .required = true};
}

static void
own_measure(const struct search_snapshot *s, size_t rounds)
{
    for (size_t i = 0; i < n_questions; i++) {
        double us[PEER_ROUNDS_MAX];
        struct own_query x;
        struct search_result r;
        uint64_t facets = 0, best = 0;
        own_query_make(&x, &questions[i], 20);
        for (size_t round = 0; round < rounds; round++) {
            rg_arena_reset(ctx.arena);
            us[round] = peer_now_us();
            peer_must(search_ask(&ctx, s, &x.q, &r));
            us[round] = peer_now_us() - us[round];
        }
        x.q.n_facet_values = 0; /* all of them, for the sum */
        peer_must(search_ask(&ctx, s, &x.q, &r));
        for (size_t f = 0; f < r.n_facets; f++)
            for (size_t v = 0; v < r.facets[f].n_counts; v++)
                facets += peer_facet_sum(r.facets[f].dim, r.facets[f].counts[v].value,
                                         r.facets[f].counts[v].n);
        for (size_t h = 0; h < r.n_hits; h++)
            best += peer_best_sum(h, r.hits[h].key);
        peer_report(i, us, rounds, r.total, facets, best);
    }
}

/* The same questions asked from a place: half as good at 12 km, or only within 15 km. No peer is
 * asked this; that such answers are right is for index_test.c.                               */
static void
own_near(const struct search_snapshot *s, unsigned kind, const char *name)
{
    for (int radius = 0; radius < 2; radius++) {
        double *us = calloc(n_questions, sizeof *us);
        size_t n = 0;
        if (!us)
            exit(1);
        for (size_t i = 0; i < n_questions; i++) {
            struct own_query x;
            struct search_result r;
            double from;
            if (questions[i].kind != kind)
                continue;
            own_query_make(&x, &questions[i], 20);
            x.q.near = true;
            x.q.lat_e7 = 450703393;
            x.q.lon_e7 = 76869005;
            x.q.half_m = 12000;
            x.q.radius_m = radius ? 15000 : 0;
            rg_arena_reset(ctx.arena);
            from = peer_now_us();
            peer_must(search_ask(&ctx, s, &x.q, &r));
            us[n++] = peer_now_us() - from;
        }
        qsort(us, n, sizeof *us, peer_number_order);
        printf("#near_%s%s\t%.2f\t%.2f\n", name, radius ? ", within 15 km" : ", half at 12 km",
               us[n / 2], us[n * 99 / 100]);
        free(us);
    }
}

/* A card that changes: now it speaks of mosquitoes, and the n-th time it did. */
static struct search_change
changed_card(size_t n, uint64_t seq, struct search_facet_value facets[2])
{
    struct peer_doc d = {(int64_t)n * 7 + 3, STR("zanzara"),
                         STR("w5 w6 w70 w17 w900 w901 w902 w903 w904 w905 w906 ascolto anziani "
                             "casa lavoro salute scuola"), 2, 3};

    return (struct search_change){.seq = seq, .doc = doc_of(&d, facets)};
}

/* Apply one card and find it; the clock stands still for nobody else. */
static void
change_and_find(struct rg_ctx *c, struct search_live *live, size_t n, uint64_t seq)
{
    struct search_facet_value facets[2];
    struct search_change change = changed_card(n, seq, facets);
    struct search_term term = {&(struct search_alternative){STR("zanzar"), 1}, 1, 1};
    struct search_result r;
    struct str payload;

    peer_must(search_live_apply(c, live, &change, 1));
    const struct search_snapshot *s = search_acquire(live);
    rg_arena_reset(c->arena);
    peer_must(search_ask(c, s, &(struct search_query){.terms = &term, .n_terms = 1, .k = 20},
                         &r));
    RG_ASSERT(r.n_hits > 0 && search_snapshot_seq(s) >= seq
              && search_find(s, change.doc.key, &payload));
    search_release(live, s);
}

/* From a changed card in hand to a snapshot that finds it, while changes wait. */
static uint64_t
own_changes(struct search_live *live)
{
    static const size_t waiting[] = {0, 1000, 4000, 7500};
    static struct search_change batch[1000];
    static struct search_facet_value facets[1000][2];
    double us[15];
    uint64_t seq = 1;
    size_t n = 0;

    for (size_t w = 0; w < RG_COUNT(waiting); w++) {
        for (; n < waiting[w]; n++) {
            batch[n % 1000] = changed_card(n + 100, ++seq, facets[n % 1000]);
            if (n % 1000 == 999)
                peer_must(search_live_apply(&ctx, live, batch, 1000));
        }
        for (size_t i = 0; i < RG_COUNT(us); i++) {
            us[i] = peer_now_us();
            change_and_find(&ctx, live, i, ++seq);
            us[i] = peer_now_us() - us[i];
        }
        qsort(us, RG_COUNT(us), sizeof *us, peer_number_order);
        printf("#found_ms_%zu\t%.3f\t%.3f\n", waiting[w], us[7] / 1e3, us[14] / 1e3);
    }
    return seq;
}

struct merging {
    struct search_live *live;
    const char *path;
    double us;
    _Atomic bool done;
};

static double
clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Change and find one card until told to stop, or so often: the longest that took by the clock.
 * Changes come from people, so a little lies between them.                                   */
static double
change_until(struct search_live *live, const struct merging *m, uint64_t *seq, size_t *n)
{
    double worst = 0;

    for (size_t most = *n ? *n : SIZE_MAX, i = *n = 0; i < most && !m->done; i++, ++*n) {
        double from = clock_us();
        change_and_find(&ctx, live, i % 15, ++*seq);
        from = clock_us() - from;
        worst = from > worst ? from : worst;
        usleep(20000);
    }
    return worst;
}

static void *
merge_apart(void *arg)
{
    struct merging *m = arg;
    struct rg_ctx own;

    peer_must(rg_ctx_init(&own, 1 << 20));
    m->us = peer_now_us();
    peer_must(search_live_merge(&own, m->live, (size_t)8 << 30, m->path));
    m->us = peer_now_us() - m->us;
    m->done = true;
    rg_ctx_done(&own);
    return NULL;
}

/* Merge what waits in a second thread, and go on changing and finding one card; the same before,
 * with nothing merged, says what the machine's other business is worth.                      */
static void
own_merge(struct search_live *live, uint64_t seq, const char *path)
{
    struct merging m = {.live = live, .path = path};
    pthread_t thread;
    size_t n = 30;
    double calm = change_until(live, &m, &seq, &n), worst;

    n = 0;
    if (pthread_create(&thread, NULL, merge_apart, &m) != 0)
        exit(1);
    worst = change_until(live, &m, &seq, &n);
    pthread_join(thread, NULL);
    printf("#merge_s\t%.3f\n#merge_pause_ms\t%.2f\t%.2f\n#merge_changes\t%zu\n", m.us / 1e6,
           worst / 1e3, calm / 1e3, n);
}

void
peer_own(FILE *corpus, const char *folder, size_t rounds)
{
    char path[512];
    struct search_live *live;
    const struct search_snapshot *s;

    snprintf(path, sizeof path, "%s/own.idx", folder);
    live = own_build(corpus, path);
    s = search_acquire(live);
    own_measure(s, rounds);
    own_near(s, PEER_ONE, "1 word");
    own_near(s, PEER_ANY3, "3 words, any");
    search_release(live, s);
    own_merge(live, own_changes(live), path);
    search_live_free(live);
    unlink(path);
}

/* ---- The twin --------------------------------------------------------------------------- */

struct twin_doc {
    uint16_t words[PEER_WORDS];
    uint16_t category, place;
};

static struct twin_doc *docs;
static size_t n_docs;
static uint32_t df[PEER_VOCABULARY];

static unsigned
word_of(const char **at)
{
    char *end;
    unsigned w = (unsigned)strtoul(*at + 1, &end, 10);

    *at = *end == ' ' ? end + 1 : end;
    return w;
}

static void
twin_read(FILE *corpus)
{
    static uint32_t stamp[PEER_VOCABULARY];
    struct peer_doc d;
    size_t room = 0;

    while (peer_next_doc(corpus, &d)) {
        const char *name = d.name.p, *body = d.body.p;
        if (n_docs == room) {
            room = room ? room * 2 : 1 << 16;
            docs = realloc(docs, room * sizeof *docs);
            if (!docs)
                exit(1);
        }
        struct twin_doc *doc = &docs[n_docs++];
        for (unsigned w = 0; w < PEER_WORDS; w++) {
            doc->words[w] = (uint16_t)word_of(w < PEER_NAME_WORDS ? &name : &body);
            df[doc->words[w]] += stamp[doc->words[w]] != n_docs;
            stamp[doc->words[w]] = (uint32_t)n_docs;
        }
        doc->category = (uint16_t)d.category;
        doc->place = (uint16_t)d.place;
    }
}

/* What a word adds, in the integers the contract promises. Every document has the mean
 * lengths, so the lengths' discount is 1.                                                    */
static uint64_t
twin_contribution(const struct twin_doc *d, unsigned word, double factor)
{
    double tf = 0, s;

    for (unsigned w = 0; w < PEER_WORDS; w++)
        if (d->words[w] == word)
            tf += w < PEER_NAME_WORDS ? 5 : 1;
    s = round(65535 * (tf / ((double)schema.k1 + tf)));
    return tf > 0 ? (uint64_t)floor(factor * s / 65536) : 0;
}

static bool
twin_phrase(const struct twin_doc *d, const unsigned *words)
{
    for (unsigned w = 0; w + 1 < PEER_WORDS; w++)
        if (w + 1 != PEER_NAME_WORDS && d->words[w] == words[0] && d->words[w + 1] == words[1])
            return true;
    return false;
}

static void
twin_question(size_t i)
{
    const struct peer_question *q = &questions[i];
    bool any = q->kind == PEER_ANY2 || q->kind == PEER_ANY3;
    struct { uint64_t score; int64_t key; } best[PEER_BEST];
    uint32_t counts[2][PEER_PLACES] = {{0}};
    uint64_t total = 0, facets = 0, sum = 0;
    double factor[3];
    size_t n_best = 0;

    for (unsigned t = 0; t < q->n_words; t++) {
        double here = df[q->words[t]];
        factor[t] = log(1 + ((double)n_docs - here + 0.5) / (here + 0.5)) * 65536;
        factor[t] = (double)lround(factor[t]);
    }
    for (size_t d = 0; d < n_docs; d++) {
        uint64_t score = 0, c;
        unsigned n_have = 0;
        size_t at;
        for (unsigned t = 0; t < q->n_words; t++) {
            score += c = twin_contribution(&docs[d], q->words[t], factor[t]);
            n_have += c != 0;
            if (!any && c == 0)
                break;
        }
        if (any ? n_have == 0 : n_have < q->n_words)
            continue;
        if (q->kind == PEER_PHRASE && !twin_phrase(&docs[d], q->words))
            continue;
        total++;
        counts[0][docs[d].category]++;
        counts[1][docs[d].place]++;
        if (n_best == PEER_BEST && best[n_best - 1].score >= score)
            continue;
        n_best += n_best < PEER_BEST;
        for (at = n_best - 1; at > 0 && best[at - 1].score < score; at--)
            best[at] = best[at - 1];
        best[at].score = score;
        best[at].key = (int64_t)d + 1;
    }
    for (unsigned dim = 0; dim < 2; dim++)
        for (uint32_t v = 0; v < PEER_PLACES; v++)
            facets += peer_facet_sum(dim, v, counts[dim][v]);
    for (size_t h = 0; h < n_best; h++)
        sum += peer_best_sum(h, best[h].key);
    peer_report(i, NULL, 0, total, facets, sum);
}

void
peer_twin(FILE *corpus)
{
    twin_read(corpus);
    for (size_t i = 0; i < n_questions; i++)
        twin_question(i);
    free(docs);
}
