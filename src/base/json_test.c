#include "base/base.h"
#include "base/test.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 8 << 20 };

static const struct rg_jv *
parse(struct rg_arena *arena, struct str text)
{
    const struct rg_jv *root = NULL;
    return rg_jv_parse(arena, text, &root) ? root : NULL;
}

/* The same tree as jansson's? Keys in jansson are unique: the generator below makes them so. */
static bool
same_tree(struct rg_arena *arena, const struct rg_jv *ours, const json_t *theirs)
{
    struct str s = rg_jv_str(arena, ours);
    double number;
    switch (ours->kind) {
    case RG_JV_NULL:
        return json_is_null(theirs);
    case RG_JV_TRUE:
        return json_is_true(theirs);
    case RG_JV_FALSE:
        return json_is_false(theirs);
    case RG_JV_NUMBER:
        if (json_is_integer(theirs))
            return rg_jv_i64(ours, json_integer_value(theirs) ^ 1) ==
                   json_integer_value(theirs);
        return json_is_real(theirs) && rg_parse_decimal(s, &number) &&
               fabs(number - json_real_value(theirs)) <= fabs(number) * 1e-15;
    case RG_JV_STRING:
        return json_is_string(theirs) &&
               str_eq(s, str_n(json_string_value(theirs), json_string_length(theirs)));
    default:
        break;
    }
    const struct rg_jv *v = rg_jv_first(ours);
    bool object = ours->kind == RG_JV_OBJECT;
    if (object ? !json_is_object(theirs) || json_object_size(theirs) != ours->n
               : !json_is_array(theirs) || json_array_size(theirs) != ours->n)
        return false;
    uint32_t n_nodes = 1;
    for (uint32_t i = 0; i < ours->n; i++) {
        const json_t *member = object ? NULL : json_array_get(theirs, i);
        if (object) {
            const char *key = rg_arena_cstr(arena, rg_jv_str(arena, v));
            n_nodes += v->span;
            v = rg_jv_next(v);
            if (rg_jv_get(ours, key) != v)
                return false;
            member = json_object_get(theirs, key);
        }
        if (!member || !same_tree(arena, v, member))
            return false;
        n_nodes += v->span;
        v = rg_jv_next(v);
    }
    return n_nodes == ours->span;
}

/* ---- random documents ---- */

static void
random_string(struct rg_buf *buf)
{
    static const char *const pieces[] = {
        "a",       "b c",     "\\n",  "\\\"",   "\\\\",
        "\\/",     "\\u00e9", "è",    "€",      "\\ud83d\\ude00",
        "😀",       "\\u0026", "<&>",  "\\t",    "\\b\\f\\r",
        "\\uFFFD", ",:[]{}",  "\x7F", "\\u001f"};
    rg_buf_c(buf, '"');
    for (uint64_t n = test_chance(5); n > 0; n--)
        rg_buf_str(buf, str_of(pieces[test_chance(RG_COUNT(pieces))]));
    rg_buf_c(buf, '"');
}

static void
random_value(struct rg_buf *buf, int depth, int *serial)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "7",
                                          "-12",
                                          "3.25",
                                          "1e3",
                                          "-1.5E-7",
                                          "0.1",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "1e-300",
                                          "0e99",
                                          "123456789012345678901234567890.5"};
    static const char *const spaces[] = {"", "", "", " ", "\n", "\t\r"};
    rg_buf_str(buf, str_of(spaces[test_chance(RG_COUNT(spaces))]));
    uint64_t kind = test_chance(depth > 0 ? 8 : 5);
    switch (kind) {
    case 0:
        rg_buf_lit(buf, "null");
        break;
    case 1:
        rg_buf_str(buf, test_chance(2) ? STR("true") : STR("false"));
        break;
    case 2:
        rg_buf_str(buf, str_of(numbers[test_chance(RG_COUNT(numbers))]));
        break;
    case 3:
    case 4:
        random_string(buf);
        break;
    default:
        rg_buf_c(buf, kind == 5 ? '[' : '{');
        for (uint64_t i = 0, n = test_chance(5); i < n; i++) {
            if (i > 0)
                rg_buf_c(buf, ',');
            if (kind != 5) { /* the serial first: two keys are never the same */
                rg_buf_printf(buf, "\"%d", (*serial)++);
                size_t at = buf->n;
                random_string(buf);
                memmove(buf->p + at, buf->p + at + 1, buf->n - at - 1);
                buf->n--;
                rg_buf_c(buf, ':');
            }
            random_value(buf, depth - 1, serial);
        }
        rg_buf_str(buf, str_of(spaces[test_chance(RG_COUNT(spaces))]));
        rg_buf_c(buf, kind == 5 ? ']' : '}');
    }
    rg_buf_str(buf, str_of(spaces[test_chance(RG_COUNT(spaces))]));
}

static json_t *
theirs_of(struct str s, size_t extra_flags)
{
    json_error_t error;
    return json_loadb(s.p, s.n, JSON_DECODE_ANY | JSON_ALLOW_NUL | extra_flags, &error);
}

static void
random_documents_give_the_tree_that_jansson_gives(void **state)
{
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 20);
    for (int round = 0; round < 5000; round++) {
        rg_arena_reset(arena);
        rg_buf_reset(&buf);
        int serial = 0;
        random_value(&buf, 5, &serial);
        json_t *theirs = theirs_of(rg_buf_view(&buf), 0);
        assert_non_null(theirs);
        const struct rg_jv *ours = parse(arena, rg_buf_view(&buf));
        if (!ours || !same_tree(arena, ours, theirs)) {
            print_error("<%.*s>\n", STR_ARG(rg_buf_view(&buf)));
            fail();
        }
        json_decref(theirs);
    }
    rg_buf_done(&buf);
    rg_arena_free(arena);
}

/* Where jansson's refusal is about its own reach and not about the grammar of RFC 8259: numbers
 * too large for its types, half surrogates (ours become U+FFFD), broken UTF-8 (ours is checked
 * at the door), a NUL in a key. */
static bool
only_theirs(const json_error_t *error)
{
    static const char *const reach[] = {"too big", "overflow", "surrogate",
                                        "Unicode", "decode",   "NUL byte"};
    for (size_t i = 0; i < RG_COUNT(reach); i++)
        if (strstr(error->text, reach[i]))
            return true;
    return false;
}

static void
damaged_documents_are_refused_where_jansson_refuses_them(void **state)
{
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 20);
    int n_refused = 0, n_accepted = 0;
    for (int round = 0; round < 40000; round++) {
        rg_arena_reset(arena);
        rg_buf_reset(&buf);
        int serial = 0;
        random_value(&buf, 2, &serial);
        for (uint64_t n = test_chance(3); n > 0 && buf.n > 0; n--) {
            size_t at = test_chance(buf.n);
            if (test_chance(3) == 0)
                buf.n = at;
            else
                buf.p[at] = "\"\\,:[]{}0123456789.eE+-tu \n\x01/"[test_chance(29)];
        }
        char *exact = malloc(buf.n ? buf.n : 1);
        memcpy(exact, buf.p, buf.n);
        struct str text = str_n(exact, buf.n);
        json_error_t error = {0};
        json_t *theirs = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        const struct rg_jv *ours = parse(arena, text);
        if (str_utf8_ok(text) && (ours != NULL) != (theirs != NULL) && !only_theirs(&error)) {
            print_error("ours %d theirs %d (%s) <%.*s>\n", ours != NULL, theirs != NULL,
                        error.text, STR_ARG(text));
            fail();
        }
        *(ours ? &n_accepted : &n_refused) += 1;
        json_decref(theirs);
        free(exact);
    }
    assert_true(n_refused > 5000 && n_accepted > 5000);
    rg_buf_done(&buf);
    rg_arena_free(arena);
}

static void
the_grammar_is_that_of_rfc_8259_and_no_more(void **state)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "01",
                                      "-01",
                                      "1.",
                                      ".5",
                                      "-",
                                      "+1",
                                      "1e",
                                      "1e+",
                                      "-.5",
                                      "0x1",
                                      "1.2.3",
                                      "--1",
                                      "NaN",
                                      "tru",
                                      "truex",
                                      "nul",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "[",
                                      "]",
                                      "{",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{1:2}",
                                      "\"",
                                      "\"\\\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\u12g4\"",
                                      "\"\n\"",
                                      "1 2",
                                      "[1}",
                                      "{\"a\":1]",
                                      "'a'",
                                      "\"\t\"",
                                      "\xEF\xBB\xBF{}"};
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_null(parse(arena, str_of(bad[i])));
    assert_null(parse(arena, STR_NONE));
    assert_null(parse(arena, str_n("\"\0\"", 3)));
    static const char *const good[] = {"0",
                                       "-0",
                                       "0.0",
                                       "10",
                                       "1e999",
                                       "0e400",
                                       "-1E+2",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       " [ ] ",
                                       "{\"\":{}}",
                                       "123456789012345678901234567890"};
    for (size_t i = 0; i < RG_COUNT(good); i++)
        assert_non_null(parse(arena, str_of(good[i])));
    rg_arena_free(arena);
}

static void
nesting_is_read_to_its_limit_and_refused_beyond(void **state)
{
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    char text[2 * RG_JSON_DEPTH_MAX + 2];
    for (size_t depth = RG_JSON_DEPTH_MAX - 1; depth <= RG_JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(parse(arena, str_n(text, 2 * depth)) != NULL,
                         depth <= RG_JSON_DEPTH_MAX);
    }
    size_t n = 1 << 20; /* a million brackets: refused at once, without a deep stack */
    char *many = malloc(n);
    memset(many, '[', n);
    assert_null(parse(arena, str_n(many, n)));
    rg_arena_reset(arena);
    struct rg_arena *small = rg_arena_new(1000);
    assert_null(
        parse(small, STR("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,"
                         "25,26,27,28,29,30,31,32,33,34,35]")));
    assert_true(rg_arena_overflowed(small));
    rg_arena_free(small);
    free(many);
    rg_arena_free(arena);
}

static void
keys_are_found_as_they_read_not_as_they_are_escaped(void **state)
{
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    const struct rg_jv *v =
        parse(arena, STR("{\"a\\u0026b\":1,\"\\\\u0041\":2,\"\\u00e8\":3,\"\":4,"
                         "\"x\":5,\"x\":6,\"\\ud83d\\ude00!\":7,\"xy\":8}"));
    assert_non_null(v);
    assert_int_equal(rg_jv_i64(rg_jv_get(v, "a&b"), 0), 1);
    assert_int_equal(rg_jv_i64(rg_jv_get(v, "\\u0041"), 0), 2);
    assert_int_equal(rg_jv_i64(rg_jv_get(v, "è"), 0), 3);
    assert_int_equal(rg_jv_i64(rg_jv_get(v, ""), 0), 4);
    assert_int_equal(rg_jv_i64(rg_jv_get(v, "x"), 0), 5); /* the first of two */
    assert_int_equal(rg_jv_i64(rg_jv_get(v, "😀!"), 0), 7);
    assert_null(rg_jv_get(v, "a\\u0026b"));
    assert_null(rg_jv_get(v, "a&"));
    assert_null(rg_jv_get(v, "a&bc"));
    assert_null(rg_jv_get(v, "A"));
    assert_null(rg_jv_get(NULL, "a"));
    assert_null(rg_jv_get(rg_jv_get(v, "x"), "a"));
    rg_arena_free(arena);
}

static void
strings_are_decoded_and_half_a_pair_is_replaced(void **state)
{
    static const char *const pairs[][2] = {
        {"\"\\ud83d\\ude00\"", "😀"},
        {"\"\\ud83d\"", "\uFFFD"},
        {"\"\\ude00x\"", "\uFFFDx"},
        {"\"\\ud83d\\u0041\"", "\uFFFDA"},
        {"\"\\ud83d\\ud83d\\ude00\"", "\uFFFD😀"},
        {"\"\\u0000\"", "\uFFFD"},
        {"\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"", "/\b\f\n\r\t\\\""},
        {"12.50", "12.50"},
        {"\"\"", ""},
        {"\"\\ud83d\\n\"", "\uFFFD\n"},
    };
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    for (size_t i = 0; i < RG_COUNT(pairs); i++) {
        struct str s = rg_jv_str(arena, parse(arena, str_of(pairs[i][0])));
        assert_true(s.p != NULL && str_eq(s, str_of(pairs[i][1])));
    }
    assert_null(rg_jv_str(arena, NULL).p);
    assert_null(rg_jv_str(arena, parse(arena, STR("null"))).p);
    assert_null(rg_jv_str(arena, parse(arena, STR("[]"))).p);
    assert_int_equal(rg_jv_i64(parse(arena, STR("1.0")), -7), -7);
    assert_int_equal(rg_jv_i64(NULL, -7), -7);
    rg_arena_free(arena);
}

/* Write a random tree with our writer while building the same with jansson. */
static json_t *
write_both(struct rg_jw *jw, int depth)
{
    static const char *const texts[] = {
        "", "a", "</script><!-- & -->", "è €😀", "\"\\\n\t\x01\x1F\x7F", "{\"x\":1}"};
    struct str text = str_of(texts[test_chance(RG_COUNT(texts))]);
    int64_t i64 = (int64_t)test_chance(UINT64_MAX);
    int32_t e7 = (int32_t)test_chance(1 << 30);
    json_t *tree;
    switch (test_chance(depth > 0 ? 9 : 6)) {
    case 0:
        rg_jw_null(jw);
        return json_null();
    case 1:
        rg_jw_bool(jw, i64 & 1);
        return json_boolean(i64 & 1);
    case 2:
        rg_jw_i64(jw, i64);
        return json_integer(i64);
    case 3:
        rg_jw_str(jw, text);
        return json_stringn(text.p, text.n);
    case 4:
        rg_jw_e7(jw, e7 | 1);
        return json_real((e7 | 1) / 1e7);
    case 5:
        rg_jw_fixed(jw, e7 / 64.0, 6);
        return json_real(e7 / 64.0);
    case 6:
        rg_jw_array(jw);
        tree = json_array();
        for (uint64_t n = test_chance(4); n > 0; n--)
            json_array_append_new(tree, write_both(jw, depth - 1));
        rg_jw_end_array(jw);
        return tree;
    default:
        rg_jw_object(jw);
        tree = json_object();
        for (uint64_t n = test_chance(4); n > 0; n--) {
            char key[40];
            snprintf(key, sizeof(key), "%d%s", (int)n, texts[test_chance(RG_COUNT(texts))]);
            rg_jw_key(jw, key);
            json_object_set_new(tree, key, write_both(jw, depth - 1));
        }
        rg_jw_end_object(jw);
        return tree;
    }
}

static void
what_is_written_is_read_by_jansson_and_by_us_as_it_was_meant(void **state)
{
    struct rg_arena *arena = rg_arena_new(ARENA_MAX);
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 22);
    for (int round = 0; round < 5000; round++) {
        rg_arena_reset(arena);
        rg_buf_reset(&buf);
        struct rg_jw jw;
        rg_jw_init(&jw, &buf);
        json_t *meant = write_both(&jw, 6);
        assert_int_equal(jw.depth, 0);
        struct str text = rg_buf_view(&buf);
        json_t *theirs = theirs_of(text, 0);
        assert_non_null(theirs);
        assert_true(json_equal(meant, theirs));
        const struct rg_jv *ours = parse(arena, text);
        assert_true(ours && same_tree(arena, ours, theirs));
        for (size_t i = 0; i < text.n; i++) /* it may stand inside an HTML script element */
            assert_true(text.p[i] != '<' && text.p[i] != '>' && text.p[i] != '&');
        json_decref(theirs);
        json_decref(meant);
    }
    rg_buf_reset(&buf);
    struct rg_jw jw;
    rg_jw_init(&jw, &buf);
    rg_jw_str(&jw, STR_NONE);
    assert_true(str_is(rg_buf_view(&buf), "null"));
    rg_buf_done(&buf);
    rg_arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_documents_give_the_tree_that_jansson_gives),
        cmocka_unit_test(damaged_documents_are_refused_where_jansson_refuses_them),
        cmocka_unit_test(the_grammar_is_that_of_rfc_8259_and_no_more),
        cmocka_unit_test(nesting_is_read_to_its_limit_and_refused_beyond),
        cmocka_unit_test(keys_are_found_as_they_read_not_as_they_are_escaped),
        cmocka_unit_test(strings_are_decoded_and_half_a_pair_is_replaced),
        cmocka_unit_test(what_is_written_is_read_by_jansson_and_by_us_as_it_was_meant),
    };
    return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
