/* A person's words, hostile: analyse in every language, split, correct, complete and ask. */
#include "search/search.h"

#include <stdlib.h>
#include <unistd.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rg_ctx ctx;
static struct search_analyser *an;
static struct search_live *live;

static uint32_t
known(void *arg, struct str term)
{
    return search_term_docs(arg, term);
}

static void
set_up(void)
{
    static const struct search_schema schema = {
        .n_fields = 2, .n_dims = 1, .listed = 1, .k1 = 1.2f, .fields = {{5, 0.3f}, {1, 0.75f}},
    };
    static const char *const texts[] = {"bonus affitto casa", "cerco lavoro", "medico di base",
                                        "scuola dell'infanzia", "affitto e casa popolare"};
    struct search_builder *b;
    struct search_index *ix;
    char path[64];

    snprintf(path, sizeof path, "/tmp/search_query_fuzz.%d.idx", (int)getpid());
    an = search_analyser_new();
    RG_ASSERT(an && rg_ctx_init(&ctx, 4 << 20) == RG_OK);
    RG_ASSERT(search_builder_new(&ctx, &schema, 1 << 20, &b) == RG_OK);
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        struct str text = str_of(texts[i]);
        struct search_doc doc = {.key = (int64_t)i, .text = {text, text}};
        RG_ASSERT(search_builder_add(&ctx, b, 1, &doc) == RG_OK);
    }
    RG_ASSERT(search_builder_write(&ctx, b, 1, path) == RG_OK);
    RG_ASSERT(search_index_open(&ctx, path, &ix) == RG_OK);
    RG_ASSERT(search_live_new(&ctx, ix, &live) == RG_OK);
    search_builder_free(b);
    unlink(path);
}

static void
ask(const struct search_snapshot *s, const struct search_token *tokens, size_t n)
{
    struct search_alternative alternatives[SEARCH_QUERY_TERMS_MAX];
    struct search_term terms[SEARCH_QUERY_TERMS_MAX];
    struct search_query q = {.terms = terms, .k = 5, .facet_dims = 1};
    struct search_result r;

    for (size_t i = 0; i < n && i < SEARCH_QUERY_TERMS_MAX; i++) {
        const struct search_suggestion *list;
        struct str halves[2];
        size_t n_list;
        alternatives[i] = (struct search_alternative){tokens[i].term, 1};
        terms[q.n_terms++] = (struct search_term){&alternatives[i], 1, 1};
        if (i >= 4)
            continue;
        RG_ASSERT(search_spell(&ctx, s, tokens[i].term, 4, &list, &n_list) == RG_OK);
        RG_ASSERT(search_prefix(&ctx, s, tokens[i].word, 4, &list, &n_list) == RG_OK);
        search_split_glued(an, SEARCH_IT, tokens[i].word, known, (void *)(uintptr_t)s, halves);
    }
    RG_ASSERT(search_ask(&ctx, s, &q, &r) == RG_OK);
    const struct search_phrase phrases[] = {{.n = 1, .add = 1}, {.n = 2, .within = 3},
                                            {.n = 2, .required = true}};
    q.phrases = phrases;
    q.n_phrases = q.n_terms >= 2 ? 3 : 0;
    RG_ASSERT(search_ask(&ctx, s, &q, &r) == RG_OK);
}

/* Stress what the first words are, wherever they stand. */
static void
cut_piece(enum search_lang lang, struct str text, const struct search_token *tokens, size_t n)
{
    struct str terms[3];
    struct search_snippet piece;
    size_t n_terms = n < 3 ? n : 3;

    for (size_t i = 0; i < n_terms; i++)
        terms[i] = tokens[i].term;
    for (size_t max = 0; max < 300; max += 37) {
        RG_ASSERT(search_snippet(&ctx, an, lang, text, terms, n_terms, max, &piece) == RG_OK);
        RG_ASSERT(piece.n <= max && piece.from + piece.n <= text.n);
        RG_ASSERT(!str_utf8_ok(text) || str_utf8_ok(str_n(text.p + piece.from, piece.n)));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    const struct search_snapshot *s;

    if (!an)
        set_up();
    if (size > 64 * 1024)
        return 0;
    s = search_acquire(live);
    for (int lang = 0; lang < SEARCH_LANG__MAX; lang++) {
        const struct search_token *tokens;
        size_t n;
        rg_arena_reset(ctx.arena);
        RG_ASSERT(search_analyse(&ctx, an, (enum search_lang)lang,
                                 lang % 2 ? SEARCH_KEEP_STOP : 0, text, &tokens, &n) == RG_OK);
        for (size_t i = 0; i < n; i++) {
            RG_ASSERT(tokens[i].term.n > 0 && tokens[i].term.n <= SEARCH_TERM_MAX);
            RG_ASSERT(tokens[i].n > 0 && tokens[i].from + tokens[i].n <= size);
            RG_ASSERT(i == 0 || tokens[i].from >= tokens[i - 1].from + tokens[i - 1].n);
            RG_ASSERT(!str_utf8_ok(text) || str_utf8_ok(tokens[i].word));
        }
        ask(s, tokens, n);
        cut_piece((enum search_lang)lang, text, tokens, n);
    }
    search_release(live, s);
    return 0;
}
