/* The power-cut trial, second half: cuts the recorded life of a database at random moments.
 *
 *     cutter cut LOG FOLDER CUTS SEED [SQL]
 *                                          play LOG (powercut.c), cut, judge what is left
 *     cutter judge DB ACKS                 judge a database as it lies on disk
 *
 * The disk that is played keeps all that was synced and, of the rest, a random subset of sectors
 * of 512 bytes: writes arrive torn and out of order, truncations and removals may or may not
 * have happened. A removal is safe after the next sync of any file, as journaling file systems
 * (ext4, XFS) do it. The -shm file is memory and never survives. When a sync fails, chance decides
 * at once which of the waiting sectors are down, and no later sync brings the others. Not played:
 * disks that lie about a sync.
 *
 * Judged: SQLite's integrity check; every promised batch is there (lost); every batch has its
 * three notes and the batches of a thread follow without a gap (partial); the change feed has a
 * change per note and numbers its sets without gaps (feed). With SQL the promises are not of the
 * trial's own table: it yields the number of the last promise that is kept, and cuts begin after
 * the first promise. Prints one line of counts. Exit 0 all
 * good, 1 something is not, 2 misuse, 4 refused: without a promise nothing can be proven.      */
#include "record.h"
#include <ctype.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 64, THREADS_MAX = 16, SECTOR = 512, PARTS = 3, PATH_BYTES = 512 };

struct bytes {
    uint8_t *p;
    size_t n, cap;
};

struct op { /* one record that may or may not reach the disk */
    char op;
    int64_t at;
    const uint8_t *p;
    size_t n;
};

struct file {
    char name[PATH_BYTES]; /* its last part: regia.db, regia.db-wal, acks */
    bool present;          /* on the safe side of the disk */
    struct bytes safe;
    struct op *pending; /* since the last sync */
    size_t n_pending, cap_pending;
};

struct tally {
    long n_cuts, n_promises, lost, corrupt, partial, feed;
};

static struct file files[FILES_MAX + 1];
static unsigned n_files;
static long promised[THREADS_MAX];
static long n_promises;
static uint64_t chance_state;
static const char *kept_sql; /* or NULL: the table of writer.c */

static void *
need(void *p)
{
    if (!p) {
        fputs("cutter: out of memory\n", stderr);
        exit(3);
    }
    return p;
}

static uint64_t
chance(void)
{
    uint64_t z = chance_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void
bytes_size(struct bytes *b, size_t n)
{
    if (n > b->cap) {
        b->cap = n * 2;
        b->p = need(realloc(b->p, b->cap));
    }
    if (n > b->n)
        memset(b->p + b->n, 0, n - b->n);
    b->n = n;
}

static void
bytes_put(struct bytes *b, int64_t at, const uint8_t *p, size_t n)
{
    if ((size_t)at + n > b->n)
        bytes_size(b, (size_t)at + n);
    memcpy(b->p + at, p, n);
}

static bool
is_acks(const struct file *f)
{
    return strcmp(f->name, "acks") == 0;
}

static bool
is_memory(const struct file *f)
{
    size_t n = strlen(f->name);
    return n > 4 && strcmp(f->name + n - 4, "-shm") == 0;
}

static void
promises_read(const char *p, size_t n)
{
    for (const char *end = p + n; p < end;) {
        char *next;
        long thread = strtol(p, &next, 10), batch = strtol(next, &next, 10);
        if (thread < 0 || thread >= THREADS_MAX || *next != '\n')
            break; /* a line cut short was never read by anybody */
        if (batch > promised[thread])
            promised[thread] = batch;
        n_promises++;
        p = next + 1;
    }
}

static void
apply(bool *present, struct bytes *b, const struct op *op)
{
    if (op->op == RECORD_WRITE) {
        *present = true;
        bytes_put(b, op->at, op->p, op->n);
    } else if (op->op == RECORD_TRUNCATE) {
        *present = true;
        bytes_size(b, (size_t)op->at);
    } else {
        *present = false;
        b->n = 0;
    }
}

/* Of what is pending, sectors in random order, each kept with a chance of luck per cent, land on
 * what is there.                                                                             */
static void
land(const struct file *f, unsigned luck, bool *present, struct bytes *out)
{
    static struct op *sectors;
    static size_t cap;
    size_t n = 0;
    for (size_t i = 0; i < f->n_pending; i++) {
        const struct op *op = &f->pending[i];
        for (size_t from = 0; from == 0 || from < op->n;) {
            size_t room = SECTOR - (size_t)(op->at + (int64_t)from) % SECTOR;
            size_t piece = op->n - from < room ? op->n - from : room;
            if (n == cap) {
                cap = cap ? cap * 2 : 1024;
                sectors = need(realloc(sectors, cap * sizeof(sectors[0])));
            }
            if (chance() % 100 < luck)
                sectors[n++] = (struct op){op->op, op->at + (int64_t)from,
                                           op->p ? op->p + from : NULL, piece};
            from += piece ? piece : 1;
        }
    }
    /* Half of the disks write in the order given; the others even bring an older write of a
     * sector down after a newer one, which is harsher than any we know. */
    if (chance() % 2)
        for (size_t i = n; i > 1; i--) {
            size_t j = chance() % i;
            struct op held = sectors[i - 1];
            sectors[i - 1] = sectors[j];
            sectors[j] = held;
        }
    for (size_t i = 0; i < n; i++)
        apply(present, out, &sectors[i]);
}

/* Removals are on the disk now, and what was written to the removed file is of no account. */
static void
settle_removals(void)
{
    for (unsigned i = 1; i <= n_files; i++) {
        struct file *f = &files[i];
        size_t n = f->n_pending;
        while (n > 0 && f->pending[n - 1].op != RECORD_UNLINK)
            n--;
        if (n == 0)
            continue;
        f->present = false;
        f->safe.n = 0;
        f->n_pending -= n;
        memmove(f->pending, f->pending + n, f->n_pending * sizeof(f->pending[0]));
    }
}

/* The next record of the life: what it makes safe, and what it adds to what is in doubt. */
static void
live(const struct record *r, const uint8_t *p)
{
    struct file *f = &files[r->file];
    if (r->op == RECORD_NAME) {
        const char *name = memrchr(p, '/', r->n);
        size_t n = name ? r->n - (size_t)(name + 1 - (const char *)p) : r->n;
        snprintf(f->name, sizeof(f->name), "%.*s", (int)n, name ? name + 1 : (const char *)p);
        n_files = r->file > n_files ? r->file : n_files;
    } else if (is_acks(f)) {
        if (r->op == RECORD_WRITE) {
            char text[128];
            size_t n = r->n < sizeof(text) - 1 ? r->n : sizeof(text) - 1;
            memcpy(text, p, n);
            text[n] = '\0';
            promises_read(text, n);
        }
    } else if (r->op == RECORD_SYNC) {
        for (size_t i = 0; i < f->n_pending; i++)
            apply(&f->present, &f->safe, &f->pending[i]);
        f->n_pending = 0;
        settle_removals();
    } else if (r->op == RECORD_SYNC_FAILED) {
        land(f, (unsigned)(chance() % 101), &f->present, &f->safe);
        f->n_pending = 0;
    } else {
        if (f->n_pending == f->cap_pending) {
            f->cap_pending = f->cap_pending ? f->cap_pending * 2 : 64;
            f->pending = need(realloc(f->pending, f->cap_pending * sizeof(f->pending[0])));
        }
        f->pending[f->n_pending++] = (struct op){r->op, r->at, p, r->n};
    }
}

/* What the disk holds of one file after the cut. */
static bool
cut_file(const struct file *f, unsigned luck, struct bytes *out)
{
    bool present = f->present;
    out->n = 0;
    bytes_size(out, f->safe.n);
    if (f->safe.n)
        memcpy(out->p, f->safe.p, f->safe.n);
    land(f, luck, &present, out);
    return present;
}

static void
write_file(const char *folder, const char *name, const struct bytes *b, bool present)
{
    char path[2 * PATH_BYTES];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    unlink(path);
    if (!present)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || write(fd, b->p, b->n) != (ssize_t)b->n) {
        perror(path);
        exit(3);
    }
    close(fd);
}

/* ---- judging ---- */

static int
collate_bytes(void *data, int n1, const void *p1, int n2, const void *p2)
{
    int c = memcmp(p1, p2, (size_t)(n1 < n2 ? n1 : n2));
    return c ? c : n1 - n2;
}

/* The first column of the first row; -1 when the statement cannot be run. */
static long
ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    long answer = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        answer = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return answer;
}

static bool
is_whole(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    bool whole = sqlite3_prepare_v2(db, "PRAGMA integrity_check(3)", -1, &stmt, NULL) ==
                     SQLITE_OK &&
                 sqlite3_step(stmt) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    if (!whole)
        fprintf(stderr, "integrity: %s\n", stmt && sqlite3_column_count(stmt) &&
                sqlite3_column_text(stmt, 0) ? (const char *)sqlite3_column_text(stmt, 0)
                                             : sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
    return whole;
}

static void
judge_promises(sqlite3 *db, bool has_table, struct tally *tally)
{
    bool lost = false;
    for (int t = 0; t < THREADS_MAX; t++) {
        char sql[128];
        snprintf(sql, sizeof(sql),
                 "SELECT COALESCE(MAX(batch), 0) FROM trial_note WHERE thread = %d", t);
        long there = has_table ? ask(db, sql) : 0;
        if (there < promised[t]) {
            lost = true;
            fprintf(stderr, "lost: thread %d was promised batch %ld, %ld is the last there\n", t,
                    promised[t], there);
        }
    }
    tally->lost += lost;
}

static bool
feed_is_gapless(sqlite3 *db)
{
    return ask(db, "SELECT (SELECT COUNT(*) FROM store_set) = (SELECT COALESCE(MAX(seq), 0) FROM "
                   "store_set) AND (SELECT COALESCE(MAX(seq), 0) FROM store_set) = (SELECT seq "
                   "FROM store_head)") == 1;
}

static void
judge_kept(sqlite3 *db, struct tally *tally)
{
    long there = ask(db, kept_sql);
    if (there < promised[0]) {
        tally->lost++;
        fprintf(stderr, "lost: %ld was promised, %ld is the last there\n", promised[0], there);
    }
    tally->feed += !feed_is_gapless(db);
}

static void
judge(const char *path, struct tally *tally)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
            SQLITE_OK || !is_whole(db)) {
        tally->corrupt++;
        sqlite3_close(db);
        return;
    }
    sqlite3_create_collation(db, "C", SQLITE_UTF8, NULL, collate_bytes);
    if (kept_sql) {
        judge_kept(db, tally);
        sqlite3_close(db);
        return;
    }
    bool has_table = ask(db, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'trial_note'") == 1;
    judge_promises(db, has_table, tally);
    if (has_table) {
        char sql[256];
        snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM (SELECT 1 FROM trial_note GROUP BY "
                 "thread, batch HAVING COUNT(*) <> %d)", PARTS);
        bool partial = ask(db, sql) != 0 ||
                       ask(db, "SELECT COUNT(*) FROM (SELECT 1 FROM trial_note GROUP BY thread "
                               "HAVING COUNT(DISTINCT batch) <> MAX(batch))") != 0;
        tally->partial += partial;
        bool feed = ask(db, "SELECT (SELECT COUNT(*) FROM store_change WHERE entity = "
                            "'trial_note' AND op = 'i') = (SELECT COUNT(*) FROM trial_note)") ==
                        1 &&
                    feed_is_gapless(db);
        tally->feed += !feed;
    }
    sqlite3_close(db);
}

static int
verdict(const struct tally *tally)
{
    printf("cuts %ld promises %ld lost %ld corrupt %ld partial %ld feed %ld\n", tally->n_cuts,
           tally->n_promises, tally->lost, tally->corrupt, tally->partial, tally->feed);
    if (tally->n_promises == 0) {
        fputs("refused: not one acknowledged write was recorded, so nothing is proven\n", stderr);
        return 4;
    }
    return tally->lost || tally->corrupt || tally->partial || tally->feed ? 1 : 0;
}

static void
cut_here(const char *folder, struct tally *tally)
{
    if (kept_sql && n_promises == 0)
        return; /* what was there before the trial is not all in its place yet */
    static const unsigned lucks[] = {0, 10, 50, 90, 100};
    static struct bytes out;
    unsigned luck = lucks[chance() % 5];
    char path[2 * PATH_BYTES];
    for (unsigned i = 1; i <= n_files; i++) {
        const struct file *f = &files[i];
        if (!is_acks(f))
            write_file(folder, f->name, &out, !is_memory(f) && cut_file(f, luck, &out));
    }
    for (unsigned i = 1; i <= n_files; i++) {
        size_t n = strlen(files[i].name);
        if (n > 3 && strcmp(files[i].name + n - 3, ".db") == 0) {
            snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
            judge(path, tally);
        }
    }
    tally->n_cuts++;
}

static int
compare_longs(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static struct bytes
read_whole(const char *path)
{
    struct bytes b = {0};
    struct stat st;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) != 0) {
        perror(path);
        exit(3);
    }
    b.p = need(malloc((size_t)st.st_size + 1));
    for (ssize_t k; (k = read(fd, b.p + b.n, (size_t)st.st_size - b.n)) > 0;)
        b.n += (size_t)k;
    b.p[b.n] = '\0';
    close(fd);
    return b;
}

static int
cut(const char *log_path, const char *folder, long n_cuts)
{
    struct bytes log = read_whole(log_path);
    long n_records = 0;
    for (size_t at = 0; at + sizeof(struct record) <= log.n; n_records++)
        at += sizeof(struct record) + ((const struct record *)(const void *)(log.p + at))->n;
    long *moments = need(calloc((size_t)n_cuts, sizeof(moments[0])));
    for (long i = 0; i < n_cuts; i++)
        moments[i] = (long)(chance() % (uint64_t)(n_records + 1));
    qsort(moments, (size_t)n_cuts, sizeof(moments[0]), compare_longs);
    struct tally tally = {0};
    size_t at = 0;
    for (long lived = 0, next = 0; next < n_cuts; lived++) {
        for (; next < n_cuts && moments[next] == lived; next++)
            cut_here(folder, &tally);
        struct record r;
        if (at + sizeof(r) > log.n)
            break;
        memcpy(&r, log.p + at, sizeof(r));
        if (r.file == 0 || r.file > FILES_MAX || r.n > log.n - at - sizeof(r))
            break; /* the last record of a killed program is cut short */
        live(&r, log.p + at + sizeof(r));
        at += sizeof(r) + r.n;
    }
    tally.n_promises = n_promises;
    free(moments);
    return verdict(&tally);
}

int
main(int argc, char **argv)
{
    if ((argc == 6 || argc == 7) && strcmp(argv[1], "cut") == 0) {
        kept_sql = argc == 7 ? argv[6] : NULL;
        chance_state = strtoull(argv[5], NULL, 10);
        return cut(argv[2], argv[3], strtol(argv[4], NULL, 10));
    }
    if (argc == 4 && strcmp(argv[1], "judge") == 0) {
        struct bytes acks = read_whole(argv[3]);
        promises_read((const char *)acks.p, acks.n);
        struct tally tally = {.n_cuts = 1, .n_promises = n_promises};
        judge(argv[2], &tally);
        return verdict(&tally);
    }
    fputs("cutter cut LOG FOLDER CUTS SEED [SQL]\ncutter judge DB ACKS\n", stderr);
    return 2;
}
