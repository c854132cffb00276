/* Any bytes as a place and as a sentence: answers stay inside the text and their order. */
#include "territory/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct territory_places *
places(void)
{
    static const struct territory_name names[] = {
        {.name = {"San Mauro Torinese", 18}, .area = 0, .weight = 9},
        {.name = {"Agliè", 6}, .area = 1},
        {.name = {"None", 4}, .area = 2, .is_word = true},
        {.name = {"Val di Chy", 10}, .area = 3},
        {.name = {"Sauze d'Oulx", 12}, .area = 4},
        {.name = {"Sauze di Cesana", 15}, .area = 5},
    };
    static const struct territory_places *built;
    static struct rg_ctx ctx;
    if (!built) {
        RG_ASSERT(rg_ctx_init(&ctx, 1 << 20) == RG_OK);
        RG_ASSERT(territory_places_build(&ctx, ctx.arena, names, RG_COUNT(names), NULL, 0,
                                         &built) == RG_OK);
    }
    return built;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct territory_place hits[5];
    size_t n = territory_place_lookup(places(), text, hits, RG_COUNT(hits));
    RG_ASSERT(n <= RG_COUNT(hits));
    n = territory_place_find(places(), text, hits, RG_COUNT(hits));
    for (size_t i = 0; i < n; i++) {
        RG_ASSERT(hits[i].n > 0 && hits[i].at + (size_t)hits[i].n <= size);
        RG_ASSERT(hits[i].score <= 1000 && hits[i].area < 6);
        RG_ASSERT(i == 0 || hits[i].at >= hits[i - 1].at);
    }
    return 0;
}
