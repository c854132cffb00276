/* The pages of the plan over a small world: what they say, in every form, and who may change
 * it. */
#include "plan/surface.h"
#include "plan/test_world.h"

static struct world w;

static int
set_up(void **state)
{
    (void)state;
    world_open(&w, true);
    store_session_end(&w.ctx);
    w.room = (struct web_room){"plan", plan_routes, plan_n_routes, NULL};
    const struct web_config config = {.store = w.store, .rooms = &w.room, .n_rooms = 1};
    assert_int_equal(web_start_offline(&w.ctx, &config, &w.server), RG_OK);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static struct str
ask_as(unsigned roles, int64_t area_id, const char *method, const char *target)
{
    if (w.answered)
        web_answer_done(&w.answer);
    w.ctx.actor = (struct rg_actor){.name = STR("prova"),
                                    .roles = roles | RG_ROLE_PUBLIC,
                                    .account_id = roles ? 1 : 0,
                                    .area_id = area_id};
    w.ctx.lang = RG_IT;
    rg_story_clear(&w.ctx);
    assert_int_equal(web_simulate(w.server, &w.ctx, method, target, &w.answer), RG_OK);
    w.answered = true;
    return rg_buf_view(&w.answer.body);
}

static struct str
ask(const char *target)
{
    return ask_as(0, 0, "GET", target);
}

static const char *const pages[] = {"/piano",
                                    "/piano/nuovo",
                                    "/piano/vecchio",
                                    "/piano/nuovo/6",
                                    "/piano/nuovo/6.1",
                                    "/piano/nuovo/6.2",
                                    "/piano/nuovo/6.1.1",
                                    "/piano/elementi",
                                    "/piano/filo",
                                    "/piano/filo?elemento=nuovo%2F6",
                                    "/piano/collegamenti",
                                    "/piano/confronto",
                                    "/piano/coerenza",
                                    "/piano/scadenze",
                                    "/piano/richieste",
                                    "/piano/atti",
                                    "/piano/adozioni",
                                    "/piano/sintesi",
                                    "/piano/controllo"};

static void
every_page_speaks_three_languages_without_a_bare_key(void **state)
{
    (void)state;
    static const char *const langs[] = {"", "/fr", "/en"};
    static const char *const keys[] = {"plan.page.",  "plan.col.",   "plan.choice.",
                                       "plan.say.",   "plan.edit.",  "plan.smart.",
                                       "plan.links.", "plan.thread."};
    for (size_t l = 0; l < RG_COUNT(langs); l++)
        for (size_t i = 0; i < RG_COUNT(pages); i++) {
            char target[160];
            snprintf(target, sizeof(target), "%s%s", langs[l], pages[i]);
            struct str body = ask(target);
            assert_int_equal(w.answer.status, 200);
            must_have(body, "<h1>");
            for (size_t k = 0; k < RG_COUNT(keys); k++)
                if (has(body, keys[k]))
                    fail_msg("%s shows %s", target, keys[k]);
        }
}

static void
an_element_tells_everything_of_itself(void **state)
{
    (void)state;
    struct str body = ask("/piano/nuovo/6.1");
    must_have(body, "6.1 Case della Comunità");
    must_have(body, "href=\"/ascolto/temi/t-case\"");
    must_have(body, "rispettato");        /* level 1 has its indicator        */
    must_have(body, "82");                /* target                            */
    must_have(body, "marzo 2026");        /* a month, not a day                */
    must_have(body, "3.150.000 €");       /* the steps together                */
    must_have(body, "continua");          /* the link with the plan before     */
    must_have(body, "Case della Salute"); /* the name it had                   */
    must_have(body, "href=\"/enti?q=Comune%20di%20Ivrea\"");
    must_have(body, "href=\"/ascolto/documenti/forum?riga=10\"");
    must_have(body, "vicina"); /* 181 days left, 180 needed         */
    must_have(body, "Assemblea dei Sindaci");
    body = ask("/piano/nuovo/6.1.1");
    must_have(body, "&lt;ogni&gt;"); /* a voice's words are words         */
    must_have(body, "href=\"/ascolto/contributi/1\"");
    must_have(body, "Ivrea");
    body = ask("/piano/nuovo/6.2");
    must_have(body, "<del>");
    must_have(body, "manca che cosa si misura");
    must_have(body, "Chi non è d&#39;accordo");
    assert_false(has(body, "/applica")); /* a stranger changes nothing        */
    ask("/piano/nuovo/9.9");
    assert_int_equal(w.answer.status, 404);
    ask("/piano/niente");
    assert_int_equal(w.answer.status, 404);
}

static void
the_same_rows_come_in_every_form(void **state)
{
    (void)state;
    struct str body = ask("/piano/scadenze.csv");
    must_have(body, "pnrr,Strutture finite,nuovo/6.1,2026-03,181,180,risk_near,pnrr,");
    body = ask("/piano/scadenze.json");
    must_have(body, "\"day\":\"2026-03\"");
    body = ask("/piano/scadenze.atom");
    must_have(body, "<title>Strutture finite</title>");
    body = ask("/piano/nuovo/6.1.json");
    must_have(body, "\"competence\":1");
    must_have(body, "\"duty\":\"kept\"");
    must_have(body, "\"money_cents\":300000000");
    body = ask("/piano/elementi.csv?q=poliambulatori");
    must_have(body, "nuovo/6.1,6.1,nuovo,strategy,");
    assert_false(has(body, "nuovo/6.2"));
    body = ask("/piano/elementi.csv?stato=late");
    must_have(body, "nuovo/6.2");
    assert_false(has(body, "nuovo/6.1,"));
    body = ask("/piano/confronto.csv");
    must_have(body, "6.1,continues,6.1");
    must_have(body, "6,no_link,");
    body = ask("/piano/filo.csv?elemento=nuovo%2F6.1");
    must_have(body, "forum/6/1,t-case,answers,nuovo/6.1,running");
    body = ask("/piano/nuovo/6.1.atom");
    must_have(body, "<entry>");
    body = ask("/piano/controllo.csv");
    must_have(body, "element_no_origin,element,nuovo/2,");
    must_have(body, "objective_not_smart,objective,nuovo/6.2#1,");
    must_have(ask("/piano/controllo"), "non dice da quale voce o tema viene");
    body = ask("/piano/adozioni.csv");
    must_have(body, "001125,Ivrea,nuovo/6.1.1,adopted,DCC 12,2024-05-01");
}

static void
the_calendar_keeps_its_names(void **state)
{
    (void)state;
    struct str body = ask("/piano/scadenze.ics");
    must_have(body, "BEGIN:VCALENDAR\r\n");
    must_have(body, "UID:scadenza-pnrr@regia\r\n");
    must_have(body, "DTSTART;VALUE=DATE:20260331\r\n");
    must_have(body, "DTEND;VALUE=DATE:20260401\r\n");
    must_have(body, "/piano/nuovo/6.1\r\n");
    struct str rest = body, line;
    while (str_cut(&rest, '\n', &line))
        assert_true(line.n <= 76); /* 75 bytes and the carriage return */
}

static void
old_names_are_found(void **state)
{
    (void)state;
    static const char *const queries[] = {"case%20della%20salute", "Poliambulatori", "COMUNITA",
                                          "6.1", "M6C1"};
    for (size_t i = 0; i < RG_COUNT(queries); i++) {
        char target[128];
        snprintf(target, sizeof(target), "/piano/elementi?q=%s", queries[i]);
        must_have(ask(target), "Case della Comunità");
    }
    must_have(ask("/piano/elementi?q=zzz"), "Non c&#39;è niente da mostrare");
}

static void
the_matrix_names_the_axes_that_stand_alone(void **state)
{
    (void)state;
    struct str body = ask("/piano/collegamenti");
    must_have(body, "matrice-nuovo");
    must_have(body, "Ogni asse ha almeno un legame con un altro.");
    must_have(body, "Assi senza legami con gli altri: 6.");
}

static void
the_summary_is_plain_and_every_sentence_has_its_source(void **state)
{
    (void)state;
    struct plan_summary summary;
    w.ctx.lang = RG_IT;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(plan_summary(&w.ctx, &summary), RG_OK);
    assert_true(summary.n_sentences >= 9);
    assert_true(summary.gulpease >= 60);
    assert_int_equal(summary.n_late, 1);
    for (size_t i = 0; i < summary.n_sentences; i++)
        assert_true(summary.sentences[i].path.n > 1 && summary.sentences[i].source.n > 3);
    store_session_end(&w.ctx);
    struct str body = ask("/piano/sintesi");
    must_have(body, "Asse 6: più sana. Ha 3 parti.");
    must_have(body, "Abbiamo ascoltato 4 voci.");
    must_have(body, "indice Gulpease");
    must_have(ask("/piano/sintesi.json"), "\"gulpease\":");
}

static void
a_voice_knows_its_fate(void **state)
{
    (void)state;
    struct plan_fate *fates;
    size_t n;
    w.ctx.lang = RG_IT;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(plan_fates_of_contribution(&w.ctx, 1, &fates, &n), RG_OK);
    assert_int_equal(n, 2); /* by its theme, and by itself */
    assert_true(str_is(fates[0].path, "/piano/nuovo/6.1"));
    assert_true(str_is(fates[0].label, "risponde a"));
    assert_true(str_is(fates[0].element_state, "in corso"));
    assert_true(str_is(fates[0].day, "2026-03"));
    assert_true(str_is(fates[1].path, "/piano/nuovo/6.1.1"));
    assert_int_equal(plan_fates_of_contribution(&w.ctx, 4, &fates, &n), RG_OK);
    assert_int_equal(n, 1); /* its theme was merged: the fate is that of the new one */
    assert_true(str_is(fates[0].path, "/piano/nuovo/6.1"));
    assert_int_equal(plan_fates_of_contribution(&w.ctx, 3, &fates, &n), RG_OK);
    assert_int_equal(n, 2); /* its amendment, and its theme is parked */
    assert_int_equal(plan_fates_of_theme(&w.ctx, 2, &fates, &n), RG_OK);
    assert_int_equal(n, 1);
    assert_string_equal(fates[0].state, "parked");
    assert_int_equal(plan_fates_of_contribution(&w.ctx, 999, &fates, &n), RG_OK);
    assert_int_equal(n, 0);
}

/* ---- changing ---- */

static struct str
element_cell(const char *ref, size_t column)
{
    struct plan_world world;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    struct str value = plan_world_element(&world, str_of(ref))->v[column];
    store_session_end(&w.ctx);
    return value;
}

static void
only_planners_change_the_plan(void **state)
{
    (void)state;
    ask_as(RG_ROLE_READER, 0, "GET", "/piano/modifica/elements/1");
    assert_int_equal(w.answer.status, 403);
    ask_as(RG_ROLE_DELEGATE, 1, "GET", "/piano/modifica/elements/1");
    assert_int_equal(w.answer.status, 403);
    struct str body = ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/modifica/elements/5");
    assert_int_equal(w.answer.status, 200);
    must_have(body, "name=\"title\"");
    assert_false(has(body, "name=\"code\"")); /* what others point to stays */
    must_have(ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/nuovo/6.2"),
              "/piano/emendamenti/1/applica");
    body =
        ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/modifica/steps/nuovo?elemento=nuovo%2F6.1");
    must_have(body, "value=\"nuovo/6.1\"");
    ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/modifica/elements/999");
    assert_int_equal(w.answer.status, 404);
}

static void
a_delegate_changes_the_own_municipality_alone(void **state)
{
    (void)state;
    struct str body = ask_as(RG_ROLE_DELEGATE, 1, "GET", "/piano/modifica/adoptions/1");
    assert_int_equal(w.answer.status, 200);
    assert_false(has(body, "name=\"area_code\""));
    ask_as(RG_ROLE_DELEGATE, 2, "GET", "/piano/modifica/adoptions/1");
    assert_int_equal(w.answer.status, 403);
    body = ask_as(RG_ROLE_DELEGATE, 2, "GET",
                  "/piano/modifica/adoptions/nuovo?elemento=nuovo%2F6.1.1");
    assert_int_equal(w.answer.status, 200);
    must_have(body, "nuovo/6.1.1");
}

/* Handlers themselves, without a wire: the forgery token is the router's to test. */
static enum rg_err
post(enum rg_err (*handle)(struct rg_ctx *, struct web_request *, struct web_answer *),
     int64_t id)
{
    struct web_request req = {0};
    struct web_answer ans = {0};
    rg_buf_init(&ans.body, 1 << 20);
    req.values[0].i = id;
    req.values[0].given = true;
    w.ctx.actor.roles |= RG_ROLE_PLANNER;
    rg_story_clear(&w.ctx);
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    enum rg_err err = handle(&w.ctx, &req, &ans);
    store_session_end(&w.ctx);
    rg_buf_done(&ans.body);
    return err;
}

static void
an_amendment_changes_the_quoted_words_once(void **state)
{
    (void)state;
    assert_int_equal(post(amend_apply, 1), RG_OK);
    assert_true(
        str_is(element_cell("nuovo/6.2", EL_TEXT), "L'ambiente sano dà salute. Segue altro."));
    struct str body = ask("/piano/nuovo/6.2");
    must_have(body, "applicato");
    must_have(body, "emendamento applicato"); /* the version says why */
    assert_int_equal(post(amend_apply, 1), RG_CONFLICT);
    assert_string_equal(w.ctx.story.key, "plan.amend.decided");
}

static void
words_that_changed_since_are_told_with_who_and_when(void **state)
{
    (void)state;
    struct plan_world world;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    struct plan_row *element = plan_world_element(&world, STR("nuovo/6.2"));
    element->v[EL_TEXT] = STR("Tutto un altro testo.");
    w.ctx.actor.name = STR("Anna");
    assert_int_equal(store_write_begin(&w.ctx, "riscritto"), RG_OK);
    assert_int_equal(plan_row_set(&w.ctx, PLAN_ELEMENTS, element), RG_OK);
    assert_int_equal(store_write_commit(&w.ctx), RG_OK);
    store_session_end(&w.ctx);
    assert_int_equal(post(amend_apply, 1), RG_CONFLICT);
    assert_string_equal(w.ctx.story.key, "plan.amend.changed");
    RG_CLEANUP(rg_buf_done) struct rg_buf said;
    rg_buf_init(&said, 4096);
    wording_story(&said, RG_IT, &w.ctx.story);
    must_have(rg_buf_view(&said), "da Anna (riscritto)");
    must_have(rg_buf_view(&said), "1º ottobre 2025");
    world_sql(&w, "UPDATE plan_element SET text = 'ab. L''ambiente è un fattore che abilita. "
                  "L''ambiente è un fattore che abilita.' WHERE code = '6.2'");
    assert_int_equal(post(amend_apply, 1), RG_CONFLICT);
    assert_string_equal(w.ctx.story.key, "plan.amend.often");
}

static void
history_shows_the_difference_and_undo_puts_it_back(void **state)
{
    (void)state;
    assert_int_equal(post(amend_apply, 1), RG_OK);
    struct str body = ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/storia/elements/6");
    assert_int_equal(w.answer.status, 200);
    must_have(body, "<del>");
    must_have(body, "emendamento applicato");
    must_have(body, "/piano/annulla/elements/6?seq=2");
    body = ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/annulla/elements/6?seq=2");
    must_have(body, "La modifica riguarda 2 righe in tutto.");
    ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/annulla/elements/6?seq=1"); /* its birth */
    assert_int_equal(w.answer.status, 403);
    struct web_request req = {0};
    struct web_answer ans = {0};
    req.values[IN_ROW_TABLE].text = STR("elements");
    req.values[IN_ROW_ID].i = 6;
    req.values[IN_ROW_SEQ].i = 2;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(undo_do(&w.ctx, &req, &ans), RG_OK);
    store_session_end(&w.ctx);
    assert_true(str_is(element_cell("nuovo/6.2", EL_TEXT),
                       "L'ambiente è un fattore che abilita. Segue altro."));
}

static const char *
version_shown(const char *target)
{
    struct str body = ask_as(RG_ROLE_PLANNER, 0, "GET", target);
    ptrdiff_t at = str_find(body, STR("name=\"versione\" value=\""));
    assert_true(at > 0);
    return rg_arena_cstr(w.ctx.arena, str_n(body.p + at + 23, 16));
}

static void
a_removed_row_can_be_put_back(void **state)
{
    (void)state;
    static struct web_request req;
    struct web_answer ans = {0};
    const char *version = version_shown("/piano/modifica/steps/2");
    memset(&req, 0, sizeof(req));
    for (size_t i = 0; i < plan_n_routes; i++)
        if (plan_routes[i].inputs == plan_edit_inputs[PLAN_STEPS])
            req.route = &plan_routes[i];
    req.values[IN_ED_ID].text = STR("2");
    req.values[IN_ED_VERSION].text = str_of(version);
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(edit_remove(&w.ctx, &req, &ans), RG_OK);
    store_session_end(&w.ctx);
    assert_false(has(ask("/piano/nuovo/6.1"), "Lavori"));
    must_have(ask_as(RG_ROLE_PLANNER, 0, "GET", "/piano/storia/steps/2"),
              "/piano/annulla/steps/2?seq=2");
    struct web_request undo = {0};
    undo.values[IN_ROW_TABLE].text = STR("steps");
    undo.values[IN_ROW_ID].i = undo.values[IN_ROW_SEQ].i = 2;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(undo_do(&w.ctx, &undo, &ans), RG_OK);
    store_session_end(&w.ctx);
    must_have(ask("/piano/nuovo/6.1"), "Lavori");
    req.route = NULL;
    for (size_t i = 0; i < plan_n_routes; i++)
        if (plan_routes[i].inputs == plan_edit_inputs[PLAN_ELEMENTS])
            req.route = &plan_routes[i];
    w.ctx.actor.roles |= RG_ROLE_PLANNER;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(edit_remove(&w.ctx, &req, &ans),
                     RG_CONFLICT); /* elements keep their address */
    store_session_end(&w.ctx);
}

/* A form sent for a row: its values by name of column, the others as they stand. */
static enum rg_err
save(enum plan_table table, const char *id, const char *version, const char *column,
     const char *value, struct web_answer *ans)
{
    static struct web_request req;
    struct plan_world world;
    int64_t n = 0;
    memset(&req, 0, sizeof(req));
    memset(ans, 0, sizeof(*ans));
    for (size_t i = 0; i < plan_n_routes; i++)
        if (plan_routes[i].inputs == plan_edit_inputs[table])
            req.route = &plan_routes[i];
    rg_buf_init(&ans->body, 1 << 20);
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(plan_world_read(&w.ctx, &world), RG_OK);
    req.server = w.server;
    req.store = w.store;
    req.csrf = "";
    req.path = STR("/piano");
    req.host = STR("localhost");
    req.values[IN_ED_ID].text = str_of(id);
    req.values[IN_ED_VERSION].text = str_of(version);
    rg_parse_i64(str_of(id), 1, INT64_MAX, &n);
    const struct plan_row *row = n ? plan_row_by_id(&world, table, n) : NULL;
    for (size_t c = 0; c < plan_tables[table].n_columns; c++) {
        bool set = strcmp(plan_tables[table].columns[c].name, column) == 0;
        req.values[IN_ED_FIRST + c].text = set ? str_of(value) : row ? row->v[c] : STR("");
    }
    w.ctx.lang = RG_IT;
    w.ctx.actor.roles |= RG_ROLE_PLANNER;
    rg_story_clear(&w.ctx);
    enum rg_err err = edit_save(&w.ctx, &req, ans);
    store_session_end(&w.ctx);
    return err;
}

static void
two_people_on_one_row_are_told(void **state)
{
    (void)state;
    struct web_answer ans;
    const char *version = version_shown("/piano/modifica/elements/5");
    assert_int_equal(save(PLAN_ELEMENTS, "5", version, "title", "Case vicine", &ans), RG_OK);
    assert_int_equal(ans.status, 303);
    rg_buf_done(&ans.body);
    assert_true(str_is(element_cell("nuovo/6.1", EL_TITLE), "Case vicine"));
    assert_int_equal(save(PLAN_ELEMENTS, "5", version, "title", "Case aperte", &ans), RG_OK);
    assert_int_equal(ans.status, 409);
    must_have(rg_buf_view(&ans.body), "Case vicine");
    must_have(rg_buf_view(&ans.body), "Case aperte");
    must_have(rg_buf_view(&ans.body), "Niente è perso");
    rg_buf_done(&ans.body);
    assert_true(str_is(element_cell("nuovo/6.1", EL_TITLE), "Case vicine"));
}

static void
a_bad_form_says_all_that_is_wrong(void **state)
{
    (void)state;
    struct web_answer ans;
    assert_int_equal(save(PLAN_STEPS, "nuovo", "nuovo", "needs", "zzz", &ans), RG_OK);
    assert_int_equal(ans.status, 400);
    must_have(rg_buf_view(&ans.body), "il passo zzz non c&#39;è");
    must_have(rg_buf_view(&ans.body), "href=\"#title\"");
    must_have(rg_buf_view(&ans.body), "href=\"#element\"");
    rg_buf_done(&ans.body);
    const char *version = version_shown("/piano/modifica/steps/1");
    assert_int_equal(save(PLAN_STEPS, "1", version, "needs", "b", &ans), RG_OK);
    assert_int_equal(ans.status, 400);
    must_have(rg_buf_view(&ans.body), "girano in tondo");
    rg_buf_done(&ans.body);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_page_speaks_three_languages_without_a_bare_key),
        TEST(an_element_tells_everything_of_itself),
        TEST(the_same_rows_come_in_every_form),
        TEST(the_calendar_keeps_its_names),
        TEST(old_names_are_found),
        TEST(the_matrix_names_the_axes_that_stand_alone),
        TEST(the_summary_is_plain_and_every_sentence_has_its_source),
        TEST(a_voice_knows_its_fate),
        TEST(only_planners_change_the_plan),
        TEST(a_delegate_changes_the_own_municipality_alone),
        TEST(an_amendment_changes_the_quoted_words_once),
        TEST(words_that_changed_since_are_told_with_who_and_when),
        TEST(history_shows_the_difference_and_undo_puts_it_back),
        TEST(a_removed_row_can_be_put_back),
        TEST(two_people_on_one_row_are_told),
        TEST(a_bad_form_says_all_that_is_wrong),
    };
    return world_run(tests);
}
