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

static const char *const check_keys[] = {
    [SORTITION_CHECK_POOL] = "listening.live.draw.check.pool",
    [SORTITION_CHECK_QUOTAS] = "listening.live.draw.check.quotas",
    [SORTITION_CHECK_PANELS] = "listening.live.draw.check.panels",
    [SORTITION_CHECK_CHANCES] = "listening.live.draw.check.chances",
    [SORTITION_CHECK_NUMBER] = "listening.live.draw.check.number",
    [SORTITION_CHECK_PROOF] = "listening.live.draw.check.proof",
    [SORTITION_CHECK_AGAIN] = "listening.live.draw.check.again",
};
_Static_assert(RG_COUNT(check_keys) == SORTITION_CHECK__MAX, "a sentence for each check");

static void
check_tell(struct rg_ctx *ctx, const bool *found, bool json, struct rg_buf *out, bool *ret_good)
{
    struct rg_jw jw;
    *ret_good = true;
    if (json) {
        rg_jw_init(&jw, out);
        rg_jw_object(&jw);
    }
    for (size_t i = 0; i < SORTITION_CHECK__MAX; i++) {
        *ret_good &= found[i];
        if (json) {
            rg_jw_key(&jw, strrchr(check_keys[i], '.') + 1);
            rg_jw_bool(&jw, found[i]);
            continue;
        }
        rg_buf_str(out, wording_text(ctx->lang, found[i] ? "listening.live.draw.check.yes"
                                                         : "listening.live.draw.check.no"));
        rg_buf_c(out, ' ');
        rg_buf_str(out, wording_text(ctx->lang, check_keys[i]));
        rg_buf_c(out, '\n');
    }
    if (json) {
        rg_jw_end_object(&jw);
        rg_buf_c(out, '\n');
    }
}

static enum rg_err
draw_check(struct rg_ctx *ctx, const struct listening_draw *want, struct str people,
           struct str quotas, const struct sortition_progress *progress, struct rg_buf *out,
           bool *ret_good)
{
    struct sortition_pool pool;
    struct sortition_published published;
    struct str json;
    bool found[SORTITION_CHECK__MAX];
    enum rg_err err = whole_file(ctx, want->check, &json);
    if (err == RG_OK)
        err = sortition_published_read(ctx, want->check, json, &published);
    if (err == RG_OK)
        err = sortition_pool_read(ctx, want->people, people, want->quotas, quotas, published.size,
                                  &pool);
    if (err == RG_OK)
        err = sortition_published_check(ctx, &pool, &published, progress, found);
    if (err == RG_OK)
        check_tell(ctx, found, want->json, out, ret_good);
    return err;
}

enum rg_err
listening_draw(struct rg_ctx *ctx, const struct listening_draw *want, struct rg_buf *out,
               bool *ret_good)
{
    struct sortition_pool pool;
    struct sortition_outcome outcome;
    struct sortition_progress progress = {want->progress, want->progress_arg};
    struct str people, quotas = STR_NONE, seed = want->seed ? str_of(want->seed) : STR_NONE;
    enum rg_err err = whole_file(ctx, want->people, &people);
    if (err == RG_OK && want->quotas)
        err = whole_file(ctx, want->quotas, &quotas);
    if (err == RG_OK && want->check)
        return draw_check(ctx, want, people, quotas, want->progress ? &progress : NULL, out,
                          ret_good);
    if (err == RG_OK)
        err = sortition_pool_read(ctx, want->people, people, want->quotas, quotas, want->size,
                                  &pool);
    if (err == RG_OK)
        err = sortition_run(ctx, &pool, seed, want->progress ? &progress : NULL, &outcome);
    if (err != RG_OK)
        return err;
    if (want->json)
        sortition_json(out, &pool, seed, &outcome);
    else
        sortition_sentences(ctx, out, &pool, &outcome);
    *ret_good = outcome.result == SORTITION_DRAWN;
    return RG_OK;
}
