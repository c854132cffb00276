/* A small mutable tree of JSON in an arena. Numbers keep their digits: they are text. */
#include "hsds_priv.h"

struct hsds_node *
hsds_node_new(struct rg_arena *arena, enum rg_jv_kind kind)
{
    struct hsds_node *node = RG_NEW(arena, struct hsds_node);
    if (node)
        node->kind = (uint8_t)kind;
    return node;
}

struct hsds_node *
hsds_string(struct rg_arena *arena, struct str text)
{
    struct hsds_node *node = hsds_node_new(arena, RG_JV_STRING);
    if (node)
        node->text = text;
    return node;
}

struct hsds_node *
hsds_of_jv(struct rg_arena *arena, const struct rg_jv *v)
{
    struct hsds_node *node = hsds_node_new(arena, (enum rg_jv_kind)v->kind);
    if (!node)
        return NULL;
    if (v->kind == RG_JV_STRING || v->kind == RG_JV_NUMBER) {
        node->text = rg_jv_str(arena, v);
    } else if (v->kind == RG_JV_ARRAY || v->kind == RG_JV_OBJECT) {
        const struct rg_jv *child = rg_jv_first(v);
        for (uint32_t i = 0; i < v->n; i++) {
            struct str key = STR_NONE;
            if (v->kind == RG_JV_OBJECT) {
                key = rg_jv_str(arena, child);
                child = rg_jv_next(child);
            }
            hsds_put(node, key, hsds_of_jv(arena, child));
            child = rg_jv_next(child);
        }
    }
    return node;
}

void
hsds_put(struct hsds_node *container, struct str key, struct hsds_node *value)
{
    if (!container || !value)
        return;
    value->key = key;
    value->next = NULL;
    if (container->last)
        container->last->next = value;
    else
        container->first = value;
    container->last = value;
}

void
hsds_put_text(struct rg_arena *arena, struct hsds_node *object, const char *key, struct str text)
{
    if (text.p)
        hsds_put(object, str_of(key), hsds_string(arena, text));
}

struct hsds_node *
hsds_get(const struct hsds_node *object, const char *key)
{
    if (!object || !key || object->kind != RG_JV_OBJECT)
        return NULL;
    struct str wanted = str_of(key);
    for (struct hsds_node *v = object->first; v; v = v->next)
        if (str_eq(v->key, wanted))
            return v;
    return NULL;
}

struct hsds_node *
hsds_take(struct hsds_node *object, const char *key)
{
    if (!object || !key || object->kind != RG_JV_OBJECT)
        return NULL;
    struct str wanted = str_of(key);
    for (struct hsds_node *before = NULL, *v = object->first; v; before = v, v = v->next) {
        if (!str_eq(v->key, wanted))
            continue;
        if (before)
            before->next = v->next;
        else
            object->first = v->next;
        if (object->last == v)
            object->last = before;
        v->next = NULL;
        return v;
    }
    return NULL;
}

struct str
hsds_text(const struct hsds_node *node)
{
    if (!node || (node->kind != RG_JV_STRING && node->kind != RG_JV_NUMBER))
        return STR_NONE;
    return node->text;
}

struct str
hsds_get_text(const struct hsds_node *object, const char *key)
{
    return hsds_text(hsds_get(object, key));
}

bool
hsds_is_empty(const struct hsds_node *node)
{
    if (!node || node->kind == RG_JV_NULL)
        return true;
    if (node->kind == RG_JV_STRING)
        return str_trim(node->text).n == 0;
    if (node->kind != RG_JV_ARRAY && node->kind != RG_JV_OBJECT)
        return false;
    for (const struct hsds_node *v = node->first; v; v = v->next)
        if (!hsds_is_empty(v))
            return false;
    return true;
}

static void
write_string(struct rg_buf *buf, struct str s)
{
    rg_buf_c(buf, '"');
    rg_json_escape(buf, s);
    rg_buf_c(buf, '"');
}

void
hsds_write(struct rg_buf *buf, const struct hsds_node *node)
{
    if (!node) {
        rg_buf_lit(buf, "null");
        return;
    }
    bool object = node->kind == RG_JV_OBJECT;
    switch (node->kind) {
    case RG_JV_NULL: rg_buf_lit(buf, "null"); break;
    case RG_JV_TRUE: rg_buf_lit(buf, "true"); break;
    case RG_JV_FALSE: rg_buf_lit(buf, "false"); break;
    case RG_JV_NUMBER: rg_buf_str(buf, node->text); break;
    case RG_JV_STRING: write_string(buf, node->text); break;
    default:
        rg_buf_c(buf, object ? '{' : '[');
        for (const struct hsds_node *v = node->first; v; v = v->next) {
            if (v != node->first)
                rg_buf_c(buf, ',');
            if (object) {
                write_string(buf, v->key);
                rg_buf_c(buf, ':');
            }
            hsds_write(buf, v);
        }
        rg_buf_c(buf, object ? '}' : ']');
    }
}

struct hsds_node *
hsds_copy(struct rg_arena *arena, const struct hsds_node *node)
{
    if (!node)
        return NULL;
    struct hsds_node *copy = hsds_node_new(arena, (enum rg_jv_kind)node->kind);
    if (!copy)
        return NULL;
    copy->text = node->text;
    for (const struct hsds_node *v = node->first; v; v = v->next)
        hsds_put(copy, v->key, hsds_copy(arena, v));
    return copy;
}
