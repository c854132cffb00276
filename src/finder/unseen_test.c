/* How well sentences are understood that nothing was taught from: the sets in tests/finder. They
 * may not change, and none of their sentences may stand among the examples: a score that rises
 * because of that would flatter. Floors are a little below what was reached; who teaches more may
 * raise them, nobody lowers them to pass. Where danger is only likely, its lines come first more
 * quietly: recall is of all alarms, precision of those for danger plainly told.              */
#include "finder/kernel.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { ARENA_MAX = 128 << 20, FILE_MAX = 16 << 20, SETS = 6, EXPECTED_MAX = 4 };

static const struct set {
    const char *path;
    uint64_t hash;      /* of the file's bytes */
    size_t sentences;
    double hit1, hit3, recall, precision, quiet; /* floors; quiet: precision of all alarms */
} sets[SETS] = {
    {"tests/finder/unseen-first.jsonl", 0x25FE4111DEEE315Cu, 545, 0.88, 0.95, 0.98, 0.85, 0.55},
    {"tests/finder/unseen-second.jsonl", 0x73868231590ADF46u, 209, 0.65, 0.80, 0.93, 0.48, 0.36},
    {"tests/finder/unseen-third.jsonl", 0xC576A8ECDAD3EDDBu, 203, 0.88, 0.96, 0.98, 0.75, 0.60},
    {"tests/finder/unseen-fourth.jsonl", 0x9BA794E7F6B87A07u, 256, 0.89, 0.95, 0.98, 0.90, 0.76},
    {"tests/finder/unseen-fifth.jsonl", 0xFF8CFC2DD000F36Au, 399, 0.76, 0.91, 0.95, 0.83, 0.68},
    {"tests/finder/danger-bounds.jsonl", 0xC96884888E218752u, 418, 0.78, 0.91, 0.96, 0.74, 0.68},
};

struct world {
    struct rg_ctx ctx;
    struct finder_corpus corpus;
    struct finder_model *model;
    struct finder_reader *reader;
};

struct tally {
    size_t sentences, needs, hit1, hit3, dangers, alarms, right_alarms, sure, rightly_sure;
};

static struct str
slurp(struct world *w, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return STR_NONE;
    struct rg_buf buf;
    rg_buf_init(&buf, FILE_MAX);
    for (size_t n = 1; n > 0; buf.n += n) {
        char *room = rg_buf_room(&buf, 1 << 16);
        assert_non_null(room);
        n = fread(room, 1, 1 << 16, f);
    }
    fclose(f);
    struct str all = rg_arena_str(w->ctx.arena, rg_buf_view(&buf));
    rg_buf_done(&buf);
    return all;
}

static struct finder_file
pack_file(struct world *w, const char *name)
{
    return (struct finder_file){
        name, slurp(w, rg_arena_printf(w->ctx.arena, "packs/torino/%s", name))};
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    *state = w;
    assert_int_equal(rg_ctx_init(&w->ctx, ARENA_MAX), RG_OK);
    if (pack_file(w, "needs.csv").bytes.n == 0)
        return 0; /* not run from the root of the sources: each test is skipped */
    assert_int_equal(finder_corpus_read(&w->ctx, pack_file(w, "needs.csv"),
                                        pack_file(w, "emergencies.csv"),
                                        pack_file(w, "finder/examples.csv"),
                                        pack_file(w, "finder/danger.csv"), &w->corpus), RG_OK);
    assert_int_equal(finder_lexicon_read(&w->ctx, pack_file(w, "finder/lexicon.csv"), &w->corpus),
                     RG_OK);
    assert_int_equal(finder_model_build(&w->ctx, &w->corpus, STR_NONE, &w->model), RG_OK);
    assert_int_equal(finder_reader_new(&w->ctx, w->model, &w->reader), RG_OK);
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    finder_reader_free(w->reader);
    finder_model_free(w->model);
    rg_ctx_done(&w->ctx);
    free(w);
    return 0;
}

/* Which of the first three guesses is an expected need: 1 to 3; 0: none. */
static size_t
rank_of(const struct world *w, const struct rg_jv *expected, const struct finder_understanding *u)
{
    for (size_t i = 0; i < u->n_needs && i < 3; i++) {
        const struct rg_jv *code = rg_jv_first(expected);
        for (uint32_t k = 0; k < expected->n && k < EXPECTED_MAX; k++, code = rg_jv_next(code))
            if (str_eq(finder_need_code(w->model, u->needs[i].need_ix),
                       rg_jv_str(w->ctx.arena, code)))
                return i + 1;
    }
    return 0;
}

static void
ask_one(struct world *w, const struct rg_jv *v, struct tally *t)
{
    struct finder_understanding u;
    const struct rg_jv *expected = rg_jv_get(v, "expected"), *danger = rg_jv_get(v, "emergency");
    assert_non_null(expected);
    assert_non_null(danger);
    finder_understand(w->reader, rg_jv_get_str(w->ctx.arena, v, "query"), &u);
    t->sentences++;
    if (expected->n) {
        size_t rank = rank_of(w, expected, &u);
        t->needs++;
        t->hit1 += rank == 1;
        t->hit3 += rank > 0;
    }
    t->dangers += danger->kind == RG_JV_TRUE;
    t->alarms += u.danger;
    t->right_alarms += u.danger && danger->kind == RG_JV_TRUE;
    t->sure += u.danger_sure;
    t->rightly_sure += u.danger_sure && danger->kind == RG_JV_TRUE;
}

static void
assert_share(const char *path, const char *what, size_t part, size_t whole, double floor)
{
    double share = whole ? (double)part / (double)whole : 0;
    if (share < floor)
        fail_msg("%s: %s is %.3f, below %.3f", path, what, share, floor);
}

static void
sentences_nobody_taught_are_understood(void **state)
{
    struct world *w = *state;
    if (!w->model)
        skip();
    for (size_t s = 0; s < SETS; s++) {
        struct tally t = {0};
        struct str rest = slurp(w, sets[s].path), line;
        while (str_cut(&rest, '\n', &line)) {
            const struct rg_jv *v;
            if (line.n == 0)
                continue;
            assert_true(rg_jv_parse(w->ctx.arena, line, &v));
            ask_one(w, v, &t);
        }
        assert_int_equal(t.sentences, sets[s].sentences);
        assert_share(sets[s].path, "hit@1", t.hit1, t.needs, sets[s].hit1);
        assert_share(sets[s].path, "hit@3", t.hit3, t.needs, sets[s].hit3);
        assert_share(sets[s].path, "recall of danger", t.right_alarms, t.dangers, sets[s].recall);
        assert_share(sets[s].path, "precision of danger plainly told", t.rightly_sure, t.sure,
                     sets[s].precision);
        assert_share(sets[s].path, "precision of danger", t.right_alarms, t.alarms,
                     sets[s].quiet);
    }
}

/* Letters and digits only, small: "Ciao!" and "ciao" are one sentence. */
static struct str
bare(struct world *w, struct str text)
{
    char *out = RG_ARRAY(w->ctx.arena, char, text.n + 1);
    size_t n = 0;
    assert_non_null(out);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool small = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        if (c >= 'A' && c <= 'Z')
            out[n++] = (char)(c | 32);
        else if (small || digit || (uint8_t)c >= 0x80)
            out[n++] = c;
    }
    return str_n(out, n);
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void
no_sentence_of_the_sets_is_taught_and_the_sets_do_not_change(void **state)
{
    struct world *w = *state;
    if (!w->model)
        skip();
    size_t n = w->corpus.n_examples;
    struct str *taught = RG_ARRAY(w->ctx.arena, struct str, n);
    assert_non_null(taught);
    for (size_t i = 0; i < n; i++)
        taught[i] = bare(w, w->corpus.examples[i].text);
    qsort(taught, n, sizeof(*taught), by_text);
    for (size_t s = 0; s < SETS; s++) {
        struct str all = slurp(w, sets[s].path), line;
        assert_true(str_hash(all) == sets[s].hash);
        while (str_cut(&all, '\n', &line)) {
            const struct rg_jv *v;
            if (line.n == 0)
                continue;
            assert_true(rg_jv_parse(w->ctx.arena, line, &v));
            struct str text = bare(w, rg_jv_get_str(w->ctx.arena, v, "query"));
            if (text.n && bsearch(&text, taught, n, sizeof(*taught), by_text))
                fail_msg("taught and measured: %.*s", STR_ARG(text));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_nobody_taught_are_understood),
        cmocka_unit_test(no_sentence_of_the_sets_is_taught_and_the_sets_do_not_change),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
