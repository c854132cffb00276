#include "finder/catalogue_priv.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    BUILD_MEMORY = 2000 * 1024 * 1024LL,
    WALK = 2000,
    FEED_PAGE = 500,
    REBUILD_AFTER = 4000, /* changed services: then a fresh file is cheaper */
    REFRESH_WAIT_S = 2,
    WORK_MEMORY = 512 * 1024 * 1024,
};

/* ---- building ---- */

static const struct search_schema schema = {
    .n_fields = 6,
    .n_dims = FINDER_DIM__MAX,
    .listed = 1u << FINDER_DIM_REACH | 1u << FINDER_DIM_STATUS,
    .fields = {{5, 0.3f}, {3, 0.3f}, {2, 0.3f}, {1, 0.75f}, {1.5f, 0.3f}, {1, 0}},
    .k1 = 1.2f,
};

struct building {
    struct making making;
    struct search_builder *builder;
};

static enum rg_err
build_one(struct rg_ctx *ctx, void *arg, const struct network_service *service)
{
    struct building *b = arg;
    struct search_doc doc;
    enum rg_err err = making_doc(&b->making, service, &doc);
    return err == RG_OK ? search_builder_add(ctx, b->builder, 0, &doc) : err;
}

static int
by_uid(const void *a, const void *b)
{
    return str_cmp(((const struct term *)a)->uid, ((const struct term *)b)->uid);
}

static enum rg_err
terms_read(struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    struct network_term *rows;
    size_t n;
    rg_arena_reset(cat->terms_arena);
    enum rg_err err = network_terms_with_code(ctx, &rows, &n);
    if (err != RG_OK)
        return err;
    struct term *terms = RG_ARRAY(cat->terms_arena, struct term, n);
    if (!terms)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++) {
        terms[i] = (struct term){rg_arena_str(cat->terms_arena, rows[i].uid),
                                 rg_arena_str(cat->terms_arena, rows[i].code)};
        if (!terms[i].uid.p || !terms[i].code.p)
            return RG_NO_MEMORY(ctx);
    }
    qsort(terms, n, sizeof(*terms), by_uid);
    cat->terms = terms;
    cat->n_terms = n;
    return RG_OK;
}

int64_t
catalogue_monday(const struct rg_ctx *ctx)
{
    int64_t today = (ctx->now_s + rg_rome_offset_s(ctx->now_s)) / 86400;
    return today - rg_weekday_of(today);
}

static enum rg_err
build(struct rg_ctx *ctx, struct finder_catalogue *cat, struct search_index **ret_index)
{
    int64_t seq, monday = catalogue_monday(ctx);
    struct building b = {0};
    enum rg_err err = store_head(ctx, &seq); /* before reading: what comes meanwhile is repeated */
    if (err == RG_OK)
        err = terms_read(ctx, cat);
    if (err == RG_OK)
        err = search_builder_new(ctx, &schema, BUILD_MEMORY, &b.builder);
    if (err != RG_OK)
        return err;
    making_init(&b.making, ctx, cat);
    int64_t last = 0;
    for (size_t n = WALK; err == RG_OK && n == WALK;)
        err = network_service_walk(ctx, last, WALK, build_one, &b, &last, &n);
    making_done(&b.making);
    if (err == RG_OK)
        err = search_builder_write(ctx, b.builder, (uint64_t)seq, cat->path);
    search_builder_free(b.builder);
    if (err == RG_OK)
        err = search_index_open(ctx, cat->path, ret_index);
    if (err == RG_OK)
        cat->monday = monday;
    return err;
}

/* ---- opening ---- */

static enum rg_err
open_or_build(struct rg_ctx *ctx, struct finder_catalogue *cat, struct search_index **ret_index)
{
    int64_t head;
    enum rg_err err = store_head(ctx, &head);
    if (err != RG_OK)
        return err;
    if (search_index_open(ctx, cat->path, ret_index) == RG_OK) {
        if (search_index_seq(*ret_index) <= (uint64_t)head)
            return terms_read(ctx, cat);
        search_index_free(*ret_index); /* of another database, or of one since restored */
    }
    rg_story_clear(ctx);
    return build(ctx, cat, ret_index);
}

enum rg_err
finder_catalogue_open(struct rg_ctx *ctx, struct store *store, const struct finder_model *model,
                      struct territory_live *territory, const char *path,
                      struct finder_catalogue **ret_catalogue)
{
    struct finder_catalogue *cat = calloc(1, sizeof(*cat));
    if (!cat)
        return RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    static _Atomic uint64_t names;
    cat->name = ++names;
    cat->store = store;
    cat->model = model;
    cat->territory = territory;
    cat->terms_arena = rg_arena_new(64 * 1024 * 1024);
    pthread_mutex_init(&cat->lock, NULL);
    size_t n = strlen(path) + 16;
    cat->path = malloc(n);
    struct search_index *index = NULL;
    enum rg_err err = RG_OK;
    if (!cat->path || !cat->terms_arena)
        err = RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
    else
        snprintf(cat->path, n, "%s.%d", path, CATALOGUE_FORMAT);
    if (err == RG_OK)
        err = open_or_build(ctx, cat, &index);
    if (err == RG_OK) {
        cat->seq = (int64_t)search_index_seq(index);
        cat->change_id = INT64_MAX;
        err = search_live_new(ctx, index, &cat->live);
    }
    if (err == RG_OK)
        err = finder_catalogue_refresh(ctx, cat);
    if (err != RG_OK) {
        finder_catalogue_close(cat);
        return err;
    }
    *ret_catalogue = cat;
    return RG_OK;
}

struct finder_catalogue *
finder_catalogue_close(struct finder_catalogue *cat)
{
    if (!cat)
        return NULL;
    if (cat->live)
        search_live_free(cat->live);
    rg_arena_free(cat->terms_arena);
    pthread_mutex_destroy(&cat->lock);
    free(cat->path);
    free(cat);
    return NULL;
}

enum rg_err
finder_catalogue_tidy(struct rg_ctx *ctx, struct finder_catalogue *cat, size_t n_after)
{
    if (search_live_pending(cat->live) <= n_after || pthread_mutex_trylock(&cat->lock) != 0)
        return RG_OK;
    /* Under the lock, because changes of one number come in several applications. */
    enum rg_err err = search_live_merge(ctx, cat->live, BUILD_MEMORY, cat->path);
    pthread_mutex_unlock(&cat->lock);
    return err;
}

uint64_t
finder_catalogue_name(const struct finder_catalogue *catalogue)
{
    return catalogue->name;
}

struct search_live *
finder_catalogue_live(struct finder_catalogue *cat)
{
    return cat->live;
}

/* ---- following the feed ---- */

/* The services a change touches: itself, or those that its place, organization or location
 * belong to. Ids gathered without repetition.                                                */
struct touched {
    int64_t *ids;
    size_t n, cap;
    bool too_many, terms;
};

static enum rg_err
touch(struct rg_ctx *ctx, struct touched *t, int64_t id)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->ids[i] == id)
            return RG_OK;
    if (t->n == REBUILD_AFTER) {
        t->too_many = true;
        return RG_OK;
    }
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        int64_t *more = RG_ARRAY(ctx->arena, int64_t, cap);
        if (!more)
            return RG_NO_MEMORY(ctx);
        if (t->n)
            memcpy(more, t->ids, t->n * sizeof(*more));
        t->ids = more;
        t->cap = cap;
    }
    t->ids[t->n++] = id;
    return RG_OK;
}

static enum rg_err
touch_all(struct rg_ctx *ctx, struct touched *t, bool organization, int64_t id)
{
    int64_t *ids;
    size_t n;
    enum rg_err err = organization ? network_services_of_organization(ctx, (org_id){id}, &ids, &n)
                                   : network_services_at(ctx, (location_id){id}, &ids, &n);
    for (size_t i = 0; i < n && err == RG_OK; i++)
        err = touch(ctx, t, ids[i]);
    return err;
}

static enum rg_err
touched_by(struct rg_ctx *ctx, struct touched *t, const struct store_change *change)
{
    if (str_is(change->entity, "network_service"))
        return touch(ctx, t, change->entity_id);
    if (str_is(change->owner, "network_service"))
        return touch(ctx, t, change->owner_id);
    if (str_is(change->entity, "network_organization"))
        return touch_all(ctx, t, true, change->entity_id);
    if (str_is(change->entity, "network_location"))
        return touch_all(ctx, t, false, change->entity_id);
    if (str_is(change->entity, "network_taxonomy_term"))
        t->terms = true;
    return RG_OK;
}

/* The making's buffers are used again for the next document: keep this one's bytes. */
static bool
keep_doc(struct rg_arena *arena, struct search_doc *doc)
{
    for (size_t f = 0; f < SEARCH_FIELDS_MAX; f++)
        if (doc->text[f].p && !(doc->text[f] = rg_arena_str(arena, doc->text[f])).p)
            return false;
    struct search_facet_value *facets = RG_ARRAY(arena, struct search_facet_value, doc->n_facets);
    doc->payload = rg_arena_str(arena, doc->payload);
    if (!facets || !doc->payload.p)
        return false;
    memcpy(facets, doc->facets, doc->n_facets * sizeof(*facets));
    doc->facets = facets;
    return true;
}

static enum rg_err
make_change(struct making *m, int64_t id, uint64_t seq, struct search_change *ret)
{
    struct network_service service;
    *ret = (struct search_change){.seq = seq, .doc.key = id};
    enum rg_err err = network_service_get(m->ctx, (service_id){id}, &service);
    if (err == RG_ABSENT) {
        rg_story_clear(m->ctx);
        ret->removed = true;
        return RG_OK;
    }
    if (err == RG_OK)
        err = making_doc(m, &service, &ret->doc);
    if (err == RG_OK && !keep_doc(m->ctx->arena, &ret->doc))
        err = RG_NO_MEMORY(m->ctx);
    return err;
}

/* In batches: each application makes the whole delta anew. */
static enum rg_err
apply_touched(struct rg_ctx *ctx, struct finder_catalogue *cat, const struct touched *t,
              uint64_t seq)
{
    enum { BATCH = 512 };
    struct search_change *changes = RG_ARRAY(ctx->arena, struct search_change, BATCH);
    struct making m;
    if (!changes)
        return RG_NO_MEMORY(ctx);
    making_init(&m, ctx, cat);
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < t->n && err == RG_OK;) {
        struct rg_mark mark = rg_arena_mark(ctx->arena);
        size_t n = 0;
        while (n < BATCH && i < t->n && err == RG_OK)
            err = make_change(&m, t->ids[i++], seq, &changes[n++]);
        if (err == RG_OK)
            err = search_live_apply(ctx, cat->live, changes, n);
        rg_arena_release(ctx->arena, mark);
    }
    making_done(&m);
    return err;
}

static enum rg_err
rebuild(struct rg_ctx *ctx, struct finder_catalogue *cat, int64_t head)
{
    struct search_index *index;
    enum rg_err err = build(ctx, cat, &index);
    if (err == RG_OK)
        err = search_live_replace(ctx, cat->live, index);
    if (err == RG_OK) {
        cat->seq = head;
        cat->change_id = INT64_MAX;
    }
    return err;
}

/* Gather what the feed touched after the catalogue's place in it. Pages of the feed, documents
 * and all, are read in an arena of their own.                                                */
static enum rg_err
feed_read(struct rg_ctx *ctx, const struct finder_catalogue *cat, struct touched *t)
{
    struct rg_ctx page = *ctx;
    int64_t seq = cat->seq, id = cat->change_id;
    enum rg_err err = RG_OK;
    page.arena = rg_arena_new(WORK_MEMORY);
    if (!page.arena)
        return RG_NO_MEMORY(ctx);
    for (size_t n = FEED_PAGE; err == RG_OK && n == FEED_PAGE && !t->too_many;) {
        struct store_change *changes;
        rg_arena_reset(page.arena);
        err = store_changes_since(&page, seq, id, FEED_PAGE, &changes, &n);
        for (size_t i = 0; err == RG_OK && i < n && !t->too_many; i++) {
            err = touched_by(ctx, t, &changes[i]);
            seq = changes[i].seq;
            id = changes[i].id;
        }
    }
    rg_arena_free(page.arena);
    return err;
}

static enum rg_err
follow(struct rg_ctx *ctx, struct finder_catalogue *cat, int64_t head)
{
    struct touched t = {0};
    enum rg_err err = feed_read(ctx, cat, &t);
    if (err != RG_OK)
        return err;
    if (t.too_many || search_live_pending(cat->live) + t.n > SEARCH_DELTA_DOCS_MAX)
        return rebuild(ctx, cat, head);
    if (t.terms)
        err = terms_read(ctx, cat);
    if (err == RG_OK)
        err = apply_touched(ctx, cat, &t, (uint64_t)head);
    if (err == RG_OK) {
        cat->seq = head;
        cat->change_id = INT64_MAX;
    }
    return err;
}

enum rg_err
finder_catalogue_refresh(struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    int64_t head;
    enum rg_err err = store_head(ctx, &head);
    if (err != RG_OK || head <= cat->seq)
        return err;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += REFRESH_WAIT_S;
    if (pthread_mutex_timedlock(&cat->lock, &until) != 0)
        return RG_OK; /* a rebuild after a large import: the last catalogue answers meanwhile */
    if (head > cat->seq) { /* another thread may have been here meanwhile */
        struct rg_arena *asked = ctx->arena; /* a request's memory would not do */
        ctx->arena = rg_arena_new(WORK_MEMORY);
        err = ctx->arena ? follow(ctx, cat, head) : RG_FAIL(ctx, RG_BROKEN, "base.no_memory");
        rg_arena_free(ctx->arena);
        ctx->arena = asked;
    }
    pthread_mutex_unlock(&cat->lock);
    return err;
}

/* ---- the turn of the week ---- */

struct turning {
    int64_t monday;
    bool due; /* some service's hours are encoded for another week */
};

static bool
look_at_hours(void *arg, int64_t key, struct str payload)
{
    struct turning *t = arg;
    struct finder_entry entry;
    finder_entry_facts(payload, &entry);
    t->due = !hours_code_tells_week(&entry.hours, t->monday);
    return !t->due;
}

enum rg_err
finder_catalogue_turn(struct rg_ctx *ctx, struct finder_catalogue *cat)
{
    struct turning t = {.monday = catalogue_monday(ctx)};
    int64_t head;
    if (cat->monday == t.monday || pthread_mutex_trylock(&cat->lock) != 0)
        return RG_OK;
    const struct search_snapshot *snapshot = search_acquire(cat->live);
    search_each(snapshot, look_at_hours, &t);
    search_release(cat->live, snapshot);
    enum rg_err err = t.due ? store_head(ctx, &head) : RG_OK;
    if (err == RG_OK && t.due)
        err = rebuild(ctx, cat, head);
    if (err == RG_OK)
        cat->monday = t.monday;
    pthread_mutex_unlock(&cat->lock);
    return err;
}
