#include "finder/answer.h"
#include <stdlib.h>

/* ---- what a thread keeps: readers are expensive to make and not shared ---- */

struct kept {
    const struct finder_model *model;
    struct finder_reader *reader;
    struct search_analyser *analyser;
};

static _Thread_local struct kept kept;

void
finder_thread_done(void)
{
    finder_reader_free(kept.reader);
    search_analyser_free(kept.analyser);
    kept = (struct kept){0};
}

static enum rg_err
thread_ready(struct rg_ctx *ctx, const struct finder_model *model)
{
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
    return RG_OK;
}

/* ---- place ---- */

struct asking { /* one question on its way */
    struct rg_ctx *ctx;
    const struct finder *finder;
    const struct finder_question *q;
    struct finder_answer *a;
    const struct territory_model *territory;
    const struct search_snapshot *snapshot;
    size_t place_from, place_n; /* bytes of the text that named the place */
    bool has_point;
    struct territory_point point;
    uint32_t comune, zone;      /* numbers; 0 unknown */
};

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

static void
needs_read(struct asking *k)
{
    struct finder_answer *a = k->a;
    const struct finder_model *model = k->finder->model;
    finder_understand(kept.reader, k->q->text, &a->understood);
    for (size_t i = 0; i < k->q->n_needs; i++) {
        size_t need_ix;
        if (finder_need_find(model, k->q->needs[i], &need_ix) && a->n_needs < FINDER_CHOICES_MAX)
            a->needs[a->n_needs++] = (struct finder_need_view){
                need_ix, finder_need_code(model, need_ix), 1, STR_NONE, true};
    }
    if (a->n_needs > 0 || a->understood.abstained)
        return;
    for (size_t i = 0; i < a->understood.n_needs; i++) {
        const struct finder_guess *guess = &a->understood.needs[i];
        if (guess->score < a->understood.needs[0].score * 0.3)
            break; /* far behind the best: it would bring services that do not fit */
        a->needs[a->n_needs++] =
            (struct finder_need_view){guess->need_ix, finder_need_code(model, guess->need_ix),
                                      guess->score, why_words(k, guess), false};
    }
}

/* ---- the index is asked ---- */

struct filters {
    struct search_filter list[SEARCH_QUERY_FILTERS_MAX];
    size_t n;
    uint32_t values[8][FINDER_CHOICES_MAX];
};

static void
filter_add(struct filters *f, enum finder_dim dim, const uint32_t *values, size_t n)
{
    if (n == 0 || f->n == RG_COUNT(f->values))
        return;
    memcpy(f->values[f->n], values, n * sizeof(*values));
    f->list[f->n] = (struct search_filter){dim, f->values[f->n], n, false};
    f->n++;
}

static void
filters_make(const struct asking *k, struct filters *f)
{
    const struct finder_question *q = k->q;
    uint32_t values[FINDER_CHOICES_MAX], one = 1;
    *f = (struct filters){0};
    filter_add(f, FINDER_DIM_STATUS, &one, 1);
    for (size_t i = 0; i < q->n_areas; i++)
        values[i] = finder_code_hash(q->areas[i]);
    filter_add(f, FINDER_DIM_AREA, values, q->n_areas);
    filter_add(f, FINDER_DIM_ZONE, q->zones, q->n_zones);
    filter_add(f, FINDER_DIM_AUDIENCE, q->audiences, q->n_audiences);
    for (size_t i = 0; i < q->n_languages; i++)
        values[i] = finder_code_hash(q->languages[i]);
    filter_add(f, FINDER_DIM_LANGUAGE, values, q->n_languages);
    if (q->free_only)
        filter_add(f, FINDER_DIM_COST, &one, 1);
}

static void
query_place(const struct asking *k, struct search_query *query)
{
    if (!k->has_point)
        return;
    query->near = true;
    query->lat_e7 = k->point.lat_e7;
    query->lon_e7 = k->point.lon_e7;
    query->half_m = 12000; /* a bus ride: half as good */
    query->without_point = 0.4;
    if (k->q->sort == FINDER_SORT_NEAR)
        query->order = SEARCH_BY_DISTANCE;
}

static size_t
depth_wanted(const struct finder_question *q)
{
    int64_t depth = q->page * q->size * 2;
    if (depth < FINDER_CANDIDATES_MIN)
        depth = FINDER_CANDIDATES_MIN;
    return depth > SEARCH_QUERY_DEPTH_MAX ? SEARCH_QUERY_DEPTH_MAX : (size_t)depth;
}

#define FACETS                                                                                \
    (1u << FINDER_DIM_NEED | 1u << FINDER_DIM_ZONE | 1u << FINDER_DIM_AUDIENCE |              \
     1u << FINDER_DIM_LANGUAGE | 1u << FINDER_DIM_COST)

/* Services that answer one of the needs, the better understood the higher. */
static enum rg_err
ask_by_needs(struct asking *k, struct search_result *ret)
{
    struct filters filters;
    struct search_boost boosts[FINDER_CHOICES_MAX];
    uint32_t needs[FINDER_CHOICES_MAX];
    filters_make(k, &filters);
    for (size_t i = 0; i < k->a->n_needs; i++) {
        needs[i] = finder_code_hash(k->a->needs[i].code);
        boosts[i] = (struct search_boost){FINDER_DIM_NEED, needs[i],
                                          (float)(1 + 20 * k->a->needs[i].score)};
    }
    filter_add(&filters, FINDER_DIM_NEED, needs, k->a->n_needs);
    struct search_query query = {.filters = filters.list,
                                 .n_filters = filters.n,
                                 .boosts = boosts,
                                 .n_boosts = k->a->n_needs,
                                 .k = depth_wanted(k->q),
                                 .facet_dims = FACETS,
                                 .n_facet_values = FINDER_FACET_VALUES,
                                 .facets_sideways = true,
                                 .total_exact = true};
    query_place(k, &query);
    return search_ask(k->ctx, k->snapshot, &query, ret);
}

static uint32_t
known_term(void *arg, struct str term)
{
    return search_term_docs(arg, term);
}

/* One word as the index may know it: itself, else its halves, else its likely spellings. */
static enum rg_err
term_make(struct asking *k, enum search_lang lang, const struct search_token *token,
          struct search_term *ret)
{
    enum { WAYS = 4 };
    struct search_alternative *ways = RG_ARRAY(k->ctx->arena, struct search_alternative, WAYS);
    if (!ways)
        return RG_NO_MEMORY(k->ctx);
    *ret = (struct search_term){.alternatives = ways, .weight = 1};
    ways[ret->n_alternatives++] = (struct search_alternative){token->term, 1};
    if (search_term_docs(k->snapshot, token->term) > 0)
        return RG_OK;
    struct str halves[2];
    size_t n = search_split_glued(kept.analyser, lang, token->word, known_term,
                                  (void *)(uintptr_t)k->snapshot, halves);
    for (size_t i = 0; i < n; i++) {
        struct str half = rg_arena_str(k->ctx->arena, halves[i]);
        if (half.p)
            ways[ret->n_alternatives++] = (struct search_alternative){half, 0.7f};
    }
    const struct search_suggestion *near;
    size_t n_near;
    enum rg_err err = n ? RG_OK : search_spell(k->ctx, k->snapshot, token->term, 2, &near, &n_near);
    for (size_t i = 0; !n && err == RG_OK && i < n_near && ret->n_alternatives < WAYS; i++)
        ways[ret->n_alternatives++] = (struct search_alternative){near[i].term, 0.6f};
    return err;
}

/* Services that have the person's words, the place's name left out. */
static enum rg_err
ask_by_words(struct asking *k, struct search_result *ret)
{
    const struct search_token *tokens;
    struct search_term terms[12];
    size_t n, n_terms = 0;
    enum search_lang lang = k->a->understood.lang == FINDER_FR   ? SEARCH_FR
                            : k->a->understood.lang == FINDER_EN ? SEARCH_EN
                                                                 : SEARCH_IT;
    enum rg_err err = search_analyse(k->ctx, kept.analyser, lang, 0, k->q->text, &tokens, &n);
    for (size_t i = 0; err == RG_OK && i < n && n_terms < RG_COUNT(terms); i++) {
        bool of_place = tokens[i].from >= k->place_from &&
                        tokens[i].from < k->place_from + k->place_n;
        if (!of_place && !tokens[i].is_stop)
            err = term_make(k, lang, &tokens[i], &terms[n_terms++]);
    }
    *ret = (struct search_result){0};
    if (err != RG_OK || n_terms == 0)
        return err;
    struct filters filters;
    filters_make(k, &filters);
    struct search_query query = {.terms = terms,
                                 .n_terms = n_terms,
                                 .n_match_min = n_terms <= 2 ? n_terms : (n_terms * 3 + 4) / 5,
                                 .filters = filters.list,
                                 .n_filters = filters.n,
                                 .k = k->a->n_needs ? 100 : depth_wanted(k->q),
                                 .total_exact = k->a->n_needs == 0};
    if (k->a->n_needs == 0) {
        query.facet_dims = FACETS;
        query.n_facet_values = FINDER_FACET_VALUES;
        query.facets_sideways = true;
    }
    query_place(k, &query);
    return search_ask(k->ctx, k->snapshot, &query, ret);
}

/* Everything that the chosen filters let through: lists are searches without words. */
static enum rg_err
ask_all(struct asking *k, struct search_result *ret)
{
    struct filters filters;
    filters_make(k, &filters);
    struct search_query query = {.filters = filters.list,
                                 .n_filters = filters.n,
                                 .k = depth_wanted(k->q),
                                 .facet_dims = FACETS,
                                 .n_facet_values = FINDER_FACET_VALUES,
                                 .facets_sideways = true,
                                 .total_exact = true};
    query_place(k, &query);
    return search_ask(k->ctx, k->snapshot, &query, ret);
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
        if (k->zone && e->areas[i] == 1000000 + k->zone)
            return FINDER_REACH_ZONE;
    }
    if (e->wide)
        return FINDER_REACH_WIDE;
    for (size_t i = 0; i < e->n_spots && e->n_areas == 0; i++)
        if (k->comune && e->spots[i].comune == k->comune)
            return FINDER_REACH_COMUNE;
    return e->n_areas && k->comune ? FINDER_REACH_NOT : FINDER_REACH_UNKNOWN;
}

static double
distance_of(const struct asking *k, const struct finder_entry *e)
{
    double best = -1;
    for (size_t i = 0; k->has_point && i < e->n_spots; i++) {
        if (!e->spots[i].lat_e7 && !e->spots[i].lon_e7)
            continue;
        double d = rg_distance_m(k->point.lat_e7, k->point.lon_e7, e->spots[i].lat_e7,
                                 e->spots[i].lon_e7);
        if (best < 0 || d < best)
            best = d;
    }
    return best;
}

static void
need_of(const struct asking *k, const struct finder_entry *e, struct finder_candidate *c)
{
    c->need_ix = SIZE_MAX;
    for (size_t i = 0; i < k->a->n_needs; i++) {
        uint32_t hash = finder_code_hash(k->a->needs[i].code);
        for (size_t j = 0; j < RG_COUNT(e->need); j++)
            if (e->need[j] == hash && k->a->needs[i].score > c->need_score) {
                c->need_score = k->a->needs[i].score;
                c->need_ix = k->a->needs[i].need_ix;
            }
    }
}

static bool
speaks(const struct finder_entry *e, const char *lang)
{
    struct str rest = e->languages, code;
    while (rest.n && str_cut(&rest, ',', &code))
        if (str_eq(code, str_of(lang)))
            return true;
    return false;
}

static void
candidate_make(const struct asking *k, const struct search_hit *hit, const struct finder_entry *e,
               double best_text, struct finder_candidate *ret, int64_t *ret_closes_s)
{
    struct finder_candidate *c = ret;
    *c = (struct finder_candidate){.service_id = hit->key,
                                   .org_id = e->org_id,
                                   .distance_m = distance_of(k, e),
                                   .reach = reach_of(k, e),
                                   .minutes = -1,
                                   .closes_s = -1,
                                   .verified_days = -1,
                                   .free_of_charge = e->free_of_charge && !e->paid,
                                   .speaks = speaks(e, finder_lang_tag(k->a->understood.lang))};
    need_of(k, e, c);
    if (best_text > 0 && hit->matched)
        c->text_score = hit->score / best_text;
    enum finder_audience audience = k->a->understood.audience;
    if (audience != FINDER_ANYBODY && e->audience)
        c->audience = e->audience & 1u << audience ? FINDER_FITS : FINDER_FITS_NOT;
    int64_t now = k->ctx->now_s;
    *ret_closes_s = 0;
    switch (hours_code_open_at(&e->hours, now, ret_closes_s)) {
    case HOURS_UNKNOWN: c->open = FINDER_OPEN_UNKNOWN; break;
    case HOURS_CLOSED: c->open = FINDER_CLOSED; break;
    case HOURS_OPEN:
        c->open = FINDER_OPEN_NOW;
        if (*ret_closes_s > now && *ret_closes_s != HOURS_FOREVER) {
            struct rg_civil at = rg_civil_rome(*ret_closes_s);
            c->minutes = (*ret_closes_s - now) / 60;
            c->closes_s = at.hour * 3600 + at.minute * 60;
        }
        break;
    }
    if (e->verified_day >= 0)
        c->verified_days = now / 86400 - e->verified_day;
}

struct pool { /* candidates of both questions, each service once */
    struct finder_candidate *candidates;
    struct finder_entry *entries;
    int64_t *closes_s;
    size_t n, cap;
};

static size_t
pool_find(const struct pool *pool, size_t n, int64_t service)
{
    for (size_t i = 0; i < n; i++)
        if (pool->candidates[i].service_id == service)
            return i;
    return SIZE_MAX;
}

/* Add the hits of an answer; those already there (among the first n_before) gain its text score. */
static void
pool_add(struct asking *k, struct pool *pool, const struct search_result *result)
{
    size_t n_before = pool->n;
    double best = 0;
    for (size_t i = 0; i < result->n_hits; i++)
        if (result->hits[i].matched && result->hits[i].score > best)
            best = result->hits[i].score;
    for (size_t i = 0; i < result->n_hits && pool->n < pool->cap; i++) {
        const struct search_hit *hit = &result->hits[i];
        size_t at = n_before ? pool_find(pool, n_before, hit->key) : SIZE_MAX;
        if (at != SIZE_MAX) {
            if (best > 0 && hit->matched)
                pool->candidates[at].text_score = hit->score / best;
            continue;
        }
        struct finder_entry *e = &pool->entries[pool->n];
        finder_entry_read(hit->payload, e);
        candidate_make(k, hit, e, best, &pool->candidates[pool->n], &pool->closes_s[pool->n]);
        if (k->q->open_only && pool->candidates[pool->n].open != FINDER_OPEN_NOW)
            continue;
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

static void
sort_by_distance(const struct pool *pool, struct finder_result *results, size_t n)
{
    for (size_t i = 1; i < n; i++) { /* insertion: the index gave them nearly in order */
        struct finder_result r = results[i];
        double d = pool->candidates[r.candidate_ix].distance_m;
        size_t j = i;
        for (; j > 0; j--) {
            double before = pool->candidates[results[j - 1].candidate_ix].distance_m;
            if (before >= 0 && (d < 0 || before <= d))
                break;
            if (before < 0 && d < 0)
                break;
            results[j] = results[j - 1];
        }
        results[j] = r;
    }
}

static enum rg_err
page_make(struct asking *k, const struct pool *pool, uint64_t n_found)
{
    struct finder_answer *a = k->a;
    struct finder_result *results = RG_ARRAY(k->ctx->arena, struct finder_result, pool->n);
    size_t n;
    if (!results)
        return RG_NO_MEMORY(k->ctx);
    const struct finder_asked asked = {
        .has_place = a->place != TERRITORY_NOWHERE,
        .now = a->understood.when.now || k->q->open_only,
        .own_language = a->understood.lang != FINDER_IT && k->q->text.n > 0};
    finder_rank(pool->candidates, pool->n, &asked, results, &n);
    if (k->q->sort == FINDER_SORT_NEAR)
        sort_by_distance(pool, results, n);
    /* All were fetched: the total is what is left after ranking. Else the index's count. */
    a->total = n_found <= pool->cap - 100 || k->q->open_only ? (int64_t)n : (int64_t)n_found;
    int64_t first = (k->q->page - 1) * k->q->size;
    a->page = k->q->page;
    a->size = k->q->size;
    if (first >= (int64_t)n)
        return RG_OK;
    size_t n_page = n - (size_t)first;
    if (n_page > (size_t)k->q->size)
        n_page = (size_t)k->q->size;
    a->hits = RG_ARRAY(k->ctx->arena, struct finder_hit, n_page);
    if (!a->hits)
        return RG_NO_MEMORY(k->ctx);
    for (size_t i = 0; i < n_page; i++) {
        const struct finder_result *r = &results[(size_t)first + i];
        const struct finder_candidate *c = &pool->candidates[r->candidate_ix];
        struct finder_hit *hit = &a->hits[a->n_hits++];
        *hit = (struct finder_hit){.service_id = c->service_id,
                                   .score = r->score,
                                   .distance_m = c->distance_m,
                                   .entry = pool->entries[r->candidate_ix],
                                   .open = c->open,
                                   .closes_s = pool->closes_s[r->candidate_ix],
                                   .n_reasons = r->n_reasons,
                                   .need_ix = c->need_ix};
        memcpy(hit->reasons, r->reasons, sizeof(hit->reasons));
        if (!keep_entry(k->ctx->arena, &hit->entry))
            return RG_NO_MEMORY(k->ctx);
    }
    return RG_OK;
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
    enum rg_err err = RG_OK;
    if (a->n_needs > 0)
        err = ask_by_needs(k, &by_needs);
    if (err == RG_OK && k->q->text.n > 0 && k->q->n_needs == 0)
        err = ask_by_words(k, &by_words);
    a->by_words = a->n_needs == 0 && k->q->text.n > 0;
    a->asked = k->q->text.n > 0 || a->n_needs > 0 || has_choices(k->q) || k->q->place.n > 0;
    if (err == RG_OK && a->asked && a->n_needs == 0 && k->q->text.n == 0)
        err = ask_all(k, &by_needs);
    if (err != RG_OK)
        return err;
    struct pool pool = {.cap = by_needs.n_hits + by_words.n_hits + 100};
    pool.candidates = RG_ARRAY(k->ctx->arena, struct finder_candidate, pool.cap);
    pool.entries = RG_ARRAY(k->ctx->arena, struct finder_entry, pool.cap);
    pool.closes_s = RG_ARRAY(k->ctx->arena, int64_t, pool.cap);
    if (!pool.candidates || !pool.entries || !pool.closes_s)
        return RG_NO_MEMORY(k->ctx);
    pool_add(k, &pool, &by_needs);
    pool_add(k, &pool, &by_words);
    const struct search_result *main = a->n_needs || !k->q->text.n ? &by_needs : &by_words;
    a->facets = main->facets;
    a->n_facets = main->n_facets;
    return page_make(k, &pool, main->total > by_words.n_hits ? main->total : by_words.n_hits);
}

enum rg_err
finder_ask(struct rg_ctx *ctx, const struct finder *finder, const struct finder_question *question,
           struct finder_answer *ret_answer)
{
    RG_ASSERT(question->page >= 1 && question->size >= 1 && question->size <= FINDER_HITS_MAX);
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
                       .territory = territory_live_get(finder->territory)};
    place_read(&k);
    needs_read(&k);
    struct search_live *live = finder_catalogue_live(finder->catalogue);
    k.snapshot = search_acquire(live);
    err = answer_make(&k);
    search_release(live, k.snapshot);
    return err;
}
