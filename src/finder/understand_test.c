/* What the understanding claims, in a small world that stands in this file. */
#include "finder/understood_world.h"
#include <math.h>

static const char needs_csv[] =
    "code,level,parent,label_it,label_en,label_fr,description_it,synonyms_it,targets\n"
    "casa,1,,Casa,Housing,Logement,,,\n"
    "casa.affitto,2,casa,Aiuto per pagare l'affitto,Help paying the rent,Aide au loyer,"
    "Contributi per chi è in ritardo con il canone.,canone arretrato|padrone di casa,poverta\n"
    "salute.medico,2,salute,Medico di famiglia,Family doctor,Médecin traitant,"
    "Scelta del medico.,medico di base|pediatra,famiglie\n"
    "psiche.crisi,2,psiche,Crisi e pensieri di suicidio,Suicidal thoughts,Pensées suicidaires,"
    "Aiuto immediato.,voglio morire|farla finita,adulti\n"
    "scuola.doposcuola,2,scuola,Aiuto nei compiti,Homework help,Aide aux devoirs,"
    "Sostegno allo studio.,doposcuola|ripetizioni,minori\n";
static const char lines_csv[] =
    "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes,check,"
    "trigger_situations\n"
    "112,Emergenza,Emergency,Urgences,Pericolo,24 ore,1,psiche.crisi,certo,\n"
    "19696,Telefono di prova,Line,Ligne,Ragazzi,,2,scuola.doposcuola,certo,\n"
    "116000,Scomparsi,Missing,Disparus,Chi non torna,,1,psiche.crisi,certo,fuga|scomparso\n";
static const char examples_csv[] =
    "code,lang,text\n"
    "casa.affitto,it,sono indietro con l'affitto\ncasa.affitto,en,I can't pay the rent\n"
    "salute.medico,it,il mio dottore va in pensione\nsalute.medico,fr,je cherche un médecin\n"
    "psiche.crisi,it,non voglio più vivere\nscuola.doposcuola,it,mio figlio non sa fare i compiti\n"
    ",it,ricetta della pizza\n,it,che tempo fa domani\n,it,risultati delle partite\n";
static const char lexicon_csv[] =
    "concept,it,fr,en,ro,es,sq,ar,zh\n"
    "affitto,affitt*|canon*|pigion*|padrone di casa,loyer*,rent,chiri*,alquiler*,qira*,إيجار,房租\n"
    "medico,medic*|dottor*,médecin*,doctor*,medic*,medic*,mjek*,طبيب,医生\n"
    "compiti,compit*|doposcuola,devoirs,homework,teme,deberes,detyra*,واجبات,作业\n"
    "scuola.doposcuola,compiti|frazioni,,,,,,,\n";
static const char danger_csv[] =
    "situation,code,lang,words\nsuicidio,psiche.crisi,it,voglio morire\n"
    "calma,,it,ammazzo di lavoro\ndubbio,,it,anni fa\n"
    "suicidio,psiche.crisi,it,ammazz*\nsuicidio,psiche.crisi,en,kill myself\n"
    "scomparso,psiche.crisi,it,scompars*\nfuga,psiche.crisi,it,scappat*\n";

static struct finder_file
file(const char *name, const char *text)
{
    return (struct finder_file){name, str_of(text)};
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    assert_int_equal(rg_ctx_init(&w->ctx, 64 << 20), RG_OK);
    assert_int_equal(finder_corpus_read(&w->ctx, file("needs.csv", needs_csv),
        file("emergencies.csv", lines_csv), file("examples.csv", examples_csv),
        file("danger.csv", danger_csv), &w->corpus), RG_OK);
    assert_int_equal(finder_lexicon_read(&w->ctx, file("lexicon.csv", lexicon_csv), &w->corpus),
                     RG_OK);
    assert_int_equal(finder_model_build(&w->ctx, &w->corpus, STR_NONE, &w->model), RG_OK);
    assert_int_equal(finder_reader_new(&w->ctx, w->model, &w->reader), RG_OK);
    *state = w;
    return 0;
}

static void
understanding_survives_typing_errors_and_languages(void **state)
{
    struct world *w = *state;
    assert_need(w, "non riesco a pagare l'affitto", "casa.affitto");
    assert_need(w, "afitto aretrato", "casa.affitto");
    assert_need(w, "PAGARE L AFFITTO", "casa.affitto");
    assert_need(w, "I need help with my rent", "casa.affitto");
    assert_need(w, "un médecin", "salute.medico");
    assert_need(w, "compiti", "scuola.doposcuola");
}

static void
words_never_seen_reach_their_need_by_what_they_mean(void **state)
{
    struct world *w = *state;
    assert_need(w, "la pigione", "casa.affitto");
    assert_need(w, "qiraja e shtepise", "casa.affitto");
    assert_need(w, "nuk mund te paguaj qirane", "casa.affitto");
    assert_need(w, "لا أستطيع دفع الإيجار", "casa.affitto");
    assert_need(w, "我付不起房租", "casa.affitto");
    assert_need(w, "busco un médico", "salute.medico");
    assert_need(w, "作业", "scuola.doposcuola");
    assert_need(w, "le frazioni", "scuola.doposcuola"); /* by the words that tell that need */
}

/* Who does not breathe needs no line for missing children, whatever need both belong to. */
static void
a_line_of_a_situation_comes_with_that_one_alone(void **state)
{
    struct world *w = *state;
    size_t n_lines;
    const struct finder_line *lines = finder_model_lines(w->model, &n_lines);
    static const struct { const char *text; size_t n; } cases[] = {
        {"voglio morire", 1}, {"mia figlia è scomparsa", 2}, {"è scappato di casa", 2},
        {"è scomparso e diceva: voglio morire", 2}, {"non voglio più vivere", 1}};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct finder_understanding u = ask(w, cases[i].text);
        bool missing = false;
        for (size_t l = 0; l < u.n_lines; l++)
            missing |= str_is(lines[u.line_ix[l]].number, "116000");
        if (!u.danger || u.n_lines != cases[i].n || missing != (cases[i].n == 2))
            fail_msg("\"%s\": %zu lines", cases[i].text, u.n_lines);
    }
}

static void
what_is_not_understood_says_why(void **state)
{
    static const struct { const char *text; enum finder_why_not why_not; } cases[] = {
        {"", FINDER_NOTHING_WRITTEN}, {"?! ...", FINDER_NOTHING_WRITTEN},
        {"qzqzqz wkwkwk", FINDER_UNKNOWN_WORDS}, {"ricetta della pizza", FINDER_NOT_A_NEED},
        {"pagare l'affitto", FINDER_UNDERSTOOD}};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct finder_understanding u = ask(*state, cases[i].text);
        if (u.why_not != cases[i].why_not || u.abstained != (u.why_not != FINDER_UNDERSTOOD))
            fail_msg("\"%s\": %s", cases[i].text, finder_why_not_code(u.why_not));
    }
}

static void
understanding_abstains_on_nothing_and_noise(void **state)
{
    static const char *const texts[] = {"", "   ", "???", "la pizza margherita ricetta", "12345"};
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        struct finder_understanding u = ask(*state, texts[i]);
        if (!u.abstained || u.n_needs > 0)
            fail_msg("\"%s\" is taken for a need", texts[i]);
    }
}

static void
reasons_are_words_of_the_text_in_order(void **state)
{
    const char *text = "buongiorno, da marzo l'affitto è diventato un canone impossibile";
    struct finder_understanding u = ask(*state, text);
    assert_true(u.n_needs > 0 && u.needs[0].n_why > 0);
    size_t before = 0;
    bool rent = false;
    for (size_t i = 0; i < u.needs[0].n_why; i++) {
        struct finder_span s = u.needs[0].why[i];
        assert_true(s.n > 0 && s.from >= before && s.from + s.n <= strlen(text));
        rent |= str_is(str_n(text + s.from, s.n), "affitto") ||
                str_is(str_n(text + s.from, s.n), "canone");
        before = s.from + s.n;
    }
    assert_true(rent);
}

static void
scores_are_chances_in_descending_order(void **state)
{
    struct finder_understanding u = ask(*state, "affitto e dottore per il figlio");
    double sum = 0;
    for (size_t i = 0; i < u.n_needs; i++) {
        assert_true(u.needs[i].score > 0 && u.needs[i].score <= 1);
        assert_true(i == 0 || u.needs[i].score <= u.needs[i - 1].score);
        sum += u.needs[i].score;
    }
    assert_true(sum <= 1.0001);
}

static void
danger_brings_its_lines_also_inside_a_long_text(void **state)
{
    struct world *w = *state;
    static const char *const texts[] = {"voglio morire", "Voglio, davvero, MORIRE",
        "cerco ripetizioni per mio figlio ma non dormo e certe volte penso di ammazzarmi",
        "i will kill myself"};
    size_t n;
    const struct finder_line *lines = finder_model_lines(w->model, &n);
    for (size_t i = 0; i < RG_COUNT(texts); i++) {
        struct finder_understanding u = ask(w, texts[i]);
        assert_true(u.danger);
        assert_int_equal(u.n_lines, 1);
        assert_true(str_is(lines[u.line_ix[0]].number, "112"));
        assert_true(u.danger_why.n > 0 && u.danger_why.from + u.danger_why.n <= strlen(texts[i]));
    }
    struct finder_understanding calm = ask(w, "mio figlio non sa fare i compiti");
    assert_false(calm.danger);
    assert_int_equal(calm.n_lines, 0);
    assert_int_equal(calm.n_ears, 1);
    assert_true(str_is(lines[calm.ear_ix[0]].number, "19696"));
}

static void
calm_words_take_back_their_own_alarm_and_no_other(void **state)
{
    struct world *w = *state;
    assert_false(ask(w, "mi ammazzo di lavoro").danger);
    assert_true(ask(w, "mi ammazzo di lavoro, e certe sere penso che mi ammazzo").danger);
    assert_true(ask(w, "mi ammazzo").danger);
}

static void
one_word_alone_is_no_danger_beside_a_doubt(void **state)
{
    struct world *w = *state;
    assert_true(ask(w, "affitto arretrato, lo ammazza").danger);
    assert_false(ask(w, "affitto arretrato, anni fa lo ammazzava").danger);
    assert_true(ask(w, "affitto arretrato, anni fa come oggi voglio morire").danger);
}

static void
facts_are_told_by_words_and_negations_only(void **state)
{
    static const struct { const char *text; enum finder_fact fact; bool told; } cases[] = {
        {"non ho la macchina", FINDER_FACT_NO_CAR, true},
        {"ho la macchina", FINDER_FACT_NO_CAR, false},
        {"I don't have a car", FINDER_FACT_NO_CAR, true},
        {"senza permesso di soggiorno", FINDER_FACT_NO_PERMIT, true},
        {"rinnovo del permesso di soggiorno", FINDER_FACT_NO_PERMIT, false},
        {"rinnovo del permesso di soggiorno", FINDER_FACT_FOREIGNER, true},
        {"je ne parle pas italien", FINDER_FACT_NO_ITALIAN, true},
        {"parlo italiano", FINDER_FACT_NO_ITALIAN, false},
        {"vivo da sola", FINDER_FACT_ALONE, true},
        {"sono incinta", FINDER_FACT_PREGNANT, true},
        {"mamma sola con due figli", FINDER_FACT_SINGLE_PARENT, true},
        {"mamma sola con due figli", FINDER_FACT_CHILDREN, true},
        {"assisto mia madre", FINDER_FACT_CARER, true},
        {"un corso gratuito", FINDER_FACT_FREE, true},
        {"qualcosa che non costi troppo", FINDER_FACT_CHEAP, true},
        {"un medico qui vicino", FINDER_FACT_NEAR, true},
        {"infermiera a domicilio", FINDER_FACT_AT_HOME, true},
        {"scade fra dieci giorni", FINDER_FACT_DEADLINE, true},
        {"ho bisogno subito", FINDER_FACT_URGENT, true},
        {"invalido con la 104", FINDER_FACT_LAW_104, true},
        {"invalido con la 104", FINDER_FACT_DISABILITY, true},
        {"non cammino più", FINDER_FACT_NO_WALKING, true},
        {"cammino ogni giorno", FINDER_FACT_NO_WALKING, false},
        {"ho perso il lavoro", FINDER_FACT_UNEMPLOYED, true},
        {"un utente in carico al servizio", FINDER_FACT_OPERATOR, true},
        {"la mia vicina non esce", FINDER_FACT_FOR_ANOTHER, true},
        {"corsi serali", FINDER_FACT_EVENING, true},
        {"residente a Ivrea", FINDER_FACT_RESIDENT, true},
        {"我没有钱", FINDER_FACT_NO_MONEY, true},
        {"بدون سكن", FINDER_FACT_NO_HOME, true},
        {"nuk flas italisht", FINDER_FACT_NO_ITALIAN, true}};
    for (size_t i = 0; i < RG_COUNT(cases); i++) {
        struct finder_understanding u = ask(*state, cases[i].text);
        if (finder_told(&u, cases[i].fact) != cases[i].told)
            fail_msg("\"%s\": %s is%s told", cases[i].text, finder_fact_code(cases[i].fact),
                     cases[i].told ? " not" : "");
    }
    for (int f = 0; f < FINDER_FACT__MAX; f++) /* each has a code of its own */
        for (int g = 0; g < f; g++)
            assert_string_not_equal(finder_fact_code((enum finder_fact)f),
                                    finder_fact_code((enum finder_fact)g));
}

static void
numbers_of_children_and_of_isee_are_read(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "ho tre bambini piccoli").children, 3);
    assert_int_equal(ask(w, "famiglia con 4 figli").children, 4);
    assert_int_equal(ask(w, "two children and a dog").children, 2);
    assert_int_equal(ask(w, "mio figlio").children, -1);
    assert_int_equal(ask(w, "ISEE 8.500").isee_euros, 8500);
    assert_int_equal(ask(w, "isee di 12000 euro, due figli").isee_euros, 12000);
    assert_int_equal(ask(w, "isee sotto i 9360").isee_euros, 9360);
    assert_int_equal(ask(w, "come faccio l'isee").isee_euros, -1);
    assert_int_equal(ask(w, "isee entro 10 giorni").isee_euros, -1);
}

static void
circumstances_are_told_apart(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, "mia madre di 80 anni").audience, FINDER_ANZIANI);
    assert_int_equal(ask(w, "mia madre di 80 anni").age, 80);
    assert_int_equal(ask(w, "la bimba ha 18 mesi").age, 1);
    assert_int_equal(ask(w, "mio figlio").audience, FINDER_MINORI);
    assert_int_equal(ask(w, "mio figlio di 34 anni").audience, FINDER_ANYBODY);
    assert_int_equal(ask(w, "lavoro qui da 10 anni").age, -1);
    assert_int_equal(ask(w, "my grandmother needs help").audience, FINDER_ANZIANI);
    assert_int_equal(ask(w, "sono in carrozzina").audience, FINDER_DISABILITA);
    assert_true(ask(w, "un medico stasera").when.tonight);
    assert_true(ask(w, "un medico adesso").when.now);
    assert_int_equal(ask(w, "aperto sabato o martedì").when.days, 1 << 5 | 1 << 1);
    assert_false(ask(w, "un medico").when.now);
}

static void
languages_are_guessed_from_few_words(void **state)
{
    struct world *w = *state;
    static const struct { const char *text; enum finder_lang lang; } cases[] = {
        {"non so come fare con la casa", FINDER_IT}, {"isee", FINDER_IT},
        {"I don't know what to do with my house", FINDER_EN},
        {"je ne sais pas quoi faire avec mon fils", FINDER_FR},
        {"nu știu ce să fac cu copilul meu", FINDER_RO},
        {"no sé qué hacer con mi hijo, necesito ayuda", FINDER_ES},
        {"nuk kam ku te fle dhe jam me femijet", FINDER_SQ},
        {"أبحث عن طبيب", FINDER_AR}, {"我想找工作", FINDER_ZH}};
    for (size_t i = 0; i < RG_COUNT(cases); i++)
        if (ask(w, cases[i].text).lang != cases[i].lang)
            fail_msg("\"%s\" is taken for %s", cases[i].text,
                     finder_lang_tag(ask(w, cases[i].text).lang));
}

static bool
same(const struct finder_understanding *a, const struct finder_understanding *b)
{
    bool alike = a->n_needs == b->n_needs && a->danger == b->danger && a->lang == b->lang;
    for (size_t i = 0; alike && i < a->n_needs; i++)
        alike = a->needs[i].need_ix == b->needs[i].need_ix &&
                fabs(a->needs[i].score - b->needs[i].score) < 1e-9;
    return alike;
}

static void
kept_training_gives_the_same_model_and_damage_is_noticed(void **state)
{
    struct world *w = *state;
    struct rg_buf kept;
    rg_buf_init(&kept, 16 << 20);
    finder_model_trained(w->model, &kept);
    assert_false(kept.failed);
    assert_true(finder_model_was_trained(w->model));
    for (int damage = 0; damage < 3; damage++) {
        struct finder_model *again;
        struct finder_reader *reader;
        struct str bytes = rg_buf_view(&kept);
        if (damage == 1)
            kept.p[kept.n / 2] ^= 1;
        if (damage == 2)
            bytes.n = bytes.n / 3;
        assert_int_equal(finder_model_build(&w->ctx, &w->corpus, bytes, &again), RG_OK);
        assert_int_equal(finder_model_was_trained(again), damage > 0);
        assert_int_equal(finder_reader_new(&w->ctx, again, &reader), RG_OK);
        struct finder_understanding a = ask(w, "affitto arretrato e dottore"), b;
        finder_understand(reader, STR("affitto arretrato e dottore"), &b);
        assert_true(same(&a, &b));
        finder_reader_free(reader);
        finder_model_free(again);
    }
    rg_buf_done(&kept);
}

static void
bad_packs_are_refused_with_file_and_line(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *needs, *lines, *examples, *danger, *key;
    } bad[] = {
        {"code,level\nx,2\n", lines_csv, examples_csv, danger_csv, "finder.error.column"},
        {needs_csv, "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes\n"
         "1,a,a,a,a,,1,no.such\n", examples_csv, danger_csv, "finder.error.code"},
        {needs_csv, "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes,"
         "trigger_situations\n1,a,a,a,a,,1,psiche.crisi,calma\n", examples_csv, danger_csv,
         "finder.error.situation"},
        {needs_csv, lines_csv, "code,lang,text\nno.such,it,ciao\n", danger_csv,
         "finder.error.code"},
        {needs_csv, lines_csv, "code,lang,text\n,it,\n", danger_csv, "finder.error.blank"},
        {needs_csv, lines_csv, "code,lang,danger,text\n,it,2,ciao\n", danger_csv,
         "finder.error.danger"},
        {needs_csv, lines_csv, "code,lang,text\n,it,\xff\n", danger_csv, "finder.error.utf8"},
        {needs_csv, lines_csv, examples_csv, "", "finder.error.empty"}};
    for (size_t i = 0; i < RG_COUNT(bad); i++) {
        struct finder_corpus corpus;
        rg_story_clear(&w->ctx);
        assert_int_equal(finder_corpus_read(&w->ctx, file("needs.csv", bad[i].needs),
            file("emergencies.csv", bad[i].lines), file("examples.csv", bad[i].examples),
            file("danger.csv", bad[i].danger), &corpus), RG_INVALID);
        assert_string_equal(w->ctx.story.key, bad[i].key);
    }
}

static void
bad_lexicons_are_refused_and_leave_the_corpus_as_it_was(void **state)
{
    struct world *w = *state;
    static const struct { const char *text, *key; } bad[] = {
        {"concept,it\na,b\n", "finder.error.column"},
        {"concept,it,fr,en,ro,es,sq,ar,zh\n,b\n", "finder.error.blank"},
        {"concept,it,fr,en,ro,es,sq,ar,zh\na,b\na,c\n", "finder.error.doubled"},
        {"concept,it,fr,en,ro,es,sq,ar,zh\na,\xff\n", "finder.error.utf8"},
        {"", "finder.error.empty"}};
    for (size_t i = 0; i < RG_COUNT(bad); i++) {
        struct finder_corpus corpus = w->corpus;
        rg_story_clear(&w->ctx);
        assert_int_equal(finder_lexicon_read(&w->ctx, file("lexicon.csv", bad[i].text), &corpus),
                         RG_INVALID);
        assert_string_equal(w->ctx.story.key, bad[i].key);
        assert_int_equal(corpus.n_concepts, w->corpus.n_concepts);
    }
}

static void
bad_names_are_refused_and_leave_the_corpus_as_it_was(void **state)
{
    struct world *w = *state;
    static const struct { const char *text, *key; } bad[] = {
        {"ro,ar\na,b\n", "finder.error.column"},
        {"code,ro\nno.such,b\n", "finder.error.code"},
        {"code,ro\n,b\n", "finder.error.code"},
        {"code,ro\n112,b\n112,c\n", "finder.error.doubled"},
        {"code,ro\n112,\xff\n", "finder.error.utf8"},
        {"", "finder.error.empty"}};
    for (size_t i = 0; i < RG_COUNT(bad); i++) {
        struct finder_corpus corpus = w->corpus;
        rg_story_clear(&w->ctx);
        assert_int_equal(finder_names_read(&w->ctx, file("names.csv", bad[i].text), &corpus),
                         RG_INVALID);
        assert_string_equal(w->ctx.story.key, bad[i].key);
        assert_int_equal(corpus.n_names, 0);
    }
    struct finder_corpus corpus = w->corpus;
    const struct finder_file good = file("names.csv", "code,zh,ro\n112,急,U\n");
    assert_int_equal(finder_names_read(&w->ctx, good, &corpus), RG_OK);
    assert_true(corpus.n_names == 1 && str_is(corpus.names[0].in[FINDER_ZH], "急") &&
                str_is(corpus.names[0].in[FINDER_RO], "U") && corpus.names[0].in[FINDER_AR].n == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(understanding_survives_typing_errors_and_languages),
        cmocka_unit_test(words_never_seen_reach_their_need_by_what_they_mean),
        cmocka_unit_test(a_line_of_a_situation_comes_with_that_one_alone),
        cmocka_unit_test(what_is_not_understood_says_why),
        cmocka_unit_test(understanding_abstains_on_nothing_and_noise),
        cmocka_unit_test(reasons_are_words_of_the_text_in_order),
        cmocka_unit_test(scores_are_chances_in_descending_order),
        cmocka_unit_test(danger_brings_its_lines_also_inside_a_long_text),
        cmocka_unit_test(calm_words_take_back_their_own_alarm_and_no_other),
        cmocka_unit_test(one_word_alone_is_no_danger_beside_a_doubt),
        cmocka_unit_test(facts_are_told_by_words_and_negations_only),
        cmocka_unit_test(numbers_of_children_and_of_isee_are_read),
        cmocka_unit_test(circumstances_are_told_apart),
        cmocka_unit_test(languages_are_guessed_from_few_words),
        cmocka_unit_test(kept_training_gives_the_same_model_and_damage_is_noticed),
        cmocka_unit_test(bad_packs_are_refused_with_file_and_line),
        cmocka_unit_test(bad_lexicons_are_refused_and_leave_the_corpus_as_it_was),
        cmocka_unit_test(bad_names_are_refused_and_leave_the_corpus_as_it_was),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
