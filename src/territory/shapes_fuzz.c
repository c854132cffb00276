/* Any bytes as a boundary file. What is accepted keeps its promises: rings of three points inside
 * their box, a point inside the box, text that reads back the same, a drawing that fits.        */
#include "territory/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
use(struct rg_ctx *ctx, const struct territory_shapes *shapes)
{
    const struct territory_grid *grid;
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 20);
    for (uint32_t s = 0; s < shapes->n_shapes; s++) {
        const struct territory_shape *shape = &shapes->shapes[s];
        RG_ASSERT(shape->n_rings > 0 && shape->code.n <= TERRITORY_CODE_MAX);
        for (uint32_t r = 0; r < shape->n_rings; r++)
            RG_ASSERT(shapes->rings[shape->first_ring + r].n >= 3);
        RG_ASSERT(shape->low.lon_e7 <= shape->high.lon_e7);
        rg_buf_reset(&buf);
        territory_shape_format(&buf, shapes, s);
        struct str line = rg_buf_view(&buf);
        struct territory_shapes back;
        if (buf.failed || territory_shapes_parse(ctx, ctx->arena, &shape->code, &line, 1, &back))
            continue;
        RG_ASSERT(back.n_rings == shape->n_rings);
        RG_ASSERT(memcmp(back.points, shapes->points + shapes->rings[shape->first_ring].first,
                         back.n_points * sizeof(*back.points)) == 0);
    }
    if (territory_grid_build(ctx, ctx->arena, shapes, &grid) == RG_OK)
        for (uint32_t i = 0; i < shapes->n_points && i < 64; i++)
            (void)territory_grid_find(grid, shapes->points[i]);
    struct territory_map_frame frame;
    rg_buf_reset(&buf);
    struct territory_map_options options = {.width = 200, .max_bytes = 4096, .prefix = "c"};
    if (territory_map_draw(ctx, shapes, &options, &buf, &frame) == RG_OK)
        RG_ASSERT(buf.n <= 4096 && frame.width <= 204 && frame.height <= 204);
    rg_buf_done(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_ctx ctx;
    struct territory_shapes shapes;
    if (rg_ctx_init(&ctx, 4 << 20) != RG_OK)
        return 0;
    if (territory_shapes_read(&ctx, ctx.arena, str_n((const char *)data, size), "fuzz", NULL,
                              &shapes) == RG_OK)
        use(&ctx, &shapes);
    rg_story_clear(&ctx);
    /* The same bytes as a line of our own text. */
    struct str line = {(const char *)data, size}, code = STR("c");
    if (territory_shapes_parse(&ctx, ctx.arena, &code, &line, 1, &shapes) == RG_OK)
        use(&ctx, &shapes);
    rg_ctx_done(&ctx);
    return 0;
}
