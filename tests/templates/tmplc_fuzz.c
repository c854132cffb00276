/* The template compiler on any bytes: a sentence or a page, never a crash. Its input is our own,
 * but a compiler that reads past the end of a broken template reports the wrong mistake.     */
#include "tmplc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_arena *arena = rg_arena_new((size_t)64 << 20);
    RG_ASSERT(arena);
    struct po_book book;
    po_book_init(&book, arena);
    po_book_parse(&book, RG_IT, "it.po",
                  STR("msgid \"sample.day\"\nmsgstr \"Giorno {n}\"\n"));
    po_book_parse(&book, RG_FR, "fr.po", str_n((const char *)data, size));
    po_book_check(&book);
    struct tmplc tc;
    tmplc_init(&tc, arena, &book, "sample");
    if (!tmplc_file(&tc, "fuzz.tmpl", str_n((const char *)data, size)))
        RG_ASSERT(str_starts(str_of(tc.error), STR("fuzz.tmpl:")));
    tmplc_done(&tc);
    po_book_done(&book);
    rg_arena_free(arena);
    return 0;
}
