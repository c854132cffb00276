/* What a person may be about to write: needs by their names and synonyms, and comuni, from the
 * first letters. Reads the model and the territory, keeps nothing of what was typed.          */
#ifndef FINDER_SUGGEST_H
#define FINDER_SUGGEST_H

#include "finder/answer.h"

enum finder_suggest_limits {
    FINDER_SUGGEST_MIN = 2,       /* letters before anything is offered     */
    FINDER_SUGGEST_TEXT_MAX = 80, /* bytes; who wrote more needs no help    */
    FINDER_SUGGEST_WORDS_MAX = 8,
    FINDER_SUGGEST_NEEDS_MAX = 5,
    FINDER_SUGGEST_PLACES_MAX = 3,
    FINDER_SUGGEST_MAX = FINDER_SUGGEST_NEEDS_MAX + FINDER_SUGGEST_PLACES_MAX,
};

struct finder_suggestion {
    struct str value;   /* what the field would hold                                     */
    struct str note;    /* the need that value is another word of, or none               */
    struct str need;    /* code, or none: a place                                        */
    struct str comune;  /* ISTAT code, or none: a need                                   */
};

RG_MUST_CHECK enum rg_err finder_suggest(struct rg_ctx *ctx, const struct finder *finder,
                                         struct str typed,
                                         struct finder_suggestion ret[FINDER_SUGGEST_MAX],
                                         size_t *ret_n);
/* Needs of ctx's language first: every word typed begins a word of the name or synonym, the last
 * being still unfinished. Only when none does, words of four letters and more may have one slip.
 * Then comuni by prefix of the whole, or of what follows " a ", " ad ", " in ". Under 0.1 ms; the
 * first call of a process folds the model's words, about 2 ms. Arena.                         */

size_t finder_suggest_fold(struct str text, char *out, size_t n_max);
/* Lower case, without accents, what is no letter or digit one blank: bytes written. */

bool finder_suggest_begins(struct str word, struct str typed, bool slip);
/* Whether typed begins word, both folded; with slip: also with one letter missing, added, changed,
 * or two exchanged (Damerau 1964). */

#endif
