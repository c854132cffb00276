/* Measures a theme's page with N voices (300), the server's own time without the wire:
 *
 *   listening_theme_bench [N]
 */
#include "listening/listening.h"
#include "territory/territory.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 2000, LIMIT_US = 300 };

static double
cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
must(struct rg_ctx *ctx, enum rg_err err, const char *what)
{
    if (err == RG_OK)
        return;
    fprintf(stderr, "%s: %s %s\n", what, ctx->story.key ? ctx->story.key : "?",
            ctx->story.detail);
    exit(1);
}

static FILE *
file_in(const char *folder, const char *name)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s.csv", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        exit(1);
    return f;
}

static void
invent(const char *folder, int n)
{
    FILE *f = file_in(folder, "documents");
    fprintf(f, "code,title,author,day,url\nr,Rapporto,,,\n");
    fclose(f);
    f = file_in(folder, "events");
    fprintf(
        f, "code,process,phase,kind,series,title,aim,place,area_code,day,starts,ends,n_present,"
           "n_remote,stream_url,recording_url,materials,minutes,state,source\n"
           "e,,,forum,,Forum,,,,2023-11-10,,,,,,,,,closed,\n");
    fclose(f);
    f = file_in(folder, "tables");
    fprintf(f, "event,code,axis,title,room,capacity,n_present,merged_with,report,source\n");
    for (int i = 1; i <= 6; i++)
        fprintf(f, "e,%d,%d,Tavolo %d,,,,,,\n", i, i, i);
    fclose(f);
    f = file_in(folder, "themes");
    fprintf(f, "code,axis,title,summary,parked,source\n"
               "t,3,Treni,Molti chiedono treni la sera.,0,r:1-20\n"
               "u,3,Altro,,0,\n");
    fclose(f);
    f = file_in(folder, "positions");
    fprintf(f,
            "theme,code,title,text,source\nt,a,Subito,Va fatto subito.,\nt,b,Piano,Costa.,\n");
    fclose(f);
    f = file_in(folder, "contributions");
    fprintf(f, "code,event,table,session,interview,document,line_from,line_to,kind,text,quote,"
               "category,zone,area_code,territory,contests,parked,local_case,themes,tags\n");
    for (int i = 0; i < n; i++)
        fprintf(
            f,
            "e/%d/1/%04d,e,%d,1,,r,%d,%d,need,\"Servono corse la sera e collegamenti con le "
            "valli, chiede la voce %d del tavolo.\",,comune,%d,,,,0,0,t%s,\n",
            i % 6 + 1, i, i % 6 + 1, i + 1, i + 3, i, i % 11 + 1,
            i % 3 == 0   ? "/a"
            : i % 3 == 1 ? "/b"
                         : "");
    fclose(f);
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double took[ROUNDS];

static void
measure(struct web_server *server, const char *target, const char *what, double limit)
{
    size_t n_bytes = 0;
    struct rg_ctx ctx;
    if (rg_ctx_init(&ctx, RG_REQUEST_ARENA_MAX) != RG_OK)
        exit(1);
    ctx.actor.roles = RG_ROLE_PUBLIC;
    for (int i = 0; i < ROUNDS; i++) {
        struct web_answer ans;
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        double from = cpu_us();
        must(&ctx, web_simulate(server, &ctx, "GET", target, &ans), what);
        took[i] = cpu_us() - from;
        if (ans.status != 200)
            exit(1);
        n_bytes = ans.body.n;
        web_answer_done(&ans);
        rg_arena_release(ctx.arena, mark);
    }
    rg_ctx_done(&ctx);
    qsort(took, ROUNDS, sizeof(*took), by_size);
    printf("listening %-28s p50 %7.0f us  p99 %7.0f us  %zu bytes  limit %.0f us  %s\n", what,
           took[ROUNDS / 2], took[ROUNDS * 99 / 100], n_bytes, limit,
           took[ROUNDS / 2] <= limit ? "ok" : "OVER");
}

int
main(int argc, char **argv)
{
    static const struct store_room *const rooms[] = {&territory_store, &listening_store};
    static struct listening_load_report report;
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 300;
    char folder[] = "/tmp/regia-theme-bench-XXXXXX", path[96], command[128];
    struct rg_ctx ctx;
    struct store *store;
    struct web_server *server;
    struct territory_load_counts counts;
    if (!mkdtemp(folder) || rg_ctx_init(&ctx, 1 << 30) != RG_OK)
        return 1;
    snprintf(path, sizeof(path), "%s/b.db", folder);
    invent(folder, n);
    must(&ctx, store_open(&ctx, path, rooms, 2, &store), "open");
    must(&ctx, store_session_begin(&ctx, store), "session");
    if (access("packs/torino/zones.csv", R_OK) == 0)
        must(&ctx, territory_load(&ctx, "packs/torino", &counts), "territory");
    must(&ctx, listening_load(&ctx, folder, &report), "load");
    store_session_end(&ctx);
    struct listening_web web = {0};
    struct web_room room = {"listening", listening_routes, listening_n_routes, &web};
    struct web_config config = {
        .store = store, .rooms = &room, .n_rooms = 1, .public_url = "https://regia.example"};
    must(&ctx, web_start_offline(&ctx, &config, &server), "start");
    char what[64];
    snprintf(what, sizeof(what), "theme, %d voices", n);
    measure(server, "/ascolto/temi/t", what, LIMIT_US);
    measure(server, "/ascolto/contributi/e_1_1_0000", "voice", LIMIT_US);
    measure(server, "/ascolto?q=corse+valli", "door, words looked for", 5000);
    web_stop(server);
    store_close(store);
    rg_ctx_done(&ctx);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command) == 0 ? 0 : 1;
}
