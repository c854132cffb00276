/* Hostile words: two texts compared, quoted and counted; the same bytes as days and numbers. */
#include "plan/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str
side(const struct plan_diff *pieces, size_t n, enum plan_diff_kind without, char *room)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].kind == without)
            continue;
        memcpy(room + at, pieces[i].text.p, pieces[i].text.n);
        at += pieces[i].text.n;
    }
    return str_n(room, at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str after = str_n((const char *)data, size), before = STR("");
    struct rg_arena *arena = rg_arena_new(8 << 20);
    if (!arena)
        return 0;
    str_cut(&after, '|', &before);
    if (!after.p)
        after = STR("");
    struct plan_diff *pieces;
    char *room = rg_arena_alloc(arena, size + 1);
    size_t at = 0, n = plan_diff_words(arena, before, after, &pieces);
    if (n && room) {
        RG_ASSERT(str_eq(side(pieces, n, PLAN_NEW, room), before));
        RG_ASSERT(str_eq(side(pieces, n, PLAN_GONE, room), after));
    }
    if (plan_amend_count(after, before, &at) > 0)
        RG_ASSERT(memcmp(after.p + at, before.p, before.n) == 0);
    int64_t first, last;
    if (plan_day_parse(before, &first, &last))
        RG_ASSERT(first <= last && last - first < 366);
    if (plan_decimal_ok(before) && plan_decimal_ok(after)) {
        int order = plan_decimal_cmp(before, after), other = plan_decimal_cmp(after, before);
        RG_ASSERT((order < 0) == (other > 0) && (order == 0) == (other == 0));
    }
    rg_arena_free(arena);
    return 0;
}
