#include "base/base.h"
#include "base/test.h"

/* The slow twin: decode by the book (RFC 3629), then ask whether the number deserved its length. */
static bool
slow_utf8_ok(const unsigned char *p, size_t n)
{
    while (n > 0) {
        size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3
                                   : p[0] >> 3 == 30  ? 4 : 0;
        if (len == 0 || len > n)
            return false;
        uint32_t code = len == 1 ? p[0] : p[0] & (0xFFu >> (len + 1));
        for (size_t i = 1; i < len; i++) {
            if (p[i] >> 6 != 2)
                return false;
            code = code << 6 | (p[i] & 63);
        }
        static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
        if (code < least[len] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return false;
        p += len;
        n -= len;
    }
    return true;
}

static void
utf8_agrees_with_the_twin_on_every_two_bytes_and_sampled_longer(void **state)
{
    unsigned char b[4];
    for (unsigned v = 0; v < 65536; v++) {
        b[0] = (unsigned char)(v >> 8);
        b[1] = (unsigned char)v;
        assert_int_equal(str_utf8_ok(str_n((char *)b, 1)), slow_utf8_ok(b, 1));
        assert_int_equal(str_utf8_ok(str_n((char *)b, 2)), slow_utf8_ok(b, 2));
    }
    static const unsigned char edges[] = {0x00, 0x01, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                          0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xEC, 0xED, 0xEE, 0xEF,
                                          0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
    for (unsigned lead = 0; lead < 256; lead++)
        for (unsigned second = 0; second < 256; second++)
            for (size_t i = 0; i < RG_COUNT(edges); i++)
                for (size_t k = 0; k < 4; k++) {
                    b[0] = (unsigned char)lead;
                    b[1] = (unsigned char)second;
                    b[2] = edges[i];
                    b[3] = edges[test_chance(RG_COUNT(edges))];
                    assert_int_equal(str_utf8_ok(str_n((char *)b, 3)), slow_utf8_ok(b, 3));
                    assert_int_equal(str_utf8_ok(str_n((char *)b, 4)), slow_utf8_ok(b, 4));
                }
}

static void
every_code_point_survives_put_and_next(void **state)
{
    for (uint32_t c = 1; c < 0x110000; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char out[4];
        struct str s = str_n(out, str_utf8_put(out, c));
        assert_true(str_utf8_ok(s));
        assert_int_equal(str_utf8_next(&s), (int)c);
        assert_int_equal(s.n, 0);
        assert_int_equal(str_utf8_next(&s), -1);
    }
}

static void
a_prefix_never_cuts_a_character_and_wastes_nothing(void **state)
{
    struct str s = STR("aà€😀z");
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (size_t n = 0; n < RG_COUNT(want); n++)
        assert_int_equal(str_utf8_prefix(s, n), want[n]);
    /* Bytes that are no text: the cut stays where it was asked, and does not run to the front. */
    char junk[64];
    memset(junk, 0x80, sizeof(junk));
    assert_int_equal(str_utf8_prefix(str_n(junk, sizeof(junk)), 40), 40);
}

static void
order_is_that_of_code_points(void **state)
{
    for (int round = 0; round < 20000; round++) {
        uint32_t a[4], b[4];
        char ta[16], tb[16];
        size_t na = 0, nb = 0, la = test_chance(4), lb = test_chance(4);
        for (size_t i = 0; i < la; i++) {
            a[i] = (uint32_t)(1 + test_chance(4) * 0x7FF + test_chance(3) * 0x5000);
            na += str_utf8_put(ta + na, a[i]);
        }
        for (size_t i = 0; i < lb; i++) {
            b[i] = (uint32_t)(1 + test_chance(4) * 0x7FF + test_chance(3) * 0x5000);
            nb += str_utf8_put(tb + nb, b[i]);
        }
        int want = 0;
        for (size_t i = 0; i < 4 && want == 0; i++)
            want = i >= la || i >= lb ? (la > lb) - (la < lb) : (a[i] > b[i]) - (a[i] < b[i]);
        int got = str_cmp(str_n(ta, na), str_n(tb, nb));
        assert_int_equal((got > 0) - (got < 0), want);
        assert_int_equal(str_eq(str_n(ta, na), str_n(tb, nb)), want == 0);
    }
}

static void
find_starts_ends_agree_with_a_plain_loop(void **state)
{
    for (int round = 0; round < 20000; round++) {
        char t[12], needle[4];
        size_t n = test_chance(12), m = test_chance(4);
        for (size_t i = 0; i < n; i++)
            t[i] = (char)('a' + test_chance(2));
        for (size_t i = 0; i < m; i++)
            needle[i] = (char)('a' + test_chance(2));
        ptrdiff_t want = -1;
        for (size_t i = 0; i + m <= n && want < 0; i++)
            if (m == 0 || memcmp(t + i, needle, m) == 0)
                want = (ptrdiff_t)i;
        struct str s = str_n(t, n), f = str_n(needle, m);
        assert_int_equal(str_find(s, f), want);
        assert_int_equal(str_starts(s, f), want == 0);
        assert_int_equal(str_ends(s, f), m <= n && (m == 0 || memcmp(t + n - m, needle, m) == 0));
    }
    assert_true(str_starts(STR_NONE, STR("")) && str_ends(STR_NONE, STR_NONE));
    assert_int_equal(str_find(STR_NONE, STR("a")), -1);
}

static void
cut_gives_each_piece_once_and_empty_ones_too(void **state)
{
    static const char *const want[] = {"a", "", "b", ""};
    struct str rest = STR("a,,b,"), piece;
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_cut(&rest, ',', &piece));
        assert_true(str_eq(piece, str_of(want[i])));
    }
    assert_false(str_cut(&rest, ',', &piece));
    rest = STR("");
    assert_true(str_cut(&rest, ',', &piece));
    assert_true(piece.n == 0 && !str_cut(&rest, ',', &piece));
}

static void
trim_and_case_know_only_ascii(void **state)
{
    assert_true(str_is(str_trim(STR(" \t\r\n a b \v\f")), "a b"));
    assert_int_equal(str_trim(STR(" \n ")).n, 0);
    assert_true(str_is(str_trim(STR("\u00A0x")), "\u00A0x"));
    assert_true(str_eq_nocase(STR("TorIno"), STR("torino")));
    assert_false(str_eq_nocase(STR("@"), STR("`")));
    assert_false(str_eq_nocase(STR("È"), STR("è")));
    assert_false(str_eq_nocase(STR("ab"), STR("abc")));
}

static void
hash_spreads_short_keys_without_collision(void **state)
{
    static uint64_t seen[1 << 17];
    for (uint32_t i = 0; i < 50000; i++) {
        uint64_t h = str_hash(str_n((char *)&i, sizeof(i)));
        size_t at = h % RG_COUNT(seen);
        for (; seen[at]; at = (at + 1) % RG_COUNT(seen))
            assert_true(seen[at] != h);
        seen[at] = h;
    }
    assert_true(str_hash(STR("")) == str_hash(STR_NONE));
}

static void
plain_words_score_higher_than_learned_ones(void **state)
{
    (void)state;
    struct rg_gulpease plain, learned;
    assert_true(rg_gulpease(
        STR("Il piano nasce dall'ascolto. Chi vive qui ha detto che cosa manca."), &plain));
    assert_int_equal(plain.n_sentences, 2);
    assert_int_equal(plain.n_words, 13);
    assert_true(rg_gulpease(STR("L'implementazione dell'interoperabilità interistituzionale "
                             "presuppone l'armonizzazione procedimentale."),
                         &learned));
    assert_true(plain.index > 80);
    assert_true(learned.index < 40);
    assert_false(rg_gulpease(STR(" . 、"), &plain) && plain.n_words == 0);
    assert_true(rg_gulpease(STR("L'azione 2.3.5 resta. Punto."), &plain));
    assert_int_equal(plain.n_sentences, 2);
}

static void
plain_words_have_the_index_of_the_formula(void **state)
{
    struct rg_gulpease g;
    assert_true(rg_gulpease(STR("Il piano ha sei assi. Ecco quali sono."), &g));
    assert_int_equal(g.n_sentences, 2);
    assert_int_equal(g.n_words, 8);
    assert_int_equal(g.n_letters, 29); /* 89 + (600 - 290) / 8 = 127, shown as 100 */
    assert_int_equal(g.index, 100);
    assert_true(rg_gulpease(STR("Costa 3.5 milioni"), &g));
    assert_int_equal(g.n_sentences, 1);
    assert_false(rg_gulpease(STR(" . \u2026 "), &g));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_words_score_higher_than_learned_ones),
        cmocka_unit_test(plain_words_have_the_index_of_the_formula),
        cmocka_unit_test(utf8_agrees_with_the_twin_on_every_two_bytes_and_sampled_longer),
        cmocka_unit_test(every_code_point_survives_put_and_next),
        cmocka_unit_test(a_prefix_never_cuts_a_character_and_wastes_nothing),
        cmocka_unit_test(order_is_that_of_code_points),
        cmocka_unit_test(find_starts_ends_agree_with_a_plain_loop),
        cmocka_unit_test(cut_gives_each_piece_once_and_empty_ones_too),
        cmocka_unit_test(trim_and_case_know_only_ascii),
        cmocka_unit_test(hash_spreads_short_keys_without_collision),
    };
    return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
