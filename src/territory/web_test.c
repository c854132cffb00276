/* The pages of the territory over the pack of Torino, without a wire. */
#include "territory/territory_page.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static const struct store_room *const rooms[] = {&territory_store};
static char folder[64], database[96];

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct territory_web web;
    struct web_room room;
    struct web_config config;
    struct web_server *server;
};

static struct world world;

/* A number of services that depends on the comune alone: its place among the comuni. */
static enum rg_err
some_counts(void *arg, struct rg_ctx *ctx, const struct territory_model *model,
            const int64_t **ret)
{
    (void)arg;
    int64_t *n = RG_ARRAY(ctx->arena, int64_t, model->n_areas);
    if (!n)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < model->n_comuni; i++)
        n[model->first_comune + i] = i % 7;
    *ret = n;
    return RG_OK;
}

static enum rg_err
some_services(void *arg, struct rg_ctx *ctx, struct str code, size_t n_max,
              struct territory_service **ret, size_t *ret_n, int64_t *ret_total)
{
    (void)arg;
    assert_true(n_max > 0);
    *ret = RG_ARRAY(ctx->arena, struct territory_service, 1);
    if (!*ret)
        return RG_NO_MEMORY(ctx);
    (*ret)[0] = (struct territory_service){STR("Sportello <Casa>"), STR("Comune"),
                                           STR("/servizi/7"), true};
    *ret_n = str_is(code, "001125");
    *ret_total = (int64_t)*ret_n;
    return RG_OK;
}

static int
world_open(void **state)
{
    (void)state;
    struct territory_load_counts counts;
    struct world *w = &world;
    snprintf(folder, sizeof(folder), "/tmp/regia-territory-web-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(database, sizeof(database), "%s/t.db", folder);
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.actor = (struct rg_actor){.roles = RG_ROLE_PUBLIC, .name = STR("tester")};
    assert_int_equal(store_open(&w->ctx, database, rooms, 1, &w->store), RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    assert_int_equal(territory_load(&w->ctx, "packs/torino", &counts), RG_OK);
    assert_int_equal(territory_live_new(&w->ctx, &w->web.live), RG_OK);
    store_session_end(&w->ctx);
    w->room = (struct web_room){"territory", territory_routes, territory_n_routes, &w->web};
    w->config = (struct web_config){.store = w->store, .rooms = &w->room, .n_rooms = 1,
                                    .public_url = "https://regia.example"};
    assert_int_equal(web_start_offline(&w->ctx, &w->config, &w->server), RG_OK);
    return 0;
}

static int
world_close(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    web_stop(world.server);
    territory_live_free(world.web.live);
    store_close(world.store);
    rg_ctx_done(&world.ctx);
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", database, ends[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void
services_known(bool known)
{
    world.web.counts = known ? some_counts : NULL;
    world.web.services_in = known ? some_services : NULL;
}

/* A page in its own context, as a request has it. done with answer_done. */
struct visit {
    struct rg_ctx ctx;
    struct web_answer ans;
    struct str body;
};

static void
visit(struct visit *v, const char *target)
{
    assert_int_equal(rg_ctx_init(&v->ctx, RG_REQUEST_ARENA_MAX), RG_OK);
    v->ctx.actor.roles = RG_ROLE_PUBLIC;
    assert_int_equal(web_simulate(world.server, &v->ctx, "GET", target, &v->ans), RG_OK);
    v->body = v->ans.fixed.p ? v->ans.fixed : rg_buf_view(&v->ans.body);
}

static void
leave(struct visit *v)
{
    web_answer_done(&v->ans);
    rg_ctx_done(&v->ctx);
}

static size_t
times(struct str text, const char *needle)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(text, str_of(needle))) >= 0; n++)
        text = str_n(text.p + at + 1, text.n - (size_t)at - 1);
    return n;
}

static bool
says(struct str text, const char *needle)
{
    return str_find(text, str_of(needle)) >= 0;
}

static void
every_page_speaks_three_languages(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"", "/fr", "/en"};
    static const char *const pages[] = {
        "/territorio", "/territorio?vista=servizi&ordine=-servizi", "/territorio?q=tavernette",
        "/territorio?q=qwrtzxcv", "/territorio/zone/9", "/territorio/comuni/001125",
        "/territorio/comuni/001125-ivrea"};
    for (int known = 0; known < 2; known++) {
        services_known(known);
        for (size_t l = 0; l < RG_COUNT(prefixes); l++)
            for (size_t p = 0; p < RG_COUNT(pages); p++) {
                char target[128];
                struct visit v;
                snprintf(target, sizeof(target), "%s%s", prefixes[l], pages[p]);
                visit(&v, target);
                assert_int_equal(v.ans.status, 200);
                assert_true(says(v.body, "</html>"));
                assert_int_equal(times(v.body, "<h1"), 1);
                assert_false(says(v.body, "territory.page."));
                assert_false(says(v.body, "web.part."));
                leave(&v);
            }
    }
}

static void
the_map_shows_each_comune_once_and_the_drawing_has_them(void **state)
{
    (void)state;
    struct visit page, drawing;
    services_known(true);
    visit(&page, "/territorio?vista=servizi");
    assert_int_equal(times(page.body, "<use href=\"/mappa/comuni.svg?v="), 312);
    assert_true(says(page.body, "class=\"v5\""));
    ptrdiff_t at = str_find(page.body, STR("/mappa/comuni.svg?v="));
    char address[64];
    snprintf(address, sizeof(address), "%.*s", (int)strlen("/mappa/comuni.svg?v=00000000"),
             page.body.p + at);
    leave(&page);
    visit(&drawing, address);
    assert_int_equal(drawing.ans.status, 200);
    assert_string_equal(drawing.ans.type, "image/svg+xml");
    assert_true(says(drawing.body, "id=\"c001125\""));
    assert_int_equal(drawing.ans.n_headers, 1);
    assert_true(says(str_of(drawing.ans.headers[0].value), "immutable"));
    leave(&drawing);
    visit(&drawing, "/mappa/comuni.svg?v=old");
    assert_int_equal(drawing.ans.status, 200);
    assert_false(says(str_of(drawing.ans.headers[0].value), "immutable"));
    leave(&drawing);
}

static void
all_forms_have_the_same_rows_in_the_same_order(void **state)
{
    (void)state;
    static const char *const queries[] = {"", "?ordine=-abitanti", "?q=valperga",
                                          "?ordine=-servizi&q=eporediese", "?q=qwrtzxcv"};
    services_known(true);
    for (size_t q = 0; q < RG_COUNT(queries); q++) {
        struct visit html, csv, json, geo;
        char target[128];
        snprintf(target, sizeof(target), "/territorio%s", queries[q]);
        visit(&html, target);
        snprintf(target, sizeof(target), "/territorio.csv%s", queries[q]);
        visit(&csv, target);
        snprintf(target, sizeof(target), "/territorio.json%s", queries[q]);
        visit(&json, target);
        snprintf(target, sizeof(target), "/territorio.geojson%s", queries[q]);
        visit(&geo, target);
        const struct rg_jv *root, *features;
        assert_true(rg_jv_parse(json.ctx.arena, json.body, &root));
        const struct rg_jv *list = rg_jv_get(root, "comuni");
        assert_true(rg_jv_parse(geo.ctx.arena, geo.body, &features));
        features = rg_jv_get(features, "features");
        struct str rest = csv.body, line;
        assert_true(str_cut(&rest, '\n', &line)); /* headings */
        ptrdiff_t from = str_find(html.body, STR("id=\"comuni\""));
        assert_true(from > 0);
        struct str table = str_n(html.body.p + from, html.body.n - (size_t)from);
        assert_int_equal(features->n, list->n);
        assert_int_equal(times(table, "<th scope=\"row\""), list->n);
        const struct rg_jv *row = rg_jv_first(list), *feature = rg_jv_first(features);
        for (uint32_t i = 0; i < list->n; i++) {
            struct str code = rg_jv_get_str(json.ctx.arena, row, "istat_code");
            assert_true(str_cut(&rest, '\n', &line));
            assert_true(str_starts(line, code));
            assert_true(str_eq(code, rg_jv_get_str(geo.ctx.arena,
                                                   rg_jv_get(feature, "properties"),
                                                   "istat_code")));
            ptrdiff_t next = str_find(table, code);
            assert_true(next > 0);
            table = str_n(table.p + next + 6, table.n - (size_t)next - 6);
            row = rg_jv_next(row);
            feature = rg_jv_next(feature);
        }
        assert_int_equal(rest.n, 0);
        leave(&html), leave(&csv), leave(&json), leave(&geo);
    }
}

static void
a_zone_has_its_comuni_and_no_others(void **state)
{
    (void)state;
    struct visit v;
    services_known(true);
    visit(&v, "/territorio/zone/9.json");
    const struct rg_jv *root;
    assert_true(rg_jv_parse(v.ctx.arena, v.body, &root));
    const struct rg_jv *list = rg_jv_get(root, "comuni"), *row = rg_jv_first(list);
    assert_int_equal(list->n, 54);
    for (uint32_t i = 0; i < list->n; i++, row = rg_jv_next(row))
        assert_true(str_is(rg_jv_get_str(v.ctx.arena, row, "zone"), "9"));
    leave(&v);
    visit(&v, "/territorio/zone/9");
    assert_true(says(v.body, "/cerca?luogo="));
    assert_int_equal(times(v.body, "class=\"v3\""), 54);
    leave(&v);
    visit(&v, "/territorio/zone/12");
    assert_int_equal(v.ans.status, 404);
    leave(&v);
}

static void
a_comune_tells_what_is_certain_and_what_is_not(void **state)
{
    (void)state;
    struct visit v;
    services_known(true);
    visit(&v, "/territorio/comuni/001125-ivrea");
    assert_true(says(v.body, "<h1>Ivrea</h1>"));
    assert_true(says(v.body, "/territorio/zone/9"));
    assert_true(says(v.body, "Sportello &lt;Casa&gt;"));
    assert_int_equal(times(v.body, "Dato dimostrativo"), 1); /* beside the service that is one */
    assert_true(says(v.body, "https://regia.example/territorio/comuni/001125-ivrea"));
    leave(&v);
    visit(&v, "/territorio/comuni/001003-altro-nome"); /* the words behind the code do not matter */
    assert_true(says(v.body, "<h1>Ala di Stura</h1>"));
    assert_true(says(v.body, "da confermare"));
    assert_true(says(v.body, "Nessun servizio registrato"));
    leave(&v);
    visit(&v, "/territorio/comuni/001316");
    assert_true(says(v.body, "dal 4 agosto 2021"));
    leave(&v);
    visit(&v, "/territorio/comuni/999999");
    assert_int_equal(v.ans.status, 404);
    leave(&v);
}

static void
without_slots_no_page_speaks_of_services(void **state)
{
    (void)state;
    static const char *const pages[] = {"/territorio?vista=servizi", "/territorio/zone/9",
                                        "/territorio/comuni/001125"};
    services_known(false);
    for (size_t i = 0; i < RG_COUNT(pages); i++) {
        struct visit v;
        visit(&v, pages[i]);
        assert_int_equal(v.ans.status, 200);
        assert_false(says(v.body, "nessun servizio"));
        assert_false(says(v.body, "/cerca?luogo="));
        leave(&v);
    }
}

static void
places_are_suggested_by_their_beginning(void **state)
{
    (void)state;
    struct visit v;
    visit(&v, "/territorio/luoghi.json?q=ivr");
    const struct rg_jv *root;
    assert_true(rg_jv_parse(v.ctx.arena, v.body, &root));
    const struct rg_jv *places = rg_jv_get(root, "places"), *first = rg_jv_first(places);
    assert_true(places->n >= 1 && places->n <= TERRITORY_SUGGESTIONS);
    assert_true(str_is(rg_jv_get_str(v.ctx.arena, first, "name"), "Ivrea"));
    assert_true(str_is(rg_jv_get_str(v.ctx.arena, first, "path"),
                       "/territorio/comuni/001125-ivrea"));
    leave(&v);
    visit(&v, "/territorio/luoghi.json");
    assert_true(rg_jv_parse(v.ctx.arena, v.body, &root));
    assert_int_equal(rg_jv_get(root, "places")->n, 0);
    leave(&v);
}

/* Against the definition: the classes cover every value once, grow, and the top is the maximum. */
static void
classes_cover_every_value(void **state)
{
    (void)state;
    struct rg_ctx ctx;
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    ctx.chance = 7;
    for (int round = 0; round < 2000; round++) {
        int64_t values[40], tops[TERRITORY_TONES];
        size_t n = rg_chance(&ctx) % RG_COUNT(values), n_positive = 0;
        int64_t high = 1 + (int64_t)(rg_chance(&ctx) % 30);
        for (size_t i = 0; i < n; i++) {
            int64_t v = (int64_t)(rg_chance(&ctx) % (uint64_t)(high + 1));
            size_t at = i;
            for (; at > 0 && values[at - 1] > v; at--)
                values[at] = values[at - 1];
            values[at] = v;
        }
        for (size_t i = 0; i < n; i++)
            n_positive += values[i] > 0;
        size_t n_classes = territory_classes(values, n, tops);
        assert_int_equal(n_classes == 0, n_positive == 0);
        assert_true(n_classes <= TERRITORY_TONES);
        for (size_t c = 1; c < n_classes; c++)
            assert_true(tops[c] > tops[c - 1]);
        if (n_classes > 0) {
            assert_int_equal(tops[n_classes - 1], values[n - 1]);
            assert_true(tops[0] > 0);
        }
    }
    rg_ctx_done(&ctx);
}

static void
zones_that_touch_differ_in_tone(void **state)
{
    (void)state;
    struct visit v;
    services_known(false);
    visit(&v, "/territorio");
    /* Torino and Collegno lie side by side, in zones 1 and 2. */
    ptrdiff_t torino = str_find(v.body, STR("#c001272\" class=\""));
    ptrdiff_t collegno = str_find(v.body, STR("#c001090\" class=\""));
    assert_true(torino > 0 && collegno > 0);
    assert_true(v.body.p[torino + 18] != v.body.p[collegno + 18]);
    leave(&v);
}

/* Each allocation of a page fails in turn: an error is answered, or the page is whole; never half
 * of it with a good status.                                                                   */
static void
a_page_without_memory_is_an_error_not_half_a_page(void **state)
{
    static const char *const pages[] = {"/territorio/zone/9", "/territorio/comuni/001125-ivrea",
                                        "/territorio.json?q=ivrea",
                                        "/territorio?q=ivrea&vista=servizi"};
    (void)state;
    services_known(true);
    for (size_t p = 0; p < RG_COUNT(pages); p++) {
        bool page = !strchr(pages[p], '.');
        for (long n = 1; n < 20000; n += 1 + n / 32) { /* past what a page asks for */
            struct visit v;
            assert_int_equal(rg_ctx_init(&v.ctx, RG_REQUEST_ARENA_MAX), RG_OK);
            v.ctx.actor.roles = RG_ROLE_PUBLIC;
            rg_alloc_fail_after(n);
            enum rg_err err = web_simulate(world.server, &v.ctx, "GET", pages[p], &v.ans);
            rg_alloc_fail_after(0);
            v.body = rg_buf_view(&v.ans.body);
            if (err == RG_OK && v.ans.status == 200)
                assert_true(str_ends(str_trim(v.body), page ? STR("</html>") : STR("}")));
            leave(&v);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_speaks_three_languages),
        cmocka_unit_test(the_map_shows_each_comune_once_and_the_drawing_has_them),
        cmocka_unit_test(all_forms_have_the_same_rows_in_the_same_order),
        cmocka_unit_test(a_zone_has_its_comuni_and_no_others),
        cmocka_unit_test(a_comune_tells_what_is_certain_and_what_is_not),
        cmocka_unit_test(without_slots_no_page_speaks_of_services),
        cmocka_unit_test(places_are_suggested_by_their_beginning),
        cmocka_unit_test(classes_cover_every_value),
        cmocka_unit_test(zones_that_touch_differ_in_tone),
        cmocka_unit_test(a_page_without_memory_is_an_error_not_half_a_page),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
