/* Any bytes as JSON: what is accepted can be walked to its last node, decoded, and written
 * again. */
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(struct rg_arena *arena, const struct rg_jv *v, struct rg_jw *jw, bool utf8)
{
    struct str s = rg_jv_str(arena, v);
    RG_ASSERT(!utf8 || str_utf8_ok(s));
    switch (v->kind) {
    case RG_JV_NULL:
        rg_jw_null(jw);
        return;
    case RG_JV_TRUE:
    case RG_JV_FALSE:
        rg_jw_bool(jw, v->kind == RG_JV_TRUE);
        return;
    case RG_JV_NUMBER:
        rg_jw_raw(jw, s);
        return;
    case RG_JV_STRING:
        rg_jw_str(jw, s);
        return;
    default:
        break;
    }
    bool object = v->kind == RG_JV_OBJECT;
    object ? rg_jw_object(jw) : rg_jw_array(jw);
    const struct rg_jv *end = v + v->span, *member = rg_jv_first(v);
    for (uint32_t i = 0; i < v->n; i++) {
        if (object) {
            struct str key = rg_jv_str(arena, member);
            if (!memchr(key.p, 0, key.n) && i < 16)
                RG_ASSERT(rg_jv_get(v, rg_arena_cstr(arena, key)));
            rg_jw_key_str(jw, key);
            member = rg_jv_next(member);
        }
        walk(arena, member, jw, utf8);
        member = rg_jv_next(member);
    }
    RG_ASSERT(v->n == 0 || member == end);
    object ? rg_jw_end_object(jw) : rg_jw_end_array(jw);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size);
    if (size > 1 << 16)
        return 0;
    struct rg_arena *arena = rg_arena_new(64 << 20);
    const struct rg_jv *root, *again;
    if (rg_jv_parse(arena, text, &root) && root->span < RG_JSON_DEPTH_MAX * 1000) {
        struct rg_buf buf;
        rg_buf_init(&buf, 8 << 20);
        struct rg_jw jw;
        rg_jw_init(&jw, &buf);
        walk(arena, root, &jw, str_utf8_ok(text));
        RG_ASSERT(jw.depth == 0 && !buf.failed);
        RG_ASSERT(rg_jv_parse(arena, rg_buf_view(&buf), &again) && again->span == root->span);
        rg_buf_done(&buf);
    }
    rg_arena_free(arena);
    return 0;
}
