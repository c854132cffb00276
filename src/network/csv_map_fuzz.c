/* A hostile list: its own headers are guessed, then every row is applied. */
#include "csv_map.h"

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
    struct csv_map_column columns[RG_CSV_COLUMNS_MAX];
    struct str bytes = str_n((const char *)data, size);
    struct rg_csv csv;
    rg_csv_init(&csv, bytes);
    size_t n = rg_csv_next(&csv) ? csv.n_fields : 0;
    if (n > 40)
        n = 40; /* guessing is quadratic in columns */
    csv_map_guess(csv.fields, n, NULL, columns);
    rg_csv_done(&csv);
    if (rg_ctx_init(&ctx, 16 << 20) != RG_OK)
        return 0;
    struct intake_options options = {.source = STR("fuzz"), .default_country = STR("IT")};
    struct intake_sink sink = {.record = take};
    struct intake_counts counts;
    enum rg_err err = csv_map_apply(&ctx, &options, "fuzz.csv", bytes, columns, n, &sink, &counts);
    RG_ASSERT(err == RG_OK || err == RG_INVALID || err == RG_LIMIT);
    rg_ctx_done(&ctx);
    return 0;
}
