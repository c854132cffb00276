/* The piece of a service's own text in which the words of a question stand, for results that were
 * found by their words. Pieces are plain texts, some of them to be stressed: the template escapes
 * each, so that no markup can come out of a record.                                            */
#include "finder/page.h"

enum { SNIPPET_BYTES = 220 };

static bool
by_words(const struct finder_hit *hit)
{
    for (size_t i = 0; i < hit->n_reasons; i++)
        if (hit->reasons[i] == FINDER_WHY_WORDS)
            return true;
    return false;
}

static enum rg_err
terms_read(struct rg_ctx *ctx, struct search_analyser *an, struct str text, struct str **ret,
           size_t *ret_n)
{
    const struct search_token *tokens;
    size_t n, n_terms = 0;
    enum rg_err err = search_analyse(ctx, an, SEARCH_IT, 0, text, &tokens, &n);
    if (err != RG_OK)
        return err;
    struct str *terms = RG_ARRAY(ctx->arena, struct str, n);
    if (!terms)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n; i++)
        if (!tokens[i].is_stop)
            terms[n_terms++] = tokens[i].term;
    *ret = terms;
    *ret_n = n_terms;
    return RG_OK;
}

static void
bit_add(struct finder_hit_view *view, struct str text, bool mark)
{
    if (text.n > 0 && view->n_bits < FINDER_BITS_MAX)
        view->bits[view->n_bits++] = (struct finder_bit){text, mark};
}

static void
bits_fill(struct finder_hit_view *view, struct str text, const struct search_snippet *s)
{
    size_t at = s->from, end = s->from + s->n;
    if (s->more_before)
        bit_add(view, STR("… "), false);
    for (size_t i = 0; i < s->n_marks; i++) {
        if (view->n_bits + 3 > FINDER_BITS_MAX)
            break; /* the rest is shown without stress */
        bit_add(view, str_n(text.p + at, s->marks[i].from - at), false);
        bit_add(view, str_n(text.p + s->marks[i].from, s->marks[i].n), true);
        at = s->marks[i].from + s->marks[i].n;
    }
    bit_add(view, str_n(text.p + at, end - at), false);
    if (s->more_after)
        bit_add(view, STR(" …"), false);
}

static enum rg_err
snippet_fill(struct rg_ctx *ctx, struct search_analyser *an, const struct str *terms,
             size_t n_terms, struct finder_hit_view *view)
{
    struct network_service service;
    struct search_snippet snippet;
    const struct rg_jv *doc;
    enum rg_err err = network_service_get(ctx, (service_id){view->id}, &service);
    if (err == RG_ABSENT) { /* removed a moment ago: the line stays as the index has it */
        ctx->story = (struct rg_story){0};
        return RG_OK;
    }
    if (err != RG_OK)
        return err;
    if (!rg_jv_parse(ctx->arena, service.doc, &doc))
        return RG_OK;
    struct str text = rg_jv_get_str(ctx->arena, doc, "description");
    if (text.n == 0)
        return RG_OK;
    err = search_snippet(ctx, an, SEARCH_IT, text, terms, n_terms, SNIPPET_BYTES, &snippet);
    if (err == RG_OK && snippet.n_marks > 0)
        bits_fill(view, text, &snippet);
    return err;
}

enum rg_err
finder_snippets(struct rg_ctx *ctx, const struct finder_question *q, const struct finder_answer *a,
                struct finder_hit_view *views)
{
    struct search_analyser *an = NULL;
    struct str *terms = NULL;
    size_t n_terms = 0;
    enum rg_err err = RG_OK;
    for (size_t i = 0; i < a->n_hits && err == RG_OK && q->text.n > 0; i++) {
        if (!by_words(&a->hits[i]))
            continue;
        if (!an) {
            an = search_analyser_new();
            err = an ? terms_read(ctx, an, q->text, &terms, &n_terms) : RG_NO_MEMORY(ctx);
        }
        if (err == RG_OK)
            err = snippet_fill(ctx, an, terms, n_terms, &views[i]);
    }
    search_analyser_free(an);
    return err;
}
