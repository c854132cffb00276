/* HSDS 3.1 objects for answers: a stored document with its neighbours put inside. */
#include "network/surface.h"
#include "network_sql.h"

static bool
key_among(struct rg_ctx *ctx, const struct rg_jv *key, const char *const *names)
{
    struct str name = key->escaped ? rg_jv_str(ctx->arena, key) : key->text;
    for (; names && *names; names++)
        if (str_eq(name, str_of(*names)))
            return true;
    return false;
}

/* The members of an object as they stand, those named in but left out. */
static void
put_members(struct rg_ctx *ctx, struct rg_jw *jw, const struct rg_jv *object, unsigned detail,
            const char *const *but)
{
    const struct rg_jv *key = rg_jv_first(object);
    for (uint32_t i = 0; i < object->n; i++) {
        const struct rg_jv *value = rg_jv_next(key);
        bool whole = value->kind == RG_JV_ARRAY || value->kind == RG_JV_OBJECT;
        if (!(whole && detail & SURFACE_SCALARS) && !key_among(ctx, key, but)) {
            rg_jw_key_str(jw, key->escaped ? rg_jv_str(ctx->arena, key) : key->text);
            rg_jw_raw(jw, surface_raw(value));
        }
        key = rg_jv_next(value);
    }
}

static void
put_instant(struct rg_jw *jw, int64_t unix_s)
{
    RG_CLEANUP(rg_buf_done) struct rg_buf text;
    rg_buf_init(&text, 64);
    rg_put_instant(&text, unix_s);
    rg_jw_str(jw, rg_buf_view(&text));
}

void
surface_put_minimal(struct rg_jw *jw, struct str uid, int64_t updated_s)
{
    rg_jw_object(jw);
    rg_jw_key(jw, "id");
    rg_jw_str(jw, uid);
    rg_jw_key(jw, "last_modified");
    put_instant(jw, updated_s);
    rg_jw_end_object(jw);
}

void
surface_put_synthetic(struct rg_jw *jw, bool synthetic)
{
    if (!synthetic)
        return;
    rg_jw_key(jw, "synthetic");
    rg_jw_bool(jw, true);
}

enum rg_err
surface_put_doc(struct rg_ctx *ctx, struct rg_jw *jw, struct str doc, unsigned detail,
                bool synthetic)
{
    const struct rg_jv *root;
    if (!rg_jv_parse(ctx->arena, doc, &root) || root->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    rg_jw_object(jw);
    put_members(ctx, jw, root, detail, (const char *const[]){"synthetic", NULL});
    surface_put_synthetic(jw, synthetic);
    rg_jw_end_object(jw);
    return RG_OK;
}

/* ---- attributes with their terms ---- */

static enum rg_err
put_attribute(struct rg_ctx *ctx, struct rg_jw *jw, const struct rg_jv *attribute)
{
    static const char *const but[] = {"taxonomy_term", NULL};
    const struct rg_jv *inside = rg_jv_get(attribute, "taxonomy_term");
    struct str uid = rg_jv_get_str(ctx->arena, attribute, "taxonomy_term_id");
    struct network_sql_taxonomy_term_find_row term;
    bool found = false;
    if (attribute->kind != RG_JV_OBJECT)
        return RG_OK;
    enum rg_err err =
        uid.n ? network_sql_taxonomy_term_find(ctx, uid, &found, &term) : RG_OK;
    if (err != RG_OK)
        return err;
    rg_jw_object(jw);
    put_members(ctx, jw, attribute, 0, but);
    if (found || inside) {
        rg_jw_key(jw, "taxonomy_term");
        rg_jw_raw(jw, found ? term.doc : surface_raw(inside));
    }
    rg_jw_end_object(jw);
    return RG_OK;
}

static enum rg_err
put_attributes(struct rg_ctx *ctx, struct rg_jw *jw, const struct rg_jv *doc)
{
    const struct rg_jv *list = rg_jv_get(doc, "attributes");
    enum rg_err err = RG_OK;
    if (!list || list->kind != RG_JV_ARRAY)
        return RG_OK;
    rg_jw_key(jw, "attributes");
    rg_jw_array(jw);
    const struct rg_jv *item = rg_jv_first(list);
    for (uint32_t i = 0; i < list->n && err == RG_OK; i++, item = rg_jv_next(item))
        err = put_attribute(ctx, jw, item);
    rg_jw_end_array(jw);
    return err;
}

/* ---- places ---- */

enum rg_err
surface_put_place(struct rg_ctx *ctx, struct rg_jw *jw, struct str uid, struct str doc,
                  struct str location_doc, bool confidential)
{
    static const char *const but[] = {"location", "service", "synthetic", NULL};
    const struct rg_jv *root;
    rg_jw_key(jw, "id");
    rg_jw_str(jw, uid);
    if (!confidential) {
        if (!rg_jv_parse(ctx->arena, doc, &root) || root->kind != RG_JV_OBJECT)
            return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
        const struct rg_jv *key = rg_jv_first(root);
        for (uint32_t i = 0; i < root->n; i++) {
            const struct rg_jv *value = rg_jv_next(key);
            if (!str_is(key->text, "id") && !key_among(ctx, key, but)) {
                rg_jw_key_str(jw, rg_jv_str(ctx->arena, key));
                rg_jw_raw(jw, surface_raw(value));
            }
            key = rg_jv_next(value);
        }
    }
    rg_jw_key(jw, "location");
    rg_jw_raw(jw, network_location_public(ctx, location_doc, confidential));
    return RG_OK;
}

static enum rg_err
put_places(struct rg_ctx *ctx, struct rg_jw *jw, const struct network_service *service)
{
    enum rg_err err = RG_OK;
    rg_jw_key(jw, "service_at_locations");
    rg_jw_array(jw);
    for (size_t i = 0; i < service->n_places && err == RG_OK; i++) {
        const struct network_place *p = &service->places[i];
        rg_jw_object(jw);
        err = surface_put_place(ctx, jw, p->uid, p->doc, p->location_doc, p->confidential);
        rg_jw_end_object(jw);
    }
    rg_jw_end_array(jw);
    return err;
}

/* ---- services ---- */

static enum rg_err
put_neighbour(struct rg_ctx *ctx, struct rg_jw *jw, const char *key, struct str doc,
              unsigned detail)
{
    rg_jw_key(jw, key);
    return surface_put_doc(ctx, jw, doc, detail, false);
}

static enum rg_err
put_program(struct rg_ctx *ctx, struct rg_jw *jw, int64_t program, unsigned detail)
{
    struct network_sql_program_get_row row;
    enum rg_err err = network_sql_program_get(ctx, program, &row);
    return err == RG_OK ? put_neighbour(ctx, jw, "program", row.doc, detail) : err;
}

enum rg_err
surface_put_service(struct rg_ctx *ctx, struct rg_jw *jw, const struct network_service *service,
                    unsigned detail)
{
    static const char *const ours[] = {"organization", "program", "service_at_locations",
                                       "attributes", "last_modified", "assured_date",
                                       "synthetic", NULL};
    const struct rg_jv *doc;
    enum rg_err err = RG_OK;
    if (!rg_jv_parse(ctx->arena, service->doc, &doc) || doc->kind != RG_JV_OBJECT)
        return RG_FAIL(ctx, RG_BROKEN, "network.bad_doc");
    rg_jw_object(jw);
    put_members(ctx, jw, doc, detail, ours);
    struct str assured = rg_jv_get_str(ctx->arena, doc, "assured_date");
    RG_CLEANUP(rg_buf_done) struct rg_buf day;
    rg_buf_init(&day, 64);
    if (service->verified_s) {
        rg_put_date(&day, service->verified_s / 86400);
        assured = rg_buf_view(&day);
    }
    if (assured.n) {
        rg_jw_key(jw, "assured_date");
        rg_jw_str(jw, assured);
    }
    rg_jw_key(jw, "last_modified");
    put_instant(jw, service->updated_s);
    if (service->organization_id)
        err = put_neighbour(ctx, jw, "organization", service->organization_doc, detail);
    if (err == RG_OK && service->program_id)
        err = put_program(ctx, jw, service->program_id, detail);
    if (err == RG_OK && detail & SURFACE_NESTED)
        err = put_attributes(ctx, jw, doc);
    if (err == RG_OK && detail & SURFACE_NESTED)
        err = put_places(ctx, jw, service);
    surface_put_synthetic(jw, service->synthetic);
    rg_jw_end_object(jw);
    return err;
}
