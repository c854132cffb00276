/* Documents read word by word: phrases, nearness, and why a hit is one.
 *
 * Postings say only that a word stands in a document. For the few documents that reach the top,
 * or that have all words of a wanted phrase, the words themselves are read: about 60 ns for 40
 * of them. That is why no positions are kept with the postings, which would cost every reader
 * of a list.                                                                                  */
#include "search/ask_priv.h"

#include <math.h>

enum { FEW_WORDS = 8 /* up to so many are looked through one by one */ };

/* The query's terms that a word of the document stands for. */
static inline uint32_t
terms_of(const struct ask *a, unsigned s, uint32_t code)
{
    const struct ask_word *w = a->words[s];
    unsigned low = 0, high = a->n_words[s];

    if (!(a->sieve[s] >> (code % 64) & 1))
        return 0;
    while (high - low > FEW_WORDS) {
        unsigned mid = low + (high - low) / 2;
        if (w[mid].code <= code)
            low = mid;
        else
            high = mid;
    }
    for (; low < high; low++)
        if (w[low].code == code)
            return w[low].terms;
    return 0;
}

void
search_phrases_compile(struct ask *a)
{
    const struct ask_word *words = a->words[a->segment];

    for (size_t i = 0; i < a->query->n_phrases; i++) {
        const struct search_phrase *phrase = &a->query->phrases[i];
        struct ask_phrase *p = &a->phrases[i];
        uint8_t *out = p->bytes;
        bool exact = phrase->within == 0 && phrase->n * 5 <= sizeof p->bytes;
        p->never = false;
        for (unsigned t = phrase->first; t < phrase->first + phrase->n; t++) {
            unsigned n = 0;
            for (unsigned w = 0; w < a->n_words[a->segment]; w++)
                if (words[w].terms >> t & 1 && n++ == 0 && exact)
                    out = search_code_put(out, words[w].code);
            p->never |= n == 0;
            exact &= n <= 1;
        }
        p->n_bytes = exact && !p->never ? (uint8_t)(out - p->bytes) : 0;
    }
}

/* Are these words side by side? What precedes must be the end of a word. A document has some 60
 * bytes, of which one or two are the first byte: memchr meets them sooner than memmem does.  */
static bool
exact_holds(const struct ask_phrase *p, const struct search_words *w)
{
    const uint8_t *at = w->at;

    while (w->end - at >= p->n_bytes
           && (at = memchr(at, p->bytes[0], (size_t)(w->end - at) - p->n_bytes + 1)) != NULL) {
        unsigned same = 1; /* a call of memcmp costs more than two bytes do */
        while (same < p->n_bytes && at[same] == p->bytes[same])
            same++;
        if (same == p->n_bytes && (at == w->at || at[-1] < 128))
            return true;
        at++;
    }
    return false;
}

/* How far one phrase has come in the field being read. */
struct progress {
    uint32_t begun; /* bit i: the last i + 1 words are the first i + 1 of the phrase */
    uint32_t last[SEARCH_QUERY_TERMS_MAX]; /* position + 1 where each was seen; 0: not yet */
    bool holds;
};

static void
progress_word(struct progress *p, const struct search_phrase *phrase, uint32_t terms,
              uint32_t position)
{
    uint32_t here = phrase->first < 32 ? terms >> phrase->first : 0, all = 0;

    if (phrase->within == 0) {
        p->begun = (p->begun << 1 | 1) & here;
        p->holds |= p->begun >> (phrase->n - 1) & 1;
        return;
    }
    if (here == 0)
        return;
    for (unsigned i = 0; i < phrase->n; i++) {
        if (here >> i & 1)
            p->last[i] = position + 1;
        all += p->last[i] && position + 1 - p->last[i] < phrase->within;
    }
    p->holds |= all == phrase->n;
}

/* Those phrases that must be read for, all in one reading. */
static void
read_words(const struct ask *a, struct search_words w, const bool *wanted,
           struct progress *progress)
{
    const struct search_query *q = a->query;
    uint32_t code, position = 0;

    while (search_words_next(&w, &code)) {
        uint32_t terms = code ? terms_of(a, a->segment, code) : 0;
        for (size_t i = 0; i < q->n_phrases; i++) {
            if (!wanted[i])
                continue;
            progress_word(&progress[i], &q->phrases[i], terms, position);
            if (code == 0)
                memset(progress[i].last, 0, q->phrases[i].n * sizeof *progress[i].last);
        }
        position = code ? position + 1 : 0;
    }
}

bool
search_phrases_say(const struct ask *a, uint32_t doc, int64_t *ret_add)
{
    const struct search_query *q = a->query;
    struct progress progress[SEARCH_QUERY_PHRASES_MAX];
    const struct search_words w = search_index_words(a->index, doc);
    bool wanted[SEARCH_QUERY_PHRASES_MAX], any = false, holds = true;

    for (size_t i = 0; i < q->n_phrases; i++) {
        const struct ask_phrase *p = &a->phrases[i];
        wanted[i] = !p->never && p->n_bytes == 0;
        if (wanted[i])
            memset(&progress[i], 0, sizeof progress[i]);
        else
            progress[i].holds = !p->never && exact_holds(p, &w);
        any |= wanted[i];
    }
    if (any)
        read_words(a, w, wanted, progress);
    *ret_add = 0;
    for (size_t i = 0; i < q->n_phrases; i++) {
        if (progress[i].holds)
            *ret_add += lroundf(q->phrases[i].add * SEARCH_SCORE_ONE);
        holds &= progress[i].holds || !q->phrases[i].required;
    }
    return holds;
}

void
search_explain(const struct ask *a, unsigned segment, uint32_t doc, struct search_hit *hit)
{
    struct search_words w = search_index_words(a->snapshot->segments[segment].index, doc);
    uint32_t code;

    while (search_words_next(&w, &code)) {
        uint32_t terms = code ? terms_of(a, segment, code) : 0;
        hit->matched |= terms;
        if (terms)
            hit->fields |= (uint8_t)(1u << w.field % SEARCH_FIELDS_MAX);
    }
}
