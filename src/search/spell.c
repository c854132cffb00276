/* Terms like this one: by beginning, and by spelling.
 *
 * Spelling walks the sorted dictionary as if it were a trie: neighbours share their beginning,
 * so they share the states of the automaton, and a beginning from which no end can be reached
 * is skipped with all its terms by one search. No second index is kept.
 * Letters beyond ASCII count as the bytes they have, which folding has made rare.            */
#include "search/index_priv.h"

enum {
    SPELL_LONG = 8, /* letters from which two edits are likely to be the same word */
    SPELL_EDITS_MAX = 2,
};

/* The best suggestions so far, sorted; at most n_max. */
struct shortlist {
    struct search_suggestion *items;
    size_t n, n_max;
};

static bool
better(const struct search_suggestion *a, const struct search_suggestion *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    if (a->n_docs != b->n_docs)
        return a->n_docs > b->n_docs;
    return str_cmp(a->term, b->term) < 0;
}

static void
shortlist_offer(struct shortlist *list, struct search_suggestion s)
{
    size_t i = list->n;

    if (list->n_max == 0 || (i == list->n_max && !better(&s, &list->items[i - 1])))
        return;
    if (i < list->n_max)
        list->n++;
    else
        i--;
    for (; i > 0 && better(&s, &list->items[i - 1]); i--)
        list->items[i] = list->items[i - 1];
    list->items[i] = s;
}

static enum rg_err
shortlist_init(struct rg_ctx *ctx, struct shortlist *list, size_t n_max)
{
    list->n = 0;
    list->n_max = n_max < SEARCH_QUERY_ALTERNATIVES_MAX ? n_max : SEARCH_QUERY_ALTERNATIVES_MAX;
    list->items = RG_ARRAY(ctx->arena, struct search_suggestion, list->n_max);
    return list->items ? RG_OK : RG_NO_MEMORY(ctx);
}

/* Offer a term of a segment, counted over all segments, once. */
static void
offer_term(const struct search_snapshot *s, unsigned segment, uint32_t t, unsigned distance,
           struct shortlist *list)
{
    struct str term = search_index_term(s->segments[segment].index, t);
    uint32_t other;

    for (unsigned i = 0; i < segment; i++)
        if (search_index_find_term(s->segments[i].index, term, &other))
            return;
    shortlist_offer(list,
                    (struct search_suggestion){term, search_term_docs(s, term), distance});
}

enum rg_err
search_prefix(struct rg_ctx *ctx, const struct search_snapshot *s, struct str prefix,
              size_t n_max, const struct search_suggestion **ret, size_t *ret_n)
{
    struct shortlist list;
    enum rg_err err = shortlist_init(ctx, &list, n_max);

    if (err)
        return err;
    for (unsigned i = 0; i < s->n_segments; i++) {
        const struct search_index *ix = s->segments[i].index;
        uint32_t first = search_index_lower(ix, prefix), t = first;
        for (; t < ix->n_terms && t - first < SEARCH_EXPAND_SCAN_MAX; t++) {
            if (!str_starts(search_index_term(ix, t), prefix))
                break;
            offer_term(s, i, t, 0, &list);
        }
    }
    *ret = list.items;
    *ret_n = list.n;
    return RG_OK;
}

/* The Levenshtein automaton of a word, bounded to two edits, run bit-parallel (Wu and Manber 1992;
 * the swap of neighbours after Hyyro 2003). Bit i of state[k] says: with at most k edits, what
 * was read of the term is the first i bytes of the word. Edits only add states, so when the
 * last row is empty no continuation can match.                                               */
struct speller {
    struct str word;
    unsigned max;
    uint64_t inside; /* bits 0 … word.n */
    uint64_t is[256]; /* bit i + 1: the word's byte i is this one */
    uint64_t states[SEARCH_TERM_MAX + 1][SPELL_EDITS_MAX + 1]; /* after i bytes of the term */
};

static void
speller_init(struct speller *sp, struct str word)
{
    memset(sp, 0, sizeof *sp);
    sp->word = word;
    sp->max = word.n >= SPELL_LONG ? 2 : 1;
    sp->inside = (UINT64_C(2) << word.n) - 1;
    for (size_t i = 0; i < word.n; i++)
        sp->is[(unsigned char)word.p[i]] |= UINT64_C(2) << i;
    for (unsigned k = 0; k <= sp->max; k++)
        sp->states[0][k] = ((UINT64_C(2) << k) - 1) & sp->inside;
}

/* Read the term's i-th byte (from 1); false when nothing can match any more. */
static bool
speller_step(struct speller *sp, struct str term, size_t i)
{
    const uint64_t *old = sp->states[i - 1];
    uint64_t *new = sp->states[i];
    uint64_t is = sp->is[(unsigned char)term.p[i - 1]];

    new[0] = old[0] << 1 & is;
    for (unsigned k = 1; k <= sp->max; k++) {
        new[k] = (old[k] << 1 & is)  /* the same                     */
                 | old[k - 1] << 1   /* another byte                 */
                 | old[k - 1]        /* a byte too many in the term  */
                 | new[k - 1] << 1;  /* one too few                  */
        if (i > 1) /* two exchanged */
            new[k] |= sp->states[i - 2][k - 1] << 2
                      & sp->is[(unsigned char)term.p[i - 2]] & is << 1;
        new[k] &= sp->inside;
    }
    return new[sp->max] != 0;
}

/* Edits between the word and a term read to its end; more than max if it is none of those. */
static unsigned
speller_distance(const struct speller *sp, size_t n)
{
    unsigned k = 0;

    while (k <= sp->max && !(sp->states[n][k] >> sp->word.n & 1))
        k++;
    return k;
}

/* The first term after t that does not begin with these bytes, by doubling steps: it is
 * seldom far. Always forward, whatever bytes a file holds.                                   */
static uint32_t
after_prefix(const struct search_index *ix, uint32_t t, struct str prefix)
{
    uint32_t low = t, step = 1, high;

    while (ix->n_terms - low > step && str_starts(search_index_term(ix, low + step), prefix)) {
        low += step;
        step *= 2;
    }
    high = ix->n_terms - low > step ? low + step : ix->n_terms;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (str_starts(search_index_term(ix, mid), prefix))
            low = mid;
        else
            high = mid;
    }
    return high;
}

static void
spell_segment(const struct search_snapshot *s, unsigned segment, struct speller *sp,
              struct shortlist *list)
{
    const struct search_index *ix = s->segments[segment].index;
    struct str last = {"", 0};
    size_t n_read = 0; /* bytes of last that the states stand for */

    for (uint32_t t = 0, steps = 0; t < ix->n_terms && steps < SEARCH_EXPAND_SCAN_MAX;
         steps++) {
        struct str term = search_index_term(ix, t);
        size_t i = 0, shared = last.n < n_read ? last.n : n_read;
        bool alive = true;
        while (i < shared && i < term.n && term.p[i] == last.p[i])
            i++;
        for (; i < term.n && alive; i++)
            alive = speller_step(sp, term, i + 1);
        last = term;
        n_read = i;
        if (!alive) {
            t = after_prefix(ix, t, str_n(term.p, i));
            continue;
        }
        unsigned distance = speller_distance(sp, term.n);
        if (distance > 0 && distance <= sp->max)
            offer_term(s, segment, t, distance, list);
        t++;
    }
}

enum rg_err
search_spell(struct rg_ctx *ctx, const struct search_snapshot *s, struct str term, size_t n_max,
             const struct search_suggestion **ret, size_t *ret_n)
{
    struct shortlist list;
    struct speller *sp = RG_NEW(ctx->arena, struct speller);
    enum rg_err err = shortlist_init(ctx, &list, n_max);

    if (err || !sp)
        return RG_NO_MEMORY(ctx);
    if (term.n > 0 && term.n <= SEARCH_TERM_MAX) {
        speller_init(sp, term);
        for (unsigned i = 0; i < s->n_segments; i++)
            spell_segment(s, i, sp, &list);
    }
    *ret = list.items;
    *ret_n = list.n;
    return RG_OK;
}
