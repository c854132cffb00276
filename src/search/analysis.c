/* From text to terms: fold, split, drop, stem. One pass over the bytes.
 *
 * Folding has two roads. Latin letters below U+0250 and in U+1E00–1EFF, which is all that
 * Italian, French, English, Romanian and Albanian need, go through a table of 848 entries made
 * once from the Unicode data of libunistring; normalising every text with u8_normalize instead
 * allocates and measured about twenty times slower per word. Everything else asks libunistring
 * letter by letter. Dropping combining marks makes composed and decomposed text equal without
 * normalising first.                                                                         */
#include "search/analysis_priv.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

enum {
    LATIN_END = 0x250,
    LATIN_MORE = 0x1E00,
    LATIN_MORE_END = 0x1F00,
    N_TABLE = LATIN_END + (LATIN_MORE_END - LATIN_MORE),
    CACHE_SLOTS = 4096, /* stems by word: a language repeats itself; saves 80 % of stemming */
};

/* What folding makes of a code point. */
enum fold_kind { FOLD_SPLIT, FOLD_DROP, FOLD_APOSTROPHE, FOLD_LETTERS, FOLD_SLOW };

struct fold {
    uint8_t kind;
    char out[3]; /* up to three ASCII letters, padded with NUL */
};

struct cached_stem {
    uint8_t lang, n_word, n_term;
    char word[SEARCH_TERM_MAX];
    char term[SEARCH_TERM_MAX];
};

struct search_analyser {
    struct sb_stemmer *stemmer[SEARCH_PLAIN];
    struct str text;
    size_t at;
    enum search_lang lang;
    unsigned flags;
    uint32_t position;
    char word[SEARCH_TERM_MAX];
    size_t n_word;
    bool one_han;
    char split[2][SEARCH_TERM_MAX];
    struct fold table[N_TABLE];
    struct cached_stem cache[CACHE_SLOTS];
};

_Static_assert((int)SEARCH_IT == (int)RG_IT && (int)SEARCH_FR == (int)RG_FR
                   && (int)SEARCH_EN == (int)RG_EN,
               "languages stand in the order of enum rg_lang");

static bool
is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0xB4 || cp == 0x2019 || cp == 0x2018 || cp == 0x2BC
           || cp == 0x2032 || cp == 0xFF07;
}

/* Letters without a decomposition that readers of Latin script type plainly. */
static const char *
plain_spelling(uint32_t cp)
{
    switch (cp) {
    case 0xDF: case 0x1E9E: return "ss";
    case 0xC6: case 0xE6: return "ae";
    case 0x152: case 0x153: return "oe";
    case 0xD8: case 0xF8: return "o";
    case 0x110: case 0x111: case 0xD0: case 0xF0: return "d";
    case 0x141: case 0x142: return "l";
    case 0x131: return "i";
    case 0xDE: case 0xFE: return "th";
    case 0x126: case 0x127: return "h";
    case 0x166: case 0x167: return "t";
    default: return NULL;
    }
}

/* Fold one code point by the Unicode data into at most n_max code points; FOLD_LETTERS when
 * any came out. Decompositions nest at most three deep in Unicode; depth keeps that a fact.  */
static enum fold_kind
fold_by_unicode(uint32_t cp, int depth, uint32_t *out, size_t *n, size_t n_max)
{
    const char *plain = plain_spelling(cp);
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag, n_parts;

    if (is_apostrophe(cp))
        return FOLD_APOSTROPHE;
    if (plain) {
        for (; *plain && *n < n_max; plain++)
            out[(*n)++] = (uint32_t)*plain;
        return FOLD_LETTERS;
    }
    if (uc_is_general_category_withtable(cp, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me
                                                 | UC_CATEGORY_MASK_Cf))
        return FOLD_DROP;
    if (!uc_is_general_category_withtable(cp, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_Mc
                                                  | UC_CATEGORY_MASK_Nd | UC_CATEGORY_MASK_Nl))
        return FOLD_SPLIT;
    n_parts = depth < 4 ? uc_decomposition(cp, &tag, parts) : -1;
    if (n_parts > 0) {
        for (int i = 0; i < n_parts; i++)
            fold_by_unicode(parts[i], depth + 1, out, n, n_max);
        return *n ? FOLD_LETTERS : FOLD_DROP;
    }
    if (*n < n_max)
        out[(*n)++] = cp == 0x3C2 ? 0x3C3 : uc_tolower(cp); /* final sigma is sigma */
    return FOLD_LETTERS;
}

static struct fold
fold_entry(uint32_t cp)
{
    struct fold entry = {0};
    uint32_t out[8];
    size_t n = 0;

    entry.kind = (uint8_t)fold_by_unicode(cp, 0, out, &n, RG_COUNT(out));
    if (entry.kind != FOLD_LETTERS)
        return entry;
    for (size_t i = 0; i < n; i++) {
        if (out[i] >= 0x80 || n > sizeof entry.out) {
            entry = (struct fold){.kind = FOLD_SLOW};
            break;
        }
        entry.out[i] = (char)out[i];
    }
    return entry;
}

struct search_analyser *
search_analyser_new(void)
{
    static const char *const names[SEARCH_PLAIN] = {"italian", "french", "english"};
    struct search_analyser *an = rg_alloc_should_fail() ? NULL : calloc(1, sizeof *an);

    if (!an)
        return NULL;
    for (uint32_t i = 0; i < N_TABLE; i++)
        an->table[i] = fold_entry(i < LATIN_END ? i : i - LATIN_END + LATIN_MORE);
    for (int i = 0; i < SEARCH_PLAIN; i++) {
        an->stemmer[i] = rg_alloc_should_fail() ? NULL : sb_stemmer_new(names[i], "UTF_8");
        if (!an->stemmer[i])
            return search_analyser_free(an);
    }
    return an;
}

struct search_analyser *
search_analyser_free(struct search_analyser *an)
{
    if (an)
        for (int i = 0; i < SEARCH_PLAIN; i++)
            if (an->stemmer[i])
                sb_stemmer_delete(an->stemmer[i]);
    free(an);
    return NULL;
}

void
search_analyse_begin(struct search_analyser *an, enum search_lang lang, unsigned flags,
                     struct str text)
{
    RG_ASSERT((unsigned)lang < SEARCH_LANG__MAX);
    an->text = text;
    an->at = 0;
    an->lang = lang;
    an->flags = flags;
    an->position = 0;
}

/* Decode the code point at offset at; its length in bytes. Bytes that are no UTF-8 give
 * U+FFFD, one byte at a time, which folds to FOLD_SPLIT.                                     */
static size_t
decode(struct str text, size_t at, uint32_t *ret_cp)
{
    const unsigned char *p = (const unsigned char *)text.p + at;
    size_t left = text.n - at;

    *ret_cp = 0xFFFD;
    if (p[0] < 0x80) {
        *ret_cp = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && left >= 2 && (p[1] & 0xC0) == 0x80) {
        *ret_cp = (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
        return 2;
    }
    if (p[0] >= 0xE0 && p[0] < 0xF0 && left >= 3 && (p[1] & 0xC0) == 0x80
        && (p[2] & 0xC0) == 0x80) {
        uint32_t cp = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6
                      | (p[2] & 0x3F);
        if (cp < 0x800 || (cp >= 0xD800 && cp < 0xE000))
            return 1;
        *ret_cp = cp;
        return 3;
    }
    if (p[0] >= 0xF0 && p[0] < 0xF5 && left >= 4 && (p[1] & 0xC0) == 0x80
        && (p[2] & 0xC0) == 0x80 && (p[3] & 0xC0) == 0x80) {
        uint32_t cp = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12
                      | (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
        if (cp < 0x10000 || cp > 0x10FFFF)
            return 1;
        *ret_cp = cp;
        return 4;
    }
    return 1;
}

static bool
is_han(uint32_t cp)
{
    return (cp >= 0x3400 && cp < 0xA000) || (cp >= 0xF900 && cp < 0xFB00)
           || (cp >= 0x20000 && cp < 0x32000) || (cp >= 0x3040 && cp < 0x3100);
}

/* Append to the word; letters past SEARCH_TERM_MAX are read and forgotten. */
static void
word_put(struct search_analyser *an, const char *p, size_t n)
{
    if (an->n_word + n <= SEARCH_TERM_MAX) {
        memcpy(an->word + an->n_word, p, n);
        an->n_word += n;
    }
}

static enum fold_kind
fold_one(struct search_analyser *an, uint32_t cp)
{
    uint32_t out[8], index;
    size_t n = 0;
    enum fold_kind kind;

    if (cp < LATIN_END || (cp >= LATIN_MORE && cp < LATIN_MORE_END)) {
        index = cp < LATIN_END ? cp : cp - LATIN_MORE + LATIN_END;
        const struct fold *entry = &an->table[index];
        if (entry->kind == FOLD_LETTERS)
            word_put(an, entry->out, entry->out[1] == 0 ? 1 : entry->out[2] == 0 ? 2 : 3);
        if (entry->kind != FOLD_SLOW)
            return (enum fold_kind)entry->kind;
    }
    kind = fold_by_unicode(cp, 0, out, &n, RG_COUNT(out));
    for (size_t i = 0; kind == FOLD_LETTERS && i < n; i++) {
        char bytes[4];
        size_t n_bytes = str_utf8_put(bytes, out[i]);
        word_put(an, bytes, n_bytes);
    }
    return kind;
}

static bool
ascii_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool
inside_word(char c) /* near enough for the end of a dotted acronym */
{
    return ascii_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Bytes of a dotted acronym (A.S.L., S.r.l) at an offset, or 0: letters and dots in turn. */
static size_t
acronym_length(struct str text, size_t at)
{
    size_t i = at, n_letters = 0;

    while (i < text.n && ascii_letter(text.p[i])
           && (i + 1 >= text.n || !inside_word(text.p[i + 1]))) {
        n_letters++;
        i++;
        if (i >= text.n || text.p[i] != '.')
            break;
        i++;
    }
    if (i > at && text.p[i - 1] == '.')
        i--; /* the last dot may end the sentence */
    return n_letters >= 2 ? i - at : 0;
}

/* Read the next piece between separators into an->word: where it starts, where it ends, and
 * whether an apostrophe stopped it. False at the end of the text.                            */
static bool
next_piece(struct search_analyser *an, size_t *ret_from, size_t *ret_end, bool *ret_apostrophe)
{
    size_t from = 0, end = 0, n_acronym;
    bool inside = false;

    an->n_word = 0;
    an->one_han = *ret_apostrophe = false;
    while (an->at < an->text.n) {
        uint32_t cp;
        size_t n = decode(an->text, an->at, &cp);
        if (is_han(cp)) {
            if (inside)
                break;
            word_put(an, an->text.p + an->at, n);
            an->one_han = true;
            from = an->at;
            end = an->at += n;
            inside = true;
            break;
        }
        if (!inside && cp < 0x80 && (n_acronym = acronym_length(an->text, an->at)) > 0) {
            from = an->at;
            for (size_t i = 0; i < n_acronym; i++)
                fold_one(an, (unsigned char)an->text.p[from + i]); /* dots fold to nothing */
            end = an->at = from + n_acronym;
            inside = true;
            break;
        }
        enum fold_kind kind = fold_one(an, cp);
        if (kind == FOLD_LETTERS && !inside) {
            inside = true;
            from = an->at;
        }
        an->at += n;
        if (kind == FOLD_LETTERS || (kind == FOLD_DROP && inside)) {
            end = an->at;
        } else if (inside) {
            *ret_apostrophe = kind == FOLD_APOSTROPHE;
            break;
        }
    }
    *ret_from = from;
    *ret_end = end;
    return inside;
}

static bool
letter_follows(const struct search_analyser *an)
{
    uint32_t cp;

    if (an->at >= an->text.n)
        return false;
    decode(an->text, an->at, &cp);
    return uc_is_general_category_withtable(cp, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_Nd);
}

/* The Italian stemmer takes -ano for a verb's ending, which parts "anziano" (anzi) from
 * "anziana" (anzian). Adjectives in -iano matter more here than verbs, so they meet their
 * feminine.                                                                                  */
static bool
italian_adjective(struct str word)
{
    return (word.n >= 6 && str_ends(word, STR("iano"))) || str_ends(word, STR("olitano"));
}

/* The term of a folded word; borrowed from the cache, or the word itself. */
static struct str
stem(struct search_analyser *an, enum search_lang lang, struct str word)
{
    struct cached_stem *slot;

    if (lang == SEARCH_PLAIN || word.n < 3)
        return word;
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] >= '0' && word.p[i] <= '9')
            return word; /* codes are not inflected */
    if (lang == SEARCH_IT && italian_adjective(word))
        return str_n(word.p, word.n - 1);
    slot = &an->cache[(str_hash(word) ^ (uint64_t)lang) % CACHE_SLOTS];
    if (slot->lang != lang || !str_eq(word, str_n(slot->word, slot->n_word))) {
        struct sb_stemmer *sb = an->stemmer[lang];
        const sb_symbol *p = sb_stemmer_stem(sb, (const sb_symbol *)word.p, (int)word.n);
        size_t n = p ? (size_t)sb_stemmer_length(sb) : 0;
        if (n == 0 || n > SEARCH_TERM_MAX)
            return word;
        slot->lang = (uint8_t)lang;
        slot->n_word = (uint8_t)word.n;
        slot->n_term = (uint8_t)n;
        memcpy(slot->word, word.p, word.n);
        memcpy(slot->term, p, n);
    }
    return str_n(slot->term, slot->n_term);
}

bool
search_analyse_next(struct search_analyser *an, struct search_token *ret_token)
{
    size_t from, end;
    bool apostrophe;

    while (next_piece(an, &from, &end, &apostrophe)) {
        struct str word = {an->word, an->n_word};
        bool is_stop;
        if (word.n == 0)
            continue;
        if (apostrophe && search_is_elided(an->lang, word) && letter_follows(an))
            continue;
        is_stop = search_is_stop(an->lang, word);
        an->position++;
        if (is_stop && !(an->flags & SEARCH_KEEP_STOP))
            continue;
        *ret_token = (struct search_token){
            .term = is_stop || an->one_han ? word : stem(an, an->lang, word),
            .word = word, .position = an->position - 1, .from = from, .n = end - from,
            .is_stop = is_stop,
        };
        return true;
    }
    return false;
}

enum rg_err
search_analyse(struct rg_ctx *ctx, struct search_analyser *an, enum search_lang lang,
               unsigned flags, struct str text, const struct search_token **ret_tokens,
               size_t *ret_n)
{
    struct search_token token, *tokens;
    size_t n = 0, n_max = 0;

    search_analyse_begin(an, lang, flags, text);
    while (n_max < SEARCH_TOKENS_MAX && search_analyse_next(an, &token))
        n_max++;
    tokens = RG_ARRAY(ctx->arena, struct search_token, n_max);
    if (!tokens)
        return RG_NO_MEMORY(ctx);
    search_analyse_begin(an, lang, flags, text);
    while (n < n_max && search_analyse_next(an, &token)) {
        token.term = rg_arena_str(ctx->arena, token.term);
        token.word = rg_arena_str(ctx->arena, token.word);
        if (!token.term.p || !token.word.p)
            return RG_NO_MEMORY(ctx);
        tokens[n++] = token;
    }
    *ret_tokens = tokens;
    *ret_n = n;
    return RG_OK;
}

static size_t
count_letters(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

size_t
search_split_glued(struct search_analyser *an, enum search_lang lang, struct str word,
                   search_known_fn *known, void *arg, struct str ret_terms[2])
{
    uint32_t best = 0;
    size_t n_terms = 0;

    if (word.n > SEARCH_TERM_MAX)
        return 0;
    for (size_t cut = 1; cut < word.n; cut++) {
        struct str halves[2] = {{word.p, cut}, {word.p + cut, word.n - cut}}, terms[2];
        size_t n = 0;
        uint32_t weakest = UINT32_MAX;
        if (((unsigned char)word.p[cut] & 0xC0) == 0x80)
            continue;
        for (int i = 0; i < 2; i++) {
            char *keep = an->split[i]; /* the other half may take the cache slot */
            uint32_t df;
            if (count_letters(halves[i]) < SEARCH_GLUED_PART_MIN) {
                weakest = 0;
                break;
            }
            if (search_is_stop(lang, halves[i]))
                continue;
            terms[n] = stem(an, lang, halves[i]);
            memcpy(keep, terms[n].p, terms[n].n);
            terms[n].p = keep;
            df = known(arg, terms[n++]);
            weakest = df < weakest ? df : weakest;
        }
        if (n == 0 || weakest <= best)
            continue;
        best = weakest;
        n_terms = cut; /* remember the cut, make the terms once at the end */
    }
    if (best == 0)
        return 0;
    struct str halves[2] = {{word.p, n_terms}, {word.p + n_terms, word.n - n_terms}};
    n_terms = 0;
    for (int i = 0; i < 2; i++) {
        struct str term;
        if (search_is_stop(lang, halves[i]))
            continue;
        term = stem(an, lang, halves[i]);
        memcpy(an->split[i], term.p, term.n);
        ret_terms[n_terms++] = str_n(an->split[i], term.n);
    }
    return n_terms;
}
