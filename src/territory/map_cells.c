/* Cells around seats, by GEOS. Its objects live only inside territory_map_cells. */
#include "territory/territory_priv.h"
#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double hull_ratio = 0.3;   /* how far the outline follows the seats inwards */
static const double hull_margin = 0.05; /* degrees of latitude: about 5.5 km              */
static const double part_deg = 1e-5;    /* about a metre                                  */
enum { ARC_POINTS = 4 };

struct cells {
    struct rg_ctx *ctx;
    GEOSContextHandle_t geos;
    char fault[160];
    double shrink;       /* longitudes become as long as latitudes */
    double *x, *y;       /* of the seats                           */
    size_t n;
    GEOSGeometry *hull;
    GEOSGeometry *diagram;
    GEOSGeometry **cut;  /* the cell of each seat, inside the hull  */
};

static void
fault_keep(const char *message, void *to)
{
    struct cells *cells = to;
    snprintf(cells->fault, sizeof(cells->fault), "%s", message);
}

static enum rg_err
geos_failed(struct cells *cells)
{
    rg_detail(cells->ctx, "GEOS: %s", cells->fault);
    return RG_FAIL(cells->ctx, RG_BROKEN, "territory.cells_failed");
}

static GEOSGeometry *
point_of(struct cells *cells, size_t i)
{
    return GEOSGeom_createPointFromXY_r(cells->geos, cells->x[i], cells->y[i]);
}

static GEOSGeometry *
seats_geometry(struct cells *cells)
{
    GEOSGeometry **points = RG_ARRAY(cells->ctx->arena, GEOSGeometry *, cells->n);
    if (!points)
        return NULL;
    for (size_t i = 0; i < cells->n; i++) {
        points[i] = point_of(cells, i);
        if (!points[i]) {
            while (i > 0)
                GEOSGeom_destroy_r(cells->geos, points[--i]);
            return NULL;
        }
    }
    return GEOSGeom_createCollection_r(cells->geos, GEOS_MULTIPOINT, points, (unsigned)cells->n);
}

struct seat {
    struct territory_point at;
    size_t ix;
};

static int
seat_cmp(const void *a, const void *b)
{
    const struct seat *x = a, *y = b;
    if (x->at.lon_e7 != y->at.lon_e7)
        return (x->at.lon_e7 > y->at.lon_e7) - (x->at.lon_e7 < y->at.lon_e7);
    if (x->at.lat_e7 != y->at.lat_e7)
        return (x->at.lat_e7 > y->at.lat_e7) - (x->at.lat_e7 < y->at.lat_e7);
    return (x->ix > y->ix) - (x->ix < y->ix);
}

/* Seats as plane coordinates; those in one place are set a metre apart, northwards. */
static bool
seats_place(struct cells *cells, const struct territory_point *seats)
{
    struct seat *order = RG_ARRAY(cells->ctx->arena, struct seat, cells->n);
    cells->x = RG_ARRAY(cells->ctx->arena, double, cells->n);
    cells->y = RG_ARRAY(cells->ctx->arena, double, cells->n);
    cells->cut = RG_ARRAY(cells->ctx->arena, GEOSGeometry *, cells->n);
    if (!order || !cells->x || !cells->y || !cells->cut)
        return false;
    double sum = 0;
    for (size_t i = 0; i < cells->n; i++) {
        order[i] = (struct seat){seats[i], i};
        sum += seats[i].lat_e7 * 1e-7;
    }
    qsort(order, cells->n, sizeof(*order), seat_cmp);
    cells->shrink = fmax(0.01, cos(sum / (double)cells->n * (M_PI / 180)));
    double shift = 0;
    for (size_t i = 0; i < cells->n; i++) {
        bool again = i > 0 && order[i].at.lon_e7 == order[i - 1].at.lon_e7 &&
                     order[i].at.lat_e7 == order[i - 1].at.lat_e7;
        shift = again ? shift + part_deg : 0;
        cells->x[order[i].ix] = order[i].at.lon_e7 * 1e-7 * cells->shrink;
        cells->y[order[i].ix] = order[i].at.lat_e7 * 1e-7 + shift;
    }
    return true;
}

static enum rg_err
diagram_make(struct cells *cells)
{
    GEOSGeometry *seats = seats_geometry(cells);
    if (!seats)
        return geos_failed(cells);
    GEOSGeometry *outline = GEOSConcaveHull_r(cells->geos, seats, hull_ratio, 0);
    if (outline)
        cells->hull = GEOSBuffer_r(cells->geos, outline, hull_margin, ARC_POINTS);
    if (cells->hull && cells->n > 1)
        cells->diagram = GEOSVoronoiDiagram_r(cells->geos, seats, cells->hull, 0, 0);
    GEOSGeom_destroy_r(cells->geos, outline);
    GEOSGeom_destroy_r(cells->geos, seats);
    return cells->hull && (cells->diagram || cells->n == 1) ? RG_OK : geos_failed(cells);
}

/* GEOS gives the cells in no promised order: find the one that holds each seat. */
static enum rg_err
diagram_match(struct cells *cells)
{
    if (cells->n == 1) {
        cells->cut[0] = GEOSGeom_clone_r(cells->geos, cells->hull);
        return cells->cut[0] ? RG_OK : geos_failed(cells);
    }
    int n_cells = GEOSGetNumGeometries_r(cells->geos, cells->diagram);
    for (int c = 0; c < n_cells; c++) {
        const GEOSGeometry *cell = GEOSGetGeometryN_r(cells->geos, cells->diagram, c);
        double x0, y0, x1, y1;
        if (!GEOSGeom_getExtent_r(cells->geos, cell, &x0, &y0, &x1, &y1))
            return geos_failed(cells);
        for (size_t i = 0; i < cells->n; i++) {
            if (cells->cut[i] || cells->x[i] < x0 || cells->x[i] > x1 || cells->y[i] < y0 ||
                cells->y[i] > y1)
                continue;
            GEOSGeometry *seat = point_of(cells, i);
            bool inside = seat && GEOSContains_r(cells->geos, cell, seat) == 1;
            GEOSGeom_destroy_r(cells->geos, seat);
            if (!inside)
                continue;
            cells->cut[i] = GEOSIntersection_r(cells->geos, cell, cells->hull);
            if (!cells->cut[i])
                return geos_failed(cells);
            break;
        }
    }
    for (size_t i = 0; i < cells->n; i++)
        if (!cells->cut[i])
            return geos_failed(cells);
    return RG_OK;
}

/* One ring into shapes; without arrays it only counts. GEOS repeats the first point. */
static bool
ring_take(struct cells *cells, const GEOSGeometry *line, bool hole,
          struct territory_shapes *shapes)
{
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(cells->geos, line);
    unsigned size = 0;
    if (!sequence || !GEOSCoordSeq_getSize_r(cells->geos, sequence, &size) || size < 4)
        return false;
    if (shapes->rings)
        shapes->rings[shapes->n_rings] = (struct territory_ring){shapes->n_points, size - 1, hole};
    shapes->n_rings++;
    for (unsigned i = 0; i + 1 < size; i++, shapes->n_points++) {
        double x, y;
        if (!GEOSCoordSeq_getXY_r(cells->geos, sequence, i, &x, &y))
            return false;
        if (shapes->points)
            shapes->points[shapes->n_points] = (struct territory_point){
                (int32_t)lround(x / cells->shrink * 1e7), (int32_t)lround(y * 1e7)};
    }
    return true;
}

static bool
cell_take(struct cells *cells, const GEOSGeometry *cell, struct territory_shapes *shapes)
{
    bool ok = true;
    int n = GEOSGetNumGeometries_r(cells->geos, cell);
    for (int i = 0; i < n && ok; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(cells->geos, cell, i);
        if (GEOSGeomTypeId_r(cells->geos, part) != GEOS_POLYGON)
            continue; /* a cell that touches the hull in a line leaves that line too */
        ok = ring_take(cells, GEOSGetExteriorRing_r(cells->geos, part), false, shapes);
        int n_holes = GEOSGetNumInteriorRings_r(cells->geos, part);
        for (int h = 0; h < n_holes && ok; h++)
            ok = ring_take(cells, GEOSGetInteriorRingN_r(cells->geos, part, h), true, shapes);
    }
    return ok;
}

static bool
cells_take(struct cells *cells, const struct str *codes, struct territory_shapes *shapes)
{
    shapes->n_rings = shapes->n_points = 0;
    for (size_t i = 0; i < cells->n; i++) {
        uint32_t first_ring = shapes->n_rings, first = shapes->n_points;
        if (!cell_take(cells, cells->cut[i], shapes) || shapes->n_rings == first_ring)
            return false;
        if (!shapes->points)
            continue;
        struct territory_shape *shape = &shapes->shapes[i];
        *shape = (struct territory_shape){.code = codes[i],
                                          .first_ring = first_ring,
                                          .n_rings = shapes->n_rings - first_ring,
                                          .low = shapes->points[first],
                                          .high = shapes->points[first]};
        for (uint32_t p = first; p < shapes->n_points; p++) {
            struct territory_point at = shapes->points[p];
            shape->low.lon_e7 = at.lon_e7 < shape->low.lon_e7 ? at.lon_e7 : shape->low.lon_e7;
            shape->low.lat_e7 = at.lat_e7 < shape->low.lat_e7 ? at.lat_e7 : shape->low.lat_e7;
            shape->high.lon_e7 = at.lon_e7 > shape->high.lon_e7 ? at.lon_e7 : shape->high.lon_e7;
            shape->high.lat_e7 = at.lat_e7 > shape->high.lat_e7 ? at.lat_e7 : shape->high.lat_e7;
        }
    }
    return true;
}

static enum rg_err
cells_make(struct cells *cells, struct rg_arena *arena, const struct str *codes,
           struct territory_shapes *ret_shapes)
{
    enum rg_err err = diagram_make(cells);
    if (!err)
        err = diagram_match(cells);
    if (err)
        return err;
    struct territory_shapes shapes = {.n_shapes = (uint32_t)cells->n};
    if (!cells_take(cells, codes, &shapes))
        return geos_failed(cells);
    shapes.shapes = RG_ARRAY(arena, struct territory_shape, cells->n);
    shapes.rings = RG_ARRAY(arena, struct territory_ring, shapes.n_rings);
    shapes.points = RG_ARRAY(arena, struct territory_point, shapes.n_points);
    if (!shapes.shapes || !shapes.rings || !shapes.points)
        return RG_NO_MEMORY(cells->ctx);
    if (!cells_take(cells, codes, &shapes))
        return geos_failed(cells);
    *ret_shapes = shapes;
    return RG_OK;
}

enum rg_err
territory_map_cells(struct rg_ctx *ctx, struct rg_arena *arena,
                    const struct territory_point *seats, const struct str *codes, size_t n,
                    struct territory_shapes *ret_shapes)
{
    if (n == 0)
        return RG_FAIL(ctx, RG_INVALID, "territory.nothing_to_draw");
    if (n > TERRITORY_SEATS_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "territory.too_many_shapes", "max",
                       rg_arena_printf(ctx->arena, "%d", (int)TERRITORY_SEATS_MAX));
    struct cells cells = {.ctx = ctx, .n = n};
    if (!seats_place(&cells, seats))
        return RG_NO_MEMORY(ctx);
    cells.geos = GEOS_init_r();
    if (!cells.geos)
        return RG_NO_MEMORY(ctx);
    GEOSContext_setErrorMessageHandler_r(cells.geos, fault_keep, &cells);
    enum rg_err err = cells_make(&cells, arena, codes, ret_shapes);
    for (size_t i = 0; i < n; i++)
        GEOSGeom_destroy_r(cells.geos, cells.cut[i]);
    GEOSGeom_destroy_r(cells.geos, cells.diagram);
    GEOSGeom_destroy_r(cells.geos, cells.hull);
    GEOS_finish_r(cells.geos);
    return err;
}
