#include "web/asset.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <libdeflate.h>
#include <cmocka.h>

static const struct web_asset *
asset_named(const char *name)
{
    struct str url = web_asset_url(name);
    assert_true(str_starts(url, STR(WEB_ASSET_PREFIX)));
    size_t n_prefix = sizeof WEB_ASSET_PREFIX - 1;
    const struct web_asset *asset = web_asset_find(str_n(url.p + n_prefix, url.n - n_prefix));
    assert_non_null(asset);
    assert_string_equal(asset->name, name);
    return asset;
}

static struct str
asset_text(const char *name)
{
    const struct web_asset *asset = asset_named(name);
    return str_n((const char *)asset->raw, asset->n_raw);
}

static void
what_the_frame_asks_for_is_embedded(void **state)
{
    static const char *const names[] = {"regia.css",           "regia.js",
                                        "icons.svg",           "favicon.svg",
                                        "titillium-400.woff2", "titillium-600.woff2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(asset_named(names[i])->n_raw > 100);
    }
}

static void
compressed_bytes_are_the_same_file(void **state)
{
    for (size_t i = 0; i < web_n_assets; i++) {
        const struct web_asset *asset = &web_assets[i];
        if (asset->gz == NULL) {
            continue;
        }
        assert_true(asset->n_gz < asset->n_raw);
        unsigned char *out = malloc(asset->n_raw);
        assert_non_null(out);
        struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
        assert_non_null(d);
        assert_int_equal(libdeflate_gzip_decompress(d, asset->gz, asset->n_gz, out, asset->n_raw,
                                                    NULL),
                         LIBDEFLATE_SUCCESS);
        assert_memory_equal(out, asset->raw, asset->n_raw);
        libdeflate_free_decompressor(d);
        free(out);
    }
}

static void
the_style_sheet_names_its_fonts_by_their_hash(void **state)
{
    struct str css = asset_text("regia.css");
    assert_true(str_find(css, str_of(asset_named("titillium-400.woff2")->hash_name)) >= 0);
    assert_true(str_find(css, str_of(asset_named("titillium-600.woff2")->hash_name)) >= 0);
    assert_true(str_find(css, STR("titillium-400.woff2")) < 0);
}

static void
the_policy_may_stay_strict(void **state)
{
    assert_true(str_find(asset_text("regia.css"), STR("data:")) < 0);
    assert_true(str_find(asset_text("regia.css"), STR("@import")) < 0);
    assert_true(str_find(asset_text("regia.css"), STR("http:")) < 0);
    assert_true(str_find(asset_text("regia.js"), STR("eval(")) < 0);
    assert_true(str_find(asset_text("icons.svg"), STR("style=")) < 0);
}

static void
the_first_visit_stays_light(void **state)
{
    size_t n_sent = 0;
    for (size_t i = 0; i < web_n_assets; i++) {
        n_sent += web_assets[i].gz ? web_assets[i].n_gz : web_assets[i].n_raw;
    }
    assert_true(asset_named("regia.css")->n_gz <= 15 * 1024);
    assert_true(asset_named("regia.js")->n_gz <= 5 * 1024);
    assert_true(n_sent <= 50 * 1024); /* half of the 100 KB a first visit may cost */
}

static void
an_unknown_asset_is_none(void **state)
{
    assert_null(web_asset_url("absent.css").p);
    assert_null(web_asset_find(STR("regia.css")));
    assert_null(web_asset_find(STR("regia.0000000000000000.css")));
    assert_null(web_asset_find(STR("")));
    assert_null(web_asset_find(STR_NONE));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_frame_asks_for_is_embedded),
        cmocka_unit_test(compressed_bytes_are_the_same_file),
        cmocka_unit_test(the_style_sheet_names_its_fonts_by_their_hash),
        cmocka_unit_test(the_policy_may_stay_strict),
        cmocka_unit_test(the_first_visit_stays_light),
        cmocka_unit_test(an_unknown_asset_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
