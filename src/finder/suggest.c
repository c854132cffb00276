/* Suggestions: the model's names and synonyms, folded once, walked for each letter typed. There are
 * some 2,000 of them in a language: a walk costs less than an index would explain.             */
#include "finder/suggest.h"
#include <pthread.h>

enum { FOLD_MAX = 128, ARENA_MAX = 16 << 20 };

struct entry {
    struct str fold, text; /* text borrowed from the model */
    size_t need_ix;
    bool is_label;
};

static struct { /* of the process's model */
    pthread_mutex_t lock;
    const struct finder_model *of;
    struct rg_arena *arena;
    struct entry *entries[RG_LANG__MAX];
    size_t n[RG_LANG__MAX];
} words = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- folding ---- */

/* The plain letter of U+00C0 to U+017F; '.' where it is more than one or none. */
static const char plain[] =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.lllllll"
    "lllnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof(plain) == 0x180 - 0xC0 + 1, "a letter per sign of both blocks");

static char
fold_two(unsigned char a, unsigned char b)
{
    unsigned cp = (unsigned)(a & 0x1F) << 6 | (b & 0x3F);
    return cp >= 0xC0 && cp < 0x180 && plain[cp - 0xC0] != '.' ? plain[cp - 0xC0] : '\0';
}

static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

size_t
finder_suggest_fold(struct str text, char *out, size_t n_max)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n < n_max; i++) {
        unsigned char a = (unsigned char)text.p[i];
        char c = a >= 'A' && a <= 'Z' ? (char)(a + 32) : (char)a;
        if (a >= 0xC3 && a <= 0xC5 && i + 1 < text.n) {
            char base = fold_two(a, (unsigned char)text.p[i + 1]);
            if (base) {
                c = base;
                i++;
            }
        } else if (a == 0xE2 && i + 2 < text.n && (unsigned char)text.p[i + 1] == 0x80) {
            c = ' '; /* dashes and the quotes that word processors write */
            i += 2;
        }
        if (is_plain(c))
            out[n++] = c;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    return n;
}

/* ---- the model's words ---- */

static bool
entry_add(struct entry *entries, size_t *n, struct str text, size_t need_ix, bool is_label)
{
    char fold[FOLD_MAX];
    text = str_trim(text);
    size_t n_fold = finder_suggest_fold(text, fold, sizeof(fold));
    if (n_fold == 0)
        return true;
    struct str kept = rg_arena_str(words.arena, str_n(fold, n_fold));
    entries[(*n)++] = (struct entry){kept, text, need_ix, is_label};
    return kept.p != NULL;
}

static size_t
parts_count(struct str list)
{
    size_t n = 1;
    for (size_t i = 0; i < list.n; i++)
        n += list.p[i] == '|';
    return n;
}

static bool
words_of(const struct finder_model *model, enum rg_lang lang)
{
    size_t n_needs = finder_model_needs(model), n_max = 0, n = 0;
    for (size_t i = 0; i < n_needs; i++)
        n_max += 1 + parts_count(finder_model_need(model, i)->synonyms[lang]);
    struct entry *entries = RG_ARRAY(words.arena, struct entry, n_max);
    bool ok = entries != NULL;
    for (size_t i = 0; i < n_needs && ok; i++) {
        const struct finder_need *need = finder_model_need(model, i);
        struct str rest = need->synonyms[lang], part;
        ok = entry_add(entries, &n, need->label[lang], i, true);
        while (ok && rest.n > 0 && str_cut(&rest, '|', &part))
            ok = entry_add(entries, &n, part, i, false);
    }
    words.entries[lang] = entries;
    words.n[lang] = n;
    return ok;
}

/* Built once in a process's life; another model only in tests, which have one thread. */
static enum rg_err
words_ready(struct rg_ctx *ctx, const struct finder_model *model)
{
    bool ok = true;
    pthread_mutex_lock(&words.lock);
    if (words.of != model) {
        rg_arena_free(words.arena);
        words.arena = rg_arena_new(ARENA_MAX);
        ok = words.arena != NULL;
        for (unsigned l = 0; l < RG_LANG__MAX && ok; l++)
            ok = words_of(model, (enum rg_lang)l);
        words.of = ok ? model : NULL;
    }
    pthread_mutex_unlock(&words.lock);
    return ok ? RG_OK : RG_NO_MEMORY(ctx);
}

/* ---- matching ---- */

static struct str
from(struct str s, size_t at)
{
    return at < s.n ? str_n(s.p + at, s.n - at) : STR("");
}

bool
finder_suggest_begins(struct str word, struct str typed, bool slip)
{
    enum { SLIP_FROM = 4 }; /* letters: shorter words are another word after a slip */
    size_t i = 0;
    while (i < typed.n && i < word.n && typed.p[i] == word.p[i])
        i++;
    if (i == typed.n)
        return true;
    if (!slip || typed.n < SLIP_FROM)
        return false;
    bool swapped = i + 1 < typed.n && i + 1 < word.n && typed.p[i] == word.p[i + 1] &&
                   typed.p[i + 1] == word.p[i];
    return str_starts(from(word, i + 1), from(typed, i + 1)) ||
           str_starts(from(word, i + 1), from(typed, i)) ||
           str_starts(from(word, i), from(typed, i + 1)) ||
           (swapped && str_starts(from(word, i + 2), from(typed, i + 2)));
}

/* Which word of the entry it begins, from 0; -1: none. */
static int
word_at(struct str fold, struct str typed, bool slip)
{
    struct str word;
    for (int at = 0; fold.n > 0 && str_cut(&fold, ' ', &word); at++)
        if (finder_suggest_begins(word, typed, slip))
            return at;
    return -1;
}

/* Less is better; -1: no match. Words of one or two letters that are not the last say nothing. */
static int
entry_cost(const struct entry *e, const struct str *typed, size_t n_typed, bool slip)
{
    enum { LITTLE = 2, FIRST_COSTS = 4, SYNONYM_COSTS = 3, LENGTH_PER = 24 };
    int cost = e->is_label ? 0 : SYNONYM_COSTS;
    for (size_t i = 0; i < n_typed; i++) {
        int at = word_at(e->fold, typed[i], slip);
        if (at < 0 && (i + 1 == n_typed || typed[i].n > LITTLE))
            return -1;
        if (at > 0 && i == 0)
            cost += FIRST_COSTS;
    }
    return cost + (int)(e->fold.n / LENGTH_PER);
}

struct best { /* of one need */
    const struct entry *entry;
    int cost;
};

/* Kept in order, one entry a need. */
static size_t
best_add(struct best *list, size_t n, struct best b)
{
    size_t at = 0;
    while (at < n && list[at].entry->need_ix != b.entry->need_ix)
        at++;
    if (at < n && list[at].cost <= b.cost)
        return n;
    if (at < n) {
        memmove(list + at, list + at + 1, (--n - at) * sizeof(*list));
    }
    at = n;
    while (at > 0 && list[at - 1].cost > b.cost)
        at--;
    if (at == FINDER_SUGGEST_NEEDS_MAX)
        return n;
    if (n == FINDER_SUGGEST_NEEDS_MAX)
        n--;
    memmove(list + at + 1, list + at, (n - at) * sizeof(*list));
    list[at] = b;
    return n + 1;
}

static size_t
needs_find(const struct finder *finder, enum rg_lang lang, struct str fold, bool slip,
           struct finder_suggestion *ret)
{
    struct str typed[FINDER_SUGGEST_WORDS_MAX], part;
    struct best list[FINDER_SUGGEST_NEEDS_MAX];
    size_t n_typed = 0, n = 0;
    while (fold.n > 0 && str_cut(&fold, ' ', &part)) {
        if (n_typed == FINDER_SUGGEST_WORDS_MAX)
            return 0;
        typed[n_typed++] = part;
    }
    for (size_t i = 0; i < words.n[lang]; i++) {
        const struct entry *e = &words.entries[lang][i];
        int cost = entry_cost(e, typed, n_typed, slip);
        if (cost >= 0)
            n = best_add(list, n, (struct best){e, cost});
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = (struct finder_suggestion){
            .value = list[i].entry->text,
            .note = list[i].entry->is_label
                        ? STR("")
                        : finder_need_label(finder->model, list[i].entry->need_ix, lang),
            .need = finder_need_code(finder->model, list[i].entry->need_ix)};
    return n;
}

/* ---- places ---- */

/* Where the name of a place begins: after the last " a ", " ad " or " in ", else at the start. */
static size_t
place_from(struct str typed)
{
    static const char *const before[] = {" a ", " ad ", " in ", " à "};
    size_t from_byte = 0;
    for (size_t b = 0; b < RG_COUNT(before); b++) {
        struct str sign = str_of(before[b]);
        for (size_t i = from_byte; i + sign.n <= typed.n; i++)
            if (str_eq_nocase(str_n(typed.p + i, sign.n), sign))
                from_byte = i + sign.n;
    }
    return from_byte;
}

static size_t
places_find(struct rg_ctx *ctx, const struct finder *finder, struct str typed,
            struct finder_suggestion *ret)
{
    const struct territory_model *model = territory_live_get(finder->territory);
    struct territory_place found[FINDER_SUGGEST_MAX];
    size_t start = place_from(typed), n = 0;
    struct str prefix = from(typed, start);
    if (prefix.n < FINDER_SUGGEST_MIN)
        return 0;
    size_t n_found =
        territory_place_suggest(model->places, prefix, found, RG_COUNT(found));
    for (size_t i = 0; i < n_found && n < FINDER_SUGGEST_PLACES_MAX; i++) {
        const struct territory_area *area = &model->areas[found[i].area];
        if (!str_is(area->kind, "comune"))
            continue;
        const char *value = rg_arena_printf(ctx->arena, "%.*s%.*s", (int)start, typed.p,
                                            STR_ARG(area->name));
        if (value)
            ret[n++] = (struct finder_suggestion){
                .value = str_of(value), .note = STR(""), .comune = area->code};
    }
    return n;
}

enum rg_err
finder_suggest(struct rg_ctx *ctx, const struct finder *finder, struct str typed,
               struct finder_suggestion ret[FINDER_SUGGEST_MAX], size_t *ret_n)
{
    char fold[FINDER_SUGGEST_TEXT_MAX];
    *ret_n = 0;
    if (typed.n > FINDER_SUGGEST_TEXT_MAX)
        return RG_OK;
    size_t n_fold = finder_suggest_fold(typed, fold, sizeof(fold));
    if (n_fold < FINDER_SUGGEST_MIN)
        return RG_OK;
    enum rg_err err = words_ready(ctx, finder->model);
    if (err != RG_OK)
        return err;
    struct str folded = str_n(fold, n_fold);
    size_t n = needs_find(finder, ctx->lang, folded, false, ret);
    size_t n_places = places_find(ctx, finder, typed, ret + n);
    if (n + n_places == 0)
        n = needs_find(finder, ctx->lang, folded, true, ret);
    *ret_n = n + n_places;
    return rg_arena_overflowed(ctx->arena) ? RG_NO_MEMORY(ctx) : RG_OK;
}
