/* Hostile JSON, ndjson and bundles: no input may crash, hang or come out as no UTF-8. */
#include "hsds_intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rg_err
take(void *user, struct rg_ctx *ctx, const struct intake_record *record)
{
    RG_ASSERT(record->id.n == 36 && str_utf8_ok(record->doc));
    const struct rg_jv *root;
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    RG_ASSERT(rg_jv_parse(ctx->arena, record->doc, &root) && root->kind == RG_JV_OBJECT);
    rg_arena_release(ctx->arena, mark);
    return RG_OK;
}

static enum rg_err
hear(void *user, struct rg_ctx *ctx, const struct intake_problem *problem)
{
    RG_ASSERT(problem->key && problem->count > 0);
    return RG_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_ctx ctx;
    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 0;
    struct intake_options options = {.source = STR("fuzz")};
    struct intake_sink sink = {.record = take, .problem = hear};
    struct intake_counts counts;
    enum rg_err err = intake_json(&ctx, &options, "fuzz.json", str_n((const char *)data, size),
                                  &sink, &counts);
    RG_ASSERT(err == RG_OK || err == RG_LIMIT);
    rg_ctx_done(&ctx);
    return 0;
}
