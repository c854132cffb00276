/* Shared inside the territory room: words of a name or sentence, folded for comparison. */
#ifndef TERRITORY_PRIV_H
#define TERRITORY_PRIV_H

#include "territory/kernel.h"

enum { WORD_MAX = 32 };

struct territory_word {
    char p[WORD_MAX]; /* lower case, no accents; a longer word is cut            */
    uint8_t n;
    bool capital;
    bool dot;         /* a full stop follows directly: "S." "T.se"               */
    bool little;      /* territory_word_is_little, asked once                    */
    uint32_t at, end; /* bytes of the text                                       */
};

size_t territory_words_split(struct str text, struct territory_word *words, size_t cap,
                             bool *ret_shouting);
/* The words of a text that is well-formed UTF-8; the abbreviations "T.se" and "C.se" come out
 * whole. ret_shouting: it has letters and no small one. Reads until cap words are full. */

bool territory_word_is(const struct territory_word *word, const char *const *list);
/* Whether the word is in a list closed by NULL. */

bool territory_word_is_little(const struct territory_word *word);
/* Prepositions and articles that come and go inside names. */

size_t territory_words_join(const struct territory_word *words, size_t n,
                            char out[TERRITORY_NAME_MAX], size_t *ret_lengths);
/* The comparison form of n words; 0 if it does not fit. ret_lengths (may be NULL) gets n
 * lengths: the form of the first k words is the first ret_lengths[k - 1] bytes, 0 where it
 * does not fit. */

size_t territory_words_squeeze(const struct territory_word *words, size_t n,
                               char out[TERRITORY_NAME_MAX]);
/* The words as written, without anything between: "sanmauro". 0 if it does not fit. */

/* One way to write one name. */
struct territory_key {
    struct str text;
    uint32_t name;
    uint32_t letters; /* set of letters, for a quick no before counting slips */
    uint16_t score;
    uint8_t how;
    bool is_word;
};

struct territory_places {
    const struct territory_name *names;
    struct territory_key *keys; /* by text, then best first */
    uint32_t n_keys;
    uint32_t *table; /* first key of each text + 1, open addressing   */
    uint32_t table_mask;
    size_t words_most; /* words of the longest name                          */
    struct str *words; /* everyday words, folded and sorted             */
    uint32_t n_words;
};

struct territory_hits {
    struct territory_place *hits;
    size_t n, cap;
};

void territory_hits_add(const struct territory_places *places, struct territory_hits *hits,
                        const struct territory_place *hit);
/* Keep the best cap, one per area. */
void territory_hits_doubt(struct territory_hits *hits);
/* Several areas answer about equally well: lower the confidence of all of them. */
void territory_hits_exact(const struct territory_places *places, struct str key,
                          struct territory_hits *hits, bool *ret_is_word);
/* All names with this comparison form. ret_is_word (may be NULL): all of them are everyday
 * words. */
void territory_hits_spelt(const struct territory_places *places, struct str key, bool strict,
                          struct territory_hits *hits);
/* All names a slip or two away; strict: same first letter, no everyday word, no hamlet. */
bool territory_places_has_word(const struct territory_places *places, struct str word);

int territory_slips(struct str a, struct str b, int max);
/* Letters missing, added, changed or exchanged between a and b (optimal string alignment); max + 1
 * if more than max. At most TERRITORY_NAME_MAX bytes each. */

#endif
