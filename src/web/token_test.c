/* Forgery tokens: what is taken, and what is not. */
#include "web/web_priv.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

enum { NOW = 1764000000, HOUR_S = 3600 };

static struct web_server server;
static struct rg_ctx ctx;

static const char *
made(const char *secret, int64_t now_s)
{
    ctx.now_s = now_s;
    return web_csrf_make(&ctx, &server, str_of(secret));
}

static bool
taken(const char *secret, int64_t now_s, const char *token)
{
    return web_csrf_ok(&server, now_s, str_of(secret), str_of(token));
}

static void
a_token_is_good_for_its_session_and_half_a_day(void **state)
{
    const char *anna = made("anna", NOW), *nobody = made("", NOW);
    assert_true(taken("anna", NOW, anna));
    assert_true(taken("", NOW, nobody));
    assert_true(taken("anna", NOW + 12 * HOUR_S, anna));
    assert_false(taken("anna", NOW + 13 * HOUR_S, anna));
    assert_false(taken("anna", NOW - HOUR_S, anna));
    assert_false(taken("bruno", NOW, anna));
    assert_false(taken("", NOW, anna));
    assert_false(taken("anna", NOW, nobody));
}

/* What stands beside a guess in a compressed page is never the same twice. */
static void
pages_of_somebody_signed_in_share_no_piece_of_a_token(void **state)
{
    enum { HOUR_CHARS = 8, PIECE = 6 };
    struct str first = str_of(made("anna", NOW)), second = str_of(made("anna", NOW));
    assert_int_equal(first.n, second.n);
    for (size_t i = HOUR_CHARS; i + PIECE <= first.n; i++)
        assert_false(str_eq(str_n(first.p + i, PIECE), str_n(second.p + i, PIECE)));
    assert_true(taken("anna", NOW, first.p));
    assert_true(taken("anna", NOW, second.p));
}

static void
anything_else_is_refused(void **state)
{
    struct str token = str_of(made("anna", NOW));
    char *other = malloc(token.n + 2);
    assert_non_null(other);
    for (size_t i = 0; i < token.n; i++) { /* one digit changed, wherever it stands */
        memcpy(other, token.p, token.n + 1);
        other[i] = other[i] == '7' ? '8' : '7';
        assert_false(taken("anna", NOW, other));
        other[i] = 'x';
        assert_false(taken("anna", NOW, other));
        other[i] = 0;
        assert_false(taken("anna", NOW, other));
    }
    memcpy(other, token.p, token.n);
    memcpy(other + token.n, "0", 2);
    assert_false(taken("anna", NOW, other));
    assert_false(taken("anna", NOW, ""));
    free(other);
}

static int
set_up(void **state)
{
    randombytes_buf(server.secret, sizeof(server.secret));
    return sodium_init() < 0 || rg_ctx_init(&ctx, 1 << 20) != RG_OK;
}

static int
tear_down(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_good_for_its_session_and_half_a_day),
        cmocka_unit_test(pages_of_somebody_signed_in_share_no_piece_of_a_token),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
