/* Which language is this? Script for Arabic and Chinese; for the others the small words that
 * every sentence has, and letter runs learned from the labels and example sentences.
 * Short questions ("isee", "wifi") have neither: Italian is the answer when nothing tells.    */
#include "finder/finder_priv.h"
#include <math.h>
#include <stdlib.h>

enum { RUNS = 4096, LATIN = FINDER_SQ + 1, SMALL_WORDS = 1024, SMALL_MAX = 18 };

struct small_word {
    char word[SMALL_MAX];
    uint8_t n, langs; /* a bit for each language it stands in; n 0: nobody's place */
};

struct lang_model {
    float run[RUNS][8]; /* log of how often the run of three letters stands in each language */
    struct small_word small[SMALL_WORDS]; /* by hash, the next free place where one is taken */
};
_Static_assert(LATIN <= 8, "a bit and a place of a row for each language");

static const char *const tags[FINDER_LANG__MAX] = {"it", "fr", "en", "ro", "es", "sq", "ar", "zh"};

/* Small words that belong to one language, or to few: every word counts for each it stands in. */
static const char *const small_words[LATIN] = {
    [FINDER_IT] = " il lo gli la le un uno una di del della dello dei degli delle che chi non per "
        "con mio mia miei ho ha hanno sono è e come dove cosa si mi ci nel nella al alla da dal "
        "più perché anche se devo vorrei posso serve cerco qualcuno questo anni figlio figlia "
        "casa senza quando ",
    [FINDER_FR] = " le la les un une des du de je j mon ma mes ne pas que qui est suis avec pour "
        "dans où comment ai aide et à au aux il elle nous vous sur mais besoin cherche peux plus "
        "fils fille ans sans chez quand mari ",
    [FINDER_EN] = " the a an i my me is are to of and in for with how where what can do not don't "
        "need help have has on at from who it she he they we you your this was looking want "
        "son daughter without when ",
    [FINDER_RO] = " și si nu un o la de pe cu pentru am ai are sunt să sa mi ma mă unde cum ce "
        "este din mea meu copilul vreau caut nevoie fără pot ",
    [FINDER_ES] = " el la los las un una de que y no mi mis en con para por es soy tengo tiene "
        "necesito busco quiero puedo donde dónde cómo como hijo hija ayuda sin me ",
    [FINDER_SQ] = " nuk kam dua të te për per një nje dhe në ne me është eshte si ku jam im ime "
        "djali burri ndihmë ndihme kërkoj kerkoj ",
};

const char *
finder_lang_tag(enum finder_lang lang)
{
    RG_ASSERT(lang < FINDER_LANG__MAX);
    return tags[lang];
}

bool
lang_of_tag(struct str tag, enum finder_lang *ret)
{
    for (int i = 0; i < FINDER_LANG__MAX; i++)
        if (str_eq(tag, str_of(tags[i]))) {
            *ret = (enum finder_lang)i;
            return true;
        }
    return false;
}

enum search_lang
lang_analysis(enum finder_lang lang)
{
    return lang == FINDER_IT ? SEARCH_IT : lang == FINDER_FR ? SEARCH_FR
         : lang == FINDER_EN ? SEARCH_EN : SEARCH_PLAIN;
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static uint32_t
run_at(const char *p)
{
    uint32_t a = (uint8_t)lower(p[0]), b = (uint8_t)lower(p[1]), c = (uint8_t)lower(p[2]);
    return (a * 31 * 31 + b * 31 + c) * 2654435761u >> 20;
}

/* Where a small word is, or would be: in lower case, at most SMALL_MAX bytes. The table is never
 * full: there are some 300.                                                                   */
static size_t
small_place(const struct lang_model *lm, struct str word)
{
    uint32_t h = 0;
    for (size_t i = 0; i < word.n; i++)
        h = (h ^ (uint8_t)word.p[i]) * 0x01000193u;
    for (size_t at = (h ^ h >> 15) % SMALL_WORDS;; at = (at + 1) % SMALL_WORDS) {
        const struct small_word *s = &lm->small[at];
        if (s->n == 0 || str_eq(str_n(s->word, s->n), word))
            return at;
    }
}

static void
small_add(struct lang_model *lm, struct str word, int lang)
{
    RG_ASSERT(word.n <= SMALL_MAX);
    struct small_word *s = &lm->small[small_place(lm, word)];
    memcpy(s->word, word.p, word.n);
    s->n = (uint8_t)word.n;
    s->langs |= (uint8_t)(1u << lang);
}

static unsigned
small_langs(const struct lang_model *lm, struct str word)
{
    char low[SMALL_MAX];
    if (word.n == 0 || word.n > SMALL_MAX)
        return 0;
    for (size_t i = 0; i < word.n; i++)
        low[i] = lower(word.p[i]);
    return lm->small[small_place(lm, str_n(low, word.n))].langs;
}

static void
count_runs(struct lang_model *lm, enum finder_lang lang, struct str text)
{
    if ((int)lang < LATIN)
        for (size_t i = 0; i + 3 <= text.n; i++)
            lm->run[run_at(text.p + i)][lang] += 1;
}

struct lang_model *
lang_model_new(const struct finder_corpus *corpus)
{
    struct lang_model *lm = calloc(1, sizeof(*lm));
    if (!lm)
        return NULL;
    enum finder_lang lang;
    for (size_t i = 0; i < corpus->n_examples; i++)
        if (lang_of_tag(corpus->examples[i].lang, &lang))
            count_runs(lm, lang, corpus->examples[i].text);
    for (size_t i = 0; i < corpus->n_needs; i++) {
        count_runs(lm, FINDER_IT, corpus->needs[i].description);
        count_runs(lm, FINDER_FR, corpus->needs[i].label[RG_FR]);
        count_runs(lm, FINDER_EN, corpus->needs[i].label[RG_EN]);
    }
    for (int l = 0; l < LATIN; l++) {
        count_runs(lm, (enum finder_lang)l, str_of(small_words[l]));
        float sum = 0;
        for (int r = 0; r < RUNS; r++)
            sum += lm->run[r][l];
        for (int r = 0; r < RUNS; r++)
            lm->run[r][l] = logf((lm->run[r][l] + 0.3f) / (sum + 0.3f * RUNS));
        struct str rest = str_of(small_words[l]), word;
        while (str_cut(&rest, ' ', &word))
            if (word.n)
                small_add(lm, word, l);
    }
    return lm;
}

struct lang_model *
lang_model_free(struct lang_model *lm)
{
    free(lm);
    return NULL;
}

/* Letters by script: most of them decide. Bytes D8 to DB begin Arabic letters, E4 to E9 Han. */
static bool
guess_script(struct str text, enum finder_lang *ret)
{
    size_t arabic = 0, han = 0, latin = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = (uint8_t)text.p[i];
        arabic += c >= 0xD8 && c <= 0xDB;
        han += c >= 0xE4 && c <= 0xE9;
        latin += (c | 32) >= 'a' && (c | 32) <= 'z';
    }
    *ret = arabic > han ? FINDER_AR : FINDER_ZH;
    return arabic + han * 2 > latin;
}

enum finder_lang
lang_guess(const struct lang_model *lm, struct str text)
{
    enum finder_lang lang;
    if (text.n > 600)
        text.n = 600;
    if (guess_script(text, &lang))
        return lang;
    /* Italian is where the question is asked: the others must show themselves. */
    float score[LATIN] = {[FINDER_IT] = 4.0f};
    for (size_t i = 0; i + 3 <= text.n; i++) {
        const float *run = lm->run[run_at(text.p + i)];
        for (int l = 0; l < LATIN; l++)
            score[l] += 0.5f * run[l];
    }
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && text.p[end] != ' ' && text.p[end] != '\'' && text.p[end] != ',' &&
               text.p[end] != '.' && text.p[end] != '?')
            end++;
        unsigned langs = small_langs(lm, str_n(text.p + at, end - at));
        for (int l = 0; l < LATIN; l++)
            score[l] += langs >> l & 1 ? 2.5f : 0;
        at = end + 1;
    }
    lang = FINDER_IT;
    for (int l = 1; l < LATIN; l++)
        if (score[l] > score[lang])
            lang = (enum finder_lang)l;
    return lang;
}
