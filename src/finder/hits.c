/* From candidates to one page of hits: ranked block by block, then read whole. */
#include "finder/answer_priv.h"
#include <stdlib.h>

static bool
keep_entry(struct rg_arena *arena, struct finder_entry *e)
{
    struct str *const texts[] = {&e->uid, &e->name, &e->organization,
                                 &e->summary, &e->place, &e->languages};
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        *texts[i] = rg_arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

/* The first opening on a day after now, or 0: at a minute of the day, if the code says it is
 * true. */
static int64_t
opening_on(const struct hours_code *code, const struct hours_interval *week, size_t n, int64_t day,
           int64_t now_s)
{
    int64_t first = 0;
    for (size_t i = 0; i < n && !first; i++) { /* of a day, the intervals come in order */
        if (week[i].weekday != rg_weekday_of(day))
            continue;
        int second = week[i].opens_min * 60;
        int64_t at = code->flags & HOURS_WEEK_FIXED
                         ? day * 86400 + second - code->offset_min * 60
                         : rg_unix_of_rome(day, second);
        if (at > now_s && hours_code_open_at(code, at, NULL) == HOURS_OPEN)
            first = at;
    }
    return first;
}

/* The first opening within a week after now, or 0. */
static int64_t
next_opening(const struct hours_code *code, int64_t now_s)
{
    struct hours_interval week[HOURS_INTERVALS_MAX];
    size_t n = hours_code_week(code, week, RG_COUNT(week));
    int64_t offset_s =
        code->flags & HOURS_WEEK_FIXED ? code->offset_min * 60 : rg_rome_offset_s(now_s);
    int64_t today = (now_s + offset_s) / 86400, at = 0;
    for (int64_t day = today; day <= today + 7 && !at; day++)
        at = opening_on(code, week, n, day, now_s);
    return at;
}

static enum rg_err
hit_make(struct asking *k, const struct pool *pool, const struct finder_result *r,
         struct finder_hit *hit)
{
    const struct finder_candidate *c = &pool->candidates[r->candidate_ix];
    *hit = (struct finder_hit){.service_id = c->service_id,
                               .score = r->score,
                               .distance_m = c->distance_m,
                               .open = c->open == FINDER_OPEN_LATER ? FINDER_CLOSED : c->open,
                               .n_reasons = r->n_reasons,
                               .need_ix = c->need_ix};
    memcpy(hit->reasons, r->reasons, sizeof(hit->reasons));
    finder_entry_read(pool->payloads[r->candidate_ix], &hit->entry);
    (void)pool_distance(k, &hit->entry, &hit->spot_ix);
    if (c->open == FINDER_OPEN_NOW)
        (void)hours_code_open_at(&hit->entry.hours, k->ctx->now_s, &hit->closes_s);
    else if (c->open == FINDER_CLOSED || c->open == FINDER_OPEN_LATER)
        hit->opens_s = next_opening(&hit->entry.hours, k->ctx->now_s);
    return keep_entry(k->ctx->arena, &hit->entry) ? RG_OK : RG_NO_MEMORY(k->ctx);
}

/* Nearest first; those without a distance stand last in the order of their rank. Stable. */
static int
by_distance(const void *a, const void *b, void *arg)
{
    const struct pool *pool = arg;
    const struct finder_result *x = a, *y = b;
    double d = pool->candidates[x->candidate_ix].distance_m;
    double e = pool->candidates[y->candidate_ix].distance_m;
    d = d < 0 ? 1e12 : d;
    e = e < 0 ? 1e12 : e;
    if (d != e)
        return d < e ? -1 : 1;
    return x->candidate_ix < y->candidate_ix ? -1 : x->candidate_ix > y->candidate_ix;
}

/* Rank block after block into results. */
static size_t
rank_blocks(struct asking *k, struct pool *pool, struct finder_result *results)
{
    const struct finder_understanding *u = &k->a->understood;
    const struct finder_asked asked = {
        .has_place = k->a->place != TERRITORY_NOWHERE,
        .now = u->when.now || k->q->open_only,
        .own_language = k->a->language != FINDER_IT && k->q->text.n > 0,
        .on_foot = finder_told(u, FINDER_FACT_NO_CAR) || finder_told(u, FINDER_FACT_NO_WALKING),
        .cheap = finder_told(u, FINDER_FACT_FREE) || finder_told(u, FINDER_FACT_CHEAP) ||
                 finder_told(u, FINDER_FACT_ISEE) || finder_told(u, FINDER_FACT_NO_MONEY),
        .when = k->when,
        .day = k->day};
    size_t n_kept = 0;
    for (size_t from = 0, to = 0, ranked; from < pool->n; from = to) {
        while (to < pool->n && pool->blocks[to] == pool->blocks[from])
            to++;
        finder_rank(pool->candidates + from, to - from, &asked, results + n_kept, &ranked);
        for (size_t i = n_kept; i < n_kept + ranked; i++)
            results[i].candidate_ix += from;
        n_kept += ranked;
    }
    if (k->q->sort == FINDER_SORT_NEAR && k->has_point)
        qsort_r(results, n_kept, sizeof(*results), by_distance, pool);
    return n_kept;
}

/* The texts of what is shown lie all over the file: all are asked for before the first is read. */
static void
texts_expect(const struct pool *pool, const struct finder_result *results, size_t n)
{
    enum { LINE = 64, FACTS_LINES = 3, LINES_MAX = 16 };
    for (size_t i = 0; i < n; i++) {
        struct str payload = pool->payloads[results[i].candidate_ix];
        for (size_t line = FACTS_LINES; line < LINES_MAX && line * LINE < payload.n; line++)
            __builtin_prefetch(payload.p + line * LINE);
    }
}

enum rg_err
hits_make(struct asking *k, struct pool *pool, uint64_t n_found, bool all_fetched)
{
    struct finder_answer *a = k->a;
    struct finder_result *results = RG_ARRAY(k->ctx->arena, struct finder_result, pool->n);
    if (!results)
        return RG_NO_MEMORY(k->ctx);
    size_t n = rank_blocks(k, pool, results);
    a->total = all_fetched || k->q->open_only ? (int64_t)n : (int64_t)n_found;
    a->page = k->q->page;
    a->size = k->q->size;
    if ((a->page - 1) > (int64_t)n / a->size)
        return RG_OK;
    size_t first = (size_t)((a->page - 1) * a->size), n_page = n - first;
    if (n_page > (size_t)a->size)
        n_page = (size_t)a->size;
    a->hits = RG_ARRAY(k->ctx->arena, struct finder_hit, n_page);
    enum rg_err err = a->hits ? RG_OK : RG_NO_MEMORY(k->ctx);
    texts_expect(pool, &results[first], n_page);
    for (; err == RG_OK && a->n_hits < n_page; a->n_hits++)
        err = hit_make(k, pool, &results[first + a->n_hits], &a->hits[a->n_hits]);
    return err;
}
