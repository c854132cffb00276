/* Exact words: where they stand, and how two texts differ. */
#include "plan/kernel.h"

size_t
plan_amend_count(struct str text, struct str old, size_t *ret_at)
{
    size_t n = 0;
    for (size_t at = 0; old.n && old.n <= text.n && at <= text.n - old.n; at++) {
        if (memcmp(text.p + at, old.p, old.n) != 0)
            continue;
        if (n++ == 0 && ret_at)
            *ret_at = at;
    }
    return n;
}

/* Words with the blanks after them, so that the pieces put together are the text again. */
static size_t
words_of(struct str text, struct str *words, size_t max)
{
    size_t n = 0, at = 0;
    while (at < text.n) {
        size_t from = at;
        while (at < text.n && text.p[at] != ' ' && text.p[at] != '\n')
            at++;
        while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\n'))
            at++;
        if (n == max)
            return max + 1;
        words[n++] = str_n(text.p + from, at - from);
    }
    return n;
}

static void
piece_add(struct plan_diff *pieces, size_t *n, enum plan_diff_kind kind, struct str text)
{
    if (text.n == 0)
        return;
    struct plan_diff *last = *n ? &pieces[*n - 1] : NULL;
    if (last && last->kind == kind && last->text.p + last->text.n == text.p)
        last->text.n += text.n;
    else
        pieces[(*n)++] = (struct plan_diff){kind, text};
}

/* Which way the longest common sequence goes from each pair of places: one byte a pair. */
static uint8_t *
lcs_ways(struct rg_arena *arena, const struct str *a, size_t na, const struct str *b, size_t nb)
{
    uint8_t *ways = RG_ARRAY(arena, uint8_t, (na + 1) * (nb + 1));
    uint16_t *below = RG_ARRAY(arena, uint16_t, nb + 1),
             *here = RG_ARRAY(arena, uint16_t, nb + 1);
    if (!ways || !below || !here)
        return NULL;
    for (size_t i = na; i-- > 0;) {
        for (size_t j = nb; j-- > 0;) {
            bool same = str_eq(a[i], b[j]);
            uint16_t skip_a = below[j], skip_b = here[j + 1];
            here[j] = same ? (uint16_t)(below[j + 1] + 1) : skip_a >= skip_b ? skip_a : skip_b;
            ways[i * (nb + 1) + j] = same ? PLAN_SAME : skip_a >= skip_b ? PLAN_GONE : PLAN_NEW;
        }
        uint16_t *swap = below;
        below = here;
        here = swap;
        here[nb] = 0;
    }
    return ways;
}

size_t
plan_diff_words(struct rg_arena *arena, struct str before, struct str after,
                struct plan_diff **ret)
{
    size_t n = 0;
    struct str *a = RG_ARRAY(arena, struct str, PLAN_DIFF_WORDS_MAX);
    struct str *b = RG_ARRAY(arena, struct str, PLAN_DIFF_WORDS_MAX);
    struct plan_diff *pieces = RG_ARRAY(arena, struct plan_diff, 2 * PLAN_DIFF_WORDS_MAX);
    if (!a || !b || !pieces)
        return 0;
    *ret = pieces;
    size_t na = words_of(before, a, PLAN_DIFF_WORDS_MAX),
           nb = words_of(after, b, PLAN_DIFF_WORDS_MAX);
    bool small = na <= PLAN_DIFF_WORDS_MAX && nb <= PLAN_DIFF_WORDS_MAX;
    uint8_t *ways = small ? lcs_ways(arena, a, na, b, nb) : NULL;
    if (!ways) {
        piece_add(pieces, &n, PLAN_GONE, before);
        piece_add(pieces, &n, PLAN_NEW, after);
        return n;
    }
    size_t i = 0, j = 0;
    while (i < na && j < nb) {
        enum plan_diff_kind way = (enum plan_diff_kind)ways[i * (nb + 1) + j];
        piece_add(pieces, &n, way, way == PLAN_NEW ? b[j] : a[i]);
        i += way != PLAN_NEW;
        j += way != PLAN_GONE;
    }
    for (; i < na; i++)
        piece_add(pieces, &n, PLAN_GONE, a[i]);
    for (; j < nb; j++)
        piece_add(pieces, &n, PLAN_NEW, b[j]);
    return n;
}
