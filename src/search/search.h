/* Search: words in, ranked documents out. A kernel that knows no domain: a document is a key,
 * some text fields, some facet values, perhaps a point, and a few bytes of payload.
 *
 * The parts, in the order a caller meets them: the analyser turns text into terms; the builder
 * turns documents into a file; the index is that file mapped read-only; a delta carries what
 * changed since, and a live handle swaps deltas under running readers; a query ranks.
 * It does not decide what words mean: synonyms, needs and places come from the caller as
 * weighted alternatives. Read README.md for the nouns and the drawing of the file.            */
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
};

/* ---- Analysis: text to terms ------------------------------------------------------------ */

/* The first three stand in the order of enum rg_lang. SEARCH_PLAIN folds but neither stems nor
 * drops stop words: for names, codes and languages without a stemmer here.                    */
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
/* Owned: free with search_analyser_free. Make one per thread and keep it: it holds three stemmers
 * and a cache, 0.5 MB. NULL without memory.                                                   */

struct search_analyser *search_analyser_free(struct search_analyser *an);
/* Takes NULL. Returns NULL. */

void search_analyse_begin(struct search_analyser *an, enum search_lang lang, unsigned flags,
                          struct str text);
/* Start on a text, borrowed until the last search_analyse_next. Any bytes are welcome: what is
 * not UTF-8 separates words.                                                                  */

bool search_analyse_next(struct search_analyser *an, struct search_token *ret_token);
/* The next token, or false at the end. Strings are borrowed until the following call. Linear, no
 * allocation, about 0.1 µs a word.
 *
 * A word is a run of letters and digits. Letters lose case and diacritics BEFORE stemming, so that
 * "attività", "attivita'" and "ATTIVITA" are one term; composed and decomposed forms are alike.
 * Apostrophes of every shape split: an elided article or pronoun before one (l', dell', un', c')
 * is dropped. Dotted letters join (A.S.L. is asl). Han characters are words of one character.  */

RG_MUST_CHECK enum rg_err
search_analyse(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
               unsigned flags, struct str text, const struct search_token **ret_tokens,
               size_t *ret_n);
/* All tokens of a text, at most SEARCH_TOKENS_MAX (the rest is ignored), in the context's arena.
 * RG_LIMIT when the arena is full.                                                            */

bool search_is_stop(enum search_lang lang, struct str word);
/* Is this folded word on the list of words too common to carry a need? "non", "senza", "solo" are
 * not on it: "non vedo" and "senza casa" are needs.                                           */

typedef uint32_t search_known_fn(void *arg, struct str term);
/* In how many documents a term occurs; 0 if the vocabulary lacks it. */

size_t search_split_glued(struct search_analyser *an, enum search_lang lang, struct str word,
                          search_known_fn *known, void *arg, struct str ret_terms[2]);
/* Two words typed as one ("bonusaffitto"): the split whose rarer half is most frequent, as terms,
 * stop words left out ("dellacasa" gives casa). Number of terms, 0 if no split has both halves
 * known; only for folded words. Terms are borrowed until the next call on the analyser.       */

#endif
