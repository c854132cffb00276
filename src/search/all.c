/* Documents that have every word, one list a word: the shortest list leads, the others are asked.
 *
 * A heavy list is asked by its bits, another by galloping. What a heavy list adds is looked for
 * only when the document can still enter the top, and blocks of the leading list that cannot
 * are passed over whole.                                                                     */
#include "search/ask_priv.h"

struct walk {
    struct group *groups;
    unsigned n, n_light;      /* groups before n_light are not heavy */
    uint64_t rest, rest_heavy; /* the most that groups from 1 on, and the heavy ones, add */
    bool count, must_visit;
    uint16_t matches[SEARCH_WINDOW];
    uint32_t n_matches;
};

/* Ask the others about a document of the leading list: -1, it is not in all of them; 0, it is
 * and cannot enter; 1, it is, and ret_text is what it is worth.                              */
static int
ask_others(struct ask *a, struct walk *w, uint32_t doc, uint32_t *ret_text)
{
    uint32_t text = *ret_text, full = a->base + doc;
    int64_t add;
    bool prune = a->query->order == SEARCH_BY_SCORE && !w->must_visit;

    for (unsigned g = w->n_light; g < w->n; g++)
        if (g && !(w->groups[g].alternatives[0].bits[full / 64] >> (full % 64) & 1))
            return -1;
    for (unsigned g = 1; g < w->n_light; g++) {
        struct cursor *c = &w->groups[g].alternatives[0];
        c->at = search_gallop(c->doc, c->at, c->n, doc);
        if (c->at == c->n || c->doc[c->at] != doc)
            return -1;
        text += search_contribution(c->factor, c->impact[c->at]);
    }
    if (prune && !search_may_enter(a, text + w->rest_heavy))
        return 0;
    if (a->required && !search_phrases_say(a, full, &add))
        return -1; /* search_collect asks again, of the few that are left */
    for (unsigned g = w->n_light ? w->n_light : 1; g < w->n; g++) {
        struct cursor *c = &w->groups[g].alternatives[0];
        c->at = search_gallop(c->doc, c->at, c->n, doc);
        if (c->at < c->n && c->doc[c->at] == doc) /* always, if the file's bits are true */
            text += search_contribution(c->factor, c->impact[c->at]);
    }
    *ret_text = text;
    return 1;
}

static void
count_matches(struct ask *a, struct walk *w)
{
    search_count_alive(a, w->matches, w->n_matches);
    w->n_matches = 0;
}

static void
walk_block(struct ask *a, struct walk *w, uint32_t from, uint32_t to)
{
    const struct cursor *lead = &w->groups[0].alternatives[0];
    bool visit = w->count || w->must_visit;

    for (uint32_t p = from; p < to; p++) {
        uint32_t doc = lead->doc[p], text = search_contribution(lead->factor, lead->impact[p]);
        int said;
        if (!visit && !search_may_enter(a, text + w->rest))
            continue;
        said = ask_others(a, w, doc, &text);
        if (said < 0)
            continue;
        if (w->count) {
            w->matches[w->n_matches++] = (uint16_t)doc;
            if (w->n_matches == SEARCH_WINDOW)
                count_matches(a, w);
            if (said && !search_is_dead(a, a->base + doc))
                search_rank(a, a->base + doc, text, -1);
        } else if (said && (w->must_visit || search_may_enter(a, text))) {
            search_collect(a, a->base + doc, text);
        }
    }
}

static void
walk_chunk(struct ask *a, struct walk *w)
{
    const struct cursor *lead = &w->groups[0].alternatives[0];
    bool visit = w->count || w->must_visit;

    for (unsigned g = 0; g < w->n; g++)
        search_cursor_enter(a, &w->groups[g].alternatives[0]);
    for (unsigned g = 1; g < w->n; g++)
        if (w->groups[g].alternatives[0].n == 0)
            return;
    for (uint32_t p = 0; p < lead->n; p += SEARCH_BLOCK) {
        uint32_t most = search_contribution(lead->factor, lead->block_max[p / SEARCH_BLOCK]);
        if (visit || search_may_enter(a, most + w->rest))
            walk_block(a, w, p, lead->n - p < SEARCH_BLOCK ? lead->n : p + SEARCH_BLOCK);
    }
    if (w->n_matches)
        count_matches(a, w);
}

void
search_walk_all(struct ask *a, struct group *groups, unsigned n)
{
    struct walk w = {.groups = groups, .n = n, .n_light = n,
                     .count = a->exhaustive && a->plain, .must_visit = a->exhaustive};

    a->ascending = a->segment == 0; /* a delta's keys lie anywhere */
    for (unsigned g = n; g-- > 0 && groups[g].alternatives[0].bits;)
        w.n_light = g;
    for (unsigned g = 1; g < n; g++) {
        w.rest += groups[g].alternatives[0].max;
        w.rest_heavy += g >= w.n_light ? groups[g].alternatives[0].max : 0;
    }
    if (w.count)
        w.must_visit = a->query->order != SEARCH_BY_SCORE;
    if (w.count && w.n_light == 0 && !w.must_visit) {
        search_count_all(a, groups, n);
        a->counted = true;
        w.count = false;
    }
    if (!a->exhaustive)
        a->total_is_exact = false;
    for (a->base = 0; a->base < a->index->n_docs; a->base += SEARCH_CHUNK)
        walk_chunk(a, &w);
}
