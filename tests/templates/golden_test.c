/* Golden files: ok/every.tmpl holds every construct of the template language; here it is
 * compiled like any page and rendered in the three languages. REGIA_GOLDEN_WRITE=1 writes the
 * files anew, for a person to read the difference before committing it.                      */
#include "sample_tmpl.h"
#include "web/html_priv.h"
#include "web/wording.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PAGE_MAX = 1 << 20 };

#define TEXT(literal) {"" literal, sizeof(literal) - 1} /* a struct str in a static table */

static const struct sample_hour hours[] = {
    {"lunedì", TEXT("08:30")},
    {"martedì", TEXT("09:00")},
    {"sabato", {NULL, 0}},
};

static const struct sample_service services[] = {
    {.id = 7, .name = TEXT("Sportello <sociale> & \"casa\""), .slug = "casa/è qui",
     .phone = TEXT("+39 011 000"), .website = "https://example.org/?a=1&b='2'", .open = true,
     .dist_m = 847.4, .floor = 2, .price = SAMPLE_FREE, .tone = TEXT("calm"), .hours = hours,
     .n_hours = RG_COUNT(hours)},
    {.id = -1, .name = TEXT("Altro"), .slug = "none", .website = "javascript:alert(1)",
     .dist_m = 3214, .floor = 3, .price = SAMPLE_PAID, .tone = TEXT("calm")},
};

static const struct sample_page page = {
    .query = TEXT("\"><script>alert('è')</script>"),
    .services = services,
    .n_services = RG_COUNT(services),
    .updated_days = 20486,          /* 2026-02-02 */
    .updated_s = 1767225900,        /* 2026-01-01T00:05:00Z, 01:05 in Rome */
    .n_people = 2231,
    .status_key = "sample.no_such_key",
};

static struct str
asset_address(const char *name)
{
    return strcmp(name, "regia.css") == 0 ? STR("/assets/regia.0a1b2c3d.css") : STR_NONE;
}

static void
render(struct rg_buf *out, enum rg_lang lang)
{
    struct html h = {.out = out, .lang = lang, .csrf = "t0k3n\"", .now_s = page.updated_s};
    struct sample_page p = page;
    p.map = html_safe_of(STR("<b>&#9679;</b>"));
    tmpl_sample_frame_begin(&h, &p, "sample.title");
    tmpl_sample_results(&h, &p);
    tmpl_sample_frame_end(&h, &p, "sample.title");
    rg_buf_c(out, '\n');
}

static void
golden(enum rg_lang lang)
{
    char path[256];
    snprintf(path, sizeof(path), "tests/templates/golden/every.%s.html", rg_lang_tag(lang));
    struct rg_buf out;
    rg_buf_init(&out, PAGE_MAX);
    html_asset_table_set(asset_address);
    render(&out, lang);
    assert_false(out.failed);
    bool write = getenv("REGIA_GOLDEN_WRITE") != NULL;
    FILE *file = fopen(path, write ? "wb" : "rb");
    assert_non_null(file);
    if (write) {
        assert_int_equal(fwrite(out.p, 1, out.n, file), out.n);
    } else {
        char *wanted = calloc(1, PAGE_MAX);
        assert_non_null(wanted);
        size_t n = fread(wanted, 1, PAGE_MAX - 1, file);
        rg_buf_c(&out, '\0');
        assert_string_equal(out.p, wanted);
        assert_int_equal(out.n - 1, n);
        free(wanted);
    }
    fclose(file);
    rg_buf_done(&out);
}

static void
every_construct_renders_rightly_in_italian(void **state)
{
    golden(RG_IT);
}

static void
every_construct_renders_rightly_in_french(void **state)
{
    golden(RG_FR);
}

static void
every_construct_renders_rightly_in_english(void **state)
{
    golden(RG_EN);
}

static void
a_full_buffer_is_remembered_and_nothing_is_written_past_it(void **state)
{
    struct rg_buf whole;
    rg_buf_init(&whole, PAGE_MAX);
    render(&whole, RG_IT);
    size_t n = whole.n;
    rg_buf_done(&whole);
    for (size_t ceiling = 0; ceiling < n; ceiling++) {
        struct rg_buf out;
        rg_buf_init(&out, ceiling);
        render(&out, RG_IT);
        assert_true(out.failed);
        assert_true(out.n <= ceiling);
        rg_buf_done(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_construct_renders_rightly_in_italian),
        cmocka_unit_test(every_construct_renders_rightly_in_french),
        cmocka_unit_test(every_construct_renders_rightly_in_english),
        cmocka_unit_test(a_full_buffer_is_remembered_and_nothing_is_written_past_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
