/* The shape of an index in memory and on disk, shared by the files of this room.
 *
 * The file is a header and a run of columns, each 16-aligned; README.md has the drawing.
 * Numbers are little-endian as on every machine we run on.                                   */
#ifndef SEARCH_INDEX_PRIV_H
#define SEARCH_INDEX_PRIV_H

#include "search/search.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "columns are mapped as they are");

enum {
    SEARCH_FORMAT = 4,
    SEARCH_BLOCK = 64, /* postings that share one maximum: small enough to skip, 1/32 of a byte
                          each to store */
    /* Documents that share their upper bits: within them a posting's document has 16 bits. */
    SEARCH_CHUNK = 1 << 16,
    /* A list that holds this share of all documents is kept as bits too, and with its facets
     * counted: 70 lists, 9 bytes a document in the corpus of bench/search.                   */
    SEARCH_HEAVY_SHARE = 16,
    SEARCH_HEAVY_MIN = 1024,
    SEARCH_NO_POINT = INT32_MIN,
};
#define SEARCH_MANY 0x80000000u /* in a row's slot: a place in COL_ROW_MORE instead of an ordinal */
#define SEARCH_IMPACT_ONE 65535 /* a saturated frequency of 1.0 */

enum search_column {
    COL_TERM_AT,     /* u32[n_terms + 1]: where a term's bytes begin                          */
    COL_TERM_BYTES,
    COL_TERM_RUN,    /* u32[n_terms + 1]: where its runs begin, one for each chunk it is in   */
    COL_TERM_MAX,    /* u16[n_terms]: its greatest impact                                     */
    COL_TERM_RANK,   /* u32[n_terms]: 0 is the most frequent term; what words are written in  */
    COL_RUN_CHUNK,   /* u16[n_runs]: ascending within a term                                  */
    COL_RUN_POST,    /* u32[n_runs + 1]: where its postings begin                             */
    COL_POST_DOC,    /* u16[n_postings]: number within the chunk, ascending within a run      */
    COL_POST_IMPACT, /* u16[n_postings]: tf~ / (k1 + tf~), times SEARCH_IMPACT_ONE            */
    COL_BLOCK_MAX,   /* u16[n_blocks]: the greatest impact of a block, see search_run_block   */
    COL_HEAVY_TERM,  /* u32[n_heavy]: terms of very long lists, ascending                     */
    COL_HEAVY_BITS,  /* u64[n_heavy][n_docs / 64 + 1]: bit per document                       */
    COL_HEAVY_COUNTS, /* u32[n_heavy][all values of all dimensions]: facets counted           */
    COL_DOC_KEY,     /* i64[n_docs]: ascending                                                */
    COL_DOC_POINT,   /* i32[2 n_docs]: lat, lon; SEARCH_NO_POINT twice without                */
    COL_PAYLOAD_AT,  /* u64[n_docs + 1]                                                       */
    COL_PAYLOAD_BYTES,
    COL_WORDS_AT,    /* u32[n_docs + 1]                                                       */
    COL_WORDS,       /* per document, field by field: rank + 1 of each word, 7 bits a byte, the
                        last byte of a number below 128; 0 ends a field                       */
    COL_DOC_ROW,     /* u32[n_docs][n_dims]: which value it has in each dimension, so that all a
                        question asks of a document stands together; SEARCH_MANY + place when it
                        has not just one                                                      */
    COL_ROW_MORE,    /* u32[]: how many, then which; the first is 0, for those that have none */
    COL_LIST_AT,     /* u32[values of listed dimensions + 1]: where a value's list begins         */
    COL_LIST,        /* u32[]: its documents, ascending, or where they are many a bit for every
                        document, see search_list_of                                          */
    COL_DIM_VALUES,  /* u32[n_values] for each dimension: ascending                           */
    COL__MAX = COL_DIM_VALUES + SEARCH_DIMS_MAX,
};

struct search_extent {
    uint64_t at, n_bytes;
};

struct search_header {
    char magic[8];
    uint32_t format, header_bytes;
    uint64_t file_bytes, seq;
    uint32_t n_docs, n_terms, n_postings, n_blocks, n_runs, n_heavy;
    struct search_schema schema;
    uint32_t reserved;
    double length_mean[SEARCH_FIELDS_MAX]; /* words per document */
    struct search_extent columns[COL__MAX];
    uint64_t checksum; /* str_hash of all bytes before it */
};

struct search_dim {
    const uint32_t *values;
    uint32_t n_values;
};

/* The ordinals that one slot of a document's row stands for. */
static inline const uint32_t *
search_ordinals(const uint32_t *slot, const uint32_t *more, uint32_t *ret_n)
{
    if (!(*slot & SEARCH_MANY)) {
        *ret_n = 1;
        return slot;
    }
    more += *slot & ~SEARCH_MANY;
    *ret_n = *more;
    return more + 1;
}

struct search_index {
    uint32_t magic;
    const struct search_header *header;
    void *mapped; /* to unmap, or NULL */
    size_t mapped_bytes;
    void *owned; /* to free, or NULL */
    uint32_t n_docs, n_terms;
    const uint32_t *term_at, *term_run, *term_rank, *run_post;
    const char *term_bytes;
    const uint16_t *term_max, *run_chunk, *post_doc, *post_impact, *block_max;
    uint32_t n_heavy, n_values; /* of all dimensions */
    const uint32_t *heavy_term, *heavy_counts;
    const uint64_t *heavy_bits;
    const int64_t *doc_key;
    const int32_t *doc_point;
    const uint64_t *payload_at;
    const char *payload_bytes;
    const uint32_t *words_at;
    const uint8_t *words;
    const uint32_t *doc_row, *row_more;
    const uint32_t *list_at, *list;
    uint32_t list_first[SEARCH_DIMS_MAX]; /* of list_at, for a listed dimension */
    unsigned n_dims;
    struct search_dim dims[SEARCH_DIMS_MAX];
};

static inline const uint32_t *
search_index_row(const struct search_index *ix, uint32_t doc)
{
    return ix->doc_row + (size_t)doc * ix->n_dims;
}

/* Numbers that a bit for every document takes: whole handfuls, to be added many at a time. */
static inline uint32_t
search_row_units(uint32_t n_docs)
{
    return (n_docs / 256 + 1) * 8;
}

/* The documents of one value, by its place in list_at: so many numbers of documents, or if they
 * are as many as search_row_units a bit for each.                                            */
static inline const uint32_t *
search_list_of(const struct search_index *ix, uint32_t place, uint32_t *ret_n)
{
    *ret_n = ix->list_at[place + 1] - ix->list_at[place];
    return ix->list + ix->list_at[place];
}

static inline struct str
search_index_term(const struct search_index *ix, uint32_t t)
{
    return str_n(ix->term_bytes + ix->term_at[t], ix->term_at[t + 1] - ix->term_at[t]);
}

/* The first block of a run. Blocks need no column of places: each run may waste one. */
static inline uint32_t
search_run_block(uint32_t run, uint32_t first_posting)
{
    return first_posting / SEARCH_BLOCK + run;
}

static inline uint32_t
search_index_df(const struct search_index *ix, uint32_t t)
{
    return ix->run_post[ix->term_run[t + 1]] - ix->run_post[ix->term_run[t]];
}

/* The words of a document, one after another. */
struct search_words {
    const uint8_t *at, *end;
    unsigned field;
};

static inline struct search_words
search_index_words(const struct search_index *ix, uint32_t doc)
{
    return (struct search_words){ix->words + ix->words_at[doc], ix->words + ix->words_at[doc + 1],
                                 0};
}

/* Rank + 1 of the next word, 0 at the end of a field, or false at the end of the document. Any
 * bytes are safe to read; a number too large ends as another number.                         */
static inline bool
search_words_next(struct search_words *w, uint32_t *ret_code)
{
    uint32_t code = 0;

    if (w->at == w->end)
        return false;
    do
        code = code << 7 | (*w->at & 127);
    while (*w->at++ >= 128 && w->at < w->end);
    w->field += code == 0;
    *ret_code = code;
    return true;
}

static inline unsigned
search_code_bytes(uint32_t code)
{
    return code < 1 << 7 ? 1 : code < 1 << 14 ? 2 : code < 1 << 21 ? 3 : code < 1 << 28 ? 4 : 5;
}

static inline uint8_t *
search_code_put(uint8_t *out, uint32_t code)
{
    for (unsigned left = search_code_bytes(code); left-- > 1;)
        *out++ = (uint8_t)(128 | (code >> (7 * left) & 127));
    *out++ = code & 127;
    return out;
}

uint32_t search_index_lower(const struct search_index *ix, struct str term);
/* The first term not before this one; n_terms if there is none. */
bool search_index_find_term(const struct search_index *ix, struct str term, uint32_t *ret_term);
bool search_index_find_doc(const struct search_index *ix, int64_t key, uint32_t *ret_doc);

static inline struct str
search_index_payload(const struct search_index *ix, uint32_t doc)
{
    return str_n(ix->payload_bytes + ix->payload_at[doc],
                 (size_t)(ix->payload_at[doc + 1] - ix->payload_at[doc]));
}

/* One reader's world: the base, and perhaps a small second index of changed documents. */
struct search_segment {
    const struct search_index *index;
    const uint64_t *dead; /* bit per document replaced or removed since; NULL: none */
    uint32_t n_dead;
};

struct search_base { /* a base index shared by the snapshots of its time, counted */
    struct search_index *index;
    _Atomic unsigned users; /* snapshots, and the live handle */
};

struct search_snapshot {
    _Atomic int64_t readers; /* see live.c */
    struct search_base *base;
    struct search_index *delta; /* owned; NULL: nothing changed */
    uint64_t *dead;             /* owned */
    uint64_t seq;
    unsigned n_segments;
    struct search_segment segments[2];
};

/* The builder's other outlet: an image in memory, for deltas. */
struct search_image_wish {
    uint64_t seq;              /* to write into the header                                  */
    bool changes_only;         /* leave out entries whose seq is not above seq_after        */
    uint64_t seq_after;
    const double *length_mean; /* instead of the documents' own, where above 0: a delta must
                                  score as its base does. NULL: their own                   */
};

enum rg_err search_builder_image(struct rg_ctx *ctx, struct search_builder *builder,
                                 const struct search_image_wish *wish, char **ret_image,
                                 size_t *ret_n) RG_MUST_CHECK;
/* The bytes of an index file (free with free()). */

size_t search_builder_docs(const struct search_builder *builder);
/* Entries kept, replaced and removed ones included. */
void search_builder_compact(struct search_builder *builder, uint64_t seq_after);
/* Forget entries with a seq not above seq_after. */
void search_builder_rewind(struct search_builder *builder, size_t n_docs);
/* Forget what was added after there were n_docs entries. */
int64_t search_builder_key(const struct search_builder *builder, size_t i, uint64_t *ret_seq);
const struct search_schema *search_builder_schema(const struct search_builder *builder);

#endif
