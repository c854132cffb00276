/* The fairness of a draw against a slow twin: on small random worlds every panel is listed and the
 * game between the one who mixes panels and the one who picks the worst placed is solved whole.  */
#include "listening/sortition.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

enum { PEOPLE = 12, CATEGORIES = 4, VALUES = 12, PANELS_MAX = 1 << PEOPLE };

struct small {
    struct sortition_world w;
    uint16_t traits[PEOPLE * CATEGORIES], category[VALUES];
    uint32_t min[VALUES], max[VALUES];
};

static struct rg_arena *arena;
static uint64_t chance = 0xFA12; /* a failure today is the same failure tomorrow */

static uint64_t
below(uint64_t n)
{
    return sortition_below(&chance, n);
}

/* People at random, quotas around a random panel, so that there is one; by: how wide they are. */
static void
small_make(struct small *s, size_t n_people, size_t n_categories, uint64_t by)
{
    memset(s, 0, sizeof(*s));
    s->w = (struct sortition_world){.n_people = n_people, .n_categories = n_categories,
                                    .traits = s->traits, .category = s->category,
                                    .min = s->min, .max = s->max};
    s->w.size = (uint32_t)(2 + below(n_people - 2));
    uint32_t taken[VALUES] = {0};
    size_t first[CATEGORIES], count[CATEGORIES], left = s->w.size;
    for (size_t c = 0; c < n_categories; c++) {
        first[c] = s->w.n_values;
        count[c] = 2 + below(2);
        for (size_t v = 0; v < count[c]; v++)
            s->category[s->w.n_values++] = (uint16_t)c;
    }
    for (size_t i = 0; i < n_people; i++) {
        bool sits = below(n_people - i) < left;
        left -= sits;
        for (size_t c = 0; c < n_categories; c++) {
            uint16_t v = (uint16_t)(first[c] + below(count[c]));
            s->traits[i * n_categories + c] = v;
            taken[v] += sits;
        }
    }
    for (size_t v = 0; v < s->w.n_values; v++) {
        uint32_t less = (uint32_t)below(by), more = (uint32_t)below(by);
        s->min[v] = taken[v] > less ? taken[v] - less : 0;
        s->max[v] = taken[v] + more;
    }
}

static size_t
panels_list(const struct sortition_world *w, uint16_t *ret)
{
    size_t n = 0;
    for (unsigned set = 0; set < 1u << w->n_people; set++) {
        uint32_t panel[PEOPLE], seats = 0;
        for (uint32_t i = 0; i < w->n_people && seats <= w->size; i++)
            if (set >> i & 1 && seats++ < w->size)
                panel[seats - 1] = i;
        if (seats == w->size && sortition_panel_meets(w, panel))
            ret[n++] = (uint16_t)set;
    }
    return n;
}

/* The value of the game: of all mixtures of panels the largest smallest chance. A plain tableau in
 * floating point with Bland's rule: maximize the sum of u, for each panel the sum over people of
 * u × (1, or 2 who sits) being at most 1; the value is 1 / that sum, less 1.                 */
static double
game(const struct sortition_world *w)
{
    static uint16_t panels[PANELS_MAX];
    static double t[PANELS_MAX + 1][PEOPLE + 1];
    static size_t row_name[PANELS_MAX];
    size_t m = panels_list(w, panels), n = w->n_people, column_name[PEOPLE];
    for (size_t j = 0; j <= m; j++) {
        for (size_t i = 0; i < n; i++)
            t[j][i] = j == m ? -1 : 1 + (panels[j] >> i & 1);
        t[j][n] = j < m;
        if (j < m)
            row_name[j] = n + j;
    }
    for (size_t i = 0; i < n; i++)
        column_name[i] = i;
    for (;;) {
        size_t in = n, out = m;
        for (size_t i = 0; i < n; i++)
            if (t[m][i] < -1e-10 && (in == n || column_name[i] < column_name[in]))
                in = i;
        if (in == n)
            return 1 / t[m][n] - 1;
        for (size_t j = 0; j < m; j++) {
            if (t[j][in] < 1e-10)
                continue;
            double by = t[j][n] / t[j][in], than = out < m ? t[out][n] / t[out][in] : INFINITY;
            if (by < than - 1e-12 || (by < than + 1e-12 && row_name[j] < row_name[out]))
                out = j;
        }
        double pivot = t[out][in];
        for (size_t j = 0; j <= m; j++)
            for (size_t i = 0; i <= n && j != out; i++)
                if (i != in)
                    t[j][i] -= t[j][in] * t[out][i] / pivot;
        for (size_t j = 0; j <= m; j++)
            t[j][in] = j == out ? 1 / pivot : t[j][in] / -pivot;
        for (size_t i = 0; i <= n; i++)
            t[out][i] = i == in ? t[out][i] : t[out][i] / pivot;
        size_t name = row_name[out];
        row_name[out] = column_name[in];
        column_name[in] = name;
    }
}

static void
equal_people_have_equal_chances(const struct sortition_world *w, const struct sortition_draw *d)
{
    for (size_t i = 0; i < w->n_people; i++)
        for (size_t j = 0; j < i; j++)
            if (memcmp(&w->traits[i * w->n_categories], &w->traits[j * w->n_categories],
                       w->n_categories * sizeof(uint16_t)) == 0)
                assert_in_range(d->times[i] - d->times[j] + 1, 0, 2);
}

static void
lottery_is_what_it_says(const struct sortition_world *w, const struct sortition_draw *d)
{
    uint32_t times[PEOPLE] = {0};
    for (size_t p = 0; p < SORTITION_PANELS; p++) {
        assert_true(sortition_panel_meets(w, &d->panels[p * w->size]));
        for (size_t i = 0; i < w->size; i++)
            times[d->panels[p * w->size + i]]++;
    }
    assert_memory_equal(times, d->times, w->n_people * sizeof(*times));
    assert_memory_equal(d->panel, &d->panels[d->number * w->size], w->size * sizeof(*d->panel));
}

static void
the_smallest_chance_is_the_largest_there_is(void **state)
{
    (void)state;
    size_t n_gaps = 0, n_searched = 0, n_short = 0, n = 1500;
    for (size_t i = 0; i < n; i++) {
        struct small s;
        struct sortition_draw d;
        enum sortition_result result;
        size_t n_categories = 1 + below(CATEGORIES);
        small_make(&s, 4 + below(i % 20 ? 6 : PEOPLE - 3), n_categories, 1 + below(3));
        double most = game(&s.w);
        rg_arena_reset(arena);
        assert_true(sortition_draw(arena, &s.w, STR("x"), NULL, &result, &d));
        assert_int_equal(result, SORTITION_DRAWN);
        lottery_is_what_it_says(&s.w, &d);
        equal_people_have_equal_chances(&s.w, &d);
        assert_true(sortition_proof_holds(&s.w, &d.proof));
        double proved = (double)d.proof.num / (double)d.proof.den;
        assert_true(proved > most - 1e-9);
        if (n_categories <= 2) /* whole seats can always be put together from parts */
            assert_true(proved < most + 1e-9);
        if (d.searched)
            assert_true(fabs((double)d.search_num / (double)d.search_den - most) < 1e-9);
        assert_true(d.least <= 1000 * most + 1e-6);
        assert_true(d.least >= floor(1000 * most + 1e-6) - 1);
        n_short += d.least < floor(1000 * most + 1e-6);
        n_gaps += proved > most + 1e-9;
        n_searched += d.searched;
    }
    print_message("%zu worlds, %zu searched whole, %zu 1/1000 short, %zu where parts of "
                  "seats reach further\n", n, n_searched, n_short, n_gaps);
    assert_true(n_gaps >= 5 && n_searched > n / 2);
}

static void
no_points_at_all_prove_more_than_the_truth(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        struct small s;
        int64_t points[VALUES], num, den, seat = (int64_t)below(7) - 3;
        small_make(&s, 4 + below(5), 1 + below(CATEGORIES), 1 + below(3));
        double most = game(&s.w);
        for (int k = 0; k < 20; k++) {
            for (size_t v = 0; v < s.w.n_values; v++)
                points[v] = (int64_t)below(11) - 5;
            if (sortition_proof_bound(&s.w, seat, points, &num, &den))
                assert_true((double)num / (double)den > most - 1e-9);
        }
    }
}

static void
a_proof_that_was_touched_is_refused(void **state)
{
    (void)state;
    size_t n_points = 0;
    for (int i = 0; i < 200; i++) {
        struct small s;
        struct sortition_draw d;
        enum sortition_result result;
        small_make(&s, 6 + below(5), 2, 2);
        rg_arena_reset(arena);
        assert_true(sortition_draw(arena, &s.w, STR("x"), NULL, &result, &d));
        struct sortition_proof told = d.proof;
        assert_true(sortition_proof_holds(&s.w, &told));
        told.num--;
        assert_false(sortition_proof_holds(&s.w, &told));
        told.num++;
        told.den++;
        assert_false(sortition_proof_holds(&s.w, &told));
        told.den--;
        told.seat = (int64_t)SORTITION_POINTS_MAX + 1;
        assert_false(sortition_proof_holds(&s.w, &told));
        told.seat = d.proof.seat;
        /* The bound is the best: other points may prove as much, but never less than it says. */
        for (size_t v = 0; v < s.w.n_values; v++) {
            int64_t num, den;
            told.points[v] += 1000;
            n_points += !sortition_proof_holds(&s.w, &told);
            if (sortition_proof_bound(&s.w, told.seat, told.points, &num, &den))
                assert_true((__int128)num * told.den >= (__int128)told.num * den);
            told.points[v] -= 1000;
        }
    }
    assert_true(n_points > 400);
}

/* ---- larger ---- */

enum { MANY = 600, MANY_CATEGORIES = 5, MANY_VALUES = 20 };

/* Of those who answered a value is 4, 3, 2 or 1 in ten; in the city, and so in the quotas, all
 * four are as many, give or take some seats.                                                 */
static void
large_draw(size_t n_people, uint32_t size, uint32_t slack)
{
    static uint16_t traits[MANY * MANY_CATEGORIES], category[MANY_VALUES];
    uint32_t min[MANY_VALUES], max[MANY_VALUES];
    struct sortition_world w = {.n_people = n_people, .n_categories = MANY_CATEGORIES,
                                .n_values = MANY_VALUES, .traits = traits, .category = category,
                                .min = min, .max = max, .size = size};
    for (size_t v = 0; v < MANY_VALUES; v++) {
        category[v] = (uint16_t)(v / 4);
        min[v] = size / 4 - slack;
        max[v] = size / 4 + slack;
    }
    for (size_t i = 0; i < n_people * MANY_CATEGORIES; i++)
        traits[i] = (uint16_t)(i % MANY_CATEGORIES * 4 + (0x3222111000 >> 4 * below(10) & 15));
    struct sortition_draw d;
    enum sortition_result result;
    rg_arena_reset(arena);
    assert_true(sortition_draw(arena, &w, STR("città"), NULL, &result, &d));
    assert_int_equal(result, SORTITION_DRAWN);
    assert_false(d.searched);
    int64_t proved = d.proof.num * SORTITION_PANELS / d.proof.den;
    print_message("%zu people, %u seats, quotas ± %u: from %u to %u in 1000; proved %lld/%lld\n",
                  n_people, size, slack, d.least, d.most, (long long)d.proof.num,
                  (long long)d.proof.den);
    assert_true(d.least >= proved - 1 && d.least <= proved);
}

static void
a_pool_unlike_its_city_still_reaches_the_bound(void **state)
{
    (void)state;
    large_draw(600, 48, 2);
    large_draw(300, 40, 0); /* so many of each, no more and no less */
    large_draw(70, 16, 1);
    large_draw(64, 12, 1);
}

/* Of 600 people 330 are old and share 24 of 60 seats; in all else they are as they come. The others
 * have the other 36 seats among them, and none of them more than an equal part.              */
static void
who_is_not_held_back_shares_what_is_left_evenly(void **state)
{
    (void)state;
    static uint16_t traits[MANY * MANY_CATEGORIES];
    uint16_t category[MANY_VALUES];
    uint32_t min[MANY_VALUES] = {0}, max[MANY_VALUES];
    struct sortition_world w = {.n_people = MANY, .n_categories = MANY_CATEGORIES,
                                .n_values = MANY_VALUES, .traits = traits, .category = category,
                                .min = min, .max = max, .size = 60};
    for (size_t v = 0; v < MANY_VALUES; v++) {
        category[v] = (uint16_t)(v / 4);
        max[v] = v == 0 ? 24 : 60;
    }
    for (size_t i = 0; i < MANY; i++)
        for (size_t c = 0; c < MANY_CATEGORIES; c++)
            traits[i * MANY_CATEGORIES + c] =
                (uint16_t)(c * 4 + (c > 0 ? below(4) : i >= 330 ? 1 + below(3) : 0));
    struct sortition_draw d;
    enum sortition_result result;
    rg_arena_reset(arena);
    assert_true(sortition_draw(arena, &w, STR("x"), NULL, &result, &d));
    assert_false(d.searched);
    print_message("from %u to %u in 1000\n", d.least, d.most);
    assert_int_equal(d.least, 72);        /* 24 / 330 = 0.0727 */
    assert_in_range(d.most, 134, 137);    /* 36 / 270 = 0.1333 */
}

static void
memory_that_ends_is_told(void **state)
{
    (void)state;
    struct small s;
    small_make(&s, 9, 3, 3);
    for (long n = 1;; n++) {
        struct sortition_draw d;
        enum sortition_result result;
        rg_arena_reset(arena);
        rg_alloc_fail_after(n);
        bool done = sortition_draw(arena, &s.w, STR("x"), NULL, &result, &d);
        rg_alloc_fail_after(0);
        if (done)
            return;
        assert_true(n < 10000);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_chance_is_the_largest_there_is),
        cmocka_unit_test(no_points_at_all_prove_more_than_the_truth),
        cmocka_unit_test(a_proof_that_was_touched_is_refused),
        cmocka_unit_test(a_pool_unlike_its_city_still_reaches_the_bound),
        cmocka_unit_test(who_is_not_held_back_shares_what_is_left_evenly),
        cmocka_unit_test(memory_that_ends_is_told),
    };
    arena = rg_arena_new(64 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rg_arena_free(arena);
    return failed;
}
