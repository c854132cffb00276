/* The bytes of an index file, hostile: refused, or safe to ask. The header's checksum is
 * mended first, otherwise nothing behind it would ever be reached.                           */
#include "search/build_priv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rg_ctx ctx;

static void
ask_all(struct search_live *live, const struct search_index *ix, unsigned n_dims)
{
    const struct search_snapshot *s = search_acquire(live);
    struct search_alternative alternatives[4] = {{STR("casa"), 1}};
    struct search_term terms[4] = {{alternatives, 1, 1}};
    const struct search_suggestion *list;
    struct search_result r;
    struct str payload;
    size_t n = 0, n_list;

    for (; n < 4 && n < ix->n_terms; n++) {
        alternatives[n] = (struct search_alternative){search_index_term(ix, (uint32_t)n), 1};
        terms[n] = (struct search_term){&alternatives[n], n == 3 ? 1 : 1, 1};
    }
    terms[0].n_alternatives = n ? n : 1;
    for (int mode = 0; mode < 8; mode++) {
        struct search_query q = {
            .terms = terms, .n_terms = mode == 7 ? 0 : n ? n : 1, .k = 10,
            .n_match_min = mode & 1 ? 1 : 2, .facet_dims = mode & 2 ? (1u << n_dims) - 1 : 0,
            .near = mode & 4, .lat_e7 = 450000000, .lon_e7 = 75000000, .radius_m = 1e6,
            .half_m = 100, .explain = mode & 2,
        };
        const struct search_phrase phrases[] = {
            {.first = 0, .n = 2, .add = 1, .required = mode == 5}, {.n = 1, .within = 3},
        };
        q.phrases = phrases;
        q.n_phrases = q.n_terms >= 2 ? mode % 3 : 0;
        q.n_match_min = q.n_match_min < q.n_terms ? q.n_match_min : q.n_terms;
        RG_ASSERT(search_ask(&ctx, s, &q, &r) != RG_BROKEN);
        for (size_t i = 0; i < r.n_hits; i++)
            search_find(s, r.hits[i].key, &payload);
    }
    RG_ASSERT(search_spell(&ctx, s, STR("caas"), 8, &list, &n_list) == RG_OK);
    RG_ASSERT(search_prefix(&ctx, s, STR("c"), 8, &list, &n_list) == RG_OK);
    search_release(live, s);
}

/* What such an index would be merged into: refused, or a whole image. */
static void
pour(struct search_live *live, const struct search_schema *schema)
{
    const struct search_snapshot *s = search_acquire(live);
    struct search_builder *b;
    char *image;
    size_t n;

    if (search_builder_new(&ctx, schema, 4 << 20, &b) == RG_OK) {
        if (search_builder_pour(&ctx, b, s) == RG_OK
            && search_builder_image(&ctx, b, &(struct search_image_wish){.seq = 1}, &image, &n)
                   == RG_OK)
            free(image);
        search_builder_free(b);
    }
    rg_story_clear(&ctx);
    search_release(live, s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct search_header h;
    struct search_index *ix;
    struct search_live *live;
    struct search_change change = {.seq = UINT64_MAX, .doc = {.key = 1, .text = {STR("casa")}}};
    size_t rounded = (size + 15) / 16 * 16;
    char *bytes;

    if (!ctx.arena && rg_ctx_init(&ctx, 16 << 20) != RG_OK)
        return 0;
    if (size < sizeof h)
        return 0;
    rg_arena_reset(ctx.arena);
    rg_story_clear(&ctx);
    memcpy(&h, data, sizeof h);
    h.file_bytes = size;
    h.checksum = str_hash(str_n((const char *)&h, offsetof(struct search_header, checksum)));
    bytes = aligned_alloc(16, rounded);
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    memcpy(bytes, &h, sizeof h);
    if (search_index_of_bytes(&ctx, str_n(bytes, size), &ix) == RG_OK
        && search_live_new(&ctx, ix, &live) == RG_OK) {
        ask_all(live, ix, h.schema.n_dims);
        if (search_live_apply(&ctx, live, &change, 1) == RG_OK)
            ask_all(live, ix, h.schema.n_dims);
        pour(live, &h.schema);
        search_live_free(live);
    }
    free(bytes);
    return 0;
}
