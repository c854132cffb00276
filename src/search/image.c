/* From the builder's tallies to the columns of an index: sort documents by key and terms by
 * bytes, turn frequencies into impacts, cut postings into blocks, number facet values.
 *
 * An impact is the saturated field frequency of BM25F, tf~/(k1 + tf~), in 16 bits: the error
 * is below 1e-5 of a score, and asking costs one multiplication a posting instead of a
 * division and the look-up of a length per field. The price: field weights are fixed when the
 * index is built.                                                                            */
#include "search/build_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct layout {
    const struct search_builder *b;
    const struct build_doc *docs; /* the builder's */
    const struct build_term *terms;
    const struct build_count *counts;
    uint32_t *order;    /* documents kept, by key                              */
    uint32_t n_docs;
    uint32_t *df;       /* per builder's term, then its next posting           */
    uint32_t *by_bytes; /* terms kept, by bytes                                */
    uint32_t n_terms;
    uint32_t *values[SEARCH_DIMS_MAX];
    uint32_t n_values[SEARCH_DIMS_MAX];
    uint64_t n_slots[SEARCH_DIMS_MAX];
    bool single[SEARCH_DIMS_MAX];
    struct search_header header;
    char *image;
};

static void *
take(size_t n, size_t size)
{
    return rg_alloc_should_fail() ? NULL : calloc(n ? n : 1, size);
}

static void
layout_done(struct layout *lay)
{
    free(lay->order);
    free(lay->df);
    free(lay->by_bytes);
    for (unsigned d = 0; d < SEARCH_DIMS_MAX; d++)
        free(lay->values[d]);
    free(lay->image);
}

static int
doc_order(const void *a, const void *b, void *arg)
{
    const struct build_doc *docs = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    if (docs[x].key != docs[y].key)
        return docs[x].key < docs[y].key ? -1 : 1;
    return x < y ? -1 : x > y;
}

static bool
choose_docs(struct layout *lay, const struct search_image_wish *wish)
{
    size_t n = search_builder_docs(lay->b), kept = 0;

    lay->order = take(n, sizeof *lay->order);
    if (!lay->order)
        return false;
    for (size_t i = 0; i < n; i++)
        lay->order[i] = (uint32_t)i;
    qsort_r(lay->order, n, sizeof *lay->order, doc_order, (void *)(uintptr_t)lay->docs);
    for (size_t i = 0; i < n; i++) {
        uint32_t d = lay->order[i];
        bool replaced = i + 1 < n && lay->docs[lay->order[i + 1]].key == lay->docs[d].key;
        bool old = wish->changes_only && lay->docs[d].seq <= wish->seq_after;
        if (!replaced && !old && !lay->docs[d].removed)
            lay->order[kept++] = d;
    }
    lay->n_docs = (uint32_t)kept;
    return true;
}

static int
term_order(const void *a, const void *b, void *arg)
{
    const struct layout *lay = arg;
    const struct build_term *x = &lay->terms[*(const uint32_t *)a];
    const struct build_term *y = &lay->terms[*(const uint32_t *)b];
    const char *bytes = lay->b->term_bytes.p;

    return str_cmp(str_n(bytes + x->at, x->n), str_n(bytes + y->at, y->n));
}

/* Count documents per term, keep the terms that have any, and number them by bytes. */
static bool
choose_terms(struct layout *lay)
{
    size_t n_all = search_builder_terms(lay->b);
    uint64_t n_postings = 0, n_blocks = 0;

    lay->df = take(n_all, sizeof *lay->df);
    lay->by_bytes = take(n_all, sizeof *lay->by_bytes);
    if (!lay->df || !lay->by_bytes)
        return false;
    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        const struct build_count *c = lay->counts + doc->count_at;
        for (uint32_t j = 0; j < doc->n_counts; j++)
            lay->df[c[j].term] += j == 0 || c[j].term != c[j - 1].term;
    }
    for (size_t t = 0; t < n_all; t++)
        if (lay->df[t]) {
            lay->by_bytes[lay->n_terms++] = (uint32_t)t;
            n_postings += lay->df[t];
            n_blocks += (lay->df[t] + SEARCH_BLOCK - 1) / SEARCH_BLOCK;
        }
    if (n_postings > SEARCH_POSTINGS_MAX)
        return false;
    lay->header.n_postings = (uint32_t)n_postings;
    lay->header.n_blocks = (uint32_t)n_blocks;
    qsort_r(lay->by_bytes, lay->n_terms, sizeof *lay->by_bytes, term_order, lay);
    return true;
}

static int
u32_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static const struct search_facet_value *
doc_facets(const struct layout *lay, const struct build_doc *doc)
{
    return (const struct search_facet_value *)(const void *)lay->b->facets.p + doc->facet_at;
}

/* The distinct values of a dimension, and whether one slot a document will do. */
static bool
choose_values(struct layout *lay, unsigned dim)
{
    uint64_t n = 0;
    uint32_t distinct = 0, *values;

    lay->single[dim] = true;
    for (int pass = 0; pass < 2; pass++) {
        uint64_t at = 0;
        values = lay->values[dim];
        for (uint32_t i = 0; i < lay->n_docs; i++) {
            const struct build_doc *doc = &lay->docs[lay->order[i]];
            const struct search_facet_value *f = doc->n_facets ? doc_facets(lay, doc) : NULL;
            uint32_t here = 0;
            for (uint32_t j = 0; j < doc->n_facets; j++)
                if (f[j].dim == dim) {
                    if (pass)
                        values[at] = f[j].value;
                    at++;
                    here++;
                }
            if (here > 1)
                lay->single[dim] = false;
        }
        if (at > SEARCH_POSTINGS_MAX)
            return false;
        n = at;
        if (pass == 0 && !(lay->values[dim] = take(n, sizeof *values)))
            return false;
    }
    values = lay->values[dim];
    qsort(values, n, sizeof *values, u32_order);
    for (uint64_t i = 0; i < n; i++)
        if (i == 0 || values[i] != values[distinct - 1])
            values[distinct++] = values[i];
    lay->n_values[dim] = distinct;
    lay->n_slots[dim] = lay->single[dim] ? lay->n_docs : n;
    return true;
}

static void
extent(struct layout *lay, unsigned col, uint64_t n, size_t size)
{
    struct search_header *h = &lay->header;

    h->columns[col].at = h->file_bytes;
    h->columns[col].n_bytes = n * size;
    h->file_bytes += (n * size + 15) / 16 * 16;
}

/* Where every column will stand. */
static void
plan_columns(struct layout *lay)
{
    struct search_header *h = &lay->header;
    uint64_t n_bytes = 0, n_payload = 0;

    for (uint32_t t = 0; t < lay->n_terms; t++)
        n_bytes += lay->terms[lay->by_bytes[t]].n;
    for (uint32_t i = 0; i < lay->n_docs; i++)
        n_payload += lay->docs[lay->order[i]].n_payload;
    h->file_bytes = (sizeof *h + 15) / 16 * 16;
    h->n_docs = lay->n_docs;
    h->n_terms = lay->n_terms;
    extent(lay, COL_TERM_AT, (uint64_t)h->n_terms + 1, 4);
    extent(lay, COL_TERM_BYTES, n_bytes, 1);
    extent(lay, COL_TERM_POST, (uint64_t)h->n_terms + 1, 4);
    extent(lay, COL_TERM_BLOCK, (uint64_t)h->n_terms + 1, 4);
    extent(lay, COL_POST_DOC, h->n_postings, 4);
    extent(lay, COL_POST_IMPACT, h->n_postings, 2);
    extent(lay, COL_POST_FIELDS, h->n_postings, 1);
    extent(lay, COL_BLOCK_MAX, h->n_blocks, 2);
    extent(lay, COL_DOC_KEY, h->n_docs, 8);
    extent(lay, COL_DOC_POINT, h->n_docs, 8);
    extent(lay, COL_PAYLOAD_AT, (uint64_t)h->n_docs + 1, 8);
    extent(lay, COL_PAYLOAD_BYTES, n_payload, 1);
    for (unsigned d = 0; d < h->schema.n_dims; d++) {
        unsigned col = COL_DIM_FIRST + 3 * d;
        extent(lay, col + COL_DIM_VALUES, lay->n_values[d], 4);
        extent(lay, col + COL_DIM_AT, lay->single[d] ? 0 : (uint64_t)h->n_docs + 1, 4);
        extent(lay, col + COL_DIM_ORDINALS, lay->n_slots[d], 4);
    }
}

static void *
column(const struct layout *lay, unsigned col)
{
    return lay->image + lay->header.columns[col].at;
}

static void
fill_terms(struct layout *lay)
{
    uint32_t *term_at = column(lay, COL_TERM_AT), *post = column(lay, COL_TERM_POST);
    uint32_t *block = column(lay, COL_TERM_BLOCK);
    char *bytes = column(lay, COL_TERM_BYTES);

    for (uint32_t i = 0; i < lay->n_terms; i++) {
        uint32_t t = lay->by_bytes[i], df = lay->df[t];
        memcpy(bytes + term_at[i], lay->b->term_bytes.p + lay->terms[t].at, lay->terms[t].n);
        term_at[i + 1] = term_at[i] + lay->terms[t].n;
        post[i + 1] = post[i] + df;
        block[i + 1] = block[i] + (df + SEARCH_BLOCK - 1) / SEARCH_BLOCK;
        lay->df[t] = post[i]; /* from here on: where its next posting goes */
    }
}

/* The impact of one term in one document, from its counts (one per field). */
static uint16_t
impact(const struct layout *lay, const struct build_doc *doc, const struct build_count *c,
       uint32_t n)
{
    const struct search_schema *s = &lay->header.schema;
    double tf = 0, scaled;

    for (uint32_t i = 0; i < n; i++) {
        double b = s->fields[c[i].field].b;
        double length = doc->n_words[c[i].field] / lay->header.length_mean[c[i].field];
        tf += s->fields[c[i].field].weight * c[i].tf / (1 - b + b * length);
    }
    scaled = round(SEARCH_IMPACT_ONE * (tf / (s->k1 + tf)));
    return (uint16_t)(scaled < 1 ? 1 : scaled > SEARCH_IMPACT_ONE ? SEARCH_IMPACT_ONE : scaled);
}

static void
fill_postings(struct layout *lay)
{
    uint32_t *post_doc = column(lay, COL_POST_DOC), *post = column(lay, COL_TERM_POST);
    uint32_t *block = column(lay, COL_TERM_BLOCK);
    uint16_t *impacts = column(lay, COL_POST_IMPACT), *block_max = column(lay, COL_BLOCK_MAX);
    uint8_t *fields = column(lay, COL_POST_FIELDS);

    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        const struct build_count *c = lay->counts + doc->count_at;
        for (uint32_t j = 0, n; j < doc->n_counts; j += n) {
            uint32_t at = lay->df[c[j].term]++;
            uint8_t mask = 0;
            for (n = 0; j + n < doc->n_counts && c[j + n].term == c[j].term; n++)
                mask |= (uint8_t)(1u << c[j + n].field);
            post_doc[at] = i;
            impacts[at] = impact(lay, doc, c + j, n);
            fields[at] = mask;
        }
    }
    for (uint32_t t = 0; t < lay->n_terms; t++)
        for (uint32_t p = post[t]; p < post[t + 1]; p++) {
            uint16_t *max = &block_max[block[t] + (p - post[t]) / SEARCH_BLOCK];
            *max = impacts[p] > *max ? impacts[p] : *max;
        }
}

static void
fill_docs(struct layout *lay)
{
    int64_t *key = column(lay, COL_DOC_KEY);
    int32_t *point = column(lay, COL_DOC_POINT);
    uint64_t *payload_at = column(lay, COL_PAYLOAD_AT);
    char *payload = column(lay, COL_PAYLOAD_BYTES);

    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        key[i] = doc->key;
        point[2 * i] = doc->lat_e7;
        point[2 * i + 1] = doc->lon_e7;
        payload_at[i + 1] = payload_at[i] + doc->n_payload;
        if (doc->n_payload)
            memcpy(payload + payload_at[i], lay->b->payload.p + doc->payload_at,
                   doc->n_payload);
    }
}

static void
fill_dim(struct layout *lay, unsigned dim)
{
    unsigned col = COL_DIM_FIRST + 3 * dim;
    uint32_t *values = column(lay, col + COL_DIM_VALUES), *at = column(lay, col + COL_DIM_AT);
    uint32_t *ordinals = column(lay, col + COL_DIM_ORDINALS), n = 0;

    if (lay->n_values[dim])
        memcpy(values, lay->values[dim], lay->n_values[dim] * sizeof *values);
    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        const struct search_facet_value *f = doc->n_facets ? doc_facets(lay, doc) : NULL;
        if (lay->single[dim])
            ordinals[n = i] = SEARCH_NO_ORDINAL;
        for (uint32_t j = 0; j < doc->n_facets; j++)
            if (f[j].dim == dim) {
                const uint32_t *v = bsearch(&f[j].value, values, lay->n_values[dim],
                                            sizeof *values, u32_order);
                ordinals[n++] = (uint32_t)(v - values);
            }
        if (!lay->single[dim])
            at[i + 1] = n;
    }
}

static void
mean_lengths(struct layout *lay, const double *given)
{
    for (unsigned f = 0; f < lay->header.schema.n_fields; f++) {
        double sum = 0;
        for (uint32_t i = 0; i < lay->n_docs; i++)
            sum += lay->docs[lay->order[i]].n_words[f];
        lay->header.length_mean[f] = given && given[f] > 0 ? given[f]
                                     : lay->n_docs ? sum / lay->n_docs : 0;
    }
}

enum rg_err
search_builder_image(struct rg_ctx *ctx, struct search_builder *b,
                     const struct search_image_wish *wish, char **ret_image, size_t *ret_n)
{
    struct layout lay = {
        .b = b, .docs = (const struct build_doc *)(const void *)b->docs.p,
        .terms = (const struct build_term *)(const void *)b->terms.p,
        .counts = (const struct build_count *)(const void *)b->counts.p,
        .header = {.magic = "RGSEARCH", .format = SEARCH_FORMAT, .schema = b->schema,
                   .seq = wish->seq, .header_bytes = sizeof(struct search_header)},
    };
    bool ok = choose_docs(&lay, wish) && choose_terms(&lay);

    for (unsigned d = 0; ok && d < b->schema.n_dims; d++)
        ok = choose_values(&lay, d);
    if (ok) {
        mean_lengths(&lay, wish->length_mean);
        plan_columns(&lay);
        lay.image = take(lay.header.file_bytes, 1);
    }
    if (!ok || !lay.image) {
        layout_done(&lay);
        return RG_NO_MEMORY(ctx);
    }
    fill_terms(&lay);
    fill_postings(&lay);
    fill_docs(&lay);
    for (unsigned d = 0; d < b->schema.n_dims; d++)
        fill_dim(&lay, d);
    lay.header.checksum = str_hash(str_n((const char *)&lay.header,
                                         offsetof(struct search_header, checksum)));
    memcpy(lay.image, &lay.header, sizeof lay.header);
    *ret_image = lay.image;
    *ret_n = (size_t)lay.header.file_bytes;
    lay.image = NULL;
    layout_done(&lay);
    return RG_OK;
}

static enum rg_err
disk_failed(struct rg_ctx *ctx, const char *path)
{
    return RG_FAIL(ctx, RG_BROKEN, "search.disk", "path", path, "reason", strerror(errno));
}

static bool
write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

/* The folder of a path, in the arena; NULL when it is full. */
static const char *
folder_of(struct rg_ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');

    return !slash ? "." : slash == path ? "/"
           : rg_arena_cstr(ctx->arena, str_n(path, (size_t)(slash - path)));
}

/* Make the new name itself durable: the folder must reach the disk too. */
static bool
folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

enum rg_err
search_builder_write(struct rg_ctx *ctx, struct search_builder *b, uint64_t seq,
                     const char *path)
{
    char *image;
    size_t n;
    enum rg_err err;
    const char *beside = rg_arena_printf(ctx->arena, "%s.new", path);
    const char *folder = folder_of(ctx, path);
    int fd;
    bool ok;

    if (!beside || !folder)
        return RG_NO_MEMORY(ctx);
    err = search_builder_image(ctx, b, &(struct search_image_wish){.seq = seq}, &image, &n);
    if (err)
        return err;
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ok = fd >= 0 && write_all(fd, image, n) && fsync(fd) == 0;
    free(image);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (!ok || rename(beside, path) != 0) {
        err = disk_failed(ctx, beside);
        unlink(beside);
        return err;
    }
    return folder_sync(folder) ? RG_OK : disk_failed(ctx, path);
}
