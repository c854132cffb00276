/* The form in which names are compared: one spelling for case, accents, saints and valleys. */
#include "territory/territory_priv.h"

/* Latin letters from U+00C0 to U+017F without their marks. '*' marks what is no letter. */
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
                            "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof(latin) - 1 == 0x180 - 0xC0, "one letter for each code point");

static const char *const saints[] = {"san", "santa", "santo", "sant", "saint", "sainte", "st",
                                     "ste", NULL};
static const char *const valleys[] = {"valle", "valli", NULL};
static const char *const littles[] = {"di",  "d",   "del",   "dello", "della",  "dell", "dei",
                                      "degli", "delle", "da", "dal",  "al",     "alla", "allo",
                                      "in",  "presso", "la", "le",    "lo",     "il",   "l",
                                      "e",   NULL};

/* How a word of an official name is shortened in offices: "S. Mauro T.se". */
static const struct {
    const char *head, *tail, *whole;
} cuts[] = {
    {"t", "se", "torinese"}, {"to", "se", "torinese"},  {"tor", "se", "torinese"},
    {"c", "se", "canavese"}, {"can", "se", "canavese"}, {"p", "te", "piemonte"},
};

enum kind { GAP, MARK, SMALL, CAPITAL };

static bool
word_eq(const struct territory_word *word, const char *c)
{
    size_t n = strlen(c);
    return word->n == n && memcmp(word->p, c, n) == 0;
}

bool
territory_word_is(const struct territory_word *word, const char *const *list)
{
    for (; *list; list++)
        if (word_eq(word, *list))
            return true;
    return false;
}

bool
territory_word_is_little(const struct territory_word *word)
{
    return territory_word_is(word, littles);
}

/* One code point to the bytes it is compared by. A mark that combines adds nothing and parts
 * nothing; scripts without our letters are compared as they stand.                            */
static enum kind
fold_point(int code, char out[4], size_t *ret_n)
{
    *ret_n = 0;
    if (code < 0x80) {
        bool capital = code >= 'A' && code <= 'Z';
        if (!capital && !(code >= 'a' && code <= 'z') && !(code >= '0' && code <= '9'))
            return GAP;
        out[(*ret_n)++] = (char)(capital ? code + ('a' - 'A') : code);
        return capital ? CAPITAL : SMALL;
    }
    if (code >= 0xC0 && code < 0x180) {
        char c = latin[code - 0xC0];
        if (c == '*')
            return GAP;
        bool capital = c >= 'A' && c <= 'Z';
        out[(*ret_n)++] = (char)(capital ? c + ('a' - 'A') : c);
        if (code == 0xC6 || code == 0xE6 || code == 0x152 || code == 0x153)
            out[(*ret_n)++] = 'e';
        else if (code == 0xDF)
            out[(*ret_n)++] = 's';
        return capital ? CAPITAL : SMALL;
    }
    if (code >= 0x300 && code < 0x370)
        return MARK;
    if (code < 0xC0 || (code >= 0x2000 && code < 0x2070) || (code >= 0x3000 && code < 0x3010))
        return GAP;
    *ret_n = str_utf8_put(out, (uint32_t)code);
    return SMALL;
}

/* "T.se" comes out of the splitter as two words; make it the one it stands for. */
static bool
words_uncut(struct territory_word *head, const struct territory_word *tail)
{
    if (!head->dot || tail->at != head->end + 1)
        return false;
    for (size_t i = 0; i < RG_COUNT(cuts); i++) {
        if (!word_eq(head, cuts[i].head) || !word_eq(tail, cuts[i].tail))
            continue;
        head->n = (uint8_t)strlen(cuts[i].whole);
        memcpy(head->p, cuts[i].whole, head->n);
        head->end = tail->end;
        head->dot = tail->dot;
        return true;
    }
    return false;
}

size_t
territory_words_split(struct str text, struct territory_word *words, size_t cap,
                      bool *ret_shouting)
{
    struct str rest = text;
    size_t n = 0;
    bool inside = false, small = false, capital = false;
    RG_ASSERT(text.n <= UINT32_MAX);
    while (rest.n > 0) {
        uint32_t at = (uint32_t)(text.n - rest.n);
        char letters[4];
        size_t n_letters;
        int code = str_utf8_next(&rest);
        enum kind kind = fold_point(code, letters, &n_letters);
        if (kind == MARK) {
            if (inside)
                words[n - 1].end = (uint32_t)(text.n - rest.n);
            continue;
        }
        if (kind == GAP) {
            if (inside)
                words[n - 1].dot = code == '.';
            if (inside && n > 1 && words_uncut(&words[n - 2], &words[n - 1]))
                n--;
            inside = false;
            continue;
        }
        if (!inside && n == cap)
            break;
        if (!inside)
            words[n++] = (struct territory_word){.at = at, .capital = kind == CAPITAL};
        inside = true;
        small |= kind == SMALL && !(code >= '0' && code <= '9');
        capital |= kind == CAPITAL;
        struct territory_word *word = &words[n - 1];
        if (word->n + n_letters <= WORD_MAX) {
            memcpy(word->p + word->n, letters, n_letters);
            word->n = (uint8_t)(word->n + n_letters);
        }
        word->end = (uint32_t)(text.n - rest.n);
    }
    if (inside && n > 1 && words_uncut(&words[n - 2], &words[n - 1]))
        n--;
    if (ret_shouting)
        *ret_shouting = capital && !small;
    for (size_t i = 0; i < n; i++)
        words[i].little = territory_word_is_little(&words[i]);
    return n;
}

/* The form in which one word is compared; none for a little word inside a name. */
static struct str
word_form(const struct territory_word *word, bool first)
{
    if (!first && word->little)
        return STR_NONE;
    if (territory_word_is(word, saints))
        return STR("s");
    if (territory_word_is(word, valleys) || (word->dot && word_eq(word, "v")))
        return STR("val");
    return str_n(word->p, word->n);
}

size_t
territory_words_join(const struct territory_word *words, size_t n, char out[TERRITORY_NAME_MAX],
                     size_t *ret_lengths)
{
    size_t used = 0, i = 0;
    for (; i < n; i++) {
        struct str form = word_form(&words[i], i == 0);
        size_t gap = used > 0 && form.n > 0;
        if (used + gap + form.n > TERRITORY_NAME_MAX)
            break;
        if (gap)
            out[used++] = ' ';
        if (form.n > 0)
            memcpy(out + used, form.p, form.n);
        used += form.n;
        if (ret_lengths)
            ret_lengths[i] = used;
    }
    bool whole = i == n;
    for (; ret_lengths && i < n; i++)
        ret_lengths[i] = 0;
    return whole ? used : 0;
}

size_t
territory_words_squeeze(const struct territory_word *words, size_t n,
                        char out[TERRITORY_NAME_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (used + words[i].n > TERRITORY_NAME_MAX)
            return 0;
        memcpy(out + used, words[i].p, words[i].n);
        used += words[i].n;
    }
    return used;
}

size_t
territory_name_fold(struct str name, char out[TERRITORY_NAME_MAX])
{
    struct territory_word words[TERRITORY_NAME_WORDS_MAX + 1];
    if (!str_utf8_ok(name))
        return 0;
    size_t n = territory_words_split(name, words, RG_COUNT(words), NULL);
    return n > TERRITORY_NAME_WORDS_MAX ? 0 : territory_words_join(words, n, out, NULL);
}
