/* The kernels against slow obvious twins on small random worlds, and claims by example. */
#include "listening/kernel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static uint64_t seed = 0x5EED;

static uint64_t
chance(uint64_t below)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

/* ---- programme ---- */

static void
the_forum_day_has_eight_slots_that_touch(void **state)
{
    (void)state;
    const struct agenda_slot day[] = {{570, 585}, {585, 595}, {595, 610}, {610, 620},
                                      {620, 680}, {680, 690}, {690, 750}, {750, 780}};
    struct agenda_finding findings[8];
    struct agenda_sum sum;
    agenda_check(day, 8, findings, 8, &sum);
    assert_int_equal(sum.n_findings, 0);
    assert_int_equal(sum.minutes, 210);
    assert_int_equal(sum.span, 210);
}

static void
an_overlap_a_gap_and_an_end_before_the_start_are_told(void **state)
{
    (void)state;
    const struct agenda_slot day[] = {{600, 660}, {650, 700}, {720, 730}, {740, 740}};
    struct agenda_finding f[8];
    struct agenda_sum sum;
    agenda_check(day, 4, f, 8, &sum);
    assert_int_equal(sum.n_findings, 3);
    assert_int_equal(f[0].fault, AGENDA_OVERLAP);
    assert_int_equal(f[0].minutes, 10);
    assert_int_equal(f[1].fault, AGENDA_GAP);
    assert_int_equal(f[1].minutes, 20);
    assert_int_equal(f[2].fault, AGENDA_EMPTY);
    assert_int_equal(f[2].slot, 3);
}

/* Minute by minute: whether two slots share one, and whether one inside the span has none. */
static void
programmes_agree_with_a_minute_by_minute_twin(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct agenda_slot slots[6];
        size_t n = (size_t)chance(6) + 1;
        int used[64] = {0};
        for (size_t i = 0; i < n; i++) {
            slots[i].starts_min = (int64_t)chance(50);
            slots[i].ends_min = slots[i].starts_min + (int64_t)chance(12);
            for (int64_t m = slots[i].starts_min; m < slots[i].ends_min; m++)
                used[m]++;
        }
        int first = -1, last = -1, holes = 0, shared = 0;
        for (int m = 0; m < 64; m++) {
            if (!used[m])
                continue;
            first = first < 0 ? m : first;
            last = m;
        }
        for (int m = first; first >= 0 && m <= last; m++) {
            holes += used[m] == 0;
            shared += used[m] > 1;
        }
        struct agenda_finding f[16];
        struct agenda_sum sum;
        int64_t gaps = 0, overlaps = 0;
        agenda_check(slots, n, f, 16, &sum);
        for (size_t i = 0; i < sum.n_findings; i++) {
            gaps += f[i].fault == AGENDA_GAP ? f[i].minutes : 0;
            overlaps += f[i].fault == AGENDA_OVERLAP;
        }
        assert_int_equal(sum.span, first < 0 ? 0 : last - first + 1);
        assert_int_equal(gaps, holes);
        assert_int_equal(overlaps > 0, shared > 0);
    }
}

static void
totals_reconcile_or_say_by_how_much(void **state)
{
    (void)state;
    const int64_t tables[] = {21, 22, 20, 17, 26, 13};
    const bool has[] = {true, true, true, true, true, true};
    struct reconcile_sum sum = reconcile(tables, has, 6, true, 125);
    assert_true(sum.known);
    assert_int_equal(sum.sum, 119);
    assert_int_equal(sum.missing, 6);
    assert_false(reconcile(tables, has, 6, false, 0).known);
}

/* ---- small numbers ---- */

/* All worlds of n groups of 0..max, by what a reader sees; each hidden number must be able to
 * be another one among the worlds that look the same. */
static void
hidden_numbers_stay_hidden_from_who_knows_the_rule(size_t n, int64_t max)
{
    size_t n_worlds = 1;
    for (size_t i = 0; i < n; i++)
        n_worlds *= (size_t)max + 1;
    struct seen {
        int64_t total, shown[4]; /* -1 hidden */
        bool told;
        int64_t low[4], high[4];
    } *seen = test_calloc(n_worlds, sizeof(*seen));
    size_t n_seen = 0;
    size_t *next = test_calloc(n_worlds, sizeof(*next)),
           *head = test_calloc(4096, sizeof(*head));
    for (size_t w = 0; w < n_worlds; w++) {
        int64_t v[4] = {0}, total = 0;
        bool hidden[4] = {false};
        size_t rest = w;
        for (size_t i = 0; i < n; i++) {
            v[i] = (int64_t)(rest % ((size_t)max + 1));
            rest /= (size_t)max + 1;
            total += v[i];
        }
        struct seen s = {.total = total, .told = spread_hide(v, n, hidden)};
        if (!s.told)
            continue; /* nothing is shown */
        uint64_t hash = (uint64_t)total;
        for (size_t i = 0; i < n; i++) {
            s.shown[i] = hidden[i] ? -1 : v[i];
            assert_true(hidden[i] || v[i] == 0 || v[i] >= SPREAD_SMALL);
            hash = hash * 31 + (uint64_t)(s.shown[i] + 1);
        }
        size_t at = head[hash % 4096];
        while (at && (seen[at - 1].total != s.total ||
                      memcmp(seen[at - 1].shown, s.shown, sizeof(s.shown)) != 0))
            at = next[at - 1];
        if (!at) {
            seen[n_seen] = s;
            memcpy(seen[n_seen].low, v, sizeof(v));
            memcpy(seen[n_seen].high, v, sizeof(v));
            next[n_seen] = head[hash % 4096];
            head[hash % 4096] = ++n_seen;
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            seen[at - 1].low[i] = v[i] < seen[at - 1].low[i] ? v[i] : seen[at - 1].low[i];
            seen[at - 1].high[i] = v[i] > seen[at - 1].high[i] ? v[i] : seen[at - 1].high[i];
        }
    }
    assert_true(n_seen > 10);
    for (size_t s = 0; s < n_seen; s++)
        for (size_t i = 0; i < n; i++)
            if (seen[s].shown[i] < 0 && seen[s].low[i] == seen[s].high[i]) {
                print_error("total %d: group %zu is %d for sure (%d %d %d %d)\n",
                            (int)seen[s].total, i, (int)seen[s].low[i], (int)seen[s].shown[0],
                            (int)seen[s].shown[1], (int)seen[s].shown[2],
                            (int)seen[s].shown[3]);
                fail();
            }
    test_free(seen);
    test_free(next);
    test_free(head);
}

static void
no_subtraction_gives_a_small_number_back(void **state)
{
    (void)state;
    hidden_numbers_stay_hidden_from_who_knows_the_rule(2, 24);
    hidden_numbers_stay_hidden_from_who_knows_the_rule(3, 16);
    hidden_numbers_stay_hidden_from_who_knows_the_rule(4, 11);
}

static void
large_groups_are_shown_and_too_few_are_not_divided(void **state)
{
    (void)state;
    bool hidden[3];
    const int64_t large[] = {12, 0, 40}, few[] = {3, 1, 0}, one[] = {2, 30, 9};
    assert_true(spread_hide(large, 3, hidden));
    assert_false(hidden[0] || hidden[1] || hidden[2]);
    assert_false(spread_hide(few, 3, hidden));
    assert_true(spread_hide(one, 3, hidden));
    assert_true(hidden[0] && hidden[2]);
    assert_false(hidden[1]);
}

/* ---- merges ---- */

static void
merges_end_somewhere_or_are_a_circle(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint32_t into[7], end;
        size_t n = (size_t)chance(7) + 1;
        for (size_t i = 0; i < n; i++)
            into[i] = (uint32_t)chance(n);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t at = i;
            for (size_t step = 0; step < 20; step++)
                at = into[at];
            bool ends = into[at] == at;
            assert_int_equal(merge_end(into, n, i, &end), ends);
            if (ends)
                assert_int_equal(end, at);
        }
    }
}

/* ---- documents ---- */

static enum report_fault
fault_of(struct str bytes, struct report *report)
{
    struct rg_arena *arena = rg_arena_new(16 << 20);
    enum report_fault fault = report_read(arena, bytes, report);
    rg_arena_free(arena);
    return fault;
}

static void
what_is_no_text_is_named_with_its_line(void **state)
{
    (void)state;
    struct report r;
    assert_int_equal(fault_of(STR("uno\ndue\0tre\n"), &r), REPORT_NUL);
    assert_int_equal(r.fault_line, 2);
    assert_int_equal(fault_of(STR("uno\nperch\xE9\n"), &r), REPORT_NOT_UTF8);
    assert_int_equal(r.fault_line, 2);
    assert_int_equal(fault_of(STR("\n \n"), &r), REPORT_NO_TEXT);
    assert_int_equal(fault_of(STR(""), &r), REPORT_NO_TEXT);
    assert_int_equal(fault_of(STR("%%&&//((==??^^*+[]{}#@;:-_ ab\n"), &r), REPORT_GARBAGE);
    static char huge[REPORT_LINE_MAX + 2];
    memset(huge, 'a', sizeof(huge));
    assert_int_equal(fault_of(str_n(huge, sizeof(huge)), &r), REPORT_LINE_LONG);
}

static void
page_furniture_is_recognised_and_text_is_not(void **state)
{
    (void)state;
    struct rg_arena *arena = rg_arena_new(16 << 20);
    struct rg_buf text;
    struct report r;
    rg_buf_init(&text, 1 << 20);
    for (int page = 1; page <= 4; page++) {
        rg_buf_printf(&text, "\fForum Metropolitano\r\n");
        for (int line = 0; line < 20; line++)
            rg_buf_printf(&text, "Riga %d della pagina %d, diversa dalle altre.\r\n", line,
                          page);
        rg_buf_printf(&text, "2 https://example.org/piano\n- %d -\n", page);
    }
    rg_buf_printf(&text, "sì\nsì\nsì\nNel 2026 il piano è pronto.\n");
    assert_int_equal(report_read(arena, rg_buf_view(&text), &r), REPORT_FINE);
    assert_int_equal(r.n, 4 * 23 + 4);
    assert_int_equal(r.n_furniture, 12);
    assert_true(r.lines[0].furniture && r.lines[21].furniture && r.lines[22].furniture);
    assert_false(r.lines[1].furniture || r.lines[92].furniture || r.lines[95].furniture);
    assert_true(str_is(r.lines[0].text, "Forum Metropolitano"));
    rg_buf_done(&text);
    rg_arena_free(arena);
}

static void
paragraphs_end_at_full_stops_and_headings(void **state)
{
    (void)state;
    assert_true(report_ends_paragraph(STR("e così finisce."), STR("Poi comincia")));
    assert_false(report_ends_paragraph(STR("e così"), STR("continua")));
    assert_false(report_ends_paragraph(STR("presso la ditta S."), STR("rossi")));
    assert_true(report_ends_paragraph(STR("COMPETENZE DI CMT"), STR("Un primo tema")));
    assert_true(report_ends_paragraph(STR("Il pubblico:"), STR("● Asse 1")));
    assert_true(report_ends_paragraph(STR("alla fine"), STR("")));
    assert_true(report_ends_paragraph(STR("delle sessioni.3"), STR("All’incontro")));
}

static void
words_without_blanks_are_found_glued(void **state)
{
    (void)state;
    char glued[128], apart[128], word[32];
    size_t n = words_fold(STR("risorse disponibili venganomappate: È così"), glued);
    size_t m = words_fold(STR("risorse disponibili vengano mappate. e COSI'"), apart);
    size_t w = words_fold(STR("Mappàte"), word);
    assert_true(str_eq(str_n(glued, n), str_n(apart, m)));
    assert_true(str_find(str_n(glued, n), str_n(word, w)) >= 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forum_day_has_eight_slots_that_touch),
        cmocka_unit_test(an_overlap_a_gap_and_an_end_before_the_start_are_told),
        cmocka_unit_test(programmes_agree_with_a_minute_by_minute_twin),
        cmocka_unit_test(totals_reconcile_or_say_by_how_much),
        cmocka_unit_test(no_subtraction_gives_a_small_number_back),
        cmocka_unit_test(large_groups_are_shown_and_too_few_are_not_divided),
        cmocka_unit_test(merges_end_somewhere_or_are_a_circle),
        cmocka_unit_test(what_is_no_text_is_named_with_its_line),
        cmocka_unit_test(page_furniture_is_recognised_and_text_is_not),
        cmocka_unit_test(paragraphs_end_at_full_stops_and_headings),
        cmocka_unit_test(words_without_blanks_are_found_glued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
