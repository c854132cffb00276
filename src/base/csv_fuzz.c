/* Any bytes as a CSV file: every row ends, lines go forward, and each sound row written again reads
 * the same. */
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_and_read_again(const struct rg_csv *csv, struct rg_buf *buf)
{
    rg_buf_reset(buf);
    for (size_t i = 0; i < csv->n_fields; i++)
        rg_csv_put(buf, csv->fields[i], csv->separator, i == 0);
    rg_buf_c(buf, '\n');
    if (buf->failed || csv->n_fields < 2 ||
        str_starts(rg_buf_view(buf), STR("\xEF\xBB\xBF")))
        return;
    struct rg_csv again;
    rg_csv_init(&again, rg_buf_view(buf));
    RG_ASSERT(rg_csv_next(&again) && !again.bad_quote && again.n_fields == csv->n_fields);
    for (size_t i = 0; i < csv->n_fields; i++)
        RG_ASSERT(str_eq(again.fields[i], csv->fields[i]));
    RG_ASSERT(!rg_csv_next(&again));
    rg_csv_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_csv csv;
    struct rg_buf buf;
    rg_buf_init(&buf, 1 << 20);
    rg_csv_init(&csv, str_n((const char *)data, size));
    for (uint64_t line = 0; rg_csv_next(&csv);) {
        RG_ASSERT(csv.line > line && csv.n_fields >= 1);
        line = csv.line;
        write_and_read_again(&csv, &buf);
    }
    RG_ASSERT(csv.rest.n == 0 || csv.no_memory);
    rg_csv_done(&csv);
    rg_buf_done(&buf);
    return 0;
}
