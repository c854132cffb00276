/* A page with every block of the frame in it, made by the real templates. The cases look at
 * what a reader would miss first; with REGIA_SPECIMEN set to a folder the page is also written
 * there, in three languages, for tests/browser to open. */
#include "web/asset.h"
#include "web/html.h"
#include "web/page.h"
#include "web_tmpl.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PAGE_BYTES_MAX = 1 << 20 };

static const char *const names[RG_LANG__MAX] = {"Italiano", "Français", "English"};
static const char *const labels[RG_LANG__MAX] = {"IT", "FR", "EN"};
static const char *const paths[RG_LANG__MAX] = {"/specimen", "/fr/specimen", "/en/specimen"};

static void
lists_render(struct html *h, struct rg_ctx *ctx)
{
    struct web_place places[] = {{STR("Ivrea")}, {STR("Agliè")}};
    struct web_param kept[] = {{STR("ordine"), STR("vicini")}};
    struct web_search search = {
        "/cerca", STR("l’affitto \"caro\""), STR("Ivrea"), places, 2, kept, 1, true};
    tmpl_web_search_box(h, &search);
    struct web_chip chips[] = {{STR("Ivrea"), STR("/cerca?q=a")}, {STR("Casa"), STR_NONE}};
    tmpl_web_chips(h, chips, 2);
    struct web_helpline lines[] = {{STR("112"), STR("Emergenza")},
                                   {STR("1522"), STR("Violenza")}};
    tmpl_web_emergency(h, lines, 2, true);
    struct web_kpi kpis[] = {{STR("312"), STR("Comuni")}};
    tmpl_web_kpis(h, kpis, 1);
    struct web_paging paging;
    assert_int_equal(web_paging_fill(ctx, STR("/specimen"), STR("q=a"), 4, 20, 1370, &paging),
                     RG_OK);
    tmpl_web_pagination(h, &paging);
    struct web_download files[] = {{"CSV", STR("/specimen.csv")},
                                   {"JSON", STR("/specimen.json")}};
    tmpl_web_downloads(h, files, 2);
}

static void
table_render(struct html *h)
{
    struct web_column columns[] = {
        {.label = STR("Comune"),
         .sort_path = STR("/specimen?ordine=nome"),
         .sort = WEB_SORT_UP},
        {.label = STR("Abitanti"), .numeric = true},
        {.label = STR("Esito")},
    };
    struct web_cell cells[] = {
        {.text = STR("Ivrea <&>"), .path = STR("/comuni/ivrea")},
        {.text = STR("22.581"), .numeric = true},
        {.text = STR("ok"), .badge = "ok"},
    };
    struct web_row rows[] = {{cells}};
    struct web_table table = {"comuni", STR("Comuni"), columns, 3, rows, 1};
    tmpl_web_table(h, &table);
}

static void
form_render(struct html *h)
{
    struct web_field_error errors[] = {{"nome", STR("Scrivi il nome")}};
    tmpl_web_error_summary(h, errors, 1);
    struct web_option options[] = {{STR("a"), STR("Attivo"), true},
                                   {STR("b"), STR("Chiuso"), false}};
    struct web_field field = {.name = "nome",
                              .label = STR("Nome"),
                              .hint = STR("Come lo chiamano tutti"),
                              .error = STR("Scrivi il nome"),
                              .required = true,
                              .n_max = 200};
    rg_buf_lit(h->out, "<form class=\"rg-form\" method=\"get\" action=\"/specimen\">");
    tmpl_web_field_text(h, &field);
    field = (struct web_field){.name = "testo", .label = STR("Testo"), .optional = true};
    tmpl_web_field_textarea(h, &field);
    field.name = "stato";
    tmpl_web_field_select(h, &field, options, 2);
    field.name = "si";
    tmpl_web_field_checkbox(h, &field, true);
    field.name = "lingue";
    tmpl_web_field_checks(h, &field, options, 2);
    field.name = "voto";
    tmpl_web_field_radios(h, &field, options, 2);
    struct web_facet_option choices[] = {{STR("1"), STR("Aperto ora"), 12, true},
                                         {STR("2"), STR("La sera"), 0, false}};
    struct web_facet facet = {"orario", STR("Orario"), choices, 2};
    rg_buf_lit(h->out, "<div class=\"rg-facets\">");
    tmpl_web_facet_group(h, &facet);
    rg_buf_lit(h->out,
               "</div><button class=\"btn btn-primary\" type=\"submit\">Ok</button></form>");
}

static void
signs_render(struct html *h)
{
    rg_buf_lit(h->out, "<p>");
    tmpl_web_badge(h, "plain", "it-clock", STR("Orario non conosciuto"));
    tmpl_web_synthetic_badge(h);
    for (int level = WEB_FRESH_NEVER; level <= WEB_FRESH_OLD; level++) {
        struct web_freshness fresh = {(enum web_fresh)level, 20500, STR("Comune di Ivrea")};
        tmpl_web_freshness(h, &fresh);
    }
    rg_buf_lit(h->out, "</p>");
    tmpl_web_alert(h, "warn", STR("Attenzione"), STR("Da guardare."));
    struct web_progress progress = {.title = STR("Importazione"),
                                    .step = STR("Passo 3 di 4"),
                                    .done_text = STR("62 su 100"),
                                    .done = 62,
                                    .total = 100,
                                    .cancel_path = STR("/lavori/7/ferma"),
                                    .reload_path = STR("/specimen")};
    tmpl_web_progress(h, &progress);
}

static void
specimen_render(struct rg_buf *out, struct rg_ctx *ctx, enum rg_lang lang)
{
    struct html h = {.out = out, .lang = lang, .csrf = "segno", .now_s = 1764000000};
    struct web_lang_link langs[RG_LANG__MAX];
    for (int i = 0; i < RG_LANG__MAX; i++) {
        langs[i] = (struct web_lang_link){rg_lang_tag((enum rg_lang)i), labels[i], names[i],
                                          str_of(paths[i]), i == (int)lang};
    }
    struct web_page_link nav[] = {{STR("/specimen"), STR("Servizi"), true},
                                  {STR("/territorio"), STR("Territorio"), false}};
    struct web_crumb crumbs[] = {{STR("/servizi"), STR("Servizi")}, {STR_NONE, STR("Prova")}};
    struct web_frame frame = {
        .lang = rg_lang_tag(lang),
        .dir = "ltr",
        .title = STR("Prova <tutto>"),
        .description = STR("Ogni pezzo in una pagina"),
        .territory = STR("Città metropolitana di Torino"),
        .nav = nav,
        .n_nav = 2,
        .langs = langs,
        .n_langs = RG_LANG__MAX,
        .crumbs = crumbs,
        .n_crumbs = 2,
        .login_path = STR("/accesso"),
        .synthetic = true,
        .flash = STR("Fatto."),
        .quick_exit = "https://www.wikipedia.org/",
        .attribution = STR("ISTAT, CC BY"),
        .footer = nav,
        .n_footer = 2,
    };
    tmpl_web_frame_begin(&h, &frame);
    rg_buf_lit(out, "<div class=\"container rg-page\"><h1>Prova</h1>");
    lists_render(&h, ctx);
    signs_render(&h);
    table_render(&h);
    form_render(&h);
    rg_buf_lit(out, "</div>");
    tmpl_web_frame_end(&h, &frame);
}

static void
specimen_write(struct str page, enum rg_lang lang)
{
    const char *folder = getenv("REGIA_SPECIMEN");
    if (folder == NULL) {
        return;
    }
    char path[512];
    snprintf(path, sizeof path, "%s/specimen.%s.html", folder, rg_lang_tag(lang));
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(page.p, 1, page.n, out), page.n);
    assert_int_equal(fclose(out), 0);
}

static struct str
specimen(struct rg_buf *out, struct rg_ctx *ctx, enum rg_lang lang)
{
    html_asset_table_set(web_asset_url);
    rg_buf_init(out, PAGE_BYTES_MAX);
    specimen_render(out, ctx, lang);
    assert_false(out->failed);
    return rg_buf_view(out);
}

static void
every_block_stands_in_every_language(void **state)
{
    for (int lang = 0; lang < RG_LANG__MAX; lang++) {
        struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
        struct rg_buf out RG_CLEANUP(rg_buf_done);
        assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
        struct str page = specimen(&out, &ctx, (enum rg_lang)lang);
        assert_true(str_find(page, STR("</html>")) > 0);
        assert_true(str_find(page, STR("web.")) < 0); /* a key instead of its text */
        assert_true(str_find(page, STR("{{")) < 0);
        specimen_write(page, (enum rg_lang)lang);
    }
}

static void
what_a_record_says_never_becomes_markup(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    struct rg_buf out RG_CLEANUP(rg_buf_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    struct str page = specimen(&out, &ctx, RG_IT);
    assert_true(str_find(page, STR("<tutto>")) < 0);
    assert_true(str_find(page, STR("Prova &lt;tutto&gt;")) > 0);
    assert_true(str_find(page, STR("Ivrea &lt;&amp;&gt;")) > 0);
    assert_true(str_find(page, STR("value=\"l’affitto &quot;caro&quot;\"")) > 0 ||
                str_find(page, STR("value=\"l’affitto &#34;caro&#34;\"")) > 0);
}

static void
the_frame_has_what_public_sites_must_have(void **state)
{
    struct rg_ctx ctx RG_CLEANUP(rg_ctx_done);
    struct rg_buf out RG_CLEANUP(rg_buf_done);
    assert_int_equal(rg_ctx_init(&ctx, 1 << 20), RG_OK);
    struct str page = specimen(&out, &ctx, RG_FR);
    assert_true(str_find(page, STR("<html lang=\"fr\" dir=\"ltr\">")) > 0);
    assert_true(str_find(page, STR("it-header-slim-wrapper")) > 0);
    assert_true(str_find(page, STR("it-header-center-wrapper")) > 0);
    assert_true(str_find(page, STR("it-header-navbar-wrapper")) > 0);
    assert_true(str_find(page, STR("data-element=\"accessibility-link\"")) > 0);
    assert_true(str_find(page, STR("data-element=\"privacy-policy-link\"")) > 0);
    assert_true(str_find(page, STR("href=\"/fr/territorio\"")) > 0);
    assert_true(str_find(page, STR("href=\"/s/regia.")) > 0);
    assert_true(str_find(page, STR("name=\"csrf\"")) > 0);
}

static void
quick_exit_and_demonstration_show_only_where_asked(void **state)
{
    struct rg_buf out RG_CLEANUP(rg_buf_done);
    rg_buf_init(&out, PAGE_BYTES_MAX);
    struct html h = {.out = &out, .lang = RG_IT};
    struct web_frame frame = {.lang = "it", .dir = "ltr", .title = STR("Vuota")};
    tmpl_web_frame_begin(&h, &frame);
    tmpl_web_frame_end(&h, &frame);
    assert_true(str_find(rg_buf_view(&out), STR("rg-exit")) < 0);
    assert_true(str_find(rg_buf_view(&out), STR("rg-notice")) < 0);
    assert_true(str_find(rg_buf_view(&out), STR("breadcrumb")) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_stands_in_every_language),
        cmocka_unit_test(what_a_record_says_never_becomes_markup),
        cmocka_unit_test(the_frame_has_what_public_sites_must_have),
        cmocka_unit_test(quick_exit_and_demonstration_show_only_where_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
