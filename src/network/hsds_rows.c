#include "hsds_rows.h"
#include <stdlib.h>

enum { ROW_MAX = 64 << 20 };

struct owner { /* of a row: the row it belongs to */
    enum hsds_type type;
    struct str row_id;
};

void
hsds_rows_init(struct hsds_rows *rows, struct rg_ctx *ctx)
{
    *rows = (struct hsds_rows){.ctx = ctx};
    rg_buf_init(&rows->line, ROW_MAX);
    rg_buf_init(&rows->more, ROW_MAX);
}

void
hsds_rows_done(struct hsds_rows *rows)
{
    free(rows->ids);
    rg_buf_done(&rows->line);
    rg_buf_done(&rows->more);
}

void
hsds_rows_header(struct rg_buf *out, enum hsds_type type)
{
    for (size_t i = 0; i < hsds_models[type].n; i++)
        if (hsds_is_column(&hsds_models[type].properties[i]))
            rg_csv_put(out, str_of(hsds_models[type].properties[i].name), ',', i == 0);
    rg_csv_put(out, STR(HSDS_MORE), ',', false);
    rg_buf_lit(out, "\r\n");
}

/* ---- ids: two that hash alike only make one id more a made one ---- */

static bool
ids_grow(struct hsds_rows *rows)
{
    size_t cap = rows->ids_cap ? rows->ids_cap * 2 : 4096;
    uint64_t *ids = rg_alloc_should_fail() ? NULL : calloc(cap, sizeof(*ids));
    if (!ids)
        return false;
    for (size_t i = 0; i < rows->ids_cap; i++) {
        size_t at = (size_t)rows->ids[i] & (cap - 1);
        for (; rows->ids[i] && ids[at]; at = (at + 1) & (cap - 1))
            ;
        if (rows->ids[i])
            ids[at] = rows->ids[i];
    }
    free(rows->ids);
    rows->ids = ids;
    rows->ids_cap = cap;
    return true;
}

/* Where an id stands or may be put; NULL without memory. */
static uint64_t *
id_place(struct hsds_rows *rows, int type, struct str id, uint64_t *ret_hash)
{
    if ((rows->n_ids + 1) * 4 > rows->ids_cap * 3 && !ids_grow(rows))
        return NULL;
    uint64_t h = (str_hash(id) + (uint64_t)type) * 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 32) | 1;
    size_t at = (size_t)h & (rows->ids_cap - 1);
    while (rows->ids[at] && rows->ids[at] != h)
        at = (at + 1) & (rows->ids_cap - 1);
    *ret_hash = h;
    return &rows->ids[at];
}

static enum rg_err
id_note(struct hsds_rows *rows, int type, struct str id, bool *ret_new)
{
    uint64_t h, *place = id_place(rows, type, id, &h);
    if (!place)
        return RG_NO_MEMORY(rows->ctx);
    *ret_new = *place == 0;
    rows->n_ids += *ret_new;
    *place = h;
    return RG_OK;
}

static struct str
id_made(struct hsds_rows *rows, enum hsds_type type, struct str given, struct str of)
{
    const struct str end = STR("\0"),
                     parts[] = {of, end, str_of(hsds_type_name(type)), end, given};
    return rg_uuid_of(rows->ctx->arena, parts, RG_COUNT(parts));
}

/* The id of a child's row: its own, or where that stands already one made of what it is of. */
static enum rg_err
row_id(struct hsds_rows *rows, enum hsds_type type, struct str given, struct str of,
       struct str *ret_id)
{
    bool fresh = false;
    enum rg_err err = RG_OK;
    *ret_id = given;
    if (given.n)
        err = id_note(rows, type, given, &fresh);
    while (err == RG_OK && !fresh) {
        *ret_id = id_made(rows, type, *ret_id, of);
        err = ret_id->p ? id_note(rows, type, *ret_id, &fresh) : RG_NO_MEMORY(rows->ctx);
    }
    return err;
}

/* ---- a row ---- */

/* Can the value stand in its cell and be read from there as the same value? */
static bool
fits(const struct hsds_property *p, const struct hsds_node *value)
{
    if (p->form == HSDS_NUMBER)
        return value->kind == RG_JV_NUMBER;
    if (value->kind != RG_JV_STRING ||
        (value->text.n && memchr(value->text.p, '\0', value->text.n)))
        return false;
    return str_trim(value->text).n > 0 || (value->text.n == 0 && hsds_may_be_empty(p));
}

static bool
all_objects(const struct hsds_node *value)
{
    bool all = value->kind == RG_JV_ARRAY && value->first;
    for (const struct hsds_node *v = value->first; all && v; v = v->next)
        all = v->kind == RG_JV_OBJECT;
    return all;
}

/* Do the value's parts become rows of their own? */
static bool
is_table(const struct hsds_property *p, const struct hsds_node *value)
{
    if (hsds_is_column(p) || p->type < HSDS_AGGREGATE__MAX)
        return false;
    return p->form == HSDS_MANY ? all_objects(value) : value->kind == RG_JV_OBJECT;
}

static struct str
owner_cell(enum hsds_type type, const struct hsds_property *p, const struct owner *owner,
           struct str unit)
{
    bool names = strcmp(p->name, "link_entity") == 0 || strcmp(p->name, "resource_type") == 0;
    if (p->form == HSDS_ID && p->type == HSDS_UNIT)
        return unit;
    if (names)
        return str_of(hsds_type_name(owner->type));
    const char *column = hsds_owner_column(owner->type, type);
    return column && strcmp(column, p->name) == 0 ? owner->row_id : STR("");
}

/* What the cells do not say, in the object's order. */
static struct hsds_node *
more_of(struct rg_arena *arena, enum hsds_type type, const struct hsds_node *object,
        struct str id)
{
    struct hsds_node *more = hsds_node_new(arena, RG_JV_OBJECT);
    for (const struct hsds_node *v = object->first; more && v; v = v->next) {
        const struct hsds_property *p = hsds_property_find(type, v->key);
        bool said = p && (hsds_is_column(p) ? !hsds_is_owner_column(type, p) && fits(p, v)
                                            : is_table(p, v));
        if (p && strcmp(p->name, "id") == 0)
            said = str_eq(hsds_text(v), id);
        if (!said)
            hsds_put(more, v->key, hsds_copy(arena, v));
    }
    return more;
}

static enum rg_err
row_write(struct hsds_rows *rows, enum hsds_type type, const struct hsds_node *object,
          struct str id, const struct owner *owner, struct str unit)
{
    rg_buf_reset(&rows->line);
    rg_buf_reset(&rows->more);
    for (size_t i = 0; i < hsds_models[type].n; i++) {
        const struct hsds_property *p = &hsds_models[type].properties[i];
        if (!hsds_is_column(p))
            continue;
        const struct hsds_node *value = hsds_get(object, p->name);
        struct str cell = STR("");
        if (i == 0)
            cell = id;
        else if (owner && hsds_is_owner_column(type, p))
            cell = owner_cell(type, p, owner, unit);
        else if (value && fits(p, value))
            cell = value->text;
        rg_csv_put(&rows->line, cell, ',', i == 0);
    }
    const struct hsds_node *more = more_of(rows->ctx->arena, type, object, id);
    if (more && more->first)
        hsds_write(&rows->more, more);
    rg_csv_put(&rows->line, rg_buf_view(&rows->more), ',', false);
    rg_buf_lit(&rows->line, "\r\n");
    if (!more || rows->more.failed || rows->line.failed)
        return RG_NO_MEMORY(rows->ctx);
    return rows->row(rows->user, type, rg_buf_view(&rows->line));
}

static enum rg_err put_children(struct hsds_rows *rows, enum hsds_type type,
                                const struct hsds_node *object, struct str id);

enum { UNIT_WHOLE = HSDS_TYPE__MAX, UNIT_RENAMED }; /* noted as types of ids, by what it says */

/* The unit of a capacity: one row for all that have the same. */
static enum rg_err
put_unit(struct hsds_rows *rows, const struct hsds_node *unit, const struct owner *owner,
         struct str *ret_id)
{
    struct str given = hsds_get_text(unit, "id");
    bool fresh;
    rg_buf_reset(&rows->more);
    hsds_write(&rows->more, unit);
    struct str whole = rg_arena_str(rows->ctx->arena, rg_buf_view(&rows->more));
    uint64_t h, *renamed = id_place(rows, UNIT_RENAMED, whole, &h);
    if (!whole.p || !renamed)
        return RG_NO_MEMORY(rows->ctx);
    *ret_id = *renamed ? id_made(rows, HSDS_UNIT, given, whole) : given;
    enum rg_err err = id_note(rows, UNIT_WHOLE, whole, &fresh);
    if (err != RG_OK || !fresh)
        return err;
    err = row_id(rows, HSDS_UNIT, given, whole, ret_id);
    if (err == RG_OK && !str_eq(*ret_id, given))
        err = id_note(rows, UNIT_RENAMED, whole, &fresh);
    if (err == RG_OK)
        err = row_write(rows, HSDS_UNIT, unit, *ret_id, owner, STR(""));
    return err == RG_OK ? put_children(rows, HSDS_UNIT, unit, *ret_id) : err;
}

static enum rg_err
put_object(struct hsds_rows *rows, enum hsds_type type, const struct hsds_node *object,
           const struct owner *owner)
{
    struct str id = hsds_get_text(object, "id"), unit = STR("");
    enum rg_err err = owner ? row_id(rows, type, id, owner->row_id, &id) : RG_OK;
    const struct hsds_node *nested = hsds_get(object, "unit");
    const struct owner own = {type, id};
    if (err == RG_OK && type == HSDS_SERVICE_CAPACITY && nested && nested->kind == RG_JV_OBJECT)
        err = put_unit(rows, nested, &own, &unit);
    if (err == RG_OK)
        err = row_write(rows, type, object, id, owner, unit);
    return err == RG_OK ? put_children(rows, type, object, id) : err;
}

static enum rg_err
put_children(struct hsds_rows *rows, enum hsds_type type, const struct hsds_node *object,
             struct str id)
{
    const struct owner own = {type, id};
    for (const struct hsds_node *v = object->first; v; v = v->next) {
        const struct hsds_property *p = hsds_property_find(type, v->key);
        if (!p || p->form != HSDS_MANY || !is_table(p, v))
            continue;
        for (const struct hsds_node *child = v->first; child; child = child->next) {
            enum rg_err err = put_object(rows, (enum hsds_type)p->type, child, &own);
            if (err != RG_OK)
                return err;
        }
    }
    return RG_OK;
}

enum rg_err
hsds_rows_put(struct hsds_rows *rows, enum hsds_type type, struct str doc)
{
    const struct rg_jv *root;
    if (!rg_jv_parse(rows->ctx->arena, doc, &root) || root->kind != RG_JV_OBJECT)
        return RG_FAIL(rows->ctx, RG_INVALID, "network.bad_doc");
    const struct hsds_node *object = hsds_of_jv(rows->ctx->arena, root);
    if (!object || rg_arena_overflowed(rows->ctx->arena))
        return RG_NO_MEMORY(rows->ctx);
    return put_object(rows, type, object, NULL);
}
