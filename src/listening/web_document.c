/* Documents: their lines with an anchor each, and beside a paragraph what was gathered from it.
 */
#include "listening/surface.h"
#include "listening/kernel.h"
#include "listening_sql.h"
#include "listening_tmpl.h"

enum { IN_CODE, IN_LINE, IN_PAGE, IN_WITHOUT };
enum { LINES_A_PAGE = 500 }; /* with their voices some 20 KB on the wire */

enum rg_err
said_documents(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_document_list_row *rows;
    size_t n;
    enum rg_err err = listening_sql_document_list(ctx, &rows, &n);
    struct said_document *list =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_document, n) : NULL;
    if (err == RG_OK && !list)
        err = RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < n; i++)
        list[i] = (struct said_document){.code = rows[i].code,
                                         .title = rows[i].title,
                                         .author = rows[i].author,
                                         .when = web_day(ctx, rows[i].day),
                                         .url = rows[i].url,
                                         .n_lines = rows[i].n_lines,
                                         .n_voices = rows[i].n};
    struct web_frame frame = {.title = wording_text(ctx->lang, "listening.documents.title")};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")}, {STR_NONE, frame.title}};
    web_crumbs(ctx, &frame, 2, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_documents(h, list, n);
    return web_page_close(ctx, req, ans);
}

/* ---- paragraphs ---- */

static bool
blank(struct str text)
{
    return str_trim(text).n == 0;
}

/* Lines into paragraphs. Furniture may stand in the middle of one and ends none. */
static enum rg_err
blocks_fill(struct rg_ctx *ctx, const struct listening_sql_lines_of_row *rows, size_t n,
            bool without, struct said_document *page)
{
    struct said_line *lines = RG_ARRAY(ctx->arena, struct said_line, n);
    struct said_block *blocks = RG_ARRAY(ctx->arena, struct said_block, n);
    size_t n_lines = 0, n_blocks = 0;
    bool open = false;
    if (!lines || !blocks)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        if (blank(rows[i].text) || (without && rows[i].furniture))
            continue;
        if (!open)
            blocks[n_blocks++] = (struct said_block){.lines = &lines[n_lines]};
        struct said_block *block = &blocks[n_blocks - 1];
        lines[n_lines++] = (struct said_line){rows[i].n, rows[i].text, rows[i].furniture != 0};
        block->n_lines++;
        open = true;
        if (rows[i].furniture)
            continue;
        size_t next = i + 1;
        while (next < n && (blank(rows[next].text) || rows[next].furniture))
            next++;
        open = !report_ends_paragraph(rows[i].text, next < n ? rows[next].text : STR(""));
    }
    page->blocks = blocks;
    page->n_blocks = n_blocks;
    return RG_OK;
}

/* Voices whose lines touch a block stand beside it; they come in the order of their lines. */
static enum rg_err
voices_beside(struct rg_ctx *ctx, int64_t document_id, int64_t from, int64_t to,
              struct said_document *page)
{
    struct listening_sql_document_voices_row *rows;
    size_t n;
    enum rg_err err = listening_sql_document_voices(ctx, document_id, from, to, &rows, &n);
    struct said_voice *voices =
        err == RG_OK ? RG_ARRAY(ctx->arena, struct said_voice, n) : NULL;
    if (err == RG_OK && !voices)
        err = RG_NO_MEMORY(ctx);
    if (err != RG_OK)
        return err;
    for (size_t i = 0; i < n; i++)
        voices[i] =
            (struct said_voice){.code = rows[i].code,
                                .text = rows[i].text,
                                .kind_key = said_key(ctx, "listening.kind.", rows[i].kind),
                                .lines = {page->code, rows[i].line_from, rows[i].line_to,
                                          rows[i].line_from == rows[i].line_to}};
    for (size_t i = 0; i < n; i++) {
        char *slug = rg_arena_alloc(ctx->arena, rows[i].code.n + 1);
        for (size_t k = 0; slug && k < rows[i].code.n; k++)
            slug[k] = rows[i].code.p[k] == '/' ? '_' : rows[i].code.p[k];
        voices[i].slug = str_n(slug ? slug : "", slug ? rows[i].code.n : 0);
    }
    struct said_block *blocks = (struct said_block *)(uintptr_t)page->blocks;
    for (size_t b = 0; b < page->n_blocks; b++) {
        int64_t first = blocks[b].lines[0].n, last = blocks[b].lines[blocks[b].n_lines - 1].n;
        size_t k = 0;
        for (size_t i = 0; i < n; i++)
            k += voices[i].lines.from <= last && voices[i].lines.to >= first;
        struct said_voice *beside = RG_ARRAY(ctx->arena, struct said_voice, k);
        if (!beside)
            return RG_NO_MEMORY(ctx);
        for (size_t i = 0; i < n; i++)
            if (voices[i].lines.from <= last && voices[i].lines.to >= first)
                beside[blocks[b].n_voices++] = voices[i];
        blocks[b].voices = beside;
    }
    page->n_voices = (int64_t)n;
    return RG_OK;
}

enum rg_err
said_document(struct rg_ctx *ctx, struct web_request *req, struct web_answer *ans)
{
    struct listening_sql_document_find_row row;
    struct listening_sql_lines_of_row *lines;
    struct said_document page = {.without = web_int(req, IN_WITHOUT) != 0};
    struct web_paging paging;
    size_t n;
    bool found;
    enum rg_err err = listening_sql_document_find(ctx, web_text(req, IN_CODE), &found, &row);
    if (err == RG_OK && !found)
        err = RG_FAIL(ctx, RG_ABSENT, "listening.no_document");
    if (err != RG_OK)
        return err;
    page.code = web_text(req, IN_CODE);
    page.title = row.title;
    page.author = row.author;
    page.when = web_day(ctx, row.day);
    page.url = row.url;
    page.n_lines = row.n_lines;
    page.imported = row.n_lines > 0;
    int64_t at = web_given(req, IN_PAGE)   ? web_int(req, IN_PAGE)
                 : web_given(req, IN_LINE) ? (web_int(req, IN_LINE) - 1) / LINES_A_PAGE + 1
                                           : 1;
    int64_t from = (at - 1) * LINES_A_PAGE + 1, to = at * LINES_A_PAGE;
    err = listening_sql_lines_of(ctx, row.id, from, to, &lines, &n);
    if (err == RG_OK)
        err = blocks_fill(ctx, lines, n, page.without, &page);
    if (err == RG_OK)
        err = voices_beside(ctx, row.id, from, page.imported ? to : INT32_MAX, &page);
    if (err == RG_OK)
        err = web_paging_fill(ctx, req->path, page.without ? STR("senza=1") : STR(""), at,
                              LINES_A_PAGE, row.n_lines, &paging);
    if (err != RG_OK)
        return err;
    page.paging = row.n_lines > LINES_A_PAGE ? &paging : NULL;
    struct web_frame frame = {.title = row.title};
    const struct web_crumb crumbs[] = {
        {STR("/ascolto"), wording_text(ctx->lang, "listening.title")},
        {STR("/ascolto/documenti"), wording_text(ctx->lang, "listening.documents.title")},
        {STR_NONE, row.title}};
    web_crumbs(ctx, &frame, 3, crumbs);
    struct html *h = web_page_open(ctx, req, ans, &frame);
    tmpl_listening_document(h, &page);
    return web_page_close(ctx, req, ans);
}
