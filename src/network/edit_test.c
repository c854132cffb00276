/* Correcting records: who may, what is kept, what is refused, and the way back. */
#include "network/edit.h"
#include "network/web_world.h"

static struct world w;
static const struct rg_actor admin = {
    .account_id = 1, .roles = RG_ROLE_ADMIN, .name = {"Anna", 4}};

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

static struct rg_actor
editor_of(int64_t organization)
{
    return (struct rg_actor){.account_id = 2,
                             .roles = RG_ROLE_EDITOR,
                             .org_id = organization,
                             .name = STR("Redattore")};
}

/* The value that a form's field holds, still escaped; copied. */
static const char *
value_in(struct str page, const char *name)
{
    const char *mark = rg_arena_printf(w.ctx.arena, "name=\"%s\"", name);
    ptrdiff_t at = str_find(page, str_of(mark));
    assert_true(at >= 0);
    struct str rest = str_n(page.p + at, page.n - (size_t)at);
    ptrdiff_t from = str_find(rest, STR("value=\""));
    assert_true(from >= 0);
    rest = str_n(rest.p + from + 7, rest.n - (size_t)from - 7);
    ptrdiff_t to = str_find(rest, STR("\""));
    return rg_arena_cstr(w.ctx.arena, str_n(rest.p, (size_t)to));
}

struct sent {
    const char *path; /* "/servizi/1/modifica" */
    const char *version;
    struct rg_buf fields;
};

static void
sent_add(struct sent *sent, const char *name, const char *value)
{
    rg_buf_printf(&sent->fields, "&%s=", name);
    html_percent(&sent->fields, str_of(value));
}

/* A form as a browser would send it back: everything it showed. */
static void
form_open(struct sent *sent, struct rg_actor actor, const char *path)
{
    static const char *const fields[] = {"nome",  "altro_nome", "sito",  "email",
                                         "tel_0", "tel_nota_0", "tel_1", "tel_nota_1",
                                         "tel_2", "tel_nota_2", "tel_3", "tel_nota_3"};
    struct str page = ask_as(&w, actor, "GET", path);
    assert_int_equal(w.answer.status, 200);
    *sent = (struct sent){.path = path};
    rg_buf_init(&sent->fields, 1 << 20);
    rg_buf_printf(&sent->fields, "csrf=%s", value_in(page, "csrf"));
    sent->version = value_in(page, "versione");
    sent_add(sent, "versione", sent->version);
    for (size_t i = 0; i < RG_COUNT(fields); i++) {
        const char *value = value_in(page, fields[i]);
        sent_add(sent, fields[i], strstr(value, "&lt;") ? "Sportello Casa <Ivrea>" : value);
    }
}

static void
service_form_open(struct sent *sent, struct rg_actor actor)
{
    form_open(sent, actor, target_of(&w, "/servizi/%lld/modifica", (long long)w.service));
    sent_add(sent, "descrizione", "Aiuta chi non paga l'affitto.");
    sent_add(sent, "come_fare", "Telefona.\r\nVieni.");
    sent_add(sent, "a_chi", "Residenti");
    sent_add(sent, "stato", "active");
    sent_add(sent, "eta_da", "18");
    sent_add(sent, "bisogni", "casa.affitto");
    sent_add(sent, "lun_1", "09:00-12:30");
    sent_add(sent, "mar_1", "09:00-12:30");
}

static struct str
form_send(struct sent *sent, struct rg_actor actor)
{
    const char *target = rg_arena_printf(w.ctx.arena, "%s?%.*s", sent->path,
                                         (int)sent->fields.n, sent->fields.p);
    rg_buf_done(&sent->fields);
    return ask_as(&w, actor, "POST", target);
}

static struct str
doc_now(void)
{
    struct network_service service;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(network_service_get(&w.ctx, (service_id){w.service}, &service), RG_OK);
    store_session_end(&w.ctx);
    return service.doc;
}

static void
an_untouched_form_changes_nothing(void **state)
{
    (void)state;
    struct sent sent;
    struct str before = doc_now();
    service_form_open(&sent, admin);
    form_send(&sent, admin);
    assert_int_equal(w.answer.status, 303);
    assert_true(str_eq(before, doc_now()));
}

static void
a_correction_is_saved_and_the_rest_is_kept(void **state)
{
    (void)state;
    struct sent sent;
    service_form_open(&sent, admin);
    sent_add(&sent, "nome", "Sportello Casa di Ivrea");
    sent_add(&sent, "tel_1", "0125 999999");
    sent_add(&sent, "tel_nota_1", "solo mattina");
    sent_add(&sent, "mar_2", "14:00-17:00");
    sent_add(&sent, "bisogni", "casa.affitto, tutela.violenza");
    sent_add(&sent, "motivo", "Orario nuovo");
    form_send(&sent, admin);
    assert_int_equal(w.answer.status, 303);
    assert_string_equal(header_of(&w, "Location"), "/servizi/1?fatto=salvato");
    struct str doc = doc_now();
    must_have(doc, "\"name\":\"Sportello Casa di Ivrea\"");
    must_have(doc, "\"own_code\":\"X1\"");
    must_have(doc, "\"type\":\"voice\"");
    must_have(doc, "77777777-7777-4777-8777-000000000002");
    must_have(doc, "0125 999999");
    must_have(doc, "\"byday\":\"MO,TU\"");
    must_have(doc, "\"opens_at\":\"14:00\"");
    must_have(doc, SHELTER_TERM_UID);
    must_have(doc, "\"minimum_age\":18");
    must_have(doc, "Telefona.\\nVieni.");
    struct str page = ask_as(&w, admin, "GET", "/servizi/1?fatto=salvato");
    must_have(page, "La modifica è salvata.");
    must_have(page, "9:00–12:30, 14:00–17:00");
    must_have(page, "data-exit"); /* the new need is guarded */
    page = ask_as(&w, admin, "GET", "/servizi/1/storia");
    must_have(page, "Orario nuovo");
    must_have(page, "<del>Sportello Casa &lt;Ivrea&gt;</del>");
    must_have(page, "<ins>Sportello Casa di Ivrea</ins>");
    must_have(page, "<ins>0125 999999, solo mattina</ins>");
    must_have(page, "<ins>Violenza</ins>");
    must_have(page, "La scheda è arrivata qui.");
}

static void
all_mistakes_are_told_at_once_and_nothing_is_lost(void **state)
{
    (void)state;
    struct sent sent;
    struct str before = doc_now();
    service_form_open(&sent, admin);
    sent_add(&sent, "sito", "example.org/senza schema");
    sent_add(&sent, "email", "non-una-mail");
    sent_add(&sent, "tel_0", "12");
    sent_add(&sent, "mer_1", "dopo pranzo");
    sent_add(&sent, "eta_da", "centouno");
    sent_add(&sent, "bisogni", "casa.affitto, nessuno.cosi");
    sent_add(&sent, "stato", "inactive");
    struct str page = form_send(&sent, admin);
    assert_int_equal(w.answer.status, 400);
    static const char *const links[] = {"#sito",   "#email",   "#tel_0", "#mer_1",
                                        "#eta_da", "#bisogni", "#avviso"};
    for (size_t i = 0; i < RG_COUNT(links); i++)
        must_have(page, rg_arena_printf(w.ctx.arena, "href=\"%s\"", links[i]));
    must_have(page, "non-una-mail");
    must_have(page, "dopo pranzo");
    must_have(page, "centouno");
    assert_true(str_eq(before, doc_now()));
}

static void
a_name_must_stay(void **state)
{
    (void)state;
    const char *csrf = value_in(ask_as(&w, admin, "GET", "/servizi/1/modifica"), "csrf");
    struct str page =
        ask_as(&w, admin, "POST",
               rg_arena_printf(w.ctx.arena,
                               "/servizi/1/modifica?csrf=%s&nome=%%20&stato=active", csrf));
    assert_int_equal(w.answer.status, 400);
    must_have(page, "href=\"#nome\"");
}

static void
who_saves_over_another_is_shown_both_versions(void **state)
{
    (void)state;
    struct sent mine, theirs;
    service_form_open(&mine, admin);
    service_form_open(&theirs, editor_of(w.organization));
    sent_add(&theirs, "nome", "Nome loro");
    form_send(&theirs, editor_of(w.organization));
    assert_int_equal(w.answer.status, 303);
    sent_add(&mine, "nome", "Nome mio");
    struct str page = form_send(&mine, admin);
    assert_int_equal(w.answer.status, 409);
    must_have(page, "Nome loro");
    must_have(page, "Nome mio");
    must_have(page, "Redattore");
    must_have(doc_now(), "\"name\":\"Nome loro\"");
    const char *version = rg_arena_cstr(w.ctx.arena, str_of(value_in(page, "versione")));
    service_form_open(&mine, admin);
    sent_add(&mine, "versione", version); /* of the conflict page: the newest */
    sent_add(&mine, "nome", "Nome mio");
    form_send(&mine, admin);
    assert_int_equal(w.answer.status, 303);
    must_have(doc_now(), "\"name\":\"Nome mio\"");
}

static void
an_editor_changes_the_own_organization_only(void **state)
{
    (void)state;
    const struct rg_actor stranger = editor_of(w.other), own = editor_of(w.organization);
    const struct rg_actor reader = {.account_id = 3, .roles = RG_ROLE_READER};
    assert_true(network_may_edit(&own, w.organization));
    assert_false(network_may_edit(&own, w.other));
    assert_false(network_may_edit(&own, 0));
    assert_false(network_may_edit(&(struct rg_actor){.roles = RG_ROLE_EDITOR}, 0));
    assert_false(network_may_edit(&reader, w.organization));
    assert_true(network_may_edit(&admin, 0));
    static const char *const targets[] = {"/servizi/1/modifica",      "/servizi/1/storia",
                                          "/servizi/1/annulla?seq=1", "/enti/1/modifica",
                                          "/enti/1/storia",           "/enti/1/annulla?seq=1"};
    for (size_t i = 0; i < RG_COUNT(targets); i++) {
        ask_as(&w, stranger, "GET", targets[i]);
        assert_int_equal(w.answer.status, 403);
        ask_as(&w, reader, "GET", targets[i]);
        assert_int_equal(w.answer.status, 403);
        ask_as(&w, (struct rg_actor){0}, "GET", targets[i]);
        assert_int_equal(w.answer.status, 303); /* to the sign-in */
    }
    struct sent sent;
    struct str before = doc_now();
    service_form_open(&sent, own);
    sent_add(&sent, "nome", "Rubato");
    form_send(&sent, stranger);
    assert_int_equal(w.answer.status, 403);
    static const char *const posts[] = {"/servizi/1/verifica?csrf=%s",
                                        "/enti/1/verifica?csrf=%s",
                                        "/servizi/1/annulla?seq=1&csrf=%s"};
    const char *csrf = value_in(ask_as(&w, own, "GET", "/servizi/1/modifica"), "csrf");
    for (size_t i = 0; i < RG_COUNT(posts); i++) {
        RG_CLEANUP(rg_buf_done) struct rg_buf target;
        rg_buf_init(&target, 1024);
        struct str pattern = str_of(posts[i]), head;
        assert_true(str_cut(&pattern, '%', &head));
        rg_buf_printf(&target, "%.*s%s", STR_ARG(head), csrf);
        rg_buf_c(&target, '\0');
        ask_as(&w, stranger, "POST", target.p);
        assert_int_equal(w.answer.status, 403);
    }
    assert_true(str_eq(before, doc_now()));
    assert_false(has(ask_as(&w, stranger, "GET", "/servizi/1"), "/servizi/1/modifica"));
    assert_true(has(ask_as(&w, own, "GET", "/servizi/1"), "/servizi/1/modifica"));
}

/* The number of the newest set in the history page of a record. */
static const char *
newest_undo(const char *history)
{
    struct str page = ask_as(&w, admin, "GET", history);
    ptrdiff_t at = str_find(page, STR("annulla?seq="));
    assert_true(at >= 0);
    struct str rest = str_n(page.p + at + 12, page.n - (size_t)at - 12);
    size_t n = 0;
    while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
        n++;
    return rg_arena_cstr(w.ctx.arena, str_n(rest.p, n));
}

static void
an_undone_change_leaves_the_record_as_it_was(void **state)
{
    (void)state;
    struct sent sent;
    struct str before = doc_now();
    w.ctx.now_s += 3600;
    service_form_open(&sent, admin);
    sent_add(&sent, "nome", "Nome sbagliato");
    sent_add(&sent, "bisogni", "tutela.violenza");
    form_send(&sent, admin);
    assert_false(str_eq(before, doc_now()));
    const char *seq = newest_undo("/servizi/1/storia");
    struct str page = ask_as(&w, admin, "GET",
                             rg_arena_printf(w.ctx.arena, "/servizi/1/annulla?seq=%s", seq));
    assert_int_equal(w.answer.status, 200);
    must_have(page, "<ins>Nome sbagliato</ins>");
    const char *post = rg_arena_printf(w.ctx.arena, "/servizi/1/annulla?seq=%s&csrf=%s", seq,
                                       value_in(page, "csrf"));
    ask_as(&w, admin, "POST", post);
    assert_int_equal(w.answer.status, 303);
    assert_true(str_eq(before, doc_now()));
    must_have(ask(&w, "/services?taxonomy_term_id=" TERM_UID), SERVICE_UID);
    ask_as(&w, admin, "POST", post); /* its rows have changed since */
    assert_int_equal(w.answer.status, 409);
    assert_true(str_eq(before, doc_now()));
    must_have(ask_as(&w, admin, "GET", "/servizi/1/storia"), "Annullata la modifica");
}

static void
an_undo_may_be_undone(void **state)
{
    (void)state;
    struct sent sent;
    service_form_open(&sent, admin);
    sent_add(&sent, "nome", "Nome giusto");
    form_send(&sent, admin);
    struct str changed = doc_now();
    for (int round = 0; round < 2; round++) {
        const char *seq = newest_undo("/servizi/1/storia");
        const char *csrf = value_in(ask_as(&w, admin, "GET", "/servizi/1/modifica"), "csrf");
        ask_as(&w, admin, "POST",
               rg_arena_printf(w.ctx.arena, "/servizi/1/annulla?seq=%s&csrf=%s", seq, csrf));
        assert_int_equal(w.answer.status, 303);
        assert_int_equal(str_eq(changed, doc_now()), round);
    }
}

static void
the_set_that_brought_a_record_is_not_undone_from_its_page(void **state)
{
    (void)state;
    ask_as(&w, admin, "GET", "/servizi/1/annulla?seq=1");
    assert_int_equal(w.answer.status, 403);
    ask_as(&w, admin, "GET", "/servizi/1/annulla?seq=77");
    assert_int_equal(w.answer.status, 404);
}

static void
still_right_dates_the_record(void **state)
{
    (void)state;
    const struct rg_actor own = editor_of(w.organization);
    const char *csrf = value_in(ask_as(&w, own, "GET", "/servizi/1/modifica"), "csrf");
    ask_as(&w, own, "POST", rg_arena_printf(w.ctx.arena, "/servizi/1/verifica?csrf=%s", csrf));
    assert_int_equal(w.answer.status, 303);
    must_have(ask(&w, "/servizi/1"), "Redattore");
    must_have(ask(&w, "/services/" SERVICE_UID), "\"assured_date\":\"2026-11-24\"");
    must_have(ask_as(&w, own, "GET", "/servizi/1/storia"),
              "<ins>24 novembre 2026, Redattore</ins>");
    ask_as(&w, own, "POST", rg_arena_printf(w.ctx.arena, "/enti/1/verifica?csrf=%s", csrf));
    assert_int_equal(w.answer.status, 303);
    must_have(ask(&w, "/enti/1"), "Redattore");
    ask_as(&w, own, "POST", "/servizi/1/verifica?csrf=0000");
    assert_int_equal(w.answer.status, 403);
}

static void
an_organization_is_corrected_the_same_way(void **state)
{
    (void)state;
    struct sent sent;
    const struct rg_actor own = editor_of(w.organization);
    form_open(&sent, own, "/enti/1/modifica");
    sent_add(&sent, "descrizione", "Ente nuovo.");
    sent_add(&sent, "sito", "https://comune.example.org");
    form_send(&sent, own);
    assert_int_equal(w.answer.status, 303);
    struct str page = ask(&w, "/enti/1");
    must_have(page, "Ente nuovo.");
    must_have(page, "https://comune.example.org");
    must_have(page, "0125 000001");
    page = ask_as(&w, own, "GET", "/enti/1/storia");
    must_have(page, "<ins>Ente nuovo.</ins>");
}

/* Hours that two spans a day cannot show stay as they are until somebody writes others. */
static enum network_put
source_says(const char *doc)
{
    struct network_record record = {.kind = NETWORK_SERVICE,
                                    .uid = STR(SERVICE_UID),
                                    .organization_uid = STR(ORG_UID),
                                    .doc = str_of(doc)};
    enum network_put put = NETWORK_WAITING;
    int64_t id;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(store_write_begin(&w.ctx, "import again"), RG_OK);
    assert_int_equal(network_put(&w.ctx, NULL, w.source, &record, &put, &id), RG_OK);
    assert_int_equal(store_write_commit(&w.ctx), RG_OK);
    store_session_end(&w.ctx);
    return put;
}

/* The form of the service with one schedule of these members. */
static struct str
form_of_schedule(const char *members)
{
    char doc[512];
    snprintf(doc, sizeof(doc),
             "{\"id\":\"" SERVICE_UID "\",\"organization_id\":\"" ORG_UID "\",\"name\":\"S\","
             "\"status\":\"active\",\"schedules\":[{\"id\":"
             "\"77777777-7777-4777-8777-000000000003\",%s,\"opens_at\":\"09:00\","
             "\"closes_at\":\"12:30\"}]}", members);
    source_says(doc);
    return ask_as(&w, admin, "GET", "/servizi/1/modifica");
}

static void
special_hours_are_kept_until_replaced(void **state)
{
    (void)state;
    struct sent sent;
    form_of_schedule("\"freq\":\"MONTHLY\",\"byday\":\"1MO\"");
    form_open(&sent, admin, "/servizi/1/modifica");
    sent_add(&sent, "altro_nome", "Altro");
    form_send(&sent, admin);
    assert_int_equal(w.answer.status, 303);
    must_have(doc_now(), "\"byday\":\"1MO\"");
    form_open(&sent, admin, "/servizi/1/modifica");
    sent_add(&sent, "ven_1", "8.30 – 13");
    form_send(&sent, admin);
    assert_int_equal(w.answer.status, 303);
    assert_false(has(doc_now(), "1MO"));
    must_have(doc_now(), "\"byday\":\"FR\"");
    must_have(doc_now(), "\"opens_at\":\"08:30\",\"closes_at\":\"13:00\"");
}

/* Weeks that began long ago are plain hours; a season that ends is not, or it would get lost. */
static void
weekly_hours_fill_the_form_and_seasons_do_not(void **state)
{
    (void)state;
    struct str page =
        form_of_schedule("\"freq\":\"WEEKLY\",\"byday\":\"MO\",\"dtstart\":\"2020-01-01\"");
    must_have(page, "09:00-12:30");
    page = form_of_schedule("\"freq\":\"WEEKLY\",\"byday\":\"MO\",\"dtstart\":\"2020-01-01\","
                            "\"valid_to\":\"2090-06-30\"");
    assert_false(has(page, "09:00-12:30"));
}

#define SAID(name)                                                                            \
    "{\"id\":\"" SERVICE_UID "\",\"organization_id\":\"" ORG_UID "\",\"name\":\"" name        \
    "\",\"status\":\"active\"}"

/* Its story: a municipality corrected a card, and the next night's import put the error back. */
static void
a_correction_stands_when_the_source_is_imported_again(void **state)
{
    (void)state;
    w.ctx.actor = admin;
    assert_int_equal(source_says(SAID("Sportello")), NETWORK_CHANGED);
    struct sent sent;
    form_open(&sent, admin, "/servizi/1/modifica");
    sent_add(&sent, "nome", "Sportello giusto");
    form_send(&sent, admin);
    assert_int_equal(w.answer.status, 303);
    assert_int_equal(source_says(SAID("Sportello")), NETWORK_SAME); /* what it always said */
    must_have(doc_now(), "Sportello giusto");
    assert_int_equal(source_says(SAID("Sportello nuovo")), NETWORK_STANDS); /* told once */
    assert_int_equal(source_says(SAID("Sportello nuovo")), NETWORK_SAME);
    must_have(doc_now(), "Sportello giusto");
    assert_int_equal(source_says(SAID("Sportello giusto")), NETWORK_SAME); /* they agree */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_untouched_form_changes_nothing),
        CASE(a_correction_is_saved_and_the_rest_is_kept),
        CASE(all_mistakes_are_told_at_once_and_nothing_is_lost),
        CASE(a_name_must_stay),
        CASE(who_saves_over_another_is_shown_both_versions),
        CASE(an_editor_changes_the_own_organization_only),
        CASE(an_undone_change_leaves_the_record_as_it_was),
        CASE(an_undo_may_be_undone),
        CASE(the_set_that_brought_a_record_is_not_undone_from_its_page),
        CASE(still_right_dates_the_record),
        CASE(an_organization_is_corrected_the_same_way),
        CASE(special_hours_are_kept_until_replaced),
        CASE(weekly_hours_fill_the_form_and_seasons_do_not),
        CASE(a_correction_stands_when_the_source_is_imported_again),
    };
    return world_run(tests);
}
