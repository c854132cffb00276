/* Danger: patterns of words that put help lines before everything. Written by hand, wide on
 * purpose: a line too many costs a glance, a line too few may cost a life. Judged apart from the
 * learned model, so that no training can unlearn it.                                          */
#include "finder/finder_priv.h"
#include <stdlib.h>

enum { SKIP_MAX = 2 }; /* other words allowed between two words of a pattern */

struct part {
    uint8_t n;
    bool prefix;
    char text[SEARCH_TERM_MAX];
};

struct pattern {
    uint16_t need;
    uint8_t n_parts;
    struct part parts[FINDER_PATTERN_WORDS_MAX];
};

struct danger {
    size_t n;
    uint32_t by_first[257]; /* patterns whose first byte is b: by_first[b] to by_first[b + 1] */
    struct pattern all[];
};

static int
by_first_byte(const void *a, const void *b)
{
    const struct pattern *x = a, *y = b;
    uint8_t c = (uint8_t)x->parts[0].text[0], d = (uint8_t)y->parts[0].text[0];
    return c != d ? (c < d ? -1 : 1) : x->need != y->need ? (x->need < y->need ? -1 : 1) : 0;
}

/* Fold the words of a pattern as a question will be folded; '*' after a word marks a prefix. */
static bool
pattern_parse(struct search_analyser *an, struct str words, struct pattern *p)
{
    struct str rest = words, piece;
    while (str_cut(&rest, ' ', &piece)) {
        bool prefix = piece.n && piece.p[piece.n - 1] == '*';
        piece.n -= prefix;
        search_analyse_begin(an, SEARCH_PLAIN, SEARCH_KEEP_STOP, piece);
        struct search_token token;
        while (search_analyse_next(an, &token)) {
            if (token.word.n < 2) /* elided articles: the analyser drops them from questions */
                continue;
            if (p->n_parts == FINDER_PATTERN_WORDS_MAX)
                return false;
            struct part *part = &p->parts[p->n_parts++];
            part->n = (uint8_t)(token.word.n < SEARCH_TERM_MAX ? token.word.n : SEARCH_TERM_MAX);
            memcpy(part->text, token.word.p, part->n);
            part->prefix = false;
        }
        if (p->n_parts)
            p->parts[p->n_parts - 1].prefix = prefix;
    }
    return p->n_parts > 0;
}

struct danger *
danger_new(const struct finder_corpus *corpus)
{
    struct danger *d = calloc(1, sizeof(*d) + corpus->n_patterns * sizeof(d->all[0]));
    struct search_analyser *an = search_analyser_new();
    if (!d || !an) {
        free(d);
        search_analyser_free(an);
        return NULL;
    }
    for (size_t i = 0; i < corpus->n_patterns; i++) {
        struct pattern *p = &d->all[d->n];
        *p = (struct pattern){0};
        for (size_t k = 0; k < corpus->n_needs; k++)
            if (str_eq(corpus->needs[k].code, corpus->patterns[i].code))
                p->need = (uint16_t)k;
        if (pattern_parse(an, corpus->patterns[i].words, p))
            d->n++;
    }
    search_analyser_free(an);
    qsort(d->all, d->n, sizeof(d->all[0]), by_first_byte);
    for (size_t i = 0, b = 0; b <= 256; b++) {
        while (i < d->n && (uint8_t)d->all[i].parts[0].text[0] < b)
            i++;
        d->by_first[b] = (uint32_t)i;
    }
    return d;
}

struct danger *
danger_free(struct danger *d)
{
    free(d);
    return NULL;
}

static bool
part_is(const struct part *part, const struct word *w)
{
    return (part->prefix ? w->word_n >= part->n : w->word_n == part->n) &&
           memcmp(part->text, w->word, part->n) == 0;
}

/* Does the pattern begin at word at? The last word it took, or SIZE_MAX. */
static size_t
pattern_ends(const struct pattern *p, const struct words *words, size_t at)
{
    if (!part_is(&p->parts[0], &words->at[at]))
        return SIZE_MAX;
    for (size_t k = 1; k < p->n_parts; k++) {
        size_t next = at + 1, last = at + 1 + SKIP_MAX;
        while (next < words->n && next <= last && !part_is(&p->parts[k], &words->at[next]))
            next++;
        if (next >= words->n || next > last)
            return SIZE_MAX;
        at = next;
    }
    return at;
}

bool
danger_find(const struct danger *d, const struct words *words, size_t need_hits_max,
            uint16_t *ret_needs, size_t *ret_n, size_t *ret_first, size_t *ret_last)
{
    *ret_n = 0;
    for (size_t at = 0; at < words->n; at++) {
        uint8_t first = (uint8_t)words->at[at].word[0];
        for (size_t i = d->by_first[first]; i < d->by_first[first + 1]; i++) {
            size_t end = pattern_ends(&d->all[i], words, at);
            if (end == SIZE_MAX)
                continue;
            bool known = false;
            for (size_t k = 0; k < *ret_n; k++)
                known |= ret_needs[k] == d->all[i].need;
            if (*ret_n == 0) {
                *ret_first = at;
                *ret_last = end;
            }
            if (!known && *ret_n < need_hits_max)
                ret_needs[(*ret_n)++] = d->all[i].need;
        }
    }
    return *ret_n > 0;
}
