/* Shapes against slow twins: points, grids, seats, files good and bad, the text form and back. */
#include "territory/kernel.h"
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct rg_ctx ctx;

static int
setup(void **state)
{
    return rg_ctx_init(&ctx, 256 * 1024 * 1024) != RG_OK;
}

static int
teardown(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

#define E7 10000000

static const char two_squares[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"istat_code\":\"001\",\"name\":\"Uno\"},"
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[7,45],[8,45],[8,46],[7,46],[7,45]],"
    "[[7.2,45.2],[7.4,45.2],[7.4,45.4],[7.2,45.4],[7.2,45.2]]]}},"
    "{\"type\":\"Feature\",\"id\":2,\"properties\":{},\"geometry\":{\"type\":\"MultiPolygon\","
    "\"coordinates\":[[[[8,45],[9,45],[9,46],[8,46],[8,45]]],"
    "[[[10,45],[11,45],[11,46],[10,45]]]]}}]}";

static enum rg_err
read_text(const char *text, struct territory_shapes *ret)
{
    return territory_shapes_read(&ctx, ctx.arena, str_of(text), "prova.geojson", NULL, ret);
}

static struct territory_point
at(double lon, double lat)
{
    return (struct territory_point){(int32_t)lround(lon * E7), (int32_t)lround(lat * E7)};
}

static void
geojson_is_read_with_holes_parts_and_codes(void **state)
{
    struct territory_shapes shapes;
    assert_int_equal(read_text(two_squares, &shapes), RG_OK);
    assert_int_equal(shapes.n_shapes, 2);
    assert_true(str_is(shapes.shapes[0].code, "001"));
    assert_true(str_is(shapes.shapes[0].name, "Uno"));
    assert_true(str_is(shapes.shapes[1].code, "000002"));
    assert_null(shapes.shapes[1].name.p);
    assert_int_equal(shapes.n_rings, 4);
    assert_true(shapes.rings[1].hole && !shapes.rings[3].hole);
    assert_int_equal(shapes.n_points, 4 + 4 + 4 + 3);
    assert_true(territory_shape_has(&shapes, 0, at(7.5, 45.5)));
    assert_false(territory_shape_has(&shapes, 0, at(7.3, 45.3)));
    assert_true(territory_shape_has(&shapes, 1, at(10.5, 45.2)));
    assert_false(territory_shape_has(&shapes, 1, at(9.5, 45.5)));
}

static void
topojson_arcs_are_joined_forwards_and_backwards(void **state)
{
    static const char text[] =
        "{\"type\":\"Topology\",\"transform\":{\"scale\":[0.1,0.1],\"translate\":[7,45]},"
        "\"arcs\":[[[10,0],[0,10]],[[10,10],[-10,0],[0,-10],[10,0]],"
        "[[10,0],[10,0],[0,10],[-10,0]]],\"objects\":{\"m\":{\"type\":\"GeometryCollection\","
        "\"geometries\":[{\"type\":\"Polygon\",\"arcs\":[[0,1]],\"properties\":{\"code\":\"a\"}},"
        "{\"type\":\"Polygon\",\"arcs\":[[2,-1]],\"properties\":{\"code\":\"b\"}}]}}}";
    struct territory_shapes shapes;
    assert_int_equal(read_text(text, &shapes), RG_OK);
    assert_int_equal(shapes.n_shapes, 2);
    assert_int_equal(shapes.n_points, 8);
    assert_true(territory_shape_has(&shapes, 0, at(7.5, 45.5)));
    assert_true(territory_shape_has(&shapes, 1, at(8.5, 45.5)));
}

static void
what_is_wrong_is_said_with_file_and_feature(void **state)
{
    static const struct {
        const char *text, *key;
        enum rg_err err;
    } cases[] = {
        {"{", "territory.not_json", RG_INVALID},
        {"[]", "territory.no_features", RG_INVALID},
        {"{\"type\":\"FeatureCollection\",\"features\":[]}", "territory.no_features", RG_INVALID},
        {"{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Point\"}}]}",
         "territory.not_a_polygon", RG_INVALID},
        {"{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Polygon\","
         "\"coordinates\":[[[1,2],[3,4],[1,2]]]}}]}", "territory.bad_ring", RG_INVALID},
        {"{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Polygon\","
         "\"coordinates\":[[[1,200],[3,4],[5,2]]]}}]}", "territory.bad_coordinate", RG_INVALID},
        {"{\"type\":\"FeatureCollection\",\"features\":[{\"geometry\":{\"type\":\"Polygon\","
         "\"coordinates\":[[[1,2],[3,4],[5,2]]]}}]}", "territory.no_code", RG_INVALID},
        {"{\"type\":\"Topology\",\"arcs\":[],\"objects\":{\"x\":{\"geometries\":[{\"type\":"
         "\"Polygon\",\"arcs\":[[5]]}]}}}", "territory.bad_arc", RG_INVALID},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct territory_shapes shapes = {.n_shapes = 77};
        rg_story_clear(&ctx);
        assert_int_equal(read_text(cases[i].text, &shapes), cases[i].err);
        assert_string_equal(ctx.story.key, cases[i].key);
        assert_string_equal(ctx.story.args[0].name, "file");
        assert_string_equal(ctx.story.args[0].value, "prova.geojson");
        assert_int_equal(shapes.n_shapes, 77);
    }
}

static void
reading_survives_the_nth_failed_allocation(void **state)
{
    for (long n = 1;; n++) {
        struct rg_ctx own;
        struct territory_shapes shapes = {0};
        assert_int_equal(rg_ctx_init(&own, 1 << 20), RG_OK);
        rg_alloc_fail_after(n);
        enum rg_err err = territory_shapes_read(&own, own.arena, str_of(two_squares), "f",
                                                NULL, &shapes);
        rg_alloc_fail_after(0);
        rg_ctx_done(&own);
        if (err == RG_OK)
            break;
        assert_int_equal(shapes.n_shapes, 0);
    }
}

/* The slow obvious version, in floating point, which is exact for these small numbers. */
static bool
twin_has(const struct territory_shapes *shapes, uint32_t s, double x, double y)
{
    bool inside = false;
    for (uint32_t r = shapes->shapes[s].first_ring;
         r < shapes->shapes[s].first_ring + shapes->shapes[s].n_rings; r++)
        for (uint32_t i = 0; i < shapes->rings[r].n; i++) {
            struct territory_point a = shapes->points[shapes->rings[r].first + i];
            struct territory_point b =
                shapes->points[shapes->rings[r].first + (i + 1) % shapes->rings[r].n];
            if ((a.lat_e7 > y) != (b.lat_e7 > y) &&
                x < (double)(b.lon_e7 - a.lon_e7) * (y - a.lat_e7) / (b.lat_e7 - a.lat_e7) +
                        a.lon_e7)
                inside = !inside;
        }
    return inside;
}

static struct territory_shapes
random_world(uint32_t n)
{
    struct territory_shapes world = {.shapes = RG_ARRAY(ctx.arena, struct territory_shape, n),
                                     .rings = RG_ARRAY(ctx.arena, struct territory_ring, 2 * n),
                                     .points = RG_ARRAY(ctx.arena, struct territory_point, 16 * n)};
    for (; world.n_shapes < n; world.n_shapes++) {
        struct territory_shape *shape = &world.shapes[world.n_shapes];
        *shape = (struct territory_shape){.code = STR("x"),
                                          .first_ring = world.n_rings,
                                          .n_rings = 1 + (uint32_t)(rg_chance(&ctx) % 2),
                                          .low = {INT32_MAX, INT32_MAX},
                                          .high = {INT32_MIN, INT32_MIN}};
        for (uint32_t r = 0; r < shape->n_rings; r++) {
            struct territory_ring *ring = &world.rings[world.n_rings++];
            *ring = (struct territory_ring){world.n_points, 3 + (uint32_t)(rg_chance(&ctx) % 5),
                                            r > 0};
            for (uint32_t i = 0; i < ring->n; i++) {
                struct territory_point p = {(int32_t)(rg_chance(&ctx) % 64) - 32,
                                            (int32_t)(rg_chance(&ctx) % 64) - 32};
                world.points[world.n_points++] = p;
                shape->low.lon_e7 = p.lon_e7 < shape->low.lon_e7 ? p.lon_e7 : shape->low.lon_e7;
                shape->low.lat_e7 = p.lat_e7 < shape->low.lat_e7 ? p.lat_e7 : shape->low.lat_e7;
                shape->high.lon_e7 =
                    p.lon_e7 > shape->high.lon_e7 ? p.lon_e7 : shape->high.lon_e7;
                shape->high.lat_e7 =
                    p.lat_e7 > shape->high.lat_e7 ? p.lat_e7 : shape->high.lat_e7;
            }
        }
    }
    return world;
}

static void
grid_answers_as_a_plain_loop_over_all_edges(void **state)
{
    ctx.chance = 3;
    for (int round = 0; round < 200; round++) {
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        struct territory_shapes world = random_world(1 + (uint32_t)(rg_chance(&ctx) % 6));
        const struct territory_grid *grid;
        assert_int_equal(territory_grid_build(&ctx, ctx.arena, &world, &grid), RG_OK);
        for (int try = 0; try < 200; try++) {
            struct territory_point p = {(int32_t)(rg_chance(&ctx) % 80) - 40,
                                        (int32_t)(rg_chance(&ctx) % 80) - 40};
            uint32_t expected = TERRITORY_NOWHERE;
            for (uint32_t s = world.n_shapes; s-- > 0;)
                if (twin_has(&world, s, p.lon_e7, p.lat_e7))
                    expected = s;
            assert_int_equal(territory_grid_find(grid, p), expected);
        }
        rg_arena_release(ctx.arena, mark);
    }
}

static void
text_of_a_shape_reads_back_point_for_point(void **state)
{
    ctx.chance = 5;
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 16);
    for (int round = 0; round < 100; round++) {
        struct territory_shapes world = random_world(1), back;
        for (uint32_t i = 0; i < world.n_points; i++)
            world.points[i].lon_e7 *= (int32_t)(rg_chance(&ctx) % 50000000);
        rg_buf_reset(&buf);
        territory_shape_format(&buf, &world, 0);
        struct str line = rg_buf_view(&buf), code = STR("x");
        assert_int_equal(territory_shapes_parse(&ctx, ctx.arena, &code, &line, 1, &back), RG_OK);
        assert_int_equal(back.n_rings, world.n_rings);
        assert_memory_equal(back.rings, world.rings, world.n_rings * sizeof(*world.rings));
        assert_memory_equal(back.points, world.points, world.n_points * sizeof(*world.points));
        line.n--; /* cut: refused, or a whole point short, never read past */
        if (territory_shapes_parse(&ctx, ctx.arena, &code, &line, 1, &back) == RG_OK)
            assert_true(back.n_points < world.n_points);
        rg_story_clear(&ctx);
    }
    rg_buf_done(&buf);
}

static void
nearest_seat_is_the_one_of_a_plain_scan(void **state)
{
    ctx.chance = 9;
    struct territory_point seats[40];
    for (int round = 0; round < 300; round++) {
        size_t n = 1 + rg_chance(&ctx) % RG_COUNT(seats);
        for (size_t i = 0; i < n; i++)
            seats[i] = at(6.5 + (double)(rg_chance(&ctx) % 1000) / 600,
                          44.7 + (double)(rg_chance(&ctx) % 1000) / 1000);
        struct territory_point p = at(6.5 + (double)(rg_chance(&ctx) % 1000) / 600,
                                      44.7 + (double)(rg_chance(&ctx) % 1000) / 1000);
        double best = INFINITY, dist_m = -1;
        for (size_t i = 0; i < n; i++)
            best = fmin(best, rg_distance_m(p.lat_e7, p.lon_e7, seats[i].lat_e7, seats[i].lon_e7));
        assert_true(territory_seat_nearest(seats, n, p, &dist_m) < n);
        assert_true(dist_m == best);
    }
    assert_int_equal(territory_seat_nearest(seats, 0, at(7, 45), NULL), TERRITORY_NOWHERE);
}

static struct str
file_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return STR_NONE;
    enum { MAX = 4 << 20 };
    char *bytes = RG_ARRAY(ctx.arena, char, MAX);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, MAX, f);
    fclose(f);
    return str_n(bytes, n);
}

static struct str
shared_read(const char *name)
{
    const char *shared = getenv("REGIA_SHARED");
    char path[1024];
    snprintf(path, sizeof(path), "%s/data/torino/%s", shared ? shared : "../shared", name);
    struct str bytes = file_read(path);
    if (!bytes.p)
        print_message("%s is not here: skipped\n", path);
    return bytes;
}

static void
every_real_seat_lies_in_its_own_boundary(void **state)
{
    static const char *const files[] = {"boundaries.geojson", "boundaries-simplified.topo.json"};
    struct str facts = file_read("packs/torino/comuni.csv");
    for (size_t f = 0; f < RG_COUNT(files); f++) {
        struct str bytes = shared_read(files[f]);
        if (!bytes.p || !facts.p)
            skip();
        struct territory_shapes shapes;
        const struct territory_grid *grid;
        assert_int_equal(
            territory_shapes_read(&ctx, ctx.arena, bytes, files[f], NULL, &shapes), RG_OK);
        assert_int_equal(shapes.n_shapes, 312);
        assert_int_equal(territory_grid_build(&ctx, ctx.arena, &shapes, &grid), RG_OK);
        struct rg_csv csv;
        rg_csv_init(&csv, facts);
        assert_true(rg_csv_next(&csv));
        ptrdiff_t code = rg_csv_column(&csv, STR("istat_code"));
        ptrdiff_t lat = rg_csv_column(&csv, STR("seat_lat"));
        ptrdiff_t lon = rg_csv_column(&csv, STR("seat_lon"));
        size_t n = 0, n_inside = 0;
        for (; rg_csv_next(&csv); n++) {
            struct territory_point p;
            assert_true(rg_parse_e7(csv.fields[lat], &p.lat_e7));
            assert_true(rg_parse_e7(csv.fields[lon], &p.lon_e7));
            uint32_t s = territory_grid_find(grid, p);
            n_inside += s != TERRITORY_NOWHERE && str_eq(shapes.shapes[s].code, csv.fields[code]);
        }
        rg_csv_done(&csv);
        assert_int_equal(n, 312);
        if (f == 0)
            assert_int_equal(n_inside, 312);
        else /* simplified: a seat near a border may fall across it */
            assert_true(n_inside >= 300);
    }
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(geojson_is_read_with_holes_parts_and_codes),
        CASE(topojson_arcs_are_joined_forwards_and_backwards),
        CASE(what_is_wrong_is_said_with_file_and_feature),
        CASE(reading_survives_the_nth_failed_allocation),
        CASE(grid_answers_as_a_plain_loop_over_all_edges),
        CASE(text_of_a_shape_reads_back_point_for_point),
        CASE(nearest_seat_is_the_one_of_a_plain_scan),
        CASE(every_real_seat_lies_in_its_own_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
