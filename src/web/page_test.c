#include "web/web.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void
paging_shape(struct rg_ctx *ctx, int64_t page, int64_t n_pages, char *ret_shape, size_t n)
{
    struct web_paging paging;
    assert_int_equal(web_paging_fill(ctx, STR("/s"), STR_NONE, page, 1, n_pages, &paging),
                     RG_OK);
    size_t at = 0;
    for (size_t i = 0; i < paging.n_refs; i++) {
        const struct web_page_ref *ref = &paging.refs[i];
        int wrote = ref->number == 0
                        ? snprintf(ret_shape + at, n - at, " ...")
                        : snprintf(ret_shape + at, n - at, ref->current ? " [%d]" : " %d",
                                   (int)ref->number);
        at += (size_t)wrote;
        assert_true(at < n);
    }
}

static void
paging_shows_the_ends_and_the_neighbours(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    static const struct {
        int64_t page, n_pages;
        const char *shape;
    } cases[] = {
        {1, 1, " [1]"},
        {1, 7, " [1] 2 ... 7"},
        {4, 7, " 1 2 3 [4] 5 6 7"},
        {5, 9, " 1 ... 4 [5] 6 ... 9"},
        {9, 9, " 1 ... 8 [9]"},
        {3, 5, " 1 2 [3] 4 5"},
        {1, 3, " [1] 2 3"},
        {1, 4, " [1] 2 3 4"},
        {50, 99, " 1 ... 49 [50] 51 ... 99"},
        {120, 99, " 1 ... 98 [99]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shape[256];
        paging_shape(&ctx, cases[i].page, cases[i].n_pages, shape, sizeof shape);
        assert_string_equal(shape, cases[i].shape);
    }
}

static void
paging_never_overruns_and_keeps_order(void **state)
{
    for (int64_t n_pages = 1; n_pages < 30; n_pages++) {
        for (int64_t page = 1; page <= n_pages; page++) {
            struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
            assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
            struct web_paging paging;
            assert_int_equal(web_paging_fill(&ctx, STR("/s"), STR("q=a"), page, 20,
                                             n_pages * 20 - 3, &paging),
                             RG_OK);
            assert_int_equal(paging.refs[0].number, 1);
            assert_int_equal(paging.refs[paging.n_refs - 1].number, n_pages);
            int64_t last = 0;
            size_t n_current = 0;
            for (size_t i = 0; i < paging.n_refs; i++) {
                n_current += paging.refs[i].current;
                if (paging.refs[i].number > 0) {
                    assert_true(paging.refs[i].number > last);
                    last = paging.refs[i].number;
                }
            }
            assert_int_equal(n_current, 1);
            assert_int_equal(paging.previous.n == 0, page == 1);
            assert_int_equal(paging.next.n == 0, page == n_pages);
        }
    }
}

static void
days_and_numbers_are_worded_and_what_is_no_day_stays(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    (void)state;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    ctx.lang = RG_IT;
    assert_true(str_is(web_day(&ctx, STR("2023-11-10")), "10 novembre 2023"));
    assert_true(str_is(web_day(&ctx, STR("2023-05")), "2023-05"));
    assert_true(str_is(web_day(&ctx, STR("2023-02-30")), "2023-02-30"));
    assert_int_equal(web_day(&ctx, STR("")).n, 0);
    assert_true(str_is(web_number(&ctx, 1234567), "1.234.567"));
    assert_true(str_eq(web_date(&ctx, rg_days_of(2023, 11, 10)), web_day(&ctx, STR("2023-11-10"))));
    /* Half past eleven at night in London is the next day in Rome. */
    assert_true(str_starts(web_moment(&ctx, rg_days_of(2023, 11, 9) * 86400 + 84600),
                           STR("10 novembre 2023")));
}

static void
paging_gives_each_page_one_address(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    struct web_paging paging;
    assert_int_equal(
        web_paging_fill(&ctx, STR("/servizi"), STR("q=a%20b"), 2, 20, 137, &paging), RG_OK);
    assert_int_equal(paging.first, 21);
    assert_int_equal(paging.last, 40);
    assert_true(str_is(paging.previous, "/servizi?q=a%20b"));
    assert_true(str_is(paging.next, "/servizi?q=a%20b&pagina=3"));
    assert_int_equal(web_paging_fill(&ctx, STR("/servizi"), STR_NONE, 7, 20, 137, &paging),
                     RG_OK);
    assert_int_equal(paging.last, 137);
    assert_true(str_is(paging.previous, "/servizi?pagina=6"));
    assert_true(str_is(paging.refs[0].path, "/servizi"));
    assert_int_equal(web_paging_fill(&ctx, STR("/servizi"), STR_NONE, 1, 20, 0, &paging),
                     RG_OK);
    assert_int_equal(paging.first, 0);
    assert_int_equal(paging.last, 0);
}

static void
paging_refuses_what_is_no_page(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    struct web_paging paging;
    assert_int_equal(web_paging_fill(&ctx, STR("/s"), STR_NONE, 0, 20, 9, &paging), RG_INVALID);
    rg_story_clear(&ctx);
    assert_int_equal(web_paging_fill(&ctx, STR("/s"), STR_NONE, 1, 0, 9, &paging), RG_INVALID);
    rg_story_clear(&ctx);
    assert_int_equal(web_paging_fill(&ctx, STR("/s"), STR_NONE, 1, 20, -1, &paging),
                     RG_INVALID);
}

static void
a_check_ages_after_half_a_year_and_a_year(void **state)
{
    assert_int_equal(web_fresh_level(-1, 20000), WEB_FRESH_NEVER);
    assert_int_equal(web_fresh_level(20000, 20000), WEB_FRESH_NEW);
    assert_int_equal(web_fresh_level(20003, 20000), WEB_FRESH_NEW);
    assert_int_equal(web_fresh_level(20000 - 183, 20000), WEB_FRESH_NEW);
    assert_int_equal(web_fresh_level(20000 - 184, 20000), WEB_FRESH_AGING);
    assert_int_equal(web_fresh_level(20000 - 365, 20000), WEB_FRESH_AGING);
    assert_int_equal(web_fresh_level(20000 - 366, 20000), WEB_FRESH_OLD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paging_shows_the_ends_and_the_neighbours),
        cmocka_unit_test(paging_never_overruns_and_keeps_order),
        cmocka_unit_test(days_and_numbers_are_worded_and_what_is_no_day_stays),
        cmocka_unit_test(paging_gives_each_page_one_address),
        cmocka_unit_test(paging_refuses_what_is_no_page),
        cmocka_unit_test(a_check_ages_after_half_a_year_and_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
