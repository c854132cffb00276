/* The frozen index: map the file, believe nothing, then read it as plain arrays.
 *
 * After check_* has passed, every offset, document number, ordinal and block in the columns is
 * within bounds, so asking needs no checks. What is not checked is truth: a file whose impacts
 * were altered ranks wrongly but cannot crash. The file is replaced by renaming, never written
 * in place, so its pages cannot vanish under us.                                             */
#include "search/build_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INDEX_MAGIC = 0x53494458 };

static const void *
column(const struct search_header *h, unsigned col)
{
    return (const char *)h + h->columns[col].at;
}

static uint64_t
rows(const struct search_header *h, unsigned col, size_t size)
{
    return h->columns[col].n_bytes / size;
}

/* Is the header ours, whole, and does every column lie inside with the length it must have? */
static bool
header_ok(const struct search_header *h, size_t n_bytes)
{
    static const struct { uint8_t col, size, per; } fixed[] = {
        {COL_TERM_AT, 4, 't'}, {COL_TERM_RUN, 4, 't'}, {COL_TERM_MAX, 2, 'T'},
        {COL_TERM_RANK, 4, 'T'}, {COL_RUN_CHUNK, 2, 'R'}, {COL_RUN_POST, 4, 'r'},
        {COL_POST_DOC, 2, 'p'}, {COL_POST_IMPACT, 2, 'p'}, {COL_BLOCK_MAX, 2, 'b'},
        {COL_HEAVY_TERM, 4, 'h'}, {COL_DOC_KEY, 8, 'd'}, {COL_DOC_POINT, 8, 'd'},
        {COL_PAYLOAD_AT, 8, 'e'}, {COL_WORDS_AT, 4, 'e'},
    };

    if (n_bytes < sizeof *h || memcmp(h->magic, "RGSEARCH", 8) != 0
        || h->format != SEARCH_FORMAT || h->header_bytes != sizeof *h
        || h->file_bytes != n_bytes
        || h->checksum != str_hash(str_n((const char *)h,
                                         offsetof(struct search_header, checksum)))
        || !search_schema_ok(&h->schema) || h->n_docs > SEARCH_DOCS_MAX
        || h->n_postings > SEARCH_POSTINGS_MAX)
        return false;
    for (unsigned c = 0; c < COL__MAX; c++)
        if (h->columns[c].at % 16 || h->columns[c].at > n_bytes
            || h->columns[c].n_bytes > n_bytes - h->columns[c].at)
            return false;
    for (size_t i = 0; i < RG_COUNT(fixed); i++) {
        char per = fixed[i].per; /* small: one more than there are of the large */
        uint64_t n = per == 't' || per == 'T' ? h->n_terms : per == 'r' || per == 'R' ? h->n_runs
                     : per == 'p' ? h->n_postings : per == 'b' ? h->n_blocks
                     : per == 'h' ? h->n_heavy : h->n_docs;
        n += per == 't' || per == 'r' || per == 'e';
        if (h->columns[fixed[i].col].n_bytes != n * fixed[i].size)
            return false;
    }
    for (unsigned f = 0; f < h->schema.n_fields; f++)
        if (!isfinite(h->length_mean[f]) || h->length_mean[f] < 0)
            return false;
    return true;
}

/* n + 1 places that begin at 0, never go back, and end at the end. */
static bool
places_ok(const uint32_t *at, uint64_t n, uint64_t end)
{
    bool ok = at[0] == 0 && at[n] == end;

    for (uint64_t i = 0; i < n; i++)
        ok &= at[i] <= at[i + 1];
    return ok;
}

static bool
check_terms(const struct search_header *h)
{
    const uint32_t *at = column(h, COL_TERM_AT), *run = column(h, COL_TERM_RUN);
    const char *bytes = column(h, COL_TERM_BYTES);

    if (!places_ok(at, h->n_terms, h->columns[COL_TERM_BYTES].n_bytes)
        || !places_ok(run, h->n_terms, h->n_runs))
        return false;
    for (uint32_t t = 0; t < h->n_terms; t++) {
        uint32_t n_bytes = at[t + 1] - at[t];
        if (run[t + 1] == run[t] || n_bytes == 0 || n_bytes > SEARCH_TERM_MAX)
            return false;
        if (t && str_cmp(str_n(bytes + at[t - 1], at[t] - at[t - 1]),
                         str_n(bytes + at[t], n_bytes)) >= 0)
            return false;
    }
    return true;
}

/* Ascending documents within a run; branch-free, since 33 postings a document pass here at
 * start.                                                                                     */
static bool
run_ok(const uint16_t *doc, uint32_t n)
{
    bool ok = true;

    for (uint32_t p = 1; p < n; p++)
        ok &= doc[p - 1] < doc[p];
    return ok;
}

static bool
check_postings(const struct search_header *h)
{
    const uint32_t *run = column(h, COL_TERM_RUN), *post = column(h, COL_RUN_POST);
    const uint16_t *chunk = column(h, COL_RUN_CHUNK), *doc = column(h, COL_POST_DOC);

    if (!places_ok(post, h->n_runs, h->n_postings)
        || h->n_blocks <= search_run_block(h->n_runs, h->n_postings))
        return false;
    for (uint32_t t = 0; t < h->n_terms; t++)
        for (uint32_t r = run[t]; r < run[t + 1]; r++) {
            uint32_t n = post[r + 1] - post[r];
            if (n == 0 || (r > run[t] && chunk[r - 1] >= chunk[r])
                || (uint32_t)chunk[r] * SEARCH_CHUNK + doc[post[r + 1] - 1] >= h->n_docs
                || !run_ok(doc + post[r], n))
                return false;
        }
    return true;
}

/* Bits only for documents that exist; what they say is not compared with the lists. */
static bool
check_heavy(const struct search_header *h, uint64_t n_values)
{
    const uint32_t *term = column(h, COL_HEAVY_TERM);
    const uint64_t *bits = column(h, COL_HEAVY_BITS);
    uint64_t n_words = (uint64_t)h->n_docs / 64 + 1;
    bool ok = h->n_heavy <= h->n_postings / SEARCH_HEAVY_MIN && n_values <= SEARCH_POSTINGS_MAX
              && h->columns[COL_HEAVY_BITS].n_bytes == h->n_heavy * n_words * 8
              && h->columns[COL_HEAVY_COUNTS].n_bytes == h->n_heavy * n_values * 4;

    for (uint32_t i = 0; ok && i < h->n_heavy; i++)
        ok = term[i] < h->n_terms && (i == 0 || term[i - 1] < term[i])
             && bits[(i + 1) * n_words - 1] >> (h->n_docs % 64) == 0;
    return ok;
}

static bool
check_docs(const struct search_header *h)
{
    const int64_t *key = column(h, COL_DOC_KEY);
    const uint64_t *at = column(h, COL_PAYLOAD_AT);
    bool ok = at[0] == 0 && at[h->n_docs] == h->columns[COL_PAYLOAD_BYTES].n_bytes
              && places_ok(column(h, COL_WORDS_AT), h->n_docs, h->columns[COL_WORDS].n_bytes);

    for (uint32_t d = 0; d < h->n_docs; d++)
        ok &= at[d] <= at[d + 1] && (d == 0 || key[d - 1] < key[d]);
    return ok;
}

/* Whether every slot of the rows leads to ordinals of its dimension. */
static bool
check_rows(const struct search_header *h)
{
    unsigned n_dims = h->schema.n_dims;
    const uint32_t *row = column(h, COL_DOC_ROW), *more = column(h, COL_ROW_MORE);
    uint64_t n_more = rows(h, COL_ROW_MORE, 4), n_values[SEARCH_DIMS_MAX];
    bool ok = true;

    if (rows(h, COL_DOC_ROW, 4) != (uint64_t)h->n_docs * n_dims || n_more == 0
        || n_more > SEARCH_POSTINGS_MAX || more[0] != 0)
        return false;
    for (unsigned d = 0; d < n_dims; d++) {
        const uint32_t *values = column(h, COL_DIM_VALUES + d);
        n_values[d] = rows(h, COL_DIM_VALUES + d, 4);
        if (n_values[d] >= SEARCH_MANY)
            return false;
        for (uint64_t i = 1; i < n_values[d]; i++)
            ok &= values[i - 1] < values[i];
    }
    for (uint64_t doc = 0; ok && doc < h->n_docs; doc++, row += n_dims)
        for (unsigned d = 0; d < n_dims; d++) {
            uint64_t at = row[d] & ~SEARCH_MANY, n;
            if (!(row[d] & SEARCH_MANY)) {
                ok &= row[d] < n_values[d];
                continue;
            }
            if (at >= n_more || (n = more[at]) > n_more - at - 1)
                return false;
            for (uint64_t i = at + 1; i <= at + n; i++)
                ok &= more[i] < n_values[d];
        }
    return ok;
}

/* Whether every list has documents that exist, in order. */
static bool
check_lists(const struct search_header *h)
{
    const uint32_t *at = column(h, COL_LIST_AT), *list = column(h, COL_LIST);
    uint32_t units = search_row_units(h->n_docs);
    uint64_t n_lists = 0;
    bool ok = true;

    for (uint32_t left = h->schema.listed; left; left &= left - 1)
        n_lists += rows(h, COL_DIM_VALUES + (unsigned)__builtin_ctz(left), 4);
    if (rows(h, COL_LIST_AT, 4) != n_lists + 1 || !places_ok(at, n_lists, rows(h, COL_LIST, 4)))
        return false;
    for (uint64_t l = 0; l < n_lists; l++) {
        uint32_t n = at[l + 1] - at[l];
        if (n == units) {
            for (uint32_t i = h->n_docs / 32; i < n; i++)
                ok &= list[at[l] + i] >> (i == h->n_docs / 32 ? h->n_docs % 32 : 0) == 0;
            continue;
        }
        for (uint32_t i = at[l] + 1; i < at[l + 1]; i++)
            ok &= list[i - 1] < list[i];
        ok &= n < units && (n == 0 || list[at[l + 1] - 1] < h->n_docs);
    }
    return ok;
}

static enum rg_err
index_read(struct rg_ctx *ctx, struct str bytes, const char *path,
           struct search_index **ret_index)
{
    const struct search_header *h = (const struct search_header *)(const void *)bytes.p;
    struct search_index *ix;
    uint64_t n_values = 0;
    bool ok = (uintptr_t)bytes.p % 16 == 0 && header_ok(h, bytes.n) && check_terms(h)
              && check_postings(h) && check_docs(h) && check_rows(h) && check_lists(h);

    for (unsigned d = 0; ok && d < h->schema.n_dims; d++)
        n_values += rows(h, COL_DIM_VALUES + d, 4);
    ok = ok && check_heavy(h, n_values);
    if (!ok)
        return RG_FAIL(ctx, RG_INVALID, "search.file_damaged", "path", path);
    ix = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *ix);
    if (!ix)
        return RG_NO_MEMORY(ctx);
    *ix = (struct search_index){
        .magic = INDEX_MAGIC, .header = h, .n_docs = h->n_docs, .n_terms = h->n_terms,
        .n_heavy = h->n_heavy, .n_values = (uint32_t)n_values,
        .term_at = column(h, COL_TERM_AT), .term_run = column(h, COL_TERM_RUN),
        .term_max = column(h, COL_TERM_MAX), .term_rank = column(h, COL_TERM_RANK),
        .term_bytes = column(h, COL_TERM_BYTES), .run_chunk = column(h, COL_RUN_CHUNK),
        .run_post = column(h, COL_RUN_POST), .post_doc = column(h, COL_POST_DOC),
        .post_impact = column(h, COL_POST_IMPACT), .block_max = column(h, COL_BLOCK_MAX),
        .heavy_term = column(h, COL_HEAVY_TERM), .heavy_bits = column(h, COL_HEAVY_BITS),
        .heavy_counts = column(h, COL_HEAVY_COUNTS), .words_at = column(h, COL_WORDS_AT),
        .words = column(h, COL_WORDS),
        .doc_key = column(h, COL_DOC_KEY), .doc_point = column(h, COL_DOC_POINT),
        .payload_at = column(h, COL_PAYLOAD_AT), .payload_bytes = column(h, COL_PAYLOAD_BYTES),
        .doc_row = column(h, COL_DOC_ROW), .row_more = column(h, COL_ROW_MORE),
        .list_at = column(h, COL_LIST_AT), .list = column(h, COL_LIST),
        .n_dims = h->schema.n_dims,
    };
    for (unsigned d = 0; d < h->schema.n_dims; d++)
        ix->dims[d] = (struct search_dim){column(h, COL_DIM_VALUES + d),
                                          (uint32_t)rows(h, COL_DIM_VALUES + d, 4)};
    for (uint32_t left = h->schema.listed, n = 0; left; left &= left - 1) {
        unsigned d = (unsigned)__builtin_ctz(left);
        ix->list_first[d] = n;
        n += ix->dims[d].n_values;
    }
    *ret_index = ix;
    return RG_OK;
}

enum rg_err
search_index_of_bytes(struct rg_ctx *ctx, struct str bytes, struct search_index **ret_index)
{
    return index_read(ctx, bytes, "(memory)", ret_index);
}

enum rg_err
search_index_open(struct rg_ctx *ctx, const char *path, struct search_index **ret_index)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p = MAP_FAILED;
    enum rg_err err;

    if (fd < 0)
        return errno == ENOENT ? RG_FAIL(ctx, RG_ABSENT, "search.file_absent", "path", path)
                               : RG_FAIL(ctx, RG_BROKEN, "search.disk", "path", path, "reason",
                                         strerror(errno));
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
        && st.st_size >= (off_t)sizeof(struct search_header))
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return RG_FAIL(ctx, RG_INVALID, "search.file_damaged", "path", path);
    err = index_read(ctx, str_n(p, (size_t)st.st_size), path, ret_index);
    if (err) {
        munmap(p, (size_t)st.st_size);
        return err;
    }
    (*ret_index)->mapped = p;
    (*ret_index)->mapped_bytes = (size_t)st.st_size;
    return RG_OK;
}

struct search_index *
search_index_free(struct search_index *ix)
{
    if (!ix)
        return NULL;
    RG_ASSERT(ix->magic == INDEX_MAGIC);
    if (ix->mapped)
        munmap(ix->mapped, ix->mapped_bytes);
    free(ix->owned);
    ix->magic = 0;
    free(ix);
    return NULL;
}

uint64_t
search_index_seq(const struct search_index *ix)
{
    return ix->header->seq;
}

size_t
search_index_docs(const struct search_index *ix)
{
    return ix->n_docs;
}

size_t
search_index_terms(const struct search_index *ix)
{
    return ix->n_terms;
}

uint32_t
search_index_lower(const struct search_index *ix, struct str term)
{
    uint32_t low = 0, high = ix->n_terms;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (str_cmp(search_index_term(ix, mid), term) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool
search_index_find_term(const struct search_index *ix, struct str term, uint32_t *ret_term)
{
    uint32_t t = search_index_lower(ix, term);

    if (t == ix->n_terms || !str_eq(search_index_term(ix, t), term))
        return false;
    *ret_term = t;
    return true;
}

bool
search_index_find_doc(const struct search_index *ix, int64_t key, uint32_t *ret_doc)
{
    uint32_t low = 0, high = ix->n_docs;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (ix->doc_key[mid] < key)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == ix->n_docs || ix->doc_key[low] != key)
        return false;
    *ret_doc = low;
    return true;
}
