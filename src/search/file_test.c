/* The file, the query's bounds, and a whole life: small indexes of a few words. What is ranked
 * and counted is tried against a slow twin in index_test.c.                                  */
#include "search/index_priv.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* cmocka asks for the headers above */
#include <cmocka.h>

enum { N_DIMS = 3 };

static const struct search_schema SCHEMA = {
    .n_fields = 3, .n_dims = N_DIMS, .k1 = 1.2f, .listed = 1u << 0 | 1u << 1,
    .fields = {{5, 0.3f}, {2, 0.5f}, {1, 0.75f}},
};

static struct rg_ctx ctx;

static const char *
scratch_path(void)
{
    static char path[64];

    snprintf(path, sizeof path, "/tmp/search_file_test.%d.idx", (int)getpid());
    return path;
}

/* A one-field document: it has what all have in the first dimension, what half of them have in the
 * second.                                                                                    */
static void
add_text(struct search_builder *b, uint64_t seq, int64_t key, struct str text)
{
    const struct search_facet_value facets[] = {{0, 1}, {1, (uint32_t)(key & 1)}};
    struct search_doc doc = {.key = key, .text = {text}, .facets = facets, .n_facets = 2};

    assert_int_equal(search_builder_add(&ctx, b, seq, &doc), RG_OK);
}

static struct search_index *
small_index(uint64_t seq, size_t n, const char *const *texts)
{
    struct search_builder *b;
    struct search_index *ix;

    assert_int_equal(search_builder_new(&ctx, &SCHEMA, 16 << 20, &b), RG_OK);
    for (size_t i = 0; i < n; i++)
        add_text(b, seq, (int64_t)i, str_of(texts[i]));
    assert_int_equal(search_builder_write(&ctx, b, seq, scratch_path()), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(&ctx, scratch_path(), &ix), RG_OK);
    unlink(scratch_path());
    return ix;
}

static void
a_rebuilt_base_keeps_newer_changes_and_old_readers(void **state)
{
    static const char *const first[] = {"casa", "lavoro"}, *const second[] = {"casa", "scuola"};
    struct search_live *live;
    struct search_change c = {.seq = 5, .doc = {.key = 1, .text = {STR("scuola")}}};
    const struct search_snapshot *old, *new;

    assert_int_equal(search_live_new(&ctx, small_index(4, 2, first), &live), RG_OK);
    assert_int_equal(search_live_apply(&ctx, live, &c, 1), RG_OK);
    old = search_acquire(live);
    assert_int_equal(search_term_docs(old, STR("scuol")), 1);
    c = (struct search_change){.seq = 6, .doc = {.key = 9, .text = {STR("medico")}}};
    assert_int_equal(search_live_apply(&ctx, live, &c, 1), RG_OK);
    assert_int_equal(search_live_pending(live), 2);
    assert_int_equal(search_live_replace(&ctx, live, small_index(5, 2, second)), RG_OK);
    assert_int_equal(search_live_pending(live), 1);
    assert_int_equal(search_live_seq(live), 6);
    new = search_acquire(live);
    assert_int_equal(search_term_docs(new, STR("medic")), 1);
    assert_int_equal(search_term_docs(new, STR("lavor")), 0);
    assert_int_equal(search_snapshot_docs(new), 3);
    assert_int_equal(search_term_docs(old, STR("medic")), 0);
    assert_int_equal(search_term_docs(old, STR("lavor")), 1);
    assert_int_equal(search_snapshot_seq(old), 5);
    struct str payload;
    assert_true(search_find(new, 9, &payload));
    assert_false(search_find(old, 9, &payload));
    search_release(live, old);
    search_release(live, new);
    search_live_free(live);
}

/* A point anywhere, often near a pole, the line of the date, or a place where others are. */
static void
random_point(int32_t *lat_e7, int32_t *lon_e7)
{
    static const int32_t lats[] = {-900000000, -899000000, 0, 450703393, 899000000, 900000000};
    static const int32_t lons[] = {-1800000000, -1799000000, 0, 76869005, 1799000000, 1800000000};
    int64_t spread = rg_chance(&ctx) % 3 ? 20000000 : 1800000000;
    int64_t lat = lats[rg_chance(&ctx) % RG_COUNT(lats)]
                  + (int64_t)(rg_chance(&ctx) % 1000) * spread / 1000 - spread / 2;
    int64_t lon = lons[rg_chance(&ctx) % RG_COUNT(lons)]
                  + (int64_t)(rg_chance(&ctx) % 1000) * spread / 1000 - spread / 2;

    *lat_e7 = (int32_t)(lat < -900000000 ? -900000000 : lat > 900000000 ? 900000000 : lat);
    *lon_e7 = (int32_t)(lon < -1800000000 ? -1800000000 : lon > 1800000000 ? 1800000000 : lon);
}

static void
distances_hold_at_the_poles_and_the_line_of_the_date(void **state)
{
    enum { N = 600 };
    static int32_t points[N][2];
    struct search_alternative alternative = {STR("cas"), 1};
    struct search_term term = {&alternative, 1, 1};
    struct search_builder *b;
    struct search_index *ix;
    struct search_live *live;

    assert_int_equal(search_builder_new(&ctx, &SCHEMA, 16 << 20, &b), RG_OK);
    for (int64_t i = 0; i < N; i++) {
        struct search_doc doc = {.key = i, .text = {STR("casa")}, .has_point = true};
        random_point(&doc.lat_e7, &doc.lon_e7);
        points[i][0] = doc.lat_e7;
        points[i][1] = doc.lon_e7;
        assert_int_equal(search_builder_add(&ctx, b, 1, &doc), RG_OK);
    }
    assert_int_equal(search_builder_write(&ctx, b, 1, scratch_path()), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(&ctx, scratch_path(), &ix), RG_OK);
    unlink(scratch_path());
    assert_int_equal(search_live_new(&ctx, ix, &live), RG_OK);
    const struct search_snapshot *s = search_acquire(live);
    for (unsigned round = 0; round < 2000; round++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        struct search_query q = {.terms = &term, .n_terms = 1, .k = 1, .near = true,
                                 .total_exact = true};
        struct search_result r;
        double nearest = INFINITY;
        size_t within = 0;
        random_point(&q.lat_e7, &q.lon_e7);
        q.half_m = 1 + (double)(rg_chance(&ctx) % 100000);
        q.radius_m = round % 3 ? (double)(rg_chance(&ctx) % (round % 2 ? 60000 : 20000000)) : 0;
        for (size_t i = 0; i < N; i++) {
            double d = rg_distance_m(q.lat_e7, q.lon_e7, points[i][0], points[i][1]);
            within += q.radius_m == 0 || d <= q.radius_m;
            nearest = d < nearest ? d : nearest;
        }
        assert_int_equal(search_ask(&ctx, s, &q, &r), RG_OK);
        assert_int_equal(r.total, within);
        assert_int_equal(r.n_hits, within > 0);
        if (within)
            assert_true(r.hits[0].distance_m <= nearest + 1e-3); /* a pole has many longitudes */
        rg_arena_release(ctx.arena, mark);
    }
    search_release(live, s);
    search_live_free(live);
}

/* One window meets the list of the later document first. */
static void
equal_scores_stand_by_key_whichever_list_comes_first(void **state)
{
    static const char *const texts[] = {"altro", "casa", "altro", "medico", "altro"};
    struct search_alternative alternatives[2] = {{STR("medic"), 1}, {STR("cas"), 1}};
    struct search_term terms[2] = {{&alternatives[0], 1, 1}, {&alternatives[1], 1, 1}};
    struct search_live *live;
    struct search_result r;

    assert_int_equal(search_live_new(&ctx, small_index(1, RG_COUNT(texts), texts), &live), RG_OK);
    const struct search_snapshot *s = search_acquire(live);
    for (size_t k = 1; k <= 2; k++) {
        struct search_query q = {.terms = terms, .n_terms = 2, .k = k};
        assert_int_equal(search_ask(&ctx, s, &q, &r), RG_OK);
        assert_int_equal(r.n_hits, k);
        assert_int_equal(r.hits[0].key, 1);
        assert_true(r.hits[0].score == r.hits[k - 1].score);
    }
    search_release(live, s);
    search_live_free(live);
}

/* Words are written in 7 bits a byte: the tail of one may look like another. */
static void
a_phrase_begins_where_a_word_begins(void **state)
{
    enum { N = 200 };
    static char bytes[N][16];
    static const char *texts[N];
    struct search_alternative alternatives[2] = {{STR("t004"), 1}, {STR("t006"), 1}};
    struct search_term terms[2] = {{&alternatives[0], 1, 1}, {&alternatives[1], 1, 1}};
    struct search_phrase phrase = {.n = 2, .required = true};
    struct search_query q = {.terms = terms, .n_terms = 2, .k = 9, .phrases = &phrase,
                             .n_phrases = 1};
    struct search_result r;

    for (unsigned i = 0; i < N; i++) { /* each once: ranks go by bytes, t132 is 0x81 0x05 */
        snprintf(bytes[i], sizeof bytes[i], i == 6 ? "t132 t%03u" : i == 132 ? "" : "t%03u", i);
        texts[i] = bytes[i];
    }
    for (int whole = 0; whole < 2; whole++) {
        struct search_live *live;
        assert_int_equal(search_live_new(&ctx, small_index(1, N, texts), &live), RG_OK);
        const struct search_snapshot *s = search_acquire(live);
        assert_int_equal(search_ask(&ctx, s, &q, &r), RG_OK);
        assert_int_equal(r.n_hits, whole);
        search_release(live, s);
        search_live_free(live);
        texts[6] = "t004 t006";
        texts[4] = "t132";
    }
}

static void
damaged_files_are_refused(void **state)
{
    static const char *const texts[] = {"casa lavoro", "casa", "scuola", "medico casa"};
    struct search_index *ix = small_index(3, RG_COUNT(texts), texts), *bad;
    size_t n = (size_t)ix->header->file_bytes;
    char *copy = aligned_alloc(16, (n + 15) / 16 * 16);

    assert_non_null(copy);
    memcpy(copy, ix->header, n);
    for (size_t cut = 0; cut < n; cut += 7)
        assert_int_equal(search_index_of_bytes(&ctx, str_n(copy, cut), &bad), RG_INVALID);
    for (size_t i = 0; i < sizeof(struct search_header); i++) {
        copy[i] ^= 0x40;
        assert_int_equal(search_index_of_bytes(&ctx, str_n(copy, n), &bad), RG_INVALID);
        copy[i] ^= 0x40;
    }
    static const struct { unsigned col; uint8_t byte, at; } planted[] = {
        {COL_POST_DOC, 99, 0}, {COL_RUN_CHUNK, 1, 0},  {COL_RUN_POST, 200, 0}, {COL_TERM_RUN, 7, 0},
        {COL_WORDS_AT, 9, 0},  {COL_PAYLOAD_AT, 1, 0}, {COL_LIST_AT, 1, 0},
        {COL_LIST, 0x1F, 0}, /* of a row of bits, the fifth of four documents */
        {COL_LIST, 1, 31},   /* ... one far beyond                            */
        {COL_LIST, 9, 32},   /* of a list, a tenth document                   */
        {COL_LIST, 3, 32},   /* ... its first after its second                */
    };
    for (size_t i = 0; i < RG_COUNT(planted); i++) {
        char *byte = copy + ix->header->columns[planted[i].col].at + planted[i].at, was = *byte;
        *byte = (char)planted[i].byte;
        assert_int_equal(search_index_of_bytes(&ctx, str_n(copy, n), &bad), RG_INVALID);
        *byte = was;
    }
    assert_int_equal(search_index_of_bytes(&ctx, str_n(copy, n), &bad), RG_OK);
    search_index_free(bad);
    assert_int_equal(search_index_open(&ctx, "/tmp/no-such-index", &bad), RG_ABSENT);
    assert_int_equal(search_index_open(&ctx, "/dev/null", &bad), RG_INVALID);
    free(copy);
    search_index_free(ix);
    rg_story_clear(&ctx);
}

static void
queries_outside_the_limits_are_refused(void **state)
{
    static const char *const texts[] = {"casa"};
    struct search_live *live;
    const struct search_snapshot *s;
    struct search_result r;
    struct search_term term = {.weight = NAN};
    struct search_filter filter = {.dim = N_DIMS};
    struct search_phrase past = {.first = 0, .n = 1};
    const struct search_query bad[] = {
        {.terms = &term, .n_terms = 1},     {.n_terms = SEARCH_QUERY_TERMS_MAX + 1},
        {.n_match_min = 1},                 {.filters = &filter, .n_filters = 1},
        {.k = SEARCH_QUERY_DEPTH_MAX + 1},  {.facet_dims = 1u << N_DIMS},
        {.near = true, .radius_m = -1},     {.offset = SIZE_MAX, .k = 2},
        {.phrases = &past, .n_phrases = 1}, {.n_phrases = SEARCH_QUERY_PHRASES_MAX + 1},
    };

    assert_int_equal(search_live_new(&ctx, small_index(1, 1, texts), &live), RG_OK);
    s = search_acquire(live);
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_int_equal(search_ask(&ctx, s, &bad[i], &r), RG_INVALID);
    rg_story_clear(&ctx);
    search_release(live, s);
    search_live_free(live);
}

/* A whole life: build, write, open, live, change, ask, replace. */
static enum rg_err
whole_life(struct rg_ctx *c)
{
    struct search_builder *b = NULL;
    struct search_index *ix;
    struct search_live *live = NULL;
    struct search_result r;
    struct search_alternative alt[2] = {{STR("cas"), 1}, {STR("scuol"), 1}};
    struct search_term terms[2] = {{alt, 2, 1}, {alt, 1, 1}};
    struct search_facet_value facets[] = {{0, 1}, {1, 2}, {1, 3}};
    struct search_doc doc = {.key = 1, .text = {STR("casa"), STR("scuola")}, .facets = facets,
                             .n_facets = 3, .payload = STR("x")};
    struct search_change change = {.seq = 9, .doc = doc};
    struct search_query q = {.terms = terms, .n_terms = 2, .k = 3, .facet_dims = 7};
    enum rg_err err = search_builder_new(c, &SCHEMA, 1 << 20, &b);

    if (!err)
        err = search_builder_add(c, b, 1, &doc);
    if (!err)
        err = search_builder_write(c, b, 1, scratch_path());
    if (!err)
        err = search_index_open(c, scratch_path(), &ix);
    if (!err)
        err = search_live_new(c, ix, &live);
    if (!err)
        err = search_live_apply(c, live, &change, 1);
    if (!err) {
        const struct search_snapshot *s = search_acquire(live);
        err = search_ask(c, s, &q, &r);
        search_release(live, s);
    }
    if (!err)
        err = search_live_merge(c, live, 1 << 20, scratch_path());
    if (!err)
        err = search_index_open(c, scratch_path(), &ix);
    if (!err)
        err = search_live_replace(c, live, ix);
    search_live_free(live);
    search_builder_free(b);
    return err;
}

static void
every_failed_allocation_is_survived(void **state)
{
    long n = 0;
    enum rg_err err;

    do {
        struct rg_ctx c;
        rg_alloc_fail_after(0);
        assert_int_equal(rg_ctx_init(&c, 1 << 20), RG_OK);
        rg_alloc_fail_after(++n);
        err = whole_life(&c);
        rg_alloc_fail_after(0);
        if (err != RG_OK && err != RG_LIMIT)
            fail_msg("allocation %ld: %s at %s:%d", n, c.story.key, c.story.file, c.story.line);
        rg_ctx_done(&c);
    } while (err != RG_OK && n < 1000);
    assert_int_equal(err, RG_OK);
    assert_true(n > 20);
    unlink(scratch_path());
}

static void
a_batch_that_fails_changes_nothing(void **state)
{
    static const char *const texts[] = {"casa"};
    struct search_facet_value stray = {99, 1};
    struct search_change batch[2] = {
        {.seq = 2, .doc = {.key = 5, .text = {STR("scuola")}}},
        {.seq = 3, .doc = {.key = 6, .facets = &stray, .n_facets = 1}},
    };
    struct search_live *live;
    const struct search_snapshot *s;

    assert_int_equal(search_live_new(&ctx, small_index(1, 1, texts), &live), RG_OK);
    assert_int_equal(search_live_apply(&ctx, live, batch, 2), RG_INVALID);
    rg_story_clear(&ctx);
    assert_int_equal(search_live_seq(live), 1);
    assert_int_equal(search_live_pending(live), 0);
    assert_int_equal(search_live_apply(&ctx, live, batch, 1), RG_OK);
    s = search_acquire(live);
    assert_int_equal(search_snapshot_docs(s), 2);
    search_release(live, s);
    search_live_free(live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rebuilt_base_keeps_newer_changes_and_old_readers),
        cmocka_unit_test(a_batch_that_fails_changes_nothing),
        cmocka_unit_test(a_phrase_begins_where_a_word_begins),
        cmocka_unit_test(equal_scores_stand_by_key_whichever_list_comes_first),
        cmocka_unit_test(distances_hold_at_the_poles_and_the_line_of_the_date),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(queries_outside_the_limits_are_refused),
        cmocka_unit_test(every_failed_allocation_is_survived),
    };

    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 1;
    ctx.chance = 20261128;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    rg_ctx_done(&ctx);
    return failures;
}
