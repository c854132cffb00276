/* From the builder's words to the columns of an index: sort documents by key and terms by
 * bytes, turn frequencies into impacts, cut postings into runs and blocks, number facet values,
 * prepare the longest lists (heavy.c). save.c writes the bytes to disk.
 *
 * An impact is the saturated field frequency of BM25F, tf~/(k1 + tf~), in 16 bits: the error
 * is below 1e-5 of a score, and asking costs one multiplication a posting instead of a
 * division and the look-up of a length per field. The price: field weights are fixed when the
 * index is built.                                                                            */
#include "search/image_priv.h"

#include <math.h>
#include <stdlib.h>

enum { NO_CHUNK = UINT16_MAX }; /* SEARCH_DOCS_MAX has 2,048 chunks */

/* What one document being laid out has of one term. */
struct tally {
    uint32_t term;
    uint32_t tf[SEARCH_FIELDS_MAX];
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
    free(lay->of_term);
    free(lay->rank);
    free(lay->by_bytes);
    for (unsigned d = 0; d < SEARCH_DIMS_MAX; d++) {
        free(lay->values[d]);
        free(lay->list_n[d]);
    }
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

static int
frequency_order(const void *a, const void *b, void *arg)
{
    const struct layout *lay = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    if (lay->of_term[x].df != lay->of_term[y].df)
        return lay->of_term[x].df > lay->of_term[y].df ? -1 : 1;
    return term_order(a, b, arg);
}

/* Documents and runs per term. */
static void
count_terms(struct layout *lay)
{
    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        const uint32_t *words = lay->words + doc->word_at;
        uint32_t chunk = i / SEARCH_CHUNK;
        for (uint32_t w = 0; w < doc->n_all_words; w++) {
            struct of_term *t = &lay->of_term[words[w]];
            if (t->stamp == i + 1)
                continue;
            t->stamp = i + 1;
            t->n_runs += t->df == 0 || t->chunk != chunk;
            t->chunk = chunk;
            t->df++;
        }
    }
}

/* Bytes of all documents' words: each counts as often as it stands. */
static uint64_t
words_bytes(const struct layout *lay)
{
    uint64_t n = (uint64_t)lay->n_docs * lay->header.schema.n_fields;

    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        for (uint32_t w = 0; w < doc->n_all_words; w++)
            n += search_code_bytes(lay->rank[lay->words[doc->word_at + w]] + 1);
    }
    return n;
}

/* Keep the terms that have documents, and number them twice: by frequency, by bytes. */
static bool
choose_terms(struct layout *lay)
{
    size_t n_all = search_builder_terms(lay->b);
    uint64_t n_postings = 0, n_runs = 0;

    lay->of_term = take(n_all, sizeof *lay->of_term);
    lay->by_bytes = take(n_all, sizeof *lay->by_bytes);
    lay->rank = take(n_all, sizeof *lay->rank);
    if (!lay->of_term || !lay->by_bytes || !lay->rank)
        return false;
    count_terms(lay);
    for (size_t t = 0; t < n_all; t++)
        if (lay->of_term[t].df) {
            lay->by_bytes[lay->n_terms++] = (uint32_t)t;
            n_postings += lay->of_term[t].df;
            n_runs += lay->of_term[t].n_runs;
        }
    if (n_postings > SEARCH_POSTINGS_MAX)
        return false;
    qsort_r(lay->by_bytes, lay->n_terms, sizeof *lay->by_bytes, frequency_order, lay);
    for (uint32_t i = 0; i < lay->n_terms; i++)
        lay->rank[lay->by_bytes[i]] = i;
    lay->n_word_bytes = words_bytes(lay);
    lay->header.n_postings = (uint32_t)n_postings;
    lay->header.n_runs = (uint32_t)n_runs;
    lay->header.n_blocks = search_run_block((uint32_t)n_runs, (uint32_t)n_postings) + 1;
    qsort_r(lay->by_bytes, lay->n_terms, sizeof *lay->by_bytes, term_order, lay);
    return lay->n_word_bytes <= UINT32_MAX;
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

/* The distinct values of a dimension, how many documents have each if that is asked, and how much
 * stands outside the rows.                                                                   */
static bool
choose_values(struct layout *lay, unsigned dim)
{
    bool listed = lay->header.schema.listed >> dim & 1;
    uint64_t n = 0;
    uint32_t distinct = 0, *values;

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
            if (pass && here > 1)
                lay->n_more += 1 + here;
        }
        if (at > SEARCH_POSTINGS_MAX)
            return false;
        n = at;
        if (pass == 0 && !(lay->values[dim] = take(n, sizeof *values)))
            return false;
    }
    values = lay->values[dim];
    qsort(values, n, sizeof *values, u32_order);
    if (listed && !(lay->list_n[dim] = take(n, sizeof *values)))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        if (i == 0 || values[i] != values[distinct - 1])
            values[distinct++] = values[i];
        if (listed)
            lay->list_n[dim][distinct - 1]++;
    }
    lay->n_values[dim] = distinct;
    return lay->n_more < SEARCH_POSTINGS_MAX;
}

static void
extent(struct layout *lay, unsigned col, uint64_t n, size_t size)
{
    struct search_header *h = &lay->header;

    h->columns[col].at = h->file_bytes;
    h->columns[col].n_bytes = n * size;
    h->file_bytes += (n * size + 15) / 16 * 16;
}

static void
plan_lists(struct layout *lay)
{
    uint64_t n_lists = 0, n = 0;

    for (uint32_t left = lay->header.schema.listed; left; left &= left - 1) {
        unsigned d = (unsigned)__builtin_ctz(left);
        n_lists += lay->n_values[d];
        for (uint32_t v = 0; v < lay->n_values[d]; v++)
            n += search_list_length(lay->list_n[d][v], lay->n_docs);
    }
    extent(lay, COL_LIST_AT, n_lists + 1, 4);
    extent(lay, COL_LIST, n, 4);
}

/* Where every column will stand. */
static void
plan_columns(struct layout *lay)
{
    struct search_header *h = &lay->header;
    uint64_t n_bytes = 0, n_payload = 0, n_values = 0;

    for (uint32_t t = 0; t < lay->n_terms; t++)
        n_bytes += lay->terms[lay->by_bytes[t]].n;
    for (unsigned d = 0; d < h->schema.n_dims; d++)
        n_values += lay->n_values[d];
    for (uint32_t t = 0; t < lay->n_terms; t++)
        h->n_heavy += search_is_heavy(lay->of_term[lay->by_bytes[t]].df, lay->n_docs, n_values);
    for (uint32_t i = 0; i < lay->n_docs; i++)
        n_payload += lay->docs[lay->order[i]].n_payload;
    h->file_bytes = (sizeof *h + 15) / 16 * 16;
    h->n_docs = lay->n_docs;
    h->n_terms = lay->n_terms;
    extent(lay, COL_TERM_AT, (uint64_t)h->n_terms + 1, 4);
    extent(lay, COL_TERM_BYTES, n_bytes, 1);
    extent(lay, COL_TERM_RUN, (uint64_t)h->n_terms + 1, 4);
    extent(lay, COL_TERM_MAX, h->n_terms, 2);
    extent(lay, COL_TERM_RANK, h->n_terms, 4);
    extent(lay, COL_RUN_CHUNK, h->n_runs, 2);
    extent(lay, COL_RUN_POST, (uint64_t)h->n_runs + 1, 4);
    extent(lay, COL_POST_DOC, h->n_postings, 2);
    extent(lay, COL_POST_IMPACT, h->n_postings, 2);
    extent(lay, COL_BLOCK_MAX, h->n_blocks, 2);
    extent(lay, COL_HEAVY_TERM, h->n_heavy, 4);
    extent(lay, COL_HEAVY_BITS, h->n_heavy * ((uint64_t)h->n_docs / 64 + 1), 8);
    extent(lay, COL_HEAVY_COUNTS, h->n_heavy * n_values, 4);
    extent(lay, COL_DOC_KEY, h->n_docs, 8);
    extent(lay, COL_DOC_POINT, h->n_docs, 8);
    extent(lay, COL_PAYLOAD_AT, (uint64_t)h->n_docs + 1, 8);
    extent(lay, COL_PAYLOAD_BYTES, n_payload, 1);
    extent(lay, COL_WORDS_AT, (uint64_t)h->n_docs + 1, 4);
    extent(lay, COL_WORDS, lay->n_word_bytes, 1);
    extent(lay, COL_DOC_ROW, (uint64_t)h->n_docs * h->schema.n_dims, 4);
    extent(lay, COL_ROW_MORE, lay->n_more, 4);
    plan_lists(lay);
    for (unsigned d = 0; d < h->schema.n_dims; d++)
        extent(lay, COL_DIM_VALUES + d, lay->n_values[d], 4);
}

static void
fill_terms(struct layout *lay)
{
    uint32_t *term_at = layout_column(lay, COL_TERM_AT), *run = layout_column(lay, COL_TERM_RUN);
    uint32_t *rank = layout_column(lay, COL_TERM_RANK), n_postings = 0;
    char *bytes = layout_column(lay, COL_TERM_BYTES);

    for (uint32_t i = 0; i < lay->n_terms; i++) {
        uint32_t t = lay->by_bytes[i];
        struct of_term *of = &lay->of_term[t];
        memcpy(bytes + term_at[i], lay->b->term_bytes.p + lay->terms[t].at, lay->terms[t].n);
        term_at[i + 1] = term_at[i] + lay->terms[t].n;
        run[i + 1] = run[i] + of->n_runs;
        rank[i] = lay->rank[t];
        of->number = i;
        of->next_run = run[i];
        of->next_post = n_postings;
        of->chunk = NO_CHUNK;
        of->stamp = 0;
        n_postings += of->df;
    }
}

/* Add up the words of one document; how many terms it has. */
static uint32_t
tally_words(struct layout *lay, const struct build_doc *doc, uint32_t stamp,
            struct tally *tallies)
{
    const uint32_t *words = lay->words + doc->word_at;
    uint32_t n = 0;

    for (unsigned f = 0; f < lay->header.schema.n_fields; f++)
        for (uint32_t w = doc->n_words[f]; w > 0; w--, words++) {
            struct of_term *of = &lay->of_term[*words];
            if (of->stamp != stamp) {
                of->stamp = stamp;
                of->slot = n;
                tallies[n++] = (struct tally){.term = *words};
            }
            tallies[of->slot].tf[f]++;
        }
    return n;
}

/* The impact of one term in one document. */
static uint16_t
impact(const struct search_schema *s, const double *norm, const struct tally *tally)
{
    double tf = 0, scaled;

    for (unsigned f = 0; f < s->n_fields; f++)
        if (tally->tf[f])
            tf += (double)s->fields[f].weight * tally->tf[f] / norm[f];
    scaled = round(SEARCH_IMPACT_ONE * (tf / (s->k1 + tf)));
    return (uint16_t)(scaled < 1 ? 1 : scaled > SEARCH_IMPACT_ONE ? SEARCH_IMPACT_ONE : scaled);
}

/* Append a posting to its term's list, opening a run where a chunk begins. */
static void
add_posting(struct layout *lay, const struct posting_columns *c, uint32_t doc, uint32_t term,
            uint16_t worth)
{
    struct of_term *of = &lay->of_term[term];
    uint32_t at = of->next_post++, chunk = doc / SEARCH_CHUNK, run, block;

    if (of->chunk != chunk) {
        of->chunk = chunk;
        c->run_chunk[of->next_run] = (uint16_t)chunk;
        c->run_post[of->next_run++] = at;
    }
    run = of->next_run - 1;
    block = search_run_block(run, c->run_post[run]) + (at - c->run_post[run]) / SEARCH_BLOCK;
    c->doc[at] = (uint16_t)(doc % SEARCH_CHUNK);
    c->impact[at] = worth;
    c->block_max[block] = worth > c->block_max[block] ? worth : c->block_max[block];
    c->term_max[of->number] = worth > c->term_max[of->number] ? worth : c->term_max[of->number];
}

static bool
fill_postings(struct layout *lay)
{
    const struct posting_columns c = {
        .run_chunk = layout_column(lay, COL_RUN_CHUNK),
        .run_post = layout_column(lay, COL_RUN_POST),
        .doc = layout_column(lay, COL_POST_DOC),
        .impact = layout_column(lay, COL_POST_IMPACT),
        .block_max = layout_column(lay, COL_BLOCK_MAX),
        .term_max = layout_column(lay, COL_TERM_MAX),
    };
    const struct search_schema *s = &lay->header.schema;
    struct tally *tallies;
    uint32_t most = 0;

    for (uint32_t i = 0; i < lay->n_docs; i++)
        if (lay->docs[lay->order[i]].n_all_words > most)
            most = lay->docs[lay->order[i]].n_all_words;
    if (!(tallies = take(most, sizeof *tallies)))
        return false;
    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        double norm[SEARCH_FIELDS_MAX];
        uint32_t n = tally_words(lay, doc, i + 1, tallies);
        for (unsigned f = 0; f < s->n_fields; f++)
            norm[f] = 1 - (double)s->fields[f].b
                      + (double)s->fields[f].b * (doc->n_words[f] / lay->header.length_mean[f]);
        for (uint32_t j = 0; j < n; j++)
            add_posting(lay, &c, i, tallies[j].term, impact(s, norm, &tallies[j]));
    }
    c.run_post[lay->header.n_runs] = lay->header.n_postings;
    free(tallies);
    return true;
}

static void
fill_words(struct layout *lay)
{
    uint32_t *at = layout_column(lay, COL_WORDS_AT);
    uint8_t *begin = layout_column(lay, COL_WORDS), *out = begin;

    for (uint32_t i = 0; i < lay->n_docs; i++) {
        const struct build_doc *doc = &lay->docs[lay->order[i]];
        const uint32_t *words = lay->words + doc->word_at;
        for (unsigned f = 0; f < lay->header.schema.n_fields; f++) {
            for (uint32_t w = doc->n_words[f]; w > 0; w--)
                out = search_code_put(out, lay->rank[*words++] + 1);
            *out++ = 0;
        }
        at[i + 1] = (uint32_t)(out - begin);
    }
}

static void
fill_docs(struct layout *lay)
{
    int64_t *key = layout_column(lay, COL_DOC_KEY);
    int32_t *point = layout_column(lay, COL_DOC_POINT);
    uint64_t *payload_at = layout_column(lay, COL_PAYLOAD_AT);
    char *payload = layout_column(lay, COL_PAYLOAD_BYTES);

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

/* One slot of a document's row; what is not just one value goes where more ends. */
static uint32_t
slot_of(const struct layout *lay, const struct build_doc *doc, unsigned dim, uint32_t *more,
        uint32_t *n_more)
{
    const uint32_t *values = layout_column(lay, COL_DIM_VALUES + dim);
    const struct search_facet_value *f = doc->n_facets ? doc_facets(lay, doc) : NULL;
    uint32_t here[SEARCH_DOC_FACETS_MAX], n = 0, place = *n_more;

    for (uint32_t j = 0; j < doc->n_facets; j++)
        if (f[j].dim == dim) {
            const uint32_t *v = bsearch(&f[j].value, values, lay->n_values[dim], sizeof *values,
                                        u32_order);
            here[n++] = (uint32_t)(v - values);
        }
    if (n < 2)
        return n ? here[0] : SEARCH_MANY;
    more[place] = n;
    memcpy(more + place + 1, here, n * sizeof *here);
    *n_more += 1 + n;
    return SEARCH_MANY | place;
}

static void
fill_rows(struct layout *lay)
{
    unsigned n_dims = lay->header.schema.n_dims;
    uint32_t *row = layout_column(lay, COL_DOC_ROW), *more = layout_column(lay, COL_ROW_MORE);
    uint32_t n_more = 1;

    for (unsigned d = 0; d < n_dims; d++)
        if (lay->n_values[d])
            memcpy(layout_column(lay, COL_DIM_VALUES + d), lay->values[d],
                   lay->n_values[d] * sizeof *lay->values[d]);
    for (uint32_t i = 0; i < lay->n_docs; i++)
        for (unsigned d = 0; d < n_dims; d++)
            *row++ = slot_of(lay, &lay->docs[lay->order[i]], d, more, &n_more);
    RG_ASSERT(n_more == lay->n_more);
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
        .words = (const uint32_t *)(const void *)b->words.p,
        .header = {.magic = "RGSEARCH", .format = SEARCH_FORMAT, .schema = b->schema,
                   .seq = wish->seq, .header_bytes = sizeof(struct search_header)},
        .n_more = 1,
    };
    bool ok = choose_docs(&lay, wish) && choose_terms(&lay);

    for (unsigned d = 0; ok && d < b->schema.n_dims; d++)
        ok = choose_values(&lay, d);
    if (ok) {
        mean_lengths(&lay, wish->length_mean);
        plan_columns(&lay);
        lay.image = take(lay.header.file_bytes, 1);
    }
    if (ok && lay.image) {
        fill_terms(&lay);
        ok = fill_postings(&lay);
    }
    if (!ok || !lay.image) {
        layout_done(&lay);
        return RG_NO_MEMORY(ctx);
    }
    fill_words(&lay);
    fill_docs(&lay);
    fill_rows(&lay);
    search_fill_lists(&lay);
    search_fill_heavy(&lay);
    lay.header.checksum = str_hash(str_n((const char *)&lay.header,
                                         offsetof(struct search_header, checksum)));
    memcpy(lay.image, &lay.header, sizeof lay.header);
    *ret_image = lay.image;
    *ret_n = (size_t)lay.header.file_bytes;
    lay.image = NULL;
    layout_done(&lay);
    return RG_OK;
}
