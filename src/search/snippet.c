/* The piece of a text that shows why it was found.
 *
 * One window slides over the words that are terms: from each of them as far as the bytes allow.
 * The best is then given room: half of what is left over before its first term, the rest
 * after its last.                                                                            */
#include "search/search.h"

enum { SNIPPET_TERMS_MAX = 64, NO_TERM = UINT8_MAX };

struct word {
    size_t from, end;
    uint8_t term; /* which, or NO_TERM */
};

struct piece { /* words from begin, end excluded */
    size_t begin, end, n_different, n_terms;
};

static uint8_t
term_of(const struct str *terms, size_t n_terms, struct str term)
{
    for (size_t i = 0; i < n_terms; i++)
        if (str_eq(terms[i], term))
            return (uint8_t)i;
    return NO_TERM;
}

static enum rg_err
read_words(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
           struct str text, const struct str *terms, size_t n_terms, struct word **ret,
           size_t *ret_n)
{
    struct search_token token;
    struct word *words;
    size_t n = 0, n_max = 0;

    search_analyse_begin(an, lang, SEARCH_KEEP_STOP, text);
    while (n_max < SEARCH_FIELD_TOKENS_MAX && search_analyse_next(an, &token))
        n_max++;
    words = RG_ARRAY(ctx->arena, struct word, n_max);
    if (!words)
        return RG_NO_MEMORY(ctx);
    search_analyse_begin(an, lang, SEARCH_KEEP_STOP, text);
    while (n < n_max && search_analyse_next(an, &token))
        words[n++] = (struct word){token.from, token.from + token.n,
                                   term_of(terms, n_terms, token.term)};
    *ret = words;
    *ret_n = n;
    return RG_OK;
}

/* The window that begins and ends at terms and shows most; none: no words. */
static struct piece
best_window(const struct word *words, size_t n, size_t n_bytes_max)
{
    struct piece best = {0}, here = {0};
    uint32_t seen[SNIPPET_TERMS_MAX] = {0};

    for (size_t i = 0; i < n; i++) { /* here.end runs ahead: everything before it fits */
        if (here.end < i)
            here.end = i;
        for (; here.end < n && words[here.end].end - words[i].from <= n_bytes_max; here.end++)
            if (words[here.end].term != NO_TERM) {
                here.n_different += seen[words[here.end].term]++ == 0;
                here.n_terms++;
            }
        here.begin = i;
        if (words[i].term == NO_TERM)
            continue;
        if (here.end > i && (here.n_different > best.n_different
                             || (here.n_different == best.n_different
                                 && here.n_terms > best.n_terms)))
            best = here;
        if (here.end > i) {
            here.n_different -= --seen[words[i].term] == 0;
            here.n_terms--;
        }
    }
    while (best.end > best.begin && words[best.end - 1].term == NO_TERM)
        best.end--;
    return best;
}

/* Whole words on both sides, as many as fit. */
static void
give_room(const struct word *words, size_t n, size_t n_bytes_max, struct piece *p)
{
    size_t used = p->end > p->begin ? words[p->end - 1].end - words[p->begin].from : 0;
    size_t before = (n_bytes_max - used) / 2, first = p->begin;

    while (p->begin > 0 && p->end > first
           && words[first].from - words[p->begin - 1].from <= before)
        p->begin--;
    while (p->end < n && words[p->end].end - words[p->begin].from <= n_bytes_max)
        p->end++;
}

enum rg_err
search_snippet(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
               struct str text, const struct str *terms, size_t n_terms, size_t n_bytes_max,
               struct search_snippet *ret_snippet)
{
    struct search_snippet s = {0};
    struct search_mark *marks;
    struct word *words = NULL;
    struct piece p;
    size_t n = 0;
    enum rg_err err;

    n_terms = n_terms < SNIPPET_TERMS_MAX ? n_terms : SNIPPET_TERMS_MAX;
    err = read_words(ctx, an, lang, text, terms, n_terms, &words, &n);
    if (err)
        return err;
    p = best_window(words, n, n_bytes_max);
    give_room(words, n, n_bytes_max, &p);
    if (text.n <= n_bytes_max) {
        s.n = text.n;
        p = (struct piece){.begin = 0, .end = n};
    } else if (p.end > p.begin) {
        s.from = words[p.begin].from;
        s.n = words[p.end - 1].end - s.from;
    }
    s.more_before = s.from > 0 && p.begin > 0;
    s.more_after = text.n > n_bytes_max && p.end < n;
    marks = RG_ARRAY(ctx->arena, struct search_mark, p.end - p.begin);
    if (!marks)
        return RG_NO_MEMORY(ctx);
    for (size_t i = p.begin; i < p.end; i++)
        if (words[i].term != NO_TERM)
            marks[s.n_marks++] = (struct search_mark){words[i].from,
                                                      words[i].end - words[i].from};
    s.marks = marks;
    *ret_snippet = s;
    return RG_OK;
}
