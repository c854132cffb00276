/* From a question to an answer: place, needs, candidates ranked, one page kept. What the index is
 * asked stands in retrieve.c.                                                                 */
#include "finder/answer_priv.h"
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- what a thread keeps: readers are expensive to make and not shared ---- */

struct kept {
    const struct finder_model *model;
    struct finder_reader *reader;
    struct search_analyser *analyser;
    struct rg_arena *counts_arena; /* what finder_count last counted */
    const struct finder_catalogue *counted;
    uint64_t counted_seq;
    struct search_result counts;
};

static _Thread_local struct kept kept;

void
finder_thread_done(void)
{
    finder_reader_free(kept.reader);
    search_analyser_free(kept.analyser);
    rg_arena_free(kept.counts_arena);
    kept = (struct kept){0};
}

static pthread_key_t end_of_thread;
static pthread_once_t end_of_thread_once = PTHREAD_ONCE_INIT;

static void
thread_ended(void *something)
{
    (void)something;
    finder_thread_done();
}

static void
end_of_thread_make(void)
{
    RG_ASSERT(pthread_key_create(&end_of_thread, thread_ended) == 0);
}

static enum rg_err
thread_ready(struct rg_ctx *ctx, const struct finder_model *model)
{
    pthread_once(&end_of_thread_once, end_of_thread_make);
    if (kept.model == model && kept.reader && kept.analyser)
        return RG_OK;
    finder_thread_done();
    enum rg_err err = finder_reader_new(ctx, model, &kept.reader);
    if (err != RG_OK)
        return err;
    kept.analyser = search_analyser_new();
    if (!kept.analyser)
        return RG_NO_MEMORY(ctx);
    kept.model = model;
    pthread_setspecific(end_of_thread, &kept); /* any address: so that the end is told */
    return RG_OK;
}

/* ---- place ---- */

const struct territory_area *
finder_place_area(const struct finder *finder, uint32_t place)
{
    const struct territory_model *model = territory_live_get(finder->territory);
    return place == TERRITORY_NOWHERE || place >= model->n_areas ? NULL : &model->areas[place];
}

static void
place_take(struct asking *k, uint32_t area_ix)
{
    const struct territory_area *area = &k->territory->areas[area_ix];
    int64_t n;
    k->a->place = area_ix;
    k->has_point = area->has_seat;
    k->point = area->seat;
    if (str_is(area->kind, "comune")) {
        k->comune = finder_comune_number(area->code);
        if (area->zone != TERRITORY_NOWHERE &&
            rg_parse_i64(k->territory->areas[area->zone].code, 1, 999, &n))
            k->zone = (uint32_t)n;
    } else if (rg_parse_i64(area->code, 1, 999, &n)) {
        k->zone = (uint32_t)n;
    }
}

static void
place_read(struct asking *k)
{
    enum { SURE = 600 }; /* territory/kernel.h: under it ask the person */
    struct territory_place found[FINDER_PLACE_OPTIONS_MAX + 1];
    k->a->place = TERRITORY_NOWHERE;
    bool typed = k->q->place.n > 0;
    if (k->q->anywhere)
        return;
    size_t n = typed ? territory_place_lookup(k->territory->places, k->q->place, found,
                                              RG_COUNT(found))
                     : territory_place_find(k->territory->places, k->q->text, found,
                                            RG_COUNT(found));
    if (n == 0) {
        k->a->place_unknown = typed;
        return;
    }
    if (!typed && found[0].score < SURE)
        return;
    place_take(k, found[0].area);
    if (!typed) {
        k->place_from = found[0].at;
        k->place_n = found[0].n;
    }
    for (size_t i = 1; i < n && k->a->n_place_options < FINDER_PLACE_OPTIONS_MAX; i++)
        if (typed || found[i].at == found[0].at)
            k->a->place_options[k->a->n_place_options++] = found[i].area;
}

/* ---- needs ---- */

static struct str
why_words(struct asking *k, const struct finder_guess *guess)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf out;
    rg_buf_init(&out, 1024);
    for (size_t i = 0; i < guess->n_why; i++) {
        struct finder_span span = guess->why[i];
        if (span.from + span.n > k->q->text.n)
            continue;
        if (out.n)
            rg_buf_lit(&out, ", ");
        rg_buf_add(&out, k->q->text.p + span.from, span.n);
    }
    return out.n && !out.failed ? rg_arena_str(k->ctx->arena, rg_buf_view(&out)) : STR_NONE;
}

void
asking_want(struct asking *k, size_t need_ix, double score, bool nearby)
{
    score *= fits_age_of_need(k, need_ix);
    if (k->n_wanted < FINDER_CHOICES_MAX)
        k->wanted[k->n_wanted++] = (struct wanted){
            need_ix, finder_code_hash(finder_need_code(k->finder->model, need_ix)), score, nearby};
}

bool
asking_has_need(const struct finder_answer *a, size_t need_ix)
{
    for (size_t i = 0; i < a->n_needs; i++)
        if (a->needs[i].need_ix == need_ix)
            return true;
    return false;
}

/* Needs chosen by hand, else those understood that are not far behind the best: those would bring
 * services that do not fit.                                                                  */
static void
needs_read(struct asking *k)
{
    struct finder_answer *a = k->a;
    const struct finder_model *model = k->finder->model;
    finder_understand(kept.reader, k->q->text, &a->understood);
    for (size_t i = 0; i < k->q->n_needs; i++) {
        size_t need_ix;
        if (finder_need_find(model, k->q->needs[i], &need_ix) && !asking_has_need(a, need_ix))
            a->needs[a->n_needs++] = (struct finder_need_view){
                need_ix, finder_need_code(model, need_ix), 1, STR_NONE, true};
    }
    if (a->n_needs > 0 || a->understood.abstained || k->q->no_needs)
        return;
    for (size_t i = 0; i < a->understood.n_needs; i++) {
        const struct finder_guess *guess = &a->understood.needs[i];
        if (guess->score < a->understood.needs[0].score * 0.3)
            break;
        a->needs[a->n_needs++] =
            (struct finder_need_view){guess->need_ix, finder_need_code(model, guess->need_ix),
                                      guess->score, why_words(k, guess), false};
    }
}

/* ---- candidates ---- */

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

static double
distance_of(const struct asking *k, const struct finder_entry *e, size_t *ret_spot_ix)
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
    if ((code->flags & wanted) != (HOURS_WEEK_TELLS | HOURS_WEEK_REGULAR) || !k->ordinary_day)
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
    for (int ahead = 0; ahead <= 7 && first < 0; ahead++)
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
static void
moment_read(struct asking *k)
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
    return distance_of(k, e, &spot_ix);
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

/* Candidates in the order of the index, each service once: first those found by words, then those
 * found by needs. They are ranked in blocks, so that what a further page adds never moves what an
 * earlier page showed.                                                                       */
struct pool {
    struct finder_candidate *candidates;
    struct str *payloads;
    uint32_t *blocks; /* of each candidate, ascending */
    size_t n, cap;
};

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

static void
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

/* ---- the page ---- */

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
    (void)distance_of(k, &hit->entry, &hit->spot_ix);
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

static enum rg_err
page_make(struct asking *k, struct pool *pool, uint64_t n_found, bool all_fetched)
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

static bool
has_choices(const struct finder_question *q)
{
    return q->n_areas || q->n_zones || q->n_audiences || q->n_languages || q->free_only ||
           q->open_only;
}

/* The facets' values stay valid after the snapshot is released: they are plain numbers. */
static enum rg_err
answer_make(struct asking *k)
{
    struct search_result by_needs = {0}, by_words = {0};
    struct finder_answer *a = k->a;
    bool words = k->q->text.n > 0 && k->q->n_needs == 0;
    uint64_t more = 0; /* found by words alone, beside the needs */
    enum rg_err err = RG_OK;
    a->asked = k->q->text.n > 0 || a->n_needs > 0 || has_choices(k->q) || k->q->place.n > 0;
    a->by_words = a->n_needs == 0 && words;
    a->abstained = a->by_words && a->understood.abstained;
    if (a->n_needs > 0)
        err = retrieve_by_needs(k, words && k->has_point, &by_needs);
    if (err == RG_OK && a->understood.n_needs > 0)
        err = retrieve_others(k);
    /* In order of distance, words beside needs would stand out of order. */
    if (err == RG_OK && words && (a->by_words || k->q->sort != FINDER_SORT_NEAR))
        err = retrieve_by_words(k, &by_words);
    if (err == RG_OK && a->asked && a->n_needs == 0 && !words)
        err = retrieve_all(k, &by_needs);
    if (err != RG_OK)
        return err;
    struct pool pool = {.cap = by_needs.n_hits + by_words.n_hits};
    pool.candidates = RG_ARRAY(k->ctx->arena, struct finder_candidate, pool.cap);
    pool.payloads = RG_ARRAY(k->ctx->arena, struct str, pool.cap);
    pool.blocks = RG_ARRAY(k->ctx->arena, uint32_t, pool.cap);
    if (!pool.candidates || !pool.payloads || !pool.blocks)
        return RG_NO_MEMORY(k->ctx);
    pool_add(k, &pool, &by_words, true);
    for (size_t i = 0; !a->by_words && i < pool.n; i++)
        more += pool.candidates[i].need_ix == SIZE_MAX;
    pool_add(k, &pool, &by_needs, false);
    const struct search_result *main = a->by_words ? &by_words : &by_needs;
    a->facets = main->facets;
    a->n_facets = main->n_facets;
    return page_make(k, &pool, main->total + more, main->n_hits >= main->total);
}

enum rg_err
finder_ask(struct rg_ctx *ctx, const struct finder *finder, const struct finder_question *question,
           struct finder_answer *ret_answer)
{
    RG_ASSERT(question->page >= 1 && question->size >= 1 && question->size <= FINDER_HITS_MAX);
    double best = 0;
    enum rg_err err = thread_ready(ctx, finder->model);
    if (err == RG_OK)
        err = finder_catalogue_refresh(ctx, finder->catalogue);
    if (err != RG_OK)
        return err;
    *ret_answer = (struct finder_answer){0};
    struct asking k = {.ctx = ctx,
                       .finder = finder,
                       .q = question,
                       .a = ret_answer,
                       .analyser = kept.analyser,
                       .territory = territory_live_get(finder->territory)};
    moment_read(&k);
    place_read(&k);
    needs_read(&k);
    for (size_t i = 0; i < ret_answer->n_needs; i++)
        asking_want(&k, ret_answer->needs[i].need_ix, ret_answer->needs[i].score, false);
    fits_read(&k);
    for (size_t i = 0; i < k.n_wanted; i++)
        best = k.wanted[i].score > best ? k.wanted[i].score : best;
    k.wanted_scale = best > 0 ? 1 / sqrt(best) : 1;
    struct search_live *live = finder_catalogue_live(finder->catalogue);
    k.snapshot = search_acquire(live);
    err = answer_make(&k);
    search_release(live, k.snapshot);
    return err;
}

/* ---- numbers for the tiles ---- */

static enum rg_err
count_anew(struct rg_ctx *ctx, const struct search_snapshot *snapshot)
{
    enum { COUNT_MEMORY = 4 * 1024 * 1024 };
    const uint32_t inactive = 2;
    const struct search_filter filter = {FINDER_DIM_STATUS, &inactive, 1, true};
    const struct search_query query = {.filters = &filter,
                                       .n_filters = 1,
                                       .facet_dims =
                                           1u << FINDER_DIM_NEED | 1u << FINDER_DIM_AREA};
    struct rg_ctx own = *ctx;
    rg_arena_free(kept.counts_arena);
    kept.counted = NULL;
    own.arena = kept.counts_arena = rg_arena_new(COUNT_MEMORY);
    if (!own.arena)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    enum rg_err err = search_ask(&own, snapshot, &query, &kept.counts);
    ctx->story = own.story;
    return err;
}

enum rg_err
finder_count(struct rg_ctx *ctx, const struct finder *finder, unsigned dim,
             const struct search_facet_count **ret_counts, size_t *ret_n)
{
    RG_ASSERT(dim == FINDER_DIM_NEED || dim == FINDER_DIM_AREA);
    enum rg_err err = thread_ready(ctx, finder->model);
    if (err == RG_OK)
        err = finder_catalogue_refresh(ctx, finder->catalogue);
    if (err != RG_OK)
        return err;
    struct search_live *live = finder_catalogue_live(finder->catalogue);
    const struct search_snapshot *snapshot = search_acquire(live);
    uint64_t seq = search_snapshot_seq(snapshot);
    if (kept.counted != finder->catalogue || kept.counted_seq != seq)
        err = count_anew(ctx, snapshot);
    search_release(live, snapshot);
    if (err != RG_OK)
        return err;
    kept.counted = finder->catalogue;
    kept.counted_seq = seq;
    for (size_t i = 0; i < kept.counts.n_facets; i++)
        if (kept.counts.facets[i].dim == dim) {
            *ret_counts = kept.counts.facets[i].counts;
            *ret_n = kept.counts.facets[i].n_counts;
        }
    return RG_OK;
}
