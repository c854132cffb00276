/* Snippets: the examples a person would judge, and every window tried on random texts. */
#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka asks for the headers above */
#include <cmocka.h>

static struct rg_ctx ctx;
static struct search_analyser *an;

static unsigned
below(unsigned n)
{
    return (unsigned)(rg_chance(&ctx) % n);
}

static void
assert_piece(struct str text, struct search_snippet s, const char *want)
{
    struct str piece = str_n(text.p + s.from, s.n);

    if (!str_eq(piece, str_of(want)))
        fail_msg("\"%.*s\"", (int)piece.n, piece.p);
}

static void
the_piece_shows_the_words_in_their_surroundings(void **state)
{
    const struct str text = STR("Lo sportello del Comune è aperto ogni giorno. Chi non riesce a "
                                "pagare l'affitto può chiedere un contributo; servono l'ISEE e "
                                "il contratto. Gli uffici rispondono entro trenta giorni.");
    const struct str terms[] = {STR("affitt"), STR("contrib"), STR("casa")};
    struct search_snippet s;

    assert_int_equal(search_snippet(&ctx, an, SEARCH_IT, text, terms, 3, 60, &s), RG_OK);
    assert_piece(text, s, "a pagare l'affitto può chiedere un contributo; servono");
    assert_true(s.more_before && s.more_after);
    assert_int_equal(s.n_marks, 2);
    assert_true(str_is(str_n(text.p + s.marks[0].from, s.marks[0].n), "affitto"));
    assert_true(str_is(str_n(text.p + s.marks[1].from, s.marks[1].n), "contributo"));
    assert_int_equal(search_snippet(&ctx, an, SEARCH_IT, text, terms + 2, 1, 30, &s), RG_OK);
    assert_piece(text, s, "Lo sportello del Comune è");
    assert_true(!s.more_before && s.more_after);
    assert_int_equal(s.n_marks, 0);
    assert_int_equal(search_snippet(&ctx, an, SEARCH_IT, text, terms, 3, 1000, &s), RG_OK);
    assert_int_equal(s.n, text.n);
    assert_true(!s.more_before && !s.more_after && s.n_marks == 2);
    assert_int_equal(search_snippet(&ctx, an, SEARCH_IT, text, terms, 3, 1, &s), RG_OK);
    assert_int_equal(s.n, 0);
    assert_int_equal(search_snippet(&ctx, an, SEARCH_IT, STR(""), terms, 3, 9, &s), RG_OK);
    assert_int_equal(s.n, 0);
}

/* Different terms and terms in words[from, end). */
static void
show(const struct search_token *words, size_t from, size_t end, const struct str *terms,
     size_t n_terms, size_t *ret_different, size_t *ret_n)
{
    *ret_different = *ret_n = 0;
    for (size_t t = 0; t < n_terms; t++) {
        size_t here = 0;
        for (size_t i = from; i < end; i++)
            here += str_eq(words[i].term, terms[t]);
        *ret_different += here > 0;
        *ret_n += here;
    }
}

static void
no_window_shows_more_than_the_piece(void **state)
{
    static const struct str terms[] = {STR("wa"), STR("wb"), STR("wc")};

    for (unsigned round = 0; round < 3000; round++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        const struct search_token *words;
        struct search_snippet s;
        char text[600];
        size_t n = 0, n_words, best = 0, best_n = 0, here, here_n, begin = 0, end, max = below(90);
        for (unsigned i = below(60); i > 0; i--) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%.*s", (int)below(4), ",.  ");
            n += (size_t)snprintf(text + n, sizeof text - n, "w%c%s",
                                  'a' + (int)below(below(8) + 1), below(9) ? " " : "xyz ");
        }
        assert_int_equal(search_analyse(&ctx, an, SEARCH_PLAIN, 0, str_n(text, n), &words,
                                        &n_words), RG_OK);
        assert_int_equal(search_snippet(&ctx, an, SEARCH_PLAIN, str_n(text, n), terms, 3, max,
                                        &s), RG_OK);
        assert_true(s.n <= max && s.from + s.n <= n);
        for (size_t i = 0; i < n_words; i++)
            for (size_t j = i + 1; j <= n_words; j++) {
                if (words[j - 1].from + words[j - 1].n - words[i].from > max)
                    break;
                show(words, i, j, terms, 3, &here, &here_n);
                if (here > best || (here == best && here_n > best_n)) {
                    best = here;
                    best_n = here_n;
                }
            }
        while (begin < n_words && words[begin].from < s.from)
            begin++;
        for (end = begin; end < n_words && words[end].from < s.from + s.n; end++)
            assert_true(words[end].from + words[end].n <= s.from + s.n); /* whole words */
        show(words, begin, end, terms, 3, &here, &here_n);
        assert_int_equal(here, best);
        assert_true(here_n >= best_n);
        assert_int_equal(s.n_marks, here_n);
        for (size_t m = 0; m < s.n_marks; m++) {
            show(&(struct search_token){.term = str_n(text + s.marks[m].from, s.marks[m].n)},
                 0, 1, terms, 3, &here, &here_n);
            assert_int_equal(here_n, 1);
            assert_true(m == 0 || s.marks[m].from > s.marks[m - 1].from);
        }
        assert_int_equal(s.more_before, begin > 0);
        assert_int_equal(s.more_after, end < n_words);
        rg_arena_release(ctx.arena, mark);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_piece_shows_the_words_in_their_surroundings),
        cmocka_unit_test(no_window_shows_more_than_the_piece),
    };

    an = search_analyser_new();
    if (!an || rg_ctx_init(&ctx, 16 << 20) != RG_OK)
        return 1;
    ctx.chance = 20261128;
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    search_analyser_free(an);
    rg_ctx_done(&ctx);
    return failures;
}
