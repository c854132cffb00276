/* Records of the territory on both engines: SQLite always; PostgreSQL when REGIA_TEST_PG names
 * a server whose schema "public" may be emptied. */
#include "territory/territory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const struct store_room *const rooms[] = {&territory_store};
static const char *where;
static char folder[64], database[96];

struct world {
    struct rg_ctx ctx;
    struct store *store;
};

static void
world_open(struct world *w)
{
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    w->ctx.actor.name = STR("tester");
    enum rg_err err = store_open(&w->ctx, where, rooms, 1, &w->store);
    if (err)
        print_error("%s: %s\n", w->ctx.story.key, w->ctx.story.detail);
    assert_int_equal(err, RG_OK);
    assert_int_equal(store_session_begin(&w->ctx, w->store), RG_OK);
}

static void
world_close(struct world *w)
{
    store_session_end(&w->ctx);
    w->store = store_close(w->store);
    rg_ctx_done(&w->ctx);
}

static void
world_fresh(struct world *w)
{
    if (where != database) {
        char command[512];
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' "
                 ">/dev/null 2>&1",
                 where);
        assert_int_equal(system(command), 0);
    } else {
        static const char *const ends[] = {"", "-wal", "-shm"};
        for (size_t i = 0; i < RG_COUNT(ends); i++) {
            char path[112];
            snprintf(path, sizeof(path), "%s%s", database, ends[i]);
            unlink(path);
        }
    }
    world_open(w);
}

static void
put_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
}

static const char small_zones[] = "code,name\n1,Nord\n2,Sud\n10,Monti\n";
static const char small_comuni[] =
    "istat_code,name,zone,zone_basis,zone_from,seat_lat,seat_lon,area_km2,population\n"
    "001,Alfa,1,list,,45.5,7.5,1.5,100\n"
    "002,Beta,2,derived,2021-08-04,45.5,8.5,2,200\n"
    "003,Gamma,10,list,,46.5,7.5,,\n";
static const char small_places[] =
    "name,kind,areas,is_word,note\n"
    "Alfetta,hamlet,001,no,\nVal Sud,region,zona:2|zona:10,no,\n";

static void
small_pack(void)
{
    put_file("zones.csv", small_zones);
    put_file("comuni.csv", small_comuni);
    put_file("places.csv", small_places);
    put_file("common-words.csv", "word\ncasa\n");
    put_file("partitions.csv", "code,name_it,complete\nzona_omogenea,Zone,yes\nasl,ASL,no\n");
}

static int64_t
head(struct rg_ctx *ctx)
{
    int64_t seq;
    assert_int_equal(store_head(ctx, &seq), RG_OK);
    return seq;
}

static void
every_statement_prepares(void **state)
{
    struct world w = {0};
    struct str failed = STR_NONE;
    world_fresh(&w);
    enum rg_err err = store_prepare_all(&w.ctx, w.store, &failed);
    if (err)
        print_error("%.*s: %s\n", STR_ARG(failed), w.ctx.story.detail);
    assert_int_equal(err, RG_OK);
    world_close(&w);
}

static void
pack_loads_twice_and_the_second_time_changes_nothing(void **state)
{
    struct world w = {0};
    struct territory_load_counts counts;
    struct store_change *changes;
    struct territory_model *model;
    size_t n;
    world_fresh(&w);
    small_pack();
    assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_OK);
    assert_int_equal(counts.n_areas, 6);
    assert_int_equal(counts.n_names, 3);
    assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
    assert_int_equal(model->n_comuni, 3);
    assert_int_equal(model->n_zones, 3);
    assert_true(str_is(model->areas[model->first_zone + 2].code, "10"));
    uint32_t beta = territory_model_by_code(model, STR("comune"), STR("002"));
    assert_true(str_is(model->areas[model->areas[beta].zone].name, "Sud"));
    assert_true(str_is(model->areas[beta].zone_basis, "derived"));
    assert_int_equal(model->areas[beta].area_m2.v, 2000000);
    uint32_t gamma = territory_model_by_code(model, STR("comune"), STR("003"));
    assert_false(model->areas[gamma].population.has); /* empty is not zero */
    int64_t seq = head(&w.ctx), version = model->version;
    model = territory_model_free(model);
    assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_OK);
    assert_int_equal(store_changes_since(&w.ctx, seq, INT64_MAX, 100, &changes, &n), RG_OK);
    assert_int_equal(n, 0);
    int64_t after;
    assert_int_equal(territory_version(&w.ctx, &after), RG_OK);
    assert_true(after > version);
    world_close(&w);
}

static void
wrong_pack_is_refused_whole_with_line_and_field(void **state)
{
    static const struct {
        const char *file, *text, *line, *field;
    } cases[] = {
        {"comuni.csv", "istat_code,name,zone\n001,Alfa,1\n002,Beta,99\n", "3", "zone"},
        {"comuni.csv", "istat_code,name,seat_lat,seat_lon\n001,Alfa,north,7\n", "2",
         "seat_lat"},
        {"comuni.csv", "istat_code,name,population\n001,Alfa,-5\n", "2", "population"},
        {"places.csv", "name,kind,areas\nAlfetta,city,001\n", "2", "kind"},
        {"places.csv", "name,kind,areas\nAlfetta,hamlet,777\n", "2", "areas"},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct world w = {0};
        struct territory_load_counts counts;
        struct territory_model *model;
        world_fresh(&w);
        small_pack();
        put_file(cases[i].file, cases[i].text);
        assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_INVALID);
        assert_string_equal(w.ctx.story.key, "territory.pack_bad_cell");
        assert_string_equal(w.ctx.story.args[1].value, cases[i].line);
        assert_string_equal(w.ctx.story.args[2].value, cases[i].field);
        rg_story_clear(&w.ctx);
        assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
        assert_int_equal(model->n_areas, 0);
        assert_null(model->svg.p);
        territory_model_free(model);
        world_close(&w);
    }
}

static void
points_are_placed_by_seat_until_boundaries_come(void **state)
{
    static const char boundaries[] = "{\"type\":\"FeatureCollection\",\"features\":["
                                     "{\"type\":\"Feature\",\"properties\":{\"code\":\"001\"},"
                                     "\"geometry\":{\"type\":\"Polygon\","
                                     "\"coordinates\":[[[7,45],[8,45],[8,46],[7,46]]]}},"
                                     "{\"type\":\"Feature\",\"properties\":{\"code\":\"900\"},"
                                     "\"geometry\":{\"type\":\"Polygon\","
                                     "\"coordinates\":[[[9,45],[10,45],[10,46]]]}}]}";
    const struct territory_point far = {79000000, 459000000}, near = {85100000, 455000000};
    struct world w = {0};
    struct territory_load_counts counts;
    struct territory_import_counts imported;
    struct territory_model *model;
    enum territory_at_how how;
    double seat_m;
    char path[128];
    world_fresh(&w);
    small_pack();
    assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_OK);
    assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
    assert_false(model->real_boundaries);
    assert_true(str_find(model->svg, STR("id=\"c002\"")) > 0);
    assert_int_equal(territory_model_at(model, far, &how, &seat_m), TERRITORY_NOWHERE);
    uint32_t at = territory_model_at(model, near, &how, &seat_m);
    assert_true(str_is(model->areas[at].name, "Beta"));
    assert_int_equal(how, TERRITORY_AT_NEAREST_SEAT);
    assert_true(seat_m > 700 && seat_m < 800);
    territory_model_free(model);

    put_file("limits.geojson", boundaries);
    snprintf(path, sizeof(path), "%s/limits.geojson", folder);
    for (int again = 0; again < 2; again++)
        assert_int_equal(territory_import(&w.ctx, path, "comune", NULL, &imported), RG_OK);
    assert_int_equal(imported.n_known, 1);
    assert_int_equal(imported.n_unknown, 1);
    assert_true(str_is(imported.first_unknown, "900"));
    assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
    assert_false(model->real_boundaries); /* two still without */
    at = territory_model_at(model, far, &how, NULL);
    assert_true(str_is(model->areas[at].name, "Alfa"));
    assert_int_equal(how, TERRITORY_AT_BOUNDARY);
    assert_int_equal(model->n_seats, 2);
    territory_model_free(model);
    world_close(&w);
}

static void
municipality_that_changes_zone_keeps_its_past(void **state)
{
    static const char moved[] = "istat_code,name,zone,zone_basis,zone_from,seat_lat,seat_lon\n"
                                "001,Alfa,2,list,2024-01-01,45.5,7.5\n";
    struct world w = {0};
    struct territory_load_counts counts;
    struct territory_model *model;
    struct territory_past *past;
    struct territory_other_name *names;
    struct territory_partition *partitions;
    size_t n;
    world_fresh(&w);
    small_pack();
    assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_OK);
    put_file("comuni.csv", moved);
    assert_int_equal(territory_load(&w.ctx, folder, &counts), RG_OK);
    static const struct {
        const char *day, *zone;
    } cases[] = {{"2023-12-31", "Nord"}, {"2024-01-01", "Sud"}};
    territory_id alfa = {0};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        assert_true(rg_parse_instant(str_of(cases[i].day), &w.ctx.now_s));
        assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
        uint32_t at = territory_model_by_code(model, STR("comune"), STR("001"));
        alfa = model->areas[at].id;
        assert_int_equal(territory_model_by_id(model, alfa), at);
        assert_true(str_eq(model->areas[model->areas[at].zone].name, str_of(cases[i].zone)));
        territory_model_free(model);
    }
    assert_int_equal(territory_area_history(&w.ctx, alfa, &past, &n), RG_OK);
    assert_int_equal(n, 2);
    assert_true(str_is(past[0].valid_from, "") && str_is(past[0].valid_to, "2024-01-01"));
    assert_true(str_is(past[1].valid_from, "2024-01-01") && str_is(past[1].valid_to, ""));
    assert_int_equal(territory_area_names(&w.ctx, alfa, &names, &n), RG_OK);
    assert_int_equal(n, 1);
    assert_true(str_is(names[0].name, "Alfetta") && str_is(names[0].kind, "hamlet"));
    assert_int_equal(territory_partition_list(&w.ctx, &partitions, &n), RG_OK);
    assert_int_equal(n, 2);
    assert_true(partitions[0].complete && !partitions[1].complete);
    world_close(&w);
}

/* Our own pack, and with the real boundaries where they are. */
static void
torino_is_loaded_named_and_drawn(void **state)
{
    struct world w = {0};
    struct territory_load_counts counts;
    struct territory_import_counts imported;
    struct territory_model *model;
    struct territory_place hits[4];
    char path[1024];
    world_fresh(&w);
    assert_int_equal(territory_load(&w.ctx, "packs/torino", &counts), RG_OK);
    assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
    assert_int_equal(model->n_comuni, 312);
    assert_int_equal(model->n_zones, 11);
    for (uint32_t i = 0; i < model->n_comuni; i++)
        assert_true(model->areas[model->first_comune + i].zone != TERRITORY_NOWHERE);
    assert_true(model->svg.n > 10000 && model->svg.n <= 40 * 1024);
    static const char *const asked[][2] = {
        {"non riesco più a pagare l'affitto, abito a Ivrea", "Ivrea"},
        {"vivo a Testona", "Moncalieri"},
        {"in valsusa", "Valli Susa e Sangone"},
        {"sto a none", "None"},
        {"Torino", "Torino"},
        {"un medico a Vico Canavese", "Valchiusa"},
    };
    for (size_t i = 0; i < RG_COUNT(asked); i++) {
        size_t n = territory_place_find(model->places, str_of(asked[i][0]), hits, 4);
        if (n == 0 || !str_eq(model->areas[hits[0].area].name, str_of(asked[i][1])))
            print_error("%s: %zu hits\n", asked[i][0], n);
        assert_true(n > 0);
        assert_true(str_eq(model->areas[hits[0].area].name, str_of(asked[i][1])));
    }
    assert_int_equal(
        territory_place_find(model->places, STR("non ho none e le porte sono rotte"), hits, 4),
        0);
    territory_model_free(model);

    const char *shared = getenv("REGIA_SHARED");
    snprintf(path, sizeof(path), "%s/data/torino/boundaries.geojson",
             shared ? shared : "../shared");
    if (access(path, R_OK) != 0) {
        print_message("%s is not here: drawn from cells only\n", path);
        world_close(&w);
        return;
    }
    assert_int_equal(territory_import(&w.ctx, path, "comune", NULL, &imported), RG_OK);
    assert_int_equal(imported.n_known, 312);
    assert_int_equal(imported.n_unknown, 0);
    assert_int_equal(territory_model_new(&w.ctx, &model), RG_OK);
    assert_true(model->real_boundaries);
    for (uint32_t i = 0; i < model->n_comuni; i++) {
        uint32_t area = model->first_comune + i;
        assert_int_equal(territory_model_at(model, model->areas[area].seat, NULL, NULL), area);
    }
    territory_model_free(model);
    world_close(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_prepares),
        cmocka_unit_test(pack_loads_twice_and_the_second_time_changes_nothing),
        cmocka_unit_test(wrong_pack_is_refused_whole_with_line_and_field),
        cmocka_unit_test(points_are_placed_by_seat_until_boundaries_come),
        cmocka_unit_test(municipality_that_changes_zone_keeps_its_past),
        cmocka_unit_test(torino_is_loaded_named_and_drawn),
    };
    snprintf(folder, sizeof(folder), "/tmp/regia-territory-%ld", (long)getpid());
    snprintf(database, sizeof(database), "%s/t.db", folder);
    if (mkdir(folder, 0700) != 0)
        return 1;
    where = database;
    int failed = cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
    const char *pgsql = getenv("REGIA_TEST_PG");
    if (pgsql) {
        where = pgsql;
        failed += cmocka_run_group_tests_name("postgresql", tests, NULL, NULL);
    }
    static const char *const left[] = {
        "t.db",       "t.db-wal",         "t.db-shm",       "zones.csv",     "comuni.csv",
        "places.csv", "common-words.csv", "partitions.csv", "limits.geojson"};
    for (size_t i = 0; i < RG_COUNT(left); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", folder, left[i]);
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
