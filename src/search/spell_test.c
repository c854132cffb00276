/* Near terms: the examples people stumble over, and the textbook table on random words. */
#include "search/index_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* cmocka asks for the headers above */
#include <cmocka.h>

static struct rg_ctx ctx;

static unsigned
below(unsigned n)
{
    return (unsigned)(rg_chance(&ctx) % n);
}

static struct search_index *
index_of(enum search_lang lang, size_t n, const char *const *texts)
{
    static const struct search_schema schema = {.n_fields = 1, .k1 = 1.2f,
                                                .fields = {{1, 0.75f}}};
    struct search_builder *b;
    struct search_index *ix;
    char path[64];

    snprintf(path, sizeof path, "/tmp/search_spell_test.%d.idx", (int)getpid());
    assert_int_equal(search_builder_new(&ctx, &schema, 16 << 20, &b), RG_OK);
    for (size_t i = 0; i < n; i++) {
        struct search_doc doc = {.key = (int64_t)i, .lang = lang, .text = {str_of(texts[i])}};
        assert_int_equal(search_builder_add(&ctx, b, 1, &doc), RG_OK);
    }
    assert_int_equal(search_builder_write(&ctx, b, 1, path), RG_OK);
    search_builder_free(b);
    assert_int_equal(search_index_open(&ctx, path, &ix), RG_OK);
    unlink(path);
    return ix;
}

static void
misspelt_words_find_their_term(void **state)
{
    static const char *const texts[] = {"affitto affitto", "affitti e medico",
                                        "medicina anziani",
                                        "disoccupazione", "affetto", "affetto", "affetto"};
    struct search_live *live;
    const struct search_suggestion *list;
    const struct search_snapshot *s;
    size_t n;

    struct search_index *ix = index_of(SEARCH_IT, RG_COUNT(texts), texts);

    assert_int_equal(search_live_new(&ctx, ix, &live), RG_OK);
    s = search_acquire(live);
    assert_int_equal(search_spell(&ctx, s, STR("afitt"), 5, &list, &n), RG_OK);
    assert_int_equal(n, 1);
    assert_true(str_is(list[0].term, "affitt"));
    assert_int_equal(list[0].n_docs, 2);
    assert_int_equal(search_spell(&ctx, s, STR("affitt"), 5, &list, &n), RG_OK);
    assert_int_equal(n, 1);
    assert_true(str_is(list[0].term, "affett"));
    assert_int_equal(search_spell(&ctx, s, STR("emdic"), 5, &list, &n), RG_OK); /* swapped */
    assert_int_equal(n, 1);
    assert_int_equal(list[0].distance, 1);
    assert_int_equal(search_spell(&ctx, s, STR("dsocccup"), 5, &list, &n), RG_OK);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].distance, 2);
    assert_int_equal(search_spell(&ctx, s, STR("zzzz"), 5, &list, &n), RG_OK);
    assert_int_equal(n, 0);
    assert_int_equal(search_prefix(&ctx, s, STR("aff"), 5, &list, &n), RG_OK);
    assert_int_equal(n, 2);
    assert_true(str_is(list[0].term, "affett"));
    assert_int_equal(search_prefix(&ctx, s, STR(""), 3, &list, &n), RG_OK);
    assert_int_equal(n, 3);
    search_release(live, s);
    search_live_free(live);
}

/* The textbook table, whole. */
static unsigned
slow_distance(struct str a, struct str b)
{
    unsigned d[SEARCH_TERM_MAX + 1][SEARCH_TERM_MAX + 1];

    for (size_t i = 0; i <= a.n; i++)
        for (size_t j = 0; j <= b.n; j++) {
            unsigned best = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : UINT32_MAX;
            if (i && d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (j && d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i && j && d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]) < best)
                best = d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1]
                && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[a.n][b.n];
}

static void
spelling_finds_every_near_term_and_no_other(void **state)
{
    static char texts[400][16];
    static const char *pointers[400];
    struct search_live *live;
    const struct search_snapshot *s;
    struct search_index *ix;

    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        size_t n = 3 + below(9);
        for (size_t j = 0; j < n; j++)
            texts[i][j] = (char)('a' + below(3));
        texts[i][n] = '\0';
        pointers[i] = texts[i];
    }
    ix = index_of(SEARCH_PLAIN, RG_COUNT(texts), pointers);
    assert_int_equal(search_live_new(&ctx, ix, &live), RG_OK);
    s = search_acquire(live);
    for (unsigned round = 0; round < 300; round++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        char word[16];
        size_t n = 1 + below(11), near = 0, n_list;
        const struct search_suggestion *list;
        for (size_t j = 0; j < n; j++)
            word[j] = (char)('a' + below(3));
        for (uint32_t t = 0; t < ix->n_terms; t++) {
            unsigned d = slow_distance(search_index_term(ix, t), str_n(word, n));
            near += d > 0 && d <= (n >= 8 ? 2u : 1u);
        }
        assert_int_equal(search_spell(&ctx, s, str_n(word, n), 64, &list, &n_list), RG_OK);
        assert_int_equal(n_list, near < 64 ? near : 64);
        for (size_t i = 0; i < n_list; i++)
            assert_int_equal(list[i].distance, slow_distance(list[i].term, str_n(word, n)));
        rg_arena_release(ctx.arena, mark);
    }
    search_release(live, s);
    search_live_free(live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misspelt_words_find_their_term),
        cmocka_unit_test(spelling_finds_every_near_term_and_no_other),
    };

    if (rg_ctx_init(&ctx, 16 << 20) != RG_OK)
        return 1;
    ctx.chance = 20261124;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    rg_ctx_done(&ctx);
    return failures;
}
