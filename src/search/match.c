/* Walking the postings: which documents have the words, and what the words are worth.
 *
 * Three roads. One list: count it (count.c), and rank only blocks that can still reach the top.
 * All words wanted, one list each: all.c. Everything else: windows of 2,048 documents,
 * accumulators added list by list; when only the top is wanted, because nobody asks for counts or
 * because count.c knows them, lists whose best in the window cannot lift a document into the
 * heap are only looked up (MaxScore, Turtle and Flood 1995, with block maxima per window as in
 * Mallia et al. 2017).
 *
 * Chunks of 65,536 documents are walked one after the other; within one, numbers are local.  */
#include "search/ask_priv.h"

enum { COUNT_SHARE = 64 /* from so long lists on, counting apart is worth a bit a document */ };

/* ---- Waiting their turn ----------------------------------------------------------------- */

/* What is read of a document lies anywhere, and waiting for it would be most of what a filter
 * costs: it is asked for when the document is met, and read when as many more have been.      */
enum { EXPECTED_MAX = 32 };

struct expected {
    uint32_t doc[EXPECTED_MAX], text[EXPECTED_MAX];
    uint32_t first, n;
};

static inline void
expect(struct ask *a, struct expected *e, uint32_t doc, uint32_t text)
{
    uint32_t at = (e->first + e->n) % EXPECTED_MAX;

    if (search_is_dead(a, doc))
        return;
    __builtin_prefetch(search_index_row(a->index, doc));
    __builtin_prefetch(a->index->doc_point + 2 * (size_t)doc);
    if (e->n == EXPECTED_MAX) {
        search_collect(a, e->doc[at], e->text[at]);
        e->first = (e->first + 1) % EXPECTED_MAX;
        e->n--;
    }
    e->doc[at] = doc;
    e->text[at] = text;
    e->n++;
}

static void
expected_end(struct ask *a, struct expected *e)
{
    for (; e->n > 0; e->n--, e->first = (e->first + 1) % EXPECTED_MAX)
        search_collect(a, e->doc[e->first], e->text[e->first]);
}

/* ---- Collected together ------------------------------------------------------------------ */

/* Kept by each thread, 40 KB: whoever collects a window leaves it as clean as it was found. */
struct window {
    uint32_t begin, end;
    uint32_t score[SEARCH_WINDOW]; /* 0: not touched; contributions are at least 1 */
    uint32_t best[SEARCH_WINDOW];  /* of one group's alternatives                  */
    uint8_t words[SEARCH_WINDOW];  /* groups present                               */
    uint16_t touched[SEARCH_WINDOW + 1], touched_best[SEARCH_WINDOW + 1]; /* see add_list */
    uint32_t n_touched;
    uint16_t match[SEARCH_WINDOW + 1];
    uint32_t match_score[SEARCH_WINDOW + 1];
};

/* Matches of the chunk at hand, gathered: alive, and nothing but the words decides. Count them in
 * one go, then rank those that can still enter.                                              */
static void
collect_matches(struct ask *a, const struct window *w, uint32_t n)
{
    bool prune = a->query->order == SEARCH_BY_SCORE;

    search_count_docs(a, w->match, n, 1);
    for (uint32_t i = 0; a->query->near && i < n; i++)
        __builtin_prefetch(a->index->doc_point + 2 * (size_t)(a->base + w->match[i]));
    for (uint32_t i = 0; i < n; i++)
        if (!prune || search_may_enter(a, w->match_score[i]))
            search_rank(a, a->base + w->match[i], w->match_score[i], -1);
}

/* ---- One list --------------------------------------------------------------------------- */

static void
walk_one_chunk(struct ask *a, const struct cursor *c)
{
    bool prune = a->query->order == SEARCH_BY_SCORE;

    for (uint32_t p = 0; p < c->n; p += SEARCH_BLOCK) {
        uint32_t end = c->n - p < SEARCH_BLOCK ? c->n : p + SEARCH_BLOCK;
        uint32_t most = search_contribution(c->factor, c->block_max[p / SEARCH_BLOCK]);
        if (prune && !search_may_enter(a, most))
            continue;
        for (uint32_t i = p; i < end; i++) {
            uint32_t text = search_contribution(c->factor, c->impact[i]);
            if (!prune || search_may_enter(a, text))
                search_collect(a, a->base + c->doc[i], text);
        }
    }
}

/* A mask has left few: one pass is enough. */
static void
walk_one_masked(struct ask *a, struct cursor *c, struct window *w)
{
    for (a->base = 0; a->base < a->index->n_docs; a->base += SEARCH_CHUNK) {
        const uint64_t *dead = a->dead + a->base / 64;
        uint32_t n = 0;
        search_cursor_enter(a, c);
        for (uint32_t p = 0; p < c->n; p++) {
            uint32_t doc = c->doc[p];
            w->match[n] = (uint16_t)doc;
            w->match_score[n] = search_contribution(c->factor, c->impact[p]);
            n += !(dead[doc / 64] >> (doc % 64) & 1);
            if (n == SEARCH_WINDOW) {
                collect_matches(a, w, n);
                n = 0;
            }
        }
        collect_matches(a, w, n);
    }
}

static void
walk_one(struct ask *a, struct cursor *c, struct window *w)
{
    bool every = !a->plain && a->exhaustive;
    struct expected e = {.n = 0};

    a->ascending = a->segment == 0; /* a delta's keys lie anywhere */
    if (a->masked && a->plain && a->exhaustive) {
        walk_one_masked(a, c, w);
        return;
    }
    if (a->plain) {
        search_count_one(a, c);
        a->counted = true;
    } else if (!every) {
        a->total_is_exact = false;
    }
    for (a->base = 0; a->base < a->index->n_docs; a->base += SEARCH_CHUNK) {
        search_cursor_enter(a, c);
        if (!every)
            walk_one_chunk(a, c);
        for (uint32_t p = 0; every && p < c->n; p++)
            expect(a, &e, a->base + c->doc[p], search_contribution(c->factor, c->impact[p]));
    }
    expected_end(a, &e);
}

static void
enter_chunk(const struct ask *a, struct group *groups, unsigned n)
{
    for (unsigned g = 0; g < n; g++)
        for (unsigned i = 0; i < groups[g].n; i++)
            search_cursor_enter(a, &groups[g].alternatives[i]);
}

/* ---- Windows ---------------------------------------------------------------------------- */

/* The first window from begin on in which matches are possible; false when there is none. */
static bool
window_next(struct group *groups, unsigned n, uint32_t from, bool all,
            uint32_t *ret_begin)
{
    uint32_t best = all ? 0 : UINT32_MAX;

    for (unsigned g = 0; g < n; g++) {
        uint32_t next = UINT32_MAX;
        for (unsigned i = 0; i < groups[g].n; i++) {
            struct cursor *c = &groups[g].alternatives[i];
            c->at = search_gallop(c->doc, c->at, c->n, from);
            if (c->at < c->n && c->doc[c->at] < next)
                next = c->doc[c->at];
        }
        if (all ? next > best : next < best)
            best = next;
    }
    *ret_begin = best / SEARCH_WINDOW * SEARCH_WINDOW;
    return best != UINT32_MAX;
}

/* The most a list can add to a document of the window. */
static uint32_t
window_bound(const struct cursor *c, uint32_t end)
{
    uint16_t max = 0;

    for (uint32_t p = c->at; p < c->n && c->doc[p] < end;
         p = (p / SEARCH_BLOCK + 1) * SEARCH_BLOCK)
        if (c->block_max[p / SEARCH_BLOCK] > max)
            max = c->block_max[p / SEARCH_BLOCK];
    return max ? search_contribution(c->factor, max) : 0;
}

/* Add a list's part of the window. The place of a document is written always and kept if new:
 * no branch to mispredict, and one spare place for the last write.                           */
static void
add_list(struct window *w, struct cursor *c)
{
    uint32_t p = c->at, n = w->n_touched;

    for (; p < c->n && c->doc[p] < w->end; p++) {
        uint32_t d = c->doc[p] - w->begin, old = w->score[d];
        w->touched[n] = (uint16_t)d;
        n += old == 0;
        w->score[d] = old + search_contribution(c->factor, c->impact[p]);
        w->words[d]++;
    }
    c->at = p;
    w->n_touched = n;
}

/* The same where only documents that have all n_before earlier words are of interest. */
static void
add_list_to_all(struct window *w, struct cursor *c, unsigned n_before)
{
    uint32_t p = c->at;

    for (; p < c->n && c->doc[p] < w->end; p++) {
        uint32_t d = c->doc[p] - w->begin, take = w->words[d] == n_before;
        w->score[d] += search_contribution(c->factor, c->impact[p]) & (0u - take);
        w->words[d] = (uint8_t)(w->words[d] + take);
    }
    c->at = p;
}

/* Add a group: alternatives compete within it, so they meet in a second set of accumulators. */
static void
add_group(struct window *w, struct group *g, bool all, unsigned n_before)
{
    uint32_t n = 0;

    if (g->n == 1 && (!all || n_before == 0)) {
        add_list(w, &g->alternatives[0]);
        return;
    }
    if (g->n == 1) {
        add_list_to_all(w, &g->alternatives[0], n_before);
        return;
    }
    for (unsigned i = 0; i < g->n; i++) {
        struct cursor *c = &g->alternatives[i];
        uint32_t p = c->at;
        for (; p < c->n && c->doc[p] < w->end; p++) {
            uint32_t d = c->doc[p] - w->begin, old = w->best[d];
            uint32_t now = search_contribution(c->factor, c->impact[p]);
            w->touched_best[n] = (uint16_t)d;
            n += old == 0;
            w->best[d] = now > old ? now : old;
        }
        c->at = p;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t d = w->touched_best[i];
        if (!all || w->words[d] == n_before) {
            w->touched[w->n_touched] = (uint16_t)d;
            w->n_touched += w->score[d] == 0;
            w->score[d] += w->best[d];
            w->words[d]++;
        }
        w->best[d] = 0;
    }
}

/* What a group adds to one document; cursors stand at the window. 0: nothing. */
static uint32_t
look_up(const struct group *g, uint32_t doc)
{
    uint32_t best = 0;

    for (unsigned i = 0; i < g->n; i++) {
        const struct cursor *c = &g->alternatives[i];
        uint32_t p = search_gallop(c->doc, c->at, c->n, doc), now;
        if (p == c->n || c->doc[p] != doc)
            continue;
        now = search_contribution(c->factor, c->impact[p]);
        best = now > best ? now : best;
    }
    return best;
}

/* Every match of the window is to be counted and nothing but the words decides. */
static void
window_collect_plain(struct ask *a, struct window *w, unsigned n_words)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < w->n_touched; i++) {
        uint32_t d = w->touched[i];
        bool match = w->words[d] >= n_words && !search_is_dead(a, a->base + w->begin + d);
        w->match[n] = (uint16_t)(w->begin + d);
        w->match_score[n] = w->score[d];
        n += match;
        w->score[d] = 0;
        w->words[d] = 0;
    }
    w->n_touched = 0;
    collect_matches(a, w, n);
}

/* Every match of the window is to be met. */
static void
window_collect_every(struct ask *a, struct window *w, struct expected *e, unsigned n_words)
{
    for (uint32_t i = 0; i < w->n_touched; i++) {
        uint32_t d = w->touched[i];
        if (w->words[d] >= n_words)
            expect(a, e, a->base + w->begin + d, w->score[d]);
        w->score[d] = 0;
        w->words[d] = 0;
    }
    w->n_touched = 0;
}

/* Hand over the documents of the window; groups before n_lookup are not in the scores yet. */
static void
window_collect(struct ask *a, struct window *w, struct group *groups, unsigned n_lookup,
               unsigned n_words)
{
    uint64_t rest = 0;

    for (unsigned g = 0; g < n_lookup; g++)
        rest += groups[g].bound;
    for (uint32_t i = 0; i < w->n_touched; i++) {
        uint32_t d = w->touched[i], text = w->score[d];
        uint64_t left = rest;
        unsigned words = w->words[d], g = n_lookup;
        w->score[d] = 0;
        w->words[d] = 0;
        while (g > 0 && search_may_enter(a, text + left)) {
            uint32_t more = look_up(&groups[--g], w->begin + d);
            left -= groups[g].bound;
            text += more;
            words += more != 0;
        }
        if (g == 0 && words >= n_words && search_may_enter(a, text))
            search_collect(a, a->base + w->begin + d, text);
    }
    w->n_touched = 0;
}

static void
order_by_bound(struct group *groups, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        for (unsigned j = i; j > 0 && groups[j].bound < groups[j - 1].bound; j--) {
            struct group swap = groups[j];
            groups[j] = groups[j - 1];
            groups[j - 1] = swap;
        }
}

static void
walk_windows(struct ask *a, struct group *groups, unsigned n, struct window *w,
             struct expected *e)
{
    bool all = a->n_match_min == a->query->n_terms && n > 1;
    bool every = a->exhaustive && !a->counted;
    uint32_t from = 0;

    while (window_next(groups, n, from, all, &w->begin)) {
        uint64_t bound = 0, low = 0;
        unsigned n_lookup = 0;
        RG_DEBUG_ASSERT(w->begin >= from);
        from = w->end = w->begin + SEARCH_WINDOW;
        for (unsigned g = 0; g < n; g++) {
            uint32_t group_bound = 0;
            for (unsigned i = 0; i < groups[g].n; i++) {
                struct cursor *c = &groups[g].alternatives[i];
                uint32_t here;
                c->at = search_gallop(c->doc, c->at, c->n, w->begin);
                here = every ? 0 : window_bound(c, w->end);
                group_bound = here > group_bound ? here : group_bound;
            }
            groups[g].bound = group_bound;
            bound += group_bound;
        }
        if (!every && !search_may_enter(a, bound))
            continue;
        if (!every && !all) {
            order_by_bound(groups, n);
            while (n_lookup + 1 < n && !search_may_enter(a, low + groups[n_lookup].bound))
                low += groups[n_lookup++].bound;
        }
        for (unsigned g = n_lookup; g < n; g++)
            add_group(w, &groups[g], all, g);
        if (every && a->plain)
            window_collect_plain(a, w, a->n_match_min);
        else if (every)
            window_collect_every(a, w, e, a->n_match_min);
        else
            window_collect(a, w, groups, n_lookup, a->n_match_min);
    }
}

/* ---- Few of many ------------------------------------------------------------------------ */

/* What a group adds to one document, asked in ascending order. */
static uint32_t
look_up_next(struct group *g, uint32_t doc)
{
    uint32_t best = 0;

    for (unsigned i = 0; i < g->n; i++) {
        struct cursor *c = &g->alternatives[i];
        uint32_t now;
        c->at = search_gallop(c->doc, c->at, c->n, doc);
        if (c->at == c->n || c->doc[c->at] != doc)
            continue;
        now = search_contribution(c->factor, c->impact[c->at]);
        best = now > best ? now : best;
    }
    return best;
}

static void
rank_seen(struct ask *a, struct group *groups, unsigned n, uint32_t doc, uint64_t most)
{
    uint32_t text = 0;
    unsigned g = 0;

    if (!search_may_be_near(a, a->base + doc, (double)most + (double)a->boost_max))
        return;
    for (; g < n && search_may_enter(a, text + most); g++) {
        text += look_up_next(&groups[g], doc);
        most -= groups[g].bound;
    }
    if (g == n)
        search_collect(a, a->base + doc, text);
}

/* A radius has left few of the documents that have any of the words, and they are counted
 * already: rank them one by one instead of walking the lists.                                */
static void
walk_seen(struct ask *a, struct group *groups, unsigned n)
{
    uint64_t most = 0;

    for (unsigned g = 0; g < n; g++) {
        groups[g].bound = 0;
        for (unsigned i = 0; i < groups[g].n; i++)
            if (groups[g].alternatives[i].max > groups[g].bound)
                groups[g].bound = groups[g].alternatives[i].max;
        most += groups[g].bound;
    }
    for (a->base = 0; a->base < a->index->n_docs; a->base += SEARCH_CHUNK) {
        uint32_t first = a->base / 64, end = a->index->n_docs / 64 + 1;
        enter_chunk(a, groups, n);
        end = end - first < SEARCH_CHUNK / 64 ? end : first + SEARCH_CHUNK / 64;
        for (uint32_t w = first; w < end; w++)
            for (uint64_t left = a->seen[w] & ~a->dead[w]; left; left &= left - 1)
                rank_seen(a, groups, n, (w - first) * 64 + (unsigned)__builtin_ctzll(left),
                          most);
    }
}

/* No words: whoever is alive. */
static void
walk_everything(struct ask *a)
{
    for (uint32_t first = 0; first < a->index->n_docs; first += 64) {
        uint32_t n = a->index->n_docs - first;
        uint64_t alive = a->dead ? ~a->dead[first / 64] : UINT64_MAX;
        alive &= n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
        for (; alive; alive &= alive - 1)
            search_collect(a, first + (unsigned)__builtin_ctzll(alive), 0);
    }
}

/* ---- Choosing the road ------------------------------------------------------------------ */

static void
order_by_length(struct group *groups, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        groups[i].bound = groups[i].n_postings;
    order_by_bound(groups, n);
}

static bool
single_lists(const struct group *groups, unsigned n)
{
    for (unsigned g = 0; g < n; g++)
        if (groups[g].n != 1)
            return false;
    return true;
}

/* Every match counted apart from the ranking, where that is cheaper. */
static bool
count_first(struct ask *a, const struct group *groups, unsigned n)
{
    uint64_t n_postings = 0;

    for (unsigned g = 0; g < n; g++)
        n_postings += groups[g].n_postings;
    if (!a->exhaustive || !a->plain || a->n_match_min > 1 || a->query->order != SEARCH_BY_SCORE
        || n_postings < a->index->n_docs / COUNT_SHARE)
        return true;
    a->counted = true;
    return search_count_any(a, groups, n);
}

bool
search_match_segment(struct ask *a)
{
    unsigned n = a->n_groups[a->segment];
    static _Thread_local struct window kept;
    struct window *w = &kept;
    struct expected e = {.n = 0};
    struct group *groups;

    if (a->query->n_terms == 0) {
        walk_everything(a);
        return true;
    }
    if (n < a->n_match_min || n == 0)
        return true;
    groups = a->groups[a->segment];
    if (n == 1 && groups[0].n == 1) {
        walk_one(a, &groups[0].alternatives[0], w);
        return true;
    }
    order_by_length(groups, n);
    if (a->n_match_min == a->query->n_terms && single_lists(groups, n)) {
        search_walk_all(a, groups, n);
        return true;
    }
    if (!count_first(a, groups, n))
        return false;
    if (a->counted && a->masked) {
        walk_seen(a, groups, n);
        return true;
    }
    if (!a->exhaustive)
        a->total_is_exact = false;
    for (a->base = 0; a->base < a->index->n_docs; a->base += SEARCH_CHUNK) {
        enter_chunk(a, groups, n);
        walk_windows(a, groups, n, w, &e);
    }
    expected_end(a, &e);
    return true;
}
