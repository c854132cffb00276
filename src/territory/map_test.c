/* The drawing: every shape once, neighbours meeting, detail given up before size. */
#include "territory/kernel.h"
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EDGES_MAX = 20000, MAP_MAX = 40 * 1024 };

static struct rg_ctx ctx;
static struct rg_buf svg;

static int
setup(void **state)
{
    rg_buf_init(&svg, 4 << 20);
    return rg_ctx_init(&ctx, 256 * 1024 * 1024) != RG_OK;
}

static int
teardown(void **state)
{
    rg_buf_done(&svg);
    rg_ctx_done(&ctx);
    return 0;
}

struct edge {
    int x0, y0, x1, y1;
    int n; /* rings that use it, either way */
};

static struct edge edges[EDGES_MAX];
static size_t n_edges;

static void
edge_add(int x0, int y0, int x1, int y1)
{
    if (x0 > x1 || (x0 == x1 && y0 > y1)) {
        int x = x0, y = y0;
        x0 = x1;
        y0 = y1;
        x1 = x;
        y1 = y;
    }
    for (size_t i = 0; i < n_edges; i++)
        if (edges[i].x0 == x0 && edges[i].y0 == y0 && edges[i].x1 == x1 && edges[i].y1 == y1) {
            edges[i].n++;
            return;
        }
    assert_true(n_edges < EDGES_MAX);
    edges[n_edges++] = (struct edge){x0, y0, x1, y1, 1};
}

/* Read the paths of a drawing back as edges; the number of paths. */
static size_t
drawing_read(struct str text)
{
    size_t n_paths = 0;
    struct str line;
    n_edges = 0;
    while (str_cut(&text, '\n', &line)) {
        ptrdiff_t at = str_find(line, STR(" d=\""));
        if (at < 0)
            continue;
        n_paths++;
        const char *p = line.p + at + 4;
        int x = 0, y = 0, x0 = 0, y0 = 0;
        while (*p == 'm') {
            char *end;
            x = x0 + (int)strtol(p + 1, &end, 10);
            y = y0 + (int)strtol(end, &end, 10);
            x0 = x;
            y0 = y;
            for (p = end; *p != 'z';) {
                assert_true(*p == ' ' || *p == '-');
                int dx = (int)strtol(p, &end, 10), dy = (int)strtol(end, &end, 10);
                edge_add(x, y, x + dx, y + dy);
                x += dx;
                y += dy;
                p = end;
            }
            edge_add(x, y, x0, y0);
            p++;
        }
        assert_true(*p == '"');
    }
    return n_paths;
}

/* A world without gaps: edges of one ring only make one closed line around everything, and none
 * belongs to more than two.                                                                     */
static void
assert_no_gaps(void)
{
    size_t n_outer = 0, walked = 1, at = 0;
    for (size_t i = 0; i < n_edges; i++) {
        assert_in_range(edges[i].n, 1, 2);
        if (edges[i].n == 1) {
            n_outer++;
            at = i;
        }
    }
    int x = edges[at].x1, y = edges[at].y1;
    edges[at].n = 0;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n_edges; i++) {
            struct edge *e = &edges[i];
            if (e->n != 1 || !((e->x0 == x && e->y0 == y) || (e->x1 == x && e->y1 == y)))
                continue;
            bool forwards = e->x0 == x && e->y0 == y;
            x = forwards ? e->x1 : e->x0;
            y = forwards ? e->y1 : e->y0;
            e->n = 0;
            walked++;
            more = true;
            break;
        }
    }
    assert_int_equal(walked, n_outer);
}

static struct territory_shapes
random_cells(size_t n, struct territory_point *seats)
{
    struct str *codes = RG_ARRAY(ctx.arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        codes[i] = str_of(rg_arena_printf(ctx.arena, "%03zu", i));
        seats[i] = (struct territory_point){70000000 + (int32_t)(rg_chance(&ctx) % 8000000),
                                            450000000 + (int32_t)(rg_chance(&ctx) % 6000000)};
    }
    struct territory_shapes shapes;
    assert_int_equal(territory_map_cells(&ctx, ctx.arena, seats, codes, n, &shapes), RG_OK);
    return shapes;
}

static void
cells_hold_their_seat_and_the_land_nearest_to_it(void **state)
{
    ctx.chance = 21;
    for (size_t n = 1; n < 40; n += 3) {
        struct territory_point seats[40];
        struct territory_shapes cells = random_cells(n, seats);
        assert_int_equal(cells.n_shapes, n);
        for (uint32_t i = 0; i < n; i++)
            assert_true(territory_shape_has(&cells, i, seats[i]));
        double shrink = cos(45.3 * M_PI / 180);
        for (int round = 0; round < 300; round++) {
            struct territory_point p = {70000000 + (int32_t)(rg_chance(&ctx) % 8000000),
                                        450000000 + (int32_t)(rg_chance(&ctx) % 6000000)};
            for (uint32_t i = 0; i < n; i++) {
                if (!territory_shape_has(&cells, i, p))
                    continue;
                double mine = hypot((p.lon_e7 - seats[i].lon_e7) * shrink,
                                    p.lat_e7 - seats[i].lat_e7);
                for (uint32_t j = 0; j < n; j++) /* 1 %: the middle latitude is the seats' own */
                    assert_true(mine <= 1.01 * hypot((p.lon_e7 - seats[j].lon_e7) * shrink,
                                                     p.lat_e7 - seats[j].lat_e7));
            }
        }
    }
}

static void
seats_in_one_place_get_a_cell_each(void **state)
{
    struct territory_point seats[] = {{70000000, 450000000}, {70000000, 450000000},
                                      {70000000, 450000000}, {71000000, 451000000}};
    struct str codes[] = {STR("a"), STR("b"), STR("c"), STR("d")};
    struct territory_shapes cells;
    assert_int_equal(territory_map_cells(&ctx, ctx.arena, seats, codes, 4, &cells), RG_OK);
    assert_int_equal(cells.n_shapes, 4);
}

static void
simplified_neighbours_keep_their_common_border(void **state)
{
    ctx.chance = 33;
    for (int round = 0; round < 12; round++) {
        struct territory_point seats[30];
        struct territory_shapes cells = random_cells(30, seats);
        struct territory_map_frame frame;
        struct territory_map_options options = {.width = 4000, .max_bytes = 1 << 16, .prefix = "c"};
        rg_buf_reset(&svg);
        assert_int_equal(territory_map_draw(&ctx, &cells, &options, &svg, &frame), RG_OK);
        assert_int_equal(drawing_read(rg_buf_view(&svg)), 30);
        assert_no_gaps();
        size_t whole = svg.n, n_whole = n_edges;
        options.max_bytes = whole * 95 / 100; /* now with fewer vertices */
        rg_buf_reset(&svg);
        assert_int_equal(territory_map_draw(&ctx, &cells, &options, &svg, &frame), RG_OK);
        assert_true(svg.n <= options.max_bytes);
        assert_int_equal(drawing_read(rg_buf_view(&svg)), 30);
        assert_true(n_edges < n_whole);
        assert_no_gaps();
    }
}

static void
drawing_that_cannot_fit_is_refused(void **state)
{
    struct territory_point seats[30];
    struct territory_shapes cells = random_cells(30, seats);
    struct territory_map_options options = {.width = 800, .max_bytes = 300, .prefix = "c"};
    struct territory_map_frame frame;
    assert_int_equal(territory_map_draw(&ctx, &cells, &options, &svg, &frame), RG_LIMIT);
    assert_int_equal(svg.n, 0);
    rg_story_clear(&ctx);
    cells.shapes[3].code = STR("\"><script>");
    options.max_bytes = 1 << 16;
    assert_int_equal(territory_map_draw(&ctx, &cells, &options, &svg, &frame), RG_INVALID);
}

static void
places_fall_where_the_drawing_has_them(void **state)
{
    struct territory_point seats[] = {{70000000, 450000000}, {80000000, 460000000}};
    struct str codes[] = {STR("a"), STR("b")};
    struct territory_shapes cells;
    struct territory_map_frame frame;
    struct territory_map_options options = {.width = 1000, .max_bytes = 1 << 16, .prefix = "c"};
    assert_int_equal(territory_map_cells(&ctx, ctx.arena, seats, codes, 2, &cells), RG_OK);
    assert_int_equal(territory_map_draw(&ctx, &cells, &options, &svg, &frame), RG_OK);
    double x0, y0, x1, y1;
    territory_map_place(&frame, seats[0], &x0, &y0);
    territory_map_place(&frame, seats[1], &x1, &y1);
    assert_true(x0 > 0 && x1 < frame.width && x0 < x1);
    assert_true(y1 > 0 && y0 < frame.height && y1 < y0);
    /* One degree of longitude is cos 45.5° of a degree of latitude. */
    assert_true(fabs((x1 - x0) / (y0 - y1) - cos(45.5 * M_PI / 180)) < 0.01);
}

static struct str
shared_read(const char *name)
{
    const char *shared = getenv("REGIA_SHARED");
    char path[1024];
    snprintf(path, sizeof(path), "%s/data/torino/%s", shared ? shared : "../shared", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("%s is not here: skipped\n", path);
        return STR_NONE;
    }
    enum { MAX = 1 << 20 };
    char *bytes = RG_ARRAY(ctx.arena, char, MAX);
    assert_non_null(bytes);
    size_t n = fread(bytes, 1, MAX, f);
    fclose(f);
    return str_n(bytes, n);
}

static void
real_boundaries_draw_in_forty_kilobytes_without_gaps(void **state)
{
    static const char *const files[] = {"boundaries.geojson", "boundaries-simplified.topo.json"};
    for (size_t f = 0; f < RG_COUNT(files); f++) {
        struct str bytes = shared_read(files[f]);
        if (!bytes.p)
            skip();
        struct territory_shapes shapes;
        struct territory_map_frame frame;
        struct territory_map_options options = {.width = 800, .max_bytes = MAP_MAX, .prefix = "c"};
        assert_int_equal(
            territory_shapes_read(&ctx, ctx.arena, bytes, files[f], NULL, &shapes), RG_OK);
        rg_buf_reset(&svg);
        assert_int_equal(territory_map_draw(&ctx, &shapes, &options, &svg, &frame), RG_OK);
        assert_true(svg.n <= MAP_MAX && svg.n > MAP_MAX / 2);
        assert_int_equal(drawing_read(rg_buf_view(&svg)), 312);
        size_t n_once = 0;
        for (size_t i = 0; i < n_edges; i++)
            n_once += edges[i].n == 1;
        print_message("%s: %zu bytes, %d × %d, %zu edges, %zu of one area only\n", files[f],
                      svg.n, frame.width, frame.height, n_edges, n_once);
        assert_true(n_once < n_edges / 4); /* the outline and the borders of exclaves */
        const char *keep = getenv("REGIA_KEEP_MAP"); /* to look at it */
        FILE *out = keep ? fopen(keep, "wb") : NULL;
        if (out) {
            fwrite(svg.p, 1, svg.n, out);
            fclose(out);
        }
    }
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(cells_hold_their_seat_and_the_land_nearest_to_it),
        CASE(seats_in_one_place_get_a_cell_each),
        CASE(simplified_neighbours_keep_their_common_border),
        CASE(drawing_that_cannot_fit_is_refused),
        CASE(places_fall_where_the_drawing_has_them),
        CASE(real_boundaries_draw_in_forty_kilobytes_without_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
