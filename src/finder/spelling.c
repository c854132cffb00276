/* Spelling: a word that no sentence of ours and no concept knows is taken for the known word one
 * letter away, or for two known words typed as one. Only unknown words are touched, so that a
 * text without errors is read as it stands.
 *
 * Every known word is kept under itself and under itself without each of its letters; an unknown
 * one is looked for in the same way, so that one letter more, less, changed or swapped meets in
 * a table (the symmetric deletion of Garbe 2012): no walk of the vocabulary.                  */
#include "finder/finder_priv.h"
#include <stdlib.h>

enum {
    FIX_MIN = 5,  /* letters: "casa" has too many neighbours one letter away */
    FIX_MAX = 24,
    HALF_MIN = 3, /* letters of each of two words typed as one */
    HALF_SURE = 4,
    COMMON = 100, /* sentences that hold a shorter half: "non", "per", not the "ant" of dialect */
    GLUED_MIN = 7,
};

struct known {
    uint64_t hash;
    uint32_t times; /* sentences that hold it */
    uint32_t at;    /* of the pool */
    uint8_t n;
};

struct slot {
    uint32_t check; /* high bits of the hash of what stands here */
    uint32_t word;  /* index of known, plus one; 0 empty */
};

struct spelling {
    struct known *words;
    uint32_t *by_hash;  /* open addressing: index of words, plus one */
    struct slot *slots; /* words and their shortenings, open addressing */
    char *pool;
    size_t n_words, cap_words, n_pool, cap_pool, hash_mask, slot_mask;
};

static bool
plain_letters(const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return false;
    return true;
}

static const struct known *
find_known(const struct spelling *s, const char *word, size_t n)
{
    uint64_t hash = str_hash(str_n(word, n));
    for (size_t i = hash & s->hash_mask; s->by_hash[i]; i = (i + 1) & s->hash_mask)
        if (s->words[s->by_hash[i] - 1].hash == hash)
            return &s->words[s->by_hash[i] - 1];
    return NULL;
}

static bool
rehash(struct spelling *s)
{
    size_t room = s->by_hash ? (s->hash_mask + 1) * 2 : 1 << 12;
    uint32_t *wider = calloc(room, sizeof(*wider));
    if (!wider)
        return false;
    for (size_t w = 0; w < s->n_words; w++) {
        size_t i = s->words[w].hash & (room - 1);
        while (wider[i])
            i = (i + 1) & (room - 1);
        wider[i] = (uint32_t)w + 1;
    }
    free(s->by_hash);
    s->by_hash = wider;
    s->hash_mask = room - 1;
    return true;
}

static bool
learn_word(struct spelling *s, const struct word *w)
{
    if (!plain_letters(w->word, w->word_n) || w->word_n < 2 || w->word_n > FIX_MAX)
        return true;
    struct known *known = (struct known *)find_known(s, w->word, w->word_n);
    if (known) {
        known->times++;
        return true;
    }
    if (s->n_words == s->cap_words || s->n_pool + w->word_n > s->cap_pool) {
        size_t words = s->cap_words * 2 + 4096, pool = s->cap_pool * 2 + 65536;
        struct known *more = realloc(s->words, words * sizeof(*more));
        char *longer = more ? realloc(s->pool, pool) : NULL;
        s->words = more ? more : s->words;
        s->pool = longer ? longer : s->pool;
        if (!longer)
            return false;
        s->cap_words = words;
        s->cap_pool = pool;
    }
    memcpy(s->pool + s->n_pool, w->word, w->word_n);
    s->words[s->n_words++] = (struct known){str_hash(str_n(w->word, w->word_n)), 1,
                                            (uint32_t)s->n_pool, (uint8_t)w->word_n};
    s->n_pool += w->word_n;
    if (s->n_words * 2 > s->hash_mask)
        return rehash(s);
    size_t i = s->words[s->n_words - 1].hash & s->hash_mask;
    while (s->by_hash[i])
        i = (i + 1) & s->hash_mask;
    s->by_hash[i] = (uint32_t)s->n_words;
    return true;
}

static bool
learn_text(struct spelling *s, struct search_analyser *an, struct words *scratch,
           struct str text)
{
    words_of(an, SEARCH_PLAIN, text, scratch);
    for (size_t i = 0; i < scratch->n; i++)
        if (!learn_word(s, &scratch->at[i]))
            return false;
    return true;
}

static uint64_t
hash_without(const char *word, size_t n, size_t left_out)
{
    char shorter[SEARCH_TERM_MAX];
    if (left_out >= n)
        return str_hash(str_n(word, n));
    memcpy(shorter, word, left_out);
    memcpy(shorter + left_out, word + left_out + 1, n - left_out - 1);
    return str_hash(str_n(shorter, n - 1));
}

static bool
fill_slots(struct spelling *s)
{
    size_t n = 1, room = 1 << 12;
    for (size_t w = 0; w < s->n_words; w++)
        n += s->words[w].n >= FIX_MIN ? s->words[w].n + 1u : 0;
    while (room < n * 3 / 2)
        room *= 2;
    s->slots = calloc(room, sizeof(*s->slots));
    s->slot_mask = room - 1;
    for (size_t w = 0; s->slots && w < s->n_words; w++)
        for (size_t k = 0; s->words[w].n >= FIX_MIN && k <= s->words[w].n; k++) {
            uint64_t hash = hash_without(s->pool + s->words[w].at, s->words[w].n, k);
            size_t i = hash & s->slot_mask;
            while (s->slots[i].word)
                i = (i + 1) & s->slot_mask;
            s->slots[i] = (struct slot){(uint32_t)(hash >> 32), (uint32_t)w + 1};
        }
    return s->slots != NULL;
}

struct spelling *
spelling_new(const struct finder_corpus *corpus)
{
    struct spelling *s = calloc(1, sizeof(*s));
    struct words *scratch = malloc(sizeof(*scratch));
    struct search_analyser *an = search_analyser_new();
    bool ok = s && scratch && an && rehash(s);
    for (size_t i = 0; ok && i < corpus->n_examples; i++)
        ok = learn_text(s, an, scratch, corpus->examples[i].text);
    for (size_t i = 0; ok && i < corpus->n_needs; i++) {
        ok = learn_text(s, an, scratch, corpus->needs[i].description);
        for (int l = 0; ok && l < RG_LANG__MAX; l++)
            ok = learn_text(s, an, scratch, corpus->needs[i].label[l]) &&
                 learn_text(s, an, scratch, corpus->needs[i].synonyms[l]);
    }
    ok = ok && fill_slots(s);
    free(scratch);
    search_analyser_free(an);
    return ok ? s : spelling_free(s);
}

struct spelling *
spelling_free(struct spelling *s)
{
    if (!s)
        return NULL;
    free(s->words);
    free(s->by_hash);
    free(s->slots);
    free(s->pool);
    free(s);
    return NULL;
}

/* Is b one letter more, less, changed, or two neighbours swapped from a? */
static bool
one_edit(const char *a, size_t n, const char *b, size_t m)
{
    if (n > m)
        return one_edit(b, m, a, n);
    size_t same = 0, tail = 0;
    while (same < n && a[same] == b[same])
        same++;
    while (tail < n - same && a[n - 1 - tail] == b[m - 1 - tail])
        tail++;
    if (n == m)
        return same + tail + 1 >= n || (same + tail + 2 == n && a[same] == b[same + 1] &&
                                        a[same + 1] == b[same]);
    return n + 1 == m && same + tail >= n;
}

/* The commonest known word one edit away; one with the same first letter before others. */
static const struct known *
nearest(const struct spelling *s, const struct word *w)
{
    const struct known *best = NULL;
    bool best_begins = false;
    for (size_t k = 0; k <= w->word_n; k++) {
        uint64_t hash = hash_without(w->word, w->word_n, k);
        for (size_t i = hash & s->slot_mask; s->slots[i].word; i = (i + 1) & s->slot_mask) {
            const struct known *c = &s->words[s->slots[i].word - 1];
            if (s->slots[i].check != (uint32_t)(hash >> 32) ||
                !one_edit(w->word, w->word_n, s->pool + c->at, c->n))
                continue;
            bool begins = s->pool[c->at] == w->word[0];
            if (!best || (begins && !best_begins) ||
                (begins == best_begins && c->times > best->times)) {
                best = c;
                best_begins = begins;
            }
        }
    }
    return best;
}

/* Where two known words were typed as one: the split whose rarer half is commonest. 0: none. */
static size_t
glued_at(const struct spelling *s, const struct word *w)
{
    size_t at = 0;
    uint32_t most = 2; /* halves told at least three times */
    for (size_t k = HALF_MIN; w->word_n >= GLUED_MIN && k + HALF_MIN <= w->word_n; k++) {
        const struct known *a = find_known(s, w->word, k);
        const struct known *b = a ? find_known(s, w->word + k, w->word_n - k) : NULL;
        uint32_t times = b ? (a->times < b->times ? a->times : b->times) : 0;
        if (b && ((a->n < HALF_SURE && a->times < COMMON) ||
                  (b->n < HALF_SURE && b->times < COMMON)))
            continue;
        if (times > most) {
            most = times;
            at = k;
        }
    }
    return at;
}

/* Put words read from a correction in the place of word i; they point to its bytes. */
static void
replace(struct words *words, size_t i, const struct words *by)
{
    size_t more = by->n - 1;
    if (by->n == 0 || words->n + more > WORDS_MAX)
        return;
    struct word old = words->at[i];
    memmove(&words->at[i + by->n], &words->at[i + 1], (words->n - i - 1) * sizeof(old));
    for (size_t k = 0; k < by->n; k++) {
        words->at[i + k] = by->at[k];
        words->at[i + k].from = old.from;
        words->at[i + k].n = old.n;
    }
    words->n += more;
}

bool
spelling_knows_any(const struct spelling *s, const struct words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        const struct word *w = &words->at[i];
        if (!w->is_stop && (!plain_letters(w->word, w->word_n) || w->word_n > FIX_MAX ||
                            find_known(s, w->word, w->word_n)))
            return true;
    }
    return false;
}

bool
spelling_fix(const struct spelling *s, struct search_analyser *an, enum search_lang lang,
             struct words *words)
{
    bool fixed = false, meant[WORDS_MAX] = {false};
    struct words by;
    for (size_t c = 0; c < words->n_concepts; c++)
        for (size_t k = words->concepts[c].first; k <= words->concepts[c].last; k++)
            meant[k] = true;
    for (size_t i = words->n; i-- > 0;) {
        const struct word *w = &words->at[i];
        char text[SEARCH_TERM_MAX + 2];
        if (meant[i] || w->word_n < FIX_MIN || w->word_n > FIX_MAX ||
            !plain_letters(w->word, w->word_n) || find_known(s, w->word, w->word_n))
            continue;
        const struct known *near = nearest(s, w);
        size_t split = near ? 0 : glued_at(s, w), n = near ? near->n : w->word_n;
        if (!near && !split)
            continue;
        memcpy(text, near ? s->pool + near->at : w->word, n);
        if (split) {
            memmove(text + split + 1, text + split, n - split);
            text[split] = ' ';
            n++;
        }
        words_of(an, lang, str_n(text, n), &by);
        replace(words, i, &by);
        fixed = true;
    }
    return fixed;
}
