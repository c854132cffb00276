/* Search: words in, ranked documents out. A kernel that knows no domain: a document is a key,
 * some text fields, some facet values, perhaps a point, and a few bytes of payload.
 *
 * The parts, in the order a caller meets them: the analyser turns text into terms; the builder
 * turns documents into a file; the index is that file mapped read-only; a delta carries what
 * changed since, and a live handle swaps deltas under running readers; a query ranks. It does
 * not decide what words mean: synonyms, needs and places come from the caller as weighted
 * alternatives. Read README.md for the nouns and the drawing of the file.                    */
#ifndef SEARCH_H
#define SEARCH_H

#include "base/base.h"

enum search_limits {
    /* Bytes of one folded term. The longest word of the Italian dictionary has 29 letters; what
     * is longer is a web address or noise, and is cut. */
    SEARCH_TERM_MAX = 40,
    /* Tokens of one query text: a person's story of a page has about 300 words. */
    SEARCH_TOKENS_MAX = 512,
    /* A glued word is split only if both halves have this many letters. */
    SEARCH_GLUED_PART_MIN = 3,
    SEARCH_FIELDS_MAX = 8, /* a posting has one byte to say in which fields it stands */
    SEARCH_DIMS_MAX = 16,
    /* Documents and postings are counted in 32 bits; these leave room for sums of two
     * segments.                                                                              */
    SEARCH_DOCS_MAX = 1 << 27,
    SEARCH_POSTINGS_MAX = 1 << 30,
    /* Words of one field of one document: a long page has 5,000. The rest is not indexed. */
    SEARCH_FIELD_TOKENS_MAX = 20000,
    SEARCH_DOC_FACETS_MAX = 1024,
    SEARCH_PAYLOAD_MAX = 1 << 20,
    /* A query: the result names matched terms in 32 bits; alternatives cover a prefix. */
    SEARCH_QUERY_TERMS_MAX = 32,
    SEARCH_QUERY_ALTERNATIVES_MAX = 64,
    SEARCH_QUERY_FILTERS_MAX = 32,
    SEARCH_QUERY_BOOSTS_MAX = 256,
    SEARCH_QUERY_VALUES_MAX = 4096,
    SEARCH_QUERY_PHRASES_MAX = 8,
    /* offset + k: nobody pages further, exports do not go through search. */
    SEARCH_QUERY_DEPTH_MAX = 10000,
    /* Terms a prefix or a misspelling may look at before it gives up. */
    SEARCH_EXPAND_SCAN_MAX = 65536,
    /* Changes waiting on top of a file: beyond it a rebuild is due. */
    SEARCH_DELTA_DOCS_MAX = 8192,
};

/* ---- Analysis: text to terms ------------------------------------------------------------ */

/* The first three stand in the order of enum rg_lang. SEARCH_PLAIN folds but neither stems nor
 * drops stop words: for names, codes and languages without a stemmer here.                   */
enum search_lang { SEARCH_IT, SEARCH_FR, SEARCH_EN, SEARCH_PLAIN, SEARCH_LANG__MAX };

enum search_analyse_flag {
    SEARCH_KEEP_STOP = 1 << 0, /* stop words come too, with is_stop set */
};

struct search_token {
    struct str term;   /* what the index stores: folded and stemmed                     */
    struct str word;   /* folded only: for the prefix being typed and for spelling      */
    uint32_t position; /* counts words, stop words included, elided articles not        */
    size_t from, n;    /* bytes of the source                                           */
    bool is_stop;
};

struct search_analyser;

struct search_analyser *search_analyser_new(void);
/* Owned: free with search_analyser_free. Make one per thread and keep it: it holds three
 * stemmers and a cache, 0.5 MB. NULL without memory.                                         */

struct search_analyser *search_analyser_free(struct search_analyser *an);
/* Takes NULL. Returns NULL. */

void search_analyse_begin(struct search_analyser *an, enum search_lang lang, unsigned flags,
                          struct str text);
/* Start on a text, borrowed until the last search_analyse_next. Any bytes are welcome: what is
 * not UTF-8 separates words.                                                                 */

bool search_analyse_next(struct search_analyser *an, struct search_token *ret_token);
/* The next token, or false at the end. Strings are borrowed until the following call. Linear,
 * no allocation, about 0.15 µs a word.
 *
 * A word is a run of letters and digits. Letters lose case and diacritics BEFORE stemming, so
 * that "attività", "attivita'" and "ATTIVITA" are one term; composed and decomposed forms are
 * alike. Apostrophes of every shape split: an elided article or pronoun before one (l', dell',
 * un', c') is dropped. Dotted letters join (A.S.L. is asl). Han characters are words of one
 * character.                                                                                 */

RG_MUST_CHECK enum rg_err
search_analyse(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
               unsigned flags, struct str text, const struct search_token **ret_tokens,
               size_t *ret_n);
/* All tokens of a text, at most SEARCH_TOKENS_MAX (the rest is ignored), in the context's
 * arena. RG_LIMIT when the arena is full.                                                    */

bool search_is_stop(enum search_lang lang, struct str word);
/* Is this folded word on the list of words too common to carry a need? "non", "senza", "solo"
 * are not on it: "non vedo" and "senza casa" are needs.                                      */

typedef uint32_t search_known_fn(void *arg, struct str term);
/* In how many documents a term occurs; 0 if the vocabulary lacks it. */

/* ---- Snippets --------------------------------------------------------------------------- */

struct search_mark {
    size_t from, n; /* bytes of the source */
};

struct search_snippet {
    size_t from, n;       /* the piece, in bytes of the source: whole words             */
    bool more_before, more_after; /* the text goes on: an ellipsis belongs here           */
    const struct search_mark *marks; /* the words to stress, in order; arena              */
    size_t n_marks;
};

RG_MUST_CHECK enum rg_err
search_snippet(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
               struct str text, const struct str *terms, size_t n_terms, size_t n_bytes_max,
               struct search_snippet *ret_snippet);
/* The piece of a text, at most so many bytes, that shows most of the terms (at most 64, the rest
 * is ignored): most different ones, then most words, then the earliest; the words that matter
 * stand in its middle. The beginning when the text has none; the whole text when it fits. A
 * piece of 0 bytes when not even a word fits. Linear in the text and the terms; RG_LIMIT when
 * the arena is full.                                                                         */

size_t search_split_glued(struct search_analyser *an, enum search_lang lang, struct str word,
                          search_known_fn *known, void *arg, struct str ret_terms[2]);
/* Two words typed as one ("bonusaffitto"): the split whose rarer half is most frequent, as
 * terms, stop words left out ("dellacasa" gives casa). Number of terms, 0 if no split has both
 * halves known; only for folded words. Terms are borrowed until the next call. */

/* ---- Building --------------------------------------------------------------------------- */

struct search_schema {
    unsigned n_fields, n_dims;
    struct {
        float weight; /* > 0: a word in a name may weigh 5 words in a description             */
        float b;      /* 0…1: how far long fields are discounted; 0.75 is usual, names 0.3    */
    } fields[SEARCH_FIELDS_MAX];
    float k1; /* > 0: how soon repetition stops counting; 1.2 is usual                        */
    uint32_t listed; /* bit per dimension whose values are kept as lists of documents too, four
                        bytes a value of a document: a filter by it is then made of bits, and
                        what it leaves out is never looked at                                 */
};

struct search_facet_value {
    unsigned dim;   /* < n_dims */
    uint32_t value; /* any id. An area stands here too: give its whole chain of areas.        */
};

struct search_doc {
    int64_t key;
    enum search_lang lang;
    struct str text[SEARCH_FIELDS_MAX]; /* in the order of the schema; none is empty          */
    const struct search_facet_value *facets; /* repeated pairs count once                     */
    size_t n_facets;
    bool has_point;
    int32_t lat_e7, lon_e7;
    struct str payload; /* handed back untouched                                              */
};

struct search_builder;

RG_MUST_CHECK enum rg_err
search_builder_new(struct rg_ctx *ctx, const struct search_schema *schema, size_t ceiling_bytes,
                   struct search_builder **ret_builder);
/* Owned: free with search_builder_free. RG_INVALID for a schema outside its bounds, RG_LIMIT
 * without memory. The ceiling covers documents and vocabulary; 100,000 documents of 37 words
 * take about 40 MB, and writing as much again.                                               */

struct search_builder *search_builder_free(struct search_builder *builder);

RG_MUST_CHECK enum rg_err
search_builder_add(struct rg_ctx *ctx, struct search_builder *builder, uint64_t seq,
                   const struct search_doc *doc);
/* Analyse and keep one document; everything is copied. A key added again replaces the earlier
 * one. seq is the number of the change that brought it (0 if there is no feed). RG_INVALID for
 * a dimension or a language that does not exist, RG_LIMIT at a ceiling; the builder then
 * stands as before.                                                                          */

RG_MUST_CHECK enum rg_err
search_builder_remove(struct rg_ctx *ctx, struct search_builder *builder, uint64_t seq,
                      int64_t key);
/* Forget a key added before. */

RG_MUST_CHECK enum rg_err
search_builder_write(struct rg_ctx *ctx, struct search_builder *builder, uint64_t seq,
                     const char *path);
/* Write the file beside path and move it into place when it is safe on disk; a reader of the
 * old file keeps it. seq: the last change of the feed that the documents reflect. The builder
 * may go on. RG_BROKEN when the disk says no.                                                */

/* ---- The frozen index ------------------------------------------------------------------- */

struct search_index;

RG_MUST_CHECK enum rg_err
search_index_open(struct rg_ctx *ctx, const char *path, struct search_index **ret_index);
/* Map the file and check every number in it that is later used as a place: 3 ms for 100,000
 * documents. Owned: free with search_index_free, or give it to search_live_new. RG_ABSENT
 * without a file, RG_INVALID for a damaged or foreign one: rebuild it.                       */

RG_MUST_CHECK enum rg_err
search_index_of_bytes(struct rg_ctx *ctx, struct str bytes, struct search_index **ret_index);
/* The same over bytes in memory (borrowed, 16-aligned, until the index is freed). */

struct search_index *search_index_free(struct search_index *index);
uint64_t search_index_seq(const struct search_index *index);
size_t search_index_docs(const struct search_index *index);
size_t search_index_terms(const struct search_index *index);

/* ---- A living index: frozen file, changes on top, readers that never wait --------------- */

struct search_live;
struct search_snapshot; /* what one reader sees: never changes under it */

RG_MUST_CHECK enum rg_err
search_live_new(struct rg_ctx *ctx, struct search_index *base, struct search_live **ret_live);
/* Takes the index over, also when it fails. Owned: free with search_live_free when no reader
 * is left.                                                                                   */
struct search_live *search_live_free(struct search_live *live);

struct search_change {
    uint64_t seq;
    bool removed;          /* then only doc.key counts */
    struct search_doc doc; /* the whole document as it is now */
};

RG_MUST_CHECK enum rg_err
search_live_apply(struct rg_ctx *ctx, struct search_live *live,
                  const struct search_change *changes, size_t n);
/* Add changes in feed order; readers who acquire afterwards see all of them, or none if it
 * fails. Changes not newer than the base's seq are passed over. Writers wait for each other.
 * Cost grows with the changes waiting: 1,000 take about 2 ms. RG_LIMIT: a rebuild is due.    */

RG_MUST_CHECK enum rg_err
search_live_replace(struct rg_ctx *ctx, struct search_live *live, struct search_index *base);
/* Put a rebuilt base in place (taken over, also on failure); changes newer than its seq stay
 * on top. Readers of the old one finish with it; the last of them frees it. RG_CONFLICT for
 * another schema, or for a base older than the one in place, whose changes are forgotten.    */

RG_MUST_CHECK enum rg_err
search_live_merge(struct rg_ctx *ctx, struct search_live *live, size_t ceiling_bytes,
                  const char *path);
/* Write what readers see now, base and changes, as a new file (the same bytes that building all
 * of it anew would give), and put it in place of the base; changes applied meanwhile stay on
 * top. Needs no texts. Readers and writers go on: writers wait only for the last step, as long
 * as one application. One merge at a time, and none may begin between two applications that
 * share a seq: the second would pass for known. For a thread in the background: about 0.3 s
 * and 80 MB for 100,000 documents. Errors as of search_builder_write, search_index_open and
 * search_live_replace; the old base then stays.                                              */

uint64_t search_live_seq(struct search_live *live);
/* The newest change that readers see. */
size_t search_live_pending(struct search_live *live);

const struct search_snapshot *search_acquire(struct search_live *live);
void search_release(struct search_live *live, const struct search_snapshot *snapshot);
/* A reader brackets its work with these: two atomic steps, no lock. Everything a query returns
 * that is borrowed from the snapshot ends with the release.                                  */

/* ---- Asking ----------------------------------------------------------------------------- */

struct search_alternative {
    struct str term; /* as the analyser makes it */
    float weight;    /* 1 for the word itself, less for a synonym, a correction, a completion */
};

/* One thing asked for, in one or several words that mean it: a document earns its best
 * alternative, and the rarity of the most frequent one, so that a misspelling found in one
 * record does not outweigh the word itself.                                                  */
struct search_term {
    const struct search_alternative *alternatives;
    size_t n_alternatives;
    float weight;
};

struct search_filter {
    unsigned dim;
    const uint32_t *values; /* any of these */
    size_t n_values;
    bool exclude; /* none of these */
};

struct search_boost {
    unsigned dim;
    uint32_t value;
    float add; /* to the score of documents with the value; a term earns up to weight x 10    */
};

/* Terms of the query that stand together in one field of a document. Stop words are not counted:
 * "casa di riposo" has cas and ripos side by side.                                           */
struct search_phrase {
    unsigned first, n; /* the query's terms first … first + n - 1, any alternative of each */
    unsigned within;   /* 0: one after the other, in this order; else in any order, all
                          within so many words                                             */
    float add;         /* 0…100: to the score of documents that have it                     */
    bool required;     /* only documents that have it                                      */
};

enum search_order { SEARCH_BY_SCORE, SEARCH_BY_DISTANCE };

struct search_query {
    const struct search_term *terms;
    size_t n_terms;        /* 0: every document, so that lists are searches too               */
    size_t n_match_min;    /* terms a document must have: 1 is OR, n_terms is AND; 0 means 1  */
    const struct search_filter *filters; /* all must hold */
    size_t n_filters;
    const struct search_boost *boosts;
    size_t n_boosts;
    const struct search_phrase *phrases;
    size_t n_phrases;
    bool near;             /* measure from the point                                          */
    int32_t lat_e7, lon_e7;
    double radius_m;       /* > 0: only documents with a point within                         */
    double half_m;         /* > 0: score times half/(half + distance)                         */
    double without_point;  /* 0…1: the factor in place of it for documents without a point    */
    enum search_order order;
    size_t offset, k;
    uint32_t facet_dims;   /* bit per dimension whose values to count                         */
    size_t n_facet_values; /* the most frequent so many per dimension; 0: all                 */
    bool facets_sideways;  /* count a dimension as if its own filter (not exclude) were off   */
    bool total_exact;      /* else total may be a lower bound (see total_is_exact)            */
    bool explain;          /* say of each hit which terms it has: its words are read for it   */
};

struct search_hit {
    int64_t key;
    double score;
    double distance_m;     /* -1 without near or point                                        */
    uint32_t matched;      /* bit per query term; 0 unless explained                          */
    uint8_t fields;        /* bit per field where a term stands; likewise                     */
    struct str payload;    /* borrowed from the snapshot                                      */
};

struct search_facet_count {
    uint32_t value;
    uint32_t n;
};

struct search_facet {
    unsigned dim;
    const struct search_facet_count *counts; /* most frequent first, then by value */
    size_t n_counts;
};

struct search_result {
    const struct search_hit *hits; /* arena */
    size_t n_hits;
    uint64_t total;
    bool total_is_exact;
    const struct search_facet *facets;
    size_t n_facets;
};

RG_MUST_CHECK enum rg_err
search_ask(struct rg_ctx *ctx, const struct search_snapshot *snapshot,
           const struct search_query *query, struct search_result *ret_result);
/* Rank by BM25F (Robertson and Zaragoza 2009, section 3.6): the fields' frequencies, weighted
 * and discounted by length, are added before saturation. Scores are sums of integers, so they
 * do not depend on the order of evaluation; equal scores stand by key, so pages neither repeat
 * nor skip. RG_INVALID for a query outside the limits, RG_LIMIT when the arena is full.
 * Memory: about 64 KB, 48 bytes a hit, 4 a facet value, a bit a document. Does not wait, does
 * not write to the snapshot.                                                                 */

struct search_suggestion {
    struct str term; /* borrowed from the snapshot */
    uint32_t n_docs;
    unsigned distance; /* edits */
};

RG_MUST_CHECK enum rg_err
search_prefix(struct rg_ctx *ctx, const struct search_snapshot *snapshot, struct str prefix,
              size_t n_max, const struct search_suggestion **ret, size_t *ret_n);
/* Terms that begin so, most frequent first, at most n_max. */

RG_MUST_CHECK enum rg_err
search_spell(struct rg_ctx *ctx, const struct search_snapshot *snapshot, struct str term,
             size_t n_max, const struct search_suggestion **ret, size_t *ret_n);
/* Terms at Damerau-Levenshtein distance 1 (2 from 8 letters on; neighbours swapped count one),
 * nearest first, then most frequent. The term itself is not among them.                      */

uint32_t search_term_docs(const struct search_snapshot *snapshot, struct str term);
/* Documents with the term (a little high while changed documents wait for a rebuild). */
uint64_t search_snapshot_seq(const struct search_snapshot *snapshot);
size_t search_snapshot_docs(const struct search_snapshot *snapshot);

bool search_find(const struct search_snapshot *snapshot, int64_t key, struct str *ret_payload);
/* The payload stored under a key. */

void search_each(const struct search_snapshot *snapshot,
                 bool (*each)(void *arg, int64_t key, struct str payload), void *arg);
/* Hand out every document until each says false. The order is no promise. */

#endif
