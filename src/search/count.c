/* Counting every match, facet by facet, without looking at what it is worth.
 *
 * A heavy list has its facets counted in the file. The union of lists is then their sum, less
 * the documents met before; the intersection of heavy lists is that of their bits. Which of the
 * matches are the best is another matter, and goes by bounds (match.c, all.c).               */
#include "search/ask_priv.h"

enum { AHEAD = 12 };

void
search_count_docs(struct ask *a, const uint16_t *docs, uint32_t n, uint32_t one)
{
    const struct search_index *ix = a->index;
    const uint32_t *rows = search_index_row(ix, a->base);
    uint32_t *counts[SEARCH_DIMS_MAX];
    unsigned dims[SEARCH_DIMS_MAX], n_dims = 0;

    a->total += (uint64_t)(int64_t)(int32_t)one * n;
    for (uint32_t left = a->query->facet_dims; left; left &= left - 1) {
        dims[n_dims] = (unsigned)__builtin_ctz(left);
        counts[n_dims] = a->counts[a->segment][dims[n_dims]];
        n_dims++;
    }
    for (uint32_t i = 0; i < n && n_dims; i++) {
        const uint32_t *row = rows + (size_t)docs[i] * ix->n_dims;
        if (i + AHEAD < n) /* rows lie anywhere, and waiting for them would be most of it */
            __builtin_prefetch(rows + (size_t)docs[i + AHEAD] * ix->n_dims);
        for (unsigned d = 0; d < n_dims; d++) {
            uint32_t n_here;
            const uint32_t *o = search_ordinals(row + dims[d], ix->row_more, &n_here);
            while (n_here--)
                counts[d][*o++] += one;
        }
    }
}

void
search_count_alive(struct ask *a, const uint16_t *docs, uint32_t n)
{
    uint16_t alive[SEARCH_WINDOW + 1];
    uint32_t n_alive = 0;

    if (!a->dead) {
        search_count_docs(a, docs, n, 1);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        alive[n_alive] = docs[i];
        n_alive += !search_is_dead(a, a->base + docs[i]);
    }
    search_count_docs(a, alive, n_alive, 1);
}

/* Documents given as bits, counted in handfuls that lie in one chunk. */
struct handful {
    uint16_t docs[SEARCH_WINDOW + 64];
    uint32_t n, one;
};

static void
handful_flush(struct ask *a, struct handful *h)
{
    search_count_docs(a, h->docs, h->n, h->one);
    h->n = 0;
}

static inline void
handful_word(struct ask *a, struct handful *h, uint32_t word_ix, uint64_t word)
{
    uint32_t first = word_ix % (SEARCH_CHUNK / 64) * 64;

    if (first == 0) {
        handful_flush(a, h);
        a->base = word_ix * 64;
    }
    for (; word; word &= word - 1)
        h->docs[h->n++] = (uint16_t)(first + (unsigned)__builtin_ctzll(word));
    if (h->n > SEARCH_WINDOW)
        handful_flush(a, h);
}

/* Add a heavy list's prepared counts. */
static void
add_prepared(struct ask *a, const struct cursor *c)
{
    const uint32_t *from = c->counts;

    a->total += c->n_all;
    for (unsigned d = 0; d < a->index->header->schema.n_dims; d++) {
        uint32_t n = a->index->dims[d].n_values, *counts = a->counts[a->segment][d];
        for (uint32_t v = 0; a->query->facet_dims >> d & 1 && v < n; v++)
            counts[v] += from[v];
        from += n;
    }
}

/* Count a heavy list's documents one by one, where a mask has left few; then they are seen. */
static void
add_masked(struct ask *a, const struct cursor *c, uint64_t *seen)
{
    uint32_t n_words = a->index->n_docs / 64 + 1;
    struct handful new = {.n = 0, .one = 1};

    for (uint32_t w = 0; w < n_words; w++) {
        handful_word(a, &new, w, ~seen[w] & c->bits[w]);
        seen[w] |= c->bits[w];
    }
    handful_flush(a, &new);
}

/* Add a heavy list, less what was seen before; then it is seen too. */
static void
add_heavy(struct ask *a, const struct cursor *c, uint64_t *seen)
{
    uint32_t n_words = a->index->n_docs / 64 + 1;
    struct handful again = {.n = 0, .one = UINT32_MAX};

    if (a->masked) {
        add_masked(a, c, seen);
        return;
    }
    add_prepared(a, c);
    for (uint32_t w = 0; w < n_words; w++) {
        handful_word(a, &again, w, seen[w] & c->bits[w]);
        seen[w] |= c->bits[w];
    }
    handful_flush(a, &again);
}

/* Count a list's documents that were not seen before. */
static void
add_light(struct ask *a, const struct cursor *c, uint64_t *seen)
{
    const struct search_index *ix = a->index;
    uint16_t new[SEARCH_WINDOW + 1];

    for (uint32_t run = c->run; run < c->run_end; run++) {
        uint64_t *here = seen + (size_t)ix->run_chunk[run] * (SEARCH_CHUNK / 64);
        uint32_t n = 0;
        a->base = (uint32_t)ix->run_chunk[run] * SEARCH_CHUNK;
        for (uint32_t p = ix->run_post[run]; p < ix->run_post[run + 1]; p++) {
            uint32_t doc = ix->post_doc[p];
            uint64_t old = here[doc / 64], bit = UINT64_C(1) << (doc % 64);
            new[n] = (uint16_t)doc;
            n += !(old & bit);
            here[doc / 64] = old | bit;
            if (n == SEARCH_WINDOW) {
                search_count_docs(a, new, n, 1);
                n = 0;
            }
        }
        search_count_docs(a, new, n, 1);
    }
}

bool
search_count_any(struct ask *a, const struct group *groups, unsigned n)
{
    size_t n_words = (size_t)a->index->n_docs / 64 + 1;
    uint64_t *seen = RG_ARRAY(a->ctx->arena, uint64_t, n_words);

    if (!seen)
        return false;
    a->seen = seen;
    if (a->dead) /* the dead count as met before */
        memcpy(seen, a->dead, n_words * sizeof *seen);
    for (int heavy = 1; heavy >= 0; heavy--)
        for (unsigned g = 0; g < n; g++)
            for (unsigned i = 0; i < groups[g].n; i++) {
                const struct cursor *c = &groups[g].alternatives[i];
                if (heavy && c->bits)
                    add_heavy(a, c, seen);
                else if (!heavy && !c->bits)
                    add_light(a, c, seen);
            }
    return true;
}

void
search_count_all(struct ask *a, const struct group *groups, unsigned n)
{
    uint32_t n_words = a->index->n_docs / 64 + 1;
    struct handful all = {.n = 0, .one = 1};

    for (uint32_t w = 0; w < n_words; w++) {
        uint64_t word = a->dead ? ~a->dead[w] : UINT64_MAX;
        for (unsigned g = 0; g < n; g++)
            word &= groups[g].alternatives[0].bits[w];
        handful_word(a, &all, w, word);
    }
    handful_flush(a, &all);
}

void
search_count_one(struct ask *a, const struct cursor *c)
{
    const struct search_index *ix = a->index;

    if (c->bits && !a->masked) {
        struct handful dead = {.n = 0, .one = UINT32_MAX};
        add_prepared(a, c);
        for (uint32_t w = 0; a->dead && w < ix->n_docs / 64 + 1; w++)
            handful_word(a, &dead, w, a->dead[w] & c->bits[w]);
        handful_flush(a, &dead);
        return;
    }
    for (uint32_t run = c->run; run < c->run_end; run++) {
        uint32_t p = ix->run_post[run], end = ix->run_post[run + 1];
        a->base = (uint32_t)ix->run_chunk[run] * SEARCH_CHUNK;
        for (uint32_t n; p < end; p += n) {
            n = end - p < SEARCH_WINDOW ? end - p : SEARCH_WINDOW;
            search_count_alive(a, ix->post_doc + p, n);
        }
    }
}
