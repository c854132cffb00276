/* The box for other sites: small, without script or person, the only page that may be framed. */
#include "finder/page_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 300, BOX_BYTES_MAX = 30 * 1024 };

static struct page
page_ask(struct world *w, const char *method, const char *target)
{
    return page_as(w, RG_ROLE_ADMIN, 0, method, target);
}

static void
the_box_asks_for_its_comune_in_a_new_tab(void **state)
{
    struct page p = page_ask(*state, "GET", "/box?comune=001125");
    assert_int_equal(p.ans.status, 200);
    assert_true(p.ans.framed);
    assert_true(says(&p, "Chi mi aiuta a Ivrea?"));
    assert_true(says(&p, "name=\"luogo\" value=\"Ivrea\""));
    assert_true(says(&p, "target=\"_blank\" rel=\"noopener\""));
    assert_true(says(&p, "href=\"tel:112\""));
    assert_true(says(&p, "/cerca?luogo=Ivrea&amp;area="));
    page_done(&p);
    p = page_ask(*state, "GET", "/fr/box");
    assert_true(says(&p, "lang=\"fr\"") && says(&p, "action=\"/fr/cerca\""));
    assert_false(says(&p, "name=\"luogo\""));
    page_done(&p);
}

static void
the_box_is_light_and_holds_nothing_of_who_is_signed_in(void **state)
{
    struct page p = page_ask(*state, "GET", "/box?comune=001272");
    const struct web_asset *sheet = NULL;
    for (size_t i = 0; i < web_n_assets; i++)
        if (str_starts(str_of(web_assets[i].hash_name), STR("box.")))
            sheet = &web_assets[i];
    assert_non_null(sheet);
    assert_true(p.body.n + sheet->n_raw < BOX_BYTES_MAX);
    assert_false(says(&p, "<script"));
    assert_false(says(&p, "csrf"));
    assert_false(says(&p, "Signed In"));
    assert_false(says(&p, "regia.css"));
    for (size_t i = 0; i < p.ans.n_headers; i++)
        assert_string_not_equal(p.ans.headers[i].name, "Set-Cookie");
    page_done(&p);
}

static void
no_other_page_of_the_site_may_be_framed(void **state)
{
    struct world *w = *state;
    const struct web_room *room;
    const struct web_route *route;
    size_t n_seen = 0;
    for (size_t i = 0; (route = web_route_at(w->server, i, &room)); i++) {
        const char *target = route->example ? route->example : route->path;
        if (strcmp(route->method, "GET") != 0 || strchr(target, '{'))
            continue;
        struct page p = page_ask(w, "GET", target);
        if (p.ans.framed != (strcmp(route->path, "/box") == 0))
            fail_msg("%s may be framed: %d", target, p.ans.framed);
        n_seen++;
        page_done(&p);
    }
    assert_true(n_seen > 8);
}

static void
an_unknown_comune_is_an_error_that_may_not_be_framed(void **state)
{
    static const char *const targets[] = {"/box?comune=999999", "/box?comune=Ivrea",
                                          "/box?comune=0011251", "/box?comune=%22%3E%3Cscript%3E",
                                          "/box/istruzioni?comune=999999"};
    for (size_t i = 0; i < RG_COUNT(targets); i++) {
        struct page p = page_ask(*state, "GET", targets[i]);
        assert_true(p.ans.status == 404 || p.ans.status == 400);
        assert_false(p.ans.framed);
        assert_false(says(&p, "\"><script>"));
        page_done(&p);
    }
}

static void
the_instructions_give_a_line_to_paste(void **state)
{
    struct page p = page_ask(*state, "GET", "/en/box/istruzioni?comune=001125");
    assert_int_equal(p.ans.status, 200);
    assert_true(says(&p, "/en/box?comune=001125"));
    assert_true(says(&p, "&lt;iframe src="));
    assert_true(says(&p, "Who can help me in Ivrea?"));
    assert_true(says(&p, "value=\"001125\" selected"));
    assert_false(says(&p, "<iframe"));
    page_done(&p);
}

static int
setup(void **state)
{
    *state = world_new(SERVICES);
    html_asset_table_set(web_asset_url);
    return 0;
}

static int
teardown(void **state)
{
    world_free(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_box_asks_for_its_comune_in_a_new_tab),
        cmocka_unit_test(the_box_is_light_and_holds_nothing_of_who_is_signed_in),
        cmocka_unit_test(no_other_page_of_the_site_may_be_framed),
        cmocka_unit_test(an_unknown_comune_is_an_error_that_may_not_be_framed),
        cmocka_unit_test(the_instructions_give_a_line_to_paste),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
