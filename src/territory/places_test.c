/* Names of places: exact, misspelt, shortened, inside sentences, and everyday words that are
 * none. */
#include "territory/territory_priv.h"
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 4096 };

static struct rg_ctx ctx;
static struct territory_name names[NAMES_MAX];
static size_t n_names;

static int
setup(void **state)
{
    n_names = 0;
    return rg_ctx_init(&ctx, 64 * 1024 * 1024) != RG_OK;
}

static int
teardown(void **state)
{
    rg_ctx_done(&ctx);
    return 0;
}

static void
name(uint32_t area, const char *text, enum territory_name_kind kind, uint32_t weight)
{
    assert_true(n_names < NAMES_MAX);
    names[n_names++] = (struct territory_name){
        .name = str_of(text), .area = area, .weight = weight, .kind = (uint8_t)kind};
}

static const struct territory_places *
build(const char *const *words)
{
    struct str list[64];
    size_t n = 0;
    for (; words && words[n]; n++)
        list[n] = str_of(words[n]);
    const struct territory_places *places = NULL;
    assert_int_equal(territory_places_build(&ctx, ctx.arena, names, n_names, list, n, &places),
                     RG_OK);
    return places;
}

enum {
    AGLIE,
    IVREA,
    S_MAURO,
    NONE,
    TORINO,
    SAUZE_C,
    SAUZE_O,
    AMBROGIO,
    CHY,
    SUSA_VALLEY,
    RIVA,
    PINEROLO,
    CAVOUR,
    LOGGIA,
    PORTE
};

static const struct territory_places *
some_places(void)
{
    static const char *const words[] = {"none", "porte", "riva", "casa", "scuola", NULL};
    name(AGLIE, "Agliè", TERRITORY_NAME_OFFICIAL, 2585);
    name(IVREA, "Ivrea", TERRITORY_NAME_OFFICIAL, 22000);
    name(S_MAURO, "San Mauro Torinese", TERRITORY_NAME_OFFICIAL, 18000);
    name(NONE, "None", TERRITORY_NAME_OFFICIAL, 8000);
    name(TORINO, "Torino", TERRITORY_NAME_OFFICIAL, 850000);
    name(TORINO, "Turin", TERRITORY_NAME_ALIAS, 850000);
    name(TORINO, "Barriera di Milano", TERRITORY_NAME_HAMLET, 0);
    name(SAUZE_C, "Sauze di Cesana", TERRITORY_NAME_OFFICIAL, 240);
    name(SAUZE_O, "Sauze d'Oulx", TERRITORY_NAME_OFFICIAL, 1000);
    name(AMBROGIO, "Sant'Ambrogio di Torino", TERRITORY_NAME_OFFICIAL, 4500);
    name(CHY, "Val di Chy", TERRITORY_NAME_OFFICIAL, 1200);
    name(CHY, "Alice Superiore", TERRITORY_NAME_FORMER, 0);
    name(SUSA_VALLEY, "Valle di Susa", TERRITORY_NAME_REGION, 0);
    name(RIVA, "Riva presso Chieri", TERRITORY_NAME_OFFICIAL, 4600);
    name(PINEROLO, "Pinerolo", TERRITORY_NAME_OFFICIAL, 35000);
    name(CAVOUR, "Cavour", TERRITORY_NAME_OFFICIAL, 5400);
    name(LOGGIA, "La Loggia", TERRITORY_NAME_OFFICIAL, 8900);
    name(PORTE, "Porte", TERRITORY_NAME_OFFICIAL, 1000);
    return build(words);
}

static void
lookup_forgives_case_accents_apostrophes_and_abbreviations(void **state)
{
    const struct territory_places *places = some_places();
    static const struct {
        const char *text;
        uint32_t area;
        int score;
    } cases[] = {
        {"Agliè", AGLIE, 1000},           {"Aglie'", AGLIE, 1000},
        {"AGLIE", AGLIE, 1000},           {"aglie\xCC\x80", AGLIE, 1000},
        {"S. Mauro T.se", S_MAURO, 1000}, {"san mauro", S_MAURO, 880},
        {"S.Mauro", S_MAURO, 880},        {"sanmauro", S_MAURO, 840},
        {"s.ambrogio", AMBROGIO, 880},    {"Sant’Ambrogio", AMBROGIO, 880},
        {"V. di Chy", CHY, 1000},         {"alice superiore", CHY, 930},
        {"val susa", SUSA_VALLEY, 900},   {"Valle di Chy", CHY, 1000},
        {"riva di chieri", RIVA, 1000},   {"comune di Ivrea", IVREA, 1000},
        {"turin", TORINO, 960},           {"TORINO ", TORINO, 1000},
        {"la loggia", LOGGIA, 1000},      {"barriera di milano", TORINO, 880},
    };
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct territory_place hit;
        size_t n = territory_place_lookup(places, str_of(cases[i].text), &hit, 1);
        if (n != 1 || hit.area != cases[i].area || hit.score != cases[i].score)
            print_error("%s: %zu hits, area %u, score %u\n", cases[i].text, n, hit.area,
                        hit.score);
        assert_int_equal(n, 1);
        assert_int_equal(hit.area, cases[i].area);
        assert_int_equal(hit.score, cases[i].score);
    }
}

static void
lookup_understands_slips_and_knows_that_it_guessed(void **state)
{
    const struct territory_places *places = some_places();
    static const struct {
        const char *text;
        uint32_t area;
    } cases[] = {{"Pinerollo", PINEROLO}, {"Pienrolo", PINEROLO},         {"Ivera", IVREA},
                 {"Trino", TORINO},       {"san maoro torinse", S_MAURO}, {"Valchy", CHY}};
    struct territory_place hit;
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        assert_int_equal(territory_place_lookup(places, str_of(cases[i].text), &hit, 1), 1);
        assert_int_equal(hit.area, cases[i].area);
        assert_int_equal(hit.how, TERRITORY_BY_SPELLING);
        assert_true(hit.score < 1000);
    }
    assert_int_equal(territory_place_lookup(places, STR("Palermo"), &hit, 1), 0);
    assert_int_equal(territory_place_lookup(places, STR(""), &hit, 1), 0);
    assert_int_equal(territory_place_lookup(places, STR("' - ."), &hit, 1), 0);
}

static void
lookup_asks_when_two_areas_share_a_name(void **state)
{
    struct territory_place hits[4];
    assert_int_equal(territory_place_lookup(some_places(), STR("Sauze"), hits, 4), 2);
    assert_int_equal(hits[0].area, SAUZE_O); /* the larger first */
    assert_int_equal(hits[1].area, SAUZE_C);
    assert_true(hits[0].score < 600 && hits[1].score < 600);
}

static void
suggestions_put_official_and_populous_first(void **state)
{
    struct territory_place hits[8];
    size_t n = territory_place_suggest(some_places(), STR("s"), hits, 8);
    assert_true(n >= 3);
    n = territory_place_suggest(some_places(), STR("p"), hits, 8);
    assert_int_equal(hits[0].area, PINEROLO);
    assert_int_equal(hits[1].area, PORTE);
    assert_int_equal(territory_place_suggest(some_places(), STR("zz"), hits, 8), 0);
}

static void
expect_in(const struct territory_places *places, const char *sentence, int area,
          const char *piece)
{
    struct territory_place hits[8];
    size_t n = territory_place_find(places, str_of(sentence), hits, 8);
    if ((n > 0) != (area >= 0) || (n > 0 && (int)hits[0].area != area))
        print_error("%s: %zu hits, first %d\n", sentence, n, n ? (int)hits[0].area : -1);
    assert_int_equal(n > 0, area >= 0);
    if (area < 0)
        return;
    assert_int_equal(hits[0].area, area);
    assert_int_equal(hits[0].n, strlen(piece));
    assert_memory_equal(sentence + hits[0].at, piece, hits[0].n);
}

static void
find_gives_the_place_and_the_bytes_that_name_it(void **state)
{
    const struct territory_places *places = some_places();
    expect_in(places, "non riesco più a pagare l'affitto, abito a Ivrea", IVREA, "Ivrea");
    expect_in(places, "vicino a San Mauro c'è un medico?", S_MAURO, "San Mauro");
    expect_in(places, "vicino a s.mauro t.se", S_MAURO, "s.mauro t.se");
    expect_in(places, "mensa ivrea", IVREA, "ivrea");
    expect_in(places, "sto ad Aglie' da un mese", AGLIE, "Aglie");
    expect_in(places, "in Barriera di Milano, a Torino", TORINO, "Barriera di Milano");
    expect_in(places, "abito a pinerollo", PINEROLO, "pinerollo");
    expect_in(places, "I live in Turin", TORINO, "Turin");
    expect_in(places, "bus in valle di susa", SUSA_VALLEY, "valle di susa");
    expect_in(places, "j'habite à Ivrea", IVREA, "Ivrea");
}

static void
find_leaves_words_and_streets_alone(void **state)
{
    const struct territory_places *places = some_places();
    expect_in(places, "non ho none e nemmeno porte", -1, NULL);
    expect_in(places, "None of us has a home", -1, NULL);
    expect_in(places, "abito a none", NONE, "none");
    expect_in(places, "un dentista a None", NONE, "None");
    expect_in(places, "None", NONE, "None");
    expect_in(places, "le porte di casa sono rotte", -1, NULL);
    expect_in(places, "in riva al fiume", -1, NULL);
    expect_in(places, "sportello in via Cavour", -1, NULL);
    expect_in(places, "sportello in corso Torino 5, Ivrea", IVREA, "Ivrea");
    expect_in(places, "sono di Cavour", CAVOUR, "Cavour");
    expect_in(places, "abito a Palermo", -1, NULL);
    expect_in(places, "abito a casa di mia madre", -1, NULL);
}

/* The slow obvious distance: cut one letter off each and try everything. */
static int
twin_slips(struct str a, struct str b)
{
    if (a.n == 0 || b.n == 0)
        return (int)(a.n + b.n);
    struct str a1 = str_n(a.p, a.n - 1), b1 = str_n(b.p, b.n - 1);
    int best = twin_slips(a1, b1) + (a.p[a.n - 1] != b.p[b.n - 1]);
    int other = twin_slips(a1, b) + 1;
    best = other < best ? other : best;
    other = twin_slips(a, b1) + 1;
    best = other < best ? other : best;
    if (a.n > 1 && b.n > 1 && a.p[a.n - 1] == b.p[b.n - 2] && a.p[a.n - 2] == b.p[b.n - 1]) {
        other = twin_slips(str_n(a.p, a.n - 2), str_n(b.p, b.n - 2)) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static struct str
random_word(char *out, size_t min, size_t max, int alphabet)
{
    size_t n = min + rg_chance(&ctx) % (max - min + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (char)('m' + (int)(rg_chance(&ctx) % (uint64_t)alphabet));
    return str_n(out, n);
}

static void
slips_are_counted_as_by_exhaustive_search(void **state)
{
    ctx.chance = 7;
    for (int round = 0; round < 3000; round++) {
        char x[8], y[8];
        struct str a = random_word(x, 0, 6, 3), b = random_word(y, 0, 6, 3);
        int max = (int)(rg_chance(&ctx) % 4), exact = twin_slips(a, b);
        assert_int_equal(territory_slips(a, b, max), exact > max ? max + 1 : exact);
    }
}

static void
lookup_answers_as_a_plain_scan_of_all_names(void **state)
{
    ctx.chance = 11;
    for (int world = 0; world < 200; world++) {
        static char store[12][8];
        struct rg_mark mark = rg_arena_mark(ctx.arena);
        n_names = 1 + rg_chance(&ctx) % 12;
        for (size_t i = 0; i < n_names; i++)
            names[i] = (struct territory_name){.name = random_word(store[i], 4, 7, 3),
                                               .area = (uint32_t)(rg_chance(&ctx) % 8),
                                               .weight = (uint32_t)(rg_chance(&ctx) % 3)};
        const struct territory_places *places = build(NULL);
        for (int round = 0; round < 20; round++) {
            char x[8];
            struct str text = random_word(x, 4, 7, 3);
            int best[8] = {0}, top = 0, second = 0;
            for (int pass = 0; pass < 2 && top == 0; pass++)
                for (size_t i = 0; i < n_names; i++) {
                    int slips = twin_slips(text, names[i].name);
                    if (slips > pass)
                        continue;
                    int score = 1000 - 150 * slips -
                                (slips && text.p[0] != names[i].name.p[0] ? 100 : 0);
                    if (score > best[names[i].area])
                        best[names[i].area] = score;
                    top = score > top ? score : top;
                }
            size_t n_expected = 0;
            bool seen_top = false;
            for (size_t area = 0; area < 8; area++) {
                n_expected += best[area] > 0;
                if (best[area] == top && !seen_top)
                    seen_top = true;
                else if (best[area] > second)
                    second = best[area];
            }
            int doubt = n_expected > 1 && top <= second + 60 ? 300 : 0;
            struct territory_place hits[TERRITORY_PLACE_HITS_MAX];
            size_t n = territory_place_lookup(places, text, hits, RG_COUNT(hits));
            if (n_expected == 0) { /* then whatever begins so, which the next test tries */
                for (size_t i = 0; i < n; i++)
                    assert_int_equal(hits[i].how, TERRITORY_BY_START);
                continue;
            }
            assert_int_equal(n, n_expected);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(hits[i].score, best[hits[i].area] - doubt);
                assert_true(i == 0 || hits[i - 1].score >= hits[i].score);
            }
        }
        rg_arena_release(ctx.arena, mark);
    }
}

static void
build_survives_the_nth_failed_allocation(void **state)
{
    some_places();
    for (long n = 1;; n++) {
        struct rg_arena *arena = rg_arena_new(1 << 20);
        const struct territory_places *places = NULL;
        rg_alloc_fail_after(n);
        enum rg_err err = territory_places_build(&ctx, arena, names, n_names, NULL, 0, &places);
        rg_alloc_fail_after(0);
        rg_arena_free(arena);
        rg_story_clear(&ctx);
        if (err == RG_OK)
            break;
        assert_null(places);
        assert_int_equal(err, RG_LIMIT);
    }
}

/* The names of our own pack: every municipality answers to its own name, in a field and in a
 * sentence, written as offices and phones write it.                                          */
static void
pack_municipalities_answer_to_their_names(void **state)
{
    static char bytes[1 << 20];
    FILE *f = fopen("packs/torino/comuni.csv", "rb");
    if (!f) {
        print_message("packs/torino/comuni.csv is not here: skipped\n");
        skip();
    }
    size_t n_bytes = fread(bytes, 1, sizeof(bytes), f);
    fclose(f);
    struct rg_csv csv;
    rg_csv_init(&csv, str_n(bytes, n_bytes));
    assert_true(rg_csv_next(&csv));
    ptrdiff_t column = rg_csv_column(&csv, STR("name"));
    assert_true(column >= 0);
    while (rg_csv_next(&csv)) {
        const char *text = rg_arena_cstr(ctx.arena, csv.fields[column]);
        name((uint32_t)n_names, text, TERRITORY_NAME_OFFICIAL, 0);
    }
    rg_csv_done(&csv);
    assert_true(n_names > 300);
    const struct territory_places *places = build(NULL);
    for (size_t i = 0; i < n_names; i++) {
        struct territory_place hit;
        assert_int_equal(territory_place_lookup(places, names[i].name, &hit, 1), 1);
        assert_int_equal(hit.area, i);
        assert_int_equal(hit.score, 1000);
        const char *sentence =
            rg_arena_printf(ctx.arena, "abito a %.*s da anni", STR_ARG(names[i].name));
        assert_int_equal(territory_place_find(places, str_of(sentence), &hit, 1), 1);
        assert_int_equal(hit.area, i);
        assert_int_equal(hit.n, names[i].name.n);
    }
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(lookup_forgives_case_accents_apostrophes_and_abbreviations),
        CASE(lookup_understands_slips_and_knows_that_it_guessed),
        CASE(lookup_asks_when_two_areas_share_a_name),
        CASE(suggestions_put_official_and_populous_first),
        CASE(find_gives_the_place_and_the_bytes_that_name_it),
        CASE(find_leaves_words_and_streets_alone),
        CASE(slips_are_counted_as_by_exhaustive_search),
        CASE(lookup_answers_as_a_plain_scan_of_all_names),
        CASE(build_survives_the_nth_failed_allocation),
        CASE(pack_municipalities_answer_to_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
