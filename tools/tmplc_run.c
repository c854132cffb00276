/* One template file from bytes to C: lex, parse, check, emit. */
#include "tmplc.h"

enum { OUTPUT_MAX = 64 * 1024 * 1024 };

void
tmplc_init(struct tmplc *tc, struct rg_arena *arena, const struct po_book *book, const char *room)
{
    *tc = (struct tmplc){.arena = arena, .book = book, .room = room};
    tc->next_block = &tc->blocks;
    rg_buf_init(&tc->out_c, OUTPUT_MAX);
    rg_buf_init(&tc->out_h, OUTPUT_MAX);
}

void
tmplc_done(struct tmplc *tc)
{
    rg_buf_done(&tc->out_c);
    rg_buf_done(&tc->out_h);
}

bool
tmplc_file(struct tmplc *tc, const char *path, struct str source)
{
    jmp_buf on_error;
    struct block **first = tc->next_block;
    tc->on_error = &on_error;
    tc->path = path;
    tc->source = source;
    tc->literal_lines = NULL;
    if (setjmp(on_error) != 0)
        return false;
    if (!str_utf8_ok(source))
        tmplc_fail(tc, source.p, "the file is not UTF-8");
    tmplc_parse(tc);
    for (struct block *block = *first; block; block = block->next)
        tmplc_html(tc, block);
    for (const struct block *block = *first; block; block = block->next)
        tmplc_emit(tc, block);
    return true;
}
