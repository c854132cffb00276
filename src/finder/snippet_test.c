/* The piece of text in which the words stand: only where they stand, stressed, and escaped. */
#include "finder/finder_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 50 };

static struct finder_hit_view
view_of(struct world *w, const char *words, const char *description, enum finder_reason reason)
{
    struct finder_question q = {.text = str_of(words)};
    struct finder_hit hit = {.reasons = {reason}, .n_reasons = 1};
    struct finder_answer *a = RG_NEW(w->ctx.arena, struct finder_answer);
    struct finder_hit_view view = {0};
    const char *doc = rg_arena_printf(w->ctx.arena,
        "{\"id\":\"0f6a5a3e-2222-4c1c-9a55-0123456789ab\",\"name\":\"Prova\",\"status\":\"active\","
        "\"description\":\"%s\"}", description);
    world_write(w);
    view.id = hit.service_id = world_put(w, NETWORK_SERVICE, str_of(doc));
    world_commit(w);
    a->hits = &hit;
    a->n_hits = 1;
    assert_int_equal(finder_snippets(&w->ctx, &q, a, &view), RG_OK);
    return view;
}

static struct str
joined(struct world *w, const struct finder_hit_view *view, bool marks_only)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 4096);
    for (size_t i = 0; i < view->n_bits; i++)
        if (!marks_only || view->bits[i].mark) {
            if (marks_only && out.n)
                rg_buf_c(&out, '|');
            rg_buf_str(&out, view->bits[i].text);
        }
    return rg_arena_str(w->ctx.arena, rg_buf_view(&out));
}

static void
words_are_stressed_in_the_piece_that_holds_them(void **state)
{
    struct world *w = *state;
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 4096);
    for (int i = 0; i < 40; i++)
        rg_buf_lit(&text, "parole che non servono a niente; ");
    rg_buf_lit(&text, "qui si riparano le biciclette di chi abita in paese; ");
    for (int i = 0; i < 10; i++)
        rg_buf_lit(&text, "altre parole in coda; ");
    const char *made = rg_arena_cstr(w->ctx.arena, rg_buf_view(&text));
    struct finder_hit_view v = view_of(w, "riparare bicicletta", made, FINDER_WHY_WORDS);
    struct str marks = joined(w, &v, true), all = joined(w, &v, false);
    assert_true(str_find(marks, STR("biciclette")) >= 0);
    assert_true(str_starts(all, STR("… ")) && str_ends(all, STR(" …")));
    assert_true(all.n <= 240);
}

static void
a_text_that_fits_is_shown_whole(void **state)
{
    struct world *w = *state;
    static const char text[] = "Si riparano biciclette <script> & 'altro' il lunedì.";
    struct finder_hit_view v = view_of(w, "biciclette", text, FINDER_WHY_WORDS);
    assert_true(str_eq(joined(w, &v, false), str_of(text)));
    assert_true(str_is(joined(w, &v, true), "biciclette"));
}

static void
without_the_words_or_with_a_need_the_summary_stays(void **state)
{
    struct finder_hit_view v = view_of(*state, "trapezio", "Si riparano biciclette.",
                                       FINDER_WHY_WORDS);
    assert_int_equal(v.n_bits, 0);
    v = view_of(*state, "biciclette", "Si riparano biciclette!", FINDER_WHY_NEED);
    assert_int_equal(v.n_bits, 0);
    v = view_of(*state, "", "Si riparano biciclette?", FINDER_WHY_WORDS);
    assert_int_equal(v.n_bits, 0);
}

static void
a_word_many_times_fits_its_room(void **state)
{
    struct world *w = *state;
    struct finder_hit_view v = view_of(w, "bici", "bici bici bici bici bici bici bici bici bici "
                                       "bici bici bici bici bici bici bici bici bici bici "
                                       "bici bici bici",
                                       FINDER_WHY_WORDS);
    assert_true(v.n_bits > 10 && v.n_bits <= FINDER_BITS_MAX);
    assert_int_equal(joined(w, &v, false).n, 22 * 5 - 1);
}

static int
setup(void **state)
{
    *state = world_new(SERVICES);
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
        cmocka_unit_test(words_are_stressed_in_the_piece_that_holds_them),
        cmocka_unit_test(a_text_that_fits_is_shown_whole),
        cmocka_unit_test(without_the_words_or_with_a_need_the_summary_stays),
        cmocka_unit_test(a_word_many_times_fits_its_room),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
