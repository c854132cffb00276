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

/* Prefixes of folded words; a full stop at the end asks for the whole word. Strong words come
 * first: the first list that matches anywhere in the text wins.                               */
static const struct audience_words {
    enum finder_audience audience;
    const char *words;
} audience_words[] = {
    {FINDER_OPERATORI, "utente. utenti. operatore. operatrice. educatrice. educatore. alunno. "
        "alunni. operatori."},
    {FINDER_ENTI, "sindaco. sindaci municipio. dipendenti_comunali rtd. comuni. mayor."},
    {FINDER_DISABILITA, "disabil invalid carrozzina sordo. sorda. cieco. cieca. autistic autismo. "
        "down. ipovedent handicap tetrapleg ceco. wheelchair disabled handicape sourd fauteuil"},
    {FINDER_STUDENTI, "universitari. fuorisede. studente. studentessa. studenti. student. "
        "students. etudiant"},
    {FINDER_ANZIANI, "anzian nonna. nonno. nonni. pensionat vecchi. vecchietti. vecchia. suocer "
        "alzheimer. demenza. ottantenne. novantenne. elderly. grandmother. grandfather. grandma. "
        "pensioner retraite. grand_mere agees. agee. bunica. bunicul. abuel"},
    {FINDER_MINORI, "figlio. figlia. figli. bambin bimb neonat minore. minori. adolescent nipotin "
        "quindicenne. sedicenne. tredicenne. quattordicenne. child. children. son. daughter. "
        "kid. kids. baby. teenage enfant fils. fille. copil hijo. hija. hijos. femij djali."},
    {FINDER_GIOVANI, "giovan ragazz ventenne. youth. jeune"},
    {FINDER_STRANIERI, "stranier immigrat profug rifugiat migrant permesso_di_soggiorno "
        "extracomunitari. refugee asylum etranger sans_papiers"},
    {FINDER_IMPRESE, "azienda. ditta. impresa. negozio. startup. bottega. pmi. srl. business. "
        "company. entreprise. firma."},
    {FINDER_PROFESSIONISTI, "professionist freelance. avvocato. architetto. ingegnere."},
    {FINDER_FAMIGLIE, "famigli genitor mamma. moglie. marito. family. famille. parents. familia."},
    {FINDER_LAVORATORI, "lavoratore. lavoratrice. operaio. operaia. licenziat dipendente. capo. "
        "stipendio. worker. salarie."},
};

static bool
word_is(const struct word *w, const char *entry, size_t n)
{
    bool whole = entry[n - 1] == '.';
    n -= whole;
    return (whole ? w->word_n == n : w->word_n >= n) && memcmp(w->word, entry, n) == 0;
}

/* Does any word of the text match the blank-separated list? '_' joins two words of the text. */
static bool
any_word(const struct words *words, const char *list)
{
    struct str rest = str_of(list), entry;
    while (str_cut(&rest, ' ', &entry)) {
        if (entry.n == 0)
            continue;
        const char *join = memchr(entry.p, '_', entry.n);
        size_t n = join ? (size_t)(join - entry.p) : entry.n;
        for (size_t i = 0; i < words->n; i++) {
            if (!word_is(&words->at[i], entry.p, n))
                continue;
            if (!join)
                return true;
            struct str tail = str_n(join + 1, entry.n - n - 1);
            const char *last = memrchr(tail.p, '_', tail.n);
            tail = last ? str_n(last + 1, tail.n - (size_t)(last + 1 - tail.p)) : tail;
            for (size_t j = i + 1; j < words->n && j <= i + 2; j++)
                if (word_is(&words->at[j], tail.p, tail.n))
                    return true;
        }
    }
    return false;
}

static bool
one_of(const struct word *w, const char *list)
{
    struct words one = {.n = 1};
    one.at[0] = *w;
    return any_word(&one, list);
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
        if (i > 0 && one_of(&words->at[i - 1], "da. dopo. tra. fra. for. since. depuis. per. "
                                               "ultimi. in."))
            continue;
        if (one_of(&words->at[i + 1], "mesi. months. mois. luni. meses."))
            return (int)(n / 12);
        if (one_of(&words->at[i + 1], "anni. years. year. ans. ani. anos. vjec. yo."))
            return (int)n;
    }
    return -1;
}

static const struct day_words {
    unsigned bit;
    const char *words;
} day_words[] = {
    {1u << 0, "lunedi. monday. lundi. luni. lunes."},
    {1u << 1, "martedi. tuesday. mardi. marti. martes."},
    {1u << 2, "mercoledi. wednesday. mercredi. miercuri. miercoles."},
    {1u << 3, "giovedi. thursday. jeudi. joi. jueves."},
    {1u << 4, "venerdi. friday. vendredi. vineri. viernes."},
    {1u << 5, "sabato. saturday. samedi. sambata. sabado."},
    {1u << 6, "domenica. sunday. dimanche. duminica. domingo."},
};

void
circumstances_of(const struct words *words, struct finder_understanding *ret)
{
    ret->age = age_of(words);
    ret->audience = FINDER_ANYBODY;
    for (size_t i = 0; i < RG_COUNT(audience_words) && ret->audience == FINDER_ANYBODY; i++)
        if (any_word(words, audience_words[i].words))
            ret->audience = audience_words[i].audience;
    bool firm = ret->audience == FINDER_DISABILITA || ret->audience == FINDER_OPERATORI ||
                ret->audience == FINDER_STUDENTI;
    if (ret->age >= 0 && !firm)
        ret->audience = ret->age < 18 ? FINDER_MINORI : ret->age < 30 ? FINDER_GIOVANI
                      : ret->age >= 65 ? FINDER_ANZIANI
                      : ret->audience == FINDER_MINORI ? FINDER_ANYBODY : ret->audience;
    struct finder_when *when = &ret->when;
    when->now = any_word(words, "adesso. subito. ora. now. maintenant. acum. ahora. tani. urgente. "
                                "urgentemente. immediatamente. immediately.");
    when->tonight = any_word(words, "stasera. stanotte. tonight. ce_soir. diseara. esta_noche. "
                                    "sonte.");
    when->today = when->tonight || any_word(words, "oggi. today. aujourd. azi. hoy. sot.");
    when->tomorrow = any_word(words, "domani. tomorrow. demain. maine. manana. neser.");
    when->night = when->tonight || any_word(words, "notte. notturn night. nuit. noapte. noche.");
    when->weekend = any_word(words, "weekend. fine_settimana. week_end. festiv");
    when->days = 0;
    for (size_t i = 0; i < RG_COUNT(day_words); i++)
        if (any_word(words, day_words[i].words))
            when->days |= day_words[i].bit;
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
