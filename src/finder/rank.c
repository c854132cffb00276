/* Which services first, and why: one score of two halves, three reasons at most.
 *
 * The greater share is what a service answers, the need before the words; the rest is how well it
 * suits who asks, a weighted mean of signs between 0 and 1. A sign that is not known stands at a
 * little under its middle: not knowing costs less than knowing that it does not fit. The weights
 * are those of finder_judge_bench, rounded: around them its measure is flat. Worked figure: need
 * 0.9, words 0.5, 2 km away, serves the comune, open now, verified last month → 0.84; the same
 * 40 km away → 0.76.                                                                          */
#include "finder/kernel.h"
#include <math.h>
#include <stdlib.h>

enum { FIRST_SHOWN = 10, FRESH_DAYS = 180, STALE_DAYS = 730 };

static const double share_answer = 0.65, weight_need = 4.0, weight_words = 0.7;
static const double weight_near = 2.5, weight_reach = 2.0, weight_audience = 1.5, weight_when = 1.5,
    weight_open = 0.6, weight_fresh = 0.4, weight_language = 1.2, weight_cost = 1.0,
    weight_room = 1.5;

/* What takes people of other ages stands below all that may fit and answers as well. */
static const double misfit = 0.3;

/* Another organization's service is let before one that crowds if it is worth this much of it. */
static const double nearly_as_good = 0.85;

struct mean {
    double sum, of;
};

/* Half at 8 km: what a bus or a lift from a neighbour covers in a quarter of an hour; on foot, what
 * one walks with patience. */
static const double half_distance_m = 8000, half_on_foot_m = 3000;


static double
sign_near(double distance_m, bool on_foot)
{
    double half = on_foot ? half_on_foot_m : half_distance_m;
    return distance_m < 0 ? 0.4 : half / (half + distance_m);
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

/* What it answers: the need it is for, the words it has. */
static double
relevance(const struct finder_candidate *c)
{
    return (weight_need * unit(c->need_score) + weight_words * unit(c->text_score)) /
           (weight_need + weight_words);
}

static void
weigh(struct mean *m, double weight, double sign)
{
    m->sum += weight * sign;
    m->of += weight;
}

/* How well it suits who asks: where, when, for whom, in what language, at what cost. */
static double
suits(const struct finder_candidate *c, const struct finder_asked *asked)
{
    struct mean m = {0};
    if (asked->has_place) {
        weigh(&m, weight_near, sign_near(c->distance_m, asked->on_foot));
        weigh(&m, weight_reach, sign_reach(c->reach));
    }
    weigh(&m, weight_audience, sign_fit(c->audience));
    weigh(&m, weight_fresh, sign_fresh(c->verified_days));
    if (asked->when)
        weigh(&m, weight_when, sign_fit(c->when));
    else
        weigh(&m, asked->now ? 3 * weight_open : weight_open, sign_open(c->open, c->minutes));
    if (asked->own_language)
        weigh(&m, weight_language, c->speaks ? 1.0 : 0.2);
    if (asked->cheap)
        weigh(&m, weight_cost, sign_fit(c->cost));
    if (c->room != FINDER_FIT_UNKNOWN)
        weigh(&m, weight_room, sign_fit(c->room));
    return m.sum / m.of;
}

double
finder_score(const struct finder_candidate *c, const struct finder_asked *asked)
{
    if (asked->has_place && c->reach == FINDER_REACH_NOT)
        return 0;
    double score = share_answer * relevance(c) + (1 - share_answer) * suits(c, asked);
    return c->age == FINDER_FITS_NOT ? score * misfit : score;
}

static void
say(struct finder_result *r, enum finder_reason reason, bool holds)
{
    if (holds && r->n_reasons < FINDER_REASONS_MAX)
        r->reasons[r->n_reasons++] = reason;
}

/* What does not fit comes first; then what helps to choose: what it is for, where, what was asked
 * for, when.                                                                                  */
static void
give_reasons(const struct finder_candidate *c, const struct finder_asked *asked,
             struct finder_result *r)
{
    say(r, FINDER_WHY_NOT_AGE, c->age == FINDER_FITS_NOT);
    say(r, FINDER_WHY_NOT_AUDIENCE, c->audience == FINDER_FITS_NOT && c->age != FINDER_FITS_NOT);
    say(r, FINDER_WHY_FULL, c->room == FINDER_FITS_NOT);
    say(r, FINDER_WHY_NEED, c->need_ix != SIZE_MAX && c->need_score > 0);
    say(r, FINDER_WHY_NEAR, asked->has_place && c->distance_m >= 0 && c->distance_m < 30000);
    say(r, FINDER_WHY_LANGUAGE, asked->own_language && c->speaks);
    say(r, FINDER_WHY_WHEN, asked->when && c->when == FINDER_FITS);
    say(r, FINDER_WHY_NOT_WHEN, asked->when && c->when == FINDER_FITS_NOT);
    say(r, FINDER_WHY_NOT_FREE, asked->cheap && c->cost == FINDER_FITS_NOT);
    say(r, FINDER_WHY_FREE, asked->cheap && c->free_of_charge);
    say(r, FINDER_WHY_ISEE, asked->cheap && c->by_isee && !c->free_of_charge);
    say(r, FINDER_WHY_AGE, c->age == FINDER_FITS);
    say(r, FINDER_WHY_OPEN, c->open == FINDER_OPEN_NOW);
    say(r, FINDER_WHY_COMUNE, asked->has_place && c->reach == FINDER_REACH_COMUNE);
    say(r, FINDER_WHY_ZONE, asked->has_place && c->reach == FINDER_REACH_ZONE);
    say(r, FINDER_WHY_AUDIENCE, c->audience == FINDER_FITS && c->age == FINDER_FIT_UNKNOWN);
    say(r, FINDER_WHY_OPENS, c->open == FINDER_OPEN_LATER && c->minutes >= 0 &&
                                 c->minutes < 7 * 24 * 60);
    say(r, FINDER_WHY_FREE, !asked->cheap && c->free_of_charge);
    say(r, FINDER_WHY_WIDE, asked->has_place && c->reach == FINDER_REACH_WIDE);
    say(r, FINDER_WHY_FRESH, c->verified_days >= 0 && c->verified_days <= FRESH_DAYS);
    say(r, FINDER_WHY_WORDS, c->text_score >= 0.5);
}

uint64_t
finder_turn(int64_t service_id, uint64_t day)
{
    uint64_t z = (uint64_t)service_id * 0x9E3779B97F4A7C15u + day * 0xD1B54A32D192ED03u;
    z = (z ^ z >> 32) * 0xD6E8FEB86659FD93u;
    return z ^ z >> 32;
}

struct order {
    const struct finder_candidate *all;
    uint64_t day;
};

static int
in_order(const void *a, const void *b, void *arg)
{
    const struct order *o = arg;
    const struct finder_result *x = a, *y = b;
    const struct finder_candidate *c = &o->all[x->candidate_ix], *d = &o->all[y->candidate_ix];
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    double near_c = c->distance_m < 0 ? 1e9 : c->distance_m;
    double near_d = d->distance_m < 0 ? 1e9 : d->distance_m;
    if (near_c != near_d)
        return near_c < near_d ? -1 : 1;
    uint64_t turn_c = finder_turn(c->service_id, o->day);
    uint64_t turn_d = finder_turn(d->service_id, o->day);
    if (turn_c != turn_d)
        return turn_c < turn_d ? -1 : 1;
    return x->candidate_ix < y->candidate_ix ? -1 : x->candidate_ix > y->candidate_ix;
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

/* Fill each of the first ten places with the best that does not crowd its organization, if it is
 * nearly as good as the best that is left; what is passed over moves down by one place at a time,
 * so its order stays.                                                                         */
static void
spread(const struct finder_candidate *all, struct finder_result *results, size_t n)
{
    for (size_t place = 0; place < n && place < FIRST_SHOWN; place++) {
        size_t from = place;
        double enough = results[place].score * nearly_as_good;
        while (from < n && results[from].score >= enough &&
               count_org(all, results, place, all[results[from].candidate_ix].org_id) >=
                   FINDER_ORG_FIRST_MAX)
            from++;
        if (from == n || results[from].score < enough)
            continue;
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
        double score = rint(finder_score(&candidates[i], asked) * 1000) / 1000;
        if (score > 0)
            ret_results[kept++] = (struct finder_result){.candidate_ix = i, .score = score};
    }
    qsort_r(ret_results, kept, sizeof(*ret_results), in_order,
            &(struct order){candidates, asked->day});
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
    [FINDER_WHY_AGE] = {"finder.why.age", "age"},
    [FINDER_WHY_WHEN] = {"finder.why.when", NULL},
    [FINDER_WHY_ISEE] = {"finder.why.isee", NULL},
    [FINDER_WHY_NOT_AGE] = {"finder.why.not_age", "ages"},
    [FINDER_WHY_NOT_AUDIENCE] = {"finder.why.not_audience", "audience"},
    [FINDER_WHY_NOT_WHEN] = {"finder.why.not_when", NULL},
    [FINDER_WHY_FULL] = {"finder.why.full", NULL},
    [FINDER_WHY_NOT_FREE] = {"finder.why.not_free", NULL},
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
