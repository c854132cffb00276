/* What the tests of accounts share: a fresh database on the engine under test. */
#ifndef ACCOUNTS_TEST_WORLD_H
#define ACCOUNTS_TEST_WORLD_H

#include "accounts/accounts_priv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

enum { START = 1767225600 }; /* 2026-01-01 */

static const char *where;
static char lite_path[64];

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct accounts *accounts;
};

static inline void
fresh_database(void)
{
    if (where != lite_path) {
        char command[512];
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' "
                 ">/dev/null 2>&1", where);
        assert_int_equal(system(command), 0);
        return;
    }
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", lite_path, ends[i]);
        unlink(path);
    }
}

static inline void
world_open(struct world *w)
{
    static const struct store_room *const rooms[] = {&accounts_store};
    fresh_database();
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.now_s = START;
    w->ctx.actor.name = STR("tester");
    enum rg_err err = store_open(&w->ctx, where, rooms, 1, &w->store);
    if (err != RG_OK)
        print_error("%s: %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    assert_int_equal(accounts_new(&w->ctx, NULL, &w->accounts), RG_OK);
}

static inline void
world_close(struct world *w)
{
    store_session_end(&w->ctx);
    w->store = store_close(w->store);
    w->accounts = accounts_free(w->accounts);
    rg_ctx_done(&w->ctx);
}

#define GOOD STR("sette pesci nel sacco")

static inline int64_t
add_account(struct world *w, const char *login, unsigned roles)
{
    const struct accounts_draft draft = {
        .login = str_of(login), .roles = roles, .org_id = roles & RG_ROLE_EDITOR ? 7 : 0,
        .area_id = roles & RG_ROLE_DELEGATE ? 3 : 0, .password = GOOD};
    struct str made;
    int64_t id;
    assert_int_equal(accounts_add(&w->ctx, &draft, &id, &made), RG_OK);
    assert_null(made.p);
    return id;
}

/* Runs the tests on SQLite, then on PostgreSQL when REGIA_TEST_PG names a server. */
#define RUN_ON_BOTH(name, tests)                                                              \
    do {                                                                                      \
        snprintf(lite_path, sizeof(lite_path), "/tmp/regia-accounts-test-%d.db",              \
                 (int)getpid());                                                              \
        where = lite_path;                                                                    \
        int n_failed = cmocka_run_group_tests_name(name " on SQLite", tests, NULL, NULL);     \
        fresh_database();                                                                     \
        where = getenv("REGIA_TEST_PG");                                                      \
        if (!where)                                                                           \
            print_message(name " on PostgreSQL: skipped, REGIA_TEST_PG is not set\n");        \
        else                                                                                  \
            n_failed += cmocka_run_group_tests_name(name " on PostgreSQL", tests, NULL, NULL);\
        return n_failed;                                                                      \
    } while (0)

#endif
