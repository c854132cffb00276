/* Services on paper: the address is the folder, and its code leads back to it. */
#include "finder/page_world.h"
#include "finder/qr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 300 };

/* Its text, kept with the world. */
static struct str
page_of(struct world *w, const char *target)
{
    struct page p = page_as(w, RG_ROLE_PUBLIC, 0, "GET", target);
    assert_int_equal(p.ans.status, 200);
    struct str body = rg_arena_str(w->ctx.arena, p.body);
    page_done(&p);
    return body;
}

static bool
text_says(struct str body, const char *text)
{
    return count_of(body, text) > 0;
}

static void
the_address_is_the_folder(void **state)
{
    struct network_service service;
    struct world *w = *state;
    world_must(w, network_service_get(&w->ctx, (service_id){3}, &service), "service");
    struct str body = page_of(w, "/cartella?s=3&s=1&s=3&s=x&s=-4&s=9999999999999999999");
    assert_int_equal(count_of(body, "class=\"rg-result\""), 2); /* doubled once, nonsense never */
    assert_true(text_says(body, "href=\"/servizi/3\"") && text_says(body, "href=\"/servizi/1\""));
    assert_true(str_find(body, STR("/servizi/3\"")) < str_find(body, STR("/servizi/1\"")));
    assert_true(text_says(body, "href=\"/cartella?s=1\"")); /* without the first */
    assert_int_equal(count_of(body, "class=\"rg-blank\""), 6);
    assert_true(text_says(body, "Dato dimostrativo"));
    assert_true(text_says(body, "href=\"mailto:servizio-3@example.org\""));
}

static void
telephones_are_copied_from_the_record_once(void **state)
{
    struct world *w = *state;
    world_write(w);
    int64_t id = world_put(w, NETWORK_SERVICE, STR(
        "{\"id\":\"0f6a5a3e-1111-4c1c-9a55-0123456789ab\",\"name\":\"Sportello <prova>\","
        "\"status\":\"active\",\"phones\":[{\"number\":\"011 000\"},{\"number\":\"011 000\"},"
        "{\"extension\":1},{\"number\":\"011 111\"}]}"));
    world_commit(w);
    char target[64];
    snprintf(target, sizeof(target), "/cartella?s=%lld", (long long)id);
    struct str body = page_of(w, target);
    assert_int_equal(count_of(body, "href=\"tel:011 000\""), 1);
    assert_int_equal(count_of(body, "href=\"tel:011 111\""), 1);
    assert_true(text_says(body, "Sportello &lt;prova&gt;"));
}

static void
what_is_gone_is_said_and_an_empty_folder_explains_itself(void **state)
{
    struct str body = page_of(*state, "/cartella?s=1&s=987654321");
    assert_int_equal(count_of(body, "class=\"rg-result\""), 1);
    assert_true(text_says(body, "Un servizio della cartella non c&#39;è più"));
    body = page_of(*state, "/cartella");
    assert_true(text_says(body, "La cartella è vuota"));
    assert_false(text_says(body, "rg-qr"));
    body = page_of(*state, "/en/cartella?s=987654321");
    assert_true(text_says(body, "The folder is empty"));
}

static void
the_code_is_that_of_the_address(void **state)
{
    struct world *w = *state;
    static struct finder_qr qr;
    RG_CLEANUP(rg_buf_done) struct rg_buf path;
    rg_buf_init(&path, 64 * 1024);
    w->config.public_url = "https://regia.example";
    struct web_server *server = w->server;
    world_must(w, web_start_offline(&w->ctx, &w->config, &w->server), "server");
    struct str body = page_of(w, "/fr/cartella?s=1&s=2");
    assert_true(finder_qr_make(STR("https://regia.example/fr/cartella?s=1&s=2"), &qr));
    finder_qr_path(&path, &qr);
    assert_true(str_find(body, rg_buf_view(&path)) > 0);
    body = page_of(w, "/cerca/foglio?luogo=Torino&bisogno=accesso.sportello");
    rg_buf_reset(&path);
    assert_true(finder_qr_make(
        STR("https://regia.example/cerca?luogo=Torino&bisogno=accesso.sportello"), &qr));
    finder_qr_path(&path, &qr);
    if (count_of(body, "class=\"rg-result\"") > 0)
        assert_true(str_find(body, rg_buf_view(&path)) > 0);
    web_stop(w->server);
    w->server = server;
    w->config.public_url = NULL;
}

static void
a_list_longer_than_the_folder_is_cut(void **state)
{
    char target[1024] = "/cartella?";
    for (int i = 1; i <= 30; i++)
        snprintf(target + strlen(target), sizeof(target) - strlen(target), "s=%d&", i);
    struct str body = page_of(*state, target);
    assert_int_equal(count_of(body, "class=\"rg-result\""), FINDER_FOLDER_MAX);
}

static void
results_offer_the_folder_and_the_sheet(void **state)
{
    struct str body = page_of(*state, "/cerca?area=accesso");
    size_t n = count_of(body, "class=\"rg-result\"");
    assert_true(n > 0);
    assert_int_equal(count_of(body, "form=\"cartella\""), n);
    assert_true(text_says(body, "id=\"cartella\" method=\"get\" action=\"/cartella\""));
    assert_true(text_says(body, "href=\"/cerca/foglio?area=accesso\""));
    struct str sheet = page_of(*state, "/cerca/foglio?area=accesso");
    assert_int_equal(count_of(sheet, "class=\"rg-result\""), n);
    assert_false(text_says(sheet, "rg-blank"));
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
        cmocka_unit_test(the_address_is_the_folder),
        cmocka_unit_test(telephones_are_copied_from_the_record_once),
        cmocka_unit_test(what_is_gone_is_said_and_an_empty_folder_explains_itself),
        cmocka_unit_test(the_code_is_that_of_the_address),
        cmocka_unit_test(a_list_longer_than_the_folder_is_cut),
        cmocka_unit_test(results_offer_the_folder_and_the_sheet),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
