/* Any bytes as each of the five files of a pack, the others being sound. */
#include "finder/kernel.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char needs[] =
    "code,level,parent,label_it,label_en,label_fr,description_it,synonyms_it,targets\n"
    "casa.affitto,2,casa,Affitto,Rent,Loyer,Canone di casa.,canone,poverta\n";
static const char lines[] =
    "number,name_it,name_en,name_fr,for_whom_it,hours_it,priority,trigger_codes\n"
    "112,Emergenza,Emergency,Urgences,Pericolo,,1,casa.affitto\n";
static const char examples[] = "code,lang,danger,text\ncasa.affitto,it,0,affitto arretrato\n";
static const char danger[] = "situation,code,lang,words\ns,casa.affitto,it,voglio mor*\n";

static const char lexicon[] = "concept,it,fr,en,ro,es,sq,ar,zh\naffitto,affitt*,,,,,,,\n";

static const char names[] = "code,ro,ar\ncasa.affitto,Chirie,\n112,Urgență,x\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int which = 0; which < 6; which++) {
        struct str all[6] = {str_of(needs), str_of(lines), str_of(examples), str_of(danger),
                             str_of(lexicon), str_of(names)};
        struct finder_corpus corpus;
        struct rg_ctx ctx;
        all[which] = str_n((const char *)data, size);
        if (rg_ctx_init(&ctx, 16 << 20))
            abort();
        if (finder_corpus_read(&ctx, (struct finder_file){"a", all[0]},
                               (struct finder_file){"b", all[1]},
                               (struct finder_file){"c", all[2]},
                               (struct finder_file){"d", all[3]}, &corpus) == RG_OK &&
            finder_lexicon_read(&ctx, (struct finder_file){"e", all[4]}, &corpus) == RG_OK &&
            finder_names_read(&ctx, (struct finder_file){"f", all[5]}, &corpus) == RG_OK)
            RG_ASSERT(corpus.n_needs > 0 && corpus.n_needs <= FINDER_NEEDS_MAX);
        else
            RG_ASSERT(ctx.story.key != NULL);
        rg_ctx_done(&ctx);
    }
    return 0;
}
