/* Shared by the analyser and its word lists. */
#ifndef SEARCH_ANALYSIS_PRIV_H
#define SEARCH_ANALYSIS_PRIV_H

#include "search/search.h"

enum {
    SEARCH_STOP_LONGEST = 8, /* bytes of the longest listed word; the test checks it */
};

struct search_word_list {
    const char *const *words;
    size_t n;
};

struct search_word_list search_stop_list(enum search_lang lang);
struct search_word_list search_elision_list(void);
bool search_is_elided(enum search_lang lang, struct str word);
/* Is this folded piece, standing before an apostrophe, an article or pronoun to drop? */

#endif
