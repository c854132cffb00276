/* Terms like this one: by beginning, and by spelling.
 *
 * Spelling walks the sorted dictionary as if it were a trie: neighbours share their beginning,
 * so they share the rows of the edit-distance table, and a beginning that is already too far
 * from the word is skipped with all its terms by one binary search. No second index is kept.
 * Letters beyond ASCII count as the bytes they have, which folding has made rare.            */
#include "search/index_priv.h"

enum { SPELL_LONG = 8 /* letters from which two edits are likely to be the same word */ };

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

struct speller {
    struct str word;
    unsigned max;
    /* rows[i][j]: edits between the first i bytes of the term and the first j of the word */
    uint8_t rows[SEARCH_TERM_MAX + 1][SEARCH_TERM_MAX + 1];
};

/* Fill the row for the term's i-th byte (from 1); the least edits in it. */
static unsigned
speller_row(struct speller *sp, struct str term, size_t i)
{
    uint8_t *row = sp->rows[i], *above = sp->rows[i - 1];
    unsigned least;

    row[0] = (uint8_t)i;
    least = row[0];
    for (size_t j = 1; j <= sp->word.n; j++) {
        bool same = term.p[i - 1] == sp->word.p[j - 1];
        unsigned d = above[j - 1] + !same;
        d = above[j] + 1u < d ? above[j] + 1u : d;
        d = row[j - 1] + 1u < d ? row[j - 1] + 1u : d;
        if (i > 1 && j > 1 && !same && term.p[i - 1] == sp->word.p[j - 2]
            && term.p[i - 2] == sp->word.p[j - 1] && sp->rows[i - 2][j - 2] + 1u < d)
            d = sp->rows[i - 2][j - 2] + 1u;
        row[j] = (uint8_t)d;
        least = d < least ? d : least;
    }
    return least;
}

/* The first term that does not begin with these bytes, all terms before it doing so or
 * smaller.                                                                                   */
static uint32_t
after_prefix(const struct search_index *ix, struct str prefix)
{
    char bytes[SEARCH_TERM_MAX + 1];

    memcpy(bytes, prefix.p, prefix.n);
    bytes[prefix.n] = '\xFF'; /* above every byte of UTF-8 */
    return search_index_lower(ix, str_n(bytes, prefix.n + 1));
}

static void
spell_segment(const struct search_snapshot *s, unsigned segment, struct speller *sp,
              struct shortlist *list)
{
    const struct search_index *ix = s->segments[segment].index;
    struct str last = {"", 0};
    size_t n_rows = 0; /* rows that stand for the beginning of last */

    for (uint32_t t = 0, steps = 0; t < ix->n_terms && steps < SEARCH_EXPAND_SCAN_MAX;
         steps++) {
        struct str term = search_index_term(ix, t);
        size_t i = 0, shared = last.n < n_rows ? last.n : n_rows;
        unsigned least = 0;
        while (i < shared && i < term.n && term.p[i] == last.p[i])
            i++;
        for (; i < term.n && least <= sp->max; i++)
            least = speller_row(sp, term, i + 1);
        last = term;
        n_rows = i;
        if (least > sp->max) {
            uint32_t next = after_prefix(ix, str_n(term.p, i));
            t = next > t ? next : t + 1; /* always forward, whatever bytes a file holds */
            continue;
        }
        unsigned distance = sp->rows[term.n][sp->word.n];
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
    *sp = (struct speller){.word = term, .max = term.n >= SPELL_LONG ? 2 : 1};
    for (size_t j = 0; j <= SEARCH_TERM_MAX; j++)
        sp->rows[0][j] = (uint8_t)j;
    if (term.n > 0 && term.n <= SEARCH_TERM_MAX)
        for (unsigned i = 0; i < s->n_segments; i++)
            spell_segment(s, i, sp, &list);
    *ret = list.items;
    *ret_n = list.n;
    return RG_OK;
}
