/* Sortition against a slow twin that looks at every panel of small random worlds. */
#include "listening/sortition.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static uint64_t
test_chance(uint64_t below)
{
    static uint64_t state = 0x5EED; /* a failure today is the same failure tomorrow */
    return sortition_below(&state, below);
}

enum { PEOPLE = 10, CATEGORIES = 3, VALUES = 9 };

struct small {
    struct sortition_world w;
    uint16_t traits[PEOPLE * CATEGORIES], category[VALUES];
    uint32_t min[VALUES], max[VALUES];
};

static void
small_make(struct small *s)
{
    memset(s, 0, sizeof(*s));
    size_t n_values = 0;
    s->w = (struct sortition_world){.n_people = 4 + test_chance(PEOPLE - 3),
                                    .n_categories = 1 + test_chance(CATEGORIES),
                                    .traits = s->traits, .category = s->category,
                                    .min = s->min, .max = s->max};
    s->w.size = (uint32_t)(1 + test_chance(s->w.n_people));
    size_t first[CATEGORIES], count[CATEGORIES];
    for (size_t c = 0; c < s->w.n_categories; c++) {
        first[c] = n_values;
        count[c] = 2 + test_chance(2);
        for (size_t v = 0; v < count[c]; v++, n_values++) {
            s->category[n_values] = (uint16_t)c;
            s->min[n_values] = (uint32_t)test_chance(3);
            s->max[n_values] = s->min[n_values] + (uint32_t)test_chance(4);
        }
    }
    s->w.n_values = n_values;
    for (size_t i = 0; i < s->w.n_people; i++)
        for (size_t c = 0; c < s->w.n_categories; c++)
            s->traits[i * s->w.n_categories + c] = (uint16_t)(first[c] + test_chance(count[c]));
}

static bool
meets(const struct sortition_world *w, unsigned set)
{
    uint32_t taken[VALUES] = {0}, n = 0;
    for (size_t i = 0; i < w->n_people; i++)
        if (set >> i & 1) {
            n++;
            for (size_t c = 0; c < w->n_categories; c++)
                taken[w->traits[i * w->n_categories + c]]++;
        }
    for (size_t v = 0; v < w->n_values; v++)
        if (taken[v] < w->min[v] || taken[v] > w->max[v])
            return false;
    return n == w->size;
}

/* The twin: every subset of the people. */
static bool
any_panel(const struct sortition_world *w)
{
    for (unsigned set = 0; set < 1u << w->n_people; set++)
        if (meets(w, set))
            return true;
    return false;
}

static struct rg_arena *arena;

static void
a_panel_is_drawn_exactly_when_one_exists(void **state)
{
    (void)state;
    size_t n_drawn = 0, n_not = 0;
    for (int i = 0; i < 900; i++) {
        struct small s;
        struct sortition_draw d;
        enum sortition_result result;
        small_make(&s);
        rg_arena_reset(arena);
        assert_true(sortition_draw(arena, &s.w, STR("prova"), NULL, &result, &d));
        assert_int_equal(result == SORTITION_DRAWN, any_panel(&s.w));
        if (result != SORTITION_DRAWN) {
            assert_int_equal(result, SORTITION_IMPOSSIBLE);
            n_not++;
            continue;
        }
        n_drawn++;
        unsigned set = 0;
        uint64_t sum = 0;
        for (size_t k = 0; k < s.w.size; k++)
            set |= 1u << d.panel[k];
        assert_true(meets(&s.w, set));
        for (size_t k = 0; k < s.w.n_people; k++)
            sum += d.times[k];
        assert_int_equal(sum, (uint64_t)SORTITION_PANELS * s.w.size);
    }
    print_message("%zu drawn, %zu impossible\n", n_drawn, n_not);
    assert_true(n_drawn > 100 && n_not > 100);
}

static void
what_is_said_to_help_does_help_and_less_does_not(void **state)
{
    (void)state;
    size_t n_tried = 0;
    for (int i = 0; i < 400; i++) {
        struct small s, changed;
        struct sortition_relax relax[20];
        size_t n;
        small_make(&s);
        if (any_panel(&s.w))
            continue;
        rg_arena_reset(arena);
        assert_true(sortition_relax(arena, &s.w, relax, RG_COUNT(relax), &n));
        assert_true(n > 0); /* widened enough, any people of the right number will do */
        for (size_t k = 0; k < n; k++)
            for (uint32_t less = 0; less < 2; less++) {
                changed = s;
                changed.w.traits = changed.traits;
                changed.w.min = changed.min;
                changed.w.max = changed.max;
                uint32_t by = relax[k].by - less;
                for (size_t v = 0; v < s.w.n_values; v++) {
                    bool all = relax[k].value == s.w.n_values;
                    if (!all && relax[k].value != v)
                        continue;
                    if (all || !relax[k].raise_max)
                        changed.min[v] = s.min[v] > by ? s.min[v] - by : 0;
                    if (all || relax[k].raise_max)
                        changed.max[v] = s.max[v] + by;
                }
                assert_int_equal(any_panel(&changed.w), less == 0);
                n_tried++;
            }
    }
    assert_true(n_tried > 100);
}

/* 200 people, women 120 of whom old 90; half and half, old at most a third. */
static void
city_make(struct sortition_world *w, uint16_t traits[400], uint16_t category[4], uint32_t min[4],
          uint32_t max[4])
{
    static const uint16_t of[4] = {0, 0, 1, 1};
    static const uint32_t lo[4] = {14, 14, 8, 18}, hi[4] = {16, 16, 12, 22};
    for (size_t i = 0; i < 200; i++) {
        traits[2 * i] = i < 120 ? 0 : 1;
        traits[2 * i + 1] = i < 90 || (i >= 120 && i % 4 == 0) ? 2 : 3;
    }
    memcpy(category, of, sizeof(of));
    memcpy(min, lo, sizeof(lo));
    memcpy(max, hi, sizeof(hi));
    *w = (struct sortition_world){.n_people = 200, .n_categories = 2, .n_values = 4,
                                  .traits = traits, .category = category, .min = min, .max = max,
                                  .size = 30};
}

static void
the_same_seed_draws_the_same_panel_and_another_another(void **state)
{
    (void)state;
    struct sortition_world w;
    uint16_t traits[400], category[4];
    uint32_t min[4], max[4];
    struct sortition_draw a, b, c;
    enum sortition_result result;
    city_make(&w, traits, category, min, max);
    rg_arena_reset(arena);
    assert_true(sortition_draw(arena, &w, STR("28 novembre 2026"), NULL, &result, &a));
    assert_int_equal(result, SORTITION_DRAWN);
    assert_true(sortition_draw(arena, &w, STR("28 novembre 2026"), NULL, &result, &b));
    assert_true(sortition_draw(arena, &w, STR("29 novembre 2026"), NULL, &result, &c));
    assert_memory_equal(a.panel, b.panel, 30 * sizeof(uint32_t));
    assert_memory_not_equal(a.panel, c.panel, 30 * sizeof(uint32_t));
}

static void
the_smallest_chance_is_the_best_there_is_and_the_largest_no_larger(void **state)
{
    (void)state;
    struct sortition_world w;
    uint16_t traits[400], category[4];
    uint32_t min[4], max[4], worst = UINT32_MAX, best = 0;
    city_make(&w, traits, category, min, max);
    for (int i = 0; i < 10; i++) {
        struct sortition_draw d;
        enum sortition_result result;
        char seed[16];
        int n = snprintf(seed, sizeof(seed), "seme %d", i);
        rg_arena_reset(arena);
        assert_true(sortition_draw(arena, &w, str_n(seed, (size_t)n), NULL, &result, &d));
        worst = d.least < worst ? d.least : worst;
        best = d.most > best ? d.most : best;
    }
    print_message("10 seeds: chances from %u to %u in 1000, all alike would be 150\n", worst, best);
    /* 110 old people share at most 12 seats: nobody can promise each more than 109 in 1000. */
    assert_int_equal(worst, 109);
    assert_int_equal(best, 200); /* the 90 others share the 18 seats that are left */
}

static void
without_quotas_chances_differ_by_one_panel_at_most(void **state)
{
    (void)state;
    struct sortition_world w;
    uint16_t traits[400], category[4];
    uint32_t min[4], max[4];
    struct sortition_draw d;
    enum sortition_result result;
    city_make(&w, traits, category, min, max);
    for (size_t v = 0; v < 4; v++) {
        min[v] = 0;
        max[v] = 30;
    }
    rg_arena_reset(arena);
    assert_true(sortition_draw(arena, &w, STR("x"), NULL, &result, &d));
    assert_true(d.most - d.least <= 1);
}

/* Figures computed outside, so that a stranger's generator can be compared with ours. */
static void
the_generator_is_the_one_described(void **state)
{
    (void)state;
    uint64_t zero = 0;
    assert_true(sortition_seed(STR("")) == 0xCBF29CE484222325u);
    assert_true(sortition_seed(STR("a")) == 0xAF63DC4C8601EC8Cu);
    assert_true(sortition_next(&zero) == 0xE220A8397B1DCDAFu);
    assert_true(sortition_next(&zero) == 0x6E789E6AA1B965F4u);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_is_drawn_exactly_when_one_exists),
        cmocka_unit_test(what_is_said_to_help_does_help_and_less_does_not),
        cmocka_unit_test(the_same_seed_draws_the_same_panel_and_another_another),
        cmocka_unit_test(the_smallest_chance_is_the_best_there_is_and_the_largest_no_larger),
        cmocka_unit_test(without_quotas_chances_differ_by_one_panel_at_most),
        cmocka_unit_test(the_generator_is_the_one_described),
    };
    arena = rg_arena_new(64 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rg_arena_free(arena);
    return failed;
}
