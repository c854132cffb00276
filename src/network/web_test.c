/* Pages and API of the network over a small world. */
#include "network/web_world.h"

static struct world w;

static int
set_up(void **state)
{
    (void)state;
    world_open(&w);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void
the_card_tells_what_the_record_holds(void **state)
{
    (void)state;
    struct str page = ask(&w, target_of(&w, "/servizi/%lld", (long long)w.service));
    assert_int_equal(w.answer.status, 200);
    must_have(page, "<h1>Sportello Casa &lt;Ivrea&gt;</h1>");
    must_have(page, "Aperto ora, fino alle 12:30");
    must_have(page, "href=\"tel:0125000000\"");
    must_have(page, "Piazza 1, 10015 Ivrea (TO)");
    must_have(page, "Dai 18 anni in su.");
    must_have(page, "ISEE");
    must_have(page, "href=\"https://example.org/casa\"");
    must_have(page, "/enti/1-comune-di-ivrea");
    must_have(page, "Elenco di prova");
    must_have(page, "\"@type\":\"GovernmentService\"");
    must_have(page, "Pagare l&#39;affitto");
    assert_false(has(page, "network.card."));
    assert_false(has(page, "<Ivrea>"));
    assert_false(has(page, "data-exit"));
}

static void
sections_stand_in_the_order_of_italian_public_sites(void **state)
{
    (void)state;
    static const char *const order[] = {"id=\"a-chi\"",  "id=\"come\"",     "id=\"serve\"",
                                        "id=\"accedi\"", "id=\"contatti\"", "id=\"fonte\""};
    struct str page = ask(&w, target_of(&w, "/servizi/%lld", (long long)w.service));
    ptrdiff_t last = 0;
    for (size_t i = 0; i < RG_COUNT(order); i++) {
        ptrdiff_t at = str_find(page, str_of(order[i]));
        assert_true(at > last);
        last = at;
    }
}

static void
the_card_speaks_three_languages(void **state)
{
    (void)state;
    struct str page = ask(&w, target_of(&w, "/fr/servizi/%lld-x", (long long)w.service));
    must_have(page, "Ouvert, jusqu&#39;à 12h30");
    assert_false(has(page, "network.card."));
    page = ask(&w, target_of(&w, "/en/servizi/%lld-x", (long long)w.service));
    must_have(page, "Open now, until 12:30");
    must_have(page, "href=\"http://localhost/en/servizi/1-sportello-casa-ivrea\"");
}

static void
a_wrong_slug_answers_and_names_the_right_address(void **state)
{
    (void)state;
    struct str page = ask(&w, target_of(&w, "/servizi/%lld-altro-nome", (long long)w.service));
    assert_int_equal(w.answer.status, 200);
    must_have(
        page,
        "<link rel=\"canonical\" href=\"http://localhost/servizi/1-sportello-casa-ivrea\">");
    static const char *const none[] = {"/servizi/999999", "/servizi/abc", "/servizi/1abc",
                                       "/servizi/-1", "/servizi/99999999999999999999"};
    for (size_t i = 0; i < RG_COUNT(none); i++) {
        ask(&w, none[i]);
        assert_int_equal(w.answer.status, 404);
    }
}

static void
pages_about_violence_can_be_left_at_once(void **state)
{
    (void)state;
    struct str page = ask(&w, target_of(&w, "/servizi/%lld", (long long)w.shelter));
    must_have(page, "data-exit");
    must_have(page, "Indirizzo riservato");
}

/* Every address of the room that a reader can reach, with every form it has. */
static void
a_confidential_place_leaves_by_no_door(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/servizi/1",
        "/servizi/2",
        "/servizi/1.json",
        "/servizi/2.json",
        "/fr/servizi/2",
        "/en/servizi/2",
        "/enti",
        "/enti.json",
        "/enti.csv",
        "/enti.atom",
        "/enti/1",
        "/enti/2",
        "/enti/2.json",
        "/luoghi/1",
        "/luoghi/2",
        "/luoghi/2.json",
        "/luoghi/2.geojson",
        "/luoghi/1.geojson",
        "/fonti",
        "/fonti.json",
        "/fonti.csv",
        "/services",
        "/services?full=1",
        "/services?format=ndjson&full=1",
        "/services?minimal=1",
        "/services/" SHELTER_UID,
        "/organizations?full_service=1",
        "/organizations/" OTHER_UID "?full_service=1",
        "/service_at_locations",
        "/service_at_locations?full=1",
        "/service_at_locations?format=ndjson",
        "/service_at_locations/44444444-4444-4444-8444-222222222222",
        "/service_at_locations?search=segretissima",
        "/services?search=segretissima",
        "/organizations?search=segretissima",
        "/taxonomies",
        "/taxonomy_terms",
        "/servizi/2/modifica",
        "/servizi/2/storia",
        "/enti/2/storia",
        "/enti/2/modifica"};
    const struct rg_actor actors[] = {
        {0},
        {.account_id = 1, .roles = RG_ROLE_ADMIN},
        {.account_id = 2, .roles = RG_ROLE_EDITOR, .org_id = w.other}};
    assert_int_equal(w.shelter, 2);
    assert_int_equal(w.secret, 2);
    size_t n_answered = 0;
    for (size_t a = 0; a < RG_COUNT(actors); a++)
        for (size_t i = 0; i < RG_COUNT(targets); i++) {
            struct str body = ask_as(&w, actors[a], "GET", targets[i]);
            bool leaks =
                has(body, "Segretissima") || has(body, MARKER_POINT) || has(body, "Nascosta");
            if (leaks)
                print_error("%s leaks\n", targets[i]);
            assert_false(leaks);
            n_answered += w.answer.status == 200;
        }
    assert_true(n_answered > 90); /* the targets exist: silence would prove nothing */
    ask(&w, "/luoghi/2");
    assert_int_equal(w.answer.status, 404);
    struct str none = ask(&w, "/service_at_locations?search=segretissima");
    must_have(none, "\"total_items\":0");
}

static void
organizations_are_listed_in_many_forms(void **state)
{
    (void)state;
    struct str page = ask(&w, "/enti");
    must_have(page, "Comune di Ivrea");
    must_have(page, "Casa rifugio");
    page = ask(&w, "/enti?q=COMUNE");
    must_have(page, "Comune di Ivrea");
    assert_false(has(page, "Casa rifugio"));
    must_have(ask(&w, "/enti.csv"), "Comune di Ivrea,1,Elenco di prova");
    must_have(ask(&w, "/enti.json"), "\"total\":2");
    must_have(ask(&w, "/enti.atom"), "<entry>");
    page = ask(&w, "/enti/1-comune-di-ivrea");
    must_have(page, "Ente &lt;b&gt;pubblico&lt;/b&gt;.");
    must_have(page, "/servizi/1-sportello-casa-ivrea");
    must_have(page, "/luoghi/1-municipio");
    must_have(ask(&w, "/luoghi/1"), "Sportello Casa &lt;Ivrea&gt;");
    must_have(ask(&w, "/luoghi/1.geojson"), "[7.8764,45.4665]");
    must_have(ask(&w, "/fonti"), "CC0");
}

static void
the_api_gives_a_service_with_all_around_it(void **state)
{
    (void)state;
    struct str body = ask(&w, "/services/" SERVICE_UID);
    const struct rg_jv *root;
    assert_true(rg_jv_parse(w.ctx.arena, body, &root));
    assert_true(str_is(rg_jv_get_str(w.ctx.arena, rg_jv_get(root, "organization"), "name"),
                       "Comune di Ivrea"));
    const struct rg_jv *place = rg_jv_first(rg_jv_get(root, "service_at_locations"));
    assert_true(
        str_is(rg_jv_get_str(w.ctx.arena, rg_jv_get(place, "location"), "name"), "Municipio"));
    const struct rg_jv *term =
        rg_jv_get(rg_jv_first(rg_jv_get(root, "attributes")), "taxonomy_term");
    assert_true(str_is(rg_jv_get_str(w.ctx.arena, term, "code"), "casa.affitto"));
    assert_true(str_is(rg_jv_get_str(w.ctx.arena, root, "own_code"), "X1"));
    assert_null(rg_jv_get(root, "synthetic"));
    ask(&w, "/services/22222222-2222-4222-8222-999999999999");
    assert_int_equal(w.answer.status, 404);
    assert_string_equal(w.answer.type, "application/problem+json");
    ask(&w, "/services/1");
    assert_int_equal(w.answer.status, 400);
    ask(&w, "/services?page=0");
    assert_int_equal(w.answer.status, 400);
    ask(&w, "/services?per_page=-1");
    assert_int_equal(w.answer.status, 400);
}

static int64_t
total_of(const char *target)
{
    const struct rg_jv *root;
    struct str body = ask(&w, target);
    if (w.answer.status != 200)
        print_error("%s: %d %.*s\n", target, w.answer.status, STR_ARG(body));
    assert_int_equal(w.answer.status, 200);
    assert_true(rg_jv_parse(w.ctx.arena, body, &root));
    return rg_jv_i64(rg_jv_get(root, "total_items"), -1);
}

static void
filters_of_the_api_are_joined(void **state)
{
    (void)state;
    assert_int_equal(total_of("/services"), 2);
    assert_int_equal(total_of("/services?organization_id=" ORG_UID), 1);
    assert_int_equal(
        total_of("/services?organization_id=" ORG_UID "&taxonomy_term_id=" SHELTER_TERM_UID),
        0);
    assert_int_equal(total_of("/services?taxonomy_id=" TAXONOMY_UID), 2);
    assert_int_equal(total_of("/services?search=SPORTELLO"), 1);
    assert_int_equal(total_of("/services?modified_after=2026-11-24T09:00:00Z"), 2);
    assert_int_equal(total_of("/services?modified_after=2026-11-24T09:00:01Z"), 0);
    assert_int_equal(total_of("/organizations?taxonomy_term_id=" TERM_UID), 1);
    assert_int_equal(total_of("/taxonomy_terms?top_only=true"), 1);
    assert_int_equal(total_of("/taxonomy_terms?parent_id=" TERM_UID), 1);
    struct str body = ask(&w, "/services?per_page=1&page=3");
    must_have(
        body,
        "\"contents\":[],\"total_items\":2,\"total_pages\":2,\"page_number\":3,\"size\":0,"
        "\"first_page\":false,\"last_page\":true,\"empty\":true");
    body = ask(&w, "/services?format=ndjson");
    size_t lines = 0;
    for (size_t i = 0; i < body.n; i++)
        lines += body.p[i] == '\n';
    assert_int_equal(lines, 2);
}

static void
demonstration_data_are_marked_everywhere(void **state)
{
    (void)state;
    const struct network_source demo = {
        .name = STR("prova"), .title = STR("Demo"), .synthetic = true};
    int64_t id;
    w.ctx.actor.name = STR("prova");
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(store_write_begin(&w.ctx, "demo"), RG_OK);
    assert_int_equal(network_source_put(&w.ctx, &demo, &id), RG_OK);
    assert_int_equal(store_write_commit(&w.ctx), RG_OK);
    store_session_end(&w.ctx);
    static const char *const targets[] = {"/servizi/1", "/enti/1", "/luoghi/1"};
    for (size_t i = 0; i < RG_COUNT(targets); i++)
        must_have(ask(&w, targets[i]), "Dato dimostrativo");
    static const char *const data[] = {"/servizi/1.json",
                                       "/enti/1.json",
                                       "/luoghi/1.json",
                                       "/luoghi/1.geojson",
                                       "/enti.json",
                                       "/services",
                                       "/services?full=1",
                                       "/services/" SERVICE_UID,
                                       "/organizations",
                                       "/service_at_locations",
                                       "/taxonomies",
                                       "/taxonomy_terms",
                                       "/taxonomy_terms/" TERM_UID};
    for (size_t i = 0; i < RG_COUNT(data); i++) {
        must_have(ask(&w, data[i]), "\"synthetic\":true");
        assert_non_null(header_of(&w, "X-Regia-Synthetic"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_card_tells_what_the_record_holds, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sections_stand_in_the_order_of_italian_public_sites,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_card_speaks_three_languages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_slug_answers_and_names_the_right_address,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_about_violence_can_be_left_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_confidential_place_leaves_by_no_door, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(organizations_are_listed_in_many_forms, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_api_gives_a_service_with_all_around_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(filters_of_the_api_are_joined, set_up, tear_down),
        cmocka_unit_test_setup_teardown(demonstration_data_are_marked_everywhere, set_up,
                                        tear_down),
    };
    return world_run(tests);
}
