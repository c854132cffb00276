/* A hostile document: whatever the bytes, lines or a fault with its line. */
#include "listening/kernel.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_arena *arena = rg_arena_new(16 << 20);
    struct str bytes = str_n((const char *)data, size);
    struct report report;
    struct rg_gulpease index;
    if (!arena)
        return 0;
    enum report_fault fault = report_read(arena, bytes, &report);
    RG_ASSERT(fault == REPORT_FINE || report.n == 0);
    char *folded = malloc(size + 1);
    for (size_t i = 0; folded && i < report.n; i++) {
        struct str line = report.lines[i].text;
        RG_ASSERT(str_utf8_ok(line) && line.n <= REPORT_LINE_MAX);
        RG_ASSERT(words_fold(line, folded) <= line.n);
        report_ends_paragraph(line, i + 1 < report.n ? report.lines[i + 1].text : STR(""));
        if (rg_gulpease(line, &index))
            RG_ASSERT(index.index >= 0 && index.index <= 100 && index.n_sentences > 0);
    }
    free(folded);
    rg_arena_free(arena);
    return 0;
}
