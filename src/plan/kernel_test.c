/* The kernels against slow obvious twins on random small worlds. */
#include "plan/kernel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t test_state = 0x5EED; /* seeded: a failure today is the same failure tomorrow */

static uint64_t
test_chance(uint64_t below)
{
    uint64_t z = test_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

/* ---- the thread ---- */

enum { SMALL = 9 };

struct small {
    struct plan_thread thread;
    uint8_t voices[SMALL], themes[SMALL], elements[SMALL];
    uint32_t merged[SMALL], parents[SMALL];
    struct plan_pair codings[12], theme_origins[6], voice_origins[4];
};

static uint8_t
some_flags(void)
{
    return test_chance(4) == 0 ? (uint8_t)(1 + test_chance(3)) : 0;
}

static void
small_make(struct small *s)
{
    uint32_t n = 1 + (uint32_t)test_chance(SMALL);
    *s = (struct small){0};
    for (uint32_t i = 0; i < n; i++) {
        s->voices[i] = some_flags();
        s->themes[i] = some_flags();
        s->elements[i] = some_flags();
        s->merged[i] =
            test_chance(4) ? PLAN_NONE : (uint32_t)test_chance(n); /* may run in circles */
        s->parents[i] = i && test_chance(2) ? (uint32_t)test_chance(i) : PLAN_NONE;
    }
    size_t nc = test_chance(13), nt = test_chance(7), nv = test_chance(5);
    for (size_t i = 0; i < nc; i++)
        s->codings[i] = (struct plan_pair){(uint32_t)test_chance(n), (uint32_t)test_chance(n)};
    for (size_t i = 0; i < nt; i++)
        s->theme_origins[i] =
            (struct plan_pair){(uint32_t)test_chance(n), (uint32_t)test_chance(n)};
    for (size_t i = 0; i < nv; i++)
        s->voice_origins[i] =
            (struct plan_pair){(uint32_t)test_chance(n), (uint32_t)test_chance(n)};
    s->thread = (struct plan_thread){
        n,          n,          n,  s->voices,        s->themes, s->elements,      s->merged,
        s->parents, s->codings, nc, s->theme_origins, nt,        s->voice_origins, nv};
}

static uint32_t
twin_now(const struct plan_thread *t, uint32_t theme)
{
    for (uint32_t i = 0; i < t->n_themes; i++)
        theme = t->merged_into[theme] == PLAN_NONE ? theme : t->merged_into[theme];
    return theme;
}

/* Is e under (or the same as) top? */
static bool
twin_under(const struct plan_thread *t, uint32_t e, uint32_t top)
{
    for (; e != PLAN_NONE; e = t->parents[e])
        if (e == top)
            return true;
    return false;
}

static bool
twin_theme_taken(const struct plan_thread *t, uint32_t theme)
{
    for (size_t i = 0; i < t->n_theme_origins; i++)
        if (twin_now(t, t->theme_origins[i].b) == theme)
            return true;
    for (uint32_t i = 0; i < t->n_themes; i++)
        if (t->themes[i] & PLAN_TOLD && twin_now(t, i) == theme)
            return true;
    return false;
}

static bool
twin_voice_has_fate(const struct plan_thread *t, uint32_t v)
{
    if (t->voices[v])
        return true;
    for (size_t i = 0; i < t->n_voice_origins; i++)
        if (t->voice_origins[i].b == v)
            return true;
    for (size_t i = 0; i < t->n_codings; i++)
        if (t->codings[i].a == v && twin_theme_taken(t, twin_now(t, t->codings[i].b)))
            return true;
    return false;
}

static bool
twin_element_has_origin(const struct plan_thread *t, uint32_t top)
{
    for (uint32_t e = 0; e < t->n_elements; e++)
        if (t->elements[e] & PLAN_TOLD && twin_under(t, e, top))
            return true;
    for (size_t i = 0; i < t->n_theme_origins; i++)
        if (twin_under(t, t->theme_origins[i].a, top))
            return true;
    for (size_t i = 0; i < t->n_voice_origins; i++)
        if (twin_under(t, t->voice_origins[i].a, top))
            return true;
    return t->elements[top] & PLAN_EXEMPT;
}

static bool
twin_theme_has_voice(const struct plan_thread *t, uint32_t theme)
{
    if (t->themes[theme] & PLAN_EXEMPT || t->merged_into[theme] != PLAN_NONE)
        return true;
    for (size_t i = 0; i < t->n_codings; i++)
        if (twin_now(t, t->codings[i].b) == theme &&
            !(t->voices[t->codings[i].a] & PLAN_EXEMPT))
            return true;
    return false;
}

static void
the_thread_is_judged_as_by_hand(void **state)
{
    (void)state;
    size_t n_broken = 0;
    for (int round = 0; round < 5000; round++) {
        struct small s;
        uint8_t voices[SMALL], themes[SMALL], elements[SMALL];
        small_make(&s);
        plan_thread_check(&s.thread, voices, themes, elements);
        for (uint32_t i = 0; i < s.thread.n_voices; i++) {
            assert_int_equal(voices[i] == 0, twin_voice_has_fate(&s.thread, i));
            assert_int_equal(themes[i] == 0, twin_theme_has_voice(&s.thread, i));
            assert_int_equal(elements[i] == 0, twin_element_has_origin(&s.thread, i));
            n_broken += voices[i] && themes[i] == 0 && elements[i];
        }
    }
    assert_true(n_broken > 100); /* the worlds are not all sound */
}

static void
a_voice_split_and_merged_keeps_its_fate(void **state)
{
    (void)state;
    /* voice 0 in theme 0, merged into 1, merged into 2; element 0 answers theme 1 */
    static const uint8_t none[3];
    static const uint32_t merged[] = {1, 2, PLAN_NONE}, parents[] = {PLAN_NONE};
    static const struct plan_pair codings[] = {{0, 0}}, origins[] = {{0, 1}};
    const struct plan_thread thread = {1,       3,       1, none,    none, none, merged,
                                       parents, codings, 1, origins, 1,    NULL, 0};
    uint8_t voices[1], themes[3], elements[1];
    plan_thread_check(&thread, voices, themes, elements);
    assert_int_equal(voices[0] | themes[0] | themes[1] | themes[2] | elements[0], 0);
}

/* ---- cycles ---- */

static void
a_cycle_is_found_when_there_is_one(void **state)
{
    (void)state;
    size_t n_cyclic = 0;
    for (int round = 0; round < 5000; round++) {
        size_t n = 1 + test_chance(7), m = test_chance(10);
        struct plan_pair arcs[10];
        bool reach[7][7] = {{false}}, cyclic = false;
        uint32_t scratch[64], nodes[7];
        for (size_t i = 0; i < m; i++) {
            arcs[i] = (struct plan_pair){(uint32_t)test_chance(n), (uint32_t)test_chance(n)};
            reach[arcs[i].a][arcs[i].b] = true;
        }
        bool arc[7][7];
        memcpy(arc, reach, sizeof(arc));
        for (size_t k = 0; k < n; k++)
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    reach[i][j] |= reach[i][k] && reach[k][j];
        for (size_t i = 0; i < n; i++)
            cyclic |= reach[i][i];
        assert_true(plan_cycle_scratch(n, m) <= RG_COUNT(scratch));
        size_t found = plan_cycle_find(n, arcs, m, scratch, nodes);
        assert_int_equal(found > 0, cyclic);
        for (size_t i = 0; i < found; i++) /* what is named is a cycle indeed */
            assert_true(arc[nodes[i]][nodes[(i + 1) % found]]);
        n_cyclic += cyclic;
    }
    assert_in_range(n_cyclic, 500, 4500);
}

static void
the_matrix_counts_links_between_axes(void **state)
{
    (void)state;
    static const struct plan_pair links[] = {{0, 1}, {0, 1}, {2, 2}, {PLAN_NONE, 3}, {1, 0}};
    uint32_t matrix[16];
    uint8_t orphans[4];
    plan_cover_count(4, links, RG_COUNT(links), matrix, orphans);
    assert_int_equal(matrix[1], 2);
    assert_int_equal(matrix[4], 1);
    assert_int_equal(matrix[10], 1);
    assert_int_equal(orphans[0] | orphans[1], 0);
    assert_int_equal(orphans[2] & orphans[3], 1); /* a link onto itself joins nobody */
    for (int round = 0; round < 300; round++) {
        struct plan_pair some[20];
        uint32_t sum = 0, counted = 0;
        for (size_t i = 0; i < 20; i++) {
            some[i].a = test_chance(6) ? (uint32_t)test_chance(4) : PLAN_NONE;
            some[i].b = (uint32_t)test_chance(4);
            counted += some[i].a != PLAN_NONE;
        }
        plan_cover_count(4, some, 20, matrix, orphans);
        for (uint32_t a = 0; a < 4; a++) {
            bool alone = true;
            for (size_t i = 0; i < 20; i++)
                if (some[i].a != PLAN_NONE && some[i].a != some[i].b)
                    alone &= some[i].a != a && some[i].b != a;
            assert_int_equal(orphans[a], alone);
            for (uint32_t b = 0; b < 4; b++)
                sum += matrix[a * 4 + b];
        }
        assert_int_equal(sum, counted);
    }
}

/* ---- objectives ---- */

static void
a_smart_objective_misses_nothing(void **state)
{
    (void)state;
    const struct plan_smart whole = {STR("Case della Comunità aperte"),
                                     STR("sedi"),
                                     STR("0"),
                                     STR("82"),
                                     STR("2026-03"),
                                     STR(""),
                                     .has_origin = true,
                                     .has_owner = true};
    assert_int_equal(plan_smart_check(&whole), 0);
    struct plan_smart part = whole;
    part.unit = STR_NONE;
    part.baseline = STR("molti");
    assert_int_equal(plan_smart_check(&part), PLAN_NO_UNIT | PLAN_NO_BASELINE);
    part = whole;
    part.target_day = STR("2026-13");
    part.has_owner = false;
    assert_int_equal(plan_smart_check(&part), PLAN_NO_DAY | PLAN_NO_MEANS);
    part = whole;
    part.has_origin = false;
    assert_int_equal(plan_smart_check(&part), PLAN_NO_RELEVANCE);
    part.relevance = STR("Lo chiedono i medici");
    part.baseline = STR("82,0");
    assert_int_equal(plan_smart_check(&part), PLAN_NO_MOVE);
    assert_int_equal(plan_smart_check(&(struct plan_smart){0}), 127);
}

static void
decimals_compare_exactly(void **state)
{
    (void)state;
    assert_true(plan_decimal_cmp(STR("0.1"), STR("0,10")) == 0);
    assert_true(plan_decimal_cmp(STR("-0"), STR("0")) == 0);
    assert_true(plan_decimal_cmp(STR("100000000000000000000.1"), STR("100000000000000000000")) >
                0);
    for (int round = 0; round < 2000; round++) {
        int64_t x = (int64_t)test_chance(20001) - 10000,
                y = (int64_t)test_chance(20001) - 10000;
        char a[32], b[32];
        snprintf(a, sizeof(a), "%s%03d.%02d", x < 0 ? "-" : "", abs((int)x) / 100,
                 abs((int)x) % 100);
        snprintf(b, sizeof(b), "%s%d,%02d0", y < 0 ? "-" : "+", abs((int)y) / 100,
                 abs((int)y) % 100);
        int order = plan_decimal_cmp(str_of(a), str_of(b));
        assert_int_equal((order > 0) - (order < 0), (x > y) - (x < y));
    }
    static const char *const bad[] = {"", "-", "1.2.3", "1e5", ".5", "5.", "1 000", "tanti"};
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(plan_decimal_ok(str_of(bad[i])));
}

/* ---- days ---- */

static void
a_month_is_a_deadline_until_its_last_day(void **state)
{
    (void)state;
    int64_t first, last, left;
    assert_true(plan_day_parse(STR("2026-03"), &first, &last));
    assert_int_equal(first, rg_days_of(2026, 3, 1));
    assert_int_equal(last, rg_days_of(2026, 3, 31));
    assert_true(plan_day_parse(STR("2024-02"), &first, &last));
    assert_int_equal(last, rg_days_of(2024, 2, 29));
    assert_true(plan_day_parse(STR("2026"), &first, &last));
    assert_int_equal(last, rg_days_of(2026, 12, 31));
    static const char *const bad[] = {"",        "2026-13", "2026-3", "2026-02-30", "26-03-01",
                                      "+026-03", "2026-+3", "marzo",  "20x6"};
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(plan_day_parse(str_of(bad[i]), &first, &last));
    /* March 2026 with half a year of works before it, seen through 2025 and 2026 */
    assert_true(plan_day_parse(STR("2026-03"), &first, &last));
    assert_int_equal(plan_deadline_risk(rg_days_of(2025, 1, 1), last, 180, false, &left),
                     PLAN_RISK_FAR);
    assert_int_equal(plan_deadline_risk(rg_days_of(2025, 8, 1), last, 180, false, &left),
                     PLAN_RISK_NEAR);
    assert_int_equal(plan_deadline_risk(rg_days_of(2025, 11, 1), last, 180, false, &left),
                     PLAN_RISK_LATE);
    assert_int_equal(plan_deadline_risk(last, last, 0, false, &left), PLAN_RISK_NEAR);
    assert_int_equal(left, 0);
    assert_int_equal(plan_deadline_risk(last + 1, last, 0, false, &left), PLAN_RISK_PAST);
    assert_int_equal(left, -1);
    assert_int_equal(plan_deadline_risk(last + 1, last, 0, true, &left), PLAN_RISK_DONE);
}

/* ---- words ---- */

static void
words_are_counted_where_they_stand(void **state)
{
    (void)state;
    size_t at = 99;
    assert_int_equal(plan_amend_count(STR("Fare dell'ambiente"), STR("ambiente"), &at), 1);
    assert_int_equal(at, 10);
    assert_int_equal(plan_amend_count(STR("aaa"), STR("aa"), &at), 2);
    assert_int_equal(plan_amend_count(STR("aaa"), STR(""), &at), 0);
    assert_int_equal(plan_amend_count(STR("a"), STR("aa"), &at), 0);
}

static void
a_difference_gives_both_texts_back(void **state)
{
    (void)state;
    struct rg_arena *arena = rg_arena_new(64 << 20);
    static const char *const some[] = {"acqua ", "aria ", "terra ", "fuoco ", "  ", "\n"};
    for (int round = 0; round < 400; round++) {
        rg_arena_reset(arena);
        char texts[2][128] = {"", ""};
        size_t common = 0, n_same = 0, lengths[2] = {0, 0};
        for (int s = 0; s < 2; s++)
            for (size_t i = test_chance(9); i > 0; i--) {
                const char *word = some[test_chance(RG_COUNT(some))];
                memcpy(texts[s] + lengths[s], word, strlen(word) + 1);
                lengths[s] += strlen(word);
            }
        struct plan_diff *pieces;
        size_t n = plan_diff_words(arena, str_of(texts[0]), str_of(texts[1]), &pieces);
        char back[2][256] = {"", ""};
        size_t at[2] = {0, 0};
        for (size_t i = 0; i < n; i++)
            for (int s = 0; s < 2; s++)
                if (pieces[i].kind != (s == 0 ? PLAN_NEW : PLAN_GONE)) {
                    memcpy(back[s] + at[s], pieces[i].text.p, pieces[i].text.n);
                    at[s] += pieces[i].text.n;
                    n_same += s == 0 && pieces[i].kind == PLAN_SAME ? pieces[i].text.n : 0;
                }
        assert_string_equal(back[0], texts[0]);
        assert_string_equal(back[1], texts[1]);
        while (texts[0][common] && texts[0][common] == texts[1][common])
            common++;
        if (strcmp(texts[0], texts[1]) == 0)
            assert_int_equal(n_same, lengths[0]); /* the same text has no difference */
    }
    rg_arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thread_is_judged_as_by_hand),
        cmocka_unit_test(a_voice_split_and_merged_keeps_its_fate),
        cmocka_unit_test(a_cycle_is_found_when_there_is_one),
        cmocka_unit_test(the_matrix_counts_links_between_axes),
        cmocka_unit_test(a_smart_objective_misses_nothing),
        cmocka_unit_test(decimals_compare_exactly),
        cmocka_unit_test(a_month_is_a_deadline_until_its_last_day),
        cmocka_unit_test(words_are_counted_where_they_stand),
        cmocka_unit_test(a_difference_gives_both_texts_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
