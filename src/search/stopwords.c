/* Stop words, our own lists, folded as the analyser folds. What is listed is dropped from
 * documents and queries alike, so a word stands here only if no need can turn on it: articles,
 * prepositions, pronouns, auxiliary and modal verbs, question words. Kept on purpose: non,
 * senza, solo, contro, senz, pas, sans, seul, contre, not, without, alone, against.          */
#include "search/search.h"
#include "search/analysis_priv.h"

/* Each list is sorted by bytes; the test checks it. */
static const char *const ITALIAN[] = {
    "a", "abbia", "abbiamo", "abbiano", "ad", "adesso", "agli", "ai", "al", "alla", "alle",
    "allo", "allora", "altra", "altre", "altri", "altro", "anche", "ancora", "avendo", "aver",
    "avere", "avete", "aveva", "avevamo", "avevano", "avevo", "avra", "avranno", "avrei",
    "avuta", "avuto", "c", "che", "chi", "ci", "cio", "coi", "col", "come", "con", "cosa",
    "cosi", "cui", "d", "da", "dagli", "dai", "dal", "dalla", "dalle", "dallo", "degli",
    "dei", "del", "della", "delle", "dello", "deve", "devi", "devo", "devono", "di",
    "dobbiamo", "dov", "dove", "dovrei", "e", "ecco", "ed", "era", "erano", "eravamo", "ero",
    "essa", "esse", "essendo", "essere", "essi", "esso", "fa", "faccio", "fai", "fanno",
    "far", "fare", "fra", "gli", "ha", "hai", "hanno", "ho", "i", "il", "in", "io", "l", "la",
    "le", "lei", "li", "lo", "loro", "lui", "ma", "me", "mi", "mia", "mie", "miei", "mio",
    "ne", "negli", "nei", "nel", "nella", "nelle", "nello", "noi", "nostra", "nostre",
    "nostri", "nostro", "o", "od", "ogni", "oppure", "per", "perche", "pero", "po", "poi",
    "possiamo", "posso", "possono", "poter", "potere", "potrei", "pro", "puo", "puoi", "pure",
    "qual", "quale", "quali", "quando", "quanta", "quante", "quanti", "quanto", "quei",
    "quel", "quella", "quelle", "quelli", "quello", "questa", "queste", "questi", "questo",
    "qui", "sara", "saranno", "sarei", "se", "sei", "si", "sia", "siamo", "siano", "siete",
    "sono", "sta", "stanno", "sto", "su", "sua", "sue", "sugli", "sui", "sul", "sulla",
    "sulle", "sullo", "suo", "suoi", "te", "ti", "tra", "tu", "tua", "tue", "tuo", "tuoi",
    "tutta", "tutte", "tutti", "tutto", "un", "una", "uno", "vi", "voglio", "voi", "vorrei",
    "vostra", "vostre", "vostri", "vostro", "vuole",
};

static const char *const FRENCH[] = {
    "a", "ai", "as", "au", "aussi", "autre", "aux", "avait", "avec", "avez", "avoir", "avons",
    "c", "ce", "cela", "ces", "cet", "cette", "comme", "d", "dans", "de", "des", "dois",
    "doit", "donc", "dont", "du", "elle", "elles", "en", "es", "est", "et", "etais", "etait",
    "ete", "etes", "etre", "eu", "faire", "fais", "fait", "il", "ils", "j", "je", "l", "la",
    "le", "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "mes", "moi", "mon", "n",
    "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "peut", "peux", "pour", "qu",
    "quand", "que", "quel", "quelle", "qui", "s", "sa", "se", "ses", "si", "sois", "soit",
    "sommes", "son", "sont", "suis", "sur", "t", "ta", "te", "tes", "toi", "ton", "tous",
    "tout", "toute", "tu", "un", "une", "veux", "vos", "votre", "voudrais", "vous", "y",
};

static const char *const ENGLISH[] = {
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but",
    "by", "can", "could", "d", "did", "do", "does", "for", "from", "had", "has", "have", "he",
    "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "ll", "m", "may", "me",
    "my", "of", "on", "or", "our", "re", "s", "she", "should", "so", "some", "t", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to",
    "us", "ve", "was", "we", "were", "what", "when", "where", "which", "who", "will", "with",
    "would", "you", "your",
};

/* Before an apostrophe these carry nothing. "senz", "mezz", "sant", "nessun" are not here:
 * they are words and stem to the same term as the whole word.                                */
static const char *const ELIDED[] = {
    "agl", "all", "c", "com", "cos", "d", "dagl", "dall", "degl", "dell", "dov", "gl", "j",
    "jusqu", "l", "lorsqu", "m", "n", "negl", "nell", "po", "puisqu", "qu", "quand", "quell",
    "quest", "quoiqu", "s", "sugl", "sull", "t", "tutt", "un", "v",
};

#define LIST(words) {(words), RG_COUNT(words)}

static const struct search_word_list LISTS[SEARCH_LANG__MAX] = {
    [SEARCH_IT] = LIST(ITALIAN),
    [SEARCH_FR] = LIST(FRENCH),
    [SEARCH_EN] = LIST(ENGLISH),
};
static const struct search_word_list ELISIONS = LIST(ELIDED);

struct search_word_list
search_stop_list(enum search_lang lang)
{
    return LISTS[lang];
}

struct search_word_list
search_elision_list(void)
{
    return ELISIONS;
}

static bool
list_has(struct search_word_list list, struct str word)
{
    size_t low = 0, high = list.n;

    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = str_cmp(str_of(list.words[mid]), word);
        if (order == 0)
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

bool
search_is_stop(enum search_lang lang, struct str word)
{
    return word.n <= SEARCH_STOP_LONGEST && list_has(LISTS[lang], word);
}

bool
search_is_elided(enum search_lang lang, struct str word)
{
    return (lang == SEARCH_IT || lang == SEARCH_FR) && word.n <= SEARCH_STOP_LONGEST
           && list_has(ELISIONS, word);
}
