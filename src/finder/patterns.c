/* Patterns of words, for danger and for the lexicon: words in order, each whole or a prefix, with
 * few other words between. A text is matched against thousands of them in a few microseconds:
 * they are kept by the first four bytes of their first word (two, where it is shorter), and one
 * whose other words begin like no word of the text is passed over by a glance at its mask.    */
#include "finder/finder_priv.h"
#include <stdlib.h>

enum { SLOTS = 16384, HEAD = 4 /* bytes of a first word that choose its slot */ };

struct part {
    uint32_t at; /* of the pool */
    uint8_t n;
    bool prefix;
};

struct pattern {
    uint16_t tag;
    uint8_t n_parts;
    uint32_t first; /* of parts */
    uint32_t slot;
};

struct patterns {
    struct pattern *all;
    uint64_t *masks; /* of each pattern: how its words begin, see mask_of */
    struct part *parts;
    char *pool;
    size_t n, n_parts, n_pool, cap, cap_parts, cap_pool;
    size_t skip_max;
    uint32_t by_slot[SLOTS + 1]; /* patterns of slot s: by_slot[s] to by_slot[s + 1] */
    struct search_analyser *an;  /* while patterns are added */
    bool failed;
};

/* n: HEAD bytes of the word, or 2. */
static uint32_t
slot_of(const char *word, size_t n)
{
    uint32_t h = 0;
    memcpy(&h, word, n);
    return (h ^ (uint32_t)n) * 0x9E3779B1u >> 18;
}
_Static_assert(SLOTS == 1 << (32 - 18), "slots are the upper bits of a hash");

/* How a word begins, as one of 64 bits. */
static uint64_t
mask_of(const char *word)
{
    uint32_t h = ((uint32_t)(uint8_t)word[0] << 8 | (uint8_t)word[1]) * 0x9E3779B1u;
    return UINT64_C(1) << (h >> 26);
}

/* The beginnings of all words of a text. */
static uint64_t
mask_of_text(const struct words *words)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < words->n; i++)
        if (words->at[i].word_n > 1)
            mask |= mask_of(words->at[i].word);
    return mask;
}

struct patterns *
patterns_new(size_t skip_max)
{
    struct patterns *ps = calloc(1, sizeof(*ps));
    if (!ps)
        return NULL;
    ps->skip_max = skip_max;
    ps->an = search_analyser_new();
    return ps->an ? ps : patterns_free(ps);
}

struct patterns *
patterns_free(struct patterns *ps)
{
    if (!ps)
        return NULL;
    search_analyser_free(ps->an);
    free(ps->all);
    free(ps->masks);
    free(ps->parts);
    free(ps->pool);
    free(ps);
    return NULL;
}

static bool
grow(void **array, size_t *cap, size_t n, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 256;
    void *bigger = realloc(*array, more * size);
    if (!bigger)
        return false;
    *array = bigger;
    *cap = more;
    return true;
}

static bool
part_add(struct patterns *ps, const struct word *w, bool prefix)
{
    while (ps->n_pool + w->word_n > ps->cap_pool)
        if (!grow((void **)&ps->pool, &ps->cap_pool, ps->cap_pool, 1))
            return false;
    if (!grow((void **)&ps->parts, &ps->cap_parts, ps->n_parts, sizeof(*ps->parts)))
        return false;
    memcpy(ps->pool + ps->n_pool, w->word, w->word_n);
    ps->parts[ps->n_parts++] = (struct part){(uint32_t)ps->n_pool, (uint8_t)w->word_n, prefix};
    ps->n_pool += w->word_n;
    return true;
}

/* Fold the words of a pattern as a question will be folded; '*' after a word marks a prefix. */
void
patterns_add(struct patterns *ps, struct str words, uint16_t tag)
{
    struct words folded;
    struct str rest = words, piece;
    struct pattern p = {.tag = tag, .first = (uint32_t)ps->n_parts};
    bool fits = true;
    while (str_cut(&rest, ' ', &piece)) {
        bool prefix = piece.n && piece.p[piece.n - 1] == '*';
        piece.n -= prefix;
        words_of(ps->an, SEARCH_PLAIN, piece, &folded);
        size_t last = SIZE_MAX; /* elided articles are single letters: questions drop them */
        for (size_t i = 0; i < folded.n; i++)
            last = folded.at[i].word_n > 1 ? i : last;
        for (size_t i = 0; i < folded.n && fits; i++) {
            if (folded.at[i].word_n < 2)
                continue;
            fits = p.n_parts < FINDER_PATTERN_WORDS_MAX;
            p.n_parts += fits;
            if (fits && !part_add(ps, &folded.at[i], prefix && i == last))
                ps->failed = true;
        }
    }
    if (ps->failed || !fits || p.n_parts == 0) {
        ps->n_parts = p.first;
        return;
    }
    const struct part *first = &ps->parts[p.first];
    p.slot = slot_of(ps->pool + first->at, first->n >= HEAD ? HEAD : 2);
    if (grow((void **)&ps->all, &ps->cap, ps->n, sizeof(*ps->all)))
        ps->all[ps->n++] = p;
    else
        ps->failed = true;
}

void
patterns_add_each(struct patterns *ps, const char *words, uint16_t tag)
{
    struct str rest = str_of(words), one;
    while (rest.n && str_cut(&rest, '|', &one))
        patterns_add(ps, one, tag);
}

static int
by_slot(const void *a, const void *b)
{
    const struct pattern *x = a, *y = b;
    return x->slot != y->slot ? (x->slot < y->slot ? -1 : 1)
         : x->first < y->first ? -1 : x->first > y->first;
}

bool
patterns_freeze(struct patterns *ps)
{
    ps->an = search_analyser_free(ps->an);
    if (ps->failed)
        return false;
    ps->masks = calloc(ps->n + 1, sizeof(*ps->masks));
    if (!ps->masks)
        return false;
    if (ps->n)
        qsort(ps->all, ps->n, sizeof(*ps->all), by_slot);
    for (size_t i = 0; i < ps->n; i++)
        for (size_t k = 0; k < ps->all[i].n_parts; k++)
            ps->masks[i] |= mask_of(ps->pool + ps->parts[ps->all[i].first + k].at);
    for (size_t i = 0, s = 0; s <= SLOTS; s++) {
        while (i < ps->n && ps->all[i].slot < s)
            i++;
        ps->by_slot[s] = (uint32_t)i;
    }
    return true;
}

static bool
part_is(const struct patterns *ps, const struct part *part, const struct word *w)
{
    return (part->prefix ? w->word_n >= part->n : w->word_n == part->n) &&
           memcmp(ps->pool + part->at, w->word, part->n) == 0;
}

/* Do the parts begin at word at? The last word they take, or SIZE_MAX. Each part may skip to any
 * word in reach, so all ways are tried: at most FINDER_PATTERN_WORDS_MAX deep.               */
static size_t
parts_end(const struct patterns *ps, const struct part *parts, size_t n, const struct words *words,
          size_t at)
{
    if (!part_is(ps, parts, &words->at[at]))
        return SIZE_MAX;
    if (n == 1)
        return at;
    size_t last = at + 1 + ps->skip_max < words->n ? at + 1 + ps->skip_max : words->n - 1;
    for (size_t next = at + 1; next <= last; next++) {
        size_t end = parts_end(ps, parts + 1, n - 1, words, next);
        if (end != SIZE_MAX)
            return end;
    }
    return SIZE_MAX;
}

static size_t
pattern_ends(const struct patterns *ps, const struct pattern *p, const struct words *words,
             size_t at)
{
    return parts_end(ps, ps->parts + p->first, p->n_parts, words, at);
}

/* The patterns that may begin with a word: those of the slot of its head, and of its first two
 * bytes. Turn 0 and 1; false after that.                                                      */
static bool
slot_take(const struct patterns *ps, const struct word *w, int turn, size_t *ret_from,
          size_t *ret_to)
{
    if (turn > 1 || w->word_n < 2)
        return false;
    bool whole = turn == 0 && w->word_n >= HEAD;
    uint32_t slot = slot_of(w->word, whole ? HEAD : 2);
    *ret_from = ps->by_slot[slot];
    *ret_to = turn == 0 && !whole ? *ret_from : ps->by_slot[slot + 1];
    return true;
}

size_t
patterns_match(const struct patterns *ps, const struct words *words, struct pattern_hit *ret,
               size_t max)
{
    size_t n = 0, i, to;
    uint64_t lacks = ~mask_of_text(words);
    for (size_t at = 0; at < words->n; at++)
        for (int turn = 0; slot_take(ps, &words->at[at], turn, &i, &to); turn++)
            for (; i < to; i++) {
                bool known = false;
                if (ps->masks[i] & lacks)
                    continue;
                for (size_t k = 0; k < n && !known; k++)
                    known = ret[k].tag == ps->all[i].tag;
                size_t end =
                    known || n == max ? SIZE_MAX : pattern_ends(ps, &ps->all[i], words, at);
                if (end != SIZE_MAX)
                    ret[n++] =
                        (struct pattern_hit){ps->all[i].tag, (uint16_t)at, (uint16_t)end};
            }
    return n;
}

bool
patterns_blank(const struct patterns *ps, struct words *words)
{
    bool taken[WORDS_MAX] = {false};
    uint64_t lacks = ~mask_of_text(words);
    size_t i, to;
    for (size_t at = 0; at < words->n; at++)
        for (int turn = 0; slot_take(ps, &words->at[at], turn, &i, &to); turn++)
            for (; i < to; i++) {
                if (ps->masks[i] & lacks)
                    continue;
                size_t end = pattern_ends(ps, &ps->all[i], words, at);
                for (size_t k = at; end != SIZE_MAX && k <= end; k++)
                    taken[k] = true;
            }
    bool any = false;
    for (size_t k = 0; k < words->n; k++)
        if (taken[k]) {
            words->at[k].word_n = 0;
            any = true;
        }
    return any;
}
