/* For whom and when: small closed vocabularies, matched on folded words. What the text does not
 * say stays unknown; an age beats a word ("mio figlio di 30 anni" is no minor).               */
#include "finder/finder_priv.h"

static const char *const audience_codes[FINDER_AUDIENCE__MAX] = {
    "", "minori", "giovani", "anziani", "famiglie", "disabilita", "donne_violenza", "stranieri",
    "studenti", "lavoratori", "imprese", "professionisti", "enti", "operatori"};

const char *
finder_audience_code(enum finder_audience audience)
{
    RG_ASSERT(audience < FINDER_AUDIENCE__MAX);
    return audience_codes[audience];
}

/* Patterns, parted by "|". Strong ones first: of the publics a text names, the first wins. */
static const struct audience_words {
    enum finder_audience audience;
    const char *words;
} audience_words[] = {
    {FINDER_OPERATORI, "utente|utenti|operatore|operatrice|educatrice|educatore|alunno|alunni|"
        "operatori"},
    {FINDER_ENTI, "sindaco|sindaci*|municipio|dipendenti comunali*|rtd|comuni|mayor"},
    {FINDER_DISABILITA, "disabil*|invalid*|carrozzina*|sordo|sorda|cieco|cieca|autistic*|"
        "autismo|down|ipovedent*|handicap*|tetrapleg*|ceco|wheelchair*|disabled*|handicape*|"
        "sourd*|fauteuil*"},
    {FINDER_STUDENTI, "universitari|fuorisede|studente|studentessa|studenti|student|students|"
        "etudiant*"},
    {FINDER_ANZIANI, "anzian*|nonna|nonno|nonni|pensionat*|vecchi|vecchietti|vecchia|suocer*|"
        "alzheimer|demenza|ottantenne|novantenne|elderly|grandmother|grandfather|grandma|"
        "pensioner*|retraite|grand mere|agees|agee|bunica|bunicul|abuel*"},
    {FINDER_MINORI, "figlio|figlia|figli|bambin*|bimb*|neonat*|minore|minori|adolescent*|"
        "nipotin*|quindicenne|sedicenne|tredicenne|quattordicenne|child|children|son|daughter|"
        "kid|kids|baby|teenage*|enfant*|fils|fille|copil*|hijo|hija|hijos|femij*|djali"},
    {FINDER_GIOVANI, "giovan*|ragazz*|ventenne|youth|jeune*"},
    {FINDER_STRANIERI, "stranier*|immigrat*|profug*|rifugiat*|migrant*|permesso soggiorno|"
        "extracomunitari|refugee*|asylum*|etranger*|sans papiers"},
    {FINDER_IMPRESE, "azienda|ditta|impresa|negozio|startup|bottega|pmi|srl|business|company|"
        "entreprise|firma"},
    {FINDER_PROFESSIONISTI, "professionist*|freelance|avvocato|architetto|ingegnere"},
    {FINDER_FAMIGLIE, "famigli*|genitor*|mamma|moglie|marito|family|famille|parents|familia"},
    {FINDER_LAVORATORI, "lavoratore|lavoratrice|operaio|operaia|licenziat*|dipendente|capo|"
        "stipendio|worker|salarie"},
};

enum when_tag { NOW, TONIGHT, TODAY, TOMORROW, NIGHT, WEEKEND, MONDAY, WHENS = MONDAY + 7 };

static const char *const when_words[WHENS] = {
    [NOW] = "adesso|subito|ora|now|maintenant|acum|ahora|tani|urgente|urgentemente|immediatamente|"
            "immediately",
    [TONIGHT] = "stasera|stanotte|tonight|ce soir|diseara|esta noche|sonte",
    [TODAY] = "oggi|today|aujourd|azi|hoy|sot",
    [TOMORROW] = "domani|tomorrow|demain|maine|manana|neser",
    [NIGHT] = "notte|notturn*|night|nuit|noapte|noche",
    [WEEKEND] = "weekend|fine settimana|week end|festiv*",
    [MONDAY] = "lunedi|monday|lundi|luni|lunes",
    [MONDAY + 1] = "martedi|tuesday|mardi|marti|martes",
    [MONDAY + 2] = "mercoledi|wednesday|mercredi|miercuri|miercoles",
    [MONDAY + 3] = "giovedi|thursday|jeudi|joi|jueves",
    [MONDAY + 4] = "venerdi|friday|vendredi|vineri|viernes",
    [MONDAY + 5] = "sabato|saturday|samedi|sambata|sabado",
    [MONDAY + 6] = "domenica|sunday|dimanche|duminica|domingo",
};

_Static_assert(RG_COUNT(audience_words) + WHENS == CIRCUMSTANCES, "a tag for each");

void
circumstances_add(struct patterns *ps)
{
    for (size_t i = 0; i < RG_COUNT(audience_words); i++)
        patterns_add_each(ps, audience_words[i].words, (uint16_t)(CIRCUMSTANCE_FIRST + i));
    for (size_t i = 0; i < WHENS; i++)
        patterns_add_each(ps, when_words[i],
                          (uint16_t)(CIRCUMSTANCE_FIRST + RG_COUNT(audience_words) + i));
}

/* Is the word one of the blank-separated list? */
static bool
one_of(const struct word *w, const char *list)
{
    struct str rest = str_of(list), entry;
    while (str_cut(&rest, ' ', &entry))
        if (str_eq(str_n(w->word, w->word_n), entry))
            return true;
    return false;
}

/* "80 anni", "18 months", "5 ans": the number before the word of age, in years. -1: none. The
 * word before the number decides against a length of time ("da 10 anni", "for 5 years").      */
static int
age_of(const struct words *words)
{
    for (size_t i = 0; i + 1 < words->n; i++) {
        int64_t n;
        const struct word *w = &words->at[i];
        if (!w->has_digit || !rg_parse_i64(str_n(w->word, w->word_n), 0, 120, &n))
            continue;
        if (i > 0 && one_of(&words->at[i - 1], "da dopo tra fra for since depuis per "
                                               "ultimi in"))
            continue;
        if (one_of(&words->at[i + 1], "mesi months mois luni meses"))
            return (int)(n / 12);
        if (one_of(&words->at[i + 1], "anni years year ans ani anos vjec yo"))
            return (int)n;
    }
    return -1;
}

void
circumstances_of(const struct words *words, const struct pattern_hit *hits, size_t n,
                 struct finder_understanding *ret)
{
    struct finder_when *when = &ret->when;
    size_t first = RG_COUNT(audience_words);
    bool said[WHENS] = {false};
    for (size_t i = 0; i < n; i++) {
        size_t tag = (size_t)hits[i].tag - CIRCUMSTANCE_FIRST;
        if (hits[i].tag < CIRCUMSTANCE_FIRST)
            continue;
        if (tag >= RG_COUNT(audience_words))
            said[tag - RG_COUNT(audience_words)] = true;
        else if (tag < first)
            first = tag;
    }
    ret->age = age_of(words);
    ret->audience =
        first < RG_COUNT(audience_words) ? audience_words[first].audience : FINDER_ANYBODY;
    bool firm = ret->audience == FINDER_DISABILITA || ret->audience == FINDER_OPERATORI ||
                ret->audience == FINDER_STUDENTI;
    if (ret->age >= 0 && !firm)
        ret->audience = ret->age < 18 ? FINDER_MINORI : ret->age < 30 ? FINDER_GIOVANI
                      : ret->age >= 65 ? FINDER_ANZIANI
                      : ret->audience == FINDER_MINORI ? FINDER_ANYBODY : ret->audience;
    *when = (struct finder_when){.now = said[NOW],
                                 .tonight = said[TONIGHT],
                                 .today = said[TONIGHT] || said[TODAY],
                                 .tomorrow = said[TOMORROW],
                                 .night = said[TONIGHT] || said[NIGHT],
                                 .weekend = said[WEEKEND]};
    for (unsigned day = 0; day < 7; day++)
        when->days |= said[MONDAY + day] ? 1u << day : 0;
}

/* Publics that a need has for itself: who asks for it belongs to it, whatever else is said. */
static bool
is_own_public(enum finder_audience a)
{
    return a == FINDER_DONNE_VIOLENZA || a == FINDER_STRANIERI || a == FINDER_IMPRESE ||
           a == FINDER_ENTI || a == FINDER_OPERATORI || a == FINDER_STUDENTI ||
           a == FINDER_PROFESSIONISTI || a == FINDER_DISABILITA || a == FINDER_LAVORATORI;
}

static enum finder_audience
audience_of_code(struct str code)
{
    for (int a = 1; a < FINDER_AUDIENCE__MAX; a++)
        if (str_eq(code, str_of(audience_codes[a])))
            return (enum finder_audience)a;
    return FINDER_ANYBODY;
}

void
audience_settle(const struct finder_need *need, struct finder_understanding *ret)
{
    enum finder_audience first = FINDER_ANYBODY;
    struct str rest = need->targets, code;
    bool families = false, knows = false;
    if (ret->audience == FINDER_OPERATORI)
        return;
    for (bool at_first = true; rest.n && str_cut(&rest, '|', &code); at_first = false) {
        enum finder_audience a = audience_of_code(code);
        if (at_first)
            first = a;
        families |= a == FINDER_FAMIGLIE;
        knows |= a != FINDER_ANYBODY && a == ret->audience;
    }
    if (ret->audience == FINDER_FAMIGLIE && first == FINDER_DONNE_VIOLENZA)
        ret->audience = first; /* "mio marito" names the family, the need says for whom */
    else if (knows)
        return;
    else if (ret->audience == FINDER_MINORI && families)
        ret->audience = FINDER_FAMIGLIE; /* a parent writes */
    else if (ret->audience == FINDER_ANYBODY && is_own_public(first))
        ret->audience = first;
}
