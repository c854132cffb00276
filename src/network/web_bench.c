/* Measures the service card, an organization and the first page of /services on a directory of
 * N invented services, or serves a directory for tests of the API:
 *
 *   network_web_bench [N]                  figures (N = 100000)
 *   network_web_bench --serve PORT [PATH]  serve PATH (a file or folder of HSDS), or 60
 * invented services, on 127.0.0.1:PORT until a line comes on stdin
 */
#include "network/surface.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 5000, ROUNDS = 2000, PER_ORGANIZATION = 5 };

static char path[64];

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

static struct str
uid(struct rg_ctx *ctx, int kind, int64_t i)
{
    return str_of(rg_arena_printf(ctx->arena, "%08x-0000-4000-8000-%012llx", kind,
                                  (unsigned long long)i));
}

static void
put(struct rg_ctx *ctx, int64_t source, struct network_record record)
{
    enum network_put how;
    int64_t id;
    must(ctx, network_put(ctx, NULL, source, &record, &how, &id), "put");
}

static const char about[] = "Lo sportello ascolta la situazione della persona e della "
                            "famiglia, controlla i documenti e aiuta "
                            "a compilare la domanda. Se serve, parla con gli altri uffici e "
                            "accompagna al primo appuntamento.";

static void
invent_service(struct rg_ctx *ctx, int64_t source, int64_t i)
{
    struct str s = uid(ctx, 1, i), o = uid(ctx, 2, i / PER_ORGANIZATION), l = uid(ctx, 3, i);
    struct str t = uid(ctx, 5, i % 100), a = uid(ctx, 4, i), ph = uid(ctx, 6, i),
               sc = uid(ctx, 7, i);
#define DOC(...) str_of(rg_arena_printf(ctx->arena, __VA_ARGS__))
    if (i % PER_ORGANIZATION == 0)
        put(ctx, source,
            (struct network_record){
                .kind = NETWORK_ORGANIZATION,
                .uid = o,
                .doc = DOC(
                    "{\"id\":\"%s\",\"name\":\"Ente %lld\",\"description\":\"%s\",\"email\":"
                    "\"ente@example.org\",\"website\":\"https://example.org/\"}",
                    o.p, (long long)(i / PER_ORGANIZATION), about)});
    put(ctx, source,
        (struct network_record){
            .kind = NETWORK_SERVICE,
            .uid = s,
            .organization_uid = o,
            .doc =
                DOC("{\"id\":\"%s\",\"organization_id\":\"%s\",\"name\":\"Sportello "
                    "%lld\",\"description\":"
                    "\"%s\",\"url\":\"https://example.org/"
                    "%lld\",\"email\":\"s@example.org\",\"status\":"
                    "\"active\",\"application_process\":\"Telefona.\\nVieni con i documenti.\","
                    "\"eligibility_description\":\"Residenti nel "
                    "comune\",\"minimum_age\":18,\"phones\":[{"
                    "\"id\":\"%s\",\"number\":\"011 "
                    "000000\"}],\"schedules\":[{\"id\":\"%s\",\"freq\":"
                    "\"WEEKLY\",\"byday\":\"MO,TU,TH\",\"opens_at\":\"09:00\",\"closes_at\":"
                    "\"12:30\"}],"
                    "\"attributes\":[{\"id\":\"%s\",\"taxonomy_term_id\":\"%s\"}]}",
                    s.p, o.p, (long long)i, about, (long long)i, ph.p, sc.p, a.p, t.p)});
    put(ctx, source,
        (struct network_record){.kind = NETWORK_LOCATION,
                                .uid = l,
                                .doc = DOC("{\"id\":\"%s\",\"location_type\":\"physical\","
                                           "\"name\":\"Sede %lld\",\"latitude\":45.%05lld,"
                                           "\"longitude\":7.6,\"addresses\":[{\"id\":\"%s\","
                                           "\"address_1\":\"Via di prova 1\",\"city\":"
                                           "\"Torino\",\"state_province\":\"TO\",\"postal_"
                                           "code\":\"10100\",\"country\":\"IT\","
                                           "\"address_type\":\"physical\"}]}",
                                           l.p, (long long)i, (long long)i % 100000, a.p)});
    put(ctx, source,
        (struct network_record){
            .kind = NETWORK_SERVICE_AT_LOCATION,
            .uid = a,
            .service_uid = s,
            .location_uid = l,
            .doc = DOC("{\"id\":\"%s\",\"service_id\":\"%s\",\"location_id\":\"%s\"}", a.p, s.p,
                       l.p)});
}

static void
invent(struct rg_ctx *ctx, int64_t n)
{
    const struct network_source demo = {
        .name = STR("demo"), .title = STR("Dati di prova"), .synthetic = true};
    int64_t source = 0;
    for (int64_t i = 0; i < n; i += BATCH) {
        must(ctx, store_write_begin(ctx, "bench"), "begin");
        if (i == 0) {
            must(ctx, network_source_put(ctx, &demo, &source), "source");
            struct str y = uid(ctx, 8, 0);
            put(ctx, source,
                (struct network_record){
                    .kind = NETWORK_TAXONOMY,
                    .uid = y,
                    .doc = DOC("{\"id\":\"%s\",\"name\":\"Bisogni\",\"description\":\"Prova\"}",
                               y.p)});
            for (int64_t t = 0; t < 100; t++) {
                struct str u = uid(ctx, 5, t);
                put(ctx, source,
                    (struct network_record){
                        .kind = NETWORK_TAXONOMY_TERM,
                        .uid = u,
                        .taxonomy_uid = y,
                        .doc = DOC(
                            "{\"id\":\"%s\",\"code\":\"casa.n%lld\",\"name\":\"Bisogno %lld\","
                            "\"description\":\"Prova\",\"taxonomy_id\":\"%s\"}",
                            u.p, (long long)t, (long long)t, y.p)});
            }
        }
        for (int64_t k = i; k < n && k < i + BATCH; k++) {
            struct rg_mark mark = rg_arena_mark(ctx->arena);
            invent_service(ctx, source, k);
            rg_arena_release(ctx->arena, mark);
        }
        must(ctx, store_write_commit(ctx), "commit");
    }
}

/* ---- real directories ---- */

struct load {
    int64_t source;
    enum hsds_type only; /* one kind a pass: what is referred to comes first */
};

static enum rg_err
load_record(void *user, struct rg_ctx *ctx, const struct intake_record *r)
{
    static const enum network_kind kinds[] = {[HSDS_ORGANIZATION] = NETWORK_ORGANIZATION,
                                              [HSDS_SERVICE] = NETWORK_SERVICE,
                                              [HSDS_LOCATION] = NETWORK_LOCATION,
                                              [HSDS_SERVICE_AT_LOCATION] =
                                                  NETWORK_SERVICE_AT_LOCATION,
                                              [HSDS_PROGRAM] = NETWORK_PROGRAM,
                                              [HSDS_TAXONOMY] = NETWORK_TAXONOMY,
                                              [HSDS_TAXONOMY_TERM] = NETWORK_TAXONOMY_TERM};
    const struct load *load = user;
    if (r->type != load->only)
        return RG_OK;
    struct rg_mark mark = rg_arena_mark(ctx->arena);
    struct network_record record = {.kind = kinds[r->type],
                                    .uid = r->id,
                                    .source_key = r->source_id,
                                    .doc = r->doc,
                                    .organization_uid = r->organization_id,
                                    .program_uid = r->program_id,
                                    .service_uid = r->service_id,
                                    .location_uid = r->location_id,
                                    .taxonomy_uid = r->taxonomy_id};
    enum network_put how;
    int64_t id;
    enum rg_err err = network_put(ctx, NULL, load->source, &record, &how, &id);
    rg_arena_release(ctx->arena, mark);
    return err;
}

static enum rg_err
load_problem(void *user, struct rg_ctx *ctx, const struct intake_problem *problem)
{
    (void)user;
    (void)ctx;
    (void)problem;
    return RG_OK;
}

static void
load(struct rg_ctx *ctx, const char *from)
{
    static const enum hsds_type order[] = {
        HSDS_TAXONOMY, HSDS_TAXONOMY_TERM, HSDS_ORGANIZATION,       HSDS_PROGRAM,
        HSDS_SERVICE,  HSDS_LOCATION,      HSDS_SERVICE_AT_LOCATION};
    const struct network_source source = {.name = STR("file"), .title = STR("File")};
    const struct intake_options options = {.source = STR("file"), .default_country = STR("US")};
    struct load load = {0};
    const struct intake_sink sink = {&load, load_record, load_problem, NULL};
    struct intake_counts counts;
    must(ctx, store_write_begin(ctx, "load"), "begin");
    must(ctx, network_source_put(ctx, &source, &load.source), "source");
    for (size_t i = 0; i < RG_COUNT(order); i++) {
        load.only = order[i];
        must(ctx, intake_path(ctx, &options, from, &sink, &counts), "intake");
    }
    must(ctx, store_write_commit(ctx), "commit");
}

/* ---- figures ---- */

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
measure(struct web_server *server, struct rg_ctx *ctx, const char *name, const char *folder,
        int64_t n)
{
    static double took[ROUNDS];
    uint64_t chance = 1;
    size_t bytes = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char target[64];
        struct web_answer answer;
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        if (n > 0)
            snprintf(target, sizeof(target), "%s%lld", folder,
                     (long long)((int64_t)(chance >> 20) % n + 1));
        else
            snprintf(target, sizeof(target), "%s", folder);
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        double start = cpu_us();
        must(ctx, web_simulate(server, ctx, "GET", target, &answer), "ask");
        took[i] = cpu_us() - start;
        bytes = answer.body.n;
        if (answer.status != 200) {
            fprintf(stderr, "%s: %d\n", target, answer.status);
            exit(1);
        }
        web_answer_done(&answer);
        rg_arena_release(ctx->arena, mark);
    }
    qsort(took, ROUNDS, sizeof(took[0]), by_value);
    printf("%-22s median %6.1f us  p95 %6.1f us CPU  (%zu bytes)\n", name, took[ROUNDS / 2],
           took[ROUNDS * 95 / 100], bytes);
}

static void
clean(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RG_COUNT(ends); i++) {
        char file[80];
        snprintf(file, sizeof(file), "%s%s", path, ends[i]);
        unlink(file);
    }
}

int
main(int argc, char **argv)
{
    static const struct store_room *const rooms[] = {&network_store};
    bool serve = argc > 2 && strcmp(argv[1], "--serve") == 0;
    int64_t n = serve ? 60 : 100000;
    if (!serve && argc > 1 && !rg_parse_i64(str_of(argv[1]), 1, 10000000, &n))
        return 2;
    struct network_web web = {0};
    static const struct web_route roots[] = {{.method = "GET",
                                              .path = "/",
                                              .flags = WEB_API,
                                              .roles = RG_ROLE_PUBLIC,
                                              .handle = network_api_root}};
    const struct web_room served[] = {{"network", network_routes, network_n_routes, &web},
                                      {"root", roots, 1, NULL}};
    struct rg_ctx ctx;
    struct store *store;
    struct web_server *server;
    if (rg_ctx_init(&ctx, 1u << 30) != RG_OK)
        return 1;
    ctx.actor.name = STR("bench");
    snprintf(path, sizeof(path), "/tmp/regia-network-bench-%d.db", (int)getpid());
    atexit(clean);
    must(&ctx, store_open(&ctx, path, rooms, 1, &store), "open");
    must(&ctx, store_session_begin(&ctx, store), "session");
    if (serve && argc > 3)
        load(&ctx, argv[3]);
    else
        invent(&ctx, n);
    store_session_end(&ctx);
    char listen[64];
    snprintf(listen, sizeof(listen), "127.0.0.1:%s", serve ? argv[2] : "0");
    const struct web_config config = {.listen = listen,
                                      .store = store,
                                      .rooms = served,
                                      .n_rooms = 2,
                                      .spool = "/tmp",
                                      .per_address_max = 1000};
    if (serve) {
        must(&ctx, web_start(&ctx, &config, &server), "start");
        printf("serving on 127.0.0.1:%u\n", web_port(server));
        fflush(stdout);
        (void)getchar();
    } else {
        must(&ctx, web_start_offline(&ctx, &config, &server), "start");
        printf("%lld services\n", (long long)n);
        measure(server, &ctx, "service card", "/servizi/", n);
        measure(server, &ctx, "service card, JSON", "/servizi/1.json?", 0);
        measure(server, &ctx, "organization", "/enti/", n / PER_ORGANIZATION);
        measure(server, &ctx, "place", "/luoghi/", n);
    }
    server = web_stop(server);
    store = store_close(store);
    rg_ctx_done(&ctx);
    return 0;
}
