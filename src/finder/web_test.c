/* Pages of the finder, asked without a wire over the pack of Torino and invented services. */
#include "finder/page_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SERVICES = 3000, NOON = WORLD_NOW };

static const char rent[] = "/cerca?q=non+riesco+pi%C3%B9+a+pagare+l%27affitto%2C+abito+a+Ivrea";

static struct page
page_ask(struct world *w, const char *method, const char *target)
{
    return page_as(w, RG_ROLE_PUBLIC, NOON, method, target);
}

static void
must_say(const struct page *p, const char *text)
{
    if (!says(p, text))
        fail_msg("the page does not say \"%s\":\n%.*s", text, STR_ARG(p->body));
}

static const char *
header_of(const struct page *p, const char *name)
{
    for (size_t i = 0; i < p->ans.n_headers; i++)
        if (strcmp(p->ans.headers[i].name, name) == 0)
            return p->ans.headers[i].value;
    return "";
}

/* ---- what the pages claim ---- */

static void
results_say_what_was_understood_and_why(void **state)
{
    struct page p = page_ask(*state, "GET", rent);
    assert_int_equal(p.ans.status, 200);
    must_say(&p, "Abbiamo capito così");
    must_say(&p, "Luogo: Ivrea");
    must_say(&p, "rg-result");
    must_say(&p, "rg-reasons");
    must_say(&p, " da Ivrea");
    must_say(&p, "Dato dimostrativo");
    must_say(&p, "1–20");
    must_say(&p, "rel=\"next\"");
    must_say(&p, "#c001125\" class=\"v2 is-here\"");
    must_say(&p, "href=\"/cerca.csv?q=");
    must_say(&p, "name=\"zona\" value=\"9\"");
    assert_false(says(&p, "rg-exit"));
    page_done(&p);
}

static void
who_writes_in_another_language_is_led_in_it(void **state)
{
    /* "My husband beats me and I am afraid", in Arabic. */
    struct page p =
        page_ask(*state, "GET",
                 "/cerca?q=%D8%B2%D9%88%D8%AC%D9%8A+%D9%8A%D8%B6%D8%B1%D8%A8%D9%86%D9%8A+"
                 "%D9%88%D8%A3%D9%86%D8%A7+%D8%AE%D8%A7%D8%A6%D9%81%D8%A9&luogo=Ivrea");
    must_say(&p, "rg-emergency-box\" lang=\"ar\" dir=\"rtl\"");
    must_say(&p, "إذا كنت في خطر");
    must_say(&p, "<b>1522</b> خط مكافحة العنف والملاحقة");
    must_say(&p, "<section class=\"rg-tongue\" lang=\"ar\" dir=\"rtl\"");
    must_say(&p, "<b>العنف ضد المرأة والملاحقة</b>");
    must_say(&p, "href=\"/en/cerca?q=");
    page_done(&p);
    p = page_ask(*state, "GET", "/cerca?q=nu+am+bani+pentru+chirie");
    must_say(&p, "lang=\"ro\" dir=\"ltr\"");
    must_say(&p, "Ajutor pentru plata chiriei");
    page_done(&p);
    p = page_ask(*state, "GET", "/cerca?q=I+cannot+pay+my+rent+any+more");
    must_say(&p, "<section class=\"rg-tongue\" lang=\"en\"");
    must_say(&p, "The page in English");
    page_done(&p);
    static const char *const own[] = {"/en/cerca?q=I+cannot+pay+my+rent+any+more",
                                      "/cerca?q=non+riesco+a+pagare+l%27affitto",
                                      "/cerca?bisogno=casa.affitto"};
    for (size_t i = 0; i < RG_COUNT(own); i++) {
        p = page_ask(*state, "GET", own[i]);
        assert_false(says(&p, "rg-tongue"));
        page_done(&p);
    }
}

static void
danger_stands_before_everything_in_the_persons_language(void **state)
{
    struct page p = page_ask(*state, "GET", "/cerca?q=my+husband+hits+me+and+I+am+afraid");
    must_say(&p, "href=\"tel:112\"");
    must_say(&p, "href=\"tel:1522\"");
    must_say(&p, "rg-emergency-box\" lang=\"en\"");
    must_say(&p, "Emergency number");
    must_say(&p, "rg-exit");
    assert_true(str_find(p.body, STR("rg-emergency-box")) < str_find(p.body, STR("rg-search")));
    assert_string_equal(header_of(&p, "Cache-Control"), "no-store");
    assert_true(str_find(p.body, STR("<title>Servizi per te")) > 0);
    page_done(&p);
}

static void
danger_that_is_only_likely_is_said_first_and_quietly(void **state)
{
    struct page p = page_ask(*state, "GET",
                             "/cerca?q=mia+madre+%C3%A8+schizofrenica+e+non+prende+le+medicine");
    must_say(&p, "rg-emergency-box rg-emergency-calm\" lang=\"it\"");
    must_say(&p, "href=\"tel:112\"");
    assert_true(str_find(p.body, STR("rg-emergency-calm")) < str_find(p.body, STR("rg-search")));
    page_done(&p);
}

static void
pages_of_all_languages_have_no_raw_keys(void **state)
{
    static const char *const paths[] = {
        "/cerca", "/bisogni", "/bisogni/casa", "/cerca?q=ricetta+della+pizza",
        "/cerca?bisogno=casa.affitto&luogo=Ivrea&zona=9&gratis=1&aperto=1&lingua=ar"
        "&pubblico=anziani",
        "/cerca?area=casa&ordina=vicino&luogo=Pinerolo", "/cerca?q=affitto&luogo=Atlantide",
        "/cerca?q=mio+marito+mi+picchia", "/cerca?q=zzxqy"};
    static const char *const before[] = {"", "/fr", "/en"};
    for (size_t i = 0; i < RG_COUNT(paths); i++)
        for (size_t l = 0; l < RG_COUNT(before); l++) {
            char target[512];
            snprintf(target, sizeof(target), "%s%s", before[l], paths[i]);
            struct page p = page_ask(*state, "GET", target);
            if (p.ans.status != 200 || says(&p, "finder.page.") || says(&p, "finder.why.") ||
                says(&p, "finder.under") || says(&p, "{place}") || says(&p, "{distance}"))
                fail_msg("%s: %d\n%.*s", target, p.ans.status, STR_ARG(p.body));
            page_done(&p);
        }
}

static void
what_was_not_understood_is_said_plainly(void **state)
{
    struct page p = page_ask(*state, "GET", "/cerca?q=ricetta+della+pizza");
    must_say(&p, "Non abbiamo capito");
    must_say(&p, "Non sembra la richiesta di un aiuto");
    must_say(&p, "rg-tile");
    must_say(&p, "need-casa");
    page_done(&p);
}

static void
an_empty_page_shows_ways_out(void **state)
{
    struct page p = page_ask(*state, "GET",
                             "/cerca?bisogno=casa.affitto&luogo=Ivrea&lingua=ko&gratis=1");
    must_say(&p, "Nessun servizio trovato");
    must_say(&p, "Cerca in tutta la Zona 9 Eporediese");
    must_say(&p, "Cerca in tutto il territorio");
    must_say(&p, "Togli «Gratuito»");
    must_say(&p, "Qui qualcuno ti ascolta");
    must_say(&p, "rg-tile");
    page_done(&p);
}

/* Identifiers of the services in any form. */
static size_t
ids_in(struct str text, struct str *out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i + 36 <= text.n && n < max; i++) {
        const char *p = text.p + i;
        if (p[8] == '-' && p[13] == '-' && p[14] == '8' && p[18] == '-' && p[23] == '-') {
            out[n++] = str_n(p, 36);
            i += 35;
        }
    }
    return n;
}

static void
every_form_has_the_same_rows(void **state)
{
    static const char *const endings[] = {".json", ".csv", ".geojson"};
    struct str first[64];
    size_t n_first = 0;
    struct page kept = {0};
    for (size_t i = 0; i < RG_COUNT(endings); i++) {
        char target[256];
        struct str ids[64];
        snprintf(target, sizeof(target), "/cerca%s?bisogno=casa.affitto&luogo=Ivrea", endings[i]);
        struct page p = page_ask(*state, "GET", target);
        assert_int_equal(p.ans.status, 200);
        size_t n = ids_in(p.body, ids, RG_COUNT(ids));
        assert_true(n > 1);
        if (i == 0) {
            n_first = ids_in(p.body, first, RG_COUNT(first));
            kept = p;
            continue;
        }
        assert_int_equal(n, n_first);
        for (size_t k = 0; k < n; k++)
            assert_true(str_eq(ids[k], first[k]));
        page_done(&p);
    }
    struct page atom = page_ask(*state, "GET", "/cerca.atom?bisogno=casa.affitto&luogo=Ivrea");
    assert_int_equal(count_of(atom.body, "<entry>"), n_first);
    must_say(&atom, "<updated>20");
    struct page html = page_ask(*state, "GET", "/cerca?bisogno=casa.affitto&luogo=Ivrea");
    assert_int_equal(count_of(html.body, "class=\"rg-result\""), n_first);
    page_done(&atom);
    page_done(&html);
    page_done(&kept);
}

/* All pages of a list, one after another, hold each service once, and as many as they say. */
static void
pages_neither_repeat_nor_skip(void **state)
{
    static const char *const queries[] = {"area=casa&luogo=Torino", "q=casa+a+Torino",
                                          "bisogno=casa.affitto&bisogno=accesso.anagrafe"};
    for (size_t q = 0; q < RG_COUNT(queries); q++) {
        struct rg_arena *arena = rg_arena_new(8 << 20);
        struct str seen[2000];
        size_t n_seen = 0;
        int64_t total = -1;
        for (int64_t number = 1; number < 80; number++) {
            char target[256];
            struct str ids[64];
            const struct rg_jv *root;
            snprintf(target, sizeof(target), "/cerca.json?%s&pagina=%d", queries[q], (int)number);
            struct page p = page_ask(*state, "GET", target);
            assert_true(rg_jv_parse(p.ctx.arena, p.body, &root));
            int64_t says_total = rg_jv_i64(rg_jv_get(root, "total"), -2);
            assert_true(total < 0 || total == says_total);
            total = says_total;
            size_t n = ids_in(p.body, ids, RG_COUNT(ids));
            for (size_t i = 0; i < n; i++) {
                for (size_t k = 0; k < n_seen; k++)
                    if (str_eq(seen[k], ids[i]))
                        fail_msg("%s: %.*s twice", target, STR_ARG(ids[i]));
                seen[n_seen++] = rg_arena_str(arena, ids[i]);
            }
            page_done(&p);
            if (n == 0)
                break;
        }
        assert_int_equal(n_seen, total);
        if (total <= 20)
            fail_msg("%s gives %d", queries[q], (int)total);
        rg_arena_free(arena);
    }
}

static void
no_guess_and_no_place_can_be_chosen(void **state)
{
    char target[256];
    snprintf(target, sizeof(target), "%s&luogo=ovunque&bisogno=nessuno", rent);
    struct page p = page_ask(*state, "GET", target);
    assert_int_equal(p.ans.status, 200);
    assert_false(says(&p, "Luogo: Ivrea"));
    assert_false(says(&p, "Bisogno: "));
    page_done(&p);
}

static void
an_unknown_place_is_said(void **state)
{
    struct page p = page_ask(*state, "GET", "/cerca?q=affitto&luogo=Atlantide");
    must_say(&p, "Non conosciamo il luogo «Atlantide»");
    page_done(&p);
}

static void
posted_words_stand_in_no_address(void **state)
{
    struct page p = page_ask(*state, "POST", rent);
    assert_int_equal(p.ans.status, 200);
    must_say(&p, "rg-result");
    assert_false(says(&p, "riesco pi"));
    must_say(&p, "bisogno=casa.");
    assert_string_equal(header_of(&p, "Cache-Control"), "no-store");
    page_done(&p);
}

static void
hostile_bytes_are_only_words(void **state)
{
    char target[3 * 4096 + 64] = "/cerca?q=";
    size_t n = strlen(target);
    uint32_t x = 7;
    static const char hex[] = "0123456789ABCDEF";
    static const char *const bits[] = {"<script>", "\"'&;",      "%%n", "{t}",
                                       "../",      "\xC3\xA8", "\x01"};
    for (int i = 0; i < 400; i++) {
        x = x * 1664525 + 1013904223;
        for (const char *c = bits[(x >> 16) % RG_COUNT(bits)]; *c; c++) {
            target[n++] = '%';
            target[n++] = hex[(unsigned char)*c >> 4];
            target[n++] = hex[*c & 15];
        }
    }
    target[n] = 0;
    struct page p = page_ask(*state, "GET", target);
    assert_int_equal(p.ans.status, 200);
    assert_false(says(&p, "<script>"));
    page_done(&p);
    for (size_t at = strlen("/cerca?q="); at < n; at += 3) /* bytes that are no text at all */
        memcpy(target + at, "%FF", 3);
    p = page_ask(*state, "GET", target);
    assert_true(p.ans.status == 200 || p.ans.status == 400);
    page_done(&p);
}

static void
needs_are_listed_with_their_numbers(void **state)
{
    struct page p = page_ask(*state, "GET", "/bisogni");
    must_say(&p, "href=\"/bisogni/casa\"");
    must_say(&p, "href=\"/cerca?bisogno=casa.affitto\"");
    page_done(&p);
    p = page_ask(*state, "GET", "/bisogni/casa.json");
    must_say(&p, "\"code\":\"casa.affitto\"");
    assert_false(says(&p, "lavoro."));
    page_done(&p);
    p = page_ask(*state, "GET", "/bisogni/nulla");
    assert_int_equal(p.ans.status, 404);
    page_done(&p);
}

static void
tiles_and_band_are_ready_for_the_home_page(void **state)
{
    struct world *w = *state;
    struct finder_tile *tiles;
    struct web_helpline *lines;
    size_t n, n_lines;
    int64_t sum = 0;
    assert_int_equal(finder_tiles(&w->ctx, &w->finder, RG_FR, &tiles, &n), RG_OK);
    assert_int_equal(n, 20);
    for (size_t i = 0; i < n; i++) {
        assert_true(tiles[i].label.n > 0 && str_starts(str_of(tiles[i].icon), STR("need-")));
        sum += tiles[i].count;
    }
    assert_true(sum > SERVICES * 8 / 10);
    assert_int_equal(finder_band(&w->ctx, &w->finder, RG_IT, &lines, &n_lines), RG_OK);
    assert_int_equal(n_lines, 2);
    assert_true(str_is(lines[0].number, "112") && str_is(lines[1].number, "1522"));
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
        cmocka_unit_test(results_say_what_was_understood_and_why),
        cmocka_unit_test(who_writes_in_another_language_is_led_in_it),
        cmocka_unit_test(danger_stands_before_everything_in_the_persons_language),
        cmocka_unit_test(danger_that_is_only_likely_is_said_first_and_quietly),
        cmocka_unit_test(pages_of_all_languages_have_no_raw_keys),
        cmocka_unit_test(what_was_not_understood_is_said_plainly),
        cmocka_unit_test(an_empty_page_shows_ways_out),
        cmocka_unit_test(every_form_has_the_same_rows),
        cmocka_unit_test(pages_neither_repeat_nor_skip),
        cmocka_unit_test(no_guess_and_no_place_can_be_chosen),
        cmocka_unit_test(an_unknown_place_is_said),
        cmocka_unit_test(posted_words_stand_in_no_address),
        cmocka_unit_test(hostile_bytes_are_only_words),
        cmocka_unit_test(needs_are_listed_with_their_numbers),
        cmocka_unit_test(tiles_and_band_are_ready_for_the_home_page),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
