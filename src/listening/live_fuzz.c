/* What strangers' bytes reach in a running event: a phone's batch of cards, and the two files of a
 * draw (people, then quotas after a line "--", or what is said to be a published draw of them).
 * Nothing may crash, hang or keep what is no text.                                           */
#include "listening/live.h"
#include "listening/sortition_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The quotas' place may hold a published draw; small pools are drawn as well. */
static void
draw_try(struct rg_ctx *ctx, const struct sortition_pool *pool, struct str json)
{
    struct sortition_published published;
    struct sortition_outcome outcome;
    bool found[SORTITION_CHECK__MAX];
    enum rg_err err = sortition_run(ctx, pool, STR("x"), NULL, &outcome);
    RG_ASSERT(err == RG_OK || err == RG_LIMIT);
    err = json.p ? sortition_published_read(ctx, "d", json, &published) : RG_ABSENT;
    if (err == RG_OK && published.size == (int64_t)pool->world.size)
        err = sortition_published_check(ctx, pool, &published, NULL, found);
    RG_ASSERT(err == RG_OK || err == RG_INVALID || err == RG_LIMIT || err == RG_ABSENT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rg_ctx ctx;
    struct live_card *cards;
    struct sortition_pool pool;
    size_t n = 0;
    if (rg_ctx_init(&ctx, 64 << 20) != RG_OK)
        return 0;
    struct str bytes = str_n((const char *)data, size);
    enum rg_err err = live_cards_read(&ctx, bytes, &cards, &n);
    RG_ASSERT(err == RG_OK || err == RG_INVALID || err == RG_LIMIT);
    for (size_t i = 0; err == RG_OK && i < n; i++)
        RG_ASSERT(n <= LIVE_BATCH_MAX && str_utf8_ok(cards[i].text));
    rg_story_clear(&ctx);
    ptrdiff_t at = str_find(bytes, STR("\n--\n"));
    struct str people = at < 0 ? bytes : str_n(bytes.p, (size_t)at);
    struct str quotas = at < 0 ? STR_NONE : str_n(bytes.p + at + 4, size - (size_t)at - 4);
    err = sortition_pool_read(&ctx, "p", people, "q", quotas, 2, &pool);
    RG_ASSERT(err == RG_OK || err == RG_INVALID || err == RG_LIMIT);
    for (size_t v = 0; err == RG_OK && v < pool.world.n_values; v++)
        RG_ASSERT(pool.world.min[v] <= pool.world.max[v]);
    if (err != RG_OK) {
        rg_story_clear(&ctx);
        err = sortition_pool_read(&ctx, "p", people, "q", STR_NONE, 2, &pool);
    }
    if (err == RG_OK && pool.world.n_people <= 40)
        draw_try(&ctx, &pool, quotas);
    rg_ctx_done(&ctx);
    return 0;
}
