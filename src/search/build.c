/* The builder: documents in, in any order; what it keeps is the vocabulary and, per document,
 * its words in their order as numbers of terms. Ranking numbers are made when an image is
 * (image.c), because they need the mean lengths of all documents. An index keeps the same
 * words, so it can be poured back into a builder (merge.c) without its texts.              */
#include "search/build_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUILDER_MAGIC = 0x53424c44, TABLE_FIRST = 1 << 12 };

static bool
schema_ok(const struct search_schema *schema)
{
    if (schema->n_fields == 0 || schema->n_fields > SEARCH_FIELDS_MAX
        || schema->n_dims > SEARCH_DIMS_MAX || schema->listed >> schema->n_dims
        || !(schema->k1 > 0 && schema->k1 <= 100))
        return false;
    for (unsigned f = 0; f < schema->n_fields; f++)
        if (!(schema->fields[f].weight > 0 && schema->fields[f].weight <= 1000)
            || !(schema->fields[f].b >= 0 && schema->fields[f].b <= 1))
            return false;
    return true;
}

bool
search_schema_ok(const struct search_schema *schema)
{
    return schema_ok(schema);
}

enum rg_err
search_builder_new(struct rg_ctx *ctx, const struct search_schema *schema, size_t ceiling_bytes,
                   struct search_builder **ret_builder)
{
    struct search_builder *b;

    if (!schema_ok(schema))
        return RG_FAIL(ctx, RG_INVALID, "search.schema_bounds");
    b = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *b);
    if (!b)
        return RG_NO_MEMORY(ctx);
    b->magic = BUILDER_MAGIC;
    b->schema.n_fields = schema->n_fields; /* by member: padding stays 0 */
    b->schema.n_dims = schema->n_dims;
    b->schema.k1 = schema->k1;
    b->schema.listed = schema->listed;
    for (unsigned f = 0; f < schema->n_fields; f++)
        b->schema.fields[f] = schema->fields[f];
    b->ceiling_bytes = ceiling_bytes;
    struct rg_buf *all[] = {&b->docs, &b->words, &b->facets, &b->payload, &b->terms,
                            &b->term_bytes};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        rg_buf_init(all[i], ceiling_bytes);
    b->analyser = search_analyser_new();
    b->table = rg_alloc_should_fail() ? NULL : calloc(TABLE_FIRST, sizeof *b->table);
    b->n_table = TABLE_FIRST;
    if (!b->analyser || !b->table) {
        search_builder_free(b);
        return RG_NO_MEMORY(ctx);
    }
    *ret_builder = b;
    return RG_OK;
}

struct search_builder *
search_builder_free(struct search_builder *b)
{
    if (!b)
        return NULL;
    RG_ASSERT(b->magic == BUILDER_MAGIC);
    struct rg_buf *all[] = {&b->docs, &b->words, &b->facets, &b->payload, &b->terms,
                            &b->term_bytes};
    for (size_t i = 0; i < RG_COUNT(all); i++)
        rg_buf_done(all[i]);
    search_analyser_free(b->analyser);
    free(b->table);
    b->magic = 0;
    free(b);
    return NULL;
}

static bool
table_grow(struct search_builder *b)
{
    size_t n = b->n_table * 2, n_terms = search_builder_terms(b);
    const struct build_term *terms = (const struct build_term *)(const void *)b->terms.p;
    uint32_t *table = rg_alloc_should_fail() ? NULL : calloc(n, sizeof *table);

    if (!table)
        return false;
    for (size_t t = 0; t < n_terms; t++) {
        size_t i = terms[t].hash & (n - 1);
        while (table[i])
            i = (i + 1) & (n - 1);
        table[i] = (uint32_t)t + 1;
    }
    free(b->table);
    b->table = table;
    b->n_table = n;
    return true;
}

bool
search_builder_term(struct search_builder *b, struct str text, uint32_t *ret_term)
{
    uint32_t hash = (uint32_t)str_hash(text);
    size_t i = hash & (b->n_table - 1), n_terms = search_builder_terms(b);
    struct build_term *terms = (struct build_term *)(void *)b->terms.p;
    struct build_term new = {.at = (uint32_t)b->term_bytes.n, .n = (uint32_t)text.n,
                             .hash = hash};

    for (; b->table[i]; i = (i + 1) & (b->n_table - 1)) {
        struct build_term *t = &terms[b->table[i] - 1];
        if (t->hash == hash && str_eq(text, str_n(b->term_bytes.p + t->at, t->n)))
            return *ret_term = b->table[i] - 1, true;
    }
    if (n_terms * 2 >= b->n_table) {
        if (!table_grow(b))
            return false;
        for (i = hash & (b->n_table - 1); b->table[i]; i = (i + 1) & (b->n_table - 1))
            ;
    }
    rg_buf_add(&b->term_bytes, text.p, text.n);
    if (b->term_bytes.failed)
        return false;
    rg_buf_add(&b->terms, &new, sizeof new);
    if (b->terms.failed) {
        b->term_bytes.n -= text.n;
        return false;
    }
    b->table[i] = (uint32_t)n_terms + 1;
    *ret_term = (uint32_t)n_terms;
    return true;
}

/* Keep the words of one field; false without memory. */
static bool
field_add(struct search_builder *b, struct build_doc *entry, const struct search_doc *doc,
          unsigned field)
{
    struct search_token token;
    uint32_t n_words = 0;

    search_analyse_begin(b->analyser, doc->lang, 0, doc->text[field]);
    while (n_words < SEARCH_FIELD_TOKENS_MAX && search_analyse_next(b->analyser, &token)) {
        uint32_t term;
        if (!search_builder_term(b, token.term, &term))
            return false;
        rg_buf_add(&b->words, &term, sizeof term);
        n_words++;
    }
    entry->n_words[field] = n_words;
    return !b->words.failed;
}

static int
facet_order(const void *a, const void *b)
{
    const struct search_facet_value *x = a, *y = b;

    if (x->dim != y->dim)
        return x->dim < y->dim ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* Copy the facet values sorted and without repetitions. */
static bool
facets_add(struct search_builder *b, const struct search_doc *doc)
{
    size_t n_bytes = doc->n_facets * sizeof *doc->facets, n = 0;
    struct search_facet_value *own;

    if (doc->n_facets == 0)
        return true;
    own = (struct search_facet_value *)(void *)rg_buf_room(&b->facets, n_bytes);
    if (!own)
        return false;
    memcpy(own, doc->facets, n_bytes);
    qsort(own, doc->n_facets, sizeof *own, facet_order);
    for (size_t i = 0; i < doc->n_facets; i++)
        if (n == 0 || facet_order(&own[n - 1], &own[i]) != 0)
            own[n++] = own[i];
    b->facets.n += n * sizeof *own;
    return true;
}

static enum rg_err
doc_fail(struct rg_ctx *ctx, enum rg_err code, const char *message,
         const struct search_doc *doc)
{
    char key[24];

    snprintf(key, sizeof key, "%" PRId64, doc->key);
    return RG_FAIL(ctx, code, message, "key", key);
}

static enum rg_err
doc_check(struct rg_ctx *ctx, const struct search_builder *b, const struct search_doc *doc)
{
    if ((unsigned)doc->lang >= SEARCH_LANG__MAX)
        return doc_fail(ctx, RG_INVALID, "search.doc_lang", doc);
    if (doc->n_facets > SEARCH_DOC_FACETS_MAX || doc->payload.n > SEARCH_PAYLOAD_MAX)
        return doc_fail(ctx, RG_LIMIT, "search.doc_large", doc);
    for (size_t i = 0; i < doc->n_facets; i++)
        if (doc->facets[i].dim >= b->schema.n_dims)
            return doc_fail(ctx, RG_INVALID, "search.doc_dim", doc);
    if (doc->has_point && (doc->lat_e7 < -900000000 || doc->lat_e7 > 900000000
                           || doc->lon_e7 < -1800000000 || doc->lon_e7 > 1800000000))
        return doc_fail(ctx, RG_INVALID, "search.doc_point", doc);
    return RG_OK;
}

static size_t
bytes_used(const struct search_builder *b)
{
    return b->docs.n + b->words.n + b->facets.n + b->payload.n + b->terms.n + b->term_bytes.n
           + b->n_table * sizeof *b->table;
}

/* Forget what a document left behind half way; the vocabulary may keep its words. */
static enum rg_err
rewind_to(struct rg_ctx *ctx, struct search_builder *b, const struct build_doc *entry)
{
    struct rg_buf *all[] = {&b->docs, &b->words, &b->facets, &b->payload, &b->terms,
                            &b->term_bytes};

    b->words.n = entry->word_at * sizeof(uint32_t);
    b->facets.n = entry->facet_at * sizeof(struct search_facet_value);
    b->payload.n = entry->payload_at;
    for (size_t i = 0; i < RG_COUNT(all); i++)
        all[i]->failed = false;
    return RG_NO_MEMORY(ctx);
}

struct build_doc
search_builder_entry(const struct search_builder *b, uint64_t seq, int64_t key)
{
    return (struct build_doc){
        .key = key, .seq = seq, .lat_e7 = SEARCH_NO_POINT, .lon_e7 = SEARCH_NO_POINT,
        .word_at = b->words.n / sizeof(uint32_t),
        .facet_at = b->facets.n / sizeof(struct search_facet_value), .payload_at = b->payload.n,
    };
}

enum rg_err
search_builder_close(struct rg_ctx *ctx, struct search_builder *b, struct build_doc *entry,
                     const struct search_doc *doc, bool ok)
{
    if (doc->has_point) {
        entry->lat_e7 = doc->lat_e7;
        entry->lon_e7 = doc->lon_e7;
    }
    ok = ok && facets_add(b, doc);
    if (ok)
        rg_buf_add(&b->payload, doc->payload.p ? doc->payload.p : "", doc->payload.n);
    entry->n_all_words = (uint32_t)(b->words.n / sizeof(uint32_t) - entry->word_at);
    entry->n_facets = (uint32_t)(b->facets.n / sizeof(struct search_facet_value)
                                 - entry->facet_at);
    entry->n_payload = (uint32_t)doc->payload.n;
    if (!ok || b->payload.failed || bytes_used(b) > b->ceiling_bytes)
        return rewind_to(ctx, b, entry);
    rg_buf_add(&b->docs, entry, sizeof *entry);
    return b->docs.failed ? rewind_to(ctx, b, entry) : RG_OK;
}

enum rg_err
search_builder_add(struct rg_ctx *ctx, struct search_builder *b, uint64_t seq,
                   const struct search_doc *doc)
{
    struct build_doc entry = search_builder_entry(b, seq, doc->key);
    enum rg_err err = doc_check(ctx, b, doc);
    bool ok = true;

    if (err)
        return err;
    if (search_builder_docs(b) >= SEARCH_DOCS_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "search.too_many");
    for (unsigned f = 0; ok && f < b->schema.n_fields; f++)
        ok = field_add(b, &entry, doc, f);
    return search_builder_close(ctx, b, &entry, doc, ok);
}

enum rg_err
search_builder_remove(struct rg_ctx *ctx, struct search_builder *b, uint64_t seq, int64_t key)
{
    struct build_doc entry = search_builder_entry(b, seq, key);

    entry.removed = true;
    rg_buf_add(&b->docs, &entry, sizeof entry);
    return b->docs.failed ? rewind_to(ctx, b, &entry) : RG_OK;
}

size_t
search_builder_docs(const struct search_builder *b)
{
    return b->docs.n / sizeof(struct build_doc);
}

int64_t
search_builder_key(const struct search_builder *b, size_t i, uint64_t *ret_seq)
{
    const struct build_doc *docs = (const struct build_doc *)(const void *)b->docs.p;

    RG_ASSERT(i < search_builder_docs(b));
    *ret_seq = docs[i].seq;
    return docs[i].key;
}

const struct search_schema *
search_builder_schema(const struct search_builder *b)
{
    return &b->schema;
}

void
search_builder_rewind(struct search_builder *b, size_t n_docs)
{
    struct build_doc *docs = (struct build_doc *)(void *)b->docs.p;

    RG_ASSERT(n_docs <= search_builder_docs(b));
    if (n_docs == search_builder_docs(b))
        return;
    b->words.n = docs[n_docs].word_at * sizeof(uint32_t);
    b->facets.n = docs[n_docs].facet_at * sizeof(struct search_facet_value);
    b->payload.n = docs[n_docs].payload_at;
    b->docs.n = n_docs * sizeof *docs;
}

/* With no document left nobody needs the words: a vocabulary that only grows would make every
 * later image dearer.                                                                        */
static void
forget_terms(struct search_builder *b)
{
    b->terms.n = b->term_bytes.n = 0;
    memset(b->table, 0, b->n_table * sizeof *b->table);
}

/* Slide the kept documents down over the forgotten ones; columns stand in document order. */
void
search_builder_compact(struct search_builder *b, uint64_t seq_after)
{
    struct build_doc *docs = (struct build_doc *)(void *)b->docs.p;
    uint32_t *words = (uint32_t *)(void *)b->words.p;
    struct search_facet_value *facets = (struct search_facet_value *)(void *)b->facets.p;
    size_t n = search_builder_docs(b), kept = 0, n_words = 0, n_facets = 0, n_payload = 0;

    for (size_t i = 0; i < n; i++) {
        struct build_doc doc = docs[i];
        if (doc.seq <= seq_after)
            continue;
        if (doc.n_all_words) /* an empty column has no address to move from */
            memmove(words + n_words, words + doc.word_at, doc.n_all_words * sizeof *words);
        if (doc.n_facets)
            memmove(facets + n_facets, facets + doc.facet_at, doc.n_facets * sizeof *facets);
        if (doc.n_payload)
            memmove(b->payload.p + n_payload, b->payload.p + doc.payload_at, doc.n_payload);
        doc.word_at = n_words;
        doc.facet_at = n_facets;
        doc.payload_at = n_payload;
        n_words += doc.n_all_words;
        n_facets += doc.n_facets;
        n_payload += doc.n_payload;
        docs[kept++] = doc;
    }
    b->docs.n = kept * sizeof *docs;
    b->words.n = n_words * sizeof *words;
    b->facets.n = n_facets * sizeof *facets;
    b->payload.n = n_payload;
    if (kept == 0)
        forget_terms(b);
}
