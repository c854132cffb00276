/* Patterns and spelling against slow obvious twins, on random small worlds. */
#include "finder/finder_priv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { WORLDS = 300, PATTERNS = 40, TEXT_WORDS = 12, SKIP = 1, LONG = 96 };

static uint64_t dice = 42;

static size_t
roll(size_t sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((dice >> 33) % sides);
}

/* Few letters and few words, so that patterns do meet. */
static void
random_word(char *to)
{
    size_t n = 2 + roll(3);
    for (size_t i = 0; i < n; i++)
        to[i] = (char)('a' + roll(3));
    to[n] = '\0';
}

static void
random_text(char *to, size_t n_words, bool stars)
{
    size_t n = 0;
    for (size_t i = 0; i < n_words; i++) {
        char word[8];
        random_word(word);
        n += (size_t)snprintf(to + n, LONG - n, "%s%s%s", i ? " " : "", word,
                              stars && roll(3) == 0 ? "*" : "");
    }
}

static bool
word_fits(const char *part, struct str word)
{
    size_t n = strlen(part);
    if (n > 0 && part[n - 1] == '*')
        return word.n >= n - 1 && memcmp(part, word.p, n - 1) == 0;
    return str_eq(word, str_of(part));
}

/* Does the pattern take its part k at word at, and the rest after it? Every way is tried. */
static bool
twin_from(char parts[][8], size_t n_parts, size_t k, const struct str *words, size_t n, size_t at)
{
    if (at >= n || !word_fits(parts[k], words[at]))
        return false;
    if (k + 1 == n_parts)
        return true;
    for (size_t next = at + 1; next <= at + 1 + SKIP; next++)
        if (twin_from(parts, n_parts, k + 1, words, n, next))
            return true;
    return false;
}

static bool
twin_matches(const char *pattern, const struct str *words, size_t n)
{
    char parts[FINDER_PATTERN_WORDS_MAX][8];
    struct str rest = str_of(pattern), one;
    size_t n_parts = 0;
    while (rest.n && str_cut(&rest, ' ', &one)) {
        memcpy(parts[n_parts], one.p, one.n);
        parts[n_parts++][one.n] = '\0';
    }
    for (size_t at = 0; at < n; at++)
        if (twin_from(parts, n_parts, 0, words, n, at))
            return true;
    return false;
}

static void
patterns_match_what_the_slow_twin_matches(void **state)
{
    (void)state;
    struct search_analyser *an = search_analyser_new();
    struct words *words = calloc(1, sizeof(*words));
    assert_non_null(an);
    assert_non_null(words);
    for (int world = 0; world < WORLDS; world++) {
        char all[PATTERNS][LONG], text[LONG];
        struct patterns *ps = patterns_new(SKIP);
        assert_non_null(ps);
        for (size_t i = 0; i < PATTERNS; i++) {
            random_text(all[i], 1 + roll(4), true);
            patterns_add(ps, str_of(all[i]), (uint16_t)i);
        }
        assert_true(patterns_freeze(ps));
        random_text(text, TEXT_WORDS, false);
        words_of(an, SEARCH_PLAIN, str_of(text), words);
        assert_int_equal(words->n, TEXT_WORDS);
        struct str list[TEXT_WORDS];
        for (size_t i = 0; i < TEXT_WORDS; i++)
            list[i] = str_n(words->at[i].word, words->at[i].word_n);
        struct pattern_hit hits[PATTERNS];
        bool hit[PATTERNS] = {false};
        size_t n = patterns_match(ps, words, hits, PATTERNS);
        for (size_t i = 0; i < n; i++) {
            assert_false(hit[hits[i].tag]); /* each once */
            assert_true(hits[i].first <= hits[i].last && hits[i].last < TEXT_WORDS);
            hit[hits[i].tag] = true;
        }
        for (size_t i = 0; i < PATTERNS; i++) {
            bool twin = twin_matches(all[i], list, TEXT_WORDS);
            if (hit[i] != twin)
                fail_msg("\"%s\" in \"%s\": kernel %d, twin %d", all[i], text, hit[i], twin);
        }
        patterns_blank(ps, words);
        assert_int_equal(patterns_match(ps, words, hits, PATTERNS), 0);
        patterns_free(ps);
    }
    free(words);
    search_analyser_free(an);
}

/* Is b one letter more, less, changed or swapped from a? Every such b is written out. */
static bool
twin_one_edit(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    char c[LONG];
    for (size_t i = 0; n == m && i < n; i++) {
        memcpy(c, a, n + 1);
        c[i] = b[i];
        if (strcmp(c, b) == 0)
            return true;
        if (i + 1 < n) {
            memcpy(c, a, n + 1);
            c[i] = a[i + 1];
            c[i + 1] = a[i];
            if (strcmp(c, b) == 0)
                return true;
        }
    }
    const char *longer = n > m ? a : b, *shorter = n > m ? b : a;
    size_t most = n > m ? n : m;
    for (size_t i = 0; most == (n > m ? m : n) + 1 && i < most; i++) {
        memcpy(c, longer, i);
        memcpy(c + i, longer + i + 1, most - i);
        if (strcmp(c, shorter) == 0)
            return true;
    }
    return false;
}

static void
spelling_mends_what_the_slow_twin_finds_one_letter_away(void **state)
{
    (void)state;
    enum { KNOWN = 60 };
    struct search_analyser *an = search_analyser_new();
    struct words *words = calloc(1, sizeof(*words));
    assert_non_null(an);
    assert_non_null(words);
    for (int world = 0; world < WORLDS; world++) {
        char known[KNOWN][LONG], asked[LONG];
        struct finder_example examples[KNOWN];
        for (size_t i = 0; i < KNOWN; i++) {
            size_t n = 5 + roll(2);
            for (size_t k = 0; k < n; k++)
                known[i][k] = (char)('a' + roll(4));
            known[i][n] = '\0';
            examples[i] = (struct finder_example){.lang = STR("it"), .text = str_of(known[i])};
        }
        const struct finder_corpus corpus = {.examples = examples, .n_examples = KNOWN};
        struct spelling *spelling = spelling_new(&corpus);
        assert_non_null(spelling);
        size_t n = 5 + roll(2);
        for (size_t k = 0; k < n; k++)
            asked[k] = (char)('a' + roll(4));
        asked[n] = '\0';
        bool is_known = false, near = false;
        for (size_t i = 0; i < KNOWN; i++) {
            is_known |= strcmp(known[i], asked) == 0;
            near |= twin_one_edit(asked, known[i]);
        }
        words_of(an, SEARCH_PLAIN, str_of(asked), words);
        bool fixed = spelling_fix(spelling, an, SEARCH_PLAIN, words);
        if (fixed != (near && !is_known))
            fail_msg("\"%s\": mended %d, near %d, known %d", asked, fixed, near, is_known);
        bool now_known = false;
        for (size_t i = 0; i < KNOWN; i++)
            now_known |= str_eq(str_of(known[i]),
                                str_n(words->at[0].word, words->at[0].word_n));
        assert_int_equal(now_known, is_known || near);
        spelling_free(spelling);
    }
    free(words);
    search_analyser_free(an);
}

static void
spelling_parts_words_typed_as_one_and_leaves_the_rest_alone(void **state)
{
    (void)state;
    static const struct finder_example examples[] = {
        {.lang = STR("it"), .text = STR("pagare affitto")},
        {.lang = STR("it"), .text = STR("pagare affitto")},
        {.lang = STR("it"), .text = STR("pagare affitto")},
        {.lang = STR("it"), .text = STR("medico")}};
    const struct finder_corpus corpus = {.examples = examples, .n_examples = 4};
    struct spelling *spelling = spelling_new(&corpus);
    struct search_analyser *an = search_analyser_new();
    struct words *words = calloc(1, sizeof(*words));
    assert_true(spelling && an && words);
    words_of(an, SEARCH_IT, STR("pagareaffitto xyzxyzxyz medcio"), words);
    assert_true(spelling_fix(spelling, an, SEARCH_IT, words));
    assert_int_equal(words->n, 4);
    static const char *const expected[] = {"pagare", "affitto", "xyzxyzxyz", "medico"};
    static const size_t from[] = {0, 0, 14, 24};
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_eq(str_n(words->at[i].word, words->at[i].word_n), str_of(expected[i])));
        assert_int_equal(words->at[i].from, from[i]); /* reasons point to what was typed */
    }
    assert_false(spelling_fix(spelling, an, SEARCH_IT, words));
    free(words);
    search_analyser_free(an);
    spelling_free(spelling);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_what_the_slow_twin_matches),
        cmocka_unit_test(spelling_mends_what_the_slow_twin_finds_one_letter_away),
        cmocka_unit_test(spelling_parts_words_typed_as_one_and_leaves_the_rest_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
