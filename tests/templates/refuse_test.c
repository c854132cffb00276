/* Every file of bad/ is one mistake. Its first line says where the compiler must find it and a
 * part of the sentence:  {# expect 4: <img> without alt #}
 * Every file of ok/ must compile.                                                            */
#include "tmplc.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct rg_arena *arena;
static struct po_book book;
static unsigned n_missed; /* mistakes not found, or found elsewhere */

static bool
compile(const char *path, struct str source, char error[1024])
{
    struct tmplc tc;
    tmplc_init(&tc, arena, &book, "sample");
    bool ok = tmplc_file(&tc, path, source);
    memcpy(error, tc.error, sizeof(tc.error));
    tmplc_done(&tc);
    return ok;
}

/* "{# expect LINE: TEXT #}" → ":LINE: error: " and TEXT */
static void
expectation(struct str source, char place[64], struct str *ret_text)
{
    assert_true(str_starts(source, STR("{# expect ")));
    ptrdiff_t colon = str_find(source, STR(": ")), end = str_find(source, STR(" #}\n"));
    assert_true(colon > 10 && end > colon);
    snprintf(place, 64, ":%.*s: error: ", (int)colon - 10, source.p + 10);
    *ret_text = str_n(source.p + colon + 2, (size_t)(end - colon - 2));
}

static unsigned
each_file(const char *folder, void (*visit)(const char *path, struct str source))
{
    unsigned n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (!str_ends(str_of(e->d_name), STR(".tmpl")))
            continue;
        struct rg_mark mark = rg_arena_mark(arena);
        const char *path = rg_arena_printf(arena, "%s/%s", folder, e->d_name);
        struct str source;
        assert_true(tool_read_file(arena, path, &source));
        visit(path, source);
        rg_arena_release(arena, mark);
        n++;
    }
    closedir(dir);
    return n;
}

static void
visit_bad(const char *path, struct str source)
{
    char error[1024], place[64];
    struct str text;
    expectation(source, place, &text);
    bool ok = compile(path, source, error);
    if (!ok && strstr(error, place) && str_find(str_of(error), text) >= 0)
        return;
    n_missed++;
    print_error("%s: expected %s…%.*s…\n   got %s\n", path, place, STR_ARG(text),
                ok ? "a page without complaint" : error);
}

static void
visit_ok(const char *path, struct str source)
{
    char error[1024];
    if (!compile(path, source, error))
        fail_msg("%s", error);
}

static void
every_mistake_is_found_at_its_line(void **state)
{
    n_missed = 0;
    assert_true(each_file("tests/templates/bad", visit_bad) >= 60);
    assert_int_equal(n_missed, 0);
}

static void
every_good_template_compiles(void **state)
{
    assert_true(each_file("tests/templates/ok", visit_ok) >= 2);
}

static void
wording_refuses(const char *const texts[RG_LANG__MAX], const char *sentence)
{
    struct po_book one;
    po_book_init(&one, arena);
    static const char *const names[] = {"it.po", "fr.po", "en.po"};
    for (unsigned lang = 0; lang < RG_LANG__MAX; lang++)
        po_book_parse(&one, (enum rg_lang)lang, names[lang], str_of(texts[lang]));
    po_book_check(&one);
    rg_buf_c(&one.complaints, '\0');
    if (!strstr(one.complaints.p, sentence))
        fail_msg("expected: %s\ngot: %s", sentence, one.complaints.p);
    po_book_done(&one);
}

#define MSG(text) "msgid \"a.b\"\nmsgstr \"" text "\"\n"
#define PLURAL(one, other)                                                                     \
    "msgid \"a.b\"\nmsgid_plural \"a.b\"\nmsgstr[0] \"" one "\"\nmsgstr[1] \"" other "\"\n"

static void
wording_that_is_not_complete_is_refused(void **state)
{
    wording_refuses((const char *[]){MSG("x"), "", MSG("x")},
                    "it.po:1: \"a.b\" is missing in fr.po");
    wording_refuses((const char *[]){"", MSG("x"), MSG("x")},
                    "fr.po:1: \"a.b\" is missing in it.po");
    wording_refuses((const char *[]){MSG("x {n}"), MSG("x"), MSG("{n}")},
                    "fr.po:1: \"a.b\" lacks {n}");
    wording_refuses((const char *[]){MSG("x"), MSG("x"), MSG("{n}")},
                    "en.po:1: \"a.b\" has {n}");
    wording_refuses((const char *[]){MSG("x") "\n" MSG("y"), MSG("x"), MSG("x")},
                    "it.po:4: \"a.b\" stands in it.po:1 too");
    wording_refuses((const char *[]){MSG(""), MSG("x"), MSG("x")},
                    "it.po:1: the text of \"a.b\" is empty");
    wording_refuses((const char *[]){PLURAL("x", "y"), MSG("x"), MSG("x")},
                    "fr.po:1: \"a.b\" lacks a plural");
    wording_refuses((const char *[]){PLURAL("x", ""), MSG("x"), MSG("x")},
                    "it.po:1: the text of \"a.b\" is empty");
    wording_refuses((const char *[]){"\nmsgwhat \"a\"\n", "", ""}, "it.po:2: expected msgid");
    wording_refuses((const char *[]){"msgid a\n", "", ""},
                    "it.po:1: a text must stand between");
    wording_refuses((const char *[]){MSG("a\\q"), "", ""}, "it.po:2: only \\n \\t");
    wording_refuses((const char *[]){MSG("a\\"), "", ""}, "it.po:2: only \\n \\t");
    wording_refuses((const char *[]){MSG("{a b}"), MSG("x"), MSG("x")},
                    "it.po:1: \"a.b\": braces");
    wording_refuses((const char *[]){MSG("a}"), MSG("x"), MSG("x")},
                    "it.po:1: \"a.b\": braces");
    wording_refuses((const char *[]){"\"x\"\n", "", ""},
                    "it.po:1: a text that belongs to nothing");
    wording_refuses((const char *[]){"# \xFF\n", "", ""}, "it.po:1: the file is not UTF-8");
}

static void
a_singular_may_leave_its_count_unsaid(void **state)
{
    struct po_book one;
    po_book_init(&one, arena);
    po_book_parse(&one, RG_IT, "it.po", STR(PLURAL("un {x}", "{count} {x}")));
    po_book_parse(&one, RG_FR, "fr.po", STR(PLURAL("{count} {x}", "{count} {x}")));
    po_book_parse(&one, RG_EN, "en.po", STR(PLURAL("one {x}", "many {x}")));
    po_book_check(&one);
    assert_int_equal(one.n_complaints, 0);
    assert_true(po_book_find(&one, RG_EN, STR("a.b"))->plural);
    po_book_done(&one);
}

static void
french_keeps_its_punctuation_on_the_line(void **state)
{
    struct po_book one;
    po_book_init(&one, arena);
    po_book_parse(&one, RG_FR, "fr.po", STR(MSG("Ces mots : « {x} » ? Oui ; a:b ?q=1 :)")));
    po_book_parse(&one, RG_IT, "it.po", STR(MSG("Queste parole : {x}")));
    po_book_sort(&one);
    struct str bound = STR("Ces mots\u00a0: «\u00a0{x}\u00a0»\u00a0? Oui\u00a0; a:b ?q=1\u00a0:)");
    assert_true(str_eq(po_book_find(&one, RG_FR, STR("a.b"))->text[0], bound));
    assert_true(str_is(po_book_find(&one, RG_IT, STR("a.b"))->text[0], "Queste parole : {x}"));
    po_book_done(&one);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_found_at_its_line),
        cmocka_unit_test(every_good_template_compiles),
        cmocka_unit_test(wording_that_is_not_complete_is_refused),
        cmocka_unit_test(a_singular_may_leave_its_count_unsaid),
        cmocka_unit_test(french_keeps_its_punctuation_on_the_line),
    };
    arena = rg_arena_new((size_t)256 << 20);
    po_book_init(&book, arena);
    po_book_read(&book, "tests/templates/src/sample/po/it.po");
    po_book_sort(&book);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    po_book_done(&book);
    rg_arena_free(arena);
    return failed;
}
