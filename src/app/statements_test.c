/* The closed list of SQL: every statement of every room prepares on both engines, reads do not
 * write, and none walks a whole table that grows where an index was meant (SQLite's own plan is
 * asked). */
#include "app/app.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

static char lite_path[64];
static const char *where;

static struct store *
open_all(struct rg_ctx *ctx)
{
    struct store *store = NULL;
    assert_int_equal(rg_ctx_init(ctx, 64 << 20), RG_OK);
    enum rg_err err = store_open(ctx, where, app_store_rooms, app_n_store_rooms, &store);
    if (err != RG_OK)
        print_error("%s: %s\n", ctx->story.key, ctx->story.detail);
    assert_int_equal(err, RG_OK);
    return store;
}

static void
every_statement_prepares(void **state)
{
    (void)state;
    struct rg_ctx ctx;
    struct store *store = open_all(&ctx);
    struct str failed = STR_NONE;
    enum rg_err err = store_prepare_all(&ctx, store, &failed);
    if (err != RG_OK)
        print_error("%.*s: %s\n", STR_ARG(failed), ctx.story.detail);
    assert_int_equal(err, RG_OK);
    store_close(store);
    rg_ctx_done(&ctx);
}

/* Statements that look at all of a table on purpose: lists for people, counts, removals. */
static const char *const whole[] = {
    "network.source_list",
    "network.synthetic_any",
    "network.synthetic_count",
    "network.synthetic_names",
    "network.organization_count",
    "network.service_count",
    "network.location_count",
    "network.program_count",
    "network.taxonomy_count",
    "network.taxonomy_term_count",
    "network.service_at_location_count",
    "network.area_counts",
    "network.terms_with_code",
    "network.service_term_orphans",
    "network.service_page_count",
    "network.organization_rows",
    "network.organization_rows_count",
};

static bool
may_scan(const char *name)
{
    for (size_t i = 0; i < RG_COUNT(whole); i++)
        if (strcmp(whole[i], name) == 0)
            return true;
    return false;
}

/* Tables with a row per record of the territory or per voice: they grow without bound. */
static bool
scans_a_growing_table(const char *plan)
{
    static const char *const growing[] = {"network_service",      "network_location",
                                          "network_organization", "network_service_at_location",
                                          "network_service_term", "store_change",
                                          "listening_contribution", "listening_tag",
                                          "listening_live_registration"};
    if (strncmp(plan, "SCAN ", 5) != 0 || strstr(plan, "INDEX") || strstr(plan, "PRIMARY KEY"))
        return false;
    for (size_t i = 0; i < RG_COUNT(growing); i++)
        if (strncmp(plan + 5, growing[i], strlen(growing[i])) == 0 &&
            (plan[5 + strlen(growing[i])] == '\0' || plan[5 + strlen(growing[i])] == ' '))
            return true;
    return false;
}

static size_t
check_plan(sqlite3 *db, const struct store_stmt *stmt)
{
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", stmt->sqlite);
    sqlite3_stmt *plan = NULL;
    size_t n_bad = 0;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *words = (const char *)sqlite3_column_text(plan, 3);
        if (scans_a_growing_table(words) && !may_scan(stmt->name)) {
            print_error("%s: %s\n", stmt->name, words);
            n_bad++;
        }
    }
    sqlite3_finalize(plan);
    sqlite3_free(sql);
    return n_bad;
}

static int
bytes(void *unused, int n1, const void *p1, int n2, const void *p2)
{
    (void)unused;
    return str_cmp(str_n(p1, (size_t)n1), str_n(p2, (size_t)n2));
}

static void
no_statement_walks_a_growing_table_unasked(void **state)
{
    (void)state;
    struct rg_ctx ctx;
    if (where != lite_path)
        return; /* the plan is SQLite's */
    store_close(open_all(&ctx));
    sqlite3 *db;
    size_t n_seen = 0, n_bad = 0;
    assert_int_equal(sqlite3_open(lite_path, &db), SQLITE_OK);
    sqlite3_create_collation(db, "C", SQLITE_UTF8, NULL, bytes);
    for (size_t r = 0; r < app_n_store_rooms; r++)
        for (size_t i = 0; i < app_store_rooms[r]->n_stmts; i++, n_seen++)
            n_bad += check_plan(db, app_store_rooms[r]->stmts[i]);
    sqlite3_close(db);
    rg_ctx_done(&ctx);
    assert_true(n_seen > 100); /* an empty list would pass everything */
    assert_int_equal(n_bad, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_prepares),
        cmocka_unit_test(no_statement_walks_a_growing_table_unasked),
    };
    snprintf(lite_path, sizeof(lite_path), "/tmp/regia-statements-%d.db", (int)getpid());
    where = lite_path;
    int failed = cmocka_run_group_tests_name("statements on SQLite", tests, NULL, NULL);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", lite_path, ends[i]);
        unlink(path);
    }
    const char *server = getenv("REGIA_TEST_PG");
    if (!server) {
        print_message("statements on PostgreSQL: skipped, REGIA_TEST_PG is not set\n");
        return failed;
    }
    where = server;
    return failed + cmocka_run_group_tests_name("statements on PostgreSQL", tests, NULL, NULL);
}
