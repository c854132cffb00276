/* The pages of publish, with all slots filled and with none, without a wire. */
#include "publish/publish_priv.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static const struct store_room *const store_rooms[] = {&territory_store};
static char folder[64], database[96];
static int64_t n_invented;

static struct store *store;
static struct territory_web territory;
static struct publish_data data;
static struct web_room rooms[3];
static struct web_server *server;
static struct rg_ctx start;

/* ---- what the app would fill ---- */

static enum rg_err
needs(void *arg, struct rg_ctx *ctx, const struct publish_need **ret, size_t *ret_n)
{
    static const struct publish_need list[] = {
        {STR("Casa <e> abitare"), STR("/cerca?bisogno=casa"), "need-casa", true, 127},
        {STR("Salute"), STR("/cerca?bisogno=salute"), "need-salute", false, 0}};
    (void)arg, (void)ctx;
    *ret = list;
    *ret_n = 2;
    return RG_OK;
}

static enum rg_err
emergency(void *arg, struct rg_ctx *ctx, const struct web_helpline **ret, size_t *ret_n)
{
    static const struct web_helpline lines[] = {{STR("112"), STR("Emergenza")},
                                                {STR("1522"), STR("Violenza")}};
    (void)arg, (void)ctx;
    *ret = lines;
    *ret_n = 2;
    return RG_OK;
}

static enum rg_err
figures(void *arg, struct rg_ctx *ctx, struct publish_figures *ret)
{
    (void)arg, (void)ctx;
    *ret = (struct publish_figures){3012, -1};
    return RG_OK;
}

static enum rg_err
sources(void *arg, struct rg_ctx *ctx, const struct publish_source **ret, size_t *ret_n)
{
    static const struct publish_source list[] = {
        {STR("demo"), STR("Servizi inventati"), STR(""), STR(""), STR(""), 3000, 20000,
         true},
        {STR("istat"), STR("Comuni"), STR("ISTAT"), STR("CC BY 4.0"),
         STR("https://www.istat.it"), 312, -1, false}};
    (void)arg, (void)ctx;
    *ret = list;
    *ret_n = 2;
    return RG_OK;
}

static enum rg_err
index_state(void *arg, struct rg_ctx *ctx, struct publish_index *ret)
{
    (void)arg, (void)ctx;
    *ret = (struct publish_index){3012, 0, 1764000000};
    return RG_OK;
}

static enum rg_err
invented(void *arg, struct rg_ctx *ctx, int64_t *ret_n)
{
    (void)arg, (void)ctx;
    *ret_n = n_invented;
    return RG_OK;
}

static enum rg_err
invented_remove(void *arg, struct rg_ctx *ctx, int64_t *ret_n)
{
    (void)arg, (void)ctx;
    *ret_n = n_invented;
    n_invented = 0;
    return RG_OK;
}

static enum rg_err
api_root(void *arg, struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    (void)arg, (void)ctx, (void)req;
    ans->type = "application/json";
    rg_buf_lit(&ans->body, "{\"version\":\"3.1\"}");
    return RG_OK;
}

/* Stands for the finder's page, so that its door can open. */
static enum rg_err
search_page(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    (void)ctx, (void)req;
    ans->type = "text/plain";
    return RG_OK;
}
static const struct web_route finder_routes[] = {
    {.method = "GET", .path = "/cerca", .roles = RG_ROLE_PUBLIC, .handle = search_page,
     .title_key = "publish.door.helps"},
    {.method = "GET", .path = "/services", .roles = RG_ROLE_PUBLIC, .handle = search_page,
     .title_key = "publish.door.does", .flags = WEB_API},
    {.method = "GET", .path = "/fonti", .roles = RG_ROLE_PUBLIC, .handle = search_page,
     .title_key = "publish.notes.sources_page"},
    {.method = "GET", .path = "/segreto", .roles = RG_ROLE_ADMIN, .handle = search_page,
     .title_key = "publish.door.first"},
};

static void
slots_fill(bool full)
{
    data = (struct publish_data){.version = "0.1.0"};
    n_invented = 3000;
    if (!full)
        return;
    data = (struct publish_data){.version = "0.1.0",
                                 .code_url = "https://example.org/regia.git",
                                 .owner = "Città <di prova>",
                                 .accessibility_url = "https://form.example.org/1",
                                 .feedback_email = "accessibilita@example.org",
                                 .privacy_email = "dpo@example.org",
                                 .territory = territory.live,
                                 .needs = needs,
                                 .emergency = emergency,
                                 .figures = figures,
                                 .sources = sources,
                                 .index = index_state,
                                 .synthetic_count = invented,
                                 .synthetic_remove = invented_remove,
                                 .api_root = api_root};
}

static enum rg_err
who(struct rg_ctx *ctx, struct str token, struct web_who *ret)
{
    (void)ctx, (void)token;
    *ret = (struct web_who){0};
    return RG_OK;
}

static int
world_open(void **state)
{
    static struct web_config config;
    struct territory_load_counts counts;
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/regia-publish-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(database, sizeof(database), "%s/t.db", folder);
    assert_int_equal(rg_ctx_init(&start, 64 << 20), RG_OK);
    start.actor.name = STR("tester");
    assert_int_equal(store_open(&start, database, store_rooms, 1, &store), RG_OK);
    assert_int_equal(store_session_begin(&start, store), RG_OK);
    assert_int_equal(territory_load(&start, "packs/torino", &counts), RG_OK);
    assert_int_equal(territory_live_new(&start, &territory.live), RG_OK);
    store_session_end(&start);
    rooms[0] = (struct web_room){"publish", publish_routes, publish_n_routes, &data};
    rooms[1] = (struct web_room){"territory", territory_routes, territory_n_routes, &territory};
    rooms[2] = (struct web_room){"finder", finder_routes, RG_COUNT(finder_routes), NULL};
    config = (struct web_config){.store = store, .rooms = rooms, .n_rooms = 3, .who = who};
    assert_int_equal(web_start_offline(&start, &config, &server), RG_OK);
    return 0;
}

static int
world_close(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    (void)state;
    web_stop(server);
    territory_live_free(territory.live);
    store_close(store);
    rg_ctx_done(&start);
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", database, ends[i]);
        unlink(path);
    }
    return rmdir(folder);
}

struct visit {
    struct rg_ctx ctx;
    struct web_answer ans;
    struct str body;
};

static void
visit_as(struct visit *v, unsigned roles, const char *method, const char *target)
{
    assert_int_equal(rg_ctx_init(&v->ctx, RG_REQUEST_ARENA_MAX), RG_OK);
    v->ctx.actor.roles = roles;
    assert_int_equal(web_simulate(server, &v->ctx, method, target, &v->ans), RG_OK);
    v->body = rg_buf_view(&v->ans.body);
}

static void
visit(struct visit *v, const char *target)
{
    visit_as(v, RG_ROLE_PUBLIC, "GET", target);
}

static void
leave(struct visit *v)
{
    web_answer_done(&v->ans);
    rg_ctx_done(&v->ctx);
}

static bool
says(const struct visit *v, const char *needle)
{
    return str_find(v->body, str_of(needle)) >= 0;
}

static size_t
times(struct str text, const char *needle)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(text, str_of(needle))) >= 0; n++)
        text = str_n(text.p + at + 1, text.n - (size_t)at - 1);
    return n;
}

static void
every_page_speaks_three_languages(void **state)
{
    static const char *const prefixes[] = {"", "/fr", "/en"};
    (void)state;
    for (int full = 0; full < 2; full++) {
        slots_fill(full);
        for (size_t r = 0; r < publish_n_routes; r++)
            for (size_t l = 0; l < RG_COUNT(prefixes); l++) {
                char target[128];
                struct visit v;
                if (!str_is(str_of(publish_routes[r].method), "GET"))
                    continue;
                snprintf(target, sizeof(target), "%s%s", prefixes[l], publish_routes[r].path);
                visit(&v, target);
                assert_int_equal(v.ans.status, 200);
                assert_true(says(&v, "</html>"));
                assert_int_equal(times(v.body, "<h1"), 1);
                assert_false(says(&v, "publish."));
                assert_false(says(&v, "web.part."));
                assert_false(says(&v, "web.frame."));
                leave(&v);
            }
    }
}

static void
home_asks_first_and_opens_only_doors_that_lead_somewhere(void **state)
{
    struct visit v;
    (void)state;
    slots_fill(true);
    visit(&v, "/");
    assert_true(says(&v, "Di cosa hai bisogno?"));
    assert_true(says(&v, "action=\"/cerca\""));
    assert_true(says(&v, "href=\"tel:1522\""));
    assert_true(says(&v, "Casa &lt;e&gt; abitare"));
    assert_true(says(&v, "127 servizi"));
    assert_true(says(&v, "3.012"));
    assert_true(says(&v, "servizi descritti<br><a href=\"/fonti\">"));
    assert_true(says(&v, "<option value=\"Ivrea\">"));
    assert_true(says(&v, "<h3><a href=\"/cerca\">Chi mi aiuta?</a></h3>"));
    assert_true(says(&v, "<h3>Chi fa cosa?</h3>")); /* no such page in these tables */
    assert_true(says(&v, "<h3>Sta funzionando?</h3>"));
    assert_int_equal(times(v.body, "rg-door is-closed"), 5);
    assert_int_equal(times(v.body, "Non ancora aperta"), 5);
    assert_false(says(&v, "organizzazioni</dt>"));
    leave(&v);
    visit(&v, "/en");
    assert_false(says(&v, "Di cosa hai bisogno?"));
    assert_true(says(&v, "href=\"/en/territorio#fonti\""));
    leave(&v);
    slots_fill(false);
    visit(&v, "/");
    assert_false(says(&v, "rg-emergency"));
    assert_false(says(&v, "rg-tile"));
    assert_false(says(&v, "rg-kpis"));
    leave(&v);
}

static void
home_as_json_is_the_root_of_the_interface(void **state)
{
    struct visit v;
    (void)state;
    slots_fill(true);
    visit(&v, "/home.json");
    assert_string_equal(v.ans.type, "application/json");
    assert_true(says(&v, "\"3.1\""));
    leave(&v);
    slots_fill(false);
    visit(&v, "/home.json");
    assert_int_equal(v.ans.status, 404);
    leave(&v);
}

static void
legal_pages_say_what_the_institution_has_not_done(void **state)
{
    struct visit v;
    (void)state;
    slots_fill(false);
    visit(&v, "/accessibilita");
    assert_true(says(&v, "In preparazione"));
    assert_false(says(&v, "mailto:"));
    leave(&v);
    visit(&v, "/privacy");
    assert_int_equal(times(v.body, "Non ancora indicato"), 2);
    leave(&v);
    slots_fill(true);
    visit(&v, "/accessibilita");
    assert_false(says(&v, "In preparazione"));
    assert_true(says(&v, "href=\"https://form.example.org/1\""));
    assert_true(says(&v, "mailto:accessibilita@example.org"));
    leave(&v);
    visit(&v, "/note-legali");
    assert_true(says(&v, "CC BY 4.0"));
    assert_true(says(&v, "Affero"));
    assert_true(says(&v, "Città &lt;di prova&gt;"));
    leave(&v);
}

static void
the_site_map_lists_what_everybody_may_open(void **state)
{
    struct visit v;
    (void)state;
    slots_fill(true);
    visit(&v, "/mappa-del-sito");
    assert_true(says(&v, "href=\"/territorio\""));
    assert_true(says(&v, "href=\"/territorio/zone/9\""));
    assert_true(says(&v, "href=\"/cerca\""));
    assert_false(says(&v, "/segreto"));
    assert_false(says(&v, "rimuovi"));
    leave(&v);
    visit(&v, "/api");
    assert_true(says(&v, "href=\"/territorio.geojson\""));
    assert_true(says(&v, "href=\"/home.json\""));
    assert_true(says(&v, "GET /services"));
    assert_false(says(&v, "/segreto"));
    leave(&v);
}

/* Each address that the page for programs offers is asked for, and answers. */
static void
every_address_on_the_api_page_answers(void **state)
{
    struct visit page;
    size_t n = 0;
    (void)state;
    slots_fill(true);
    visit(&page, "/api");
    struct str rest = page.body;
    for (ptrdiff_t at; (at = str_find(rest, STR("<td><a href=\"/"))) >= 0 ||
                       (at = str_find(rest, STR("</a> <a href=\"/"))) >= 0;) {
        rest = str_n(rest.p + at + 13, rest.n - (size_t)at - 13);
        struct str tail = rest, address;
        const char *slash = memchr(tail.p, '/', tail.n);
        tail = str_n(slash, tail.n - (size_t)(slash - tail.p));
        assert_true(str_cut(&tail, '"', &address));
        char target[128];
        struct visit v;
        snprintf(target, sizeof(target), "%.*s", STR_ARG(address));
        visit(&v, target);
        assert_int_equal(v.ans.status, 200);
        assert_false(str_starts(str_of(v.ans.type), STR("text/html")));
        leave(&v);
        n++;
    }
    assert_true(n >= 6);
    leave(&page);
}

static void
status_is_the_same_as_page_and_json(void **state)
{
    struct visit v;
    const struct rg_jv *root;
    (void)state;
    slots_fill(true);
    visit(&v, "/stato");
    assert_true(says(&v, "SQLite"));
    assert_true(says(&v, "indietro di"));
    assert_int_equal(times(v.body, "<th scope=\"row\""), 2);
    assert_true(says(&v, "href=\"https://www.istat.it\""));
    assert_true(says(&v, "rg-badge-info")); /* the invented one says so */
    leave(&v);
    visit(&v, "/stato.json");
    assert_true(rg_jv_parse(v.ctx.arena, v.body, &root));
    assert_true(rg_jv_i64(rg_jv_get(root, "changes"), 0) >= 1);
    const struct rg_jv *index = rg_jv_get(root, "index");
    assert_int_equal(rg_jv_i64(rg_jv_get(index, "documents"), 0), 3012);
    assert_int_equal(rg_jv_i64(rg_jv_get(index, "behind"), 0),
                     rg_jv_i64(rg_jv_get(root, "changes"), -1));
    const struct rg_jv *first = rg_jv_first(rg_jv_get(root, "sources"));
    assert_true(str_is(rg_jv_get_str(v.ctx.arena, first, "name"), "demo"));
    assert_true(str_is(rg_jv_get_str(v.ctx.arena, first, "updated"), "2024-10-04"));
    assert_int_equal(rg_jv_get(rg_jv_next(first), "updated")->kind, RG_JV_NULL);
    leave(&v);
}

static void
invented_data_are_counted_for_all_and_removed_by_the_administrator(void **state)
{
    struct visit v;
    (void)state;
    slots_fill(true);
    visit(&v, "/dati-dimostrativi");
    assert_true(says(&v, "3.000 servizi inventati"));
    assert_false(says(&v, "<form class=\"rg-form\""));
    leave(&v);
    visit_as(&v, RG_ROLE_PUBLIC | RG_ROLE_ADMIN, "GET", "/dati-dimostrativi");
    assert_true(says(&v, "action=\"/dati-dimostrativi/rimuovi\""));
    ptrdiff_t at = str_find(v.body, STR("name=\"csrf\" value=\""));
    assert_true(at > 0);
    char target[256], token[128];
    const char *value = v.body.p + at + strlen("name=\"csrf\" value=\"");
    snprintf(token, sizeof(token), "%.*s", (int)strcspn(value, "\""), value);
    leave(&v);

    visit_as(&v, RG_ROLE_PUBLIC | RG_ROLE_ADMIN, "POST", "/dati-dimostrativi/rimuovi?conferma=1");
    assert_int_equal(v.ans.status, 403); /* forged */
    leave(&v);
    snprintf(target, sizeof(target), "/dati-dimostrativi/rimuovi?csrf=%s", token);
    visit_as(&v, RG_ROLE_PUBLIC | RG_ROLE_ADMIN, "POST", target);
    assert_int_equal(v.ans.status, 400); /* not confirmed */
    assert_true(says(&v, "Metti il segno"));
    assert_int_equal(n_invented, 3000);
    leave(&v);
    snprintf(target, sizeof(target), "/dati-dimostrativi/rimuovi?conferma=1&csrf=%s", token);
    visit_as(&v, RG_ROLE_PUBLIC | RG_ROLE_PLANNER, "POST", target);
    assert_int_equal(v.ans.status, 403); /* not an administrator */
    assert_int_equal(n_invented, 3000);
    leave(&v);
    visit_as(&v, RG_ROLE_PUBLIC | RG_ROLE_ADMIN, "POST", target);
    assert_int_equal(v.ans.status, 303);
    assert_int_equal(n_invented, 0);
    leave(&v);
    visit(&v, "/dati-dimostrativi?tolti=3000");
    assert_true(says(&v, "3.000 schede dimostrative sono state tolte"));
    assert_true(says(&v, "non ci sono dati inventati"));
    leave(&v);
}

/* Each allocation of a page fails in turn: an error is answered, or the page is whole; never half
 * of it with a good status.                                                                   */
static void
a_page_without_memory_is_an_error_not_half_a_page(void **state)
{
    static const char *const pages[] = {"/", "/api", "/stato", "/stato.json",
                                        "/mappa-del-sito", "/dati-dimostrativi", "/privacy"};
    (void)state;
    slots_fill(true);
    for (size_t p = 0; p < RG_COUNT(pages); p++) {
        bool page = !strchr(pages[p], '.');
        for (long n = 1; n < 20000; n += 1 + n / 32) { /* past what a page asks for */
            struct visit v;
            assert_int_equal(rg_ctx_init(&v.ctx, RG_REQUEST_ARENA_MAX), RG_OK);
            v.ctx.actor.roles = RG_ROLE_PUBLIC;
            rg_alloc_fail_after(n);
            enum rg_err err = web_simulate(server, &v.ctx, "GET", pages[p], &v.ans);
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
        cmocka_unit_test(home_asks_first_and_opens_only_doors_that_lead_somewhere),
        cmocka_unit_test(home_as_json_is_the_root_of_the_interface),
        cmocka_unit_test(legal_pages_say_what_the_institution_has_not_done),
        cmocka_unit_test(the_site_map_lists_what_everybody_may_open),
        cmocka_unit_test(every_address_on_the_api_page_answers),
        cmocka_unit_test(status_is_the_same_as_page_and_json),
        cmocka_unit_test(invented_data_are_counted_for_all_and_removed_by_the_administrator),
        cmocka_unit_test(a_page_without_memory_is_an_error_not_half_a_page),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
