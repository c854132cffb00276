/* Compressed answers: what is, what is not, and that it is the same text. */
#include "web/web_priv.h"
#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { LARGE = 60000 };

static struct web_answer
answer(const char *type, size_t n)
{
    struct web_answer ans;
    web_answer_init(&ans);
    ans.type = type;
    for (size_t i = 0; i < n; i++)
        rg_buf_c(&ans.body, (char)('a' + i * i % 23));
    return ans;
}

static void
a_large_text_is_the_same_text_again(void **state)
{
    static const char *const types[] = {"text/html; charset=utf-8", "application/json",
                                        "application/geo+json", "image/svg+xml",
                                        "application/atom+xml; charset=utf-8",
                                        "application/x-ndjson; charset=utf-8"};
    for (size_t t = 0; t < RG_COUNT(types); t++)
        for (int again = 0; again < 2; again++) { /* with the tables of the time before */
            struct web_answer ans = answer(types[t], LARGE), plain = answer(types[t], LARGE);
            static char out[LARGE];
            web_compress(&ans, STR("br, gzip;q=0.8, *;q=0"));
            assert_true(ans.fixed_gzip);
            assert_true(ans.body.n < LARGE / 10);
            assert_string_equal(ans.headers[0].name, "Vary");
            struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
            assert_int_equal(
                libdeflate_gzip_decompress(d, ans.body.p, ans.body.n, out, LARGE, NULL),
                LIBDEFLATE_SUCCESS);
            assert_memory_equal(out, plain.body.p, LARGE);
            libdeflate_free_decompressor(d);
            web_answer_done(&ans);
            web_answer_done(&plain);
        }
}

static void
small_or_packed_or_unasked_go_as_they_are(void **state)
{
    static const struct { const char *type, *takes; size_t n; } cases[] = {
        {"text/html; charset=utf-8", "gzip", 500}, {"application/pdf", "gzip", LARGE},
        {"text/html; charset=utf-8", "", LARGE},   {"text/html; charset=utf-8", "br", LARGE},
        {NULL, "gzip", LARGE},                     {"text/html; charset=utf-8", "gzip;q=0", LARGE},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct web_answer ans = answer(cases[i].type, cases[i].n);
        web_compress(&ans, str_of(cases[i].takes));
        assert_false(ans.fixed_gzip);
        assert_int_equal(ans.body.n, cases[i].n);
        web_answer_done(&ans);
    }
}

static void
what_a_client_takes_is_read_with_its_weight(void **state)
{
    static const char *const yes[] = {"gzip", "GZIP", "deflate,gzip", " br , gzip ; q=0.001"},
                            *const no[] = {"", "gzip;q=0", "gzip; q=0.000", "x-gzipped", "br;q=1"};
    for (size_t i = 0; i < RG_COUNT(yes); i++)
        assert_true(web_takes_gzip(str_of(yes[i])));
    for (size_t i = 0; i < RG_COUNT(no); i++)
        assert_false(web_takes_gzip(str_of(no[i])));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_text_is_the_same_text_again),
        cmocka_unit_test(small_or_packed_or_unasked_go_as_they_are),
        cmocka_unit_test(what_a_client_takes_is_read_with_its_weight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
