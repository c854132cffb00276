/* The whole thread check, reading included, on N contributions (100000) in 400 themes, each
 * counted in two, with 500 elements and an origin a theme. */
#include "plan/plan.h"
#include "territory/territory.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
fill(const char *path, long n)
{
    sqlite3 *db;
    char *sql = sqlite3_mprintf(
        "BEGIN;"
        "WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 400) "
        "INSERT INTO listening_theme (id, code, axis, title, summary, parked, ord, rev, source) "
        "SELECT v, 't-' || v, '6', 'Tema ' || v, '', 0, v, 1, '' FROM i;"
        "WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < %ld) "
        "INSERT INTO listening_contribution (id, code, uid, kind, text, quote, category, zone, "
        "area_code, territory, contests, parked, local_case, state, rev) "
        "SELECT v, 'forum/' || v, 'u' || v, 'need', 'Una voce lunga come quelle vere, ' || v, "
        "'', "
        "'', '', '', '', '', 0, 0, 'said', 1 FROM i;"
        "INSERT INTO listening_coding (contribution_id, theme_id) "
        "SELECT id, 1 + id %% 400 FROM listening_contribution;"
        "INSERT INTO listening_coding (contribution_id, theme_id) "
        "SELECT id, 1 + (id + 7) %% 400 FROM listening_contribution;"
        "INSERT INTO plan_plan VALUES (1, 1, 0, 'p', 'Piano', 2024, 2026, 'in_force', '', '');"
        "WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 500) "
        "INSERT INTO plan_element (id, place, pack_hash, plan, code, parent, level, title, "
        "alt_title, text, complete, addressee, state, state_reason, departments, partners, "
        "territory, paradigms, pnrr_measure, deadline, note, source) "
        "SELECT v, v, 0, 'p', 'e' || v, CASE WHEN v <= 6 THEN '' ELSE 'e' || (1 + v %% 6) END, "
        "CASE WHEN v <= 6 THEN 'axis' ELSE 'strategy' END, 'Titolo', '', '', 'yes', '', '', "
        "'', "
        "'', '', '', '', '', '', '', '' FROM i;"
        "INSERT INTO plan_origin (place, pack_hash, element, theme, contribution, how, note) "
        "SELECT id, 0, 'p/e' || id, 't-' || id, '', 'answers', '' FROM listening_theme "
        "WHERE id > 20;"
        "COMMIT;",
        n);
    char *error = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s\n", error ? error : "?");
        exit(1);
    }
    sqlite3_free(sql);
    sqlite3_close(db);
}

int
main(int argc, char **argv)
{
    static const struct store_room *const rooms[] = {&territory_store, &listening_store,
                                                     &plan_store};
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
    char path[64];
    struct rg_ctx ctx;
    struct store *store;
    snprintf(path, sizeof(path), "/tmp/regia-thread-bench-%d.db", (int)getpid());
    if (rg_ctx_init(&ctx, (size_t)1 << 30) != RG_OK ||
        store_open(&ctx, path, rooms, RG_COUNT(rooms), &store) != RG_OK)
        return 1;
    fill(path, n);
    size_t n_findings = 0;
    double best = 1e9, worst = 0;
    for (int round = 0; round < 5; round++) {
        struct plan_finding *findings;
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        if (store_session_begin(&ctx, store) != RG_OK)
            return 1;
        double from = now_ms();
        if (plan_check_thread(&ctx, &findings, &n_findings) != RG_OK)
            return 1;
        double took = now_ms() - from;
        best = took < best ? took : best;
        worst = took > worst ? took : worst;
        store_session_end(&ctx);
        rg_arena_release(ctx.arena, mark);
    }
    printf("thread check of %ld contributions: best %.0f ms, worst %.0f ms (%zu findings)\n", n,
           best, worst, n_findings);
    store_close(store);
    rg_ctx_done(&ctx);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char file[80];
        snprintf(file, sizeof(file), "%s%s", path, ends[i]);
        unlink(file);
    }
    return 0;
}
