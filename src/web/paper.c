/* The answer's side of a PDF: which headers it has, and what is said when there is none. */
#include "web/pdf.h"
#include "web/web_priv.h"
#include <sodium.h>

/* "/piano/sintesi" is kept as piano-sintesi.pdf. */
static const char *
disposition(struct rg_ctx *ctx, struct str path)
{
    enum { NAME_BYTES = 120 };
    char name[NAME_BYTES + 1];
    size_t n = 0;
    for (size_t i = 1; i < path.n && n < NAME_BYTES; i++) {
        char c = path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '.' || c == '_';
        name[n++] = plain ? c : '-';
    }
    name[n] = '\0';
    return rg_arena_printf(ctx->arena, "inline; filename=\"%s.pdf\"", n ? name : "regia");
}

static bool
is_private(const struct web_answer *ans)
{
    for (size_t i = 0; i < ans->n_headers; i++)
        if (strcmp(ans->headers[i].name, "Cache-Control") == 0 &&
            strcmp(ans->headers[i].value, "no-store") == 0)
            return true;
    return false;
}

void
web_paper_begin(struct rg_ctx *ctx, const struct web_request *req, struct web_answer *ans)
{
    struct web_paper *paper = RG_NEW(ctx->arena, struct web_paper);
    const char *as = disposition(ctx, req->path);
    if (!paper || !as) {
        struct web_request again = *req;
        web_answer_error(ctx, &again, ans, RG_NO_MEMORY(ctx));
        return;
    }
    char hex[2 * WEB_PDF_HASH + 1];
    paper->req = *req;
    paper->job = (struct web_pdf_job){.html = rg_buf_view(&ans->body), .keep = !is_private(ans)};
    rg_buf_init(&paper->job.out, WEB_PDF_BYTES_MAX);
    web_pdf_hash(req->server->pdf, &paper->job);
    sodium_bin2hex(hex, sizeof(hex), paper->job.hash, WEB_PDF_HASH);
    const char *tag = rg_arena_printf(ctx->arena, "\"%s\"", hex);
    web_header(ans, "Content-Disposition", as);
    ans->type = "application/pdf";
    if (paper->job.keep && tag)
        web_header(ans, "ETag", tag);
    if (paper->job.keep && tag && str_eq(req->if_none_match, str_of(tag))) {
        ans->status = 304;
        rg_buf_reset(&ans->body);
        return;
    }
    ans->paper = paper;
}

void
web_paper_end(struct rg_ctx *ctx, struct web_answer *ans)
{
    static const struct {
        enum rg_err err;
        const char *key;
    } told[] = {[WEB_PDF_MADE] = {RG_OK, NULL},
                [WEB_PDF_BUSY] = {RG_BUSY, "web.pdf.busy"},
                [WEB_PDF_LATE] = {RG_LIMIT, "web.pdf.late"},
                [WEB_PDF_FAILED] = {RG_BROKEN, "web.pdf.failed"}};
    struct web_paper *paper = ans->paper;
    ans->paper = NULL;
    if (paper->job.end == WEB_PDF_MADE) {
        rg_buf_done(&ans->body);
        ans->body = paper->job.out;
        return;
    }
    rg_buf_done(&paper->job.out);
    rg_story_clear(ctx);
    rg_detail(ctx, "wait status %d", paper->job.status); /* 256 times exit, or a signal */
    enum rg_err err = RG_FAIL(ctx, told[paper->job.end].err, told[paper->job.end].key);
    web_answer_error(ctx, &paper->req, ans, err);
    web_header(ans, "Cache-Control", "no-store");
    for (size_t i = 0; i < ans->n_headers; i++) /* a PDF takes longer than the lock of a record */
        if (strcmp(ans->headers[i].name, "Retry-After") == 0)
            ans->headers[i].value = WEB_PDF_RETRY_S;
}
