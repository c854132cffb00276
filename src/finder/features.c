/* Text to features: words, pairs of neighbouring words, and runs of letters inside each word.
 * Letter runs carry what a stemmer does not: typing errors, glued endings, dialect, the same
 * Latin root in Romanian or Spanish. Hashed into BUCKETS; the learner lives with collisions.  */
#include "finder/finder_priv.h"
#include <math.h>

/* Shares of the three kinds, found by five-fold trial on our own sentences. */
static const float word_share = 1.0f, pair_share = 0.5f, gram_share = 2.0f;

void
words_of(struct search_analyser *an, enum search_lang lang, struct str text, struct words *ret)
{
    ret->n = 0;
    if (text.n > FINDER_TEXT_MAX)
        text.n = FINDER_TEXT_MAX;
    search_analyse_begin(an, lang, SEARCH_KEEP_STOP, text);
    struct search_token token;
    while (ret->n < WORDS_MAX && search_analyse_next(an, &token)) {
        struct word *w = &ret->at[ret->n++];
        size_t n = token.word.n < SEARCH_TERM_MAX ? token.word.n : SEARCH_TERM_MAX;
        *w = (struct word){.term_hash = str_hash(token.term), .word_hash = str_hash(token.word),
            .word_n = (uint16_t)n, .is_stop = token.is_stop, .from = token.from, .n = token.n};
        memcpy(w->word, token.word.p, n);
        for (size_t i = 0; i < n; i++)
            w->has_digit |= w->word[i] >= '0' && w->word[i] <= '9';
    }
}

static uint32_t
bucket_of(uint64_t hash, uint64_t kind)
{
    uint64_t z = (hash ^ kind * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    return (uint32_t)((z ^ z >> 31) % BUCKETS);
}

static void
add(struct features *f, uint32_t bucket, float value, size_t word)
{
    if (f->n < FEATURES_MAX)
        f->at[f->n++] = (struct feature){bucket, value, (uint16_t)word};
}

/* All runs of GRAM_MIN to GRAM_MAX bytes of "<word>". The share of a word is spread over its
 * runs so that a long word does not shout.                                                    */
static void
add_grams(struct features *f, const struct word *w, size_t word_ix)
{
    char text[SEARCH_TERM_MAX + 2];
    size_t n = w->word_n;
    text[0] = '<';
    memcpy(text + 1, w->word, n);
    text[n + 1] = '>';
    n += 2;
    size_t runs = 0;
    for (size_t len = GRAM_MIN; len <= GRAM_MAX; len++)
        runs += n >= len ? n - len + 1 : 0;
    if (runs == 0)
        return;
    float value = gram_share / sqrtf((float)runs);
    for (size_t len = GRAM_MIN; len <= GRAM_MAX && len <= n; len++)
        for (size_t at = 0; at + len <= n; at++)
            add(f, bucket_of(str_hash(str_n(text + at, len)), 3), value, word_ix);
}

void
features_of(const struct words *words, const float *idf, struct features *ret)
{
    ret->n = 0;
    const struct word *before = NULL;
    for (size_t i = 0; i < words->n; i++) {
        const struct word *w = &words->at[i];
        if (w->is_stop)
            continue;
        add(ret, bucket_of(w->term_hash, 1), word_share, i);
        if (before)
            add(ret, bucket_of(before->term_hash * 31 + w->term_hash, 2), pair_share, i);
        add_grams(ret, w, i);
        before = w;
    }
    float sum = 0;
    for (size_t i = 0; i < ret->n; i++) {
        if (idf)
            ret->at[i].value *= idf[ret->at[i].bucket];
        sum += ret->at[i].value * ret->at[i].value;
    }
    float scale = sum > 0 ? 1.0f / sqrtf(sum) : 0;
    for (size_t i = 0; i < ret->n; i++)
        ret->at[i].value *= scale;
}
