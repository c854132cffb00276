/* What the analyser promises about Italian as people write it. */
#include "search/analysis_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka asks for the four headers above */
#include <cmocka.h>

static struct search_analyser *an;

/* The terms of a text, joined by blanks. */
static const char *
terms_of(enum search_lang lang, unsigned flags, struct str text)
{
    static char out[2048];
    struct search_token t;
    size_t n = 0;

    search_analyse_begin(an, lang, flags, text);
    while (search_analyse_next(an, &t)) {
        assert_true(t.term.n > 0 && t.term.n <= SEARCH_TERM_MAX);
        assert_true(t.from + t.n <= text.n && t.n > 0);
        assert_true(n + t.term.n + 2 < sizeof out);
        if (n)
            out[n++] = ' ';
        memcpy(out + n, t.term.p, t.term.n);
        n += t.term.n;
    }
    out[n] = '\0';
    return out;
}

#define IT(text) terms_of(SEARCH_IT, 0, STR(text))
#define PLAIN(text) terms_of(SEARCH_PLAIN, 0, STR(text))

static void
elided_articles_are_dropped_with_any_apostrophe(void **state)
{
    assert_string_equal(IT("l'affitto"), "affitt");
    assert_string_equal(IT("L’AFFITTO"), "affitt");
    assert_string_equal(IT("dell`affitto un'affitto all´affitto"), "affitt affitt affitt");
    assert_string_equal(IT("c'è un dell'ufficio"), "uffic");
    assert_string_equal(IT("senz'auto"), "senz aut");
    assert_string_equal(terms_of(SEARCH_FR, 0, STR("l'école aujourd'hui")), "ecol aujourd hui");
    assert_string_equal(terms_of(SEARCH_EN, 0, STR("the children's homes")), "children home");
}

static void
case_diacritics_and_composition_make_no_difference(void **state)
{
    char composed[64];

    assert_string_equal(IT("attività ATTIVITÀ attivita' attivita"), "attiv attiv attiv attiv");
    snprintf(composed, sizeof composed, "%s", IT("perché città"));
    assert_string_equal(IT("perche\xCC\x81 citta\xCC\x80"), composed);
    assert_string_equal(PLAIN("Șțefan Đorđe Łódź straße Œuvre"),
                        "stefan dorde lodz strasse oeuvre");
    assert_string_equal(PLAIN("ＡＳＬ ﬁne"), "asl fine");
    assert_string_equal(PLAIN("МОСКВА ΣΟΦΟΣ σοφός"), "москва σοφοσ σοφοσ");
}

static void
inflected_forms_meet(void **state)
{
    assert_string_equal(IT("anziano anziana anziani anziane"), "anzian anzian anzian anzian");
    assert_string_equal(IT("metropolitano metropolitana"), "metropolitan metropolitan");
    assert_string_equal(IT("disabilità disabile"), "disabil disabil");
}

static void
words_that_carry_a_need_are_kept(void **state)
{
    assert_string_equal(IT("non ho la casa"), "non cas");
    assert_string_equal(IT("sono senza lavoro e sola"), "senz lavor sol");
    assert_string_equal(IT("il lo la gli di a da in con su per"), "");
    assert_string_equal(terms_of(SEARCH_IT, SEARCH_KEEP_STOP, STR("al")), "al");
}

static void
digits_and_dotted_letters_are_words(void **state)
{
    assert_string_equal(IT("chiama il 112 o 011-4321"), "chiam 112 011 4321");
    assert_string_equal(IT("A.S.L. TO3. S.r.l"), "asl to3 srl");
    assert_string_equal(IT("fine. A casa"), "fin cas");
    assert_string_equal(PLAIN("求助 ok"), "求 助 ok");
    assert_string_equal(PLAIN("مُساعَدة"), "مساعدة");
}

static void
any_bytes_are_welcome(void **state)
{
    char long_word[4000];

    memset(long_word, 'x', sizeof long_word);
    search_analyse_begin(an, SEARCH_IT, 0, str_n(long_word, sizeof long_word));
    struct search_token t;
    assert_true(search_analyse_next(an, &t));
    assert_int_equal(t.term.n, SEARCH_TERM_MAX);
    assert_int_equal(t.n, sizeof long_word);
    assert_false(search_analyse_next(an, &t));
    assert_string_equal(terms_of(SEARCH_PLAIN, 0, STR("ab\xFFz\xC3")), "ab z");
    assert_string_equal(terms_of(SEARCH_PLAIN, 0, STR_NONE), "");
}

static void
tokens_know_their_place_in_the_source(void **state)
{
    struct rg_ctx ctx;
    const struct search_token *tokens;
    size_t n;
    struct str text = STR("Il bonus per l'affitto");

    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    assert_int_equal(search_analyse(&ctx, an, SEARCH_IT, 0, text, &tokens, &n), RG_OK);
    assert_int_equal(n, 2);
    assert_true(str_is(str_n(text.p + tokens[0].from, tokens[0].n), "bonus"));
    assert_true(str_is(str_n(text.p + tokens[1].from, tokens[1].n), "affitto"));
    assert_true(str_is(tokens[1].word, "affitto"));
    assert_int_equal(tokens[0].position, 1);
    assert_int_equal(tokens[1].position, 3);
    for (long fail = 1; fail < 4; fail++) {
        struct rg_ctx small;
        assert_int_equal(rg_ctx_init(&small, 100), RG_OK);
        assert_int_equal(search_analyse(&small, an, SEARCH_IT, 0, text, &tokens, &n), RG_LIMIT);
        rg_ctx_done(&small);
    }
    rg_ctx_done(&ctx);
}

static uint32_t
known(void *arg, struct str term)
{
    static const char *const words[] = {"bonus", "affitt", "cas", "cart", "identit"};

    for (size_t i = 0; i < RG_COUNT(words); i++)
        if (str_eq(term, str_of(words[i])))
            return (uint32_t)(10 + i);
    return 0;
}

static size_t
split(const char *word, struct str ret_terms[2])
{
    return search_split_glued(an, SEARCH_IT, str_of(word), known, NULL, ret_terms);
}

static void
glued_words_come_apart(void **state)
{
    struct str terms[2];

    assert_int_equal(split("bonusaffitto", terms), 2);
    assert_true(str_is(terms[0], "bonus"));
    assert_true(str_is(terms[1], "affitt"));
    assert_int_equal(split("dellacasa", terms), 1);
    assert_true(str_is(terms[0], "cas"));
    assert_int_equal(split("bonuszebra", terms), 0);
    assert_int_equal(split("a", terms), 0);
}

static void
lists_are_sorted_and_folded(void **state)
{
    struct search_word_list lists[4] = {
        search_stop_list(SEARCH_IT), search_stop_list(SEARCH_FR), search_stop_list(SEARCH_EN),
        search_elision_list(),
    };

    for (size_t l = 0; l < RG_COUNT(lists); l++)
        for (size_t i = 0; i < lists[l].n; i++) {
            struct str w = str_of(lists[l].words[i]);
            if (i && str_cmp(str_of(lists[l].words[i - 1]), w) >= 0)
                fail_msg("%s stands out of order", w.p);
            assert_true(w.n <= SEARCH_STOP_LONGEST);
            assert_string_equal(terms_of(SEARCH_PLAIN, 0, w), w.p);
        }
    assert_false(search_is_stop(SEARCH_IT, STR("non")));
    assert_false(search_is_stop(SEARCH_IT, STR("senza")));
}

static void
an_analyser_without_memory_is_none(void **state)
{
    for (long i = 1; i <= 4; i++) {
        rg_alloc_fail_after(i);
        assert_null(search_analyser_new());
    }
    rg_alloc_fail_after(0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elided_articles_are_dropped_with_any_apostrophe),
        cmocka_unit_test(case_diacritics_and_composition_make_no_difference),
        cmocka_unit_test(inflected_forms_meet),
        cmocka_unit_test(words_that_carry_a_need_are_kept),
        cmocka_unit_test(digits_and_dotted_letters_are_words),
        cmocka_unit_test(any_bytes_are_welcome),
        cmocka_unit_test(tokens_know_their_place_in_the_source),
        cmocka_unit_test(glued_words_come_apart),
        cmocka_unit_test(lists_are_sorted_and_folded),
        cmocka_unit_test(an_analyser_without_memory_is_none),
    };
    an = search_analyser_new();
    int failures = an ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    search_analyser_free(an);
    return failures;
}
