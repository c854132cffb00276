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
    CONCEPTS_MAX = 64,      /* concepts of one text       */
    CONCEPT_OF_NEED = FINDER_CONCEPTS_MAX, /* tags from here on: words that tell one need */
};

/* One word of a text, kept for features, patterns and reasons alike. */
struct word {
    uint64_t term_hash;
    uint16_t word_n;
    bool is_stop;
    bool has_digit;
    size_t from, n;                  /* bytes of the text */
    char word[SEARCH_TERM_MAX];      /* folded            */
};

/* A pattern found in a text: its tag, the first and the last word it took. */
struct pattern_hit {
    uint16_t tag, first, last;
};

struct words {
    struct word at[WORDS_MAX];
    size_t n;
    struct pattern_hit concepts[CONCEPTS_MAX]; /* of the lexicon, each once */
    size_t n_concepts;
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
    size_t n_classes, stride; /* classes: needs, then "not a need", then danger; stride in bytes */
    int8_t *weights;          /* BUCKETS rows of stride                             */
    float *row_scale;         /* BUCKETS                                            */
    float *idf;               /* BUCKETS                                            */
    float *bias;              /* stride                                             */
};

enum danger_label { DANGER_UNKNOWN, DANGER_NONE, DANGER_PRESENT };

struct sample {
    uint32_t first, n; /* its features */
    uint16_t class;
    uint8_t danger;    /* enum danger_label */
};

bool trained_alloc(struct trained *t, size_t n_classes);
void trained_done(struct trained *t);
bool train(struct trained *t, const struct sample *samples, size_t n_samples,
           const struct feature *features, const uint8_t *area_of);
/* Multinomial logistic regression by stochastic gradient with per-weight steps (Duchi et al.
 * 2011), from a fixed seed; then one byte a weight. The last class is apart: whether there is
 * danger, a logistic regression of its own over the same features. area_of: of each class, at most
 * FINDER_AREAS_MAX. False without memory.                                                     */
void trained_score(const struct trained *t, const struct features *f, float *ret_scores);

/* ---- patterns (patterns.c), and the two uses of them: danger.c, lexicon.c ---- */

struct patterns;
struct patterns *patterns_new(size_t skip_max); /* other words allowed between two of a pattern */
struct patterns *patterns_free(struct patterns *ps);
void patterns_add(struct patterns *ps, struct str words, uint16_t tag);
void patterns_add_each(struct patterns *ps, const char *words, uint16_t tag); /* parted by '|' */
bool patterns_freeze(struct patterns *ps); /* after the last is added; false without memory */
size_t patterns_match(const struct patterns *ps, const struct words *words,
                      struct pattern_hit *ret, size_t max);
/* The tags whose patterns the words match, each once, at its first place. */

bool patterns_blank(const struct patterns *ps, struct words *words);
/* Make the words that any pattern takes match nothing any more; their places stay. True if any. */

struct patterns *lexicon_new(const struct finder_corpus *corpus);
/* Tags are concepts, plus CONCEPT_OF_NEED for a concept that is called as a need. */

struct danger_kind { /* what a pattern of danger.csv tells */
    uint16_t need;
    uint64_t situation; /* str_hash of its name */
};

struct danger;
struct danger *danger_new(const struct finder_corpus *corpus);
struct danger *danger_free(struct danger *d);
size_t danger_find(const struct danger *d, struct words *words, struct pattern_hit *ret,
                   size_t max, bool *calmed);
/* The kinds of danger the words tell. Blanks the words that are plainly none, and sets calmed if
 * there are such.                                                                            */
const struct danger_kind *danger_kind_of(const struct danger *d, const struct pattern_hit *hit);

bool danger_tells(const struct danger *d, struct search_analyser *an, struct words *scratch,
                  struct str text);
/* Does a text tell any? */

/* ---- spelling (spelling.c) ---- */

struct spelling;
struct spelling *spelling_new(const struct finder_corpus *corpus);
struct spelling *spelling_free(struct spelling *s);
bool spelling_fix(const struct spelling *s, struct search_analyser *an, enum search_lang lang,
                  struct words *words);
/* Put known words in the place of unknown ones; words of a concept are left alone. True if any
 * was, and the concepts are then to be looked for again.                                      */

bool spelling_knows_any(const struct spelling *s, const struct words *words);
/* Has any word that is no stop word been seen? Of other scripts it cannot tell, and says yes. */

/* ---- circumstances (circumstances.c: for whom, when; facts.c: the rest) ---- */

enum { CIRCUMSTANCE_FIRST = FINDER_FACT__MAX, CIRCUMSTANCES = 25 };

void circumstances_add(struct patterns *ps); /* tags from CIRCUMSTANCE_FIRST on */
void circumstances_of(const struct words *words, const struct pattern_hit *hits, size_t n,
                      struct finder_understanding *ret);
void audience_settle(const struct finder_need *need, struct finder_understanding *ret);
/* What the need understood says of the audience: "ho tre figli e lo sfratto" asks for families.
 * A word of the text that the need knows stays; otherwise a need of one public only tells it. */

struct patterns *facts_new(void); /* tags are enum finder_fact, then the circumstances */
void facts_of(const struct patterns *facts, const struct words *words,
              struct finder_understanding *ret);
/* And the circumstances. */

/* ---- the model (model.c) ---- */

enum { MODEL_MAGIC = 0x46494E44 };

struct finder_model {
    uint32_t magic;
    struct rg_arena *arena; /* texts of needs and lines */
    struct finder_need *needs;
    size_t n_needs;
    struct finder_area *areas;
    size_t n_areas;
    struct finder_line *lines;
    size_t n_lines;
    bool *is_urgent;        /* by need: its very name tells danger */
    bool *has_lines;        /* by need: lines that come first of all in danger */
    struct lang_model *lang;
    struct danger *danger;
    struct spelling *spelling;
    struct patterns *lexicon, *facts;
    struct trained trained;
    uint64_t corpus_hash;
    bool was_trained;
};

bool line_is_for(const struct finder_line *line, struct str code, uint64_t situation);

void model_words(const struct finder_model *m, struct search_analyser *an, enum search_lang lang,
                 struct str text, struct words *ret);
/* The words of a text and the concepts they name. */

#endif
