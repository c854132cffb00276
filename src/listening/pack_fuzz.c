/* Hostile files of a pack: the first byte chooses which file the rest is; then all are checked.
 */
#include "listening/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct listening_load_report report;
    struct rg_ctx ctx;
    if (size == 0 || rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 0;
    struct pack pack = {.ctx = &ctx, .report = &report};
    report = (struct listening_load_report){0};
    for (size_t f = 0; f < PACK_FILE__MAX; f++)
        pack.tables[f].file = &pack_files[f];
    enum pack_file_ix ix = (enum pack_file_ix)(data[0] % PACK_FILE__MAX);
    enum rg_err err =
        pack_table_read(&pack, ix, STR("fuzz.csv"), str_n((const char *)data + 1, size - 1));
    if (err == RG_OK)
        err = pack_check(&pack);
    RG_ASSERT(err == RG_OK || err == RG_LIMIT);
    RG_ASSERT(report.n_problems <= report.n_problems_all);
    for (size_t i = 0; i < report.n_problems; i++)
        RG_ASSERT(str_utf8_ok(report.problems[i].text));
    rg_ctx_done(&ctx);
    return 0;
}
