/* How plain an Italian text is, for pages that promise plain words. */
#ifndef RG_GULPEASE_H
#define RG_GULPEASE_H

#include "str.h"

struct rg_gulpease {
    int64_t index; /* 0 to 100, rounded; higher is plainer */
    int64_t n_letters, n_words, n_sentences;
};

bool rg_gulpease(struct str text, struct rg_gulpease *ret);
/* The Gulpease index (Lucisano and Piemontese 1988): 89 + (300 sentences - 10 letters) / words.
 * False when there is no word. 80 and more is easy for who left school at eleven, 60 at fourteen,
 * 40 with a diploma. text: UTF-8. Linear.                                                    */

#endif
