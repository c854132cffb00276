/* The index is asked: by needs, by words, by choices alone. */
#include "finder/answer_priv.h"

struct filters {
    struct search_filter list[SEARCH_QUERY_FILTERS_MAX];
    size_t n;
    uint32_t values[8][FINDER_CHOICES_MAX];
};

static void
filter_add(struct filters *f, enum finder_dim dim, const uint32_t *values, size_t n)
{
    if (n == 0)
        return;
    RG_ASSERT(f->n < RG_COUNT(f->values) && n <= FINDER_CHOICES_MAX);
    memcpy(f->values[f->n], values, n * sizeof(*values));
    f->list[f->n] = (struct search_filter){dim, f->values[f->n], n, false};
    f->n++;
}

/* Services that are not active, and unless beyond those that say they do not serve the person's
 * comune, are left out; then the choices.                                                    */
static void
filters_make(const struct asking *k, bool beyond, struct filters *f)
{
    const struct finder_question *q = k->q;
    uint32_t values[FINDER_CHOICES_MAX];
    const uint32_t one = 1, inactive = 2;
    *f = (struct filters){0};
    if (k->comune && !beyond) { /* first: it leaves the fewest */
        const uint32_t reach[] = {k->comune, FINDER_EVERYWHERE, FINDER_OF_ZONE + k->zone};
        filter_add(f, FINDER_DIM_REACH, reach, k->zone ? 3 : 2);
    }
    filter_add(f, FINDER_DIM_STATUS, &inactive, 1);
    f->list[f->n - 1].exclude = true;
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

/* Whole blocks, enough for the page asked for. What is open now is known only here, not in the
 * index: then all there is.                                                                  */
static size_t
depth_wanted(const struct finder_question *q)
{
    int64_t last = q->page * q->size, depth = 0;
    if (q->open_only || last > SEARCH_QUERY_DEPTH_MAX / 2)
        return SEARCH_QUERY_DEPTH_MAX;
    while (depth < last)
        depth += FINDER_BLOCK;
    return (size_t)(depth < SEARCH_QUERY_DEPTH_MAX ? depth : SEARCH_QUERY_DEPTH_MAX);
}

/* The query that is the answer: counted, with facets, as deep as the page needs. */
static struct search_query
query_main(const struct asking *k, const struct filters *filters)
{
    struct search_query query = {
        .filters = filters->list,
        .n_filters = filters->n,
        .k = depth_wanted(k->q),
        .facet_dims = 1u << FINDER_DIM_NEED | 1u << FINDER_DIM_ZONE | 1u << FINDER_DIM_AUDIENCE |
                      1u << FINDER_DIM_LANGUAGE | 1u << FINDER_DIM_COST,
        .facets_sideways = k->q->n_zones || k->q->n_audiences || k->q->n_languages ||
                           k->q->free_only, /* of the facets, these may have a filter */
        .total_exact = true};
    query_place(k, &query);
    return query;
}

/* Codes as one term of the index: any of them. */
struct code_term {
    struct search_alternative ways[FINDER_CHOICES_MAX];
    char bytes[FINDER_CHOICES_MAX][FINDER_CODE_TERM_MAX];
    size_t n;
};

static void
code_term_add(struct code_term *t, struct str code, double weight)
{
    RG_ASSERT(t->n < FINDER_CHOICES_MAX);
    t->ways[t->n] =
        (struct search_alternative){finder_code_term(code, t->bytes[t->n]), (float)weight};
    t->n++;
}

/* ---- what is remembered ----
 * How many services answer a need and reach a place changes only with the records, and people of
 * one place ask for the same needs: each thread remembers what it last counted (32 KB).       */

enum { REMEMBERED = 2048 };

struct count_of {
    uint64_t key; /* 0: nothing */
    uint64_t n;
};

static _Thread_local struct {
    uint64_t catalogue, seq;
    struct count_of at[REMEMBERED];
} memory;

static uint64_t
key_with(uint64_t key, uint32_t need)
{
    key = (key ^ need) * 0x9E3779B97F4A7C15u;
    return key ^ key >> 29;
}

/* Of needs where the person is; 0 where choices decide too: that is not remembered. */
static uint64_t
key_of(const struct asking *k, const uint32_t *needs, size_t n)
{
    const struct finder_question *q = k->q;
    uint64_t key = key_with((uint64_t)k->zone << 32 | k->comune, (uint32_t)n);
    if (q->n_areas || q->n_zones || q->n_audiences || q->n_languages || q->free_only)
        return 0;
    for (size_t i = 0; i < n; i++)
        key = key_with(key, needs[i]);
    return key ? key : 1;
}

static struct count_of *
place_of(const struct asking *k, uint64_t key)
{
    uint64_t catalogue = finder_catalogue_name(k->finder->catalogue);
    uint64_t seq = search_snapshot_seq(k->snapshot);
    if (memory.catalogue != catalogue || memory.seq != seq) {
        memset(&memory, 0, sizeof(memory));
        memory.catalogue = catalogue;
        memory.seq = seq;
    }
    return &memory.at[key % REMEMBERED];
}

static bool
recall(const struct asking *k, uint64_t key, uint64_t *ret_n)
{
    const struct count_of *at = place_of(k, key);
    *ret_n = at->n;
    return key != 0 && at->key == key;
}

static void
remember(const struct asking *k, uint64_t key, uint64_t n)
{
    if (key != 0)
        *place_of(k, key) = (struct count_of){key, n};
}

/* ---- by needs ---- */

/* Services that answer one of the needs, the better understood the higher. */
static enum rg_err
ask_needs(struct asking *k, struct search_result *ret)
{
    struct filters filters;
    struct code_term codes = {.n = 0};
    filters_make(k, false, &filters);
    for (size_t i = 0; i < k->n_wanted; i++)
        code_term_add(&codes, finder_need_code(k->finder->model, k->wanted[i].need_ix),
                      k->wanted[i].score);
    const struct search_term term = {codes.ways, codes.n, 1};
    struct search_query query = query_main(k, &filters);
    query.terms = &term;
    query.n_terms = 1;
    return search_ask(k->ctx, k->snapshot, &query, ret);
}

/* Who serves others may help all the same, or know who does: the nearest few. */
static enum rg_err
ask_beyond(struct asking *k)
{
    struct finder_answer *a = k->a;
    struct filters filters;
    struct code_term codes = {.n = 0};
    struct search_result found;
    filters_make(k, true, &filters);
    code_term_add(&codes, finder_need_code(k->finder->model, a->needs[0].need_ix), 1);
    const struct search_term term = {codes.ways, codes.n, 1};
    struct search_query query = {.terms = &term,
                                 .n_terms = 1,
                                 .filters = filters.list,
                                 .n_filters = filters.n,
                                 .k = FINDER_BEYOND_MAX};
    query_place(k, &query);
    enum rg_err err = search_ask(k->ctx, k->snapshot, &query, &found);
    for (size_t i = 0; err == RG_OK && i < found.n_hits; i++) {
        struct finder_entry e;
        finder_entry_read(found.hits[i].payload, &e);
        struct str name = rg_arena_str(k->ctx->arena, e.name);
        if (!name.p)
            return RG_NO_MEMORY(k->ctx);
        a->beyond[a->n_beyond++] =
            (struct finder_beyond){found.hits[i].key, name, found.hits[i].distance_m};
    }
    return err;
}

static bool
is_guessed(const struct finder_answer *a, size_t need_ix)
{
    for (size_t i = 0; i < a->understood.n_needs; i++)
        if (a->understood.needs[i].need_ix == need_ix)
            return true;
    return false;
}

/* Where the person is there are few: also what answers the other needs of the same area, for
 * less, so that help nearby is seen after the right help, far away as it may be; more for those
 * that the words may have meant. A choice by hand is kept to. Nobody who did not speak of danger is
 * sent to a service for those in danger.                                                      */
static bool
want_wider(struct asking *k)
{
    const struct finder_model *model = k->finder->model;
    const struct finder_need *best = finder_model_need(model, k->a->needs[0].need_ix);
    size_t n_before = k->n_wanted;
    for (size_t i = 0; i < finder_model_needs(model); i++)
        if (str_eq(finder_model_need(model, i)->parent, best->parent) &&
            !asking_has_need(k->a, i) &&
            (is_guessed(k->a, i) || !finder_need_is_urgent(model, i)))
            asking_want(k, i, k->a->needs[0].score * (is_guessed(k->a, i) ? 0.45 : 0.3), true);
    return k->n_wanted > n_before;
}

enum rg_err
retrieve_by_needs(struct asking *k, bool widen, struct search_result *ret)
{
    uint32_t needs[FINDER_CHOICES_MAX];
    for (size_t i = 0; i < k->n_wanted; i++)
        needs[i] = k->wanted[i].hash;
    uint64_t key = key_of(k, needs, k->n_wanted), n;
    bool known = recall(k, key, &n);
    enum rg_err err = RG_OK;
    if (!known || !widen || n >= FINDER_WIDEN_UNDER) {
        err = ask_needs(k, ret);
        n = ret->total;
        if (err == RG_OK)
            remember(k, key, n);
        known = false;
    }
    if (err != RG_OK || !widen || n >= FINDER_WIDEN_UNDER)
        return err;
    if (n == 0 && (err = ask_beyond(k)) != RG_OK)
        return err;
    if (want_wider(k) || known) /* known: not asked yet */
        err = ask_needs(k, ret);
    if (err == RG_OK && ret->total > n)
        k->a->widened = finder_model_need(k->finder->model, k->a->needs[0].need_ix)->parent;
    return err;
}

static bool
recall_others(struct asking *k)
{
    struct finder_answer *a = k->a;
    for (size_t i = 0; i < a->n_others; i++) {
        uint32_t need =
            finder_code_hash(finder_need_code(k->finder->model, a->others[i].need_ix));
        uint64_t n;
        if (!recall(k, key_of(k, &need, 1), &n))
            return false;
        a->others[i].n = (uint32_t)n;
    }
    return true;
}

/* How many services each guess that was not taken would bring. */
enum rg_err
retrieve_others(struct asking *k)
{
    struct finder_answer *a = k->a;
    struct filters filters;
    struct code_term codes = {.n = 0};
    struct search_result found;
    for (size_t i = 0; i < a->understood.n_needs && a->n_others < FINDER_OTHERS_MAX; i++) {
        size_t need_ix = a->understood.needs[i].need_ix;
        if (asking_has_need(a, need_ix))
            continue;
        a->others[a->n_others++].need_ix = need_ix;
        code_term_add(&codes, finder_need_code(k->finder->model, need_ix), 1);
    }
    if (codes.n == 0 || recall_others(k))
        return RG_OK;
    filters_make(k, false, &filters);
    const struct search_term term = {codes.ways, codes.n, 1};
    const struct search_query query = {.terms = &term,
                                       .n_terms = 1,
                                       .filters = filters.list,
                                       .n_filters = filters.n,
                                       .facet_dims = 1u << FINDER_DIM_NEED};
    enum rg_err err = search_ask(k->ctx, k->snapshot, &query, &found);
    for (size_t i = 0; err == RG_OK && i < a->n_others; i++) {
        uint32_t hash = finder_code_hash(finder_need_code(k->finder->model, a->others[i].need_ix));
        for (size_t c = 0; c < found.facets[0].n_counts; c++)
            if (found.facets[0].counts[c].value == hash)
                a->others[i].n = found.facets[0].counts[c].n;
        remember(k, key_of(k, &hash, 1), (uint64_t)a->others[i].n);
    }
    return err;
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
    size_t n = search_split_glued(k->analyser, lang, token->word, known_term,
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

/* Beside understood needs, words find what needs do not: a name, a rare thing. What many
 * services say finds nothing there and takes most of the time; what none says may be misspelt,
 * but the need was understood all the same. */
static bool
worth_asking(const struct asking *k, struct str term)
{
    enum { RARE_SHARE = 500, RARE_MIN = 200 };
    if (k->a->n_needs == 0)
        return true;
    uint32_t n = search_term_docs(k->snapshot, term);
    return n > 0 && (n <= RARE_MIN || n <= search_snapshot_docs(k->snapshot) / RARE_SHARE);
}

/* The index holds every record as Italian: a word of another language is asked for in that form,
 * or "classes" would be looked for as "class" and never found.                               */
static enum rg_err
index_form(struct asking *k, enum search_lang lang, struct search_token *token)
{
    const struct search_token *again;
    size_t n;
    if (lang == SEARCH_IT)
        return RG_OK;
    struct str word = rg_arena_str(k->ctx->arena, token->word);
    if (!word.p)
        return RG_NO_MEMORY(k->ctx);
    enum rg_err err =
        search_analyse(k->ctx, k->analyser, SEARCH_IT, SEARCH_KEEP_STOP, word, &again, &n);
    if (err == RG_OK && n > 0)
        token->term = again[0].term;
    return err;
}

/* Services that have the person's words, the place's name left out. */
enum rg_err
retrieve_by_words(struct asking *k, struct search_result *ret)
{
    const struct search_token *tokens;
    struct search_term terms[12];
    size_t n, n_terms = 0;
    enum search_lang lang = k->a->understood.lang == FINDER_FR   ? SEARCH_FR
                            : k->a->understood.lang == FINDER_EN ? SEARCH_EN
                                                                 : SEARCH_IT;
    enum rg_err err = search_analyse(k->ctx, k->analyser, lang, 0, k->q->text, &tokens, &n);
    for (size_t i = 0; err == RG_OK && i < n && n_terms < RG_COUNT(terms); i++) {
        bool of_place = tokens[i].from >= k->place_from &&
                        tokens[i].from < k->place_from + k->place_n;
        struct search_token token = tokens[i];
        if (of_place || token.is_stop)
            continue;
        err = index_form(k, lang, &token);
        if (err == RG_OK && worth_asking(k, token.term))
            err = term_make(k, lang, &token, &terms[n_terms++]);
    }
    *ret = (struct search_result){0};
    if (err != RG_OK || n_terms == 0)
        return err;
    struct filters filters;
    filters_make(k, false, &filters);
    struct search_query query = query_main(k, &filters);
    query.terms = terms;
    query.n_terms = n_terms;
    query.n_match_min = n_terms <= 2 ? n_terms : (n_terms * 3 + 4) / 5;
    if (k->a->n_needs > 0) { /* beside what was understood: the best few */
        query.k = FINDER_WORDS_BLOCK;
        query.facet_dims = 0;
        query.total_exact = false;
    }
    return search_ask(k->ctx, k->snapshot, &query, ret);
}

/* Everything that the chosen filters let through: lists are searches without words. */
enum rg_err
retrieve_all(struct asking *k, struct search_result *ret)
{
    struct filters filters;
    struct code_term codes = {.n = 0};
    filters_make(k, false, &filters);
    for (size_t i = 0; i < k->q->n_areas; i++)
        code_term_add(&codes, k->q->areas[i], 1);
    const struct search_term term = {codes.ways, codes.n, 1};
    struct search_query query = query_main(k, &filters);
    query.terms = &term;
    query.n_terms = codes.n > 0; /* by the list of an area: far shorter than all there is */
    return search_ask(k->ctx, k->snapshot, &query, ret);
}
