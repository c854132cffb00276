/* Readers that never wait, beside a writer that never stops: every snapshot is whole. */
#include "search/search.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* cmocka asks for the headers above */
#include <cmocka.h>

enum { N_READERS = 3, N_CHANGES = 300, N_PAIR = 2 };

static const struct search_schema SCHEMA = {.n_fields = 1, .n_dims = 1, .k1 = 1.2f,
                                            .fields = {{1, 0.75f}}};
static struct search_live *live;
static atomic_bool stop;
static atomic_uint n_torn, n_read;

static struct search_index *
index_with_pair(struct rg_ctx *ctx, uint64_t seq)
{
    struct search_builder *b;
    struct search_index *ix;
    char path[64];

    snprintf(path, sizeof path, "/tmp/search_live_test.%d.idx", (int)getpid());
    assert_int_equal(search_builder_new(ctx, &SCHEMA, 1 << 20, &b), RG_OK);
    for (int64_t key = 0; key < N_PAIR; key++) {
        char payload[24];
        int n = snprintf(payload, sizeof payload, "%llu", (unsigned long long)seq);
        struct search_doc doc = {.key = key, .text = {STR("casa")},
                                 .payload = str_n(payload, (size_t)n)};
        assert_int_equal(search_builder_add(ctx, b, seq, &doc), RG_OK);
    }
    assert_int_equal(search_builder_write(ctx, b, seq, path), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(ctx, path, &ix), RG_OK);
    unlink(path);
    return ix;
}

/* The writer changes both documents in one batch, so a reader must never see them differ, nor
 * a search that finds other than two.                                                        */
static void *
reader(void *arg)
{
    struct rg_ctx ctx;
    struct search_alternative alternative = {STR("cas"), 1};
    struct search_term term = {&alternative, 1, 1};
    struct search_query q = {.terms = &term, .n_terms = 1, .k = 5, .total_exact = true};

    if (rg_ctx_init(&ctx, 1 << 20) != RG_OK)
        abort();
    while (!atomic_load(&stop)) {
        const struct search_snapshot *s = search_acquire(live);
        struct search_result r;
        struct str a = STR_NONE, b = STR_NONE;
        bool whole = search_find(s, 0, &a) && search_find(s, 1, &b) && str_eq(a, b)
                     && search_ask(&ctx, s, &q, &r) == RG_OK && r.total == N_PAIR
                     && r.n_hits == N_PAIR && str_eq(r.hits[0].payload, a);
        atomic_fetch_add(&n_torn, !whole);
        atomic_fetch_add(&n_read, 1);
        search_release(live, s);
        rg_arena_reset(ctx.arena);
    }
    rg_ctx_done(&ctx);
    return NULL;
}

static atomic_bool stop_merging;
static atomic_uint n_merged;

static void *
merger(void *arg)
{
    struct rg_ctx ctx;
    char path[64];

    snprintf(path, sizeof path, "/tmp/search_live_test.%d.merged", (int)getpid());
    if (rg_ctx_init(&ctx, 1 << 20) != RG_OK)
        abort();
    while (!atomic_load(&stop_merging)) {
        if (search_live_merge(&ctx, live, 8 << 20, path) != RG_OK)
            abort();
        atomic_fetch_add(&n_merged, 1);
        rg_arena_reset(ctx.arena);
    }
    unlink(path);
    rg_ctx_done(&ctx);
    return NULL;
}

/* Merging all the time beside them: nothing torn, nothing lost. */
static void
a_merge_stops_neither_readers_nor_the_writer(void **state)
{
    struct rg_ctx ctx;
    pthread_t threads[N_READERS + 1];
    struct str payload;

    atomic_store(&stop, false);
    atomic_store(&n_read, 0);
    assert_int_equal(rg_ctx_init(&ctx, 8 << 20), RG_OK);
    assert_int_equal(search_live_new(&ctx, index_with_pair(&ctx, 1), &live), RG_OK);
    for (int i = 0; i <= N_READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i ? reader : merger, NULL), 0);
    for (uint64_t seq = 2; seq < N_CHANGES || atomic_load(&n_merged) < 3; seq++) {
        struct search_change batch[N_PAIR + 1];
        char text[24];
        int n = snprintf(text, sizeof text, "%llu", (unsigned long long)seq);
        for (int64_t key = 0; key < N_PAIR; key++)
            batch[key] = (struct search_change){
                .seq = seq, .doc = {.key = key, .text = {STR("una casa")},
                                    .payload = str_n(text, (size_t)n)}};
        batch[N_PAIR] = (struct search_change){
            .seq = seq, .doc = {.key = 100 + (int64_t)(seq % 50), .text = {STR("altro")},
                                .payload = str_n(text, (size_t)n)}};
        assert_int_equal(search_live_apply(&ctx, live, batch, N_PAIR + 1), RG_OK);
        const struct search_snapshot *s = search_acquire(live); /* the last word is the last */
        assert_true(search_find(s, batch[N_PAIR].doc.key, &payload));
        assert_true(str_eq(payload, str_n(text, (size_t)n)));
        search_release(live, s);
        rg_arena_reset(ctx.arena);
    }
    atomic_store(&stop_merging, true);
    pthread_join(threads[0], NULL);
    while (atomic_load(&n_read) < 1000)
        usleep(1000);
    atomic_store(&stop, true);
    for (int i = 1; i <= N_READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&n_torn), 0);
    assert_int_equal(search_live_merge(&ctx, live, 8 << 20, "/tmp/search_live_test.last"), RG_OK);
    unlink("/tmp/search_live_test.last");
    assert_int_equal(search_live_pending(live), 0);
    search_live_free(live);
    rg_ctx_done(&ctx);
}

static void
readers_see_whole_batches_while_the_writer_swaps(void **state)
{
    struct rg_ctx ctx;
    pthread_t threads[N_READERS];

    assert_int_equal(rg_ctx_init(&ctx, 8 << 20), RG_OK);
    assert_int_equal(search_live_new(&ctx, index_with_pair(&ctx, 1), &live), RG_OK);
    for (int i = 0; i < N_READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, reader, NULL), 0);
    for (uint64_t seq = 2; seq < N_CHANGES; seq++) {
        struct search_change batch[N_PAIR];
        char payload[24];
        int n = snprintf(payload, sizeof payload, "%llu", (unsigned long long)seq);
        for (int64_t key = 0; key < N_PAIR; key++)
            batch[key] = (struct search_change){
                .seq = seq, .doc = {.key = key, .text = {STR("una casa")},
                                    .payload = str_n(payload, (size_t)n)}};
        assert_int_equal(search_live_apply(&ctx, live, batch, N_PAIR), RG_OK);
        if (seq % 50 == 0)
            assert_int_equal(search_live_replace(&ctx, live, index_with_pair(&ctx, seq)),
                             RG_OK);
        rg_arena_reset(ctx.arena);
    }
    while (atomic_load(&n_read) < 1000)
        usleep(1000);
    atomic_store(&stop, true);
    for (int i = 0; i < N_READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&n_torn), 0);
    search_live_free(live);
    rg_ctx_done(&ctx);
}

static void
changes_already_in_the_base_are_passed_over(void **state)
{
    struct rg_ctx ctx;
    struct search_change old = {.seq = 5, .removed = true, .doc.key = 0};
    struct str payload;
    const struct search_snapshot *s;

    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    assert_int_equal(search_live_new(&ctx, index_with_pair(&ctx, 5), &live), RG_OK);
    assert_int_equal(search_live_apply(&ctx, live, &old, 1), RG_OK);
    assert_int_equal(search_live_pending(live), 0);
    s = search_acquire(live);
    assert_true(search_find(s, 0, &payload));
    search_release(live, s);
    old.seq = 6;
    assert_int_equal(search_live_apply(&ctx, live, &old, 1), RG_OK);
    s = search_acquire(live);
    assert_false(search_find(s, 0, &payload));
    assert_int_equal(search_snapshot_docs(s), 1);
    search_release(live, s);
    search_live_free(live);
    rg_ctx_done(&ctx);
}

static void
a_base_with_other_fields_is_not_swapped_in(void **state)
{
    struct rg_ctx ctx;
    struct search_schema other = SCHEMA;
    struct search_builder *b;
    struct search_index *ix;
    char path[64];

    other.fields[0].weight = 2;
    snprintf(path, sizeof path, "/tmp/search_other_test.%d.idx", (int)getpid());
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    assert_int_equal(search_live_new(&ctx, index_with_pair(&ctx, 5), &live), RG_OK);
    assert_int_equal(search_builder_new(&ctx, &other, 1 << 20, &b), RG_OK);
    assert_int_equal(search_builder_write(&ctx, b, 6, path), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(&ctx, path, &ix), RG_OK);
    unlink(path);
    assert_int_equal(search_live_replace(&ctx, live, ix), RG_CONFLICT);
    assert_int_equal(search_live_seq(live), 5);
    search_live_free(live);
    rg_ctx_done(&ctx);
}

static void
an_older_base_is_not_swapped_in(void **state)
{
    struct rg_ctx ctx;

    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    assert_int_equal(search_live_new(&ctx, index_with_pair(&ctx, 5), &live), RG_OK);
    assert_int_equal(search_live_replace(&ctx, live, index_with_pair(&ctx, 4)), RG_CONFLICT);
    assert_int_equal(search_live_seq(live), 5);
    search_live_free(live);
    rg_ctx_done(&ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_whole_batches_while_the_writer_swaps),
        cmocka_unit_test(a_merge_stops_neither_readers_nor_the_writer),
        cmocka_unit_test(an_older_base_is_not_swapped_in),
        cmocka_unit_test(changes_already_in_the_base_are_passed_over),
        cmocka_unit_test(a_base_with_other_fields_is_not_swapped_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
