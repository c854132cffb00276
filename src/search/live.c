/* The living index: one frozen base, one small index of what changed, swapped under readers.
 *
 * Readers take the current snapshot with one atomic addition and give it back with one
 * exchange: the word `current` holds the snapshot's address in its upper 48 bits and, in the
 * lower 16, how many readers took it from there. A writer swaps the whole word, so it learns
 * the count at the same moment as it retires the snapshot, and moves it into
 * snapshot->readers. A reader that comes back finds either its snapshot still current (count
 * down in the word) or retired (count down in the snapshot, which may pass below 0 until the
 * writer's addition arrives). Whoever brings a retired snapshot to 0 frees it. This is split
 * reference counting; nobody waits but writers, for each other.
 *
 * The changes are kept in a builder; every batch makes a new small image from all of them.
 * That is more work than appending, and it is what makes a snapshot immutable and a reader
 * simple.                                                                                    */
#include "search/index_priv.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    LIVE_MAGIC = 0x534c4956,
    READER_BITS = 16,
    /* Texts of waiting changes, analysed: 8,192 documents of a page each. */
    DELTA_BYTES_MAX = 256 << 20,
};
#define READER_MASK ((UINT64_C(1) << READER_BITS) - 1)

struct search_live {
    uint32_t magic;
    _Atomic uint64_t current;
    struct search_snapshot *published; /* the same in the clear, for leak checkers */
    pthread_mutex_t writer;
    struct search_base *base;
    struct search_builder *changes;
    uint64_t seq;
};

static void
base_release(struct search_base *base)
{
    if (base && atomic_fetch_sub(&base->users, 1) == 1) {
        search_index_free(base->index);
        free(base);
    }
}

static void
snapshot_free(struct search_snapshot *s)
{
    if (!s)
        return;
    search_index_free(s->delta);
    free(s->dead);
    base_release(s->base);
    free(s);
}

static uint64_t
word_of(const struct search_snapshot *s)
{
    uint64_t address = (uint64_t)(uintptr_t)s;

    RG_ASSERT(address >> (64 - READER_BITS) == 0);
    return address << READER_BITS;
}

static struct search_snapshot *
snapshot_of(uint64_t word)
{
    return (struct search_snapshot *)(uintptr_t)(word >> READER_BITS);
}

const struct search_snapshot *
search_acquire(struct search_live *live)
{
    uint64_t word = atomic_fetch_add(&live->current, 1);

    RG_ASSERT((word & READER_MASK) != READER_MASK); /* 65,535 readers at one moment */
    return snapshot_of(word);
}

void
search_release(struct search_live *live, const struct search_snapshot *snapshot)
{
    struct search_snapshot *s = (struct search_snapshot *)(uintptr_t)snapshot;
    uint64_t word = atomic_load(&live->current);

    while (snapshot_of(word) == s)
        if (atomic_compare_exchange_weak(&live->current, &word, word - 1))
            return;
    if (atomic_fetch_sub(&s->readers, 1) == 1)
        snapshot_free(s);
}

/* Put a snapshot in place and retire the one before. */
static void
publish(struct search_live *live, struct search_snapshot *s)
{
    uint64_t word = atomic_exchange(&live->current, s ? word_of(s) : 0);
    struct search_snapshot *old = snapshot_of(word);
    int64_t readers = (int64_t)(word & READER_MASK);

    live->published = s;
    if (old && atomic_fetch_add(&old->readers, readers) == -readers)
        snapshot_free(old);
}

/* Mark the base's documents that the changes replace or remove. */
static bool
mark_dead(struct search_snapshot *s, const struct search_builder *changes)
{
    const struct search_index *base = s->base->index;
    size_t n_words = base->n_docs / 64 + 1;
    uint64_t seq;

    s->dead = rg_alloc_should_fail() ? NULL : calloc(n_words, sizeof *s->dead);
    if (!s->dead)
        return false;
    for (size_t i = 0; i < search_builder_docs(changes); i++) {
        uint32_t doc;
        int64_t key = search_builder_key(changes, i, &seq);
        if (seq <= base->header->seq || !search_index_find_doc(base, key, &doc))
            continue;
        s->segments[0].n_dead += !(s->dead[doc / 64] >> (doc % 64) & 1);
        s->dead[doc / 64] |= UINT64_C(1) << (doc % 64);
    }
    s->segments[0].dead = s->segments[0].n_dead ? s->dead : NULL;
    return true;
}

static enum rg_err
delta_make(struct rg_ctx *ctx, struct search_builder *changes, struct search_snapshot *s)
{
    char *image;
    size_t n;
    const struct search_header *base = s->base->index->header;
    enum rg_err err = search_builder_image(
        ctx, changes,
        &(struct search_image_wish){.seq = s->seq, .changes_only = true, .seq_after = base->seq,
                                    .length_mean = base->length_mean},
        &image, &n);

    if (err)
        return err;
    err = search_index_of_bytes(ctx, str_n(image, n), &s->delta);
    if (err) {
        free(image);
        return err;
    }
    s->delta->owned = image;
    s->segments[1].index = s->delta;
    s->n_segments = 2;
    return RG_OK;
}

/* A snapshot of a base with changes on top. */
static enum rg_err
snapshot_make(struct rg_ctx *ctx, struct search_base *base, struct search_builder *changes,
              uint64_t seq, struct search_snapshot **ret)
{
    struct search_snapshot *s = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *s);
    enum rg_err err = RG_OK;

    if (!s)
        return RG_NO_MEMORY(ctx);
    atomic_fetch_add(&base->users, 1);
    s->base = base;
    s->seq = seq;
    s->segments[0].index = base->index;
    s->n_segments = 1;
    if (search_builder_docs(changes) > 0) {
        err = delta_make(ctx, changes, s);
        if (!err && !mark_dead(s, changes))
            err = RG_NO_MEMORY(ctx);
    }
    if (err)
        snapshot_free(s);
    else
        *ret = s;
    return err;
}

/* Wrap an index; it is freed if there is no memory for that. */
static struct search_base *
base_new(struct search_index *index)
{
    struct search_base *base = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *base);

    if (!base) {
        search_index_free(index);
        return NULL;
    }
    base->index = index;
    atomic_init(&base->users, 1);
    return base;
}

enum rg_err
search_live_new(struct rg_ctx *ctx, struct search_index *index, struct search_live **ret_live)
{
    struct search_base *base = base_new(index);
    struct search_live *live = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *live);
    struct search_snapshot *s;
    enum rg_err err;

    if (!base || !live) {
        base_release(base);
        free(live);
        return RG_NO_MEMORY(ctx);
    }
    live->magic = LIVE_MAGIC;
    live->base = base;
    live->seq = base->index->header->seq;
    pthread_mutex_init(&live->writer, NULL);
    err = search_builder_new(ctx, &base->index->header->schema, DELTA_BYTES_MAX,
                             &live->changes);
    if (!err)
        err = snapshot_make(ctx, base, live->changes, live->seq, &s);
    if (err) {
        search_live_free(live);
        return err;
    }
    publish(live, s);
    *ret_live = live;
    return RG_OK;
}

struct search_live *
search_live_free(struct search_live *live)
{
    if (!live)
        return NULL;
    RG_ASSERT(live->magic == LIVE_MAGIC);
    publish(live, NULL);
    base_release(live->base);
    search_builder_free(live->changes);
    pthread_mutex_destroy(&live->writer);
    live->magic = 0;
    free(live);
    return NULL;
}

static enum rg_err
changes_add(struct rg_ctx *ctx, struct search_live *live, const struct search_change *changes,
            size_t n, uint64_t *seq)
{
    for (size_t i = 0; i < n; i++) {
        const struct search_change *c = &changes[i];
        enum rg_err err;
        if (c->seq <= live->base->index->header->seq)
            continue;
        if (search_builder_docs(live->changes) >= SEARCH_DELTA_DOCS_MAX)
            return RG_FAIL(ctx, RG_LIMIT, "search.rebuild_due");
        err = c->removed ? search_builder_remove(ctx, live->changes, c->seq, c->doc.key)
                         : search_builder_add(ctx, live->changes, c->seq, &c->doc);
        if (err)
            return err;
        *seq = c->seq > *seq ? c->seq : *seq;
    }
    return RG_OK;
}

enum rg_err
search_live_apply(struct rg_ctx *ctx, struct search_live *live,
                  const struct search_change *changes, size_t n)
{
    struct search_snapshot *s;
    enum rg_err err;
    size_t n_before;
    uint64_t seq;

    pthread_mutex_lock(&live->writer);
    seq = live->seq;
    n_before = search_builder_docs(live->changes);
    err = changes_add(ctx, live, changes, n, &seq);
    if (!err)
        err = snapshot_make(ctx, live->base, live->changes, seq, &s);
    if (err) {
        search_builder_rewind(live->changes, n_before);
    } else {
        live->seq = seq;
        publish(live, s);
    }
    pthread_mutex_unlock(&live->writer);
    return err;
}

static bool
same_schema(const struct search_schema *a, const struct search_schema *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

enum rg_err
search_live_replace(struct rg_ctx *ctx, struct search_live *live, struct search_index *index)
{
    uint64_t base_seq = index->header->seq;
    struct search_base *base = base_new(index);
    struct search_snapshot *s;
    enum rg_err err;

    if (!base)
        return RG_NO_MEMORY(ctx);
    pthread_mutex_lock(&live->writer);
    if (!same_schema(&index->header->schema, &live->base->index->header->schema)) {
        err = RG_FAIL(ctx, RG_CONFLICT, "search.schema_differs");
    } else if (base_seq < live->base->index->header->seq) {
        err = RG_FAIL(ctx, RG_CONFLICT, "search.base_older");
    } else {
        uint64_t seq = live->seq > base_seq ? live->seq : base_seq;
        err = snapshot_make(ctx, base, live->changes, seq, &s);
        if (!err) {
            struct search_base *old = live->base;
            search_builder_compact(live->changes, base_seq);
            live->seq = seq;
            live->base = base;
            base = old;
            publish(live, s);
        }
    }
    pthread_mutex_unlock(&live->writer);
    base_release(base); /* the one that is not in place */
    return err;
}

uint64_t
search_live_seq(struct search_live *live)
{
    const struct search_snapshot *s = search_acquire(live);
    uint64_t seq = s->seq;

    search_release(live, s);
    return seq;
}

size_t
search_live_pending(struct search_live *live)
{
    size_t n;

    pthread_mutex_lock(&live->writer);
    n = search_builder_docs(live->changes);
    pthread_mutex_unlock(&live->writer);
    return n;
}
