/* What the pack of Torino teaches: that it is kept, and how well sentences are understood that
 * nothing was taught from, the sets in tests/finder. They may not change, and none of their
 * sentences may stand among the examples: a score that rises because of that would flatter. Floors
 * are a little below what was reached; who teaches more may raise them, nobody lowers them to pass.
 * Where danger is only likely, its lines come first more quietly: recall is of all alarms,
 * precision of those for danger plainly told.                                                 */
#include "finder/understood_world.h"

enum { ARENA_MAX = 128 << 20, FILE_MAX = 16 << 20, SETS = 7, EXPECTED_MAX = 4 };

static const struct set {
    const char *path;
    uint64_t hash;      /* of the file's bytes */
    size_t sentences;
    double hit1, hit3, recall, precision, quiet; /* floors; quiet: precision of all alarms */
} sets[SETS] = {
    {"tests/finder/unseen-first.jsonl", 0x25FE4111DEEE315Cu, 545, 0.89, 0.95, 0.98, 0.87, 0.55},
    {"tests/finder/unseen-second.jsonl", 0x73868231590ADF46u, 209, 0.65, 0.80, 0.93, 0.65, 0.39},
    {"tests/finder/unseen-third.jsonl", 0xC576A8ECDAD3EDDBu, 203, 0.88, 0.96, 0.98, 0.84, 0.60},
    {"tests/finder/unseen-fourth.jsonl", 0x9BA794E7F6B87A07u, 256, 0.91, 0.96, 0.98, 0.92, 0.78},
    {"tests/finder/unseen-fifth.jsonl", 0xFF8CFC2DD000F36Au, 399, 0.78, 0.93, 0.97, 0.89, 0.70},
    {"tests/finder/unseen-seventh.jsonl", 0x23018CD905E06433u, 360, 0.86, 0.93, 0.97, 0.79, 0.49},
    {"tests/finder/danger-bounds.jsonl", 0xC96884888E218752u, 418, 0.81, 0.93, 0.97, 0.85, 0.71},
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

/* ---- what it was taught ---- */

/* Said in other words than the patterns' own file names them: what must bring help lines. */
static const char *const dangers[] = {
    "mio marito mi ha picchiata di nuovo davanti ai bambini",
    "non ho più voglia di vivere", "voglio uccidermi", "mio figlio ha preso troppe pastiglie",
    "ho sentito che picchia il bambino ogni sera", "c'è un incendio vicino alle case",
    "un uomo è svenuto per terra", "mia madre ha un forte dolore al petto",
    "siamo per strada stanotte con due figli", "mi hanno preso il passaporto e devo lavorare",
    "la badante picchia mia nonna", "non respira", "odore di gas in casa",
    "mia figlia di 15 anni è scomparsa", "volgio morire",
    "mon mari me frappe", "je veux mourir", "il ne respire plus", "mon fils a disparu",
    "my husband beats me", "I want to kill myself", "he is not breathing", "there is a fire",
    "they took my passport and I am forced to work", "my neighbour beats her children",
    "soțul mă bate", "vreau să mor", "nu mai respiră", "mi-au luat pașaportul",
    "mi marido me pega", "me quiero morir", "no respira", "hay fuego en la casa",
    "burri më rreh", "dua të vdes", "nuk merr frymë", "ma morën pasaportën",
    "زوجي يضربني", "أريد أن أموت", "لا يتنفس", "حريق في البيت", "أخذوا جواز سفري",
    "我老公打我", "我不想活了", "他没有呼吸", "家里着火了", "我的护照被老板扣了"};

/* Everyday words that sound alike: what must not. */
static const char *const calms[] = {
    "orari della biblioteca", "come faccio l'isee", "dopo l'ictus serve la fisioterapia",
    "corso di primo soccorso", "taglio di capelli economico",
    "sono stanca da morire del traffico",
    "bonus per cambiare la caldaia", "di che cosa si tratta il servizio civile",
    "il mio telefono è morto", "trasporto in ambulanza per dialisi",
    "corso antincendio per aziende", "addio al nubilato", "fuoco di sant'antonio vaccino",
    "il referto del pronto soccorso",
    "farla finita con le sigarette", "mi ammazzo di lavoro per 600 euro", "pista ciclabile",
    "asilo nido per mio figlio", "cerco un corso di italiano", "casa popolare domanda",
    "sono costretto a letto, chi viene a casa?", "auto abbandonata sotto casa",
    "where can I learn Italian", "kitchen knife recycling", "fire insurance for my shop",
    "je cherche une crèche", "assurance incendie", "busco trabajo", "seguro de incendio",
    "caut de munca", "kerkoj pune", "أبحث عن عمل", "我想学意大利语"};

static void
assert_danger(struct world *w)
{
    for (size_t i = 0; i < RG_COUNT(dangers); i++) {
        struct finder_understanding u = ask(w, dangers[i]);
        if (!u.danger || u.n_lines == 0)
            fail_msg("no line for: %s", dangers[i]);
    }
    for (size_t i = 0; i < RG_COUNT(calms); i++) {
        struct finder_understanding u = ask(w, calms[i]);
        if (u.danger)
            fail_msg("alarm for: %s (%.*s)", calms[i], (int)u.danger_why.n,
                     calms[i] + u.danger_why.from);
    }
}

/* Patterns see danger in these and the model sees none: the lines come, quietly. */
static void
assert_quiet(struct world *w)
{
    static const char *const quiet[] = {
        "questa bolletta mi ammazza", "corso sulla violenza domestica per insegnanti",
        "è scoppiato un incendio nel bosco l'anno scorso, chi rimborsa i danni"};
    for (size_t i = 0; i < RG_COUNT(quiet); i++) {
        struct finder_understanding u = ask(w, quiet[i]);
        if (!u.danger || u.danger_sure || u.n_lines == 0)
            fail_msg("%s for: %s", u.danger ? "loud" : "no line", quiet[i]);
    }
    struct finder_understanding u = ask(w, "mio marito mi picchia");
    assert_true(u.danger && u.danger_sure);
}

static void
assert_audience(struct world *w, const char *text, enum finder_audience audience)
{
    enum finder_audience told = ask(w, text).audience;
    if (told != audience)
        fail_msg("\"%s\" is for \"%s\", not \"%s\"", text, finder_audience_code(told),
                 finder_audience_code(audience));
}

static void
torino_is_understood_and_danger_never_missed(void **state)
{
    struct world *w = *state;
    size_t missed = 0, urgent = 0;
    if (!w->model)
        skip();
    assert_need(w, "non riesco più a pagare l'affitto, abito a Ivrea", "casa.affitto");
    assert_true(ask(w, "pizza margherita ricetta").abstained);
    assert_true(ask(w, "meteo domani").abstained);
    assert_int_equal(ask(w, "sdkjfh wqkjx").why_not, FINDER_UNKNOWN_WORDS);
    assert_need(w, "nn riesco piu a pagre laffitto", "casa.affitto");
    assert_need(w, "كيف أدفع الإيجار", "casa.affitto");
    assert_need(w, "我找不到工作", "lavoro.impiego");
    assert_audience(w, "mio marito mi picchia", FINDER_DONNE_VIOLENZA);
    assert_audience(w, "ho lo sfratto e tre bambini", FINDER_FAMIGLIE);
    assert_danger(w);
    assert_quiet(w);
    for (size_t i = 0; i < w->corpus.n_examples; i++) {
        const struct finder_example *e = &w->corpus.examples[i];
        bool by_need = e->danger.n == 0 && (str_is(e->code, "psiche.crisi") ||
                                            str_is(e->code, "tutela.violenza_donne") ||
                                            str_is(e->code, "famiglia.tutela"));
        if (!by_need && !str_is(e->danger, "1"))
            continue;
        struct finder_understanding u;
        finder_understand(w->reader, e->text, &u);
        urgent++;
        missed += !u.danger;
        if (!u.danger && by_need)
            fail_msg("no line for: %.*s", STR_ARG(e->text));
    }
    assert_true(urgent >= 3000);
    assert_true(missed * 100 <= urgent); /* of what it was taught it keeps nearly all */
}

/* ---- what it was not ---- */

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
        cmocka_unit_test(torino_is_understood_and_danger_never_missed),
        cmocka_unit_test(sentences_nobody_taught_are_understood),
        cmocka_unit_test(no_sentence_of_the_sets_is_taught_and_the_sets_do_not_change),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
