/* One part of bench/search, which compares engines on one corpus and the same questions:
 *   search_peers_bench corpus FOLDER RECORDS QUERIES   write corpus.tsv and queries.tsv
 *   search_peers_bench own FOLDER QUERIES ROUNDS       the index of this room
 *   search_peers_bench fts FOLDER QUERIES ROUNDS       SQLite's FTS5
 *   search_peers_bench twin FOLDER QUERIES             brute force, by the book
 *
 * The corpus: Zipf-Mandelbrot words, 3 in the name and 34 in the text, 40 categories, 312 places.
 * Query words are drawn as often as records have them, so frequent words are over-represented:
 * a pessimistic mix. A line of output is a question: its kind, its number, thread CPU in
 * microseconds (the median of the rounds), matches, a sum over all facet counts, and for own
 * and twin a sum over the 20 best; lines that begin with # are other measures. bench/search
 * demands that the sums agree.                                                               */
#include "search/peers_bench.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct rg_ctx ctx;
struct peer_question *questions;
size_t n_questions;
static uint32_t kinds[PEER_KIND__MAX];

static const char *const kind_names[PEER_KIND__MAX] = {
    "1 word", "2 words, all", "3 words, all", "2 words, any", "3 words, any", "2 words, phrase",
};

double
peer_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

void
peer_must(enum rg_err err)
{
    if (err != RG_OK) {
        fprintf(stderr, "%s: %s at %s:%d\n", rg_err_name(err), ctx.story.key, ctx.story.file,
                ctx.story.line);
        exit(1);
    }
}

static FILE *
file_open(const char *folder, const char *name, const char *mode)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, mode);
    if (!f) {
        fprintf(stderr, "%s: cannot be opened; is the folder there, was 'corpus' run?\n", path);
        exit(1);
    }
    return f;
}

int
peer_number_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

void
peer_report(size_t q, double *us, size_t rounds, uint64_t total, uint64_t facets, uint64_t best)
{
    if (rounds)
        qsort(us, rounds, sizeof *us, peer_number_order);
    printf("%s\t%u\t%.2f\t%llu\t%llu\t%llu\n", kind_names[questions[q].kind],
           questions[q].number, rounds ? us[rounds / 2] : 0.0, (unsigned long long)total,
           (unsigned long long)facets, (unsigned long long)best);
}

/* ---- The corpus ------------------------------------------------------------------------- */

static double cumulative[PEER_VOCABULARY];

static unsigned
random_word(void)
{
    double u = (double)(rg_chance(&ctx) >> 11) * 0x1p-53 * cumulative[PEER_VOCABULARY - 1];
    unsigned low = 0, high = PEER_VOCABULARY - 1;

    while (low < high) {
        unsigned mid = (low + high) / 2;
        if (cumulative[mid] < u)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int
write_corpus(const char *folder, int64_t n_docs, int64_t n_queries)
{
    FILE *corpus = file_open(folder, "corpus.tsv", "w");
    FILE *out = file_open(folder, "queries.tsv", "w");
    unsigned (*pairs)[2] = calloc((size_t)n_queries, sizeof *pairs);
    double total = 0;

    if (!pairs)
        return 1;
    for (unsigned i = 0; i < PEER_VOCABULARY; i++)
        cumulative[i] = total += 1 / (i + 4.0);
    for (int64_t i = 0; i < n_docs; i++) {
        unsigned words[PEER_WORDS];
        fprintf(corpus, "%lld\t", (long long)i + 1);
        for (unsigned w = 0; w < PEER_WORDS; w++) {
            words[w] = random_word();
            fprintf(corpus, w + 1 == PEER_NAME_WORDS || w + 1 == PEER_WORDS ? "w%u\t" : "w%u ",
                    words[w]);
        }
        fprintf(corpus, "%u\t%u\n", (unsigned)(rg_chance(&ctx) % PEER_CATEGORIES),
                (unsigned)(rg_chance(&ctx) % PEER_PLACES));
        if (i * n_queries / n_docs != (i + 1) * n_queries / n_docs) { /* two that stand so */
            size_t q = (size_t)(i * n_queries / n_docs);
            unsigned at = PEER_NAME_WORDS + (unsigned)(rg_chance(&ctx) % (PEER_BODY_WORDS - 1));
            pairs[q][0] = words[at];
            pairs[q][1] = words[at + 1];
        }
    }
    for (unsigned k = 0; k < PEER_KIND__MAX; k++)
        for (int64_t q = 0; q < n_queries; q++) {
            bool phrase = k == PEER_PHRASE;
            fprintf(out, "%u\t%u\t%u\t%u\n", k, phrase ? pairs[q][0] : random_word(),
                    phrase ? pairs[q][1] : random_word(), random_word());
        }
    free(pairs);
    return fclose(corpus) != 0 || fclose(out) != 0;
}

static void
read_questions(const char *folder, int64_t n_each)
{
    FILE *f = file_open(folder, "queries.tsv", "r");
    static const unsigned n_words[] = {1, 2, 3, 2, 3, 2};
    char *line = NULL;
    size_t n_line = 0;

    questions = calloc((size_t)n_each * PEER_KIND__MAX, sizeof *questions);
    while (questions && getline(&line, &n_line, f) > 0) {
        struct peer_question q = {0};
        char *at = line;
        unsigned kind = (unsigned)strtoul(at, &at, 10);
        for (int w = 0; w < 3; w++) {
            q.words[w] = (unsigned)strtoul(at, &at, 10);
            snprintf(q.texts[w], sizeof q.texts[w], "w%u", q.words[w]);
        }
        q.kind = kind;
        q.n_words = n_words[kind];
        q.number = kinds[kind]++;
        if (q.number < n_each)
            questions[n_questions++] = q;
    }
    free(line);
    fclose(f);
}

bool
peer_next_doc(FILE *f, struct peer_doc *doc)
{
    static char *line;
    static size_t n_line;
    ssize_t n = getline(&line, &n_line, f);
    char *part[4], *at;

    if (n <= 0) {
        free(line);
        line = NULL;
        n_line = 0;
        return false;
    }
    doc->id = (int64_t)strtoul(line, &at, 10);
    at++;
    for (int i = 0; i < 2; i++) {
        part[i] = at;
        at = strchr(at, '\t');
        *at++ = 0;
    }
    doc->name = str_of(part[0]);
    doc->body = str_of(part[1]);
    doc->category = (uint32_t)strtoul(at, &at, 10);
    doc->place = (uint32_t)strtoul(at, &at, 10);
    return true;
}

/* ---- FTS5 ------------------------------------------------------------------------------- */

static struct sqlite3 *fts;

static void
fts_run(const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(fts, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "sqlite: %s\n", message);
        exit(1);
    }
}

static struct sqlite3_stmt *
fts_prepare(const char *sql)
{
    struct sqlite3_stmt *st;

    if (sqlite3_prepare_v2(fts, sql, -1, &st, NULL) != SQLITE_OK) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(fts));
        exit(1);
    }
    return st;
}

static void
fts_build(FILE *corpus)
{
    struct sqlite3_stmt *insert, *place;
    struct peer_doc doc;
    double us = 0;

    if (sqlite3_open(":memory:", &fts) != SQLITE_OK)
        exit(1);
    fts_run("CREATE VIRTUAL TABLE t USING fts5(name, body, content='');"
            "CREATE TABLE d(id INTEGER PRIMARY KEY, category INTEGER, place INTEGER); BEGIN");
    insert = fts_prepare("INSERT INTO t(rowid, name, body) VALUES (?,?,?)");
    place = fts_prepare("INSERT INTO d VALUES (?,?,?)");
    while (peer_next_doc(corpus, &doc)) {
        double from = peer_now_us();
        sqlite3_bind_int64(insert, 1, doc.id);
        sqlite3_bind_text(insert, 2, doc.name.p, (int)doc.name.n, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, doc.body.p, (int)doc.body.n, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
        us += peer_now_us() - from;
        sqlite3_bind_int64(place, 1, doc.id);
        sqlite3_bind_int64(place, 2, doc.category);
        sqlite3_bind_int64(place, 3, doc.place);
        sqlite3_step(place);
        sqlite3_reset(place);
    }
    double from = peer_now_us();
    fts_run("COMMIT; INSERT INTO t(t) VALUES ('optimize')");
    printf("#build_s\t%.2f\n", (us + peer_now_us() - from) / 1e6);
    sqlite3_finalize(insert);
    sqlite3_finalize(place);
}

static void
fts_count(struct sqlite3_stmt *st, unsigned dim, uint64_t *total, uint64_t *facets)
{
    *total = 0;
    while (sqlite3_step(st) == SQLITE_ROW) {
        uint32_t value = (uint32_t)sqlite3_column_int64(st, 0);
        uint32_t n = (uint32_t)sqlite3_column_int64(st, 1);
        *total += n;
        *facets += peer_facet_sum(dim, value, n);
    }
    sqlite3_reset(st);
}

static void
fts_measure(size_t rounds)
{
    struct sqlite3_stmt *top, *count[2];

    top = fts_prepare("SELECT rowid, bm25(t, 5.0, 1.0) AS s FROM t WHERE t MATCH ?1 "
                      "ORDER BY s LIMIT 20");
    count[0] = fts_prepare("SELECT d.category, count(*) FROM t JOIN d ON d.id = t.rowid "
                           "WHERE t MATCH ?1 GROUP BY 1");
    count[1] = fts_prepare("SELECT d.place, count(*) FROM t JOIN d ON d.id = t.rowid "
                           "WHERE t MATCH ?1 GROUP BY 1");
    for (size_t i = 0; i < n_questions; i++) {
        const struct peer_question *q = &questions[i];
        const char *join = q->kind >= PEER_ANY2 && q->kind <= PEER_ANY3 ? " OR "
                           : q->kind == PEER_PHRASE ? " + " : " ";
        double us[PEER_ROUNDS_MAX];
        uint64_t total = 0, facets = 0;
        char match[64];
        size_t at = 0;
        for (unsigned t = 0; t < q->n_words; t++)
            at += (size_t)snprintf(match + at, sizeof match - at, "%s%s", t ? join : "",
                                   q->texts[t]);
        sqlite3_bind_text(top, 1, match, -1, SQLITE_STATIC);
        sqlite3_bind_text(count[0], 1, match, -1, SQLITE_STATIC);
        sqlite3_bind_text(count[1], 1, match, -1, SQLITE_STATIC);
        for (size_t r = 0; r < rounds; r++) {
            us[r] = peer_now_us();
            while (sqlite3_step(top) == SQLITE_ROW)
                ;
            sqlite3_reset(top);
            facets = 0;
            fts_count(count[0], 0, &total, &facets);
            fts_count(count[1], 1, &total, &facets);
            us[r] = peer_now_us() - us[r];
        }
        peer_report(i, us, rounds, total, facets, 0);
    }
    sqlite3_finalize(top);
    sqlite3_finalize(count[0]);
    sqlite3_finalize(count[1]);
}

/* ---- The choice ------------------------------------------------------------------------- */

static int
usage(void)
{
    fputs("usage: search_peers_bench corpus FOLDER RECORDS QUERIES | own|fts FOLDER QUERIES "
          "ROUNDS | twin FOLDER QUERIES\n", stderr);
    return 2;
}

int
main(int argc, char **argv)
{
    int64_t n = 0, more = 1;
    FILE *corpus;

    if (argc < 4 || !rg_parse_i64(str_of(argv[3]), 1, 10000000, &n)
        || (argc > 4 && !rg_parse_i64(str_of(argv[4]), 1, 10000, &more)))
        return usage();
    peer_must(rg_ctx_init(&ctx, 64 << 20));
    ctx.chance = 7;
    if (str_is(str_of(argv[1]), "corpus"))
        return write_corpus(argv[2], n, more);
    more = more < PEER_ROUNDS_MAX ? more : PEER_ROUNDS_MAX;
    read_questions(argv[2], n);
    corpus = file_open(argv[2], "corpus.tsv", "r");
    if (str_is(str_of(argv[1]), "own")) {
        peer_own(corpus, argv[2], (size_t)more);
    } else if (str_is(str_of(argv[1]), "twin")) {
        peer_twin(corpus);
    } else if (str_is(str_of(argv[1]), "fts")) {
        fts_build(corpus);
        fts_measure((size_t)more);
        sqlite3_close(fts);
    } else {
        return usage();
    }
    fclose(corpus);
    free(questions);
    rg_ctx_done(&ctx);
    return 0;
}
