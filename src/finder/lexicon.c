/* The lexicon: words of eight languages that mean one thing. A sentence never seen shares no word
 * with our examples more often than not, but it shares what it speaks of: "quattrini" is money
 * and "mi ha lasciata a casa" is a lost job. Concepts found in a text become features beside its
 * words, so the learned model decides what they are worth.                                    */
#include "finder/finder_priv.h"

enum { SKIP_MAX = 1 };

struct patterns *
lexicon_new(const struct finder_corpus *corpus)
{
    struct patterns *ps = patterns_new(SKIP_MAX);
    for (size_t i = 0; ps && i < corpus->n_concepts; i++)
        for (int lang = 0; lang < FINDER_LANG__MAX; lang++) {
            struct str rest = corpus->concepts[i].words[lang], one;
            while (rest.n && str_cut(&rest, '|', &one))
                patterns_add(ps, one, (uint16_t)i);
        }
    return ps && patterns_freeze(ps) ? ps : patterns_free(ps);
}
