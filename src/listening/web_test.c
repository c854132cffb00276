/* The pages of listening without a wire: what each shows, to whom, what coding leaves behind.
 */
#include "listening/surface.h"
#include "listening/test_pack.h"

static struct test_world w;
static struct listening_load_report report;
static struct listening_web web;
static struct web_room room;
static struct web_config config;
/* A "PDF" through which the page can be read. */
static const char *const glass[] = {
    "/bin/sh", "-c", "printf '%%PDF-1.7\\n'; cat; printf '\\n%%%%EOF\\n'", NULL};
static struct web_server *server;
static const struct rg_actor stranger = {.roles = RG_ROLE_PUBLIC};
static const struct rg_actor anna = {
    .account_id = 2, .roles = RG_ROLE_PUBLIC | RG_ROLE_FACILITATOR, .name = {"anna", 4}};

static struct rg_ctx page_ctx;
static struct web_answer page;
static bool visited;

static void
leave(void)
{
    if (visited) {
        web_answer_done(&page);
        rg_ctx_done(&page_ctx);
    }
    visited = false;
}

static struct str
ask(struct rg_actor actor, const char *method, const char *target)
{
    leave();
    assert_int_equal(rg_ctx_init(&page_ctx, RG_REQUEST_ARENA_MAX), RG_OK);
    page_ctx.actor = actor;
    page_ctx.now_s = 1700000000;
    visited = true;
    assert_int_equal(web_simulate(server, &page_ctx, method, target, &page), RG_OK);
    return rg_buf_view(&page.body);
}

static int
set_up(void **state)
{
    (void)state;
    test_world_open(&w);
    test_pack_load(&w, &report);
    char path[128];
    struct listening_import done;
    snprintf(path, sizeof(path), "%s/rapporto.txt", w.folder);
    assert_int_equal(listening_import_report(&w.ctx, path, STR("rapporto"), STR(""), &done),
                     RG_OK);
    store_session_end(&w.ctx);
    web = (struct listening_web){0};
    room = (struct web_room){"listening", listening_routes, listening_n_routes, &web};
    config = (struct web_config){
        .store = w.store, .rooms = &room, .n_rooms = 1, .public_url = "https://regia.example",
        .pdf_command = glass, .spool = w.folder};
    assert_int_equal(web_start_offline(&w.ctx, &config, &server), RG_OK);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    leave();
    web_stop(server);
    test_world_close(&w);
    return 0;
}

static bool
says(struct str text, const char *needle)
{
    return str_find(text, str_of(needle)) >= 0;
}

static size_t
times(struct str text, const char *needle)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(text, str_of(needle))) >= 0; n++)
        text = str_n(text.p + at + 1, text.n - (size_t)at - 1);
    return n;
}

/* A field of the page last seen; copied where it outlives the page. */
static const char *
value_of(struct str text, const char *name, char *out, size_t n_out)
{
    char mark[64];
    snprintf(mark, sizeof(mark), "name=\"%s\" value=\"", name);
    ptrdiff_t at = str_find(text, str_of(mark));
    assert_true(at >= 0);
    struct str rest = str_n(text.p + at + strlen(mark), text.n - (size_t)at - strlen(mark)),
               value;
    assert_true(str_cut(&rest, '"', &value));
    assert_true(value.n < n_out);
    snprintf(out, n_out, "%.*s", STR_ARG(value));
    return out;
}

static const char *
csrf_of(struct rg_actor actor, const char *path)
{
    static char token[128];
    return value_of(ask(actor, "GET", path), "csrf", token, sizeof(token));
}

static struct str
send_form(struct rg_actor actor, const char *seen, const char *path, const char *fields)
{
    char target[2048];
    snprintf(target, sizeof(target), "%s?csrf=%s&%s", path, csrf_of(actor, seen), fields);
    return ask(actor, "POST", target);
}

static const char *const pages[] = {"/ascolto",
                                    "/ascolto?q=treni",
                                    "/ascolto?q=zzz",
                                    "/ascolto/eventi",
                                    "/ascolto/eventi/forum",
                                    "/ascolto/tavoli/forum/3",
                                    "/ascolto/tavoli/forum/5a",
                                    "/ascolto/temi",
                                    "/ascolto/temi/3-auto",
                                    "/ascolto/temi/t-regia",
                                    "/ascolto/temi/6-vecchio",
                                    "/ascolto/contributi",
                                    "/ascolto/contributi?zona=9&tipo=need",
                                    "/ascolto/contributi?etichetta=body:5t",
                                    "/ascolto/contributi/forum_3_2_002",
                                    "/ascolto/contributi/I-01_001",
                                    "/ascolto/documenti",
                                    "/ascolto/documenti/rapporto",
                                    "/ascolto/documenti/rapporto?senza=1",
                                    "/ascolto/rappresentanza",
                                    "/ascolto/position-paper",
                                    "/ascolto/position-paper/3",
                                    "/ascolto/position-paper/trasversali"};

static void
every_page_speaks_three_languages(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"", "/fr", "/en"};
    const struct rg_actor actors[] = {stranger, anna};
    for (size_t a = 0; a < 2; a++)
        for (size_t l = 0; l < 3; l++)
            for (size_t p = 0; p < RG_COUNT(pages); p++) {
                char target[160];
                snprintf(target, sizeof(target), "%s%s", prefixes[l], pages[p]);
                struct str body = ask(actors[a], "GET", target);
                if (page.status != 200)
                    print_error("%s: %d\n", target, page.status);
                assert_int_equal(page.status, 200);
                assert_true(says(body, "</html>"));
                assert_int_equal(times(body, "<h1"), 1);
                assert_false(says(body, ">listening."));
                assert_false(says(body, " listening."));
            }
}

static void
staff_pages_speak_three_languages_and_strangers_are_led_to_sign_in(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"", "/fr", "/en"};
    static const char *const work[] = {"/ascolto/contributi/forum_3_2_002/modifica",
                                       "/ascolto/contributi/forum_3_2_002/storia",
                                       "/ascolto/temi/nuovo", "/ascolto/temi/3-auto/modifica",
                                       "/ascolto/temi/3-auto/storia"};
    for (size_t l = 0; l < 3; l++)
        for (size_t p = 0; p < RG_COUNT(work); p++) {
            char target[160];
            snprintf(target, sizeof(target), "%s%s", prefixes[l], work[p]);
            struct str body = ask(anna, "GET", target);
            assert_int_equal(page.status, 200);
            assert_false(says(body, ">listening."));
            ask(stranger, "GET", target);
            assert_int_equal(page.status, 303);
        }
    ask(stranger, "POST", "/ascolto/temi/3-auto/unisci?verso=t-regia");
    assert_int_equal(page.status, 403);
}

static void
words_that_consent_keeps_back_leave_by_no_door(void **state)
{
    (void)state;
    static const char *const doors[] = {"/ascolto?q=riservate",
                                        "/ascolto/temi/t-regia",
                                        "/ascolto/temi/t-regia.json",
                                        "/ascolto/temi/t-regia.csv",
                                        "/ascolto/temi/t-regia.atom",
                                        "/ascolto/contributi",
                                        "/ascolto/contributi.json",
                                        "/ascolto/contributi.csv",
                                        "/ascolto/contributi.atom",
                                        "/ascolto/contributi/I-01_001",
                                        "/ascolto/contributi/I-01_001.json",
                                        "/ascolto/position-paper/trasversali",
                                        "/ascolto/position-paper/trasversali/documento.odt",
                                        "/ascolto/position-paper/trasversali.pdf",
                                        "/ascolto/position-paper.pdf",
                                        "/ascolto/temi/t-regia.pdf",
                                        "/ascolto/contributi/I-01_001.atom"};
    for (size_t i = 0; i < RG_COUNT(doors); i++) {
        struct str body = ask(stranger, "GET", doors[i]);
        assert_int_equal(page.status, 200);
        assert_false(says(body, "Parole riservate"));
        assert_false(says(body, "Nascosto"));
    }
    assert_true(says(ask(anna, "GET", "/ascolto/contributi/I-01_001"), "Parole riservate"));
    assert_true(says(ask(anna, "GET", "/ascolto/temi/t-regia"), "Parole riservate"));
    assert_false(says(ask(anna, "GET", "/ascolto/temi/t-regia.pdf"), "Parole riservate"));
}

static void
who_spoke_at_a_table_without_a_document_is_not_told_to_strangers(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/contributi/I-02_001");
    assert_false(says(body, "categoria=impresa"));
    assert_true(says(ask(anna, "GET", "/ascolto/contributi/I-02_001"), "categoria=impresa"));
    body = ask(stranger, "GET", "/ascolto/contributi.csv?zona=2");
    assert_false(says(body, "I-02/001"));
    assert_true(says(body, "forum/1/1/001"));
}

static void
a_glued_word_is_found_and_so_is_the_word_apart(void **state)
{
    (void)state;
    assert_true(says(ask(stranger, "GET", "/ascolto?q=mappate"), "venganomappate"));
    assert_true(says(ask(stranger, "GET", "/ascolto?q=vengano+mappate"), "forum_1_1_001"));
    assert_true(says(ask(stranger, "GET", "/ascolto?q=AUTO+elettrica"), "forum_3_2_001"));
}

static void
what_people_wrote_is_escaped(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/contributi/I-02_001");
    assert_true(says(body, "&lt;treni&gt; &amp; strade"));
    assert_false(says(body, "<treni>"));
}

static void
an_event_reconciles_its_figures_and_gives_a_calendar(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/eventi/forum");
    assert_true(says(body, "125 presenti, 119 ai tavoli: 6 persone"));
    assert_true(says(body, "in tutto 210 minuti"));
    body = ask(stranger, "GET", "/ascolto/eventi/forum/programma.ics");
    assert_string_equal(page.type, "text/calendar; charset=utf-8");
    assert_int_equal(times(body, "BEGIN:VEVENT\r\n"), 6);
    assert_true(says(body, "UID:forum-3@regia.ascolto\r\n"));
    assert_true(says(body, "SEQUENCE:0\r\n"));
    assert_true(says(body, "DTSTART;TZID=Europe/Rome:20231110T102000\r\n"));
    assert_true(says(body, "BEGIN:VTIMEZONE\r\nTZID:Europe/Rome\r\n"));
    assert_true(says(body, "URL:https://regia.example/ascolto/eventi/forum\r\n"));
    struct str line;
    while (str_cut(&body, '\n', &line))
        assert_true(line.n <= 76); /* 75 and the CR */
}

static void
paragraphs_lead_to_voices_and_voices_to_lines(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/documenti/rapporto");
    assert_true(says(body, "id=\"L9\""));
    assert_true(says(body, "/ascolto/contributi/forum_3_2_003"));
    assert_true(says(body, "id=\"L12\""));
    assert_false(
        says(ask(stranger, "GET", "/ascolto/documenti/rapporto?senza=1"), "id=\"L12\""));
    assert_true(says(ask(stranger, "GET", "/ascolto/contributi/forum_3_2_003"),
                     "/ascolto/documenti/rapporto?riga=9#L9"));
}

static void
positions_stand_side_by_side_with_their_voices(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/temi/3-auto");
    ptrdiff_t a = str_find(body, STR("posizione-a")), b = str_find(body, STR("posizione-b"));
    ptrdiff_t first = str_find(body, STR("forum_3_2_001")),
              second = str_find(body, STR("forum_3_2_002"));
    assert_true(a > 0 && a < first && first < b && b < second);
}

static enum rg_err
one_fate(void *arg, struct rg_ctx *ctx, int64_t id, struct listening_fate **ret, size_t *ret_n)
{
    (void)arg;
    assert_true(id > 0);
    *ret = RG_NEW(ctx->arena, struct listening_fate);
    **ret = (struct listening_fate){STR("taken"), STR("Accolto nella strategia 3.1"),
                                    STR("/piano/psm-2024-26/3.1"), STR("2026-03")};
    *ret_n = 1;
    return RG_OK;
}

static void
what_became_of_a_voice_comes_from_above_or_is_said_to_be_unknown(void **state)
{
    (void)state;
    assert_true(says(ask(stranger, "GET", "/ascolto/contributi/forum_3_2_003"),
                     "Il piano non è ancora collegato"));
    web.fate = one_fate;
    web.theme_fates = one_fate;
    struct str body = ask(stranger, "GET", "/ascolto/contributi/forum_3_2_003");
    assert_true(says(body, "href=\"/piano/psm-2024-26/3.1\">Accolto nella strategia 3.1"));
    assert_true(
        says(ask(stranger, "GET", "/ascolto/temi/3-treni"), "Accolto nella strategia 3.1"));
}

/* ---- coding ---- */

static void
a_merged_theme_leads_on_for_ever_and_every_voice_stays_reachable(void **state)
{
    (void)state;
    send_form(anna, "/ascolto/temi/3-auto/modifica", "/ascolto/temi/3-auto/unisci",
              "verso=3-treni&motivo=Stesso+tema");
    assert_int_equal(page.status, 303);
    ask(stranger, "GET", "/ascolto/temi/3-auto");
    assert_int_equal(page.status, 301);
    struct str body = ask(stranger, "GET", "/ascolto/temi/3-treni");
    assert_true(says(body, "forum_3_2_001") && says(body, "forum_3_2_002"));
    assert_true(says(body, "Costa ancora troppo.")); /* positions came along */
    assert_true(says(body, "Auto elettrica"));       /* the trace             */
    assert_true(says(ask(stranger, "GET", "/ascolto/contributi/forum_3_2_002"),
                     "/ascolto/temi/3-treni#posizione-b"));
    /* The pack again: what a person merged stays merged. */
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    test_pack_load(&w, &report);
    store_session_end(&w.ctx);
    assert_true(says(ask(stranger, "GET", "/ascolto/temi/3-treni"), "forum_3_2_001"));
    /* The other into a third: the first address leads there in one step. */
    send_form(anna, "/ascolto/temi/3-treni/modifica", "/ascolto/temi/3-treni/unisci",
              "verso=t-regia");
    ask(stranger, "GET", "/ascolto/temi/3-auto");
    assert_int_equal(page.status, 301);
    bool straight = false;
    for (size_t i = 0; i < page.n_headers; i++)
        straight |= strcmp(page.headers[i].name, "Location") == 0 &&
                    strstr(page.headers[i].value, "/ascolto/temi/t-regia") != NULL;
    assert_true(straight);
    body = send_form(anna, "/ascolto/temi/t-regia/modifica", "/ascolto/temi/t-regia/unisci",
                     "verso=t-regia");
    assert_int_equal(page.status, 400);
}

static int64_t
newest_seq(void)
{
    int64_t seq;
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    assert_int_equal(store_head(&w.ctx, &seq), RG_OK);
    store_session_end(&w.ctx);
    return seq;
}

static void
undoing_a_merge_puts_everything_back(void **state)
{
    (void)state;
    char before[8192], undo[200];
    struct str body = ask(stranger, "GET", "/ascolto/temi/3-auto.json");
    assert_true(body.n < sizeof(before));
    memcpy(before, body.p, body.n);
    size_t n_before = body.n;
    send_form(anna, "/ascolto/temi/3-auto/modifica", "/ascolto/temi/3-auto/unisci",
              "verso=3-treni");
    snprintf(undo, sizeof(undo), "/ascolto/temi/3-treni/annulla?seq=%lld",
             (long long)newest_seq());
    assert_true(says(ask(anna, "GET", "/ascolto/temi/3-treni/storia"), "Temi uniti"));
    char fields[64];
    snprintf(fields, sizeof(fields), "seq=%lld", (long long)newest_seq());
    send_form(anna, undo, "/ascolto/temi/3-treni/annulla", fields);
    assert_int_equal(page.status, 303);
    body = ask(stranger, "GET", "/ascolto/temi/3-auto.json");
    assert_int_equal(page.status, 200);
    assert_true(str_eq(body, str_n(before, n_before)));
}

static void
a_theme_is_split_and_renamed_with_a_trace(void **state)
{
    (void)state;
    send_form(anna, "/ascolto/temi/t-regia/modifica", "/ascolto/temi/t-regia/dividi",
              "nuovo=t-risorse&titolo=Le+risorse&voce=forum/1/1/001&motivo=Un+altro+discorso");
    assert_int_equal(page.status, 303);
    struct str body = ask(stranger, "GET", "/ascolto/temi/t-risorse");
    assert_true(says(body, "forum_1_1_001") && says(body, "Una regia per i comuni"));
    assert_false(says(ask(stranger, "GET", "/ascolto/temi/t-regia"), "forum_1_1_001"));
    char rev[32], fields[200];
    value_of(ask(anna, "GET", "/ascolto/temi/t-risorse/modifica"), "rev", rev, sizeof(rev));
    snprintf(fields, sizeof(fields), "rev=%s&titolo=Risorse+da+mappare", rev);
    send_form(anna, "/ascolto/temi/t-risorse/modifica", "/ascolto/temi/t-risorse/modifica",
              fields);
    body = ask(stranger, "GET", "/ascolto/temi/t-risorse");
    assert_true(says(body, "<h1>Risorse da mappare</h1>"));
    assert_true(says(body, "Prima si chiamava <strong>Le risorse</strong>"));
    send_form(anna, "/ascolto/temi/t-regia/modifica", "/ascolto/temi/t-regia/dividi",
              "nuovo=t-vuoto&titolo=Vuoto");
    assert_int_equal(page.status, 400);
    ask(stranger, "GET", "/ascolto/temi/t-vuoto");
    assert_int_equal(page.status, 404); /* nothing half made */
}

static void
the_second_of_two_people_on_one_card_sees_both_texts_and_loses_nothing(void **state)
{
    (void)state;
    static const char card[] = "/ascolto/contributi/forum_3_2_003/modifica";
    send_form(anna, card, card, "rev=1&tipo=need&testo=Scritto+da+Anna");
    assert_int_equal(page.status, 303);
    struct str body = send_form(anna, card, card, "rev=1&tipo=need&testo=Scritto+da+Luca");
    assert_int_equal(page.status, 409);
    assert_true(says(body, "Scritto da Anna") && says(body, "Scritto da Luca</textarea>"));
    assert_true(says(body, "name=\"rev\" value=\"2\""));
    body = ask(stranger, "GET", "/ascolto/contributi/forum_3_2_003");
    assert_true(says(body, "Scritto da Anna"));
    assert_false(says(body, "Luca"));
    body = send_form(anna, card, card, "rev=2&tipo=need&testo=");
    assert_int_equal(page.status, 400);
    assert_int_equal(store_session_begin(&w.ctx, w.store), RG_OK);
    test_pack_load(&w, &report); /* a person's words are not the pack's to change */
    store_session_end(&w.ctx);
    assert_true(
        says(ask(stranger, "GET", "/ascolto/contributi/forum_3_2_003"), "Scritto da Anna"));
}

static void
a_voice_is_put_under_a_position_taken_out_and_parked(void **state)
{
    (void)state;
    static const char voice[] = "/ascolto/contributi/forum_6_1_001";
    send_form(anna, voice, "/ascolto/contributi/forum_6_1_001/temi", "tema=3-auto/b");
    assert_int_equal(page.status, 303);
    assert_true(says(ask(stranger, "GET", voice), "/ascolto/temi/3-auto#posizione-b"));
    char id[32], fields[64];
    value_of(ask(anna, "GET", voice), "tema", id, sizeof(id));
    snprintf(fields, sizeof(fields), "tema=%s", id);
    send_form(anna, voice, "/ascolto/contributi/forum_6_1_001/togli", fields);
    assert_false(says(ask(stranger, "GET", voice), "posizione-b"));
    send_form(anna, voice, "/ascolto/contributi/forum_6_1_001/sospendi", "sospeso=1");
    assert_true(
        says(ask(stranger, "GET", "/ascolto/contributi.csv?sospesi=1"), "forum/6/1/001"));
    assert_true(says(ask(stranger, "GET", "/ascolto/contributi/forum_6_1_001.atom"),
                     "Messo in sospeso"));
}

static void
the_paper_is_a_zip_whose_first_file_is_its_type(void **state)
{
    (void)state;
    struct str body = ask(stranger, "GET", "/ascolto/position-paper/3/documento.odt");
    assert_true(str_starts(body, STR("PK\x03\x04")));
    assert_memory_equal(body.p + 30, "mimetypeapplication/vnd.oasis.opendocument.text", 47);
    struct rg_zip_in *zip;
    struct str name;
    FILE *file = tmpfile();
    char text[1 << 17] = "";
    uint64_t n;
    assert_non_null(file);
    assert_int_equal(rg_zip_open(body, &zip), RG_ZIP_OK);
    assert_int_equal(rg_zip_count(zip), 3);
    assert_true(rg_zip_name(zip, 1, &name) && str_is(name, "content.xml"));
    assert_int_equal(rg_zip_extract(zip, 1, fileno(file), sizeof(text) - 1, &n), RG_ZIP_OK);
    assert_true(rg_zip_name(zip, 2, &name) && str_is(name, "META-INF/manifest.xml"));
    rg_zip_close(zip);
    rewind(file);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, file), n);
    fclose(file);
    assert_non_null(strstr(text, "https://regia.example/ascolto/contributi/forum_3_2_001"));
}

static void
on_paper_the_contents_are_followed_by_their_chapters(void **state)
{
    (void)state;
    assert_int_equal(times(ask(stranger, "GET", "/ascolto/position-paper"), "<h1"), 1);
    struct str body = ask(stranger, "GET", "/en/ascolto/position-paper.pdf");
    assert_int_equal(page.status, 200);
    assert_string_equal(page.type, "application/pdf");
    assert_true(times(body, "<h1") > 2);
    assert_true(says(body, "<base href=\"https://regia.example/\">"));
    assert_true(says(body, "href=\"/en/ascolto/contributi/forum_3_2_001\""));
    static const char *const papers[] = {"/ascolto/eventi/forum.pdf", "/ascolto/tavoli/forum/3.pdf",
                                         "/ascolto/rappresentanza.pdf",
                                         "/ascolto/position-paper/3.pdf"};
    for (size_t i = 0; i < RG_COUNT(papers); i++) {
        body = ask(anna, "GET", papers[i]);
        assert_int_equal(page.status, 200);
        assert_false(says(body, "/modifica"));
        assert_false(says(body, "name=\"csrf\" value=\"0"));
    }
    ask(stranger, "GET", "/ascolto/position-paper/nessuno.pdf");
    assert_int_equal(page.status, 404);
    assert_string_equal(page.type, "text/html; charset=utf-8");
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(every_page_speaks_three_languages),
        CASE(staff_pages_speak_three_languages_and_strangers_are_led_to_sign_in),
        CASE(words_that_consent_keeps_back_leave_by_no_door),
        CASE(who_spoke_at_a_table_without_a_document_is_not_told_to_strangers),
        CASE(a_glued_word_is_found_and_so_is_the_word_apart),
        CASE(what_people_wrote_is_escaped),
        CASE(an_event_reconciles_its_figures_and_gives_a_calendar),
        CASE(paragraphs_lead_to_voices_and_voices_to_lines),
        CASE(positions_stand_side_by_side_with_their_voices),
        CASE(what_became_of_a_voice_comes_from_above_or_is_said_to_be_unknown),
        CASE(a_merged_theme_leads_on_for_ever_and_every_voice_stays_reachable),
        CASE(undoing_a_merge_puts_everything_back),
        CASE(a_theme_is_split_and_renamed_with_a_trace),
        CASE(the_second_of_two_people_on_one_card_sees_both_texts_and_loses_nothing),
        CASE(a_voice_is_put_under_a_position_taken_out_and_parked),
        CASE(the_paper_is_a_zip_whose_first_file_is_its_type),
        CASE(on_paper_the_contents_are_followed_by_their_chapters),
    };
    return test_run(tests);
}
