/* Danger: patterns of words that put help lines before everything. Written by hand, wide on
 * purpose: a line too many costs a glance, a line too few may cost a life. Judged apart from the
 * learned model, so that no training can unlearn it.                                          */
#include "finder/finder_priv.h"
#include <stdlib.h>

enum {
    SKIP_MAX = 2,      /* other words allowed between two words of a pattern */
    CALM_SKIP_MAX = 1, /* what takes an alarm back must be said plainly      */
};

/* A single word is the weakest sign: "incendio" is also last year's. Where the text speaks of the
 * past, of a course, of a trial (the doubts), single words are not enough, and the learned model
 * alone may still raise the alarm.                                                             */
struct danger {
    struct patterns *phrases, *single; /* what alarms, of several words or of one; tags are kinds */
    struct patterns *calm;   /* patterns without a code: "dopo l'ictus" is no call for help */
    struct patterns *doubts; /* those of the situation "dubbio" */
    struct danger_kind kinds[FINDER_KINDS_MAX];
    size_t n_kinds;
};

/* Single letters (elided articles) are no words of a pattern. */
static bool
is_single(struct str words)
{
    struct str piece;
    size_t n = 0;
    while (str_cut(&words, ' ', &piece))
        n += piece.n > 1;
    return n < 2;
}

/* The number of a situation told for a need, added if new. */
static uint16_t
kind_add(struct danger *d, struct str situation, size_t need)
{
    const struct danger_kind kind = {(uint16_t)need, str_hash(situation)};
    size_t k = 0;
    while (k < d->n_kinds &&
           (d->kinds[k].need != kind.need || d->kinds[k].situation != kind.situation))
        k++;
    RG_ASSERT(k < FINDER_KINDS_MAX);
    d->kinds[k] = kind;
    d->n_kinds = k == d->n_kinds ? k + 1 : d->n_kinds;
    return (uint16_t)k;
}

const struct danger_kind *
danger_kind_of(const struct danger *d, const struct pattern_hit *hit)
{
    return &d->kinds[hit->tag];
}

struct danger *
danger_new(const struct finder_corpus *corpus)
{
    struct danger *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->phrases = patterns_new(SKIP_MAX);
    d->single = patterns_new(SKIP_MAX);
    d->calm = patterns_new(CALM_SKIP_MAX);
    d->doubts = patterns_new(CALM_SKIP_MAX);
    bool ok = d->phrases && d->single && d->calm && d->doubts;
    for (size_t i = 0; ok && i < corpus->n_patterns; i++) {
        const struct finder_pattern *p = &corpus->patterns[i];
        if (p->code.n == 0)
            patterns_add(str_is(p->situation, "dubbio") ? d->doubts : d->calm, p->words, 0);
        for (size_t k = 0; p->code.n && k < corpus->n_needs; k++)
            if (str_eq(corpus->needs[k].code, p->code))
                patterns_add(is_single(p->words) ? d->single : d->phrases, p->words,
                             kind_add(d, p->situation, k));
    }
    ok = ok && patterns_freeze(d->phrases) && patterns_freeze(d->single) &&
         patterns_freeze(d->calm) && patterns_freeze(d->doubts);
    return ok ? d : danger_free(d);
}

struct danger *
danger_free(struct danger *d)
{
    if (!d)
        return NULL;
    patterns_free(d->phrases);
    patterns_free(d->single);
    patterns_free(d->calm);
    patterns_free(d->doubts);
    free(d);
    return NULL;
}

size_t
danger_find(const struct danger *d, struct words *words, struct pattern_hit *ret, size_t max,
            bool *calmed)
{
    struct pattern_hit doubt;
    bool doubted = patterns_match(d->doubts, words, &doubt, 1) > 0;
    *calmed |= patterns_blank(d->calm, words);
    size_t n = patterns_match(d->phrases, words, ret, max);
    if (!doubted)
        n += patterns_match(d->single, words, ret + n, max - n);
    return n;
}

bool
danger_tells(const struct danger *d, struct search_analyser *an, struct words *scratch,
             struct str text)
{
    struct pattern_hit hit;
    bool calmed = false;
    words_of(an, SEARCH_PLAIN, text, scratch);
    return danger_find(d, scratch, &hit, 1, &calmed) > 0;
}
