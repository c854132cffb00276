/* What a page of results costs: one command.
 *
 *     finder_page_bench [SERVICES [FOLDER]]        100,000 unless told
 *
 * Makes a database in /tmp (or in the folder, and keeps it there for the next time) from the
 * pack of Torino and invented services (a minute or two for 100,000), then asks 200 varied
 * questions through the whole way of a request without the wire, and prints the median and the
 * 99th percentile of the thread's own time. Run from the project root. */
#include "finder/finder_world.h"
#include <time.h>

enum { ROUNDS = 5, QUERIES = 200, NOON = WORLD_NOW };

static const char *const sentences[] = {
    "non riesco più a pagare l'affitto",     "mia madre è anziana e vive da sola",
    "ho perso il lavoro e ho due figli",     "cerco un corso di italiano",
    "mio figlio va male a scuola",           "non riesco a pagare le bollette",
    "ho bisogno di uno psicologo",           "cerco casa a poco prezzo",
    "I need a doctor who speaks English",    "je cherche une aide pour les personnes âgées",
    "permesso di soggiorno in scadenza",     "mio padre non cammina più",
    "aiuto per la spesa",                    "asilo nido per mia figlia",
    "trasporto per disabili",                "gioco alle macchinette e non riesco a smettere",
    "come faccio l'ISEE",                    "vorrei aprire un'impresa",
    "sono senza casa e dormo in macchina",   "corsi per computer",
};
static const char *const places[] = {"Torino",  "Ivrea",    "Pinerolo", "Moncalieri", "Chivasso",
                                     "Susa",    "Carmagnola", "Lanzo Torinese", "Rivoli", ""};

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
thread_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
report(const char *what, double *us, size_t n)
{
    qsort(us, n, sizeof(*us), by_size);
    printf("%-34s p50 %7.1f us   p99 %7.1f us   (%zu)\n", what, us[n / 2], us[n * 99 / 100], n);
}

static struct finder_question
question(size_t i)
{
    return (struct finder_question){.text = str_of(sentences[i % RG_COUNT(sentences)]),
                                    .place = str_of(places[i / RG_COUNT(sentences)]),
                                    .page = 1,
                                    .size = WEB_PAGE_SIZE};
}

static void
bench_pages(struct world *w, struct rg_ctx *ctx, const char *what, const char *path)
{
    static double us[ROUNDS * QUERIES];
    RG_CLEANUP(rg_buf_done) struct rg_buf target;
    size_t bytes = 0, arena = 0;
    rg_buf_init(&target, 64 * 1024);
    for (size_t i = 0; i < RG_COUNT(us); i++) {
        struct finder_question q = question(i % QUERIES);
        struct web_answer ans;
        rg_buf_reset(&target);
        rg_buf_str(&target, str_of(path));
        finder_query_put(&target, &q);
        rg_buf_c(&target, 0);
        rg_arena_reset(ctx->arena);
        rg_story_clear(ctx);
        double from = thread_us();
        if (web_simulate(w->server, ctx, "GET", target.p, &ans) != RG_OK || ans.status != 200)
            world_stop(w, target.p);
        us[i] = thread_us() - from;
        bytes = ans.body.n > bytes ? ans.body.n : bytes;
        arena = rg_arena_used(ctx->arena) > arena ? rg_arena_used(ctx->arena) : arena;
        web_answer_done(&ans);
    }
    report(what, us, RG_COUNT(us));
    printf("%-34s at most %zu KB of page, %zu KB of memory\n", "", bytes / 1024, arena / 1024);
}

static void
bench_ask(struct world *w, struct rg_ctx *ctx)
{
    static double us[ROUNDS * QUERIES];
    struct finder_answer *answer = calloc(1, sizeof(*answer));
    int64_t hits = 0;
    world_must(w, store_session_begin(ctx, w->store), "session");
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    for (size_t i = 0; i < RG_COUNT(us); i++) {
        struct finder_question q = question(i % QUERIES);
        rg_arena_release(ctx->arena, mark);
        double from = thread_us();
        world_must(w, finder_ask(ctx, &w->finder, &q, answer), "ask");
        us[i] = thread_us() - from;
        hits += answer->total;
    }
    store_session_end(ctx);
    free(answer);
    report("question to answer", us, RG_COUNT(us));
    printf("%-34s %.0f services found on average\n", "", (double)hits / RG_COUNT(us));
}

static void
bench_understand(struct world *w)
{
    static double us[ROUNDS * QUERIES];
    struct finder_reader *reader;
    struct finder_understanding *u = calloc(1, sizeof(*u));
    world_must(w, finder_reader_new(&w->ctx, w->model, &reader), "reader");
    for (size_t i = 0; i < RG_COUNT(us); i++) {
        double from = thread_us();
        finder_understand(reader, str_of(sentences[i % RG_COUNT(sentences)]), u);
        us[i] = thread_us() - from;
    }
    finder_reader_free(reader);
    free(u);
    report("of it, understanding", us, RG_COUNT(us));
}

int
main(int argc, char **argv)
{
    int64_t n = 100000;
    struct rg_ctx ctx;
    if (argc > 1 && !rg_parse_i64(str_of(argv[1]), 10, 1000000, &n)) {
        fprintf(stderr, "finder_page_bench [SERVICES [FOLDER]]: a number from 10 to 1000000\n");
        return 2;
    }
    struct world *w = world_new_in(argc > 2 ? argv[2] : NULL, (unsigned)n);
    world_must(w, rg_ctx_init(&ctx, RG_REQUEST_ARENA_MAX), "context");
    ctx.now_s = NOON;
    struct search_live *live = finder_catalogue_live(w->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    printf("%zu services\n", search_snapshot_docs(snapshot));
    search_release(live, snapshot);
    bench_pages(w, &ctx, "(first round, warming)", "/cerca?");
    bench_pages(w, &ctx, "page of results, whole", "/cerca?");
    bench_pages(w, &ctx, "the same as JSON", "/cerca.json?");
    bench_ask(w, &ctx);
    bench_understand(w);
    rg_ctx_done(&ctx);
    world_free(w);
    return 0;
}
