#include "base/base.h"
#include "base/test.h"
#include <stdio.h>

static void
the_first_cause_is_kept_and_each_caller_keeps_its_own_code(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 16), RG_OK);
    char name[] = "orari.csv";
    assert_int_equal(RG_FAIL(&ctx, RG_ABSENT, "a.first", "file", name), RG_ABSENT);
    name[0] = 'X'; /* the story has its own copy */
    int line = ctx.story.line;
    assert_int_equal(RG_FAIL(&ctx, RG_BROKEN, "a.second", "other", "z"), RG_BROKEN);
    assert_int_equal(ctx.story.code, RG_ABSENT);
    assert_string_equal(ctx.story.key, "a.first");
    assert_int_equal(ctx.story.n_args, 1);
    assert_string_equal(ctx.story.args[0].value, "orari.csv");
    assert_int_equal(ctx.story.line, line);
    assert_non_null(strstr(ctx.story.file, "ctx_test.c"));
    rg_story_clear(&ctx);
    assert_true(ctx.story.code == RG_OK && ctx.story.n_args == 0 && ctx.story.file == NULL);
    assert_int_equal(RG_NO_MEMORY(&ctx), RG_LIMIT);
    assert_string_equal(ctx.story.key, "base.too_much");
}

static void
six_arguments_are_told_and_a_seventh_is_let_go(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 16), RG_OK);
    assert_int_equal(RG_FAIL(&ctx, RG_INVALID, "k", "a", "1", "b", "2", "c", (char *)NULL, "d", "4",
                             "e", "5", "f", "6", "g", "7"),
                     RG_INVALID);
    assert_int_equal(ctx.story.n_args, RG_STORY_ARGS_MAX);
    assert_string_equal(ctx.story.args[2].value, "");
    assert_string_equal(ctx.story.args[5].name, "f");
    assert_string_equal(ctx.story.args[5].value, "6");
}

static void
a_long_value_is_cut_at_a_character(void **state)
{
    for (int shift = 0; shift < 4; shift++) {
        struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
        assert_int_equal(rg_ctx_init(&ctx, 1 << 16), RG_OK);
        char value[4096] = "xxx";
        size_t n = (size_t)shift;
        while (n + 5 < sizeof(value))
            n += str_utf8_put(value + n, 0x1F600);
        value[n] = '\0';
        (void)RG_FAIL(&ctx, RG_INVALID, "k", "v", value, "w", "after", "u", value);
        size_t kept = strlen(ctx.story.args[0].value);
        assert_true(kept > RG_STORY_STORE_MAX - 6 && kept < RG_STORY_STORE_MAX);
        for (unsigned i = 0; i < 3; i++)
            assert_true(str_utf8_ok(str_of(ctx.story.args[i].value)));
        assert_int_equal(ctx.story.n_args, 3);
    }
}

static void
the_detail_grows_by_clauses_and_is_cut_at_a_character(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 16), RG_OK);
    rg_detail(&ctx, "row %d", 7);
    rg_detail(&ctx, "table %s", "org");
    assert_string_equal(ctx.story.detail, "row 7; table org");
    for (int i = 0; i < 200; i++) {
        rg_detail(&ctx, "%s", i % 2 ? "è" : "€x");
        assert_true(str_utf8_ok(str_of(ctx.story.detail)));
    }
    assert_true(strlen(ctx.story.detail) > RG_STORY_DETAIL_MAX - 8);
    for (size_t fill = RG_STORY_DETAIL_MAX - 6; fill < RG_STORY_DETAIL_MAX; fill++) {
        rg_story_clear(&ctx);
        rg_detail(&ctx, "%0*d", (int)fill, 0);
        size_t before = strlen(ctx.story.detail);
        rg_detail(&ctx, "€");
        const char *tail = ctx.story.detail + before; /* a clause never touches the one before */
        assert_true(*tail == '\0' || (tail[0] == ';' && tail[1] == ' '));
        assert_true(str_utf8_ok(str_of(ctx.story.detail)));
    }
}

static void
languages_are_read_from_their_tags(void **state)
{
    enum rg_lang lang = RG_EN;
    assert_true(rg_lang_of(STR("fr-CH"), &lang) && lang == RG_FR);
    assert_true(rg_lang_of(STR("IT"), &lang) && lang == RG_IT);
    assert_true(rg_lang_of(STR("en_GB.UTF-8"), &lang) && lang == RG_EN);
    lang = RG_FR;
    assert_false(rg_lang_of(STR("ita"), &lang) || rg_lang_of(STR("de"), &lang) ||
                 rg_lang_of(STR("i"), &lang) || rg_lang_of(STR_NONE, &lang));
    assert_int_equal(lang, RG_FR);
    for (int i = 0; i < RG_LANG__MAX; i++)
        assert_true(rg_lang_of(str_of(rg_lang_tag((enum rg_lang)i)), &lang) && (int)lang == i);
    assert_string_equal(rg_err_name(RG_OK), "ok");
    assert_string_equal(rg_err_name(RG_BROKEN), "broken");
}

static void
chance_is_splitmix64_from_its_seed(void **state)
{
    struct rg_ctx ctx = {.chance = 1234567};
    static const uint64_t want[] = {6457827717110365317u, 3203168211198807973u,
                                    9817491932198370423u, 4593380528125082431u,
                                    16408922859458223821u};
    for (size_t i = 0; i < RG_COUNT(want); i++)
        assert_true(rg_chance(&ctx) == want[i]);
}

static void
a_context_without_memory_says_so_and_can_be_closed(void **state)
{
    struct rg_ctx ctx;
    rg_alloc_fail_after(1);
    assert_int_equal(rg_ctx_init(&ctx, 1000), RG_BROKEN);
    assert_string_equal(ctx.story.key, "base.no_memory");
    rg_ctx_done(&ctx);
    rg_ctx_done(&ctx);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_cause_is_kept_and_each_caller_keeps_its_own_code),
        cmocka_unit_test(six_arguments_are_told_and_a_seventh_is_let_go),
        cmocka_unit_test(a_long_value_is_cut_at_a_character),
        cmocka_unit_test(the_detail_grows_by_clauses_and_is_cut_at_a_character),
        cmocka_unit_test(languages_are_read_from_their_tags),
        cmocka_unit_test(chance_is_splitmix64_from_its_seed),
        cmocka_unit_test(a_context_without_memory_says_so_and_can_be_closed),
    };
    return cmocka_run_group_tests_name("base/ctx", tests, NULL, NULL);
}
