/* The tables of packs/torino agree with each other. */
#include "territory/kernel.h"
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

enum { FILE_MAX = 1 << 20, ROWS_MAX = 512 };

static struct rg_ctx ctx;
static struct str comuni[ROWS_MAX];
static size_t n_comuni;
static long zone_population[16];

static struct rg_csv
open_table(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct rg_csv csv;
    assert_non_null(f);
    char *bytes = RG_ARRAY(ctx.arena, char, FILE_MAX);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, FILE_MAX, f);
    fclose(f);
    assert_true(n < FILE_MAX && str_utf8_ok(str_n(bytes, n)));
    rg_csv_init(&csv, str_n(bytes, n));
    assert_true(rg_csv_next(&csv));
    return csv;
}

static struct str
field(const struct rg_csv *csv, ptrdiff_t column)
{
    assert_true(column >= 0 && (size_t)column < csv->n_fields);
    return csv->fields[column];
}

static bool
comune_known(struct str code)
{
    for (size_t i = 0; i < n_comuni; i++)
        if (str_eq(comuni[i], code))
            return true;
    return false;
}

static int
setup(void **state)
{
    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 1;
    struct rg_csv csv = open_table("packs/torino/comuni.csv");
    ptrdiff_t code = rg_csv_column(&csv, STR("istat_code")),
              zone = rg_csv_column(&csv, STR("zone"));
    ptrdiff_t people = rg_csv_column(&csv, STR("population"));
    while (rg_csv_next(&csv)) {
        int64_t z, p;
        assert_true(n_comuni < ROWS_MAX && !comune_known(field(&csv, code)));
        assert_int_equal(field(&csv, code).n, 6);
        assert_true(rg_parse_i64(field(&csv, zone), 1, 11, &z));
        assert_true(rg_parse_i64(field(&csv, people), 1, 2000000, &p));
        zone_population[z] += (long)p;
        comuni[n_comuni++] = rg_arena_str(ctx.arena, field(&csv, code));
    }
    rg_csv_done(&csv);
    return 0;
}

static int
teardown(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

static void
zones_sum_up_their_municipalities(void **state)
{
    struct rg_csv csv = open_table("packs/torino/zones.csv");
    ptrdiff_t code = rg_csv_column(&csv, STR("code"));
    ptrdiff_t people = rg_csv_column(&csv, STR("population"));
    size_t n = 0;
    for (; rg_csv_next(&csv); n++) {
        int64_t z, p;
        assert_true(rg_parse_i64(field(&csv, code), 1, 11, &z));
        assert_true(rg_parse_i64(field(&csv, people), 1, 2000000, &p));
        assert_int_equal(zone_population[z], p);
    }
    rg_csv_done(&csv);
    assert_int_equal(n, 11);
    assert_int_equal(n_comuni, 312);
}

static void
places_point_to_areas_that_exist(void **state)
{
    static const char *const kinds[] = {"former", "alias", "region", "hamlet"};
    struct rg_csv csv = open_table("packs/torino/places.csv");
    ptrdiff_t name = rg_csv_column(&csv, STR("name")), kind = rg_csv_column(&csv, STR("kind"));
    ptrdiff_t areas = rg_csv_column(&csv, STR("areas")),
              word = rg_csv_column(&csv, STR("is_word"));
    while (rg_csv_next(&csv)) {
        char fold[TERRITORY_NAME_MAX];
        struct str list = field(&csv, areas), area;
        bool known_kind = false;
        assert_true(territory_name_fold(field(&csv, name), fold) > 0);
        for (size_t i = 0; i < RG_COUNT(kinds); i++)
            known_kind |= str_eq(field(&csv, kind), str_of(kinds[i]));
        assert_true(known_kind);
        assert_true(str_is(field(&csv, word), "yes") || str_is(field(&csv, word), "no"));
        while (str_cut(&list, '|', &area)) {
            int64_t zone;
            if (str_starts(area, STR("zona:")))
                assert_true(rg_parse_i64(str_n(area.p + 5, area.n - 5), 1, 11, &zone));
            else
                assert_true(comune_known(area));
        }
    }
    rg_csv_done(&csv);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_sum_up_their_municipalities),
        cmocka_unit_test(places_point_to_areas_that_exist),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
