/* What the index found, as candidates: each service once, with all that ranking asks of it:
 * distance, reach, need, hours, fit, freshness.                                              */
#include "finder/answer_priv.h"

static enum finder_reach
reach_of(const struct asking *k, const struct finder_entry *e)
{
    if (k->a->place == TERRITORY_NOWHERE)
        return FINDER_REACH_UNKNOWN;
    for (size_t i = 0; i < e->n_areas; i++) {
        if (k->comune && e->areas[i] == k->comune)
            return FINDER_REACH_COMUNE;
        if (k->zone && e->areas[i] == FINDER_OF_ZONE + k->zone)
            return FINDER_REACH_ZONE;
    }
    if (e->more_areas && k->comune)
        return FINDER_REACH_COMUNE; /* the index knows all of them, and let it through */
    if (e->wide)
        return FINDER_REACH_WIDE;
    for (size_t i = 0; i < e->n_spots && e->n_areas == 0; i++)
        if (k->comune && e->spots[i].comune == k->comune)
            return FINDER_REACH_COMUNE;
    return e->n_areas && k->comune ? FINDER_REACH_NOT : FINDER_REACH_UNKNOWN;
}

double
pool_distance(const struct asking *k, const struct finder_entry *e, size_t *ret_spot_ix)
{
    double best = -1;
    *ret_spot_ix = SIZE_MAX;
    for (size_t i = 0; i < e->n_spots; i++) {
        const struct finder_spot *spot = &e->spots[i];
        if (!spot->lat_e7 && !spot->lon_e7)
            continue;
        double d = k->has_point ? rg_distance_m(k->point.lat_e7, k->point.lon_e7, spot->lat_e7,
                                                spot->lon_e7)
                                : -1;
        if (*ret_spot_ix == SIZE_MAX || d < best) {
            best = d;
            *ret_spot_ix = i;
        }
    }
    return best;
}

/* A guess counts by how sure it is and by how sure the best one is: half of each, so that an
 * unsure best is still worth more than its words.                                            */
static void
need_of(const struct asking *k, const struct finder_entry *e, struct finder_candidate *c)
{
    enum { NEARBY_M = 25000 };
    c->need_ix = SIZE_MAX;
    bool near = c->distance_m >= 0 && c->distance_m < NEARBY_M;
    for (size_t i = 0; i < k->n_wanted; i++) {
        const struct wanted *w = &k->wanted[i];
        double score = (w->nearby && !near ? w->score * 0.3 : w->score) * k->wanted_scale;
        for (size_t j = 0; j < RG_COUNT(e->need); j++)
            if (e->need[j] == w->hash && score > c->need_score) {
                c->need_score = score;
                c->need_ix = w->need_ix;
            }
    }
}

/* Does some span open when this one closes? Then it may not close at all. */
static bool
goes_on(const struct hours_code *code, int closes)
{
    for (unsigned i = 0; i < code->n_spans; i++)
        if (code->spans[i].opens_min == closes % (24 * 60))
            return true;
    return false;
}

/* The state of an ordinary week in Rome by the minute of the day alone: hundreds of candidates are
 * asked about the same moment. False where the calendar must be looked at.                   */
static bool
open_by_minute(const struct asking *k, const struct hours_code *code, struct finder_candidate *c)
{
    const unsigned wanted = HOURS_WEEK_TELLS | HOURS_WEEK_REGULAR | HOURS_WEEK_FIXED;
    if ((code->flags & wanted) != (HOURS_WEEK_TELLS | HOURS_WEEK_REGULAR) || !k->ordinary_day ||
        (int64_t)k->day > code->edge)
        return false;
    c->open = FINDER_CLOSED;
    for (unsigned i = 0; i < code->n_spans; i++) {
        int opens = code->spans[i].opens_min, closes = code->spans[i].closes_min;
        bool today = code->days[k->weekday + 1] >> i & 1;
        bool yesterday = code->days[(k->weekday + 6) % 7 + 1] >> i & 1;
        int now = k->minute;
        if (!(today && now >= opens && now < closes)) {
            now += 24 * 60;
            if (!(yesterday && now >= opens && now < closes))
                continue;
        }
        if (goes_on(code, closes))
            return false;
        c->open = FINDER_OPEN_NOW;
        c->minutes = closes - now > c->minutes ? closes - now : c->minutes;
    }
    return true;
}

/* Minutes until it opens within a week; -1: not, or the calendar must be looked at. */
static int64_t
opens_in(const struct asking *k, const struct hours_code *code)
{
    int64_t first = -1;
    for (int ahead = 0; ahead <= 7 && first < 0 && (int64_t)k->day + ahead <= code->edge; ahead++)
        for (unsigned i = 0; i < code->n_spans; i++) {
            int64_t in = ahead * 24 * 60 + code->spans[i].opens_min - k->minute;
            if (code->days[(k->weekday + ahead) % 7 + 1] >> i & 1 && in > 0 &&
                (first < 0 || in < first))
                first = in;
        }
    return first;
}

static void
candidate_open(const struct asking *k, const struct finder_entry *e, struct finder_candidate *c)
{
    int64_t now = k->ctx->now_s, closes_s = 0;
    if (open_by_minute(k, &e->hours, c)) {
        if (c->open == FINDER_CLOSED && (c->minutes = opens_in(k, &e->hours)) >= 0)
            c->open = FINDER_OPEN_LATER;
        return;
    }
    c->minutes = -1;
    switch (hours_code_open_at(&e->hours, now, &closes_s)) {
    case HOURS_UNKNOWN: c->open = FINDER_OPEN_UNKNOWN; break;
    case HOURS_CLOSED: c->open = FINDER_CLOSED; break;
    case HOURS_OPEN:
        c->open = FINDER_OPEN_NOW;
        if (closes_s > now && closes_s != HOURS_FOREVER)
            c->minutes = (closes_s - now) / 60;
        break;
    }
}

/* What open_by_minute knows of now: no holiday today or yesterday, no change of the clocks. */
void
pool_moment_read(struct asking *k)
{
    int64_t now = k->ctx->now_s, local_s = now + rg_rome_offset_s(now), day = local_s / 86400;
    k->weekday = rg_weekday_of(day);
    k->day = (uint64_t)day;
    k->minute = (int)(local_s % 86400 / 60);
    k->ordinary_day = !rg_italian_holiday(day) && !rg_italian_holiday(day - 1) &&
                      rg_rome_offset_s(now) == rg_rome_offset_s(now - 2 * 86400);
}

/* Of a service at one place the index has measured the distance already. */
static double
candidate_distance(const struct asking *k, const struct search_hit *hit,
                   const struct finder_entry *e)
{
    size_t spot_ix;
    if (e->n_spots == 1 && k->has_point && hit->distance_m >= 0)
        return hit->distance_m;
    return pool_distance(k, e, &spot_ix);
}

static void
candidate_make(const struct asking *k, const struct search_hit *hit, const struct finder_entry *e,
               double text_score, struct finder_candidate *c)
{
    *c = (struct finder_candidate){.service_id = hit->key,
                                   .org_id = e->org_id,
                                   .distance_m = candidate_distance(k, hit, e),
                                   .text_score = text_score,
                                   .reach = reach_of(k, e),
                                   .minutes = -1,
                                   .verified_days = -1,
                                   .free_of_charge = e->free_of_charge && !e->paid};
    need_of(k, e, c);
    fits_tell(k, e, c);
    candidate_open(k, e, c);
    if (e->verified_day >= 0)
        c->verified_days = k->ctx->now_s / 86400 - e->verified_day;
}

static bool
pool_has(const struct pool *pool, size_t n, int64_t service)
{
    for (size_t i = 0; i < n; i++)
        if (pool->candidates[i].service_id == service)
            return true;
    return false;
}

/* A person who writes the name of a service or of its organization means that one, whatever needs
 * the words of the name may sound like.                                                      */
static bool
is_named(const struct asking *k, const struct finder_entry *e)
{
    enum { NAME_MIN = 5 };
    struct str asked = str_trim(k->q->text);
    const struct str names[] = {e->name, e->organization};
    for (size_t i = 0; i < RG_COUNT(names) && asked.n >= NAME_MIN; i++)
        for (size_t at = 0; at + asked.n <= names[i].n; at++)
            if (str_eq_nocase(str_n(names[i].p + at, asked.n), asked))
                return true;
    return false;
}

void
pool_add(struct asking *k, struct pool *pool, const struct search_result *result, bool words)
{
    enum { AHEAD = 6 };
    size_t n_before = pool->n;
    double best = 0;
    for (size_t i = 0; words && i < result->n_hits; i++)
        best = result->hits[i].score > best ? result->hits[i].score : best;
    for (size_t i = 0; i < result->n_hits; i++) {
        const struct search_hit *hit = &result->hits[i];
        struct finder_entry e;
        if (i + AHEAD < result->n_hits) /* payloads lie all over the file: waiting is most of it */
            for (size_t line = 0; line < 3; line++)
                __builtin_prefetch(result->hits[i + AHEAD].payload.p + line * 64);
        if (pool_has(pool, n_before, hit->key))
            continue;
        RG_ASSERT(pool->n < pool->cap);
        if (words)
            finder_entry_read(hit->payload, &e);
        else
            finder_entry_facts(hit->payload, &e);
        struct finder_candidate *c = &pool->candidates[pool->n];
        candidate_make(k, hit, &e, best > 0 ? hit->score / best : 0, c);
        if (words && is_named(k, &e))
            c->need_score = 1;
        pool->payloads[pool->n] = hit->payload;
        pool->blocks[pool->n] = (uint32_t)(i / FINDER_BLOCK);
        if (!k->q->open_only || c->open == FINDER_OPEN_NOW)
            pool->n++;
    }
}
