/* The throttle: how many guesses go through, whoever sends how many. */
#include "web/throttle.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { START = 1000000, MOST_A_MINUTE = 10 };

/* Guess ten times a second for so long; the most that went through in any minute. */
static size_t
most_in_a_minute(struct web_throttle *t, bool many_logins, bool many_networks, int64_t for_s,
                 size_t *ret_total)
{
    static int64_t at[20000];
    size_t n = 0, most = 0;
    for (int64_t s = START; s < START + for_s; s++)
        for (int i = 0; i < 10; i++) {
            char login[32], network[32];
            snprintf(login, sizeof(login), "u%d", many_logins ? (int)(s - START) * 10 + i : 0);
            snprintf(network, sizeof(network), "n%d",
                     many_networks ? (int)(s - START) * 10 + i : 0);
            if (web_throttle_take(t, str_of(login), str_of(network), s) == 0 &&
                n < RG_COUNT(at))
                at[n++] = s;
        }
    for (size_t from = 0, to = 0; to < n; to++) {
        while (at[to] - at[from] >= 60)
            from++;
        if (to - from + 1 > most)
            most = to - from + 1;
    }
    *ret_total = n;
    return most;
}

static void
ten_thousand_guesses_at_one_login_are_ten_a_minute_at_most(void **state)
{
    for (int many = 0; many < 2; many++) { /* from one network, and from thousands */
        struct web_throttle *t = web_throttle_new();
        size_t total;
        assert_in_range(most_in_a_minute(t, false, many, 1000, &total), 1, MOST_A_MINUTE);
        assert_in_range(total, THROTTLE_FREE, 1000 / 60 + MOST_A_MINUTE);
        web_throttle_free(t);
    }
}

static void
a_network_that_tries_many_logins_is_held_too(void **state)
{
    struct web_throttle *t = web_throttle_new();
    size_t total;
    assert_in_range(most_in_a_minute(t, true, false, 1000, &total), 1, MOST_A_MINUTE);
    assert_in_range(total, THROTTLE_FREE, 2 * MOST_A_MINUTE);
    web_throttle_free(t);
}

static void
the_first_mistakes_cost_nothing_and_time_heals(void **state)
{
    struct web_throttle *t = web_throttle_new();
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START), 0);
    assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START), THROTTLE_FIRST_WAIT_S);
    assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START + 5), 1);
    assert_int_equal(web_throttle_take(t, STR("b"), STR("m"), START), 0);
    assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START + 6), 0);
    int64_t later = START + 6 + THROTTLE_FORGET_S;
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), later), 0);
    web_throttle_free(t);
}

static void
a_right_password_clears_the_login_but_not_the_network(void **state)
{
    struct web_throttle *t = web_throttle_new();
    for (int i = 0; i < THROTTLE_FREE - 1; i++)
        assert_int_equal(web_throttle_take(t, STR("victim"), STR("n"), START), 0);
    for (int i = 0; i < 3; i++) { /* the attacker's own account, in between */
        assert_int_equal(web_throttle_take(t, STR("own"), STR("n"), START), 0);
        web_throttle_forgive(t, STR("own"), STR("n"), START, true);
    }
    assert_int_equal(web_throttle_take(t, STR("victim"), STR("n"), START), 0);
    assert_int_equal(web_throttle_take(t, STR("other"), STR("n"), START),
                     THROTTLE_FIRST_WAIT_S);
    assert_true(web_throttle_take(t, STR("victim"), STR("m"), START) > 0);
    web_throttle_forgive(t, STR("victim"), STR("m"), START, true);
    assert_int_equal(web_throttle_take(t, STR("victim"), STR("m"), START), 0);
    web_throttle_free(t);
}

static void
a_flood_of_fresh_names_does_not_free_a_blocked_one(void **state)
{
    struct web_throttle *t = web_throttle_new();
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(web_throttle_take(t, STR("victim"), STR("n"), START), 0);
    for (int i = 0; i < 50000; i++) {
        char name[32];
        snprintf(name, sizeof(name), "x%d", i);
        (void)web_throttle_take(t, str_of(name), str_of(name), START + 1);
    }
    assert_true(web_throttle_take(t, STR("victim"), STR("m"), START + 1) > 0);
    web_throttle_free(t);
}

static void
a_clock_set_back_locks_nobody_out(void **state)
{
    struct web_throttle *t = web_throttle_new();
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START), 0);
    assert_int_equal(web_throttle_take(t, STR("a"), STR("n"), START - 86400), 0);
    web_throttle_free(t);
}

static void
who_only_asks_how_long_is_charged_nothing(void **state)
{
    struct web_throttle *t = web_throttle_new();
    for (int i = 0; i < 100; i++)
        assert_int_equal(web_throttle_wait(t, STR("c"), STR("m"), START), 0);
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(web_throttle_take(t, STR("c"), STR("m"), START), 0);
    assert_int_equal(web_throttle_wait(t, STR("d"), STR("m"), START), THROTTLE_FIRST_WAIT_S);
    assert_int_equal(web_throttle_wait(t, STR("c"), STR("q"), START), THROTTLE_FIRST_WAIT_S);
    assert_int_equal(web_throttle_wait(t, STR("d"), STR("q"), START), 0);
    web_throttle_free(t);
}

static void
a_network_is_a_24_or_a_64(void **state)
{
    static const char *const cases[][2] = {{"192.0.2.17", "192.0.2.0/24"},
                                           {"::ffff:192.0.2.99", "192.0.2.0/24"},
                                           {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
                                           {"::1", "::/64"},
                                           {"", "?"},
                                           {"localhost", "?"},
                                           {"1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3", "?"}};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        char network[WEB_NETWORK_MAX];
        web_network_of(str_of(cases[i][0]), network);
        assert_string_equal(network, cases[i][1]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_guesses_at_one_login_are_ten_a_minute_at_most),
        cmocka_unit_test(a_network_that_tries_many_logins_is_held_too),
        cmocka_unit_test(the_first_mistakes_cost_nothing_and_time_heals),
        cmocka_unit_test(a_right_password_clears_the_login_but_not_the_network),
        cmocka_unit_test(a_flood_of_fresh_names_does_not_free_a_blocked_one),
        cmocka_unit_test(a_clock_set_back_locks_nobody_out),
        cmocka_unit_test(who_only_asks_how_long_is_charged_nothing),
        cmocka_unit_test(a_network_is_a_24_or_a_64),
    };
    return cmocka_run_group_tests_name("web throttle", tests, NULL, NULL);
}
