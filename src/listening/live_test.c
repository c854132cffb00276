/* A running event on records: places and waiting, erasing, cards, totals, names at the door. */
#include "listening/live.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static const char *pgsql;

struct world {
    struct rg_ctx ctx;
    struct store *store;
    struct live_place place;
    char path[64];
};

static void
world_open(struct world *w)
{
    static const struct store_room *const rooms[] = {&listening_store};
    struct listening_sql_live_event_add_row event;
    struct store_int none = {0}, two = {true, 2};
    char command[512];
    *w = (struct world){0};
    snprintf(w->path, sizeof(w->path), "/tmp/regia-live-%d.db", (int)getpid());
    unlink(w->path);
    snprintf(command, sizeof(command),
             "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null 2>&1",
             pgsql ? pgsql : "");
    assert_int_equal(pgsql ? system(command) : 0, 0);
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.now_s = 1795510800;
    assert_int_equal(store_open(&w->ctx, pgsql ? pgsql : w->path, rooms, 1, &w->store), RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
    assert_int_equal(store_write_begin(&w->ctx, "world"), RG_OK);
    assert_int_equal(listening_sql_live_event_add(&w->ctx, STR("prova"), STR("forum"),
                                                  STR("Prova"), STR(""), STR(""),
                                                  STR("2026-12-01"), none, none, &event), RG_OK);
    assert_int_equal(listening_sql_live_table_add(&w->ctx, event.id, STR("1"), STR("1"),
                                                  STR("Uno"), two, NULL), RG_OK);
    assert_int_equal(listening_sql_live_table_add(&w->ctx, event.id, STR("2"), STR(""),
                                                  STR("Senza Asse"), none, NULL), RG_OK);
    assert_int_equal(listening_sql_live_event_state_set(&w->ctx, event.id, STR("running"), NULL),
                     RG_OK);
    assert_int_equal(store_write_commit(&w->ctx), RG_OK);
    assert_int_equal(live_event_open(&w->ctx, STR("prova"), &w->place), RG_OK);
}

static void
world_close(struct world *w)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    store_session_end(&w->ctx);
    w->store = store_close(w->store);
    rg_ctx_done(&w->ctx);
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", w->path, ends[i]);
        unlink(path);
    }
}

static struct live_registered
enrol(struct world *w, const char *name, const char *contact)
{
    struct live_registered done;
    const struct live_person person = {.name = str_of(name), .contact = str_of(contact),
                                       .category = STR("comune"), .zone = STR("3"),
                                       .table_id = {true, w->place.tables[0].id},
                                       .notice = STR("Il testo")};
    assert_int_equal(live_register(&w->ctx, w->place.event.id, &person, &done), RG_OK);
    return done;
}

static void
places_are_given_in_order_and_given_on(void **state)
{
    (void)state;
    struct world w;
    struct listening_sql_live_registration_get_row row;
    bool found;
    world_open(&w);
    int64_t event = w.place.event.id;
    struct live_registered a = enrol(&w, "Ada", "ada@esempio.it");
    assert_int_equal(a.outcome, LIVE_CONFIRMED);
    assert_int_equal(enrol(&w, "Bea", "011 555 1234").outcome, LIVE_CONFIRMED);
    struct live_registered c = enrol(&w, "Cleo", "cleo@esempio.it");
    assert_int_equal(c.outcome, LIVE_WAITING);
    assert_int_equal(c.n_ahead, 0);
    assert_int_equal(enrol(&w, "Dora", "dora@esempio.it").n_ahead, 1);
    assert_int_equal(enrol(&w, "Bea", "+39 0115551234").outcome, LIVE_KNOWN);
    assert_int_equal(enrol(&w, "Ada", " ADA@esempio.it ").outcome, LIVE_KNOWN);
    assert_int_equal(live_withdraw(&w.ctx, event, a.id), RG_OK);
    assert_int_equal(listening_sql_live_registration_get(&w.ctx, event, c.id, &found, &row), RG_OK);
    assert_true(found && str_is(row.state, "confirmed"));
    world_close(&w);
}

static void
erasing_leaves_nothing_to_read_and_cannot_be_undone(void **state)
{
    (void)state;
    struct world w;
    struct listening_sql_live_registration_get_row before, after;
    bool found;
    int64_t seq;
    world_open(&w);
    int64_t event = w.place.event.id;
    struct live_registered a = enrol(&w, "Ada Négri", "ada@esempio.it");
    assert_int_equal(listening_sql_live_registration_get(&w.ctx, event, a.id, &found, &before),
                     RG_OK);
    assert_true(str_is(live_open(&w.ctx, before.name_box, before.secret), "Ada Négri"));
    assert_int_equal(live_erase(&w.ctx, event, a.id), RG_OK);
    assert_int_equal(store_head(&w.ctx, &seq), RG_OK);
    assert_int_equal(store_write_begin(&w.ctx, "undo"), RG_OK);
    assert_int_equal(store_undo(&w.ctx, seq), RG_OK);
    assert_int_equal(store_write_commit(&w.ctx), RG_OK);
    assert_int_equal(listening_sql_live_registration_get(&w.ctx, event, a.id, &found, &after),
                     RG_OK);
    assert_true(str_eq(after.name_box, before.name_box)); /* the box is back, its key is not */
    assert_int_equal(live_open(&w.ctx, after.name_box, after.secret).n, 0);
    world_close(&w);
}

static void
a_card_sent_twice_is_one_and_two_hands_see_both_texts(void **state)
{
    (void)state;
    struct world w;
    struct live_card_answer answers[3];
    world_open(&w);
    struct live_table table = {.event_id = w.place.event.id, .table_id = w.place.tables[0].id,
                               .event_code = STR("prova"), .table_code = STR("1")};
    struct live_card cards[3] = {
        {.uid = STR("carta-001"), .kind = STR("need"), .text = STR("Una"), .session_ord = 1,
         .category = STR(""), .zone = STR("")},
        {.uid = STR("carta-002"), .kind = STR("boh"), .text = STR("Due"), .session_ord = 1,
         .category = STR(""), .zone = STR("")},
        {.uid = STR("carta-003"), .kind = STR("need"), .text = STR("Tre"), .session_ord = 1,
         .category = STR(""), .zone = STR("")}};
    enum rg_err err = live_cards_save(&w.ctx, &table, cards, 3, answers);
    if (err != RG_OK)
        print_error("%s %s\n", w.ctx.story.key, w.ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(answers[0].result, LIVE_CARD_SAVED);
    assert_true(str_is(answers[0].code, "prova/1/1/001"));
    assert_int_equal(answers[1].result, LIVE_CARD_BAD);
    assert_string_equal(answers[1].problem_key, "listening.live.card.bad_kind");
    assert_int_equal(answers[2].result, LIVE_CARD_SAVED);
    assert_int_equal(live_cards_save(&w.ctx, &table, cards, 1, answers), RG_OK);
    assert_int_equal(answers[0].result, LIVE_CARD_SAME);
    cards[0].rev = 1;
    cards[0].text = STR("Una, meglio");
    assert_int_equal(live_cards_save(&w.ctx, &table, cards, 1, answers), RG_OK);
    assert_int_equal(answers[0].rev, 2);
    cards[0].text = STR("Una, altrimenti");
    assert_int_equal(live_cards_save(&w.ctx, &table, cards, 1, answers), RG_OK);
    assert_int_equal(answers[0].result, LIVE_CARD_CONFLICT);
    assert_true(str_is(answers[0].text, "Una, meglio"));
    table.table_id = w.place.tables[1].id;
    assert_int_equal(live_cards_save(&w.ctx, &table, cards, 1, answers), RG_CONFLICT);
    assert_string_equal(w.ctx.story.key, "listening.live.no_axis");
    world_close(&w);
}

static void
the_forum_s_totals_reconcile_and_a_wrong_one_is_told(void **state)
{
    (void)state;
    struct rg_ctx ctx;
    struct live_totals t;
    static const int64_t seated[] = {21, 22, 20, 17, 26, 13};
    struct listening_sql_live_tables_row tables[7] = {0};
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    for (size_t i = 0; i < 6; i++)
        tables[i] = (struct listening_sql_live_tables_row){
            .code = str_n(&"123456"[i], 1), .n_present = {true, seated[i]}, .n_here = seated[i]};
    tables[4].n_here = 14; /* 5a; its sister 5b is counted with it */
    tables[6] = (struct listening_sql_live_tables_row){.code = STR("5b"), .merged_with = STR("5"),
                                                       .n_here = 12};
    struct store_int present = {true, 125}, remote = {true, 68};
    live_totals_of(&ctx, present, remote, 6, tables, 7, &t);
    assert_int_equal(t.n_at_tables, 119);
    assert_int_equal(t.n_nowhere, 6);
    assert_int_equal(t.n_in, 125);
    assert_int_equal(t.n_faults, 0);
    present.v = 118;
    live_totals_of(&ctx, present, remote, 6, tables, 7, &t);
    assert_true(t.n_faults > 0 && str_find(t.faults[0], STR("119")) >= 0);
    rg_ctx_done(&ctx);
}

static void
a_name_is_found_by_how_its_words_begin(void **state)
{
    (void)state;
    assert_true(live_name_matches(STR("Niccolò D’Agostino"), STR("nicco")));
    assert_true(live_name_matches(STR("Éric Müller"), STR("muller eric")));
    assert_false(live_name_matches(STR("Niccolò Rossi"), STR("olo")));
    assert_false(live_name_matches(STR("Ada"), STR("ada b")));
}

static void
garbage_is_no_batch(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "{}", "3", "[{\"uid\":1}", "[[[[[[[["};
    struct live_card *cards;
    size_t n;
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        struct rg_ctx ctx;
        assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
        assert_int_equal(live_cards_read(&ctx, str_of(texts[i]), &cards, &n), RG_INVALID);
        rg_ctx_done(&ctx);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_given_in_order_and_given_on),
        cmocka_unit_test(erasing_leaves_nothing_to_read_and_cannot_be_undone),
        cmocka_unit_test(a_card_sent_twice_is_one_and_two_hands_see_both_texts),
        cmocka_unit_test(the_forum_s_totals_reconcile_and_a_wrong_one_is_told),
        cmocka_unit_test(a_name_is_found_by_how_its_words_begin),
        cmocka_unit_test(garbage_is_no_batch),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pgsql = getenv("REGIA_TEST_PG");
    return pgsql ? failed + cmocka_run_group_tests(tests, NULL, NULL) : failed;
}
