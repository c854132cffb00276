/* The index against SQLite's FTS5 on one synthetic corpus: Zipf-Mandelbrot words, about 33
 * postings a record, 40 categories, 312 places. Query words are drawn as often as records have
 * them, so frequent words are over-represented: a pessimistic mix. Thread CPU time.
 *   search_index_bench [records] [FTS5 queries per measure, 0: none] */
#include "search/search.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { VOCABULARY = 11000, NAME_WORDS = 3, BODY_WORDS = 34, N_QUERIES = 300, TEXT_MAX = 512,
       N_CATEGORIES = 40, N_PLACES = 312 };

static struct rg_ctx ctx;
static double cumulative[VOCABULARY];
static struct sqlite3 *fts;

static double
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
must(enum rg_err err)
{
    if (err != RG_OK) {
        fprintf(stderr, "%s: %s at %s:%d\n", rg_err_name(err), ctx.story.key, ctx.story.file,
                ctx.story.line);
        exit(1);
    }
}

static unsigned
random_word(void)
{
    double u = (double)(rg_chance(&ctx) >> 11) * 0x1p-53 * cumulative[VOCABULARY - 1];
    unsigned low = 0, high = VOCABULARY - 1;

    while (low < high) {
        unsigned mid = (low + high) / 2;
        if (cumulative[mid] < u)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static size_t
random_text(char *out, unsigned n_words)
{
    size_t n = 0;

    for (unsigned i = 0; i < n_words; i++)
        n += (size_t)snprintf(out + n, TEXT_MAX - n, "w%u ", random_word());
    return n;
}

static void
fts_run(const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(fts, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "sqlite: %s\n", message);
        exit(1);
    }
}

static int
number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* seen: matches met; all of them where facets are counted, else what pruning let through. */
static void
print_line(const char *name, double *us, size_t n, double seen)
{
    qsort(us, n, sizeof *us, number_order);
    printf("%-44s p50 %9.1f us   p99 %9.1f us", name, us[n / 2], us[n * 99 / 100]);
    if (seen > 0)
        printf("   %8.0f seen", seen / (double)n);
    putchar('\n');
    fflush(stdout);
}

struct words {
    char text[3][12];
};

static void
bench_own(const struct search_snapshot *s, const struct words *queries, unsigned n_terms,
          bool all, bool facets, size_t n)
{
    double us[N_QUERIES], matches = 0;
    char name[80];

    for (size_t i = 0; i < n; i++) {
        struct search_alternative alternatives[3];
        struct search_term terms[3];
        struct search_result r;
        us[i] = 1e12;
        for (unsigned t = 0; t < n_terms; t++) {
            alternatives[t] = (struct search_alternative){str_of(queries[i].text[t]), 1};
            terms[t] = (struct search_term){&alternatives[t], 1, 1};
        }
        for (int round = 0; round < 3; round++) { /* best of three: the machine is shared */
            double from;
            rg_arena_reset(ctx.arena);
            from = now_us();
            must(search_ask(&ctx, s,
                            &(struct search_query){.terms = terms, .n_terms = n_terms, .k = 20,
                                                   .n_match_min = all ? n_terms : 1,
                                                   .facet_dims = facets ? 3 : 0,
                                                   .n_facet_values = 20},
                            &r));
            from = now_us() - from;
            us[i] = from < us[i] ? from : us[i];
        }
        matches += (double)r.total;
    }
    snprintf(name, sizeof name, "own  %u term%s %s top 20%s", n_terms, n_terms > 1 ? "s" : " ",
             n_terms == 1 ? "   " : all ? "AND" : "OR ", facets ? " + facets" : "");
    print_line(name, us, n, matches);
}

static void
bench_fts(const struct words *queries, unsigned n_terms, bool all, bool facets, size_t n)
{
    double us[N_QUERIES];
    struct sqlite3_stmt *top, *count;
    char name[80];

    sqlite3_prepare_v2(fts, "SELECT rowid, bm25(t, 5.0, 1.0) AS s FROM t WHERE t MATCH ?1 "
                            "ORDER BY s LIMIT 20", -1, &top, NULL);
    sqlite3_prepare_v2(fts, "SELECT d.place, count(*) FROM t JOIN d ON d.id = t.rowid "
                            "WHERE t MATCH ?1 GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
                       -1, &count, NULL);
    for (size_t i = 0; i < n; i++) {
        char match[64];
        size_t at = 0;
        double from;
        for (unsigned t = 0; t < n_terms; t++)
            at += (size_t)snprintf(match + at, sizeof match - at, "%s%s",
                                   t == 0 ? "" : all ? " " : " OR ", queries[i].text[t]);
        from = now_us();
        for (int both = 0; both < (facets ? 2 : 1); both++) {
            struct sqlite3_stmt *st = both ? count : top;
            sqlite3_bind_text(st, 1, match, -1, SQLITE_STATIC);
            while (sqlite3_step(st) == SQLITE_ROW)
                ;
            sqlite3_reset(st);
        }
        us[i] = now_us() - from;
    }
    sqlite3_finalize(top);
    sqlite3_finalize(count);
    snprintf(name, sizeof name, "FTS5 %u term%s %s top 20%s", n_terms, n_terms > 1 ? "s" : " ",
             n_terms == 1 ? "   " : all ? "AND" : "OR ", facets ? " + facets (one)" : "");
    print_line(name, us, n, 0);
}

/* Build both; the time of each is its own CPU. */
static void
build(size_t n_docs, bool with_fts, const char *path)
{
    static const struct search_schema schema = {
        .n_fields = 2, .n_dims = 2, .k1 = 1.2f, .fields = {{5, 0.3f}, {1, 0.75f}},
    };
    struct search_builder *b;
    struct sqlite3_stmt *insert = NULL, *place = NULL;
    double own_us = 0, fts_us = 0, from, total = 0;

    for (unsigned i = 0; i < VOCABULARY; i++)
        cumulative[i] = total += 1 / (i + 4.0);
    if (with_fts) {
        if (sqlite3_open(":memory:", &fts) != SQLITE_OK)
            exit(1);
        fts_run("CREATE VIRTUAL TABLE t USING fts5(name, body, content='');"
                "CREATE TABLE d(id INTEGER PRIMARY KEY, place INTEGER); BEGIN");
        sqlite3_prepare_v2(fts, "INSERT INTO t(rowid, name, body) VALUES (?,?,?)", -1,
                           &insert, NULL);
        sqlite3_prepare_v2(fts, "INSERT INTO d VALUES (?,?)", -1, &place, NULL);
    }
    must(search_builder_new(&ctx, &schema, (size_t)4 << 30, &b));
    for (size_t i = 0; i < n_docs; i++) {
        char name[TEXT_MAX], body[TEXT_MAX];
        size_t n_name = random_text(name, NAME_WORDS), n_body = random_text(body, BODY_WORDS);
        uint32_t where = (uint32_t)(rg_chance(&ctx) % N_PLACES);
        struct search_facet_value facets[2] = {{0, (uint32_t)(rg_chance(&ctx) % N_CATEGORIES)},
                                               {1, where}};
        from = now_us();
        must(search_builder_add(&ctx, b, 1,
                                &(struct search_doc){.key = (int64_t)i, .lang = SEARCH_IT,
                                                     .text = {{name, n_name}, {body, n_body}},
                                                     .facets = facets, .n_facets = 2,
                                                     .has_point = true,
                                                     .lat_e7 = 450000000 + (int32_t)where,
                                                     .lon_e7 = 76000000}));
        own_us += now_us() - from;
        if (!with_fts)
            continue;
        from = now_us();
        sqlite3_bind_int64(insert, 1, (int64_t)i);
        sqlite3_bind_text(insert, 2, name, (int)n_name, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, body, (int)n_body, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
        fts_us += now_us() - from;
        sqlite3_bind_int64(place, 1, (int64_t)i);
        sqlite3_bind_int64(place, 2, where);
        sqlite3_step(place);
        sqlite3_reset(place);
    }
    printf("%-44s %9.2f s\n", "own  build: analyse and tally", own_us / 1e6);
    from = now_us();
    must(search_builder_write(&ctx, b, 1, path));
    printf("%-44s %9.2f s\n", "own  build: lay out and write", (now_us() - from) / 1e6);
    search_builder_free(b);
    if (with_fts) {
        from = now_us();
        fts_run("COMMIT; INSERT INTO t(t) VALUES ('optimize')");
        printf("%-44s %9.2f s\n", "FTS5 build", (fts_us + now_us() - from) / 1e6);
        sqlite3_finalize(insert);
        sqlite3_finalize(place);
    }
}

static void
bench_expand(const struct search_snapshot *s, const struct words *queries)
{
    double spell_us[N_QUERIES], prefix_us[N_QUERIES], found = 0, begun = 0;

    for (size_t i = 0; i < N_QUERIES; i++) {
        const struct search_suggestion *list;
        size_t n;
        double from;
        rg_arena_reset(ctx.arena);
        from = now_us();
        must(search_spell(&ctx, s, str_of(queries[i].text[0]), 8, &list, &n));
        spell_us[i] = now_us() - from;
        found += (double)n;
        from = now_us();
        must(search_prefix(&ctx, s, str_n(queries[i].text[0], 3), 8, &list, &n));
        prefix_us[i] = now_us() - from;
        begun += (double)n;
    }
    print_line("own  spelling", spell_us, N_QUERIES, found);
    print_line("own  prefix of 3 letters", prefix_us, N_QUERIES, begun);
}

static void
bench_changes(struct search_live *live)
{
    static const size_t sizes[] = {1, 100, 1000};
    uint64_t seq = 1;

    for (size_t i = 0; i < RG_COUNT(sizes); i++) {
        struct search_change *changes = calloc(sizes[i], sizeof *changes);
        double from;
        if (!changes)
            exit(1);
        for (size_t j = 0; j < sizes[i]; j++)
            changes[j] = (struct search_change){
                .seq = ++seq,
                .doc = {.key = (int64_t)j * 7, .text = {STR("uno sportello nuovo"),
                        STR("w1 w20 w300 w4000 ascolto anziani casa lavoro salute scuola")}}};
        from = now_us();
        must(search_live_apply(&ctx, live, changes, sizes[i]));
        printf("own  %4zu changes applied %29.2f ms\n", sizes[i], (now_us() - from) / 1e3);
        free(changes);
    }
}

int
main(int argc, char **argv)
{
    static struct words queries[N_QUERIES];
    int64_t n_docs = 100000, n_fts = 60;
    struct search_index *ix;
    struct search_live *live;
    struct stat st;
    char path[64];
    double from;

    if ((argc > 1 && !rg_parse_i64(str_of(argv[1]), 1, 10000000, &n_docs))
        || (argc > 2 && !rg_parse_i64(str_of(argv[2]), 0, N_QUERIES, &n_fts))) {
        fprintf(stderr, "usage: search_index_bench [records] [FTS5 queries]\n");
        return 2;
    }
    must(rg_ctx_init(&ctx, 64 << 20));
    ctx.chance = 7;
    snprintf(path, sizeof path, "/tmp/search_bench.%d.idx", (int)getpid());
    build((size_t)n_docs, n_fts > 0, path);
    if (stat(path, &st) == 0)
        printf("%-44s %9.1f MB\n", "own  index", (double)st.st_size / 1e6);
    from = now_us();
    must(search_index_open(&ctx, path, &ix));
    printf("%-44s %9.1f ms, %zu terms\n", "own  open and check", (now_us() - from) / 1e3,
           search_index_terms(ix));
    unlink(path);
    must(search_live_new(&ctx, ix, &live));
    for (size_t i = 0; i < N_QUERIES; i++)
        for (int t = 0; t < 3; t++)
            snprintf(queries[i].text[t], sizeof queries[i].text[t], "w%u", random_word());
    const struct search_snapshot *s = search_acquire(live);
    for (unsigned n = 1; n <= 3; n++)
        for (int all = n > 1; all >= 0; all--)
            for (int facets = 0; facets < 2; facets++)
                bench_own(s, queries, n, all, facets, N_QUERIES);
    bench_expand(s, queries);
    search_release(live, s);
    bench_changes(live);
    s = search_acquire(live);
    puts("with those changes on top:");
    for (unsigned n = 1; n <= 3; n++)
        bench_own(s, queries, n, n > 1, true, N_QUERIES);
    search_release(live, s);
    for (unsigned n = 1; n_fts && n <= 3; n++)
        for (int all = n > 1; all >= 0; all--)
            bench_fts(queries, n, all, n == 1 || all, (size_t)n_fts);
    search_live_free(live);
    sqlite3_close(fts);
    rg_ctx_done(&ctx);
    return 0;
}
