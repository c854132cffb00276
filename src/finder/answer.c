/* From a question to an answer: its place and needs, then the way through the index (retrieve.c),
 * the candidates (pool.c) and the page (hits.c).                                             */
#include "finder/answer_priv.h"
#include <math.h>
#include <pthread.h>

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

/* ---- from the index to the page ---- */

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
    return hits_make(k, &pool, main->total + more, main->n_hits >= main->total);
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
    pool_moment_read(&k);
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
