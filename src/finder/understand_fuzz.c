/* Any bytes as a question: spans stay inside the text, scores are chances, nothing is read
 * past the end.                                                                              */
#include "finder/kernel.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char needs[] =
    "code,level,parent,label_it,label_en,label_fr,description_it,synonyms_it,targets\n"
    "casa.affitto,2,casa,Affitto,Rent,Loyer,Canone di casa.,canone|padrone di casa,poverta\n"
    "psiche.crisi,2,psiche,Crisi,Crisis,Crise,Aiuto.,voglio morire,adulti\n";
static const char lines[] =
    "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes\n"
    "112,Emergenza,Emergency,Urgences,Pericolo,,1,psiche.crisi\n";
static const char examples[] = "code,lang,text\ncasa.affitto,it,affitto arretrato\n,it,la pizza\n";
static const char danger[] = "situation,code,lang,words\ns,psiche.crisi,it,voglio mor*\n"
                             "s,psiche.crisi,zh,想 死\n";

static const char lexicon[] = "concept,it,fr,en,ro,es,sq,ar,zh\n"
                              "affitto,affitt*|padrone di casa,loyer,rent,,,,إيجار,房租\n";

static struct rg_ctx ctx;
static struct finder_reader *reader;

static void
check_span(struct finder_span span, size_t n)
{
    RG_ASSERT(span.from <= n && span.n <= n - span.from);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!reader) {
        struct finder_corpus corpus;
        struct finder_model *model;
        if (rg_ctx_init(&ctx, 16 << 20) ||
            finder_corpus_read(&ctx, (struct finder_file){"needs.csv", str_of(needs)},
                               (struct finder_file){"emergencies.csv", str_of(lines)},
                               (struct finder_file){"examples.csv", str_of(examples)},
                               (struct finder_file){"danger.csv", str_of(danger)}, &corpus) ||
            finder_lexicon_read(&ctx, (struct finder_file){"lexicon.csv", str_of(lexicon)},
                                &corpus) ||
            finder_model_build(&ctx, &corpus, STR_NONE, &model) ||
            finder_reader_new(&ctx, model, &reader))
            abort();
    }
    struct finder_understanding u;
    finder_understand(reader, str_n((const char *)data, size), &u);
    RG_ASSERT(u.n_needs <= FINDER_GUESSES_MAX && u.abstained == (u.n_needs == 0) &&
              u.abstained == (u.why_not != FINDER_UNDERSTOOD));
    for (size_t i = 0; i < u.n_needs; i++) {
        RG_ASSERT(u.needs[i].score >= 0 && u.needs[i].score <= 1);
        for (size_t k = 0; k < u.needs[i].n_why; k++)
            check_span(u.needs[i].why[k], size);
    }
    check_span(u.danger_why, size);
    RG_ASSERT(u.n_lines <= FINDER_NUMBERS_MAX && u.age >= -1 && u.age <= 120 &&
              u.children >= -1 && u.children <= 15 && u.isee_euros >= -1);
    return 0;
}
