/* Places by name: the frozen table of folded names, exact and misspelt look-up, suggestions. Names
 * inside a sentence are places_find.c; how a name is folded is places_fold.c.                 */
#include "territory/territory_priv.h"
#include <stdlib.h>

enum {
    SHORT_COSTS = 120,    /* a name without its last word                             */
    SQUEEZED_COSTS = 40,  /* a name written without blanks                            */
    SLIP_COSTS = 150,     /* each slip                                                */
    FIRST_COSTS = 100,    /* the slip is in the first letter, where people rarely err */
    DOUBT_COSTS = 300,    /* several areas answer alike                               */
    DOUBT_WITHIN = 60,
    START_SCORE = 500,
    SUGGEST_SCAN_MAX = 4096,
    KEYS_EACH = 4,
};

static const uint16_t kind_score[] = {
    [TERRITORY_NAME_OFFICIAL] = 1000, [TERRITORY_NAME_ALIAS] = 960,
    [TERRITORY_NAME_FORMER] = 930,    [TERRITORY_NAME_HAMLET] = 880,
    [TERRITORY_NAME_REGION] = 900,
};
_Static_assert(RG_COUNT(kind_score) == TERRITORY_NAME__MAX, "one score for each kind of name");

/* What cannot stand alone for a longer name: "Val" for Val di Chy, "La" for La Loggia. */
static const char *const not_alone[] = {"val", "valle", "la", "le", "il", "lo", "san", "santa",
                                        "sant", "santo", "s", NULL};

static uint32_t
letters_of(struct str s)
{
    uint32_t letters = 0;
    for (size_t i = 0; i < s.n; i++)
        letters |= 1u << ((unsigned char)s.p[i] & 31);
    return letters;
}

static int
key_cmp(const void *a, const void *b)
{
    const struct territory_key *x = a, *y = b;
    int order = str_cmp(x->text, y->text);
    if (order == 0)
        order = (x->score < y->score) - (x->score > y->score);
    if (order == 0)
        order = (x->name > y->name) - (x->name < y->name);
    return order;
}

static int
str_cmp_of(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool
territory_places_has_word(const struct territory_places *places, struct str word)
{
    return places->n_words > 0 && bsearch(&word, places->words, places->n_words,
                                          sizeof(*places->words), str_cmp_of) != NULL;
}

/* The first key with this text, or n_keys. */
static uint32_t
keys_find(const struct territory_places *places, struct str text)
{
    uint32_t slot = (uint32_t)str_hash(text) & places->table_mask;
    for (; places->table[slot] != 0; slot = (slot + 1) & places->table_mask)
        if (str_eq(places->keys[places->table[slot] - 1].text, text))
            return places->table[slot] - 1;
    return places->n_keys;
}

static enum rg_err
words_build(struct rg_ctx *ctx, struct rg_arena *arena, const struct str *words, size_t n_words,
            struct territory_places *places)
{
    places->words = RG_ARRAY(arena, struct str, n_words);
    if (!places->words)
        return RG_NO_MEMORY(ctx);
    for (size_t i = 0; i < n_words; i++) {
        char fold[TERRITORY_NAME_MAX];
        size_t n = territory_name_fold(words[i], fold);
        if (n == 0)
            continue;
        struct str copy = rg_arena_str(arena, str_n(fold, n));
        if (!copy.p)
            return RG_NO_MEMORY(ctx);
        places->words[places->n_words++] = copy;
    }
    if (places->n_words > 0)
        qsort(places->words, places->n_words, sizeof(*places->words), str_cmp_of);
    return RG_OK;
}

static bool
key_add(struct rg_arena *arena, struct territory_places *places, uint32_t name, struct str text,
        int score, enum territory_how how)
{
    struct str copy = rg_arena_str(arena, text);
    if (!copy.p)
        return false;
    places->keys[places->n_keys++] = (struct territory_key){
        .text = copy,
        .name = name,
        .letters = letters_of(text),
        .score = (uint16_t)score,
        .how = (uint8_t)how,
        .is_word = places->names[name].is_word || territory_places_has_word(places, text),
    };
    return true;
}

/* The ways to write one name: whole, without its last word, and both without blanks. */
static bool
name_add(struct rg_arena *arena, struct territory_places *places, uint32_t ix)
{
    const struct territory_name *name = &places->names[ix];
    struct territory_word words[TERRITORY_NAME_WORDS_MAX + 1];
    char text[TERRITORY_NAME_MAX], tight[TERRITORY_NAME_MAX];
    RG_ASSERT(name->kind < TERRITORY_NAME__MAX);
    if (!str_utf8_ok(name->name))
        return true;
    size_t n = territory_words_split(name->name, words, RG_COUNT(words), NULL);
    if (n == 0 || n > TERRITORY_NAME_WORDS_MAX)
        return true;
    if (n > places->words_most)
        places->words_most = n;
    int score = kind_score[name->kind];
    for (enum territory_how how = TERRITORY_BY_NAME; how <= TERRITORY_BY_SHORT; how++) {
        if (how == TERRITORY_BY_SHORT) {
            if (name->kind != TERRITORY_NAME_OFFICIAL)
                break;
            n--;
            while (n > 1 && words[n - 1].little)
                n--;
            if (n == 0 || territory_word_is(&words[n - 1], not_alone))
                break;
            score -= SHORT_COSTS;
        }
        size_t n_text = territory_words_join(words, n, text, NULL);
        if (n_text == 0)
            continue;
        if (!key_add(arena, places, ix, str_n(text, n_text), score, how))
            return false;
        size_t n_tight = n > 1 ? territory_words_squeeze(words, n, tight) : 0;
        if (n_tight > 0 && !key_add(arena, places, ix, str_n(tight, n_tight),
                                    score - SQUEEZED_COSTS, how))
            return false;
    }
    return true;
}

/* A shortened name that is the whole name of another area belongs to that area. */
static void
keys_drop_taken(struct territory_places *places)
{
    uint32_t kept = 0;
    for (uint32_t i = 0, end; i < places->n_keys; i = end) {
        const struct territory_key *best = &places->keys[i];
        bool taken = best->how == TERRITORY_BY_NAME &&
                     places->names[best->name].kind <= TERRITORY_NAME_ALIAS;
        struct str text = best->text;
        for (end = i; end < places->n_keys && str_eq(places->keys[end].text, text); end++)
            if (!taken || places->keys[end].how != TERRITORY_BY_SHORT)
                places->keys[kept++] = places->keys[end];
    }
    places->n_keys = kept;
}

enum rg_err
territory_places_build(struct rg_ctx *ctx, struct rg_arena *arena,
                       const struct territory_name *names, size_t n_names,
                       const struct str *words, size_t n_words,
                       const struct territory_places **ret_places)
{
    if (n_names > TERRITORY_NAMES_MAX || n_words > TERRITORY_NAMES_MAX)
        return RG_FAIL(ctx, RG_LIMIT, "territory.too_many_names", "max",
                       rg_arena_printf(ctx->arena, "%d", (int)TERRITORY_NAMES_MAX));
    struct territory_places *places = RG_NEW(arena, struct territory_places);
    if (!places)
        return RG_NO_MEMORY(ctx);
    places->names = names;
    enum rg_err err = words_build(ctx, arena, words, n_words, places);
    if (err)
        return err;
    places->keys = RG_ARRAY(arena, struct territory_key, n_names * KEYS_EACH);
    if (!places->keys)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < n_names; i++)
        if (!name_add(arena, places, i))
            return RG_NO_MEMORY(ctx);
    if (places->n_keys > 0)
        qsort(places->keys, places->n_keys, sizeof(*places->keys), key_cmp);
    keys_drop_taken(places);
    uint32_t size = 16;
    while (size < places->n_keys * 2)
        size *= 2;
    places->table_mask = size - 1;
    places->table = RG_ARRAY(arena, uint32_t, size);
    if (!places->table)
        return RG_NO_MEMORY(ctx);
    for (uint32_t i = 0; i < places->n_keys; i++) {
        if (i > 0 && str_eq(places->keys[i].text, places->keys[i - 1].text))
            continue;
        uint32_t slot = (uint32_t)str_hash(places->keys[i].text) & places->table_mask;
        while (places->table[slot] != 0)
            slot = (slot + 1) & places->table_mask;
        places->table[slot] = i + 1;
    }
    *ret_places = places;
    return RG_OK;
}

/* Whether a goes before b in an answer. */
static bool
hit_before(const struct territory_places *places, const struct territory_place *a,
           const struct territory_place *b)
{
    if (a->score != b->score)
        return a->score > b->score;
    uint32_t weight_a = places->names[a->name].weight, weight_b = places->names[b->name].weight;
    if (weight_a != weight_b)
        return weight_a > weight_b;
    return a->area != b->area ? a->area < b->area : a->name < b->name;
}

void
territory_hits_add(const struct territory_places *places, struct territory_hits *hits,
                   const struct territory_place *hit)
{
    size_t at = hits->n;
    for (size_t i = 0; i < hits->n; i++)
        if (hits->hits[i].area == hit->area) {
            if (!hit_before(places, hit, &hits->hits[i]))
                return;
            at = i;
            break;
        }
    if (at == hits->n) {
        if (hits->n == hits->cap) {
            if (hits->cap == 0 || !hit_before(places, hit, &hits->hits[--at]))
                return;
        } else {
            hits->n++;
        }
    }
    for (; at > 0 && hit_before(places, hit, &hits->hits[at - 1]); at--)
        hits->hits[at] = hits->hits[at - 1];
    hits->hits[at] = *hit;
}

void
territory_hits_doubt(struct territory_hits *hits)
{
    if (hits->n < 2 || hits->hits[0].score > hits->hits[1].score + DOUBT_WITHIN)
        return;
    for (size_t i = 0; i < hits->n; i++)
        hits->hits[i].score =
            hits->hits[i].score > DOUBT_COSTS ? (uint16_t)(hits->hits[i].score - DOUBT_COSTS) : 0;
}

static struct territory_place
hit_of(const struct territory_places *places, const struct territory_key *key, int costs,
       enum territory_how how)
{
    return (struct territory_place){
        .area = places->names[key->name].area,
        .name = key->name,
        .score = (uint16_t)(key->score > costs ? key->score - costs : 0),
        .how = (uint8_t)how,
    };
}

void
territory_hits_exact(const struct territory_places *places, struct str key,
                     struct territory_hits *hits, bool *ret_is_word)
{
    bool is_word = true;
    for (uint32_t i = keys_find(places, key);
         i < places->n_keys && str_eq(places->keys[i].text, key); i++) {
        struct territory_place hit = hit_of(places, &places->keys[i], 0, places->keys[i].how);
        territory_hits_add(places, hits, &hit);
        is_word &= places->keys[i].is_word;
    }
    if (ret_is_word)
        *ret_is_word = is_word;
}

int
territory_slips(struct str a, struct str b, int max)
{
    RG_ASSERT(a.n <= TERRITORY_NAME_MAX && b.n <= TERRITORY_NAME_MAX);
    int rows[3][TERRITORY_NAME_MAX + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.n; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        int least = row[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            int cost = last[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            if (last[j] + 1 < cost)
                cost = last[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                before[j - 2] + 1 < cost)
                cost = before[j - 2] + 1;
            row[j] = cost;
            if (cost < least)
                least = cost;
        }
        /* An exchange reaches back two rows and adds one: a row past max cannot come back. */
        if (least > max)
            return max + 1;
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.n] > max ? max + 1 : last[b.n];
}

void
territory_hits_spelt(const struct territory_places *places, struct str key, bool strict,
                     struct territory_hits *hits)
{
    uint32_t letters = letters_of(key);
    for (uint32_t i = 0; i < places->n_keys; i++) {
        const struct territory_key *other = &places->keys[i];
        size_t shorter = key.n < other->text.n ? key.n : other->text.n;
        size_t longer = key.n < other->text.n ? other->text.n : key.n;
        int max = shorter < 4 ? 0 : shorter < 8 ? 1 : 2;
        if (longer - shorter > (size_t)max ||
            __builtin_popcount(letters ^ other->letters) > 2 * max || max == 0)
            continue;
        bool same_first = key.p[0] == other->text.p[0];
        if (strict && (!same_first || other->is_word ||
                       places->names[other->name].kind > TERRITORY_NAME_ALIAS))
            continue;
        int slips = territory_slips(key, other->text, max);
        if (slips > max)
            continue;
        struct territory_place hit =
            hit_of(places, other, slips * SLIP_COSTS + (same_first ? 0 : FIRST_COSTS),
                   TERRITORY_BY_SPELLING);
        territory_hits_add(places, hits, &hit);
    }
}

static size_t
hits_give(const struct territory_hits *hits, uint32_t n_text, struct territory_place *ret,
          size_t cap)
{
    size_t n = hits->n < cap ? hits->n : cap;
    for (size_t i = 0; i < n; i++) {
        ret[i] = hits->hits[i];
        ret[i].at = 0;
        ret[i].n = n_text;
    }
    return n;
}

size_t
territory_place_lookup(const struct territory_places *places, struct str text,
                       struct territory_place *ret, size_t cap)
{
    static const char *const leads[] = {"comune", "citta", "paese", "zona", "frazione", "il",
                                        "la", "le", "lo", "l", "i", "gli", "di", "a", "ad",
                                        "in", "nel", "del", NULL};
    struct territory_word words[TERRITORY_NAME_WORDS_MAX + 1];
    struct territory_place found[TERRITORY_PLACE_HITS_MAX];
    struct territory_hits hits = {.hits = found, .cap = RG_COUNT(found)};
    char key[TERRITORY_NAME_MAX];
    if (text.n > UINT32_MAX || !str_utf8_ok(text))
        return 0;
    size_t n = territory_words_split(text, words, RG_COUNT(words), NULL);
    if (n == 0 || n > TERRITORY_NAME_WORDS_MAX)
        return 0;
    size_t lead = 0; /* "comune di Ivrea", "il Canavese": then without what leads */
    for (; lead < n && hits.n == 0; lead++) {
        size_t n_key = territory_words_join(words + lead, n - lead, key, NULL);
        territory_hits_exact(places, str_n(key, n_key), &hits, NULL);
        n_key = territory_words_squeeze(words + lead, n - lead, key);
        if (hits.n == 0)
            territory_hits_exact(places, str_n(key, n_key), &hits, NULL);
        if (!territory_word_is(&words[lead], leads))
            break;
    }
    if (hits.n == 0) {
        size_t n_key = territory_words_join(words, n, key, NULL);
        if (n_key == 0)
            return 0;
        territory_hits_spelt(places, str_n(key, n_key), false, &hits);
    }
    if (hits.n == 0)
        return territory_place_suggest(places, text, ret, cap);
    territory_hits_doubt(&hits);
    return hits_give(&hits, (uint32_t)text.n, ret, cap);
}

size_t
territory_place_suggest(const struct territory_places *places, struct str prefix,
                        struct territory_place *ret, size_t cap)
{
    char key[TERRITORY_NAME_MAX];
    struct territory_place found[TERRITORY_PLACE_HITS_MAX];
    struct territory_hits hits = {.hits = found, .cap = RG_COUNT(found)};
    if (prefix.n > UINT32_MAX)
        return 0;
    struct str start = str_n(key, territory_name_fold(prefix, key));
    if (start.n == 0)
        return 0;
    uint32_t low = 0, high = places->n_keys;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(places->keys[middle].text, start) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = low; i < places->n_keys && i - low < SUGGEST_SCAN_MAX &&
                           str_starts(places->keys[i].text, start);
         i++) {
        const struct territory_key *key_at = &places->keys[i];
        struct territory_place hit =
            hit_of(places, key_at, START_SCORE, TERRITORY_BY_START);
        territory_hits_add(places, &hits, &hit);
    }
    return hits_give(&hits, (uint32_t)prefix.n, ret, cap);
}
