/* Places inside a sentence. The words around a name decide whether it is meant as a place:
 * "abito a None" is one, "non ho none" is not, and "via Cavour" is a street.                 */
#include "territory/territory_priv.h"

enum {
    PREPOSITION_COSTS = 20,
    CAPITAL_COSTS = 60,
    BARE_COSTS = 120,
    SPELLINGS_MAX = 32,    /* each reads all names: bounded for a page of text */
    SPELT_WORDS_MAX = 3,
    SPELT_LETTERS_MIN = 5,
};

enum sign { SIGN_NONE, SIGN_PREPOSITION, SIGN_PLACE, SIGN_STREET };

static const char *const streets[] = {"via", "viale", "vicolo", "corso", "piazza", "piazzale",
                                      "piazzetta", "largo", "lungo", "strada", "borgo", "rue",
                                      "avenue", "place", "street", NULL};
static const char *const dwellings[] = {
    "abito", "abita", "abitiamo", "abitano", "abitando", "abitare", "vivo", "vive", "viviamo",
    "vivono", "vivere", "sto", "stiamo", "residente", "residenti", "residenza", "risiedo",
    "risiede", "domiciliato", "domiciliata", "trasferito", "trasferita", "trasferiti", "zona",
    "comune", "citta", "paese", "frazione", "provincia", "dintorni", "vicinanze", "vicino",
    "presso", "territorio", "quartiere", "live", "lives", "living", "near", "around", "town",
    "village", "habite", "habitons", "vis", "vit", "pres", "commune", "ville", "autour", NULL};
static const char *const prepositions[] = {
    "a", "ad", "da", "in", "di", "d", "per", "verso", "tra", "fra", "su", "nel", "nella", "nell",
    "dal", "dalla", "dall", "al", "alla", "all", "del", "della", "dell", "from", "at", "to", "of",
    "de", "du", "en", "dans", "chez", "vers", NULL};
static const char *const articles[] = {"il", "lo", "la", "l", "i", "le", "the", "les", NULL};

static enum sign
sign_before(const struct territory_word *words, size_t at)
{
    if (at == 0)
        return SIGN_NONE;
    const struct territory_word *last = &words[at - 1];
    if (territory_word_is(last, streets))
        return SIGN_STREET;
    if (territory_word_is(last, articles) && at > 1)
        last = &words[--at - 1];
    if (territory_word_is(last, dwellings))
        return SIGN_PLACE;
    if (!territory_word_is(last, prepositions))
        return SIGN_NONE;
    if (at < 2)
        return SIGN_PREPOSITION;
    const struct territory_word *lead = &words[at - 2];
    if (territory_word_is(lead, streets))
        return SIGN_STREET;
    static const char *const am[] = {"sono", "siamo", NULL}, *const of[] = {"di", "d", NULL};
    if (territory_word_is(lead, dwellings) ||
        (territory_word_is(lead, am) && territory_word_is(last, of)))
        return SIGN_PLACE;
    return SIGN_PREPOSITION;
}

struct search {
    const struct territory_places *places;
    const struct territory_word *words;
    size_t n_words;
    bool shouting; /* capitals tell nothing */
    int spellings_left;
    struct territory_place found[TERRITORY_PLACE_HITS_MAX];
    struct territory_hits hits;
};

static void
hits_lower(struct territory_hits *hits, int costs)
{
    for (size_t i = 0; i < hits->n; i++)
        hits->hits[i].score =
            (uint16_t)(hits->hits[i].score > costs ? hits->hits[i].score - costs : 0);
}

/* The longest name that starts at word at; its number of words, 0 if there is none. */
static size_t
name_at(struct search *search, size_t at, enum sign sign)
{
    size_t most = search->n_words - at;
    char key[TERRITORY_NAME_MAX];
    size_t lengths[TERRITORY_NAME_WORDS_MAX];
    if (most > search->places->words_most)
        most = search->places->words_most;
    RG_ASSERT(most <= TERRITORY_NAME_WORDS_MAX);
    bool capital = search->words[at].capital && !search->shouting;
    (void)territory_words_join(search->words + at, most, key, lengths);
    for (size_t n = most; n > 0; n--) {
        bool is_word = false;
        if (lengths[n - 1] == 0 || (n > 1 && search->words[at + n - 1].little))
            continue;
        search->hits.n = 0;
        territory_hits_exact(search->places, str_n(key, lengths[n - 1]), &search->hits, &is_word);
        if (search->hits.n == 0)
            continue;
        bool whole_text = n == search->n_words;
        if (is_word && !whole_text && sign != SIGN_PLACE && sign != SIGN_STREET &&
            !(sign == SIGN_PREPOSITION && capital))
            continue;
        territory_hits_doubt(&search->hits);
        if (sign == SIGN_PREPOSITION)
            hits_lower(&search->hits, PREPOSITION_COSTS);
        else if (sign == SIGN_NONE && !whole_text)
            hits_lower(&search->hits, capital ? CAPITAL_COSTS : BARE_COSTS);
        return n;
    }
    return 0;
}

/* A misspelt name, where the sentence leads to a place. */
static size_t
misspelt_at(struct search *search, size_t at, enum sign sign)
{
    bool capital = search->words[at].capital && !search->shouting;
    if (sign != SIGN_PLACE && !(sign == SIGN_PREPOSITION && capital))
        return 0;
    if (search->words[at].n < 2 || territory_word_is(&search->words[at], prepositions))
        return 0; /* "a Alpignano" would be two slips away from the name */
    size_t most = search->n_words - at;
    if (most > SPELT_WORDS_MAX)
        most = SPELT_WORDS_MAX;
    for (size_t n = most; n > 0 && search->spellings_left > 0; n--) {
        char key[TERRITORY_NAME_MAX];
        if (n > 1 && search->words[at + n - 1].little)
            continue;
        size_t n_key = territory_words_join(search->words + at, n, key, NULL);
        if (n_key < SPELT_LETTERS_MIN ||
            territory_places_has_word(search->places, str_n(key, n_key)))
            continue;
        search->spellings_left--;
        search->hits.n = 0;
        territory_hits_spelt(search->places, str_n(key, n_key), true, &search->hits);
        if (search->hits.n > 0) {
            territory_hits_doubt(&search->hits);
            return n;
        }
    }
    return 0;
}

size_t
territory_place_find(const struct territory_places *places, struct str sentence,
                     struct territory_place *ret, size_t cap)
{
    struct territory_word words[TERRITORY_SENTENCE_WORDS_MAX];
    struct search search = {
        .places = places, .words = words, .spellings_left = SPELLINGS_MAX};
    search.hits = (struct territory_hits){.hits = search.found, .cap = RG_COUNT(search.found)};
    if (sentence.n > UINT32_MAX || !str_utf8_ok(sentence))
        return 0;
    search.n_words = territory_words_split(sentence, words, RG_COUNT(words), &search.shouting);
    size_t n_ret = 0;
    for (size_t at = 0, n; at < search.n_words; at += n) {
        enum sign sign = sign_before(words, at);
        n = name_at(&search, at, sign);
        if (n == 0)
            n = misspelt_at(&search, at, sign);
        if (n == 0 || sign == SIGN_STREET) {
            n = n ? n : 1;
            continue;
        }
        for (size_t i = 0; i < search.hits.n && n_ret < cap; i++) {
            ret[n_ret] = search.hits.hits[i];
            ret[n_ret].at = words[at].at;
            ret[n_ret++].n = words[at + n - 1].end - words[at].at;
        }
    }
    return n_ret;
}
