/* Shared inside the room: features, the trained part, danger patterns, circumstances. */
#ifndef FINDER_PRIV_H
#define FINDER_PRIV_H

#include "finder/kernel.h"
#include "search/search.h"

enum {
    /* Weights are one byte for each (bucket, class); 55,001 × 144 stays under 8 MB. Prime, so
     * that the low bits of hashes do not gather. Our corpus has about 60,000 distinct features. */
    BUCKETS = 55001,
    CLASSES_ALIGN = 16,
    CLASSES_MAX = (FINDER_NEEDS_MAX + 1 + 15) / 16 * 16,
    WORDS_MAX = 160,        /* words of one text that are read */
    FEATURES_MAX = 4096,    /* features of one text           */
    GRAM_MIN = 3, GRAM_MAX = 6,
};

/* One word of a text, kept for features, patterns and reasons alike. */
struct word {
    uint64_t term_hash, word_hash;
    uint16_t word_n;
    bool is_stop;
    bool has_digit;
    size_t from, n;                  /* bytes of the text */
    char word[SEARCH_TERM_MAX];      /* folded            */
};

struct words {
    struct word at[WORDS_MAX];
    size_t n;
};

void words_of(struct search_analyser *an, enum search_lang lang, struct str text,
              struct words *ret);

struct feature {
    uint32_t bucket;
    float value;
    uint16_t word;      /* index of the word it came from: the reason */
};

struct features {
    struct feature at[FEATURES_MAX];
    size_t n;
};

void features_of(const struct words *words, const float *idf, struct features *ret);
/* Words, pairs of words and letter runs, weighted by idf (all 1 when NULL), length 1 in sum of
 * squares.                                                                                     */

/* ---- language (lang.c) ---- */

struct lang_model;
struct lang_model *lang_model_new(const struct finder_corpus *corpus);
struct lang_model *lang_model_free(struct lang_model *lm);
enum finder_lang lang_guess(const struct lang_model *lm, struct str text);
bool lang_of_tag(struct str tag, enum finder_lang *ret);
enum search_lang lang_analysis(enum finder_lang lang);

/* ---- trained part (train.c) ---- */

struct trained {
    size_t n_classes, stride; /* classes: needs, then "not a need"; stride in bytes */
    int8_t *weights;          /* BUCKETS rows of stride                             */
    float *row_scale;         /* BUCKETS                                            */
    float *idf;               /* BUCKETS                                            */
    float *bias;              /* stride                                             */
};

struct sample {
    uint32_t first, n; /* its features */
    uint16_t class;
    float weight;
};

bool trained_alloc(struct trained *t, size_t n_classes);
void trained_done(struct trained *t);
bool train(struct trained *t, const struct sample *samples, size_t n_samples,
           const struct feature *features);
/* Multinomial logistic regression by stochastic gradient with per-weight steps (Duchi et al.
 * 2011), from a fixed seed; then one byte a weight. False without memory.                     */
void trained_score(const struct trained *t, const struct features *f, float *ret_scores);

/* ---- danger (danger.c) ---- */

struct danger;
struct danger *danger_new(const struct finder_corpus *corpus);
struct danger *danger_free(struct danger *d);
bool danger_find(const struct danger *d, const struct words *words, size_t need_hits_max,
                 uint16_t *ret_needs, size_t *ret_n, size_t *ret_first, size_t *ret_last);
/* Needs whose patterns the words match, each once; the words of the first match. */

/* ---- circumstances (circumstances.c) ---- */

void circumstances_of(const struct words *words, struct finder_understanding *ret);

#endif
