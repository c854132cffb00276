/* Danger: patterns of words that put help lines before everything. Written by hand, wide on
 * purpose: a line too many costs a glance, a line too few may cost a life. Judged apart from the
 * learned model, so that no training can unlearn it.                                          */
#include "finder/finder_priv.h"
#include <stdlib.h>

enum {
    SKIP_MAX = 2,      /* other words allowed between two words of a pattern */
    CALM_SKIP_MAX = 1, /* what takes an alarm back must be said plainly      */
};

struct danger {
    struct patterns *alarms; /* tags are needs */
    struct patterns *calm;   /* patterns without a code: "dopo l'ictus" is no call for help */
};

struct danger *
danger_new(const struct finder_corpus *corpus)
{
    struct danger *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->alarms = patterns_new(SKIP_MAX);
    d->calm = patterns_new(CALM_SKIP_MAX);
    bool ok = d->alarms && d->calm;
    for (size_t i = 0; ok && i < corpus->n_patterns; i++) {
        const struct finder_pattern *p = &corpus->patterns[i];
        if (p->code.n == 0)
            patterns_add(d->calm, p->words, 0);
        for (size_t k = 0; p->code.n && k < corpus->n_needs; k++)
            if (str_eq(corpus->needs[k].code, p->code))
                patterns_add(d->alarms, p->words, (uint16_t)k);
    }
    return ok && patterns_freeze(d->alarms) && patterns_freeze(d->calm) ? d : danger_free(d);
}

struct danger *
danger_free(struct danger *d)
{
    if (!d)
        return NULL;
    patterns_free(d->alarms);
    patterns_free(d->calm);
    free(d);
    return NULL;
}

size_t
danger_find(const struct danger *d, struct words *words, struct pattern_hit *ret, size_t max,
            bool *calmed)
{
    *calmed |= patterns_blank(d->calm, words);
    return patterns_match(d->alarms, words, ret, max);
}
