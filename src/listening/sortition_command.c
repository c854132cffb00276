/* A draw from files, for the command line: the same rule and the same readers as the page's. */
#include "listening/listening.h"
#include "listening/sortition_file.h"
#include <errno.h>
#include <stdio.h>

enum { FILE_BYTES_MAX = 8 * 1024 * 1024 }; /* 20,000 people of 400 bytes */

static enum rg_err
whole_file(struct rg_ctx *ctx, const char *path, struct str *ret)
{
    FILE *f = fopen(path, "rb");
    char *bytes = f ? rg_arena_alloc(ctx->arena, FILE_BYTES_MAX + 1) : NULL;
    size_t n = bytes ? fread(bytes, 1, FILE_BYTES_MAX + 1, f) : 0;
    bool ok = bytes && !ferror(f) && n <= FILE_BYTES_MAX;
    int why = errno;
    if (f)
        fclose(f);
    if (!ok) {
        rg_detail(ctx, "errno %d, %zu bytes", why, n);
        return RG_FAIL(ctx, RG_INVALID, "listening.live.draw.no_file", "file", path);
    }
    *ret = str_n(bytes, n);
    return RG_OK;
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
