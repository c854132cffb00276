/* The rules of the door, without a database. */
#include "accounts/rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void
roles_are_read_and_written_by_name(void **state)
{
    unsigned roles = 0;
    assert_true(accounts_roles_parse(STR("planner,editor"), &roles));
    assert_int_equal(roles, RG_ROLE_PLANNER | RG_ROLE_EDITOR | RG_ROLE_READER);
    assert_true(accounts_roles_parse(STR(" reader "), &roles));
    assert_int_equal(roles, RG_ROLE_READER);
    static const char *const bad[] = {"", "boss", "admin,", "admin planner", "Admin", "public"};
    for (size_t i = 0; i < RG_COUNT(bad); i++) {
        roles = 7;
        assert_false(accounts_roles_parse(str_of(bad[i]), &roles));
        assert_int_equal(roles, 7);
    }
    for (unsigned mask = 0; mask < 64; mask++) { /* every combination comes back the same */
        unsigned wanted = RG_ROLE_READER, back;
        for (size_t i = 0; accounts_role_at(i); i++)
            wanted |= mask & 1u << i ? accounts_role_at(i) : 0;
        RG_CLEANUP(rg_buf_done) struct rg_buf text;
        rg_buf_init(&text, 256);
        accounts_roles_put(&text, wanted);
        assert_true(accounts_roles_parse(rg_buf_view(&text), &back));
        assert_int_equal(back, wanted);
    }
    assert_null(accounts_role_key(RG_ROLE_PUBLIC));
    assert_string_equal(accounts_role_key(RG_ROLE_ADMIN), "accounts.role.admin");
}

static void
a_login_has_one_form(void **state)
{
    char login[ACCOUNTS_LOGIN_MAX + 1] = "kept";
    assert_true(accounts_login_form(STR(" M.Rossi@Comune.IT "), login));
    assert_string_equal(login, "m.rossi@comune.it");
    static const char *const bad[] = {"", "a", ".ab", "a b", "caffè", "a/b", "a\nb", "-ab"};
    for (size_t i = 0; i < RG_COUNT(bad); i++)
        assert_false(accounts_login_form(str_of(bad[i]), login));
    assert_false(accounts_login_form(str_n("ab\0c", 4), login));
    char exact[ACCOUNTS_LOGIN_MAX + 1];
    memset(exact, 'a', sizeof(exact));
    assert_true(accounts_login_form(str_n(exact, ACCOUNTS_LOGIN_MAX), login));
    assert_false(accounts_login_form(str_n(exact, ACCOUNTS_LOGIN_MAX + 1), login));
}

static void
assert_problem(const char *password, const char *problem)
{
    const char *said = accounts_password_problem(str_of(password), STR("m.rossi"));
    if (!problem)
        assert_null(said);
    else
        assert_string_equal(said ? said : "none", problem);
}

static void
poor_passwords_are_refused_and_long_sentences_are_not(void **state)
{
    assert_problem("sette pesci nel sacco", NULL);
    assert_problem("k7h2-mmqp-4xya", NULL);
    assert_problem("èèàòù ìèàòùì", NULL); /* twelve characters, more bytes */
    assert_problem("èèàòùìè", "accounts.problem.password_short");
    assert_problem("elevenchars", "accounts.problem.password_short");
    assert_problem("password1234", "accounts.problem.password_common");
    assert_problem("123Juventus!!!", "accounts.problem.password_common");
    assert_problem("123456789012", "accounts.problem.password_common");
    assert_problem("abcdefghijklm", "accounts.problem.password_common");
    assert_problem("aaaaaaaaaaaa", "accounts.problem.password_common");
    assert_problem("abcabcabcabc", "accounts.problem.password_common");
    assert_problem("M.Rossi-2026", "accounts.problem.password_login");
    assert_problem("il gatto di m.rossi dorme", NULL);
    char long_one[ACCOUNTS_PASSWORD_MAX + 2];
    for (size_t i = 0; i < sizeof(long_one) - 1; i++)
        long_one[i] = (char)('a' + i * i % 23);
    long_one[sizeof(long_one) - 1] = '\0';
    assert_problem(long_one, "accounts.problem.password_long");
    long_one[ACCOUNTS_PASSWORD_MAX] = '\0';
    assert_problem(long_one, NULL);
}

static void
a_way_back_stays_on_the_site(void **state)
{
    static const char *const cases[][2] = {
        {"/servizi?q=casa", "/servizi?q=casa"}, {"/fr/servizi", "/servizi"},
        {"/francia", "/francia"},               {"/a b", "/a%20b"},
        {"/caffè", "/caff%C3%A8"},              {"/", "/"},
        {"//evil.example", NULL},               {"/\\evil.example", NULL},
        {"/fr//evil.example", NULL},            {"https://evil.example/", NULL},
        {"", NULL},                             {"servizi", NULL},
        {"/accedi", NULL},                      {"/accedi?verso=/", NULL},
        {"/en/accedi", NULL},                   {"/esci", NULL},
        {"/a\r\nSet-Cookie: x=y", NULL},        {"/a#b", NULL},
        {"/accediamo", "/accediamo"}};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf out;
        rg_buf_init(&out, 3 * ACCOUNTS_WAY_BACK_MAX);
        bool ok = accounts_way_back(str_of(cases[i][0]), &out);
        assert_int_equal(ok, cases[i][1] != NULL);
        if (ok)
            assert_true(str_eq(rg_buf_view(&out), str_of(cases[i][1])));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_are_read_and_written_by_name),
        cmocka_unit_test(a_login_has_one_form),
        cmocka_unit_test(poor_passwords_are_refused_and_long_sentences_are_not),
        cmocka_unit_test(a_way_back_stays_on_the_site),
    };
    return cmocka_run_group_tests_name("accounts rules", tests, NULL, NULL);
}
