/* What the ranking claims, and a slow twin on random small worlds. */
#include "finder/kernel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { WORLDS = 300, SERVICES_MAX = 40 };

static const struct finder_asked near_me = {.has_place = true};

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
one_organization_does_not_fill_the_first_ten(void **state)
{
    struct finder_candidate all[20];
    struct finder_result r[20];
    size_t n;
    for (int i = 0; i < 20; i++) {
        all[i] = plain(i + 1);
        all[i].org_id = i < 12 ? 7 : 100 + i;
        all[i].need_score = 1.0 - 0.01 * i;
    }
    finder_rank(all, 20, &near_me, r, &n);
    size_t first_ten = 0;
    for (size_t i = 0; i < 10; i++)
        first_ten += all[r[i].candidate_ix].org_id == 7;
    assert_int_equal(n, 20);
    /* Eight others are there, so two places more than three cannot go elsewhere than to waiting
     * others: 3 of the body, 7 others. */
    assert_int_equal(first_ten, FINDER_ORG_FIRST_MAX);
    assert_int_equal(r[0].candidate_ix, 0);
}

static uint64_t chance_state = 11;

static unsigned
chance(unsigned n)
{
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((chance_state >> 33) % n);
}

/* The twin: take, place by place, the best that is left and does not crowd. */
static size_t
twin(const struct finder_candidate *all, size_t n, size_t *order)
{
    bool used[SERVICES_MAX] = {false};
    size_t kept = 0, places = 0;
    for (size_t i = 0; i < n; i++)
        places += finder_score(&all[i], &near_me) > 0;
    for (bool free_for_all = false; kept < places;) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < n; i++) {
            size_t crowd = 0;
            for (size_t k = 0; k < kept; k++)
                crowd += all[i].org_id != 0 && all[order[k]].org_id == all[i].org_id;
            double score = finder_score(&all[i], &near_me);
            if (used[i] || score <= 0 ||
                (!free_for_all && kept < 10 && crowd >= FINDER_ORG_FIRST_MAX))
                continue;
            double other = best == SIZE_MAX ? -1 : finder_score(&all[best], &near_me);
            if (best == SIZE_MAX || score > other + 1e-9 ||
                (score > other - 1e-9 &&
                 (all[i].distance_m < all[best].distance_m ||
                  (all[i].distance_m == all[best].distance_m &&
                   all[i].service_id < all[best].service_id))))
                best = i;
        }
        if (best == SIZE_MAX) {
            free_for_all = true;
            continue;
        }
        used[best] = true;
        order[kept++] = best;
    }
    return kept;
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
        cmocka_unit_test(one_organization_does_not_fill_the_first_ten),
        cmocka_unit_test(order_agrees_with_the_slow_twin_and_not_with_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
