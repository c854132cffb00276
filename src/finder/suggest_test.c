/* Suggestions while typing: by first letters, forgiving, quick, and never of another language. */
#include "finder/finder_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <time.h>

enum { SERVICES = 50 };

static const struct finder_suggestion *
ask(struct world *w, enum rg_lang lang, const char *typed, size_t *ret_n)
{
    static struct finder_suggestion list[FINDER_SUGGEST_MAX];
    w->ctx.lang = lang;
    world_must(w, finder_suggest(&w->ctx, &w->finder, str_of(typed), list, ret_n), "suggest");
    w->ctx.lang = RG_IT;
    assert_true(*ret_n <= FINDER_SUGGEST_MAX);
    return list;
}

static bool
offers_need(struct world *w, enum rg_lang lang, const char *typed, const char *code)
{
    size_t n;
    const struct finder_suggestion *list = ask(w, lang, typed, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].need, str_of(code)))
            return true;
    return false;
}

static bool
offers_value(struct world *w, const char *typed, const char *value)
{
    size_t n;
    const struct finder_suggestion *list = ask(w, RG_IT, typed, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].value, str_of(value)))
            return true;
    return false;
}

static void
first_letters_bring_needs_and_comuni(void **state)
{
    assert_true(offers_need(*state, RG_IT, "affit", "casa.affitto"));
    assert_true(offers_need(*state, RG_IT, "pagare l'aff", "casa.affitto"));
    assert_true(offers_need(*state, RG_IT, "SPORTELLO SOC", "accesso.sportello"));
    assert_true(offers_value(*state, "ivr", "Ivrea"));
    assert_true(offers_value(*state, "affitto a pinero", "affitto a Pinerolo"));
    assert_true(offers_value(*state, "agliè", "Agliè"));
}

static void
a_slip_is_forgiven_when_nothing_else_answers(void **state)
{
    assert_true(offers_need(*state, RG_IT, "afitto", "casa.affitto"));
    assert_true(offers_need(*state, RG_IT, "affitot", "casa.affitto"));
    assert_true(offers_need(*state, RG_IT, "sportelol", "accesso.sportello"));
}

static void
each_language_has_its_own_words(void **state)
{
    assert_true(offers_need(*state, RG_EN, "rent", "casa.affitto"));
    assert_true(offers_need(*state, RG_FR, "loyer", "casa.affitto"));
    assert_false(offers_need(*state, RG_EN, "affit", "casa.affitto"));
}

static void
too_little_too_much_and_nonsense_bring_nothing(void **state)
{
    static const char *const typed[] = {"", " ", "a", "''", "zzxqy", "zz",
                                        "\xEF\xBF\xBD\xEF\xBF\xBD"};
    size_t n;
    for (size_t i = 0; i < RG_COUNT(typed); i++) {
        ask(*state, RG_IT, typed[i], &n);
        assert_int_equal(n, 0);
    }
    char longer[FINDER_SUGGEST_TEXT_MAX + 2];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = 0;
    ask(*state, RG_IT, longer, &n);
    assert_int_equal(n, 0);
    ask(*state, RG_IT, "a b c d e f g h i affitto", &n); /* more words than are read */
    assert_int_equal(n, 0);
}

static void
one_need_is_offered_once_and_the_best_first(void **state)
{
    static const char *const typed[] = {"ca", "aiuto", "as", "la", "per", "se"};
    for (size_t t = 0; t < RG_COUNT(typed); t++) {
        size_t n, n_needs = 0;
        const struct finder_suggestion *list = ask(*state, RG_IT, typed[t], &n);
        for (size_t i = 0; i < n; i++) {
            n_needs += list[i].need.n > 0;
            assert_true(list[i].value.n > 0 && (list[i].need.n > 0) != (list[i].comune.n > 0));
            for (size_t k = 0; k < i && list[i].need.n; k++)
                assert_false(str_eq(list[i].need, list[k].need));
        }
        assert_true(n_needs > 0 && n_needs <= FINDER_SUGGEST_NEEDS_MAX);
    }
}

/* The slow twin: whether typed begins word after at most one edit, by trying every edit. */
static bool
twin_begins(struct str word, struct str typed)
{
    char s[16];
    for (int kind = 0; kind < 4; kind++)
        for (size_t i = 0; i < typed.n + 1; i++)
            for (char c = 'a'; c <= 'c'; c++) {
                size_t n = typed.n;
                memcpy(s, typed.p, n);
                if (kind == 0) { /* a letter was missing */
                    memmove(s + i + 1, s + i, n - i);
                    s[i] = c;
                    n++;
                } else if (i == typed.n) {
                    continue;
                } else if (kind == 1) {
                    memmove(s + i, s + i + 1, --n - i);
                } else if (kind == 2) {
                    s[i] = c;
                } else if (i + 1 < n) {
                    char t = s[i];
                    s[i] = s[i + 1];
                    s[i + 1] = t;
                }
                if (str_starts(word, str_n(s, n)))
                    return true;
            }
    return str_starts(word, typed);
}

static void
slips_are_what_trying_every_edit_finds(void **state)
{
    struct world *w = *state;
    size_t n_yes = 0;
    for (int round = 0; round < 20000; round++) {
        char a[8], b[8];
        size_t na = 3 + rg_chance(&w->ctx) % 5, nb = 4 + rg_chance(&w->ctx) % 3;
        for (size_t i = 0; i < na; i++)
            a[i] = (char)('a' + rg_chance(&w->ctx) % 3);
        for (size_t i = 0; i < nb; i++)
            b[i] = (char)('a' + rg_chance(&w->ctx) % 3);
        bool got = finder_suggest_begins(str_n(a, na), str_n(b, nb), true);
        if (got != twin_begins(str_n(a, na), str_n(b, nb)))
            fail_msg("%.*s in %.*s: %d", (int)nb, b, (int)na, a, got);
        n_yes += got;
    }
    assert_true(n_yes > 500 && n_yes < 19500);
}

static void
folding_takes_accents_case_and_signs_away(void **state)
{
    static const char *const cases[][2] = {{"È già L'ATTIVITÀ", "e gia l attivita"},
                                           {"  Coazze – Giaveno ", "coazze giaveno"},
                                           {"Șoșea ñandú", "\xC8\x98o\xC8\x99""ea nandu"},
                                           {"(--)", ""}};
    char out[64];
    (void)state;
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        size_t n = finder_suggest_fold(str_of(cases[i][0]), out, sizeof(out));
        if (!str_eq(str_n(out, n), str_of(cases[i][1])))
            fail_msg("%s: %.*s", cases[i][0], (int)n, out);
    }
}

static void
the_piece_and_the_json_say_the_same_and_escape(void **state)
{
    struct world *w = *state;
    static const char *const targets[] = {"/cerca/suggerimenti?q=affit",
                                          "/cerca/suggerimenti.json?q=affit",
                                          "/cerca/suggerimenti?q=%3Cscript%3E+a+Ivr"};
    static const char *const needles[] = {"role=\"option\"", "\"need\":\"casa.affitto\"",
                                          "&lt;script&gt; a Ivrea"};
    for (size_t i = 0; i < RG_COUNT(targets); i++) {
        struct rg_ctx ctx;
        struct web_answer ans;
        world_must(w, rg_ctx_init(&ctx, RG_REQUEST_ARENA_MAX), "request");
        assert_int_equal(web_simulate(w->server, &ctx, "GET", targets[i], &ans), RG_OK);
        if (str_find(rg_buf_view(&ans.body), str_of(needles[i])) < 0)
            fail_msg("%s: %.*s", targets[i], STR_ARG(rg_buf_view(&ans.body)));
        assert_true(str_find(rg_buf_view(&ans.body), STR("<script>")) < 0);
        web_answer_done(&ans);
        rg_ctx_done(&ctx);
    }
}

static void
an_answer_takes_less_than_a_millisecond(void **state)
{
    static const char *const typed[] = {"af", "affitto a to", "zzxqy", "sportelol", "la"};
    enum { ROUNDS = 200 };
    struct timespec a, b;
    size_t n;
    ask(*state, RG_IT, "af", &n);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    for (int i = 0; i < ROUNDS; i++)
        ask(*state, RG_IT, typed[(size_t)i % RG_COUNT(typed)], &n);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    double us = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / 1e3;
    print_message("suggestions: %.0f us each\n", us / ROUNDS);
    assert_true(us / ROUNDS < 5000); /* under the sanitizers, which cost ten times */
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
        cmocka_unit_test(first_letters_bring_needs_and_comuni),
        cmocka_unit_test(a_slip_is_forgiven_when_nothing_else_answers),
        cmocka_unit_test(each_language_has_its_own_words),
        cmocka_unit_test(too_little_too_much_and_nonsense_bring_nothing),
        cmocka_unit_test(one_need_is_offered_once_and_the_best_first),
        cmocka_unit_test(slips_are_what_trying_every_edit_finds),
        cmocka_unit_test(folding_takes_accents_case_and_signs_away),
        cmocka_unit_test(the_piece_and_the_json_say_the_same_and_escape),
        cmocka_unit_test(an_answer_takes_less_than_a_millisecond),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
