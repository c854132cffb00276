/* The drawing of all areas. Simplification works on the graph of vertices, not on rings: two
 * areas that share a border share its vertices, so a vertex that goes is gone for both, and no
 * gap or overlap can open. A vertex may go only while it has exactly two neighbours in the
 * whole graph: where three borders meet it stays. */
#include "territory/territory_priv.h"
#include <math.h>
#include <stdlib.h>

enum {
    PAD_PX = 2, /* room for a border's stroke                                       */
    FINE = 64,  /* the size of a triangle is measured in 1/64 pixel                 */
    RING_KEEPS = 3,
    WIDTH_MIN = 100,
    WIDTH_MAX = 4000,
};

#define NEVER UINT32_MAX

struct vertex {
    struct territory_point at;
    int32_t x, y; /* in 1/FINE pixel                                         */
    uint32_t near[2];
    uint32_t ring[2];
    uint8_t n_near;   /* 3 stands for more                                       */
    uint8_t n_rings;  /* likewise                                                */
    uint32_t gone;    /* when it goes: 0 first; NEVER                            */
    uint32_t heap_at; /* NEVER: not in the heap                                  */
    int64_t size;     /* of its triangle, doubled                                */
};

struct graph {
    const struct territory_shapes *shapes;
    struct vertex *vertices;
    uint32_t n_vertices;
    uint32_t *ids;       /* vertex of each point of the shapes                */
    uint32_t *ring_left; /* vertices that each ring still has                 */
    uint32_t *heap;
    uint32_t n_heap;
    uint32_t n_gone;
};

static struct territory_map_frame
frame_of(const struct territory_shapes *shapes, int width)
{
    struct territory_point low = shapes->points[0], high = low;
    for (uint32_t i = 1; i < shapes->n_points; i++) {
        struct territory_point p = shapes->points[i];
        low.lon_e7 = p.lon_e7 < low.lon_e7 ? p.lon_e7 : low.lon_e7;
        low.lat_e7 = p.lat_e7 < low.lat_e7 ? p.lat_e7 : low.lat_e7;
        high.lon_e7 = p.lon_e7 > high.lon_e7 ? p.lon_e7 : high.lon_e7;
        high.lat_e7 = p.lat_e7 > high.lat_e7 ? p.lat_e7 : high.lat_e7;
    }
    double wide = ((double)high.lon_e7 - low.lon_e7) * 1e-7;
    double tall = ((double)high.lat_e7 - low.lat_e7) * 1e-7;
    double middle = ((double)high.lat_e7 + low.lat_e7) / 2 * 1e-7;
    double shrink = cos(middle * (M_PI / 180));
    if (shrink < 0.01)
        shrink = 0.01;                                            /* at the poles */
    double longest = wide * shrink > tall ? wide * shrink : tall; /* never a tower of pixels */
    if (longest <= 0)
        longest = 1e-7;
    double scale = (width - 2 * PAD_PX) / longest;
    return (struct territory_map_frame){
        .lon0 = low.lon_e7 * 1e-7 - PAD_PX / (scale * shrink),
        .lat0 = high.lat_e7 * 1e-7 + PAD_PX / scale,
        .x_scale = scale * shrink,
        .y_scale = scale,
        .width = (int)ceil(wide * scale * shrink) + 2 * PAD_PX,
        .height = (int)ceil(tall * scale) + 2 * PAD_PX,
    };
}

void
territory_map_place(const struct territory_map_frame *frame, struct territory_point at,
                    double *ret_x, double *ret_y)
{
    *ret_x = (at.lon_e7 * 1e-7 - frame->lon0) * frame->x_scale;
    *ret_y = (frame->lat0 - at.lat_e7 * 1e-7) * frame->y_scale;
}

/* ---- the graph
 * ------------------------------------------------------------------------------- */

static void
vertex_meets(struct vertex *vertex, uint32_t near)
{
    for (uint8_t i = 0; i < vertex->n_near && i < 2; i++)
        if (vertex->near[i] == near)
            return;
    if (vertex->n_near < 2)
        vertex->near[vertex->n_near] = near;
    if (vertex->n_near < 3)
        vertex->n_near++;
}

static void
vertex_joins(struct vertex *vertex, uint32_t ring)
{
    for (uint8_t i = 0; i < vertex->n_rings && i < 2; i++)
        if (vertex->ring[i] == ring)
            return;
    if (vertex->n_rings < 2)
        vertex->ring[vertex->n_rings] = ring;
    if (vertex->n_rings < 3)
        vertex->n_rings++;
}

/* Give every different point one vertex. */
static bool
vertices_make(struct rg_arena *arena, struct graph *graph,
              const struct territory_map_frame *frame)
{
    const struct territory_shapes *shapes = graph->shapes;
    uint32_t size = 16;
    while (size < shapes->n_points * 2)
        size *= 2;
    uint32_t *table = RG_ARRAY(arena, uint32_t, size);
    graph->vertices = RG_ARRAY(arena, struct vertex, shapes->n_points);
    graph->ids = RG_ARRAY(arena, uint32_t, shapes->n_points);
    graph->heap = RG_ARRAY(arena, uint32_t, shapes->n_points);
    graph->ring_left = RG_ARRAY(arena, uint32_t, shapes->n_rings);
    if (!table || !graph->vertices || !graph->ids || !graph->heap || !graph->ring_left)
        return false;
    for (uint32_t i = 0; i < shapes->n_points; i++) {
        struct territory_point at = shapes->points[i];
        uint32_t slot = (uint32_t)str_hash(str_n((const char *)&at, sizeof(at))) & (size - 1);
        for (; table[slot] != 0; slot = (slot + 1) & (size - 1)) {
            const struct vertex *vertex = &graph->vertices[table[slot] - 1];
            if (vertex->at.lon_e7 == at.lon_e7 && vertex->at.lat_e7 == at.lat_e7)
                break;
        }
        if (table[slot] == 0) {
            double x, y;
            territory_map_place(frame, at, &x, &y);
            graph->vertices[graph->n_vertices] = (struct vertex){.at = at,
                                                                 .x = (int32_t)lround(x * FINE),
                                                                 .y = (int32_t)lround(y * FINE),
                                                                 .gone = NEVER,
                                                                 .heap_at = NEVER};
            table[slot] = ++graph->n_vertices;
        }
        graph->ids[i] = table[slot] - 1;
    }
    return true;
}

static void
rings_join(struct graph *graph)
{
    for (uint32_t r = 0; r < graph->shapes->n_rings; r++) {
        const struct territory_ring *ring = &graph->shapes->rings[r];
        const uint32_t *ids = graph->ids + ring->first;
        graph->ring_left[r] = ring->n;
        for (uint32_t i = 0, before = ring->n - 1; i < ring->n; before = i++) {
            vertex_meets(&graph->vertices[ids[i]], ids[before]);
            vertex_meets(&graph->vertices[ids[before]], ids[i]);
            vertex_joins(&graph->vertices[ids[i]], r);
        }
    }
}

/* ---- simplification: a heap of vertices, the smallest triangle on top
 * ------------------------- */

static bool
heap_less(const struct graph *graph, uint32_t a, uint32_t b)
{
    const struct vertex *x = &graph->vertices[a], *y = &graph->vertices[b];
    return x->size != y->size ? x->size < y->size : a < b;
}

static void
heap_put(struct graph *graph, uint32_t at, uint32_t id)
{
    graph->heap[at] = id;
    graph->vertices[id].heap_at = at;
}

static void
heap_settle(struct graph *graph, uint32_t at)
{
    uint32_t id = graph->heap[at];
    while (at > 0 && heap_less(graph, id, graph->heap[(at - 1) / 2])) {
        heap_put(graph, at, graph->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < graph->n_heap &&
            heap_less(graph, graph->heap[child + 1], graph->heap[child]))
            child++;
        if (child >= graph->n_heap || !heap_less(graph, graph->heap[child], id))
            break;
        heap_put(graph, at, graph->heap[child]);
        at = child;
    }
    heap_put(graph, at, id);
}

static uint32_t
heap_take(struct graph *graph)
{
    uint32_t id = graph->heap[0], last = graph->heap[--graph->n_heap];
    graph->vertices[id].heap_at = NEVER;
    if (graph->n_heap > 0) {
        heap_put(graph, 0, last);
        heap_settle(graph, 0);
    }
    return id;
}

static int64_t
triangle(const struct graph *graph, uint32_t id)
{
    const struct vertex *v = &graph->vertices[id];
    const struct vertex *a = &graph->vertices[v->near[0]], *b = &graph->vertices[v->near[1]];
    return llabs((int64_t)(a->x - v->x) * (b->y - v->y) -
                 (int64_t)(b->x - v->x) * (a->y - v->y));
}

static void
near_replace(struct graph *graph, uint32_t id, uint32_t old, uint32_t new, int64_t at_least)
{
    struct vertex *vertex = &graph->vertices[id];
    if (vertex->n_near != 2)
        return;
    vertex->near[vertex->near[0] == old ? 0 : 1] = new;
    if (vertex->heap_at == NEVER)
        return;
    int64_t size = triangle(graph, id);
    vertex->size = size > at_least ? size : at_least;
    heap_settle(graph, vertex->heap_at);
}

static void
graph_simplify(struct graph *graph)
{
    for (uint32_t id = 0; id < graph->n_vertices; id++) {
        struct vertex *vertex = &graph->vertices[id];
        if (vertex->n_near != 2 || vertex->n_rings > 2)
            continue;
        vertex->size = triangle(graph, id);
        heap_put(graph, graph->n_heap, id);
        heap_settle(graph, graph->n_heap++);
    }
    while (graph->n_heap > 0) {
        uint32_t id = heap_take(graph);
        struct vertex *vertex = &graph->vertices[id];
        bool needed = false;
        for (uint8_t i = 0; i < vertex->n_rings; i++)
            needed |= graph->ring_left[vertex->ring[i]] <= RING_KEEPS;
        if (needed)
            continue;
        for (uint8_t i = 0; i < vertex->n_rings; i++)
            graph->ring_left[vertex->ring[i]]--;
        vertex->gone = graph->n_gone++;
        near_replace(graph, vertex->near[0], id, vertex->near[1], vertex->size);
        near_replace(graph, vertex->near[1], id, vertex->near[0], vertex->size);
    }
}

/* ---- writing
 * --------------------------------------------------------------------------------- */

struct pen {
    struct rg_buf *out;
    int x, y;   /* where the last subpath began */
    bool moved; /* a subpath was drawn          */
};

static void
put_pair(struct rg_buf *out, int x, int y, bool first)
{
    if (!first && x >= 0)
        rg_buf_c(out, ' ');
    rg_buf_i64(out, x);
    if (y >= 0)
        rg_buf_c(out, ' ');
    rg_buf_i64(out, y);
}

static int
pixel(int32_t fine)
{
    return (fine + FINE / 2) / FINE;
}

/* One ring in whole pixels; nothing if at this scale it has no area left. */
static void
ring_draw(const struct graph *graph, const struct territory_ring *ring, uint32_t cut,
          struct pen *pen)
{
    size_t n_before = pen->out->n;
    int x0 = 0, y0 = 0, x = 0, y = 0;
    unsigned n = 0;
    for (uint32_t i = ring->first; i < ring->first + ring->n; i++) {
        const struct vertex *vertex = &graph->vertices[graph->ids[i]];
        int next_x = pixel(vertex->x), next_y = pixel(vertex->y);
        if (vertex->gone < cut || (n > 0 && next_x == x && next_y == y))
            continue;
        if (n == 0) {
            rg_buf_c(pen->out, 'm');
            put_pair(pen->out, next_x - pen->x, next_y - pen->y, true);
            x0 = next_x;
            y0 = next_y;
        } else {
            put_pair(pen->out, next_x - x, next_y - y, false);
        }
        x = next_x;
        y = next_y;
        n++;
    }
    if (n < 3 || (n == 3 && x == x0 && y == y0)) {
        pen->out->n = n_before;
        return;
    }
    rg_buf_c(pen->out, 'z');
    pen->x = x0;
    pen->y = y0;
    pen->moved = true;
}

static void
shape_draw(const struct graph *graph, uint32_t ix, uint32_t cut, const char *prefix,
           struct rg_buf *out)
{
    const struct territory_shape *shape = &graph->shapes->shapes[ix];
    bool holes = false;
    rg_buf_lit(out, "<path id=\"");
    rg_buf_str(out, str_of(prefix));
    rg_buf_str(out, shape->code);
    for (uint32_t r = 0; r < shape->n_rings; r++)
        holes |= graph->shapes->rings[shape->first_ring + r].hole;
    if (holes) /* here and not above: a page that uses the path alone takes this along */
        rg_buf_lit(out, "\" fill-rule=\"evenodd");
    rg_buf_lit(out, "\" d=\"");
    struct pen pen = {.out = out};
    for (uint32_t r = 0; r < shape->n_rings; r++)
        ring_draw(graph, &graph->shapes->rings[shape->first_ring + r], cut, &pen);
    if (!pen.moved && shape->n_rings > 0) { /* smaller than a pixel: one pixel */
        const struct vertex *first =
            &graph->vertices[graph->ids[graph->shapes->rings[shape->first_ring].first]];
        rg_buf_printf(out, "m%d %dh1v1h-1z", pixel(first->x), pixel(first->y));
    }
    rg_buf_lit(out, "\"/>\n");
}

/* The document without the vertices that go before cut; whether it fits. */
static bool
graph_draw(const struct graph *graph, const struct territory_map_frame *frame,
           const char *prefix, uint32_t cut, struct rg_buf *out)
{
    rg_buf_reset(out);
    rg_buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">\n"
                  "<g id=\"tutti\">\n",
                  frame->width, frame->height);
    for (uint32_t i = 0; i < graph->shapes->n_shapes && !out->failed; i++)
        shape_draw(graph, i, cut, prefix, out);
    rg_buf_lit(out, "</g>\n</svg>\n");
    return !out->failed;
}

static bool
id_ok(struct str code)
{
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '-' && c != '_' && c != '.')
            return false;
    }
    return code.n > 0;
}

enum rg_err
territory_map_draw(struct rg_ctx *ctx, const struct territory_shapes *shapes,
                   const struct territory_map_options *options, struct rg_buf *out,
                   struct territory_map_frame *ret_frame)
{
    RG_ASSERT(options->width >= WIDTH_MIN && options->width <= WIDTH_MAX);
    if (shapes->n_points == 0)
        return RG_FAIL(ctx, RG_INVALID, "territory.nothing_to_draw");
    for (uint32_t i = 0; i < shapes->n_shapes; i++)
        if (!id_ok(shapes->shapes[i].code))
            return RG_FAIL(ctx, RG_INVALID, "territory.bad_code", "code",
                           rg_arena_cstr(ctx->arena, shapes->shapes[i].code));
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    struct territory_map_frame frame = frame_of(shapes, options->width);
    struct graph graph = {.shapes = shapes};
    struct rg_buf attempt;
    rg_buf_init(&attempt, options->max_bytes);
    enum rg_err err = RG_OK;
    if (!vertices_make(ctx->arena, &graph, &frame)) {
        err = RG_NO_MEMORY(ctx);
        goto out;
    }
    rings_join(&graph);
    graph_simplify(&graph);
    /* The longest of the drawings that fit: size falls as more vertices go, near enough for a
     * search by halves, and the last attempt drawn is one that was seen to fit.              */
    uint32_t low = 0, high = graph.n_gone;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (graph_draw(&graph, &frame, options->prefix, middle, &attempt))
            high = middle;
        else
            low = middle + 1;
    }
    if (!graph_draw(&graph, &frame, options->prefix, high, &attempt)) {
        err = RG_FAIL(ctx, RG_LIMIT, "territory.map_too_large", "max_bytes",
                      rg_arena_printf(ctx->arena, "%zu", options->max_bytes));
        goto out;
    }
    rg_buf_str(out, rg_buf_view(&attempt));
    *ret_frame = frame;
out:
    rg_buf_done(&attempt);
    rg_arena_release(ctx->arena, mark);
    return err;
}
