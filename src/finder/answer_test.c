/* Questions and answers over the pack of Torino and invented services. */
#include "finder/finder_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 3000, NOON = WORLD_NOW };

struct asked {
    struct finder_question q;
    struct finder_answer a;
};

static struct asked *
ask_with(struct world *w, struct finder_question q)
{
    struct asked *asked = RG_NEW(w->ctx.arena, struct asked);
    q.page = q.page ? q.page : 1;
    q.size = q.size ? q.size : 20;
    asked->q = q;
    w->ctx.now_s = NOON;
    w->ctx.lang = RG_IT;
    world_must(w, finder_ask(&w->ctx, &w->finder, &asked->q, &asked->a), "ask");
    return asked;
}

static struct asked *
ask(struct world *w, const char *text)
{
    return ask_with(w, (struct finder_question){.text = str_of(text)});
}

static struct str
json_of(struct world *w, const struct asked *asked)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    struct rg_jw jw;
    rg_buf_init(&out, 1 << 20);
    rg_jw_init(&jw, &out);
    finder_answer_json(&w->ctx, &w->finder, &asked->q, &asked->a, &jw);
    return rg_arena_str(w->ctx.arena, rg_buf_view(&out));
}

static struct str
text_of(struct world *w, const struct asked *asked)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 1 << 20);
    finder_answer_text(&w->ctx, &w->finder, &asked->q, &asked->a, &out);
    return rg_arena_str(w->ctx.arena, rg_buf_view(&out));
}

static const struct finder_hit *
hit_of(const struct asked *asked, const char *uid)
{
    for (size_t i = 0; i < asked->a.n_hits; i++)
        if (str_eq(asked->a.hits[i].entry.uid, str_of(uid)))
            return &asked->a.hits[i];
    return NULL;
}

static bool
has_reason(const struct finder_hit *hit, enum finder_reason reason)
{
    for (size_t i = 0; i < hit->n_reasons; i++)
        if (hit->reasons[i] == reason)
            return true;
    return false;
}

/* ---- claims ---- */

static void
rent_in_ivrea_gives_housing_help_around_ivrea_with_reasons(void **state)
{
    struct world *w = *state;
    struct asked *k = ask(w, "non riesco più a pagare l'affitto, abito a Ivrea");
    const struct territory_area *place = finder_place_area(&w->finder, k->a.place);
    assert_non_null(place);
    assert_true(str_is(place->name, "Ivrea"));
    assert_true(k->a.n_needs > 0 && str_is(k->a.needs[0].code, "casa.affitto"));
    assert_true(str_find(k->a.needs[0].why, STR("affitto")) >= 0);
    assert_true(k->a.n_hits >= 5);
    size_t near = 0;
    for (size_t i = 0; i < k->a.n_hits; i++) {
        const struct finder_hit *hit = &k->a.hits[i];
        assert_true(hit->n_reasons > 0);
        if (i < 5) { /* what is found by words alone may stand further down */
            assert_true(hit->need_ix != SIZE_MAX);
            assert_true(str_starts(finder_need_code(w->model, hit->need_ix), STR("casa.")));
        }
        near += hit->distance_m >= 0 && hit->distance_m < 10000;
    }
    assert_true(near >= 2);
}

static void
danger_brings_112_and_1522_first(void **state)
{
    struct str json = json_of(*state, ask(*state, "mio marito mi picchia e ho paura"));
    ptrdiff_t at = str_find(json, STR("\"emergency\":[\"112\",\"1522\""));
    if (at < 0)
        fail_msg("%.*s", STR_ARG(json));
    struct str text = text_of(*state, ask(*state, "mio marito mi picchia e ho paura"));
    assert_true(str_starts(text, STR("! ")));
    assert_true(str_find(text, STR("1522")) > 0);
}

static void
what_is_no_need_is_not_understood(void **state)
{
    struct asked *k = ask(*state, "ricetta della pizza");
    assert_true(k->a.abstained);
    assert_int_equal(k->a.n_needs, 0);
    assert_true(str_find(json_of(*state, k), STR("\"abstained\":true")) > 0);
    k = ask_with(*state, (struct finder_question){.areas = {STR("casa")}, .n_areas = 1});
    assert_false(k->a.abstained); /* no words: nothing to understand */
    assert_true(k->a.total > 0);
}

static void
json_has_the_members_that_are_promised(void **state)
{
    struct world *w = *state;
    const struct rg_jv *root, *understood, *service;
    struct str json = json_of(w, ask(w, "cerco un medico di famiglia a Torino"));
    assert_true(rg_jv_parse(w->ctx.arena, json, &root));
    assert_non_null(understood = rg_jv_get(root, "understood"));
    assert_true(str_is(rg_jv_get_str(w->ctx.arena, understood, "place"), "Torino"));
    assert_true(str_is(rg_jv_get_str(w->ctx.arena, understood, "lang"), "it"));
    assert_non_null(rg_jv_get(understood, "audience"));
    assert_non_null(rg_jv_get(rg_jv_first(rg_jv_get(understood, "needs")), "why"));
    assert_non_null(service = rg_jv_first(rg_jv_get(root, "services")));
    static const char *const members[] = {"id",      "name",       "organization", "score",
                                          "reasons", "distance_m", "open",         "url"};
    for (size_t i = 0; i < RG_COUNT(members); i++)
        if (!rg_jv_get(service, members[i]))
            fail_msg("no %s in %.*s", members[i], STR_ARG(json));
    assert_int_equal(rg_jv_get(service, "synthetic")->kind, RG_JV_TRUE);
}

static void
choices_leave_only_what_has_them(void **state)
{
    struct world *w = *state;
    struct asked *all = ask_with(w, (struct finder_question){.areas = {STR("salute")},
                                                             .n_areas = 1, .size = 100});
    struct asked *some = ask_with(w, (struct finder_question){.areas = {STR("salute")},
                                                              .n_areas = 1,
                                                              .free_only = true,
                                                              .open_only = true,
                                                              .languages = {STR("ar")},
                                                              .n_languages = 1,
                                                              .size = 100});
    assert_true(some->a.total > 0 && some->a.total < all->a.total);
    assert_int_equal(some->a.total, (int64_t)some->a.n_hits);
    for (size_t i = 0; i < some->a.n_hits; i++) {
        const struct finder_hit *hit = &some->a.hits[i];
        assert_true(hit->entry.free_of_charge && hit->open == FINDER_OPEN_NOW);
        assert_true(str_find(hit->entry.languages, STR("ar")) >= 0);
    }
}

static void
nearest_first_is_by_distance(void **state)
{
    struct asked *k = ask_with(*state, (struct finder_question){.areas = {STR("salute")},
                                                                .n_areas = 1,
                                                                .place = STR("Pinerolo"),
                                                                .sort = FINDER_SORT_NEAR});
    double before = 0;
    assert_true(k->a.n_hits > 3);
    for (size_t i = 0; i < k->a.n_hits && k->a.hits[i].distance_m >= 0; i++) {
        assert_true(k->a.hits[i].distance_m >= before);
        before = k->a.hits[i].distance_m;
    }
}

/* ---- records put in by hand ---- */

#define DESK "11111111-1111-4111-8111-111111111111"
#define DESK_PLACE "22222222-2222-4222-8222-222222222222"
#define DESK_AT "33333333-3333-4333-8333-333333333333"

static void
put_desk_with(struct world *w, const char *name, const char *need, const char *location,
              const char *areas, const char *more)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf doc;
    rg_buf_init(&doc, 1 << 16);
    world_write(w);
    world_put(w, NETWORK_LOCATION, str_of(location));
    rg_buf_printf(&doc,
                  "{\"id\":\"" DESK "\",\"name\":\"%s\",\"status\":\"active\","
                  "\"service_areas\":[%s],"
                  "\"schedules\":[{\"freq\":\"WEEKLY\",\"byday\":\"TH,FR\",\"opens_at\":\"09:00\","
                  "\"closes_at\":\"12:30\"}],\"attributes\":[{\"link_type\":\"need\","
                  "\"value\":\"%s\"}]%s}", name, areas, need, more);
    world_put(w, NETWORK_SERVICE, rg_arena_str(w->ctx.arena, rg_buf_view(&doc)));
    world_put(w, NETWORK_SERVICE_AT_LOCATION,
              STR("{\"id\":\"" DESK_AT "\",\"service_id\":\"" DESK "\","
                  "\"location_id\":\"" DESK_PLACE "\"}"));
    world_commit(w);
}

static void
put_desk(struct world *w, const char *name, const char *need, const char *location,
         const char *areas)
{
    put_desk_with(w, name, need, location, areas, "");
}

static const char open_place[] =
    "{\"id\":\"" DESK_PLACE "\",\"location_type\":\"physical\",\"name\":\"Casa Segreta\","
    "\"latitude\":45.4667,\"longitude\":7.8764,\"addresses\":[{\"address_1\":\"Via Nascosta 1\","
    "\"city\":\"Ivrea\"}]}";

static struct asked *
ask_desk(struct world *w, const char *need, const char *place)
{
    return ask_with(w, (struct finder_question){.needs = {str_of(need)},
                                                .n_needs = 1,
                                                .place = str_of(place),
                                                .size = 100});
}

static void
a_saved_change_is_found_at_once(void **state)
{
    struct world *w = *state;
    put_desk(w, "Sportello Fenicottero", "casa.affitto", open_place, "");
    struct asked *k = ask(w, "fenicottero");
    assert_non_null(hit_of(k, DESK));
    const struct finder_hit *hit = hit_of(ask_desk(w, "casa.affitto", "Ivrea"), DESK);
    assert_non_null(hit);
    assert_true(hit->distance_m >= 0 && hit->distance_m < 2000);
    assert_true(has_reason(hit, FINDER_WHY_NEED) && has_reason(hit, FINDER_WHY_NEAR));
    put_desk(w, "Sportello Pellicano", "lavoro.impiego", open_place, "");
    assert_null(hit_of(ask(w, "fenicottero"), DESK));
    assert_null(hit_of(ask_desk(w, "casa.affitto", "Ivrea"), DESK));
    assert_non_null(hit_of(ask_desk(w, "lavoro.impiego", "Ivrea"), DESK));
}

/* Counts are remembered until a record changes: the second time nothing may differ. */
static void
an_answer_is_the_same_when_its_counts_are_remembered(void **state)
{
    struct world *w = *state;
    static const char *const texts[] = {
        "devo fare la dialisi tre volte a settimana, Susa", "mia nonna dimentica il gas, Cuorgnè",
        "non riesco a pagare l'affitto, abito a Ivrea", "quanto costa il nido a Chieri",
        "cerco lavoro", "mio marito mi picchia, Ceresole Reale"};
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        put_desk(w, i % 2 ? "Sportello Gru" : "Sportello Cicogna", "casa.affitto", open_place, "");
        struct asked *first = ask(w, texts[i]), *again = ask(w, texts[i]);
        assert_true(str_eq(json_of(w, first), json_of(w, again)));
        assert_true(str_eq(first->a.widened, again->a.widened));
        assert_int_equal(first->a.total, again->a.total);
        assert_int_equal(first->a.n_others, again->a.n_others);
        for (size_t o = 0; o < first->a.n_others; o++)
            assert_int_equal(first->a.others[o].n, again->a.others[o].n);
    }
    struct asked *near = ask(w, "affitto a Ivrea");
    put_desk(w, "Sportello Gru", "lavoro.impiego", open_place, "");
    assert_int_equal(ask(w, "affitto a Ivrea")->a.total, near->a.total - 1);
    put_desk(w, "Sportello Pellicano", "lavoro.impiego", open_place, "");
}

/* Who serves others is told as JSON and on the terminal as on the page. */
static void
assert_said_in_every_form(struct world *w, const struct asked *k)
{
    const struct rg_jv *root;
    struct str text = text_of(w, k);
    assert_true(rg_jv_parse(w->ctx.arena, json_of(w, k), &root));
    const struct rg_jv *others = rg_jv_get(root, "serving_others"), *other = rg_jv_first(others);
    assert_int_equal(others->n, k->a.n_beyond);
    for (size_t b = 0; b < k->a.n_beyond; b++, other = rg_jv_next(other)) {
        assert_true(str_eq(rg_jv_get_str(w->ctx.arena, other, "name"), k->a.beyond[b].name));
        assert_true(str_starts(rg_jv_get_str(w->ctx.arena, other, "url"), STR("/servizi/")));
        assert_true(str_find(text, k->a.beyond[b].name) > 0);
    }
    assert_true(str_find(text, STR("nessun servizio che arrivi a ")) > 0);
}

/* Where nobody serves a need, other help is shown and said to be other, and who serves others. */
static void
a_need_that_nobody_serves_here_is_said_to_be_so(void **state)
{
    struct world *w = *state;
    static const char *const places[] = {"Moncalieri", "Locana", "Usseaux", "Ceresole Reale",
                                         "Bardonecchia", "Carmagnola", "Chieri", "Noasca"};
    size_t n_none = 0;
    for (size_t i = 0; i < RG_COUNT(places); i++) {
        const struct asked *k =
            ask(w, rg_arena_printf(w->ctx.arena, "fare volontariato a %s", places[i]));
        assert_string_equal(rg_arena_cstr(w->ctx.arena, k->a.needs[0].code),
                            "comunita.volontariato");
        if (k->a.n_beyond == 0)
            continue;
        n_none++;
        assert_string_equal(rg_arena_cstr(w->ctx.arena, k->a.widened), "comunita");
        for (size_t h = 0; h < k->a.n_hits; h++)
            assert_true(k->a.hits[h].need_ix != k->a.needs[0].need_ix);
        for (size_t b = 0; b < k->a.n_beyond; b++) {
            assert_true(k->a.beyond[b].name.n > 0);
            assert_true(b == 0 || k->a.beyond[b].distance_m >= k->a.beyond[b - 1].distance_m);
        }
        struct str comune, need;
        assert_true(finder_unmet(&w->finder, &k->q, &k->a, &comune, &need));
        assert_said_in_every_form(w, k);
    }
    assert_true(n_none > 0);
}

static void
a_closed_service_says_when_it_opens(void **state)
{
    struct world *w = *state;
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    rg_buf_init(&scratch, 4096);
    put_desk(w, "Sportello Pellicano", "lavoro.impiego", open_place, "");
    const struct finder_hit *hit = hit_of(ask_desk(w, "lavoro.impiego", "Ivrea"), DESK);
    assert_non_null(hit);
    assert_int_equal(hit->open, FINDER_CLOSED);
    struct str text = finder_open_text(&w->ctx, hit, &scratch);
    if (!str_is(text, "Chiuso. Apre domani alle 9:00"))
        fail_msg("%.*s", STR_ARG(text));
}

static struct asked *
ask_deep(struct world *w, const char *text)
{
    return ask_with(w, (struct finder_question){.text = str_of(text), .size = 100});
}

static void
a_service_for_other_ages_stands_below_and_says_so(void **state)
{
    struct world *w = *state;
    RG_CLEANUP(rg_buf_done) struct rg_buf scratch;
    rg_buf_init(&scratch, 4096);
    put_desk_with(w, "Sportello Pellicano", "lavoro.impiego", open_place, "",
                  ",\"minimum_age\":65");
    struct asked *k = ask_deep(w, "ho 30 anni e cerco lavoro a Ivrea");
    const struct finder_hit *hit = hit_of(k, DESK);
    assert_non_null(hit);
    assert_true(hit - k->a.hits >= 3);
    assert_int_equal(hit->reasons[0], FINDER_WHY_NOT_AGE);
    struct str text = finder_reason_text(&w->ctx, &w->finder, &k->a, hit, hit->reasons[0],
                                         &scratch);
    if (!str_is(text, "Attenzione: accoglie persone da 65 anni in su"))
        fail_msg("%.*s", STR_ARG(text));
    k = ask_deep(w, "ho 66 anni e cerco lavoro a Ivrea");
    hit = hit_of(k, DESK);
    assert_non_null(hit);
    assert_true(hit->reasons[0] != FINDER_WHY_NOT_AGE);
    k = ask_deep(w, "cerco lavoro a Ivrea"); /* nothing is told, nothing is held against it */
    hit = hit_of(k, DESK);
    assert_non_null(hit);
    assert_true(hit->reasons[0] != FINDER_WHY_NOT_AGE);
}

static void
a_full_service_says_so_before_all_else(void **state)
{
    struct world *w = *state;
    put_desk_with(w, "Sportello Pellicano", "lavoro.impiego", open_place, "",
                  ",\"capacities\":[{\"available\":0,\"maximum\":12}]");
    const struct finder_hit *hit = hit_of(ask_desk(w, "lavoro.impiego", "Ivrea"), DESK);
    assert_non_null(hit);
    assert_int_equal(hit->reasons[0], FINDER_WHY_FULL);
    double full = hit->score;
    put_desk_with(w, "Sportello Pellicano", "lavoro.impiego", open_place, "",
                  ",\"capacities\":[{\"available\":0},{\"available\":3}]");
    hit = hit_of(ask_desk(w, "lavoro.impiego", "Ivrea"), DESK);
    assert_non_null(hit);
    assert_true(hit->score > full && !has_reason(hit, FINDER_WHY_FULL));
}

/* The desk opens on Thursday and Friday from 9 to 12:30. */
static void
a_day_told_is_compared_with_the_hours(void **state)
{
    struct world *w = *state;
    put_desk(w, "Sportello Pellicano", "lavoro.impiego", open_place, "");
    const struct finder_hit *thursday =
        hit_of(ask_deep(w, "cerco lavoro a Ivrea, posso solo il giovedì mattina"), DESK);
    const struct finder_hit *afternoon =
        hit_of(ask_deep(w, "cerco lavoro a Ivrea, posso solo il giovedì pomeriggio"), DESK);
    const struct finder_hit *saturday =
        hit_of(ask_deep(w, "cerco lavoro a Ivrea, posso solo il sabato"), DESK);
    assert_true(thursday && afternoon && saturday);
    assert_true(has_reason(thursday, FINDER_WHY_WHEN));
    assert_true(has_reason(afternoon, FINDER_WHY_NOT_WHEN));
    assert_true(has_reason(saturday, FINDER_WHY_NOT_WHEN));
    assert_true(thursday->score > afternoon->score);
}

static void
a_language_named_beside_speaking_counts(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "mediatore per una signora che parla arabo")->a.language, FINDER_AR);
    assert_int_equal(ask(w, "vorrei un corso di inglese")->a.language, FINDER_IT);
    assert_int_equal(ask(w, "I can't pay my rent")->a.language, FINDER_EN);
}

/* Two pages of twenty are the first forty, in their order, whatever was told. */
static void
pages_go_on_where_the_one_before_ended(void **state)
{
    struct world *w = *state;
    const struct finder_question q = {
        .text = STR("ho 30 anni, cerco lavoro a Torino, posso il sabato, non ho la macchina"),
        .size = 40};
    struct finder_question page = q;
    struct asked *whole = ask_with(w, q);
    assert_int_equal(whole->a.n_hits, 40);
    page.size = 20;
    for (page.page = 1; page.page <= 2; page.page++) {
        struct asked *k = ask_with(w, page);
        assert_int_equal(k->a.n_hits, 20);
        for (size_t i = 0; i < 20; i++)
            assert_int_equal(k->a.hits[i].service_id,
                             whole->a.hits[(page.page - 1) * 20 + (int64_t)i].service_id);
    }
}

/* Ranking looks at the minute of the day; the kernel of the hours at the calendar. They agree, on
 * working days, at night, on holidays and when the clocks change.                             */
static void
open_now_is_what_the_hours_say(void **state)
{
    struct world *w = *state;
    static const int64_t moments[] = {NOON, NOON + 7 * 3600, NOON - 4 * 3600 - 60,
                                      1797166800, /* 13 December, a Sunday */
                                      1798192800, /* Christmas             */
                                      1793494800 /* 1 November */, 1792981800 /* clocks go back */};
    size_t n_open = 0, n_closed = 0;
    for (size_t m = 0; m < RG_COUNT(moments); m++) {
        struct asked *asked = RG_NEW(w->ctx.arena, struct asked);
        asked->q = (struct finder_question){
            .areas = {STR("salute")}, .n_areas = 1, .page = 1, .size = 100};
        w->ctx.now_s = moments[m];
        world_must(w, finder_ask(&w->ctx, &w->finder, &asked->q, &asked->a), "ask");
        assert_true(asked->a.n_hits > 50);
        for (size_t i = 0; i < asked->a.n_hits; i++) {
            const struct finder_hit *hit = &asked->a.hits[i];
            enum hours_state is = hours_code_open_at(&hit->entry.hours, moments[m], NULL);
            assert_int_equal(hit->open == FINDER_OPEN_NOW, is == HOURS_OPEN);
            assert_int_equal(hit->open == FINDER_OPEN_UNKNOWN, is == HOURS_UNKNOWN);
            n_open += is == HOURS_OPEN;
            n_closed += is == HOURS_CLOSED;
        }
    }
    assert_true(n_open > 20 && n_closed > 20);
}

static void
a_service_reaches_every_comune_it_lists_and_no_other(void **state)
{
    struct world *w = *state;
    const struct territory_model *model = territory_live_get(w->territory);
    RG_CLEANUP(rg_buf_done) struct rg_buf areas;
    rg_buf_init(&areas, 1 << 16);
    for (uint32_t i = 0; i < 20; i++)
        rg_buf_printf(&areas, "%s{\"extent_type\":\"istat\",\"extent\":\"%.*s\"}", i ? "," : "",
                      STR_ARG(model->areas[model->first_comune + i].code));
    rg_buf_c(&areas, 0);
    put_desk(w, "Sportello Gabbiano", "ambiente.rifiuti", open_place, areas.p);
    for (uint32_t i = 0; i < 25; i++) {
        const char *name =
            rg_arena_cstr(w->ctx.arena, model->areas[model->first_comune + i].name);
        struct asked *k = ask_with(w, (struct finder_question){.text = STR("gabbiano"),
                                                               .no_needs = true,
                                                               .place = str_of(name)});
        const struct finder_hit *hit = hit_of(k, DESK);
        if ((hit != NULL) != (i < 20))
            fail_msg("comune %u, %s: %s", i, name, hit ? "found" : "not found");
        assert_true(!hit || has_reason(hit, FINDER_WHY_COMUNE));
    }
}

static void
a_confidential_location_leaks_neither_distance_nor_place(void **state)
{
    static const char secret[] =
        "{\"id\":\"" DESK_PLACE "\",\"location_type\":\"physical\",\"name\":\"Casa Segreta\","
        "\"confidential\":true,\"latitude\":45.4667,\"longitude\":7.8764,\"addresses\":[{"
        "\"address_1\":\"Via Nascosta 1\",\"city\":\"Ivrea\"}]}";
    struct world *w = *state;
    put_desk(w, "Casa Albatros", "tutela.violenza_donne", secret, "");
    struct asked *k = ask_desk(w, "tutela.violenza_donne", "Ivrea");
    const struct finder_hit *hit = hit_of(k, DESK);
    assert_non_null(hit);
    assert_true(hit->distance_m < 0);
    assert_int_equal(hit->entry.n_spots, 0);
    assert_int_equal(hit->entry.place.n, 0);
    assert_int_equal(hit->spot_ix, SIZE_MAX);
    assert_false(has_reason(hit, FINDER_WHY_NEAR) || has_reason(hit, FINDER_WHY_COMUNE));
    k = ask_with(w, (struct finder_question){.text = STR("nascosta segreta"), .no_needs = true});
    assert_null(hit_of(k, DESK)); /* by its words: the need alone may find it */
    uint32_t zone_of_ivrea = 9;
    k = ask_with(w, (struct finder_question){.needs = {STR("tutela.violenza_donne")},
                                             .n_needs = 1, .zones = {zone_of_ivrea},
                                             .n_zones = 1, .size = 100});
    assert_null(hit_of(k, DESK)); /* nor by the filter of its zone */
    struct str json = json_of(w, ask_desk(w, "tutela.violenza_donne", "Ivrea"));
    assert_true(str_find(json, STR("Nascosta")) < 0 && str_find(json, STR("Segreta")) < 0);
}

static int
setup(void **state)
{
    *state = world_new(SERVICES);
    return 0;
}

static int
teardown(void **state)
{
    world_free(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rent_in_ivrea_gives_housing_help_around_ivrea_with_reasons),
        cmocka_unit_test(danger_brings_112_and_1522_first),
        cmocka_unit_test(what_is_no_need_is_not_understood),
        cmocka_unit_test(json_has_the_members_that_are_promised),
        cmocka_unit_test(choices_leave_only_what_has_them),
        cmocka_unit_test(nearest_first_is_by_distance),
        cmocka_unit_test(a_saved_change_is_found_at_once),
        cmocka_unit_test(an_answer_is_the_same_when_its_counts_are_remembered),
        cmocka_unit_test(a_need_that_nobody_serves_here_is_said_to_be_so),
        cmocka_unit_test(a_closed_service_says_when_it_opens),
        cmocka_unit_test(a_service_for_other_ages_stands_below_and_says_so),
        cmocka_unit_test(a_full_service_says_so_before_all_else),
        cmocka_unit_test(a_day_told_is_compared_with_the_hours),
        cmocka_unit_test(a_language_named_beside_speaking_counts),
        cmocka_unit_test(pages_go_on_where_the_one_before_ended),
        cmocka_unit_test(open_now_is_what_the_hours_say),
        cmocka_unit_test(a_service_reaches_every_comune_it_lists_and_no_other),
        cmocka_unit_test(a_confidential_location_leaks_neither_distance_nor_place),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
