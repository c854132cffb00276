/* The pages of importing, without a wire: who may, what is refused, from columns to a job. */
#include "network/import.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct store_room *const rooms[] = {&jobs_store, &territory_store, &network_store};
static char folder[64], database[96], upload[128], file[192], args[192];
static unsigned roles;

static struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct network_web web;
    struct web_room room;
    struct web_config config;
    struct web_server *server;
} world;

static enum rg_err
who(struct rg_ctx *ctx, struct str token, struct web_who *ret_who)
{
    (void)ctx;
    (void)token;
    *ret_who = (struct web_who){.actor = {.account_id = 1, .roles = roles, .name = STR("tester")},
                                .secret = STR("secret"),
                                .found = true};
    return RG_OK;
}

static void
put(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static int
world_open(void **state)
{
    (void)state;
    struct world *w = &world;
    snprintf(folder, sizeof(folder), "/tmp/regia-import-web-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(database, sizeof(database), "%s/t.db", folder);
    snprintf(upload, sizeof(upload), "%s/import-00112233445566aa", folder);
    snprintf(file, sizeof(file), "%s/elenco.csv", upload);
    snprintf(args, sizeof(args), "%s/args.json", upload);
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.actor = (struct rg_actor){.roles = RG_ROLE_PUBLIC, .name = STR("tester")};
    assert_int_equal(store_open(&w->ctx, database, rooms, RG_COUNT(rooms), &w->store), RG_OK);
    w->web.store = w->store;
    w->room = (struct web_room){"import", network_import_routes, network_import_n_routes, &w->web};
    w->config = (struct web_config){.store = w->store, .rooms = &w->room, .n_rooms = 1,
                                    .public_url = "https://regia.example", .spool = folder,
                                    .who = who};
    assert_int_equal(web_start_offline(&w->ctx, &w->config, &w->server), RG_OK);
    return 0;
}

static int
world_close(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    web_stop(world.server);
    store_close(world.store);
    rg_ctx_done(&world.ctx);
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", database, ends[i]);
        unlink(path);
    }
    return rmdir(folder);
}

/* A request in a context of its own, with a session. */
struct visit {
    struct rg_ctx ctx;
    struct web_answer ans;
    struct str body;
};

static int
visit(struct visit *v, const char *method, const char *target)
{
    assert_int_equal(rg_ctx_init(&v->ctx, RG_REQUEST_ARENA_MAX), RG_OK);
    v->ctx.actor = (struct rg_actor){.roles = roles, .account_id = 1, .name = STR("tester")};
    assert_int_equal(web_simulate(world.server, &v->ctx, method, target, &v->ans), RG_OK);
    v->body = rg_buf_view(&v->ans.body);
    return v->ans.status;
}

static void
visit_done(struct visit *v)
{
    store_session_end(&v->ctx);
    web_answer_done(&v->ans);
    rg_ctx_done(&v->ctx);
}

static bool
shows(const struct visit *v, const char *text)
{
    return str_find(v->body, str_of(text)) >= 0;
}

static void
the_form_is_for_the_office_alone(void **state)
{
    (void)state;
    struct visit v;
    roles = RG_ROLE_PUBLIC | RG_ROLE_READER | RG_ROLE_EDITOR;
    assert_int_not_equal(visit(&v, "GET", "/gestione/importa"), 200);
    visit_done(&v);
    roles = RG_ROLE_PUBLIC | RG_ROLE_PLANNER;
    assert_int_equal(visit(&v, "GET", "/gestione/importa"), 200);
    assert_true(shows(&v, "name=\"tipo\""));
    assert_true(shows(&v, "enctype=\"multipart/form-data\""));
    visit_done(&v);
}

static void
a_token_that_is_none_of_ours_leads_nowhere(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/gestione/importa/00112233445566bb/colonne", "/gestione/importa/..%2f..%2fetc/colonne",
        "/gestione/importa/0011223344556/colonne", "/gestione/importa/00112233445566AA/colonne"};
    struct visit v;
    roles = RG_ROLE_PUBLIC | RG_ROLE_PLANNER;
    for (size_t i = 0; i < RG_COUNT(targets); i++) {
        assert_int_equal(visit(&v, "GET", targets[i]), 404);
        visit_done(&v);
    }
}

static void
upload_put(void)
{
    struct rg_ctx ctx;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    const struct network_import what = {.source = {.name = STR("prova"), .title = STR("Prova")},
                                        .path = str_of(file)};
    assert_int_equal(mkdir(upload, 0700), 0);
    put(file, "Servizio;Ente;Comune\nSportello <casa>;Comune di Ivrea;Ivrea\n");
    put(args, import_args_write(&ctx, &what, true).p);
    rg_ctx_done(&ctx);
}

static void
columns_are_proposed_with_a_sample(void **state)
{
    (void)state;
    struct visit v;
    upload_put();
    roles = RG_ROLE_PUBLIC | RG_ROLE_ADMIN;
    assert_int_equal(visit(&v, "GET", "/gestione/importa/00112233445566aa/colonne"), 200);
    assert_true(shows(&v, "Sportello &lt;casa&gt;"));
    assert_true(shows(&v, "<option value=\"name\" selected>"));
    assert_true(shows(&v, "<option value=\"comune\" selected>"));
    visit_done(&v);
}

/* The columns are settled: a job is queued, the worker does it, nothing is left in the spool. */
static void
settled_columns_become_a_job(void **state)
{
    (void)state;
    struct visit v, page;
    char target[256];
    roles = RG_ROLE_PUBLIC | RG_ROLE_ADMIN;
    assert_int_equal(visit(&page, "GET", "/gestione/importa/00112233445566aa/colonne"), 200);
    ptrdiff_t at = str_find(page.body, STR("name=\"csrf\" value=\""));
    assert_true(at > 0);
    struct str token = str_n(page.body.p + at + 19, 0);
    while (token.p[token.n] != '"')
        token.n++;
    snprintf(target, sizeof(target),
             "/gestione/importa/00112233445566aa/colonne?csrf=%.*s&colonna=keep&colonna=keep",
             STR_ARG(token));
    assert_int_equal(visit(&v, "POST", target), 400); /* no name: nothing begins */
    visit_done(&v);
    snprintf(target, sizeof(target),
             "/gestione/importa/00112233445566aa/colonne?csrf=%.*s"
             "&colonna=name&colonna=organization&colonna=comune", STR_ARG(token));
    assert_int_equal(visit(&v, "POST", target), 303);
    visit_done(&v);
    visit_done(&page);
    assert_int_not_equal(access(args, F_OK), 0);

    struct jobs_kind kinds[NETWORK_IMPORT_KINDS];
    struct jobs *jobs;
    struct jobs_view job;
    struct rg_ctx *ctx = &world.ctx;
    size_t n = network_import_kinds(&world.web, kinds, RG_COUNT(kinds));
    assert_int_equal(jobs_start(ctx, world.store, kinds, n, &jobs), RG_OK);
    assert_int_equal(store_session_begin(ctx, world.store), RG_OK);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(jobs_get(ctx, 1, &job), RG_OK);
        if (str_is(job.state, "done") || str_is(job.state, "failed"))
            break;
        usleep(50000);
    }
    jobs_stop(jobs);
    store_session_end(ctx);
    assert_true(str_is(job.state, "done"));
    assert_true(str_find(job.outcome, STR("network.import.n_services_added\":1")) > 0);
    assert_int_not_equal(access(upload, F_OK), 0);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_for_the_office_alone),
        cmocka_unit_test(a_token_that_is_none_of_ours_leads_nowhere),
        cmocka_unit_test(columns_are_proposed_with_a_sample),
        cmocka_unit_test(settled_columns_become_a_job),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
