/* How well the finder understands: one command.
 *
 *     finder_score_bench QUERIES.jsonl… PACK         PACK holds needs.csv, emergencies.csv and
 *                                                    finder/{examples,danger}.csv
 *     finder_score_bench -x FOLDS - PACK             trial on our own sentences instead: each fold
 *                                                    is scored by a model that has not seen it
 *     -t                                             its sentences typed in a hurry: letters
 *                                                    lost, doubled, swapped, blanks lost
 *     -v                                             also every error
 *
 * Prints hit@1, hit@3, MRR, abstention and emergency precision and recall, calibration, by
 * language and by area; then the report of errors: which areas are taken for which, which needs
 * most often, and why what was a need was not understood. Mind what the held-back queries are
 * for: measuring, not tuning.                                                                  */
#include "finder/kernel.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CASES_MAX = 20000, EXPECTED_MAX = 8, GROUPS_MAX = 64, PAIRS_MAX = 4096, PAIRS_SHOWN = 20,
       FILE_MAX = 64 << 20, ARENA_MAX = 256 << 20 };

struct one_case {
    struct str text, lang, audience;
    struct str expected[EXPECTED_MAX];
    size_t n_expected;
    bool emergency, as_need; /* as_need: it is one if its need is always urgent */
};

struct group {
    struct str name;
    double n, hit1, hit3, mrr;
};

/* A need, or an area, taken for another so many times. */
struct pair {
    struct str meant, taken;
    size_t n;
};

struct pairs {
    struct pair at[PAIRS_MAX];
    size_t n;
};

struct score {
    struct pairs needs, of_areas;
    size_t not_understood[FINDER_WHY_NOT__MAX]; /* needs that were abstained from, by reason */
    struct group all, langs[GROUPS_MAX], areas[GROUPS_MAX];
    size_t n_langs, n_areas;
    size_t refused, rightly_refused, out_of_scope;
    size_t alarms, right_alarms, emergencies;
    size_t sure, rightly_sure; /* of the alarms: plainly told */
    size_t lang_right, lang_asked, audience_right, audience_asked;
    double bin_sum[10], bin_hit[10], bin_n[10];
    double seconds;
    size_t understood;
    bool verbose, mistyped;
};

static struct rg_ctx ctx;

static _Noreturn void
stop(int status, const char *what, const char *more)
{
    fprintf(stderr, "finder_score_bench: %s%s\n", what, more);
    exit(status);
}

static struct str
slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        stop(3, "cannot open ", path);
    struct rg_buf buf;
    rg_buf_init(&buf, FILE_MAX);
    size_t n;
    do {
        char *room = rg_buf_room(&buf, 1 << 16);
        if (!room)
            stop(3, "too large: ", path);
        n = fread(room, 1, 1 << 16, f);
        buf.n += n;
    } while (n > 0);
    fclose(f);
    struct str all = rg_arena_str(ctx.arena, rg_buf_view(&buf));
    rg_buf_done(&buf);
    return all;
}

static struct finder_file
pack_file(const char *pack, const char *name)
{
    const char *path = rg_arena_printf(ctx.arena, "%s/%s", pack, name);
    if (access(path, R_OK) != 0 && access(name, R_OK) == 0)
        path = name;
    return (struct finder_file){name, slurp(path)};
}

static size_t
read_cases(const char *path, struct one_case *cases)
{
    struct str rest = slurp(path), line;
    size_t n = 0;
    while (n < CASES_MAX && str_cut(&rest, '\n', &line)) {
        const struct rg_jv *v;
        if (str_trim(line).n == 0)
            continue;
        if (!rg_jv_parse(ctx.arena, line, &v))
            stop(1, "not JSON in ", path);
        struct one_case *c = &cases[n++];
        *c = (struct one_case){0}; /* the array held another file's before */
        c->text = rg_jv_get_str(ctx.arena, v, "query");
        c->lang = rg_jv_get_str(ctx.arena, v, "lang");
        c->audience = rg_jv_get_str(ctx.arena, v, "audience");
        const struct rg_jv *e = rg_jv_get(v, "expected"), *m = rg_jv_get(v, "emergency");
        c->emergency = m && m->kind == RG_JV_TRUE;
        const struct rg_jv *code = e && e->n ? rg_jv_first(e) : NULL;
        for (uint32_t i = 0; e && i < e->n && c->n_expected < EXPECTED_MAX; i++) {
            c->expected[c->n_expected++] = rg_jv_str(ctx.arena, code);
            code = rg_jv_next(code);
        }
    }
    return n;
}

static struct group *
group_of(struct group *groups, size_t *n, struct str name)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(groups[i].name, name))
            return &groups[i];
    if (*n == GROUPS_MAX)
        return &groups[GROUPS_MAX - 1];
    groups[*n].name = name;
    return &groups[(*n)++];
}

static void
count(struct group *g, size_t rank)
{
    g->n += 1;
    g->hit1 += rank == 1;
    g->hit3 += rank >= 1 && rank <= 3;
    g->mrr += rank ? 1.0 / (double)rank : 0;
}

static void
count_pair(struct pairs *p, struct str meant, struct str taken)
{
    size_t i = 0;
    while (i < p->n && !(str_eq(p->at[i].meant, meant) && str_eq(p->at[i].taken, taken)))
        i++;
    if (i == PAIRS_MAX)
        return;
    p->n += i == p->n;
    /* The model is freed before the report is printed: names are kept. */
    if (p->at[i].n++ == 0) {
        p->at[i].meant = rg_arena_str(ctx.arena, meant);
        p->at[i].taken = rg_arena_str(ctx.arena, taken);
    }
}

static struct str
area_of(struct str code)
{
    struct str area = {0};
    str_cut(&code, '.', &area);
    return area;
}

static void
count_error(struct score *s, const struct finder_model *model, const struct one_case *c,
            const struct finder_understanding *u)
{
    struct str meant = c->expected[0];
    struct str taken = u->n_needs ? finder_need_code(model, u->needs[0].need_ix) : STR("nothing");
    count_pair(&s->needs, meant, taken);
    count_pair(&s->of_areas, area_of(meant), area_of(taken));
    s->not_understood[u->why_not] += u->abstained;
}

static void
score_case(struct score *s, const struct finder_model *model, const struct one_case *c,
           const struct finder_understanding *u)
{
    size_t rank = 0;
    for (size_t i = 0; i < u->n_needs && !rank; i++)
        for (size_t k = 0; k < c->n_expected && !rank; k++)
            if (str_eq(finder_need_code(model, u->needs[i].need_ix), c->expected[k]))
                rank = i + 1;
    s->refused += u->abstained;
    s->out_of_scope += c->n_expected == 0;
    s->rightly_refused += u->abstained && c->n_expected == 0;
    s->alarms += u->danger;
    s->emergencies += c->emergency;
    s->right_alarms += u->danger && c->emergency;
    s->sure += u->danger_sure;
    s->rightly_sure += u->danger_sure && c->emergency;
    s->lang_asked++;
    s->lang_right += str_eq(c->lang, str_of(finder_lang_tag(u->lang))) ||
                     (str_is(c->lang, "pms") && u->lang == FINDER_IT);
    if (c->audience.n) {
        s->audience_asked++;
        s->audience_right += str_eq(c->audience, str_of(finder_audience_code(u->audience)));
    }
    if (u->n_needs) {
        size_t bin = (size_t)(u->needs[0].score * 10);
        bin = bin > 9 ? 9 : bin;
        s->bin_n[bin] += 1;
        s->bin_sum[bin] += u->needs[0].score;
        s->bin_hit[bin] += rank == 1;
    }
    if (c->n_expected) {
        count(&s->all, rank);
        count(group_of(s->langs, &s->n_langs, c->lang), rank);
        count(group_of(s->areas, &s->n_areas, area_of(c->expected[0])), rank);
        if (rank != 1)
            count_error(s, model, c, u);
    }
    if (!s->verbose)
        return;
    if (c->n_expected && rank != 1)
        printf("    %.*s taken for %.*s (%zu): %.*s\n", STR_ARG(c->expected[0]),
               STR_ARG(u->n_needs ? finder_need_code(model, u->needs[0].need_ix) : STR("nothing")),
               rank, STR_ARG(c->text));
    if (!c->n_expected && !u->abstained)
        printf("    nothing taken for %.*s: %.*s\n",
               STR_ARG(finder_need_code(model, u->needs[0].need_ix)), STR_ARG(c->text));
    if (u->danger != c->emergency)
        printf("    %s: %.*s: %.*s\n", u->danger ? "alarm too many" : "ALARM MISSED",
               STR_ARG(c->n_expected ? c->expected[0] : STR("out of scope")), STR_ARG(c->text));
}

static void
run(struct score *s, const struct finder_model *model, const struct one_case *cases, size_t n)
{
    struct finder_reader *reader;
    if (finder_reader_new(&ctx, model, &reader))
        stop(3, "no memory", "");
    for (size_t i = 0; i < n; i++) {
        struct finder_understanding u;
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        finder_understand(reader, cases[i].text, &u);
        clock_gettime(CLOCK_MONOTONIC, &b);
        s->seconds += (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
        s->understood++;
        score_case(s, model, &cases[i], &u);
    }
    finder_reader_free(reader);
}

static double
share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void
print_group(const char *kind, const struct group *g)
{
    printf("%-9s %-12.*s n %4.0f  hit@1 %.3f  hit@3 %.3f  MRR %.3f\n", kind, STR_ARG(g->name), g->n,
           share(g->hit1, g->n), share(g->hit3, g->n), share(g->mrr, g->n));
}

static void
print_ratio(const char *name, size_t right, size_t said, size_t asked)
{
    double p = share((double)right, (double)said), r = share((double)right, (double)asked);
    printf("%-22s precision %.3f  recall %.3f  F1 %.3f  (said %zu, asked %zu)\n", name, p, r,
           p + r > 0 ? 2 * p * r / (p + r) : 0, said, asked);
}

static int
most_first(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return x->n != y->n ? (x->n > y->n ? -1 : 1) : str_cmp(x->meant, y->meant);
}

static void
print_pairs(const char *kind, struct pairs *p)
{
    qsort(p->at, p->n, sizeof(p->at[0]), most_first);
    for (size_t i = 0; i < p->n && i < PAIRS_SHOWN && p->at[i].n > 1; i++)
        printf("%-9s %4zu  %.*s taken for %.*s\n", kind, p->at[i].n, STR_ARG(p->at[i].meant),
               STR_ARG(p->at[i].taken));
}

static void
print_errors(struct score *s)
{
    print_pairs("areas", &s->of_areas);
    print_pairs("needs", &s->needs);
    for (int w = 0; w < FINDER_WHY_NOT__MAX; w++)
        if (s->not_understood[w])
            printf("missed    %4zu  %s\n", s->not_understood[w],
                   finder_why_not_code((enum finder_why_not)w));
}

static void
print_score(struct score *s)
{
    s->all.name = STR("all");
    print_group("needs", &s->all);
    print_ratio("abstention", s->rightly_refused, s->refused, s->out_of_scope);
    print_ratio("emergency", s->right_alarms, s->alarms, s->emergencies);
    print_ratio("  plainly told", s->rightly_sure, s->sure, s->emergencies);
    printf("%-22s %.3f\n", "language", share((double)s->lang_right, (double)s->lang_asked));
    printf("%-22s %.3f of %zu told\n", "audience",
           share((double)s->audience_right, (double)s->audience_asked), s->audience_asked);
    double off = 0, n = 0;
    for (int i = 0; i < 10; i++) {
        double d = s->bin_sum[i] - s->bin_hit[i];
        off += d < 0 ? -d : d;
        n += s->bin_n[i];
    }
    printf("%-22s %.3f\n", "calibration error", share(off, n));
    printf("%-22s %.1f µs\n", "one understanding", 1e6 * share(s->seconds, (double)s->understood));
    for (size_t i = 0; i < s->n_langs; i++)
        print_group("language", &s->langs[i]);
    for (size_t i = 0; i < s->n_areas; i++)
        print_group("area", &s->areas[i]);
}

static struct finder_model *
build(const struct finder_corpus *corpus)
{
    struct finder_model *model;
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (finder_model_build(&ctx, corpus, STR_NONE, &model))
        stop(3, "no memory", "");
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("built from %zu needs, %zu concepts and %zu sentences in %.2f s\n",
           corpus->n_needs, corpus->n_concepts, corpus->n_examples,
           (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
    return model;
}

/* The sentence as a hurried hand types it: about each third long word has a letter lost, doubled
 * or swapped with its neighbour, and some blanks are lost. The same sentence, the same errors. */
static struct str
mistyped(struct str text)
{
    char *out = RG_ARRAY(ctx.arena, char, text.n * 2 + 1);
    size_t n = 0, letters = 0;
    uint64_t h = str_hash(text) | 1;
    if (!out)
        stop(3, "no memory", "");
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        letters = letter ? letters + 1 : 0;
        h = h * 6364136223846793005u + 1442695040888963407u;
        unsigned dice = (unsigned)(h >> 40) % 48;
        if (letters >= 3 && i + 1 < text.n && (text.p[i + 1] | 32) >= 'a' && dice < 3) {
            if (dice == 1)
                out[n++] = c;
            if (dice == 2) {
                out[n++] = text.p[i + 1];
                i++;
            }
            if (dice >= 1)
                out[n++] = c;
            continue;
        }
        if (c == ' ' && dice == 3)
            continue;
        out[n++] = c;
    }
    return str_n(out, n);
}

/* Every fold-th sentence is held back; where the pack does not say whether there is danger, an
 * urgent need counts as one.                                                                 */
static void
trial(struct score *s, const struct finder_corpus *corpus, size_t folds)
{
    struct finder_example *kept = RG_ARRAY(ctx.arena, struct finder_example, corpus->n_examples);
    struct one_case *held = RG_ARRAY(ctx.arena, struct one_case, corpus->n_examples);
    if (!kept || !held)
        stop(3, "no memory", "");
    for (size_t fold = 0; fold < folds; fold++) {
        struct finder_corpus part = *corpus;
        size_t n_held = 0;
        part.n_examples = 0;
        for (size_t i = 0; i < corpus->n_examples; i++) {
            const struct finder_example *e = &corpus->examples[i];
            if (i % folds != fold)
                kept[part.n_examples++] = *e;
            else
                held[n_held++] = (struct one_case){
                    .text = s->mistyped ? mistyped(e->text) : e->text, .lang = e->lang,
                    .expected = {e->code}, .n_expected = e->code.n > 0,
                    .emergency = str_is(e->danger, "1"),
                    .as_need = e->danger.n == 0};
        }
        part.examples = kept;
        struct finder_model *model = build(&part);
        for (size_t i = 0, need_ix; i < n_held; i++)
            if (held[i].as_need && finder_need_find(model, held[i].expected[0], &need_ix))
                held[i].emergency = finder_need_is_urgent(model, need_ix);
        run(s, model, held, n_held);
        finder_model_free(model);
    }
}

static void
print_all(struct score *s)
{
    print_score(s);
    print_errors(s);
}

/* Each file of sentences by the same model. */
static void
score_files(const struct finder_model *model, char **paths, size_t n_paths, struct score options)
{
    struct one_case *cases = RG_ARRAY(ctx.arena, struct one_case, CASES_MAX);
    struct score *s = RG_ARRAY(ctx.arena, struct score, 1);
    if (!cases || !s)
        stop(3, "no memory", "");
    for (size_t i = 0; i < n_paths; i++) {
        *s = options;
        size_t n = read_cases(paths[i], cases);
        printf("%s\n", paths[i]);
        run(s, model, cases, n);
        print_all(s);
    }
}

int
main(int argc, char **argv)
{
    static const char usage[] =
        "usage: finder_score_bench [-tv] [-x FOLDS] QUERIES.jsonl… PACK";
    static struct score s;
    int64_t folds = 0;
    int option;
    while ((option = getopt(argc, argv, "tvx:")) != -1) {
        s.verbose |= option == 'v';
        s.mistyped |= option == 't';
        if (option == '?' || (option == 'x' && !rg_parse_i64(str_of(optarg), 2, 50, &folds)))
            stop(2, usage, "");
    }
    if (argc - optind < 2)
        stop(2, usage, "");
    if (rg_ctx_init(&ctx, ARENA_MAX))
        stop(3, "no memory", "");
    const char *pack = argv[argc - 1];
    struct finder_corpus corpus;
    if (finder_corpus_read(&ctx, pack_file(pack, "needs.csv"), pack_file(pack, "emergencies.csv"),
                           pack_file(pack, "finder/examples.csv"),
                           pack_file(pack, "finder/danger.csv"), &corpus))
        stop(1, ctx.story.key, ctx.story.store);
    if (finder_lexicon_read(&ctx, pack_file(pack, "finder/lexicon.csv"), &corpus))
        stop(1, ctx.story.key, ctx.story.store);
    if (folds) {
        trial(&s, &corpus, (size_t)folds);
        print_all(&s);
    } else {
        struct finder_model *model = build(&corpus);
        score_files(model, argv + optind, (size_t)(argc - 1 - optind), s);
        finder_model_free(model);
    }
    rg_ctx_done(&ctx);
    return 0;
}
