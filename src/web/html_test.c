#include "html.h"
#include "html_priv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { OUT_MAX = 1 << 20, ROUNDS = 4000, TEXT_MAX = 48 };

static struct rg_buf out;

static int
set_up(void **state)
{
    rg_buf_init(&out, OUT_MAX);
    return 0;
}

static int
tear_down(void **state)
{
    rg_buf_done(&out);
    return 0;
}

static void
expect(const char *wanted)
{
    assert_false(out.failed);
    rg_buf_c(&out, '\0');
    assert_string_equal(out.p, wanted);
    rg_buf_reset(&out);
}

/* A browser's reading of what we escape: the slow, obvious inverse. */
static size_t
unescape(struct str s, char *to)
{
    static const struct {
        const char *reference;
        char c;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    size_t n = 0;
    while (s.n > 0) {
        size_t used = 1;
        char c = s.p[0];
        for (size_t k = 0; k < RG_COUNT(known); k++)
            if (str_starts(s, str_of(known[k].reference))) {
                used = strlen(known[k].reference);
                c = known[k].c;
            }
        to[n++] = c;
        s = str_n(s.p + used, s.n - used);
    }
    return n;
}

static size_t
unpercent(struct str s, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%') {
            char hex[3] = {s.p[i + 1], s.p[i + 2], '\0'};
            to[n++] = (char)strtol(hex, NULL, 16);
            i += 2;
        } else {
            to[n++] = s.p[i];
        }
    }
    return n;
}

/* Any bytes but NUL, thick with what an escaper must not get wrong. */
static struct str
random_text(uint64_t *chance, char *to)
{
    static const char hot[] = "&<>\"'&amp;%2F;#39lt/: \n\\";
    size_t n = (size_t)(*chance >> 33) % TEXT_MAX;
    for (size_t i = 0; i < n; i++) {
        *chance = *chance * 6364136223846793005u + 1442695040888963407u;
        unsigned pick = (unsigned)(*chance >> 40);
        to[i] = pick & 1 ? hot[(pick >> 1) % (sizeof(hot) - 1)] : (char)(1 + (pick >> 1) % 255);
    }
    *chance = *chance * 6364136223846793005u + 1442695040888963407u;
    return str_n(to, n);
}

static void
what_is_escaped_reads_back_as_itself_and_holds_no_markup(void **state)
{
    uint64_t chance = 42;
    char text[TEXT_MAX], back[TEXT_MAX * 6];
    for (int round = 0; round < ROUNDS; round++) {
        struct str s = random_text(&chance, text);
        rg_buf_reset(&out);
        html_escape(&out, s);
        for (size_t i = 0; i < out.n; i++)
            assert_null(memchr("<>\"'", out.p[i], 4));
        assert_true(str_eq(str_n(back, unescape(rg_buf_view(&out), back)), s));
    }
    rg_buf_reset(&out);
}

static void
what_is_percent_encoded_reads_back_as_itself_and_is_unreserved(void **state)
{
    uint64_t chance = 7;
    char text[TEXT_MAX], back[TEXT_MAX * 3];
    for (int round = 0; round < ROUNDS; round++) {
        struct str s = random_text(&chance, text);
        rg_buf_reset(&out);
        html_percent(&out, s);
        for (size_t i = 0; i < out.n; i++)
            assert_null(memchr("&<>\"'/?#:+ \n", out.p[i], 12));
        assert_true(str_eq(str_n(back, unpercent(rg_buf_view(&out), back)), s));
    }
    rg_buf_reset(&out);
}

static void
nul_becomes_the_replacement_character(void **state)
{
    html_escape(&out, str_n("a\0b", 3));
    expect("a\xEF\xBF\xBD" "b");
}

static void
only_addresses_that_cannot_run_code_pass(void **state)
{
    static const char *const good[] = {"", "/", "/a:b", "#x:y", "?q=a:b", "a/b:c", "pagina",
                                       "https://x", "HTTP://x", "mailto:a@b", "tel:112",
                                       "//host/x", "../x"};
    static const char *const bad[] = {"javascript:alert(1)", "JaVaScRiPt:x", " javascript:x",
                                      "java\tscript:x", "\x01javascript:x", "data:text/html,x",
                                      "vbscript:x", ":x", "https :x", "file:///etc"};
    for (size_t i = 0; i < RG_COUNT(good); i++)
        assert_true(html_url_ok(str_of(good[i])));
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(html_url_ok(str_of(bad[i])));
}

static void
each_place_has_its_own_escape(void **state)
{
    struct html h = {.out = &out, .lang = RG_IT};
    const char *text = "a&\"<b c/é";
    html_text(&h, text);
    expect("a&amp;&quot;&lt;b c/é");
    html_attr(&h, text);
    expect("a&amp;&quot;&lt;b c/é");
    html_put(&h, HTML_QUERY, html_value(text));
    expect("a%26%22%3Cb%20c%2F%C3%A9");
    html_json(&h, text);
    expect("a\\u0026\\\"\\u003cb c/é");
    html_url_attr(&h, "javascript:x");
    expect("#");
    html_url_attr(&h, "/a?b=1&c=2");
    expect("/a?b=1&amp;c=2");
}

static void
a_formatted_value_is_escaped_for_its_place_too(void **state)
{
    struct html h = {.out = &out, .lang = RG_FR};
    html_put(&h, HTML_QUERY, html_value_kind(HTML_NUMBER, 1234));
    expect("1%E2%80%AF234");
    html_put(&h, HTML_TEXT, html_value_kind(HTML_NUMBER, 1234));
    expect("1\u202F234");
}

static void
every_integer_type_is_written_in_full(void **state)
{
    struct html h = {.out = &out, .lang = RG_IT};
    html_text(&h, (uint64_t)UINT64_MAX);
    html_text(&h, (int64_t)INT64_MIN);
    html_text(&h, (uint8_t)255);
    html_text(&h, (short)-1);
    html_text(&h, (bool)true);
    expect("18446744073709551615-9223372036854775808255-1true");
}

static void
none_and_null_are_written_as_nothing(void **state)
{
    struct html h = {.out = &out, .lang = RG_IT};
    const char *null = NULL;
    for (enum html_place place = HTML_TEXT; place <= HTML_JSON; place++) {
        html_put(&h, place, html_value(null));
        html_put(&h, place, html_value(STR_NONE));
    }
    html_csrf(&h);
    expect("<input type=\"hidden\" name=\"csrf\" value=\"\">");
}

static void
a_path_of_this_site_gets_the_language_and_no_other_address_does(void **state)
{
    struct html h = {.out = &out, .lang = RG_EN};
    html_url_put(&h, HTML_URL, html_value("/a"));
    expect("/en/a");
    html_url_put(&h, HTML_URL, html_value("//host/a"));
    expect("//host/a");
    html_url_put(&h, HTML_URL, html_value("https://host/a"));
    expect("https://host/a");
    html_url_put(&h, HTML_URL, html_value("data:a"));
    expect("#");
    h.lang = RG_IT;
    html_url_put(&h, HTML_URL, html_value("/a"));
    expect("/a");
}

static void
an_unknown_message_shows_its_key_escaped(void **state)
{
    struct html h = {.out = &out, .lang = RG_IT};
    html_t(&h, HTML_TEXT, html_key("no<key>"), NULL, 0, -1);
    expect("no&lt;key&gt;");
    html_t(&h, HTML_TEXT, html_key(NULL), NULL, 0, -1);
    expect("");
}

static void
a_condition_is_what_a_reader_would_call_there(void **state)
{
    int x = 0;
    const char *null = NULL;
    assert_false(html_true(STR_NONE));
    assert_false(html_true(STR("")));
    assert_true(html_true(STR("0")));
    assert_true(html_true(&x));
    assert_false(html_true(null));
    assert_false(html_true(x));
    assert_true(html_true((uint64_t)1 << 63));
    assert_true(html_true(0.5));
    assert_true(html_same(STR("ok"), "ok"));
    assert_false(html_same(null, "ok"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_escaped_reads_back_as_itself_and_holds_no_markup),
        cmocka_unit_test(what_is_percent_encoded_reads_back_as_itself_and_is_unreserved),
        cmocka_unit_test(nul_becomes_the_replacement_character),
        cmocka_unit_test(only_addresses_that_cannot_run_code_pass),
        cmocka_unit_test(each_place_has_its_own_escape),
        cmocka_unit_test(a_formatted_value_is_escaped_for_its_place_too),
        cmocka_unit_test(every_integer_type_is_written_in_full),
        cmocka_unit_test(none_and_null_are_written_as_nothing),
        cmocka_unit_test(a_path_of_this_site_gets_the_language_and_no_other_address_does),
        cmocka_unit_test(an_unknown_message_shows_its_key_escaped),
        cmocka_unit_test(a_condition_is_what_a_reader_would_call_there),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
