/* Which services first, and why: one score from eight signs, three reasons at most.
 *
 * The score is a weighted mean of signs between 0 and 1, so that a weight reads as "how much of
 * the answer this is". A sign that is not known stands at a little under its middle: not knowing
 * costs less than knowing that it does not fit. Worked figure: need 0.9, words 0.5, 2 km away,
 * serves the comune, open now, fits, verified last month → 0.86; the same 40 km away → 0.69.  */
#include "finder/kernel.h"
#include <math.h>
#include <stdlib.h>

enum { FIRST_SHOWN = 10, FRESH_DAYS = 180, STALE_DAYS = 730 };

static const double weight_need = 4.0, weight_words = 1.5, weight_near = 2.0, weight_reach = 1.5,
    weight_audience = 1.2, weight_open = 0.6, weight_fresh = 0.5, weight_language = 0.8;

/* Half at 8 km: what a bus or a lift from a neighbour covers in a quarter of an hour. */
static const double half_distance_m = 8000;

static double
sign_near(double distance_m)
{
    return distance_m < 0 ? 0.4 : half_distance_m / (half_distance_m + distance_m);
}

static double
sign_reach(enum finder_reach reach)
{
    switch (reach) {
    case FINDER_REACH_COMUNE: return 1.0;
    case FINDER_REACH_ZONE: return 0.85;
    case FINDER_REACH_WIDE: return 0.7;
    case FINDER_REACH_NOT: return 0.0;
    case FINDER_REACH_UNKNOWN: break;
    }
    return 0.5;
}

static double
sign_open(enum finder_open open, int64_t minutes)
{
    switch (open) {
    case FINDER_OPEN_NOW: return minutes >= 0 && minutes < 20 ? 0.7 : 1.0;
    case FINDER_OPEN_LATER: /* half after twelve hours */
        return 0.8 * 720.0 / (720.0 + (minutes > 0 ? (double)minutes : 0));
    case FINDER_CLOSED: return 0.0;
    case FINDER_OPEN_UNKNOWN: break;
    }
    return 0.35;
}

static double
sign_fresh(int64_t days)
{
    if (days < 0)
        return 0.3;
    if (days <= FRESH_DAYS)
        return 1.0;
    if (days >= STALE_DAYS)
        return 0.1;
    return 1.0 - 0.9 * (double)(days - FRESH_DAYS) / (STALE_DAYS - FRESH_DAYS);
}

static double
sign_fit(enum finder_fit fit)
{
    return fit == FINDER_FITS ? 1.0 : fit == FINDER_FITS_NOT ? 0.0 : 0.6;
}

static double
unit(double v)
{
    return v > 0 ? (v < 1 ? v : 1) : 0;
}

double
finder_score(const struct finder_candidate *c, const struct finder_asked *asked)
{
    if (asked->has_place && c->reach == FINDER_REACH_NOT)
        return 0;
    double sum = weight_need * unit(c->need_score) + weight_words * unit(c->text_score);
    double of = weight_need + weight_words;
    if (asked->has_place) {
        sum += weight_near * sign_near(c->distance_m) + weight_reach * sign_reach(c->reach);
        of += weight_near + weight_reach;
    }
    double open = asked->now ? 3 * weight_open : weight_open;
    sum += weight_audience * sign_fit(c->audience) + open * sign_open(c->open, c->minutes) +
           weight_fresh * sign_fresh(c->verified_days);
    of += weight_audience + open + weight_fresh;
    if (asked->own_language) {
        sum += weight_language * (c->speaks ? 1.0 : 0.2);
        of += weight_language;
    }
    return sum / of;
}

static void
say(struct finder_result *r, enum finder_reason reason, bool holds)
{
    if (holds && r->n_reasons < FINDER_REASONS_MAX)
        r->reasons[r->n_reasons++] = reason;
}

/* The reasons that help to choose come first: what it is for, where, when. */
static void
give_reasons(const struct finder_candidate *c, const struct finder_asked *asked,
             struct finder_result *r)
{
    say(r, FINDER_WHY_NEED, c->need_ix != SIZE_MAX && c->need_score > 0);
    say(r, FINDER_WHY_NEAR, asked->has_place && c->distance_m >= 0 && c->distance_m < 30000);
    say(r, FINDER_WHY_LANGUAGE, asked->own_language && c->speaks);
    say(r, FINDER_WHY_OPEN, c->open == FINDER_OPEN_NOW);
    say(r, FINDER_WHY_COMUNE, asked->has_place && c->reach == FINDER_REACH_COMUNE);
    say(r, FINDER_WHY_ZONE, asked->has_place && c->reach == FINDER_REACH_ZONE);
    say(r, FINDER_WHY_AUDIENCE, c->audience == FINDER_FITS);
    say(r, FINDER_WHY_OPENS, c->open == FINDER_OPEN_LATER && c->minutes >= 0 &&
                                 c->minutes < 7 * 24 * 60);
    say(r, FINDER_WHY_FREE, c->free_of_charge);
    say(r, FINDER_WHY_WIDE, asked->has_place && c->reach == FINDER_REACH_WIDE);
    say(r, FINDER_WHY_FRESH, c->verified_days >= 0 && c->verified_days <= FRESH_DAYS);
    say(r, FINDER_WHY_WORDS, c->text_score >= 0.5);
}

static int
in_order(const void *a, const void *b, void *arg)
{
    const struct finder_candidate *all = arg;
    const struct finder_result *x = a, *y = b;
    const struct finder_candidate *c = &all[x->candidate_ix], *d = &all[y->candidate_ix];
    if (fabs(x->score - y->score) > 1e-9)
        return x->score > y->score ? -1 : 1;
    double near_c = c->distance_m < 0 ? 1e9 : c->distance_m;
    double near_d = d->distance_m < 0 ? 1e9 : d->distance_m;
    if (near_c != near_d)
        return near_c < near_d ? -1 : 1;
    return c->service_id != d->service_id ? (c->service_id < d->service_id ? -1 : 1)
         : x->candidate_ix < y->candidate_ix ? -1 : x->candidate_ix > y->candidate_ix;
}

static size_t
count_org(const struct finder_candidate *all, const struct finder_result *results, size_t n,
          int64_t org)
{
    size_t found = 0;
    for (size_t i = 0; org != 0 && i < n; i++)
        found += all[results[i].candidate_ix].org_id == org;
    return found;
}

/* Fill each of the first ten places with the best that does not crowd its organization; what is
 * passed over moves down by one place at a time, so its order stays.                          */
static void
spread(const struct finder_candidate *all, struct finder_result *results, size_t n)
{
    for (size_t place = 0; place < n && place < FIRST_SHOWN; place++) {
        size_t from = place;
        while (from < n && count_org(all, results, place, all[results[from].candidate_ix].org_id) >=
                               FINDER_ORG_FIRST_MAX)
            from++;
        if (from == n)
            return; /* only crowded ones are left */
        struct finder_result chosen = results[from];
        memmove(results + place + 1, results + place, (from - place) * sizeof(*results));
        results[place] = chosen;
    }
}

void
finder_rank(const struct finder_candidate *candidates, size_t n, const struct finder_asked *asked,
            struct finder_result *ret_results, size_t *ret_n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        double score = finder_score(&candidates[i], asked);
        if (score > 0)
            ret_results[kept++] = (struct finder_result){.candidate_ix = i, .score = score};
    }
    qsort_r(ret_results, kept, sizeof(*ret_results), in_order, (void *)candidates);
    spread(candidates, ret_results, kept);
    for (size_t i = 0; i < kept; i++)
        give_reasons(&candidates[ret_results[i].candidate_ix], asked, &ret_results[i]);
    *ret_n = kept;
}

static const struct reason_words {
    const char *key, *argument;
} reasons[FINDER_WHY__MAX] = {
    [FINDER_WHY_NEED] = {"finder.why.need", "need"},
    [FINDER_WHY_NEAR] = {"finder.why.near", "distance"},
    [FINDER_WHY_OPEN] = {"finder.why.open", "time"},
    [FINDER_WHY_OPENS] = {"finder.why.opens", "time"},
    [FINDER_WHY_COMUNE] = {"finder.why.comune", "area"},
    [FINDER_WHY_ZONE] = {"finder.why.zone", "area"},
    [FINDER_WHY_WIDE] = {"finder.why.wide", NULL},
    [FINDER_WHY_AUDIENCE] = {"finder.why.audience", "audience"},
    [FINDER_WHY_LANGUAGE] = {"finder.why.language", "language"},
    [FINDER_WHY_FREE] = {"finder.why.free", NULL},
    [FINDER_WHY_FRESH] = {"finder.why.fresh", NULL},
    [FINDER_WHY_WORDS] = {"finder.why.words", NULL},
};

const char *
finder_reason_key(enum finder_reason reason)
{
    RG_ASSERT(reason < FINDER_WHY__MAX && reasons[reason].key);
    return reasons[reason].key;
}

const char *
finder_reason_argument(enum finder_reason reason)
{
    RG_ASSERT(reason < FINDER_WHY__MAX);
    return reasons[reason].argument;
}
