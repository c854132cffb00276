/* The lexicon: words of eight languages that mean one thing. A sentence never seen shares no word
 * with our examples more often than not, but it shares what it speaks of: "quattrini" is money
 * and "mi ha lasciata a casa" is a lost job. Concepts found in a text become features beside its
 * words, so the learned model decides what they are worth.                                    */
#include "finder/finder_priv.h"

enum { SKIP_MAX = 1 };

/* A concept called as a need holds the words by which people tell that need without naming it. */
static bool
is_of_need(const struct finder_corpus *corpus, struct str code)
{
    for (size_t i = 0; i < corpus->n_needs; i++)
        if (str_eq(corpus->needs[i].code, code))
            return true;
    return false;
}

struct patterns *
lexicon_new(const struct finder_corpus *corpus)
{
    struct patterns *ps = patterns_new(SKIP_MAX);
    for (size_t i = 0; ps && i < corpus->n_concepts; i++) {
        size_t tag = i + (is_of_need(corpus, corpus->concepts[i].code) ? CONCEPT_OF_NEED : 0);
        for (int lang = 0; lang < FINDER_LANG__MAX; lang++) {
            struct str rest = corpus->concepts[i].words[lang], one;
            while (rest.n && str_cut(&rest, '|', &one))
                patterns_add(ps, one, (uint16_t)tag);
        }
    }
    return ps && patterns_freeze(ps) ? ps : patterns_free(ps);
}
