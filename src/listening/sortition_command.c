/* A draw from files, for the command line: the same rule and the same readers as the page's. */
#include "listening/listening.h"
#include "listening/sortition_file.h"
#include <stdio.h>

enum { FILE_BYTES_MAX = 8 * 1024 * 1024 }; /* 20,000 people of 400 bytes */

static enum rg_err
whole_file(struct rg_ctx *ctx, const char *path, struct str *ret)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf bytes;
    const char *why;
    enum rg_file told = rg_file_read(path, FILE_BYTES_MAX, &bytes, &why);
    if (told != RG_FILE_READ) {
        rg_detail(ctx, "%s, %zu bytes", why, bytes.n);
        return RG_FAIL(ctx, RG_INVALID, "listening.live.draw.no_file", "file", path);
    }
    *ret = rg_arena_str(ctx->arena, rg_buf_view(&bytes));
    return ret->p ? RG_OK : RG_NO_MEMORY(ctx);
}

enum rg_err
listening_draw(struct rg_ctx *ctx, const struct listening_draw *want, struct rg_buf *out,
               bool *ret_drawn)
{
    struct sortition_pool pool;
    struct sortition_outcome outcome;
    struct str people, quotas = STR_NONE, seed = str_of(want->seed);
    enum rg_err err = whole_file(ctx, want->people, &people);
    if (err == RG_OK && want->quotas)
        err = whole_file(ctx, want->quotas, &quotas);
    if (err == RG_OK)
        err = sortition_pool_read(ctx, want->people, people, want->quotas, quotas, want->size,
                                  &pool);
    if (err == RG_OK)
        err = sortition_run(ctx, &pool, seed, &outcome);
    if (err != RG_OK)
        return err;
    if (want->json)
        sortition_json(out, &pool, seed, &outcome);
    else
        sortition_sentences(ctx, out, &pool, &outcome);
    *ret_drawn = outcome.result == SORTITION_DRAWN;
    return RG_OK;
}
