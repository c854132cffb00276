/* What the tests of the network's pages share: a small world of records in a temporary
 * database, and a server without a wire. The confidential place holds a marker that must never
 * be seen.      */
#ifndef NETWORK_WEB_WORLD_H
#define NETWORK_WEB_WORLD_H

#include "network/surface.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define MARKER "Via Segretissima 99"
#define MARKER_POINT "45.1239"
#define ORG_UID "11111111-1111-4111-8111-111111111111"
#define OTHER_UID "11111111-1111-4111-8111-222222222222"
#define SERVICE_UID "22222222-2222-4222-8222-111111111111"
#define SHELTER_UID "22222222-2222-4222-8222-222222222222"
#define PLACE_UID "33333333-3333-4333-8333-111111111111"
#define SECRET_UID "33333333-3333-4333-8333-222222222222"
#define TERM_UID "55555555-5555-4555-8555-111111111111"
#define SHELTER_TERM_UID "55555555-5555-4555-8555-222222222222"
#define TAXONOMY_UID "66666666-6666-4666-8666-111111111111"

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct web_server *server;
    struct network_web web;
    struct web_room room;
    struct web_answer answer;
    int64_t source, organization, other, service, shelter, place, secret;
    char path[64];
    bool answered;
};

static const char *world_pgsql; /* the server to use; NULL: SQLite */

/* Run the group on SQLite, and on PostgreSQL where REGIA_TEST_PG names a server. */
#define world_run(tests)                                                                       \
    ({                                                                                         \
        int failed_ = cmocka_run_group_tests(tests, NULL, NULL);                               \
        world_pgsql = getenv("REGIA_TEST_PG");                                                 \
        world_pgsql ? failed_ + cmocka_run_group_tests(tests, NULL, NULL) : failed_;           \
    })

/* An empty place for the records. */
static const char *
world_where(struct world *w)
{
    if (!world_pgsql) {
        snprintf(w->path, sizeof(w->path), "/tmp/regia-network-web-%d.db", (int)getpid());
        unlink(w->path);
        return w->path;
    }
    char command[512];
    snprintf(
        command, sizeof(command),
        "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null 2>&1",
        world_pgsql);
    assert_int_equal(system(command), 0);
    return world_pgsql;
}

static int64_t
world_put(struct world *w, enum network_kind kind, const char *uid, const char *doc,
          struct network_record refs)
{
    enum network_put put;
    int64_t id = 0;
    refs.kind = kind;
    refs.uid = str_of(uid);
    refs.doc = str_of(doc);
    enum rg_err err = network_put(&w->ctx, NULL, w->source, &refs, &put, &id);
    if (err != RG_OK)
        print_error("%s %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(put, NETWORK_ADDED);
    return id;
}

static void
world_records(struct world *w)
{
    const struct network_source source = {.name = STR("prova"),
                                          .title = STR("Elenco di prova"),
                                          .licence = STR("CC0"),
                                          .url = STR("https://example.org/elenco")};
    assert_int_equal(network_source_put(&w->ctx, &source, &w->source), RG_OK);
    w->organization =
        world_put(w, NETWORK_ORGANIZATION, ORG_UID,
                  "{\"id\":\"" ORG_UID
                  "\",\"name\":\"Comune di Ivrea\",\"description\":\"Ente <b>pubblico</b>.\","
                  "\"email\":\"comune@example.org\",\"phones\":[{\"id\":\"77777777-7777-4777-"
                  "8777-000000000001\","
                  "\"number\":\"0125 000001\"}]}",
                  (struct network_record){0});
    w->other = world_put(w, NETWORK_ORGANIZATION, OTHER_UID,
                         "{\"id\":\"" OTHER_UID
                         "\",\"name\":\"Casa rifugio\",\"description\":\"Protegge.\"}",
                         (struct network_record){0});
    world_put(w, NETWORK_TAXONOMY, TAXONOMY_UID,
              "{\"id\":\"" TAXONOMY_UID "\",\"name\":\"Bisogni\",\"description\":\"Elenco\"}",
              (struct network_record){0});
    world_put(w, NETWORK_TAXONOMY_TERM, TERM_UID,
              "{\"id\":\"" TERM_UID
              "\",\"code\":\"casa.affitto\",\"name\":\"Pagare l'affitto\","
              "\"description\":\"Affitto\"}",
              (struct network_record){.taxonomy_uid = STR(TAXONOMY_UID)});
    world_put(w, NETWORK_TAXONOMY_TERM, SHELTER_TERM_UID,
              "{\"id\":\"" SHELTER_TERM_UID
              "\",\"code\":\"tutela.violenza\",\"name\":\"Violenza\","
              "\"description\":\"Violenza\",\"parent_id\":\"" TERM_UID "\"}",
              (struct network_record){.taxonomy_uid = STR(TAXONOMY_UID)});
    w->service = world_put(
        w, NETWORK_SERVICE, SERVICE_UID,
        "{\"id\":\"" SERVICE_UID "\",\"organization_id\":\"" ORG_UID
        "\",\"name\":\"Sportello Casa <Ivrea>\","
        "\"description\":\"Aiuta chi non paga "
        "l'affitto.\",\"url\":\"https://example.org/casa\","
        "\"email\":\"casa@example.org\",\"status\":\"active\",\"application_process\":"
        "\"Telefona.\\nVieni.\","
        "\"eligibility_description\":\"Residenti\",\"minimum_age\":18,"
        "\"phones\":[{\"id\":\"77777777-7777-4777-8777-000000000002\",\"number\":\"0125 "
        "000000\","
        "\"type\":\"voice\"}],"
        "\"schedules\":[{\"id\":\"77777777-7777-4777-8777-000000000003\",\"freq\":\"WEEKLY\","
        "\"byday\":\"MO,TU\",\"opens_at\":\"09:00\",\"closes_at\":\"12:30\"}],"
        "\"required_documents\":[{\"id\":\"77777777-7777-4777-8777-000000000004\",\"document\":"
        "\"ISEE\"}],"
        "\"attributes\":[{\"id\":\"77777777-7777-4777-8777-000000000005\",\"taxonomy_term_id\":"
        "\"" TERM_UID "\"}],\"own_code\":\"X1\"}",
        (struct network_record){.organization_uid = STR(ORG_UID)});
    w->shelter = world_put(w, NETWORK_SERVICE, SHELTER_UID,
                           "{\"id\":\"" SHELTER_UID "\",\"organization_id\":\"" OTHER_UID
                           "\",\"name\":\"Accoglienza donne\","
                           "\"description\":\"Un posto sicuro.\",\"status\":\"active\","
                           "\"attributes\":[{\"id\":\"77777777-7777-4777-8777-000000000006\","
                           "\"taxonomy_term_id\":\"" SHELTER_TERM_UID "\"}]}",
                           (struct network_record){.organization_uid = STR(OTHER_UID)});
    w->place = world_put(w, NETWORK_LOCATION, PLACE_UID,
                         "{\"id\":\"" PLACE_UID
                         "\",\"location_type\":\"physical\",\"name\":\"Municipio\","
                         "\"latitude\":45.4665,\"longitude\":7.8764,\"addresses\":[{\"id\":"
                         "\"77777777-7777-4777-8777-000000000007\",\"address_1\":\"Piazza "
                         "1\",\"city\":\"Ivrea\","
                         "\"state_province\":\"TO\",\"postal_code\":\"10015\",\"country\":"
                         "\"IT\",\"address_type\":\"physical\"}]}",
                         (struct network_record){0});
    w->secret = world_put(w, NETWORK_LOCATION, SECRET_UID,
                          "{\"id\":\"" SECRET_UID
                          "\",\"location_type\":\"physical\",\"name\":\"" MARKER "\","
                          "\"confidential\":true,\"latitude\":" MARKER_POINT
                          ",\"longitude\":7.5,\"addresses\":[{\"id\":"
                          "\"77777777-7777-4777-8777-000000000008\",\"address_1\":\"" MARKER
                          "\",\"city\":\"Nascosta\","
                          "\"state_province\":\"TO\",\"postal_code\":\"10000\",\"country\":"
                          "\"IT\",\"address_type\":\"physical\"}]}",
                          (struct network_record){0});
    world_put(w, NETWORK_SERVICE_AT_LOCATION, "44444444-4444-4444-8444-111111111111",
              "{\"id\":\"44444444-4444-4444-8444-111111111111\",\"service_id\":\"" SERVICE_UID
              "\",\"location_id\":\"" PLACE_UID "\"}",
              (struct network_record){.service_uid = STR(SERVICE_UID),
                                      .location_uid = STR(PLACE_UID)});
    world_put(w, NETWORK_SERVICE_AT_LOCATION, "44444444-4444-4444-8444-222222222222",
              "{\"id\":\"44444444-4444-4444-8444-222222222222\",\"service_id\":\"" SHELTER_UID
              "\",\"location_id\":\"" SECRET_UID "\",\"description\":\"Suona in " MARKER "\"}",
              (struct network_record){.service_uid = STR(SHELTER_UID),
                                      .location_uid = STR(SECRET_UID)});
}

static void
world_open(struct world *w)
{
    static const struct store_room *const rooms[] = {&network_store};
    *w = (struct world){0};
    const char *where = world_where(w);
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.now_s = 1795510800; /* Tuesday 2026-11-24, 10:00 in Rome */
    w->ctx.actor.name = STR("prova");
    enum rg_err err = store_open(&w->ctx, where, rooms, 1, &w->store);
    if (err != RG_OK)
        print_error("%s %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    assert_int_equal(store_write_begin(&w->ctx, "world"), RG_OK);
    world_records(w);
    assert_int_equal(store_write_commit(&w->ctx), RG_OK);
    store_session_end(&w->ctx);
    w->room = (struct web_room){"network", network_routes, network_n_routes, &w->web};
    const struct web_config config = {.store = w->store, .rooms = &w->room, .n_rooms = 1};
    assert_int_equal(web_start_offline(&w->ctx, &config, &w->server), RG_OK);
}

static void
world_close(struct world *w)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    if (w->answered)
        web_answer_done(&w->answer);
    w->server = web_stop(w->server);
    w->store = store_close(w->store);
    rg_ctx_done(&w->ctx);
    for (size_t i = 0; i < RG_COUNT(ends) && w->path[0]; i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", w->path, ends[i]);
        unlink(path);
    }
}

/* Ask as this actor; the body stays until the next question. */
static struct str
ask_as(struct world *w, struct rg_actor actor, const char *method, const char *target)
{
    if (w->answered)
        web_answer_done(&w->answer);
    actor.roles |= RG_ROLE_PUBLIC;
    w->ctx.actor = actor;
    w->ctx.lang = RG_IT;
    rg_story_clear(&w->ctx);
    assert_int_equal(web_simulate(w->server, &w->ctx, method, target, &w->answer), RG_OK);
    w->answered = true;
    return w->answer.fixed.p ? w->answer.fixed : rg_buf_view(&w->answer.body);
}

static inline struct str
ask(struct world *w, const char *target)
{
    return ask_as(w, (struct rg_actor){0}, "GET", target);
}

static bool
has(struct str body, const char *what)
{
    return str_find(body, str_of(what)) >= 0;
}

static void
must_have(struct str body, const char *what)
{
    if (!has(body, what))
        print_error("missing: %s\nin: %.*s\n", what, (int)(body.n > 6000 ? 6000 : body.n),
                    body.p);
    assert_true(has(body, what));
}

static inline const char *
header_of(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->answer.n_headers; i++)
        if (strcmp(w->answer.headers[i].name, name) == 0)
            return w->answer.headers[i].value;
    return NULL;
}

/* An address, made like printf. */
#define target_of(w, ...) rg_arena_printf((w)->ctx.arena, __VA_ARGS__)

#endif
