/* What the ranking claims, and a slow twin on random small worlds. */
#include "finder/kernel.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { WORLDS = 300, SERVICES_MAX = 40 };

static const struct finder_asked near_me = {.has_place = true, .day = 20000};

static struct finder_candidate
plain(int64_t id)
{
    return (struct finder_candidate){.service_id = id, .org_id = id, .need_score = 0.8,
        .need_ix = 1, .text_score = 0.5, .distance_m = 3000, .reach = FINDER_REACH_UNKNOWN,
        .minutes = -1, .verified_days = 100};
}

static void
better_is_never_worse(void **state)
{
    struct finder_candidate c = plain(1), d = c;
    double base = finder_score(&c, &near_me);
    assert_true(base > 0 && base < 1);
    d.need_score = 0.9;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.distance_m = 1000;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.audience = FINDER_FITS;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.audience = FINDER_FITS_NOT;
    assert_true(finder_score(&d, &near_me) < base);
    d = c, d.open = FINDER_OPEN_NOW, d.minutes = 90;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.verified_days = 900;
    assert_true(finder_score(&d, &near_me) < base);
    d = c, d.reach = FINDER_REACH_COMUNE;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.distance_m = -1;
    assert_true(finder_score(&d, &near_me) < base);
    d = c, d.room = FINDER_FITS;
    assert_true(finder_score(&d, &near_me) > base);
    d = c, d.room = FINDER_FITS_NOT;
    assert_true(finder_score(&d, &near_me) < base);
    d = c, d.age = FINDER_FITS_NOT;
    assert_true(finder_score(&d, &near_me) < base);
    struct finder_asked told = near_me;
    told.when = told.cheap = true;
    base = finder_score(&c, &told);
    d = c, d.when = FINDER_FITS;
    assert_true(finder_score(&d, &told) > base);
    d = c, d.when = FINDER_FITS_NOT;
    assert_true(finder_score(&d, &told) < base);
    d = c, d.cost = FINDER_FITS;
    assert_true(finder_score(&d, &told) > base);
    d = c, d.cost = FINDER_FITS_NOT;
    assert_true(finder_score(&d, &told) < base);
    assert_true(finder_score(&d, &near_me) == finder_score(&c, &near_me)); /* not asked for */
    d = c, d.distance_m = -1;
    struct finder_candidate far = c;
    far.distance_m = 60000;
    assert_true(finder_score(&d, &near_me) > finder_score(&far, &near_me));
}

static void
what_does_not_reach_the_place_is_left_out(void **state)
{
    struct finder_candidate all[2] = {plain(1), plain(2)};
    struct finder_result r[2];
    struct finder_asked nowhere = {0};
    size_t n;
    all[0].reach = FINDER_REACH_NOT;
    finder_rank(all, 2, &near_me, r, &n);
    assert_int_equal(n, 1);
    assert_int_equal(r[0].candidate_ix, 1);
    finder_rank(all, 2, &nowhere, r, &n);
    assert_int_equal(n, 2);
}

static void
reasons_are_three_at_most_and_true(void **state)
{
    struct finder_candidate c = plain(1);
    struct finder_result r;
    size_t n;
    c.open = FINDER_OPEN_NOW, c.reach = FINDER_REACH_ZONE, c.free_of_charge = true;
    finder_rank(&c, 1, &near_me, &r, &n);
    assert_int_equal(r.n_reasons, 3);
    assert_int_equal(r.reasons[0], FINDER_WHY_NEED);
    assert_int_equal(r.reasons[1], FINDER_WHY_NEAR);
    assert_int_equal(r.reasons[2], FINDER_WHY_OPEN);
    c = (struct finder_candidate){.need_ix = SIZE_MAX, .distance_m = -1, .minutes = -1,
                                  .verified_days = -1};
    finder_rank(&c, 1, &near_me, &r, &n);
    assert_int_equal(r.n_reasons, 0);
    for (int k = 0; k < FINDER_WHY__MAX; k++)
        assert_non_null(finder_reason_key((enum finder_reason)k));
}

static void
a_kilometre_weighs_more_on_foot(void **state)
{
    struct finder_candidate close = plain(1), far = plain(2);
    struct finder_asked on_foot = near_me;
    on_foot.on_foot = true;
    close.distance_m = 500, far.distance_m = 4000;
    assert_true(finder_score(&close, &on_foot) - finder_score(&far, &on_foot) >
                finder_score(&close, &near_me) - finder_score(&far, &near_me));
}

/* The nearest of all takes people from 65 on, and the person is 30. */
static void
what_takes_other_ages_stands_below_and_says_so_first(void **state)
{
    struct finder_candidate all[3] = {plain(1), plain(2), plain(3)};
    struct finder_result r[3];
    size_t n;
    all[0].distance_m = 100, all[0].age = FINDER_FITS_NOT;
    all[2].distance_m = 20000, all[2].age = FINDER_FITS;
    finder_rank(all, 3, &near_me, r, &n);
    assert_int_equal(n, 3);
    assert_int_equal(r[2].candidate_ix, 0);
    assert_int_equal(r[2].reasons[0], FINDER_WHY_NOT_AGE);
    assert_int_equal(r[2].reasons[1], FINDER_WHY_NEED);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(r[i].reasons[0], FINDER_WHY_NEED);
}

static void
what_was_asked_for_is_said_only_then(void **state)
{
    struct finder_candidate c = plain(1);
    struct finder_asked told = near_me;
    struct finder_result r;
    size_t n;
    told.when = told.cheap = true;
    c.when = FINDER_FITS, c.cost = FINDER_FITS_NOT;
    finder_rank(&c, 1, &told, &r, &n);
    assert_int_equal(r.reasons[2], FINDER_WHY_WHEN);
    c.when = FINDER_FITS_NOT;
    finder_rank(&c, 1, &told, &r, &n);
    assert_int_equal(r.reasons[2], FINDER_WHY_NOT_WHEN);
    c.when = FINDER_FIT_UNKNOWN;
    finder_rank(&c, 1, &told, &r, &n);
    assert_int_equal(r.reasons[2], FINDER_WHY_NOT_FREE);
    c.cost = FINDER_FIT_UNKNOWN, c.by_isee = true;
    finder_rank(&c, 1, &told, &r, &n);
    assert_int_equal(r.reasons[2], FINDER_WHY_ISEE);
    finder_rank(&c, 1, &near_me, &r, &n);
    for (size_t i = 0; i < r.n_reasons; i++)
        assert_true(r.reasons[i] != FINDER_WHY_ISEE && r.reasons[i] != FINDER_WHY_NOT_FREE &&
                    r.reasons[i] != FINDER_WHY_WHEN);
}

/* Twenty equals over four hundred days: everyone is first on some day, nobody on one in four. */
static void
equals_take_turns_over_the_days(void **state)
{
    struct finder_candidate all[20];
    struct finder_result r[20];
    struct finder_asked asked = near_me;
    size_t n, first[20] = {0};
    for (int i = 0; i < 20; i++)
        all[i] = plain(i + 1);
    for (asked.day = 20000; asked.day < 20400; asked.day++) {
        finder_rank(all, 20, &asked, r, &n);
        first[r[0].candidate_ix]++;
    }
    for (int i = 0; i < 20; i++)
        assert_in_range(first[i], 1, 100);
}

static void
one_organization_does_not_fill_the_first_ten(void **state)
{
    struct finder_candidate all[20];
    struct finder_result r[20];
    size_t n, first_ten = 0;
    for (int i = 0; i < 20; i++) {
        all[i] = plain(i + 1);
        all[i].org_id = i < 12 ? 7 : 100 + i;
        all[i].need_score = 1.0 - 0.005 * i;
    }
    finder_rank(all, 20, &near_me, r, &n);
    for (size_t i = 0; i < 10; i++)
        first_ten += all[r[i].candidate_ix].org_id == 7;
    assert_int_equal(n, 20);
    assert_int_equal(first_ten, FINDER_ORG_FIRST_MAX); /* eight others are nearly as good */
    assert_int_equal(r[0].candidate_ix, 0);
}

/* What answers another need is no diversity: it waits. */
static void
much_worse_others_do_not_come_before_what_crowds(void **state)
{
    struct finder_candidate all[10];
    struct finder_result r[10];
    size_t n;
    for (int i = 0; i < 10; i++) {
        all[i] = plain(i + 1);
        all[i].org_id = i < 5 ? 7 : 100 + i;
        all[i].need_score = i < 5 ? 1.0 : 0.2;
    }
    finder_rank(all, 10, &near_me, r, &n);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(all[r[i].candidate_ix].org_id, 7);
}

static uint64_t chance_state = 11;

static unsigned
chance(unsigned n)
{
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((chance_state >> 33) % n);
}

static double
told_apart(const struct finder_candidate *c)
{
    return rint(finder_score(c, &near_me) * 1000) / 1000;
}

static bool
before(const struct finder_candidate *a, const struct finder_candidate *b)
{
    double x = told_apart(a), y = told_apart(b);
    if (x != y)
        return x > y;
    if (a->distance_m != b->distance_m)
        return a->distance_m < b->distance_m;
    return finder_turn(a->service_id, near_me.day) < finder_turn(b->service_id, near_me.day);
}

/* The best that is left, or the best of those that do not crowd. SIZE_MAX: none. */
static size_t
best_left(const struct finder_candidate *all, size_t n, const bool *used, const size_t *order,
          size_t kept, bool crowding)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t crowd = 0;
        for (size_t k = 0; k < kept; k++)
            crowd += all[i].org_id != 0 && all[order[k]].org_id == all[i].org_id;
        if (!used[i] && told_apart(&all[i]) > 0 &&
            (crowding || crowd < FINDER_ORG_FIRST_MAX) &&
            (best == SIZE_MAX || before(&all[i], &all[best])))
            best = i;
    }
    return best;
}

/* The twin: place by place, the best that is left; among the first ten, before one that crowds,
 * the best that does not if it is worth 85 hundredths of it.                                  */
static size_t
twin(const struct finder_candidate *all, size_t n, size_t *order)
{
    bool used[SERVICES_MAX] = {false};
    size_t kept = 0;
    for (;;) {
        size_t best = best_left(all, n, used, order, kept, true);
        size_t other = kept < 10 ? best_left(all, n, used, order, kept, false) : SIZE_MAX;
        if (best == SIZE_MAX)
            return kept;
        if (other != SIZE_MAX && told_apart(&all[other]) >= told_apart(&all[best]) * 0.85)
            best = other;
        used[best] = true;
        order[kept++] = best;
    }
}

static void
order_agrees_with_the_slow_twin_and_not_with_the_input(void **state)
{
    for (int world = 0; world < WORLDS; world++) {
        struct finder_candidate all[SERVICES_MAX];
        struct finder_result r[SERVICES_MAX], again[SERVICES_MAX];
        size_t order[SERVICES_MAX], n = 1 + chance(SERVICES_MAX), kept, kept_again;
        for (size_t i = 0; i < n; i++) {
            all[i] = plain((int64_t)i + 1);
            all[i].org_id = chance(5);
            all[i].need_score = 0.25 * chance(5);
            all[i].distance_m = 1000.0 * chance(4);
            all[i].reach = (enum finder_reach)chance(5);
        }
        finder_rank(all, n, &near_me, r, &kept);
        assert_int_equal(kept, twin(all, n, order));
        for (size_t i = 0; i < kept; i++)
            assert_int_equal(r[i].candidate_ix, order[i]);
        struct finder_candidate turned[SERVICES_MAX];
        for (size_t i = 0; i < n; i++)
            turned[i] = all[n - 1 - i];
        finder_rank(turned, n, &near_me, again, &kept_again);
        assert_int_equal(kept, kept_again);
        for (size_t i = 0; i < kept; i++)
            assert_int_equal(all[r[i].candidate_ix].service_id,
                             turned[again[i].candidate_ix].service_id);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(better_is_never_worse),
        cmocka_unit_test(what_does_not_reach_the_place_is_left_out),
        cmocka_unit_test(reasons_are_three_at_most_and_true),
        cmocka_unit_test(a_kilometre_weighs_more_on_foot),
        cmocka_unit_test(what_takes_other_ages_stands_below_and_says_so_first),
        cmocka_unit_test(what_was_asked_for_is_said_only_then),
        cmocka_unit_test(equals_take_turns_over_the_days),
        cmocka_unit_test(one_organization_does_not_fill_the_first_ten),
        cmocka_unit_test(much_worse_others_do_not_come_before_what_crowds),
        cmocka_unit_test(order_agrees_with_the_slow_twin_and_not_with_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
