/* Hostile tables. The bytes are a package: "== name.csv" on a line begins a file. */
#include "hsds_intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rg_err
take(void *user, struct rg_ctx *ctx, const struct intake_record *record)
{
    RG_ASSERT(record->id.n == 36 && str_utf8_ok(record->doc));
    return RG_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_ctx ctx;
    struct intake_table tables[8];
    size_t n = 0;
    struct str rest = str_n((const char *)data, size), line;
    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 0;
    while (rest.n > 0 && str_cut(&rest, '\n', &line)) {
        if (str_starts(line, STR("== ")) && n < RG_COUNT(tables)) {
            tables[n].name = rg_arena_cstr(ctx.arena, str_n(line.p + 3, line.n - 3));
            tables[n++].bytes = str_n(line.p + line.n, 0);
        } else if (n > 0) {
            const char *start = tables[n - 1].bytes.n ? tables[n - 1].bytes.p : line.p;
            tables[n - 1].bytes = str_n(start, (size_t)(line.p + line.n - start));
        }
    }
    struct intake_options options = {.source = STR("fuzz"), .default_country = STR("IT")};
    struct intake_sink sink = {.record = take};
    struct intake_counts counts;
    enum rg_err err = intake_tables(&ctx, &options, tables, n, &sink, &counts);
    RG_ASSERT(err == RG_OK || err == RG_INVALID || err == RG_LIMIT);
    rg_ctx_done(&ctx);
    return 0;
}
