/* Imports a path into a database and says how long it took and how much memory it needed.
 *
 *     network_import_bench DB PATH [KIND [PACK]]
 *
 * KIND is import-hsds unless said; PACK is loaded first, so that locations find their comune.  */
#include "network/network.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static const struct store_room *const rooms[] = {&jobs_store, &territory_store, &network_store};

static double
now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
rss_mib(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_maxrss / 1024;
}

/* Memory at each tenth of the way: flat, or not. */
static void
on_progress(void *arg, int64_t done, int64_t total)
{
    int *tenths = arg;
    int now = total > 0 ? (int)(done * 10 / total) : 0;
    if (now > *tenths)
        fprintf(stderr, "  %3d %%  %.0f MiB\n", now * 10, rss_mib());
    *tenths = now;
}

static int
fail(const struct rg_ctx *ctx)
{
    fprintf(stderr, "%s: %s\n", ctx->story.key ? ctx->story.key : "?", ctx->story.detail);
    return 3;
}

static int
work(struct rg_ctx *ctx, struct network_web *web, const char *path, const char *kind)
{
    const struct network_import what = {.path = str_of(path)};
    struct jobs_view view;
    struct jobs_count *counts;
    size_t n;
    int64_t job;
    int tenths = 0;
    double began = now_s();
    if (network_import_run(ctx, web, kind, &what, on_progress, &tenths, &job) != RG_OK)
        return fail(ctx);
    double took = now_s() - began;
    if (jobs_get(ctx, job, &view) != RG_OK ||
        jobs_finding_kinds(ctx, job, &counts, &n) != RG_OK)
        return fail(ctx);
    for (size_t i = 0; i < n; i++)
        printf("%8lld  %-8s %.*s\n", (long long)counts[i].n,
               counts[i].severity == JOBS_REJECTED   ? "rejected"
               : counts[i].severity == JOBS_REPAIRED ? "repaired"
                                                     : "noted",
               STR_ARG(counts[i].message));
    printf("%.*s\n%s %.2f s, %.0f MiB\n", STR_ARG(view.outcome), path, took, rss_mib());
    return 0;
}

int
main(int argc, char **argv)
{
    struct rg_ctx ctx;
    struct store *store;
    struct network_web web = {0};
    struct territory_load_counts loaded;
    if (argc < 3) {
        fprintf(stderr, "usage: network_import_bench DB PATH [KIND [PACK]]\n");
        return 2;
    }
    if (rg_ctx_init(&ctx, 256 << 20) != RG_OK)
        return 3;
    ctx.lang = RG_EN;
    if (store_open(&ctx, argv[1], rooms, RG_COUNT(rooms), &store) != RG_OK ||
        store_session_begin(&ctx, store) != RG_OK)
        return fail(&ctx);
    if (argc > 4 && (territory_load(&ctx, argv[4], &loaded) != RG_OK ||
                     territory_live_new(&ctx, &web.territory) != RG_OK))
        return fail(&ctx);
    web.store = store;
    int status = work(&ctx, &web, argv[2], argc > 3 ? argv[3] : "import-hsds");
    store_session_end(&ctx);
    territory_live_free(web.territory);
    store_close(store);
    rg_ctx_done(&ctx);
    return status;
}
