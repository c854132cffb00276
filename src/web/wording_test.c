#include "wording.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct rg_buf out;

static int
set_up(void **state)
{
    rg_buf_init(&out, 4096);
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

static void
the_table_is_sorted_and_whole(void **state)
{
    assert_true(wording_n_entries > 0);
    for (size_t i = 0; i < wording_n_entries; i++) {
        const struct wording_entry *e = &wording_entries[i];
        assert_true(i == 0 || strcmp(e[-1].key, e->key) < 0);
        assert_ptr_equal(wording_find(e->key), e);
        for (unsigned lang = 0; lang < RG_LANG__MAX; lang++)
            for (int form = 0; form <= e->plural; form++) {
                struct str text = e->text[lang][form];
                assert_true(text.n > 0);
                assert_int_equal(strlen(text.p), text.n);
                assert_true(str_utf8_ok(text));
            }
    }
}

static void
an_unknown_key_shows_itself(void **state)
{
    assert_null(wording_find(""));
    assert_null(wording_find("zzz"));
    assert_true(str_is(wording_text(RG_FR, "zzz"), "zzz"));
    wording_put(&out, RG_IT, "a {b} c", NULL, 0, -1);
    expect("a {b} c");
}

static void
arguments_stand_where_their_names_stand(void **state)
{
    const struct wording_arg args[] = {
        {"year", STR("2026")}, {"day", STR("3")}, {"month", STR("{day}")}};
    wording_put(&out, RG_IT, "web.date", args, RG_COUNT(args), -1);
    expect("3 {day} 2026"); /* an argument is never read again for placeholders */
    wording_put(&out, RG_IT, "{count} {x", args, 0, 1200);
    expect("1.200 {x");
}

static void
an_error_tells_its_story_in_the_readers_language(void **state)
{
    struct rg_story story = {.code = RG_OK, .key = "base.too_much"};
    wording_story(&out, RG_IT, &story);
    assert_int_equal(out.n, 0);
    story.code = RG_LIMIT;
    wording_story(&out, RG_EN, &story);
    expect("The request is too large to be processed. Narrow the search or split the file.");
    story.key = "{name}!";
    story.args[0] = (struct rg_arg){"name", "x.csv"};
    story.n_args = 1;
    wording_story(&out, RG_EN, &story);
    expect("x.csv!");
}

static void
numbers_are_grouped_as_each_language_groups_them(void **state)
{
    static const struct {
        int64_t value;
        const char *texts[RG_LANG__MAX];
    } cases[] = {
        {0, {"0", "0", "0"}},
        {999, {"999", "999", "999"}},
        {1234, {"1.234", "1\u202F234", "1,234"}},
        {-1234567, {"−1.234.567", "−1\u202F234\u202F567", "−1,234,567"}},
        {INT64_MIN, {"−9.223.372.036.854.775.808",
                     "−9\u202F223\u202F372\u202F036\u202F854\u202F775\u202F808",
                     "−9,223,372,036,854,775,808"}},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++)
        for (unsigned lang = 0; lang < RG_LANG__MAX; lang++) {
            wording_number(&out, (enum rg_lang)lang, cases[i].value);
            expect(cases[i].texts[lang]);
        }
}

static void
dates_are_written_in_words(void **state)
{
    wording_date(&out, RG_IT, rg_days_of(2026, 1, 12));
    expect("12 gennaio 2026");
    wording_date(&out, RG_IT, rg_days_of(2026, 8, 1));
    expect("1º agosto 2026");
    wording_date(&out, RG_FR, rg_days_of(2026, 8, 1));
    expect("1er août 2026");
    wording_date(&out, RG_EN, rg_days_of(1861, 3, 17));
    expect("17 March 1861");
    wording_date(&out, RG_EN, INT64_MAX);
    expect("31 December 9999");
    wording_date(&out, RG_EN, INT64_MIN);
    out.failed = false;
    rg_buf_reset(&out);
}

static void
moments_are_told_by_the_clocks_of_rome(void **state)
{
    int64_t summer = rg_days_of(2026, 7, 1) * 86400 + 22 * 3600 + 5 * 60;
    wording_datetime(&out, RG_IT, summer); /* past midnight in Rome: the day changes too */
    expect("2 luglio 2026, ore 0:05");
    wording_datetime(&out, RG_FR, summer);
    expect("2 juillet 2026 à 0\u00A0h\u00A0" "05");
    wording_datetime(&out, RG_EN, summer);
    expect("2 July 2026, at 00:05");
    wording_datetime(&out, RG_EN, INT64_MAX);
    rg_buf_reset(&out);
    wording_datetime(&out, RG_EN, INT64_MIN);
    rg_buf_reset(&out);
}

static void
distances_are_no_finer_than_people_walk(void **state)
{
    static const struct {
        int64_t dist_m;
        const char *text;
    } cases[] = {
        {-5, "0 m"},      {0, "0 m"},       {7, "7 m"},        {99, "99 m"},
        {104, "100 m"},   {847, "850 m"},   {994, "990 m"},    {995, "1 km"},
        {1000, "1 km"},   {1049, "1 km"},   {1050, "1,1 km"},  {3214, "3,2 km"},
        {9960, "10 km"},  {99949, "99,9 km"}, {99950, "100 km"}, {123456, "123 km"},
        {1234567, "1.235 km"},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        char wanted[64];
        struct str text = str_of(cases[i].text);
        ptrdiff_t blank = str_find(text, STR(" "));
        snprintf(wanted, sizeof(wanted), "%.*s\u00A0%s", (int)blank, text.p, text.p + blank + 1);
        wording_distance(&out, RG_IT, cases[i].dist_m);
        expect(wanted);
    }
    wording_distance(&out, RG_EN, 3214);
    expect("3.2\u00A0km");
    wording_distance(&out, RG_IT, INT64_MAX);
    rg_buf_reset(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_whole),
        cmocka_unit_test(an_unknown_key_shows_itself),
        cmocka_unit_test(arguments_stand_where_their_names_stand),
        cmocka_unit_test(an_error_tells_its_story_in_the_readers_language),
        cmocka_unit_test(numbers_are_grouped_as_each_language_groups_them),
        cmocka_unit_test(dates_are_written_in_words),
        cmocka_unit_test(moments_are_told_by_the_clocks_of_rome),
        cmocka_unit_test(distances_are_no_finer_than_people_walk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
