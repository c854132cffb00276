/* Shapes: points in them, the grid over them, the nearest seat, and their form for a text column.
 * Reading files is shapes_read.c.                                                             */
#include "territory/territory_priv.h"
#include <math.h>

enum {
    GRID_SIDE = 64, /* 64 × 64 boxes over 312 areas: two or three candidates for a point */
    DIGIT_BITS = 5,
    DIGIT_FIRST = '?',
    DIGIT_MORE = 1 << DIGIT_BITS,
};

bool
territory_shape_has(const struct territory_shapes *shapes, uint32_t shape,
                    struct territory_point at)
{
    RG_ASSERT(shape < shapes->n_shapes);
    const struct territory_shape *area = &shapes->shapes[shape];
    if (at.lon_e7 < area->low.lon_e7 || at.lon_e7 > area->high.lon_e7 ||
        at.lat_e7 < area->low.lat_e7 || at.lat_e7 > area->high.lat_e7)
        return false;
    bool inside = false;
    for (uint32_t r = area->first_ring; r < area->first_ring + area->n_rings; r++) {
        const struct territory_ring *ring = &shapes->rings[r];
        const struct territory_point *points = shapes->points + ring->first;
        for (uint32_t i = 0, j = ring->n - 1; i < ring->n; j = i++) {
            struct territory_point a = points[j], b = points[i];
            /* An edge is crossed if the point is at or above one end and below the other. */
            if ((a.lat_e7 > at.lat_e7) == (b.lat_e7 > at.lat_e7))
                continue;
            /* Always from the lower end to the upper, so that the two areas that share the
             * edge compute the same number, and exactly one of them has the point on it. */
            struct territory_point low = a.lat_e7 < b.lat_e7 ? a : b;
            struct territory_point high = a.lat_e7 < b.lat_e7 ? b : a;
            __int128 side = (__int128)((int64_t)high.lon_e7 - low.lon_e7) *
                                ((int64_t)at.lat_e7 - low.lat_e7) -
                            (__int128)((int64_t)high.lat_e7 - low.lat_e7) *
                                ((int64_t)at.lon_e7 - low.lon_e7);
            inside ^= side > 0;
        }
    }
    return inside;
}

struct territory_grid {
    const struct territory_shapes *shapes;
    struct territory_point low;
    int64_t step_lon, step_lat;                   /* of a box, at least 1          */
    uint32_t first[GRID_SIDE * GRID_SIDE + 1];    /* of each box, in list          */
    uint32_t *list;                               /* shapes, rising within a box   */
};

/* The row or column of a coordinate; outside ones go to the border. */
static int
grid_of(int64_t coordinate, int64_t low, int64_t step)
{
    int64_t at = coordinate < low ? 0 : (coordinate - low) / step;
    return at >= GRID_SIDE ? GRID_SIDE - 1 : (int)at;
}

static void
grid_fill(struct territory_grid *grid, uint32_t *next)
{
    for (uint32_t s = 0; s < grid->shapes->n_shapes; s++) {
        const struct territory_shape *shape = &grid->shapes->shapes[s];
        if (shape->n_rings == 0)
            continue;
        int x0 = grid_of(shape->low.lon_e7, grid->low.lon_e7, grid->step_lon);
        int x1 = grid_of(shape->high.lon_e7, grid->low.lon_e7, grid->step_lon);
        int y0 = grid_of(shape->low.lat_e7, grid->low.lat_e7, grid->step_lat);
        int y1 = grid_of(shape->high.lat_e7, grid->low.lat_e7, grid->step_lat);
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++) {
                if (grid->list)
                    grid->list[next[y * GRID_SIDE + x]] = s;
                next[y * GRID_SIDE + x]++;
            }
    }
}

enum rg_err
territory_grid_build(struct rg_ctx *ctx, struct rg_arena *arena,
                     const struct territory_shapes *shapes,
                     const struct territory_grid **ret_grid)
{
    struct territory_grid *grid = RG_NEW(arena, struct territory_grid);
    if (!grid)
        return RG_NO_MEMORY(ctx);
    grid->shapes = shapes;
    struct territory_point low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN};
    for (uint32_t i = 0; i < shapes->n_points; i++) {
        struct territory_point p = shapes->points[i];
        low.lon_e7 = p.lon_e7 < low.lon_e7 ? p.lon_e7 : low.lon_e7;
        low.lat_e7 = p.lat_e7 < low.lat_e7 ? p.lat_e7 : low.lat_e7;
        high.lon_e7 = p.lon_e7 > high.lon_e7 ? p.lon_e7 : high.lon_e7;
        high.lat_e7 = p.lat_e7 > high.lat_e7 ? p.lat_e7 : high.lat_e7;
    }
    if (shapes->n_points == 0)
        low = high = (struct territory_point){0, 0};
    grid->low = low;
    grid->step_lon = ((int64_t)high.lon_e7 - low.lon_e7) / GRID_SIDE + 1;
    grid->step_lat = ((int64_t)high.lat_e7 - low.lat_e7) / GRID_SIDE + 1;
    uint32_t *next = RG_ARRAY(arena, uint32_t, GRID_SIDE * GRID_SIDE);
    if (!next)
        return RG_NO_MEMORY(ctx);
    grid_fill(grid, next); /* counts */
    uint32_t total = 0;
    for (int i = 0; i < GRID_SIDE * GRID_SIDE; i++) {
        grid->first[i] = total;
        total += next[i]; /* at most SHAPES_MAX × 4096 boxes: below 2^32 */
        next[i] = grid->first[i];
    }
    grid->first[GRID_SIDE * GRID_SIDE] = total;
    grid->list = RG_ARRAY(arena, uint32_t, total);
    if (!grid->list)
        return RG_NO_MEMORY(ctx);
    grid_fill(grid, next);
    *ret_grid = grid;
    return RG_OK;
}

uint32_t
territory_grid_find(const struct territory_grid *grid, struct territory_point at)
{
    int box = grid_of(at.lat_e7, grid->low.lat_e7, grid->step_lat) * GRID_SIDE +
              grid_of(at.lon_e7, grid->low.lon_e7, grid->step_lon);
    for (uint32_t i = grid->first[box]; i < grid->first[box + 1]; i++)
        if (territory_shape_has(grid->shapes, grid->list[i], at))
            return grid->list[i];
    return TERRITORY_NOWHERE;
}

uint32_t
territory_seat_nearest(const struct territory_point *seats, size_t n, struct territory_point at,
                       double *ret_dist_m)
{
    /* Flat earth around the point puts the seats in order; the true distance is taken of those
     * within a hundredth of the best, since flatness errs by less at this scale.             */
    double shrink = cos((double)at.lat_e7 * 1e-7 * (M_PI / 180));
    double flat_best = INFINITY, best_m = INFINITY;
    uint32_t best = TERRITORY_NOWHERE;
    RG_ASSERT(n < TERRITORY_NOWHERE);
    for (size_t i = 0; i < n; i++) {
        double x = ((double)seats[i].lon_e7 - at.lon_e7) * shrink;
        double y = (double)seats[i].lat_e7 - at.lat_e7;
        if (x * x + y * y < flat_best)
            flat_best = x * x + y * y;
    }
    for (size_t i = 0; i < n; i++) {
        double x = ((double)seats[i].lon_e7 - at.lon_e7) * shrink;
        double y = (double)seats[i].lat_e7 - at.lat_e7;
        if (x * x + y * y > flat_best * 1.02 + 1)
            continue;
        double m = rg_distance_m(at.lat_e7, at.lon_e7, seats[i].lat_e7, seats[i].lon_e7);
        if (m < best_m) {
            best_m = m;
            best = (uint32_t)i;
        }
    }
    if (ret_dist_m && best != TERRITORY_NOWHERE)
        *ret_dist_m = best_m;
    return best;
}

/* ---- one shape as a line of text ------------------------------------------------------------- */

static void
put_difference(struct rg_buf *out, int64_t difference)
{
    uint64_t bits = (uint64_t)difference << 1 ^ (uint64_t)(difference >> 63);
    do {
        unsigned digit = (unsigned)bits & (DIGIT_MORE - 1);
        bits >>= DIGIT_BITS;
        rg_buf_c(out, (char)(DIGIT_FIRST + (digit | (bits ? DIGIT_MORE : 0))));
    } while (bits);
}

static bool
take_difference(struct str *line, int64_t *ret)
{
    uint64_t bits = 0;
    for (unsigned shift = 0; shift < 40 && line->n > 0; shift += DIGIT_BITS) {
        unsigned digit = (unsigned char)line->p[0] - (unsigned)DIGIT_FIRST;
        if (digit >= 2 * DIGIT_MORE)
            return false;
        *line = str_n(line->p + 1, line->n - 1);
        bits |= (uint64_t)(digit & (DIGIT_MORE - 1)) << shift;
        if (!(digit & DIGIT_MORE)) {
            *ret = (int64_t)(bits >> 1) ^ -(int64_t)(bits & 1);
            return true;
        }
    }
    return false;
}

void
territory_shape_format(struct rg_buf *out, const struct territory_shapes *shapes, uint32_t shape)
{
    RG_ASSERT(shape < shapes->n_shapes);
    const struct territory_shape *area = &shapes->shapes[shape];
    struct territory_point last = {0, 0};
    for (uint32_t r = area->first_ring; r < area->first_ring + area->n_rings; r++) {
        const struct territory_ring *ring = &shapes->rings[r];
        rg_buf_c(out, ring->hole ? ',' : ';');
        for (uint32_t i = ring->first; i < ring->first + ring->n; i++) {
            struct territory_point p = shapes->points[i];
            put_difference(out, (int64_t)p.lon_e7 - last.lon_e7);
            put_difference(out, (int64_t)p.lat_e7 - last.lat_e7);
            last = p;
        }
    }
}

/* Read one line; with arrays in shapes it fills them, without it only counts. */
static bool
line_read(struct str line, struct territory_shapes *shapes)
{
    struct territory_point last = {0, 0};
    bool fill = shapes->points != NULL;
    uint32_t ring_points = 3;
    struct territory_point low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN};
    while (line.n > 0) {
        if (line.p[0] == ';' || line.p[0] == ',') {
            if (ring_points < 3 || shapes->n_rings == UINT32_MAX)
                return false;
            if (fill)
                shapes->rings[shapes->n_rings] =
                    (struct territory_ring){.first = shapes->n_points, .hole = line.p[0] == ','};
            shapes->n_rings++;
            ring_points = 0;
            line = str_n(line.p + 1, line.n - 1);
            continue;
        }
        int64_t lon, lat;
        if (shapes->n_rings == 0 || !take_difference(&line, &lon) || !take_difference(&line, &lat))
            return false;
        lon += last.lon_e7;
        lat += last.lat_e7;
        if (lon < -1800000000 || lon > 1800000000 || lat < -900000000 || lat > 900000000 ||
            shapes->n_points == TERRITORY_POINTS_MAX)
            return false;
        last = (struct territory_point){(int32_t)lon, (int32_t)lat};
        if (fill) {
            shapes->points[shapes->n_points] = last;
            shapes->rings[shapes->n_rings - 1].n++;
            low.lon_e7 = last.lon_e7 < low.lon_e7 ? last.lon_e7 : low.lon_e7;
            low.lat_e7 = last.lat_e7 < low.lat_e7 ? last.lat_e7 : low.lat_e7;
            high.lon_e7 = last.lon_e7 > high.lon_e7 ? last.lon_e7 : high.lon_e7;
            high.lat_e7 = last.lat_e7 > high.lat_e7 ? last.lat_e7 : high.lat_e7;
        }
        shapes->n_points++;
        ring_points++;
    }
    if (fill) {
        shapes->shapes[shapes->n_shapes].low = low;
        shapes->shapes[shapes->n_shapes].high = high;
    }
    return ring_points >= 3;
}

enum rg_err
territory_shapes_parse(struct rg_ctx *ctx, struct rg_arena *arena, const struct str *codes,
                       const struct str *lines, size_t n, struct territory_shapes *ret_shapes)
{
    if (n > TERRITORY_SHAPES_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "territory.too_many_shapes", "max",
                       rg_arena_printf(ctx->arena, "%d", (int)TERRITORY_SHAPES_MAX));
    struct territory_shapes shapes = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t rings_before = shapes.n_rings;
        if (!line_read(lines[i], &shapes) || shapes.n_rings == rings_before)
            return RG_FAIL(ctx, RG_BROKEN, "territory.boundary_damaged", "code",
                           rg_arena_cstr(ctx->arena, codes[i]));
    }
    shapes.shapes = RG_ARRAY(arena, struct territory_shape, n);
    shapes.rings = RG_ARRAY(arena, struct territory_ring, shapes.n_rings);
    shapes.points = RG_ARRAY(arena, struct territory_point, shapes.n_points);
    if (!shapes.shapes || !shapes.rings || !shapes.points)
        return RG_NO_MEMORY(ctx);
    shapes.n_rings = shapes.n_points = 0;
    for (; shapes.n_shapes < n; shapes.n_shapes++) {
        struct territory_shape *shape = &shapes.shapes[shapes.n_shapes];
        shape->code = codes[shapes.n_shapes];
        shape->first_ring = shapes.n_rings;
        RG_ASSERT(line_read(lines[shapes.n_shapes], &shapes));
        shape->n_rings = shapes.n_rings - shape->first_ring;
    }
    *ret_shapes = shapes;
    return RG_OK;
}
