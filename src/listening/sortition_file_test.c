/* A published draw: what was written is found true, and each thing that is touched is found out. */
#include "listening/sortition_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static struct rg_ctx ctx;
static struct rg_buf json;
static struct sortition_pool pool;
static char people[4096];

static const char quotas[] = "category,value,min,max\n"
                             "genere,F,5,5\ngenere,M,5,5\neta,giovani,1,2\n";

static int
draw_make(void **state)
{
    (void)state;
    size_t n = (size_t)snprintf(people, sizeof(people), "id,genere,eta\n");
    for (int i = 0; i < 60; i++)
        n += (size_t)snprintf(people + n, sizeof(people) - n, "p%02d,%s,%s\n", i,
                              i % 3 ? "F" : "M", i % 4 ? "giovani" : "altri");
    struct sortition_outcome outcome;
    assert_int_equal(rg_ctx_init(&ctx, 64 << 20), RG_OK);
    assert_int_equal(sortition_pool_read(&ctx, "p", str_of(people), "q", str_of(quotas), 10,
                                         &pool),
                     RG_OK);
    assert_int_equal(sortition_run(&ctx, &pool, STR("neve"), NULL, &outcome), RG_OK);
    assert_int_equal(outcome.result, SORTITION_DRAWN);
    rg_buf_init(&json, 8 << 20);
    sortition_json(&json, &pool, STR("neve"), &outcome);
    assert_false(json.failed);
    return 0;
}

static int
draw_done(void **state)
{
    (void)state;
    rg_buf_done(&json);
    rg_ctx_done(&ctx);
    return 0;
}

static void
found_in(struct str text, bool found[SORTITION_CHECK__MAX])
{
    struct sortition_published published;
    assert_int_equal(sortition_published_read(&ctx, "d", text, &published), RG_OK);
    assert_int_equal(sortition_published_check(&ctx, &pool, &published, NULL, found), RG_OK);
}

static void
what_was_drawn_is_found_true(void **state)
{
    (void)state;
    bool found[SORTITION_CHECK__MAX];
    found_in(rg_buf_view(&json), found);
    for (size_t i = 0; i < SORTITION_CHECK__MAX; i++)
        assert_true(found[i]);
}

/* The first place of a text becomes another; which check says so. */
static void
what_is_touched_is_found_out(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum sortition_check by;
    } touched[] = {
        {"\"pool_blake2b\":\"", "\"pool_blake2b\":\"0", SORTITION_CHECK_POOL},
        {"\"people\":60", "\"people\":61", SORTITION_CHECK_POOL},
        {"\"max\":2", "\"max\":3", SORTITION_CHECK_QUOTAS},
        {"\"lottery\":[[", "\"lottery\":[[0,", SORTITION_CHECK_PANELS},
        {"\"lottery\":[[", "\"lottery\":[[],[", SORTITION_CHECK_PANELS},
        {"\"lottery\":[[", "\"lottery\":[[9999", SORTITION_CHECK_PANELS},
        {"\"p00\":0.", "\"p00\":0.9", SORTITION_CHECK_CHANCES},
        {"\"chance_min\":0.", "\"chance_min\":0.1", SORTITION_CHECK_CHANCES},
        {"\"seed\":\"neve\"", "\"seed\":\"sole\"", SORTITION_CHECK_NUMBER},
        {"\"panel\":[\"p", "\"panel\":[\"q", SORTITION_CHECK_NUMBER},
        {"\"points\":", "\"points\":7", SORTITION_CHECK_PROOF},
        {"\"seat_points\":", "\"seat_points\":3", SORTITION_CHECK_PROOF},
        {"\"bound\":{\"num\":", "\"bound\":{\"num\":1", SORTITION_CHECK_PROOF},
        {"\"bound_all\":{\"num\":", "\"bound_all\":{\"num\":1", SORTITION_CHECK_AGAIN},
        {"regia-sortition-2", "regia-sortition-1", SORTITION_CHECK_AGAIN},
    };
    for (size_t i = 0; i < RG_COUNT(touched); i++) {
        struct str all = rg_buf_view(&json), from = str_of(touched[i].from);
        ptrdiff_t at = str_find(all, from);
        bool found[SORTITION_CHECK__MAX];
        if (at < 0)
            fail_msg("%s is not in the file", touched[i].from);
        RG_CLEANUP(rg_buf_done) struct rg_buf other;
        rg_buf_init(&other, 8 << 20);
        rg_buf_str(&other, str_n(all.p, (size_t)at));
        rg_buf_str(&other, str_of(touched[i].to));
        rg_buf_str(&other, str_n(all.p + at + from.n, all.n - (size_t)at - from.n));
        found_in(rg_buf_view(&other), found);
        if (found[touched[i].by])
            fail_msg("%s passed for true", touched[i].to);
    }
}

/* Whoever changes what is drawn changes the rule, and must give it another name: draws made under
 * the old one have been published.                                                           */
static void
the_rule_is_the_one_of_that_name(void **state)
{
    (void)state;
    static char many[64 * 1024];
    struct sortition_pool large;
    struct sortition_outcome outcome;
    size_t n = (size_t)snprintf(many, sizeof(many), "id,a,b,c,d\n");
    for (unsigned i = 0; i < 500; i++)
        n += (size_t)snprintf(many + n, sizeof(many) - n, "p%03u,%u,%u,%u,%u\n", i, i % 3,
                              i * 7 % 11 % 4, i * i % 5, i * i * i % 7);
    assert_int_equal(sortition_pool_read(&ctx, "p", str_of(many), "q", STR_NONE, 40, &large),
                     RG_OK);
    assert_int_equal(sortition_run(&ctx, &large, STR("neve"), NULL, &outcome), RG_OK);
    assert_int_equal(outcome.result, SORTITION_DRAWN);
    assert_false(outcome.draw.searched);
    uint64_t hash = sortition_seed(str_n((const char *)outcome.draw.panels,
                                         sizeof(uint32_t) * SORTITION_PANELS * 40));
    print_message("%u to %u in 1000; %016llX\n", outcome.draw.least, outcome.draw.most,
                  (unsigned long long)hash);
    assert_string_equal(SORTITION_METHOD, "regia-sortition-2");
    assert_true(hash == 0x6A5BB0ABE6EAE23Du);
}

static void
what_is_no_draw_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{}", "[]", "{\"seed\":\"x\"}",
                                        "{\"seed\":1,\"size\":0}",
                                        "id,genere", "{\"seed\":\"x\",\"size\":\"y\"}"};
    struct sortition_published published;
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        rg_story_clear(&ctx);
        assert_int_equal(sortition_published_read(&ctx, "d", str_of(texts[i]), &published),
                         RG_INVALID);
    }
    bool found[SORTITION_CHECK__MAX];
    found_in(STR("{\"seed\":\"neve\",\"size\":10}"), found);
    for (size_t i = 0; i < SORTITION_CHECK__MAX; i++)
        assert_false(found[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_drawn_is_found_true),
        cmocka_unit_test(what_is_touched_is_found_out),
        cmocka_unit_test(the_rule_is_the_one_of_that_name),
        cmocka_unit_test(what_is_no_draw_is_refused),
    };
    return cmocka_run_group_tests(tests, draw_make, draw_done);
}
